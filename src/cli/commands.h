/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_COMMANDS_H
#define YS_CLI_COMMANDS_H
/*
 * commands.h - the rows of the command table, one per file cmd_*.c.
 */
#include "cli/command.h"

extern const ys_command ys_cmd_coop, ys_cmd_print, ys_cmd_project, ys_cmd_fund;
extern const ys_command ys_cmd_init, ys_cmd_import, ys_cmd_check, ys_cmd_measure, ys_cmd_diagnose,
    ys_cmd_plan, ys_cmd_pair, ys_cmd_show, ys_cmd_status, ys_cmd_export, ys_cmd_report, ys_cmd_synth,
    ys_cmd_pack, ys_cmd_log, ys_cmd_backup, ys_cmd_restore, ys_cmd_erase, ys_cmd_manual, ys_cmd_solve,
    ys_cmd_rank;

#endif
