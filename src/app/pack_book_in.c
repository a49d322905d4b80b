/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/office.h"
#include "app/pack_cells.h"
#include "base/alloc.h"
#include "base/limits.h"
#include "base/map.h"
#include "io/csv.h"
#include "io/sheet.h"

typedef struct part {
    const char *sheet, *file;
    ys__cells was, is;
    bool fresh, differs;
    ys_str csv; /* when it differs */
} part;

typedef struct book {
    const ys_pack_book_args *args;
    ys_arena *memory;
    ys_pack *base;
    part *parts;
    size_t count, cap;
    ys_pack_file *files; /* of the pack to be */
    int file_count;
    const char *name, *hash; /* of the pack the workbook came from */
    ys_pack_book result;
} book;

static void tell(book *b, const ys_diag *d)
{
    b->result.faults++;
    if (b->args->fault != NULL)
        b->args->fault(b->args->arg, d);
}

static ys_diag at(const book *b, const char *sheet, int64_t row, int col, const char *column)
{
    ys_diag d = {.status = YS_EDATA};
    ys_diag_where(&d, b->args->workbook, sheet, row, col, column);
    return d;
}

static ys_status read_sheet(const book *b, const char *sheet, ys__cells *t, ys_diag *diag)
{
    ys_sheet *s = NULL;
    const char *const *cells;
    int n;
    int64_t row;
    YS_TRY(ys_sheet_open(b->args->workbook, sheet, &s, diag));
    ys_status st;
    while ((st = ys_sheet_next(s, &cells, &n, &row, diag)) == YS_OK && cells != NULL) {
        if (!ys__cells_add(t, b->memory, cells, n, row)) {
            st = ys_fail_nomem(diag);
            break;
        }
    }
    ys_sheet_close(s);
    return st;
}

/* A relative path inside the pack; ys_pack_check looks at the rest. */
static bool safe(const char *file)
{
    return ys__pack_is_csv(file) && file[0] != '/' && file[0] != '.' && strstr(file, "..") == NULL &&
           strchr(file, '\\') == NULL;
}

static ys_status take_index_row(book *b, const ys__cells *t, int64_t r, ys_diag *diag)
{
    const char *sheet = ys__cells_get(t, r, 0), *file = ys__cells_get(t, r, 1);
    bool twice = false;
    for (size_t i = 0; i < b->count; i++)
        twice = twice || strcmp(b->parts[i].file, file) == 0 || strcmp(b->parts[i].sheet, sheet) == 0;
    if (sheet[0] == '\0' || !safe(file) || twice) {
        ys_diag d = at(b, YS__PACK_INDEX, t->place[r], 2, "file");
        ys_diag_value(&d, file);
        ys_diag_fix(&d, "每行写一张表名和一个政策包内的 .csv 文件名，各不相同",
                    "give one sheet and one .csv file inside the pack in each row, all different");
        ys_fail(&d, YS_EDATA, "不是政策包内的表，或出现两次", "no ys__cells of a pack, or there twice");
        tell(b, &d);
        return YS_OK;
    }
    if (!ys_grow(&b->parts, &b->cap, b->count + 1, sizeof *b->parts))
        return ys_fail_nomem(diag);
    b->parts[b->count++] = (part){.sheet = sheet, .file = file};
    return YS_OK;
}

/* Name and hash of the pack stand in the second title as "name version hash". */
static ys_status take_origin(book *b, const ys__cells *t, ys_diag *diag)
{
    for (int64_t r = 0; r < t->rows && strcmp(ys__cells_get(t, r, 0), "sheet") != 0; r++) {
        const char *text = ys__cells_get(t, r, 0), *end = strrchr(text, ' ');
        if (end == NULL || strlen(end + 1) != 64 || strspn(end + 1, "0123456789abcdef") != 64)
            continue;
        b->hash = end + 1;
        b->name = ys_arena_strndup(b->memory, text, strcspn(text, " "));
        return b->name != NULL ? YS_OK : ys_fail_nomem(diag);
    }
    return YS_OK;
}

