/* SPDX-License-Identifier: Apache-2.0 */
#include "yaoshi/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *zh, *en;
    int exit_code, http;
} statuses[YS_STATUS_COUNT] = {
#define X(name, exit_, http_, zh_, en_) {#name, zh_, en_, exit_, http_},
    YS_STATUS_LIST(X)
#undef X
};

static unsigned known(ys_status s)
{
    return (unsigned)s < YS_STATUS_COUNT ? (unsigned)s : YS_EINTERNAL;
}

const char *ys_status_name(ys_status s)
{
    return statuses[known(s)].name;
}

const char *ys_status_zh(ys_status s)
{
    return statuses[known(s)].zh;
}

const char *ys_status_en(ys_status s)
{
    return statuses[known(s)].en;
}

int ys_status_exit_code(ys_status s)
{
    return statuses[known(s)].exit_code;
}

int ys_status_http(ys_status s)
{
    return statuses[known(s)].http;
}

/* A text cut in the middle of a UTF-8 sequence would be invalid output: drop the torn tail. */
static void mend_tail(char *buf)
{
    size_t n = strlen(buf), back = 0;
    while (back < 3 && back < n && ((unsigned char)buf[n - 1 - back] & 0xc0) == 0x80)
        back++;
    if (n <= back)
        return;
    unsigned char lead = (unsigned char)buf[n - 1 - back];
    size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (want > back)
        buf[n - 1 - back] = '\0';
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
    mend_tail(to);
}

ys_status ys_fail(ys_diag *d, ys_status s, const char *zh, const char *en, ...)
{
    if (d == NULL)
        return s;
    va_list ap;
    d->status = s;
    va_start(ap, en);
    vsnprintf(d->zh, sizeof d->zh, zh, ap);
    va_end(ap);
    va_start(ap, en);
    vsnprintf(d->en, sizeof d->en, en, ap);
    va_end(ap);
    mend_tail(d->zh);
    mend_tail(d->en);
    return s;
}

ys_status ys_fail_nomem(ys_diag *d)
{
    return ys_fail(d, YS_ENOMEM, "内存不足", "out of memory");
}

void ys_diag_fix(ys_diag *d, const char *zh, const char *en)
{
    if (d == NULL)
        return;
    copy(d->fix_zh, sizeof d->fix_zh, zh);
    copy(d->fix_en, sizeof d->fix_en, en);
}

void ys_diag_where(ys_diag *d, const char *file, const char *sheet, int64_t row, int64_t col,
                   const char *column)
{
    if (d == NULL)
        return;
    if (file != NULL)
        copy(d->file, sizeof d->file, file);
    if (sheet != NULL)
        copy(d->sheet, sizeof d->sheet, sheet);
    if (row != 0)
        d->row = row;
    if (col != 0)
        d->col = col;
    if (column != NULL)
        copy(d->column, sizeof d->column, column);
}

void ys_diag_value(ys_diag *d, const char *value)
{
    if (d != NULL)
        copy(d->value, sizeof d->value, value != NULL ? value : "");
}

void ys_diag_clear(ys_diag *d)
{
    if (d != NULL)
        memset(d, 0, sizeof *d);
}

static void append(char *buf, size_t size, const char *fmt, ...) YS_PRINTF(3, 4);
static void append(char *buf, size_t size, const char *fmt, ...)
{
    size_t n = strlen(buf);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(buf + n, size - n, fmt, ap);
    va_end(ap);
}

/* A blank between parts, none before the first. */
static const char *gap_after(const char *buf)
{
    return buf[0] != '\0' ? " " : "";
}

static void format_where(const ys_diag *d, bool zh, char *buf, size_t size)
{
    if (d->file[0] != '\0')
        append(buf, size, "%s", d->file);
    if (d->sheet[0] != '\0')
        append(buf, size, zh ? "【%s】" : "[%s]", d->sheet);
    if (d->row > 0)
        append(buf, size, zh ? "%s第%lld行" : "%srow %lld", gap_after(buf), (long long)d->row);
    if (d->column[0] != '\0')
        append(buf, size, zh ? "%s“%s”列" : "%scolumn \"%s\"", gap_after(buf), d->column);
    else if (d->col > 0)
        append(buf, size, zh ? "%s第%lld列" : "%scolumn %lld", gap_after(buf), (long long)d->col);
    if (d->value[0] != '\0')
        append(buf, size, zh ? "%s值“%s”" : "%svalue \"%s\"", gap_after(buf), d->value);
}

void ys_diag_format(const ys_diag *d, const char *lang, char *buf, size_t size)
{
    if (size == 0)
        return;
    buf[0] = '\0';
    bool zh = strcmp(lang, "zh") == 0;
    format_where(d, zh, buf, size);
    if (buf[0] != '\0')
        append(buf, size, "%s", zh ? "：" : ": ");
    const char *what = zh ? d->zh : d->en;
    append(buf, size, "%s", what[0] != '\0' ? what : zh ? ys_status_zh(d->status) : ys_status_en(d->status));
    const char *fix = zh ? d->fix_zh : d->fix_en;
    if (fix[0] != '\0')
        append(buf, size, zh ? "（%s）" : " (%s)", fix);
    mend_tail(buf);
}
