/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle_test.c - the bundles of a block against a plain enumeration: all subsets of all that is offered, held against every
 * rule of docs/plan-model.md one by one, and valued with libm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/rng.h"
#include "plan/model.h"
#include "plan/sample.h"

enum { MOST = 600 };

/* ---- an option and a set of them, naively -------------------------------------------------------------------- */

typedef struct item {
    int32_t offering, person;
} item;

typedef struct world {
    const ys_plan_input *in;
    const ys_plan *p; /* for charges and rows only */
    int64_t block;
    item all[MOST];
    int n;
} world;

static const ys_plan_measure *measure_of(const world *w, item x)
{
    return &w->in->measures[w->in->offerings[x.offering].measure];
}

static bool village(const world *w)
{
    return w->block >= w->in->n_households;
}

static bool holds(const uint8_t *truth, int64_t row, bool missing)
{
    return truth == NULL ? missing : truth[row] == 1;
}

static bool matches(const world *w, const ys_plan_lock *l, item x)
{
    return l->block == w->block && l->measure == w->in->offerings[x.offering].measure &&
           (l->offering < 0 || l->offering == x.offering) && (l->person < 0 || l->person == x.person);
}

static bool affordable(const world *w, int32_t offering)
{
    int64_t row[64], amount[64];
    int n = ys_plan_charges(w->p, offering, row, amount, 64);
    for (int i = 0; i < n; i++)
        if (amount[i] > ys_plan_row_at(w->p, row[i]).limit)
            return false;
    return true;
}

static bool may_have(const world *w, item x)
{
    const ys_plan_input *in = w->in;
    const ys_plan_measure *u = measure_of(w, x);
    const ys_plan_offering *o = &in->offerings[x.offering];
    int64_t row = village(w) ? w->block - in->n_households : w->block;
    int32_t area = village(w) ? in->villages[row].area : in->households[row].area;
    bool ok = area >= o->area_begin && area < o->area_end && w->p->model.offer[x.offering].available &&
              affordable(w, x.offering);
    for (int64_t i = 0; i < in->n_locks; i++)
        ok = ok && (in->locks[i].keep || !matches(w, &in->locks[i], x));
    if (village(w))
        return ok && u->target == YS_PLAN_VILLAGE && holds(u->gate, row, true);
    double months = floor(u->labour_months * 1000 + 0.5);
    ok = ok && u->target == (x.person < 0 ? YS_PLAN_HOUSEHOLD : YS_PLAN_PERSON) &&
         (!u->consent || holds(u->consented, row, false)) &&
         months <= floor(in->households[row].months_free * 1000 + 0.5) &&
         holds(u->gate, x.person < 0 ? row : x.person, true);
    return ok && (x.person < 0 || months <= floor(in->persons[x.person].months_free * 1000 + 0.5));
}

static void gather(world *w)
{
    w->n = 0;
    for (int32_t o = 0; o < w->in->n_offerings; o++) {
        if (may_have(w, (item){o, -1}))
            w->all[w->n++] = (item){o, -1};
        for (int32_t p = 0; p < w->in->n_persons && !village(w); p++)
            if (w->in->persons[p].household == w->block && may_have(w, (item){o, p}))
                w->all[w->n++] = (item){o, p};
        assert_true(w->n < MOST - 8);
    }
}

/* ---- rules --------------------------------------------------------------------------------------------------- */

static bool apart(item a, item b)
{
    return a.person >= 0 && b.person >= 0 && a.person != b.person;
}

static bool is_below(const ys_plan_input *in, const ys_plan_measure *u, int32_t group)
{
    int32_t g = u->group;
    for (int steps = 0; g >= 0 && steps < 100; steps++) {
        if (g == group)
            return true;
        g = g < in->n_groups ? in->groups[g].parent : -1;
    }
    return false;
}

