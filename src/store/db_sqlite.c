/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite behind db.h: one file, WAL, mode 0600, hardened against hostile files. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alloc.h"
#include "store/db.h"

#define BUSY_MS     5000
#define CACHE_KIB   40960 /* page cache of the file; with the one of the stage well under 256 MB */
#define TEMP_KIB    24576
#define APPLICATION 0x79616f73 /* "yaos" */

typedef struct sq_db {
    ys__db base;
    sqlite3 *h;
} sq_db;

typedef struct sq_stmt {
    ys__stmt base;
    sqlite3_stmt *h;
    int bad; /* first failure of a binder */
} sq_stmt;

static ys_status status_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        return YS_ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return YS_ECONFLICT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return YS_ECORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return YS_EDENIED;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return YS_EIO;
    case SQLITE_TOOBIG:
        return YS_ELIMIT;
    default:
        return YS_ESTORE;
    }
}

static ys_status sq_fail(sqlite3 *h, int rc, ys_diag *diag)
{
    ys_status st =
        ys_fail(diag, status_of(rc), "数据库错误：%s（SQLite %d）", "database error: %s (SQLite %d)",
                h != NULL ? sqlite3_errmsg(h) : sqlite3_errstr(rc), rc);
    if (st == YS_ECONFLICT)
        ys_diag_fix(diag, "另一个程序正在写入，请等它结束后再试",
                    "another program is writing; try again when it is done");
    else if ((rc & 0xff) == SQLITE_FULL)
        ys_diag_fix(diag, "磁盘已满，请腾出空间后再试", "the disk is full; make room and try again");
    return st;
}

static void sq_close(ys__db *db)
{
    sqlite3_close_v2(((sq_db *)db)->h);
    ys_free(db);
}

