/* SPDX-License-Identifier: Apache-2.0 */
/* How well a score finds the poor. */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "measure/sort.h"
#include "measure/sum.h"

/* Mid-ranks, from 1; `order` is scratch of n. */
static ys_status mid_ranks(int64_t n, const double *v, int32_t *order, double *rank)
{
    YS_TRY(ys__sort_order(n, v, order));
    for (int64_t a = 0, b; a < n; a = b) {
        for (b = a + 1; b < n && v[order[b]] == v[order[a]];)
            b++;
        for (int64_t k = a; k < b; k++)
            rank[order[k]] = (double)(a + 1 + b) / 2;
    }
    return YS_OK;
}

static bool has_nan(int64_t n, const double *v)
{
    for (int64_t i = 0; i < n; i++)
        if (isnan(v[i]))
            return true;
    return false;
}

ys_status ys_auc(int64_t n, const double *score, const uint8_t *positive, double *ret_auc)
{
    if (n < 1 || has_nan(n, score))
        return YS_EDATA;
    int32_t *order = ys_calloc((size_t)n, sizeof *order);
    double *rank = ys_calloc((size_t)n, sizeof *rank);
    ys_status st = order && rank ? mid_ranks(n, score, order, rank) : YS_ENOMEM;
    ys__sum s = {0};
    double n1 = 0;
    for (int64_t i = 0; i < n && st == YS_OK; i++)
        if (positive[i]) {
            ys__add(&s, rank[i]);
            n1++;
        }
    double n0 = (double)n - n1;
    if (st == YS_OK) /* low scores are poor: 1 − the usual area */
        *ret_auc = n1 > 0 && n0 > 0 ? 1 - (ys__total(&s) - n1 * (n1 + 1) / 2) / (n1 * n0) : NAN;
    ys_free(order);
    ys_free(rank);
    return st;
}

static void mark_lowest(int64_t k, const int32_t *order, uint8_t *mark, uint8_t bit)
{
    for (int64_t i = 0; i < k; i++)
        mark[order[i]] |= bit;
}

ys_status ys_targeting_test(int64_t n, const double *truth, const double *score, double rate,
                            ys_targeting *ret)
{
    if (n < 1 || !(rate > 0 && rate < 1) || has_nan(n, truth) || has_nan(n, score))
        return YS_EDATA;
    int64_t k = (int64_t)floor(rate * (double)n);
    int32_t *order = ys_calloc((size_t)n, sizeof *order);
    uint8_t *mark = ys_calloc((size_t)n, 1), *poor = ys_calloc((size_t)n, 1);
    ys_targeting t = {.selected = k, .auc = NAN};
    ys_status st = order && mark && poor ? ys__sort_order(n, truth, order) : YS_ENOMEM;
    if (st != YS_OK)
        goto done;
    mark_lowest(k, order, mark, 1);
    YS_GO(ys__sort_order(n, score, order));
    mark_lowest(k, order, mark, 2);
    for (int64_t i = 0; i < n; i++) {
        poor[i] = mark[i] & 1;
        t.hits += mark[i] == 3;
    }
    YS_GO(ys_auc(n, score, poor, &t.auc));
    double hit = (double)t.hits, sel = (double)k, rest = (double)(n - k);
    t.sensitivity = k > 0 ? hit / sel : NAN;
    t.precision = t.sensitivity;
    t.exclusion = t.inclusion = 1 - t.sensitivity;
    t.specificity = rest > 0 ? (rest - (sel - hit)) / rest : NAN;
    *ret = t;
done:
    ys_free(order);
    ys_free(mark);
    ys_free(poor);
    return st;
}

ys_status ys_spearman(int64_t n, const double *a, const double *b, double *ret_rho)
{
    if (n < 2 || has_nan(n, a) || has_nan(n, b))
        return YS_EDATA;
    int32_t *order = ys_calloc((size_t)n, sizeof *order);
    double *x = ys_calloc((size_t)n, sizeof *x), *y = ys_calloc((size_t)n, sizeof *y);
    ys_status st = order && x && y ? mid_ranks(n, a, order, x) : YS_ENOMEM;
    if (st == YS_OK)
        st = mid_ranks(n, b, order, y);
    if (st == YS_OK) {
        ys__sum xy = {0}, xx = {0}, yy = {0};
        double mean = (double)(n + 1) / 2;
        for (int64_t i = 0; i < n; i++) {
            ys__add(&xy, (x[i] - mean) * (y[i] - mean));
            ys__add(&xx, (x[i] - mean) * (x[i] - mean));
            ys__add(&yy, (y[i] - mean) * (y[i] - mean));
        }
        *ret_rho = ys__total(&xy) / sqrt(ys__total(&xx) * ys__total(&yy));
    }
    ys_free(order);
    ys_free(x);
    ys_free(y);
    return st;
}
