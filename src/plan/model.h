/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_MODEL_H
#define YS_PLAN_MODEL_H
/*
 * model.h - from facts to the solver's problem: docs/plan-model.md sections 2 to 5.
 *
 * ys__model holds what depends on the offerings and measures only; it is made once and read by all threads.
 */
#include "base/limits.h"
#include "plan/core.h"

#define YS_PLAN_HORIZON  30
#define YS_PLAN_MEASURES 1024 /* most measures: relations are kept as a square table */

typedef struct ys_offer {
    bool available;
    int32_t single; /* of two that meet, not both of this number */
    int32_t couple; /* of three that meet, not all of this number; -1: free */
    int64_t milli;  /* labour, thousandths of a month */
    double e[YS_PLAN_HORIZON + 1], w[YS_PLAN_HORIZON + 1]; /* effect and variance by year 1..T */
} ys_offer;

typedef struct ys_model {
    const ys_plan_input *in;
    ys_offer *offer;     /* per offering */
    double *delta;       /* n_measures squared: what two measures that meet lose */
    uint8_t *excludes;   /* n_measures squared */
    int32_t (*needs)[2]; /* (a needs b) */
    int n_needs;
    double discount[YS_PLAN_HORIZON + 1];
    double chance;          /* Phi^-1(1 - chance_epsilon) */
    double *before;         /* per household: E(z - y, s0), the expected gap without any measure */
    bool want_alone;        /* chunks note the value of each option alone */
    bool keep_dominated;    /* floors may make a bundle better for being worth less */
    int64_t *first_person;  /* per household, n_households+1 */
    int64_t *village_at;    /* per village, n_villages+1, into village_home */
    int32_t *village_home;  /* households of each village */
    int64_t *village_heads; /* persons of each village */
    /* offerings by area: area numbers that occur, sorted, with their offerings in input order */
    int32_t n_areas;
    int32_t *area;
    int64_t *area_at;
    int32_t *area_offer;
} ys_model;

ys_status ys__input_check(const ys_plan_input *in, ys_diag *diag) YS_MUST_USE;
ys_status ys__model_init(ys_model *m, const ys_plan_input *in, ys_diag *diag) YS_MUST_USE;
void ys__model_done(ys_model *m);
int64_t ys__milli(double months);
/* The area of a household or village. */
static inline int32_t ys__area_of(const ys_plan_input *in, int64_t block)
{
    return block < in->n_households ? in->households[block].area
                                    : in->villages[block - in->n_households].area;
}
/* Place of an area among those that occur, -1 none. */
int32_t ys__model_area(const ys_model *m, int32_t area);
/* Offerings in scope of an area (villages' measures too). */
int ys__model_offers(const ys_model *m, int32_t area, const int32_t **ret_list);

/* One option while a block is made, or looked at again for reasons. */
typedef struct ys_option {
    int32_t offering, measure, person;
    int64_t v1, v2; /* alone */
    int32_t layer;
    bool locked, running; /* a lock keeps it; the running plan has it */
} ys_option;

/* Expected gaps of one household by what is added to its income: many bundles add the same in some year. */
enum { YS_GAP_MEMO = 1024 };
typedef struct ys_gap_memo {
    uint32_t turn; /* entries of other turns are none */
    struct {
        uint32_t turn;
        double d, v, after;
    } entry[YS_GAP_MEMO];
} ys_gap_memo;
/* Forgets what was before: for the next household. */
void ys__memo_clear(ys_gap_memo *g);

typedef struct ys_maker {
    const ys_model *m;
    int64_t block;
    bool village;
    int n; /* options */
    int cap;
    ys_option *option; /* in the order of section 4 */
    bool cut;          /* the ceilings left options out */
    int n_locked;      /* the first options: they are in every bundle */
    int n_running;     /* choices of the running plan for this block; 0 where switching costs nothing */
    int n_bundles;
    ys_bundle bundle[YS_LIMIT_BUNDLES];
    bool keep[YS_LIMIT_BUNDLES];
    int16_t single[YS_LIMIT_OPTIONS], pair[YS_LIMIT_OPTIONS][YS_LIMIT_OPTIONS];
    ys_gap_memo memo;
} ys_maker;

/* Options and bundles of one block; the maker is reused.  false: no memory or a value beyond its type (ret_limit). */
ys_status ys__make_block(ys_maker *k, int64_t block, ys_diag *diag) YS_MUST_USE;
void ys__maker_done(ys_maker *k);

