/* SPDX-License-Identifier: Apache-2.0 */
#include "app/whatif.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/prices.h"
#include "app/clock.h"
#include "base/alloc.h"
#include "base/num.h"
#include "base/str.h"

enum { NEAR = 5, MOST_CHANGES = 1000 };

void ys_scenario_free(ys_scenario *s)
{
    if (s == NULL)
        return;
    ys_plan_result_free(s->result);
    ys_plan_free(s->plan);
    ys_arena_free(s->arena);
    ys_free(s);
}

static void *copy(ys_arena *a, const void *from, int n, size_t size, bool *ok)
{
    void *to = ys_arena_alloc(a, (size_t)n + 1, size);
    if (to != NULL && n > 0)
        memcpy(to, from, (size_t)n * size);
    *ok = *ok && to != NULL;
    return to;
}

ys_status ys_scenario_open(const ys_planning *base, const char *name, ys_scenario **ret_scenario,
                           ys_diag *diag)
{
    ys_scenario *s = ys_calloc(1, sizeof *s);
    bool ok = s != NULL && (s->arena = ys_arena_new(0)) != NULL;
    if (ok) {
        const ys_plan_input *in = &base->facts->in;
        s->base = base;
        s->in = *in;
        s->name = ys_arena_strdup(s->arena, name);
        s->in.offerings = copy(s->arena, in->offerings, in->n_offerings, sizeof *in->offerings, &ok);
        s->in.funds = copy(s->arena, in->funds, in->n_funds, sizeof *in->funds, &ok);
        s->in.floors = copy(s->arena, in->floors, in->n_floors, sizeof *in->floors, &ok);
        s->changes = ys_arena_alloc(s->arena, MOST_CHANGES, sizeof *s->changes);
        ok = ok && s->name != NULL && s->changes != NULL;
    }
    if (!ok) {
        ys_scenario_free(s);
        return ys_fail_nomem(diag);
    }
    *ret_scenario = s;
    return YS_OK;
}

/* ---- names ---- */

/* Names that could have been meant, nearest first. */
typedef struct near {
    const char *wanted, *name[NEAR];
    int distance[NEAR], n;
} near;

static void near_put(near *k, const char *name)
{
    if (name == NULL || name[0] == '\0')
        return;
    int d = ys_edit_distance(k->wanted, name), limit = 2 + (int)(strlen(k->wanted) / 3);
    if (strstr(name, k->wanted) != NULL || strstr(k->wanted, name) != NULL)
        d = d < 2 ? d : 2;
    if (d > limit)
        return;
    for (int i = 0; i < k->n; i++)
        if (strcmp(k->name[i], name) == 0)
            return;
    int at = k->n;
    while (at > 0 && k->distance[at - 1] > d)
        at--;
    if (at == NEAR)
        return;
    for (int i = k->n < NEAR ? k->n : NEAR - 1; i > at; i--) {
        k->name[i] = k->name[i - 1];
        k->distance[i] = k->distance[i - 1];
    }
    k->name[at] = name;
    k->distance[at] = d;
    k->n += k->n < NEAR;
}

static ys_status unknown(const near *k, const char *what_zh, const char *what_en, ys_diag *diag)
{
    char zh[320], en[320], list[256] = "";
    for (int i = 0; i < k->n; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", k->name[i]);
    }
    if (k->n > 0) {
        snprintf(zh, sizeof zh, "相近的有：%s", list);
        snprintf(en, sizeof en, "near it: %s", list);
        ys_diag_fix(diag, zh, en);
    }
    ys_diag_value(diag, k->wanted);
    return ys_fail(diag, YS_EUSAGE, "没有名为“%s”的%s%.0s", "there is no '%s' among the %.0s%s", k->wanted,
                   what_zh, what_en);
}

static const char *said(const char *text)
{
    return text != NULL ? text : "";
}

/* ---- what a change is about ---- */

typedef enum unit { UNIT_MONEY, UNIT_COUNT, UNIT_YEAR, UNIT_REAL, UNIT_PPM } unit;
typedef struct target {
    unit unit;
    int64_t *whole; /* MONEY, COUNT */
    int32_t *small; /* YEAR, PPM, COUNT where `whole` is NULL */
    double *real;   /* REAL, MONEY where `whole` is NULL */
    double least, most;
    char zh[240], en[240];
    int fund, offering, floor; /* -1: it is none */
} target;

