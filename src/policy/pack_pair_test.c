/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "policy/pack_fixture.h"
#include "policy/pair_env.h"

static const char LEVELS[] =
    "level,need_kind,need_rule,giver_kind,giver_rule,reach,candidates,capacity_field,capacity,step,alone,"
    "keep,label_zh,"
    "label_en,source,effective\n"
    "household,household,size > 0,provider,,region,8,,3,10,1000,50,户,Household,assumption: ours,\n";
static const char TERMS[] =
    "level,term,what,expr,cost,label_zh,label_en,source,effective\n"
    "household,near,condition,common == 'region',,近,Near,assumption: ours,\n"
    "household,large,cost,need.size >= 4 && giver.provider != 'x',20,大户,Large,assumption: ours,\n"
    "household,heads,cost,double(need.size),-3,人多,Heads,assumption: ours,\n"
    "household,nameless,giver_fault,!has(name),,无名,No name,assumption: ours,\n";

static void open_with_pairs(fixture *f)
{
    fixture_open(f);
    fixture_put(f, "pair_levels.csv", LEVELS);
    fixture_put(f, "pair_terms.csv", TERMS);
    fixture_replace(f, "datapackage.json", "\"resources\": [",
                    "\"resources\": [{\"name\":\"pair_levels\",\"path\":\"pair_levels.csv\"},"
                    "{\"name\":\"pair_terms\",\"path\":\"pair_terms.csv\"},");
}

static void pairs_are_read(void **state)
{
    (void)state;
    fixture f;
    ys_pack *p = NULL;
    ys_diag d = {0};
    int n;
    open_with_pairs(&f);
    ys_status st = ys_pack_load_files(f.file, f.count, &p, &d);
    if (st != YS_OK)
        fail_msg("%s:%d %s: %s", d.file, (int)d.row, d.column, d.en);
    const ys_pair_level *v = ys_pack_pair_levels(p, &n);
    assert_int_equal(n, 1);
    assert_string_equal(v->giver_kind, "provider");
    assert_true(v->candidates == 8 && v->capacity == 3 && v->step == 10 && v->alone == 1000 && v->keep == 50);
    const ys_pair_term *t = ys_pack_pair_terms(p, &n);
    assert_int_equal(n, 4);
    assert_true(t[0].condition && !t[1].condition && t[1].cost == 20 && t[2].cost == -3);
    assert_true(t[3].fault && !t[3].condition && !t[2].fault);
    ys_pack_free(p);
    fixture_close(&f);
}

static void broken_cells_are_named(void **state)
{
    (void)state;
    static const fixture_cell broken[] = {
        {"pair_levels.csv", "level", "household", "need_kind", "moon"},
        {"pair_levels.csv", "level", "household", "giver_kind", "income"}, /* three key fields */
        {"pair_levels.csv", "level", "household", "reach", "moon"},
        {"pair_levels.csv", "level", "household", "capacity_field", "name"}, /* not a whole number */
        {"pair_levels.csv", "level", "household", "candidates", "0"},
        {"pair_levels.csv", "level", "household", "capacity", "-1"},
        {"pair_levels.csv", "level", "household", "step", "1.5"},
        {"pair_levels.csv", "level", "household", "need_rule", "size"},
        {"pair_levels.csv", "level", "household", "giver_rule", "persons.size() > 0"},
        {"pair_terms.csv", "term", "near", "level", "moon"},
        {"pair_terms.csv", "term", "near", "what", "perhaps"},
        {"pair_terms.csv", "term", "near", "expr", "need.size"}, /* a condition is true or false */
        {"pair_terms.csv", "term", "near", "expr", ""},
        {"pair_terms.csv", "term", "large", "expr", "need.shoe == 1"},
        {"pair_terms.csv", "term", "large", "expr", "giver.provider"}, /* a text is no cost */
        {"pair_terms.csv", "term", "large", "cost", "much"},
        {"pair_terms.csv", "term", "nameless", "expr", "name"},            /* a fault is true or false */
        {"pair_terms.csv", "term", "nameless", "expr", "!has(need.size)"}, /* and of the giver alone */
        {"pair_terms.csv", "term", "heads", "expr", "km + minutes + need.shoe"},
        {"pair_terms.csv", "term", "heads", "term", "large"}, /* twice */
    };
    static faults all;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        fixture f;
        int col;
        open_with_pairs(&f);
        int64_t row = fixture_set(&f, &broken[i], &col);
        assert_int_not_equal(fixture_check(&f, &all), YS_OK);
        if (strcmp(all.first[0].file, broken[i].file) != 0 || all.first[0].row != row ||
            all.first[0].col != col)
            fail_msg("%s=%s: told at %s %d:%d: %s", broken[i].set, broken[i].value, all.first[0].file,
                     (int)all.first[0].row, (int)all.first[0].col, all.first[0].en);
        assert_true(all.first[0].fix_en[0] != '\0');
        fixture_close(&f);
    }
}

static void rules_see_both_sides(void **state)
{
    (void)state;
    fixture f;
    ys_pack *p = NULL;
    ys_pair_env *e = NULL;
    ys_diag d = {0};
    ys_rule *r = NULL;
    int n;
    double v[3];
    open_with_pairs(&f);
    assert_int_equal(ys_pack_load_files(f.file, f.count, &p, &d), YS_OK);
    ys_table *h = ys_table_new("household"), *g = ys_table_new("provider");
    int size = ys_table_add_column(h, "size", YS_INT), key = ys_table_add_column(g, "provider", YS_TEXT);
    assert_true(ys_table_grow(h, 2) && ys_table_grow(g, 2));
    ys_table_set_int(h, size, 0, 5);
    ys_table_set_int(h, size, 1, 2);
    ys_table_set_text(g, key, 0, "x");
    ys_table_set_text(g, key, 1, "y");
    ys_pair_sides sides = {.need = h, .giver = g, .today = 100};
    assert_int_equal(ys_pair_env_new(p, ys_pack_pair_levels(p, &n), &sides, 3, &e, &d), YS_OK);
    for (int k = 0; k < 3; k++) {
        e->need_row[k] = k == 2;
        e->giver_row[k] = k != 0;
        e->common[k] = k == 1 ? 1 : YS_CODE_NA;
        e->kept[k] = k == 2;
    }
    static const char text[] = "(giver.provider == 'y' ? 10.0 : 0.0) + double(need.size) + (kept ? 0.5 : "
                               "0.0) + (has(common) ? 100.0 : 0.0)";
    ys_rule_scratch *s = ys_rule_scratch_new();
    assert_int_equal(ys_rule_compile(e->env, text, &r, &d), YS_OK);
    assert_int_equal(ys_rule_eval_real(r, s, 0, 3, v), YS_OK);
    assert_true(v[0] == 5 && v[1] == 115 && v[2] == 12.5);
    ys_rule_scratch_free(s);
    ys_rule_free(r);
    ys_pair_env_free(e);
    ys_table_free(h);
    ys_table_free(g);
    ys_pack_free(p);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_read),
        cmocka_unit_test(broken_cells_are_named),
        cmocka_unit_test(rules_see_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