/* lock.c: locks of a block; NULL and 0: none. */
const ys_plan_lock *ys__locks_of(const ys_plan_input *in, int64_t block, int *ret_count);
bool ys__lock_matches(const ys_plan_lock *l, const ys_option *o);
bool ys__is_forbidden(const ys_plan_lock *l, int n, const ys_option *o); /* by one of n locks */
/* Marks the options that stay, of options in their order; EDATA names the household that has none for a lock. */
ys_status ys__mark_locked(ys_maker *k, ys_diag *diag) YS_MUST_USE;
void ys__mark_running(ys_maker *k);
/* Leaves the bundles that hold what is locked, the smallest of them first, and keep their promises. */
ys_status ys__keep_lawful(ys_maker *k, ys_diag *diag) YS_MUST_USE;
/* What a bundle loses in tier 2 for what it adds to and drops from the running plan. */
int64_t ys__switch_cost(const ys_maker *k, const ys_bundle *b);
/* Choices of the running plan for a block; NULL and 0: none, or switching costs nothing. */
const ys_plan_running *ys__running_of(const ys_plan_input *in, int64_t block, int *ret_count);

/* Three options that meet are of one group that holds two at most. */
bool ys__crowded(const ys_model *m, const ys_option *a, const ys_option *b, const ys_option *c);

/* What a household bundle promises (section 5): nothing, or to lift over the line, and does so surely enough or not. */
typedef enum ys_promise { YS_PROMISE_NONE, YS_PROMISE_KEPT, YS_PROMISE_BROKEN } ys_promise;
ys_promise ys__value_promise(const ys_model *m, int64_t household, const ys_option *const *o, int n);

/* The two values of a bundle of options (section 5), switch costs not taken off. */
int64_t ys__value_cures(const ys_model *m, int64_t block, const ys_option *const *o, int n);
/* `memo` may be NULL; else one that was cleared for this household block (villages do not use it). */
int64_t ys__value_gap(const ys_model *m, int64_t block, const ys_option *const *o, int n, ys_gap_memo *memo);
/* Fills m->before, one thread. */
void ys__value_before(const ys_model *m, double *ret_before);
/* Tier 1 of a household bundle in indicator i alone. */
int64_t ys__value_indicator(const ys_model *m, int64_t household, const ys_option *const *o, int n, int i);
/* Tier 2 of a household under both its own bundle and its village's. */
int64_t ys__value_joint(const ys_model *m, int64_t household, const ys_option *const *own, int n_own,
                        const ys_option *const *village, int n_village);
/* One household's part of a village bundle's value. */
int64_t ys__value_share(const ys_model *m, int64_t household, const ys_option *const *village, int n_village);
double ys__gap_today(const ys_model *m, int64_t household);
/* Fills r->overlap (section 6) from the choices. */
void ys__measure_overlap(const ys_plan *p, ys_plan_result *r);
/* Do two options meet (section 3)? */
static inline bool ys__meet(const ys_option *a, const ys_option *b)
{
    return a->person < 0 || b->person < 0 || a->person == b->person;
}

struct ys_plan {
    const ys_plan_input *in;
    ys_model model;
    ys_choice choice;
    int64_t *offer_row; /* per offering: its capacity row, -1 none */
    int32_t *row_offer; /* per capacity row, from the first: its offering */
    ys_plan_size size;
};

/* What one unit of an offering takes from the fund (-1: from all), in all years. */
int64_t ys__plan_spent(const ys_plan *p, int32_t offering, int32_t fund);

/* levels.c: what floors ask, once the blocks are there; the counts before. */
int ys__levels_count(const ys_plan_input *in);
bool ys__levels_want_alone(const ys_plan_input *in);
bool ys__levels_repel(const ys_plan_input *in);
ys_status ys__make_places(ys_plan *p, ys_diag *diag) YS_MUST_USE;

struct ys_start;
/* ys_plan_solve; with `start` not NULL from there. */
ys_status ys__plan_solve(const ys_plan *p, const struct ys_start *start, const ys_plan_config *config,
                         ys_plan_result **ret_result, ys_diag *diag) YS_MUST_USE;
/* ys_plan_build; with `from` not NULL the chunks that are the same there are borrowed (change.c). */
ys_status ys__plan_build(const ys_plan_input *in, const ys_plan *from, int threads, ys_plan **ret_plan,
                         ys_diag *diag) YS_MUST_USE;
/*
 * Borrows what of `from` holds for `p`, whose model and charges stand: `ret_shared` marks the chunks (to be freed with
 * ys_free), `ret_all` says that all are and that every charge is the same, so that no sum can have grown.
 */
ys_status ys__plan_share(ys_plan *p, const ys_plan *from, uint8_t **ret_shared, bool *ret_all,
                         ys_diag *diag) YS_MUST_USE;

#endif
