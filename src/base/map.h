/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_MAP_H
#define YS_BASE_MAP_H
/*
 * map.h - text -> int64, open addressing, insertion order kept.
 *
 * Keys are copied.  Slots are numbered 0.. in order of insertion, so a map is also an interning dictionary,
 * and walking it is deterministic whatever the hash does.  Nothing is ever removed.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ys_map ys_map;

ys_map *ys_map_new(size_t expected); /* NULL when memory is short */
void ys_map_free(ys_map *m);
size_t ys_map_count(const ys_map *m);
/* Slot of `key`, or -1. */
int64_t ys_map_find(const ys_map *m, const char *key);
int64_t ys_map_findn(const ys_map *m, const char *key, size_t n);
/* Slot of `key`, inserted with `value` if new; -1 when memory is short. `ret_new` may be NULL. */
int64_t ys_map_put(ys_map *m, const char *key, int64_t value, bool *ret_new);
int64_t ys_map_putn(ys_map *m, const char *key, size_t n, int64_t value, bool *ret_new);
const char *ys_map_key(const ys_map *m, int64_t slot);
int64_t ys_map_value(const ys_map *m, int64_t slot);
void ys_map_set(ys_map *m, int64_t slot, int64_t value);
/* Value of `key`, or `missing`. */
int64_t ys_map_get(const ys_map *m, const char *key, int64_t missing);

#endif