/* Every subset whose members all meet holds no more of any group than its limit. */
static bool groups_hold(const world *w, const item *s, int n)
{
    for (int32_t g = 0; g < 40; g++)
        for (unsigned part = 1; part < 1u << n; part++) {
            int count = 0;
            bool meet = true;
            for (int a = 0; a < n; a++) {
                if (!(part >> a & 1))
                    continue;
                count += is_below(w->in, measure_of(w, s[a]), g);
                for (int b = 0; b < a; b++)
                    meet = meet && (!(part >> b & 1) || !apart(s[a], s[b]));
            }
            if (meet && count > (g < w->in->n_groups ? w->in->groups[g].limit : 1))
                return false;
        }
    return true;
}

static bool pair_ok(const world *w, item a, item b)
{
    int32_t m = w->in->offerings[a.offering].measure, n = w->in->offerings[b.offering].measure;
    if (apart(a, b))
        return true;
    for (int i = 0; i < w->in->n_relations; i++) {
        const ys_plan_relation *r = &w->in->relations[i];
        if (r->kind == YS_PLAN_EXCLUDES &&
            ((r->measure_a == m && r->measure_b == n) || (r->measure_a == n && r->measure_b == m)))
            return false;
    }
    bool both = measure_of(w, a)->full_time && measure_of(w, b)->full_time;
    return m != n && !(both && a.person >= 0 && a.person == b.person);
}

static bool has_needs(const world *w, const item *s, int n, int a)
{
    for (int i = 0; i < w->in->n_relations; i++) {
        const ys_plan_relation *r = &w->in->relations[i];
        bool met = r->kind != YS_PLAN_REQUIRES || r->measure_a != w->in->offerings[s[a].offering].measure;
        for (int b = 0; b < n; b++)
            met = met ||
                  (b != a && w->in->offerings[s[b].offering].measure == r->measure_b && !apart(s[a], s[b]));
        if (!met)
            return false;
    }
    return true;
}

static bool labour_holds(const world *w, const item *s, int n)
{
    double all = 0;
    for (int a = 0; a < n && !village(w); a++) {
        double own = 0;
        all += floor(measure_of(w, s[a])->labour_months * 1000 + 0.5);
        for (int b = 0; b < n; b++)
            own += s[b].person == s[a].person ? floor(measure_of(w, s[b])->labour_months * 1000 + 0.5) : 0;
        if (s[a].person >= 0 && own > floor(w->in->persons[s[a].person].months_free * 1000 + 0.5))
            return false;
    }
    return village(w) || all <= floor(w->in->households[w->block].months_free * 1000 + 0.5);
}

static bool allowed(const world *w, const item *s, int n)
{
    bool ok = n <= w->in->max_measures && groups_hold(w, s, n) && labour_holds(w, s, n);
    for (int a = 0; ok && a < n; a++) {
        ok = has_needs(w, s, n, a);
        for (int b = 0; ok && b < a; b++)
            ok = pair_ok(w, s[a], s[b]);
    }
    return ok;
}

/* ---- values -------------------------------------------------------------------------------------------------- */

/* Effect and variance of one unit in year t (1..T), by months. */
static void year(const world *w, item x, int t, double *e, double *v)
{
    const ys_plan_offering *o = &w->in->offerings[x.offering];
    const ys_plan_measure *u = measure_of(w, x);
    double start = 12.0 * (o->period - w->in->period) + u->delay_months, done = 12.0 * t - start;
    double share = fmin(1, fmax(0, done / 12));
    double age = floor((12.0 * (t - 1) - start) / 12);
    share *= pow(u->persistence, age > 0 ? age : 0);
    *e = o->effect * share;
    *v = o->effect_sd * share * o->effect_sd * share;
}

