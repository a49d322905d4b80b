/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel of kernel.c for wider vectors; chosen at run time, so the program still runs on any x86-64. */
#include "optim/additive.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* ---- AVX-512: a slice is one vector ---- */

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx2")))

typedef struct wide {
    __m512 s1, s2;
    __m512i p1, p2;
} wide;

WIDE static inline void wide_put(wide *w, __m512 s, __m512i p)
{
    __mmask16 best = _mm512_cmp_ps_mask(s, w->s1, _CMP_GT_OQ);
    __mmask16 other = _mm512_test_epi32_mask(_mm512_xor_si512(p, w->p1), _mm512_set1_epi32(0xf0000));
    __mmask16 second = _mm512_cmp_ps_mask(s, w->s2, _CMP_GT_OQ) & other & (__mmask16)~best;
    w->s2 = _mm512_mask_mov_ps(w->s2, second, s);
    w->p2 = _mm512_mask_mov_epi32(w->p2, second, p);
    w->s2 = _mm512_mask_mov_ps(w->s2, best & other, w->s1);
    w->p2 = _mm512_mask_mov_epi32(w->p2, best & other, w->p1);
    w->s1 = _mm512_mask_mov_ps(w->s1, best, s);
    w->p1 = _mm512_mask_mov_epi32(w->p1, best, p);
}

WIDE static inline __m512i wide_u16(const uint8_t *q)
{
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)q));
}

WIDE static inline __m512i wide_u8(const uint8_t *q)
{
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)q));
}

WIDE static inline __m512 wide_price(const float *price, __m512 table, bool small, __m512i fund)
{
    return small ? _mm512_permutexvar_ps(fund, table) : _mm512_i32gather_ps(fund, price, 4);
}

/* `small` is a constant in both calls: with up to 16 funds their prices stay in one register. */
WIDE static inline __attribute__((always_inline)) void
wide_run(const ys_block *b, const float *price, const float *row_price, ys_block_use *use, bool small)
{
    uint32_t line = 1;
    __m512 table = _mm512_loadu_ps(price);
    for (int32_t slice = 0; slice < b->n_slices; slice++) {
        wide w = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_si512(), _mm512_setzero_si512()};
        for (int j = 0; j < b->width[slice]; j++, line++) {
            const uint8_t *q = b->line + (size_t)line * YS_LINE;
            ys__kernel_fetch(q);
            __m512i key = wide_u16(q + 96);
            __m512 pr = _mm512_i32gather_ps(_mm512_and_si512(key, _mm512_set1_epi32(0xfff)), row_price, 4);
            __m512 pa = wide_price(price, table, small, wide_u8(q + 128));
            __m512 pb = wide_price(price, table, small, wide_u8(q + 144));
            __m512 s = _mm512_sub_ps(_mm512_cvtepi32_ps(wide_u16(q)),
                                     _mm512_mul_ps(pa, _mm512_cvtepi32_ps(wide_u16(q + 32))));
            s = _mm512_sub_ps(s, _mm512_mul_ps(pb, _mm512_cvtepi32_ps(wide_u16(q + 64))));
            s = _mm512_sub_ps(s, pr);
            __m512i group = _mm512_slli_epi32(_mm512_and_si512(key, _mm512_set1_epi32(0xf000)), 4);
            wide_put(&w, s, _mm512_or_si512(group, _mm512_set1_epi32((int)line)));
        }
        uint32_t pick[2][YS_LANES];
        _mm512_storeu_si512(pick[0], w.p1);
        _mm512_storeu_si512(pick[1], w.p2);
        ys__kernel_add(b, pick[0], use);
        ys__kernel_add(b, pick[1], use);
    }
}

WIDE void ys__kernel_avx512(const ys_block *b, const float *price, const float *row_price, ys_block_use *use)
{
    if (b->n_funds <= 16)
        wide_run(b, price, row_price, use, true);
    else
        wide_run(b, price, row_price, use, false);
}

/* ---- AVX2: a slice is two vectors ---- */

