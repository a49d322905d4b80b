/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_ASSESS_H
#define YS_APP_ASSESS_H
/*
 * assess.h - the use case "measure": a frame, its denominators and its sample into indices by area or group.
 */
#include "app/office.h"
#include "yaoshi/measure.h"

typedef struct ys_assessment {
    int32_t groups;
    const char **code, **label; /* of each group; borrowed from the frame */
    double *base;               /* groups + 1 denominators; NaN: none recorded */
    bool has_sample, has_base;
    int64_t register_households, register_persons, sample_households;
    ys_income_table *income;
    ys_af *af; /* NULL: the pack has no indicators */
    int af_k, indicators;
    const ys_indicator **indicator; /* per column of the index */
    /* The statutory gap of the register in minor units per year, exact: what it takes to lift all to the line. */
    int64_t *gap_fen; /* groups + 1 */
    int64_t *poor_persons, *poor_households;
} ys_assessment;

/* `by`: a level of the pack ("county", "town" …), a CODE field of the household, or NULL for no groups. */
ys_status ys_assess(const ys_frame *f, const char *by, ys_assessment **ret_assessment,
                    ys_diag *diag) YS_MUST_USE;
void ys_assessment_free(ys_assessment *a);

#endif
