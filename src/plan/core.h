/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_CORE_H
#define YS_PLAN_CORE_H
/*
 * core.h - the solver's problem: blocks that each take one bundle, rows that are shared.  It knows nothing of poverty.
 *
 * A block has options; an option has a *type* (in a plan: its offering); a type charges rows.  A bundle is up to three options
 * of its block with two integer values.  The resources of a bundle are derived from its options, so that a bundle
 * takes 16 bytes.  Blocks lie in chunks of YS_CHUNK_BLOCKS: chunks are filled and priced in parallel.
 *
 * A *stage* is one optimisation over a problem: maximise k1*v1 + k2*v2 under rows and floors.  Tier 2 is a stage whose last
 * floor is the coupling row.  docs/plan-model.md sections 6 and 7 are the mathematics.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/pool.h"
#include "yaoshi/plan.h"

#define YS_CHUNK_BLOCKS       1024
#define YS_NO_OPTION          255  /* unused place in a bundle */
#define YS_LIMIT_OPTIONS_CORE 250  /* options of one block in the core */
#define YS_SCREEN_OPTIONS     32   /* a block with more is not screened */
#define YS_SCREEN_BUNDLES     5489 /* sets of at most three of so many options */

typedef __int128 ys_i128;

typedef struct ys_bundle {
    int64_t v2;
    int32_t v1;
    uint8_t option[YS_PLAN_MAX_MEASURES]; /* numbers within the block, ascending; YS_NO_OPTION at the end */
    uint8_t count;
} ys_bundle;

typedef struct ys_chunk {
    int32_t n;           /* blocks */
    int32_t cut;         /* of them: options were left out by the ceilings */
    bool borrowed;       /* the arrays are another problem's */
    uint32_t *option_at; /* n+1 */
    uint32_t
        *bundle_at;  /* n+1; the first bundle of each block is part of all others: the empty one, as a rule */
    int32_t *type;   /* per option */
    int32_t *person; /* per option, -1: none; NULL where the problem has no persons */
    int64_t *alone2; /* per option: v2 of it alone; NULL where no term asks for it */
    ys_bundle *bundles;
    /* what ys__chunk_screen makes; all NULL before, or where a block has more than 32 options */
    uint32_t *mask; /* per bundle: its options as bits */
    int32_t *adds1; /* per option: at most so much more v1, v2 than some bundle that charges only the rest */
    int64_t *adds2;
} ys_chunk;

/*
 * What floors count are *sums* over blocks: those of the floors, then those of the *levels* that floors are held against.  A sum counts
 * a metric (times its sign) or terms of option types.  A floor without level asks sum >= minimum; one with level g asks
 * 2^40 * sum >= ratio * max(0, sum of g): the level is a variable t >= 0 with t >= sum of g, whose price follows from those of its
 * floors (ys__sum_prices).
 */
#define YS_RATIO 40
typedef struct ys_term {
    int32_t type, sum;
    int64_t unit; /* an option of the type adds so much; YS_TERM_ALONE: its value alone */
} ys_term;
#define YS_TERM_ALONE INT64_MIN
#define YS_METRIC_SPENT                                                                                      \
    ((ys_plan_metric)(YS_PLAN_HELPED + 1)) /* of a sum that counts fen by terms, no metric */

/* A place is a set of sums: all blocks of a village share one. */
typedef struct ys_choice {
    int64_t n_blocks, n_chunks, n_types, n_rows;
    int n_floors;
    int32_t n_places;
    ys_chunk *chunks;
    int64_t *type_at; /* n_types+1 */
    int32_t *charge_row;
    int64_t *charge;
    int64_t *limit; /* per row */
    int n_levels;
    ys_plan_metric *floor_metric; /* per sum */
    int8_t *sum_sign;             /* per sum: 1 or -1 */
    int64_t *floor_minimum;
    int32_t *floor_level;                  /* per floor: its level, -1: none */
    int64_t *floor_ratio;                  /* per floor: in 2^-40 */
    int32_t *place;                        /* per block */
    int32_t *place_at;                     /* n_places+1 */
    int32_t *place_floor;                  /* sums of a metric */
    int32_t *place_level_at, *place_level; /* levels that a bundle of the place bears on; n_places+1 */
    int32_t most_levels;                   /* of one place */
    int64_t *term_at;                      /* NULL, or n_places+1 */
    ys_term *term;                         /* of a place by type */
    uint8_t *place_helps;                  /* per place: its blocks count as helped */
} ys_choice;

