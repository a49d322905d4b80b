/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan book's first half: who is poor and why, what is aimed at, which measures and whose money, what is missing.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/planbook.h"
#include "app/roots.h"
#include "base/alloc.h"

static const ys_words families[YS_FIG_FAMILIES + 1] = {
    {"产业带动", "industry"}, {"项目拉动", "projects"}, {"政策兜底", "safety net"}, {"其他", "other"}};

void ys__pb_situation(ys_planbook *p)
{
    const ys_figures *f = p->f;
    char gap[64];
    ys__pb_chapter(p, "基本情况", "Situation");
    ys__pb_para(p, "登记 %lld 户 %lld 人，其中低于贫困线的 %lld 户 %lld 人；法定口径的年收入缺口合计 %s。",
                "%lld households and %lld persons are registered; %lld households and %lld persons are "
                "below the line; the statutory "
                "gap adds up to %s a year.",
                (long long)f->all.households, (long long)f->all.persons, (long long)f->all.poor_households,
                (long long)f->all.poor_persons, ys__pb_money(p, f->all.gap, gap, sizeof gap));
    const ys_doc_column columns[] = {{ys__pb_word(p, f->level), 3, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "登记户", "households"), 2, YS_TEXT_RIGHT},
                                     {ys__pb_say(p, "登记人", "persons"), 2, YS_TEXT_RIGHT},
                                     {ys__pb_say(p, "低于线户", "poor households"), 2, YS_TEXT_RIGHT},
                                     {ys__pb_say(p, "低于线人", "poor persons"), 2, YS_TEXT_RIGHT},
                                     {ys__pb_say(p, "缺口（万元）", "gap (thousand)"), 2.4, YS_TEXT_RIGHT}};
    ys_doc_table(p->d, columns, 6);
    for (int i = 0; i <= f->places; i++) {
        const ys_fig_place *a = i < f->places ? &f->place[i] : &f->all;
        ys_doc_cell(p->d, i < f->places ? ys__pb_word(p, a->name) : ys__pb_say(p, "合计", "all"));
        ys_doc_cellf(p->d, "%lld", (long long)a->households);
        ys_doc_cellf(p->d, "%lld", (long long)a->persons);
        ys_doc_cellf(p->d, "%lld", (long long)a->poor_households);
        ys_doc_cellf(p->d, "%lld", (long long)a->poor_persons);
        ys__pb_cell_money(p, a->gap);
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "口径：登记户的法定纯收入低于贫困线者，按整数比较",
                  "registered households whose statutory net income is below the line, compared in integers",
                  "yaoshi measure DB --by county");
}

void ys__pb_roots(ys_planbook *p)
{
    const ys_root_summary *r = &p->f->all.roots;
    ys__pb_chapter(p, "贫根", "Roots of poverty");
    ys__pb_para(p,
                "逐户把到贫困线的差额分解到收入恒等式的各项，找出最大的一项；%lld 户有明确的贫根，其中 %lld "
                "户多因并重，%lld 户因缺少事实而无法判断。",
                "For each household the distance to the line is divided among the terms of the income "
                "identity and the largest is its root: "
                "%lld households have one, %lld of them several of like weight; %lld cannot be told because "
                "facts are missing.",
                (long long)r->households, (long long)r->mixed, (long long)r->unknown);
    const ys_doc_column columns[] = {
        {ys__pb_say(p, "主要贫根", "main root"), 4, YS_TEXT_LEFT},
        {ys__pb_say(p, "户", "households"), 2, YS_TEXT_RIGHT},
        {ys__pb_say(p, "人", "persons"), 2, YS_TEXT_RIGHT},
        {ys__pb_say(p, "占缺口（%）", "share of the gap (%)"), 2, YS_TEXT_RIGHT}};
    double sum = 0;
    for (int k = 0; k < YS_ROOTS; k++)
        sum += (double)r->amount[k];
    ys_doc_table(p->d, columns, 4);
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_doc_cell(p->d, p->zh ? ys_root_label_zh((ys_root)k) : ys_root_label_en((ys_root)k));
        ys_doc_cellf(p->d, "%lld", (long long)r->top_households[k]);
        ys_doc_cellf(p->d, "%lld", (long long)r->top_persons[k]);
        ys_doc_cellf(p->d, "%.1f", sum > 0 ? 100 * (double)r->amount[k] / sum : 0);
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "口径：诊断收入 y*（扣除看病、上学、灾害、债务等刚性支出）到贫困线的差额",
                  "the distance of income after rigid spending to the line", "yaoshi diagnose DB");
    if (p->f->villages > 0)
        ys__pb_para(p,
                    "%lld 个村中 %lld "
                    "个村在基础设施、公共服务或集体收入上有短板，村的短板由村的事实判断，不是户的合计。",
                    "%2$lld of %1$lld villages lack infrastructure, services or collective income; that is "
                    "told from the village's own facts.",
                    (long long)p->f->villages, (long long)p->f->villages_deficient);
}

