/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_OPTIM_GAP_H
#define YS_OPTIM_GAP_H
/*
 * gap.h - generalised assignment: bound and search.
 *
 * Lagrangian relaxation of "every job once" (Fisher, Jaikumar and Van Wassenhove 1986): with a fee u[j] for doing job j,
 * every agent solves a knapsack of its own, exactly and in integers; sum of fees less the agents' profits is a bound.
 * Costs and fees are held times GAP_UNIT, so that the bound is an exact fraction; rounded up it bounds whole costs.
 */
#include "optim/choose.h"

enum { GAP_UNIT = 256 };

typedef struct ys_gap_state {
    const ys_gap *p;
    int64_t *cost;    /* [agent * jobs + job] times GAP_UNIT */
    int32_t *weight;  /* in grains of the agent */
    int32_t *room;    /* [agents] in grains; what is left after the jobs already given */
    uint8_t *open;    /* [agent * jobs + job] the job may go there */
    int *given;       /* [jobs] agent the job is given to, -1 */
    int64_t fixed;    /* cost of the jobs given, times GAP_UNIT */
    int64_t *fee;     /* [jobs] times GAP_UNIT */
    int *count;       /* [jobs] agents that take the job */
    uint8_t *take;    /* [agent * jobs + job] */
    int64_t *profit;  /* [agents] of the last knapsacks */
    double *marginal; /* [agents] worth of one more grain of room, times GAP_UNIT */
    int32_t most;     /* largest room */
    int64_t *table;   /* [(jobs + 1) * (most + 1)] values of a knapsack by first items and room */
    int64_t *back;    /* the same by last items */
    int64_t work;     /* cells filled */
} ys_gap_state;

ys_status ys__gap_open(const ys_gap *p, ys_gap_state *ret_state, ys_diag *diag) YS_MUST_USE;
void ys__gap_close(ys_gap_state *s);
/* Solves all knapsacks at the fees; the bound times GAP_UNIT. */
int64_t ys__gap_bound(ys_gap_state *s);
/*
 * Improves the fees for at most `rounds`, aiming at `goal` (a cost that is attained, times GAP_UNIT); the best bound, and
 * its fees in s->fee.  Ends early when the bound passes goal - GAP_UNIT: nothing better than the goal is left.
 */
int64_t ys__gap_ascend(ys_gap_state *s, int rounds, int64_t goal, int64_t *scratch);
/*
 * Closes every pair that would lift the bound past goal - GAP_UNIT and gives jobs that have one agent left.  `bound` is
 * that of the fees.  False: some job has no agent left.
 */
bool ys__gap_reduce(ys_gap_state *s, int64_t bound, int64_t goal);
/* Gives job j to agent i. */
void ys__gap_give(ys_gap_state *s, int i, int j);

#endif
