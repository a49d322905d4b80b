/* SPDX-License-Identifier: Apache-2.0 */
#include "io/csv.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/limits.h"
#include "io/encoding.h"

enum { CHUNK = 256 * 1024 };

/* Where a cell lies in the buffer; `inner`: how many characters of a quoted cell need work (doubled quotes). */
typedef struct cell {
    size_t start, end;
    size_t doubled;
} cell;

typedef struct memory {
    const char *bytes;
    size_t left;
} memory;

struct ys_csv {
    char *name;
    ys_csv_options opt;
    ys__decoder *decoder;
    int fd; /* -1: not ours */
    memory memory;
    char *buf;
    size_t cap, pos, len; /* unparsed part of buf; buf has one byte more than cap */
    bool eof, begun, skip_lf;
    bool stop[256]; /* bytes that end an unquoted run */
    cell *cells;
    const char **texts;
    int64_t row, line; /* of the row delivered */
    int64_t next_line; /* where the next row begins */
    ys_status failed;
    ys_diag diag; /* of the failure, to tell it again */
};

/* One record found in the buffer. */
typedef struct record {
    size_t next; /* where the one after it begins */
    int cells;
    int64_t lines; /* line ends inside quotes */
    bool cr;       /* ended with CR: a LF may follow */
} record;

typedef enum found { FOUND_RECORD, FOUND_END, FOUND_MORE, FOUND_ERROR } found;

static int64_t read_fd(void *arg, void *buf, size_t n)
{
    const ys_csv *c = arg;
    ssize_t got;
    do {
        got = read(c->fd, buf, n);
    } while (got < 0 && errno == EINTR);
    return got;
}

static int64_t read_memory(void *arg, void *buf, size_t n)
{
    memory *m = &((ys_csv *)arg)->memory;
    size_t k = m->left < n ? m->left : n;
    if (k > 0)
        memcpy(buf, m->bytes, k);
    m->bytes += k;
    m->left -= k;
    return (int64_t)k;
}

void ys_csv_close(ys_csv *c)
{
    if (!c)
        return;
    if (c->fd >= 0)
        (void)close(c->fd);
    ys__decoder_free(c->decoder);
    ys_free(c->name);
    ys_free(c->buf);
    ys_free(c->cells);
    ys_free(c->texts);
    ys_free(c);
}

static void set_delimiter(ys_csv *c, char delimiter)
{
    memset(c->stop, 0, sizeof c->stop);
    c->opt.delimiter = delimiter;
    c->stop[(unsigned char)delimiter] = c->stop['\n'] = c->stop['\r'] = true;
}

/* The shared part of opening: everything but the source; NULL when memory is short. */
static ys_csv *make(const char *name, const ys_csv_options *opt)
{
    ys_csv *c = ys_calloc(1, sizeof *c);
    if (!c)
        return NULL;
    if (opt)
        c->opt = *opt;
    if (c->opt.max_field == 0)
        c->opt.max_field = YS_LIMIT_CSV_FIELD;
    if (c->opt.max_record == 0)
        c->opt.max_record = YS_LIMIT_CSV_RECORD;
    c->fd = -1;
    c->next_line = 1;
    c->cap = CHUNK;
    c->name = ys_strdup(name);
    c->buf = ys_malloc(c->cap + 1);
    c->cells = ys_calloc(YS_LIMIT_COLUMNS, sizeof *c->cells);
    c->texts = ys_calloc(YS_LIMIT_COLUMNS, sizeof *c->texts);
    if (!c->name || !c->buf || !c->cells || !c->texts) {
        ys_csv_close(c);
        return NULL;
    }
    return c;
}

/* Give the reader its decoder; closes `c` on failure. */
static ys_status attach(ys_csv *c, ys_csv_read_fn *fn, void *arg, ys_csv **ret_csv, ys_diag *diag)
{
    c->decoder = ys__decoder_new(fn, arg, c->opt.encoding);
    if (!c->decoder) {
        ys_status st = errno == ENOMEM ? ys_fail_nomem(diag)
                                       : ys_fail(diag, YS_EUSAGE, "不认识的字符编码 %s",
                                                 "unknown encoding %s", c->opt.encoding);
        ys_csv_close(c);
        return st;
    }
    c->opt.encoding = NULL; /* the caller's string need not live on */
    *ret_csv = c;
    return YS_OK;
}

