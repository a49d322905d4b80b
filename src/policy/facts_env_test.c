/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/facts_env.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "base/num.h"
#include "policy/pack_fixture.h"

/* Two regions' households with members, ledger and village, as the registry would read them. */
static ys_table *table_of(const ys_pack *p, const char *kind, int64_t rows)
{
    const ys_kind *k = ys_pack_kind(p, kind);
    ys_table *t = ys_table_new(kind);
    assert_non_null(t);
    for (int i = 0; i < k->field_count; i++)
        assert_true(ys_table_add_column(t, k->fields[i].name, k->fields[i].type) >= 0);
    assert_true(ys_table_grow(t, rows));
    return t;
}

static void text(ys_table *t, const char *col, int64_t row, const char *v)
{
    assert_true(ys_table_set_text(t, ys_table_find(t, col), row, v));
}

static void number(ys_table *t, const char *col, int64_t row, int64_t v)
{
    assert_true(ys_table_set_int(t, ys_table_find(t, col), row, v));
}

typedef struct world {
    ys_pack *pack;
    ys_facts facts;
    ys_facts_env *env;
} world;

static void open_world(world *w)
{
    static const struct {
        const char *household, *status;
        int age;
    } people[] = {{"H1", "1", 40}, {"H2", "3", 30}, {"H1", "2", 38},
                  {"H1", NULL, 8}, {"H2", "5", 70}, {"H9", "1", 50}};
    ys_diag d = {0};
    memset(w, 0, sizeof *w);
    assert_int_equal(ys_pack_load(fixture_path("packs/at-eusilc"), &w->pack, &d), YS_OK);
    ys_table *h = w->facts.household = table_of(w->pack, "household", 3);
    ys_table *p = w->facts.person = table_of(w->pack, "person", 6);
    ys_table *v = w->facts.village = table_of(w->pack, "village", 1);
    text(h, "household", 0, "H1");
    text(h, "household", 1, "H2");
    text(h, "household", 2, "H3");
    text(h, "area", 0, "AT13");
    text(h, "area", 1, "AT21");
    text(v, "area", 0, "AT21");
    for (int64_t i = 0; i < 6; i++) {
        text(p, "household", i, people[i].household);
        if (people[i].status)
            text(p, "status", i, people[i].status);
        number(p, "age_years", i, people[i].age);
    }
    if (ys_facts_env_new(w->pack, &w->facts, ys_date_from(2016, 8, 27), &w->env, &d) != YS_OK)
        fail_msg("%s", d.en);
}

static void close_world(world *w)
{
    ys_facts_env_free(w->env);
    ys_table_free(w->facts.household);
    ys_table_free(w->facts.person);
    ys_table_free(w->facts.village);
    ys_pack_free(w->pack);
}

static void truths(const world *w, const char *kind, const char *rule_text, const char *expected)
{
    ys_rule *r = NULL;
    ys_diag d = {0};
    uint8_t got[16];
    int64_t n = (int64_t)strlen(expected);
    if (ys_rule_compile(ys_facts_env_of(w->env, kind), rule_text, &r, &d) != YS_OK)
        fail_msg("%s: %s", rule_text, d.en);
    ys_rule_scratch *s = ys_rule_scratch_new();
    assert_int_equal(ys_table_rows(ys_facts_env_table(w->env, kind)), n);
    assert_int_equal(ys_rule_eval_bool(r, s, 0, n, got), YS_OK);
    for (int64_t i = 0; i < n; i++)
        if ("01?"[got[i]] != expected[i])
            fail_msg("%s: row %d is %c, expected %c", rule_text, (int)i, "01?"[got[i]], expected[i]);
    ys_rule_scratch_free(s);
    ys_rule_free(r);
}

static void links_follow_the_keys(void **state)
{
    world w;
    (void)state;
    open_world(&w);
    const ys_csr *persons = ys_facts_env_persons(w.env);
    assert_int_equal(persons->parents, 3);
    assert_int_equal(persons->orphans, 1);
    assert_int_equal(persons->start[1] - persons->start[0], 3);
    assert_int_equal(persons->start[3] - persons->start[2], 0);
    assert_int_equal(ys_facts_env_household_of(w.env)[4], 1);
    assert_int_equal(ys_facts_env_household_of(w.env)[5], -1);
    assert_int_equal(ys_facts_env_village_of(w.env)[0], -1);
    assert_int_equal(ys_facts_env_village_of(w.env)[1], 0);
    assert_int_equal(ys_facts_env_incomes(w.env)->items, 0);
    close_world(&w);
}

