/* SPDX-License-Identifier: Apache-2.0 */
#include "app/project_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "io/csv.h"
#include "io/sheet.h"

/* ---- reading ----------------------------------------------------------------------------------------------------- */

enum { NAME, VALUE, UNIT, COLUMNS };
enum { FIELDS = 64 }; /* rows of the longest table of fields, and some */
static const char *const column_zh[COLUMNS] = {"名称", "数值", "单位"};
static const char *const column_en[COLUMNS] = {"name", "value", "unit"};
static const char *const kind_name[] = {"pv", "industry"};

typedef struct reader {
    ys_sheet *sheet;
    ys_project_file *to;
    int at[COLUMNS];            /* which cell of a row, -1: none */
    const ys_field_def *fields; /* what rows are now about */
    void *of;                   /* and where their values go */
    int64_t row, said[FIELDS];  /* per field: the row that gave it, 0: none */
    int64_t kind;               /* the row that said it, 0: none yet */
} reader;

static const char *cell(const reader *r, const char *const *cells, int n, int column)
{
    return r->at[column] >= 0 && r->at[column] < n ? cells[r->at[column]] : "";
}

/* A fault in a column of the row at hand. */
static ys_status at_fault(const reader *r, int column, const char *value, ys_status st, ys_diag *diag)
{
    ys_diag_where(diag, ys_sheet_file(r->sheet), ys_sheet_name(r->sheet), r->row, r->at[column] + 1,
                  column_en[column]);
    ys_diag_value(diag, value);
    return st;
}

static ys_status read_header(reader *r, ys_diag *diag)
{
    const char *const *cells;
    int n = 0;
    for (int k = 0; k < COLUMNS; k++)
        r->at[k] = -1;
    YS_TRY(ys_sheet_next(r->sheet, &cells, &n, &r->row, diag));
    for (int i = 0; cells != NULL && i < n; i++)
        for (int k = 0; k < COLUMNS; k++)
            if (strcmp(cells[i], column_zh[k]) == 0 || strcmp(cells[i], column_en[k]) == 0)
                r->at[k] = i;
    if (r->at[NAME] >= 0 && r->at[VALUE] >= 0)
        return YS_OK;
    ys_status st = ys_fail(diag, YS_EDATA, "第一行应有“名称”和“数值”两列（name,value,unit）",
                           "the first row must have the columns name and value (name,value,unit)");
    ys_diag_where(diag, ys_sheet_file(r->sheet), ys_sheet_name(r->sheet), r->row > 0 ? r->row : 1, 0, NULL);
    ys_diag_fix(diag, "用 yaoshi project evaluate --template pv 取一张空表",
                "an empty table: yaoshi project evaluate --template pv");
    return st;
}

/* Rows are about `fields` of `of` from now on. */
static void about(reader *r, const ys_field_def *fields, void *of)
{
    r->fields = fields;
    r->of = of;
    memset(r->said, 0, sizeof r->said);
    ys_fields_default(fields, of);
}

static ys_status read_kind(reader *r, const char *value, ys_diag *diag)
{
    static const char *const zh[] = {"光伏", "产业"};
    for (int k = 0; k < 2; k++)
        if (strcmp(value, kind_name[k]) == 0 || strcmp(value, zh[k]) == 0) {
            r->kind = r->row;
            r->to->kind = (ys_project_kind)k;
            if (k == YS_PROJECT_PV)
                about(r, ys_pv_fields, &r->to->plant);
            else
                about(r, ys_industry_fields, &r->to->industry);
            return YS_OK;
        }
    return at_fault(
        r, VALUE, value,
        ys_fail(diag, YS_EDATA, "kind 应为 pv（光伏）或 industry（产业）", "kind must be pv or industry"),
        diag);
}

/* Every required field of the rows so far was given; they are named where they should have stood. */
static ys_status end_of_part(reader *r, ys_diag *diag)
{
    for (int i = 0; r->fields != NULL && r->fields[i].name != NULL; i++) {
        ys_status st = r->said[i] == 0 && r->fields[i].missing == YS_FIELD_REQUIRED
                           ? ys_field_check(&r->fields[i], (double)NAN, diag)
                           : YS_OK;
        if (st != YS_OK)
            return at_fault(r, NAME, NULL, st, diag);
    }
    return YS_OK;
}

