/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PAIR_PROOF_INTERNAL_H
#define YS_APP_PAIR_PROOF_INTERNAL_H
/*
 * pair_proof_internal.h - a proof of a pairing while it is made and when it is printed.
 */
#include "app/pair_proof.h"
#include "policy/pair_env.h"
#include "registry/distance.h"

/* What is checked, one line of the report each, in this order. */
#define YS_PAIR_CHECKS(X)                                                                                    \
    X(RECORD, "record", "结对记录完整", "the record of the run is complete")                                 \
    X(PACK, "pack", "政策包与所记一致", "the policy pack is the one the run was made with")                  \
    X(CHAIN, "chain", "事务链由全部事实重算一致，所记链首在链上",                                            \
      "the chain of transactions follows from all facts, and the head the run rests on is in it")            \
    X(SIDES, "sides", "受帮方和帮扶方由事实重新找出，数目与所记一致",                                        \
      "needs and givers, found anew from the facts, are as many as the run says")                            \
    X(PAIRS, "pairs", "每一对都合规：双方在册、在范围内、条件成立，代价和事由无误",                          \
      "every pair is lawful: both known, within reach, conditions true, points and reasons as recorded")     \
    X(PLACES, "places", "没有帮扶方超过名额", "no giver has more than its places")                           \
    X(VALUE, "value", "总代价由结对重算一致", "the total cost follows from the pairs")                       \
    X(BOUND, "bound", "由所存价格证明：范围内没有更好的配对",                                                \
      "by the stored prices no pair within reach could make it better")

typedef enum ys__pair_check {
#define X(name, id, zh, en) YS_PAIR_CHECK_##name,
    YS_PAIR_CHECKS(X)
#undef X
        YS_PAIR_CHECK_COUNT
} ys__pair_check;

enum { YS_PAIR_FINDINGS_KEPT = 200 };

typedef struct ys__pair_finding {
    const char *code;
    char *zh, *en, *name; /* name of the record concerned, NULL: none */
} ys__pair_finding;

/* The run's own row. */
typedef struct ys__pair_claim {
    const char *run, *level, *scope, *pack, *pack_hash, *facts_root, *income_period; /* scope NULL: all */
    int64_t facts_tx, today, line, needs, givers, paired, value, bound, complete;
    int64_t tx; /* that wrote it */
} ys__pair_claim;

struct ys_pair_proof {
    ys_table *runs; /* owns the texts of `claim` */
    ys__pair_claim claim;
    bool done[YS_PAIR_CHECK_COUNT];
    int64_t found_by[YS_PAIR_CHECK_COUNT];
    int64_t count; /* findings in all */
    ys__pair_finding *findings;
    size_t kept, room;
    bool short_of_memory;
    int64_t needs, givers, paired, prices, places_taken;
    int64_t value, bound; /* recomputed */
    int64_t within,
        priced; /* pairs within reach; of these priced by the rules, the others ruled out by less */
    int64_t chain_transactions, chain_rows;
    double seconds;
};

/* Record a finding; both formats take the same arguments.  `name` (of the record concerned) may be NULL. */
void ys__pair_note(ys_pair_proof *p, ys__pair_check check, const char *code, const char *name,
                   const ys_diag *why);

/* ---- pair_check.c: the facts of a run, and its pairs ---- */

typedef struct ys__pair_side {
    const ys_kind *kind;
    const ys_table *table;
    ys_table *own;     /* a kind that the frame does not have */
    int key;           /* column */
    ys_index *by_key;  /* of the table's rows */
    int64_t n;         /* records for which the rule is true */
    int32_t *row;      /* of each */
    int32_t *number;   /* of each row of the table, -1: not one of them */
    int32_t *area;     /* -1: none */
    int32_t *in_order; /* numbers by area */
} ys__pair_side;

typedef struct ys__pair_facts {
    ys_office *office;
    ys_pair_proof *proof;
    const ys_pair_level *level;
    ys_frame *frame;
    ys_distances *distances;
    ys_pair_env *env;
    ys__pair_side need, giver;
    ys_table *before, *after, *prices;
    const ys_pair_term **term;
    ys_rule **rule;
    ys_rule_scratch *scratch;
    int terms;
    int32_t *own,
        *was; /* per need: its giver, and the one it had before; -1: none, -2 (was): one who gives no more */
    int64_t *after_row;      /* per need: its pair's row, -1 */
    int64_t *pays;           /* per need: u(i) */
    int64_t *price;          /* per giver */
    int64_t *places, *taken; /* per giver */
    /* a batch of pairs to be priced */
    int64_t batched;
    int32_t *batch_need, *batch_giver;
    int64_t *cost; /* with what `keep` takes off */
    uint8_t *allowed, *truth;
    double *number;
} ys__pair_facts;

enum { YS_PAIR_BATCH = 16384 };

/* Everything of the run is checked; what is wrong becomes findings. */
ys_status ys__pair_check_run(ys_office *o, ys_pair_proof *p, ys_diag *diag) YS_MUST_USE;
/* The batch priced: cost and allowed of each; the batch is empty afterwards, the arrays stand until it is filled anew. */
ys_status ys__pair_batch_price(ys__pair_facts *f, int64_t *ret_n, ys_diag *diag) YS_MUST_USE;
/* Where rows of the environment are needed for something else: row `at` for a need and a giver. */
void ys__pair_batch_row(ys__pair_facts *f, int64_t at, int32_t need, int32_t giver);
/* One term over the first `n` rows: points (of a cost), or truth in f->truth (of a condition; points NULL). */
ys_status ys__pair_term_points(ys__pair_facts *f, int term, int64_t n, int64_t *points,
                               ys_diag *diag) YS_MUST_USE;
bool ys__pair_in_reach(const ys__pair_facts *f, int32_t need_area, int32_t giver_area);
const char *ys__pair_key(const ys__pair_side *s, int32_t number);

/* ---- pair_check_bound.c ---- */
ys_status ys__pair_check_bound(ys__pair_facts *f, ys_diag *diag) YS_MUST_USE;

#endif
