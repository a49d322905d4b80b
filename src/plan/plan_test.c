/* SPDX-License-Identifier: Apache-2.0 */
/* The planner against brute force, and properties that must hold at any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "plan/brute_cases.h"
#include "plan/sample.h"

static void against_brute_force(uint64_t seed, int floors, int *infeasible, double *worst)
{
    ys_arena *a = ys_arena_new(0);
    int measures = 4 + (int)(seed % 12);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 3 + (int64_t)(seed % 3),
                                                     .per_village = 3,
                                                     .measures = measures,
                                                     .scarcity = 0.2 + 0.2 * (double)(seed % 4),
                                                     .floors = floors,
                                                     .equal = seed % 5 == 0});
    assert_non_null(in);
    in->max_measures = 1 + (int)(seed % 3);
    in->alpha = 1 + (int)(seed / 3 % 2);
    ys_plan *p = build(in);
    ys_plan_result *r = NULL;
    ys_diag d = {0};
    ys_status st = ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 100}, &r, &d);
    int64_t best0 = optimum(p, 0, INT64_MIN / 2);
    if (st != YS_OK) {
        /* a proven contradiction must be one; where it is not proven the search may have failed */
        assert_int_equal(st, YS_EINFEASIBLE);
        assert_true(best0 == INT64_MIN || strstr(d.en, "not proven") != NULL);
        ++*infeasible;
    } else {
        double loss = check_optimum(r, best0, optimum(p, 1, r->tier[1].couple_minimum));
        check_feasible(p, r);
        *worst = loss > *worst ? loss : *worst;
    }
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

static void test_brute_force(void **state)
{
    (void)state;
    int infeasible = 0;
    double worst = 0;
    for (uint64_t seed = 1; seed <= 300; seed++)
        against_brute_force(seed, 0, &infeasible, &worst);
    assert_int_equal(infeasible, 0);
    print_message("largest loss against brute force on tiny instances: %.3f\n", worst);
}

static void test_brute_force_floors(void **state)
{
    (void)state;
    int infeasible = 0;
    double worst = 0;
    for (uint64_t seed = 1000; seed < 1100; seed++)
        against_brute_force(seed, 2, &infeasible, &worst);
    print_message("%d of 100 instances with floors were refused\n", infeasible);
    assert_true(infeasible < 60);
}

/* ---- properties ----------------------------------------------------------------------------------------------- */

static ys_plan_input *medium(ys_arena *a, int floors, bool equal)
{
    return ys__sample(a, 42,
                      (ys_sample_shape){.households = 3000,
                                        .per_village = 50,
                                        .measures = 16,
                                        .scarcity = 0.4,
                                        .floors = floors,
                                        .equal = equal});
}

static ys_plan_result *solve(const ys_plan *p, int threads)
{
    ys_diag d = {0};
    ys_plan_result *r = NULL;
    if (ys_plan_solve(p, &(ys_plan_config){.threads = threads, .passes = 60}, &r, &d) != YS_OK)
        fail_msg("solve: %s", d.en);
    return r;
}

