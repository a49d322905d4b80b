/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_MAPPING_ROWS_H
#define YS_REGISTRY_MAPPING_ROWS_H
/*
 * mapping_rows.h - a bound record of a mapping at work: rows of the foreign table in, records of ours out.
 *
 *   ys__mapped_row(m, cells, n, row)           each row of the table
 *   while (ys__mapped_next(m, &record, …))     its records: none, one, or as many as `repeat` says
 *   while (ys__mapped_rest(m, &record, …))     after the last row: the sums, in order of first appearance
 *
 * Memory: one row; with `dedupe` or `sum` also one entry per key, up to YS_LIMIT_MAPPED_RECORDS entries and
 * YS_LIMIT_MAPPED_BYTES bytes (then ELIMIT).  Internal to registry.
 */
#include "registry/mapping.h"
#include "registry/row_source.h"

typedef struct ys__mapped ys__mapped;

/* Borrows `record`, which must be bound. `digits`: decimals of the currency's minor unit. */
ys_status ys__mapped_new(const ys_mapping_record *record, int digits, ys__mapped **ret_mapped,
                         ys_diag *diag) YS_MUST_USE;
void ys__mapped_free(ys__mapped *m);
/* Takes a row; its cells must stay until the next one. */
void ys__mapped_row(ys__mapped *m, const char *const *cells, int n, int64_t row);
/* The next record of the row, or a fault in it; `*ret_any` false when the row has no more. */
ys_status ys__mapped_next(ys__mapped *m, ys_record *ret_record, bool *ret_any, ys_diag *diag) YS_MUST_USE;
ys_status ys__mapped_rest(ys__mapped *m, ys_record *ret_record, bool *ret_any, ys_diag *diag) YS_MUST_USE;

#endif
