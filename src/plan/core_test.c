/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the solver alone: what screening leaves out, prices of the volume method, balanced drafts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "plan/model.h"
#include "plan/sample.h"

typedef struct fixture {
    ys_arena *a;
    ys_plan *p;
    ys_pool *pool;
    ys_stage s;
} fixture;

static void make(fixture *f, uint64_t seed, int64_t households, double scarcity, int floors, int threads)
{
    ys_diag d = {0};
    f->a = ys_arena_new(0);
    const ys_plan_input *in = ys__sample(f->a, seed,
                                         (ys_sample_shape){.households = households,
                                                           .per_village = 20,
                                                           .measures = 14,
                                                           .scarcity = scarcity,
                                                           .floors = floors});
    assert_non_null(in);
    if (ys_plan_build(in, 1, &f->p, &d) != YS_OK)
        fail_msg("build: %s", d.en);
    f->pool = ys_pool_new(threads);
    assert_int_equal(ys__stage_init(&f->s, &f->p->choice, f->pool, floors > 0, -1, &d), YS_OK);
    f->s.k2 = 1;
    ys__stage_scale(&f->s);
}

static void drop(fixture *f)
{
    ys__stage_done(&f->s);
    ys_pool_free(f->pool);
    ys_plan_free(f->p);
    ys_arena_free(f->a);
}

/* A pass over all bundles, whatever screening says; the dual. */
static double plain_pass(fixture *f, const double *x)
{
    ys_choice *c = &f->p->choice;
    uint32_t **kept = ys_calloc((size_t)c->n_chunks, sizeof *kept);
    assert_non_null(kept);
    for (int64_t i = 0; i < c->n_chunks; i++) {
        kept[i] = c->chunks[i].mask;
        c->chunks[i].mask = NULL;
    }
    ys__stage_pass(&f->s, x);
    for (int64_t i = 0; i < c->n_chunks; i++)
        c->chunks[i].mask = kept[i];
    ys_free(kept);
    return f->s.dual;
}

static void test_screen_keeps_the_best(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        fixture f;
        make(&f, seed, 400, 0.4, seed % 2 ? 3 : 0, 1);
        const ys_choice *c = &f.p->choice;
        int64_t n = c->n_rows + f.s.n_floors, looked = 0, all = 0;
        double *x = ys_calloc((size_t)n, sizeof *x);
        assert_non_null(x);
        ys_rng r;
        ys_rng_init(&r, seed, 7);
        for (int round = 0; round < 12; round++) {
            for (int64_t i = 0; i < n; i++)
                x[i] = f.s.scale[i] * round / 6 * ys_rng_uniform(&r);
            double plain = plain_pass(&f, x);
            ys__stage_pass(&f.s, x);
            assert_true(fabs(plain - f.s.dual) <= 1e-12 * fabs(plain));
            ys_look look;
            for (int64_t i = 0; i < c->n_blocks; i++) {
                ys_block b = ys__block(c, i);
                ys__look_load(&look, &f.s, &b, 0);
                assert_false(look.all);
                assert_int_equal(ys__look_at(&look, 0), 0);
                looked += look.n;
                all += b.n_bundles;
            }
        }
        assert_true(looked < all / 2); /* or it is not worth having */
        ys_free(x);
        drop(&f);
    }
}

static void test_twins_go(void **state)
{
    (void)state;
    /* one block: options 0 and 1 are of one type, 2 of another */
    const ys_bundle list[] = {
        {.option = {YS_NO_OPTION, YS_NO_OPTION, YS_NO_OPTION}},
        {.v1 = 1, .v2 = 50, .option = {0, YS_NO_OPTION, YS_NO_OPTION}, .count = 1},
        {.v1 = 1, .v2 = 60, .option = {1, YS_NO_OPTION, YS_NO_OPTION}, .count = 1}, /* beats the one before */
        {.v1 = 0, .v2 = 90, .option = {2, YS_NO_OPTION, YS_NO_OPTION}, .count = 1},
        {.v1 = 2,
         .v2 = 95,
         .option = {0, 2, YS_NO_OPTION},
         .count = 2}, /* neither of these two beats the other */
        {.v1 = 1, .v2 = 99, .option = {1, 2, YS_NO_OPTION}, .count = 2}};
    const int stay[] = {0, 2, 3, 4, 5};
    enum { BUNDLES = sizeof list / sizeof *list, STAY = sizeof stay / sizeof *stay };
    ys_chunk k = {.n = 1};
    k.option_at = ys_calloc(2, sizeof *k.option_at);
    k.bundle_at = ys_calloc(2, sizeof *k.bundle_at);
    k.type = ys_calloc(3, sizeof *k.type);
    k.bundles = ys_malloc(sizeof list);
    assert_true(k.option_at && k.bundle_at && k.type && k.bundles);
    k.option_at[1] = 3;
    k.bundle_at[1] = BUNDLES;
    k.type[0] = k.type[1] = 4;
    k.type[2] = 9;
    memcpy(k.bundles, list, sizeof list);
    ys_diag d = {0};
    assert_int_equal(ys__chunk_screen(&k, true, &d), YS_OK);
    assert_int_equal(k.bundle_at[1], STAY);
    for (int i = 0; i < STAY; i++)
        assert_memory_equal(&k.bundles[i], &list[stay[i]], sizeof *list);
    assert_int_equal(k.mask[3], 5); /* options 0 and 2 */
    assert_true(k.adds2[2] >= 90);  /* option 2 alone */
    assert_true(k.adds2[1] >= 60);
    ys__chunk_done(&k);
}