static double lost_share(const world *w, item a, item b)
{
    int32_t m = w->in->offerings[a.offering].measure, n = w->in->offerings[b.offering].measure;
    const ys_plan_measure *x = measure_of(w, a), *y = measure_of(w, b);
    double share =
        x->labour_months > 0 && y->labour_months > 0 && x->channel == y->channel ? w->in->competition : 0;
    for (int i = 0; i < w->in->n_relations; i++) {
        const ys_plan_relation *r = &w->in->relations[i];
        bool pair = (r->measure_a == m && r->measure_b == n) || (r->measure_a == n && r->measure_b == m);
        if (pair && r->kind == YS_PLAN_COMPETES)
            share = r->value;
        if (pair && r->kind == YS_PLAN_COMPLEMENTS)
            share = -r->value;
    }
    return apart(a, b) ? 0 : share;
}

static void effect_of(const world *w, const item *s, int n, int t, double *d, double *v)
{
    double e[3], x;
    *d = *v = 0;
    for (int a = 0; a < n; a++) {
        year(w, s[a], t, &e[a], &x);
        *d += e[a];
        *v += x;
    }
    for (int a = 0; a < n; a++)
        for (int b = 0; b < a; b++)
            if (e[a] > 0 && e[b] > 0)
                *d -= lost_share(w, s[a], s[b]) * fmin(e[a], e[b]);
}

static double shortfall(double g, double s, double z, int alpha)
{
    double cdf = s > 0 ? 0.5 * erfc(-g / s / sqrt(2)) : g > 0,
           pdf = s > 0 ? exp(-g / s * g / s / 2) / sqrt(2 * M_PI) : 0;
    return alpha == 1 ? g * cdf + s * pdf : ((g * g + s * s) * cdf + g * s * pdf) / z;
}

/* What a household's gap shrinks by when the set adds to it, shared by `heads`. */
static double closed(const world *w, int64_t household, double heads, const item *s, int n)
{
    const ys_plan_household *h = &w->in->households[household];
    double y = (double)h->ystar / h->persons, z = (double)h->line, s0 = w->in->income_sd_share * fabs(y),
           sum = 0;
    for (int t = 1; t <= w->in->horizon; t++) {
        double d, v;
        effect_of(w, s, n, t, &d, &v);
        sum += (shortfall(z - y, s0, z, w->in->alpha) -
                shortfall(z - y - d / heads, sqrt(s0 * s0 + v / heads / heads), z, w->in->alpha)) /
               pow(1 + w->in->discount, t);
    }
    return floor(sum * h->persons + 0.5);
}

static double gap_closed(const world *w, const item *s, int n)
{
    if (!village(w))
        return closed(w, w->block, w->in->households[w->block].persons, s, n);
    double heads = 0, sum = 0;
    for (int round = 0; round < 2; round++)
        for (int64_t h = 0; h < w->in->n_households; h++)
            if (w->in->households[h].village == w->block - w->in->n_households) {
                heads += round == 0 ? w->in->households[h].persons : 0;
                sum += round == 1 ? closed(w, h, heads, s, n) : 0;
            }
    return sum;
}

static int64_t cured(const world *w, const item *s, int n)
{
    const ys_plan_input *in = w->in;
    int64_t sum = 0;
    for (int64_t h = 0; h < in->n_households; h++) {
        if (village(w) ? in->households[h].village != w->block - in->n_households : h != w->block)
            continue;
        for (int i = 0; i < in->n_indicators; i++) {
            int64_t people = 0, most = in->affected[h * in->n_indicators + i];
            bool by_person = in->person_indicators >> i & 1 && !village(w), whole = false;
            for (int a = 0; a < n; a++)
                whole = whole || ((measure_of(w, s[a])->cures >> i & 1) && (s[a].person < 0 || !by_person));
            for (int64_t p = 0; p < in->n_persons && by_person; p++) {
                bool has = false;
                for (int a = 0; a < n; a++)
                    has = has || (s[a].person == p && (measure_of(w, s[a])->cures >> i & 1));
                people += has && in->persons[p].household == h && (in->persons[p].deprived >> i & 1);
            }
            people = whole ? most : people < most ? people : most;
            sum += (in->households[h].deprived >> i & 1) ? people * in->indicator_weight[i] : 0;
        }
    }
    return sum;
}

