/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/rule_fixture.h"

typedef struct rule_case {
    const char *text, *want;
} rule_case;

/* Over the four households. */
static const rule_case HOUSEHOLD[] = {
    /* literals, all types */
    {"1", "1,1,1,1"},
    {"0x1F", "31,31,31,31"},
    {"-7", "-7,-7,-7,-7"},
    {"1.5e1", "15,15,15,15"},
    {".5", "0.5,0.5,0.5,0.5"},
    {"true", "1,1,1,1"},
    {"'a\\n\\x41\\u4e2d\\101'", "a\nA中A,a\nA中A,a\nA中A,a\nA中A"},
    {"\"it's\" == 'it\\'s'", "1,1,1,1"},
    {"date('2016-02-29')", "2016-02-29,2016-02-29,2016-02-29,2016-02-29"},
    {"yuan(12)", "12.00,12.00,12.00,12.00"},
    {"yuan(0.015)", "0.02,0.02,0.02,0.02"},
    {"yuan(size)", "2.00,3.00,0.00,?"},
    {"yuan(area)", "1.50,-2.25,0.00,?"},
    /* columns */
    {"size", "2,3,0,?"},
    {"workers", "0,2,0,?"},
    {"income", "3000.00,2995.00,-1.50,?"},
    {"poor", "1,0,?,?"},
    {"area", "1.5,-2.25,0,?"},
    {"cause", "01,02,?,03"},
    {"remark", "因病致贫,ill,?,"},
    /* missing is unknown, has() is not */
    {"size == 0", "0,0,1,?"},
    {"size != 0", "1,1,0,?"},
    {"workers == 0", "1,0,1,?"},
    {"has(workers)", "1,1,1,0"},
    {"has(area)", "1,1,1,0"},
    {"has(poor)", "1,1,0,0"},
    {"has(cause)", "1,1,0,1"},
    {"has(remark)", "1,1,0,1"},
    {"!has(size) || size > 2", "0,1,0,1"},
    {"has(size) && size > 2", "0,1,0,0"},
    /* comparisons */
    {"2 < size", "0,1,0,?"},
    {"2 <= size", "1,1,0,?"},
    {"2 >= size", "1,0,1,?"},
    {"size < workers", "0,0,0,?"},
    {"area < 0", "0,1,0,?"},
    {"0 > area", "0,1,0,?"},
    {"area == -2.25", "0,1,0,?"},
    {"size >= area", "1,1,1,?"},
    {"income < yuan(2995.01)", "0,1,1,?"},
    {"since < date('2000-03-01')", "0,1,1,?"},
    {"poor == true", "1,0,?,?"},
    {"poor != poor", "0,0,?,?"},
    {"cause == '01'", "1,0,?,0"},
    {"'01' != cause", "0,1,?,1"},
    {"cause == 'none such'", "0,0,?,0"},
    {"cause == cause2", "0,1,?,0"},
    {"cause < '02'", "1,0,?,0"},
    {"remark == ''", "0,0,?,1"},
    {"remark >= 'a'", "1,1,?,0"},
    {"cause in ['02', '03', '77']", "0,1,?,1"},
    {"cause in []", "0,0,0,0"},
    {"size in [2, 3]", "1,1,0,?"},
    {"remark in ['ill', 'x']", "0,1,?,0"},
    {"'02' in [cause, cause2]", "1,1,1,0"},
    {"area in [1.5, 7]", "1,0,0,?"},
    /* three-valued logic */
    {"poor && false", "0,0,0,0"},
    {"poor || true", "1,1,1,1"},
    {"poor && size > 0", "1,0,0,?"},
    {"poor || size > 0", "1,1,?,?"},
    {"!poor", "0,1,?,?"},
    {"!!poor", "1,0,?,?"},
    {"poor && !poor", "0,0,?,?"},
    {"poor ? 1 : 2", "1,2,?,?"},
    {"size > 2 ? 'big' : 'small'", "small,big,small,?"},
    {"has(size) ? size : -1", "2,3,0,-1"},
    {"size > 2 ? 1 : 0.5", "0.5,1,0.5,?"},
    {"size == 2 ? 'two' : size == 3 ? 'three' : 'other'", "two,three,other,?"},
    {"has(income) ? income : yuan(0)", "3000.00,2995.00,-1.50,0.00"},
    {"has(poor) ? poor : true", "1,0,1,1"},
    {"has(cause) ? cause : '-'", "01,02,-,03"},
    {"true ? size : 7", "2,3,0,?"},
    /* precedence */
    {"1 + 2 * 3 - 4 / 2", "5,5,5,5"},
    {"(1 + 2) * 3 % 4", "1,1,1,1"},
    {"-2 * -3", "6,6,6,6"},
    {"true || false && false", "1,1,1,1"},
    {"!false && false", "0,0,0,0"},
    {"1 < 2 == true", "1,1,1,1"},
    {"7 / -2", "-3,-3,-3,-3"},
    {"-7 % 3", "-1,-1,-1,-1"},
    {"7 // a comment\n + 1", "8,8,8,8"},
    /* arithmetic and its ends */
    {"big + 1", "?,-9223372036854775805,8,2"},
    {"big - 9", "9223372036854775798,?,-2,-8"},
    {"big * 2", "?,?,14,2"},
    {"-big", "?,9223372036854775806,-7,-1"},
    {"abs(big)", "9223372036854775807,9223372036854775806,7,1"},
    {"6 / size", "3,2,?,?"},
    {"6 % size", "0,0,?,?"},
    {"1 / 0 == 1", "?,?,?,?"},
    {"1 / 0 == 1 && false", "0,0,0,0"},
    {"1.0 / area", "0.6666666666666666,-0.4444444444444444,?,?"},
    {"size + area", "3.5,0.75,0,?"},
    {"1e308 * 10 > 1.0", "?,?,?,?"},
    {"min(size, workers, 1)", "0,1,0,?"},
    {"max(size, 1.5)", "2,3,1.5,?"},
    {"abs(area)", "1.5,2.25,0,?"},
    {"max(income, yuan(1))", "3000.00,2995.00,1.00,?"},
    /* money */
    {"income + income", "6000.00,5990.00,-3.00,?"},
    {"income - yuan(1)", "2999.00,2994.00,-2.50,?"},
    {"-income", "-3000.00,-2995.00,1.50,?"},
    {"income * 2", "6000.00,5990.00,-3.00,?"},
    {"2 * income", "6000.00,5990.00,-3.00,?"},
    {"income * 0.5", "1500.00,1497.50,-0.75,?"},
    {"0.001 * income", "3.00,3.00,0.00,?"},
    {"income / 7", "428.57,427.86,-0.21,?"},
    {"income / size", "1500.00,998.33,?,?"},
    {"income / 0.4", "7500.00,7487.50,-3.75,?"},
    {"income / yuan(100)", "30,29.95,-0.015,?"},
    {"double(income)", "3000,2995,-1.5,?"},
    {"int(income)", "3000,2995,-1,?"},
    {"string(income)", "3000.00,2995.00,-1.50,?"},
    /* constant numbers are doubles */
    {"param.worker_months", "12,12,12,12"},
    {"size >= param.range", "1,1,0,?"},
    {"income * param.range", "4500.00,4492.50,-2.25,?"},
    {"yuan(param.worker_months) < income", "1,1,0,?"},
    {"size / param.worker_months * param.worker_months == double(size)", "1,1,1,?"},
    {"persons.exists(p, p.age > param.worker_months * 2.5)", "1,1,0,?"},
    /* dates */
    {"years(since, today)", "0,16,46,?"},
    {"since + 1", "2016-08-28,2000-03-01,1970-01-02,?"},
    {"today - since", "126,6150,17166,?"},
    {"date('1999-12-31') < since", "1,1,0,?"},
    {"string(since)", "2016-08-27,2000-02-29,1970-01-01,?"},
    /* conversions */
    {"int(area)", "1,-2,0,?"},
    {"int(cause)", "1,2,?,3"},
    {"double('1.25')", "1.25,1.25,1.25,1.25"},
    {"int('x')", "?,?,?,?"},
    {"double(size)", "2,3,0,?"},
    {"string(size) + '/' + cause", "2/01,3/02,?,?"},
    {"string(poor)", "true,false,?,?"},
    {"int(1e300)", "?,?,?,?"},
    /* texts */
    {"cause.startsWith('0')", "1,1,?,1"},
    {"remark.startsWith('因病')", "1,0,?,0"},
    {"remark.endsWith('ll')", "0,1,?,0"},
    {"remark.contains('病')", "1,0,?,0"},
    {"size(remark)", "4,3,?,0"},
    {"remark.size()", "4,3,?,0"},
    {"id.endsWith(string(size))", "0,0,0,?"},
    /* lists: H0 two, H1 three, H2 none, H3 one whose age is missing */
    {"size(persons)", "2,3,0,1"},
    {"persons.size()", "2,3,0,1"},
    {"persons.exists(p, p.age >= 60)", "1,0,0,?"},
    {"persons.all(p, p.age >= 60)", "1,0,1,?"},
    {"persons.exists(p, true)", "1,1,0,1"},
    {"persons.all(p, false)", "0,0,1,0"},
    {"persons.exists(p, size > 2)", "0,1,0,?"},
    {"persons.exists(p, p.health == '04')", "1,?,0,1"},
    {"persons.exists(p, p.health == '02')", "0,1,0,0"},
    {"persons.all(p, p.health in ['01', '04'])", "1,0,1,1"},
    {"persons.exists_one(p, p.age > 66)", "1,0,0,?"},
    {"persons.exists_one(p, p.age > 30)", "0,0,0,?"},
    {"persons.exists(p, p.ill)", "1,?,0,1"},
    {"persons.filter(p, p.age < 50).size()", "0,3,0,?"},
    {"size(persons.filter(p, has(p.age)))", "2,3,0,0"},
    {"persons.count(p, p.wage > yuan(0)) >= 1", "1,1,0,1"},
    {"persons.sum(p, p.wage)", "1000.00,2500.01,0.00,0.05"},
    {"persons.sum(p, p.age)", "135,88,0,?"},
    {"persons.sum(p, has(p.age) ? p.age : 0)", "135,88,0,0"},
    {"persons.sum(p, p.able)", "0.5,2,0,?"},
    {"persons.sum(p, 1)", "2,3,0,1"},
    {"persons.min(p, p.age)", "65,10,?,?"},
    {"persons.max(p, p.age)", "70,40,?,?"},
    {"persons.max(p, p.able)", "0.5,1,?,?"},
    {"persons.min(p, p.able)", "0,0,?,?"},
    {"persons.min(p, p.born)", "1946-01-01,1976-02-29,?,?"},
    {"persons.max(p, years(p.born, today)) >= 60", "1,0,?,?"},
    {"persons.sum(p, p.wage) / size", "500.00,833.34,?,?"},
    {"size == size(persons)", "1,1,1,?"},
    /* two levels, outer variables inside, lists of the outer record inside */
    {"persons.exists(p, p.bills.exists(b, b.amount > yuan(20)))", "1,0,0,?"},
    {"persons.sum(p, size(p.bills))", "2,2,0,1"},
    {"persons.sum(p, p.bills.sum(b, b.amount))", "35.00,4.90,0.00,?"},
    {"persons.all(p, p.bills.all(b, b.amount < p.wage))", "0,0,1,?"},
    {"persons.count(p, persons.exists(q, q.age > p.age))", "1,2,0,?"},
    {"persons.exists(p, bills.count(b, b.amount > yuan(5)) == size)", "1,0,0,?"},
    {"bills.count(b, persons.exists(p, p.wage < b.amount))", "2,2,0,?"},
    {"persons.exists(p, p.age > 60) && persons.exists(q, q.able == 1)", "0,0,0,?"},
    {"persons.exists(p, p.household.size == 2)", "1,0,0,?"},
    /* parents */
    {"village.km", "3,12,3,?"},
    {"village.road && size > 1", "1,0,0,?"},
    {"village.name == '西'", "0,1,0,?"},
    {"has(village.name)", "1,1,1,0"},
    {"persons.exists(p, p.household.village.km > 10 && p.age > 39)", "0,1,0,?"},
};