static const char *fund_called(const ys_scenario *s, int row)
{
    return ys_planning_fund_name(s->base, row);
}

static ys_status no_such_year(const ys_scenario *s, const char *name, int32_t fund, const char *year,
                              ys_diag *diag)
{
    char zh[320], en[320], list[200] = "";
    for (int i = 0; i < s->in.n_funds; i++)
        if (s->in.funds[i].fund == fund) {
            size_t used = strlen(list);
            snprintf(list + used, sizeof list - used, "%s%d", used > 0 ? ", " : "", s->in.funds[i].period);
        }
    snprintf(zh, sizeof zh, "这笔资金有这些年：%s", list);
    snprintf(en, sizeof en, "it has money in %s", list);
    ys_diag_fix(diag, zh, en);
    ys_diag_value(diag, year);
    return year[0] == '\0' ? ys_fail(diag, YS_EUSAGE, "资金“%s”有好几年，请写明：fund:名/年",
                                     "fund '%s' has several years; name one: fund:NAME/YEAR", name)
                           : ys_fail(diag, YS_EUSAGE, "资金“%s”没有 %s 年这一笔",
                                     "fund '%s' has no money of the year '%s'", name, year);
}

/* "NAME", "NAME/YEAR" */
static ys_status find_fund(ys_scenario *s, const char *name, const char *year, target *t, ys_diag *diag)
{
    near k = {.wanted = name};
    int32_t fund = -1;
    int found = -1, first = -1, years = 0;
    for (int i = 0; i < s->in.n_funds; i++) {
        const ys_plan_fund *f = &s->in.funds[i];
        const char *called = fund_called(s, i);
        near_put(&k, f->name);
        near_put(&k, called);
        bool code = strcmp(f->name, name) == 0;
        if (!code && strcmp(called, name) != 0)
            continue;
        if (fund >= 0 && fund != f->fund)
            return ys_fail(diag, YS_EUSAGE, "“%s”不止一笔资金，请用编号（%s、%s）",
                           "'%s' is the name of several funds; use a code (%s, %s)", name,
                           s->in.funds[first].name, f->name);
        fund = f->fund;
        first = i;
        years++;
        char text[16];
        snprintf(text, sizeof text, "%d", f->period);
        if (found < 0 || strcmp(text, year) == 0)
            found = i;
        if (year[0] != '\0' && strcmp(text, year) != 0 && found == i)
            found = -1;
    }
    if (fund < 0)
        return unknown(&k, "资金", "funds", diag);
    if (found < 0 || (year[0] == '\0' && years > 1))
        return no_such_year(s, name, fund, year, diag);
    ys_plan_fund *f = (ys_plan_fund *)&s->in.funds[found];
    t->unit = UNIT_MONEY;
    t->whole = &f->amount;
    t->fund = found;
    snprintf(t->zh, sizeof t->zh, "%s %d年", fund_called(s, found), f->period);
    snprintf(t->en, sizeof t->en, "%s %d", fund_called(s, found), f->period);
    return YS_OK;
}

static ys_status unknown_offering(const ys_scenario *s, const char *name, ys_diag *diag)
{
    near k = {.wanted = name};
    for (int i = 0; i < s->in.n_offerings; i++) {
        const ys_plan_measure *m = &s->in.measures[s->in.offerings[i].measure];
        near_put(&k, s->in.offerings[i].name);
        near_put(&k, m->label_zh);
        near_put(&k, m->label_en);
    }
    return unknown(&k, "供给", "offerings", diag);
}

/* By its key; or by a name that belongs to one offering alone: "measure at provider" has no key of its own, so a measure's
 * name serves where it is offered once. */
static ys_status find_offering(ys_scenario *s, const char *name, int *ret_offering, ys_diag *diag)
{
    int found = ys_plan_facts_offering(s->base->facts, name), times = 0, other = -1;
    if (found >= 0) {
        *ret_offering = found;
        return YS_OK;
    }
    for (int i = 0; i < s->in.n_offerings; i++) {
        const ys_plan_measure *m = &s->in.measures[s->in.offerings[i].measure];
        if (strcmp(m->name, name) == 0 || strcmp(said(m->label_zh), name) == 0 ||
            strcmp(said(m->label_en), name) == 0) {
            other = found;
            found = i;
            times++;
        }
    }
    if (times == 0)
        return unknown_offering(s, name, diag);
    if (times > 1)
        return ys_fail(diag, YS_EUSAGE, "“%s”有 %d 项供给，请用编号（%s、%s……）",
                       "'%s' is offered %d times; use a code (%s, %s ...)", name, times,
                       s->in.offerings[other].name, s->in.offerings[found].name);
    *ret_offering = found;
    return YS_OK;
}

