/* SPDX-License-Identifier: Apache-2.0 */
/* The solver on the laboratory's instances, against the LP optima of planner.md section 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <zlib.h>

#include "base/alloc.h"
#include "plan/pab.h"

typedef struct instance {
    const char *name;
    double lp, gap; /* LP optimum; largest gap we accept */
} instance;

/* Bytes of a gzip file, freed with ys_free; NULL: not there. */
static void *unpack(const char *path, size_t *ret_size)
{
    gzFile f = gzopen(path, "rb");
    char *data = NULL;
    size_t cap = 0, n = 0;
    if (f == NULL)
        return NULL;
    for (;;) {
        if (!ys_grow(&data, &cap, n + 65536, 1))
            break;
        int got = gzread(f, data + n, 65536);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    gzclose(f);
    *ret_size = n;
    return data;
}

static void test_instances(void **state)
{
    (void)state;
    static const instance list[] = {{"p1000", 46908909.11, 0.1},    {"h1000", 42180797.858, 0.1},
                                    {"p10000", 459853523.71, 0.03}, {"h10000", 419500713.47, 0.03},
                                    {"s10000", 452085509.87, 0.05}, {"t10000", 254961136.36, 0.05},
                                    {"d10000", 263646430.41, 0.1}};
    const char *shared = getenv("YAOSHI_SHARED");
    int found = 0;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        char path[1024];
        size_t size = 0;
        snprintf(path, sizeof path, "%s/data/optim/plan/%s.pab.gz", shared != NULL ? shared : "../shared",
                 list[i].name);
        void *bytes = unpack(path, &size);
        if (bytes == NULL)
            continue;
        found++;
        ys_choice c;
        ys_diag d = {0};
        ys_plan_result *r = NULL;
        assert_int_equal(ys__pab_read(bytes, size, &c, &d), YS_OK);
        assert_int_equal(ys__choice_solve(&c, 1000, &(ys_plan_config){.threads = 1}, NULL, &r, &d), YS_OK);
        const ys_plan_tier *t = &r->tier[1];
        print_message("%-7s value %lld, bound %lld, LP %.2f, gap %.4f %%\n", list[i].name,
                      (long long)t->value, (long long)t->bound, list[i].lp, 100 * t->gap);
        assert_true((double)t->value <= list[i].lp);
        assert_true((double)t->bound >= floor(list[i].lp)); /* the optimum of the dual is that of the LP */
        assert_true(100 * t->gap < list[i].gap);
        ys_plan_result_free(r);
        ys__choice_done(&c);
        ys_free(bytes);
    }
    if (found == 0) {
        print_message("skipped: no instances (set YAOSHI_SHARED)\n");
        skip();
    }
}

static void test_damaged(void **state)
{
    (void)state;
    static const unsigned char junk[64] = {0x50, 0x41, 0x42, 0x32, 1, [16] = 1}; /* 72 bytes would be whole */
    ys_choice c;
    ys_diag d = {0};
    for (size_t n = 0; n <= sizeof junk; n++)
        assert_int_equal(ys__pab_read(junk, n, &c, &d), YS_EDATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_instances), cmocka_unit_test(test_damaged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
