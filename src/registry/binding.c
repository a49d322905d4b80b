/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/binding.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/text.h"
#include "registry/binding_internal.h"

enum { FOLD = 256 };

/* Hands the texts of one row to the plan. */
static void take_headers(ys__head *h, int64_t row, ys_sheet_plan *p)
{
    for (int r = 0; r < h->rows; r++) {
        if (h->row[r] != row)
            continue;
        p->headers = h->text[r];
        p->header_count = h->cells[r];
        h->text[r] = NULL;
        h->cells[r] = 0;
    }
}

static void head_done(ys__head *h)
{
    for (int r = 0; r < h->rows; r++) {
        for (int c = 0; c < h->cells[r]; c++)
            ys_free(h->text[r][c]);
        ys_free(h->text[r]);
    }
}

static ys_status head_read(const char *file, const char *sheet, ys__head *h, ys_diag *diag)
{
    ys_sheet *s = NULL;
    const char *const *cell;
    ys_status st = YS_OK;
    int n;
    YS_GO(ys_sheet_open(file, sheet[0] != '\0' ? sheet : NULL, &s, diag));
    while (h->rows < HEAD_ROWS) {
        int r = h->rows;
        YS_GO(ys_sheet_next_header(s, &cell, &n, &h->row[r], diag));
        if (cell == NULL)
            break;
        h->text[r] = ys_calloc((size_t)n, sizeof *h->text[r]);
        if (h->text[r] == NULL)
            YS_GO(ys_fail_nomem(diag));
        h->cells[r] = n;
        h->rows++;
        for (int c = 0; c < n; c++) {
            h->text[r][c] = ys_strdup(cell[c]);
            if (h->text[r][c] == NULL)
                YS_GO(ys_fail_nomem(diag));
        }
    }
done:
    ys_sheet_close(s);
    return st;
}

/* Does a folded header name this field: by name, label or synonym? */
static bool names_field(const ys_field *f, const char *folded)
{
    char other[FOLD];
    const char *texts[] = {f->name, f->label_zh, f->label_en};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i][0] != '\0' && ys_text_fold(texts[i], other, sizeof other) && strcmp(other, folded) == 0)
            return true;
    }
    for (const char *p = f->synonyms; *p != '\0';) {
        size_t n = strcspn(p, "|");
        char one[FOLD];
        if (n > 0 && n < sizeof one) {
            memcpy(one, p, n);
            one[n] = '\0';
            if (ys_text_fold(one, other, sizeof other) && strcmp(other, folded) == 0)
                return true;
        }
        p += n + (p[n] == '|');
    }
    return false;
}

static int find_field(const ys_kind *k, const char *header)
{
    char folded[FOLD];
    if (!ys_text_fold(header, folded, sizeof folded) || folded[0] == '\0')
        return -1;
    for (int f = 0; f < k->field_count; f++) {
        if (names_field(&k->fields[f], folded))
            return f;
    }
    return -1;
}

/* How many fields of `k` a row of headers names; 0 unless every key field is among them. */
static int score(const ys_kind *k, char **headers, int n)
{
    uint64_t seen[(YS_LIMIT_COLUMNS + 63) / 64] = {0};
    int found = 0, keys = 0, wanted = 0;
    for (int f = 0; f < k->field_count; f++)
        wanted += k->fields[f].key;
    for (int c = 0; c < n; c++) {
        int f = find_field(k, headers[c]);
        if (f < 0 || (seen[f / 64] >> (f % 64) & 1))
            continue;
        seen[f / 64] |= (uint64_t)1 << (f % 64);
        found++;
        keys += k->fields[f].key;
    }
    return keys == wanted ? found : 0;
}

/* "households.csv", "户.csv", sheet "persons": does the name of file or sheet name the kind? */
static bool names_kind(const ys_kind *k, const char *name)
{
    char folded[FOLD], other[FOLD], plural[FOLD];
    const char *slash = strrchr(name, '/'), *base = slash != NULL ? slash + 1 : name;
    char stem[FOLD];
    snprintf(stem, sizeof stem, "%.*s", (int)strcspn(base, "."), base);
    if (!ys_text_fold(stem, folded, sizeof folded) || folded[0] == '\0')
        return false;
    const char *texts[] = {k->name, k->label_zh, k->label_en};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!ys_text_fold(texts[i], other, sizeof other) || other[0] == '\0')
            continue;
        if (strcmp(other, folded) == 0)
            return true;
        snprintf(plural, sizeof plural, "%ss", other);
        if (strcmp(plural, folded) == 0)
            return true;
        snprintf(plural, sizeof plural, "%ses", other);
        if (strcmp(plural, folded) == 0)
            return true;
    }
    return false;
}

