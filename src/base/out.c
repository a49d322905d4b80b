/* SPDX-License-Identifier: Apache-2.0 */
#include "base/out.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

static bool write_file(void *to, const char *bytes, size_t n)
{
    return fwrite(bytes, 1, n, to) == n;
}

static bool write_str(void *to, const char *bytes, size_t n)
{
    return ys_str_add(to, bytes, n);
}

ys_out ys_out_file(FILE *f)
{
    return (ys_out){write_file, f};
}

ys_out ys_out_str(ys_str *s)
{
    return (ys_out){write_str, s};
}

bool ys_out_write(ys_out o, const char *bytes, size_t n)
{
    return n == 0 || o.write(o.to, bytes, n);
}

bool ys_out_puts(ys_out o, const char *text)
{
    return ys_out_write(o, text, strlen(text));
}

bool ys_out_printf(ys_out o, const char *fmt, ...)
{
    ys_str s = {0};
    va_list ap;
    va_start(ap, fmt);
    bool ok = ys_str_vprintf(&s, fmt, ap) && ys_out_write(o, s.data, s.len);
    va_end(ap);
    ys_str_done(&s);
    return ok;
}

/* The XML form of one character: an entity, U+FFFD where XML 1.0 forbids it, or NULL for "as it is". */
static const char *xml_form(int32_t c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default:
        return c < 0x20 || c == 0xfffe || c == 0xffff ? "\xef\xbf\xbd" : NULL;
    }
}

bool ys_out_xml(ys_out o, const char *text)
{
    const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)text;
    utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(text);
    while (left > 0) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate(s, left, &c);
        const char *form = n <= 0 ? "\xef\xbf\xbd" : xml_form(c);
        if (n <= 0)
            n = 1;
        if (form != NULL ? !ys_out_puts(o, form) : !ys_out_write(o, (const char *)s, (size_t)n))
            return false;
        s += n;
        left -= n;
    }
    return true;
}
