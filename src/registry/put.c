/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/put.h"

#include <math.h>

#include "base/alloc.h"

ys_table *ys_table_for_kind(const ys_kind *kind)
{
    ys_table *t = ys_table_new(kind->name);
    for (int f = 0; t != NULL && f < kind->field_count; f++) {
        if (ys_table_add_column(t, kind->fields[f].name, kind->fields[f].type) < 0) {
            ys_table_free(t);
            return NULL;
        }
    }
    return t;
}

bool ys_put_text(ys_table *t, const char *field, int64_t row, const char *text)
{
    return ys_table_set_text(t, ys_table_find(t, field), row, text);
}

bool ys_put_int(ys_table *t, const char *field, int64_t row, int64_t v)
{
    return ys_table_set_int(t, ys_table_find(t, field), row, v);
}

static ys_cell cell_of(const ys_table *t, int col, int64_t row)
{
    ys_cell c = {.state = YS_CELL_VALUE};
    switch (ys_table_column_type(t, col)) {
    case YS_REAL:
        c.r = ys_table_get_real(t, col, row);
        break;
    case YS_CODE:
    case YS_TEXT:
        c.t = ys_table_get_text(t, col, row);
        break;
    default:
        c.i = ys_table_get_int(t, col, row);
    }
    if (ys_table_missing(t, col, row))
        c.state = YS_CELL_NA;
    return c;
}

ys_status ys_registry_put_rows(ys_store *store, const ys_kind *kind, const ys_table *t, int64_t rows,
                               int32_t valid_from, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_stage_counts counts = {0};
    bool staged = false;
    int n = kind->field_count;
    int *fields = ys_calloc((size_t)n, sizeof *fields), *cols = ys_calloc((size_t)n, sizeof *cols);
    ys_cell *cells = ys_calloc((size_t)n, sizeof *cells);
    if (fields == NULL || cols == NULL || cells == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int f = 0; f < n; f++) {
        fields[f] = f;
        cols[f] = ys_table_find(t, kind->fields[f].name);
        if (cols[f] < 0)
            YS_GO(ys_fail(diag, YS_EINTERNAL, "表缺少列 %s", "the table lacks column %s",
                          kind->fields[f].name));
    }
    YS_GO(ys_store_stage_begin(store, kind, fields, n, diag));
    staged = true;
    for (int64_t row = 0; row < rows; row++) {
        for (int f = 0; f < n; f++)
            cells[f] = cell_of(t, cols[f], row);
        YS_GO(ys_store_stage_row(store, cells, row + 1, diag));
    }
    YS_GO(ys_store_stage_diff(store, NULL, valid_from, NULL, NULL, &counts, diag));
    if (counts.duplicates > 0 || counts.orphans > 0)
        YS_GO(ys_fail(diag, YS_EINTERNAL, "%s：%lld 行主键重复",
                      "%s: %lld rows with a key that is there twice", kind->name,
                      (long long)counts.duplicates));
    YS_GO(ys_store_stage_apply(store, valid_from, 0, &counts, diag));
done:
    if (staged)
        ys_store_stage_end(store);
    ys_free(fields);
    ys_free(cols);
    ys_free(cells);
    return st;
}
