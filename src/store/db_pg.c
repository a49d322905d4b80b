/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL behind db.h: values travel in binary, rows in bulk by COPY.
 *
 * A connection does one thing at a time.  A COPY in progress is ended when another statement comes, and begun anew
 * by its next row; a streamed query must be read to its end or freed first.
 */
#include <inttypes.h>
#include <libpq-fe.h>
#include "base/alloc.h"
#include "store/db.h"

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 };
#define COPY_BUFFER ((size_t)1 << 16)
#define LOCK_MS     5000

typedef struct pg_stmt pg_stmt;
typedef struct pg_db {
    ys__db base;
    PGconn *c;
    pg_stmt *copying;   /* its COPY is open */
    pg_stmt *streaming; /* its rows are arriving */
} pg_db;

typedef struct param {
    Oid oid;
    bool null;
    size_t off, len; /* in bytes */
} param;

struct pg_stmt {
    ys__stmt base;
    char *sql;
    bool stream, copy, bad;
    param *params;
    int count, cap;
    ys_str bytes; /* parameters of this row, binary */
    PGresult *res;
    int row, rows;
    ys_str out; /* COPY data not sent yet */
};

static pg_db *db_of(ys__stmt *st)
{
    return (pg_db *)st->db;
}

static ys_status status_of(const char *state)
{
    if (state == NULL)
        return YS_EIO;
    if (strcmp(state, "55P03") == 0 || strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0)
        return YS_ECONFLICT;
    if (strcmp(state, "42501") == 0 || strcmp(state, "25006") == 0)
        return YS_EDENIED;
    if (strncmp(state, "XX00", 4) == 0 && state[4] != '0')
        return YS_ECORRUPT;
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0)
        return YS_EIO;
    return YS_ESTORE;
}

/* Takes `res`. */
static ys_status pg_fail(pg_db *db, PGresult *res, ys_diag *diag)
{
    const char *state = res != NULL ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *text = res != NULL ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    ys_status st = ys_fail(diag, status_of(state), "数据库错误：%s（%s）", "database error: %s (%s)",
                           text != NULL ? text : PQerrorMessage(db->c), state != NULL ? state : "libpq");
    if (st == YS_ECONFLICT)
        ys_diag_fix(diag, "另一个程序正在写入，请等它结束后再试",
                    "another program is writing; try again when it is done");
    else if (st == YS_EIO)
        ys_diag_fix(diag, "请检查与数据库服务器的连接", "check the connection to the database server");
    PQclear(res);
    return st;
}

static ys_status copy_end(pg_db *db, ys_diag *diag);

static ys_status make_free(pg_db *db, ys_diag *diag)
{
    if (db->streaming != NULL)
        return ys_fail(diag, YS_EINTERNAL, "读取尚未结束，不能执行另一条语句",
                       "another statement while rows are being read");
    return db->copying != NULL ? copy_end(db, diag) : YS_OK;
}

static void pg_close(ys__db *db)
{
    PQfinish(((pg_db *)db)->c);
    ys_free(db);
}

static ys_status pg_exec(ys__db *base, const char *sql, int64_t *ret_changes, ys_diag *diag)
{
    pg_db *db = (pg_db *)base;
    YS_TRY(make_free(db, diag));
    PGresult *res = PQexec(db->c, sql);
    ExecStatusType t = PQresultStatus(res);
    if (t != PGRES_COMMAND_OK && t != PGRES_TUPLES_OK && t != PGRES_EMPTY_QUERY) {
        ys_status st = pg_fail(db, res, diag);
        if (strncmp(sql, "BEGIN", 5) == 0) /* begun, but not given the lock */
            PQclear(PQexec(db->c, "ROLLBACK"));
        return st;
    }
    const char *n = PQcmdTuples(res);
    *ret_changes = n[0] != '\0' ? strtoll(n, NULL, 10) : 0;
    /* A failed transaction answers COMMIT with ROLLBACK: that is no success. */
    bool undone = strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(res), "COMMIT") != 0;
    PQclear(res);
    return undone ? ys_fail(diag, YS_ESTORE, "数据库错误：事务已被撤销",
                            "database error: the transaction was rolled back")
                  : YS_OK;
}

