/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export_document.h"

#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "base/num.h"
#include "io/whole_file.h"

static const struct {
    const char *name, *kind; /* the kind the pack must have */
    ys_status (*run)(ys_document *d, ys_diag *diag);
    bool publisher; /* needs one */
} documents[] = {{"iati", "project", ys__document_iati, true},
                 {"oc4ids", "project", ys__document_oc4ids, true},
                 {"geojson", "area", ys__document_geojson, false},
                 {"datapackage", "area", NULL, false}};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static int find(const char *what)
{
    for (int i = 0; what != NULL && i < DOCUMENTS; i++)
        if (strcmp(documents[i].name, what) == 0)
            return i;
    return -1;
}

bool ys__document_known(const char *what)
{
    return find(what) >= 0;
}

char *ys__document_time(int64_t at, char *buf, size_t size)
{
    char day[24];
    int64_t days = at / 86400, rest = at % 86400;
    if (rest < 0)
        days--, rest += 86400;
    ys_format_date((int32_t)days, day, sizeof day);
    snprintf(buf, size, "%sT%02d:%02d:%02dZ", day, (int)(rest / 3600), (int)(rest / 60 % 60),
             (int)(rest % 60));
    return buf;
}

const char *ys__document_first(const ys_coop_set *s, int64_t row, const char *a, const char *b, const char *c)
{
    const char *const field[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        const char *text = ys_coop_text(s, row, field[i]);
        if (text != NULL && text[0] != '\0')
            return text;
    }
    return NULL;
}

int32_t ys__document_gate_day(const ys_coop *c, int64_t project, const char *gate, const char *field,
                              bool latest)
{
    const ys_coop_set *s = &c->set[YS_COOP_MILESTONE];
    int32_t best = YS_NO_DATE;
    for (int64_t k = c->first_gate[project]; k < c->first_gate[project + 1]; k++) {
        const char *of = ys_coop_text(s, c->gate_row[k], "gate");
        int32_t day = ys_coop_day(s, c->gate_row[k], field);
        if (of == NULL || strcmp(of, gate) != 0 || day == YS_NO_DATE)
            continue;
        if (best == YS_NO_DATE || (latest ? day > best : day < best))
            best = day;
    }
    return best;
}

void ys__document_planned(const ys_coop *c, int64_t project, int32_t *ret_start, int32_t *ret_finish)
{
    const ys_coop_set *s = &c->set[YS_COOP_PROJECT];
    *ret_start = ys_coop_day(s, project, "start");
    *ret_finish = ys_coop_day(s, project, "finish");
    if (*ret_start == YS_NO_DATE)
        *ret_start = ys__document_gate_day(c, project, "started", "planned_from", false);
    if (*ret_finish == YS_NO_DATE)
        *ret_finish = ys__document_gate_day(c, project, "built", "planned_to", true);
}

/* The uppermost area over the place of the first project, or the helped region of the first partnership. */
static const char *home(const ys_coop *c)
{
    const ys_coop_set *areas = &c->set[YS_COOP_AREA];
    const char *at = ys_coop_text(&c->set[YS_COOP_PARTNERSHIP], c->set[YS_COOP_PARTNERSHIP].rows > 0 ? 0 : -1,
                                  "helped_area");
    if (at == NULL)
        at = ys_coop_text(&c->set[YS_COOP_PROJECT], c->set[YS_COOP_PROJECT].rows > 0 ? 0 : -1, "area");
    for (int level = 0; at != NULL && level < 32; level++) {
        const char *parent = ys_coop_text(areas, ys_coop_find(areas, at), "parent");
        if (parent == NULL || parent[0] == '\0')
            break;
        at = parent;
    }
    return at;
}

const char *ys__document_country(const ys_pack *pack)
{
    const ys_line *line = ys_pack_line(pack, NULL, NULL, 0);
    const char *j = line != NULL ? line->jurisdiction : "";
    bool code = strlen(j) == 2 && j[0] >= 'A' && j[0] <= 'Z' && j[1] >= 'A' && j[1] <= 'Z';
    return code ? j : NULL;
}

