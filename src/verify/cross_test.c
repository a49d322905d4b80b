/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cross_test.c - planner and checker, written apart from one document, on the same facts.
 *
 * Random facts are planned, the plan is carried over as an office would store it, and the checker must accept
 * it: same charges, same bundles, same values, same bounds, to the last unit.
 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "base/alloc.h"
#include "base/rng.h"
#include "yaoshi/plan.h"
#include "yaoshi/verify.h"

enum { MOST = 40, INDICATORS = 4, AREAS = 8 };

typedef struct world {
    ys_plan_input in;
    ys_plan_household *household;
    ys_plan_person *person;
    ys_plan_village village[AREAS];
    ys_plan_measure measure[MOST];
    ys_plan_offering offering[MOST];
    ys_plan_fund fund[MOST];
    ys_plan_relation relation[MOST];
    ys_plan_floor floor[MOST];
    ys_plan_group group[MOST];
    ys_plan_lock *lock;
    ys_plan_running *running;
    uint8_t counts[MOST];
    int32_t weight[INDICATORS];
    uint16_t *affected;
    uint8_t *gate[MOST], *consent[MOST];
} world;

typedef struct shape {
    int households, measures, offerings, relations, floors;
    int scarcity;  /* money and places for one in so many */
    bool wide;     /* most offerings are open to all areas */
    int locks;     /* one household in so many has locks; 0: none */
    bool nested;   /* groups nest, a running plan, switch costs, chances */
    bool compares; /* floors of all kinds */
} shape;

/* ---- random facts ---- */

/* Floors that hold one sum against another, and ceilings. */
static void draw_comparisons(world *w, ys_rng *r)
{
    for (int32_t v = 0; v < AREAS; v++)
        w->floor[w->in.n_floors++] = (ys_plan_floor){.name = "coverage",
                                                     .area_begin = v,
                                                     .area_end = v + 1,
                                                     .kind = YS_PLAN_COVERAGE,
                                                     .share = (int32_t)ys_rng_below(r, 1000001),
                                                     .of_begin = v < 3 ? 0 : 3,
                                                     .of_end = v < 3 ? 3 : AREAS};
    for (int i = 0; i < 6; i++) {
        int32_t begin = (int32_t)ys_rng_below(r, AREAS);
        ys_plan_floor x = {
            .name = "share", .area_begin = begin, .area_end = begin + 1 + (int)ys_rng_below(r, AREAS)};
        x.kind = i < 2 ? YS_PLAN_SPENDING : i < 4 ? YS_PLAN_PROJECT : YS_PLAN_MOST;
        x.metric = (ys_plan_metric)ys_rng_below(r, 3);
        x.minimum = x.kind == YS_PLAN_MOST ? ys_rng_below(r, x.metric == YS_PLAN_GAP ? 4000000 : 9) : 0;
        x.share = x.kind == YS_PLAN_MOST ? 0 : 1000 + (int32_t)ys_rng_below(r, 800000);
        x.fund = (int32_t)ys_rng_below(r, 3) - 1;
        x.offering = (int32_t)ys_rng_below(r, w->in.n_offerings);
        x.counts = w->counts;
        w->floor[w->in.n_floors++] = x;
    }
    for (int i = 0; i < MOST; i++)
        w->counts[i] = ys_rng_below(r, 2) == 0;
}

