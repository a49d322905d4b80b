/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/num.h"
#include "io/xlsx_fixture.h"
#include "registry/registry_fixture.h"

static office o;

#define AREAS                                                                                                \
    "area,level,parent,name\nC1,county,,曹县\nC2,county,,单县\n"                                         \
    "T1,town,C1,甲镇\nT2,town,C2,乙镇\nV1,village,T1,甲村\nV2,village,T2,乙村\n"
#define HOUSES "household,area,cause_main,arable_mu\nH1,V1,01,2.5\nH2,V1,因残,#NA\nH3,V2,,#未问\n"

static int open_office(void **state)
{
    (void)state;
    office_open(&o, "cn-2016");
    office_put(&o, "areas.csv", AREAS);
    office_put(&o, "households.csv", HOUSES);
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    office_close(&o);
    return 0;
}

static void counts(int64_t added, int64_t changed, int64_t unchanged)
{
    assert_int_equal(o.counts.total.added, added);
    assert_int_equal(o.counts.total.changed, changed);
    assert_int_equal(o.counts.total.unchanged, unchanged);
}

static void faults(int64_t invalid, int64_t duplicates, int64_t orphans)
{
    assert_int_equal(o.counts.invalid, invalid);
    assert_int_equal(o.counts.total.duplicates, duplicates);
    assert_int_equal(o.counts.total.orphans, orphans);
}

static void said(const char *what)
{
    if (!office_said(&o, what))
        fail_msg("«%s» is not in:\n%s", what, ys_str_get(&o.log));
}

static void test_first_import(void **state)
{
    (void)state;
    assert_int_equal(office_count(&o, "household"), 3);
    assert_string_equal(office_cell(&o, "household", "H1", "arable_mu"), "2.5");
    assert_string_equal(office_cell(&o, "household", "H2", "cause_main"), "02");
    assert_string_equal(office_cell(&o, "household", "H2", "arable_mu"), "");
}

static void test_same_file_twice(void **state)
{
    (void)state;
    ys_tx before, after;
    assert_int_equal(ys_store_head(o.store, &before, NULL), YS_OK);
    office_import(&o, "households.csv");
    counts(0, 0, 3);
    assert_int_equal(ys_store_head(o.store, &after, NULL), YS_OK);
    assert_string_equal(before.root, after.root); /* nothing was written */
}

static void test_look_without_writing(void **state)
{
    (void)state;
    office_write(&o, "households.csv", "household,area,arable_mu\nH1,V1,3\nH9,V2,1\n");
    assert_int_equal(office_try(&o, "households.csv", false), YS_OK);
    counts(1, 1, 0);
    said("new H9\n");
    said("changed H1 arable_mu 2.5→3\n");
    assert_int_equal(office_count(&o, "household"), 3);
    assert_string_equal(office_cell(&o, "household", "H1", "arable_mu"), "2.5");
}

static void test_blank_na_and_not_asked(void **state)
{
    (void)state;
    office_put(&o, "households.csv", "household,cause_main,arable_mu\nH1,,4\nH2,#NA,\nH3,08,#NA\n");
    counts(0, 3, 0);
    said("changed H1 arable_mu 2.5→4\n");
    said("changed H2 cause_main 02→#NA\n");
    said("changed H3 arable_mu #未问→#NA\n");
    assert_string_equal(office_cell(&o, "household", "H1", "cause_main"), "01"); /* blank: unchanged */
    assert_string_equal(office_cell(&o, "household", "H3", "area"), "V2"); /* not in the file: unchanged */
    office_put(&o, "households.csv", "household,cause_main,arable_mu\nH1,,\nH2,,\nH3,,\n");
    counts(0, 0, 3);
}

static void test_gone_only_inside_scope(void **state)
{
    (void)state;
    office_write(&o, "households.csv", "household,area\nH1,V1\n");
    assert_int_equal(office_try(&o, "households.csv", true), YS_OK);
    assert_int_equal(o.counts.total.gone, 0); /* no scope: nothing is gone */
    o.args.scope = "C1";
    assert_int_equal(office_try(&o, "households.csv", true), YS_OK);
    o.args.scope = NULL;
    assert_int_equal(o.counts.total.gone, 1);
    said("gone H2\n");
    assert_false(office_said(&o, "gone H3"));           /* lies in C2 */
    assert_int_equal(office_count(&o, "household"), 3); /* gone never deletes */
}

static void test_duplicates_orphans_invalid(void **state)
{
    (void)state;
    office_put(&o, "households.csv",
               "household,area,cause_main,arable_mu\n"
               "H4,V1,01,1\nH4,V1,01,2\nH5,V9,01,1\nH6,V1,77,1\nH7,V1,01,-3\n,V1,01,1\n3.7E+17,V1,01,1\nH8,"
               "V1,01,1\n");
    counts(2, 0, 0);
    faults(4, 1, 1);
    said("duplicate H4 3/2\n");
    said("orphan H5 area");
    said("→V9\n");
    said("invalid households.csv:5:主要致贫原因 «77»");
    said("invalid households.csv:6:耕地面积 «-3»");
    said("invalid households.csv:7:户编号 «» a key cannot be blank");
    said("invalid households.csv:8:户编号 «3.7E+17»");
    assert_string_equal(office_cell(&o, "household", "H4", "arable_mu"), "1"); /* the first row stands */
    assert_string_equal(office_cell(&o, "household", "H8", "arable_mu"), "1");
    assert_string_equal(office_cell(&o, "household", "H5", "area"), "(0 rows)");
}

