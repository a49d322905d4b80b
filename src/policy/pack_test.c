/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "policy/pack_fixture.h"

static faults all; /* large: not on the stack */

/* --- packs of the repository --- */

static void count_fault(void *arg, const ys_diag *fault)
{
    char line[2048];
    ys_diag_format(fault, "en", line, sizeof line);
    print_error("%s\n", line);
    (*(int *)arg)++;
}

static void shipped_packs_are_whole(void **state)
{
    static const char *const packs[] = {"packs/at-eusilc", "packs/bf-hillebrecht", "packs/cn-2016"};
    (void)state;
    for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
        int n = 0;
        ys_diag d = {0};
        ys_status st = ys_pack_check(fixture_path(packs[i]), count_fault, &n, &d);
        if (st != YS_OK)
            fail_msg("%s: %d faults, %s", packs[i], n, d.en);
    }
}

static void austria_reads_as_written(void **state)
{
    ys_pack *p = NULL;
    ys_diag d = {0};
    int n;
    const char *const *levels;
    (void)state;
    assert_int_equal(ys_pack_load(fixture_path("packs/at-eusilc"), &p, &d), YS_OK);
    assert_string_equal(ys_pack_name(p), "at-eusilc");
    assert_string_equal(ys_pack_currency(p), "EUR");
    assert_int_equal(ys_pack_digits(p), 2);
    assert_string_equal(ys_pack_period(p), "2006");
    assert_int_equal(ys_pack_reference_date(p), 13513); /* 2006-12-31 */
    assert_int_equal(ys_pack_area_levels(p, &levels), 2);
    assert_string_equal(levels[1], "region");
    assert_int_equal(ys_pack_line(p, NULL, NULL, 0)->amount, 1000000);
    assert_int_equal(ys_pack_line(p, "AT", "arpt60", 2006)->amount, 1085924);
    assert_null(ys_pack_line(p, "AT", "arpt60", 2007));
    const ys_income_line *lines = ys_pack_income_lines(p, &n);
    assert_int_equal(n, 16);
    assert_string_equal(lines[14].line, "hy130n");
    assert_int_equal(lines[14].sign, -1);
    assert_true(isnan(lines[14].cost_ratio));
    const ys_measure *measures = ys_pack_measures(p, &n);
    int i = ys_pack_measure_index(p, "job_placement");
    assert_int_equal(i, 0);
    assert_int_equal(measures[i].cost, 180000);
    assert_int_equal(measures[i].target, YS_TARGET_PERSON);
    assert_int_equal(measures[i].channel, YS_F_EMPLOYMENT);
    assert_true(measures[i].full_time && measures[i].consent);
    assert_true(ys_pack_param(p, "peer_min", 0) == 30);
    assert_true(ys_pack_param(p, "nothing_such", 7) == 7);
    assert_int_equal(ys_pack_cause_index(p, "no_worker"), 2);
    assert_int_equal(ys_pack_indicator_index(p, "nowhere"), -1);
    const ys_kind *person = ys_pack_kind(p, "person");
    int f = ys_kind_field(person, "id_number");
    assert_true(ys_field_secret(&person->fields[f]));
    assert_false(ys_field_secret(&person->fields[ys_kind_field(person, "name")]));
    assert_int_equal(ys_kind_field(person, "nothing"), -1);
    (void)ys_pack_template(p, &n);
    assert_int_equal(n, 7);
    ys_pack_free(p);
}

