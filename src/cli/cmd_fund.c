/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/money.h"
#include "app/plan_load.h"
#include "app/prices.h"
#include "base/alloc.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/listing.h"

/*
 * Where the money is: by the tree of funds, by age, against the plan, and one transaction or one household to the fen.
 */

static const ys_opt opts[] = {
    {"date", "DATE", "按这一天结账（默认今天）", "the account of this day (default: today)"},
    {"own", NULL, "不含下级资金", "each fund alone, without those below it"},
    {"plan", "P0001", "哪一版计划（默认最新）", "which plan version (default: the newest)"},
    {"scope", "AREA", "只看此地区及以下的流水", "only transactions of this area and below"},
    {"as-of", "TX", "按某次事务之后所知", "as known after this transaction"},
    {0},
};

typedef struct view {
    const ys_cli *c;
    ys_office *o;
    const ys_coop *k;
    const ys_fund_tree *tree;
    int digits;
} view;

static void put_fund(ys_listing *t, const view *v, int32_t row)
{
    const ys_coop_set *s = &v->k->set[YS_COOP_FUND];
    char name[300];
    const char *called = ys_coop_text(s, row, "name");
    snprintf(name, sizeof name, "%*s%s", t->j != NULL ? 0 : 2 * v->tree->depth[row], "",
             called != NULL ? called : ys_coop_key(s, row));
    ys_list_put(t, "name", name);
    ys_list_put(t, "fund", ys_coop_key(s, row));
    ys_list_int(t, "year", ys_coop_int(s, row, "period"));
    if (t->j != NULL)
        ys_list_put(t, "parent", ys_coop_text(s, row, "parent"));
}

static const ys_fund_sums *sums_of(const view *v, int32_t row)
{
    return ys_cli_flag(v->c, "own") ? &v->k->ledger->fund[row] : &v->tree->whole[row];
}

static void warn_circle(const view *v)
{
    if (v->tree->circle)
        ys_cli_talk(v->c, "■ 有上级资金成环（规则 C08，见 yaoshi coop check），这些资金按没有上级计算",
                    "■ funds are their own parents (rule C08, see yaoshi coop check); they are counted as "
                    "having none");
}

/* ---- flow and ageing ------------------------------------------------------------------------------------------ */

static void put_sums(ys_listing *t, const view *v, const ys_fund_sums *f)
{
    const struct {
        const char *name;
        int64_t v;
    } cell[] = {{"pledged", f->pledged},   {"committed", f->committed_in},
                {"received", f->received}, {"disbursed", f->disbursed},
                {"spent", f->spent},       {"held", f->held},
                {"out", f->out},           {"overdrawn", f->overdrawn}};
    for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
        ys_list_money(t, cell[i].name, cell[i].v, v->digits);
}

static void put_total(ys_listing *t, const view *v)
{
    if (t->j == NULL)
        ys_grid_rule(t->g);
    ys_list_put(t, "name", ys_cli_say(v->c, "合计", "all"));
    ys_list_put(t, "fund", NULL);
    ys_list_int(t, "year", YS_NA);
    if (t->j != NULL)
        ys_list_put(t, "parent", NULL);
}

static ys_status flow(const view *v, ys_diag *diag)
{
    const char *const titles[] = {
        "资金",    "name", "编号",      "fund", "年度",     "year",      "规模",      "amount", "意向",
        "pledged", "签约", "committed", "到位", "received", "拨付",      "disbursed", "支出",   "spent",
        "结存",    "held", "在途",      "out",  "超支",     "overdrawn", NULL};
    const ys_coop_set *s = &v->k->set[YS_COOP_FUND];
    ys_listing t;
    YS_TRY(ys_list_begin(&t, v->c, "funds", titles, diag));
    for (int64_t i = 0; i < v->tree->n; i++) {
        int32_t row = v->tree->order[i];
        put_fund(&t, v, row);
        ys_list_money(&t, "amount", ys_coop_int(s, row, "amount"), v->digits);
        put_sums(&t, v, sums_of(v, row));
        ys_list_row(&t);
    }
    put_total(&t, v);
    ys_list_money(&t, "amount", YS_NA, v->digits);
    put_sums(&t, v, &v->tree->all);
    ys_list_row(&t);
    warn_circle(v);
    return ys_list_end(&t, diag);
}

