/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_VERIFY_INNER_H
#define YS_VERIFY_INNER_H
/*
 * inner.h - what the files of this floor share.  Names and numbers of sections: docs/plan-model.md.
 */
#include <stdbool.h>
#include "yaoshi/verify.h"

typedef __int128 ys_i128;

/* Products of a weight and a value, and sums of four of them, stay inside 128 bits below this. */
#define YS_V_BIG ((int64_t)1 << 62)

#define YS_V_OPTIONS 24   /* section 4, YS_LIMIT_OPTIONS */
#define YS_V_BUNDLES 512  /* section 4, YS_LIMIT_BUNDLES */
#define YS_V_SETS    2325 /* sets of at most three of 24 */
#define YS_V_MEMO    1024 /* a power of two above YS_V_BUNDLES */
#define YS_V_YEARS   YS_VERIFY_MAX_HORIZON

typedef struct ys__v_charge {
    int32_t row;
    int64_t amount;
} ys__v_charge;

/* One unit of an offering (section 2). */
typedef struct ys__v_unit {
    ys_verify_code fault; /* YS_VC_NONE: available */
    int32_t fault_row;    /* NO_ROOM */
    int64_t first;        /* of its charges */
    int32_t charges;
    int64_t labour; /* thousandths of a month */
} ys__v_unit;

/* What another measure is to a measure; entries of one measure in input order. */
typedef struct ys__v_tie {
    int32_t other;
    ys_verify_relation_kind kind;
    double value;
} ys__v_tie;

/* What a floor that compares asks: 2^40 * own >= ratio * max(0, other), the other sum being that of `level`. */
typedef struct ys__v_hold {
    int32_t level; /* -1: does not compare */
    int64_t ratio;
    bool asks_nothing;
} ys__v_hold;

/* The facts made ready; immutable once ys__v_ready returned. */
typedef struct ys__v_case {
    const ys_verify_facts *f;
    int64_t blocks, n_rows;
    int64_t *limit;        /* per row */
    int32_t *row_offering; /* per row: offering of a capacity row, or -1 */
    ys__v_unit *unit;      /* per offering */
    ys__v_charge *charge;
    size_t n_charges, cap_charges;
    double year_weight[YS_V_YEARS]; /* D[1..T] at 0.. */
    double *effect, *variance;      /* e[t], w[t] of offering o at [o * T + t - 1] */
    int64_t *person_start;          /* per household, +1 */
    int64_t *member_start;          /* households of village v: member[member_start[v]] … */
    int32_t *member;
    int64_t *heads;     /* N per village */
    int64_t *tie_start; /* per measure, +1 */
    ys__v_tie *tie;
    double sure;     /* quantile of 1 - chance_epsilon */
    bool wide_group; /* some group holds more than one */
    /* hold.c */
    int32_t n_areas, *area; /* that occur, ascending */
    int32_t *area_at;       /* per block: place in `area` */
    ys__v_hold *hold;       /* per floor */
    int n_levels;
    int64_t *project_at; /* per area, +1 */
    int32_t *project;    /* floors on projects that hold in an area */
} ys__v_case;

/* An option of a block (section 3) and its place in the order (section 4). */
typedef struct ys__v_option {
    int32_t offering, measure, person; /* person -1: not a person option */
    int32_t turn;                      /* (j - b) mod k of its family */
    int64_t width;                     /* of its offering's scope */
    int32_t layer;
    bool locked, running;
    int64_t alone[YS_VERIFY_TIERS];
} ys__v_option;

/* Sums of effects of an ordered set of options, per year. */
typedef struct ys__v_flow {
    double gain[YS_V_YEARS], variance[YS_V_YEARS];
} ys__v_flow;

/* A household as section 5 sees it. */
typedef struct ys__v_home {
    double n, n2;          /* persons and persons squared */
    double z, short_by;    /* line; z - y */
    double s0, s02, today; /* spread, its square, E(z - y, s0) */
} ys__v_home;

