/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof_test.c - what the checker recomputes is true: values by hand and by another formula, bundles by a
 * second reading of the rules, ceilings, threads.
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
#include "verify/test_plan.h"

/* ---- by hand ---- */

/*
 * Two persons, 2,000 yuan each under a line of 3,000, no spread: each is short by 100,000 fen.  One unit brings
 * 120,000 fen a year to the household (60,000 a head), costs 50,000 in 2017 and 10,000 again in 2018, which at
 * 25 % a year is 8,000 where 2018 has no fund.  Years weigh 0.8 and 0.64.
 */
static test_plan *by_hand(void)
{
    test_plan *t = tp_new();
    t->f.horizon = 2;
    t->f.discount = 0.25;
    tp_household(t, (ys_verify_household){.persons = 2, .village = -1, .line = 300000, .ystar = 400000});
    tp_measure(t, (ys_verify_measure){.group = -1, .persistence = 0.5});
    tp_offering(t, (ys_verify_offering){.area_end = 1,
                                        .period = 2017,
                                        .fund_b = -1,
                                        .share_a = 1000000,
                                        .capacity = YS_VERIFY_UNBOUNDED,
                                        .cost = 50000,
                                        .cost_recurring = 10000,
                                        .effect = 120000});
    tp_fund(t, "fund", 0, 2017, 70000);
    tp_pick(t, 0, 0, -1);
    return t;
}

static void test_by_hand(void **state)
{
    (void)state;
    test_plan *t = by_hand();
    t->q.tier[1].shift = 2;
    t->price[1][0] = 6; /* 1.5 fen of gap for a fen */
    tp_stamp(t);
    ys_verify_result *r = tp_verify(t);
    assert_int_equal(r->count, 0);
    assert_int_equal(r->use[0], 58000);
    /* (60,000 * 0.8 + 30,000 * 0.64) * 2 heads */
    assert_int_equal(r->value[1], 134400);
    /* best: 134,400 - 1.5 * 58,000 = 47,400; + 1.5 * 70,000 */
    assert_int_equal(r->bound[1], 152400);
    assert_int_equal(r->bound[0], 0);
    ys_verify_result_free(r);
    t->price[1][0] = 11; /* 2.75: 134,400 - 159,500 < 0, so nothing is best; 192,500 */
    tp_stamp(t);
    r = tp_verify(t);
    assert_int_equal(r->bound[1], 192500);
    ys_verify_result_free(r);
    t->offering[0].effect = 300000; /* the gap closes at 100,000 a head; half of 150,000 in the second year */
    tp_stamp(t);
    r = tp_verify(t);
    assert_int_equal(r->value[1], 2 * (80000 + 48000));
    ys_verify_result_free(r);
    tp_free(t);
}

/* A floor that asks for more than there is: L is negative, and its fourth is rounded down. */
static void test_negative_bound_by_hand(void **state)
{
    (void)state;
    test_plan *t = by_hand();
    tp_floor(t, "two helped", 0, 1, YS_VERIFY_HELPED, 2);
    t->q.tier[1].shift = 2;
    t->floor_price[1][0] = 600001; /* 4 * 134,400 + 600,001 - 2 * 600,001 = -62,401 */
    tp_stamp(t);
    ys_verify_result *r = tp_verify(t);
    assert_int_equal(r->bound[1], -15601);
    assert_int_equal(r->by_code[YS_VC_FLOOR_UNMET], 1);
    assert_int_equal(r->by_code[YS_VC_BOUND_BELOW], 1);
    ys_verify_result_free(r);
    tp_free(t);
}

