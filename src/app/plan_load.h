/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PLAN_LOAD_H
#define YS_APP_PLAN_LOAD_H
/*
 * plan_load.h - a kept plan as it was solved: the facts of its day, its problem, its choices and its prices.
 *
 * Nothing is solved again.  The facts are read as of the transaction the plan rests on, the options derived from them,
 * and the stored choices and prices put in their places, so that "why this key, why not that one" is answered about the
 * plan that was kept and not about another.
 */
#include "app/planning.h"

typedef struct ys_plan_head {
    char version[32], pack_hash[72], scope[64], income_period[64], checksum[32], user[64];
    int64_t facts_tx, line, today, period, households, options, alpha;
    int64_t value[YS_PLAN_TIERS], bound[YS_PLAN_TIERS], shift[YS_PLAN_TIERS], couple_price, couple_minimum;
    bool partial;
    int64_t made_tx, made_at; /* transaction, seconds since 1970 */
    bool stale;               /* facts, or the pack, changed after those it rests on */
} ys_plan_head;

/* `version` NULL: the newest.  ENOTFOUND says which command makes one. */
ys_status ys_plan_head_read(ys_office *o, const char *version, ys_plan_head *ret_head,
                            ys_diag *diag) YS_MUST_USE;
/* Gap of a tier as a share of its bound. */
double ys_plan_head_gap(const ys_plan_head *h, int tier);

typedef struct ys_plan_load_args {
    const ys_plan_head *head;
    const char *scope; /* an area: only its households are read, where that suffices; NULL: all of the plan */
    const char *const
        *units; /* NULL-terminated: only their choices are put in ("H000001", "village:CODE"); NULL: all */
} ys_plan_load_args;
/* ECORRUPT when a stored choice is none of the problem's, or a price is missing. */
ys_status ys_plan_load(ys_office *o, const ys_plan_load_args *args, ys_planning **ret_planning,
                       ys_diag *diag) YS_MUST_USE;
/* Block of a household by its key, or of a village as "village:CODE"; -1: not in the plan. */
int64_t ys_plan_block(const ys_planning *p, const char *unit);

#endif
