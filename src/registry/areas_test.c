/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/areas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "registry/put.h"
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

typedef struct place {
    const char *area, *level, *parent, *name;
} place;

static ys_table *table_of(const place *p, int n)
{
    static const char *const cols[] = {"area", "level", "parent", "name"};
    ys_table *t = ys_table_for_kind(ys_pack_kind(pack, "area"));
    assert_non_null(t);
    assert_true(ys_table_grow(t, n));
    for (int i = 0; i < n; i++) {
        const char *v[] = {p[i].area, p[i].level, p[i].parent, p[i].name};
        for (int c = 0; c < 4; c++)
            assert_true(ys_table_set_text(t, ys_table_find(t, cols[c]), i, v[c]));
    }
    return t;
}

/* Rows in no order: parents stand after and before their children. */
static const place county[] = {
    {"V1", "village", "T1", "李楼村"}, {"C1", "county", "S", "曹县"},     {"T1", "town", "C1", "青堌集镇"},
    {"S", "city", NULL, "菏泽市"},     {"V2", "village", "T1", "王楼村"}, {"T2", "town", "C1", "韩集镇"},
    {"V3", "village", "T2", NULL},     {"X", "hamlet", "V3", "前街"},
};
enum { N = sizeof county / sizeof *county };

static void test_tree(void **state)
{
    (void)state;
    char path[128];
    ys_table *t = table_of(county, N);
    ys_areas *a = NULL;
    ys_diag d = {0};
    if (ys_areas_new(t, pack, &a, &d) != YS_OK)
        fail_msg("%s", d.en);
    int32_t v1 = ys_areas_find(a, "V1"), c1 = ys_areas_find(a, "C1"), t1 = ys_areas_find(a, "T1"),
            s = ys_areas_find(a, "S"), t2 = ys_areas_find(a, "T2"), x = ys_areas_find(a, "X"),
            v3 = ys_areas_find(a, "V3");
    assert_int_equal(ys_areas_find(a, "nowhere"), -1);
    assert_int_equal(ys_areas_count(a), N);
    assert_int_equal(ys_areas_parent(a, v1), t1);
    assert_int_equal(ys_areas_parent(a, s), -1);
    assert_int_equal(ys_areas_level(a, c1), 1);
    assert_int_equal(ys_areas_level(a, x), -1); /* a level the pack does not name */
    assert_int_equal(ys_areas_at_level(a, x, 2), t2);
    assert_int_equal(ys_areas_at_level(a, s, 3), -1);
    assert_true(ys_areas_within(a, v1, c1));
    assert_true(ys_areas_within(a, c1, c1));
    assert_false(ys_areas_within(a, c1, v1));
    assert_false(ys_areas_within(a, v1, t2));
    assert_true(ys_areas_within(a, x, -1));
    ys_areas_path(a, v1, path, sizeof path);
    assert_string_equal(path, "曹县 青堌集镇 李楼村");
    ys_areas_path(a, v3, path, sizeof path);
    assert_string_equal(path, "曹县 韩集镇 V3"); /* no name: the code */
    ys_areas_path(a, s, path, sizeof path);
    assert_string_equal(path, "菏泽市");
    ys_areas_free(a);
    ys_table_free(t);
}

/* "Lies in" by intervals is the same as walking up the parents, for all pairs. */
static void test_intervals(void **state)
{
    (void)state;
    ys_table *t = table_of(county, N);
    ys_areas *a = NULL;
    assert_int_equal(ys_areas_new(t, pack, &a, NULL), YS_OK);
    for (int32_t i = 0; i < N; i++) {
        for (int32_t j = 0; j < N; j++) {
            int32_t up = i;
            while (up >= 0 && up != j)
                up = ys_areas_parent(a, up);
            assert_int_equal(ys_areas_within(a, i, j), up == j);
        }
        assert_true(ys_areas_begin(a, i) < ys_areas_end(a, i) && ys_areas_end(a, i) <= N);
    }
    ys_areas_free(a);
    ys_table_free(t);
}

static void refuse(const place *p, int n, const char *why)
{
    ys_table *t = table_of(p, n);
    ys_areas *a = NULL;
    ys_diag d = {0};
    assert_int_not_equal(ys_areas_new(t, pack, &a, &d), YS_OK);
    assert_null(a);
    if (strstr(d.en, why) == NULL)
        fail_msg("«%s» is not in: %s", why, d.en);
    ys_table_free(t);
}

static void test_broken_trees(void **state)
{
    static const place circle[] = {{"A", "county", "C", "甲"},
                                   {"B", "town", "A", "乙"},
                                   {"C", "village", "B", "丙"},
                                   {"D", "city", NULL, "丁"}};
    static const place self[] = {{"A", "county", "A", "甲"}};
    static const place orphan[] = {{"A", "county", "Z", "甲"}};
    static const place twice[] = {{"A", "county", NULL, "甲"}, {"A", "county", NULL, "乙"}};
    (void)state;
    refuse(circle, 4, "lies in itself");
    refuse(self, 1, "area A lies in itself");
    refuse(orphan, 1, "area A lies in Z, which does not exist");
    refuse(twice, 2, "A");
}

static void test_empty(void **state)
{
    (void)state;
    ys_table *t = table_of(NULL, 0);
    ys_areas *a = NULL;
    assert_int_equal(ys_areas_new(t, pack, &a, NULL), YS_OK);
    assert_int_equal(ys_areas_count(a), 0);
    assert_int_equal(ys_areas_find(a, "A"), -1);
    ys_areas_free(a);
    ys_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_broken_trees),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
