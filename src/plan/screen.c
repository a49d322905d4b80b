/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

/*
 * Bundles that need no look.  For bundle k with option o let j be a bundle of the block that charges no more than k without o
 * (the same types less that of o, or fewer still; the empty one always serves).  Then score(k) - score(j) is at most what k
 * is worth more than j, less the cost of o.  The largest such difference over all k with o, per tier, is noted once;
 * where prices make o dearer than that, every bundle with o is beaten by one that has fewer charges.
 */

enum { SLOTS = 16384 };

typedef struct catalogue { /* bundles of one block by the types they charge */
    uint64_t key[SLOTS];
    int32_t bundle[SLOTS];           /* -1: free */
    int32_t next[YS_SCREEN_BUNDLES]; /* another bundle with the same key, -1: none */
    int32_t used[YS_SCREEN_BUNDLES], n;
    bool drop[YS_SCREEN_BUNDLES];
} catalogue;

static uint64_t key_of(int64_t a, int64_t b, int64_t c)
{
    int64_t t[3] = {a, b, c};
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 2; i++)
            if (t[i] < t[i + 1]) {
                int64_t swap = t[i];
                t[i] = t[i + 1];
                t[i + 1] = swap;
            }
    return ((uint64_t)(t[0] + 1) << 42) ^ ((uint64_t)(t[1] + 1) << 21) ^ (uint64_t)(t[2] + 1);
}

/* Types are numbered below 2^21 (ys__chunk_screen leaves other chunks alone), so keys are exact. */
static int64_t type_of(const int32_t *type, const ys_bundle *u, int place)
{
    return place < u->count ? type[u->option[place]] : -1;
}

static int32_t slot_of(const catalogue *x, uint64_t key)
{
    int32_t i = (int32_t)(ys_hash64(key) % SLOTS);
    while (x->bundle[i] >= 0 && x->key[i] != key)
        i = (i + 1) % SLOTS;
    return i;
}

static uint64_t key_of_bundle(const int32_t *type, const ys_bundle *u)
{
    return key_of(type_of(type, u, 0), type_of(type, u, 1), type_of(type, u, 2));
}

static void clear(catalogue *x)
{
    for (int i = 0; i < x->n; i++)
        x->bundle[x->used[i]] = -1;
    x->n = 0;
}

/* Puts bundle `k` first among those of its key. */
static void put(catalogue *x, int32_t slot, uint64_t key, int32_t k)
{
    if (x->bundle[slot] < 0)
        x->used[x->n++] = slot;
    x->next[k] = x->bundle[slot];
    x->key[slot] = key;
    x->bundle[slot] = k;
}

static void fill_catalogue(catalogue *x, const int32_t *type, const ys_bundle *u, int n)
{
    clear(x);
    for (int k = 0; k < n; k++) {
        uint64_t key = key_of_bundle(type, &u[k]);
        put(x, slot_of(x, key), key, k);
    }
}

static bool beats(const ys_bundle *a, const ys_bundle *b)
{
    return a->v1 >= b->v1 && a->v2 >= b->v2;
}

/*
 * Bundles that charge the same as another one and are worth no more: which of two like persons takes a post is no choice to
 * make.  Returns how many stay; they move to `to`.
 */
static uint32_t drop_twins(catalogue *x, const int32_t *type, const ys_bundle *u, int n, ys_bundle *to)
{
    clear(x);
    for (int k = 0; k < n; k++) {
        uint64_t key = key_of_bundle(type, &u[k]);
        int32_t s = slot_of(x, key);
        x->drop[k] = false;
        for (int32_t j = x->bundle[s]; j >= 0; j = x->next[j])
            x->drop[k] = x->drop[k] || (!x->drop[j] && beats(&u[j], &u[k]));
        for (int32_t j = x->bundle[s]; j >= 0 && !x->drop[k]; j = x->next[j])
            x->drop[j] = x->drop[j] || beats(&u[k], &u[j]);
        put(x, s, key, k);
    }
    uint32_t kept = 0;
    for (int k = 0; k < n; k++)
        if (!x->drop[k])
            to[kept++] = u[k];
    return kept;
}

static void drop_all_twins(ys_chunk *k, catalogue *x)
{
    uint32_t at = 0, first = 0;
    for (int32_t i = 0; i < k->n; i++) {
        uint32_t last = k->bundle_at[i + 1];
        at += drop_twins(x, k->type + k->option_at[i], k->bundles + first, (int)(last - first),
                         k->bundles + at);
        first = last;
        k->bundle_at[i + 1] = at;
    }
    ys_bundle *fitted = ys_realloc(k->bundles, at, sizeof *fitted);
    k->bundles = fitted != NULL ? fitted : k->bundles;
}

