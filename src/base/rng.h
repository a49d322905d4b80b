/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_RNG_H
#define YS_BASE_RNG_H
/*
 * rng.h - random numbers as a function of (seed, stream): same numbers in any order and on any thread.
 *
 * xoshiro256++ (Blackman & Vigna 2019) seeded through splitmix64.  A stream belongs to a thing (household no.
 * 17), never to a thread.
 */
#include <stdint.h>

typedef struct ys_rng {
    uint64_t s[4];
} ys_rng;

void ys_rng_init(ys_rng *r, uint64_t seed, uint64_t stream);
uint64_t ys_rng_next(ys_rng *r);
double ys_rng_uniform(ys_rng *r);           /* [0,1) */
int64_t ys_rng_below(ys_rng *r, int64_t n); /* 0..n-1, n > 0 */
double ys_rng_normal(ys_rng *r);            /* mean 0, sd 1, by the inverse distribution function */
uint64_t ys_hash64(uint64_t x);             /* splitmix64 finaliser */
uint64_t ys_hash_bytes(const void *p, uint64_t n,
                       uint64_t seed); /* 64-bit, stable across machines; not for security */

#endif
