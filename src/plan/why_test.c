/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: each one for a household made for it, and on random plans that what is stated is true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "plan/sample.h"
#include "plan/why_cases.h"
#include "plan/words.h"

/* ---- one household for each reason ---------------------------------------------------------------------------- */

static void test_every_reason(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (size_t i = 0; i < sizeof why_cases / sizeof *why_cases; i++) {
        const why_case *c = &why_cases[i];
        house h;
        house_plain(&h);
        if (c->spoil != NULL)
            c->spoil(&h);
        ys_plan *p = build(&h.in);
        ys_plan_result *r = solve(p);
        ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
        if (w.reason != c->reason || w.other != c->other || w.row != c->row)
            fail_msg("%s: %s, other %d, row %d", c->name, ys_plan_reason_name(w.reason), w.other, (int)w.row);
        seen |= 1u << w.reason;
        /* what stands in the way of alpha does not stand in the way of beta, or it is chosen */
        if (c->reason != YS_WHY_NEEDS && c->reason != YS_WHY_LIMIT && h.in.n_offerings == 2)
            assert_int_equal(ys_plan_why_not(p, r, 0, 1).reason, YS_WHY_CHOSEN);
        ys_plan_result_free(r);
        ys_plan_free(p);
    }
    assert_int_equal(seen, (1u << (YS_WHY_COUNT + 1)) - 1);
}

/* 500 yuan below the line: alpha closes all of it in each of five years, 500 * 4.3295 at 5 %. */
static void test_figures_of_money(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_money(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
    double d = 1, sum = 0;
    for (int t = 1; t <= 5; t++)
        sum += d /= 1.05;
    int64_t annuity = (int64_t)floor(50000 * sum + 0.5);
    assert_int_equal(w.gain, annuity);
    /* the price lies between what household 1 would gain and what household 2 does gain, of one unit */
    assert_true(w.price >= w.gain && w.price <= 2 * annuity + 1);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* The cure goes to the household where a place closes least beside it; for the other one a bundle with it closes less. */
static void test_figures_of_a_cure(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_cure(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    assert_int_equal(ys_plan_why_not(p, r, 1, 0).reason, YS_WHY_CHOSEN);
    ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
    assert_int_equal(w.reason, YS_WHY_CAPACITY);
    assert_int_equal(w.row, 1);
    assert_int_equal(w.gain, -ys_plan_picks_of(p, r, 0).gap);
    assert_true(w.gain < 0);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* ---- a reason is true ----------------------------------------------------------------------------------------- */

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
    bool home = !with_months || m->labour_months <= v->in->households[v->block].months_free;
    if (m->target == YS_PLAN_HOUSEHOLD)
        return home && m->gate[v->block] == truth;
    int n = 0;
    for (int64_t i = 0; i < v->in->n_persons; i++)
        n += home && v->in->persons[i].household == v->block && m->gate[i] == truth &&
             (!with_months || m->labour_months <= v->in->persons[i].months_free);
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
    }
    return false;
}

/* ---- the rejected bundle, forced ------------------------------------------------------------------------------ */

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
    t->stated += stated;
    t->lost += loss;
    ys_plan_result_free(r);
    ys_plan_free(p);
}

static void check_sample(uint64_t seed, int floors, bool cures, tally *t)
{
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 100,
                                                     .per_village = 20,
                                                     .measures = 16,
                                                     .scarcity = 0.15 + 0.1 * (double)(seed % 4),
                                                     .floors = floors,
                                                     .equal = seed % 5 == 0});
    assert_non_null(in);
    in->max_measures = 1 + (int)(seed % 3);
    static const int32_t weightless[YS_PLAN_INDICATORS];
    in->indicator_weight = cures ? in->indicator_weight : weightless;
    ys_plan *p = build(in);
    ys_plan_result *r = solve(p);
    int turn = (int)seed;
    for (int64_t block = 0; block < r->blocks; block++)
        for (int32_t m = 0; m < in->n_measures; m++) {
            view v = {
                .p = p, .r = r, .in = in, .block = block, .measure = m, .b = ys__block(&p->choice, block)};
            v.chosen = &v.b.bundle[r->choice[block]];
            v.why = ys_plan_why_not(p, r, block, m);
            t->checked[v.why.reason]++;
            if (!is_true(&v))
                fail_msg("seed %d, block %d, measure %d: not true: %s", (int)seed, (int)block, m,
                         ys_plan_reason_name(v.why.reason));
            bool scarce = v.why.reason == YS_WHY_CAPACITY || v.why.reason == YS_WHY_BUDGET;
            if (scarce && ++turn % 23 == 0)
                force(&v, spoken_of(&v), t);
        }
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

static tally check_samples(uint64_t first, uint64_t last, int floors, bool cures)
{
    tally t = {0};
    for (uint64_t seed = first; seed <= last; seed++)
        check_sample(seed, floors, cures, &t);
    for (int i = 0; i <= YS_WHY_COUNT; i++)
        print_message("%s %d%s", ys_plan_reason_name((ys_plan_reason)i), t.checked[i],
                      i < YS_WHY_COUNT ? ", " : "\n");
    print_message("forced %d (refused %d): stated %.0f yuan, lost %.0f yuan\n", t.forced, t.refused,
                  t.stated / 100, t.lost / 100);
    assert_true(t.forced >= 20);
    for (int i = YS_WHY_GROUP; i <= YS_WHY_COUNT; i++)
        assert_true(t.checked[i] > 0);
    return t;
}

static void test_true_on_samples(void **state)
{
    (void)state;
    check_samples(1, 6, 0, true);
}

/*
 * No cures, no floors: nothing but the figures is in it.  Each loss is at least price - gain less what is not proven (force);
 * so is their sum, and the prices are not idle: they foretell a good part of what is lost.
 */
static void test_true_gap_alone(void **state)
{
    (void)state;
    tally t = check_samples(11, 16, 0, false);
    assert_true(t.stated > 0 && t.lost > 0.5 * t.stated && t.stated > 0.1 * t.lost);
}

static void test_true_with_floors(void **state)
{
    (void)state;
    check_samples(21, 24, 2, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_reason),      cmocka_unit_test(test_figures_of_money),
        cmocka_unit_test(test_figures_of_a_cure), cmocka_unit_test(test_true_on_samples),
        cmocka_unit_test(test_true_gap_alone),    cmocka_unit_test(test_true_with_floors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
