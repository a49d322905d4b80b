/* SPDX-License-Identifier: Apache-2.0 */
#include "app/card_pairs.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"plan", "P0001", "用哪一版计划（默认最新）", "which plan version (default: the newest)"},
    {"unmask", NULL, "显示姓名、证件号码、电话全文（要有密钥）",
     "names, ID and phone numbers in full (needs the key)"},
    {"all", NULL, "未选措施和没有数据的项也全列", "every rejected measure and every missing fact too"},
    {"line", "YEAR[:WHERE]", "贫困线（年份，或 年份:辖区）", "poverty line: a year, or year:jurisdiction"},
    {"period", "TEXT", "收入期间", "income period"},
    {"date", "DATE", "计算年龄的基准日", "day at which ages are counted"},
    {"as-of", "TX", "按某次事务之后所知", "as known after this transaction"},
    {0},
};

/* Of a household or area, or (card NULL) of a helper or another giver. */
static ys_status print(const ys_cli *c, const ys_card *card, const ys_pair_card *giver, ys_diag *diag)
{
    ys_json j;
    if (!c->json) {
        ys_card_view view = {
            .zh = c->zh, .all = ys_cli_flag(c, "all"), .width = ys_cli_width(), .out = c->out};
        return card != NULL ? ys_card_print(card, &view, diag) : ys_pair_card_print(giver, &view, diag);
    }
    ys_cli_json(c, &j);
    if (card != NULL)
        YS_TRY(ys_card_json(card, &j, diag));
    else
        ys_pair_card_json(giver, &j);
    return ys_cli_json_done(&j, diag);
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_card *card = NULL;
    ys_pair_card *giver = NULL;
    ys_card_args a = {.key = c->argv[1], .plan = ys_cli_get(c, "plan"), .unmask = ys_cli_flag(c, "unmask")};
    ys_status st = YS_OK;
    YS_TRY(ys_cli_reading(c, &a.reading, diag));
    YS_TRY(ys_cli_open(c, true, &o, diag));
    st = ys_card_make(o, &a, &card, diag);
    if (st == YS_ENOTFOUND && a.plan == NULL) {
        ys_diag_clear(diag);
        st = ys_pair_card_giver(o, &a, &giver, diag);
    }
    if (st == YS_OK)
        st = print(c, card, giver, diag);
    ys_pair_card_free(giver);
    ys_card_free(card);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_show = {
    .name = "show",
    .args = "DB HOUSEHOLD|AREA|HELPER",
    .least = 2,
    .most = 2,
    .zh = "一户一页（或一村一镇、一名帮扶人）：情况、贫根、钥匙、结对、理由、来源",
    .en = "one page for a household, village, town or helper: facts, roots, key, pairings, reasons, sources",
    .more_zh = "每项事实都带来源（文件、行、谁、何时）；贫根逐项合计等于缺口；钥匙带资金、年度和理由，没给的"
               "措施也说真实原因。"
               "个人信息默认遮盖。",
    .more_en = "Every fact has its source (file, row, who, when); the roots add up to the gap; the key has "
               "its money, years "
               "and reasons, and each measure that was not given its true one. Personal values are masked "
               "unless asked for.",
    .example = "yaoshi show heze.db H000000001",
    .opts = opts,
    .run = run,
};
