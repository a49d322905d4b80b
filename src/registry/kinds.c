/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/kinds.h"

#include "base/alloc.h"

#define FIELD(n, t, k, zh, en)                                                                               \
    {                                                                                                        \
        .name = n, .type = t, .key = k, .required = k, .unit = "", .codes = "", .ref = "", .label_zh = zh,   \
        .label_en = en, .synonyms = "", .source = "yaoshi"                                                   \
    }
#define KIND(var, kind_name, zh, en, area, through, list)                                                    \
    const ys_kind var = {.name = kind_name,                                                                  \
                         .label_zh = zh,                                                                     \
                         .label_en = en,                                                                     \
                         .area_field = area,                                                                 \
                         .via = through,                                                                     \
                         .fields = list,                                                                     \
                         .field_count = (int)(sizeof list / sizeof *list)}

static const ys_field root_fields[] = {
    FIELD("household", YS_TEXT, true, "户编号", "Household"),
    FIELD("top", YS_CODE, false, "主要贫根", "Main root"),
    FIELD("second", YS_CODE, false, "次要贫根", "Second root"),
    FIELD("several", YS_BOOL, false, "多因并重", "Several roots of like weight"),
    FIELD("gap", YS_MONEY, false, "每人每年缺口", "Gap per head and year"),
    FIELD("labour", YS_MONEY, false, "劳力少", "Few able to work"),
    FIELD("employment", YS_MONEY, false, "活儿不够", "Too little work"),
    FIELD("earnings", YS_MONEY, false, "挣得少", "Low earnings"),
    FIELD("property", YS_MONEY, false, "财产收入少", "Little property income"),
    FIELD("transfer", YS_MONEY, false, "转移收入少", "Small transfers"),
    FIELD("rigid", YS_MONEY, false, "刚性支出多", "Heavy rigid spending"),
    FIELD("peer_level", YS_CODE, false, "对照范围", "Peers from"),
    FIELD("peers", YS_INT, false, "对照户数", "Number of peers"),
    FIELD("peer_gap", YS_MONEY, false, "与对照户差距", "Gap to peers"),
    FIELD("evidence", YS_BOOL, false, "申报原因有实据", "Declared cause has evidence"),
    FIELD("conflict", YS_BOOL, false, "申报与测算不符", "Declared and computed differ"),
    FIELD("missing_benefit", YS_MONEY, false, "应享未享", "Entitled but not received"),
};
KIND(ys_kind_root, "root", "贫根", "Root of poverty", "", "household", root_fields);

static const ys_field plan_fields[] = {
    FIELD("plan", YS_TEXT, true, "计划版本", "Plan version"),
    FIELD("pack", YS_TEXT, false, "政策包", "Policy pack"),
    FIELD("pack_hash", YS_TEXT, false, "政策包校验码", "Pack hash"),
    FIELD("facts_tx", YS_INT, false, "依据的事务", "Transaction it rests on"),
    FIELD("facts_root", YS_TEXT, false, "依据的链首", "Chain head it rests on"),
    FIELD("scope", YS_TEXT, false, "范围", "Scope"),
    FIELD("period", YS_INT, false, "起始年", "First year"),
    FIELD("line", YS_MONEY, false, "贫困线", "Poverty line"),
    FIELD("income_period", YS_TEXT, false, "收入期间", "Income period"),
    FIELD("today", YS_DATE, false, "基准日", "Reference date"),
    FIELD("partial", YS_BOOL, false, "中途停止", "Stopped early"),
    FIELD("households", YS_INT, false, "户数", "Households"),
    FIELD("options", YS_INT, false, "可选措施数", "Options"),
    FIELD("value_1", YS_INT, false, "第一层价值", "Tier 1 value"),
    FIELD("bound_1", YS_INT, false, "第一层上界", "Tier 1 bound"),
    FIELD("value_2", YS_INT, false, "第二层价值", "Tier 2 value"),
    FIELD("bound_2", YS_INT, false, "第二层上界", "Tier 2 bound"),
    FIELD("shift_1", YS_INT, false, "第一层价格小数位", "Tier 1 price shift"),
    FIELD("shift_2", YS_INT, false, "第二层价格小数位", "Tier 2 price shift"),
    FIELD("couple_price", YS_INT, false, "层间价格", "Price of the coupling row"),
    FIELD("couple_minimum", YS_INT, false, "层间下限", "Minimum of the coupling row"),
    FIELD("alpha", YS_INT, false, "缺口指数", "Exponent of the gap"),
    FIELD("checksum", YS_TEXT, false, "计划校验码", "Checksum"),
};
KIND(ys_kind_plan, "plan", "计划", "Plan", "", "", plan_fields);

