/* SPDX-License-Identifier: Apache-2.0 */
/* Baselines: what each rule does in a hand-made case, and on random problems that they are feasible, full and the same again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/rng.h"
#include "plan/sample.h"
#include "plan/why_cases.h"
#include "yaoshi/compare.h"

static ys_plan_result *baseline(const ys_plan *p, ys_compare_rule rule, const int32_t *declared)
{
    ys_diag d = {0};
    ys_plan_result *r = NULL;
    if (ys_compare_baseline(p, rule, declared, &r, &d) != YS_OK)
        fail_msg("baseline: %s", d.en);
    return r;
}

/* ---- by hand ---- */

/* Measures of a block as bits. */
static unsigned given(const ys_plan *p, const ys_plan_result *r, int64_t block)
{
    ys_plan_picks k = ys_plan_picks_of(p, r, block);
    unsigned bits = 0;
    for (int i = 0; i < k.count; i++)
        bits |= 1u << k.pick[i].measure;
    return bits;
}

/*
 * Alpha: 600 yuan for 1,000 a year; beta: 1,200 for 2,000 (one of the two).  There are 1,200 yuan for two households far below the
 * line: who comes first takes beta and the other one nothing; evenly spread, both get alpha.
 */
static void scarce(house *h)
{
    house_plain(h);
    spoil_group(h);
    h->offering[1].cost = 120000;
    h->fund[0].amount = 120000;
}

