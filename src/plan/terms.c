/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <string.h>

#include "base/alloc.h"

/*
 * Floors that are held against a level: docs/plan-model.md section 6.  A draft keeps for each level a tree of the reaches of its
 * floors (how far each lets the level rise); its root says in one look whether all of them are met.
 */

const ys_term *ys__terms(const ys_choice *c, int32_t place, int32_t type, int *ret_n)
{
    *ret_n = 0;
    if (c->term_at == NULL)
        return NULL;
    int64_t low = c->term_at[place], high = c->term_at[place + 1], end = high;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (c->term[mid].type < type)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + *ret_n < end && c->term[low + *ret_n].type == type)
        ++*ret_n;
    return c->term + low;
}

double ys__option_worth(const ys_choice *c, const ys_block *b, int option, const double *sum_price)
{
    int n;
    double v = 0;
    const ys_term *t = ys__terms(c, b->place, b->type[option], &n);
    for (int i = 0; i < n; i++)
        v += sum_price[t[i].sum] * (double)ys__term_value(&t[i], b, option);
    return v;
}

void ys__sum_prices(const ys_choice *c, const double *floor_price, double *ret_price)
{
    for (int g = 0; g < c->n_levels; g++)
        ret_price[c->n_floors + g] = 0;
    for (int f = 0; f < c->n_floors; f++) {
        ret_price[f] = c->sum_sign[f] * floor_price[f];
        if (c->floor_level[f] >= 0)
            ret_price[c->n_floors + c->floor_level[f]] -= floor_price[f] * ys__ratio(c, f);
    }
}

int64_t ys__floor_slack(const ys_choice *c, int f, int64_t sum, int64_t level)
{
    if (c->floor_level[f] < 0 || level <= 0)
        return sum;
    ys_i128 asked = ((ys_i128)c->floor_ratio[f] * level + (((ys_i128)1 << YS_RATIO) - 1)) >> YS_RATIO;
    ys_i128 slack = (ys_i128)sum - asked, least = -((ys_i128)1 << 62);
    return slack < least ? (int64_t)least : (int64_t)slack;
}

int64_t ys__floor_reach(const ys_choice *c, int f, int64_t sum)
{
    if (sum < 0)
        return -1;
    if (c->floor_ratio[f] == 0)
        return INT64_MAX;
    ys_i128 reach = ((ys_i128)sum << YS_RATIO) / c->floor_ratio[f];
    return reach > INT64_MAX ? INT64_MAX : (int64_t)reach;
}

ys_status ys__floor_sums(const ys_choice *c, const uint16_t *choice, int64_t *use, int64_t *need,
                         ys_diag *diag)
{
    int64_t *sum = ys_calloc((size_t)(c->n_floors + c->n_levels), sizeof *sum);
    if (sum == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        const ys_bundle *u = &b.bundle[choice[i]];
        for (int32_t k = c->place_at[b.place]; k < c->place_at[b.place + 1]; k++) {
            int f = c->place_floor[k];
            sum[f] += c->sum_sign[f] * ys__metric_value(c->floor_metric[f], u, c->place_helps[b.place]);
        }
        for (int j = 0; c->term_at != NULL && j < u->count; j++) {
            int n;
            const ys_term *t = ys__terms(c, b.place, b.type[u->option[j]], &n);
            for (int k = 0; k < n; k++)
                sum[t[k].sum] += ys__term_value(&t[k], &b, u->option[j]);
        }
    }
    for (int f = 0; f < c->n_floors; f++) {
        int64_t level = c->floor_level[f] >= 0 ? sum[c->n_floors + c->floor_level[f]] : 0;
        use[f] = c->sum_sign[f] * sum[f];
        need[f] = c->sum_sign[f] * (c->floor_minimum[f] + sum[f] - ys__floor_slack(c, f, sum[f], level));
    }
    ys_free(sum);
    return YS_OK;
}

/* ---- drafts --------------------------------------------------------------------------------------------------- */

