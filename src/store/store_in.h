/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_STORE_STORE_IN_H
#define YS_STORE_STORE_IN_H
/*
 * store_in.h - what the files of the store share; nobody else includes it.
 *
 * The catalog (ys__cat, ys__col) says what the tables of the database look like; it is read from the database and is
 * enough to hash, verify and copy.  The kinds of the pack (ys_kind) say how the caller sees them.
 *
 * Inside, the parts of a record key are joined by YS__KEY_SEP, which sorts before every character a key may hold:
 * the order of the joined keys is the order of the key fields.
 */
#include <stdarg.h>
#include "base/map.h"
#include "store/db.h"
#include "store/store.h"

#define YS__LAYOUT      1
#define YS__NAME_MAX    56  /* bytes of the name of a kind or field: PostgreSQL cuts names at 63 */
#define YS__KEY_MAX     512 /* bytes of a record key */
#define YS__KEY_SEP     '\t'
#define YS__NOT_ASKED   "#未问"
#define YS__BLANKS      60    /* blank marks in one integer of the stage */
#define YS__REFS        65536 /* distinct references remembered */
#define YS__INDEX_BYTES 16    /* blind index */
#define YS__HASH_BYTES  32    /* commitment, roots */

typedef struct ys__col {
    char name[YS__NAME_MAX + 1];
    ys_type type;
    int key; /* 1, 2, … among the key fields; 0: not part of the key */
    bool secret;
} ys__col;

typedef struct ys__cat {
    char name[YS__NAME_MAX + 1];
    ys__col *cols; /* by name */
    int count;
    bool touched;      /* by the open transaction */
    int64_t row_start; /* newest row before the transaction */
} ys__cat;

typedef struct ys__keys {
    bool have;  /* a master key was given */
    bool ready; /* and the store has been set up for it: the rest is valid */
    unsigned char master[YS_STORE_KEY_BYTES];
    unsigned char enc[32], index[32], wrap[32], commit[32];
    unsigned char nonces[24 * 64]; /* random bytes in stock */
    size_t nonces_left;
} ys__keys;

struct ys__stage;
struct ys_store {
    ys__db *db;
    bool read_only;
    ys__keys keys;
    ys__cat *cats; /* by name */
    int cat_count;
    const ys_kind **kinds;
    int kind_count;
    bool in_tx;
    bool kinds_added; /* by the open transaction */
    bool erased;      /* by the open transaction: it is recorded even if it writes no row */
    bool broken;      /* something failed that could not say so; the transaction cannot be committed */
    ys_tx tx;         /* the open one */
    struct ys__stage *stage;
};

/* ---- catalog, schema_sql.c */
ys_status ys__schema_create(ys__db *db, ys_diag *diag) YS_MUST_USE;
/* Brings the layout up to date, or says why it cannot. */
ys_status ys__schema_check(ys_store *s, ys_diag *diag) YS_MUST_USE;
ys_status ys__cats_load(ys_store *s, ys_diag *diag) YS_MUST_USE;
void ys__cats_free(ys_store *s);
ys__cat *ys__cat_find(const ys_store *s, const char *name); /* NULL: none */
ys_status ys__cat_of(const ys_store *s, const ys_kind *kind, ys__cat **ret_cat, ys_diag *diag) YS_MUST_USE;
const ys__col *ys__col_find(const ys__cat *c, const char *name);
const ys_kind *ys__kind_find(const ys_store *s, const char *name);
int ys__key_count(const ys__cat *c);
/* Makes the tables and columns that are missing; `ret_missing` (may be NULL) only counts them. */
ys_status ys__kinds_add(ys_store *s, const ys_kind *const *kinds, int count, int *ret_missing,
                        ys_diag *diag) YS_MUST_USE;
ys_status ys__table_create(ys__db *db, const ys__cat *c, ys_diag *diag) YS_MUST_USE;
/* Secondary indexes of one kind: made after a bulk load, dropped before it. */
ys_status ys__indexes(ys_store *s, const ys__cat *c, bool create, ys_diag *diag) YS_MUST_USE;
/* Remember where the transaction starts in this kind. */
ys_status ys__touch(ys_store *s, ys__cat *c, ys_diag *diag) YS_MUST_USE;
/* Physical columns of the fields ("f", or "f","f__bi","f__h" when secret), each with `prefix` before it and a comma
 * before each but the first; returns their number. */
int ys__columns(ys_str *sql, const ys__cat *c, const char *prefix);

