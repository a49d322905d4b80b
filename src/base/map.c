/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/rng.h"

typedef struct entry {
    const char *key;
    uint32_t len;
    uint32_t hash;
    int64_t value;
} entry;

struct ys_map {
    ys_arena *keys;
    entry *entries;
    size_t count, cap;
    int32_t *table; /* slot + 1, 0 = free; size is a power of two */
    size_t size;
};

ys_map *ys_map_new(size_t expected)
{
    ys_map *m = ys_calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    m->size = 16;
    while (m->size < expected * 2)
        m->size *= 2;
    m->keys = ys_arena_new(0);
    m->table = ys_calloc(m->size, sizeof *m->table);
    if (m->keys == NULL || m->table == NULL) {
        ys_map_free(m);
        return NULL;
    }
    return m;
}

void ys_map_free(ys_map *m)
{
    if (m == NULL)
        return;
    ys_arena_free(m->keys);
    ys_free(m->entries);
    ys_free(m->table);
    ys_free(m);
}

size_t ys_map_count(const ys_map *m)
{
    return m->count;
}

static uint32_t hash_of(const char *key, size_t n)
{
    return (uint32_t)(ys_hash_bytes(key, n, 0) >> 32);
}

/* The place of `key` in the table: its own, or the free one where it belongs. */
static size_t place(const ys_map *m, const char *key, size_t n, uint32_t hash)
{
    size_t mask = m->size - 1, i = hash & mask;
    while (m->table[i] != 0) {
        const entry *e = &m->entries[m->table[i] - 1];
        if (e->hash == hash && e->len == n && memcmp(e->key, key, n) == 0)
            break;
        i = (i + 1) & mask;
    }
    return i;
}

int64_t ys_map_findn(const ys_map *m, const char *key, size_t n)
{
    return (int64_t)m->table[place(m, key, n, hash_of(key, n))] - 1;
}

int64_t ys_map_find(const ys_map *m, const char *key)
{
    return ys_map_findn(m, key, strlen(key));
}

static bool rehash(ys_map *m)
{
    size_t size = m->size * 2;
    int32_t *table = ys_calloc(size, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t s = 0; s < m->count; s++) {
        size_t i = m->entries[s].hash & (size - 1);
        while (table[i] != 0)
            i = (i + 1) & (size - 1);
        table[i] = (int32_t)s + 1;
    }
    ys_free(m->table);
    m->table = table;
    m->size = size;
    return true;
}

int64_t ys_map_putn(ys_map *m, const char *key, size_t n, int64_t value, bool *ret_new)
{
    uint32_t hash = hash_of(key, n);
    size_t i = place(m, key, n, hash);
    if (m->table[i] != 0) {
        if (ret_new != NULL)
            *ret_new = false;
        return (int64_t)m->table[i] - 1;
    }
    if (m->count >= INT32_MAX - 1 || n > UINT32_MAX)
        return -1;
    if ((m->count + 1) * 3 > m->size * 2) {
        if (!rehash(m))
            return -1;
        i = place(m, key, n, hash);
    }
    char *copy = ys_arena_strndup(m->keys, key, n);
    if (copy == NULL || !ys_grow(&m->entries, &m->cap, m->count + 1, sizeof *m->entries))
        return -1;
    m->entries[m->count] = (entry){.key = copy, .len = (uint32_t)n, .hash = hash, .value = value};
    m->table[i] = (int32_t)m->count + 1;
    if (ret_new != NULL)
        *ret_new = true;
    return (int64_t)m->count++;
}

int64_t ys_map_put(ys_map *m, const char *key, int64_t value, bool *ret_new)
{
    return ys_map_putn(m, key, strlen(key), value, ret_new);
}

const char *ys_map_key(const ys_map *m, int64_t slot)
{
    return m->entries[slot].key;
}

int64_t ys_map_value(const ys_map *m, int64_t slot)
{
    return m->entries[slot].value;
}

void ys_map_set(ys_map *m, int64_t slot, int64_t value)
{
    m->entries[slot].value = value;
}

int64_t ys_map_get(const ys_map *m, const char *key, int64_t missing)
{
    int64_t slot = ys_map_find(m, key);
    return slot >= 0 ? m->entries[slot].value : missing;
}
