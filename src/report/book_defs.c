/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/num.h"
#include "report/book_internal.h"

/* Which rows a figure rests on. */
typedef enum rows_of {
    OF_REGISTER,
    OF_POOR,
    OF_GAP,
    OF_ALL,
    OF_PLAN,
    OF_VILLAGES,
    OF_PUBLISHED,
    OF_PACK
} rows_of;

/* One row per definition: id, term, what it is, which rows count, which rows there are, and the command that prints it. */
static const struct {
    const char *id;
    ys_words term, text, filter;
    rows_of rows;
    const char *command;
} defs[YS_DEF_COUNT] = {
    [YS_DEF_NONE] = {"", {"", ""}, {"", ""}, {"", ""}, OF_ALL, ""},
    [YS_DEF_REGISTER] = {"register",
                         {"登记户、登记人口", "registered households and persons"},
                         {"建档立卡登记册里的户和他们的成员；一人一行，不重复计。",
                          "households of the register and their members, one row a person"},
                         {"frame = register", "frame = register"},
                         OF_REGISTER,
                         "yaoshi measure DB --json"},
    [YS_DEF_LINE] = {"line",
                     {"贫困线", "poverty line"},
                     {"每人每年收入的线，按辖区和年份取自政策包。",
                      "income per head and year, by jurisdiction and year, from the policy pack"},
                     {"", ""},
                     OF_PACK,
                     "yaoshi pack show"},
    [YS_DEF_POOR] = {"poor",
                     {"贫困户、贫困人口", "poor households and persons"},
                     {"全户一年法定纯收入 < 贫困线 × 人口，按整数（分）判定；人口是这些户的全部成员。",
                      "statutory net income of the household < line × persons, decided in integers (minor "
                      "units); persons are all members"},
                     {"frame = register，收入期间如首页",
                      "frame = register, income period as on the first page"},
                     OF_REGISTER,
                     "yaoshi measure DB --json: register_poor_persons"},
    [YS_DEF_BASE] = {"base",
                     {"人口基数", "population base"},
                     {"比率的分母：population 表里不晚于贫困线年份的最新人口数。",
                      "denominator of the rates: the newest population figure not after the line's year"},
                     {"同一地区、同一口径", "same area and definition"},
                     OF_PUBLISHED,
                     "yaoshi measure DB --json: population"},
    [YS_DEF_FGT0] = {"fgt0",
                     {"贫困发生率（FGT 0）", "headcount ratio (FGT 0)"},
                     {"贫困人口 ÷ 人口基数。", "poor persons ÷ population base"},
                     {"同“贫困人口”", "as for poor persons"},
                     OF_POOR,
                     "yaoshi measure DB --by county --json: fgt0"},
    [YS_DEF_FGT1] = {"fgt1",
                     {"贫困深度（FGT 1）", "poverty gap index (FGT 1)"},
                     {"各贫困人口离线的差额占线的比例之和 ÷ 人口基数。",
                      "sum of (line − income)/line over the poor ÷ population base"},
                     {"同“贫困人口”", "as for poor persons"},
                     OF_POOR,
                     "yaoshi measure DB --by county --json: fgt1"},
    [YS_DEF_FGT2] = {"fgt2",
                     {"贫困强度（FGT 2）", "squared poverty gap (FGT 2)"},
                     {"同上，差额比例先平方：离线越远越重。",
                      "the same with the share squared: the farther from the line, the heavier"},
                     {"同“贫困人口”", "as for poor persons"},
                     OF_POOR,
                     "yaoshi measure DB --by county --json: fgt2"},
    [YS_DEF_GAP] = {"gap",
                    {"法定缺口", "statutory gap"},
                    {"Σ（贫困线 × 人口 − 法定纯收入），只加贫困户：把人人补到线上一年要的钱。",
                     "Σ (line × persons − statutory income) over poor households: what lifts all to the line "
                     "for a year"},
                    {"同“贫困人口”", "as for poor persons"},
                    OF_POOR,
                    "yaoshi measure DB --json: register_gap"},
    [YS_DEF_GINI] = {"gini",
                     {"基尼系数", "Gini coefficient"},
                     {"人均收入的不平等，含非贫困样本（按权重）。",
                      "inequality of income per head, with the weighted sample of the non-poor"},
                     {"", ""},
                     OF_ALL,
                     "yaoshi measure DB --json: gini"},
    [YS_DEF_MPI] = {"mpi",
                    {"多维贫困 M0（Alkire–Foster）", "multidimensional M0 (Alkire–Foster)"},
                    {"缺失项的整数权重之和达到临界值才算多维贫困；M0 = 发生率 × 平均缺失份额。",
                     "poor when the integer weights of the deprivations reach the cutoff; M0 = headcount × "
                     "average share lacking"},
                    {"指标与权重见政策包 indicators.csv",
                     "indicators and weights: indicators.csv of the pack"},
                    OF_ALL,
                    "yaoshi measure DB --json: mpi"},
    [YS_DEF_PUBLISHED] = {"published",
                          {"已公布的统计数", "published statistics"},
                          {"公开发布、带时点的数，原样录入；只有同名同口径的才与登记册相减。",
                           "public, dated figures as published; only those of the same meaning are compared "
                           "with the register"},
                          {"", ""},
                          OF_PUBLISHED,
                          "yaoshi report"},
    [YS_DEF_SCATTER] = {"scatter",
                        {"插花式分布", "scattered pattern"},
                        {"村与村之间的差异占全部差异的份额；缺口方差的村际份额低于 15% 即为插花式。",
                         "share of the differences that lies between villages; scattered when below 15 % of "
                         "the variance of gaps"},
                        {"有村的户，含样本", "households with a village, sample included"},
                        OF_ALL,
                        "yaoshi diagnose DB --json: scatter"},
    [YS_DEF_YSTAR] =
        {"ystar",
         {"扣刚性支出后的收入 y* 与缺口", "income after rigid spending, y*, and its gap"},
         {"全部收入减去看病、上学、灾害、还债等刚性支出；缺口 = 贫困线 × 人口 − y*，只加为正的户。",
          "all income less unavoidable spending on illness, school, disaster and debt; gap = line × persons "
          "− y*, positive ones only"},
         {"frame = register", "frame = register"},
         OF_GAP,
         "yaoshi diagnose DB --json: gap"},
    [YS_DEF_ROOT] = {"root",
                     {"贫根", "roots"},
                     {"离线的差额按收入恒等式（劳力 × 活儿 × 工价 + 财产 + 转移 − "
                      "刚性支出）精确分解的沙普利值；钱数只加为正的部分。",
                      "exact Shapley values of the distance to the line over the income identity (able × "
                      "work × pay + property + transfers − rigid spending); money sums the positive parts"},
                     {"y* 低于贫困线的登记户", "registered households with y* below the line"},
                     OF_GAP,
                     "yaoshi diagnose DB --json: roots"},
    [YS_DEF_NET] =
        {"net",
         {"瀑布图", "waterfall"},
         {"各项贡献（正负都加）÷ 人口；贫困线减去六项之和恰等于平均 y*。",
          "contributions, positive and negative, ÷ persons; the line less the six is exactly mean y*"},
         {"y* 低于贫困线的登记户", "registered households with y* below the line"},
         OF_GAP,
         "yaoshi diagnose DB --json: gap"},
    [YS_DEF_SEVERAL] = {"several",
                        {"多因并重", "several roots"},
                        {"参照取四分位、收入上下浮动一成，九种算法里主要贫根不一致，或领先不明显。",
                         "the main root is not the same over nine variants (quartile references, income ± a "
                         "tenth), or its lead is small"},
                        {"y* 低于贫困线的登记户", "registered households with y* below the line"},
                        OF_GAP,
                        "yaoshi diagnose DB --json: several"},
    [YS_DEF_DECLARED] = {"declared",
                         {"申报与测算不符", "declared and computed differ"},
                         {"申报的主因指向的一项解释不到缺口的五分之一，或申报没有实据。",
                          "what was declared explains less than a fifth of the gap, or has no evidence"},
                         {"frame = register", "frame = register"},
                         OF_REGISTER,
                         "yaoshi diagnose DB --json: conflicts"},
    [YS_DEF_EVIDENCE] = {"evidence",
                         {"实据", "evidence"},
                         {"政策包 causes.csv 里每个原因要成立的事实（如因病要有病人或医药支出）。",
                          "the fact that must hold for a cause, causes.csv of the pack (illness wants a "
                          "patient or medical spending)"},
                         {"frame = register", "frame = register"},
                         OF_REGISTER,
                         "yaoshi diagnose DB --json: without_evidence"},
    [YS_DEF_ENTITLED] = {"entitled",
                         {"应享未享", "entitled but not received"},
                         {"按政策应有、收入台账里却没有的补助。",
                          "transfers due by the rules of which the ledger has nothing"},
                         {"entitlements.csv 的规则为真", "the rule of entitlements.csv holds"},
                         OF_REGISTER,
                         "yaoshi diagnose DB --json: missing_benefit"},
    [YS_DEF_HELPED] = {"helped",
                       {"得到措施的户", "households with measures"},
                       {"计划里至少有一项到户或到人措施的户（只受益于村级措施的不算）。",
                        "households with at least one measure of their own (those served only through their "
                        "village are not counted)"},
                       {"", ""},
                       OF_PLAN,
                       "yaoshi plan DB"},
    [YS_DEF_COST] = {"cost",
                     {"首年用钱", "first-year cost"},
                     {"每份措施的第一年成本之和，各家资金合计。",
                      "sum of the first-year costs of all units, all funds together"},
                     {"", ""},
                     OF_PLAN,
                     "yaoshi show DB --json"},
    [YS_DEF_RECURRING] =
        {"recurring",
         {"以后每年", "each further year"},
         {"以后各年每年要续的成本；没有该年资金时折现计入首年。",
          "cost of each further year; charged to the first year, discounted, where that year has no fund"},
         {"", ""},
         OF_PLAN,
         "yaoshi plan DB"},
    [YS_DEF_EFFECT] = {"effect",
                       {"预期年增收", "expected income a year"},
                       {"各份措施预期一年增加的净收入之和；未扣除同户措施之间的争用和线上部分。",
                        "sum of the expected yearly income of all units; before competition inside a "
                        "household and without cutting at the line"},
                       {"", ""},
                       OF_PLAN,
                       "yaoshi plan DB"},
    [YS_DEF_EARNED] = {"earned",
                       {"自己挣的份额", "earned share"},
                       {"作用于劳力、就业、工价的措施占预期增收的份额（其余为财产、转移和减支）。",
                        "share of the expected income that comes through labour, employment and earnings "
                        "(the rest: property, transfers, less spending)"},
                       {"", ""},
                       OF_PLAN,
                       "yaoshi report"},
    [YS_DEF_TIER1] = {"tier1",
                      {"第一层", "tier 1"},
                      {"法定保障缺项的解决数：每人每项按权重记；户和村的措施都解决的记两次（见方法）。",
                       "statutory deprivations cured, each person and need by its weight; what a measure for "
                       "the household and one for its village both cure counts twice (see the method)"},
                      {"", ""},
                      OF_PLAN,
                      "yaoshi plan DB --json: tiers[0]"},
    [YS_DEF_TIER2] = {"tier2",
                      {"第二层", "tier 2"},
                      {"规划年限内缺口减少额的现值，按收入与效果的离散取期望。",
                       "present value of the gap closed over the horizon, in expectation over the spread of "
                       "incomes and effects"},
                      {"", ""},
                      OF_PLAN,
                      "yaoshi plan DB --json: value"},
    [YS_DEF_BOUND] = {"bound",
                      {"上界与差距", "bound and gap"},
                      {"由资金和名额的价格算出、任何可行计划都超不过的整数；差距 =（上界 − 达到）÷ 上界。",
                       "an integer that no feasible plan exceeds, from the prices of money and places; gap = "
                       "(bound − value) ÷ bound"},
                      {"", ""},
                      OF_PLAN,
                      "yaoshi plan DB --verify"},
    [YS_DEF_PRICE] = {"price",
                      {"影子价格", "shadow price"},
                      {"多一元钱（或一个名额）还能多减多少缺口（第二层）；0 表示再多也用不上。",
                       "how much more of the gap one more unit of money (or one more place) would close "
                       "(tier 2); 0: more would not help"},
                      {"", ""},
                      OF_PLAN,
                      "yaoshi plan DB"},
    [YS_DEF_PLACE] = {"place",
                      {"名额", "places"},
                      {"一项供给的限额（份）；满 = 用完。", "limit of an offering in units; full: all used"},
                      {"", ""},
                      OF_PLAN,
                      "yaoshi plan DB"},
    [YS_DEF_COMPARE] =
        {"compare",
         {"对照的做法", "simpler rules"},
         {"用同样的资金、名额、条件和意愿：平均铺开（大水漫灌）、照卡上原因、先来先得，各用到再也放不下为止，"
          "并由独立的核对程序逐一核对；它们不管底线。",
          "the same money, places, gates and consents spread evenly (flooding), by the cause on the card, or "
          "first come first served, each until nothing more fits and each checked independently; they know "
          "of no floors"},
         {"", ""},
         OF_PLAN,
         "yaoshi plan DB --compare all"},
    [YS_DEF_ABSENT] =
        {"absent",
         {"不对根的钱", "money off the root"},
         {"措施所对的原因，没有一个能解释该户缺口的五分之一，措施也不解决该户的法定短板；村里的项目按人口分摊"
          "到户。",
          "no cause the measure is linked to explains a fifth of the household's gap, and the measure cures "
          "none of its statutory deprivations; money of a village project counts by heads"},
         {"", ""},
         OF_PLAN,
         "yaoshi plan DB --compare all --json: root_absent"},
    [YS_DEF_CURED] = {"cured",
                      {"法定缺项与解决", "statutory needs, met and unmet"},
                      {"受影响的登记人口；计划给了对症措施（到户、到人，或其村）就算解决。",
                       "registered persons affected; met when the plan gives them (or their household or "
                       "village) a measure that cures it"},
                      {"statutory = 1 的指标", "indicators with statutory = 1"},
                      OF_REGISTER,
                      "yaoshi plan DB --json: tiers[0]"},
    [YS_DEF_HELPLESS] =
        {"helpless",
         {"没有到户措施", "without a measure of their own"},
         {"y* 低于贫困线、计划里没有任何到户或到人措施的登记户。",
          "registered households with y* below the line and no measure for household or person in the plan"},
         {"y* < 贫困线", "y* < line"},
         OF_GAP,
         "yaoshi report"},
    [YS_DEF_DEFICIT] =
        {"deficit",
         {"村级缺项", "deficits of villages"},
         {"政策包的村级指标为真的村；人口为这些村的登记人口。",
          "villages for which a village indicator of the pack holds; persons are their registered persons"},
         {"kind = village", "kind = village"},
         OF_VILLAGES,
         "yaoshi show DB VILLAGE"},
    [YS_DEF_QUALITY] =
        {"quality",
         {"数据质量规则", "data-quality rules"},
         {"政策包 rules.csv 里 purpose = quality 的规则；事实缺失不算命中，另列。",
          "rules of rules.csv with purpose = quality; a missing fact is no finding and is counted apart"},
         {"", ""},
         OF_ALL,
         "yaoshi check DB"},
};

