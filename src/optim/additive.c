/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum {
    SEARCH_ALWAYS =
        3000, /* households up to which the search is worth its half second, whatever the time given */
    SUM_CHUNK = 65536,
};

bool ys__stopped(const ys_job *j)
{
    return j->config->stop != NULL && j->config->stop(j->config->arg);
}

ys_status ys__agree_stop(ys_job *j, ys_diag *diag)
{
    int64_t stops = j->stopped || ys__stopped(j);
    YS_TRY(ys_comm_sum(j->comm, &stops, 1, diag));
    j->stopped = stops > 0;
    return YS_OK;
}

double ys__seconds(const ys_job *j)
{
    return j->config->now != NULL ? j->config->now(j->config->arg) : 0;
}

static int64_t value_at(const ys_additive *p, int64_t h, const uint32_t *choice)
{
    int64_t sum = 0;
    for (int k = 0; k < 2 && choice[k] != YS_OPTIM_NO_CHOICE; k++)
        sum += ys__option_value(p, h, &p->option[p->offset[h] + choice[k]]);
    return sum;
}

int64_t ys__value(const ys_additive *p, uint32_t (*choice)[2])
{
    int64_t sum = 0;
    for (int64_t h = 0; h < p->households; h++)
        sum += value_at(p, h, choice[h]);
    return sum;
}

/* The bound as a whole number: values are whole, so it may be rounded down once the plan attains that. */
static int64_t whole_bound(__int128 bound, int bits, int64_t value)
{
    int64_t low = (int64_t)(bound >> bits);
    return low == value || ((__int128)low << bits) == bound ? low : low + 1;
}

typedef struct plan_sum {
    const ys_additive *p;
    uint32_t (*choice)[2];
    int64_t first;
    int64_t (*sum)[2]; /* [chunks] value; hash, modulo 2^64 */
} plan_sum;

static void sum_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    plan_sum *w = arg;
    uint64_t hash = 0;
    int64_t value = 0;
    (void)thread;
    for (int64_t h = begin + w->first; h < end + w->first; h++) {
        const uint32_t *c = w->choice[h];
        if (h + YS_AHEAD < end + w->first)
            ys__fetch_choice(w->p, h + YS_AHEAD, w->choice[h + YS_AHEAD]);
        value += value_at(w->p, h, c);
        hash += ys_hash64(((uint64_t)c[0] << 32 | c[1]) + ys_hash64((uint64_t)h));
    }
    w->sum[no][0] = value;
    w->sum[no][1] = (int64_t)hash;
}

/* Value and checksum: sums over households, so that every rank adds its part. */
static ys_status sum_plan(const ys_job *j, const ys_draft *d, ys_additive_result *r, ys_diag *diag)
{
    int64_t n = d->plan.end - d->plan.first, chunks = (n + SUM_CHUNK - 1) / SUM_CHUNK, sum[2] = {0, 0};
    plan_sum w = {.p = j->p, .choice = d->choice, .first = d->plan.first};
    w.sum = ys_calloc((size_t)chunks + 1, sizeof *w.sum);
    if (w.sum == NULL)
        return ys_fail_nomem(diag);
    ys_pool_run(j->pool, n, SUM_CHUNK, sum_chunk, &w);
    for (int64_t c = 0; c < chunks; c++) {
        sum[0] += w.sum[c][0];
        sum[1] = (int64_t)((uint64_t)sum[1] + (uint64_t)w.sum[c][1]);
    }
    ys_free(w.sum);
    YS_TRY(ys_comm_sum(j->comm, sum, 2, diag));
    r->value = sum[0];
    uint64_t prices =
        ys_hash_bytes(r->price, (uint64_t)r->n_prices * sizeof *r->price, (uint64_t)r->price_bits);
    r->checksum = ys_hash64((uint64_t)sum[1] + prices);
    return YS_OK;
}

static ys_status draft_open(const ys_job *j, ys_draft *d, ys_diag *diag)
{
    size_t n = (size_t)j->p->households + 1;
    d->choice = ys_malloc(n * sizeof *d->choice);
    d->firm = ys_malloc(n);
    d->use = ys_calloc((size_t)j->n_rows + 1, sizeof *d->use);
    d->settled_use = ys_calloc((size_t)j->n_rows + 1, sizeof *d->settled_use);
    return d->choice != NULL && d->firm != NULL && d->use != NULL && d->settled_use != NULL
               ? YS_OK
               : ys_fail_nomem(diag);
}

static void draft_done(ys_draft *d)
{
    ys_free(d->choice);
    ys_free(d->firm);
    ys_free(d->use);
    ys_free(d->settled_use);
    ys_free(d->zone);
}

static int passes_for(const ys_job *j)
{
    int64_t n = j->p->households;
    if (j->config->passes > 0)
        return j->config->passes;
    return n <= 20000 ? 300 : n <= 200000 ? 120 : n <= 1000000 ? 60 : 30;
}