static void codes_are_found_as_people_write_them(void **state)
{
    ys_pack *p = NULL;
    (void)state;
    assert_int_equal(ys_pack_load(fixture_path("packs/at-eusilc"), &p, NULL), YS_OK);
    assert_string_equal(ys_pack_code(p, "sex", "male"), "male");
    assert_string_equal(ys_pack_code(p, "sex", "女"), "female");
    assert_string_equal(ys_pack_code(p, "sex", " FEMALE "), "female");
    assert_string_equal(ys_pack_code(p, "status", "１"), "1"); /* full width */
    assert_string_equal(ys_pack_code(p, "income_lines", "Rental income"), "hy040n");
    assert_string_equal(ys_pack_code(p, "causes", "病残"), "disability");
    assert_string_equal(ys_pack_code(p, "area_levels", "region"), "region");
    assert_null(ys_pack_code(p, "sex", "neither"));
    assert_null(ys_pack_code(p, "nothing_such", "male"));
    assert_string_equal(ys_pack_label(p, "sex", "male", "zh"), "男");
    assert_string_equal(ys_pack_label(p, "sex", "male", "en"), "Male");
    assert_null(ys_pack_label(p, "sex", "男", "en")); /* a label is no code */
    ys_pack_free(p);
}

/* Labels that differ only inside brackets fold alike: the exact text still finds each, the folded one finds none. */
static void codes_that_fold_alike(void **state)
{
    fixture f;
    ys_pack *p = NULL;
    ys_diag d = {0};
    (void)state;
    fixture_open(&f);
    (void)fixture_set(&f, &(fixture_cell){"codes.csv", "label_zh", "全职", "label_zh", "在业（全）"}, NULL);
    (void)fixture_set(&f, &(fixture_cell){"codes.csv", "label_zh", "兼职", "label_zh", "在业（半）"}, NULL);
    if (ys_pack_load_files(f.file, f.count, &p, &d) != YS_OK)
        fail_msg("%s", d.en);
    assert_string_equal(ys_pack_code(p, "status", "在业（全）"), "1");
    assert_string_equal(ys_pack_code(p, "status", "在业（半）"), "2");
    assert_null(ys_pack_code(p, "status", "在业"));
    ys_pack_free(p);
    fixture_close(&f);
}

static void hash_is_of_names_and_bytes(void **state)
{
    fixture f;
    ys_pack *a = NULL, *b = NULL;
    char first[65];
    (void)state;
    fixture_open(&f);
    assert_int_equal(ys_pack_load(fixture_path("packs/at-eusilc"), &a, NULL), YS_OK);
    (void)snprintf(first, sizeof first, "%s", ys_pack_hash(a));
    ys_pack_free(a);
    ys_pack_file swap = f.file[0]; /* the order in which the files come does not matter */
    f.file[0] = f.file[f.count - 1];
    f.file[f.count - 1] = swap;
    assert_int_equal(ys_pack_load_files(f.file, f.count, &b, NULL), YS_OK);
    assert_string_equal(ys_pack_hash(b), first);
    ys_pack_free(b);
    fixture_replace(&f, "README.md", "Austria", "Austria!");
    assert_int_equal(ys_pack_load_files(f.file, f.count, &b, NULL), YS_OK);
    assert_string_not_equal(ys_pack_hash(b), first);
    ys_pack_free(b);
    fixture_close(&f);
}

/* What Excel writes: a byte order mark, CRLF, quotes, empty rows at the end. */
static void files_saved_by_excel_are_fine(void **state)
{
    fixture f;
    (void)state;
    fixture_open(&f);
    fixture_replace(&f, "lines.csv", "jurisdiction", "\xef\xbb\xbf\"jurisdiction\"");
    fixture_replace(&f, "lines.csv", "effective\n", "effective\r\n");
    fixture_replace(&f, "lines.csv", "AT,arpt60", ",,,,,,,,\r\nAT,arpt60");
    assert_int_equal(fixture_check(&f, &all), YS_OK);
    fixture_replace(&f, "lines.csv", "10859.24", "x");
    assert_int_equal(fixture_check(&f, &all), YS_EDATA);
    assert_int_equal(all.first[0].row, 4); /* the empty row counts */
    fixture_close(&f);
}

/* --- every kind of fault, one cell at a time --- */

typedef struct mutation {
    const char *file, *column, *match; /* the row */
    const char *set, *value;           /* the broken cell */
    const char *at; /* the column where the fault is expected; NULL: `set`; "-": no cell (row 0) */
    const char *in; /* the file where it is expected; NULL: `file` */
} mutation;

