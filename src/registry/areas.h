/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_AREAS_H
#define YS_REGISTRY_AREAS_H
/*
 * areas.h - the tree of areas, from the rows of kind `area`.
 *
 * Codes are opaque: what lies in what is said by `parent` alone.  Areas are numbered in order of their codes; a walk
 * down the tree gives each area an interval, so that "lies in" is two comparisons.
 */
#include <stdbool.h>
#include <stdint.h>
#include "policy/pack.h"
#include "yaoshi/table.h"

typedef struct ys_areas ys_areas;

/* Reads code, level, parent and name columns; borrows `table` for names.  A parent that is no area is a fault, and so
 * is a circle; both name the code. */
ys_status ys_areas_new(const ys_table *table, const ys_pack *pack, ys_areas **ret_areas,
                       ys_diag *diag) YS_MUST_USE;
void ys_areas_free(ys_areas *a);

int32_t ys_areas_count(const ys_areas *a);
int32_t ys_areas_find(const ys_areas *a, const char *code); /* row, -1: none */
const char *ys_areas_code(const ys_areas *a, int32_t area);
const char *ys_areas_name(const ys_areas *a, int32_t area);
/* "曹县 青堌集镇 李楼村": the names from below the top level down. */
void ys_areas_path(const ys_areas *a, int32_t area, char *buf, size_t size);
int32_t ys_areas_parent(const ys_areas *a, int32_t area); /* -1 at the top */
int ys_areas_level(const ys_areas *a, int32_t area);      /* index into the pack's levels, -1: other */
/* The ancestor (or the area itself) on a level of the pack, -1: none. */
int32_t ys_areas_at_level(const ys_areas *a, int32_t area, int level);
bool ys_areas_within(const ys_areas *a, int32_t area, int32_t scope); /* scope -1: everything */
/* Preorder position: the areas within `x` are those with begin(x) <= position < end(x). */
int32_t ys_areas_begin(const ys_areas *a, int32_t area);
int32_t ys_areas_end(const ys_areas *a, int32_t area);

#endif
