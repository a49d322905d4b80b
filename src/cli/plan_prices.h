/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_PLAN_PRICES_H
#define YS_CLI_PLAN_PRICES_H
/*
 * plan_prices.h - the shadow prices that `yaoshi plan` prints: what one more of each thing would buy.
 */
#include "app/prices.h"
#include "cli/command.h"

/* Funds and places with a price, dearest first, then floors and the price of the law coming first, in words. */
ys_status ys_cli_prices_print(const ys_cli *c, const ys_planning *p, ys_diag *diag) YS_MUST_USE;
/* As the member "prices" of the open object: all of them, dearest first of each sort. */
ys_status ys_cli_prices_json(ys_json *j, const ys_planning *p, ys_diag *diag) YS_MUST_USE;

#endif
