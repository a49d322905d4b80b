/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_OPTIM_CHOOSE_H
#define YS_OPTIM_CHOOSE_H
/*
 * choose.h - what the two multiple-choice knapsacks share: one item of every class, resources with limits, a local
 * search, a budget of work.
 *
 * Values are maximised here; an assignment of least cost has negative values.
 */
#include "yaoshi/optim.h"

typedef struct ys_choose {
    int n, rows;
    int units_from;       /* rows from this one on count single units; only ys__quad asks */
    const int *item_at;   /* [n + 1] items of a class */
    const int64_t *value; /* [items] */
    const int *use_at;    /* [items + 1] */
    const int *use_row;   /* [uses] */
    const int64_t *use;   /* [uses] > 0 */
    const int64_t *limit; /* [rows] */
    const int *order;     /* [items] those of a class, the most promising first */
    const double *price; /* [rows] what a unit over the limit costs at first; NULL: guessed from the values */
    double heat;         /* loss of value a move may cost at first; 0: guessed from the values */
} ys_choose;

/* How much may still be done: a count of small steps, or a clock when the caller gave a time. */
typedef struct ys_budget {
    const ys_optim_config *config;
    int64_t steps;
    double end;
    bool over;
} ys_budget;

void ys__budget_start(ys_budget *b, const ys_optim_config *config, int64_t steps);
/* Counts `steps`; false: stop now. */
bool ys__budget_take(ys_budget *b, int64_t steps);

/*
 * Annealing over shifts of one class, chains and exchanges of two, with prices on what is over a limit that adapt until
 * the search hovers at the border.  `choice` is where it starts and, when it returns true, the best feasible one found;
 * false: none found, `choice` is some infeasible one.  `moves` in one of `rounds` coolings.
 */
bool ys__anneal(const ys_choose *p, const ys_optim_config *config, int64_t moves, int rounds, uint64_t seed,
                int *choice, int64_t *ret_value);

/*
 * Exchanges of two classes that raise the value, from the feasible `choice` on, until none is left or `trials` are used up;
 * false: memory is short.
 */
bool ys__exchange(const ys_choose *p, int64_t trials, int *choice);
/*
 * Exchanges of up to four classes that raise the value, from the feasible `choice` on; needs `price`.  `changes` (below 2^16) of
 * least loss are combined; four that leave more than `slack` worth of a row are not looked for.  False: memory is short.
 */
typedef struct ys_quad_work {
    int changes, rounds;
    int64_t trials; /* in one round */
    double slack;
} ys_quad_work;
bool ys__quad(const ys_choose *p, const ys_optim_config *config, ys_quad_work work, int *choice);
/* The items of each class in falling order of `promise` (by item): ys_choose.order. */
void ys__choose_order(int n, const int *item_at, const double *promise, int *ret_order);

#endif
