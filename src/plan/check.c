/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <math.h>

/* What cannot be planned with is refused here, by name: docs/plan-model.md section 9. */

#define MOST_MONEY ((int64_t)1 << 53)

void ys_plan_input_defaults(ys_plan_input *in)
{
    *in = (ys_plan_input){.horizon = 5,
                          .discount = 0.05,
                          .income_sd_share = 0.1,
                          .competition = 0.3,
                          .max_measures = YS_PLAN_MAX_MEASURES,
                          .alpha = 1,
                          .tolerance = 1000};
}

static bool share_ok(double v)
{
    return v >= 0 && v <= 1;
}

static bool money_ok(int64_t v)
{
    return v >= 0 && v < MOST_MONEY;
}

static bool effect_ok(double v)
{
    return v > -0x1p53 && v < 0x1p53; /* false for NaN */
}

static ys_status check_parameters(const ys_plan_input *in, ys_diag *diag)
{
    if (in->horizon < 1 || in->horizon > YS_PLAN_HORIZON || !(in->discount >= 0 && in->discount <= 10) ||
        !share_ok(in->income_sd_share) || !share_ok(in->competition) || in->max_measures < 1 ||
        in->max_measures > YS_PLAN_MAX_MEASURES || (in->alpha != 1 && in->alpha != 2) || in->tolerance < 0 ||
        in->tolerance > 1000000 || in->period < -100000 || in->period > 100000)
        return ys_fail(diag, YS_EDATA, "规划参数超出范围（年限1–%d、每户措施1–%d、alpha 1或2）",
                       "a plan parameter is out of range (horizon 1-%d, measures 1-%d, alpha 1 or 2)",
                       YS_PLAN_HORIZON, YS_PLAN_MAX_MEASURES);
    if (!(in->chance_epsilon >= 0 && in->chance_epsilon <= 0.5) || !money_ok(in->switch_cost))
        return ys_fail(diag, YS_EDATA, "参数 chance_epsilon 须在0–0.5，switch_cost 不得为负或过大",
                       "chance_epsilon must lie in 0-0.5, switch_cost be neither negative nor too large");
    if (in->n_indicators < 0 || in->n_indicators > YS_PLAN_INDICATORS)
        return ys_fail(diag, YS_ELIMIT, "法定指标超过%d个", "more than %d statutory indicators",
                       YS_PLAN_INDICATORS);
    for (int i = 0; i < in->n_indicators; i++)
        if (in->indicator_weight[i] < 0 || in->indicator_weight[i] > 10000)
            return ys_fail(diag, YS_EDATA, "第%d个指标的权重超出0–10000",
                           "the weight of indicator %d is outside 0-10000", i + 1);
    if (in->n_measures > YS_PLAN_MEASURES)
        return ys_fail(diag, YS_ELIMIT, "措施超过%d项", "more than %d measures", YS_PLAN_MEASURES);
    if (in->n_households < 0 || in->n_households > INT32_MAX || in->n_persons < 0 ||
        in->n_persons > INT32_MAX || in->n_villages < 0 || in->n_villages > INT32_MAX ||
        in->n_offerings < 0 || in->n_funds < 0)
        return ys_fail(diag, YS_ELIMIT, "记录数超出范围", "a count of records is out of range");
    return YS_OK;
}

static ys_status check_measures(const ys_plan_input *in, ys_diag *diag)
{
    for (int i = 0; i < in->n_measures; i++) {
        const ys_plan_measure *m = &in->measures[i];
        if (share_ok(m->persistence) && m->labour_months >= 0 && m->labour_months <= 1e6 &&
            m->delay_months >= 0 && m->delay_months <= 1e6 && m->target >= YS_PLAN_HOUSEHOLD &&
            m->target <= YS_PLAN_VILLAGE)
            continue;
        ys_diag_value(diag, m->name);
        return ys_fail(diag, YS_EDATA, "措施“%s”：持续率须在0–1，劳动月数与延迟月数不得为负或空",
                       "measure '%s': persistence must lie in 0-1, labour and delay months be numbers >= 0",
                       m->name);
    }
    for (int i = 0; i < in->n_relations; i++) {
        const ys_plan_relation *r = &in->relations[i];
        if (r->measure_a < 0 || r->measure_a >= in->n_measures || r->measure_b < 0 ||
            r->measure_b >= in->n_measures || r->kind < YS_PLAN_EXCLUDES || r->kind > YS_PLAN_COMPLEMENTS ||
            (r->kind >= YS_PLAN_COMPETES && !share_ok(r->value)))
            return ys_fail(diag, YS_EDATA, "第%d条措施关系无效", "relation %d between measures is not valid",
                           i + 1);
    }
    return YS_OK;
}

