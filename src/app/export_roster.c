/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/export.h"
#include "base/alloc.h"

/*
 * An official form of the pack: one row per person (or per household, where the form has no column of persons), in the
 * form's own column order.  Codes are printed as the form wants them, so that the importer reads them back.
 */

/* One column of the form, resolved once. */
typedef struct column {
    const ys_template_column *as;
    const ys_field *field; /* NULL: a derived value, an engine column, or an empty column */
    int col, secret_col;   /* in the frame's table of its kind, and in the table of secrets; -1: none */
    int level;             /* the name of an area level stands in for a blank field, -1: none */
    bool person;
} column;

typedef struct roster {
    ys_export *x;
    ys_frame *f;
    ys_table *household,
        *person; /* key and secret fields, row by row as in the frame; NULL without the key */
    column *columns;
    int count;
    bool by_person;
} roster;

static void roster_done(roster *r)
{
    ys_table_free(r->household);
    ys_table_free(r->person);
    ys_free(r->columns);
    ys_frame_free(r->f);
}

/* Secret fields in plain text, beside the frame that has them masked. */
static ys_status read_secrets(const roster *r, const char *kind, const ys_table *frame, ys_table **ret,
                              ys_diag *diag)
{
    const ys_kind *k = ys_pack_kind(r->x->office->pack, kind);
    const char *fields[32] = {k->fields[0].name};
    int n = 0, key = -1;
    for (int f = 0; f < k->field_count && n < 30; f++) {
        if (k->fields[f].key)
            key = f;
        if (k->fields[f].key || ys_field_secret(&k->fields[f]))
            fields[n++] = k->fields[f].name;
    }
    fields[n] = NULL;
    ys_scan how = {.as_of_tx = r->x->args->reading.as_of_tx,
                   .valid_on = YS_SCAN_LATEST,
                   .scope = r->x->args->reading.scope,
                   .fields = fields,
                   .decrypt = true};
    YS_TRY(ys_store_scan(r->x->office->store, k, &how, ret, diag));
    int64_t rows = ys_table_rows(*ret);
    bool same = rows == ys_table_rows(frame);
    int a = ys_table_find(*ret, k->fields[key].name), b = ys_table_find(frame, k->fields[key].name);
    for (int64_t i = 0; same && i < rows; i++)
        same = strcmp(ys_table_get_text(*ret, a, i), ys_table_get_text(frame, b, i)) == 0;
    return same ? YS_OK
                : ys_fail(diag, YS_ECONFLICT, "读的时候数据变了，请再试一次",
                          "the facts changed while they were read: try again");
}

static int level_of(const ys_pack *pack, const char *field)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    for (int i = 0; i < n; i++) {
        size_t k = strlen(levels[i]);
        if (strncmp(field, levels[i], k) == 0 && strcmp(field + k, "_name") == 0)
            return i;
    }
    return -1;
}

static ys_status resolve(roster *r, const ys_template_column *t, int n, ys_diag *diag)
{
    const ys_pack *pack = r->x->office->pack;
    r->columns = ys_calloc((size_t)(n > 0 ? n : 1), sizeof *r->columns);
    if (r->columns == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        if (strcmp(t[i].template_name, r->x->args->template_name) != 0)
            continue;
        column *c = &r->columns[r->count++];
        *c = (column){.as = &t[i], .col = -1, .secret_col = -1, .level = -1};
        if (t[i].kind[0] == '\0')
            continue; /* a column of the form that stays empty */
        const ys_kind *k = ys_pack_kind(pack, t[i].kind);
        c->person = strcmp(t[i].kind, "person") == 0;
        if (k == NULL || (!c->person && strcmp(t[i].kind, "household") != 0))
            return ys_fail(diag, YS_EDATA, "表式只能用户和人的列：%s",
                           "a form takes columns of household and person only: %s", t[i].kind);
        r->by_person = r->by_person || c->person;
        int field = ys_kind_field(k, t[i].field);
        c->field = field >= 0 ? &k->fields[field] : NULL;
        c->col = ys_table_find(c->person ? r->f->person : r->f->household, t[i].field);
        const ys_table *secrets = c->person ? r->person : r->household;
        if (secrets != NULL && c->field != NULL && ys_field_secret(c->field))
            c->secret_col = ys_table_find(secrets, t[i].field);
        c->level = c->person ? -1 : level_of(pack, t[i].field);
    }
    if (r->count > 0)
        return YS_OK;
    ys_diag_value(diag, r->x->args->template_name);
    ys_diag_fix(diag, "用 yaoshi pack show 看有哪些表式", "yaoshi pack show lists the forms");
    return ys_fail(diag, YS_EUSAGE, "政策包没有这个表式", "the pack has no such form");
}

