/* SPDX-License-Identifier: Apache-2.0 */
#include "base/dmath.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Only + - * /, comparisons and exact scaling by powers of two are used below: IEEE 754 fixes their bits. */

static double scale2(double x, int k)
{
    /* Two steps, so that results near the ends of the range neither overflow nor lose bits early. */
    int half = k / 2;
    uint64_t bits = (uint64_t)(half + 1023) << 52, rest = (uint64_t)(k - half + 1023) << 52;
    double f, g;
    memcpy(&f, &bits, sizeof f);
    memcpy(&g, &rest, sizeof g);
    return x * f * g;
}

double ys_exp(double x)
{
    static const double ln2_hi = 0x1.62e42fee00000p-1, ln2_lo = 0x1.a39ef35793c76p-33;
    if (!(x < 709.0))
        return x >= 709.0 ? (x < 709.78 ? ys_exp(x - 1) * 0x1.5bf0a8b145769p+1 : (double)INFINITY) : x;
    if (x < -708.0)
        return 0;
    double k = x * 0x1.71547652b82fep+0;
    k = (double)(int64_t)(k + (k < 0 ? -0.5 : 0.5));
    double r = (x - k * ln2_hi) - k * ln2_lo, sum = 1;
    for (int i = 14; i >= 1; i--)
        sum = 1 + r * sum / i;
    return scale2(sum, (int)k);
}

double ys_log(double x)
{
    if (!(x > 0))
        return (double)NAN;
    if (x > DBL_MAX)
        return x;
    int k = 0;
    if (x < DBL_MIN) {
        x *= 0x1p54;
        k = -54;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    k += (int)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffu) | 0x3ff0000000000000u;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 0x1.6a09e667f3bcdp+0) {
        m *= 0.5;
        k++;
    }
    /* ln m = 2 artanh s, |s| < 0.1716: the series to s^25 is exact to the last bit or two. */
    double s = (m - 1) / (m + 1), q = s * s, sum = 0;
    for (int i = 25; i >= 3; i -= 2)
        sum = q * (1.0 / i + sum);
    return k * 0x1.62e42fee00000p-1 + (2 * s + 2 * s * sum + k * 0x1.a39ef35793c76p-33);
}

/* W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969), 631-637. */
static double erf_small(double x)
{
    static const double a[5] = {3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
                                3.20937758913846947e3, 1.85777706184603153e-1};
    static const double b[4] = {2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
                                2.84423683343917062e3};
    double y = x * x, num = a[4] * y, den = y;
    for (int i = 0; i < 3; i++) {
        num = (num + a[i]) * y;
        den = (den + b[i]) * y;
    }
    return x * (num + a[3]) / (den + b[3]);
}

/* exp(-x*x) with the square split, so that its rounding error does not grow with x. */
static double exp_minus_square(double x)
{
    double head = (double)(int64_t)(x * 16) / 16, tail = (x - head) * (x + head);
    return ys_exp(-head * head) * ys_exp(-tail);
}

static double erfc_middle(double x, double e)
{
    static const double c[9] = {5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
                                2.98635138197400131e2,  8.81952221241769090e2, 1.71204761263407058e3,
                                2.05107837782607147e3,  1.23033935479799725e3, 2.15311535474403846e-8};
    static const double d[8] = {1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
                                1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
                                3.43936767414372164e3, 1.23033935480374942e3};
    double num = c[8] * x, den = x;
    for (int i = 0; i < 7; i++) {
        num = (num + c[i]) * x;
        den = (den + d[i]) * x;
    }
    return e * (num + c[7]) / (den + d[7]);
}

static double erfc_large(double x, double e)
{
    static const double p[6] = {3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
                                1.60837851487422766e-2, 6.58749161529837803e-4, 1.63153871373020978e-2};
    static const double q[5] = {2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1,
                                6.05183413124413191e-2, 2.33520497626869185e-3};
    double y = 1 / (x * x), num = p[5] * y, den = y;
    for (int i = 0; i < 4; i++) {
        num = (num + p[i]) * y;
        den = (den + q[i]) * y;
    }
    double tail = y * (num + p[4]) / (den + q[4]);
    return e * (0.56418958354775628695 - tail) / x;
}

/* erfc for 0.46875 < x < 27, with e = exp(-x*x). */
static double erfc_of(double x, double e)
{
    return x <= 4 ? erfc_middle(x, e) : erfc_large(x, e);
}

/* erfc for x >= 0, without cancellation in the tail. */
static double erfc_positive(double x)
{
    if (x <= 0.46875)
        return 1 - erf_small(x);
    return x < 27 ? erfc_of(x, exp_minus_square(x)) : 0;
}

/* Lanes of ys_exp for arguments in -708..0, each lane with its operations in its order. */
enum { LANES = 8 };

