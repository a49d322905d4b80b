/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_COOP_CHECK_H
#define YS_APP_COOP_CHECK_H
/*
 * coop_check.h - findings about the cooperation record: what cannot be so, what two sides say differently, what is missing.
 *
 * A finding names a rule by its number, the record, and says in both languages what is wrong and how to mend it.  Nothing is changed.
 */
#include "app/coop.h"

typedef struct ys_coop_finding {
    const char *rule; /* "C03" */
    int severity;     /* 1 gravest … 5 */
    ys_coop_kind kind;
    const char *key; /* of the record; borrowed from the coop */
    char zh[200], en[200];
} ys_coop_finding;

/* The rules, for help and tests: number, what it says. */
typedef struct ys_coop_rule {
    const char *rule;
    int severity;
    const char *zh, *en;
} ys_coop_rule;
extern const ys_coop_rule ys_coop_rules[]; /* ended by a NULL rule */

/* Calls `found` for every finding, by rule, then in key order. */
ys_status ys_coop_check(const ys_coop *c, void (*found)(void *arg, const ys_coop_finding *f), void *arg,
                        ys_diag *diag) YS_MUST_USE;

/* What the record says to a claim (kind `claim`), NAN where it cannot say; persons are counted in the store. */
ys_status ys_claim_record(ys_office *o, const ys_reading *how, const ys_coop *c, int64_t row,
                          double *ret_recorded, ys_diag *diag) YS_MUST_USE;

#endif
