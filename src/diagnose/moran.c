/* SPDX-License-Identifier: Apache-2.0 */
/* Neighbours, Moran's I and Geary's C (Cliff & Ord 1981), empirical-Bayes rates (Assunção & Reis 1999). */
#include "yaoshi/diagnose.h"
#include <math.h>
#include "base/alloc.h"
#include "base/rng.h"
#include "measure/sum.h"

/* ---- k nearest ------------------------------------------------------------------------------------------------------ */

typedef struct point {
    double x, y, z; /* on the unit sphere: chords order as great circles do */
} point;

static point point_of(double lng, double lat)
{
    const double rad = 3.14159265358979323846 / 180;
    double c = cos(lat * rad);
    return (point){c * cos(lng * rad), c * sin(lng * rad), sin(lat * rad)};
}

static double chord(const point *a, const point *b)
{
    double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    return x * x + y * y + z * z;
}

/* Keep the k best in order; a tie stays with the lower index because rows come in rising order. */
static void nearest_of(int64_t areas, const point *p, int64_t i, int k, double *dist, int32_t *item)
{
    int have = 0;
    for (int64_t j = 0; j < areas; j++) {
        double c = j == i ? INFINITY : chord(&p[i], &p[j]);
        if (j == i || (have == k && c >= dist[k - 1]))
            continue;
        int at = have < k ? have++ : k - 1;
        for (; at > 0 && dist[at - 1] > c; at--) {
            dist[at] = dist[at - 1];
            item[at] = item[at - 1];
        }
        dist[at] = c;
        item[at] = (int32_t)j;
    }
}

ys_status ys_nearest(int64_t areas, const double *lng, const double *lat, int k, int64_t *ret_start,
                     int32_t *ret_item, ys_diag *diag)
{
    if (k < 1 || areas <= k || areas > INT32_MAX)
        return ys_fail(diag, YS_EDATA, "近邻数须在 1 与地区数之间",
                       "neighbours must be between 1 and the number of places");
    for (int64_t i = 0; i < areas; i++)
        if (!(fabs(lng[i]) <= 180) || !(fabs(lat[i]) <= 90)) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "经纬度缺失或超出范围", "a coordinate is missing or out of range");
        }
    point *p = ys_calloc((size_t)areas, sizeof *p);
    double *dist = ys_calloc((size_t)k, sizeof *dist);
    ys_status st = p && dist ? YS_OK : ys_fail_nomem(diag);
    for (int64_t i = 0; i < areas && st == YS_OK; i++)
        p[i] = point_of(lng[i], lat[i]);
    for (int64_t i = 0; i < areas && st == YS_OK; i++) {
        ret_start[i] = i * k;
        nearest_of(areas, p, i, k, dist, ret_item + i * k);
    }
    if (st == YS_OK)
        ret_start[areas] = areas * k;
    ys_free(p);
    ys_free(dist);
    return st;
}

/* ---- Moran ---------------------------------------------------------------------------------------------------------- */

typedef struct moran {
    const ys_neighbours *w;
    bool standardise;
    double *z; /* deviations from the mean */
    double s0, s1, s2, m2, b2;
} moran;

static double raw(const ys_neighbours *w, int64_t k)
{
    return w->weight ? w->weight[k] : 1;
}

static double row_sum(const ys_neighbours *w, int64_t i)
{
    double s = 0;
    for (int64_t k = w->start[i]; k < w->start[i + 1]; k++)
        s += raw(w, k);
    return s;
}

static double weight(const moran *m, int64_t i, int64_t k)
{
    double s = m->standardise ? row_sum(m->w, i) : 1;
    return s > 0 ? raw(m->w, k) / s : 0;
}

/* Weight of the link back from j to i. */
static double back(const moran *m, int64_t i, int64_t j)
{
    for (int64_t k = m->w->start[j]; k < m->w->start[j + 1]; k++)
        if (m->w->item[k] == i)
            return weight(m, j, k);
    return 0;
}

static bool weight_sums(moran *m)
{
    int64_t n = m->w->areas;
    double *in = ys_calloc((size_t)n, sizeof *in);
    if (!in)
        return false;
    ys__sum s0 = {0}, s1 = {0}, s2 = {0};
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = m->w->start[i]; k < m->w->start[i + 1]; k++) {
            double w = weight(m, i, k);
            in[m->w->item[k]] += w;
            ys__add(&s0, w);
            ys__add(&s1, w * w + w * back(m, i, m->w->item[k]));
        }
    for (int64_t i = 0; i < n; i++) {
        double out = 0;
        for (int64_t k = m->w->start[i]; k < m->w->start[i + 1]; k++)
            out += weight(m, i, k);
        ys__add(&s2, (out + in[i]) * (out + in[i]));
    }
    m->s0 = ys__total(&s0);
    m->s1 = ys__total(&s1);
    m->s2 = ys__total(&s2);
    ys_free(in);
    return true;
}

/* Σ w_ij z_p(i) z_p(j), places renamed by `p` (NULL: not). */
static double cross(const moran *m, const int32_t *p)
{
    ys__sum s = {0};
    for (int64_t i = 0; i < m->w->areas; i++) {
        double lag = 0, zi = m->z[p ? p[i] : i], rows = m->standardise ? row_sum(m->w, i) : 1;
        for (int64_t k = m->w->start[i]; k < m->w->start[i + 1]; k++)
            lag += raw(m->w, k) * m->z[p ? p[m->w->item[k]] : m->w->item[k]];
        if (rows > 0)
            ys__add(&s, zi * lag / rows);
    }
    return ys__total(&s);
}

