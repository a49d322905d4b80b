/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_STR_H
#define YS_BASE_STR_H
/*
 * str.h - a growing string with a ceiling.
 *
 * `data` is always terminated once something was added; `len` excludes the terminator.  When memory is short
 * or the ceiling is met, the string stays as it was and `failed` is set: write many, check once.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct ys_str {
    char *data;
    size_t len, cap, limit; /* limit 0 = YS_LIMIT_STR */
    bool failed;
} ys_str;

void ys_str_done(ys_str *s);
void ys_str_clear(ys_str *s);
bool ys_str_add(ys_str *s, const char *bytes, size_t n);
bool ys_str_puts(ys_str *s, const char *text);
bool ys_str_putc(ys_str *s, char c);
bool ys_str_printf(ys_str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool ys_str_vprintf(ys_str *s, const char *fmt, va_list ap);
/* The text, never NULL. */
const char *ys_str_get(const ys_str *s);
/* Hands the buffer to the caller (free with ys_free), never NULL unless memory is short; `s` is empty after.
 */
char *ys_str_detach(ys_str *s);

/* Edits (a byte inserted, deleted or changed) from `a` to `b`; INT32_MAX where `b` has more than YS_EDIT_LENGTH bytes. */
#define YS_EDIT_LENGTH 160
int ys_edit_distance(const char *a, const char *b);

#endif
