/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PLANNING_H
#define YS_APP_PLANNING_H
/*
 * planning.h - the use case "plan": facts into a plan with its bound and prices, kept in the store as a version.
 */
#include "app/plan_input.h"

typedef struct ys_planning {
    ys_frame *frame;
    ys_diagnosis *diagnosis;
    ys_plan_facts *facts;
    ys_plan *plan;
    ys_plan_result *result;
    double seconds_read, seconds_build, seconds_solve;
    char version[32]; /* of the kept plan, "" before */
} ys_planning;

typedef struct ys_planning_args {
    ys_reading reading;
    int32_t year; /* INT32_MIN: the earliest offered */
    int threads, passes, alpha;
    bool (*interrupted)(void *arg);
    void (*progress)(void *arg, int tier, const char *stage, double share);
    void *arg;
} ys_planning_args;

/* Why a plan can give nothing to anybody, with a way out, as `ret_why`; false: it can. */
bool ys_planning_is_empty(const ys_planning *p, ys_diag *ret_why);
/* Reads, diagnoses, builds and solves.  Where nothing is offered and floors ask for something: EINFEASIBLE, said so; without
 * floors a plan that gives nothing.  An interrupted solve gives a partial plan (result->partial). */
ys_status ys_planning_make(ys_office *o, const ys_planning_args *args, ys_planning **ret_planning,
                           ys_diag *diag) YS_MUST_USE;
void ys_planning_free(ys_planning *p);
/* Key of a block: "H000123", or "village:371721100200" for the block of a village. */
const char *ys_planning_unit(const ys_planning *p, int64_t block, char *buf, size_t size);
/* Keep the plan as the next version P0001, P0002 …, in a transaction of its own. */
ys_status ys_planning_keep(ys_office *o, const ys_planning_args *args, ys_planning *p,
                           ys_diag *diag) YS_MUST_USE;
/* Name of the newest plan version after a transaction (0: now); ENOTFOUND when there is none. */
ys_status ys_planning_newest(ys_office *o, int64_t as_of_tx, char *buf, size_t size,
                             ys_diag *diag) YS_MUST_USE;

#endif
