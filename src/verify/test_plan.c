/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "base/alloc.h"
#include "base/rng.h"
#include "verify/test_plan.h"

test_plan *tp_new(void)
{
    test_plan *t = ys_calloc(1, sizeof *t);
    assert_non_null(t);
    t->f = (ys_verify_facts){.households = t->household,
                             .persons = t->person,
                             .villages = t->village,
                             .indicator_weight = t->weight,
                             .affected = t->affected,
                             .measures = t->measure,
                             .offerings = t->offering,
                             .funds = t->fund,
                             .relations = t->relation,
                             .floors = t->floor,
                             .groups = t->group,
                             .locks = t->lock,
                             .period = 2017,
                             .horizon = 1,
                             .max_measures = 3,
                             .alpha = 1,
                             .tolerance = 1000};
    t->q = (ys_verify_claim){.picks = t->pick};
    for (int k = 0; k < 2; k++) {
        t->q.tier[k].price = t->price[k];
        t->q.tier[k].floor_price = t->floor_price[k];
    }
    return t;
}

void tp_free(test_plan *t)
{
    ys_free(t);
}

int tp_household(test_plan *t, ys_verify_household h)
{
    int64_t row = t->f.n_households++;
    t->household[row] = h;
    for (int i = 0; i < t->f.n_indicators; i++)
        t->affected[row * t->f.n_indicators + i] = (uint16_t)h.persons;
    return (int)row;
}

int tp_person(test_plan *t, int household, double months, uint32_t deprived)
{
    t->person[t->f.n_persons] =
        (ys_verify_person){.household = household, .months_free = months, .deprived = deprived};
    return (int)t->f.n_persons++;
}

int tp_measure(test_plan *t, ys_verify_measure m)
{
    t->measure[t->f.n_measures] = m;
    return t->f.n_measures++;
}

int tp_offering(test_plan *t, ys_verify_offering o)
{
    t->offering[t->f.n_offerings] = o;
    return t->f.n_offerings++;
}

int tp_fund(test_plan *t, const char *name, int fund, int period, int64_t amount)
{
    t->fund[t->f.n_funds] = (ys_verify_fund){name, fund, period, amount};
    return t->f.n_funds++;
}

void tp_relation(test_plan *t, int a, int b, ys_verify_relation_kind kind, double value)
{
    t->relation[t->f.n_relations++] = (ys_verify_relation){a, b, kind, value};
}

int tp_floor(test_plan *t, const char *name, int begin, int end, ys_verify_metric metric, int64_t minimum)
{
    t->floor[t->f.n_floors] = (ys_verify_floor){
        .name = name, .area_begin = begin, .area_end = end, .metric = metric, .minimum = minimum};
    return t->f.n_floors++;
}

void tp_pick(test_plan *t, int64_t block, int offering, int person)
{
    t->pick[t->q.n_picks++] = (ys_verify_pick){block, offering, person};
}

ys_verify_result *tp_verify(const test_plan *t)
{
    ys_verify_result *r = NULL;
    ys_diag d = {0};
    ys_status st = ys_verify_plan(&t->f, &t->q, 1, &r, &d);
    if (st != YS_OK)
        fail_msg("%s", d.en);
    return r;
}

static int64_t rows_of(const test_plan *t)
{
    int64_t n = t->f.n_funds;
    for (int i = 0; i < t->f.n_offerings; i++)
        n += t->offering[i].capacity >= 0;
    return n;
}

/* By hand what ys__v_gap does, so that the test does not ask the code what is right. */
static double gap_of(int64_t value, int64_t bound)
{
    int64_t scale = bound < 0 ? -bound : bound;
    return (double)(bound - value) / (double)(scale > 1 ? scale : 1);
}

void tp_stamp(test_plan *t)
{
    t->q.n_rows = rows_of(t);
    t->q.n_floors = t->f.n_floors;
    t->q.use = t->q.floor_use = t->q.floor_need = t->q.block_cures = t->q.block_gap = t->q.overlap = NULL;
    t->q.seal = 0;
    for (int round = 0; round < 2; round++) { /* the bound of tier 2 needs the coupling minimum */
        ys_verify_result *r = tp_verify(t);
        for (int k = 0; k < 2; k++) {
            t->q.tier[k].value = r->value[k];
            t->q.tier[k].bound = r->bound[k];
            t->q.tier[k].gap = gap_of(r->value[k], r->bound[k]);
            t->overlap[k] = r->overlap[k];
        }
        t->q.tier[1].couple_minimum = r->value[0] - r->value[0] * t->f.tolerance / 1000000;
        t->q.gap = t->q.tier[0].gap > t->q.tier[1].gap ? t->q.tier[0].gap : t->q.tier[1].gap;
        for (int64_t i = 0; i < r->n_rows; i++)
            t->use[i] = r->use[i];
        for (int64_t i = 0; i < r->n_floors; i++)
            t->floor_use[i] = r->floor_use[i], t->floor_need[i] = r->floor_need[i];
        ys_verify_result_free(r);
    }
    t->q.use = t->use;
    t->q.floor_use = t->floor_use;
    t->q.floor_need = t->floor_need;
    t->q.overlap = t->overlap;
    t->q.seal = ys_verify_seal(&t->q);
}

