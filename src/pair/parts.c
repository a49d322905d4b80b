/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "pair/pair_int.h"

static int32_t root_of(int32_t *up, int32_t j)
{
    while (up[j] != j) {
        up[j] = up[up[j]];
        j = up[j];
    }
    return j;
}

/* Givers that share a need belong together; the smallest is the root, so that the numbering does not depend on the
 * order of the unions. */
static void unite(const ys_pair_input *in, int32_t *up)
{
    for (int64_t j = 0; j < in->givers; j++)
        up[j] = (int32_t)j;
    for (int64_t i = 0; i < in->needs; i++) {
        int64_t e = in->start[i], end = in->start[i + 1];
        if (e == end)
            continue;
        int32_t a = root_of(up, in->giver[e]);
        for (e++; e < end; e++) {
            int32_t j = in->giver[e];
            if (up[j] == a)
                continue;
            int32_t b = root_of(up, j);
            int32_t low = a < b ? a : b, high = a < b ? b : a;
            up[high] = low;
            a = low;
        }
    }
}

/* Number the parts by their smallest giver; givers without an edge get no part. part[] has the number of each giver. */
static int64_t number_parts(const ys_pair_input *in, int32_t *up, int32_t *part, uint8_t *used)
{
    int64_t n = 0;
    int64_t edges = in->start[in->needs];
    for (int64_t e = 0; e < edges; e++)
        used[in->giver[e]] = 1;
    for (int64_t j = 0; j < in->givers; j++) {
        if (!used[j]) {
            part[j] = -1;
            continue;
        }
        int32_t r = root_of(up, (int32_t)j);
        part[j] = r == j ? (int32_t)n++ : part[r]; /* r < j: numbered already */
    }
    return n;
}

static void fill_parts(const ys_pair_input *in, const int32_t *part, ys_pair_parts *p)
{
    for (int64_t j = 0; j < in->givers; j++)
        if (part[j] >= 0)
            p->giver_at[part[j] + 1]++;
    for (int64_t i = 0; i < in->needs; i++)
        if (in->start[i] < in->start[i + 1])
            p->need_at[part[in->giver[in->start[i]]] + 1]++;
    for (int64_t c = 0; c < p->count; c++) {
        if (p->giver_at[c + 1] > p->most_givers)
            p->most_givers = p->giver_at[c + 1];
        p->giver_at[c + 1] += p->giver_at[c];
        p->need_at[c + 1] += p->need_at[c];
    }
    /* Fill by running ends, then move them back to starts. */
    for (int64_t j = 0; j < in->givers; j++)
        if (part[j] >= 0)
            p->giver[p->giver_at[part[j]]++] = (int32_t)j;
    for (int64_t i = 0; i < in->needs; i++)
        if (in->start[i] < in->start[i + 1])
            p->need[p->need_at[part[in->giver[in->start[i]]]]++] = (int32_t)i;
    for (int64_t c = p->count; c > 0; c--) {
        p->giver_at[c] = p->giver_at[c - 1];
        p->need_at[c] = p->need_at[c - 1];
    }
    p->giver_at[0] = p->need_at[0] = 0;
}

/* Largest first, by counting the bits of the size: enough for an even load, and stable. */
static void order_parts(ys_pair_parts *p)
{
    int64_t at[65] = {0};
    for (int64_t c = 0; c < p->count; c++)
        at[__builtin_clzll((uint64_t)(p->need_at[c + 1] - p->need_at[c]) | 1) + 1]++;
    for (int b = 0; b < 64; b++)
        at[b + 1] += at[b];
    for (int64_t c = 0; c < p->count; c++)
        p->order[at[__builtin_clzll((uint64_t)(p->need_at[c + 1] - p->need_at[c]) | 1)]++] = c;
}

ys_status ys__pair_parts_find(const ys_pair_input *in, ys_pair_parts *ret_parts, ys_diag *diag)
{
    ys_pair_parts p = {0};
    ys_status st = YS_OK;
    int32_t *up = ys_malloc((size_t)in->givers * sizeof *up + 1),
            *part = ys_malloc((size_t)in->givers * sizeof *part + 1);
    uint8_t *used = ys_calloc((size_t)in->givers + 1, 1);
    if (up == NULL || part == NULL || used == NULL)
        YS_GO(ys_fail_nomem(diag));
    unite(in, up);
    p.count = number_parts(in, up, part, used);
    p.need_at = ys_calloc((size_t)p.count + 1, sizeof *p.need_at);
    p.giver_at = ys_calloc((size_t)p.count + 1, sizeof *p.giver_at);
    p.order = ys_calloc((size_t)p.count + 1, sizeof *p.order);
    p.need = ys_malloc((size_t)in->needs * sizeof *p.need + 1);
    p.giver = ys_malloc((size_t)in->givers * sizeof *p.giver + 1);
    if (p.need_at == NULL || p.giver_at == NULL || p.order == NULL || p.need == NULL || p.giver == NULL)
        YS_GO(ys_fail_nomem(diag));
    fill_parts(in, part, &p);
    order_parts(&p);
    *ret_parts = p;
    p = (ys_pair_parts){0};
done:
    ys_free(up);
    ys_free(part);
    ys_free(used);
    ys__pair_parts_done(&p);
    return st;
}

void ys__pair_parts_done(ys_pair_parts *p)
{
    ys_free(p->need_at);
    ys_free(p->giver_at);
    ys_free(p->order);
    ys_free(p->need);
    ys_free(p->giver);
    *p = (ys_pair_parts){0};
}
