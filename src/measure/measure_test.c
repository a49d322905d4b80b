/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/alloc.h"
#include "base/rng.h"
#include "yaoshi/measure.h"
#include "yaoshi/table.h"

#define near(a, b, tol) near_at((a), (b), (tol), #a, __LINE__)
static void near_at(double a, double b, double tol, const char *what, int line)
{
    if (!(fabs(a - b) <= tol))
        fail_msg("line %d: %s = %.15g, expected %.15g", line, what, a, b);
}

/* Textbook example; the values are worked by hand. */
static const double book[5] = {100, 200, 300, 500, 900};

static void test_textbook(void **state)
{
    (void)state;
    ys_income_data d = {.n = 5, .income = book};
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_income_table *t = NULL;
    assert_int_equal(ys_income_measure(&d, &o, &t, NULL), YS_OK);
    const double *v = t->total.value;
    near(v[YS_II_FGT0], 0.6, 1e-12);
    near(v[YS_II_FGT1], 0.3, 1e-12);
    near(v[YS_II_FGT2], 0.175, 1e-12);
    near(v[YS_II_WATTS], 0.4734247228, 5e-11);
    near(v[YS_II_GINI], 0.38, 1e-12);
    near(v[YS_II_SST], 0.46, 1e-12);
    near(v[YS_II_SEN], 0.3666666667, 5e-11);
    near(v[YS_II_THEIL], 0.2389227381, 5e-11);
    near(v[YS_II_MLD], 0.2666099693, 5e-11);
    near(v[YS_II_WATTS] / 0.04, 11.83561807, 5e-9);
    near(v[YS_II_GAP_TOTAL], 600, 1e-9);
    near(v[YS_II_GAP_PER_POOR], 200, 1e-9);
    near(v[YS_II_MEDIAN], 300, 0);
    near(v[YS_II_GE2], ((10000 + 40000 + 90000 + 250000 + 810000) / 5.0 / 160000 - 1) / 2, 1e-12);
    assert_int_equal(t->total.poor_rows, 3);
    assert_true(isnan(t->theil_between));
    ys_income_table_free(t);
}

/* A weight of 3 is three rows. */
static void test_weights_are_rows(void **state)
{
    (void)state;
    double y[60], w[20], y1[20];
    int64_t n = 0;
    ys_rng r;
    ys_rng_init(&r, 7, 0);
    for (int i = 0; i < 20; i++) {
        y1[i] = 50 + 900 * ys_rng_uniform(&r);
        w[i] = (double)(1 + ys_rng_below(&r, 3));
        for (int k = 0; k < (int)w[i]; k++)
            y[n++] = y1[i];
    }
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_income_table *a = NULL, *b = NULL;
    assert_int_equal(ys_income_measure(&(ys_income_data){.n = n, .income = y}, &o, &a, NULL), YS_OK);
    assert_int_equal(ys_income_measure(&(ys_income_data){.n = 20, .income = y1, .weight = w}, &o, &b, NULL),
                     YS_OK);
    for (int k = 0; k < YS_II_COUNT; k++)
        near(a->total.value[k], b->total.value[k], 1e-9 * fmax(1, fabs(a->total.value[k])));
    ys_income_table_free(a);
    ys_income_table_free(b);
}

