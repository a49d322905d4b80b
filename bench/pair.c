/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairing beside LEMON: the same made-up instance in one run, each solver in a process of its own so that its peak of
 * memory is its own.
 *
 *   bench_pair [NEEDS [GIVERS [COUNTIES [SEED [THREADS [PEERS]]]]]]     PEERS 0 none, 1, 2, 3 (3: our own general flow too)
 *
 * Villages of 80 households lie at random in a square with a hamlet's spread; helpers cluster in the villages; each
 * household may take the 10 nearest helpers of its county, at metres plus a penalty of up to 3,000 for a lack of
 * skills; helpers have 5 places; staying alone costs 200,000.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "base/rng.h"
#include "pair_lemon.h"
#include "yaoshi/flow.h"
#include "yaoshi/pair.h"

enum { EDGES = 10, PLACES = 5, VILLAGE = 80, ALONE = 200000, SIDE = 120000 };

typedef struct spot {
    int32_t x, y;
} spot;

typedef struct instance {
    int64_t n, m;
    ys_pair_input in;
    int64_t *start, *cost;
    int32_t *giver, *capacity;
} instance;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static spot near_to(ys_rng *r, spot c, double spread)
{
    return (spot){c.x + (int32_t)(ys_rng_normal(r) * spread), c.y + (int32_t)(ys_rng_normal(r) * spread)};
}

/* The EDGES nearest of list[0 … n) to p, in order of distance. */
static int nearest(const spot *giver, const int32_t *list, int64_t n, spot p, int32_t *best, double *dist)
{
    int found = 0;
    for (int64_t k = 0; k < n; k++) {
        double dx = giver[list[k]].x - p.x, dy = giver[list[k]].y - p.y, d = dx * dx + dy * dy;
        int at = found < EDGES ? found++ : EDGES;
        if (at == EDGES && d >= dist[EDGES - 1])
            continue;
        at = at == EDGES ? EDGES - 1 : at;
        for (; at > 0 && dist[at - 1] > d; at--) {
            dist[at] = dist[at - 1];
            best[at] = best[at - 1];
        }
        dist[at] = d;
        best[at] = list[k];
    }
    return found;
}

