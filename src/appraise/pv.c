/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "appraise/fields.h"

static ys_status odd(const char *zh, const char *en, ys_diag *diag)
{
    return ys_fail(diag, YS_EDATA, "%s%.0s", "%.0s%s", zh, en);
}

ys_status ys_pv_check(const ys_pv *p, ys_diag *diag)
{
    YS_TRY(ys__fields_check(ys_pv_fields, p, diag));
    if (isnan(p->yield) && isnan(ys_pv_model_yield(p))) {
        ys_status st =
            odd("无法计算发电量：没有 yield，逐月辐照量 ghi_1…ghi_12 或系统效率也不全",
                "the energy is not known: there is no yield, and the monthly irradiation ghi_1…ghi_12 or the "
                "performance ratio is not complete",
                diag);
        ys_diag_fix(diag, "请填 yield，或十二个月的辐照量和 performance_ratio（或 cell_temperature）",
                    "give yield, or twelve months and performance_ratio (or cell_temperature)");
        return st;
    }
    if (p->tariff_delayed > p->tariff)
        return odd("tariff_delayed 是 tariff 的一部分，不能更大",
                   "tariff_delayed is a part of tariff and cannot be more", diag);
    if (p->curtail_stress < p->curtail)
        return odd("curtail_stress 不能小于 curtail", "curtail_stress must not be less than curtail", diag);
    if (p->debt_share > 0 && p->debt_years > p->years)
        return odd("debt_years 长于 years：运营期内还不清",
                   "debt_years exceeds years: the debt would outlive the plant", diag);
    if (p->households > 0 && p->pool_years > p->years)
        return odd("pool_years 长于 years：电站停运后无从支付",
                   "pool_years exceeds years: there would be nothing to pay from", diag);
    if (p->land_households > 0 && p->land_mu == 0)
        return odd("有 land_households 而没有 land_mu", "land_households without land_mu", diag);
    if (p->agri_mu > p->land_mu)
        return odd("agri_mu 不能大于 land_mu", "agri_mu must not exceed land_mu", diag);
    return YS_OK;
}

/* Flows of the three parties that ask for a rate; [0] is the investment. */
typedef struct flows {
    double project[1 + YS_PV_YEARS + YS_PV_DELAY], pool[1 + YS_PV_YEARS + YS_PV_DELAY],
        equity[1 + YS_PV_YEARS + YS_PV_DELAY];
} flows;

static double rent_paid(const ys_pv *p)
{
    return p->rent_in_opex != 0 ? 0 : p->land_mu * p->land_rent;
}

static double investment(const ys_pv *p)
{
    return p->capex * p->capacity * 1000;
}

/* Losses of one year are not carried to the next. */
static double tax_of(const ys_pv *p, double profit)
{
    return p->tax * fmax(0, profit);
}

static void one_year(const ys_pv *p, const ys_pv_shock *s, int t, ys_pv_year *y)
{
    int life = (int)p->years;
    double prompt = p->tariff - p->tariff_delayed, share = s->energy * (1 - s->curtail);
    *y = (ys_pv_year){.dscr = NAN, .dscr_pool = NAN};
    if (t <= life) {
        y->sold = ys_pv_energy(p, t) * share;
        y->revenue = y->sold * prompt;
        y->cost = p->opex * p->capacity * 1000 + rent_paid(p) + p->insurance;
    }
    if (t > s->delay && t - s->delay <= life)
        y->revenue += ys_pv_energy(p, t - s->delay) * share * p->tariff_delayed;
    if (p->debt_share > 0 && t <= (int)p->debt_years)
        y->debt = ys_annuity(investment(p) * p->debt_share, p->debt_rate, (int)p->debt_years);
    if (t <= (int)p->pool_years)
        y->pool_due = p->households * p->pool;
    if (y->debt > 0) {
        y->dscr = (y->revenue - y->cost) / y->debt;
        y->dscr_pool = (y->revenue - y->cost - y->pool_due) / y->debt;
    }
}

/* Taxes and what is left for the pool and the owner in year `t`; `owed` is the debt at its beginning. */
static void share_out(const ys_pv *p, int t, double *owed, ys_pv_year *y, flows *f)
{
    double worn = t <= (int)p->years ? investment(p) / p->years : 0;
    double interest = y->debt > 0 ? *owed * p->debt_rate : 0;
    double earned = y->revenue - y->cost;
    double left = earned - tax_of(p, earned - worn - interest) - y->debt;
    y->pool_paid = fmax(0, fmin(y->pool_due, left));
    f->project[t] = earned - tax_of(p, earned - worn);
    f->pool[t] = f->project[t] - y->pool_due;
    f->equity[t] = left - y->pool_paid;
    if (y->debt > 0)
        *owed -= y->debt - interest;
}

