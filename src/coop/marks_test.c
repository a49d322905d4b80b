/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "coop/marks.h"

#define NONE YS_NO_DATE
static const ys_mark_limits *const L = &ys_mark_limits_default;

static ys_gate_dates gate(int32_t planned_to, int32_t forecast, int32_t actual)
{
    return (ys_gate_dates){.planned_from = NONE,
                           .planned_to = planned_to,
                           .forecast = forecast,
                           .actual = actual,
                           .blocked_since = NONE,
                           .after = -1};
}

static void project(const ys_gate_dates *g, int32_t n, int32_t idle, int32_t updated, ys_coop_mark mark,
                    ys_mark_rule rule, int32_t days)
{
    ys_project_facts p = {.gates = g, .n = n, .to_the_end = true, .idle = idle, .updated = updated};
    ys_standing s = ys_project_standing(&p, 1000, L);
    assert_int_equal(s.mark, mark);
    assert_int_equal(s.rule, rule);
    assert_int_equal(s.days, days);
}

static void projects(void **state)
{
    (void)state;
    ys_gate_dates reached = gate(900, NONE, 910), g[2] = {reached, gate(1100, NONE, NONE)};
    project(&reached, 1, 0, 990, YS_MARK_DONE, YS_RULE_DONE, 0);
    ys_project_facts signed_only = {.gates = &reached, .n = 1, .updated = 990};
    assert_int_equal(ys_project_standing(&signed_only, 1000, L).mark, YS_MARK_ON_COURSE); /* far from done */
    project(g, 2, 0, 990, YS_MARK_ON_COURSE, YS_RULE_NONE, 0);
    project(&g[1], 1, 0, 990, YS_MARK_NOT_STARTED, YS_RULE_NONE, 0);
    /* the edges of the limits: 30 days late is a warning, 31 a delay; 15 days ahead is soon, 16 is not */
    const struct {
        int32_t due;
        ys_coop_mark mark;
        ys_mark_rule rule;
        int32_t days;
    } edge[] = {{970, YS_MARK_WARNING, YS_RULE_SLIPPING, 30}, {969, YS_MARK_LATE, YS_RULE_OVERDUE, 31},
                {1015, YS_MARK_WARNING, YS_RULE_SOON, 15},    {1016, YS_MARK_ON_COURSE, YS_RULE_NONE, 0},
                {999, YS_MARK_WARNING, YS_RULE_SLIPPING, 1},  {1000, YS_MARK_WARNING, YS_RULE_SOON, 0}};
    for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
        g[1] = gate(edge[i].due, NONE, NONE);
        project(g, 2, 0, 990, edge[i].mark, edge[i].rule, edge[i].days);
    }
    g[1] = gate(1100, 1120, NONE); /* the plan has not passed, the forecast lies behind it */
    project(g, 2, 0, 990, YS_MARK_WARNING, YS_RULE_SLIPPING, 20);
    g[1] = gate(1100, NONE, NONE);
    g[1].blocked_since = 986;
    project(g, 2, 0, 990, YS_MARK_ON_COURSE, YS_RULE_NONE, 0);
    g[1].blocked_since = 985;
    project(g, 2, 0, 990, YS_MARK_LATE, YS_RULE_BLOCKED, 15);
    g[1].blocked_since = NONE;
    project(g, 2, 90, 990, YS_MARK_ON_COURSE, YS_RULE_NONE, 0);
    project(g, 2, 91, 990, YS_MARK_LATE, YS_RULE_IDLE, 91);
    /* stale overrides on course and warning, never late */
    project(g, 2, 0, 955, YS_MARK_ON_COURSE, YS_RULE_NONE, 0);
    project(g, 2, 0, 954, YS_MARK_STALE, YS_RULE_STALE, 46);
    project(g, 2, 91, 954, YS_MARK_LATE, YS_RULE_IDLE, 91);
    g[1] = gate(900, NONE, NONE);
    project(g, 2, 0, 954, YS_MARK_LATE, YS_RULE_OVERDUE, 100);
}

