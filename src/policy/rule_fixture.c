/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rule_fixture.h"

#include "base/alloc.h"
#include "base/num.h"
#include "base/str.h"

static void require(bool ok)
{
    if (!ok)
        abort(); /* a test's own fixture is broken */
}

static int ints(ys_table *t, const char *name, ys_type type, const int64_t *v)
{
    int col = ys_table_add_column(t, name, type);
    for (int64_t i = 0; i < ys_table_rows(t); i++)
        require(ys_table_set_int(t, col, i, v[i]));
    return col;
}

static int texts(ys_table *t, const char *name, ys_type type, const char *const *v)
{
    int col = ys_table_add_column(t, name, type);
    for (int64_t i = 0; i < ys_table_rows(t); i++)
        require(ys_table_set_text(t, col, i, v[i]));
    return col;
}

static int reals(ys_table *t, const char *name, const double *v)
{
    int col = ys_table_add_column(t, name, YS_REAL);
    for (int64_t i = 0; i < ys_table_rows(t); i++)
        require(ys_table_set_real(t, col, i, v[i]));
    return col;
}

static int64_t day(const char *s)
{
    int32_t d = 0;
    require(ys_parse_date(s, &d));
    return d;
}

static ys_table *table(const char *name, int64_t rows)
{
    ys_table *t = ys_table_new(name);
    require(t && ys_table_grow(t, rows));
    return t;
}

static void fill_households(rule_world *w)
{
    ys_table *t = w->household = table("household", 4);
    texts(t, "id", YS_TEXT, (const char *[]){"H0", "H1", "H2", "H3"});
    ints(t, "size", YS_INT, (int64_t[]){2, 3, 0, YS_NA});
    ints(t, "workers", YS_INT, (int64_t[]){0, 2, 0, YS_NOT_ASKED});
    ints(t, "big", YS_INT, (int64_t[]){INT64_MAX, INT64_MIN + 2, 7, 1});
    ints(t, "income", YS_MONEY, (int64_t[]){300000, 299500, -150, YS_NA});
    ints(t, "poor", YS_BOOL, (int64_t[]){1, 0, YS_NA, YS_NOT_ASKED});
    ints(t, "since", YS_DATE, (int64_t[]){day("2016-08-27"), day("2000-02-29"), day("1970-01-01"), YS_NA});
    reals(t, "area", (double[]){1.5, -2.25, 0, ys_real_na()});
    texts(t, "cause", YS_CODE, (const char *[]){"01", "02", NULL, "03"});
    texts(t, "cause2", YS_CODE, (const char *[]){"02", "02", "02", "99"});
    texts(t, "remark", YS_TEXT, (const char *[]){"因病致贫", "ill", NULL, ""});
}

static void fill_persons(rule_world *w)
{
    ys_table *t = w->person = table("person", 6);
    texts(t, "home", YS_TEXT, (const char *[]){"H0", "H0", "H1", "H1", "H1", "H3"});
    texts(t, "name", YS_TEXT, (const char *[]){"A", "B", "C", "D", "E", "F"});
    ints(t, "age", YS_INT, (int64_t[]){70, 65, 40, 38, 10, YS_NA});
    ints(t, "wage", YS_MONEY, (int64_t[]){0, 100000, 250000, 1, 0, 5});
    ints(t, "ill", YS_BOOL, (int64_t[]){1, 0, 0, YS_NA, 0, 1});
    ints(t, "born", YS_DATE,
         (int64_t[]){day("1946-01-01"), day("1951-05-05"), day("1976-02-29"), day("1978-12-31"),
                     day("2006-06-06"), YS_NA});
    reals(t, "able", (double[]){0, 0.5, 1, 1, 0, ys_real_not_asked()});
    texts(t, "health", YS_CODE, (const char *[]){"04", "01", "01", "02", NULL, "04"});
}

