/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_KINDS_H
#define YS_REGISTRY_KINDS_H
/*
 * kinds.h - the kinds of record that the engine itself writes: roots found, plans made, prices, runs of pairing.
 *
 * They live in the store beside the pack's kinds, with the same history: a root that changes is a new version, not
 * another table. 
 */
#include "policy/pack.h"
#include "policy/schema.h"

extern const ys_kind ys_kind_root;       /* one per household: card in numbers */
extern const ys_kind ys_kind_plan;       /* one per version */
extern const ys_kind ys_kind_choice;     /* one per household or village and measure chosen */
extern const ys_kind ys_kind_price;      /* one per fund × period and capacity, and per floor */
extern const ys_kind ys_kind_pair_run;   /* one per kept run of pairing: what it rests on and claims */
extern const ys_kind ys_kind_pair_price; /* one per run and giver whose places have a price */

/* All kinds of an office: the pack's and the engine's. Caller frees the array (not the kinds) with ys_free. */
ys_status ys_kinds_all(const ys_pack *pack, const ys_kind ***ret_kinds, int *ret_count,
                       ys_diag *diag) YS_MUST_USE;

#endif
