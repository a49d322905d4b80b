/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PACK_CELLS_H
#define YS_APP_PACK_CELLS_H
/*
 * pack_cells.h - a table of a pack as texts, from a CSV file or a sheet: what the two directions of pack_book.h share.
 */
#include "app/pack_book.h"
#include "base/arena.h"
#include "policy/pack.h"

#define YS__PACK_INDEX "pack" /* the sheet that says which sheet is which file */

/* Rows end with NULL after their last cell that is not empty; row 0 is the header. */
typedef struct ys__cells {
    const char ***row;
    int64_t *place; /* number of each row in its file or sheet */
    int64_t rows;
    int cols; /* of the widest row */
    size_t cap, place_cap;
} ys__cells;

bool ys__pack_is_csv(const char *name);
/* The texts are copied into `memory`; false: memory is short. */
bool ys__cells_add(ys__cells *t, ys_arena *memory, const char *const *cells, int n, int64_t place);
const char *ys__cells_get(const ys__cells *t, int64_t row, int col); /* "" beyond the row */
bool ys__cells_same(const ys__cells *a, const ys__cells *b);
ys_status ys__cells_read_csv(const ys_pack_file *f, ys_arena *memory, ys__cells *t,
                             ys_diag *diag) YS_MUST_USE;
void ys__cells_done(ys__cells *t);

#endif
