/* SPDX-License-Identifier: Apache-2.0 */
#include "io/xlsx_write.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include "base/alloc.h"
#include "base/arena.h"
#include "base/num.h"
#include "base/str.h"
#include "base/text.h"
#include "io/xlsx_verify.h"
#include "yaoshi/table.h"

enum { ROW_MAX = 1048576, NAME_MAX_CHARS = 31, TYPES = YS_XLSX_DATE + 1 };

struct ys_xlsx_writer {
    char *path, *temporary;
    bool made; /* the temporary file is there */
    lxw_workbook *book;
    lxw_worksheet *sheet;
    ys_xlsx_sheet spec; /* of the sheet being written; a copy, in `memory` */
    ys_arena *memory;
    char name[256];
    int parts; /* 1: the sheet itself; n: its continuation "name (n)" */
    int digits;
    uint32_t row;
    int col;
    lxw_format *title, *note, *header, *cell[TYPES];
    int64_t *cells; /* written to each sheet so far, to be found again at the end */
    size_t nsheets, sheets_cap;
    lxw_error failed;
    int64_t failed_row;
    int failed_col;
};

static ys_status fail_file(const ys_xlsx_writer *w, int error, ys_diag *diag)
{
    ys_diag_where(diag, w->path, NULL, 0, 0, NULL);
    ys_status st = ys_fail(diag, YS_EIO, "写不出 %s：%s", "cannot write %s: %s", w->path, strerror(error));
    ys_diag_fix(diag, "请检查目录是否存在、是否可写", "check that the folder is there and can be written");
    return st;
}

