/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/dmath.h"

static void near_(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fmax(fabs(want), 1e-300)))
        fail_msg("got %.17g, want %.17g", got, want);
}

static void agrees_with_libm(void **state)
{
    (void)state;
    for (double x = -700; x < 700; x += 0.37)
        near_(ys_exp(x), exp(x), 4e-16 + 1e-18 * fabs(x));
    for (double x = 1e-300; x < 1e300; x *= 1.7)
        near_(ys_log(x), log(x), 4e-16);
    for (double x = 0.5; x < 2; x += 0.001)
        if (x != 1)
            assert_true(fabs(ys_log(x) - log(x)) < 3e-16);
    for (double x = -6; x < 6; x += 0.0037)
        assert_true(fabs(ys_erf(x) - erf(x)) < 4e-16);
    for (double x = -30; x < 8; x += 0.011)
        near_(ys_norm_cdf(x), 0.5 * erfc(-x / sqrt(2)), 2e-13);
}

static void sines_agree_with_libm(void **state)
{
    (void)state;
    for (double x = -1000; x < 1000; x += 0.0713) {
        assert_true(fabs(ys_sin(x) - sin(x)) < 4e-16);
        assert_true(fabs(ys_cos(x) - cos(x)) < 4e-16);
    }
    for (double x = -1; x <= 1; x += 0.00037)
        assert_true(fabs(ys_asin(x) - asin(x)) < 5e-16);
    assert_true(fabs(ys_asin(1) - acos(0)) < 1e-16 && ys_sin(0) == 0 && ys_cos(0) == 1);
    assert_true(isnan(ys_asin(1.0001)) && isnan(ys_sin(1e9)) && isnan(ys_cos((double)NAN)));
}

static void inverse_undoes_the_distribution(void **state)
{
    (void)state;
    for (double p = 1e-12; p < 1; p += p < 0.01 ? p : 0.0013)
        near_(ys_norm_cdf(ys_norm_inv(p)), p, 1e-13);
    assert_true(fabs(ys_norm_inv(0.975) - 1.959963984540054) < 1e-14);
    assert_true(ys_norm_inv(0.5) == 0);
    assert_true(isinf(ys_norm_inv(0)) && isinf(ys_exp(800)) && ys_exp(-800) == 0 && isnan(ys_log(-1)));
}

/* Many at once: the same bits as one by one, in all regimes and at their borders. */
static void many_are_the_same(void **state)
{
    (void)state;
    double x[YS_NORM_MANY], cdf[YS_NORM_MANY], pdf[YS_NORM_MANY];
    static const double special[] = {0,
                                     -0.0,
                                     5e-324,
                                     1e300,
                                     -1e300,
                                     (double)INFINITY,
                                     -(double)INFINITY,
                                     36.7,
                                     -36.8,
                                     37.7,
                                     -37.6,
                                     0.46875 / 0.70710678118654752440,
                                     4 / 0.70710678118654752440,
                                     -27 / 0.70710678118654752440};
    int n = 0;
    double next = -45;
    for (size_t k = 0; next < 45; n = 0) {
        int want = 1 + (int)(k * 7 % YS_NORM_MANY);
        while (n < want)
            x[n++] = k < 14 ? special[k++] : (next += 0.00317 + 1e-4 * (double)(k++ % 29));
        ys_norm_many(x, n, cdf, pdf);
        for (int i = 0; i < n; i++)
            if (cdf[i] != ys_norm_cdf(x[i]) || pdf[i] != ys_norm_pdf(x[i]))
                fail_msg("%.17g: %.17g %.17g", x[i], cdf[i], pdf[i]);
    }
    x[0] = (double)NAN;
    ys_norm_many(x, 1, cdf, pdf);
    assert_true(isnan(cdf[0]) && isnan(pdf[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_libm), cmocka_unit_test(sines_agree_with_libm),
        cmocka_unit_test(inverse_undoes_the_distribution), cmocka_unit_test(many_are_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