typedef struct choice {
    const ys_kind *kind;
    int row, score; /* row: index into the head */
} choice;

static choice best_row(const ys_kind *k, const ys__head *h)
{
    choice best = {.kind = k, .row = -1};
    for (int r = 0; r < h->rows; r++) {
        int s = score(k, h->text[r], h->cells[r]);
        if (s > best.score) {
            best.score = s;
            best.row = r;
        }
    }
    return best;
}

static ys_status no_kind(const ys_pack *pack, ys_diag *diag)
{
    char list[200] = "";
    const ys_kind *const *kinds;
    int n = ys_pack_kinds(pack, &kinds);
    for (int i = 0; i < n; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", used != 0 ? ", " : "", kinds[i]->name);
    }
    ys_diag_fix(diag, "用 --kind 指明类别，或检查表头（主键列必须都在）",
                "name the kind with --kind, or check the headers (every key column must be there)");
    return ys_fail(diag, YS_EDATA, "认不出这张表是哪一类（已知：%s）",
                   "cannot tell which kind this table is (known: %s)", list);
}

static ys_status missing_keys(const ys_kind *k, ys_diag *diag)
{
    char list[200] = "";
    for (int f = 0; f < k->field_count; f++) {
        size_t used = strlen(list);
        if (k->fields[f].key)
            snprintf(list + used, sizeof list - used, "%s%s(%s)", used != 0 ? ", " : "", k->fields[f].name,
                     k->fields[f].label_zh);
    }
    ys_diag_fix(diag, "补上主键列，或用映射文件指明", "add the key columns, or name them in a mapping file");
    return ys_fail(diag, YS_EDATA, "表头缺少主键列：%s", "the headers lack a key column: %s", list);
}

/* The kind: said by the user, else by the name of file or sheet, else by the headers that fit best. */
static ys_status choose(const char *file, const char *sheet, const ys_pack *pack, const char *said,
                        const ys__head *h, choice *ret, ys_diag *diag)
{
    const ys_kind *const *kinds;
    int n = ys_pack_kinds(pack, &kinds);
    if (said != NULL) {
        const ys_kind *k = ys_pack_kind(pack, said);
        if (k == NULL) {
            ys_diag_value(diag, said);
            return no_kind(pack, diag);
        }
        *ret = best_row(k, h);
        return ret->row >= 0 ? YS_OK : missing_keys(k, diag);
    }
    for (int i = 0; i < n; i++) {
        if (sheet[0] != '\0' ? names_kind(kinds[i], sheet) : names_kind(kinds[i], file)) {
            *ret = best_row(kinds[i], h);
            return ret->row >= 0 ? YS_OK : missing_keys(kinds[i], diag);
        }
    }
    choice best = {.row = -1};
    for (int i = 0; i < n; i++) {
        choice c = best_row(kinds[i], h);
        if (c.score > best.score)
            best = c;
    }
    if (best.row < 0)
        return no_kind(pack, diag);
    *ret = best;
    return YS_OK;
}

ys_status ys__binding_new(ys_binding *b, const ys_kind *k, int cap, ys_diag *diag)
{
    *b = (ys_binding){.kind = k};
    b->field = ys_calloc((size_t)cap, sizeof *b->field);
    b->column = ys_calloc((size_t)cap, sizeof *b->column);
    return b->field != NULL && b->column != NULL ? YS_OK : ys_fail_nomem(diag);
}

bool ys__binding_has(const ys_binding *b, int field)
{
    for (int i = 0; i < b->count; i++) {
        if (b->field[i] == field)
            return true;
    }
    return false;
}

