/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutant_test.c - a good plan passes; the same plan with one thing wrong does not, and the finding says what.
 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "base/alloc.h"
#include "verify/test_plan.h"

static ys_verify_pick *pick_of(test_plan *t, int64_t block, int offering)
{
    for (int64_t i = 0; i < t->q.n_picks; i++)
        if (t->pick[i].block == block && t->pick[i].offering == offering)
            return &t->pick[i];
    fail_msg("the town has no such pick");
    return NULL;
}

static void drop(test_plan *t, int64_t block, int offering)
{
    *pick_of(t, block, offering) = t->pick[--t->q.n_picks];
}

/* Row of the capacity of an offering. */
static int64_t capacity_row(const test_plan *t, int offering)
{
    int64_t row = t->f.n_funds;
    for (int i = 0; i < offering; i++)
        row += t->offering[i].capacity >= 0;
    return row;
}

/* ---- facts that are not what the planner said ---- */

static void fund_at_the_brim(test_plan *t)
{
    t->fund[F_PROVINCE].amount = t->use[F_PROVINCE];
    tp_stamp(t);
}
static void cost_one_fen_more(test_plan *t)
{
    fund_at_the_brim(t);
    t->offering[O_ROAD].cost += 1;
}
static void fund_one_fen_less(test_plan *t)
{
    t->fund[F_COUNTY].amount = t->use[F_COUNTY] - 1;
}
static void later_year_one_fen_less(test_plan *t)
{
    t->fund[F_COUNTY_NEXT].amount = t->use[F_COUNTY_NEXT] - 1;
}
static void capacity_one_less(test_plan *t)
{
    t->offering[O_TRAIN].capacity = 1;
}
static void no_place_at_all(test_plan *t)
{
    t->offering[O_LOAN].capacity = 0;
}
static void gate_closed(test_plan *t)
{
    t->gate[TOWN_GATED][LI_ADULT] = 0;
}
static void gate_unknown(test_plan *t)
{
    t->gate[TOWN_GATED][LI_ADULT] = 2;
}
static void consent_withdrawn(test_plan *t)
{
    t->consent[M_BREED][TOWN_LI] = 0;
}
static void consent_not_asked(test_plan *t)
{
    t->measure[M_BREED].consented = NULL;
}
static void starts_too_late(test_plan *t)
{
    t->offering[O_LOAN].period = 2020;
}
static void starts_too_early(test_plan *t)
{
    t->offering[O_LOAN].period = 2016;
}
static void starts_without_a_fund(test_plan *t)
{
    t->offering[O_LOAN].period = 2019;
}
static void scope_moved(test_plan *t)
{
    t->offering[O_BREED].area_begin = 4;
}
static void became_a_village_measure(test_plan *t)
{
    t->measure[M_LOAN].target = YS_VERIFY_VILLAGE;
}
static void household_tired(test_plan *t)
{
    t->household[TOWN_LI].months_free = 3.999;
}
static void household_tired_by_the_sum(test_plan *t)
{
    t->household[TOWN_LI].months_free = 11.999;
}
static void person_tired(test_plan *t)
{
    t->person[WANG_ADULT].months_free = 8;
}
static void person_tired_by_the_sum(test_plan *t)
{
    t->person[WANG_ADULT].months_free = 9.5;
}
static void same_group(test_plan *t)
{
    t->measure[M_HOUSE].group = 7;
}
static void excluded(test_plan *t)
{
    tp_relation(t, M_HOUSE, M_POST, YS_VERIFY_EXCLUDES, 0);
}
static void requires_more(test_plan *t)
{
    tp_relation(t, M_HOUSE, M_LOAN, YS_VERIFY_REQUIRES, 0);
}
static void both_full_time(test_plan *t)
{
    t->measure[M_TRAIN].full_time = true;
}
static void fewer_measures(test_plan *t)
{
    t->f.max_measures = 2;
}
static void floor_raised(test_plan *t)
{
    t->floor[0].minimum = t->floor_use[0] + 1;
}
static void cures_floor_raised(test_plan *t)
{
    t->floor[1].minimum = t->floor_use[1] + 1;
}
static void helped_floor_raised(test_plan *t)
{
    t->floor[2].minimum = 5;
}
static void ceiling_lower(test_plan *t)
{
    t->floor[0].kind = YS_VERIFY_MOST;
    t->floor[0].minimum = t->floor_use[0] - 1;
}
static void need_lower(test_plan *t)
{
    t->floor_need[1]--;
}
static void effect_smaller(test_plan *t)
{
    t->offering[O_JOB].effect *= 0.99;
}
static void weight_changed(test_plan *t)
{
    t->weight[0] = 2; /* the plan cures less than it says */
}
static void discount_changed(test_plan *t)
{
    t->f.discount = 0.06;
}

