/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_EXPORT_SINK_H
#define YS_APP_EXPORT_SINK_H
/*
 * export_sink.h - rows on their way out, as XLSX or CSV by the name of the file.
 *
 * Both are written row by row; the file appears under its name only when all of it is there.  CSV has a BOM, because
 * that is how a spreadsheet knows UTF-8, and neither form ever holds a cell that would run as a formula.
 */
#include "coop/marks.h"
#include "io/xlsx_write.h"

typedef struct ys_sink ys_sink;

/* "-" is CSV on the standard output.  EUSAGE for other endings than .xlsx and .csv. */
ys_status ys_sink_open(const char *path, const ys_xlsx_props *props, ys_sink **ret_sink,
                       ys_diag *diag) YS_MUST_USE;
/* A CSV file has the first sheet only: further ones are left out (their rows too), titles always. */
ys_status ys_sink_sheet(ys_sink *s, const ys_xlsx_sheet *sheet, ys_diag *diag) YS_MUST_USE;
/* Cells from left to right; missing values leave them empty.  The type should be the column's. */
void ys_sink_text(ys_sink *s, const char *text);
void ys_sink_int(ys_sink *s, int64_t value);
void ys_sink_real(ys_sink *s, double value);
void ys_sink_money(ys_sink *s, int64_t minor);
void ys_sink_date(ys_sink *s, int64_t days);
void ys_sink_day(ys_sink *s, int32_t day); /* the same of a day that YS_NO_DATE leaves open */
ys_status ys_sink_row(ys_sink *s, ys_diag *diag) YS_MUST_USE;
int64_t ys_sink_rows(const ys_sink *s); /* data rows so far, of all sheets */
bool ys_sink_is_csv(const ys_sink *s);
/* Ends and frees the sink, whatever it returns. */
ys_status ys_sink_finish(ys_sink *s, ys_diag *diag) YS_MUST_USE;
void ys_sink_discard(ys_sink *s); /* NULL is fine */

#endif