static void test_household(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    for (size_t i = 0; i < sizeof HOUSEHOLD / sizeof *HOUSEHOLD; i++) {
        char got[512];
        rule_world_eval(w.household_env, w.household, HOUSEHOLD[i].text, got, sizeof got);
        if (strcmp(got, HOUSEHOLD[i].want) != 0)
            fail_msg("%s\n  gives  %s\n  wanted %s", HOUSEHOLD[i].text, got, HOUSEHOLD[i].want);
    }
    rule_world_done(&w);
}

static const rule_case PERSON[] = {
    {"household.size", "2,2,3,3,3,?"},
    {"household.village.km", "3,3,12,12,12,?"},
    {"age > 30 && household.poor", "1,1,0,0,0,?"},
    {"bills.sum(b, b.amount)", "35.00,0.00,4.00,0.00,0.90,?"},
    {"household.cause == '01'", "1,1,0,0,0,0"},
};

static void test_person(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    for (size_t i = 0; i < sizeof PERSON / sizeof *PERSON; i++) {
        char got[512];
        rule_world_eval(w.person_env, w.person, PERSON[i].text, got, sizeof got);
        if (strcmp(got, PERSON[i].want) != 0)
            fail_msg("%s\n  gives  %s\n  wanted %s", PERSON[i].text, got, PERSON[i].want);
    }
    rule_world_done(&w);
}

