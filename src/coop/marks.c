/* SPDX-License-Identifier: Apache-2.0 */
#include "coop/marks.h"

#include <math.h>

const char *const ys_mark_shape[YS_MARKS] = {"○", "●", "▲", "■", "✓", "▨"};
const ys_mark_limits ys_mark_limits_default = {
    .late = 30, .soon = 15, .idle = 90, .blocked = 14, .stale = 45};

static ys_standing standing(ys_coop_mark mark, ys_mark_rule rule, int32_t days, int32_t which)
{
    return (ys_standing){.mark = mark, .rule = rule, .days = days, .which = which};
}

bool ys_gate_waits(const ys_gate_dates *g, int32_t n, int32_t which, int32_t today)
{
    const ys_gate_dates *m = &g[which];
    return m->conditional && (m->after < 0 || m->after >= n || !ys_gate_reached(&g[m->after], today));
}

static int32_t end_of(const ys_gate_dates *m)
{
    return m->planned_to != YS_NO_DATE ? m->planned_to : m->planned_from;
}

int32_t ys_gate_slip(const ys_gate_dates *gates, int32_t n, int32_t which, int32_t today)
{
    const ys_gate_dates *m = &gates[which];
    int32_t plan = end_of(m);
    if (plan == YS_NO_DATE)
        return 0;
    if (ys_gate_reached(m, today))
        return m->actual - plan;
    if (ys_gate_waits(gates, n, which, today))
        return 0;
    int32_t at = m->forecast != YS_NO_DATE ? m->forecast : plan;
    at = at < today ? today
                    : at; /* what was forecast for yesterday and did not happen happens today at best */
    return at - plan;
}

/* The gravest first; of equals the one with more days. */
static void worse(ys_standing *s, ys_standing with)
{
    static const int weight[YS_MARKS] = {
        [YS_MARK_NOT_STARTED] = 0, [YS_MARK_ON_COURSE] = 0, [YS_MARK_WARNING] = 1, [YS_MARK_LATE] = 2};
    if (weight[with.mark] > weight[s->mark] || (weight[with.mark] == weight[s->mark] && with.days > s->days))
        *s = with;
}

static ys_standing of_gate(const ys_gate_dates *g, int32_t n, int32_t k, int32_t today,
                           const ys_mark_limits *l)
{
    const ys_gate_dates *m = &g[k];
    int32_t slip = ys_gate_slip(g, n, k, today), plan = end_of(m);
    ys_standing s = standing(YS_MARK_ON_COURSE, YS_RULE_NONE, 0, -1);
    if (m->blocked_since != YS_NO_DATE && today - m->blocked_since > l->blocked)
        worse(&s, standing(YS_MARK_LATE, YS_RULE_BLOCKED, today - m->blocked_since, k));
    if (slip > l->late)
        worse(&s, standing(YS_MARK_LATE, YS_RULE_OVERDUE, slip, k));
    else if (slip > 0)
        worse(&s, standing(YS_MARK_WARNING, YS_RULE_SLIPPING, slip, k));
    else if (plan != YS_NO_DATE && !ys_gate_waits(g, n, k, today) && plan - today <= l->soon)
        worse(&s, standing(YS_MARK_WARNING, YS_RULE_SOON, plan - today, k));
    return s;
}

static bool silent(int32_t updated, int32_t today, const ys_mark_limits *l)
{
    return updated != YS_NO_DATE && today - updated > l->stale;
}

ys_standing ys_gate_standing(const ys_gate_dates *g, int32_t n, int32_t k, int32_t updated, int32_t today,
                             const ys_mark_limits *l)
{
    ys_standing s = of_gate(g, n, k, today, l);
    if (ys_gate_reached(&g[k], today))
        return standing(YS_MARK_DONE, YS_RULE_DONE, 0, -1);
    if (s.mark != YS_MARK_LATE && silent(updated, today, l))
        return standing(YS_MARK_STALE, YS_RULE_STALE, today - updated, -1);
    if (s.rule != YS_RULE_NONE)
        return s;
    return standing(YS_MARK_NOT_STARTED, ys_gate_waits(g, n, k, today) ? YS_RULE_CONDITION : YS_RULE_NONE, 0,
                    -1);
}