/* View of one block. */
typedef struct ys_block {
    const int32_t *type;
    const int32_t *person;
    const int64_t *alone2;
    const ys_bundle *bundle;
    const uint32_t *mask; /* NULL: the chunk was not screened; then adds1 and adds2 are none either */
    const int32_t *adds1;
    const int64_t *adds2;
    int n_options, n_bundles;
    int32_t place;
} ys_block;

static inline ys_block ys__block(const ys_choice *c, int64_t block)
{
    const ys_chunk *k = &c->chunks[block / YS_CHUNK_BLOCKS];
    int64_t i = block % YS_CHUNK_BLOCKS;
    ys_block b = {.type = k->type + k->option_at[i],
                  .person = k->person ? k->person + k->option_at[i] : NULL,
                  .alone2 = k->alone2 ? k->alone2 + k->option_at[i] : NULL,
                  .bundle = k->bundles + k->bundle_at[i],
                  .mask = k->mask ? k->mask + k->bundle_at[i] : NULL,
                  .adds1 = k->mask ? k->adds1 + k->option_at[i] : NULL,
                  .adds2 = k->mask ? k->adds2 + k->option_at[i] : NULL,
                  .n_options = (int)(k->option_at[i + 1] - k->option_at[i]),
                  .n_bundles = (int)(k->bundle_at[i + 1] - k->bundle_at[i]),
                  .place = c->place[block]};
    return b;
}

/* Allocates all arrays for the sizes set in `c` (charges: room for `charges`); chunks are empty. */
ys_status ys__choice_alloc(ys_choice *c, int64_t charges, ys_diag *diag) YS_MUST_USE;
void ys__choice_done(ys_choice *c);
void ys__chunk_done(ys_chunk *k);
/*
 * Drops bundles that charge the same as another one and are worth no more, and notes for each option what it can add at
 * most, so that a pass at given prices need not look at bundles with an option that costs more than it adds: the same bundle
 * without it is better.  Optional: neither optimum nor bound depends on it.  drop false: bundles stay (floors may repel).
 */
ys_status ys__chunk_screen(ys_chunk *k, bool drop, ys_diag *diag) YS_MUST_USE;
/*
 * The weights of one block at given prices, and the bundles worth a look: what is left out scores at least `margin` less than
 * the best one.  Blocks that were not screened leave nothing out.
 */