static void name_offering(const ys_scenario *s, int i, const char *zh, const char *en, target *t)
{
    const ys_plan_measure *m = &s->in.measures[s->in.offerings[i].measure];
    snprintf(t->zh, sizeof t->zh, "%s（%s）%s", s->in.offerings[i].name, m->label_zh, zh);
    snprintf(t->en, sizeof t->en, "%s (%s) %s", s->in.offerings[i].name, m->label_en, en);
}

static ys_status find_capacity(ys_scenario *s, const char *name, target *t, ys_diag *diag)
{
    int i = -1;
    YS_TRY(find_offering(s, name, &i, diag));
    t->unit = UNIT_COUNT;
    t->whole = &((ys_plan_offering *)s->in.offerings)[i].capacity;
    t->offering = i;
    name_offering(s, i, "名额", "places", t);
    return YS_OK;
}

static ys_status find_field(ys_scenario *s, const char *name, const char *field, target *t, ys_diag *diag)
{
    static const struct {
        const char *field, *zh, *en;
    } known[] = {{"period", "起始年", "first year"},
                 {"cost", "成本", "cost"},
                 {"cost_recurring", "年续成本", "recurring cost"},
                 {"effect", "年增收", "effect a year"},
                 {"effect_sd", "增收的离散", "spread of the effect"}};
    int i = -1;
    size_t f = 0;
    near k = {.wanted = field};
    YS_TRY(find_offering(s, name, &i, diag));
    for (; f < sizeof known / sizeof *known && strcmp(known[f].field, field) != 0; f++)
        near_put(&k, known[f].field);
    if (f == sizeof known / sizeof *known) {
        ys_diag_fix(diag, "可改的：period cost cost_recurring effect effect_sd",
                    "what can be set: period cost cost_recurring effect effect_sd");
        k.n = 0;
        return unknown(&k, "供给字段", "fields of an offering", diag);
    }
    ys_plan_offering *o = &((ys_plan_offering *)s->in.offerings)[i];
    name_offering(s, i, known[f].zh, known[f].en, t);
    t->offering = i;
    t->unit = f == 0 ? UNIT_YEAR : UNIT_MONEY;
    t->small = f == 0 ? &o->period : NULL;
    t->whole = f == 1 ? &o->cost : f == 2 ? &o->cost_recurring : NULL;
    t->real = f == 3 ? &o->effect : f == 4 ? &o->effect_sd : NULL;
    t->least = f == 0 ? s->in.period : f == 3 ? -0x1p52 : 0;
    t->most = f == 0 ? s->in.period + s->in.horizon - 1 : 0x1p52;
    return YS_OK;
}

static ys_status find_floor(ys_scenario *s, const char *name, target *t, ys_diag *diag)
{
    near k = {.wanted = name};
    for (int i = 0; i < s->in.n_floors; i++) {
        ys_plan_floor *f = &((ys_plan_floor *)s->in.floors)[i];
        near_put(&k, f->name);
        if (strcmp(f->name, name) != 0)
            continue;
        bool share = f->kind != YS_PLAN_LEAST && f->kind != YS_PLAN_MOST;
        t->unit = share ? UNIT_PPM : f->metric == YS_PLAN_GAP ? UNIT_MONEY : UNIT_COUNT;
        t->whole = share ? NULL : &f->minimum;
        t->small = share ? &f->share : NULL;
        t->least = f->kind == YS_PLAN_PROJECT ? 1000 : 0;
        t->most = share ? 1e6 : t->most;
        t->floor = i;
        snprintf(t->zh, sizeof t->zh, "底线 %s", f->name);
        snprintf(t->en, sizeof t->en, "floor %s", f->name);
        return YS_OK;
    }
    return unknown(&k, "底线", "floors", diag);
}

