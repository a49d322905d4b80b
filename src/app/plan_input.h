/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PLAN_INPUT_H
#define YS_APP_PLAN_INPUT_H
/*
 * plan_input.h - from a frame to the arrays the planner wants (docs/plan-model.md, section 10).
 */
#include "app/roots.h"
#include "base/arena.h"
#include "registry/frame.h"
#include "yaoshi/plan.h"

typedef struct ys_plan_facts {
    const ys_frame *frame; /* borrowed */
    ys_arena *arena;       /* owns every array below */
    ys_plan_input in;
    int64_t *frame_row;             /* row of frame->household per household of the plan */
    int32_t *person_row;            /* row of frame->person per person of the plan */
    const ys_indicator **indicator; /* the statutory ones */
} ys_plan_facts;

/* `diagnosis` (may be NULL) gives the words their root causes.  `year` INT32_MIN: the earliest period offered. */
ys_status ys_plan_facts_make(const ys_frame *f, const ys_diagnosis *diagnosis, int32_t year,
                             ys_plan_facts **ret_facts, ys_diag *diag) YS_MUST_USE;
void ys_plan_facts_free(ys_plan_facts *p);

#endif
