/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dual ascent with one adaptive step per row: the relative violation gives the direction, a step grows while the sign
 * stays and shrinks when it flips, prices are averaged (subgradients of the 1970s: Held and Karp; Shor; Fisher).
 */
#include "optim/additive.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { ROW_CHUNK = 16384 };

typedef struct ascent {
    ys_job *job;
    const ys_layout *layout;
    ys_block_use *scratch; /* [threads] */
    float **price;         /* [threads] local prices */
    int64_t **use;         /* [threads][n_rows] */
    int64_t *total;        /* [n_rows + 1] use, of all ranks; last: how many of them were told to stop */
    double *x, *eta, *last_g;
    int pass;
    double pace;   /* first step, as a share of the price scale; below COLD: on from known prices */
    double *worst; /* [chunks] largest value of unused or missing units */
} ascent;

/* An odd household from its records, in double. */
static void price_odd(const ys_job *j, int64_t h, const double *x, int64_t *use)
{
    uint32_t n;
    const ys_additive *p = j->p;
    const ys_optim_option *o = ys__options(p, h, &n), *pick[2] = {NULL, NULL};
    double best[2] = {0, 0};
    for (uint32_t i = 0; i < n; i++) {
        double s = (double)ys__option_value(p, h, &o[i]);
        s -= o[i].cost_a > 0 ? x[o[i].fund_a] * o[i].cost_a : 0;
        s -= o[i].cost_b > 0 ? x[o[i].fund_b] * o[i].cost_b : 0;
        s -= o[i].row != YS_OPTIM_NO_ROW ? x[p->funds + (int32_t)o[i].row] : 0;
        bool other = pick[0] == NULL || pick[0]->group != o[i].group;
        if (s > best[0]) {
            if (other) {
                best[1] = best[0];
                pick[1] = pick[0];
            }
            best[0] = s;
            pick[0] = &o[i];
        } else if (other && s > best[1]) {
            best[1] = s;
            pick[1] = &o[i];
        }
    }
    for (int k = 0; k < 2 && pick[k] != NULL; k++) {
        if (pick[k]->cost_a > 0)
            use[pick[k]->fund_a] += pick[k]->cost_a;
        if (pick[k]->cost_b > 0)
            use[pick[k]->fund_b] += pick[k]->cost_b;
        if (pick[k]->row != YS_OPTIM_NO_ROW)
            use[p->funds + (int32_t)pick[k]->row]++;
    }
}

static float local_price(double x, int up, int down)
{
    double v = ldexp(x, up - down);
    return v < 1e30 ? (float)v : 1e30f;
}

static void price_blocks(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    ascent *a = arg;
    const ys_job *j = a->job;
    float *price = a->price[thread], *row_price = price + YS_BLOCK_FUNDS;
    int64_t *use = a->use[thread];
    ys_block_use *s = &a->scratch[thread];
    (void)no;
    for (int64_t i = begin; i < end; i++) {
        const ys_block *b = &a->layout->blocks[i];
        const int32_t *row_id = b->id + b->n_funds;
        for (int32_t f = 1; f < b->n_funds; f++)
            price[f] = local_price(a->x[b->id[f]], b->shift[f], b->value_shift);
        for (int32_t r = 1; r < b->n_rows; r++)
            row_price[r] = local_price(a->x[row_id[r]], 0, b->value_shift);
        j->kernel.run(b, price, row_price, s);
        for (int32_t f = 0; f < b->n_funds; f++) {
            uint64_t sum = 0;
            for (int k = 0; k < 8; k++) {
                sum += s->fund[k][f];
                s->fund[k][f] = 0;
            }
            if (f > 0)
                use[b->id[f]] += (int64_t)(sum << b->shift[f]);
        }
        for (int32_t r = 1; r < b->n_rows; r++)
            use[row_id[r]] += s->row[r];
        memset(s->row, 0, (size_t)b->n_rows * sizeof *s->row);
        for (int32_t k = 0; k < b->n_odd; k++) {
            if (k + 2 * YS_AHEAD < b->n_odd)
                ys__fetch(j->p, b->odd[k + 2 * YS_AHEAD], b->odd[k + YS_AHEAD]);
            price_odd(j, b->odd[k], a->x, use);
        }
    }
}

static void add_threads(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    ascent *a = arg;
    (void)no;
    (void)thread;
    memcpy(a->total + begin, a->use[0] + begin, (size_t)(end - begin) * sizeof *a->total);
    memset(a->use[0] + begin, 0, (size_t)(end - begin) * sizeof *a->total);
    for (int t = 1; t < ys_pool_threads(a->job->pool); t++) {
        for (int64_t r = begin; r < end; r++) {
            a->total[r] += a->use[t][r];
            a->use[t][r] = 0;
        }
    }
}

/* The same on all ranks: prices are replicated. */
static void step_rows(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    ascent *a = arg;
    ys_job *j = a->job;
    double worst = 0;
    (void)thread;
    for (int64_t r = begin; r < end; r++) {
        int64_t use = a->total[r], limit = j->limit[r];
        double g = ((double)use - (double)limit) / ((double)limit + 1);
        worst = fmax(worst, g);
        g = fmin(g, 2);
        double sign = g * a->last_g[r];
        if (a->pass == 0)
            a->eta[r] = a->pace;
        else
            a->eta[r] = fmin(fmax(a->eta[r] * (sign > 0   ? 1.1
                                               : sign < 0 ? 0.8
                                                          : 1),
                                  0.0067 * a->pace),
                             5 * a->pace);
        a->last_g[r] = g;
        a->x[r] = fmax(0, a->x[r] + a->eta[r] * a->layout->scale[r] * g);
        j->price[r] += (a->pass < 10 && a->pace >= YS_COLD ? 1 : 0.25) * (a->x[r] - j->price[r]);
    }
    a->worst[no] = worst;
}