static void test_delay_by_hand(void **state)
{
    (void)state;
    test_plan *t = by_hand();
    t->f.discount = 0;
    t->measure[0].delay_months = 3;
    tp_stamp(t);
    ys_verify_result *r = tp_verify(t);
    /* 9/12 in the first year; in the second the age is 9 months, so nothing has worn off */
    assert_int_equal(r->value[1], 2 * (45000 + 60000));
    ys_verify_result_free(r);
    t->f.alpha = 2;
    tp_stamp(t);
    r = tp_verify(t);
    /* (100^2 - 55^2 + 100^2 - 40^2) * 10^6 / 300,000 = 51,250 a head */
    assert_int_equal(r->value[1], 102500);
    ys_verify_result_free(r);
    tp_free(t);
}

/* ---- by another formula ---- */

static long double expected_gap(int alpha, long double g, long double s, long double z)
{
    if (s <= 0)
        return g <= 0 ? 0 : alpha == 1 ? g : g * g / z;
    long double x = g / s, cdf = erfcl(-x / sqrtl(2)) / 2,
                pdf = expl(-x * x / 2) / sqrtl(2 * 3.14159265358979323846L);
    return alpha == 1 ? g * cdf + s * pdf : ((g * g + s * s) * cdf + g * s * pdf) / z;
}

/* Tier 2 of a household, `d` and `v` per head already. */
static long double closed(const ys_verify_facts *f, int64_t h, const long double *d, const long double *v)
{
    const ys_verify_household *x = &f->households[h];
    long double y = (long double)x->ystar / x->persons, z = (long double)x->line;
    long double s0 = f->income_sd_share * fabsl(y), sum = 0, weight = 1;
    for (int t = 0; t < f->horizon; t++) {
        weight /= 1 + (long double)f->discount;
        sum += weight * (expected_gap(f->alpha, z - y, s0, z) -
                         expected_gap(f->alpha, z - y - d[t], sqrtl(s0 * s0 + v[t]), z));
    }
    return sum * x->persons;
}

static long double reference_gap(const ys__v_case *c, const ys__v_desk *k, uint32_t set)
{
    const ys_verify_facts *f = c->f;
    ys__v_flow flow; /* the flow itself is compared by hand above and with the planner in cross_test.c */
    ys__v_flow_of(c, k->option, set, &flow);
    bool village = k->block >= f->n_households;
    int64_t v = k->block - f->n_households, first = village ? c->member_start[v] : 0;
    int64_t last = village ? c->member_start[v + 1] : 1;
    long double sum = 0;
    for (int64_t i = first; i < last; i++) {
        int64_t h = village ? c->member[i] : k->block;
        long double n = village ? c->heads[v] : f->households[h].persons, d[YS_V_YEARS], w[YS_V_YEARS];
        for (int t = 0; t < f->horizon; t++) {
            d[t] = flow.gain[t] / n;
            w[t] = flow.variance[t] / (n * n);
        }
        sum += closed(f, h, d, w);
    }
    return sum;
}

static void test_values_by_another_formula(void **state)
{
    (void)state;
    int64_t compared = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        test_plan *t = tp_random(seed);
        ys__v_case c;
        ys__v_desk k;
        assert_int_equal(ys__v_ready(&t->f, &c, NULL), YS_OK);
        assert_true(ys__v_desk_init(&k));
        for (int64_t b = 0; b < c.blocks; b++) {
            assert_int_equal(ys__v_desk_lay(&c, &k, b), YS_OK);
            for (int i = 0; i < k.sets; i++) {
                int64_t worth[2];
                assert_true(ys__v_worth_of(&c, &k, k.set[i], worth));
                int64_t plain[2]; /* without remembering */
                assert_true(ys__v_worth(&c, b, k.option, k.set[i], plain));
                assert_memory_equal(worth, plain, sizeof worth);
                long double off = reference_gap(&c, &k, k.set[i]) - (long double)worth[1];
                assert_true(fabsl(off) <= 0.5001L * (b < t->f.n_households ? 1 : 4));
                compared++;
            }
        }
        ys__v_desk_done(&k);
        ys__v_case_done(&c);
        tp_free(t);
    }
    assert_true(compared > 2000);
}

