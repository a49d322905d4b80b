/* SPDX-License-Identifier: Apache-2.0 */
/* Means, totals and ratios under a design, and Alkire-Foster: all are ratios of totals. */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "measure/af.h"
#include "measure/sum.h"
#include "measure/survey.h"

ys_status ys__svy_total(const ys_design *d, const double *w, const double *y, double *u, ys_estimate *ret,
                        ys_diag *diag)
{
    int64_t n = ys_design_rows(d);
    ys__sum s = {0};
    double var = 0;
    for (int64_t i = 0; i < n; i++) {
        u[i] = (w ? w[i] : 1) * y[i];
        ys__add(&s, u[i]);
    }
    YS_TRY(ys_design_variance(d, u, &var, diag));
    *ret = (ys_estimate){ys__total(&s), sqrt(var)};
    return YS_OK;
}

ys_status ys__svy_ratio(const ys_design *d, const ys__ratio *r, double *u, ys_estimate *ret, ys_diag *diag)
{
    int64_t n = ys_design_rows(d);
    ys__sum num = {0}, den = {0};
    double var = 0;
    for (int64_t i = 0; i < n; i++) {
        double w = r->w ? r->w[i] : 1;
        ys__add(&num, w * r->num[i]);
        ys__add(&den, w * r->den[i]);
    }
    double x = ys__total(&den), ratio = ys__total(&num) / x;
    if (!(x != 0)) { /* empty domain: no value, no error */
        *ret = (ys_estimate){NAN, NAN};
        return YS_OK;
    }
    for (int64_t i = 0; i < n; i++) {
        u[i] = (r->w ? r->w[i] : 1) * (r->num[i] - ratio * r->den[i]) / x;
        if (r->extra)
            u[i] += (r->w ? r->w[i] : 1) * r->slope * r->extra[i];
    }
    YS_TRY(ys_design_variance(d, u, &var, diag));
    *ret = (ys_estimate){ratio, sqrt(var)};
    return YS_OK;
}

/* Numerator and denominator masked to the domain, in one block of 3n (the last third is scratch). */
static ys_status masked(int64_t n, const double *y, const double *x, const uint8_t *in, double **ret,
                        ys_diag *diag)
{
    double *b = ys_calloc((size_t)n * 3, sizeof *b);
    if (!b)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++) {
        bool use = !in || in[i];
        b[i] = use ? y[i] : 0;
        b[n + i] = use ? (x ? x[i] : 1) : 0;
    }
    *ret = b;
    return YS_OK;
}

ys_status ys_svy_ratio(const ys_design *d, const ys_ratio_data *r, ys_estimate *ret, ys_diag *diag)
{
    int64_t n = ys_design_rows(d);
    double *b = NULL;
    YS_TRY(masked(n, r->y, r->x, r->in, &b, diag));
    ys__ratio q = {.w = r->w, .num = b, .den = b + n};
    ys_status st = ys__svy_ratio(d, &q, b + 2 * n, ret, diag);
    ys_free(b);
    return st;
}

ys_status ys_svy_mean(const ys_design *d, const double *w, const double *y, const uint8_t *in,
                      ys_estimate *ret, ys_diag *diag)
{
    ys_ratio_data r = {.w = w, .y = y, .in = in};
    return ys_svy_ratio(d, &r, ret, diag);
}

ys_status ys_svy_total(const ys_design *d, const double *w, const double *y, const uint8_t *in,
                       ys_estimate *ret, ys_diag *diag)
{
    int64_t n = ys_design_rows(d);
    double *b = NULL;
    YS_TRY(masked(n, y, NULL, in, &b, diag));
    ys_status st = ys__svy_total(d, w, b, b + 2 * n, ret, diag);
    ys_free(b);
    return st;
}

/* b = [poor | censored score share | 1 | scratch], all 0 outside the domain. */
static void af_columns(const ys_af_data *a, int32_t group, int k, int max, double *b)
{
    for (int64_t i = 0; i < a->n; i++) {
        bool unknown;
        int score = ys__af_score(a, i, &unknown);
        bool in = group < 0 || (a->group && a->group[i] == group);
        in = in && !(unknown && a->complete_cases);
        b[i] = in && score >= k;
        b[a->n + i] = in && score >= k ? (double)score / max : 0;
        b[2 * a->n + i] = in;
    }
}

ys_status ys_af_standard_errors(const ys_af_data *a, const ys_design *d, int32_t group, int k,
                                ys_af_errors *ret, ys_diag *diag)
{
    int max = 0;
    YS_TRY(ys__af_check(a, &max, diag));
    if (ys_design_rows(d) != a->n || group >= a->groups || k < 1 || k > max)
        return ys_fail(diag, YS_EDATA, "设计与数据的行数不同，或临界值、组号超出范围",
                       "design and data differ in rows, or the cutoff or group is out of range");
    double *b = ys_calloc((size_t)a->n * 4, sizeof *b);
    if (!b)
        return ys_fail_nomem(diag);
    af_columns(a, group, k, max, b);
    ys_af_errors e = {.df = ys_design_df(d)};
    int64_t n = a->n;
    ys__ratio h = {.w = a->weight, .num = b, .den = b + 2 * n},
              m0 = {.w = a->weight, .num = b + n, .den = b + 2 * n};
    ys__ratio in = {.w = a->weight, .num = b + n, .den = b};
    ys_status st = ys__svy_ratio(d, &h, b + 3 * n, &e.h, diag);
    if (st == YS_OK)
        st = ys__svy_ratio(d, &m0, b + 3 * n, &e.m0, diag);
    if (st == YS_OK)
        st = ys__svy_ratio(d, &in, b + 3 * n, &e.a, diag);
    ys_free(b);
    if (st == YS_OK)
        *ret = e;
    return st;
}
