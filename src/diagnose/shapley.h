/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_DIAGNOSE_SHAPLEY_H
#define YS_DIAGNOSE_SHAPLEY_H
/*
 * shapley.h - the six contributions in closed form, and integers that add up.
 *
 * Shapley values are additive over sums of games.  y* is a product of three factors plus three terms, so that the 64
 * evaluations reduce to the eight of the product; a term contributes its own difference.  With h own and r reference
 *     φ_a = (r_a − h_a) · [ (h_b h_c + r_b r_c)/3 + (h_b r_c + r_b h_c)/6 ]
 * (weights |S|!(2−|S|)!/3! = 1/3, 1/6, 1/6, 1/3), and the same for b and c.  A test holds it against all 720 orders.
 */
#include "yaoshi/diagnose.h"

static inline double ys__phi(double ra, double ha, const double r[2], const double h[2])
{
    return (ra - ha) * ((h[0] * h[1] + r[0] * r[1]) / 3 + (h[0] * r[1] + r[0] * h[1]) / 6);
}

/* Complete profiles only. */
static inline void ys__shapley(const double h[YS_ROOTS], const double r[YS_ROOTS], double phi[YS_ROOTS])
{
    phi[0] = ys__phi(r[0], h[0], (double[2]){r[1], r[2]}, (double[2]){h[1], h[2]});
    phi[1] = ys__phi(r[1], h[1], (double[2]){r[0], r[2]}, (double[2]){h[0], h[2]});
    phi[2] = ys__phi(r[2], h[2], (double[2]){r[0], r[1]}, (double[2]){h[0], h[1]});
    phi[3] = r[3] - h[3];
    phi[4] = r[4] - h[4];
    phi[5] = h[5] - r[5];
}

static inline double ys__income(const double f[YS_ROOTS])
{
    return f[0] * f[1] * f[2] + f[3] + f[4] - f[5];
}

/* An undefined ratio takes the other profile's value; undefined in both: 1, which contributes nothing. */
static inline void ys__complete(double h[YS_ROOTS], const double r[YS_ROOTS])
{
    for (int k = 0; k < YS_ROOTS; k++)
        h[k] = h[k] == h[k] ? h[k] : r[k] == r[k] ? r[k] : 1;
}

/* Integers that add up to `sum` and are as near to phi × scale as largest remainders make them (ties: lower index). */
void ys__round_to(const double phi[YS_ROOTS], double scale, int64_t sum, int64_t ret[YS_ROOTS]);

#endif
