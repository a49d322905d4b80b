/* SPDX-License-Identifier: Apache-2.0 */
/* Weighted least squares by Householder reflections (Golub 1965). */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "measure/sum.h"

#define COLLINEAR 1e-10 /* a pivot below this share of its column's norm: the column adds nothing */

typedef struct qr {
    int64_t n;
    int p;
    double *a; /* column-major n × p: R above the diagonal, reflections below */
    double *y; /* Q'y */
    double diag[YS_OLS_MAX_TERMS], norm[YS_OLS_MAX_TERMS];
} qr;

static double norm_from(const double *v, int64_t from, int64_t n)
{
    ys__sum s = {0};
    for (int64_t i = from; i < n; i++)
        ys__add(&s, v[i] * v[i]);
    return sqrt(ys__total(&s));
}

/* v -= h (h'v) / (beta), rows from k. */
static void reflect(const double *h, double *v, int64_t k, int64_t n, double beta)
{
    double dot = 0;
    for (int64_t i = k; i < n; i++)
        dot += h[i] * v[i];
    dot /= beta;
    for (int64_t i = k; i < n; i++)
        v[i] -= dot * h[i];
}

/* False at the first collinear column (its number in *ret_col, from 1). */
static bool factor(qr *q, int *ret_col)
{
    for (int k = 0; k < q->p; k++) {
        double *h = q->a + (int64_t)k * q->n, norm = norm_from(h, k, q->n);
        if (!(norm > COLLINEAR * q->norm[k])) {
            *ret_col = k + 1;
            return false;
        }
        double alpha = h[k] > 0 ? -norm : norm, beta = norm * norm - h[k] * alpha;
        h[k] -= alpha;
        q->diag[k] = alpha;
        for (int j = k + 1; j < q->p; j++)
            reflect(h, q->a + (int64_t)j * q->n, k, q->n, beta);
        reflect(h, q->y, k, q->n, beta);
    }
    return true;
}

static double r_at(const qr *q, int i, int j)
{
    return i == j ? q->diag[i] : q->a[(int64_t)j * q->n + i];
}

static void solve(const qr *q, const double *rhs, double *x)
{
    for (int i = q->p - 1; i >= 0; i--) {
        double s = rhs[i];
        for (int j = i + 1; j < q->p; j++)
            s -= r_at(q, i, j) * x[j];
        x[i] = s / q->diag[i];
    }
}

/* se_j = σ · |row j of R⁻¹|. */
static void put_errors(const qr *q, double sigma, double *se)
{
    double sum[YS_OLS_MAX_TERMS] = {0};
    for (int k = 0; k < q->p; k++) {
        double e[YS_OLS_MAX_TERMS] = {0}, x[YS_OLS_MAX_TERMS];
        e[k] = 1;
        solve(q, e, x);
        for (int j = 0; j < q->p; j++)
            sum[j] += x[j] * x[j];
    }
    for (int j = 0; j < q->p; j++)
        se[j] = sigma * sqrt(sum[j]);
}

static double weight_of(const ys_ols_data *d, int64_t i)
{
    return d->weight ? d->weight[i] : 1;
}

static double fitted_at(const ys_ols_data *d, const double *coef, int64_t i)
{
    double f = 0;
    for (int j = 0; j < d->terms; j++)
        f += coef[j] * d->x[j][i];
    return f;
}

static void put_fit(const ys_ols_data *d, ys_ols *o, double *ret_fitted)
{
    ys__sum w = {0}, wy = {0}, rss = {0}, tss = {0};
    int64_t used = 0;
    for (int64_t i = 0; i < d->n; i++) {
        ys__add(&w, weight_of(d, i));
        ys__add(&wy, weight_of(d, i) * d->y[i]);
        used += weight_of(d, i) > 0;
    }
    double mean = d->has_constant ? ys__total(&wy) / ys__total(&w) : 0;
    for (int64_t i = 0; i < d->n; i++) {
        double f = fitted_at(d, o->coef, i), e = d->y[i] - f, t = d->y[i] - mean;
        ys__add(&rss, weight_of(d, i) * e * e);
        ys__add(&tss, weight_of(d, i) * t * t);
        if (ret_fitted)
            ret_fitted[i] = f;
    }
    o->df = used - d->terms;
    double r = ys__total(&rss), t = ys__total(&tss), df = (double)o->df;
    o->r2 = 1 - r / t;
    o->r2_adjusted = df > 0 ? 1 - (r / df) / (t / (double)(used - d->has_constant)) : NAN;
    o->sigma = df > 0 ? sqrt(r / df) : NAN;
}

static ys_status check(const ys_ols_data *d, ys_diag *diag)
{
    if (d->terms < 1 || d->terms > YS_OLS_MAX_TERMS || d->n < d->terms)
        return ys_fail(diag, YS_EDATA, "回归需要 1 到 %d 个变量，且行数不少于变量数",
                       "a regression needs 1 to %d terms and at least as many rows", YS_OLS_MAX_TERMS);
    for (int64_t i = 0; i < d->n; i++) {
        bool ok = isfinite(d->y[i]) && weight_of(d, i) >= 0 && isfinite(weight_of(d, i));
        for (int j = 0; j < d->terms && ok; j++)
            ok = isfinite(d->x[j][i]);
        if (!ok) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "回归的数据缺失或不是有限的数",
                           "a value for the regression is missing or not finite");
        }
    }
    return YS_OK;
}

static void load(const ys_ols_data *d, qr *q)
{
    for (int64_t i = 0; i < d->n; i++) {
        double s = sqrt(weight_of(d, i));
        q->y[i] = s * d->y[i];
        for (int j = 0; j < d->terms; j++)
            q->a[(int64_t)j * d->n + i] = s * d->x[j][i];
    }
    for (int j = 0; j < d->terms; j++)
        q->norm[j] = norm_from(q->a + (int64_t)j * d->n, 0, d->n);
}

ys_status ys_ols_fit(const ys_ols_data *d, ys_ols *ret_ols, double *ret_fitted, ys_diag *diag)
{
    YS_TRY(check(d, diag));
    qr q = {.n = d->n, .p = d->terms};
    ys_ols o = {0};
    int col = 0;
    ys_status st = YS_OK;
    q.a = ys_malloc((size_t)d->n * (size_t)d->terms * sizeof *q.a);
    q.y = ys_malloc((size_t)d->n * sizeof *q.y);
    if (!q.a || !q.y) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    load(d, &q);
    if (!factor(&q, &col)) {
        ys_diag_where(diag, NULL, NULL, 0, col, NULL);
        st = ys_fail(diag, YS_EDATA, "第 %d 个变量与前面的变量共线",
                     "term %d is a combination of the ones before it", col);
        ys_diag_fix(diag, "去掉这个变量", "leave that term out");
        goto done;
    }
    solve(&q, q.y, o.coef);
    put_fit(d, &o, ret_fitted);
    put_errors(&q, o.sigma, o.se);
    *ret_ols = o;
done:
    ys_free(q.a);
    ys_free(q.y);
    return st;
}