typedef struct ys_look {
    double w1, w2, w0;
    double cost[256]; /* per option; of YS_NO_OPTION 0 */
    int n;
    bool all;                           /* of them; `bundle` is not filled */
    uint16_t bundle[YS_SCREEN_BUNDLES]; /* ascending, the block's first one first */
} ys_look;
/* Fills `bundle` from weights and costs. */
void ys__look(ys_look *l, const ys_block *b, double margin);
static inline int ys__look_at(const ys_look *l, int i)
{
    return l->all ? i : l->bundle[i];
}
static inline double ys__look_score(const ys_look *l, const ys_bundle *u)
{
    double v = l->w1 * u->v1 + l->w2 * (double)u->v2 -
               ((l->cost[u->option[0]] + l->cost[u->option[1]]) + l->cost[u->option[2]]);
    return l->w0 != 0 && (u->v1 > 0 || u->v2 > 0) ? v + l->w0 : v;
}
/* What a sum counts weighs `price` more in the blocks of a place; the price has the sign of the sum. */
static inline void ys__look_floor(ys_look *l, const ys_choice *c, int32_t place, int sum, double price)
{
    ys_plan_metric m = c->floor_metric[sum];
    if (m == YS_PLAN_GAP)
        l->w2 += price;
    else if (m == YS_PLAN_CURES)
        l->w1 += price;
    else if (c->place_helps[place])
        l->w0 += price;
}
static inline double ys__ratio(const ys_choice *c, int floor)
{
    double ratio = (double)c->floor_ratio[floor] / (double)((int64_t)1 << YS_RATIO);
    return ratio > 1e-12 ? ratio : 1e-12;
}
/* The terms of an option type in a place (terms.c). */
const ys_term *ys__terms(const ys_choice *c, int32_t place, int32_t type, int *ret_n);
static inline int64_t ys__term_value(const ys_term *t, const ys_block *b, int option)
{
    return t->unit == YS_TERM_ALONE ? b->alone2[option] : t->unit;
}
/* What an option is worth in terms at the prices of the sums. */
double ys__option_worth(const ys_choice *c, const ys_block *b, int option, const double *sum_price);
/* Prices of all sums from those of the floors. */
void ys__sum_prices(const ys_choice *c, const double *floor_price, double *ret_price);
/* What floor `f` is short of where its own sum is `sum` and its level's is `level`: `sum` less what is asked of it, rounded down. */
int64_t ys__floor_slack(const ys_choice *c, int f, int64_t sum, int64_t level);
/* Per floor of a choice of bundles: the sum it counts, and what it asks of it (as in ys_plan_result). */
ys_status ys__floor_sums(const ys_choice *c, const uint16_t *choice, int64_t *use, int64_t *need,
                         ys_diag *diag) YS_MUST_USE;
/* Largest sum of the level that this sum of floor `f` allows; -1: none. */
int64_t ys__floor_reach(const ys_choice *c, int f, int64_t sum);
/* Refuse sums that could leave 62 bits; `ret_type` the type with the largest charge on the row at fault. */
bool ys__choice_sums_fit(const ys_choice *c, int64_t *ret_row, int64_t *ret_type);

typedef struct ys_stage {
    const ys_choice *c;
    ys_pool *pool;
    int k1, k2;       /* objective */
    int n_floors;     /* those of the problem that apply, plus the coupling row where there is one */
    bool coupled;     /* the last floor is sum v1 >= minimum over all blocks */
    int64_t *minimum; /* per floor */
    int64_t *target;  /* per floor: what the prices aim at (>= minimum while a plan is sought) */
    double *scale, *floor_scale;
    double *price, *floor_price; /* averaged prices, >= 0 */
    double *x, *eta, *last;      /* per row, then per floor */
    double *best;                /* the prices with the least dual of all passes */
    double least;                /* that dual; INFINITY before the first pass */
    double *type_cost;
    double *w1, *w2, *w0; /* per place */
    double *sum_price;    /* per sum of the problem, at the last weights */
    int64_t *level_use;   /* per level, of the last pass */
    double
        *floor_size; /* per floor: what its shortage is measured by; of the last pass where it has a level */
    int64_t *use, *floor_use; /* of the last pass */
    int64_t *thread_use;      /* scratch: threads * (rows + 3 places + sums) */
    double *chunk_sum;
    const double *ride; /* NULL, or tier 1's prices (rows, then floors): see ys__stage_shortage */
    double ride_slack;  /* tier 1's bound less the coupling minimum */
    double dual;        /* Lagrangian of the last pass */
    int passes;
    uint16_t *pick; /* NULL, or where a pass writes the best bundle of each block */
} ys_stage;

/* `couple` < 0: no coupling row.  with_floors false: the floors of the problem do not apply. */
ys_status ys__stage_init(ys_stage *s, const ys_choice *c, ys_pool *pool, bool with_floors, int64_t couple,
                         ys_diag *diag) YS_MUST_USE;
