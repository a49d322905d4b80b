/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_XLSX_VERIFY_H
#define YS_IO_XLSX_VERIFY_H
/*
 * xlsx_verify.h - is a workbook just written complete? (internal to io)
 *
 * libxlsxwriter collects rows in temporary files and does not notice when their disk is full: the workbook it then
 * makes looks whole and lacks rows.  So every workbook is unpacked once before it gets its name.
 */
#include <stdint.h>
#include "yaoshi/status.h"

/* `cells[i]`: cells written to sheet i.  YS_EIO: something is missing. */
ys_status ys__xlsx_verify(const char *path, const int64_t *cells, int nsheets, ys_diag *diag) YS_MUST_USE;

#endif
