/* SPDX-License-Identifier: Apache-2.0 */
#include "app/solving.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/dimacs.h"
#include "base/alloc.h"
#include "io/whole_file.h"
#include "optim/ranks.h"

/* One run: what is asked, what is read, what comes out. */
typedef struct run {
    const ys_solve_args *args;
    ys_optim_config config;
    ys_bytes bytes;
    ys_solved *to;
    ys_whole_file file;
    FILE *out; /* of `file`; NULL: the picks are not asked for */
    double began;
} run;

static double now(void *arg)
{
    (void)arg;
    return ys_clock_seconds();
}

/* Room for the results; from here on the clock measures the solving. */
static ys_status begin(run *r, int count, ys_diag *diag)
{
    r->to->one = ys_calloc((size_t)count, sizeof *r->to->one);
    if (r->to->one == NULL)
        return ys_fail_nomem(diag);
    r->to->count = count;
    r->to->seconds_read = ys_clock_seconds() - r->began;
    return YS_OK;
}

static void write_pick(FILE *f, int64_t pick, char end)
{
    if (pick < 0)
        fprintf(f, "-%c", end);
    else
        fprintf(f, "%lld%c", (long long)pick, end);
}

static void write_choice(const run *r, const int *choice, int n)
{
    for (int k = 0; k < n && r->out != NULL; k++)
        write_pick(r->out, choice[k], '\n');
}

/* ---- pab ---- */

void ys_solve_write_plan(const ys_additive_result *a, FILE *f)
{
    for (int64_t h = 0; h < a->households; h++)
        for (int k = 0; k < 2; k++)
            write_pick(f, a->choice[h][k] == YS_OPTIM_NO_CHOICE ? -1 : (int64_t)a->choice[h][k],
                       k == 0 ? ' ' : '\n');
}

static void fill_plan(ys_solved *s, const ys_additive *p, const ys_additive_result *a, double seconds)
{
    s->most = true;
    s->households = p->households;
    s->rows = a->n_prices;
    s->bytes = a->bytes;
    s->passes = a->passes;
    s->kernel = a->kernel;
    s->checksum = a->checksum;
    s->partial = a->partial;
    memcpy(s->stage, a->seconds, sizeof s->stage);
    s->one[0] = (ys_solved_one){.feasible = true,
                                .proven = a->value == a->bound,
                                .value = a->value,
                                .bound = a->bound,
                                .gap = a->gap,
                                .seconds = seconds,
                                .size = p->households,
                                .options = (int64_t)p->offset[p->households]};
}

/* Examines the file with all threads. */
static ys_status read_pab(const run *r, ys_additive *ret_problem, ys_diag *diag)
{
    ys_comm alone = ys_comm_alone();
    ys_pool *pool = ys_pool_new(r->args->threads); /* NULL serves as well */
    ys_status st = ys_ranks_read(r->bytes.data, r->bytes.size, &alone, pool, ret_problem, diag);
    ys_pool_free(pool);
    return st;
}

static ys_status solve_pab(run *r, ys_diag *diag)
{
    ys_additive p;
    ys_additive_result *a = NULL;
    YS_TRY(read_pab(r, &p, diag));
    YS_TRY(begin(r, 1, diag));
    double start = ys_clock_seconds();
    YS_TRY(ys_additive_solve(&p, &r->config, &a, diag));
    double seconds = ys_clock_seconds() - start;
    ys_status st = r->args->check ? ys_additive_check(&p, a, diag) : YS_OK;
    if (st == YS_OK) {
        fill_plan(r->to, &p, a, seconds);
        r->to->checked = r->args->check;
        if (r->out != NULL)
            ys_solve_write_plan(a, r->out);
    }
    ys_additive_result_free(a);
    return st;
}

/* ---- gap ---- */

static void turn_round(ys_gap *p)
{
    for (int64_t k = 0; k < (int64_t)p->agents * p->jobs; k++)
        p->cost[k] = -p->cost[k];
}

static ys_solved_one one_of(const ys_choice_result *c, double seconds)
{
    return (ys_solved_one){.feasible = c->feasible,
                           .proven = c->complete,
                           .value = c->value,
                           .bound = c->bound,
                           .gap = c->gap,
                           .seconds = seconds,
                           .size = c->n,
                           .nodes = c->nodes};
}