static int64_t switched(const world *w, const item *s, int n)
{
    int64_t changes = n;
    for (int64_t i = 0; i < w->in->n_running; i++) {
        const ys_plan_running *r = &w->in->running[i];
        if (r->block != w->block)
            continue;
        changes++;
        for (int a = 0; a < n; a++)
            changes -= s[a].offering == r->offering && s[a].person == r->person ? 2 : 0;
    }
    return changes * w->in->switch_cost;
}

/* 0 promises nothing, 1 keeps the promise, -1 does not; 2: too near to tell with libm. */
static int promise(const world *w, const item *s, int n)
{
    const ys_plan_household *h = &w->in->households[w->block];
    double heads = h->persons, y = (double)h->ystar / heads, z = (double)h->line, best = -1e300, d, v,
           spread = 0;
    for (int t = 1; t <= w->in->horizon; t++) {
        effect_of(w, s, n, t, &d, &v);
        if (d > best + 1e-9) {
            best = d;
            spread = sqrt(pow(w->in->income_sd_share * y, 2) + v / heads / heads);
        }
    }
    double over = y + best / heads - z;
    if (n == 0 || y >= z || over < -1e-6)
        return 0;
    if (over < 1e-6)
        return 2;
    double chance = 1 - 0.5 * erfc(over / spread / sqrt(2)), asked = 1 - w->in->chance_epsilon;
    return spread > 0 && fabs(chance - asked) < 1e-9 ? 2 : spread <= 0 || chance > asked ? 1 : -1;
}

/* ---- the comparison ------------------------------------------------------------------------------------------ */

typedef struct lawful {
    item s[3];
    int n, promise;
    double v2;
    int64_t v1;
    bool kept;
} lawful;

static bool contains(const item *s, int n, item x)
{
    for (int i = 0; i < n; i++)
        if (s[i].offering == x.offering && s[i].person == x.person)
            return true;
    return false;
}

/* Is every lock served?  In these worlds locks leave nothing open. */
static bool serves_locks(const world *w, const item *s, int n)
{
    for (int64_t i = 0; i < w->in->n_locks; i++) {
        const ys_plan_lock *l = &w->in->locks[i];
        if (l->keep && l->block == w->block && !contains(s, n, (item){l->offering, l->person}))
            return false;
    }
    return true;
}

static int enumerate(world *w, lawful *list, int most)
{
    int n = 0;
    for (int a = -1; a < w->n; a++)
        for (int b = -1; b < (a < 0 ? 0 : a); b++)
            for (int c = -1; c < (b < 0 ? 0 : b); c++) {
                lawful x = {.n = 0};
                int pick[3] = {a, b, c};
                for (int i = 0; i < 3; i++)
                    if (pick[i] >= 0)
                        x.s[x.n++] = w->all[pick[i]];
                if (!serves_locks(w, x.s, x.n) || (x.n > 0 && !allowed(w, x.s, x.n)))
                    continue;
                assert_true(n < most);
                x.promise = w->in->chance_epsilon > 0 && !village(w) ? promise(w, x.s, x.n) : 0;
                x.v1 = cured(w, x.s, x.n);
                x.v2 = gap_closed(w, x.s, x.n) - (double)switched(w, x.s, x.n);
                list[n++] = x;
            }
    return n;
}

/* Only where some set keeps its promise, those that do not are out; but never the smallest. */
static void drop_broken(lawful *list, int n)
{
    bool any = false;
    int least = 3;
    for (int i = 0; i < n; i++) {
        any = any || list[i].promise == 1;
        least = list[i].n < least ? list[i].n : least;
    }
    for (int i = 0; i < n; i++)
        list[i].kept = !any || list[i].promise != -1 || list[i].n == least;
}

static bool same_set(const ys_block *b, const ys_bundle *u, const lawful *x)
{
    bool same = u->count == x->n;
    for (int k = 0; same && k < u->count; k++)
        same = contains(x->s, x->n, (item){b->type[u->option[k]], b->person[u->option[k]]});
    return same;
}

