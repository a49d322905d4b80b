/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.c - floors that hold one sum against another: coverage against a wider area, spending, one project's share
 * (docs/plan-model.md sections 6 and 7).
 *
 * `2^40 * own >= ratio * max(0, other)`.  COVERAGE floors that follow each other against the same areas share the other
 * sum, and with it the price of it that follows from their prices.
 */
#include <stdbool.h>
#include <stdlib.h>
#include "base/alloc.h"
#include "base/pool.h"
#include "verify/inner.h"

#define CHUNK 1024

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int32_t area_of(const ys_verify_facts *f, int64_t block)
{
    return block < f->n_households ? f->households[block].area : f->villages[block - f->n_households].area;
}

int32_t ys__v_area_from(const ys__v_case *c, int32_t area)
{
    int32_t low = 0, high = c->n_areas;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (c->area[mid] < area)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool number_areas(ys__v_case *c)
{
    c->area = ys_calloc((size_t)c->blocks + 1, sizeof *c->area);
    c->area_at = ys_calloc((size_t)c->blocks + 1, sizeof *c->area_at);
    if (!c->area || !c->area_at)
        return false;
    for (int64_t b = 0; b < c->blocks; b++)
        c->area[b] = area_of(c->f, b);
    qsort(c->area, (size_t)c->blocks, sizeof *c->area, ascending);
    for (int64_t b = 0; b < c->blocks; b++)
        if (b == 0 || c->area[b] != c->area[b - 1])
            c->area[c->n_areas++] = c->area[b];
    for (int64_t b = 0; b < c->blocks; b++)
        c->area_at[b] = ys__v_area_from(c, area_of(c->f, b));
    return true;
}

/* ---- who can close any of the gap ---- */

typedef struct look {
    const ys__v_case *c;
    ys__v_desk *desk; /* per thread */
    bool *gains;      /* per block */
    ys_status *status;
} look;

static void look_at(void *arg, int64_t chunk, int64_t begin, int64_t end, int thread)
{
    look *l = arg;
    ys__v_desk *d = &l->desk[thread];
    for (int64_t b = begin; b < end && l->status[chunk] == YS_OK; b++) {
        l->status[chunk] = ys__v_desk_lay(l->c, d, b);
        for (int i = 0; l->status[chunk] == YS_OK && i < d->sets && !l->gains[b]; i++) {
            int64_t worth[YS_VERIFY_TIERS];
            if (!ys__v_worth_of(l->c, d, d->set[i], worth))
                l->status[chunk] = YS_ELIMIT;
            l->gains[b] = worth[1] > 0;
        }
    }
}

static ys_status find_gains(const ys__v_case *c, int threads, bool *gains, ys_diag *diag)
{
    int64_t chunks = (c->blocks + CHUNK - 1) / CHUNK;
    ys_pool *pool = ys_pool_new(threads);
    int n = ys_pool_threads(pool);
    look l = {.c = c, .gains = gains};
    l.desk = ys_calloc((size_t)n, sizeof *l.desk);
    l.status = ys_calloc((size_t)chunks + 1, sizeof *l.status);
    bool ok = l.desk && l.status;
    for (int i = 0; ok && i < n; i++)
        ok = ys__v_desk_init(&l.desk[i]);
    ys_status st = ok ? YS_OK : ys_fail_nomem(diag);
    if (st == YS_OK)
        ys_pool_run(pool, c->blocks, CHUNK, look_at, &l);
    for (int64_t i = 0; st == YS_OK && i < chunks; i++) {
        if (l.status[i] == YS_ENOMEM)
            st = ys_fail_nomem(diag);
        else if (l.status[i] != YS_OK)
            st = ys_fail(diag, l.status[i], "计划值超出可精确计算的范围",
                         "a value of the plan is beyond what can be computed exactly");
    }
    for (int i = 0; l.desk && i < n; i++)
        ys__v_desk_done(&l.desk[i]);
    ys_free(l.desk);
    ys_free(l.status);
    ys_pool_free(pool);
    return st;
}

/* ---- ratios ---- */

/* Today's gap by area, and how many can close any; both as sums over the areas before. */
typedef struct today {
    ys_i128 *gap;
    int64_t *gainers;
} today;

static ys_status measure(const ys__v_case *c, int threads, today *t, ys_diag *diag)
{
    bool *gains = ys_calloc((size_t)c->blocks + 1, sizeof *gains);
    t->gap = ys_aligned((size_t)c->n_areas + 1, sizeof *t->gap);
    t->gainers = ys_calloc((size_t)c->n_areas + 1, sizeof *t->gainers);
    ys_status st = gains && t->gap && t->gainers ? find_gains(c, threads, gains, diag) : ys_fail_nomem(diag);
    for (int64_t b = 0; st == YS_OK && b < c->blocks; b++) {
        int32_t at = c->area_at[b] + 1;
        t->gap[at] += b < c->f->n_households ? ys__v_gap_today(c->f, b) : 0;
        t->gainers[at] += gains[b];
    }
    for (int32_t k = 0; st == YS_OK && k < c->n_areas; k++) {
        t->gap[k + 1] += t->gap[k];
        t->gainers[k + 1] += t->gainers[k];
    }
    ys_free(gains);
    return st;
}

static ys_status coverage_ratio(const ys__v_case *c, const today *t, int i, ys__v_hold *h, ys_diag *diag)
{
    const ys_verify_floor *x = &c->f->floors[i];
    int32_t a = ys__v_area_from(c, x->area_begin), b = ys__v_area_from(c, x->area_end);
    int32_t m = ys__v_area_from(c, x->of_begin), n = ys__v_area_from(c, x->of_end);
    ys_i128 own = b > a ? t->gap[b] - t->gap[a] : 0, all = n > m ? t->gap[n] - t->gap[m] : 0;
    if (all >= (ys_i128)1 << 60)
        return ys_fail(diag, YS_ELIMIT, "今天的缺口之和超出60位", "the sum of today's gap leaves 60 bits");
    h->asks_nothing = own <= 0 || t->gainers[b] == t->gainers[a];
    h->ratio = h->asks_nothing ? 0 : (int64_t)((((ys_i128)1 << 40) * x->share * own) / (1000000 * all));
    return YS_OK;
}

static ys_status make_ratios(ys__v_case *c, int threads, ys_diag *diag)
{
    const ys_verify_facts *f = c->f;
    today t = {0};
    bool coverage = false;
    for (int i = 0; i < f->n_floors; i++)
        coverage = coverage || f->floors[i].kind == YS_VERIFY_COVERAGE;
    ys_status st = coverage ? measure(c, threads, &t, diag) : YS_OK;
    for (int i = 0; st == YS_OK && i < f->n_floors; i++) {
        const ys_verify_floor *x = &f->floors[i], *last = i > 0 ? x - 1 : NULL;
        ys__v_hold *h = &c->hold[i];
        h->level = -1;
        if (x->kind == YS_VERIFY_LEAST || x->kind == YS_VERIFY_MOST)
            continue;
        bool shares = x->kind == YS_VERIFY_COVERAGE && last && last->kind == YS_VERIFY_COVERAGE &&
                      last->of_begin == x->of_begin && last->of_end == x->of_end;
        h->level = shares ? c->n_levels - 1 : c->n_levels++;
        if (x->kind == YS_VERIFY_COVERAGE)
            st = coverage_ratio(c, &t, i, h, diag);
        else if (x->kind == YS_VERIFY_SPENDING)
            h->ratio = (int64_t)((((ys_i128)1 << 40) * x->share) / 1000000);
        else
            h->ratio = (int64_t)((((ys_i128)1 << 40) * 1000000) / x->share);
    }
    ys_free(t.gap);
    ys_free(t.gainers);
    return st;
}

/* Floors on projects by area, so that a block meets only its own. */
static bool list_projects(ys__v_case *c)
{
    const ys_verify_facts *f = c->f;
    c->project_at = ys_calloc((size_t)c->n_areas + 2, sizeof *c->project_at);
    if (!c->project_at)
        return false;
    int64_t *next = c->project_at + 1, n = 0;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < f->n_floors; i++)
            for (int32_t a = ys__v_area_from(c, f->floors[i].area_begin),
                         b = ys__v_area_from(c, f->floors[i].area_end);
                 f->floors[i].kind == YS_VERIFY_PROJECT && a < b; a++) {
                if (round == 1)
                    c->project[next[a]] = i;
                next[a]++;
            }
        if (round == 1)
            return true;
        for (int32_t a = 0; a < c->n_areas; a++) {
            int64_t here = next[a];
            next[a] = n;
            n += here;
        }
        c->project = ys_calloc((size_t)n + 1, sizeof *c->project);
        if (!c->project)
            return false;
    }
    return true;
}

ys_status ys__v_hold_make(ys__v_case *c, int threads, ys_diag *diag)
{
    c->hold = ys_calloc((size_t)c->f->n_floors + 1, sizeof *c->hold);
    if (!c->hold || !number_areas(c) || !list_projects(c))
        return ys_fail_nomem(diag);
    return make_ratios(c, threads, diag);
}

int64_t ys__v_spent(const ys__v_case *c, int32_t offering, int32_t fund)
{
    int64_t sum = 0;
    for (int k = 0; k < c->unit[offering].charges; k++) {
        const ys__v_charge *g = &c->charge[c->unit[offering].first + k];
        if (g->row < c->f->n_funds && (fund < 0 || c->f->funds[g->row].fund == fund))
            sum += g->amount;
    }
    return sum;
}

bool ys__v_in_floor(const ys__v_case *c, const ys_verify_floor *x, int32_t area_at)
{
    return c->area[area_at] >= x->area_begin && c->area[area_at] < x->area_end;
}
