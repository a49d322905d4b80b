/* SPDX-License-Identifier: Apache-2.0 */
#include "measure/slice.h"
#include <math.h>
#include <stdlib.h>
#include "base/alloc.h"
#include "base/dmath.h"
#include "measure/sort.h"
#include "measure/sum.h"

/* ---- poverty -------------------------------------------------------------------------------------------------- */

/* Gini of incomes among the poor and of gaps over everybody come from the poor's gaps alone: incomes relative to the
 * line are 1 − g, whose absolute Gini equals that of g; everybody else has gap 0 and stands in front. */
typedef struct gap_stats {
    double weight, sum, wgc, wwg; /* Σw, Σwg, Σ w g C, Σ w² g over rising g */
} gap_stats;

static int by_gap(const void *a, const void *b)
{
    double x = ((const ys__gap *)a)->g, y = ((const ys__gap *)b)->g;
    double u = ((const ys__gap *)a)->w, v = ((const ys__gap *)b)->w;
    if (x != y)
        return x < y ? -1 : 1;
    return u < v ? -1 : u > v;
}

static gap_stats gap_stats_of(int64_t n, ys__gap *g)
{
    bool sorted = true;
    for (int64_t i = 1; i < n && sorted; i++)
        sorted = g[i - 1].g <= g[i].g;
    if (!sorted) /* several lines: rising income is not falling gap */
        qsort(g, (size_t)n, sizeof *g, by_gap);
    ys__sum cum = {0}, sum = {0}, wgc = {0}, wwg = {0};
    for (int64_t i = 0; i < n; i++) {
        ys__add(&cum, g[i].w);
        ys__add(&sum, g[i].w * g[i].g);
        ys__add(&wgc, g[i].w * g[i].g * ys__total(&cum));
        ys__add(&wwg, g[i].w * g[i].w * g[i].g);
    }
    return (gap_stats){ys__total(&cum), ys__total(&sum), ys__total(&wgc), ys__total(&wwg)};
}

/* Gini of gaps in a population of `zeros` persons without gap and the poor. */
static double gap_gini(const gap_stats *s, double zeros)
{
    double n = zeros + s->weight;
    if (!(n > 0) || !(s->sum > 0))
        return 0;
    return (2 * (s->wgc + zeros * s->sum) - s->wwg) / (n * s->sum) - 1;
}

typedef struct poverty_sums {
    ys__sum w, poor, g1, g2, gap, watts, w_used;
    int64_t poor_rows, clamped, floored, gaps;
} poverty_sums;

/* Backwards, so that the gaps come out rising where there is one line. */
static void add_poverty(int64_t n, const ys__row *row, bool unclamped, ys__gap *gaps, poverty_sums *s)
{
    for (int64_t i = n - 1; i >= 0; i--) {
        const ys__row *r = &row[i];
        ys__add(&s->w, r->w);
        if (r->use)
            ys__add(&s->w_used, r->w);
        s->floored += r->y < r->v;
        if (!r->poor)
            continue;
        double g = (r->z - r->y) / r->z;
        s->clamped += g > 1;
        g = g < 0 ? 0 : g > 1 && !unclamped ? 1 : g;
        s->poor_rows++;
        ys__add(&s->poor, r->w);
        ys__add(&s->g1, r->w * g);
        ys__add(&s->g2, r->w * g * g);
        ys__add(&s->gap, r->w * fmax(0, r->z - r->y));
        if (r->use)
            ys__add(&s->watts, r->w * fmax(0, ys_log(r->z) - r->ln));
        gaps[s->gaps++] = (ys__gap){g, r->w};
    }
}

static void put_poverty(const poverty_sums *s, ys__gap *gaps, const ys__slice_opts *o, ys_income_result *ret)
{
    double *v = ret->value, poor = ys__total(&s->poor), weight = ys__total(&s->w),
           used = ys__total(&s->w_used);
    double pop = o->base > 0 ? o->base : o->rows_are_population && weight > 0 ? weight : NAN;
    gap_stats gs = gap_stats_of(s->gaps, gaps);
    ret->poor_rows = s->poor_rows;
    ret->clamped_gap = s->clamped;
    ret->floored = s->floored;
    ret->weight = weight;
    ret->population = pop;
    ret->poor = poor;
    v[YS_II_FGT0] = poor / pop;
    v[YS_II_FGT1] = ys__total(&s->g1) / pop;
    v[YS_II_FGT2] = ys__total(&s->g2) / pop;
    v[YS_II_WATTS] = ys__total(&s->watts) / (o->base > 0 ? o->base : o->rows_are_population ? used : NAN);
    v[YS_II_GAP_TOTAL] = ys__total(&s->gap);
    double depth = poor > 0 ? ys__total(&s->g1) / poor : NAN;
    v[YS_II_MEAN_GAP] = depth;
    v[YS_II_GAP_PER_POOR] = poor > 0 ? ys__total(&s->gap) / poor : NAN;
    v[YS_II_GINI_POOR] = depth < 1 ? gap_gini(&gs, 0) * depth / (1 - depth) : poor > 0 ? 0 : NAN;
    if (poor > 0)
        v[YS_II_SEN] = v[YS_II_FGT0] * (depth + (1 - depth) * v[YS_II_GINI_POOR]);
    else
        v[YS_II_SEN] = v[YS_II_FGT0];
    v[YS_II_SST] = v[YS_II_FGT1] * (1 + gap_gini(&gs, pop > poor ? pop - poor : 0));
}

