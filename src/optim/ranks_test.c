/* SPDX-License-Identifier: Apache-2.0 */
/* The additive planner on several ranks (threads of this process) against itself on one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "optim/additive.h"
#include "optim/test_problem.h"

enum { RANKS = 4 };

/* One job, as each rank finds it, and what each was left with. */
typedef struct job {
    const void *bytes;
    size_t size;
    int threads, passes;
    const double *state;
    int state_pass;
    int save_every; /* 0: never */
    double *saved;  /* [parts * rows] the first state that is saved */
    int saved_pass;
    int stop_rank; /* this rank is told to stop; -1: none */
    ys_additive_result *r[RANKS];
    int64_t decided[RANKS]; /* households */
} job;

static ys_status keep_state(void *arg, const double *const part[YS_STATE_PARTS], int32_t rows, int pass,
                            ys_diag *diag)
{
    job *k = arg;
    (void)diag;
    if (k->saved_pass > 0)
        return YS_OK;
    k->saved = ys_malloc(YS_STATE_PARTS * (size_t)rows * sizeof *k->saved);
    assert_non_null(k->saved);
    for (int i = 0; i < YS_STATE_PARTS; i++)
        memcpy(k->saved + i * rows, part[i], (size_t)rows * sizeof *k->saved);
    k->saved_pass = pass;
    return YS_OK;
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static ys_status run_rank(void *arg, const ys_comm *c, ys_diag *diag)
{
    job *k = arg;
    ys_additive p;
    ys_additive_result *r = NULL;
    ys_pool *pool = ys_pool_new(k->threads);
    ys_ranks ranks = {
        .comm = *c, .state = k->state, .state_pass = k->state_pass, .save_every = k->save_every, .arg = k};
    ranks.save = k->save_every > 0 ? keep_state : NULL;
    ys_optim_config config = {
        .threads = k->threads, .passes = k->passes, .stop = c->rank == k->stop_rank ? always : NULL};
    ys_status st = ys_ranks_read(k->bytes, k->size, c, pool, &p, diag);
    ys_pool_free(pool);
    YS_TRY(st);
    YS_TRY(ys_ranks_solve(&p, &config, &ranks, &r, diag));
    k->decided[c->rank] = r->end - r->first;
    k->r[c->rank] = r;
    return ys_ranks_gather(c, r, diag);
}

static void run(job *k, int size)
{
    ys_diag d = {0};
    memset(k->r, 0, sizeof k->r);
    if (ys_comm_team(size, run_rank, k, &d) != YS_OK)
        fail_msg("%s", d.en);
    for (int rank = 0; rank < size; rank++)
        assert_non_null(k->r[rank]);
}

static void drop(job *k)
{
    for (int rank = 0; rank < RANKS; rank++)
        ys_additive_result_free(k->r[rank]);
}

static void assert_same(const ys_additive_result *a, const ys_additive_result *b)
{
    assert_int_equal(a->value, b->value);
    assert_int_equal(a->bound, b->bound);
    assert_int_equal(a->checksum, b->checksum);
    assert_int_equal(a->price_bits, b->price_bits);
    assert_int_equal(a->households, b->households);
    assert_int_equal(a->bytes, b->bytes);
    assert_memory_equal(a->price, b->price, (size_t)a->n_prices * sizeof *a->price);
    if (a->households > 0)
        assert_memory_equal(a->choice, b->choice, (size_t)a->households * sizeof *a->choice);
}

/* Rows of neighbours, so that there are zones; rows of everybody, so that there is one; small; nothing scarce; nobody. */
static const ys_test_shape shapes[] = {
    {.households = 45000,
     .funds = 4,
     .rows = 300,
     .options = 6,
     .groups = 3,
     .value = 900,
     .cost = 500,
     .weight = 8,
     .tight = 0.4,
     .local = true},
    {.households = 104000, /* more than decide one by one */
     .funds = 3,
     .rows = 400,
     .options = 3,
     .groups = 2,
     .value = 900,
     .cost = 500,
     .weight = 8,
     .tight = 0.4,
     .local = true},
    {.households = 30000,
     .funds = 3,
     .rows = 40,
     .options = 5,
     .groups = 3,
     .value = 900,
     .cost = 500,
     .weight = 8,
     .tight = 0.4},
    {.households = 33000,
     .funds = 2,
     .rows = 0,
     .options = 4,
     .groups = 2,
     .value = 90,
     .cost = 50,
     .weight = 4,
     .tight = 0.3},
    {.households = 26000,
     .funds = 2,
     .rows = 90,
     .options = 4,
     .groups = 2,
     .value = 90,
     .cost = 50,
     .weight = 4,
     .tight = 3,
     .local = true},
    {.households = 700,
     .funds = 3,
     .rows = 20,
     .options = 5,
     .groups = 3,
     .value = 900,
     .cost = 500,
     .weight = 8,
     .tight = 0.4},
    {.households = 0,
     .funds = 2,
     .rows = 2,
     .options = 1,
     .groups = 1,
     .value = 9,
     .cost = 5,
     .weight = 1,
     .tight = 1},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void test_same_bits(void **state)
{
    (void)state;
    for (int s = 0; s < SHAPES; s++) {
        job k = {.passes = 20, .stop_rank = -1};
        void *bytes = ys__test_problem(&shapes[s], 7 + (uint64_t)s, &k.size);
        ys_additive p;
        ys_diag d = {0};
        ys_additive_result *whole = NULL;
        ys_optim_config config = {.threads = 1, .passes = 20};
        k.bytes = bytes;
        assert_int_equal(ys_pab_read(bytes, k.size, &p, &d), YS_OK);
        assert_int_equal(ys_additive_solve(&p, &config, &whole, &d), YS_OK);
        assert_int_equal(ys_additive_check(&p, whole, &d), YS_OK);
        for (int size = 1; size <= RANKS; size++) {
            int64_t decided = 0;
            k.threads = 1 + size % 2;
            run(&k, size);
            for (int rank = 0; rank < size; rank++) {
                assert_same(whole, k.r[rank]);
                decided += k.decided[rank];
                assert_true(s > 1 || k.decided[rank] > 0); /* where there are zones, all ranks have some */
            }
            assert_int_equal(decided, p.households);
            drop(&k);
        }
        ys_additive_result_free(whole);
        ys_free(bytes);
    }
}

/* A job that goes on from what another saved, on another number of ranks, ends with the same bits. */
static void test_resume(void **state)
{
    (void)state;
    job k = {.passes = 20, .stop_rank = -1, .threads = 1, .save_every = 7};
    void *bytes = ys__test_problem(&shapes[0], 3, &k.size);
    k.bytes = bytes;
    run(&k, 2);
    assert_int_equal(k.saved_pass, 7);
    job again = {.bytes = bytes,
                 .size = k.size,
                 .passes = 20,
                 .stop_rank = -1,
                 .threads = 2,
                 .state = k.saved,
                 .state_pass = 7};
    run(&again, 3);
    assert_same(k.r[0], again.r[0]);
    assert_int_equal(again.r[0]->passes, k.r[0]->passes);
    drop(&again);
    again.passes = 7; /* and where all passes were done, none is left to do */
    run(&again, 1);
    assert_int_equal(again.r[0]->passes, k.r[0]->passes - 13);
    assert_true(again.r[0]->value <= again.r[0]->bound && again.r[0]->value > 0);
    drop(&again);
    drop(&k);
    ys_free(k.saved);
    ys_free(bytes);
}

/* When one rank is told to stop, all stop with it, and what there is is a plan. */
static void test_stop(void **state)
{
    (void)state;
    job k = {.passes = 20, .stop_rank = 1, .threads = 1};
    void *bytes = ys__test_problem(&shapes[0], 4, &k.size);
    k.bytes = bytes;
    ys_additive p;
    ys_diag d = {0};
    run(&k, 3);
    const ys_additive_result *r = k.r[0];
    assert_true(r->partial);
    assert_int_equal(r->passes, 1);
    assert_int_equal(ys_pab_read(bytes, k.size, &p, &d), YS_OK);
    assert_int_equal(ys_additive_check(&p, r, &d), YS_OK);
    drop(&k);
    ys_free(bytes);
}

static ys_status only_read(void *arg, const ys_comm *c, ys_diag *diag)
{
    const job *k = arg;
    ys_additive p;
    ys_diag own = {0};
    ys_status st = ys_ranks_read(k->bytes, k->size, c, NULL, &p, &own);
    /* All have the same status, and know which household it is. */
    return st != YS_EDATA ? ys_fail(diag, YS_EINTERNAL, "状态 %d", "status %d", (int)st)
                          : ys_fail(diag, YS_EDATA, "%s", "%s", own.en);
}

/* A fault in the part of any rank is everybody's, and the message names the household. */
static void test_faults(void **state)
{
    (void)state;
    for (int part = 0; part < 4; part++) {
        job k = {0};
        char *bytes = ys__test_problem(&shapes[2], 5, &k.size);
        ys_additive p;
        ys_diag d = {0};
        char want[32];
        k.bytes = bytes;
        assert_int_equal(ys_pab_read(bytes, k.size, &p, &d), YS_OK);
        int64_t h = p.households * (2 * part + 1) / 8;
        while (p.offset[h] == p.offset[h + 1])
            h++;
        ys_optim_option *o =
            (ys_optim_option *)(void *)(bytes + ((const char *)&p.option[p.offset[h]] - bytes));
        o->cost_a = -1;
        snprintf(want, sizeof want, "household %lld,", (long long)h + 1);
        for (int size = 1; size <= 4; size++) {
            assert_int_equal(ys_comm_team(size, only_read, &k, &d), YS_EDATA);
            assert_memory_equal(d.en, want, strlen(want));
        }
        o->cost_a = 1;
        uint64_t *offset = (uint64_t *)(void *)(bytes + ((const char *)&p.offset[h] - bytes));
        offset[0] = (uint64_t)1 << 60; /* far beyond the file: must be found before it is followed */
        for (int size = 1; size <= 4; size++)
            assert_int_equal(ys_comm_team(size, only_read, &k, &d), YS_EDATA);
        ys_free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_bits), cmocka_unit_test(test_resume),
                                       cmocka_unit_test(test_stop), cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
