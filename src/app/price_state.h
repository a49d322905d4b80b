/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PRICE_STATE_H
#define YS_APP_PRICE_STATE_H
/*
 * price_state.h - the prices of an unfinished job in a file, so that a job that was cut off goes on from there.
 *
 * The file holds what the pricing passes change (optim/ranks.h), the number of passes done, and marks of the problem.  It
 * is written as a whole (io/whole_file.h): after a crash there is the old one or the new one, never a part of one.
 */
#include "yaoshi/optim.h"

typedef struct ys_price_state {
    int pass;
    double *value; /* [parts * rows], owned */
} ys_price_state;

/* EIO: cannot write; the old file stays. */
ys_status ys_price_state_write(const char *path, const ys_additive *p, const double *const *part, int parts,
                               int pass, ys_diag *diag) YS_MUST_USE;
/*
 * ENOTFOUND: no such file.  ECORRUPT: not such a file, or damaged.  ECONFLICT: of another problem (numbers of households,
 * options and rows, or the limits differ).
 */
ys_status ys_price_state_read(const char *path, const ys_additive *p, int parts, ys_price_state *ret_state,
                              ys_diag *diag) YS_MUST_USE;
void ys_price_state_done(ys_price_state *s);

#endif
