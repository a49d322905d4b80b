/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_ROOTS_H
#define YS_APP_ROOTS_H
/*
 * roots.h - the use case "diagnose": a frame into root cards of households, villages and towns, with what was declared,
 * what is proven and what is due but not received beside them.
 */
#include "app/office.h"
#include "base/str.h"
#include "diagnose/words.h"
#include "yaoshi/diagnose.h"

typedef struct ys_diagnosis {
    const ys_frame *frame;            /* borrowed */
    ys_roots *roots;                  /* per household */
    ys_diagnose_data data;            /* what was diagnosed; its arrays belong to the frame and to this */
    int32_t *town, *county;           /* dense numbers behind data, -1 */
    int32_t *town_area, *county_area; /* area of each dense number */
    int32_t *cause;                   /* row of the pack's causes per household, -1: none declared */
    uint8_t *declared;                /* ys_root of it */
    uint8_t *evidence;                /* 0 absent, 1 present, 2 unknown or no rule */
    uint8_t *conflict;                /* YS_CONFLICT_ bits */
    int64_t *missing;                 /* entitled but not received, minor units per household and year */
    uint64_t *missing_which;          /* bit i: entitlement i of the pack */
    double *labour, *worked;
    int64_t *line;
    /* deficits of villages, by the pack's village indicators */
    int deficits;
    const ys_indicator **deficit;
    uint8_t **deficit_truth;                       /* per row of frame->village */
    int64_t *village_households, *village_persons; /* registered, per row of frame->village */
    ys_scatter scatter;
} ys_diagnosis;

/* `threads` <= 0: as many as processors. */
ys_status ys_diagnosis_make(const ys_frame *f, int threads, ys_diagnosis **ret_diagnosis,
                            ys_diag *diag) YS_MUST_USE;
void ys_diagnosis_free(ys_diagnosis *d);
/* Code of the area level in the pack, "none" or "all". */
const char *ys_diagnosis_peer_level(const ys_diagnosis *d, ys_peer_level level);
/* The card of household row `h` in words. */
ys_status ys_diagnosis_sentence(const ys_diagnosis *d, int64_t h, const char *lang, ys_str *to,
                                ys_diag *diag) YS_MUST_USE;
/* Deficits of the village of row `v` in words; empty when it has none. */
ys_status ys_diagnosis_village_sentence(const ys_diagnosis *d, int64_t v, const char *lang, ys_str *to,
                                        ys_diag *diag) YS_MUST_USE;
/* Keep the cards in the store (kind `root`), inside an open transaction. */
ys_status ys_diagnosis_keep(const ys_diagnosis *d, ys_store *store, int32_t valid_from,
                            ys_diag *diag) YS_MUST_USE;

/* How often the computed root is the true one, where the truth is known (synthetic registries). */
typedef struct ys_root_evaluation {
    int64_t compared, several, right;
    double right_share; /* among those not marked 多因并重 */
    double several_share;
    double baseline_share;                 /* right by always naming the most frequent true root */
    int64_t confusion[YS_ROOTS][YS_ROOTS]; /* truth × computed, among those not marked */
} ys_root_evaluation;
/* `file`: household, cause (a code of the pack) per row.  Households without a gap to the line are left out. */
ys_status ys_diagnosis_evaluate(const ys_diagnosis *d, const char *file, ys_root_evaluation *ret_evaluation,
                                ys_diag *diag) YS_MUST_USE;

#endif
