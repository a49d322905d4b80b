/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input.c - facts no plan can be made from (docs/plan-model.md section 9), by name.
 *
 * Everything the other files index with or convert to an integer is bounded here.
 */
#include <math.h>
#include <stdbool.h>
#include "verify/inner.h"

#define EXACT    ((double)(1LL << 53)) /* doubles hold every integer below it */
#define MONTHS   1e9                   /* more than a population could work */
#define DELAY    1e6                   /* months; keeps section 2's year counts in int */
#define DISCOUNT 10.0

static ys_status bad(ys_diag *diag, const char *what_zh, const char *what_en, const char *name, int64_t row)
{
    ys_status st = ys_fail(diag, YS_EDATA, "核验所用的事实不可用：%s（%s，第 %lld 行）",
                           "a fact to verify against cannot be used: %s (%s, row %lld)", what_zh,
                           name ? name : "", (long long)row + 1);
    /* Both formats take the same arguments, so the English words are set apart. */
    if (diag)
        snprintf(diag->en, sizeof diag->en, "a fact to verify against cannot be used: %s (%s, row %lld)",
                 what_en, name ? name : "", (long long)row + 1);
    ys_diag_fix(diag, "改正登记册或政策包中的这一项，然后重新编制计划。",
                "Correct it in the registry or the pack and make the plan again.");
    return st;
}

static bool within(double x, double low, double high)
{
    return x >= low && x <= high; /* false for NaN */
}

static bool index_ok(int64_t i, int64_t n)
{
    return i >= 0 && i < n;
}

static ys_status check_parameters(const ys_verify_facts *f, ys_diag *diag)
{
    bool counts = f->n_households >= 0 && f->n_households <= INT32_MAX && f->n_persons >= 0 &&
                  f->n_persons <= INT32_MAX && f->n_villages >= 0 && f->n_villages <= INT32_MAX &&
                  f->n_measures >= 0 && f->n_offerings >= 0 && f->n_funds >= 0 && f->n_relations >= 0 &&
                  f->n_floors >= 0;
    if (!counts)
        return bad(diag, "行数", "number of rows", NULL, 0);
    if (!index_ok(f->n_indicators, YS_VERIFY_INDICATORS + 1))
        return bad(diag, "指标个数", "number of indicators", NULL, 0);
    for (int i = 0; i < f->n_indicators; i++)
        if (!index_ok(f->indicator_weight[i], 10001))
            return bad(diag, "指标权重", "weight of an indicator", NULL, i);
    if (f->horizon < 1 || f->horizon > YS_VERIFY_MAX_HORIZON || f->period < -1000000 || f->period > 1000000)
        return bad(diag, "计划期", "years of the plan", NULL, 0);
    if (!within(f->discount, 0, DISCOUNT) || !within(f->income_sd_share, 0, 1e6) ||
        !within(f->competition, 0, 1) || !within(f->chance_epsilon, 0, 0.5) ||
        !(f->switch_cost >= 0 && f->switch_cost < (1LL << 53)))
        return bad(diag, "参数", "a parameter", NULL, 0);
    if (f->max_measures < 1 || f->max_measures > YS_VERIFY_MAX_MEASURES || f->alpha < 1 || f->alpha > 2 ||
        !index_ok(f->tolerance, 1000001))
        return bad(diag, "参数", "a parameter", NULL, 0);
    return YS_OK;
}

static ys_status check_people(const ys_verify_facts *f, ys_diag *diag)
{
    for (int64_t i = 0; i < f->n_households; i++) {
        const ys_verify_household *h = &f->households[i];
        bool ok = h->persons >= 1 && h->persons <= 1000 && h->area >= 0 && h->village >= -1 &&
                  h->village < f->n_villages && h->line >= 1 && h->line <= (1LL << 40) &&
                  h->ystar < (1LL << 50) && h->ystar > -(1LL << 50) && within(h->months_free, 0, MONTHS);
        if (!ok)
            return bad(diag, "户（人数、地域、贫困线、收入或劳力）",
                       "household (persons, area, line, income or months)", h->name, i);
    }
    for (int64_t i = 0; i < f->n_persons; i++) {
        const ys_verify_person *p = &f->persons[i];
        bool ok = index_ok(p->household, f->n_households) && within(p->months_free, 0, MONTHS) &&
                  (i == 0 || p->household >= f->persons[i - 1].household);
        if (!ok)
            return bad(diag, "人（所属户、次序或劳力）", "person (household, order or months)", p->name, i);
    }
    for (int64_t i = 0; i < f->n_villages; i++)
        if (f->villages[i].area < 0)
            return bad(diag, "村（地域）", "village (area)", f->villages[i].name, i);
    return YS_OK;
}

static ys_status check_measures(const ys_verify_facts *f, ys_diag *diag)
{
    for (int i = 0; i < f->n_measures; i++) {
        const ys_verify_measure *m = &f->measures[i];
        bool ok = m->target >= YS_VERIFY_HOUSEHOLD && m->target <= YS_VERIFY_VILLAGE &&
                  within(m->persistence, 0, 1) && within(m->labour_months, 0, MONTHS) &&
                  within(m->delay_months, 0, DELAY);
        if (!ok)
            return bad(diag, "措施（对象、组、持续率、劳力或延迟）",
                       "measure (target, group, persistence, labour or delay)", m->name, i);
    }
    for (int i = 0; i < f->n_relations; i++) {
        const ys_verify_relation *r = &f->relations[i];
        bool ok = index_ok(r->measure_a, f->n_measures) && index_ok(r->measure_b, f->n_measures) &&
                  r->kind >= YS_VERIFY_EXCLUDES && r->kind <= YS_VERIFY_COMPLEMENTS &&
                  (r->kind < YS_VERIFY_COMPETES || within(r->value, 0, 1));
        if (!ok)
            return bad(diag, "措施关系", "relation of measures", NULL, i);
    }
    return YS_OK;
}

