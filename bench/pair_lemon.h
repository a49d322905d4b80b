/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BENCH_PAIR_LEMON_H
#define YS_BENCH_PAIR_LEMON_H
/*
 * pair_lemon.h - a minimum-cost flow problem on its way to the peer.  Arcs must be sorted by tail.
 */
#include <stdint.h>

typedef struct lemon_problem {
    int nodes, arcs;
    const int *tail, *head;
    const int64_t *low; /* NULL: 0 */
    const int64_t *cap, *cost;
    const int64_t *supply; /* per node; sums to 0 */
} lemon_problem;

#ifdef __cplusplus
extern "C"
#endif
    /* 0 and the value, or 1: not optimal.  `scaling` 0: network simplex, 1: cost scaling. */
    int
    lemon_solve(const lemon_problem *p, int scaling, int64_t *value);

#endif
