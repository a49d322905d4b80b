/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/pack_cells.h"
#include "base/limits.h"
#include "io/xlsx_write.h"

/* A name a sheet can have, its own: "templates/roster.csv" is templates_roster. */
static void sheet_name(const char *file, int at, char *buf, size_t size)
{
    snprintf(buf, size, "%.*s", (int)(strlen(file) - 4), file);
    for (char *p = buf; *p != '\0'; p++) {
        if (strchr("/[]:*?\\'", *p) != NULL || (unsigned char)*p >= 0x80)
            *p = '_';
    }
    size_t n = strlen(buf), cut = n < 26 ? n : 26;
    if (n > 31 || strcmp(buf, YS__PACK_INDEX) == 0)
        snprintf(buf + cut, size - cut, "_%d", at);
}

static ys_status put_index(ys_xlsx_writer *w, const ys_pack *p, const ys_pack_file *files, int count,
                           ys_diag *diag)
{
    static const ys_xlsx_column columns[] = {{"sheet", 24, YS_XLSX_TEXT}, {"file", 40, YS_XLSX_TEXT}};
    char name[64], origin[400];
    snprintf(origin, sizeof origin, "%s %s %s", ys_pack_name(p), ys_pack_version(p), ys_pack_hash(p));
    const char *titles[] = {
        ys_pack_title(p), origin,
        "每张表是政策包的一个文件；改完用 yaoshi pack import 写回。格子都是文本，请保持。",
        "Each sheet is a file of the pack; write it back with yaoshi pack import. All cells are text: keep "
        "them so."};
    ys_xlsx_sheet index = {
        .name = YS__PACK_INDEX, .titles = titles, .ntitles = 4, .columns = columns, .ncolumns = 2};
    YS_TRY(ys_xlsx_add_sheet(w, &index, diag));
    for (int i = 0; i < count; i++) {
        if (!ys__pack_is_csv(files[i].name))
            continue;
        sheet_name(files[i].name, i, name, sizeof name);
        ys_xlsx_put_text(w, name);
        ys_xlsx_put_text(w, files[i].name);
        YS_TRY(ys_xlsx_end_row(w, diag));
    }
    return YS_OK;
}

static ys_status put_table(ys_xlsx_writer *w, const char *name, const ys__cells *t, ys_arena *memory,
                           ys_diag *diag)
{
    ys_xlsx_column *columns = ys_arena_alloc(memory, (size_t)t->cols + 1, sizeof *columns);
    if (columns == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < t->cols; i++)
        columns[i] = (ys_xlsx_column){.header = ys__cells_get(t, 0, i), .width = 0, .type = YS_XLSX_TEXT};
    ys_xlsx_sheet sheet = {.name = name, .columns = columns, .ncolumns = t->cols};
    YS_TRY(ys_xlsx_add_sheet(w, &sheet, diag));
    for (int64_t r = 1; r < t->rows; r++) {
        for (int i = 0; t->row[r][i] != NULL; i++)
            ys_xlsx_put_text(w, t->row[r][i][0] != '\0' ? t->row[r][i] : NULL);
        YS_TRY(ys_xlsx_end_row(w, diag));
    }
    return YS_OK;
}

static ys_status put_book(ys_xlsx_writer *w, const ys_pack *p, int *ret_tables, ys_diag *diag)
{
    const ys_pack_file *files;
    char name[64];
    int count = ys_pack_files(p, &files), tables = 0;
    ys_status st = put_index(w, p, files, count, diag);
    for (int i = 0; st == YS_OK && i < count; i++) {
        if (!ys__pack_is_csv(files[i].name))
            continue;
        ys__cells t = {0};
        ys_arena *memory = ys_arena_new(YS_LIMIT_PACK_MEMORY);
        sheet_name(files[i].name, i, name, sizeof name);
        st = memory != NULL ? ys__cells_read_csv(&files[i], memory, &t, diag) : ys_fail_nomem(diag);
        if (st == YS_OK && t.rows > 0)
            st = put_table(w, name, &t, memory, diag);
        ys__cells_done(&t);
        ys_arena_free(memory);
        tables++;
    }
    *ret_tables = tables;
    return st;
}

ys_status ys_pack_book_export(const char *folder, const char *workbook, int *ret_tables, ys_diag *diag)
{
    ys_pack *p = NULL;
    ys_xlsx_writer *w = NULL;
    int tables = 0;
    YS_TRY(ys_pack_load(folder, &p, diag));
    ys_xlsx_props props = {.title = ys_pack_name(p)};
    ys_status st = ys_xlsx_create(workbook, &props, &w, diag);
    if (st == YS_OK)
        st = put_book(w, p, &tables, diag);
    if (st == YS_OK)
        st = ys_xlsx_finish(w, diag);
    else
        ys_xlsx_discard(w);
    ys_pack_free(p);
    if (st != YS_OK)
        return st;
    ys_diag_clear(diag);
    *ret_tables = tables;
    return YS_OK;
}
