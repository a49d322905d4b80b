/* SPDX-License-Identifier: Apache-2.0 */
#include "app/dated.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

const char *ys_dated_kind_name(ys_dated_kind kind)
{
    static const char *const name[] = {"milestone", "task", "promise", "event"};
    return name[kind];
}

const char *ys_dated_kind_word(ys_dated_kind kind, bool zh)
{
    static const char *const word[] = {"项目节点", "任务", "承诺", "活动"};
    return zh ? word[kind] : ys_dated_kind_name(kind);
}

static int32_t planned(const ys_dated *x)
{
    return x->to != YS_NO_DATE ? x->to : x->day;
}

static int by_day(const void *a, const void *b)
{
    const ys_dated *x = a, *y = b;
    if (planned(x) != planned(y))
        return planned(x) < planned(y) ? -1 : 1;
    int d = strcmp(x->what, y->what);
    d = d != 0 ? d : strcmp(x->which, y->which);
    d = d != 0 ? d : (int)x->kind - (int)y->kind;
    return d != 0 ? d : strcmp(x->key, y->key);
}

static const char *or_blank(const char *s)
{
    return s != NULL ? s : "";
}

typedef struct list {
    const ys_coop *c;
    bool zh;
    ys_dated *at;
    size_t n;
} list;

/* With its planned days; the rest is filled in by the caller. */
static ys_dated *add(list *l, ys_dated_kind kind, ys_coop_kind of, int64_t row, int32_t from, int32_t to)
{
    const ys_coop_set *s = &l->c->set[of];
    ys_dated *x = &l->at[l->n++];
    *x = (ys_dated){.kind = kind,
                    .key = ys_coop_key(s, row),
                    .what = "",
                    .which = "",
                    .who = "",
                    .where = or_blank(ys_coop_name(l->c, YS_COOP_AREA, ys_coop_text(s, row, "area"))),
                    .condition = ys_coop_text(s, row, "condition"),
                    .from = from,
                    .to = to,
                    .forecast = YS_NO_DATE,
                    .actual = YS_NO_DATE,
                    .day = to,
                    .project = -1,
                    .gate = -1};
    return x;
}

/* The day it happened, else is foreseen, else planned. */
static int32_t day_of(const ys_gate_dates *g, int32_t today)
{
    return ys_gate_reached(g, today)     ? g->actual
           : g->forecast != YS_NO_DATE   ? g->forecast
           : g->planned_to != YS_NO_DATE ? g->planned_to
                                         : g->planned_from;
}

static void add_gate(list *l, int64_t project, int64_t k)
{
    const ys_coop *c = l->c;
    const ys_coop_set *g = &c->set[YS_COOP_MILESTONE], *j = &c->set[YS_COOP_PROJECT];
    const ys_gate_dates *d = &c->gate[k], *all = &c->gate[c->first_gate[project]];
    int32_t n = (int32_t)(c->first_gate[project + 1] - c->first_gate[project]),
            which = (int32_t)(k - c->first_gate[project]), day = day_of(d, c->today);
    int64_t row = c->gate_row[k];
    if (day == YS_NO_DATE)
        return;
    ys_dated *x = add(l, YS_DATED_GATE, YS_COOP_MILESTONE, row, d->planned_from, d->planned_to);
    x->what = or_blank(ys_coop_text(j, project, "name"));
    x->which = or_blank(ys_coop_label(c, g, row, "gate", l->zh));
    x->who = or_blank(ys_coop_text(g, row, "decider"));
    x->where = or_blank(ys_coop_name(c, YS_COOP_AREA, ys_coop_text(j, project, "area")));
    if (ys_gate_reached(d, c->today) || !ys_gate_waits(all, n, which, c->today))
        x->condition = NULL;
    x->forecast = d->forecast;
    x->actual = ys_gate_reached(d, c->today) ? d->actual : YS_NO_DATE;
    x->day = day;
    x->slip = c->slip[k];
    x->project = project;
    x->gate = k;
    x->standing = ys_gate_standing(all, n, which, ys_coop_day(g, row, "updated"), c->today, &c->limits);
}

