/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ledgers of the cooperation: the project library (the columns of 2018) and the money (plan, arrived, spent, what lies still and since when).
 */
#include <stdio.h>
#include <string.h>

#include "app/coop.h"
#include "app/export.h"
#include "app/money.h"

#define SAY(zh, en) ys__export_say(x, zh, en)

/* ---- the project library -------------------------------------------------------------------------------------- */

/* Where money comes from, as the library asks for it; the codes of fund.source_kind under each head. */
enum { SOURCES = 5 };
static const char *const source_codes[SOURCES] = {"|central|province|city|county|", "|cooperation|",
                                                  "|social|", "|credit|", "|own|"};

static int source_of(const char *code)
{
    char key[60];
    snprintf(key, sizeof key, "|%s|", code != NULL ? code : "");
    for (int i = 0; code != NULL && i < SOURCES; i++)
        if (strstr(source_codes[i], key) != NULL)
            return i;
    return -1;
}

/* Disbursed for the project up to today, by source; money of a fund without a known source is in none of them. */
static void paid_for(const ys_coop *c, const ys_csr *flows, int64_t project, int64_t *sum)
{
    for (int64_t i = flows->start[project]; i < flows->start[project + 1]; i++) {
        int64_t k = c->flow_of[flows->item[i]];
        if (k < 0 || c->flow[k].type != YS_FLOW_DISBURSEMENT || c->ledger->fault[k] == YS_FLOW_FUTURE)
            continue;
        int source = source_of(ys_coop_text(&c->set[YS_COOP_FUND], c->flow[k].fund, "source_kind"));
        if (source >= 0)
            sum[source] = (ys_is_missing(sum[source]) ? 0 : sum[source]) + c->flow[k].amount;
    }
}

/* What was written as the evidence that the project was built: the notice of completion. */
static const char *completion(const ys_coop *c, int64_t project, int32_t *ret_day)
{
    int64_t k = ys_coop_gate_reached(c, project, "built", true);
    *ret_day = k >= 0 ? c->gate[k].actual : YS_NO_DATE;
    return k >= 0 ? ys_coop_text(&c->set[YS_COOP_MILESTONE], c->gate_row[k], "evidence") : NULL;
}

static ys_status put_project(ys_export *x, const ys_coop *c, const ys_csr *flows, int64_t i, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_PROJECT];
    ys_sink *to = x->sink;
    const char *area = ys_coop_text(s, i, "area"), *investor = ys_coop_text(s, i, "investor");
    int64_t sum[SOURCES] = {YS_NA, YS_NA, YS_NA, YS_NA, YS_NA};
    int32_t built;
    const char *notice = completion(c, i, &built);
    char why[200];
    paid_for(c, flows, i, sum);
    ys_sink_int(to, i + 1);
    ys_sink_text(to, ys_coop_key(s, i));
    ys_sink_text(to, ys_coop_text(s, i, "name"));
    ys_sink_text(to, ys_coop_label(c, s, i, "project_category", x->args->zh));
    ys_sink_text(to, ys_coop_label(c, s, i, "project_nature", x->args->zh));
    ys_sink_text(to, area != NULL ? ys_coop_name(c, YS_COOP_AREA, area) : NULL);
    ys_sink_text(to, ys_coop_text(s, i, "site"));
    ys_sink_day(to, ys_coop_day(s, i, "start"));
    ys_sink_day(to, ys_coop_day(s, i, "finish"));
    ys_sink_text(to, ys_coop_text(s, i, "responsible"));
    ys_sink_text(to, investor != NULL ? ys_coop_name(c, YS_COOP_PROVIDER, investor) : NULL);
    ys_sink_text(to, ys_coop_text(s, i, "task"));
    ys_sink_money(to, ys_coop_int(s, i, "investment"));
    ys_sink_text(to, ys_coop_text(s, i, "financing"));
    for (int k = 0; k < SOURCES; k++)
        ys_sink_money(to, sum[k]);
    ys_sink_int(to, ys_coop_int(s, i, "households"));
    ys_sink_int(to, ys_coop_int(s, i, "persons"));
    ys_sink_int(to, ys_coop_int(s, i, "poor_households"));
    ys_sink_text(to, ys_coop_text(s, i, "target"));
    ys_sink_text(to, ys_coop_text(s, i, "participation"));
    ys_sink_text(to, ys_coop_text(s, i, "mechanism"));
    ys_sink_date(to, ys_coop_int(s, i, "library_date"));
    ys_sink_text(to, ys_coop_label(c, s, i, "activity_status", x->args->zh));
    ys_sink_text(to, ys_mark_shape[c->project[i].mark]);
    ys_sink_text(to, ys_standing_text(&c->project[i], x->args->zh, why, sizeof why));
    ys_sink_day(to, built);
    ys_sink_text(to, notice);
    return ys_sink_row(to, diag);
}

