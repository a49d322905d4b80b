/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plan_compare.h"

#include <stdio.h>
#include <string.h>

#include "app/plan_load.h"
#include "app/prices.h"
#include "app/fact.h"
#include "base/num.h"

/* ---- the option ---- */

static ys_status unknown_rule(const char *text, ys_diag *diag)
{
    ys_diag_value(diag, text);
    ys_diag_fix(diag, "可用 even、declared、greedy（逗号分隔）或 all",
                "use even, declared, greedy (comma separated) or all");
    return ys_fail(diag, YS_EUSAGE, "没有这种对照：%s", "there is no such rule to compare with: %s", text);
}

ys_status ys_cli_compare_rules(const ys_cli *c, bool ret_rule[YS_COMPARE_RULES], bool *ret_any, ys_diag *diag)
{
    bool rule[YS_COMPARE_RULES] = {false};
    const char *text = ys_cli_get(c, "compare");
    *ret_any = text != NULL;
    for (const char *at = text; at != NULL;) {
        size_t n = strcspn(at, ",");
        bool all = n == 3 && strncmp(at, "all", n) == 0, known = all;
        for (int i = 0; i < YS_COMPARE_RULES; i++) {
            const char *name = ys_compare_name((ys_compare_rule)i);
            if (all || (strlen(name) == n && strncmp(at, name, n) == 0))
                rule[i] = known = true;
        }
        if (!known)
            return unknown_rule(text, diag);
        at = at[n] == ',' ? at + n + 1 : NULL;
    }
    memcpy(ret_rule, rule, sizeof rule);
    return YS_OK;
}

/* ---- shares ---- */