static void tree_set(int64_t *tree, int64_t n, int64_t leaf, int64_t value)
{
    int64_t i = n + leaf;
    tree[i] = value;
    for (i /= 2; i >= 1; i /= 2)
        tree[i] = tree[2 * i] < tree[2 * i + 1] ? tree[2 * i] : tree[2 * i + 1];
}

/* How far level `g` is above what its floors allow; not positive: all are met. */
static int64_t excess(const ys_draft *d, int g)
{
    int64_t level = d->level_use[g] > 0 ? d->level_use[g] : 0;
    const int64_t *tree = d->reach + d->reach_at[g];
    return d->reach_at[g + 1] - d->reach_at[g] < 2 ? -1 : level - tree[1];
}

void ys__draft_add(ys_draft *d, int sum, int64_t value)
{
    const ys_choice *c = d->s->c;
    int g = sum < c->n_floors ? c->floor_level[sum] : sum - c->n_floors;
    if (value == 0)
        return;
    if (g < 0) {
        int64_t least = d->s->minimum[sum];
        d->n_short -= d->floor_use[sum] < least;
        d->floor_use[sum] += value;
        d->n_short += d->floor_use[sum] < least;
        return;
    }
    d->n_short -= excess(d, g) > 0;
    if (sum < c->n_floors) {
        d->floor_use[sum] += value;
        tree_set(d->reach + d->reach_at[g], (d->reach_at[g + 1] - d->reach_at[g]) / 2, d->reach_leaf[sum],
                 ys__floor_reach(c, sum, d->floor_use[sum]));
    } else {
        d->level_use[g] += value;
    }
    d->n_short += excess(d, g) > 0;
}

int64_t ys__draft_excess(const ys_draft *d, int level)
{
    return excess(d, level);
}

ys_status ys__draft_levels(ys_draft *d, ys_diag *diag)
{
    const ys_choice *c = d->s->c;
    d->level_use = ys_calloc((size_t)c->n_levels, sizeof *d->level_use);
    d->reach_at = ys_calloc((size_t)c->n_levels + 1, sizeof *d->reach_at);
    d->reach_leaf = ys_calloc((size_t)c->n_floors, sizeof *d->reach_leaf);
    d->reach = ys_calloc(2 * (size_t)c->n_floors, sizeof *d->reach);
    d->slack = ys_calloc((size_t)d->s->n_floors, sizeof *d->slack);
    if (!d->level_use || !d->reach_at || !d->reach_leaf || !d->reach || !d->slack)
        return ys_fail_nomem(diag);
    for (int f = 0; f < c->n_floors; f++)
        if (c->floor_level[f] >= 0)
            d->reach_at[c->floor_level[f] + 1] += 2;
    for (int g = 0; g < c->n_levels; g++)
        d->reach_at[g + 1] += d->reach_at[g];
    for (int f = c->n_floors; f-- > 0;) { /* level_use counts leaves here */
        int g = c->floor_level[f];
        if (g < 0)
            continue;
        d->reach_leaf[f] = (int32_t)d->level_use[g]++;
        tree_set(d->reach + d->reach_at[g], (d->reach_at[g + 1] - d->reach_at[g]) / 2, d->reach_leaf[f],
                 ys__floor_reach(c, f, 0));
    }
    memset(d->level_use, 0, (size_t)c->n_levels * sizeof *d->level_use);
    d->n_short = 0;
    for (int f = 0; f < d->s->n_floors; f++)
        d->n_short += (f >= c->n_floors || c->floor_level[f] < 0) && d->s->minimum[f] > 0;
    return YS_OK;
}

int64_t ys__draft_floor(const ys_draft *d, int f)
{
    const ys_choice *c = d->s->c;
    if (f >= c->n_floors || c->floor_level[f] < 0)
        return d->floor_use[f];
    return ys__floor_slack(c, f, d->floor_use[f], d->level_use[c->floor_level[f]]);
}

const int64_t *ys__draft_slacks(ys_draft *d)
{
    for (int f = 0; f < d->s->n_floors; f++)
        d->slack[f] = ys__draft_floor(d, f);
    return d->slack;
}
