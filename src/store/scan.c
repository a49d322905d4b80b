/* SPDX-License-Identifier: Apache-2.0 */
/* Reading rows into tables: two times, area scope, look-ups. */
#include <math.h>
#include "base/alloc.h"
#include "store/store_in.h"

#define MAX_VIA 4    /* references from a row to its area */
#define CHUNK   8192 /* rows gathered before the table grows */
#define NA_TEXT ((size_t)-1)
#define UNASKED ((size_t)-2)

void ys__sql_when(ys_str *sql, const char *a, int64_t as_of_tx, int32_t valid_on)
{
    if (as_of_tx > 0)
        ys_str_printf(sql, "%s._tx_from<=%lld AND (%s._tx_to IS NULL OR %s._tx_to>%lld)", a,
                      (long long)as_of_tx, a, a, (long long)as_of_tx);
    else
        ys_str_printf(sql, "%s._tx_to IS NULL", a);
    if (valid_on == YS_SCAN_LATEST)
        ys_str_printf(sql, " AND %s._valid_to IS NULL", a);
    else
        ys_str_printf(sql, " AND %s._valid_from<=%d AND (%s._valid_to IS NULL OR %s._valid_to>%d)", a,
                      valid_on, a, a, valid_on);
}

ys_status ys__sql_scope_with(const ys_store *s, ys_str *sql, const ys_scan *how, ys_diag *diag)
{
    const ys__cat *area = ys__cat_find(s, "area");
    const char *collate = s->db->ops->d.collate;
    if (area == NULL || ys__col_find(area, "parent") == NULL) {
        ys_str_printf(sql, "WITH scope(area) AS (SELECT $1%s) ", collate);
        return sql->failed ? ys_fail_nomem(diag) : YS_OK;
    }
    ys_str_printf(
        sql,
        "WITH RECURSIVE scope(area) AS (SELECT $1%s UNION SELECT a._key FROM scope p JOIN \"k_area\" a ON "
        "a.\"parent\"=p.area WHERE ",
        collate);
    ys__sql_when(sql, "a", how->as_of_tx, how->valid_on);
    ys_str_puts(sql, ") ");
    return sql->failed ? ys_fail_nomem(diag) : YS_OK;
}

ys_status ys__sql_scope(const ys_store *s, ys_str *sql, const ys_kind *kind, const char *a,
                        const ys_scan *how, ys_diag *diag)
{
    const ys_kind *k = kind;
    char alias[16];
    int depth = 0;
    snprintf(alias, sizeof alias, "%s", a);
    ys_str_puts(sql, " AND ");
    while (strcmp(k->name, "area") != 0 && k->area_field[0] == '\0') {
        int f = k->via[0] != '\0' ? ys_kind_field(k, k->via) : -1;
        const ys_kind *next = f >= 0 ? ys__kind_find(s, k->fields[f].ref) : NULL;
        if (next == NULL || depth == MAX_VIA)
            return ys_fail(diag, YS_EUSAGE, "“%s”不属于任何地区，不能按地区限定",
                           "kind “%s” belongs to no area: it has no scope", kind->name);
        ys_str_printf(sql, "%s.\"%s\" IN (SELECT v%d._key FROM \"k_%s\" v%d WHERE ", alias, k->via, depth,
                      next->name, depth);
        snprintf(alias, sizeof alias, "v%d", depth++);
        ys__sql_when(sql, alias, how->as_of_tx, how->valid_on);
        ys_str_puts(sql, " AND ");
        k = next;
    }
    if (k->area_field[0] != '\0')
        ys_str_printf(sql, "%s.\"%s\" IN (SELECT area FROM scope)", alias, k->area_field);
    else
        ys_str_printf(sql, "%s._key IN (SELECT area FROM scope)", alias);
    while (depth-- > 0)
        ys_str_putc(sql, ')');
    return sql->failed ? ys_fail_nomem(diag) : YS_OK;
}

/* ---- the query of a scan */

typedef struct filter {
    ys_store *s;
    ys__cat *cat;
    const ys_kind *kind;
    const ys_scan *how;
    ys_str key, low, high; /* values to bind */
    unsigned char index[YS__INDEX_BYTES];
    const ys__col *by; /* the column of where_field */
    int params;
} filter;

static void filter_done(filter *f)
{
    ys_str_done(&f->key);
    ys_str_done(&f->low);
    ys_str_done(&f->high);
}