static double share(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static const ys_compare_sum *total_of(const ys_comparison *x, int i)
{
    return &x->contender[i].sums[x->counties];
}

/* Money of one fund in all years, the rows of it first to last. */
static int64_t fund_use(const ys_plan_input *in, const ys_plan_result *r, int32_t fund)
{
    int64_t sum = 0;
    for (int i = 0; i < in->n_funds; i++)
        sum += in->funds[i].fund == fund ? r->use[i] : 0;
    return sum;
}

static bool first_of_fund(const ys_plan_input *in, int row)
{
    for (int i = 0; i < row; i++)
        if (in->funds[i].fund == in->funds[row].fund)
            return false;
    return true;
}

/* Does anybody in the comparison live there or get anything there? */
static bool county_shown(const ys_comparison *x, int county)
{
    bool any = false;
    for (int i = 0; i < x->n; i++)
        any = any || x->contender[i].sums[county].households + x->contender[i].sums[county].villages > 0;
    return any;
}

/* ---- tables ---- */

static void put_money(ys_grid *g, int64_t minor, int digits)
{
    char text[48];
    ys_grid_put(g, ys_format_money_grouped(minor, digits, text, sizeof text));
}

static void put_count(ys_grid *g, int64_t n)
{
    char text[32];
    ys_grid_put(g, ys_format_int_grouped(n, text, sizeof text));
}

static ys_grid *new_grid(const ys_cli *c, const char *zh, const char *en)
{
    ys_grid *g = ys_grid_new();
    if (g != NULL)
        ys_grid_column(g, ys_cli_say(c, zh, en), YS_LEFT);
    return g;
}

/* Gap, cures, units, money, earned, absent: what one contender comes to. */
static void sum_columns(const ys_cli *c, ys_grid *g)
{
    static const char *const titles[][2] = {{"减缺口（现值）", "gap closed (present value)"},
                                            {"解决法定", "cures"},
                                            {"户", "households"},
                                            {"村", "villages"},
                                            {"用钱（各年）", "money (all years)"},
                                            {"自挣%", "earned %"},
                                            {"不对根的钱", "money off the root"},
                                            {"占%", "share %"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        ys_grid_column(g, ys_cli_say(c, titles[i][0], titles[i][1]), YS_RIGHT);
}

static void put_sum(ys_grid *g, const ys_compare_sum *s, int digits)
{
    put_money(g, s->gap, digits);
    put_count(g, s->cures);
    put_count(g, s->households);
    put_count(g, s->villages);
    put_money(g, s->money, digits);
    ys_grid_putf(g, "%.1f", 100 * share(s->earned, s->effect));
    put_money(g, s->absent, digits);
    ys_grid_putf(g, "%.1f", 100 * share(s->absent, s->money));
}

static ys_status print_totals(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    ys_grid *g = new_grid(c, "同样的钱和名额", "the same money and places");
    if (g == NULL)
        return ys_fail_nomem(diag);
    sum_columns(c, g);
    for (int i = 0; i < x->n; i++) {
        ys_grid_put(g, ys_contender_label(&x->contender[i], c->zh));
        put_sum(g, total_of(x, i), ys_pack_digits(p->frame->pack));
    }
    return ys_cli_grid(c, g, diag);
}

static ys_status print_funds(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    const ys_plan_input *in = &p->facts->in;
    ys_grid *g = new_grid(c, "资金（各年合计）", "fund (all years)");
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "总额", "amount"), YS_RIGHT);
    for (int i = 0; i < x->n; i++)
        ys_grid_column(g, ys_contender_label(&x->contender[i], c->zh), YS_RIGHT);
    for (int row = 0; row < in->n_funds; row++) {
        int64_t amount = 0, most = 0;
        if (!first_of_fund(in, row))
            continue;
        for (int k = 0; k < in->n_funds; k++)
            amount += in->funds[k].fund == in->funds[row].fund ? in->funds[k].amount : 0;
        for (int i = 0; i < x->n; i++) {
            int64_t use = fund_use(in, x->contender[i].result, in->funds[row].fund);
            most = use > most ? use : most;
        }
        if (most == 0)
            continue;
        ys_grid_put(g, ys_planning_fund_name(p, row));
        put_money(g, amount, ys_pack_digits(p->frame->pack));
        for (int i = 0; i < x->n; i++)
            put_money(g, fund_use(in, x->contender[i].result, in->funds[row].fund),
                      ys_pack_digits(p->frame->pack));
    }
    return ys_cli_grid(c, g, diag);
}

static ys_status print_counties(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    ys_grid *g = new_grid(c, "各地减缺口（现值）", "gap closed by area");
    if (g == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < x->n; i++)
        ys_grid_column(g, ys_contender_label(&x->contender[i], c->zh), YS_RIGHT);
    for (int i = 0; i < x->n; i++)
        ys_grid_column(g, ys_cli_say(c, "解决法定", "cures"), YS_RIGHT);
    for (int k = 0; k < x->counties; k++) {
        if (!county_shown(x, k))
            continue;
        ys_grid_put(g, ys_areas_name(p->frame->areas, x->area[k]));
        for (int i = 0; i < x->n; i++)
            put_money(g, x->contender[i].sums[k].gap, ys_pack_digits(p->frame->pack));
        for (int i = 0; i < x->n; i++)
            put_count(g, x->contender[i].sums[k].cures);
    }
    return ys_cli_grid(c, g, diag);
}

static void talk(const ys_cli *c, const ys_planning *p, const ys_comparison *x)
{
    char more[48], cures[32];
    int digits = ys_pack_digits(p->frame->pack), floors = p->facts->in.n_floors;
    for (int i = 1; i < x->n; i++) {
        const ys_contender *one = &x->contender[i];
        int64_t gap = total_of(x, 0)->gap - total_of(x, i)->gap,
                law = total_of(x, 0)->cures - total_of(x, i)->cures;
        ys_cli_talk(c, "● %s：%s", "● %s: %s", ys_contender_label(one, c->zh),
                    ys_contender_words(one, c->zh));
        ys_cli_talk(
            c, "  本计划比它多减缺口 %s %s，多解决法定 %s 项·人；独立核对通过%s",
            "  the plan closes %s %s more of the gap and cures %s more statutory deprivations; checked "
            "independently%s",
            ys_format_money_grouped(gap, digits, more, sizeof more), ys_currency_word(p->frame->pack, c->zh),
            ys_format_int_grouped(law, cures, sizeof cures),
            one->floors_unmet > 0 ? ys_cli_say(c, "（有底线未达到）", " (some floors are not met)") : "");
    }
    if (floors > 0)
        ys_cli_talk(c, "底线 %d 条是计划的约束；对照的做法不管底线",
                    "the %d floors bind the plan; the rules know of none", floors);
    ys_cli_talk(c, "不对根的钱：措施所对的原因都解释不到该户缺口的五分之一，也不解决它的法定短板",
                "money off the root: no cause the measure is linked to explains a fifth of the household's "
                "gap, and it "
                "cures none of its statutory deprivations");
}

/* One long table: total, areas and funds of every contender. */
static ys_status print_csv(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    static const char *const titles[] = {"rule",   "sort",       "code",     "name",  "gap_closed",
                                         "cures",  "households", "villages", "money", "earned_effect",
                                         "effect", "absent",     "unknown"};
    const ys_plan_input *in = &p->facts->in;
    int digits = ys_pack_digits(p->frame->pack);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        ys_grid_column(g, titles[i], YS_LEFT);
    for (int i = 0; i < x->n; i++) {
        for (int k = 0; k <= x->counties; k++) {
            const ys_compare_sum *s = &x->contender[i].sums[k];
            const int64_t money[] = {s->money, s->earned, s->effect, s->absent, s->unknown};
            char text[48];
            bool all = k == x->counties;
            if (!all && !county_shown(x, k))
                continue;
            ys_grid_put(g, x->contender[i].name);
            ys_grid_put(g, all ? "total" : "area");
            ys_grid_put(g, all ? "" : ys_areas_code(p->frame->areas, x->area[k]));
            ys_grid_put(g, all ? "" : ys_areas_name(p->frame->areas, x->area[k]));
            ys_grid_put(g, ys_format_money(s->gap, digits, text, sizeof text));
            ys_grid_putf(g, "%lld", (long long)s->cures);
            ys_grid_putf(g, "%lld", (long long)s->households);
            ys_grid_putf(g, "%lld", (long long)s->villages);
            for (size_t m = 0; m < sizeof money / sizeof *money; m++)
                ys_grid_put(g, ys_format_money(money[m], digits, text, sizeof text));
        }
        for (int row = 0; row < in->n_funds; row++) {
            char text[48];
            ys_grid_put(g, x->contender[i].name);
            ys_grid_putf(g, "fund %d", in->funds[row].period);
            ys_grid_put(g, in->funds[row].name);
            ys_grid_put(g, ys_planning_fund_name(p, row));
            for (int m = 0; m < 4; m++)
                ys_grid_put(g, "");
            ys_grid_put(g, ys_format_money(x->contender[i].result->use[row], digits, text, sizeof text));
            for (int m = 0; m < 4; m++)
                ys_grid_put(g, "");
        }
    }
    return ys_cli_grid(c, g, diag);
}

ys_status ys_cli_compare_print(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    if (ys_cli_flag(c, "csv"))
        return print_csv(c, p, x, diag);
    YS_TRY(print_totals(c, p, x, diag));
    YS_TRY(print_funds(c, p, x, diag));
    YS_TRY(print_counties(c, p, x, diag));
    talk(c, p, x);
    return YS_OK;
}

/* ---- JSON ---- */

static void json_sum(ys_json *j, const ys_compare_sum *s, int digits)
{
    ys_json_money(j, "gap_closed", s->gap, digits);
    ys_json_int(j, "cures", s->cures);
    ys_json_int(j, "households", s->households);
    ys_json_int(j, "villages", s->villages);
    ys_json_money(j, "money", s->money, digits);
    ys_json_money(j, "effect", s->effect, digits);
    ys_json_money(j, "earned_effect", s->earned, digits);
    ys_json_real(j, "earned_share", share(s->earned, s->effect));
    ys_json_money(j, "root_absent", s->absent, digits);
    ys_json_real(j, "root_absent_share", share(s->absent, s->money));
    ys_json_money(j, "root_unknown", s->unknown, digits);
}

static void json_contender(ys_json *j, const ys_planning *p, const ys_comparison *x, int i)
{
    const ys_contender *one = &x->contender[i];
    const ys_plan_input *in = &p->facts->in;
    int digits = ys_pack_digits(p->frame->pack);
    ys_json_object(j, NULL);
    ys_json_text(j, "rule", one->name);
    ys_json_text(j, "zh", ys_contender_words(one, true));
    ys_json_text(j, "en", ys_contender_words(one, false));
    json_sum(j, total_of(x, i), digits);
    ys_json_money(j, "overlap", one->result->overlap[1], digits);
    if (i > 0) {
        ys_json_bool(j, "checked", one->checked);
        ys_json_int(j, "findings", one->findings);
        ys_json_int(j, "floors_unmet", one->floors_unmet);
    }
    ys_json_array(j, "funds");
    for (int row = 0; row < in->n_funds; row++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "fund", in->funds[row].name);
        ys_json_text(j, "name", ys_planning_fund_name(p, row));
        ys_json_int(j, "year", in->funds[row].period);
        ys_json_money(j, "amount", in->funds[row].amount, digits);
        ys_json_money(j, "used", one->result->use[row], digits);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_array(j, "areas");
    for (int k = 0; k < x->counties; k++) {
        if (!county_shown(x, k))
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "area", ys_areas_code(p->frame->areas, x->area[k]));
        ys_json_text(j, "name", ys_areas_name(p->frame->areas, x->area[k]));
        json_sum(j, &one->sums[k], digits);
        ys_json_end(j);
    }
    ys_json_end(j);
    if (i > 0)
        ys_json_real(j, "seconds", one->seconds);
    ys_json_end(j);
}