static void draw_people(world *w, const shape *s, ys_rng *r)
{
    w->household = ys_calloc((size_t)s->households, sizeof *w->household);
    w->person = ys_calloc((size_t)s->households * 4, sizeof *w->person);
    w->affected = ys_calloc((size_t)s->households * INDICATORS, sizeof *w->affected);
    assert_true(w->household && w->person && w->affected);
    w->in.n_villages = AREAS;
    for (int v = 0; v < AREAS; v++)
        w->village[v].area = v;
    for (int h = 0; h < s->households; h++) {
        ys_plan_household *x = &w->household[h];
        int32_t v = (int32_t)ys_rng_below(r, AREAS);
        *x = (ys_plan_household){.persons = 1 + (int32_t)ys_rng_below(r, 6),
                                 .area = v,
                                 .village = ys_rng_below(r, 10) ? v : -1,
                                 .cause = -1,
                                 .line = 299500,
                                 .months_free = (double)ys_rng_below(r, 300) / 10,
                                 .deprived = (uint32_t)ys_rng_below(r, 1 << INDICATORS)};
        x->ystar = (ys_rng_below(r, 450000) - 90000) * x->persons + ys_rng_below(r, 7);
        for (int i = 0; i < INDICATORS; i++)
            w->affected[h * INDICATORS + i] = (uint16_t)ys_rng_below(r, x->persons + 1);
        for (int64_t p = ys_rng_below(r, 4); p > 0; p--)
            w->person[w->in.n_persons++] = (ys_plan_person){h, (double)ys_rng_below(r, 130) / 10,
                                                            (uint32_t)ys_rng_below(r, 1 << INDICATORS)};
    }
    w->in.n_households = s->households;
}

static uint8_t *draw_truth(int64_t n, ys_rng *r)
{
    uint8_t *truth = ys_calloc((size_t)n + 1, 1);
    assert_non_null(truth);
    for (int64_t i = 0; i < n; i++)
        truth[i] = (uint8_t)(ys_rng_below(r, 4) ? 1 : 2 * ys_rng_below(r, 2));
    return truth;
}

static void draw_measures(world *w, const shape *s, ys_rng *r)
{
    for (int m = 0; m < s->measures; m++) {
        ys_plan_target target = ys_rng_below(r, 6) ? (ys_plan_target)ys_rng_below(r, 2) : YS_PLAN_VILLAGE;
        int64_t rows = target == YS_PLAN_HOUSEHOLD ? w->in.n_households
                       : target == YS_PLAN_PERSON  ? w->in.n_persons
                                                   : w->in.n_villages;
        if (ys_rng_below(r, 2))
            w->gate[m] = draw_truth(rows, r);
        if (ys_rng_below(r, 4))
            w->consent[m] = draw_truth(w->in.n_households, r);
        w->measure[m] = (ys_plan_measure){.name = "m",
                                          .label_zh = "m",
                                          .label_en = "m",
                                          .target = target,
                                          .group = (int32_t)ys_rng_below(r, 12) - 4 < 0 ? -1 : (int32_t)m / 3,
                                          .channel = (int32_t)ys_rng_below(r, 3),
                                          .persistence = ys_rng_uniform(r),
                                          .labour_months = (double)ys_rng_below(r, 4) * 1.7,
                                          .delay_months = (double)ys_rng_below(r, 200) / 10,
                                          .cures = (uint32_t)ys_rng_below(r, 1 << INDICATORS) &
                                                   (uint32_t)ys_rng_below(r, 1 << INDICATORS),
                                          .full_time = ys_rng_below(r, 3) == 0,
                                          .consent = ys_rng_below(r, 4) == 0,
                                          .gate = w->gate[m],
                                          .consented = w->consent[m]};
    }
    for (int i = 0; i < s->relations; i++) {
        int a = (int)ys_rng_below(r, s->measures), b = (int)ys_rng_below(r, s->measures);
        w->relation[w->in.n_relations++] = (ys_plan_relation){a, b, (ys_plan_relation_kind)ys_rng_below(r, 4),
                                                              (double)ys_rng_below(r, 101) / 100};
    }
}

