/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PAIRING_H
#define YS_APP_PAIRING_H
/*
 * pairing.h - the use case "pair": who helps whom, at a level that the pack defines (docs/pair-model.md).
 *
 * Reads both sides as they are today, lists for each need the nearest givers that the pack's conditions allow, prices
 * each pair by the pack's terms, and solves the assignment exactly (yaoshi/pair.h).  Keeping writes only what changed:
 * a new giver opens a new version of the pairing, and the old one stays in the history.
 */
#include "app/office.h"
#include "policy/pair_env.h"
#include "registry/distance.h"
#include "yaoshi/pair.h"

typedef enum ys_pair_reason { YS_PAIR_NEW, YS_PAIR_KEPT, YS_PAIR_MOVED, YS_PAIR_SUCCESSION } ys_pair_reason;
const char *ys_pair_reason_name(ys_pair_reason r); /* "new" … as in the list pairing_reason */

/* Why a need has no giver. */
typedef enum ys_pair_alone {
    YS_PAIR_PAIRED,
    YS_PAIR_NOBODY,   /* nobody within reach */
    YS_PAIR_EXCLUDED, /* somebody, but the conditions exclude all */
    YS_PAIR_FULL,     /* all who may are full, with needs for which they matter more */
    YS_PAIR_DEAR,     /* somebody has a place, but it costs more than staying alone */
    YS_PAIR_ALONES
} ys_pair_alone;
const char *ys_pair_alone_name(ys_pair_alone a); /* "paired" "nobody" "excluded" "full" "dear" */

typedef struct ys_pairing_args {
    ys_reading reading;
    const char *level;
    int64_t candidates; /* 0: the pack's */
    int threads;
    bool (*interrupted)(void *arg); /* NULL: never */
    void *arg;
} ys_pairing_args;

/* A group of givers as seen from an area of needs. */
typedef struct ys_pair_near {
    int64_t least; /* no pair of the two areas costs less, today's apart */
    int32_t group;
    int32_t steps, apart; /* areas up to the common one; places between them in the tree */
} ys_pair_near;

typedef struct ys_pairing {
    ys_office *office; /* borrowed */
    const char *scope; /* borrowed; NULL: all */
    ys_frame *frame;
    const ys_pair_level *level;
    const ys_pair_term **term; /* of this level */
    int terms;
    ys_table *need_own, *giver_own, *today;
    const ys_table *need_table, *giver_table; /* all rows; which are sides say need_row and giver_row */
    int need_key, giver_key;                  /* columns */
    ys_pair_env *env;
    ys_rule **rule; /* of the terms */

    int64_t needs, givers;
    int32_t *need_row, *need_area;   /* area -1: none */
    int32_t *giver_row, *giver_area; /* in order of the table */
    int32_t *giver_of_row;           /* giver of a row of its table, -1: gives nothing today */
    int32_t *capacity;
    int32_t *kept;             /* per need: giver of today's pair, -1: none, -2: one who gives no more */
    const char **before;       /* per need: key of today's giver, NULL: none */
    int64_t unknown_givers;    /* today's pairs whose giver has no record */
    const char *unknown_giver; /* of the first of them */
    ys_tx head;                /* of the chain when the facts were read */
    int64_t no_place, no_area,
        busy; /* givers with capacity 0; without an area where one is needed; places taken by
                                        needs outside the scope */
    int64_t *start, *cost, *slot_at, *slot;
    int32_t *giver; /* of each edge */
    uint8_t *state; /* ys_pair_alone of each need */
    int64_t within; /* pairs within reach */
    int64_t *quiet; /* per need: what it paid in the last round, if it then found nothing outside its list */
    int64_t *last_price; /* of givers, in the last round */
    bool stopped;        /* interrupted: the optimum is of the lists made so far */
    bool complete;       /* the optimum holds over all of them, not only over those listed */
    ys_distances *distances;
    /* pair_near.c */
    uint8_t *ground;                /* per term: it reads nothing but where the two are */
    bool reads_km, reads_minutes;   /* some term does */
    int64_t others_least;           /* the least that all other terms together can give */
    int32_t *order, *sorted;        /* needs, givers by the place of their area */
    int64_t groups;                 /* givers of one area */
    int32_t *group_area, *group_at; /* area (-1: none); first of `sorted`, one more than groups */
    int32_t near_area;              /* the area `near` is for; -2: none yet */
    int64_t nears, near_givers;     /* groups within reach; givers in them */
    struct ys_pair_near *near;
    ys_pair_input in;
    ys_pair_result *result;
    int64_t value, dual; /* recomputed independently */
    int64_t count[4], alone[YS_PAIR_ALONES], ended, rounds;
    double seconds_read, seconds_build, seconds_solve, seconds_wider;
    int64_t tx;   /* of the kept pairings, 0: nothing changed or not kept */
    char run[16]; /* name of the kept certificate, "" : none */
} ys_pairing;

/* EINTERRUPTED when stopped before the first optimum; stopped later it gives the result so far (`stopped`).
 * EDATA when a side is empty or a capacity is wrong; ENOTFOUND: no such level (the fix lists them). */
