/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/card.h"
#include "base/num.h"
#include "plan/words.h"
#include "report/grid.h"

enum { MAX_FUNDS = 64, SHOWN = 8 };

static const char *say(const ys_card_view *v, const char *zh, const char *en)
{
    return v->zh ? zh : en;
}

static const char *money(const ys_card *c, int64_t minor, char *buf, size_t size)
{
    return ys_format_money_grouped(minor, ys_pack_digits(c->office->pack), buf, size);
}

static const ys_plan_input *input(const ys_card *c)
{
    return &c->planning->facts->in;
}

/* The person a pick is for: key, and name as the reader may see it. */
static const char *person_of(const ys_card *c, int32_t person, bool name, char *buf, size_t size)
{
    const ys_frame *f = c->planning->frame;
    if (person < 0)
        return "";
    int32_t row = c->planning->facts->person_row[person];
    const ys_kind *k = ys_pack_kind(c->office->pack, "person");
    int field = ys_kind_field(k, name ? "name" : "person");
    ys_fact_how how = {.pack = c->office->pack, .unmask = c->unmask};
    return field >= 0 ? ys_fact_text(&how, &k->fields[field], f->person, row, buf, size) : "";
}

/* ---- text ---- */

/* "中央财政专项扶贫资金 2016年 9,262.00；2017年 …" of all picks together, in the order of the funds. */
static ys_status print_money(const ys_card *c, const ys_card_view *v, const ys_plan_picks *k, ys_diag *diag)
{
    char amount[48], item[600];
    int32_t fund[MAX_FUNDS];
    int64_t each[MAX_FUNDS], sum, all = 0;
    ys_flow flow = {.view = v, .indent = 2};
    ys__flow_put(&flow, say(v, "资金", "money"));
    for (int64_t row = 0; row < input(c)->n_funds; row++) {
        int64_t here = 0;
        for (int i = 0; i < k->count; i++) {
            int n = ys__card_money(c->planning, k->pick[i].offering, fund, each, MAX_FUNDS, &sum);
            for (int m = 0; m < n; m++)
                here += fund[m] == row ? each[m] : 0;
        }
        if (here == 0)
            continue;
        all += here;
        snprintf(item, sizeof item, say(v, "%s %d年 %s %s", "%s %d: %s %s"),
                 ys_planning_fund_name(c->planning, (int32_t)row), input(c)->funds[row].period,
                 money(c, here, amount, sizeof amount), ys_currency_word(c->office->pack, v->zh));
        ys__flow_put(&flow, item);
    }
    snprintf(item, sizeof item, say(v, "合计 %s %s", "sum %s %s"), money(c, all, amount, sizeof amount),
             ys_currency_word(c->office->pack, v->zh));
    ys__flow_put(&flow, item);
    return ys__flow_end(&flow, diag);
}

static ys_status print_picks(const ys_card *c, const ys_card_view *v, const ys_plan_picks *k, ys_diag *diag)
{
    char a[200], b[400];
    const char *code;
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, say(v, "措施", "measure"), YS_LEFT);
    ys_grid_column(g, say(v, "实施单位", "provider"), YS_LEFT);
    ys_grid_column(g, say(v, "起始年", "from"), YS_RIGHT);
    ys_grid_column(g, say(v, "给谁", "for"), YS_LEFT);
    ys__card_money_column(c, v, g, "各年资金", "money, all years");
    ys__card_money_column(c, v, g, "预期年增收", "expected a year");
    for (int i = 0; i < k->count; i++) {
        const ys_plan_offering *o = &input(c)->offerings[k->pick[i].offering];
        const ys_plan_measure *m = &input(c)->measures[k->pick[i].measure];
        int64_t sum;
        ys__card_money(c->planning, k->pick[i].offering, NULL, NULL, 0, &sum);
        ys_grid_put(g, say(v, m->label_zh, m->label_en));
        ys_grid_put(g, ys__card_provider(c->planning, k->pick[i].offering, &code));
        ys_grid_putf(g, "%d", o->period);
        if (k->pick[i].person >= 0)
            ys_grid_putf(g, "%s %s", person_of(c, k->pick[i].person, false, a, sizeof a),
                         person_of(c, k->pick[i].person, true, b, sizeof b));
        else
            ys_grid_put(g, m->target == YS_PLAN_VILLAGE ? say(v, "全村", "village")
                                                        : say(v, "全户", "household"));
        ys_grid_put(g, money(c, sum, a, sizeof a));
        ys_grid_put(g, money(c, (int64_t)(o->effect + 0.5), a, sizeof a));
    }
    bool ok = ys_grid_print(g, v->out, v->width);
    ys_grid_free(g);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

