/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <math.h>
#include <string.h>

#include <stdlib.h>

#include "base/alloc.h"
#include "base/dmath.h"

int64_t ys__milli(double months)
{
    return (int64_t)floor(months * 1000 + 0.5);
}

static void fill_effect(const ys_model *m, const ys_plan_offering *o, ys_offer *f)
{
    const ys_plan_measure *u = &m->in->measures[o->measure];
    double off = 12.0 * ((double)o->period - (double)m->in->period) + u->delay_months + o->wait_months;
    for (int t = 1; t <= m->in->horizon; t++) {
        double months = 12.0 * t - off, age = 12.0 * (t - 1) - off;
        double share = months <= 0 ? 0 : months >= 12 ? 1 : months / 12;
        int years = age <= 0 ? 0 : (int)(age / 12);
        for (int k = 0; k < years; k++)
            share *= u->persistence;
        f->e[t] = o->effect * share;
        f->w[t] = (o->effect_sd * share) * (o->effect_sd * share);
    }
}

/* Of all groups that hold a measure only the widest with limit 1 bears on pairs, and only the widest with limit 2 on triples:
 * what is too many for a narrower one is too many for it. */
static void fill_group(const ys_plan_input *in, int32_t measure, ys_offer *f)
{
    int32_t g = in->measures[measure].group;
    f->single = INT32_MIN + measure;
    f->couple = -1;
    if (g >= in->n_groups)
        f->single = g;
    for (; g >= 0 && g < in->n_groups; g = in->groups[g].parent) {
        if (in->groups[g].limit == 1)
            f->single = g;
        else if (in->groups[g].limit == 2)
            f->couple = g;
    }
}

bool ys__crowded(const ys_model *m, const ys_option *a, const ys_option *b, const ys_option *c)
{
    int32_t g = m->offer[a->offering].couple;
    return g >= 0 && g == m->offer[b->offering].couple && g == m->offer[c->offering].couple &&
           ys__meet(a, b) && ys__meet(a, c) && ys__meet(b, c);
}

