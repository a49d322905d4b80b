/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/num.h"
#include "registry/check.h"
#include "registry/kinds.h"
#include "registry/put.h"
#include "registry/registry_fixture.h"

static office o;

static int open_office(void **state)
{
    (void)state;
    office_open(&o, "cn-2016");
    office_put(&o, "areas.csv",
               "area,level,parent,name\nC1,county,,牡丹区\nC2,county,,曹县\nV1,village,C1,甲村\nV2,village,"
               "C2,乙村\n");
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    office_close(&o);
    return 0;
}

static int64_t engine(const ys_frame *f, const char *household, const char *column)
{
    int64_t row = ys_frame_household(f, household);
    assert_true(row >= 0);
    int c = ys_table_find(f->household, column);
    assert_true(c >= 0);
    return ys_table_get_int(f->household, c, row);
}

/*
 * The published ledger of a household of five in 牡丹区, October 2018 to September 2019 (domain facts 2.6): 30,844.4 yuan,
 * 6,168.88 a head.  The lines that were not published are one remainder line.
 */
static void test_a_real_ledger(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,area\nM1,V1\n");
    office_put(&o, "persons.csv", "person,household\nM11,M1\nM12,M1\nM13,M1\nM14,M1\nM15,M1\n");
    office_put(&o, "incomes.csv",
               "household,period,line,amount\n"
               "M1,2018-10/2019-09,生产经营,4500\nM1,2018-10/2019-09,低保,9960\n"
               "M1,2018-10/2019-09,困难残疾人生活补贴,1155\nM1,2018-10/2019-09,养老金,1536\n"
               "M1,2018-10/2019-09,打工,4400\nM1,2018-10/2019-09,transfer_other,9293.4\n"
               "M1,2017,打工,99999\n");
    assert_int_equal(o.counts.invalid, 0);
    ys_frame *f = office_frame(
        &o, &(ys_frame_args){.period = "2018-10/2019-09", .today = INT32_MIN, .valid_on = YS_SCAN_LATEST});
    assert_int_equal(engine(f, "M1", "size"), 5);
    assert_int_equal(engine(f, "M1", "income_total"), 3084440);
    assert_int_equal(engine(f, "M1", "income_pc"), 616888);
    assert_int_equal(engine(f, "M1", "income_wage"), 440000);
    assert_int_equal(engine(f, "M1", "income_public"), 996000 + 115500 + 153600);
    assert_int_equal(engine(f, "M1", "poor"), 0);
    assert_int_equal(f->other_period, 1); /* last year's wages are not this year's */
    ys_frame_free(f);
}

/* Own produce loses its default cost share, unless costs were recorded; a loan adds nothing to what can be spent. */
static void test_costs(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,area\nA,V1\nB,V1\nC,V1\n");
    office_put(&o, "persons.csv", "person,household\nA1,A\nB1,B\nC1,C\n");
    office_put(
        &o, "incomes.csv",
        "household,period,line,amount\nA,2016,grain,1000\nB,2016,grain,1000\nB,2016,business_cost,100\n"
        "C,2016,micro_loan,5000\nC,2016,wage,10\n");
    ys_frame *f = office_frame(&o, NULL);
    assert_int_equal(engine(f, "A", "income_business"), 60000); /* 40 % off */
    assert_int_equal(engine(f, "A", "income_total"), 60000);
    assert_int_equal(engine(f, "B", "income_business"),
                     90000); /* what was recorded takes the place of the default */
    assert_int_equal(engine(f, "C", "income_transfer"), 0);
    assert_int_equal(engine(f, "C", "income_total"), 1000);
    assert_int_equal(f->col.ystar[ys_frame_household(f, "C")], 1000);
    ys_frame_free(f);
}

