/* SPDX-License-Identifier: Apache-2.0 */
/* What if: a changed plan is the one built anew, and the plan from the old one is feasible with a valid bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/rng.h"
#include "plan/brute_cases.h"
#include "plan/sample.h"

/* An input whose offerings, funds and floors may be changed. */
static ys_plan_input *copy_input(ys_arena *a, const ys_plan_input *in)
{
    ys_plan_input *to = ys_arena_alloc(a, 1, sizeof *to);
    assert_non_null(to);
    *to = *in;
    ys_plan_offering *o = ys_arena_alloc(a, (size_t)in->n_offerings + 1, sizeof *o);
    ys_plan_fund *f = ys_arena_alloc(a, (size_t)in->n_funds + 1, sizeof *f);
    ys_plan_floor *l = ys_arena_alloc(a, (size_t)in->n_floors + 1, sizeof *l);
    assert_true(o != NULL && f != NULL && l != NULL);
    for (int i = 0; i < in->n_offerings; i++)
        o[i] = in->offerings[i];
    for (int i = 0; i < in->n_funds; i++)
        f[i] = in->funds[i];
    for (int i = 0; i < in->n_floors; i++)
        l[i] = in->floors[i];
    to->offerings = o;
    to->funds = f;
    to->floors = l;
    return to;
}

enum { KINDS = 7 };

/* One change, by kind and chance. */
static void change_input(ys_plan_input *in, int kind, uint64_t seed)
{
    ys_plan_offering *o = &((ys_plan_offering *)in->offerings)[ys_hash64(seed) % (uint64_t)in->n_offerings];
    ys_plan_fund *f = &((ys_plan_fund *)in->funds)[ys_hash64(seed + 1) % (uint64_t)in->n_funds];
    switch (kind) {
    case 0:
        f->amount = f->amount * (int64_t)(ys_hash64(seed + 2) % 200) / 100;
        break;
    case 1:
        o->capacity = o->capacity == YS_PLAN_UNBOUNDED ? 2 : o->capacity + (int64_t)(ys_hash64(seed + 2) % 5);
        break;
    case 2:
        o->capacity = 0;
        break;
    case 3:
        o->period = in->period + 1;
        break;
    case 4:
        o->cost = o->cost * 11 / 10;
        break;
    case 5:
        in->discount = 0.08;
        break;
    default:
        o->effect *= 1.5;
        break;
    }
}

static void assert_same_plan(const ys_plan *p, const ys_plan *q)
{
    const ys_choice *a = &p->choice, *b = &q->choice;
    assert_int_equal(a->n_rows, b->n_rows);
    assert_memory_equal(a->limit, b->limit, (size_t)a->n_rows * sizeof *a->limit);
    assert_memory_equal(a->type_at, b->type_at, (size_t)(a->n_types + 1) * sizeof *a->type_at);
    assert_memory_equal(a->charge, b->charge, (size_t)a->type_at[a->n_types] * sizeof *a->charge);
    for (int64_t i = 0; i < a->n_blocks; i++) {
        ys_block x = ys__block(a, i), y = ys__block(b, i);
        assert_int_equal(x.n_options, y.n_options);
        assert_int_equal(x.n_bundles, y.n_bundles);
        assert_memory_equal(x.type, y.type, (size_t)x.n_options * sizeof *x.type);
        assert_memory_equal(x.bundle, y.bundle, (size_t)x.n_bundles * sizeof *x.bundle);
    }
    ys_plan_size s = ys_plan_measure_size(p), t = ys_plan_measure_size(q);
    assert_memory_equal(&s, &t, sizeof s);
}

static ys_plan *change(const ys_plan *p, const ys_plan_input *in)
{
    ys_diag d = {0};
    ys_plan *q = NULL;
    if (ys_plan_change(p, in, 1, &q, &d) != YS_OK)
        fail_msg("change: %s", d.en);
    return q;
}

static int64_t shared_chunks(const ys_plan *p)
{
    int64_t n = 0;
    for (int64_t i = 0; i < p->choice.n_chunks; i++)
        n += p->choice.chunks[i].borrowed;
    return n;
}