static pg_stmt *new_stmt(ys__db *db, char *sql, bool stream, bool copy)
{
    pg_stmt *st = sql != NULL ? ys_calloc(1, sizeof *st) : NULL;
    if (st == NULL) {
        ys_free(sql);
        return NULL;
    }
    st->base.db = db;
    st->sql = sql;
    st->stream = stream;
    st->copy = copy;
    return st;
}

static ys_status pg_prepare(ys__db *db, const char *sql, bool stream, ys__stmt **ret_stmt, ys_diag *diag)
{
    pg_stmt *st = new_stmt(db, ys_strdup(sql), stream, false);
    if (st == NULL)
        return ys_fail_nomem(diag);
    *ret_stmt = &st->base;
    return YS_OK;
}

static ys_status pg_insert(ys__db *db, const char *table, const char *columns, int count, ys__stmt **ret_stmt,
                           ys_diag *diag)
{
    (void)count;
    ys_str sql = {0};
    ys_str_printf(&sql, "COPY \"%s\"(%s) FROM STDIN (FORMAT binary)", table, columns);
    pg_stmt *st = new_stmt(db, sql.failed ? NULL : ys_str_detach(&sql), false, true);
    ys_str_done(&sql);
    if (st == NULL)
        return ys_fail_nomem(diag);
    *ret_stmt = &st->base;
    return YS_OK;
}

/* ---- parameters */

static void bind(ys__stmt *base, int i, Oid oid, const void *p, size_t n)
{
    pg_stmt *st = (pg_stmt *)base;
    if (i > st->cap) {
        param *grown = ys_realloc(st->params, (size_t)i + 16, sizeof *grown);
        if (grown == NULL) {
            st->bad = true;
            return;
        }
        st->params = grown;
        st->cap = i + 16;
    }
    for (; st->count < i; st->count++)
        st->params[st->count] = (param){.null = true};
    st->params[i - 1] = (param){.oid = oid, .null = p == NULL, .off = st->bytes.len, .len = n};
    if (p != NULL && (!ys_str_add(&st->bytes, p, n) || !ys_str_putc(&st->bytes, '\0')))
        st->bad = true;
}

static void big_endian(uint64_t v, int bytes, unsigned char *ret)
{
    for (int i = 0; i < bytes; i++)
        ret[i] = (unsigned char)(v >> (8 * (bytes - 1 - i)));
}

static void pg_bind_null(ys__stmt *st, int i)
{
    bind(st, i, 0, NULL, 0);
}

static void pg_bind_int(ys__stmt *st, int i, int64_t v)
{
    unsigned char b[8];
    big_endian((uint64_t)v, 8, b);
    bind(st, i, OID_INT8, b, sizeof b);
}

static void pg_bind_real(ys__stmt *st, int i, double v)
{
    unsigned char b[8];
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    big_endian(bits, 8, b);
    bind(st, i, OID_FLOAT8, b, sizeof b);
}

static void pg_bind_bytes(ys__stmt *st, int i, const void *p, size_t n, bool text)
{
    bind(st, i, text ? OID_TEXT : OID_BYTEA, p != NULL ? p : "", n);
}

/* ---- COPY */

static ys_status copy_send(pg_stmt *st, ys_diag *diag)
{
    pg_db *db = db_of(&st->base);
    if (st->out.failed || st->bad)
        return ys_fail_nomem(diag);
    if (st->out.len > 0 && PQputCopyData(db->c, st->out.data, (int)st->out.len) != 1)
        return pg_fail(db, NULL, diag);
    ys_str_clear(&st->out);
    return YS_OK;
}