void ys_cli_compare_json(ys_json *j, const ys_planning *p, const ys_comparison *x)
{
    ys_json_array(j, "compare");
    for (int i = 0; i < x->n; i++)
        json_contender(j, p, x, i);
    ys_json_end(j);
}

/* ---- a kept plan ---- */

static ys_status print_kept(const ys_cli *c, const ys_planning *p, const ys_comparison *x, ys_diag *diag)
{
    if (!c->json)
        return ys_cli_compare_print(c, p, x, diag);
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_text(&j, "version", p->version);
    ys_cli_compare_json(&j, p, x);
    return ys_cli_json_done(&j, diag);
}

ys_status ys_cli_compare_kept(const ys_cli *c, ys_office *o, const char *version,
                              const bool rule[YS_COMPARE_RULES], ys_diag *diag)
{
    ys_plan_head head;
    ys_planning *p = NULL;
    ys_comparison *x = NULL;
    ys_status st = YS_OK;
    int64_t threads;
    YS_TRY(ys_cli_int(c, "threads", 1, 256, 0, &threads, diag));
    YS_GO(ys_plan_head_read(o, version, &head, diag));
    ys_plan_load_args a = {.head = &head};
    YS_GO(ys_plan_load(o, &a, &p, diag));
    YS_GO(ys_comparison_make(p, rule, (int)threads, &x, diag));
    YS_GO(print_kept(c, p, x, diag));
done:
    ys_comparison_free(x);
    ys_planning_free(p);
    return st;
}