static void fill_others(rule_world *w)
{
    w->village = table("village", 2);
    texts(w->village, "name", YS_TEXT, (const char *[]){"东", "西"});
    ints(w->village, "road", YS_BOOL, (int64_t[]){1, 0});
    ints(w->village, "km", YS_INT, (int64_t[]){3, 12});
    w->bill = table("bill", 5);
    texts(w->bill, "person", YS_TEXT, (const char *[]){"A", "A", "C", "F", "E"});
    texts(w->bill, "home", YS_TEXT, (const char *[]){"H0", "H0", "H1", "H3", "H1"});
    ints(w->bill, "amount", YS_MONEY, (int64_t[]){1000, 2500, 400, YS_NA, 90});
}

static void join(const ys_table *p, const char *key, const ys_table *c, const char *col, ys_csr *to)
{
    require(ys_csr_join(p, ys_table_find(p, key), c, ys_table_find(c, col), to, NULL) == YS_OK);
}

void rule_world_init(rule_world *w)
{
    *w = (rule_world){.village_of = {0, 1, 0, -1}, .home_of = {0, 0, 1, 1, 1, 3}};
    fill_households(w);
    fill_persons(w);
    fill_others(w);
    join(w->household, "id", w->person, "home", &w->persons);
    join(w->person, "name", w->bill, "person", &w->bills);
    join(w->household, "id", w->bill, "home", &w->all_bills);
    w->village_env = ys_rule_env_new(w->village, 2);
    w->household_env = ys_rule_env_new(w->household, 2);
    w->person_env = ys_rule_env_new(w->person, 2);
    w->bill_env = ys_rule_env_new(w->bill, 2);
    ys_rule_env *h = w->household_env, *p = w->person_env;
    require(ys_rule_env_add_list(h, "persons", p, &w->persons, NULL) == YS_OK);
    require(ys_rule_env_add_list(h, "bills", w->bill_env, &w->all_bills, NULL) == YS_OK);
    require(ys_rule_env_add_list(p, "bills", w->bill_env, &w->bills, NULL) == YS_OK);
    require(ys_rule_env_add_parent(h, "village", w->village_env, w->village_of, NULL) == YS_OK);
    require(ys_rule_env_add_parent(p, "household", h, w->home_of, NULL) == YS_OK);
    require(ys_rule_env_add_date(h, "today", (int32_t)day("2016-12-31"), NULL) == YS_OK);
    static const char *const numbers[] = {"worker_months", "range"};
    static const double values[] = {12, 1.5};
    require(ys_rule_env_add_numbers(h, "param", numbers, values, 2, NULL) == YS_OK);
}

void rule_world_done(rule_world *w)
{
    ys_rule_env_free(w->village_env);
    ys_rule_env_free(w->household_env);
    ys_rule_env_free(w->person_env);
    ys_rule_env_free(w->bill_env);
    ys_csr_done(&w->persons);
    ys_csr_done(&w->bills);
    ys_csr_done(&w->all_bills);
    ys_table_free(w->village);
    ys_table_free(w->household);
    ys_table_free(w->person);
    ys_table_free(w->bill);
}

/* The rule as a new column of a bare table, then cell by cell. */
static void print_rule(const ys_rule *r, int64_t rows, ys_str *out)
{
    ys_table *t = table("result", rows);
    ys_diag d = {0};
    ys_status st = ys_rule_eval_column(r, t, "x", &d);
    if (st != YS_OK)
        ys_str_printf(out, "!%s", ys_status_name(st));
    for (int64_t i = 0; i < rows && st == YS_OK; i++) {
        char cell[128];
        bool missing = ys_table_missing(t, 0, i);
        ys_str_printf(out, "%s%s", i ? "," : "",
                      missing ? "?" : ys_table_format(t, 0, i, 2, cell, sizeof cell));
    }
    ys_table_free(t);
}

void rule_world_eval(const ys_rule_env *env, ys_table *t, const char *text, char *buf, size_t size)
{
    ys_rule *r = NULL;
    ys_diag d = {0};
    ys_str out = {0};
    if (ys_rule_compile(env, text, &r, &d) != YS_OK)
        ys_str_printf(&out, "!%lld %s | %s", (long long)d.col, d.en, d.fix_en);
    else
        print_rule(r, ys_table_rows(t), &out);
    snprintf(buf, size, "%s", ys_str_get(&out));
    ys_str_done(&out);
    ys_rule_free(r);
}