void ys__stage_done(ys_stage *s);
ys_plan_metric ys__stage_metric(const ys_stage *s, int floor);
/* Starting steps from the data: median value per unit of each row. */
void ys__stage_scale(ys_stage *s);
/* Prices are not negative, nor so high that sums of doubles are lost in them: flat ways of the dual have no end. */
static inline double ys__price_within(const ys_stage *s, int64_t i, double price)
{
    double most = 1e7 * s->scale[i];
    return price > most ? most : price > 0 ? price : 0;
}
/* One pass at prices `x` (rows, then floors): best bundles, use, dual. */
void ys__stage_pass(ys_stage *s, const double *x);
/* Weights of the tiers per place and costs per type at `x`. */
void ys__stage_weights(ys_stage *s, const double *x);
/* Weights and costs of the stage, then ys__look. */
void ys__look_load(ys_look *l, const ys_stage *s, const ys_block *b, double margin);
/* Up to `passes` of dual ascent; false: interrupted. */
bool ys__stage_ascend(ys_stage *s, int passes, const ys_plan_config *config, int tier);
/*
 * How far floor `f` is from its target, in proportion, at these uses.  The coupling row is measured along tier 1's prices:
 * its shortage plus what the excess use of rows is worth in tier 1.  Classes of blocks that tier 1 finds equally good leave that measure
 * alone when they come or go, so that it is smooth where the plain shortage jumps; and when its price moves, the prices of
 * the rows move with it (ys__stage_ride).
 */
double ys__stage_shortage(const ys_stage *s, int f, const int64_t *use, const int64_t *floor_use);
void ys__stage_ride(const ys_stage *s, double *x, double change);
/*
 * Up to `passes` of the volume method (volume.c) from the prices `from` (NULL: zero); `target`: the value of a plan.  The least dual and its prices
 * stand in `least` and `best`, if they are better than what was there.
 */
ys_status ys__stage_volume(ys_stage *s, const double *from, double target, int passes,
                           const ys_plan_config *config, int tier, ys_diag *diag) YS_MUST_USE;
/*
 * From the best prices of the passes so far: minimises the smoothed dual (smooth.c), some `evaluations` passes at each of five
 * widths, or the narrower ones from number `first` on (0..4).  The least plain dual goes on being kept in `best`; `price` becomes the last prices.
 */
ys_status ys__stage_smooth(ys_stage *s, int first, int evaluations, const ys_plan_config *config, int tier,
                           ys_diag *diag) YS_MUST_USE;
/* What a bundle charges on one row. */
int64_t ys__bundle_charge(const ys_choice *c, const ys_block *b, const ys_bundle *u, int64_t row);
/* Value of a bundle under a floor's metric. */
int64_t ys__metric_value(ys_plan_metric m, const ys_bundle *b, bool helps);

/* Fixed-point prices and the exact bound at them. */
typedef struct ys_certificate {
    int shift;
    int64_t *price, *floor_price; /* floor_price has n_floors of the stage */
    int64_t bound;
    bool negative; /* L < 0: with a zero objective the floors contradict each other */
} ys_certificate;
ys_status ys__stage_certify(ys_stage *s, const double *x, ys_certificate *ret_cert,
                            ys_diag *diag) YS_MUST_USE;
void ys__certificate_done(ys_certificate *c);

