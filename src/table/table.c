/* SPDX-License-Identifier: Apache-2.0 */
#include "yaoshi/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/num.h"

const char YS_TEXT_NOT_ASKED[] = "#未问";

typedef struct column {
    char *name;
    ys_type type;
    void *data;
    ys_map *dictionary; /* CODE only */
} column;

struct ys_table {
    char *name;
    column *columns;
    size_t count, columns_cap;
    int64_t rows, cap;
    ys_arena *texts;
};

/* NaNs that tell "no value" from "not asked": the payload survives copying, never arithmetic. */
static double real_of(uint64_t bits)
{
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

double ys_real_na(void)
{
    return real_of(0x7ff80000000007a1u);
}

double ys_real_not_asked(void)
{
    return real_of(0x7ff80000000007a2u);
}

bool ys_real_is_not_asked(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits == 0x7ff80000000007a2u;
}

static const char *const type_names[] = {"int", "money", "date", "bool", "real", "code", "text"};

const char *ys_type_name(ys_type t)
{
    return type_names[t];
}

bool ys_type_parse(const char *name, ys_type *ret_type)
{
    for (int i = 0; i <= YS_TEXT; i++) {
        if (strcmp(type_names[i], name) == 0) {
            *ret_type = (ys_type)i;
            return true;
        }
    }
    return false;
}

static size_t width_of(ys_type t)
{
    return t == YS_CODE ? sizeof(int32_t) : 8;
}

static void fill_missing(column *c, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++) {
        switch (c->type) {
        case YS_REAL:
            ((double *)c->data)[i] = ys_real_na();
            break;
        case YS_CODE:
            ((int32_t *)c->data)[i] = YS_CODE_NA;
            break;
        case YS_TEXT:
            ((const char **)c->data)[i] = NULL;
            break;
        default:
            ((int64_t *)c->data)[i] = YS_NA;
        }
    }
}

ys_table *ys_table_new(const char *name)
{
    ys_table *t = ys_calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->name = ys_strdup(name);
    t->texts = ys_arena_new(0);
    if (t->name == NULL || t->texts == NULL) {
        ys_table_free(t);
        return NULL;
    }
    return t;
}

void ys_table_free(ys_table *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->count; i++) {
        ys_free(t->columns[i].name);
        ys_free(t->columns[i].data);
        ys_map_free(t->columns[i].dictionary);
    }
    ys_free(t->columns);
    ys_arena_free(t->texts);
    ys_free(t->name);
    ys_free(t);
}

const char *ys_table_name(const ys_table *t)
{
    return t->name;
}

int64_t ys_table_rows(const ys_table *t)
{
    return t->rows;
}

int ys_table_columns(const ys_table *t)
{
    return (int)t->count;
}