static const mutation mutations[] = {
    /* types and ranges */
    {"kinds.csv", "kind", "town", "effective", "2016-02-30", NULL, NULL},
    {"kinds.csv", "kind", "town", "label_zh", "", NULL, NULL},
    {"kinds.csv", "kind", "person", "area_field", "household", "via", NULL},
    {"kinds.csv", "kind", "person", "via", "home", NULL, NULL},
    {"kinds.csv", "kind", "person", "via", "name", NULL, NULL},
    {"kinds.csv", "kind", "household", "area_field", "place", NULL, NULL},
    {"fields.csv", "name", "status", "type", "string", NULL, NULL},
    {"fields.csv", "name", "status", "key", "yes", NULL, NULL},
    {"fields.csv", "name", "status", "name", "Status", NULL, NULL},
    {"fields.csv", "name", "age_years", "max", "old", NULL, NULL},
    {"fields.csv", "name", "age_years", "max", "-1", NULL, NULL},
    {"fields.csv", "name", "status", "sensitivity", "secret", NULL, NULL},
    {"fields.csv", "name", "status", "codes", "statuses", NULL, NULL},
    {"fields.csv", "name", "age_years", "codes", "status", NULL, NULL},
    {"fields.csv", "name", "successor", "ref", "areas", NULL, NULL},
    {"fields.csv", "name", "successor", "ref", "fund", NULL, NULL},
    {"fields.csv", "name", "lng", "ref", "area", NULL, NULL},
    {"fields.csv", "name", "eq_size", "kind", "houshold", NULL, NULL},
    {"fields.csv", "name", "eq_size", "name", "members", NULL, NULL},
    {"fields.csv", "name", "eq_size", "name", "income_pc", NULL, NULL},
    {"fields.csv", "name", "eq_size", "name", "persons", NULL, NULL},
    {"fields.csv", "name", "eq_size", "synonyms", "hsize", NULL, NULL},
    {"codes.csv", "code", "AT", "effective", "soon", NULL, NULL},
    {"codes.csv", "code", "EU", "code", "AT", NULL, NULL},
    {"codes.csv", "code", "EU", "code", "3.71702E+17", NULL, NULL},
    {"codes.csv", "code", "EU", "code", "2-Jan", NULL, NULL},
    {"codes.csv", "code", "EU", "label_en", "Austria", NULL, NULL},
    {"codes.csv", "code", "EU", "list", "", NULL, NULL},
    {"lines.csv", "level", "arpt60", "amount", "ten", NULL, NULL},
    {"lines.csv", "level", "arpt60", "amount", "0", NULL, NULL},
    {"lines.csv", "level", "arpt60", "amount", "1.005", NULL, NULL},
    {"lines.csv", "level", "arpt60", "year", "20006", NULL, NULL},
    {"lines.csv", "level", "arpt60", "level", "absolute", "jurisdiction", NULL},
    {"lines.csv", "level", "arpt60", "source", "", NULL, NULL},
    {"lines.csv", "level", "absolute", "year", "2005", "-", "datapackage.json"},
    {"income_lines.csv", "line", "hy040n", "component", "rent", NULL, NULL},
    {"income_lines.csv", "line", "hy040n", "sign", "0", NULL, NULL},
    {"income_lines.csv", "line", "hy040n", "counts", "2", NULL, NULL},
    {"income_lines.csv", "line", "hy040n", "cost_ratio", "1.2", NULL, NULL},
    {"income_lines.csv", "line", "hy040n", "line", "py010n", NULL, NULL},
    {"income_lines.csv", "line", "hy130n", "component", "rigid", "counts", NULL},
    {"derived.csv", "name", "children", "kind", "wish", NULL, NULL},
    {"derived.csv", "name", "children", "type", "integer", NULL, NULL},
    {"derived.csv", "name", "disabled", "name", "unemployed", NULL, NULL},
    {"derived.csv", "name", "labour", "type", "int", NULL, NULL},
    {"derived.csv", "name", "working", "name", "status", NULL, NULL},
    {"indicators.csv", "name", "no_job", "kind", "town", NULL, NULL},
    {"indicators.csv", "name", "no_job", "weight", "0", NULL, NULL},
    {"indicators.csv", "name", "no_job", "weight", "1.5", NULL, NULL},
    {"indicators.csv", "name", "no_job", "statutory", "", NULL, NULL},
    {"indicators.csv", "name", "no_job", "name", "low_work", NULL, NULL},
    {"causes.csv", "cause", "children", "factor", "labor", NULL, NULL},
    {"causes.csv", "cause", "children", "kind", "person", NULL, NULL},
    {"causes.csv", "cause", "children", "cause", "no_work", NULL, NULL},
    {"measures.csv", "measure", "top_up", "family", "handout", NULL, NULL},
    {"measures.csv", "measure", "top_up", "target", "town", NULL, NULL},
    {"measures.csv", "measure", "top_up", "cost", "-1", NULL, NULL},
    {"measures.csv", "measure", "top_up", "effect", "much", NULL, NULL},
    {"measures.csv", "measure", "top_up", "effect_sd", "-3", NULL, NULL},
    {"measures.csv", "measure", "top_up", "channel", "luck", NULL, NULL},
    {"measures.csv", "measure", "top_up", "persistence", "1.01", NULL, NULL},
    {"measures.csv", "measure", "top_up", "labour_months", "", NULL, NULL},
    {"measures.csv", "measure", "top_up", "delay_months", "-1", NULL, NULL},
    {"measures.csv", "measure", "top_up", "cures", "low_income|hunger", NULL, NULL},
    {"measures.csv", "measure", "top_up", "mark", "guess", NULL, NULL},
    {"measures.csv", "measure", "top_up", "mark", "sourced", NULL, NULL},
    {"measures.csv", "measure", "top_up", "source", "law", "mark", NULL},
    {"cause_measures.csv", "cause", "children", "cause", "kids", NULL, NULL},
    {"cause_measures.csv", "cause", "children", "measure", "kindergarten", NULL, NULL},
    {"cause_measures.csv", "cause", "children", "strength", "4", NULL, NULL},
    {"exclusions.csv", "measure_a", "job_placement", "measure_b", "schooling", NULL, NULL},
    {"exclusions.csv", "measure_a", "job_placement", "measure_b", "job_placement", NULL, NULL},
    {"exclusions.csv", "measure_a", "job_placement", "relation", "hates", NULL, NULL},
    {"exclusions.csv", "measure_a", "job_placement", "value", "2", NULL, NULL},
    {"entitlements.csv", "entitlement", "family_allowance", "kind", "village", NULL, NULL},
    {"entitlements.csv", "entitlement", "family_allowance", "line", "hy051n", NULL, NULL},
    {"entitlements.csv", "entitlement", "family_allowance", "amount", "", NULL, NULL},
    {"rules.csv", "rule", "near_line", "kind", "fund", NULL, NULL},
    {"rules.csv", "rule", "near_line", "purpose", "watch", NULL, NULL},
    {"rules.csv", "rule", "near_line", "severity", "6", NULL, NULL},
    {"rules.csv", "rule", "near_line", "rule", "above_line", NULL, NULL},
    {"rules.csv", "rule", "near_line", "message_en", "", NULL, NULL},
    {"params.csv", "name", "af_k", "value", "2.5", NULL, NULL},
    {"params.csv", "name", "competition", "value", "1.5", NULL, NULL},
    {"params.csv", "name", "discount", "name", "interest", "-", NULL},
    {"templates/roster.csv", "column", "3", "kind", "people", NULL, NULL},
    {"templates/roster.csv", "column", "3", "field", "nickname", NULL, NULL},
    {"templates/roster.csv", "column", "3", "codes", "both", NULL, NULL},
    {"templates/roster.csv", "column", "3", "column", "2", NULL, NULL},
    /* the core of docs/registry.md */
    {"fields.csv", "name", "birth_date", "name", "born", "-", NULL},
    {"fields.csv", "name", "weight", "type", "int", NULL, NULL},
    {"fields.csv", "name", "weight", "key", "1", NULL, NULL},
    {"fields.csv", "name", "id_number", "sensitivity", "none", NULL, NULL},
    {"fields.csv", "name", "id_number", "sensitivity", "name", NULL, NULL},
    {"codes.csv", "code", "gap", "code", "hole", "codes", "fields.csv"},
    {"derived.csv", "name", "worked", "name", "work_done", "-", NULL},
    /* rules */
    {"derived.csv", "name", "children", "expr", "persons.filter(p, p.agee < 16).size()", NULL, NULL},
    {"derived.csv", "name", "children", "expr", "persons.exists(p, p.age < 16)", NULL, NULL},
    {"indicators.csv", "name", "no_job", "rule", "status == ", NULL, NULL},
    {"indicators.csv", "name", "low_income", "rule", "income_pc < 100", NULL, NULL},
    {"causes.csv", "cause", "children", "evidence", "children", NULL, NULL},
    {"measures.csv", "measure", "top_up", "gate", "poor &&", NULL, NULL},
    {"entitlements.csv", "entitlement", "family_allowance", "rule", "village.rich", NULL, NULL},
    {"rules.csv", "rule", "near_line", "expr", "household.poor", NULL, NULL},
    {"rules.csv", "rule", "near_line", "expr", "size > param.no_such_number", NULL, NULL},
};

