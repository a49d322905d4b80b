/* SPDX-License-Identifier: Apache-2.0 */
/* One suite for both back-ends: store_test sqlite | postgresql. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "store/store_fixture.h"

static const ys_scan latest = {.valid_on = YS_SCAN_LATEST};

static void life(void **state)
{
    (void)state;
    ys_diag d = {0};
    const char *url = fx_url();
    ys_store *s = NULL;
    ys_store_args args = {.url = url};
    assert_int_equal(ys_store_open(&args, &s, &d), YS_ENOTFOUND);
    s = fx_create(url);
    assert_true(strncmp(ys_store_backend(s), fx_pg() ? "postgresql 1" : "sqlite 3.", fx_pg() ? 12 : 9) == 0);
    ys_tx head;
    assert_int_equal(ys_store_head(s, &head, &d), YS_ENOTFOUND);
    ys_store_close(s);
    assert_int_equal(ys_store_create(&args, fx_kinds, 4, &s, &d), YS_ECONFLICT);
    assert_true(d.fix_zh[0] != '\0' && d.fix_en[0] != '\0');
    if (!fx_pg()) { /* nor is any other file overwritten */
        const char *other = fx_sqlite_url();
        FILE *f = fopen(other, "w");
        assert_non_null(f);
        fputs("somebody's letter, longer than a hundred bytes so that it might be taken for the head of a "
              "database file",
              f);
        fclose(f);
        ys_store_args letter = {.url = other};
        assert_int_equal(ys_store_create(&letter, fx_kinds, 4, &s, &d), YS_ECONFLICT);
        assert_int_not_equal(ys_store_open(&letter, &s, &d), YS_OK);
    }
    struct stat sb;
    if (!fx_pg())
        assert_true(stat(url, &sb) == 0 && (sb.st_mode & 0777) == 0600);
    args.read_only = true;
    assert_int_equal(ys_store_open(&args, &s, &d), YS_OK);
    ys_tx_info info = {0};
    assert_int_equal(ys_store_begin(s, &info, &d), YS_EDENIED);
    assert_int_not_equal(ys_store_meta_set(s, "a", "b", &d), YS_OK);
    ys_store_close(s);
    fx_raw(url, "UPDATE ys_meta SET value='99' WHERE name='store.layout'");
    assert_int_equal(ys_store_open(&args, &s, &d), YS_ECONFLICT);
}

static void values(void **state)
{
    (void)state;
    ys_store *s = fx_create(fx_url());
    fx_begin(s, 1);
    fx_put(s, &fx_area, "area,parent,valid_from", "A,#NA,2016-02-29\n", 10);
    const char *fields = "household,area,size,savings,since,water,weight,cause,note";
    fx_put(
        s, &fx_house, fields,
        "a,A,-5,-1234567.89,1969-12-31,1,0.1,病,it's \"quoted\" \\ | 村\nb,A,0,0,1970-01-01,0,0,#未问,#未问\n"
        "c,A,#未问,#未问,#未问,#未问,#未问,#NA,#NA\nd,A,#NA,#NA,#NA,#NA,#NA,,\n"
        "e,A,9223372036854775807,0.01,9999-12-31,1,-1e-300,x,y\n",
        10);
    fx_commit(s);
    assert_string_equal(
        fx_scan(s, &fx_house, latest),
        "a,A,-5,-1234567.89,1969-12-31,1,0.1,病,it's \"quoted\" \\ | 村\n"
        "b,A,0,0.00,1970-01-01,0,0,#未问,#未问\nc,A,#未问,#未问,#未问,#未问,#未问,#NA,#NA\n"
        "d,A,#NA,#NA,#NA,#NA,#NA,#NA,#NA\ne,A,9223372036854775807,0.01,9999-12-31,1,-1e-300,x,y\n");
    assert_string_equal(fx_scan(s, &fx_area, latest), "A,#NA,2016-02-29\n");
    /* The same once more changes nothing, to the last bit, and leaves no transaction and no import. */
    fx_begin(s, 2);
    ys_stage_counts c =
        fx_put(s, &fx_house, "household,size,weight,since", "a,-5,0.1,1969-12-31\nc,#未问,#未问,#未问\n", 11);
    assert_int_equal(c.unchanged, 2);
    ys_tx tx = {.id = 7};
    ys_diag d = {0};
    assert_int_equal(ys_store_commit(s, &tx, &d), YS_OK);
    assert_int_equal(tx.id, 0);
    assert_int_equal(ys_store_head(s, &tx, &d), YS_OK);
    assert_int_equal(tx.id, 1);
    ys_store_close(s);
}

