/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *ys_help_program(const ys_command *cmd)
{
    return cmd != NULL && cmd->program != NULL ? cmd->program : "yaoshi";
}

void ys_help_call(const ys_command *cmd, char *buf, size_t size)
{
    if (cmd->program != NULL)
        snprintf(buf, size, "%s", cmd->program);
    else
        snprintf(buf, size, "yaoshi %s", cmd->name);
}

static void put_padded(ys_out out, const char *text, int cells)
{
    ys_out_puts(out, text);
    for (int w = ys_text_width(text); w < cells; w++)
        ys_out_puts(out, " ");
}

bool ys_help_overview(const ys_cli *c)
{
    ys_out_puts(
        c->out,
        ys_cli_say(c, "yaoshi（钥匙）：找准贫根，一把钥匙开一把锁。\n\n用法：yaoshi 命令 …\n\n",
                   "yaoshi: find the root of poverty; one key for one lock.\n\nusage: yaoshi COMMAND …\n\n"));
    for (int i = 0; ys_commands[i] != NULL; i++) {
        ys_out_puts(c->out, "  ");
        put_padded(c->out, ys_commands[i]->name, 12);
        ys_out_printf(c->out, "%s\n", ys_cli_say(c, ys_commands[i]->zh, ys_commands[i]->en));
    }
    return ys_out_puts(c->out, ys_cli_say(c, "\n每个命令都有 --help 和 --json。\n",
                                          "\nEvery command has --help and --json.\n"));
}

static void opt_name(const ys_opt *o, char *buf, size_t size)
{
    snprintf(buf, size, "--%s%s%s", o->name, o->arg != NULL ? " " : "", o->arg != NULL ? o->arg : "");
}

/* A command's own option of that name takes the place of the common one. */
static bool replaced(const ys_opt *common, const ys_command *cmd)
{
    for (const ys_opt *o = cmd->opts; o != NULL && o->name != NULL; o++) {
        if (o != common && strcmp(o->name, common->name) == 0)
            return true;
    }
    return false;
}

static void put_opts(const ys_cli *c, const ys_opt *opts, const ys_command *cmd)
{
    char name[64];
    for (; opts != NULL && opts->name != NULL; opts++) {
        if (replaced(opts, cmd))
            continue;
        opt_name(opts, name, sizeof name);
        ys_out_puts(c->out, "  ");
        put_padded(c->out, name, 26);
        ys_out_printf(c->out, " %s\n", ys_cli_say(c, opts->zh, opts->en));
    }
}

bool ys_help_command(const ys_cli *c, const ys_command *cmd)
{
    char call[96];
    ys_help_call(cmd, call, sizeof call);
    ys_out_printf(c->out, "%s - %s\n\n%s %s %s\n\n", call, ys_cli_say(c, cmd->zh, cmd->en),
                  ys_cli_say(c, "用法：", "usage:"), call, cmd->args);
    const char *more = ys_cli_say(c, cmd->more_zh, cmd->more_en);
    if (more != NULL && more[0] != '\0')
        ys_out_printf(c->out, "%s\n\n", more);
    put_opts(c, cmd->opts, cmd);
    put_opts(c, ys_common_opts, cmd);
    return ys_out_printf(c->out, "\n%s\n  %s\n", ys_cli_say(c, "例：", "example:"), cmd->example);
}

/* scdoc reads _ * \ as markup. */
static void put_scd(ys_out out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("_*\\#", *text) != NULL)
            ys_out_puts(out, "\\");
        ys_out_write(out, text, 1);
    }
}

static void man_opts(ys_out out, const ys_opt *opts, const ys_command *cmd)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        if (replaced(opts, cmd))
            continue;
        ys_out_printf(out, "*--%s*", opts->name);
        if (opts->arg != NULL) {
            ys_out_puts(out, " ");
            put_scd(out, opts->arg);
        }
        ys_out_puts(out, "\n\t");
        put_scd(out, opts->en);
        ys_out_puts(out, "\n\n\t");
        put_scd(out, opts->zh);
        ys_out_puts(out, "\n\n");
    }
}

static bool man_overview(ys_out out)
{
    ys_out_puts(out, "yaoshi(1)\n\n# NAME\n\nyaoshi - targeted poverty alleviation: registry, roots, plan, "
                     "proof\n\n# SYNOPSIS\n\n"
                     "*yaoshi* COMMAND ...\n\n# COMMANDS\n\n");
    for (int i = 0; ys_commands[i] != NULL; i++) {
        ys_out_printf(out, "*yaoshi-%s*(1)\n\t", ys_commands[i]->name);
        put_scd(out, ys_commands[i]->en);
        ys_out_puts(out, "\n\n");
    }
    ys_out_puts(out, "# EXIT STATUS\n\n");
    static const char *const shown[] = {"0 ok",           "1 failed",      "2 wrong usage",
                                        "3 invalid data", "4 not allowed", "5 conflict",
                                        "6 infeasible",   "7 partly done", "130 interrupted"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        ys_out_printf(out, "- %s\n", shown[i]);
    return ys_out_puts(out, "\n# SEE ALSO\n\n*yaoshi-rules*(7)\n");
}

bool ys_help_man(ys_out out, const ys_command *cmd)
{
    if (cmd == NULL)
        return man_overview(out);
    ys_out_printf(out, "yaoshi-%s(1)\n\n# NAME\n\nyaoshi-%s - ", cmd->name, cmd->name);
    put_scd(out, cmd->en);
    ys_out_puts(out, "\n\n# SYNOPSIS\n\n");
    char call[96];
    ys_help_call(cmd, call, sizeof call);
    ys_out_printf(out, "*%s* ", call);
    put_scd(out, cmd->args);
    ys_out_puts(out, "\n\n# DESCRIPTION\n\n");
    put_scd(out, cmd->zh);
    ys_out_puts(out, "\n\n");
    put_scd(out, cmd->more_en != NULL ? cmd->more_en : "");
    ys_out_puts(out, "\n\n");
    put_scd(out, cmd->more_zh != NULL ? cmd->more_zh : "");
    ys_out_puts(out, "\n\n# OPTIONS\n\n");
    man_opts(out, cmd->opts, cmd);
    man_opts(out, ys_common_opts, cmd);
    ys_out_puts(out, "# EXAMPLE\n\n\t");
    put_scd(out, cmd->example);
    return ys_out_puts(out, "\n");
}