bool ys__plan_ignore(ys_sheet_plan *p, const char *header)
{
    if (header[0] == '\0')
        return true;
    char **grown = ys_realloc(p->ignored, (size_t)p->ignored_count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    p->ignored = grown;
    p->ignored[p->ignored_count] = ys_strdup(header);
    return p->ignored[p->ignored_count++] != NULL;
}

static ys_status bind_headers(ys_sheet_plan *p, const ys_kind *k, char **headers, int n, ys_diag *diag)
{
    p->bindings = ys_calloc(1, sizeof *p->bindings);
    if (p->bindings == NULL)
        return ys_fail_nomem(diag);
    p->count = 1;
    ys_binding *b = &p->bindings[0];
    YS_TRY(ys__binding_new(b, k, n, diag));
    for (int c = 0; c < n; c++) {
        int f = find_field(k, headers[c]);
        if (f < 0 || ys__binding_has(b, f)) {
            if (!ys__plan_ignore(p, headers[c]))
                return ys_fail_nomem(diag);
            continue;
        }
        b->field[b->count] = f;
        b->column[b->count++] = c;
    }
    return YS_OK;
}

/* The header row of a sheet that a mapping describes: the one with most of the columns it asks for. */
static int mapped_row(const ys_mapping_file *m, const ys__head *h, bool *ret_all)
{
    int best = 0, most = -1, wanted = 0;
    for (int r = 0; r < h->rows; r++) {
        int found = ys_mapping_score(m, h->text[r], h->cells[r], &wanted, NULL);
        if (found > most) {
            most = found;
            best = r;
        }
    }
    *ret_all = most == wanted;
    return best;
}

static ys_status bind_record(ys_binding *b, const ys_mapping_record *rec, ys_diag *diag)
{
    YS_TRY(ys__binding_new(b, rec->kind, rec->field_count, diag));
    b->record = rec;
    for (int i = 0; i < rec->field_count; i++) {
        const ys_mapping_field *f = &rec->fields[i];
        b->field[b->count] = f->field;
        b->column[b->count++] = f->from.count > 0 && f->from.column[0] >= 0 ? f->from.column[0] : -1;
    }
    return YS_OK;
}

/* Columns that no record of the mapping uses. */
static ys_status ignore_unused(ys_sheet_plan *p, const ys_mapping_file *m, char **headers, int n,
                               ys_diag *diag)
{
    for (int c = 0; c < n; c++) {
        if (!ys_mapping_uses(m, c) && !ys__plan_ignore(p, headers[c]))
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

static ys_status bind_mapping(ys_sheet_plan *p, ys_mapping_file *file, const ys_pack *pack, const ys__head *h,
                              ys_diag *diag)
{
    bool all;
    int r = mapped_row(file, h, &all);
    YS_TRY(ys_mapping_bind(file, pack, h->text[r], h->cells[r], diag));
    p->header_row = h->row[r];
    p->bindings = ys_calloc((size_t)file->record_count, sizeof *p->bindings);
    if (p->bindings == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < file->record_count; i++) {
        p->count++;
        YS_TRY(bind_record(&p->bindings[i], &file->records[i], diag));
    }
    return ignore_unused(p, file, h->text[r], h->cells[r], diag);
}

static ys_status bind_named_mapping(ys_sheet_plan *p, const char *path, const ys_pack *pack,
                                    const ys__head *h, ys_diag *diag)
{
    YS_TRY(ys_mapping_read(path, &p->mapping, diag));
    ys_diag_where(diag, p->file, p->sheet, 0, 0, NULL);
    ys_mapping_file *file = ys_mapping_for(p->mapping, p->file);
    if (file == NULL) {
        ys_diag_fix(diag, "改映射文件的 match，或改文件名",
                    "change \"match\" in the mapping, or the name of the file");
        return ys_fail(diag, YS_EDATA, "映射文件没有说到这个文件", "the mapping says nothing of this file");
    }
    return bind_mapping(p, file, pack, h, diag);
}

/* The pack's own mapping, if it speaks of this file, every column it asks for is there, and it explains more of the
 * columns than the `beaten` that a kind does; else *ret_done is false. */
static ys_status bind_packs_mapping(ys_sheet_plan *p, const ys_pack *pack, int beaten, const ys__head *h,
                                    bool *ret_done, ys_diag *diag)
{
    bool all = false;
    int r = 0, wanted, used = 0;
    *ret_done = false;
    YS_TRY(ys_mapping_of_pack(pack, &p->mapping, diag));
    ys_mapping_file *file = p->mapping != NULL ? ys_mapping_for(p->mapping, p->file) : NULL;
    if (file != NULL)
        r = mapped_row(file, h, &all);
    if (!all)
        return YS_OK;
    (void)ys_mapping_score(file, h->text[r], h->cells[r], &wanted, NULL);
    for (int c = 0; c < h->cells[r]; c++)
        used += ys_mapping_uses(file, c);
    if (used <= beaten)
        return YS_OK;
    YS_TRY(bind_mapping(p, file, pack, h, diag));
    *ret_done = p->packs_mapping = true;
    return YS_OK;
}

/* Nobody said how: by the headers, or, where no kind fits them as well, by the pack's mapping. */
static ys_status bind_unaided(ys_sheet_plan *p, const ys_pack *pack, const char *kind, const ys__head *h,
                              ys_diag *diag)
{
    choice c = {.row = -1};
    ys_diag why = {0};
    bool done = false;
    ys_diag_where(&why, p->file, p->sheet, 0, 0, NULL);
    ys_status st = choose(p->file, p->sheet, pack, kind, h, &c, &why);
    if (kind == NULL && (st == YS_OK || st == YS_EDATA)) {
        YS_TRY(bind_packs_mapping(p, pack, st == YS_OK ? c.score : 0, h, &done, diag));
        if (done)
            return YS_OK;
    }
    if (st != YS_OK) {
        if (diag != NULL)
            *diag = why;
        return st;
    }
    p->header_row = h->row[c.row];
    return bind_headers(p, c.kind, h->text[c.row], h->cells[c.row], diag);
}

ys_status ys_sheet_plan_make(const char *file, const char *sheet, const ys_pack *pack, const ys_bind_how *how,
                             ys_sheet_plan *ret_plan, ys_diag *diag)
{
    ys__head h = {0};
    ys_sheet_plan p = {.file = ys_strdup(file), .sheet = ys_strdup(sheet)};
    ys_status st = YS_OK;
    ys_diag_where(diag, file, sheet, 0, 0, NULL);
    if (p.file == NULL || p.sheet == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(head_read(file, sheet, &h, diag));
    if (h.rows == 0) {
        ys_diag_fix(diag, "第一行写列名，下面每行一条记录",
                    "column names in the first row, one record in each row below");
        YS_GO(ys_fail(diag, YS_EDATA, "表是空的", "the table is empty"));
    }
    if (how->mapping != NULL)
        YS_GO(bind_named_mapping(&p, how->mapping, pack, &h, diag));
    else if (how->template_name != NULL)
        YS_GO(ys__bind_template(&p, how->template_name, pack, &h, diag));
    else
        YS_GO(bind_unaided(&p, pack, how->kind, &h, diag));
    take_headers(&h, p.header_row, &p);
    *ret_plan = p;
    p = (ys_sheet_plan){0};
done:
    head_done(&h);
    ys_sheet_plan_done(&p);
    return st;
}

void ys_sheet_plan_done(ys_sheet_plan *p)
{
    for (int i = 0; i < p->count; i++) {
        ys_free(p->bindings[i].field);
        ys_free(p->bindings[i].column);
    }
    for (int i = 0; i < p->ignored_count; i++)
        ys_free(p->ignored[i]);
    for (int i = 0; i < p->header_count; i++)
        ys_free(p->headers[i]);
    ys_free(p->headers);
    ys_free(p->bindings);
    ys_free(p->ignored);
    ys_free(p->file);
    ys_free(p->sheet);
    ys_mapping_free(p->mapping);
    *p = (ys_sheet_plan){0};
}

static void json_source(ys_json *j, const char *name, const ys_mapping_field *f)
{
    ys_str s = {0};
    for (int i = 0; i < f->from.count; i++)
        ys_str_printf(&s, "%s%s", i > 0 ? " + " : "", f->from.header[i]);
    for (int i = 0; i < f->times.count; i++)
        ys_str_printf(&s, " × %s", f->times.header[i]);
    for (int i = 0; i < f->over.count; i++)
        ys_str_printf(&s, " ÷ %s", f->over.header[i]);
    if (f->factor != 1) {
        char factor[40];
        ys_str_printf(&s, " × %s", ys_format_real(f->factor, factor, sizeof factor));
    }
    ys_json_text(j, name, f->constant != NULL ? f->constant : ys_str_get(&s));
    j->failed = j->failed || s.failed;
    ys_str_done(&s);
}

char *ys_binding_json(const ys_binding *b, const char *const *headers, int header_count)
{
    ys_str s = {0};
    ys_json j;
    ys_json_init(&j, ys_out_str(&s), false);
    ys_json_object(&j, NULL);
    for (int i = 0; i < b->count; i++) {
        const char *name = b->kind->fields[b->field[i]].name;
        if (b->record != NULL)
            json_source(&j, name, &b->record->fields[i]);
        else
            ys_json_text(&j, name, b->column[i] < header_count ? headers[b->column[i]] : "");
    }
    ys_json_end(&j);
    if (!ys_json_finish(&j)) {
        ys_str_done(&s);
        return NULL;
    }
    return ys_str_detach(&s);
}