static ys_status find_param(ys_scenario *s, const char *name, target *t, ys_diag *diag)
{
    const struct {
        const char *name;
        unit unit;
        double *real;
        int32_t *small;
        double least, most;
    } known[] = {{"discount", UNIT_REAL, &s->in.discount, NULL, 0, 10},
                 {"income_sd_share", UNIT_REAL, &s->in.income_sd_share, NULL, 0, 1},
                 {"competition", UNIT_REAL, &s->in.competition, NULL, 0, 1},
                 {"max_measures", UNIT_COUNT, NULL, &s->in.max_measures, 1, YS_PLAN_MAX_MEASURES},
                 {"tier1_tolerance", UNIT_PPM, NULL, &s->in.tolerance, 0, 1e6}};
    near k = {.wanted = name};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) == 0) {
            t->unit = known[i].unit;
            t->real = known[i].real;
            t->small = known[i].small;
            t->least = known[i].least;
            t->most = known[i].most;
            snprintf(t->zh, sizeof t->zh, "参数 %s", name);
            snprintf(t->en, sizeof t->en, "parameter %s", name);
            return YS_OK;
        }
        near_put(&k, known[i].name);
    }
    ys_diag_fix(diag, "可改的：discount income_sd_share competition max_measures tier1_tolerance",
                "what can be set: discount income_sd_share competition max_measures tier1_tolerance");
    k.n = 0;
    return unknown(&k, "参数", "parameters", diag);
}

/* `name` is cut at the last '/' into name and rest ("" without one). */
static const char *cut_last(char *name)
{
    char *at = strrchr(name, '/');
    if (at == NULL)
        return "";
    *at = '\0';
    return at + 1;
}

static ys_status find_target(ys_scenario *s, char *name, target *t, ys_diag *diag)
{
    t->most = 0x1p52;
    char *colon = strchr(name, ':');
    if (colon != NULL) {
        *colon = '\0';
        char *rest = colon + 1;
        if (strcmp(name, "fund") == 0) {
            const char *year = cut_last(rest);
            return find_fund(s, rest, year, t, diag);
        }
        if (strcmp(name, "capacity") == 0)
            return find_capacity(s, rest, t, diag);
        if (strcmp(name, "offering") == 0) {
            const char *field = cut_last(rest);
            return find_field(s, rest, field, t, diag);
        }
        if (strcmp(name, "floor") == 0)
            return find_floor(s, rest, t, diag);
        if (strcmp(name, "param") == 0)
            return find_param(s, rest, t, diag);
    }
    ys_diag_fix(diag,
                "写 fund:名/年 capacity:供给 offering:供给/字段 project:项目/阶段 floor:底线 param:参数",
                "write fund:NAME/YEAR capacity:OFFERING offering:OFFERING/FIELD project:PROJECT/GATE "
                "floor:FLOOR param:NAME");
    return ys_fail(diag, YS_EUSAGE, "不知道要改什么：“%s”", "it does not say what to change: '%s'", name);
}

/* ---- values ---- */

static double target_value(const target *t)
{
    return t->whole != NULL ? (double)*t->whole : t->small != NULL ? (double)*t->small : *t->real;
}

static bool is_unlimited(const target *t)
{
    return t->offering >= 0 && t->unit == UNIT_COUNT && *t->whole == YS_PLAN_UNBOUNDED;
}

static char *value_text(const ys_scenario *s, const target *t, char *buf, size_t size)
{
    double v = target_value(t);
    if (is_unlimited(t))
        snprintf(buf, size, "-");
    else if (t->unit == UNIT_MONEY)
        ys_format_money((int64_t)(v < 0 ? v - 0.5 : v + 0.5), ys_pack_digits(s->base->frame->pack), buf,
                        size);
    else if (t->unit == UNIT_PPM)
        ys_format_real(v / 1e6, buf, size);
    else if (t->unit == UNIT_REAL)
        ys_format_real(v, buf, size);
    else
        snprintf(buf, size, "%.0f", v);
    return buf;
}

static ys_status bad_value(const char *text, const char *zh, const char *en, ys_diag *diag)
{
    ys_diag_value(diag, text);
    return ys_fail(diag, YS_EUSAGE, "“%s”：%s%.0s", "'%s': %.0s%s", text, zh, en);
}

