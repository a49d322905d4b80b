/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_ALLOC_H
#define YS_BASE_ALLOC_H
/*
 * alloc.h - the only door to the heap, so that tests can make the nth allocation fail.
 *
 * All return NULL when memory is short (or the test hook says so); sizes are multiplied with overflow checks.
 * Free with ys_free (NULL is fine).
 */
#include <stddef.h>
#include <stdint.h>

void *ys_malloc(size_t size);
void *ys_calloc(size_t n, size_t size);
/* n*size bytes; on failure the old block stays valid. */
void *ys_realloc(void *p, size_t n, size_t size);
/* 64-byte aligned n*size bytes, zeroed: columns of tables. Free with ys_free. */
void *ys_aligned(size_t n, size_t size);
char *ys_strdup(const char *s);
char *ys_strndup(const char *s, size_t n);
void ys_free(void *p);

/* Tests only: the nth allocation from now (1 = the next) and all after it fail; 0 switches the hook off. */
void ys_alloc_fail_from(int64_t n);
/* Allocations since the hook was last set. */
int64_t ys_alloc_count(void);

/* Grow `*data` (elements of `size` bytes) so that it holds at least `need`; doubles `*cap`; 0 on failure. */
int ys_grow(void *data, size_t *cap, size_t need, size_t size);

#endif