const char *ys__bk_def_id(ys_def def)
{
    return defs[def].id;
}

const char *ys__bk_def_text(const ys_book *b, ys_def def)
{
    return ys__bk_word(b, defs[def].text);
}

static void rows_text(const ys_book *b, rows_of rows, char *buf, size_t size)
{
    const ys_figures *f = b->f;
    char n1[YS_TEXT], n2[YS_TEXT];
    switch (rows) {
    case OF_REGISTER:
        snprintf(buf, size, ys__bk_say(b, "登记 %s 户", "%s registered households"),
                 ys__bk_count(f->all.households, n1));
        return;
    case OF_POOR:
        snprintf(buf, size, ys__bk_say(b, "贫困 %s 户", "%s poor households"),
                 ys__bk_count(f->all.poor_households, n1));
        return;
    case OF_GAP:
        snprintf(buf, size, ys__bk_say(b, "有缺口 %s 户", "%s households with a gap"),
                 ys__bk_count(f->all.roots.households, n1));
        return;
    case OF_ALL:
        snprintf(buf, size,
                 ys__bk_say(b, "登记 %s 户，样本 %s 户", "%s registered and %s sampled households"),
                 ys__bk_count(f->all.households, n1), ys__bk_count(f->sample_households, n2));
        return;
    case OF_PLAN:
        snprintf(buf, size, ys__bk_say(b, "计划 %s，%s 户", "plan %s, %s households"),
                 f->plan.there ? f->plan.version : "–", ys__bk_count(f->plan.households, n1));
        return;
    case OF_VILLAGES:
        snprintf(buf, size, ys__bk_say(b, "%s 个村", "%s villages"), ys__bk_count(f->villages, n1));
        return;
    case OF_PUBLISHED:
        snprintf(buf, size, "%s", ys__bk_say(b, "人口与统计表", "tables of population and statistics"));
        return;
    case OF_PACK:
        snprintf(buf, size, ys__bk_say(b, "政策包 %s", "policy pack %s"), f->head.pack);
        return;
    }
}