/* What is refused: the column, and words that must stand in message or fix. */
static const struct {
    const char *text;
    int col;
    const char *words;
} REFUSED[] = {
    {"", 1, "not finished"},
    {"size ==", 8, "not finished"},
    {"size = 2", 6, "write == for equality"},
    {"size == 2 size", 11, "write && or ||"},
    {"(size == 2", 11, "expected “)”"},
    {"siez == 2", 1, "did you mean “size”"},
    {"nobody", 1, "there is no “nobody”"},
    {"param.worker_month == 12", 7, "did you mean “worker_months”"},
    {"param.xyzzy == 12", 7, "there is no number “param.xyzzy”"},
    {"param == 12", 7, "expected “.”"},
    {"parm.range == 1.5", 1, "did you mean “param”"},
    {"income < param.range", 8, "yuan(2995)"},
    {"size == 2 and poor", 11, "an operator or the end"},
    {"and", 1, "&& || !"},
    {"income < 2995", 8, "yuan(2995)"},
    {"income < 2995.5", 8, "yuan(2995)"},
    {"income + 1", 8, "yuan(2995)"},
    {"income % 2", 8, "does not take"},
    {"yuan(income)", 6, "yuan() takes a number here, not money"},
    {"size * income * income", 15, "does not take money and money"},
    {"since < '2016-01-01'", 7, "date('2016-08-27')"},
    {"cause == 1", 7, "write '01'"},
    {"1 == cause", 3, "does not take int and string"},
    {"size && poor", 6, "joins two bools; one side is int"},
    {"!size", 1, "does not apply to int"},
    {"-cause", 1, "does not apply to string"},
    {"1 < size < 5", 10, "do not chain"},
    {"poor < poor", 6, "does not take"},
    {"area % 2.0", 6, "does not take"},
    {"size ? 1 : 2", 6, "must be a bool"},
    {"poor ? 1 : 'a'", 6, "differ in type"},
    {"poor ? income : 0", 6, "yuan(0)"},
    {"size == null", 9, "has(x)"},
    {"has(1)", 5, "one field"},
    {"has(size + 1)", 5, "one field"},
    {"has(persons)", 5, "size(persons) > 0"},
    {"size(size)", 6, "counts a list"},
    {"persons", 1, "a list, not a value"},
    {"persons == 2", 1, "a list, not a value"},
    {"persons.age > 2", 9, "row by row"},
    {"village", 1, "a record, not a value"},
    {"persons.exists(p, p)", 19, "a record, not a value"},
    {"persons.exists(p, p.age)", 19, "takes a condition, not int"},
    {"persons.exists(p, p.agge > 1)", 21, "did you mean “age”"},
    {"persons.exists(p.age > 1)", 17, "expected “,”"},
    {"persons.sum(p, p.health)", 16, "does not apply to string"},
    {"persons.sum(p, p.born)", 16, "does not apply to date"},
    {"persons.map(p, p.age)", 9, "a list has no .map()"},
    {"persons.filter(p, p.ill)", 9, "a list, not a value"},
    {"persons.filter(p, p.ill).exists(q, q.ill)", 26, "a list has no"},
    {"persons.exists(p, p.bills.exists(b, bills.exists(c, true)))", 43, "nest at most 2"},
    {"persons.exists(p, p.household.persons.exists(q, true))", 31, "parent record"},
    {"p.age > 1", 1, "there is no “p”"},
    {"persons.exists(p, true) && p.age > 1", 28, "there is no “p”"},
    {"cause in '01'", 10, "a list in brackets"},
    {"cause in [1]", 7, "does not take string and int"},
    {"['01']", 1, "only after in"},
    {"date('2016-02-30') < since", 6, "no such date"},
    {"date(2016)", 6, "a text such as"},
    {"years(since, 1)", 14, "takes a date here"},
    {"foo(1)", 1, "no function foo()"},
    {"remark.matches('a')", 8, "startsWith, endsWith or contains"},
    {"size.startsWith('a')", 1, "takes a text here, not int"},
    {"min(1)", 1, "wrong number of arguments"},
    {"min(1, income)", 8, "values of one type"},
    {"'abc", 1, "closing quotation"},
    {"'\\q'", 2, "unknown escape"},
    {"99999999999999999999", 1, "cannot be used"},
    {"1e999", 1, "cannot be used"},
    {"12u", 1, "cannot be used"},
    {"size ＞ 2", 6, "full-width"},
    {"remark == “病”", 11, "full-width"},
    {"remark == '病' & poor", 15, "write && for and"},
    {"病 == 2", 1, "quotation marks"},
    {"while", 1, "reserved word"},
    {"size @ 2", 6, "no meaning"},
    {"size.foo", 6, "not a record"},
};

