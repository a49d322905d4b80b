/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MEASURE_SORT_H
#define YS_MEASURE_SORT_H
/*
 * sort.h - the order of doubles or integers, ties in row order, in linear time (radix).
 */
#include <stdint.h>
#include "yaoshi/status.h"

/* Row numbers of value[0..n-1] by rising value; NaN last.  n < 2^31.  `ret_order` has n places. */
ys_status ys__sort_order(int64_t n, const double *value, int32_t *ret_order) YS_MUST_USE;
/* The same by unsigned integers. */
ys_status ys__sort_keys(int64_t n, const uint64_t *key, int32_t *ret_order) YS_MUST_USE;

#endif
