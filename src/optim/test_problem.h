/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_OPTIM_TEST_PROBLEM_H
#define YS_OPTIM_TEST_PROBLEM_H
/*
 * test_problem.h - random problems for the tests, as bytes of a .pab file.
 */
#include "yaoshi/optim.h"

typedef struct ys_test_shape {
    int64_t households;
    int32_t funds, rows;
    int32_t options; /* of a household at most */
    int32_t groups;
    int32_t value, cost; /* largest */
    int weight;          /* largest */
    double tight;        /* limits as a share of what all options together take */
    bool local;          /* rows belong to neighbours, in order of the households; else to anybody */
} ys_test_shape;

/* Bytes of the file, for ys_free; its size in ret_size.  Some households are empty, some limits 0, some costs 0. */
void *ys__test_problem(const ys_test_shape *shape, uint64_t seed, size_t *ret_size);

#endif
