/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "yaoshi/flow.h"
#include "yaoshi/pair.h"

enum { MOST_NEEDS = 4000, MOST_GIVERS = 1500, MOST_EDGES = 40000 };

typedef struct problem {
    ys_pair_input in;
    int64_t start[MOST_NEEDS + 1], cost[MOST_EDGES], alone[MOST_NEEDS], slot_at[MOST_GIVERS + 1],
        slot[4 * MOST_GIVERS];
    int32_t giver[MOST_EDGES], capacity[MOST_GIVERS];
} problem;

typedef struct shape {
    int64_t needs, givers;
    int edges, places, near; /* at most; `near` 0: any giver, else within this distance in the numbering */
    int64_t cost, alone;
    int slots; /* places cost more and more */
} shape;

static problem *make(const shape *s, uint64_t seed)
{
    problem *p = ys_calloc(1, sizeof *p);
    ys_rng r;
    ys_rng_init(&r, seed, 7);
    assert_non_null(p);
    for (int64_t j = 0; j < s->givers; j++) {
        int64_t cost = 0;
        p->capacity[j] = (int32_t)ys_rng_below(&r, s->places + 1);
        p->slot_at[j + 1] = p->slot_at[j] + s->places;
        for (int k = 0; k < s->places; k++) {
            p->slot[p->slot_at[j] + k] = cost;
            cost += ys_rng_below(&r, s->cost / 2 + 1);
        }
    }
    for (int64_t i = 0; i < s->needs; i++) {
        int n = (int)ys_rng_below(&r, s->edges + 1);
        int64_t e = p->start[i], home = i * s->givers / s->needs;
        for (int k = 0; k < n; k++, e++) {
            int64_t j = ys_rng_below(&r, s->givers);
            if (s->near > 0) {
                j = home + ys_rng_below(&r, 2 * s->near + 1) - s->near;
                j = j < 0 ? 0 : j >= s->givers ? s->givers - 1 : j;
            }
            p->giver[e] = (int32_t)j;
            p->cost[e] = ys_rng_below(&r, s->cost) - s->cost / 10;
        }
        p->start[i + 1] = e;
        p->alone[i] = s->alone + ys_rng_below(&r, s->cost);
    }
    p->in = (ys_pair_input){.needs = s->needs,
                            .givers = s->givers,
                            .start = p->start,
                            .giver = p->giver,
                            .cost = p->cost,
                            .capacity = p->capacity,
                            .slot_at = s->slots ? p->slot_at : NULL,
                            .slot = s->slots ? p->slot : NULL,
                            .alone = p->alone};
    return p;
}

static ys_pair_result *solved(const problem *p, int threads)
{
    ys_pair_result *r = NULL;
    ys_diag d = {0};
    ys_pair_config c = {.threads = threads};
    int64_t value, dual;
    assert_int_equal(ys_pair_solve(&p->in, &c, &r, &d), YS_OK);
    assert_int_equal(ys_pair_check(&p->in, r, &value, &dual, &d), YS_OK);
    assert_int_equal(value, dual);
    assert_int_equal(value, r->value);
    return r;
}

static int64_t place_cost(const problem *p, int64_t j, int64_t k)
{
    return p->in.slot_at != NULL ? p->slot[p->slot_at[j] + k] : 0;
}

/* Every assignment there is. */
static int64_t brute(const problem *p, int64_t i, int32_t *load)
{
    if (i == p->in.needs)
        return 0;
    int64_t best = p->alone[i] + brute(p, i + 1, load);
    for (int64_t e = p->start[i]; e < p->start[i + 1]; e++) {
        int32_t j = p->giver[e];
        if (load[j] >= p->capacity[j])
            continue;
        int64_t c = p->cost[e] + place_cost(p, j, load[j]);
        load[j]++;
        c += brute(p, i + 1, load);
        load[j]--;
        best = c < best ? c : best;
    }
    return best;
}

