/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/num.h"
#include "io/csv.h"
#include "synth/synth_internal.h"

static ys_pack *pack;
static char areas_path[1024], root[] = "synth_test_XXXXXX";

static void show(const ys_diag *d)
{
    char text[2048];
    ys_diag_format(d, "en", text, sizeof text);
    print_message("%s\n", text);
}

static int load(void **state)
{
    (void)state;
    const char *path = getenv("YAOSHI_PACK");
    ys_diag d = {0};
    if (!path || !mkdtemp(root))
        return -1;
    snprintf(areas_path, sizeof areas_path, "%s/areas/areas.csv", path);
    if (ys_pack_load(path, &pack, &d) != YS_OK)
        show(&d);
    return pack ? 0 : -1;
}

static const char *const FILES[] = {
    "areas.csv",   "populations.csv", "statistics.csv", "villages.csv", "towns.csv",     "households.csv",
    "persons.csv", "incomes.csv",     "wishes.csv",     "funds.csv",    "providers.csv", "offerings.csv",
    "floors.csv",  "helpers.csv",     "partners.csv",   "pairings.csv", "truth.csv",     "README.txt"};
static const char *const KINDS[] = {"area",   "population", "statistic", "village", "town",     "household",
                                    "person", "income",     "wish",      "fund",    "provider", "offering",
                                    "floor",  "helper",     "partner",   "pairing"};
enum {
    FILE_COUNT = (int)(sizeof FILES / sizeof FILES[0]),
    KIND_COUNT = (int)(sizeof KINDS / sizeof KINDS[0])
};

static void remove_folder(const char *dir)
{
    char path[1200];
    for (int i = 0; i < FILE_COUNT; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, FILES[i]);
        unlink(path);
    }
    rmdir(dir);
}

static int unload(void **state)
{
    (void)state;
    ys_pack_free(pack);
    rmdir(root);
    return 0;
}

static void folder(char *buf, size_t size, const char *name)
{
    snprintf(buf, size, "%s/%s", root, name);
    mkdir(buf, 0700);
}

static ys_synth_result make(const char *dir, int64_t persons, uint64_t seed, double errors)
{
    ys_synth_args a;
    ys_synth_result r = {0};
    ys_diag d = {0};
    ys_synth_args_init(&a);
    a.pack = pack;
    a.areas_path = areas_path;
    a.out_dir = dir;
    a.persons = persons;
    a.seed = seed;
    a.error_share = errors;
    ys_status st = ys_synth_write(&a, &r, &d);
    if (st != YS_OK)
        show(&d);
    assert_int_equal(st, YS_OK);
    return r;
}

static char *slurp(const char *dir, const char *name, size_t *ret_size)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *text = ys_malloc(n + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, n, f), n);
    text[n] = 0;
    fclose(f);
    *ret_size = n;
    return text;
}

static bool same_file(const char *a, const char *b, const char *name)
{
    size_t n, m;
    char *x = slurp(a, name, &n), *y = slurp(b, name, &m);
    bool same = n == m && memcmp(x, y, n) == 0;
    ys_free(x);
    ys_free(y);
    return same;
}

/* ---- whole registries ---- */

static void same_seed_same_bytes(void **state)
{
    (void)state;
    char a[64], b[64], c[64];
    folder(a, sizeof a, "a");
    folder(b, sizeof b, "b");
    folder(c, sizeof c, "c");
    make(a, 3000, 11, .01);
    make(b, 3000, 11, .01);
    make(c, 3000, 12, .01);
    for (int i = 0; i < FILE_COUNT; i++)
        if (!same_file(a, b, FILES[i]))
            fail_msg("%s differs between two runs", FILES[i]);
    assert_false(same_file(a, c, "households.csv"));
    assert_false(same_file(a, c, "offerings.csv"));
    assert_true(same_file(a, c, "areas.csv"));
    remove_folder(a);
    remove_folder(b);
    remove_folder(c);
}