/* A squared gap of 2^52 fen over a line of one fen leaves 62 bits: refused by name, not wrapped. */
static void test_value_too_large(void **state)
{
    (void)state;
    test_plan *t = by_hand();
    ys_verify_result *r = NULL;
    ys_diag d = {0};
    t->f.alpha = 2;
    t->household[0].name = "Qian";
    t->household[0].line = 1;
    t->offering[0].effect = -0x1p52;
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 1, &r, &d), YS_ELIMIT);
    assert_non_null(strstr(d.en, "Qian"));
    assert_null(r);
    tp_free(t);
}

/* ---- two readings of the rules ---- */

typedef struct pool {
    ys_verify_pick pick[TP_MAX * 8];
    int n;
} pool;

/* Every offering with every person of the household and with nobody. */
static void everything(const test_plan *t, int64_t block, pool *ret)
{
    ret->n = 0;
    for (int o = 0; o < t->f.n_offerings; o++)
        for (int p = -1; p < (int)t->f.n_persons; p++)
            if (p < 0 || t->person[p].household == block)
                ret->pick[ret->n++] = (ys_verify_pick){block, o, p};
}

/* check.c's verdict on one set of rows. */
static bool passes(ys__v_job *j, ys__v_desk *k, const int *row, int n)
{
    static ys_verify_pick pick[YS_VERIFY_MAX_MEASURES];
    const ys_verify_pick *all = j->claim->picks;
    int64_t start[2 * TP_MAX] = {0};
    ys_verify_claim q = *j->claim;
    for (int i = 0; i < n && i < YS_VERIFY_MAX_MEASURES; i++) {
        pick[i] = all[row[i]];
        j->pick[i] = i;
    }
    for (int64_t b = k->block + 1; b <= j->c->blocks; b++)
        start[b] = n;
    q.picks = pick;
    ys__v_job one = *j;
    one.claim = &q;
    one.pick_start = start;
    one.lawful[k->block] = false;
    ys__v_list found = {0};
    assert_true(ys__v_check_block(&one, k, &found));
    if ((size_t)k->kept == k->n)
        assert_int_equal(found.by_code[YS_VC_CEILING], 0);
    ys__v_list_done(&found);
    return one.lawful[k->block];
}

static int count_lawful(ys__v_job *j, ys__v_desk *k, int *row, int n, int from, int all)
{
    int sum = passes(j, k, row, n);
    if (n == j->c->f->max_measures || n == YS_VERIFY_MAX_MEASURES)
        return sum;
    for (int i = from; i < all; i++) {
        row[n] = i;
        sum += count_lawful(j, k, row, n + 1, i + 1, all);
    }
    return sum;
}

static void test_two_readings_of_the_rules(void **state)
{
    (void)state;
    int64_t bundles = 0;
    for (uint64_t seed = 1; seed <= 90; seed++) {
        test_plan *t = tp_random(seed);
        ys__v_case c;
        ys__v_desk k;
        pool p;
        ys_verify_claim q = {.picks = p.pick};
        int64_t worth[2][2 * TP_MAX], pick[YS_VERIFY_MAX_MEASURES];
        int64_t alone[2 * TP_MAX];
        bool lawful[2 * TP_MAX] = {false};
        assert_int_equal(ys__v_ready(&t->f, &c, NULL), YS_OK);
        assert_true(ys__v_desk_init(&k));
        ys__v_job j = {.c = &c,
                       .claim = &q,
                       .pick = pick,
                       .worth = {worth[0], worth[1]},
                       .lawful = lawful,
                       .alone = alone};
        for (int64_t b = 0; b < c.blocks; b++) {
            int row[YS_VERIFY_MAX_MEASURES];
            everything(t, b, &p);
            assert_int_equal(ys__v_desk_lay(&c, &k, b), YS_OK);
            assert_int_equal(count_lawful(&j, &k, row, 0, 0, p.n), k.sets);
            bundles += k.sets;
        }
        ys__v_desk_done(&k);
        ys__v_case_done(&c);
        tp_free(t);
    }
    assert_true(bundles > 800);
}

