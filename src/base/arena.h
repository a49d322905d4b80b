/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_ARENA_H
#define YS_BASE_ARENA_H
/*
 * arena.h - memory of one job: many small allocations, freed together.
 *
 * An arena owns everything it hands out; nothing of it is freed alone.  Blocks are 16-byte aligned and
 * zeroed. `limit` is a ceiling in bytes (0 = YS_LIMIT_ARENA); beyond it allocations return NULL.
 */
#include <stddef.h>

typedef struct ys_arena ys_arena;

ys_arena *ys_arena_new(size_t limit); /* NULL when memory is short */
void ys_arena_free(ys_arena *a);      /* NULL is fine */
void ys_arena_clear(ys_arena *a);     /* forget everything, keep one block */
void *ys_arena_alloc(ys_arena *a, size_t n, size_t size);
char *ys_arena_strdup(ys_arena *a, const char *s);
char *ys_arena_strndup(ys_arena *a, const char *s, size_t n);
char *ys_arena_printf(ys_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t ys_arena_bytes(const ys_arena *a); /* bytes held from the heap */

#endif
