/* SPDX-License-Identifier: Apache-2.0 */
/* Floors that couple many blocks - coverage, shares of spending, one project's share, at most - against brute force. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/rng.h"
#include "plan/build_cases.h"
#include "plan/sample.h"

enum { MOST_FLOORS = 4096 };

/* ---- what floors ask, told again from the description ------------------------------------------------------------ */

static int32_t area_of(const ys_plan_input *in, int64_t block)
{
    return block < in->n_households ? in->households[block].area
                                    : in->villages[block - in->n_households].area;
}

static bool inside(const ys_plan_input *in, int64_t block, int32_t begin, int32_t end)
{
    return area_of(in, block) >= begin && area_of(in, block) < end;
}

static int64_t fund_spent(const ys_plan *p, int32_t offering, int32_t fund)
{
    int64_t row[80], amount[80], sum = 0;
    int n = ys_plan_charges(p, offering, row, amount, 80);
    for (int i = 0; i < n; i++) {
        ys_plan_row r = ys_plan_row_at(p, row[i]);
        sum += r.fund >= 0 && (fund < 0 || p->in->funds[r.fund].fund == fund) ? amount[i] : 0;
    }
    return sum;
}

/* The value of an option alone, from the bundle that holds only it; such a bundle is there unless it requires another. */
static int64_t alone(const ys_block *b, int option)
{
    for (int k = 1; k < b->n_bundles; k++)
        if (b->bundle[k].count == 1 && b->bundle[k].option[0] == option)
            return b->bundle[k].v2;
    return b->alone2[option];
}

typedef struct sides {
    int64_t own, other;
} sides;

static sides add(const ys_plan *p, const ys_plan_floor *x, int64_t block, const ys_bundle *u)
{
    const ys_plan_input *in = p->in;
    ys_block b = ys__block(&p->choice, block);
    sides s = {0, 0};
    bool here = inside(in, block, x->area_begin, x->area_end);
    int64_t metric = x->metric == YS_PLAN_GAP     ? u->v2
                     : x->metric == YS_PLAN_CURES ? u->v1
                                                  : block < in->n_households && (u->v1 > 0 || u->v2 > 0);
    if (x->kind <= YS_PLAN_MOST)
        s.own = here ? metric : 0;
    else if (x->kind != YS_PLAN_SPENDING)
        s.own = here ? u->v2 : 0;
    if (x->kind == YS_PLAN_COVERAGE)
        s.other = inside(in, block, x->of_begin, x->of_end) ? u->v2 : 0;
    for (int j = 0; here && j < u->count; j++) {
        int32_t o = b.type[u->option[j]];
        if (x->kind == YS_PLAN_SPENDING) {
            int64_t money = fund_spent(p, o, x->fund);
            s.other += money;
            s.own += x->counts[in->offerings[o].measure] ? money : 0;
        } else if (x->kind == YS_PLAN_PROJECT && o == x->offering) {
            s.other += alone(&b, u->option[j]);
        }
    }
    return s;
}

/* Today's gap of an area; 0 where nobody can close any of it. */
static int64_t gap_in(const ys_plan *p, int32_t begin, int32_t end, bool exempt)
{
    int64_t gap = 0;
    bool any = !exempt;
    for (int64_t i = 0; i < p->choice.n_blocks; i++) {
        if (!inside(p->in, i, begin, end))
            continue;
        gap += i < p->in->n_households ? ys_plan_gap_today(p, i) : 0;
        ys_block b = ys__block(&p->choice, i);
        for (int k = 0; k < b.n_bundles; k++)
            any = any || b.bundle[k].v2 > 0;
    }
    return any ? gap : 0;
}

static bool met(const ys_plan *p, const ys_plan_floor *x, sides s)
{
    __int128 other = s.other > 0 ? s.other : 0, one = (__int128)1 << 40, n = 0;
    if (x->kind == YS_PLAN_LEAST)
        return s.own >= x->minimum;
    if (x->kind == YS_PLAN_MOST)
        return s.own <= x->minimum;
    if (x->kind == YS_PLAN_SPENDING)
        n = one * x->share / 1000000;
    if (x->kind == YS_PLAN_PROJECT)
        n = one * 1000000 / x->share;
    if (x->kind == YS_PLAN_COVERAGE) {
        int64_t own = gap_in(p, x->area_begin, x->area_end, true);
        if (own == 0)
            return true;
        n = one * x->share * own / ((__int128)1000000 * gap_in(p, x->of_begin, x->of_end, false));
    }
    return one * s.own >= n * other;
}

