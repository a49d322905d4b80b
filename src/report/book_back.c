/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "report/book_internal.h"

/* ---- what is missing ---- */

static void uncured(ys_book *b)
{
    const ys_figures *f = b->f;
    ys_html_column c[] = {ys__bk_col(b, "法定保障", "Statutory need", false, YS_DEF_CURED),
                          ys__bk_col(b, "现缺的人", "Persons in need", true, YS_DEF_CURED),
                          ys__bk_col(b, "计划解决", "Met by the plan", true, YS_DEF_CURED),
                          ys__bk_col(b, "还缺", "Still unmet", true, YS_DEF_CURED),
                          ys__bk_col(b, "状态", "State", false, YS_DEF_NONE)};
    ys__bk_sub(b, "法定保障", "Statutory needs", YS_DEF_CURED);
    ys_html_table(
        &b->h,
        ys__bk_say(b, "法定保障：现缺、计划解决、还缺（人）", "Statutory needs: now, met, unmet (persons)"),
        c, sizeof c / sizeof *c);
    for (int i = 0; i < f->indicators; i++) {
        const ys_fig_indicator *in = &f->indicator[i];
        if (!in->statutory)
            continue;
        int64_t left = in->persons - in->cured;
        ys_html_cell(&b->h, ys__bk_word(b, in->label));
        ys__bk_cell_count(b, in->persons);
        ys__bk_cell_count(b, in->cured);
        ys__bk_cell_count(b, left);
        ys_html_cell_mark(&b->h, left == 0 ? ys__bk_say(b, "● 无缺口", "● none unmet")
                                 : in->cured * 2 >= in->persons
                                     ? ys__bk_say(b, "▲ 还有人缺", "▲ some unmet")
                                     : ys__bk_say(b, "■ 多数未解决", "■ most unmet"));
    }
    ys_html_table_end(&b->h);
}

static void helpless(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    int64_t households = 0, persons = 0;
    ys_html_column c[] = {ys__bk_col(b, "主要贫根", "Main root", false, YS_DEF_ROOT),
                          ys__bk_col(b, "户", "Households", true, YS_DEF_HELPLESS),
                          ys__bk_col(b, "人", "Persons", true, YS_DEF_HELPLESS)};
    ys__bk_sub(b, "有缺口而没有到户措施", "With a gap and no measure of their own", YS_DEF_HELPLESS);
    ys_html_table(&b->h, ys__bk_say(b, "按主要贫根", "By main root"), c, 3);
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_html_cell(&b->h, ys__bk_root(b, k));
        ys__bk_cell_count(b, p->helpless_by_root[k]);
        ys__bk_cell_count(b, p->helpless_persons[k]);
        households += p->helpless_by_root[k];
        persons += p->helpless_persons[k];
    }
    ys_html_total(&b->h);
    ys_html_cell(&b->h, ys__bk_say(b, "合计", "All"));
    ys__bk_cell_count(b, households);
    ys__bk_cell_count(b, persons);
    ys_html_table_end(&b->h);
    ys__bk_para(b, "某一户为什么没有、差在哪里：yaoshi show DB 户编号。整份名单：yaoshi export DB。",
                "Why a particular household gets nothing: yaoshi show DB HOUSEHOLD. The whole list: yaoshi "
                "export DB.");
}

static void floors(ys_book *b)
{
    const ys_fig_plan *p = &b->f->plan;
    if (p->floor_count == 0)
        return;
    ys_html_column c[] = {ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE),
                          ys__bk_col(b, "底线", "Floor", false, YS_DEF_NONE),
                          ys__bk_col(b, "要求", "Asked for", true, YS_DEF_NONE),
                          ys__bk_col(b, "计划达到", "Reached", true, YS_DEF_NONE),
                          ys__bk_col(b, "状态", "State", false, YS_DEF_NONE)};
    ys__bk_sub(b, "绝对底线", "Absolute floors", YS_DEF_NONE);
    ys_html_table(&b->h, ys__bk_say(b, "底线与计划", "Floors and the plan"), c, sizeof c / sizeof *c);
    for (int64_t i = 0; i < p->floor_count; i++) {
        const ys_fig_floor *one = &p->floors[i];
        char n1[YS_TEXT];
        ys_html_cell(&b->h, ys__bk_word(b, one->area));
        ys_html_cellf(&b->h, "%s%s", ys__bk_word(b, one->metric),
                      one->most ? ys__bk_say(b, "（至多）", " (at most)") : "");
        ys_html_cell(&b->h,
                     one->money ? ys__bk_money_words(b, one->minimum, n1) : ys__bk_count(one->minimum, n1));
        ys_html_cell(&b->h,
                     one->money ? ys__bk_money_words(b, one->reached, n1) : ys__bk_count(one->reached, n1));
        bool kept = one->most ? one->reached <= one->minimum : one->reached >= one->minimum;
        ys_html_cell_mark(&b->h,
                          kept ? ys__bk_say(b, "● 达到", "● kept") : ys__bk_say(b, "■ 未达到", "■ not kept"));
    }
    ys_html_table_end(&b->h);
}

