/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_fixture.h"
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <unistd.h>
#include "base/num.h"
#include "store/db.h"

#define F(n, t, r, ...)                                                                                      \
    {                                                                                                        \
        .name = n, .type = t, .unit = "", .codes = "", .ref = r, __VA_ARGS__                                 \
    }
static const ys_field area_fields[] = {
    F("area", YS_TEXT, "", .key = true),
    F("parent", YS_TEXT, "area", .key = false),
    F("valid_from", YS_DATE, "", .key = false),
};
static const ys_field house_fields[] = {
    F("household", YS_TEXT, "", .key = true), F("area", YS_TEXT, "area", .key = false),
    F("size", YS_INT, "", .key = false),      F("savings", YS_MONEY, "", .key = false),
    F("since", YS_DATE, "", .key = false),    F("water", YS_BOOL, "", .key = false),
    F("weight", YS_REAL, "", .key = false),   F("cause", YS_CODE, "", .key = false),
    F("note", YS_TEXT, "", .key = false),
};
static const ys_field person_fields[] = {
    F("person", YS_TEXT, "", .key = true),
    F("household", YS_TEXT, "household", .key = false),
    F("name", YS_TEXT, "", .sensitivity = YS_SENS_NAME),
    F("id_number", YS_TEXT, "", .sensitivity = YS_SENS_ID),
    F("phone", YS_TEXT, "", .sensitivity = YS_SENS_PHONE),
};
static const ys_field income_fields[] = {
    F("household", YS_TEXT, "household", .key = true),
    F("year", YS_INT, "", .key = true),
    F("line", YS_CODE, "", .key = true),
    F("amount", YS_MONEY, "", .key = false),
};
#define KIND(n, a, v, f)                                                                                     \
    {                                                                                                        \
        n, "", "", a, v, f, (int)(sizeof f / sizeof *f)                                                      \
    }
const ys_kind fx_area = KIND("area", "area", "", area_fields);
const ys_kind fx_house = KIND("household", "area", "", house_fields);
const ys_kind fx_person = KIND("person", "", "household", person_fields);
const ys_kind fx_income = KIND("income", "", "household", income_fields);
const ys_kind *const fx_kinds[4] = {&fx_area, &fx_house, &fx_person, &fx_income};
const unsigned char fx_key[YS_STORE_KEY_BYTES] = "0123456789abcdef0123456789abcdef";

static char dir[128];
static const char *pg_base;
static char urls[4096][256];
static int url_count;
static ys_str text;

int fx_start(const char *backend)
{
    pg_base = NULL;
    if (strcmp(backend, "postgresql") == 0) {
        pg_base = getenv("YAOSHI_TEST_PG");
        if (pg_base == NULL) {
            printf("skipped: YAOSHI_TEST_PG holds no URL of a PostgreSQL server\n");
            return 77;
        }
    }
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/yaoshi-store-XXXXXX", tmp != NULL ? tmp : P_tmpdir);
    return mkdtemp(dir) != NULL ? 0 : 1;
}

void fx_stop(void)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            unlinkat(dirfd(d), e->d_name, 0);
    if (d != NULL)
        closedir(d);
    rmdir(dir);
    ys_str_done(&text);
}

bool fx_pg(void)
{
    return pg_base != NULL;
}

const char *fx_sqlite_url(void)
{
    assert_true(url_count < 4096);
    char *u = urls[url_count];
    snprintf(u, sizeof urls[0], "%s/s%d.db", dir, url_count++);
    return u;
}

const char *fx_url(void)
{
    if (pg_base == NULL)
        return fx_sqlite_url();
    assert_true(url_count < 4096);
    char *u = urls[url_count], sql[160], name[64];
    snprintf(name, sizeof name, "t%ld_%d", (long)getpid(), url_count++);
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", name);
    fx_raw(pg_base, sql);
    snprintf(u, sizeof urls[0], "%s?options=-csearch_path%%3D%s", pg_base, name);
    return u;
}

