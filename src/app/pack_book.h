/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PACK_BOOK_H
#define YS_APP_PACK_BOOK_H
/*
 * pack_book.h - the use cases "pack export" and "pack import": the tables of a policy pack as one workbook and back.
 *
 * Each CSV file of the pack is a sheet of text cells (a spreadsheet leaves 02 and 371702000000 as they are); the first
 * sheet, `pack`, says which sheet is which file and which pack it was.  On the way back a table whose cells are all as
 * before keeps its bytes; others are written anew (UTF-8, comma, LF, quotes only where needed).  Codes a spreadsheet has
 * bent (leading zeros lost, 1.23E+11) are faults, and so is all that `pack check` finds; places are those of the
 * workbook.  Nothing is written unless the whole pack is sound; then the folder is exchanged at once.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

/* `folder`: a sound pack. */
ys_status ys_pack_book_export(const char *folder, const char *workbook, int *ret_tables,
                              ys_diag *diag) YS_MUST_USE;

typedef struct ys_pack_book_table {
    const char *sheet, *file;
    int64_t rows_before, rows; /* without the header */
    bool fresh;                /* the pack had no such file */
} ys_pack_book_table;

typedef struct ys_pack_book_args {
    const char *workbook;
    const char *folder; /* where the pack is, or will be */
    const char
        *base; /* folder of the pack whose other files are kept; NULL: `folder` if there, else the pack the
                           workbook names */
    bool dry_run;
    void (*fault)(void *arg, const ys_diag *fault);          /* once for each */
    void (*changed)(void *arg, const ys_pack_book_table *t); /* once for each table that differs */
    void *arg;
} ys_pack_book_args;

typedef struct ys_pack_book {
    int tables, changed;
    int64_t faults;
    bool written;
    bool other_origin; /* the base is not, byte for byte, the pack the workbook was made from */
} ys_pack_book;

/* EDATA when there were faults.  `ret_book` is set then too. */
ys_status ys_pack_book_import(const ys_pack_book_args *args, ys_pack_book *ret_book,
                              ys_diag *diag) YS_MUST_USE;

/* ---- between the files ---- */

struct ys_pack_file;
/* Put a pack of `count` files at `folder`: all or nothing.  What does not belong to a pack (names that begin with . or ~)
 * stays where it is. */
ys_status ys__pack_folder_write(const char *folder, const struct ys_pack_file *files, int count,
                                ys_diag *diag) YS_MUST_USE;

#endif
