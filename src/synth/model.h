/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_SYNTH_MODEL_H
#define YS_SYNTH_MODEL_H
/*
 * model.h - one household as a pure function of (seed, number): healthy first, then shocks, then the truth.
 *
 * Money here is yuan in doubles; it becomes fen when it is written.  Nothing is allocated.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/rng.h"

enum { SY_PERSONS = 7, SY_SHOCKS = 3 };

/* In the order of the national list of causes; SY_JOB (unstable work) was added to it later. */
typedef enum sy_cause {
    SY_ILLNESS,
    SY_DISABILITY,
    SY_SCHOOL,
    SY_DISASTER,
    SY_LAND,
    SY_WATER,
    SY_SKILL,
    SY_LABOUR,
    SY_FUNDS,
    SY_ROAD,
    SY_WILL,
    SY_WEDDING,
    SY_JOB,
    SY_CAUSES
} sy_cause;

typedef enum sy_health { SY_WELL, SY_CHRONIC, SY_SERIOUS, SY_DISABLED } sy_health;
typedef enum sy_skill { SY_PLAIN, SY_SKILLED, SY_WEAK, SY_LOST, SY_NONE } sy_skill;
typedef enum sy_relation {
    SY_HEAD,
    SY_SPOUSE,
    SY_SON,
    SY_DAUGHTER,
    SY_FATHER,
    SY_MOTHER,
    SY_RELATIVE
} sy_relation;
/* Where a child learns; SY_NOT_PUPIL for everybody else. */
typedef enum sy_school {
    SY_NOT_PUPIL,
    SY_NURSERY,
    SY_PRIMARY,
    SY_MIDDLE,
    SY_HIGH,
    SY_VOCATIONAL,
    SY_COLLEGE
} sy_school;

/* Faults of data entry that the quality rules of a pack should find; none makes a row unfit for import. */
typedef enum sy_fault {
    SY_FAULTLESS,
    SY_SPOUSE_SEX,      /* husband and wife of one sex */
    SY_CHILD_WORKER,    /* a child under 16 as able to work */
    SY_STRONG_AS_LOST,  /* a healthy adult as unable to work */
    SY_NO_GRADE,        /* a disability without kind and grade */
    SY_PUPIL_EDUCATION, /* a pupil with completed education */
    SY_WET_LAND,        /* more irrigated than arable land */
    SY_SIZE,            /* declared size is not the number of members */
    SY_HOUSE_GRADE,     /* a dangerous house of grade A, or the reverse */
    SY_FAULTS
} sy_fault;

typedef struct sy_person {
    int age; /* whole years at the end of the reference year */
    bool male;
    sy_relation relation;
    sy_health health;
    sy_skill skill;
    sy_school school;
    int education; /* highest completed: 1 none, 2 primary, 3 middle, 4 high, 5 college, 6 under school age */
    double able;   /* share of a full worker */
    double ordinary; /* months worked in the year while all goes well */
    double months;   /* worked in the year, on the farm and away */
    double away;     /* of these, months of waged work */
    bool gone;       /* died or left: not in the register any more */
} sy_person;

typedef struct sy_shock {
    sy_cause cause;
    int month;         /* when it happened: months before the reference date, 1..60 */
    uint8_t able_mask; /* persons whose ability falls to able_share of what it was */
    double able_share;
    uint8_t months_mask; /* persons whose months fall to months_share */
    double months_share;
    uint8_t gone_mask;                                      /* persons who died or left */
    double earn_share;                                      /* factor on earnings of a year of work */
    double medical, education, repair, debt, care, wedding; /* yearly spending */
    double transfer;  /* what the public pays because of it (disability allowance) */
    sy_school school; /* school the victim goes to */
    int victim;       /* person, or -1 */
    double loss;      /* yuan of household y* a head and year it took: Shapley value */
} sy_shock;

typedef struct sy_household {
    int64_t number;
    bool sample;     /* frame = sample */
    int size, drawn; /* members registered; members drawn (some may be gone) */
    sy_person person[SY_PERSONS];
    sy_shock shock[SY_SHOCKS];
    int shocks, truth; /* truth: index of the shock with the largest loss, -1 none */
    /* the year's ledger, true values, yuan a year */
    double wage, business;
    double rent, dividend;
    double pension, subsidy, family, dibao, wubao, disabled_allowance, other_transfer;
    double medical, education, repair, debt, care, wedding;
    double land, irrigated, house_area;                            /* mu, mu, square metres */
    double ordinary_pension, ordinary_medical, ordinary_education; /* before any shock */
    double earn;                                                   /* yuan a worker-year before any shock */
    double y, ystar;                                               /* a head, yuan, from the ledger above */
    bool coop, danger_c, danger_d, water_hard, water_unsafe, toilet, broadband, apart, vehicle, split,
        microcredit;
    int road_type, fuel; /* index into the code lists */
    double road_km, loan;
    bool wubao_class, dibao_class;
    sy_cause declared;
    int others; /* declared further causes */
    sy_cause other[2];
    sy_fault fault; /* injected into the files */
} sy_household;

typedef struct sy_model {
    uint64_t seed;
    double line; /* yuan a head and year */
    double error_share;
} sy_model;

/* Facts of the village that touch its households. */
typedef struct sy_village_mood {
    double danger, water, road; /* shares of households with a dangerous house, hard water, an earth road */
} sy_village_mood;

void ys__synth_household(const sy_model *m, int64_t number, bool sample, const sy_village_mood *v,
                         sy_household *h);
/* y* a head of the drawn household with the shocks of `set` (bits) only. */
double ys__synth_ystar(const sy_household *h, unsigned set);

enum {
    SY_STREAM_REGISTER = 1,
    SY_STREAM_SAMPLE,
    SY_STREAM_VILLAGE,
    SY_STREAM_TOWN,
    SY_STREAM_SUPPLY,
    SY_STREAM_REPORT,
    SY_STREAM_REPORT_SAMPLE,
    SY_STREAM_HELPER,
    SY_STREAM_PARTNER
};
/* Generator of thing `number` of a kind. */
void ys__synth_rng(ys_rng *r, uint64_t seed, int kind, int64_t number);
double ys__synth_between(ys_rng *r, double low, double high);
bool ys__synth_chance(ys_rng *r, double p);
/* exp(N(ln median, sd)) */
double ys__synth_lognormal(ys_rng *r, double median, double sd);
/* Index drawn with the given weights. */
int ys__synth_pick(ys_rng *r, const double *weights, int n);

#endif