ys_status ys_csv_open(const char *path, const ys_csv_options *opt, ys_csv **ret_csv, ys_diag *diag)
{
    ys_csv *c = make(path, opt);
    if (!c)
        return ys_fail_nomem(diag);
    c->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (c->fd < 0) {
        int e = errno;
        ys_diag_where(diag, path, NULL, 0, 0, NULL);
        ys_csv_close(c);
        ys_status st = e == ENOENT
                           ? ys_fail(diag, YS_ENOTFOUND, "没有文件 %s", "there is no file %s", path)
                           : ys_fail(diag, YS_EIO, "打不开 %s：%s", "cannot open %s: %s", path, strerror(e));
        ys_diag_fix(diag, "请检查路径和读取权限", "check the path and the permission to read it");
        return st;
    }
    return attach(c, read_fd, c, ret_csv, diag);
}

ys_status ys_csv_open_memory(const char *name, const void *bytes, size_t n, const ys_csv_options *opt,
                             ys_csv **ret_csv, ys_diag *diag)
{
    ys_csv *c = make(name, opt);
    if (!c)
        return ys_fail_nomem(diag);
    c->memory = (memory){bytes, n};
    return attach(c, read_memory, c, ret_csv, diag);
}

ys_status ys_csv_open_stream(const char *name, ys_csv_read_fn *fn, void *arg, const ys_csv_options *opt,
                             ys_csv **ret_csv, ys_diag *diag)
{
    ys_csv *c = make(name, opt);
    return c ? attach(c, fn, arg, ret_csv, diag) : ys_fail_nomem(diag);
}

/* Put the place of the failure into the reader's own diag; returns its status. */
static ys_status failed(ys_csv *c, ys_status st, int64_t col)
{
    ys_diag_where(&c->diag, c->name, NULL, c->row + 1, col, NULL);
    c->failed = st;
    return st;
}

static ys_status fail_read(ys_csv *c, int64_t rc)
{
    if (rc == -2) {
        ys_status st =
            ys_fail(&c->diag, YS_EIO, "文件编码是 GB18030 或 UTF-16，本机的 iconv 不能转换",
                    "the file is in GB18030 or UTF-16, which iconv of this machine cannot convert");
        ys_diag_fix(&c->diag, "请安装 glibc 的编码模块，或将文件另存为 UTF-8",
                    "install the encoding modules of glibc, or save the file as UTF-8");
        return failed(c, st, 0);
    }
    return failed(
        c, ys_fail(&c->diag, YS_EIO, "读取 %s 失败：%s", "cannot read %s: %s", c->name, strerror(errno)), 0);
}

/* Bring more bytes behind the unparsed ones, which move to the front. */
static ys_status fill(ys_csv *c)
{
    size_t rest = c->len - c->pos;
    if (c->pos > 0)
        memmove(c->buf, c->buf + c->pos, rest);
    c->pos = 0;
    c->len = rest;
    if (rest > c->cap / 2) {
        char *bigger = ys_realloc(c->buf, c->cap * 2 + 1, 1);
        if (!bigger)
            return failed(c, ys_fail_nomem(&c->diag), 0);
        c->buf = bigger;
        c->cap *= 2;
    }
    /* as much as fits: a source that gives little at a time must not make the scan start over each time */
    while (!c->eof && c->cap - c->len >= 64) {
        int64_t got = ys__decoder_read(c->decoder, c->buf + c->len, c->cap - c->len);
        if (got < 0)
            return fail_read(c, got);
        c->eof = got == 0;
        c->len += (size_t)got;
    }
    return YS_OK;
}

/* The delimiter the first row has most of, outside quotes; comma where none. */
static char guess_delimiter(const char *s, size_t n)
{
    static const char kinds[] = {',', '\t', ';'};
    size_t count[3] = {0};
    bool quoted = false;
    for (size_t i = 0; i < n && (quoted || (s[i] != '\n' && s[i] != '\r')); i++) {
        if (s[i] == '"')
            quoted = !quoted;
        for (int k = 0; k < 3 && !quoted; k++)
            count[k] += s[i] == kinds[k];
    }
    int best = 0;
    for (int k = 1; k < 3; k++)
        if (count[k] > count[best])
            best = k;
    return kinds[best];
}

/* First bytes: a `sep=` line, then the delimiter of the header. */
static ys_status begin(ys_csv *c)
{
    c->begun = true;
    YS_TRY(fill(c));
    const char *s = c->buf;
    if (c->len >= 6 && strncasecmp(s, "sep=", 4) == 0 && (s[5] == '\n' || s[5] == '\r')) {
        if (c->opt.delimiter == 0)
            c->opt.delimiter = s[4];
        c->skip_lf = s[5] == '\r';
        c->pos = 6;
        c->row++;
        c->next_line++;
    }
    size_t blank = c->pos;
    while (blank < c->len && (s[blank] == '\n' || s[blank] == '\r'))
        blank++;
    set_delimiter(c, c->opt.delimiter ? c->opt.delimiter : guess_delimiter(s + blank, c->len - blank));
    return YS_OK;
}