/* The number of `text` in the unit of the target: money in minor units, shares in ppm. */
static ys_status read_number(const ys_scenario *s, const target *t, const char *text, double *ret,
                             ys_diag *diag)
{
    int64_t whole;
    double real;
    bool ok;
    if (t->unit == UNIT_MONEY) {
        ok = ys_parse_money(text, ys_pack_digits(s->base->frame->pack), &whole);
        real = ok ? (double)whole : 0;
    } else if (t->unit == UNIT_REAL || t->unit == UNIT_PPM) {
        ok = ys_parse_real(text, &real) && isfinite(real);
        real = ok && t->unit == UNIT_PPM ? floor(real * 1e6 + 0.5) : ok ? real : 0;
    } else {
        ok = ys_parse_int(text, &whole);
        real = ok ? (double)whole : 0;
    }
    if (!ok)
        return bad_value(text, "不是可用的数", "it is no number that fits here", diag);
    *ret = real;
    return YS_OK;
}

static ys_status new_value(const ys_scenario *s, const target *t, const char *text, double *ret,
                           ys_diag *diag)
{
    size_t n = strlen(text);
    bool relative = text[0] == '+' || text[0] == '-';
    bool share = n > 0 && text[n - 1] == '%' && !relative;
    double v, now = target_value(t);
    if ((share || relative) && is_unlimited(t))
        return bad_value(text, "原来没有限额，不能增减", "there was no limit to add to or take a share of",
                         diag);
    if (share) {
        char percent[64];
        snprintf(percent, sizeof percent, "%.*s", (int)(n - 1), text);
        if (!ys_parse_real(percent, &v) || !(v >= 0 && v <= 1e6))
            return bad_value(text, "不是可用的百分数", "it is no percentage", diag);
        v = t->unit == UNIT_REAL ? now * v / 100 : floor(now * v / 100 + 0.5);
    } else {
        YS_TRY(read_number(s, t, relative ? text + 1 : text, &v, diag));
        v = !relative ? v : text[0] == '+' ? now + v : now - v;
    }
    if (!(v >= t->least && v <= t->most)) {
        if (t->unit == UNIT_YEAR)
            return ys_fail(diag, YS_EUSAGE, "“%s”：结果在规划期 %d–%d 年之外",
                           "'%s': the result lies outside the years of the plan, %d-%d", text, (int)t->least,
                           (int)t->most);
        return v < t->least && !(t->least < 0) && !(t->least > 0)
                   ? bad_value(text, "结果为负", "the result would be negative", diag)
                   : bad_value(text, "结果超出允许范围", "the result is out of range", diag);
    }
    *ret = v;
    return YS_OK;
}

static void put_value(const target *t, double v)
{
    if (t->whole != NULL)
        *t->whole = (int64_t)v;
    else if (t->small != NULL)
        *t->small = (int32_t)v;
    else
        *t->real = v;
}

/* Two funds may have one name: the rows say which is meant. */
static bool is_same(const ys_scenario_change *c, const target *t)
{
    return c->fund == t->fund && c->offering == t->offering && c->floor == t->floor &&
           strcmp(c->en, t->en) == 0;
}

static ys_status keep_change(ys_scenario *s, const ys_scenario_change *c, ys_diag *diag)
{
    ys_scenario_change *to = &s->changes[s->n_changes];
    *to = *c;
    to->target = ys_arena_strdup(s->arena, c->target);
    to->before = ys_arena_strdup(s->arena, c->before);
    to->after = ys_arena_strdup(s->arena, c->after);
    to->zh = ys_arena_strdup(s->arena, c->zh);
    to->en = ys_arena_strdup(s->arena, c->en);
    if (to->target == NULL || to->before == NULL || to->after == NULL || to->zh == NULL || to->en == NULL)
        return ys_fail_nomem(diag);
    s->n_changes++;
    return YS_OK;
}

