/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_WHATIF_DIFF_H
#define YS_APP_WHATIF_DIFF_H
/*
 * whatif_diff.h - whom a scenario changes: who gets, loses or exchanges which key, and why, and the sums of it.
 *
 * Blocks are numbered alike in both plans (households, then villages).  Why a key was lost is what the scenario's plan says
 * of it; why one came is what the base plan said against it.
 */
#include "app/whatif.h"
#include "base/str.h"

typedef enum ys_diff_kind {
    YS_DIFF_GOT,       /* nothing before */
    YS_DIFF_LOST,      /* nothing after */
    YS_DIFF_EXCHANGED, /* other measures */
    YS_DIFF_MOVED      /* the same measures from another provider or for another person */
} ys_diff_kind;

typedef struct ys_diff_row {
    int64_t block;
    ys_diff_kind kind;
    ys_plan_picks before, after;
} ys_diff_row;

typedef struct ys_diff_measure {
    int64_t got, lost; /* units */
} ys_diff_measure;

typedef struct ys_diff {
    const ys_scenario *scenario;
    ys_diff_row *rows; /* by block */
    int64_t n;
    int64_t kinds[4];
    ys_diff_measure *measures; /* per measure of the input */
} ys_diff;

ys_status ys_diff_make(const ys_scenario *s, ys_diff **ret_diff, ys_diag *diag) YS_MUST_USE;
void ys_diff_free(ys_diff *d);
const char *ys_diff_kind_name(ys_diff_kind kind, bool zh);
/* Measures of a bundle, "a; b". */
void ys_diff_labels(const ys_plan_input *in, const ys_plan_picks *k, bool zh, ys_str *out);
/* In sentences: what came, and what spoke against it before; what went, and why. */
void ys_diff_say(const ys_diff *d, const ys_diff_row *row, bool zh, ys_str *out);
/* The row of the scenario's plan (or of the base's) that decided the first change, -1: none did. */
int64_t ys_diff_cause(const ys_diff *d, const ys_diff_row *row);

/* An area's sums before and after. */
typedef struct ys_diff_area {
    int32_t area;                        /* number in the frame's tree, -1: unknown */
    int64_t helped[2], cures[2], gap[2]; /* households with a measure; tier 1; tier 2 */
    int64_t kinds[4];
} ys_diff_area;
/* Sums per area of a level ("county", "town"), in the order of the tree; `*ret_list` is freed with ys_free. */
ys_status ys_diff_areas(const ys_diff *d, const char *level, ys_diff_area **ret_list, int64_t *ret_count,
                        ys_diag *diag) YS_MUST_USE;
/* Every changed block of `n` diffs of one base, as .csv or .xlsx ("-": CSV on the standard output); no names of persons. */
ys_status ys_diff_write(const ys_diff *const *diffs, int n, const char *path, bool zh, int64_t *ret_rows,
                        ys_diag *diag) YS_MUST_USE;
/* A row of a plan as people call it: fund and year, or offering; "" for -1. */
const char *ys_diff_row_name(const ys_planning *base, int64_t row, char *buf, size_t size);
/* Area number of a block, -1: unknown. */
int32_t ys_diff_area_of(const ys_planning *p, int64_t block);

#endif
