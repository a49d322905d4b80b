/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"

/* Blocks form a list, the newest first; only the newest has room. */
typedef struct block {
    struct block *next;
    size_t size, used;
    _Alignas(16) char bytes[];
} block;

struct ys_arena {
    block *head;
    size_t held, limit;
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

ys_arena *ys_arena_new(size_t limit)
{
    ys_arena *a = ys_calloc(1, sizeof *a);
    if (a != NULL)
        a->limit = limit != 0 ? limit : YS_LIMIT_ARENA;
    return a;
}

static void free_blocks(block *b)
{
    while (b != NULL) {
        block *next = b->next;
        ys_free(b);
        b = next;
    }
}

void ys_arena_free(ys_arena *a)
{
    if (a == NULL)
        return;
    free_blocks(a->head);
    ys_free(a);
}

void ys_arena_clear(ys_arena *a)
{
    if (a->head == NULL)
        return;
    free_blocks(a->head->next);
    a->head->next = NULL;
    a->held = a->head->size;
    memset(a->head->bytes, 0, a->head->used);
    a->head->used = 0;
}

static block *add_block(ys_arena *a, size_t need)
{
    size_t size = a->head != NULL ? a->head->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < need)
        size = need;
    if (size > a->limit || a->held > a->limit - size)
        return NULL;
    block *b = ys_calloc(1, sizeof *b + size);
    if (b == NULL)
        return NULL;
    b->size = size;
    b->next = a->head;
    a->head = b;
    a->held += size;
    return b;
}

void *ys_arena_alloc(ys_arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - 64)
        return NULL;
    bytes = (bytes + 15) / 16 * 16;
    if (bytes == 0)
        bytes = 16;
    block *b = a->head;
    if (b == NULL || b->size - b->used < bytes)
        b = add_block(a, bytes);
    if (b == NULL)
        return NULL;
    void *p = b->bytes + b->used;
    b->used += bytes;
    return p;
}

char *ys_arena_strndup(ys_arena *a, const char *s, size_t n)
{
    char *copy = ys_arena_alloc(a, n + 1, 1);
    if (copy != NULL)
        memcpy(copy, s, n);
    return copy;
}

char *ys_arena_strdup(ys_arena *a, const char *s)
{
    return ys_arena_strndup(a, s, strlen(s));
}

char *ys_arena_printf(ys_arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return NULL;
    char *text = ys_arena_alloc(a, (size_t)n + 1, 1);
    if (text == NULL)
        return NULL;
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return text;
}

size_t ys_arena_bytes(const ys_arena *a)
{
    return a->held;
}