static ys_status filter_init(filter *f, ys_store *s, const ys_kind *kind, const ys_scan *how, ys_diag *diag)
{
    *f = (filter){.s = s, .kind = kind, .how = how};
    YS_TRY(ys__cat_of(s, kind, &f->cat, diag));
    if (how->key != NULL)
        YS_TRY(ys__key_inner(f->cat, how->key, &f->key, diag));
    if (how->where_field == NULL)
        return YS_OK;
    f->by = ys__col_find(f->cat, how->where_field);
    if (f->by == NULL || (f->by->type != YS_TEXT && f->by->type != YS_CODE))
        return ys_fail(diag, YS_EUSAGE, "不能按“%s.%s”查找", "%s.%s cannot be searched", kind->name,
                       how->where_field);
    if (f->by->secret && how->where_value != NULL) {
        YS_TRY(ys__keys_need(s, diag));
        ys__blind(s, f->by->name, how->where_value, f->index);
    }
    return YS_OK;
}

static void sql_where_field(filter *f, ys_str *q)
{
    if (f->by == NULL)
        return;
    if (f->how->where_value == NULL) {
        ys_str_printf(q, " AND r.\"%s\" IS NULL", f->by->name);
    } else if (f->by->key == 1 && ys__key_count(f->cat) > 1) {
        /* The first part of the key is a range of keys: from "v<sep>" to just before "v<sep+1>". */
        ys_str_printf(q, " AND r._key>=$%d", ++f->params);
        ys_str_printf(q, " AND r._key<$%d", ++f->params);
        ys_str_printf(&f->low, "%s%c", f->how->where_value, YS__KEY_SEP);
        ys_str_printf(&f->high, "%s%c", f->how->where_value, YS__KEY_SEP + 1);
    } else if (f->by->key == 1) {
        ys_str_printf(q, " AND r._key=$%d", ++f->params);
    } else {
        ys_str_printf(q, " AND r.\"%s%s\"=$%d", f->by->name, f->by->secret ? "__bi" : "", ++f->params);
    }
}

static ys_status filter_with(filter *f, ys_str *q, ys_diag *diag)
{
    if (f->how->scope == NULL)
        return YS_OK;
    f->params = 1;
    return ys__sql_scope_with(f->s, q, f->how, diag);
}

static ys_status filter_where(filter *f, ys_str *q, ys_diag *diag)
{
    ys_str_printf(q, " FROM \"k_%s\" r WHERE ", f->cat->name);
    ys__sql_when(q, "r", f->how->as_of_tx, f->how->valid_on);
    if (f->how->scope != NULL)
        YS_TRY(ys__sql_scope(f->s, q, f->kind, "r", f->how, diag));
    if (f->how->key != NULL)
        ys_str_printf(q, " AND r._key=$%d", ++f->params);
    sql_where_field(f, q);
    return f->low.failed || f->high.failed ? ys_fail_nomem(diag) : YS_OK;
}

static void filter_bind(const filter *f, ys__stmt *st)
{
    int p = 0;
    if (f->how->scope != NULL)
        ys__bind_text(st, ++p, f->how->scope);
    if (f->how->key != NULL)
        ys__bind_text(st, ++p, ys_str_get(&f->key));
    if (f->by == NULL || f->how->where_value == NULL)
        return;
    if (f->low.len > 0) {
        ys__bind_text(st, ++p, ys_str_get(&f->low));
        ys__bind_text(st, ++p, ys_str_get(&f->high));
    } else if (f->by->secret) {
        ys__bind_blob(st, ++p, f->index, sizeof f->index);
    } else {
        ys__bind_text(st, ++p, f->how->where_value);
    }
}

/* ---- from a statement into a table */

typedef struct column {
    const ys__col *col; /* NULL: one of the store's own */
    ys_type type;
    int at; /* in the table */
    int64_t *ints;
    double *reals;
    size_t *texts; /* offsets into bytes */
} column;

typedef struct reader {
    ys_store *s;
    ys_table *table;
    column *cols;
    int count;
    bool decrypt;
    int64_t n; /* rows gathered */
    ys_str bytes, plain;
} reader;

static void reader_done(reader *r)
{
    for (int i = 0; i < r->count; i++) {
        ys_free(r->cols[i].ints);
        ys_free(r->cols[i].reals);
        ys_free(r->cols[i].texts);
    }
    ys_free(r->cols);
    ys_str_done(&r->bytes);
    ys_str_done(&r->plain);
}