static ys_status read_link(reader *r, const char *value, ys_diag *diag)
{
    int type = 0;
    YS_TRY(end_of_part(r, diag));
    while (type < YS_LINK_TYPES && strcmp(ys_link_name[type], value) != 0)
        type++;
    if (type == YS_LINK_TYPES)
        return at_fault(r, VALUE, value,
                        ys_fail(diag, YS_EDATA, "没有这种联结：public_job job rent dividend order equity own",
                                "no such link: public_job job rent dividend order equity own"),
                        diag);
    if (r->to->links == YS_PROJECT_LINKS)
        return at_fault(r, NAME, value,
                        ys_fail(diag, YS_ELIMIT, "联结最多 %d 种", "at most %d links", YS_PROJECT_LINKS),
                        diag);
    ys_link *l = &r->to->link[r->to->links++];
    about(r, ys_link_fields, l);
    l->type = (ys_link_type)type;
    return YS_OK;
}

static int find_field(const reader *r, const char *name)
{
    for (int i = 0; r->fields[i].name != NULL; i++)
        if (strcmp(r->fields[i].name, name) == 0 || strcmp(r->fields[i].zh, name) == 0)
            return i;
    return -1;
}

static ys_status read_field(reader *r, const char *name, const char *value, const char *unit, ys_diag *diag)
{
    int i = find_field(r, name);
    double v;
    if (i < 0) {
        ys_status st = ys_fail(diag, YS_EDATA, "没有这个名称", "there is no such name");
        ys_diag_fix(diag, "名称见 yaoshi project evaluate --template pv|industry",
                    "the names: yaoshi project evaluate --template pv|industry");
        return at_fault(r, NAME, name, st, diag);
    }
    const ys_field_def *f = &r->fields[i];
    if (r->said[i] > 0)
        return at_fault(r, NAME, name,
                        ys_fail(diag, YS_EDATA, "%s 写了两次，另一次在第 %lld 行",
                                "%s is given twice, also in row %lld", f->name, (long long)r->said[i]),
                        diag);
    if (unit[0] != '\0' && strcmp(unit, f->unit) != 0 && strcmp(unit, f->unit_zh) != 0)
        return at_fault(r, UNIT, unit,
                        ys_fail(diag, YS_EDATA, "%s 的单位应为 %s（%s）", "the unit of %s is %s (%s)",
                                f->name, f->unit_zh, f->unit),
                        diag);
    if (!ys_parse_real(value, &v))
        return at_fault(r, VALUE, value,
                        ys_fail(diag, YS_EDATA, "%s 应为数字", "%s must be a number", f->name), diag);
    ys_status st = ys_field_check(f, v, diag);
    if (st != YS_OK)
        return at_fault(r, VALUE, value, st, diag);
    r->said[i] = r->row;
    *(double *)(void *)((char *)r->of + f->at) = v * ys_field_scale(f);
    return YS_OK;
}

static ys_status read_title(reader *r, const char *value, ys_diag *diag)
{
    if (strlen(value) >= sizeof r->to->title)
        return at_fault(r, VALUE, value, ys_fail(diag, YS_ELIMIT, "名称太长", "the title is too long"), diag);
    snprintf(r->to->title, sizeof r->to->title, "%s", value);
    return YS_OK;
}

static ys_status read_row(reader *r, const char *const *cells, int n, ys_diag *diag)
{
    const char *name = cell(r, cells, n, NAME), *value = cell(r, cells, n, VALUE);
    if (value[0] == '\0' && name[0] != '\0')
        return YS_OK; /* a row of the template that nobody filled in */
    if (strcmp(name, "kind") == 0 && r->kind == 0)
        return read_kind(r, value, diag);
    if (r->kind == 0)
        return at_fault(r, NAME, name,
                        ys_fail(diag, YS_EDATA, "先要一行 kind（pv 或 industry）",
                                "a row `kind` (pv or industry) must come first"),
                        diag);
    if (strcmp(name, "title") == 0)
        return read_title(r, value, diag);
    if (strcmp(name, "link") == 0 && r->to->kind == YS_PROJECT_INDUSTRY)
        return read_link(r, value, diag);
    return read_field(r, name, value, cell(r, cells, n, UNIT), diag);
}