static void small_ones_are_optimal(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        shape s = {.needs = 1 + (int64_t)(seed % 7),
                   .givers = 1 + (int64_t)(seed % 4),
                   .edges = 4,
                   .places = 2 + (int)(seed % 2),
                   .cost = 50,
                   .alone = seed % 3 ? 60 : 20,
                   .slots = seed % 2 == 0};
        problem *p = make(&s, seed);
        ys_pair_result *r = solved(p, 1);
        int32_t load[8] = {0};
        assert_int_equal(r->value, brute(p, 0, load));
        ys_pair_result_free(r);
        ys_free(p);
    }
}

/* The same problem as a flow: need -> giver -> one arc per place -> sink, need -> sink to stay alone. */
static int64_t as_flow(const problem *p)
{
    const ys_pair_input *in = &p->in;
    int64_t arcs = 0, most = in->start[in->needs] + in->needs + 4 * in->givers;
    int32_t *tail = ys_malloc((size_t)most * sizeof *tail), *head = ys_malloc((size_t)most * sizeof *head);
    int64_t *cost = ys_malloc((size_t)most * sizeof *cost), *cap = ys_malloc((size_t)most * sizeof *cap);
    int64_t nodes = in->needs + in->givers + 1, *supply = ys_calloc((size_t)nodes, sizeof *supply);
    int32_t sink = (int32_t)(nodes - 1);
    assert_true(tail && head && cost && cap && supply);
#define ARC(t, h, c) (tail[arcs] = (int32_t)(t), head[arcs] = (int32_t)(h), cost[arcs] = (c), cap[arcs++] = 1)
    for (int64_t i = 0; i < in->needs; i++) {
        for (int64_t e = in->start[i]; e < in->start[i + 1]; e++)
            ARC(i, in->needs + in->giver[e], in->cost[e]);
        ARC(i, sink, in->alone[i]);
        supply[i] = 1;
    }
    for (int64_t j = 0; j < in->givers; j++)
        for (int32_t k = 0; k < in->capacity[j]; k++)
            ARC(in->needs + j, sink, place_cost(p, j, k));
#undef ARC
    supply[sink] = -in->needs;
    ys_flow_input f = {
        .nodes = nodes, .arcs = arcs, .tail = tail, .head = head, .cap = cap, .cost = cost, .supply = supply};
    ys_flow_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_flow_solve(&f, &r, &d), YS_OK);
    assert_int_equal(ys_flow_check(&f, r, &d), YS_OK);
    assert_int_equal(r->outcome, YS_FLOW_OPTIMAL);
    int64_t value = r->value;
    ys_flow_result_free(r);
    ys_free(tail);
    ys_free(head);
    ys_free(cost);
    ys_free(cap);
    ys_free(supply);
    return value;
}

static const shape larger[] = {
    {.needs = 300, .givers = 80, .edges = 6, .places = 4, .cost = 1000, .alone = 3000},
    {.needs = 300, .givers = 80, .edges = 6, .places = 4, .cost = 1000, .alone = 3000, .slots = 1},
    {.needs = 2000, .givers = 600, .edges = 8, .places = 3, .near = 4, .cost = 500, .alone = 900, .slots = 1},
    {.needs = 3000,
     .givers = 1200,
     .edges = 3,
     .places = 3,
     .near = 2,
     .cost = 5,
     .alone = 4}, /* many ties, many parts */
    {.needs = 1500,
     .givers = 40,
     .edges = 9,
     .places = 4,
     .cost = 100,
     .alone = 1000}, /* far too few places */
    {.needs = 500, .givers = 3, .edges = 3, .places = 4, .cost = 100, .alone = 1000, .slots = 1},
};

static void larger_ones_agree_with_the_flow(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof larger / sizeof *larger; k++)
        for (uint64_t seed = 0; seed < 6; seed++) {
            problem *p = make(&larger[k], seed);
            ys_pair_result *r = solved(p, 2);
            assert_int_equal(r->value, as_flow(p));
            ys_pair_result_free(r);
            ys_free(p);
        }
}