static ys_status sq_exec(ys__db *db, const char *sql, int64_t *ret_changes, ys_diag *diag)
{
    sqlite3 *h = ((sq_db *)db)->h;
    int rc = sqlite3_exec(h, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return sq_fail(h, rc, diag);
    *ret_changes = sqlite3_changes64(h);
    return YS_OK;
}

/* VACUUM builds the file anew in a temporary one that it attaches, which is not allowed otherwise. */
static ys_status sq_scrub(ys__db *db, const char *table, ys_diag *diag)
{
    sqlite3 *h = ((sq_db *)db)->h;
    (void)table; /* the file as a whole */
    sqlite3_limit(h, SQLITE_LIMIT_ATTACHED, 1);
    int rc = sqlite3_exec(h, "VACUUM", NULL, NULL, NULL);
    sqlite3_limit(h, SQLITE_LIMIT_ATTACHED, 0);
    if (rc == SQLITE_OK)
        rc = sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return rc == SQLITE_OK ? YS_OK : sq_fail(h, rc, diag);
}

static ys_status sq_prepare(ys__db *db, const char *sql, bool stream, ys__stmt **ret_stmt, ys_diag *diag)
{
    (void)stream; /* SQLite always streams, and statements may nest */
    sq_stmt *st = ys_calloc(1, sizeof *st);
    if (st == NULL)
        return ys_fail_nomem(diag);
    st->base.db = db;
    int rc = sqlite3_prepare_v2(((sq_db *)db)->h, sql, -1, &st->h, NULL);
    if (rc != SQLITE_OK) {
        ys_free(st);
        return sq_fail(((sq_db *)db)->h, rc, diag);
    }
    *ret_stmt = &st->base;
    return YS_OK;
}

static ys_status sq_insert(ys__db *db, const char *table, const char *columns, int count, ys__stmt **ret_stmt,
                           ys_diag *diag)
{
    ys_str sql = {0};
    ys_str_printf(&sql, "INSERT INTO \"%s\"(%s) VALUES(", table, columns);
    for (int i = 1; i <= count; i++)
        ys_str_printf(&sql, "%s$%d", i > 1 ? "," : "", i);
    ys_str_puts(&sql, ")");
    return ys__prepare_str(db, &sql, false, ret_stmt, diag);
}

static void note(sq_stmt *st, int rc)
{
    if (rc != SQLITE_OK && st->bad == SQLITE_OK)
        st->bad = rc;
}

static void sq_bind_null(ys__stmt *st, int i)
{
    note((sq_stmt *)st, sqlite3_bind_null(((sq_stmt *)st)->h, i));
}

static void sq_bind_int(ys__stmt *st, int i, int64_t v)
{
    note((sq_stmt *)st, sqlite3_bind_int64(((sq_stmt *)st)->h, i, v));
}

static void sq_bind_real(ys__stmt *st, int i, double v)
{
    note((sq_stmt *)st, sqlite3_bind_double(((sq_stmt *)st)->h, i, v));
}

static void sq_bind_bytes(ys__stmt *st, int i, const void *p, size_t n, bool text)
{
    sqlite3_stmt *h = ((sq_stmt *)st)->h;
    note((sq_stmt *)st, text ? sqlite3_bind_text64(h, i, p, n, SQLITE_STATIC, SQLITE_UTF8)
                             : sqlite3_bind_blob64(h, i, n > 0 ? p : "", n, SQLITE_STATIC));
}

static ys_status sq_step(ys__stmt *st, bool *ret_row, ys_diag *diag)
{
    sq_stmt *q = (sq_stmt *)st;
    sqlite3 *h = ((sq_db *)st->db)->h;
    if (q->bad != SQLITE_OK)
        return sq_fail(NULL, q->bad, diag);
    int rc = sqlite3_step(q->h);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sq_fail(h, rc, diag);
    *ret_row = rc == SQLITE_ROW;
    return YS_OK;
}

static void sq_reset(ys__stmt *st)
{
    sqlite3_reset(((sq_stmt *)st)->h);
}

static ys_status sq_end(ys__stmt *st, ys_diag *diag)
{
    (void)st, (void)diag; /* every row of a prepared INSERT is already in */
    return YS_OK;
}

static void sq_free(ys__stmt *st)
{
    sqlite3_finalize(((sq_stmt *)st)->h);
    ys_free(st);
}

static bool sq_is_null(ys__stmt *st, int i)
{
    return sqlite3_column_type(((sq_stmt *)st)->h, i) == SQLITE_NULL;
}

static int64_t sq_get_int(ys__stmt *st, int i)
{
    return sqlite3_column_int64(((sq_stmt *)st)->h, i);
}

static double sq_get_real(ys__stmt *st, int i)
{
    return sqlite3_column_double(((sq_stmt *)st)->h, i);
}

static const void *sq_get_bytes(ys__stmt *st, int i, size_t *ret_size)
{
    sqlite3_stmt *h = ((sq_stmt *)st)->h;
    /* The type decides the call, so that a blob is not converted; texts come terminated. */
    const void *p = sqlite3_column_type(h, i) == SQLITE_BLOB ? sqlite3_column_blob(h, i)
                                                             : (const void *)sqlite3_column_text(h, i);
    *ret_size = (size_t)sqlite3_column_bytes(h, i);
    return p != NULL ? p : "";
}

static const ys__db_ops sqlite_ops = {
    .d = {.pg = false,
          .t_int = "INTEGER",
          .t_real = "REAL",
          .t_text = "TEXT",
          .t_blob = "BLOB",
          .collate = "",
          .strict = " STRICT",
          .begin_write = "BEGIN IMMEDIATE",
          .begin_read = "BEGIN"},
    .close = sq_close,
    .exec = sq_exec,
    .scrub = sq_scrub,
    .prepare = sq_prepare,
    .insert = sq_insert,
    .bind_null = sq_bind_null,
    .bind_int = sq_bind_int,
    .bind_real = sq_bind_real,
    .bind_bytes = sq_bind_bytes,
    .step = sq_step,
    .reset = sq_reset,
    .end = sq_end,
    .free = sq_free,
    .is_null = sq_is_null,
    .get_int = sq_get_int,
    .get_real = sq_get_real,
    .get_bytes = sq_get_bytes,
};

static ys_status taken(const char *path, ys_diag *diag)
{
    ys_diag_clear(diag);
    ys_fail(diag, YS_ECONFLICT, "文件已存在：%s", "%s exists already", path);
    ys_diag_fix(diag, "请换一个文件名，或先移走原文件", "choose another name, or move the old file away");
    return YS_ECONFLICT;
}

/* The file must be there (or be made, mode 0600) before SQLite opens it, so that its mode is ours from the start. */
static ys_status ready_file(const char *path, ys__open_mode mode, ys_diag *diag)
{
    struct stat sb;
    bool there = stat(path, &sb) == 0;
    if (mode != YS__OPEN_CREATE) {
        if (there && S_ISREG(sb.st_mode))
            return YS_OK;
        ys_fail(diag, YS_ENOTFOUND, "找不到数据库文件：%s", "no store at %s", path);
        ys_diag_fix(diag, "请先用 yaoshi init 建库，或检查路径",
                    "make one with yaoshi init, or check the path");
        return YS_ENOTFOUND;
    }
    if (there && sb.st_size > 0)
        return S_ISREG(sb.st_mode) ? YS_OK : taken(path, diag); /* set_up looks inside */
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) != 0) {
        int e = errno;
        if (fd >= 0)
            close(fd);
        return ys_fail(diag, YS_EIO, "不能建立文件 %s：%s", "cannot make %s: %s", path, strerror(e));
    }
    close(fd);
    return YS_OK;
}