static void test_even_and_greedy(void **state)
{
    (void)state;
    house h;
    scarce(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *even = baseline(p, YS_COMPARE_EVEN, NULL), *greedy = baseline(p, YS_COMPARE_GREEDY, NULL);
    assert_int_equal(given(p, even, 0), 1);
    assert_int_equal(given(p, even, 1), 1);
    assert_int_equal(given(p, greedy, 0) + given(p, greedy, 1), 2);
    assert_int_equal(even->use[0], 120000);
    assert_int_equal(greedy->use[0], 120000);
    ys_plan_result_free(even);
    ys_plan_result_free(greedy);
    ys_plan_free(p);
}

/* With 1,800 yuan the even one goes on: both have alpha, and what is left lifts one of them to beta. */
static void test_even_spends_the_rest(void **state)
{
    (void)state;
    house h;
    scarce(&h);
    h.fund[0].amount = 180000;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = baseline(p, YS_COMPARE_EVEN, NULL);
    assert_int_equal(given(p, r, 0) + given(p, r, 1), 3);
    assert_int_equal(r->use[0], 180000);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* The card of household 1 says cause 4, which asks for alpha: beta would be better, but the card decides; household 2 has no card. */
static void test_declared(void **state)
{
    (void)state;
    house h;
    static const ys_plan_fit fits[] = {{.cause = 4, .measure = 0, .strength = 3},
                                       {.cause = 5, .measure = 1, .strength = 3}};
    scarce(&h);
    h.fund[0].amount = 180000;
    h.in.fits = fits;
    h.in.n_fits = 2;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = baseline(p, YS_COMPARE_DECLARED, (const int32_t[]){4, -1});
    assert_int_equal(given(p, r, 0), 1);
    assert_int_equal(given(p, r, 1), 2);
    ys_plan_result_free(r);
    r = baseline(p, YS_COMPARE_DECLARED, (const int32_t[]){5, 4});
    assert_int_equal(given(p, r, 0), 2);
    assert_int_equal(given(p, r, 1), 1);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* Two links: the stronger one first, whatever the order of the table. */
static void test_declared_by_strength(void **state)
{
    (void)state;
    house h;
    static const ys_plan_fit fits[] = {{.cause = 4, .measure = 1, .strength = 1},
                                       {.cause = 4, .measure = 0, .strength = 2}};
    scarce(&h);
    h.in.fits = fits;
    h.in.n_fits = 2;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = baseline(p, YS_COMPARE_DECLARED, (const int32_t[]){4, 4});
    assert_int_equal(given(p, r, 0), 1);
    assert_int_equal(given(p, r, 1), 1);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* Both get both; one household has root 2, the facts of the other are not known; alpha opens root 2, beta root 5 and is earned. */
static void test_tally(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = baseline(p, YS_COMPARE_GREEDY, NULL);
    static const uint8_t roots[] = {1 << 2, YS_COMPARE_UNKNOWN}, keys[] = {1 << 2, 1 << 5}, earned[] = {0, 1};
    static const int32_t group[] = {1, 0, -1}; /* the last block is the village */
    ys_compare_facts f = {.roots = roots, .keys = keys, .earned = earned, .group = group, .groups = 2};
    ys_compare_sum s[3];
    ys_compare_tally(p, r, &f, s);
    assert_int_equal(s[2].households, 2);
    assert_int_equal(s[2].villages, 0);
    assert_int_equal(s[2].money, 4 * 60000);
    assert_int_equal(s[1].money, 2 * 60000);
    assert_int_equal(s[1].absent, 60000);
    assert_int_equal(s[1].unknown, 0);
    assert_int_equal(s[0].unknown, 2 * 60000);
    assert_int_equal(s[2].absent, 60000);
    assert_int_equal(s[2].effect, 600000);
    assert_int_equal(s[2].earned, 400000);
    assert_int_equal(s[0].gap + s[1].gap, s[2].gap);
    assert_int_equal(s[2].gap, r->tier[1].value);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* A cure that is needed meets a root, whatever the factors say. */
static void test_tally_cure(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.measure[0].cures = 1;
    h.household[0].deprived = 1;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = baseline(p, YS_COMPARE_GREEDY, NULL);
    static const uint8_t none[3];
    ys_compare_facts f = {.roots = none, .keys = none, .earned = none};
    ys_compare_sum s;
    ys_compare_tally(p, r, &f, &s);
    assert_int_equal(s.cures, 1);
    assert_int_equal(s.money - s.absent, 60000);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* The money of a village measure is its households', by heads: one of three heads has the root. */
static void test_tally_village(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.measure[0].target = YS_PLAN_VILLAGE;
    h.household[1].persons = 2;
    h.in.n_measures = h.in.n_offerings = 1;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = baseline(p, YS_COMPARE_EVEN, NULL);
    static const uint8_t roots[] = {1, 2}, keys[] = {1}, earned[] = {1};
    ys_compare_facts f = {.roots = roots, .keys = keys, .earned = earned};
    ys_compare_sum s;
    ys_compare_tally(p, r, &f, &s);
    assert_int_equal(s.villages, 1);
    assert_int_equal(s.households, 0);
    assert_int_equal(s.money, 60000);
    assert_int_equal(s.absent, 40000);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* ---- on random problems ---- */

typedef struct view {
    const ys_plan *p;
    const ys_plan_result *r;
    int64_t *use; /* counted anew from the picks */
} view;

static void add_charges(const view *v, const ys_block *b, const ys_bundle *u, int sign)
{
    int64_t row[64], amount[64];
    for (int i = 0; i < u->count; i++) {
        int n = ys_plan_charges(v->p, b->type[u->option[i]], row, amount, 64);
        for (int k = 0; k < n; k++)
            v->use[row[k]] += sign * amount[k];
    }
}

static bool within(const view *v)
{
    for (int64_t i = 0; i < v->r->rows; i++)
        if (v->use[i] > ys_plan_row_at(v->p, i).limit)
            return false;
    return true;
}

static bool holds_all(const ys_bundle *u, const ys_bundle *part)
{
    for (int i = 0; i < part->count; i++)
        if (memchr(u->option, part->option[i], u->count) == NULL)
            return false;
    return true;
}

/* No block has a bundle open to it that is better for it (declared: that keeps what it has). */
static void check_full(const view *v, bool keep)
{
    for (int64_t i = 0; i < v->r->blocks; i++) {
        ys_block b = ys__block(&v->p->choice, i);
        const ys_bundle *now = &b.bundle[v->r->choice[i]];
        add_charges(v, &b, now, -1);
        for (int k = 0; k < b.n_bundles; k++) {
            const ys_bundle *u = &b.bundle[k];
            bool better = u->v1 > now->v1 || (u->v1 == now->v1 && u->v2 > now->v2);
            if (!better || (keep && !holds_all(u, now)))
                continue;
            add_charges(v, &b, u, 1);
            if (within(v))
                fail_msg("block %d could take bundle %d", (int)i, k);
            add_charges(v, &b, u, -1);
        }
        add_charges(v, &b, now, 1);
    }
}

static void check_sums(const view *v)
{
    int64_t value[2] = {0, 0};
    for (int64_t i = 0; i < v->r->blocks; i++) {
        ys_block b = ys__block(&v->p->choice, i);
        const ys_bundle *u = &b.bundle[v->r->choice[i]];
        add_charges(v, &b, u, 1);
        value[0] += u->v1;
        value[1] += u->v2;
    }
    assert_true(within(v));
    assert_memory_equal(v->use, v->r->use, (size_t)v->r->rows * sizeof *v->use);
    for (int t = 0; t < 2; t++) {
        assert_int_equal(value[t], v->r->tier[t].value);
        assert_true(value[t] <= v->r->tier[t].bound);
    }
}

/* First come first served again, in the plainest way: every bundle is tried against all rows. */
static void check_greedy(const ys_plan *p, const ys_plan_result *r, int64_t *use)
{
    int64_t n = r->blocks;
    view v = {.p = p, .r = r, .use = use};
    memset(use, 0, (size_t)r->rows * sizeof *use);
    uint64_t last = 0;
    for (int64_t turn = 0; turn < n;
         turn++) { /* hashes of different numbers differ: the next larger one is next */
        int64_t block = -1;
        uint64_t next = UINT64_MAX;
        for (int64_t i = 0; i < n; i++) {
            uint64_t h = ys_hash64((uint64_t)i + 1);
            if ((turn == 0 || h > last) && h <= next) {
                next = h;
                block = i;
            }
        }
        last = next;
        ys_block b = ys__block(&p->choice, block);
        int64_t v1 = 0, v2 = 0;
        for (int k = 1; k < b.n_bundles; k++) {
            const ys_bundle *u = &b.bundle[k];
            add_charges(&v, &b, u, 1);
            if (within(&v) && (u->v1 > v1 || (u->v1 == v1 && u->v2 > v2))) {
                v1 = u->v1;
                v2 = u->v2;
            }
            add_charges(&v, &b, u, -1);
        }
        const ys_bundle *mine = &b.bundle[r->choice[block]];
        assert_int_equal(mine->v1, v1);
        assert_int_equal(mine->v2, v2);
        add_charges(&v, &b, mine, 1);
    }
}

static void check_sample(uint64_t seed, int *ret_differ)
{
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 400,
                                                     .per_village = 20,
                                                     .measures = 16,
                                                     .scarcity = 0.1 + 0.15 * (double)(seed % 4),
                                                     .equal = seed % 5 == 0});
    assert_non_null(in);
    int32_t *declared = ys_arena_alloc(a, (size_t)in->n_households, sizeof *declared);
    ys_plan_fit fits[15];
    for (int i = 0; i < 15; i++)
        fits[i] = (ys_plan_fit){.cause = i % 5, .measure = (i * 7) % in->n_measures, .strength = 1 + i % 3};
    in->fits = fits;
    in->n_fits = 15;
    for (int64_t i = 0; i < in->n_households; i++)
        declared[i] = (int32_t)(i % 6) - 1;
    ys_plan *p = build(in), *again = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_plan_build(in, 3, &again, &d), YS_OK);
    ys_plan_result *best = solve(p);
    int64_t *use = ys_arena_alloc(a, (size_t)best->rows, sizeof *use), value[YS_COMPARE_RULES];
    for (int rule = 0; rule < YS_COMPARE_RULES; rule++) {
        ys_plan_result *r = baseline(p, (ys_compare_rule)rule, declared),
                       *r2 = baseline(again, (ys_compare_rule)rule, declared);
        view v = {.p = p, .r = r, .use = use};
        memset(use, 0, (size_t)r->rows * sizeof *use);
        check_sums(&v);
        check_full(&v, rule == YS_COMPARE_DECLARED);
        assert_memory_equal(r->choice, r2->choice, (size_t)r->blocks * sizeof *r->choice);
        assert_true(r->checksum == r2->checksum && r->checksum != 0);
        /* what no plan can beat, no baseline beats */
        assert_true(r->tier[0].value <= best->tier[0].bound);
        if (r->tier[0].value >= best->tier[1].couple_minimum)
            assert_true(r->tier[1].value <= best->tier[1].bound);
        if (rule == YS_COMPARE_GREEDY)
            check_greedy(p, r, use);
        value[rule] = r->tier[1].value;
        ys_plan_result_free(r);
        ys_plan_result_free(r2);
    }
    *ret_differ += value[0] != value[1] && value[1] != value[2] && value[0] != value[2];
    ys_plan_result_free(best);
    ys_plan_free(p);
    ys_plan_free(again);
    ys_arena_free(a);
}

static void test_samples(void **state)
{
    (void)state;
    int differ = 0;
    for (uint64_t seed = 1; seed <= 8; seed++)
        check_sample(seed, &differ);
    assert_true(differ >= 6); /* the three rules are not one and the same */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_even_and_greedy), cmocka_unit_test(test_even_spends_the_rest),
        cmocka_unit_test(test_declared),        cmocka_unit_test(test_declared_by_strength),
        cmocka_unit_test(test_tally),           cmocka_unit_test(test_tally_cure),
        cmocka_unit_test(test_tally_village),   cmocka_unit_test(test_samples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
