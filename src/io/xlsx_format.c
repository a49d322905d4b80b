/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Number formats.  Built-in numbers: ECMA-376 part 1, 18.8.30 (numFmt), with the East Asian ones 27-36 and 50-58, of
 * which 34, 35, 55 and 56 are times in zh-CN and dates in ja-JP: there the value decides.
 */
#include <math.h>
#include "base/num.h"
#include "io/xlsx_internal.h"

enum { DATE = YS__FORMAT_DATE, TIME = YS__FORMAT_TIME, ELAPSED = YS__FORMAT_ELAPSED };

ys__format ys__format_builtin(int64_t id)
{
    static const struct {
        int16_t from, to;
        uint8_t kind;
    } list[] = {
        {14, 17, DATE},           {18, 21, TIME}, {22, 22, DATE | TIME}, {27, 31, DATE},
        {32, 33, TIME},           {36, 36, DATE}, {34, 35, DATE | TIME}, {45, 45, TIME},
        {46, 46, TIME | ELAPSED}, {47, 47, TIME}, {50, 54, DATE},        {55, 56, DATE | TIME},
        {57, 58, DATE},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (id >= list[i].from && id <= list[i].to)
            return (ys__format){list[i].kind, 0};
    return (ys__format){0, 0};
}

/* Skips what is shown as it stands: "…", \x, _x, *x. Returns the next character that means something. */
static const char *skip_literal(const char *p)
{
    while (*p) {
        if (*p == '"') {
            const char *q = strchr(p + 1, '"');
            p = q ? q + 1 : p + strlen(p);
        } else if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
            p += 2;
        } else {
            break;
        }
    }
    return p;
}

ys__format ys__format_parse(const char *code)
{
    ys__format f = {0, 0};
    size_t zeros = strspn(code, "0");
    if (zeros >= 2 && code[zeros] == '\0') {
        f.zeros = zeros < 64 ? (uint8_t)zeros : 64;
        return f;
    }
    bool minutes = false; /* m is minutes only beside hours or seconds */
    for (const char *p = skip_literal(code); *p && *p != ';'; p = skip_literal(p + 1)) {
        char ch = *p | 0x20;
        if (*p == '[') {
            char unit = p[1] | 0x20;
            if (unit == 'h' || unit == 's' || unit == 'm')
                f.kind |= TIME | ELAPSED;
            const char *q = strchr(p, ']');
            if (!q)
                break;
            p = q;
        } else if (strncasecmp(p, "general", 7) == 0) {
            p += 6;
        } else if (strchr("#?", *p) || (*p == '0' && !(f.kind & TIME))) {
            return (ys__format){0, 0};
        } else if (ch == 'y' || ch == 'd') {
            f.kind |= DATE;
        } else if (ch == 'h' || ch == 's') {
            f.kind |= TIME;
        } else if (ch == 'm') {
            minutes = true;
        }
    }
    if (minutes && f.kind == 0)
        f.kind = DATE;
    return f;
}

/* Day 60 of the 1900 epoch is the 29 February 1900 that never was. */
static void put_day(int64_t day, bool epoch1904, char *buf, size_t size)
{
    int32_t epoch = ys_date_from(1899, 12, 30);
    if (epoch1904)
        epoch = ys_date_from(1904, 1, 1);
    else if (day < 60)
        epoch++;
    if (!epoch1904 && day == 60)
        (void)snprintf(buf, size, "1900-02-29");
    else
        (void)ys_format_date(epoch + (int32_t)day, buf, size);
}