void ys__pb_goals(ys_planbook *p)
{
    const ys_fig_plan *k = &p->f->plan;
    char gap[64], bound[64], cost[64], effect[64];
    ys__pb_chapter(p, "目标", "Goals");
    if (!k->there) {
        ys__pb_para(p, "库里还没有求解过的计划（运行 yaoshi plan DB）。",
                    "No plan has been made yet (run yaoshi plan DB).");
        return;
    }
    ys__pb_para(p,
                "计划 %s 自 %lld 年起，安排 %lld 户、%lld 个村：解决法定“两不愁三保障”短板 %lld 项次，%d "
                "年内把贫困缺口的现值减少 %s；"
                "任何满足同样资金和名额的方案最多能减少 %s，本计划离最优不超过 %.2f%%。",
                "Plan %s, from %lld on, serves %lld households and %lld villages: %lld statutory "
                "deprivations are cured, and over %d years the gap is closed "
                "by a present value of %s; no plan within the same money and places can close more than %s, "
                "so that this one is within %.2f %% of the best.",
                k->version, (long long)k->year, (long long)p->f->all.helped, (long long)k->helped_villages,
                (long long)k->value[0], (int)ys_pack_param(p->office->pack, "horizon_years", 5),
                ys__pb_money(p, k->value[1], gap, sizeof gap),
                ys__pb_money(p, k->bound[1], bound, sizeof bound), 100 * fmax(k->gap[0], k->gap[1]));
    ys__pb_para(p, "首年用钱 %s；预期年增收 %s，其中靠劳动和经营自己挣的占 %.1f%%。",
                "The first year costs %s; the expected income is %s a year, of which %.1f %% is earned by "
                "work or business.",
                ys__pb_money(p, k->first_cost, cost, sizeof cost),
                ys__pb_money(p, k->effect, effect, sizeof effect),
                k->effect > 0 ? 100 * (double)k->earned_effect / (double)k->effect : 0);
    if (k->stale)
        ys__pb_para(p, "▲ 计划之后数据有变动，应重新求解。",
                    "▲ Facts have changed since the plan was made: it should be made anew.");
}

static void measure_table(ys_planbook *p)
{
    const ys_fig_plan *k = &p->f->plan;
    const ys_doc_column columns[] = {
        {ys__pb_say(p, "措施", "measure"), 4, YS_TEXT_LEFT},
        {ys__pb_say(p, "类别", "family"), 2, YS_TEXT_LEFT},
        {ys__pb_say(p, "户（村）", "households (villages)"), 1.6, YS_TEXT_RIGHT},
        {ys__pb_say(p, "份", "units"), 1.6, YS_TEXT_RIGHT},
        {ys__pb_say(p, "首年（万元）", "first year (thousand)"), 2, YS_TEXT_RIGHT},
        {ys__pb_say(p, "年增收（万元）", "income (thousand)"), 2, YS_TEXT_RIGHT}};
    ys_doc_table(p->d, columns, 6);
    for (int i = 0; i < k->measure_count; i++) {
        const ys_fig_measure *m = &k->measures[i];
        if (m->units == 0)
            continue;
        ys_doc_cellf(p->d, "%s%s", ys__pb_word(p, m->label), m->assumption ? " *" : "");
        ys_doc_cell(p->d, ys__pb_word(p, families[m->family]));
        ys_doc_cellf(p->d, "%lld", (long long)m->blocks);
        ys_doc_cellf(p->d, "%lld", (long long)m->units);
        ys__pb_cell_money(p, m->first_cost);
        ys__pb_cell_money(p, m->effect);
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "带 * 的成本和效果是政策包里的假设",
                  "costs and effects marked * are assumptions of the pack",
                  "yaoshi export DB --what plan -o plan.xlsx");
}