static void test_refused(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        char got[1100], at[16];
        rule_world_eval(w.household_env, w.household, REFUSED[i].text, got, sizeof got);
        snprintf(at, sizeof at, "!%d ", REFUSED[i].col);
        if (strncmp(got, at, strlen(at)) != 0 || !strstr(got, REFUSED[i].words))
            fail_msg("%s\n  gives  %s\n  wanted %s… %s", REFUSED[i].text, got, at, REFUSED[i].words);
    }
    rule_world_done(&w);
}

/* A failure has both languages, and touches nothing. */
static void test_diag(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    ys_rule *r = (ys_rule *)&w;
    ys_diag d = {0};
    assert_int_equal(ys_rule_compile(w.household_env, "income < 2995", &r, &d), YS_ERULE);
    assert_ptr_equal(r, &w);
    assert_string_equal(d.zh, "第8个字符：“<”不能用于金额和整数");
    assert_string_equal(d.en, "character 8: “<” does not take money and int");
    assert_true(d.fix_zh[0] && d.fix_en[0]);
    assert_string_equal(d.value, "income < 2995");
    assert_int_equal(ys_rule_compile(w.household_env, "size ==", &r, NULL), YS_ERULE);
    rule_world_done(&w);
}

static void test_reads(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    ys_rule *r = NULL;
    const char *text = "size > 1 && persons.exists(p, p.age > size && p.bills.exists(b, has(b.amount))) && "
                       "village.km < 5 && "
                       "size(bills) > 0 && size > 2";
    const char *const WANT[] = {
        "size", "persons", "persons.age", "persons.bills", "persons.bills.amount", "village.km", "bills"};
    const char *const *names;
    assert_int_equal(ys_rule_compile(w.household_env, text, &r, NULL), YS_OK);
    assert_int_equal(ys_rule_reads(r, &names), 7);
    for (int i = 0; i < 7; i++)
        assert_string_equal(names[i], WANT[i]);
    ys_rule_free(r);
    rule_world_done(&w);
}