static void exp_lanes(double *x)
{
    double r[LANES], sum[LANES], f[LANES];
    for (int j = 0; j < LANES; j++) {
        double k = x[j] * 0x1.71547652b82fep+0;
        int32_t whole = (int32_t)(k + (k < 0 ? -0.5 : 0.5)), half = whole / 2;
        k = (double)whole;
        r[j] = (x[j] - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
        sum[j] = 1;
        uint64_t bits = (uint64_t)(half + 1023) << 52, rest = (uint64_t)(whole - half + 1023) << 52;
        memcpy(&f[j], &bits, sizeof bits);
        memcpy(&x[j], &rest, sizeof rest);
    }
    for (int i = 14; i >= 1; i--)
        for (int j = 0; j < LANES; j++)
            sum[j] = 1 + r[j] * sum[j] / i;
    for (int j = 0; j < LANES; j++)
        x[j] = sum[j] * f[j] * x[j];
}

/* Arguments of ys_exp that wait for their turn in lanes. */
typedef struct waiting {
    double x[3 * YS_NORM_MANY + LANES];
    int n;
} waiting;

static int wait_for_exp(waiting *w, double x)
{
    w->x[w->n] = x;
    return w->n++;
}

void ys_norm_many(const double *x, int n, double *ret_cdf, double *ret_pdf)
{
    waiting w;
    w.n = 0;
    int at[YS_NORM_MANY];
    for (int i = 0; i < n; i++) {
        double t = x[i] * 0.70710678118654752440, a = t < 0 ? -t : t, g = -0.5 * x[i] * x[i];
        at[i] = -1;
        if (!(g >= -708) || a >= 26) /* far out, or not a number */
            continue;
        at[i] = wait_for_exp(&w, g);
        if (a > 0.46875) {
            double head = (double)(int64_t)(a * 16) / 16;
            (void)wait_for_exp(&w, -head * head);
            (void)wait_for_exp(&w, -((a - head) * (a + head)));
        }
    }
    for (int i = w.n; i < w.n + LANES; i++)
        w.x[i] = 0;
    for (int i = 0; i < w.n; i += LANES)
        exp_lanes(w.x + i);
    for (int i = 0; i < n; i++) {
        double t = x[i] * 0.70710678118654752440, a = t < 0 ? -t : t;
        if (at[i] < 0) {
            ret_cdf[i] = ys_norm_cdf(x[i]);
            ret_pdf[i] = ys_norm_pdf(x[i]);
            continue;
        }
        const double *e = w.x + at[i];
        double tail = a <= 0.46875 ? 1 - erf_small(a) : erfc_of(a, e[1] * e[2]);
        ret_pdf[i] = 0.39894228040143267794 * e[0];
        ret_cdf[i] = t < 0 ? 0.5 * tail : 1 - 0.5 * tail;
    }
}

double ys_erf(double x)
{
    if (x != x)
        return x;
    if (x > -0.46875 && x < 0.46875)
        return erf_small(x);
    return x > 0 ? 1 - erfc_positive(x) : erfc_positive(-x) - 1;
}

/* Sine of r + quarter × π/2 for |r| <= π/4 by its series: the terms left out are below 2^-60. */
static double sine_of(double r, int quarter)
{
    double q = r * r, sum = 1;
    int last = quarter % 2 == 0 ? 19 : 18;
    for (int i = last; i >= 2; i -= 2)
        sum = 1 - sum * q / (i * (i - 1));
    if (quarter % 2 == 0)
        sum *= r;
    return quarter >= 2 ? -sum : sum;
}

static double sine_shifted(double x, int quarter)
{
    /* π/2 in two parts, the first with zeros at its end, so that k times it is exact. */
    static const double half_pi_hi = 0x1.921fb54400000p+0, half_pi_lo = 0x1.0b4611a626331p-34;
    if (!(x >= -1000 && x <= 1000))
        return (double)NAN;
    double k = x * 0x1.45f306dc9c883p-1;
    int64_t n = (int64_t)(k + (k < 0 ? -0.5 : 0.5));
    double r = (x - (double)n * half_pi_hi) - (double)n * half_pi_lo;
    return sine_of(r, (int)(((n + quarter) % 4 + 4) % 4));
}

double ys_sin(double x)
{
    return sine_shifted(x, 0);
}

double ys_cos(double x)
{
    return sine_shifted(x, 1);
}

/* Newton's steps on sin y = x, from the beginning of the series of asin; three give all digits up to sqrt(1/2). */
double ys_asin(double x)
{
    double a = x < 0 ? -x : x;
    if (!(a <= 1))
        return (double)NAN;
    bool steep = a > 0.70710678118654752440;
    double v = steep ? sqrt((1 - a) * (1 + a)) : a, y = v * (1 + v * v * (1.0 / 6 + v * v * (3.0 / 40)));
    for (int i = 0; i < 3; i++)
        y -= (ys_sin(y) - v) / ys_cos(y);
    y = steep ? 0x1.921fb54442d18p+0 - y : y;
    return x < 0 ? -y : y;
}

double ys_norm_pdf(double x)
{
    return 0.39894228040143267794 * ys_exp(-0.5 * x * x);
}

double ys_norm_cdf(double x)
{
    double t = x * 0.70710678118654752440;
    if (t != t)
        return t;
    return t < 0 ? 0.5 * erfc_positive(-t) : 1 - 0.5 * erfc_positive(t);
}

static double ratio(const double *num, const double *den, double r)
{
    double p = num[7], q = den[6];
    for (int i = 6; i >= 0; i--)
        p = p * r + num[i];
    for (int i = 5; i >= 0; i--)
        q = q * r + den[i];
    return p / (q * r + 1);
}

/* M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988), 477-484.  sqrt is correctly rounded by IEEE
 * 754. */
double ys_norm_inv(double p)
{
    static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double b[7] = {4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                                2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
                                5.2264952788528545610e3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[7] = {2.05319162663775882187e0,  1.67638483018380384940e0,
                                6.89767334985100004550e-1, 1.48103976427480074590e-1,
                                1.51986665636164571966e-2, 5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[7] = {5.99832206555887937690e-1, 1.36929880922735805310e-1,
                                1.48753612908506148525e-2, 7.86869131145613259100e-4,
                                1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    if (!(p > 0 && p < 1))
        return p == 0 ? -(double)INFINITY : p == 1 ? (double)INFINITY : (double)NAN;
    double q = p - 0.5;
    if (q >= -0.425 && q <= 0.425)
        return q * ratio(a, b, 0.180625 - q * q);
    double r = sqrt(-ys_log(q < 0 ? p : 1 - p));
    double z = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
    return q < 0 ? -z : z;
}
