/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - what is wrong with the choice of one block.
 *
 * The rules are stated here a second time, straight from docs/plan-model.md and on the plan's own rows.  Only
 * a choice that passes is looked up among the bundles of bundles.c: what is not there was left out by the
 * ceilings, and if the two readings of the rules ever differed the plan would be refused, not passed.
 */
#include <stdbool.h>
#include "verify/inner.h"

typedef struct chosen {
    ys__v_job *j;
    ys__v_desk *d;
    ys__v_list *found;
    const int64_t *pick; /* rows of the plan */
    int n;
    int64_t before; /* findings when we began */
} chosen;

static const ys_verify_pick *at(const chosen *s, int k)
{
    return &s->j->claim->picks[s->pick[k]];
}

static ys_verify_finding about(const chosen *s, ys_verify_code code, int k)
{
    ys_verify_finding x = ys__v_blank(code);
    x.block = s->d->block;
    x.pick = s->pick[k];
    int32_t o = at(s, k)->offering, p = at(s, k)->person;
    x.offering = o >= 0 && o < s->j->c->f->n_offerings ? o : -1;
    x.person = p >= 0 && p < s->j->c->f->n_persons ? p : -1;
    return x;
}

static void check_each(chosen *s)
{
    const ys_verify_facts *f = s->j->c->f;
    for (int k = 0; k < s->n; k++) {
        const ys_verify_pick *a = at(s, k);
        ys_verify_finding x = about(s, YS_VC_NONE, k);
        if (x.offering < 0)
            x.code = YS_VC_UNKNOWN_OFFERING;
        else if (a->person < -1 || a->person >= f->n_persons)
            x.code = YS_VC_PERSON;
        else
            x.code = ys__v_option_fault(s->j->c, s->d->block, a->offering, a->person, &x.found, &x.expected);
        if (x.code == YS_VC_NONE && ys__v_forbidden(f, s->d->block, a->offering, a->person))
            x.code = YS_VC_FORBIDDEN;
        if (x.code == YS_VC_NO_ROOM)
            x.row = s->j->c->unit[a->offering].fault_row;
        if (x.code != YS_VC_NONE)
            ys__v_add(s->found, &x);
    }
}

/* A repeated row is reported once for each repetition. */
static bool repeated(const chosen *s, int k)
{
    for (int i = 0; i < k; i++)
        if (at(s, i)->offering == at(s, k)->offering && at(s, i)->person == at(s, k)->person)
            return true;
    return false;
}

static bool related(const ys_verify_facts *f, ys_verify_relation_kind kind, int32_t a, int32_t b)
{
    for (int i = 0; i < f->n_relations; i++)
        if (f->relations[i].kind == kind && f->relations[i].measure_a == a && f->relations[i].measure_b == b)
            return true;
    return false;
}

static bool persons_apart(const ys_verify_pick *a, const ys_verify_pick *b)
{
    return a->person >= 0 && b->person >= 0 && a->person != b->person;
}

/* Some group with room for one holds both. */
static bool share_single_group(const ys_verify_facts *f, int32_t m, int32_t n)
{
    for (int32_t g = f->measures[m].group; g >= 0; g = g < f->n_groups ? f->groups[g].parent : -1) {
        if (g < f->n_groups && f->groups[g].limit > 1)
            continue;
        for (int32_t k = f->measures[n].group; k >= 0; k = k < f->n_groups ? f->groups[k].parent : -1)
            if (k == g)
                return true;
    }
    return false;
}

/* Groups with room for more than one. */
static void check_groups(chosen *s)
{
    const ys_verify_facts *f = s->j->c->f;
    int32_t measure[YS_VERIFY_MAX_MEASURES], person[YS_VERIFY_MAX_MEASURES];
    for (int k = 0; k < s->n; k++) {
        measure[k] = f->offerings[at(s, k)->offering].measure;
        person[k] = at(s, k)->person;
    }
    for (int32_t g = 0; g < f->n_groups; g++) {
        int32_t count = f->groups[g].limit > 1 ? ys__v_group_count(f, g, measure, person, s->n) : 0;
        for (int k = 0; k < s->n && count > f->groups[g].limit; k++) {
            ys_verify_finding x = about(s, YS_VC_GROUP_LIMIT, k);
            if (ys__v_group_count(f, g, &measure[k], &person[k], 1) == 0)
                continue;
            x.found = count;
            x.expected = f->groups[g].limit;
            ys__v_add(s->found, &x);
            break;
        }
    }
}

