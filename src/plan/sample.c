/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/sample.h"

#include "base/rng.h"

typedef struct kind {
    const char *name;
    ys_plan_target target;
    int group, channel;
    double persistence, months, delay;
    uint32_t cures;
    bool full_time, consent;
    int64_t cost, again;
    double effect, sd;
    int scope;     /* 0 village, 1 town (20 villages), 2 county (400 villages), 3 everywhere */
    double places; /* per household in scope; 0: unbounded */
} kind;

/* In fen.  Illustrative figures: tests and benches ask for variety, not truth. */
static const kind catalogue[16] = {
    {"crop", YS_PLAN_HOUSEHOLD, 0, 2, 0.8, 3, 4, 0, false, true, 300000, 0, 180000, 90000, 3, 0},
    {"livestock", YS_PLAN_HOUSEHOLD, 0, 2, 0.7, 4, 6, 0, false, true, 500000, 0, 260000, 160000, 2, 0.3},
    {"workshop", YS_PLAN_PERSON, 1, 1, 0.9, 9, 1, 0, true, false, 200000, 0, 900000, 200000, 0, 0.15},
    {"post", YS_PLAN_PERSON, 1, 1, 1, 6, 0, 0, false, false, 480000, 480000, 480000, 0, 1, 0.1},
    {"training", YS_PLAN_PERSON, -1, 3, 0.9, 1, 3, 0, false, false, 120000, 0, 150000, 100000, 2, 0.2},
    {"migrant", YS_PLAN_PERSON, 1, 1, 0.8, 10, 2, 0, true, true, 150000, 0, 1500000, 500000, 2, 0.1},
    {"dibao", YS_PLAN_HOUSEHOLD, -1, 4, 1, 0, 0, 1, false, false, 250000, 250000, 250000, 0, 3, 0},
    {"medical", YS_PLAN_HOUSEHOLD, -1, 5, 1, 0, 0, 2, false, false, 180000, 180000, 160000, 80000, 3, 0},
    {"school", YS_PLAN_PERSON, -1, 5, 1, 0, 0, 4, false, false, 150000, 150000, 90000, 20000, 3, 0},
    {"housing", YS_PLAN_HOUSEHOLD, -1, 5, 1, 0, 6, 8, false, true, 2000000, 0, 0, 0, 2, 0.1},
    {"pvshare", YS_PLAN_HOUSEHOLD, 5, 3, 0.95, 0, 6, 0, false, false, 800000, 0, 300000, 60000, 1, 0.2},
    {"loan", YS_PLAN_HOUSEHOLD, 6, 2, 0.6, 2, 2, 0, false, true, 60000, 0, 120000, 150000, 2, 0.25},
    {"greenhouse", YS_PLAN_HOUSEHOLD, 0, 2, 0.9, 6, 8, 0, false, true, 1500000, 0, 900000, 500000, 1, 0.05},
    {"water", YS_PLAN_VILLAGE, -1, 5, 1, 0, 6, 16, false, false, 20000000, 0, 0, 0, 2, 0},
    {"road", YS_PLAN_VILLAGE, -1, 3, 1, 0, 6, 0, false, false, 40000000, 0, 1500000, 900000, 2, 0},
    {"pvvillage", YS_PLAN_VILLAGE, -1, 3, 0.95, 0, 6, 0, false, false, 60000000, 0, 6000000, 900000, 3, 0},
};

enum { INDICATORS = 5, FUNDS_PER_COUNTY = 2, YEARS = 2 };
static const int scope_villages[4] = {1, 20, 400, 1 << 30};
static const int32_t weights[INDICATORS] = {1, 1, 1, 1, 1};

typedef struct maker {
    ys_arena *a;
    ys_plan_input *in;
    ys_sample_shape s;
    ys_rng r;
    int villages, counties;
} maker;

static double uniform(maker *k)
{
    return ys_rng_uniform(&k->r);
}

