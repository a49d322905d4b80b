/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_FLOW_H
#define YAOSHI_FLOW_H
/*
 * flow.h - minimum-cost flow in a network, exact, with a certificate for each of its three outcomes.
 *
 *   minimise sum of cost·flow,  low <= flow <= cap on every arc,  outflow - inflow = supply at every node
 *
 *   optimal      node potentials: cost + potential[tail] - potential[head] is >= 0 where flow < cap, <= 0 where flow > low
 *   infeasible   a set of nodes whose supply cannot leave it: supply > sum of cap out of it - sum of low into it
 *   unbounded    a circle of arcs without limit whose cost is negative
 *
 * Method: primal network simplex (Dantzig; Cunningham's strongly feasible trees against cycling; block pricing).
 */
#include <stdint.h>
#include "yaoshi/status.h"

#define YS_FLOW_UNLIMITED INT64_MAX
#define YS_FLOW_MAX                                                                                          \
    ((int64_t)1 << 50) /* greatest finite bound, supply; and cost × (nodes + 1) stays below 2^58 */

typedef struct ys_flow_input {
    int64_t nodes, arcs; /* each below 2^30 */
    const int32_t *tail, *head;
    const int64_t *low; /* NULL: 0 everywhere */
    const int64_t *cap; /* YS_FLOW_UNLIMITED: none */
    const int64_t *cost;
    const int64_t *supply; /* negative: demand */
} ys_flow_input;

typedef enum ys_flow_outcome { YS_FLOW_OPTIMAL, YS_FLOW_INFEASIBLE, YS_FLOW_UNBOUNDED } ys_flow_outcome;

typedef struct ys_flow_result {
    ys_flow_outcome outcome;
    int64_t value; /* OPTIMAL */
    int64_t *flow, *potential;
    uint8_t *cut;   /* INFEASIBLE: 1 for the nodes of the set; else NULL */
    int64_t excess; /* INFEASIBLE: supply of the set beyond what can leave it */
    int32_t *cycle; /* UNBOUNDED: its arcs, in order; else NULL */
    int64_t cycle_arcs;
    int64_t pivots;
} ys_flow_result;

/* All three outcomes are YS_OK.  EDATA: an arc to no node, cap < low, supplies that do not add up to 0 (named);
 * ELIMIT: numbers beyond the limits above. */
ys_status ys_flow_solve(const ys_flow_input *in, ys_flow_result **ret_result, ys_diag *diag) YS_MUST_USE;
void ys_flow_result_free(ys_flow_result *r);

/* The certificate read again, with none of the solver's code; EDATA says what does not hold. */
ys_status ys_flow_check(const ys_flow_input *in, const ys_flow_result *r, ys_diag *diag) YS_MUST_USE;

#endif