static ys_status solve_one_gap(run *r, ys_gap *p, ys_solved_one *ret, ys_diag *diag)
{
    ys_choice_result c;
    double start = ys_clock_seconds();
    if (r->args->most)
        turn_round(p);
    YS_TRY(ys_gap_solve(p, &r->config, &c, diag));
    *ret = one_of(&c, ys_clock_seconds() - start);
    ret->options = (int64_t)p->agents * p->jobs;
    if (r->args->most) {
        ret->value = -ret->value;
        ret->bound = -ret->bound;
    }
    write_choice(r, c.choice, c.n);
    ys_choice_result_done(&c);
    return YS_OK;
}

static ys_status solve_gap(run *r, ys_diag *diag)
{
    ys_gap *list = NULL;
    int count = 0;
    ys_status st = YS_OK;
    YS_TRY(ys_gap_read(r->bytes.data, r->bytes.size, &list, &count, diag));
    r->to->most = r->args->most;
    YS_GO(begin(r, count, diag));
    for (int k = 0; k < count; k++)
        YS_GO(solve_one_gap(r, &list[k], &r->to->one[k], diag));
done:
    ys_gap_free(list, count);
    return st;
}

/* ---- mmkp ---- */

static ys_status solve_mmkp(run *r, ys_diag *diag)
{
    ys_mmkp p;
    ys_choice_result c;
    YS_TRY(ys_mmkp_read(r->bytes.data, r->bytes.size, &p, diag));
    ys_status st = begin(r, 1, diag);
    double start = ys_clock_seconds();
    if (st == YS_OK)
        st = ys_mmkp_solve(&p, &r->config, &c, diag);
    if (st == YS_OK) {
        r->to->most = true;
        r->to->digits = p.digits;
        r->to->one[0] = one_of(&c, ys_clock_seconds() - start);
        r->to->one[0].options = p.item_at[p.classes];
        write_choice(r, c.choice, c.n);
        ys_choice_result_done(&c);
    }
    ys_mmkp_free(&p);
    return st;
}

/* ---- dimacs ---- */

static ys_status take_flow(run *r, const ys_dimacs *d, const ys_flow_result *f, double seconds, ys_diag *diag)
{
    if (f->outcome == YS_FLOW_UNBOUNDED)
        return ys_fail(
            diag, YS_EINFEASIBLE, "费用没有下界：第 %lld 条弧在一个不限量、费用为负的圈上",
            "the cost has no lower bound: arc %lld is on a circle without limit whose cost is negative",
            (long long)f->cycle[0] + 1);
    bool optimal = f->outcome == YS_FLOW_OPTIMAL;
    r->to->one[0] = (ys_solved_one){.feasible = optimal,
                                    .proven = true,
                                    .value = f->value,
                                    .bound = f->value,
                                    .gap = optimal ? 0 : 1,
                                    .seconds = seconds,
                                    .size = d->in.nodes,
                                    .options = d->in.arcs};
    for (int64_t e = 0; e < d->in.arcs && r->out != NULL && optimal; e++)
        fprintf(r->out, "%lld\n", (long long)f->flow[e]);
    return YS_OK;
}

/* The certificate is read again, whether asked or not: it costs one pass. */
static ys_status solve_dimacs(run *r, ys_diag *diag)
{
    ys_dimacs *d = NULL;
    ys_flow_result *f = NULL;
    ys_status st = YS_OK;
    YS_TRY(ys_flow_read_dimacs(r->bytes.data, r->bytes.size, r->args->file, &d, diag));
    YS_GO(begin(r, 1, diag));
    double start = ys_clock_seconds();
    YS_GO(ys_flow_solve(&d->in, &f, diag));
    double seconds = ys_clock_seconds() - start;
    YS_GO(ys_flow_check(&d->in, f, diag));
    r->to->checked = true;
    st = take_flow(r, d, f, seconds, diag);
done:
    ys_flow_result_free(f);
    ys_dimacs_free(d);
    return st;
}

/* ---- all formats ---- */

typedef struct format {
    const char *name;
    const char *suffix; /* of file names; before .gz */
    ys_status (*solve)(run *r, ys_diag *diag);
} format;

static const format formats[] = {{"pab", ".pab", solve_pab},
                                 {"gap", ".gap", solve_gap},
                                 {"mmkp", ".mmkp", solve_mmkp},
                                 {"dimacs", ".min", solve_dimacs}};
