/* SPDX-License-Identifier: Apache-2.0 */
#include "io/merge_fill.h"
#include "base/alloc.h"
#include "base/limits.h"

typedef struct active {
    ys_xlsx_merge area;
    char *text; /* of its first cell; NULL: that row was not seen or has no value there */
} active;

struct ys__filler {
    const ys_xlsx_merge *merges;
    int n, next; /* areas before `next` have begun */
    active *active;
    size_t nactive, cap;
    const char *cells[YS_LIMIT_COLUMNS];
};

ys__filler *ys__filler_new(const ys_xlsx_merge *merges, int n)
{
    ys__filler *f = ys_calloc(1, sizeof *f);
    if (f) {
        f->merges = merges;
        f->n = n;
    }
    return f;
}

void ys__filler_free(ys__filler *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->nactive; i++)
        ys_free(f->active[i].text);
    ys_free(f->active);
    ys_free(f);
}

static void drop_ended(ys__filler *f, int64_t row)
{
    size_t to = 0;
    for (size_t i = 0; i < f->nactive; i++) {
        if (f->active[i].area.row2 < row)
            ys_free(f->active[i].text);
        else
            f->active[to++] = f->active[i];
    }
    f->nactive = to;
}

/* Areas that begin at or above `row` and are not over become active. */
static ys_status start_areas(ys__filler *f, int64_t row, const char *const *cells, int n, ys_diag *diag)
{
    for (; f->next < f->n && f->merges[f->next].row1 <= row; f->next++) {
        const ys_xlsx_merge *m = &f->merges[f->next];
        if (m->row2 < row || m->col1 > YS_LIMIT_COLUMNS)
            continue;
        if (f->nactive == YS_LIMIT_COLUMNS)
            return ys_fail(diag, YS_EDATA, "第 %lld 行的合并单元格互相重叠",
                           "merged areas overlap in row %lld", (long long)row);
        if (!ys_grow(&f->active, &f->cap, f->nactive + 1, sizeof *f->active))
            return ys_fail_nomem(diag);
        active a = {*m, NULL};
        if (m->row1 == row && m->col1 <= n && cells[m->col1 - 1][0] != '\0') {
            a.text = ys_strdup(cells[m->col1 - 1]);
            if (!a.text)
                return ys_fail_nomem(diag);
        }
        f->active[f->nactive++] = a;
    }
    return YS_OK;
}

ys_status ys__filler_row(ys__filler *f, int64_t row, const char *const **cells, int *n, ys_diag *diag)
{
    drop_ended(f, row);
    YS_TRY(start_areas(f, row, *cells, *n, diag));
    int count = *n;
    for (int i = 0; i < count; i++)
        f->cells[i] = (*cells)[i];
    for (size_t k = 0; k < f->nactive; k++) {
        const active *a = &f->active[k];
        int last = a->area.col2 < YS_LIMIT_COLUMNS ? a->area.col2 : YS_LIMIT_COLUMNS;
        if (!a->text)
            continue;
        while (count < last)
            f->cells[count++] = "";
        for (int col = a->area.col1; col <= last; col++)
            f->cells[col - 1] = a->text;
    }
    *cells = f->cells;
    *n = count;
    return YS_OK;
}
