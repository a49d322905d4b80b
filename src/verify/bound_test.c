/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bound_test.c - the bound against the optimum itself, found by trying every plan of small worlds: it is never
 * below, whatever the prices, and a bound pushed below is caught.
 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <math.h>
#include "base/alloc.h"
#include "base/rng.h"
#include "verify/test_plan.h"

typedef struct bundle {
    int64_t v[2];
    int n;
    ys_verify_pick pick[3];
    int64_t *use; /* per row */
} bundle;

typedef struct search {
    test_plan *t;
    ys__v_case c;
    int64_t n_rows;
    bundle *of[TP_MAX];
    int n[TP_MAX], choice[TP_MAX], best_choice[TP_MAX];
    int64_t use[2 * TP_MAX], reached[TP_MAX];
    int64_t v[2];
    int goal;        /* tier to maximise */
    int64_t minimum; /* of tier 1 */
    int64_t best;
    bool feasible;
} search;

static int area_of(const ys_verify_facts *f, int64_t b)
{
    return b < f->n_households ? f->households[b].area : f->villages[b - f->n_households].area;
}

static int64_t toward(const search *s, const ys_verify_floor *x, int64_t block, const bundle *u)
{
    int area = area_of(&s->t->f, block);
    if (area < x->area_begin || area >= x->area_end)
        return 0;
    if (x->metric == YS_VERIFY_HELPED)
        return block < s->t->f.n_households && (u->v[0] > 0 || u->v[1] > 0);
    return u->v[x->metric == YS_VERIFY_GAP ? 1 : 0];
}

static void move(search *s, int64_t block, const bundle *u, int sign)
{
    for (int64_t r = 0; r < s->n_rows; r++)
        s->use[r] += sign * u->use[r];
    for (int i = 0; i < s->t->f.n_floors; i++)
        s->reached[i] += sign * toward(s, &s->t->floor[i], block, u);
    s->v[0] += sign * u->v[0];
    s->v[1] += sign * u->v[1];
}

static void leaf(search *s)
{
    for (int i = 0; i < s->t->f.n_floors; i++)
        if (s->reached[i] < s->t->floor[i].minimum)
            return;
    if (s->v[0] < s->minimum || (s->feasible && s->v[s->goal] <= s->best))
        return;
    s->feasible = true;
    s->best = s->v[s->goal];
    memcpy(s->best_choice, s->choice, sizeof s->choice);
}

static void try_all(search *s, int64_t block)
{
    if (block == s->c.blocks) {
        leaf(s);
        return;
    }
    for (int i = 0; i < s->n[block]; i++) {
        const bundle *u = &s->of[block][i];
        bool fits = true;
        for (int64_t r = 0; r < s->n_rows; r++)
            fits = fits && s->use[r] + u->use[r] <= s->c.limit[r];
        if (!fits)
            continue;
        s->choice[block] = i;
        move(s, block, u, 1);
        try_all(s, block + 1);
        move(s, block, u, -1);
    }
}

static void lay_bundles(search *s)
{
    ys__v_desk k;
    assert_true(ys__v_desk_init(&k));
    for (int64_t b = 0; b < s->c.blocks; b++) {
        assert_int_equal(ys__v_desk_lay(&s->c, &k, b), YS_OK);
        s->n[b] = k.sets;
        s->of[b] = ys_calloc((size_t)k.sets, sizeof **s->of);
        for (int i = 0; i < k.sets; i++) {
            bundle *u = &s->of[b][i];
            u->use = ys_calloc((size_t)s->n_rows + 1, sizeof *u->use);
            assert_true(ys__v_worth(&s->c, b, k.option, k.set[i], u->v));
            for (uint32_t rest = k.set[i]; rest; rest &= rest - 1) {
                const ys__v_option *o = &k.option[__builtin_ctz(rest)];
                const ys__v_unit *unit = &s->c.unit[o->offering];
                u->pick[u->n++] = (ys_verify_pick){b, o->offering, o->person};
                for (int g = 0; g < unit->charges; g++)
                    u->use[s->c.charge[unit->first + g].row] += s->c.charge[unit->first + g].amount;
            }
        }
    }
    ys__v_desk_done(&k);
}

static search *search_new(test_plan *t)
{
    search *s = ys_calloc(1, sizeof *s);
    s->t = t;
    assert_int_equal(ys__v_ready(&t->f, &s->c, NULL), YS_OK);
    s->n_rows = s->c.n_rows;
    lay_bundles(s);
    return s;
}

static void search_free(search *s)
{
    for (int64_t b = 0; b < s->c.blocks; b++) {
        for (int i = 0; i < s->n[b]; i++)
            ys_free(s->of[b][i].use);
        ys_free(s->of[b]);
    }
    ys__v_case_done(&s->c);
    ys_free(s);
}

/* Best of tier `goal`; false: the floors cannot be met. */
static bool solve(search *s, int goal, int64_t minimum)
{
    s->goal = goal;
    s->minimum = minimum;
    s->feasible = false;
    try_all(s, 0);
    return s->feasible;
}