static ys_status put_projects(ys_export *x, const ys_coop *c, ys_diag *diag)
{
    const ys_xlsx_column columns[] = {
        {SAY("序号", "no."), 6, YS_XLSX_INT},
        {SAY("项目编码", "project"), 16, YS_XLSX_TEXT},
        {SAY("项目名称", "name"), 26, YS_XLSX_TEXT},
        {SAY("项目类别", "category"), 12, YS_XLSX_TEXT},
        {SAY("建设性质", "nature"), 10, YS_XLSX_TEXT},
        {SAY("实施地点", "place"), 14, YS_XLSX_TEXT},
        {SAY("具体地点", "site"), 14, YS_XLSX_TEXT},
        {SAY("计划开工", "planned start"), 12, YS_XLSX_DATE},
        {SAY("计划完工", "planned finish"), 12, YS_XLSX_DATE},
        {SAY("责任单位", "responsible"), 18, YS_XLSX_TEXT},
        {SAY("投资单位", "investor"), 22, YS_XLSX_TEXT},
        {SAY("建设任务", "task"), 26, YS_XLSX_TEXT},
        {SAY("投资规模（元）", "investment"), 16, YS_XLSX_MONEY},
        {SAY("筹资方式", "financing"), 16, YS_XLSX_TEXT},
        {SAY("已拨付：财政（元）", "paid by budgets"), 16, YS_XLSX_MONEY},
        {SAY("已拨付：协作（元）", "paid by the cooperation"), 16, YS_XLSX_MONEY},
        {SAY("已拨付：社会（元）", "paid by donors"), 16, YS_XLSX_MONEY},
        {SAY("已拨付：信贷（元）", "paid by credit"), 16, YS_XLSX_MONEY},
        {SAY("已拨付：自筹（元）", "paid by own money"), 16, YS_XLSX_MONEY},
        {SAY("受益户数", "households to gain"), 10, YS_XLSX_INT},
        {SAY("受益人数", "persons to gain"), 10, YS_XLSX_INT},
        {SAY("其中贫困户数", "of them poor households"), 12, YS_XLSX_INT},
        {SAY("绩效目标", "performance target"), 26, YS_XLSX_TEXT},
        {SAY("群众参与", "participation"), 18, YS_XLSX_TEXT},
        {SAY("带贫减贫机制", "benefit mechanism"), 22, YS_XLSX_TEXT},
        {SAY("入库日期", "entered the library"), 12, YS_XLSX_DATE},
        {SAY("状态", "status"), 10, YS_XLSX_TEXT},
        {SAY("标记", "mark"), 6, YS_XLSX_TEXT},
        {SAY("说明", "why"), 24, YS_XLSX_TEXT},
        {SAY("实际完工", "built"), 12, YS_XLSX_DATE},
        {SAY("完工公告", "notice of completion"), 22, YS_XLSX_TEXT}};
    YS_TRY(ys__export_titles(x, "项目库", "project library", NULL, diag));
    YS_TRY(ys__export_sheet(x, "项目库", "projects", columns, (int)(sizeof columns / sizeof *columns), diag));
    ys_csr flows = {0};
    YS_TRY(ys_money_by_project(c, YS_COOP_TRANSACTION, &flows, diag));
    ys_status st = YS_OK;
    for (int64_t i = 0; st == YS_OK && i < c->set[YS_COOP_PROJECT].rows; i++)
        st = put_project(x, c, &flows, i, diag);
    ys_csr_done(&flows);
    return st;
}

/* ---- money ----------------------------------------------------------------------------------------------------- */