static void refused(void **state)
{
    (void)state;
    ys_store *s = fx_create(fx_url());
    fx_begin(s, 1);
    static const char *const bad[] = {"#NA,1\n", ",1\n", "a\tb,1\n", "a,nan\n", "a,inf\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(fx_try_put(s, &fx_house, "household,weight", bad[i], 1), YS_EDATA);
        ys_store_stage_end(s);
    }
    assert_int_equal(fx_try_put(s, &fx_house, "household,note", "a,\xff\n", 1), YS_EDATA);
    ys_store_stage_end(s);
    assert_int_equal(fx_try_put(s, &fx_house, "size,note", "1,x\n", 1), YS_EUSAGE);
    ys_store_rollback(s);
    ys_diag d = {0};
    static const ys_field secret_key[] = {
        {.name = "k", .type = YS_TEXT, .key = true, .ref = "", .sensitivity = YS_SENS_ID}};
    static const ys_field bad_name[] = {{.name = "a\"b", .type = YS_TEXT, .key = true, .ref = ""}};
    const ys_kind k1 = {"x", "", "", "", "", secret_key, 1}, k2 = {"y", "", "", "", "", bad_name, 1};
    const ys_kind *const p1 = &k1, *const p2 = &k2;
    fx_begin(s, 1);
    assert_int_equal(ys_store_set_kinds(s, &p1, 1, &d), YS_EUSAGE);
    assert_int_equal(ys_store_set_kinds(s, &p2, 1, &d), YS_EUSAGE);
    ys_store_close(s);
}

typedef struct told {
    ys_str text;
    int stop_after;
} told;

static bool tell(void *arg, const ys_change_row *c)
{
    static const char *const what[] = {"added", "changed", "gone", "duplicate", "orphan"};
    told *t = arg;
    ys_str_printf(&t->text, "%s %s %lld", what[c->what], c->key, (long long)c->source_row);
    if (c->other_row != 0)
        ys_str_printf(&t->text, " first %lld", (long long)c->other_row);
    if (c->field != NULL)
        ys_str_printf(&t->text, " %s %s>%s", c->field->name, c->before != NULL ? c->before : "", c->after);
    ys_str_putc(&t->text, '\n');
    return --t->stop_after != 0;
}

static void diff(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_store *s = fx_create(fx_url());
    fx_fill(s);
    fx_begin(s, 3);
    fx_stage(s, &fx_house, "household,area,size,savings,weight",
             "H9,371702,1,1,1\nH1,,3,7.25,1.5\nH9,371702,2,1,1\nHX,999,1,1,1\nH3,371703,4,0,#未问\n");
    told t = {.stop_after = -1};
    ys_stage_counts c;
    assert_int_equal(ys_store_stage_diff(s, "3717", 16200, tell, &t, &c, &d), YS_OK);
    assert_string_equal(ys_str_get(&t.text), "duplicate H9 4 first 2\norphan HX 5 area >999\nadded H9 2\n"
                                             "changed H1 3 savings #NA>7.25\ngone H2 0\n");
    assert_int_equal(c.rows, 5);
    assert_int_equal(c.added, 1);
    assert_int_equal(c.changed, 1);
    assert_int_equal(c.unchanged, 1);
    assert_int_equal(c.gone, 1);
    assert_int_equal(c.duplicates, 1);
    assert_int_equal(c.orphans, 1);
    ys_str_clear(&t.text);
    assert_int_equal(ys_store_stage_diff(s, "371703", 16200, tell, &t, &c, &d), YS_OK);
    assert_int_equal(c.gone, 0);
    t.stop_after = 1;
    ys_str_clear(&t.text);
    assert_int_equal(ys_store_stage_diff(s, NULL, 16200, tell, &t, &c, &d), YS_OK);
    assert_string_equal(ys_str_get(&t.text), "duplicate H9 4 first 2\n");
    /* A dry run leaves nothing. */
    assert_int_equal(ys_store_stage_apply(s, 16200, 0, &c, &d), YS_OK);
    ys_store_rollback(s);
    assert_null(strstr(fx_scan(s, &fx_house, latest), "H9"));
    /* Secrets are compared and reported masked. */
    fx_begin(s, 3);
    fx_stage(s, &fx_person, "person,id_number,phone", "P1,371702198001010013,13800000009\n");
    t.stop_after = -1;
    ys_str_clear(&t.text);
    assert_int_equal(ys_store_stage_diff(s, NULL, 16200, tell, &t, &c, &d), YS_OK);
    assert_string_equal(ys_str_get(&t.text), "changed P1 2 phone ***>***\n");
    ys_str_done(&t.text);
    ys_store_close(s);
}