/* ---- keys of records, key.c */
/* From "a|b" as users write it to the inner form; ENOTFOUND when the parts do not fit. */
ys_status ys__key_inner(const ys__cat *c, const char *key, ys_str *ret_inner, ys_diag *diag) YS_MUST_USE;
/* Back; `buf` is emptied first. */
void ys__key_outer(const char *inner, ys_str *buf);
/* Canonical text of a value that is not missing. */
void ys__text_of(ys_type type, int64_t i, double r, const char *t, int money_digits, ys_str *ret_text);

/* ---- secrets, secret.c */
ys_status ys__keys_init(ys_store *s, const unsigned char *key, ys_diag *diag) YS_MUST_USE;
/* First use of a key with this store: remembers how to recognise it (needs a writable store). */
ys_status ys__keys_set_up(ys_store *s, ys_diag *diag) YS_MUST_USE;
void ys__keys_done(ys_store *s);
ys_status ys__keys_need(const ys_store *s, ys_diag *diag) YS_MUST_USE; /* EDENIED without a key */
size_t ys__cipher_size(size_t plain);
void ys__encrypt(ys_store *s, const char *plain, size_t n, unsigned char *ret_cipher);
/* Into `ret_plain` (emptied first); ECORRUPT when it was tampered with. */
ys_status ys__decrypt(const ys_store *s, const void *cipher, size_t n, ys_str *ret_plain,
                      ys_diag *diag) YS_MUST_USE;
void ys__blind(const ys_store *s, const char *field, const char *plain,
               unsigned char ret_index[YS__INDEX_BYTES]);
void ys__commitment(const ys_store *s, const char *field, const char *key, const char *plain,
                    unsigned char ret_hash[YS__HASH_BYTES]);

/* ---- roots, chain.c */
/* Root of the open transaction from its rows; sets s->tx.rows, .root. */
ys_status ys__chain_root(ys_store *s, ys_diag *diag) YS_MUST_USE;

/* ---- reading, scan.c */
/* Adds "known and valid" conditions on alias `a` for these two times. */
void ys__sql_when(ys_str *sql, const char *a, int64_t as_of_tx, int32_t valid_on);
/* Adds " AND …" so that only rows (alias `a`) of the area $param and below remain. */
ys_status ys__sql_scope(const ys_store *s, ys_str *sql, const ys_kind *kind, const char *a,
                        const ys_scan *how, ys_diag *diag) YS_MUST_USE;
/* Adds the WITH clause that ys__sql_scope reads; the area is parameter $1. */
ys_status ys__sql_scope_with(const ys_store *s, ys_str *sql, const ys_scan *how, ys_diag *diag) YS_MUST_USE;

/* ---- the stage, stage.c */
typedef struct ys__stage {
    const ys_kind *kind;
    ys__cat *cat;
    int *fields; /* indexes into kind->fields */
    const ys__col **cols;
    int field_count, key_count;
    int *key_cell; /* cell of the 1st, 2nd … key field */
    bool *blank;   /* some cell of the field was blank */
    bool *value;   /* some cell of the field held a value */
    bool *mask;    /* the field may be masked: the stage has a column for it, _mI */
    bool masked;   /* some cell was */
    ys_map **refs; /* distinct references of the field, while they are few; else NULL */
    ys__stmt *ins;
    bool open; /* the insert has not been ended */
    int64_t rows;
    bool sorted; /* keys came strictly ascending */
    ys_str key, last, scratch;
    bool classified, fresh, indexed;
    int32_t classified_on;
    ys_stage_counts counts;
} ys__stage;
ys_status ys__stage_flush(ys_store *s, ys_diag *diag) YS_MUST_USE;
void ys__stage_drop(ys_store *s); /* memory only */
/* Duplicates, orphans, and what is to be written with effect from `valid_from`: fills ys_bad and ys_act. */
ys_status ys__stage_classify(ys_store *s, int32_t valid_from, ys_diag *diag) YS_MUST_USE;
ys_status ys__stage_index(ys_store *s, ys_diag *diag) YS_MUST_USE;
/* Masked cells that are not the mask of what is valid on the day go into ys_bad; mask.c. */
ys_status ys__masks_check(ys_store *s, int32_t valid_from, ys_diag *diag) YS_MUST_USE;

/* ---- settings, meta.c */
ys_status ys__meta_set(ys_store *s, const char *name, const char *value, ys_diag *diag) YS_MUST_USE;
ys_status ys__meta_get(ys_store *s, const char *name, char *buf, size_t size, ys_diag *diag) YS_MUST_USE;
ys_status ys__need_tx(const ys_store *s, ys_diag *diag) YS_MUST_USE;

#endif
