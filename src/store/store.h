/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_STORE_STORE_H
#define YS_STORE_STORE_H
/*
 * store.h - facts that are never overwritten: row versions with two times, in SQLite or PostgreSQL.
 *
 * Every record is a chain of row versions.  A version has a valid time (when it was so in the world) and a
 * transaction time (when we knew it):
 *
 *   key     valid_from  valid_to    tx_from  tx_to   size
 *   H00017  2015-12-31  -           3        9       3      what we believed until transaction 9
 *   H00017  2015-12-31  2016-07-01  9        -       3      what we believe now of the past
 *   H00017  2016-07-01  -           9        -       2      what we believe now of the present
 *
 * A change effective on the day its version already starts is a correction: the old version is closed and the
 * new one takes its place.  Each transaction carries who, why and when, and a BLAKE2b-256 root over its
 * canonical rows and the previous root; the newest root is the head.  Secret fields (ys_field_secret) are
 * stored encrypted with the key given at opening, with a keyed blind index beside them, and enter the root by a
 * keyed commitment.
 *
 * Writing goes through a stage: rows are put into a temporary table, compared with what is there, and applied
 * inside a transaction; what is not committed never happened.  One writer, many readers; a store belongs to
 * one thread. All SQL of the project is in this folder.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/schema.h"
#include "yaoshi/status.h"
#include "yaoshi/table.h"

typedef struct ys_store ys_store;

#define YS_STORE_KEY_BYTES 32

typedef struct ys_store_args {
    const char *url;          /* a file name, or postgresql://… */
    const unsigned char *key; /* YS_STORE_KEY_BYTES, or NULL: secret fields can be neither read nor written */
    bool read_only;
} ys_store_args;

/* Make an empty store (fails with ECONFLICT if one is there) with one table per kind.  Kinds are borrowed. */
ys_status ys_store_create(const ys_store_args *args, const ys_kind *const *kinds, int kind_count,
                          ys_store **ret_store, ys_diag *diag) YS_MUST_USE;
/* Open; migrates older layouts when not read_only.  The kinds come later (ys_store_set_kinds), because the
 * pack that defines them is itself kept in the store (ys_store_file_get). */
ys_status ys_store_open(const ys_store_args *args, ys_store **ret_store, ys_diag *diag) YS_MUST_USE;
/* Kinds that the store lacks, or fields that a kind lacks, are added (needs an open transaction, before any row is
 * written, unless all are there).  A field whose type, key or secrecy differs from the store's is ECONFLICT.  The
 * kinds and their fields are borrowed until the store is closed. */
ys_status ys_store_set_kinds(ys_store *s, const ys_kind *const *kinds, int kind_count,
                             ys_diag *diag) YS_MUST_USE;
void ys_store_close(ys_store *s);                /* rolls back what is open; NULL is fine */
const char *ys_store_backend(const ys_store *s); /* "sqlite 3.40.1", "postgresql 15.10" */

/* Transactions. */
typedef struct ys_tx_info {
    const char *user, *reason, *command; /* who, why, and by which command */
    const char *name;                    /* a named snapshot, or NULL */
    int64_t recorded_at;                 /* seconds since 1970, from app/ */
} ys_tx_info;
typedef struct ys_tx {
    int64_t id; /* 1, 2, … */
    char user[64], reason[256], command[128], name[96];
    int64_t recorded_at;
    int64_t rows;      /* row versions opened or closed by it */
    char root[65];     /* hex */
    char previous[65]; /* hex; 64 zeros for the first */
} ys_tx;
ys_status ys_store_begin(ys_store *s, const ys_tx_info *info, ys_diag *diag) YS_MUST_USE;
/* `ret_tx` may be NULL.  A transaction without any row, name or erasure is not recorded (id 0).  On failure the
 * transaction is rolled back. */
ys_status ys_store_commit(ys_store *s, ys_tx *ret_tx, ys_diag *diag) YS_MUST_USE;
void ys_store_rollback(ys_store *s);
/* Newest first when `newest_first`; stops when `each` returns false.  No callback of this floor may call the store. */
ys_status ys_store_transactions(ys_store *s, bool newest_first, bool (*each)(void *arg, const ys_tx *tx),
                                void *arg, ys_diag *diag) YS_MUST_USE;
ys_status ys_store_head(ys_store *s, ys_tx *ret_tx, ys_diag *diag) YS_MUST_USE; /* ENOTFOUND when empty */
/* Recompute every root from the rows; ECORRUPT names the first transaction that does not match.  With the key the
 * encrypted values are checked too. */