static void show(const mutation *m)
{
    print_error("%s: %s = %s with %s = «%s»: %d faults\n", m->file, m->column, m->match, m->set, m->value,
                all.count);
    for (int i = 0; i < all.count && i < 64; i++) {
        char line[2048];
        ys_diag_format(&all.first[i], "en", line, sizeof line);
        print_error("   %s\n", line);
    }
}

/* Is there a fault at just that place, in both languages, with advice? */
static bool fault_at(const char *file, int64_t row, int col, const char *column)
{
    for (int i = 0; i < all.count && i < 64; i++) {
        const ys_diag *d = &all.first[i];
        if (strcmp(d->file, file) == 0 && d->row == row && (!col || d->col == col) &&
            (!column || strcmp(d->column, column) == 0))
            return d->zh[0] && d->en[0] && d->fix_zh[0] && d->fix_en[0] && strcmp(d->zh, d->en) != 0;
    }
    return false;
}

static void every_broken_cell_is_named(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof mutations / sizeof *mutations; i++) {
        const mutation *m = &mutations[i];
        fixture f;
        int col;
        fixture_open(&f);
        int64_t row = fixture_set(&f, &(fixture_cell){m->file, m->column, m->match, m->set, m->value}, &col);
        ys_status st = fixture_check(&f, &all);
        bool elsewhere = m->in || (m->at && m->at[0] == '-'), ok;
        if (m->in && m->at[0] != '-')
            ok = all.count >= 1 && strcmp(all.first[0].file, m->in) == 0 &&
                 strcmp(all.first[0].column, m->at) == 0 && all.first[0].row > 1;
        else if (elsewhere)
            ok = fault_at(m->in ? m->in : m->file, 0, 0, NULL);
        else
            ok = fault_at(m->file, row, m->at ? 0 : col, m->at ? m->at : m->set);
        if (st != YS_EDATA || !ok) {
            show(m);
            failed++;
        }
        fixture_close(&f);
    }
    assert_int_equal(failed, 0);
    print_message("%zu broken cells, each named\n", sizeof mutations / sizeof *mutations);
}