static void draw_supply(world *w, const shape *s, ys_rng *r)
{
    int64_t money = s->households * 400000LL / s->scarcity;
    for (int fund = 0; fund < 3; fund++)
        for (int year = 0; year < w->in.horizon; year++)
            if (year == 0 || ys_rng_below(r, 3))
                w->fund[w->in.n_funds++] = (ys_plan_fund){
                    .name = "f", .fund = fund, .period = 2017 + year, .amount = ys_rng_below(r, money)};
    for (int i = 0; i < s->offerings; i++) {
        bool twin = i > 0 && ys_rng_below(r, 4) == 0; /* equal offers, so that ties must be broken alike */
        int begin = (int)ys_rng_below(r, AREAS - 1);
        ys_plan_offering x = {.name = "o",
                              .measure = (int32_t)ys_rng_below(r, s->measures),
                              .period = 2017 + (int)ys_rng_below(r, w->in.horizon),
                              .wait_months = (int)ys_rng_below(r, 4) == 0 ? (int)ys_rng_below(r, 13) : 0,
                              .fund_a = (int32_t)ys_rng_below(r, 4) - 1,
                              .fund_b = (int32_t)ys_rng_below(r, 4) - 1,
                              .share_a = (int32_t)ys_rng_below(r, 1000001),
                              .capacity = ys_rng_below(r, 3)
                                              ? ys_rng_below(r, s->households / s->scarcity + 2)
                                              : YS_PLAN_UNBOUNDED,
                              .cost = ys_rng_below(r, 600000),
                              .cost_recurring = ys_rng_below(r, 2) * ys_rng_below(r, 90000),
                              .effect = ys_rng_uniform(r) * 900000 - 90000,
                              .effect_sd = (double)ys_rng_below(r, 2) * ys_rng_uniform(r) * 2e5};
        if (twin)
            x = w->offering[i - 1];
        bool open = s->wide && ys_rng_below(r, 4) != 0;
        x.area_begin = open ? 0 : begin;
        x.area_end = open ? AREAS : begin + 1 + (int)ys_rng_below(r, AREAS - begin);
        w->offering[i] = x;
    }
}

/* Rows of a forest: a parent comes before its children. */
static void draw_groups(world *w, ys_rng *r)
{
    w->in.n_groups = (int)ys_rng_below(r, 14);
    for (int g = 0; g < w->in.n_groups; g++)
        w->group[g] =
            (ys_plan_group){"g", (int32_t)ys_rng_below(r, g + 1) - 1, 1 + (int32_t)ys_rng_below(r, 3)};
    w->in.groups = w->group;
}

/* A few choices at random, some of which nobody can have: what ran before need not be possible now. */
static void draw_running(world *w, ys_rng *r)
{
    w->running = ys_calloc((size_t)w->in.n_households * 2 + 1, sizeof *w->running);
    assert_non_null(w->running);
    for (int64_t h = 0, p = 0; h < w->in.n_households; h++) {
        int64_t first = p, last = -1;
        while (p < w->in.n_persons && w->person[p].household == h)
            p++;
        for (int k = 0; k < 2; k++) {
            int32_t o = (int32_t)ys_rng_below(r, w->in.n_offerings);
            ys_plan_target t = w->measure[w->offering[o].measure].target;
            if (t == YS_PLAN_VILLAGE || o == last || (t == YS_PLAN_PERSON && p == first))
                continue;
            int32_t who = t == YS_PLAN_PERSON ? (int32_t)(first + ys_rng_below(r, p - first)) : -1;
            w->running[w->in.n_running++] = (ys_plan_running){h, o, who};
            last = o;
        }
    }
    w->in.running = w->running;
}

static bool needs_another(const world *w, int32_t measure)
{
    for (int i = 0; i < w->in.n_relations; i++)
        if (w->relation[i].kind == YS_PLAN_REQUIRES && w->relation[i].measure_a == measure)
            return true;
    return false;
}

/* Locks that can be kept: what one household in so many has in a plan without locks, and some things forbidden. */
static void draw_locks(world *w, const shape *s, ys_rng *r)
{
    ys_plan *p = NULL;
    ys_plan_result *plan = NULL;
    w->lock = ys_calloc((size_t)(w->in.n_households + AREAS) * 4 + 1, sizeof *w->lock);
    if (w->lock == NULL || ys_plan_build(&w->in, 1, &p, NULL) != YS_OK ||
        ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 20}, &plan, NULL) != YS_OK) {
        ys_plan_free(p);
        return;
    }
    for (int64_t b = 0; b < plan->blocks; b++) {
        ys_plan_picks k = ys_plan_picks_of(p, plan, b);
        if (ys_rng_below(r, s->locks) != 0)
            continue;
        bool all = ys_rng_below(r, 2) == 0;
        for (int i = 0; i < k.count; i++) {
            const ys_plan_pick *x = &k.pick[i];
            bool open = ys_rng_below(r, 3) == 0 && x->person < 0 && w->offering[x->offering].capacity < 0;
            if (all || (i == 0 && !needs_another(w, x->measure)))
                w->lock[w->in.n_locks++] =
                    (ys_plan_lock){"lock", "who", b, x->measure, open ? -1 : x->offering, x->person, true};
        }
        int32_t m = (int32_t)ys_rng_below(r, w->in.n_measures);
        bool village = b >= w->in.n_households, own = k.count > 0 && k.pick[0].measure == m;
        for (int i = 0; i < k.count; i++)
            own = own || k.pick[i].measure == m;
        if (!own && village == (w->measure[m].target == YS_PLAN_VILLAGE))
            w->lock[w->in.n_locks++] = (ys_plan_lock){"lock", "who", b, m, -1, -1, false};
    }
    ys_plan_result_free(plan);
    ys_plan_free(p);
    w->in.locks = w->lock;
}

