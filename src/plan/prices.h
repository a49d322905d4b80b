/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_PRICES_H
#define YS_PLAN_PRICES_H
/*
 * prices.h - shadow prices in the units of the reader: what one more of each thing would buy, dearest first, and in words.
 *
 * A price is that of tier 2, the slope of the gap closed at the plan: true for a little more, less and less for much more.
 */
#include "base/str.h"
#include "yaoshi/plan.h"

typedef enum ys_price_sort {
    YS_PRICE_FUND,  /* money per money: the same in yuan as in fen */
    YS_PRICE_PLACE, /* fen per place, beyond what the place costs */
    YS_PRICE_FLOOR, /* fen (or fen per fen, metric gap) that one more unit of the minimum, of a ceiling one unit less, takes
                       from the gap closed */
    YS_PRICE_COUPLE, /* fen that the last unit of tier 1 takes from the gap closed */
} ys_price_sort;

typedef struct ys_priced {
    ys_price_sort sort;
    int64_t row;           /* of the problem, or the floor's number; COUPLE: -1 */
    ys_plan_metric metric; /* FLOOR */
    bool ceiling;          /* FLOOR: it asks for at most so much */
    double price;
} ys_priced;

/* All prices above 0: funds, places and floors, each dearest first, then the coupling price.  Free with ys_free. */
ys_status ys_plan_price_list(const ys_plan *p, const ys_plan_result *r, ys_priced **ret_list,
                             int64_t *ret_count, ys_diag *diag) YS_MUST_USE;

/* What a sentence needs besides the price. */
typedef struct ys_price_names {
    const char *name;     /* of fund, offering or floor; COUPLE: not read */
    int64_t year;         /* FUND */
    const char *currency; /* yuan, 元 */
    double unit;          /* minor units in one of it */
} ys_price_names;
/* One sentence: "one more yuan in 'X' of 2017 closes 1.83 yuan of the gap (present value)." */
void ys_price_say(const ys_priced *price, const ys_price_names *n, bool zh, ys_str *out);

#endif