static void rules_see_lists_parents_and_today(void **state)
{
    world w;
    ys_diag d = {0};
    (void)state;
    open_world(&w);
    assert_int_equal(ys_facts_env_derive(w.env, w.pack, &d), YS_OK);
    truths(&w, "household", "persons.exists(p, p.status == '3')", "?10"); /* nobody asked the child */
    truths(&w, "household", "persons.size() == 3", "100");
    truths(&w, "household", "incomes.size() == 0", "111");
    truths(&w, "household", "village.area == 'AT21'", "?1?");
    truths(&w, "person", "household.area == 'AT13'", "10110?");
    truths(&w, "person", "household == 'H1'", "101100"); /* alone it is the key */
    truths(&w, "person", "age >= 38", "101011");
    truths(&w, "village", "today == date('2016-08-27')", "1");
    /* numbers of params.csv: the same on every kind, doubles whatever they are */
    static const char *const kinds[] = {"household", "person", "village"};
    static const char *const wants[] = {"111", "111111", "1"};
    for (int k = 0; k < 3; k++)
        truths(&w, kinds[k], "param.worker_months / 8.0 == 1.5 && param.discount < 1.0", wants[k]);
    truths(&w, "household", "persons.sum(p, p.months) / param.worker_months == worked", "111");
    assert_null(ys_facts_env_of(w.env, "fund"));
    close_world(&w);
}

static void derived_values_come_in_order(void **state)
{
    world w;
    ys_diag d = {0};
    (void)state;
    open_world(&w);
    assert_int_equal(ys_facts_env_derive(w.env, w.pack, &d), YS_OK);
    ys_table *h = w.facts.household;
    const double *labour = ys_table_reals(h, ys_table_find(h, "labour"));
    const double *worked = ys_table_reals(h, ys_table_find(h, "worked"));
    assert_true(labour[0] == 2.0 && labour[1] == 1.0 && labour[2] == 0.0);
    assert_true(worked[0] == 1.5 && worked[1] == 0.0);
    assert_int_equal(ys_table_ints(h, ys_table_find(h, "children"))[0], 1);
    assert_int_equal(ys_table_ints(h, ys_table_find(h, "unemployed"))[1], 1);
    close_world(&w);
}

static void a_whole_number_serves_for_a_real(void **state)
{
    world w;
    ys_diag d = {0};
    const ys_derived twice = {.kind = "person", .name = "twice", .expr = "age_years * 2", .type = YS_REAL};
    const ys_derived wrong = {.kind = "person", .name = "wrong", .expr = "age_years * 2", .type = YS_MONEY};
    const ys_derived nowhere = {.kind = "fund", .name = "x", .expr = "true", .type = YS_BOOL};
    (void)state;
    open_world(&w);
    assert_int_equal(ys_facts_env_derive_one(w.env, &twice, &d), YS_OK);
    assert_true(ys_table_get_real(w.facts.person, ys_table_find(w.facts.person, "twice"), 3) == 16.0);
    truths(&w, "person", "twice > 100.0", "000010");
    assert_int_equal(ys_facts_env_derive_one(w.env, &wrong, &d), YS_ERULE);
    assert_int_equal(ys_table_find(w.facts.person, "wrong"), -1);
    assert_int_equal(ys_facts_env_derive_one(w.env, &nowhere, &d), YS_ERULE);
    close_world(&w);
}

static void engine_columns_are_all_there(void **state)
{
    world w;
    int n;
    (void)state;
    open_world(&w);
    const ys_engine_column *c = ys_facts_engine_columns(&n);
    assert_int_equal(n, 13);
    for (int i = 0; i < n; i++) {
        int col = ys_table_find(w.facts.household, c[i].name);
        assert_true(col >= 0);
        assert_int_equal(ys_table_column_type(w.facts.household, col), c[i].type);
        assert_true(ys_table_missing(w.facts.household, col, 0));
        assert_int_equal(ys_facts_engine_column(c[i].name), i);
    }
    truths(&w, "household", "poor", "???");
    number(w.facts.household, "poor", 1, 1);
    truths(&w, "household", "poor", "?1?");
    close_world(&w);
}

static void doubles_are_refused(void **state)
{
    world w;
    ys_diag d = {0};
    ys_facts_env *again = NULL;
    (void)state;
    open_world(&w);
    text(w.facts.household, "household", 2, "H1");
    assert_int_equal(ys_facts_env_new(w.pack, &w.facts, 0, &again, &d), YS_ECONFLICT);
    assert_null(again);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_follow_the_keys),        cmocka_unit_test(rules_see_lists_parents_and_today),
        cmocka_unit_test(derived_values_come_in_order), cmocka_unit_test(a_whole_number_serves_for_a_real),
        cmocka_unit_test(engine_columns_are_all_there), cmocka_unit_test(doubles_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
