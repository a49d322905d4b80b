/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/mapping_rows.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/num.h"
#include "base/str.h"
#include "base/text.h"
#include "registry/mapping_number.h"

/* What is kept of a key under `dedupe` and `sum`. */
typedef struct entry {
    int64_t row;       /* where the key came first */
    const char **text; /* by field */
    ys__number *sum;   /* by field, NULL without `sum` */
} entry;

struct ys__mapped {
    const ys_mapping_record *r;
    int digits;
    const char *const *cells; /* of the row */
    int cell_count;
    int64_t row, at, times; /* repetitions done and wanted; times -1: not known yet */
    ys_arena *scratch;      /* texts of the record at work */
    const char **text;
    ys__number *number; /* of fields that are scaled, summed or rounded */
    ys_map *slots;      /* key -> entry */
    ys_arena *kept;
    entry *entries;
    size_t entry_cap;
    ys_str key;
    int64_t rest;
    ys_diag fault;
};

void ys__mapped_free(ys__mapped *m)
{
    if (m == NULL)
        return;
    ys_arena_free(m->scratch);
    ys_arena_free(m->kept);
    ys_map_free(m->slots);
    ys_str_done(&m->key);
    ys_free(m->entries);
    ys_free(m->text);
    ys_free(m->number);
    ys_free(m);
}

ys_status ys__mapped_new(const ys_mapping_record *record, int digits, ys__mapped **ret_mapped, ys_diag *diag)
{
    ys__mapped *m = ys_calloc(1, sizeof *m);
    if (m == NULL)
        return ys_fail_nomem(diag);
    m->r = record;
    m->digits = digits;
    m->scratch = ys_arena_new(YS_LIMIT_CSV_RECORD * 4);
    m->kept = ys_arena_new(YS_LIMIT_MAPPED_BYTES);
    m->slots = ys_map_new(1024);
    m->text = ys_calloc((size_t)record->field_count, sizeof *m->text);
    m->number = ys_calloc((size_t)record->field_count, sizeof *m->number);
    if (m->scratch == NULL || m->kept == NULL || m->slots == NULL || m->text == NULL || m->number == NULL) {
        ys__mapped_free(m);
        return ys_fail_nomem(diag);
    }
    *ret_mapped = m;
    return YS_OK;
}

static const ys_field *field_of(const ys__mapped *m, int i)
{
    return &m->r->kind->fields[m->r->fields[i].field];
}

/* ---- faults of a row: told to the caller as a record without texts ---- */

static bool fault(ys__mapped *m, int column, const char *header, const char *value)
{
    ys_diag_where(&m->fault, NULL, NULL, m->row, column + 1, header);
    ys_diag_value(&m->fault, value);
    return false;
}

static bool not_a_number(ys__mapped *m, int column, const char *header, const char *value)
{
    ys_diag_fix(&m->fault, "改正表中的数，或在映射文件的 values 或 skip 中说明这个写法",
                "mend the number in the table, or name this text under values or skip in the mapping");
    ys_fail(&m->fault, YS_EDATA, "映射文件要在这里算数，这不是数字",
            "the mapping calculates here, and this is no number");
    return fault(m, column, header, value);
}

/* ---- texts ---- */

/* The trimmed text of a column; NULL when memory is short. */
static const char *cell_text(ys__mapped *m, int column)
{
    const char *raw = column < m->cell_count ? m->cells[column] : "";
    size_t n;
    const char *start = ys_text_trim(raw, strlen(raw), &n);
    return ys_arena_strndup(m->scratch, start, n);
}

static const char *joined(ys__mapped *m, const ys_mapping_field *f)
{
    ys_str s = {0};
    for (int i = 0; i < f->from.count; i++) {
        const char *part = f->from.column[i] == YS_MAPPING_NUMBER ? NULL : cell_text(m, f->from.column[i]);
        if (i > 0 && f->with != NULL)
            ys_str_puts(&s, f->with);
        if (part != NULL)
            ys_str_puts(&s, part);
        else if (f->from.column[i] == YS_MAPPING_NUMBER)
            ys_str_printf(&s, "%lld", (long long)m->at);
        else
            s.failed = true;
    }
    const char *text = s.failed ? NULL : ys_arena_strdup(m->scratch, ys_str_get(&s));
    ys_str_done(&s);
    return text;
}