static void put_ages(ys_listing *t, const view *v, const ys_fund_sums *f)
{
    static const char *const name[YS_AGES] = {"to_30", "to_60", "to_90", "to_365", "to_730", "older"};
    ys_list_money(t, "idle", f->held + f->out, v->digits);
    for (int a = 0; a < YS_AGES; a++)
        ys_list_money(t, name[a], f->idle[a], v->digits);
    ys_list_int(t, "oldest_days", f->oldest);
}

static ys_status ageing(const view *v, ys_diag *diag)
{
    const char *const titles[] = {"资金",  "name",     "编号",       "fund",          "年度",  "year",
                                  "未用",  "idle",     "≤30天",      "≤30 days",      "≤60天", "≤60 days",
                                  "≤90天", "≤90 days", "≤1年",       "≤1 year",       "≤2年",  "≤2 years",
                                  "更久",  "older",    "最久（天）", "oldest (days)", NULL};
    ys_listing t;
    YS_TRY(ys_list_begin(&t, v->c, "funds", titles, diag));
    for (int64_t i = 0; i < v->tree->n; i++) {
        put_fund(&t, v, v->tree->order[i]);
        put_ages(&t, v, sums_of(v, v->tree->order[i]));
        ys_list_row(&t);
    }
    put_total(&t, v);
    put_ages(&t, v, &v->tree->all);
    ys_list_row(&t);
    warn_circle(v);
    return ys_list_end(&t, diag);
}

/* ---- the plan beside the account -------------------------------------------------------------------------------- */

static int32_t plan_row(const ys_plan_input *in, const char *fund, int64_t year)
{
    for (int32_t i = 0; i < in->n_funds; i++)
        if (in->funds[i].period == year && strcmp(in->funds[i].name, fund) == 0)
            return i;
    return -1;
}

static ys_status against_plan(const view *v, ys_diag *diag)
{
    const char *const titles[] = {"资金",       "name",
                                  "编号",       "fund",
                                  "年度",       "year",
                                  "规模",       "amount",
                                  "计划使用",   "planned",
                                  "到位",       "received",
                                  "支出",       "spent",
                                  "计划减到位", "planned − received",
                                  "计划减支出", "planned − spent",
                                  NULL};
    const ys_coop_set *s = &v->k->set[YS_COOP_FUND];
    ys_plan_head head;
    ys_planning *p = NULL;
    ys_listing t;
    YS_TRY(ys_plan_head_read(v->o, ys_cli_get(v->c, "plan"), &head, diag));
    YS_TRY(ys_plan_load(v->o, &(ys_plan_load_args){.head = &head}, &p, diag));
    ys_status st = ys_list_begin(&t, v->c, "funds", titles, diag);
    if (st != YS_OK)
        goto done;
    for (int64_t i = 0; i < v->tree->n; i++) {
        int32_t row = v->tree->order[i];
        int32_t in_plan = plan_row(&p->facts->in, ys_coop_key(s, row), ys_coop_int(s, row, "period"));
        int64_t planned = in_plan >= 0 ? p->result->use[in_plan] : 0;
        const ys_fund_sums *f = &v->k->ledger->fund[row];
        put_fund(&t, v, row);
        ys_list_money(&t, "amount", ys_coop_int(s, row, "amount"), v->digits);
        ys_list_money(&t, "planned", planned, v->digits);
        ys_list_money(&t, "received", f->received, v->digits);
        ys_list_money(&t, "spent", f->spent, v->digits);
        ys_list_money(&t, "planned_less_received", planned - f->received, v->digits);
        ys_list_money(&t, "planned_less_spent", planned - f->spent, v->digits);
        ys_list_row(&t);
    }
    ys_cli_talk(v->c, "计划 %s；每项资金各算各的，不含下级",
                "plan %s; each fund alone, without those below it", head.version);
    st = ys_list_end(&t, diag);
done:
    ys_planning_free(p);
    return st;
}

/* ---- trace ------------------------------------------------------------------------------------------------------ */