/* ---- the town ---- */

#define YUAN(x) ((int64_t)(x)*100)

static void town_people(test_plan *t)
{
    t->village[0] = (ys_verify_village){"Dongzhuang", 3};
    t->f.n_villages = 1;
    t->f.n_indicators = 3; /* 0 housing, 1 schooling (by person), 2 road */
    t->f.person_indicators = 1u << 1;
    t->weight[0] = 3;
    t->weight[1] = 2;
    t->weight[2] = 1;
    tp_household(t, (ys_verify_household){"Li", 4, 3, 0, YUAN(2995), YUAN(7000), 12, 5});
    tp_household(t, (ys_verify_household){"Wang", 3, 3, 0, YUAN(2995), YUAN(4200), 20, 6});
    tp_household(t, (ys_verify_household){"Zhao", 1, 3, 0, YUAN(2995), YUAN(1100), 0, 4});
    tp_household(t, (ys_verify_household){"Sun", 2, 5, -1, YUAN(2995), YUAN(2500), 9, 1});
    tp_person(t, TOWN_LI, 10, 0);
    tp_person(t, TOWN_LI, 2, 0);
    tp_person(t, TOWN_WANG, 10, 0);
    tp_person(t, TOWN_WANG, 10, 2);
    tp_person(t, TOWN_ZHAO, 0, 0);
    tp_person(t, TOWN_SUN, 9, 0);
    for (int i = 0; i < 6; i++)
        t->person[i].name = (const char *[]){"Li A", "Li B", "Wang A", "Wang B", "Zhao A", "Sun A"}[i];
    t->affected[TOWN_WANG * 3 + 1] = 1;
}

static void town_measures(test_plan *t)
{
    const ys_verify_target H = YS_VERIFY_HOUSEHOLD, P = YS_VERIFY_PERSON, V = YS_VERIFY_VILLAGE;
    tp_measure(t, (ys_verify_measure){.name = "breed",
                                      .target = H,
                                      .group = 7,
                                      .channel = 1,
                                      .persistence = 0.9,
                                      .labour_months = 4,
                                      .delay_months = 6,
                                      .consent = true,
                                      .consented = t->consent[M_BREED]});
    tp_measure(t, (ys_verify_measure){.name = "post",
                                      .target = P,
                                      .group = -1,
                                      .channel = 2,
                                      .persistence = 1,
                                      .labour_months = 8,
                                      .full_time = true,
                                      .gate = t->gate[TOWN_GATED]});
    tp_measure(t, (ys_verify_measure){.name = "train",
                                      .target = P,
                                      .group = -1,
                                      .channel = 2,
                                      .persistence = 1,
                                      .labour_months = 1,
                                      .cures = 2});
    tp_measure(t, (ys_verify_measure){.name = "job",
                                      .target = P,
                                      .group = -1,
                                      .channel = 2,
                                      .persistence = 0.8,
                                      .labour_months = 9,
                                      .full_time = true});
    tp_measure(t,
               (ys_verify_measure){.name = "house", .target = H, .group = -1, .persistence = 1, .cures = 1});
    tp_measure(t,
               (ys_verify_measure){.name = "loan", .target = H, .group = 7, .channel = 1, .persistence = 1});
    tp_measure(t,
               (ys_verify_measure){.name = "road", .target = V, .group = -1, .persistence = 1, .cures = 4});
    tp_measure(t, (ys_verify_measure){.name = "pv", .target = V, .group = -1, .persistence = 0.95});
    tp_measure(t, (ys_verify_measure){.name = "pension", .target = H, .group = -1, .persistence = 1});
    for (int i = 0; i < TP_MAX; i++)
        t->consent[M_BREED][i] = t->gate[TOWN_GATED][i] = 1;
    tp_relation(t, M_JOB, M_TRAIN, YS_VERIFY_REQUIRES, 0);
    tp_relation(t, M_PENSION, M_LOAN, YS_VERIFY_EXCLUDES, 0);
    tp_relation(t, M_BREED, M_JOB, YS_VERIFY_COMPETES, 0.5);
}

