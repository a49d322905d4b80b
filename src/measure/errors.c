/* SPDX-License-Identifier: Apache-2.0 */
/* Standard errors of the income indices by linearisation (Deville 1999; Osier 2009). */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "base/dmath.h"
#include "measure/slice.h"
#include "measure/sort.h"
#include "measure/sum.h"
#include "measure/survey.h"

typedef struct ctx {
    const ys_income_survey *s;
    int64_t n;
    const double *y;
    double *w;  /* 0 where the income is not known */
    double *in; /* 1 in the domain */
    double *num, *den, *u;
    double *lz; /* linearised median of all rows, times p: the threshold's influence; 0 with a fixed line */
    int32_t *order;
    double threshold; /* NaN with a fixed line */
    ys_diag *diag;
} ctx;

static double line_at(const ctx *c, int64_t i)
{
    return isnan(c->threshold) ? ys__line_of(c->s->data, c->s->opts, i) : c->threshold;
}

static bool poor_at(const ctx *c, int64_t i)
{
    if (isnan(c->threshold))
        return ys__is_poor(c->s->data, c->s->opts, i, ys__line_of(c->s->data, c->s->opts, i));
    return c->y[i] < c->threshold || (c->s->opts->at_line_is_poor && c->y[i] == c->threshold);
}

static double gap_at(const ctx *c, int64_t i)
{
    double z = line_at(c, i), g = fmax(0, (z - c->y[i]) / z);
    return g > 1 && !c->s->opts->unclamped ? 1 : g;
}

/* Rows of `mask` (NULL: all) only; the moments of the kernel's bandwidth. */
static double density(const ctx *c, const double *mask, double at)
{
    ys__sum n = {0}, s = {0}, q = {0}, f = {0};
    for (int64_t i = 0; i < c->n; i++) {
        double w = c->w[i] * (mask ? mask[i] : 1);
        if (w <= 0)
            continue;
        ys__add(&n, w);
        ys__add(&s, w * c->y[i]);
        ys__add(&q, w * c->y[i] * c->y[i]);
    }
    double pop = ys__total(&n), mean = ys__total(&s) / pop;
    double sd = sqrt(ys__total(&q) / pop - mean * mean), h = sd / ys_exp(0.2 * ys_log(pop));
    for (int64_t i = 0; i < c->n; i++) {
        double w = c->w[i] * (mask ? mask[i] : 1);
        if (w > 0)
            ys__add(&f, w * ys_norm_pdf((at - c->y[i]) / h));
    }
    return ys__total(&f) / (pop * h);
}

/* Influence of each row on the median of the rows in `mask`. */
static ys_status linear_median(const ctx *c, const double *mask, double *ret_l, double *ret_median)
{
    double q, pop = 0;
    for (int64_t i = 0; i < c->n; i++) {
        c->u[i] = mask && mask[i] == 0 ? NAN : c->y[i];
        pop += c->w[i] * (mask ? mask[i] : 1);
    }
    YS_TRY(ys_quantile(c->n, c->u, c->w, 0.5, &q));
    double f = density(c, mask, q);
    for (int64_t i = 0; i < c->n; i++) {
        bool in = c->w[i] > 0 && (!mask || mask[i] != 0);
        ret_l[i] = in ? -((c->y[i] <= q) - 0.5) / (pop * f) : 0;
    }
    *ret_median = q;
    return YS_OK;
}

/* Variance of Σ w l. */
static ys_status estimate(ctx *c, const double *l, double value, ys_estimate *ret)
{
    double var = 0;
    for (int64_t i = 0; i < c->n; i++)
        c->u[i] = c->w[i] * l[i];
    YS_TRY(ys_design_variance(c->s->design, c->u, &var, c->diag));
    *ret = (ys_estimate){value, sqrt(var)};
    return YS_OK;
}

/* d FGT_a / d z in the domain, at the threshold. */
static double slope(const ctx *c, int alpha)
{
    double z = c->threshold;
    if (isnan(z))
        return 0;
    if (alpha == 0)
        return density(c, c->in, z);
    ys__sum s = {0}, n = {0};
    for (int64_t i = 0; i < c->n; i++) {
        double w = c->w[i] * c->in[i];
        ys__add(&n, w);
        if (w > 0 && c->y[i] <= z) {
            ys__add(&s, w * alpha * (alpha == 1 ? 1 : gap_at(c, i)) * c->y[i] / (z * z));
        }
    }
    return ys__total(&s) / ys__total(&n);
}

