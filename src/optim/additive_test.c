/* SPDX-License-Identifier: Apache-2.0 */
/* The additive planner against brute force, against itself on other threads and vectors, and against damaged input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "optim/additive.h"
#include "optim/test_problem.h"

typedef struct made {
    void *bytes;
    size_t size;
    ys_additive p;
} made;

static made make(const ys_test_shape *s, uint64_t seed)
{
    made m;
    ys_diag d = {0};
    m.bytes = ys__test_problem(s, seed, &m.size);
    assert_non_null(m.bytes);
    assert_int_equal(ys_pab_read(m.bytes, m.size, &m.p, &d), YS_OK);
    return m;
}

static ys_additive_result *solve(const ys_additive *p, ys_optim_config c)
{
    ys_additive_result *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_additive_solve(p, &c, &r, &d), YS_OK);
    if (ys_additive_check(p, r, &d) != YS_OK)
        fail_msg("the judge: %s", d.en);
    assert_true(r->value <= r->bound);
    return r;
}

/* ---- brute force ---- */

static bool take(const ys_additive *p, const ys_optim_option *o, int64_t *left, int sign)
{
    bool fits = true;
    if (p->funds > 0) {
        left[o->fund_a] -= sign * o->cost_a;
        left[o->fund_b] -= sign * o->cost_b;
        fits = left[o->fund_a] >= 0 && left[o->fund_b] >= 0;
    }
    if (o->row != YS_OPTIM_NO_ROW) {
        left[p->funds + (int32_t)o->row] -= sign;
        fits = fits && left[p->funds + (int32_t)o->row] >= 0;
    }
    return fits;
}

static int64_t brute(const ys_additive *p, int64_t h, int64_t *left)
{
    if (h == p->households)
        return 0;
    int64_t best = brute(p, h + 1, left);
    const ys_optim_option *o = p->option + p->offset[h];
    int n = (int)(p->offset[h + 1] - p->offset[h]);
    for (int a = 0; a < n; a++) {
        int64_t va = (int64_t)o[a].value * p->household[h].weight;
        if (take(p, &o[a], left, 1)) {
            int64_t v = va + brute(p, h + 1, left);
            best = v > best ? v : best;
            for (int b = a + 1; b < n; b++) {
                if (o[b].group == o[a].group)
                    continue;
                if (take(p, &o[b], left, 1)) {
                    v = va + (int64_t)o[b].value * p->household[h].weight + brute(p, h + 1, left);
                    best = v > best ? v : best;
                }
                (void)take(p, &o[b], left, -1);
            }
        }
        (void)take(p, &o[a], left, -1);
    }
    return best;
}

static void test_brute_force(void **state)
{
    (void)state;
    int exact = 0, all = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        ys_test_shape s = {.households = (int64_t)(seed % 6),
                           .funds = (int)(seed % 3),
                           .rows = (int)(seed / 3 % 4),
                           .options = 4,
                           .groups = 1 + (int)(seed % 4),
                           .value = seed % 5 == 0 ? 2 : 1000,
                           .cost = seed % 7 == 0 ? 1 : 500,
                           .weight = 8,
                           .tight = 0.1 + 0.1 * (double)(seed % 6)};
        made m = make(&s, seed);
        int64_t left[16];
        memcpy(left, m.p.limit, (size_t)(s.funds + s.rows) * sizeof *left);
        int64_t optimum = brute(&m.p, 0, left);
        ys_additive_result *r = solve(&m.p, (ys_optim_config){.threads = 1});
        assert_true(r->value <= optimum);
        assert_true(r->bound >= optimum);
        exact += r->value == optimum;
        all++;
        ys_additive_result_free(r);
        ys_free(m.bytes);
    }
    print_message("%d of %d tiny plans are optimal\n", exact, all);
    assert_true(exact >= all * 9 / 10);
}

/* ---- the same bits ---- */

static const ys_test_shape ordinary = {.households = 9000,
                                       .funds = 7,
                                       .rows = 300,
                                       .options = 12,
                                       .groups = 4,
                                       .value = 40000,
                                       .cost = 90000,
                                       .weight = 8,
                                       .tight = 0.2};

static void same_bits(const ys_test_shape *s, uint64_t seed)
{
    made m = make(s, seed);
    ys_additive_result *first = solve(&m.p, (ys_optim_config){.threads = 1, .kernel = 1});
    for (int threads = 1; threads <= 3; threads++) {
        for (int kernel = 0; kernel <= 3; kernel++) {
            ys_additive_result *r = solve(&m.p, (ys_optim_config){.threads = threads, .kernel = kernel});
            assert_int_equal(r->checksum, first->checksum);
            assert_int_equal(r->value, first->value);
            assert_int_equal(r->bound, first->bound);
            ys_additive_result_free(r);
        }
    }
    print_message("seed %d: gap %.4f %%\n", (int)seed, 100 * first->gap);
    ys_additive_result_free(first);
    ys_free(m.bytes);
}

