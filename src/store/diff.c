/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage against what is there.  ys_bad lists what is not applied (duplicates, orphans), ys_act what will be
 * written: the staged row and, if one is valid on the day, the version it changes.
 */
#include "base/alloc.h"
#include "store/store_in.h"

#define OPEN_ON "%s._tx_to IS NULL AND %s._valid_from<=%d AND (%s._valid_to IS NULL OR %s._valid_to>%d)"

static ys_status find_duplicates(ys_store *s, ys_diag *diag)
{
    ys__stage *g = s->stage;
    if (g->sorted) /* strictly ascending keys cannot meet twice */
        return YS_OK;
    YS_TRY(ys__stage_index(s, diag));
    return ys__execf(
        s->db, &g->counts.duplicates, diag,
        "INSERT INTO ys_bad SELECT s._n,%d,-1,d.first FROM (SELECT _key,min(_n) AS first FROM ys_stage"
        " GROUP BY _key HAVING count(*)>1) d JOIN ys_stage s ON s._key=d._key AND s._n<>d.first",
        YS_CH_DUPLICATE);
}

/* References of field `i` to nothing.  A kind that refers to itself may be staged parents and children together;
 * there each pass may orphan the children of an orphan. */
static ys_status find_orphans(ys_store *s, int i, const ys__cat *ref, int32_t valid_from, int64_t *ret_found,
                              ys_diag *diag)
{
    ys__stage *g = s->stage;
    const char *f = g->cols[i]->name;
    ys_str q = {0};
    ys_str_printf(&q,
                  "INSERT INTO ys_bad SELECT s._n,%d,%d,0 FROM ys_stage s WHERE s.\"%s\" IS NOT NULL AND "
                  "s.\"%s\" NOT IN"
                  " ('','" YS__NOT_ASKED
                  "') AND NOT EXISTS (SELECT 1 FROM \"k_%s\" r WHERE r._key=s.\"%s\" AND"
                  " r._tx_to IS NULL AND (r._valid_to IS NULL OR r._valid_to>%d))",
                  YS_CH_ORPHAN, i, f, f, ref->name, f, valid_from);
    if (ref == g->cat) {
        YS_TRY(ys__stage_index(s, diag));
        ys_str_printf(&q,
                      " AND NOT EXISTS (SELECT 1 FROM ys_stage t WHERE t._key=s.\"%s\" AND t._n NOT IN"
                      " (SELECT _n FROM ys_bad)) AND s._n NOT IN (SELECT _n FROM ys_bad WHERE _field=%d)",
                      f, i);
    }
    return ys__exec_str(s->db, &q, ret_found, diag);
}

static ys_status put_refs(ys_store *s, const ys_map *refs, ys_diag *diag)
{
    ys__stmt *st = NULL;
    YS_TRY(ys__execf(s->db, NULL, diag, "CREATE TEMP TABLE ys_ref(v %s)", s->db->ops->d.t_text));
    YS_TRY(ys__db_insert(s->db, "ys_ref", "v", 1, &st, diag));
    ys_status r = YS_OK;
    for (size_t k = 0; r == YS_OK && k < ys_map_count(refs); k++) {
        ys__bind_text(st, 1, ys_map_key(refs, (int64_t)k));
        r = ys__run(st, diag);
    }
    if (r == YS_OK)
        r = ys__end(st, diag);
    ys__free(st);
    return r;
}

/* Where the references are few, look at them before at the rows: mostly all are good. */
static ys_status may_orphan(ys_store *s, int i, const ys__cat *ref, int32_t valid_from, bool *ret_may,
                            ys_diag *diag)
{
    const ys_map *refs = s->stage->refs[i];
    int64_t bad = 1;
    ys_str q = {0};
    if (refs != NULL) {
        YS_TRY(put_refs(s, refs, diag));
        ys_str_printf(&q,
                      "SELECT count(*) FROM ys_ref s WHERE s.v NOT IN ('','" YS__NOT_ASKED
                      "') AND NOT EXISTS (SELECT 1 "
                      "FROM \"k_%s\" r WHERE r._key=s.v AND r._tx_to IS NULL AND (r._valid_to IS NULL OR "
                      "r._valid_to>%d))",
                      ref->name, valid_from);
        ys_status st = q.failed ? ys_fail_nomem(diag) : ys__query_int(s->db, ys_str_get(&q), 0, &bad, diag);
        ys_str_done(&q);
        YS_TRY(st);
        YS_TRY(ys__exec(s->db, "DROP TABLE ys_ref", diag));
    }
    *ret_may = bad > 0;
    return YS_OK;
}