/* A person in the same import as its household, in any order of files; a household that is nowhere is an orphan. */
static void test_files_refer_to_each_other(void **state)
{
    (void)state;
    office_write(&o, "persons.csv",
                 "person,household,birth_date\nP1,H20,1980-01-02\nP2,H99,1980-01-02\nP3,H20,2月30日\n");
    office_write(&o, "households.csv", "household,area\nH20,V2\n");
    office_import(&o, "persons.csv households.csv");
    faults(1, 0, 1);
    said("orphan P2 household");
    said("invalid persons.csv:4:出生日期 «2月30日» \"Date of birth\": not a date that exists");
    assert_string_equal(office_cell(&o, "person", "P1", "household"), "H20");
}

static void test_provenance(void **state)
{
    (void)state;
    ys_provenance p;
    office_put(&o, "七月.csv", "户编号,耕地面积\nH1,7\nH2,8\n");
    assert_int_equal(ys_store_provenance(o.store, ys_pack_kind(o.pack, "household"), "H2", &p, NULL), YS_OK);
    assert_string_equal(p.file, "七月.csv");
    assert_int_equal(p.row, 3);
    assert_string_equal(p.user, "test");
    assert_string_equal(p.reason, "test");
}

/* Numbers of identity with a fictitious prefix stay out of a real register. */
static void test_fictitious(void **state)
{
    (void)state;
    o.args.fictitious_from = 990000;
    o.args.fictitious_to = 998999;
    office_put(&o, "persons.csv",
               "person,household,id_number\nP8,H1,990001198001010014\nP9,H1,371702198001010015\n");
    faults(1, 0, 0);
    assert_int_equal(o.counts.fictitious, 1);
    said("«***» this is an identity number of synthetic data"); /* and it is not shown */
    assert_string_equal(office_cell(&o, "person", "P8", "id_number"), "(0 rows)");
    assert_string_equal(office_cell(&o, "person", "P9", "id_number"), "371702198001010015");
    o.args.allow_fictitious = true;
    office_import(&o, "persons.csv");
    faults(0, 0, 0);
    assert_string_equal(office_cell(&o, "person", "P8", "id_number"), "990001198001010014");
    o.args.allow_fictitious = false;
    o.args.fictitious_to = 0;
}

static void test_two_times(void **state)
{
    (void)state;
    ys_table *t = NULL;
    o.args.valid_from = ys_date_from(2017, 1, 1);
    office_put(&o, "households.csv", "household,arable_mu\nH3,9\n");
    o.args.valid_from = ys_date_from(2016, 6, 1);
    assert_int_equal(ys_store_history(o.store, ys_pack_kind(o.pack, "household"), "H3", false, &t, NULL),
                     YS_OK);
    int64_t rows = ys_table_rows(t), last = rows - 1;
    assert_true(rows >= 2);
    assert_int_equal(ys_table_get_int(t, ys_table_find(t, "_valid_from"), last), ys_date_from(2017, 1, 1));
    ys_table_free(t);
}

/* A roster row has a household and a person; the household is taken once. */
static void test_roster(void **state)
{
    (void)state;
    o.args.how.template_name = "roster";
    office_put(&o, "花名册.csv",
               "户编号,人编号,致贫原因1,健康状况\nH30,P31,01,健康\nH30,P32,01,健康\nH30,P33,,健康\n");
    o.args.how.template_name = NULL;
    faults(0, 0, 0);
    assert_string_equal(office_cell(&o, "household", "H30", "cause_main"), "01");
    assert_string_equal(office_cell(&o, "person", "P33", "household"), "H30"); /* the row says whose member */
    assert_int_equal(o.counts.total.added, 4);
    o.args.how.template_name = "roster";
    office_put(&o, "花名册.csv",
               "户编号,人编号,致贫原因1,健康状况,备注\nH30,P31,02,健康,x\nH30,P31,02,健康,x\n");
    o.args.how.template_name = NULL;
    faults(0, 1, 0); /* a household may come again, a person twice is a fault */
    said("duplicate P31 3/2\n");
    said("changed H30 cause_main 01→02\n");
    said("warning 备注");
    /* What two rows say of their household must agree, by code or by label; blank says nothing. */
    o.args.how.template_name = "roster";
    office_put(&o, "花名册.csv", "户编号,人编号,致贫原因1\nH31,P34,01\nH31,P35,因病\nH31,P36,\nH31,P37,03\n");
    o.args.how.template_name = NULL;
    faults(1, 0, 0);
    said("invalid 花名册.csv:5:主要致贫原因 «03» the record is that of row 2 (household), but this says "
         "something else");
    assert_int_equal(o.counts.total.added, 1 + 4);
}

