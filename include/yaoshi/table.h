/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_TABLE_H
#define YAOSHI_TABLE_H
/*
 * table.h - a table in memory, column by column: the form in which data walks up the house.
 *
 * A table owns its columns; a column is one flat, 64-byte aligned array, so that a pass over a million
 * households reads nothing but what it needs.
 *
 *   households   id (TEXT)   area (CODE)   size (INT)   savings (MONEY)
 *        row 0   "H00001"        0             3          120000
 *        row 1   "H00002"        0             2          YS_NA
 *
 * Missing, zero and "not asked" are three things: YS_NA is "no value known", YS_NOT_ASKED is "nobody asked"
 * (written #NA and #未问 in files), 0 is zero.  In REAL columns they are two NaNs; in CODE columns -1 and -2;
 * in TEXT columns NULL and YS_TEXT_NOT_ASKED.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

typedef enum ys_type {
    YS_INT,   /* int64 */
    YS_MONEY, /* int64 minor units of the pack's currency (fen) */
    YS_DATE,  /* int64 days since 1970-01-01 */
    YS_BOOL,  /* int64 0 or 1 */
    YS_REAL,  /* double */
    YS_CODE,  /* int32 into the column's dictionary: few distinct texts */
    YS_TEXT,  /* const char *, owned by the table */
} ys_type;

#define YS_NA             INT64_MIN
#define YS_NOT_ASKED      (INT64_MIN + 1)
#define YS_CODE_NA        (-1)
#define YS_CODE_NOT_ASKED (-2)
extern const char YS_TEXT_NOT_ASKED[]; /* compare by address */

static inline bool ys_is_missing(int64_t v)
{
    return v <= YS_NOT_ASKED;
}

double ys_real_na(void);
double ys_real_not_asked(void);
bool ys_real_is_not_asked(double v);

const char *ys_type_name(ys_type t); /* "int" "money" "date" "bool" "real" "code" "text" */
bool ys_type_parse(const char *name, ys_type *ret_type);

typedef struct ys_table ys_table;

ys_table *ys_table_new(const char *name); /* NULL when memory is short */
void ys_table_free(ys_table *t);
const char *ys_table_name(const ys_table *t);
int64_t ys_table_rows(const ys_table *t);
int ys_table_columns(const ys_table *t);
/* Columns are added before or after rows; a column added late is filled with YS_NA.  -1 when memory is short
 * or the name is taken; else the column's index. */
int ys_table_add_column(ys_table *t, const char *name, ys_type type);
int ys_table_find(const ys_table *t, const char *name); /* -1: none */
const char *ys_table_column_name(const ys_table *t, int col);
ys_type ys_table_column_type(const ys_table *t, int col);
/* Appends `n` rows of YS_NA; false when memory is short (table unchanged). */
bool ys_table_grow(ys_table *t, int64_t n);

/* The arrays themselves: valid until the next ys_table_grow; NULL if the type does not match. */
int64_t *ys_table_ints(ys_table *t, int col);      /* INT MONEY DATE BOOL */
double *ys_table_reals(ys_table *t, int col);      /* REAL */
int32_t *ys_table_codes(ys_table *t, int col);     /* CODE */
const char **ys_table_texts(ys_table *t, int col); /* TEXT */

/* Dictionary of a CODE column. */
int32_t ys_table_code(ys_table *t, int col, const char *text); /* interned; -3 when memory is short */
int32_t ys_table_code_find(const ys_table *t, int col, const char *text); /* -3: not in the dictionary */
const char *ys_table_code_text(const ys_table *t, int col, int32_t code); /* NULL for a missing one */
int32_t ys_table_code_count(const ys_table *t, int col);

/* One cell at a time, for the ends of the house.  Setters return false when memory is short or the type does
 * not match.  The text getter serves CODE and TEXT and gives NULL for missing. */
bool ys_table_set_int(ys_table *t, int col, int64_t row, int64_t v);
bool ys_table_set_real(ys_table *t, int col, int64_t row, double v);
bool ys_table_set_text(ys_table *t, int col, int64_t row,
                       const char *text); /* TEXT copies, CODE interns; NULL: NA */
int64_t ys_table_get_int(const ys_table *t, int col, int64_t row);
double ys_table_get_real(const ys_table *t, int col, int64_t row);
const char *ys_table_get_text(const ys_table *t, int col, int64_t row);
bool ys_table_missing(const ys_table *t, int col, int64_t row);
/* Missing of any kind -> "", else the canonical text of the cell (money with `digits` decimals). */
const char *ys_table_format(const ys_table *t, int col, int64_t row, int digits, char *buf, size_t size);

/*
 * One-to-many: rows of `child` by row of `parent`, in child order.  Owns its arrays.
 *   children of parent row p: item[start[p]] … item[start[p+1]-1]
 */
typedef struct ys_csr {
    int64_t parents, items, orphans; /* orphans: child rows whose key no parent has */
    int64_t *start;                  /* parents + 1 */
    int32_t *item;                   /* child rows */
} ys_csr;

/* Match child.child_col to parent.parent_key, both TEXT or CODE; the parent key is unique (ECONFLICT names a
 * double). */
ys_status ys_csr_join(const ys_table *parent, int parent_key, const ys_table *child, int child_col,
                      ys_csr *ret_csr, ys_diag *diag) YS_MUST_USE;
void ys_csr_done(ys_csr *c);

/*
 * An index of one TEXT or CODE column whose values are unique: key text -> row.
 */
typedef struct ys_index ys_index;
ys_status ys_index_new(const ys_table *t, int col, ys_index **ret_index, ys_diag *diag) YS_MUST_USE;
void ys_index_free(ys_index *x);
int64_t ys_index_find(const ys_index *x, const char *key); /* row or -1 */

#endif
