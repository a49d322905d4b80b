/* SPDX-License-Identifier: Apache-2.0 */
/* One command: its options by its table, its work, and its failure as words and an exit code. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"

static bool chinese(const char *said)
{
    const char *names[] = {said, getenv("YAOSHI_LANG"), getenv("LC_ALL"), getenv("LC_MESSAGES"),
                           getenv("LANG")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] != NULL && names[i][0] != '\0')
            return strncmp(names[i], "zh", 2) == 0;
    }
    return false;
}

static const ys_opt *find_opt(const ys_opt *opts, const char *name, size_t n)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        if (strncmp(opts->name, name, n) == 0 && opts->name[n] == '\0')
            return opts;
    }
    return NULL;
}

/* One option at argv[*at]; a value may follow as --name=value or as the next word. */
static ys_status take_option(ys_cli *c, int argc, char **argv, int *at, ys_diag *diag)
{
    const char *word = argv[*at];
    if (strcmp(word, "-n") == 0)
        word = "--dry-run";
    else if (strcmp(word, "-h") == 0)
        word = "--help";
    else if (strcmp(word, "-o") == 0)
        word = "--output";
    bool dashes = strncmp(word, "--", 2) == 0;
    const char *name = dashes ? word + 2 : word;
    size_t n = strcspn(name, "=");
    const ys_opt *o = dashes ? find_opt(c->command->opts, name, n) : NULL;
    if (o == NULL && dashes)
        o = find_opt(ys_common_opts, name, n);
    if (o == NULL)
        return ys_fail(diag, YS_EUSAGE, "没有选项 %s", "there is no option %s", argv[*at]);
    const char *value = name[n] == '=' ? name + n + 1 : NULL;
    if (o->arg == NULL && value != NULL)
        return ys_fail(diag, YS_EUSAGE, "选项 --%s 不带值", "option --%s takes no value", o->name);
    if (o->arg != NULL && value == NULL) {
        if (*at + 1 >= argc)
            return ys_fail(diag, YS_EUSAGE, "选项 --%s 需要 %s", "option --%s wants %s", o->name, o->arg);
        value = argv[++*at];
    }
    if (c->set_count == (int)(sizeof c->set / sizeof *c->set))
        return ys_fail(diag, YS_EUSAGE, "选项太多", "too many options");
    c->set[c->set_count].name = o->name;
    c->set[c->set_count++].value = value != NULL ? value : "";
    return YS_OK;
}

/* Words that are no options stay at the front of argv. */
static ys_status parse(ys_cli *c, int argc, char **argv, ys_diag *diag)
{
    bool only_words = false;
    c->argv = (const char *const *)argv;
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
            YS_TRY(take_option(c, argc, argv, &i, diag));
        else
            argv[c->argc++] = argv[i];
    }
    return YS_OK;
}

static ys_status check_count(const ys_cli *c, ys_diag *diag)
{
    if (c->argc >= c->command->least && (c->command->most < 0 || c->argc <= c->command->most))
        return YS_OK;
    char call[96];
    ys_help_call(c->command, call, sizeof call);
    return ys_fail(diag, YS_EUSAGE, "用法：%s %s", "usage: %s %s", call, c->command->args);
}

/* Standard output that remembers whether anything was written: what is printed is one JSON document, not two. */
static bool wrote;

static bool write_stdout(void *to, const char *bytes, size_t n)
{
    wrote = wrote || n > 0;
    return fwrite(bytes, 1, n, to) == n;
}

int ys_cli_fail(const ys_cli *c, ys_diag *d, ys_status st)
{
    char line[2400], call[96];
    d->status = st;
    ys_diag_format(d, c->zh ? "zh" : "en", line, sizeof line);
    fprintf(stderr, "%s: %s\n", ys_help_program(c->command), line);
    if (c->json && !wrote) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_cli_json_error(&j, d, st);
        ys_json_end(&j);
        ys_json_finish(&j);
    }
    if (st == YS_EUSAGE && c->command != NULL) {
        ys_help_call(c->command, call, sizeof call);
        ys_cli_talk(c, "说明：%s --help", "help: %s --help", call);
    }
    return ys_status_exit_code(st);
}

ys_cli ys_cli_start(void)
{
    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error with a message like a full disk */
    return (ys_cli){.out = {write_stdout, stdout}, .zh = chinese(NULL)};
}

ys_status ys_cli_run(ys_cli *c, const ys_command *command, int argc, char **argv, ys_diag *diag)
{
    c->command = command;
    ys_status st = parse(c, argc, argv, diag);
    c->json = ys_cli_flag(c, "json");
    c->zh = chinese(ys_cli_get(c, "lang"));
    if (st == YS_OK && ys_cli_flag(c, "help"))
        return ys_help_command(c, command) ? YS_OK
                                           : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
    if (st == YS_OK)
        st = check_count(c, diag);
    if (st == YS_OK)
        st = command->run(c, diag);
    if (fflush(stdout) != 0 && st == YS_OK)
        st = ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
    return st;
}
