/* SPDX-License-Identifier: Apache-2.0 */
/* Personal values: masked cells that come back, and erasure.  One suite for both back-ends. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sqlite3.h>
#include "base/alloc.h"
#include "store/store_fixture.h"

static ys_str told; /* what the comparison says, a line per call */

static bool tell(void *arg, const ys_change_row *c)
{
    (void)arg;
    return ys_str_printf(&told, "%d %s %lld %s\n", (int)c->what, c->key, (long long)c->source_row,
                         c->field != NULL ? c->field->name : "");
}

/* A list that went out masked and comes back edited: the mask of what is stored is "unchanged", any other is refused. */
static void masks(void **state)
{
    (void)state;
    ys_diag d = {0};
    ys_store *s = fx_create(fx_url());
    ys_stage_counts c = {0};
    fx_fill(s);
    fx_begin(s, 9);
    fx_stage(s, &fx_person, "person,household,name,id_number,phone",
             "P1,H2,张*,371702********0013,138****0001\n" /* moved house, the rest as it was */
             "P2,H3,李*,371702********0048,139****0003\n" /* another phone */
             "P3,H3,王*,#NA,***\n"                        /* new: masks of nothing */
             "P4,H3,赵六,#NA,#NA\n");
    ys_str_clear(&told);
    assert_int_equal(ys_store_stage_diff(s, NULL, 16000, tell, NULL, &c, &d), YS_OK);
    char want[400];
    snprintf(want, sizeof want, "%d P2 3 phone\n%d P3 4 name\n%d P3 4 phone\n%d P1 2 household\n%d P4 5 \n",
             YS_CH_MASKED, YS_CH_MASKED, YS_CH_MASKED, YS_CH_CHANGED, YS_CH_ADDED);
    assert_string_equal(ys_str_get(&told), want);
    assert_int_equal(c.masked, 2);
    assert_int_equal(c.added, 1);
    assert_int_equal(c.changed, 1);
    assert_int_equal(c.orphans, 0);
    assert_int_equal(ys_store_stage_apply(s, 16000, 0, &c, &d), YS_OK);
    ys_store_stage_end(s);
    fx_commit(s);
    ys_scan plain = {.valid_on = YS_SCAN_LATEST, .decrypt = true};
    assert_string_equal(
        fx_scan(s, &fx_person, plain),
        "P1,H2,张三,371702198001010013,13800000001\nP2,H3,李四,371702198001010048,13900000002\n"
        "P4,H3,赵六,#NA,#NA\n");
    /* What a store prints without its key, and a mask of what was valid on another day. */
    fx_begin(s, 10);
    c = fx_put(s, &fx_person, "person,id_number,phone", "P1,***,***\nP2,***,#NA\nP4,***,\n", 16000);
    assert_int_equal(c.unchanged, 1);
    assert_int_equal(c.changed, 1);
    assert_int_equal(c.masked, 1);
    assert_int_equal(fx_put(s, &fx_person, "person,name", "P1,张*\n", 15999).masked, 1);
    ys_store_rollback(s);
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK);
    ys_store_close(s);
    ys_str_done(&told);
}

/* Do the bytes of a file hold these? */
static bool file_holds(const char *path, const unsigned char *bytes, size_t n)
{
    char name[300];
    bool found = false;
    for (int part = 0; part < 2 && !found; part++) {
        snprintf(name, sizeof name, "%s%s", path, part == 0 ? "" : "-wal");
        FILE *f = fopen(name, "rb");
        if (f == NULL)
            continue;
        fseek(f, 0, SEEK_END);
        size_t size = (size_t)ftell(f);
        rewind(f);
        char *all = ys_malloc(size + 1);
        assert_non_null(all);
        assert_int_equal(fread(all, 1, size, f), size);
        fclose(f);
        found = size > 0 && memmem(all, size, bytes, n) != NULL;
        ys_free(all);
    }
    return found;
}

/* A blind index, as the file holds it: behind the store's back. */
static void index_of(const char *url, unsigned char *ret_bytes)
{
    sqlite3 *h = NULL;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open(url, &h), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(h, "SELECT id_number__bi FROM k_person WHERE _key='P2' ORDER BY _row LIMIT 1", -1,
                           &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(st, 0), 16);
    memcpy(ret_bytes, sqlite3_column_blob(st, 0), 16);
    sqlite3_finalize(st);
    sqlite3_close(h);
}