static ys_status set_publisher(ys_document *d, ys_diag *diag)
{
    const char *at = home(d->coop), *land = ys__document_country(d->office->pack);
    if (at != NULL)
        snprintf(d->publisher_name, sizeof d->publisher_name, "%s", ys_coop_name(d->coop, YS_COOP_AREA, at));
    if (d->args->publisher != NULL) {
        const char *p = d->args->publisher;
        if (p[0] == '\0' || strlen(p) >= sizeof d->publisher || strpbrk(p, " /&|?") != NULL) {
            ys_diag_value(diag, p);
            ys_diag_fix(diag, "如 CN-GB2260-371700000000：不含空格和 / & | ?",
                        "such as CN-GB2260-371700000000: no blanks and none of / & | ?");
            return ys_fail(diag, YS_EUSAGE, "发布单位编号不能用",
                           "this cannot be the identifier of a publisher");
        }
        snprintf(d->publisher, sizeof d->publisher, "%s", p);
        if (at == NULL)
            snprintf(d->publisher_name, sizeof d->publisher_name, "%s", p);
        return YS_OK;
    }
    if (at != NULL && land != NULL) {
        snprintf(d->publisher, sizeof d->publisher, "%s-%s-%s", land,
                 strcmp(land, "CN") == 0 ? "GB2260" : "AREA", at);
        return YS_OK;
    }
    ys_diag_fix(diag, "用 --publisher 指明发布单位的编号",
                "name the identifier of the publisher with --publisher");
    return ys_fail(diag, YS_EUSAGE, "不知道由谁发布", "nobody says who publishes this");
}

static ys_status nothing(const ys_document *d, ys_diag *diag)
{
    ys_diag_fix(diag, "先导入项目和资金（projects.csv、funds.csv、transactions.csv）",
                "import projects and funds first (projects.csv, funds.csv, transactions.csv)");
    return d->args->reading.scope != NULL ? ys_fail(diag, YS_ENOTFOUND, "此地区没有可写的项目或资金",
                                                    "there is no project or fund to write in this area")
                                          : ys_fail(diag, YS_ENOTFOUND, "库里没有可写的项目或资金",
                                                    "the store has no project or fund to write");
}

static ys_status write_document(ys_document *d, int i, ys_diag *diag)
{
    ys_whole_file w;
    if (documents[i].publisher && d->coop->set[YS_COOP_PROJECT].rows == 0 &&
        d->coop->set[YS_COOP_FUND].rows == 0)
        return nothing(d, diag);
    if (documents[i].publisher)
        YS_TRY(set_publisher(d, diag));
    YS_TRY(ys_whole_file_open(&w, d->args->path, diag));
    d->out = ys_out_file(w.f);
    ys_status st = documents[i].run(d, diag);
    if (st == YS_OK && d->failed) {
        ys_diag_where(diag, d->args->path, NULL, 0, 0, NULL);
        st = ys_fail(diag, YS_EIO, "写入失败", "cannot write");
    }
    if (st == YS_OK && d->rows == 0)
        st = nothing(d, diag);
    if (st != YS_OK) {
        ys_whole_file_drop(&w);
        return st;
    }
    return ys_whole_file_finish(&w, diag);
}

ys_status ys__document_run(ys_office *o, const ys_export_args *args, ys_export_done *ret_done, ys_diag *diag)
{
    int i = find(args->what);
    ys_coop *coop = NULL;
    YS_TRY(ys__export_need(o, documents[i].kind, diag));
    if (documents[i].run == NULL)
        return ys__document_package(o, args, ret_done, diag);
    YS_TRY(ys_coop_read(o, &args->reading, &coop, diag));
    ys_document d = {.office = o, .args = args, .coop = coop};
    ys_status st = write_document(&d, i, diag);
    ys_coop_free(coop);
    if (st == YS_OK)
        *ret_done = (ys_export_done){d.rows, d.left_out};
    return st;
}
