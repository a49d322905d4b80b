/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rule engine beside SQLite: 1,000,000 households, 2,500,000 persons, 100 rules, one thread each.
 *
 *   ninja -C build bench/rules && build/bench/rules [households]          (default 1000000)
 *
 * The same rules are written as CEL and as SQL.  SQLite holds the data in memory with an index on the household of a
 * person, and is asked in three ways, of which the fastest counts: one SELECT per rule; all rules as sums in one pass;
 * all rules in one pass over a join with one grouping of all members.  Both sides count true rows per rule; the counts
 * must be equal or the bench fails.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/str.h"
#include "yaoshi/rule.h"

#define RULES 100

typedef struct rule_pair {
    char cel[256];
    char sql[256]; /* by itself, members in a subquery */
    char member[128],
        over[96]; /* the same from one aggregate over the members, called a.cNN; empty: no members */
} rule_pair;

typedef struct world {
    int64_t households, persons;
    ys_table *home, *person;
    ys_rule_env *home_env, *person_env;
    ys_csr links;
    rule_pair rules[RULES];
    int64_t engine[RULES], sqlite[RULES];
} world;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench/rules: %s\n", what);
    exit(1);
}

/* ---- data ---- */

static const char *const CAUSES[] = {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"};
static const char *const HEALTH[] = {"01", "02", "03", "04"};
static const char *const SCHOOL[] = {"01", "02", "03", "04", "05", "06"};

/* About one value in fifty is not known. */
static int64_t some(ys_rng *r, int64_t below)
{
    return ys_rng_below(r, 50) == 0 ? YS_NA : ys_rng_below(r, below);
}

static void make_homes(world *w)
{
    ys_table *t = w->home = ys_table_new("household");
    static const struct {
        const char *name;
        ys_type type;
        int64_t below;
    } INTS[] = {{"workers", YS_INT, 4},
                {"rooms", YS_INT, 7},
                {"land", YS_INT, 20},
                {"km", YS_INT, 15},
                {"income_pc", YS_MONEY, 600000},
                {"debt", YS_MONEY, 5000000},
                {"rigid", YS_MONEY, 2000000},
                {"water", YS_BOOL, 2},
                {"danger", YS_BOOL, 2}};
    for (size_t c = 0; c < sizeof INTS / sizeof *INTS; c++)
        check(ys_table_add_column(t, INTS[c].name, INTS[c].type) >= 0, "memory");
    int cause = ys_table_add_column(t, "cause", YS_CODE), able = ys_table_add_column(t, "labour", YS_REAL);
    int size = ys_table_add_column(t, "size", YS_INT);
    check(ys_table_grow(t, w->households), "memory");
    for (int64_t i = 0; i < w->households; i++) {
        ys_rng r;
        ys_rng_init(&r, 1, (uint64_t)i);
        for (int c = 0; c < (int)(sizeof INTS / sizeof *INTS); c++)
            ys_table_set_int(t, c, i, some(&r, INTS[c].below));
        check(ys_table_set_text(t, cause, i, CAUSES[ys_rng_below(&r, 12)]), "memory");
        ys_table_set_real(t, able, i, (double)ys_rng_below(&r, 9) / 2);
        ys_table_set_int(t, size, i, w->links.start[i + 1] - w->links.start[i]);
    }
}

/* One to four members, in order of their households, as a registry keeps them. */
static void make_persons(world *w)
{
    w->links.start = ys_calloc((size_t)w->households + 1, sizeof *w->links.start);
    check(w->links.start != NULL, "memory");
    for (int64_t i = 0; i < w->households; i++)
        w->links.start[i + 1] = w->links.start[i] + 1 + (int64_t)(ys_hash64((uint64_t)i) % 4);
    w->persons = w->links.start[w->households];
    w->links.parents = w->households;
    w->links.items = w->persons;
    w->links.item = ys_calloc((size_t)w->persons, sizeof *w->links.item);
    check(w->links.item != NULL, "memory");
    for (int64_t i = 0; i < w->persons; i++)
        w->links.item[i] = (int32_t)i;
    ys_table *t = w->person = ys_table_new("person");
    int age = ys_table_add_column(t, "age", YS_INT), wage = ys_table_add_column(t, "wage", YS_MONEY);
    int pupil = ys_table_add_column(t, "pupil", YS_BOOL), health = ys_table_add_column(t, "health", YS_CODE);
    int school = ys_table_add_column(t, "school", YS_CODE);
    check(ys_table_grow(t, w->persons), "memory");
    for (int64_t i = 0; i < w->persons; i++) {
        ys_rng r;
        ys_rng_init(&r, 2, (uint64_t)i);
        ys_table_set_int(t, age, i, some(&r, 95));
        ys_table_set_int(t, wage, i, some(&r, 3000000));
        ys_table_set_int(t, pupil, i, some(&r, 2));
        check(ys_table_set_text(t, health, i, HEALTH[ys_rng_below(&r, 4)]), "memory");
        check(ys_table_set_text(t, school, i, ys_rng_below(&r, 50) ? SCHOOL[ys_rng_below(&r, 6)] : NULL),
              "memory");
    }
}

static void make_env(world *w)
{
    w->home_env = ys_rule_env_new(w->home, 2);
    w->person_env = ys_rule_env_new(w->person, 2);
    check(w->home_env && w->person_env, "memory");
    check(ys_rule_env_add_list(w->home_env, "persons", w->person_env, &w->links, NULL) == YS_OK, "list");
}

/* ---- the rules: 20 forms, each with five different constants ---- */

#define EACH "FROM person p WHERE p.home = h.rowid AND "

static void make_rules(world *w)
{
    int n = 0;
    for (int v = 0; v < 5; v++) {
        int money = 1500 + 700 * v;
#define RULE(...)   snprintf(w->rules[n].cel, sizeof w->rules[n].cel, __VA_ARGS__)
#define MEMBER(...) snprintf(w->rules[n - 1].member, sizeof w->rules[0].member, __VA_ARGS__)
#define OVER(...)   snprintf(w->rules[n - 1].over, sizeof w->rules[0].over, __VA_ARGS__)
#define SQL(...)    snprintf(w->rules[n++].sql, sizeof w->rules[n].sql, __VA_ARGS__)
        RULE("workers == 0 && size >= %d", v), SQL("h.workers = 0 AND h.size >= %d", v);
        RULE("income_pc < yuan(%d)", money), SQL("h.income_pc < %d", money * 100);
        RULE("income_pc < yuan(%d) && debt > yuan(10000)", money),
            SQL("h.income_pc < %d AND h.debt > 1000000", money * 100);
        RULE("cause in ['01', '0%d', '09']", v + 2), SQL("h.cause IN ('01', '0%d', '09')", v + 2);
        RULE("cause == '0%d' && rigid > yuan(5000)", v + 1),
            SQL("h.cause = '0%d' AND h.rigid > 500000", v + 1);
        RULE("danger || rooms < %d", v), SQL("h.danger OR h.rooms < %d", v);
        RULE("!water && km > %d", v * 2), SQL("NOT h.water AND h.km > %d", v * 2);
        RULE("land * 2 + rooms > %d", 10 + v), SQL("h.land * 2 + h.rooms > %d", 10 + v);
        RULE("debt - rigid > yuan(%d)", money), SQL("h.debt - h.rigid > %d", money * 100);
        RULE("labour < %d.5 && size > 2", v), SQL("h.labour < %d.5 AND h.size > 2", v);
        RULE("has(rooms) && rooms * 2 < size + %d", v),
            SQL("h.rooms IS NOT NULL AND h.rooms * 2 < h.size + %d", v);
        RULE("size > 1 && rigid / size > yuan(%d)", money),
            SQL("h.size > 1 AND 2 * h.rigid >= h.size * %d", 2 * money * 100 + 1);
        RULE("(land > %d ? debt : rigid) > yuan(9000)", v),
            SQL("CASE WHEN h.land > %d THEN h.debt WHEN h.land IS NOT NULL THEN h.rigid END > 900000", v);
        RULE("workers > %d || (water && !danger)", v), SQL("h.workers > %d OR (h.water AND NOT h.danger)", v);
        RULE("persons.exists(p, p.age >= %d)", 60 + v), SQL("EXISTS (SELECT 1 " EACH "p.age >= %d)", 60 + v);
        MEMBER("max(p.age >= %d)", 60 + v), OVER("a.c%d", n - 1);
        RULE("persons.exists(p, p.health == '04' && p.age < %d)", 40 + v),
            SQL("EXISTS (SELECT 1 " EACH "p.health = '04' AND p.age < %d)", 40 + v);
        MEMBER("max(p.health = '04' AND p.age < %d)", 40 + v), OVER("a.c%d", n - 1);
        RULE("persons.all(p, has(p.age) && p.age >= %d)", 50 + v),
            SQL("NOT EXISTS (SELECT 1 " EACH "(p.age IS NULL OR p.age < %d))", 50 + v);
        MEMBER("max(p.age IS NULL OR p.age < %d)", 50 + v), OVER("NOT a.c%d", n - 1);
        RULE("persons.count(p, has(p.pupil) && p.pupil) >= %d", v),
            SQL("(SELECT count(*) " EACH "p.pupil) >= %d", v);
        MEMBER("count(CASE WHEN p.pupil THEN 1 END)"), OVER("a.c%d >= %d", n - 1, v);
        RULE("persons.sum(p, has(p.wage) ? p.wage : yuan(0)) < yuan(%d)", money),
            SQL("(SELECT coalesce(sum(p.wage), 0) " EACH "1) < %d", money * 100);
        MEMBER("coalesce(sum(p.wage), 0)"), OVER("a.c%d < %d", n - 1, money * 100);
        RULE("income_pc < yuan(%d) && persons.exists(p, has(p.school) && p.school in ['05', '06'])", money),
            SQL("h.income_pc < %d AND EXISTS (SELECT 1 " EACH "p.school IN ('05', '06'))", money * 100);
        MEMBER("max(p.school IN ('05', '06'))"), OVER("h.income_pc < %d AND a.c%d", money * 100, n - 1);
    }
    check(n == RULES, "rules");
}

/* ---- the engine ---- */

static double run_engine(world *w, double *ret_compile, int64_t *ret_steps)
{
    ys_rule *rules[RULES];
    ys_diag d = {0};
    *ret_steps = 0;
    double t0 = now();
    for (int i = 0; i < RULES; i++) {
        if (ys_rule_compile(w->home_env, w->rules[i].cel, &rules[i], &d) != YS_OK)
            fprintf(stderr, "%s: %s\n", w->rules[i].cel, d.en);
        check(d.status == YS_OK, "a rule does not compile");
        *ret_steps += ys_rule_steps(rules[i]);
    }
    *ret_compile = now() - t0;
    ys_rule_scratch *s = ys_rule_scratch_new();
    uint8_t *truth = ys_malloc((size_t)w->households);
    check(s && truth, "memory");
    t0 = now();
    for (int i = 0; i < RULES; i++) {
        check(ys_rule_eval_bool(rules[i], s, 0, w->households, truth) == YS_OK, "a rule does not run");
        int64_t trues = 0;
        for (int64_t j = 0; j < w->households; j++)
            trues += truth[j] == YS_TRUE;
        w->engine[i] = trues;
    }
    double seconds = now() - t0;
    for (int i = 0; i < RULES; i++)
        ys_rule_free(rules[i]);
    ys_rule_scratch_free(s);
    ys_free(truth);
    return seconds;
}

/* ---- SQLite ---- */

static void sql(sqlite3 *db, const char *text)
{
    char *error = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", text, error);
        exit(1);
    }
}

