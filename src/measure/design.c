/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variances of totals under a stratified, clustered, multi-stage design without replacement at the first stage:
 *     V = Σ_h (1−f_h) n_h/(n_h−1) Σ_c (u_hc − ū_h)²  +  Σ_h Σ_c f_h · V_next(c)
 * (Särndal, Swensson & Wretman 1992, ch. 4; the second term only where the stage has a finite population).
 */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "measure/sort.h"
#include "measure/sum.h"

/* The rows in one order in which every stage's strata and units are runs. */
struct ys_design {
    int64_t n, df;
    int stages;
    ys_lonely lonely;
    int32_t *row;                       /* n: row numbers */
    int32_t *stratum[YS_DESIGN_STAGES]; /* of row[k] */
    int32_t *unit[YS_DESIGN_STAGES];
    double *population[YS_DESIGN_STAGES]; /* NULL: none */
};

void ys_design_free(ys_design *d)
{
    if (!d)
        return;
    ys_free(d->row);
    for (int s = 0; s < YS_DESIGN_STAGES; s++) {
        ys_free(d->stratum[s]);
        ys_free(d->unit[s]);
        ys_free(d->population[s]);
    }
    ys_free(d);
}

int64_t ys_design_rows(const ys_design *d)
{
    return d->n;
}

int64_t ys_design_df(const ys_design *d)
{
    return d->df;
}

/* Stable sorts from the least to the most significant key: units of the last stage first. */
static ys_status sort_by(const ys_design_data *in, const int32_t *code, int32_t *order, uint64_t *key,
                         int32_t *tmp)
{
    for (int64_t k = 0; k < in->n; k++)
        key[k] = code ? (uint64_t)code[order[k]] : (uint64_t)order[k];
    YS_TRY(ys__sort_keys(in->n, key, tmp));
    for (int64_t k = 0; k < in->n; k++)
        key[k] = (uint64_t)order[tmp[k]];
    for (int64_t k = 0; k < in->n; k++)
        order[k] = (int32_t)key[k];
    return YS_OK;
}

static ys_status order_rows(const ys_design_data *in, int32_t *order)
{
    uint64_t *key = ys_calloc((size_t)in->n + 1, sizeof *key);
    int32_t *tmp = ys_calloc((size_t)in->n + 1, sizeof *tmp);
    ys_status st = key && tmp ? YS_OK : YS_ENOMEM;
    for (int64_t k = 0; k < in->n; k++)
        order[k] = (int32_t)k;
    for (int s = in->stages - 1; s >= 0 && st == YS_OK; s--) {
        st = sort_by(in, in->unit[s], order, key, tmp);
        if (st == YS_OK && in->stratum[s])
            st = sort_by(in, in->stratum[s], order, key, tmp);
    }
    ys_free(key);
    ys_free(tmp);
    return st;
}

static ys_status copy_stage(ys_design *d, const ys_design_data *in, int s)
{
    d->stratum[s] = ys_calloc((size_t)in->n + 1, sizeof *d->stratum[s]);
    d->unit[s] = ys_calloc((size_t)in->n + 1, sizeof *d->unit[s]);
    if (in->population[s])
        d->population[s] = ys_calloc((size_t)in->n + 1, sizeof *d->population[s]);
    if (!d->stratum[s] || !d->unit[s] || (in->population[s] && !d->population[s]))
        return YS_ENOMEM;
    for (int64_t k = 0; k < d->n; k++) {
        int32_t r = d->row[k];
        d->stratum[s][k] = in->stratum[s] ? in->stratum[s][r] : 0;
        d->unit[s][k] = in->unit[s] ? in->unit[s][r] : r;
        if (in->population[s])
            d->population[s][k] = in->population[s][r];
    }
    return YS_OK;
}

/* End of the run from `i` in which codes stay the same. */
static int64_t run_end(const int32_t *code, int64_t i, int64_t end)
{
    int64_t k = i + 1;
    while (k < end && code[k] == code[i])
        k++;
    return k;
}

static int64_t count_units(const int32_t *unit, int64_t begin, int64_t end)
{
    int64_t n = 0;
    for (int64_t k = begin; k < end; k = run_end(unit, k, end))
        n++;
    return n;
}

/* Strata and units of the first stage; a lonely unit may be an error. */
static ys_status count_df(ys_design *d, ys_diag *diag)
{
    int64_t strata = 0, units = 0;
    for (int64_t i = 0, e; i < d->n; i = e) {
        e = run_end(d->stratum[0], i, d->n);
        int64_t n = count_units(d->unit[0], i, e);
        if (n == 1 && d->lonely == YS_LONELY_FAIL) {
            ys_status st = ys_fail(diag, YS_EDATA, "第 %d 层只有一个抽样单元",
                                   "stratum %d has only one sampling unit", (int)d->stratum[0][i]);
            ys_diag_fix(diag, "合并该层，或选择孤单元的处理办法",
                        "merge the stratum, or choose a rule for lonely units");
            return st;
        }
        strata++;
        units += n;
    }
    d->df = units - strata;
    return YS_OK;
}

static ys_status check_codes(const ys_design_data *in, ys_diag *diag)
{
    if (in->n < 1 || in->n > INT32_MAX || in->stages < 1 || in->stages > YS_DESIGN_STAGES)
        return ys_fail(diag, YS_EDATA, "抽样设计的行数或阶段数不合规",
                       "rows or stages of the design are out of range");
    for (int s = 0; s < in->stages; s++)
        for (int64_t i = 0; i < in->n; i++)
            if ((in->stratum[s] && in->stratum[s][i] < 0) || (in->unit[s] && in->unit[s][i] < 0) ||
                (in->population[s] && !(in->population[s][i] >= 1))) {
                ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
                return ys_fail(diag, YS_EDATA, "层号、单元号须不小于 0，总体单元数须不小于 1",
                               "strata and units must be 0 or more, population counts 1 or more");
            }
    return YS_OK;
}