static void self_reference(void **state)
{
    (void)state;
    ys_store *s = fx_create(fx_url());
    fx_begin(s, 1);
    /* c hangs on b, b on a, a on nothing that exists: all three fall; e comes before its parent d. */
    ys_stage_counts c = fx_put(s, &fx_area, "area,parent", "c,b\nb,a\na,zz\ne,d\nd,#NA\n", 1);
    assert_int_equal(c.orphans, 3);
    assert_int_equal(c.added, 2);
    fx_commit(s);
    assert_string_equal(fx_scan(s, &fx_area, latest), "d,#NA,#NA\ne,d,#NA\n");
    ys_store_close(s);
}

static void two_times(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_store *s = fx_create(fx_url());
    static const char *const only[] = {"household", "size", "note", NULL};
    fx_begin(s, 1);
    fx_put(s, &fx_house, "household,size,note", "H,3,x\n", 100);
    fx_commit(s);
    fx_begin(s, 2); /* in the world since day 200 */
    fx_put(s, &fx_house, "household,size,note", "H,2,\n", 200);
    fx_commit(s);
    fx_begin(s, 3); /* a correction of the first */
    fx_put(s, &fx_house, "household,size", "H,4\n", 100);
    fx_commit(s);
    fx_begin(s, 4); /* something earlier is learnt: it ends where the known begins */
    fx_put(s, &fx_house, "household,size", "H,9\n", 50);
    fx_commit(s);
    static const struct {
        int64_t tx;
        int32_t day;
        const char *expect;
    } rows[] = {
        {1, 99, ""},
        {1, 100, "H,3,x\n"},
        {1, 300, "H,3,x\n"},
        {2, 199, "H,3,x\n"},
        {2, 200, "H,2,x\n"},
        {3, 199, "H,4,x\n"},
        {3, 200, "H,2,x\n"},
        {3, 50, ""},
        {4, 49, ""},
        {0, 50, "H,9,#NA\n"},
        {0, 99, "H,9,#NA\n"},
        {0, 100, "H,4,x\n"},
        {0, YS_SCAN_LATEST, "H,2,x\n"},
        {1, YS_SCAN_LATEST, "H,3,x\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ys_scan how = {.as_of_tx = rows[i].tx, .valid_on = rows[i].day, .fields = only};
        assert_string_equal(fx_scan(s, &fx_house, how), rows[i].expect);
    }
    fx_begin(s, 5);
    assert_int_equal(ys_store_end_record(s, &fx_house, "H", 150, &d), YS_OK);
    assert_int_equal(ys_store_end_record(s, &fx_house, "nobody", 150, &d), YS_ENOTFOUND);
    fx_commit(s);
    assert_string_equal(fx_scan(s, &fx_house, latest), "");
    ys_scan how = {.valid_on = 149, .fields = only};
    assert_string_equal(fx_scan(s, &fx_house, how), "H,4,x\n");
    how.valid_on = 150;
    assert_string_equal(fx_scan(s, &fx_house, how), "");
    how = (ys_scan){.as_of_tx = 4, .valid_on = 250, .fields = only};
    assert_string_equal(fx_scan(s, &fx_house, how), "H,2,x\n");
    ys_table *t = NULL;
    assert_int_equal(ys_store_history(s, &fx_house, "H", false, &t, &d), YS_OK);
    assert_int_equal(ys_table_rows(t), 6);
    assert_int_equal(ys_table_get_int(t, ys_table_find(t, "_valid_to"), 0), YS_NA);
    assert_int_equal(ys_table_get_int(t, ys_table_find(t, "_tx_to"), 0), 2);
    ys_table_free(t);
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK);
    ys_store_close(s);
}