/* Nothing may be lost: only an empty database, as a killed creation leaves it, is taken over. */
static ys_status check_empty(sq_db *db, const char *path, ys_diag *diag)
{
    int64_t tables = 0;
    ys_status st = ys__query_int(&db->base, "SELECT count(*) FROM sqlite_schema", 0, &tables, diag);
    if (st == YS_OK)
        return tables == 0 ? YS_OK : taken(path, diag);
    return st == YS_ECORRUPT ? taken(path, diag) : st; /* a file, but no database */
}

static ys_status set_up(sq_db *db, const char *path, ys__open_mode mode, ys_diag *diag)
{
    sqlite3_busy_timeout(db->h, BUSY_MS);
    sqlite3_extended_result_codes(db->h, 1);
    sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, 0);
    ys__db *b = &db->base;
    if (mode == YS__OPEN_CREATE)
        YS_TRY(check_empty(db, path, diag));
    YS_TRY(ys__execf(
        b, NULL, diag,
        "PRAGMA foreign_keys=ON;PRAGMA cell_size_check=ON;PRAGMA temp_store=FILE;PRAGMA cache_size=-%d;"
        "PRAGMA temp.cache_size=-%d;PRAGMA synchronous=NORMAL;PRAGMA wal_autocheckpoint=4000",
        CACHE_KIB, TEMP_KIB));
    if (mode == YS__OPEN_CREATE)
        YS_TRY(ys__execf(b, NULL, diag,
                         "PRAGMA page_size=8192;PRAGMA application_id=%d;PRAGMA journal_mode=WAL",
                         APPLICATION));
    return YS_OK;
}

ys_status ys__sqlite_open(const char *path, ys__open_mode mode, ys__db **ret_db, ys_diag *diag)
{
    YS_TRY(ready_file(path, mode, diag));
    sq_db *db = ys_calloc(1, sizeof *db);
    if (db == NULL)
        return ys_fail_nomem(diag);
    db->base.ops = &sqlite_ops;
    snprintf(db->base.version, sizeof db->base.version, "sqlite %s", sqlite3_libversion());
    int flags = mode == YS__OPEN_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int rc = sqlite3_open_v2(path, &db->h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    ys_status st = rc == SQLITE_OK ? set_up(db, path, mode, diag) : sq_fail(db->h, rc, diag);
    if (st != YS_OK) {
        sq_close(&db->base);
        return st;
    }
    *ret_db = &db->base;
    return YS_OK;
}
