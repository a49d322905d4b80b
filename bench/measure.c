/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All indices of income by 10 groups, and standard errors under a clustered design, on made-up rows.
 * Times are of the processor.
 * Usage: bench_measure [ROWS [FILE]]: writes the same rows to FILE as CSV for another program to read.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/alloc.h"
#include "base/dmath.h"
#include "base/rng.h"
#include "yaoshi/measure.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct rows {
    int64_t n;
    double *income, *weight;
    int32_t *group, *household;
} rows;

static void make(rows *r, int64_t n)
{
    ys_rng g;
    ys_rng_init(&g, 1, 0);
    *r = (rows){n, ys_calloc((size_t)n, 8), ys_calloc((size_t)n, 8), ys_calloc((size_t)n, 4),
                ys_calloc((size_t)n, 4)};
    for (int64_t i = 0; i < n; i++) {
        bool same = i % 3 != 0; /* three persons a household */
        r->household[i] = (int32_t)(i / 3);
        r->group[i] = same ? r->group[i - 1] : (int32_t)ys_rng_below(&g, 10);
        r->weight[i] = same ? r->weight[i - 1] : (double)(1 + ys_rng_below(&g, 5));
        r->income[i] = same ? r->income[i - 1] : floor(600000 * ys_exp(0.6 * ys_rng_normal(&g))) / 100;
    }
}

static int write_csv(const rows *r, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return 1;
    fprintf(f, "income,weight,group,household\n");
    for (int64_t i = 0; i < r->n; i++)
        fprintf(f, "%.2f,%.0f,%d,%d\n", r->income[i], r->weight[i], (int)r->group[i], (int)r->household[i]);
    return fclose(f) != 0;
}

static int run(const rows *r)
{
    ys_income_data d = {.n = r->n, .income = r->income, .weight = r->weight, .group = r->group, .groups = 10};
    ys_income_opts o = {.line = 3000, .rows_are_population = true};
    ys_income_table *t = NULL;
    ys_design *design = NULL;
    ys_income_errors e;
    ys_design_data in = {.n = r->n, .stages = 1, .stratum = {r->group}, .unit = {r->household}};
    double start = now();
    if (ys_income_measure(&d, &o, &t, NULL) != YS_OK)
        return 1;
    printf("indices %.4f s\n", now() - start);
    start = now();
    if (ys_design_new(&in, &design, NULL) != YS_OK)
        return 1;
    ys_income_survey s = {&d, &o, design, false};
    if (ys_income_standard_errors(&s, -1, &e, NULL) != YS_OK)
        return 1;
    printf("errors %.4f s\n", now() - start);
    printf("gini %.12f\narpr %.12f\nqsr %.12f\nfgt0 %.12f se %.12f\n", t->total.value[YS_II_GINI],
           t->total.value[YS_II_ARPR], t->total.value[YS_II_S80S20], e.index[YS_II_FGT0].value,
           e.index[YS_II_FGT0].se);
    ys_design_free(design);
    ys_income_table_free(t);
    return 0;
}

int main(int argc, char **argv)
{
    int64_t n = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    rows r;
    if (n < 3 || n > 100000000) {
        fprintf(stderr, "usage: bench_measure [ROWS [FILE]]\n");
        return 2;
    }
    make(&r, n);
    int failed = argc > 2 && write_csv(&r, argv[2]);
    failed = failed || run(&r);
    ys_free(r.income);
    ys_free(r.weight);
    ys_free(r.group);
    ys_free(r.household);
    return failed;
}