/* Dictionaries may grow after compiling; the text is looked up when the rule runs. */
static void test_dictionary_grows(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    ys_rule *r = NULL;
    ys_rule_scratch *s = ys_rule_scratch_new();
    uint8_t truth[4];
    assert_int_equal(ys_rule_compile(w.household_env, "cause == '88' || cause in ['87', '01']", &r, NULL),
                     YS_OK);
    assert_int_equal(ys_rule_eval_bool(r, s, 0, 4, truth), YS_OK);
    assert_memory_equal(truth, ((uint8_t[]){1, 0, 2, 0}), 4);
    assert_true(ys_table_set_text(w.household, ys_table_find(w.household, "cause"), 3, "88"));
    assert_true(ys_table_set_text(w.household, ys_table_find(w.household, "cause"), 1, "87"));
    assert_int_equal(ys_rule_eval_bool(r, s, 0, 4, truth), YS_OK);
    assert_memory_equal(truth, ((uint8_t[]){1, 1, 2, 1}), 4);
    assert_int_equal(ys_rule_eval_bool(r, s, 3, 4, truth), YS_OK);
    assert_int_equal(truth[0], 1);
    ys_rule_scratch_free(s);
    ys_rule_free(r);
    rule_world_done(&w);
}

static void test_columns(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    ys_rule *r = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_rule_compile(w.household_env, "persons.sum(p, p.wage)", &r, &d), YS_OK);
    assert_int_equal(ys_rule_result(r), YS_RT_MONEY);
    assert_int_equal(ys_rule_eval_column(r, w.household, "wages", &d), YS_OK);
    assert_int_equal(ys_rule_eval_column(r, w.household, "wages", &d), YS_ECONFLICT);
    ys_rule_free(r);
    char got[256];
    rule_world_eval(w.household_env, w.household, "wages > yuan(1)", got, sizeof got);
    assert_non_null(strstr(got, "there is no “wages”"));
    assert_int_equal(ys_rule_env_refresh(w.household_env, &d), YS_OK);
    rule_world_eval(w.household_env, w.household, "wages > yuan(1)", got, sizeof got);
    assert_string_equal(got, "1,1,0,0");
    assert_true(ys_table_add_column(w.household, "today", YS_INT) >= 0);
    assert_int_equal(ys_rule_env_refresh(w.household_env, &d), YS_ECONFLICT);
    rule_world_done(&w);
}