static void test_changed_is_built_anew(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ys_arena *a = ys_arena_new(0);
        const ys_plan_input *in = ys__sample(
            a, 7,
            (ys_sample_shape){
                .households = 6000, .per_village = 50, .measures = 16, .scarcity = 0.4, .floors = 3});
        ys_plan *p = build(in);
        ys_plan_input *other = copy_input(a, in);
        change_input(other, kind, 5 + (uint64_t)kind);
        ys_plan *q = change(p, other), *r = build(other);
        assert_same_plan(q, r);
        if (kind == 0 || kind == 4)
            assert_int_equal(shared_chunks(q), p->choice.n_chunks);
        if (kind == 5)
            assert_int_equal(shared_chunks(q), 0);
        ys_plan_free(r);
        ys_plan_free(q);
        ys_plan_free(p);
        ys_arena_free(a);
    }
}

static ys_status solve(const ys_plan *p, ys_plan_result **ret)
{
    ys_diag d = {0};
    return ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 100}, ret, &d);
}

static ys_status resolve(const ys_plan *p, const ys_plan *from, const ys_plan_result *old, int threads,
                         ys_plan_result **ret)
{
    ys_diag d = {0};
    return ys_plan_resolve(p, from, old, &(ys_plan_config){.threads = threads, .passes = 100}, ret, &d);
}

/* Returns whether the changed plan could be made. */
static bool one_against_brute_force(uint64_t seed, int floors)
{
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 3 + (int64_t)(seed % 3),
                                                     .per_village = 3,
                                                     .measures = 4 + (int)(seed % 12),
                                                     .scarcity = 0.2 + 0.2 * (double)(seed % 4),
                                                     .floors = floors,
                                                     .equal = seed % 5 == 0});
    ys_plan *p = build(in);
    ys_plan_result *old = NULL, *r = NULL;
    bool made = false;
    if (solve(p, &old) == YS_OK && in->n_offerings > 0 && in->n_funds > 0) {
        ys_plan_input *other = copy_input(a, in);
        change_input(other, (int)(seed % KINDS), seed);
        ys_plan *q = change(p, other);
        int64_t best0 = optimum(q, 0, INT64_MIN / 2);
        ys_status st = resolve(q, p, old, 1, &r);
        made = st == YS_OK;
        if (made) {
            (void)check_optimum(r, best0, optimum(q, 1, r->tier[1].couple_minimum));
            check_feasible(q, r);
        } else {
            assert_int_equal(st, YS_EINFEASIBLE);
        }
        ys_plan_result_free(r);
        ys_plan_free(q);
    }
    ys_plan_result_free(old);
    ys_plan_free(p);
    ys_arena_free(a);
    return made;
}

static void test_brute_force(void **state)
{
    (void)state;
    int made = 0;
    for (uint64_t seed = 1; seed <= 210; seed++)
        made += one_against_brute_force(seed, 0);
    assert_int_equal(made, 210); /* without floors nothing is infeasible */
    made = 0;
    for (uint64_t seed = 1000; seed < 1060; seed++)
        made += one_against_brute_force(seed, 2);
    assert_true(made > 15);
}

typedef struct base {
    ys_arena *a;
    const ys_plan_input *in;
    ys_plan *p;
    ys_plan_result *r;
} base;

static base medium(int floors)
{
    base b = {.a = ys_arena_new(0)};
    b.in = ys__sample(
        b.a, 42,
        (ys_sample_shape){
            .households = 3000, .per_village = 50, .measures = 16, .scarcity = 0.4, .floors = floors});
    b.p = build(b.in);
    assert_int_equal(solve(b.p, &b.r), YS_OK);
    return b;
}

static void drop(base *b)
{
    ys_plan_result_free(b->r);
    ys_plan_free(b->p);
    ys_arena_free(b->a);
}

static void test_unchanged(void **state)
{
    (void)state;
    base b = medium(3);
    ys_plan *q = change(b.p, copy_input(b.a, b.in));
    ys_plan_result *r = NULL;
    assert_int_equal(resolve(q, b.p, b.r, 1, &r), YS_OK);
    assert_true(r->checksum == b.r->checksum);
    assert_memory_equal(r->choice, b.r->choice, (size_t)r->blocks * sizeof *r->choice);
    assert_int_equal(r->tier[1].bound, b.r->tier[1].bound);
    ys_plan_result_free(r);
    ys_plan_free(q);
    drop(&b);
}

