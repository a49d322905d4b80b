/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/rng.h"
#include "yaoshi/appraise.h"

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-9))
        fail_msg("%.15g is not %.15g", a, b);
}

static ys_link of(ys_link_type type)
{
    ys_link l;
    ys_fields_default(ys_link_fields, &l);
    l.type = type, l.households = 100, l.poor = 40;
    return l;
}

/* Each type by hand. */
static void by_hand(void **state)
{
    (void)state;
    ys_link l = of(YS_LINK_JOB);
    l.days = 200, l.wage = 80, l.displacement = .25, l.opportunity = 2000;
    ys_link_gain g = ys_link_judge(&l);
    near(g.expected, 10000);
    near(g.firm, 0); /* no work, no wage, no labour lost */
    assert_true(g.lifts);
    l = of(YS_LINK_RENT);
    l.rent = 3000, l.forgone = 2000;
    g = ys_link_judge(&l);
    near(g.expected, 1000);
    near(g.firm, -2000);
    assert_false(g.lifts);
    l.guarantee = .7; /* 2100 of the rent comes all the same */
    near(ys_link_judge(&l).firm, 100);
    l = of(YS_LINK_ORDER);
    l.quantity = 1000, l.contract_price = 3, l.market_price = 2.5, l.own_input = 100, l.default_rate = .1;
    g = ys_link_judge(&l);
    near(g.expected, 350);
    near(g.price, 1000 * .5 * .75 * .9 - 100);
    near(g.yield, 800 * .5 * .9 - 100);
    near(g.firm, -100);
    near(g.alive3, .729);
    l = of(YS_LINK_OWN);
    l.quantity = 1000, l.market_price = 10, l.own_input = 7800, l.opportunity = 1000;
    g = ys_link_judge(&l);
    near(g.expected, 1200);
    near(g.price, -1300);
    near(g.yield, -800);
    near(g.firm, 1200);
    near(g.all, 6000 - 8800);
    l = of(YS_LINK_DIVIDEND);
    l.dividend = 3000, l.own_input = 0, l.default_rate = .2;
    near(ys_link_judge(&l).expected, 2400);
    assert_true(ys_link_judge(&l).lifts);
    l.own_input = 500;
    assert_false(ys_link_judge(&l).lifts);
}

static void a_shock_is_no_gain(void **state)
{
    (void)state;
    ys_rng r;
    ys_rng_init(&r, 3, 1);
    for (int i = 0; i < 2000; i++) {
        ys_link l = of((ys_link_type)(i % YS_LINK_TYPES));
        for (const ys_field_def *f = ys_link_fields; f->name != NULL; f++)
            *(double *)(void *)((char *)&l + f->at) =
                f->unit[0] == '%' ? ys_rng_uniform(&r) : 1000 * ys_rng_uniform(&r);
        ys_link_gain g = ys_link_judge(&l);
        assert_true(g.price <= g.expected && g.yield <= g.expected && g.firm <= g.expected);
        assert_true(g.all <= g.price && g.all <= g.yield && g.all <= g.firm);
        assert_true(g.lifts == (g.firm >= 0));
    }
}

static void project(void **state)
{
    (void)state;
    ys_link l[2] = {of(YS_LINK_PUBLIC_JOB), of(YS_LINK_RENT)};
    ys_industry p;
    ys_scorecard s;
    ys_fields_default(ys_industry_fields, &p);
    p.grant = 400000, p.value_added = 1e6, p.jobs_promised = 40, p.jobs_on_payroll = 30;
    l[0].days = 100, l[0].wage = 50;
    l[1].rent = 1000, l[1].forgone = 600;
    assert_int_equal(ys_industry_check(&p, l, 2, NULL), YS_OK);
    ys_industry_score(&p, l, 2, &s);
    near(s.gain, 540000);
    near(s.poor_gain, 216000);
    near(s.poor_share, .216);
    near(s.cost_each, 5000);
    near(s.jobs_kept, .75);
    assert_false(s.lifts);
    l[1].poor = 101;
    assert_int_equal(ys_industry_check(&p, l, 2, NULL), YS_EDATA);
    assert_int_equal(ys_industry_check(&p, l, 0, NULL), YS_EDATA);
}

static void concentration_and_prices(void **state)
{
    (void)state;
    const double buyer[] = {50, 30, 20}, price[] = {10, 8, 10, 9, 9.9}, up[] = {1, 2, 3, 4, 5};
    near(ys_hhi(buyer, 3), .38);
    assert_true(isnan(ys_hhi(buyer, 0)));
    /* changes -.2 -.1 .1 .25; the tenth part of them, type 7: -.2 + .3*.1 */
    near(ys_price_var(price, 5, .1), .17);
    near(ys_price_var(up, 5, .1), 0);
    assert_true(isnan(ys_price_var(price, 4, .1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_hand), cmocka_unit_test(a_shock_is_no_gain),
                                       cmocka_unit_test(project), cmocka_unit_test(concentration_and_prices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
