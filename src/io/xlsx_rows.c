/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a sheet: <sheetData><row r="5"><c r="B5" s="1" t="s"><f>…</f><v>3</v></c>…  One row is built at a time. */
#include <errno.h>
#include "base/alloc.h"
#include "base/limits.h"
#include "io/xlsx_rows.h"

enum { ROW_MAX = 1048576, COLUMN_MAX = 16384 };

/* ys_fail into the reader's diag and give up. */
#define FAIL(r, ...) ys__xml_fail(&(r)->xml, ys_fail(&(r)->xml.diag, __VA_ARGS__))

static void where(ys_xlsx_rows *r)
{
    ys_diag_where(&r->xml.diag, NULL, NULL, r->row, r->col, NULL);
}

static void begin_row(ys_xlsx_rows *r, const char **attrs)
{
    const char *number = ys__xml_attr(attrs, "r");
    int64_t row = r->row + 1;
    if (number) {
        row = 0;
        for (const char *p = number; *p >= '0' && *p <= '9' && row <= ROW_MAX; p++)
            row = row * 10 + (*p - '0');
    }
    if (row <= r->row || row > ROW_MAX) {
        FAIL(r, YS_EDATA, "工作表损坏：第 %lld 行之后的行号不对",
             "the sheet is damaged: wrong row number after row %lld", (long long)r->row);
        return;
    }
    r->row = row;
    r->col = r->ncells = 0;
    r->used = 1; /* offset 0 is the empty text */
    r->in_row = true;
}

static cell_type type_of(const char *t)
{
    static const struct {
        const char *name;
        cell_type type;
    } list[] = {{"s", CELL_SHARED}, {"inlineStr", CELL_TEXT}, {"str", CELL_TEXT},
                {"b", CELL_PLAIN},  {"e", CELL_PLAIN},        {"d", CELL_ISO}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(t, list[i].name) == 0)
            return list[i].type;
    return CELL_NUMBER;
}

static void begin_cell(ys_xlsx_rows *r, const char **attrs)
{
    const char *ref = NULL, *style = NULL, *type = NULL;
    for (; attrs[0]; attrs += 2) {
        if (attrs[0][1] != '\0')
            continue;
        if (attrs[0][0] == 'r')
            ref = attrs[1];
        else if (attrs[0][0] == 's')
            style = attrs[1];
        else if (attrs[0][0] == 't')
            type = attrs[1];
    }
    int col = r->col + 1;
    if (ref) {
        col = 0;
        for (; *ref >= 'A' && *ref <= 'Z' && col <= COLUMN_MAX; ref++)
            col = col * 26 + (*ref - 'A' + 1);
    }
    if (col <= r->col || col > COLUMN_MAX) {
        where(r);
        FAIL(r, YS_EDATA, "工作表损坏：第 %lld 行的单元格次序不对",
             "the sheet is damaged: cells of row %lld out of order", (long long)r->row);
        return;
    }
    r->col = col;
    r->type = type ? type_of(type) : CELL_NUMBER;
    r->style = 0;
    for (; style && *style >= '0' && *style <= '9' && r->style < (1u << 24); style++)
        r->style = r->style * 10 + (unsigned)(*style - '0');
    r->formula = false;
    r->in_cell = true;
    r->start = r->used;
}

static void on_start(void *user, const char *name, const char **attrs)
{
    ys_xlsx_rows *r = user;
    if (r->in_cell) {
        if (strcmp(name, "v") == 0)
            r->capture = true;
        else if (strcmp(name, "f") == 0)
            r->formula = true;
        else if (strcmp(name, "t") == 0)
            r->capture = r->phonetic == 0;
        else if (strcmp(name, "rPh") == 0)
            r->phonetic++;
    } else if (r->in_row) {
        if (strcmp(name, "c") == 0)
            begin_cell(r, attrs);
    } else if (r->in_data) {
        if (strcmp(name, "row") == 0)
            begin_row(r, attrs);
    } else if (strcmp(name, "sheetData") == 0) {
        r->in_data = true;
    }
}

/* Room for `n` more bytes of the cell and a terminator; false: failed. */
static bool room(ys_xlsx_rows *r, size_t n)
{
    const ys_xlsx_options *o = &r->x->opt;
    if (r->used - r->start + n > o->max_cell || r->used + n > o->max_row) {
        where(r);
        FAIL(r, YS_ELIMIT, "第 %lld 行第 %d 列：单元格或整行的文字太长",
             "row %lld, column %d: the text of the cell or row is too long", (long long)r->row, r->col);
        return false;
    }
    if (ys_grow(&r->text, &r->cap, r->used + n + 1, 1))
        return true;
    ys__xml_fail(&r->xml, ys_fail_nomem(&r->xml.diag));
    return false;
}

static void on_text(void *user, const char *text, int n)
{
    ys_xlsx_rows *r = user;
    if (!r->capture || !room(r, (size_t)n))
        return;
    memcpy(r->text + r->used, text, (size_t)n);
    r->used += (size_t)n;
}

/* The captured number of a shared string becomes that string. */
static void take_shared(ys_xlsx_rows *r)
{
    uint64_t i = 0, at = 0;
    size_t n = 0;
    for (const char *p = r->text + r->start; *p >= '0' && *p <= '9' && i < (1u << 31); p++)
        i = i * 10 + (uint64_t)(*p - '0');
    r->used = r->start;
    errno = 0;
    if (!ys__strings_length(&r->x->strings, i, &at, &n)) {
        where(r);
        FAIL(r, errno ? YS_EIO : YS_EDATA, "第 %lld 行第 %d 列：没有第 %llu 个共享字符串",
             "row %lld, column %d: there is no shared string no. %llu", (long long)r->row, r->col,
             (unsigned long long)i);
        return;
    }
    if (!room(r, n))
        return;
    if (!ys__spill_read(r->x->strings.text, at, n, r->text + r->start))
        FAIL(r, YS_EIO, "读临时文件失败：%s", "cannot read the temporary file: %s", strerror(errno));
    r->used = r->start + n;
}

