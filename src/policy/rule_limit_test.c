/* SPDX-License-Identifier: Apache-2.0 */
/* Limits, faults of memory, and bytes at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/rng.h"
#include "base/str.h"
#include "policy/rule_fixture.h"

static ys_status compile_status(const rule_world *w, const char *text, ys_diag *d)
{
    ys_rule *r = NULL;
    ys_status st = ys_rule_compile(w->household_env, text, &r, d);
    ys_rule_free(r);
    return st;
}

static void repeat(ys_str *s, const char *text, int n)
{
    for (int i = 0; i < n; i++)
        ys_str_puts(s, text);
}

/* before × n, middle, after × n */
static ys_status compile_repeated(const rule_world *w, const char *before, const char *middle,
                                  const char *after, int n)
{
    ys_str s = {0};
    ys_diag d = {0};
    repeat(&s, before, n);
    ys_str_puts(&s, middle);
    repeat(&s, after, n);
    ys_status st = compile_status(w, ys_str_get(&s), &d);
    if (st != YS_OK)
        assert_true(d.en[0] && d.zh[0] && d.fix_en[0]);
    ys_str_done(&s);
    return st;
}

static void test_depth(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    assert_int_equal(compile_repeated(&w, "(", "1", ")", 100000), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "(", "1", ")", 2000), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "(", "1", ")", 2000 * 1000), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "(", "1", ")", YS_LIMIT_RULE_DEPTH - 1), YS_OK);
    assert_int_equal(compile_repeated(&w, "(", "1", ")", YS_LIMIT_RULE_DEPTH), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "!", "poor", "", 4000), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "-", "1", "", 4000), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "poor?", "1", ":1", 600), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "", "1", "+1", 2000), YS_OK); /* a long chain is not deep */
    assert_int_equal(compile_repeated(&w, "", "poor", "||poor", 600), YS_OK);
    assert_int_equal(compile_repeated(&w, "abs(", "1", ")", 700), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "persons.exists(p,", "true", ")", 200), YS_ERULE);
    rule_world_done(&w);
}

static void test_steps(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    assert_int_equal(compile_repeated(&w, "", "size", "+size", 700), YS_OK);
    assert_int_equal(compile_repeated(&w, "size*", "size", "-1", 500), YS_OK);
    assert_int_equal(compile_repeated(&w, "-size*", "big", "-1+size", 400), YS_ELIMIT);
    assert_int_equal(compile_repeated(&w, "", "1", "", 1), YS_OK);
    ys_rule *r = NULL;
    assert_int_equal(
        ys_rule_compile(w.household_env, "size > 1 && size > 1 || false && area > 2.0", &r, NULL), YS_OK);
    assert_true(ys_rule_steps(r) <= 3); /* equal steps once, dead ones never */
    ys_rule_free(r);
    rule_world_done(&w);
}

static void test_frames(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    /* one list, however often it is walked, is one frame */
    assert_int_equal(compile_repeated(&w, "persons.exists(p, p.ill) || ", "true", "", 100), YS_OK);
    rule_world_done(&w);
}

