/* SPDX-License-Identifier: Apache-2.0 */
/* What must not happen: faults and kills at every statement, tampering, lost keys, copies. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/alloc.h"
#include "store/store_fixture.h"

static const ys_scan latest = {.valid_on = YS_SCAN_LATEST};

static int64_t verify(ys_store *s, ys_diag *d)
{
    int64_t tx = 0, rows = 0;
    ys_diag_clear(d);
    return ys_store_verify_chain(s, &tx, &rows, d) == YS_OK ? tx : -1;
}

/* One more transaction, which touches every kind, compares masks and erases. */
static ys_status third(ys_store *s)
{
    ys_tx_info info = {.user = "u", .reason = "r", .command = "c", .recorded_at = 7};
    YS_TRY(ys_store_begin(s, &info, NULL));
    YS_TRY(fx_try_put(s, &fx_house, "household,size,area", "H1,5,371702\nH7,1,371703\nH7,1,371703\n", 16200));
    YS_TRY(fx_try_put(s, &fx_person, "person,name,phone", "P1,张*,13800000007\nP2,王*,#NA\n", 16200));
    YS_TRY(ys_store_end_record(s, &fx_income, "H1|2015|种粮", 16200, NULL));
    int64_t erased;
    YS_TRY(ys_store_erase(s, &fx_person, "P2", &erased, NULL));
    YS_TRY(ys_store_meta_set(s, "note", "三", NULL));
    return ys_store_commit(s, NULL, NULL);
}

/* After a failure at any point there is the old head or, once COMMIT was reached, the new one; nothing between. */
static bool old_or_new(const char *url, const char *before, const char *after)
{
    ys_diag d = {0};
    char note[16];
    ys_store *s = fx_open(url, fx_key);
    bool is_new = strcmp(fx_head(s), after) == 0;
    if (!is_new)
        assert_string_equal(fx_head(s), before);
    assert_int_equal(verify(s, &d), is_new ? 3 : 2);
    assert_int_equal(ys_store_meta_get(s, "note", note, sizeof note, &d), YS_OK);
    assert_string_equal(note, is_new ? "三" : "二");
    ys_store_close(s);
    return is_new;
}

static void heads(char *before, char *after, int64_t *statements)
{
    ys_store *s = fx_create(fx_url());
    fx_fill(s);
    memcpy(before, fx_head(s), 65);
    ys_store_fault_at(0, false);
    assert_int_equal(third(s), YS_OK);
    *statements = ys_store_fault_count();
    memcpy(after, fx_head(s), 65);
    assert_true(*statements > 40);
    ys_store_close(s);
}

static void faults(void **state)
{
    (void)state;
    char before[65], after[65];
    int64_t n;
    heads(before, after, &n);
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    for (int64_t i = 1; i <= n; i += fx_pg() ? 5 : 1) {
        ys_store_fault_at(i, false);
        ys_status st = third(s);
        ys_store_fault_at(0, false);
        ys_store_rollback(s);
        if (st == YS_OK)
            fail_msg("statement %d of %d failed and nobody noticed", (int)i, (int)n);
        assert_false(old_or_new(url, before, after));
    }
    assert_int_equal(third(s), YS_OK); /* and the same store still works */
    assert_string_equal(fx_head(s), after);
    ys_store_close(s);
}

/* Memory that runs short anywhere is an error like any other. */
static void short_of_memory(void **state)
{
    (void)state;
    char before[65], after[65];
    int64_t n, tried = 0;
    heads(before, after, &n);
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    for (int64_t i = 1;; i += fx_pg() ? 5 : 1, tried++) {
        ys_alloc_fail_from(i);
        ys_status st = third(s);
        ys_alloc_fail_from(0);
        ys_store_rollback(s);
        if (st == YS_OK)
            break;
        assert_int_equal(st, YS_ENOMEM);
        assert_string_equal(fx_head(s), before);
    }
    assert_true(tried > 20);
    assert_string_equal(fx_head(s), after);
    ys_store_close(s);
    assert_true(old_or_new(url, before, after));
}

