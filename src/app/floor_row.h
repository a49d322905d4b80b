/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_FLOOR_ROW_H
#define YS_APP_FLOOR_ROW_H
/*
 * floor_row.h - from the name of a floor in a kept plan back to the row of the kind `floor` it was made of.
 *
 * A row F makes the floors F, F:max, F:AREA or F:AREA:OFFERING (docs/plan-model.md section 10).
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/plan.h"
#include "yaoshi/table.h"

typedef struct ys_floor_row {
    int64_t row;        /* of the table, -1: none */
    const char *rest;   /* of the floor's name after the row's: "", ":max", ":AREA" …; "" without a row */
    const char *metric; /* as written in the row; NULL: none */
    ys_plan_metric counts; /* what its amounts are: GAP money, CURES, HELPED; shares are of money */
    bool most;             /* it asks for at most its amount */
} ys_floor_row;

/* `floor`: table of the kind; of rows whose name begins the floor's, the longest. */
ys_floor_row ys_floor_row_of(const ys_table *floor, const char *name);

#endif