#define HALF __attribute__((target("avx2")))

typedef struct half {
    __m256 s1, s2;
    __m256i p1, p2;
} half;

HALF static inline __m256i half_choose(__m256i mask, __m256i yes, __m256i no)
{
    return _mm256_blendv_epi8(no, yes, mask);
}

HALF static inline void half_put(half *w, __m256 s, __m256i p)
{
    __m256i best = _mm256_castps_si256(_mm256_cmp_ps(s, w->s1, _CMP_GT_OQ));
    __m256i groups = _mm256_and_si256(_mm256_xor_si256(p, w->p1), _mm256_set1_epi32(0xf0000));
    __m256i same = _mm256_cmpeq_epi32(groups, _mm256_setzero_si256());
    __m256i second = _mm256_castps_si256(_mm256_cmp_ps(s, w->s2, _CMP_GT_OQ));
    second = _mm256_andnot_si256(_mm256_or_si256(same, best), second);
    __m256i down = _mm256_andnot_si256(same, best);
    w->s2 = _mm256_blendv_ps(w->s2, s, _mm256_castsi256_ps(second));
    w->p2 = half_choose(second, p, w->p2);
    w->s2 = _mm256_blendv_ps(w->s2, w->s1, _mm256_castsi256_ps(down));
    w->p2 = half_choose(down, w->p1, w->p2);
    w->s1 = _mm256_blendv_ps(w->s1, s, _mm256_castsi256_ps(best));
    w->p1 = half_choose(best, p, w->p1);
}

HALF static inline __m256i half_u16(const uint8_t *q)
{
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)q));
}

HALF static inline __m256i half_u8(const uint8_t *q)
{
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)q));
}

HALF static inline void half_line(half *w, const uint8_t *q, int at, uint32_t line, const float *price,
                                  const float *row_price)
{
    __m256i key = half_u16(q + 96 + 2 * at);
    __m256 pr = _mm256_i32gather_ps(row_price, _mm256_and_si256(key, _mm256_set1_epi32(0xfff)), 4);
    __m256 pa = _mm256_i32gather_ps(price, half_u8(q + 128 + at), 4);
    __m256 pb = _mm256_i32gather_ps(price, half_u8(q + 144 + at), 4);
    __m256 s = _mm256_sub_ps(_mm256_cvtepi32_ps(half_u16(q + 2 * at)),
                             _mm256_mul_ps(pa, _mm256_cvtepi32_ps(half_u16(q + 32 + 2 * at))));
    s = _mm256_sub_ps(s, _mm256_mul_ps(pb, _mm256_cvtepi32_ps(half_u16(q + 64 + 2 * at))));
    s = _mm256_sub_ps(s, pr);
    __m256i group = _mm256_slli_epi32(_mm256_and_si256(key, _mm256_set1_epi32(0xf000)), 4);
    half_put(w, s, _mm256_or_si256(group, _mm256_set1_epi32((int)line)));
}

HALF void ys__kernel_avx2(const ys_block *b, const float *price, const float *row_price, ys_block_use *use)
{
    uint32_t line = 1;
    for (int32_t slice = 0; slice < b->n_slices; slice++) {
        half w[2] = {0};
        for (int j = 0; j < b->width[slice]; j++, line++) {
            const uint8_t *q = b->line + (size_t)line * YS_LINE;
            ys__kernel_fetch(q);
            half_line(&w[0], q, 0, line, price, row_price);
            half_line(&w[1], q, 8, line, price, row_price);
        }
        uint32_t pick[2][YS_LANES];
        for (int k = 0; k < 2; k++) {
            _mm256_storeu_si256((__m256i *)(void *)(pick[0] + 8 * k), w[k].p1);
            _mm256_storeu_si256((__m256i *)(void *)(pick[1] + 8 * k), w[k].p2);
        }
        ys__kernel_add(b, pick[0], use);
        ys__kernel_add(b, pick[1], use);
    }
}
#else
typedef int ys_kernel_x86_is_empty;
#endif
