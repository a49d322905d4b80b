/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_DIGEST_H
#define YS_APP_DIGEST_H
/*
 * digest.h - the use case "what did we find": register, measures, roots and the newest plan as one set of figures.
 *
 * Nothing is solved again: the plan is read as it was kept, against the facts as they are now (`plan.stale` says when
 * these are not the same).
 */
#include "app/office.h"
#include "report/figures.h"
#include "yaoshi/compare.h"

typedef struct ys_digest ys_digest;

/* `by`: an area level for the places, NULL: the one below the scope.  `reading` as for ys_office_frame. */
ys_status ys_digest_make(ys_office *o, const ys_reading *reading, const char *by, ys_digest **ret_digest,
                         ys_diag *diag) YS_MUST_USE;
/* Add to the figures what the plan's money comes to under the simpler rules asked for: its problem is built anew, and each
 * baseline checked.  Nothing where there is no plan. */
ys_status ys_digest_compare(ys_digest *d, const bool rule[YS_COMPARE_RULES], ys_diag *diag) YS_MUST_USE;
void ys_digest_free(ys_digest *d);
const ys_figures *ys_digest_figures(const ys_digest *d);

#endif
