/* SPDX-License-Identifier: Apache-2.0 */
/* From the stage into the table of the kind, as set SQL: close, keep the part before the day, write the new. */
#include "store/store_in.h"

#define OWN_COLUMNS "_key,_valid_from,_valid_to,_tx_from,_import,_source_row,"

/* PostgreSQL has no row ids of its own: they are counted on from the newest, in the order of writing. */
static ys_status row_base(ys_store *s, const ys__cat *c, int64_t *ret_base, ys_diag *diag)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT max(_row) FROM \"k_%s\"", c->name);
    return ys__query_int(s->db, sql, 0, ret_base, diag);
}

static ys_status insert_head(ys_store *s, const ys__cat *c, const char *order, ys_str *q, ys_diag *diag)
{
    int64_t base = 0;
    bool pg = s->db->ops->d.pg;
    if (pg)
        YS_TRY(row_base(s, c, &base, diag));
    ys_str_printf(q, "INSERT INTO \"k_%s\"(%s" OWN_COLUMNS, c->name, pg ? "_row," : "");
    ys__columns(q, c, "");
    ys_str_puts(q, ") SELECT ");
    if (pg)
        ys_str_printf(q, "%lld+row_number() OVER (ORDER BY %s),", (long long)base, order);
    return YS_OK;
}

static int cell_of(const ys__stage *g, const ys__col *col)
{
    for (int i = 0; i < g->field_count; i++)
        if (g->cols[i] == col)
            return i;
    return -1;
}

/* The value of a column in the new version: staged, or where blank or not staged that of version o. */
static void new_value(const ys__stage *g, const ys__col *col, const char *suffix, ys_str *q)
{
    int i = cell_of(g, col);
    if (i < 0)
        ys_str_printf(q, g->fresh ? "NULL" : "o.\"%s%s\"", col->name, suffix);
    else if (g->blank[i] && !g->fresh)
        ys_str_printf(q, "CASE WHEN ((s._b%d>>%d)&1)=1 THEN o.\"%s%s\" ELSE s.\"%s%s\" END", i / YS__BLANKS,
                      i % YS__BLANKS, col->name, suffix, col->name, suffix);
    else
        ys_str_printf(q, "s.\"%s%s\"", col->name, suffix);
}

static void new_values(const ys__stage *g, ys_str *q)
{
    for (int i = 0; i < g->cat->count; i++) {
        const ys__col *col = &g->cat->cols[i];
        ys_str_puts(q, i > 0 ? "," : "");
        new_value(g, col, "", q);
        if (col->secret) {
            ys_str_puts(q, ",");
            new_value(g, col, "__bi", q);
            ys_str_puts(q, ",");
            new_value(g, col, "__h", q);
        }
    }
}

static ys_status apply_fresh(ys_store *s, int32_t d, int64_t import, ys_diag *diag)
{
    ys__stage *g = s->stage;
    const char *order = g->sorted ? "s._n" : "s._key";
    ys_str q = {0};
    YS_TRY(ys__indexes(s, g->cat, false, diag));
    ys_status st = insert_head(s, g->cat, order, &q, diag);
    if (st != YS_OK) {
        ys_str_done(&q);
        return st;
    }
    ys_str_printf(&q, "s._key,%d,NULL,%lld,%lld,s._source_row,", d, (long long)s->tx.id, (long long)import);
    new_values(g, &q);
    ys_str_printf(&q, " FROM ys_stage s WHERE s._n NOT IN (SELECT _n FROM ys_bad) ORDER BY %s", order);
    YS_TRY(ys__exec_str(s->db, &q, NULL, diag));
    return ys__indexes(s, g->cat, true, diag);
}

/* Versions whose rows are in `olds` are closed; what they said of the time before `d` is written again. */
static ys_status close_and_keep(ys_store *s, const ys__cat *c, const char *olds, int32_t d,
                                int64_t *ret_closed, ys_diag *diag)
{
    YS_TRY(ys__execf(s->db, ret_closed, diag, "UPDATE \"k_%s\" SET _tx_to=%lld WHERE _row IN (%s)", c->name,
                     (long long)s->tx.id, olds));
    ys_str q = {0};
    ys_status st = insert_head(s, c, "o._key,o._valid_from", &q, diag);
    if (st != YS_OK) {
        ys_str_done(&q);
        return st;
    }
    ys_str_printf(&q, "o._key,o._valid_from,%d,%lld,o._import,o._source_row,", d, (long long)s->tx.id);
    ys__columns(&q, c, "o.");
    ys_str_printf(&q,
                  " FROM \"k_%s\" o WHERE o._row IN (%s) AND o._valid_from<%d ORDER BY o._key,o._valid_from",
                  c->name, olds, d);
    return ys__exec_str(s->db, &q, NULL, diag);
}

