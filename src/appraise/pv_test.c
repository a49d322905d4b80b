/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "yaoshi/appraise.h"

static void near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within))
        fail_msg("%.15g is not %.15g within %g", a, b, within);
}

/* The plant of the goldens: 100 MWp, 1250 kWh/kWp, .42 yuan/kWh, 4.5 yuan/W, 70 % debt, 4000 households. */
static ys_pv plant(void)
{
    ys_pv p;
    ys_fields_default(ys_pv_fields, &p);
    p.capacity = 1e5, p.yield = 1250, p.tariff = .42, p.capex = 4.5, p.opex = .055;
    p.debt_share = .7, p.households = 4000;
    return p;
}

static ys_pv_case run(const ys_pv *p, double energy, double curtail, int delay)
{
    const ys_pv_shock s = {energy, curtail, delay};
    ys_pv_case c;
    assert_int_equal(ys_pv_check(p, NULL), YS_OK);
    ys_pv_run(p, &s, &c);
    return c;
}

static void goldens(void **state)
{
    (void)state;
    const double tariff[] = {.30, .35, .42, .55, .85}, irr[] = {4.462, 6.344, 8.776, 12.923, 21.717};
    ys_pv p = plant();
    ys_pv_case c = run(&p, 1, 0, 0);
    near(c.sold / 1e6, 2944.4939, 5e-5);
    near(c.npv / 1e6, 121.357761, 5e-7);
    near(100 * c.irr.rate, 8.775907, 5e-7);
    near(c.lcoe, .34056577, 5e-9);
    near(c.annuity / 1e6, 29.3308, 5e-5);
    near(c.dscr_first, 1.602, 5e-4);
    near(c.dscr_pool_first, 1.193, 5e-4);
    for (int i = 0; i < 5; i++) {
        p.tariff = tariff[i];
        near(100 * run(&p, 1, 0, 0).irr.rate, irr[i], 5e-4);
    }
}

static void months_give_the_energy(void **state)
{
    (void)state;
    /* Heze, China Daily Solar Radiation Dataset; the rounded months sum to 1424.7 kWh/m2. */
    const double heze[12] = {69.4, 81.1, 121.1, 149.0, 173.7, 170.4, 152.9, 143.6, 120.6, 103.1, 75.5, 64.3};
    ys_pv p = plant();
    p.yield = NAN;
    assert_int_equal(ys_pv_check(&p, NULL), YS_EDATA);
    memcpy(p.ghi, heze, sizeof heze);
    p.plane_gain = 1.1;
    p.performance_ratio = .8;
    near(ys_pv_energy(&p, 1), 1e5 * 1424.7 * 1.1 * .8, 1);
    p.performance_ratio = NAN;
    p.cell_temperature = 45;
    near(ys_pv_performance(&p), .85924339311735531 * .96 * .93, 1e-12);
    near(ys_pv_energy(&p, 3) / ys_pv_energy(&p, 1), .995 * .995, 1e-12);
}

static ys_pv at_random(ys_rng *r)
{
    ys_pv p = plant();
    p.yield = 900 + 800 * ys_rng_uniform(r);
    p.tariff = .3 + .7 * ys_rng_uniform(r);
    p.tariff_delayed = p.tariff * ys_rng_uniform(r);
    p.capex = 2 + 8 * ys_rng_uniform(r);
    p.discount = .1 * ys_rng_uniform(r);
    p.degradation = .02 * ys_rng_uniform(r);
    p.households = (double)(1 + (int)(5000 * ys_rng_uniform(r)));
    p.tax = .25 * ys_rng_uniform(r);
    p.years = 20 + (int)(20 * ys_rng_uniform(r));
    return p;
}

