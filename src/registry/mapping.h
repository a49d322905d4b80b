/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_MAPPING_H
#define YS_REGISTRY_MAPPING_H
/*
 * mapping.h - a mapping file in memory: how each row of somebody else's table becomes records of ours.
 *
 * The format and the order of work are in docs/pack.md, "Mapping files".  Reading checks the shape of the file alone;
 * ys_mapping_bind holds one of its tables against a pack (kinds, fields) and a row of headers (columns).  The mapping
 * owns every text and array it shows; all live until ys_mapping_free.
 */
#include <stdbool.h>
#include <stddef.h>
#include "policy/pack.h"
#include "yaoshi/status.h"

/* Columns of the foreign table: their headers as written, and their places once bound. */
typedef struct ys_mapping_columns {
    const char **header;
    int *column; /* from 0; YS_MAPPING_NUMBER: the number of the repetition */
    int count;
} ys_mapping_columns;
enum { YS_MAPPING_NUMBER = -2 };

/* One field of a record and where its text comes from. */
typedef struct ys_mapping_field {
    const char *name;
    int field;               /* index in kind->fields, once bound */
    const char *constant;    /* the text itself; NULL: from columns */
    ys_mapping_columns from; /* one column, or several joined by `with` */
    const char *with;
    const char **value, **to; /* texts of the file and what they mean */
    int value_count;
    bool scaled, sum, round;
    ys_mapping_columns times, over;
    double factor;
} ys_mapping_field;

typedef struct ys_mapping_skip {
    ys_mapping_columns column; /* exactly one */
    const char **text;
    int count;
} ys_mapping_skip;

typedef struct ys_mapping_record {
    const char *kind_name;
    const ys_kind *kind; /* once bound */
    ys_mapping_field *fields;
    int field_count;
    ys_mapping_skip *skips;
    int skip_count;
    ys_mapping_columns repeat; /* one column, or none: one record a row */
    bool dedupe, sums;         /* `sums`: some field is added up over rows with the same key */
} ys_mapping_record;

typedef struct ys_mapping_file {
    const char *match; /* shell pattern on the file's base name */
    ys_mapping_record *records;
    int record_count;
} ys_mapping_file;

typedef struct ys_mapping ys_mapping;

/* EDATA names the part of the file that is wrong ("files[0].records[2].scale"). */
ys_status ys_mapping_read(const char *path, ys_mapping **ret_mapping, ys_diag *diag) YS_MUST_USE;
ys_status ys_mapping_parse(const char *name, const char *json, size_t size, ys_mapping **ret_mapping,
                           ys_diag *diag) YS_MUST_USE;
void ys_mapping_free(ys_mapping *m);
/* The mapping.json that the pack carries; NULL without a failure when it carries none. */
ys_status ys_mapping_of_pack(const ys_pack *pack, ys_mapping **ret_mapping, ys_diag *diag) YS_MUST_USE;

/* The entry whose pattern fits the base name of `path`; NULL: none. */
ys_mapping_file *ys_mapping_for(ys_mapping *m, const char *path);
/* How many of the columns that `f` asks for stand in this row of headers; `ret_wanted` how many it asks for, and
 * `ret_missing` (may be NULL) the first that does not. */
int ys_mapping_score(const ys_mapping_file *f, char *const *headers, int n, int *ret_wanted,
                     const char **ret_missing);
/* Fills in `kind`, `field` and `column` everywhere.  EDATA names the kind, field or column that is not there. */
ys_status ys_mapping_bind(ys_mapping_file *f, const ys_pack *pack, char *const *headers, int n,
                          ys_diag *diag) YS_MUST_USE;
/* Does any record take something from this column?  After binding. */
bool ys_mapping_uses(const ys_mapping_file *f, int column);
/* Place of a column by header, as written or else folded; -1: none. */
int ys_mapping_column(const char *header, char *const *headers, int n);

#endif