static void fill_relations(ys_model *m)
{
    const ys_plan_input *in = m->in;
    int64_t n = in->n_measures;
    for (int64_t a = 0; a < n; a++)
        for (int64_t b = 0; b < n; b++) {
            const ys_plan_measure *x = &in->measures[a], *y = &in->measures[b];
            m->delta[a * n + b] = x->labour_months > 0 && y->labour_months > 0 && x->channel == y->channel
                                      ? in->competition
                                      : 0;
        }
    for (int i = 0; i < in->n_relations; i++) {
        const ys_plan_relation *r = &in->relations[i];
        int64_t ab = r->measure_a * n + r->measure_b, ba = r->measure_b * n + r->measure_a;
        if (r->kind == YS_PLAN_COMPETES || r->kind == YS_PLAN_COMPLEMENTS) {
            m->delta[ab] = m->delta[ba] = r->kind == YS_PLAN_COMPETES ? r->value : -r->value;
        } else if (r->kind == YS_PLAN_EXCLUDES) {
            m->excludes[ab] = m->excludes[ba] = 1;
        } else {
            m->needs[m->n_needs][0] = r->measure_a;
            m->needs[m->n_needs++][1] = r->measure_b;
        }
    }
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Area numbers that occur, each with the offerings whose scope holds it. */
static ys_status index_areas(ys_model *m, ys_diag *diag)
{
    const ys_plan_input *in = m->in;
    int64_t n = in->n_households + in->n_villages;
    m->area = ys_malloc((size_t)(n + 1) * sizeof *m->area);
    if (m->area == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++)
        m->area[i] = ys__area_of(in, i);
    qsort(m->area, (size_t)n, sizeof *m->area, by_number);
    for (int64_t i = 0; i < n; i++)
        if (i == 0 || m->area[i] != m->area[m->n_areas - 1])
            m->area[m->n_areas++] = m->area[i];
    m->area_at = ys_calloc((size_t)m->n_areas + 1, sizeof *m->area_at);
    if (m->area_at == NULL)
        return ys_fail_nomem(diag);
    for (int round = 0; round < 2; round++) {
        int64_t at = 0;
        for (int32_t a = 0; a < m->n_areas; a++) {
            m->area_at[a] = at;
            for (int i = 0; i < in->n_offerings; i++) {
                const ys_plan_offering *o = &in->offerings[i];
                if (m->area[a] < o->area_begin || m->area[a] >= o->area_end)
                    continue;
                if (round == 1)
                    m->area_offer[at] = i;
                at++;
            }
        }
        m->area_at[m->n_areas] = at;
        if (round == 0 && (m->area_offer = ys_malloc((size_t)(at + 1) * sizeof *m->area_offer)) == NULL)
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

int32_t ys__model_area(const ys_model *m, int32_t area)
{
    const int32_t *at = bsearch(&area, m->area, (size_t)m->n_areas, sizeof area, by_number);
    return at != NULL ? (int32_t)(at - m->area) : -1;
}

int ys__model_offers(const ys_model *m, int32_t area, const int32_t **ret_list)
{
    int32_t k = ys__model_area(m, area);
    if (k < 0)
        return 0;
    *ret_list = m->area_offer + m->area_at[k];
    return (int)(m->area_at[k + 1] - m->area_at[k]);
}

static void index_people(ys_model *m)
{
    const ys_plan_input *in = m->in;
    for (int64_t i = 0; i < in->n_persons; i++)
        m->first_person[in->persons[i].household + 1]++;
    for (int64_t h = 0; h < in->n_households; h++)
        m->first_person[h + 1] += m->first_person[h];
    for (int64_t h = 0; h < in->n_households; h++)
        if (in->households[h].village >= 0)
            m->village_at[in->households[h].village + 1]++;
    for (int64_t v = 0; v < in->n_villages; v++)
        m->village_at[v + 1] += m->village_at[v];
    /* fill from the ends backwards, which leaves village_at as it was and households ascending */
    for (int64_t h = in->n_households; h-- > 0;) {
        int32_t v = in->households[h].village;
        if (v < 0)
            continue;
        m->village_home[--m->village_at[v + 1]] = (int32_t)h;
        m->village_heads[v] += in->households[h].persons;
    }
    /* each end was moved to its begin: restore by shifting */
    for (int64_t v = 0; v < in->n_villages; v++)
        m->village_at[v] = m->village_at[v + 1];
    int64_t total = 0;
    for (int64_t h = 0; h < in->n_households; h++)
        total += in->households[h].village >= 0;
    m->village_at[in->n_villages] = total;
}

ys_status ys__model_init(ys_model *m, const ys_plan_input *in, ys_diag *diag)
{
    size_t measures = (size_t)in->n_measures, homes = (size_t)in->n_households,
           villages = (size_t)in->n_villages;
    memset(m, 0, sizeof *m);
    m->in = in;
    m->offer = ys_calloc((size_t)in->n_offerings, sizeof *m->offer);
    m->delta = ys_calloc(measures * measures, sizeof *m->delta);
    m->excludes = ys_calloc(measures * measures, 1);
    m->needs = ys_calloc((size_t)in->n_relations, sizeof *m->needs);
    m->first_person = ys_calloc(homes + 1, sizeof *m->first_person);
    m->village_at = ys_calloc(villages + 1, sizeof *m->village_at);
    m->village_home = ys_calloc(homes, sizeof *m->village_home);
    m->village_heads = ys_calloc(villages, sizeof *m->village_heads);
    m->before = ys_calloc(homes, sizeof *m->before);
    if (!m->offer || !m->delta || !m->excludes || !m->needs || !m->first_person || !m->village_at ||
        !m->village_home || !m->village_heads || !m->before) {
        ys__model_done(m);
        return ys_fail_nomem(diag);
    }
    m->discount[0] = 1;
    for (int t = 1; t <= YS_PLAN_HORIZON; t++)
        m->discount[t] = m->discount[t - 1] / (1 + in->discount);
    m->chance = in->chance_epsilon > 0 ? ys_norm_inv(1 - in->chance_epsilon) : 0;
    for (int i = 0; i < in->n_offerings; i++) {
        const ys_plan_offering *o = &in->offerings[i];
        const ys_plan_measure *u = &in->measures[o->measure];
        fill_group(in, o->measure, &m->offer[i]);
        m->offer[i].milli = ys__milli(u->labour_months);
        fill_effect(m, o, &m->offer[i]);
    }
    fill_relations(m);
    ys__value_before(m, m->before);
    index_people(m);
    ys_status st = index_areas(m, diag);
    if (st != YS_OK)
        ys__model_done(m);
    return st;
}

void ys__model_done(ys_model *m)
{
    void *owned[] = {m->offer,        m->delta,      m->excludes,     m->needs,
                     m->first_person, m->village_at, m->village_home, m->village_heads,
                     m->area,         m->area_at,    m->area_offer,   m->before};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        ys_free(owned[i]);
    memset(m, 0, sizeof *m);
}
