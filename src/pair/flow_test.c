/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "yaoshi/flow.h"

enum { NODES = 400, ARCS = 4000 };

typedef struct network {
    ys_flow_input in;
    int32_t tail[ARCS], head[ARCS];
    int64_t low[ARCS], cap[ARCS], cost[ARCS], supply[NODES];
} network;

/* Random arcs; the supplies are those of a random flow within the bounds, so that there is one. */
static void make(network *n, int64_t nodes, int64_t arcs, uint64_t seed)
{
    ys_rng r;
    ys_rng_init(&r, seed, 3);
    *n = (network){.in = {.nodes = nodes, .arcs = arcs}};
    for (int64_t e = 0; e < arcs; e++) {
        n->tail[e] = (int32_t)ys_rng_below(&r, nodes);
        n->head[e] = (int32_t)ys_rng_below(&r, nodes);
        n->low[e] = ys_rng_below(&r, 4) == 0 ? ys_rng_below(&r, 7) - 3 : 0;
        n->cap[e] = n->low[e] + ys_rng_below(&r, 9);
        n->cost[e] = ys_rng_below(&r, 200) - (int64_t)(seed % 3) * 40;
        int64_t f = n->low[e] + ys_rng_below(&r, n->cap[e] - n->low[e] + 1);
        n->supply[n->tail[e]] += f;
        n->supply[n->head[e]] -= f;
        if (ys_rng_below(&r, 3) == 0 && n->cost[e] >= 0)
            n->cap[e] = YS_FLOW_UNLIMITED;
    }
    n->in.tail = n->tail;
    n->in.head = n->head;
    n->in.low = n->low;
    n->in.cap = n->cap;
    n->in.cost = n->cost;
    n->in.supply = n->supply;
}

static ys_flow_result *solved(const network *n, ys_flow_outcome outcome)
{
    ys_flow_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_flow_solve(&n->in, &r, &d), YS_OK);
    assert_int_equal(r->outcome, outcome);
    assert_int_equal(ys_flow_check(&n->in, r, &d), YS_OK);
    return r;
}

static void random_networks_are_optimal(void **state)
{
    (void)state;
    network *n = ys_malloc(sizeof *n);
    assert_non_null(n);
    for (uint64_t seed = 0; seed < 300; seed++) {
        make(n, 2 + (int64_t)(seed % 40), 5 + (int64_t)(seed * 7 % 300), seed);
        ys_flow_result_free(solved(n, YS_FLOW_OPTIMAL));
    }
    make(n, NODES, ARCS, 1);
    ys_flow_result *r = solved(n, YS_FLOW_OPTIMAL);
    assert_true(r->pivots > 100);
    ys_flow_result_free(r);
    ys_free(n);
}

/* Flows of a tiny network, one after the other. */
static int64_t brute(const network *n, int64_t e, int64_t *rest)
{
    if (e == n->in.arcs) {
        for (int64_t v = 0; v < n->in.nodes; v++)
            if (rest[v] != 0)
                return INT64_MAX / 2;
        return 0;
    }
    int64_t best = INT64_MAX / 2, top = n->cap[e] == YS_FLOW_UNLIMITED ? n->low[e] + 12 : n->cap[e];
    for (int64_t f = n->low[e]; f <= top; f++) {
        rest[n->tail[e]] -= f;
        rest[n->head[e]] += f;
        int64_t c = f * n->cost[e] + brute(n, e + 1, rest);
        rest[n->tail[e]] += f;
        rest[n->head[e]] -= f;
        best = c < best ? c : best;
    }
    return best;
}

static void tiny_networks_agree_with_every_flow(void **state)
{
    (void)state;
    network *n = ys_malloc(sizeof *n);
    assert_non_null(n);
    for (uint64_t seed = 0; seed < 60; seed++) {
        make(n, 3, 5, seed * 3 + 1000); /* no negative costs: unlimited arcs need not go far */
        for (int e = 0; e < 5; e++)
            n->cost[e] = n->cost[e] < 0 ? -n->cost[e] : n->cost[e];
        int64_t rest[3] = {n->supply[0], n->supply[1], n->supply[2]};
        ys_flow_result *r = solved(n, YS_FLOW_OPTIMAL);
        assert_int_equal(r->value, brute(n, 0, rest));
        ys_flow_result_free(r);
    }
    ys_free(n);
}

