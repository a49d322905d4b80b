/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/pool.h"
#include "base/rng.h"

enum { N = 100003, CHUNK = 1000, CHUNKS = (N + CHUNK - 1) / CHUNK };

static void sum_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    double *sums = arg;
    (void)thread;
    ys_rng r;
    for (int64_t i = begin; i < end; i++) {
        ys_rng_init(&r, 7, (uint64_t)i);
        sums[no] += ys_rng_normal(&r);
    }
}

static double total(int threads)
{
    double sums[CHUNKS] = {0}, sum = 0;
    ys_pool *p = ys_pool_new(threads);
    assert_non_null(p);
    for (int round = 0; round < 3; round++)
        ys_pool_run(p, N, CHUNK, sum_chunk, sums);
    ys_pool_free(p);
    for (int i = 0; i < CHUNKS; i++)
        sum += sums[i];
    return sum;
}

static void same_bits_for_any_number_of_threads(void **state)
{
    (void)state;
    double one = total(1);
    assert_true(one == total(2) && one == total(5));
    double sums[CHUNKS] = {0};
    ys_pool_run(NULL, N, CHUNK, sum_chunk, sums);
    ys_pool_run(NULL, 0, CHUNK, sum_chunk, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits_for_any_number_of_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
