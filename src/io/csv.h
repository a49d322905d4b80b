/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_CSV_H
#define YS_IO_CSV_H
/*
 * csv.h - comma separated values (RFC 4180) in and out, in constant memory.
 *
 *   ys_csv *c;
 *   const char *const *cell;
 *   int n;
 *   int64_t row;
 *   YS_TRY(ys_csv_open("households.csv", NULL, &c, diag));
 *   while ((st = ys_csv_next(c, &cell, &n, &row, diag)) == YS_OK && cell)
 *       use(cell[0] .. cell[n - 1]);
 *   ys_csv_close(c);
 *
 * Rows are counted as a spreadsheet shows them: from 1, header and blank lines included, a quoted field with line
 * breaks inside is one row.  Blank lines are counted but not delivered.  Ends of line are LF, CRLF or CR, mixed as
 * they come.  A quote opens a quoted field only at the start of a field (inside an unquoted one it is a character);
 * text after a closing quote is an error, because it means that a quote inside was not doubled.
 *
 * Encodings: UTF-8 with or without BOM, UTF-16 with BOM, GB18030 (so GBK and GB2312 too) recognised by content where
 * the first non-ASCII bytes stand; cells are always valid UTF-8 without NUL.  The delimiter is comma, tab or
 * semicolon, whichever the first row has most of outside quotes; a first line `sep=;` is obeyed and skipped.
 *
 * What breaks a ceiling of base/limits.h (field, record, columns) is YS_ELIMIT; bytes of no encoding, NUL and quotes
 * without end are YS_EDATA; the diag has file, row and column, and the line of the file where the row began.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/out.h"
#include "yaoshi/status.h"

typedef struct ys_csv ys_csv;

/* All zero = as described above. */
typedef struct ys_csv_options {
    char delimiter;       /* 0: find out */
    const char *encoding; /* NULL: find out; "UTF-8", "GB18030" or any other name iconv knows */
    size_t max_field;     /* bytes; 0: YS_LIMIT_CSV_FIELD */
    size_t max_record;    /* bytes; 0: YS_LIMIT_CSV_RECORD */
} ys_csv_options;

/* Pulls up to `n` bytes: how many came, 0 at the end, -1 failed (errno says why). */
typedef int64_t ys_csv_read_fn(void *arg, void *buf, size_t n);

/* `opt` may be NULL and is copied.  A reader is closed by ys_csv_close. */
ys_status ys_csv_open(const char *path, const ys_csv_options *opt, ys_csv **ret_csv,
                      ys_diag *diag) YS_MUST_USE;
/* The bytes are borrowed until close; `name` stands for the file in messages (copied). */
ys_status ys_csv_open_memory(const char *name, const void *bytes, size_t n, const ys_csv_options *opt,
                             ys_csv **ret_csv, ys_diag *diag) YS_MUST_USE;
ys_status ys_csv_open_stream(const char *name, ys_csv_read_fn *read, void *arg, const ys_csv_options *opt,
                             ys_csv **ret_csv, ys_diag *diag) YS_MUST_USE;
/*
 * The next row that is not blank: `*ret_cells` has `*ret_n` >= 1 texts, valid until the next call.  At the end YS_OK
 * with `*ret_cells` NULL and `*ret_n` 0.  After a failure the reader is spent: the same failure comes again.
 * `ret_row` may be NULL.
 */
ys_status ys_csv_next(ys_csv *c, const char *const **ret_cells, int *ret_n, int64_t *ret_row,
                      ys_diag *diag) YS_MUST_USE;
void ys_csv_close(ys_csv *c); /* NULL is fine */

int64_t ys_csv_row(const ys_csv *c);    /* row last delivered; 0 before the first */
int64_t ys_csv_line(const ys_csv *c);   /* line of the file where that row began, from 1 */
char ys_csv_delimiter(const ys_csv *c); /* known after the first row */
const char *
ys_csv_encoding(const ys_csv *c); /* "ASCII" until the first other byte, then "UTF-8", "GB18030" … */

/*
 * Writing.  Fields are quoted only where they must be; lines end with LF.  Cells are put from left to right; errors
 * are kept and told by finish: write many, check once.
 *
 * `neutralise`: a text that a spreadsheet would run as a formula gets a leading apostrophe; numbers such as -5 stay.
 * On for what people open, off for what is imported again to the byte.
 */
typedef struct ys_csv_writer {
    ys_out out;
    bool neutralise, failed;
    bool blank_missing; /* missing values as an empty cell instead of #NA and #未问 */
    char delimiter;
    int column;  /* cells in the row so far */
    size_t used; /* bytes waiting in buf */
    char buf[8192];
} ys_csv_writer;

void ys_csv_writer_init(ys_csv_writer *w, ys_out out, bool bom, bool neutralise);
void ys_csv_put_text(ys_csv_writer *w,
                     const char *text);               /* NULL: missing; invalid UTF-8 is written as it is */
void ys_csv_put_int(ys_csv_writer *w, int64_t value); /* YS_NA, YS_NOT_ASKED: missing */
void ys_csv_put_real(ys_csv_writer *w, double value); /* NaN: missing */
void ys_csv_put_money(ys_csv_writer *w, int64_t minor, int digits);
void ys_csv_put_date(ys_csv_writer *w, int64_t days); /* ISO date */
void ys_csv_end_row(ys_csv_writer *w);
/* A whole row of texts. */
void ys_csv_put_row(ys_csv_writer *w, const char *const *cells, int n);
/* Hands over what is buffered (`out` is not flushed or closed); false: something could not be written. */
bool ys_csv_writer_finish(ys_csv_writer *w);

#endif