static void one_def(ys_book *b, int i, const char *day)
{
    char attrs[80], rows[160];
    const char *filter = ys__bk_word(b, defs[i].filter);
    snprintf(attrs, sizeof attrs, "id=\"def-%s\"", defs[i].id);
    rows_text(b, defs[i].rows, rows, sizeof rows);
    ys_html_open(&b->h, "li", attrs);
    ys_html_put(&b->h, "b", NULL, ys__bk_word(b, defs[i].term));
    ys_html_textf(&b->h, ys__bk_say(b, "：%s", ": %s"), ys__bk_word(b, defs[i].text));
    if (filter[0] != '\0')
        ys_html_textf(&b->h, ys__bk_say(b, " 筛选：%s。", " Filter: %s."), filter);
    ys_html_textf(
        &b->h,
        ys__bk_say(
            b, " 行：%s。 数据日期：%s，期间 %s。 来源：登记册第 %lld 次事务；复算：",
            " Rows: %s. Data as of %s, period %s. Source: the register at transaction %lld; print it with "),
        rows, day, b->f->head.period, (long long)b->f->head.head_tx);
    ys_html_put(&b->h, "code", "class=\"code\"", defs[i].command);
    ys_html_close(&b->h);
}

void ys__book_defs(ys_book *b)
{
    char day[YS_TEXT];
    ys__bk_para(
        b,
        "文中方括号里的号码指向这里：每个数是什么、筛了什么、多少行、哪天的、从哪里来、用哪条命令再印一次。",
        "The numbers in brackets lead here: what each figure is, what was filtered, how many rows, of which "
        "day, from where, and which command prints it again.");
    ys_format_date(b->f->head.today, day, sizeof day);
    ys_html_open(&b->h, "ol", "class=\"defs\"");
    int end = b->f->plan.contenders > 0 ? YS_DEF_COUNT : YS_DEF_COMPARE;
    for (int i = 1; i < end; i++)
        one_def(b, i, day);
    ys_html_close(&b->h);
}
