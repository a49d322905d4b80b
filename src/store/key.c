/* SPDX-License-Identifier: Apache-2.0 */
/* Record keys between the two forms, and values as canonical texts. */
#include <inttypes.h>
#include "base/num.h"
#include "store/store_in.h"

ys_status ys__key_inner(const ys__cat *c, const char *key, ys_str *ret_inner, ys_diag *diag)
{
    int want = ys__key_count(c), parts = 1;
    ys_str_clear(ret_inner);
    if (want == 1) {
        ys_str_puts(ret_inner, key);
        return ret_inner->failed ? ys_fail_nomem(diag) : YS_OK;
    }
    for (const char *p = key; *p != '\0'; p++) {
        if (*p == '\\' && (p[1] == '|' || p[1] == '\\')) {
            ys_str_putc(ret_inner, *++p);
        } else if (*p == '|') {
            ys_str_putc(ret_inner, YS__KEY_SEP);
            parts++;
        } else {
            ys_str_putc(ret_inner, *p);
        }
    }
    if (parts == want)
        return ret_inner->failed ? ys_fail_nomem(diag) : YS_OK;
    ys_fail(diag, YS_ENOTFOUND, "“%s”的编号由 %d 部分组成，给出了 %d 部分：%s",
            "a key of “%s” has %d parts, %d were given: %s", c->name, want, parts, key);
    ys_diag_fix(diag, "请用“|”分隔各部分", "separate the parts by “|”");
    return YS_ENOTFOUND;
}

void ys__key_outer(const char *inner, ys_str *buf)
{
    ys_str_clear(buf);
    if (strchr(inner, YS__KEY_SEP) == NULL) {
        ys_str_puts(buf, inner);
        return;
    }
    for (const char *p = inner; *p != '\0'; p++) {
        if (*p == '|' || *p == '\\')
            ys_str_putc(buf, '\\');
        ys_str_putc(buf, *p == YS__KEY_SEP ? '|' : *p);
    }
}

void ys__text_of(ys_type type, int64_t i, double r, const char *t, int money_digits, ys_str *ret_text)
{
    char buf[64];
    switch (type) {
    case YS_CODE:
    case YS_TEXT:
        ys_str_puts(ret_text, t);
        return;
    case YS_REAL:
        ys_str_puts(ret_text, ys_format_real(r, buf, sizeof buf));
        return;
    case YS_DATE:
        ys_str_puts(ret_text, ys_format_date((int32_t)i, buf, sizeof buf));
        return;
    case YS_MONEY:
        ys_str_puts(ret_text, ys_format_money(i, money_digits, buf, sizeof buf));
        return;
    default:
        snprintf(buf, sizeof buf, "%" PRId64, i);
        ys_str_puts(ret_text, buf);
    }
}