static void test_same_bits(void **state)
{
    (void)state;
    same_bits(&ordinary, 1);
    ys_test_shape wide = ordinary; /* many funds: the kernels gather; many rows: several blocks a chunk */
    wide.funds = 600;
    wide.rows = 20000;
    same_bits(&wide, 2);
    ys_test_shape odd =
        ordinary; /* numbers far beyond 16 bits, more groups and options than a block can hold */
    odd.households = 300;
    odd.options = 200;
    odd.groups = 40;
    odd.value = INT32_MAX;
    odd.cost = INT32_MAX;
    odd.weight = 255;
    same_bits(&odd, 3);
}

static void test_corners(void **state)
{
    (void)state;
    ys_test_shape none = {.households = 0, .options = 1, .groups = 1, .value = 1, .weight = 1};
    ys_test_shape free_of_charge = {
        .households = 500, .rows = 3, .options = 5, .groups = 3, .value = 100, .weight = 4, .tight = 1};
    made a = make(&none, 1), b = make(&free_of_charge, 2);
    ys_additive_result *r = solve(&a.p, (ys_optim_config){.threads = 1});
    assert_int_equal(r->value, 0);
    assert_int_equal(r->bound, 0);
    ys_additive_result_free(r);
    memset((void *)(uintptr_t)b.p.limit, 0x3f, 3 * sizeof *b.p.limit); /* room for all */
    r = solve(&b.p, (ys_optim_config){.threads = 1});
    assert_int_equal(r->value, r->bound);
    assert_int_equal(r->passes, 1);
    ys_additive_result_free(r);
    memset((void *)(uintptr_t)b.p.limit, 0, 3 * sizeof *b.p.limit); /* and for none */
    r = solve(&b.p, (ys_optim_config){.threads = 1});
    assert_true(r->gap < 0.02);
    ys_additive_result_free(r);
    ys_free(a.bytes);
    ys_free(b.bytes);
}

static bool at_once(void *arg)
{
    (void)arg;
    return true;
}

static void test_stopped(void **state)
{
    (void)state;
    made m = make(&ordinary, 5);
    ys_additive_result *r = solve(&m.p, (ys_optim_config){.threads = 1, .stop = at_once});
    assert_true(r->partial);
    assert_true(r->passes <= 1);
    ys_additive_result_free(r);
    ys_free(m.bytes);
}

static void test_short_memory(void **state)
{
    (void)state;
    ys_test_shape s = ordinary;
    s.households = 50;
    made m = make(&s, 6);
    int failed = 0;
    for (int64_t n = 1; n < 400; n += 3) {
        ys_additive_result *r = NULL;
        ys_diag d = {0};
        ys_alloc_fail_from(n);
        ys_status st = ys_additive_solve(&m.p, &(ys_optim_config){.threads = 1}, &r, &d);
        ys_alloc_fail_from(0);
        assert_true(st == YS_OK || st == YS_ENOMEM);
        assert_true((st == YS_OK) == (r != NULL));
        failed += st != YS_OK;
        ys_additive_result_free(r);
    }
    assert_true(failed > 10);
    ys_free(m.bytes);
}

/* ---- the judge ---- */

static void test_mutants(void **state)
{
    (void)state;
    ys_test_shape s = ordinary;
    s.households = 800;
    made m = make(&s, 7);
    ys_diag d = {0};
    ys_additive_result *r = solve(&m.p, (ys_optim_config){.threads = 1});
    int64_t h = 0;
    while (r->choice[h][0] == YS_OPTIM_NO_CHOICE)
        h++;
    uint32_t had = r->choice[h][0];
#define MUTANT(change, undo)                                                                                 \
    do {                                                                                                     \
        change;                                                                                              \
        assert_int_equal(ys_additive_check(&m.p, r, &d), YS_EDATA);                                          \
        undo;                                                                                                \
    } while (0)
    MUTANT(r->value++, r->value--);
    MUTANT(r->bound--, r->bound++);
    MUTANT(r->bound++, r->bound--);
    MUTANT(r->price[0] = -1 - r->price[0], r->price[0] = -1 - r->price[0]);
    MUTANT(r->price[1] += 1 << 26, r->price[1] -= 1 << 26);
    MUTANT(r->choice[h][0] = 1000, r->choice[h][0] = had);
    MUTANT(r->choice[h][0] = YS_OPTIM_NO_CHOICE, r->choice[h][0] = had);
    uint32_t second = r->choice[h][1];
    MUTANT(r->choice[h][1] = had, r->choice[h][1] = second);
    int64_t *limit = (int64_t *)(uintptr_t)m.p.limit;
    const ys_optim_option *o = &m.p.option[m.p.offset[h] + had];
    if (o->cost_a > 0) {
        int64_t kept = limit[o->fund_a];
        MUTANT(limit[o->fund_a] = 0, limit[o->fund_a] = kept);
    }
    assert_int_equal(ys_additive_check(&m.p, r, &d), YS_OK);
    ys_additive_result_free(r);
    ys_free(m.bytes);
}