/* ---- other decisions than those the plan was made under ---- */

static void group_of_two(test_plan *t)
{
    t->group[t->f.n_groups++] = (ys_verify_group){"own", -1, 3};
    t->group[t->f.n_groups++] = (ys_verify_group){"inner", 0, 2};
    t->measure[M_BREED].group = t->measure[M_POST].group = t->measure[M_HOUSE].group = 1;
}
static void forbidden(test_plan *t)
{
    t->lock[t->f.n_locks++] = (ys_verify_lock){"lock", TOWN_LI, M_POST, -1, -1, false};
}
static void lock_not_kept(test_plan *t)
{
    t->lock[t->f.n_locks++] = (ys_verify_lock){"lock", TOWN_SUN, M_BREED, -1, -1, true};
}
static void not_sure_enough(test_plan *t)
{
    t->f.chance_epsilon = 0.1;
    t->offering[O_BREED].effect_sd = 600000; /* the post alone lifts them, and surely */
}

/* ---- a plan that is not what it says ---- */

static void value_one_more(test_plan *t)
{
    t->q.tier[1].value++;
}
static void first_value_inflated(test_plan *t)
{
    t->q.tier[0].value += 100;
}
static void first_value_above_its_bound(test_plan *t)
{
    t->f.tolerance = 1000000; /* so that the coupling minimum asks nothing */
    tp_stamp(t);
    t->q.tier[0].value = t->q.tier[0].bound + 1;
}
static void bound_one_less(test_plan *t)
{
    t->q.tier[1].bound--;
}
static void bound_one_more(test_plan *t)
{
    t->q.tier[0].bound++;
}
static void bound_far_below(test_plan *t)
{
    t->q.tier[1].bound = t->q.tier[1].value - 1;
}
static void first_bound_is_value(test_plan *t)
{
    t->q.tier[0].bound = t->q.tier[0].value;
}
static void price_changed(test_plan *t)
{
    t->price[1][F_COUNTY] += 1;
}
static void price_negative(test_plan *t)
{
    t->price[1][capacity_row(t, O_JOB)] = -1;
}
static void floor_price_negative(test_plan *t)
{
    t->floor_price[0][0] = -1;
}
static void couple_price_negative(test_plan *t)
{
    t->q.tier[1].couple_price = -1;
}
static void price_enormous(test_plan *t)
{
    t->price[0][0] = INT64_MAX;
}
static void shift_wild(test_plan *t)
{
    t->q.tier[0].shift = 200;
}
static void prices_missing(test_plan *t)
{
    t->q.n_rows--;
}
static void floor_prices_missing(test_plan *t)
{
    t->q.tier[0].floor_price = NULL;
}
static void gap_prettier(test_plan *t)
{
    t->q.tier[1].gap *= 0.999;
}
static void whole_gap_prettier(test_plan *t)
{
    t->q.gap = 0;
}
static void gap_nan(test_plan *t)
{
    t->q.tier[0].gap = __builtin_nan("");
}
static void minimum_lower(test_plan *t)
{
    t->q.tier[1].couple_minimum--;
}
static void overlap_hidden(test_plan *t)
{
    t->overlap[1]++;
}
static void use_hidden(test_plan *t)
{
    t->use[F_COUNTY]--;
}
static void floor_use_prettier(test_plan *t)
{
    t->floor_use[0]++;
}
static void duplicate(test_plan *t)
{
    tp_pick(t, TOWN_SUN, O_LOAN, -1);
}
static void unknown_offering(test_plan *t)
{
    pick_of(t, TOWN_SUN, O_LOAN)->offering = t->f.n_offerings;
}
static void unknown_block(test_plan *t)
{
    pick_of(t, TOWN_SUN, O_LOAN)->block = 5;
}
static void negative_block(test_plan *t)
{
    pick_of(t, TOWN_SUN, O_LOAN)->block = -1;
}
static void somebody_elses_person(test_plan *t)
{
    pick_of(t, TOWN_LI, O_POST)->person = WANG_ADULT;
}
static void unknown_person(test_plan *t)
{
    pick_of(t, TOWN_LI, O_POST)->person = 6;
}
static void person_on_household_measure(test_plan *t)
{
    pick_of(t, TOWN_LI, O_HOUSE)->person = LI_ADULT;
}
static void nobody_on_person_measure(test_plan *t)
{
    pick_of(t, TOWN_LI, O_POST)->person = -1;
}
static void road_for_a_household(test_plan *t)
{
    pick_of(t, TOWN_VILLAGE, O_ROAD)->block = TOWN_ZHAO;
}
static void loan_for_a_village(test_plan *t)
{
    pick_of(t, TOWN_SUN, O_LOAN)->block = TOWN_VILLAGE;
}
static void outside_the_scope(test_plan *t)
{
    *pick_of(t, TOWN_SUN, O_LOAN) = (ys_verify_pick){TOWN_SUN, O_BREED, -1};
}
static void job_without_training(test_plan *t)
{
    drop(t, TOWN_WANG, O_TRAIN);
}
static void a_fourth_measure(test_plan *t)
{
    tp_pick(t, TOWN_LI, O_PENSION, -1);
}
static void pension_and_loan(test_plan *t)
{
    tp_pick(t, TOWN_SUN, O_PENSION, -1);
}
static void same_measure_twice(test_plan *t)
{
    tp_pick(t, TOWN_ZHAO, O_LATE, -1);
}
static void two_jobs_for_one(test_plan *t)
{
    *pick_of(t, TOWN_LI, O_HOUSE) = (ys_verify_pick){TOWN_LI, O_JOB, LI_ADULT};
}
static void choice_gone(test_plan *t)
{
    drop(t, TOWN_ZHAO, O_PENSION);
}