static ys_status put_fund(ys_export *x, const ys_coop *c, int64_t i, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_FUND];
    const ys_fund_sums *f = &c->ledger->fund[i];
    ys_sink *to = x->sink;
    const int64_t sums[] = {f->pledged, f->committed_in, f->received, f->committed_out, f->disbursed,
                            f->spent,   f->held,         f->out,      f->overdrawn};
    ys_sink_text(to, ys_coop_key(s, i));
    ys_sink_int(to, ys_coop_int(s, i, "period"));
    ys_sink_text(to, ys_coop_text(s, i, "name"));
    ys_sink_text(to, ys_coop_text(s, i, "parent"));
    ys_sink_text(to, ys_coop_label(c, s, i, "source_kind", x->args->zh));
    ys_sink_text(to, ys_coop_text(s, i, "giver"));
    ys_sink_money(to, ys_coop_int(s, i, "amount"));
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++)
        ys_sink_money(to, sums[k]);
    for (int k = 0; k < YS_AGES; k++)
        ys_sink_money(to, f->idle[k]);
    ys_sink_int(to, f->oldest);
    return ys_sink_row(to, diag);
}

static ys_status put_funds(ys_export *x, const ys_coop *c, ys_diag *diag)
{
    const ys_xlsx_column columns[] = {{SAY("资金编号", "fund"), 14, YS_XLSX_TEXT},
                                      {SAY("年度", "year"), 8, YS_XLSX_INT},
                                      {SAY("资金名称", "name"), 22, YS_XLSX_TEXT},
                                      {SAY("上级资金", "parent"), 12, YS_XLSX_TEXT},
                                      {SAY("资金来源", "source"), 14, YS_XLSX_TEXT},
                                      {SAY("出资方", "giver"), 18, YS_XLSX_TEXT},
                                      {SAY("计划金额（元）", "planned"), 16, YS_XLSX_MONEY},
                                      {SAY("意向承诺（元）", "pledged"), 16, YS_XLSX_MONEY},
                                      {SAY("签约承诺（元）", "committed to the fund"), 16, YS_XLSX_MONEY},
                                      {SAY("到位（元）", "received"), 16, YS_XLSX_MONEY},
                                      {SAY("承诺支出（元）", "committed by the fund"), 16, YS_XLSX_MONEY},
                                      {SAY("拨付（元）", "disbursed"), 16, YS_XLSX_MONEY},
                                      {SAY("支出（元）", "spent"), 16, YS_XLSX_MONEY},
                                      {SAY("结余（元）", "held"), 16, YS_XLSX_MONEY},
                                      {SAY("已拨未用（元）", "disbursed and not spent"), 16, YS_XLSX_MONEY},
                                      {SAY("超支（元）", "overdrawn"), 16, YS_XLSX_MONEY},
                                      {SAY("滞留30天内（元）", "idle up to 30 days"), 16, YS_XLSX_MONEY},
                                      {SAY("滞留31—60天（元）", "31 to 60 days"), 16, YS_XLSX_MONEY},
                                      {SAY("滞留61—90天（元）", "61 to 90 days"), 16, YS_XLSX_MONEY},
                                      {SAY("滞留91天—1年（元）", "91 days to a year"), 16, YS_XLSX_MONEY},
                                      {SAY("滞留1—2年（元）", "1 to 2 years"), 16, YS_XLSX_MONEY},
                                      {SAY("滞留2年以上（元）", "over 2 years"), 16, YS_XLSX_MONEY},
                                      {SAY("最久天数", "oldest, days"), 10, YS_XLSX_INT}};
    YS_TRY(ys__export_titles(x, "资金台账", "ledger of money", NULL, diag));
    YS_TRY(ys__export_sheet(x, "资金台账", "funds", columns, (int)(sizeof columns / sizeof *columns), diag));
    for (int64_t i = 0; i < c->set[YS_COOP_FUND].rows; i++)
        YS_TRY(put_fund(x, c, i, diag));
    return YS_OK;
}

/* Why the ledger does not take a flow as it is; NULL: it does. */
static const char *fault_text(const ys_export *x, uint8_t fault)
{
    switch (fault) {
    case YS_FLOW_OVER_FUND:
        return SAY("超过资金结余", "more than the fund held");
    case YS_FLOW_OVER_SOURCE:
        return SAY("超过来源流水余额", "more than was left of its source");
    case YS_FLOW_BEFORE_SOURCE:
        return SAY("早于来源流水", "before its source");
    case YS_FLOW_WRONG_SOURCE:
        return SAY("来源流水不对", "its source is no money of this fund");
    case YS_FLOW_FUTURE:
        return SAY("日期在后，未计入", "in the future, not counted");
    default:
        return NULL;
    }
}