static bool make_households(maker *k)
{
    ys_plan_input *in = k->in;
    size_t n = (size_t)k->s.households;
    ys_plan_household *h = ys_arena_alloc(k->a, n, sizeof *h);
    ys_plan_person *p = ys_arena_alloc(k->a, n * 6, sizeof *p);
    uint16_t *affected = ys_arena_alloc(k->a, n * INDICATORS, sizeof *affected);
    if (h == NULL || p == NULL || affected == NULL)
        return false;
    int64_t persons = 0;
    for (size_t i = 0; i < n; i++) {
        if (k->s.equal && i % 10 != 0) {
            h[i] = h[i - 1];
        } else {
            h[i].persons = 1 + (int32_t)ys_rng_below(&k->r, 5);
            h[i].line = 299500;
            h[i].ystar = (int64_t)((uniform(k) * 1.3 - 0.2) * 299500) * h[i].persons;
            for (uint32_t b = 0; b < INDICATORS; b++)
                h[i].deprived |= uniform(k) < 0.15 ? 1u << b : 0;
            h[i].months_free = 0;
        }
        h[i].village = (int32_t)(i / (size_t)k->s.per_village);
        h[i].area = h[i].village;
        h[i].cause = (int32_t)(i % 5);
        h[i].months_free = 0;
        for (int j = 0; j < h[i].persons; j++) {
            p[persons] = (ys_plan_person){.household = (int32_t)i,
                                          .months_free = uniform(k) < 0.45 ? 12 * uniform(k) : 0};
            p[persons].deprived = h[i].deprived & 4 && j == 0 ? 4 : 0;
            h[i].months_free += p[persons++].months_free;
        }
        for (int b = 0; b < INDICATORS; b++)
            affected[i * INDICATORS + (size_t)b] = (uint16_t)(b == 2 ? 1 : h[i].persons);
    }
    in->households = h;
    in->persons = p;
    in->affected = affected;
    in->n_households = (int64_t)n;
    in->n_persons = persons;
    in->n_indicators = INDICATORS;
    in->person_indicators = 4;
    in->indicator_weight = weights;
    return true;
}

static const uint8_t *random_truth(maker *k, int64_t n, double share)
{
    uint8_t *t = ys_arena_alloc(k->a, (size_t)n + 1, 1);
    for (int64_t i = 0; t != NULL && i < n; i++)
        t[i] = uniform(k) < share ? 1 : uniform(k) < 0.1 ? 2 : 0;
    return t;
}

static bool make_measures(maker *k)
{
    ys_plan_input *in = k->in;
    ys_plan_measure *m = ys_arena_alloc(k->a, (size_t)k->s.measures, sizeof *m);
    ys_plan_relation *r = ys_arena_alloc(k->a, 4, sizeof *r);
    if (m == NULL || r == NULL)
        return false;
    for (int i = 0; i < k->s.measures; i++) {
        const kind *c = &catalogue[i];
        int64_t rows = c->target == YS_PLAN_PERSON      ? in->n_persons
                       : c->target == YS_PLAN_HOUSEHOLD ? in->n_households
                                                        : in->n_villages;
        m[i] = (ys_plan_measure){.name = c->name,
                                 .label_zh = c->name,
                                 .label_en = c->name,
                                 .target = c->target,
                                 .group = c->group,
                                 .channel = c->channel,
                                 .persistence = c->persistence,
                                 .labour_months = c->months,
                                 .delay_months = c->delay,
                                 .cures = c->cures,
                                 .full_time = c->full_time,
                                 .consent = c->consent,
                                 .gate = random_truth(k, rows, 0.6),
                                 .consented = random_truth(k, in->n_households, 0.6)};
        if (m[i].gate == NULL || m[i].consented == NULL)
            return false;
    }
    if (k->s.measures > 4)
        r[in->n_relations++] =
            (ys_plan_relation){.measure_a = 0, .measure_b = 1, .kind = YS_PLAN_COMPETES, .value = 0.5};
    if (k->s.measures > 11) {
        r[in->n_relations++] = (ys_plan_relation){.measure_a = 11, .measure_b = 6, .kind = YS_PLAN_EXCLUDES};
        r[in->n_relations++] = (ys_plan_relation){.measure_a = 2, .measure_b = 4, .kind = YS_PLAN_REQUIRES};
    }
    in->measures = m;
    in->n_measures = k->s.measures;
    in->relations = r;
    return true;
}

