/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundles.c - all allowed bundles of a block and the two ceilings (docs/plan-model.md section 4).
 *
 * Sets are bit masks over the ordered options.  What forbids a set is precomputed as masks: which options
 * clash in pairs, and for each requirement which options would satisfy it.  Sets are grown from their last
 * member downwards, so the count up to each last member, which the second ceiling asks for, falls out.
 */
#include <stdbool.h>
#include "verify/inner.h"

typedef struct grower {
    const ys__v_case *c;
    ys__v_desk *d;
    int n, most;
    bool labour;                    /* households only */
    int64_t spare;                  /* of the household */
    uint32_t friends[YS_V_OPTIONS]; /* may stand beside */
    int sets;
} grower;

static bool below(const ys_verify_facts *f, int32_t measure, int32_t group)
{
    int32_t g = f->measures[measure].group;
    while (g >= 0 && g != group)
        g = g < f->n_groups ? f->groups[g].parent : -1;
    return g == group;
}

/* Options meet unless of different persons: those of nobody in particular, and the most of one person. */
int32_t ys__v_group_count(const ys_verify_facts *f, int32_t group, const int32_t *measure,
                          const int32_t *person, int n)
{
    int32_t common = 0, most = 0;
    for (int i = 0; i < n; i++) {
        int32_t own = 0;
        if (!below(f, measure[i], group))
            continue;
        common += person[i] < 0;
        for (int k = 0; k < n; k++)
            own += person[i] >= 0 && person[k] == person[i] && below(f, measure[k], group);
        most = own > most ? own : most;
    }
    return common + most;
}

/* No group of the option that came last holds too many of the set. */
static bool groups_ok(const ys__v_case *c, const ys__v_option *o, uint32_t set, int last)
{
    int32_t measure[YS_VERIFY_MAX_MEASURES], person[YS_VERIFY_MAX_MEASURES];
    int n = 0;
    for (uint32_t rest = set; rest; rest &= rest - 1, n++) {
        measure[n] = o[__builtin_ctz(rest)].measure;
        person[n] = o[__builtin_ctz(rest)].person;
    }
    int32_t g = c->f->measures[o[last].measure].group;
    while (g >= 0) {
        bool given = g < c->f->n_groups;
        if (ys__v_group_count(c->f, g, measure, person, n) > (given ? c->f->groups[g].limit : 1))
            return false;
        g = given ? c->f->groups[g].parent : -1;
    }
    return true;
}

static bool clash(const ys__v_case *c, const ys__v_option *a, const ys__v_option *b)
{
    if (!ys__v_meet(a, b))
        return false;
    if (a->measure == b->measure)
        return true;
    for (int64_t k = c->tie_start[a->measure]; k < c->tie_start[a->measure + 1]; k++)
        if (c->tie[k].kind == YS_VERIFY_EXCLUDES && c->tie[k].other == b->measure)
            return true;
    return a->person >= 0 && a->person == b->person && c->f->measures[a->measure].full_time &&
           c->f->measures[b->measure].full_time;
}

/* Every requirement of every member is met by a member. */
static bool complete(const grower *g, uint32_t set)
{
    const ys__v_case *c = g->c;
    const ys__v_option *o = g->d->option;
    for (uint32_t rest = set; rest; rest &= rest - 1) {
        int a = __builtin_ctz(rest);
        for (int64_t k = c->tie_start[o[a].measure]; k < c->tie_start[o[a].measure + 1]; k++) {
            if (c->tie[k].kind != YS_VERIFY_REQUIRES)
                continue;
            bool met = false;
            for (uint32_t other = set & ~(1u << a); other && !met; other &= other - 1) {
                int b = __builtin_ctz(other);
                met = o[b].measure == c->tie[k].other && ys__v_meet(&o[a], &o[b]);
            }
            if (!met)
                return false;
        }
    }
    return true;
}

/* Labour of the household and of the person of option `last`; the other persons were looked at before. */
static bool labour_ok(const grower *g, uint32_t set, int last)
{
    if (!g->labour)
        return true;
    const ys__v_option *o = g->d->option;
    int64_t all = 0, own = 0;
    for (uint32_t rest = set; rest; rest &= rest - 1) {
        int a = __builtin_ctz(rest);
        int64_t months = g->c->unit[o[a].offering].labour;
        all += months;
        own += o[a].person == o[last].person ? months : 0;
    }
    return all <= g->spare &&
           (o[last].person < 0 || own <= ys__v_milli(g->c->f->persons[o[last].person].months_free));
}

/* Note `set` if it is complete, then add one more member below `lowest`. */
static void grow(grower *g, uint32_t set, uint32_t allowed, int lowest, int size)
{
    if (complete(g, set))
        g->d->full[g->sets++] = set;
    if (size == g->most)
        return;
    for (uint32_t rest = allowed & ((1u << lowest) - 1); rest; rest &= rest - 1) {
        int a = __builtin_ctz(rest);
        if (labour_ok(g, set | 1u << a, a) &&
            (size < 2 || !g->c->wide_group || groups_ok(g->c, g->d->option, set | 1u << a, a)))
            grow(g, set | 1u << a, allowed & g->friends[a], a, size + 1);
    }
}

void ys__v_bundles(const ys__v_case *c, ys__v_desk *d)
{
    grower g = {.c = c, .d = d, .most = c->f->max_measures, .labour = d->block < c->f->n_households};
    g.n = d->n < YS_V_OPTIONS ? (int)d->n : YS_V_OPTIONS;
    if (g.labour)
        g.spare = ys__v_milli(c->f->households[d->block].months_free);
    for (int a = 0; a < g.n; a++)
        for (int b = 0; b < a; b++)
            if (!clash(c, &d->option[a], &d->option[b]) && groups_ok(c, d->option, 1u << a | 1u << b, a)) {
                g.friends[a] |= 1u << b;
                g.friends[b] |= 1u << a;
            }
    d->set[0] = 0;
    d->sets = 1;
    d->kept = 0;
    for (int last = 0; last < g.n; last++) {
        int before = g.sets;
        if (labour_ok(&g, 1u << last, last))
            grow(&g, 1u << last, g.friends[last], last, 1);
        if (d->sets + g.sets - before > YS_V_BUNDLES)
            return;
        for (int k = before; k < g.sets; k++)
            d->set[d->sets++] = d->full[k];
        d->kept = last + 1;
    }
}
