/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/binding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "io/xlsx_fixture.h"
#include "registry/registry_fixture.h"

static office o;

static int open_office(void **state)
{
    (void)state;
    office_open(&o, "cn-2016");
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    office_close(&o);
    return 0;
}

static ys_sheet_plan plan(const char *name, const char *text, ys_bind_how how)
{
    ys_sheet_plan p = {0};
    ys_diag d = {0};
    if (text != NULL)
        office_write(&o, name, text);
    if (ys_sheet_plan_make(office_path(&o, name), "", o.pack, &how, &p, &d) != YS_OK)
        fail_msg("%s: %s %s", name, d.column, d.en);
    return p;
}

/* Header -> field of the i-th binding, as JSON. */
static void expect_map(const ys_sheet_plan *p, int i, const char *json)
{
    char *map = ys_binding_json(&p->bindings[i], (const char *const *)p->headers, p->header_count);
    assert_string_equal(map, json);
    ys_free(map);
}

static void test_field_names(void **state)
{
    (void)state;
    ys_sheet_plan p =
        plan("households.csv", "household,area,frame,nonsense\nH1,1,register,x\n", (ys_bind_how){0});
    assert_int_equal(p.count, 1);
    assert_string_equal(p.bindings[0].kind->name, "household");
    assert_int_equal(p.header_row, 1);
    expect_map(&p, 0, "{\"household\":\"household\",\"area\":\"area\",\"frame\":\"frame\"}");
    assert_int_equal(p.ignored_count, 1);
    assert_string_equal(p.ignored[0], "nonsense");
    ys_sheet_plan_done(&p);
}

/* Chinese labels, official codes and synonyms, under two rows of titles; the kind is found from the headers. */
static void test_chinese_under_titles(void **state)
{
    (void)state;
    ys_sheet_plan p =
        plan("导出.csv",
             "贫困户信息表\n单位：元\n户编号,行政村代码,致贫原因1,有效灌溉面积,人数（人）\nH1,1,01,2,3\n",
             (ys_bind_how){0});
    assert_string_equal(p.bindings[0].kind->name, "household");
    assert_int_equal(p.header_row, 3);
    expect_map(&p, 0,
               "{\"household\":\"户编号\",\"area\":\"行政村代码\",\"cause_main\":\"致贫原因1\","
               "\"irrigated_mu\":\"有效灌溉面积\",\"size_declared\":\"人数（人）\"}");
    ys_sheet_plan_done(&p);
}

/* The same field twice: the first column stands, the second is told. */
static void test_twice(void **state)
{
    (void)state;
    ys_sheet_plan p = plan("a.csv", "户编号,AAC001,area\nH1,H2,1\n", (ys_bind_how){.kind = "household"});
    expect_map(&p, 0, "{\"household\":\"户编号\",\"area\":\"area\"}");
    assert_string_equal(p.ignored[0], "AAC001");
    ys_sheet_plan_done(&p);
}

/* Headers merged over two rows and over columns, as forms have them. */
static void test_merged(void **state)
{
    static const char sheet[] =
        "<sheetData>"
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>贫困户花名册</t></is></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>户编号</t></is></c><c r=\"B2\" "
        "t=\"inlineStr\"><is><t>住址</t></is></c></row>"
        "<row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>行政村代码</t></is></c><c r=\"C3\" "
        "t=\"inlineStr\"><is><t>自然村</t></is></c></row>"
        "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>H1</t></is></c><c r=\"C4\" "
        "t=\"inlineStr\"><is><t>前街</t></is></c></row>"
        "</sheetData><mergeCells count=\"3\"><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A2:A3\"/><mergeCell "
        "ref=\"B2:C2\"/>"
        "</mergeCells>";
    (void)state;
    size_t n;
    void *bytes = fixture_book(&(fixture){.sheet = sheet}, &n);
    FILE *f = fopen(office_path(&o, "表.xlsx"), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    ys_free(bytes);
    ys_sheet_plan p = {0};
    ys_diag d = {0};
    if (ys_sheet_plan_make(office_path(&o, "表.xlsx"), "表1", o.pack, &(ys_bind_how){0}, &p, &d) != YS_OK)
        fail_msg("%s", d.en);
    assert_string_equal(p.bindings[0].kind->name, "household");
    assert_int_equal(p.header_row, 3);
    expect_map(&p, 0, "{\"household\":\"户编号\",\"area\":\"行政村代码\",\"hamlet_name\":\"自然村\"}");
    ys_sheet_plan_done(&p);
}

/* One row of the national roster holds a household and a person. */
static void test_roster(void **state)
{
    (void)state;
    ys_sheet_plan p = plan("花名册.csv", "户编号,人编号,姓名,致贫原因1,与户主关系\nH1,P1,某,01,01\n",
                           (ys_bind_how){.template_name = "roster"});
    bool household = false, person = false;
    for (int i = 0; i < p.count; i++) {
        const ys_binding *b = &p.bindings[i];
        household = household || (b->count > 0 && strcmp(b->kind->name, "household") == 0 && b->dedupe);
        person = person || (b->count > 0 && strcmp(b->kind->name, "person") == 0);
    }
    assert_true(household);
    assert_true(person);
    ys_sheet_plan_done(&p);
}

static void refuse(const char *name, const char *text, ys_bind_how how, const char *why)
{
    ys_sheet_plan p = {0};
    ys_diag d = {0};
    office_write(&o, name, text);
    assert_int_equal(ys_sheet_plan_make(office_path(&o, name), "", o.pack, &how, &p, &d), YS_EDATA);
    if (strstr(d.en, why) == NULL || d.zh[0] == '\0')
        fail_msg("«%s» is not in: %s", why, d.en);
    assert_null(p.bindings);
}

static void test_refused(void **state)
{
    (void)state;
    refuse("x.csv", "甲,乙\n1,2\n", (ys_bind_how){0}, "cannot tell which kind");
    refuse("x.csv", "", (ys_bind_how){0}, "empty");
    refuse("x.csv", "household\nH1\n", (ys_bind_how){.kind = "nonsense"}, "cannot tell which kind");
    refuse("incomes.csv", "household,amount\nH1,2\n", (ys_bind_how){0}, "lack a key column");
    refuse("x.csv", "household,area\nH1,2\n", (ys_bind_how){.kind = "person"}, "lack a key column");
    refuse("x.csv", "甲,乙\n1,2\n", (ys_bind_how){.template_name = "roster"}, "no header fits template");
    refuse("x.csv", "姓名,民族\n1,2\n", (ys_bind_how){.template_name = "roster"},
           "no key column of template");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field_names), cmocka_unit_test(test_chinese_under_titles),
        cmocka_unit_test(test_twice),       cmocka_unit_test(test_merged),
        cmocka_unit_test(test_roster),      cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, open_office, close_office);
}