/* "project:NAME/GATE": another day for the gate that offerings of the plan wait for. */
static ys_status set_project(ys_scenario *s, char *name, const char *value, ys_diag *diag)
{
    char zh[240], en[240], before[32], after[32], what[400];
    const ys_plan_facts *facts = s->base->facts;
    const char *gate = cut_last(name);
    near k = {.wanted = name};
    gate = gate[0] != '\0' ? gate : "running";
    int first = -1;
    int32_t day;
    if (!ys_parse_date(value, &day))
        return bad_value(value, "不是日期（写 2017-06-30）", "it is no date (write 2017-06-30)", diag);
    for (int i = 0; i < s->in.n_offerings; i++) {
        ys_offer_start at = facts->start[i];
        near_put(&k, at.project);
        if (at.project == NULL || strcmp(at.project, name) != 0 || strcmp(at.gate, gate) != 0)
            continue;
        ys_plan_offering *o = &((ys_plan_offering *)s->in.offerings)[i];
        first = first < 0 ? i : first;
        ys_offer_start_at(&at, day);
        o->period = at.year;
        o->wait_months = at.months;
    }
    if (first < 0) {
        ys_diag_fix(diag, "供给要写明所属项目、名额，项目要有这个节点的日期",
                    "an offering names its project and its places, and the gate has a date");
        return unknown(&k, "计划所计入供给的项目和节点",
                       "projects and gates that offerings of the plan hang on", diag);
    }
    snprintf(what, sizeof what, "project:%s/%s", name, gate);
    snprintf(zh, sizeof zh, "项目 %s（%s）", name, gate);
    snprintf(en, sizeof en, "project %s (%s)", name, gate);
    ys_scenario_change c = {.target = what, .zh = zh, .en = en, .fund = -1, .offering = -1, .floor = -1};
    c.before = ys_format_date(facts->start[first].date, before, sizeof before);
    c.after = ys_format_date(day, after, sizeof after);
    for (int i = 0; i < s->n_changes; i++)
        if (strcmp(s->changes[i].target, what) == 0)
            return bad_value(what, "同一对象改了两次", "the same thing is set twice", diag);
    return keep_change(s, &c, diag);
}

ys_status ys_scenario_set(ys_scenario *s, const char *text, ys_diag *diag)
{
    char name[400], before[64], after[64];
    const char *equals = strrchr(text, '=');
    target t = {.fund = -1, .offering = -1, .floor = -1};
    double v = 0;
    if (equals == NULL || equals == text || equals[1] == '\0' || (size_t)(equals - text) >= sizeof name) {
        ys_diag_fix(diag, "写成 对象=值，例如 fund:协作资金/2017=+20000000",
                    "write TARGET=VALUE, as in fund:CODE/2017=+20000000");
        return bad_value(text, "不成“对象=值”", "it is not TARGET=VALUE", diag);
    }
    if (s->n_changes == MOST_CHANGES)
        return ys_fail(diag, YS_ELIMIT, "一个情景最多 %d 处改动", "a scenario has at most %d changes",
                       MOST_CHANGES);
    snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
    if (strncmp(name, "project:", 8) == 0)
        return set_project(s, name + 8, equals + 1, diag);
    YS_TRY(find_target(s, name, &t, diag));
    for (int i = 0; i < s->n_changes; i++)
        if (is_same(&s->changes[i], &t))
            return bad_value(text, "同一对象改了两次", "the same thing is set twice", diag);
    value_text(s, &t, before, sizeof before);
    YS_TRY(new_value(s, &t, equals + 1, &v, diag));
    put_value(&t, v);
    value_text(s, &t, after, sizeof after);
    char *target_name = ys_arena_strndup(s->arena, text, (size_t)(equals - text));
    if (target_name == NULL)
        return ys_fail_nomem(diag);
    ys_scenario_change c = {.target = target_name,
                            .before = before,
                            .after = after,
                            .zh = t.zh,
                            .en = t.en,
                            .fund = t.fund,
                            .offering = t.offering,
                            .floor = t.floor};
    return keep_change(s, &c, diag);
}

/* ---- solving ---- */

ys_status ys_scenario_solve(ys_scenario *s, const ys_scenario *from, const ys_plan_config *config,
                            ys_diag *diag)
{
    const ys_plan *plan = from != NULL ? from->plan : s->base->plan;
    const ys_plan_result *result = from != NULL ? from->result : s->base->result;
    double start = ys_clock_seconds();
    YS_TRY(ys_plan_change(s->base->plan, &s->in, config->threads, &s->plan, diag));
    s->seconds_build = ys_clock_seconds() - start;
    start = ys_clock_seconds();
    YS_TRY(ys_plan_resolve(s->plan, plan, result, config, &s->result, diag));
    s->seconds_solve = ys_clock_seconds() - start;
    return YS_OK;
}