ys_status ys_store_verify_chain(ys_store *s, int64_t *ret_transactions, int64_t *ret_rows,
                                ys_diag *diag) YS_MUST_USE;

/* Provenance: one import per file and sheet, with its column map as JSON. */
ys_status ys_store_import_add(ys_store *s, const char *file, const char *sheet, const char *file_hash,
                              const char *column_map, int64_t *ret_import, ys_diag *diag) YS_MUST_USE;
typedef struct ys_provenance {
    char file[256], sheet[96], user[64], reason[256];
    int64_t row, tx, recorded_at;
} ys_provenance;
/* Where the current version of a record comes from. */
ys_status ys_store_provenance(ys_store *s, const ys_kind *kind, const char *key, ys_provenance *ret_prov,
                              ys_diag *diag) YS_MUST_USE;

/* One cell on its way in. */
typedef enum ys_cell_state {
    YS_CELL_BLANK /* leave unchanged */,
    YS_CELL_NA,
    YS_CELL_NOT_ASKED,
    YS_CELL_VALUE,
    YS_CELL_MASKED /* a mask of a personal value (policy/schema.h): unchanged if it is that of what is stored */
} ys_cell_state;
typedef struct ys_cell {
    ys_cell_state state;
    int64_t i;     /* INT MONEY DATE BOOL */
    double r;      /* REAL */
    const char *t; /* CODE TEXT; borrowed for the call */
} ys_cell;

/* The stage.  One at a time, inside a transaction (begin first; roll back for a dry run). */
typedef struct ys_stage_counts {
    int64_t rows, added, changed, unchanged, gone, duplicates, orphans, masked;
} ys_stage_counts;
/* `fields`: indexes into kind->fields of the columns that follow in each row. All key fields must be among
 * them. */
ys_status ys_store_stage_begin(ys_store *s, const ys_kind *kind, const int *fields, int field_count,
                               ys_diag *diag) YS_MUST_USE;
/* EDATA, and the row is not staged, when a key cell holds no value or a control character, a text is not UTF-8, a
 * real is not finite; ELIMIT when the key is longer than 512 bytes. */
ys_status ys_store_stage_row(ys_store *s, const ys_cell *cells, int64_t source_row,
                             ys_diag *diag) YS_MUST_USE;
/* Compare with what is valid at `valid_from`.  `scope` (an area code) makes rows of that area and below that
 * are not in the stage count as gone; NULL: nothing is gone.  A key twice in the
 * stage (the first row with it stands), a reference to nothing, or a masked cell that is not the mask of what is stored
 * (also where nothing is), is reported and not applied.  Order of calls: duplicates, orphans, masked, then added and
 * changed by staged row, then gone by key. */
typedef enum ys_change {
    YS_CH_ADDED,
    YS_CH_CHANGED,
    YS_CH_GONE,
    YS_CH_DUPLICATE,
    YS_CH_ORPHAN,
    YS_CH_MASKED
} ys_change;
typedef struct ys_change_row {
    ys_change what;
    const char *
        key; /* the key fields joined by '|'; where there are several, a '|' or '\\' inside is escaped by '\\' */
    int64_t source_row;    /* 0 for gone */
    int64_t other_row;     /* DUPLICATE: the first row with the key */
    const ys_field *field; /* CHANGED, MASKED: one call per field; ORPHAN: the reference; else NULL */
    const char *before,
        *after; /* canonical texts, "#NA", "#未问"; secret fields "***"; money with as many decimals as
                                 * the setting `minor_digits` says (else 2); ORPHAN: `after` is the reference */
} ys_change_row;
ys_status ys_store_stage_diff(ys_store *s, const char *scope, int32_t valid_from,
                              bool (*each)(void *arg, const ys_change_row *c), void *arg,
                              ys_stage_counts *ret_counts, ys_diag *diag) YS_MUST_USE;
/* Write the added and changed rows with effect from `valid_from`; blank cells keep the old value.  Gone rows
 * are never touched.  `import` 0: made by the program. */
ys_status ys_store_stage_apply(ys_store *s, int32_t valid_from, int64_t import, ys_stage_counts *ret_counts,
                               ys_diag *diag) YS_MUST_USE;
void ys_store_stage_end(ys_store *s);
/* Close the current versions of a key on a day (an erased pairing, a withdrawn offering): the record ends.
 * ENOTFOUND when nothing is valid on or after that day. */
