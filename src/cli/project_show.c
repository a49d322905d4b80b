/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/offer_start.h"
#include "app/planning.h"
#include "base/alloc.h"
#include "base/num.h"
#include "cli/listing.h"
#include "cli/project.h"
#include "registry/kinds.h"

/*
 * One project: the library's fields, its gates by phase, papers, outputs, promises, benefits and money.
 */

typedef struct page {
    const ys_cli *c;
    ys_office *o;
    const ys_reading *how;
    const ys_coop *k;
    int64_t row;
    const char *key;
    ys_json json, *j; /* j NULL: for people */
    int digits;
} page;

static bool mine(const page *p, const ys_coop_set *s, int64_t i)
{
    const char *of = ys_coop_text(s, i, "project");
    return of != NULL && strcmp(of, p->key) == 0;
}

static ys_status begin(page *p, ys_listing *t, const char *name, const char *zh, const char *en,
                       const char *const *titles, ys_diag *diag)
{
    return ys_list_inside(t, p->c, p->j, name, ys_cli_say(p->c, zh, en), titles, diag);
}

/* ---- the library's fields --------------------------------------------------------------------------------------- */

static void put_value(const page *p, ys_listing *t, const ys_coop_set *s, const ys_field *f)
{
    const char *name = f->name, *text = NULL;
    char buf[64];
    int64_t v;
    switch (f->type) {
    case YS_MONEY:
        v = ys_coop_int(s, p->row, name);
        text = ys_is_missing(v) ? NULL : ys_format_money_grouped(v, p->digits, buf, sizeof buf);
        break;
    case YS_DATE:
        v = ys_coop_day(s, p->row, name);
        text = v == YS_NO_DATE ? NULL : ys_format_date((int32_t)v, buf, sizeof buf);
        break;
    case YS_INT:
        v = ys_coop_int(s, p->row, name);
        text = ys_is_missing(v) ? NULL : ys_format_int_grouped(v, buf, sizeof buf);
        break;
    default:
        text = ys_coop_label(p->k, s, p->row, name, p->c->zh);
        break;
    }
    if (strcmp(name, "area") == 0)
        text = ys_coop_name(p->k, YS_COOP_AREA, text);
    else if (strcmp(name, "investor") == 0)
        text = ys_coop_name(p->k, YS_COOP_PROVIDER, text);
    ys_list_put(t, "field", p->j != NULL ? name : p->c->zh ? f->label_zh : f->label_en);
    ys_list_put(t, "value", p->j != NULL || text != NULL ? text : ys_cli_say(p->c, "未知", "unknown"));
    ys_list_row(t);
}

static ys_status fields(page *p, ys_diag *diag)
{
    const char *const titles[] = {"字段", "field", "内容", "value", NULL};
    const ys_coop_set *s = &p->k->set[YS_COOP_PROJECT];
    ys_listing t;
    YS_TRY(begin(p, &t, "fields", "项目库", "project library", titles, diag));
    for (int i = 0; i < s->kind->field_count; i++)
        put_value(p, &t, s, &s->kind->fields[i]);
    return ys_list_end(&t, diag);
}

/* ---- gates and papers --------------------------------------------------------------------------------------------- */

