/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_XLSX_READ_H
#define YS_IO_XLSX_READ_H
/*
 * xlsx_read.h - a reader of XLSX workbooks (ECMA-376) on libzip and expat.
 *
 * Rows are pulled one at a time; neither the sheet nor the shared strings are held whole: strings beyond a budget go
 * to an unlinked temporary file, so that the memory needed does not grow with the workbook.  What an attacker could
 * send is refused: document types and entities, parts that unpack beyond the ceilings of base/limits.h, encryption,
 * rows or tags without end.  Only parts that the workbook names are opened, and nothing is ever unpacked to a path.
 *
 * Most callers want sheet.h, which reads CSV through the same interface.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/status.h"

typedef struct ys_xlsx ys_xlsx;           /* an open workbook */
typedef struct ys_xlsx_rows ys_xlsx_rows; /* the rows of one of its sheets, being read */

/* Zero = the ceiling of base/limits.h. */
typedef struct ys_xlsx_options {
    size_t max_part;       /* unpacked bytes of one part */
    size_t max_ratio;      /* unpacked / packed */
    size_t ratio_free;     /* unpacked bytes below which the ratio does not matter */
    size_t max_row;        /* bytes of all texts of one row; YS_LIMIT_CSV_RECORD */
    size_t max_cell;       /* bytes of one text; YS_LIMIT_CSV_FIELD */
    size_t strings_memory; /* bytes of shared strings kept in memory before they go to a file; 32 MB */
} ys_xlsx_options;

/* First and last row and column of a merged area, from 1. */
typedef struct ys_xlsx_merge {
    int64_t row1, row2;
    int col1, col2;
} ys_xlsx_merge;

/* `opt` may be NULL and is copied.  YS_EDATA: not a workbook, or damaged; YS_ELIMIT: beyond a ceiling. */
ys_status ys_xlsx_open(const char *path, const ys_xlsx_options *opt, ys_xlsx **ret_xlsx,
                       ys_diag *diag) YS_MUST_USE;
/* The bytes are borrowed until close. */
ys_status ys_xlsx_open_memory(const char *name, const void *bytes, size_t n, const ys_xlsx_options *opt,
                              ys_xlsx **ret_xlsx, ys_diag *diag) YS_MUST_USE;
void ys_xlsx_close(ys_xlsx *x); /* after its rows were closed; NULL is fine */

/* Worksheets in the workbook's order (chart and dialogue sheets are left out). */
int ys_xlsx_sheets(const ys_xlsx *x);
const char *ys_xlsx_sheet_name(const ys_xlsx *x, int sheet);
bool ys_xlsx_sheet_hidden(const ys_xlsx *x, int sheet);
int ys_xlsx_find_sheet(const ys_xlsx *x, const char *name); /* -1: none */

/* Begin to read sheet no. `sheet`; borrows `x`.  Several may be open at a time, all in one thread. */
ys_status ys_xlsx_rows_open(ys_xlsx *x, int sheet, ys_xlsx_rows **ret_rows, ys_diag *diag) YS_MUST_USE;
void ys_xlsx_rows_close(ys_xlsx_rows *r); /* NULL is fine */
/* As ys_sheet_next; cells up to the last with a value, gaps are "".  After a failure the same failure comes again. */
ys_status ys_xlsx_next(ys_xlsx_rows *r, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                       ys_diag *diag) YS_MUST_USE;
int64_t ys_xlsx_formulas(const ys_xlsx_rows *r);       /* cells with a formula so far */
int64_t ys_xlsx_formulas_blank(const ys_xlsx_rows *r); /* of them without a stored value */
/* Merged areas of the sheet, owned by `r`.  They stand behind the rows in the file, so the first call unpacks the
 * sheet once more (about a fifth of the time of reading it). */
ys_status ys_xlsx_merges(ys_xlsx_rows *r, const ys_xlsx_merge **ret_merges, int *ret_n,
                         ys_diag *diag) YS_MUST_USE;

#endif