static void put_step(ys_listing *t, const view *v, const ys_trace_step *step, const char *of)
{
    const ys_coop_set *s = &v->k->set[YS_COOP_TRANSACTION];
    int64_t row = v->k->flow_row[step->flow];
    char key[200];
    snprintf(key, sizeof key, "%*s%s", t->j != NULL ? 0 : 2 * step->depth, "", ys_coop_key(s, row));
    ys_list_put(t, "transaction", key);
    if (t->j != NULL)
        ys_list_int(t, "depth", step->depth);
    if (t->j != NULL)
        ys_list_put(t, "of", of);
    ys_list_day(t, "date", v->k->flow[step->flow].date);
    ys_list_put(t, "type", ys_coop_label(v->k, s, row, "transaction_type", v->c->zh));
    ys_list_put(t, "fund", ys_coop_text(s, row, "fund"));
    ys_list_put(t, "giver", ys_coop_text(s, row, "giver"));
    ys_list_put(t, "receiver", ys_coop_text(s, row, "receiver"));
    ys_list_put(t, "household", ys_coop_text(s, row, "household"));
    ys_list_money(t, "amount", v->k->flow[step->flow].amount, v->digits);
    ys_list_money(t, "passed_on", step->passed, v->digits);
    ys_list_money(t, "left", v->k->ledger->left[step->flow], v->digits);
    ys_list_row(t);
}

static ys_status trace_flow(ys_listing *t, const view *v, int64_t flow_at, bool up_only, ys_diag *diag)
{
    ys_trace_step *step = NULL;
    int64_t n = 0, at = 0;
    const ys_coop_set *s = &v->k->set[YS_COOP_TRANSACTION];
    YS_TRY(ys_money_trace(v->k, flow_at, &step, &n, &at, diag));
    for (int64_t i = 0; i < (up_only ? at + 1 : n); i++)
        put_step(t, v, &step[i], ys_coop_key(s, v->k->flow_row[flow_at]));
    if (v->k->flow[step[0].flow].source < 0 && v->k->flow[step[0].flow].type != YS_FLOW_INCOMING)
        ys_cli_talk(v->c, "▲ %s 没有写明来源流水：钱出自资金 %s，先到先用",
                    "▲ %s names no source: its money comes out of fund %s, oldest first",
                    ys_coop_key(s, v->k->flow_row[step[0].flow]),
                    ys_coop_text(s, v->k->flow_row[step[0].flow], "fund"));
    ys_free(step);
    return YS_OK;
}

static ys_status trace(const view *v, ys_diag *diag)
{
    const char *const titles[] = {"流水", "transaction", "日期", "date",   "类别", "type",
                                  "资金", "fund",        "付款", "giver",  "收款", "receiver",
                                  "户",   "household",   "金额", "amount", "转出", "passed on",
                                  "余下", "left",        NULL};
    const ys_coop_set *s = &v->k->set[YS_COOP_TRANSACTION];
    const char *key = v->c->argv[2];
    int64_t one = ys_coop_find(s, key), found = 0, got = 0;
    ys_listing t;
    for (int64_t i = 0; one < 0 && i < s->rows; i++) {
        const char *household = ys_coop_text(s, i, "household");
        found += household != NULL && strcmp(household, key) == 0 && v->k->flow_of[i] >= 0;
    }
    if (one < 0 && found == 0) {
        ys_diag_value(diag, key);
        ys_diag_fix(diag, "用 yaoshi export DB --what records --kind transaction 查看流水",
                    "see the transactions: yaoshi export DB --what records --kind transaction");
        return ys_fail(diag, YS_ENOTFOUND, "没有这笔流水，也没有付给这一户的流水",
                       "there is no such transaction, and none to such a household");
    }
    if (one >= 0 && v->k->flow_of[one] < 0) {
        ys_diag_value(diag, key);
        ys_diag_fix(diag, "见 yaoshi coop check 的规则 C09", "see rule C09 in yaoshi coop check");
        return ys_fail(diag, YS_EDATA, "这笔流水的资金、年度、类别或金额不能用",
                       "fund, year, type or amount of this transaction cannot be used");
    }
    YS_TRY(ys_list_begin(&t, v->c, "steps", titles, diag));
    ys_status st = one >= 0 ? trace_flow(&t, v, v->k->flow_of[one], false, diag) : YS_OK;
    for (int64_t i = 0; st == YS_OK && one < 0 && i < s->rows; i++) {
        const char *household = ys_coop_text(s, i, "household");
        if (household == NULL || strcmp(household, key) != 0 || v->k->flow_of[i] < 0)
            continue;
        st = trace_flow(&t, v, v->k->flow_of[i], true, diag);
        if (v->k->flow[v->k->flow_of[i]].type == YS_FLOW_EXPENDITURE)
            got += v->k->flow[v->k->flow_of[i]].amount;
    }
    if (st != YS_OK) {
        ys_list_drop(&t);
        return st;
    }
    if (one < 0) {
        char sum[48];
        ys_cli_talk(v->c, "%s 共收到 %s，%lld 笔", "%s got %s in %lld payments", key,
                    ys_format_money_grouped(got, v->digits, sum, sizeof sum), (long long)found);
    }
    return ys_list_end(&t, diag);
}

