/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worth.c - what a set of options is worth in both tiers (docs/plan-model.md section 5).
 *
 * Every expression is evaluated as written there; the build forbids fused multiply-add.
 */
#include <math.h>
#include <stdbool.h>
#include "base/dmath.h"
#include "verify/inner.h"

/* ---- tier 1: deprivations cured ---- */

static bool cures(const ys__v_case *c, const ys__v_option *o, int i)
{
    return c->f->measures[o->measure].cures >> i & 1;
}

/* W_i times the persons of `household` that the set cures of indicator i. */
int64_t ys__v_cured(const ys__v_case *c, int64_t household, const ys__v_option *o, uint32_t set, int i)
{
    const ys_verify_facts *f = c->f;
    if (!(f->households[household].deprived >> i & 1))
        return 0;
    bool by_person = f->person_indicators >> i & 1;
    int64_t weight = f->indicator_weight[i], affected = f->affected[household * f->n_indicators + i];
    int32_t seen[YS_VERIFY_MAX_MEASURES];
    int n = 0;
    for (int a = 0; set >> a; a++) {
        if (!(set >> a & 1) || !cures(c, &o[a], i))
            continue;
        if (o[a].person < 0 || !by_person)
            return weight * affected;
        bool fresh = f->persons[o[a].person].deprived >> i & 1;
        for (int k = 0; k < n; k++)
            fresh = fresh && seen[k] != o[a].person;
        if (fresh && n < YS_VERIFY_MAX_MEASURES)
            seen[n++] = o[a].person;
    }
    return weight * (n < affected ? n : affected);
}

static int64_t village_cured(const ys__v_case *c, int64_t village, const ys__v_option *o, uint32_t set, int i)
{
    const ys_verify_facts *f = c->f;
    bool any = false;
    for (int a = 0; set >> a; a++)
        any = any || ((set >> a & 1) && cures(c, &o[a], i));
    if (!any)
        return 0;
    int64_t people = 0;
    for (int64_t k = c->member_start[village]; k < c->member_start[village + 1]; k++) {
        int64_t h = c->member[k];
        if (f->households[h].deprived >> i & 1)
            people += f->affected[h * f->n_indicators + i];
    }
    return f->indicator_weight[i] * people;
}

/* ---- tier 2: gap closed ---- */

/* Share of the smaller effect that two options lose to each other; less than 0: that they gain. */
static double rivalry(const ys__v_case *c, const ys__v_option *a, const ys__v_option *b)
{
    if (!ys__v_meet(a, b))
        return 0;
    const ys_verify_measure *x = &c->f->measures[a->measure], *y = &c->f->measures[b->measure];
    double delta =
        x->labour_months > 0 && y->labour_months > 0 && x->channel == y->channel ? c->f->competition : 0;
    for (int64_t k = c->tie_start[a->measure]; k < c->tie_start[a->measure + 1]; k++)
        if (c->tie[k].kind >= YS_VERIFY_COMPETES && c->tie[k].other == b->measure)
            delta = c->tie[k].kind == YS_VERIFY_COMPETES ? c->tie[k].value : -c->tie[k].value;
    return delta;
}

void ys__v_flow_of(const ys__v_case *c, const ys__v_option *o, uint32_t set, ys__v_flow *ret_flow)
{
    int T = c->f->horizon, n = 0;
    const ys__v_option *in[32];
    for (int a = 0; set >> a; a++)
        if (set >> a & 1)
            in[n++] = &o[a];
    for (int t = 0; t < T; t++) {
        double d = 0, v = 0;
        for (int a = 0; a < n; a++) {
            d += c->effect[(int64_t)in[a]->offering * T + t];
            v += c->variance[(int64_t)in[a]->offering * T + t];
        }
        ret_flow->gain[t] = d;
        ret_flow->variance[t] = v;
    }
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++) {
            double delta = rivalry(c, in[a], in[b]);
            const double *x = &c->effect[(int64_t)in[a]->offering * T];
            const double *y = &c->effect[(int64_t)in[b]->offering * T];
            for (int t = 0; t < T; t++)
                if (x[t] > 0 && y[t] > 0)
                    ret_flow->gain[t] -= delta * (x[t] < y[t] ? x[t] : y[t]);
        }
}

/* Expected shortfall of a normal with mean gap g and spread s; alpha 2: of its square, over the line. */
static double shortfall(int alpha, double g, double s, double z)
{
    if (alpha == 1)
        return s <= 0 ? (g > 0 ? g : 0) : g * ys_norm_cdf(g / s) + s * ys_norm_pdf(g / s);
    double square =
        s <= 0 ? (g > 0 ? g * g : 0) : (g * g + s * s) * ys_norm_cdf(g / s) + g * s * ys_norm_pdf(g / s);
    return square / z;
}

int64_t ys__v_gap_today(const ys_verify_facts *f, int64_t household)
{
    const ys_verify_household *h = &f->households[household];
    double n = h->persons, y = (double)h->ystar / n, z = (double)h->line;
    return (int64_t)floor(n * shortfall(1, z - y, f->income_sd_share * fabs(y), z) + 0.5);
}