enum { FORMATS = sizeof formats / sizeof *formats };

const char *ys_solve_formats(void)
{
    return "pab|gap|mmkp|dimacs";
}

static bool has_suffix(const char *file, size_t length, const char *suffix)
{
    size_t n = strlen(suffix);
    return length >= n && memcmp(file + length - n, suffix, n) == 0;
}

static ys_status find_format(const ys_solve_args *a, const format **ret, ys_diag *diag)
{
    size_t length = strlen(a->file);
    if (has_suffix(a->file, length, ".gz"))
        length -= 3;
    for (int k = 0; k < FORMATS; k++) {
        if (a->format != NULL ? strcmp(a->format, formats[k].name) == 0
                              : has_suffix(a->file, length, formats[k].suffix)) {
            *ret = &formats[k];
            return YS_OK;
        }
    }
    if (a->format != NULL)
        return ys_fail(diag, YS_EUSAGE, "--format 应为 %s，不是 %s", "--format is one of %s, not %s",
                       ys_solve_formats(), a->format);
    return ys_fail(diag, YS_EUSAGE, "从文件名看不出格式：请用 --format %s",
                   "the name does not tell the form of the file: give --format %s", ys_solve_formats());
}

static void add_up(ys_solved *s)
{
    ys_solved_one *t = &s->total;
    *t = (ys_solved_one){.feasible = true, .proven = true};
    for (int k = 0; k < s->count; k++) {
        const ys_solved_one *o = &s->one[k];
        t->feasible &= o->feasible;
        t->proven &= o->proven;
        t->value += o->value;
        t->bound += o->bound;
        t->seconds += o->seconds;
        t->size += o->size;
        t->options += o->options;
        t->nodes += o->nodes;
    }
    double base = fabs((double)(s->most ? t->bound : t->value));
    t->gap = !t->feasible           ? 1
             : t->value == t->bound ? 0
                                    : fabs((double)(t->bound - t->value)) / fmax(base, 1);
}

void ys_solved_free(ys_solved *s)
{
    if (s == NULL)
        return;
    ys_free(s->one);
    ys_free(s);
}

ys_status ys_solved_of_plan(const ys_additive *p, const ys_additive_result *a, double seconds,
                            ys_solved **ret_solved, ys_diag *diag)
{
    ys_solved *s = ys_calloc(1, sizeof *s);
    if (s != NULL)
        s->one = ys_calloc(1, sizeof *s->one);
    if (s == NULL || s->one == NULL) {
        ys_solved_free(s);
        return ys_fail_nomem(diag);
    }
    s->format = "pab";
    s->count = 1;
    fill_plan(s, p, a, seconds);
    add_up(s);
    *ret_solved = s;
    return YS_OK;
}

static ys_status open_out(run *r, ys_diag *diag)
{
    if (r->args->out == NULL)
        return YS_OK;
    YS_TRY(ys_whole_file_open(&r->file, r->args->out, diag));
    r->out = r->file.f;
    return YS_OK;
}

static ys_status close_out(run *r, ys_diag *diag)
{
    if (r->out == NULL)
        return YS_OK;
    r->out = NULL;
    return ys_whole_file_finish(&r->file, diag);
}

ys_status ys_solve_file(const ys_solve_args *a, ys_solved **ret_solved, ys_diag *diag)
{
    const format *f = NULL;
    run r = {
        .args = a,
        .config = {.threads = a->threads, .seconds = a->seconds, .now = now, .stop = a->stop, .arg = a->arg}};
    YS_TRY(find_format(a, &f, diag));
    ys_status st = YS_OK;
    r.began = ys_clock_seconds();
    r.to = ys_calloc(1, sizeof *r.to);
    if (r.to == NULL)
        return ys_fail_nomem(diag);
    r.to->format = f->name;
    YS_GO(ys_bytes_open(a->file, &r.bytes, diag));
    YS_GO(open_out(&r, diag));
    YS_GO(f->solve(&r, diag));
    YS_GO(close_out(&r, diag));
    add_up(r.to);
    r.to->partial = r.to->partial || (a->stop != NULL && a->stop(a->arg));
    *ret_solved = r.to;
    r.to = NULL;
done:
    if (r.out != NULL)
        ys_whole_file_drop(&r.file);
    ys_bytes_close(&r.bytes);
    ys_solved_free(r.to);
    return st;
}
