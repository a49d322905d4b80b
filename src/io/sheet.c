/* SPDX-License-Identifier: Apache-2.0 */
#include "io/sheet.h"
#include <errno.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/str.h"
#include "io/csv.h"
#include "io/merge_fill.h"
#include "io/xlsx_read.h"

struct ys_sheet {
    char *file;
    ys_csv *csv; /* the one or the other */
    ys_xlsx *book;
    ys_xlsx_rows *rows;
    int index; /* of the sheet in the book */
    int64_t row;
    ys__filler *filler; /* merged areas, once headers were asked for */
};

typedef enum content { CONTENT_TEXT, CONTENT_ZIP, CONTENT_OLE } content;

/* Zip archives begin with a local header (or, empty, with the end record); .xls and encrypted .xlsx are OLE files. */
static content look(const unsigned char *s, size_t n)
{
    if (n >= 4 && s[0] == 'P' && s[1] == 'K' && ((s[2] == 3 && s[3] == 4) || (s[2] == 5 && s[3] == 6)))
        return CONTENT_ZIP;
    if (n >= 8 && memcmp(s, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return CONTENT_OLE;
    return CONTENT_TEXT;
}

static ys_status fail_ole(const char *name, ys_diag *diag)
{
    ys_diag_where(diag, name, NULL, 0, 0, NULL);
    ys_status st = ys_fail(diag, YS_EDATA, "是旧式 .xls 工作簿，或是加了密码的工作簿",
                           "an old binary .xls workbook, or one under a password");
    ys_diag_fix(diag, "请去掉密码，另存为 .xlsx 或“CSV UTF-8”",
                "remove the password and save it as .xlsx or CSV UTF-8");
    return st;
}

/* A pipe cannot be looked into without losing what was read: it is taken as text. */
static ys_status look_file(const char *path, content *ret_content, ys_diag *diag)
{
    unsigned char head[8];
    FILE *f = fopen(path, "rbe");
    if (!f) {
        int e = errno;
        ys_diag_where(diag, path, NULL, 0, 0, NULL);
        ys_status st = e == ENOENT
                           ? ys_fail(diag, YS_ENOTFOUND, "没有文件 %s", "there is no file %s", path)
                           : ys_fail(diag, YS_EIO, "打不开 %s：%s", "cannot open %s: %s", path, strerror(e));
        ys_diag_fix(diag, "请检查路径和读取权限", "check the path and the permission to read it");
        return st;
    }
    struct stat st;
    size_t n = fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) ? fread(head, 1, sizeof head, f) : 0;
    (void)fclose(f);
    *ret_content = look(head, n);
    return YS_OK;
}

static ys_status fail_no_sheet(const ys_sheet *s, const char *sheet_name, ys_diag *diag)
{
    ys_str names = {.limit = 200};
    for (int i = 0; i < ys_sheet_count(s); i++)
        (void)ys_str_printf(&names, "%s%s", i ? "、" : "", ys_sheet_name_at(s, i));
    ys_diag_where(diag, s->file, NULL, 0, 0, NULL);
    ys_status st = ys_fail(diag, YS_ENOTFOUND, "没有名为“%s”的工作表；有：%s",
                           "there is no sheet \"%s\"; there are: %s", sheet_name, ys_str_get(&names));
    ys_str_done(&names);
    return st;
}

/* Choose the sheet of an open book. */
static ys_status choose(ys_sheet *s, const char *sheet_name, ys_diag *diag)
{
    if (sheet_name) {
        s->index = ys_xlsx_find_sheet(s->book, sheet_name);
        if (s->index < 0)
            return fail_no_sheet(s, sheet_name, diag);
    } else {
        int n = ys_xlsx_sheets(s->book);
        while (s->index < n && ys_xlsx_sheet_hidden(s->book, s->index))
            s->index++;
        if (s->index == n)
            s->index = 0;
    }
    return ys_xlsx_rows_open(s->book, s->index, &s->rows, diag);
}

/* What both ways of opening share, after `csv` or `book` was opened with status `st`. */
static ys_status finish_open(ys_sheet *s, ys_status st, const char *sheet_name, ys_sheet **ret_sheet,
                             ys_diag *diag)
{
    if (st == YS_OK && s->book)
        st = choose(s, sheet_name, diag);
    else if (st == YS_OK && sheet_name && *sheet_name)
        st = ys_fail(diag, YS_ENOTFOUND, "CSV 文件没有工作表“%s”", "a CSV file has no sheet \"%s\"",
                     sheet_name);
    if (st == YS_OK)
        *ret_sheet = s;
    else
        ys_sheet_close(s);
    return st;
}

static ys_sheet *make(const char *name)
{
    ys_sheet *s = ys_calloc(1, sizeof *s);
    if (s)
        s->file = ys_strdup(name);
    if (s && !s->file) {
        ys_free(s);
        s = NULL;
    }
    return s;
}

ys_status ys_sheet_open(const char *path, const char *sheet_name, ys_sheet **ret_sheet, ys_diag *diag)
{
    content kind = CONTENT_TEXT;
    YS_TRY(look_file(path, &kind, diag));
    if (kind == CONTENT_OLE)
        return fail_ole(path, diag);
    ys_sheet *s = make(path);
    if (!s)
        return ys_fail_nomem(diag);
    ys_status st = kind == CONTENT_ZIP ? ys_xlsx_open(path, NULL, &s->book, diag)
                                       : ys_csv_open(path, NULL, &s->csv, diag);
    return finish_open(s, st, sheet_name, ret_sheet, diag);
}

ys_status ys_sheet_open_memory(const char *name, const void *bytes, size_t n, const char *sheet_name,
                               ys_sheet **ret_sheet, ys_diag *diag)
{
    content kind = look(bytes, n);
    if (kind == CONTENT_OLE)
        return fail_ole(name, diag);
    ys_sheet *s = make(name);
    if (!s)
        return ys_fail_nomem(diag);
    ys_status st = kind == CONTENT_ZIP ? ys_xlsx_open_memory(name, bytes, n, NULL, &s->book, diag)
                                       : ys_csv_open_memory(name, bytes, n, NULL, &s->csv, diag);
    return finish_open(s, st, sheet_name, ret_sheet, diag);
}

void ys_sheet_close(ys_sheet *s)
{
    if (!s)
        return;
    ys__filler_free(s->filler);
    ys_csv_close(s->csv);
    ys_xlsx_rows_close(s->rows);
    ys_xlsx_close(s->book);
    ys_free(s->file);
    ys_free(s);
}

static bool has_value(const char *const *cells, int n)
{
    for (int i = 0; i < n; i++)
        if (cells[i][0] != '\0')
            return true;
    return false;
}

ys_status ys_sheet_next(ys_sheet *s, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                        ys_diag *diag)
{
    const char *const *cells = NULL;
    int n = 0;
    if (s->csv) {
        do
            YS_TRY(ys_csv_next(s->csv, &cells, &n, &s->row, diag));
        while (cells && !has_value(cells, n));
    } else {
        YS_TRY(ys_xlsx_next(s->rows, &cells, &n, &s->row, diag));
    }
    *ret_cells = cells;
    *ret_n = n;
    if (ret_row && cells)
        *ret_row = s->row;
    return YS_OK;
}

ys_status ys_sheet_next_header(ys_sheet *s, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                               ys_diag *diag)
{
    if (s->csv)
        return ys_sheet_next(s, ret_cells, ret_n, ret_row, diag);
    if (!s->filler) {
        const ys_xlsx_merge *merges = NULL;
        int count = 0;
        YS_TRY(ys_xlsx_merges(s->rows, &merges, &count, diag));
        s->filler = ys__filler_new(merges, count);
        if (!s->filler)
            return ys_fail_nomem(diag);
    }
    const char *const *cells = NULL;
    int n = 0;
    YS_TRY(ys_sheet_next(s, &cells, &n, ret_row, diag));
    if (cells)
        YS_TRY(ys__filler_row(s->filler, s->row, &cells, &n, diag));
    *ret_cells = cells;
    *ret_n = n;
    return YS_OK;
}

ys_sheet_kind ys_sheet_kind_of(const ys_sheet *s)
{
    return s->csv ? YS_SHEET_CSV : YS_SHEET_XLSX;
}

int64_t ys_sheet_row(const ys_sheet *s)
{
    return s->row;
}

const char *ys_sheet_file(const ys_sheet *s)
{
    return s->file;
}

const char *ys_sheet_name(const ys_sheet *s)
{
    return ys_sheet_name_at(s, s->index);
}

const char *ys_sheet_encoding(const ys_sheet *s)
{
    return s->csv ? ys_csv_encoding(s->csv) : "UTF-8";
}

int ys_sheet_count(const ys_sheet *s)
{
    return s->csv ? 1 : ys_xlsx_sheets(s->book);
}

const char *ys_sheet_name_at(const ys_sheet *s, int i)
{
    return s->csv ? "" : ys_xlsx_sheet_name(s->book, i);
}

bool ys_sheet_hidden_at(const ys_sheet *s, int i)
{
    return s->book && ys_xlsx_sheet_hidden(s->book, i);
}

int64_t ys_sheet_formulas(const ys_sheet *s)
{
    return s->rows ? ys_xlsx_formulas(s->rows) : 0;
}

int64_t ys_sheet_formulas_blank(const ys_sheet *s)
{
    return s->rows ? ys_xlsx_formulas_blank(s->rows) : 0;
}
