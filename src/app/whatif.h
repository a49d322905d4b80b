/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_WHATIF_H
#define YS_APP_WHATIF_H
/*
 * whatif.h - the use case "what if": a plan of the same facts with other funds, capacities, years, floors or parameters.
 *
 * A scenario is a named set of changes to the input of a plan in hand.  It is solved from that plan's prices and choice; the
 * store is never touched.  Changes are texts:
 *
 *   fund:NAME/YEAR=1000000       money of a fund in a year (major units); =+N more, =-N less, =N% of what it was
 *   capacity:OFFERING=+50        places
 *   offering:OFFERING/FIELD=N    period (a year), cost, cost_recurring, effect, effect_sd (major units)
 *   project:PROJECT/GATE=DATE    another day for the gate (running) that offerings of the plan wait for
 *   floor:FLOOR=N                its minimum or maximum (a gap in major units, else a count), or its share (0.3)
 *   param:NAME=N                 discount, income_sd_share, competition, max_measures, tier1_tolerance
 */
#include "app/planning.h"

typedef struct ys_scenario_change {
    const char *target;         /* "fund:ZY/2016" */
    const char *before, *after; /* as text in major units */
    const char *zh, *en;        /* the target as people call it */
    int fund, offering, floor;  /* its row of the input, -1 */
} ys_scenario_change;

typedef struct ys_scenario {
    const ys_planning *base; /* borrowed; must outlive the scenario */
    const char *name;
    ys_arena *arena; /* owns texts and the changed arrays */
    ys_plan_input in;
    ys_scenario_change *changes;
    int n_changes;
    ys_plan *plan;
    ys_plan_result *result;
    double seconds_build, seconds_solve;
} ys_scenario;

ys_status ys_scenario_open(const ys_planning *base, const char *name, ys_scenario **ret_scenario,
                           ys_diag *diag) YS_MUST_USE;
void ys_scenario_free(ys_scenario *s);
/* One change.  EUSAGE names what is unknown (and what is near it), ambiguous, out of range or set twice. */
ys_status ys_scenario_set(ys_scenario *s, const char *text, ys_diag *diag) YS_MUST_USE;
/* From the plan of `from` (NULL: the base), a scenario of the same base that is solved. */
ys_status ys_scenario_solve(ys_scenario *s, const ys_scenario *from, const ys_plan_config *config,
                            ys_diag *diag) YS_MUST_USE;

/* Scenarios of a text file: "[name]" begins one, every further line is a change; "#" begins a comment.  Calls `each` with the
 * name and, for every change, with the text and its line. */
typedef ys_status (*ys_scenario_line)(void *arg, const char *name, const char *change, int64_t line,
                                      ys_diag *diag);
ys_status ys_scenario_read(const char *path, ys_scenario_line each, void *arg, ys_diag *diag) YS_MUST_USE;

#endif