static void bind_cell(sqlite3_stmt *st, int at, const ys_table *t, int col, int64_t row)
{
    if (ys_table_missing(t, col, row))
        sqlite3_bind_null(st, at);
    else if (ys_table_column_type(t, col) == YS_CODE)
        sqlite3_bind_text(st, at, ys_table_get_text(t, col, row), -1, SQLITE_STATIC);
    else if (ys_table_column_type(t, col) == YS_REAL)
        sqlite3_bind_double(st, at, ys_table_get_real(t, col, row));
    else
        sqlite3_bind_int64(st, at, ys_table_get_int(t, col, row));
}

/* A copy of a table; `home_of` numbers the household of each row (NULL: the table of households itself). */
static void copy_table(sqlite3 *db, const ys_table *t, const int64_t *home_of)
{
    ys_str make = {0}, put = {0};
    int columns = ys_table_columns(t);
    ys_str_printf(&make, "CREATE TABLE %s (%s", ys_table_name(t), home_of ? "home INTEGER" : "");
    ys_str_printf(&put, "INSERT INTO %s VALUES (%s", ys_table_name(t), home_of ? "?" : "");
    for (int c = 0; c < columns; c++) {
        const char *type = ys_table_column_type(t, c) == YS_CODE   ? "TEXT"
                           : ys_table_column_type(t, c) == YS_REAL ? "REAL"
                                                                   : "INTEGER";
        ys_str_printf(&make, "%s%s %s", c || home_of ? ", " : "", ys_table_column_name(t, c), type);
        ys_str_printf(&put, "%s?", c || home_of ? ", " : "");
    }
    ys_str_putc(&make, ')');
    ys_str_putc(&put, ')');
    sql(db, ys_str_get(&make));
    sqlite3_stmt *st;
    check(sqlite3_prepare_v2(db, ys_str_get(&put), -1, &st, NULL) == SQLITE_OK, "insert");
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        if (home_of)
            sqlite3_bind_int64(st, 1, home_of[i] + 1);
        for (int c = 0; c < columns; c++)
            bind_cell(st, c + 1 + (home_of != NULL), t, c, i);
        check(sqlite3_step(st) == SQLITE_DONE, "insert");
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    ys_str_done(&make);
    ys_str_done(&put);
}