static ys_status check_groups(const ys_plan_input *in, ys_diag *diag)
{
    for (int i = 0; i < in->n_groups; i++) {
        const ys_plan_group *g = &in->groups[i];
        int32_t up = g->parent, steps = 0;
        while (up >= 0 && up < in->n_groups && steps <= in->n_groups) {
            up = in->groups[up].parent;
            steps++;
        }
        if (up == -1 && g->limit >= 1)
            continue;
        ys_diag_value(diag, g->name);
        return ys_fail(diag, YS_EDATA, "措施组“%s”：上限须至少为1，上级组须存在且不成环",
                       "group '%s': its limit must be 1 or more, and its parents exist and run in no circle",
                       g->name);
    }
    return YS_OK;
}

static ys_status check_offering(const ys_plan_input *in, const ys_plan_offering *o, ys_diag *diag)
{
    ys_diag_value(diag, o->name);
    if (o->measure < 0 || o->measure >= in->n_measures)
        return ys_fail(diag, YS_EDATA, "供给“%s”：没有这项措施", "offering '%s': its measure does not exist",
                       o->name);
    if (!effect_ok(o->effect) || !effect_ok(o->effect_sd) || o->effect_sd < 0)
        return ys_fail(diag, YS_EDATA, "供给“%s”：效果或其标准差不是可用的数字",
                       "offering '%s': its effect or spread is not a usable number", o->name);
    if (!money_ok(o->cost) || !money_ok(o->cost_recurring))
        return ys_fail(diag, YS_EDATA, "供给“%s”：成本为负或过大（须小于2^53）",
                       "offering '%s': its cost is negative or 2^53 and more", o->name);
    if (o->capacity < YS_PLAN_UNBOUNDED || o->capacity >= MOST_MONEY)
        return ys_fail(diag, YS_EDATA, "供给“%s”：名额为负或过大",
                       "offering '%s': its capacity is negative or too large", o->name);
    if (o->share_a < 0 || o->share_a > 1000000)
        return ys_fail(diag, YS_EDATA, "供给“%s”：资金份额须在0–1",
                       "offering '%s': the share of its fund must lie in 0-1", o->name);
    if (o->period < -100000 || o->period > 100000 || o->wait_months < 0 || o->wait_months > 12)
        return ys_fail(diag, YS_EDATA, "供给“%s”：年份超出范围", "offering '%s': its year is out of range",
                       o->name);
    ys_diag_value(diag, "");
    return YS_OK;
}

static ys_status check_household(const ys_plan_input *in, int64_t i, ys_diag *diag)
{
    const ys_plan_household *h = &in->households[i];
    if (h->persons >= 1 && h->persons <= 1000 && h->area >= 0 && h->village >= -1 &&
        h->village < in->n_villages && h->line >= 1 && h->line <= (int64_t)1 << 40 &&
        h->ystar > -((int64_t)1 << 50) && h->ystar < (int64_t)1 << 50 && h->months_free >= 0 &&
        h->months_free <= 1e6)
        return YS_OK;
    return ys_fail(diag, YS_EDATA, "第%lld户：人数、村、贫困线、收入或劳动月数无效",
                   "household %lld: persons, village, line, income or months are not usable",
                   (long long)i + 1);
}

static ys_status check_people(const ys_plan_input *in, ys_diag *diag)
{
    for (int64_t i = 0; i < in->n_households; i++)
        YS_TRY(check_household(in, i, diag));
    for (int64_t i = 0; i < in->n_persons; i++) {
        const ys_plan_person *p = &in->persons[i];
        if (p->household < 0 || p->household >= in->n_households ||
            (i > 0 && p->household < p[-1].household) || !(p->months_free >= 0 && p->months_free <= 1e6))
            return ys_fail(diag, YS_EDATA, "第%lld人：户号无效、未按户排序，或劳动月数无效",
                           "person %lld: household out of range or order, or months are not usable",
                           (long long)i + 1);
    }
    for (int64_t i = 0; i < in->n_villages; i++)
        if (in->villages[i].area < 0)
            return ys_fail(diag, YS_EDATA, "第%lld个村：区划无效", "village %lld: its area is not valid",
                           (long long)i + 1);
    return YS_OK;
}

static ys_status check_share(const ys_plan_input *in, const ys_plan_floor *f, ys_diag *diag)
{
    int32_t least = f->kind == YS_PLAN_PROJECT ? 1000 : 0;
    if (f->share < least || f->share > 1000000)
        return ys_fail(diag, YS_EDATA, "底线“%s”：份额须在%s–1之间",
                       "floor '%s': its share must lie between %s and 1", f->name, least > 0 ? "0.001" : "0");
    if (f->kind == YS_PLAN_COVERAGE && (f->of_begin > f->area_begin || f->of_end < f->area_end))
        return ys_fail(diag, YS_EDATA, "底线“%s”：地区不在所比的地区之内",
                       "floor '%s': its area is not inside the one it is compared with", f->name);
    if (f->kind == YS_PLAN_SPENDING && f->counts == NULL)
        return ys_fail(diag, YS_EDATA, "底线“%s”：没有说哪些措施算数",
                       "floor '%s' does not say which measures count", f->name);
    if (f->kind == YS_PLAN_PROJECT && (f->offering < 0 || f->offering >= in->n_offerings))
        return ys_fail(diag, YS_EDATA, "底线“%s”：没有这项供给", "floor '%s': its offering does not exist",
                       f->name);
    return YS_OK;
}

