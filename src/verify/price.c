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
    for (int tier = 0; tier < YS_VERIFY_TIERS; tier++) {
        j->unit_price[tier] = ys_aligned((size_t)c->f->n_offerings + 1, sizeof *j->unit_price[tier]);
        if (!j->unit_price[tier])
            return false;
        j->priced[tier] = tier_ok(j, tier);
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
    int32_t area = village ? f->villages[d->block - f->n_households].area : f->households[d->block].area;
    int64_t one = (int64_t)1 << t->shift;
    int64_t w_cures = tier == 0 ? one : t->couple_price, w_gap = tier == 1 ? one : 0, w_helped = 0;
    for (int i = 0; i < f->n_floors; i++) {
        const ys_verify_floor *x = &f->floors[i];
        if (area < x->area_begin || area >= x->area_end)
            continue;
        w_cures += x->metric == YS_VERIFY_CURES ? t->floor_price[i] : 0;
        w_gap += x->metric == YS_VERIFY_GAP ? t->floor_price[i] : 0;
        w_helped += x->metric == YS_VERIFY_HELPED ? t->floor_price[i] : 0;
    }
    ys_i128 best = 0;
    for (int i = 0; i < d->sets; i++) {
        bool helped = !village && (worth[i][0] > 0 || worth[i][1] > 0);
        ys_i128 score =
            (ys_i128)w_cures * worth[i][0] + (ys_i128)w_gap * worth[i][1] + (helped ? w_helped : 0);
        for (uint32_t rest = d->set[i]; rest; rest &= rest - 1)
            score -= j->unit_price[tier][d->option[__builtin_ctz(rest)].offering];
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
    for (int i = 0; i < f->n_floors; i++)
        if (__builtin_sub_overflow(sum, (ys_i128)t->floor_price[i] * f->floors[i].minimum, &sum))
            return false;
    if (tier == 1 && __builtin_sub_overflow(sum, (ys_i128)t->couple_price * t->couple_minimum, &sum))
        return false;
    sum >>= t->shift; /* arithmetic: rounds towards minus infinity */
    if (sum > INT64_MAX || sum < INT64_MIN)
        return false;
    *ret_bound = (int64_t)sum;
    return true;
}
