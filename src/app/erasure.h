/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_ERASURE_H
#define YS_APP_ERASURE_H
/*
 * erasure.h - the use case "erase": the personal values of one record go for good, as the law demands.
 *
 * Secret fields (numbers of identity, phones, accounts) are erased in every version of the record, with their blind
 * indexes; commitments stay, so that the chain still verifies.  Personal fields that are stored plain (names) are part of
 * the roots: the present version loses them, old versions keep them.  Other facts of the record stay.  The transaction
 * says who, when and why, never the value.  Copies made before (backups, exports) are not reached.
 */
#include "app/office.h"

typedef struct ys_erasure_args {
    const char *kind; /* NULL: person */
    const char *key;
    const char *reason; /* needed to apply; may not hold an erased value */
    bool apply;
    /* Each personal field of the record with a value: in how many versions, and whether it is secret. */
    void (*field)(void *arg, const ys_field *f, int64_t versions);
    /* Another record that says the same number at present (needs the key): it is not erased. */
    void (*elsewhere)(void *arg, const ys_kind *kind, const char *key, const ys_field *f);
    void *arg;
} ys_erasure_args;

typedef struct ys_erasure {
    int64_t values; /* secret values, over all versions */
    bool names;     /* the present version has plain personal fields, which it loses */
    bool applied, scrubbed;
    ys_tx tx;
} ys_erasure;

/* ENOTFOUND when there is no such record.  EPARTIAL: erased and recorded, but freed pages could not be overwritten (the
 * diag says why). */
ys_status ys_erasure_run(ys_office *o, const ys_erasure_args *args, ys_erasure *ret_erasure,
                         ys_diag *diag) YS_MUST_USE;

#endif