static void test_threads(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = medium(a, 3, false);
    uint64_t first = 0;
    for (int threads = 1; threads <= 4; threads *= 2) {
        ys_diag d = {0};
        ys_plan *p = NULL;
        assert_int_equal(ys_plan_build(in, threads, &p, &d), YS_OK);
        ys_plan_result *r = solve(p, threads);
        first = threads == 1 ? r->checksum : first;
        assert_true(r->checksum == first);
        assert_true(r->tier[0].value <= r->tier[0].bound && r->tier[1].value <= r->tier[1].bound);
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
    ys_arena_free(a);
}

/* More money can only help: the bound with more is no lower than the value with less. */
static void test_more_money(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = medium(a, 0, true);
    ys_plan_fund *f = ys_arena_alloc(a, (size_t)in->n_funds, sizeof *f);
    memcpy(f, in->funds, (size_t)in->n_funds * sizeof *f);
    in->funds = f;
    int64_t value = -1, bound = -1;
    for (int step = 0; step < 4; step++) {
        ys_plan *p = build(in);
        ys_plan_result *r = solve(p, 1);
        assert_true(r->tier[0].bound >= value);
        assert_true(r->tier[0].bound >=
                    bound - bound / 1000 - 1); /* bounds are within a hair of the optimum */
        value = r->tier[0].value;
        bound = r->tier[0].bound;
        ys_plan_result_free(r);
        ys_plan_free(p);
        for (int i = 0; i < in->n_funds; i++)
            f[i].amount += f[i].amount / 2;
    }
    ys_arena_free(a);
}

/* Enough of everything: demand fits at zero prices, and the plan is the optimum. */
static void test_plenty(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(
        a, 5, (ys_sample_shape){.households = 500, .per_village = 50, .measures = 16, .scarcity = 5000});
    ys_plan *p = build(in);
    ys_plan_result *r = solve(p, 1);
    assert_int_equal(r->tier[0].value, r->tier[0].bound);
    assert_int_equal(r->tier[0].passes, 1);
    assert_true(r->tier[1].gap < 0.02);
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

/* ---- floors that cannot be met, and bad input ----------------------------------------------------------------- */

static void test_infeasible_floor(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = medium(a, 1, false);
    ys_plan_floor floor[2] = {
        {.name = "possible", .area_begin = 0, .area_end = 60, .metric = YS_PLAN_HELPED, .minimum = 5},
        {.name = "dream", .area_begin = 0, .area_end = 2, .metric = YS_PLAN_HELPED, .minimum = 101}};
    in->floors = floor;
    in->n_floors = 2;
    ys_plan *p = build(in);
    ys_plan_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 60}, &r, &d), YS_EINFEASIBLE);
    assert_non_null(strstr(d.en, "dream"));
    assert_null(strstr(d.en, "possible"));
    assert_non_null(strstr(d.zh, "dream"));
    assert_null(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

/* One offering with 10 places, two floors of 8 each: together impossible, alone fine. */
static void test_conflicting_floors(void **state)
{
    (void)state;
    ys_plan_household h[40];
    for (int i = 0; i < 40; i++)
        h[i] = (ys_plan_household){
            .persons = 2, .area = i / 20, .village = -1, .cause = -1, .line = 300000, .ystar = 200000};
    ys_plan_measure m = {.name = "m", .target = YS_PLAN_HOUSEHOLD, .group = -1, .persistence = 1};
    ys_plan_offering o = {.name = "o",
                          .area_end = 2,
                          .period = 2016,
                          .fund_a = -1,
                          .fund_b = -1,
                          .capacity = 10,
                          .effect = 100000};
    ys_plan_floor f[3] = {
        {.name = "east", .area_begin = 0, .area_end = 1, .metric = YS_PLAN_HELPED, .minimum = 8},
        {.name = "west", .area_begin = 1, .area_end = 2, .metric = YS_PLAN_HELPED, .minimum = 8},
        {.name = "easy", .area_begin = 0, .area_end = 2, .metric = YS_PLAN_HELPED, .minimum = 1}};
    ys_plan_input in;
    ys_plan_input_defaults(&in);
    in.period = 2016;
    in.n_households = 40, in.households = h;
    in.n_measures = 1, in.measures = &m;
    in.n_offerings = 1, in.offerings = &o;
    in.n_floors = 3, in.floors = f;
    ys_plan *p = build(&in);
    ys_plan_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_plan_solve(p, NULL, &r, &d), YS_EINFEASIBLE);
    assert_non_null(strstr(d.en, "(proven)"));
    assert_non_null(strstr(d.en, "east"));
    assert_non_null(strstr(d.en, "west"));
    assert_null(strstr(d.en, "easy"));
    ys_plan_free(p);
    f[1].minimum = 2;
    p = build(&in);
    assert_int_equal(ys_plan_solve(p, NULL, &r, &d), YS_OK);
    assert_int_equal(r->use[0], 10);
    assert_int_equal(r->floor_use[0], 8);
    assert_true(r->tier[1].gap < 0.005); /* forty equal households: prices only come near the optimum */
    ys_plan_result_free(r);
    ys_plan_free(p);
}

typedef struct bad_case {
    const char *name, *expect;
    void (*spoil)(ys_plan_input *in);
    ys_status status;
} bad_case;