static void scopes(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_store *s = fx_create(fx_url());
    fx_fill(s);
    static const char *const house[] = {"household", NULL}, *const person[] = {"person", NULL};
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .scope = "371702", .fields = house};
    assert_string_equal(fx_scan(s, &fx_house, how), "H1\nH2\n");
    how.scope = "37";
    assert_string_equal(fx_scan(s, &fx_house, how), "H1\nH2\nH3\n");
    how.scope = "371703";
    how.fields = person;
    assert_string_equal(fx_scan(s, &fx_person, how), "P2\n");
    how.fields = NULL;
    how.scope = "371702";
    assert_string_equal(fx_scan(s, &fx_income, how), "H1,2015,种粮,3.05\nH1,2016,工资,100.00\n");
    assert_string_equal(fx_scan(s, &fx_area, how), "371702,3717,#NA\n");
    how.scope = "' OR 1=1 --";
    assert_string_equal(fx_scan(s, &fx_house, how), "");
    /* look-ups */
    how = (ys_scan){.valid_on = YS_SCAN_LATEST, .where_field = "household", .where_value = "H1"};
    assert_string_equal(fx_scan(s, &fx_income, how), "H1,2015,种粮,3.05\nH1,2016,工资,100.00\n");
    how.where_value = "H";
    assert_string_equal(fx_scan(s, &fx_income, how), "");
    how = (ys_scan){.valid_on = YS_SCAN_LATEST, .key = "H1|2016|工资"};
    assert_string_equal(fx_scan(s, &fx_income, how), "H1,2016,工资,100.00\n");
    how = (ys_scan){.valid_on = YS_SCAN_LATEST, .where_field = "cause", .where_value = "学", .fields = house};
    assert_string_equal(fx_scan(s, &fx_house, how), "H2\n");
    ys_table *t = NULL;
    how.where_field = "size";
    assert_int_equal(ys_store_scan(s, &fx_house, &how, &t, &d), YS_EUSAGE);
    how = (ys_scan){.valid_on = YS_SCAN_LATEST, .key = "H1|2016"};
    assert_int_equal(ys_store_scan(s, &fx_income, &how, &t, &d), YS_ENOTFOUND);
    ys_store_close(s);
}

static void key_order(void **state)
{
    (void)state;
    ys_store *s = fx_create(fx_url());
    fx_begin(s, 1);
    fx_put(s, &fx_house, "household", "a\na!\na|b\nA\n中\n", 1);
    fx_put(s, &fx_income, "household,year,line,amount",
           "a!,1,x,1\na,2,x,1\na,10,x,1\na|b,1,\\,1\nA,1,x,1\n中,1,x,1\n", 1);
    fx_commit(s);
    assert_string_equal(fx_scan(s, &fx_income, latest),
                        "A,1,x,1.00\na,10,x,1.00\na,2,x,1.00\na!,1,x,1.00\na|b,1,\\,1.00\n中,1,x,1.00\n");
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .key = "a\\|b|1|\\\\"};
    assert_string_equal(fx_scan(s, &fx_income, how), "a|b,1,\\,1.00\n");
    how.key = "a|b";
    assert_non_null(strstr(fx_scan(s, &fx_house, how), "a|b,"));
    ys_store_close(s);
}