static void seal_broken(test_plan *t)
{
    t->price[0][1] += 3; /* whatever else it changes */
}

typedef struct mutant {
    const char *name;
    void (*change)(test_plan *t);
    ys_verify_code code;
} mutant;

static const mutant MUTANTS[] = {
    {"cost + 1 fen", cost_one_fen_more, YS_VC_OVER_FUND},
    {"fund - 1 fen", fund_one_fen_less, YS_VC_OVER_FUND},
    {"later year - 1 fen", later_year_one_fen_less, YS_VC_OVER_FUND},
    {"capacity - 1", capacity_one_less, YS_VC_OVER_CAPACITY},
    {"no place at all", no_place_at_all, YS_VC_NO_ROOM},
    {"gate false", gate_closed, YS_VC_GATE_FALSE},
    {"gate unknown", gate_unknown, YS_VC_GATE_UNKNOWN},
    {"consent refused", consent_withdrawn, YS_VC_CONSENT},
    {"consent not asked", consent_not_asked, YS_VC_CONSENT},
    {"period too late", starts_too_late, YS_VC_PERIOD},
    {"period too early", starts_too_early, YS_VC_PERIOD},
    {"no fund in that year", starts_without_a_fund, YS_VC_UNFUNDED},
    {"scope moved", scope_moved, YS_VC_SCOPE},
    {"measure of another target", became_a_village_measure, YS_VC_TARGET},
    {"household without labour", household_tired, YS_VC_LABOUR},
    {"household labour by sum", household_tired_by_the_sum, YS_VC_LABOUR_SUM},
    {"person without labour", person_tired, YS_VC_LABOUR},
    {"person labour by sum", person_tired_by_the_sum, YS_VC_LABOUR_SUM},
    {"one group", same_group, YS_VC_GROUP},
    {"excluded pair", excluded, YS_VC_EXCLUDES},
    {"missing requirement", requires_more, YS_VC_REQUIRES},
    {"two full-time", both_full_time, YS_VC_FULL_TIME},
    {"fewer measures", fewer_measures, YS_VC_COUNT},
    {"three of a group of two", group_of_two, YS_VC_GROUP_LIMIT},
    {"forbidden by a lock", forbidden, YS_VC_FORBIDDEN},
    {"locked and not there", lock_not_kept, YS_VC_LOCKED},
    {"lifts, but not surely", not_sure_enough, YS_VC_CHANCE},
    {"gap floor unmet", floor_raised, YS_VC_FLOOR_UNMET},
    {"cures floor unmet", cures_floor_raised, YS_VC_FLOOR_UNMET},
    {"helped floor unmet", helped_floor_raised, YS_VC_FLOOR_UNMET},
    {"gap ceiling passed", ceiling_lower, YS_VC_FLOOR_OVER},
    {"what a floor asks changed", need_lower, YS_VC_FLOOR_NEED},
    {"effect smaller", effect_smaller, YS_VC_VALUE},
    {"weight changed", weight_changed, YS_VC_COUPLE_UNMET},
    {"discount changed", discount_changed, YS_VC_VALUE},
    {"value + 1", value_one_more, YS_VC_VALUE},
    {"tier 1 inflated", first_value_inflated, YS_VC_COUPLE_UNMET},
    {"tier 1 above its bound", first_value_above_its_bound, YS_VC_BOUND_BELOW},
    {"bound - 1", bound_one_less, YS_VC_BOUND},
    {"bound + 1", bound_one_more, YS_VC_BOUND},
    {"bound below the value", bound_far_below, YS_VC_BOUND},
    {"tier 1 bound is value", first_bound_is_value, YS_VC_BOUND},
    {"price + 1", price_changed, YS_VC_BOUND},
    {"negative price", price_negative, YS_VC_PRICE_NEGATIVE},
    {"negative floor price", floor_price_negative, YS_VC_PRICE_NEGATIVE},
    {"negative coupling price", couple_price_negative, YS_VC_PRICE_NEGATIVE},
    {"price out of range", price_enormous, YS_VC_PRICE_RANGE},
    {"shift out of range", shift_wild, YS_VC_PRICE_RANGE},
    {"a price too few", prices_missing, YS_VC_ROW_PRICES},
    {"no floor prices", floor_prices_missing, YS_VC_FLOOR_PRICES},
    {"gap prettier", gap_prettier, YS_VC_GAP},
    {"gap of the plan prettier", whole_gap_prettier, YS_VC_GAP},
    {"gap not a number", gap_nan, YS_VC_GAP},
    {"coupling minimum - 1", minimum_lower, YS_VC_COUPLE_MINIMUM},
    {"overlap changed", overlap_hidden, YS_VC_OVERLAP},
    {"use changed", use_hidden, YS_VC_USE},
    {"floor use changed", floor_use_prettier, YS_VC_FLOOR_USE},
    {"duplicate", duplicate, YS_VC_DUPLICATE},
    {"unknown offering", unknown_offering, YS_VC_UNKNOWN_OFFERING},
    {"unknown block", unknown_block, YS_VC_UNKNOWN_BLOCK},
    {"negative block", negative_block, YS_VC_UNKNOWN_BLOCK},
    {"person of another household", somebody_elses_person, YS_VC_PERSON},
    {"unknown person", unknown_person, YS_VC_PERSON},
    {"person on a household measure", person_on_household_measure, YS_VC_TARGET},
    {"no person on a person measure", nobody_on_person_measure, YS_VC_TARGET},
    {"village measure for a household", road_for_a_household, YS_VC_TARGET},
    {"household measure for a village", loan_for_a_village, YS_VC_TARGET},
    {"outside the scope", outside_the_scope, YS_VC_SCOPE},
    {"requirement dropped", job_without_training, YS_VC_REQUIRES},
    {"a fourth measure", a_fourth_measure, YS_VC_COUNT},
    {"excluded pair chosen", pension_and_loan, YS_VC_EXCLUDES},
    {"one measure twice", same_measure_twice, YS_VC_GROUP},
    {"two jobs for one person", two_jobs_for_one, YS_VC_FULL_TIME},
    {"a choice is gone", choice_gone, YS_VC_VALUE},
    {"seal", seal_broken, YS_VC_SEAL},
};

