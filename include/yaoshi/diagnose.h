/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_DIAGNOSE_H
#define YAOSHI_DIAGNOSE_H
/*
 * diagnose.h - why poor: what each factor of a household's livelihood costs it, in money without residual.
 *
 * The accounting identity of a household of n persons, L of them able to work (a weak worker counts half), E
 * full-time equivalents actually worked, W earned income (wages + own business), all per person and year:
 *
 *     y* = (L/n) · (E/L) · (W/E) + p + t − x        p property, t transfers, x rigid spending (illness,
 * school, …)
 *
 * The reference profile r holds the medians of the six factors among non-poor peers (line <= y < upper × line
 * by the statutory income) in the same town, or county, or everywhere if a place has too few.  Two gaps are
 * explained: to the line    r scaled in money so that y*(r) is the line: contributions sum exactly to line −
 * y* to the peers   r itself (only with at least peer_min peers): contributions sum exactly to y*(r) − y*
 * Each factor's contribution is its Shapley value over all 64 ways of mixing own and reference values,
 * rounded to minor units by largest remainders so that the integers add up.  An undefined ratio (E/L without
 * L, W/E without E) takes the reference value and contributes nothing.  This is accounting, not causality: it
 * says where the money is missing, and `stable` says whether that answer survives other references and a
 * wrong income.
 *
 * Same bits for any number of threads.  About a second for a million households on two cores.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

struct ys_pool; /* base/pool.h; NULL runs in the caller */

/* The six factors, in the order of the policy pack's `factor`. */
typedef enum ys_root {
    YS_ROOT_LABOUR,     /* L/n  few members able to work */
    YS_ROOT_EMPLOYMENT, /* E/L  able but not enough work */
    YS_ROOT_EARNINGS,   /* W/E  a year of work earns little */
    YS_ROOT_PROPERTY,   /* p */
    YS_ROOT_TRANSFER,   /* t */
    YS_ROOT_RIGID,      /* x    unavoidable spending */
    YS_ROOTS,
    YS_ROOT_NONE = YS_ROOTS
} ys_root;

typedef enum ys_peer_level { YS_PEER_NONE, YS_PEER_TOWN, YS_PEER_COUNTY, YS_PEER_ALL } ys_peer_level;

typedef enum ys_root_state {
    YS_RS_BELOW,   /* y* < line: the contributions explain a gap */
    YS_RS_ABOVE,   /* y* >= line: contributions are there (they sum to a gap <= 0) but there is no root */
    YS_RS_UNKNOWN, /* a fact is missing: all amounts are YS_NA, top and second are YS_ROOT_NONE */
} ys_root_state;

/* The households; arrays are borrowed, n places each; money in minor units, household totals of the year. */
typedef struct ys_diagnose_data {
    int64_t n;
    const int64_t *persons;                                       /* >= 1 */
    const int64_t *line;                                          /* per head */
    const int64_t *wage, *business, *property, *transfer, *rigid; /* rigid >= 0 is spending */
    const int64_t *statutory;     /* income by the statute (y), which decides who is a non-poor peer */
    const double *labour;         /* L >= 0; NaN unknown */
    const double *worked;         /* E >= 0, full-time equivalents; NaN unknown */
    const double *weight;         /* of the row as a peer (sample households stand for many); NULL: 1 */
    const int32_t *town, *county; /* dense codes 0..count-1; negative: unknown, widened at once */
    int32_t towns, counties;
} ys_diagnose_data;

typedef struct ys_diagnose_opts {
    int64_t peer_min;      /* fewest peers (30) */
    double peer_upper;     /* peers have line <= y < this × line (2) */
    double noise;          /* income error of the stability band (0.1) */
    double unstable_share; /* a card is 多因并重 if more than this share of the nine variants names another
                              top */
    double
        unstable_margin; /* … or if the lead of the top over the second is less than this share of the gap */
} ys_diagnose_opts;
ys_diagnose_opts ys_diagnose_defaults(void);

