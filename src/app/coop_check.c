/* SPDX-License-Identifier: Apache-2.0 */
#include "app/coop_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/prices.h"
#include "base/alloc.h"

const ys_coop_rule ys_coop_rules[] = {
    {"C01", 3, "承诺没有时限，也没有前提条件", "a promise has neither a date nor a condition"},
    {"C02", 1, "入库项目没有绩效目标", "a project in the library has no performance target"},
    {"C03", 1, "结束早于开始", "it ends before it starts"},
    {"C04", 1, "前置节点成环", "milestones wait for each other in a circle"},
    {"C05", 2, "实际日期早于前置节点，或在今天之后",
     "an actual date lies before the milestone it waits for, or after today"},
    {"C06", 2, "同一对地区的协作关系时间重叠", "two partnerships of the same regions overlap in time"},
    {"C07", 1, "流水与资金或来源对不上", "money that its fund or source did not have"},
    {"C08", 1, "上级资金成环", "funds are their own parents"},
    {"C09", 1, "流水的资金、年度、类别或金额不能用",
     "fund, year, type or amount of a transaction cannot be used"},
    {"C10", 3, "双方填报不一致", "the two sides say different things"},
    {"C11", 2, "已付带贫收益没有核实，不计入成效", "a benefit paid is not verified and does not count"},
    {"C12", 2, "办结没有佐证", "closed without evidence"},
    {"C13", 3, "项目没有带贫机制或受益户数", "a project says neither how households gain nor how many"},
    {NULL, 0, NULL, NULL},
};

typedef struct check {
    const ys_coop *c;
    void (*found)(void *arg, const ys_coop_finding *f);
    void *arg;
} check;

static void say(const check *q, int rule, ys_coop_kind kind, int64_t row, const char *zh, const char *en)
{
    const ys_coop_rule *r = &ys_coop_rules[rule - 1];
    ys_coop_finding f = {
        .rule = r->rule, .severity = r->severity, .kind = kind, .key = ys_coop_key(&q->c->set[kind], row)};
    snprintf(f.zh, sizeof f.zh, "%s%s%s", r->zh, zh[0] != '\0' ? "：" : "", zh);
    snprintf(f.en, sizeof f.en, "%s%s%s", r->en, en[0] != '\0' ? ": " : "", en);
    q->found(q->arg, &f);
}

static void promises(const check *q)
{
    const ys_coop_set *s = &q->c->set[YS_COOP_PROMISE];
    for (int64_t i = 0; i < s->rows; i++)
        if (q->c->promise[i].rule == YS_RULE_UNDATED)
            say(q, 1, YS_COOP_PROMISE, i, "", "");
}

static void targets(const check *q)
{
    const ys_coop_set *s = &q->c->set[YS_COOP_PROJECT];
    for (int64_t i = 0; i < s->rows; i++)
        if (ys_coop_day(s, i, "library_date") != YS_NO_DATE && ys_coop_text(s, i, "target") == NULL)
            say(q, 2, YS_COOP_PROJECT, i, "补上绩效目标，或撤出项目库",
                "state the target or take it out of the library");
}

static void order_of_days(const check *q)
{
    static const struct {
        ys_coop_kind kind;
        const char *from, *to;
    } spans[] = {{YS_COOP_PARTNERSHIP, "since", "until"},
                 {YS_COOP_EVENT, "start", "end"},
                 {YS_COOP_AGREEMENT, "signed", "until"},
                 {YS_COOP_PROMISE, "due_from", "due"},
                 {YS_COOP_EXCHANGE, "since", "until"},
                 {YS_COOP_PROJECT, "start", "finish"},
                 {YS_COOP_MILESTONE, "planned_from", "planned_to"}};
    for (size_t k = 0; k < sizeof spans / sizeof *spans; k++) {
        const ys_coop_set *s = &q->c->set[spans[k].kind];
        for (int64_t i = 0; i < s->rows; i++) {
            int32_t from = ys_coop_day(s, i, spans[k].from), to = ys_coop_day(s, i, spans[k].to);
            if (from != YS_NO_DATE && to != YS_NO_DATE && to < from)
                say(q, 3, spans[k].kind, i, spans[k].to, spans[k].to);
        }
    }
}

