/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_RANK_H
#define YS_APP_RANK_H
/*
 * rank.h - the use case "rank by a proxy score": a regression of income on what can be seen (a proxy means test), and
 * how many of the truly poor its score would find, from a CSV or XLSX file with known incomes.
 *
 * The score shows how well, or how badly, visible things tell who is poor; it never decides about a household.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/measure.h"

typedef struct ys_rank_args {
    const char *file;
    const char *income;  /* header */
    const char *proxies; /* headers separated by commas */
    const char *id;      /* header of a column that names the row; NULL: none */
    bool log;            /* regress the logarithm of income */
    double rate;         /* share that is poor by income, and share that the score selects; 0 < rate < 1 */
} ys_rank_args;

typedef struct ys_rank_row {
    int64_t row;    /* of the file */
    const char *id; /* "" without an id column */
    double income, score;
} ys_rank_row;

typedef struct ys_rank {
    ys_ols ols;
    int terms;         /* the constant first, then the proxies */
    const char **term; /* names */
    ys_targeting hit;
    double spearman;
    int64_t rows, used;  /* of the file; with income and all proxies */
    ys_rank_row *ranked; /* `used` rows, lowest score first, ties in order of the file */
    void *own;
} ys_rank;

/* Rows without a number in income or a proxy, and under `log` without a positive income, are left out and counted;
 * anything else that is no number is a fault with row and column. */
ys_status ys_rank_run(const ys_rank_args *args, ys_rank **ret_rank, ys_diag *diag) YS_MUST_USE;
void ys_rank_free(ys_rank *r);

#endif