static ys_status reader_add(reader *r, const char *name, ys_type type, const ys__col *col, ys_diag *diag)
{
    column *grown = ys_realloc(r->cols, (size_t)r->count + 1, sizeof *grown);
    if (grown == NULL)
        return ys_fail_nomem(diag);
    r->cols = grown;
    column *c = &r->cols[r->count++];
    *c = (column){.col = col, .type = type, .at = ys_table_add_column(r->table, name, type)};
    bool text = type == YS_TEXT || type == YS_CODE;
    if (type == YS_REAL)
        c->reals = ys_calloc(CHUNK, sizeof *c->reals);
    else if (text)
        c->texts = ys_calloc(CHUNK, sizeof *c->texts);
    else
        c->ints = ys_calloc(CHUNK, sizeof *c->ints);
    if (c->at < 0 || (c->reals == NULL && c->texts == NULL && c->ints == NULL))
        return ys_fail_nomem(diag);
    return YS_OK;
}

static ys_status flush_chunk(reader *r, ys_diag *diag)
{
    int64_t base = ys_table_rows(r->table);
    if (r->n == 0)
        return YS_OK;
    if (r->bytes.failed || !ys_table_grow(r->table, r->n))
        return ys_fail_nomem(diag);
    for (int i = 0; i < r->count; i++) {
        column *c = &r->cols[i];
        if (c->ints != NULL)
            memcpy(ys_table_ints(r->table, c->at) + base, c->ints, (size_t)r->n * sizeof *c->ints);
        if (c->reals != NULL)
            memcpy(ys_table_reals(r->table, c->at) + base, c->reals, (size_t)r->n * sizeof *c->reals);
        for (int64_t k = 0; c->texts != NULL && k < r->n; k++) {
            if (c->texts[k] == NA_TEXT)
                continue;
            const char *t = c->texts[k] == UNASKED ? YS_TEXT_NOT_ASKED : ys_str_get(&r->bytes) + c->texts[k];
            if (!ys_table_set_text(r->table, c->at, base + k, t))
                return ys_fail_nomem(diag);
        }
    }
    r->n = 0;
    ys_str_clear(&r->bytes);
    return YS_OK;
}

static ys_status read_text(reader *r, column *c, ys__stmt *st, int i, ys_diag *diag)
{
    size_t n = 0;
    const char *t = NULL;
    if (ys__is_null(st, i)) {
        c->texts[r->n] = NA_TEXT;
        return YS_OK;
    }
    if (c->col != NULL && c->col->secret && !r->decrypt) {
        t = "***";
        n = 3;
    } else {
        t = ys__get_blob(st, i, &n);
    }
    if (c->col != NULL && c->col->secret && r->decrypt) {
        YS_TRY(ys__decrypt(r->s, t, n, &r->plain, diag));
        t = ys_str_get(&r->plain);
        n = r->plain.len;
    }
    if (n == sizeof YS__NOT_ASKED - 1 && memcmp(t, YS__NOT_ASKED, n) == 0) {
        c->texts[r->n] = UNASKED;
        return YS_OK;
    }
    c->texts[r->n] = r->bytes.len;
    if (!ys_str_add(&r->bytes, t, n) || !ys_str_putc(&r->bytes, '\0'))
        return ys_fail_nomem(diag);
    return YS_OK;
}

static ys_status read_row(reader *r, ys__stmt *st, ys_diag *diag)
{
    for (int i = 0; i < r->count; i++) {
        column *c = &r->cols[i];
        if (c->texts != NULL) {
            YS_TRY(read_text(r, c, st, i, diag));
        } else if (c->reals != NULL) {
            double v = ys__is_null(st, i) ? ys_real_na() : ys__get_real(st, i);
            c->reals[r->n] = isinf(v) ? ys_real_not_asked() : v;
        } else {
            c->ints[r->n] = ys__is_null(st, i) ? YS_NA : ys__get_int(st, i);
        }
    }
    return ++r->n == CHUNK ? flush_chunk(r, diag) : YS_OK;
}

static ys_status read_all(reader *r, ys__stmt *st, ys_diag *diag)
{
    bool row = false;
    for (;;) {
        YS_TRY(ys__step(st, &row, diag));
        if (!row)
            return flush_chunk(r, diag);
        YS_TRY(read_row(r, st, diag));
    }
}

static ys_status add_field(reader *r, const ys__cat *cat, const ys_kind *kind, int i, ys_str *q,
                           ys_diag *diag)
{
    const ys_field *f = &kind->fields[i];
    const ys__col *col = ys__col_find(cat, f->name);
    if (col->secret && r->decrypt)
        YS_TRY(ys__keys_need(r->s, diag));
    ys_str_printf(q, "%sr.\"%s\"", r->count > 0 ? "," : "", f->name);
    return reader_add(r, f->name, f->type, col, diag);
}