static void fund_table(ys_planbook *p)
{
    const ys_fig_plan *k = &p->f->plan;
    const ys_doc_column columns[] = {
        {ys__pb_say(p, "资金", "fund"), 4, YS_TEXT_LEFT},
        {ys__pb_say(p, "年度", "year"), 1.2, YS_TEXT_RIGHT},
        {ys__pb_say(p, "总额（万元）", "amount (thousand)"), 2, YS_TEXT_RIGHT},
        {ys__pb_say(p, "安排（万元）", "planned (thousand)"), 2, YS_TEXT_RIGHT},
        {ys__pb_say(p, "再多一元可减少缺口（元）", "gap closed by one more"), 2.4, YS_TEXT_RIGHT}};
    ys_doc_table(p->d, columns, 5);
    for (int64_t i = 0; i < k->fund_count; i++) {
        const ys_fig_resource *r = &k->funds[i];
        ys_doc_cell(p->d, ys__pb_word(p, r->name));
        ys_doc_cellf(p->d, "%d", r->year);
        ys__pb_cell_money(p, r->amount);
        ys__pb_cell_money(p, r->used);
        ys_doc_cellf(p->d, "%.2f", r->price);
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "影子价格：五年现值", "shadow prices: present value of five years",
                  "yaoshi export DB --what prices -o prices.xlsx");
}

void ys__pb_measures(ys_planbook *p)
{
    if (!p->f->plan.there)
        return;
    ys__pb_chapter(p, "措施与资金", "Measures and money");
    ys_doc_heading(p->d, 2, ys__pb_say(p, "（一）措施", "(a) Measures"));
    measure_table(p);
    ys_doc_heading(p->d, 2, ys__pb_say(p, "（二）资金", "(b) Money"));
    fund_table(p);
}

/* Offerings whose places are all taken, by what one more would be worth. */
static int by_price(const void *a, const void *b)
{
    const ys_fig_resource *x = *(const ys_fig_resource *const *)a, *y = *(const ys_fig_resource *const *)b;
    if (x->price != y->price)
        return x->price < y->price ? 1 : -1;
    return x < y ? -1 : 1; /* as in the digest: one array */
}

static ys_status places_table(ys_planbook *p, ys_diag *diag)
{
    enum { MOST = 15 };
    const ys_fig_plan *k = &p->f->plan;
    const ys_fig_resource **at = ys_calloc((size_t)(k->place_count > 0 ? k->place_count : 1), sizeof *at);
    int64_t n = 0;
    if (at == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < k->place_count; i++)
        if (k->places[i].price > 0)
            at[n++] = &k->places[i];
    if (n > 0) {
        qsort(at, (size_t)n, sizeof *at, by_price);
        const ys_doc_column columns[] = {
            {ys__pb_say(p, "供给", "offering"), 4, YS_TEXT_LEFT},
            {ys__pb_say(p, "地区", "area"), 3, YS_TEXT_LEFT},
            {ys__pb_say(p, "名额", "places"), 1.4, YS_TEXT_RIGHT},
            {ys__pb_say(p, "再多一个名额可减少缺口（万元）", "gap closed by one more place (thousand)"), 2.8,
             YS_TEXT_RIGHT}};
        ys_doc_table(p->d, columns, 4);
        for (int64_t i = 0; i < n && i < MOST; i++) {
            ys_doc_cell(p->d, ys__pb_word(p, at[i]->name));
            ys_doc_cell(p->d, ys__pb_word(p, at[i]->area));
            ys_doc_cellf(p->d, "%lld", (long long)at[i]->amount);
            ys__pb_cell_money(p, (int64_t)at[i]->price);
        }
        ys_doc_table_end(p->d);
        ys__pb_source(p, "最缺的名额，按价值从高到低", "the scarcest places, dearest first",
                      "yaoshi export DB --what prices -o prices.xlsx");
    }
    ys_free(at);
    return YS_OK;
}