static void add_tasks(list *l)
{
    const ys_coop_set *t = &l->c->set[YS_COOP_TASK];
    for (int64_t i = 0; i < t->rows; i++) {
        int32_t due = ys_coop_day(t, i, "due");
        if (due == YS_NO_DATE)
            continue;
        ys_dated *x = add(l, YS_DATED_TASK, YS_COOP_TASK, i, YS_NO_DATE, due);
        x->what = or_blank(ys_coop_text(t, i, "text"));
        x->which = or_blank(ys_coop_label(l->c, t, i, "task_kind", l->zh));
        x->who = or_blank(ys_coop_text(t, i, "owner"));
        x->actual = ys_coop_day(t, i, "closed");
        if (x->actual > l->c->today) /* as ys_task_standing has it */
            x->actual = YS_NO_DATE;
        x->day = x->actual != YS_NO_DATE ? x->actual : due;
        x->standing = l->c->task[i];
    }
}

static void add_promises(list *l)
{
    const ys_coop *c = l->c;
    const ys_coop_set *s = &c->set[YS_COOP_PROMISE];
    for (int64_t i = 0; i < s->rows; i++) {
        int32_t due = ys_coop_day(s, i, "due");
        if (due == YS_NO_DATE)
            continue;
        const char *project = ys_coop_text(s, i, "project"), *agreement = ys_coop_text(s, i, "agreement");
        ys_dated *x = add(l, YS_DATED_PROMISE, YS_COOP_PROMISE, i, ys_coop_day(s, i, "due_from"), due);
        /* by its project or agreement, or the same words stand there for each of them */
        x->what = or_blank(project != NULL     ? ys_coop_name(c, YS_COOP_PROJECT, project)
                           : agreement != NULL ? ys_coop_name(c, YS_COOP_AGREEMENT, agreement)
                                               : ys_dated_kind_word(YS_DATED_PROMISE, l->zh));
        x->which = or_blank(ys_coop_text(s, i, "text"));
        x->who = or_blank(ys_coop_text(s, i, "party"));
        x->standing = c->promise[i];
    }
}

static void add_events(list *l)
{
    const ys_coop_set *s = &l->c->set[YS_COOP_EVENT];
    for (int64_t i = 0; i < s->rows; i++) {
        int32_t start = ys_coop_day(s, i, "start"), end = ys_coop_day(s, i, "end");
        if (start == YS_NO_DATE && end == YS_NO_DATE)
            continue;
        ys_dated *x = add(l, YS_DATED_EVENT, YS_COOP_EVENT, i, start, end != YS_NO_DATE ? end : start);
        x->what = or_blank(ys_coop_text(s, i, "name"));
        x->which = or_blank(ys_coop_label(l->c, s, i, "event_kind", l->zh));
        x->who = or_blank(ys_coop_text(s, i, "host"));
        bool over = x->to < l->c->today;
        x->actual = over ? x->to : YS_NO_DATE;
        x->standing = (ys_standing){.mark = over ? YS_MARK_DONE : YS_MARK_NOT_STARTED,
                                    .rule = over ? YS_RULE_DONE : YS_RULE_NONE,
                                    .which = -1};
    }
}

ys_status ys_dated_list(const ys_coop *c, bool zh, ys_dated **ret_list, size_t *ret_n, ys_diag *diag)
{
    static const ys_coop_kind kinds[] = {YS_COOP_MILESTONE, YS_COOP_TASK, YS_COOP_PROMISE, YS_COOP_EVENT};
    size_t most = 1;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        most += (size_t)c->set[kinds[k]].rows;
    list l = {.c = c, .zh = zh, .at = ys_calloc(most, sizeof *l.at)};
    if (l.at == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < c->set[YS_COOP_PROJECT].rows; i++)
        for (int64_t k = c->first_gate[i]; k < c->first_gate[i + 1]; k++)
            add_gate(&l, i, k);
    add_tasks(&l);
    add_promises(&l);
    add_events(&l);
    qsort(l.at, l.n, sizeof *l.at, by_day);
    *ret_list = l.at;
    *ret_n = l.n;
    return YS_OK;
}
