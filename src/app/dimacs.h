/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_DIMACS_H
#define YS_APP_DIMACS_H
/*
 * dimacs.h - minimum-cost flow problems in the DIMACS form (.min), for `yaoshi solve --format dimacs` and the bench.
 *
 *   c a comment
 *   p min NODES ARCS
 *   n NODE SUPPLY
 *   a TAIL HEAD LOW CAP COST        nodes count from 1; CAP < 0: no limit
 */
#include <stddef.h>
#include "yaoshi/flow.h"

typedef struct ys_dimacs {
    ys_flow_input in; /* points into the arrays below */
    int32_t *tail, *head;
    int64_t *low, *cap, *cost, *supply;
} ys_dimacs;

/* `text` need not be terminated; `name` is for messages.  EDATA names the line. */
ys_status ys_flow_read_dimacs(const char *text, size_t size, const char *name, ys_dimacs **ret_problem,
                              ys_diag *diag) YS_MUST_USE;
void ys_dimacs_free(ys_dimacs *d);

#endif