static void threads_give_the_same_bits(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof larger / sizeof *larger; k++) {
        problem *p = make(&larger[k], 99);
        ys_pair_result *a = solved(p, 1);
        for (int threads = 2; threads <= 5; threads++) {
            ys_pair_result *b = solved(p, threads);
            assert_memory_equal(a->edge, b->edge, (size_t)a->needs * sizeof *a->edge);
            assert_memory_equal(a->price, b->price, (size_t)a->givers * sizeof *a->price);
            assert_memory_equal(a->load, b->load, (size_t)a->givers * sizeof *a->load);
            assert_true(a->parts == b->parts && a->paths == b->paths);
            ys_pair_result_free(b);
        }
        ys_pair_result_free(a);
        ys_free(p);
    }
}

/* What a person at the table would try: move one, or let two swap. */
static void no_move_and_no_swap_is_better(void **state)
{
    (void)state;
    problem *p = make(&larger[1], 5);
    const ys_pair_input *in = &p->in;
    ys_pair_result *r = solved(p, 1);
    int64_t swaps = 0;
    for (int64_t i = 0; i < in->needs; i++) {
        int64_t at = r->edge[i],
                mine = at < 0 ? in->alone[i]
                              : in->cost[at] + place_cost(p, in->giver[at], r->load[in->giver[at]] - 1);
        for (int64_t e = in->start[i]; e < in->start[i + 1]; e++) {
            int32_t j = in->giver[e];
            if (r->load[j] < in->capacity[j] && (at < 0 || in->giver[at] != j))
                assert_true(in->cost[e] + place_cost(p, j, r->load[j]) >= mine);
            for (int64_t h = 0; at >= 0 && h < in->needs; h++) {
                if (r->edge[h] < 0 || in->giver[r->edge[h]] != j)
                    continue;
                for (int64_t f = in->start[h]; f < in->start[h + 1]; f++)
                    if (in->giver[f] == in->giver[at]) {
                        swaps++;
                        assert_true(in->cost[e] + in->cost[f] >= in->cost[at] + in->cost[r->edge[h]]);
                    }
            }
        }
    }
    assert_true(swaps > 50);
    ys_pair_result_free(r);
    ys_free(p);
}

/* Forcing an edge loses at least the regret that is printed; one more place saves at most its price. */
static void regrets_and_prices_are_true(void **state)
{
    (void)state;
    int64_t forced = 0, priced = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        shape s = {.needs = 6,
                   .givers = 3,
                   .edges = 4,
                   .places = 2,
                   .cost = 50,
                   .alone = 70,
                   .slots = seed % 2 == 0};
        problem *p = make(&s, seed + 5000);
        ys_pair_result *r = solved(p, 1);
        for (int64_t j = 0; j < 3; j++) {
            if (r->price[j] == 0 || p->in.slot_at != NULL)
                continue;
            int32_t load[8] = {0};
            p->capacity[j]++;
            int64_t saved = r->value - brute(p, 0, load);
            p->capacity[j]--;
            assert_true(saved >= 0 && saved <= r->price[j]);
            priced += saved > 0;
        }
        for (int64_t e = p->start[0]; e < p->start[1]; e++) {
            int32_t load[8] = {0};
            if (p->capacity[p->giver[e]] == 0)
                continue;
            /* Need 0 on edge e first: the others find its place taken. */
            load[p->giver[e]] = 1;
            int64_t with = p->cost[e] + place_cost(p, p->giver[e], 0) + brute(p, 1, load);
            assert_true(with - r->value >= ys_pair_regret(&p->in, r, 0, e));
            forced += with > r->value;
        }
        ys_pair_result_free(r);
        ys_free(p);
    }
    assert_true(forced > 100 && priced > 50);
}

