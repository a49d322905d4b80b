/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/num.h"
#include "report/book_internal.h"

/* ---- roots in money and in households ---- */

static void root_bars(ys_book *b, bool money)
{
    const ys_root_summary *s = &b->f->all.roots;
    ys_bar bars[YS_ROOTS];
    char texts[YS_ROOTS][2 * YS_TEXT], n1[YS_TEXT], n2[YS_TEXT];
    int64_t sum = 0;
    for (int k = 0; k < YS_ROOTS; k++)
        sum += money ? s->amount[k] : s->top_households[k];
    for (int k = 0; k < YS_ROOTS; k++) {
        int64_t v = money ? s->amount[k] : s->top_households[k];
        double share = sum > 0 ? (double)v / (double)sum : 0;
        snprintf(texts[k], sizeof texts[k], ys__bk_say(b, "%s（%s%%）", "%s (%s %%)"),
                 money ? ys__bk_money_words(b, v, n1) : ys__bk_count(v, n1), ys__bk_percent(share, 1, n2));
        bars[k] = (ys_bar){.label = ys__bk_root(b, k),
                           .text = texts[k],
                           .value = (double)v,
                           .whole = (double)NAN,
                           .fill = ys_svg_colour(k)};
    }
    ys_svg_head head = {.id = money ? "roots-money" : "roots-households",
                        .title = money ? ys__bk_say(b, "各贫根占的钱", "Money missing by root")
                                       : ys__bk_say(b, "以各项为主要贫根的户", "Households by main root"),
                        .desc = ys__bk_say(b, "横条，数字在条的右端；下面有表。",
                                           "Bars with their figures at the right end; a table follows.")};
    ys__bk_figure(b, money ? "按钱：缺口里各项占多少" : "按户：主要贫根",
                  money ? "In money: what the gap is made of" : "In households: main root", YS_DEF_ROOT);
    ys_svg_bars(b->h.out, &head, bars, YS_ROOTS, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
}

static void root_row(ys_book *b, const ys_fig_place *p)
{
    int64_t sum = 0;
    for (int k = 0; k < YS_ROOTS; k++)
        sum += p->roots.amount[k];
    ys_html_cell(&b->h, ys__bk_word(b, p->name));
    ys__bk_cell_count(b, p->roots.households);
    ys__bk_cell_money(b, p->roots.gap);
    for (int k = 0; k < YS_ROOTS; k++)
        ys__bk_cell_percent(b, sum > 0 ? (double)p->roots.amount[k] / (double)sum : (double)NAN, 1);
    ys__bk_cell_percent(
        b, p->roots.households > 0 ? (double)p->roots.mixed / (double)p->roots.households : (double)NAN, 1);
}

static void root_places(ys_book *b)
{
    const ys_figures *f = b->f;
    const char *names[YS_ROOTS];
    ys_stack *rows = ys_calloc((size_t)f->places + 1, sizeof *rows);
    if (rows == NULL) {
        b->h.failed = true;
        return;
    }
    for (int i = 0; i <= f->places; i++) {
        const ys_fig_place *p = i < f->places ? &f->place[i] : &f->all;
        rows[i].label = ys__bk_word(b, p->name);
        for (int k = 0; k < YS_ROOTS; k++)
            rows[i].part[k] = (double)p->roots.amount[k];
    }
    for (int k = 0; k < YS_ROOTS; k++)
        names[k] = ys__bk_root(b, k);
    ys_svg_head head = {
        .id = "roots-places",
        .title = ys__bk_say(b, "各地缺口的构成", "What the gap is made of, by area"),
        .desc = ys__bk_say(
            b, "每行合计 100%，从左到右的次序与图例相同；下面有表。",
            "Each row adds up to 100 %, from left to right in the order of the legend; a table follows.")};
    ys__bk_figure(b, "各地缺口的构成", "What the gap is made of, by area", YS_DEF_ROOT);
    ys_svg_stacks(b->h.out, &head, rows, f->places + 1, names, YS_ROOTS, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
    ys_free(rows);
}

static void root_table(ys_book *b)
{
    char gap[80];
    ys_html_column c[YS_ROOTS + 4];
    snprintf(gap, sizeof gap, ys__bk_say(b, "缺口（%s/年）", "Gap (%s a year)"), ys__bk_money_unit(b));
    c[0] = ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE);
    c[1] = ys__bk_col(b, "有缺口的户", "Households with a gap", true, YS_DEF_YSTAR);
    c[2] = ys__bk_col(b, gap, gap, true, YS_DEF_YSTAR);
    for (int k = 0; k < YS_ROOTS; k++)
        c[3 + k] =
            ys__bk_col(b, ys__bk_root(b, k), ys__bk_root(b, k), true, k == 0 ? YS_DEF_ROOT : YS_DEF_NONE);
    c[YS_ROOTS + 3] = ys__bk_col(b, "多因并重%", "Several roots %", true, YS_DEF_SEVERAL);
    ys__bk_details(b, "图上的数字（各贫根占缺口钱数的 %）",
                   "The figures (share of each root in the money missing, %)");
    ys_html_table(&b->h,
                  ys__bk_say(b, "各地的贫根（占缺口钱数的 %）", "Roots by area (% of the money missing)"), c,
                  YS_ROOTS + 4);
    for (int i = 0; i < b->f->places; i++)
        root_row(b, &b->f->place[i]);
    ys_html_total(&b->h);
    root_row(b, &b->f->all);
    ys_html_table_end(&b->h);
    ys_html_close(&b->h);
}

/* ---- from the line down to y* ---- */

static void waterfall_table(ys_book *b, const double *net, double line, double ystar)
{
    ys_html_column c[] = {ys__bk_col(b, "步", "Step", false, YS_DEF_NET),
                          ys__bk_col(b, "每人每年", "Per head and year", true, YS_DEF_NONE)};
    ys__bk_details(b, "图上的数字", "The figures");
    ys_html_table(&b->h, ys__bk_say(b, "从贫困线到实际可用收入", "From the line to usable income"), c, 2);
    ys_html_cell(&b->h, ys__bk_say(b, "贫困线", "Poverty line"));
    ys_html_cellf(&b->h, "%.2f", line);
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_html_cell(&b->h, ys__bk_root(b, k));
        ys_html_cellf(&b->h, "%+.2f", -net[k]);
    }
    ys_html_total(&b->h);
    ys_html_cell(&b->h, ys__bk_say(b, "实际可用收入 y*", "Usable income y*"));
    ys_html_cellf(&b->h, "%.2f", ystar);
    ys_html_table_end(&b->h);
    ys_html_close(&b->h);
}

