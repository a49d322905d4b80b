/* SPDX-License-Identifier: Apache-2.0 */
/* Is poverty in villages, or in households scattered over all villages (插花式)? */
#include "yaoshi/diagnose.h"
#include <math.h>
#include "base/alloc.h"
#include "base/dmath.h"
#include "measure/sum.h"

#define SCATTERED_BELOW 0.15 /* between-village share of poverty under which delivery goes to households */

typedef struct place {
    ys__sum pop, inc, ln, gap; /* persons, Σ w y, Σ w ln y, Σ w gap per head */
    double homes, poor_homes;  /* weighted households */
    double poor;               /* persons */
} place;

static double income_of(const ys_scatter_data *d, int64_t i)
{
    return d->income[i] > 1 ? d->income[i] : 1;
}

static double gap_of(const ys_scatter_data *d, int64_t i)
{
    if (!d->gap || d->gap[i] <= 0)
        return 0;
    return (double)d->gap[i] / (double)d->persons[i];
}

static bool counted(const ys_scatter_data *d, int64_t i)
{
    return d->village[i] >= 0 && d->poor[i] <= 1 && d->persons[i] >= 1 && !isnan(d->income[i]);
}

static void add_home(const ys_scatter_data *d, int64_t i, place *p)
{
    double h = d->weight ? d->weight[i] : 1, w = h * (double)d->persons[i], y = income_of(d, i);
    ys__add(&p->pop, w);
    ys__add(&p->inc, w * y);
    ys__add(&p->ln, w * ys_log(y));
    ys__add(&p->gap, w * gap_of(d, i));
    p->homes += h;
    if (d->poor[i] == 1) {
        p->poor_homes += h;
        p->poor += w;
    }
}

/* MLD between the villages over MLD of all. */
static double mld_share(const place *v, int32_t n, const place *all)
{
    double pop = ys__total(&all->pop), mu = ys__total(&all->inc) / pop;
    double total = ys_log(mu) - ys__total(&all->ln) / pop;
    ys__sum between = {0};
    for (int32_t k = 0; k < n; k++) {
        double p = ys__total(&v[k].pop);
        if (p > 0)
            ys__add(&between, p / pop * ys_log(mu / (ys__total(&v[k].inc) / p)));
    }
    return total > 0 ? ys__total(&between) / total : NAN;
}

/* Variance of the gap per head between the villages over that of all. */
static double gap_share(const ys_scatter_data *d, const place *v, const place *all)
{
    double pop = ys__total(&all->pop), mean = ys__total(&all->gap) / pop;
    ys__sum between = {0}, total = {0};
    for (int32_t k = 0; k < d->villages; k++) {
        double p = ys__total(&v[k].pop), diff = p > 0 ? ys__total(&v[k].gap) / p - mean : 0;
        ys__add(&between, p * diff * diff);
    }
    for (int64_t i = 0; i < d->n; i++) {
        if (!counted(d, i))
            continue;
        double w = (d->weight ? d->weight[i] : 1) * (double)d->persons[i], diff = gap_of(d, i) - mean;
        ys__add(&total, w * diff * diff);
    }
    return ys__total(&total) > 0 ? ys__total(&between) / ys__total(&total) : NAN;
}

/* One-way analysis of variance of being poor (Donner & Koval 1980, unequal sizes). */
static double intraclass(const place *v, int32_t n, const place *all)
{
    double homes = all->homes, p = all->poor_homes / homes, groups = 0, squares = 0;
    ys__sum ssb = {0}, ssw = {0};
    for (int32_t k = 0; k < n; k++) {
        if (!(v[k].homes > 0))
            continue;
        double q = v[k].poor_homes / v[k].homes;
        groups++;
        squares += v[k].homes * v[k].homes;
        ys__add(&ssb, v[k].homes * (q - p) * (q - p));
        ys__add(&ssw, v[k].homes * q * (1 - q));
    }
    if (groups < 2 || homes <= groups)
        return NAN;
    double n0 = (homes - squares / homes) / (groups - 1);
    double msb = ys__total(&ssb) / (groups - 1), msw = ys__total(&ssw) / (homes - groups);
    double all_ms = msb + (n0 - 1) * msw;
    return all_ms > 0 ? (msb - msw) / all_ms : NAN;
}

static void fill(const ys_scatter_data *d, const place *v, const place *all, ys_scatter *s)
{
    double outside = 0;
    for (int32_t k = 0; k < d->villages; k++) {
        s->villages += v[k].homes > 0;
        s->villages_with_poor += v[k].poor > 0;
        if (d->designated && !d->designated[k])
            outside += v[k].poor;
    }
    s->poor_persons = all->poor;
    s->theil_between_share = mld_share(v, d->villages, all);
    s->gap_between_share = d->gap ? gap_share(d, v, all) : NAN;
    s->icc = intraclass(v, d->villages, all);
    s->outside_designated = d->designated && all->poor > 0 ? outside / all->poor : NAN;
    double share = d->gap ? s->gap_between_share : s->icc;
    s->scattered = share < SCATTERED_BELOW;
}

ys_status ys_scatter_measure(const ys_scatter_data *d, ys_scatter *ret, ys_diag *diag)
{
    place all = {0}, *v = ys_calloc((size_t)d->villages + 1, sizeof *v);
    if (!v)
        return ys_fail_nomem(diag);
    ys_status st = YS_OK;
    for (int64_t i = 0; i < d->n && st == YS_OK; i++) {
        if (d->village[i] >= d->villages) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            st = ys_fail(diag, YS_EDATA, "村编号超出范围", "a village code is out of range");
        } else if (counted(d, i)) {
            add_home(d, i, &v[d->village[i]]);
            add_home(d, i, &all);
        }
    }
    if (st == YS_OK && !(all.homes > 0))
        st = ys_fail(diag, YS_EDATA, "没有可用的农户", "there is no household to look at");
    if (st == YS_OK) {
        ys_scatter s = {0};
        fill(d, v, &all, &s);
        *ret = s;
    }
    ys_free(v);
    return st;
}