static ys_status read_index(book *b, ys_diag *diag)
{
    ys__cells t = {0};
    bool listing = false;
    struct stat s;
    ys_diag_where(diag, b->args->workbook, NULL, 0, 0, NULL);
    if (stat(b->args->workbook, &s) != 0) {
        ys_diag_fix(diag, "检查路径和文件名", "check the path and the name");
        return ys_fail(diag, YS_ENOTFOUND, "没有这个文件", "there is no such file");
    }
    ys_status st = read_sheet(b, YS__PACK_INDEX, &t, diag);
    if (st == YS_ENOTFOUND) {
        ys_diag_fix(diag, "用 yaoshi pack export 导出的工作簿，并保留名为 pack 的表",
                    "take a workbook made by yaoshi pack export, and keep its sheet pack");
        st = ys_fail(diag, YS_EDATA, "没有名为 pack 的表，不知道哪张表是哪个文件",
                     "there is no sheet named pack that says which sheet is which file");
    }
    if (st == YS_OK)
        st = take_origin(b, &t, diag);
    for (int64_t r = 0; st == YS_OK && r < t.rows; r++) {
        if (listing)
            st = take_index_row(b, &t, r, diag);
        listing = listing || strcmp(ys__cells_get(&t, r, 0), "sheet") == 0;
    }
    ys__cells_done(&t);
    return st;
}

/* Sheets nobody listed would be lost without a word. */
static ys_status check_sheets(book *b, ys_diag *diag)
{
    ys_sheet *s = NULL;
    YS_TRY(ys_sheet_open(b->args->workbook, YS__PACK_INDEX, &s, diag));
    for (int i = 0; i < ys_sheet_count(s); i++) {
        const char *name = ys_sheet_name_at(s, i);
        bool known = strcmp(name, YS__PACK_INDEX) == 0;
        for (size_t k = 0; !known && k < b->count; k++)
            known = strcmp(b->parts[k].sheet, name) == 0;
        if (known)
            continue;
        ys_diag d = at(b, name, 0, 0, NULL);
        ys_diag_fix(&d, "在表 pack 中加一行写明它是哪个文件，或删去这张表",
                    "add a row to the sheet pack that says which file it is, or delete the sheet");
        ys_fail(&d, YS_EDATA, "表 pack 没有列出这张表", "the sheet pack does not list this sheet");
        tell(b, &d);
    }
    ys_sheet_close(s);
    return YS_OK;
}

static ys_status find_base(book *b, ys_diag *diag)
{
    char folder[4200];
    struct stat s;
    const char *path = b->args->base;
    if (path == NULL && stat(b->args->folder, &s) == 0)
        path = b->args->folder;
    if (path == NULL && b->name != NULL) {
        YS_TRY(ys_pack_find(b->name, folder, sizeof folder, diag));
        path = folder;
    }
    if (path == NULL) {
        ys_diag_fix(diag, "用 --base 指明其余文件从哪个政策包来",
                    "name the pack that has the other files with --base");
        return ys_fail(diag, YS_EUSAGE, "不知道工作簿来自哪个政策包",
                       "it is not known which pack the workbook is of");
    }
    YS_TRY(ys_pack_read(path, &b->base, diag));
    b->result.other_origin = b->hash == NULL || strcmp(ys_pack_hash(b->base), b->hash) != 0;
    return YS_OK;
}

static bool is_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

enum { WHOLE = 'w', STRIPPED = 's', KEY = 160 };

/* Key of a text among those before: as it was or stripped of zeros, of the whole column or only where the first cell
 * says `group` (the list of a code). false: too long to be a code. */
static bool before_key(char key[KEY], char what, const char *group, const char *text)
{
    int n = snprintf(key, KEY, "%c\x1f%s\x1f%s", what, group, text);
    return n > 0 && n < KEY;
}

/* Texts of a column before, with the row each stands in; -1: there was no such column. */
static ys_map *texts_before(const ys__cells *t, int col)
{
    ys_map *m = ys_map_new(256);
    bool ok = m != NULL;
    for (int64_t r = 1; ok && col >= 0 && r < t->rows; r++) {
        const char *text = ys__cells_get(t, r, col);
        const char *groups[] = {"", col > 0 ? ys__cells_get(t, r, 0) : ""};
        bool zeros = text[0] == '0' && is_digits(text);
        char key[KEY];
        for (int g = 0; ok && g < 2; g++) {
            if (before_key(key, WHOLE, groups[g], text))
                ok = ys_map_put(m, key, r, NULL) >= 0;
            if (ok && zeros && before_key(key, STRIPPED, groups[g], text + strspn(text, "0")))
                ok = ys_map_put(m, key, r, NULL) >= 0;
        }
    }
    if (ok)
        return m;
    ys_map_free(m);
    return NULL;
}

/* Row before that says the text in the group, -1: none. */
static int64_t row_before(const ys_map *m, char what, const char *group, const char *text)
{
    char key[KEY];
    return before_key(key, what, group, text) ? ys_map_get(m, key, -1) : -1;
}

