/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_BOOK_H
#define YS_REPORT_BOOK_H
/*
 * book.h - the report: how poor, where, why, who gets what, how close to optimal, what is missing, in one HTML file.
 *
 * The page needs no network and no script, prints on A4, and holds no name, no number of identity and no household:
 * only sums.  Every heading of a figure leads to its definition, filter, rows, date and the command that prints it.
 */
#include "base/out.h"
#include "report/figures.h"

/* `lang` is "zh" or "en"; false when the sink failed or memory was short. */
bool ys_book_write(ys_out out, const ys_figures *f, const char *lang);

#endif
