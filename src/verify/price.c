/* SPDX-License-Identifier: Apache-2.0 */
/*
 * price.c - the bound that the stored prices prove (docs/plan-model.md section 7), in 128-bit integers.
 *
 * Prices and weights are held below 2^62 and values are (worth.c), so a product is below 2^124 and what a
 * block adds up fits; sums over blocks and rows are checked.
 */
#include <stdbool.h>
#include "base/alloc.h"
#include "verify/inner.h"

#define MAX_SHIFT 60

static bool price_ok(ys__v_job *j, int tier, int64_t price, int64_t row, int floor)
{
    if (price >= 0 && price < YS_V_BIG)
        return true;
    ys_verify_finding x = ys__v_blank(price < 0 ? YS_VC_PRICE_NEGATIVE : YS_VC_PRICE_RANGE);
    x.tier = tier;
    x.row = row;
    x.floor = floor;
    x.found = price;
    ys__v_add(&j->found, &x);
    return false;
}

static bool length_ok(ys__v_job *j, int tier, ys_verify_code code, int64_t found, int64_t expected)
{
    if (found == expected)
        return true;
    ys_verify_finding x = ys__v_blank(code);
    x.tier = tier;
    x.found = found;
    x.expected = expected;
    ys__v_add(&j->found, &x);
    return false;
}

/* What the prices of floors that compare come to for the sum they are held against, rounded down. */
static void level_prices(ys__v_job *j, int tier)
{
    ys_i128 *price = j->level_price[tier];
    for (int i = 0; i < j->c->f->n_floors; i++)
        if (j->c->hold[i].level >= 0)
            price[j->c->hold[i].level] += (ys_i128)j->claim->tier[tier].floor_price[i] * j->c->hold[i].ratio;
    for (int g = 0; g < j->c->n_levels; g++)
        price[g] >>= 40;
}

/* One metric weighs `price` more in an interval of areas: noted where it begins and ends. */
static void weigh(ys__v_job *j, int tier, int32_t begin, int32_t end, ys_verify_metric metric, ys_i128 price)
{
    int32_t a = ys__v_area_from(j->c, begin), b = ys__v_area_from(j->c, end);
    int which = metric == YS_VERIFY_CURES ? 0 : metric == YS_VERIFY_GAP ? 1 : 2;
    if (a >= b)
        return;
    j->weight[tier][3 * (int64_t)a + which] += price;
    j->weight[tier][3 * (int64_t)b + which] -= price;
}

static void make_weights(ys__v_job *j, int tier)
{
    const ys__v_case *c = j->c;
    const ys_verify_tier *t = &j->claim->tier[tier];
    for (int i = 0; i < c->f->n_floors; i++) {
        const ys_verify_floor *x = &c->f->floors[i];
        bool plain = x->kind == YS_VERIFY_LEAST || x->kind == YS_VERIFY_MOST;
        ys_i128 price = x->kind == YS_VERIFY_MOST ? -(ys_i128)t->floor_price[i] : t->floor_price[i];
        if (x->kind != YS_VERIFY_SPENDING && !c->hold[i].asks_nothing)
            weigh(j, tier, x->area_begin, x->area_end, plain ? x->metric : YS_VERIFY_GAP, price);
        if (x->kind == YS_VERIFY_COVERAGE && (i == 0 || c->hold[i - 1].level != c->hold[i].level))
            weigh(j, tier, x->of_begin, x->of_end, YS_VERIFY_GAP, -j->level_price[tier][c->hold[i].level]);
    }
    for (int64_t k = 3; k < 3 * (int64_t)c->n_areas; k++)
        j->weight[tier][k] += j->weight[tier][k - 3];
}

/* What floors on spending and on projects make of one option. */
static ys_i128 option_weight(const ys__v_job *j, const ys__v_desk *d, int tier, const ys__v_option *o)
{
    const ys__v_case *c = j->c;
    int32_t area = c->area_at[d->block];
    ys_i128 sum = 0;
    for (int i = 0; i < j->n_spending; i++) {
        const ys_verify_floor *x = &c->f->floors[j->spending[i]];
        if (!ys__v_in_floor(c, x, area))
            continue;
        ys_i128 price = -j->level_price[tier][c->hold[j->spending[i]].level];
        price += x->counts[o->measure] ? j->claim->tier[tier].floor_price[j->spending[i]] : 0;
        sum += price * ys__v_spent(c, o->offering, x->fund);
    }
    for (int64_t k = c->project_at[area]; k < c->project_at[area + 1]; k++)
        if (c->f->floors[c->project[k]].offering == o->offering)
            sum -= j->level_price[tier][c->hold[c->project[k]].level] * o->alone[1];
    return sum;
}