static const ys_field choice_fields[] = {
    FIELD("plan", YS_TEXT, true, "计划版本", "Plan version"),
    FIELD("unit", YS_TEXT, true, "对象", "Household or village"),
    FIELD("place", YS_INT, true, "序号", "Number"),
    FIELD("offering", YS_TEXT, false, "供给", "Offering"),
    FIELD("person", YS_TEXT, false, "人", "Person"),
};
KIND(ys_kind_choice, "choice", "安排", "Choice", "", "", choice_fields);

static const ys_field price_fields[] = {
    FIELD("plan", YS_TEXT, true, "计划版本", "Plan version"),
    FIELD("resource", YS_CODE, true, "资源类别", "Sort of resource"),
    FIELD("name", YS_TEXT, true, "资源", "Resource"),
    FIELD("period", YS_INT, true, "年度", "Year"),
    FIELD("amount", YS_INT, false, "总量", "Amount"),
    FIELD("used", YS_INT, false, "用量", "Used"),
    FIELD("price_1", YS_INT, false, "第一层价格", "Tier 1 price"),
    FIELD("price_2", YS_INT, false, "第二层价格", "Tier 2 price"),
};
KIND(ys_kind_price, "price", "影子价格", "Shadow price", "", "", price_fields);

static const ys_field pair_run_fields[] = {
    FIELD("run", YS_TEXT, true, "结对计算", "Run of pairing"),
    FIELD("pair_level", YS_TEXT, false, "结对层次", "Level of pairing"),
    FIELD("scope", YS_TEXT, false, "范围", "Scope"),
    FIELD("pack", YS_TEXT, false, "政策包", "Policy pack"),
    FIELD("pack_hash", YS_TEXT, false, "政策包校验码", "Pack hash"),
    FIELD("facts_tx", YS_INT, false, "依据的事务", "Transaction it rests on"),
    FIELD("facts_root", YS_TEXT, false, "依据的链首", "Chain head it rests on"),
    FIELD("today", YS_DATE, false, "基准日", "Reference date"),
    FIELD("line", YS_MONEY, false, "贫困线", "Poverty line"),
    FIELD("income_period", YS_TEXT, false, "收入期间", "Income period"),
    FIELD("needs", YS_INT, false, "受帮方数", "Needs"),
    FIELD("givers", YS_INT, false, "帮扶方数", "Givers"),
    FIELD("paired", YS_INT, false, "已结对", "Paired"),
    FIELD("value", YS_INT, false, "总代价", "Total cost"),
    FIELD("bound", YS_INT, false, "下界", "Lower bound"),
    FIELD("complete", YS_BOOL, false, "范围内全部配对", "Over all pairs within reach"),
};
KIND(ys_kind_pair_run, "pair_run", "结对计算", "Run of pairing", "", "", pair_run_fields);

static const ys_field pair_price_fields[] = {
    FIELD("run", YS_TEXT, true, "结对计算", "Run of pairing"),
    FIELD("giver", YS_TEXT, true, "帮扶方", "Giver"),
    FIELD("price", YS_INT, false, "名额价格", "Price of a place"),
};
KIND(ys_kind_pair_price, "pair_price", "名额价格", "Price of a place", "", "", pair_price_fields);

ys_status ys_kinds_all(const ys_pack *pack, const ys_kind ***ret_kinds, int *ret_count, ys_diag *diag)
{
    static const ys_kind *const own[] = {&ys_kind_root,  &ys_kind_plan,     &ys_kind_choice,
                                         &ys_kind_price, &ys_kind_pair_run, &ys_kind_pair_price};
    enum { OWN = sizeof own / sizeof *own };
    const ys_kind *const *packs;
    int n = ys_pack_kinds(pack, &packs);
    const ys_kind **all = ys_calloc((size_t)n + OWN, sizeof *all);
    if (all == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++)
        all[i] = packs[i];
    for (int i = 0; i < OWN; i++)
        all[n + i] = own[i];
    *ret_kinds = all;
    *ret_count = n + OWN;
    return YS_OK;
}
