/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"

void ys_str_done(ys_str *s)
{
    ys_free(s->data);
    *s = (ys_str){.limit = s->limit};
}

void ys_str_clear(ys_str *s)
{
    s->len = 0;
    s->failed = false;
    if (s->data != NULL)
        s->data[0] = '\0';
}

static bool reserve(ys_str *s, size_t more)
{
    size_t limit = s->limit != 0 ? s->limit : YS_LIMIT_STR;
    if (s->failed || more > limit || s->len > limit - more ||
        !ys_grow(&s->data, &s->cap, s->len + more + 1, 1)) {
        s->failed = true;
        return false;
    }
    return true;
}

bool ys_str_add(ys_str *s, const char *bytes, size_t n)
{
    if (!reserve(s, n))
        return false;
    if (n != 0)
        memcpy(s->data + s->len, bytes, n);
    s->len += n;
    s->data[s->len] = '\0';
    return true;
}

bool ys_str_puts(ys_str *s, const char *text)
{
    return ys_str_add(s, text, strlen(text));
}

bool ys_str_putc(ys_str *s, char c)
{
    return ys_str_add(s, &c, 1);
}

bool ys_str_vprintf(ys_str *s, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0 || !reserve(s, (size_t)n)) {
        s->failed = true;
        return false;
    }
    vsnprintf(s->data + s->len, (size_t)n + 1, fmt, ap);
    s->len += (size_t)n;
    return true;
}

bool ys_str_printf(ys_str *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    bool ok = ys_str_vprintf(s, fmt, ap);
    va_end(ap);
    return ok;
}

const char *ys_str_get(const ys_str *s)
{
    return s->data != NULL ? s->data : "";
}

char *ys_str_detach(ys_str *s)
{
    char *data = s->data != NULL ? s->data : ys_strdup("");
    s->data = NULL;
    ys_str_done(s);
    return data;
}

int ys_edit_distance(const char *a, const char *b)
{
    int row[YS_EDIT_LENGTH + 1];
    size_t m = strlen(b);
    if (m > YS_EDIT_LENGTH)
        return INT32_MAX;
    for (size_t j = 0; j <= m; j++)
        row[j] = (int)j;
    for (int i = 1; a[i - 1] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            int change = diagonal + (a[i - 1] != b[j - 1]);
            int other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < other ? change : other;
        }
    }
    return row[m];
}
