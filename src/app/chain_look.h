/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_CHAIN_LOOK_H
#define YS_APP_CHAIN_LOOK_H
/*
 * chain_look.h - does the chain of transactions hold, and which root does it have at the transaction a result rests on?
 */
#include "app/office.h"

typedef struct ys_chain_look {
    bool found;    /* the transaction is in the chain */
    char root[65]; /* its root, "" where it is not */
    bool holds;    /* every root follows from the facts */
    ys_diag why;   /* where it does not hold */
    int64_t transactions, rows;
} ys_chain_look;

/* A chain that does not hold is no failure: ask `holds`. */
ys_status ys_chain_look_at(ys_office *o, int64_t tx, ys_chain_look *ret_look, ys_diag *diag) YS_MUST_USE;
/* Is a failure of a lower floor a fault of the facts, or of this run (memory, disk)? */
bool ys_fault_of_facts(ys_status st);

#endif
