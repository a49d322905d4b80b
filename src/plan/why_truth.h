/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PLAN_WHY_TRUTH_H
#define YS_PLAN_WHY_TRUTH_H
/*
 * why_truth.h - is a reason true?  For the tests of why.c: each reason held against the facts, and the rejected bundle forced
 * and everything else solved again, so that the loss can be held against the figures.  (cmocka.h and why_cases.h come first.)
 */
#include <math.h>
#include <string.h>

#include "plan/words.h"

typedef struct view {
    const ys_plan *p;
    const ys_plan_result *r;
    const ys_plan_input *in;
    int64_t block;
    int32_t measure;
    ys_plan_why why;
    ys_block b;
    const ys_bundle *chosen;
} view;

static int32_t measure_of(const view *v, const ys_bundle *u, int i)
{
    return v->in->offerings[v->b.type[u->option[i]]].measure;
}

static bool has(const view *v, const ys_bundle *u, int32_t measure)
{
    bool yes = false;
    for (int i = 0; i < u->count; i++)
        yes = yes || measure_of(v, u, i) == measure;
    return yes;
}

/* Charges of a bundle per row, of the options whose measure is not `but` (-1: of all). */
static void add_charges(const view *v, const ys_bundle *u, int32_t but, int64_t *use, int sign)
{
    int64_t row[64], amount[64];
    for (int i = 0; i < u->count; i++) {
        int n =
            measure_of(v, u, i) == but ? 0 : ys_plan_charges(v->p, v->b.type[u->option[i]], row, amount, 64);
        for (int j = 0; j < n; j++)
            use[row[j]] += sign * amount[j];
    }
}

static bool fits(const view *v, const ys_bundle *u, int32_t but, int64_t over_row)
{
    int64_t use[256];
    assert_true(v->r->rows <= 256);
    memcpy(use, v->r->use, (size_t)v->r->rows * sizeof *use);
    add_charges(v, v->chosen, -1, use, -1);
    add_charges(v, u, but, use, 1);
    for (int64_t i = 0; i < v->r->rows; i++)
        if ((over_row < 0 || i == over_row) && use[i] > ys_plan_row_at(v->p, i).limit)
            return false;
    return true;
}

typedef struct terms { /* per unit of tier 2, as docs/plan-model.md section 7 */
    double w1, w2, w0, couple;
} terms;

static terms terms_of(const view *v)
{
    const ys_plan_tier *t = &v->r->tier[1];
    bool village = v->block >= v->in->n_households;
    int32_t area =
        village ? v->in->villages[v->block - v->in->n_households].area : v->in->households[v->block].area;
    terms k = {.couple = ldexp((double)t->couple_price, -t->shift), .w2 = 1};
    k.w1 = k.couple;
    for (int f = 0; f < v->in->n_floors; f++) {
        const ys_plan_floor *o = &v->in->floors[f];
        double q =
            area >= o->area_begin && area < o->area_end ? ldexp((double)t->floor_price[f], -t->shift) : 0;
        k.w2 += o->metric == YS_PLAN_GAP ? q : 0;
        k.w1 += o->metric == YS_PLAN_CURES ? q : 0;
        k.w0 += o->metric == YS_PLAN_HELPED && !village ? q : 0;
    }
    return k;
}

static double worth(const terms *k, const ys_bundle *u)
{
    return k->w1 * u->v1 + k->w2 * (double)u->v2 + (u->v1 > 0 || u->v2 > 0 ? k->w0 : 0);
}

static double price(const view *v, const ys_bundle *u)
{
    int64_t use[256] = {0};
    double sum = 0;
    add_charges(v, u, -1, use, 1);
    for (int64_t i = 0; i < v->r->rows; i++)
        sum += ldexp((double)v->r->tier[1].price[i], -v->r->tier[1].shift) * (double)use[i];
    return sum;
}

