/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_BINDING_INTERNAL_H
#define YS_REGISTRY_BINDING_INTERNAL_H
/*
 * binding_internal.h - what the ways to a binding (headers, templates, mappings) share (internal to registry).
 */
#include "registry/binding.h"

enum { HEAD_ROWS = 10 };

/* The first rows of a sheet, copied. */
typedef struct ys__head {
    int rows;
    int64_t row[HEAD_ROWS];
    int cells[HEAD_ROWS];
    char **text[HEAD_ROWS];
} ys__head;

/* An empty binding with room for `cap` fields. */
ys_status ys__binding_new(ys_binding *b, const ys_kind *k, int cap, ys_diag *diag) YS_MUST_USE;
bool ys__binding_has(const ys_binding *b, int field);
/* Put a header that nobody asked for on the plan's list; false: memory is short. */
bool ys__plan_ignore(ys_sheet_plan *p, const char *header);
/* One binding per kind that has columns on the form `name` of the pack. */
ys_status ys__bind_template(ys_sheet_plan *p, const char *name, const ys_pack *pack, const ys__head *h,
                            ys_diag *diag) YS_MUST_USE;

#endif