static void too_much_supply_is_infeasible(void **state)
{
    (void)state;
    network *n = ys_malloc(sizeof *n);
    assert_non_null(n);
    int found = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        make(n, 12, 30, seed);
        for (int e = 0; e < 30; e++)
            if (n->cap[e] == YS_FLOW_UNLIMITED)
                n->cap[e] = n->low[e] + 5;
        n->supply[0] += 60; /* more than 30 arcs are likely to carry away */
        n->supply[1] -= 60;
        ys_flow_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_flow_solve(&n->in, &r, &d), YS_OK);
        assert_int_equal(ys_flow_check(&n->in, r, &d), YS_OK);
        found += r->outcome == YS_FLOW_INFEASIBLE;
        if (r->outcome == YS_FLOW_INFEASIBLE) { /* the certificate is looked at */
            r->excess++;
            assert_int_equal(ys_flow_check(&n->in, r, &d), YS_EDATA);
            r->excess--;
            memset(r->cut, 1, 12);
            assert_int_equal(ys_flow_check(&n->in, r, &d), YS_EDATA);
        }
        ys_flow_result_free(r);
    }
    assert_true(found > 50);
    ys_free(n);
}

static void endless_circles_are_found(void **state)
{
    (void)state;
    static const int32_t tail[] = {0, 1, 2, 3}, head[] = {1, 2, 0, 0};
    static const int64_t cap[] = {YS_FLOW_UNLIMITED, YS_FLOW_UNLIMITED, YS_FLOW_UNLIMITED, 4};
    static const int64_t cost[] = {5, -7, 1, 1}, good[] = {-4, 0, 0, 4}, bad[] = {-5, 0, 0, 5};
    ys_flow_input in = {
        .nodes = 4, .arcs = 4, .tail = tail, .head = head, .cap = cap, .cost = cost, .supply = good};
    ys_flow_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_flow_solve(&in, &r, &d), YS_OK);
    assert_int_equal(r->outcome, YS_FLOW_UNBOUNDED);
    assert_int_equal(r->cycle_arcs, 3);
    assert_int_equal(ys_flow_check(&in, r, &d), YS_OK);
    r->cycle[1] = 3;
    assert_int_equal(ys_flow_check(&in, r, &d), YS_EDATA);
    ys_flow_result_free(r);
    in.supply = bad; /* infeasible goes before unbounded */
    assert_int_equal(ys_flow_solve(&in, &r, &d), YS_OK);
    assert_int_equal(r->outcome, YS_FLOW_INFEASIBLE);
    assert_int_equal(ys_flow_check(&in, r, &d), YS_OK);
    ys_flow_result_free(r);
}

static void bad_networks_are_refused(void **state)
{
    (void)state;
    network *n = ys_malloc(sizeof *n);
    ys_flow_result *r = NULL;
    ys_diag d = {0};
    assert_non_null(n);
    make(n, 10, 20, 1);
    n->head[4] = 10;
    assert_int_equal(ys_flow_solve(&n->in, &r, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "arc 5"));
    make(n, 10, 20, 1);
    n->cap[6] = n->low[6] - 1;
    assert_int_equal(ys_flow_solve(&n->in, &r, &d), YS_EDATA);
    make(n, 10, 20, 1);
    n->supply[0]++;
    assert_int_equal(ys_flow_solve(&n->in, &r, &d), YS_EDATA);
    make(n, 10, 20, 1);
    n->cost[2] = INT64_MIN;
    assert_int_equal(ys_flow_solve(&n->in, &r, &d), YS_ELIMIT);
    n->cost[2] = (int64_t)1 << 50;
    n->supply[0] = 0;
    assert_int_not_equal(ys_flow_solve(&n->in, &r, &d), YS_EINTERNAL);
    assert_null(r);
    ys_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_networks_are_optimal),
        cmocka_unit_test(tiny_networks_agree_with_every_flow),
        cmocka_unit_test(too_much_supply_is_infeasible),
        cmocka_unit_test(endless_circles_are_found),
        cmocka_unit_test(bad_networks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
