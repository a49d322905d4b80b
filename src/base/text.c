/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#include "base/alloc.h"

bool ys_utf8_valid(const char *s, size_t n)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s, *end = p + n;
    while (p < end) {
        if (*p < 0x80) {
            p++;
            continue;
        }
        utf8proc_int32_t c;
        utf8proc_ssize_t k = utf8proc_iterate(p, end - p, &c);
        if (k <= 0)
            return false;
        p += k;
    }
    return true;
}

/* Next character; an invalid byte counts as one narrow character. */
static size_t step(const char *s, size_t left, int *ret_width)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)left, &c);
    if (k <= 0) {
        *ret_width = 1;
        return 1;
    }
    /* The status marks are "ambiguous"; CJK terminals disagree, we count one cell as utf8proc does. */
    *ret_width = utf8proc_charwidth(c);
    return (size_t)k;
}

int ys_text_width(const char *s)
{
    int total = 0, w;
    size_t left = strlen(s);
    while (left > 0) {
        size_t k = step(s, left, &w);
        total += w;
        s += k;
        left -= k;
    }
    return total;
}

size_t ys_text_cut(const char *s, int cells)
{
    size_t left = strlen(s), used = 0;
    int w;
    while (left > 0) {
        size_t k = step(s + used, left, &w);
        if (w > cells)
            break;
        cells -= w;
        used += k;
        left -= k;
    }
    return used;
}

/* Dropped in headers: separators that offices write or leave out at will. */
static bool header_noise(int32_t c)
{
    static const int32_t noise[] = {' ', '\t', '\n',   '\r',   '_',    '-',    ':',
                                    '*', '.',  0x00b7, 0x30fb, 0x2022, 0x3001, 0xfeff};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        if (noise[i] == c)
            return true;
    }
    return false;
}

bool ys_text_fold(const char *s, char *buf, size_t size)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_option_t how =
        UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
    if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &folded, how) < 0)
        return false;
    const utf8proc_uint8_t *p = folded;
    size_t n = 0, left = strlen((const char *)folded);
    int depth = 0;
    bool fits = size > 0;
    while (left > 0 && fits) {
        utf8proc_int32_t c;
        utf8proc_ssize_t k = utf8proc_iterate(p, (utf8proc_ssize_t)left, &c);
        if (k <= 0)
            break;
        if (c == '(' || c == '[')
            depth++;
        else if (c == ')' || c == ']')
            depth -= depth > 0;
        else if (depth == 0 && !header_noise(c)) {
            fits = n + (size_t)k < size;
            if (fits) {
                memcpy(buf + n, p, (size_t)k);
                n += (size_t)k;
            }
        }
        p += k;
        left -= (size_t)k;
    }
    if (fits)
        buf[n] = '\0';
    free(folded);
    return fits;
}

/* Length of a blank at `p`: ASCII white space, U+3000, U+00A0, U+FEFF; 0 if none. */
static size_t blank_at(const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
        return 2;
    if (left >= 3 && (memcmp(p, "\xe3\x80\x80", 3) == 0 || memcmp(p, "\xef\xbb\xbf", 3) == 0))
        return 3;
    return 0;
}

const char *ys_text_trim(const char *s, size_t n, size_t *ret_len)
{
    size_t k;
    while (n > 0 && (k = blank_at(s, n)) > 0) {
        s += k;
        n -= k;
    }
    for (bool again = true; again && n > 0;) {
        again = false;
        for (k = 1; k <= 3 && k <= n; k++) {
            if (blank_at(s + n - k, k) == k) {
                n -= k;
                again = true;
                break;
            }
        }
    }
    *ret_len = n;
    return s;
}

static char *mask_middle(const char *s, size_t head, size_t tail, char *buf, size_t size)
{
    size_t n = strlen(s);
    if (size == 0)
        return buf;
    if (n < head + tail + 2)
        head = tail = 0;
    size_t k = 0;
    for (size_t i = 0; i < n && k + 1 < size; i++)
        buf[k++] = i < head || i >= n - tail ? s[i] : '*';
    buf[k] = '\0';
    return buf;
}

char *ys_mask_id(const char *s, char *buf, size_t size)
{
    return mask_middle(s, 6, 4, buf, size);
}

char *ys_mask_phone(const char *s, char *buf, size_t size)
{
    return mask_middle(s, 3, 4, buf, size);
}

char *ys_mask_name(const char *s, char *buf, size_t size)
{
    size_t left = strlen(s), n = 0;
    int w;
    if (size == 0)
        return buf;
    for (bool first = true; left > 0; first = false) {
        size_t k = step(s, left, &w);
        if (first ? n + k < size : n + 1 < size) {
            memcpy(buf + n, first ? s : "*", first ? k : 1);
            n += first ? k : 1;
        }
        s += k;
        left -= k;
    }
    buf[n] = '\0';
    return buf;
}

bool ys_text_is_formula(const char *s)
{
    if (*s == '=' || *s == '@' || *s == '\t' || *s == '\r')
        return true;
    if (*s != '+' && *s != '-')
        return false;
    /* A signed number is no formula. */
    const char *p = s + 1;
    bool any = false;
    for (; (*p >= '0' && *p <= '9') || *p == '.' || *p == ','; p++)
        any = true;
    return !any || *p != '\0';
}