ys__v_home ys__v_home_of(const ys_verify_facts *f, int64_t household)
{
    const ys_verify_household *h = &f->households[household];
    double y = (double)h->ystar / h->persons, z = (double)h->line, s0 = f->income_sd_share * fabs(y);
    return (ys__v_home){.n = h->persons,
                        .n2 = (double)(h->persons * h->persons),
                        .z = z,
                        .short_by = z - y,
                        .s0 = s0,
                        .s02 = s0 * s0,
                        .today = shortfall(f->alpha, z - y, s0, z)};
}

bool ys__v_closed(const ys__v_case *c, const ys__v_home *h, const ys__v_flow *own, const ys__v_flow *village,
                  int64_t heads, int64_t *ret_value)
{
    double gain = 0, N = (double)heads, N2 = (double)(heads * heads), less = 0, last_each = 0,
           last_spread = 0;
    for (int t = 0; t < c->f->horizon; t++) {
        double each = own ? own->gain[t] / h->n : village->gain[t] / N;
        double spread = own ? own->variance[t] / h->n2 : village->variance[t] / N2;
        if (own && village) {
            each = own->gain[t] / h->n + village->gain[t] / N;
            spread = own->variance[t] / h->n2 + village->variance[t] / N2;
        }
        if (t == 0 || each != last_each || spread != last_spread) /* years are often alike */
            less = h->today - shortfall(c->f->alpha, h->short_by - each, sqrt(h->s02 + spread), h->z);
        last_each = each;
        last_spread = spread;
        gain += c->year_weight[t] * less;
    }
    double value = floor(gain * h->n + 0.5);
    if (!(value > -(double)YS_V_BIG && value < (double)YS_V_BIG))
        return false;
    *ret_value = (int64_t)value;
    return true;
}

static bool village_closed(const ys__v_case *c, int64_t v, const ys__v_flow *flow, int64_t *ret)
{
    int64_t sum = 0;
    for (int64_t k = c->member_start[v]; k < c->member_start[v + 1]; k++) {
        ys__v_home home = ys__v_home_of(c->f, c->member[k]);
        int64_t one = 0;
        if (!ys__v_closed(c, &home, NULL, flow, c->heads[v], &one) || __builtin_add_overflow(sum, one, &sum))
            return false;
    }
    *ret = sum;
    return sum < YS_V_BIG && sum > -YS_V_BIG;
}

static bool set_closed(const ys__v_case *c, int64_t block, const ys__v_option *o, uint32_t set, int64_t *ret)
{
    ys__v_flow flow;
    ys__v_flow_of(c, o, set, &flow);
    if (block >= c->f->n_households)
        return village_closed(c, block - c->f->n_households, &flow, ret);
    ys__v_home home = ys__v_home_of(c->f, block);
    return ys__v_closed(c, &home, &flow, NULL, 0, ret);
}

/* ---- both ---- */

static bool set_cured(const ys__v_case *c, int64_t block, const ys__v_option *o, uint32_t set, int64_t *ret)
{
    int64_t sum = 0, v = block - c->f->n_households;
    for (int i = 0; i < c->f->n_indicators; i++) {
        int64_t one = v < 0 ? ys__v_cured(c, block, o, set, i) : village_cured(c, v, o, set, i);
        if (__builtin_add_overflow(sum, one, &sum))
            return false;
    }
    *ret = sum;
    return sum < YS_V_BIG;
}

bool ys__v_worth(const ys__v_case *c, int64_t block, const ys__v_option *o, uint32_t set,
                 int64_t ret_value[YS_VERIFY_TIERS])
{
    ret_value[0] = ret_value[1] = 0;
    return set == 0 ||
           (set_cured(c, block, o, set, &ret_value[0]) && set_closed(c, block, o, set, &ret_value[1]));
}

/* Adding 0 changes no sum, so options that never have an effect may be left out of tier 2. */
bool ys__v_worth_of(const ys__v_case *c, ys__v_desk *d, uint32_t set, int64_t ret_value[YS_VERIFY_TIERS])
{
    ret_value[0] = ret_value[1] = 0;
    if (set == 0)
        return true;
    uint32_t moving = set & d->moving, at = moving * 2654435761u >> 22;
    while (d->memo[at].used && d->memo[at].set != moving)
        at = (at + 1) % YS_V_MEMO;
    if (!d->memo[at].used) {
        ys__v_flow flow;
        int64_t closed = 0;
        ys__v_flow_of(c, d->option, moving, &flow);
        if (d->block < c->f->n_households ? !ys__v_closed(c, &d->home, &flow, NULL, 0, &closed)
                                          : !village_closed(c, d->block - c->f->n_households, &flow, &closed))
            return false;
        d->memo[at].used = true;
        d->memo[at].set = moving;
        d->memo[at].closed = closed;
    }
    ret_value[1] = d->memo[at].closed;
    return set_cured(c, d->block, d->option, set, &ret_value[0]);
}
