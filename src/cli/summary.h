/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_SUMMARY_H
#define YS_CLI_SUMMARY_H
/*
 * summary.h - the whole job on one page of a terminal: how poor, where, why, who gets what, how close to the best,
 * and what is missing.  At most 60 lines.
 */
#include "cli/command.h"
#include "report/figures.h"

#define YS_SUMMARY_LINES 60

ys_status ys_summary_print(const ys_cli *c, const ys_figures *f, ys_diag *diag) YS_MUST_USE;

#endif