static void small_things(void **state)
{
    (void)state;
    ys_diag d = {0};
    char buf[16];
    ys_store *s = fx_create(fx_url());
    fx_fill(s);
    assert_int_equal(ys_store_meta_get(s, "note", buf, sizeof buf, &d), YS_OK);
    assert_string_equal(buf, "二");
    assert_int_equal(ys_store_meta_get(s, "none", buf, sizeof buf, &d), YS_ENOTFOUND);
    assert_int_equal(ys_store_meta_set(s, "store.layout", "2", &d), YS_EUSAGE);
    ys_provenance p;
    assert_int_equal(ys_store_provenance(s, &fx_house, "H1", &p, &d), YS_OK);
    assert_string_equal(p.file, "户.csv");
    assert_string_equal(p.reason, "更正");
    assert_int_equal(p.row, 2);
    assert_int_equal(p.tx, 2);
    assert_int_equal(ys_store_provenance(s, &fx_house, "H", &p, &d), YS_ENOTFOUND);
    /* A named snapshot is recorded although nothing changed. */
    ys_tx_info info = {.name = "2016 年末", .recorded_at = 9};
    ys_tx tx;
    assert_int_equal(ys_store_begin(s, &info, &d), YS_OK);
    assert_int_equal(ys_store_commit(s, &tx, &d), YS_OK);
    assert_int_equal(tx.id, 3);
    assert_string_equal(tx.name, "2016 年末");
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK);
    ys_store_close(s);
}

static bool join_files(void *arg, const char *name, const void *data, size_t size)
{
    ys_str_printf(arg, "%s %zu ", name, size);
    return ys_str_add(arg, data, size);
}

static void files(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_store *s = fx_create(fx_url());
    assert_int_equal(ys_store_file_put(s, "p", "b", "x\0y", 3, &d), YS_OK);
    assert_int_equal(ys_store_file_put(s, "p", "a", "old", 3, &d), YS_OK);
    assert_int_equal(ys_store_file_put(s, "p", "a", "", 0, &d), YS_OK);
    assert_int_equal(ys_store_file_put(s, "q", "c", "z", 1, &d), YS_OK);
    ys_str t = {0};
    assert_int_equal(ys_store_file_each(s, "p", join_files, &t, &d), YS_OK);
    assert_int_equal(t.len, 4 + 4 + 3);
    assert_memory_equal(t.data, "a 0 b 3 x\0y", t.len);
    ys_str_done(&t);
    ys_store_close(s);
}

static void grow_kinds(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_field more[12];
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    for (int i = 0; i < fx_house.field_count; i++)
        more[i] = fx_house.fields[i];
    more[9] = (ys_field){.name = "rooms", .type = YS_INT, .ref = ""};
    more[10] = (ys_field){.name = "bank", .type = YS_TEXT, .ref = "", .sensitivity = YS_SENS_BANK};
    ys_kind wide = fx_house;
    wide.fields = more;
    wide.field_count = 11;
    const ys_kind *const kinds[] = {&fx_area, &wide, &fx_person, &fx_income};
    assert_int_equal(ys_store_set_kinds(s, kinds, 4, &d), YS_EUSAGE);
    fx_begin(s, 5);
    assert_int_equal(ys_store_set_kinds(s, kinds, 4, &d), YS_OK);
    ys_store_rollback(s); /* and it never happened */
    fx_begin(s, 5);
    assert_int_equal(ys_store_set_kinds(s, kinds, 4, &d), YS_OK);
    fx_put(s, &wide, "household,rooms,bank", "H1,2,6222\n", 16300);
    fx_commit(s);
    static const char *const only[] = {"household", "rooms", "bank", NULL};
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .fields = only, .decrypt = true};
    assert_string_equal(fx_scan(s, &wide, how), "H1,2,6222\nH2,#NA,#NA\nH3,#NA,#NA\n");
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK); /* old roots stay */
    more[2].type = YS_TEXT;
    fx_begin(s, 6);
    assert_int_equal(ys_store_set_kinds(s, kinds, 4, &d), YS_ECONFLICT);
    ys_store_close(s);
}