static bool offered(const view *v)
{
    bool village = v->block >= v->in->n_households, any = false;
    int32_t area =
        village ? v->in->villages[v->block - v->in->n_households].area : v->in->households[v->block].area;
    for (int i = 0; i < v->in->n_offerings; i++) {
        const ys_plan_offering *o = &v->in->offerings[i];
        any = any || (o->measure == v->measure && area >= o->area_begin && area < o->area_end &&
                      village == (v->in->measures[v->measure].target == YS_PLAN_VILLAGE));
    }
    return any;
}

/* How many of those the gate is asked for have this truth, and of them enough months. */
static int targets(const view *v, uint8_t truth, bool with_months)
{
    const ys_plan_measure *m = &v->in->measures[v->measure];
    if (m->target == YS_PLAN_VILLAGE)
        return m->gate[v->block - v->in->n_households] == truth;
    bool home =
        !with_months || ys__milli(m->labour_months) <= ys__milli(v->in->households[v->block].months_free);
    if (m->target == YS_PLAN_HOUSEHOLD)
        return home && m->gate[v->block] == truth;
    int n = 0;
    for (int64_t i = 0; i < v->in->n_persons; i++)
        n += home && v->in->persons[i].household == v->block && m->gate[i] == truth &&
             (!with_months || ys__milli(m->labour_months) <= ys__milli(v->in->persons[i].months_free));
    return n;
}

static bool no_option(const view *v)
{
    for (int i = 0; i < v->b.n_options; i++)
        if (v->in->offerings[v->b.type[i]].measure == v->measure)
            return false;
    return true;
}

static bool related(const view *v, ys_plan_relation_kind kind, int32_t a, int32_t b)
{
    for (int i = 0; i < v->in->n_relations; i++)
        if (v->in->relations[i].kind == kind && v->in->relations[i].measure_a == a &&
            v->in->relations[i].measure_b == b)
            return true;
    return false;
}

/* Chosen, and not to go with the measure for one target at least. */
static bool is_rival(const view *v)
{
    const ys_plan_measure *a = &v->in->measures[v->measure], *b = &v->in->measures[v->why.other];
    bool clash = (a->group >= 0 && a->group == b->group) || (a->full_time && b->full_time) ||
                 related(v, YS_PLAN_EXCLUDES, v->measure, v->why.other) ||
                 related(v, YS_PLAN_EXCLUDES, v->why.other, v->measure);
    return clash && has(v, v->chosen, v->why.other);
}

/* The months of `other` are in the way: without it there would be more room for the measure. */
static bool takes_labour(const view *v)
{
    double need = v->in->measures[v->measure].labour_months, used = 0, own = 0;
    int32_t person = -1;
    for (int i = 0; i < v->chosen->count; i++) {
        used += v->in->measures[measure_of(v, v->chosen, i)].labour_months;
        if (measure_of(v, v->chosen, i) == v->why.other)
            person = v->b.person[v->chosen->option[i]];
    }
    for (int i = 0; i < v->chosen->count; i++)
        if (person >= 0 && v->b.person[v->chosen->option[i]] == person)
            own += v->in->measures[measure_of(v, v->chosen, i)].labour_months;
    bool home = used + need > v->in->households[v->block].months_free - 0.001;
    bool one = person >= 0 && own + need > v->in->persons[person].months_free - 0.001;
    return need > 0 && (home || one) && has(v, v->chosen, v->why.other) &&
           v->in->measures[v->why.other].labour_months > 0;
}

/*
 * Were the measure's own charges nothing, no bundle with it that fits would be better: worth more at the plan's weights of
 * cures and gap, without a cure less.
 */
static bool no_better_free(const view *v)
{
    terms k = terms_of(v);
    for (int i = 1; i < v->b.n_bundles; i++) {
        const ys_bundle *u = &v->b.bundle[i];
        bool more = worth(&k, u) > worth(&k, v->chosen) * (1 + 1e-12) + 1e-6;
        if (has(v, u, v->measure) && more && u->v1 >= v->chosen->v1 && fits(v, u, v->measure, -1))
            return false;
    }
    return true;
}