static void properties(void **state)
{
    (void)state;
    ys_rng r;
    ys_rng_init(&r, 8, 1);
    for (int i = 0; i < 400; i++) {
        ys_pv p = at_random(&r), q = p;
        ys_pv_case base = run(&p, 1, 0, 0);
        double flow[1 + YS_PV_YEARS + YS_PV_DELAY] = {-p.capex * p.capacity * 1000};
        q.discount = p.discount + .01;
        assert_true(run(&q, 1, 0, 0).npv < base.npv);
        assert_true(base.dscr_pool_least < base.dscr_least && base.npv_pool < base.npv);
        assert_true(base.pool_paid <= base.pool_due);
        q = p;
        q.tax = 0;
        ys_pv_case free_of_tax = run(&q, 1, 0, 0);
        for (int t = 0; t < free_of_tax.years; t++)
            flow[t + 1] = free_of_tax.year[t].revenue - free_of_tax.year[t].cost;
        near(ys_npv(flow, free_of_tax.years + 1, p.discount), free_of_tax.npv, 1e-3);
        if (free_of_tax.irr.state == YS_IRR_FOUND)
            near(ys_npv(flow, free_of_tax.years + 1, free_of_tax.irr.rate), 0, 1e-2); /* yuan, of 1e8 */
        ys_pv_stress s[YS_PV_STRESSES];
        ys_pv_stresses(&p, s);
        for (int k = 1; k < YS_PV_STRESSES; k++) {
            ys_pv_case c;
            ys_pv_run(&p, &s[k].shock, &c);
            assert_true(c.npv <= base.npv && c.dscr_first <= base.dscr_first);
            assert_true(c.dscr_pool_first <= base.dscr_pool_first);
            if (s[k].shock.delay == 0)
                assert_true(c.dscr_least <= base.dscr_least && c.pool_paid <= base.pool_paid);
            if (base.irr.state == YS_IRR_FOUND && base.irr.rate > 0 && c.irr.state == YS_IRR_FOUND)
                assert_true(c.irr.rate <= base.irr.rate + 1e-12);
        }
    }
}

static void late_money_comes_in_the_end(void **state)
{
    (void)state;
    ys_pv p = plant();
    p.tariff_delayed = .2;
    ys_pv_case a = run(&p, 1, 0, 0), b = run(&p, 1, 0, 3);
    double x = 0, y = 0;
    for (int t = 0; t < a.years; t++)
        x += a.year[t].revenue;
    for (int t = 0; t < b.years; t++)
        y += b.year[t].revenue;
    near(x, y, 1e-3);
    assert_int_equal(b.years, a.years + 3);
    assert_true(b.pool_short >= 3); /* .22 yuan/kWh does not carry bank and households */
    near(b.year[0].pool_paid, 0, 0);
    assert_true(b.dscr_first < 1);
}

static void refuses(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_pv p = plant();
    p.capacity = -1;
    assert_int_equal(ys_pv_check(&p, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "capacity"));
    p = plant();
    p.tariff = NAN;
    assert_int_equal(ys_pv_check(&p, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "tariff is missing"));
    p = plant();
    p.tariff_delayed = .5;
    assert_int_equal(ys_pv_check(&p, &d), YS_EDATA);
    p = plant();
    p.years = 10.5;
    assert_int_equal(ys_pv_check(&p, &d), YS_EDATA);
    p = plant();
    p.debt_years = 30;
    assert_int_equal(ys_pv_check(&p, &d), YS_EDATA);
}

static void incomes_and_land(void **state)
{
    (void)state;
    ys_pv p = plant();
    ys_earning line[YS_PV_INCOMES];
    ys_pv_land land;
    p.land_mu = 4100, p.land_households = 1000, p.land_rent = 600, p.jobs = 10, p.job_days = 200,
    p.job_wage = 80;
    ys_pv_incomes(&p, line);
    near(line[0].total, 12e6, 0);
    near(line[0].each, 3000, 0);
    assert_int_equal(line[0].what, YS_EARN_TRANSFER);
    near(line[1].each, 2460, 1e-9);
    near(line[3].each, 16000, 0);
    assert_true(isnan(line[4].each));
    ys_pv_land_of(&p, &land);
    near(land.mu_per_mw, 41, 1e-12);
    assert_true(isnan(land.net_each)); /* what the land brought before is not known */
    p.farm_margin = 700, p.agri_mu = 1000, p.agri_value = 3000, p.agri_cost = 1000, p.shading_loss = .3;
    ys_pv_land_of(&p, &land);
    near(land.net_each, -410, 1e-9);
    near(land.lost, 900000, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goldens),    cmocka_unit_test(months_give_the_energy),
        cmocka_unit_test(properties), cmocka_unit_test(late_money_comes_in_the_end),
        cmocka_unit_test(refuses),    cmocka_unit_test(incomes_and_land),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