static ys_status copy_begin(pg_stmt *st, ys_diag *diag)
{
    static const char head[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, no extension */
    pg_db *db = db_of(&st->base);
    YS_TRY(make_free(db, diag));
    PGresult *res = PQexec(db->c, st->sql);
    if (PQresultStatus(res) != PGRES_COPY_IN)
        return pg_fail(db, res, diag);
    PQclear(res);
    ys_str_clear(&st->out);
    ys_str_add(&st->out, head, sizeof head);
    db->copying = st;
    return YS_OK;
}

static ys_status copy_row(pg_stmt *st, ys_diag *diag)
{
    unsigned char b[4];
    if (db_of(&st->base)->copying != st)
        YS_TRY(copy_begin(st, diag));
    big_endian((uint64_t)st->count, 2, b);
    ys_str_add(&st->out, (char *)b, 2);
    for (int i = 0; i < st->count; i++) {
        const param *p = &st->params[i];
        big_endian(p->null ? UINT32_MAX : p->len, 4, b);
        ys_str_add(&st->out, (char *)b, 4);
        if (!p->null)
            ys_str_add(&st->out, st->bytes.data + p->off, p->len);
    }
    return st->out.len >= COPY_BUFFER || st->out.failed || st->bad ? copy_send(st, diag) : YS_OK;
}

static ys_status drain(pg_db *db, ys_diag *diag)
{
    ys_status st = YS_OK;
    for (PGresult *res; (res = PQgetResult(db->c)) != NULL;) {
        if (PQresultStatus(res) == PGRES_FATAL_ERROR && st == YS_OK)
            st = pg_fail(db, res, diag);
        else
            PQclear(res);
    }
    return st;
}

static ys_status copy_end(pg_db *db, ys_diag *diag)
{
    pg_stmt *st = db->copying;
    ys_str_add(&st->out, "\377\377", 2);
    ys_status r = copy_send(st, diag);
    db->copying = NULL;
    if (PQputCopyEnd(db->c, r == YS_OK ? NULL : "abandoned") != 1 && r == YS_OK)
        r = pg_fail(db, NULL, diag);
    ys_status end = drain(db, r == YS_OK ? diag : NULL);
    return r != YS_OK ? r : end;
}

static ys_status pg_end(ys__stmt *st, ys_diag *diag)
{
    pg_db *db = db_of(st);
    return db->copying == (pg_stmt *)st ? copy_end(db, diag) : YS_OK;
}

/* ---- queries */

static ys_status send_query(pg_stmt *st, ys_diag *diag)
{
    pg_db *db = db_of(&st->base);
    enum { MAX = 16 };
    Oid oids[MAX];
    const char *values[MAX];
    int lengths[MAX], formats[MAX];
    if (st->bad || st->bytes.failed)
        return ys_fail_nomem(diag);
    if (st->count > MAX)
        return ys_fail(diag, YS_EINTERNAL, "参数太多", "too many parameters");
    YS_TRY(make_free(db, diag));
    for (int i = 0; i < st->count; i++) {
        const param *p = &st->params[i];
        oids[i] = p->oid;
        values[i] = p->null ? NULL : st->bytes.data + p->off;
        lengths[i] = (int)p->len;
        formats[i] = 1;
    }
    if (!st->stream) {
        st->res = PQexecParams(db->c, st->sql, st->count, oids, values, lengths, formats, 1);
        return YS_OK;
    }
    if (PQsendQueryParams(db->c, st->sql, st->count, oids, values, lengths, formats, 1) != 1 ||
        PQsetSingleRowMode(db->c) != 1)
        return pg_fail(db, NULL, diag);
    db->streaming = st;
    return YS_OK;
}

/* The next result of a stream; ends it after the last row or a failure. */
static ys_status next_result(pg_stmt *st, ys_diag *diag)
{
    pg_db *db = db_of(&st->base);
    PQclear(st->res);
    st->res = PQgetResult(db->c);
    if (PQresultStatus(st->res) == PGRES_SINGLE_TUPLE)
        return YS_OK;
    db->streaming = NULL;
    ys_status r = YS_OK;
    if (PQresultStatus(st->res) != PGRES_TUPLES_OK && PQresultStatus(st->res) != PGRES_COMMAND_OK) {
        r = pg_fail(db, st->res, diag);
        st->res = NULL;
    }
    ys_status rest = drain(db, NULL);
    return r != YS_OK ? r : rest;
}

static ys_status pg_step(ys__stmt *base, bool *ret_row, ys_diag *diag)
{
    pg_stmt *st = (pg_stmt *)base;
    pg_db *db = db_of(base);
    *ret_row = false;
    if (st->copy)
        return copy_row(st, diag);
    bool first = st->res == NULL && db->streaming != st;
    if (first)
        YS_TRY(send_query(st, diag));
    if (st->stream) {
        if (!first && db->streaming != st)
            return YS_OK;
        YS_TRY(next_result(st, diag));
        st->row = 0;
        *ret_row = db->streaming == st;
        return YS_OK;
    }
    if (first) {
        ExecStatusType t = PQresultStatus(st->res);
        if (t != PGRES_TUPLES_OK && t != PGRES_COMMAND_OK) {
            PGresult *res = st->res;
            st->res = NULL;
            return pg_fail(db, res, diag);
        }
        st->rows = PQntuples(st->res);
        st->row = -1;
    }
    *ret_row = ++st->row < st->rows;
    return YS_OK;
}

/* A stream left before its end: cancelling would break the transaction around it, so the rest is read away. */
static void abandon(pg_stmt *st)
{
    pg_db *db = db_of(&st->base);
    if (db->streaming != st)
        return;
    db->streaming = NULL;
    ys_status ignored = drain(db, NULL); /* what is wrong, the next statement will say */
    (void)ignored;
}

static void pg_reset(ys__stmt *base)
{
    pg_stmt *st = (pg_stmt *)base;
    abandon(st);
    PQclear(st->res);
    st->res = NULL;
    st->count = 0;
    ys_str_clear(&st->bytes);
}

static void pg_free(ys__stmt *base)
{
    pg_stmt *st = (pg_stmt *)base;
    pg_reset(base);
    pg_db *db = db_of(base);
    if (db->copying == st) {
        db->copying = NULL;
        PQputCopyEnd(db->c, "abandoned");
        ys_status ignored = drain(db, NULL);
        (void)ignored;
    }
    ys_free(st->params);
    ys_free(st->sql);
    ys_str_done(&st->bytes);
    ys_str_done(&st->out);
    ys_free(st);
}

/* ---- columns, binary */

static bool pg_is_null(ys__stmt *base, int i)
{
    pg_stmt *st = (pg_stmt *)base;
    return PQgetisnull(st->res, st->row, i) != 0;
}

static uint64_t bits_of(pg_stmt *st, int i, int *ret_len)
{
    const unsigned char *p = (const unsigned char *)PQgetvalue(st->res, st->row, i);
    uint64_t v = 0;
    *ret_len = PQgetlength(st->res, st->row, i);
    for (int k = 0; k < *ret_len && k < 8; k++)
        v = v << 8 | p[k];
    return v;
}

static int64_t pg_get_int(ys__stmt *base, int i)
{
    int n;
    uint64_t v = bits_of((pg_stmt *)base, i, &n);
    return n == 4 ? (int32_t)(uint32_t)v : (int64_t)v;
}

static double pg_get_real(ys__stmt *base, int i)
{
    int n;
    uint64_t v = bits_of((pg_stmt *)base, i, &n);
    double r;
    memcpy(&r, &v, sizeof r);
    return r;
}

static const void *pg_get_bytes(ys__stmt *base, int i, size_t *ret_size)
{
    pg_stmt *st = (pg_stmt *)base;
    *ret_size = (size_t)PQgetlength(st->res, st->row, i);
    return PQgetvalue(st->res, st->row, i);
}

static ys_status pg_scrub(ys__db *db, const char *table, ys_diag *diag)
{
    char sql[128];
    int64_t changes;
    (void)snprintf(sql, sizeof sql, "VACUUM FULL \"%s\"", table);
    YS_TRY(pg_exec(db, "SET lock_timeout='30s'", &changes, diag));
    ys_status st = pg_exec(db, sql, &changes, diag);
    ys_status reset = pg_exec(db, "RESET lock_timeout", &changes, st == YS_OK ? diag : NULL);
    return st != YS_OK ? st : reset;
}

static const ys__db_ops pg_ops = {
    .d = {.pg = true,
          .t_int = "BIGINT",
          .t_real = "DOUBLE PRECISION",
          .t_text = "TEXT COLLATE \"C\"",
          .t_blob = "BYTEA",
          .collate = " COLLATE \"C\"",
          .strict = "",
          /* One writer: the second waits for the lock, then gives up. */
          .begin_write = "BEGIN;SELECT pg_advisory_xact_lock(hashtext('yaoshi:'||current_schema()))",
          .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
    .close = pg_close,
    .exec = pg_exec,
    .scrub = pg_scrub,
    .prepare = pg_prepare,
    .insert = pg_insert,
    .bind_null = pg_bind_null,
    .bind_int = pg_bind_int,
    .bind_real = pg_bind_real,
    .bind_bytes = pg_bind_bytes,
    .step = pg_step,
    .reset = pg_reset,
    .end = pg_end,
    .free = pg_free,
    .is_null = pg_is_null,
    .get_int = pg_get_int,
    .get_real = pg_get_real,
    .get_bytes = pg_get_bytes,
};

static void no_notice(void *arg, const PGresult *res)
{
    (void)arg, (void)res; /* the library never prints */
}

static ys_status check_there(pg_db *db, ys__open_mode mode, ys_diag *diag)
{
    int64_t there = 0, schema = 0;
    YS_TRY(ys__query_int(&db->base, "SELECT count(current_schema())", 0, &schema, diag));
    if (schema == 0)
        return ys_fail(diag, YS_ENOTFOUND, "数据库中没有可用的 schema",
                       "the database has no schema in its search path");
    YS_TRY(ys__query_int(&db->base,
                         "SELECT count(*) FROM pg_class WHERE relname='ys_meta' AND relnamespace="
                         "(SELECT oid FROM pg_namespace WHERE nspname=current_schema())",
                         0, &there, diag));
    if (mode == YS__OPEN_CREATE && there > 0) {
        ys_fail(diag, YS_ECONFLICT, "这个数据库中已有钥匙的数据",
                "there is a store in this database already");
        ys_diag_fix(diag, "请换一个数据库或 schema", "use another database or schema");
        return YS_ECONFLICT;
    }
    if (mode != YS__OPEN_CREATE && there == 0) {
        ys_fail(diag, YS_ENOTFOUND, "这个数据库中没有钥匙的数据", "there is no store in this database");
        ys_diag_fix(diag, "请先用 yaoshi init 建库", "make one with yaoshi init");
        return YS_ENOTFOUND;
    }
    return YS_OK;
}

static ys_status set_up(pg_db *db, ys__open_mode mode, ys_diag *diag)
{
    if (PQstatus(db->c) != CONNECTION_OK) {
        ys_fail(diag, YS_EIO, "不能连接数据库：%s", "cannot connect: %s", PQerrorMessage(db->c));
        ys_diag_fix(diag, "请检查地址、用户和服务器", "check address, user and server");
        return YS_EIO;
    }
    PQsetNoticeReceiver(db->c, no_notice, NULL);
    int v = PQserverVersion(db->c);
    snprintf(db->base.version, sizeof db->base.version, "postgresql %d.%d", v / 10000, v % 10000);
    if (PQsetClientEncoding(db->c, "UTF8") != 0)
        return pg_fail(db, NULL, diag);
    YS_TRY(ys__execf(&db->base, NULL, diag,
                     "SET lock_timeout=%d;SET standard_conforming_strings=on;SET jit=off", LOCK_MS));
    YS_TRY(check_there(db, mode, diag));
    return mode == YS__OPEN_READ ? ys__exec(&db->base, "SET default_transaction_read_only=on", diag) : YS_OK;
}

ys_status ys__pg_open(const char *url, ys__open_mode mode, ys__db **ret_db, ys_diag *diag)
{
    pg_db *db = ys_calloc(1, sizeof *db);
    if (db == NULL)
        return ys_fail_nomem(diag);
    db->base.ops = &pg_ops;
    db->c = PQconnectdb(url);
    ys_status st = db->c != NULL ? set_up(db, mode, diag) : ys_fail_nomem(diag);
    if (st != YS_OK) {
        pg_close(&db->base);
        return st;
    }
    *ret_db = &db->base;
    return YS_OK;
}
