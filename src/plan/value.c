/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <math.h>
#include <string.h>

#include "base/dmath.h"

/* docs/plan-model.md section 5, operation by operation: a checker must find the same integers. */

/* E(g, s) for several g and s at once. */
typedef struct points {
    int n;
    double g[YS_NORM_MANY], s[YS_NORM_MANY], value[YS_NORM_MANY];
} points;

_Static_assert(YS_PLAN_HORIZON <= YS_NORM_MANY, "a point a year");

static void add_point(points *p, double g, double s)
{
    p->g[p->n] = g;
    p->s[p->n++] = s;
}

/*
 * Fills `value`; z is the line.  From g = 9s on PHI is exactly 1, and s*phi is below half a unit in the last place of what it is
 * added to (phi(9)/9 < 2^-62): leaving both out gives the same bits.
 */
static void expect(points *p, int alpha, double z)
{
    double x[YS_NORM_MANY], cdf[YS_NORM_MANY], pdf[YS_NORM_MANY];
    int at[YS_NORM_MANY], n = 0;
    for (int i = 0; i < p->n; i++) {
        double ratio = p->s[i] <= 0 ? 9 : p->g[i] / p->s[i];
        at[i] = ratio >= 9 ? -1 : n;
        if (at[i] >= 0)
            x[n++] = ratio;
    }
    ys_norm_many(x, n, cdf, pdf);
    for (int i = 0; i < p->n; i++) {
        bool far = at[i] < 0;
        double g = p->g[i], s = p->s[i], c = far ? 1 : cdf[at[i]], f = far ? 0 : pdf[at[i]];
        if (alpha == 1)
            p->value[i] = s <= 0 ? (g > 0 ? g : 0) : g * c + s * f;
        else
            p->value[i] = (s <= 0 ? (g > 0 ? g * g : 0) : (g * g + s * s) * c + g * s * f) / z;
    }
}