static ys_map *lines_of(const char *dir, const char *name, const char *prefix)
{
    size_t n;
    char *text = slurp(dir, name, &n);
    ys_map *m = ys_map_new(1000);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        if (strncmp(line, prefix, strlen(prefix)) == 0)
            ys_map_putn(m, line, (size_t)(end - line), 1, NULL);
    ys_free(text);
    return m;
}

static void smaller_registries_lie_inside_larger_ones(void **state)
{
    (void)state;
    static const char *const NESTED[] = {"households.csv", "persons.csv", "incomes.csv", "truth.csv",
                                         "wishes.csv"};
    char a[64], b[64];
    folder(a, sizeof a, "small");
    folder(b, sizeof b, "large");
    make(a, 2000, 4, 0);
    make(b, 5000, 4, 0);
    for (int i = 0; i < 5; i++) {
        ys_map *small = lines_of(a, NESTED[i], "H"), *large = lines_of(b, NESTED[i], "H");
        assert_true(ys_map_count(small) > 500 && ys_map_count(large) > 2 * ys_map_count(small));
        for (size_t k = 0; k < ys_map_count(small); k++)
            if (ys_map_find(large, ys_map_key(small, (int64_t)k)) < 0)
                fail_msg("%s: not in the larger registry: %s", NESTED[i], ys_map_key(small, (int64_t)k));
        ys_map_free(small);
        ys_map_free(large);
    }
    remove_folder(a);
    remove_folder(b);
}

static void the_number_of_persons_is_exact(void **state)
{
    (void)state;
    static const int64_t WANTED[] = {100, 101, 1000, 2357};
    char dir[64];
    folder(dir, sizeof dir, "exact");
    for (int i = 0; i < 4; i++) {
        ys_synth_result r = make(dir, WANTED[i], 9, 0);
        ys_map *persons = lines_of(dir, "persons.csv", "H");
        assert_int_equal(r.persons, WANTED[i]);
        assert_int_equal(ys_map_count(persons), WANTED[i]);
        ys_map_free(persons);
    }
    remove_folder(dir);
}

static bool cell_fits(const ys_field *f, const char *cell)
{
    int64_t i;
    double x;
    int32_t date;
    bool b;
    if (!cell[0] || strcmp(cell, "#NA") == 0)
        return !f->required && !f->key;
    if (f->codes[0]) {
        const char *code = ys_pack_code(pack, f->codes, cell);
        return code && strcmp(code, cell) == 0;
    }
    switch (f->type) {
    case YS_INT:
        return ys_parse_int(cell, &i) && (!f->has_min || (double)i >= f->min) &&
               (!f->has_max || (double)i <= f->max);
    case YS_REAL:
        return ys_parse_real(cell, &x) && (!f->has_min || x >= f->min) && (!f->has_max || x <= f->max);
    case YS_MONEY:
        return ys_parse_money(cell, ys_pack_digits(pack), &i) && (!f->has_min || i >= 0);
    case YS_DATE:
        return ys_parse_date(cell, &date);
    case YS_BOOL:
        return ys_parse_bool(cell, &b);
    default:
        return true;
    }
}

/* Every header is a field of its kind, every cell of its type and code list, every key unique. */
static int64_t check_file(const char *dir, const char *name, const char *kind_name)
{
    char path[1200], key[256];
    ys_diag d = {0};
    ys_csv *csv;
    const char *const *cell;
    int n, columns, field[SY_COLUMNS];
    int64_t rows = 0;
    const ys_kind *kind = ys_pack_kind(pack, kind_name);
    ys_map *keys = ys_map_new(1000);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(ys_csv_open(path, NULL, &csv, &d), YS_OK);
    assert_int_equal(ys_csv_next(csv, &cell, &columns, NULL, &d), YS_OK);
    for (int i = 0; i < columns; i++) {
        field[i] = ys_kind_field(kind, cell[i]);
        assert_true(field[i] >= 0);
    }
    while (ys_csv_next(csv, &cell, &n, NULL, &d) == YS_OK && cell) {
        size_t at = 0;
        bool fresh;
        assert_int_equal(n, columns);
        for (int i = 0; i < n; i++) {
            const ys_field *f = &kind->fields[field[i]];
            if (!cell_fits(f, cell[i]))
                fail_msg("%s row %lld: %s = «%s»", name, (long long)rows + 2, f->name, cell[i]);
            if (f->key)
                at += (size_t)snprintf(key + at, sizeof key - at, "%s|", cell[i]);
        }
        ys_map_put(keys, key, 1, &fresh);
        assert_true(fresh);
        rows++;
    }
    ys_csv_close(csv);
    ys_map_free(keys);
    return rows;
}

