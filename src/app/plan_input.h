/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PLAN_INPUT_H
#define YS_APP_PLAN_INPUT_H
/*
 * plan_input.h - from a frame to the arrays the planner wants (docs/plan-model.md, section 10).
 */
#include "app/offer_start.h"
#include "app/roots.h"
#include "base/arena.h"
#include "base/map.h"
#include "registry/frame.h"
#include "yaoshi/plan.h"

typedef struct ys_plan_facts {
    const ys_frame *frame; /* borrowed */
    ys_arena *arena;       /* owns every array below */
    ys_plan_input in;
    int64_t *frame_row;             /* row of frame->household per household of the plan */
    int32_t *person_row;            /* row of frame->person per person of the plan */
    const ys_indicator **indicator; /* the statutory ones */
    ys_offer_start *start;          /* per offering of the plan: what it waited for */
    ys_offer_start *waiting;        /* offerings of projects that are not counted, and why */
    int n_waiting;
} ys_plan_facts;

/* `diagnosis` (may be NULL) gives the words their root causes.  `year` INT32_MIN: the earliest period offered. */
ys_status ys_plan_facts_make(const ys_frame *f, const ys_diagnosis *diagnosis, int32_t year,
                             ys_plan_facts **ret_facts, ys_diag *diag) YS_MUST_USE;
void ys_plan_facts_free(ys_plan_facts *p);
/* plan_floors.c: floors of the plan from kind `floor`, once households, offerings and funds (by name) are there. */
ys_status ys__plan_take_floors(ys_plan_facts *p, const ys_map *funds, ys_diag *diag) YS_MUST_USE;

/* plan_decided.c.  Locks of the frame, as facts_make takes them; EDATA names the lock that says nothing sensible. */
ys_status ys__plan_take_locks(ys_plan_facts *p, ys_diag *diag) YS_MUST_USE;
/*
 * Where changes to the running plan cost something: its choices, as far as the facts still know household, offering and person.  The running
 * plan is the newest kept up to transaction `as_of_tx` (0: now) for everything or for the same `scope` (NULL: everything).
 */
ys_status ys_plan_facts_running(ys_plan_facts *p, ys_store *store, int64_t as_of_tx, const char *scope,
                                ys_diag *diag) YS_MUST_USE;
/* By name.  Block of a household by its key or of a village as "village:CODE", offering, person of a block; -1: not in the plan. */
int64_t ys_plan_facts_block(const ys_plan_facts *p, const char *unit);
int32_t ys_plan_facts_offering(const ys_plan_facts *p, const char *name);
int32_t ys_plan_facts_person(const ys_plan_facts *p, int64_t block, const char *key);

#endif
