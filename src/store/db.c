/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"
#include <strings.h>
#include <unistd.h>
#include "store/store.h"

/* Per thread, because a store belongs to one thread and tests of other threads must not meet the planned fault. */
static _Thread_local int64_t fault_nth;
static _Thread_local int64_t fault_seen;
static _Thread_local bool fault_kill;

void ys_store_fault_at(int64_t nth, bool kill)
{
    fault_nth = nth;
    fault_seen = 0;
    fault_kill = kill;
}

int64_t ys_store_fault_count(void)
{
    return fault_seen;
}

ys_status ys__fault(ys_diag *diag)
{
    fault_seen++;
    if (fault_nth == 0 || fault_seen != fault_nth)
        return YS_OK;
    if (fault_kill)
        _exit(9);
    return ys_fail(diag, YS_ESTORE, "数据库错误：试验用的故障（第 %lld 条语句）",
                   "database error: planned fault at statement %lld", (long long)fault_nth);
}

bool ys__url_is_pg(const char *url)
{
    return strncasecmp(url, "postgresql://", 13) == 0 || strncasecmp(url, "postgres://", 11) == 0;
}

ys_status ys__db_open(const char *url, ys__open_mode mode, ys__db **ret_db, ys_diag *diag)
{
    return ys__url_is_pg(url) ? ys__pg_open(url, mode, ret_db, diag)
                              : ys__sqlite_open(url, mode, ret_db, diag);
}

void ys__db_close(ys__db *db)
{
    if (db != NULL)
        db->ops->close(db);
}

static ys_status exec_counted(ys__db *db, const char *sql, int64_t *ret_changes, ys_diag *diag)
{
    YS_TRY(ys__fault(diag));
    int64_t changes = 0;
    YS_TRY(db->ops->exec(db, sql, &changes, diag));
    if (ret_changes != NULL)
        *ret_changes = changes;
    return YS_OK;
}

ys_status ys__exec(ys__db *db, const char *sql, ys_diag *diag)
{
    return exec_counted(db, sql, NULL, diag);
}

ys_status ys__exec_str(ys__db *db, ys_str *sql, int64_t *ret_changes, ys_diag *diag)
{
    ys_status st = sql->failed ? ys_fail_nomem(diag) : exec_counted(db, ys_str_get(sql), ret_changes, diag);
    ys_str_done(sql);
    return st;
}

ys_status ys__execf(ys__db *db, int64_t *ret_changes, ys_diag *diag, const char *fmt, ...)
{
    ys_str sql = {0};
    va_list ap;
    va_start(ap, fmt);
    ys_str_vprintf(&sql, fmt, ap);
    va_end(ap);
    return ys__exec_str(db, &sql, ret_changes, diag);
}

ys_status ys__prepare(ys__db *db, const char *sql, bool stream, ys__stmt **ret_stmt, ys_diag *diag)
{
    return db->ops->prepare(db, sql, stream, ret_stmt, diag);
}

ys_status ys__prepare_str(ys__db *db, ys_str *sql, bool stream, ys__stmt **ret_stmt, ys_diag *diag)
{
    ys_status st =
        sql->failed ? ys_fail_nomem(diag) : ys__prepare(db, ys_str_get(sql), stream, ret_stmt, diag);
    ys_str_done(sql);
    return st;
}

ys_status ys__db_insert(ys__db *db, const char *table, const char *columns, int count, ys__stmt **ret_stmt,
                        ys_diag *diag)
{
    return db->ops->insert(db, table, columns, count, ret_stmt, diag);
}

ys_status ys__step(ys__stmt *st, bool *ret_row, ys_diag *diag)
{
    if (!st->started) {
        YS_TRY(ys__fault(diag));
        st->started = true;
    }
    return st->db->ops->step(st, ret_row, diag);
}

ys_status ys__run(ys__stmt *st, ys_diag *diag)
{
    bool row = false;
    ys_status r = ys__step(st, &row, diag);
    ys__reset(st);
    return r;
}

ys_status ys__end(ys__stmt *st, ys_diag *diag)
{
    return st->db->ops->end(st, diag);
}

void ys__reset(ys__stmt *st)
{
    st->started = false;
    st->db->ops->reset(st);
}

void ys__free(ys__stmt *st)
{
    if (st != NULL)
        st->db->ops->free(st);
}

void ys__bind_null(ys__stmt *st, int i)
{
    st->db->ops->bind_null(st, i);
}

void ys__bind_int(ys__stmt *st, int i, int64_t v)
{
    st->db->ops->bind_int(st, i, v);
}

void ys__bind_real(ys__stmt *st, int i, double v)
{
    st->db->ops->bind_real(st, i, v);
}

void ys__bind_text(ys__stmt *st, int i, const char *t)
{
    if (t == NULL)
        st->db->ops->bind_null(st, i);
    else
        st->db->ops->bind_bytes(st, i, t, strlen(t), true);
}

void ys__bind_blob(ys__stmt *st, int i, const void *p, size_t n)
{
    st->db->ops->bind_bytes(st, i, p, n, false);
}

bool ys__is_null(ys__stmt *st, int i)
{
    return st->db->ops->is_null(st, i);
}

int64_t ys__get_int(ys__stmt *st, int i)
{
    return st->db->ops->get_int(st, i);
}

double ys__get_real(ys__stmt *st, int i)
{
    return st->db->ops->get_real(st, i);
}

const char *ys__get_text(ys__stmt *st, int i)
{
    size_t n;
    return st->db->ops->is_null(st, i) ? NULL : st->db->ops->get_bytes(st, i, &n);
}

const void *ys__get_blob(ys__stmt *st, int i, size_t *ret_size)
{
    return st->db->ops->get_bytes(st, i, ret_size);
}

ys_status ys__query_int(ys__db *db, const char *sql, int64_t missing, int64_t *ret_value, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare(db, sql, false, &st, diag));
    bool row = false;
    ys_status r = ys__step(st, &row, diag);
    if (r == YS_OK)
        *ret_value = row && !ys__is_null(st, 0) ? ys__get_int(st, 0) : missing;
    ys__free(st);
    return r;
}

ys_status ys__db_copy(ys__db *db, const ys__copy *c, bool *ret_any, ys_diag *diag)
{
    ys__stmt *in = NULL, *out = NULL;
    bool row = false;
    ys_status st;
    YS_GO(ys__prepare_str(db, c->query, false, &in, diag));
    /* Step first: a COPY of PostgreSQL leaves no room for another statement, and the rows are buffered by then. */
    YS_GO(ys__step(in, &row, diag));
    *ret_any = row;
    YS_GO(ys__db_insert(db, c->table, c->columns, c->count, &out, diag));
    while (row) {
        YS_GO(c->row(c->arg, in, out, diag));
        YS_GO(ys__step(in, &row, diag));
    }
    st = ys__end(out, diag);
done:
    ys__free(in);
    ys__free(out);
    return st;
}