static void add_up(const ys_pv *p, ys_pv_case *c)
{
    double cost = investment(p), energy = 0, grown = 1;
    c->dscr_first = c->year[0].dscr;
    c->dscr_pool_first = c->year[0].dscr_pool;
    c->annuity = c->year[0].debt;
    c->dscr_least = c->dscr_pool_least = NAN;
    for (int t = 0; t < c->years; t++) {
        const ys_pv_year *y = &c->year[t];
        grown *= 1 + p->discount;
        cost += y->cost / grown;
        energy += y->sold / grown;
        c->sold += y->sold;
        c->dscr_least = fmin(c->dscr_least, y->dscr); /* of a number and NAN fmin takes the number */
        c->dscr_pool_least = fmin(c->dscr_pool_least, y->dscr_pool);
        c->pool_due += y->pool_due;
        c->pool_paid += y->pool_paid;
        c->pool_short += y->pool_paid < y->pool_due;
    }
    c->lcoe = cost / energy;
}

void ys_pv_run(const ys_pv *p, const ys_pv_shock *shock, ys_pv_case *ret_case)
{
    flows f;
    ys_pv_case c = {.years = (int)p->years + shock->delay};
    double owed = investment(p) * p->debt_share;
    f.project[0] = f.pool[0] = -investment(p);
    f.equity[0] = owed - investment(p);
    for (int t = 1; t <= c.years; t++) {
        one_year(p, shock, t, &c.year[t - 1]);
        share_out(p, t, &owed, &c.year[t - 1], &f);
    }
    add_up(p, &c);
    c.npv = ys_npv(f.project, c.years + 1, p->discount);
    c.npv_pool = ys_npv(f.pool, c.years + 1, p->discount);
    c.irr = ys_irr_find(f.project, c.years + 1);
    c.irr_pool = ys_irr_find(f.pool, c.years + 1);
    c.irr_equity = ys_irr_find(f.equity, c.years + 1);
    *ret_case = c;
}

void ys_pv_stresses(const ys_pv *p, ys_pv_stress ret_stress[YS_PV_STRESSES])
{
    double p90 = 1 - 1.28 * p->sigma, c = p->curtail, cs = p->curtail_stress;
    const ys_pv_stress all[YS_PV_STRESSES] = {
        {"expected", "预期（P50）", "expected (P50)", {1, c, 0}},
        {"p90", "少发电（P90）", "low yield (P90)", {p90, c, 0}},
        {"curtailed", "弃光", "curtailed", {1, cs, 0}},
        {"late1", "补贴拖欠 1 年", "subsidy 1 year late", {1, c, 1}},
        {"late2", "补贴拖欠 2 年", "subsidy 2 years late", {1, c, 2}},
        {"late3", "补贴拖欠 3 年", "subsidy 3 years late", {1, c, 3}},
        {"all", "P90、弃光、拖欠 3 年", "P90, curtailed, 3 years late", {p90, cs, 3}},
    };
    memcpy(ret_stress, all, sizeof all);
}

const char *const ys_earning_class_name[YS_EARN_CLASSES] = {"labour", "business", "property", "transfer"};

void ys_pv_incomes(const ys_pv *p, ys_earning ret_line[YS_PV_INCOMES])
{
    const ys_earning all[YS_PV_INCOMES] = {
        {"pool", "电站收益", "share of the pool", p->pool_owned != 0 ? YS_EARN_PROPERTY : YS_EARN_TRANSFER,
         p->households * p->pool, p->households, NAN},
        {"rent", "土地租金", "land rent", YS_EARN_PROPERTY, p->land_mu * p->land_rent, p->land_households,
         NAN},
        {"public_jobs", "公益岗位", "public-welfare jobs", YS_EARN_LABOUR, p->public_jobs * p->public_wage,
         p->public_jobs, NAN},
        {"farm_jobs", "板下务工", "work under the panels", YS_EARN_LABOUR,
         p->jobs * p->job_days * p->job_wage, p->jobs, NAN},
        {"sheds", "承包大棚", "contracted sheds", YS_EARN_BUSINESS, p->sheds * (p->shed_income - p->shed_fee),
         p->sheds, NAN},
    };
    for (int i = 0; i < YS_PV_INCOMES; i++) {
        ret_line[i] = all[i];
        if (all[i].recipients > 0)
            ret_line[i].each = all[i].total / all[i].recipients;
    }
}

void ys_pv_land_of(const ys_pv *p, ys_pv_land *ret_land)
{
    ys_pv_land l = {.mu_per_mw = p->land_mu / (p->capacity / 1000)};
    l.mu_each = p->land_households > 0 ? p->land_mu / p->land_households : NAN;
    l.rent_each = l.mu_each * p->land_rent;
    l.margin_each = l.mu_each * p->farm_margin;
    l.net_each = l.rent_each - l.margin_each;
    l.open = p->agri_mu * (p->agri_value - p->agri_cost);
    l.shaded = p->agri_mu > 0 ? p->agri_mu * (p->agri_value * (1 - p->shading_loss) - p->agri_cost) : 0;
    l.lost = l.open - l.shaded;
    *ret_land = l;
}
