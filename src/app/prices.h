/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PRICES_H
#define YS_APP_PRICES_H
/*
 * prices.h - the shadow prices of a plan with the names people use: the shopping list for whoever could give more.
 */
#include "app/planning.h"
#include "plan/prices.h"

/* Row of a table in key order by its text key; -1: none. */
int64_t ys_key_row(const ys_table *t, const char *field, const char *key);
/* Name of a fund (row of input.funds) as people call it; its code where no name is recorded. */
const char *ys_planning_fund_name(const ys_planning *p, int32_t fund);
/* What a price is of, "扶贫车间（终兴镇，O000123）", appended to `out`. */
void ys_price_name(const ys_planning *p, const ys_priced *price, bool zh, ys_str *out);
/* The price in one sentence. */
void ys_price_sentence(const ys_planning *p, const ys_priced *price, bool zh, ys_str *out);
/* Minor units in one of the pack's currency. */
double ys_currency_unit(const ys_pack *pack);

#endif