/* The row of a code whose zeros the text has lost: one of its group, or of the column; -1: none. */
static int64_t zeros_lost(const ys_map *m, const char *group, const char *text)
{
    const char *groups[] = {group, ""};
    for (int g = 0; g < 2; g++) {
        if (row_before(m, WHOLE, groups[g], text) >= 0)
            return -1; /* it was so before */
        int64_t was = row_before(m, STRIPPED, groups[g], text);
        if (was >= 0)
            return was;
    }
    return -1;
}

/* What a spreadsheet does to codes. A text that was in the column before is taken as meant. `col`: now, before. */
static void check_damage(book *b, const part *p, const ys_map *before, int64_t r, const int col[2])
{
    const char *text = ys__cells_get(&p->is, r, col[0]), *column = ys__cells_get(&p->is, 0, col[0]);
    ys_excel_damage how = ys_cell_excel_damage(text);
    bool bent =
        how == YS_EXCEL_EXPONENT || how == YS_EXCEL_ZEROED || how == YS_EXCEL_ERROR || how == YS_EXCEL_HASHES;
    bent = bent && row_before(before, WHOLE, "", text) < 0;
    int64_t was = is_digits(text) && text[0] != '0'
                      ? zeros_lost(before, col[0] > 0 ? ys__cells_get(&p->is, r, 0) : "", text)
                      : -1;
    if (!bent && was < 0)
        return;
    ys_diag d = at(b, p->sheet, p->is.place[r], col[0] + 1, column);
    ys_diag_value(&d, text);
    if (was >= 0) {
        const char *whole = ys__cells_get(&p->was, was, col[1]);
        ys_diag_fix(&d, "把该列设为“文本”格式，再填写原来的代码",
                    "format the column as text and enter the code again");
        ys_fail(&d, YS_EDATA, "前导零丢了：原来是 %s", "leading zeros were lost: it was %s", whole);
    } else {
        ys_diag_fix(&d, "把该列设为“文本”格式后从原始数据重新填写",
                    "format the column as text and enter the original value again");
        ys_fail(&d, YS_EDATA, "%s%.0s", "%.0s%s", ys_excel_damage_zh(how), ys_excel_damage_en(how));
    }
    tell(b, &d);
}

/* The column of the base with the same header: columns may have been moved. */
static int column_before(const part *p, int col)
{
    const char *header = ys__cells_get(&p->is, 0, col);
    for (int i = 0; p->was.rows > 0 && p->was.row[0][i] != NULL; i++) {
        if (strcmp(p->was.row[0][i], header) == 0)
            return i;
    }
    return -1;
}

static ys_status check_codes(book *b, part *p, ys_diag *diag)
{
    for (int col = 0; col < p->is.cols; col++) {
        int before = column_before(p, col);
        ys_map *m = texts_before(&p->was, before);
        if (m == NULL)
            return ys_fail_nomem(diag);
        for (int64_t r = 1; r < p->is.rows; r++)
            check_damage(b, p, m, r, (int[]){col, before});
        ys_map_free(m);
    }
    return YS_OK;
}

static ys_status write_csv(part *p, ys_diag *diag)
{
    ys_csv_writer w;
    p->csv.limit = YS_LIMIT_PACK_BYTES;
    ys_csv_writer_init(&w, ys_out_str(&p->csv), false, false);
    for (int64_t r = 0; r < p->is.rows; r++) {
        for (int i = 0; i < p->is.cols; i++)
            ys_csv_put_text(&w, ys__cells_get(&p->is, r, i));
        ys_csv_end_row(&w);
    }
    return ys_csv_writer_finish(&w) && !p->csv.failed ? YS_OK : ys_fail_nomem(diag);
}

static ys_status read_part(book *b, part *p, ys_diag *diag)
{
    const ys_pack_file *files;
    int count = ys_pack_files(b->base, &files);
    p->fresh = true;
    for (int i = 0; i < count; i++) {
        if (strcmp(files[i].name, p->file) == 0) {
            p->fresh = false;
            YS_TRY(ys__cells_read_csv(&files[i], b->memory, &p->was, diag));
        }
    }
    ys_diag why = {0};
    ys_status st = read_sheet(b, p->sheet, &p->is, &why);
    if (st != YS_OK || p->is.rows == 0) {
        if (st == YS_ENOMEM)
            return ys_fail_nomem(diag);
        ys_diag_where(&why, b->args->workbook, p->sheet, 0, 0, NULL);
        if (st == YS_OK || st == YS_ENOTFOUND) {
            ys_diag_fix(&why, "恢复这张表，或在表 pack 中删去它的一行",
                        "restore the sheet, or remove its row from the sheet pack");
            ys_fail(&why, YS_EDATA, "没有这张表，或表是空的", "there is no such sheet, or it is empty");
        }
        tell(b, &why);
        return YS_OK;
    }
    p->differs = p->fresh || !ys__cells_same(&p->was, &p->is);
    if (!p->differs)
        return YS_OK;
    b->result.changed++;
    YS_TRY(check_codes(b, p, diag));
    return write_csv(p, diag);
}