static void test_env_names(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    ys_diag d = {0};
    assert_int_equal(ys_rule_env_add_date(w.household_env, "size", 1, &d), YS_ECONFLICT);
    assert_int_equal(ys_rule_env_add_date(w.household_env, "persons", 1, &d), YS_ECONFLICT);
    assert_int_equal(ys_rule_env_add_date(w.household_env, "今天", 1, &d), YS_ERULE);
    assert_int_equal(ys_rule_env_add_date(w.household_env, "param", 1, &d), YS_ECONFLICT);
    assert_int_equal(ys_rule_env_add_numbers(w.household_env, "other", NULL, NULL, 0, &d), YS_ECONFLICT);
    assert_int_equal(ys_rule_env_add_numbers(w.person_env, "age", NULL, NULL, 0, &d), YS_ECONFLICT);
    assert_int_equal(ys_rule_env_add_date(w.household_env, "", 1, &d), YS_ERULE);
    assert_int_equal(ys_rule_env_add_list(w.village_env, "persons", w.person_env, &w.persons, &d), YS_EUSAGE);
    rule_world_done(&w);
}

static void test_wrong_use(void **state)
{
    (void)state;
    rule_world w;
    rule_world_init(&w);
    ys_rule *r = NULL;
    ys_rule_scratch *s = ys_rule_scratch_new();
    uint8_t truth[8];
    int64_t ints[8];
    double real[8];
    assert_int_equal(ys_rule_compile(w.household_env, "size", &r, NULL), YS_OK);
    assert_int_equal(ys_rule_eval_bool(r, s, 0, 4, truth), YS_EUSAGE);
    assert_int_equal(ys_rule_eval_int(r, s, 0, 5, ints), YS_EUSAGE);
    assert_int_equal(ys_rule_eval_int(r, s, -1, 2, ints), YS_EUSAGE);
    assert_int_equal(ys_rule_eval_int(r, s, 2, 2, ints), YS_OK);
    assert_int_equal(ys_rule_eval_real(r, s, 1, 4, real), YS_OK);
    assert_true(real[0] == 3 && real[1] == 0 && real[2] != real[2]);
    ys_rule_free(r);
    assert_int_equal(ys_rule_compile(w.household_env, "cause", &r, NULL), YS_OK);
    assert_int_equal(ys_rule_eval_int(r, s, 0, 4, ints), YS_EUSAGE);
    ys_rule_free(r);
    ys_rule_scratch_free(s);
    ys_rule_scratch_free(NULL);
    ys_rule_free(NULL);
    rule_world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_household), cmocka_unit_test(test_person),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_diag),
        cmocka_unit_test(test_reads),     cmocka_unit_test(test_dictionary_grows),
        cmocka_unit_test(test_columns),   cmocka_unit_test(test_env_names),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
