/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "app/project_file.h"
#include "base/alloc.h"
#include "cli/listing.h"
#include "cli/project.h"

/*
 * What one project is worth, for whom, and what the poor get when it goes wrong: a file in, tables out, no store.
 */

typedef struct page {
    const ys_cli *c;
    ys_json json, *j; /* j NULL: for people */
} page;

static ys_status begin(page *p, ys_listing *t, const char *name, const char *zh, const char *en,
                       const char *const *titles, ys_diag *diag)
{
    return ys_list_inside(t, p->c, p->j, name, ys_cli_say(p->c, zh, en), titles, diag);
}

/* One figure: a key of the document, or a row of three cells for people, rounded to `digits` decimals. */
typedef struct figure {
    const char *name, *zh, *en, *unit_zh, *unit;
    double value;
    int digits;
} figure;

static void put_figure(const page *p, ys_grid *g, const figure *f)
{
    if (p->j != NULL) {
        ys_json_real(p->j, f->name, f->value);
        return;
    }
    ys_grid_put(g, ys_cli_say(p->c, f->zh, f->en));
    if (isnan(f->value))
        ys_grid_put(g, ys_cli_say(p->c, "未知", "unknown"));
    else
        ys_grid_putf(g, "%.*f", f->digits, f->value);
    ys_grid_put(g, ys_cli_say(p->c, f->unit_zh, f->unit));
}