ys_status ys__pb_missing(ys_planbook *p, ys_diag *diag)
{
    const ys_fig_plan *k = &p->f->plan;
    int64_t helpless = p->f->all.helpless;
    ys__pb_chapter(p, "保障与缺口", "Safeguards and what is missing");
    ys__pb_para(
        p,
        "退出须收入稳定超过贫困线并落实两不愁三保障，逐户核查、公示、可申诉；退出后继续监测。数据核查发现的问"
        "题逐条销号。",
        "Nobody leaves the register without a stable income above the line and the guarantees of the law, "
        "checked house by house, made public and open to "
        "appeal; families are watched afterwards. Findings about the data are struck off one by one.");
    if (!k->there)
        return YS_OK;
    ys__pb_para(
        p, "在现有资金和名额下，仍有 %lld 户（y* 低于贫困线）没有措施可用；下表是最值得向协作方争取的名额。",
        "Within today's money and places %lld households below the line (after rigid spending) get nothing; "
        "the table lists the places most worth asking the partner for.",
        (long long)helpless);
    return places_table(p, diag);
}

static void change_row(ys_planbook *p, const char *zh, const char *en, int64_t was, int64_t is)
{
    if (was == is)
        return;
    ys_doc_cell(p->d, ys__pb_say(p, zh, en));
    ys_doc_cellf(p->d, "%lld", (long long)was);
    ys_doc_cellf(p->d, "%lld", (long long)is);
    ys_doc_cellf(p->d, "%+lld", (long long)(is - was));
}

void ys__pb_change(ys_planbook *p)
{
    const ys_figures *a = p->old, *b = p->f;
    const ys_doc_column columns[] = {{ys__pb_say(p, "项目", "figure"), 4, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "上一版", "before"), 2, YS_TEXT_RIGHT},
                                     {ys__pb_say(p, "本版", "now"), 2, YS_TEXT_RIGHT},
                                     {ys__pb_say(p, "变化", "change"), 2, YS_TEXT_RIGHT}};
    ys__pb_chapter(p, "与上一版相比", "What changed since the last version");
    ys__pb_para(p, "上一版的数据截至事务 %lld；没有列出的数没有变。",
                "The last version rests on transaction %lld; figures that are not listed did not change.",
                (long long)p->args->since);
    ys_doc_table(p->d, columns, 4);
    change_row(p, "登记户", "registered households", a->all.households, b->all.households);
    change_row(p, "登记人", "registered persons", a->all.persons, b->all.persons);
    change_row(p, "低于线户", "poor households", a->all.poor_households, b->all.poor_households);
    change_row(p, "低于线人", "poor persons", a->all.poor_persons, b->all.poor_persons);
    change_row(p, "法定缺口（分）", "statutory gap (minor units)", a->all.gap, b->all.gap);
    change_row(p, "有措施的户", "households with measures", a->all.helped, b->all.helped);
    change_row(p, "首年用钱（分）", "first-year cost (minor units)", a->plan.first_cost, b->plan.first_cost);
    change_row(p, "法定短板解决（项次）", "deprivations cured", a->plan.value[0], b->plan.value[0]);
    change_row(p, "缺口减少现值（分）", "gap closed, present value (minor units)", a->plan.value[1],
               b->plan.value[1]);
    change_row(p, "数据问题", "findings about the data", a->findings, b->findings);
    ys_doc_table_end(p->d);
    ys__pb_source(p, "按事务时间读两次同一个库", "the same store read at two transactions",
                  "yaoshi report DB --as-of TX -o old.html");
}