static ys_xlsx_type type_of(const roster *r, const column *c)
{
    const ys_table *t = c->person ? r->f->person : r->f->household;
    return c->col < 0 || c->secret_col >= 0 ? YS_XLSX_TEXT : ys__export_type(t, c->col);
}

static ys_status begin(const roster *r, ys_diag *diag)
{
    ys_xlsx_column *columns = ys_calloc((size_t)r->count, sizeof *columns);
    if (columns == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < r->count; i++)
        columns[i] = (ys_xlsx_column){
            .header = r->columns[i].as->header, .width = 14, .type = type_of(r, &r->columns[i])};
    ys_xlsx_sheet sheet = {.name = r->x->args->template_name, .columns = columns, .ncolumns = r->count};
    ys_status st = ys_sink_sheet(r->x->sink, &sheet, diag);
    ys_free(columns);
    return st;
}

static void put_text(const roster *r, const column *c, int64_t h, int64_t row)
{
    char buf[1200];
    const ys_table *t = c->person ? r->f->person : r->f->household;
    ys_fact_how how = {
        .pack = r->x->office->pack, .zh = true, .unmask = r->x->args->unmask, .codes = !c->as->as_label};
    if (c->secret_col >= 0)
        t = c->person ? r->person : r->household;
    const char *text = c->field != NULL ? ys_fact_text(&how, c->field, t, row, buf, sizeof buf)
                                        : ys_fact_column(&how, t, c->col, row, buf, sizeof buf);
    if (text[0] == '\0' && c->level >= 0 && r->f->area_of[h] >= 0) {
        int32_t at = ys_areas_at_level(r->f->areas, r->f->area_of[h], c->level);
        text = at >= 0 ? ys_areas_name(r->f->areas, at) : "";
    }
    ys_sink_text(r->x->sink, text[0] != '\0' ? text : NULL);
}

/* Numbers as numbers; what nobody asked is said in words, or it would become "unchanged" on the way back. */
static void put_cell(const roster *r, const column *c, int64_t h, int64_t person)
{
    const ys_table *t = c->person ? r->f->person : r->f->household;
    int64_t row = c->person ? person : h;
    if (c->col < 0 || row < 0) {
        ys_sink_text(r->x->sink, NULL);
        return;
    }
    if (c->secret_col >= 0 || !ys__export_number(r->x->sink, t, c->col, row))
        put_text(r, c, h, row);
}

static ys_status put_row(const roster *r, int64_t h, int64_t person, ys_diag *diag)
{
    for (int i = 0; i < r->count; i++)
        put_cell(r, &r->columns[i], h, person);
    return ys_sink_row(r->x->sink, diag);
}

static ys_status put_rows(const roster *r, ys_diag *diag)
{
    const ys_frame *f = r->f;
    for (int64_t h = 0; h < f->households; h++) {
        if (!f->in_register[h])
            continue;
        if (!r->by_person || f->members->start[h] == f->members->start[h + 1])
            YS_TRY(put_row(r, h, -1, diag));
        for (int64_t k = f->members->start[h]; r->by_person && k < f->members->start[h + 1]; k++)
            YS_TRY(put_row(r, h, f->members->item[k], diag));
    }
    return YS_OK;
}

ys_status ys__export_template(ys_export *x, ys_diag *diag)
{
    int n;
    const ys_template_column *t = ys_pack_template(x->office->pack, &n);
    roster r = {.x = x};
    ys_status st = YS_OK;
    YS_GO(ys_office_frame(x->office, &x->args->reading, &r.f, diag));
    if (x->office->has_key) {
        YS_GO(read_secrets(&r, "household", r.f->household, &r.household, diag));
        YS_GO(read_secrets(&r, "person", r.f->person, &r.person, diag));
    }
    YS_GO(resolve(&r, t, n, diag));
    YS_GO(begin(&r, diag));
    YS_GO(put_rows(&r, diag));
done:
    roster_done(&r);
    return st;
}
