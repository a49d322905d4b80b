/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_ASSESS_FILE_H
#define YS_APP_ASSESS_FILE_H
/*
 * assess_file.h - what `yaoshi measure` found, as an XLSX or CSV file.
 *
 * One row a group and one for all.  Indices stand as in the JSON: shares as fractions, money in major units, every
 * digit; a rate without a denominator is an empty cell.  XLSX has titles that say the line, the period, the pack and the
 * head of the chain; a CSV file has the header and the rows only.  No cell runs as a formula.
 */
#include "app/assess.h"
#include "app/survey.h"

typedef struct ys_assess_file {
    const char *path; /* ….xlsx, ….csv, or "-" */
    bool zh;
    double line;        /* of a survey; else that of the frame is used */
    const char *source; /* of a survey: its file; else NULL */
} ys_assess_file;

ys_status ys_assess_write(ys_office *o, const ys_frame *f, const ys_assessment *a, const ys_assess_file *how,
                          int64_t *ret_rows, ys_diag *diag) YS_MUST_USE;
/* Standard errors follow as columns where the survey has them. */
ys_status ys_survey_write(const ys_survey *s, const ys_assess_file *how, int64_t *ret_rows,
                          ys_diag *diag) YS_MUST_USE;

#endif
