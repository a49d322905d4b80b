/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_COMPARISON_H
#define YS_APP_COMPARISON_H
/*
 * comparison.h - the use case "plan --compare": what the same money, places, gates and consents come to under simpler rules
 * (yaoshi/compare.h), each held against registry and pack by the independent checker as a plan is.
 */
#include "app/planning.h"
#include "yaoshi/compare.h"

/* A root is measured where its factor explains at least this share of a household's gap: 1 in YS_ROOT_SHARE, the share below
 * which a declared factor is in conflict with the account (yaoshi/diagnose.h). */
#define YS_ROOT_SHARE 5

typedef struct ys_contender {
    const char *name; /* "plan", or the rule */
    const ys_plan_result *result;
    ys_compare_sum *sums; /* per county, then all of it */
    int64_t floors_unmet;
    bool checked;     /* by verify, on facts derived anew */
    int64_t findings; /* what it found besides unmet floors: 0 */
    double seconds;   /* to make and check it */
} ys_contender;

typedef struct ys_comparison {
    int n, counties;
    ys_contender contender[YS_COMPARE_RULES + 1]; /* the plan first, then the rules asked for */
    int32_t *area;                                /* per county: its area in the frame */
    ys_plan_result *owned[YS_COMPARE_RULES];
    ys_compare_sum *sum_room;
} ys_comparison;

/* `rule`: which to run.  `p` must outlive the comparison.  A baseline that the checker objects to is EINTERNAL: it is never shown. */
ys_status ys_comparison_make(const ys_planning *p, const bool rule[YS_COMPARE_RULES], int threads,
                             ys_comparison **ret_comparison, ys_diag *diag) YS_MUST_USE;
void ys_comparison_free(ys_comparison *c);
/* "the plan", "spread evenly", …; what it is in a sentence. */
const char *ys_contender_label(const ys_contender *c, bool zh);
const char *ys_contender_words(const ys_contender *c, bool zh);

#endif
