/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaoshi-planner-mpi: the additive planner beyond one machine.  Every rank runs this program; rank 0 speaks.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bytes.h"
#include "app/clock.h"
#include "app/price_state.h"
#include "app/solving.h"
#include "base/alloc.h"
#include "cli/help.h"
#include "cli/solved.h"
#include "io/whole_file.h"
#include "mpi/comm_mpi.h"
#include "optim/ranks.h"

enum { SAVE_EVERY = 5 };

static ys_comm comm;
static bool split; /* the failure at hand is of this rank alone: the others do not know */

static const ys_opt opts[] = {
    {"threads", "N", "每个进程的线程数（默认本机处理器数除以本机进程数；结果与它无关）",
     "threads of each rank (default: processors of its machine by ranks on it; the result does not depend on "
     "it)"},
    {"state", "FILE", "每五遍定价把价格存入此文件（零号进程写，先写旁边再改名）；文件已在则从那里接着做",
     "keep the prices in this file every five passes (rank 0 writes it, beside its place first); where it "
     "exists, go on from there"},
    {"plan", "FILE", "把选择写入文件，每户一行，从 0 数，- 为不选",
     "write the choices, a line for each household, counted from 0, - for none"},
    {"check", NULL, "零号进程用独立的代码重算可行性、价值与上界（要读整个文件）",
     "rank 0 recomputes feasibility, value and bound with independent code (it reads the whole file)"},
    {"manual", NULL, "打印手册页的 scdoc 源", "print the manual page as scdoc source"},
    {0},
};

/* ---- the state ---- */

typedef struct saver {
    const char *path;
    const ys_additive *p;
} saver;

static ys_status save(void *arg, const double *const part[YS_STATE_PARTS], int32_t rows, int pass,
                      ys_diag *diag)
{
    const saver *s = arg;
    (void)rows;
    return ys_price_state_write(s->path, s->p, part, YS_STATE_PARTS, pass, diag);
}

/* Rank 0 reads the file, if it is there, and all get it; their machines need not see it. */
static ys_status load(const ys_cli *c, const saver *s, ys_price_state *ret_state, ys_diag *diag)
{
    ys_price_state found = {0};
    int64_t pass = 0;
    size_t n = YS_STATE_PARTS * (size_t)(s->p->funds + s->p->rows);
    ys_status st = YS_OK;
    if (comm.rank == 0) {
        ys_diag own = {0};
        st = ys_price_state_read(s->path, s->p, YS_STATE_PARTS, &found, &own);
        pass = found.pass;
        if (st == YS_ENOTFOUND)
            st = YS_OK;
        else if (st != YS_OK)
            *diag = own;
    }
    YS_TRY(ys_comm_agree(&comm, st, diag));
    st = ys_comm_spread(&comm, 0, &pass, 1, diag);
    if (st == YS_OK && pass > 0) {
        if (comm.rank != 0)
            found = (ys_price_state){.pass = (int)pass, .value = ys_calloc(n + 1, sizeof *found.value)};
        st = ys_comm_agree(&comm, found.value != NULL ? YS_OK : ys_fail_nomem(diag), diag);
        _Static_assert(sizeof *found.value == sizeof(int64_t), "the bits of doubles travel as whole numbers");
        if (st == YS_OK)
            st = ys_comm_spread(&comm, 0, (int64_t *)(void *)found.value, n, diag);
        if (st == YS_OK && comm.rank == 0)
            ys_cli_talk(c, "从 %s 接着做：已完成 %d 遍定价", "going on from %s: %d pricing passes are done",
                        s->path, (int)pass);
    }
    if (st != YS_OK) {
        ys_price_state_done(&found);
        return st;
    }
    *ret_state = found;
    return YS_OK;
}

/*
 * When a rank is lost, mpirun ends the others with SIGTERM; the line they leave is made before.  Only what is allowed in a
 * signal handler.
 */
static char last_words[1400];

static void on_term(int sig)
{
    ssize_t written = write(STDERR_FILENO, last_words, strlen(last_words));
    (void)written;
    signal(sig, SIG_DFL);
    raise(sig);
}