static bool child_killed(const char *url, int64_t at)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        ys_store_args args = {.url = url, .key = fx_key};
        ys_store *s = NULL;
        if (ys_store_open(&args, &s, NULL) != YS_OK || ys_store_set_kinds(s, fx_kinds, 4, NULL) != YS_OK)
            _exit(3);
        ys_store_fault_at(at, true);
        _exit(third(s) == YS_OK ? 0 : 4);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 9 || WEXITSTATUS(status) == 0));
    return WEXITSTATUS(status) == 9;
}

static void kills(void **state)
{
    (void)state;
    char before[65], after[65];
    int64_t n;
    heads(before, after, &n);
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    ys_store_close(s);
    for (int64_t i = 1; i <= n; i += fx_pg() ? 9 : 1) {
        assert_true(child_killed(url, i));
        assert_false(old_or_new(url, before, after));
    }
    assert_false(child_killed(url, n + 1));
    assert_true(old_or_new(url, before, after));
}

static void kill_creation(void **state)
{
    (void)state;
    ys_diag d = {0};
    for (int64_t i = 1;; i += fx_pg() ? 7 : 1) {
        const char *url = fx_url();
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            ys_store_args args = {.url = url, .key = fx_key};
            ys_store *s = NULL;
            ys_store_fault_at(i, true);
            _exit(ys_store_create(&args, fx_kinds, 4, &s, NULL) == YS_OK ? 0 : 4);
        }
        int status = 0;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (WEXITSTATUS(status) == 0)
            break;
        assert_int_equal(WEXITSTATUS(status), 9);
        ys_store_args args = {.url = url};
        ys_store *s = NULL;
        assert_int_not_equal(ys_store_open(&args, &s, &d), YS_OK);
        s = fx_create(url); /* what is left is no obstacle */
        assert_int_equal(fx_try_fill(s), YS_OK);
        ys_store_close(s);
    }
}

/* The root is a promise: the same operations give these digits on either back-end and in every later version. */
static void golden(void **state)
{
    (void)state;
    ys_store *s = fx_create(fx_url());
    fx_fill(s);
    assert_string_equal(fx_head(s), "d6f23baf14d48b860c55a53ba0586c0b5a441939c8775b84f9ce26ff6937aaad");
    ys_store_close(s);
}

static void tampering(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *names;
    } rows[] = {
        {"UPDATE k_household SET size=9 WHERE _key='H3'", "transaction 1 "},
        {"UPDATE k_household SET _valid_to=1 WHERE _key='H3'", "transaction 1 "},
        {"UPDATE k_household SET _import=9 WHERE _key='H3'", "transaction 1 "},
        {"UPDATE k_household SET cause='病' WHERE _key='H1' AND _tx_from=2 AND _valid_to IS NULL",
         "transaction 2 "},
        {"DELETE FROM k_person WHERE _key='P1'", "transaction 1 "},
        {"UPDATE k_household SET _tx_to=NULL,_valid_from=1 WHERE _tx_to=2 AND _key='H1'", "transaction 1 "},
        {"UPDATE k_household SET _tx_from=7 WHERE _key='H3'", "transaction 1 "},
        {"UPDATE ys_tx SET reason='x' WHERE id=2", "transaction 2 "},
        {"UPDATE ys_tx SET root='00' WHERE id=1", "transaction 1 "},
        {"UPDATE ys_tx SET recorded_at=1 WHERE id=1", "transaction 1 "},
        {"DELETE FROM ys_tx WHERE id=1", "transaction 1 "},
        {"DELETE FROM ys_tx WHERE id=2", "transaction 2, which is not there"},
        {"UPDATE ys_import SET file_hash='x' WHERE id=1", "transaction 1 "},
        {"UPDATE k_person SET id_number=(SELECT id_number FROM k_person WHERE _key='P1') WHERE _key='P2' AND "
         "_tx_to=2",
         "transaction 1 "},
        {"UPDATE k_person SET phone__bi=id_number__bi WHERE _key='P1'", "transaction 1 "},
        {"UPDATE k_person SET phone=NULL WHERE _key='P1'", "transaction 1 "},
        {"UPDATE k_person SET phone__h=id_number__h WHERE _key='P1'", "transaction 1 "},
        {"UPDATE k_income SET amount=0 WHERE year=2015", "transaction 1 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ys_diag d = {0};
        const char *url = fx_url();
        ys_store *s = fx_create(url);
        fx_fill(s);
        assert_int_equal(verify(s, &d), 2);
        ys_store_close(s);
        fx_raw(url, rows[i].sql);
        s = fx_open(url, fx_key);
        assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_ECORRUPT);
        if (strstr(d.en, rows[i].names) == NULL)
            fail_msg("%s: %s", rows[i].sql, d.en);
        ys_store_close(s);
    }
    /* Erasing a secret as the law demands keeps the chain whole: the commitment stays. */
    ys_diag d = {0};
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    ys_store_close(s);
    fx_raw(url, "UPDATE k_person SET phone=NULL,phone__bi=NULL WHERE _key='P1'");
    s = fx_open(url, fx_key);
    assert_int_equal(verify(s, &d), 2);
    ys_store_close(s);
}

