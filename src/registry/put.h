/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_PUT_H
#define YS_REGISTRY_PUT_H
/*
 * put.h - a table in memory into the store: how the engine's own results (roots, plans, prices) are kept.
 */
#include "store/store.h"
#include "yaoshi/table.h"

/* A table with a column for every field of `kind`, without rows; NULL when memory is short. */
ys_table *ys_table_for_kind(const ys_kind *kind);
/* One cell, by the name of a field that the table has; false when memory is short or the type does not match. */
bool ys_put_text(ys_table *t, const char *field, int64_t row, const char *text);
bool ys_put_int(ys_table *t, const char *field, int64_t row, int64_t v);
/* Writes the first `rows` rows of `t` (columns matched to fields by name) into the open transaction; rows equal to what
 * is there make no new version. */
ys_status ys_registry_put_rows(ys_store *store, const ys_kind *kind, const ys_table *t, int64_t rows,
                               int32_t valid_from, ys_diag *diag) YS_MUST_USE;

#endif