static ys_status fgt_errors(ctx *c, ys_income_errors *e)
{
    static const ys_income_index id[3] = {YS_II_FGT0, YS_II_FGT1, YS_II_FGT2};
    ys__ratio r = {.w = c->w, .num = c->num, .den = c->in, .extra = c->lz};
    for (int a = 0; a < 3; a++) {
        for (int64_t i = 0; i < c->n; i++) {
            double g = gap_at(c, i);
            c->num[i] = c->in[i] == 0 || !poor_at(c, i) ? 0 : a == 0 ? 1 : a == 1 ? g : g * g;
            if (a == 1)
                c->den[i] = c->in[i] != 0 && poor_at(c, i);
        }
        r.slope = slope(c, a);
        YS_TRY(ys__svy_ratio(c->s->design, &r, c->u, &e->index[id[a]], c->diag));
        if (a == 1 && isnan(c->threshold)) {
            ys__ratio depth = {.w = c->w, .num = c->num, .den = c->den};
            YS_TRY(ys__svy_ratio(c->s->design, &depth, c->u, &e->index[YS_II_MEAN_GAP], c->diag));
        }
    }
    return YS_OK;
}

/* Watts, mean income and the total gap. */
static ys_status sum_errors(ctx *c, ys_income_errors *e)
{
    const ys_design *d = c->s->design;
    bool positive = c->s->opts->positive_only;
    for (int64_t i = 0; i < c->n; i++) {
        double z = line_at(c, i), v = fmax(c->y[i], positive ? c->y[i] : z / 100);
        c->den[i] = c->in[i] != 0 && (!positive || c->y[i] > 0);
        c->num[i] = c->den[i] != 0 && poor_at(c, i) ? fmax(0, ys_log(z) - ys_log(v)) : 0;
    }
    if (isnan(c->threshold)) {
        ys__ratio watts = {.w = c->w, .num = c->num, .den = c->den};
        YS_TRY(ys__svy_ratio(d, &watts, c->u, &e->index[YS_II_WATTS], c->diag));
    }
    for (int64_t i = 0; i < c->n; i++) {
        c->num[i] = c->in[i] != 0 && poor_at(c, i) ? fmax(0, line_at(c, i) - c->y[i]) : 0;
        c->den[i] = c->in[i] != 0 ? c->y[i] : 0;
    }
    if (isnan(c->threshold))
        YS_TRY(ys__svy_total(d, c->w, c->num, c->u, &e->index[YS_II_GAP_TOTAL], c->diag));
    ys__ratio mean = {.w = c->w, .num = c->den, .den = c->in};
    return ys__svy_ratio(d, &mean, c->u, &e->index[YS_II_MEAN], c->diag);
}

/* Rows of equal income share the middle of their rank, so that their order does not matter. */
static ys_status gini_error(ctx *c, ys_income_errors *e)
{
    double pop = 0, inc = 0, rank = 0, lorenz = 0;
    ys__sum wyf = {0};
    for (int64_t i = 0; i < c->n; i++) {
        pop += c->w[i] * c->in[i];
        inc += c->in[i] != 0 ? c->w[i] * c->y[i] : 0;
    }
    double mu = inc / pop;
    if (!(inc > 0))
        return YS_OK;
    for (int64_t a = 0, b; a < c->n; a = b) {
        double tied = 0, y = c->y[c->order[a]];
        for (b = a; b < c->n && (c->y[c->order[b]] == y || b == a); b++)
            tied += c->w[c->order[b]] * c->in[c->order[b]];
        for (int64_t k = a; k < b; k++) {
            int64_t i = c->order[k];
            c->num[i] = (rank + tied / 2) / pop;
            c->den[i] = (lorenz + tied * y / 2) / inc;
            if (c->in[i] != 0)
                ys__add(&wyf, c->w[i] * y * c->num[i]);
        }
        rank += tied;
        lorenz += tied > 0 ? tied * y : 0;
    }
    double g = 2 * ys__total(&wyf) / inc - 1;
    for (int64_t i = 0; i < c->n; i++) {
        double l = 2 * (c->y[i] * c->num[i] - mu * c->den[i]) + mu * (1 - g) - (1 + g) * c->y[i];
        c->num[i] = c->in[i] != 0 ? l / (mu * pop) : 0;
    }
    return estimate(c, c->num, g, &e->index[YS_II_GINI]);
}

