/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <string.h>

#include "base/dmath.h"

uint64_t ys_hash64(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

void ys_rng_init(ys_rng *r, uint64_t seed, uint64_t stream)
{
    uint64_t x = ys_hash64(seed) ^ ys_hash64(stream * 0xd1342543de82ef95u + 1);
    for (int i = 0; i < 4; i++) {
        r->s[i] = ys_hash64(x);
        x += 0x9e3779b97f4a7c15u;
    }
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t ys_rng_next(ys_rng *r)
{
    uint64_t *s = r->s, result = rotl(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

double ys_rng_uniform(ys_rng *r)
{
    return (double)(ys_rng_next(r) >> 11) * 0x1p-53;
}

int64_t ys_rng_below(ys_rng *r, int64_t n)
{
    unsigned __int128 product = (unsigned __int128)ys_rng_next(r) * (uint64_t)n;
    return (int64_t)(product >> 64);
}

double ys_rng_normal(ys_rng *r)
{
    double u = ys_rng_uniform(r);
    return ys_norm_inv(u > 0 ? u : 0x1p-54);
}

uint64_t ys_hash_bytes(const void *p, uint64_t n, uint64_t seed)
{
    const unsigned char *b = p;
    uint64_t h = ys_hash64(seed ^ n);
    while (n >= 8) {
        uint64_t w = 0;
        for (int i = 7; i >= 0; i--)
            w = w << 8 | b[i];
        h = (h ^ w) * 0x9fb21c651e98df25u;
        h ^= h >> 29;
        b += 8;
        n -= 8;
    }
    uint64_t w = 0;
    for (uint64_t i = 0; i < n; i++)
        w |= (uint64_t)b[i] << (8 * i);
    return ys_hash64(h ^ w);
}
