/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_VERIFY_TEST_PLAN_H
#define YS_VERIFY_TEST_PLAN_H
/*
 * test_plan.h - small facts and plans that tests may change field by field.
 */
#include "verify/inner.h"

#define TP_MAX 64

typedef struct test_plan {
    ys_verify_facts f;
    ys_verify_claim q;
    ys_verify_household household[TP_MAX];
    ys_verify_person person[TP_MAX];
    ys_verify_village village[TP_MAX];
    ys_verify_measure measure[TP_MAX];
    ys_verify_offering offering[TP_MAX];
    ys_verify_fund fund[TP_MAX];
    ys_verify_relation relation[TP_MAX];
    ys_verify_floor floor[TP_MAX];
    ys_verify_group group[TP_MAX];
    ys_verify_lock lock[TP_MAX];
    int32_t weight[32];
    uint16_t affected[TP_MAX * 32];
    uint8_t gate[TP_MAX][TP_MAX], consent[TP_MAX][TP_MAX];
    ys_verify_pick pick[TP_MAX];
    int64_t price[2][2 * TP_MAX], floor_price[2][TP_MAX];
    int64_t use[2 * TP_MAX], floor_use[TP_MAX], floor_need[TP_MAX], block_cures[2 * TP_MAX],
        block_gap[2 * TP_MAX], overlap[2];
} test_plan;

/* Empty facts with the pointers set: one year from 2017, no discount, no spread, bundles of three. */
test_plan *tp_new(void);
void tp_free(test_plan *t);

/* Each returns the row. */
int tp_household(test_plan *t, ys_verify_household h); /* affected: all persons of it for each indicator */
int tp_person(test_plan *t, int household, double months, uint32_t deprived);
int tp_measure(test_plan *t, ys_verify_measure m);
int tp_offering(test_plan *t, ys_verify_offering o);
int tp_fund(test_plan *t, const char *name, int fund, int period, int64_t amount);
void tp_relation(test_plan *t, int a, int b, ys_verify_relation_kind kind, double value);
int tp_floor(test_plan *t, const char *name, int begin, int end, ys_verify_metric metric, int64_t minimum);
void tp_pick(test_plan *t, int64_t block, int offering, int person);

/* Check, failing the test if the check itself fails. */
ys_verify_result *tp_verify(const test_plan *t);
/* Make the claim say what is true of its choices and prices. */
void tp_stamp(test_plan *t);

/* A town in which every rule of the model is at work, with a lawful plan; stamped.  Names below. */
test_plan *tp_town(void);
enum { TOWN_LI, TOWN_WANG, TOWN_ZHAO, TOWN_SUN, TOWN_VILLAGE };           /* blocks */
enum { LI_ADULT, LI_ELDER, WANG_ADULT, WANG_SON, ZHAO_ELDER, SUN_ADULT }; /* persons */
enum { M_BREED, M_POST, M_TRAIN, M_JOB, M_HOUSE, M_LOAN, M_ROAD, M_PV, M_PENSION };
enum { O_BREED, O_BREED_WIDE, O_POST, O_TRAIN, O_JOB, O_HOUSE, O_LOAN, O_ROAD, O_PV, O_PENSION, O_LATE };
enum { F_COUNTY, F_COUNTY_NEXT, F_PROVINCE };
enum { TOWN_GATED = 1 };

/* Random facts of the given seed with a handful of blocks, funds, relations and floors; no picks. */
test_plan *tp_random(uint64_t seed);

#endif