/* ---- distribution --------------------------------------------------------------------------------------------- */

double ys__slice_quantile(int64_t n, const ys__row *row, double p)
{
    double total = 0, cum = 0;
    for (int64_t i = 0; i < n; i++)
        total += row[i].w;
    if (!(total > 0))
        return NAN;
    for (int64_t i = 0; i < n; i++) {
        cum += row[i].w;
        if (row[i].w <= 0 || cum / total < p)
            continue;
        if (cum / total == p) {
            int64_t next = i + 1;
            while (next < n && row[next].w <= 0)
                next++;
            if (next < n)
                return (row[i].y + row[next].y) / 2;
        }
        return row[i].y;
    }
    return row[n - 1].y;
}

static void put_relative(int64_t n, const ys__row *row, const ys__slice_opts *o, double *v)
{
    v[YS_II_MEDIAN] = ys__slice_quantile(n, row, 0.5);
    double z = isnan(o->threshold) ? o->relative * v[YS_II_MEDIAN] : o->threshold;
    double q20 = ys__slice_quantile(n, row, 0.2), q80 = ys__slice_quantile(n, row, 0.8);
    ys__sum below = {0}, all = {0}, low = {0}, high = {0};
    int64_t count = 0; /* rows below z are the first ones */
    for (int64_t i = 0; i < n; i++) {
        ys__add(&all, row[i].w);
        if (row[i].y < z) {
            ys__add(&below, row[i].w);
            count = i + 1;
        }
        if (row[i].y <= q20)
            ys__add(&low, row[i].w * row[i].y);
        if (row[i].y > q80)
            ys__add(&high, row[i].w * row[i].y);
    }
    v[YS_II_ARPT] = z;
    v[YS_II_ARPR] = ys__total(&below) / ys__total(&all);
    v[YS_II_RMPG] = (z - ys__slice_quantile(count, row, 0.5)) / z;
    v[YS_II_S80S20] = ys__total(&low) > 0 ? ys__total(&high) / ys__total(&low) : NAN;
}

static void put_gini(int64_t n, const ys__row *row, double *v)
{
    ys__sum cum = {0}, sum = {0}, wyc = {0}, wwy = {0};
    for (int64_t i = 0; i < n; i++) {
        double w = row[i].w, wy = w * row[i].y;
        ys__add(&cum, w);
        ys__add(&sum, wy);
        ys__add(&wyc, wy * ys__total(&cum));
        ys__add(&wwy, w * wy);
    }
    double pop = ys__total(&cum), inc = ys__total(&sum);
    v[YS_II_MEAN] = inc / pop;
    v[YS_II_GINI] = inc > 0 ? (2 * ys__total(&wyc) - ys__total(&wwy)) / (pop * inc) - 1 : NAN;
}

/* Theil, MLD, GE2 and Atkinson from five power sums of the lifted incomes. */
static void put_entropy(int64_t n, const ys__row *row, double *v, ys__slice *sums)
{
    ys__sum w = {0}, wv = {0}, wv2 = {0}, wln = {0}, wvln = {0}, wroot = {0}, winv = {0};
    for (int64_t i = 0; i < n; i++) {
        const ys__row *r = &row[i];
        if (!r->use)
            continue;
        ys__add(&w, r->w);
        ys__add(&wv, r->w * r->v);
        ys__add(&wv2, r->w * r->v * r->v);
        ys__add(&wln, r->w * r->ln);
        ys__add(&wvln, r->w * r->v * r->ln);
        ys__add(&wroot, r->w * sqrt(r->v));
        ys__add(&winv, r->w / r->v);
    }
    double pop = ys__total(&w), mu = ys__total(&wv) / pop, lnmu = mu > 0 ? ys_log(mu) : NAN;
    double root = ys__total(&wroot) / pop;
    sums->pop_used = pop;
    sums->income_used = ys__total(&wv);
    v[YS_II_THEIL] = ys__total(&wvln) / (pop * mu) - lnmu;
    v[YS_II_MLD] = lnmu - ys__total(&wln) / pop;
    v[YS_II_GE2] = (ys__total(&wv2) / pop / (mu * mu) - 1) / 2;
    v[YS_II_ATKINSON05] = 1 - root * root / mu;
    v[YS_II_ATKINSON1] = 1 - ys_exp(ys__total(&wln) / pop) / mu;
    v[YS_II_ATKINSON2] = 1 - 1 / (ys__total(&winv) / pop) / mu;
}

