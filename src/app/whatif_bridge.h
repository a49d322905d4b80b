/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_WHATIF_BRIDGE_H
#define YS_APP_WHATIF_BRIDGE_H
/*
 * whatif_bridge.h - what becomes of the households whose offering a scenario moves in time: who still waits for it, who
 * bridges on what, who is left with nothing in its place.
 */
#include "app/whatif_diff.h"

typedef struct ys_bridge {
    int64_t had;      /* households with a moved offering in the base plan = kept + bridged + bare */
    int64_t kept;     /* have a moved offering still */
    int64_t bridged;  /* have something in its place */
    int64_t bare;     /* have nothing in its place */
    int64_t gap_lost; /* of these households, tier 2: before less after */
    int64_t *measure; /* per measure of the input: households of `bridged` that newly have it */
} ys_bridge;

/* `ret_moved` false: the scenario moves no offering in time; nothing is to free then. */
ys_status ys_bridge_make(const ys_scenario *s, bool *ret_moved, ys_bridge *ret_bridge,
                         ys_diag *diag) YS_MUST_USE;
void ys_bridge_free(ys_bridge *b);
/* One sentence. */
void ys_bridge_say(const ys_scenario *s, const ys_bridge *b, bool zh, ys_str *out);

#endif
