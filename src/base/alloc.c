/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static atomic_llong fail_from; /* 0: off; else the count from which allocations fail */
static atomic_llong count;

void ys_alloc_fail_from(int64_t n)
{
    atomic_store(&count, 0);
    atomic_store(&fail_from, n);
}

int64_t ys_alloc_count(void)
{
    return atomic_load(&count);
}

static bool refused(void)
{
    long long from = atomic_load_explicit(&fail_from, memory_order_relaxed);
    if (from == 0)
        return false;
    return atomic_fetch_add(&count, 1) + 1 >= from;
}

void *ys_malloc(size_t size)
{
    return refused() ? NULL : malloc(size != 0 ? size : 1);
}

void *ys_calloc(size_t n, size_t size)
{
    if (refused())
        return NULL;
    return n != 0 && size != 0 ? calloc(n, size) : calloc(1, 1);
}

void *ys_realloc(void *p, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || refused())
        return NULL;
    return realloc(p, bytes != 0 ? bytes : 1);
}

void *ys_aligned(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - 128 || refused())
        return NULL;
    bytes = (bytes + 63) / 64 * 64;
    void *p = aligned_alloc(64, bytes != 0 ? bytes : 64);
    if (p != NULL)
        memset(p, 0, bytes);
    return p;
}

char *ys_strndup(const char *s, size_t n)
{
    char *copy = ys_malloc(n + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *ys_strdup(const char *s)
{
    return ys_strndup(s, strlen(s));
}

void ys_free(void *p)
{
    free(p);
}

int ys_grow(void *data, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return 1;
    size_t want = *cap != 0 ? *cap : 16;
    while (want < need) {
        if (want > SIZE_MAX / 2)
            return 0;
        want *= 2;
    }
    void *old;
    memcpy(&old, data, sizeof old);
    void *grown = ys_realloc(old, want, size);
    if (grown == NULL)
        return 0;
    memcpy(data, &grown, sizeof grown);
    *cap = want;
    return 1;
}