static void world_init(world *w, uint64_t seed, const shape *s)
{
    ys_rng r;
    ys_rng_init(&r, seed, 7);
    *w = (world){0};
    ys_plan_input_defaults(&w->in);
    w->in.period = 2017;
    w->in.horizon = 1 + (int32_t)ys_rng_below(&r, 6);
    w->in.alpha = 1 + (int32_t)ys_rng_below(&r, 2);
    w->in.max_measures = 1 + (int32_t)ys_rng_below(&r, 3);
    w->in.income_sd_share = (double)ys_rng_below(&r, 3) * 0.05;
    w->in.competition = ys_rng_uniform(&r);
    w->in.person_indicators = (uint32_t)ys_rng_below(&r, 1 << INDICATORS);
    w->in.n_indicators = INDICATORS;
    for (int i = 0; i < INDICATORS; i++)
        w->weight[i] = (int32_t)ys_rng_below(&r, 6);
    draw_people(w, s, &r);
    draw_measures(w, s, &r);
    draw_supply(w, s, &r);
    for (int i = 0; i < s->floors; i++)
        w->floor[w->in.n_floors++] = (ys_plan_floor){.name = "floor",
                                                     .area_begin = (int)ys_rng_below(&r, 3),
                                                     .area_end = AREAS,
                                                     .metric = (ys_plan_metric)ys_rng_below(&r, 3),
                                                     .minimum = ys_rng_below(&r, 4)};
    if (s->compares)
        draw_comparisons(w, &r);
    w->in.households = w->household;
    w->in.persons = w->person;
    w->in.villages = w->village;
    w->in.indicator_weight = w->weight;
    w->in.affected = w->affected;
    w->in.n_measures = s->measures;
    w->in.n_offerings = s->offerings;
    w->in.measures = w->measure;
    w->in.offerings = w->offering;
    w->in.funds = w->fund;
    w->in.relations = w->relation;
    w->in.floors = w->floor;
    if (s->nested) {
        draw_groups(w, &r);
        draw_running(w, &r);
        w->in.switch_cost = ys_rng_below(&r, 3) * ys_rng_below(&r, 40000);
        w->in.chance_epsilon = (double)ys_rng_below(&r, 3) * 0.15;
    }
    if (s->locks > 0)
        draw_locks(w, s, &r);
}

static void world_done(world *w)
{
    ys_free(w->household);
    ys_free(w->person);
    ys_free(w->affected);
    ys_free(w->lock);
    ys_free(w->running);
    for (int i = 0; i < MOST; i++) {
        ys_free(w->gate[i]);
        ys_free(w->consent[i]);
    }
}

/* ---- the same facts and the plan in the checker's own types ---- */

typedef struct stored {
    ys_verify_facts f;
    ys_verify_claim q;
    ys_verify_household *household;
    ys_verify_person *person;
    ys_verify_village village[AREAS];
    ys_verify_measure measure[MOST];
    ys_verify_offering offering[MOST];
    ys_verify_fund fund[MOST];
    ys_verify_relation relation[MOST];
    ys_verify_floor floor[MOST];
    ys_verify_group group[MOST];
    ys_verify_lock *lock;
    ys_verify_running *running;
    ys_verify_pick *pick;
    int64_t *cures, *gap;
} stored;

