/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APPRAISE_FIELDS_H
#define YS_APPRAISE_FIELDS_H
/*
 * fields.h - a struct of numbers held to its table of fields.
 */
#include "yaoshi/appraise.h"

/* EDATA names the first field that is missing or out of its range. */
ys_status ys__fields_check(const ys_field_def *fields, const void *of, ys_diag *diag) YS_MUST_USE;

#endif
