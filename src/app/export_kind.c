/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All records of one kind, one row each: what an office keeps beside the roster (agreements, promises, projects, money …)
 * goes out as it came in, is edited in a spreadsheet, and comes back.
 *
 * CSV has the names of the fields and codes, for programs; XLSX has labels, for people.  An import takes both.
 */
#include <string.h>

#include "app/export.h"
#include "base/alloc.h"

bool ys__export_number(ys_sink *to, const ys_table *t, int col, int64_t row)
{
    if (ys_table_missing(t, col, row))
        return false;
    switch (ys_table_column_type(t, col)) {
    case YS_INT:
        ys_sink_int(to, ys_table_get_int(t, col, row));
        return true;
    case YS_REAL:
        ys_sink_real(to, ys_table_get_real(t, col, row));
        return true;
    case YS_MONEY:
        ys_sink_money(to, ys_table_get_int(t, col, row));
        return true;
    case YS_DATE:
        ys_sink_date(to, ys_table_get_int(t, col, row));
        return true;
    default:
        return false;
    }
}

ys_xlsx_type ys__export_type(const ys_table *t, int col)
{
    switch (ys_table_column_type(t, col)) {
    case YS_INT:
        return YS_XLSX_INT;
    case YS_REAL:
        return YS_XLSX_REAL;
    case YS_MONEY:
        return YS_XLSX_MONEY;
    case YS_DATE:
        return YS_XLSX_DATE;
    default:
        return YS_XLSX_TEXT;
    }
}

static ys_status find_kind(const ys_export *x, const ys_kind **ret_kind, ys_diag *diag)
{
    const ys_pack *pack = x->office->pack;
    const char *name = x->args->kind;
    *ret_kind = name != NULL ? ys_pack_kind(pack, name) : NULL;
    if (*ret_kind != NULL)
        return YS_OK;
    ys_diag_value(diag, name != NULL ? name : "");
    ys_diag_fix(diag, "用 --kind 指明政策包里的一种记录（见 yaoshi pack show）",
                "name a kind of record of the pack with --kind (yaoshi pack show lists them)");
    return ys_fail(diag, YS_EUSAGE, "没有这种记录", "there is no such kind of record");
}

static ys_status begin(const ys_export *x, const ys_kind *k, const ys_table *t, ys_diag *diag)
{
    bool labels = !ys_sink_is_csv(x->sink);
    ys_xlsx_column *columns = ys_calloc((size_t)k->field_count, sizeof *columns);
    if (columns == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < k->field_count; i++) {
        const ys_field *f = &k->fields[i];
        bool text = f->type == YS_BOOL || ys_field_secret(f);
        columns[i] =
            (ys_xlsx_column){.header = labels ? ys_field_label(f, x->args->zh) : f->name,
                             .width = 16,
                             .type = text ? YS_XLSX_TEXT : ys__export_type(t, ys_table_find(t, f->name))};
    }
    ys_xlsx_sheet sheet = {.name = k->name, .columns = columns, .ncolumns = k->field_count};
    ys_status st = ys_sink_sheet(x->sink, &sheet, diag);
    ys_free(columns);
    return st;
}

static ys_status put_row(const ys_export *x, const ys_kind *k, const ys_table *t, int64_t row, ys_diag *diag)
{
    char buf[1200];
    ys_fact_how how = {.pack = x->office->pack,
                       .zh = x->args->zh,
                       .unmask = x->args->unmask,
                       .codes = ys_sink_is_csv(x->sink)};
    for (int i = 0; i < k->field_count; i++) {
        const ys_field *f = &k->fields[i];
        if (ys__export_number(x->sink, t, ys_table_find(t, f->name), row))
            continue;
        const char *text = ys_fact_text(&how, f, t, row, buf, sizeof buf);
        ys_sink_text(x->sink, text[0] != '\0' ? text : NULL);
    }
    return ys_sink_row(x->sink, diag);
}

ys_status ys__export_records(ys_export *x, ys_diag *diag)
{
    const ys_reading *how = &x->args->reading;
    const ys_kind *k;
    ys_table *t = NULL;
    YS_TRY(find_kind(x, &k, diag));
    ys_scan scan = {.as_of_tx = how->as_of_tx,
                    .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                    .scope = how->scope,
                    .decrypt = x->office->has_key};
    ys_status st = ys_store_scan(x->office->store, k, &scan, &t, diag);
    if (st != YS_OK)
        return st;
    YS_GO(begin(x, k, t, diag));
    for (int64_t i = 0; i < ys_table_rows(t); i++)
        YS_GO(put_row(x, k, t, i, diag));
done:
    ys_table_free(t);
    return st;
}