/* A bundle that charges no more of any row and is worth as much. */
static bool covers(const world *w, const ys_block *b, const ys_bundle *u, const lawful *x)
{
    int64_t row[64], amount[64], use[256] = {0};
    for (int side = 0; side < 2; side++)
        for (int k = 0; k < (side ? x->n : u->count); k++) {
            int m = ys_plan_charges(w->p, side ? x->s[k].offering : b->type[u->option[k]], row, amount, 64);
            for (int j = 0; j < m; j++)
                use[row[j]] += side ? -amount[j] : amount[j];
        }
    for (int r = 0; r < 256; r++)
        if (use[r] > 0)
            return false;
    return u->v1 >= x->v1 && (double)u->v2 >= x->v2 - 2;
}

typedef struct tally {
    int64_t blocks, sets, bundles, promises, locked, switches;
} tally;

static void compare_block(world *w, tally *sum)
{
    static lawful list[200000];
    ys_block b = ys__block(&w->p->choice, w->block);
    gather(w);
    int n = enumerate(w, list, 200000), expected = 0;
    bool near = false;
    drop_broken(list, n);
    for (int i = 0; i < n; i++) {
        near = near || list[i].promise == 2;
        expected += list[i].kept;
        sum->promises += !list[i].kept;
    }
    if (near)
        return;
    for (int k = 0; k < b.n_bundles; k++) { /* what the planner has is lawful, and worth what it says */
        int i = 0;
        while (i < n && !(list[i].kept && same_set(&b, &b.bundle[k], &list[i])))
            i++;
        if (i == n)
            fail_msg("block %lld: bundle %d is not lawful", (long long)w->block, k);
        if (list[i].v1 != b.bundle[k].v1 || fabs(list[i].v2 - (double)b.bundle[k].v2) > 2)
            fail_msg("block %lld: bundle %d: %.0f, not %lld", (long long)w->block, k, list[i].v2,
                     (long long)b.bundle[k].v2);
    }
    for (int i = 0; i < n; i++) { /* and what is lawful is there, or something at least as good */
        bool there = !list[i].kept;
        for (int k = 0; !there && k < b.n_bundles; k++)
            there = same_set(&b, &b.bundle[k], &list[i]) || covers(w, &b, &b.bundle[k], &list[i]);
        if (!there)
            fail_msg("block %lld: a lawful set of %d is missing", (long long)w->block, list[i].n);
    }
    sum->blocks++;
    sum->sets += expected;
    sum->bundles += b.n_bundles;
    sum->locked += b.bundle[0].count > 0;
}

/* ---- random inputs ------------------------------------------------------------------------------------------- */

static void add_rules(ys_plan_input *in, ys_arena *a, ys_rng *r)
{
    ys_plan_group *g = ys_arena_alloc(a, 12, sizeof *g);
    ys_plan_relation *x = ys_arena_alloc(a, 12, sizeof *x);
    ys_plan_measure *u = ys_arena_alloc(a, (size_t)in->n_measures, sizeof *u);
    assert_true(g && x && u);
    in->n_groups = (int)ys_rng_below(r, 8);
    for (int i = 0; i < in->n_groups; i++)
        g[i] = (ys_plan_group){"g", (int32_t)ys_rng_below(r, i + 1) - 1, 1 + (int32_t)ys_rng_below(r, 3)};
    memcpy(u, in->measures, (size_t)in->n_measures * sizeof *u);
    for (int i = 0; i < in->n_measures; i++)
        u[i].group = (int32_t)ys_rng_below(r, 10) - 1;
    in->n_relations = (int)ys_rng_below(r, 12);
    for (int i = 0; i < in->n_relations; i++)
        x[i] = (ys_plan_relation){(int32_t)ys_rng_below(r, in->n_measures),
                                  (int32_t)ys_rng_below(r, in->n_measures),
                                  (ys_plan_relation_kind)(ys_rng_below(r, 5) % 4), ys_rng_uniform(r)};
    in->groups = g;
    in->measures = u;
    in->relations = x;
    in->chance_epsilon = (double)ys_rng_below(r, 3) * 0.12;
    in->horizon = 1 + (int32_t)ys_rng_below(r, 6);
    in->max_measures = ys_rng_below(r, 2) ? 3 : 1 + (int32_t)ys_rng_below(r, 2);
    in->alpha = 1 + (int32_t)ys_rng_below(r, 2);
}

