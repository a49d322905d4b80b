/* SPDX-License-Identifier: Apache-2.0 */
#include "io/csv.h"
#include <math.h>
#include "base/num.h"
#include "base/text.h"
#include "yaoshi/table.h"

static void flush(ys_csv_writer *w)
{
    if (w->used > 0 && !w->failed && !ys_out_write(w->out, w->buf, w->used))
        w->failed = true;
    w->used = 0;
}

static void add(ys_csv_writer *w, const char *bytes, size_t n)
{
    if (n > sizeof w->buf - w->used)
        flush(w);
    if (n > sizeof w->buf) {
        if (!w->failed && !ys_out_write(w->out, bytes, n))
            w->failed = true;
        return;
    }
    memcpy(w->buf + w->used, bytes, n);
    w->used += n;
}

void ys_csv_writer_init(ys_csv_writer *w, ys_out out, bool bom, bool neutralise)
{
    w->out = out;
    w->neutralise = neutralise;
    w->failed = w->blank_missing = false;
    w->delimiter = ',';
    w->column = 0;
    w->used = 0;
    if (bom)
        add(w, "\xEF\xBB\xBF", 3);
}

static void separate(ys_csv_writer *w)
{
    if (w->column++ > 0)
        add(w, &w->delimiter, 1);
}

/* Length of `s`, and whether it must be quoted. */
static size_t measure(const ys_csv_writer *w, const char *s, bool *ret_quotes)
{
    size_t n = 0;
    bool special = false;
    for (; s[n]; n++)
        special |= s[n] == w->delimiter || s[n] == '"' || s[n] == '\n' || s[n] == '\r';
    if (n == 0)
        special = w->column == 1; /* a row of one empty cell must not look like a blank line */
    else
        special |= s[0] == ' ' || s[n - 1] == ' ';
    *ret_quotes = special;
    return n;
}

static bool is_number(const char *s)
{
    double v;
    return ys_parse_real(s, &v);
}

static void missing(ys_csv_writer *w, bool not_asked)
{
    if (w->blank_missing)
        ys_csv_put_text(w, "");
    else
        ys_csv_put_text(w, not_asked ? "#未问" : "#NA");
}

void ys_csv_put_text(ys_csv_writer *w, const char *text)
{
    if (!text || text == YS_TEXT_NOT_ASKED) {
        missing(w, text != NULL);
        return;
    }
    separate(w);
    bool quotes;
    size_t n = measure(w, text, &quotes);
    bool mark = w->neutralise && ys_text_is_formula(text) && !is_number(text);
    if (!quotes) {
        if (mark)
            add(w, "'", 1);
        add(w, text, n);
        return;
    }
    add(w, mark ? "\"'" : "\"", mark ? 2 : 1);
    for (const char *p = text;;) {
        const char *q = strchr(p, '"');
        if (!q) {
            add(w, p, strlen(p));
            break;
        }
        add(w, p, (size_t)(q - p) + 1);
        add(w, "\"", 1);
        p = q + 1;
    }
    add(w, "\"", 1);
}

/* Text that needs neither quotes nor an apostrophe. */
static void plain(ys_csv_writer *w, const char *text)
{
    separate(w);
    add(w, text, strlen(text));
}

void ys_csv_put_int(ys_csv_writer *w, int64_t value)
{
    char buf[24];
    if (ys_is_missing(value)) {
        missing(w, value == YS_NOT_ASKED);
        return;
    }
    (void)snprintf(buf, sizeof buf, "%lld", (long long)value);
    plain(w, buf);
}

void ys_csv_put_real(ys_csv_writer *w, double value)
{
    char buf[40];
    if (isnan(value))
        missing(w, ys_real_is_not_asked(value));
    else
        plain(w, ys_format_real(value, buf, sizeof buf));
}

void ys_csv_put_money(ys_csv_writer *w, int64_t minor, int digits)
{
    char buf[40];
    if (ys_is_missing(minor))
        missing(w, minor == YS_NOT_ASKED);
    else
        plain(w, ys_format_money(minor, digits, buf, sizeof buf));
}

void ys_csv_put_date(ys_csv_writer *w, int64_t days)
{
    char buf[24];
    if (ys_is_missing(days))
        missing(w, days == YS_NOT_ASKED);
    else
        plain(w, ys_format_date((int32_t)days, buf, sizeof buf));
}

void ys_csv_end_row(ys_csv_writer *w)
{
    add(w, "\n", 1);
    w->column = 0;
}

void ys_csv_put_row(ys_csv_writer *w, const char *const *cells, int n)
{
    for (int i = 0; i < n; i++)
        ys_csv_put_text(w, cells[i]);
    ys_csv_end_row(w);
}

bool ys_csv_writer_finish(ys_csv_writer *w)
{
    flush(w);
    return !w->failed;
}