static ys_status find_all_orphans(ys_store *s, int32_t valid_from, ys_diag *diag)
{
    ys__stage *g = s->stage;
    for (int i = 0; i < g->field_count; i++) {
        const ys_field *f = &g->kind->fields[g->fields[i]];
        const ys__cat *ref = f->ref[0] != '\0' ? ys__cat_find(s, f->ref) : NULL;
        if (ref == NULL || !g->value[i] || g->cols[i]->secret || ys__key_count(ref) != 1)
            continue;
        if (g->cols[i]->type != YS_TEXT && g->cols[i]->type != YS_CODE)
            continue;
        bool may = true;
        YS_TRY(may_orphan(s, i, ref, valid_from, &may, diag));
        int64_t found = may;
        while (found > 0) {
            YS_TRY(find_orphans(s, i, ref, valid_from, &found, diag));
            if (ref != g->cat)
                break;
        }
    }
    return ys__query_int(s->db, "SELECT count(DISTINCT _n) FROM ys_bad WHERE _field>=0", 0,
                         &g->counts.orphans, diag);
}

/* "the staged row differs from version o in some cell that is not blank" */
static void differs(const ys__stage *g, ys_str *q)
{
    bool first = true;
    for (int i = 0; i < g->field_count; i++) {
        const ys__col *c = g->cols[i];
        if (c->key > 0)
            continue;
        const char *suffix = c->secret ? "__bi" : "";
        ys_str_puts(q, first ? "(" : " OR ");
        if (g->blank[i])
            ys_str_printf(q, "((s._b%d>>%d)&1)=0 AND ", i / YS__BLANKS, i % YS__BLANKS);
        ys_str_printf(q, "s.\"%s%s\" IS DISTINCT FROM o.\"%s%s\"", c->name, suffix, c->name, suffix);
        first = false;
    }
    ys_str_puts(q, first ? "1=0" : ")");
}

static ys_status find_acts(ys_store *s, int32_t d, ys_diag *diag)
{
    ys__stage *g = s->stage;
    int64_t bad = 0;
    YS_TRY(ys__query_int(s->db, "SELECT count(DISTINCT _n) FROM ys_bad", 0, &bad, diag));
    char sql[128];
    int64_t there = 0;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM (SELECT 1 FROM \"k_%s\" LIMIT 1) x", g->cat->name);
    YS_TRY(ys__query_int(s->db, sql, 0, &there, diag));
    g->fresh = there == 0;
    if (g->fresh) {
        g->counts.added = g->rows - bad;
        return YS_OK;
    }
    ys_str q = {0};
    /* SQLite looks up each key in turn: in key order that walks through the table once.  The limit keeps it from
     * leaving the order out.  PostgreSQL plans a hash join by itself. */
    const char *rows = g->sorted || s->db->ops->d.pg
                           ? "ys_stage"
                           : "(SELECT * FROM ys_stage ORDER BY _key LIMIT 9223372036854775807)";
    ys_str_printf(
        &q, "INSERT INTO ys_act SELECT s._n,o._row FROM %s s LEFT JOIN \"k_%s\" o ON o._key=s._key AND ",
        rows, g->cat->name);
    ys_str_printf(&q, OPEN_ON, "o", "o", d, "o", "o", d);
    ys_str_puts(&q, " WHERE (o._row IS NULL OR ");
    differs(g, &q);
    ys_str_printf(&q, ")%s ORDER BY s._n", bad > 0 ? " AND s._n NOT IN (SELECT _n FROM ys_bad)" : "");
    int64_t acts = 0;
    YS_TRY(ys__exec_str(s->db, &q, &acts, diag));
    YS_TRY(ys__query_int(s->db, "SELECT count(_old) FROM ys_act", 0, &g->counts.changed, diag));
    g->counts.added = acts - g->counts.changed;
    g->counts.unchanged = g->rows - bad - acts;
    return YS_OK;
}

ys_status ys__stage_classify(ys_store *s, int32_t valid_from, ys_diag *diag)
{
    ys__stage *g = s->stage;
    if (g == NULL)
        return ys_fail(diag, YS_EUSAGE, "没有打开的批次", "no stage is open");
    if (g->classified && g->classified_on == valid_from)
        return YS_OK;
    YS_TRY(ys__stage_flush(s, diag));
    g->counts = (ys_stage_counts){.rows = g->rows};
    const ys__dialect *d = &s->db->ops->d;
    YS_TRY(ys__exec(s->db, "DROP TABLE IF EXISTS ys_bad", diag));
    YS_TRY(ys__exec(s->db, "DROP TABLE IF EXISTS ys_act", diag));
    YS_TRY(ys__execf(s->db, NULL, diag, "CREATE TEMP TABLE ys_bad(_n %s,_what %s,_field %s,_other %s)",
                     d->t_int, d->t_int, d->t_int, d->t_int));
    YS_TRY(ys__execf(s->db, NULL, diag, "CREATE TEMP TABLE ys_act(_n %s PRIMARY KEY,_old %s)", d->t_int,
                     d->t_int));
    YS_TRY(find_duplicates(s, diag));
    YS_TRY(find_all_orphans(s, valid_from, diag));
    if (g->masked)
        YS_TRY(ys__masks_check(s, valid_from, diag));
    YS_TRY(find_acts(s, valid_from, diag));
    if (d->pg) {
        YS_TRY(ys__exec(s->db, "ANALYZE ys_bad", diag));
        YS_TRY(ys__exec(s->db, "ANALYZE ys_act", diag));
    }
    g->classified = true;
    g->classified_on = valid_from;
    return YS_OK;
}