static void secrets(void **state)
{
    (void)state;
    ys_diag d = {0};
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    ys_scan how = {
        .valid_on = YS_SCAN_LATEST, .decrypt = true, .where_field = "phone", .where_value = "13900000002"};
    assert_string_equal(fx_scan(s, &fx_person, latest), "P1,H1,张三,***,***\nP2,H3,李四,***,***\n");
    assert_string_equal(fx_scan(s, &fx_person, how), "P2,H3,李四,371702198001010048,13900000002\n");
    how.where_value = "139";
    assert_string_equal(fx_scan(s, &fx_person, how), "");
    ys_store_close(s);
    /* Not in the file. */
    if (!fx_pg()) {
        ys_store_close(fx_open(url, fx_key));
        FILE *f = fopen(url, "rb");
        static char bytes[4 << 20];
        size_t n = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        assert_non_null(memmem(bytes, n, "张三", 6));
        assert_null(memmem(bytes, n, "13900000002", 11));
        assert_null(memmem(bytes, n, "198001010048", 12));
    }
    /* No key: masked only, and nothing secret may be written. */
    s = fx_open(url, NULL);
    ys_table *t = NULL;
    assert_int_equal(ys_store_scan(s, &fx_person, &how, &t, &d), YS_EDENIED);
    how = (ys_scan){.valid_on = YS_SCAN_LATEST, .decrypt = true};
    assert_int_equal(ys_store_scan(s, &fx_person, &how, &t, &d), YS_EDENIED);
    assert_string_equal(fx_scan(s, &fx_person, latest), "P1,H1,张三,***,***\nP2,H3,李四,***,***\n");
    assert_int_equal(verify(s, &d), 2); /* roots need no key */
    fx_begin(s, 4);
    assert_int_equal(fx_try_put(s, &fx_person, "person,phone", "P1,1\n", 16300), YS_EDENIED);
    assert_int_equal(fx_put(s, &fx_person, "person,name", "P1,张四\n", 16300).changed, 1);
    fx_commit(s);
    ys_store_close(s);
    s = fx_open(url, fx_key);
    assert_int_equal(verify(s, &d), 3);
    assert_string_equal(fx_scan(s, &fx_person, how), "P1,H1,张四,371702198001010013,13800000001\n"
                                                     "P2,H3,李四,371702198001010048,13900000002\n");
    ys_store_close(s);
}