/* Median of the domain; threshold of all rows and the rate below it in the domain. */
static ys_status relative_errors(ctx *c, ys_income_errors *e)
{
    double median, q, p = c->s->opts->relative > 0 ? c->s->opts->relative : 0.6, fixed = c->threshold;
    YS_TRY(linear_median(c, c->in, c->num, &median));
    YS_TRY(estimate(c, c->num, median, &e->index[YS_II_MEDIAN]));
    YS_TRY(linear_median(c, NULL, c->lz, &q));
    for (int64_t i = 0; i < c->n; i++)
        c->lz[i] *= p;
    YS_TRY(estimate(c, c->lz, p * q, &e->index[YS_II_ARPT]));
    c->threshold = p * q;
    for (int64_t i = 0; i < c->n; i++)
        c->num[i] = c->in[i] != 0 && c->y[i] < c->threshold;
    ys__ratio r = {.w = c->w, .num = c->num, .den = c->in, .extra = c->lz, .slope = slope(c, 0)};
    YS_TRY(ys__svy_ratio(c->s->design, &r, c->u, &e->index[YS_II_ARPR], c->diag));
    if (!c->s->relative_line)
        c->threshold = fixed;
    return YS_OK;
}

static ys_status all_errors(ctx *c, ys_income_errors *e)
{
    YS_TRY(ys__sort_order(c->n, c->y, c->order));
    YS_TRY(gini_error(c, e));
    YS_TRY(relative_errors(c, e));
    YS_TRY(fgt_errors(c, e));
    return sum_errors(c, e);
}

/* Unknown incomes leave the domain: weight 0, income 0 so that no sum sees the NaN. */
static void fill(ctx *c, const ys_income_data *d, int32_t group, double *y)
{
    for (int64_t i = 0; i < c->n; i++) {
        bool known = !isnan(d->income[i]);
        y[i] = known ? d->income[i] : 0;
        c->w[i] = known ? (d->weight ? d->weight[i] : 1) : 0;
        c->in[i] = known && (group < 0 || (d->group && d->group[i] == group));
    }
    c->y = y;
    c->threshold = NAN;
}

ys_status ys_income_standard_errors(const ys_income_survey *s, int32_t group, ys_income_errors *ret,
                                    ys_diag *diag)
{
    const ys_income_data *d = s->data;
    int64_t n = d->n;
    YS_TRY(ys__income_check(d, s->opts, diag));
    if (ys_design_rows(s->design) != n || group >= d->groups)
        return ys_fail(diag, YS_EDATA, "设计与数据的行数不同，或组号超出范围",
                       "design and data differ in rows, or the group is out of range");
    double *b = ys_calloc((size_t)n * 7 + 1, sizeof *b);
    int32_t *order = ys_calloc((size_t)n + 1, sizeof *order);
    ys_status st = YS_ENOMEM;
    ys_income_errors e = {.df = ys_design_df(s->design)};
    for (int k = 0; k < YS_II_COUNT; k++)
        e.index[k] = (ys_estimate){NAN, NAN};
    if (b && order) {
        ctx c = {.s = s,
                 .n = n,
                 .w = b + n,
                 .in = b + 2 * n,
                 .num = b + 3 * n,
                 .den = b + 4 * n,
                 .u = b + 5 * n,
                 .lz = b + 6 * n,
                 .order = order,
                 .diag = diag};
        fill(&c, d, group, b);
        st = all_errors(&c, &e);
    }
    ys_free(b);
    ys_free(order);
    if (st == YS_OK)
        *ret = e;
    return st == YS_ENOMEM ? ys_fail_nomem(diag) : st;
}