/* ---- telling */

typedef struct teller {
    ys_store *s;
    bool (*each)(void *arg, const ys_change_row *c);
    void *arg;
    int digits;
    ys_str key, before, after;
} teller;

static void teller_done(teller *t)
{
    ys_str_done(&t->key);
    ys_str_done(&t->before);
    ys_str_done(&t->after);
}

/* Text of column `at` of type and secrecy `col`. */
static const char *cell_text(const teller *t, const ys__col *col, ys__stmt *st, int at, ys_str *buf)
{
    ys_str_clear(buf);
    if (ys__is_null(st, at))
        return "#NA";
    if (col->secret)
        return "***";
    if (col->type == YS_TEXT || col->type == YS_CODE) {
        ys__text_of(col->type, 0, 0, ys__get_text(st, at), 0, buf);
    } else if (col->type == YS_REAL) {
        double v = ys__get_real(st, at);
        if (v < -1.7e308)
            return YS__NOT_ASKED;
        ys__text_of(YS_REAL, 0, v, NULL, 0, buf);
    } else {
        int64_t v = ys__get_int(st, at);
        if (v == YS_NOT_ASKED)
            return YS__NOT_ASKED;
        ys__text_of(col->type, v, 0, NULL, t->digits, buf);
    }
    return ys_str_get(buf);
}

static ys_status tell_bad(teller *t, bool *go_on, ys_diag *diag)
{
    ys__stage *g = t->s->stage;
    ys_str q = {0};
    ys_str_puts(&q,
                "SELECT b._what,s._key,s._source_row,f._source_row,b._field,CASE b._field WHEN -2 THEN ''");
    for (int i = 0; i < g->field_count; i++)
        if (g->kind->fields[g->fields[i]].ref[0] != '\0' && !g->cols[i]->secret &&
            (g->cols[i]->type == YS_TEXT || g->cols[i]->type == YS_CODE))
            ys_str_printf(&q, " WHEN %d THEN s.\"%s\"", i, g->cols[i]->name);
    ys_str_puts(&q, " END FROM ys_bad b JOIN ys_stage s ON s._n=b._n LEFT JOIN ys_stage f ON f._n=b._other"
                    " ORDER BY b._what,b._n,b._field");
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare_str(t->s->db, &q, true, &st, diag));
    bool row = false;
    ys_status r;
    while (*go_on && (r = ys__step(st, &row, diag)) == YS_OK && row) {
        int64_t field = ys__get_int(st, 4);
        ys__key_outer(ys__get_text(st, 1), &t->key);
        ys_change_row c = {.what = (ys_change)ys__get_int(st, 0),
                           .key = ys_str_get(&t->key),
                           .source_row = ys__get_int(st, 2),
                           .other_row = ys__is_null(st, 3) ? 0 : ys__get_int(st, 3),
                           .field = field < 0 ? NULL : &g->kind->fields[g->fields[field]],
                           .after = ys__get_text(st, 5)};
        *go_on = t->each(t->arg, &c);
    }
    ys__free(st);
    return *go_on ? r : YS_OK;
}

/* One call per field that differs. */
static bool tell_changed(teller *t, ys_change_row *c, ys__stmt *st, int marks, int width)
{
    ys__stage *g = t->s->stage;
    for (int i = 0, at = 3 + marks; i < g->field_count; i++, at++) {
        const ys__col *col = g->cols[i];
        bool blank = (ys__get_int(st, 3 + i / YS__BLANKS) >> (i % YS__BLANKS)) & 1;
        if (col->key > 0 || blank)
            continue;
        if (col->secret) {
            size_t n = 0, m = 0;
            const void *p = ys__get_blob(st, at + width, &n), *q = ys__get_blob(st, at, &m);
            if (n == m && memcmp(p, q, n) == 0)
                continue;
        }
        c->before = cell_text(t, col, st, at + width, &t->before);
        c->after = cell_text(t, col, st, at, &t->after);
        if (!col->secret && strcmp(c->before, c->after) == 0)
            continue;
        c->field = &g->kind->fields[g->fields[i]];
        if (!t->each(t->arg, c))
            return false;
    }
    return true;
}