/* The value of the broken cell is in the report, and what follows from it is not reported again. */
static void one_fault_is_told_once(void **state)
{
    static const char *const quiet[][4] = {
        {"derived.csv", "able", "expr", "nonsense("},
        {"lines.csv", "arpt60", "amount", "ten"},
        {"measures.csv", "top_up", "persistence", "1.01"},
        {"codes.csv", "EU", "effective", "soon"},
    };
    static const char *const key[] = {"name", "level", "measure", "code"};
    (void)state;
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++) {
        fixture f;
        fixture_open(&f);
        (void)fixture_set(&f, &(fixture_cell){quiet[i][0], key[i], quiet[i][1], quiet[i][2], quiet[i][3]},
                          NULL);
        assert_int_equal(fixture_check(&f, &all), YS_EDATA);
        assert_int_equal(all.count, 1);
        assert_string_equal(all.first[0].value, quiet[i][3]);
        fixture_close(&f);
    }
}

/* Excel saves a list of codes without its zeros, except where a text cell kept them. */
static void eaten_zeros_are_seen(void **state)
{
    fixture f;
    (void)state;
    fixture_open(&f);
    (void)fixture_set(&f, &(fixture_cell){"codes.csv", "label_en", "Retired", "code", "05"}, NULL);
    assert_int_equal(fixture_check(&f, &all), YS_EDATA);
    assert_int_equal(all.count, 6); /* 1 2 3 4 6 7 next to 05 */
    assert_string_equal(all.first[0].file, "codes.csv");
    assert_string_equal(all.first[0].column, "code");
    assert_string_equal(all.first[0].value, "1");
    fixture_close(&f);
}

