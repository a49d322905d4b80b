/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_WHATIF_CURVE_H
#define YS_APP_WHATIF_CURVE_H
/*
 * whatif_curve.h - what a fund, the places of an offering or a floor are worth: the plan at a row of amounts.
 *
 * Every point is a plan with its own proven bound.  Tier 1's optimum is monotone and concave in what is given, and so is tier
 * 2's at a fixed minimum of tier 1; the minimum follows tier 1, so that points say it (`minimum`, `minimum_price`):
 * for points a, b and the point c between them, share * value(a) + (1 - share) * value(b) <= bound(c) + minimum_price(c) *
 * (minimum(c) - the mixed minimum).
 */
#include "app/whatif.h"
#include "base/out.h"

enum { YS_CURVE_POINTS = 40 };

typedef struct ys_curve_point {
    double percent;
    bool feasible;   /* false: the floors cannot be met here */
    char amount[64]; /* of the target, in major units */
    int64_t value[YS_PLAN_TIERS], bound[YS_PLAN_TIERS];
    double gap, price; /* tier 2's price of the row or floor, value per unit */
    int64_t minimum;   /* of tier 1 in tier 2 */
    double minimum_price;
    double seconds;
} ys_curve_point;

typedef struct ys_curve {
    char target[400], zh[240], en[240];
    int n;
    ys_curve_point point[YS_CURVE_POINTS];
} ys_curve;

/* `percent`: ascending, of the target's amount in the base plan. */
ys_status ys_curve_make(const ys_planning *base, const char *target, const double *percent, int n,
                        const ys_plan_config *config, ys_curve **ret_curve, ys_diag *diag) YS_MUST_USE;
/* A picture: value and bound of tier 2 over the amount. */
void ys_curve_svg(const ys_curve *c, bool zh, ys_out out);

#endif