static double ascended(uint64_t seed, int passes)
{
    fixture f;
    const ys_plan_config config = {0};
    make(&f, seed, 600, 0.3, 0, 1);
    assert_true(ys__stage_ascend(&f.s, passes, &config, 1));
    double least = f.s.least;
    drop(&f);
    return least;
}

static void test_volume(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        double least[2] = {0, 0};
        for (int threads = 1; threads <= 2; threads++) {
            fixture f;
            ys_diag d = {0};
            const ys_plan_config config = {0};
            make(&f, seed, 600, 0.3, 0, threads);
            ys__stage_pass(&f.s, f.s.x); /* zero prices */
            double nothing = f.s.dual;
            ys_draft t;
            assert_int_equal(ys__draft_init(&t, &f.s, f.s.pick, &d), YS_OK);
            ys__draft_repair(&t);
            double value = (double)ys__draft_sum(&t, 1);
            ys__draft_done(&t);
            assert_int_equal(ys__stage_volume(&f.s, NULL, value, 200, &config, 1, &d), YS_OK);
            least[threads - 1] = f.s.least;
            assert_true(f.s.least < 0.8 * nothing);
            double again = plain_pass(&f, f.s.best);
            assert_true(fabs(again - f.s.least) <= 1e-9 * again);
            memcpy(f.s.price, f.s.best, (size_t)f.p->choice.n_rows * sizeof *f.s.price);
            ys__stage_pass(&f.s, f.s.price);
            assert_int_equal(ys__draft_init(&t, &f.s, f.s.pick, &d), YS_OK);
            assert_int_equal(ys__draft_balance(&t, NULL, &d), YS_OK);
            ys__draft_polish(&t);
            double reached = (double)ys__draft_sum(&t, 1);
            ys__draft_done(&t);
            double found = f.s.least, other = ascended(seed, 200);
            assert_int_equal(ys__stage_smooth(&f.s, 0, 60, &config, 1, &d), YS_OK);
            /* no plan is worth more than a dual; a plan from prices beats one without; other methods agree */
            if (!(reached <= f.s.least && value < reached && found <= 1.02 * other &&
                  found <= 1.08 * f.s.least))
                fail_msg("volume %.0f, ascent %.0f, smooth %.0f; plans %.0f, without prices %.0f", found,
                         other, f.s.least, reached, value);
            drop(&f);
        }
        assert_true(memcmp(&least[0], &least[1], sizeof least[0]) == 0); /* the same bits */
    }
}

/* Uses add up from the choices; rows are feasible; what is fixed has not moved. */
static void test_balance(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        fixture f;
        ys_diag d = {0};
        make(&f, seed, 300, seed % 2 ? 0.15 : 0.6, seed % 3 ? 2 : 0, 1);
        const ys_plan_config config = {0};
        (void)ys__stage_ascend(&f.s, 60, &config, 1);
        ys__stage_pass(&f.s, f.s.price);
        int64_t n = f.p->choice.n_blocks;
        uint8_t *fixed = ys_calloc((size_t)n, 1);
        uint16_t *start = ys_calloc((size_t)n, sizeof *start);
        assert_true(fixed && start);
        for (int64_t i = 0; i < n; i++)
            if ((fixed[i] = i % 7 == 0) == 0)
                start[i] = f.s.pick[i];
        ys_draft t, check;
        assert_int_equal(ys__draft_init(&t, &f.s, start, &d), YS_OK);
        assert_int_equal(ys__draft_balance(&t, fixed, &d), YS_OK);
        assert_true(ys__draft_fits(&t));
        for (int64_t i = 0; i < n; i++)
            assert_true(!fixed[i] || t.choice[i] == 0);
        int64_t value = ys__draft_sum(&t, 1);
        ys__draft_polish(&t);
        assert_true(ys__draft_fits(&t) && ys__draft_sum(&t, 1) >= value);
        assert_int_equal(ys__draft_init(&check, &f.s, t.choice, &d), YS_OK);
        assert_memory_equal(check.use, t.use, (size_t)f.p->choice.n_rows * sizeof *t.use);
        assert_memory_equal(check.floor_use, t.floor_use, (size_t)f.s.n_floors * sizeof *t.floor_use);
        ys__draft_done(&check);
        ys__draft_done(&t);
        ys_free(fixed);
        ys_free(start);
        drop(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_screen_keeps_the_best),
                                       cmocka_unit_test(test_twins_go), cmocka_unit_test(test_volume),
                                       cmocka_unit_test(test_balance)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
