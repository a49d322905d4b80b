/* SPDX-License-Identifier: Apache-2.0 */
#include "yaoshi/appraise.h"

#include <math.h>

#include "appraise/fields.h"

/* What a field may hold; ranges are wide: they stop a slip of the unit, not an opinion. */

#define REQ      YS_FIELD_REQUIRED
#define F(s, m)  offsetof(s, m)
#define MONTH(m) "ghi_" #m, "kWh/m2", "千瓦时/平方米", 5, 400, NAN, false, F(ys_pv, ghi[m - 1])

const ys_field_def ys_pv_fields[] = {
    {"capacity", "kWp", "千瓦", .1, 1e7, REQ, false, F(ys_pv, capacity), "装机容量（直流）", "DC capacity"},
    {"yield", "kWh/kWp", "千瓦时/千瓦", 200, 3000, NAN, false, F(ys_pv, yield),
     "首年单位发电量；不填则由逐月辐照量计算",
     "yield of the first year; left out: from the monthly irradiation"},
    {MONTH(1), "水平面总辐照量，1 月", "global horizontal irradiation, January"},
    {MONTH(2), "2 月", "February"},
    {MONTH(3), "3 月", "March"},
    {MONTH(4), "4 月", "April"},
    {MONTH(5), "5 月", "May"},
    {MONTH(6), "6 月", "June"},
    {MONTH(7), "7 月", "July"},
    {MONTH(8), "8 月", "August"},
    {MONTH(9), "9 月", "September"},
    {MONTH(10), "10 月", "October"},
    {MONTH(11), "11 月", "November"},
    {MONTH(12), "12 月", "December"},
    {"plane_gain", "ratio", "倍", .5, 2, 1, false, F(ys_pv, plane_gain), "倾斜面与水平面辐照量之比",
     "irradiation of the plane over horizontal"},
    {"performance_ratio", "%", "%", 30, 100, NAN, false, F(ys_pv, performance_ratio),
     "系统效率；不填则由损失、逆变器和电池温度计算",
     "performance ratio; left out: from losses, inverter and cell temperature"},
    {"losses", "%", "%", 0, 80, 14.075660688264469, false, F(ys_pv, losses), "系统损失（PVWatts 默认十项）",
     "system losses (default: the ten of PVWatts)"},
    {"inverter", "%", "%", 50, 100, 96, false, F(ys_pv, inverter), "逆变器额定效率", "inverter, nominal"},
    {"gamma", "%/C", "%/度", -1, 0, -.35, false, F(ys_pv, gamma), "功率温度系数",
     "temperature coefficient of power"},
    {"cell_temperature", "C", "度", -20, 90, NAN, false, F(ys_pv, cell_temperature),
     "发电时的平均电池温度（按辐照量加权）",
     "mean cell temperature while producing, weighted by irradiation"},
    {"first_year_loss", "%", "%", 0, 10, 0, false, F(ys_pv, first_year_loss), "首年光致衰减",
     "light-induced loss of the first year"},
    {"degradation", "%", "%", 0, 5, .5, false, F(ys_pv, degradation), "年衰减率", "yearly degradation"},
    {"sigma", "%", "%", 0, 40, 8, false, F(ys_pv, sigma), "长期发电量的标准差",
     "standard deviation of the long-term yield"},
    {"curtail", "%", "%", 0, 99, 0, false, F(ys_pv, curtail), "弃光率（预期）", "curtailment expected"},
    {"curtail_stress", "%", "%", 0, 99, 10, false, F(ys_pv, curtail_stress), "弃光率（压力情形）",
     "curtailment in the stress case"},
    {"years", "years", "年", 1, YS_PV_YEARS, 25, true, F(ys_pv, years), "运营年限", "years of life"},
    {"discount", "%", "%", -20, 50, 6, false, F(ys_pv, discount), "折现率", "discount rate"},
    {"tariff", "yuan/kWh", "元/千瓦时", .01, 5, REQ, false, F(ys_pv, tariff), "上网电价（含补贴）",
     "tariff, subsidy included"},
    {"tariff_delayed", "yuan/kWh", "元/千瓦时", 0, 5, 0, false, F(ys_pv, tariff_delayed),
     "其中可能拖欠的补贴部分", "the part of it that may be paid late (subsidy)"},
    {"capex", "yuan/W", "元/瓦", .1, 100, REQ, false, F(ys_pv, capex), "单位投资", "investment"},
    {"opex", "yuan/W", "元/瓦", 0, 10, REQ, false, F(ys_pv, opex), "单位年运维费",
     "operation and maintenance a year"},
    {"insurance", "yuan", "元", 0, 1e11, 0, false, F(ys_pv, insurance), "年保险费", "insurance a year"},
    {"tax", "%", "%", 0, 60, 0, false, F(ys_pv, tax), "所得税率", "tax on profit"},
    {"debt_share", "%", "%", 0, 100, 0, false, F(ys_pv, debt_share), "贷款占投资比例",
     "debt, share of the investment"},
    {"debt_rate", "%", "%", 0, 40, 4.5, false, F(ys_pv, debt_rate), "贷款利率", "interest on the debt"},
    {"debt_years", "years", "年", 1, YS_PV_YEARS, 15, true, F(ys_pv, debt_years), "贷款年限（等额本息）",
     "years of the debt (level payments)"},
    {"rent_in_opex", "0/1", "0/1", 0, 1, 0, true, F(ys_pv, rent_in_opex), "运维费是否已含土地租金",
     "whether opex holds the land rent"},
    {"households", "households", "户", 0, 1e7, 0, true, F(ys_pv, households), "受益贫困户",
     "poor households with a share"},
    {"household_size", "persons", "人", .5, 20, NAN, false, F(ys_pv, household_size), "户均人口",
     "persons a household"},
    {"pool", "yuan", "元", 0, 1e6, 3000, false, F(ys_pv, pool), "每户每年收益", "pool, a household and year"},
    {"pool_years", "years", "年", 0, YS_PV_YEARS, 20, true, F(ys_pv, pool_years), "收益年限",
     "years of the pool"},
    {"pool_owned", "0/1", "0/1", 0, 1, 0, true, F(ys_pv, pool_owned),
     "收益来自村户自有资产（财产性）还是分配（转移性）",
     "the share is an asset of village or household (property income), or handed out (transfer)"},
    {"public_jobs", "jobs", "个", 0, 1e6, 0, true, F(ys_pv, public_jobs), "公益岗位", "public-welfare jobs"},
    {"public_wage", "yuan", "元", 0, 1e6, 0, false, F(ys_pv, public_wage), "每岗年工资",
     "wage of one, a year"},
    {"land_mu", "mu", "亩", 0, 1e7, 0, false, F(ys_pv, land_mu), "占用土地", "land taken"},
    {"land_households", "households", "户", 0, 1e7, 0, true, F(ys_pv, land_households), "出地农户",
     "households that gave land"},
    {"land_rent", "yuan/mu", "元/亩", 0, 1e5, 0, false, F(ys_pv, land_rent), "年租金", "rent a year"},
    {"farm_margin", "yuan/mu", "元/亩", -1e5, 1e5, NAN, false, F(ys_pv, farm_margin), "原种植纯收益",
     "margin of the farming before"},
    {"agri_mu", "mu", "亩", 0, 1e7, 0, false, F(ys_pv, agri_mu), "板下种植面积",
     "land farmed under the panels"},
    {"agri_value", "yuan/mu", "元/亩", 0, 1e6, 0, false, F(ys_pv, agri_value), "不遮光时亩产值",
     "value of its crop without shade"},
    {"agri_cost", "yuan/mu", "元/亩", 0, 1e6, 0, false, F(ys_pv, agri_cost), "亩成本", "cost of its crop"},
    {"shading_loss", "%", "%", 0, 100, NAN, false, F(ys_pv, shading_loss), "遮光减产", "yield lost to shade"},
    {"sheds", "sheds", "个", 0, 1e6, 0, true, F(ys_pv, sheds), "承包大棚", "sheds contracted to households"},
    {"shed_income", "yuan", "元", 0, 1e7, 0, false, F(ys_pv, shed_income), "每棚年收入（扣除投入）",
     "income of one a year, after inputs"},
    {"shed_fee", "yuan", "元", 0, 1e7, 0, false, F(ys_pv, shed_fee), "每棚年承包费", "fee of one a year"},
    {"jobs", "persons", "人", 0, 1e6, 0, true, F(ys_pv, jobs), "板下务工",
     "persons working under the panels"},
    {"job_days", "days", "天", 0, 366, 0, false, F(ys_pv, job_days), "每人每年天数", "days of one a year"},
    {"job_wage", "yuan/day", "元/天", 0, 5000, 0, false, F(ys_pv, job_wage), "日工资", "wage a day"},
    {0},
};

