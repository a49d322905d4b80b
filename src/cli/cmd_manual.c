/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/commands.h"
#include "cli/help.h"

static const ys_opt opts[] = {{0}};

/* Man pages are made from the command table: this is what the build calls. */
static ys_status run(ys_cli *c, ys_diag *diag)
{
    const ys_command *found = NULL;
    if (c->argc == 0)
        return ys_help_man(c->out, NULL) ? YS_OK
                                         : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
    for (int i = 0; ys_commands[i] != NULL; i++) {
        if (strcmp(ys_commands[i]->name, c->argv[0]) == 0)
            found = ys_commands[i];
    }
    if (found == NULL)
        return ys_fail(diag, YS_EUSAGE, "没有命令 %s", "there is no command %s", c->argv[0]);
    return ys_help_man(c->out, found) ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

const ys_command ys_cmd_manual = {
    .name = "manual",
    .args = "[COMMAND]",
    .least = 0,
    .most = 1,
    .zh = "打印手册页的 scdoc 源",
    .en = "print the manual page of a command as scdoc source",
    .more_zh = "与 --help 出自同一张命令表。",
    .more_en = "Made from the same table as --help.",
    .example = "yaoshi manual plan | scdoc > yaoshi-plan.1",
    .opts = opts,
    .run = run,
};