/* One pass, and the largest relative excess it met. */
static ys_status one_pass(ascent *a, double *ret_worst, ys_diag *diag)
{
    ys_job *j = a->job;
    double worst = 0;
    ys_pool_run(j->pool, a->layout->n_blocks, 1, price_blocks, a);
    ys_pool_run(j->pool, j->n_rows, ROW_CHUNK, add_threads, a);
    a->total[j->n_rows] = ys__stopped(j);
    YS_TRY(ys_comm_sum(j->comm, a->total, (size_t)j->n_rows + 1, diag));
    j->stopped = a->total[j->n_rows] > 0;
    ys_pool_run(j->pool, j->n_rows, ROW_CHUNK, step_rows, a);
    for (int64_t c = 0; c < (j->n_rows + ROW_CHUNK - 1) / ROW_CHUNK; c++)
        worst = fmax(worst, a->worst[c]);
    a->pass++;
    j->passes++;
    *ret_worst = worst;
    return YS_OK;
}

static bool open_ascent(ascent *a, ys_job *j)
{
    int threads = ys_pool_threads(j->pool);
    size_t rows = (size_t)j->n_rows + 1;
    a->job = j;
    a->scratch = ys_calloc((size_t)threads, sizeof *a->scratch);
    a->price = ys_calloc((size_t)threads, sizeof *a->price);
    a->use = ys__use_open(threads, rows);
    a->x = ys_calloc(rows, sizeof *a->x);
    a->eta = ys_calloc(rows, sizeof *a->eta);
    a->last_g = ys_calloc(rows, sizeof *a->last_g);
    a->total = ys_calloc(rows, sizeof *a->total);
    a->worst = ys_calloc(rows / ROW_CHUNK + 1, sizeof *a->worst);
    bool ok = a->scratch != NULL && a->price != NULL && a->use != NULL && a->x != NULL && a->eta != NULL &&
              a->last_g != NULL && a->total != NULL && a->worst != NULL;
    for (int t = 0; t < threads && ok; t++) {
        a->price[t] = ys_calloc(YS_BLOCK_FUNDS + YS_BLOCK_ROWS, sizeof **a->price);
        ok = a->price[t] != NULL;
    }
    return ok;
}

static void close_ascent(ascent *a, int threads)
{
    for (int t = 0; t < threads && a->price != NULL; t++)
        ys_free(a->price[t]);
    ys__use_close(a->use, threads);
    ys_free(a->scratch);
    ys_free(a->price);
    ys_free(a->x);
    ys_free(a->eta);
    ys_free(a->last_g);
    ys_free(a->total);
    ys_free(a->worst);
}

/* Goes on where a job before ended: everything that the passes change, so that the bits are those of one job. */
static void resume(ascent *a)
{
    ys_job *j = a->job;
    const ys_ranks *k = j->ranks;
    if (k->state == NULL || k->state_pass == 0)
        return;
    double *const part[] = {a->x, a->eta, a->last_g, j->price};
    for (int i = 0; i < YS_STATE_PARTS; i++)
        memcpy(part[i], k->state + (size_t)i * (size_t)j->n_rows, (size_t)j->n_rows * sizeof **part);
    a->pass = j->passes = k->state_pass;
}

/* Rank 0 hands out what `resume` wants, now and then and at the end. */
static ys_status save(const ascent *a, int passes, ys_diag *diag)
{
    const ys_job *j = a->job;
    const ys_ranks *k = j->ranks;
    if (k->save == NULL || j->comm->rank != 0 || (a->pass % k->save_every != 0 && a->pass < passes))
        return YS_OK;
    const double *const part[YS_STATE_PARTS] = {a->x, a->eta, a->last_g, j->price};
    return k->save(k->arg, part, j->n_rows, a->pass, diag);
}

ys_status ys__dual(ys_job *j, const ys_layout *l, int passes, double pace, ys_diag *diag)
{
    ascent a = {.layout = l, .pace = pace};
    bool cold = pace >= YS_COLD;
    ys_status st = open_ascent(&a, j) ? YS_OK : ys_fail_nomem(diag);
    if (st == YS_OK && !cold)
        memcpy(a.x, j->price, (size_t)j->n_rows * sizeof *a.x);
    if (st == YS_OK && cold)
        resume(&a);
    while (st == YS_OK && a.pass < passes && (a.pass == 0 || !j->stopped)) {
        double worst;
        st = one_pass(&a, &worst, diag);
        /* A cold first pass is at zero prices: if what everybody likes best fits, these are the prices. */
        if (st == YS_OK && cold && a.pass == 1 && worst <= 0) {
            memset(j->price, 0, (size_t)j->n_rows * sizeof *j->price);
            break;
        }
        if (st == YS_OK && cold)
            st = save(&a, passes, diag);
    }
    close_ascent(&a, ys_pool_threads(j->pool));
    return st;
}
