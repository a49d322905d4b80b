/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/distance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "registry/put.h"

static ys_pack *pack;

static int load(void **state)
{
    (void)state;
    char path[1024];
    const char *root = getenv("YAOSHI_SOURCE");
    snprintf(path, sizeof path, "%s/packs/cn-2016", root != NULL ? root : ".");
    return ys_pack_load(path, &pack, NULL) == YS_OK ? 0 : 1;
}

static int unload(void **state)
{
    (void)state;
    ys_pack_free(pack);
    return 0;
}

typedef struct place {
    const char *area, *level, *parent;
    double lng, lat; /* NaN: none */
} place;

static ys_table *table_of(const place *p, int n)
{
    ys_table *t = ys_table_for_kind(ys_pack_kind(pack, "area"));
    assert_non_null(t);
    assert_true(ys_table_grow(t, n));
    for (int i = 0; i < n; i++) {
        assert_true(ys_table_set_text(t, ys_table_find(t, "area"), i, p[i].area));
        assert_true(ys_table_set_text(t, ys_table_find(t, "level"), i, p[i].level));
        assert_true(ys_table_set_text(t, ys_table_find(t, "parent"), i, p[i].parent));
        if (!isnan(p[i].lng))
            assert_true(ys_table_set_real(t, ys_table_find(t, "lng"), i, p[i].lng));
        if (!isnan(p[i].lat))
            assert_true(ys_table_set_real(t, ys_table_find(t, "lat"), i, p[i].lat));
    }
    return t;
}

static ys_table *travel_of(const char *rows[][3], int n)
{
    ys_table *t = ys_table_new("travel");
    assert_non_null(t);
    int from = ys_table_add_column(t, "from_area", YS_TEXT), to = ys_table_add_column(t, "to_area", YS_TEXT),
        hours = ys_table_add_column(t, "hours", YS_REAL);
    assert_true(ys_table_grow(t, n));
    for (int i = 0; i < n; i++) {
        assert_true(ys_table_set_text(t, from, i, rows[i][0]) && ys_table_set_text(t, to, i, rows[i][1]));
        assert_true(ys_table_set_real(t, hours, i, strtod(rows[i][2], NULL)));
    }
    return t;
}

typedef struct world {
    ys_table *area;
    ys_areas *areas;
    ys_distances *d;
} world;

static void build(world *w, const place *p, int n, ys_table *travel)
{
    w->area = table_of(p, n);
    assert_int_equal(ys_areas_new(w->area, pack, &w->areas, NULL), YS_OK);
    assert_int_equal(ys_distances_new(w->areas, w->area, travel, &w->d, NULL), YS_OK);
}

static void drop(world *w)
{
    ys_distances_free(w->d);
    ys_areas_free(w->areas);
    ys_table_free(w->area);
}

static int32_t km(const world *w, const char *a, const char *b)
{
    int32_t one = ys_distances_km(w->d, ys_areas_find(w->areas, a), ys_areas_find(w->areas, b));
    assert_int_equal(one, ys_distances_km(w->d, ys_areas_find(w->areas, b), ys_areas_find(w->areas, a)));
    return one;
}

#define NONE ((double)NAN)

/* On the sphere: a quarter of a circle is πR/2 = 10,007.557 km, half of one 20,015.115, a degree 111.195. */
static void test_known_arcs(void **state)
{
    (void)state;
    static const place p[] = {{"P", "city", NULL, 0, 90},     {"E", "city", NULL, 0, 0},
                              {"F", "city", NULL, 90, 0},     {"G", "city", NULL, 180, 0},
                              {"H", "city", NULL, 1, 0},      {"N", "city", NULL, NONE, NONE},
                              {"D", "city", NULL, 179.5, 60}, {"Q", "city", NULL, -179.5, 60}};
    world w;
    build(&w, p, 8, NULL);
    assert_int_equal(km(&w, "P", "E"), 10008);
    assert_int_equal(km(&w, "E", "F"), 10008);
    assert_int_equal(km(&w, "E", "G"), 20015);
    assert_int_equal(km(&w, "E", "H"), 111);
    assert_int_equal(km(&w, "D", "Q"), 56); /* across the date line, half a degree of the equator's */
    assert_int_equal(km(&w, "E", "E"), 0);
    assert_int_equal(km(&w, "E", "N"), -1);
    assert_int_equal(km(&w, "N", "N"), -1); /* not known is not near */
    assert_int_equal(ys_distances_km(w.d, -1, 0), -1);
    assert_int_equal(ys_distances_minutes(w.d, 0, 1), -1);
    drop(&w);
}