/* y is for the line, y* for the gap: illness makes no statutory poor, but it is seen. */
static void test_two_incomes(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,area\nR,V1\n");
    office_put(&o, "persons.csv", "person,household\nR1,R\nR2,R\n");
    office_put(
        &o, "incomes.csv",
        "household,period,line,amount\nR,2016,wage,8000\nR,2016,medical,5000\nR,2016,medical_reimb,1000\n");
    ys_frame *f = office_frame(&o, NULL);
    assert_int_equal(engine(f, "R", "income_total"), 800000);
    assert_int_equal(engine(f, "R", "rigid"), 500000);
    assert_int_equal(engine(f, "R", "poor"), 0);
    assert_int_equal(f->col.ystar[ys_frame_household(f, "R")], 800000 + 100000 - 500000);
    assert_int_equal(engine(f, "R", "ystar_pc"), 200000);
    assert_int_equal(engine(f, "R", "gap_pc"), f->line->amount - 200000);
    ys_frame_free(f);
}

/* total < line × size in integers: a third of a fen below the line is below it, though a rounded head would be on it. */
static void test_poor_in_integers(void **state)
{
    (void)state;
    char rows[400];
    const ys_line *line = ys_pack_line(o.pack, NULL, NULL, 0);
    int64_t at = line->amount * 3;
    office_put(&o, "households.csv", "household,area\nJ,V1\nK,V1\nN,V1\n");
    office_put(&o, "persons.csv", "person,household\nJ1,J\nJ2,J\nJ3,J\nK1,K\nK2,K\nK3,K\n");
    snprintf(rows, sizeof rows,
             "household,period,line,amount\nJ,2016,wage,%lld.%02d\nK,2016,wage,%lld.%02d\nN,2016,wage,1\n",
             (long long)((at - 1) / 100), (int)((at - 1) % 100), (long long)(at / 100), (int)(at % 100));
    office_put(&o, "incomes.csv", rows);
    ys_frame *f = office_frame(&o, NULL);
    assert_int_equal(engine(f, "J", "poor"), 1);
    assert_int_equal(engine(f, "J", "income_pc"), line->amount - 1); /* never rounded up to the line */
    assert_int_equal(engine(f, "K", "poor"), 0);
    assert_int_equal(engine(f, "K", "gap_pc"), 0);
    assert_int_equal(engine(f, "N", "poor"), YS_NA); /* nobody lives there: not known, not rich */
    assert_int_equal(engine(f, "N", "income_pc"), YS_NA);
    assert_int_equal(f->no_members, 1);
    ys_frame_free(f);
}

static void test_scope_and_frame(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,area,frame,weight\nA,V1,register,\nB,V2,sample,12.5\n");
    office_put(&o, "persons.csv", "person,household\nA1,A\nB1,B\n");
    ys_frame *f = office_frame(&o, NULL);
    assert_int_equal(f->households, 2);
    int64_t b = ys_frame_household(f, "B");
    assert_int_equal(f->in_register[b], 0);
    assert_true(f->weight[b] == 12.5);
    assert_true(f->weight[ys_frame_household(f, "A")] == 1);
    assert_string_equal(ys_areas_code(f->areas, f->area_of[b]), "V2");
    assert_int_equal(ys_frame_household(f, "Z"), -1);
    ys_frame_free(f);
    f = office_frame(&o, &(ys_frame_args){.scope = "C2", .today = INT32_MIN, .valid_on = YS_SCAN_LATEST});
    assert_int_equal(f->households, 1);
    assert_int_equal(f->persons, 1);
    ys_frame_free(f);
}

/* Nothing but a survey: its households are those the office is for; one of a register, and they are only a sample. */
static void test_survey_only(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,area,frame,weight\nA,V1,sample,3\nB,V2,sample,12.5\n");
    ys_frame *f = office_frame(&o, NULL);
    assert_true(f->survey_only);
    assert_int_equal(f->in_register[0] + f->in_register[1], 2);
    assert_true(f->weight[0] == 3);
    ys_frame_free(f);
    office_put(&o, "households.csv", "household,area,frame\nC,V1,register\n");
    f = office_frame(&o, NULL);
    assert_false(f->survey_only);
    assert_int_equal(f->in_register[ys_frame_household(f, "A")], 0);
    assert_int_equal(f->in_register[ys_frame_household(f, "C")], 1);
    ys_frame_free(f);
}