/* How well a measure fits the household's cause; 0: no link. */
static int fit_of(const ys_card *c, int32_t measure)
{
    const ys_plan_input *in = input(c);
    int best = 0;
    for (int i = 0; c->block >= 0 && i < in->n_fits; i++) {
        if (in->fits[i].measure == measure && in->fits[i].cause == in->households[c->block].cause &&
            in->fits[i].strength > best)
            best = in->fits[i].strength;
    }
    return best;
}

/* Measures this block could be asked about: a household's own ones, or a village's. */
static bool concerns(const ys_card *c, int64_t block, int32_t measure)
{
    return (input(c)->measures[measure].target == YS_PLAN_VILLAGE) == (block >= input(c)->n_households);
}

/* Those that fit the root first, then those that were open to the family; never offered or not meant for it last. */
static int rank_of(const ys_card *c, int64_t block, int32_t measure, ys_plan_reason reason)
{
    bool open = reason != YS_WHY_NO_OFFER && reason != YS_WHY_GATE_FALSE;
    int fit = block < input(c)->n_households ? fit_of(c, measure) : 0;
    return fit > 0 ? 4 - fit + (open ? 0 : 4) : open ? 8 : 9;
}

static ys_status print_rejected(const ys_card *c, const ys_card_view *v, int64_t block, ys_diag *diag)
{
    int shown = 0, left = 0;
    ys_out_printf(v->out, "%s\n", say(v, "  为什么不是别的钥匙：", "  why not another key:"));
    for (int rank = 0; rank <= 9; rank++) {
        for (int32_t m = 0; m < input(c)->n_measures; m++) {
            if (!concerns(c, block, m))
                continue;
            ys_plan_why why = ys_plan_why_not(c->planning->plan, c->planning->result, block, m);
            if (why.reason == YS_WHY_CHOSEN || rank_of(c, block, m, why.reason) != rank)
                continue;
            if (!v->all && (rank == 9 || shown >= SHOWN)) {
                left++;
                continue;
            }
            ys_str text = {0};
            ys_plan_say_why(c->planning->plan, c->planning->result, block, m, v->zh, &text);
            ys__card_paragraph(v, rank < 8 ? "◆ " : "· ", ys_str_get(&text));
            bool ok = !text.failed;
            ys_str_done(&text);
            if (!ok)
                return ys_fail_nomem(diag);
            shown++;
        }
    }
    if (left > 0)
        ys_out_printf(v->out,
                      say(v, "  （另有 %d 项不对口或没有供给，--all 全列%s）\n",
                          "  (%d more that do not fit or are not offered: --all%s)\n"),
                      left,
                      block < input(c)->n_households ? say(v, "；◆ 与贫根对口", "; ◆ fits the root") : "");
    return YS_OK;
}

static ys_status print_block(const ys_card *c, const ys_card_view *v, int64_t block, bool rejected,
                             ys_diag *diag)
{
    ys_str text = {0};
    ys_plan_picks k = ys_plan_picks_of(c->planning->plan, c->planning->result, block);
    if (k.count > 0)
        YS_TRY(print_picks(c, v, &k, diag));
    ys_plan_say(c->planning->plan, c->planning->result, block, v->zh, &text);
    ys__card_paragraph(v, "", ys_str_get(&text));
    bool ok = !text.failed;
    ys_str_done(&text);
    if (!ok)
        return ys_fail_nomem(diag);
    if (k.count > 0)
        YS_TRY(print_money(c, v, &k, diag));
    return rejected ? print_rejected(c, v, block, diag) : YS_OK;
}