/* Faults of the pack to be, at the places of the workbook. */
static void on_fault(void *arg, const ys_diag *fault)
{
    book *b = arg;
    ys_diag d = *fault;
    const part *p = NULL;
    for (size_t i = 0; i < b->count; i++) {
        if (strcmp(b->parts[i].file, fault->file) == 0)
            p = &b->parts[i];
    }
    if (p != NULL) {
        int64_t row = 0, n = 0;
        /* Tables that differ are written without blank rows, in the order of the sheet; the others as they were. */
        for (int64_t r = 0; r < p->is.rows; r++) {
            n = p->differs ? r + 1 : p->was.place[r];
            if (n == fault->row)
                row = p->is.place[r];
        }
        d.row = row;
        ys_diag_where(&d, b->args->workbook, p->sheet, row, 0, NULL);
    }
    tell(b, &d);
}

static ys_status gather_files(book *b, ys_diag *diag)
{
    const ys_pack_file *files;
    int count = ys_pack_files(b->base, &files);
    b->files = ys_calloc((size_t)count + b->count + 1, sizeof *b->files);
    if (b->files == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < count; i++)
        b->files[b->file_count++] = files[i];
    for (size_t k = 0; k < b->count; k++) {
        const part *p = &b->parts[k];
        int at = p->fresh ? b->file_count++ : 0;
        while (!p->fresh && strcmp(b->files[at].name, p->file) != 0)
            at++;
        if (p->differs)
            b->files[at] = (ys_pack_file){p->file, ys_str_get(&p->csv), p->csv.len};
    }
    return YS_OK;
}

static void tell_changes(const book *b)
{
    for (size_t i = 0; i < b->count && b->args->changed != NULL; i++) {
        const part *p = &b->parts[i];
        ys_pack_book_table t = {.sheet = p->sheet,
                                .file = p->file,
                                .rows_before = p->was.rows > 0 ? p->was.rows - 1 : 0,
                                .rows = p->is.rows > 0 ? p->is.rows - 1 : 0,
                                .fresh = p->fresh};
        if (p->differs)
            b->args->changed(b->args->arg, &t);
    }
}

static ys_status run(book *b, ys_diag *diag)
{
    struct stat s;
    YS_TRY(read_index(b, diag));
    YS_TRY(check_sheets(b, diag));
    YS_TRY(find_base(b, diag));
    for (size_t i = 0; i < b->count; i++)
        YS_TRY(read_part(b, &b->parts[i], diag));
    b->result.tables = (int)b->count;
    tell_changes(b);
    if (b->result.faults == 0) {
        YS_TRY(gather_files(b, diag));
        ys_status st = ys_pack_check_files(b->files, b->file_count, on_fault, b, diag);
        if (st != YS_OK && b->result.faults == 0)
            return st;
    }
    ys_diag_clear(diag);
    if (b->result.faults > 0)
        return ys_fail(diag, YS_EDATA, "工作簿有 %lld 处问题，什么也没写",
                       "the workbook has %lld faults; nothing was written", (long long)b->result.faults);
    bool there = stat(b->args->folder, &s) == 0;
    if (b->args->dry_run || (there && b->args->base == NULL && b->result.changed == 0))
        return YS_OK;
    YS_TRY(ys__pack_folder_write(b->args->folder, b->files, b->file_count, diag));
    b->result.written = true;
    return YS_OK;
}

ys_status ys_pack_book_import(const ys_pack_book_args *args, ys_pack_book *ret_book, ys_diag *diag)
{
    book b = {.args = args, .memory = ys_arena_new(YS_LIMIT_PACK_MEMORY)};
    ys_status st = b.memory != NULL ? run(&b, diag) : ys_fail_nomem(diag);
    *ret_book = b.result;
    for (size_t i = 0; i < b.count; i++) {
        ys__cells_done(&b.parts[i].was);
        ys__cells_done(&b.parts[i].is);
        ys_str_done(&b.parts[i].csv);
    }
    ys_free(b.parts);
    ys_free(b.files);
    ys_pack_free(b.base);
    ys_arena_free(b.memory);
    return st;
}
