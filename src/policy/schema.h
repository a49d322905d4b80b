/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_SCHEMA_H
#define YS_POLICY_SCHEMA_H
/*
 * schema.h - what a kind of record is made of: its fields, with types, codes, bounds, labels and header
 * synonyms.
 *
 * Kinds come from two places and look alike: the policy pack (`fields.csv`: household, person, village …) and
 * the engine itself (plan, choice, price …).  The store makes one table per kind from it, the importer
 * matches headers to it, rules are checked against it, exports print its labels.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/table.h"

typedef enum ys_sensitivity {
    YS_SENS_NONE,
    YS_SENS_NAME,  /* masked when printed, stored plain */
    YS_SENS_ID,    /* masked, stored encrypted with a blind index */
    YS_SENS_PHONE, /* masked, stored encrypted with a blind index */
    YS_SENS_BANK,  /* masked, stored encrypted with a blind index */
} ys_sensitivity;

typedef struct ys_field {
    const char *name; /* snake_case English, unique inside the kind */
    ys_type type;
    const char *unit;  /* "", "fen", "mu", "month" … */
    bool key;          /* part of the record's key */
    bool required;     /* may not be missing */
    const char *codes; /* name of a code list, or "" */
    const char *ref;   /* kind whose key this field names, or "" */
    bool has_min, has_max;
    double min, max; /* in the field's own unit; money in major units */
    ys_sensitivity sensitivity;
    const char *label_zh, *label_en;
    const char *synonyms; /* other headers, separated by '|' */
    const char *source;
} ys_field;

typedef struct ys_kind {
    const char *name; /* "household" */
    const char *label_zh, *label_en;
    const char *area_field; /* field that holds the area code of the row, or "" */
    const char *via; /* or: the field whose referenced row has the area ("household" for person), or "" */
    const ys_field *fields;
    int field_count;
} ys_kind;

/* Index of a field by name, -1 if none. */
int ys_kind_field(const ys_kind *k, const char *name);
/* Stored encrypted, with a blind index? */
bool ys_field_secret(const ys_field *f);
/* How a reader without need sees a value of the field: masked by its sensitivity, "***" (what a store without its key
 * gives) as it is, other fields unchanged (then `text` is returned).  `buf` of at least strlen(text) + 8. */
const char *ys_field_mask(const ys_field *f, const char *text, char *buf, size_t size);
/* Does the text of a personal field hold an asterisk, as only masks do?  Full-width ones (＊) count. */
bool ys_field_is_masked(const ys_field *f, const char *text);

#endif
