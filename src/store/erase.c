/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Erasure of secret values, as the law demands it: box and blind index go in every version of the record, the commitment
 * stays, because it is what the roots hold, and without the commitment key it says nothing about the value.
 */
#include "store/store_in.h"

/* `format` for each secret field, its name for each %, with `between` between them; returns their number. */
static int secret_fields(const ys__cat *c, const char *format, const char *between, ys_str *q)
{
    int n = 0;
    for (int i = 0; i < c->count; i++) {
        if (!c->cols[i].secret)
            continue;
        ys_str_puts(q, n++ > 0 ? between : "");
        for (const char *p = format; *p != '\0'; p++) {
            if (*p == '%')
                ys_str_puts(q, c->cols[i].name);
            else
                ys_str_putc(q, *p);
        }
    }
    return n;
}

/* Versions of the record, and secret values in them. */
static ys_status count_values(ys_store *s, const ys__cat *c, const char *inner, int64_t *ret_versions,
                              int64_t *ret_values, ys_diag *diag)
{
    ys_str q = {0};
    ys__stmt *st = NULL;
    bool row = false;
    ys_str_puts(&q, "SELECT count(*),");
    if (secret_fields(c, "count(\"%\")", "+", &q) == 0)
        ys_str_puts(&q, "0");
    ys_str_printf(&q, " FROM \"k_%s\" WHERE _key=$1", c->name);
    YS_TRY(ys__prepare_str(s->db, &q, false, &st, diag));
    ys__bind_text(st, 1, inner);
    ys_status r = ys__step(st, &row, diag);
    if (r == YS_OK && row) {
        *ret_versions = ys__get_int(st, 0);
        *ret_values = ys__get_int(st, 1);
    }
    ys__free(st);
    return r;
}

static ys_status clear_values(ys_store *s, const ys__cat *c, const char *inner, ys_diag *diag)
{
    ys_str q = {0};
    ys__stmt *st = NULL;
    ys_str_printf(&q, "UPDATE \"k_%s\" SET ", c->name);
    secret_fields(c, "\"%\"=NULL,\"%__bi\"=NULL", ",", &q);
    ys_str_puts(&q, " WHERE _key=$1");
    YS_TRY(ys__prepare_str(s->db, &q, false, &st, diag));
    ys__bind_text(st, 1, inner);
    ys_status r = ys__run(st, diag);
    ys__free(st);
    return r;
}

ys_status ys_store_erase(ys_store *s, const ys_kind *kind, const char *key, int64_t *ret_values,
                         ys_diag *diag)
{
    ys__cat *c = NULL;
    ys_str inner = {0};
    int64_t versions = 0, values = 0;
    YS_TRY(ys__need_tx(s, diag));
    if (s->stage != NULL)
        return ys_fail(diag, YS_EUSAGE, "上一批数据还没有结束", "a stage is open");
    YS_TRY(ys__cat_of(s, kind, &c, diag));
    ys_status st = ys__key_inner(c, key, &inner, diag);
    if (st == YS_OK)
        st = count_values(s, c, ys_str_get(&inner), &versions, &values, diag);
    if (st == YS_OK && versions == 0)
        st = ys_fail(diag, YS_ENOTFOUND, "找不到 %s“%s”", "there is no %s “%s”", kind->name, key);
    if (st == YS_OK && values > 0)
        st = clear_values(s, c, ys_str_get(&inner), diag);
    ys_str_done(&inner);
    if (st != YS_OK)
        return st;
    s->erased = true;
    *ret_values = values;
    return YS_OK;
}

ys_status ys_store_scrub(ys_store *s, const ys_kind *kind, ys_diag *diag)
{
    ys__cat *c = NULL;
    if (s->in_tx || s->read_only)
        return ys_fail(diag, YS_EUSAGE, "有未完成的事务，或只读打开", "inside a transaction, or read-only");
    YS_TRY(ys__cat_of(s, kind, &c, diag));
    char table[YS__NAME_MAX + 3];
    (void)snprintf(table, sizeof table, "k_%s", c->name);
    YS_TRY(ys__fault(diag));
    return s->db->ops->scrub(s->db, table, diag);
}