static void check_floors(const ys_plan *p, const ys_plan_result *r)
{
    for (int f = 0; f < p->in->n_floors; f++) {
        sides all = {0, 0};
        for (int64_t i = 0; i < r->blocks; i++) {
            sides s = add(p, &p->in->floors[f], i, &ys__block(&p->choice, i).bundle[r->choice[i]]);
            all.own += s.own;
            all.other += s.other;
        }
        if (!met(p, &p->in->floors[f], all))
            fail_msg("floor %s: %lld against %lld", p->in->floors[f].name, (long long)all.own,
                     (long long)all.other);
        bool most = p->in->floors[f].kind == YS_PLAN_MOST;
        assert_true(most ? r->floor_use[f] <= r->floor_need[f] : r->floor_use[f] >= r->floor_need[f]);
    }
    for (int64_t i = 0; i < r->rows; i++)
        assert_true(r->use[i] <= ys_plan_row_at(p, i).limit);
}

/* ---- brute force ---------------------------------------------------------------------------------------------- */

typedef struct search {
    const ys_plan *p;
    int64_t use[256], couple, minimum, value[2], best[2];
    sides floor[64];
    int tier;
    int64_t nodes;
} search;

static void put(search *s, int64_t block, const ys_bundle *u, int sign)
{
    const ys_choice *c = &s->p->choice;
    ys_block b = ys__block(c, block);
    for (int j = 0; j < u->count; j++)
        for (int64_t q = c->type_at[b.type[u->option[j]]]; q < c->type_at[b.type[u->option[j]] + 1]; q++)
            s->use[c->charge_row[q]] += sign * c->charge[q];
    for (int f = 0; f < s->p->in->n_floors; f++) {
        sides x = add(s->p, &s->p->in->floors[f], block, u);
        s->floor[f].own += sign * x.own;
        s->floor[f].other += sign * x.other;
    }
    s->value[0] += sign * (int64_t)u->v1;
    s->value[1] += sign * u->v2;
}

static void dig(search *s, int64_t block)
{
    const ys_choice *c = &s->p->choice;
    s->nodes++;
    if (block == c->n_blocks) {
        bool all = s->tier == 0 || s->value[0] >= s->minimum;
        for (int f = 0; all && f < s->p->in->n_floors; f++)
            all = met(s->p, &s->p->in->floors[f], s->floor[f]);
        if (all && s->value[s->tier] > s->best[s->tier])
            s->best[s->tier] = s->value[s->tier];
        return;
    }
    ys_block b = ys__block(c, block);
    for (int k = b.n_bundles; k-- > 0;) {
        put(s, block, &b.bundle[k], 1);
        bool fits = true;
        for (int64_t r = 0; r < c->n_rows; r++)
            fits = fits && s->use[r] <= c->limit[r];
        if (fits)
            dig(s, block + 1);
        put(s, block, &b.bundle[k], -1);
    }
}

static int64_t optimum(const ys_plan *p, int tier, int64_t minimum)
{
    search s = {.p = p, .tier = tier, .minimum = minimum, .best = {INT64_MIN, INT64_MIN}};
    assert_true(p->choice.n_rows <= 256 && p->in->n_floors <= 64);
    dig(&s, 0);
    return s.best[tier];
}

/* ---- instances ------------------------------------------------------------------------------------------------ */

typedef enum what { ALL, ONLY_COVERAGE, ONLY_SPENDING, ONLY_PROJECT, ONLY_MOST, WHATS } what;