static ys_status fail_limit(ys_csv *c, int64_t col, const char *zh, const char *en, size_t limit)
{
    ys_status st =
        ys_fail(&c->diag, YS_ELIMIT, zh, en, (long long)(c->row + 1), (long long)c->next_line, limit);
    ys_diag_fix(&c->diag, "请检查这一行是否缺少换行，或引号没有成对",
                "look for a missing end of line or a quote without its partner in this row");
    return failed(c, st, col);
}

static ys_status fail_open_quote(ys_csv *c, int64_t col)
{
    ys_status st =
        ys_fail(&c->diag, YS_EDATA, "第 %lld 行（文本第 %lld 行）第 %lld 列打开的引号一直没有关闭",
                "the quote opened in row %lld (line %lld of the file), column %lld is never closed",
                (long long)(c->row + 1), (long long)c->next_line, (long long)col);
    ys_diag_fix(&c->diag, "请在该单元格末尾补上引号；单元格内的引号要写成两个",
                "close the cell with a quote; a quote inside a cell is written twice");
    return failed(c, st, col);
}

static ys_status fail_after_quote(ys_csv *c, int64_t col)
{
    ys_status st =
        ys_fail(&c->diag, YS_EDATA, "第 %lld 行（文本第 %lld 行）第 %lld 列：关闭的引号后面还有文字",
                "row %lld (line %lld of the file), column %lld: text after the closing quote",
                (long long)(c->row + 1), (long long)c->next_line, (long long)col);
    ys_diag_fix(&c->diag, "单元格内的引号要写成两个，整个单元格用引号括起",
                "write a quote inside a cell twice and put the whole cell in quotes");
    return failed(c, st, col);
}

static int64_t count_lines(const char *s, size_t n)
{
    int64_t lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += s[i] == '\n' || (s[i] == '\r' && !(i + 1 < n && s[i + 1] == '\n'));
    return lines;
}

/* The quoted cell whose opening quote is at `*p`: `*p` moves behind the closing one. */
static found scan_quoted(ys_csv *c, size_t *p, record *r)
{
    cell *x = &c->cells[r->cells];
    size_t at = *p + 1;
    *x = (cell){at, at, 0};
    for (;;) {
        const char *q = memchr(c->buf + at, '"', c->len - at);
        if (!q) {
            if (!c->eof)
                return FOUND_MORE;
            (void)fail_open_quote(c, r->cells + 1);
            return FOUND_ERROR;
        }
        at = (size_t)(q - c->buf) + 1;
        if (at == c->len && !c->eof)
            return FOUND_MORE; /* the next byte tells whether it is doubled */
        if (at < c->len && c->buf[at] == '"') {
            x->doubled++;
            at++;
            continue;
        }
        x->end = at - 1;
        *p = at;
        if (at < c->len && !c->stop[(unsigned char)c->buf[at]]) {
            (void)fail_after_quote(c, r->cells + 1);
            return FOUND_ERROR;
        }
        r->lines += count_lines(c->buf + x->start, x->end - x->start);
        return FOUND_RECORD;
    }
}

/* The record that begins at c->pos, without changing the buffer: its cells as offsets. */
static found scan(ys_csv *c, record *r)
{
    *r = (record){0};
    size_t p = c->pos;
    c->buf[c->len] = '\n'; /* sentinel: runs stop here */
    for (;;) {
        if (r->cells == YS_LIMIT_COLUMNS) {
            (void)fail_limit(c, r->cells + 1, "第 %lld 行（文本第 %lld 行）超过 %zu 列",
                             "row %lld (line %lld of the file) has more than %zu columns", YS_LIMIT_COLUMNS);
            return FOUND_ERROR;
        }
        if (p < c->len && c->buf[p] == '"') {
            found f = scan_quoted(c, &p, r);
            if (f != FOUND_RECORD)
                return f;
        } else {
            c->cells[r->cells] = (cell){p, p, 0};
            while (!c->stop[(unsigned char)c->buf[p]])
                p++;
            c->cells[r->cells].end = p;
        }
        r->cells++;
        if (p == c->len) {
            r->next = p;
            return c->eof ? FOUND_RECORD : FOUND_MORE;
        }
        char end = c->buf[p++];
        if (end == c->opt.delimiter)
            continue;
        r->cr = end == '\r';
        r->next = p;
        return FOUND_RECORD;
    }
}