static void carry_people(stored *s, const world *w)
{
    s->household = ys_calloc((size_t)w->in.n_households, sizeof *s->household);
    s->person = ys_calloc((size_t)w->in.n_persons + 1, sizeof *s->person);
    assert_true(s->household && s->person);
    for (int64_t i = 0; i < w->in.n_households; i++) {
        const ys_plan_household *h = &w->household[i];
        s->household[i] = (ys_verify_household){NULL,    h->persons, h->area,        h->village,
                                                h->line, h->ystar,   h->months_free, h->deprived};
    }
    for (int64_t i = 0; i < w->in.n_persons; i++)
        s->person[i] =
            (ys_verify_person){NULL, w->person[i].household, w->person[i].months_free, w->person[i].deprived};
    for (int i = 0; i < AREAS; i++)
        s->village[i] = (ys_verify_village){NULL, w->village[i].area};
}

static void carry_supply(stored *s, const world *w)
{
    for (int i = 0; i < w->in.n_measures; i++) {
        const ys_plan_measure *m = &w->measure[i];
        s->measure[i] = (ys_verify_measure){NULL,
                                            (ys_verify_target)m->target,
                                            m->group,
                                            m->channel,
                                            m->persistence,
                                            m->labour_months,
                                            m->delay_months,
                                            m->cures,
                                            m->full_time,
                                            m->consent,
                                            m->gate,
                                            m->consented};
    }
    for (int i = 0; i < w->in.n_offerings; i++) {
        const ys_plan_offering *o = &w->offering[i];
        s->offering[i] = (ys_verify_offering){NULL,         o->measure,    o->area_begin,     o->area_end,
                                              o->period,    o->fund_a,     o->fund_b,         o->share_a,
                                              o->capacity,  o->cost,       o->cost_recurring, o->effect,
                                              o->effect_sd, o->wait_months};
    }
    for (int i = 0; i < w->in.n_funds; i++)
        s->fund[i] = (ys_verify_fund){NULL, w->fund[i].fund, w->fund[i].period, w->fund[i].amount};
    for (int i = 0; i < w->in.n_relations; i++) {
        const ys_plan_relation *x = &w->relation[i];
        s->relation[i] =
            (ys_verify_relation){x->measure_a, x->measure_b, (ys_verify_relation_kind)x->kind, x->value};
    }
    for (int i = 0; i < w->in.n_floors; i++) {
        const ys_plan_floor *x = &w->floor[i];
        s->floor[i] = (ys_verify_floor){NULL,        x->area_begin,
                                        x->area_end, (ys_verify_metric)x->metric,
                                        x->minimum,  (ys_verify_floor_kind)x->kind,
                                        x->share,    x->of_begin,
                                        x->of_end,   x->fund,
                                        x->offering, x->counts};
    }
}

static void carry_decided(stored *s, const world *w)
{
    const ys_plan_input *in = &w->in;
    s->lock = ys_calloc((size_t)in->n_locks + 1, sizeof *s->lock);
    s->running = ys_calloc((size_t)in->n_running + 1, sizeof *s->running);
    assert_true(s->lock && s->running);
    for (int i = 0; i < in->n_groups; i++)
        s->group[i] = (ys_verify_group){NULL, in->groups[i].parent, in->groups[i].limit};
    for (int64_t i = 0; i < in->n_locks; i++) {
        const ys_plan_lock *l = &in->locks[i];
        s->lock[i] = (ys_verify_lock){l->name, l->block, l->measure, l->offering, l->person, l->keep};
    }
    for (int64_t i = 0; i < in->n_running; i++)
        s->running[i] =
            (ys_verify_running){in->running[i].block, in->running[i].offering, in->running[i].person};
}

