/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MEASURE_SURVEY_H
#define YS_MEASURE_SURVEY_H
/*
 * survey.h - a ratio of two totals with its error, the form every rate takes under a design.
 */
#include "yaoshi/measure.h"

typedef struct ys__ratio {
    const double *w;         /* NULL: 1 */
    const double *num, *den; /* 0 outside the domain */
    const double *extra;     /* linearised value of an estimated parameter, NULL: none */
    double slope;            /* derivative of the ratio by that parameter */
} ys__ratio;

/* `u` is scratch of n. */
ys_status ys__svy_ratio(const ys_design *d, const ys__ratio *r, double *u, ys_estimate *ret,
                        ys_diag *diag) YS_MUST_USE;
ys_status ys__svy_total(const ys_design *d, const double *w, const double *y, double *u, ys_estimate *ret,
                        ys_diag *diag) YS_MUST_USE;

#endif