static void mix_floors(ys_arena *a, ys_plan_input *in, uint64_t seed, what w)
{
    ys_rng r;
    ys_rng_init(&r, seed, 11);
    ys_plan_floor *f = ys_arena_alloc(a, MOST_FLOORS, sizeof *f);
    uint8_t *counts = ys_arena_alloc(a, (size_t)in->n_measures, 1);
    int villages = (int)in->n_villages, n = 0;
    for (int i = 0; i < in->n_measures; i++)
        counts[i] = ys_rng_below(&r, 2) == 0;
    for (int v = 0; (w == ALL || w == ONLY_COVERAGE) && v < villages && n < 3000; v++)
        f[n++] = (ys_plan_floor){.name = ys_arena_printf(a, "coverage-%d", v),
                                 .area_begin = v,
                                 .area_end = v + 1,
                                 .kind = YS_PLAN_COVERAGE,
                                 .share = 300000 + 100000 * (int32_t)ys_rng_below(&r, 7),
                                 .of_end = villages};
    for (int i = 0; (w == ALL || w == ONLY_SPENDING) && i < 2; i++)
        f[n++] = (ys_plan_floor){.name = "spending",
                                 .area_end = i == 0 ? villages : 1 + (int)ys_rng_below(&r, villages),
                                 .kind = YS_PLAN_SPENDING,
                                 .share = 200000 + 100000 * (int32_t)ys_rng_below(&r, 5),
                                 .fund = i == 0 ? -1 : 0,
                                 .counts = counts};
    for (int v = 0; (w == ALL || w == ONLY_PROJECT) && v < villages && n < MOST_FLOORS - 1; v++)
        f[n++] = (ys_plan_floor){.name = "project",
                                 .area_begin = v,
                                 .area_end = v + 1,
                                 .kind = YS_PLAN_PROJECT,
                                 .share = 300000 + 100000 * (int32_t)ys_rng_below(&r, 4),
                                 .offering = (int32_t)ys_rng_below(&r, in->n_offerings)};
    for (int i = 0; (w == ALL || w == ONLY_MOST) && i < 3; i++)
        f[n++] = (ys_plan_floor){
            .name = "most",
            .area_begin = (int)ys_rng_below(&r, villages),
            .area_end = villages,
            .kind = YS_PLAN_MOST,
            .metric = (ys_plan_metric)i,
            .minimum = (int64_t)ys_rng_below(&r, (i == 0 ? 400000 : 3) * (uint64_t)in->n_households)};
    in->floors = f;
    in->n_floors = n;
}

static void against_brute_force(uint64_t seed, what w, double *sum, double *worst, double *gap)
{
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 3 + (int64_t)(seed % 3),
                                                     .per_village = 2,
                                                     .measures = 4 + (int)(seed % 5),
                                                     .scarcity = 0.2 + 0.2 * (double)(seed % 4)});
    assert_non_null(in);
    in->max_measures = 1 + (int)(seed % 2);
    mix_floors(a, in, seed, w);
    ys_plan *p = build(in);
    ys_plan_result *r = NULL;
    ys_diag d = {0};
    if (ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 100}, &r, &d) != YS_OK)
        fail_msg("seed %llu: %s", (unsigned long long)seed, d.en); /* who gives nothing keeps them all */
    int64_t best0 = optimum(p, 0, 0);
    double loss = check_optimum(r, best0, optimum(p, 1, r->tier[1].couple_minimum));
    check_floors(p, r);
    *sum += loss;
    *worst = loss > *worst ? loss : *worst;
    *gap += r->tier[1].gap;
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

static void test_brute_force(void **state)
{
    (void)state;
    static const char *const names[] = {"all", "coverage", "spending", "project", "at most"};
    enum { SEEDS = 30 };
    for (what w = ALL; w < WHATS; w++) {
        double sum = 0, worst = 0, gap = 0;
        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            against_brute_force(seed, w, &sum, &worst, &gap);
        print_message("%-9s mean loss against brute force %.4f, worst %.4f; mean gap %.4f\n", names[w],
                      sum / SEEDS, worst, gap / SEEDS);
    }
}

/* ---- larger --------------------------------------------------------------------------------------------------- */

static void test_many_villages(void **state)
{
    (void)state;
    for (what w = WHATS; w-- > ALL;) {
        ys_arena *a = ys_arena_new(0);
        ys_plan_input *in = ys__sample(
            a, 42, (ys_sample_shape){.households = 2000, .per_village = 20, .measures = 16, .scarcity = 0.4});
        mix_floors(a, in, 42, w);
        ys_plan *p = build(in);
        ys_plan_result *r[2] = {NULL, NULL};
        ys_diag d = {0};
        for (int i = 0; i < 2; i++)
            if (ys_plan_solve(p, &(ys_plan_config){.threads = 1 + 2 * i, .passes = 60}, &r[i], &d) != YS_OK)
                fail_msg("solve: %s", d.en);
        assert_true(r[0]->checksum == r[1]->checksum);
        check_floors(p, r[0]);
        print_message("%d: floors %d, values %lld %lld, gaps %.5f %.5f\n", (int)w, in->n_floors,
                      (long long)r[0]->tier[0].value, (long long)r[0]->tier[1].value, r[0]->tier[0].gap,
                      r[0]->tier[1].gap);
        ys_plan_result_free(r[0]);
        ys_plan_result_free(r[1]);
        ys_plan_free(p);
        ys_arena_free(a);
    }
}

