/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/*
 * Full-width forms (U+FF01..U+FF5E) to ASCII, blanks trimmed.  False when the text is longer than any number.
 */
static bool to_ascii(const char *s, char *buf, size_t size)
{
    size_t len, n = 0;
    const unsigned char *p = (const unsigned char *)ys_text_trim(s, strlen(s), &len), *end = p + len;
    while (p < end) {
        if (n + 1 >= size)
            return false;
        if (end - p >= 3 && p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd)) {
            int c = (p[1] - 0xbc) * 64 + (p[2] & 0x3f) + 0x20;
            buf[n++] = (char)(c > 0x20 && c < 0x7f ? c : '?');
            p += 3;
        } else {
            buf[n++] = (char)*p++;
        }
    }
    buf[n] = '\0';
    return n > 0;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ys_parse_int(const char *s, int64_t *ret_value)
{
    char buf[64];
    if (!to_ascii(s, buf, sizeof buf))
        return false;
    const char *p = buf;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    if (!digit(*p))
        return false;
    int64_t v = 0;
    for (; digit(*p); p++) {
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, *p - '0', &v))
            return false;
    }
    /* Spreadsheets write whole numbers as 3.0 at times. */
    if (*p == '.') {
        for (p++; *p == '0'; p++) {
        }
    }
    if (*p != '\0' || (!negative && v == INT64_MIN))
        return false;
    *ret_value = negative ? v : -v;
    return true;
}

static bool decimal_shape(const char *p)
{
    int digits = 0;
    if (*p == '-' || *p == '+')
        p++;
    for (; digit(*p); p++)
        digits++;
    if (*p == '.') {
        for (p++; digit(*p); p++)
            digits++;
    }
    if (digits == 0)
        return false;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '-' || *p == '+')
            p++;
        if (!digit(*p))
            return false;
        while (digit(*p))
            p++;
    }
    return *p == '\0';
}

bool ys_parse_real(const char *s, double *ret_value)
{
    char buf[400];
    if (!to_ascii(s, buf, sizeof buf) || !decimal_shape(buf))
        return false;
    /* The program never calls setlocale, so strtod reads the C locale. */
    double v = strtod(buf, NULL);
    if (!isfinite(v))
        return false;
    *ret_value = v;
    return true;
}

/* Cut a unit off the end: 元, 圆, yuan; 万 multiplies by 10^4, 亿 by 10^8. */
static int take_units(char *buf)
{
    static const struct {
        const char *unit;
        int power;
    } units[] = {{"元", 0}, {"圆", 0}, {"yuan", 0}, {"万", 4}, {"亿", 8}};
    int power = 0;
    for (bool again = true; again;) {
        again = false;
        for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
            size_t n = strlen(buf), k = strlen(units[u].unit);
            if (n > k && strcmp(buf + n - k, units[u].unit) == 0) {
                buf[n - k] = '\0';
                power += units[u].power;
                again = true;
            }
        }
    }
    return power;
}

/* Digits with thousands separators: "1,234,567" but not "1,23". */
static bool drop_separators(char *p)
{
    char *to = p, *start = p;
    int run = 0;
    bool any = false;
    if (*p == '-' || *p == '+')
        to = ++p;
    start = p;
    for (; *p != '\0' && *p != '.'; p++) {
        if (*p == ',') {
            if (p == start || (any ? run != 3 : run > 3))
                return false;
            any = true;
            run = 0;
        } else if (digit(*p)) {
            run++;
            *to++ = *p;
        } else {
            return false;
        }
    }
    if (any && run != 3)
        return false;
    memmove(to, p, strlen(p) + 1);
    return true;
}

/* ±digits[.digits] times 10^power into minor units, exact. */
static bool scale_decimal(const char *p, int power, int64_t *ret_minor)
{
    bool negative = *p == '-', seen = false, point = false;
    int64_t v = 0;
    if (*p == '-' || *p == '+')
        p++;
    for (; *p != '\0'; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!digit(*p))
            return false;
        seen = true;
        if (point && power == 0) {
            if (*p != '0')
                return false;
            continue;
        }
        if (point)
            power--;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, *p - '0', &v))
            return false;
    }
    for (; power > 0; power--) {
        if (__builtin_mul_overflow(v, 10, &v))
            return false;
    }
    if (!seen)
        return false;
    *ret_minor = negative ? -v : v;
    return true;
}

bool ys_parse_money(const char *s, int digits, int64_t *ret_minor)
{
    char buf[96];
    if (!to_ascii(s, buf, sizeof buf))
        return false;
    char *p = buf;
    static const char *const signs[] = {"￥", "¥", "$", "€"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t k = strlen(signs[i]);
        if (strncmp(p, signs[i], k) == 0)
            p += k;
    }
    int power = take_units(p) + digits;
    if (*p == '\0' || !drop_separators(p))
        return false;
    return scale_decimal(p, power, ret_minor);
}

