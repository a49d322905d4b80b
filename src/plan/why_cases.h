/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_WHY_CASES_H
#define YS_PLAN_WHY_CASES_H
/*
 * why_cases.h - hand-made households, one for every reason why a measure is not chosen: for the tests of why.c and words.c.
 *
 * The plain house: two equal households of one person in one village, without income; measures "alpha" and "beta" for
 * households, effects 1,000 and 2,000 yuan a year, 600 yuan each from one fund with plenty; both get both.  A case spoils one
 * thing.
 */
#include <string.h>

#include "plan/build_cases.h"

enum { CASE_MEASURES = 30 };

typedef struct house {
    ys_plan_input in;
    ys_plan_household household[2];
    ys_plan_person person[3];
    ys_plan_village village[1];
    ys_plan_measure measure[CASE_MEASURES];
    ys_plan_offering offering[CASE_MEASURES];
    ys_plan_fund fund[1];
    ys_plan_relation relation[2];
    uint8_t truth[3], other_truth[3], consent[2];
    uint16_t affected[2];
    int32_t weight[1];
} house;

static inline void house_plain(house *h)
{
    memset(h, 0, sizeof *h);
    ys_plan_input_defaults(&h->in);
    h->in.period = 2016;
    h->in.income_sd_share = 0;
    h->weight[0] = 1;
    for (int i = 0; i < 2; i++) {
        h->household[i] =
            (ys_plan_household){.persons = 1, .line = 300000, .ystar = -1000000, .months_free = 12};
        h->person[i] = (ys_plan_person){.household = i, .months_free = 12};
        h->affected[i] = 1;
    }
    static const char *const name[2] = {"alpha", "beta"}, *const zh[2] = {"甲措施", "乙措施"},
                             *const en[2] = {"Alpha key", "Beta key"};
    for (int i = 0; i < CASE_MEASURES; i++) {
        h->measure[i] = (ys_plan_measure){.name = i < 2 ? name[i] : "more",
                                          .label_zh = i < 2 ? zh[i] : NULL,
                                          .label_en = i < 2 ? en[i] : "",
                                          .gate_reads = "age, health",
                                          .group = -1,
                                          .channel = i,
                                          .persistence = 1};
        h->offering[i] = (ys_plan_offering){.name = i == 0 ? "alpha-2016" : "other-2016",
                                            .measure = i,
                                            .area_end = 1,
                                            .period = 2016,
                                            .fund_b = -1,
                                            .share_a = 1000000,
                                            .capacity = YS_PLAN_UNBOUNDED,
                                            .cost = 60000,
                                            .effect = i == 1 ? 200000 : 100000 - i * 100};
    }
    h->fund[0] = (ys_plan_fund){.name = "county fund", .period = 2016, .amount = 100000000};
    ys_plan_input *in = &h->in;
    in->n_households = 2, in->households = h->household;
    in->n_persons = 2, in->persons = h->person;
    in->n_villages = 1, in->villages = h->village;
    in->n_indicators = 1, in->indicator_weight = h->weight, in->affected = h->affected;
    in->n_measures = 2, in->measures = h->measure;
    in->n_offerings = 2, in->offerings = h->offering;
    in->n_funds = 1, in->funds = h->fund;
    in->relations = h->relation;
}

static inline void relate(house *h, int a, int b, ys_plan_relation_kind kind, double value)
{
    h->relation[h->in.n_relations++] =
        (ys_plan_relation){.measure_a = a, .measure_b = b, .kind = kind, .value = value};
}