/* Locks and a running plan from what a plan without them holds. */
static void add_decisions(ys_plan_input *in, ys_arena *a, ys_rng *r)
{
    ys_plan *p = NULL;
    ys_diag d = {0};
    assert_int_equal(ys_plan_build(in, 1, &p, &d), YS_OK);
    size_t blocks = (size_t)p->choice.n_blocks;
    ys_plan_lock *l = ys_arena_alloc(a, 4 * blocks, sizeof *l);
    ys_plan_running *run = ys_arena_alloc(a, 3 * blocks, sizeof *run);
    assert_true(l && run);
    for (int64_t i = 0; i < p->choice.n_blocks; i++) {
        ys_block b = ys__block(&p->choice, i);
        const ys_bundle *u = &b.bundle[ys_rng_below(r, b.n_bundles)];
        for (int k = 0; k < u->count; k++)
            run[in->n_running++] = (ys_plan_running){i, b.type[u->option[k]], b.person[u->option[k]]};
        bool keep = ys_rng_below(r, 4) == 0 && i < 4; /* few, so that they fit into the funds */
        for (int k = 0; k < u->count && keep; k++)
            l[in->n_locks++] = (ys_plan_lock){"l",
                                              "w",
                                              i,
                                              in->offerings[b.type[u->option[k]]].measure,
                                              b.type[u->option[k]],
                                              b.person[u->option[k]],
                                              true};
        if (!keep && b.n_options > 0 && ys_rng_below(r, 3) == 0)
            l[in->n_locks++] = (ys_plan_lock){
                "l", "w", i, in->offerings[b.type[ys_rng_below(r, b.n_options)]].measure, -1, -1, false};
    }
    ys_plan_free(p);
    in->locks = l;
    in->running = run;
    in->switch_cost = ys_rng_below(r, 3) * ys_rng_below(r, 50000);
}

static void test_bundles(void **state)
{
    (void)state;
    tally sum = {0};
    int refused = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        ys_rng r;
        ys_rng_init(&r, seed, 3);
        ys_arena *a = ys_arena_new(0);
        ys_plan_input *in = ys__sample(
            a, seed,
            (ys_sample_shape){
                .households = 4, .per_village = 2, .measures = 8 + (int)(seed % 9), .scarcity = 3});
        assert_non_null(in);
        add_rules(in, a, &r);
        add_decisions(in, a, &r);
        ys_plan *p = NULL;
        ys_diag d = {0};
        ys_status st = ys_plan_build(in, 1, &p, &d);
        if (st != YS_OK) {
            assert_int_equal(st, YS_EINFEASIBLE); /* what is locked does not fit */
            refused++;
        } else if (ys_plan_measure_size(p).cut == 0) {
            sum.switches += in->switch_cost > 0;
            for (int64_t b = 0; b < p->choice.n_blocks; b++)
                compare_block(&(world){.in = in, .p = p, .block = b}, &sum);
        }
        ys_plan_free(p);
        ys_arena_free(a);
    }
    print_message("%lld blocks (%lld with locks, %lld worlds with switch costs), %lld lawful sets, %lld "
                  "bundles kept, %lld broken promises; "
                  "%d worlds refused\n",
                  (long long)sum.blocks, (long long)sum.locked, (long long)sum.switches, (long long)sum.sets,
                  (long long)sum.bundles, (long long)sum.promises, refused);
    assert_true(sum.blocks > 300 && sum.locked > 10 && sum.switches > 20 && sum.promises > 100 &&
                refused < 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bundles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