static void files_fit_the_pack(void **state)
{
    (void)state;
    char dir[64];
    folder(dir, sizeof dir, "fit");
    make(dir, 8000, 2, .3); /* faults must stay importable */
    for (int i = 0; i < KIND_COUNT; i++)
        assert_true(check_file(dir, FILES[i], KINDS[i]) > 0);
    remove_folder(dir);
}

/* Column `name` of a file as a set; with `into`, every non-blank value must be in that set. */
static ys_map *column_of(const char *dir, const char *file, const char *name, const ys_map *into)
{
    char path[1200];
    ys_diag d = {0};
    ys_csv *csv;
    const char *const *cell;
    int n, at = -1;
    ys_map *set = ys_map_new(1000);
    snprintf(path, sizeof path, "%s/%s", dir, file);
    assert_int_equal(ys_csv_open(path, NULL, &csv, &d), YS_OK);
    assert_int_equal(ys_csv_next(csv, &cell, &n, NULL, &d), YS_OK);
    for (int i = 0; i < n; i++)
        at = strcmp(cell[i], name) == 0 ? i : at;
    assert_true(at >= 0);
    while (ys_csv_next(csv, &cell, &n, NULL, &d) == YS_OK && cell) {
        if (into && cell[at][0] && ys_map_find(into, cell[at]) < 0)
            fail_msg("%s: %s «%s» leads nowhere", file, name, cell[at]);
        ys_map_put(set, cell[at], 1, NULL);
    }
    ys_csv_close(csv);
    return set;
}

static void references_lead_somewhere(void **state)
{
    (void)state;
    static const char *const LINKS[][4] = {{"households.csv", "area", "areas.csv", "area"},
                                           {"persons.csv", "household", "households.csv", "household"},
                                           {"incomes.csv", "household", "households.csv", "household"},
                                           {"wishes.csv", "household", "households.csv", "household"},
                                           {"truth.csv", "household", "households.csv", "household"},
                                           {"villages.csv", "area", "areas.csv", "area"},
                                           {"households.csv", "area", "villages.csv", "area"},
                                           {"towns.csv", "area", "areas.csv", "area"},
                                           {"populations.csv", "area", "areas.csv", "area"},
                                           {"statistics.csv", "area", "areas.csv", "area"},
                                           {"offerings.csv", "provider", "providers.csv", "provider"},
                                           {"offerings.csv", "area", "areas.csv", "area"},
                                           {"offerings.csv", "fund_a", "funds.csv", "fund"},
                                           {"offerings.csv", "fund_b", "funds.csv", "fund"},
                                           {"funds.csv", "parent", "funds.csv", "fund"},
                                           {"floors.csv", "area", "areas.csv", "area"},
                                           {"households.csv", "household", "persons.csv", "household"}};
    char dir[64];
    folder(dir, sizeof dir, "links");
    make(dir, 5000, 6, 0);
    for (size_t i = 0; i < sizeof LINKS / sizeof LINKS[0]; i++) {
        ys_map *to = column_of(dir, LINKS[i][2], LINKS[i][3], NULL);
        ys_map_free(column_of(dir, LINKS[i][0], LINKS[i][1], to));
        ys_map_free(to);
    }
    remove_folder(dir);
}

static void within(const char *what, double value, double low, double high)
{
    if (value < low || value > high)
        fail_msg("%s is %.4f, wanted %.4f to %.4f", what, value, low, high);
}