static void carry_facts(stored *s, const world *w)
{
    const ys_plan_input *in = &w->in;
    carry_people(s, w);
    carry_supply(s, w);
    carry_decided(s, w);
    s->f = (ys_verify_facts){.n_households = in->n_households,
                             .n_persons = in->n_persons,
                             .n_villages = in->n_villages,
                             .households = s->household,
                             .persons = s->person,
                             .villages = s->village,
                             .n_indicators = in->n_indicators,
                             .person_indicators = in->person_indicators,
                             .indicator_weight = in->indicator_weight,
                             .affected = in->affected,
                             .n_measures = in->n_measures,
                             .n_offerings = in->n_offerings,
                             .n_funds = in->n_funds,
                             .n_relations = in->n_relations,
                             .n_floors = in->n_floors,
                             .measures = s->measure,
                             .offerings = s->offering,
                             .funds = s->fund,
                             .relations = s->relation,
                             .floors = s->floor,
                             .period = in->period,
                             .horizon = in->horizon,
                             .discount = in->discount,
                             .income_sd_share = in->income_sd_share,
                             .competition = in->competition,
                             .max_measures = in->max_measures,
                             .alpha = in->alpha,
                             .tolerance = in->tolerance,
                             .n_groups = in->n_groups,
                             .groups = s->group,
                             .n_locks = in->n_locks,
                             .n_running = in->n_running,
                             .locks = s->lock,
                             .running = s->running,
                             .chance_epsilon = in->chance_epsilon,
                             .switch_cost = in->switch_cost};
}

static void carry_plan(stored *s, const ys_plan *p, const ys_plan_result *r)
{
    s->pick = ys_calloc((size_t)r->blocks * YS_PLAN_MAX_MEASURES + 1, sizeof *s->pick);
    s->cures = ys_calloc((size_t)r->blocks + 1, sizeof *s->cures);
    s->gap = ys_calloc((size_t)r->blocks + 1, sizeof *s->gap);
    assert_true(s->pick && s->cures && s->gap);
    s->q = (ys_verify_claim){.n_rows = r->rows,
                             .n_floors = r->floors,
                             .picks = s->pick,
                             .gap = r->gap,
                             .use = r->use,
                             .floor_use = r->floor_use,
                             .floor_need = r->floor_need,
                             .block_cures = s->cures,
                             .block_gap = s->gap,
                             .overlap = r->overlap};
    for (int64_t b = 0; b < r->blocks; b++) {
        ys_plan_picks x = ys_plan_picks_of(p, r, b);
        s->cures[b] = x.cures;
        s->gap[b] = x.gap;
        for (int i = 0; i < x.count; i++)
            s->pick[s->q.n_picks++] = (ys_verify_pick){b, x.pick[i].offering, x.pick[i].person};
    }
    for (int k = 0; k < YS_PLAN_TIERS; k++) {
        const ys_plan_tier *t = &r->tier[k];
        s->q.tier[k] = (ys_verify_tier){t->value, t->bound,       t->gap,          t->shift,
                                        t->price, t->floor_price, t->couple_price, t->couple_minimum};
    }
    s->q.seal = ys_verify_seal(&s->q);
}

static void stored_done(stored *s)
{
    ys_free(s->household);
    ys_free(s->person);
    ys_free(s->lock);
    ys_free(s->running);
    ys_free(s->pick);
    ys_free(s->cures);
    ys_free(s->gap);
}

/* ---- the test ---- */

typedef struct count {
    int planned, infeasible;
    int64_t picks, cut, bundles;
} count;

static void same(uint64_t seed, const char *what, int64_t planner, int64_t checker)
{
    if (planner != checker)
        fail_msg("seed %llu: %s: planner %lld, checker %lld", (unsigned long long)seed, what,
                 (long long)planner, (long long)checker);
}

static void compare(uint64_t seed, const ys_plan *p, const ys_plan_result *r, const ys_verify_result *v)
{
    ys_plan_size size = ys_plan_measure_size(p);
    for (int64_t i = 0; i < v->n_kept && i < 8; i++)
        print_error("seed %llu: %s\n", (unsigned long long)seed, v->findings[i].en);
    same(seed, "options", size.options, v->options);
    same(seed, "cut", size.cut, v->cut);
    for (int k = 0; k < YS_PLAN_TIERS; k++)
        same(seed, k ? "bound of tier 2" : "bound of tier 1", r->tier[k].bound, v->bound[k]);
    same(seed, "value of tier 2", r->tier[1].value, v->value[1]);
    ys_plan_switches w = ys_plan_switches_of(p, r);
    same(seed, "options added", w.added, v->added);
    same(seed, "options dropped", w.dropped, v->dropped);
    same(seed, "overlap 1", r->overlap[0], v->overlap[0]);
    same(seed, "overlap 2", r->overlap[1], v->overlap[1]);
    assert_int_equal(v->count, 0);
}

