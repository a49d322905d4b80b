/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/grid.h"

static ys_grid *sample(void)
{
    ys_grid *g = ys_grid_new();
    ys_grid_column(g, "县", YS_LEFT);
    ys_grid_column(g, "n", YS_RIGHT);
    ys_grid_put(g, "曹县很长很长的名字");
    ys_grid_putf(g, "%d", 12);
    ys_grid_rule(g);
    ys_grid_put(g, "ab");
    ys_grid_put(g, "=1+1");
    return g;
}

static void wide_characters_take_two_cells(void **state)
{
    (void)state;
    ys_grid *g = sample();
    ys_str s = {0};
    assert_true(ys_grid_print(g, ys_out_str(&s), 0));
    assert_string_equal(s.data, "县                     n\n"
                                "──────────────────  ────\n"
                                "曹县很长很长的名字    12\n"
                                "──────────────────  ────\n"
                                "ab                  =1+1\n");
    ys_str_clear(&s);
    assert_true(ys_grid_print(g, ys_out_str(&s), 16));
    assert_non_null(strstr(s.data, "曹县很长…     12\n"));
    ys_str_clear(&s);
    assert_true(ys_grid_csv(g, ys_out_str(&s)));
    assert_string_equal(s.data, "县,n\n曹县很长很长的名字,12\nab,'=1+1\n");
    ys_str_done(&s);
    ys_grid_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wide_characters_take_two_cells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
