/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <math.h>

#include "base/dmath.h"

/* docs/plan-model.md section 5, operation by operation: a checker must find the same integers. */

static double expected(double g, double s, int alpha, double z)
{
    if (alpha == 1)
        return s <= 0 ? (g > 0 ? g : 0) : g * ys_norm_cdf(g / s) + s * ys_norm_pdf(g / s);
    return (s <= 0 ? (g > 0 ? g * g : 0)
                   : (g * g + s * s) * ys_norm_cdf(g / s) + g * s * ys_norm_pdf(g / s)) /
           z;
}

/* d[t] and V[t] of a bundle. */
static void effects(const ys_model *m, const ys_option *const *o, int n, double *d, double *v)
{
    int years = m->in->horizon;
    double delta[YS_PLAN_MAX_MEASURES][YS_PLAN_MAX_MEASURES];
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            delta[a][b] = ys__meet(o[a], o[b])
                              ? m->delta[(int64_t)o[a]->measure * m->in->n_measures + o[b]->measure]
                              : 0;
    for (int t = 1; t <= years; t++) {
        d[t] = 0;
        v[t] = 0;
        for (int a = 0; a < n; a++) {
            d[t] += m->offer[o[a]->offering].e[t];
            v[t] += m->offer[o[a]->offering].w[t];
        }
        for (int a = 0; a < n; a++)
            for (int b = a + 1; b < n; b++) {
                double ea = m->offer[o[a]->offering].e[t], eb = m->offer[o[b]->offering].e[t];
                if (ea > 0 && eb > 0)
                    d[t] -= delta[a][b] * (ea < eb ? ea : eb);
            }
    }
}

/* Present value of the gap closed by additions `d` and `v` per head. */
static int64_t present_value(const ys_model *m, int64_t household, const double *d, const double *v)
{
    const ys_plan_input *in = m->in;
    const ys_plan_household *h = &in->households[household];
    double n = h->persons, y = (double)h->ystar / n, z = (double)h->line;
    double s0 = in->income_sd_share * fabs(y);
    double before = expected(z - y, s0, in->alpha, z), gain = 0, after = before;
    for (int t = 1; t <= in->horizon; t++) {
        if (t == 1 || d[t] != d[t - 1] || v[t] != v[t - 1]) /* the same inputs give the same number */
            after = expected(z - y - d[t], sqrt(s0 * s0 + v[t]), in->alpha, z);
        gain += m->discount[t] * (before - after);
    }
    return (int64_t)floor(gain * n + 0.5);
}

double ys__gap_today(const ys_model *m, int64_t household)
{
    const ys_plan_household *h = &m->in->households[household];
    double n = h->persons, y = (double)h->ystar / n, z = (double)h->line;
    return n * expected(z - y, m->in->income_sd_share * fabs(y), 1, z);
}

static int64_t gap_of(const ys_model *m, int64_t household, double heads, const double *d, const double *v)
{
    double dh[YS_PLAN_HORIZON + 1], vh[YS_PLAN_HORIZON + 1];
    for (int t = 1; t <= m->in->horizon; t++) {
        dh[t] = d[t] / heads;
        vh[t] = v[t] / (heads * heads);
    }
    return present_value(m, household, dh, vh);
}

int64_t ys__value_share(const ys_model *m, int64_t household, const ys_option *const *village, int n)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1];
    effects(m, village, n, d, v);
    return gap_of(m, household, (double)m->village_heads[m->in->households[household].village], d, v);
}

int64_t ys__value_gap(const ys_model *m, int64_t block, const ys_option *const *o, int n)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1];
    if (n == 0)
        return 0;
    effects(m, o, n, d, v);
    if (block < m->in->n_households)
        return gap_of(m, block, (double)m->in->households[block].persons, d, v);
    int64_t village = block - m->in->n_households, sum = 0;
    for (int64_t k = m->village_at[village]; k < m->village_at[village + 1]; k++)
        sum += gap_of(m, m->village_home[k], (double)m->village_heads[village], d, v);
    return sum;
}