/* An indicator of persons makes a household deprived by any member; who was not asked is not known. */
static void test_deprived(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,area\nA,V1\nB,V1\nC,V1\n");
    office_put(&o, "persons.csv",
               "person,household,insured_medical\nA1,A,1\nA2,A,0\nB1,B,1\nC1,C,\nC2,C,1\n");
    ys_frame *f = office_frame(&o, NULL);
    const ys_indicator in = {.name = "uninsured", .kind = "person", .rule = "!insured_medical"};
    uint8_t *house = NULL, *person = NULL;
    assert_int_equal(ys_frame_deprived(f, &in, &house, &person, &o.diag), YS_OK);
    assert_int_equal(house[ys_frame_household(f, "A")], YS_TRUE);
    assert_int_equal(house[ys_frame_household(f, "B")], YS_FALSE);
    assert_int_equal(house[ys_frame_household(f, "C")], YS_UNKNOWN);
    ys_free(house);
    ys_free(person);
    ys_frame_free(f);
}

/* A village's own rule holds for all its households; a household without a village is not known. */
static void test_deprived_village(void **state)
{
    (void)state;
    office_put(&o, "villages.csv", "area,bus\nV1,0\n");
    office_put(&o, "households.csv", "household,area\nA,V1\nB,V2\n");
    ys_frame *f = office_frame(&o, NULL);
    const ys_indicator in = {.name = "no_bus", .kind = "village", .rule = "!bus"};
    uint8_t *house = NULL, *person = (uint8_t *)"untouched";
    assert_int_equal(ys_frame_deprived(f, &in, &house, &person, &o.diag), YS_OK);
    assert_int_equal(house[ys_frame_household(f, "A")], YS_TRUE);
    assert_int_equal(house[ys_frame_household(f, "B")], YS_UNKNOWN);
    assert_null(person);
    ys_free(house);
    uint8_t *truth = NULL;
    assert_int_equal(ys_frame_truth(f, "provider", "true", &truth, &o.diag), YS_ERULE);
    assert_int_equal(ys_frame_truth(f, "household", "size > yuan(3)", &truth, &o.diag), YS_ERULE);
    assert_null(truth);
    ys_frame_free(f);
}

static void test_supply(void **state)
{
    (void)state;
    office_put(&o, "funds.csv", "fund,period,name,amount\nF1,2017,专项,1000\n");
    office_put(&o, "offerings.csv",
               "offering,measure,area,period,capacity,fund_a,share_a\nO1,dibao,V1,2017,#NA,F1,1\n");
    ys_frame *f =
        office_frame(&o, &(ys_frame_args){.today = INT32_MIN, .valid_on = YS_SCAN_LATEST, .supply = true});
    assert_int_equal(ys_table_rows(f->fund), 1);
    assert_int_equal(ys_table_get_int(f->fund, ys_table_find(f->fund, "amount"), 0), 100000);
    assert_int_equal(ys_table_rows(f->offering), 1);
    assert_int_equal(ys_table_get_int(f->offering, ys_table_find(f->offering, "capacity"), 0), YS_NA);
    assert_int_equal(f->households, 0);
    assert_false(f->survey_only); /* an empty office is no survey */
    ys_frame_free(f);
    f = office_frame(&o, NULL);
    assert_null(f->fund);
    ys_frame_free(f);
}

/* Amounts that add up beyond the range of money are an error that names the household, not a wrong sum. */
static void test_overflow(void **state)
{
    (void)state;
    ys_frame *f = NULL;
    ys_frame_args a = {.store = o.store, .pack = o.pack, .today = INT32_MIN, .valid_on = YS_SCAN_LATEST};
    office_put(&o, "households.csv", "household,area\nBIG,V1\n");
    office_put(&o, "persons.csv", "person,household\nB1,BIG\n");
    office_put(
        &o, "incomes.csv",
        "household,period,line,amount\nBIG,2016,wage,90000000000000000\nBIG,2016,rent,90000000000000000\n");
    assert_int_equal(ys_frame_read(&a, &f, &o.diag), YS_EDATA);
    assert_null(f);
    assert_non_null(strstr(o.diag.en, "BIG"));
}

typedef struct hits {
    char text[4000];
} hits;

