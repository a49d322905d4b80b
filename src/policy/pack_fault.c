/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/limits.h"
#include "policy/pack_internal.h"

ys_diag *ys__pack_fault(ys_pload *l, const char *file, int order)
{
    l->fault_total++;
    if (l->fault_count >= YS_LIMIT_FINDINGS)
        return NULL;
    if (!ys_grow(&l->faults, &l->fault_cap, l->fault_count + 1, sizeof *l->faults)) {
        l->nomem = true;
        return NULL;
    }
    ys_pfault *f = &l->faults[l->fault_count];
    memset(f, 0, sizeof *f);
    f->order = order;
    f->seq = l->fault_count++;
    ys_diag_where(&f->diag, file, NULL, 0, 0, NULL);
    return &f->diag;
}

ys_diag *ys__pack_fault_cell(const ys_prow *r, int col)
{
    const ys_ptable *t = r->t;
    ys_diag *d = ys__pack_fault(r->l, t->file, t->order);
    if (r->row < 0) {
        ys_diag_where(d, NULL, NULL, 0, t->file_col ? t->file_col[col] : 0, t->names[col]);
        return d;
    }
    ys_diag_where(d, NULL, NULL, t->line[r->row], t->file_col[col], t->names[col]);
    ys_diag_value(d, t->cell[r->row * t->cols + col]);
    return d;
}

static int by_place(const void *x, const void *y)
{
    const ys_pfault *a = x, *b = y;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->diag.row != b->diag.row)
        return a->diag.row < b->diag.row ? -1 : 1;
    if (a->diag.col != b->diag.col)
        return a->diag.col < b->diag.col ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

void ys__pack_fault_sort(ys_pload *l)
{
    if (l->fault_count > 1)
        qsort(l->faults, l->fault_count, sizeof *l->faults, by_place);
}
