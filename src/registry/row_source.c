/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/row_source.h"

#include "base/alloc.h"
#include "registry/mapping_rows.h"

struct ys_rows {
    const ys_sheet_plan *plan;
    const ys_binding *binding;
    ys_sheet *sheet;
    const char **text;  /* of a plain binding */
    ys__mapped *mapped; /* of a mapped one */
    ys_diag fault;      /* of the row at hand */
    bool in_row, ended;
};

void ys_rows_close(ys_rows *r)
{
    if (r == NULL)
        return;
    ys__mapped_free(r->mapped);
    ys_sheet_close(r->sheet);
    ys_free(r->text);
    ys_free(r);
}

ys_status ys_rows_open(const ys_sheet_plan *plan, const ys_binding *binding, int digits, ys_rows **ret_rows,
                       ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_rows *r = ys_calloc(1, sizeof *r);
    if (r == NULL)
        return ys_fail_nomem(diag);
    r->plan = plan;
    r->binding = binding;
    r->text = ys_calloc((size_t)binding->count, sizeof *r->text);
    if (r->text == NULL)
        YS_GO(ys_fail_nomem(diag));
    if (binding->record != NULL)
        YS_GO(ys__mapped_new(binding->record, digits, &r->mapped, diag));
    YS_GO(ys_sheet_open(plan->file, plan->sheet[0] != '\0' ? plan->sheet : NULL, &r->sheet, diag));
    *ret_rows = r;
    return YS_OK;
done:
    ys_rows_close(r);
    return st;
}

const ys_sheet *ys_rows_sheet(const ys_rows *r)
{
    return r->sheet;
}

/* The next row below the headers; `*ret_cell` NULL at the end.  A cell that was merged over rows holds for all of them,
 * as on a roster that writes the household once beside its members. */
static ys_status next_row(ys_rows *r, const char *const **ret_cell, int *ret_n, int64_t *ret_row,
                          ys_diag *diag)
{
    do {
        YS_TRY(ys_sheet_next_header(r->sheet, ret_cell, ret_n, ret_row, diag));
    } while (*ret_cell != NULL && *ret_row <= r->plan->header_row);
    return YS_OK;
}

/* In a CSV file more cells than headers mean that a comma inside a cell was not quoted and all that follows stands in
 * the wrong column.  On a sheet it is a remark beside the table. */
static bool too_wide(ys_rows *r, const char *const *cell, int n, int64_t row)
{
    int extra = r->plan->header_count;
    while (extra < n && cell[extra][0] == '\0')
        extra++;
    if (extra >= n || r->plan->sheet[0] != '\0')
        return false;
    r->fault = (ys_diag){0};
    ys_diag_where(&r->fault, NULL, NULL, row, extra + 1, NULL);
    ys_diag_fix(&r->fault, "给含逗号的单元格加引号，或删去多出的格",
                "quote the cell with the comma, or remove the cells that are too many");
    ys_fail(&r->fault, YS_EDATA, "这一行有 %d 格，表头只有 %d 格", "the row has %d cells, the header only %d",
            n, r->plan->header_count);
    return true;
}

static ys_status next_plain(ys_rows *r, ys_record *ret, ys_diag *diag)
{
    const char *const *cell;
    int n;
    int64_t row;
    YS_TRY(next_row(r, &cell, &n, &row, diag));
    *ret = (ys_record){0};
    if (cell == NULL)
        return YS_OK;
    if (too_wide(r, cell, n, row)) {
        *ret = (ys_record){.fault = &r->fault, .row = row};
        return YS_OK;
    }
    for (int i = 0; i < r->binding->count; i++) {
        int c = r->binding->column[i];
        r->text[i] = c < n ? cell[c] : "";
    }
    *ret = (ys_record){.text = r->text, .row = row};
    return YS_OK;
}

static ys_status next_mapped(ys_rows *r, ys_record *ret, ys_diag *diag)
{
    bool any = false;
    while (!r->ended) {
        const char *const *cell;
        int n;
        int64_t row;
        if (r->in_row) {
            YS_TRY(ys__mapped_next(r->mapped, ret, &any, diag));
            if (any)
                return YS_OK;
        }
        YS_TRY(next_row(r, &cell, &n, &row, diag));
        r->ended = cell == NULL;
        r->in_row = !r->ended;
        if (r->in_row)
            ys__mapped_row(r->mapped, cell, n, row);
    }
    YS_TRY(ys__mapped_rest(r->mapped, ret, &any, diag));
    if (!any)
        *ret = (ys_record){0};
    return YS_OK;
}

ys_status ys_rows_next(ys_rows *r, ys_record *ret_record, ys_diag *diag)
{
    return r->mapped != NULL ? next_mapped(r, ret_record, diag) : next_plain(r, ret_record, diag);
}
