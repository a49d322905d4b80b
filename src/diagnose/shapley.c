/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/shapley.h"
#include <math.h>

double ys_root_income(const ys_root_profile *p)
{
    return ys__income(p->factor);
}

void ys_root_shapley(const ys_root_profile *own, const ys_root_profile *ref, double ret_phi[YS_ROOTS])
{
    ys_root_profile h = *own, r = *ref;
    ys__complete(r.factor, own->factor);
    ys__complete(h.factor, r.factor);
    ys__shapley(h.factor, r.factor, ret_phi);
}

#define FAR 1e15 /* nobody owns ten trillion yuan: beyond it facts are wrong, and integers would overflow */

/* Hand out `rest` units, one at a time, to the largest `left` (to the smallest, taking away, if rest < 0). */
static void hand_out(int64_t rest, double left[YS_ROOTS], int64_t amount[YS_ROOTS])
{
    int64_t step = rest < 0 ? -1 : 1;
    for (int k = 0; k < YS_ROOTS && (rest > 1000 || rest < -1000); k++) /* only where phi was cut at FAR */
        amount[k] += rest / YS_ROOTS;
    rest = rest > 1000 || rest < -1000 ? rest % YS_ROOTS : rest;
    for (; rest != 0; rest -= step) {
        int best = 0;
        for (int k = 1; k < YS_ROOTS; k++)
            if ((double)step * left[k] > (double)step * left[best])
                best = k;
        amount[best] += step;
        left[best] -= (double)step;
    }
}

void ys__round_to(const double phi[YS_ROOTS], double scale, int64_t sum, int64_t ret[YS_ROOTS])
{
    double left[YS_ROOTS];
    int64_t rest = sum;
    for (int k = 0; k < YS_ROOTS; k++) {
        double v = fmax(-FAR, fmin(FAR, phi[k] * scale)), f = floor(v);
        ret[k] = (int64_t)f;
        left[k] = v - f;
        rest -= ret[k];
    }
    hand_out(rest, left, ret);
}

/* Floor of a / b, b > 0. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t ys_root_per_head(const int64_t amount[YS_ROOTS], int64_t persons, int64_t unit, int64_t ret[YS_ROOTS])
{
    int64_t by = (persons < 1 ? 1 : persons) * (unit < 1 ? 1 : unit), gap = 0, rest;
    double left[YS_ROOTS];
    for (int k = 0; k < YS_ROOTS; k++) {
        gap += amount[k];
        ret[k] = floor_div(amount[k], by);
        left[k] = (double)(amount[k] - ret[k] * by);
    }
    int64_t total = floor_div(2 * gap + by, 2 * by); /* half goes up */
    rest = total;
    for (int k = 0; k < YS_ROOTS; k++) {
        rest -= ret[k];
        left[k] /= (double)by;
    }
    hand_out(rest, left, ret);
    for (int k = 0; k < YS_ROOTS; k++)
        ret[k] *= unit < 1 ? 1 : unit;
    return total * (unit < 1 ? 1 : unit);
}
