/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/num.h"
#include "registry/registry_fixture.h"

static ys_pack *pack;

static int load(void **state)
{
    (void)state;
    char path[1024];
    const char *root = getenv("YAOSHI_SOURCE");
    snprintf(path, sizeof path, "%s/packs/cn-2016", root != NULL ? root : ".");
    return ys_pack_load(path, &pack, NULL) == YS_OK ? 0 : 1;
}

static int unload(void **state)
{
    (void)state;
    ys_pack_free(pack);
    return 0;
}

static ys_status parse(const char *kind, const char *field, const char *text, char *buf, ys_cell *cell,
                       ys_diag *d)
{
    const ys_kind *k = ys_pack_kind(pack, kind);
    int f = ys_kind_field(k, field);
    assert_true(f >= 0);
    return ys_cell_parse(pack, &k->fields[f], text, buf, 64, cell, d);
}

/* What is wrong is refused with a word of why, and a way to mend it or the range. */
static void test_wrong_values(void **state)
{
    static const struct {
        const char *kind, *field, *text, *why;
    } rows[] = {
        {"person", "birth_date", "2016年2月30日", "not a date that exists"},
        {"person", "birth_date", "2015-02-29", "not a date that exists"},
        {"person", "birth_date", "2016-13-01", "not a date that exists"},
        {"person", "birth_date", "42611", "not a date that exists"},
        {"person", "wage", "-1", "outside the allowed range"},
        {"person", "wage", "12.345", "no finer than the minor unit"},
        {"person", "wage", "abc", "an amount is wanted"},
        {"person", "wage", "99999999999999999999", "an amount is wanted"},
        {"person", "months_worked", "13", "outside the allowed range"},
        {"person", "months_worked", "nan", "a number is wanted"},
        {"person", "months_worked", "1e999", "a number is wanted"},
        {"person", "vehicles", "1.5", "a whole number is wanted"},
        {"person", "vehicles", "二", "a whole number is wanted"},
        {"person", "dead", "maybe", "yes or no is wanted"},
        {"person", "sex", "第三", "not in code list sex"},
        {"household", "cause_main", "77", "not in code list"},
        {"person", "id_number", "3.71702E+17", ""},
        {"person", "id_number", "371702198001010000", ""},
        {"person", "phone", "1.38E+10", ""},
        {"person", "person", "#N/A", ""},
        {"person", "person", "######", ""},
        {"household", "area", "371702001001.0", ""},
        {"household", "household", "'0123", ""},
        {"household", "household", "#NA", "a required field cannot be missing"},
        {"household", "household", "#未问", "a required field cannot be missing"},
        {"area", "name", "#NA", "a required field cannot be missing"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char buf[64];
        ys_cell cell = {.i = 77};
        ys_diag d = {0};
        ys_status st = parse(rows[i].kind, rows[i].field, rows[i].text, buf, &cell, &d);
        if (st != YS_EDATA || strstr(d.en, rows[i].why) == NULL || d.zh[0] == '\0')
            fail_msg("%s «%s»: %s: %s", rows[i].field, rows[i].text, ys_status_name(st), d.en);
        assert_int_equal(cell.i, 77); /* untouched */
    }
}

static void test_too_long(void **state)
{
    (void)state;
    char buf[64], text[200];
    ys_cell cell;
    ys_diag d = {0};
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(parse("person", "name", text, buf, &cell, &d), YS_EDATA);
    assert_non_null(strstr(d.en, "too long"));
}

static void test_missing_is_three_things(void **state)
{
    static const struct {
        const char *text;
        ys_cell_state want;
    } rows[] = {{"", YS_CELL_BLANK},
                {"  \t", YS_CELL_BLANK},
                {"　", YS_CELL_BLANK},
                {"#NA", YS_CELL_NA},
                {" #NA ", YS_CELL_NA},
                {"#未问", YS_CELL_NOT_ASKED},
                {"#notasked", YS_CELL_NOT_ASKED},
                {"0", YS_CELL_VALUE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char buf[64];
        ys_cell cell = {0};
        assert_int_equal(parse("person", "wage", rows[i].text, buf, &cell, NULL), YS_OK);
        assert_int_equal(cell.state, rows[i].want);
    }
}

static void test_masked(void **state)
{
    static const struct {
        const char *kind, *field, *text;
        ys_cell_state want;
    } rows[] = {
        {"person", "id_number", "371702********0013", YS_CELL_MASKED},
        {"person", "phone", "***", YS_CELL_MASKED},
        {"person", "name", " 张* ", YS_CELL_MASKED},
        {"person", "name", "张＊", YS_CELL_MASKED},
        {"household", "hamlet_name", "*", YS_CELL_VALUE}, /* not personal */
    };
    (void)state;
    char buf[64];
    ys_cell cell = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(parse(rows[i].kind, rows[i].field, rows[i].text, buf, &cell, NULL), YS_OK);
        assert_int_equal(cell.state, rows[i].want);
    }
    assert_string_equal(cell.t, "*");
    /* A mask of a key does not say which record is meant. */
    ys_field key = {.name = "id",
                    .type = YS_TEXT,
                    .key = true,
                    .sensitivity = YS_SENS_ID,
                    .codes = "",
                    .ref = "",
                    .label_zh = "",
                    .label_en = ""};
    ys_diag d = {0};
    assert_int_equal(ys_cell_parse(pack, &key, "3717****0013", buf, sizeof buf, &cell, &d), YS_EDATA);
    assert_non_null(strstr(d.fix_en, "--unmask"));
}

static void test_values(void **state)
{
    static const struct {
        const char *kind, *field, *text;
        int64_t want;
    } rows[] = {
        {"person", "wage", "1,234.5", 123450}, {"person", "wage", "1.2万元", 1200000},
        {"person", "wage", "０", 0},           {"person", "vehicles", " 2 ", 2},
        {"person", "dead", "是", 1},           {"person", "dead", "0", 0},
        {"income", "amount", "-50", -5000},
    };
    char buf[64];
    ys_cell cell;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(parse(rows[i].kind, rows[i].field, rows[i].text, buf, &cell, NULL), YS_OK);
        assert_int_equal(cell.state, YS_CELL_VALUE);
        assert_int_equal(cell.i, rows[i].want);
    }
    assert_int_equal(parse("person", "birth_date", "1980年1月2日", buf, &cell, NULL), YS_OK);
    assert_int_equal(cell.i, ys_date_from(1980, 1, 2));
    assert_int_equal(parse("person", "months_worked", "2.5", buf, &cell, NULL), YS_OK);
    assert_true(cell.r == 2.5);
    /* A code comes by code, label in either language, or synonym; what is kept is the code. */
    static const char *const ways[] = {"01", "因病", "Illness", "因病致贫", " 01 "};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        assert_int_equal(parse("household", "cause_main", ways[i], buf, &cell, NULL), YS_OK);
        assert_string_equal(cell.t, "01");
    }
    assert_int_equal(parse("person", "id_number", "37170219800101001X", buf, &cell, NULL), YS_OK);
    assert_string_equal(cell.t, "37170219800101001X");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_values),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_missing_is_three_things),
        cmocka_unit_test(test_masked),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