/* "Construction in April or May if approved": nothing is late before the approval, whatever the date. */
static void conditions(void **state)
{
    (void)state;
    ys_gate_dates g[3] = {gate(800, NONE, 800), gate(NONE, NONE, NONE), gate(900, NONE, NONE)};
    g[2].planned_from = 870;
    g[2].conditional = true;
    g[2].after = 1;
    assert_int_equal(ys_gate_slip(g, 3, 2, 1000), 0);
    project(g, 3, 0, 990, YS_MARK_ON_COURSE, YS_RULE_NONE, 0);
    g[1].actual = 990;
    assert_int_equal(ys_gate_slip(g, 3, 2, 1000), 100);
    project(g, 3, 0, 990, YS_MARK_LATE, YS_RULE_OVERDUE, 100);
    ys_gate_dates alone = g[2];
    alone.after = -1;
    project(&alone, 1, 0, 990, YS_MARK_NOT_STARTED, YS_RULE_CONDITION, 0);
}

static void slips(void **state)
{
    (void)state;
    ys_gate_dates g = gate(500, NONE, 520);
    assert_int_equal(ys_gate_slip(&g, 1, 0, 1000), 20);
    g.actual = 490;
    assert_int_equal(ys_gate_slip(&g, 1, 0, 1000), -10);
    g = gate(500, 510, NONE);
    assert_int_equal(ys_gate_slip(&g, 1, 0, 400), 10);
    assert_int_equal(ys_gate_slip(&g, 1, 0, 530), 30); /* the forecast has passed too */
    g = gate(NONE, 510, NONE);
    assert_int_equal(ys_gate_slip(&g, 1, 0, 600), 0);
}

/* A date of the future is no fact: neither reached, nor does what waits for it begin to bind. */
static void ahead_of_today(void **state)
{
    (void)state;
    ys_gate_dates g[2] = {gate(900, NONE, 1001), gate(950, NONE, NONE)};
    g[1].conditional = true;
    g[1].after = 0;
    project(&g[0], 1, 0, 990, YS_MARK_LATE, YS_RULE_OVERDUE, 100);
    assert_int_equal(ys_gate_slip(g, 2, 0, 1000), 100);
    assert_int_equal(ys_gate_slip(g, 2, 1, 1000), 0);
    assert_true(ys_gate_waits(g, 2, 1, 1000));
    assert_false(ys_gate_reached(&g[0], 1000));
    g[0].actual = 1000;
    project(&g[0], 1, 0, 990, YS_MARK_DONE, YS_RULE_DONE, 0);
    assert_false(ys_gate_waits(g, 2, 1, 1000));
    assert_int_equal(ys_gate_slip(g, 2, 1, 1000), 50);
}

static void one_gate(const ys_gate_dates *g, int32_t n, int32_t k, int32_t updated, ys_coop_mark mark,
                     ys_mark_rule rule)
{
    ys_standing s = ys_gate_standing(g, n, k, updated, 1000, L);
    assert_int_equal(s.mark, mark);
    assert_int_equal(s.rule, rule);
}

static void gates(void **state)
{
    (void)state;
    ys_gate_dates g[2] = {gate(900, NONE, 910), gate(960, NONE, NONE)};
    one_gate(g, 2, 0, 900, YS_MARK_DONE, YS_RULE_DONE); /* what is done does not grow stale */
    one_gate(g, 2, 1, 990, YS_MARK_LATE, YS_RULE_OVERDUE);
    g[1] = gate(990, NONE, NONE);
    one_gate(g, 2, 1, 990, YS_MARK_WARNING, YS_RULE_SLIPPING);
    one_gate(g, 2, 1, 954, YS_MARK_STALE, YS_RULE_STALE);
    g[1] = gate(1100, NONE, NONE);
    one_gate(g, 2, 1, 990, YS_MARK_NOT_STARTED, YS_RULE_NONE);
    /* a condition met by the gate before it is none any more */
    g[1] = gate(960, NONE, NONE);
    g[1].conditional = true;
    one_gate(g, 2, 1, 990, YS_MARK_NOT_STARTED, YS_RULE_CONDITION);
    g[1].after = 0;
    one_gate(g, 2, 1, 990, YS_MARK_LATE, YS_RULE_OVERDUE);
}