/* Gini against the pairwise definition, SST against the direct rank formula. */
static void test_brute_force(void **state)
{
    (void)state;
    enum { N = 40 };
    double y[N], pair = 0, sum = 0, sst = 0, z = 500;
    ys_rng r;
    ys_rng_init(&r, 11, 3);
    for (int i = 0; i < N; i++) {
        y[i] = floor(1000 * ys_rng_uniform(&r) / 50) * 50; /* with ties */
        sum += y[i];
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            pair += fabs(y[i] - y[j]);
    ys_income_table *t = NULL;
    ys_income_opts o = {.line = z, .rows_are_population = true};
    assert_int_equal(ys_income_measure(&(ys_income_data){.n = N, .income = y}, &o, &t, NULL), YS_OK);
    near(t->total.value[YS_II_GINI], pair / (2.0 * N * sum), 1e-12);
    for (int i = 1; i < N; i++) /* rising */
        for (int j = i; j > 0 && y[j] < y[j - 1]; j--) {
            double s = y[j];
            y[j] = y[j - 1];
            y[j - 1] = s;
        }
    for (int i = 0; i < N; i++)
        sst += (2.0 * (N - i - 1) + 1) * fmax(0, (z - y[i]) / z);
    near(t->total.value[YS_II_SST], sst / (N * N), 1e-12);
    ys_income_table_free(t);
}

static void test_groups_add_up(void **state)
{
    (void)state;
    enum { N = 500, G = 7 };
    double y[N], w[N];
    int32_t g[N];
    ys_rng r;
    ys_rng_init(&r, 5, 1);
    for (int i = 0; i < N; i++) {
        y[i] = ys_rng_uniform(&r) * 1000 + 5; /* none below line/100 */
        w[i] = 1 + ys_rng_uniform(&r);
        g[i] = (int32_t)ys_rng_below(&r, G);
    }
    ys_income_data d = {.n = N, .income = y, .weight = w, .group = g, .groups = G};
    ys_income_opts o = {.line = 300, .rows_are_population = true};
    ys_income_table *t = NULL;
    assert_int_equal(ys_income_measure(&d, &o, &t, NULL), YS_OK);
    double fgt[3] = {0}, share[3] = {0}, pop = 0, theil = t->theil_between, mld = t->mld_between;
    double inc = t->total.value[YS_II_MEAN] * t->total.weight;
    for (int k = 0; k < G; k++) {
        const ys_income_result *q = &t->group[k];
        pop += q->population_share;
        for (int a = 0; a < 3; a++) {
            fgt[a] += q->population_share * q->value[YS_II_FGT0 + a];
            share[a] += q->contribution[a];
        }
        theil += q->weight * q->value[YS_II_MEAN] / inc * q->value[YS_II_THEIL];
        mld += q->population_share * q->value[YS_II_MLD];
    }
    near(pop, 1, 1e-12);
    for (int a = 0; a < 3; a++) {
        near(fgt[a], t->total.value[YS_II_FGT0 + a], 1e-12);
        near(share[a], 1, 1e-12);
    }
    near(theil, t->total.value[YS_II_THEIL], 1e-12);
    near(mld, t->total.value[YS_II_MLD], 1e-12);
    ys_income_table_free(t);
}

/* A register of the poor with denominators gives the rates of the whole population. */
static void test_register_with_base(void **state)
{
    (void)state;
    double poor[3] = {100, 200, 300}, base[1] = {5}, none[1] = {NAN};
    ys_income_opts o = {.line = 400, .base = base};
    ys_income_table *t = NULL;
    ys_income_data d = {.n = 3, .income = poor};
    assert_int_equal(ys_income_measure(&d, &o, &t, NULL), YS_OK);
    near(t->total.value[YS_II_FGT0], 0.6, 1e-12);
    near(t->total.value[YS_II_SST], 0.46, 1e-12);
    near(t->total.value[YS_II_SEN], 0.3666666667, 5e-11);
    near(t->total.value[YS_II_WATTS], 0.4734247228, 5e-11);
    assert_true(isnan(t->total.value[YS_II_GINI])); /* the rich are not here */
    assert_true(isnan(t->total.value[YS_II_MEDIAN]));
    ys_income_table_free(t);
    o.base = none;
    assert_int_equal(ys_income_measure(&d, &o, &t, NULL), YS_OK);
    assert_true(isnan(t->total.value[YS_II_FGT0])); /* no denominator, no rate */
    near(t->total.value[YS_II_GAP_TOTAL], 600, 1e-9);
    near(t->total.value[YS_II_MEAN_GAP], 0.5, 1e-12);
    ys_income_table_free(t);
}

static void test_poor_in_integers(void **state)
{
    (void)state;
    int64_t total[6] = {898499, 898500, YS_NA, 1, INT64_MAX - 1, -5};
    int64_t persons[6] = {3, 3, 3, 0, 4, 1},
            line[6] = {299500, 299500, 299500, 299500, INT64_MAX / 2, 299500};
    uint8_t poor[6];
    ys_poor_flags(6, total, persons, line, poor);
    assert_int_equal(poor[0], 1);
    assert_int_equal(poor[1], 0); /* at the line: not poor */
    assert_int_equal(poor[2], 2);
    assert_int_equal(poor[3], 2);
    assert_int_equal(poor[4], 1); /* no overflow */
    assert_int_equal(poor[5], 1);
}

static void test_clamps_and_missing(void **state)
{
    (void)state;
    double y[5] = {-200, 0, 300, 500, NAN};
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_income_table *t = NULL;
    assert_int_equal(ys_income_measure(&(ys_income_data){.n = 5, .income = y}, &o, &t, NULL), YS_OK);
    assert_int_equal(t->total.clamped_gap, 1);
    assert_int_equal(t->total.floored, 2);
    assert_int_equal(t->total.missing, 1);
    near(t->total.value[YS_II_FGT1], (1 + 1 + 0.25) / 4, 1e-12);
    near(t->total.value[YS_II_GAP_TOTAL], 600 + 400 + 100, 1e-9);
    ys_income_table_free(t);
    double w[5] = {1, 1, -1, 1, 1};
    ys_diag diag = {0};
    assert_int_equal(ys_income_measure(&(ys_income_data){.n = 5, .income = y, .weight = w}, &o, &t, &diag),
                     YS_EDATA);
    assert_int_equal(diag.row, 3);
}

static void test_change(void **state)
{
    (void)state;
    double a[4] = {100, 200, 300, 800}, b[4] = {150, 300, 450, 1200}, c[4] = {350, 350, 350, 350};
    ys_income_data before = {.n = 4, .income = a}, grown = {.n = 4, .income = b},
                   spread = {.n = 4, .income = c};
    ys_poverty_change q;
    assert_int_equal(ys_poverty_decompose(&before, &grown, 400, 1, &q), YS_OK);
    near(q.redistribution, 0, 1e-15);
    near(q.before + q.growth, q.after, 1e-15);
    assert_int_equal(ys_poverty_decompose(&before, &spread, 400, 2, &q), YS_OK);
    near(q.growth, 0, 1e-15); /* same mean */
    near(q.before + q.growth + q.redistribution, q.after, 1e-15);
    ys_rate_change r = ys_rate_change_of(0.4, 0.1, 2);
    near(r.relative, -75, 1e-12);
    near(r.relative_year, -50, 1e-12);
    near(r.absolute_year, -0.15, 1e-12);
}

/* Four persons, four indicators, equal weights. */
static void test_af_textbook(void **state)
{
    (void)state;
    static const uint8_t g[4][4] = {{0, 0, 1, 0}, {0, 1, 1, 1}, {0, 0, 1, 0}, {0, 1, 1, 0}};
    const uint8_t *dep[4] = {g[0], g[1], g[2], g[3]};
    int32_t w[4] = {1, 1, 1, 1};
    ys_af_data d = {.n = 4, .indicators = 4, .deprived = dep, .indicator_weight = w};
    ys_af *a = NULL;
    ys_af_result r;
    assert_int_equal(ys_af_new(&d, &a, NULL), YS_OK);
    static const double want[3][3] = {{0.75, 0.5833333333, 0.4375}, {0.5, 0.75, 0.375}, {0.25, 1, 0.25}};
    for (int k = 1; k <= 3; k++) {
        assert_true(ys_af_at(a, -1, k, &r));
        near(r.h, want[k - 1][0], 1e-12);
        near(r.a, want[k - 1][1], 5e-11);
        near(r.m0, want[k - 1][2], 1e-12);
    }
    static const double censored[4] = {0.25, 0.5, 0.25, 0.5}, share[4] = {1 / 6.0, 1 / 3.0, 1 / 6.0, 1 / 3.0};
    assert_true(ys_af_at(a, -1, 2, &r));
    for (int j = 0; j < 4; j++) {
        near(r.censored[j], censored[j], 1e-12);
        near(r.contribution[j], share[j], 1e-12);
    }
    near(r.uncensored[1], 0.75, 1e-12);
    assert_false(ys_af_at(a, -1, 5, &r));
    assert_false(ys_af_at(a, 0, 2, &r));
    ys_af_free(a);
}

/* One pass for all cutoffs equals the definition at each; groups add up. */
static void test_af_all_cutoffs(void **state)
{
    (void)state;
    enum { N = 300, J = 5, G = 3 };
    static uint8_t g[J][N];
    const uint8_t *dep[J];
    int32_t u[J] = {6, 6, 2, 2, 3}, group[N];
    double w[N];
    ys_rng r;
    ys_rng_init(&r, 21, 0);
    for (int j = 0; j < J; j++)
        dep[j] = g[j];
    for (int i = 0; i < N; i++) {
        w[i] = 1 + ys_rng_uniform(&r);
        group[i] = (int32_t)ys_rng_below(&r, G);
        for (int j = 0; j < J; j++)
            g[j][i] = (uint8_t)(ys_rng_uniform(&r) < 0.3);
    }
    ys_af_data d = {.n = N,
                    .indicators = J,
                    .deprived = dep,
                    .indicator_weight = u,
                    .weight = w,
                    .group = group,
                    .groups = G};
    ys_af *a = NULL;
    assert_int_equal(ys_af_new(&d, &a, NULL), YS_OK);
    assert_int_equal(ys_af_score_max(a), 19);
    for (int k = 1; k <= 19; k++) {
        double pop = 0, h = 0, m0 = 0, parts = 0;
        for (int i = 0; i < N; i++) {
            int c = 0;
            for (int j = 0; j < J; j++)
                c += u[j] * g[j][i];
            pop += w[i];
            h += c >= k ? w[i] : 0;
            m0 += c >= k ? w[i] * c / 19 : 0;
        }
        ys_af_result t, q;
        assert_true(ys_af_at(a, -1, k, &t));
        near(t.h, h / pop, 1e-12);
        near(t.m0, m0 / pop, 1e-12);
        for (int v = 0; v < G; v++) {
            assert_true(ys_af_at(a, v, k, &q));
            parts += t.m0 > 0 ? q.m0_share : 0;
        }
        near(parts, t.m0 > 0 ? 1 : 0, 1e-12);
    }
    ys_af_free(a);
}

static void test_quantile_and_lorenz(void **state)
{
    (void)state;
    double v[4] = {40, 10, 30, 20}, w[4] = {1, 1, 1, 1}, q, p[3] = {0.25, 0.5, 1}, l[3];
    assert_int_equal(ys_quantile(4, v, w, 0.5, &q), YS_OK);
    near(q, 25, 0);
    assert_int_equal(ys_quantile(4, v, NULL, 0.3, &q), YS_OK);
    near(q, 20, 0);
    assert_int_equal(ys_lorenz(4, v, NULL, 3, p, l), YS_OK);
    near(l[0], 0.1, 1e-15);
    near(l[1], 0.3, 1e-15);
    near(l[2], 1, 1e-15);
}

static void test_ols(void **state)
{
    (void)state;
    double one[6] = {1, 1, 1, 1, 1, 1}, x[6] = {1, 2, 3, 4, 5, 6}, y[6] = {3.1, 4.9, 7.2, 8.8, 11.1, 12.9},
           fit[6];
    double twice[6];
    for (int i = 0; i < 6; i++)
        twice[i] = 2 * x[i] + 1;
    const double *cols[3] = {one, x, twice};
    ys_ols o;
    ys_ols_data d = {.n = 6, .terms = 2, .x = cols, .y = y, .has_constant = true};
    assert_int_equal(ys_ols_fit(&d, &o, fit, NULL), YS_OK);
    double sx = 21, sy = 48, sxy = 0, sxx = 91, rss = 0;
    for (int i = 0; i < 6; i++)
        sxy += x[i] * y[i];
    double b = (6 * sxy - sx * sy) / (6 * sxx - sx * sx), a = (sy - b * sx) / 6;
    near(o.coef[0], a, 1e-12);
    near(o.coef[1], b, 1e-12);
    for (int i = 0; i < 6; i++)
        rss += (y[i] - fit[i]) * (y[i] - fit[i]);
    near(o.sigma, sqrt(rss / 4), 1e-12);
    near(o.se[1], sqrt(rss / 4 / 17.5), 1e-12);
    d.terms = 3;
    ys_diag diag = {0};
    assert_int_equal(ys_ols_fit(&d, &o, NULL, &diag), YS_EDATA);
    assert_int_equal(diag.col, 3);
}

static void test_auc(void **state)
{
    (void)state;
    double s[5] = {1, 2, 2, 3, 4}, a;
    uint8_t poor[5] = {1, 1, 0, 0, 0};
    assert_int_equal(ys_auc(5, s, poor, &a), YS_OK);
    near(a, (3 + 2.5) / 6, 1e-15);
}

/* Whichever allocation fails: a clean error, nothing leaked (the sanitizer looks), the output untouched. */
static void test_no_memory(void **state)
{
    (void)state;
    int32_t g[5] = {0, 1, 0, 1, 0};
    ys_income_data d = {.n = 5, .income = book, .group = g, .groups = 2};
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_status st = YS_ENOMEM;
    int failures = 0;
    for (int k = 1; st == YS_ENOMEM; k++) {
        ys_income_table *t = NULL;
        ys_alloc_fail_from(k);
        st = ys_income_measure(&d, &o, &t, NULL);
        ys_alloc_fail_from(0);
        assert_true((st == YS_OK) == (t != NULL));
        failures += st == YS_ENOMEM;
        ys_income_table_free(t);
    }
    assert_int_equal(st, YS_OK);
    assert_true(failures >= 8);
}

/* The same for every other function that allocates. */
typedef ys_status trial(void);

static const uint8_t dep_a[5] = {1, 0, 1, 1, 0}, dep_b[5] = {0, 0, 1, 0, 2};
static const uint8_t *const deps[2] = {dep_a, dep_b};
static const int32_t dep_weights[2] = {1, 2}, halves[5] = {0, 0, 1, 1, 1};
static const ys_af_data af_data = {
    .n = 5, .indicators = 2, .deprived = deps, .indicator_weight = dep_weights, .group = halves, .groups = 2};

static ys_status try_af(void)
{
    ys_af *a = NULL;
    ys_status st = ys_af_new(&af_data, &a, NULL);
    ys_af_free(a);
    return st;
}

static ys_status try_errors(void)
{
    ys_income_data d = {.n = 5, .income = book, .group = halves, .groups = 2};
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_design *design = NULL;
    ys_income_errors e;
    ys_af_errors ae;
    ys_design_data in = {.n = 5, .stages = 1, .stratum = {halves}};
    ys_status st = ys_design_new(&in, &design, NULL);
    ys_income_survey s = {&d, &o, design, false};
    if (st == YS_OK)
        st = ys_income_standard_errors(&s, 1, &e, NULL);
    if (st == YS_OK)
        st = ys_af_standard_errors(&af_data, design, -1, 2, &ae, NULL);
    if (st == YS_OK)
        st = ys_svy_mean(design, NULL, book, NULL, &e.index[0], NULL);
    if (st == YS_OK)
        st = ys_svy_total(design, NULL, book, dep_a, &e.index[0], NULL);
    ys_design_free(design);
    return st;
}

static ys_status try_scores(void)
{
    static const double one[5] = {1, 1, 1, 1, 1};
    const double *x[1] = {one};
    ys_ols o;
    ys_targeting t;
    double v;
    YS_TRY(ys_ols_fit(&(ys_ols_data){.n = 5, .terms = 1, .x = x, .y = book, .has_constant = true}, &o, NULL,
                      NULL));
    YS_TRY(ys_targeting_test(5, book, book, 0.4, &t));
    YS_TRY(ys_spearman(5, book, book, &v));
    YS_TRY(ys_lorenz(5, book, NULL, 1, one, &v));
    return ys_quantile(5, book, NULL, 0.5, &v);
}

static void test_no_memory_elsewhere(void **state)
{
    (void)state;
    static trial *const trials[] = {try_af, try_errors, try_scores};
    for (size_t k = 0; k < sizeof trials / sizeof *trials; k++) {
        ys_status st = YS_ENOMEM;
        int failures = 0;
        for (int at = 1; st == YS_ENOMEM; at++) {
            ys_alloc_fail_from(at);
            st = trials[k]();
            ys_alloc_fail_from(0);
            failures += st == YS_ENOMEM;
        }
        assert_int_equal(st, YS_OK);
        assert_true(failures >= 4);
    }
}

/* Twice the income at twice the line is the same poverty. */
static void test_several_lines(void **state)
{
    (void)state;
    double y[40], twice[40], line[40];
    ys_rng r;
    ys_rng_init(&r, 31, 0);
    for (int i = 0; i < 40; i++) {
        y[i] = 1000 * ys_rng_uniform(&r) + 5;
        twice[i] = i % 2 ? 2 * y[i] : y[i];
        line[i] = i % 2 ? 800 : 400;
    }
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_income_table *a = NULL, *b = NULL;
    assert_int_equal(ys_income_measure(&(ys_income_data){.n = 40, .income = y}, &o, &a, NULL), YS_OK);
    assert_int_equal(
        ys_income_measure(&(ys_income_data){.n = 40, .income = twice, .line_of = line}, &o, &b, NULL), YS_OK);
    static const ys_income_index same[] = {YS_II_FGT0,  YS_II_FGT1, YS_II_FGT2,
                                           YS_II_WATTS, YS_II_SEN,  YS_II_SST};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++)
        near(a->total.value[same[k]], b->total.value[same[k]], 1e-12);
    ys_income_table_free(a);
    ys_income_table_free(b);
}

