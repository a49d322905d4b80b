/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PROOF_INTERNAL_H
#define YS_APP_PROOF_INTERNAL_H
/*
 * proof_internal.h - a proof while it is made and when it is printed.
 */
#include "app/proof.h"
#include "app/proof_facts.h"
#include "yaoshi/verify.h"

/* What is checked, one line of the report each, in this order. */
#define YS_PROOF_CHECKS(X)                                                                                   \
    X(RECORD, "record", "计划记录完整", "the record of the plan is complete")                                \
    X(PACK, "pack", "政策包与计划所记一致", "the policy pack is the one the plan was made with")             \
    X(CHAIN, "chain", "事务链由全部事实重算一致，计划所记链首在链上",                                        \
      "the chain of transactions follows from all facts, and the head the plan rests on is in it")           \
    X(FACTS, "facts", "户数、选项数由事实重新推出，与计划所记一致",                                          \
      "households and options, derived anew from the facts, are as many as the plan says")                   \
    X(CHOICES, "choices", "每一项安排都合规：对象、准入、同意、劳力、互斥",                                  \
      "every choice is lawful: target, gate, consent, labour, exclusions")                                   \
    X(LIMITS, "limits", "资金和名额都没有超出，所记总量和用量无误",                                          \
      "no fund and no capacity is exceeded, amounts and uses are as recorded")                               \
    X(FLOORS, "floors", "保底目标都达到", "every floor is reached")                                          \
    X(VALUES, "values", "两层计划值由安排重算一致", "the values of both tiers follow from the choices")      \
    X(BOUNDS, "bounds", "两层上界由所存价格重算一致",                                                        \
      "the bounds of both tiers follow from the stored prices")

typedef enum ys__proof_check {
#define X(name, id, zh, en) YS_PROOF_##name,
    YS_PROOF_CHECKS(X)
#undef X
        YS_PROOF_CHECK_COUNT
} ys__proof_check;

#define YS_PROOF_NAMES 6

typedef struct ys__proof_finding {
    const char *code;
    char *zh, *en;
    char *names[YS_PROOF_NAMES]; /* of the records concerned */
    int name_count;
} ys__proof_finding;

/* The plan's own row. */
typedef struct ys__proof_plan {
    const char *version, *pack, *pack_hash, *facts_root, *scope, *income_period; /* of the table of plans */
    int64_t facts_tx, period, line, today, households, options, alpha;
    int64_t value[YS_VERIFY_TIERS], bound[YS_VERIFY_TIERS], shift[YS_VERIFY_TIERS];
    int64_t couple_price, couple_minimum;
} ys__proof_plan;

struct ys_proof {
    ys_table *plans; /* owns the texts of `plan` */
    ys__proof_plan plan;
    int64_t households, choices, prices; /* of the plan; rows read */
    ys_verify_result *result;            /* NULL: it did not come to that */
    bool done[YS_PROOF_CHECK_COUNT];     /* this check was carried out */
    int64_t found_by[YS_PROOF_CHECK_COUNT];
    int64_t count;               /* findings in all */
    ys__proof_finding *findings; /* the first YS_VERIFY_KEPT */
    size_t kept, cap;
    bool short_of_memory;
    int64_t chain_transactions, chain_rows;
    double seconds;
};

/* Record a finding in the words of `why`; `name` of the record concerned may be NULL.  Short of memory sets the flag. */
void ys__proof_note(ys_proof *p, ys__proof_check check, const char *code, const char *name,
                    const ys_diag *why);

/* What the plan claims, read from the kinds `choice` and `price`; names that the facts do not have become findings. */
typedef struct ys__proof_claim {
    ys_verify_claim claim;
    ys_arena *arena; /* owns the arrays */
} ys__proof_claim;
ys_status ys__proof_claim_read(ys_office *o, ys_proof *p, const ys__proof_facts *facts,
                               ys__proof_claim **ret_claim, ys_diag *diag) YS_MUST_USE;
void ys__proof_claim_free(ys__proof_claim *c);

/* By name: block of a household or "village:CODE", offering, person; -1: none in the plan's facts. */
int64_t ys__proof_block(const ys__proof_facts *p, const char *unit);
int32_t ys__proof_offering(const ys__proof_facts *p, const char *key);
int32_t ys__proof_person(const ys__proof_facts *p, const char *key);

/* proof_decided.c: locks, and the plan that ran when this one was made, into the facts; docs/plan-model.md section 10. */
ys_status ys__proof_decided(ys_office *o, const ys_proof *p, ys__proof_facts *facts,
                            ys_diag *diag) YS_MUST_USE;
/* Is plan version a later than b? */
bool ys__proof_later(const char *a, const char *b);

#endif
