/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: each one for a household made for it, and on random plans that what is stated is true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "base/arena.h"
#include "plan/sample.h"
#include "plan/why_cases.h"
#include "plan/why_truth.h"

/* ---- one household for each reason ---------------------------------------------------------------------------- */

static void test_every_reason(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (size_t i = 0; i < sizeof why_cases / sizeof *why_cases; i++) {
        const why_case *c = &why_cases[i];
        house h;
        house_plain(&h);
        if (c->spoil != NULL)
            c->spoil(&h);
        ys_plan *p = build(&h.in);
        ys_plan_result *r = solve(p);
        ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
        if (w.reason != c->reason || w.other != c->other || w.row != c->row)
            fail_msg("%s: %s, other %d, row %d", c->name, ys_plan_reason_name(w.reason), w.other, (int)w.row);
        seen |= 1u << w.reason;
        /* what stands in the way of alpha does not stand in the way of beta, or it is chosen */
        if (c->reason != YS_WHY_NEEDS && c->reason != YS_WHY_LIMIT && h.in.n_offerings == 2)
            assert_int_equal(ys_plan_why_not(p, r, 0, 1).reason, YS_WHY_CHOSEN);
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
    assert_int_equal(seen, (1u << (YS_WHY_COUNT + 1)) - 1);
}

/* 500 yuan below the line: alpha closes all of it in each of five years, 500 * 4.3295 at 5 %. */
static void test_figures_of_money(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_money(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
    double d = 1, sum = 0;
    for (int t = 1; t <= 5; t++)
        sum += d /= 1.05;
    int64_t annuity = (int64_t)floor(50000 * sum + 0.5);
    assert_int_equal(w.gain, annuity);
    /* the price lies between what household 1 would gain and what household 2 does gain, of one unit */
    assert_true(w.price >= w.gain && w.price <= 2 * annuity + 1);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* The cure goes to the household where a place closes least beside it; for the other one a bundle with it closes less. */
static void test_figures_of_a_cure(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_cure(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    assert_int_equal(ys_plan_why_not(p, r, 1, 0).reason, YS_WHY_CHOSEN);
    ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
    assert_int_equal(w.reason, YS_WHY_CAPACITY);
    assert_int_equal(w.row, 1);
    assert_int_equal(w.gain, -ys_plan_picks_of(p, r, 0).gap);
    assert_true(w.gain < 0);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* ---- a reason is true ----------------------------------------------------------------------------------------- */

static void check_sample(uint64_t seed, int floors, bool cures, tally *t)
{
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 100,
                                                     .per_village = 20,
                                                     .measures = 16,
                                                     .scarcity = 0.15 + 0.1 * (double)(seed % 4),
                                                     .floors = floors,
                                                     .equal = seed % 5 == 0});
    assert_non_null(in);
    in->max_measures = 1 + (int)(seed % 3);
    static const int32_t weightless[YS_PLAN_INDICATORS];
    in->indicator_weight = cures ? in->indicator_weight : weightless;
    ys_plan *p = build(in);
    ys_plan_result *r = solve(p);
    int turn = (int)seed;
    for (int64_t block = 0; block < r->blocks; block++)
        for (int32_t m = 0; m < in->n_measures; m++) {
            view v = view_of(p, r, block, m);
            check_reason(&v, t);
            if (is_scarce(&v) && ++turn % 23 == 0)
                force(&v, spoken_of(&v), t);
        }
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

static tally check_samples(uint64_t first, uint64_t last, int floors, bool cures)
{
    tally t = {0};
    for (uint64_t seed = first; seed <= last; seed++)
        check_sample(seed, floors, cures, &t);
    for (int i = 0; i <= YS_WHY_COUNT; i++)
        print_message("%s %d%s", ys_plan_reason_name((ys_plan_reason)i), t.checked[i],
                      i < YS_WHY_COUNT ? ", " : "\n");
    print_message("forced %d (refused %d): stated %.0f yuan, lost %.0f yuan\n", t.forced, t.refused,
                  t.stated / 100, t.lost / 100);
    assert_true(t.forced >= 20);
    for (int i = YS_WHY_GROUP; i <= YS_WHY_COUNT; i++)
        assert_true(t.checked[i] > 0);
    return t;
}

static void test_true_on_samples(void **state)
{
    (void)state;
    check_samples(1, 6, 0, true);
}

/*
 * No cures, no floors: nothing but the figures is in it.  Each loss is at least price - gain less what is not proven (force);
 * so is their sum, and the prices are not idle: they foretell a good part of what is lost.
 */
static void test_true_gap_alone(void **state)
{
    (void)state;
    tally t = check_samples(11, 16, 0, false);
    assert_true(t.stated > 0 && t.lost > 0.5 * t.stated && t.stated > 0.1 * t.lost);
}

static void test_true_with_floors(void **state)
{
    (void)state;
    check_samples(21, 24, 2, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_reason),      cmocka_unit_test(test_figures_of_money),
        cmocka_unit_test(test_figures_of_a_cure), cmocka_unit_test(test_true_on_samples),
        cmocka_unit_test(test_true_gap_alone),    cmocka_unit_test(test_true_with_floors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
