/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masked cells.  A list that went out with its personal values masked comes back edited: where a cell still is the mask
 * of what is stored it says "unchanged", anything else stands for a value nobody knows.  Masks are made in C from the
 * decrypted value, so the rows are read in batches, in the order of the stage.
 */
#include <sodium.h>
#include "base/alloc.h"
#include "store/store_in.h"

enum { BATCH = 20000 };

typedef struct masks {
    ys_store *s;
    int64_t after; /* the row of the stage up to which it is done */
    ys_str plain, buf;
} masks;

/* _n, then for each field that may be masked: the masked text, the stored value. */
static void query(const ys__stage *g, int64_t after, int32_t d, ys_str *q)
{
    ys_str_puts(q, "SELECT s._n");
    for (int i = 0; i < g->field_count; i++)
        if (g->mask[i])
            ys_str_printf(q, ",s._m%d,o.\"%s\"", i, g->cols[i]->name);
    ys_str_printf(q, " FROM (SELECT * FROM ys_stage WHERE _n>%lld AND (1=0", (long long)after);
    for (int i = 0; i < g->field_count; i++)
        if (g->mask[i])
            ys_str_printf(q, " OR _m%d IS NOT NULL", i);
    ys_str_printf(q, ") ORDER BY _n LIMIT %d) s LEFT JOIN \"k_%s\" o ON o._key=s._key AND ", BATCH,
                  g->cat->name);
    ys__sql_when(q, "o", 0, d);
    ys_str_puts(q, " ORDER BY s._n");
}

/* Is the masked text in column `at` the mask of the value that follows it? */
static ys_status same(masks *m, ys__stmt *st, int at, int i, bool *ret_same, ys_diag *diag)
{
    const ys__stage *g = m->s->stage;
    *ret_same = false;
    if (ys__is_null(st, at + 1))
        return YS_OK;
    ys_str_clear(&m->plain);
    if (g->cols[i]->secret) {
        size_t n = 0;
        const void *box = ys__get_blob(st, at + 1, &n);
        YS_TRY(ys__decrypt(m->s, box, n, &m->plain, diag));
    } else if (!ys_str_puts(&m->plain, ys__get_text(st, at + 1))) {
        return ys_fail_nomem(diag);
    }
    const char *said = ys__get_text(st, at), *value = ys_str_get(&m->plain);
    if (!ys_grow(&m->buf.data, &m->buf.cap, m->plain.len + 8, 1))
        return ys_fail_nomem(diag);
    const char *mask = ys_field_mask(&g->kind->fields[g->fields[i]], value, m->buf.data, m->buf.cap);
    /* Three asterisks are what an export without the key prints, whatever the secret. */
    *ret_same = strcmp(said, mask) == 0 || (g->cols[i]->secret && strcmp(said, "***") == 0);
    return YS_OK;
}

static ys_status check_row(void *arg, ys__stmt *in, ys__stmt *out, ys_diag *diag)
{
    masks *m = arg;
    const ys__stage *g = m->s->stage;
    m->after = ys__get_int(in, 0);
    for (int i = 0, at = 1; i < g->field_count; i++) {
        bool fits = true;
        if (!g->mask[i])
            continue;
        if (!ys__is_null(in, at))
            YS_TRY(same(m, in, at, i, &fits, diag));
        at += 2;
        if (fits)
            continue;
        ys__bind_int(out, 1, m->after);
        ys__bind_int(out, 2, YS_CH_MASKED);
        ys__bind_int(out, 3, i);
        ys__bind_int(out, 4, 0);
        YS_TRY(ys__run(out, diag));
    }
    return YS_OK;
}

static ys_status check_batch(masks *m, int32_t d, bool *ret_any, ys_diag *diag)
{
    ys_str q = {0};
    query(m->s->stage, m->after, d, &q);
    const ys__copy c = {.query = &q,
                        .table = "ys_bad",
                        .columns = "_n,_what,_field,_other",
                        .count = 4,
                        .row = check_row,
                        .arg = m};
    return ys__db_copy(m->s->db, &c, ret_any, diag);
}

ys_status ys__masks_check(ys_store *s, int32_t valid_from, ys_diag *diag)
{
    masks m = {.s = s};
    ys_status st = YS_OK;
    for (bool any = true; st == YS_OK && any;)
        st = check_batch(&m, valid_from, &any, diag);
    if (m.plain.data != NULL)
        sodium_memzero(m.plain.data, m.plain.cap);
    ys_str_done(&m.plain);
    ys_str_done(&m.buf);
    if (st != YS_OK)
        return st;
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT count(DISTINCT _n) FROM ys_bad WHERE _what=%d", YS_CH_MASKED);
    return ys__query_int(s->db, sql, 0, &s->stage->counts.masked, diag);
}