/* Readers see what was committed, however much is being written; a second writer is told to wait. */
static void together(void **state)
{
    (void)state;
    ys_diag d = {0};
    const char *url = fx_url();
    ys_store *writer = fx_create(url);
    fx_fill(writer);
    ys_store_args args = {.url = url, .read_only = true};
    ys_store *reader = NULL, *second = fx_open(url, fx_key);
    assert_int_equal(ys_store_open(&args, &reader, &d), YS_OK);
    assert_int_equal(ys_store_set_kinds(reader, fx_kinds, 4, &d), YS_OK);
    fx_begin(writer, 5);
    fx_put(writer, &fx_house, "household,size", "H1,9\n", 16500);
    static const char *const only[] = {"household", "size", NULL};
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .fields = only, .key = "H1"};
    assert_string_equal(fx_scan(reader, &fx_house, how), "H1,3\n");
    ys_tx_info info = {.recorded_at = 6};
    assert_int_equal(ys_store_begin(second, &info, &d), YS_ECONFLICT);
    assert_true(d.fix_en[0] != '\0');
    fx_commit(writer);
    assert_string_equal(fx_scan(reader, &fx_house, how), "H1,9\n");
    fx_begin(second, 6); /* and then it goes on from the new head */
    fx_put(second, &fx_house, "household,size", "H1,8\n", 16600);
    fx_commit(second);
    assert_int_equal(ys_store_verify_chain(reader, NULL, NULL, &d), YS_OK);
    ys_store_close(reader);
    ys_store_close(second);
    ys_store_close(writer);
}

/* Random edits; what was seen as of a transaction must be seen for ever, and what was written must be there. */
static void random_edits(void **state)
{
    (void)state;
    enum { ROUNDS = 25, DAYS = 6 };
    static char seen[ROUNDS + 1][DAYS][2048];
    ys_diag d = {0};
    uint32_t x = 12345;
    static const char *const only[] = {"household", "size", "note", NULL};
    ys_store *s = fx_create(fx_url());
    int64_t tx = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char rows[2048] = "", line[64];
        x = x * 1664525 + 1013904223;
        int day = (int)(x >> 16) % DAYS, n = 0;
        for (int h = 0; h < 8; h++) {
            x = x * 1664525 + 1013904223;
            if ((x >> 20) % 3 == 0)
                continue;
            n += snprintf(rows + n, sizeof rows - (size_t)n, "H%d,%d,%s\n", h, (int)(x >> 24) % 4,
                          (x >> 12) % 3 == 0 ? "" : "n");
        }
        fx_begin(s, round);
        fx_put(s, &fx_house, "household,size,note", rows, day);
        ys_tx t;
        assert_int_equal(ys_store_commit(s, &t, &d), YS_OK);
        tx += t.id > 0;
        ys_scan now = {.valid_on = day, .fields = only};
        const char *text = fx_scan(s, &fx_house, now);
        for (char *p = rows, *e; (e = strchr(p, '\n')) != NULL; p = e + 1) {
            snprintf(line, sizeof line, "%.5s", p); /* "Hn,s," */
            assert_non_null(strstr(text, line));
        }
        for (int v = 0; v < DAYS; v++) {
            now.valid_on = v;
            snprintf(seen[tx][v], sizeof seen[tx][v], "%s", fx_scan(s, &fx_house, now));
        }
    }
    assert_true(tx > ROUNDS / 2);
    for (int64_t t = 1; t <= tx; t++)
        for (int v = 0; v < DAYS; v++) {
            ys_scan how = {.as_of_tx = t, .valid_on = v, .fields = only};
            assert_string_equal(fx_scan(s, &fx_house, how), seen[t][v]);
        }
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK);
    ys_store_close(s);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(life),     cmocka_unit_test(values),         cmocka_unit_test(refused),
        cmocka_unit_test(diff),     cmocka_unit_test(self_reference), cmocka_unit_test(two_times),
        cmocka_unit_test(scopes),   cmocka_unit_test(key_order),      cmocka_unit_test(small_things),
        cmocka_unit_test(files),    cmocka_unit_test(grow_kinds),     cmocka_unit_test(random_edits),
        cmocka_unit_test(together),
    };
    int st = fx_start(argc > 1 ? argv[1] : "sqlite");
    if (st != 0)
        return st;
    st = cmocka_run_group_tests(tests, NULL, NULL);
    fx_stop();
    return st;
}
