/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_FIGURES_H
#define YS_REPORT_FIGURES_H
/*
 * figures.h - the numbers a report or a summary shows, as plain structs: gathered by app/digest.h, drawn by book.h.
 *
 * Money is int64 in minor units of the pack's currency; rates are shares (0.157, not 15.7); NaN: cannot be had.
 * Strings are borrowed from whoever gathered the figures.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/diagnose.h"
#include "yaoshi/plan.h"

typedef struct ys_words {
    const char *zh, *en; /* never NULL */
} ys_words;

/* Where these figures come from: stands in the head and under every figure. */
typedef struct ys_fig_head {
    ys_words scope;
    const char *scope_code; /* "" : the whole register */
    const char *pack, *pack_title, *pack_version, *pack_hash;
    const char *currency; /* ISO 4217 */
    int digits;           /* of its minor unit */
    ys_words line_label;
    const char *line_source;
    int64_t line;       /* per head and year */
    const char *period; /* of income */
    int32_t today;      /* day at which ages are counted */
    bool synthetic;
    char head[65];                     /* newest root of the chain; "" when the store is empty */
    int64_t head_tx, head_at, made_at; /* transaction, seconds since 1970 */
} ys_fig_head;

/* One area, or all of them together. */
typedef struct ys_fig_place {
    const char *code;
    ys_words name;
    int64_t households, persons;           /* registered */
    int64_t poor_households, poor_persons; /* of them below the line by the exact test */
    int64_t gap;                           /* statutory, a year */
    double base;                           /* population behind the rates; NaN: none recorded */
    double fgt0, fgt1, fgt2, gini, m0;
    ys_root_summary roots;
    /* from the plan */
    int64_t helped, helpless; /* households with measures; below the line (y*) and without any */
    int64_t first_cost;       /* of the measures planned for households of the area, first year */
} ys_fig_place;

typedef struct ys_fig_statistic {
    ys_words area;
    const char *name, *unit;
    int32_t date;
    double value;
    double here; /* the same figure computed from the register; NaN: not comparable */
} ys_fig_statistic;

typedef struct ys_fig_indicator {
    ys_words label;
    bool statutory, of_village;
    int weight;
    double uncensored, censored, contribution; /* Alkire-Foster */
    int64_t persons, cured; /* statutory: registered persons affected; of them cured by the plan */
} ys_fig_indicator;

typedef struct ys_fig_cause {
    ys_words label;
    int root; /* ys_root it names; YS_ROOT_NONE */
    int64_t households, proven, unproven, conflicts;
} ys_fig_cause;

typedef struct ys_fig_entitlement {
    ys_words label;
    const char *source;
    int64_t households; /* who should have it and does not */
} ys_fig_entitlement;

typedef struct ys_fig_deficit {
    ys_words label;
    int64_t villages, households, persons;
} ys_fig_deficit;

enum { YS_FIG_INDUSTRY, YS_FIG_PROJECT, YS_FIG_NET, YS_FIG_FAMILIES };

typedef struct ys_fig_measure {
    ys_words label;
    const char *source;
    int family;      /* YS_FIG_…, or YS_FIG_FAMILIES: another */
    bool assumption; /* the pack's row is marked so */
    bool earned;     /* acts on labour, employment or earnings */
    bool village;
    int64_t blocks, units;         /* households (or villages) with it; units */
    int64_t first_cost, recurring; /* all funds, first year and each further one */
    int64_t effect;                /* expected a year, before competition and overlap */
    int64_t *by_giver;             /* first_cost by giver, `givers` places; the last one: from no fund */
} ys_fig_measure;

/* A fund in a year, or the places of an offering, as the plan left them. */
typedef struct ys_fig_resource {
    const char *code;
    ys_words name;
    ys_words area; /* of the offering */
    int giver;     /* of the fund */
    int32_t year;
    int64_t amount, used; /* minor units, or places */
    double price;         /* minor units of gap closed by one more unit (tier 2) */
} ys_fig_resource;

