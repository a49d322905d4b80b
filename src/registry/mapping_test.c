/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/mapping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "registry/mapping_number.h"
#include "registry/registry_fixture.h"
#include "registry/row_source.h"

/* ---- the file ---- */

static void test_shapes(void **state)
{
#define R(x) "{\"files\":[{\"match\":\"a\",\"records\":[" x "]}]}"
    static const struct {
        const char *json, *where;
    } rows[] = {
        {"{", ""},
        {"{\"files\":1}", "files"},
        {"{\"files\":[]}", "files"},
        {"{\"files\":[{\"match\":\"a\",\"records\":[]}]}", "files[0].records"},
        {"{\"files\":[{\"records\":[{\"kind\":\"k\"}]}]}", "files[0].match"},
        {R("1"), "files[0].records[0]"},
        {R("{}"), "files[0].records[0].kind"},
        {R("{\"kind\":\"k\",\"colums\":{}}"), "files[0].records[0].colums"},
        {R("{\"kind\":\"k\",\"columns\":[]}"), "files[0].records[0].columns"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":1}}"), "files[0].records[0].columns"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":[\"f\",2]}}"), "files[0].records[0].columns"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":\"f\",\"b\":\"f\"}}"), "files[0].records[0].columns"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":\"f\"},\"constants\":{\"f\":\"x\"}}"),
         "files[0].records[0].constants"},
        {R("{\"kind\":\"k\",\"constants\":{\"f\":1}}"), "files[0].records[0].constants"},
        {R("{\"kind\":\"k\",\"compose\":{\"f\":{\"columns\":[],\"with\":\"\"}}}"),
         "files[0].records[0].compose"},
        {R("{\"kind\":\"k\",\"compose\":{\"f\":{\"columns\":[\"a\"]}}}"), "files[0].records[0].compose"},
        {R("{\"kind\":\"k\",\"values\":{\"f\":{}}}"), "files[0].records[0].values"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":\"f\"},\"values\":{\"f\":{\"x\":1}}}"),
         "files[0].records[0].values"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":\"f\"},\"scale\":{\"f\":{\"by\":2}}}"),
         "files[0].records[0].scale"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":\"f\"},\"scale\":{\"f\":{\"factor\":\"2\"}}}"),
         "files[0].records[0].scale"},
        {R("{\"kind\":\"k\",\"skip\":{\"a\":\"\"}}"), "files[0].records[0].skip"},
        {R("{\"kind\":\"k\",\"sum\":[\"f\"]}"), "files[0].records[0].sum"},
        {R("{\"kind\":\"k\",\"columns\":{\"a\":\"f\"},\"round\":\"f\"}"), "files[0].records[0].round"},
        {R("{\"kind\":\"k\",\"dedupe\":1}"), "files[0].records[0].dedupe"},
        {R("{\"kind\":\"k\",\"repeat\":2}"), "files[0].records[0].repeat"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ys_mapping *m = NULL;
        ys_diag d = {0};
        ys_status st = ys_mapping_parse("m.json", rows[i].json, strlen(rows[i].json), &m, &d);
        if (st != YS_EDATA || m != NULL || strcmp(d.column, rows[i].where) != 0)
            fail_msg("%s: %s at %s", rows[i].json, ys_status_name(st), d.column);
        assert_string_equal(d.file, "m.json");
    }
}

static void test_match(void **state)
{
    (void)state;
    static const char json[] = "{\"files\":[{\"match\":\"s*.csv\",\"records\":[{\"kind\":\"k\"}]},"
                               "{\"match\":\"*.xlsx\",\"records\":[{\"kind\":\"l\"}]}]}";
    ys_mapping *m = NULL;
    assert_int_equal(ys_mapping_parse("m", json, sizeof json - 1, &m, NULL), YS_OK);
    assert_string_equal(ys_mapping_for(m, "/x.y/survey.csv")->records[0].kind_name, "k");
    assert_string_equal(ys_mapping_for(m, "a.xlsx")->records[0].kind_name, "l");
    assert_null(ys_mapping_for(m, "/s.csv/other.csv"));
    ys_mapping_free(m);
}

/* ---- numbers ---- */

