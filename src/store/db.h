/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_STORE_DB_H
#define YS_STORE_DB_H
/*
 * db.h - the narrow door to a database: SQLite and PostgreSQL are two fillings of one table of functions.
 *
 * SQL is shared: parameters are written $1, $2, … in the order of their first appearance, names are quoted with "",
 * and only what both dialects understand is used; the few differences are strings in ys__dialect.  Columns hold
 * four kinds of value: int64, double, text, bytes.
 *
 * A statement is prepared, bound, stepped until no row comes, and freed.  A statement from ys__db_insert is bound
 * and stepped once per row (SQLite: a prepared INSERT; PostgreSQL: binary COPY) and ended.  Binders remember
 * failures; the next step reports them.  Every executed statement passes the fault hook (ys_store_fault_at).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"
#include "yaoshi/status.h"

typedef struct ys__db ys__db;
typedef struct ys__stmt ys__stmt;

/* Where the dialects differ. */
typedef struct ys__dialect {
    bool pg;
    const char *t_int, *t_real, *t_text, *t_blob; /* column types */
    const char *collate;                          /* after a text parameter that meets columns in a union */
    const char *strict;                           /* after CREATE TABLE (…) */
    const char *begin_write, *begin_read;
} ys__dialect;

typedef struct ys__db_ops {
    ys__dialect d;
    void (*close)(ys__db *db);
    ys_status (*exec)(ys__db *db, const char *sql, int64_t *ret_changes, ys_diag *diag);
    /* Write the table anew, so that no freed page holds what was in it; outside transactions. */
    ys_status (*scrub)(ys__db *db, const char *table, ys_diag *diag);
    ys_status (*prepare)(ys__db *db, const char *sql, bool stream, ys__stmt **ret_stmt, ys_diag *diag);
    ys_status (*insert)(ys__db *db, const char *table, const char *columns, int count, ys__stmt **ret_stmt,
                        ys_diag *diag);
    void (*bind_null)(ys__stmt *st, int i);
    void (*bind_int)(ys__stmt *st, int i, int64_t v);
    void (*bind_real)(ys__stmt *st, int i, double v);
    void (*bind_bytes)(ys__stmt *st, int i, const void *p, size_t n, bool text);
    ys_status (*step)(ys__stmt *st, bool *ret_row, ys_diag *diag);
    void (*reset)(ys__stmt *st);
    ys_status (*end)(ys__stmt *st, ys_diag *diag); /* finish an insert; does not free */
    void (*free)(ys__stmt *st);
    bool (*is_null)(ys__stmt *st, int i);
    int64_t (*get_int)(ys__stmt *st, int i);
    double (*get_real)(ys__stmt *st, int i);
    const void *(*get_bytes)(ys__stmt *st, int i, size_t *ret_size);
} ys__db_ops;

struct ys__db {
    const ys__db_ops *ops;
    char version[64];
};
struct ys__stmt {
    ys__db *db;
    bool started;
};

/* `mode`: open an existing one to read, to write, or make an empty one (ECONFLICT if something is there). */
typedef enum ys__open_mode { YS__OPEN_READ, YS__OPEN_WRITE, YS__OPEN_CREATE } ys__open_mode;
ys_status ys__db_open(const char *url, ys__open_mode mode, ys__db **ret_db, ys_diag *diag) YS_MUST_USE;
ys_status ys__sqlite_open(const char *path, ys__open_mode mode, ys__db **ret_db, ys_diag *diag) YS_MUST_USE;
ys_status ys__pg_open(const char *url, ys__open_mode mode, ys__db **ret_db, ys_diag *diag) YS_MUST_USE;
bool ys__url_is_pg(const char *url);
void ys__db_close(ys__db *db);

ys_status ys__exec(ys__db *db, const char *sql, ys_diag *diag) YS_MUST_USE;
ys_status ys__execf(ys__db *db, int64_t *ret_changes, ys_diag *diag, const char *fmt, ...) YS_MUST_USE
    YS_PRINTF(4, 5);
/* Runs the text and empties it; `ret_changes` may be NULL. */
ys_status ys__exec_str(ys__db *db, ys_str *sql, int64_t *ret_changes, ys_diag *diag) YS_MUST_USE;
/* `stream`: rows are fetched while stepping (PostgreSQL: no other statement may run until it is freed). */
ys_status ys__prepare(ys__db *db, const char *sql, bool stream, ys__stmt **ret_stmt,
                      ys_diag *diag) YS_MUST_USE;
ys_status ys__prepare_str(ys__db *db, ys_str *sql, bool stream, ys__stmt **ret_stmt,
                          ys_diag *diag) YS_MUST_USE;
/* `columns`: quoted names with commas, `count` of them. */
ys_status ys__db_insert(ys__db *db, const char *table, const char *columns, int count, ys__stmt **ret_stmt,
                        ys_diag *diag) YS_MUST_USE;
ys_status ys__end(ys__stmt *st, ys_diag *diag) YS_MUST_USE;
/*
 * Each row of a query, of few enough rows to be buffered, goes to `row` together with an insert into another table.
 * `ret_any`: the query had rows.
 */
typedef struct ys__copy {
    ys_str *query; /* emptied */
    const char *table, *columns;
    int count; /* of the columns */
    ys_status (*row)(void *arg, ys__stmt *in, ys__stmt *out, ys_diag *diag);
    void *arg;
} ys__copy;
ys_status ys__db_copy(ys__db *db, const ys__copy *c, bool *ret_any, ys_diag *diag) YS_MUST_USE;
ys_status ys__step(ys__stmt *st, bool *ret_row, ys_diag *diag) YS_MUST_USE;
ys_status ys__run(ys__stmt *st, ys_diag *diag) YS_MUST_USE; /* step once, expect no row, reset */
void ys__reset(ys__stmt *st);
void ys__free(ys__stmt *st); /* NULL is fine */
void ys__bind_null(ys__stmt *st, int i);
void ys__bind_int(ys__stmt *st, int i, int64_t v);
void ys__bind_real(ys__stmt *st, int i, double v);
void ys__bind_text(ys__stmt *st, int i, const char *t); /* borrowed until the next step; NULL binds null */
void ys__bind_blob(ys__stmt *st, int i, const void *p, size_t n);
/* Columns count from 0; texts and bytes live until the next step. */
bool ys__is_null(ys__stmt *st, int i);
int64_t ys__get_int(ys__stmt *st, int i);
double ys__get_real(ys__stmt *st, int i);
const char *ys__get_text(ys__stmt *st, int i); /* NULL for null */
const void *ys__get_blob(ys__stmt *st, int i, size_t *ret_size);
/* One integer from a query without parameters; `missing` when there is no row or it is null. */
ys_status ys__query_int(ys__db *db, const char *sql, int64_t missing, int64_t *ret_value,
                        ys_diag *diag) YS_MUST_USE;

/* The fault hook: YS_OK, or the planned failure. */
ys_status ys__fault(ys_diag *diag) YS_MUST_USE;

#endif
