/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_OPTIM_RANKS_H
#define YS_OPTIM_RANKS_H
/*
 * ranks.h - the additive planner on several ranks, each with a part of the households.
 *
 * Every rank calls the same functions with the same problem and configuration (the numbers of threads may differ) and its
 * own ys_comm.  The arrays of the problem are those of all households, but a rank reads only the records of its own (and of
 * its last zone), so a mapped file is loaded in parts.  Value, bound, prices, checksum and plan are the same bits for any
 * number of ranks, ys_additive_solve (one rank) included.
 *
 * Instances of at most 20,000 households are solved by rank 0 and spread: they are one zone, and searched as a whole.
 */
#include "base/comm.h"
#include "base/pool.h"
#include "yaoshi/optim.h"

/* What the passes of the pricing change, [rows] doubles each: price of the moment, step, last direction, mean price. */
enum { YS_STATE_PARTS = 4 };

typedef struct ys_ranks {
    ys_comm comm;
    /* The state to go on from ([YS_STATE_PARTS * rows], as saved after `state_pass` passes), the same on all ranks; NULL: none. */
    const double *state;
    int state_pass;
    /* On rank 0, every `save_every` passes and after the last one; a failure ends the job.  NULL: never. */
    ys_status (*save)(void *arg, const double *const part[YS_STATE_PARTS], int32_t rows, int pass,
                      ys_diag *diag);
    int save_every; /* >= 1 */
    void *arg;
} ys_ranks;

/* Households whose records the rank reads first; whole blocks of the layout, in rank order. */
void ys_ranks_own(int64_t households, const ys_comm *c, int64_t *ret_first, int64_t *ret_end);

/* ys_pab_read by the threads of `pool` (NULL: none), where each rank examines its own households; all ranks return the same status. */
ys_status ys_ranks_read(const void *bytes, size_t size, const ys_comm *c, ys_pool *pool,
                        ys_additive *ret_problem, ys_diag *diag) YS_MUST_USE;

/*
 * ys_additive_solve on the ranks of `ranks`.  In the result only the choices [first, end) are filled: those this rank
 * decided; the parts of all ranks in rank order are the whole plan.  All else is that of the whole.
 */
ys_status ys_ranks_solve(const ys_additive *p, const ys_optim_config *config, const ys_ranks *ranks,
                         ys_additive_result **ret_result, ys_diag *diag) YS_MUST_USE;

/* Fills all choices of the result on all ranks. */
ys_status ys_ranks_gather(const ys_comm *c, ys_additive_result *r, ys_diag *diag) YS_MUST_USE;

#endif