static void published_figures_come_out(void **state)
{
    (void)state;
    char dir[64];
    folder(dir, sizeof dir, "calibration");
    ys_synth_result r = make(dir, 60000, 1, .005);
    double n = (double)r.households;
    within("persons a household", (double)r.persons / n, 2.3, 2.8);
    within("share of illness", (double)r.cause_count[SY_ILLNESS] / n, .395, .46);
    within("registered share of the rural population", (double)r.persons / (double)r.rural_population, .09,
           .125);
    within("registered persons a village", (double)r.persons / (double)r.villages, 140, 220);
    within("poor in y", (double)r.poor_y / n, .65, .8);
    within("poor in y*", (double)r.poor_ystar / n, .95, .995);
    within("declared rightly", (double)r.truth_declared / n, .75, .8);
    within("two roots alike", (double)r.ambiguous / n, .04, .15);
    within("faults", (double)r.faults / n, .003, .007);
    double others = (double)r.rural_population / 3.4 - n;
    within("sample", (double)r.sample_households / others, .018, .022);
    for (int c = 0; ys_synth_cause_code(c); c++)
        within("share of any cause", (double)r.cause_count[c] / n, .005, .46);
    remove_folder(dir);
}

static void memory_does_not_grow_with_persons(void **state)
{
    (void)state;
    char dir[64];
    folder(dir, sizeof dir, "memory");
    ys_alloc_fail_from(0);
    make(dir, 500, 1, 0);
    int64_t small = ys_alloc_count();
    ys_alloc_fail_from(0);
    make(dir, 30000, 1, 0);
    assert_int_equal(ys_alloc_count(), small);
    remove_folder(dir);
}

static void failures_are_told(void **state)
{
    (void)state;
    ys_synth_args a;
    ys_diag d = {0};
    ys_synth_args_init(&a);
    a.pack = pack;
    a.areas_path = areas_path;
    a.out_dir = "/nonexistent/folder";
    assert_int_equal(ys_synth_write(&a, NULL, &d), YS_EIO);
    assert_true(d.zh[0] && d.en[0]);
    a.persons = 99;
    assert_int_equal(ys_synth_write(&a, NULL, &d), YS_EUSAGE);
    a.persons = 100;
    a.income_noise = 2;
    assert_int_equal(ys_synth_write(&a, NULL, &d), YS_EUSAGE);
    a.income_noise = .1;
    a.areas_path = "/nonexistent/areas.csv";
    assert_int_not_equal(ys_synth_write(&a, NULL, &d), YS_OK);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    char dir[64], path[128];
    folder(dir, sizeof dir, "full");
    ys_synth_args a;
    ys_diag d = {0};
    ys_synth_args_init(&a);
    a.pack = pack;
    a.areas_path = areas_path;
    a.out_dir = dir;
    a.persons = 2000;
    for (int i = 0; i < FILE_COUNT; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, FILES[i]);
        unlink(path);
        assert_int_equal(symlink("/dev/full", path), 0);
        assert_int_equal(ys_synth_write(&a, NULL, &d), YS_EIO);
        unlink(path);
    }
    remove_folder(dir);
}

static void short_memory_is_told(void **state)
{
    (void)state;
    char dir[64];
    folder(dir, sizeof dir, "short");
    ys_synth_args a;
    ys_synth_args_init(&a);
    a.pack = pack;
    a.areas_path = areas_path;
    a.out_dir = dir;
    a.persons = 100;
    ys_alloc_fail_from(0);
    assert_int_equal(ys_synth_write(&a, NULL, NULL), YS_OK);
    int64_t all = ys_alloc_count();
    for (int64_t n = 1; n <= all; n += 1 + all / 40) {
        ys_alloc_fail_from(n);
        ys_status st = ys_synth_write(&a, NULL, NULL);
        ys_alloc_fail_from(0);
        assert_int_not_equal(st, YS_OK);
    }
    remove_folder(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(smaller_registries_lie_inside_larger_ones),
        cmocka_unit_test(the_number_of_persons_is_exact),
        cmocka_unit_test(files_fit_the_pack),
        cmocka_unit_test(references_lead_somewhere),
        cmocka_unit_test(published_figures_come_out),
        cmocka_unit_test(memory_does_not_grow_with_persons),
        cmocka_unit_test(failures_are_told),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