/* The answer, struct of arrays, n places each.  Owned; free with ys_roots_free. */
typedef struct ys_roots {
    int64_t n;
    int64_t *gap;                    /* line × persons − y*: sum of contribution[k] */
    int64_t *contribution[YS_ROOTS]; /* to the line */
    int64_t *peer_gap; /* y*(r) × persons − y*; YS_NA with fewer than peer_min peers anywhere */
    int64_t *peer_contribution[YS_ROOTS];
    int64_t *margin;       /* top less second contribution to the line; 0 without a root */
    uint8_t *state;        /* ys_root_state */
    uint8_t *top, *second; /* ys_root; YS_ROOT_NONE if state is not BELOW */
    uint8_t *stable;       /* 1: one root; 0: 多因并重 (or no root at all) */
    uint8_t *agree;        /* of the 9 variants (P25/P50/P75 × income −/0/+), how many name the same top */
    uint8_t *peer_level;   /* ys_peer_level the reference comes from */
    int32_t *peers;        /* number of peers behind it */
} ys_roots;

/* EDATA: persons, line or a code out of range (diag.row from 1).  Missing facts are no error but
 * YS_RS_UNKNOWN. */
ys_status ys_diagnose(const ys_diagnose_data *data, const ys_diagnose_opts *opts, struct ys_pool *pool,
                      ys_roots **ret_roots, ys_diag *diag) YS_MUST_USE;
void ys_roots_free(ys_roots *r);

/* The six factors of one household per head, as used in the identity (doubles, minor units). */
typedef struct ys_root_profile {
    double factor[YS_ROOTS]; /* L/n, E/L, W/E, p, t, x; NaN: undefined */
} ys_root_profile;
/* Exact Shapley values of y*(ref) − y*(own) in factor order; their sum is that difference. */
void ys_root_shapley(const ys_root_profile *own, const ys_root_profile *ref, double ret_phi[YS_ROOTS]);
/* y* of a complete profile. */
double ys_root_income(const ys_root_profile *p);
/* The reference profile behind row i's card, before scaling (per head, minor units). */
ys_status ys_diagnose_reference(const ys_diagnose_data *data, const ys_diagnose_opts *opts, int64_t row,
                                ys_root_profile *ret_profile, ys_peer_level *ret_level,
                                ys_diag *diag) YS_MUST_USE;

/*
 * Household amounts per head, in steps of `unit` minor units (100: whole yuan), rounded by largest remainders
 * so that the six add up to the rounded total gap / persons.  Returns that total.
 */
int64_t ys_root_per_head(const int64_t amount[YS_ROOTS], int64_t persons, int64_t unit,
                         int64_t ret_amount[YS_ROOTS]);

/* ---- what was declared
 * --------------------------------------------------------------------------------------- */

/* Bits of a conflict between the declared cause and the account. */
enum {
    YS_CONFLICT_FACTOR =
        1, /* the card has one stable root and the declared factor explains less than a fifth of the gap */
    YS_CONFLICT_EVIDENCE = 2, /* the objective evidence of the declared cause is absent */
};
/* `declared` ys_root of the declared cause (YS_ROOT_NONE: names no factor); `evidence` 0 absent, 1 present, 2
 * unknown or no rule. */
void ys_root_conflicts(const ys_roots *r, const uint8_t *declared, const uint8_t *evidence,
                       uint8_t *ret_conflict);

/* ---- villages, towns, counties
 * ------------------------------------------------------------------------------- */

/* Households below the line of one area: sums, never means of means. */
typedef struct ys_root_summary {
    int64_t households, persons; /* with a root (YS_RS_BELOW) */
    int64_t mixed;               /* of them 多因并重 */
    int64_t unknown;             /* households without a card: a fact is missing */
    int64_t gap;                 /* sum of gaps */
    int64_t amount[YS_ROOTS];    /* Σ max(0, contribution): divide by their sum for the money profile π */
    int64_t top_households[YS_ROOTS], top_persons[YS_ROOTS];
} ys_root_summary;
/* `area` 0..areas-1 per household (negative: left out), `include` NULL or 1 = counted (register rows). */
ys_status ys_root_summarise(const ys_diagnose_data *data, const ys_roots *r, const int32_t *area,
                            int32_t areas, const uint8_t *include, ys_root_summary *ret_areas,
                            ys_diag *diag) YS_MUST_USE;