static void print_version(const ys_card *c, const ys_card_view *v)
{
    char at[40];
    ys_time_text(c->head.made_at, at, sizeof at);
    ys__card_line(v,
                  say(v, "计划 %s · %s · 依据事务 %lld · 离最优至多 %.3f%%%s",
                      "plan %s · %s · rests on transaction %lld · at most %.3f%% from the optimum%s"),
                  c->head.version, at, (long long)c->head.facts_tx, 100 * ys_plan_head_gap(&c->head, 1),
                  c->head.stale ? say(v, " · ▲ 此后数据或政策包有变，请重新计划",
                                      " · ▲ facts or pack changed since: plan again")
                                : "");
}

ys_status ys__card_plan_print(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    ys__card_title(v, "钥匙（帮扶计划）", "key (the plan)");
    if (c->planning == NULL) {
        ys_out_printf(v->out, "  %s\n",
                      say(v, "○ 还没有计划。下一步：yaoshi plan DB", "○ no plan yet. next: yaoshi plan DB"));
        return YS_OK;
    }
    print_version(c, v);
    if (!c->of_area) {
        if (c->block < 0)
            ys_out_printf(v->out, "  %s\n",
                          say(v, "○ 此户不在这一版计划里", "○ this household is not in this plan"));
        else
            YS_TRY(print_block(c, v, c->block, true, diag));
    }
    const ys_planning *p = c->planning;
    if (c->village_block < 0 ||
        (!c->of_area && ys_plan_picks_of(p->plan, p->result, c->village_block).count == 0))
        return YS_OK;
    ys__card_title(v, "全村项目", "projects for the village");
    return print_block(c, v, c->village_block, c->of_area, diag);
}

/* ---- JSON ---- */

