/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

static void keeps_order_and_finds_all(void **state)
{
    (void)state;
    ys_map *m = ys_map_new(0);
    char key[32];
    bool fresh;
    for (int i = 0; i < 50000; i++) {
        snprintf(key, sizeof key, "k%d", i * 7);
        assert_int_equal(ys_map_put(m, key, i, &fresh), i);
        assert_true(fresh);
    }
    assert_int_equal(ys_map_put(m, "k7", 99, &fresh), 1);
    assert_false(fresh);
    assert_int_equal(ys_map_get(m, "k7", -5), 1);
    assert_int_equal(ys_map_get(m, "absent", -5), -5);
    assert_string_equal(ys_map_key(m, 3), "k21");
    ys_map_free(m);
}

/* Every allocation fails in turn; nothing leaks or breaks (the sanitizer watches). */
static void survives_short_memory(void **state)
{
    (void)state;
    for (int64_t n = 1; n < 60; n++) {
        ys_alloc_fail_from(n);
        ys_map *m = ys_map_new(0);
        int64_t stored = 0;
        for (int i = 0; m != NULL && i < 2000; i++) {
            char key[32];
            snprintf(key, sizeof key, "%d", i);
            if (ys_map_put(m, key, i, NULL) < 0)
                break;
            stored++;
        }
        ys_alloc_fail_from(0);
        if (m != NULL)
            assert_int_equal(ys_map_count(m), stored);
        ys_map_free(m);
    }
}

static void strings_stop_at_their_ceiling(void **state)
{
    (void)state;
    ys_str s = {.limit = 10};
    assert_true(ys_str_puts(&s, "0123456789"));
    assert_false(ys_str_putc(&s, 'x'));
    assert_true(s.failed);
    assert_string_equal(ys_str_get(&s), "0123456789");
    ys_str_done(&s);
    ys_arena *a = ys_arena_new(100000);
    assert_null(ys_arena_alloc(a, 1000000, 1));
    assert_null(ys_arena_alloc(a, SIZE_MAX / 2, 4));
    assert_string_equal(ys_arena_printf(a, "%s-%d", "x", 5), "x-5");
    ys_arena_clear(a);
    assert_string_equal(ys_arena_strdup(a, "y"), "y");
    ys_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_order_and_finds_all),
                                       cmocka_unit_test(survives_short_memory),
                                       cmocka_unit_test(strings_stop_at_their_ceiling)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