static void town_supply(test_plan *t)
{
    tp_fund(t, "county 2017", 0, 2017, YUAN(40000));
    tp_fund(t, "county 2018", 0, 2018, YUAN(20000));
    tp_fund(t, "province 2017", 1, 2017, YUAN(200000));
    static const struct {
        const char *name;
        int measure, begin, end, period, share;
        int64_t capacity, cost, recurring;
        double effect, sd;
    } O[] = {
        {"breed here", M_BREED, 3, 5, 2017, 1000000, 2, 3000, 500, 2400, 600},
        {"breed town", M_BREED, 0, 9, 2017, 1000000, 9, 3000, 500, 2400, 600},
        {"post", M_POST, 0, 9, 2017, 500000, 3, 2000, 2000, 6000, 100},
        {"train", M_TRAIN, 0, 9, 2017, 0, 5, 800, 0, 100, 10},
        {"job", M_JOB, 0, 9, 2017, 0, 5, 1000, 0, 18000, 4000},
        {"house", M_HOUSE, 0, 9, 2017, 250000, 2, 20000, 0, 0, 0},
        {"loan", M_LOAN, 0, 9, 2017, 1000000, 9, 900, 0, 700, 200},
        {"road", M_ROAD, 0, 9, 2017, 0, 1, 100000, 0, 0, 0},
        {"pv", M_PV, 0, 9, 2018, 0, 1, 50000, 0, 9000, 1000},
        {"pension", M_PENSION, 0, 9, 2017, 1000000, -1, 600, 600, 1100, 0},
        {"pension later", M_PENSION, 0, 9, 2018, 1000000, -1, 600, 600, 1100, 0},
    };
    for (int i = 0; i < (int)(sizeof O / sizeof O[0]); i++)
        tp_offering(t, (ys_verify_offering){O[i].name, O[i].measure, O[i].begin, O[i].end, O[i].period, 0, 1,
                                            O[i].share, O[i].capacity, YUAN(O[i].cost), YUAN(O[i].recurring),
                                            O[i].effect * 100, O[i].sd * 100, 0});
    tp_floor(t, "Dongzhuang gap", 3, 4, YS_VERIFY_GAP, YUAN(3000));
    tp_floor(t, "all cures", 0, 9, YS_VERIFY_CURES, 8);
    tp_floor(t, "all helped", 0, 9, YS_VERIFY_HELPED, 3);
}

test_plan *tp_town(void)
{
    test_plan *t = tp_new();
    t->f.horizon = 3;
    t->f.discount = 0.05;
    t->f.income_sd_share = 0.1;
    t->f.competition = 0.3;
    town_people(t);
    town_measures(t);
    town_supply(t);
    tp_pick(t, TOWN_LI, O_BREED, -1);
    tp_pick(t, TOWN_LI, O_POST, LI_ADULT);
    tp_pick(t, TOWN_LI, O_HOUSE, -1);
    tp_pick(t, TOWN_WANG, O_JOB, WANG_ADULT);
    tp_pick(t, TOWN_WANG, O_TRAIN, WANG_ADULT);
    tp_pick(t, TOWN_WANG, O_TRAIN, WANG_SON);
    tp_pick(t, TOWN_ZHAO, O_PENSION, -1);
    tp_pick(t, TOWN_SUN, O_LOAN, -1);
    tp_pick(t, TOWN_VILLAGE, O_ROAD, -1);
    t->q.tier[0].shift = 20;
    t->q.tier[1].shift = 10;
    for (int i = 0; i < 14; i++) {
        t->price[0][i] = i % 3;
        t->price[1][i] = 37 * i;
    }
    t->floor_price[0][1] = 1 << 18;
    t->floor_price[1][0] = 300;
    t->floor_price[1][2] = 77777;
    t->q.tier[1].couple_price = 4444;
    tp_stamp(t);
    return t;
}

/* ---- random facts ---- */

static void random_people(test_plan *t, ys_rng *r)
{
    t->f.n_indicators = 3;
    t->f.person_indicators = (uint32_t)ys_rng_below(r, 8);
    for (int i = 0; i < 3; i++)
        t->weight[i] = (int32_t)ys_rng_below(r, 5);
    t->f.n_villages = 1 + ys_rng_below(r, 2);
    for (int64_t v = 0; v < t->f.n_villages; v++)
        t->village[v].area = (int32_t)ys_rng_below(r, 4);
    int homes = 2 + (int)ys_rng_below(r, 2);
    for (int h = 0; h < homes; h++) {
        ys_verify_household x = {.persons = 1 + (int32_t)ys_rng_below(r, 5),
                                 .village = (int32_t)ys_rng_below(r, t->f.n_villages + 1) - 1,
                                 .area = (int32_t)ys_rng_below(r, 3),
                                 .line = 299500,
                                 .months_free = (double)ys_rng_below(r, 25),
                                 .deprived = (uint32_t)ys_rng_below(r, 8)};
        x.ystar = (ys_rng_below(r, 420000) - 40000) * x.persons;
        tp_household(t, x);
        for (int64_t p = ys_rng_below(r, 3); p >= 0; p--)
            tp_person(t, h, (double)ys_rng_below(r, 13), (uint32_t)ys_rng_below(r, 8));
    }
}

