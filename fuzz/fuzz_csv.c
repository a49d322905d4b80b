/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a CSV file: every cell is valid UTF-8, a refusal says where and why, and what was read and written again
 * reads the same.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/text.h"
#include "io/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char unit = '\x1F';

/* Cells one behind the other into `flat`, the same rows through the writer into `file` (both may be NULL). */
static ys_status read_all(const void *bytes, size_t n, const ys_csv_options *opt, ys_str *flat,
                          ys_csv_writer *w)
{
    ys_csv *c = NULL;
    ys_diag diag = {0};
    const char *const *cell;
    int cells;
    int64_t row, before = 0;
    ys_status st = ys_csv_open_memory("fuzz.csv", bytes, n, opt, &c, &diag);
    while (st == YS_OK && (st = ys_csv_next(c, &cell, &cells, &row, &diag)) == YS_OK && cell) {
        if (cells < 1 || row <= before)
            abort();
        before = row;
        for (int i = 0; i < cells; i++) {
            if (!ys_utf8_valid(cell[i], strlen(cell[i])))
                abort();
            ys_str_puts(flat, cell[i]);
            ys_str_putc(flat, unit);
        }
        ys_str_putc(flat, '\n');
        if (w)
            ys_csv_put_row(w, cell, cells);
    }
    if (st != YS_OK && (!diag.en[0] || !diag.zh[0] || diag.row < 1))
        abort();
    ys_csv_close(c);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ys_str file = {0}, first = {0}, second = {0};
    ys_csv_writer w;
    ys_csv_writer_init(&w, ys_out_str(&file), false, false);
    ys_status st =
        read_all(data, size, &(ys_csv_options){.max_field = 4096, .max_record = 65536}, &first, &w);
    if (!ys_csv_writer_finish(&w))
        abort();
    if (st == YS_OK) {
        const ys_csv_options opt = {.delimiter = ',', .encoding = "UTF-8"};
        bool bom =
            strncmp(ys_str_get(&file), "\xEF\xBB\xBF", 3) == 0; /* a second BOM is text once, a mark twice */
        bool sep = strncasecmp(ys_str_get(&file), "sep=", 4) == 0;
        if (read_all(ys_str_get(&file), file.len, &opt, &second, NULL) != YS_OK)
            abort();
        if (!bom && !sep && strcmp(ys_str_get(&first), ys_str_get(&second)) != 0)
            abort();
    }
    ys_str_done(&file);
    ys_str_done(&first);
    ys_str_done(&second);
    return 0;
}
