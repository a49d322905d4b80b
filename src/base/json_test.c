/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"

static void writes_what_was_said(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_json j;
    ys_json_init(&j, ys_out_str(&s), false);
    ys_json_object(&j, NULL);
    ys_json_text(&j, "name", "菏\"泽\n\x01\xff");
    ys_json_real(&j, "h", 0.1144401292);
    ys_json_real(&j, "nan", 0.0 / 0.0);
    ys_json_money(&j, "fen", -150, 2);
    ys_json_array(&j, "list");
    ys_json_int(&j, NULL, 1);
    ys_json_bool(&j, NULL, true);
    ys_json_null(&j, NULL);
    ys_json_end(&j);
    ys_json_end(&j);
    assert_true(ys_json_finish(&j));
    assert_string_equal(
        s.data, "{\"name\":\"菏\\\"泽\\n\\u0001\xef\xbf\xbd\",\"h\":0.1144401292,\"nan\":null,\"fen\":-1.50,"
                "\"list\":[1,true,null]}");
    ys_str_done(&s);
}

static void misuse_is_noticed(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_json j;
    ys_json_init(&j, ys_out_str(&s), true);
    ys_json_object(&j, NULL);
    ys_json_int(&j, NULL, 1); /* no key */
    ys_json_end(&j);
    assert_false(ys_json_finish(&j));
    ys_json_init(&j, ys_out_str(&s), true);
    ys_json_array(&j, NULL);
    assert_false(ys_json_finish(&j)); /* not closed */
    ys_json_init(&j, ys_out_str(&s), true);
    for (int i = 0; i <= YS_JSON_DEPTH; i++)
        ys_json_array(&j, NULL);
    assert_true(j.failed);
    ys_str_done(&s);
    ys_str x = {0};
    assert_true(ys_out_xml(ys_out_str(&x), "<a&\"\x02>"));
    assert_string_equal(x.data, "&lt;a&amp;&quot;\xef\xbf\xbd&gt;");
    ys_str_done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_what_was_said),
                                       cmocka_unit_test(misuse_is_noticed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
