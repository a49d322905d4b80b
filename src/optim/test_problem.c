/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/test_problem.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum { HEAD = 24 };

static ys_optim_option draw_option(const ys_test_shape *s, int64_t home, ys_rng *r)
{
    ys_optim_option o = {.value = (int32_t)ys_rng_below(r, (int64_t)s->value + 1),
                         .row = YS_OPTIM_NO_ROW,
                         .group = (uint8_t)ys_rng_below(r, s->groups)};
    if (s->funds > 0) {
        o.fund_a = (uint16_t)ys_rng_below(r, s->funds);
        o.fund_b = (uint16_t)ys_rng_below(r, s->funds);
        o.cost_a = (int32_t)ys_rng_below(r, (int64_t)s->cost + 1);
        o.cost_b = ys_rng_below(r, 2) == 0 ? 0 : (int32_t)ys_rng_below(r, (int64_t)s->cost + 1);
    }
    if (s->rows > 0 && ys_rng_below(r, 4) > 0)
        o.row = (uint32_t)(s->local ? home * s->rows / s->households : ys_rng_below(r, s->rows));
    return o;
}

void *ys__test_problem(const ys_test_shape *s, uint64_t seed, size_t *ret_size)
{
    ys_rng r;
    ys_rng_init(&r, seed, 0);
    size_t rows = (size_t)s->funds + (size_t)s->rows, n = (size_t)s->households;
    size_t most = HEAD + rows * 8 + (n + 1) * 8 + n * 8 + n * (size_t)s->options * sizeof(ys_optim_option);
    char *at = ys_calloc(most, 1);
    if (at == NULL)
        return NULL;
    const uint32_t head[4] = {0x32424150u, (uint32_t)n, (uint32_t)s->funds, (uint32_t)s->rows};
    int64_t *limit = (int64_t *)(void *)(at + HEAD);
    uint64_t *offset = (uint64_t *)(void *)(limit + rows);
    ys_optim_household *home = (ys_optim_household *)(void *)(offset + n + 1);
    ys_optim_option *option = (ys_optim_option *)(void *)(home + n);
    for (size_t h = 0; h < n; h++) {
        int64_t count = ys_rng_below(&r, 8) == 0 ? 0 : ys_rng_below(&r, (int64_t)s->options + 1);
        home[h].weight = (uint8_t)(1 + ys_rng_below(&r, s->weight));
        offset[h + 1] = offset[h] + (uint64_t)count;
        for (uint64_t i = offset[h]; i < offset[h + 1]; i++) {
            option[i] = draw_option(s, (int64_t)h, &r);
            if (s->funds > 0) {
                limit[option[i].fund_a] += option[i].cost_a;
                limit[option[i].fund_b] += option[i].cost_b;
            }
            if (option[i].row != YS_OPTIM_NO_ROW)
                limit[(size_t)s->funds + option[i].row]++;
        }
    }
    for (size_t k = 0; k < rows; k++)
        limit[k] = ys_rng_below(&r, 10) == 0 ? 0 : (int64_t)((double)limit[k] * s->tight);
    memcpy(at, head, sizeof head);
    memcpy(at + sizeof head, &offset[n], 8);
    *ret_size = (size_t)((char *)(option + offset[n]) - at);
    return at;
}