/* Runs one stage and notes its seconds. */
#define STAGE(number, call)                                                                                  \
    do {                                                                                                     \
        double began_ = ys__seconds(j);                                                                      \
        YS_TRY(call);                                                                                        \
        r->seconds[number] += ys__seconds(j) - began_;                                                       \
    } while (0)

static ys_status run_stages(ys_job *j, ys_layout *l, ys_draft *d, ys_additive_result *r, ys_diag *diag)
{
    STAGE(YS_STAGE_LAYOUT, ys__layout(j, l, diag));
    STAGE(YS_STAGE_PRICES, ys__dual(j, l, passes_for(j), YS_COLD, diag));
    ys__layout_drop_blocks(l);
    YS_TRY(draft_open(j, d, diag));
    STAGE(YS_STAGE_BOUND, ys__zones(j, l, d, diag));
    ys__fix_prices(j);
    STAGE(YS_STAGE_BOUND, ys__exact(j, d, diag));
    memcpy(r->price, j->fixed, (size_t)j->n_rows * sizeof *r->price);
    r->price_bits = j->bits;
    __int128 bound = d->bound;
    int64_t whole = whole_bound(bound, r->price_bits, INT64_MIN);
    memcpy(j->root, j->price, (size_t)j->n_rows * sizeof *j->root);
    STAGE(YS_STAGE_SETTLE, ys__settle(j, d, diag));
    STAGE(YS_STAGE_REPAIR, ys__repair(j, l, d, diag));
    if (j->p->households <= (j->config->seconds > 0 ? YS_ONE_ZONE : SEARCH_ALWAYS))
        STAGE(YS_STAGE_SEARCH, ys__search(j, l, d, whole, diag));
    d->bound = bound;
    return YS_OK;
}

static ys_status fill_result(ys_job *j, const ys_layout *l, ys_draft *d, ys_additive_result *r, ys_diag *diag)
{
    r->households = j->p->households;
    r->n_prices = j->n_rows;
    r->first = d->plan.first;
    r->end = d->plan.end;
    r->bytes = l->bytes;
    YS_TRY(ys_comm_sum(j->comm, &r->bytes, 1, diag));
    YS_TRY(sum_plan(j, d, r, diag));
    r->choice = d->choice;
    d->choice = NULL;
    r->bound = whole_bound(d->bound, r->price_bits, r->value);
    r->gap = r->bound > 0 ? (double)(r->bound - r->value) / (double)r->bound : 0;
    YS_TRY(ys__agree_stop(j, diag));
    r->partial = j->stopped;
    r->passes = j->passes;
    r->kernel = j->kernel.name;
    return YS_OK;
}

ys_status ys__additive_run(const ys_additive *p, const ys_optim_config *config, const ys_ranks *ranks,
                           ys_additive_result **ret_result, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_draft d = {0};
    ys_layout l = {0};
    ys_job j = {.p = p,
                .config = config,
                .ranks = ranks,
                .comm = &ranks->comm,
                .n_rows = p->funds + p->rows,
                .limit = p->limit,
                .kernel = ys__kernel(config->kernel)};
    ys_additive_result *r = ys_calloc(1, sizeof *r);
    if (r == NULL)
        return ys_fail_nomem(diag);
    ys_ranks_own(p->households, j.comm, &j.own.first, &j.own.end);
    j.seen = j.own;
    j.price = ys_calloc((size_t)j.n_rows + 1, sizeof *j.price);
    j.root = ys_calloc((size_t)j.n_rows + 1, sizeof *j.root);
    j.fixed = ys_calloc((size_t)j.n_rows + 1, sizeof *j.fixed);
    r->price = ys_calloc((size_t)j.n_rows + 1, sizeof *r->price);
    j.pool = ys_pool_new(config->threads);
    if (j.price == NULL || j.root == NULL || j.fixed == NULL || r->price == NULL || j.pool == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(run_stages(&j, &l, &d, r, diag));
    YS_GO(fill_result(&j, &l, &d, r, diag));
    *ret_result = r;
    r = NULL;
done:
    ys_additive_result_free(r);
    draft_done(&d);
    ys__layout_done(&l);
    ys_free(j.price);
    ys_free(j.root);
    ys_free(j.fixed);
    ys_pool_free(j.pool);
    return st;
}

ys_status ys_additive_solve(const ys_additive *p, const ys_optim_config *config,
                            ys_additive_result **ret_result, ys_diag *diag)
{
    ys_ranks alone = {.comm = ys_comm_alone()};
    return ys__additive_run(p, config, &alone, ret_result, diag);
}

void ys_additive_result_free(ys_additive_result *r)
{
    if (r == NULL)
        return;
    ys_free(r->choice);
    ys_free(r->price);
    ys_free(r);
}
