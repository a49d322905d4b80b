/* SPDX-License-Identifier: Apache-2.0 */
#include "app/chain_look.h"

#include <stdio.h>

typedef struct root_search {
    int64_t wanted;
    ys_tx found;
} root_search;

static bool seek_root(void *arg, const ys_tx *tx)
{
    root_search *s = arg;
    if (tx->id == s->wanted)
        s->found = *tx;
    return tx->id > s->wanted;
}

bool ys_fault_of_facts(ys_status st)
{
    return st == YS_EDATA || st == YS_ELIMIT || st == YS_ENOTFOUND || st == YS_ERULE || st == YS_ECORRUPT ||
           st == YS_ECONFLICT;
}

ys_status ys_chain_look_at(ys_office *o, int64_t tx, ys_chain_look *ret_look, ys_diag *diag)
{
    root_search s = {.wanted = tx};
    ys_chain_look look = {0};
    YS_TRY(ys_store_transactions(o->store, true, seek_root, &s, diag));
    look.found = s.found.id == tx;
    snprintf(look.root, sizeof look.root, "%s", look.found ? s.found.root : "");
    ys_status st = ys_store_verify_chain(o->store, &look.transactions, &look.rows, &look.why);
    if (st != YS_OK && !ys_fault_of_facts(st)) {
        if (diag != NULL)
            *diag = look.why;
        return st;
    }
    look.holds = st == YS_OK;
    *ret_look = look;
    return YS_OK;
}