static void prepare_last_words(const ys_cli *c)
{
    const char *state = ys_cli_get(c, "state");
    if (state != NULL)
        snprintf(last_words, sizeof last_words,
                 ys_cli_say(c,
                            "yaoshi-planner-mpi：第 %d 号进程被终止（另一进程失联，或作业被取消）。%.1000s "
                            "完好；用同样的命令重启，从最后存下的价格接着做。\n",
                            "yaoshi-planner-mpi: rank %d was ended (another rank is lost, or the job was "
                            "cancelled). %.1000s is "
                            "unharmed; the same command goes on from the prices kept last.\n"),
                 comm.rank, state);
    else
        snprintf(last_words, sizeof last_words,
                 ys_cli_say(c,
                            "yaoshi-planner-mpi：第 %d 号进程被终止（另一进程失联，或作业被取消）。用 "
                            "--state 可以接着做。\n",
                            "yaoshi-planner-mpi: rank %d was ended (another rank is lost, or the job was "
                            "cancelled). With --state "
                            "a job can go on.\n"),
                 comm.rank);
    signal(SIGTERM, on_term);
}

/* ---- the plan ---- */

static ys_status write_plan(const char *path, const ys_additive_result *r, ys_diag *diag)
{
    ys_whole_file w;
    YS_TRY(ys_whole_file_open(&w, path, diag));
    ys_solve_write_plan(r, w.f);
    return ys_whole_file_finish(&w, diag);
}

/* What rank 0 does with the whole. */
static ys_status conclude(const ys_cli *c, const ys_additive *p, ys_additive_result *r, ys_diag *diag)
{
    const char *plan = ys_cli_get(c, "plan");
    bool check = ys_cli_flag(c, "check");
    if (plan != NULL || check)
        YS_TRY(ys_ranks_gather(&comm, r, diag));
    ys_status st = YS_OK;
    if (comm.rank == 0 && check)
        st = ys_additive_check(p, r, diag);
    if (comm.rank == 0 && plan != NULL && st == YS_OK)
        st = write_plan(plan, r, diag);
    return ys_comm_agree(&comm, st, diag);
}

static ys_status tell(const ys_cli *c, const ys_additive *p, const ys_additive_result *r,
                      const double seconds[2], ys_diag *diag)
{
    ys_solved *s = NULL;
    YS_TRY(ys_solved_of_plan(p, r, seconds[1], &s, diag));
    s->seconds_read = seconds[0];
    s->checked = ys_cli_flag(c, "check");
    ys_status st = ys_cli_solved(c, s, comm.size, diag);
    if (st == YS_OK && !c->json)
        ys_cli_talk(c, "%d 个进程", "%d ranks", comm.size);
    ys_solved_free(s);
    return st;
}

static double now(void *arg)
{
    (void)arg;
    return ys_clock_seconds();
}

static ys_status solve(const ys_cli *c, const ys_additive *p, int threads, ys_additive_result **ret_result,
                       ys_diag *diag)
{
    saver s = {.path = ys_cli_get(c, "state"), .p = p};
    ys_price_state state = {0};
    if (s.path != NULL)
        YS_TRY(load(c, &s, &state, diag));
    ys_ranks ranks = {.comm = comm,
                      .state = state.value,
                      .state_pass = state.pass,
                      .save = s.path != NULL ? save : NULL,
                      .save_every = SAVE_EVERY,
                      .arg = &s};
    ys_optim_config config = {.threads = threads, .now = now};
    ys_status st = ys_ranks_solve(p, &config, &ranks, ret_result, diag);
    split = st != YS_OK;
    ys_price_state_done(&state);
    return st;
}

static ys_status run_bytes(const ys_cli *c, const ys_bytes *b, int threads, double began, ys_diag *diag)
{
    ys_additive p;
    ys_additive_result *r = NULL;
    ys_pool *pool = ys_pool_new(threads);
    ys_status st = ys_ranks_read(b->data, b->size, &comm, pool, &p, diag);
    double read = ys_clock_seconds();
    ys_pool_free(pool);
    if (st == YS_OK)
        st = solve(c, &p, threads, &r, diag);
    double seconds[2] = {read - began, ys_clock_seconds() - read};
    if (st == YS_OK)
        st = conclude(c, &p, r, diag);
    if (st == YS_OK && comm.rank == 0) {
        st = tell(c, &p, r, seconds, diag);
        split = st != YS_OK;
    }
    ys_additive_result_free(r);
    return st;
}

static ys_status open_file(const char *path, ys_bytes *ret_bytes, ys_diag *diag)
{
    YS_TRY(ys_bytes_open(path, ret_bytes, diag));
    if (ret_bytes->heap == NULL)
        return YS_OK;
    ys_bytes_close(ret_bytes);
    ys_diag_fix(diag, "先用 gunzip 解开", "unpack it with gunzip first");
    return ys_fail(diag, YS_EDATA, "每个进程只读自己的部分，文件不能是 gzip",
                   "each rank reads its own part only, so the file cannot be gzip");
}

