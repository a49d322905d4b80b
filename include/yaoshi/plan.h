/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_PLAN_H
#define YAOSHI_PLAN_H
/*
 * plan.h - one key for one lock: who gets which measure, from which fund, and how close to the best possible
 * that is.
 *
 * Arrays in, arrays out; no file, clock, log or database.  docs/plan-model.md is the exact model (options,
 * bundles, values, rows, tiers, bound); this header says how to hand it over and how to read the answer.
 *
 *   ys_plan_build    facts -> options, bundles, rows (a ys_plan; immutable afterwards)
 *   ys_plan_solve    ys_plan -> ys_plan_result: a choice per block, prices, a proven bound per tier
 *   ys_plan_picks    what one household or village gets; ys_plan_why says why a measure is not among it
 *
 * Blocks are numbered households first (block = household row), then villages (households + village row).
 * Areas are numbers in depth-first order of the area tree, so that "this area and below" is an interval
 * [begin, end). Money is int64 in minor units (fen).  Input arrays and texts are borrowed until ys_plan_free.
 * The same input gives the same bytes for any number of threads.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

#define YS_PLAN_MAX_MEASURES 3 /* most options in one bundle */
#define YS_PLAN_TIERS        2 /* [0] statutory deprivations cured, [1] gap closed */
#define YS_PLAN_UNBOUNDED    (-1)
#define YS_PLAN_INDICATORS   32 /* most statutory indicators */

/* ---- input
 * ---------------------------------------------------------------------------------------------------- */

typedef enum ys_plan_target { YS_PLAN_HOUSEHOLD, YS_PLAN_PERSON, YS_PLAN_VILLAGE } ys_plan_target;

/* A row of the households in the plan. */
typedef struct ys_plan_household {
    int32_t persons;    /* n, 1..1000 */
    int32_t area;       /* number of its area (village) in depth-first order, >= 0 */
    int32_t village;    /* row of `villages`, or -1 */
    int32_t cause;      /* root cause (the caller's numbering), or -1; only words use it */
    int64_t line;       /* z, fen per head and year, > 0 */
    int64_t ystar;      /* income after rigid spending, fen per household and year, may be negative */
    double months_free; /* worker-months a year that are free in the household, >= 0 */
    uint32_t deprived;  /* bit i: the household is deprived in statutory indicator i */
} ys_plan_household;

/* Persons sorted by household row. */
typedef struct ys_plan_person {
    int32_t household;
    double months_free; /* worker-months a year that this person has free, >= 0 */
    uint32_t deprived;  /* bit i: this person is deprived in indicator i (person indicators only) */
} ys_plan_person;

typedef struct ys_plan_village {
    int32_t area;
} ys_plan_village;

typedef struct ys_plan_measure {
    const char *name, *label_zh, *label_en;
    const char *gate_reads; /* what the gate reads, for words; NULL: nothing */
    ys_plan_target target;
    int32_t group;   /* its group, >= 0; -1: none.  Of one measure never two that meet */
    int32_t channel; /* factor of the income identity it acts on; two measures on one channel compete for
                        labour */
    double persistence, labour_months, delay_months;
    uint32_t cures;           /* bit i: cures statutory indicator i */
    bool full_time;           /* person measures: at most one such per person */
    bool consent;             /* consent must be on record (the caller has exempted safety nets) */
    const uint8_t *gate;      /* YS_FALSE/TRUE/UNKNOWN per row of the target's table; NULL: true for all */
    const uint8_t *consented; /* the same per household; NULL: unknown for all */
} ys_plan_measure;

/* A measure by a provider in an area and period.  Offerings of YS_PLAN_VILLAGE measures serve whole villages.
 */
