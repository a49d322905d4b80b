/* SPDX-License-Identifier: Apache-2.0 */
#include "app/whatif_bridge.h"

#include <string.h>

#include "app/fact.h"
#include "base/alloc.h"
#include "base/num.h"

void ys_bridge_free(ys_bridge *b)
{
    ys_free(b->measure);
    b->measure = NULL;
}

static bool moved(const ys_scenario *s, int32_t offering)
{
    const ys_plan_offering *a = &s->base->facts->in.offerings[offering], *b = &s->in.offerings[offering];
    return a->period != b->period || a->wait_months != b->wait_months;
}

static bool has_moved(const ys_scenario *s, const ys_plan_picks *k)
{
    for (int i = 0; i < k->count; i++)
        if (moved(s, k->pick[i].offering))
            return true;
    return false;
}

static bool has_measure(const ys_plan_picks *k, int n, int32_t measure)
{
    for (int i = 0; i < n; i++)
        if (k->pick[i].measure == measure)
            return true;
    return false;
}

static void add_household(const ys_scenario *s, int64_t block, ys_bridge *b)
{
    ys_plan_picks before = ys_plan_picks_of(s->base->plan, s->base->result, block);
    ys_plan_picks after = ys_plan_picks_of(s->plan, s->result, block);
    bool new_one = false;
    if (!has_moved(s, &before))
        return;
    b->had++;
    b->gap_lost += before.gap - after.gap;
    if (has_moved(s, &after)) {
        b->kept++;
        return;
    }
    for (int i = 0; i < after.count; i++) {
        int32_t m = after.pick[i].measure;
        bool same = false;
        for (int k = 0; k < before.count; k++)
            same = same || (before.pick[k].offering == after.pick[i].offering);
        if (same || has_measure(&after, i, m))
            continue;
        b->measure[m]++;
        new_one = true;
    }
    b->bridged += new_one;
    b->bare += !new_one;
}

ys_status ys_bridge_make(const ys_scenario *s, bool *ret_moved, ys_bridge *ret_bridge, ys_diag *diag)
{
    bool any = false;
    ys_bridge b = {0};
    for (int i = 0; i < s->in.n_offerings; i++)
        any = any || moved(s, i);
    *ret_moved = any;
    if (!any)
        return YS_OK;
    b.measure = ys_calloc((size_t)s->in.n_measures + 1, sizeof *b.measure);
    if (b.measure == NULL)
        return ys_fail_nomem(diag);
    for (int64_t h = 0; h < s->in.n_households; h++)
        add_household(s, h, &b);
    *ret_bridge = b;
    return YS_OK;
}

/* The change that moves something: of a project, else the first. */
static const ys_scenario_change *cause(const ys_scenario *s)
{
    for (int i = 0; i < s->n_changes; i++)
        if (strncmp(s->changes[i].target, "project:", 8) == 0)
            return &s->changes[i];
    return &s->changes[0];
}

void ys_bridge_say(const ys_scenario *s, const ys_bridge *b, bool zh, ys_str *out)
{
    const ys_scenario_change *c = cause(s);
    char money[48];
    bool first = true;
    bool later = strcmp(c->after, c->before) > 0;
    ys_str_printf(out,
                  zh ? "若%s%s%s：原计划靠它的 %lld 户中，%lld 户由别的措施过渡"
                     : "If %s %s %s: of the %lld households that count on it, %lld bridge on other measures",
                  zh ? c->zh : c->en,
                  zh      ? later ? "推迟到 " : "改到 "
                  : later ? "slips to"
                          : "moves to",
                  c->after, (long long)b->had, (long long)b->bridged);
    for (int m = 0; m < s->in.n_measures; m++) {
        if (b->measure[m] == 0)
            continue;
        ys_str_puts(out, first ? zh ? "（" : " (" : zh ? "；" : "; ");
        ys_str_printf(out, zh ? "%s %lld 户" : "%s %lld",
                      zh ? s->in.measures[m].label_zh : s->in.measures[m].label_en, (long long)b->measure[m]);
        first = false;
    }
    ys_str_puts(out, first ? "" : zh ? "）" : ")");
    ys_format_money_grouped(b->gap_lost, ys_pack_digits(s->base->frame->pack), money, sizeof money);
    ys_str_printf(out,
                  zh ? "，%lld 户仍等它，%lld 户没有替代；这些户少减缺口 %s %s"
                     : ", %lld still wait for it, %lld get nothing in its place; together they lose %s %s of "
                       "gap closed",
                  (long long)b->kept, (long long)b->bare, money, ys_currency_word(s->base->frame->pack, zh));
    ys_str_puts(out, zh ? "。" : ".");
}