static void erasure(void **state)
{
    (void)state;
    ys_diag d = {0};
    const char *url = fx_url();
    ys_store *s = fx_create(url);
    int64_t values = 0, before = 0, rows = 0;
    unsigned char index[16];
    fx_fill(s); /* P2: the first version has an ID, the second another ID and a phone */
    char root[65];
    snprintf(root, sizeof root, "%s", fx_head(s));
    assert_int_equal(ys_store_verify_chain(s, &before, NULL, &d), YS_OK);
    if (!fx_pg()) {
        index_of(url, index);
        assert_true(file_holds(url, index, sizeof index));
    }
    assert_int_equal(ys_store_erase(s, &fx_person, "P2", &values, &d), YS_EUSAGE); /* no transaction */
    fx_begin(s, 50);
    assert_int_equal(ys_store_erase(s, &fx_person, "P9", &values, &d), YS_ENOTFOUND);
    assert_int_equal(ys_store_erase(s, &fx_person, "P2", &values, &d), YS_OK);
    assert_int_equal(values, 3);
    ys_store_rollback(s); /* nothing happened */
    ys_scan plain = {.valid_on = YS_SCAN_LATEST, .decrypt = true};
    const char *all =
        "P1,H1,张三,371702198001010013,13800000001\nP2,H3,李四,371702198001010048,13900000002\n";
    assert_string_equal(fx_scan(s, &fx_person, plain), all);
    fx_begin(s, 51);
    assert_int_equal(ys_store_erase(s, &fx_person, "P2", &values, &d), YS_OK);
    ys_tx tx = {0};
    assert_int_equal(ys_store_commit(s, &tx, &d), YS_OK);
    assert_int_equal(tx.id, 3); /* recorded, though no row was written */
    assert_string_equal(tx.previous, root);
    if (ys_store_scrub(s, &fx_person, &d) != YS_OK)
        fail_msg("%s", d.en);
    if (!fx_pg())
        assert_false(file_holds(url, index, sizeof index));
    const char *left = "P1,H1,张三,371702198001010013,13800000001\nP2,H3,李四,#NA,#NA\n";
    assert_string_equal(fx_scan(s, &fx_person, plain), left);
    plain.as_of_tx = 1; /* nor in what was known before */
    assert_string_equal(fx_scan(s, &fx_person, plain), left);
    ys_table *t = NULL;
    assert_int_equal(ys_store_history(s, &fx_person, "P2", true, &t, &d), YS_OK);
    for (int64_t r = 0; r < ys_table_rows(t); r++)
        assert_true(ys_table_missing(t, ys_table_find(t, "id_number"), r));
    ys_table_free(t);
    ys_scan by = {
        .valid_on = YS_SCAN_LATEST, .where_field = "id_number", .where_value = "371702198001010048"};
    assert_string_equal(fx_scan(s, &fx_person, by), "");
    assert_int_equal(ys_store_verify_chain(s, &values, &rows, &d), YS_OK);
    assert_int_equal(values, before + 1);
    /* Copies, other keys and later changes of the record keep it so. */
    ys_store_args to = {.url = fx_url(), .key = fx_key};
    assert_int_equal(ys_store_copy(s, &to, &d), YS_OK);
    unsigned char other[YS_STORE_KEY_BYTES];
    memset(other, 7, sizeof other);
    assert_int_equal(ys_store_rotate_key(s, other, &d), YS_OK);
    fx_begin(s, 52);
    fx_put(s, &fx_person, "person,household", "P2,H1\n", 16200);
    fx_commit(s);
    plain.as_of_tx = 0;
    assert_string_equal(fx_scan(s, &fx_person, plain),
                        "P1,H1,张三,371702198001010013,13800000001\nP2,H1,李四,#NA,#NA\n");
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK);
    ys_store_close(s);
    s = fx_open(to.url, fx_key);
    assert_string_equal(fx_scan(s, &fx_person, plain), left);
    assert_int_equal(ys_store_verify_chain(s, NULL, NULL, &d), YS_OK);
    ys_store_close(s);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks),
        cmocka_unit_test(erasure),
    };
    int st = fx_start(argc > 1 ? argv[1] : "sqlite");
    if (st != 0)
        return st;
    st = cmocka_run_group_tests(tests, NULL, NULL);
    fx_stop();
    return st;
}