static void waterfall(ys_book *b)
{
    const ys_figures *f = b->f;
    ys_step steps[YS_ROOTS + 2];
    char texts[YS_ROOTS + 2][YS_TEXT];
    double net[YS_ROOTS], unit = (double)ys_money_unit(f->head.digits);
    double persons = (double)f->all.roots.persons, ystar;
    if (!(persons > 0))
        return;
    double line = (double)f->head.line / unit;
    ystar = line - (double)f->all.roots.gap / unit / persons;
    snprintf(texts[0], YS_TEXT, "%.0f", line);
    steps[0] = (ys_step){.label = ys__bk_say(b, "贫困线", "Poverty line"),
                         .text = texts[0],
                         .value = line,
                         .total = true,
                         .fill = "#5b6673"};
    for (int k = 0; k < YS_ROOTS; k++) {
        net[k] = (double)f->net[k] / unit / persons;
        snprintf(texts[k + 1], YS_TEXT, "%s%.0f", net[k] > 0 ? "−" : "+", fabs(net[k]));
        steps[k + 1] = (ys_step){
            .label = ys__bk_root(b, k), .text = texts[k + 1], .value = -net[k], .fill = ys_svg_colour(k)};
    }
    snprintf(texts[YS_ROOTS + 1], YS_TEXT, "%.0f", ystar);
    steps[YS_ROOTS + 1] = (ys_step){.label = ys__bk_say(b, "实际 y*", "Usable income y*"),
                                    .text = texts[YS_ROOTS + 1],
                                    .value = ystar,
                                    .total = true,
                                    .fill = "#5b6673"};
    ys_svg_head head = {
        .id = "waterfall",
        .title = ys__bk_say(b, "从贫困线到实际可用收入", "From the line to usable income"),
        .desc = ys__bk_say(
            b, "从左边的贫困线开始，每项贫根减去（或加上）若干元，到右边的实际可用收入；下面有表。",
            "From the line at the left each root takes away (or adds) some money, down to usable income at "
            "the right; a table follows.")};
    ys__bk_figure(b, "有缺口的户平均每人每年：从贫困线到实际可用收入",
                  "Average person of the households with a gap: from the line to usable income, a year",
                  YS_DEF_NET);
    ys_svg_waterfall(b->h.out, &head, steps, YS_ROOTS + 2, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
    waterfall_table(b, net, line, ystar);
}

/* ---- declared against computed ---- */

static void matrix(ys_book *b)
{
    const ys_figures *f = b->f;
    ys_html_column c[YS_ROOTS + 3];
    c[0] = ys__bk_col(b, "申报 ＼ 测算", "declared \\ computed", false, YS_DEF_DECLARED);
    for (int k = 0; k < YS_ROOTS; k++)
        c[k + 1] = ys__bk_col(b, ys__bk_root(b, k), ys__bk_root(b, k), true, YS_DEF_NONE);
    c[YS_ROOTS + 1] = ys__bk_col(b, "多因并重", "several", true, YS_DEF_SEVERAL);
    c[YS_ROOTS + 2] = ys__bk_col(b, "合计", "all", true, YS_DEF_NONE);
    ys_html_table(&b->h,
                  ys__bk_say(b, "申报的主因指向哪一项、测算的主要贫根是哪一项（户）",
                             "What the declared cause points at, and the computed main root (households)"),
                  c, YS_ROOTS + 3);
    for (int d = 0; d <= YS_ROOTS; d++) {
        int64_t sum = 0;
        ys_html_cell(&b->h, ys__bk_root(b, d));
        for (int k = 0; k <= YS_ROOTS; k++) {
            ys__bk_cell_count(b, f->declared[d][k]);
            sum += f->declared[d][k];
        }
        ys__bk_cell_count(b, sum);
    }
    ys_html_table_end(&b->h);
}

static void causes(ys_book *b)
{
    const ys_figures *f = b->f;
    ys_html_column c[] = {
        ys__bk_col(b, "申报的主要致贫原因", "Declared main cause", false, YS_DEF_DECLARED),
        ys__bk_col(b, "指向", "Points at", false, YS_DEF_NONE),
        ys__bk_col(b, "户", "Households", true, YS_DEF_NONE),
        ys__bk_col(b, "有实据", "With evidence", true, YS_DEF_EVIDENCE),
        ys__bk_col(b, "没有实据", "Without", true, YS_DEF_EVIDENCE),
        ys__bk_col(b, "与测算不符", "Conflicts", true, YS_DEF_DECLARED),
    };
    ys_html_table(&b->h, ys__bk_say(b, "申报的主因与实据", "Declared causes and their evidence"), c,
                  sizeof c / sizeof *c);
    for (int i = 0; i < f->causes; i++) {
        if (f->cause[i].households == 0)
            continue;
        ys_html_cell(&b->h, ys__bk_word(b, f->cause[i].label));
        ys_html_cell(&b->h, ys__bk_root(b, f->cause[i].root));
        ys__bk_cell_count(b, f->cause[i].households);
        ys__bk_cell_count(b, f->cause[i].proven);
        ys__bk_cell_count(b, f->cause[i].unproven);
        ys__bk_cell_count(b, f->cause[i].conflicts);
    }
    ys_html_table_end(&b->h);
}

static void declared(ys_book *b)
{
    const ys_figures *f = b->f;
    char n1[YS_TEXT], n2[YS_TEXT];
    ys__bk_sub(b, "申报的原因与测算的贫根并列", "Declared causes beside computed roots", YS_DEF_DECLARED);
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(
        &b->h,
        ys__bk_say(
            b,
            "%s 户的申报与测算不符，其中 %s 户的申报没有实据。两者并列，谁也不覆盖谁；不符的户宜先入户核实。",
            "For %s households declaration and account differ; %s of them have no evidence for what was "
            "declared. "
            "Neither overwrites the other: visit these households first."),
        ys__bk_count(f->conflicts, n1), ys__bk_count(f->unproven, n2));
    ys_html_close(&b->h);
    matrix(b);
    causes(b);
}

static void entitled(ys_book *b)
{
    const ys_figures *f = b->f;
    char n1[YS_TEXT], n2[YS_TEXT];
    ys__bk_sub(b, "应享未享", "Entitled but not received", YS_DEF_ENTITLED);
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(&b->h,
                  ys__bk_say(b, "%s 户有应享未享的补助，共 %s 一年。",
                             "%s households miss benefits of %s a year together."),
                  ys__bk_count(f->missing_households, n1), ys__bk_money_words(b, f->missing_money, n2));
    ys_html_close(&b->h);
    if (f->missing_households == 0)
        return;
    ys_html_column c[] = {ys__bk_col(b, "补助", "Benefit", false, YS_DEF_ENTITLED),
                          ys__bk_col(b, "户", "Households", true, YS_DEF_NONE),
                          ys__bk_col(b, "出处", "Source", false, YS_DEF_NONE)};
    ys_html_table(&b->h, ys__bk_say(b, "应享未享的户", "Households that miss a benefit"), c, 3);
    for (int i = 0; i < f->entitlements; i++) {
        ys_html_cell(&b->h, ys__bk_word(b, f->entitlement[i].label));
        ys__bk_cell_count(b, f->entitlement[i].households);
        ys_html_cell(&b->h, f->entitlement[i].source);
    }
    ys_html_table_end(&b->h);
}

static void several(ys_book *b)
{
    const ys_root_summary *s = &b->f->all.roots;
    char n1[YS_TEXT], n2[YS_TEXT];
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(
        &b->h,
        ys__bk_say(b, "%s 户（%s%%）换个参照或收入有一成误差，主要贫根就变，标作“多因并重”",
                   "%s households (%s %%) are marked “several roots”: another reference or an income error "
                   "of a tenth names another main root"),
        ys__bk_count(s->mixed, n1),
        ys__bk_percent(s->households > 0 ? (double)s->mixed / (double)s->households : (double)NAN, 1, n2));
    ys__bk_def(b, YS_DEF_SEVERAL);
    ys_html_text(&b->h, ys__bk_say(b, "。", "."));
    ys_html_close(&b->h);
}

void ys__book_why(ys_book *b)
{
    const ys_root_summary *s = &b->f->all.roots;
    ys__bk_para(b,
                "每户离贫困线的差额按收入恒等式精确分到六项，没有余数。这是账目，不是因果：它说钱少在哪里，不"
                "说为什么少。",
                "Each household's distance from the line is split exactly over six terms of the income "
                "identity, without residual. "
                "This is accounting, not causality: it says where the money is missing.");
    if (s->households == 0) {
        ys__bk_para(b, "○ 没有登记户低于贫困线，无从诊断。",
                    "○ No registered household is below the line: there is nothing to diagnose.");
        return;
    }
    root_bars(b, true);
    root_bars(b, false);
    several(b);
    waterfall(b);
    root_places(b);
    root_table(b);
    declared(b);
    entitled(b);
}
