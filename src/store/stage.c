/* SPDX-License-Identifier: Apache-2.0 */
/* Rows on their way in: the temporary table ys_stage. */
#include <float.h>
#include <math.h>
#include "base/alloc.h"
#include "base/text.h"
#include "store/store_in.h"

void ys__stage_drop(ys_store *s)
{
    ys__stage *g = s->stage;
    if (g == NULL)
        return;
    ys__free(g->ins);
    ys_free(g->fields);
    ys_free(g->cols);
    ys_free(g->key_cell);
    ys_free(g->blank);
    ys_free(g->value);
    ys_free(g->mask);
    for (int i = 0; g->refs != NULL && i < g->field_count; i++)
        ys_map_free(g->refs[i]);
    ys_free(g->refs);
    ys_str_done(&g->key);
    ys_str_done(&g->last);
    ys_str_done(&g->scratch);
    ys_free(g);
    s->stage = NULL;
}

void ys_store_stage_end(ys_store *s)
{
    if (s->stage == NULL)
        return;
    ys__stage_drop(s);
    static const char *const tables[] = {"ys_stage", "ys_bad", "ys_act"};
    for (int i = 0; i < 3; i++)
        if (ys__execf(s->db, NULL, NULL, "DROP TABLE IF EXISTS %s", tables[i]) != YS_OK)
            s->broken = true; /* committing will fail, and rolling back removes them */
}

