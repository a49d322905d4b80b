/* SPDX-License-Identifier: Apache-2.0 */
#include "app/plan_floor_words.h"

#include <math.h>

#include <stdio.h>

#include "app/fact.h"
#include "base/num.h"

const char *ys_plan_floor_kind_name(ys_plan_floor_kind kind)
{
    static const char *const names[] = {"least", "most", "coverage", "spending", "project"};
    return names[kind];
}

/* The area that a floor holds in; areas share no interval but where one has a single child: then the wider one is named. */
static const char *area_name(const ys_planning *p, const ys_plan_floor *x)
{
    const ys_areas *a = p->frame->areas;
    for (int32_t i = 0; i < ys_areas_count(a); i++)
        if (ys_areas_begin(a, i) == x->area_begin && ys_areas_end(a, i) == x->area_end)
            return ys_areas_name(a, i);
    return x->name;
}

void ys_plan_floor_say(const ys_planning *p, int f, bool zh, ys_str *out)
{
    static const char *const one_zh[] = {"每多1元缺口补足", "每多一项权利落实", "每多帮一户"};
    static const char *const one_en[] = {"one more yuan of gap closed", "one more deprivation cured",
                                         "one more household helped"};
    const ys_plan_floor *x = &p->facts->in.floors[f];
    const char *where = area_name(p, x), *word = ys_currency_word(p->frame->pack, zh);
    double cost = ys_plan_floor_cost(&p->facts->in, p->result, f);
    char money[48];
    bool fen = x->kind <= YS_PLAN_MOST && x->metric == YS_PLAN_GAP;
    int digits = ys_pack_digits(p->frame->pack);
    if (fen)
        snprintf(money, sizeof money, "%.2f", cost); /* fen per fen is yuan per yuan */
    else
        ys_format_money_grouped(cost < 0x1p62 ? (int64_t)floor(cost + 0.5) : INT64_MAX, digits, money,
                                sizeof money);
    switch (x->kind) {
    case YS_PLAN_LEAST:
        ys_str_printf(out, zh ? "%s：%s，别处少补缺口 %s %s" : "%s: %s costs %s %s of gap elsewhere", where,
                      zh ? one_zh[x->metric] : one_en[x->metric], money, word);
        break;
    case YS_PLAN_MOST:
        ys_str_printf(out,
                      zh ? "%s（上限）：%s，可多补缺口 %s %s" : "%s (ceiling): %s would close %s %s more",
                      where, zh ? one_zh[x->metric] : one_en[x->metric], money, word);
        break;
    case YS_PLAN_COVERAGE:
        ys_str_printf(out,
                      zh ? "%s：覆盖率相对上级每提高1个百分点，别处少补缺口 %s %s"
                         : "%s: one more percent of the wider area's coverage costs %s %s of gap elsewhere",
                      where, money, word);
        break;
    case YS_PLAN_SPENDING:
        ys_str_printf(out,
                      zh ? "%s：支出占比每提高1个百分点，少补缺口 %s %s"
                         : "%s: one more percent of spending costs %s %s of gap",
                      where, money, word);
        break;
    case YS_PLAN_PROJECT:
        ys_str_printf(out,
                      zh ? "%s：项目“%s”的占比上限每降1个百分点，少补缺口 %s %s"
                         : "%s: one percent less for the project %s costs %s %s of gap",
                      where, p->facts->in.offerings[x->offering].name, money, word);
        break;
    }
}
