/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "appraise/fields.h"

const char *const ys_link_name[YS_LINK_TYPES] = {"public_job", "job",    "rent", "dividend",
                                                 "order",      "equity", "own"};
const double ys_shock_price = .75, ys_shock_yield = .8;

/* What the household sells: all of its own production, or what an order pays above the market. */
static double sold(const ys_link *l, double price, double yield, double pay)
{
    double q = l->quantity * yield;
    if (l->type == YS_LINK_OWN)
        return q * l->market_price * price;
    return q * (l->contract_price - l->market_price) * price * pay;
}

static double worth(const ys_link *l, double price, double yield)
{
    double pay = 1 - l->default_rate;
    return l->days * l->wage * (1 - l->displacement) + sold(l, price, yield, pay) + l->rent - l->forgone +
           l->dividend * pay - l->own_input - l->opportunity;
}

/* The firm is gone: no work and so no labour lost to it, payments as far as somebody guarantees them; what was put in is lost. */
static double worth_failed(const ys_link *l, double price, double yield)
{
    if (l->type == YS_LINK_PUBLIC_JOB || l->type == YS_LINK_OWN)
        return worth(l, price, yield);
    double wages = l->days * l->wage * (1 - l->displacement);
    double premium = fmax(0, sold(l, price, yield, 1));
    return l->guarantee * (wages + premium + l->rent + l->dividend) - l->forgone - l->own_input;
}

ys_link_gain ys_link_judge(const ys_link *l)
{
    double alive = 1 - l->default_rate, y = ys_shock_yield, c = ys_shock_price;
    ys_link_gain g = {.expected = worth(l, 1, 1), .alive3 = alive * alive * alive};
    g.price = fmin(g.expected, worth(l, c, 1));
    g.yield = fmin(g.expected, worth(l, 1, y));
    g.firm = fmin(g.expected, worth_failed(l, 1, 1));
    g.all = fmin(fmin(fmin(g.price, g.yield), g.firm), worth_failed(l, c, y));
    g.lifts = g.firm >= 0;
    return g;
}

ys_status ys_industry_check(const ys_industry *p, const ys_link *link, int n, ys_diag *diag)
{
    YS_TRY(ys__fields_check(ys_industry_fields, p, diag));
    if (n < 1)
        return ys_fail(diag, YS_EDATA, "项目没有任何联结农户的方式（link）",
                       "the project has no link with households");
    for (int i = 0; i < n; i++) {
        YS_TRY(ys__fields_check(ys_link_fields, &link[i], diag));
        if (link[i].poor > link[i].households)
            return ys_fail(diag, YS_EDATA, "第 %d 个 link 的 poor 大于 households",
                           "link %d has more poor households than households", i + 1);
    }
    if (p->jobs_on_payroll > p->jobs_promised)
        return ys_fail(diag, YS_EDATA, "jobs_on_payroll 是 jobs_promised 中已核实的部分，不能更大",
                       "jobs_on_payroll counts those of jobs_promised, and cannot be more");
    return YS_OK;
}

void ys_industry_score(const ys_industry *p, const ys_link *link, int n, ys_scorecard *ret_score)
{
    ys_scorecard s = {.lifts = n > 0};
    for (int i = 0; i < n; i++) {
        ys_link_gain g = ys_link_judge(&link[i]);
        bool own = link[i].type == YS_LINK_OWN;
        s.households += link[i].households;
        s.poor += link[i].poor;
        s.gain += link[i].households * g.expected;
        s.poor_gain += link[i].poor * g.expected;
        s.gain_firm += link[i].households * g.firm;
        s.exposed +=
            link[i].households * link[i].quantity * (own ? link[i].market_price : link[i].contract_price);
        s.lifts = s.lifts && g.lifts;
    }
    s.poor_share = p->value_added > 0 ? s.poor_gain / p->value_added : NAN;
    s.cost_each = s.poor > 0 ? p->grant / s.poor : NAN;
    s.cost_per_yuan = s.poor_gain > 0 ? p->grant / s.poor_gain : NAN;
    s.jobs_kept = p->jobs_promised > 0 ? p->jobs_on_payroll / p->jobs_promised : NAN;
    *ret_score = s;
}

double ys_hhi(const double *amount, int n)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        sum += amount[i];
        squares += amount[i] * amount[i];
    }
    return sum > 0 ? squares / (sum * sum) : NAN;
}

double ys_price_var(const double *price, int n, double tail)
{
    double change[YS_PRICES];
    int m = 0;
    if (n < 5 || n > YS_PRICES)
        return NAN;
    for (int i = 1; i < n; i++) {
        double c = price[i] / price[i - 1] - 1;
        int k = m++;
        for (; k > 0 && change[k - 1] > c; k--)
            change[k] = change[k - 1];
        change[k] = c;
    }
    double h = tail * (m - 1);
    int k = (int)h;
    double q = k + 1 < m ? change[k] + (h - k) * (change[k + 1] - change[k]) : change[m - 1];
    return fmax(0, -q);
}