static double combinations(const search *s)
{
    double n = 1;
    for (int64_t b = 0; b < s->c.blocks; b++)
        n *= s->n[b];
    return n;
}

/* The bound once more, from the list of bundles. */
static int64_t bound_again(const search *s, int tier)
{
    const ys_verify_tier *t = &s->t->q.tier[tier];
    const ys_verify_facts *f = &s->t->f;
    __int128 sum = tier ? -(__int128)t->couple_price * t->couple_minimum : 0, one = (__int128)1 << t->shift;
    for (int64_t b = 0; b < s->c.blocks; b++) {
        __int128 best = 0;
        for (int i = 0; i < s->n[b]; i++) {
            const bundle *u = &s->of[b][i];
            __int128 x = one * u->v[tier] + (tier ? (__int128)t->couple_price * u->v[0] : 0);
            for (int64_t r = 0; r < s->n_rows; r++)
                x -= (__int128)t->price[r] * u->use[r];
            for (int k = 0; k < f->n_floors; k++)
                x += (__int128)t->floor_price[k] * toward(s, &f->floors[k], b, u);
            best = x > best ? x : best;
        }
        sum += best;
    }
    for (int64_t r = 0; r < s->n_rows; r++)
        sum += (__int128)t->price[r] * s->c.limit[r];
    for (int k = 0; k < f->n_floors; k++)
        sum -= (__int128)t->floor_price[k] * f->floors[k].minimum;
    return (int64_t)(sum >= 0 ? sum / one : -((-sum + one - 1) / one));
}

static void draw_prices(test_plan *t, uint64_t seed)
{
    ys_rng r;
    ys_rng_init(&r, seed, 1);
    for (int k = 0; k < 2; k++) {
        t->q.tier[k].shift = (int)ys_rng_below(&r, 30);
        int64_t one = (int64_t)1 << t->q.tier[k].shift;
        for (int i = 0; i < 2 * TP_MAX; i++) {
            double most = k == 0 ? 1e-4 : i < t->f.n_funds ? 2 : 400000;
            t->price[k][i] = (int64_t)(ys_rng_below(&r, 3) ? ys_rng_uniform(&r) * most * (double)one : 0);
        }
        for (int i = 0; i < TP_MAX; i++)
            t->floor_price[k][i] = ys_rng_below(&r, 2 * one);
    }
    t->q.tier[1].couple_price = ys_rng_below(&r, 1000) << t->q.tier[1].shift;
}

static void take_best(const search *s)
{
    s->t->q.n_picks = 0;
    for (int64_t b = 0; b < s->c.blocks; b++) {
        const bundle *u = &s->of[b][s->best_choice[b]];
        for (int i = 0; i < u->n; i++)
            s->t->pick[s->t->q.n_picks++] = u->pick[i];
    }
}

static int64_t must_pass(const test_plan *t)
{
    ys_verify_result *r = tp_verify(t);
    for (int64_t i = 0; i < r->n_kept; i++)
        print_error("%s\n", r->findings[i].en);
    int64_t count = r->count;
    ys_verify_result_free(r);
    return count;
}

/* The best plan there is passes with any prices, no bound is below it, and a bound pushed below is caught. */
static void best_plan_with_random_prices(search *s, uint64_t seed)
{
    test_plan *t = s->t;
    if (!solve(s, 0, INT64_MIN))
        return;
    int64_t first = s->best, minimum = first - first * t->f.tolerance / 1000000;
    assert_true(solve(s, 1, minimum));
    int64_t second = s->best;
    take_best(s);
    for (uint64_t k = 0; k < 3; k++) {
        draw_prices(t, seed * 10 + k);
        tp_stamp(t);
        t->q.tier[0].value = first; /* that of the plan of tier 1 */
        t->q.tier[1].couple_minimum = minimum;
        t->q.seal = 0;
        for (int tier = 0; tier < 2; tier++) {
            t->q.tier[tier].bound = bound_again(s, tier);
            int64_t best = tier ? second : first, bound = t->q.tier[tier].bound;
            assert_true(bound >= best);
            t->q.tier[tier].gap = (double)(bound - best) / (double)(llabs(bound) > 1 ? llabs(bound) : 1);
        }
        t->q.gap = fmax(t->q.tier[0].gap, t->q.tier[1].gap);
        assert_int_equal(must_pass(t), 0);
        t->q.tier[1].bound = second - 1;
        ys_verify_result *r = tp_verify(t);
        assert_int_equal(r->by_code[YS_VC_BOUND], 1);
        ys_verify_result_free(r);
    }
}

static void test_bound_holds_at_any_prices(void **state)
{
    (void)state;
    int solved = 0, helped = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        test_plan *t = tp_random(seed);
        search *s = search_new(t);
        if (combinations(s) < 30000) {
            best_plan_with_random_prices(s, seed);
            solved += s->feasible;
            helped += t->q.n_picks > 0;
        }
        search_free(s);
        tp_free(t);
    }
    print_message("solved by trying everything: %d, %d of them not empty\n", solved, helped);
    assert_true(solved > 100 && helped > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bound_holds_at_any_prices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