/* May the prices of this tier be used?  Every fault is reported. */
static bool tier_ok(ys__v_job *j, int tier)
{
    const ys_verify_claim *q = j->claim;
    const ys_verify_tier *t = &q->tier[tier];
    int64_t rows = t->price ? q->n_rows : 0, floors = t->floor_price ? q->n_floors : 0;
    bool ok = length_ok(j, tier, YS_VC_ROW_PRICES, rows, j->c->n_rows);
    ok = length_ok(j, tier, YS_VC_FLOOR_PRICES, floors, j->c->f->n_floors) && ok;
    if (!ok)
        return false;
    if (t->shift < 0 || t->shift > MAX_SHIFT)
        ok = price_ok(j, tier, t->shift < 0 ? t->shift : INT64_MAX, -1, -1);
    for (int64_t i = 0; i < rows; i++)
        ok = price_ok(j, tier, t->price[i], i, -1) && ok;
    ys_i128 weight = t->shift >= 0 && t->shift <= MAX_SHIFT ? (ys_i128)1 << t->shift : 0;
    for (int i = 0; i < (int)floors; i++) {
        ok = price_ok(j, tier, t->floor_price[i], -1, i) && ok;
        weight += t->floor_price[i];
    }
    if (ok)
        level_prices(j, tier);
    for (int g = 0; ok && g < j->c->n_levels; g++)
        weight += j->level_price[tier][g];
    if (tier == 1) {
        ok = price_ok(j, tier, t->couple_price, -1, -1) && ok;
        weight += t->couple_price;
    }
    if (ok && weight >= YS_V_BIG)
        ok = price_ok(j, tier, INT64_MAX, -1, -1);
    return ok;
}

bool ys__v_prices(ys__v_job *j)
{
    const ys__v_case *c = j->c;
    j->spending = ys_calloc((size_t)c->f->n_floors + 1, sizeof *j->spending);
    if (!j->spending)
        return false;
    for (int i = 0; i < c->f->n_floors; i++)
        if (c->f->floors[i].kind == YS_VERIFY_SPENDING)
            j->spending[j->n_spending++] = i;
    for (int tier = 0; tier < YS_VERIFY_TIERS; tier++) {
        j->unit_price[tier] = ys_aligned((size_t)c->f->n_offerings + 1, sizeof *j->unit_price[tier]);
        j->weight[tier] = ys_aligned(3 * (size_t)c->n_areas + 3, sizeof *j->weight[tier]);
        j->level_price[tier] = ys_aligned((size_t)c->n_levels + 1, sizeof *j->level_price[tier]);
        if (!j->unit_price[tier] || !j->weight[tier] || !j->level_price[tier])
            return false;
        j->priced[tier] = tier_ok(j, tier);
        if (j->priced[tier])
            make_weights(j, tier);
        for (int i = 0; j->priced[tier] && i < c->f->n_offerings; i++)
            for (int k = 0; k < c->unit[i].charges; k++) {
                const ys__v_charge *g = &c->charge[c->unit[i].first + k];
                j->unit_price[tier][i] += (ys_i128)j->claim->tier[tier].price[g->row] * g->amount;
            }
    }
    return !j->found.short_of_memory;
}

ys_i128 ys__v_best(const ys__v_job *j, const ys__v_desk *d, int tier, const int64_t (*worth)[YS_VERIFY_TIERS])
{
    const ys_verify_facts *f = j->c->f;
    const ys_verify_tier *t = &j->claim->tier[tier];
    bool village = d->block >= f->n_households;
    const ys_i128 *w = &j->weight[tier][3 * (int64_t)j->c->area_at[d->block]];
    ys_i128 one = (ys_i128)1 << t->shift, cost[YS_V_OPTIONS];
    ys_i128 w_cures = w[0] + (tier == 0 ? one : t->couple_price), w_gap = w[1] + (tier == 1 ? one : 0);
    for (int i = 0; i < d->kept; i++)
        cost[i] = j->unit_price[tier][d->option[i].offering] - option_weight(j, d, tier, &d->option[i]);
    ys_i128 best = 0;
    for (int i = 0; i < d->sets; i++) {
        bool helped = !village && (worth[i][0] > 0 || worth[i][1] > 0);
        ys_i128 score = w_cures * worth[i][0] + w_gap * worth[i][1] + (helped ? w[2] : 0);
        for (uint32_t rest = d->set[i]; rest; rest &= rest - 1)
            score -= cost[__builtin_ctz(rest)];
        best = i == 0 || score > best ? score : best;
    }
    return best;
}

bool ys__v_bound(const ys__v_job *j, int tier, ys_i128 sum, int64_t *ret_bound)
{
    const ys_verify_facts *f = j->c->f;
    const ys_verify_tier *t = &j->claim->tier[tier];
    for (int64_t i = 0; i < j->c->n_rows; i++)
        if (__builtin_add_overflow(sum, (ys_i128)t->price[i] * j->c->limit[i], &sum))
            return false;
    for (int i = 0; i < f->n_floors; i++) {
        ys_i128 asked = (ys_i128)t->floor_price[i] * f->floors[i].minimum;
        if (__builtin_sub_overflow(sum, f->floors[i].kind == YS_VERIFY_MOST ? -asked : asked, &sum))
            return false;
    }
    if (tier == 1 && __builtin_sub_overflow(sum, (ys_i128)t->couple_price * t->couple_minimum, &sum))
        return false;
    sum >>= t->shift; /* arithmetic: rounds towards minus infinity */
    if (sum > INT64_MAX || sum < INT64_MIN)
        return false;
    *ret_bound = (int64_t)sum;
    return true;
}
