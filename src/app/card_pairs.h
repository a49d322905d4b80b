/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_CARD_PAIRS_H
#define YS_APP_CARD_PAIRS_H
/*
 * card_pairs.h - who helps whom, as the use case "show" tells it: of a household (its helper, since when, why, who
 * before), of an area (its own partners, how many of its needs are paired at each level, and who is not), and of a
 * giver (its record, whom it helps, what it handed over).
 */
#include "app/card.h"

typedef struct ys_pair_card ys_pair_card;

/* Of the household or area of a card; the card is borrowed. */
ys_status ys_pair_card_of(const ys_card *c, int64_t as_of_tx, ys_pair_card **ret_card,
                          ys_diag *diag) YS_MUST_USE;
/* Of a giver of any level by its key: ENOTFOUND when there is none. */
ys_status ys_pair_card_giver(ys_office *o, const ys_card_args *args, ys_pair_card **ret_card,
                             ys_diag *diag) YS_MUST_USE;
void ys_pair_card_free(ys_pair_card *p);

ys_status ys_pair_card_print(const ys_pair_card *p, const ys_card_view *view, ys_diag *diag) YS_MUST_USE;
/* As members of the open object: `pairings`, and of a household `pairing_history`, of an area `pairing_levels`, of a giver its
 * record and `handed_over`. */
void ys_pair_card_json(const ys_pair_card *p, ys_json *j);

#endif