const ys_field_def ys_industry_fields[] = {
    {"grant", "yuan", "元", 0, 1e12, REQ, false, F(ys_industry, grant), "投入的财政资金",
     "public money put in"},
    {"value_added", "yuan", "元", 0, 1e12, NAN, false, F(ys_industry, value_added), "项目年增加值",
     "value added a year"},
    {"jobs_promised", "persons", "人", 0, 1e7, NAN, true, F(ys_industry, jobs_promised),
     "承诺吸纳建档立卡务工人数", "jobs promised to registered persons"},
    {"jobs_on_payroll", "persons", "人", 0, 1e7, NAN, true, F(ys_industry, jobs_on_payroll),
     "其中工资单已核实人数", "of them on a verified payroll"},
    {0},
};

const ys_field_def ys_link_fields[] = {
    {"households", "households", "户", 1, 1e7, REQ, true, F(ys_link, households), "联结户数",
     "households linked"},
    {"poor", "households", "户", 0, 1e7, REQ, true, F(ys_link, poor), "其中贫困户",
     "poor households among them"},
    {"days", "days", "天", 0, 366, 0, false, F(ys_link, days), "每户每年务工天数",
     "days of work a household and year"},
    {"wage", "yuan/day", "元/天", 0, 5000, 0, false, F(ys_link, wage), "日工资", "wage a day"},
    {"displacement", "%", "%", 0, 100, 0, false, F(ys_link, displacement), "替代原有收入的比例",
     "share earned elsewhere before"},
    {"quantity", "unit", "单位", 0, 1e9, 0, false, F(ys_link, quantity), "每户每年销售数量",
     "quantity sold a household and year"},
    {"contract_price", "yuan/unit", "元/单位", 0, 1e7, 0, false, F(ys_link, contract_price), "订单价",
     "price of the order"},
    {"market_price", "yuan/unit", "元/单位", 0, 1e7, 0, false, F(ys_link, market_price), "市场价",
     "price of the market"},
    {"rent", "yuan", "元", 0, 1e7, 0, false, F(ys_link, rent), "每户年租金", "rent a household and year"},
    {"forgone", "yuan", "元", 0, 1e7, 0, false, F(ys_link, forgone), "土地或资产原有年收益",
     "what land or asset brought before"},
    {"dividend", "yuan", "元", 0, 1e7, 0, false, F(ys_link, dividend), "每户年分红",
     "dividend a household and year"},
    {"own_input", "yuan", "元", 0, 1e7, 0, false, F(ys_link, own_input), "每户年投入（含还贷）",
     "own input a year, loans repaid included"},
    {"opportunity", "yuan", "元", 0, 1e7, 0, false, F(ys_link, opportunity), "劳动的机会成本",
     "what the labour would bring elsewhere"},
    {"default_rate", "%", "%", 0, 100, 0, false, F(ys_link, default_rate), "企业一年内不能兑付的可能",
     "chance of default in a year"},
    {"guarantee", "%", "%", 0, 100, 0, false, F(ys_link, guarantee), "违约时担保兑付的比例",
     "share made good after a default"},
    {0},
};