void fx_raw(const char *url, const char *sql)
{
    if (ys__url_is_pg(url)) {
        PGconn *c = PQconnectdb(url);
        PGresult *r = PQexec(c, sql);
        if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
            fail_msg("%s: %s", sql, PQerrorMessage(c));
        PQclear(r);
        PQfinish(c);
        return;
    }
    sqlite3 *h = NULL;
    assert_int_equal(sqlite3_open(url, &h), SQLITE_OK);
    char *error = NULL;
    if (sqlite3_exec(h, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
    sqlite3_close(h);
}

static void must(ys_status st, const ys_diag *d)
{
    if (st != YS_OK)
        fail_msg("%s: %s", ys_status_name(st), d->en);
}

ys_store *fx_create(const char *url)
{
    ys_diag d = {0};
    ys_store *s = NULL;
    ys_store_args args = {.url = url, .key = fx_key};
    must(ys_store_create(&args, fx_kinds, 4, &s, &d), &d);
    return s;
}

ys_store *fx_open(const char *url, const unsigned char *key)
{
    ys_diag d = {0};
    ys_store *s = NULL;
    ys_store_args args = {.url = url, .key = key};
    must(ys_store_open(&args, &s, &d), &d);
    must(ys_store_set_kinds(s, fx_kinds, 4, &d), &d);
    return s;
}

void fx_begin(ys_store *s, int64_t at)
{
    ys_diag d = {0};
    ys_tx_info info = {.user = "王工", .reason = "试验", .command = "test", .recorded_at = at};
    must(ys_store_begin(s, &info, &d), &d);
}

void fx_commit(ys_store *s)
{
    ys_diag d = {0};
    must(ys_store_commit(s, NULL, &d), &d);
}

/* ---- texts into cells */

static void parse(const ys_field *f, const char *t, ys_cell *c)
{
    int32_t day;
    *c = (ys_cell){.state = YS_CELL_VALUE, .t = t};
    if (t[0] == '\0')
        c->state = YS_CELL_BLANK;
    else if (strcmp(t, "#NA") == 0)
        c->state = YS_CELL_NA;
    else if (strcmp(t, "#未问") == 0)
        c->state = YS_CELL_NOT_ASKED;
    else if (strchr(t, '*') != NULL)
        c->state = YS_CELL_MASKED;
    else if (f->type == YS_REAL)
        c->r = strtod(t, NULL);
    else if (f->type == YS_DATE && ys_parse_date(t, &day))
        c->i = day;
    else if (f->type == YS_MONEY)
        assert_true(ys_parse_money(t, 2, &c->i));
    else
        c->i = strtoll(t, NULL, 10);
}

static int split(char *line, char **parts)
{
    int n = 0;
    for (char *p = line; p != NULL; n++) {
        parts[n] = p;
        p = strchr(p, ',');
        if (p != NULL)
            *p++ = '\0';
    }
    return n;
}

static ys_status try_stage(ys_store *s, const ys_kind *k, const char *fields, const char *rows, ys_diag *d)
{
    char buf[4096], *parts[16];
    int index[16];
    ys_cell cells[16];
    snprintf(buf, sizeof buf, "%s", fields);
    int count = split(buf, parts);
    for (int i = 0; i < count; i++)
        index[i] = ys_kind_field(k, parts[i]);
    YS_TRY(ys_store_stage_begin(s, k, index, count, d));
    snprintf(buf, sizeof buf, "%s", rows);
    int64_t row = 1;
    for (char *line = buf, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        assert_int_equal(split(line, parts), count);
        for (int i = 0; i < count; i++)
            parse(&k->fields[index[i]], parts[i], &cells[i]);
        YS_TRY(ys_store_stage_row(s, cells, ++row, d));
    }
    return YS_OK;
}

void fx_stage(ys_store *s, const ys_kind *k, const char *fields, const char *rows)
{
    ys_diag d = {0};
    must(try_stage(s, k, fields, rows, &d), &d);
}

static ys_status try_put(ys_store *s, const ys_kind *k, const char *fields, const char *rows, int32_t day,
                         ys_stage_counts *counts, ys_diag *d)
{
    int64_t import = 0;
    YS_TRY(ys_store_import_add(s, "户.csv", "", "aa", "{}", &import, d));
    YS_TRY(try_stage(s, k, fields, rows, d));
    YS_TRY(ys_store_stage_apply(s, day, import, counts, d));
    ys_store_stage_end(s);
    return YS_OK;
}

ys_status fx_try_put(ys_store *s, const ys_kind *k, const char *fields, const char *rows, int32_t day)
{
    ys_diag d = {0};
    ys_stage_counts c;
    return try_put(s, k, fields, rows, day, &c, &d);
}

ys_stage_counts fx_put(ys_store *s, const ys_kind *k, const char *fields, const char *rows, int32_t day)
{
    ys_diag d = {0};
    ys_stage_counts c = {0};
    must(try_put(s, k, fields, rows, day, &c, &d), &d);
    return c;
}

/* ---- tables into texts */

const char *fx_table(ys_table *t)
{
    char buf[256];
    ys_str_clear(&text);
    for (int64_t r = 0; r < ys_table_rows(t); r++)
        for (int c = 0; c < ys_table_columns(t); c++) {
            bool unasked = false;
            ys_type type = ys_table_column_type(t, c);
            if (type == YS_TEXT)
                unasked = ys_table_texts(t, c)[r] == YS_TEXT_NOT_ASKED;
            else if (type == YS_CODE)
                unasked = ys_table_codes(t, c)[r] == YS_CODE_NOT_ASKED;
            else if (type == YS_REAL)
                unasked = ys_real_is_not_asked(ys_table_get_real(t, c, r));
            else
                unasked = ys_table_get_int(t, c, r) == YS_NOT_ASKED;
            const char *cell =
                ys_table_missing(t, c, r) ? "#NA" : ys_table_format(t, c, r, 2, buf, sizeof buf);
            ys_str_printf(&text, "%s%s", c > 0 ? "," : "", unasked ? "#未问" : cell);
            if (c + 1 == ys_table_columns(t))
                ys_str_putc(&text, '\n');
        }
    ys_table_free(t);
    return ys_str_get(&text);
}

const char *fx_scan(ys_store *s, const ys_kind *k, ys_scan how)
{
    ys_diag d = {0};
    ys_table *t = NULL;
    must(ys_store_scan(s, k, &how, &t, &d), &d);
    int64_t n = -1;
    must(ys_store_count(s, k, &how, &n, &d), &d);
    assert_int_equal(n, ys_table_rows(t));
    return fx_table(t);
}

ys_status fx_try_fill(ys_store *s)
{
    ys_tx_info info = {.user = "王工", .reason = "首次", .command = "import", .recorded_at = 1472256000};
    YS_TRY(ys_store_begin(s, &info, NULL));
    YS_TRY(fx_try_put(s, &fx_area, "area,parent", "37,#NA\n3717,37\n371702,3717\n371703,3717\n", 16000));
    YS_TRY(fx_try_put(s, &fx_house, "household,area,size,savings,weight,cause",
                      "H2,371702,3,12.50,1,病\nH1,371702,2,#NA,1.5,灾\nH3,371703,4,0,#未问,#未问\n", 16000));
    YS_TRY(fx_try_put(s, &fx_person, "person,household,name,id_number,phone",
                      "P1,H1,张三,371702198001010013,13800000001\nP2,H3,李四,371702198001010021,#NA\n",
                      16000));
    YS_TRY(fx_try_put(s, &fx_income, "household,year,line,amount", "H1,2016,工资,100\nH1,2015,种粮,3.05\n",
                      16000));
    YS_TRY(ys_store_commit(s, NULL, NULL));
    info.reason = "更正";
    info.recorded_at++;
    YS_TRY(ys_store_begin(s, &info, NULL));
    YS_TRY(fx_try_put(s, &fx_house, "household,size,cause", "H1,3,\nH2,3,学\n", 16100));
    YS_TRY(fx_try_put(s, &fx_person, "person,id_number,phone", "P2,371702198001010048,13900000002\n", 16000));
    YS_TRY(ys_store_meta_set(s, "note", "二", NULL));
    return ys_store_commit(s, NULL, NULL);
}

void fx_fill(ys_store *s)
{
    assert_int_equal(fx_try_fill(s), YS_OK);
}

const char *fx_head(ys_store *s)
{
    static ys_tx tx;
    ys_diag d = {0};
    must(ys_store_head(s, &tx, &d), &d);
    return tx.root;
}