static const struct {
    const char *name;
    int args;
    ys_status (*run)(const view *v, ys_diag *diag);
} views[] = {{"flow", 2, flow}, {"ageing", 2, ageing}, {"plan", 2, against_plan}, {"trace", 3, trace}};

static ys_status run(ys_cli *c, ys_diag *diag)
{
    view v = {.c = c};
    ys_coop *k = NULL;
    ys_fund_tree *tree = NULL;
    ys_reading how;
    ys_status st = YS_OK;
    size_t i = 0;
    while (i < sizeof views / sizeof *views && strcmp(views[i].name, c->argv[0]) != 0)
        i++;
    if (i == sizeof views / sizeof *views || views[i].args != c->argc) {
        ys_diag_value(diag, c->argv[0]);
        ys_diag_fix(diag, "flow DB、ageing DB、plan DB 或 trace DB 流水编号|户编号",
                    "flow DB, ageing DB, plan DB or trace DB TRANSACTION|HOUSEHOLD");
        return ys_fail(diag, YS_EUSAGE, "不是这条命令的用法", "this is not how the command is used");
    }
    YS_TRY(ys_cli_reading(c, &how, diag));
    YS_TRY(ys_cli_open_at(c, c->argv[1], true, &v.o, diag));
    YS_GO(ys_coop_read(v.o, &how, &k, diag));
    YS_GO(ys_fund_tree_make(k, &tree, diag));
    v.k = k;
    v.tree = tree;
    v.digits = ys_pack_digits(k->pack);
    st = views[i].run(&v, diag);
done:
    ys_fund_tree_free(tree);
    ys_coop_free(k);
    ys_office_close(v.o);
    return st;
}

const ys_command ys_cmd_fund = {
    .name = "fund",
    .args = "WHAT DB [ID]",
    .least = 2,
    .most = 3,
    .zh = "资金：按资金树的到位、拨付、支出、结存，滞留时间，计划与实际，一元钱从来源到人",
    .en =
        "the money: received, passed on, spent and held by the tree of funds, its age, plan and actual, one "
        "yuan from source to person",
    .more_zh = "WHAT 为 flow（各资金各年度，含下级合计）、ageing（未用资金按 30、60、90 天、1 年、2 "
               "年分档）、plan（计划使用数与到位、支出对照）或 "
               "trace（一笔流水的来源与去向，或一户收到的每笔钱的来源）。"
               "意向和签约不是钱，不进余额；超出余额的流水由 yaoshi coop check 按规则 C07 指出。",
    .more_en =
        "WHAT is flow (each fund and year, with the funds below it), ageing (money that lies still, by "
        "30, 60, 90 days, 1 and 2 years), plan (what the plan uses beside what was received and spent) or "
        "trace (where the money of a transaction came from and went, or the sources of all that a household "
        "got). Pledges and commitments are words, not money, and enter no balance; a transaction over the "
        "balance is named by yaoshi coop check, rule C07.",
    .example = "yaoshi fund ageing coop.db --date 2017-06-30",
    .opts = opts,
    .run = run,
};