static void promise(ys_promise_facts p, ys_coop_mark mark, ys_mark_rule rule, int32_t days)
{
    ys_standing s = ys_promise_standing(&p, 1000, L);
    assert_int_equal(s.mark, mark);
    assert_int_equal(s.rule, rule);
    assert_int_equal(s.days, days);
}

static void promises(void **state)
{
    (void)state;
    ys_promise_facts p = {.due_from = NONE, .due = 1100, .promised = 100, .kept_on = NONE};
    promise(p, YS_MARK_NOT_STARTED, YS_RULE_NONE, 100);
    p.due = NONE;
    promise(p, YS_MARK_WARNING, YS_RULE_UNDATED, 0);
    p.due_from = 1010; /* only the beginning is known */
    promise(p, YS_MARK_WARNING, YS_RULE_SOON, 10);
    p.due = 960;
    promise(p, YS_MARK_LATE, YS_RULE_OVERDUE, 40);
    p.conditional = true;
    promise(p, YS_MARK_NOT_STARTED, YS_RULE_CONDITION, 0);
    p.conditional = false;
    p.delivered = 60;
    p.kept_on = 950;
    promise(p, YS_MARK_LATE, YS_RULE_OVERDUE, 40); /* in part and late */
    p.due = 1100;
    promise(p, YS_MARK_ON_COURSE, YS_RULE_PART, 100);
    p.delivered = 100;
    promise(p, YS_MARK_ON_COURSE, YS_RULE_UNVERIFIED, 50);
    p.verified = 99;
    promise(p, YS_MARK_ON_COURSE, YS_RULE_UNVERIFIED, 50);
    p.verified = 100;
    promise(p, YS_MARK_DONE, YS_RULE_DONE, -150);
    ys_promise_facts unstated = {
        .due_from = NONE, .due = 900, .promised = NAN, .kept_on = 890, .delivered = 5};
    promise(unstated, YS_MARK_ON_COURSE, YS_RULE_UNVERIFIED, 110);
    unstated.verified = 5;
    promise(unstated, YS_MARK_DONE, YS_RULE_DONE, -10);
}

static void tasks(void **state)
{
    (void)state;
    const struct {
        int32_t due, closed, updated;
        ys_coop_mark mark;
        ys_mark_rule rule;
    } row[] = {{900, 890, 890, YS_MARK_DONE, YS_RULE_DONE},
               {900, NONE, 890, YS_MARK_LATE, YS_RULE_OVERDUE},
               {990, NONE, 990, YS_MARK_WARNING, YS_RULE_SLIPPING},
               {990, NONE, 900, YS_MARK_STALE, YS_RULE_STALE},
               {NONE, NONE, 990, YS_MARK_WARNING, YS_RULE_UNDATED},
               {1010, NONE, 990, YS_MARK_WARNING, YS_RULE_SOON},
               {1100, NONE, 990, YS_MARK_ON_COURSE, YS_RULE_NONE},
               {1100, NONE, NONE, YS_MARK_ON_COURSE, YS_RULE_NONE},
               {900, 1001, 990, YS_MARK_LATE, YS_RULE_OVERDUE}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        ys_standing s = ys_task_standing(row[i].due, row[i].closed, row[i].updated, 1000, L);
        assert_int_equal(s.mark, row[i].mark);
        assert_int_equal(s.rule, row[i].rule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(projects),       cmocka_unit_test(conditions), cmocka_unit_test(slips),
        cmocka_unit_test(ahead_of_today), cmocka_unit_test(gates),      cmocka_unit_test(promises),
        cmocka_unit_test(tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