static ys_status read_all(reader *r, ys_diag *diag)
{
    const char *const *cells;
    int n;
    YS_TRY(read_header(r, diag));
    for (;;) {
        YS_TRY(ys_sheet_next(r->sheet, &cells, &n, &r->row, diag));
        if (cells == NULL)
            break;
        YS_TRY(read_row(r, cells, n, diag));
    }
    r->row = ys_sheet_row(r->sheet);
    if (r->kind == 0)
        return at_fault(r, NAME, NULL,
                        ys_fail(diag, YS_EDATA, "表里没有 kind（pv 或 industry）",
                                "the table has no row `kind` (pv or industry)"),
                        diag);
    YS_TRY(end_of_part(r, diag));
    ys_project_file *p = r->to;
    ys_status st = p->kind == YS_PROJECT_PV ? ys_pv_check(&p->plant, diag)
                                            : ys_industry_check(&p->industry, p->link, p->links, diag);
    if (st != YS_OK)
        ys_diag_where(diag, ys_sheet_file(r->sheet), ys_sheet_name(r->sheet), 0, 0, NULL);
    return st;
}

ys_status ys_project_file_read(const char *path, ys_project_file **ret_project, ys_diag *diag)
{
    reader r = {.to = ys_calloc(1, sizeof *r.to)};
    if (r.to == NULL)
        return ys_fail_nomem(diag);
    ys_status st = YS_OK;
    YS_GO(ys_sheet_open(path, NULL, &r.sheet, diag));
    YS_GO(read_all(&r, diag));
    *ret_project = r.to;
    r.to = NULL;
done:
    ys_sheet_close(r.sheet);
    ys_free(r.to);
    return st;
}

/* ---- the empty table ------------------------------------------------------------------------------------------------ */

static void put_row(ys_csv_writer *w, const char *name, const char *value, const char *unit, const char *note)
{
    const char *const cells[] = {name, value, unit, note};
    ys_csv_put_row(w, cells, 4);
}

static void put_fields(ys_csv_writer *w, const ys_field_def *fields, bool zh)
{
    for (const ys_field_def *f = fields; f->name != NULL; f++) {
        char note[400];
        bool required = f->missing == YS_FIELD_REQUIRED;
        snprintf(note, sizeof note, zh ? "%s；%s，%.10g 到 %.10g" : "%s; %s, %.10g to %.10g",
                 zh ? f->zh : f->en,
                 zh ? (required ? "必填" : "可不填") : (required ? "required" : "may be left out"), f->least,
                 f->most);
        ys_csv_put_text(w, f->name);
        ys_csv_put_real(w, required ? (double)NAN : f->missing);
        ys_csv_put_text(w, zh ? f->unit_zh : f->unit);
        ys_csv_put_text(w, note);
        ys_csv_end_row(w);
    }
}

ys_status ys_project_file_template(const char *kind, bool zh, ys_out out, ys_diag *diag)
{
    bool pv = strcmp(kind, kind_name[YS_PROJECT_PV]) == 0;
    if (!pv && strcmp(kind, kind_name[YS_PROJECT_INDUSTRY]) != 0) {
        ys_diag_value(diag, kind);
        return ys_fail(diag, YS_EUSAGE, "--template 应为 pv 或 industry",
                       "--template must be pv or industry");
    }
    ys_csv_writer w;
    ys_csv_writer_init(&w, out, false, false);
    w.blank_missing = true;
    put_row(&w, zh ? column_zh[NAME] : column_en[NAME], zh ? column_zh[VALUE] : column_en[VALUE],
            zh ? column_zh[UNIT] : column_en[UNIT], zh ? "说明" : "note");
    put_row(&w, "kind", kind, "", "");
    put_row(&w, "title", "", "", zh ? "项目名称" : "what it is called");
    put_fields(&w, pv ? ys_pv_fields : ys_industry_fields, zh);
    if (!pv) {
        put_row(&w, "link", "job", "",
                zh ? "每种联结一段：public_job job rent dividend order equity own"
                   : "one part for each link: public_job job rent dividend order equity own");
        put_fields(&w, ys_link_fields, zh);
    }
    return ys_csv_writer_finish(&w) ? YS_OK
                                    : ys_fail(diag, YS_EIO, "空表没有写完", "the table could not be written");
}