static const char *translated(const ys_mapping_field *f, const char *text)
{
    for (int i = 0; i < f->value_count; i++) {
        if (strcmp(f->value[i], text) == 0)
            return f->to[i];
    }
    return text;
}

static ys_status take_texts(ys__mapped *m, ys_diag *diag)
{
    for (int i = 0; i < m->r->field_count; i++) {
        const ys_mapping_field *f = &m->r->fields[i];
        m->text[i] = f->constant != NULL ? f->constant : joined(m, f);
        if (m->text[i] == NULL)
            return ys_fail_nomem(diag);
        m->text[i] = translated(f, m->text[i]);
    }
    return YS_OK;
}

/* ---- numbers ---- */

/* Multiplies (or divides) by every column of `c`; false: a fault was put down. */
static bool apply(ys__mapped *m, const ys_mapping_columns *c, bool divide, double *v)
{
    for (int i = 0; i < c->count; i++) {
        double by;
        const char *text = c->column[i] < m->cell_count ? m->cells[c->column[i]] : "";
        if (!ys_parse_real(text, &by) || (divide && by == 0))
            return not_a_number(m, c->column[i], c->header[i], text);
        *v = divide ? *v / by : *v * by;
    }
    return true;
}

static bool scale(ys__mapped *m, const ys_mapping_field *f, ys__number *n, ys_type type)
{
    double v = ys__number_real(n, type, m->digits);
    if (!apply(m, &f->times, false, &v) || !apply(m, &f->over, true, &v))
        return false;
    n->real = v * f->factor;
    n->exact = false;
    return true;
}

/* Rounds and puts the number's text in place; false: a fault was put down. */
static ys_status settle(ys__mapped *m, int i, bool *ret_good, ys_diag *diag)
{
    const ys_mapping_field *f = &m->r->fields[i];
    ys__number *n = &m->number[i];
    char text[48];
    *ret_good = true;
    if (n->missing)
        return YS_OK;
    if ((f->round && !ys__number_round(n, m->digits)) || (!n->exact && !isfinite(n->real))) {
        ys_fail(&m->fault, YS_EDATA, "算出的数超出范围", "the result is out of range");
        *ret_good = fault(m, -1, f->name, NULL);
        return YS_OK;
    }
    m->text[i] =
        ys_arena_strdup(m->scratch, ys__number_format(n, field_of(m, i)->type, m->digits, text, sizeof text));
    return m->text[i] != NULL ? YS_OK : ys_fail_nomem(diag);
}

static ys_status calculate(ys__mapped *m, bool *ret_good, ys_diag *diag)
{
    *ret_good = true;
    for (int i = 0; i < m->r->field_count && *ret_good; i++) {
        const ys_mapping_field *f = &m->r->fields[i];
        ys__number *n = &m->number[i];
        ys_type type = field_of(m, i)->type;
        if (!f->scaled && !f->sum && !f->round)
            continue;
        if (!ys__number_parse(m->text[i], type, m->digits, n))
            *ret_good = not_a_number(m, f->from.count > 0 ? f->from.column[0] : -1,
                                     f->from.count > 0 ? f->from.header[0] : f->name, m->text[i]);
        else if (f->scaled && !n->missing)
            *ret_good = scale(m, f, n, type);
        if (*ret_good && !f->sum)
            YS_TRY(settle(m, i, ret_good, diag));
    }
    return YS_OK;
}

/* ---- the same key in many rows ---- */

static ys_status key_of(ys__mapped *m, ys_diag *diag)
{
    ys_str_clear(&m->key);
    for (int i = 0; i < m->r->field_count; i++) {
        if (field_of(m, i)->key) {
            ys_str_puts(&m->key, m->text[i]);
            ys_str_putc(&m->key, '\x1f');
        }
    }
    return m->key.failed ? ys_fail_nomem(diag) : YS_OK;
}

