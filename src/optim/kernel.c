/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

/*
 * Two best options of different groups, in one sweep: (s1, p1) is the best, s2 the best outside p1's group.  All
 * kernels do the same float operations in the same order (no fused multiply-add), so that they give the same bits.
 */
static void portable(const ys_block *b, const float *price, const float *row_price, ys_block_use *use)
{
    uint32_t line = 1;
    for (int32_t slice = 0; slice < b->n_slices; slice++) {
        float s1[YS_LANES] = {0}, s2[YS_LANES] = {0};
        uint32_t p1[YS_LANES] = {0}, p2[YS_LANES] = {0};
        for (int j = 0; j < b->width[slice]; j++, line++) {
            const uint8_t *q = b->line + (size_t)line * YS_LINE;
            ys__kernel_fetch(q);
            const uint16_t *u = (const uint16_t *)(const void *)q;
            for (int lane = 0; lane < YS_LANES; lane++) {
                float s = (float)u[lane] - price[q[128 + lane]] * (float)u[16 + lane];
                s -= price[q[144 + lane]] * (float)u[32 + lane];
                s -= row_price[u[48 + lane] & 0xfff];
                uint32_t p = line | (uint32_t)(u[48 + lane] & 0xf000) << 4;
                bool other = ((p ^ p1[lane]) & 0xf0000) != 0;
                if (s > s1[lane]) {
                    if (other) {
                        s2[lane] = s1[lane];
                        p2[lane] = p1[lane];
                    }
                    s1[lane] = s;
                    p1[lane] = p;
                } else if (other && s > s2[lane]) {
                    s2[lane] = s;
                    p2[lane] = p;
                }
            }
        }
        ys__kernel_add(b, p1, use);
        ys__kernel_add(b, p2, use);
    }
}

ys_kernel ys__kernel(int widest)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if ((widest == 0 || widest >= 3) && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return (ys_kernel){"avx512", ys__kernel_avx512};
    if ((widest == 0 || widest >= 2) && __builtin_cpu_supports("avx2"))
        return (ys_kernel){"avx2", ys__kernel_avx2};
#endif
    (void)widest;
    return (ys_kernel){"portable", portable};
}