static void milestones(const check *q, bool circles)
{
    const ys_coop *c = q->c;
    for (int64_t p = 0; p < c->set[YS_COOP_PROJECT].rows; p++) {
        int64_t first = c->first_gate[p];
        int32_t n = (int32_t)(c->first_gate[p + 1] - first);
        for (int32_t k = 0; k < n; k++) {
            const ys_gate_dates *g = &c->gate[first + k];
            int32_t at = g->after, steps = 0;
            while (circles && at >= 0 && at != k && steps++ < n)
                at = c->gate[first + at].after;
            if (circles && at == k)
                say(q, 4, YS_COOP_MILESTONE, c->gate_row[first + k], "", "");
            if (circles || g->actual == YS_NO_DATE)
                continue;
            const ys_gate_dates *before = g->after >= 0 ? &c->gate[first + g->after] : NULL;
            if (g->actual > c->today ||
                (before != NULL && (before->actual == YS_NO_DATE || before->actual > g->actual)))
                say(q, 5, YS_COOP_MILESTONE, c->gate_row[first + k], "", "");
        }
    }
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void partnerships(const check *q)
{
    const ys_coop_set *s = &q->c->set[YS_COOP_PARTNERSHIP];
    for (int64_t i = 0; i < s->rows; i++)
        for (int64_t k = 0; k < i; k++) {
            int32_t from_i = ys_coop_day(s, i, "since"), to_i = ys_coop_day(s, i, "until");
            int32_t from_k = ys_coop_day(s, k, "since"), to_k = ys_coop_day(s, k, "until");
            bool apart = (to_i != YS_NO_DATE && from_k != YS_NO_DATE && to_i < from_k) ||
                         (to_k != YS_NO_DATE && from_i != YS_NO_DATE && to_k < from_i);
            if (!apart && same(ys_coop_text(s, i, "helper_area"), ys_coop_text(s, k, "helper_area")) &&
                same(ys_coop_text(s, i, "helped_area"), ys_coop_text(s, k, "helped_area")))
                say(q, 6, YS_COOP_PARTNERSHIP, i, ys_coop_key(s, k), ys_coop_key(s, k));
        }
}

static void money(const check *q)
{
    static const char *const words[][2] = {
        {"", ""},
        {"超过资金余额", "more than the fund held"},
        {"超过来源余额", "more than its source had left"},
        {"早于来源", "dated before its source"},
        {"来源不是可动用的款项", "its source is no money that could be used"},
        {"日期在今天之后，未计入", "dated after today, not counted"}};
    const ys_coop *c = q->c;
    double unit = ys_currency_unit(c->pack);
    for (int64_t i = 0; i < c->ledger->flows; i++) {
        int fault = c->ledger->fault[i];
        if (fault == YS_FLOW_OK)
            continue;
        char zh[120], en[120];
        double over = (double)c->ledger->missing[i] / unit;
        snprintf(zh, sizeof zh, over > 0 ? "%s %.2f" : "%s", words[fault][0], over);
        snprintf(en, sizeof en, over > 0 ? "%s, by %.2f" : "%s", words[fault][1], over);
        say(q, 7, YS_COOP_TRANSACTION, c->flow_row[i], zh, en);
    }
}

static ys_status fund_parents(const check *q, ys_diag *diag)
{
    const ys_coop_set *s = &q->c->set[YS_COOP_FUND];
    size_t n = (size_t)(s->rows > 0 ? s->rows : 1);
    int32_t *parent = ys_calloc(n, sizeof *parent);
    uint8_t *cycle = ys_calloc(n, 1);
    ys_status st = parent == NULL || cycle == NULL ? ys_fail_nomem(diag) : YS_OK;
    for (int64_t i = 0; st == YS_OK && i < s->rows; i++)
        parent[i] = (int32_t)ys_coop_find(s, ys_coop_text(s, i, "parent"));
    if (st == YS_OK && ys_fund_cycles(parent, (int32_t)s->rows, cycle) > 0)
        for (int64_t i = 0; i < s->rows; i++)
            if (cycle[i])
                say(q, 8, YS_COOP_FUND, i, "", "");
    ys_free(parent);
    ys_free(cycle);
    return st;
}

static void unusable(const check *q)
{
    for (int64_t i = 0; i < q->c->set[YS_COOP_TRANSACTION].rows; i++)
        if (q->c->flow_of[i] < 0)
            say(q, 9, YS_COOP_TRANSACTION, i, "先登记这项资金的这一年度，金额不能为负",
                "register the fund for that year first; amounts are not negative");
}

/* Latest word of each side on the same field of the same record. */
static void two_sides(const check *q)
{
    const ys_coop_set *s = &q->c->set[YS_COOP_CONFIRMATION];
    for (int64_t i = 0; i < s->rows; i++) {
        const char *decision = ys_coop_text(s, i, "decision");
        if (same(decision, "differ"))
            say(q, 10, YS_COOP_CONFIRMATION, i, ys_coop_text(s, i, "subject"), ys_coop_text(s, i, "subject"));
        for (int64_t k = 0; k < i; k++) {
            const char *a = ys_coop_text(s, i, "value"), *b = ys_coop_text(s, k, "value");
            if (a != NULL && b != NULL && strcmp(a, b) != 0 &&
                same(ys_coop_text(s, i, "subject"), ys_coop_text(s, k, "subject")) &&
                same(ys_coop_text(s, i, "subject_kind"), ys_coop_text(s, k, "subject_kind")) &&
                same(ys_coop_text(s, i, "field"), ys_coop_text(s, k, "field")) &&
                !same(ys_coop_text(s, i, "side"), ys_coop_text(s, k, "side"))) {
                char both[160];
                snprintf(both, sizeof both, "%s ≠ %s", b, a);
                say(q, 10, YS_COOP_CONFIRMATION, i, both, both);
            }
        }
    }
}

static void results(const check *q)
{
    const ys_coop *c = q->c;
    const ys_coop_set *b = &c->set[YS_COOP_BENEFIT], *t = &c->set[YS_COOP_TASK];
    for (int64_t i = 0; i < b->rows; i++) {
        int64_t paid = ys_coop_int(b, i, "paid");
        if (!ys_is_missing(paid) && paid > 0 && !ys_coop_true(b, i, "verified"))
            say(q, 11, YS_COOP_BENEFIT, i, "", "");
    }
    for (int64_t i = 0; i < t->rows; i++)
        if (c->task[i].mark == YS_MARK_DONE && ys_coop_text(t, i, "evidence") == NULL)
            say(q, 12, YS_COOP_TASK, i, "", "");
}

static void mechanisms(const check *q)
{
    const ys_coop_set *s = &q->c->set[YS_COOP_PROJECT];
    for (int64_t i = 0; i < s->rows; i++)
        if (ys_coop_text(s, i, "mechanism") == NULL && ys_is_missing(ys_coop_int(s, i, "households")))
            say(q, 13, YS_COOP_PROJECT, i, "", "");
}

ys_status ys_coop_check(const ys_coop *c, void (*found)(void *arg, const ys_coop_finding *f), void *arg,
                        ys_diag *diag)
{
    check q = {c, found, arg};
    promises(&q);
    targets(&q);
    order_of_days(&q);
    milestones(&q, true);
    milestones(&q, false);
    partnerships(&q);
    money(&q);
    YS_TRY(fund_parents(&q, diag));
    unusable(&q);
    two_sides(&q);
    results(&q);
    mechanisms(&q);
    return YS_OK;
}