static ys_status too_many(ys_diag *diag)
{
    ys_diag_fix(diag, "把文件按地区分开，分别导入", "split the file by area and import the parts");
    return ys_fail(diag, YS_ELIMIT, "dedupe 或 sum 的记录超过 %d 条或 %d MB",
                   "more than %d records (or %d MB) under dedupe or sum", (int)YS_LIMIT_MAPPED_RECORDS,
                   (int)(YS_LIMIT_MAPPED_BYTES >> 20));
}

static ys_status add_entry(ys__mapped *m, ys_diag *diag)
{
    int fields = m->r->field_count;
    size_t n = ys_map_count(m->slots) - 1; /* the slot is there already */
    if (n >= YS_LIMIT_MAPPED_RECORDS)
        return too_many(diag);
    if (!ys_grow(&m->entries, &m->entry_cap, n + 1, sizeof *m->entries))
        return ys_fail_nomem(diag);
    entry e = {.row = m->row, .text = ys_arena_alloc(m->kept, (size_t)fields, sizeof *e.text)};
    if (m->r->sums)
        e.sum = ys_arena_alloc(m->kept, (size_t)fields, sizeof *e.sum);
    if (e.text == NULL || (m->r->sums && e.sum == NULL))
        return too_many(diag);
    for (int i = 0; i < fields; i++) {
        e.text[i] = m->r->fields[i].constant != NULL ? m->text[i] : ys_arena_strdup(m->kept, m->text[i]);
        if (e.text[i] == NULL)
            return too_many(diag);
        if (e.sum != NULL)
            e.sum[i] = m->number[i];
    }
    m->entries[n] = e;
    return YS_OK;
}

/* Holds the record against the one its key had before; false: they do not agree. */
static bool agree(ys__mapped *m, const entry *e)
{
    for (int i = 0; i < m->r->field_count; i++) {
        const ys_mapping_field *f = &m->r->fields[i];
        if (f->sum || strcmp(e->text[i], m->text[i]) == 0)
            continue;
        bool secret = field_of(m, i)->sensitivity != YS_SENS_NONE;
        ys_diag_fix(&m->fault, "同一主键的各行在这一列应相同；改正其中一行",
                    "rows with the same key must agree in this column; mend one of them");
        ys_fail(&m->fault, YS_EDATA, "与第 %lld 行同一主键，此列却不同（那里是“%s”）",
                "same key as row %lld, but this column differs (\"%s\" there)", (long long)e->row,
                secret ? "***" : e->text[i]);
        return fault(m, f->from.count > 0 ? f->from.column[0] : -1,
                     f->from.count > 0 ? f->from.header[0] : f->name, secret ? "***" : m->text[i]);
    }
    return true;
}

static bool add_up(ys__mapped *m, entry *e)
{
    for (int i = 0; i < m->r->field_count; i++) {
        if (!m->r->fields[i].sum ||
            ys__number_add(&e->sum[i], &m->number[i], field_of(m, i)->type, m->digits))
            continue;
        ys_fail(&m->fault, YS_EDATA, "合计超出范围", "the sum is out of range");
        return fault(m, -1, m->r->fields[i].name, m->text[i]);
    }
    return true;
}

/* `ret_emit`: the record goes out now (the first of its key under `dedupe`); a fault may be put down instead. */
static ys_status keep(ys__mapped *m, bool *ret_good, bool *ret_emit, ys_diag *diag)
{
    bool fresh;
    YS_TRY(key_of(m, diag));
    int64_t slot = ys_map_putn(m->slots, m->key.data, m->key.len, 0, &fresh);
    if (slot < 0)
        return ys_fail_nomem(diag);
    *ret_emit = fresh && !m->r->sums;
    if (fresh)
        return add_entry(m, diag);
    *ret_good = agree(m, &m->entries[slot]) && (!m->r->sums || add_up(m, &m->entries[slot]));
    return YS_OK;
}