static void json_money(const ys_card *c, ys_json *j, int32_t offering)
{
    int32_t fund[MAX_FUNDS];
    int64_t each[MAX_FUNDS], sum;
    int digits = ys_pack_digits(c->office->pack),
        n = ys__card_money(c->planning, offering, fund, each, MAX_FUNDS, &sum);
    ys_json_money(j, "cost", sum, digits);
    ys_json_array(j, "money");
    for (int i = 0; i < n; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "fund", input(c)->funds[fund[i]].name);
        ys_json_text(j, "name", ys_planning_fund_name(c->planning, fund[i]));
        ys_json_int(j, "year", input(c)->funds[fund[i]].period);
        ys_json_money(j, "amount", each[i], digits);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_pick(const ys_card *c, ys_json *j, const ys_plan_pick *k)
{
    char buf[400];
    const char *code;
    const ys_plan_offering *o = &input(c)->offerings[k->offering];
    const ys_plan_measure *m = &input(c)->measures[k->measure];
    int digits = ys_pack_digits(c->office->pack);
    ys_json_object(j, NULL);
    ys_json_text(j, "measure", m->name);
    ys_json_text(j, "zh", m->label_zh);
    ys_json_text(j, "en", m->label_en);
    ys_json_text(j, "offering", o->name);
    const char *provider = ys__card_provider(c->planning, k->offering, &code);
    ys_json_text(j, "provider", code);
    ys_json_text(j, "provider_name", provider);
    ys_json_text(j, "person", k->person >= 0 ? person_of(c, k->person, false, buf, sizeof buf) : NULL);
    ys_json_text(j, "person_name", k->person >= 0 ? person_of(c, k->person, true, buf, sizeof buf) : NULL);
    ys_json_int(j, "period", o->period);
    ys_json_money(j, "effect", (int64_t)(o->effect + 0.5), digits);
    ys_json_money(j, "effect_sd", (int64_t)(o->effect_sd + 0.5), digits);
    ys_json_real(j, "persistence", m->persistence);
    int at = ys_pack_measure_index(c->office->pack, m->name), n;
    const ys_measure *pm = ys_pack_measures(c->office->pack, &n);
    if (at >= 0) {
        ys_json_text(j, "mark", pm[at].mark);
        ys_json_text(j, "source", pm[at].source);
    }
    json_money(c, j, k->offering);
    ys_json_end(j);
}

static void json_both(ys_json *j, const char *zh_key, const char *en_key, const char *zh, const char *en)
{
    ys_json_text(j, zh_key, zh);
    ys_json_text(j, en_key, en);
}

static void json_rejected(const ys_card *c, ys_json *j, int64_t block)
{
    const ys_plan *p = c->planning->plan;
    const ys_plan_result *r = c->planning->result;
    ys_json_array(j, "rejected");
    for (int32_t m = 0; m < input(c)->n_measures; m++) {
        if (!concerns(c, block, m))
            continue;
        ys_plan_why why = ys_plan_why_not(p, r, block, m);
        if (why.reason == YS_WHY_CHOSEN)
            continue;
        ys_str zh = {0}, en = {0};
        ys_plan_say_why(p, r, block, m, true, &zh);
        ys_plan_say_why(p, r, block, m, false, &en);
        ys_json_object(j, NULL);
        ys_json_text(j, "measure", input(c)->measures[m].name);
        ys_json_text(j, "reason", ys_plan_reason_name(why.reason));
        ys_json_bool(j, "fits_root", block < input(c)->n_households && fit_of(c, m) > 0);
        json_both(j, "zh", "en", ys_str_get(&zh), ys_str_get(&en));
        ys_json_end(j);
        ys_str_done(&zh);
        ys_str_done(&en);
    }
    ys_json_end(j);
}

static void json_block(const ys_card *c, ys_json *j, int64_t block)
{
    const ys_planning *p = c->planning;
    int digits = ys_pack_digits(c->office->pack);
    ys_str zh = {0}, en = {0};
    ys_plan_picks k = ys_plan_picks_of(p->plan, p->result, block);
    ys_json_array(j, "measures");
    for (int i = 0; i < k.count; i++)
        json_pick(c, j, &k.pick[i]);
    ys_json_end(j);
    ys_json_int(j, "cures", k.cures);
    ys_json_money(j, "gap_closed", k.gap, digits);
    if (block < input(c)->n_households)
        ys_json_money(j, "gap_today", ys_plan_gap_today(p->plan, block), digits);
    ys_plan_say(p->plan, p->result, block, true, &zh);
    ys_plan_say(p->plan, p->result, block, false, &en);
    json_both(j, "zh", "en", ys_str_get(&zh), ys_str_get(&en));
    ys_str_done(&zh);
    ys_str_done(&en);
    json_rejected(c, j, block);
}

void ys__card_plan_json(const ys_card *c, ys_json *j)
{
    char at[40];
    if (c->planning == NULL) {
        ys_json_null(j, "plan");
        return;
    }
    ys_json_object(j, "plan");
    ys_json_text(j, "version", c->head.version);
    ys_json_text(j, "made_at", ys_time_text(c->head.made_at, at, sizeof at));
    ys_json_text(j, "user", c->head.user);
    ys_json_int(j, "facts_transaction", c->head.facts_tx);
    ys_json_text(j, "pack_hash", c->head.pack_hash);
    ys_json_bool(j, "stale", c->head.stale);
    ys_json_real(j, "gap", c->planning->result->gap);
    ys_json_bool(j, "included", c->block >= 0 || (c->of_area && c->village_block >= 0));
    if (c->block >= 0)
        json_block(c, j, c->block);
    if (c->village_block >= 0) {
        ys_json_object(j, "village");
        json_block(c, j, c->village_block);
        ys_json_end(j);
    }
    ys_json_end(j);
}
