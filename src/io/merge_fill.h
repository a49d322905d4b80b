/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_MERGE_FILL_H
#define YS_IO_MERGE_FILL_H
/*
 * merge_fill.h - give every cell of a merged area the text of its first cell, row by row (internal to io).
 *
 * Areas are taken sorted by first row; those that reach below their first row keep their text until they end, so the
 * cost of a row does not depend on how many areas the sheet has.
 */
#include "io/xlsx_read.h"

typedef struct ys__filler ys__filler;

ys__filler *ys__filler_new(const ys_xlsx_merge *merges, int n); /* borrows; NULL: memory is short */
void ys__filler_free(ys__filler *f);
/* The cells of `row` filled; rows must come in increasing order.  `*cells` and `*n` are replaced; the new cells live
 * until the next call. */
ys_status ys__filler_row(ys__filler *f, int64_t row, const char *const **cells, int *n,
                         ys_diag *diag) YS_MUST_USE;

#endif
