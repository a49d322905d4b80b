/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_SOLVED_H
#define YS_CLI_SOLVED_H
/*
 * solved.h - what `yaoshi solve` and yaoshi-planner-mpi tell of a solved instance: the same keys, the same table.
 */
#include "app/solving.h"
#include "cli/command.h"

/* `ranks` 0: not told. */
ys_status ys_cli_solved(const ys_cli *c, const ys_solved *s, int ranks, ys_diag *diag) YS_MUST_USE;

#endif
