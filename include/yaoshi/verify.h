/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_VERIFY_H
#define YAOSHI_VERIFY_H
/*
 * verify.h - is a stored plan what it says it is?  A second opinion that trusts nothing of the planner.
 *
 * The caller derives the facts anew (registry, pack, rules) and hands them over beside the plan as it was
 * stored: who gets what, the values, the prices and the bounds claimed.  This floor derives charges, options
 * and bundles again from docs/plan-model.md, holds every choice against every rule, and recomputes the bound
 * from the stored prices over all bundles of every household and village.  By weak duality that bound holds
 * at any non-negative prices, so a plan that passes is proven to be that close to the best possible,
 * whatever program made it.
 *
 * It shares no code with the planner and does not know its types.  Arrays in, findings out: no file, clock,
 * log or database.  Money is int64 in minor units (fen).  Arrays and texts are borrowed during the call.
 * Names may be NULL (then the number of the row, counted from 1, stands for it).  Blocks are numbered
 * households first (block = row), then villages (n_households + row).  Areas are numbers in depth-first order
 * of the area tree: "this area and below" is begin <= a < end.  Same findings for any number of threads.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

#define YS_VERIFY_TIERS        2    /* [0] statutory deprivations cured, [1] gap closed */
#define YS_VERIFY_UNBOUNDED    (-1) /* capacity without limit */
#define YS_VERIFY_INDICATORS   32   /* most indicators */
#define YS_VERIFY_MAX_MEASURES 3    /* most options in one bundle */
#define YS_VERIFY_MAX_HORIZON  30   /* years */
#define YS_VERIFY_KEPT         1000 /* findings kept in words; all are counted */

/* ---- the facts
 * ---------------------------------------------------------------------------------------------------- */

typedef enum ys_verify_target { YS_VERIFY_HOUSEHOLD, YS_VERIFY_PERSON, YS_VERIFY_VILLAGE } ys_verify_target;

typedef struct ys_verify_household {
    const char *name;
    int32_t persons;    /* 1..1000 */
    int32_t area;       /* number of its area, >= 0 */
    int32_t village;    /* row of `villages`, or -1 */
    int64_t line;       /* fen per head and year, 1..2^40 */
    int64_t ystar;      /* income after rigid spending, fen per household and year */
    double months_free; /* free worker-months a year */
    uint32_t deprived;  /* bit i: deprived in indicator i */
} ys_verify_household;

/* Sorted by household row. */
typedef struct ys_verify_person {
    const char *name;
    int32_t household;
    double months_free;
    uint32_t deprived; /* bit i: this person is deprived in (person) indicator i */
} ys_verify_person;

typedef struct ys_verify_village {
    const char *name;
    int32_t area;
} ys_verify_village;

typedef struct ys_verify_measure {
    const char *name;
    ys_verify_target target;
    int32_t group; /* -1: none.  Never two of one measure that meet */
    int32_t channel;
    double persistence, labour_months, delay_months;
    uint32_t cures; /* bit i: cures indicator i */
    bool full_time, consent;
    const uint8_t *gate; /* 0 false, 1 true, 2 unknown per row of the target's table; NULL: true for all */
    const uint8_t *consented; /* the same per household; NULL: on record for none */
} ys_verify_measure;

typedef struct ys_verify_offering {
    const char *name;
    int32_t measure;
    int32_t area_begin, area_end;
    int32_t period;               /* year it starts */
    int32_t fund_a, fund_b;       /* as ys_verify_fund.fund; -1: paid from outside the plan */
    int32_t share_a;              /* parts per million that fund_a pays; the rest is fund_b's */
    int64_t capacity;             /* units or YS_VERIFY_UNBOUNDED */
    int64_t cost, cost_recurring; /* fen per unit: first year, each further year */
    double effect, effect_sd;     /* fen per unit and year */
    int32_t wait_months;          /* of its first year, before it serves: 0..12 */
} ys_verify_offering;

/* Money of a fund in one year. */
typedef struct ys_verify_fund {
    const char *name;
    int32_t fund, period;
    int64_t amount;
} ys_verify_fund;

typedef enum ys_verify_relation_kind {
    YS_VERIFY_EXCLUDES,
    YS_VERIFY_REQUIRES,
    YS_VERIFY_COMPETES,
    YS_VERIFY_COMPLEMENTS
} ys_verify_relation_kind;

