/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_SURVEY_H
#define YS_APP_SURVEY_H
/*
 * survey.h - the use case "measure a CSV file": columns of a survey into indices, without any store.
 */
#include "yaoshi/measure.h"

typedef struct ys_survey_args {
    const char *file;
    const char *income, *weight, *by, *cluster,
        *strata; /* headers; NULL where there is none (income is wanted) */
    double line, relative;
} ys_survey_args;

typedef struct ys_survey {
    ys_income_table *income;
    const char **label;       /* of each group, in order of first appearance; owned by the survey */
    ys_income_errors *errors; /* groups + 1, the total last; NULL without cluster and strata */
    void *own;
} ys_survey;

/* Cells that are no number are a fault with row and column; an empty income is a missing one and is counted. */
ys_status ys_survey_measure(const ys_survey_args *args, ys_survey **ret_survey, ys_diag *diag) YS_MUST_USE;
void ys_survey_free(ys_survey *s);

#endif
