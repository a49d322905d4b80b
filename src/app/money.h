/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_MONEY_H
#define YS_APP_MONEY_H
/*
 * money.h - the account of the cooperation record by the tree of funds, and one yuan followed from its source to a person and back.
 *
 * A fund hangs under its parent of the same year; a parent that has no such year, or funds that are their own parents (finding C08), stand at the
 * root, so that every fund is summed once.  The sums are those of coop/ledger.h; adding them loses no fen.
 */
#include "app/coop.h"
#include "yaoshi/table.h"

typedef struct ys_fund_tree {
    int64_t n;
    int32_t *parent;     /* row of the fund set, -1: a root */
    int32_t *order;      /* rows, parents before their children */
    int32_t *depth;      /* per row, 0: a root */
    ys_fund_sums *whole; /* per row: with everything below it */
    ys_fund_sums all;    /* the roots together */
    bool circle;         /* some were their own parents */
} ys_fund_tree;

ys_status ys_fund_tree_make(const ys_coop *c, ys_fund_tree **ret_tree, ys_diag *diag) YS_MUST_USE;
void ys_fund_tree_free(ys_fund_tree *t);

/* A step of a trace: a flow, how far it is from the beginning, and what of it is concerned. */
typedef struct ys_trace_step {
    int64_t flow;
    int32_t depth;
    int64_t passed; /* what of it went on to the flows named under it */
} ys_trace_step;

/*
 * From the source of flow `flow` down to it, then everything that came out of it, depth first in key order.  `ret_at` is the place of the
 * flow itself.  Caller frees with ys_free.  Sources that name each other in a circle end where they repeat.
 */
ys_status ys_money_trace(const ys_coop *c, int64_t flow, ys_trace_step **ret_steps, int64_t *ret_n,
                         int64_t *ret_at, ys_diag *diag) YS_MUST_USE;

/* Rows of the set `child` (transactions, outputs …) by the row of the project they name, in key order; ys_csr_done frees it. */
ys_status ys_money_by_project(const ys_coop *c, ys_coop_kind child, ys_csr *ret_rows,
                              ys_diag *diag) YS_MUST_USE;

#endif