static void test_at_the_line(void **state)
{
    (void)state;
    double y[4] = {399, 400, 400, 500};
    uint8_t exact[4] = {1, 1, 0, 0}; /* the register's integers know better than the doubles */
    ys_income_opts o = {.line = 400, .rows_are_population = true};
    ys_income_data d = {.n = 4, .income = y};
    static const double want[3] = {0.25, 0.75, 0.5};
    for (int k = 0; k < 3; k++) {
        ys_income_table *t = NULL;
        o.at_line_is_poor = k == 1;
        d.poor = k == 2 ? exact : NULL;
        assert_int_equal(ys_income_measure(&d, &o, &t, NULL), YS_OK);
        near(t->total.value[YS_II_FGT0], want[k], 0);
        ys_income_table_free(t);
    }
}

static void test_lonely_units(void **state)
{
    (void)state;
    int32_t stratum[5] = {0, 0, 1, 2, 2};
    double u[5] = {1, 2, 3, 4, 6}, v;
    ys_design *d = NULL;
    ys_design_data in = {.n = 5, .stages = 1, .stratum = {stratum}, .lonely = YS_LONELY_FAIL};
    ys_diag diag = {0};
    assert_int_equal(ys_design_new(&in, &d, &diag), YS_EDATA);
    in.lonely = YS_LONELY_REMOVE;
    assert_int_equal(ys_design_new(&in, &d, NULL), YS_OK);
    assert_int_equal(ys_design_df(d), 2);
    assert_int_equal(ys_design_variance(d, u, &v, NULL), YS_OK);
    near(v, 2 * 0.5 + 2 * 2, 1e-12);
    ys_design_free(d);
    in.lonely = YS_LONELY_CENTRE;
    assert_int_equal(ys_design_new(&in, &d, NULL), YS_OK);
    assert_int_equal(ys_design_variance(d, u, &v, NULL), YS_OK);
    near(v, 5 + (3 - 3.2) * (3 - 3.2), 1e-12);
    ys_design_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_textbook),
        cmocka_unit_test(test_weights_are_rows),
        cmocka_unit_test(test_brute_force),
        cmocka_unit_test(test_groups_add_up),
        cmocka_unit_test(test_register_with_base),
        cmocka_unit_test(test_poor_in_integers),
        cmocka_unit_test(test_clamps_and_missing),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_af_textbook),
        cmocka_unit_test(test_af_all_cutoffs),
        cmocka_unit_test(test_quantile_and_lorenz),
        cmocka_unit_test(test_ols),
        cmocka_unit_test(test_auc),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_lonely_units),
        cmocka_unit_test(test_no_memory_elsewhere),
        cmocka_unit_test(test_several_lines),
        cmocka_unit_test(test_at_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