static inline void spoil_scope(house *h)
{
    h->offering[0].area_begin = h->offering[0].area_end = 5;
}
static inline void spoil_year(house *h)
{
    h->offering[0].period = 2021; /* the horizon ends with 2020 */
}
static inline void spoil_target(house *h)
{
    h->measure[0].target = YS_PLAN_VILLAGE;
}
static inline void spoil_gate(house *h)
{
    h->measure[0].gate = h->truth;
}
static inline void spoil_gate_unknown(house *h)
{
    h->measure[0].gate = memset(h->truth, 2, sizeof h->truth);
}
static inline void spoil_gate_persons(house *h)
{
    h->measure[0].target = YS_PLAN_PERSON;
    h->measure[0].gate = h->truth;
    h->truth[1] = 1; /* the other household's */
}
static inline void spoil_refused(house *h)
{
    h->measure[0].consent = true;
    h->measure[0].consented = h->consent;
}
static inline void spoil_unasked(house *h)
{
    h->measure[0].consent = true;
    h->measure[0].consented = memset(h->consent, 2, sizeof h->consent);
}
static inline void spoil_no_consents(house *h)
{
    h->measure[0].consent = true;
}
static inline void spoil_poor_fund(house *h)
{
    h->offering[0].cost = h->fund[0].amount + 1;
}
static inline void spoil_no_fund(house *h)
{
    h->offering[0].fund_a = 7;
}
static inline void spoil_no_place(house *h)
{
    h->offering[0].capacity = 0;
}
static inline void spoil_labour(house *h)
{
    h->measure[0].labour_months = 12.001;
}
static inline void spoil_labour_person(house *h)
{
    h->measure[0].target = YS_PLAN_PERSON;
    h->measure[0].labour_months = 6;
    h->person[0].months_free = 5;
}
static inline void spoil_many(house *h)
{
    h->in.n_measures = h->in.n_offerings = CASE_MEASURES;
    h->in.max_measures = 1;
    h->offering[0].effect = 1;
}
static inline void spoil_group(house *h)
{
    h->measure[0].group = h->measure[1].group = 3;
}
static inline void spoil_exclude(house *h)
{
    relate(h, 1, 0, YS_PLAN_EXCLUDES, 0);
}
static inline void spoil_full_time(house *h)
{
    h->measure[0].target = h->measure[1].target = YS_PLAN_PERSON;
    h->measure[0].full_time = h->measure[1].full_time = true;
}
static inline void spoil_needs(house *h)
{
    relate(h, 0, 1, YS_PLAN_REQUIRES, 0);
    h->measure[1].gate = h->truth;
}
/* It needs what it cannot go with: what is needed is chosen, and that is why. */
static inline void spoil_needs_rival(house *h)
{
    relate(h, 0, 1, YS_PLAN_REQUIRES, 0);
    relate(h, 0, 1, YS_PLAN_EXCLUDES, 0);
}
static inline void spoil_labour_taken(house *h)
{
    h->measure[0].labour_months = h->measure[1].labour_months = 6.5;
}
static inline void spoil_labour_needed(house *h)
{
    spoil_labour_taken(h);
    relate(h, 0, 1, YS_PLAN_REQUIRES, 0);
}
/* Household 1 has months for both in all, its person has not. */
static inline void spoil_labour_taken_person(house *h)
{
    spoil_labour_taken(h);
    h->measure[0].target = h->measure[1].target = YS_PLAN_PERSON;
    h->household[0].months_free = 24;
}
static inline void spoil_worthless(house *h)
{
    h->offering[0].effect = 0;
}
/* What alpha could add is lost beside beta. */
static inline void spoil_competes(house *h)
{
    relate(h, 0, 1, YS_PLAN_COMPETES, 1);
}
/* Two persons: beta is for one and closes the gap, alpha, of its group, is for the other one: they could go together. */
static inline void spoil_other_person(house *h)
{
    spoil_group(h);
    h->household[0].persons = 2;
    h->household[0].ystar = 500000;
    h->offering[0].effect = 40000;
    h->person[1].household = 0;
    h->person[2] = (ys_plan_person){.household = 1, .months_free = 12};
    h->in.n_persons = 3;
    h->measure[0].target = h->measure[1].target = YS_PLAN_PERSON;
    h->measure[0].gate = h->truth;
    h->measure[1].gate = h->other_truth;
    h->truth[0] = h->other_truth[1] = 1;
}
/* One place, and household 2 is further below the line for longer: the gap of household 1 is nearly closed. */
static inline void spoil_places(house *h)
{
    h->offering[0].capacity = 1;
    h->household[0].ystar = 250000;
    h->in.n_offerings = 1;
}
static inline void spoil_money(house *h)
{
    h->fund[0].amount = 60000;
    h->household[0].ystar = 250000;
    h->in.n_offerings = 1;
}
/*
 * Money for one key each.  Alpha alone is worth less than beta, and at the price of money it is the best bundle with alpha; but
 * both together are worth more than beta: money is what keeps it out.
 */
