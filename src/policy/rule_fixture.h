/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_RULE_FIXTURE_H
#define YS_POLICY_RULE_FIXTURE_H
/*
 * rule_fixture.h - tests only: a small world for rules, and results as readable text.
 *
 *   household  H0     H1            H2      H3
 *   persons    P0 P1  P2 P3 P4      none    P5
 *   village    V0     V1            V0      none
 */
#include "yaoshi/rule.h"

typedef struct rule_world {
    ys_table *village, *household, *person, *bill;
    ys_rule_env *village_env, *household_env, *person_env, *bill_env;
    ys_csr persons, bills, all_bills;
    int32_t village_of[4], home_of[6];
} rule_world;

void rule_world_init(rule_world *w);
void rule_world_done(rule_world *w);
/* The rule over all rows of its table: "1,0,?,12.50"; texts as they are, dates ISO; "!" and the message on failure. */
void rule_world_eval(const ys_rule_env *env, ys_table *table, const char *text, char *buf, size_t size);

#endif
