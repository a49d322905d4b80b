/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/text.h"
#include "io/csv.h"
#include "policy/pack_internal.h"

void *ys__pack_alloc(ys_pload *l, int64_t n, size_t size)
{
    void *p = ys_arena_alloc(l->pack->arena, n > 0 ? (size_t)n : 1, size);
    if (!p)
        l->nomem = true;
    return p;
}

/* Every column of the file is one of ours, and ours are all there. */
static void match_header(ys_pload *l, ys_ptable *t, const char *const *cell, int n)
{
    for (int c = 0; c < n; c++) {
        size_t len;
        const char *name = ys_text_trim(cell[c], strlen(cell[c]), &len);
        int at = 0;
        while (at < t->cols && (strlen(t->names[at]) != len || memcmp(t->names[at], name, len) != 0))
            at++;
        if (at < t->cols && !t->file_col[at]) {
            t->file_col[at] = c + 1;
            continue;
        }
        ys_diag *d = ys__pack_fault(l, t->file, t->order);
        ys_diag_where(d, NULL, NULL, 1, c + 1, cell[c]);
        ys_diag_value(d, cell[c]);
        if (at < t->cols) {
            ys_fail(d, YS_EDATA, "列“%s”出现两次", "the column %s is there twice", t->names[at]);
            ys_diag_fix(d, "删去重复的列", "remove one of them");
        } else {
            ys_fail(d, YS_EDATA, "政策包的这张表没有“%s”列", "this table of a pack has no column “%s”",
                    cell[c]);
            ys_diag_fix(d, "改正列名或删去该列（见 docs/pack.md）",
                        "correct the header or remove the column (docs/pack.md)");
        }
    }
    for (int at = 0; at < t->cols; at++) {
        if (t->file_col[at])
            continue;
        ys_diag *d = ys__pack_fault(l, t->file, t->order);
        ys_diag_where(d, NULL, NULL, 1, 0, t->names[at]);
        ys_fail(d, YS_EDATA, "缺少“%s”列", "the column %s is missing", t->names[at]);
        ys_diag_fix(d, "加上这一列（可以留空的单元格照样留空）",
                    "add the column (cells that may be blank stay blank)");
    }
}

static bool more_room(ys_pload *l, ys_ptable *t)
{
    if (t->rows < t->cap)
        return true;
    int64_t cap = t->cap ? t->cap * 2 : 64;
    int64_t *line = ys__pack_alloc(l, cap, sizeof *line);
    const char **cell = ys__pack_alloc(l, cap * t->cols, sizeof *cell);
    if (!line || !cell)
        return false;
    if (t->rows) {
        memcpy(line, t->line, (size_t)t->rows * sizeof *line);
        memcpy(cell, t->cell, (size_t)(t->rows * t->cols) * sizeof *cell);
    }
    t->line = line;
    t->cell = cell;
    t->cap = cap;
    return true;
}

static bool add_row(ys_pload *l, ys_ptable *t, const char *const *cell, int n, int64_t row)
{
    if (!more_room(l, t))
        return false;
    for (int at = 0; at < t->cols; at++) {
        int c = t->file_col[at] - 1;
        const char *text = c >= 0 && c < n ? cell[c] : "";
        size_t len;
        text = ys_text_trim(text, strlen(text), &len);
        const char *copy = len ? ys_arena_strndup(l->pack->arena, text, len) : "";
        if (!copy) {
            l->nomem = true;
            return false;
        }
        t->cell[t->rows * t->cols + at] = copy;
    }
    t->line[t->rows++] = row;
    return true;
}

static void too_wide(ys_pload *l, const ys_ptable *t, int64_t row, int col, const char *value)
{
    ys_diag *d = ys__pack_fault(l, t->file, t->order);
    ys_diag_where(d, NULL, NULL, row, col, NULL);
    ys_diag_value(d, value);
    ys_fail(d, YS_EDATA, "这一行的单元格比表头多", "the row has more cells than the header");
    ys_diag_fix(d, "含逗号的文字要用引号括起来", "put text that holds commas in quotes");
}

static void read_records(ys_pload *l, ys_ptable *t, ys_csv *csv, ys_diag *why, ys_status *ret_status)
{
    const char *const *cell;
    int n, width = 0;
    int64_t row;
    ys_status st;
    while ((st = ys_csv_next(csv, &cell, &n, &row, why)) == YS_OK && cell && !l->nomem) {
        if (!width) {
            width = n;
            match_header(l, t, cell, n);
            continue;
        }
        int used = n;
        while (used > 0 && !cell[used - 1][0])
            used--;
        if (!used)
            continue; /* only commas: an empty row of a spreadsheet */
        if (used > width)
            too_wide(l, t, row, width + 1, cell[width]);
        if (t->rows >= YS_LIMIT_PACK_ROWS) {
            ys_diag *d = ys__pack_fault(l, t->file, t->order);
            ys_diag_where(d, NULL, NULL, row, 0, NULL);
            ys_fail(d, YS_ELIMIT, "超过 %d 行", "more than %d rows", YS_LIMIT_PACK_ROWS);
            ys_diag_fix(d, "分成几个政策包，或删去不用的行",
                        "split it over several packs, or remove rows that are not used");
            break;
        }
        if (!add_row(l, t, cell, n, row))
            break;
    }
    *ret_status = st;
}

/* Ours are UTF-8; a spreadsheet that saved the file in another encoding must not change labels and codes silently. */
static bool text_file(ys_pload *l, const ys_ptable *t, const ys_pack_file *f)
{
    if (f->size && ys_utf8_valid(f->data, f->size) && !memchr(f->data, 0, f->size))
        return true;
    ys_diag *d = ys__pack_fault(l, t->file, t->order);
    if (!f->size) {
        ys_fail(d, YS_EDATA, "文件是空的，没有表头", "the file is empty, without a header");
        ys_diag_fix(d, "至少写上表头", "write at least the header row");
    } else {
        ys_fail(d, YS_EDATA, "文件不是 UTF-8 编码", "the file is not UTF-8");
        ys_diag_fix(d, "另存为“CSV UTF-8（逗号分隔）”", "save it as “CSV UTF-8 (comma delimited)”");
    }
    return false;
}

void ys__ptable_read(ys_pload *l, const char *file, const char *const *names, int cols, bool optional,
                     ys_ptable *ret_table)
{
    static const ys_csv_options comma = {.delimiter = ',', .encoding = "UTF-8"};
    const ys_pack_file *f = ys__pack_file(l->pack, file);
    ys_ptable t = {.order = l->next_order++, .cols = cols, .names = names};
    t.file_col = ys__pack_alloc(l, cols, sizeof *t.file_col);
    if (!t.file_col)
        return;
    t.file = file;
    if (!f && !optional) {
        ys_diag *d = ys__pack_fault(l, file, t.order);
        ys_fail(d, YS_EDATA, "政策包缺少这张表", "the pack lacks this table");
        ys_diag_fix(d, "加上这个文件，并在 datapackage.json 的 resources 中列出",
                    "add the file and list it under resources in datapackage.json");
    }
    if (f && text_file(l, &t, f)) {
        ys_csv *csv = NULL;
        ys_diag why = {0};
        ys_status st = ys_csv_open_memory(file, f->data, f->size, &comma, &csv, &why);
        if (st == YS_OK)
            read_records(l, &t, csv, &why, &st);
        ys_csv_close(csv);
        if (st == YS_ENOMEM)
            l->nomem = true;
        else if (st != YS_OK) {
            ys_diag *d = ys__pack_fault(l, file, t.order);
            if (d)
                *d = why;
        }
    }
    *ret_table = t;
}