static ys_status put_figures(const page *p, const char *name, const char *heading, const figure *f, int n,
                             ys_diag *diag)
{
    if (p->j != NULL) {
        ys_json_object(p->j, name);
        for (int i = 0; i < n; i++)
            put_figure(p, NULL, &f[i]);
        ys_json_end(p->j);
        return YS_OK;
    }
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_out_printf(p->c->out, "\n%s\n", heading);
    ys_grid_column(g, ys_cli_say(p->c, "项", "what"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(p->c, "数值", "value"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(p->c, "单位", "unit"), YS_LEFT);
    for (int i = 0; i < n; i++)
        put_figure(p, g, &f[i]);
    return ys_cli_grid(p->c, g, diag);
}

/* ---- a rate of return ------------------------------------------------------------------------------------------------ */

static const char *irr_state(ys_irr_state s)
{
    static const char *const name[] = {"found", "no_change", "below", "above", "none", "several"};
    return name[s];
}

static void put_irr(const page *p, ys_listing *t, const char *name, const ys_irr *irr)
{
    static const char *const zh[] = {"", "无（现金流不变号）", "低于 -50%", "高于 100%", "无", "多个"};
    static const char *const en[] = {"",       "none (no change of sign)", "below -50%", "above 100%", "none",
                                     "several"};
    char text[48], state[48];
    if (p->j != NULL) {
        ys_list_real(t, name, irr->rate);
        snprintf(state, sizeof state, "%s_state", name);
        ys_list_put(t, state, irr_state(irr->state));
        return;
    }
    snprintf(text, sizeof text, "%.3f%%", 100 * irr->rate);
    ys_list_put(t, name,
                irr->state == YS_IRR_FOUND ? text : ys_cli_say(p->c, zh[irr->state], en[irr->state]));
}

/* A number for people in so many digits, as it is in JSON. */
static void put_round(const page *p, ys_listing *t, const char *name, double v, int digits)
{
    char text[64];
    if (p->j != NULL || isnan(v)) {
        ys_list_real(t, name, v);
        return;
    }
    snprintf(text, sizeof text, "%.*f", digits, v);
    ys_list_put(t, name, text);
}

/* Yuan or kWh: as they are in JSON, in ten thousands for people. */
static void put_big(const page *p, ys_listing *t, const char *name, double v)
{
    put_round(p, t, name, p->j != NULL ? v : v / 1e4, 2);
}

/* ---- a photovoltaic plant --------------------------------------------------------------------------------------------- */

static ys_status energy(const page *p, const ys_pv *v, ys_diag *diag)
{
    double first = ys_pv_energy(v, 1), low = 1 - 1.28 * v->sigma;
    const figure f[] = {
        {"capacity", "装机容量", "DC capacity", "千瓦", "kWp", v->capacity, 0},
        {"performance_ratio", "系统效率", "performance ratio", "", "", ys_pv_performance(v), 4},
        {"energy_first_year", "首年发电量 P50", "energy of year 1, P50", "千瓦时", "kWh", first, 0},
        {"energy_first_year_p90", "首年发电量 P90", "energy of year 1, P90", "千瓦时", "kWh", first * low, 0},
    };
    return put_figures(p, "energy", ys_cli_say(p->c, "发电量", "Energy"), f, sizeof f / sizeof *f, diag);
}

static void put_case(const page *p, ys_listing *t, const ys_pv_stress *s, const ys_pv_case *k)
{
    ys_list_put(t, "name", p->j != NULL ? s->name : ys_cli_say(p->c, s->zh, s->en));
    put_big(p, t, "energy_sold", k->sold);
    put_big(p, t, "npv", k->npv);
    put_big(p, t, "npv_with_pool", k->npv_pool);
    put_irr(p, t, "irr", &k->irr);
    put_irr(p, t, "irr_with_pool", &k->irr_pool);
    put_irr(p, t, "irr_equity", &k->irr_equity);
    put_round(p, t, "lcoe", k->lcoe, 4);
    put_round(p, t, "dscr_first", k->dscr_first, 3);
    put_round(p, t, "dscr_least", k->dscr_least, 3);
    put_round(p, t, "dscr_pool_first", k->dscr_pool_first, 3);
    put_round(p, t, "dscr_pool_least", k->dscr_pool_least, 3);
    put_big(p, t, "pool_due", k->pool_due);
    put_big(p, t, "pool_paid", k->pool_paid);
    ys_list_int(t, "pool_short_years", k->pool_short);
    ys_list_row(t);
}

static ys_status cases(page *p, const ys_pv *v, ys_pv_case *k, ys_diag *diag)
{
    const char *const titles[] = {"情形",
                                  "case",
                                  "售电（万千瓦时）",
                                  "sold, 10 MWh",
                                  "净现值（万元）",
                                  "NPV, 10,000 yuan",
                                  "扣收益后",
                                  "after pool",
                                  "内部收益率",
                                  "IRR",
                                  "扣收益后",
                                  "after pool",
                                  "资本金",
                                  "equity",
                                  "度电成本（元）",
                                  "LCOE, yuan",
                                  "偿债覆盖，首年",
                                  "DSCR, year 1",
                                  "最低",
                                  "least",
                                  "收益先付，首年",
                                  "pool first, year 1",
                                  "最低",
                                  "least",
                                  "应付收益（万元）",
                                  "pool due, 10,000 yuan",
                                  "贷款优先时可付",
                                  "paid behind the bank",
                                  "不足的年数",
                                  "years short",
                                  NULL};
    ys_pv_stress s[YS_PV_STRESSES];
    ys_listing t;
    ys_pv_stresses(v, s);
    YS_TRY(
        begin(p, &t, "cases", "现金流：预期与压力情形", "Money: expected, and under stress", titles, diag));
    for (int i = 0; i < YS_PV_STRESSES; i++) {
        ys_pv_run(v, &s[i].shock, k);
        put_case(p, &t, &s[i], k);
    }
    return ys_list_end(&t, diag);
}

static ys_status years(page *p, const ys_pv *v, ys_pv_case *k, ys_diag *diag)
{
    const char *const titles[] = {"年",
                                  "year",
                                  "售电（万千瓦时）",
                                  "sold, 10 MWh",
                                  "收入（万元）",
                                  "revenue, 10,000 yuan",
                                  "成本",
                                  "cost",
                                  "还贷",
                                  "debt",
                                  "应付收益",
                                  "pool due",
                                  "可付",
                                  "paid",
                                  "偿债覆盖",
                                  "DSCR",
                                  "收益先付",
                                  "pool first",
                                  NULL};
    ys_pv_stress s[YS_PV_STRESSES];
    ys_listing t;
    ys_pv_stresses(v, s);
    ys_pv_run(v, &s[0].shock, k);
    YS_TRY(begin(p, &t, "years", "逐年（预期）", "Year by year (expected)", titles, diag));
    for (int i = 0; i < k->years; i++) {
        const ys_pv_year *y = &k->year[i];
        ys_list_int(&t, "year", i + 1);
        put_big(p, &t, "energy_sold", y->sold);
        put_big(p, &t, "revenue", y->revenue);
        put_big(p, &t, "cost", y->cost);
        put_big(p, &t, "debt", y->debt);
        put_big(p, &t, "pool_due", y->pool_due);
        put_big(p, &t, "pool_paid", y->pool_paid);
        put_round(p, &t, "dscr", y->dscr, 3);
        put_round(p, &t, "dscr_pool", y->dscr_pool, 3);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status incomes(page *p, const ys_pv *v, ys_diag *diag)
{
    static const char *const class_zh[] = {"工资性", "经营性", "财产性", "转移性"};
    static const char *const class_en[] = {"labour", "business", "property", "transfer"};
    const char *const titles[] = {"来源",
                                  "source",
                                  "性质",
                                  "kind of income",
                                  "全年（元）",
                                  "yuan a year",
                                  "户或人",
                                  "households or workers",
                                  "每户每年（元）",
                                  "each, yuan a year",
                                  "人均（元）",
                                  "a head, yuan",
                                  NULL};
    ys_earning line[YS_PV_INCOMES];
    ys_listing t;
    ys_pv_incomes(v, line);
    YS_TRY(begin(p, &t, "incomes", "农户收入", "Income of households", titles, diag));
    for (int i = 0; i < YS_PV_INCOMES; i++) {
        ys_list_put(&t, "name", p->j != NULL ? line[i].name : ys_cli_say(p->c, line[i].zh, line[i].en));
        ys_list_put(&t, "class",
                    p->j != NULL ? ys_earning_class_name[line[i].what]
                                 : ys_cli_say(p->c, class_zh[line[i].what], class_en[line[i].what]));
        put_round(p, &t, "total", line[i].total, 2);
        put_round(p, &t, "recipients", line[i].recipients, 0);
        put_round(p, &t, "each", line[i].each, 2);
        put_round(p, &t, "each_person", line[i].each / v->household_size, 2);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status land(const page *p, const ys_pv *v, ys_diag *diag)
{
    ys_pv_land l;
    ys_pv_land_of(v, &l);
    const figure f[] = {
        {"mu_per_mw", "每兆瓦占地", "land a MW", "亩", "mu", l.mu_per_mw, 2},
        {"mu_each", "出地户均", "land of a household that gave some", "亩", "mu", l.mu_each, 2},
        {"rent_each", "户均租金", "its rent", "元/年", "yuan a year", l.rent_each, 2},
        {"margin_each", "户均原种植收益", "what farming it brought", "元/年", "yuan a year", l.margin_each,
         2},
        {"net_each", "户均净得", "its net gain", "元/年", "yuan a year", l.net_each, 2},
        {"farm_open", "板下种植不遮光时", "farmed land without shade", "元/年", "yuan a year", l.open, 2},
        {"farm_shaded", "遮光后", "under the panels", "元/年", "yuan a year", l.shaded, 2},
        {"farm_lost", "遮光损失", "lost to shade", "元/年", "yuan a year", l.lost, 2},
    };
    YS_TRY(put_figures(p, "land", ys_cli_say(p->c, "土地与板下农业", "Land and the farming under the panels"),
                       f, sizeof f / sizeof *f, diag));
    if (p->j == NULL && l.net_each < 0)
        ys_out_puts(p->c->out,
                    ys_cli_say(p->c, "■ 租金低于原种植收益：出地的农户因项目受损\n",
                               "■ the rent is less than the farming brought: who gave land loses\n"));
    return YS_OK;
}

static ys_status plant(page *p, const ys_pv *v, ys_diag *diag)
{
    ys_pv_case *k = ys_malloc(sizeof *k);
    ys_status st = YS_OK;
    if (k == NULL)
        return ys_fail_nomem(diag);
    YS_GO(energy(p, v, diag));
    YS_GO(cases(p, v, k, diag));
    if (p->j != NULL || ys_cli_flag(p->c, "years"))
        YS_GO(years(p, v, k, diag));
    YS_GO(incomes(p, v, diag));
    YS_GO(land(p, v, diag));
done:
    ys_free(k);
    return st;
}

/* ---- an industry project ------------------------------------------------------------------------------------------------ */

static ys_status score(const page *p, const ys_project_file *x, ys_diag *diag)
{
    ys_scorecard s;
    ys_industry_score(&x->industry, x->link, x->links, &s);
    const figure f[] = {
        {"households", "联结户数", "households linked", "户", "households", s.households, 0},
        {"poor", "其中贫困户", "poor among them", "户", "households", s.poor, 0},
        {"gain", "预期年增收", "expected gain a year", "元", "yuan", s.gain, 2},
        {"poor_gain", "其中贫困户", "of the poor", "元", "yuan", s.poor_gain, 2},
        {"gain_firm", "企业倒闭时", "when the firm fails", "元", "yuan", s.gain_firm, 2},
        {"poor_share", "贫困户占增加值", "share of the poor in value added", "", "", s.poor_share, 4},
        {"cost_each", "每贫困户财政投入", "grant a poor household", "元", "yuan", s.cost_each, 2},
        {"cost_per_yuan", "每增收1元的财政投入", "grant a yuan of yearly gain", "元", "yuan", s.cost_per_yuan,
         4},
        {"jobs_kept", "承诺岗位兑现", "jobs on the payroll of those promised", "", "", s.jobs_kept, 4},
        {"exposed", "随行就市的销售额", "sales exposed to the market", "元/年", "yuan a year", s.exposed, 2},
    };
    YS_TRY(put_figures(p, "score", ys_cli_say(p->c, "评分表", "Scorecard"), f, sizeof f / sizeof *f, diag));
    if (p->j != NULL)
        ys_json_bool(p->j, "lifts", s.lifts);
    else
        ys_out_puts(p->c->out,
                    s.lifts
                        ? ys_cli_say(p->c, "● 带动：企业倒闭，联结户也不亏\n",
                                     "● lifts: nobody linked loses when the firm fails\n")
                        : ys_cli_say(p->c, "■ 不算带动：企业倒闭，有的联结户要亏\n",
                                     "■ does not lift: some linked households lose when the firm fails\n"));
    return YS_OK;
}

static ys_status links(page *p, const ys_project_file *x, ys_diag *diag)
{
    static const char *const zh[] = {"公益岗位", "务工", "租金", "固定分红", "订单", "入股", "自营"};
    static const char *const en[] = {"public job", "job",    "rent",          "fixed dividend",
                                     "order",      "equity", "own production"};
    const char *const titles[] = {"联结方式",
                                  "link",
                                  "户",
                                  "households",
                                  "贫困户",
                                  "poor",
                                  "每户每年预期（元）",
                                  "expected, yuan a household and year",
                                  "价格跌25%",
                                  "prices -25%",
                                  "减产20%",
                                  "yields -20%",
                                  "企业倒闭",
                                  "firm fails",
                                  "同时发生",
                                  "all at once",
                                  "三年后仍兑付",
                                  "pays after 3 years",
                                  "带动",
                                  "lifts",
                                  NULL};
    ys_listing t;
    YS_TRY(begin(p, &t, "links", "利益联结", "Links with households", titles, diag));
    for (int i = 0; i < x->links; i++) {
        const ys_link *l = &x->link[i];
        ys_link_gain g = ys_link_judge(l);
        ys_list_put(&t, "link",
                    p->j != NULL ? ys_link_name[l->type] : ys_cli_say(p->c, zh[l->type], en[l->type]));
        put_round(p, &t, "households", l->households, 0);
        put_round(p, &t, "poor", l->poor, 0);
        put_round(p, &t, "expected", g.expected, 2);
        put_round(p, &t, "price", g.price, 2);
        put_round(p, &t, "yield", g.yield, 2);
        put_round(p, &t, "firm", g.firm, 2);
        put_round(p, &t, "all", g.all, 2);
        put_round(p, &t, "alive3", g.alive3, 3);
        if (p->j != NULL)
            ys_json_bool(p->j, "lifts", g.lifts);
        else
            ys_list_put(&t, "lifts", g.lifts ? "●" : "■");
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

ys_status ys_cli_project_evaluate(const ys_cli *c, const char *path, ys_diag *diag)
{
    ys_project_file *x = NULL;
    page p = {.c = c};
    YS_TRY(ys_project_file_read(path, &x, diag));
    if (c->json) {
        p.j = &p.json;
        ys_cli_json(c, p.j);
        ys_json_text(p.j, "kind", x->kind == YS_PROJECT_PV ? "pv" : "industry");
        ys_json_text(p.j, "title", x->title);
    } else if (x->title[0] != '\0') {
        ys_out_printf(c->out, "%s\n", x->title);
    }
    ys_status st = YS_OK;
    if (x->kind == YS_PROJECT_PV) {
        YS_GO(plant(&p, &x->plant, diag));
    } else {
        YS_GO(links(&p, x, diag));
        YS_GO(score(&p, x, diag));
    }
    st = c->json ? ys_cli_json_done(p.j, diag) : YS_OK;
done:
    ys_free(x);
    return st;
}