static void fill_sqlite(world *w, sqlite3 *db)
{
    int64_t *home_of = ys_calloc((size_t)w->persons, sizeof *home_of);
    check(home_of != NULL, "memory");
    for (int64_t i = 0; i < w->households; i++)
        for (int64_t j = w->links.start[i]; j < w->links.start[i + 1]; j++)
            home_of[j] = i;
    sql(db, "BEGIN");
    copy_table(db, w->home, NULL);
    copy_table(db, w->person, home_of);
    /* covering: SQLite never has to leave the index for a member's facts */
    sql(db, "CREATE INDEX person_home ON person (home, age, wage, pupil, health, school); COMMIT; ANALYZE");
    ys_free(home_of);
}

/* All rules in one pass; `grouped`: members gathered once by a grouping, not in a subquery for each rule. */
static double run_sqlite_once(world *w, sqlite3 *db, bool grouped)
{
    ys_str q = {0};
    ys_str_puts(&q, "SELECT ");
    for (int i = 0; i < RULES; i++)
        ys_str_printf(&q, "%scoalesce(sum(%s), 0)", i ? ", " : "",
                      grouped && w->rules[i].member[0] ? w->rules[i].over : w->rules[i].sql);
    ys_str_puts(&q, " FROM household h");
    if (grouped) {
        ys_str_puts(&q, " JOIN (SELECT p.home AS home");
        for (int i = 0; i < RULES; i++)
            if (w->rules[i].member[0])
                ys_str_printf(&q, ", %s AS c%d", w->rules[i].member, i);
        ys_str_puts(&q, " FROM person p GROUP BY p.home) a ON a.home = h.rowid");
    }
    sqlite3_stmt *st = NULL;
    double t0 = now();
    if (sqlite3_prepare_v2(db, ys_str_get(&q), -1, &st, NULL) != SQLITE_OK)
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
    check(st && sqlite3_step(st) == SQLITE_ROW, "query");
    for (int i = 0; i < RULES; i++) {
        int64_t trues = sqlite3_column_int64(st, i);
        check(!grouped || trues == w->sqlite[i], "two ways of asking SQLite differ");
        w->sqlite[i] = trues;
    }
    sqlite3_finalize(st);
    ys_str_done(&q);
    return now() - t0;
}

