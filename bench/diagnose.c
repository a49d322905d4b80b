/* SPDX-License-Identifier: Apache-2.0 */
/* Root cards of a million made-up households.  Usage: bench_diagnose [HOUSEHOLDS [THREADS]] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "base/pool.h"
#include "diagnose/test_county.h"

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int one(const county *c, int64_t n, int threads)
{
    ys_diagnose_opts o = ys_diagnose_defaults();
    ys_pool *pool = ys_pool_new(threads);
    ys_roots *r = NULL;
    ys_diag diag = {0};
    double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    ys_status st = ys_diagnose(&c->d, &o, pool, &r, &diag);
    double seconds = now(CLOCK_MONOTONIC) - start;
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    int64_t below = 0, mixed = 0;
    for (int64_t i = 0; st == YS_OK && i < n; i++) {
        below += r->state[i] == YS_RS_BELOW;
        mixed += r->state[i] == YS_RS_BELOW && !r->stable[i];
    }
    if (st == YS_OK)
        printf("diagnose: %lld households, %d threads: %.3f s, %.3f s of processor (%lld below the line, "
               "%lld with several causes)\n",
               (long long)n, ys_pool_threads(pool), seconds, cpu, (long long)below, (long long)mixed);
    else
        fprintf(stderr, "bench_diagnose: %s\n", diag.en);
    ys_roots_free(r);
    ys_pool_free(pool);
    return st != YS_OK;
}

int main(int argc, char **argv)
{
    int64_t n = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    int failed = 0, threads = argc > 2 ? (int)strtoll(argv[2], NULL, 10) : 2;
    county c;
    if (n < 1 || n > 100000000 || threads < 1) {
        fprintf(stderr, "usage: bench_diagnose [HOUSEHOLDS [THREADS]]\n");
        return 2;
    }
    county_new(&c, n, 1);
    for (int t = 1; t <= threads; t++)
        failed |= one(&c, n, t);
    county_done(&c);
    return failed;
}