static bool make_offerings(maker *k)
{
    ys_plan_input *in = k->in;
    size_t total = 0;
    for (int i = 0; i < k->s.measures; i++)
        total += (size_t)((k->villages + scope_villages[catalogue[i].scope] - 1) /
                          scope_villages[catalogue[i].scope]);
    ys_plan_offering *o = ys_arena_alloc(k->a, total, sizeof *o);
    if (o == NULL)
        return false;
    int n = 0;
    for (int i = 0; i < k->s.measures; i++) {
        const kind *c = &catalogue[i];
        int width = scope_villages[c->scope] < k->villages ? scope_villages[c->scope] : k->villages;
        for (int v = 0; v < k->villages; v += width) {
            double swing = k->s.equal ? 1 : 0.8 + 0.4 * uniform(k);
            int county = v / 400;
            double homes = (double)width * k->s.per_village;
            o[n++] = (ys_plan_offering){
                .name = ys_arena_printf(k->a, "%s-%d", c->name, v),
                .measure = i,
                .area_begin = v,
                .area_end = v + width,
                .period = in->period,
                .fund_a = c->scope == 3 ? 0 : 1 + county * FUNDS_PER_COUNTY,
                .fund_b = c->scope == 3 ? 1 + 0 * FUNDS_PER_COUNTY : 2 + county * FUNDS_PER_COUNTY,
                .share_a = 700000,
                .capacity = c->places > 0 ? (int64_t)(homes * c->places * k->s.scarcity + uniform(k))
                                          : YS_PLAN_UNBOUNDED,
                .cost = (int64_t)((double)c->cost * swing),
                .cost_recurring = (int64_t)((double)c->again * swing),
                .effect = c->effect * swing,
                .effect_sd = c->sd};
            if (o[n - 1].name == NULL)
                return false;
        }
    }
    in->offerings = o;
    in->n_offerings = n;
    return true;
}

static bool make_funds(maker *k)
{
    ys_plan_input *in = k->in;
    int n = 1 + k->counties * FUNDS_PER_COUNTY;
    ys_plan_fund *f = ys_arena_alloc(k->a, (size_t)n * YEARS, sizeof *f);
    if (f == NULL)
        return false;
    for (int i = 0; i < n; i++)
        for (int y = 0; y < YEARS; y++) {
            double homes = i == 0 ? (double)k->s.households : (double)k->s.households / k->counties;
            double wish = homes * (i == 0 ? 300000 : 250000);
            f[in->n_funds] = (ys_plan_fund){.name = ys_arena_printf(k->a, "fund-%d", i),
                                            .fund = i,
                                            .period = in->period + y,
                                            .amount = (int64_t)(wish * k->s.scarcity * (0.5 + uniform(k)))};
            if (f[in->n_funds++].name == NULL)
                return false;
        }
    in->funds = f;
    return true;
}

static bool make_floors(maker *k)
{
    ys_plan_input *in = k->in;
    ys_plan_floor *f = ys_arena_alloc(k->a, (size_t)k->s.floors + 1, sizeof *f);
    if (f == NULL)
        return false;
    for (int i = 0; i < k->s.floors; i++) {
        int begin = (int)ys_rng_below(&k->r, k->villages),
            width = 1 + (int)ys_rng_below(&k->r, k->villages - begin);
        double homes = (double)width * k->s.per_village;
        ys_plan_metric metric = (ys_plan_metric)(i % 3);
        double unit = metric == YS_PLAN_GAP ? 150000 : metric == YS_PLAN_CURES ? 0.4 : 0.3;
        f[i] = (ys_plan_floor){.name = ys_arena_printf(k->a, "floor-%d", i),
                               .area_begin = begin,
                               .area_end = begin + width,
                               .metric = metric,
                               .minimum = (int64_t)(homes * unit * k->s.scarcity * uniform(k))};
        if (f[i].name == NULL)
            return false;
    }
    in->floors = f;
    in->n_floors = k->s.floors;
    return true;
}

ys_plan_input *ys__sample(ys_arena *a, uint64_t seed, ys_sample_shape shape)
{
    ys_plan_input *in = ys_arena_alloc(a, 1, sizeof *in);
    if (in == NULL)
        return NULL;
    ys_plan_input_defaults(in);
    in->period = 2016;
    maker k = {.a = a, .in = in, .s = shape};
    ys_rng_init(&k.r, seed, 7);
    k.villages = (int)((shape.households + shape.per_village - 1) / shape.per_village);
    k.counties = (k.villages + 399) / 400;
    ys_plan_village *v = ys_arena_alloc(a, (size_t)k.villages, sizeof *v);
    for (int i = 0; v != NULL && i < k.villages; i++)
        v[i].area = i;
    in->villages = v;
    in->n_villages = k.villages;
    bool ok = v != NULL && make_households(&k) && make_measures(&k) && make_offerings(&k) && make_funds(&k) &&
              make_floors(&k);
    return ok ? in : NULL;
}