static void one_world(uint64_t seed, const shape *s, count *c)
{
    world w;
    stored x = {0};
    ys_plan *p = NULL;
    ys_plan_result *r = NULL;
    ys_diag d = {0};
    world_init(&w, seed, s);
    if (ys_plan_build(&w.in, 1, &p, &d) != YS_OK)
        fail_msg("seed %llu: build: %s", (unsigned long long)seed, d.en);
    ys_plan_config config = {.threads = 1};
    ys_status st = ys_plan_solve(p, &config, &r, &d);
    if (st == YS_OK) {
        ys_verify_result *v = NULL;
        carry_facts(&x, &w);
        carry_plan(&x, p, r);
        if (ys_verify_plan(&x.f, &x.q, 1, &v, &d) != YS_OK)
            fail_msg("seed %llu: verify: %s", (unsigned long long)seed, d.en);
        compare(seed, p, r, v);
        c->planned++;
        c->picks += x.q.n_picks;
        c->cut += v->cut;
        c->bundles += v->bundles;
        ys_verify_result_free(v);
        stored_done(&x);
    } else if (st == YS_EINFEASIBLE) {
        c->infeasible++;
    } else {
        fail_msg("seed %llu: solve: %s", (unsigned long long)seed, d.en);
    }
    ys_plan_result_free(r);
    ys_plan_free(p);
    world_done(&w);
}

static void run(const char *name, uint64_t first, int worlds, const shape *s, count *ret)
{
    *ret = (count){0};
    for (int i = 0; i < worlds; i++)
        one_world(first + (uint64_t)i, s, ret);
    print_message("%s: %d planned, %d infeasible, %lld choices, %lld bundles, %lld blocks cut\n", name,
                  ret->planned, ret->infeasible, (long long)ret->picks, (long long)ret->bundles,
                  (long long)ret->cut);
    assert_true(ret->planned > worlds / 2 && ret->picks > ret->planned);
}

static void test_small(void **state)
{
    (void)state;
    count c;
    run("small", 1, 150, &(shape){12, 6, 10, 4, 1, 2, false, 0, false, false}, &c);
}

static void test_middle(void **state)
{
    (void)state;
    count c;
    run("middle", 1000, 20, &(shape){200, 14, 24, 10, 2, 3, true, 0, false, false}, &c);
}

/* So many options that both ceilings leave some out. */
static void test_crowded(void **state)
{
    (void)state;
    count c;
    run("crowded", 2000, 20, &(shape){60, 30, 40, 6, 0, 1, true, 0, false, false}, &c);
    assert_true(c.cut > 50);
}

/* Nested groups, locks, a running plan, chances and complements. */
static void test_decided(void **state)
{
    (void)state;
    count c;
    run("decided, small", 3000, 200, &(shape){12, 8, 14, 6, 1, 2, false, 3, true, false}, &c);
    run("decided, middle", 4000, 20, &(shape){200, 14, 24, 10, 2, 3, true, 6, true, false}, &c);
    run("decided, crowded", 5000, 20, &(shape){60, 30, 40, 12, 0, 1, true, 4, true, false}, &c);
    assert_true(c.cut > 50);
    run("decided, large", 6000, 2, &(shape){4000, 14, 30, 10, 0, 3, true, 5, true, false}, &c);
}

static void test_comparisons(void **state)
{
    (void)state;
    count c;
    run("compares", 3000, 150, &(shape){12, 6, 10, 4, 0, 2, false, 0, false, true}, &c);
    assert_int_equal(c.infeasible, 0); /* a plan that gives nothing keeps them */
    run("compares, wide", 4000, 15, &(shape){200, 14, 24, 10, 0, 3, true, 0, false, true}, &c);
    assert_int_equal(c.infeasible, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),   cmocka_unit_test(test_middle),      cmocka_unit_test(test_crowded),
        cmocka_unit_test(test_decided), cmocka_unit_test(test_comparisons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