static ys_plan_offering bad_offering[1];
static ys_plan_household bad_household[2];
static ys_plan_fund bad_fund[2];

static void nan_effect(ys_plan_input *in)
{
    (void)in;
    bad_offering[0].effect = (double)NAN;
}
static void huge_cost(ys_plan_input *in)
{
    (void)in;
    bad_offering[0].cost = (int64_t)1 << 53;
}
static void negative_places(ys_plan_input *in)
{
    (void)in;
    bad_offering[0].capacity = -2;
}
static void no_persons(ys_plan_input *in)
{
    (void)in;
    bad_household[1].persons = 0;
}
static void fund_twice(ys_plan_input *in)
{
    in->n_funds = 2;
    bad_fund[1] = bad_fund[0];
}
static void no_measure(ys_plan_input *in)
{
    (void)in;
    bad_offering[0].measure = 3;
}

static ys_plan_measure small_measure = {
    .name = "m", .target = YS_PLAN_HOUSEHOLD, .group = -1, .persistence = 1};

static ys_plan_input small_input(void)
{
    ys_plan_input in;
    ys_plan_input_defaults(&in);
    in.period = 2016;
    bad_household[0] = bad_household[1] =
        (ys_plan_household){.persons = 2, .village = -1, .cause = -1, .line = 300000, .ystar = 200000};
    bad_offering[0] = (ys_plan_offering){.name = "the-offering",
                                         .area_end = 1,
                                         .period = 2016,
                                         .fund_b = -1,
                                         .share_a = 1000000,
                                         .capacity = YS_PLAN_UNBOUNDED,
                                         .cost = 1000,
                                         .effect = 100000};
    bad_fund[0] = (ys_plan_fund){.name = "the-fund", .period = 2016, .amount = 100000};
    in.n_households = 2, in.households = bad_household;
    in.n_measures = 1, in.measures = &small_measure;
    in.n_offerings = 1, in.offerings = bad_offering;
    in.n_funds = 1, in.funds = bad_fund;
    return in;
}

static void test_bad_input(void **state)
{
    (void)state;
    static const bad_case cases[] = {{"NaN effect", "the-offering", nan_effect, YS_EDATA},
                                     {"cost 2^53", "the-offering", huge_cost, YS_EDATA},
                                     {"negative places", "the-offering", negative_places, YS_EDATA},
                                     {"household without persons", "household 2", no_persons, YS_EDATA},
                                     {"fund twice", "the-fund", fund_twice, YS_EDATA},
                                     {"unknown measure", "the-offering", no_measure, YS_EDATA}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ys_plan_input in = small_input();
        cases[i].spoil(&in);
        ys_plan *p = NULL;
        ys_diag d = {0};
        if (ys_plan_build(&in, 1, &p, &d) != cases[i].status || strstr(d.en, cases[i].expect) == NULL ||
            d.zh[0] == 0)
            fail_msg("%s: %s", cases[i].name, d.en);
        assert_null(p);
    }
}

/* A cost just below 2^53 beside a fund as large: exact, never a wrong bound. */
static void test_large_costs(void **state)
{
    (void)state;
    ys_plan_input in = small_input();
    bad_offering[0].cost = ((int64_t)1 << 53) - 1;
    bad_fund[0].amount = ((int64_t)1 << 53) - 1;
    ys_plan *p = build(&in);
    ys_plan_result *r = solve(p, 1);
    assert_int_equal(r->use[0], ((int64_t)1 << 53) - 1); /* one household of two */
    ys_plan_picks k0 = ys_plan_picks_of(p, r, 0), k1 = ys_plan_picks_of(p, r, 1);
    assert_int_equal(k0.count + k1.count, 1);
    assert_int_equal(r->tier[1].value, k0.gap + k1.gap);
    assert_true(r->tier[1].bound >= r->tier[1].value);
    ys_plan_result_free(r);
    ys_plan_free(p);
    /* one fen more than the fund holds: no option at all */
    bad_fund[0].amount--;
    p = build(&in);
    assert_int_equal(ys_plan_measure_size(p).options, 0);
    ys_plan_free(p);
}

