/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MEASURE_AF_H
#define YS_MEASURE_AF_H
/*
 * af.h - the score of one row, for the index and for its standard error alike.
 */
#include "yaoshi/measure.h"

/* Arguments in range?  The sum of the weights on success. */
ys_status ys__af_check(const ys_af_data *data, int *ret_score_max, ys_diag *diag) YS_MUST_USE;
/* Weighted deprivation score of row i; whether any indicator of it is unknown. */
int ys__af_score(const ys_af_data *data, int64_t i, bool *ret_unknown);

#endif