static double expected(double g, double s, int alpha, double z)
{
    points p;
    p.n = 0;
    add_point(&p, g, s);
    expect(&p, alpha, z);
    return p.value[0];
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

/* A household as section 5 sees it. */
typedef struct home {
    double n, y, z, s0;
} home;

static home home_of(const ys_model *m, int64_t household)
{
    const ys_plan_household *h = &m->in->households[household];
    home k = {.n = h->persons, .z = (double)h->line};
    k.y = (double)h->ystar / k.n;
    k.s0 = m->in->income_sd_share * fabs(k.y);
    return k;
}

void ys__value_before(const ys_model *m, double *ret_before)
{
    for (int64_t i = 0; i < m->in->n_households; i++) {
        home h = home_of(m, i);
        ret_before[i] = expected(h.z - h.y, h.s0, m->in->alpha, h.z);
    }
}

void ys__memo_clear(ys_gap_memo *g)
{
    if (++g->turn != 0)
        return;
    memset(g, 0, sizeof *g); /* once in 2^32 turns */
    g->turn = 1;
}

static uint32_t memo_slot(double d, double v)
{
    uint64_t a, b;
    memcpy(&a, &d, sizeof a);
    memcpy(&b, &v, sizeof b);
    return (uint32_t)(((a ^ (b << 21 | b >> 43)) * 0x9e3779b97f4a7c15u) >> 54) % YS_GAP_MEMO;
}

/* What is known of the years; the others become points.  Returns for each year its point, or -1 with `after` set. */
static void look_up(const ys_model *m, const home *h, const double *d, const double *v,
                    const ys_gap_memo *memo, points *p, double *after, int *from)
{
    p->n = 0;
    for (int t = 1; t <= m->in->horizon; t++) {
        bool same = t > 1 && d[t] == d[t - 1] && v[t] == v[t - 1]; /* the same inputs give the same number */
        from[t] = same ? from[t - 1] : -1;
        after[t] = same ? after[t - 1] : 0;
        if (same)
            continue;
        uint32_t slot = memo != NULL ? memo_slot(d[t], v[t]) : 0;
        if (memo != NULL && memo->entry[slot].turn == memo->turn && memo->entry[slot].d == d[t] &&
            memo->entry[slot].v == v[t]) {
            after[t] = memo->entry[slot].after;
            continue;
        }
        from[t] = p->n;
        add_point(p, h->z - h->y - d[t], sqrt(h->s0 * h->s0 + v[t]));
    }
}

static void remember(ys_gap_memo *memo, double d, double v, double after)
{
    uint32_t slot = memo_slot(d, v);
    memo->entry[slot].turn = memo->turn;
    memo->entry[slot].d = d;
    memo->entry[slot].v = v;
    memo->entry[slot].after = after;
}

/* Present value of the gap closed by additions `d` and `v` per head. */
static int64_t present_value(const ys_model *m, int64_t household, const double *d, const double *v,
                             ys_gap_memo *memo)
{
    home h = home_of(m, household);
    points p;
    double after[YS_PLAN_HORIZON + 1], gain = 0;
    int from[YS_PLAN_HORIZON + 1];
    look_up(m, &h, d, v, memo, &p, after, from);
    expect(&p, m->in->alpha, h.z);
    for (int t = 1; t <= m->in->horizon; t++) {
        if (from[t] >= 0)
            after[t] = p.value[from[t]];
        if (from[t] >= 0 && memo != NULL && (t == 1 || from[t] != from[t - 1]))
            remember(memo, d[t], v[t], after[t]);
        gain += m->discount[t] * (m->before[household] - after[t]);
    }
    return (int64_t)floor(gain * h.n + 0.5);
}

double ys__gap_today(const ys_model *m, int64_t household)
{
    home h = home_of(m, household);
    return h.n * expected(h.z - h.y, h.s0, 1, h.z);
}

static int64_t gap_of(const ys_model *m, int64_t household, double heads, const double *d, const double *v,
                      ys_gap_memo *memo)
{
    double dh[YS_PLAN_HORIZON + 1], vh[YS_PLAN_HORIZON + 1];
    for (int t = 1; t <= m->in->horizon; t++) {
        dh[t] = d[t] / heads;
        vh[t] = v[t] / (heads * heads);
    }
    return present_value(m, household, dh, vh, memo);
}

int64_t ys__value_share(const ys_model *m, int64_t household, const ys_option *const *village, int n)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1];
    effects(m, village, n, d, v);
    return gap_of(m, household, (double)m->village_heads[m->in->households[household].village], d, v, NULL);
}

int64_t ys__value_gap(const ys_model *m, int64_t block, const ys_option *const *o, int n, ys_gap_memo *memo)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1];
    if (n == 0)
        return 0;
    effects(m, o, n, d, v);
    if (block < m->in->n_households)
        return gap_of(m, block, (double)m->in->households[block].persons, d, v, memo);
    int64_t village = block - m->in->n_households, sum = 0;
    for (int64_t k = m->village_at[village]; k < m->village_at[village + 1]; k++)
        sum += gap_of(m, m->village_home[k], (double)m->village_heads[village], d, v, NULL);
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
    return present_value(m, household, d, v, NULL);
}

ys_promise ys__value_promise(const ys_model *m, int64_t household, const ys_option *const *o, int n)
{
    double d[YS_PLAN_HORIZON + 1], v[YS_PLAN_HORIZON + 1];
    home h = home_of(m, household);
    int full = 1;
    if (n == 0 || h.y >= h.z)
        return YS_PROMISE_NONE;
    effects(m, o, n, d, v);
    for (int t = 2; t <= m->in->horizon; t++)
        full = d[t] > d[full] ? t : full;
    double mean = h.y + d[full] / h.n, spread = sqrt(h.s0 * h.s0 + v[full] / (h.n * h.n));
    if (mean < h.z)
        return YS_PROMISE_NONE;
    return mean - m->chance * spread >= h.z ? YS_PROMISE_KEPT : YS_PROMISE_BROKEN;
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