typedef struct ys_verify_relation {
    int32_t measure_a, measure_b;
    ys_verify_relation_kind kind;
    double value; /* COMPETES, COMPLEMENTS: share of the smaller effect that is lost or added, 0..1 */
} ys_verify_relation;

typedef enum ys_verify_metric { YS_VERIFY_GAP, YS_VERIFY_CURES, YS_VERIFY_HELPED } ys_verify_metric;

typedef enum ys_verify_floor_kind {
    YS_VERIFY_LEAST, /* the metric is at least `minimum` */
    YS_VERIFY_MOST,  /* at most `minimum` */
    YS_VERIFY_COVERAGE, /* closed share of today's gap: at least `share` of that of the areas of_begin <= a < of_end */
    YS_VERIFY_SPENDING, /* spent (from `fund`) on measures that count: at least `share` of all that is spent */
    YS_VERIFY_PROJECT   /* what `offering` gains alone: at most `share` of the gap closed */
} ys_verify_floor_kind;

typedef struct ys_verify_floor {
    const char *name;
    int32_t area_begin, area_end;
    ys_verify_metric metric;
    int64_t minimum; /* LEAST, MOST */
    ys_verify_floor_kind kind;
    int32_t share; /* parts per million: COVERAGE, SPENDING 0..10^6; PROJECT 1000..10^6 */
    int32_t of_begin, of_end;
    int32_t fund;          /* as ys_verify_fund.fund; -1: all */
    int32_t offering;      /* PROJECT */
    const uint8_t *counts; /* SPENDING: per measure */
} ys_verify_floor;

/* Group numbers at or beyond n_groups have the limit 1 and no parent. */
typedef struct ys_verify_group {
    const char *name;
    int32_t parent; /* -1: none */
    int32_t limit;  /* most measures of it and of the groups below it, among options that meet */
} ys_verify_group;

typedef struct ys_verify_lock {
    const char *name;
    int64_t block;
    int32_t measure, offering, person; /* offering, person -1: any */
    bool keep;                         /* false: may not be in the plan */
} ys_verify_lock;

/* A choice of the plan that runs; `block` etc. as in ys_verify_pick. */
typedef struct ys_verify_running {
    int64_t block;
    int32_t offering, person;
} ys_verify_running;

typedef struct ys_verify_facts {
    int64_t n_households, n_persons, n_villages;
    const ys_verify_household *households;
    const ys_verify_person *persons;
    const ys_verify_village *villages;
    int n_indicators;
    uint32_t person_indicators;      /* bit i: counted person by person */
    const int32_t *indicator_weight; /* 0..10000 */
    const uint16_t *affected;        /* [household * n_indicators + i] */
    int n_measures, n_offerings, n_funds, n_relations, n_floors;
    const ys_verify_measure *measures;
    const ys_verify_offering *offerings;
    const ys_verify_fund *funds;
    const ys_verify_relation *relations;
    const ys_verify_floor *floors;
    int32_t period, horizon; /* first year; years */
    double discount, income_sd_share, competition;
    int32_t max_measures, alpha;
    int32_t tolerance; /* parts per million of tier 1 that tier 2 may give up */
    int n_groups;
    const ys_verify_group *groups;
    int64_t n_locks, n_running; /* sorted by block */
    const ys_verify_lock *locks;
    const ys_verify_running *running; /* no row twice; read where switch_cost > 0 */
    double chance_epsilon;            /* 0: off */
    int64_t switch_cost;              /* fen of tier 2 per option added or dropped */
} ys_verify_facts;

/* ---- the plan as stored
 * ------------------------------------------------------------------------------------------------------ */

typedef struct ys_verify_pick {
    int64_t block;
    int32_t offering;
    int32_t person; /* row of `persons`; -1 for household and village measures */
} ys_verify_pick;

typedef struct ys_verify_tier {
    int64_t value, bound;
    double gap;                 /* (bound - value) / max(1, |bound|) */
    int shift;                  /* a price is price/2^shift */
    const int64_t *price;       /* per row: funds in their order, then offerings with a capacity */
    const int64_t *floor_price; /* per floor */
    int64_t couple_price, couple_minimum;
} ys_verify_tier;

