/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_OPTIM_H
#define YAOSHI_OPTIM_H
/*
 * optim.h - the fast additive planner, and the multiple-choice knapsacks of the literature.
 *
 * Arrays in, arrays out; no file, clock, log or database.  docs/optim.md has the methods and why the bounds are exact.
 *
 *   ys_additive_solve   choose for each household at most two options, at most one of a group, inside all limits
 *   ys_gap_solve        generalised assignment: every job to one agent, least cost
 *   ys_mmkp_solve       one item of every class, most value, inside all limits
 *
 * Every result has a value that is attained and a bound that no solution can pass; `gap` is what lies between them,
 * relative to the bound (to the value when minimising).  Values, costs and limits are integers of the caller's unit.
 * The same input gives the same bytes for any number of threads and any instruction set, as long as no time limit cuts
 * the search short.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/status.h"

/* How to work.  Zero-initialised is a good choice. */
typedef struct ys_optim_config {
    int threads;              /* <= 0: as many as processors */
    int passes;               /* of the pricing; 0: by size */
    int kernel;               /* widest instruction set allowed: 0 any, 1 portable, 2 AVX2, 3 AVX-512 */
    double seconds;           /* search until `now` has advanced by this; 0: a fixed amount of work */
    double (*now)(void *arg); /* a clock in seconds; NULL: none, then `seconds` must be 0 */
    bool (*stop)(void *arg);  /* asked now and then: true ends the search with the best so far; NULL: never */
    void *arg;
} ys_optim_config;

/* ---- choices with additive values ---- */

#define YS_OPTIM_NO_ROW    UINT32_MAX
#define YS_OPTIM_NO_CHOICE UINT32_MAX

/* One option of a household; the layout is that of a .pab file on a little-endian machine. */
typedef struct ys_optim_option {
    int32_t value;          /* times the household's weight */
    int32_t cost_a, cost_b; /* >= 0 */
    uint32_t row;           /* the local row it takes one unit of, or YS_OPTIM_NO_ROW */
    uint16_t fund_a, fund_b;
    uint8_t group, type; /* at most one option of a group; type is for the reader */
    uint16_t pad;
} ys_optim_option;

typedef struct ys_optim_household {
    int32_t gap;             /* for the reader */
    uint8_t persons, weight; /* weight: 4 = 1.0 */
    uint16_t pad;
} ys_optim_household;

/* The problem; all arrays are the caller's. */
typedef struct ys_additive {
    int64_t households;
    int32_t funds, rows;
    const int64_t *limit;                /* [funds + rows], >= 0 */
    const uint64_t *offset;              /* [households + 1], first option of each household */
    const ys_optim_household *household; /* [households] */
    const ys_optim_option *option;       /* [offset[households]] */
} ys_additive;

/* Stages of the work, for their seconds. */
enum {
    YS_STAGE_LAYOUT,
    YS_STAGE_PRICES,
    YS_STAGE_BOUND,
    YS_STAGE_SETTLE,
    YS_STAGE_REPAIR,
    YS_STAGE_SEARCH,
    YS_STAGES
};

typedef struct ys_additive_result {
    int64_t value, bound;
    double gap;         /* (bound - value) / bound, 0 where both are 0 */
    bool partial;       /* `stop` ended it early */
    int passes;         /* over all options */
    const char *kernel; /* instruction set of the passes */
    int64_t households;
    int32_t n_prices;
    uint32_t (*choice)[2]; /* option of the household (0 = its first) or YS_OPTIM_NO_CHOICE */
    int64_t first, end;    /* households whose choice is filled: all, but for one rank of several */
    int64_t *price;        /* [funds + rows], value of one more unit times 2^price_bits */
    int price_bits;
    /* Of the prices, and of the sum over households of a hash of number and choice: tells results apart, no seal. */
    uint64_t checksum;
    int64_t bytes; /* held for the pricing, without the caller's records */
    double seconds[YS_STAGES];
} ys_additive_result;

/*
 * The .pab file at `bytes` (8-byte aligned; borrowed as long as `ret_problem` is used).  EDATA: not whole, offsets out
 * of order, negative limit or cost, number of a fund or row that is not there; ELIMIT: sums beyond 2^62.
 */
ys_status ys_pab_read(const void *bytes, size_t size, ys_additive *ret_problem, ys_diag *diag) YS_MUST_USE;
/* The same examination for arrays of the caller's making. */
ys_status ys_additive_examine(const ys_additive *p, ys_diag *diag) YS_MUST_USE;
/* `p` must have passed the examination.  Free the result with ys_additive_result_free. */
ys_status ys_additive_solve(const ys_additive *p, const ys_optim_config *config,
                            ys_additive_result **ret_result, ys_diag *diag) YS_MUST_USE;
void ys_additive_result_free(ys_additive_result *r);
/*
 * An independent judge: recomputes feasibility, value and the bound at the prices from the records, with code of its
 * own.  EDATA names what does not hold.
 */
ys_status ys_additive_check(const ys_additive *p, const ys_additive_result *r, ys_diag *diag) YS_MUST_USE;

/* ---- multiple-choice knapsacks of the literature ---- */

/* Every job to exactly one agent: least cost within the agents' capacities.  For most profit negate the costs. */
typedef struct ys_gap {
    int agents, jobs;
    int64_t *cost, *weight; /* [agent * jobs + job] */
    int64_t *capacity;      /* [agents] */
} ys_gap;

/* Exactly one item of every class: most value within the limits. */
typedef struct ys_mmkp {
    int classes, resources;
    int digits;      /* values are in units of 10^-digits */
    int *item_at;    /* [classes + 1] */
    int64_t *value;  /* [items] */
    int64_t *weight; /* [item * resources + resource] */
    int64_t *limit;  /* [resources] */
} ys_mmkp;

typedef struct ys_choice_result {
    bool feasible;        /* false: no solution is known; proven where `complete` too */
    bool complete;        /* the search went through: value = bound */
    int64_t value, bound; /* value only where feasible */
    double gap;           /* |bound - value| / |value|; 1 where nothing is known */
    int n;
    int *choice; /* [n] agent of each job, item (within its class) of each class */
    int64_t nodes;
} ys_choice_result;

/* The instances of an OR-Library text (one, or a count and then as many).  Free with ys_gap_free. */
ys_status ys_gap_read(const char *text, size_t size, ys_gap **ret_list, int *ret_count,
                      ys_diag *diag) YS_MUST_USE;
void ys_gap_free(ys_gap *list, int count);
ys_status ys_gap_solve(const ys_gap *p, const ys_optim_config *config, ys_choice_result *ret_result,
                       ys_diag *diag) YS_MUST_USE;

/* Khan's text form (I01 to I13); what follows the last class is not read.  Free with ys_mmkp_free. */
ys_status ys_mmkp_read(const char *text, size_t size, ys_mmkp *ret_problem, ys_diag *diag) YS_MUST_USE;
void ys_mmkp_free(ys_mmkp *p);
ys_status ys_mmkp_solve(const ys_mmkp *p, const ys_optim_config *config, ys_choice_result *ret_result,
                        ys_diag *diag) YS_MUST_USE;
void ys_choice_result_done(ys_choice_result *r);

#endif