static ys_status write_new(ys_store *s, int32_t d, int64_t import, ys_diag *diag)
{
    ys__stage *g = s->stage;
    ys_str q = {0};
    ys_status st = insert_head(s, g->cat, "s._key", &q, diag);
    if (st != YS_OK) {
        ys_str_done(&q);
        return st;
    }
    /* A record that starts before versions already known ends where the first of them begins. */
    ys_str_printf(&q,
                  "s._key,%d,CASE WHEN o._row IS NULL THEN (SELECT min(n._valid_from) FROM \"k_%s\" n WHERE "
                  "n._key=s._key AND n._tx_to IS NULL AND n._valid_from>%d) ELSE o._valid_to "
                  "END,%lld,%lld,s._source_row,",
                  d, g->cat->name, d, (long long)s->tx.id, (long long)import);
    new_values(g, &q);
    ys_str_printf(
        &q,
        " FROM ys_act a JOIN ys_stage s ON s._n=a._n LEFT JOIN \"k_%s\" o ON o._row=a._old ORDER BY s._key",
        g->cat->name);
    return ys__exec_str(s->db, &q, NULL, diag);
}

ys_status ys_store_stage_apply(ys_store *s, int32_t valid_from, int64_t import, ys_stage_counts *ret_counts,
                               ys_diag *diag)
{
    YS_TRY(ys__stage_classify(s, valid_from, diag));
    ys__stage *g = s->stage;
    ys_stage_counts counts = g->counts;
    if (counts.added + counts.changed > 0) {
        YS_TRY(ys__touch(s, g->cat, diag));
        if (g->fresh) {
            YS_TRY(apply_fresh(s, valid_from, import, diag));
        } else {
            int64_t closed = 0;
            if (counts.changed > 0)
                YS_TRY(close_and_keep(s, g->cat, "SELECT _old FROM ys_act WHERE _old IS NOT NULL", valid_from,
                                      &closed, diag));
            YS_TRY(write_new(s, valid_from, import, diag));
        }
        if (s->db->ops->d.pg)
            YS_TRY(ys__execf(s->db, NULL, diag, "ANALYZE \"k_%s\"", g->cat->name));
    }
    g->classified = false; /* what is there has changed */
    if (ret_counts != NULL)
        *ret_counts = counts;
    return YS_OK;
}

static ys_status olds_of(ys_store *s, const ys__cat *c, const char *key, int32_t d, ys_str *ret_rows,
                         ys_diag *diag)
{
    ys_str inner = {0}, q = {0};
    ys__stmt *st = NULL;
    ys_status r;
    bool row = false;
    r = ys__key_inner(c, key, &inner, diag);
    ys_str_printf(
        &q,
        "SELECT _row FROM \"k_%s\" WHERE _key=$1 AND _tx_to IS NULL AND (_valid_to IS NULL OR _valid_to>%d)"
        " ORDER BY _row",
        c->name, d);
    if (r == YS_OK)
        r = ys__prepare_str(s->db, &q, false, &st, diag);
    if (r == YS_OK) {
        ys__bind_text(st, 1, ys_str_get(&inner));
        while ((r = ys__step(st, &row, diag)) == YS_OK && row)
            ys_str_printf(ret_rows, "%s%lld", ret_rows->len > 0 ? "," : "", (long long)ys__get_int(st, 0));
    }
    if (r == YS_OK && ret_rows->failed)
        r = ys_fail_nomem(diag);
    ys__free(st);
    ys_str_done(&q);
    ys_str_done(&inner);
    return r;
}

ys_status ys_store_end_record(ys_store *s, const ys_kind *kind, const char *key, int32_t valid_to,
                              ys_diag *diag)
{
    ys__cat *c = NULL;
    YS_TRY(ys__need_tx(s, diag));
    YS_TRY(ys__cat_of(s, kind, &c, diag));
    ys_str rows = {0};
    int64_t closed = 0;
    ys_status st = olds_of(s, c, key, valid_to, &rows, diag);
    if (st == YS_OK && rows.len == 0)
        st = ys_fail(diag, YS_ENOTFOUND, "找不到 %s“%s”", "there is no %s “%s”", kind->name, key);
    if (st == YS_OK)
        st = ys__touch(s, c, diag);
    if (st == YS_OK)
        st = close_and_keep(s, c, ys_str_get(&rows), valid_to, &closed, diag);
    ys_str_done(&rows);
    if (st == YS_OK && s->stage != NULL)
        s->stage->classified = false;
    return st;
}