static bool in_no_bundle(const view *v)
{
    for (int i = 1; i < v->b.n_bundles; i++)
        if (has(v, &v->b.bundle[i], v->measure))
            return false;
    return true;
}

/* The bundle that the figures speak of; NULL: there is none, and the reason is not true. */
static const ys_bundle *spoken_of(const view *v)
{
    terms k = terms_of(v);
    double now = worth(&k, v->chosen);
    for (int i = 1; i < v->b.n_bundles; i++) {
        const ys_bundle *u = &v->b.bundle[i];
        if (has(v, u, v->measure) && u->v2 - v->chosen->v2 == v->why.gain &&
            (u->v1 > v->chosen->v1 || worth(&k, u) > now - 1e-9 * fabs(now)) && !fits(v, u, -1, v->why.row) &&
            fabs(price(v, u) - price(v, v->chosen) - (double)v->why.price) <= 0.5001)
            return u;
    }
    return NULL;
}

static bool is_true(const view *v)
{
    const ys_plan_measure *m = &v->in->measures[v->measure];
    bool open = offered(v) && targets(v, 1, false) > 0;
    bool wanted = open && (!m->consent || m->consented[v->block] == 1);
    switch (v->why.reason) {
    case YS_WHY_CHOSEN:
        return has(v, v->chosen, v->measure);
    case YS_WHY_NO_OFFER:
        return !offered(v);
    case YS_WHY_GATE_FALSE:
        return offered(v) && targets(v, 1, false) + targets(v, 2, false) == 0;
    case YS_WHY_GATE_UNKNOWN:
        return offered(v) && targets(v, 1, false) == 0 && targets(v, 2, false) > 0;
    case YS_WHY_CONSENT_REFUSED:
        return open && m->consent && m->consented[v->block] == 0;
    case YS_WHY_CONSENT_MISSING:
        return open && m->consent && m->consented[v->block] == 2;
    case YS_WHY_NO_MONEY:
        return wanted && no_option(v);
    case YS_WHY_LABOUR:
        return wanted && targets(v, 1, true) == 0 && no_option(v);
    case YS_WHY_LIMIT:
        return wanted && targets(v, 1, true) > 0 && no_option(v) && ys_plan_measure_size(v->p).cut > 0;
    case YS_WHY_GROUP:
        return wanted && is_rival(v) && no_better_free(v);
    case YS_WHY_NEEDS:
        return wanted && in_no_bundle(v) && related(v, YS_PLAN_REQUIRES, v->measure, v->why.other) &&
               !has(v, v->chosen, v->why.other);
    case YS_WHY_LABOUR_TAKEN:
        return wanted && takes_labour(v) && no_better_free(v);
    case YS_WHY_COUNT:
        return wanted && v->chosen->count == v->in->max_measures && no_better_free(v);
    case YS_WHY_LESS_VALUE:
        return wanted && no_better_free(v);
    case YS_WHY_CAPACITY:
        return wanted && v->why.row >= v->in->n_funds && spoken_of(v) != NULL;
    case YS_WHY_BUDGET:
        return wanted && v->why.row >= 0 && v->why.row < v->in->n_funds && spoken_of(v) != NULL;
    case YS_WHY_FORBIDDEN: /* those who judge have no locks and ask for no chances: lock_test.c does */
    case YS_WHY_LOCKED:
    case YS_WHY_CHANCE:
        return false;
    }
    return false;
}

/* ---- the rejected bundle, forced ---- */