static ys_status fail_byte(ys_csv *c, const record *r, size_t at)
{
    int col = 0;
    while (col + 1 < r->cells && c->cells[col].end < at)
        col++;
    unsigned byte = (unsigned char)c->buf[at];
    const char *encoding = ys__decoder_name(c->decoder);
    bool utf8 = strcmp(encoding, "UTF-8") == 0;
    long long row = (long long)(c->row + 1), line = (long long)c->next_line;
    char value[8];
    ys_status st;
    if (byte == 0)
        st = ys_fail(
            &c->diag, YS_EDATA,
            "第 %lld 行（文本第 %lld 行）第 %d 列有 NUL 字节：可能不是文本文件，或是没有 BOM 的 UTF-16",
            "row %lld (line %lld of the file), column %d has a NUL byte: no text file, or UTF-16 without BOM",
            row, line, col + 1);
    else
        st = ys_fail(&c->diag, YS_EDATA, "第 %lld 行（文本第 %lld 行）第 %d 列有不合 %s 编码的字节",
                     "row %lld (line %lld of the file), column %d has a byte that is not %s", row, line,
                     col + 1, encoding);
    if (byte == 0 || utf8) {
        (void)snprintf(value, sizeof value, "0x%02X", byte);
        ys_diag_value(&c->diag, value);
    }
    ys_diag_fix(&c->diag, "请用原软件另存为“CSV UTF-8”后再导入",
                "save the file again as \"CSV UTF-8\" and read that");
    return failed(c, st, col + 1);
}

/* Terminate the cells in place and take doubled quotes apart. */
static ys_status finish_cells(ys_csv *c, const record *r)
{
    size_t bad = c->pos + ys__utf8_check(c->buf + c->pos, r->next - c->pos);
    if (bad < r->next)
        return fail_byte(c, r, bad);
    for (int i = 0; i < r->cells; i++) {
        const cell *x = &c->cells[i];
        char *s = c->buf + x->start;
        size_t n = x->end - x->start;
        if (n > c->opt.max_field)
            return fail_limit(c, i + 1, "第 %lld 行（文本第 %lld 行）有一个单元格超过 %zu 字节",
                              "row %lld (line %lld of the file) has a cell of more than %zu bytes",
                              c->opt.max_field);
        c->texts[i] = s;
        if (x->doubled == 0) {
            s[n] = '\0';
            continue;
        }
        size_t to = 0;
        for (size_t from = 0; from < n; from++) {
            s[to++] = s[from];
            from += s[from] == '"';
        }
        s[to] = '\0';
    }
    return YS_OK;
}

/* Find the next record, reading as much as it takes. */
static found find_record(ys_csv *c, record *r)
{
    for (;;) {
        if (c->skip_lf && c->pos < c->len) {
            c->pos += c->buf[c->pos] == '\n';
            c->skip_lf = false;
        }
        found f = FOUND_MORE;
        if (c->pos < c->len)
            f = scan(c, r);
        else if (c->eof)
            return FOUND_END;
        size_t size = (f == FOUND_RECORD ? r->next : c->len) - c->pos;
        if (f != FOUND_ERROR && size > c->opt.max_record) {
            (void)fail_limit(c, 0, "第 %lld 行（文本第 %lld 行）超过 %zu 字节",
                             "row %lld (line %lld of the file) is longer than %zu bytes", c->opt.max_record);
            return FOUND_ERROR;
        }
        if (f != FOUND_MORE)
            return f;
        if (fill(c) != YS_OK)
            return FOUND_ERROR;
    }
}

static bool is_blank(const ys_csv *c, const record *r)
{
    return r->cells == 1 && c->cells[0].start == c->cells[0].end && c->cells[0].start == c->pos;
}

ys_status ys_csv_next(ys_csv *c, const char *const **ret_cells, int *ret_n, int64_t *ret_row, ys_diag *diag)
{
    record r = {0};
    found f = FOUND_ERROR;
    if (c->failed == YS_OK && (c->begun || begin(c) == YS_OK)) {
        f = find_record(c, &r);
        while (f == FOUND_RECORD && is_blank(c, &r)) {
            c->row++;
            c->next_line++;
            c->pos = r.next;
            c->skip_lf = r.cr;
            f = find_record(c, &r);
        }
    }
    if (f == FOUND_ERROR || (f == FOUND_RECORD && finish_cells(c, &r) != YS_OK)) {
        if (diag)
            *diag = c->diag;
        return c->failed;
    }
    if (f == FOUND_END) {
        *ret_cells = NULL;
        *ret_n = 0;
        return YS_OK;
    }
    c->row++;
    c->line = c->next_line;
    c->next_line += r.lines + 1;
    c->pos = r.next;
    c->skip_lf = r.cr;
    *ret_cells = c->texts;
    *ret_n = r.cells;
    if (ret_row)
        *ret_row = c->row;
    return YS_OK;
}

int64_t ys_csv_row(const ys_csv *c)
{
    return c->row;
}

int64_t ys_csv_line(const ys_csv *c)
{
    return c->line;
}

char ys_csv_delimiter(const ys_csv *c)
{
    return c->opt.delimiter;
}

const char *ys_csv_encoding(const ys_csv *c)
{
    return ys__decoder_name(c->decoder);
}