/* A workbook roster that merges the household over its members; an amount that is a formula is taken and told once. */
static void test_workbook(void **state)
{
#define T(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
    static const char sheet[] = "<sheetData><row r=\"1\">" T("A1", "户编号") T("B1", "人编号")
        T("C1", "致贫原因1") T("D1", "务工时间(月)") "</row><row r=\"2\">" T("A2", "H40")
            T("B2", "P41") "<c r=\"D2\"><f>1+2</f><v>3</v></c></row><row r=\"3\">" T(
                "B3", "P42") "<c r=\"D3\"><v>4</v></c></row></sheetData>"
                             "<mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells>";
    (void)state;
    size_t n;
    void *bytes = fixture_book(&(fixture){.sheet = sheet}, &n);
    FILE *f = fopen(office_path(&o, "花名册.xlsx"), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
    ys_free(bytes);
    o.args.how.template_name = "roster";
    office_import(&o, "花名册.xlsx");
    o.args.how.template_name = NULL;
    faults(0, 0, 0);
    assert_int_equal(o.counts.total.added, 3);
    assert_string_equal(office_cell(&o, "person", "P41", "months_worked"), "3");
    assert_string_equal(office_cell(&o, "person", "P42", "months_worked"), "4");
    assert_string_equal(office_cell(&o, "person", "P42", "household"), "H40");
    said("1 cells are formulas; their stored results were taken (0 have none)");
    const char *first = strstr(ys_str_get(&o.log), "cells are formulas");
    assert_null(strstr(first + 1, "cells are formulas")); /* though the sheet was read for two kinds */
}

/* Blank is "unchanged" of a record that is there, and a fault of one that is new. */
static void test_required_of_new_records(void **state)
{
    (void)state;
    office_put(&o, "incomes.csv",
               "household,period,line,amount\nH1,2016,wage,100\nH2,2016,wage,\nH3,2016,wage,300\n");
    faults(1, 0, 0);
    counts(2, 0, 0);
    assert_int_equal(o.counts.total.rows, 3);
    said("invalid incomes.csv:3:金额 «» a new record lacks a required field");
    assert_int_equal(office_count(&o, "income"), 2);
    office_put(&o, "incomes.csv",
               "household,period,line,amount\nH1,2016,wage,\nH2,2016,wage,200\nH3,2016,wage,\n");
    faults(0, 0, 0);
    counts(1, 0, 2);
    assert_string_equal(office_cell(&o, "income", "H1|2016|wage", "amount"), "100.00");
    /* No such column at all: what is there may stay, what is new may not come. */
    office_put(&o, "incomes.csv", "household,period,line,note\nH1,2016,wage,核实\nH1,2017,wage,核实\n");
    faults(1, 0, 0);
    said("invalid incomes.csv:3:金额 «» a new record lacks a required field");
    assert_int_equal(office_count(&o, "income"), 3);
}

/* A faulty first row of a key does not let the second in, and whoever refers to it is an orphan, told once. */
static void test_required_and_others(void **state)
{
    (void)state;
    office_put(&o, "areas.csv",
               "area,level,parent,name\nV8,village,T1,\nV8,village,T1,丙村\nG8,village,V8,丙一\n"
               "G9,village,V9,丁一\nV7,village,T1,戊村\n");
    faults(1, 1, 2);
    counts(1, 0, 0);
    assert_int_equal(o.counts.total.rows, 5);
    said("invalid areas.csv:2:");
    said("duplicate V8 3/2\n");
    said("orphan G8 parent");
    said("orphan G9 parent");
    assert_null(strstr(strstr(ys_str_get(&o.log), "orphan G9") + 1, "orphan G9"));
    assert_string_equal(office_cell(&o, "area", "V8", "name"), "(0 rows)");
    assert_string_equal(office_cell(&o, "area", "V7", "name"), "戊村");
}

static void test_whole_file_faults(void **state)
{
    (void)state;
    ys_tx before, after;
    assert_int_equal(ys_store_head(o.store, &before, NULL), YS_OK);
    office_write(&o, "good.csv", "household,arable_mu\nH1,99\n");
    office_write(&o, "bad.csv", "household,arable_mu\nH1,\"1\n");
    assert_int_equal(office_try(&o, "good.csv nowhere.csv", true), YS_ENOTFOUND);
    assert_non_null(strstr(o.diag.file, "nowhere.csv"));
    assert_int_equal(office_try(&o, "good.csv bad.csv", true), YS_EDATA);
    assert_non_null(strstr(o.diag.file, "bad.csv"));
    assert_int_equal(ys_store_head(o.store, &after, NULL), YS_OK);
    assert_string_equal(before.root, after.root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_first_import, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_same_file_twice, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_look_without_writing, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_blank_na_and_not_asked, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_gone_only_inside_scope, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_duplicates_orphans_invalid, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_files_refer_to_each_other, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_provenance, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_fictitious, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_two_times, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_roster, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_workbook, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_required_of_new_records, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_required_and_others, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_whole_file_faults, open_office, close_office),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