void ys__book_missing(ys_book *b)
{
    uncured(b);
    if (!b->f->plan.there)
        return;
    helpless(b);
    floors(b);
}

/* ---- villages ---- */

void ys__book_villages(ys_book *b)
{
    enum { MOST = 20 };
    const ys_figures *f = b->f;
    ys_bar bars[MOST];
    char texts[MOST][2 * YS_TEXT], n1[YS_TEXT], n2[YS_TEXT];
    int n = f->deficits < MOST ? f->deficits : MOST;
    if (f->villages == 0) {
        ys__bk_para(b, "没有村的记录。", "There are no records of villages.");
        return;
    }
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(
        &b->h,
        ys__bk_say(b,
                   "%s 个村里 %s "
                   "个至少缺一项。村的根子看村自己的事实（路、水、电、卫生室、集体收入），不是户的加总。",
                   "Of %s villages %s lack at least one thing. A village's roots are read from its own facts "
                   "(road, water, power, clinic, collective income), not summed from its households."),
        ys__bk_count(f->villages, n1), ys__bk_count(f->villages_deficient, n2));
    ys_html_close(&b->h);
    if (n == 0)
        return;
    for (int i = 0; i < n; i++) {
        snprintf(texts[i], sizeof texts[i],
                 ys__bk_say(b, "%s 村 · %s 登记人口", "%s villages · %s registered persons"),
                 ys__bk_count(f->deficit[i].villages, n1), ys__bk_count(f->deficit[i].persons, n2));
        bars[i] = (ys_bar){.label = ys__bk_word(b, f->deficit[i].label),
                           .text = texts[i],
                           .value = (double)f->deficit[i].villages,
                           .whole = (double)NAN};
    }
    ys_svg_head head = {.id = "deficits",
                        .title = ys__bk_say(b, "村里缺什么", "What the villages lack"),
                        .desc = ys__bk_say(b, "横条为缺这一项的村数；下面有表。",
                                           "Bars are the villages that lack it; a table follows.")};
    ys__bk_figure(b, "缺这一项的村", "Villages that lack it", YS_DEF_DEFICIT);
    ys_svg_bars(b->h.out, &head, bars, n, YS_BOOK_WIDTH);
    ys_html_close(&b->h);
    ys_html_column c[] = {ys__bk_col(b, "缺项", "Lack", false, YS_DEF_DEFICIT),
                          ys__bk_col(b, "村", "Villages", true, YS_DEF_NONE),
                          ys__bk_col(b, "登记户", "Registered households", true, YS_DEF_REGISTER),
                          ys__bk_col(b, "登记人口", "Registered persons", true, YS_DEF_REGISTER)};
    ys__bk_details(b, "图上的数字", "The figures");
    ys_html_table(&b->h, ys__bk_say(b, "村里缺什么", "What the villages lack"), c, 4);
    for (int i = 0; i < f->deficits; i++) {
        ys_html_cell(&b->h, ys__bk_word(b, f->deficit[i].label));
        ys__bk_cell_count(b, f->deficit[i].villages);
        ys__bk_cell_count(b, f->deficit[i].households);
        ys__bk_cell_count(b, f->deficit[i].persons);
    }
    ys_html_table_end(&b->h);
    ys_html_close(&b->h);
}

/* ---- quality ---- */

static const char *finding_mark(const ys_book *b, const ys_fig_finding *r)
{
    if (r->hits == 0)
        return ys__bk_say(b, "● 通过", "● passed");
    return r->severity <= 2 ? ys__bk_say(b, "■ 要改", "■ to be mended")
                            : ys__bk_say(b, "▲ 要核", "▲ to be checked");
}

static void finding_table(ys_book *b, bool hit)
{
    ys_html_column c[] = {ys__bk_col(b, "规则", "Rule", false, YS_DEF_QUALITY),
                          ys__bk_col(b, "说的是", "What it says", false, YS_DEF_NONE),
                          ys__bk_col(b, "状态", "State", false, YS_DEF_NONE),
                          ys__bk_col(b, "记录", "Records", true, YS_DEF_NONE),
                          ys__bk_col(b, "缺事实", "Facts missing", true, YS_DEF_NONE),
                          ys__bk_col(b, "查过", "Looked at", true, YS_DEF_NONE),
                          ys__bk_col(b, "怎么改", "How to mend it", false, YS_DEF_NONE)};
    ys_html_table(&b->h,
                  hit ? ys__bk_say(b, "有问题的规则", "Rules with findings")
                      : ys__bk_say(b, "通过的规则", "Rules without findings"),
                  c, sizeof c / sizeof *c);
    for (int i = 0; i < b->f->findings; i++) {
        const ys_fig_finding *r = &b->f->finding[i];
        if ((r->hits > 0) != hit)
            continue;
        ys_html_cell(&b->h, r->rule);
        ys_html_cell(&b->h, ys__bk_word(b, r->message));
        ys_html_cell_mark(&b->h, finding_mark(b, r));
        ys__bk_cell_count(b, r->hits);
        ys__bk_cell_count(b, r->unknown);
        ys__bk_cell_count(b, r->rows);
        ys_html_cell(&b->h, hit ? ys__bk_word(b, r->fix) : "–");
    }
    ys_html_table_end(&b->h);
}

