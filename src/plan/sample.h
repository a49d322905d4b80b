/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_SAMPLE_H
#define YS_PLAN_SAMPLE_H
/*
 * sample.h - random plan inputs for tests and benches: a pure function of (seed, shape).  Not part of the product.
 */
#include "base/arena.h"
#include "yaoshi/plan.h"

typedef struct ys_sample_shape {
    int64_t households;
    int per_village; /* households of one village */
    int measures;    /* of the catalogue of 16 */
    double scarcity; /* share of the wish that funds and places cover, about */
    int floors;      /* floors on random areas */
    bool equal;      /* many identical households and costs (degenerate) */
} ys_sample_shape;

/* Everything lives in `a`; NULL when memory is short. */
ys_plan_input *ys__sample(ys_arena *a, uint64_t seed, ys_sample_shape shape);

#endif
