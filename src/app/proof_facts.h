/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PROOF_FACTS_H
#define YS_APP_PROOF_FACTS_H
/*
 * proof_facts.h - the facts that a plan must stand on, derived anew for the checker.
 *
 * Written from docs/plan-model.md section 10 and the schema of the registry alone; it shares no line with the code that
 * feeds the planner, so that a slip in one of the two shows as a finding.
 */
#include "base/arena.h"
#include "base/map.h"
#include "registry/frame.h"
#include "yaoshi/plan.h"
#include "yaoshi/verify.h"

/* Everything but the frame is owned by `arena`; names are those of the frame and the pack. */
typedef struct ys__proof_facts {
    const ys_frame *frame; /* borrowed */
    ys_arena *arena;
    ys_verify_facts in;
    int64_t *block_of;    /* per household row of the frame: its block, -1: not in the plan */
    int32_t *person_of;   /* per person row of the frame: row of in.persons, -1 */
    int32_t *offering_of; /* per offering row of the frame: row of in.offerings, -1: starts in another year */
} ys__proof_facts;

/* `period`: first year of the plan.  `frame` was read with `supply` and must outlive the facts.  EDATA names what no plan
 * can be made from: an offering of an unknown measure, area or fund, a village without area. */
ys_status ys__proof_facts_new(const ys_frame *frame, int32_t period, int32_t alpha,
                              ys__proof_facts **ret_facts, ys_diag *diag) YS_MUST_USE;
/* proof_decided.c: locks and running plan as the planner has them, for a plan that is not kept (and has no transaction to be
 * read as of); both number blocks, offerings and persons alike. */
ys_status ys__proof_decided_as(ys__proof_facts *facts, const ys_plan_input *in, ys_diag *diag) YS_MUST_USE;
void ys__proof_facts_free(ys__proof_facts *p);
/* proof_starts.c: a cell, NULL or false where it is missing. */
const char *ys__proof_text(const ys_table *t, const char *column, int64_t row);
bool ys__proof_whole(const ys_table *t, const char *column, int64_t row, int64_t *ret);
/* First year of an offering and the months of it that pass before it serves; false: it is not counted. */
bool ys__proof_begins(const ys_frame *f, int64_t row, int64_t *ret_year, int32_t *ret_wait);
/* proof_floors.c: the floors, once households, measures, offerings and funds (by name) are there. */
ys_status ys__proof_floors(ys__proof_facts *p, const ys_map *funds, ys_diag *diag) YS_MUST_USE;

#endif