/* The bundle of the types of `u` without place `out`, or without one more, or the empty one: the first that is there. */
static int without(const catalogue *x, const int32_t *type, const ys_bundle *u, int out)
{
    int64_t rest[2] = {-1, -1};
    for (int i = 0, n = 0; i < u->count; i++)
        if (i != out)
            rest[n++] = type_of(type, u, i);
    int32_t s = slot_of(x, key_of(rest[0], rest[1], -1));
    for (int i = 0; x->bundle[s] < 0 && i < 2; i++)
        s = slot_of(x, key_of(rest[i], -1, -1));
    return x->bundle[s] >= 0 ? x->bundle[s] : 0;
}

static void screen_block(ys_chunk *k, int32_t i, catalogue *x)
{
    const int32_t *type = k->type + k->option_at[i];
    const ys_bundle *u = k->bundles + k->bundle_at[i];
    uint32_t *mask = k->mask + k->bundle_at[i];
    int32_t *adds1 = k->adds1 + k->option_at[i];
    int64_t *adds2 = k->adds2 + k->option_at[i];
    int n = (int)(k->bundle_at[i + 1] - k->bundle_at[i]);
    uint32_t first = 0; /* options of the block's first bundle */
    for (int o = 0; o < u[0].count; o++)
        first |= 1u << u[0].option[o];
    for (uint32_t o = k->option_at[i]; o < k->option_at[i + 1]; o++) {
        k->adds1[o] = INT32_MIN;
        k->adds2[o] = INT64_MIN;
    }
    fill_catalogue(x, type, u, n);
    for (int b = 0; b < n; b++) {
        mask[b] = 0;
        for (int o = 0; o < u[b].count; o++) {
            int at = u[b].option[o], less = without(x, type, &u[b], o);
            if (first >> at & 1)
                continue; /* no bundle goes without it */
            int32_t more1 = u[b].v1 - u[less].v1;
            int64_t more2 = u[b].v2 - u[less].v2;
            mask[b] |= 1u << at;
            adds1[at] = more1 > adds1[at] ? more1 : adds1[at];
            adds2[at] = more2 > adds2[at] ? more2 : adds2[at];
        }
    }
}

static bool can_screen(const ys_chunk *k)
{
    for (int32_t i = 0; i < k->n; i++)
        if (k->option_at[i + 1] - k->option_at[i] > YS_SCREEN_OPTIONS ||
            k->bundle_at[i + 1] - k->bundle_at[i] > YS_SCREEN_BUNDLES)
            return false;
    for (uint32_t o = 0; o < k->option_at[k->n]; o++)
        if (k->type[o] >= (1 << 21) - 1)
            return false;
    return true;
}

ys_status ys__chunk_screen(ys_chunk *k, bool drop, ys_diag *diag)
{
    if (!can_screen(k))
        return YS_OK;
    catalogue *x = ys_malloc(sizeof *x);
    if (x == NULL)
        return ys_fail_nomem(diag);
    memset(x->bundle, -1, sizeof x->bundle);
    x->n = 0;
    if (drop)
        drop_all_twins(k, x);
    k->mask = ys_calloc((size_t)k->bundle_at[k->n], sizeof *k->mask);
    k->adds1 = ys_calloc((size_t)k->option_at[k->n], sizeof *k->adds1);
    k->adds2 = ys_calloc((size_t)k->option_at[k->n], sizeof *k->adds2);
    if (!k->mask || !k->adds1 || !k->adds2) {
        ys_free(x);
        return ys_fail_nomem(diag);
    }
    for (int32_t i = 0; i < k->n; i++)
        screen_block(k, i, x);
    ys_free(x);
    return YS_OK;
}

void ys__look(ys_look *l, const ys_block *b, double margin)
{
    l->cost[YS_NO_OPTION] = 0;
    l->n = b->n_bundles;
    l->all = b->mask == NULL || l->w1 < 0 || l->w2 < 0 || l->w0 < 0;
    for (int o = 0; !l->all && o < b->n_options; o++)
        l->all = l->cost[o] < 0; /* what is worth less, or paid for coming, is not left out for being dear */
    if (l->all)
        return;
    uint32_t idle = 0;
    for (int o = 0; o < b->n_options; o++) {
        double adds = l->w1 * b->adds1[o] + l->w2 * (double)b->adds2[o] + l->w0;
        idle |= (uint32_t)(adds + margin < l->cost[o]) << o;
    }
    int n = 0;
    for (int k = 0; k < b->n_bundles; k++) {
        l->bundle[n] = (uint16_t)k;
        n += (b->mask[k] & idle) == 0;
    }
    l->n = n;
}
