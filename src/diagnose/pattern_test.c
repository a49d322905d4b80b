/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>
#include "base/alloc.h"
#include "diagnose/test_county.h"
#include "yaoshi/table.h"

#define near(a, b, tol) near_at((a), (b), (tol), #a, __LINE__)
static void near_at(double a, double b, double tol, const char *what, int line)
{
    if (!(fabs(a - b) <= tol))
        fail_msg("line %d: %s = %.15g, expected %.15g", line, what, a, b);
}

/* 3×3 lattice, rook neighbours, values 1..9 (spdep's figures). */
static ys_neighbours lattice(int64_t start[10], int32_t item[24])
{
    int64_t at = 0;
    for (int i = 0; i < 9; i++) {
        start[i] = at;
        for (int j = 0; j < 9; j++)
            if (abs(i / 3 - j / 3) + abs(i % 3 - j % 3) == 1)
                item[at++] = j;
    }
    start[9] = at;
    return (ys_neighbours){.areas = 9, .start = start, .item = item};
}

static void test_moran_lattice(void **state)
{
    (void)state;
    int64_t start[10];
    int32_t item[24];
    double v[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    ys_neighbours w = lattice(start, item);
    ys_moran m;
    ys_moran_opts o = {.permutations = 999, .seed = 1};
    assert_int_equal(ys_moran_test(&w, v, &o, &m, NULL), YS_OK);
    near(m.i, .5, 1e-12);
    near(m.expected, -.125, 1e-12);
    near(m.var_random, .0596875, 1e-12);
    near(m.var_normal, .053125, 1e-12);
    near(m.geary, .3333333333, 5e-11);
    assert_true(m.p_permutation >= 0.001 && m.p_permutation < 0.005); /* 7 in 10,000 orders reach it */
    double p = m.p_permutation;
    assert_int_equal(ys_moran_test(&w, v, &o, &m, NULL), YS_OK);
    assert_true(p == m.p_permutation); /* fixed seed */
    double board[9] = {1, 0, 1, 0, 1, 0, 1, 0, 1};
    assert_int_equal(ys_moran_test(&w, board, &o, &m, NULL), YS_OK);
    assert_true(m.i < -0.9 && m.p_permutation > 0.99);
    o = (ys_moran_opts){.row_standardise = true};
    assert_int_equal(ys_moran_test(&w, v, &o, &m, NULL), YS_OK);
    near(m.i, .5555555556, 5e-11);
    near(m.var_random, .0646566358, 5e-11);
    assert_true(isnan(m.p_permutation));
}

static void test_nearest(void **state)
{
    (void)state;
    double lng[6] = {115.0, 115.1, 115.2, 115.5, 116.0, 115.1}, lat[6] = {35, 35, 35, 35, 35, 35.05};
    int64_t start[7];
    int32_t item[12];
    ys_diag diag = {0};
    assert_int_equal(ys_nearest(6, lng, lat, 2, start, item, NULL), YS_OK);
    assert_int_equal(start[6], 12);
    assert_int_equal(item[2 * 1], 5);
    assert_int_equal(item[2 * 3], 2);
    assert_int_equal(item[2 * 4], 3);
    lat[2] = NAN;
    assert_int_equal(ys_nearest(6, lng, lat, 2, start, item, &diag), YS_EDATA);
    assert_int_equal(diag.row, 3);
    assert_int_equal(ys_nearest(6, lng, lat, 6, start, item, &diag), YS_EDATA);
}

/* A small village's wild rate is pulled in more than a large one's. */
static void test_eb_rates(void **state)
{
    (void)state;
    double cases[4] = {4, 400, 90, 110}, pop[4] = {10, 1000, 1000, 1000}, z[4];
    assert_int_equal(ys_eb_rates(4, cases, pop, z, NULL), YS_OK);
    assert_true(z[0] > 0 && z[0] < z[1]); /* both 40 % */
    assert_true(z[2] < z[3] && z[3] < 0);
    double b = 604.0 / 3010, s2 = 0;
    for (int i = 0; i < 4; i++)
        s2 += pop[i] * pow(cases[i] / pop[i] - b, 2) / 3010;
    double a = s2 - b / (3010 / 4.0);
    near(z[1], (0.4 - b) / sqrt(a + b / 1000), 1e-12);
}

typedef struct homes {
    int64_t persons[400], gap[400];
    double income[400];
    uint8_t poor[400];
    int32_t village[400];
    ys_scatter_data d;
} homes;

/* 20 villages of 20 homes; `poor_at(village, home)` says who is poor. */
static void fill_homes(homes *h, bool scattered)
{
    for (int i = 0; i < 400; i++) {
        int v = i / 20;
        bool poor = scattered ? i % 20 < 2 : v < 2;
        h->persons[i] = 1 + i % 4;
        h->village[i] = v;
        h->poor[i] = poor;
        h->income[i] = poor ? 2000 : 8000;
        h->gap[i] = poor ? 952 * h->persons[i] : 0;
    }
    h->d = (ys_scatter_data){.n = 400,
                             .persons = h->persons,
                             .income = h->income,
                             .poor = h->poor,
                             .gap = h->gap,
                             .village = h->village,
                             .villages = 20};
}

static void test_scatter(void **state)
{
    (void)state;
    static homes h;
    static uint8_t designated[20];
    ys_scatter s;
    designated[0] = 1;
    fill_homes(&h, false);
    h.d.designated = designated;
    assert_int_equal(ys_scatter_measure(&h.d, &s, NULL), YS_OK);
    near(s.gap_between_share, 1, 1e-12);
    near(s.theil_between_share, 1, 1e-9);
    near(s.icc, 1, 1e-12);
    near(s.outside_designated, 0.5, 1e-12);
    assert_false(s.scattered);
    assert_int_equal(s.villages_with_poor, 2);
    fill_homes(&h, true);
    assert_int_equal(ys_scatter_measure(&h.d, &s, NULL), YS_OK);
    near(s.gap_between_share, 0, 1e-3);
    assert_true(s.icc < 0);
    assert_true(s.scattered);
    assert_true(isnan(s.outside_designated));
    assert_int_equal(s.villages_with_poor, 20);
    h.village[7] = 20;
    ys_diag diag = {0};
    assert_int_equal(ys_scatter_measure(&h.d, &s, &diag), YS_EDATA);
    assert_int_equal(diag.row, 8);
}

static void test_no_memory(void **state)
{
    (void)state;
    static homes h;
    int64_t start[10], near_start[10];
    int32_t item[24], near_item[18];
    double v[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, lat[9] = {0};
    ys_neighbours w = lattice(start, item);
    ys_moran_opts o = {.permutations = 9};
    ys_moran m;
    ys_scatter s;
    ys_status st = YS_ENOMEM;
    int failures = 0;
    fill_homes(&h, true);
    for (int at = 1; st == YS_ENOMEM; at++) {
        ys_alloc_fail_from(at);
        st = ys_moran_test(&w, v, &o, &m, NULL);
        st = st == YS_OK ? ys_scatter_measure(&h.d, &s, NULL) : st;
        st = st == YS_OK ? ys_nearest(9, v, lat, 2, near_start, near_item, NULL) : st;
        ys_alloc_fail_from(0);
        failures += st == YS_ENOMEM;
    }
    assert_int_equal(st, YS_OK);
    assert_int_equal(failures, 6);
}

/* Towns add up to the county; only money that is missing counts in the profile. */
static void test_summary(void **state)
{
    (void)state;
    county c;
    ys_diagnose_opts o = ys_diagnose_defaults();
    ys_roots *r = NULL;
    county_new(&c, 4000, 6);
    c.labour[11] = NAN;
    assert_int_equal(ys_diagnose(&c.d, &o, NULL, &r, NULL), YS_OK);
    ys_root_summary town[40], county5[5], sum = {0}, all = {0};
    assert_int_equal(ys_root_summarise(&c.d, r, c.town, 40, NULL, town, NULL), YS_OK);
    assert_int_equal(ys_root_summarise(&c.d, r, c.area, 5, NULL, county5, NULL), YS_OK);
    for (int t = 0; t < 40; t++) {
        sum.households += town[t].households;
        sum.gap += town[t].gap;
        sum.amount[YS_ROOT_RIGID] += town[t].amount[YS_ROOT_RIGID];
        sum.unknown += town[t].unknown;
        int64_t tops = 0;
        for (int k = 0; k < YS_ROOTS; k++)
            tops += town[t].top_households[k];
        assert_int_equal(tops, town[t].households);
    }
    for (int k = 0; k < 5; k++) {
        all.households += county5[k].households;
        all.gap += county5[k].gap;
        all.amount[YS_ROOT_RIGID] += county5[k].amount[YS_ROOT_RIGID];
    }
    assert_int_equal(sum.households, all.households);
    assert_int_equal(sum.gap, all.gap);
    assert_int_equal(sum.amount[YS_ROOT_RIGID], all.amount[YS_ROOT_RIGID]);
    assert_int_equal(sum.unknown, 1);
    assert_true(sum.households > 1000);
    assert_int_equal(ys_root_summarise(&c.d, r, c.town, 3, NULL, town, NULL), YS_EDATA);
    ys_roots_free(r);
    county_done(&c);
}

static void test_conflicts(void **state)
{
    (void)state;
    int64_t gap[4] = {1000, 1000, 1000, 1000}, amount[YS_ROOTS][4];
    uint8_t st[4] = {YS_RS_BELOW, YS_RS_BELOW, YS_RS_BELOW, YS_RS_ABOVE}, top[4] = {5, 5, 5, 6},
            stable[4] = {1, 1, 0, 0};
    uint8_t declared[4] = {2, 5, 2, 2}, evidence[4] = {1, 0, 2, 1}, conflict[4];
    ys_roots r = {.n = 4, .gap = gap, .state = st, .top = top, .stable = stable};
    for (int k = 0; k < YS_ROOTS; k++) {
        r.contribution[k] = amount[k];
        for (int i = 0; i < 4; i++)
            amount[k][i] = k == 5 ? 900 : k == 2 ? 100 : 0;
    }
    ys_root_conflicts(&r, declared, evidence, conflict);
    assert_int_equal(conflict[0], YS_CONFLICT_FACTOR);
    assert_int_equal(conflict[1], YS_CONFLICT_EVIDENCE);
    assert_int_equal(conflict[2], 0); /* several causes: no accusation */
    assert_int_equal(conflict[3], 0);
    amount[2][0] = 200; /* a fifth is enough */
    ys_root_conflicts(&r, declared, evidence, conflict);
    assert_int_equal(conflict[0], 0);
}

static void test_deficits(void **state)
{
    (void)state;
    uint8_t road[3] = {1, 1, 0}, water[3] = {1, 0, 2}, net[3] = {1, 0, 0};
    const uint8_t *dep[3] = {road, water, net};
    int32_t weight[3] = {1, 3, 1};
    int64_t houses[3] = {100, 50, 10}, persons[3] = {300, 200, 40};
    ys_deficit_data d = {.areas = 3,
                         .indicators = 3,
                         .deprived = dep,
                         .weight = weight,
                         .households = houses,
                         .persons = persons};
    ys_deficit v[3];
    assert_int_equal(ys_deficits_of(&d, 0, v), 3);
    assert_int_equal(v[0].indicator, 1); /* the heaviest first */
    assert_int_equal(v[1].indicator, 0);
    assert_int_equal(ys_deficits_of(&d, 2, v), 0); /* unknown is no deficit */
    assert_int_equal(ys_deficits_sum(&d, NULL, v), 3);
    assert_int_equal(v[0].indicator, 1);
    assert_int_equal(v[1].areas, 2);
    assert_int_equal(v[1].persons, 500);
    assert_int_equal(v[1].households, 150);
    uint8_t in[3] = {0, 1, 1};
    assert_int_equal(ys_deficits_sum(&d, in, v), 1);
    assert_int_equal(v[0].persons, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moran_lattice), cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_eb_rates),      cmocka_unit_test(test_scatter),
        cmocka_unit_test(test_summary),       cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_deficits),      cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
