/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_KEY_CARDS_H
#define YS_APP_KEY_CARDS_H
/*
 * key_cards.h - the key card (明白卡): one A5 page per household in large type, for the family's own wall.
 *
 * It says who the family is, why it is poor in its own figures, which keys the plan has for it (what, from whom, from when, how much), who helps it,
 * and where to object; the code in the corner names household, plan and head of the chain, so that the page can be held against the record.  Names and numbers are
 * masked unless asked for in full.  Pages are streamed in the order of villages and households: memory does not grow with their number.
 */
#include "app/office.h"

typedef struct ys_key_cards_args {
    const char *path;      /* ….pdf */
    const char *plan;      /* version, NULL: the newest */
    const char *scope;     /* an area; NULL: all of the plan */
    const char *household; /* only this one; NULL: all that are below the line or have a key */
    bool unmask, zh;
} ys_key_cards_args;

typedef struct ys_key_cards_report {
    int64_t cards;
    char missing[256]; /* characters that no font has */
} ys_key_cards_report;

/* ENOTFOUND: no plan, no such household, or nobody in the scope needs a card. EDENIED: unmask without the key. */
ys_status ys_key_cards_print(ys_office *o, const ys_key_cards_args *args, ys_key_cards_report *ret_report,
                             ys_diag *diag) YS_MUST_USE;

#endif
