/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_COMPARE_H
#define YAOSHI_COMPARE_H
/*
 * compare.h - the same money spent by a simpler rule: what a plan is worth beyond even spreading, the cause on the card, and
 * first come first served.
 *
 * A baseline is made from the problem of a plan (ys_plan): the same options behind the same gates and consents, the same
 * bundles, the same limits of every fund and place.  It is feasible, and *full*: when it is done, no household or village has
 * a bundle open to it within what is left that is better for it, as far as its rule lets it change.  "Better for it" is the
 * order of the plan's own tiers: more statutory deprivations cured, then more of the gap closed; of equals the cheaper, then
 * the first.  A baseline that wastes money would flatter the plan; these never take what does a household no good, and keep
 * serving until nothing more fits.  They know nothing of floors: floor_use says what they reach.
 *
 * The queue: households and villages stand in one queue in an order that depends on their number alone
 * (the splitmix64 finaliser of the number counted from 1), so that nobody is first for being poor, rich or of the first county.
 *
 *   even      大水漫灌 by progressive filling: a ceiling on the money of one household, all years, begins at the smallest
 *             charge and doubles; at each level everybody in turn takes what is best for it under the ceiling.  A village's
 *             ceiling is that of its households together.  So all get about the same sum, in whatever form is to be had
 *             (max-min fairness by progressive filling: Bertsekas, Gallager, Data Networks, 2nd ed. 1992, 6.5.2).  It is the
 *             practice that targeted poverty alleviation names as its opposite: flooding a field instead of drip irrigation,
 *             漫灌 and not 滴灌; here in its strongest form, since nobody is given what does it no good.
 *   declared  the cause written on the card: everybody in turn takes the measures linked to its cause, the strongest link
 *             first, each with what it requires; a village those linked to the cards of its households, by the sum of the
 *             strengths.  Then everybody in turn adds the best that still fits beside them.
 *   greedy    first come first served: everybody in turn takes what is best for it of what is left.
 *
 * The result is a ys_plan_result like a solver's: all prices are zero, and the bounds are those at zero prices (everybody
 * gets what is best for it), so that an independent checker can be asked about it as about a plan.
 */
#include "yaoshi/plan.h"

typedef enum ys_compare_rule {
    YS_COMPARE_EVEN,
    YS_COMPARE_DECLARED,
    YS_COMPARE_GREEDY,
    YS_COMPARE_RULES
} ys_compare_rule;
/* "even", "declared", "greedy". */
const char *ys_compare_name(ys_compare_rule rule);

/*
 * `declared`: per household the cause on its card, as in input.fits, or -1 (NULL: none anywhere; only `declared` reads it).
 * Freed with ys_plan_result_free.  Same bytes for the same plan; one thread.  A pass looks at every bundle once; `even` makes
 * as many passes as its ceiling doubles (15-25) and then some, the others two.
 */
ys_status ys_compare_baseline(const ys_plan *p, ys_compare_rule rule, const int32_t *declared,
                              ys_plan_result **ret_result, ys_diag *diag) YS_MUST_USE;

/* ---- what a plan or a baseline comes to ---- */

#define YS_COMPARE_UNKNOWN 0x80 /* in `roots`: a fact is missing, the roots are not known */

/* What the sums need besides the problem; arrays are borrowed. */
typedef struct ys_compare_facts {
    const uint8_t *roots; /* per household: bit k: factor k is a measured root of it; or YS_COMPARE_UNKNOWN */
    const uint8_t *keys;  /* per measure: bit k: a cause of factor k is linked to it */
    const uint8_t
        *earned;          /* per measure: 1: what it brings is earned (work, own business), not transferred */
    const int32_t *group; /* per block: 0..groups-1, or -1: in the total only; NULL: total only */
    int32_t groups;
} ys_compare_facts;

/*
 * Money is what is charged to the funds of the plan, all years.  Money is spent where the root is *absent* when the measure
 * neither opens a measured root (keys & roots) nor cures a statutory deprivation that the household, or the person it goes
 * to, has.  Of a village measure each household bears its share by heads, as it has its share of the effect.
 */
typedef struct ys_compare_sum {
    int64_t cures, gap;             /* sums of the two tiers */
    int64_t households, villages;   /* with at least one measure */
    int64_t money, absent, unknown; /* fen; of it where the root is absent, and where roots are not known */
    int64_t effect,
        earned; /* expected effect of the units, fen a year (as offered), and what of it is earned */
} ys_compare_sum;

/* ret_sums: `groups` places, then the total. */
void ys_compare_tally(const ys_plan *p, const ys_plan_result *r, const ys_compare_facts *facts,
                      ys_compare_sum *ret_sums);

#endif
