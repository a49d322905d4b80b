/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "plan/prices.h"
#include "report/book_internal.h"

/* Floors that take something from the gap closed, and the price of the law coming first, each in a sentence. */
void ys__book_prices(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    ys_price_names n = {.currency = ys__bk_currency(b), .unit = (double)ys_money_unit(b->f->head.digits)};
    for (int64_t i = 0; i <= p->floor_count; i++) {
        bool law = i == p->floor_count;
        ys_str text = {0};
        ys_priced one = {.sort = law ? YS_PRICE_COUPLE : YS_PRICE_FLOOR,
                         .price = law ? p->couple_price : p->floors[i].price};
        if (!law) {
            one.metric = p->floors[i].kind;
            one.ceiling = p->floors[i].most;
        }
        n.name = law ? "" : p->floors[i].name;
        if (!(one.price > 0))
            continue;
        ys_price_say(&one, &n, b->zh, &text);
        ys_html_open(&b->h, "p", NULL);
        ys_html_text(&b->h, ys_str_get(&text));
        if (law)
            ys__bk_def(b, YS_DEF_PRICE);
        ys_html_close(&b->h);
        b->h.failed = b->h.failed || text.failed;
        ys_str_done(&text);
    }
}

static double share(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static void contender_row(ys_book *b, const ys_fig_contender *c)
{
    ys_html_cell(&b->h, ys__bk_word(b, c->name));
    ys__bk_cell_money(b, c->gap);
    ys__bk_cell_count(b, c->cures);
    ys__bk_cell_count(b, c->households);
    ys__bk_cell_money(b, c->money);
    ys__bk_cell_percent(b, share(c->earned, c->effect), 1);
    ys__bk_cell_money(b, c->absent);
    ys__bk_cell_percent(b, share(c->absent, c->money), 1);
    ys__bk_cell_count(b, c->floors_unmet);
}

void ys__book_compare(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    char gap[96], money[96], absent[96];
    if (p->contenders == 0)
        return;
    ys__bk_sub(b, "不是大水漫灌：同样的钱换几种做法", "Not flooding: the same money by simpler rules",
               YS_DEF_COMPARE);
    snprintf(gap, sizeof gap, ys__bk_say(b, "减缺口，现值（%s）", "Gap closed, present value (%s)"),
             ys__bk_money_unit(b));
    snprintf(money, sizeof money, ys__bk_say(b, "用钱，各年（%s）", "Money, all years (%s)"),
             ys__bk_money_unit(b));
    snprintf(absent, sizeof absent, ys__bk_say(b, "不对根的钱（%s）", "Money off the root (%s)"),
             ys__bk_money_unit(b));
    ys_html_column c[] = {
        ys__bk_col(b, "做法", "Rule", false, YS_DEF_COMPARE),
        ys__bk_col(b, gap, gap, true, YS_DEF_TIER2),
        ys__bk_col(b, "解决法定短板（项·人）", "Statutory deprivations cured", true, YS_DEF_TIER1),
        ys__bk_col(b, "得到措施的户", "Households with measures", true, YS_DEF_HELPED),
        ys__bk_col(b, money, money, true, YS_DEF_NONE),
        ys__bk_col(b, "自挣%", "Earned %", true, YS_DEF_EARNED),
        ys__bk_col(b, absent, absent, true, YS_DEF_ABSENT),
        ys__bk_col(b, "占用钱%", "% of the money", true, YS_DEF_ABSENT),
        ys__bk_col(b, "未达到的底线", "Floors not met", true, YS_DEF_NONE)};
    ys_html_table(&b->h,
                  ys__bk_say(b, "同样的资金、名额、条件和意愿", "The same money, places, gates and consents"),
                  c, sizeof c / sizeof *c);
    for (int i = 0; i < p->contenders; i++)
        contender_row(b, &p->contender[i]);
    ys_html_table_end(&b->h);
    for (int i = 1; i < p->contenders; i++) {
        ys_html_open(&b->h, "p", NULL);
        ys_html_textf(&b->h, "● %s%s%s", ys__bk_word(b, p->contender[i].name), ys__bk_say(b, "：", ": "),
                      ys__bk_word(b, p->contender[i].words));
        ys_html_close(&b->h);
    }
}