ys_standing ys_project_standing(const ys_project_facts *p, int32_t today, const ys_mark_limits *l)
{
    const ys_gate_dates *gates = p->gates;
    int32_t n = p->n;
    ys_standing s = standing(YS_MARK_ON_COURSE, YS_RULE_NONE, 0, -1);
    int32_t reached = 0, waiting = 0, due = 0;
    for (int32_t k = 0; k < n; k++) {
        if (ys_gate_reached(&gates[k], today)) {
            reached++;
            continue;
        }
        waiting += ys_gate_waits(gates, n, k, today);
        due += ys_gate_slip(gates, n, k, today) > 0;
        ys_standing w = of_gate(gates, n, k, today, l);
        if (w.rule != YS_RULE_NONE)
            worse(&s, w);
    }
    if (p->idle > l->idle)
        worse(&s, standing(YS_MARK_LATE, YS_RULE_IDLE, p->idle, -1));
    if (s.mark == YS_MARK_LATE)
        return s;
    if (n > 0 && reached == n && p->to_the_end)
        return standing(YS_MARK_DONE, YS_RULE_DONE, 0, -1);
    if (silent(p->updated, today, l))
        return standing(YS_MARK_STALE, YS_RULE_STALE, today - p->updated, -1);
    if (s.mark == YS_MARK_WARNING)
        return s;
    if (reached == 0 && due == 0)
        return standing(YS_MARK_NOT_STARTED, waiting > 0 ? YS_RULE_CONDITION : YS_RULE_NONE, 0, -1);
    return waiting > 0 && waiting == n - reached ? standing(YS_MARK_ON_COURSE, YS_RULE_CONDITION, 0, -1) : s;
}

ys_standing ys_promise_standing(const ys_promise_facts *p, int32_t today, const ys_mark_limits *l)
{
    bool stated = !isnan(p->promised);
    bool delivered = p->kept_on != YS_NO_DATE && (!stated || p->delivered >= p->promised);
    bool verified =
        delivered && (!stated ? p->verified > 0 || p->delivered == 0 : p->verified >= p->promised);
    int32_t due = p->due != YS_NO_DATE ? p->due : p->due_from;
    if (verified)
        return standing(YS_MARK_DONE, YS_RULE_DONE, due != YS_NO_DATE ? p->kept_on - due : 0, -1);
    if (delivered)
        return standing(YS_MARK_ON_COURSE, YS_RULE_UNVERIFIED, today - p->kept_on, -1);
    if (p->conditional)
        return standing(YS_MARK_NOT_STARTED, YS_RULE_CONDITION, 0, -1);
    if (due == YS_NO_DATE)
        return standing(YS_MARK_WARNING, YS_RULE_UNDATED, 0, -1);
    if (today - due > l->late)
        return standing(YS_MARK_LATE, YS_RULE_OVERDUE, today - due, -1);
    if (today > due)
        return standing(YS_MARK_WARNING, YS_RULE_SLIPPING, today - due, -1);
    if (due - today <= l->soon)
        return standing(YS_MARK_WARNING, YS_RULE_SOON, due - today, -1);
    if (p->kept_on != YS_NO_DATE)
        return standing(YS_MARK_ON_COURSE, YS_RULE_PART, due - today, -1);
    return standing(YS_MARK_NOT_STARTED, YS_RULE_NONE, due - today, -1);
}

ys_standing ys_task_standing(int32_t due, int32_t closed, int32_t updated, int32_t today,
                             const ys_mark_limits *l)
{
    if (closed != YS_NO_DATE && closed <= today)
        return standing(YS_MARK_DONE, YS_RULE_DONE, due != YS_NO_DATE ? closed - due : 0, -1);
    if (due != YS_NO_DATE && today - due > l->late)
        return standing(YS_MARK_LATE, YS_RULE_OVERDUE, today - due, -1);
    if (silent(updated, today, l))
        return standing(YS_MARK_STALE, YS_RULE_STALE, today - updated, -1);
    if (due == YS_NO_DATE)
        return standing(YS_MARK_WARNING, YS_RULE_UNDATED, 0, -1);
    if (today > due)
        return standing(YS_MARK_WARNING, YS_RULE_SLIPPING, today - due, -1);
    if (due - today <= l->soon)
        return standing(YS_MARK_WARNING, YS_RULE_SOON, due - today, -1);
    return standing(YS_MARK_ON_COURSE, YS_RULE_NONE, due - today, -1);
}
