/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_STATE_H
#define YS_APP_STATE_H
/*
 * state.h - the use case "status": what is in the store, how far the work has come, and what comes next.
 *
 * Marks are computed from dated facts, never typed in: each says the rule's finding in words, the transaction and the
 * day it rests on, and the command that would turn it to ●.  Results older than the facts are ▲.
 */
#include "app/digest.h"
#include "app/plan_load.h"

typedef enum ys_mark {
    YS_MARK_GOOD, /* ● */
    YS_MARK_LOOK, /* ▲ look at it */
    YS_MARK_BAD,  /* ■ */
    YS_MARK_NONE, /* ○ not yet */
} ys_mark;
const char *ys_mark_sign(ys_mark m); /* "●" */
const char *ys_mark_name(ys_mark m); /* "good" "look" "bad" "none" */

enum {
    YS_STAGE_IMPORT,
    YS_STAGE_CHECK,
    YS_STAGE_MEASURE,
    YS_STAGE_DIAGNOSE,
    YS_STAGE_PLAN,
    YS_STAGE_VERIFY,
    YS_STAGES
};

typedef struct ys_stage_state {
    const char *name, *zh, *en;
    ys_mark mark;
    int64_t tx, at; /* what it rests on; 0: nothing */
    char words_zh[300], words_en[300];
    const char *next; /* "yaoshi plan %s": what to type, with the store's name; NULL: nothing to do */
} ys_stage_state;

typedef struct ys_state_snapshot {
    char name[96];
    int64_t tx, at;
} ys_state_snapshot;

typedef struct ys_state {
    ys_office *office; /* borrowed */
    int64_t *count;    /* per kind of the office */
    int64_t register_households, sample_households;
    ys_state_snapshot *snapshot;
    size_t snapshots, snapshot_room;
    ys_tx head;             /* id 0: nothing is in the store */
    ys_tx facts, diagnosed; /* the newest of each; id 0: none */
    bool has_plan;
    ys_plan_head plan;
    ys_digest *digest; /* NULL when not asked for, or nothing is there yet */
    ys_stage_state stage[YS_STAGES];
    bool failed; /* memory was short while the log was read */
} ys_state;

typedef struct ys_state_args {
    ys_reading reading;
    bool quick;  /* counts and dates only: nothing is read or computed */
    bool verify; /* recompute the chain, and check the newest plan independently */
} ys_state_args;

ys_status ys_state_make(ys_office *o, const ys_state_args *args, ys_state **ret_state,
                        ys_diag *diag) YS_MUST_USE;
void ys_state_free(ys_state *s);

#endif