/* ---- the ceilings ---- */

static test_plan *many_options(int measures)
{
    test_plan *t = tp_new();
    tp_household(t, (ys_verify_household){.persons = 1, .village = -1, .line = 300000});
    for (int i = 0; i < measures; i++) {
        tp_measure(t, (ys_verify_measure){.group = -1, .persistence = 1});
        tp_offering(t, (ys_verify_offering){.measure = i,
                                            .area_end = 1,
                                            .period = 2017,
                                            .fund_a = -1,
                                            .fund_b = -1,
                                            .capacity = YS_VERIFY_UNBOUNDED,
                                            .effect = 1000 * (i + 1)});
    }
    return t;
}

static void test_ceilings(void **state)
{
    (void)state;
    test_plan *t = many_options(40);
    t->f.max_measures = 1;
    tp_pick(t, 0, 16, -1); /* the 24th best */
    tp_stamp(t);
    ys_verify_result *r = tp_verify(t);
    assert_int_equal(r->count, 0);
    assert_int_equal(r->options, 24);
    assert_int_equal(r->bundles, 25);
    assert_int_equal(r->cut, 1);
    ys_verify_result_free(r);
    for (int o = 0; o < 16; o++) {
        t->pick[0].offering = o;
        r = tp_verify(t);
        assert_int_equal(r->by_code[YS_VC_CEILING], 1);
        ys_verify_result_free(r);
    }
    /* 1 + n + n(n-1)/2 + n(n-1)(n-2)/6 is 470 for 14 and 576 for 15 */
    t->f.max_measures = 3;
    r = tp_verify(t);
    assert_int_equal(r->options, 14);
    assert_int_equal(r->bundles, 470);
    ys_verify_result_free(r);
    tp_free(t);
}

/* ---- the rest ---- */

static void test_block_values(void **state)
{
    (void)state;
    test_plan *t = tp_town();
    t->q.block_cures = t->block_cures;
    t->q.block_gap = t->block_gap;
    ys_verify_result *r = tp_verify(t); /* stored as 0: each that is not 0 is found, with what it should be */
    int64_t sum[2] = {0, 0};
    assert_true(r->by_code[YS_VC_BLOCK_VALUE] > 4);
    for (int64_t i = 0; i < r->n_kept; i++) {
        const ys_verify_finding *x = &r->findings[i];
        assert_int_equal(x->code, YS_VC_BLOCK_VALUE);
        (x->tier ? t->block_gap : t->block_cures)[x->block] = x->expected;
        sum[x->tier] += x->expected;
    }
    assert_int_equal(sum[0], r->value[0]);
    assert_int_equal(sum[1], r->value[1]);
    ys_verify_result_free(r);
    /* Li: roof of 4 persons; Wang: one pupil; the road: Li, Wang and Zhao deprived, 8 persons */
    assert_int_equal(t->block_cures[TOWN_LI], 12);
    assert_int_equal(t->block_cures[TOWN_WANG], 2);
    assert_int_equal(t->block_cures[TOWN_VILLAGE], 8);
    r = tp_verify(t);
    assert_int_equal(r->count, 0);
    ys_verify_result_free(r);
    tp_free(t);
}

