/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/repeats.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/str.h"

struct ys__repeats {
    const ys_binding *b;
    ys_map *rows; /* key -> row of its first appearance */
    uint32_t *marks;
    size_t cap;
    ys_str key;
};

ys__repeats *ys__repeats_new(const ys_binding *b)
{
    ys__repeats *r = ys_calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->b = b;
    r->rows = ys_map_new(1024);
    if (r->rows == NULL) {
        ys_free(r);
        return NULL;
    }
    return r;
}

void ys__repeats_free(ys__repeats *r)
{
    if (r == NULL)
        return;
    ys_map_free(r->rows);
    ys_free(r->marks);
    ys_str_done(&r->key);
    ys_free(r);
}

/* FNV-1a; 0 is kept for blank. */
static uint32_t mark_of(const char *text)
{
    uint32_t h = 2166136261U;
    for (const char *p = text; *p != '\0'; p++)
        h = (h ^ (unsigned char)*p) * 16777619U;
    return text[0] == '\0' ? 0 : h != 0 ? h : 1;
}

static ys_status first_of_key(ys__repeats *r, const char *const *text, ys_diag *diag)
{
    size_t n = ys_map_count(r->rows), fields = (size_t)r->b->count;
    if (n > YS_LIMIT_MAPPED_RECORDS) {
        ys_diag_fix(diag, "把文件按地区分开，分别导入", "split the file by area and import the parts");
        return ys_fail(diag, YS_ELIMIT, "表里的%s超过 %d 个", "the table has more of %s than %d",
                       r->b->kind->name, (int)YS_LIMIT_MAPPED_RECORDS);
    }
    if (!ys_grow(&r->marks, &r->cap, n * fields, sizeof *r->marks))
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < fields; i++)
        r->marks[(n - 1) * fields + i] = mark_of(text[i]);
    return YS_OK;
}

ys_status ys__repeats_take(ys__repeats *r, const char *const *text, int64_t row, ys__repeat *ret_what,
                           int *ret_field, int64_t *ret_first, ys_diag *diag)
{
    bool fresh;
    ys_str_clear(&r->key);
    for (int i = 0; i < r->b->count; i++) {
        if (r->b->kind->fields[r->b->field[i]].key) {
            ys_str_puts(&r->key, text[i]);
            ys_str_putc(&r->key, '\x1f');
        }
    }
    int64_t slot = r->key.failed ? -1 : ys_map_putn(r->rows, r->key.data, r->key.len, row, &fresh);
    if (slot < 0)
        return ys_fail_nomem(diag);
    *ret_what = fresh ? YS_REPEAT_FRESH : YS_REPEAT_SAME;
    if (fresh)
        return first_of_key(r, text, diag);
    const uint32_t *marks = &r->marks[(size_t)slot * (size_t)r->b->count];
    for (int i = 0; i < r->b->count; i++) {
        uint32_t mark = mark_of(text[i]);
        if (mark == 0 || mark == marks[i])
            continue;
        *ret_what = YS_REPEAT_DIFFERS;
        *ret_field = i;
        *ret_first = ys_map_value(r->rows, slot);
        return YS_OK;
    }
    return YS_OK;
}