ys_status ys_pairing_make(ys_office *o, const ys_pairing_args *args, ys_pairing **ret_pairing,
                          ys_diag *diag) YS_MUST_USE;
void ys_pairing_free(ys_pairing *p);
/* In a transaction of its own, with effect from the day of the frame: the pairs that change, and the certificate of the
 * run (kinds `pair_run`, `pair_price`), by which ys_pair_proof_make can check it.  When no pair changes and nothing was
 * written since the newest certificate of the level, nothing is written.  ECONFLICT when somebody wrote since the facts
 * were read; EDATA when pairs of today begin after the day of the frame. */
ys_status ys_pairing_keep(ys_office *o, ys_pairing *p, ys_diag *diag) YS_MUST_USE;

/* Rows of one side of a level for which its rule is true (blank: all), ascending; free with ys_free. */
ys_status ys_pair_rows(const ys_rule_env *env, const char *rule, int64_t rows, int32_t **ret_row,
                       int64_t *ret_n, ys_diag *diag) YS_MUST_USE;
/* How far areas are from each other, by their coordinates and the pack's kind `travel` where it has one. */
ys_status ys_pair_distances(ys_office *o, const ys_frame *f, const ys_reading *how,
                            ys_distances **ret_distances, ys_diag *diag) YS_MUST_USE;

const char *ys_pairing_need(const ys_pairing *p, int64_t need); /* its key */
const char *ys_pairing_giver(const ys_pairing *p, int64_t giver);
int64_t ys_pairing_need_find(const ys_pairing *p, const char *key);  /* -1: none */
ys_pair_reason ys_pairing_reason(const ys_pairing *p, int64_t need); /* of a need that has a giver */

/* ---- pair_why.c: one need, in numbers ---- */
typedef struct ys_pair_choice {
    int64_t giver, cost, regret; /* regret: what the whole loses at least if it were chosen */
    int64_t price;               /* of a place of that giver */
    bool full, chosen, kept;
    bool
        listed; /* among the candidates: regrets of others may be negative, because they were not looked at */
    int32_t common;      /* index of the area level, -1 */
    int32_t km, minutes; /* -1: unknown */
    int64_t *points;     /* per term of the level */
} ys_pair_choice;

typedef struct ys_pair_why {
    int64_t need, choices, in_reach;
    ys_pair_choice *choice; /* by regret */
    int64_t *excluded;      /* per term: givers within reach for whom this condition is not true */
    int64_t no_condition;   /* givers within reach that no condition excludes */
} ys_pair_why;

ys_status ys_pair_why_make(ys_pairing *p, int64_t need, ys_pair_why *ret_why, ys_diag *diag) YS_MUST_USE;
void ys_pair_why_done(ys_pair_why *w);

/* ---- for the files of this use case ---- */

/* Does today's pair in row `r` end: its need stays alone, or is no longer among the needs (of the scope)? */
bool ys__pairing_ends(const ys_pairing *p, int64_t r);
/* --- pair_near.c --- */
/* Sorted givers, their groups, and which terms are the ground's; the rules are compiled. */
ys_status ys__pair_near_begin(ys_pairing *p, ys_diag *diag) YS_MUST_USE;
/* p->near, p->nears and p->near_givers for the area of a need; overwrites rows of the environment of pairs when it is not
 * the area asked for last. */
ys_status ys__pair_near_of(ys_pairing *p, int32_t need, ys_diag *diag) YS_MUST_USE;
/* Givers within reach of a need, nearest first, today's before all; at most `limit`. */
ys_status ys__pair_within(ys_pairing *p, int32_t need, int64_t limit, int32_t *ret_giver, int64_t *ret_n,
                          ys_diag *diag) YS_MUST_USE;
/* --- pair_edges.c --- */
/* Rules compiled, and ys__pair_near_begin. */
ys_status ys__pair_edges_begin(ys_pairing *p, ys_diag *diag) YS_MUST_USE;
/* Edges of all needs to the `limit` nearest givers. */
ys_status ys__pair_edges_make(ys_pairing *p, int64_t limit, ys_diag *diag) YS_MUST_USE;
/* --- pair_wider.c --- */
/* Adds pairs outside the lists that would make the result better, and counts them. */
ys_status ys__pair_look_wider(ys_pairing *p, const ys_pairing_args *args, int64_t *ret_found,
                              ys_diag *diag) YS_MUST_USE;
/* One block of pairs (env rows [0, n)): points per term into points[t * n + k], and 1 in ok[k] when no condition
 * excludes it.  `failed` (may be NULL) counts per condition how often it was not true. */
ys_status ys__pair_price(ys_pairing *p, int64_t n, int64_t *points, uint8_t *ok, int64_t *failed,
                         ys_diag *diag) YS_MUST_USE;
/* The same for one term. */
ys_status ys__pair_price_term(ys_pairing *p, int term, int64_t n, int64_t *points, ys_diag *diag) YS_MUST_USE;
void ys__pair_put(ys_pairing *p, int64_t at, int64_t need, int32_t giver);
enum { YS_PAIR_BLOCK = 32768 };

#endif