static bool put_date(double v, ys__format f, bool epoch1904, char *buf, size_t size)
{
    if (!(v >= 0 && v < 2958466)) /* 9999-12-31 */
        return false;
    int64_t seconds = llround(v * 86400), day = seconds / 86400, rest = seconds % 86400;
    bool whole_day = rest == 0 || !(f.kind & TIME);
    if ((f.kind & DATE) && (day > 0 || epoch1904 || !(f.kind & TIME))) {
        put_day(day, epoch1904, buf, size);
        if (whole_day)
            return true;
        size_t n = strlen(buf);
        buf[n++] = ' ';
        buf += n;
        size -= n;
    } else if (f.kind & ELAPSED) {
        rest = seconds;
    }
    (void)snprintf(buf, size, "%02lld:%02lld:%02lld", (long long)(rest / 3600), (long long)(rest / 60 % 60),
                   (long long)(rest % 60));
    return true;
}

/* Canonical already: -?digits, or with a point and at most 15 digits not ending in 0. */
static bool is_canonical(const char *v)
{
    const char *p = v + (*v == '-');
    size_t whole = strspn(p, "0123456789");
    if (whole == 0 || (whole > 1 && *p == '0'))
        return false;
    if (p[whole] == '\0')
        return !(*v == '-' && whole == 1 && *p == '0');
    if (p[whole] != '.')
        return false;
    size_t part = strspn(p + whole + 1, "0123456789");
    return part > 0 && p[whole + 1 + part] == '\0' && p[whole + part] != '0' && whole + part <= 15;
}

/* d.ddde+xx of a whole number below 1e22 written out, so that a damaged code is seen as digits. */
static void write_out(char *buf, size_t size)
{
    char *e = strchr(buf, 'e');
    int64_t power;
    if (!e || !ys_parse_int(e + (e[1] == '+' ? 2 : 1), &power) || power < 0 || power > 21)
        return;
    char digits[48];
    size_t n = 0, point = 0;
    bool minus = buf[0] == '-';
    for (const char *p = buf + minus; p < e && n < 24; p++) {
        if (*p == '.')
            point = n;
        else
            digits[n++] = *p;
    }
    size_t want = (point ? point : n) + (size_t)power;
    if (n > want)
        return; /* digits behind the point are left: no whole number */
    while (n < want)
        digits[n++] = '0';
    (void)snprintf(buf, size, "%s%.*s", minus ? "-" : "", (int)n, digits);
}

bool ys__format_number(const char *v, ys__format f, bool epoch1904, char *buf, size_t size)
{
    double d;
    bool canonical = is_canonical(v) && strlen(v) < size;
    if (canonical && f.kind == 0) {
        (void)snprintf(buf, size, "%s", v);
    } else {
        if (!ys_parse_real(v, &d))
            return false;
        if (f.kind != 0 && put_date(d, f, epoch1904, buf, size))
            return true;
        if (d == 0)
            d = 0; /* no -0 */
        (void)ys_format_real(d, buf, size);
        write_out(buf, size);
    }
    size_t n = strlen(buf);
    if (f.zeros > n && f.zeros < size && strspn(buf, "0123456789") == n) {
        memmove(buf + f.zeros - n, buf, n + 1);
        memset(buf, '0', f.zeros - n);
    }
    return true;
}

static int hex4(const char *s)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        char c = s[i];
        int digit = c >= '0' && c <= '9'                     ? c - '0'
                    : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                             : -1;
        if (digit < 0)
            return -1;
        v = v * 16 + digit;
    }
    return v;
}

size_t ys__unescape(char *s, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        int code = -1;
        if (s[i] == '_' && i + 6 < n && (s[i + 1] | 0x20) == 'x' && s[i + 6] == '_')
            code = hex4(s + i + 2);
        if (code < 0 || (code >= 0xD800 && code <= 0xDFFF)) {
            s[to++] = s[i];
            continue;
        }
        i += 6;
        if (code >= 0x800) {
            s[to++] = (char)(0xE0 | code >> 12);
            s[to++] = (char)(0x80 | (code >> 6 & 0x3F));
            s[to++] = (char)(0x80 | (code & 0x3F));
        } else if (code >= 0x80) {
            s[to++] = (char)(0xC0 | code >> 6);
            s[to++] = (char)(0x80 | (code & 0x3F));
        } else if (code > 0) {
            s[to++] = (char)code;
        }
    }
    return to;
}
