/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_FRAME_H
#define YS_REGISTRY_FRAME_H
/*
 * frame.h - the facts of one day as columns: what measuring, diagnosing, planning and checking start from.
 *
 * A frame is a consistent reading of the store (one transaction, one day), with the area tree, persons and ledger
 * lines hung on their households, the incomes summed by component and the pack's derived values computed.  It is read
 * only afterwards.  Two incomes never mix (statutory `total` for lines and exits, `ystar` after rigid spending for
 * diagnosis and plan).
 */
#include <stdbool.h>
#include <stdint.h>
#include "policy/facts_env.h"
#include "policy/pack.h"
#include "registry/areas.h"
#include "store/store.h"

typedef struct ys_frame_args {
    ys_store *store;
    const ys_pack *pack;
    const ys_line *line; /* NULL: the pack's default */
    const char *period;  /* income period; NULL: the pack's default */
    int32_t today;       /* day at which ages are counted; INT32_MIN: the pack's reference date */
    int32_t valid_on;    /* YS_SCAN_LATEST: the newest versions */
    int64_t as_of_tx;    /* 0: now */
    const char *scope;   /* an area; NULL: all */
    bool supply;         /* read wishes, funds, providers, offerings and floors too */
} ys_frame_args;

/* The engine's columns of the household table as arrays, one place per household; money in minor units. */
typedef struct ys_frame_columns {
    const int64_t *size, *wage, *business, *property, *transfer, *rigid;
    const int64_t *total; /* statutory income of the household */
    const int64_t *public_transfer;
    const int64_t *gap;  /* per head, max(0, line - ystar_pc) */
    const int64_t *poor; /* 0, 1, YS_NA */
    int64_t *ystar;      /* household total after rigid spending; owned by the frame */
} ys_frame_columns;

typedef struct ys_frame {
    const ys_pack *pack;
    const ys_line *line;
    const char *period;
    int32_t today;
    int64_t households, persons;
    ys_table *area, *household, *person, *income, *village, *town, *population, *statistic;
    ys_table *wish, *fund, *provider, *offering, *floor; /* NULL without `supply` */
    ys_table *lock;                /* the same; and NULL where the pack has no such kind */
    ys_table *project, *milestone; /* likewise: what offerings that hang on a project wait for */
    ys_areas *areas;
    ys_facts_env *env;
    const ys_csr *members, *ledger; /* of households; owned by env */
    const int32_t *village_row;     /* row of `village` per household, -1; owned by env */
    int32_t *area_of;               /* area number per household, -1: unknown */
    uint8_t *in_register;           /* 1: one of those the office is for, 0: sample of the others */
    bool survey_only; /* every household is of a sample: an office that holds nothing but a survey.  Its
                                       * households are then diagnosed and planned for as if they were its register;
                                       * in statistics they stay a sample with weights */
    double *weight;   /* of a household: 1 in the register */
    ys_frame_columns col;
    int64_t no_members, other_period; /* households without persons; ledger rows of other periods */
} ys_frame;

ys_status ys_frame_read(const ys_frame_args *args, ys_frame **ret_frame, ys_diag *diag) YS_MUST_USE;
void ys_frame_free(ys_frame *f);

/* Truth of a rule for all rows of its kind; caller frees with ys_free. */
ys_status ys_frame_truth(const ys_frame *f, const char *kind, const char *rule, uint8_t **ret_truth,
                         ys_diag *diag) YS_MUST_USE;
/* Who is deprived in an indicator, as truth values per household: by its own rule, by any member's, or by its village's.
 * `ret_persons` (may be NULL) gets the truth per person of a person indicator, NULL for others.  Free with ys_free. */
ys_status ys_frame_deprived(const ys_frame *f, const ys_indicator *in, uint8_t **ret_households,
                            uint8_t **ret_persons, ys_diag *diag) YS_MUST_USE;
/* Row of a household by its key, -1 if none. */
int64_t ys_frame_household(const ys_frame *f, const char *key);

#endif