typedef struct ys_fig_floor {
    const char *name;
    ys_words area, metric;
    bool money; /* minimum and reached in minor units, else whole numbers */
    ys_plan_metric kind;
    bool most; /* at most `minimum`, not at least */
    int64_t minimum, reached;
    double
        price; /* minor units of gap closed (of money: per minor unit) that one more unit of the minimum takes */
} ys_fig_floor;

/* The plan, or a simpler rule, with the same money and places (yaoshi/compare.h). */
typedef struct ys_fig_contender {
    ys_words name, words;
    int64_t gap, cures, households, villages, money, absent, effect, earned;
    int64_t floors_unmet;
} ys_fig_contender;

typedef struct ys_fig_plan {
    bool there;
    char version[32];
    int64_t facts_tx, year, alpha;
    bool partial, stale; /* stale: facts were written after those it rests on */
    int64_t households, options, helped, helped_villages;
    int64_t value[2], bound[2];
    double gap[2];
    int64_t first_cost, recurring, effect, earned_effect;
    int64_t family_households[YS_FIG_FAMILIES], family_cost[YS_FIG_FAMILIES], family_effect[YS_FIG_FAMILIES];
    ys_fig_measure *measures;
    int measure_count;
    const char **giver; /* names; the last of `givers` is NULL: no fund */
    int givers;
    ys_fig_resource *funds, *places; /* places: bounded offerings */
    int64_t fund_count, place_count, places_full;
    ys_fig_floor *floors;
    int64_t floor_count;
    double couple_price; /* minor units of gap that the last cure takes; 0: the two tiers do not compete */
    ys_fig_contender *contender; /* the plan first; none where no comparison was asked for */
    int contenders;
    int64_t helpless_by_root[YS_ROOTS],
        helpless_persons[YS_ROOTS]; /* below the line (y*) and nothing for them */
} ys_fig_plan;

typedef struct ys_fig_finding {
    const char *rule;
    ys_words message, fix;
    int severity;
    int64_t hits, unknown, rows;
} ys_fig_finding;

/* A border in degrees: rings of points, the first the outer one of its part. */
typedef struct ys_fig_shape {
    const char *code;
    int rings;
    const int *points;           /* per ring */
    const double *const *xy;     /* per ring: lng, lat, lng, lat … */
    double lng, lat;             /* where the name goes */
    const char *const *includes; /* codes of areas without a border of their own that lie inside */
    int include_count;
} ys_fig_shape;

typedef struct ys_figures {
    ys_fig_head head;
    ys_words level;           /* of `place`: 县, county */
    ys_fig_place all, *place; /* households registered there, or a shape */
    int places;
    bool survey_only; /* no register: the households are a sample of all, and counts are of the sample */
    bool has_base, has_sample;
    int64_t sample_households;
    ys_fig_statistic *statistic;
    int statistics;
    ys_fig_indicator *indicator;
    int indicators, af_k, af_max;
    double mpi_h, mpi_a;
    int64_t net
        [YS_ROOTS]; /* Σ contributions of the households below the line, positive and negative: adds up to roots.gap */
    ys_fig_cause *cause;
    int causes;
    int64_t declared[YS_ROOTS + 1][YS_ROOTS + 1]; /* declared root × computed root (last: none; several) */
    int64_t conflicts, unproven, missing_households, missing_money;
    ys_fig_entitlement *entitlement;
    int entitlements;
    ys_scatter scatter;
    ys_fig_deficit *deficit;
    int deficits;
    int64_t villages, villages_deficient;
    ys_fig_plan plan;
    ys_fig_finding *finding;
    int findings;
    int64_t no_members, other_period;
    int assumed_measures, all_measures; /* of the pack */
    ys_fig_shape *shape;
    int shapes;
    const char *shape_note; /* coordinate system as the pack says, "" */
} ys_figures;

#endif
