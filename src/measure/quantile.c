/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles, the Lorenz curve and the decomposition of a change. */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "measure/slice.h"
#include "measure/sort.h"
#include "measure/sum.h"

/* Rows with nothing but a value and a weight, sorted; NaN dropped. */
static ys_status sorted_rows(int64_t n, const double *value, const double *weight, ys__row **ret,
                             int64_t *ret_n)
{
    ys_status st = YS_ENOMEM;
    int32_t *order = ys_calloc(n > 0 ? (size_t)n : 1, sizeof *order);
    ys__row *rows = ys_calloc(n > 0 ? (size_t)n : 1, sizeof *rows);
    if (order && rows)
        st = ys__sort_order(n, value, order);
    if (st == YS_OK) {
        int64_t m = 0;
        for (int64_t k = 0; k < n && !isnan(value[order[k]]); k++)
            rows[m++] = (ys__row){.y = value[order[k]], .w = weight ? weight[order[k]] : 1};
        *ret = rows;
        *ret_n = m;
        rows = NULL;
    }
    ys_free(order);
    ys_free(rows);
    return st;
}

ys_status ys_quantile(int64_t n, const double *value, const double *weight, double p, double *ret_q)
{
    ys__row *rows = NULL;
    int64_t m = 0;
    YS_TRY(sorted_rows(n, value, weight, &rows, &m));
    *ret_q = ys__slice_quantile(m, rows, p);
    ys_free(rows);
    return YS_OK;
}

ys_status ys_lorenz(int64_t n, const double *value, const double *weight, int points, const double *p,
                    double *ret_share)
{
    ys__row *rows = NULL;
    int64_t m = 0, i = 0;
    YS_TRY(sorted_rows(n, value, weight, &rows, &m));
    ys__sum pop = {0}, inc = {0}, cum = {0}, part = {0};
    for (int64_t k = 0; k < m; k++) {
        ys__add(&pop, rows[k].w);
        ys__add(&inc, rows[k].w * rows[k].y);
    }
    for (int k = 0; k < points; k++) {
        double target = p[k] * ys__total(&pop);
        while (i < m && ys__total(&cum) + rows[i].w <= target) {
            ys__add(&cum, rows[i].w);
            ys__add(&part, rows[i].w * rows[i].y);
            i++;
        }
        double rest = i < m ? (target - ys__total(&cum)) * rows[i].y : 0; /* linear inside the row */
        ret_share[k] = (ys__total(&part) + rest) / ys__total(&inc);
    }
    ys_free(rows);
    return YS_OK;
}

/* FGT_alpha of incomes multiplied by `scale`. */
static double fgt_scaled(const ys_income_data *d, double line, int alpha, double scale)
{
    ys__sum pop = {0}, num = {0};
    for (int64_t i = 0; i < d->n; i++) {
        double w = d->weight ? d->weight[i] : 1, y = d->income[i] * scale;
        if (isnan(y))
            continue;
        ys__add(&pop, w);
        double g = fmin(1, (line - y) / line);
        if (y < line)
            ys__add(&num, w * (alpha == 0 ? 1 : alpha == 1 ? g : g * g));
    }
    return ys__total(&num) / ys__total(&pop);
}

static double mean_of(const ys_income_data *d)
{
    ys__sum pop = {0}, inc = {0};
    for (int64_t i = 0; i < d->n; i++) {
        double w = d->weight ? d->weight[i] : 1;
        if (isnan(d->income[i]))
            continue;
        ys__add(&pop, w);
        ys__add(&inc, w * d->income[i]);
    }
    return ys__total(&inc) / ys__total(&pop);
}

ys_status ys_poverty_decompose(const ys_income_data *before, const ys_income_data *after, double line,
                               int alpha, ys_poverty_change *ret)
{
    double mu0 = mean_of(before), mu1 = mean_of(after);
    if (alpha < 0 || alpha > 2 || !(line > 0) || !(mu0 > 0) || !(mu1 > 0))
        return YS_EDATA;
    double p00 = fgt_scaled(before, line, alpha, 1), p10 = fgt_scaled(before, line, alpha, mu1 / mu0);
    double p11 = fgt_scaled(after, line, alpha, 1), p01 = fgt_scaled(after, line, alpha, mu0 / mu1);
    double growth = (p10 - p00 + p11 - p01) / 2;
    *ret = (ys_poverty_change){p00, p11, growth, p11 - p00 - growth};
    return YS_OK;
}
