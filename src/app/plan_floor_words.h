/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PLAN_FLOOR_WORDS_H
#define YS_APP_PLAN_FLOOR_WORDS_H
/*
 * plan_floor_words.h - what a floor of a plan costs, in words: "one more point of coverage for Zhongxing costs 1,234 yuan of gap".
 */
#include "app/planning.h"
#include "base/str.h"

/* "least" "most" "coverage" "spending" "project" */
const char *ys_plan_floor_kind_name(ys_plan_floor_kind kind);
/* One sentence about floor `f` and its price in tier 2; the whole in the language asked for. */
void ys_plan_floor_say(const ys_planning *p, int f, bool zh, ys_str *out);

#endif
