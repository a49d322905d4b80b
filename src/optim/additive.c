/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum {
    SEARCH_ALWAYS = 3000, /* households up to which the search is worth its half second */
    SEARCH_MOST = 20000,  /* and up to which it is worth any time that is given */
};

bool ys__stopped(const ys_job *j)
{
    return j->config->stop != NULL && j->config->stop(j->config->arg);
}

double ys__seconds(const ys_job *j)
{
    return j->config->now != NULL ? j->config->now(j->config->arg) : 0;
}

int64_t ys__value(const ys_additive *p, uint32_t (*choice)[2])
{
    int64_t sum = 0;
    for (int64_t h = 0; h < p->households; h++)
        for (int k = 0; k < 2 && choice[h][k] != YS_OPTIM_NO_CHOICE; k++)
            sum += ys__option_value(p, h, &p->option[p->offset[h] + choice[h][k]]);
    return sum;
}

/* The bound as a whole number: values are whole, so it may be rounded down once the plan attains that. */
static int64_t whole_bound(__int128 bound, int bits, int64_t value)
{
    int64_t low = (int64_t)(bound >> bits);
    return low == value || ((__int128)low << bits) == bound ? low : low + 1;
}

static uint64_t checksum(const ys_additive_result *r)
{
    uint64_t prices =
        ys_hash_bytes(r->price, (uint64_t)r->n_prices * sizeof *r->price, (uint64_t)r->price_bits);
    return ys_hash_bytes(r->choice, (uint64_t)r->households * sizeof *r->choice, prices);
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
    r->bytes = l->bytes;
    STAGE(YS_STAGE_PRICES, ys__dual(j, l, passes_for(j), YS_COLD, diag));
    ys__layout_drop_blocks(l);
    YS_TRY(draft_open(j, d, diag));
    ys__fix_prices(j);
    STAGE(YS_STAGE_BOUND, ys__exact(j, d, diag));
    memcpy(r->price, j->fixed, (size_t)j->n_rows * sizeof *r->price);
    r->price_bits = j->bits;
    __int128 bound = d->bound;
    int64_t whole = whole_bound(bound, r->price_bits, INT64_MIN);
    memcpy(j->root, j->price, (size_t)j->n_rows * sizeof *j->root);
    STAGE(YS_STAGE_REPAIR, ys__zones(j, l, d, diag));
    STAGE(YS_STAGE_SETTLE, ys__settle(j, d, diag));
    STAGE(YS_STAGE_REPAIR, ys__repair(j, l, d, diag));
    if (j->p->households <= (j->config->seconds > 0 ? SEARCH_MOST : SEARCH_ALWAYS))
        STAGE(YS_STAGE_SEARCH, ys__search(j, l, d, whole, diag));
    d->bound = bound;
    return YS_OK;
}

static void fill_result(ys_job *j, ys_draft *d, ys_additive_result *r)
{
    r->households = j->p->households;
    r->n_prices = j->n_rows;
    r->choice = d->choice;
    d->choice = NULL;
    r->value = ys__value(j->p, r->choice);
    r->bound = whole_bound(d->bound, r->price_bits, r->value);
    r->gap = r->bound > 0 ? (double)(r->bound - r->value) / (double)r->bound : 0;
    r->partial = ys__stopped(j);
    r->passes = j->passes;
    r->kernel = j->kernel.name;
    r->checksum = checksum(r);
}

ys_status ys_additive_solve(const ys_additive *p, const ys_optim_config *config,
                            ys_additive_result **ret_result, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_draft d = {0};
    ys_layout l = {0};
    ys_job j = {.p = p,
                .config = config,
                .n_rows = p->funds + p->rows,
                .limit = p->limit,
                .kernel = ys__kernel(config->kernel)};
    ys_additive_result *r = ys_calloc(1, sizeof *r);
    if (r == NULL)
        return ys_fail_nomem(diag);
    j.price = ys_calloc((size_t)j.n_rows + 1, sizeof *j.price);
    j.root = ys_calloc((size_t)j.n_rows + 1, sizeof *j.root);
    j.fixed = ys_calloc((size_t)j.n_rows + 1, sizeof *j.fixed);
    r->price = ys_calloc((size_t)j.n_rows + 1, sizeof *r->price);
    j.pool = ys_pool_new(config->threads);
    if (j.price == NULL || j.root == NULL || j.fixed == NULL || r->price == NULL || j.pool == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(run_stages(&j, &l, &d, r, diag));
    fill_result(&j, &d, r);
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

void ys_additive_result_free(ys_additive_result *r)
{
    if (r == NULL)
        return;
    ys_free(r->choice);
    ys_free(r->price);
    ys_free(r);
}