typedef struct ys_plan_offering {
    const char *name;
    int32_t measure;
    int32_t area_begin, area_end; /* scope: areas begin <= a < end */
    int32_t period;               /* year it starts */
    int32_t fund_a,
        fund_b; /* numbers as in ys_plan_fund.fund; -1: no fund pays (that part costs the plan nothing) */
    int32_t share_a;              /* parts per million of every cost that fund_a pays; the rest is fund_b's */
    int64_t capacity;             /* units; YS_PLAN_UNBOUNDED: no limit */
    int64_t cost, cost_recurring; /* fen per unit: first year, each further year */
    double effect, effect_sd; /* fen per unit and year: expected change of income (village measures: of the
                                 whole village) */
    int32_t wait_months;      /* of its first year, before it serves: 0..12 */
} ys_plan_offering;

/* Money of a fund in one year. */
typedef struct ys_plan_fund {
    const char *name;
    int32_t fund, period;
    int64_t amount;
    const char *label; /* what people call it, for words; NULL: its name */
} ys_plan_fund;

/* Groups nest: a limit holds for the measures of a group and of all groups below it.  A group that measures name and the
 * input has no row for has the limit 1 and no parent. */
typedef struct ys_plan_group {
    const char *name;
    int32_t parent; /* number of the group it is part of, or -1 */
    int32_t limit;  /* at most so many that meet, >= 1 */
} ys_plan_group;

typedef enum ys_plan_relation_kind {
    YS_PLAN_EXCLUDES,
    YS_PLAN_REQUIRES,
    YS_PLAN_COMPETES,
    YS_PLAN_COMPLEMENTS
} ys_plan_relation_kind;
typedef struct ys_plan_relation {
    int32_t measure_a, measure_b;
    ys_plan_relation_kind kind;
    double value; /* COMPETES, COMPLEMENTS: share of the smaller effect that is lost or added, 0..1 */
} ys_plan_relation;

typedef enum ys_plan_metric { YS_PLAN_GAP, YS_PLAN_CURES, YS_PLAN_HELPED } ys_plan_metric;
/* What a floor asks of the blocks in the areas begin <= a < end; docs/plan-model.md section 6 has the exact sums. */
typedef enum ys_plan_floor_kind {
    YS_PLAN_LEAST, /* at least `minimum`: fen of tier 2, units of tier 1, or blocks helped */
    YS_PLAN_MOST,  /* at most `minimum` of them */
    YS_PLAN_COVERAGE, /* the share of today's gap that is closed is at least `share` of that in the areas of_begin <= a < of_end */
    YS_PLAN_SPENDING, /* of what is spent (on `fund`), at least `share` goes to the measures that `counts` marks */
    YS_PLAN_PROJECT /* `offering` gains, taken alone, at most `share` of the gap closed */
} ys_plan_floor_kind;
typedef struct ys_plan_floor {
    const char *name;
    int32_t area_begin, area_end;
    ys_plan_metric metric; /* LEAST, MOST */
    int64_t minimum;       /* LEAST, MOST: >= 0; else 0 */
    ys_plan_floor_kind kind;
    int32_t share;            /* COVERAGE, SPENDING: parts per million, 0..10^6; PROJECT: 1000..10^6 */
    int32_t of_begin, of_end; /* COVERAGE: the wider areas; they hold those of the floor */
    int32_t fund;             /* SPENDING: number as in ys_plan_fund.fund; -1: all funds */
    int32_t offering;         /* PROJECT */
    const uint8_t *counts;    /* SPENDING: per measure, 1: counts */
} ys_plan_floor;

/* cause -> measure: why a key fits a lock; only words use it. */
typedef struct ys_plan_fit {
    int32_t cause, measure, strength;
    const char *cause_zh, *cause_en, *reason_zh, *reason_en;
} ys_plan_fit;

/* What has been decided for a household or village before: a measure that stays in its bundle, or that may not be in it. */
typedef struct ys_plan_lock {
    const char *name, *who; /* of the lock and of its household or village, for messages */
    int64_t block;
    int32_t measure;
    int32_t offering, person; /* -1: any; what `keep` then stands for says docs/plan-model.md 4 */
    bool keep;
} ys_plan_lock;

