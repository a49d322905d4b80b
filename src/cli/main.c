/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - finds the command and runs it.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

static const ys_command *find_command(const char *name)
{
    for (int i = 0; ys_commands[i] != NULL; i++) {
        if (strcmp(ys_commands[i]->name, name) == 0)
            return ys_commands[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    ys_cli c = ys_cli_start();
    ys_diag diag = {0};
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return ys_help_overview(&c) && argc >= 2 ? 0 : ys_status_exit_code(YS_EUSAGE);
    if (strcmp(argv[1], "--version") == 0) {
        puts("yaoshi " YAOSHI_VERSION);
        return 0;
    }
    const ys_command *command = find_command(argv[1]);
    if (command == NULL)
        return ys_cli_fail(&c, &diag,
                           ys_fail(&diag, YS_EUSAGE, "没有命令 %s；命令表：yaoshi --help",
                                   "there is no command %s; the commands: yaoshi --help", argv[1]));
    ys_status st = ys_cli_run(&c, command, argc - 2, argv + 2, &diag);
    return st == YS_OK ? 0 : ys_cli_fail(&c, &diag, st);
}
