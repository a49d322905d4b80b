/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_OUT_H
#define YS_BASE_OUT_H
/*
 * out.h - a sink for bytes: a FILE, a ys_str, or anything with a write function.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "base/str.h"

typedef struct ys_out {
    bool (*write)(void *to, const char *bytes, size_t n); /* false: could not write */
    void *to;
} ys_out;

ys_out ys_out_file(FILE *f);  /* borrows */
ys_out ys_out_str(ys_str *s); /* borrows */
bool ys_out_write(ys_out o, const char *bytes, size_t n);
bool ys_out_puts(ys_out o, const char *text);
bool ys_out_printf(ys_out o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Escaped for XML/HTML text and attributes; characters XML forbids become U+FFFD. */
bool ys_out_xml(ys_out o, const char *text);

#endif
