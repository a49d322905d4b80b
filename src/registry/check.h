/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_CHECK_H
#define YS_REGISTRY_CHECK_H
/*
 * check.h - the pack's data-quality rules over a frame: which records contradict themselves, and how to mend them.
 */
#include "registry/frame.h"

typedef struct ys_check_rule {
    const ys_pack_rule *rule;
    int64_t hits, unknown, rows; /* rows where it is true; where a fact is missing; looked at */
} ys_check_rule;

typedef struct ys_check {
    ys_check_rule *rules; /* every rule of the purpose, in the pack's order */
    int count;
    int64_t hits;
} ys_check;

/* `purpose` is "quality", "monitoring" or "exit".  `hit` (may be NULL) is called for each row where a rule holds;
 * `key` is the record's key.  For purpose "exit" a hit is a row where the rule does not hold. */
ys_status ys_check_run(const ys_frame *f, const char *purpose,
                       void (*hit)(void *arg, const ys_pack_rule *rule, const char *key), void *arg,
                       ys_check *ret_check, ys_diag *diag) YS_MUST_USE;
void ys_check_done(ys_check *c);

#endif
