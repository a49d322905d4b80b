/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_BUILD_CASES_H
#define YS_PLAN_BUILD_CASES_H
/*
 * build_cases.h - for tests of plans: building, and a result held against the true optimum.  Included after cmocka.
 */
#include "plan/model.h"

/* Building, or the test fails. */
static inline ys_plan *build(const ys_plan_input *in)
{
    ys_diag d = {0};
    ys_plan *p = NULL;
    if (ys_plan_build(in, 1, &p, &d) != YS_OK)
        fail_msg("build: %s", d.en);
    return p;
}

/* In both tiers the plan is not above the best there is, nor the bound below it.  Returns what share of tier 2 is lost. */
static inline double check_optimum(const ys_plan_result *r, int64_t best_cures, int64_t best_gap)
{
    assert_true(r->tier[0].value <= best_cures && best_cures <= r->tier[0].bound);
    assert_true(r->tier[1].value <= best_gap && best_gap <= r->tier[1].bound);
    return best_gap > 0 ? (double)(best_gap - r->tier[1].value) / (double)best_gap : 0;
}

#endif