/* ---- damaged files ---- */

/* Writes `bytes` at `at` of a copy and says what reading it gives. */
static ys_status read_changed(const made *m, size_t at, const void *bytes, size_t n)
{
    char *copy = ys_malloc(m->size);
    ys_additive p;
    ys_diag d = {0};
    memcpy(copy, m->bytes, m->size);
    memcpy(copy + at, bytes, n);
    ys_status st = ys_pab_read(copy, m->size, &p, &d);
    if (st != YS_OK)
        assert_true(d.zh[0] != '\0' && d.en[0] != '\0');
    ys_free(copy);
    return st;
}

static void test_damaged(void **state)
{
    (void)state;
    ys_test_shape s = {.households = 20,
                       .funds = 3,
                       .rows = 4,
                       .options = 5,
                       .groups = 3,
                       .value = 100,
                       .cost = 100,
                       .weight = 4,
                       .tight = 0.5};
    made m = make(&s, 8);
    ys_additive p;
    ys_diag d = {0};
    for (size_t n = 0; n < m.size; n++)
        assert_int_equal(ys_pab_read(m.bytes, n, &p, &d), YS_EDATA);
    size_t limits = 24, offsets = limits + 7 * 8, options = offsets + 21 * 8 + 20 * 8;
    const int64_t minus = -1, huge = INT64_MAX;
    const uint64_t far = 1ull << 60, big = UINT32_MAX;
    const uint32_t most = UINT32_MAX, seven = 7;
    const int32_t negative = -5;
    const uint16_t third = 3;
    assert_int_equal(read_changed(&m, limits + 8, &minus, 8), YS_EDATA);
    assert_int_equal(read_changed(&m, limits + 8, &huge, 8), YS_ELIMIT);
    assert_int_equal(read_changed(&m, offsets, &huge, 8), YS_EDATA);
    assert_int_equal(read_changed(&m, offsets + 5 * 8, &far, 8), YS_EDATA);
    assert_int_equal(read_changed(&m, offsets + 20 * 8, &far, 8), YS_EDATA);
    assert_int_equal(read_changed(&m, 4, &most, 4), YS_ELIMIT);
    assert_int_equal(read_changed(&m, 8, &most, 4), YS_ELIMIT);
    assert_int_equal(read_changed(&m, 12, &most, 4), YS_ELIMIT);
    assert_int_equal(read_changed(&m, 16, &big, 8), YS_ELIMIT);
    assert_int_equal(read_changed(&m, 16, &far, 8), YS_ELIMIT);
    assert_int_equal(read_changed(&m, options + 4, &negative, 4), YS_EDATA);
    assert_int_equal(read_changed(&m, options + 8, &negative, 4), YS_EDATA);
    assert_int_equal(read_changed(&m, options + 12, &seven, 4), YS_EDATA);
    assert_int_equal(read_changed(&m, options + 16, &third, 2), YS_EDATA);
    assert_int_equal(read_changed(&m, options + 18, &third, 2), YS_EDATA);
    assert_int_equal(read_changed(&m, options, &negative, 4),
                     YS_OK); /* worth less than nothing: never chosen */
    ys_free(m.bytes);
}

/* Any byte may be anything: an error or a sound plan, never a crash. */
static void test_noise(void **state)
{
    (void)state;
    ys_test_shape s = {.households = 30,
                       .funds = 3,
                       .rows = 4,
                       .options = 5,
                       .groups = 3,
                       .value = 100,
                       .cost = 100,
                       .weight = 4,
                       .tight = 0.5};
    made m = make(&s, 9);
    char *copy = ys_malloc(m.size);
    ys_rng rng;
    ys_rng_init(&rng, 10, 0);
    for (int k = 0; k < 300; k++) {
        ys_additive p;
        ys_diag d = {0};
        memcpy(copy, m.bytes, m.size);
        for (int64_t flips = 1 + ys_rng_below(&rng, 3); flips > 0; flips--)
            copy[ys_rng_below(&rng, (int64_t)m.size)] = (char)ys_rng_next(&rng);
        if (ys_pab_read(copy, m.size, &p, &d) == YS_OK)
            ys_additive_result_free(solve(&p, (ys_optim_config){.threads = 1, .passes = 5}));
    }
    ys_free(copy);
    ys_free(m.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_brute_force),  cmocka_unit_test(test_same_bits),
                                       cmocka_unit_test(test_corners),      cmocka_unit_test(test_stopped),
                                       cmocka_unit_test(test_short_memory), cmocka_unit_test(test_mutants),
                                       cmocka_unit_test(test_damaged),      cmocka_unit_test(test_noise)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