/* What a thread needs for one block. */
typedef struct ys__v_desk {
    int64_t block;
    ys__v_home home;      /* of a household block */
    ys__v_option *option; /* in the order of section 4 */
    size_t n, cap;
    int kept;               /* the first `kept` survive both ceilings */
    uint32_t must;          /* the locked options */
    int64_t running;        /* choices of the running plan for this block */
    int64_t added, dropped; /* by the plan's own choice, where it is lawful */
    uint32_t *set; /* allowed bundles of kept options as bits; [0] is the one of the locked options alone */
    int sets;
    uint32_t *full; /* the same before the second ceiling */
    int32_t area;   /* the area `cover` is for */
    bool covered;
    int32_t *cover; /* available offerings of that area, ascending */
    size_t n_cover, cap_cover;
    uint32_t moving; /* kept options with an effect in any year; the others do not bear on tier 2 */
    struct {
        bool used;
        uint32_t set;
        int64_t closed;
    } * memo; /* YS_V_MEMO places: tier 2 of sets of moving options of this block */
} ys__v_desk;

/* Findings in the making; not in words yet. */
typedef struct ys__v_list {
    ys_verify_finding *item;
    size_t n, cap;
    int64_t count, by_code[YS_VC_CODES];
    bool short_of_memory;
} ys__v_list;

static inline int64_t ys__v_milli(double months)
{
    return (int64_t)__builtin_floor(months * 1000 + 0.5);
}

/* Two options meet unless they belong to two different persons. */
static inline bool ys__v_meet(const ys__v_option *a, const ys__v_option *b)
{
    return a->person < 0 || b->person < 0 || a->person == b->person;
}

/* input.c: section 9 */
ys_status ys__v_facts_check(const ys_verify_facts *f, ys_diag *diag) YS_MUST_USE;

/* ready.c, units.c */
ys_status ys__v_ready(const ys_verify_facts *f, ys__v_case *ret_case, ys_diag *diag) YS_MUST_USE;
void ys__v_case_done(ys__v_case *c);
ys_status ys__v_units(ys__v_case *c, ys_diag *diag) YS_MUST_USE; /* rows, charges, effects by year */

/* hold.c: what floors compare; lays every block once where one asks for coverage */
ys_status ys__v_hold_make(ys__v_case *c, int threads, ys_diag *diag) YS_MUST_USE;
int32_t ys__v_area_from(const ys__v_case *c, int32_t area); /* first place in `area` that is not below it */
bool ys__v_in_floor(const ys__v_case *c, const ys_verify_floor *x, int32_t area_at);
int64_t ys__v_spent(const ys__v_case *c, int32_t offering,
                    int32_t fund); /* by one unit, from a fund or (-1) all */

/* options.c */
bool ys__v_desk_init(ys__v_desk *d);
void ys__v_desk_done(ys__v_desk *d);
/* Why this offering (and person) is no option of the block; YS_VC_NONE: it is one.  `need` and `free` are set
 * for LABOUR. */
ys_verify_code ys__v_option_fault(const ys__v_case *c, int64_t block, int32_t offering, int32_t person,
                                  int64_t *ret_need, int64_t *ret_free);
/* The order of section 4, for qsort. */
int ys__v_order(const void *option_a, const void *option_b);
/* Options in order, ceilings, bundles.  ELIMIT: a value leaves 62 bits.  EDATA: the locks of the block cannot be kept. */
ys_status ys__v_desk_lay(const ys__v_case *c, ys__v_desk *d, int64_t block) YS_MUST_USE;

/* bundles.c: fills d->set and d->kept from the ordered options */
void ys__v_bundles(const ys__v_case *c, ys__v_desk *d);
/* Most options below `group` that meet one another, of n picks. */
int32_t ys__v_group_count(const ys_verify_facts *f, int32_t group, const int32_t *measure,
                          const int32_t *person, int n);

/* decided.c: locks, promises and the running plan */
bool ys__v_forbidden(const ys_verify_facts *f, int64_t block, int32_t offering, int32_t person);
/* Marks what is locked and what runs among the ordered options and puts it first; EDATA: a lock has no option. */
ys_status ys__v_decided(const ys__v_case *c, ys__v_desk *d) YS_MUST_USE;
/* Takes off the desk the sets without what is locked, and those that promise too much; EDATA: the locks contradict. */
ys_status ys__v_lawful(const ys__v_case *c, ys__v_desk *d) YS_MUST_USE;
/* The set breaks a promise that another of the desk's would keep (asked after ys__v_lawful). */
bool ys__v_promises_too_much(const ys__v_case *c, const ys__v_desk *d, uint32_t set);
/* What a set takes off tier 2, and how many options it adds and drops (0 where switching costs nothing). */
typedef struct ys__v_switch {
    int64_t added, dropped, cost;
} ys__v_switch;
ys__v_switch ys__v_switching(const ys__v_case *c, const ys__v_desk *d, uint32_t set);

