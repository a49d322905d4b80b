/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_HELP_H
#define YS_CLI_HELP_H
/*
 * help.h - what the command table says, for people: --help and the man pages are printed from the same rows.
 */
#include "cli/command.h"

/* "yaoshi", or the program of its own that the command (NULL: none) is. */
const char *ys_help_program(const ys_command *cmd);
/* How it is called: "yaoshi NAME", or its program. */
void ys_help_call(const ys_command *cmd, char *buf, size_t size);
bool ys_help_overview(const ys_cli *c);
bool ys_help_command(const ys_cli *c, const ys_command *cmd);
/* Man page of a command in scdoc's source format, both languages; "" is the overview page yaoshi(1). */
bool ys_help_man(ys_out out, const ys_command *cmd);

#endif
