/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_PAIR_ENV_H
#define YS_POLICY_PAIR_ENV_H
/*
 * pair_env.h - what the rules of a pairing see: the two sides of a possible pair, and the pair itself.
 *
 *   need.x    a field (or, for the five kinds of facts_env.h, a derived value or engine column) of who needs
 *   giver.x   the same of who gives
 *   common    level of the smallest area that has both sides in it ("village"); "" when none has
 *   km        whole kilometres between the two areas as the crow flies; unknown where an area has no coordinates
 *   minutes   of travel between them by the registry's table; unknown where it has no row
 *   kept      true for today's pair
 *   today     the day the pairing is for; param.x a number of params.csv
 *
 * The rule of one side (need_rule, giver_rule) sees that side's fields without a prefix, `today` and `param.x`.
 */
#include "policy/facts_env.h"
#include "policy/pack.h"
#include "yaoshi/rule.h"

typedef struct ys_pair_sides {
    const ys_facts_env *facts; /* serves the kinds it has */
    ys_table *need, *giver;    /* rows of the other kinds; NULL: none */
    int32_t today;
} ys_pair_sides;

typedef struct ys_pair_env {
    const ys_rule_env *need, *giver, *env; /* of either side, and of the pair */
    const ys_table *need_table, *giver_table;
    int64_t rows;
    /* One block of possible pairs, to be filled by the caller before rules run over rows [0, n). */
    int32_t *need_row, *giver_row, *common; /* common: index of the pack's area levels, -1: none */
    double *km, *minutes;                   /* ys_real_na(): unknown */
    int64_t *kept;
    struct ys_pair_env_own *own;
} ys_pair_env;

ys_status ys_pair_env_new(const ys_pack *pack, const ys_pair_level *level, const ys_pair_sides *sides,
                          int64_t rows, ys_pair_env **ret_env, ys_diag *diag) YS_MUST_USE;
void ys_pair_env_free(ys_pair_env *e); /* compiled rules first */

#endif