double ys_field_scale(const ys_field_def *f)
{
    return f->unit[0] == '%' ? .01 : 1;
}

void ys_fields_default(const ys_field_def *fields, void *to)
{
    for (const ys_field_def *f = fields; f->name != NULL; f++)
        *(double *)(void *)((char *)to + f->at) = f->missing == REQ ? NAN : f->missing * ys_field_scale(f);
}

static ys_status fail(const ys_field_def *f, double value, ys_diag *diag)
{
    if (isnan(value)) {
        ys_status st =
            ys_fail(diag, YS_EDATA, "缺少 %s（%s，%s）%.0s%.0s", "%s is missing%.0s%.0s (%s, in %s)", f->name,
                    f->zh, f->unit_zh, f->en, f->unit);
        ys_diag_fix(diag, "请加上这一行", "add its row");
        return st;
    }
    if (f->whole && value != floor(value))
        return ys_fail(diag, YS_EDATA, "%s 应为整数", "%s must be a whole number", f->name);
    ys_status st = ys_fail(diag, YS_EDATA, "%s 应在 %.10g 到 %.10g %s 之间%.0s，现为 %.10g",
                           "%s must lie between %.10g and %.10g%.0s %s, and is %.10g", f->name, f->least,
                           f->most, f->unit_zh, f->unit, value);
    ys_diag_fix(diag, "请检查数值和单位", "check the number and its unit");
    return st;
}

ys_status ys_field_check(const ys_field_def *f, double value, ys_diag *diag)
{
    bool wrong = isnan(value) ? f->missing == REQ
                              : value < f->least || value > f->most || (f->whole && value != floor(value));
    return wrong ? fail(f, value, diag) : YS_OK;
}

ys_status ys__fields_check(const ys_field_def *fields, const void *of, ys_diag *diag)
{
    for (const ys_field_def *f = fields; f->name != NULL; f++) {
        double v = *(const double *)(const void *)((const char *)of + f->at) / ys_field_scale(f);
        double slack = 1e-9 * fabs(v); /* percent and back is not exact */
        if (fabs(v - f->most) <= slack)
            v = f->most;
        else if (fabs(v - f->least) <= slack)
            v = f->least;
        YS_TRY(ys_field_check(f, v, diag));
    }
    return YS_OK;
}
