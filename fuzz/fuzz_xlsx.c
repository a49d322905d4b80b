/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a workbook.  Zip archives (PK…) are taken as they are; since a checksum protects their parts, other
 * inputs are the XML inside a good archive: sheet, shared strings, styles and workbook attributes, a NUL between.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/text.h"
#include "io/xlsx_fixture.h"
#include "io/xlsx_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(ys_status st, const ys_diag *diag)
{
    if (st != YS_OK && (!diag->en[0] || !diag->zh[0] || !diag->file[0]))
        abort();
}

static void read_sheet(ys_xlsx *x, int sheet)
{
    ys_xlsx_rows *r = NULL;
    ys_diag diag = {0};
    const char *const *cell;
    const ys_xlsx_merge *merges;
    int n;
    int64_t row, before = 0;
    ys_status st = ys_xlsx_rows_open(x, sheet, &r, &diag);
    check(st, &diag);
    if (st != YS_OK)
        return;
    while ((st = ys_xlsx_next(r, &cell, &n, &row, &diag)) == YS_OK && cell) {
        if (n < 1 || row <= before || !cell[n - 1][0])
            abort();
        before = row;
        for (int i = 0; i < n; i++)
            if (!ys_utf8_valid(cell[i], strlen(cell[i])))
                abort();
    }
    check(st, &diag);
    ys_diag_clear(&diag);
    st = ys_xlsx_merges(r, &merges, &n, &diag);
    check(st, &diag);
    ys_xlsx_rows_close(r);
}

static void read_book(const void *bytes, size_t size)
{
    const ys_xlsx_options opt = {.max_part = 1 << 22,
                                 .max_ratio = 100,
                                 .ratio_free = 1 << 20,
                                 .max_row = 1 << 16,
                                 .max_cell = 1 << 14,
                                 .strings_memory = 256};
    ys_xlsx *x = NULL;
    ys_diag diag = {0};
    ys_status st = ys_xlsx_open_memory("fuzz.xlsx", bytes, size, &opt, &x, &diag);
    check(st, &diag);
    for (int i = 0; st == YS_OK && i < ys_xlsx_sheets(x) && i < 4; i++)
        read_sheet(x, i);
    ys_xlsx_close(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= 2 && data[0] == 'P' && data[1] == 'K') {
        read_book(data, size);
        return 0;
    }
    char *part[4], *text = ys_calloc(1, size + 4); /* ends of four parts at least */
    if (!text)
        return 0;
    memcpy(text, data, size);
    char *p = text;
    for (int i = 0; i < 4; i++) {
        part[i] = p;
        p += strlen(p);
        p += p < text + size + 3;
    }
    size_t n;
    void *book = fixture_book(&(fixture){part[0], part[1], part[2], part[3]}, &n);
    read_book(book, n);
    ys_free(book);
    ys_free(text);
    return 0;
}
