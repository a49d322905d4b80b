/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c - time per stage and proven gap of the planner on random instances.
 *
 *   bench_plan [HOUSEHOLDS …] [-t THREADS] [-e] [-f FLOORS]       (default 1000 10000 100000 350000, 1 thread)
 *
 * -e: identical households and costs (degenerate); -f: floors on random areas.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/arena.h"
#include "base/num.h"
#include "plan/sample.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct watch {
    double price[2], repair[2], end[2];
} watch;

static void note(void *arg, int tier, const char *stage, double share)
{
    watch *w = arg;
    if (strcmp(stage, "price") == 0 && share == 0)
        w->price[tier] = now();
    else if (strcmp(stage, "repair") == 0)
        w->repair[tier] = now();
}

static int run(int64_t n, int threads, bool equal, int floors)
{
    ys_arena *a = ys_arena_new(0);
    ys_sample_shape shape = {.households = n,
                             .per_village = 60,
                             .measures = 16,
                             .scarcity = 0.5,
                             .floors = floors,
                             .equal = equal};
    const ys_plan_input *in = a != NULL ? ys__sample(a, 20161, shape) : NULL;
    ys_diag diag = {0};
    ys_plan *plan = NULL;
    ys_plan_result *r = NULL;
    watch w = {0};
    ys_plan_config config = {.threads = threads, .progress = note, .arg = &w};
    double t0 = now();
    ys_status st = in != NULL ? ys_plan_build(in, threads, &plan, &diag) : ys_fail_nomem(&diag);
    double t1 = now();
    if (st == YS_OK)
        st = ys_plan_solve(plan, &config, &r, &diag);
    double t2 = now();
    if (st == YS_OK) {
        ys_plan_size z = ys_plan_measure_size(plan);
        struct rusage u;
        getrusage(RUSAGE_SELF, &u);
        printf("%9lld %9lld %10lld %6lld %7.2f %7.2f %7.2f %7.2f %7.2f  %9.5f %9.5f %6ld MB  %016llx\n",
               (long long)n, (long long)z.options, (long long)z.bundles, (long long)z.rows, t1 - t0,
               w.repair[0] - w.price[0], w.price[1] - w.repair[0], w.repair[1] - w.price[1], t2 - w.repair[1],
               100 * r->tier[0].gap, 100 * r->tier[1].gap, u.ru_maxrss / 1024,
               (unsigned long long)r->checksum);
    } else {
        fprintf(stderr, "%lld households: %s\n", (long long)n, diag.en);
    }
    ys_plan_result_free(r);
    ys_plan_free(plan);
    ys_arena_free(a);
    return st == YS_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    int64_t size[16] = {1000, 10000, 100000, 350000}, v;
    int n = 0, threads = 1, floors = 0, failed = 0;
    bool equal = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-e") == 0)
            equal = true;
        else if (strcmp(argv[i], "-t") == 0 && i + 1 < argc && ys_parse_int(argv[i + 1], &v))
            threads = (int)v, i++;
        else if (strcmp(argv[i], "-f") == 0 && i + 1 < argc && ys_parse_int(argv[i + 1], &v))
            floors = (int)v, i++;
        else if (n < 16 && ys_parse_int(argv[i], &v) && v > 0)
            size[n++] = v;
    }
    printf("households   options    bundles   rows  build  price1 finish1  price2 finish2 (s)   gap1 %%    "
           "gap2 %%    peak  checksum\n");
    for (int i = 0; i < (n > 0 ? n : 4); i++)
        failed |= run(size[i], threads, equal, floors);
    return failed;
}
