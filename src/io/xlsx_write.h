/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_XLSX_WRITE_H
#define YS_IO_XLSX_WRITE_H
/*
 * xlsx_write.h - XLSX workbooks for people: title, frozen header, typed columns, written row by row in constant memory.
 *
 *   ys_xlsx_writer *w;
 *   static const ys_xlsx_column cols[] = {{"户编号", 14, YS_XLSX_TEXT}, {"缺口", 12, YS_XLSX_MONEY}};
 *   YS_TRY(ys_xlsx_create("plan.xlsx", &(ys_xlsx_props){.title = "帮扶计划"}, &w, diag));
 *   YS_TRY(ys_xlsx_add_sheet(w, &(ys_xlsx_sheet){.name = "计划", .columns = cols, .ncolumns = 2}, diag));
 *   ys_xlsx_put_text(w, "H00001");
 *   ys_xlsx_put_money(w, 123450);
 *   YS_TRY(ys_xlsx_end_row(w, diag));
 *   st = ys_xlsx_finish(w, diag);     (frees w; ys_xlsx_discard instead: nothing is left behind)
 *
 * Texts are always text cells in the text format: codes keep their zeros when somebody edits them, and a text such
 * as =1+1 is never a formula.  The same calls give the same bytes: the creation date is a property, not the clock.
 * The file appears under its name only when finish succeeded.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

typedef struct ys_xlsx_writer ys_xlsx_writer;

typedef enum ys_xlsx_type {
    YS_XLSX_TEXT,
    YS_XLSX_INT,
    YS_XLSX_REAL,
    YS_XLSX_MONEY,
    YS_XLSX_DATE
} ys_xlsx_type;

typedef struct ys_xlsx_props {
    const char *title, *author, *comments; /* NULL: none */
    int32_t created;                       /* days since 1970-01-01; 0: 2000-01-01 */
    int money_digits;                      /* decimals of money, 0 = 2; -1 = none */
} ys_xlsx_props;

typedef struct ys_xlsx_column {
    const char *header;
    double width;      /* in characters of the default font; 0: from the header */
    ys_xlsx_type type; /* number format of the column */
} ys_xlsx_column;

/* Copied: nothing of it is needed after the call. */
typedef struct ys_xlsx_sheet {
    const char *name;          /* characters a sheet name cannot have become _, cut to 31 */
    const char *const *titles; /* rows above the header, the first in large type */
    int ntitles;
    const ys_xlsx_column *columns;
    int ncolumns;
} ys_xlsx_sheet;

ys_status ys_xlsx_create(const char *path, const ys_xlsx_props *props, ys_xlsx_writer **ret_writer,
                         ys_diag *diag) YS_MUST_USE;
/* Begins a sheet and writes its titles and header; the sheet before is complete.  Two sheets of one name: YS_ECONFLICT. */
ys_status ys_xlsx_add_sheet(ys_xlsx_writer *w, const ys_xlsx_sheet *sheet, ys_diag *diag) YS_MUST_USE;
/* Cells from left to right.  Missing values (NULL, YS_NA, YS_NOT_ASKED, NaN) leave the cell empty. */
void ys_xlsx_put_text(ys_xlsx_writer *w, const char *text);
void ys_xlsx_put_int(ys_xlsx_writer *w,
                     int64_t value); /* beyond 15 digits as text, because a spreadsheet would round it */
void ys_xlsx_put_real(ys_xlsx_writer *w, double value);
void ys_xlsx_put_money(ys_xlsx_writer *w, int64_t minor);
void ys_xlsx_put_date(ys_xlsx_writer *w, int64_t days); /* before 1900-03-01 as ISO text */
/* Ends the row; failures of its cells are told here.  After row 1,048,576 the sheet goes on as "name (2)". */
ys_status ys_xlsx_end_row(ys_xlsx_writer *w, ys_diag *diag) YS_MUST_USE;
/* Writes the file (through a temporary one beside it) and frees `w`, whatever it returns. */
ys_status ys_xlsx_finish(ys_xlsx_writer *w, ys_diag *diag) YS_MUST_USE;
/* Frees `w` without leaving a file; NULL is fine. */
void ys_xlsx_discard(ys_xlsx_writer *w);

#endif