/* Fields whose references are gathered while staging: often a few thousand areas in a million rows. */
static ys_status follow_refs(ys__stage *g, ys_diag *diag)
{
    for (int i = 0; i < g->field_count; i++) {
        bool text = g->cols[i]->type == YS_TEXT || g->cols[i]->type == YS_CODE;
        if (!text || g->cols[i]->secret || g->kind->fields[g->fields[i]].ref[0] == '\0')
            continue;
        g->refs[i] = ys_map_new(1024);
        if (g->refs[i] == NULL)
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

static bool may_be_masked(const ys_field *f)
{
    return f->sensitivity != YS_SENS_NONE && !f->key && (f->type == YS_TEXT || f->type == YS_CODE);
}

static ys_status pick_fields(ys__stage *g, const int *fields, int count, ys_diag *diag)
{
    size_t n = (size_t)(count > 0 ? count : 1);
    g->fields = ys_calloc(n, sizeof *g->fields);
    g->cols = ys_calloc(n, sizeof *g->cols);
    g->blank = ys_calloc(n, sizeof *g->blank);
    g->value = ys_calloc(n, sizeof *g->value);
    g->mask = ys_calloc(n, sizeof *g->mask);
    g->refs = ys_calloc(n, sizeof(ys_map *));
    g->key_count = ys__key_count(g->cat);
    g->key_cell = ys_calloc((size_t)g->key_count, sizeof *g->key_cell);
    if (g->fields == NULL || g->cols == NULL || g->blank == NULL || g->value == NULL || g->mask == NULL ||
        g->refs == NULL || g->key_cell == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < g->key_count; i++)
        g->key_cell[i] = -1;
    for (int i = 0; i < count; i++) {
        if (fields[i] < 0 || fields[i] >= g->kind->field_count)
            return ys_fail(diag, YS_EINTERNAL, "字段序号 %d 超出范围", "field index %d is out of range",
                           fields[i]);
        for (int j = 0; j < i; j++)
            if (fields[j] == fields[i])
                return ys_fail(diag, YS_EUSAGE, "字段“%s”给了两次", "field “%s” is given twice",
                               g->kind->fields[fields[i]].name);
        g->fields[i] = fields[i];
        g->cols[i] = ys__col_find(g->cat, g->kind->fields[fields[i]].name);
        g->mask[i] = may_be_masked(&g->kind->fields[fields[i]]);
        if (g->cols[i]->key > 0)
            g->key_cell[g->cols[i]->key - 1] = i;
    }
    g->field_count = count;
    YS_TRY(follow_refs(g, diag));
    for (int i = 0; i < g->key_count; i++)
        if (g->key_cell[i] < 0)
            return ys_fail(diag, YS_EUSAGE, "“%s”缺少主键字段", "a key field of “%s” is missing",
                           g->kind->name);
    return YS_OK;
}

static ys_status check_secrets(const ys_store *s, const ys__stage *g, ys_diag *diag)
{
    for (int i = 0; i < g->field_count; i++)
        if (g->cols[i]->secret)
            return ys__keys_need(s, diag);
    return YS_OK;
}

/* Columns of the stage: _n, _key, _source_row, blank marks _b0…, the fields as in the kind's table, then the masked
 * texts _mI of field I. */
static ys_status make_table(ys_store *s, ys__stage *g, ys_diag *diag)
{
    const ys__dialect *d = &s->db->ops->d;
    ys_str q = {0}, names = {0};
    int marks = (g->field_count + YS__BLANKS - 1) / YS__BLANKS, count = 3 + marks;
    ys_str_printf(&q, "CREATE TEMP TABLE ys_stage(_n %s PRIMARY KEY,_key %s,_source_row %s", d->t_int,
                  d->t_text, d->t_int);
    ys_str_puts(&names, "_n,_key,_source_row");
    for (int i = 0; i < marks; i++) {
        ys_str_printf(&q, ",_b%d %s", i, d->t_int);
        ys_str_printf(&names, ",_b%d", i);
    }
    for (int i = 0; i < g->field_count; i++) {
        const ys__col *c = g->cols[i];
        const char *text = c->type == YS_TEXT || c->type == YS_CODE ? d->t_text : d->t_int;
        const char *type = c->secret ? d->t_blob : c->type == YS_REAL ? d->t_real : text;
        ys_str_printf(&q, ",\"%s\" %s", c->name, type);
        ys_str_printf(&names, ",\"%s\"", c->name);
        if (c->secret) {
            ys_str_printf(&q, ",\"%s__bi\" %s,\"%s__h\" %s", c->name, d->t_blob, c->name, d->t_blob);
            ys_str_printf(&names, ",\"%s__bi\",\"%s__h\"", c->name, c->name);
        }
        count += c->secret ? 3 : 1;
    }
    for (int i = 0; i < g->field_count; i++) {
        if (!g->mask[i])
            continue;
        ys_str_printf(&q, ",_m%d %s", i, d->t_text);
        ys_str_printf(&names, ",_m%d", i);
        count++;
    }
    ys_str_puts(&q, ")");
    ys_status st = ys__exec_str(s->db, &q, NULL, diag);
    if (st == YS_OK && names.failed)
        st = ys_fail_nomem(diag);
    if (st == YS_OK)
        st = ys__db_insert(s->db, "ys_stage", ys_str_get(&names), count, &g->ins, diag);
    ys_str_done(&names);
    return st;
}

ys_status ys_store_stage_begin(ys_store *s, const ys_kind *kind, const int *fields, int field_count,
                               ys_diag *diag)
{
    YS_TRY(ys__need_tx(s, diag));
    if (s->stage != NULL)
        return ys_fail(diag, YS_EUSAGE, "上一批数据还没有结束", "another stage is open");
    ys__cat *cat = NULL;
    YS_TRY(ys__cat_of(s, kind, &cat, diag));
    ys__stage *g = ys_calloc(1, sizeof *g);
    if (g == NULL)
        return ys_fail_nomem(diag);
    s->stage = g;
    g->kind = kind;
    g->cat = cat;
    g->sorted = true;
    g->open = true;
    ys_status st = pick_fields(g, fields, field_count, diag);
    if (st == YS_OK)
        st = check_secrets(s, g, diag);
    if (st == YS_OK)
        st = make_table(s, g, diag);
    if (st != YS_OK)
        ys__stage_drop(s);
    return st;
}

/* ---- one row */

static ys_status key_of(ys__stage *g, const ys_cell *cells, ys_diag *diag)
{
    ys_str_clear(&g->key);
    for (int k = 0; k < g->key_count; k++) {
        int i = g->key_cell[k];
        const ys_cell *c = &cells[i];
        bool text = g->cols[i]->type == YS_TEXT || g->cols[i]->type == YS_CODE;
        if (c->state != YS_CELL_VALUE || (text ? c->t == NULL || c->t[0] == '\0' : ys_is_missing(c->i)))
            return ys_fail(diag, YS_EDATA, "主键字段“%s”没有值", "key field “%s” has no value",
                           g->cols[i]->name);
        if (k > 0)
            ys_str_putc(&g->key, YS__KEY_SEP);
        ys__text_of(g->cols[i]->type, c->i, 0, c->t, 0, &g->key);
        for (const char *p = text ? c->t : ""; *p != '\0'; p++)
            if ((unsigned char)*p < ' ')
                return ys_fail(diag, YS_EDATA, "主键字段“%s”含有控制字符",
                               "key field “%s” holds a control character", g->cols[i]->name);
    }
    if (g->key.failed)
        return ys_fail_nomem(diag);
    if (g->key.len > YS__KEY_MAX)
        return ys_fail(diag, YS_ELIMIT, "编号超过 %d 字节", "a key is longer than %d bytes", YS__KEY_MAX);
    return YS_OK;
}

static ys_status bind_secret(ys_store *s, const ys__col *col, int at, const char *text, ys_diag *diag)
{
    ys__stage *g = s->stage;
    const size_t n = strlen(text), box = ys__cipher_size(n);
    /* One row may hold several secrets, each bound by address until the step: they follow each other in scratch,
     * which was made large enough for the whole row. */
    unsigned char *p = (unsigned char *)g->scratch.data + g->scratch.len;
    if (g->scratch.len + box + YS__INDEX_BYTES + YS__HASH_BYTES > g->scratch.cap)
        return ys_fail(diag, YS_EINTERNAL, "暂存空间不足", "the scratch buffer is too small");
    ys__encrypt(s, text, n, p);
    ys__blind(s, col->name, text, p + box);
    ys__commitment(s, col->name, ys_str_get(&g->key), text, p + box + YS__INDEX_BYTES);
    ys__bind_blob(g->ins, at, p, box);
    ys__bind_blob(g->ins, at + 1, p + box, YS__INDEX_BYTES);
    ys__bind_blob(g->ins, at + 2, p + box + YS__INDEX_BYTES, YS__HASH_BYTES);
    g->scratch.len += box + YS__INDEX_BYTES + YS__HASH_BYTES;
    return YS_OK;
}

static ys_status bind_text(ys_store *s, const ys__col *col, int at, const char *text, ys_diag *diag)
{
    if (!ys_utf8_valid(text, strlen(text)))
        return ys_fail(diag, YS_EDATA, "字段“%s”不是合法的 UTF-8", "field “%s” is not valid UTF-8",
                       col->name);
    if (col->secret)
        return bind_secret(s, col, at, text, diag);
    ys__bind_text(s->stage->ins, at, text);
    return YS_OK;
}

static ys_status note_ref(ys__stage *g, int i, const char *text, ys_diag *diag)
{
    if (g->refs[i] == NULL)
        return YS_OK;
    if (ys_map_put(g->refs[i], text, 0, NULL) < 0)
        return ys_fail_nomem(diag);
    if (ys_map_count(g->refs[i]) > YS__REFS) {
        ys_map_free(g->refs[i]);
        g->refs[i] = NULL;
    }
    return YS_OK;
}

static ys_status bind_real(ys__stage *g, const ys__col *col, int at, const ys_cell *c, ys_diag *diag)
{
    if (c->state == YS_CELL_NOT_ASKED) {
        ys__bind_real(g->ins, at,
                      -INFINITY); /* NaN cannot be stored in SQLite; finite values never meet it */
        return YS_OK;
    }
    if (!isfinite(c->r))
        return ys_fail(diag, YS_EDATA, "字段“%s”不是有限的数", "field “%s” is not a finite number",
                       col->name);
    ys__bind_real(g->ins, at, c->r == 0 ? 0.0 : c->r); /* -0 would come back as 0 from SQLite */
    return YS_OK;
}

static bool is_na(const ys__col *col, const ys_cell *c)
{
    if (c->state == YS_CELL_BLANK || c->state == YS_CELL_NA || c->state == YS_CELL_MASKED)
        return true;
    if (c->state != YS_CELL_VALUE || col->type == YS_REAL)
        return false;
    return col->type == YS_TEXT || col->type == YS_CODE ? c->t == NULL : c->i == YS_NA;
}

static ys_status bind_cell(ys_store *s, int i, int at, const ys_cell *c, ys_diag *diag)
{
    ys__stage *g = s->stage;
    const ys__col *col = g->cols[i];
    if (is_na(col, c)) {
        for (int k = 0; k < (col->secret ? 3 : 1); k++)
            ys__bind_null(g->ins, at + k);
        return YS_OK;
    }
    g->value[i] = true;
    if (col->type == YS_REAL)
        return bind_real(g, col, at, c, diag);
    if (col->type == YS_TEXT || col->type == YS_CODE) {
        const char *text = c->state == YS_CELL_NOT_ASKED ? YS__NOT_ASKED : c->t;
        YS_TRY(note_ref(g, i, text, diag));
        return bind_text(s, col, at, text, diag);
    }
    ys__bind_int(g->ins, at, c->state == YS_CELL_NOT_ASKED ? YS_NOT_ASKED : c->i);
    return YS_OK;
}

static ys_status room_for_secrets(ys__stage *g, const ys_cell *cells, ys_diag *diag)
{
    size_t need = 0;
    for (int i = 0; i < g->field_count; i++)
        if (g->cols[i]->secret)
            need += ys__cipher_size(cells[i].t != NULL ? strlen(cells[i].t) + 16 : 16) + YS__INDEX_BYTES +
                    YS__HASH_BYTES;
    g->scratch.len = 0;
    if (need > 0 && !ys_grow(&g->scratch.data, &g->scratch.cap, need, 1))
        return ys_fail_nomem(diag);
    return YS_OK;
}

/* A masked cell is blank, and its text stands beside it until it has been compared. */
static ys_status bind_masks(ys__stage *g, const ys_cell *cells, int at, ys_diag *diag)
{
    for (int i = 0; i < g->field_count; i++) {
        bool masked = cells[i].state == YS_CELL_MASKED;
        if (masked && (!g->mask[i] || cells[i].t == NULL))
            return ys_fail(diag, YS_EDATA, "字段“%s”不能遮盖", "field “%s” cannot be masked",
                           g->cols[i]->name);
        if (!g->mask[i])
            continue;
        if (masked && !ys_utf8_valid(cells[i].t, strlen(cells[i].t)))
            return ys_fail(diag, YS_EDATA, "字段“%s”不是合法的 UTF-8", "field “%s” is not valid UTF-8",
                           g->cols[i]->name);
        if (masked)
            ys__bind_text(g->ins, at++, cells[i].t);
        else
            ys__bind_null(g->ins, at++);
        g->masked = g->masked || masked;
    }
    return YS_OK;
}

ys_status ys_store_stage_row(ys_store *s, const ys_cell *cells, int64_t source_row, ys_diag *diag)
{
    ys__stage *g = s->stage;
    if (g == NULL)
        return ys_fail(diag, YS_EUSAGE, "没有打开的批次", "no stage is open");
    YS_TRY(key_of(g, cells, diag));
    YS_TRY(room_for_secrets(g, cells, diag));
    int marks = (g->field_count + YS__BLANKS - 1) / YS__BLANKS, at = 4 + marks;
    for (int m = 0; m < marks; m++) {
        int64_t bits = 0;
        for (int i = m * YS__BLANKS; i < g->field_count && i < (m + 1) * YS__BLANKS; i++) {
            if (cells[i].state == YS_CELL_BLANK || cells[i].state == YS_CELL_MASKED) {
                bits |= (int64_t)1 << (i % YS__BLANKS);
                g->blank[i] = true;
            }
        }
        ys__bind_int(g->ins, 4 + m, bits);
    }
    for (int i = 0; i < g->field_count; i++) {
        YS_TRY(bind_cell(s, i, at, &cells[i], diag));
        at += g->cols[i]->secret ? 3 : 1;
    }
    YS_TRY(bind_masks(g, cells, at, diag));
    ys__bind_int(g->ins, 1, g->rows + 1);
    ys__bind_text(g->ins, 2, ys_str_get(&g->key));
    ys__bind_int(g->ins, 3, source_row);
    YS_TRY(ys__run(g->ins, diag));
    g->open = true;
    g->classified = false;
    if (g->rows++ > 0 && strcmp(ys_str_get(&g->last), ys_str_get(&g->key)) >= 0)
        g->sorted = false;
    ys_str t = g->last; /* the key just staged becomes the last one */
    g->last = g->key;
    g->key = t;
    return YS_OK;
}

ys_status ys__stage_flush(ys_store *s, ys_diag *diag)
{
    ys__stage *g = s->stage;
    if (!g->open)
        return YS_OK;
    YS_TRY(ys__end(g->ins, diag));
    if (s->db->ops->d.pg)
        YS_TRY(ys__exec(s->db, "ANALYZE ys_stage", diag));
    g->open = false;
    return YS_OK;
}

ys_status ys__stage_index(ys_store *s, ys_diag *diag)
{
    if (s->stage->indexed)
        return YS_OK;
    YS_TRY(ys__exec(s->db, "CREATE INDEX ys_stage_key ON ys_stage(_key,_n)", diag));
    s->stage->indexed = true;
    return YS_OK;
}
