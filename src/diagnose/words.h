/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_DIAGNOSE_WORDS_H
#define YS_DIAGNOSE_WORDS_H
/*
 * words.h - a root card as one or two sentences, in Chinese and in English.
 *
 *   比脱贫线每人每年少 1,234 元：活儿不够干 620 元、看病上学等刚性支出多 410 元、劳力少 204 元。根子在活儿不够干（占 50%）。
 *   1,234 yuan a person and year below the line: not enough work 620 yuan, … The root: not enough work (50 %).
 *
 * Amounts are whole currency units per head that add up to the gap named; factors that help the household (negative
 * contributions) are named with 「但」/"but".  The caller gives the words of the factors where the pack has its own.
 */
#include "base/str.h"
#include "yaoshi/diagnose.h"

/* What the sentence is about; labels NULL: the built-in ones. */
typedef struct ys_root_words {
    const char *currency_zh, *currency_en; /* "元", "yuan" */
    int money_digits;                      /* 2: fen */
    const char *label_zh[YS_ROOTS], *label_en[YS_ROOTS];
    /* What an area is called from which peers come ("乡镇", "Town"), by YS_PEER_TOWN and YS_PEER_COUNTY: words of the
     * country, from the pack. */
    const char *peers_zh[YS_PEER_ALL], *peers_en[YS_PEER_ALL];
    const char *declared_zh, *declared_en; /* label of the declared main cause; NULL: none */
    uint8_t conflict;                      /* YS_CONFLICT_ bits */
    int64_t missing; /* entitled but not received, household and year, minor units; 0: none */
    const char *missing_zh, *missing_en; /* names of those transfers */
} ys_root_words;

const char *
ys_root_name(ys_root f); /* "labour" "employment" "earnings" "property" "transfer" "rigid" "none" */
const char *ys_root_label_zh(ys_root f); /* 劳力少 … */
const char *ys_root_label_en(ys_root f); /* few able to work … */

/* Append the card of row `i` (persons of that household given) in "zh" or "en"; false when memory is short. */
bool ys_root_sentence(const ys_roots *r, int64_t i, int64_t persons, const ys_root_words *w, const char *lang,
                      ys_str *to);
/* The cause profile of an area in one sentence. */
bool ys_root_summary_sentence(const ys_root_summary *s, const ys_root_words *w, const char *lang, ys_str *to);
/* The deficits of a village or town: labels[indicator] by the caller. */
bool ys_deficit_sentence(const ys_deficit *d, int count, const char *const *labels, const char *lang,
                         ys_str *to);

#endif