/* ---- floors that contradict each other -------------------------------------------------------------------------- */

static ys_status solve_without(ys_plan_input *in, const ys_plan_floor *all, int n, int out, ys_diag *d)
{
    ys_plan_floor some[8];
    int k = 0;
    for (int i = 0; i < n; i++)
        if (i != out)
            some[k++] = all[i];
    in->floors = some;
    in->n_floors = k;
    ys_plan *p = build(in);
    ys_plan_result *r = NULL;
    ys_status st = ys_plan_solve(p, &(ys_plan_config){.threads = 1}, &r, d);
    if (st == YS_OK)
        check_floors(p, r);
    ys_plan_result_free(r);
    ys_plan_free(p);
    return st;
}

/*
 * Two villages of ten like households, one measure with 12 places.  Ten helped in the first leave two for the second: less
 * than 40 % of the county's coverage.  A third floor and a ceiling far away have no part in it.
 */
static void test_conflict(void **state)
{
    (void)state;
    ys_plan_household h[20];
    for (int i = 0; i < 20; i++)
        h[i] =
            (ys_plan_household){.persons = 3, .area = i / 10, .village = -1, .line = 300000, .ystar = 500000};
    ys_plan_measure m = {.name = "cow", .target = YS_PLAN_HOUSEHOLD, .group = -1, .persistence = 1};
    ys_plan_offering o = {.name = "cows",
                          .area_end = 2,
                          .period = 2016,
                          .fund_a = -1,
                          .fund_b = -1,
                          .capacity = 12,
                          .cost = 100000,
                          .effect = 60000};
    const ys_plan_floor f[4] = {
        {.name = "first-helped", .area_end = 1, .metric = YS_PLAN_HELPED, .minimum = 10},
        {.name = "second-covered",
         .area_begin = 1,
         .area_end = 2,
         .kind = YS_PLAN_COVERAGE,
         .share = 400000,
         .of_end = 2},
        {.name = "first-covered", .area_end = 1, .kind = YS_PLAN_COVERAGE, .share = 400000, .of_end = 2},
        {.name = "all-helped", .area_end = 2, .metric = YS_PLAN_HELPED, .kind = YS_PLAN_MOST, .minimum = 20}};
    ys_plan_input in;
    ys_plan_input_defaults(&in);
    in.period = 2016;
    in.n_households = 20, in.households = h;
    in.n_measures = 1, in.measures = &m;
    in.n_offerings = 1, in.offerings = &o;
    ys_diag d = {0};
    assert_int_equal(solve_without(&in, f, 4, -1, &d), YS_EINFEASIBLE);
    assert_non_null(strstr(d.en, "(proven): first-helped, second-covered"));
    assert_null(strstr(d.en, "first-covered"));
    assert_null(strstr(d.en, "all-helped"));
    for (int out = 0; out < 4; out++) /* each of the two is necessary, the others are not part of it */
        assert_int_equal(solve_without(&in, f, 4, out, &d), out < 2 ? YS_OK : YS_EINFEASIBLE);
    const ys_plan_floor both[2] = {
        f[0], {.name = "few", .area_end = 2, .metric = YS_PLAN_HELPED, .kind = YS_PLAN_MOST, .minimum = 9}};
    assert_int_equal(solve_without(&in, both, 2, -1, &d), YS_EINFEASIBLE);
    assert_non_null(strstr(d.en, "(proven): first-helped, few"));
}

