/* SPDX-License-Identifier: Apache-2.0 */
/* The published instances: LP optima of planner.md 6, best known assignments, optima of Khan's knapsacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "yaoshi/optim.h"

/* A file below shared/data/optim, unpacked, for ys_free; NULL: not there. */
static char *load(const char *name, size_t *ret_size)
{
    char path[1024], *data = NULL;
    size_t cap = 0, n = 0;
    const char *shared = getenv("YAOSHI_SHARED");
    snprintf(path, sizeof path, "%s/data/optim/%s", shared != NULL ? shared : "../shared", name);
    gzFile f = gzopen(path, "rb");
    if (f == NULL)
        return NULL;
    for (int got = 1; got > 0 && ys_grow(&data, &cap, n + 65536, 1); n += got > 0 ? (size_t)got : 0)
        got = gzread(f, data + n, 65536);
    gzclose(f);
    *ret_size = n;
    return data;
}

static void absent(void)
{
    print_message("skipped: no instances (set YAOSHI_SHARED)\n");
    skip();
}

static void test_plans(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double lp, gap; /* optimum of the relaxation; largest gap in percent */
    } list[] = {{"p1000", 46908909.11, 0.04},   {"h1000", 42180797.858, 0.05},
                {"p10000", 459853523.71, 0.02}, {"h10000", 419500713.47, 0.02},
                {"s10000", 452085509.87, 0.02}, {"t10000", 254961136.36, 0.03},
                {"d10000", 263646430.41, 0.05}};
    for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
        char name[64];
        size_t size = 0;
        snprintf(name, sizeof name, "plan/%s.pab.gz", list[k].name);
        char *bytes = load(name, &size);
        if (bytes == NULL)
            absent();
        ys_additive p;
        ys_additive_result *r = NULL;
        ys_diag d = {0};
        assert_int_equal(ys_pab_read(bytes, size, &p, &d), YS_OK);
        assert_int_equal(ys_additive_solve(&p, &(ys_optim_config){.threads = 2}, &r, &d), YS_OK);
        print_message("%-7s value %lld, bound %lld, LP %.2f, gap %.4f %%\n", list[k].name,
                      (long long)r->value, (long long)r->bound, list[k].lp, 100 * r->gap);
        assert_int_equal(ys_additive_check(&p, r, &d), YS_OK);
        assert_true((double)r->bound >= list[k].lp);
        assert_true((double)r->bound <= list[k].lp * 1.00001);
        assert_true(100 * r->gap <= list[k].gap);
        ys_additive_result_free(r);
        ys_free(bytes);
    }
}

static void test_knapsacks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t optimum; /* in hundredths */
    } list[] = {{"mmkp/I01", 17300},  {"mmkp/I02", 36400},  {"mmkp/I03", 160200},
                {"mmkp/I04", 359700}, {"mmkp/I05", 390570}, {"mmkp/I06", 479930}};
    for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
        size_t size = 0;
        char *text = load(list[k].name, &size);
        if (text == NULL)
            absent();
        ys_mmkp p;
        ys_choice_result c;
        ys_diag d = {0};
        assert_int_equal(ys_mmkp_read(text, size, &p, &d), YS_OK);
        assert_int_equal(ys_mmkp_solve(&p, &(ys_optim_config){0}, &c, &d), YS_OK);
        print_message("%s value %lld, bound %lld\n", list[k].name, (long long)c.value, (long long)c.bound);
        assert_int_equal(c.value, list[k].optimum);
        assert_true(c.bound >= c.value);
        ys_choice_result_done(&c);
        ys_mmkp_free(&p);
        ys_free(text);
    }
}

/* One assignment of data.csv: "path,…,bound,optimum,best"; returns the gap to the best known. */
static double one_assignment(const char *path, int64_t best)
{
    char name[128];
    size_t size = 0;
    int count = 0;
    snprintf(name, sizeof name, "gap/%s", path);
    char *text = load(name, &size);
    ys_gap *list = NULL;
    ys_choice_result c;
    ys_diag d = {0};
    assert_non_null(text);
    assert_int_equal(ys_gap_read(text, size, &list, &count, &d), YS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(ys_gap_solve(list, &(ys_optim_config){0}, &c, &d), YS_OK);
    assert_true(c.feasible);
    assert_true(c.bound <= best);
    assert_true(c.value >= best);
    double over = (double)(c.value - best) / (double)best;
    if (c.value != best)
        print_message("%s: %lld, best known %lld, bound %lld\n", path, (long long)c.value, (long long)best,
                      (long long)c.bound);
    ys_choice_result_done(&c);
    ys_gap_free(list, count);
    ys_free(text);
    return over;
}

static void test_assignments(void **state)
{
    (void)state;
    size_t size = 0;
    char *csv = load("gap/data.csv", &size);
    int done = 0;
    if (csv == NULL)
        absent();
    for (char *line = csv, *end; (end = memchr(line, '\n', size - (size_t)(line - csv))) != NULL;
         line = end + 1) {
        *end = '\0';
        char *comma = strchr(line, ','), *last = strrchr(line, ',');
        bool small = strncmp(line, "cattrysse1994/", 14) == 0, large = strncmp(line, "chu1997/", 8) == 0;
        if ((!small && !large) || comma == NULL)
            continue;
        *comma = '\0';
        double over = one_assignment(line, strtoll(last + 1, NULL, 10));
        assert_true(over <= (line[8] == 'd' && large ? 0.01 : small ? 0 : 0.002));
        done++;
    }
    assert_int_equal(done, 84);
    ys_free(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plans), cmocka_unit_test(test_knapsacks),
                                       cmocka_unit_test(test_assignments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
