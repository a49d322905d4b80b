/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "yaoshi/table.h"

static void missing_zero_and_not_asked_differ(void **state)
{
    (void)state;
    ys_table *t = ys_table_new("t");
    int i = ys_table_add_column(t, "i", YS_INT), r = ys_table_add_column(t, "r", YS_REAL);
    int c = ys_table_add_column(t, "c", YS_CODE), x = ys_table_add_column(t, "x", YS_TEXT);
    assert_int_equal(ys_table_add_column(t, "i", YS_INT), -1);
    assert_true(ys_table_grow(t, 3));
    ys_table_set_int(t, i, 0, 0);
    ys_table_set_int(t, i, 1, YS_NOT_ASKED);
    ys_table_set_real(t, r, 1, ys_real_not_asked());
    ys_table_set_text(t, c, 0, "01");
    ys_table_set_text(t, c, 1, YS_TEXT_NOT_ASKED);
    ys_table_set_text(t, x, 1, YS_TEXT_NOT_ASKED);
    ys_table_set_text(t, x, 0, "钥匙");
    assert_false(ys_table_missing(t, i, 0));
    assert_true(ys_table_missing(t, i, 1) && ys_table_missing(t, i, 2));
    assert_int_equal(ys_table_get_int(t, i, 1), YS_NOT_ASKED);
    assert_true(isnan(ys_table_reals(t, r)[1]) && ys_real_is_not_asked(ys_table_reals(t, r)[1]));
    assert_false(ys_real_is_not_asked(ys_table_reals(t, r)[2]));
    assert_int_equal(ys_table_codes(t, c)[1], YS_CODE_NOT_ASKED);
    assert_int_equal(ys_table_codes(t, c)[2], YS_CODE_NA);
    assert_null(ys_table_get_text(t, x, 1));
    assert_string_equal(ys_table_get_text(t, x, 0), "钥匙");
    int late = ys_table_add_column(t, "late", YS_MONEY);
    assert_int_equal(ys_table_get_int(t, late, 2), YS_NA);
    assert_int_equal((uintptr_t)ys_table_ints(t, late) % 64, 0);
    assert_true(ys_table_grow(t, 1000));
    assert_string_equal(ys_table_get_text(t, c, 0), "01");
    assert_true(ys_table_missing(t, c, 1002));
    assert_false(ys_table_set_int(t, x, 0, 1));
    ys_table_free(t);
}

static ys_table *keyed(const char *name, const char *const *keys, int n, ys_type type)
{
    ys_table *t = ys_table_new(name);
    int c = ys_table_add_column(t, "k", type);
    ys_table_grow(t, n);
    for (int i = 0; i < n; i++)
        ys_table_set_text(t, c, i, keys[i]);
    return t;
}

static void children_hang_under_their_parents(void **state)
{
    (void)state;
    const char *parents[] = {"A", "B", "C"}, *children[] = {"C", "A", "A", "X", NULL, "C"};
    ys_table *p = keyed("p", parents, 3, YS_TEXT), *k = keyed("k", children, 6, YS_CODE);
    ys_csr c;
    ys_diag d = {0};
    assert_int_equal(ys_csr_join(p, 0, k, 0, &c, &d), YS_OK);
    int64_t start[] = {0, 2, 2, 4};
    int32_t item[] = {1, 2, 0, 5};
    assert_memory_equal(c.start, start, sizeof start);
    assert_memory_equal(c.item, item, sizeof item);
    assert_int_equal(c.orphans, 2);
    ys_csr_done(&c);
    const char *twice[] = {"A", "A"};
    ys_table *bad = keyed("bad", twice, 2, YS_TEXT);
    assert_int_equal(ys_csr_join(bad, 0, k, 0, &c, &d), YS_ECONFLICT);
    ys_table_free(bad);
    ys_table_free(p);
    ys_table_free(k);
}

static void a_failed_growth_changes_nothing(void **state)
{
    (void)state;
    ys_table *t = ys_table_new("t");
    int a = ys_table_add_column(t, "a", YS_INT), b = ys_table_add_column(t, "b", YS_TEXT);
    assert_true(ys_table_grow(t, 5));
    ys_table_set_int(t, a, 4, 42);
    ys_table_set_text(t, b, 4, "x");
    for (int64_t n = 1; n <= 3; n++) {
        ys_alloc_fail_from(n);
        assert_false(ys_table_grow(t, 100000));
        ys_alloc_fail_from(0);
        assert_int_equal(ys_table_rows(t), 5);
        assert_int_equal(ys_table_get_int(t, a, 4), 42);
    }
    assert_true(ys_table_grow(t, 100000));
    assert_string_equal(ys_table_get_text(t, b, 4), "x");
    ys_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(missing_zero_and_not_asked_differ),
                                       cmocka_unit_test(children_hang_under_their_parents),
                                       cmocka_unit_test(a_failed_growth_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