static void a_false_result_is_caught(void **state)
{
    (void)state;
    problem *p = make(&larger[0], 3);
    ys_pair_result *r = solved(p, 1);
    ys_diag d = {0};
    int64_t i = 0, full = 0;
    while (r->edge[i] < 0)
        i++;
    while (r->price[full] == 0)
        full++;
    int64_t keep = r->edge[i];
    r->edge[i] = -1; /* a helper forgotten */
    assert_int_equal(ys_pair_check(&p->in, r, NULL, NULL, &d), YS_EDATA);
    r->edge[i] = p->start[p->in.needs]; /* somebody else's edge */
    assert_int_equal(ys_pair_check(&p->in, r, NULL, NULL, &d), YS_EDATA);
    r->edge[i] = keep;
    int64_t right = r->price[full];
    r->price[full] += 100000; /* a wrong price: the bound is no longer what is said */
    assert_int_equal(ys_pair_check(&p->in, r, NULL, NULL, &d), YS_EDATA);
    r->price[full] = -1;
    assert_int_equal(ys_pair_check(&p->in, r, NULL, NULL, &d), YS_EDATA);
    r->price[full] = right;
    assert_int_equal(ys_pair_check(&p->in, r, NULL, NULL, &d), YS_OK);
    p->capacity[p->giver[keep]] = 0; /* more takers than places */
    assert_int_equal(ys_pair_check(&p->in, r, NULL, NULL, &d), YS_EDATA);
    ys_pair_result_free(r);
    ys_free(p);
}

static void bad_input_is_named(void **state)
{
    (void)state;
    problem *p = make(&larger[1], 1);
    ys_pair_result *r = NULL;
    ys_diag d = {0};
    p->capacity[17] = -1;
    assert_int_equal(ys_pair_solve(&p->in, NULL, &r, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "giver 17"));
    p->capacity[17] = 1;
    p->slot[p->slot_at[3] + 1] = -5;
    assert_int_equal(ys_pair_solve(&p->in, NULL, &r, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "giver 3"));
    p->in.slot_at = NULL;
    p->giver[p->start[20]] = 80;
    assert_int_equal(ys_pair_solve(&p->in, NULL, &r, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "need "));
    p->giver[p->start[20]] = 0;
    p->alone[9] = YS_PAIR_COST_MAX + 1;
    assert_int_equal(ys_pair_solve(&p->in, NULL, &r, &d), YS_ELIMIT);
    assert_non_null(strstr(d.en, "9:"));
    assert_null(r);
    ys_free(p);
}

static void nobody_and_no_memory(void **state)
{
    (void)state;
    int64_t start[2] = {0, 0};
    ys_pair_input none = {.start = start, .alone_all = 5}, one = {.needs = 1, .start = start, .alone_all = 5};
    ys_pair_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_pair_solve(&none, NULL, &r, &d), YS_OK);
    assert_int_equal(r->value, 0);
    ys_pair_result_free(r);
    r = NULL;
    assert_int_equal(ys_pair_solve(&one, NULL, &r, &d), YS_OK);
    assert_true(r->value == 5 && r->alone == 1 && r->no_edge == 1);
    ys_pair_result_free(r);
    problem *p = make(&larger[0], 3);
    ys_status st = YS_ENOMEM;
    for (int64_t nth = 1; st == YS_ENOMEM; nth++) {
        r = NULL;
        ys_alloc_fail_from(nth);
        st = ys_pair_solve(&p->in, NULL, &r, &d);
        assert_true((st == YS_OK) == (r != NULL));
    }
    ys_alloc_fail_from(0);
    assert_int_equal(st, YS_OK);
    ys_pair_result_free(r);
    ys_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_are_optimal),      cmocka_unit_test(larger_ones_agree_with_the_flow),
        cmocka_unit_test(threads_give_the_same_bits),  cmocka_unit_test(no_move_and_no_swap_is_better),
        cmocka_unit_test(regrets_and_prices_are_true), cmocka_unit_test(a_false_result_is_caught),
        cmocka_unit_test(bad_input_is_named),          cmocka_unit_test(nobody_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