/* One choice of the running plan. */
typedef struct ys_plan_running {
    int64_t block;
    int32_t offering, person; /* person -1: not a person measure */
} ys_plan_running;

typedef struct ys_plan_input {
    int64_t n_households, n_persons, n_villages;
    const ys_plan_household *households;
    const ys_plan_person *persons;
    const ys_plan_village *villages;
    int n_indicators;                /* statutory ones, <= YS_PLAN_INDICATORS */
    uint32_t person_indicators;      /* bit i: indicator i is counted person by person */
    const int32_t *indicator_weight; /* per indicator, per affected person, 0..10000 */
    const uint16_t *affected; /* persons affected: [household * n_indicators + i]; read where the bit of
                                 `deprived` is set */
    int n_measures, n_offerings, n_funds, n_relations, n_floors, n_fits;
    const ys_plan_measure *measures;
    const ys_plan_offering *offerings;
    const ys_plan_fund *funds; /* one row per fund and period */
    const ys_plan_relation *relations;
    const ys_plan_floor *floors;
    const ys_plan_fit *fits;
    int n_groups; /* 0: every group has the limit 1 and no parent */
    const ys_plan_group *groups;
    int64_t n_locks, n_running; /* both sorted by block */
    const ys_plan_lock *locks;
    const ys_plan_running *running; /* no choice twice; read where switch_cost is not 0 */
    /* parameters; ys_plan_input_defaults sets the values of docs/pack.md */
    int32_t period;         /* first year of the plan */
    int32_t horizon;        /* years, 1..30 */
    double discount;        /* a year */
    double income_sd_share; /* spread of a household's income as a share of it */
    double competition;     /* delta of two measures on one channel that both take labour */
    int32_t max_measures;   /* 1..YS_PLAN_MAX_MEASURES */
    int32_t alpha;          /* 1: gap, 2: squared gap over the line */
    int32_t tolerance;      /* parts per million of tier 1 that tier 2 may give up */
    double
        chance_epsilon; /* 0: off; else a bundle that lifts over the line on average must do so with the probability
                               1 - chance_epsilon, 0..0.5 */
    int64_t switch_cost; /* fen of tier 2 for each option added to or dropped from the running plan */
} ys_plan_input;

/* Zero everything and set the parameters: 5 years, 0.05, 0.1, 0.3, 3 measures, alpha 1, tolerance 1000 ppm, no chance
 * constraint, no switch cost.
 */
void ys_plan_input_defaults(ys_plan_input *in);

/* ---- build
 * ---------------------------------------------------------------------------------------------------- */

typedef struct ys_plan ys_plan;

/*
 * Derive options and bundles.  EDATA names the offering, household, measure, group or floor that is not usable (NaN
 * effect, negative cost, cost of 2^53 or more …) and the household whose locks cannot be kept; EINFEASIBLE the row that
 * all locks together overfill; ELIMIT where a sum could leave 62 bits.  threads <= 0: all processors.
 */
ys_status ys_plan_build(const ys_plan_input *in, int threads, ys_plan **ret_plan, ys_diag *diag) YS_MUST_USE;
void ys_plan_free(ys_plan *p);

typedef struct ys_plan_size {
    int64_t blocks, options, bundles, rows, floors;
    int64_t cut; /* blocks where options were left out by the ceilings of docs/plan-model.md section 4 */
    int64_t bytes;
} ys_plan_size;
ys_plan_size ys_plan_measure_size(const ys_plan *p);
const ys_plan_input *ys_plan_input_of(const ys_plan *p);

/* A row of the problem: money of a fund in a period, or places of an offering.  Rows are numbered funds first
 * (as in the input, periods and all), then the bounded offerings in their order. */
typedef struct ys_plan_row {
    int32_t fund;     /* row of input.funds, or -1 */
    int32_t offering; /* row of input.offerings, or -1 */
    int64_t limit;    /* fen or units */
} ys_plan_row;
ys_plan_row ys_plan_row_at(const ys_plan *p, int64_t row);

