/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_DIAGNOSE_TEST_COUNTY_H
#define YS_DIAGNOSE_TEST_COUNTY_H
/*
 * test_county.h - tests and benches only: a made-up county whose true causes are known.
 *
 * A household is drawn healthy; then up to three things may happen to it (a disability takes a worker, a job is lost,
 * the harvest fails, a bill comes), each with a known loss.  The truth is the factor of the largest loss.  Incomes are
 * recorded up to 10 % (one standard deviation) wrong.
 */
#include "base/rng.h"
#include "yaoshi/diagnose.h"

typedef struct county {
    int64_t *persons, *line, *wage, *business, *property, *transfer, *rigid, *statutory;
    double *labour, *worked, *weight;
    int32_t *town, *area;
    uint8_t *truth; /* ys_root, YS_ROOT_NONE: nothing happened */
    ys_diagnose_data d;
} county;

void county_new(county *c, int64_t n, uint64_t seed);
void county_done(county *c);
/* to[map[i]] = from[i] */
void county_permute(county *to, const county *from, const int64_t *map);

#endif