static double geary(const moran *m)
{
    ys__sum s = {0};
    int64_t n = m->w->areas;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = m->w->start[i]; k < m->w->start[i + 1]; k++) {
            double d = m->z[i] - m->z[m->w->item[k]];
            ys__add(&s, weight(m, i, k) * d * d);
        }
    return (double)(n - 1) / (2 * m->s0) * ys__total(&s) / (m->m2 * (double)n);
}

static void moments(const moran *m, ys_moran *r)
{
    double n = (double)m->w->areas, s0 = m->s0 * m->s0;
    r->expected = -1 / (n - 1);
    r->var_normal = (n * n * m->s1 - n * m->s2 + 3 * s0) / ((n * n - 1) * s0) - r->expected * r->expected;
    double a = n * ((n * n - 3 * n + 3) * m->s1 - n * m->s2 + 3 * s0);
    double b = m->b2 * ((n * n - n) * m->s1 - 2 * n * m->s2 + 6 * s0);
    r->var_random = (a - b) / ((n - 1) * (n - 2) * (n - 3) * s0) - r->expected * r->expected;
    r->z_random = (r->i - r->expected) / sqrt(r->var_random);
}

static bool permute(const moran *m, const ys_moran_opts *o, double observed, double *ret_p)
{
    int64_t n = m->w->areas, above = 0;
    int32_t *p = ys_calloc((size_t)n, sizeof *p);
    if (!p)
        return false;
    for (int t = 0; t < o->permutations; t++) {
        ys_rng g;
        ys_rng_init(&g, o->seed, (uint64_t)t);
        for (int64_t i = 0; i < n; i++)
            p[i] = (int32_t)i;
        for (int64_t i = n - 1; i > 0; i--) {
            int64_t k = ys_rng_below(&g, i + 1);
            int32_t v = p[i];
            p[i] = p[k];
            p[k] = v;
        }
        above += cross(m, p) >= observed;
    }
    ys_free(p);
    *ret_p = (double)(above + 1) / (double)(o->permutations + 1);
    return true;
}

static ys_status check(const ys_neighbours *w, const double *value, ys_diag *diag)
{
    if (w->areas < 4)
        return ys_fail(diag, YS_EDATA, "至少需要 4 个地区", "at least 4 places are needed");
    for (int64_t i = 0; i < w->areas; i++) {
        bool ok = isfinite(value[i]) && w->start[i] <= w->start[i + 1];
        for (int64_t k = w->start[i]; ok && k < w->start[i + 1]; k++)
            ok = w->item[k] >= 0 && w->item[k] < w->areas && w->item[k] != i && raw(w, k) >= 0;
        if (!ok) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "地区的数值或近邻不合规",
                           "a place has a bad value or a bad neighbour");
        }
    }
    return YS_OK;
}

static void centre(moran *m, const double *value)
{
    int64_t n = m->w->areas;
    ys__sum s = {0}, m2 = {0}, m4 = {0};
    for (int64_t i = 0; i < n; i++)
        ys__add(&s, value[i]);
    for (int64_t i = 0; i < n; i++) {
        m->z[i] = value[i] - ys__total(&s) / (double)n;
        ys__add(&m2, m->z[i] * m->z[i]);
        ys__add(&m4, m->z[i] * m->z[i] * m->z[i] * m->z[i]);
    }
    m->m2 = ys__total(&m2) / (double)n;
    m->b2 = ys__total(&m4) / (double)n / (m->m2 * m->m2);
}

ys_status ys_moran_test(const ys_neighbours *w, const double *value, const ys_moran_opts *o, ys_moran *ret,
                        ys_diag *diag)
{
    YS_TRY(check(w, value, diag));
    moran m = {.w = w, .standardise = o->row_standardise};
    ys_moran r = {.p_permutation = NAN};
    m.z = ys_calloc((size_t)w->areas, sizeof *m.z);
    bool ok = m.z && weight_sums(&m);
    if (ok) {
        centre(&m, value);
        double c = cross(&m, NULL);
        r.i = c / (m.s0 * m.m2);
        r.geary = geary(&m);
        moments(&m, &r);
        if (o->permutations > 0)
            ok = permute(&m, o, c, &r.p_permutation);
    }
    ys_free(m.z);
    if (!ok)
        return ys_fail_nomem(diag);
    *ret = r;
    return YS_OK;
}

ys_status ys_eb_rates(int64_t areas, const double *cases, const double *population, double *ret_z,
                      ys_diag *diag)
{
    ys__sum c = {0}, p = {0}, v = {0};
    for (int64_t i = 0; i < areas; i++) {
        if (!(population[i] > 0) || !(cases[i] >= 0)) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "人口须大于 0，人数须不小于 0",
                           "population must be above 0, cases 0 or more");
        }
        ys__add(&c, cases[i]);
        ys__add(&p, population[i]);
    }
    double pop = ys__total(&p), b = ys__total(&c) / pop;
    for (int64_t i = 0; i < areas; i++) {
        double d = cases[i] / population[i] - b;
        ys__add(&v, population[i] * d * d);
    }
    double a = ys__total(&v) / pop - b / (pop / (double)areas);
    for (int64_t i = 0; i < areas; i++) {
        double var = fmax(a, 0) + b / population[i];
        ret_z[i] = var > 0 ? (cases[i] / population[i] - b) / sqrt(var) : 0;
    }
    return YS_OK;
}