static void act_query(const ys__stage *g, int marks, ys_str *q)
{
    ys_str_printf(q, "SELECT s._key,s._source_row,%s", g->fresh ? "NULL" : "a._old");
    for (int i = 0; i < marks; i++)
        ys_str_printf(q, ",s._b%d", i);
    for (int side = 0; !g->fresh && side < 2; side++)
        for (int i = 0; i < g->field_count; i++)
            ys_str_printf(q, ",%s.\"%s%s\"", side == 0 ? "s" : "o", g->cols[i]->name,
                          g->cols[i]->secret ? "__bi" : "");
    if (g->fresh)
        ys_str_puts(q, " FROM ys_stage s WHERE s._n NOT IN (SELECT _n FROM ys_bad) ORDER BY s._n");
    else
        ys_str_printf(q,
                      " FROM ys_act a JOIN ys_stage s ON s._n=a._n LEFT JOIN \"k_%s\" o ON o._row=a._old"
                      " ORDER BY a._n",
                      g->cat->name);
}

static ys_status tell_acts(teller *t, bool *go_on, ys_diag *diag)
{
    ys__stage *g = t->s->stage;
    int marks = (g->field_count + YS__BLANKS - 1) / YS__BLANKS;
    ys_str q = {0};
    act_query(g, marks, &q);
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare_str(t->s->db, &q, true, &st, diag));
    bool row = false;
    ys_status r = YS_OK;
    while (*go_on && (r = ys__step(st, &row, diag)) == YS_OK && row) {
        ys__key_outer(ys__get_text(st, 0), &t->key);
        ys_change_row c = {.what = ys__is_null(st, 2) ? YS_CH_ADDED : YS_CH_CHANGED,
                           .key = ys_str_get(&t->key),
                           .source_row = ys__get_int(st, 1)};
        *go_on = c.what == YS_CH_ADDED ? t->each(t->arg, &c) : tell_changed(t, &c, st, marks, g->field_count);
    }
    ys__free(st);
    return *go_on ? r : YS_OK;
}

static ys_status tell_gone(teller *t, const char *scope, int32_t d, bool *go_on, ys_diag *diag)
{
    ys__stage *g = t->s->stage;
    ys_scan how = {.valid_on = d, .scope = scope};
    ys_str q = {0};
    YS_TRY(ys__stage_index(t->s, diag));
    ys_status r = ys__sql_scope_with(t->s, &q, &how, diag);
    ys_str_printf(&q, "SELECT o._key FROM \"k_%s\" o WHERE ", g->cat->name);
    ys__sql_when(&q, "o", 0, d);
    if (r == YS_OK)
        r = ys__sql_scope(t->s, &q, g->kind, "o", &how, diag);
    if (r != YS_OK) {
        ys_str_done(&q);
        return r;
    }
    ys_str_puts(&q, " AND NOT EXISTS (SELECT 1 FROM ys_stage s WHERE s._key=o._key) ORDER BY o._key");
    ys__stmt *st = NULL;
    YS_TRY(ys__prepare_str(t->s->db, &q, true, &st, diag));
    ys__bind_text(st, 1, scope);
    bool row = false;
    while ((r = ys__step(st, &row, diag)) == YS_OK && row) {
        g->counts.gone++;
        ys__key_outer(ys__get_text(st, 0), &t->key);
        ys_change_row c = {.what = YS_CH_GONE, .key = ys_str_get(&t->key)};
        if (*go_on && t->each != NULL)
            *go_on = t->each(t->arg, &c);
    }
    ys__free(st);
    return r;
}

static int money_digits(ys_store *s)
{
    char buf[8];
    if (ys__meta_get(s, "minor_digits", buf, sizeof buf, NULL) != YS_OK || buf[0] < '0' || buf[0] > '9')
        return 2;
    return buf[0] - '0';
}

ys_status ys_store_stage_diff(ys_store *s, const char *scope, int32_t valid_from,
                              bool (*each)(void *arg, const ys_change_row *c), void *arg,
                              ys_stage_counts *ret_counts, ys_diag *diag)
{
    YS_TRY(ys__stage_classify(s, valid_from, diag));
    teller t = {.s = s, .each = each, .arg = arg, .digits = money_digits(s)};
    bool go_on = each != NULL;
    s->stage->counts.gone = 0;
    ys_status st = YS_OK;
    if (go_on)
        YS_GO(tell_bad(&t, &go_on, diag));
    if (go_on)
        YS_GO(tell_acts(&t, &go_on, diag));
    if (scope != NULL)
        YS_GO(tell_gone(&t, scope, valid_from, &go_on, diag));
    if (t.key.failed || t.before.failed || t.after.failed)
        st = ys_fail_nomem(diag);
    else if (ret_counts != NULL)
        *ret_counts = s->stage->counts;
done:
    teller_done(&t);
    return st;
}