void ys__slice_measure(int64_t n, const ys__row *row, const ys__slice_opts *o, ys__gap *gaps,
                       ys_income_result *ret, ys__slice *sums)
{
    poverty_sums p = {0};
    for (int k = 0; k < YS_II_COUNT; k++)
        ret->value[k] = NAN;
    ret->rows = n;
    add_poverty(n, row, o->unclamped, gaps, &p);
    put_poverty(&p, gaps, o, ret);
    *sums = (ys__slice){.num = {ys__total(&p.poor), ys__total(&p.g1), ys__total(&p.g2)}};
    if (o->rows_are_population && ret->weight > 0) {
        put_relative(n, row, o, ret->value);
        put_gini(n, row, ret->value);
        put_entropy(n, row, ret->value, sums);
    }
}

/* ---- gathering ------------------------------------------------------------------------------------------------ */

double ys__line_of(const ys_income_data *d, const ys_income_opts *o, int64_t i)
{
    return d->line_of ? d->line_of[i] : o->line;
}

bool ys__is_poor(const ys_income_data *d, const ys_income_opts *o, int64_t i, double z)
{
    if (d->poor)
        return d->poor[i] == 1;
    return d->income[i] < z || (o->at_line_is_poor && d->income[i] == z);
}

#define BAD_ROW(diag, i, zh, en)                                                                             \
    (ys_diag_where(diag, NULL, NULL, (i) + 1, 0, NULL), ys_fail(diag, YS_EDATA, zh, en))

ys_status ys__income_check(const ys_income_data *d, const ys_income_opts *o, ys_diag *diag)
{
    if (d->n < 0 || d->n > INT32_MAX || d->groups < 0 || (d->groups > 0 && !d->group))
        return ys_fail(diag, YS_EDATA, "行数或组数不合规", "the number of rows or groups is out of range");
    for (int64_t i = 0; i < d->n; i++) {
        double z = ys__line_of(d, o, i);
        if (!(z > 0) || isinf(z))
            return BAD_ROW(diag, i, "贫困线必须大于 0", "a poverty line must be above 0");
        if (d->weight && (!(d->weight[i] >= 0) || isinf(d->weight[i])))
            return BAD_ROW(diag, i, "权数必须不小于 0", "a weight must be 0 or more");
        if (d->group && d->group[i] >= d->groups)
            return BAD_ROW(diag, i, "组号超出范围", "a group code is out of range");
        if (isinf(d->income[i]))
            return BAD_ROW(diag, i, "收入不是有限的数", "an income is not a finite number");
    }
    return YS_OK;
}

static ys__row make_row(const ys_income_data *d, const ys_income_opts *o, int64_t i)
{
    ys__row r = {.y = d->income[i], .w = d->weight ? d->weight[i] : 1, .z = ys__line_of(d, o, i)};
    r.group = d->group ? d->group[i] : -1;
    r.poor = ys__is_poor(d, o, i, r.z);
    r.use = !o->positive_only || r.y > 0;
    r.v = r.y < r.z / 100 && !(o->positive_only && r.y > 0) ? r.z / 100 : r.y;
    r.ln = ys_log(r.v);
    return r;
}

ys_status ys__rows_new(const ys_income_data *d, const ys_income_opts *o, ys__row **ret_rows, int64_t *ret_n,
                       ys_diag *diag)
{
    YS_TRY(ys__income_check(d, o, diag));
    ys_status st = YS_ENOMEM;
    int64_t n = 0;
    size_t room = d->n > 0 ? (size_t)d->n : 1;
    int32_t *order = ys_calloc(room, sizeof *order);
    ys__row *rows = ys_calloc(room, sizeof *rows);
    if (order && rows)
        st = ys__sort_order(d->n, d->income, order);
    if (st == YS_OK) {
        for (int64_t k = 0; k < d->n && !isnan(d->income[order[k]]); k++)
            rows[n++] = make_row(d, o, order[k]);
        *ret_rows = rows;
        *ret_n = n;
        rows = NULL;
    }
    ys_free(order);
    ys_free(rows);
    return st == YS_ENOMEM ? ys_fail_nomem(diag) : st;
}