void ys__book_quality(ys_book *b)
{
    const ys_figures *f = b->f;
    char n1[YS_TEXT], n2[YS_TEXT], n3[YS_TEXT], n4[YS_TEXT];
    int hit = 0;
    int64_t hits = 0;
    for (int i = 0; i < f->findings; i++) {
        hit += f->finding[i].hits > 0;
        hits += f->finding[i].hits;
    }
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(&b->h,
                  ys__bk_say(b, "%d 条规则里 %d 条有问题，共 %s 条记录",
                             "%2$d of %1$d rules have findings, %3$s records together"),
                  f->findings, hit, ys__bk_count(hits, n1));
    ys__bk_def(b, YS_DEF_QUALITY);
    ys_html_textf(
        &b->h,
        ys__bk_say(
            b, "；没有成员的户 %s 户；其他期间的收入 %s 行没有计入；%s 户缺事实，没有贫根卡片；样本 %s 户。",
            "; %s households without members; %s ledger rows of other periods left out; %s households lack a "
            "fact and have no root card; sample of %s households."),
        ys__bk_count(f->no_members, n1), ys__bk_count(f->other_period, n2),
        ys__bk_count(f->all.roots.unknown, n3), ys__bk_count(f->sample_households, n4));
    ys_html_close(&b->h);
    if (hit > 0)
        finding_table(b, true);
    if (f->findings == hit)
        return;
    ys_html_open(&b->h, "div", "class=\"screen\"");
    ys__bk_details(b, "通过的规则", "Rules without findings");
    finding_table(b, false);
    ys_html_close(&b->h);
    ys_html_close(&b->h);
}

/* ---- method ---- */

static void point(ys_book *b, const char *zh, const char *en)
{
    ys_html_put(&b->h, "li", NULL, ys__bk_say(b, zh, en));
}

void ys__book_method(ys_book *b)
{
    ys_html_open(&b->h, "ul", NULL);
    point(b, "两种收入从不混用：法定纯收入 y 用于贫困线、统计与退出；扣除刚性支出后的 y* 用于诊断与计划。",
          "Two incomes never mix: statutory net income y is for lines, statistics and exits; y*, after rigid "
          "spending, is for diagnosis and plan.");
    point(b, "贫根是账目分解（精确的沙普利值，合计等于缺口），不是因果推断；它指出该问什么，入户核实才作数。",
          "Roots are an accounting decomposition (exact Shapley values that add up to the gap), not causal "
          "inference; they say what to ask, a visit decides.");
    point(b, "计划先保法定，再减缺口，两层不相加；绝不以“线上人数”为目标，所以不会只帮离线最近的人。",
          "The plan meets the law first, then closes the gap; the tiers are never added, and heads over the "
          "line are never the aim.");
    point(b, "“离最优多远”来自上界：价格给出任何计划都超不过的数。上界可独立核对：yaoshi plan DB --verify。",
          "“How close” comes from a bound that no plan can exceed; it can be checked independently: yaoshi "
          "plan DB --verify.");
    point(b,
          "户的措施与村的措施分开估值再相加，两者都起作用处会重复计一部分；yaoshi plan DB --json 的 overlap "
          "给出重复了多少。",
          "Measures for a household and for its village are valued each alone and then added; where both act "
          "a part is counted twice, and overlap in yaoshi plan DB --json says how much.");
    point(b, "预期增收是政策包里的平均数，带有离散；某一户实际增收多少，要回访才知道。",
          "Expected income is the pack's mean with a spread; what one household really gains is known only "
          "after a visit.");
    ys_html_close(&b->h);
    ys_html_putf(
        &b->h, "p", NULL,
        ys__bk_say(b,
                   "哪些是假设：政策包 %s 的 %d 项措施里有 %d 项的成本或效果没有找到出处，标为假设（表中带 "
                   "*）。贫困线的出处：%s。用前请换成本地的数。",
                   "What is assumed: in policy pack %1$s cost or effect of %3$d of %2$d measures has no "
                   "source and is marked as an assumption (* in the tables). Source of the line: %4$s. "
                   "Replace them by local figures before use."),
        b->f->head.pack, b->f->all_measures, b->f->assumed_measures, b->f->head.line_source);
    if (b->f->head.synthetic)
        ys__bk_para(
            b, "本报告用的是合成数据：地名是真的，人和家庭全是随机生成的，任何数字都不能当作当地的事实。",
            "This report rests on synthetic data: the places are real, people and families are drawn by "
            "chance, and no figure says anything about the place.");
}