static void test_rounding(void **state)
{
    static const struct {
        const char *text;
        int digits;
        const char *want;
    } rows[] = {
        {"1.005", 2, "1.01"},      {"-1.005", 2, "-1.01"},
        {"1.0049", 2, "1.00"},     {"2.675", 2, "2.68"},
        {"0.125", 2, "0.13"},      {"-0.004", 2, "0.00"},
        {"2.5", 0, "3"},           {"-2.5", 0, "-3"},
        {"0.5", 0, "1"},           {"0.49999", 0, "0"},
        {"12345.678", 0, "12346"}, {"0.0000001", 2, "0.00"},
        {"7", 2, "7.00"},          {"1234567890123.456", 2, "1234567890123.46"},
        {"999.995", 2, "1000.00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char buf[64];
        ys__number n;
        assert_true(ys__number_parse(rows[i].text, YS_MONEY, rows[i].digits, &n));
        assert_true(ys__number_round(&n, rows[i].digits));
        assert_string_equal(ys__number_format(&n, YS_MONEY, rows[i].digits, buf, sizeof buf), rows[i].want);
    }
    ys__number huge = {.real = 1e300};
    assert_false(ys__number_round(&huge, 2));
}

static void test_sums_are_exact(void **state)
{
    (void)state;
    char buf[64];
    ys__number sum = {.missing = true}, tenth, blank;
    assert_true(ys__number_parse("0.10", YS_MONEY, 2, &tenth));
    assert_true(ys__number_parse("", YS_MONEY, 2, &blank));
    assert_true(ys__number_add(&sum, &blank, YS_MONEY, 2));
    assert_true(sum.missing); /* blanks add nothing */
    for (int i = 0; i < 1000; i++)
        assert_true(ys__number_add(&sum, &tenth, YS_MONEY, 2));
    assert_string_equal(ys__number_format(&sum, YS_MONEY, 2, buf, sizeof buf), "100.00");
    ys__number big = {.exact = true, .units = INT64_MAX - 1};
    assert_false(ys__number_add(&big, &tenth, YS_MONEY, 2));
    assert_false(ys__number_parse("1o0", YS_MONEY, 2, &tenth));
}

/* ---- at work ---- */

static office o;

#define MAPPING_HEAD "{\"files\":[{\"match\":\"survey*.csv\",\"records\":["
#define AREA_RECORD                                                                                          \
    "{\"kind\":\"area\",\"columns\":{\"where\":[\"area\",\"name\"]},\"values\":{\"area\":{\"Tyrol\":\"T\"}}" \
    ","                                                                                                      \
    "\"constants\":{\"level\":\"village\"},\"dedupe\":true},"
#define HOUSE_RECORD                                                                                         \
    "{\"kind\":\"household\",\"columns\":{\"where\":\"area\",\"land\":\"arable_mu\"},"                       \
    "\"values\":{\"area\":{\"Tyrol\":\"T\"}},\"compose\":{\"household\":{\"columns\":[\"year\",\"hh\"],"     \
    "\"with\":\"-\"}},\"constants\":{\"frame\":\"sample\"},\"dedupe\":true}"
#define PERSON_RECORD                                                                                        \
    ",{\"kind\":\"person\",\"repeat\":\"n\",\"compose\":{\"household\":{\"columns\":[\"year\",\"hh\"],"      \
    "\"with\":\"-\"},\"person\":{\"columns\":[\"year\",\"hh\",\"#\"],\"with\":\"-\"}}}"
#define INCOME_RECORD                                                                                        \
    ",{\"kind\":\"income\",\"compose\":{\"household\":{\"columns\":[\"year\",\"hh\"],\"with\":\"-\"}},"      \
    "\"columns\":{\"pay\":\"amount\"},\"constants\":{\"line\":\"wage\",\"period\":\"2016\"},"                \
    "\"skip\":{\"pay\":[\"\",\"0\"]},\"scale\":{\"amount\":{\"times\":[\"n\"],\"over\":[\"eq\"],"            \
    "\"factor\":12}},\"sum\":[\"amount\"],\"round\":[\"amount\"]}"
#define MAPPING_TAIL "]}]}"

static int open_office(void **state)
{
    (void)state;
    office_open(&o, "cn-2016");
    office_write(&o, "m.json",
                 MAPPING_HEAD AREA_RECORD HOUSE_RECORD PERSON_RECORD INCOME_RECORD MAPPING_TAIL);
    o.args.how.mapping = office_path(&o, "m.json");
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    office_close(&o);
    return 0;
}

static void said(const char *what)
{
    if (!office_said(&o, what))
        fail_msg("«%s» is not in:\n%s", what, ys_str_get(&o.log));
}

static void map_file(const char *rows)
{
    static char path[600];
    snprintf(path, sizeof path, "%s", office_path(&o, "m.json"));
    o.args.how.mapping = path;
    office_put(&o, "survey1.csv", rows);
}

static void test_records(void **state)
{
    (void)state;
    map_file("year,hh,where,land,n,pay,eq,other\n"
             "08,1,Tyrol,2,2,100.33,1.5,x\n"
             "08,1,Tyrol,2,0,50,1.5,x\n"
             "08,2,Vienna,,1,0,1,x\n"
             "08,3, Tyrol ,1,0,,1,x\n");
    assert_int_equal(o.counts.invalid, 0);
    assert_int_equal(office_count(&o, "area"), 2);
    assert_string_equal(office_cell(&o, "area", "T", "name"), "Tyrol");
    assert_string_equal(office_cell(&o, "area", "Vienna", "level"), "village");
    assert_int_equal(office_count(&o, "household"), 3);
    assert_string_equal(office_cell(&o, "household", "08-3", "area"), "T");
    assert_string_equal(office_cell(&o, "household", "08-1", "frame"), "sample");
    assert_int_equal(office_count(&o, "person"), 3);
    assert_string_equal(office_cell(&o, "person", "08-1-2", "household"), "08-1");
    /* 100.33×2/1.5×12 = 1605.28; the second row adds 50×0/1.5×12 = 0; 0 and blank were skipped */
    assert_int_equal(office_count(&o, "income"), 1);
    assert_string_equal(office_cell(&o, "income", "08-1|2016|wage", "amount"), "1605.28");
    said("warning other");
    assert_false(office_said(&o, "warning land"));
    map_file("year,hh,where,land,n,pay,eq,other\n08,1,Tyrol,2,2,100.33,1.5,x\n08,2,Vienna,,1,0,1,x\n08,3, "
             "Tyrol ,1,0,,1,x\n");
    assert_int_equal(o.counts.total.added + o.counts.total.changed, 0);
}

static void test_row_faults(void **state)
{
    (void)state;
    map_file("year,hh,where,land,n,pay,eq\n"
             "08,1,Tyrol,2,1,100,1\n"
             "08,1,Tyrol,3,1,100,1\n"  /* the same household with other land */
             "08,2,Tyrol,1,two,10,1\n" /* no number to repeat by, and none to multiply with */
             "08,4,Tyrol,1,1,ten,1\n"
             "08,5,Tyrol,1,1,10,0\n" /* divided by nothing */
             "08,6,Tyrol,1,99999,1e300,1\n");
    said("invalid survey1.csv:3:land «3» same key as row 2, but this column differs (\"2\" there)");
    said("invalid survey1.csv:4:n «two» the mapping repeats by this column: 0 to 10000 is wanted");
    said("invalid survey1.csv:4:n «two» the mapping calculates here, and this is no number");
    said("invalid survey1.csv:5:pay «ten» the mapping calculates here, and this is no number");
    said("invalid survey1.csv:6:eq «0» the mapping calculates here, and this is no number");
    said("invalid survey1.csv:7:n «99999»");
    said("invalid survey1.csv:7:amount «» the result is out of range");
    assert_string_equal(office_cell(&o, "household", "08-1", "arable_mu"), "2");
    assert_string_equal(office_cell(&o, "income", "08-1|2016|wage", "amount"), "2400.00");
}

static ys_status bind(const char *mapping, const char *rows)
{
    static char path[600];
    office_write(&o, "n.json", mapping);
    office_write(&o, "survey1.csv", rows);
    snprintf(path, sizeof path, "%s", office_path(&o, "n.json"));
    o.args.how.mapping = path;
    return office_try(&o, "survey1.csv", false);
}

static void refuse(const char *mapping, const char *rows, const char *why)
{
    assert_int_equal(bind(mapping, rows), YS_EDATA);
    if (strstr(o.diag.en, why) == NULL)
        fail_msg("«%s» is not in: %s", why, o.diag.en);
}

static void test_binding_faults(void **state)
{
    (void)state;
#define ONE(x) MAPPING_HEAD x MAPPING_TAIL
    refuse(ONE("{\"kind\":\"ghost\",\"columns\":{\"a\":\"f\"}}"), "a\n1\n",
           "kind ghost of the mapping is not in the pack");
    refuse(ONE("{\"kind\":\"household\",\"columns\":{\"a\":\"ghost\"}}"), "a\n1\n", "field household.ghost");
    refuse(ONE("{\"kind\":\"household\",\"columns\":{\"a\":\"area\"}}"), "a\n1\n",
           "does not give key field household.household");
    refuse(ONE("{\"kind\":\"household\",\"columns\":{\"a\":\"household\",\"b\":\"area\"}}"), "a\n1\n",
           "column \"b\"");
    refuse(
        ONE("{\"kind\":\"household\",\"columns\":{\"a\":\"household\",\"b\":\"area\"},\"sum\":[\"area\"]}"),
        "a,b\n1,2\n", "which household.area is not");
    office_write(&o, "other.csv", "a\n1\n");
    assert_int_equal(office_try(&o, "other.csv", false), YS_EDATA);
    assert_non_null(strstr(o.diag.en, "says nothing of this file"));
    o.args.how.mapping = "nowhere.json";
    assert_int_equal(office_try(&o, "other.csv", false), YS_ENOTFOUND);
}

/* Headers below a title, in another order, written a little differently. */
static void test_headers_are_found(void **state)
{
    (void)state;
    assert_int_equal(
        bind(ONE("{\"kind\":\"household\",\"columns\":{\"House No\":\"household\",\"land\":\"arable_mu\"}}"),
             "a survey\n LAND ,house-no\n2,H1\n"),
        YS_OK);
    assert_int_equal(o.counts.total.added, 1);
    said("new H1\n");
}

/* Nobody names a mapping: the pack's own is taken where it fits better than a kind, and the log says so. */
static void test_packs_own_mapping(void **state)
{
    (void)state;
    office e;
    office_open(&e, "bf-hillebrecht");
    ys_mapping *m = NULL;
    assert_int_equal(ys_mapping_of_pack(e.pack, &m, NULL), YS_OK);
    assert_non_null(m);
    ys_mapping_free(m);
    office_put(&e, "households.csv", "household,area\n");
    assert_true(office_said(&e, "file household taken as"));
    office_write(&e, "hillebrecht.csv",
                 "hhid,year,floor\n004,2008,1\n"); /* not all columns: the kind is taken */
    assert_int_equal(office_try(&e, "hillebrecht.csv", false), YS_OK);
    assert_false(office_said(&e, "mapping.json"));
    office_close(&e);
    assert_int_equal(ys_mapping_of_pack(o.pack, &m, NULL), YS_OK);
    assert_null(m); /* cn-2016 has none */
}

/* Every allocation fails once: no leak, no crash, and what was asked for is untouched. */
static void test_short_of_memory(void **state)
{
    (void)state;
    int64_t failures = 0;
    bool whole = false;
    office_write(&o, "survey1.csv",
                 "year,hh,where,land,n,pay,eq\n08,1,Tyrol,2,2,100,1\n08,2,Tyrol,2,1,100,1\n");
    ys_bind_how how = {.mapping = o.args.how.mapping};
    char file[600];
    snprintf(file, sizeof file, "%s", office_path(&o, "survey1.csv"));
    for (int64_t n = 1; !whole && n < 10000; n++) {
        ys_sheet_plan plan = {0};
        ys_status st;
        int records = 0;
        ys_alloc_fail_from(n);
        st = ys_sheet_plan_make(file, "", o.pack, &how, &plan, NULL);
        for (int b = 0; st == YS_OK && b < plan.count; b++) {
            ys_rows *rows = NULL;
            ys_record rec;
            st = ys_rows_open(&plan, &plan.bindings[b], 2, &rows, NULL);
            while (st == YS_OK && (st = ys_rows_next(rows, &rec, NULL)) == YS_OK && rec.text != NULL)
                records++;
            ys_rows_close(rows);
        }
        whole = st == YS_OK;
        failures += !whole;
        ys_alloc_fail_from(0);
        if (!whole && st != YS_ENOMEM && st != YS_ELIMIT && st != YS_EIO)
            fail_msg("allocation %lld: %s", (long long)n, ys_status_name(st));
        if (whole)
            assert_int_equal(records, 1 + 2 + 3 + 2);
        ys_sheet_plan_done(&plan);
    }
    assert_true(whole);
    assert_true(failures > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_sums_are_exact),
        cmocka_unit_test_setup_teardown(test_records, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_row_faults, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_binding_faults, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_headers_are_found, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_short_of_memory, open_office, close_office),
        cmocka_unit_test_setup_teardown(test_packs_own_mapping, open_office, close_office),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