/* ---- solve
 * ---------------------------------------------------------------------------------------------------- */

typedef struct ys_plan_config {
    int threads;                    /* <= 0: as many as processors */
    int passes;                     /* of pricing per tier; 0: chosen by size */
    bool (*interrupted)(void *arg); /* NULL; polled between passes */
    void (*progress)(void *arg, int tier, const char *stage,
                     double share); /* NULL; stage "price" "repair" "improve" */
    void *arg;
} ys_plan_config;

typedef struct ys_plan_tier {
    int64_t value, bound; /* value <= optimum <= bound, all integers */
    double gap;           /* (bound - value) / max(1, |bound|) */
    int passes;
    int shift;              /* prices are price/2^shift: units of this tier's value per unit of the row */
    int64_t *price;         /* per row, >= 0 */
    int64_t *floor_price;   /* per floor, >= 0 */
    int64_t couple_price;   /* of the coupling row (tier 2 only), >= 0 */
    int64_t couple_minimum; /* tier 2: at least this much of tier 1; tier 1: 0 */
} ys_plan_tier;

typedef struct ys_plan_result {
    bool partial; /* interrupted: feasible, its bound valid, but better was possible */
    int64_t blocks, rows, floors;
    uint16_t *choice; /* per block: number of its bundle, 0 the empty one */
    ys_plan_tier tier[YS_PLAN_TIERS];
    double gap;          /* the larger of the tiers' */
    int64_t *use;        /* per row */
    int64_t *floor_use;  /* per floor: the sum it counts (COVERAGE, PROJECT: gap closed; SPENDING: fen) */
    int64_t *floor_need; /* per floor: what it asks of that sum, at this plan; MOST: at most so much */
    int64_t overlap[YS_PLAN_TIERS]; /* counted both by a village and by a household bundle (docs/plan-model.md
                                       6) */
    uint64_t checksum;              /* of choices and prices */
} ys_plan_result;

/*
 * EINFEASIBLE: the floors cannot be met; diag names those in conflict.  An interrupted run returns YS_OK with
 * a feasible plan marked `partial`; where none was found in time, YS_EINTERRUPTED.  `config` may be NULL.
 */
ys_status ys_plan_solve(const ys_plan *p, const ys_plan_config *config, ys_plan_result **ret_result,
                        ys_diag *diag) YS_MUST_USE;
void ys_plan_result_free(ys_plan_result *r);

/* ---- what if
 * ----------------------------------------------------------------------------------------------------- */

/*
 * The plan of `in` beside a built one: the same households, persons, villages, measures and offerings (the same arrays, and
 * offerings, funds and floors in the same order), with other amounts, capacities, costs, years, effects or floors.  Blocks that
 * do not feel the change are borrowed from `from`, which (with all it borrows from) must outlive the new plan; others, or all
 * where people or parameters changed, are built again.  Errors as ys_plan_build.
 */
ys_status ys_plan_change(const ys_plan *from, const ys_plan_input *in, int threads, ys_plan **ret_plan,
                         ys_diag *diag) YS_MUST_USE;
/*
 * ys_plan_solve from the prices and the choice of `old`, a result of `from`; `p` holds the same people.  The bound is proven
 * anew at p's limits, the plan is feasible there; where nothing changed the result is that of `old`.  Errors as ys_plan_solve;
 * EUSAGE where the people are others.
 */
ys_status ys_plan_resolve(const ys_plan *p, const ys_plan *from, const ys_plan_result *old,
                          const ys_plan_config *config, ys_plan_result **ret_result,
                          ys_diag *diag) YS_MUST_USE;

/* ---- read
 * ----------------------------------------------------------------------------------------------------- */

