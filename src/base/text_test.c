/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "yaoshi/status.h"

static void widths(void **state)
{
    (void)state;
    assert_int_equal(ys_text_width("钥匙 key"), 8);
    assert_int_equal(ys_text_width("●▲■"), 3);
    assert_int_equal(ys_text_cut("钥匙 key", 3), 3);
    assert_int_equal(ys_text_cut("abc", 10), 3);
}

static void folding(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"人均 纯收入（元）", "人均纯收入"},
                                          {"ID_Number", "id number"},
                                          {"ＡＡＣ００７", "aac007"},
                                          {"与户主关系*", "与户主关系"}};
    char a[64], b[64];
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true(ys_text_fold(same[i][0], a, sizeof a) && ys_text_fold(same[i][1], b, sizeof b));
        assert_string_equal(a, b);
    }
    assert_false(ys_text_fold("toolong", a, 4));
}

static void masks(void **state)
{
    (void)state;
    char b[64];
    assert_string_equal(ys_mask_id("371702199001010013", b, sizeof b), "371702********0013");
    assert_string_equal(ys_mask_phone("13812345678", b, sizeof b), "138****5678");
    assert_string_equal(ys_mask_name("单晓红", b, sizeof b), "单**");
    assert_string_equal(ys_mask_id("12345", b, sizeof b), "*****");
}

static void formulas(void **state)
{
    (void)state;
    assert_true(ys_text_is_formula("=1+1"));
    assert_true(ys_text_is_formula("-cmd|x"));
    assert_true(ys_text_is_formula("+1+1"));
    assert_true(ys_text_is_formula("@x"));
    assert_false(ys_text_is_formula("-12.5"));
    assert_false(ys_text_is_formula("张三"));
    assert_false(ys_utf8_valid("\xff", 1));
    size_t n;
    assert_memory_equal(ys_text_trim("　 a b　", strlen("　 a b　"), &n), "a b", 3);
    assert_int_equal(n, 3);
}

static void diagnostics_are_cut_between_characters(void **state)
{
    (void)state;
    ys_diag d = {0};
    char line[2000];
    assert_int_equal(ys_fail(&d, YS_EDATA, "第%d个", "no. %d", 3), YS_EDATA);
    ys_diag_where(&d, "户.xlsx", "名册", 12, 0, "人数");
    ys_diag_value(&d, "三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三"
                      "三三三三三三三三三三三三三三三");
    ys_diag_format(&d, "zh", line, sizeof line);
    assert_true(ys_utf8_valid(line, strlen(line)));
    assert_non_null(strstr(line, "户.xlsx【名册】 第12行 “人数”列"));
    ys_diag_format(&d, "zh", line, 11);
    assert_true(ys_utf8_valid(line, strlen(line)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(widths), cmocka_unit_test(folding),
                                       cmocka_unit_test(masks), cmocka_unit_test(formulas),
                                       cmocka_unit_test(diagnostics_are_cut_between_characters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
