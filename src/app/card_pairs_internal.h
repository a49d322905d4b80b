/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_CARD_PAIRS_INTERNAL_H
#define YS_APP_CARD_PAIRS_INTERNAL_H
/*
 * card_pairs_internal.h - a card of pairings while it is made and when it is printed.
 */
#include "app/card_pairs.h"

/* A pair that holds, with what is known of both sides; texts are owned by the card's arena. */
typedef struct ys__pair_shown {
    const char *level, *need, *giver, *area, *reason, *previous;
    const char *need_name, *giver_name,
        *giver_unit;       /* as the reader may see them; "" where nothing is known */
    int64_t since, points; /* YS_NA */
} ys__pair_shown;

/* One version of the household's pairing: who helped from when to when. */
typedef struct ys__pair_past {
    const char *giver, *reason;
    int64_t from, to; /* to YS_NA: still */
} ys__pair_past;

/* A level of the pack as an area sees it. */
typedef struct ys__pair_sum {
    const ys_pair_level *level;
    int64_t needs, paired;
    const char **alone; /* keys of those who are not, the first few */
    int64_t listed;
} ys__pair_sum;

enum { YS_PAIR_ALONE_LISTED = 1000 };

struct ys_pair_card {
    ys_office *office; /* borrowed */
    ys_arena *arena;
    const char *key;
    bool unmask, of_giver, of_area;
    ys__pair_shown *pair, *handed; /* handed: pairs whose previous giver this was */
    int64_t pairs, handovers;
    ys__pair_past *past;
    int64_t pasts;
    ys__pair_sum *sum;
    int sums;
    /* of a giver */
    const ys_kind *kind;
    ys_table *record; /* one row */
    int64_t places;   /* YS_NA: not said */
};

#endif
