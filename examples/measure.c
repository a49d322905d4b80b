/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.c - libyaoshi in one page: five persons, one line, how poor are they?
 *
 *   cc measure.c $(pkg-config --cflags --libs yaoshi)
 */
#include <stdio.h>

#include <yaoshi/measure.h>

int main(void)
{
    const double income[] = {100, 200, 300, 500, 900};
    ys_income_data data = {.n = 5, .income = income};
    ys_income_opts opts = {.line = 400, .rows_are_population = true};
    ys_income_table *t;
    ys_diag diag = {0};
    if (ys_income_measure(&data, &opts, &t, &diag) != YS_OK) {
        fprintf(stderr, "%s\n", diag.en);
        return 1;
    }
    for (int i = 0; i < YS_II_COUNT; i++)
        printf("%-12s %.10g\n", ys_income_index_name((ys_income_index)i), t->total.value[i]);
    ys_income_table_free(t);
    return 0;
}