/* What the plan claims.  Arrays marked "or NULL" are held against the figures recomputed where present. */
typedef struct ys_verify_claim {
    int64_t n_picks, n_rows, n_floors; /* n_rows, n_floors: lengths of the price arrays */
    const ys_verify_pick *picks;       /* any order */
    ys_verify_tier tier[YS_VERIFY_TIERS];
    double gap;
    const int64_t *use;         /* per row, or NULL */
    const int64_t *floor_use;   /* per floor, or NULL */
    const int64_t *floor_need;  /* per floor: what was asked of that sum, or NULL */
    const int64_t *block_cures; /* tier 1 value per block, or NULL */
    const int64_t *block_gap;   /* tier 2 value per block, or NULL */
    const int64_t *overlap;     /* YS_VERIFY_TIERS of them, or NULL */
    uint64_t seal;              /* ys_verify_seal when it was stored; 0: none was */
} ys_verify_claim;

/*
 * A 64-bit sum over all that a claim says (picks in the order given, values, bounds, prices; not the arrays
 * that may be NULL), the same on every machine and never 0: stored beside a plan, it shows damage.  It is no
 * signature.
 */
uint64_t ys_verify_seal(const ys_verify_claim *claim);

/* ---- the answer
 * ----------------------------------------------------------------------------------------------------- */

/* Every kind of finding: name, stable code, words.  {who} is the household or village, {person}, {offering},
 * {other} (a second offering), {row}, {floor}, {of} (row, floor or coupling), {tier}, {found}, {expected}, {pick} (row of the plan, from 1)
 * are filled in. */
