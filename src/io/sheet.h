/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_SHEET_H
#define YS_IO_SHEET_H
/*
 * sheet.h - rows of texts out of a CSV file or one sheet of an XLSX workbook, whichever the file is.
 *
 *   ys_sheet *s;
 *   YS_TRY(ys_sheet_open("花名册.xlsx", NULL, &s, diag));
 *   while ((st = ys_sheet_next(s, &cell, &n, &row, diag)) == YS_OK && cell)
 *       ...
 *   ys_sheet_close(s);
 *
 * The format is recognised by content (a zip archive is XLSX, all else is CSV), never by the name; the old binary
 * .xls and workbooks under a password are refused with advice.  Cells are UTF-8 texts: numbers in shortest decimal
 * form, codes of the format 000000 with their zeros, dates YYYY-MM-DD (with a time: YYYY-MM-DD HH:MM:SS), booleans
 * 1 and 0, errors as #N/A.  Empty cells are "", never NULL.  Rows without any value are not delivered, but counted, so
 * `row` is always the number the user sees in the spreadsheet.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/status.h"

typedef struct ys_sheet ys_sheet;

typedef enum ys_sheet_kind { YS_SHEET_CSV, YS_SHEET_XLSX } ys_sheet_kind;

/* `sheet_name` NULL: the first visible sheet of a workbook (a CSV file has only one, without a name, and refuses a
 * name).  A name that is not there is YS_ENOTFOUND with the names that are.  Close with ys_sheet_close. */
ys_status ys_sheet_open(const char *path, const char *sheet_name, ys_sheet **ret_sheet,
                        ys_diag *diag) YS_MUST_USE;
/* The same from bytes, borrowed until close; `name` stands for the file in messages. */
ys_status ys_sheet_open_memory(const char *name, const void *bytes, size_t n, const char *sheet_name,
                               ys_sheet **ret_sheet, ys_diag *diag) YS_MUST_USE;
/* The next row with a value: `*ret_n` >= 1 texts valid until the next call.  At the end YS_OK and `*ret_cells` NULL.
 * `ret_row` may be NULL. */
ys_status ys_sheet_next(ys_sheet *s, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                        ys_diag *diag) YS_MUST_USE;
/* The same, but every cell of a merged area carries the text of its first cell.  Use it from the first row on: until
 * the header is complete, or for all rows of a roster that merges a household's cells over its members. */
ys_status ys_sheet_next_header(ys_sheet *s, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                               ys_diag *diag) YS_MUST_USE;
void ys_sheet_close(ys_sheet *s); /* NULL is fine */

ys_sheet_kind ys_sheet_kind_of(const ys_sheet *s);
int64_t ys_sheet_row(const ys_sheet *s);          /* row last delivered; 0 before the first */
const char *ys_sheet_file(const ys_sheet *s);     /* as given */
const char *ys_sheet_name(const ys_sheet *s);     /* "" for CSV */
const char *ys_sheet_encoding(const ys_sheet *s); /* so far; "UTF-8" for XLSX */
/* All sheets of the file, in its order; a CSV file has one, named "".  Hidden ones are listed too. */
int ys_sheet_count(const ys_sheet *s);
const char *ys_sheet_name_at(const ys_sheet *s, int i);
bool ys_sheet_hidden_at(const ys_sheet *s, int i);
/* Cells delivered so far whose value a formula had computed, and those of them without a stored value (read as ""). */
int64_t ys_sheet_formulas(const ys_sheet *s);
int64_t ys_sheet_formulas_blank(const ys_sheet *s);

/* What a spreadsheet did to a text that should be a code, an identity or account number, a phone. */
typedef enum ys_excel_damage {
    YS_EXCEL_NONE,
    YS_EXCEL_EXPONENT,   /* 3.71702E+17 */
    YS_EXCEL_ZEROED,     /* 371702198001010000: 16 digits or more, zeros from the 16th on */
    YS_EXCEL_APOSTROPHE, /* '0123: the text mark became part of the text */
    YS_EXCEL_POINT,      /* 371702.0: was read as a number with decimals */
    YS_EXCEL_ERROR,      /* #N/A #REF! … */
    YS_EXCEL_HASHES,     /* ######: the column was too narrow when it was copied */
} ys_excel_damage;

/* Ask only about cells that should hold codes: in a column of amounts 1.5E+10 is a number. */
ys_excel_damage ys_cell_excel_damage(const char *text);
/* What happened and how to mend it; "" for NONE. */
const char *ys_excel_damage_zh(ys_excel_damage d);
const char *ys_excel_damage_en(ys_excel_damage d);

#endif