static void check_pair(chosen *s, int a, int b)
{
    const ys_verify_facts *f = s->j->c->f;
    const ys_verify_pick *x = at(s, a), *y = at(s, b);
    int32_t m = f->offerings[x->offering].measure, n = f->offerings[y->offering].measure;
    ys_verify_finding pair = about(s, YS_VC_NONE, a);
    pair.other = y->offering;
    if (persons_apart(x, y))
        return;
    if (m == n || share_single_group(f, m, n)) {
        pair.code = YS_VC_GROUP;
        ys__v_add(s->found, &pair);
    }
    if (related(f, YS_VERIFY_EXCLUDES, m, n) || related(f, YS_VERIFY_EXCLUDES, n, m)) {
        pair.code = YS_VC_EXCLUDES;
        ys__v_add(s->found, &pair);
    }
    if (x->person >= 0 && y->person >= 0 && f->measures[m].full_time && f->measures[n].full_time) {
        pair.code = YS_VC_FULL_TIME;
        ys__v_add(s->found, &pair);
    }
}

static void check_requires(chosen *s, int k)
{
    const ys_verify_facts *f = s->j->c->f;
    int32_t m = f->offerings[at(s, k)->offering].measure;
    for (int i = 0; i < f->n_relations; i++) {
        if (f->relations[i].kind != YS_VERIFY_REQUIRES || f->relations[i].measure_a != m)
            continue;
        bool met = false;
        for (int b = 0; b < s->n; b++)
            met = met || (b != k && f->offerings[at(s, b)->offering].measure == f->relations[i].measure_b &&
                          !persons_apart(at(s, k), at(s, b)));
        if (!met) {
            ys_verify_finding x = about(s, YS_VC_REQUIRES, k);
            ys__v_add(s->found, &x);
        }
    }
}

static void check_labour(chosen *s)
{
    const ys_verify_facts *f = s->j->c->f;
    if (s->d->block >= f->n_households)
        return;
    ys_verify_finding x = about(s, YS_VC_LABOUR_SUM, 0);
    x.person = x.offering = -1;
    x.expected = ys__v_milli(f->households[s->d->block].months_free);
    for (int k = 0; k < s->n; k++)
        x.found += s->j->c->unit[at(s, k)->offering].labour;
    if (x.found > x.expected)
        ys__v_add(s->found, &x);
    for (int k = 0; k < s->n; k++) {
        int32_t p = at(s, k)->person;
        bool first = p >= 0;
        for (int i = 0; i < k; i++)
            first = first && at(s, i)->person != p;
        if (!first)
            continue;
        x = about(s, YS_VC_LABOUR_SUM, k);
        x.expected = ys__v_milli(f->persons[p].months_free);
        for (int i = 0; i < s->n; i++)
            x.found += at(s, i)->person == p ? s->j->c->unit[at(s, i)->offering].labour : 0;
        if (x.found > x.expected)
            ys__v_add(s->found, &x);
    }
}

/* Place of a pick among the ordered options; -1: none, which for a lawful one cannot be. */
static int place_of(const chosen *s, int k)
{
    for (size_t i = 0; i < s->d->n; i++)
        if (s->d->option[i].offering == at(s, k)->offering && s->d->option[i].person == at(s, k)->person)
            return (int)i;
    return -1;
}

/* The set is no bundle of the block: a locked option is missing, it promises too much, or a ceiling left it out. */
static void report_unlawful(const chosen *s, uint32_t set)
{
    uint32_t missing = s->d->must & ~set;
    ys_verify_finding x = ys__v_blank(YS_VC_CEILING);
    x.block = s->d->block;
    if (missing) {
        const ys__v_option *o = &s->d->option[__builtin_ctz(missing)];
        x.code = YS_VC_LOCKED;
        x.offering = o->offering;
        x.person = o->person;
    } else if (ys__v_promises_too_much(s->j->c, s->d, set)) {
        x.code = YS_VC_CHANCE;
    } else if (s->n > 0) {
        x = about(s, YS_VC_CEILING, 0);
    }
    ys__v_add(s->found, &x);
}