static void test_town_passes(void **state)
{
    (void)state;
    test_plan *t = tp_town();
    ys_verify_result *r = tp_verify(t);
    for (int64_t i = 0; i < r->n_kept; i++)
        print_error("%s\n", r->findings[i].en);
    assert_int_equal(r->count, 0);
    assert_true(r->bound_known[0] && r->bound_known[1]);
    assert_true(r->value[0] > 0 && r->value[1] > 0);
    assert_true(r->bound[0] >= r->value[0] && r->bound[1] >= r->value[1]);
    assert_true(r->overlap[0] >= 0);
    ys_verify_result_free(r);
    tp_free(t);
}

static bool has_words(const ys_verify_finding *x)
{
    return x->zh && x->en && *x->zh && *x->en && !strchr(x->zh, '{') && !strchr(x->en, '{');
}

static void test_mutants_are_caught(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MUTANTS / sizeof MUTANTS[0]; i++) {
        test_plan *t = tp_town();
        MUTANTS[i].change(t);
        ys_verify_result *r = tp_verify(t);
        if (r->by_code[MUTANTS[i].code] == 0) {
            for (int64_t k = 0; k < r->n_kept; k++)
                print_error("%s\n", r->findings[k].en);
            fail_msg("mutant \"%s\" gave no finding \"%s\"", MUTANTS[i].name,
                     ys_verify_code_name(MUTANTS[i].code));
        }
        for (int64_t k = 0; k < r->n_kept; k++)
            assert_true(has_words(&r->findings[k]));
        ys_verify_result_free(r);
        tp_free(t);
    }
}