ys_status ys_design_new(const ys_design_data *in, ys_design **ret_design, ys_diag *diag)
{
    YS_TRY(check_codes(in, diag));
    ys_design *d = ys_calloc(1, sizeof *d);
    if (!d)
        return ys_fail_nomem(diag);
    d->n = in->n;
    d->stages = in->stages;
    d->lonely = in->lonely;
    d->row = ys_calloc((size_t)in->n, sizeof *d->row);
    ys_status st = d->row ? order_rows(in, d->row) : YS_ENOMEM;
    for (int s = 0; s < in->stages && st == YS_OK; s++)
        st = copy_stage(d, in, s);
    if (st == YS_OK)
        st = count_df(d, diag);
    if (st != YS_OK) {
        ys_design_free(d);
        return st == YS_ENOMEM ? ys_fail_nomem(diag) : st;
    }
    *ret_design = d;
    return YS_OK;
}

typedef struct pass {
    const ys_design *d;
    const double *u;
    double grand; /* mean over all first-stage units, for lonely strata */
} pass;

static double unit_total(const pass *p, int64_t begin, int64_t end)
{
    ys__sum s = {0};
    for (int64_t k = begin; k < end; k++)
        ys__add(&s, p->u[p->d->row[k]]);
    return ys__total(&s);
}

static double stage_variance(const pass *p, int stage, int64_t begin, int64_t end);

/* One stratum of one stage, and what its units add at the next stage. */
static double stratum_variance(const pass *p, int stage, int64_t begin, int64_t end)
{
    const ys_design *d = p->d;
    const int32_t *unit = d->unit[stage];
    int64_t n = count_units(unit, begin, end);
    double f = d->population[stage] ? (double)n / d->population[stage][begin] : 0;
    double mean = unit_total(p, begin, end) / (double)n;
    ys__sum squares = {0}, next = {0};
    if (n == 1 && stage == 0)
        mean = p->grand;
    for (int64_t i = begin, e; i < end; i = e) {
        e = run_end(unit, i, end);
        double diff = unit_total(p, i, e) - mean;
        ys__add(&squares, diff * diff);
        if (f > 0 && stage + 1 < d->stages)
            ys__add(&next, stage_variance(p, stage + 1, i, e));
    }
    double scale = n > 1 ? (double)n / (double)(n - 1) : d->lonely == YS_LONELY_REMOVE || stage > 0 ? 0 : 1;
    return fmax(0, 1 - f) * scale * ys__total(&squares) + f * ys__total(&next);
}

static double stage_variance(const pass *p, int stage, int64_t begin, int64_t end)
{
    ys__sum v = {0};
    for (int64_t i = begin, e; i < end; i = e) {
        e = run_end(p->d->stratum[stage], i, end);
        ys__add(&v, stratum_variance(p, stage, i, e));
    }
    return ys__total(&v);
}

ys_status ys_design_variance(const ys_design *d, const double *u, double *ret_variance, ys_diag *diag)
{
    ys__sum all = {0};
    for (int64_t i = 0; i < d->n; i++) {
        if (!isfinite(u[i])) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "线性化值不是有限的数", "a linearised value is not finite");
        }
        ys__add(&all, u[i]);
    }
    int64_t units = 0;
    for (int64_t i = 0, e; i < d->n; i = e) {
        e = run_end(d->stratum[0], i, d->n);
        units += count_units(d->unit[0], i, e);
    }
    pass p = {d, u, ys__total(&all) / (double)units};
    *ret_variance = stage_variance(&p, 0, 0, d->n);
    return YS_OK;
}

/* Replicate: unit [begin,end) of stratum [h0,h1) left out, the others of the stratum take its weight. */
static double replicate(const ys_design *d, const double *weight, const int64_t at[4], double *w,
                        ys_estimator *fn, void *arg)
{
    int64_t n = count_units(d->unit[0], at[0], at[1]);
    memcpy(w, weight, (size_t)d->n * sizeof *w);
    for (int64_t k = at[0]; k < at[1]; k++) {
        bool out = k >= at[2] && k < at[3];
        w[d->row[k]] = out ? 0 : weight[d->row[k]] * (double)n / (double)(n - 1);
    }
    return fn(arg, d->n, w);
}

ys_status ys_design_jackknife(const ys_design *d, const double *weight, ys_estimator *fn, void *arg,
                              double *ret_variance, ys_diag *diag)
{
    double *w = ys_malloc((size_t)d->n * sizeof *w);
    if (!w)
        return ys_fail_nomem(diag);
    double full = fn(arg, d->n, weight);
    ys__sum v = {0};
    for (int64_t h = 0, he; h < d->n; h = he) {
        he = run_end(d->stratum[0], h, d->n);
        double n = (double)count_units(d->unit[0], h, he), f = d->population[0] ? n / d->population[0][h] : 0;
        for (int64_t i = h, e; i < he && n > 1; i = e) {
            e = run_end(d->unit[0], i, he);
            double diff = replicate(d, weight, (int64_t[4]){h, he, i, e}, w, fn, arg) - full;
            ys__add(&v, fmax(0, 1 - f) * (n - 1) / n * diff * diff);
        }
    }
    ys_free(w);
    *ret_variance = ys__total(&v);
    return YS_OK;
}