#define YS_VERIFY_LIST(X)                                                                                    \
    X(ROW_PRICES, "row-prices", "{tier}：存有 {found} 个资源价格，依事实应有 {expected} 个",                 \
      "{tier}: {found} prices of resources are stored, the facts ask for {expected}")                        \
    X(FLOOR_PRICES, "floor-prices", "{tier}：存有 {found} 个保底目标价格，依事实应有 {expected} 个",         \
      "{tier}: {found} prices of floors are stored, the facts ask for {expected}")                           \
    X(SEAL, "seal", "计划内容与存档时的校验和不符", "the plan is not what it was when it was stored")        \
    X(UNKNOWN_BLOCK, "unknown-block", "计划第 {pick} 行所指的户或村不存在",                                  \
      "row {pick} of the plan names a household or village that does not exist")                             \
    X(UNKNOWN_OFFERING, "unknown-offering", "{who}：计划第 {pick} 行所指的供给不存在",                       \
      "{who}: row {pick} of the plan names an offering that does not exist")                                 \
    X(DUPLICATE, "duplicate", "{who}：{offering}{person} 重复选取",                                          \
      "{who}: {offering}{person} is chosen twice")                                                           \
    X(TARGET, "target", "{who}：{offering}的对象种类不符（户、人、村）",                                     \
      "{who}: {offering} is not for this kind of target (household, person, village)")                       \
    X(PERSON, "person", "{who}：{offering}所记的人不属于该户",                                               \
      "{who}: the person named for {offering} is not of this household")                                     \
    X(SCOPE, "scope", "{who}：不在{offering}的服务地域内", "{who} is outside the area of {offering}")        \
    X(PERIOD, "period", "{who}：{offering}的年度不在计划期内",                                               \
      "{who}: {offering} starts outside the years of the plan")                                              \
    X(UNFUNDED, "unfunded", "{who}：{offering}的首年费用没有资金科目可付",                                   \
      "{who}: no fund of the first year can pay for {offering}")                                             \
    X(NO_ROOM, "no-room", "{who}：{offering}的一个单位就超出{row}的上限",                                    \
      "{who}: a single unit of {offering} is more than {row} holds")                                         \
    X(GATE_FALSE, "gate-false", "{who}{person}：不符合{offering}的准入条件",                                 \
      "{who}{person} does not pass the gate of {offering}")                                                  \
    X(GATE_UNKNOWN, "gate-unknown", "{who}{person}：{offering}的准入条件因缺少事实无法判定",                 \
      "{who}{person}: the gate of {offering} cannot be decided, a fact is missing")                          \
    X(CONSENT, "consent", "{who}：没有记录到对{offering}的同意",                                             \
      "{who}: no consent to {offering} is on record")                                                        \
    X(LABOUR, "labour", "{who}{person}：空闲劳力 {expected} 个千分月，{offering}需要 {found}",               \
      "{who}{person} has {expected} thousandths of a month free, {offering} takes {found}")                  \
    X(LABOUR_SUM, "labour-sum", "{who}{person}：所选措施共需 {found} 个千分月劳力，空闲只有 {expected}",     \
      "{who}{person}: the choices take {found} thousandths of a month, {expected} are free")                 \
    X(COUNT, "count", "{who}：选了 {found} 项措施，上限是 {expected}",                                       \
      "{who}: {found} measures are chosen, at most {expected} are allowed")                                  \
    X(GROUP, "group", "{who}：{offering}与{other}同组，只能取一项",                                          \
      "{who}: {offering} and {other} are of one group, only one may be chosen")                              \
    X(GROUP_LIMIT, "group-limit", "{who}{person}：{offering}所在的组选了 {found} 项，上限 {expected} 项",    \
      "{who}{person}: {found} measures of a group of {offering} are chosen, at most {expected} may be")      \
    X(FORBIDDEN, "forbidden", "{who}{person}：有锁定不许安排{offering}",                                     \
      "{who}{person}: a lock forbids {offering}")                                                            \
    X(LOCKED, "locked", "{who}：应按锁定保留的{offering}{person}不在计划中",                                 \
      "{who}: {offering}{person} is locked and not in the plan")                                             \
    X(CHANCE, "chance", "{who}：所选组合平均看过线，但把握不够，而别的组合够",                               \
      "{who}: the choice lifts over the line on average but not surely enough, where another one would")     \
    X(EXCLUDES, "excludes", "{who}：{offering}与{other}互斥",                                                \
      "{who}: {offering} and {other} exclude each other")                                                    \
    X(REQUIRES, "requires", "{who}：{offering}所要求的前提措施未选",                                         \
      "{who}: a measure that {offering} requires is not chosen")                                             \
    X(FULL_TIME, "full-time", "{who}{person}：{offering}与{other}都是全日制",                                \
      "{who}{person}: {offering} and {other} are both full-time")                                            \
    X(CEILING, "ceiling", "{who}：{offering}不在模型上限内保留的选项之中",                                   \
      "{who}: {offering} is not among the options kept under the ceilings of the model")                     \
    X(BLOCK_VALUE, "block-value", "{who}：{tier}所存为 {found}，重算为 {expected}",                          \
      "{who}: {tier} is stored as {found}, recomputed {expected}")                                           \
    X(OVER_FUND, "over-fund", "{row}：计划用去 {found}，上限 {expected}",                                    \
      "{row}: the plan spends {found} of {expected}")                                                        \
    X(OVER_CAPACITY, "over-capacity", "{row}：计划占用 {found} 个名额，上限 {expected}",                     \
      "{row}: the plan takes {found} places of {expected}")                                                  \
    X(USE, "use", "{row}：所存用量 {found}，重算为 {expected}",                                              \
      "{row}: use is stored as {found}, recomputed {expected}")                                              \
    X(FLOOR_UNMET, "floor-unmet", "保底目标 {floor}：达到 {found}，至少应为 {expected}",                     \
      "floor {floor}: {found} reached, at least {expected} is asked")                                        \
    X(FLOOR_OVER, "floor-over", "上限 {floor}：达到 {found}，至多应为 {expected}",                           \
      "ceiling {floor}: {found} reached, at most {expected} is allowed")                                     \
    X(FLOOR_NEED, "floor-need", "保底目标 {floor}：所存的要求为 {found}，重算为 {expected}",                 \
      "floor {floor}: what it asks is stored as {found}, recomputed {expected}")                             \
    X(FLOOR_USE, "floor-use", "保底目标 {floor}：所存为 {found}，重算为 {expected}",                         \
      "floor {floor}: stored as {found}, recomputed {expected}")                                             \
    X(VALUE, "value", "{tier}：计划值所存为 {found}，重算为 {expected}",                                     \
      "{tier}: the value is stored as {found}, recomputed {expected}")                                       \
    X(COUPLE_MINIMUM, "couple-minimum", "{tier}：耦合下限所存为 {found}，应为 {expected}",                   \
      "{tier}: the coupling minimum is stored as {found}, it is {expected}")                                 \
    X(COUPLE_UNMET, "couple-unmet", "第一层达到 {found}，低于耦合下限 {expected}",                           \
      "the first tier reaches {found}, less than the coupling minimum {expected}")                           \
    X(OVERLAP, "overlap", "{tier}：村户重叠所存为 {found}，重算为 {expected}",                               \
      "{tier}: the overlap of villages and households is stored as {found}, recomputed {expected}")          \
    X(PRICE_NEGATIVE, "price-negative", "{tier}：{of}的价格 {found} 为负",                                   \
      "{tier}: the price {found} of {of} is negative")                                                       \
    X(PRICE_RANGE, "price-range", "{tier}：{of}的价格或位移 {found} 超出可精确计算的范围",                   \
      "{tier}: the price or shift {found} of {of} is beyond what can be computed exactly")                   \
    X(BOUND, "bound", "{tier}：上界所存为 {found}，由所存价格重算为 {expected}",                             \
      "{tier}: the bound is stored as {found}, the stored prices give {expected}")                           \
    X(BOUND_BELOW, "bound-below", "{tier}：上界 {expected} 低于计划值 {found}",                              \
      "{tier}: the bound {expected} is below the value {found}")                                             \
    X(GAP, "gap", "{tier}：所存的差距与计划值和上界不符",                                                    \
      "{tier}: the stored gap does not follow from value and bound")

