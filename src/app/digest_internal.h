/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_DIGEST_INTERNAL_H
#define YS_APP_DIGEST_INTERNAL_H
/*
 * digest_internal.h - what the parts of the digest share (internal to app).
 */
#include "app/assess.h"
#include "app/digest.h"
#include "app/roots.h"
#include "base/arena.h"

struct ys_digest {
    ys_office *office; /* borrowed */
    int64_t as_of_tx;  /* plans kept after this transaction do not count; 0: all do */
    ys_frame *frame;
    ys_assessment *assessment;
    ys_diagnosis *diagnosis;
    ys_arena *arena;
    ys_table *plan, *choice, *price; /* as kept; NULL: none */
    int32_t *place_of;               /* per household: number of its place, -1 */
    ys_figures fig;
};

/* Zeroed memory of the digest; NULL when memory is short. */
void *ys__digest_take(ys_digest *d, int64_t n, size_t size);
ys_words ys__digest_area(const ys_digest *d, int32_t area);

ys_status ys__digest_roots(ys_digest *d, ys_diag *diag);
ys_status ys__digest_plan(ys_digest *d, ys_diag *diag);
/* Borders from the pack's *.geojson resources, if it has any. */
ys_status ys__digest_shapes(ys_digest *d, ys_diag *diag);

#endif
