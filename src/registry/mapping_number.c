/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/mapping_number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

static bool missing_text(const char *s)
{
    return s[0] == '\0' || strcmp(s, "#NA") == 0 || strcmp(s, YS_TEXT_NOT_ASKED) == 0 ||
           strcmp(s, "#notasked") == 0;
}

bool ys__number_parse(const char *text, ys_type type, int digits, ys__number *ret_number)
{
    ys__number n = {.missing = missing_text(text)};
    if (!n.missing) {
        n.exact = (type == YS_MONEY && ys_parse_money(text, digits, &n.units)) ||
                  (type == YS_INT && ys_parse_int(text, &n.units));
        if (!n.exact && !ys_parse_real(text, &n.real))
            return false;
        if (n.exact && ys_is_missing(n.units))
            return false;
    }
    *ret_number = n;
    return true;
}

double ys__number_real(const ys__number *n, ys_type type, int digits)
{
    if (!n->exact)
        return n->real;
    return type == YS_MONEY ? (double)n->units / (double)ys_money_unit(digits) : (double)n->units;
}

bool ys__number_add(ys__number *to, const ys__number *n, ys_type type, int digits)
{
    if (n->missing)
        return true;
    if (to->missing) {
        *to = *n;
        return true;
    }
    if (to->exact && n->exact)
        return !__builtin_add_overflow(to->units, n->units, &to->units) && !ys_is_missing(to->units);
    to->real = ys__number_real(to, type, digits) + ys__number_real(n, type, digits);
    to->exact = false;
    return isfinite(to->real);
}

/* Digits of "-1234.5678" before and `digits` places after the point, as an integer; the digit after them rounds. */
static bool round_decimal(const char *text, int digits, int64_t *ret)
{
    bool negative = *text == '-';
    uint64_t v = 0;
    int places = -1; /* decimals taken; -1: before the point */
    const char *p = text + negative;
    for (; *p != '\0' && places < digits; p++) {
        if (*p == '.') {
            places = 0;
            if (digits == 0)
                break;
            continue;
        }
        if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
            __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v))
            return false;
        places += places >= 0;
    }
    p += *p == '.';
    bool up = *p >= '5' && *p <= '9';
    for (int k = places < 0 ? 0 : places; k < digits; k++) {
        if (__builtin_mul_overflow(v, (uint64_t)10, &v))
            return false;
    }
    v += up;
    if (v > (uint64_t)INT64_MAX)
        return false;
    *ret = negative ? -(int64_t)v : (int64_t)v;
    return true;
}

bool ys__number_round(ys__number *n, int digits)
{
    char text[40];
    if (n->missing || n->exact)
        return true;
    ys_format_real(n->real, text, sizeof text);
    if (!isfinite(n->real))
        return false;
    if (strchr(text, 'e') != NULL) {
        /* Below 0.0001 or from 1e15 on: no decimals that a reader would see. */
        double v = round(n->real * (double)ys_money_unit(digits));
        if (!(fabs(v) < 9e18))
            return false;
        n->units = (int64_t)v;
    } else if (!round_decimal(text, digits, &n->units)) {
        return false;
    }
    n->exact = true;
    return true;
}

char *ys__number_format(const ys__number *n, ys_type type, int digits, char *buf, size_t size)
{
    if (!n->exact)
        return ys_format_real(n->real, buf, size);
    if (type == YS_MONEY)
        return ys_format_money(n->units, digits, buf, size);
    snprintf(buf, size, "%lld", (long long)n->units);
    return buf;
}
