/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_XLSX_FIXTURE_H
#define YS_IO_XLSX_FIXTURE_H
/*
 * xlsx_fixture.h - workbooks for tests, zipped in memory from the XML of their parts (tests only).
 */
#include <stddef.h>

typedef struct fixture_part {
    const char *name, *text;
    size_t repeat_from, repeat_to; /* text[repeat_from..repeat_to) ... */
    long times;                    /* ... comes so often; 0: the text as it is */
} fixture_part;

/* Zips parts up to the one without a name; free with ys_free. */
void *fixture_zip(const fixture_part *parts, size_t *ret_n);
/*
 * A workbook of one sheet "表1" with this <worksheet> content, and what else is not NULL: shared strings (<sst>
 * content), styles (<styleSheet> content), <workbookPr> attributes.
 */
typedef struct fixture {
    const char *sheet, *strings, *styles, *book;
} fixture;
void *fixture_book(const fixture *f, size_t *ret_n);

#endif