static void on_hit(void *arg, const ys_pack_rule *rule, const char *key)
{
    hits *h = arg;
    size_t used = strlen(h->text);
    snprintf(h->text + used, sizeof h->text - used, "%s:%s\n", rule->rule, key);
}

static const ys_check_rule *rule_named(const ys_check *c, const char *name)
{
    for (int i = 0; i < c->count; i++) {
        if (strcmp(c->rules[i].rule->rule, name) == 0)
            return &c->rules[i];
    }
    fail_msg("no rule %s", name);
    return NULL;
}

static void test_check(void **state)
{
    (void)state;
    hits h = {""};
    ys_check c;
    office_put(&o, "households.csv", "household,area\nA,V1\nEMPTY,V1\n");
    office_put(&o, "persons.csv",
               "person,household,birth_date,relation\nA1,A,1950-01-01,01\nA2,A,2044-01-01,02\nA3,A,#NA,02\n");
    ys_frame *f = office_frame(&o, NULL);
    assert_int_equal(ys_check_run(f, "quality", on_hit, &h, &c, &o.diag), YS_OK);
    assert_non_null(strstr(h.text, "1_01_003:A2\n")); /* born in the future */
    assert_null(strstr(h.text, "1_01_003:A1\n"));
    assert_non_null(strstr(h.text, "1_01_002:A3\n")); /* no date of birth */
    assert_non_null(strstr(h.text, "1_02_001:EMPTY\n"));
    assert_null(strstr(h.text, "1_02_001:A\n"));
    assert_int_equal(rule_named(&c, "1_01_003")->hits, 1);
    assert_int_equal(rule_named(&c, "1_01_003")->rows, 3);
    assert_int_equal(rule_named(&c, "1_02_001")->hits, 1);
    int64_t sum = 0;
    for (int i = 0; i < c.count; i++)
        sum += c.rules[i].hits;
    assert_int_equal(c.hits, sum);
    ys_check_done(&c);
    ys_frame_free(f);
}

/* What the engine finds is kept like any fact: the same again is no new version. */
static void test_put(void **state)
{
    (void)state;
    ys_tx_info info = {.user = "test", .reason = "roots", .command = "diagnose", .recorded_at = 2};
    ys_tx first = {0}, second = {0};
    office_put(&o, "households.csv", "household,area\nA,V1\nB,V2\n");
    ys_table *t = ys_table_for_kind(&ys_kind_root);
    assert_non_null(t);
    assert_int_equal(ys_table_columns(t), ys_kind_root.field_count);
    assert_true(ys_table_grow(t, 3));
    for (int i = 0; i < 2; i++) {
        assert_true(ys_table_set_text(t, ys_table_find(t, "household"), i, i == 0 ? "A" : "B"));
        assert_true(ys_table_set_int(t, ys_table_find(t, "gap"), i, 100 + i));
    }
    for (int round = 0; round < 2; round++) {
        assert_int_equal(ys_store_begin(o.store, &info, NULL), YS_OK);
        /* The third row is room that was never filled. */
        if (ys_registry_put_rows(o.store, &ys_kind_root, t, 2, ys_date_from(2016, 7, 1), &o.diag) != YS_OK)
            fail_msg("%s", o.diag.en);
        assert_int_equal(ys_store_commit(o.store, round == 0 ? &first : &second, NULL), YS_OK);
    }
    assert_true(first.id > 0);
    assert_int_equal(second.id, 0);
    ys_table *back = NULL;
    ys_scan how = {.valid_on = YS_SCAN_LATEST};
    assert_int_equal(ys_store_scan(o.store, &ys_kind_root, &how, &back, NULL), YS_OK);
    assert_int_equal(ys_table_rows(back), 2);
    assert_int_equal(ys_table_get_int(back, ys_table_find(back, "gap"), 1), 101);
    assert_true(ys_table_missing(back, ys_table_find(back, "peers"), 0));
    ys_table_free(back);
    ys_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_real_ledger, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_costs, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_two_incomes, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_poor_in_integers, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_scope_and_frame, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_survey_only, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_deprived, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_deprived_village, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_supply, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_overflow, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_check, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_put, open_office, close_office),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
