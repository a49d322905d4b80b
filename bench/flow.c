/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Minimum-cost flow beside LEMON's network simplex, on DIMACS files:
 *
 *   bench_flow FILE.min…      (gunzip -k netgen_1.min.gz first)
 *
 * The median of REPEAT runs of each; our certificate is checked, the values must agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/dimacs.h"
#include "pair_lemon.h"

enum { REPEAT = 15 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static char *read_all(const char *path, size_t *ret_size)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        return NULL;
    long n = ftell(f);
    rewind(f);
    char *text = n > 0 ? malloc((size_t)n) : NULL;
    *ret_size = text != NULL ? fread(text, 1, (size_t)n, f) : 0;
    fclose(f);
    return text;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v)
{
    qsort(v, REPEAT, sizeof *v, by_value);
    return v[REPEAT / 2];
}

/* The peer wants arcs by tail and finite capacities. */
static lemon_problem for_peer(const ys_flow_input *in)
{
    size_t n = (size_t)in->nodes, m = (size_t)in->arcs;
    int *tail = malloc(m * sizeof *tail), *head = malloc(m * sizeof *head), *at = calloc(n + 1, sizeof *at);
    int64_t *low = malloc(m * sizeof *low), *cap = malloc(m * sizeof *cap), *cost = malloc(m * sizeof *cost);
    for (size_t e = 0; e < m; e++)
        at[in->tail[e] + 1]++;
    for (size_t v = 0; v < n; v++)
        at[v + 1] += at[v];
    for (size_t e = 0; e < m; e++) {
        int k = at[in->tail[e]]++;
        tail[k] = in->tail[e];
        head[k] = in->head[e];
        low[k] = in->low[e];
        cap[k] = in->cap[e] == YS_FLOW_UNLIMITED ? (int64_t)1 << 50 : in->cap[e];
        cost[k] = in->cost[e];
    }
    free(at);
    return (lemon_problem){(int)n, (int)m, tail, head, low, cap, cost, in->supply};
}

static int bench(const char *path)
{
    size_t size = 0;
    double ours[REPEAT], theirs[REPEAT];
    ys_dimacs *d = NULL;
    ys_flow_result *r = NULL;
    ys_diag diag = {0};
    int64_t value = 0;
    char *text = read_all(path, &size);
    if (text == NULL || ys_flow_read_dimacs(text, size, path, &d, &diag) != YS_OK) {
        fprintf(stderr, "%s: %s\n", path, text == NULL ? "cannot read" : diag.en);
        return 1;
    }
    lemon_problem p = for_peer(&d->in);
    for (int k = 0; k < REPEAT; k++) {
        double start = now();
        ys_flow_result_free(r);
        if (ys_flow_solve(&d->in, &r, &diag) != YS_OK)
            return 1;
        ours[k] = now() - start;
        start = now();
        if (lemon_solve(&p, 0, &value) != 0)
            return 1;
        theirs[k] = now() - start;
    }
    int bad = ys_flow_check(&d->in, r, &diag) != YS_OK || value != r->value;
    double a = median(ours), b = median(theirs);
    printf(
        "%-28s %6lld nodes %6lld arcs  value %lld  ours %.3f ms (%lld pivots)  LEMON %.3f ms  ratio %.2f%s\n",
        strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, (long long)d->in.nodes,
        (long long)d->in.arcs, (long long)r->value, a * 1e3, (long long)r->pivots, b * 1e3, b / a,
        bad ? "  VALUES DIFFER" : "");
    ys_flow_result_free(r);
    ys_dimacs_free(d);
    free(text);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = argc < 2;
    for (int i = 1; i < argc; i++)
        bad |= bench(argv[i]);
    return bad;
}