/* A village's or town's own deficits, from its own facts (rules are evaluated by the caller). */
#define YS_DEFICIT_MAX 128
typedef struct ys_deficit_data {
    int64_t areas;
    int indicators;
    const uint8_t *const *deprived;      /* [indicators][areas] 1 deprived, 0 not, 2 unknown */
    const int32_t *weight;               /* per indicator; NULL: 1 */
    const int64_t *households, *persons; /* affected if deprived: those of the area; NULL: 1 each */
} ys_deficit_data;
typedef struct ys_deficit {
    int32_t indicator;
    int32_t weight;
    int64_t areas, households, persons;
} ys_deficit;
/* Deficits of one area, gravest first (weight × persons, then indicator order); returns how many; `ret` has
 * `indicators` places. */
int ys_deficits_of(const ys_deficit_data *d, int64_t area, ys_deficit *ret);
/* The same over all areas with in[area] != 0 (NULL: all). */
int ys_deficits_sum(const ys_deficit_data *d, const uint8_t *in, ys_deficit *ret);

/* ---- the scattered pattern (插花式)
 * ------------------------------------------------------------------------- */

typedef struct ys_scatter_data {
    int64_t n;
    const int64_t *persons;
    const double *weight;   /* of the household; NULL: 1 */
    const double *income;   /* per head */
    const uint8_t *poor;    /* 1 poor, 0 not, others left out */
    const int64_t *gap;     /* household gap to the line (negative counts 0); NULL: none */
    const int32_t *village; /* 0..villages-1; negative: left out */
    int32_t villages;
    const uint8_t *designated; /* [villages] 1: a designated poor village; NULL: none known */
} ys_scatter_data;
/* Shares between villages: near 0 every village is like the others inside, near 1 villages differ as wholes. */
typedef struct ys_scatter {
    int32_t villages, villages_with_poor;
    double poor_persons;
    double theil_between_share; /* of Theil L of incomes (an income below 1 counts 1) */
    double gap_between_share;   /* of the variance of the gap per head; NaN without gap */
    double icc; /* intraclass correlation of being poor (analysis of variance over households) */
    double outside_designated; /* share of the poor outside designated villages; NaN without designation */
    bool scattered;            /* gap_between_share (else icc) below 15 %: deliver to households first */
} ys_scatter;
ys_status ys_scatter_measure(const ys_scatter_data *d, ys_scatter *ret_scatter, ys_diag *diag) YS_MUST_USE;

/* Neighbours of each area as compressed rows: item[start[i]] .. item[start[i+1]-1]; weight NULL: 1 each. */
typedef struct ys_neighbours {
    int64_t areas;
    const int64_t *start;
    const int32_t *item;
    const double *weight;
} ys_neighbours;
/* k nearest by great-circle distance (degrees); ties to the lower index.  Arrays are owned by the caller:
 * `start` areas + 1 places, `item` areas × k. */
ys_status ys_nearest(int64_t areas, const double *lng, const double *lat, int k, int64_t *ret_start,
                     int32_t *ret_item, ys_diag *diag) YS_MUST_USE;

typedef struct ys_moran_opts {
    bool row_standardise;
    int permutations; /* 999; 0: none */
    uint64_t seed;
} ys_moran_opts;
typedef struct ys_moran {
    double i, expected, var_normal, var_random, z_random, geary;
    double p_permutation; /* one-sided, (1 + #{I_perm >= I}) / (permutations + 1); NaN without */
} ys_moran;
ys_status ys_moran_test(const ys_neighbours *w, const double *value, const ys_moran_opts *opts,
                        ys_moran *ret_moran, ys_diag *diag) YS_MUST_USE;
/* Empirical-Bayes standardised rates (Assuncao & Reis 1999): small villages do not shout. */
ys_status ys_eb_rates(int64_t areas, const double *cases, const double *population, double *ret_z,
                      ys_diag *diag) YS_MUST_USE;

#endif
