/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_SOLVING_H
#define YS_APP_SOLVING_H
/*
 * solving.h - the use case "solve": a published instance in its own form, so that anyone can check the solvers.
 *
 * pab   choices with additive values (docs/optim.md)       most value
 * gap   generalised assignment, OR-Library                 least cost; most profit when asked
 * mmkp  multiple-choice multidimensional knapsack, Khan    most value
 * dimacs  minimum-cost flow, .min (app/dimacs.h)           least cost
 */
#include <stdio.h>
#include <stdint.h>
#include "app/bytes.h"
#include "yaoshi/optim.h"

typedef struct ys_solve_args {
    const char *file;
    const char *format; /* NULL: by the name of the file */
    const char *out;    /* NULL, or where the choices are written, a line for each household, job or class */
    int threads;
    double seconds; /* search for so long; 0: a fixed amount of work */
    bool most;      /* gap: profits instead of costs */
    bool check;     /* let the independent judge recompute the result */
    bool (*stop)(void *arg);
    void *arg;
} ys_solve_args;

typedef struct ys_solved_one {
    bool feasible, proven; /* a solution is known; nothing better exists (or, not feasible: none exists) */
    int64_t value, bound;  /* in units of 10^-digits */
    double gap, seconds;
    int64_t size, options; /* households, jobs or classes; pairs or items */
    int64_t nodes;         /* of branch and bound */
} ys_solved_one;

typedef struct ys_solved {
    const char *format;
    bool most;    /* value is to be large */
    bool partial; /* ended early */
    bool checked;
    int digits, count;
    ys_solved_one *one, total; /* [count] */
    double seconds_read;
    /* pab only */
    int64_t households, rows, bytes;
    int passes;
    const char *kernel; /* NULL for the others */
    uint64_t checksum;
    double stage[YS_STAGES];
} ys_solved;

/* What is told of the plan of a .pab file; the caller adds seconds_read and checked.  Free with ys_solved_free. */
ys_status ys_solved_of_plan(const ys_additive *p, const ys_additive_result *a, double seconds,
                            ys_solved **ret_solved, ys_diag *diag) YS_MUST_USE;
/* The plan as lines "first second" by household, from 0, - for none; errors of `f` are the caller's to look for. */
void ys_solve_write_plan(const ys_additive_result *a, FILE *f);
/* Free with ys_solved_free. */
ys_status ys_solve_file(const ys_solve_args *a, ys_solved **ret_solved, ys_diag *diag) YS_MUST_USE;
void ys_solved_free(ys_solved *s);
/* Names of the formats, "pab|gap|mmkp|dimacs". */
const char *ys_solve_formats(void);

#endif