static void test_threads_do_not_show(void **state)
{
    (void)state;
    enum { N = 5000 };
    test_plan *t = tp_town();
    ys_verify_household *home = ys_calloc(N, sizeof *home);
    ys_verify_pick *pick = ys_calloc(N, sizeof *pick);
    uint16_t *affected = ys_calloc(N * 3, sizeof *affected);
    for (int i = 0; i < N; i++) {
        home[i] = t->household[TOWN_SUN];
        home[i].name = NULL;
        home[i].ystar += 37 * i;
        pick[i] = (ys_verify_pick){i, i % 3 ? O_PENSION : O_JOB, -1}; /* a job needs a person: found */
    }
    t->f.households = home;
    t->f.n_households = N;
    t->f.n_persons = 0;
    t->f.affected = affected;
    t->q.picks = pick;
    t->q.n_picks = N;
    ys_verify_result *a = NULL, *b = NULL;
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 1, &a, NULL), YS_OK);
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 3, &b, NULL), YS_OK);
    assert_int_equal(a->by_code[YS_VC_TARGET], 1667);
    assert_int_equal(a->n_kept, YS_VERIFY_KEPT);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->by_code, b->by_code, sizeof a->by_code);
    assert_memory_equal(a->bound, b->bound, sizeof a->bound);
    for (int64_t i = 0; i < a->n_kept; i++)
        assert_string_equal(a->findings[i].en, b->findings[i].en);
    ys_verify_result_free(a);
    ys_verify_result_free(b);
    ys_free(home);
    ys_free(pick);
    ys_free(affected);
    tp_free(t);
}

/* Section 9: each of these alone is refused, and the words name the kind of fact. */
static void test_refused_by_name(void **state)
{
    (void)state;
    test_plan *t = by_hand();
    const double nan = __builtin_nan("");
    tp_relation(t, 0, 0, YS_VERIFY_COMPETES, 0);
    tp_floor(t, "floor", 0, 1, YS_VERIFY_GAP, 0);
    t->f.n_villages = 1;
    for (int i = 0; i < 18; i++) {
        test_plan *m = tp_new();
        ys_verify_facts f = m->f; /* the copy's own arrays, the original's counts */
        *m = *t;
        m->f.households = f.households, m->f.villages = f.villages,
        m->f.indicator_weight = f.indicator_weight;
        m->f.measures = f.measures, m->f.offerings = f.offerings, m->f.funds = f.funds;
        m->f.relations = f.relations, m->f.floors = f.floors, m->f.persons = f.persons;
        const char *word = "parameter";
        switch (i) {
        case 0:
            m->f.discount = nan;
            break;
        case 1:
            m->f.max_measures = 4;
            break;
        case 2:
            m->f.alpha = 3;
            break;
        case 3:
            m->f.tolerance = -1;
            break;
        case 4:
            m->f.horizon = 31, word = "years";
            break;
        case 5:
            m->f.n_indicators = 33, word = "indicators";
            break;
        case 6:
            m->f.n_floors = -1, word = "rows";
            break;
        case 7:
            m->household[0].line = 0, word = "household";
            break;
        case 8:
            m->household[0].ystar = 1LL << 50, word = "household";
            break;
        case 9:
            m->village[0].area = -1, word = "village";
            break;
        case 10:
            m->measure[0].persistence = 1.01, word = "measure";
            break;
        case 11:
            m->measure[0].delay_months = nan, word = "measure";
            break;
        case 12:
            m->relation[0].measure_b = 1, word = "relation";
            break;
        case 13:
            m->offering[0].cost = -1, word = "offering";
            break;
        case 14:
            m->offering[0].measure = 1, word = "offering";
            break;
        case 15:
            m->fund[0].amount = 1LL << 53, word = "fund";
            break;
        case 16:
            m->floor[0].minimum = -1, word = "floor";
            break;
        default:
            m->q.n_picks = -1, word = "rows";
            break;
        }
        ys_verify_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_verify_plan(&m->f, &m->q, 1, &r, &d), YS_EDATA);
        if (!strstr(d.en, word))
            fail_msg("case %d: \"%s\" does not name the %s", i, d.en, word);
        assert_null(r);
        tp_free(m);
    }
    tp_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),         cmocka_unit_test(test_negative_bound_by_hand),
        cmocka_unit_test(test_delay_by_hand),   cmocka_unit_test(test_values_by_another_formula),
        cmocka_unit_test(test_value_too_large), cmocka_unit_test(test_two_readings_of_the_rules),
        cmocka_unit_test(test_ceilings),        cmocka_unit_test(test_block_values),
        cmocka_unit_test(test_refused_by_name), cmocka_unit_test(test_threads_do_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
