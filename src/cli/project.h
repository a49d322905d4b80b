/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_PROJECT_H
#define YS_CLI_PROJECT_H
/*
 * project.h - subcommands of `yaoshi project`, one file each.
 */
#include "app/coop.h"
#include "cli/command.h"

ys_status ys_cli_project_list(const ys_cli *c, const ys_coop *k, ys_diag *diag) YS_MUST_USE;
/* All that is on record about one project. */
ys_status ys_cli_project_show(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k,
                              int64_t row, ys_diag *diag) YS_MUST_USE;
/* One project from a file of its own. */
ys_status ys_cli_project_evaluate(const ys_cli *c, const char *path, ys_diag *diag) YS_MUST_USE;

#endif