int ys_table_find(const ys_table *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

int ys_table_add_column(ys_table *t, const char *name, ys_type type)
{
    if (ys_table_find(t, name) >= 0 || t->count >= YS_LIMIT_COLUMNS ||
        !ys_grow(&t->columns, &t->columns_cap, t->count + 1, sizeof *t->columns))
        return -1;
    column c = {.type = type, .name = ys_strdup(name)};
    c.data = ys_aligned((size_t)t->cap, width_of(type));
    if (type == YS_CODE)
        c.dictionary = ys_map_new(16);
    if (c.name == NULL || c.data == NULL || (type == YS_CODE && c.dictionary == NULL)) {
        ys_free(c.name);
        ys_free(c.data);
        ys_map_free(c.dictionary);
        return -1;
    }
    fill_missing(&c, 0, t->rows);
    t->columns[t->count] = c;
    return (int)t->count++;
}

const char *ys_table_column_name(const ys_table *t, int col)
{
    return t->columns[col].name;
}

ys_type ys_table_column_type(const ys_table *t, int col)
{
    return t->columns[col].type;
}

/* All columns first get new memory, then change over: a failure in between leaves the table as it was. */
static bool enlarge(ys_table *t, int64_t cap)
{
    void **fresh = ys_calloc(t->count, sizeof *fresh);
    if (fresh == NULL)
        return false;
    bool ok = true;
    for (size_t i = 0; i < t->count && ok; i++) {
        fresh[i] = ys_aligned((size_t)cap, width_of(t->columns[i].type));
        ok = fresh[i] != NULL;
    }
    for (size_t i = 0; i < t->count; i++) {
        if (!ok) {
            ys_free(fresh[i]);
            continue;
        }
        column *c = &t->columns[i];
        memcpy(fresh[i], c->data, (size_t)t->rows * width_of(c->type));
        ys_free(c->data);
        c->data = fresh[i];
    }
    ys_free(fresh);
    if (ok)
        t->cap = cap;
    return ok;
}

bool ys_table_grow(ys_table *t, int64_t n)
{
    int64_t need = t->rows + n;
    if (n < 0 || need > INT32_MAX)
        return false;
    if (need > t->cap) {
        int64_t cap = t->cap * 2 > need ? t->cap * 2 : need;
        if (cap < 64)
            cap = 64;
        if (!enlarge(t, cap))
            return false;
    }
    for (size_t i = 0; i < t->count; i++)
        fill_missing(&t->columns[i], t->rows, need);
    t->rows = need;
    return true;
}

static bool holds_ints(ys_type t)
{
    return t <= YS_BOOL;
}

int64_t *ys_table_ints(ys_table *t, int col)
{
    return holds_ints(t->columns[col].type) ? t->columns[col].data : NULL;
}

double *ys_table_reals(ys_table *t, int col)
{
    return t->columns[col].type == YS_REAL ? t->columns[col].data : NULL;
}

int32_t *ys_table_codes(ys_table *t, int col)
{
    return t->columns[col].type == YS_CODE ? t->columns[col].data : NULL;
}

const char **ys_table_texts(ys_table *t, int col)
{
    return t->columns[col].type == YS_TEXT ? t->columns[col].data : NULL;
}

enum { NO_CODE = -3 };

int32_t ys_table_code(ys_table *t, int col, const char *text)
{
    if (text == NULL)
        return YS_CODE_NA;
    if (text == YS_TEXT_NOT_ASKED)
        return YS_CODE_NOT_ASKED;
    int64_t slot = ys_map_put(t->columns[col].dictionary, text, 0, NULL);
    return slot >= 0 ? (int32_t)slot : NO_CODE;
}

int32_t ys_table_code_find(const ys_table *t, int col, const char *text)
{
    int64_t slot = ys_map_find(t->columns[col].dictionary, text);
    return slot >= 0 ? (int32_t)slot : NO_CODE;
}

const char *ys_table_code_text(const ys_table *t, int col, int32_t code)
{
    return code >= 0 ? ys_map_key(t->columns[col].dictionary, code) : NULL;
}

int32_t ys_table_code_count(const ys_table *t, int col)
{
    return (int32_t)ys_map_count(t->columns[col].dictionary);
}

bool ys_table_set_int(ys_table *t, int col, int64_t row, int64_t v)
{
    if (!holds_ints(t->columns[col].type))
        return false;
    ((int64_t *)t->columns[col].data)[row] = v;
    return true;
}

bool ys_table_set_real(ys_table *t, int col, int64_t row, double v)
{
    if (t->columns[col].type != YS_REAL)
        return false;
    ((double *)t->columns[col].data)[row] = v;
    return true;
}

bool ys_table_set_text(ys_table *t, int col, int64_t row, const char *text)
{
    column *c = &t->columns[col];
    if (c->type == YS_CODE) {
        int32_t code = ys_table_code(t, col, text);
        if (code == NO_CODE)
            return false;
        ((int32_t *)c->data)[row] = code;
        return true;
    }
    if (c->type != YS_TEXT)
        return false;
    const char *copy = text;
    if (text != NULL && text != YS_TEXT_NOT_ASKED) {
        copy = ys_arena_strdup(t->texts, text);
        if (copy == NULL)
            return false;
    }
    ((const char **)c->data)[row] = copy;
    return true;
}

int64_t ys_table_get_int(const ys_table *t, int col, int64_t row)
{
    return holds_ints(t->columns[col].type) ? ((const int64_t *)t->columns[col].data)[row] : YS_NA;
}

double ys_table_get_real(const ys_table *t, int col, int64_t row)
{
    const column *c = &t->columns[col];
    if (c->type == YS_REAL)
        return ((const double *)c->data)[row];
    int64_t v = ys_table_get_int(t, col, row);
    return ys_is_missing(v) ? ys_real_na() : (double)v;
}

const char *ys_table_get_text(const ys_table *t, int col, int64_t row)
{
    const column *c = &t->columns[col];
    if (c->type == YS_CODE)
        return ys_table_code_text(t, col, ((const int32_t *)c->data)[row]);
    if (c->type != YS_TEXT)
        return NULL;
    const char *text = ((const char *const *)c->data)[row];
    return text != YS_TEXT_NOT_ASKED ? text : NULL;
}

bool ys_table_missing(const ys_table *t, int col, int64_t row)
{
    switch (t->columns[col].type) {
    case YS_REAL:
        return isnan(((const double *)t->columns[col].data)[row]);
    case YS_CODE:
    case YS_TEXT:
        return ys_table_get_text(t, col, row) == NULL;
    default:
        return ys_is_missing(ys_table_get_int(t, col, row));
    }
}

const char *ys_table_format(const ys_table *t, int col, int64_t row, int digits, char *buf, size_t size)
{
    if (ys_table_missing(t, col, row))
        return "";
    switch (t->columns[col].type) {
    case YS_REAL:
        return ys_format_real(ys_table_get_real(t, col, row), buf, size);
    case YS_MONEY:
        return ys_format_money(ys_table_get_int(t, col, row), digits, buf, size);
    case YS_DATE:
        return ys_format_date((int32_t)ys_table_get_int(t, col, row), buf, size);
    case YS_CODE:
    case YS_TEXT:
        return ys_table_get_text(t, col, row);
    default:
        return ys_format_money(ys_table_get_int(t, col, row), 0, buf, size);
    }
}
