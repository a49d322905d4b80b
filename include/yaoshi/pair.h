/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_PAIR_H
#define YAOSHI_PAIR_H
/*
 * pair.h - who helps whom: an exact minimum-cost assignment of many needs to few givers with places.
 *
 * A need (a household, a county, a village) takes at most one giver (a helper, a district, an enterprise); a giver has
 * a number of places.  An edge is a pair that may be made, with its cost; a need may also stay alone, at a cost of its
 * own.  The places of a giver may cost more and more (fairness): the k-th costs slot[k] on top of the edge.
 *
 *   minimise  sum of edge costs + sum of the costs of the places taken + sum of the costs of staying alone
 *
 * The result is optimal, not near it, and carries its proof: prices p >= 0 of the givers.  For any prices
 *
 *   dual(p) = sum over needs of min(alone, min over edges of cost + p[giver])
 *           - sum over givers and their places k of max(0, p[giver] - slot[k])
 *
 * is a lower bound of every assignment's cost; ours has value == dual.  Method: everyone takes the cheapest edge while
 * the giver has free places; the others are put in one after the other by shortest augmenting paths over reduced costs
 * (the successive shortest path method of Jewell, Busacker & Gowen with Johnson's potentials); connected parts of the
 * graph are solved in parallel, each in one fixed order, so that the result has the same bits for any thread count.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

#define YS_PAIR_COST_MAX ((int64_t)1 << 46) /* greatest magnitude of one cost */

typedef struct ys_pair_input {
    int64_t needs, givers; /* each below 2^31 */
    const int64_t *start; /* needs + 1: edges of need i are start[i] … start[i+1]-1; fewer than 2^31 edges */
    const int32_t *giver;    /* of each edge */
    const int64_t *cost;     /* of each edge; negative is fine (a bonus on today's edge) */
    const int32_t *capacity; /* places of each giver, >= 0 */
    const int64_t
        *slot_at; /* NULL: every place costs 0; else givers + 1: the places of j begin at slot[slot_at[j]] */
    const int64_t
        *slot; /* cost of each place, >= 0, not falling within a giver; capacity[j] of them at least */
    const int64_t *alone; /* cost of having none, per need; NULL: alone_all for every need */
    int64_t alone_all;
} ys_pair_input;

typedef struct ys_pair_config {
    int threads;                    /* <= 0: as many as processors; the result does not depend on it */
    bool (*interrupted)(void *arg); /* asked between parts by any thread; NULL: never */
    void *arg;
} ys_pair_config;

typedef struct ys_pair_result {
    int64_t needs, givers;
    int64_t *edge; /* per need: number of its edge, -1: alone */
    int64_t *
        price; /* per giver, >= 0: what one more place would save at most; 0 while a free place costs nothing */
    int32_t *load;       /* per giver: places taken */
    int64_t value, dual; /* equal: the proof of the optimum */
    int64_t alone;       /* needs without a giver */
    int64_t no_edge;     /* of these: had no edge at all */
    int64_t parts;       /* connected parts with an edge */
    int64_t paths;       /* needs put in by a path, not by the first choice */
} ys_pair_result;

/* EDATA names the need or giver whose numbers are wrong (negative capacity, edge to no giver, falling slots); ELIMIT a
 * cost beyond YS_PAIR_COST_MAX or sums that would leave int64; EINTERRUPTED when asked to stop. */
ys_status ys_pair_solve(const ys_pair_input *in, const ys_pair_config *config, ys_pair_result **ret_result,
                        ys_diag *diag) YS_MUST_USE;
void ys_pair_result_free(ys_pair_result *r);

/* What an independent reading of input and result finds (no code of the solver): value and dual recomputed, loads
 * counted.  EDATA with the need or giver if an edge is not the need's own, a giver has more than its places, a price is
 * negative, or any of the numbers in the result is not the recomputed one; EINFEASIBLE if value > dual (feasible, but
 * not proven optimal). */
ys_status ys_pair_check(const ys_pair_input *in, const ys_pair_result *r, int64_t *ret_value,
                        int64_t *ret_dual, ys_diag *diag) YS_MUST_USE;

/* What the whole assignment loses at least if need `i` is forced onto its edge `e` (or, e = -1, to stay alone). */
int64_t ys_pair_regret(const ys_pair_input *in, const ys_pair_result *r, int64_t i, int64_t e);

#endif
