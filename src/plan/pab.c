/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/pab.h"

#include <string.h>

#include "base/alloc.h"

enum { HEAD = 24, HOUSEHOLD = 8, OPTION = 24 };

typedef struct pab {
    const uint8_t *at;
    size_t size;
    uint32_t n, k, l;
    uint64_t options;
    const uint8_t *limits, *offsets, *households, *option;
} pab;

static uint64_t little(const uint8_t *p, int bytes)
{
    uint64_t v = 0;
    for (int i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static ys_status damaged(ys_diag *diag)
{
    return ys_fail(diag, YS_EDATA, "不是完整的 .pab 文件", "not a whole .pab file");
}

static ys_status open_pab(const void *bytes, size_t size, pab *p, ys_diag *diag)
{
    const uint8_t *at = bytes;
    if (size < HEAD || little(at, 4) != 0x32424150u)
        return damaged(diag);
    *p = (pab){.at = at, .size = size};
    p->n = (uint32_t)little(at + 4, 4);
    p->k = (uint32_t)little(at + 8, 4);
    p->l = (uint32_t)little(at + 12, 4);
    p->options = little(at + 16, 8);
    uint64_t rows = (uint64_t)p->k + p->l;
    if (p->options > (1u << 30) || rows > (1u << 28) || p->n > (1u << 28) ||
        size != HEAD + rows * 8 + ((uint64_t)p->n + 1) * 8 + (uint64_t)p->n * HOUSEHOLD + p->options * OPTION)
        return damaged(diag);
    p->limits = at + HEAD;
    p->offsets = p->limits + rows * 8;
    p->households = p->offsets + ((uint64_t)p->n + 1) * 8;
    p->option = p->households + (uint64_t)p->n * HOUSEHOLD;
    return YS_OK;
}

static bool add_charge(ys_choice *c, int64_t type, int64_t row, int64_t amount)
{
    if (row < 0 || row >= c->n_rows || amount < 0)
        return false;
    if (amount == 0)
        return true;
    int64_t end = c->type_at[type + 1];
    for (int64_t k = c->type_at[type]; k < end; k++)
        if (c->charge_row[k] == row) {
            c->charge[k] += amount;
            return true;
        }
    c->charge_row[end] = (int32_t)row;
    c->charge[end] = amount;
    c->type_at[type + 1] = end + 1;
    return true;
}

static bool read_types(const pab *p, ys_choice *c)
{
    for (uint64_t t = 0; t < p->options; t++) {
        const uint8_t *o = p->option + t * OPTION;
        c->type_at[t + 1] = c->type_at[t];
        uint32_t local = (uint32_t)little(o + 12, 4);
        if (!add_charge(c, (int64_t)t, (int64_t)little(o + 16, 2), (int32_t)little(o + 4, 4)) ||
            !add_charge(c, (int64_t)t, (int64_t)little(o + 18, 2), (int32_t)little(o + 8, 4)) ||
            (local != 0xffffffffu && !add_charge(c, (int64_t)t, (int64_t)p->k + local, 1)))
            return false;
    }
    return true;
}

static void put_bundle(ys_chunk *k, uint32_t at, int64_t value, int a, int b)
{
    k->bundles[at] = (ys_bundle){
        .v2 = value,
        .option = {a < 0 ? YS_NO_OPTION : (uint8_t)a, b < 0 ? YS_NO_OPTION : (uint8_t)b, YS_NO_OPTION},
        .count = (uint8_t)((a >= 0) + (b >= 0))};
}

/* The bundles of household h; counts only where `k` is NULL. */
static uint32_t put_household(const pab *p, uint64_t h, ys_chunk *k, uint32_t at)
{
    uint64_t first = little(p->offsets + h * 8, 8), last = little(p->offsets + h * 8 + 8, 8);
    int64_t weight = p->households[h * HOUSEHOLD + 5];
    int n = (int)(last - first);
    uint32_t start = at;
    const uint8_t *o = p->option + first * OPTION;
    for (int a = -1; a < n; a++) {
        int64_t va = a < 0 ? 0 : weight * (int32_t)little(o + a * OPTION, 4);
        if (k != NULL)
            put_bundle(k, at, va, a, -1);
        at++;
    }
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++) {
            if (o[a * OPTION + 20] == o[b * OPTION + 20])
                continue;
            if (k != NULL)
                put_bundle(k, at,
                           weight * ((int64_t)(int32_t)little(o + a * OPTION, 4) +
                                     (int32_t)little(o + b * OPTION, 4)),
                           a, b);
            at++;
        }
    return at - start;
}

static ys_status read_chunk(const pab *p, int64_t chunk, ys_chunk *k, ys_diag *diag)
{
    uint64_t first = (uint64_t)chunk * YS_CHUNK_BLOCKS;
    uint64_t n = p->n - first < YS_CHUNK_BLOCKS ? p->n - first : YS_CHUNK_BLOCKS;
    k->n = (int32_t)n;
    k->option_at = ys_calloc(n + 1, sizeof *k->option_at);
    k->bundle_at = ys_calloc(n + 1, sizeof *k->bundle_at);
    if (k->option_at == NULL || k->bundle_at == NULL)
        return ys_fail_nomem(diag);
    uint64_t from = little(p->offsets + first * 8, 8);
    for (uint64_t i = 0; i < n; i++) {
        uint64_t a = little(p->offsets + (first + i) * 8, 8), b = little(p->offsets + (first + i) * 8 + 8, 8);
        if (a > b || b > p->options || b - a > YS_LIMIT_OPTIONS_CORE)
            return damaged(diag);
        k->option_at[i + 1] = (uint32_t)(b - from);
        k->bundle_at[i + 1] = k->bundle_at[i] + put_household(p, first + i, NULL, 0);
    }
    k->type = ys_malloc(((size_t)k->option_at[n] + 1) * sizeof *k->type);
    k->bundles = ys_malloc((size_t)k->bundle_at[n] * sizeof *k->bundles);
    if (k->type == NULL || k->bundles == NULL)
        return ys_fail_nomem(diag);
    for (uint32_t o = 0; o < k->option_at[n]; o++)
        k->type[o] = (int32_t)(from + o);
    for (uint64_t i = 0; i < n; i++)
        (void)put_household(p, first + i, k, k->bundle_at[i]);
    return YS_OK;
}

ys_status ys__pab_read(const void *bytes, size_t size, ys_choice *ret_choice, ys_diag *diag)
{
    pab p = {0};
    YS_TRY(open_pab(bytes, size, &p, diag));
    ys_choice c = {
        .n_blocks = p.n, .n_types = (int64_t)p.options, .n_rows = (int64_t)p.k + p.l, .n_places = 1};
    c.n_chunks = (c.n_blocks + YS_CHUNK_BLOCKS - 1) / YS_CHUNK_BLOCKS;
    ys_status st = ys__choice_alloc(&c, (int64_t)p.options * 3, diag);
    if (st != YS_OK)
        goto done;
    for (int64_t r = 0; r < c.n_rows; r++) {
        c.limit[r] = (int64_t)little(p.limits + r * 8, 8);
        if (c.limit[r] < 0)
            YS_GO(damaged(diag));
    }
    if (!read_types(&p, &c))
        YS_GO(damaged(diag));
    for (int64_t i = 0; i < c.n_chunks; i++)
        YS_GO(read_chunk(&p, i, &c.chunks[i], diag));
    *ret_choice = c;
done:
    if (st != YS_OK)
        ys__choice_done(&c);
    return st;
}