static ys_status check_floor(const ys_plan_input *in, const ys_plan_floor *f, ys_diag *diag)
{
    if (f->kind > YS_PLAN_MOST && f->kind <= YS_PLAN_PROJECT && f->minimum == 0)
        return check_share(in, f, diag);
    if (money_ok(f->minimum) && f->metric >= YS_PLAN_GAP && f->metric <= YS_PLAN_HELPED &&
        f->kind >= YS_PLAN_LEAST && f->kind <= YS_PLAN_MOST)
        return YS_OK;
    return ys_fail(diag, YS_EDATA, "下限“%s”：数值为负或过大",
                   "floor '%s': its minimum is negative or too large", f->name);
}

static ys_status check_money(const ys_plan_input *in, ys_diag *diag)
{
    for (int i = 0; i < in->n_funds; i++) {
        const ys_plan_fund *f = &in->funds[i];
        bool twice = false;
        for (int j = 0; j < i; j++)
            twice = twice || (in->funds[j].fund == f->fund && in->funds[j].period == f->period);
        if (money_ok(f->amount) && !twice && f->fund >= 0)
            continue;
        ys_diag_value(diag, f->name);
        return ys_fail(diag, YS_EDATA, "资金“%s”（%d年）：金额为负、过大，或同一年出现两次",
                       "fund '%s' (%d): its amount is negative or too large, or the year occurs twice",
                       f->name, f->period);
    }
    for (int i = 0; i < in->n_floors; i++) {
        ys_diag_value(diag, in->floors[i].name);
        YS_TRY(check_floor(in, &in->floors[i], diag));
    }
    ys_diag_value(diag, "");
    return YS_OK;
}

/* Is the person of a lock or choice one of the block, and named where the measure is for persons only? */
static bool person_fits(const ys_plan_input *in, int64_t block, int32_t measure, int32_t person,
                        bool may_miss)
{
    if (in->measures[measure].target != YS_PLAN_PERSON)
        return person == -1;
    return (person == -1 && may_miss) ||
           (person >= 0 && person < in->n_persons && in->persons[person].household == block);
}

static ys_status check_locks(const ys_plan_input *in, ys_diag *diag)
{
    int64_t blocks = in->n_households + in->n_villages;
    for (int64_t i = 0; i < in->n_locks; i++) {
        const ys_plan_lock *l = &in->locks[i];
        bool ok = l->block >= 0 && l->block < blocks && (i == 0 || l->block >= l[-1].block) &&
                  l->measure >= 0 && l->measure < in->n_measures && l->offering >= -1 &&
                  l->offering < in->n_offerings;
        ok = ok && (l->offering < 0 || in->offerings[l->offering].measure == l->measure) &&
             (in->measures[l->measure].target == YS_PLAN_VILLAGE) == (l->block >= in->n_households) &&
             person_fits(in, l->block, l->measure, l->person, true);
        if (ok)
            continue;
        ys_diag_value(diag, l->name);
        return ys_fail(diag, YS_EDATA, "“%s”的锁定“%s”：对象、措施、供给或人不相符",
                       "'%s', lock '%s': its household, measure, offering and person do not go together",
                       l->who, l->name);
    }
    return YS_OK;
}

static ys_status check_running(const ys_plan_input *in, ys_diag *diag)
{
    int64_t blocks = in->n_households + in->n_villages;
    for (int64_t i = 0; i < in->n_running; i++) {
        const ys_plan_running *r = &in->running[i];
        bool ok = r->block >= 0 && r->block < blocks && (i == 0 || r->block >= r[-1].block) &&
                  r->offering >= 0 && r->offering < in->n_offerings &&
                  person_fits(in, r->block, in->offerings[r->offering].measure, r->person, false);
        for (int64_t k = i; ok && k-- > 0 && in->running[k].block == r->block;)
            ok = in->running[k].offering != r->offering || in->running[k].person != r->person;
        if (!ok)
            return ys_fail(
                diag, YS_EDATA, "现行计划的第%lld项安排不可用：对象、供给或人不相符，或出现两次",
                "choice %lld of the running plan is not usable: its block, offering and person do not go "
                "together, or it is there twice",
                (long long)i + 1);
    }
    return YS_OK;
}

ys_status ys__input_check(const ys_plan_input *in, ys_diag *diag)
{
    YS_TRY(check_parameters(in, diag));
    YS_TRY(check_measures(in, diag));
    YS_TRY(check_groups(in, diag));
    for (int i = 0; i < in->n_offerings; i++)
        YS_TRY(check_offering(in, &in->offerings[i], diag));
    YS_TRY(check_people(in, diag));
    YS_TRY(check_locks(in, diag));
    YS_TRY(check_running(in, diag));
    return check_money(in, diag);
}
