/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"
#include "io/csv.h"
#include "yaoshi/appraise.h"

static void near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within))
        fail_msg("%.15g is not %.15g within %g", a, b, within);
}

/* Goldens of pvlib's tests of PVWatts. */
static void pvwatts(void **state)
{
    (void)state;
    near(ys_pv_dc(900, 30, 100, -.003), 88.65, 1e-12);
    near(ys_pv_dc_low(100, 30, 100, -.003, .01), 8.9125, 1e-12);
    near(ys_pv_dc_low(1000, 25, 100, -.003, .01), 100, 1e-12);
    near(ys_pv_ac(90, 100, .95), 85.58556604752516, 1e-12);
    near(ys_pv_ac(50, 100, .95), 47.60843624, 5e-9);
    near(ys_pv_ac(200, 100, .95), 95, 0);
    near(ys_pv_ac(0, 100, .95), 0, 0);
    near(ys_pv_losses(ys_pv_loss_default, 10), .14075660688264469, 1e-15);
    near(ys_pv_cell_noct(20, 800, 45), 45, 1e-12);
    near(ys_pv_cell_faiman(20, 638.4, 1), 20 + 638.4 / 31.84, 1e-12);
}

/* NREL's own run: 4 kW open rack in Denver, 14.08 % losses, DC/AC 1.2: 6023.67 kWh.  Its DC power allows for the reflection of the
 * cover at low angles, which its irradiation does not: ours from that irradiation lies one to three percent above. */
static void pvwatts_year(void **state)
{
    (void)state;
    char path[512];
    const char *shared = getenv("YAOSHI_SHARED");
    ys_csv *c = NULL;
    const char *const *cell = NULL;
    double ac = 0, dc = 0, theirs = 0;
    int n = 0, hours = 0;
    snprintf(path, sizeof path, "%s/data/solar/pvwatts/pvwatts_8760_rackmount.csv",
             shared != NULL ? shared : "");
    if (ys_csv_open(path, NULL, &c, NULL) != YS_OK) {
        print_message("skipped: no hourly run of PVWatts (set YAOSHI_SHARED)\n");
        skip();
    }
    while (ys_csv_next(c, &cell, &n, NULL, NULL) == YS_OK && cell != NULL) {
        double poa, cell_c, power;
        if (n < 11 || !ys_parse_real(cell[7], &poa) || !ys_parse_real(cell[8], &cell_c) ||
            !ys_parse_real(cell[9], &power) || hours == 8760)
            continue;
        ac += ys_pv_ac(power, 4000 / 1.2 / .96, .96) / 1000;
        dc += ys_pv_dc(poa, cell_c, 4000, -.0047) * (1 - .1408) / 1000;
        theirs += power / 1000;
        hours++;
    }
    ys_csv_close(c);
    assert_int_equal(hours, 8760);
    near(ac, 6023.67, .5);
    assert_true(dc > 1.005 * theirs && dc < 1.03 * theirs);
}

static void rates(void **state)
{
    (void)state;
    const double twice[] = {-100, 120}, never[] = {-1, -2, -3}, above[] = {-1, 5}, below[] = {-100, 1},
                 two[] = {-100, 230, -132}, lent[] = {100, -110}, none[] = {1, -1.5, 1},
                 on_grid[] = {-100, 350, -250}, at_end[] = {25, -62.5, 25};
    ys_irr r = ys_irr_find(twice, 2);
    assert_int_equal(r.state, YS_IRR_FOUND);
    near(r.rate, .2, 1e-12);
    assert_int_equal(ys_irr_find(never, 3).state, YS_IRR_NO_CHANGE);
    assert_int_equal(ys_irr_find(above, 2).state, YS_IRR_ABOVE);
    assert_int_equal(ys_irr_find(below, 2).state, YS_IRR_BELOW);
    r = ys_irr_find(two, 3); /* 10 % and 20 % */
    assert_int_equal(r.state, YS_IRR_SEVERAL);
    assert_int_equal(r.sign_changes, 2);
    assert_true(isnan(r.rate));
    near(ys_irr_find(lent, 2).rate, .1, 1e-12);
    assert_int_equal(ys_irr_find(none, 3).state, YS_IRR_NONE);
    r = ys_irr_find(on_grid, 3); /* 0 % and 150 %: the one in between lies on a step of the search */
    assert_int_equal(r.state, YS_IRR_FOUND);
    near(r.rate, 0, 1e-12);
    r = ys_irr_find(at_end, 3); /* 100 % and -50 % */
    assert_int_equal(r.state, YS_IRR_SEVERAL);
    near(ys_annuity(315e6, .045, 15), 29330849.55615221, 1e-6);
    near(ys_annuity(100, 0, 4), 25, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pvwatts), cmocka_unit_test(pvwatts_year),
                                       cmocka_unit_test(rates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