/* Same bytes with any number of threads; feasible; about as near to the optimum as from nothing. */
static void test_as_good_as_cold(void **state)
{
    (void)state;
    base b = medium(3);
    for (int kind = 0; kind < KINDS; kind++) {
        ys_plan_input *other = copy_input(b.a, b.in);
        change_input(other, kind, 77);
        ys_plan *q = change(b.p, other);
        ys_plan_result *warm[2] = {NULL, NULL}, *cold = NULL;
        for (int t = 0; t < 2; t++)
            assert_int_equal(resolve(q, b.p, b.r, 1 + t, &warm[t]), YS_OK);
        assert_true(warm[0]->checksum == warm[1]->checksum);
        assert_int_equal(solve(q, &cold), YS_OK);
        print_message("kind %d: gap %.5f warm, %.5f from nothing\n", kind, warm[0]->gap, cold->gap);
        assert_true(warm[0]->gap <= 2 * cold->gap + 0.002);
        assert_true(warm[0]->tier[0].value <= cold->tier[0].bound &&
                    cold->tier[0].value <= warm[0]->tier[0].bound);
        ys_plan_result_free(warm[0]);
        ys_plan_result_free(warm[1]);
        ys_plan_result_free(cold);
        ys_plan_free(q);
    }
    drop(&b);
}

/* Tier 1's optimum is concave and rises with the money: no value lies above the bound that follows from its neighbours. */
static void test_frontier(void **state)
{
    (void)state;
    enum { POINTS = 7 };
    base b = medium(0);
    int64_t amount[POINTS], value[POINTS], bound[POINTS];
    for (int k = 0; k < POINTS; k++) {
        ys_plan_input *other = copy_input(b.a, b.in);
        ys_plan_fund *f = (ys_plan_fund *)other->funds;
        amount[k] = f->amount / 3 * k;
        f->amount = amount[k];
        ys_plan *q = change(b.p, other);
        ys_plan_result *r = NULL;
        assert_int_equal(resolve(q, b.p, b.r, 1, &r), YS_OK);
        value[k] = r->tier[0].value;
        bound[k] = r->tier[0].bound;
        ys_plan_result_free(r);
        ys_plan_free(q);
    }
    assert_true(value[POINTS - 1] > value[0]);
    for (int i = 0; i < POINTS; i++)
        for (int k = i + 1; k < POINTS; k++) {
            assert_true(value[i] <= bound[k]);
            for (int m = i + 1; m < k; m++)
                assert_true(((double)value[i] * (k - m) + (double)value[k] * (m - i)) / (k - i) <=
                            (double)bound[m] + 1e-6);
        }
    drop(&b);
}

static void test_others(void **state)
{
    (void)state;
    base b = medium(0);
    ys_diag d = {0};
    ys_plan_result *r = NULL;
    const ys_plan_input *in = ys__sample(
        b.a, 1, (ys_sample_shape){.households = 20, .per_village = 5, .measures = 8, .scarcity = 0.4});
    ys_plan *q = build(in);
    assert_int_equal(ys_plan_resolve(q, b.p, b.r, NULL, &r, &d), YS_EUSAGE);
    assert_null(r);
    ys_plan_free(q);
    drop(&b);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    const ys_plan_input *in = ys__sample(
        a, 3, (ys_sample_shape){.households = 12, .per_village = 4, .measures = 8, .scarcity = 0.4});
    ys_plan *p = build(in);
    ys_plan_result *old = NULL;
    assert_int_equal(solve(p, &old), YS_OK);
    ys_plan_input *other = copy_input(a, in);
    change_input(other, 0, 9);
    bool done = false;
    for (int64_t k = 1; !done && k < 5000; k++) {
        ys_plan *q = NULL;
        ys_plan_result *r = NULL;
        ys_diag d = {0};
        ys_alloc_fail_from(k);
        ys_status st = ys_plan_change(p, other, 1, &q, &d);
        if (st == YS_OK)
            st = ys_plan_resolve(q, p, old, &(ys_plan_config){.threads = 1, .passes = 5}, &r, &d);
        ys_alloc_fail_from(0);
        done = st == YS_OK;
        if (!done)
            assert_int_equal(st, YS_ENOMEM);
        ys_plan_result_free(r);
        ys_plan_free(q);
    }
    assert_true(done);
    ys_plan_result_free(old);
    ys_plan_free(p);
    ys_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_changed_is_built_anew),
                                       cmocka_unit_test(test_brute_force),
                                       cmocka_unit_test(test_unchanged),
                                       cmocka_unit_test(test_as_good_as_cold),
                                       cmocka_unit_test(test_frontier),
                                       cmocka_unit_test(test_others),
                                       cmocka_unit_test(test_out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
