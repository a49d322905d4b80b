/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <math.h>
#include <string.h>

#include <utf8proc.h>

#include "base/num.h"

void ys_json_init(ys_json *j, ys_out out, bool pretty)
{
    *j = (ys_json){.out = out, .pretty = pretty};
}

static void put(ys_json *j, const char *bytes, size_t n)
{
    if (!j->failed && !ys_out_write(j->out, bytes, n))
        j->failed = true;
}

static void puts_(ys_json *j, const char *text)
{
    put(j, text, strlen(text));
}

static void newline(ys_json *j)
{
    if (!j->pretty)
        return;
    puts_(j, "\n");
    for (int i = 0; i < j->depth; i++)
        puts_(j, "  ");
}

static void put_escape(ys_json *j, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char text[7] = {'\\', 0, 0, 0, 0, 0, 0};
    switch (c) {
    case '"':
    case '\\':
        text[1] = (char)c;
        break;
    case '\n':
        text[1] = 'n';
        break;
    case '\t':
        text[1] = 't';
        break;
    case '\r':
        text[1] = 'r';
        break;
    default:
        memcpy(text + 1, "u00", 3);
        text[4] = hex[c >> 4];
        text[5] = hex[c & 15];
    }
    puts_(j, text);
}

static void put_string(ys_json *j, const char *s)
{
    const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
    utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(s);
    puts_(j, "\"");
    while (left > 0) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate(p, left, &c);
        if (n <= 0) {
            puts_(j, "\xef\xbf\xbd");
            n = 1;
        } else if (c < 0x20 || c == '"' || c == '\\') {
            put_escape(j, (unsigned char)c);
        } else {
            put(j, (const char *)p, (size_t)n);
        }
        p += n;
        left -= n;
    }
    puts_(j, "\"");
}

/* Comma, line and key before a value. */
static void lead_in(ys_json *j, const char *key)
{
    if (j->depth == 0) {
        if (key != NULL)
            j->failed = true;
        return;
    }
    bool object = j->stack[j->depth - 1].kind == '{';
    if (object != (key != NULL)) {
        j->failed = true;
        return;
    }
    if (j->stack[j->depth - 1].any)
        puts_(j, ",");
    j->stack[j->depth - 1].any = true;
    newline(j);
    if (key != NULL) {
        put_string(j, key);
        puts_(j, j->pretty ? ": " : ":");
    }
}

static void open_(ys_json *j, const char *key, char kind)
{
    lead_in(j, key);
    if (j->depth == YS_JSON_DEPTH) {
        j->failed = true;
        return;
    }
    put(j, &kind, 1);
    j->stack[j->depth].kind = kind;
    j->stack[j->depth].any = false;
    j->depth++;
}

void ys_json_object(ys_json *j, const char *key)
{
    open_(j, key, '{');
}

void ys_json_array(ys_json *j, const char *key)
{
    open_(j, key, '[');
}

void ys_json_end(ys_json *j)
{
    if (j->depth == 0) {
        j->failed = true;
        return;
    }
    j->depth--;
    if (j->stack[j->depth].any)
        newline(j);
    puts_(j, j->stack[j->depth].kind == '{' ? "}" : "]");
}

void ys_json_text(ys_json *j, const char *key, const char *value)
{
    lead_in(j, key);
    if (value == NULL)
        puts_(j, "null");
    else
        put_string(j, value);
}

static void raw(ys_json *j, const char *key, const char *text)
{
    lead_in(j, key);
    puts_(j, text);
}

void ys_json_int(ys_json *j, const char *key, int64_t value)
{
    char buf[32];
    snprintf(buf, sizeof buf, "%lld", (long long)value);
    raw(j, key, buf);
}

void ys_json_real(ys_json *j, const char *key, double value)
{
    char buf[40];
    raw(j, key, ys_format_real(value, buf, sizeof buf));
}

void ys_json_bool(ys_json *j, const char *key, bool value)
{
    raw(j, key, value ? "true" : "false");
}

void ys_json_null(ys_json *j, const char *key)
{
    raw(j, key, "null");
}

void ys_json_money(ys_json *j, const char *key, int64_t minor, int digits)
{
    char buf[40];
    raw(j, key, ys_format_money(minor, digits, buf, sizeof buf));
}

bool ys_json_finish(ys_json *j)
{
    if (j->depth != 0)
        j->failed = true;
    if (j->pretty)
        puts_(j, "\n");
    return !j->failed;
}