typedef struct ys_plan_pick {
    int32_t offering, measure;
    int32_t person; /* row of input.persons, or -1 */
} ys_plan_pick;
typedef struct ys_plan_picks {
    int count;
    ys_plan_pick pick[YS_PLAN_MAX_MEASURES];
    int64_t cures, gap; /* value of the bundle in tier 1 and tier 2, switch costs taken off */
} ys_plan_picks;
/* What `block` gets; no fault possible for a block and result of this plan. */
ys_plan_picks ys_plan_picks_of(const ys_plan *p, const ys_plan_result *r, int64_t block);
/* Charges of one unit of an offering as (row, amount) pairs, at most `max`; returns how many there are. */
int ys_plan_charges(const ys_plan *p, int32_t offering, int64_t *ret_row, int64_t *ret_amount, int max);
/*
 * What floor `f` costs, in fen of tier 2: of one unit more of its minimum (MOST: what one unit less strict would bring), or, where it
 * has a share, of one percentage point more of it (PROJECT: less).  To the first order: the price times what it asks.
 */
double ys_plan_floor_cost(const ys_plan_input *in, const ys_plan_result *r, int64_t floor);
/* Expected gap of a household today, fen a year (the amount tier 2 starts from): n E[(z-y*)+]. */
int64_t ys_plan_gap_today(const ys_plan *p, int64_t household);

/* Against the running plan: options added and dropped, and what that takes off tier 2.  Its value without switch costs is
 * tier[1].value + cost. */
typedef struct ys_plan_switches {
    int64_t added, dropped, cost;
} ys_plan_switches;
ys_plan_switches ys_plan_switches_of(const ys_plan *p, const ys_plan_result *r);

/* Why a measure is not in the bundle of a block (or that it is). */
typedef enum ys_plan_reason {
    YS_WHY_CHOSEN,
    YS_WHY_NO_OFFER,        /* no offering of it covers the area in the horizon */
    YS_WHY_GATE_FALSE,      /* nobody in the household passes its gate */
    YS_WHY_GATE_UNKNOWN,    /* a fact the gate reads is missing */
    YS_WHY_CONSENT_REFUSED, /* the family said no */
    YS_WHY_CONSENT_MISSING, /* the family has not been asked */
    YS_WHY_NO_MONEY,        /* no fund row could pay one unit, or no place at all */
    YS_WHY_LABOUR,          /* takes more free months than there are */
    YS_WHY_LIMIT,           /* left out by the ceiling on options */
    YS_WHY_GROUP,           /* another measure of its group, or one it excludes, was better */
    YS_WHY_NEEDS,           /* requires a measure that is not in the bundle */
    YS_WHY_LABOUR_TAKEN,    /* the free months are used by a better measure */
    YS_WHY_LESS_VALUE,      /* no better for this household even if it cost nothing */
    YS_WHY_CAPACITY,        /* all places are taken by households that gain more */
    YS_WHY_BUDGET,          /* the money does more elsewhere */
    YS_WHY_COUNT,           /* the bundle already holds max_measures */
    YS_WHY_FORBIDDEN,       /* a lock forbids it here */
    YS_WHY_LOCKED,          /* it cannot go with a measure that a lock keeps */
    YS_WHY_CHANCE           /* it would lift over the line on average, but not as surely as is asked */
} ys_plan_reason;
typedef struct ys_plan_why {
    ys_plan_reason reason;
    int32_t other; /* GROUP, NEEDS, LABOUR_TAKEN, LOCKED: the measure in question; else -1 */
    int64_t row;   /* CAPACITY, BUDGET: the row that decided, else -1 */
    int64_t
        gain; /* fen of tier 2 that the best bundle with it has more than the chosen one (may be negative) */
    int64_t price; /* fen of tier 2 that its scarce resources are worth elsewhere beyond those of the chosen
                      one */
} ys_plan_why;
ys_plan_why ys_plan_why_not(const ys_plan *p, const ys_plan_result *r, int64_t block, int32_t measure);

#endif
