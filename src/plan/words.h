/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_WORDS_H
#define YS_PLAN_WORDS_H
/*
 * words.h - the plan in sentences, Chinese or English: why this key, why not that one, and what is missing.
 *
 * Every figure in a sentence is one of the plan's integers (yuan = fen / 100).  "Elsewhere" is a price of tier 2: what the
 * same money and places would close of other households' gaps.
 */
#include "base/str.h"
#include "yaoshi/plan.h"

/* What people call it; its name where no label is given. */
const char *ys__measure_label(const ys_plan_measure *m, bool zh);
const char *ys__fund_label(const ys_plan_fund *f);

/* Two sentences for a household or village: which key and which root it fits; what it closes, costs and displaces. */
void ys_plan_say(const ys_plan *p, const ys_plan_result *r, int64_t block, bool zh, ys_str *out);
/* One sentence: why `measure` is not in its bundle (or that it is). */
void ys_plan_say_why(const ys_plan *p, const ys_plan_result *r, int64_t block, int32_t measure, bool zh,
                     ys_str *out);
/* Short code of a reason ("capacity"), for tables and JSON. */
const char *ys_plan_reason_name(ys_plan_reason reason);

/* One resource that blocks would need beyond what is left. */
typedef struct ys_plan_missing {
    ys_plan_row row;
    int64_t row_number;
    int64_t amount;  /* places, or fen, beyond the room that is left */
    int64_t waiting; /* blocks that would use more of it than now */
    int64_t closes;  /* fen of gap (tier 2) that those blocks' better bundles would close more */
} ys_plan_missing;

/*
 * What the blocks of areas begin <= a < end lack: each takes, of the bundles best for itself (tier 1, then tier 2), the one
 * whose resources are worth least elsewhere; what that needs beyond the room left is missing.  The list is minimal for these
 * wishes: with all the amounts they fit, all at once, and with any one of the amounts smaller by one they do not; rows with
 * room enough are not in it.  Ordered by row.  `*ret_list` is freed with ys_free.
 */
ys_status ys_plan_missing_list(const ys_plan *p, const ys_plan_result *r, int32_t area_begin,
                               int32_t area_end, ys_plan_missing **ret_list, int64_t *ret_count,
                               ys_diag *diag) YS_MUST_USE;
/* "缺公益岗位（O000143）名额37个，40户在等；……。": one clause a row. */
void ys_plan_say_missing(const ys_plan *p, const ys_plan_missing *list, int64_t count, bool zh, ys_str *out);

#endif