/* --- whole files --- */

typedef struct damage {
    const char *file, *old, *new_text; /* old NULL: the whole file (new_text NULL: removed) */
    const char *at_file;
    int row;
    const char *column;
} damage;

static const damage damages[] = {
    {"lines.csv", NULL, NULL, "datapackage.json", 0, "resources[3]"},
    {"lines.csv", NULL, "", "lines.csv", 0, ""},
    {"lines.csv", NULL, "\xc4\xea", "lines.csv", 0, ""},
    {"lines.csv", "amount", "Amount", "lines.csv", 1, "amount"},
    {"lines.csv", "amount", "year", "lines.csv", 1, "year"},
    {"lines.csv", ",effective", ",effective,colour", "lines.csv", 1, "colour"},
    {"lines.csv", "laeken", "\"laeken", "lines.csv", 3, NULL},
    {"lines.csv", "10000,", "10,000,", "lines.csv", 2, NULL},
    {"datapackage.json", NULL, NULL, "datapackage.json", 0, ""},
    {"datapackage.json", "{", "{{", "datapackage.json", 1, ""},
    {"datapackage.json", "\"version\": \"1.0.0\"", "\"name\": \"twice\"", "datapackage.json", 4, ""},
    {"datapackage.json", "\"version\"", "\"versions\"", "datapackage.json", 0, "version"},
    {"datapackage.json", "\"licenses\"", "\"licence\"", "datapackage.json", 0, "licenses"},
    {"datapackage.json", "\"EUR\"", "\"euro\"", "datapackage.json", 0, "yaoshi.currency"},
    {"datapackage.json", "\"minor_digits\": 2", "\"minor_digits\": 7", "datapackage.json", 0,
     "yaoshi.minor_digits"},
    {"datapackage.json", "\"2006-12-31\"", "\"2006-13-31\"", "datapackage.json", 0, "yaoshi.reference_date"},
    {"datapackage.json", "\"year\": 2006", "\"year\": \"2006\"", "datapackage.json", 0, "yaoshi.line.year"},
    {"datapackage.json", "\"region\"", "\"country\"", "datapackage.json", 0, "yaoshi.area_levels"},
    {"datapackage.json", "\"yaoshi\"", "\"other\"", "datapackage.json", 0, "yaoshi"},
    {"datapackage.json", "\"path\": \"codes.csv\"", "\"path\": \"../codes.csv\"", "datapackage.json", 0,
     "resources[2]"},
    {"datapackage.json", "\"path\": \"codes.csv\"", "\"path\": \"kinds.csv\"", "datapackage.json", 0,
     "resources[2]"},
    {"mapping.json", "{", "[", "mapping.json", 2, ""},
    {"mapping.json", "\"files\"", "\"file\"", "mapping.json", 0, "files"},
    {"mapping.json", "\"eusilc*.csv\"", "7", "mapping.json", 0, "files[0].match"},
    {"mapping.json", "\"kind\": \"area\"", "\"kind\": \"aera\"", "mapping.json", 0,
     "files[0].records[0].kind"},
    {"mapping.json", "\"level\": \"country\"", "\"levels\": \"country\"", "mapping.json", 0,
     "files[0].records[0].constants"},
    {"mapping.json", "\"area\": \"AT\",", "", "mapping.json", 0, "files[0].records[0]"},
    {"mapping.json", "\"name_en\": \"Austria\"", "\"name_en\": 7", "mapping.json", 0,
     "files[0].records[0].constants"},
    {"mapping.json", "\"dedupe\": true", "\"dedupe\": 1", "mapping.json", 0, "files[0].records[0].dedupe"},
    {"mapping.json", "\"dedupe\": true", "\"dedup\": true", "mapping.json", 0, "files[0].records[0].dedup"},
    {"mapping.json", "\"db090\": \"weight\"", "\"db090\": \"wait\"", "mapping.json", 0,
     "files[0].records[2].columns"},
    {"mapping.json", "\"times\"", "\"time\"", "mapping.json", 0, "files[0].records[4].scale"},
    {"mapping.json", "\"sum\": [\n            \"amount\"", "\"sum\": [\n            \"period\"",
     "mapping.json", 0, "files[0].records[4].sum"},
    {"notes.csv", NULL, "a,b\n1,2\n", "datapackage.json", 0, "resources"},
    {"kinds.csv", "town,", "city,", "kinds.csv", 0, "kind"},
};