static void take_number(ys_xlsx_rows *r)
{
    char shown[400];
    ys__format f = r->style < r->x->nformats ? r->x->formats[r->style] : (ys__format){0, 0};
    if (!ys__format_number(r->text + r->start, f, r->x->epoch1904, shown, sizeof shown))
        return; /* a text in a number cell: as it stands */
    size_t n = strlen(shown);
    r->used = r->start;
    if (room(r, n)) {
        memcpy(r->text + r->start, shown, n);
        r->used += n;
    }
}

/* 2016-08-27T00:00:00Z -> 2016-08-27; another time stays, behind a blank. */
static void take_iso(ys_xlsx_rows *r)
{
    char *s = r->text + r->start;
    size_t n = strcspn(s, ".Z");
    char *t = memchr(s, 'T', n);
    if (t && strncmp(t, "T00:00:00", 9) == 0)
        n = (size_t)(t - s);
    else if (t)
        *t = ' ';
    r->used = r->start + n;
}

static void end_cell(ys_xlsx_rows *r)
{
    r->in_cell = r->capture = false;
    r->phonetic = 0;
    bool any = r->used > r->start;
    r->formulas += r->formula;
    r->formulas_blank += r->formula && !any;
    if (!any)
        return;
    r->text[r->used] = '\0';
    if (r->type == CELL_SHARED)
        take_shared(r);
    else if (r->type == CELL_NUMBER)
        take_number(r);
    else if (r->type == CELL_TEXT)
        r->used = r->start + ys__unescape(r->text + r->start, r->used - r->start);
    else if (r->type == CELL_ISO)
        take_iso(r);
    if (r->xml.failed != YS_OK || r->used == r->start)
        return;
    if (r->col > YS_LIMIT_COLUMNS) {
        where(r);
        FAIL(r, YS_ELIMIT, "第 %lld 行超过 %d 列", "row %lld has more than %d columns", (long long)r->row,
             YS_LIMIT_COLUMNS);
        return;
    }
    r->text[r->used++] = '\0';
    while (r->ncells < r->col - 1)
        r->offsets[r->ncells++] = 0;
    r->offsets[r->ncells++] = r->start;
}

static void on_end(void *user, const char *name)
{
    ys_xlsx_rows *r = user;
    if (r->in_cell) {
        if (strcmp(name, "c") == 0)
            end_cell(r);
        else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
            r->capture = false;
        else if (strcmp(name, "rPh") == 0)
            r->phonetic--;
    } else if (r->in_row) {
        if (strcmp(name, "row") == 0) {
            r->in_row = false;
            r->ready = r->ncells > 0;
            if (r->ready)
                ys__xml_pause(&r->xml);
        }
    } else if (r->in_data && strcmp(name, "sheetData") == 0) {
        r->in_data = false;
    }
}

ys_status ys_xlsx_rows_open(ys_xlsx *x, int sheet, ys_xlsx_rows **ret_rows, ys_diag *diag)
{
    static const ys__xml_handlers handlers = {on_start, on_end, on_text};
    if (sheet < 0 || (size_t)sheet >= x->nsheets)
        return ys_fail(diag, YS_ENOTFOUND, "没有第 %d 个工作表", "there is no sheet no. %d", sheet);
    YS_TRY(ys__strings_load(x, diag));
    ys_xlsx_rows *r = ys_calloc(1, sizeof *r);
    if (!r)
        return ys_fail_nomem(diag);
    r->x = x;
    r->sheet = &x->sheets[sheet];
    ys_status st = ys__xml_open(&r->xml, x, r->sheet->part, r->sheet->name, diag);
    if (st == YS_OK)
        st = ys__xml_handle(&r->xml, &handlers, r, diag);
    if (st == YS_OK && !ys_grow(&r->text, &r->cap, 4096, 1))
        st = ys_fail_nomem(diag);
    if (st != YS_OK) {
        ys_xlsx_rows_close(r);
        return st;
    }
    r->text[0] = '\0';
    *ret_rows = r;
    return YS_OK;
}

void ys_xlsx_rows_close(ys_xlsx_rows *r)
{
    if (!r)
        return;
    ys__xml_done(&r->xml);
    ys_free(r->text);
    ys_free(r->merges);
    ys_free(r);
}

ys_status ys_xlsx_next(ys_xlsx_rows *r, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                       ys_diag *diag)
{
    if (r->failed != YS_OK) {
        if (diag)
            *diag = r->diag;
        return r->failed;
    }
    r->ready = false;
    while (!r->ready && !r->xml.ended) {
        ys_status st = ys__xml_step(&r->xml, &r->diag);
        if (st != YS_OK) {
            ys_diag_where(&r->diag, NULL, NULL, r->diag.row ? 0 : r->row, 0, NULL);
            r->failed = st;
            return ys_xlsx_next(r, ret_cells, ret_n, ret_row, diag);
        }
    }
    if (!r->ready) {
        *ret_cells = NULL;
        *ret_n = 0;
        return YS_OK;
    }
    for (int i = 0; i < r->ncells; i++)
        r->cells[i] = r->text + r->offsets[i];
    *ret_cells = r->cells;
    *ret_n = r->ncells;
    if (ret_row)
        *ret_row = r->row;
    return YS_OK;
}

int64_t ys_xlsx_formulas(const ys_xlsx_rows *r)
{
    return r->formulas;
}

int64_t ys_xlsx_formulas_blank(const ys_xlsx_rows *r)
{
    return r->formulas_blank;
}