static int64_t unmet_at(test_plan *t, int32_t share)
{
    t->floor[0].share = share;
    ys_verify_result *r = tp_verify(t);
    int64_t unmet = r->by_code[YS_VC_FLOOR_UNMET];
    ys_verify_result_free(r);
    return unmet;
}

/* The least (PROJECT: the largest) share that the town's plan does not keep; a millionth beside it is kept. */
static int32_t edge(test_plan *t, ys_verify_floor x)
{
    bool up = x.kind != YS_VERIFY_PROJECT;
    int32_t kept = up ? 0 : 1000000, broken = up ? 1000000 : 1000;
    t->floor[0] = x;
    assert_int_equal(unmet_at(t, kept), 0);
    assert_int_equal(unmet_at(t, broken), 1);
    while (kept - broken != 1 && broken - kept != 1) {
        int32_t mid = (kept + broken) / 2;
        *(unmet_at(t, mid) ? &broken : &kept) = mid;
    }
    return broken;
}

/* Shares are kept to the millionth, and where they are not the figures of the finding say by how much. */
static void test_shares_to_the_millionth(void **state)
{
    (void)state;
    test_plan *t = tp_town();
    uint8_t counts[TP_MAX] = {0};
    counts[M_HOUSE] = counts[M_TRAIN] = 1;
    ys_verify_floor x = {
        .name = "share", .area_end = 9, .kind = YS_VERIFY_SPENDING, .fund = -1, .counts = counts};
    int32_t spending = edge(t, x);
    ys_verify_result *r = tp_verify(t);
    int64_t money = 0;
    for (int i = 0; i < t->f.n_funds; i++)
        money += r->use[i];
    assert_int_equal(spending, r->floor_use[0] * 1000000 / money + 1);
    ys_verify_result_free(r);
    x = (ys_verify_floor){.name = "project", .area_end = 9, .kind = YS_VERIFY_PROJECT, .offering = O_POST};
    assert_in_range(edge(t, x), 1001, 999998);
    x = (ys_verify_floor){
        .name = "coverage", .area_begin = 5, .area_end = 6, .kind = YS_VERIFY_COVERAGE, .of_end = 9};
    int32_t a = edge(t, x);
    r = tp_verify(t); /* by hand: gaps of today and what the plan closes */
    int64_t gap[2] = {0, 0};
    for (int64_t h = 0; h < t->f.n_households; h++) {
        gap[0] += t->household[h].area == 5 ? ys__v_gap_today(&t->f, h) : 0;
        gap[1] += ys__v_gap_today(&t->f, h);
    }
    long double kept = ((long double)r->floor_use[0] / (long double)gap[0]) /
                       ((long double)r->value[1] / (long double)gap[1]);
    assert_in_range(a, (int64_t)(kept * 1e6L), (int64_t)(kept * 1e6L) + 2);
    ys_verify_result_free(r);
    tp_free(t);
}

/* Every kind of finding has a mutant, but for those named, which other tests show. */
static void test_every_code_has_a_mutant(void **state)
{
    (void)state;
    for (int code = 0; code < YS_VC_CODES; code++) {
        bool seen = code == YS_VC_CEILING || code == YS_VC_BLOCK_VALUE;
        for (size_t i = 0; i < sizeof MUTANTS / sizeof MUTANTS[0]; i++)
            seen = seen || (int)MUTANTS[i].code == code;
        if (!seen)
            fail_msg("no mutant for \"%s\"", ys_verify_code_name((ys_verify_code)code));
    }
}

