/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_RUN_H
#define YS_PLAN_RUN_H
/*
 * run.h - one tier on its way to a plan: its stage, the lowest bound and the best plan so far.
 *
 * What solve.c (from nothing) and warm.c (from a plan of other limits) do alike.
 */
#include "plan/core.h"

/* From so many on passes are few, plans come from a balance, and what is balanced is only polished: sweeps through lowered prices would lose more than they find. */
enum { YS_MANY_BLOCKS = 20000 };

typedef struct ys_run {
    ys_stage stage;
    ys_certificate cert;
    uint16_t *choice;      /* best feasible plan so far; NULL: none */
    int64_t value;         /* of `choice` in this tier */
    uint8_t *is_short;     /* floors that no draft met */
    int64_t *missing;      /* per floor: what repair of the rows cost it beyond its minimum */
    const uint16_t *first; /* NULL, or tier 1's plan */
    double firmness;       /* of the next balance from a plan */
    const ys_plan_config *config;
    bool *interrupted; /* shared by the tiers */
} ys_run;

/* Notes of floors, and the scales of the stage, which stands. */
ys_status ys__run_start(ys_run *t, ys_diag *diag) YS_MUST_USE;
void ys__run_done(ys_run *t);
/* Keep the draft if it is feasible and better; notes the floors it does not meet. */
ys_status ys__run_keep(ys_run *t, const ys_draft *d, int tier, ys_diag *diag) YS_MUST_USE;
typedef enum ys_how {
    YS_FROM_FEASIBLE,
    YS_FROM_REPAIR,
    YS_FROM_SETTLE,
    YS_FROM_BALANCE, /* of best bundles; heavy blocks stay as in `first` */
    YS_FROM_PLAN     /* a plan is balanced anew, heavy blocks too */
} ys_how;
/* From a start to a feasible, improved plan; kept if it is the best so far. */
ys_status ys__run_finish(ys_run *t, const uint16_t *from, ys_how how, int tier, ys_diag *diag) YS_MUST_USE;
/* The bound at prices `x`, kept if it is lower than the one so far. */
ys_status ys__run_certify(ys_run *t, const double *x, ys_diag *diag) YS_MUST_USE;
/* (bound - value) / max(1, |bound|); 1 where there is no plan. */
double ys__run_gap(const ys_run *t);
/*
 * Blocks that count for much more than others in the coupling row (the works of a whole village): a place more or less of them is
 * a jump that prices cannot split, so tier 2 leaves them as tier 1 chose until it has a plan.  To be freed with ys_free.
 */
ys_status ys__run_heavy(const ys_choice *c, uint8_t **ret_heavy, ys_diag *diag) YS_MUST_USE;
/* Tier 2's choice and both certificates move into a result. */
ys_status ys__run_result(const ys_choice *c, ys_run run[2], bool interrupted, ys_plan_result **ret_result,
                         ys_diag *diag) YS_MUST_USE;
/* What tier 2 must keep of tier 1's value at least. */
static inline int64_t ys__couple_minimum(int64_t value, int32_t tolerance)
{
    return value - (int64_t)((ys_i128)value * tolerance / 1000000);
}
/* Of choices and prices. */
uint64_t ys__result_checksum(const ys_plan_result *r);

/* A plan of other limits, in the numbers of the problem at hand. */
typedef struct ys_start {
    const uint16_t *choice;       /* per block; may use more than there is */
    double *price[YS_PLAN_TIERS]; /* rows, floors, and in tier 2 the coupling row */
    double worst;                 /* the larger gap of the two tiers there */
    int64_t minimum;              /* of tier 1's value in tier 2 there */
    int64_t least;                /* tier 1 can reach at least so much here (INT64_MIN: not known) */
} ys_start;
/* As ys__choice_solve, from there: warm.c. */
ys_status ys__choice_warm(const ys_choice *c, int32_t tolerance, const ys_start *start,
                          const ys_plan_config *config, const char *const *floor_names,
                          ys_plan_result **ret_result, ys_diag *diag) YS_MUST_USE;

#endif