static ys_status gates(page *p, ys_diag *diag)
{
    const char *const titles[] = {
        "期",       "phase",    "节点", "gate",    "计划起",     "from",          "计划止",   "planned",
        "预计",     "forecast", "实际", "actual",  "滞后（天）", "slip (days)",   "前提条件", "condition",
        "决定单位", "decider",  "卡点", "blocker", "卡点开始",   "blocked since", NULL};
    const ys_coop *k = p->k;
    const ys_coop_set *s = &k->set[YS_COOP_MILESTONE];
    ys_listing t;
    YS_TRY(begin(p, &t, "milestones", "节点", "gates", titles, diag));
    for (int64_t i = k->first_gate[p->row]; i < k->first_gate[p->row + 1]; i++) {
        int64_t row = k->gate_row[i], phase = ys_coop_int(s, row, "phase");
        ys_list_int(&t, "phase", ys_is_missing(phase) ? 1 : phase);
        ys_list_put(&t, "gate", ys_coop_label(k, s, row, "gate", p->c->zh));
        ys_list_day(&t, "planned_from", k->gate[i].planned_from);
        ys_list_day(&t, "planned_to", k->gate[i].planned_to);
        ys_list_day(&t, "forecast", k->gate[i].forecast);
        ys_list_day(&t, "actual", k->gate[i].actual);
        ys_list_int(&t, "slip", k->slip[i]);
        ys_list_put(&t, "condition", ys_coop_text(s, row, "condition"));
        ys_list_put(&t, "decider", ys_coop_text(s, row, "decider"));
        ys_list_put(&t, "blocker", ys_coop_text(s, row, "blocker"));
        ys_list_day(&t, "blocked_since", k->gate[i].blocked_since);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status papers(page *p, ys_diag *diag)
{
    const char *const titles[] = {"手续", "paper", "节点",     "gate", "办理单位", "issuer", "时限",
                                  "due",  "取得",  "received", "",     "missing",  NULL};
    const ys_coop_set *s = &p->k->set[YS_COOP_PAPER];
    ys_listing t;
    YS_TRY(begin(p, &t, "papers", "手续", "papers", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        int32_t got = ys_coop_day(s, i, "received");
        if (!mine(p, s, i))
            continue;
        ys_list_put(&t, "name", ys_coop_text(s, i, "name"));
        ys_list_put(&t, "gate", ys_coop_label(p->k, s, i, "gate", p->c->zh));
        ys_list_put(&t, "issuer", ys_coop_text(s, i, "issuer"));
        ys_list_day(&t, "due", ys_coop_day(s, i, "due"));
        ys_list_day(&t, "received", got);
        if (p->j != NULL)
            ys_json_bool(p->j, "missing", got == YS_NO_DATE);
        else
            ys_list_put(&t, "missing", got == YS_NO_DATE ? ys_cli_say(p->c, "缺", "missing") : NULL);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

/* ---- outputs, promises, benefits ---------------------------------------------------------------------------------- */

static void put_amount(const page *p, ys_listing *t, const char *name, double v)
{
    if (p->j == NULL && isnan(v))
        ys_list_put(t, name, ys_cli_say(p->c, "未知", "unknown"));
    else
        ys_list_real(t, name, v);
}

static ys_status outputs(page *p, ys_diag *diag)
{
    const char *const titles[] = {"产出",   "output", "承诺",   "promised", "单位",  "unit", "按年",
                                  "a year", "实际",   "actual", "截至",     "as of", NULL};
    const ys_coop_set *s = &p->k->set[YS_COOP_OUTPUT];
    ys_listing t;
    YS_TRY(begin(p, &t, "outputs", "产出", "outputs", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        if (!mine(p, s, i))
            continue;
        ys_list_put(&t, "product", ys_coop_text(s, i, "product"));
        put_amount(p, &t, "promised", ys_coop_real(s, i, "quantity"));
        ys_list_put(&t, "unit", ys_coop_text(s, i, "unit"));
        if (p->j != NULL)
            ys_json_bool(p->j, "yearly", ys_coop_true(s, i, "yearly"));
        else
            ys_list_put(&t, "yearly", ys_coop_true(s, i, "yearly") ? ys_cli_say(p->c, "是", "yes") : NULL);
        put_amount(p, &t, "actual", ys_coop_real(s, i, "actual"));
        ys_list_day(&t, "actual_date", ys_coop_day(s, i, "actual_date"));
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status promises(page *p, ys_diag *diag)
{
    const char *const titles[] = {"标记", "mark",     "承诺", "promise", "单位", "party", "内容", "text",
                                  "数量", "quantity", "时限", "due",     "说明", "why",   NULL};
    const ys_coop_set *s = &p->k->set[YS_COOP_PROMISE];
    ys_listing t;
    YS_TRY(begin(p, &t, "promises", "承诺", "promises", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        if (!mine(p, s, i))
            continue;
        ys_list_mark(&t, &p->k->promise[i]);
        ys_list_put(&t, "promise", ys_coop_key(s, i));
        ys_list_put(&t, "party", ys_coop_text(s, i, "party"));
        ys_list_put(&t, "text", ys_coop_text(s, i, "text"));
        ys_list_quantity(&t, "quantity", p->k, s, i);
        ys_list_day(&t, "due", ys_coop_day(s, i, "due"));
        ys_list_why(&t, &p->k->promise[i]);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

/* Benefits of one kind and year: how many are linked, what was promised, what was paid, and what of it is verified. */
typedef struct benefit {
    int64_t row, year, n, promised, paid,
        verified; /* row: the first of them; YS_NA: nobody stated an amount */
} benefit;

static void add_known(int64_t *sum, int64_t v)
{
    if (!ys_is_missing(v))
        *sum = (ys_is_missing(*sum) ? 0 : *sum) + v;
}

/* The group of a record with this kind and year; there are few, in the order of their first records. */
static benefit *group_of(const ys_coop_set *s, int64_t row, benefit *group, int64_t *groups)
{
    const char *kind = ys_coop_text(s, row, "benefit_kind");
    int64_t year = ys_coop_int(s, row, "period");
    for (int64_t g = 0; g < *groups; g++)
        if (group[g].year == year && strcmp(ys_coop_text(s, group[g].row, "benefit_kind"), kind) == 0)
            return &group[g];
    group[*groups] = (benefit){row, year, 0, YS_NA, YS_NA, YS_NA};
    return &group[(*groups)++];
}

static ys_status put_benefits(page *p, const benefit *group, int64_t groups, ys_diag *diag)
{
    const char *const titles[] = {"联结方式", "link", "年度", "year",   "笔",       "records", "承诺",
                                  "promised", "已付", "paid", "已核实", "verified", NULL};
    ys_listing t;
    YS_TRY(begin(p, &t, "benefits", "带贫（只有核实的计入成效）", "benefits (only verified ones count)",
                 titles, diag));
    for (const benefit *b = group; b < group + groups; b++) {
        ys_list_put(&t, "link",
                    ys_coop_label(p->k, &p->k->set[YS_COOP_BENEFIT], b->row, "benefit_kind", p->c->zh));
        ys_list_int(&t, "year", b->year);
        ys_list_int(&t, "records", b->n);
        ys_list_money(&t, "promised", b->promised, p->digits);
        ys_list_money(&t, "paid", b->paid, p->digits);
        ys_list_money(&t, "verified", b->verified, p->digits);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status benefits(page *p, ys_diag *diag)
{
    const ys_coop_set *s = &p->k->set[YS_COOP_BENEFIT];
    benefit *group = ys_calloc((size_t)s->rows + 1, sizeof *group);
    int64_t groups = 0;
    if (group == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < s->rows; i++) {
        if (!mine(p, s, i) || ys_coop_text(s, i, "benefit_kind") == NULL)
            continue;
        benefit *b = group_of(s, i, group, &groups);
        int64_t paid = ys_coop_int(s, i, "paid");
        b->n++;
        add_known(&b->promised, ys_coop_int(s, i, "promised"));
        add_known(&b->paid, paid);
        add_known(&b->verified, ys_coop_true(s, i, "verified") ? paid : ys_is_missing(paid) ? YS_NA : 0);
    }
    ys_status st = put_benefits(p, group, groups, diag);
    ys_free(group);
    return st;
}

/* ---- money ----------------------------------------------------------------------------------------------------------- */

static ys_status money(page *p, ys_diag *diag)
{
    const char *const titles[] = {"投资规模", "investment", "意向和签约", "pledged or committed",
                                  "到位",     "received",   "拨付",       "disbursed",
                                  "支出",     "spent",      "余下",       "left",
                                  NULL};
    const ys_coop *k = p->k;
    const ys_coop_set *s = &k->set[YS_COOP_TRANSACTION];
    int64_t sum[YS_FLOW_INCOMING_PLEDGE + 1] = {0}, left = 0;
    ys_listing t;
    for (int64_t i = 0; i < k->ledger->flows; i++) {
        if (!mine(p, s, k->flow_row[i]) || k->flow[i].date > k->today)
            continue;
        sum[k->flow[i].type] += k->flow[i].amount;
        left += k->ledger->left[i];
    }
    YS_TRY(begin(p, &t, "money", "资金", "money", titles, diag));
    ys_list_money(&t, "investment", ys_coop_int(&k->set[YS_COOP_PROJECT], p->row, "investment"), p->digits);
    ys_list_money(&t, "promised",
                  sum[YS_FLOW_INCOMING_PLEDGE] + sum[YS_FLOW_INCOMING_COMMITMENT] +
                      sum[YS_FLOW_OUTGOING_COMMITMENT],
                  p->digits);
    ys_list_money(&t, "received", sum[YS_FLOW_INCOMING], p->digits);
    ys_list_money(&t, "disbursed", sum[YS_FLOW_DISBURSEMENT], p->digits);
    ys_list_money(&t, "spent", sum[YS_FLOW_EXPENDITURE], p->digits);
    ys_list_money(&t, "left", left, p->digits);
    ys_list_row(&t);
    return ys_list_end(&t, diag);
}

/* ---- places in the plan ---------------------------------------------------------------------------------------------- */

/* Households that hold an offering in a plan's choices, which come by plan and unit. */
static int64_t holders(const ys_table *choice, const char *offering)
{
    int unit = ys_table_find(choice, "unit"), of = ys_table_find(choice, "offering");
    const char *last = "";
    int64_t n = 0;
    for (int64_t i = 0; i < ys_table_rows(choice); i++) {
        const char *u = ys_table_get_text(choice, unit, i), *name = ys_table_get_text(choice, of, i);
        if (strncmp(u, "village:", 8) == 0 || strcmp(name, offering) != 0 || strcmp(u, last) == 0)
            continue;
        last = u;
        n++;
    }
    return n;
}

static ys_status put_offerings(page *p, const ys_table *offering, const ys_table *choice, ys_diag *diag)
{
    const char *const titles[] = {"供给", "offering", "节点",         "gate",       "日期", "date",
                                  "说明", "why",      "新计划中的户", "households", NULL};
    const ys_coop *k = p->k;
    /* what the plan's own reading would find, without reading households */
    const ys_frame light = {.pack = k->pack,
                            .offering = (ys_table *)offering,
                            .project = k->set[YS_COOP_PROJECT].t,
                            .milestone = k->set[YS_COOP_MILESTONE].t};
    ys_listing t;
    ys_str words = {0};
    YS_TRY(begin(p, &t, "offerings", "计入计划的供给", "offerings that hang on it", titles, diag));
    for (int64_t i = 0; i < ys_table_rows(offering); i++) {
        ys_offer_start s = ys_offer_start_of(&light, i);
        if (s.project == NULL || strcmp(s.project, p->key) != 0)
            continue;
        ys_str_clear(&words);
        ys_offer_start_say(&s, p->c->zh, &words);
        ys_list_put(&t, "offering", s.offering);
        ys_list_put(&t, "gate", s.gate);
        ys_list_day(&t, "date", s.date != INT32_MIN ? s.date : YS_NO_DATE);
        ys_list_put(&t, "why", ys_str_get(&words));
        ys_list_int(&t, "households", choice != NULL ? holders(choice, s.offering) : YS_NA);
        ys_list_row(&t);
    }
    bool ok = !words.failed;
    ys_str_done(&words);
    if (!ok) {
        ys_list_drop(&t);
        return ys_fail_nomem(diag);
    }
    return ys_list_end(&t, diag);
}

/* Offerings of the project, and for how many households the newest plan counts on each. */
static ys_status offerings(page *p, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(p->k->pack, "offering");
    ys_scan then = {.as_of_tx = p->how->as_of_tx,
                    .valid_on = p->how->valid_on != 0 ? p->how->valid_on : YS_SCAN_LATEST};
    ys_table *offering = NULL, *choice = NULL;
    char version[32];
    if (kind == NULL)
        return YS_OK;
    YS_TRY(ys_store_scan(p->o->store, kind, &then, &offering, diag));
    ys_status st = ys_planning_newest(p->o, p->how->as_of_tx, version, sizeof version, diag);
    if (st == YS_OK) {
        ys_scan how = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = version};
        st = ys_store_scan(p->o->store, &ys_kind_choice, &how, &choice, diag);
    } else if (st == YS_ENOTFOUND) {
        ys_diag_clear(diag);
        st = YS_OK;
    }
    if (st == YS_OK)
        st = put_offerings(p, offering, choice, diag);
    ys_table_free(choice);
    ys_table_free(offering);
    return st;
}

ys_status ys_cli_project_show(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k,
                              int64_t row, ys_diag *diag)
{
    static ys_status (*const part[])(page * p, ys_diag * diag) = {fields,   gates,    papers, outputs,
                                                                  promises, benefits, money,  offerings};
    page p = {.c = c,
              .o = o,
              .how = how,
              .k = k,
              .row = row,
              .key = ys_coop_key(&k->set[YS_COOP_PROJECT], row),
              .digits = ys_pack_digits(k->pack)};
    const ys_standing *s = &k->project[row];
    char why[120];
    if (c->json) {
        p.j = &p.json;
        ys_cli_json(c, p.j);
        ys_json_text(p.j, "project", p.key);
        ys_json_text(p.j, "mark", ys_coop_mark_name(s->mark));
        ys_json_text(p.j, "why_zh", ys_standing_text(s, true, why, sizeof why));
        ys_json_text(p.j, "why_en", ys_standing_text(s, false, why, sizeof why));
    } else {
        ys_out_printf(c->out, "%s %s  %s\n", ys_mark_shape[s->mark], ys_mark_word(s->mark, c->zh),
                      ys_standing_text(s, c->zh, why, sizeof why));
    }
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        YS_TRY(part[i](&p, diag));
    return c->json ? ys_cli_json_done(p.j, diag) : YS_OK;
}