/* A copy of the plan in which the block has nothing to choose, and what `u` takes and brings is taken and brought. */
static ys_plan *forced(const view *v, const ys_bundle *u)
{
    ys_plan *p = build(v->in);
    ys_choice *c = &p->choice;
    ys_chunk *k = &c->chunks[v->block / YS_CHUNK_BLOCKS];
    int64_t i = v->block % YS_CHUNK_BLOCKS;
    for (uint32_t b = k->bundle_at[i]; b < k->bundle_at[i + 1]; b++) {
        k->bundles[b] = k->bundles[k->bundle_at[i]];
        if (k->mask != NULL)
            k->mask[b] = 0;
    }
    add_charges(v, u, -1, c->limit, -1);
    for (int32_t f = c->place_at[v->b.place]; f < c->place_at[v->b.place + 1]; f++) {
        int64_t *least = &c->floor_minimum[c->place_floor[f]];
        *least -= ys__metric_value(c->floor_metric[c->place_floor[f]], u, c->place_helps[v->b.place]);
        *least = *least > 0 ? *least : 0;
    }
    for (int64_t row = 0; row < c->n_rows; row++)
        if (c->limit[row] < 0) { /* two such options are more than there is */
            ys_plan_free(p);
            return NULL;
        }
    return p;
}

typedef struct tally {
    int checked[YS_WHY_COUNT + 1], forced, refused;
    int sharp; /* of the forced: more is stated than is left unproven, so that the check could fail */
    double stated, lost;
} tally;

/*
 * Weak duality.  With the prices of tier 2 let red(S) be the worth of a bundle less its price and L the Lagrangian, so that
 * bound <= L < bound + 1.  A plan in which the block takes u has, whatever the others take,
 *   value <= L - (best - red(u)) + couple * (M - its cures),  best >= red(chosen),
 * since floors are met and rows kept.  So the loss against the plan is at least what why.c states, price - gain, less what u
 * brings in cures and floors, less what is not proven of the plan itself, bound - value + 1.
 */
static void force(const view *v, const ys_bundle *u, tally *t)
{
    ys_plan *p = forced(v, u);
    ys_plan_result *r = NULL;
    ys_diag d = {0};
    if (p == NULL || ys_plan_solve(p, &(ys_plan_config){.threads = 1, .passes = 60}, &r, &d) != YS_OK) {
        t->refused++; /* the floors leave no room for it */
        ys_plan_free(p);
        return;
    }
    int64_t cures = u->v1;
    for (int64_t b = 0; b < r->blocks; b++)
        cures += ys_plan_picks_of(p, r, b).cures;
    const ys_plan_tier *tier = &v->r->tier[1];
    terms k = terms_of(v);
    double side = worth(&k, u) - worth(&k, v->chosen) - (double)v->why.gain; /* cures and floors */
    double loss = (double)(tier->value - (r->tier[1].value + u->v2));
    double stated = (double)(v->why.price - v->why.gain) - side;
    double open = (double)(tier->bound - tier->value) + 1 + k.couple * (double)(tier->couple_minimum - cures);
    if (loss < stated - open - 0.51)
        fail_msg("block %d, measure %d: lost %.0f, stated %.0f, not proven %.0f", (int)v->block, v->measure,
                 loss, stated, open);
    t->forced++;
    t->sharp += stated > open;
    t->stated += stated;
    t->lost += loss;
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* The reason of one measure for one block, with what is needed to judge it. */
static view view_of(const ys_plan *p, const ys_plan_result *r, int64_t block, int32_t measure)
{
    view v = {
        .p = p, .r = r, .in = p->in, .block = block, .measure = measure, .b = ys__block(&p->choice, block)};
    v.chosen = &v.b.bundle[r->choice[block]];
    v.why = ys_plan_why_not(p, r, block, measure);
    return v;
}

/* Counts the reason; the test fails where it is not true. */
static void check_reason(const view *v, tally *t)
{
    t->checked[v->why.reason]++;
    if (!is_true(v))
        fail_msg("block %d, measure %s: not true: %s", (int)v->block, v->in->measures[v->measure].name,
                 ys_plan_reason_name(v->why.reason));
}

static bool is_scarce(const view *v)
{
    return v->why.reason == YS_WHY_CAPACITY || v->why.reason == YS_WHY_BUDGET;
}

#endif
