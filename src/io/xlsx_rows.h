/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_XLSX_ROWS_H
#define YS_IO_XLSX_ROWS_H
/*
 * xlsx_rows.h - the state of reading one sheet (internal to io; the row machine and the merged areas share it).
 */
#include "base/limits.h"
#include "io/xlsx_internal.h"

/* What the text of <v> or <is> is. */
typedef enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_PLAIN, CELL_ISO } cell_type;

struct ys_xlsx_rows {
    ys_xlsx *x;
    const ys__sheet_entry *sheet;
    ys__xml xml;
    bool in_data, in_row, in_cell, capture; /* where in the XML we are */
    bool ready;                             /* a row is complete */
    int phonetic;                           /* depth of <rPh> */
    int64_t row;
    int col; /* of the cell being read, or the last one */
    cell_type type;
    unsigned style;
    bool formula;
    int64_t formulas, formulas_blank;
    char *text;              /* texts of the row, each terminated; the empty one at 0 */
    size_t used, cap, start; /* start: of the cell being read */
    int ncells;
    size_t offsets[YS_LIMIT_COLUMNS];
    const char *cells[YS_LIMIT_COLUMNS];
    ys_xlsx_merge *merges;
    size_t nmerges, merges_cap;
    bool merges_read;
    ys_status failed;
    ys_diag diag;
};

#endif
