/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "report/book_internal.h"

static bool no_plan(ys_book *b)
{
    if (b->f->plan.there)
        return false;
    ys__bk_para(b, "○ 库里还没有计划。先运行 yaoshi plan DB，再做报告。",
                "○ There is no plan in the store. Run yaoshi plan DB first.");
    return true;
}

static const char *family_name(const ys_book *b, int family)
{
    static const ys_words names[] = {
        {"产业带动", "industry"}, {"项目拉动", "project"}, {"政策兜底", "safety net"}, {"其他", "other"}};
    return ys__bk_word(b, names[family]);
}

/* ---- who gets what ---- */

static void plan_line(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    char n1[YS_TEXT], n2[YS_TEXT], n3[YS_TEXT];
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(&b->h,
                  ys__bk_say(b, "计划 %s，%lld 年起，依据第 %lld 次事务的数据。",
                             "Plan %s, from %lld on, rests on the facts after transaction %lld. "),
                  p->version, (long long)p->year, (long long)p->facts_tx);
    ys_html_textf(&b->h,
                  ys__bk_say(b, "%s 户、%s 个村得到措施；首年用钱 %s",
                             "%s households and %s villages get measures; the first year costs %s"),
                  ys__bk_count(b->f->all.helped, n1), ys__bk_count(p->helped_villages, n2),
                  ys__bk_money_words(b, p->first_cost, n3));
    ys__bk_def(b, YS_DEF_COST);
    ys_html_textf(&b->h, ys__bk_say(b, "，以后每年 %s。", ", each further year %s."),
                  ys__bk_money_words(b, p->recurring, n1));
    ys_html_close(&b->h);
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(
        &b->h,
        ys__bk_say(b, "预期一年增收 %s，其中 %s%% 靠自己挣（劳动、就业、经营）",
                   "Expected income a year: %s, of which %s %% is earned (work and own business)"),
        ys__bk_money_words(b, p->effect, n1),
        ys__bk_percent(p->effect > 0 ? (double)p->earned_effect / (double)p->effect : (double)NAN, 1, n2));
    ys__bk_def(b, YS_DEF_EARNED);
    ys_html_text(&b->h, ys__bk_say(b, "。", "."));
    ys_html_close(&b->h);
    if (p->stale)
        ys__bk_para(b, "▲ 计划之后数据有变动：诊断是现在的，计划是当时的。重算：yaoshi plan DB。",
                    "▲ Facts have changed since the plan was made: the diagnosis is of now, the plan of "
                    "then. Run yaoshi plan DB again.");
    if (p->partial)
        ys__bk_para(b, "▲ 这份计划是中途停下的：可行，差距如实，但再算下去会更好。",
                    "▲ This plan was stopped early: feasible, with an honest gap, but not the best that was "
                    "possible.");
}