static void rotation(void **state)
{
    (void)state;
    static const unsigned char other[YS_STORE_KEY_BYTES] = "another key of thirty-two bytes";
    ys_diag d = {0};
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    fx_fill(s);
    char head[65];
    memcpy(head, fx_head(s), sizeof head);
    /* A fault anywhere leaves the old key in force. */
    ys_store *twin = fx_create(fx_url());
    fx_fill(twin);
    ys_store_fault_at(0, false);
    assert_int_equal(ys_store_rotate_key(twin, other, &d), YS_OK);
    int64_t n = ys_store_fault_count();
    ys_store_close(twin);
    assert_true(n > 10);
    for (int64_t i = 1; i <= n; i++) {
        ys_store_fault_at(i, false);
        assert_int_not_equal(ys_store_rotate_key(s, other, &d), YS_OK);
        ys_store_fault_at(0, false);
        assert_int_equal(verify(s, &d), 2);
    }
    assert_int_equal(ys_store_rotate_key(s, other, &d), YS_OK);
    assert_string_equal(fx_head(s), head);
    assert_int_equal(verify(s, &d), 2);
    ys_store_close(s);
    ys_store_args args = {.url = url, .key = fx_key};
    assert_int_equal(ys_store_open(&args, &s, &d), YS_EDENIED);
    s = fx_open(url, other);
    assert_int_equal(verify(s, &d), 2);
    ys_scan how = {
        .valid_on = YS_SCAN_LATEST, .decrypt = true, .where_field = "phone", .where_value = "13900000002"};
    assert_string_equal(fx_scan(s, &fx_person, how), "P2,H3,李四,371702198001010048,13900000002\n");
    fx_begin(s, 9); /* the same secret written again is no change */
    assert_int_equal(fx_put(s, &fx_person, "person,phone", "P2,13900000002\n", 16300).unchanged, 1);
    ys_store_close(s);
}

static void copies(void **state)
{
    (void)state;
    ys_diag d = {0};
    const char *places[3] = {fx_sqlite_url(), fx_url(), fx_sqlite_url()};
    ys_store *s = fx_create(places[0]);
    fx_fill(s);
    char head[65];
    memcpy(head, fx_head(s), sizeof head);
    for (int i = 1; i < 3; i++) {
        ys_store_args to = {.url = places[i], .key = fx_key};
        assert_int_equal(ys_store_copy(s, &to, &d), YS_OK);
        assert_int_equal(ys_store_copy(s, &to, &d), YS_ECONFLICT);
        ys_store_close(s);
        s = fx_open(places[i], fx_key);
        assert_string_equal(fx_head(s), head);
        assert_int_equal(verify(s, &d), 2);
    }
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .decrypt = true};
    assert_string_equal(fx_scan(s, &fx_person, how), "P1,H1,张三,371702198001010013,13800000001\n"
                                                     "P2,H3,李四,371702198001010048,13900000002\n");
    assert_string_equal(fx_scan(s, &fx_house, (ys_scan){.valid_on = 16000}),
                        "H1,371702,2,#NA,#NA,#NA,1.5,灾,#NA\nH2,371702,3,12.50,#NA,#NA,1,病,#NA\n"
                        "H3,371703,4,0.00,#NA,#NA,#未问,#未问,#NA\n");
    assert_int_equal(third(s), YS_OK); /* and life goes on */
    /* A damaged store is not copied, and leaves nothing. */
    ys_store_close(s);
    fx_raw(places[2], "UPDATE k_household SET size=9 WHERE _key='H3'");
    s = fx_open(places[2], fx_key);
    ys_store_args to = {.url = fx_url(), .key = fx_key};
    assert_int_equal(ys_store_copy(s, &to, &d), YS_ECORRUPT);
    ys_store *none = NULL;
    assert_int_equal(ys_store_open(&to, &none, &d), YS_ENOTFOUND);
    ys_store_close(s);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),  cmocka_unit_test(faults),        cmocka_unit_test(short_of_memory),
        cmocka_unit_test(kills),   cmocka_unit_test(kill_creation), cmocka_unit_test(tampering),
        cmocka_unit_test(secrets), cmocka_unit_test(rotation),      cmocka_unit_test(copies),
    };
    int st = fx_start(argc > 1 ? argv[1] : "sqlite");
    if (st != 0)
        return st;
    st = cmocka_run_group_tests(tests, NULL, NULL);
    fx_stop();
    return st;
}