static void test_empty(void **state)
{
    (void)state;
    ys_plan_input in = small_input();
    bad_offering[0].area_begin = bad_offering[0].area_end = 7; /* a scope that holds nobody */
    ys_plan *p = build(&in);
    assert_int_equal(ys_plan_measure_size(p).options, 0);
    ys_plan_result *r = solve(p, 1);
    assert_int_equal(r->tier[1].value, 0);
    assert_int_equal(r->tier[1].bound, 0);
    ys_plan_result_free(r);
    ys_plan_free(p);
    in.n_households = 0; /* nobody at all */
    p = build(&in);
    r = solve(p, 1);
    assert_int_equal(r->blocks, 0);
    ys_plan_result_free(r);
    ys_plan_free(p);
    in = small_input();
    bad_offering[0].capacity = 0; /* no places */
    p = build(&in);
    assert_int_equal(ys_plan_measure_size(p).options, 0);
    ys_plan_free(p);
}

/* ---- values --------------------------------------------------------------------------------------------------- */

/* science.md 5.4: 2000 yuan a year over 5 years at 5 %: 8659 where it lasts, 7164 at 0.9, 4962 at 0.7, 3547 at 0.5. */
static void test_persistence(void **state)
{
    (void)state;
    static const double rho[] = {1, 0.9, 0.7, 0.5};
    static const int64_t yuan[] = {8659, 7164, 4962, 3547};
    for (int i = 0; i < 4; i++) {
        ys_plan_input in = small_input();
        in.income_sd_share = 0;
        small_measure.persistence = rho[i];
        bad_household[0].persons = 1;
        bad_household[0].ystar = -1000000; /* far below the line: every fen of effect closes a fen of gap */
        bad_offering[0].effect = 200000;
        ys_plan *p = build(&in);
        ys_plan_result *r = solve(p, 1);
        assert_int_equal((ys_plan_picks_of(p, r, 0).gap + 50) / 100, yuan[i]);
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
    small_measure.persistence = 1;
}

static bool always(void *arg)
{
    int *left = arg;
    return (*left)-- <= 0;
}

static void test_interrupt(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = medium(a, 0, false);
    ys_plan *p = build(in);
    for (int after = 0; after <= 40; after += 20) {
        int left = after;
        ys_plan_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(
            ys_plan_solve(p,
                          &(ys_plan_config){.threads = 1, .passes = 30, .interrupted = always, .arg = &left},
                          &r, &d),
            YS_OK);
        assert_true(r->partial);
        for (int64_t i = 0; i < r->rows; i++)
            assert_true(r->use[i] <= ys_plan_row_at(p, i).limit);
        assert_true(r->tier[1].value <= r->tier[1].bound && r->tier[0].value <= r->tier[0].bound);
        ys_plan_result_free(r);
    }
    ys_plan_free(p);
    ys_arena_free(a);
}

/* Fail the nth allocation, for every n: an error, never a crash or a leak. */
static void test_out_of_memory(void **state)
{
    (void)state;
    bool done = false;
    for (int64_t n = 1; !done && n < 400; n++) {
        ys_plan_input in = small_input();
        ys_plan *p = NULL;
        ys_plan_result *r = NULL;
        ys_diag d = {0};
        ys_alloc_fail_from(n);
        ys_status st = ys_plan_build(&in, 1, &p, &d);
        if (st == YS_OK)
            st = ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 5}, &r, &d);
        ys_alloc_fail_from(0);
        done = st == YS_OK;
        if (!done)
            assert_int_equal(st, YS_ENOMEM);
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
    assert_true(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_brute_force),
                                       cmocka_unit_test(test_brute_force_floors),
                                       cmocka_unit_test(test_threads),
                                       cmocka_unit_test(test_more_money),
                                       cmocka_unit_test(test_plenty),
                                       cmocka_unit_test(test_infeasible_floor),
                                       cmocka_unit_test(test_conflicting_floors),
                                       cmocka_unit_test(test_bad_input),
                                       cmocka_unit_test(test_large_costs),
                                       cmocka_unit_test(test_empty),
                                       cmocka_unit_test(test_persistence),
                                       cmocka_unit_test(test_interrupt),
                                       cmocka_unit_test(test_out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