static inline void spoil_money_pair(house *h)
{
    h->fund[0].amount = 120000;
    h->offering[0].effect = 190000;
    relate(h, 0, 1, YS_PLAN_COMPETES, 0.9);
}
/* Alpha cures and beta does not; the only place for the cure goes to household 2, where its gap closes as well. */
static inline void spoil_cure(house *h)
{
    h->measure[0].cures = 1;
    h->household[0].deprived = h->household[1].deprived = 1;
    h->measure[0].group = h->measure[1].group = 0;
    h->offering[0].effect = 0;
    h->offering[0].capacity = 1;
    h->household[1].ystar = 290000;
}
static inline void spoil_count(house *h)
{
    h->in.max_measures = 1;
}

typedef struct why_case {
    const char *name;
    void (*spoil)(house *h);
    ys_plan_reason reason; /* of alpha for household 1 */
    int32_t other;
    int64_t row;
} why_case;

static const why_case why_cases[] = {
    {"plenty", NULL, YS_WHY_CHOSEN, -1, -1},
    {"out of scope", spoil_scope, YS_WHY_NO_OFFER, -1, -1},
    {"after the horizon", spoil_year, YS_WHY_NO_OFFER, -1, -1},
    {"for villages only", spoil_target, YS_WHY_NO_OFFER, -1, -1},
    {"gate false", spoil_gate, YS_WHY_GATE_FALSE, -1, -1},
    {"gate unknown", spoil_gate_unknown, YS_WHY_GATE_UNKNOWN, -1, -1},
    {"gate of persons", spoil_gate_persons, YS_WHY_GATE_FALSE, -1, -1},
    {"refused", spoil_refused, YS_WHY_CONSENT_REFUSED, -1, -1},
    {"not asked", spoil_unasked, YS_WHY_CONSENT_MISSING, -1, -1},
    {"nobody asked", spoil_no_consents, YS_WHY_CONSENT_MISSING, -1, -1},
    {"dearer than the fund", spoil_poor_fund, YS_WHY_NO_MONEY, -1, -1},
    {"fund without money", spoil_no_fund, YS_WHY_NO_MONEY, -1, -1},
    {"no place at all", spoil_no_place, YS_WHY_NO_MONEY, -1, -1},
    {"too much labour", spoil_labour, YS_WHY_LABOUR, -1, -1},
    {"no person free", spoil_labour_person, YS_WHY_LABOUR, -1, -1},
    {"many options", spoil_many, YS_WHY_LIMIT, -1, -1},
    {"same group", spoil_group, YS_WHY_GROUP, 1, -1},
    {"excluded", spoil_exclude, YS_WHY_GROUP, 1, -1},
    {"both full time", spoil_full_time, YS_WHY_GROUP, 1, -1},
    {"needs another", spoil_needs, YS_WHY_NEEDS, 1, -1},
    {"needs its rival", spoil_needs_rival, YS_WHY_GROUP, 1, -1},
    {"labour taken", spoil_labour_taken, YS_WHY_LABOUR_TAKEN, 1, -1},
    {"labour needed", spoil_labour_needed, YS_WHY_LABOUR_TAKEN, 1, -1},
    {"person's labour", spoil_labour_taken_person, YS_WHY_LABOUR_TAKEN, 1, -1},
    {"no effect", spoil_worthless, YS_WHY_LESS_VALUE, -1, -1},
    {"nothing added", spoil_competes, YS_WHY_LESS_VALUE, -1, -1},
    {"another person", spoil_other_person, YS_WHY_LESS_VALUE, -1, -1},
    {"places", spoil_places, YS_WHY_CAPACITY, -1, 1},
    {"money", spoil_money, YS_WHY_BUDGET, -1, 0},
    {"money for both", spoil_money_pair, YS_WHY_BUDGET, -1, 0},
    {"full bundle", spoil_count, YS_WHY_COUNT, -1, -1}};

/* Solving, or the test fails. */
static inline ys_plan_result *solve(const ys_plan *p)
{
    ys_diag d = {0};
    ys_plan_result *r = NULL;
    if (ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 60}, &r, &d) != YS_OK)
        fail_msg("solve: %s", d.en);
    return r;
}

#endif
