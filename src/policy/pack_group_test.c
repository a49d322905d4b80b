/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "policy/pack_fixture.h"

#define HEAD "group,parent,limit,label_zh,label_en,source,effective\n"

static void open_with_groups(fixture *f, const char *text)
{
    fixture_open(f);
    fixture_put(f, "groups.csv", text);
    fixture_replace(f, "datapackage.json", "\"resources\": [",
                    "\"resources\": [{\"name\":\"groups\",\"path\":\"groups.csv\"},");
}

static void groups_are_read(void **state)
{
    (void)state;
    fixture f;
    ys_pack *p = NULL;
    ys_diag d = {0};
    int n;
    open_with_groups(&f, HEAD "work,all,1,工,Work,ours,\nall,,2,全,All,ours,2016-01-01\n");
    if (ys_pack_load_files(f.file, f.count, &p, &d) != YS_OK)
        fail_msg("%s:%d %s: %s", d.file, (int)d.row, d.column, d.en);
    const ys_measure_group *g = ys_pack_groups(p, &n);
    assert_int_equal(n, 2);
    assert_string_equal(g[0].parent, "all");
    assert_true(g[0].limit == 1 && g[1].limit == 2 && g[1].parent[0] == '\0');
    assert_int_equal(ys_pack_group_index(p, "all"), 1);
    assert_int_equal(ys_pack_group_index(p, "none"), -1);
    ys_pack_free(p);
    fixture_close(&f);
}

/* Every fault is told once, at its row and column. */
static void broken_groups_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *column;
        int row, count; /* count 0: sound */
    } cases[] = {
        {"a,,1,a,a,s,\nb,a,2,b,b,s,\n", NULL, 0, 0}, /* a limit above the parent's never binds */
        {"a,b,1,a,a,s,\nb,a,1,b,b,s,\n", "parent", 2, 2},
        {"a,b,1,a,a,s,\nb,c,1,b,b,s,\nc,b,1,c,c,s,\n", "parent", 3, 2}, /* a is not on the circle */
        {"a,a,1,a,a,s,\n", "parent", 2, 1},
        {"a,x,1,a,a,s,\n", "parent", 2, 1},
        {"a,,0,a,a,s,\n", "limit", 2, 1},
        {"a,,-3,a,a,s,\n", "limit", 2, 1},
        {"a,,,a,a,s,\n", "limit", 2, 1},
        {"a,,1.5,a,a,s,\n", "limit", 2, 1},
        {"a,,1,a,a,s,\na,,1,a,a,s,\n", "group", 3, 1},
        {",,1,a,a,s,\n", "group", 2, 1},
        {"a,,1,,a,s,\n", "label_zh", 2, 1},
        {"a,,1,a,a,,\n", "source", 2, 1},
    };
    static faults all;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        char text[1024];
        (void)snprintf(text, sizeof text, HEAD "%s", cases[i].rows);
        open_with_groups(&f, text);
        assert_int_equal(fixture_check(&f, &all), cases[i].count ? YS_EDATA : YS_OK);
        if (all.count != cases[i].count)
            fail_msg("case %d: %d faults, the first: %s", (int)i, all.count, all.first[0].en);
        if (cases[i].count) {
            assert_string_equal(all.first[0].file, "groups.csv");
            assert_int_equal(all.first[0].row, cases[i].row);
            assert_string_equal(all.first[0].column, cases[i].column);
            assert_true(all.first[0].zh[0] != '\0' && all.first[0].fix_en[0] != '\0');
        }
        fixture_close(&f);
    }
}

/* Two measures of a group with room for one cannot require one another; with room for two they can. */
static void required_within_a_group(void **state)
{
    (void)state;
    static const struct {
        const char *groups;
        int count;
    } cases[] = {{"", 1},
                 {"other,,1,a,a,s,\n", 1},
                 {"work,,1,a,a,s,\n", 1},
                 {"work,,2,a,a,s,\n", 0},
                 {"work,all,2,a,a,s,\nall,,1,a,a,s,\n", 1},
                 {"work,all,3,a,a,s,\nall,,2,a,a,s,\n", 0}};
    static faults all;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        char text[1024];
        (void)snprintf(text, sizeof text, HEAD "%s", cases[i].groups);
        open_with_groups(&f, text);
        fixture_put(&f, "exclusions.csv",
                    "measure_a,measure_b,relation,value,reason_zh,reason_en,source,effective\n"
                    "training,job_placement,requires,,需,needs,ours,\n");
        (void)fixture_check(&f, &all);
        if (all.count != cases[i].count)
            fail_msg("case %d: %d faults, the first: %s", (int)i, all.count, all.first[0].en);
        if (all.count)
            assert_string_equal(all.first[0].file, "exclusions.csv");
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_are_read),
                                       cmocka_unit_test(broken_groups_are_named),
                                       cmocka_unit_test(required_within_a_group)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