int64_t ys__value_joint(const ys_model *m, int64_t household, const ys_option *const *own, int n_own,
                        const ys_option *const *village, int n_village)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1], dv[YS_PLAN_HORIZON + 1], vv[YS_PLAN_HORIZON + 1];
    const ys_plan_household *h = &m->in->households[household];
    double n = h->persons, heads = (double)m->village_heads[h->village];
    effects(m, own, n_own, d, v);
    effects(m, village, n_village, dv, vv);
    for (int t = 1; t <= m->in->horizon; t++) {
        d[t] = d[t] / n + dv[t] / heads;
        v[t] = v[t] / (n * n) + vv[t] / (heads * heads);
    }
    return present_value(m, household, d, v);
}

ys_promise ys__value_promise(const ys_model *m, int64_t household, const ys_option *const *o, int n_options)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1];
    const ys_plan_household *h = &m->in->households[household];
    double n = h->persons, y = (double)h->ystar / n, z = (double)h->line,
           s0 = m->in->income_sd_share * fabs(y);
    int full = 1;
    if (n_options == 0 || y >= z)
        return YS_PROMISE_NONE;
    effects(m, o, n_options, d, v);
    for (int t = 2; t <= m->in->horizon; t++)
        full = d[t] > d[full] ? t : full;
    double mean = y + d[full] / n;
    if (mean < z)
        return YS_PROMISE_NONE;
    return mean - m->chance * sqrt(s0 * s0 + v[full] / (n * n)) >= z ? YS_PROMISE_KEPT : YS_PROMISE_BROKEN;
}

/* Persons of the bundle who are deprived in `bit` and have an option that cures it. */
static int64_t persons_cured(const ys_model *m, const ys_option *const *o, int n, uint32_t bit)
{
    int64_t count = 0;
    for (int a = 0; a < n; a++) {
        bool counts =
            (m->in->measures[o[a]->measure].cures & bit) && (m->in->persons[o[a]->person].deprived & bit);
        for (int b = 0; counts && b < a; b++)
            counts = o[b]->person != o[a]->person || !(m->in->measures[o[b]->measure].cures & bit);
        count += counts;
    }
    return count;
}

static int64_t household_cured(const ys_model *m, int64_t household, const ys_option *const *o, int n, int i)
{
    const ys_plan_input *in = m->in;
    uint32_t bit = 1u << i;
    if (!(in->households[household].deprived & bit))
        return 0;
    int64_t affected = in->affected[household * in->n_indicators + i];
    bool all = false;
    for (int a = 0; a < n; a++)
        all = all || ((in->measures[o[a]->measure].cures & bit) &&
                      (o[a]->person < 0 || !(in->person_indicators & bit)));
    if (all)
        return affected;
    if (!(in->person_indicators & bit))
        return 0;
    int64_t persons = persons_cured(m, o, n, bit);
    return persons < affected ? persons : affected;
}

int64_t ys__value_indicator(const ys_model *m, int64_t household, const ys_option *const *o, int n, int i)
{
    return household_cured(m, household, o, n, i) * m->in->indicator_weight[i];
}

int64_t ys__value_cures(const ys_model *m, int64_t block, const ys_option *const *o, int n)
{
    const ys_plan_input *in = m->in;
    uint32_t cures = 0;
    for (int a = 0; a < n; a++)
        cures |= in->measures[o[a]->measure].cures;
    int64_t sum = 0;
    for (int i = 0; i < in->n_indicators; i++) {
        if (!(cures >> i & 1))
            continue;
        int64_t cured = 0;
        if (block < in->n_households) {
            cured = household_cured(m, block, o, n, i);
        } else {
            int64_t village = block - in->n_households;
            for (int64_t k = m->village_at[village]; k < m->village_at[village + 1]; k++) {
                int64_t h = m->village_home[k];
                cured += in->households[h].deprived >> i & 1 ? in->affected[h * in->n_indicators + i] : 0;
            }
        }
        sum += cured * in->indicator_weight[i];
    }
    return sum;
}