static ys_status add_fields(reader *r, const ys__cat *cat, const ys_kind *kind, const char *const *names,
                            ys_str *q, ys_diag *diag)
{
    for (int i = 0; names == NULL && i < kind->field_count; i++)
        YS_TRY(add_field(r, cat, kind, i, q, diag));
    for (int n = 0; names != NULL && names[n] != NULL; n++) {
        int i = ys_kind_field(kind, names[n]);
        if (i < 0)
            return ys_fail(diag, YS_EUSAGE, "“%s”没有字段“%s”", "kind “%s” has no field “%s”", kind->name,
                           names[n]);
        YS_TRY(add_field(r, cat, kind, i, q, diag));
    }
    return YS_OK;
}

ys_status ys_store_scan(ys_store *s, const ys_kind *kind, const ys_scan *how, ys_table **ret_table,
                        ys_diag *diag)
{
    filter f;
    ys_str q = {0};
    ys__stmt *stmt = NULL;
    reader r = {.s = s, .decrypt = how->decrypt, .table = ys_table_new(kind->name)};
    ys_status st = r.table == NULL ? ys_fail_nomem(diag) : YS_OK;
    if (st == YS_OK)
        st = filter_init(&f, s, kind, how, diag);
    else
        f = (filter){0};
    if (st != YS_OK)
        goto done;
    YS_GO(filter_with(&f, &q, diag));
    ys_str_puts(&q, "SELECT ");
    YS_GO(add_fields(&r, f.cat, kind, how->fields, &q, diag));
    YS_GO(filter_where(&f, &q, diag));
    ys_str_puts(&q, " ORDER BY r._key");
    YS_GO(ys__prepare_str(s->db, &q, true, &stmt, diag));
    filter_bind(&f, stmt);
    YS_GO(read_all(&r, stmt, diag));
    *ret_table = r.table;
    r.table = NULL;
done:
    ys__free(stmt);
    ys_str_done(&q);
    filter_done(&f);
    ys_table_free(r.table);
    reader_done(&r);
    return st;
}

ys_status ys_store_count(ys_store *s, const ys_kind *kind, const ys_scan *how, int64_t *ret_count,
                         ys_diag *diag)
{
    filter f;
    ys_str q = {0};
    ys__stmt *stmt = NULL;
    bool row = false;
    ys_status st = filter_init(&f, s, kind, how, diag);
    if (st != YS_OK)
        goto done;
    YS_GO(filter_with(&f, &q, diag));
    ys_str_puts(&q, "SELECT count(*)");
    YS_GO(filter_where(&f, &q, diag));
    YS_GO(ys__prepare_str(s->db, &q, false, &stmt, diag));
    filter_bind(&f, stmt);
    YS_GO(ys__step(stmt, &row, diag));
    *ret_count = ys__get_int(stmt, 0);
done:
    ys__free(stmt);
    ys_str_done(&q);
    filter_done(&f);
    return st;
}

ys_status ys_store_history(ys_store *s, const ys_kind *kind, const char *key, bool decrypt,
                           ys_table **ret_table, ys_diag *diag)
{
    static const struct {
        const char *name;
        ys_type type;
    } own[] = {{"_valid_from", YS_DATE}, {"_valid_to", YS_DATE}, {"_tx_from", YS_INT},
               {"_tx_to", YS_INT},       {"_import", YS_INT},    {"_source_row", YS_INT}};
    ys__cat *cat = NULL;
    ys_str q = {0}, inner = {0};
    ys__stmt *stmt = NULL;
    reader r = {.s = s, .decrypt = decrypt, .table = ys_table_new(kind->name)};
    ys_status st = r.table == NULL ? ys_fail_nomem(diag) : ys__cat_of(s, kind, &cat, diag);
    if (st != YS_OK)
        goto done;
    YS_GO(ys__key_inner(cat, key, &inner, diag));
    ys_str_puts(&q, "SELECT ");
    YS_GO(add_fields(&r, cat, kind, NULL, &q, diag));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        ys_str_printf(&q, ",r.%s", own[i].name);
        YS_GO(reader_add(&r, own[i].name, own[i].type, NULL, diag));
    }
    ys_str_printf(&q, " FROM \"k_%s\" r WHERE r._key=$1 ORDER BY r._tx_from,r._valid_from,r._row", cat->name);
    YS_GO(ys__prepare_str(s->db, &q, true, &stmt, diag));
    ys__bind_text(stmt, 1, ys_str_get(&inner));
    YS_GO(read_all(&r, stmt, diag));
    *ret_table = r.table;
    r.table = NULL;
done:
    ys__free(stmt);
    ys_str_done(&q);
    ys_str_done(&inner);
    ys_table_free(r.table);
    reader_done(&r);
    return st;
}