/* A village whose pairs of households are more than the ceiling: refused when run, not swallowed. */
static void test_too_many_rows(void **state)
{
    (void)state;
    ys_table *village = ys_table_new("v"), *house = ys_table_new("h");
    int id = ys_table_add_column(village, "id", YS_TEXT), of = ys_table_add_column(house, "of", YS_CODE);
    assert_true(ys_table_grow(village, 3) && ys_table_grow(house, 5000));
    for (int i = 0; i < 3; i++)
        assert_true(ys_table_set_text(village, id, i, (const char *[]){"a", "b", "c"}[i]));
    for (int i = 0; i < 5000; i++)
        assert_true(ys_table_set_text(house, of, i, i < 10 ? "a" : "b"));
    ys_csr links;
    assert_int_equal(ys_csr_join(village, id, house, of, &links, NULL), YS_OK);
    ys_rule_env *ve = ys_rule_env_new(village, 2), *he = ys_rule_env_new(house, 2);
    assert_int_equal(ys_rule_env_add_list(ve, "houses", he, &links, NULL), YS_OK);
    ys_rule *r = NULL;
    ys_rule_scratch *s = ys_rule_scratch_new();
    int64_t got[3];
    assert_int_equal(ys_rule_compile(ve, "houses.sum(p, houses.count(q, q.of == p.of))", &r, NULL), YS_OK);
    assert_int_equal(ys_rule_eval_int(r, s, 0, 3, got), YS_ELIMIT);
    assert_int_equal(ys_rule_eval_int(r, s, 0, 1, got), YS_OK);
    assert_int_equal(got[0], 100);
    assert_int_equal(ys_rule_eval_int(r, s, 2, 3, got), YS_OK);
    assert_int_equal(got[0], 0);
    ys_rule_scratch_free(s);
    ys_rule_free(r);
    ys_rule_env_free(ve);
    ys_rule_env_free(he);
    ys_csr_done(&links);
    ys_table_free(village);
    ys_table_free(house);
}

/* Compile and run with the nth allocation failing, for every n: an error or a right answer, nothing leaks. */
static void test_memory(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    const char *text = "persons.exists(p, p.bills.sum(b, b.amount) > yuan(1) && cause in ['01', '02']) ? "
                       "string(size) + 'x' : village.name";
    bool finished = false;
    for (int64_t n = 1; n < 500 && !finished; n++) {
        ys_rule *r = NULL;
        ys_diag d = {0};
        ys_table *t = ys_table_new("out");
        assert_true(ys_table_grow(t, 4));
        ys_alloc_fail_from(n);
        ys_status st = ys_rule_compile(w.household_env, text, &r, &d);
        if (st == YS_OK)
            st = ys_rule_eval_column(r, t, "x", &d);
        ys_alloc_fail_from(0);
        assert_true(st == YS_OK || st == YS_ENOMEM);
        finished = st == YS_OK;
        if (finished)
            assert_string_equal(ys_table_get_text(t, 0, 0), "2x");
        ys_rule_free(r);
        ys_table_free(t);
    }
    assert_true(finished);
    rule_world_done(&w);
}

/* Random strings of the language's own pieces: most fail, none may crash, and what compiles also runs. */
static void test_pieces(void **state)
{
    (void)state;
    static const char *const PIECES[] = {
        "size",       "income",  "area",      "poor", "cause",   "remark", "since",
        "persons",    "village", "p",         "q",    ".",       ".age",   ".wage",
        ".exists(p,", ".sum(p,", ".count(q,", "(",    ")",       "[",      "]",
        ",",          "&&",      "||",        "!",    "==",      "<",      ">=",
        "+",          "-",       "*",         "/",    "%",       "?",      ":",
        " in ",       "1",       "0",         "2.5",  "'01'",    "\"x\"",  "has(",
        "yuan(",      "min(",    "string(",   "int(", "double(", "size(",  "date('2016-01-01')",
        "years(",     "true",    "false",     "today"};
    const int64_t count = sizeof PIECES / sizeof *PIECES;
    rule_world w;
    rule_world_init(&w);
    int compiled = 0;
    for (uint64_t round = 0; round < 20000; round++) {
        ys_rng rng;
        ys_rng_init(&rng, 99, round);
        ys_str s = {0};
        for (int64_t i = 0, n = 1 + ys_rng_below(&rng, 7); i < n; i++)
            ys_str_puts(&s, PIECES[ys_rng_below(&rng, count)]);
        char got[1100];
        rule_world_eval(w.household_env, w.household, ys_str_get(&s), got, sizeof got);
        compiled += got[0] != '!';
        ys_str_done(&s);
    }
    assert_true(compiled > 300);
    rule_world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth),  cmocka_unit_test(test_steps),         cmocka_unit_test(test_frames),
        cmocka_unit_test(test_memory), cmocka_unit_test(test_too_many_rows), cmocka_unit_test(test_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