/* The standard output is for what is told, one JSON document where that is asked for. */
static ys_status check_files(const ys_cli *c, ys_diag *diag)
{
    static const char *const names[] = {"state", "plan"};
    for (int k = 0; k < 2; k++) {
        const char *path = ys_cli_get(c, names[k]);
        if (path != NULL && strcmp(path, "-") == 0)
            return ys_fail(diag, YS_EUSAGE, "--%s 要一个文件，不能是标准输出",
                           "--%s wants a file; it cannot be the standard output", names[k]);
    }
    return YS_OK;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_bytes b = {0};
    int64_t threads = 0;
    YS_TRY(check_files(c, diag));
    double began = ys_clock_seconds();
    YS_TRY(ys_cli_int(c, "threads", 1, 256, ys_mpi_threads(), &threads, diag));
    prepare_last_words(c);
    YS_TRY(ys_comm_agree(&comm, open_file(c->argv[0], &b, diag), diag));
    ys_status st = run_bytes(c, &b, (int)threads, began, diag);
    ys_bytes_close(&b);
    return st;
}

static const ys_command planner = {
    .name = "planner-mpi",
    .program = "yaoshi-planner-mpi",
    .args = "FILE.pab",
    .least = 1,
    .most = 1,
    .zh = "多台机器一起做规划（MPI）",
    .en = "plan on several machines at once (MPI)",
    .more_zh =
        "与 yaoshi solve FILE --format pab "
        "同一个内核、同样的结果：进程数、线程数不同，价值、上界、价格、方案逐位相同。"
        "每个进程拥有相连的一段户，只读文件中自己的部分；每遍定价只交换各项资金与名额的用量（整数）。"
        "两万户及以下由零号进程独做。一个进程失联，作业以非零码结束，--state "
        "文件完好；重启从最后存下的价格接着做，结果与未中断时逐位相同"
        "（机器、版本相同时）。各机器都要能以同一路径读到 FILE.pab；--state 与 --plan 只在零号进程的机器上。",
    .more_en = "The same core and the same result as yaoshi solve FILE --format pab: value, bound, prices "
               "and plan are the same bits "
               "for any number of ranks and threads. Each rank owns a run of households and reads only its "
               "part of the file; a "
               "pricing pass exchanges the use of funds and rows, in integers. Up to 20,000 households rank "
               "0 works alone. When a rank is "
               "lost the job ends with an exit code other than 0 and the --state file is unharmed; a restart "
               "goes on from the "
               "prices kept last and ends with the bits of a job that was not cut off (same version). Every "
               "machine must see "
               "FILE.pab under the same path; --state and --plan are on the machine of rank 0.",
    .example = "mpirun -n 4 yaoshi-planner-mpi country.pab --state prices.state --json",
    .opts = opts,
    .run = run,
};

const ys_command *const ys_commands[] = {&planner, NULL};

/* Ranks beside 0 are silent: what they would say is the same. */
static bool write_nothing(void *to, const char *bytes, size_t n)
{
    (void)to;
    (void)bytes;
    (void)n;
    return true;
}

int main(int argc, char **argv)
{
    ys_diag diag = {0};
    ys_cli c = ys_cli_start();
    c.command = &planner;
    if (argc == 2 && strcmp(argv[1], "--manual") == 0)
        return ys_help_man(c.out, &planner) ? 0 : 1;
    ys_status st = ys_mpi_join(&argc, &argv, &comm, &diag);
    if (st != YS_OK)
        return ys_cli_fail(&c, &diag, st);
    if (comm.rank != 0)
        c.out = (ys_out){.write = write_nothing};
    st = ys_cli_run(&c, &planner, argc - 1, argv + 1, &diag);
    int code = st == YS_OK ? 0 : ys_status_exit_code(st);
    if (st != YS_OK && (comm.rank == 0 || split)) {
        if (split && comm.size > 1)
            ys_cli_talk(&c, "第 %d 号进程：", "rank %d:", comm.rank);
        code = ys_cli_fail(&c, &diag, st);
    }
    fflush(stdout);
    if (split)
        ys_mpi_abort(code);
    ys_mpi_leave();
    return code;
}