typedef enum ys_verify_code {
#define X(name, code, zh, en) YS_VC_##name,
    YS_VERIFY_LIST(X)
#undef X
        YS_VC_CODES,
    YS_VC_NONE = YS_VC_CODES /* nothing to object to */
} ys_verify_code;

/* The stable code ("over-fund"); never NULL. */
const char *ys_verify_code_name(ys_verify_code code);

typedef struct ys_verify_finding {
    ys_verify_code code;
    int64_t block, pick, row;        /* -1: none */
    int32_t offering, other, person; /* -1: none */
    int floor, tier;                 /* -1: none */
    int64_t found, expected;         /* what the plan says or uses; what it should be or may use */
    char *zh, *en;                   /* in words, with the names */
} ys_verify_finding;

/* Owned by the caller: ys_verify_result_free. */
typedef struct ys_verify_result {
    int64_t count;                /* of findings; 0: everything checks out */
    int64_t by_code[YS_VC_CODES]; /* of each kind */
    int64_t n_kept;               /* the first YS_VERIFY_KEPT: prices, then blocks in order, then sums */
    ys_verify_finding *findings;
    /* recomputed */
    int64_t blocks, options, bundles, cut, n_rows,
        n_floors;                      /* cut: blocks where the ceilings left some out */
    int64_t value[YS_VERIFY_TIERS];    /* of the choices that are lawful */
    bool bound_known[YS_VERIFY_TIERS]; /* false: a price is negative, missing or out of range */
    int64_t bound[YS_VERIFY_TIERS];
    double gap[YS_VERIFY_TIERS]; /* from the recomputed bound and `value` */
    int64_t couple_minimum;      /* from the tier-1 value claimed */
    int64_t *use, *limit;        /* per row; saturated at INT64_MAX */
    int64_t *floor_use;          /* per floor: the sum it counts */
    int64_t *floor_need;         /* per floor: what it asks of that sum; MOST: at most so much */
    int64_t overlap[YS_VERIFY_TIERS];
    int64_t added, dropped; /* lawful choices against the running plan; 0 where switching costs nothing */
} ys_verify_result;

/*
 * Check `claim` against `facts`.  YS_OK means the check was carried out; whether the plan passed is
 * `count == 0`.  EDATA names a fact that no plan can be made from (docs/plan-model.md section 9), ELIMIT a
 * value that leaves 62 bits.  threads <= 0: all processors.  Every bundle of every block is valued: over five
 * years about a million and a half bundles a second and thread.
 */
ys_status ys_verify_plan(const ys_verify_facts *facts, const ys_verify_claim *claim, int threads,
                         ys_verify_result **ret_result, ys_diag *diag) YS_MUST_USE;
void ys_verify_result_free(ys_verify_result *r);

#endif
