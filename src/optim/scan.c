/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/scan.h"

#include <stdbool.h>

int ys__scan_more(ys_scan *s)
{
    for (; s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'); s->at++)
        s->line += *s->at == '\n';
    return s->at < s->end;
}

static ys_status bad(const ys_scan *s, ys_diag *diag, const char *zh, const char *en)
{
    ys_diag_where(diag, NULL, NULL, s->line, 0, NULL);
    return ys_fail(diag, YS_EDATA, "%s%.0s", "%.0s%s", zh, en);
}

ys_status ys__scan(ys_scan *s, int digits, int64_t *ret_value, ys_diag *diag)
{
    int64_t v = 0;
    int decimals = -1, figures = 0;
    if (!ys__scan_more(s))
        return bad(s, diag, "文件到此为止，还缺数", "the file ends here, and numbers are missing");
    bool minus = *s->at == '-';
    for (s->at += minus || *s->at == '+'; s->at<s->end && * s->at> ' '; s->at++) {
        if (*s->at == '.' && decimals < 0) {
            decimals = 0;
        } else if (*s->at < '0' || *s->at > '9') {
            return bad(s, diag, "不是数", "not a number");
        } else if (decimals == digits) {
            if (*s->at != '0')
                return bad(s, diag, "小数位太多", "too many decimals");
        } else if (v >= INT64_MAX / 100) {
            return bad(s, diag, "数太大", "a number too large");
        } else {
            v = v * 10 + (*s->at - '0');
            figures++;
            decimals += decimals >= 0;
        }
    }
    if (figures == 0)
        return bad(s, diag, "不是数", "not a number");
    for (int k = decimals < 0 ? 0 : decimals; k < digits; k++) {
        if (v >= INT64_MAX / 100)
            return bad(s, diag, "数太大", "a number too large");
        v *= 10;
    }
    *ret_value = minus ? -v : v;
    return YS_OK;
}

ys_status ys__scan_count(ys_scan *s, int64_t least, int64_t most, int *ret_value, ys_diag *diag)
{
    int64_t v;
    YS_TRY(ys__scan(s, 0, &v, diag));
    if (v < least || v > most) {
        ys_diag_where(diag, NULL, NULL, s->line, 0, NULL);
        return ys_fail(diag, YS_EDATA, "个数 %lld 不在 %lld 至 %lld 之间",
                       "the count %lld is not from %lld to %lld", (long long)v, (long long)least,
                       (long long)most);
    }
    *ret_value = (int)v;
    return YS_OK;
}
