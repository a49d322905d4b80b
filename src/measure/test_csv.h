/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_MEASURE_TEST_CSV_H
#define YS_MEASURE_TEST_CSV_H
/*
 * test_csv.h - tests only: a small well-behaved CSV file as columns of numbers and codes.
 */
#include <stdbool.h>
#include <stdint.h>

typedef struct tcsv {
    int columns;
    int64_t rows;
    char **head; /* columns */
    char **cell; /* rows × columns, all in `text` */
    char *text;
} tcsv;

/* False if the file cannot be opened. */
bool tcsv_read(const char *path, tcsv *ret);
/* YAOSHI_SHARED/data/NAME; false if that folder or file is absent. */
bool tcsv_shared(const char *name, tcsv *ret);
void tcsv_done(tcsv *t);
int tcsv_column(const tcsv *t, const char *name); /* -1 none */
const char *tcsv_at(const tcsv *t, int64_t row, const char *name);
double *tcsv_reals(const tcsv *t, const char *name); /* "" and NA: NaN; ys_free */
int32_t *tcsv_codes(const tcsv *t, const char *name,
                    int32_t *ret_count); /* order of first appearance; ys_free */
/* The first row's text of a code. */
const char *tcsv_code_text(const tcsv *t, const char *name, const int32_t *codes, int32_t code);

#endif
