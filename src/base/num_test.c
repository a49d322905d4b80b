/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/num.h"
#include "base/rng.h"

static void money(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t fen; /* -1: refused */
    } cases[] = {{"30844.4", 3084440},
                 {"6,168.88", 616888},
                 {"￥1,234.50元", 123450},
                 {"1.2万元", 1200000},
                 {"-5", -500},
                 {"０１２．５", 1250},
                 {" 7 ", 700},
                 {"0.1亿", 1000000000},
                 {"12.340", 1234},
                 {"12.345", -1},
                 {"1,23", -1},
                 {"", -1},
                 {"abc", -1},
                 {"1e3", -1},
                 {"99999999999999999999", -1},
                 {"1.2.3", -1},
                 {".", -1},
                 {"元", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t v = 77;
        bool ok = ys_parse_money(cases[i].text, 2, &v);
        if (cases[i].fen == -1) {
            assert_false(ok);
            assert_int_equal(v, 77);
        } else {
            assert_true(ok);
            assert_int_equal(v, cases[i].fen);
        }
    }
    char buf[40];
    assert_string_equal(ys_format_money_grouped(-123456789, 2, buf, sizeof buf), "-1,234,567.89");
    assert_string_equal(ys_format_money(5, 2, buf, sizeof buf), "0.05");
    assert_string_equal(ys_format_money(INT64_MIN, 2, buf, sizeof buf), "-92233720368547758.08");
}

static void dates(void **state)
{
    (void)state;
    static const char *const good[] = {"2016-08-27", "2016/8/27",      "20160827",           "2016年8月27日",
                                       "2016.08.27", "２０１６-08-27", "2016-08-27 00:00:00"};
    int32_t d;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(ys_parse_date(good[i], &d));
        assert_int_equal(d, 17040);
    }
    static const char *const bad[] = {"2016-02-30", "2月30日", "2015-02-29", "2016-13-01",
                                      "16-1-1",     "2016-8",  "x",          ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(ys_parse_date(bad[i], &d));
    for (int32_t k = -800000; k < 800000; k += 37) {
        int y, m, day;
        ys_date_to(k, &y, &m, &day);
        assert_int_equal(ys_date_from(y, m, day), k);
    }
    assert_int_equal(ys_years_between(ys_date_from(2000, 2, 29), ys_date_from(2016, 2, 28)), 15);
    assert_int_equal(ys_years_between(ys_date_from(2000, 2, 29), ys_date_from(2016, 2, 29)), 16);
}

static void reals_round_trip(void **state)
{
    (void)state;
    ys_rng r;
    ys_rng_init(&r, 1, 2);
    for (int i = 0; i < 20000; i++) {
        double v = (ys_rng_uniform(&r) - 0.5) * (double)(ys_rng_next(&r) % 1000000007), back;
        char buf[40];
        assert_true(ys_parse_real(ys_format_real(v, buf, sizeof buf), &back));
        assert_true(back == v);
    }
    double v;
    assert_false(ys_parse_real("nan", &v));
    assert_false(ys_parse_real("0x10", &v));
    assert_false(ys_parse_real("1e999", &v));
    assert_true(ys_parse_real(" .5 ", &v) && v == 0.5);
}

static void integers(void **state)
{
    (void)state;
    int64_t v;
    assert_true(ys_parse_int("-9223372036854775808", &v) && v == INT64_MIN);
    assert_false(ys_parse_int("9223372036854775808", &v));
    assert_true(ys_parse_int("3.0", &v) && v == 3);
    assert_false(ys_parse_int("3.5", &v));
    bool b;
    assert_true(ys_parse_bool("是", &b) && b);
    assert_true(ys_parse_bool("NO", &b) && !b);
    assert_false(ys_parse_bool("2", &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(money), cmocka_unit_test(dates),
                                       cmocka_unit_test(reals_round_trip), cmocka_unit_test(integers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
