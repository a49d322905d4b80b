/* SPDX-License-Identifier: Apache-2.0 */
/* Two cores on one problem: the general core of plan/ and the additive one of optim/ must agree within their gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/bytes.h"
#include "base/alloc.h"
#include "optim/test_problem.h"
#include "plan/pab.h"

static void both(const char *name, const void *bytes, size_t size)
{
    ys_additive p;
    ys_additive_result *fast = NULL;
    ys_choice c;
    ys_plan_result *general = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_pab_read(bytes, size, &p, &d), YS_OK);
    assert_int_equal(ys_additive_solve(&p, &(ys_optim_config){.threads = 1}, &fast, &d), YS_OK);
    assert_int_equal(ys__pab_read(bytes, size, &c, &d), YS_OK);
    assert_int_equal(ys__choice_solve(&c, 1000, &(ys_plan_config){.threads = 1}, NULL, &general, &d), YS_OK);
    const ys_plan_tier *t = &general->tier[1];
    print_message("%s: additive %lld of %lld, general %lld of %lld\n", name, (long long)fast->value,
                  (long long)fast->bound, (long long)t->value, (long long)t->bound);
    assert_true(fast->value <= t->bound);
    assert_true(t->value <= fast->bound);
    assert_true((double)(fast->bound - t->value) <= 0.01 * (double)fast->bound);
    assert_true((double)(t->bound - fast->value) <= 0.01 * (double)t->bound);
    ys_additive_result_free(fast);
    ys_plan_result_free(general);
    ys__choice_done(&c);
}

static void test_random(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        ys_test_shape s = {.households = 700,
                           .funds = 4,
                           .rows = 20,
                           .options = 8,
                           .groups = 4,
                           .value = 5000,
                           .cost = 9000,
                           .weight = 8,
                           .tight = 0.1 + 0.05 * (double)seed};
        size_t size;
        void *bytes = ys__test_problem(&s, seed, &size);
        both("random", bytes, size);
        ys_free(bytes);
    }
}

static void test_published(void **state)
{
    (void)state;
    static const char *const name[] = {"p1000", "h1000", "t10000"};
    const char *shared = getenv("YAOSHI_SHARED");
    for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
        char path[1024];
        ys_bytes b;
        ys_diag d = {0};
        snprintf(path, sizeof path, "%s/data/optim/plan/%s.pab.gz", shared != NULL ? shared : "../shared",
                 name[k]);
        if (ys_bytes_open(path, &b, &d) != YS_OK) {
            print_message("skipped: no instances (set YAOSHI_SHARED)\n");
            skip();
        }
        both(name[k], b.data, b.size);
        ys_bytes_close(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