/* An area that nothing on offer reaches is asked for nothing; one more offering there, and it is. */
static void test_nothing_on_offer(void **state)
{
    (void)state;
    ys_plan_household h[4];
    for (int i = 0; i < 4; i++)
        h[i] =
            (ys_plan_household){.persons = 3, .area = i / 2, .village = -1, .line = 300000, .ystar = 500000};
    ys_plan_measure m = {.name = "cow", .target = YS_PLAN_HOUSEHOLD, .group = -1, .persistence = 1};
    ys_plan_offering o = {.name = "cows",
                          .area_end = 1,
                          .period = 2016,
                          .fund_a = -1,
                          .fund_b = -1,
                          .capacity = 2,
                          .effect = 60000};
    ys_plan_floor f = {.name = "second",
                       .area_begin = 1,
                       .area_end = 2,
                       .kind = YS_PLAN_COVERAGE,
                       .share = 500000,
                       .of_end = 2};
    ys_plan_input in;
    ys_plan_input_defaults(&in);
    in.period = 2016;
    in.n_households = 4, in.households = h;
    in.n_measures = 1, in.measures = &m;
    in.n_offerings = 1, in.offerings = &o;
    in.n_floors = 1, in.floors = &f;
    for (int wide = 0; wide < 2; wide++) {
        o.area_end = 1 + wide;
        ys_plan *p = build(&in);
        ys_plan_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_plan_solve(p, NULL, &r, &d), YS_OK);
        assert_true(r->tier[1].value > 0);
        assert_true(wide ? r->floor_need[0] > 0 && r->floor_use[0] >= r->floor_need[0]
                         : r->floor_need[0] == 0);
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
}

static int64_t one_gains(const ys_plan *p)
{
    return ys__block(&p->choice, 0).bundle[1].v2;
}

/*
 * One percentage point more of coverage costs what its price says.  A household near costs one, one far two; with a share s of
 * the county's coverage asked for the far half, 200 buy 200 / (1 + s/2) of them: what more of s loses is known.
 */
static void test_cost_of_a_point(void **state)
{
    (void)state;
    ys_plan_household h[400];
    for (int i = 0; i < 400; i++)
        h[i] = (ys_plan_household){
            .persons = 3, .area = i / 200, .village = -1, .line = 300000, .ystar = 500000};
    ys_plan_measure m = {.name = "cow", .target = YS_PLAN_HOUSEHOLD, .group = -1, .persistence = 1};
    ys_plan_offering o[2] = {{.name = "near",
                              .area_end = 1,
                              .period = 2016,
                              .fund_a = 0,
                              .fund_b = -1,
                              .share_a = 1000000,
                              .capacity = -1,
                              .cost = 100000,
                              .effect = 60000},
                             {.name = "far",
                              .area_begin = 1,
                              .area_end = 2,
                              .period = 2016,
                              .fund_a = 0,
                              .fund_b = -1,
                              .share_a = 1000000,
                              .capacity = -1,
                              .cost = 200000,
                              .effect = 60000}};
    ys_plan_fund money = {.name = "fund", .period = 2016, .amount = 20000000};
    ys_plan_floor f = {.name = "far", .area_begin = 1, .area_end = 2, .kind = YS_PLAN_COVERAGE, .of_end = 2};
    ys_plan_input in;
    ys_plan_input_defaults(&in);
    in.period = 2016;
    in.n_households = 400, in.households = h;
    in.n_measures = 1, in.measures = &m;
    in.n_offerings = 2, in.offerings = o;
    in.n_funds = 1, in.funds = &money;
    in.n_floors = 1, in.floors = &f;
    int64_t bound[2];
    double cost = 0;
    for (int k = 0; k < 2; k++) {
        f.share = 400000 + 100000 * k;
        ys_plan *p = build(&in);
        ys_plan_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_plan_solve(p, NULL, &r, &d), YS_OK);
        check_floors(p, r);
        bound[k] = r->tier[1].bound;
        int64_t exact = (int64_t)(200 / (1 + f.share / 2e6)) * one_gains(p);
        assert_true(r->tier[1].bound >= exact && (double)r->tier[1].value > 0.97 * (double)exact);
        cost += 5 * ys_plan_floor_cost(&in, r, 0); /* ten points at the mean price of both ends */
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
    double loss = (double)(bound[0] - bound[1]);
    print_message("ten points more: the bound sinks by %.0f fen, prices say %.0f\n", loss, cost);
    assert_true(loss > 0 && fabs(cost - loss) < 0.03 * loss);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conflict), cmocka_unit_test(test_nothing_on_offer),
        cmocka_unit_test(test_cost_of_a_point), cmocka_unit_test(test_brute_force),
        cmocka_unit_test(test_many_villages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