/* Villages are taken in strips, so that neighbours in the plane are neighbours in the numbering, as area codes are. */
static int by_strip(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    int s = p->x / 4000, t = q->x / 4000;
    if (s != t)
        return s < t ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

static void generate(instance *t, int64_t counties, uint64_t seed)
{
    int64_t villages = (t->n + VILLAGE - 1) / VILLAGE;
    spot *v = malloc((size_t)villages * sizeof *v), *g = malloc((size_t)t->m * sizeof *g);
    int64_t *at = calloc((size_t)villages + 1, sizeof *at);
    int32_t *list = malloc((size_t)t->m * sizeof *list);
    ys_rng r;
    ys_rng_init(&r, seed, 0);
    for (int64_t i = 0; i < villages; i++)
        v[i] = (spot){(int32_t)ys_rng_below(&r, SIDE), (int32_t)ys_rng_below(&r, SIDE)};
    qsort(v, (size_t)villages, sizeof *v, by_strip);
    int64_t *home = malloc((size_t)t->m * sizeof *home);
    for (int64_t j = 0; j < t->m; j++) {
        home[j] = ys_rng_below(&r, villages);
        at[home[j] + 1]++;
    }
    for (int64_t i = 0; i < villages; i++)
        at[i + 1] += at[i];
    for (int64_t i = 0, j = 0; i < villages; i++)
        for (; j < at[i + 1]; j++)
            g[j] = near_to(&r, v[i], 800);
    double reach = 4.0 * SIDE / sqrt((double)villages); /* far enough for ten helpers */
    t->start[0] = 0;
    int64_t county = (villages + counties - 1) / counties;
    for (int64_t i = 0; i < villages; i++) {
        int64_t from = i / county * county, to = from + county < villages ? from + county : villages, n = 0;
        for (int64_t w = from; w < to; w++)
            if (abs(v[w].x - v[i].x) < reach && abs(v[w].y - v[i].y) < reach)
                for (int64_t j = at[w]; j < at[w + 1]; j++)
                    list[n++] = (int32_t)j;
        for (int64_t h = i * VILLAGE; h < (i + 1) * VILLAGE && h < t->n; h++) {
            int32_t best[EDGES];
            double dist[EDGES];
            spot p = near_to(&r, v[i], 300);
            int found = nearest(g, list, n, p, best, dist);
            for (int k = 0; k < found; k++) {
                t->giver[t->start[h] + k] = best[k];
                t->cost[t->start[h] + k] = (int64_t)sqrt(dist[k]) + ys_rng_below(&r, 4) * 1000;
            }
            t->start[h + 1] = t->start[h] + found;
        }
    }
    free(v);
    free(g);
    free(at);
    free(list);
    free(home);
}

/* ---- the two solvers ---- */

typedef struct outcome {
    int64_t value, dual, alone, parts, paths;
    double seconds;
    int64_t rss; /* KB of the process above what it began with */
    int failed;
} outcome;

static int64_t peak(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

static outcome ours(const instance *t, int threads)
{
    outcome o = {0};
    ys_pair_result *r = NULL;
    ys_diag d = {0};
    ys_pair_config c = {.threads = threads};
    double start = now();
    o.failed = ys_pair_solve(&t->in, &c, &r, &d) != YS_OK;
    o.seconds = now() - start;
    if (o.failed || ys_pair_check(&t->in, r, &o.value, &o.dual, &d) != YS_OK) {
        fprintf(stderr, "yaoshi: %s\n", d.en);
        o.failed = 1;
        return o;
    }
    o.alone = r->alone;
    o.parts = r->parts;
    o.paths = r->paths;
    return o;
}

/* Needs, then givers, then the sink. */
static outcome as_flow(const instance *t, int which)
{
    outcome o = {0};
    int64_t edges = t->start[t->n], arcs = edges + t->n + t->m, k = 0;
    int *tail = malloc((size_t)arcs * sizeof *tail), *head = malloc((size_t)arcs * sizeof *head);
    int64_t *cap = malloc((size_t)arcs * sizeof *cap), *cost = malloc((size_t)arcs * sizeof *cost);
    int64_t *supply = calloc((size_t)(t->n + t->m + 1), sizeof *supply);
    int sink = (int)(t->n + t->m);
    for (int64_t i = 0; i < t->n; i++) {
        for (int64_t e = t->start[i]; e < t->start[i + 1]; e++, k++) {
            tail[k] = (int)i;
            head[k] = (int)(t->n + t->giver[e]);
            cap[k] = 1;
            cost[k] = t->cost[e];
        }
        tail[k] = (int)i;
        head[k] = sink;
        cap[k] = 1;
        cost[k++] = ALONE;
        supply[i] = 1;
    }
    for (int64_t j = 0; j < t->m; j++, k++) {
        tail[k] = (int)(t->n + j);
        head[k] = sink;
        cap[k] = PLACES;
        cost[k] = 0;
    }
    supply[sink] = -t->n;
    lemon_problem p = {.nodes = sink + 1,
                       .arcs = (int)arcs,
                       .tail = tail,
                       .head = head,
                       .cap = cap,
                       .cost = cost,
                       .supply = supply};
    double start = now();
    if (which < 3) {
        o.failed = lemon_solve(&p, which == 2, &o.value);
    } else {
        ys_flow_input f = {.nodes = p.nodes,
                           .arcs = arcs,
                           .tail = tail,
                           .head = head,
                           .cap = cap,
                           .cost = cost,
                           .supply = supply};
        ys_flow_result *r = NULL;
        o.failed = ys_flow_solve(&f, &r, NULL) != YS_OK;
        o.value = o.failed ? 0 : r->value;
    }
    o.seconds = now() - start;
    return o;
}

/* In a process of its own. `which` 0: ours, 1: network simplex, 2: cost scaling, 3: our general flow solver. */
static outcome apart(const instance *t, int which, int threads)
{
    outcome o = {.failed = 1};
    int tube[2];
    fflush(stdout);
    if (pipe(tube) != 0)
        return o;
    pid_t child = fork();
    if (child == 0) {
        int64_t before = peak();
        o = which == 0 ? ours(t, threads) : as_flow(t, which);
        o.rss = peak() - before;
        _exit(write(tube[1], &o, sizeof o) == sizeof o ? 0 : 1);
    }
    close(tube[1]);
    if (read(tube[0], &o, sizeof o) != sizeof o)
        o.failed = 1;
    close(tube[0]);
    waitpid(child, NULL, 0);
    return o;
}

static int64_t arg(int argc, char **argv, int i, int64_t missing)
{
    int64_t v = missing;
    if (i < argc && !ys_parse_int(argv[i], &v))
        exit(2);
    return v;
}

int main(int argc, char **argv)
{
    instance t = {.n = arg(argc, argv, 1, 350000), .m = arg(argc, argv, 2, 100000)};
    int64_t counties = arg(argc, argv, 3, 1), seed = arg(argc, argv, 4, 1), threads = arg(argc, argv, 5, 1),
            peers = arg(argc, argv, 6, 2);
    t.start = calloc((size_t)t.n + 1, sizeof *t.start);
    t.giver = malloc((size_t)t.n * EDGES * sizeof *t.giver);
    t.cost = malloc((size_t)t.n * EDGES * sizeof *t.cost);
    t.capacity = malloc((size_t)t.m * sizeof *t.capacity);
    for (int64_t j = 0; j < t.m; j++)
        t.capacity[j] = PLACES;
    generate(&t, counties, (uint64_t)seed);
    t.in = (ys_pair_input){.needs = t.n,
                           .givers = t.m,
                           .start = t.start,
                           .giver = t.giver,
                           .cost = t.cost,
                           .capacity = t.capacity,
                           .alone_all = ALONE};
    outcome a = apart(&t, 0, (int)threads);
    printf("pairing %lld x %lld, %lld edges, %lld counties, seed %lld\n", (long long)t.n, (long long)t.m,
           (long long)t.start[t.n], (long long)counties, (long long)seed);
    printf("  %-24s value %lld dual %lld alone %lld parts %lld paths %lld  %.3f s  %lld MB\n", "yaoshi",
           (long long)a.value, (long long)a.dual, (long long)a.alone, (long long)a.parts, (long long)a.paths,
           a.seconds, (long long)(a.rss / 1024));
    static const char *const name[] = {"", "LEMON network simplex", "LEMON cost scaling",
                                       "yaoshi general flow"};
    int bad = a.failed;
    for (int64_t k = 1; k <= peers; k++) {
        outcome b = apart(&t, (int)k, 1);
        printf("  %-24s value %lld  %.3f s  %lld MB  ratio %.1f%s\n", name[k], (long long)b.value, b.seconds,
               (long long)(b.rss / 1024), b.seconds / a.seconds,
               b.failed || b.value != a.value ? "  VALUES DIFFER" : "");
        bad |= b.failed || b.value != a.value;
    }
    free(t.start);
    free(t.giver);
    free(t.cost);
    free(t.capacity);
    return bad;
}
