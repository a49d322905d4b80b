/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MEASURE_SLICE_H
#define YS_MEASURE_SLICE_H
/*
 * slice.h - all indices of one run of rows that is sorted by income: the total, or one group of it.
 */
#include "yaoshi/measure.h"

/* One row, gathered and sorted by y. */
typedef struct ys__row {
    double y, w, z; /* income, persons, line */
    double v, ln;   /* income lifted to z/100, and its logarithm */
    int32_t group;
    uint8_t poor, use; /* use: counts for Watts, Theil, MLD, Atkinson */
} ys__row;

/* Sums that the caller needs beyond the result. */
typedef struct ys__slice {
    double pop_used, income_used; /* Σ w, Σ w v of the rows in use */
    double num[3];                /* Σ w g^a: numerators of FGT 0, 1, 2 */
} ys__slice;

/* What a slice must be told: its denominator (NaN: none), and the threshold (NaN: its own median × relative). */
typedef struct ys__slice_opts {
    double base, threshold, relative;
    bool rows_are_population, unclamped;
} ys__slice_opts;

/* Fills rows, poor_rows, clamped_gap, floored, weight, population, poor and value[]; `gaps` is scratch of n pairs. */
typedef struct ys__gap {
    double g, w;
} ys__gap;
void ys__slice_measure(int64_t n, const ys__row *row, const ys__slice_opts *opts, ys__gap *gaps,
                       ys_income_result *ret, ys__slice *ret_sums);

/* Weighted quantile of rows already sorted by y. */
double ys__slice_quantile(int64_t n, const ys__row *row, double p);

/* Gather, check and sort: rows with income, sorted.  Owned by the caller (ys_free). */
ys_status ys__rows_new(const ys_income_data *data, const ys_income_opts *opts, ys__row **ret_rows,
                       int64_t *ret_n, ys_diag *diag) YS_MUST_USE;
/* Arguments in range? */
ys_status ys__income_check(const ys_income_data *data, const ys_income_opts *opts, ys_diag *diag) YS_MUST_USE;
double ys__line_of(const ys_income_data *data, const ys_income_opts *opts, int64_t i);
bool ys__is_poor(const ys_income_data *data, const ys_income_opts *opts, int64_t i, double z);

#endif