/* One query per rule. */
static double run_sqlite_each(world *w, sqlite3 *db)
{
    double t0 = now();
    for (int i = 0; i < RULES; i++) {
        char q[400];
        sqlite3_stmt *st;
        snprintf(q, sizeof q, "SELECT count(*) FROM household h WHERE %s", w->rules[i].sql);
        check(sqlite3_prepare_v2(db, q, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW,
              "query");
        check(sqlite3_column_int64(st, 0) == w->sqlite[i], "two ways of asking SQLite differ");
        sqlite3_finalize(st);
    }
    return now() - t0;
}

static int compare(const world *w)
{
    int differ = 0;
    for (int i = 0; i < RULES; i++)
        if (w->engine[i] != w->sqlite[i]) {
            printf("DIFFERENT %" PRId64 " %" PRId64 "  %s\n", w->engine[i], w->sqlite[i], w->rules[i].cel);
            differ++;
        }
    return differ;
}

int main(int argc, char **argv)
{
    static world w;
    w.households = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    check(w.households > 0 && w.households <= 100000000, "how many households?");
    make_persons(&w);
    make_homes(&w);
    make_env(&w);
    make_rules(&w);
    double compile, engine = 1e99;
    int64_t steps;
    for (int i = 0; i < 3; i++) {
        double t = run_engine(&w, &compile, &steps);
        engine = t < engine ? t : engine;
    }
    sqlite3 *db;
    check(sqlite3_open(":memory:", &db) == SQLITE_OK, "sqlite");
    fill_sqlite(&w, db);
    double once = run_sqlite_once(&w, db, false), grouped = run_sqlite_once(&w, db, true),
           each = run_sqlite_each(&w, db);
    sqlite3_close(db);
    int differ = compare(&w);
    double best = once < each ? once : each;
    best = grouped < best ? grouped : best;
    printf("households %" PRId64 ", persons %" PRId64 ", rules %d, steps %" PRId64 ", one thread\n",
           w.households, w.persons, RULES, steps);
    printf("compile        %8.4f s\n", compile);
    printf("yaoshi         %8.3f s   %.1f ns per household and rule (best of 3)\n", engine,
           engine / (double)w.households / RULES * 1e9);
    printf("SQLite %s %8.3f s   all rules in one SELECT\n", sqlite3_libversion(), once);
    printf("SQLite %s %8.3f s   all rules in one SELECT, members grouped once\n", sqlite3_libversion(),
           grouped);
    printf("SQLite %s %8.3f s   one SELECT per rule\n", sqlite3_libversion(), each);
    printf("ratio          %8.1f     (best of SQLite / yaoshi), counts %s\n", best / engine,
           differ ? "DIFFER" : "equal");
    ys_rule_env_free(w.home_env);
    ys_rule_env_free(w.person_env);
    ys_csr_done(&w.links);
    ys_table_free(w.home);
    ys_table_free(w.person);
    return differ != 0;
}