/* A plan being built: choices and what they use.  Works at prices of its own in the weights of the stage. */
typedef struct ys_draft {
    ys_stage *s;
    uint16_t *choice;
    int64_t *use;
    int64_t *floor_use;  /* per floor: its sum; ys__draft_floor is what is held against the minimum */
    int64_t *level_use;  /* per level */
    int64_t *reach;      /* trees of least reach, one per level (terms.c) */
    int64_t *reach_at;   /* n_levels+1 */
    int32_t *reach_leaf; /* per floor */
    int64_t *before;     /* scratch: levels of one place */
    int64_t *slack;      /* per floor: see ys__draft_slacks */
    int n_short;         /* floors without level that are not met, and levels above a reach */
    int64_t *cap;        /* per row: max(limit, use); no move may go beyond it */
    double *price;       /* effective prices of a sweep: rows, then floors */
    double firmness;     /* times the first stiffness of a balance; 1 from the start */
    const ys_plan_config *config; /* NULL: nobody interrupts */
    bool stopped;                 /* somebody did: improvements end where they are, feasible */
} ys_draft;
/* Asks whether to go on with improvements; remembers a no. */
bool ys__draft_stopped(ys_draft *d);
ys_status ys__draft_init(ys_draft *d, ys_stage *s, const uint16_t *choice, ys_diag *diag) YS_MUST_USE;
void ys__draft_done(ys_draft *d);
/* Sums of the problem while a draft changes (terms.c): `value` more; how far a level is above what its floors allow. */
ys_status ys__draft_levels(ys_draft *d, ys_diag *diag) YS_MUST_USE;
void ys__draft_add(ys_draft *d, int sum, int64_t value);
int64_t ys__draft_excess(const ys_draft *d, int level);
/* The sum of floor `f`, less what its level asks of it; the same for all floors at once. */
int64_t ys__draft_floor(const ys_draft *d, int f);
const int64_t *ys__draft_slacks(ys_draft *d);
bool ys__draft_fits(const ys_draft *d); /* all rows within their limits */
int ys__draft_short(const ys_draft *d); /* first floor that is not met, -1: all are */
/*
 * From the best bundles at the stage's prices towards a plan (balance.c); blocks marked in `fixed` (NULL: none) stay as they are.
 * Balance: rows are feasible after, floors are met where the search succeeds.  Relax: its first, soft sweeps only; what they
 * leave is no plan, but its value is near the best possible one.
 */
ys_status ys__draft_balance(ys_draft *d, const uint8_t *fixed, ys_diag *diag) YS_MUST_USE;
ys_status ys__draft_relax(ys_draft *d, ys_diag *diag) YS_MUST_USE;
void ys__draft_repair(ys_draft *d);  /* rows become feasible; floors may suffer */
void ys__draft_settle(ys_draft *d);  /* split classes of equally good blocks; nearly feasible after */
void ys__draft_lift(ys_draft *d);    /* floors that are short are met, if it can be done */
void ys__draft_improve(ys_draft *d); /* towards true value; what is met stays met */
void ys__draft_polish(ys_draft *d);  /* at true value only: never loses */
bool ys__draft_swap(ys_draft *d);    /* pairs of moves that are blocked alone; true: some were made */
void ys__draft_exchange(
    ys_draft *d, double slack); /* small problems: one block makes room for another; slack = bound - value */
int64_t ys__draft_sum(const ys_draft *d, int tier); /* sum of v1 (tier 0) or v2 (tier 1) */
/* Decide one block again at the weights of the stage; true: it moved.  keep_floors: no floor may suffer. */
bool ys__draft_decide(ys_draft *d, int64_t block, bool keep_floors);
void ys__draft_move(ys_draft *d, int64_t block, int bundle);
/* For moves in two steps: the charges of a bundle come or go; with a block's own gone, does another bundle fit? */
void ys__draft_charge(ys_draft *d, const ys_block *b, int bundle, int sign);
bool ys__draft_bundle_fits(ys_draft *d, const ys_block *b, int bundle);
bool ys__draft_on_overfull(const ys_draft *d, int64_t block);
void ys__draft_settle_caps(ys_draft *d); /* after moves that overfill rows: caps follow the use */

/*
 * No plan met the floors: find out whether none can.  Names the floors in conflict in `diag` (proven by a bound below the
 * minimum, or by a negative bound at zero objective), or those that the search could not meet.
 */
ys_status ys__explain_floors(const ys_choice *c, ys_pool *pool, const uint8_t *is_short,
                             const ys_plan_config *config, const char *const *names,
                             ys_diag *diag) YS_MUST_USE;

/* Both tiers; the plan's floor above adds overlap. */
ys_status ys__choice_solve(const ys_choice *c, int32_t tolerance, const ys_plan_config *config,
                           const char *const *floor_names, ys_plan_result **ret_result,
                           ys_diag *diag) YS_MUST_USE;

#endif
