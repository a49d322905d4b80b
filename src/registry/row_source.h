/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_ROW_SOURCE_H
#define YS_REGISTRY_ROW_SOURCE_H
/*
 * row_source.h - the records of one binding as texts by bound field, wherever they come from: straight from the columns
 * of a sheet (constant memory), or through a mapping.
 */
#include <stdint.h>
#include "io/sheet.h"
#include "registry/binding.h"

typedef struct ys_record {
    const char *const
        *text;   /* binding->count texts, never NULL inside, valid until the next record; NULL: see below */
    int64_t row; /* of the sheet, as its user sees it */
    const ys_diag *fault; /* why the row gives no record (text is NULL then); both NULL: the end */
} ys_record;

typedef struct ys_rows ys_rows;

/* Borrows plan and binding. `digits`: decimals of the currency's minor unit. */
ys_status ys_rows_open(const ys_sheet_plan *plan, const ys_binding *binding, int digits, ys_rows **ret_rows,
                       ys_diag *diag) YS_MUST_USE;
void ys_rows_close(ys_rows *r); /* NULL is fine */
/* The next record, fault or end.  A failure is one of the file as a whole. */
ys_status ys_rows_next(ys_rows *r, ys_record *ret_record, ys_diag *diag) YS_MUST_USE;
const ys_sheet *ys_rows_sheet(const ys_rows *r);

#endif
