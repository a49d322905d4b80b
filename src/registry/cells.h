/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_CELLS_H
#define YS_REGISTRY_CELLS_H
/*
 * cells.h - from the text in a sheet's cell to the typed value of a field, or to a clear reason why not.
 */
#include "policy/pack.h"
#include "store/store.h"

/*
 * Blank stays blank ("unchanged"), #NA and #未问/#notasked are said outright; everything else must be of the field's
 * type, within its bounds, a known code (by code, label or synonym), and undamaged by a spreadsheet where it is a code
 * or a number of identity.  A personal cell that holds an asterisk was masked by an export: the store compares it with
 * what is there (YS_CELL_MASKED).  Texts in `ret_cell` point into the pack, or into `buf` (the trimmed text).
 */
ys_status ys_cell_parse(const ys_pack *pack, const ys_field *field, const char *text, char *buf, size_t size,
                        ys_cell *ret_cell, ys_diag *diag) YS_MUST_USE;

#endif