/* Small untruths alone: nothing else may be found than what was changed. */
static void test_findings_are_not_noise(void **state)
{
    (void)state;
    static const mutant QUIET[] = {
        {"bound - 1", bound_one_less, YS_VC_BOUND},         {"use", use_hidden, YS_VC_USE},
        {"overlap", overlap_hidden, YS_VC_OVERLAP},         {"gap", gap_prettier, YS_VC_GAP},
        {"floor use", floor_use_prettier, YS_VC_FLOOR_USE},
    };
    for (size_t i = 0; i < sizeof QUIET / sizeof QUIET[0]; i++) {
        test_plan *t = tp_town();
        t->q.seal = 0;
        QUIET[i].change(t);
        ys_verify_result *r = tp_verify(t);
        for (int code = 0; code < YS_VC_CODES; code++)
            if (r->by_code[code] && code != (int)QUIET[i].code && code != YS_VC_GAP)
                fail_msg("\"%s\" also gave \"%s\"", QUIET[i].name, ys_verify_code_name((ys_verify_code)code));
        ys_verify_result_free(r);
        tp_free(t);
    }
}

static void test_names_are_in_the_words(void **state)
{
    (void)state;
    test_plan *t = tp_town();
    gate_closed(t);
    ys_verify_result *r = tp_verify(t);
    assert_string_equal(r->findings[0].en,
                        "household Li (person Li A) does not pass the gate of measure post (offering post)");
    assert_string_equal(r->findings[0].zh, "户 Li（人 Li A）：不符合措施「post」（供给 post）的准入条件");
    assert_int_equal(r->findings[0].block, TOWN_LI);
    ys_verify_result_free(r);
    t->gate[TOWN_GATED][LI_ADULT] = 1;
    t->fund[F_COUNTY].amount = t->use[F_COUNTY] - 1;
    t->fund[F_COUNTY].name = NULL;
    r = tp_verify(t);
    bool found = false;
    for (int64_t i = 0; i < r->n_kept; i++)
        found = found || strstr(r->findings[i].en, "fund #1 (2017)");
    assert_true(found);
    ys_verify_result_free(r);
    tp_free(t);
}

static void test_facts_refused(void **state)
{
    (void)state;
    test_plan *t = tp_town();
    ys_verify_result *r = NULL;
    ys_diag d = {0};
    t->offering[O_JOB].effect = __builtin_nan("");
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 1, &r, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "offering"));
    assert_non_null(strstr(d.zh, "供给"));
    assert_non_null(strstr(d.en, "job"));
    t->offering[O_JOB].effect = 1;
    t->fund[F_COUNTY_NEXT].period = 2017;
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 1, &r, &d), YS_EDATA);
    t->fund[F_COUNTY_NEXT].period = 2018;
    t->person[0].household = 3;
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 1, &r, &d), YS_EDATA);
    t->person[0].household = 0;
    t->household[0].persons = 0;
    assert_int_equal(ys_verify_plan(&t->f, &t->q, 1, &r, &d), YS_EDATA);
    assert_null(r);
    tp_free(t);
}

/* The nth allocation fails, for every n: an error and no leak (the sanitizer watches), never a wrong answer. */
static void test_memory_short(void **state)
{
    (void)state;
    test_plan *t = tp_town();
    t->q.tier[1].bound--; /* so that findings are written too */
    bool done = false;
    for (int64_t n = 1; !done; n++) {
        ys_verify_result *r = NULL;
        ys_diag d = {0};
        ys_alloc_fail_from(n);
        ys_status st = ys_verify_plan(&t->f, &t->q, 1, &r, &d);
        ys_alloc_fail_from(0);
        assert_true(st == YS_ENOMEM || st == YS_OK);
        assert_true(st == YS_OK || !r);
        done = st == YS_OK && n > 10;
        if (st == YS_OK)
            assert_int_equal(r->by_code[YS_VC_BOUND], 1);
        ys_verify_result_free(r);
        assert_true(n < 1000);
    }
    tp_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_town_passes),
        cmocka_unit_test(test_mutants_are_caught),
        cmocka_unit_test(test_shares_to_the_millionth),
        cmocka_unit_test(test_every_code_has_a_mutant),
        cmocka_unit_test(test_findings_are_not_noise),
        cmocka_unit_test(test_names_are_in_the_words),
        cmocka_unit_test(test_facts_refused),
        cmocka_unit_test(test_memory_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
