/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_BRUTE_CASES_H
#define YS_PLAN_BRUTE_CASES_H
/*
 * brute_cases.h - for tests of plans: the optimum of tiny ones by trying everything, and what any plan must fulfil.  Included
 * after cmocka.
 */
#include <string.h>

#include "plan/build_cases.h"

/* ---- brute force ---------------------------------------------------------------------------------------------- */

typedef struct search {
    const ys_choice *c;
    int64_t use[256], floor[64], couple, value, best[2];
    int tier;
    int64_t minimum;              /* coupling */
    int64_t most1[64], most2[64]; /* what the blocks from here on can still add */
    int64_t nodes;
} search;

static void put(search *s, const ys_block *b, const ys_bundle *u, int sign)
{
    const ys_choice *c = s->c;
    for (int j = 0; j < u->count; j++)
        for (int64_t q = c->type_at[b->type[u->option[j]]]; q < c->type_at[b->type[u->option[j]] + 1]; q++)
            s->use[c->charge_row[q]] += sign * c->charge[q];
    for (int32_t k = c->place_at[b->place]; k < c->place_at[b->place + 1]; k++)
        s->floor[c->place_floor[k]] +=
            sign * ys__metric_value(c->floor_metric[c->place_floor[k]], u, c->place_helps[b->place]);
    s->couple += sign * (int64_t)u->v1;
    s->value += sign * (s->tier == 0 ? (int64_t)u->v1 : u->v2);
}

static bool within(const search *s)
{
    for (int64_t r = 0; r < s->c->n_rows; r++)
        if (s->use[r] > s->c->limit[r])
            return false;
    return true;
}

static void dig(search *s, int64_t block)
{
    s->nodes++;
    if (block == s->c->n_blocks) {
        bool met = s->couple >= s->minimum;
        for (int f = 0; f < s->c->n_floors; f++)
            met = met && s->floor[f] >= s->c->floor_minimum[f];
        if (met && s->value > s->best[s->tier])
            s->best[s->tier] = s->value;
        return;
    }
    if (s->couple + s->most1[block] < s->minimum ||
        (s->c->n_floors == 0 && s->value + (s->tier == 0 ? s->most1 : s->most2)[block] <= s->best[s->tier]))
        return;
    ys_block b = ys__block(s->c, block);
    for (int k = b.n_bundles; k-- > 0;) {
        put(s, &b, &b.bundle[k], 1);
        if (within(s))
            dig(s, block + 1);
        put(s, &b, &b.bundle[k], -1);
    }
}

static int64_t optimum(const ys_plan *p, int tier, int64_t minimum)
{
    search s = {.c = &p->choice, .tier = tier, .minimum = minimum, .best = {INT64_MIN, INT64_MIN}};
    assert_true(s.c->n_rows <= 256 && s.c->n_floors <= 64 && s.c->n_blocks < 64);
    for (int64_t i = s.c->n_blocks; i-- > 0;) {
        ys_block b = ys__block(s.c, i);
        int64_t top1 = 0, top2 = 0;
        for (int k = 0; k < b.n_bundles; k++) {
            top1 = b.bundle[k].v1 > top1 ? b.bundle[k].v1 : top1;
            top2 = b.bundle[k].v2 > top2 ? b.bundle[k].v2 : top2;
        }
        s.most1[i] = s.most1[i + 1] + top1;
        s.most2[i] = s.most2[i + 1] + top2;
    }
    dig(&s, 0);
    return s.best[tier];
}

/* Rows, floors, coupling and both values, added up from the public reading functions. */
static void check_feasible(const ys_plan *p, const ys_plan_result *r)
{
    int64_t use[256] = {0}, cures = 0, gap = 0, row[64], amount[64];
    for (int64_t b = 0; b < r->blocks; b++) {
        ys_plan_picks k = ys_plan_picks_of(p, r, b);
        cures += k.cures;
        gap += k.gap;
        for (int i = 0; i < k.count; i++) {
            int n = ys_plan_charges(p, k.pick[i].offering, row, amount, 64);
            for (int j = 0; j < n; j++)
                use[row[j]] += amount[j];
        }
    }
    for (int64_t i = 0; i < r->rows; i++) {
        assert_int_equal(use[i], r->use[i]);
        assert_true(use[i] <= ys_plan_row_at(p, i).limit);
    }
    for (int64_t f = 0; f < r->floors; f++)
        assert_true(r->floor_use[f] >= p->in->floors[f].minimum);
    assert_true(cures >= r->tier[1].couple_minimum);
    assert_int_equal(gap, r->tier[1].value);
}

#endif