/* ---- rows ---- */

static bool skipped(ys__mapped *m, bool *ret_failed)
{
    for (int i = 0; i < m->r->skip_count; i++) {
        const ys_mapping_skip *s = &m->r->skips[i];
        const char *text = cell_text(m, s->column.column[0]);
        if (text == NULL) {
            *ret_failed = true;
            return false;
        }
        for (int k = 0; k < s->count; k++) {
            if (strcmp(text, s->text[k]) == 0)
                return true;
        }
    }
    return false;
}

void ys__mapped_row(ys__mapped *m, const char *const *cells, int n, int64_t row)
{
    m->cells = cells;
    m->cell_count = n;
    m->row = row;
    m->at = 0;
    m->times = -1;
}

/* How many records the row gives; false: a fault was put down. */
static ys_status count_times(ys__mapped *m, bool *ret_good, ys_diag *diag)
{
    const ys_mapping_columns *c = &m->r->repeat;
    bool failed = false;
    *ret_good = true;
    m->times = skipped(m, &failed) ? 0 : 1;
    if (failed)
        return ys_fail_nomem(diag);
    if (m->times == 0 || c->count == 0)
        return YS_OK;
    const char *text = c->column[0] < m->cell_count ? m->cells[c->column[0]] : "";
    int64_t times;
    if (ys_parse_int(text, &times) && times >= 0 && times <= YS_LIMIT_MAPPED_REPEAT) {
        m->times = times;
        return YS_OK;
    }
    m->times = 0;
    ys_diag_fix(&m->fault, "写上个数，没有则写 0", "write the number, 0 for none");
    ys_fail(&m->fault, YS_EDATA, "映射文件按这一列重复，应为 0 到 %d 的整数",
            "the mapping repeats by this column: 0 to %d is wanted", YS_LIMIT_MAPPED_REPEAT);
    *ret_good = fault(m, c->column[0], c->header[0], text);
    return YS_OK;
}

static void hand_out(ys__mapped *m, bool good, int64_t row, ys_record *ret)
{
    *ret = (ys_record){.text = good ? m->text : NULL, .row = row, .fault = good ? NULL : &m->fault};
}

ys_status ys__mapped_next(ys__mapped *m, ys_record *ret_record, bool *ret_any, ys_diag *diag)
{
    bool good = true, emit = true;
    *ret_any = false;
    m->fault = (ys_diag){0};
    ys_arena_clear(m->scratch);
    if (m->times < 0) {
        YS_TRY(count_times(m, &good, diag));
        if (!good) {
            *ret_any = true;
            hand_out(m, false, m->row, ret_record);
            return YS_OK;
        }
    }
    while (m->at < m->times) {
        m->at++;
        YS_TRY(take_texts(m, diag));
        YS_TRY(calculate(m, &good, diag));
        if (good && (m->r->dedupe || m->r->sums))
            YS_TRY(keep(m, &good, &emit, diag));
        if (!good || emit) {
            *ret_any = true;
            hand_out(m, good, m->row, ret_record);
            return YS_OK;
        }
        ys_arena_clear(m->scratch);
    }
    return YS_OK;
}

ys_status ys__mapped_rest(ys__mapped *m, ys_record *ret_record, bool *ret_any, ys_diag *diag)
{
    bool good = true;
    *ret_any = m->r->sums && m->rest < (int64_t)ys_map_count(m->slots);
    if (!*ret_any)
        return YS_OK;
    const entry *e = &m->entries[m->rest++];
    m->fault = (ys_diag){0};
    m->row = e->row;
    ys_arena_clear(m->scratch);
    for (int i = 0; i < m->r->field_count; i++) {
        m->text[i] = e->text[i];
        m->number[i] = e->sum[i];
        if (good && m->r->fields[i].sum)
            YS_TRY(settle(m, i, &good, diag));
    }
    hand_out(m, good, e->row, ret_record);
    return YS_OK;
}