/* Beside the haversine of libm, on a grid over the country. */
static void test_beside_haversine(void **state)
{
    (void)state;
    enum { N = 40 };
    place p[N];
    char name[N][8];
    for (int i = 0; i < N; i++) {
        snprintf(name[i], sizeof name[i], "A%02d", i);
        p[i] = (place){name[i], "city", NULL, 75 + 1.47 * i, 18 + fmod(7.31 * i, 35)};
    }
    world w;
    build(&w, p, N, NULL);
    const double degree = acos(-1) / 180;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double a = sin((p[i].lat - p[j].lat) * degree / 2), b = sin((p[i].lng - p[j].lng) * degree / 2);
            double h = a * a + cos(p[i].lat * degree) * cos(p[j].lat * degree) * b * b;
            double d = 2 * 6371.0088 * asin(sqrt(h));
            assert_true(fabs(d - km(&w, name[i], name[j])) <= 0.5 + 1e-6);
        }
    drop(&w);
}

static void test_travel(void **state)
{
    (void)state;
    static const place p[] = {{"1", "city", NULL, NONE, NONE},   {"11", "county", "1", NONE, NONE},
                              {"111", "town", "11", NONE, NONE}, {"2", "city", NULL, NONE, NONE},
                              {"21", "county", "2", NONE, NONE}, {"12", "county", "1", NONE, NONE}};
    const char *rows[][3] = {{"1", "2", "7"},   {"11", "2", "6.5"},     {"21", "111", "5.8333"},
                             {"12", "11", "1"}, {"11", "12", "1.1667"}, {"9", "1", "5"},
                             {"1", "2", "9"}};
    ys_table *t = travel_of(rows, 7);
    world w;
    build(&w, p, 6, t);
#define MINUTES(a, b) ys_distances_minutes(w.d, ys_areas_find(w.areas, a), ys_areas_find(w.areas, b))
    assert_int_equal(MINUTES("1", "2"), 420);
    assert_int_equal(MINUTES("2", "1"), 420);   /* the other direction serves */
    assert_int_equal(MINUTES("12", "21"), 420); /* by the areas around them */
    assert_int_equal(MINUTES("11", "21"), 390); /* the nearest row wins */
    assert_int_equal(MINUTES("111", "21"), 350);
    assert_int_equal(MINUTES("12", "11"), 60); /* each direction its own */
    assert_int_equal(MINUTES("11", "12"), 70);
    assert_int_equal(MINUTES("111", "12"), 70);
    assert_int_equal(MINUTES("111", "11"), -1); /* one holds the other: the table does not say */
#undef MINUTES
    drop(&w);
    ys_table_free(t);
}

static void test_faults(void **state)
{
    (void)state;
    static const place bad[][1] = {{{"X", "city", NULL, 115, NONE}},
                                   {{"X", "city", NULL, NONE, 35}},
                                   {{"X", "city", NULL, 181, 35}},
                                   {{"X", "city", NULL, 115, -90.5}}};
    for (int i = 0; i < 4; i++) {
        ys_table *t = table_of(bad[i], 1);
        ys_areas *areas;
        ys_distances *d = NULL;
        ys_diag diag = {0};
        assert_int_equal(ys_areas_new(t, pack, &areas, NULL), YS_OK);
        assert_int_equal(ys_distances_new(areas, t, NULL, &d, &diag), YS_EDATA);
        assert_null(d);
        assert_string_equal(diag.value, "X");
        ys_areas_free(areas);
        ys_table_free(t);
    }
    static const place good[] = {{"1", "city", NULL, NONE, NONE}, {"2", "city", NULL, NONE, NONE}};
    const char *rows[][3] = {{"1", "2", "-0.5"}};
    ys_table *area = table_of(good, 2), *travel = travel_of(rows, 1);
    ys_areas *areas;
    ys_distances *d = NULL;
    assert_int_equal(ys_areas_new(area, pack, &areas, NULL), YS_OK);
    assert_int_equal(ys_distances_new(areas, area, travel, &d, NULL), YS_EDATA);
    ys_areas_free(areas);
    ys_table_free(area);
    ys_table_free(travel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_arcs),
                                       cmocka_unit_test(test_beside_haversine), cmocka_unit_test(test_travel),
                                       cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests(tests, load, unload);
}