static ys_status put_flow(ys_export *x, const ys_coop *c, int64_t i, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_TRANSACTION];
    ys_sink *to = x->sink;
    int64_t flow = c->flow_of[i];
    bool family = ys_coop_text(s, i, "household") != NULL; /* who is paid is then a family */
    const char *area = ys_coop_text(s, i, "area");
    ys_sink_text(to, ys_coop_key(s, i));
    ys_sink_date(to, ys_coop_int(s, i, "date"));
    ys_sink_text(to, ys_coop_label(c, s, i, "transaction_type", x->args->zh));
    ys_sink_text(to, ys_coop_text(s, i, "fund"));
    ys_sink_int(to, ys_coop_int(s, i, "period"));
    ys_sink_text(to, ys_coop_text(s, i, "project"));
    ys_sink_text(to, area != NULL ? ys_coop_name(c, YS_COOP_AREA, area) : NULL);
    ys_sink_text(to, family ? NULL : ys_coop_text(s, i, "giver"));
    ys_sink_text(to, family ? SAY("（户）", "(a household)") : ys_coop_text(s, i, "receiver"));
    ys_sink_money(to, ys_coop_int(s, i, "amount"));
    ys_sink_text(to, ys_coop_text(s, i, "source"));
    ys_sink_money(to, flow >= 0 ? c->ledger->left[flow] : YS_NA);
    ys_sink_text(to, family ? NULL : ys_coop_text(s, i, "evidence"));
    ys_sink_text(to, flow < 0 ? SAY("未计入：资金、类别、金额或日期不全",
                                    "not counted: fund, type, amount or date is missing")
                              : fault_text(x, c->ledger->fault[flow]));
    return ys_sink_row(to, diag);
}

static ys_status put_flows(ys_export *x, const ys_coop *c, ys_diag *diag)
{
    const ys_xlsx_column columns[] = {{SAY("流水编号", "transaction"), 14, YS_XLSX_TEXT},
                                      {SAY("日期", "date"), 12, YS_XLSX_DATE},
                                      {SAY("流水类别", "type"), 12, YS_XLSX_TEXT},
                                      {SAY("资金编号", "fund"), 14, YS_XLSX_TEXT},
                                      {SAY("资金年度", "year"), 8, YS_XLSX_INT},
                                      {SAY("项目编号", "project"), 14, YS_XLSX_TEXT},
                                      {SAY("地区", "area"), 14, YS_XLSX_TEXT},
                                      {SAY("付款单位", "paid by"), 18, YS_XLSX_TEXT},
                                      {SAY("收款单位", "paid to"), 18, YS_XLSX_TEXT},
                                      {SAY("金额（元）", "amount"), 16, YS_XLSX_MONEY},
                                      {SAY("来源流水", "out of"), 14, YS_XLSX_TEXT},
                                      {SAY("余额（元）", "left of it"), 16, YS_XLSX_MONEY},
                                      {SAY("凭证", "evidence"), 18, YS_XLSX_TEXT},
                                      {SAY("疑点", "fault"), 24, YS_XLSX_TEXT}};
    YS_TRY(
        ys__export_sheet(x, "流水", "transactions", columns, (int)(sizeof columns / sizeof *columns), diag));
    for (int64_t i = 0; i < c->set[YS_COOP_TRANSACTION].rows; i++)
        YS_TRY(put_flow(x, c, i, diag));
    return YS_OK;
}

/* ---- both ------------------------------------------------------------------------------------------------------- */

static ys_status read_for(ys_export *x, const char *kind, ys_coop **ret_coop, ys_diag *diag)
{
    YS_TRY(ys__export_need(x->office, kind, diag));
    return ys_coop_read(x->office, &x->args->reading, ret_coop, diag);
}

ys_status ys__export_projects(ys_export *x, ys_diag *diag)
{
    ys_coop *c = NULL;
    YS_TRY(read_for(x, "project", &c, diag));
    ys_status st = put_projects(x, c, diag);
    ys_coop_free(c);
    return st;
}

ys_status ys__export_funds(ys_export *x, ys_diag *diag)
{
    ys_coop *c = NULL;
    YS_TRY(read_for(x, "transaction", &c, diag));
    ys_status st = put_funds(x, c, diag);
    if (st == YS_OK)
        st = put_flows(x, c, diag);
    ys_coop_free(c);
    return st;
}