static void random_measures(test_plan *t, ys_rng *r)
{
    int n = 3 + (int)ys_rng_below(r, 5);
    for (int m = 0; m < n; m++) {
        for (int i = 0; i < TP_MAX; i++) {
            t->gate[m][i] = (uint8_t)(ys_rng_below(r, 5) ? 1 : ys_rng_below(r, 3));
            t->consent[m][i] = (uint8_t)(ys_rng_below(r, 5) ? 1 : ys_rng_below(r, 3));
        }
        tp_measure(t, (ys_verify_measure){.target = (ys_verify_target)ys_rng_below(r, 3),
                                          .group = (int32_t)ys_rng_below(r, 5) - 1,
                                          .channel = (int32_t)ys_rng_below(r, 3),
                                          .persistence = ys_rng_uniform(r),
                                          .labour_months = (double)ys_rng_below(r, 3) * 2.5,
                                          .delay_months = (double)ys_rng_below(r, 20),
                                          .cures = (uint32_t)ys_rng_below(r, 8),
                                          .full_time = ys_rng_below(r, 2) != 0,
                                          .consent = ys_rng_below(r, 2) != 0,
                                          .gate = ys_rng_below(r, 2) ? t->gate[m] : NULL,
                                          .consented = t->consent[m]});
    }
    for (int64_t k = ys_rng_below(r, 4); k > 0; k--) {
        int a = (int)ys_rng_below(r, n), b = (int)ys_rng_below(r, n);
        if (a != b)
            tp_relation(t, a, b, (ys_verify_relation_kind)ys_rng_below(r, 4), ys_rng_uniform(r));
    }
}

static void random_supply(test_plan *t, ys_rng *r)
{
    for (int fund = 0; fund < 2; fund++)
        for (int year = 0; year < t->f.horizon; year++)
            if (year == 0 || ys_rng_below(r, 3))
                tp_fund(t, NULL, fund, 2017 + year, ys_rng_below(r, 2500000));
    int n = 5 + (int)ys_rng_below(r, 7);
    for (int i = 0; i < n; i++) {
        int begin = (int)ys_rng_below(r, 3);
        tp_offering(
            t, (ys_verify_offering){.measure = (int32_t)ys_rng_below(r, t->f.n_measures),
                                    .area_begin = begin,
                                    .area_end = begin + 2 + (int)ys_rng_below(r, 4),
                                    .period = 2017 + (int)ys_rng_below(r, t->f.horizon + 1),
                                    .fund_a = (int32_t)ys_rng_below(r, 3) - 1,
                                    .fund_b = (int32_t)ys_rng_below(r, 3) - 1,
                                    .share_a = (int32_t)ys_rng_below(r, 1000001),
                                    .capacity = ys_rng_below(r, 3) ? ys_rng_below(r, 4) : -1,
                                    .cost = ys_rng_below(r, 600000),
                                    .cost_recurring = ys_rng_below(r, 2) * ys_rng_below(r, 90000),
                                    .effect = ys_rng_below(r, 5) ? ys_rng_uniform(r) * 900000 - 60000 : 0,
                                    .effect_sd = (double)ys_rng_below(r, 2) * ys_rng_uniform(r) * 2e5});
    }
}

test_plan *tp_random(uint64_t seed)
{
    test_plan *t = tp_new();
    ys_rng r;
    ys_rng_init(&r, seed, 0);
    t->f.horizon = 1 + (int32_t)ys_rng_below(&r, 4);
    t->f.discount = ys_rng_uniform(&r) * 0.1;
    t->f.income_sd_share = (double)ys_rng_below(&r, 2) * 0.1;
    t->f.competition = ys_rng_uniform(&r);
    t->f.alpha = 1 + (int32_t)ys_rng_below(&r, 2);
    t->f.max_measures = 1 + (int32_t)ys_rng_below(&r, 3);
    t->f.tolerance = (int32_t)ys_rng_below(&r, 200000);
    random_people(t, &r);
    random_measures(t, &r);
    random_supply(t, &r);
    for (int64_t k = ys_rng_below(&r, 3); k > 0; k--)
        tp_floor(t, NULL, 0, 1 + (int)ys_rng_below(&r, 4), (ys_verify_metric)ys_rng_below(&r, 3),
                 ys_rng_below(&r, 3));
    return t;
}