bool ys_parse_bool(const char *s, bool *ret_value)
{
    static const char *const yes[] = {"1", "true", "yes", "y", "是", "有", "t"};
    static const char *const no[] = {"0", "false", "no", "n", "否", "无", "f"};
    char buf[32];
    if (!to_ascii(s, buf, sizeof buf))
        return false;
    for (char *p = buf; *p != '\0'; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(buf, yes[i]) == 0 || strcmp(buf, no[i]) == 0) {
            *ret_value = strcmp(buf, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

/* Days from civil and back: H. Hinnant's algorithms, eras of 400 years. */
int32_t ys_date_from(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void ys_date_to(int32_t days, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = (int64_t)days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *ret_month = month;
    *ret_year = (int)(yoe + era * 400 + (month <= 2));
}

bool ys_date_valid(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int y, m, d;
    ys_date_to(ys_date_from(year, month, day), &y, &m, &d);
    return m == month && d == day;
}

static bool take_digits(const char **p, int least, int most, int *ret)
{
    int n = 0, v = 0;
    while (n < most && digit(**p)) {
        v = v * 10 + (**p - '0');
        (*p)++;
        n++;
    }
    *ret = v;
    return n >= least;
}

static bool take_text(const char **p, const char *text)
{
    size_t k = strlen(text);
    if (strncmp(*p, text, k) != 0)
        return false;
    *p += k;
    return true;
}

bool ys_parse_date(const char *s, int32_t *ret_days)
{
    char buf[64];
    int year, month, day;
    if (!to_ascii(s, buf, sizeof buf))
        return false;
    const char *p = buf;
    if (!take_digits(&p, 4, 4, &year))
        return false;
    if (digit(*p)) {
        if (!take_digits(&p, 2, 2, &month) || !take_digits(&p, 2, 2, &day))
            return false;
    } else {
        static const char *const separators[] = {"-", "/", ".", "年"};
        const char *sep = NULL;
        for (size_t i = 0; i < sizeof separators / sizeof *separators && sep == NULL; i++) {
            if (take_text(&p, separators[i]))
                sep = separators[i];
        }
        if (sep == NULL || !take_digits(&p, 1, 2, &month) ||
            !take_text(&p, strcmp(sep, "年") == 0 ? "月" : sep) || !take_digits(&p, 1, 2, &day))
            return false;
        if (strcmp(sep, "年") == 0)
            take_text(&p, "日");
        if (strncmp(p, " 00:00:00", 9) == 0 || strncmp(p, "T00:00:00", 9) == 0)
            p += 9;
    }
    if (*p != '\0' || !ys_date_valid(year, month, day))
        return false;
    *ret_days = ys_date_from(year, month, day);
    return true;
}

int ys_years_between(int32_t from, int32_t to)
{
    int y1, m1, d1, y2, m2, d2;
    ys_date_to(from, &y1, &m1, &d1);
    ys_date_to(to, &y2, &m2, &d2);
    return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

int64_t ys_money_unit(int digits)
{
    int64_t unit = 1;
    for (int i = 0; i < digits; i++)
        unit *= 10;
    return unit;
}

static char *format_scaled(int64_t minor, int digits, bool grouped, char *buf, size_t size)
{
    char text[64];
    size_t n = 0;
    uint64_t v = minor < 0 ? (uint64_t)0 - (uint64_t)minor : (uint64_t)minor;
    for (int i = 0; i < digits; i++, v /= 10)
        text[n++] = (char)('0' + v % 10);
    if (digits > 0)
        text[n++] = '.';
    int run = 0;
    do {
        if (grouped && run == 3) {
            text[n++] = ',';
            run = 0;
        }
        text[n++] = (char)('0' + v % 10);
        v /= 10;
        run++;
    } while (v != 0);
    if (minor < 0)
        text[n++] = '-';
    if (size == 0)
        return buf;
    size_t k = 0;
    while (n > 0 && k + 1 < size)
        buf[k++] = text[--n];
    buf[k] = '\0';
    return buf;
}

char *ys_format_money(int64_t minor, int digits, char *buf, size_t size)
{
    return format_scaled(minor, digits, false, buf, size);
}

char *ys_format_money_grouped(int64_t minor, int digits, char *buf, size_t size)
{
    return format_scaled(minor, digits, true, buf, size);
}

char *ys_format_int_grouped(int64_t v, char *buf, size_t size)
{
    return format_scaled(v, 0, true, buf, size);
}

char *ys_format_date(int32_t days, char *buf, size_t size)
{
    int y, m, d;
    ys_date_to(days, &y, &m, &d);
    snprintf(buf, size, "%04d-%02d-%02d", y, m, d);
    return buf;
}

char *ys_format_real(double v, char *buf, size_t size)
{
    if (!isfinite(v)) {
        snprintf(buf, size, "null");
        return buf;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(buf, size, "%.*g", precision, v);
        if (strtod(buf, NULL) == v)
            break;
    }
    return buf;
}