ys_status ys_store_end_record(ys_store *s, const ys_kind *kind, const char *key, int32_t valid_to,
                              ys_diag *diag) YS_MUST_USE;

/* Erase the secret values of a record in all its versions, whenever they were valid or known: boxes and blind indexes
 * go, commitments stay, so that every root stands and the chain verifies.  They read as missing from then on.  The
 * transaction is recorded even when it writes no row.  Names and other plain fields are part of the roots and stay in old
 * versions.  No stage may be open.  ENOTFOUND when the record has no version; no key is needed. */
ys_status ys_store_erase(ys_store *s, const ys_kind *kind, const char *key, int64_t *ret_values,
                         ys_diag *diag) YS_MUST_USE;
/* After the commit of an erasure: write the table (SQLite: the file) anew, so that no freed page holds what was erased.
 * Needs as much room again; other users wait. */
ys_status ys_store_scrub(ys_store *s, const ys_kind *kind, ys_diag *diag) YS_MUST_USE;

/* Reading. */
typedef struct ys_scan {
    int64_t as_of_tx; /* what we knew after this transaction; 0: now */
    int32_t
        valid_on; /* what was so on this day; YS_SCAN_LATEST: the newest version of each record that has not ended */
    const char *scope; /* only rows of this area and below (EUSAGE if the kind has no area); NULL: all */
    const char *key;   /* only this record; NULL: all */
    const char *where_field,
        *where_value; /* only rows whose CODE/TEXT field equals the value; secret fields by blind index */
    const char *const *fields; /* NULL-terminated names; NULL: all */
    bool decrypt;              /* secret fields as plain text; otherwise they come masked as "***" */
} ys_scan;
#define YS_SCAN_LATEST INT32_MAX
/* Rows come in key order (bytewise over the key fields in their order). Caller frees the table. */
ys_status ys_store_scan(ys_store *s, const ys_kind *kind, const ys_scan *how, ys_table **ret_table,
                        ys_diag *diag) YS_MUST_USE;
/* Number of records under the same filters, without reading them. */
ys_status ys_store_count(ys_store *s, const ys_kind *kind, const ys_scan *how, int64_t *ret_count,
                         ys_diag *diag) YS_MUST_USE;
/* All versions of one record, oldest transaction first: columns of the kind plus _valid_from,
 * _valid_to (DATE), _tx_from, _tx_to, _import, _source_row (INT). */
ys_status ys_store_history(ys_store *s, const ys_kind *kind, const char *key, bool decrypt,
                           ys_table **ret_table, ys_diag *diag) YS_MUST_USE;

/* Small files kept inside (the policy pack by hash), and settings. */
ys_status ys_store_file_put(ys_store *s, const char *set, const char *name, const void *data, size_t size,
                            ys_diag *diag) YS_MUST_USE;
ys_status ys_store_file_each(ys_store *s, const char *set,
                             bool (*each)(void *arg, const char *name, const void *data, size_t size),
                             void *arg, ys_diag *diag) YS_MUST_USE;
ys_status ys_store_meta_set(ys_store *s, const char *name, const char *value, ys_diag *diag) YS_MUST_USE;
/* Copies into `buf`; ENOTFOUND when absent. */
ys_status ys_store_meta_get(ys_store *s, const char *name, char *buf, size_t size, ys_diag *diag) YS_MUST_USE;

/* Whole copies: every row version, transaction, file and setting, between any two back-ends; the copy's chain is
 * verified before it counts, and a failed copy leaves nothing.  `to` is created and must not exist; its key is that of
 * `from`, or NULL.  Set the kinds of `from` first: they say which indexes the copy needs. */
ys_status ys_store_copy(ys_store *from, const ys_store_args *to, ys_diag *diag) YS_MUST_USE;
/* Re-encrypt all secret fields with a new key of YS_STORE_KEY_BYTES, in one transaction of its own.  Blind indexes
 * change; roots stay, because they hold commitments, whose key is kept wrapped by the current one (docs/store.md). */
ys_status ys_store_rotate_key(ys_store *s, const unsigned char *new_key, ys_diag *diag) YS_MUST_USE;

/* Tests only: the nth statement from now fails as if the disk were full (or the process dies when `kill`). 0:
 * off. */
void ys_store_fault_at(int64_t nth, bool kill);
int64_t ys_store_fault_count(void);

#endif
