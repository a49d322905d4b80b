/* SPDX-License-Identifier: Apache-2.0 */
/* Our numbers beside R's: reads DIR/{expected,apistrat,apiclus1,apiclus2,lonely,eusilc}.csv, which tests/oracle/survey.R wrote. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/alloc.h"
#include "measure/test_csv.h"
#include "yaoshi/measure.h"

static tcsv want;
static int failed, passed;

static void check(const char *name, double value, double se)
{
    for (int64_t i = 0; i < want.rows; i++) {
        if (strcmp(tcsv_at(&want, i, "name"), name) != 0)
            continue;
        double *v = tcsv_reals(&want, "value"), *s = tcsv_reals(&want, "se");
        bool ok =
            fabs(value - v[i]) <= 1e-10 * fabs(v[i]) && (isnan(s[i]) || fabs(se - s[i]) <= 1e-9 * fabs(s[i]));
        if (!ok)
            printf("not ok %s: %.15g (%.15g), R says %.15g (%.15g)\n", name, value, se, v[i], s[i]);
        failed += !ok;
        passed += ok;
        ys_free(v);
        ys_free(s);
        return;
    }
    printf("not ok %s: R gave no such number\n", name);
    failed++;
}

static tcsv load(const char *dir, const char *name)
{
    char path[1024];
    tcsv t = {0};
    snprintf(path, sizeof path, "%s/%s.csv", dir, name);
    if (!tcsv_read(path, &t)) {
        printf("not ok %s cannot be read\n", path);
        failed++;
    }
    return t;
}

typedef struct api {
    tcsv t;
    double *w, *api00, *enroll, *stu;
    int32_t *stype, *dnum, *snum, kinds;
} api;

static api api_load(const char *dir, const char *name)
{
    api a = {.t = load(dir, name)};
    int32_t n;
    a.w = tcsv_reals(&a.t, "pw");
    a.api00 = tcsv_reals(&a.t, "api00");
    a.enroll = tcsv_reals(&a.t, "enroll");
    a.stu = tcsv_reals(&a.t, "api.stu");
    a.stype = tcsv_codes(&a.t, "stype", &a.kinds);
    a.dnum = tcsv_codes(&a.t, "dnum", &n);
    a.snum = tcsv_codes(&a.t, "snum", &n);
    return a;
}

static void api_done(api *a)
{
    ys_free(a->w);
    ys_free(a->api00);
    ys_free(a->enroll);
    ys_free(a->stu);
    ys_free(a->stype);
    ys_free(a->dnum);
    ys_free(a->snum);
    tcsv_done(&a->t);
}

static void must(ys_status st)
{
    if (st != YS_OK) {
        printf("not ok: %s\n", ys_status_name(st));
        failed++;
    }
}

typedef struct jack {
    const double *y;
} jack;

static double weighted_mean(void *arg, int64_t n, const double *w)
{
    const jack *j = arg;
    double s = 0, p = 0;
    for (int64_t i = 0; i < n; i++) {
        s += w[i] * j->y[i];
        p += w[i];
    }
    return s / p;
}

static void stratified(const char *dir)
{
    api a = api_load(dir, "apistrat");
    double *fpc = tcsv_reals(&a.t, "fpc"), var = 0;
    ys_design_data in = {.n = a.t.rows, .stages = 1, .stratum = {a.stype}, .population = {fpc}};
    ys_design *d = NULL;
    ys_estimate e = {0};
    must(ys_design_new(&in, &d, NULL));
    must(ys_svy_mean(d, a.w, a.api00, NULL, &e, NULL));
    check("strat_mean", e.value, e.se);
    must(ys_design_jackknife(d, a.w, weighted_mean, &(jack){a.api00}, &var, NULL));
    check("strat_jkn", e.value, sqrt(var));
    must(ys_svy_total(d, a.w, a.enroll, NULL, &e, NULL));
    check("strat_total", e.value, e.se);
    ys_ratio_data r = {.w = a.w, .y = a.stu, .x = a.enroll};
    must(ys_svy_ratio(d, &r, &e, NULL));
    check("strat_ratio", e.value, e.se);
    for (int k = 25; k <= 75; k += 25) {
        char name[32];
        double q = 0;
        snprintf(name, sizeof name, "strat_quantile_%d", k);
        must(ys_quantile(a.t.rows, a.api00, a.w, k / 100.0, &q));
        check(name, q, 0);
    }
    ys_design_free(d);
    ys_free(fpc);
    api_done(&a);
}

static void clustered(const char *dir)
{
    api a = api_load(dir, "apiclus1");
    double *fpc = tcsv_reals(&a.t, "fpc"), var = 0;
    uint8_t *in_e = ys_calloc((size_t)a.t.rows, 1);
    for (int64_t i = 0; i < a.t.rows; i++)
        in_e[i] = strcmp(tcsv_at(&a.t, i, "stype"), "E") == 0;
    ys_design_data in = {.n = a.t.rows, .stages = 1, .unit = {a.dnum}, .population = {fpc}};
    ys_design *d = NULL, *no_fpc = NULL;
    ys_estimate e = {0};
    must(ys_design_new(&in, &d, NULL));
    in.population[0] = NULL;
    must(ys_design_new(&in, &no_fpc, NULL));
    must(ys_svy_mean(d, a.w, a.api00, NULL, &e, NULL));
    check("clus1_mean", e.value, e.se);
    must(ys_svy_mean(no_fpc, a.w, a.api00, NULL, &e, NULL));
    check("clus1_mean_nofpc", e.value, e.se);
    must(ys_design_jackknife(no_fpc, a.w, weighted_mean, &(jack){a.api00}, &var, NULL));
    check("clus1_jk1_nofpc", e.value, sqrt(var));
    must(ys_design_jackknife(d, a.w, weighted_mean, &(jack){a.api00}, &var, NULL));
    check("clus1_jk1", e.value, sqrt(var));
    must(ys_svy_mean(d, a.w, a.api00, in_e, &e, NULL));
    check("clus1_domain", e.value, e.se);
    ys_ratio_data r = {.w = a.w, .y = a.stu, .x = a.enroll};
    must(ys_svy_ratio(d, &r, &e, NULL));
    check("clus1_ratio", e.value, e.se);
    ys_design_free(d);
    ys_design_free(no_fpc);
    ys_free(fpc);
    ys_free(in_e);
    api_done(&a);
}

static void two_stages(const char *dir)
{
    api a = api_load(dir, "apiclus2");
    double *f1 = tcsv_reals(&a.t, "fpc1"), *f2 = tcsv_reals(&a.t, "fpc2");
    uint8_t *known = ys_calloc((size_t)a.t.rows, 1);
    for (int64_t i = 0; i < a.t.rows; i++)
        known[i] = !isnan(a.enroll[i]);
    ys_design_data in = {.n = a.t.rows, .stages = 2, .unit = {a.dnum, a.snum}, .population = {f1, f2}};
    ys_design *d = NULL;
    ys_estimate e = {0};
    must(ys_design_new(&in, &d, NULL));
    must(ys_svy_mean(d, a.w, a.api00, NULL, &e, NULL));
    check("clus2_mean", e.value, e.se);
    must(ys_svy_total(d, a.w, a.enroll, known, &e, NULL));
    check("clus2_total", e.value, e.se);
    ys_design_free(d);
    ys_free(f1);
    ys_free(f2);
    ys_free(known);
    api_done(&a);
}

static void lonely(const char *dir)
{
    api a = api_load(dir, "lonely");
    ys_design_data in = {.n = a.t.rows, .stages = 1, .stratum = {a.stype}, .lonely = YS_LONELY_CENTRE};
    ys_design *d = NULL;
    ys_estimate e = {0};
    must(ys_design_new(&in, &d, NULL));
    must(ys_svy_total(d, a.w, a.enroll, NULL, &e, NULL));
    check("lonely_total", e.value, e.se);
    ys_design_free(d);
    in.lonely = YS_LONELY_REMOVE;
    must(ys_design_new(&in, &d, NULL));
    must(ys_svy_total(d, a.w, a.enroll, NULL, &e, NULL));
    check("lonely_total_remove", e.value, e.se);
    ys_design_free(d);
    api_done(&a);
}

static void laeken(const char *dir)
{
    tcsv t = load(dir, "eusilc");
    int32_t regions = 0, *region = tcsv_codes(&t, "db040", &regions);
    double *y = tcsv_reals(&t, "eqIncome"), *w = tcsv_reals(&t, "rb050");
    ys_income_data d = {.n = t.rows, .income = y, .weight = w, .group = region, .groups = regions};
    ys_income_opts o = {.line = 10000, .rows_are_population = true};
    ys_income_table *r = NULL;
    must(ys_income_measure(&d, &o, &r, NULL));
    const double *v = r->total.value;
    check("arpt", v[YS_II_ARPT], 0);
    check("arpr", v[YS_II_ARPR], 0);
    check("gini", v[YS_II_GINI], 0);
    check("qsr", v[YS_II_S80S20], 0);
    check("rmpg", v[YS_II_RMPG], 0);
    for (int32_t g = 0; g < regions; g++) {
        char name[96];
        const char *label = tcsv_code_text(&t, "db040", region, g);
        snprintf(name, sizeof name, "gini:%s", label);
        check(name, r->group[g].value[YS_II_GINI], 0);
        snprintf(name, sizeof name, "qsr:%s", label);
        check(name, r->group[g].value[YS_II_S80S20], 0);
    }
    ys_income_table_free(r);
    ys_free(region);
    ys_free(y);
    ys_free(w);
    tcsv_done(&t);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: measure_oracle DIR\n");
        return 2;
    }
    want = load(argv[1], "expected");
    stratified(argv[1]);
    clustered(argv[1]);
    two_stages(argv[1]);
    lonely(argv[1]);
    laeken(argv[1]);
    tcsv_done(&want);
    printf("%d numbers agree with R, %d do not\n", passed, failed);
    return failed > 0;
}