static ys_status check_groups(const ys_verify_facts *f, ys_diag *diag)
{
    for (int i = 0; i < f->n_groups; i++) {
        int32_t g = i;
        for (int n = 0; n < f->n_groups && index_ok(g, f->n_groups); n++)
            g = f->groups[g].parent;
        if (g != -1 || f->groups[i].limit < 1)
            return bad(diag, "措施组（上级组或上限）", "group of measures (parent or limit)",
                       f->groups[i].name, i);
    }
    return YS_OK;
}

/* Persons are those of the block where the measure is for persons, else none. */
static bool decision_ok(const ys_verify_facts *f, int64_t block, int32_t measure, int32_t person, bool any)
{
    if (!index_ok(block, f->n_households + f->n_villages) || !index_ok(measure, f->n_measures))
        return false;
    ys_verify_target t = f->measures[measure].target;
    bool whole = person == -1 && (t != YS_VERIFY_PERSON || any);
    return (t == YS_VERIFY_VILLAGE) == (block >= f->n_households) &&
           (whole || (t == YS_VERIFY_PERSON && index_ok(person, f->n_persons) &&
                      f->persons[person].household == block));
}

static ys_status check_decided(const ys_verify_facts *f, ys_diag *diag)
{
    for (int64_t i = 0; i < f->n_locks; i++) {
        const ys_verify_lock *l = &f->locks[i];
        if (!decision_ok(f, l->block, l->measure, l->person, true) ||
            !index_ok(l->offering + 1, f->n_offerings + 1) ||
            (l->offering >= 0 && f->offerings[l->offering].measure != l->measure) ||
            (i > 0 && l[-1].block > l->block))
            return bad(diag, "锁定（对象、措施、供给或人）", "lock (household, measure, offering or person)",
                       l->name, i);
    }
    for (int64_t i = 0; i < f->n_running; i++) {
        const ys_verify_running *r = &f->running[i];
        if (!index_ok(r->offering, f->n_offerings) || (i > 0 && r[-1].block > r->block) ||
            !decision_ok(f, r->block, f->offerings[r->offering].measure, r->person, false))
            return bad(diag, "现行计划的安排", "choice of the running plan", NULL, i);
    }
    return YS_OK;
}

static bool floor_ok(const ys_verify_facts *f, const ys_verify_floor *x)
{
    bool share = x->minimum == 0 && x->share >= 0 && x->share <= 1000000;
    switch (x->kind) {
    case YS_VERIFY_LEAST:
    case YS_VERIFY_MOST:
        return x->metric >= YS_VERIFY_GAP && x->metric <= YS_VERIFY_HELPED && x->minimum >= 0 &&
               x->minimum < YS_V_BIG;
    case YS_VERIFY_COVERAGE:
        return share && x->of_begin <= x->area_begin && x->of_end >= x->area_end;
    case YS_VERIFY_SPENDING:
        return share && x->counts;
    case YS_VERIFY_PROJECT:
        return share && x->share >= 1000 && index_ok(x->offering, f->n_offerings);
    }
    return false;
}

static ys_status check_supply(const ys_verify_facts *f, ys_diag *diag)
{
    for (int i = 0; i < f->n_offerings; i++) {
        const ys_verify_offering *o = &f->offerings[i];
        bool ok = o->wait_months >= 0 && o->wait_months <= 12 && index_ok(o->measure, f->n_measures) &&
                  index_ok(o->share_a, 1000001) && o->capacity >= YS_VERIFY_UNBOUNDED &&
                  o->capacity < (1LL << 53) && o->cost >= 0 && o->cost < (1LL << 53) &&
                  o->cost_recurring >= 0 && o->cost_recurring < (1LL << 53) && fabs(o->effect) < EXACT &&
                  within(o->effect_sd, 0, EXACT);
        if (!ok)
            return bad(diag, "供给（措施、资金、比例、容量、费用或效果）",
                       "offering (measure, funds, share, capacity, costs or effect)", o->name, i);
    }
    for (int i = 0; i < f->n_funds; i++)
        if (f->funds[i].fund < 0 || f->funds[i].amount < 0 || f->funds[i].amount >= (1LL << 53))
            return bad(diag, "资金（编号或金额）", "fund (number or amount)", f->funds[i].name, i);
    for (int i = 0; i < f->n_floors; i++) {
        const ys_verify_floor *x = &f->floors[i];
        if (!floor_ok(f, x))
            return bad(diag, "保底目标", "floor", x->name, i);
    }
    return YS_OK;
}

ys_status ys__v_facts_check(const ys_verify_facts *f, ys_diag *diag)
{
    YS_TRY(check_parameters(f, diag));
    YS_TRY(check_people(f, diag));
    YS_TRY(check_measures(f, diag));
    YS_TRY(check_groups(f, diag));
    YS_TRY(check_supply(f, diag));
    return check_decided(f, diag);
}