/* The choice as a bundle of the model; a finding if it is none. */
static bool check_kept(chosen *s, uint32_t *ret_set)
{
    uint32_t set = 0;
    for (int k = 0; k < s->n; k++) {
        int place = place_of(s, k);
        if (place < 0 || place >= s->d->kept) {
            ys_verify_finding x = about(s, YS_VC_CEILING, k);
            ys__v_add(s->found, &x);
            return false;
        }
        set |= 1u << place;
    }
    for (int i = 0; i < s->d->sets; i++)
        if (s->d->set[i] == set) {
            *ret_set = set;
            return true;
        }
    report_unlawful(s, set);
    return false;
}

/* Sums of effects are taken in the order of the options: put the block's rows into it. */
static void sort_rows(const chosen *s)
{
    int64_t *row = s->j->pick + s->j->pick_start[s->d->block];
    for (int a = 1; a < s->n; a++)
        for (int b = a; b > 0 && place_of(s, b) < place_of(s, b - 1); b--) {
            int64_t other = row[b];
            row[b] = row[b - 1];
            row[b - 1] = other;
        }
}

static void check_stored(chosen *s, int tier, const int64_t *stored, int64_t worth)
{
    if (!stored || stored[s->d->block] == worth)
        return;
    ys_verify_finding x = ys__v_blank(YS_VC_BLOCK_VALUE);
    x.block = s->d->block;
    x.tier = tier;
    x.found = stored[s->d->block];
    x.expected = worth;
    ys__v_add(s->found, &x);
}

/* Rules of the whole set; its rows are known options, each lawful alone, none twice. */
static void check_set(chosen *s)
{
    for (int a = 0; a < s->n; a++)
        for (int b = a + 1; b < s->n; b++)
            check_pair(s, a, b);
    for (int k = 0; k < s->n; k++)
        check_requires(s, k);
    check_groups(s);
    check_labour(s);
}

/* No sets of more than max_measures rows are looked at as a whole: a damaged plan may hold a million. */
static bool check_count(chosen *s, int64_t rows)
{
    bool ok = true;
    if (rows > s->j->c->f->max_measures) {
        ys_verify_finding x = about(s, YS_VC_COUNT, 0);
        x.found = rows;
        x.expected = s->j->c->f->max_measures;
        ys__v_add(s->found, &x);
        ok = false;
    }
    for (int k = 1; k < s->n; k++)
        if (repeated(s, k)) {
            ys_verify_finding x = about(s, YS_VC_DUPLICATE, k);
            ys__v_add(s->found, &x);
            ok = false;
        }
    return ok;
}

bool ys__v_check_block(ys__v_job *j, ys__v_desk *d, ys__v_list *found)
{
    int64_t begin = j->pick_start[d->block], rows = j->pick_start[d->block + 1] - begin;
    chosen s = {.j = j,
                .d = d,
                .found = found,
                .pick = j->pick + begin,
                .n = rows > 64 ? 64 : (int)rows,
                .before = found->count};
    int64_t worth[YS_VERIFY_TIERS] = {0, 0};
    uint32_t set = 0;
    d->added = d->dropped = 0;
    check_each(&s);
    bool whole = check_count(&s, rows) && found->count == s.before;
    if (whole && s.n > 0)
        check_set(&s);
    if (whole && found->count == s.before && check_kept(&s, &set)) {
        sort_rows(&s);
        j->lawful[d->block] = true;
        if (!ys__v_worth(j->c, d->block, d->option, set, worth))
            return false;
        for (int k = 0; k < s.n; k++)
            j->alone[s.pick[k]] = d->option[place_of(&s, k)].alone[1];
        ys__v_switch w = ys__v_switching(j->c, d, set);
        worth[1] -= w.cost;
        d->added = w.added;
        d->dropped = w.dropped;
    }
    j->worth[0][d->block] = worth[0];
    j->worth[1][d->block] = worth[1];
    check_stored(&s, 0, j->claim->block_cures, worth[0]);
    check_stored(&s, 1, j->claim->block_gap, worth[1]);
    return !found->short_of_memory;
}
