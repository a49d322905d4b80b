/* SPDX-License-Identifier: Apache-2.0 */
#include "measure/sort.h"
#include <stdbool.h>
#include <string.h>
#include "base/alloc.h"

#define DIGIT_BITS 11
#define DIGITS     6 /* 6 × 11 >= 64 */
#define BUCKETS    (1 << DIGIT_BITS)

typedef struct pair {
    uint64_t key;
    int32_t row;
} pair;

/* A double's bits so that unsigned order is numeric order; both zeros are one value, every NaN comes last. */
static uint64_t sortable(double v)
{
    uint64_t u;
    if (v != v)
        return UINT64_MAX;
    v += 0.0;
    memcpy(&u, &v, sizeof u);
    return u >> 63 ? ~u : u | (uint64_t)1 << 63;
}

static unsigned digit_of(uint64_t key, int d)
{
    return (unsigned)(key >> (d * DIGIT_BITS)) & (BUCKETS - 1);
}

/* One stable pass from a to b; false if all keys share the digit (nothing moved). */
static bool pass(int64_t n, const pair *a, pair *b, int d, const int64_t *count)
{
    int64_t start[BUCKETS], at = 0;
    for (int k = 0; k < BUCKETS; k++) {
        if (count[k] == n)
            return false;
        start[k] = at;
        at += count[k];
    }
    for (int64_t i = 0; i < n; i++)
        b[start[digit_of(a[i].key, d)]++] = a[i];
    return true;
}

static ys_status sort_pairs(int64_t n, pair *a, int32_t *ret_order)
{
    pair *b = ys_malloc((size_t)n * sizeof *b);
    int64_t(*count)[BUCKETS] = ys_calloc(DIGITS, sizeof *count);
    ys_status st = YS_ENOMEM;
    if (!b || !count)
        goto done;
    for (int64_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++)
            count[d][digit_of(a[i].key, d)]++;
    pair *from = a, *to = b;
    for (int d = 0; d < DIGITS; d++)
        if (pass(n, from, to, d, count[d])) {
            pair *t = from;
            from = to;
            to = t;
        }
    for (int64_t i = 0; i < n; i++)
        ret_order[i] = from[i].row;
    st = YS_OK;
done:
    ys_free(b);
    ys_free(count);
    return st;
}

ys_status ys__sort_keys(int64_t n, const uint64_t *key, int32_t *ret_order)
{
    if (n <= 0)
        return YS_OK;
    if (n > INT32_MAX)
        return YS_ELIMIT;
    pair *a = ys_malloc((size_t)n * sizeof *a);
    if (!a)
        return YS_ENOMEM;
    for (int64_t i = 0; i < n; i++)
        a[i] = (pair){key[i], (int32_t)i};
    ys_status st = sort_pairs(n, a, ret_order);
    ys_free(a);
    return st;
}

ys_status ys__sort_order(int64_t n, const double *value, int32_t *ret_order)
{
    if (n <= 0)
        return YS_OK;
    if (n > INT32_MAX)
        return YS_ELIMIT;
    pair *a = ys_malloc((size_t)n * sizeof *a);
    if (!a)
        return YS_ENOMEM;
    for (int64_t i = 0; i < n; i++)
        a[i] = (pair){sortable(value[i]), (int32_t)i};
    ys_status st = sort_pairs(n, a, ret_order);
    ys_free(a);
    return st;
}
