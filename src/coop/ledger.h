/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_COOP_LEDGER_H
#define YS_COOP_LEDGER_H
/*
 * ledger.h - where the money is: what was pledged, committed, received, passed on and spent, fund by fund, to the fen.
 *
 * Arrays in, arrays out.  The words are those of IATI 2.03 (TransactionType): money comes in (incoming funds), is passed to
 * those who do the work (disbursement) and is spent (expenditure).  A flow may name the flow its money came *out of*; otherwise
 * it comes out of its fund, from the oldest money first.  Pledges and commitments are words, not money: they never enter a balance.
 *
 * Invariant, per fund: received + overdrawn = spent + held + out, where `held` is still in the fund and `out` is with those who do the work.
 * Age counts from the day the money came where it lies.  Money is int64 in minor units, dates are days since 1970-01-01.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

typedef enum ys_flow_type {
    YS_FLOW_INCOMING,            /* 1 */
    YS_FLOW_OUTGOING_COMMITMENT, /* 2 */
    YS_FLOW_DISBURSEMENT,        /* 3 */
    YS_FLOW_EXPENDITURE,         /* 4 */
    YS_FLOW_INCOMING_COMMITMENT, /* 11 */
    YS_FLOW_INCOMING_PLEDGE      /* 13 */
} ys_flow_type;

typedef struct ys_money_flow {
    ys_flow_type type;
    int32_t date;
    int32_t fund;   /* 0..funds-1 */
    int32_t source; /* row of the flow it came out of, -1: out of the fund */
    int64_t amount; /* >= 0, below 2^53 */
} ys_money_flow;

/* Age classes of money that lies still: up to 30, 60, 90 days, 1 year, 2 years, and older. */
enum { YS_AGES = 6 };
extern const int32_t ys_age_limit[YS_AGES - 1]; /* 30, 60, 90, 365, 730 */

typedef struct ys_fund_sums {
    int64_t pledged, committed_in, received, committed_out, disbursed, spent;
    int64_t held;          /* received and still in the fund, >= 0 */
    int64_t out;           /* disbursed and not yet spent, >= 0 */
    int64_t overdrawn;     /* paid without money to pay it from */
    int64_t idle[YS_AGES]; /* held + out, by age */
    int32_t oldest;        /* days the oldest idle money has lain, 0: none is idle */
} ys_fund_sums;

typedef enum ys_flow_fault {
    YS_FLOW_OK,
    YS_FLOW_OVER_FUND,     /* more than the fund held on that day */
    YS_FLOW_OVER_SOURCE,   /* more than was left of its source */
    YS_FLOW_BEFORE_SOURCE, /* dated before its source */
    YS_FLOW_WRONG_SOURCE,  /* its source is no money that could be passed on, or of another fund */
    YS_FLOW_FUTURE         /* dated after the day of the account: not counted */
} ys_flow_fault;

typedef struct ys_ledger {
    int64_t flows;
    int32_t funds;
    ys_fund_sums *fund;
    int64_t *left;    /* per flow: what of it still lies where it came to; 0 for words and expenditures */
    uint8_t *fault;   /* per flow: ys_flow_fault */
    int64_t *missing; /* per flow: how much it is over, OVER_ faults only */
} ys_ledger;

/*
 * The account on the day `today`.  Flows may come in any order; those of one day are taken money in first, then in the order
 * given.  A fault never loses money: what is over is counted as spent or passed on and as overdrawn.
 * EDATA: a fund, source, type or amount out of range (`diag` names the row); ENOMEM.  O(n log n).
 */
ys_status ys_ledger_make(const ys_money_flow *flow, int64_t n, int32_t funds, int32_t today,
                         ys_ledger **ret_ledger, ys_diag *diag) YS_MUST_USE;
void ys_ledger_free(ys_ledger *l);

/* Age class of money that came `days` ago. */
int ys_age_class(int32_t days);

/*
 * Parents of funds (-1: none).  Marks in `ret_cycle` (n bytes) the funds that are their own ancestors; returns how many.
 */
int32_t ys_fund_cycles(const int32_t *parent, int32_t n, uint8_t *ret_cycle);
/* Adds `from` to `to`, for sums over a tree. */
void ys_fund_sums_add(ys_fund_sums *to, const ys_fund_sums *from);

#endif