static void damaged_files_are_named(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        const damage *m = &damages[i];
        fixture f;
        fixture_open(&f);
        if (m->old)
            fixture_replace(&f, m->file, m->old, m->new_text);
        else
            fixture_put(&f, m->file, m->new_text);
        ys_status st = fixture_check(&f, &all);
        if (st == YS_OK || !fault_at(m->at_file, m->row, 0, m->column)) {
            mutation like = {
                m->file, "-", "-", m->old ? m->old : "file", m->new_text ? m->new_text : "(gone)",
                NULL,    NULL};
            show(&like);
            failed++;
        }
        fixture_close(&f);
    }
    assert_int_equal(failed, 0);
}

static void extra_resources_are_fine(void **state)
{
    fixture f;
    (void)state;
    fixture_open(&f);
    fixture_put(&f, "extra/areas.csv", "anything,goes\n1,2\n");
    fixture_replace(&f, "datapackage.json", "\"resources\": [",
                    "\"resources\": [{\"name\":\"extra\",\"path\":\"extra/areas.csv\"},");
    assert_int_equal(fixture_check(&f, &all), YS_OK);
    fixture_close(&f);
}

static void circles_and_contradictions(void **state)
{
    static const char *const head =
        "measure_a,measure_b,relation,value,reason_zh,reason_en,source,effective\n";
    static const struct {
        const char *rows;
        int row; /* of the fault, 0: none */
    } cases[] = {
        {"training,job_placement,requires,,甲,a,,\njob_placement,child_care,requires,,乙,b,,\n", 0},
        {"training,job_placement,requires,,甲,a,,\njob_placement,training,requires,,乙,b,,\n", 3},
        {"training,job_placement,requires,,甲,a,,\njob_placement,child_care,requires,,乙,b,,\nchild_care,"
         "training,requires,,丙,c,,\n",
         4},
        {"training,job_placement,requires,,甲,a,,\ntop_up,job_placement,requires,,乙,b,,\n", 0},
        {"training,job_placement,excludes,,甲,a,,\ntraining,job_placement,requires,,乙,b,,\n", 3},
        {"training,job_placement,excludes,,甲,a,,\njob_placement,training,competes,0.2,乙,b,,\n", 3},
        {"training,job_placement,competes,,甲,a,,\n", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        char text[1024];
        fixture_open(&f);
        /* two of a group could not require one another: another test's matter */
        (void)fixture_set(&f, &(fixture_cell){"measures.csv", "measure", "training", "group", ""}, NULL);
        (void)snprintf(text, sizeof text, "%s%s", head, cases[i].rows);
        fixture_put(&f, "exclusions.csv", text);
        ys_status st = fixture_check(&f, &all);
        assert_int_equal(st, cases[i].row ? YS_EDATA : YS_OK);
        if (cases[i].row) {
            assert_int_equal(all.count, 1);
            assert_true(fault_at("exclusions.csv", cases[i].row, 0, NULL));
        }
        fixture_close(&f);
    }
}

/* Faults come in the order of files, rows and columns, and the load fails with the first. */
static void faults_come_in_order(void **state)
{
    fixture f;
    ys_pack *p = NULL;
    ys_diag d = {0};
    (void)state;
    fixture_open(&f);
    (void)fixture_set(&f, &(fixture_cell){"params.csv", "name", "discount", "value", "9"}, NULL);
    (void)fixture_set(&f, &(fixture_cell){"measures.csv", "measure", "top_up", "delay_months", "x"}, NULL);
    (void)fixture_set(&f, &(fixture_cell){"measures.csv", "measure", "top_up", "cost", "x"}, NULL);
    (void)fixture_set(&f, &(fixture_cell){"measures.csv", "measure", "training", "cost", "x"}, NULL);
    (void)fixture_set(&f, &(fixture_cell){"lines.csv", "level", "arpt60", "amount", "x"}, NULL);
    assert_int_equal(fixture_check(&f, &all), YS_EDATA);
    assert_int_equal(all.count, 5);
    assert_string_equal(all.first[0].file, "lines.csv");
    assert_string_equal(all.first[1].file, "measures.csv");
    assert_int_equal(all.first[1].row, 3);
    assert_string_equal(all.first[2].column, "cost");
    assert_string_equal(all.first[3].column, "delay_months");
    assert_string_equal(all.first[4].file, "params.csv");
    assert_int_equal(ys_pack_load_files(f.file, f.count, &p, &d), YS_EDATA);
    assert_null(p);
    assert_string_equal(d.file, "lines.csv");
    assert_int_equal(d.row, 3);
    fixture_close(&f);
}

static void no_such_folder(void **state)
{
    ys_pack *p = NULL;
    ys_diag d = {0};
    (void)state;
    assert_int_equal(ys_pack_load(fixture_path("packs/nowhere"), &p, &d), YS_ENOTFOUND);
    assert_true(d.fix_zh[0] && d.fix_en[0]);
    assert_null(p);
}

/* The nth allocation fails: out of memory is said, nothing leaks, nothing crashes. */
static void memory_runs_out(void **state)
{
    fixture f;
    (void)state;
    fixture_open(&f);
    ys_alloc_fail_from(0);
    ys_pack *p = NULL;
    assert_int_equal(ys_pack_load_files(f.file, f.count, &p, NULL), YS_OK);
    int64_t total = ys_alloc_count(), step = total / 150 + 1;
    ys_pack_free(p);
    for (int64_t n = 1; n <= total; n += n < 40 ? 1 : step) {
        ys_diag d = {0};
        p = NULL;
        ys_alloc_fail_from(n);
        ys_status st = ys_pack_load_files(f.file, f.count, &p, &d);
        ys_alloc_fail_from(0);
        assert_int_equal(st, YS_ENOMEM);
        assert_null(p);
    }
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_packs_are_whole),
        cmocka_unit_test(austria_reads_as_written),
        cmocka_unit_test(codes_are_found_as_people_write_them),
        cmocka_unit_test(codes_that_fold_alike),
        cmocka_unit_test(hash_is_of_names_and_bytes),
        cmocka_unit_test(every_broken_cell_is_named),
        cmocka_unit_test(one_fault_is_told_once),
        cmocka_unit_test(eaten_zeros_are_seen),
        cmocka_unit_test(damaged_files_are_named),
        cmocka_unit_test(files_saved_by_excel_are_fine),
        cmocka_unit_test(extra_resources_are_fine),
        cmocka_unit_test(circles_and_contradictions),
        cmocka_unit_test(faults_come_in_order),
        cmocka_unit_test(no_such_folder),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
