/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_FACT_H
#define YS_APP_FACT_H
/*
 * fact.h - one fact as people read it: the label of a code, yes or no, a date, money; personal values masked.
 *
 * Masking follows the field's sensitivity, whoever prints: 张*, 371702********0013, 138****5678.  A secret value read
 * without the key is "***" and stays so.
 */
#include <stdbool.h>
#include "base/json.h"
#include "policy/pack.h"
#include "store/store.h"

typedef struct ys_fact_how {
    const ys_pack *pack;
    bool zh;
    bool unmask; /* personal values in full */
    bool codes;  /* codes as they are, not their labels; yes and no as 1 and 0 */
} ys_fact_how;

/* "" when no value is known, "#未问" when nobody asked; else in `buf` or borrowed from table or pack. */
const char *ys_fact_text(const ys_fact_how *how, const ys_field *f, const ys_table *t, int64_t row, char *buf,
                         size_t size);
/* The same for a derived value or engine column without a field. */
const char *ys_fact_column(const ys_fact_how *how, const ys_table *t, int col, int64_t row, char *buf,
                           size_t size);
/* {"value": typed, "zh": label, "en": label, "text_zh"/"text_en" of a code} under the field's name; missing: value null. */
void ys_fact_json(ys_json *j, const ys_fact_how *how, const ys_field *f, const ys_table *t, int64_t row);
/* Column of the kind's key field (the last where there are several), -1: none. */
int ys_key_column(const ys_kind *kind, const ys_table *t);
const char *ys_field_label(const ys_field *f, bool zh);
/* "city county town": the area levels of the pack, for messages. */
char *ys_levels_text(const ys_pack *pack, char *buf, size_t size);
/* 元, yuan; the code of any other currency (EUR). */
const char *ys_currency_word(const ys_pack *pack, bool zh);

/* "households.csv 第 2 行 · 张三 · 2016-08-27 · 事务 3"; "" when nothing is known. */
char *ys_source_text(const ys_provenance *from, bool zh, char *buf, size_t size);
void ys_source_json(ys_json *j, const char *key, const ys_provenance *from);
/* 2016-08-27 08:12 (UTC) of seconds since 1970. */
char *ys_time_text(int64_t at, char *buf, size_t size);

#endif