static void families(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    char cost[96], effect[96];
    ys_stack rows[2] = {{.label = ys__bk_say(b, "首年用钱", "first-year cost")},
                        {.label = ys__bk_say(b, "预期增收", "expected income")}};
    const char *names[YS_FIG_FAMILIES];
    for (int k = 0; k < YS_FIG_FAMILIES; k++) {
        names[k] = family_name(b, k);
        rows[0].part[k] = (double)p->family_cost[k];
        rows[1].part[k] = p->family_effect[k] > 0 ? (double)p->family_effect[k] : 0;
    }
    ys_svg_head head = {
        .id = "families",
        .title = ys__bk_say(b, "三类措施的钱与效果", "Money and effect of the three families"),
        .desc = ys__bk_say(b, "每行合计 100%；下面有表。", "Each row adds up to 100 %; a table follows.")};
    ys__bk_figure(b, "三类措施：钱花在哪里，收入从哪里来",
                  "Three families: where the money goes and where the income comes from", YS_DEF_HELPED);
    ys_svg_stacks(b->h.out, &head, rows, 2, names, YS_FIG_FAMILIES, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
    snprintf(cost, sizeof cost, ys__bk_say(b, "首年（%s）", "First year (%s)"), ys__bk_money_unit(b));
    snprintf(effect, sizeof effect, ys__bk_say(b, "预期年增收（%s）", "Expected income a year (%s)"),
             ys__bk_money_unit(b));
    ys_html_column c[] = {ys__bk_col(b, "类别", "Family", false, YS_DEF_NONE),
                          ys__bk_col(b, "户", "Households", true, YS_DEF_HELPED),
                          ys__bk_col(b, cost, cost, true, YS_DEF_COST),
                          ys__bk_col(b, effect, effect, true, YS_DEF_EFFECT)};
    ys_html_table(&b->h,
                  ys__bk_say(b, "三类措施（一户可得几类）", "Three families (a household may have several)"),
                  c, 4);
    for (int k = 0; k < YS_FIG_FAMILIES; k++) {
        ys_html_cell(&b->h, family_name(b, k));
        ys__bk_cell_count(b, p->family_households[k]);
        ys__bk_cell_money(b, p->family_cost[k]);
        ys__bk_cell_money(b, p->family_effect[k]);
    }
    ys_html_table_end(&b->h);
}

static void measure_row(ys_book *b, const ys_fig_measure *m)
{
    ys_html_cellf(&b->h, "%s%s", ys__bk_word(b, m->label), m->assumption ? " *" : "");
    ys_html_cell_mark(&b->h, family_name(b, m->family));
    ys_html_cell_mark(&b->h, m->village ? ys__bk_say(b, "村", "village") : ys__bk_say(b, "户", "household"));
    ys__bk_cell_count(b, m->blocks);
    ys__bk_cell_count(b, m->units);
    ys__bk_cell_money(b, m->first_cost);
    ys__bk_cell_money(b, m->recurring);
    ys__bk_cell_money(b, m->effect);
}

static int by_cost(const void *a, const void *b)
{
    const ys_fig_measure *const *x = a, *const *y = b;
    if ((*x)->first_cost != (*y)->first_cost)
        return (*x)->first_cost < (*y)->first_cost ? 1 : -1;
    return *x < *y ? -1 : *x > *y; /* rows of one array: the order of the pack */
}

static void measure_bars(ys_book *b, const ys_fig_measure *const *list, int n)
{
    enum { MOST = 15 };
    ys_bar bars[MOST];
    char texts[MOST][2 * YS_TEXT], n1[YS_TEXT], n2[YS_TEXT];
    int shown = n < MOST ? n : MOST;
    for (int i = 0; i < shown; i++) {
        snprintf(texts[i], sizeof texts[i], "%s · %s %s", ys__bk_money_words(b, list[i]->first_cost, n1),
                 ys__bk_count(list[i]->blocks, n2),
                 list[i]->village ? ys__bk_say(b, "村", "villages") : ys__bk_say(b, "户", "households"));
        bars[i] = (ys_bar){.label = ys__bk_word(b, list[i]->label),
                           .text = texts[i],
                           .value = (double)list[i]->first_cost,
                           .whole = (double)NAN,
                           .fill = ys_svg_colour(list[i]->family)};
    }
    ys_svg_head head = {
        .id = "measures",
        .title = ys__bk_say(b, "用钱最多的措施", "The measures that cost most"),
        .desc = ys__bk_say(b, "横条为首年用钱，右端写明金额与户数；颜色分三类，与上图相同；下面有表。",
                           "Bars are the first-year cost, with amount and households at the end; colours are "
                           "the families of the picture above; a table follows.")};
    ys__bk_figure(b, "用钱最多的措施（首年）", "The measures that cost most (first year)", YS_DEF_COST);
    ys_svg_bars(b->h.out, &head, bars, shown, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
}

static void measure_table(ys_book *b, const ys_fig_measure *const *list, int n)
{
    char first[96], later[96], effect[96];
    snprintf(first, sizeof first, ys__bk_say(b, "首年（%s）", "First year (%s)"), ys__bk_money_unit(b));
    snprintf(later, sizeof later, ys__bk_say(b, "以后每年（%s）", "Each further year (%s)"),
             ys__bk_money_unit(b));
    snprintf(effect, sizeof effect, ys__bk_say(b, "预期年增收（%s）", "Expected income a year (%s)"),
             ys__bk_money_unit(b));
    ys_html_column c[] = {
        ys__bk_col(b, "措施", "Measure", false, YS_DEF_NONE),
        ys__bk_col(b, "类别", "Family", false, YS_DEF_NONE),
        ys__bk_col(b, "到", "To", false, YS_DEF_NONE),
        ys__bk_col(b, "户或村", "Households or villages", true, YS_DEF_HELPED),
        ys__bk_col(b, "份数", "Units", true, YS_DEF_NONE),
        ys__bk_col(b, first, first, true, YS_DEF_COST),
        ys__bk_col(b, later, later, true, YS_DEF_RECURRING),
        ys__bk_col(b, effect, effect, true, YS_DEF_EFFECT),
    };
    ys_html_table(&b->h,
                  ys__bk_say(b, "全部措施（* 成本或效果是政策包里的假设）",
                             "All measures (* cost or effect is an assumption of the pack)"),
                  c, sizeof c / sizeof *c);
    for (int i = 0; i < n; i++)
        measure_row(b, list[i]);
    ys_html_table_end(&b->h);
}

/* Nothing as a dash: the table is mostly empty. */
static void money_or_dash(ys_book *b, int64_t minor)
{
    if (minor == 0)
        ys_html_cell(&b->h, "–");
    else
        ys__bk_cell_money(b, minor);
}

/* Numbers of the givers, the one with most money first. */
static int *order_givers(int givers, const int64_t *money)
{
    int *order = ys_calloc((size_t)givers + 1, sizeof *order);
    for (int i = 0; order != NULL && i < givers; i++) {
        int at = i;
        for (; at > 0 && money[order[at - 1]] < money[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static int *order_payers(const ys_fig_measure *const *list, int n, int givers)
{
    int64_t *money = ys_calloc((size_t)givers + 1, sizeof *money);
    int *order = NULL;
    for (int i = 0; money != NULL && i < n; i++) {
        for (int k = 0; k < givers; k++)
            money[k] += list[i]->by_giver[k];
    }
    if (money != NULL)
        order = order_givers(givers, money);
    ys_free(money);
    return order;
}

/* Measures × who pays, at most as many payers as fit on a page; the rest together. */
static void measure_payers(ys_book *b, const ys_fig_measure *const *list, int n)
{
    enum { MOST = 8 };
    const ys_fig_plan *p = &b->f->plan;
    int shown = p->givers - 1 < MOST ? p->givers - 1 : MOST;
    char caption[160];
    ys_html_column c[MOST + 3];
    int *order = order_payers(list, n, p->givers - 1);
    if (order == NULL) {
        b->h.failed = true;
        return;
    }
    snprintf(
        caption, sizeof caption,
        ys__bk_say(b, "每项措施的首年钱从哪里来（%s）", "Who pays for each measure in the first year (%s)"),
        ys__bk_money_unit(b));
    c[0] = ys__bk_col(b, "措施", "Measure", false, YS_DEF_NONE);
    for (int k = 0; k < shown; k++)
        c[k + 1] = (ys_html_column){.title = p->giver[order[k]], .numeric = true};
    c[shown + 1] = ys__bk_col(b, "其他资金", "Other funds", true, YS_DEF_NONE);
    c[shown + 2] = ys__bk_col(b, "计划之外", "Outside the plan", true, YS_DEF_NONE);
    ys__bk_details(b, "每项措施的钱从哪里来", "Who pays for each measure");
    ys_html_table(&b->h, caption, c, shown + 3);
    for (int i = 0; i < n; i++) {
        int64_t rest = 0;
        ys_html_cell(&b->h, ys__bk_word(b, list[i]->label));
        for (int k = 0; k < shown; k++)
            money_or_dash(b, list[i]->by_giver[order[k]]);
        for (int k = shown; k < p->givers - 1; k++)
            rest += list[i]->by_giver[order[k]];
        money_or_dash(b, rest);
        money_or_dash(b, list[i]->by_giver[p->givers - 1]);
    }
    ys_html_table_end(&b->h);
    ys_html_close(&b->h);
    ys_free(order);
}

static void plan_places(ys_book *b)
{
    char first[96];
    snprintf(first, sizeof first, ys__bk_say(b, "首年（%s）", "First year (%s)"), ys__bk_money_unit(b));
    ys_html_column c[] = {ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE),
                          ys__bk_col(b, "登记户", "Registered households", true, YS_DEF_REGISTER),
                          ys__bk_col(b, "得到措施的户", "Households with measures", true, YS_DEF_HELPED),
                          ys__bk_col(b, first, first, true, YS_DEF_COST),
                          ys__bk_col(b, "有缺口而没有到户措施", "With a gap and no measure of their own",
                                     true, YS_DEF_HELPLESS)};
    ys_html_table(&b->h,
                  ys__bk_say(b, "各地的安排（到户措施）", "The plan by area (measures for households)"), c,
                  sizeof c / sizeof *c);
    for (int i = 0; i <= b->f->places; i++) {
        const ys_fig_place *p = i < b->f->places ? &b->f->place[i] : &b->f->all;
        if (i == b->f->places)
            ys_html_total(&b->h);
        ys_html_cell(&b->h, ys__bk_word(b, p->name));
        ys__bk_cell_count(b, p->households);
        ys__bk_cell_count(b, p->helped);
        ys__bk_cell_money(b, p->first_cost);
        ys__bk_cell_count(b, p->helpless);
    }
    ys_html_table_end(&b->h);
}

void ys__book_who(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    int n = 0;
    if (no_plan(b))
        return;
    const ys_fig_measure **list = ys_calloc((size_t)p->measure_count + 1, sizeof *list);
    if (list == NULL) {
        b->h.failed = true;
        return;
    }
    for (int i = 0; i < p->measure_count; i++) {
        if (p->measures[i].units > 0)
            list[n++] = &p->measures[i];
    }
    qsort(list, (size_t)n, sizeof *list, by_cost);
    plan_line(b);
    families(b);
    measure_bars(b, list, n);
    measure_table(b, list, n);
    measure_payers(b, list, n);
    plan_places(b);
    ys_free(list);
}

/* ---- how close ---- */

static const char *closeness(const ys_book *b, double gap)
{
    if (gap <= 0.005)
        return ys__bk_say(b, "● 已近最优", "● as good as optimal");
    return gap <= 0.02 ? ys__bk_say(b, "▲ 还可改进", "▲ could be better")
                       : ys__bk_say(b, "■ 差距大", "■ far from proven");
}

static void tiers(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    char unit[96];
    snprintf(unit, sizeof unit, ys__bk_say(b, "%s（现值）", "%s (present value)"), ys__bk_money_unit(b));
    ys_html_column c[] = {
        ys__bk_col(b, "层", "Tier", false, YS_DEF_NONE),
        ys__bk_col(b, "单位", "Unit", false, YS_DEF_NONE),
        ys__bk_col(b, "计划达到", "The plan reaches", true, YS_DEF_NONE),
        ys__bk_col(b, "上界", "Bound", true, YS_DEF_BOUND),
        ys__bk_col(b, "差距%", "Gap %", true, YS_DEF_BOUND),
        ys__bk_col(b, "说明", "In words", false, YS_DEF_NONE),
    };
    ys_html_table(&b->h, ys__bk_say(b, "两层目标，从不相加", "Two tiers, never added"), c,
                  sizeof c / sizeof *c);
    ys_html_cell(&b->h, ys__bk_say(b, "第一层：法定保障", "Tier 1: statutory needs"));
    ys_html_cell(&b->h, ys__bk_say(b, "人·项", "persons × needs"));
    ys__bk_cell_count(b, p->value[0]);
    ys__bk_cell_count(b, p->bound[0]);
    ys__bk_cell_percent(b, p->gap[0], 4);
    ys_html_cell_mark(&b->h, closeness(b, p->gap[0]));
    ys_html_cell(&b->h, ys__bk_say(b, "第二层：减少缺口", "Tier 2: gap closed"));
    ys_html_cell(&b->h, unit);
    ys__bk_cell_money(b, p->value[1]);
    ys__bk_cell_money(b, p->bound[1]);
    ys__bk_cell_percent(b, p->gap[1], 4);
    ys_html_cell_mark(&b->h, closeness(b, p->gap[1]));
    ys_html_table_end(&b->h);
}

static void tier_words(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    char n1[YS_TEXT], n2[YS_TEXT];
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(
        &b->h,
        ys__bk_say(
            b, "用同样的钱和名额，任何别的安排，法定保障最多再多解决 %s 人·项，缺口最多再多减 %s（现值）。",
            "With the same money and places, no other plan can meet more than %s further statutory needs or "
            "close more than %s more of the gap (present value)."),
        ys__bk_count(p->bound[0] - p->value[0], n1), ys__bk_money_words(b, p->bound[1] - p->value[1], n2));
    ys__bk_def(b, YS_DEF_TIER1);
    ys__bk_def(b, YS_DEF_TIER2);
    ys_html_close(&b->h);
}

static const char *fund_mark(const ys_book *b, const ys_fig_resource *r)
{
    if (r->used == 0)
        return ys__bk_say(b, "○ 未用", "○ unused");
    double share = r->amount > 0 ? (double)r->used / (double)r->amount : 1;
    if (share >= 0.995)
        return ys__bk_say(b, "■ 用尽", "■ used up");
    return share >= 0.9 ? ys__bk_say(b, "▲ 将尽", "▲ nearly used up")
                        : ys__bk_say(b, "● 有余", "● some left");
}

static void draw_givers(ys_book *b, const int64_t *amount, const int64_t *used, const int *order)
{
    enum { MOST = 16 };
    const ys_fig_plan *p = &b->f->plan;
    ys_bar bars[MOST];
    char texts[MOST][3 * YS_TEXT], n1[YS_TEXT], n2[YS_TEXT], n3[YS_TEXT];
    int n = 0;
    for (int i = 0; i + 1 < p->givers && n < MOST; i++) {
        int g = order[i];
        if (amount[g] == 0)
            continue;
        snprintf(texts[n], sizeof texts[n], "%s / %s (%s%%)", ys__bk_money_words(b, used[g], n1),
                 ys__bk_money_words(b, amount[g], n2),
                 ys__bk_percent((double)used[g] / (double)amount[g], 1, n3));
        bars[n] = (ys_bar){
            .label = p->giver[g], .text = texts[n], .value = (double)used[g], .whole = (double)amount[g]};
        n++;
    }
    ys_svg_head head = {
        .id = "funds",
        .title = ys__bk_say(b, "各家资金用了多少", "How much of each giver's money is used"),
        .desc =
            ys__bk_say(b, "实条为已用，虚框为总额，各年合计；下面有逐项的表。",
                       "Solid: used; dashed: the whole, all years together; a table of each fund follows.")};
    ys__bk_figure(b, "资金：已用（实条）与总额（虚框），各年合计",
                  "Funds: used (solid) of the whole (dashed), all years", YS_DEF_PRICE);
    ys_svg_bars(b->h.out, &head, bars, n, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
}

static void giver_bars(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    int64_t *amount = ys_calloc((size_t)p->givers + 1, sizeof *amount),
            *used = ys_calloc((size_t)p->givers + 1, sizeof *used);
    int *order = NULL;
    for (int64_t i = 0; amount != NULL && used != NULL && i < p->fund_count; i++) {
        if (p->funds[i].giver < 0)
            continue;
        amount[p->funds[i].giver] += p->funds[i].amount;
        used[p->funds[i].giver] += p->funds[i].used;
    }
    if (amount != NULL && used != NULL)
        order = order_givers(p->givers - 1, amount);
    if (order != NULL)
        draw_givers(b, amount, used, order);
    b->h.failed = b->h.failed || order == NULL;
    ys_free(amount);
    ys_free(used);
    ys_free(order);
}

static int by_price(const void *a, const void *b)
{
    const ys_fig_resource *const *x = a, *const *y = b;
    if ((*x)->price != (*y)->price)
        return (*x)->price < (*y)->price ? 1 : -1;
    return *x < *y ? -1 : *x > *y; /* rows of one array */
}

static const ys_fig_resource **sorted(const ys_fig_resource *r, int64_t n)
{
    const ys_fig_resource **list = ys_calloc((size_t)n + 1, sizeof *list);
    for (int64_t i = 0; list != NULL && i < n; i++)
        list[i] = &r[i];
    if (list != NULL)
        qsort(list, (size_t)n, sizeof *list, by_price);
    return list;
}

/* Funds that are used or short: those with a price, or those without. */
static void fund_table(ys_book *b, const ys_fig_resource *const *list, bool priced)
{
    const ys_fig_plan *p = &b->f->plan;
    char amount[96], used[96], closes[96];
    snprintf(closes, sizeof closes, ys__bk_say(b, "再多 1 %s可减缺口（%s）", "1 %s more closes (%s of gap)"),
             ys__bk_currency(b), ys__bk_currency(b));
    snprintf(amount, sizeof amount, ys__bk_say(b, "总额（%s）", "Amount (%s)"), ys__bk_money_unit(b));
    snprintf(used, sizeof used, ys__bk_say(b, "已用（%s）", "Used (%s)"), ys__bk_money_unit(b));
    ys_html_column c[] = {ys__bk_col(b, "资金", "Fund", false, YS_DEF_NONE),
                          ys__bk_col(b, "年", "Year", true, YS_DEF_NONE),
                          ys__bk_col(b, amount, amount, true, YS_DEF_NONE),
                          ys__bk_col(b, used, used, true, YS_DEF_NONE),
                          ys__bk_col(b, closes, closes, true, YS_DEF_PRICE),
                          ys__bk_col(b, "状态", "State", false, YS_DEF_NONE)};
    ys_html_table(
        &b->h,
        priced ? ys__bk_say(b, "有影子价格的资金，从高到低", "Funds with a shadow price, highest first")
               : ys__bk_say(b, "其余用到的资金", "The other funds in use"),
        c, sizeof c / sizeof *c);
    for (int64_t i = 0; i < p->fund_count; i++) {
        if ((list[i]->price > 0) != priced || (!priced && list[i]->used == 0))
            continue;
        ys_html_cell(&b->h, ys__bk_word(b, list[i]->name));
        ys_html_cellf(&b->h, "%d", list[i]->year);
        ys__bk_cell_money(b, list[i]->amount);
        ys__bk_cell_money(b, list[i]->used);
        ys_html_cellf(&b->h, "%.2f", list[i]->price);
        ys_html_cell_mark(&b->h, fund_mark(b, list[i]));
    }
    ys_html_table_end(&b->h);
}

static void fund_lists(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    const ys_fig_resource **list = sorted(p->funds, p->fund_count);
    if (list == NULL) {
        b->h.failed = true;
        return;
    }
    ys__bk_sub(b, "再有钱，先加哪里", "Where more money would do most", YS_DEF_PRICE);
    fund_table(b, list, true);
    ys__bk_details(b, "其余用到的资金", "The other funds in use");
    fund_table(b, list, false);
    ys_html_close(&b->h);
    ys_free(list);
}

static void place_list(ys_book *b)
{
    enum { MOST = 20 };
    const ys_fig_plan *p = &b->f->plan;
    char n1[YS_TEXT], n2[YS_TEXT], money[YS_TEXT], caption[160];
    const ys_fig_resource **list = sorted(p->places, p->place_count);
    ys__bk_sub(b, "名额", "Places", YS_DEF_PLACE);
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(
        &b->h,
        ys__bk_say(b, "%s 项有限额的供给里，%s 项已满。", "Of %s offerings with limited places %s are full."),
        ys__bk_count(p->place_count, n1), ys__bk_count(p->places_full, n2));
    ys_html_close(&b->h);
    snprintf(
        caption, sizeof caption,
        ys__bk_say(b, "再加一个名额最有用的 %d 项", "The %d offerings where one more place would do most"),
        MOST);
    ys_html_column c[] = {ys__bk_col(b, "措施", "Measure", false, YS_DEF_NONE),
                          ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE),
                          ys__bk_col(b, "供给", "Offering", false, YS_DEF_NONE),
                          ys__bk_col(b, "名额", "Places", true, YS_DEF_PLACE),
                          ys__bk_col(b, "已用", "Used", true, YS_DEF_NONE),
                          ys__bk_col(b, "再加一个可减缺口", "Gap closed by one more", true, YS_DEF_PRICE)};
    ys_html_table(&b->h, caption, c, sizeof c / sizeof *c);
    for (int64_t i = 0; list != NULL && i < p->place_count && i < MOST && list[i]->price > 0; i++) {
        ys_html_cell(&b->h, ys__bk_word(b, list[i]->name));
        ys_html_cell(&b->h, ys__bk_word(b, list[i]->area));
        ys_html_cell(&b->h, list[i]->code);
        ys__bk_cell_count(b, list[i]->amount);
        ys__bk_cell_count(b, list[i]->used);
        ys_html_cell(&b->h, ys__bk_money_words(b, (int64_t)(list[i]->price + 0.5), money));
    }
    ys_html_table_end(&b->h);
    b->h.failed = b->h.failed || list == NULL;
    ys_free(list);
}

void ys__book_close(ys_book *b)
{
    if (no_plan(b))
        return;
    if (b->f->head.scope_code[0] != '\0')
        ys__bk_para(b, "▲ 本报告只列一部分地区；本章的目标、资金、名额和底线是整份计划的。",
                    "▲ This report covers a part of the area; aims, funds, places and floors in this chapter "
                    "are those of the whole plan.");
    tiers(b);
    tier_words(b);
    giver_bars(b);
    fund_lists(b);
    place_list(b);
    ys__book_prices(b);
    ys__book_compare(b);
}