/* worth.c: sets are bit masks over an ordered array of options */
bool ys__v_worth(const ys__v_case *c, int64_t block, const ys__v_option *o, uint32_t set,
                 int64_t ret_value[YS_VERIFY_TIERS]); /* false: leaves 62 bits */
/* The same for a set of the options on the desk, remembering tier 2. */
bool ys__v_worth_of(const ys__v_case *c, ys__v_desk *d, uint32_t set, int64_t ret_value[YS_VERIFY_TIERS]);
int64_t ys__v_cured(const ys__v_case *c, int64_t household, const ys__v_option *o, uint32_t set, int i);
void ys__v_flow_of(const ys__v_case *c, const ys__v_option *o, uint32_t set, ys__v_flow *ret_flow);
int64_t ys__v_gap_today(const ys_verify_facts *f, int64_t household); /* fen a year, rounded */
ys__v_home ys__v_home_of(const ys_verify_facts *f, int64_t household);
/* Rounded n * gain of a household from its own flow (NULL: none) and that of its village shared by `heads`. */
bool ys__v_closed(const ys__v_case *c, const ys__v_home *h, const ys__v_flow *own, const ys__v_flow *village,
                  int64_t heads, int64_t *ret_value);

/* found.c */
ys_verify_finding ys__v_blank(ys_verify_code code);
/* Counts it; keeps the first YS_VERIFY_KEPT. */
void ys__v_add(ys__v_list *l, const ys_verify_finding *x);
/* All of `more` behind those of `l`. */
void ys__v_append(ys__v_list *l, const ys__v_list *more);
void ys__v_list_done(ys__v_list *l);
/* Sets x->zh and x->en; false when memory is short. */
bool ys__v_words(const ys__v_case *c, ys_verify_finding *x);

/* The check of one plan: facts made ready, the plan's rows by block, prices made ready. */
typedef struct ys__v_job {
    const ys__v_case *c;
    const ys_verify_claim *claim;
    int64_t *pick_start; /* per block, +1 */
    int64_t *pick;       /* rows of claim->picks by block; lawful blocks in the order of section 4 */
    int64_t *worth[YS_VERIFY_TIERS];      /* of the choice per block; 0 where it is not lawful */
    bool *lawful;                         /* per block */
    bool priced[YS_VERIFY_TIERS];         /* the prices can be used */
    ys_i128 *unit_price[YS_VERIFY_TIERS]; /* what the charges of an offering cost */
    ys_i128 *weight[YS_VERIFY_TIERS];     /* per area: what floors add to cures, gap, helped */
    ys_i128 *level_price[YS_VERIFY_TIERS];
    int32_t *spending; /* the floors on spending */
    int n_spending;
    int64_t *alone; /* per row of the plan: tier 2 of the option alone; 0 where the block is not lawful */
    ys__v_list found;
} ys__v_job;

/* check.c: the choice of the block on the desk; false when memory is short */
bool ys__v_check_block(ys__v_job *j, ys__v_desk *d, ys__v_list *found);

/* price.c: section 7 */
bool ys__v_prices(ys__v_job *j); /* false when memory is short */
ys_i128 ys__v_best(const ys__v_job *j, const ys__v_desk *d, int tier,
                   const int64_t (*worth)[YS_VERIFY_TIERS]);
/* The bound from the sum of the blocks' best; false: it does not fit into 63 bits. */
bool ys__v_bound(const ys__v_job *j, int tier, ys_i128 sum, int64_t *ret_bound);

/* claims.c: sums of the plan against what it claims */
bool ys__v_claims(ys__v_job *j, ys_verify_result *r); /* false when memory is short or a value is too large */
double ys__v_gap(int64_t value, int64_t bound);

#endif