static ys_status fail_lxw(const ys_xlsx_writer *w, lxw_error e, ys_diag *diag)
{
    ys_diag_where(diag, w->path, w->name, w->failed_row, w->failed_col, NULL);
    if (e == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return ys_fail_nomem(diag);
    if (e == LXW_ERROR_SHEETNAME_ALREADY_USED)
        return ys_fail(diag, YS_ECONFLICT, "工作表“%s”已经有了", "there is a sheet \"%s\" already", w->name);
    if (e == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
        return ys_fail(diag, YS_ELIMIT, "第 %lld 行第 %d 列的文字超过 32,767 字，工作表放不下",
                       "row %lld, column %d: a cell of a workbook holds 32,767 characters at most",
                       (long long)w->failed_row, w->failed_col);
    ys_status st = ys_fail(diag, YS_EIO, "写不出 %s：%s", "cannot write %s: %s", w->path, lxw_strerror(e));
    ys_diag_fix(diag, "请检查目录是否可写、磁盘和 TMPDIR 是否有空间",
                "check that the folder can be written and that the disk and TMPDIR have room");
    return st;
}

enum { TEXT_FORMAT = 49 }; /* the built-in format @ */

/* `number` NULL: the text format. */
static lxw_format *new_format(ys_xlsx_writer *w, const char *number, bool bold, double size)
{
    lxw_format *f = workbook_add_format(w->book);
    if (!f) {
        w->failed = LXW_ERROR_MEMORY_MALLOC_FAILED;
        return NULL;
    }
    if (number)
        format_set_num_format(f, number);
    else
        format_set_num_format_index(f, TEXT_FORMAT);
    if (bold)
        format_set_bold(f);
    if (size > 0)
        format_set_font_size(f, size);
    return f;
}

static void make_formats(ys_xlsx_writer *w)
{
    char money[32] = "#,##0";
    if (w->digits > 0)
        (void)snprintf(money, sizeof money, "#,##0.%0*d", w->digits, 0);
    w->title = new_format(w, NULL, true, 16);
    w->note = new_format(w, NULL, false, 0);
    w->header = new_format(w, NULL, true, 0);
    w->cell[YS_XLSX_TEXT] = new_format(w, NULL, false, 0);
    w->cell[YS_XLSX_INT] = new_format(w, "0", false, 0);
    w->cell[YS_XLSX_REAL] = new_format(w, "General", false, 0);
    w->cell[YS_XLSX_MONEY] = new_format(w, money, false, 0);
    w->cell[YS_XLSX_DATE] = new_format(w, "yyyy-mm-dd", false, 0);
    if (w->failed != LXW_NO_ERROR)
        return;
    format_set_bg_color(w->header, 0xE7EEF7);
    format_set_bottom(w->header, LXW_BORDER_THIN);
    format_set_align(w->header, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(w->header);
}

/* The same calls must give the same bytes: the date of creation is a property of the report. */
static void set_properties(ys_xlsx_writer *w, const ys_xlsx_props *p)
{
    enum { DAY_2000 = 10957 };
    lxw_doc_properties d = {0};
    char *title = p->title ? ys_strdup(p->title) : NULL, *author = p->author ? ys_strdup(p->author) : NULL;
    char *comments = p->comments ? ys_strdup(p->comments) : NULL;
    d.title = title;
    d.author = author;
    d.comments = comments;
    d.created = (time_t)(p->created ? p->created : DAY_2000) * 86400;
    w->failed = workbook_set_properties(w->book, &d);
    ys_free(title);
    ys_free(author);
    ys_free(comments);
}

static void release(ys_xlsx_writer *w)
{
    if (w->made)
        (void)unlink(w->temporary);
    ys_arena_free(w->memory);
    ys_free(w->cells);
    ys_free(w->temporary);
    ys_free(w->path);
    ys_free(w);
}

ys_status ys_xlsx_create(const char *path, const ys_xlsx_props *props, ys_xlsx_writer **ret_writer,
                         ys_diag *diag)
{
    static const ys_xlsx_props none = {0};
    const ys_xlsx_props *p = props ? props : &none;
    ys_xlsx_writer *w = ys_calloc(1, sizeof *w);
    if (!w)
        return ys_fail_nomem(diag);
    size_t n = strlen(path) + 16;
    w->path = ys_strdup(path);
    w->temporary = ys_malloc(n);
    w->memory = ys_arena_new(0);
    if (!w->path || !w->temporary || !w->memory) {
        release(w);
        return ys_fail_nomem(diag);
    }
    (void)snprintf(w->temporary, n, "%s.part", path);
    /* libxlsxwriter opens the file only at the end, and prints when it cannot: try now */
    int fd = open(w->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        ys_status st = fail_file(w, errno, diag);
        release(w);
        return st;
    }
    (void)close(fd);
    w->made = true;
    lxw_workbook_options opt = {
        .constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE, .tmpdir = secure_getenv("TMPDIR")};
    w->book = workbook_new_opt(w->temporary, &opt);
    if (!w->book) {
        release(w);
        return ys_fail_nomem(diag);
    }
    w->digits = p->money_digits == 0 ? 2 : p->money_digits < 0 ? 0 : p->money_digits;
    set_properties(w, p);
    make_formats(w);
    if (w->failed != LXW_NO_ERROR) {
        ys_status st = fail_lxw(w, w->failed, diag);
        ys_xlsx_discard(w);
        return st;
    }
    *ret_writer = w;
    return YS_OK;
}

/* Bytes of the first `chars` UTF-16 units of `s`. */
static size_t prefix(const char *s, int chars)
{
    size_t i = 0;
    while (s[i]) {
        size_t k = 1;
        while ((s[i + k] & 0xC0) == 0x80)
            k++;
        chars -= k == 4 ? 2 : 1;
        if (chars < 0)
            break;
        i += k;
    }
    return i;
}

/* A name a sheet can have: no []:*?/\ and no apostrophe at the ends, at most 31 characters with the tail. */
static void set_name(ys_xlsx_writer *w, const char *name, int part)
{
    char tail[16] = "", clean[200];
    if (part > 1)
        (void)snprintf(tail, sizeof tail, " (%d)", part);
    (void)snprintf(clean, sizeof clean, "%.*s", (int)prefix(name, NAME_MAX_CHARS - (int)strlen(tail)), name);
    for (char *p = clean; *p; p++)
        if (strchr("[]:*?/\\", *p) || (*p == '\'' && (p == clean || p[1] == '\0')))
            *p = '_';
    (void)snprintf(w->name, sizeof w->name, "%s%s", *clean ? clean : "Sheet", tail);
}

/* A text of the head, in the row at hand. */
static void put_head(ys_xlsx_writer *w, int col, const char *text, lxw_format *format)
{
    if (w->failed != LXW_NO_ERROR)
        return;
    w->failed = worksheet_write_string(w->sheet, w->row, (lxw_col_t)col, text, format);
    w->cells[w->nsheets - 1] += w->failed == LXW_NO_ERROR;
}

static void write_head(ys_xlsx_writer *w)
{
    const ys_xlsx_sheet *s = &w->spec;
    for (int i = 0; i < s->ncolumns; i++) {
        const ys_xlsx_column *c = &s->columns[i];
        double width = c->width > 0 ? c->width : ys_text_width(c->header) + 2;
        (void)worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i, width, w->cell[c->type]);
    }
    for (int i = 0; i < s->ntitles; i++, w->row++)
        put_head(w, 0, s->titles[i], i == 0 ? w->title : w->note);
    for (int i = 0; i < s->ncolumns; i++)
        put_head(w, i, s->columns[i].header, w->header);
    w->row++;
    worksheet_freeze_panes(w->sheet, w->row, 0);
    worksheet_repeat_rows(w->sheet, w->row - 1, w->row - 1);
    worksheet_set_landscape(w->sheet);
    worksheet_fit_to_pages(w->sheet, 1, 0);
}

static ys_status begin_sheet(ys_xlsx_writer *w, int part, ys_diag *diag)
{
    w->parts = part;
    set_name(w, w->spec.name, part);
    w->failed_row = w->failed_col = 0;
    w->row = 0;
    w->col = 0;
    lxw_error e = workbook_validate_sheet_name(w->book, w->name);
    if (e != LXW_NO_ERROR)
        return fail_lxw(w, e, diag); /* another name may do */
    if (!ys_grow(&w->cells, &w->sheets_cap, w->nsheets + 1, sizeof *w->cells)) {
        w->failed = LXW_ERROR_MEMORY_MALLOC_FAILED;
        return ys_fail_nomem(diag);
    }
    w->sheet = workbook_add_worksheet(w->book, w->name);
    if (w->sheet) {
        w->cells[w->nsheets++] = 0;
        write_head(w);
    } else {
        w->failed = LXW_ERROR_CREATING_TMPFILE;
    }
    return w->failed == LXW_NO_ERROR ? YS_OK : fail_lxw(w, w->failed, diag);
}

/* The caller's words may be gone when the sheet goes on under another name. */
static bool copy_spec(ys_xlsx_writer *w, const ys_xlsx_sheet *sheet)
{
    ys_arena_clear(w->memory);
    char *name = ys_arena_strdup(w->memory, sheet->name);
    const char **titles = ys_arena_alloc(w->memory, (size_t)sheet->ntitles + 1, sizeof *titles);
    ys_xlsx_column *columns = ys_arena_alloc(w->memory, (size_t)sheet->ncolumns + 1, sizeof *columns);
    bool all = name && titles && columns;
    for (int i = 0; all && i < sheet->ntitles; i++)
        all = (titles[i] = ys_arena_strdup(w->memory, sheet->titles[i])) != NULL;
    for (int i = 0; all && i < sheet->ncolumns; i++) {
        columns[i] = sheet->columns[i];
        all = (columns[i].header = ys_arena_strdup(w->memory, sheet->columns[i].header)) != NULL;
    }
    if (all)
        w->spec = (ys_xlsx_sheet){name, titles, sheet->ntitles, columns, sheet->ncolumns};
    return all;
}

ys_status ys_xlsx_add_sheet(ys_xlsx_writer *w, const ys_xlsx_sheet *sheet, ys_diag *diag)
{
    if (w->failed != LXW_NO_ERROR)
        return fail_lxw(w, w->failed, diag);
    if (!copy_spec(w, sheet)) {
        w->failed = LXW_ERROR_MEMORY_MALLOC_FAILED;
        return ys_fail_nomem(diag);
    }
    return begin_sheet(w, 1, diag);
}

/* The format of the column at hand, or of `type` beyond the declared columns. */
static lxw_format *format_here(const ys_xlsx_writer *w, ys_xlsx_type type)
{
    return w->cell[w->col < w->spec.ncolumns ? w->spec.columns[w->col].type : type];
}

static void done(ys_xlsx_writer *w, lxw_error e)
{
    w->col++;
    w->cells[w->nsheets - 1] += e == LXW_NO_ERROR;
    if (e == LXW_NO_ERROR || w->failed != LXW_NO_ERROR)
        return;
    w->failed = e;
    w->failed_row = (int64_t)w->row + 1;
    w->failed_col = w->col;
}

static bool ready(ys_xlsx_writer *w, bool is_missing)
{
    if (w->failed != LXW_NO_ERROR || is_missing || !w->sheet) {
        w->col++;
        return false;
    }
    return true;
}

/* A text like _x0041_ would be read back as the character it names: its underscore is written _x005F_. */
static bool is_escape(const char *s)
{
    return s[0] == '_' && s[1] == 'x' && strspn(s + 2, "0123456789abcdefABCDEF") >= 4 && s[6] == '_';
}

static void put_string(ys_xlsx_writer *w, const char *text)
{
    ys_str escaped = {0};
    const char *p = strstr(text, "_x");
    if (p) {
        ys_str_add(&escaped, text, (size_t)(p - text));
        for (; *p; p++) {
            if (is_escape(p))
                ys_str_puts(&escaped, "_x005F");
            ys_str_putc(&escaped, *p);
        }
        text = ys_str_get(&escaped);
    }
    lxw_error e = LXW_ERROR_MEMORY_MALLOC_FAILED;
    if (!escaped.failed)
        e = worksheet_write_string(w->sheet, w->row, (lxw_col_t)w->col, text, w->cell[YS_XLSX_TEXT]);
    ys_str_done(&escaped);
    done(w, e);
}

static void put_number(ys_xlsx_writer *w, double v, ys_xlsx_type type)
{
    done(w, worksheet_write_number(w->sheet, w->row, (lxw_col_t)w->col, v, format_here(w, type)));
}

void ys_xlsx_put_text(ys_xlsx_writer *w, const char *text)
{
    if (ready(w, !text || text == YS_TEXT_NOT_ASKED || !*text))
        put_string(w, text);
}

void ys_xlsx_put_int(ys_xlsx_writer *w, int64_t value)
{
    char buf[24];
    if (!ready(w, ys_is_missing(value)))
        return;
    if (value > -1000000000000000 && value < 1000000000000000) {
        put_number(w, (double)value, YS_XLSX_INT);
    } else {
        (void)snprintf(buf, sizeof buf, "%lld", (long long)value);
        put_string(w, buf);
    }
}

void ys_xlsx_put_real(ys_xlsx_writer *w, double value)
{
    if (ready(w, !isfinite(value)))
        put_number(w, value, YS_XLSX_REAL);
}

void ys_xlsx_put_money(ys_xlsx_writer *w, int64_t minor)
{
    char buf[40];
    double unit = 1;
    if (!ready(w, ys_is_missing(minor)))
        return;
    for (int i = 0; i < w->digits; i++)
        unit *= 10;
    if (minor > -1000000000000000 && minor < 1000000000000000)
        put_number(w, (double)minor / unit, YS_XLSX_MONEY);
    else
        put_string(w, ys_format_money(minor, w->digits, buf, sizeof buf));
}

void ys_xlsx_put_date(ys_xlsx_writer *w, int64_t days)
{
    char buf[24];
    if (!ready(w, ys_is_missing(days)))
        return;
    int64_t serial = days - ys_date_from(1899, 12, 30);
    if (serial >= 61 && serial < 2958466)
        put_number(w, (double)serial, YS_XLSX_DATE);
    else
        put_string(w, ys_format_date((int32_t)days, buf, sizeof buf));
}

ys_status ys_xlsx_end_row(ys_xlsx_writer *w, ys_diag *diag)
{
    if (w->failed != LXW_NO_ERROR)
        return fail_lxw(w, w->failed, diag);
    if (!w->sheet)
        return ys_fail(diag, YS_EINTERNAL, "还没有工作表", "there is no sheet yet");
    w->row++;
    w->col = 0;
    return w->row < ROW_MAX ? YS_OK : begin_sheet(w, w->parts + 1, diag);
}

/* The book is closed: is it whole?  Then it gets its name. */
static ys_status check_and_name(ys_xlsx_writer *w, ys_diag *diag)
{
    ys_status st = w->nsheets ? ys__xlsx_verify(w->temporary, w->cells, (int)w->nsheets, NULL) : YS_OK;
    if (st != YS_OK && st != YS_ENOMEM) {
        ys_diag_where(diag, w->path, NULL, 0, 0, NULL);
        st = ys_fail(diag, YS_EIO, "%s 没有写完整", "%s was not written whole", w->path);
        ys_diag_fix(diag, "磁盘可能已满：请检查目标目录和 TMPDIR 的空间",
                    "the disk may be full: check the room of the folder and TMPDIR");
        return st;
    }
    if (st != YS_OK)
        return ys_fail_nomem(diag);
    if (rename(w->temporary, w->path) != 0)
        return fail_file(w, errno, diag);
    w->made = false;
    return YS_OK;
}

ys_status ys_xlsx_finish(ys_xlsx_writer *w, ys_diag *diag)
{
    lxw_error before = w->failed, e = workbook_close(w->book);
    if (before == LXW_NO_ERROR)
        before = e;
    ys_status st = before == LXW_NO_ERROR ? check_and_name(w, diag) : fail_lxw(w, before, diag);
    release(w);
    return st;
}

void ys_xlsx_discard(ys_xlsx_writer *w)
{
    if (!w)
        return;
    lxw_workbook_free(w->book);
    release(w);
}
