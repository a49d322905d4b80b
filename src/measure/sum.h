/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MEASURE_SUM_H
#define YS_MEASURE_SUM_H
/*
 * sum.h - compensated summation (Neumaier 1974): the error does not grow with the number of terms.
 */
#include <math.h>

typedef struct ys__sum {
    double s, c; /* running sum and what rounding took away */
} ys__sum;

static inline void ys__add(ys__sum *a, double x)
{
    double t = a->s + x;
    a->c += fabs(a->s) >= fabs(x) ? (a->s - t) + x : (x - t) + a->s;
    a->s = t;
}

static inline double ys__total(const ys__sum *a)
{
    return a->s + a->c;
}

#endif
