/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_COMMAND_H
#define YS_CLI_COMMAND_H
/*
 * command.h - commands as data: one row per command says its name, arguments, options and words in both languages.
 *
 * Help, man pages and completion are printed from the same rows, so that they cannot say something else than the
 * program does.  A command writes data to `out`, talk to stderr, and returns a status; main() prints the failure and
 * turns it into the exit code.
 */
#include <stdbool.h>
#include <stdint.h>
#include "app/office.h"
#include "base/json.h"
#include "report/grid.h"

typedef struct ys_opt {
    const char *name; /* long name without dashes */
    const char *arg;  /* name of its value, NULL: a flag */
    const char *zh, *en;
} ys_opt;

typedef struct ys_cli ys_cli;

typedef struct ys_command {
    const char *name;
    const char *program; /* NULL: yaoshi; else a program of its own, without a command word */
    const char *args;    /* "DB FILE…" */
    int least, most;     /* number of arguments; most -1: any */
    const char *zh, *en;
    const char *more_zh, *more_en; /* a paragraph for the manual */
    const char *example;
    const ys_opt *opts; /* ended by a NULL name */
    ys_status (*run)(ys_cli *c, ys_diag *diag);
} ys_command;

/* All commands, ended by a NULL name (commands.c). */
extern const ys_command *const ys_commands[];
/* Options every command has. */
extern const ys_opt ys_common_opts[];

struct ys_cli {
    const ys_command *command;
    const char *const *argv; /* positional arguments */
    int argc;
    bool json, zh;
    ys_out out;
    struct {
        const char *name, *value;
    } set[64];
    int set_count;
};

/* A command line that writes to stdout in the language of the environment. */
ys_cli ys_cli_start(void);
/* Reads the options of `command` (the words after its name) and runs it. */
ys_status ys_cli_run(ys_cli *c, const ys_command *command, int argc, char **argv, ys_diag *diag) YS_MUST_USE;
/* Says on stderr, and in JSON where asked for and nothing was written yet, what went wrong; returns the exit code. */
int ys_cli_fail(const ys_cli *c, ys_diag *d, ys_status st);

const char *ys_cli_get(const ys_cli *c, const char *opt); /* last value given; NULL: not given */
bool ys_cli_flag(const ys_cli *c, const char *opt);
/* Values of an option that may be given more than once: the i-th, NULL past the end. */
const char *ys_cli_nth(const ys_cli *c, const char *opt, int i);
/* Whole number or date of an option, `missing` when not given; EUSAGE says what was wrong. */
ys_status ys_cli_int(const ys_cli *c, const char *opt, int64_t least, int64_t most, int64_t missing,
                     int64_t *ret, ys_diag *diag) YS_MUST_USE;
ys_status ys_cli_real(const ys_cli *c, const char *opt, double missing, double *ret,
                      ys_diag *diag) YS_MUST_USE;
ys_status ys_cli_date(const ys_cli *c, const char *opt, int32_t missing, int32_t *ret,
                      ys_diag *diag) YS_MUST_USE;
/* "text in the user's language". */
const char *ys_cli_say(const ys_cli *c, const char *zh, const char *en);
/* One line to stderr, in the user's language; both formats take the same arguments. */
void ys_cli_talk(const ys_cli *c, const char *zh, const char *en, ...) YS_PRINTF(2, 4) YS_PRINTF(3, 4);

ys_status ys_cli_open_at(const ys_cli *c, const char *url, bool read_only, ys_office **ret_office,
                         ys_diag *diag) YS_MUST_USE;
/* The store named by the first argument. */
ys_status ys_cli_open(const ys_cli *c, bool read_only, ys_office **ret_office, ys_diag *diag) YS_MUST_USE;
ys_status ys_cli_reading(const ys_cli *c, ys_reading *ret_reading, ys_diag *diag) YS_MUST_USE;
/* Print a grid as the user asked (--csv) or as a table, and free it. */
ys_status ys_cli_grid(const ys_cli *c, ys_grid *g, ys_diag *diag) YS_MUST_USE;
/* Begin the one JSON document of the command; a command that fails after this puts the error into it. */
void ys_cli_json(const ys_cli *c, ys_json *j);
/* A fault as members of the open object: where (file, sheet, row, column) and value as far as they are known, what in
 * both languages, and how to mend it if there is a way.  All commands write their faults with it. */
void ys_cli_json_fault(ys_json *j, const ys_diag *d);
void ys_cli_json_error(ys_json *j, const ys_diag *d, ys_status st);
ys_status ys_cli_json_done(ys_json *j, ys_diag *diag) YS_MUST_USE;
int ys_cli_width(void);
/* From here on Ctrl-C does not end the program: ys_cli_interrupted says that it was pressed (`arg` is not used). */
void ys_cli_watch_interrupt(void);
bool ys_cli_interrupted(void *arg);

/* The day the facts are read for; not for plans, which rest on the newest facts. */
#define YS_ON_OPT                                                                                            \
    {                                                                                                        \
        "on", "DATE", "按这一天的事实", "facts as they were on this day"                                     \
    }
/* Options shared by the commands that read a frame; put YS_READING_OPTS into an opts list. */
#define YS_READING_OPTS                                                                                      \
    {"line", "YEAR[:WHERE]", "贫困线（年份，或 年份:辖区）", "poverty line: a year, or year:jurisdiction"},  \
        {"period", "TEXT", "收入期间", "income period"},                                                     \
        {"date", "DATE", "计算年龄的基准日", "day at which ages are counted"},                               \
        {"scope", "AREA", "只算此地区及以下", "only this area and below"},                                   \
    {                                                                                                        \
        "as-of", "TX", "按某次事务之后所知", "as known after this transaction"                               \
    }

#endif
