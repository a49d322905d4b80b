/* SPDX-License-Identifier: Apache-2.0 */
#include "yaoshi/appraise.h"

#include <float.h>
#include <math.h>

double ys_npv(const double *flow, int n, double rate)
{
    /* Horner from the end: one division a year. */
    double v = 0;
    for (int t = n - 1; t >= 0; t--)
        v = v / (1 + rate) + flow[t];
    return v;
}

double ys_annuity(double debt, double rate, int years)
{
    double grown = 1;
    for (int t = 0; t < years; t++)
        grown *= 1 + rate;
    return rate == 0 ? debt / years : debt * rate / (1 - 1 / grown);
}

static int sign_changes(const double *flow, int n)
{
    int changes = 0;
    double last = 0;
    for (int t = 0; t < n; t++) {
        changes += flow[t] * last < 0;
        if (flow[t] != 0)
            last = flow[t] > 0 ? 1 : -1;
    }
    return changes;
}

typedef struct bracket {
    double a, b, c, fa, fb, fc; /* b: best so far; the root lies between b and c; a: the b before */
    double step, before;
} bracket;

/* Inverse quadratic interpolation (secant with two points) where it shrinks the bracket fast enough, else halving. */
static void next_step(bracket *z, double tolerance)
{
    double half = .5 * (z->c - z->b), p, q, s = z->fb / z->fa;
    if (fabs(z->before) < tolerance || fabs(z->fa) <= fabs(z->fb)) {
        z->before = z->step = half;
        return;
    }
    if (z->a == z->c) {
        p = 2 * half * s;
        q = 1 - s;
    } else {
        double u = z->fa / z->fc, r = z->fb / z->fc;
        p = s * (2 * half * u * (u - r) - (z->b - z->a) * (r - 1));
        q = (u - 1) * (r - 1) * (s - 1);
    }
    if (p > 0)
        q = -q;
    p = fabs(p);
    if (2 * p < fmin(3 * half * q - fabs(tolerance * q), fabs(z->before * q))) {
        z->before = z->step;
        z->step = p / q;
    } else {
        z->before = z->step = half;
    }
}

/* Brent's method; the values at `lo` and `hi` have different signs. */
static double root_between(const double *flow, int n, double lo, double hi)
{
    bracket z = {.a = lo, .b = hi, .fa = ys_npv(flow, n, lo), .fb = ys_npv(flow, n, hi)};
    z.c = z.b;
    z.fc = z.fb;
    for (int i = 0; i < 200; i++) {
        if ((z.fb > 0) == (z.fc > 0)) {
            z.c = z.a;
            z.fc = z.fa;
            z.before = z.step = z.b - z.a;
        }
        if (fabs(z.fc) < fabs(z.fb)) {
            z.a = z.b, z.b = z.c, z.c = z.a;
            z.fa = z.fb, z.fb = z.fc, z.fc = z.fa;
        }
        double tolerance = 2 * DBL_EPSILON * fabs(z.b) + 5e-14;
        if (z.fb == 0 || fabs(.5 * (z.c - z.b)) <= tolerance)
            break;
        next_step(&z, tolerance);
        z.a = z.b;
        z.fa = z.fb;
        z.b += fabs(z.step) > tolerance ? z.step : z.c > z.b ? tolerance : -tolerance;
        z.fb = ys_npv(flow, n, z.b);
    }
    return z.b;
}

/* Several changes of sign: look for roots on a grid of a tenth of a percent; one that lies on the grid counts once. */
static void scan(const double *flow, int n, double lo, ys_irr *r)
{
    int found = 0;
    double before = 0;
    for (int i = 0; i <= 1500; i++) {
        double x = lo + i * .001, now = ys_npv(flow, n, x);
        bool crossed = before != 0 && now != 0 && (before < 0) != (now < 0);
        if ((now == 0 || crossed) && found++ == 0)
            r->rate = crossed ? root_between(flow, n, x - .001, x) : x;
        before = now;
    }
    r->state = found == 1 ? YS_IRR_FOUND : found > 1 ? YS_IRR_SEVERAL : YS_IRR_NONE;
    if (found != 1)
        r->rate = NAN;
}

ys_irr ys_irr_find(const double *flow, int n)
{
    const double lo = -.5, hi = 1;
    ys_irr r = {YS_IRR_NO_CHANGE, NAN, sign_changes(flow, n)};
    if (r.sign_changes == 0)
        return r;
    if (r.sign_changes > 1) {
        scan(flow, n, lo, &r);
        return r;
    }
    double at_lo = ys_npv(flow, n, lo), at_hi = ys_npv(flow, n, hi);
    if (at_lo == 0 || at_hi == 0 || (at_lo < 0) != (at_hi < 0)) {
        r.state = YS_IRR_FOUND;
        r.rate = at_lo == 0 ? lo : at_hi == 0 ? hi : root_between(flow, n, lo, hi);
    } else {
        /* Money out first: a value still above zero at 100 % means a rate beyond it; money in first: the other way round. */
        double first = 0;
        for (int t = 0; t < n && first == 0; t++)
            first = flow[t];
        r.state = (at_hi > 0) == (first < 0) ? YS_IRR_ABOVE : YS_IRR_BELOW;
    }
    return r;
}
