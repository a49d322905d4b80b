/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PAIR_PAIR_INT_H
#define YS_PAIR_PAIR_INT_H
/*
 * pair_int.h - what the files of the assignment share: the input read once, its connected parts, the state of a run.
 */
#include "base/pool.h"
#include "yaoshi/pair.h"

#define YS_PAIR_FAR (INT64_MAX / 4) /* farther than any path: costs are below 2^46, sums below 2^61 */

/* A giver in a run.  One cache line, because the search touches all of it together. */
typedef struct ys_pair_node {
    int64_t price;
    int64_t next;  /* cost of its next place; YS_PAIR_FAR when full */
    int64_t dist;  /* of the current search; valid when mark is its number */
    int64_t first; /* its takers are taker[first … first+load-1] */
    int32_t load;
    int32_t capacity; /* no more than its edges: more could never be used */
    int32_t mark;
    int32_t heap;     /* place in the heap; -1: not in it */
    int32_t via_need; /* the need that would move here … */
    int32_t via_edge; /* … by this edge */
    int64_t pad;
} ys_pair_node;

/* Needs and givers of each connected part, in ascending order within the part. */
typedef struct ys_pair_parts {
    int64_t count;
    int64_t *need_at, *giver_at; /* count + 1 */
    int32_t *need, *giver;
    int64_t *order; /* parts, those with most needs first: they start first */
    int64_t most_givers;
} ys_pair_parts;

/* The state of a need in a run. */
typedef struct ys_pair_seat {
    int64_t
        other; /* no edge but the one taken costs less than this, price included; prices only rise, so it stays true */
    int32_t edge;  /* -1: alone */
    int32_t place; /* in the list of takers of its giver */
} ys_pair_seat;

typedef struct ys_pair_run {
    const ys_pair_input *in;
    ys_pair_node *node;
    ys_pair_seat *seat;
    int32_t *taker;
    ys_pair_parts parts;
} ys_pair_run;

/* One thread's room for a search; padded, so that threads do not write to each other's cache lines. */
typedef struct ys_pair_search {
    int32_t *heap;    /* givers by distance */
    int32_t *settled; /* givers whose distance is final */
    int64_t heap_size, settled_size;
    int32_t stamp;
    int64_t paths;
    /* The best end so far: the free place of a giver, or a need of a full giver that stays alone. */
    int64_t best;
    int32_t end_giver, end_need;
    char pad[128];
} ys_pair_search;

ys_status ys__pair_input_check(const ys_pair_input *in, ys_diag *diag) YS_MUST_USE;
ys_status ys__pair_parts_find(const ys_pair_input *in, ys_pair_parts *ret_parts, ys_diag *diag) YS_MUST_USE;
void ys__pair_parts_done(ys_pair_parts *p);
/* Solve one part in place. */
void ys__pair_part_solve(ys_pair_run *run, ys_pair_search *s, int64_t part);

static inline int64_t ys__pair_alone(const ys_pair_input *in, int64_t need)
{
    return in->alone != NULL ? in->alone[need] : in->alone_all;
}

#endif
