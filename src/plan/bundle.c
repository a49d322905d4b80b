/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <string.h>

#include <stdlib.h>

#include "base/alloc.h"

/* Options, their order, ceilings and bundles of one block: docs/plan-model.md sections 3 and 4. */

static ys_status add_option(ys_maker *k, int32_t offering, int32_t person, ys_diag *diag)
{
    if (k->n == k->cap) {
        int cap = k->cap > 0 ? 2 * k->cap : 64;
        ys_option *grown = ys_realloc(k->option, (size_t)cap, sizeof *grown);
        if (grown == NULL)
            return ys_fail_nomem(diag);
        k->option = grown;
        k->cap = cap;
    }
    k->option[k->n++] =
        (ys_option){.offering = offering, .measure = k->m->in->offerings[offering].measure, .person = person};
    return YS_OK;
}

static bool is_true(const uint8_t *truth, int64_t row, bool missing)
{
    return truth == NULL ? missing : truth[row] == 1; /* YS_TRUE */
}

static ys_status offer_to_village(ys_maker *k, int32_t offering, int64_t village, ys_diag *diag)
{
    const ys_plan_measure *u = &k->m->in->measures[k->m->in->offerings[offering].measure];
    if (u->target != YS_PLAN_VILLAGE || !is_true(u->gate, village, true))
        return YS_OK;
    return add_option(k, offering, -1, diag);
}

static ys_status offer_to_household(ys_maker *k, int32_t offering, int64_t h, ys_diag *diag)
{
    const ys_model *m = k->m;
    const ys_plan_input *in = m->in;
    const ys_plan_measure *u = &in->measures[in->offerings[offering].measure];
    int64_t milli = m->offer[offering].milli;
    if (u->target == YS_PLAN_VILLAGE || (u->consent && !is_true(u->consented, h, false)) ||
        milli > ys__milli(in->households[h].months_free))
        return YS_OK;
    if (u->target == YS_PLAN_HOUSEHOLD)
        return is_true(u->gate, h, true) ? add_option(k, offering, -1, diag) : YS_OK;
    for (int64_t p = m->first_person[h]; p < m->first_person[h + 1]; p++)
        if (is_true(u->gate, p, true) && milli <= ys__milli(in->persons[p].months_free))
            YS_TRY(add_option(k, offering, (int32_t)p, diag));
    return YS_OK;
}

static ys_status gather_options(ys_maker *k, ys_diag *diag)
{
    const ys_plan_input *in = k->m->in;
    int64_t row = k->village ? k->block - in->n_households : k->block;
    const int32_t *list = NULL;
    int n = ys__model_offers(k->m, ys__area_of(in, k->block), &list), locks;
    const ys_plan_lock *lock = ys__locks_of(in, k->block, &locks);
    k->n = 0;
    for (int i = 0; i < n; i++) {
        int before = k->n;
        if (!k->m->offer[list[i]].available)
            continue;
        YS_TRY(k->village ? offer_to_village(k, list[i], row, diag)
                          : offer_to_household(k, list[i], row, diag));
        for (int o = k->n; locks > 0 && o-- > before;)
            if (ys__is_forbidden(lock, locks, &k->option[o]))
                k->option[o] = k->option[--k->n];
    }
    for (int i = 0; i < k->n; i++) {
        const ys_option *o = &k->option[i];
        k->option[i].v1 = ys__value_cures(k->m, k->block, &o, 1);
        k->option[i].v2 = ys__value_gap(k->m, k->block, &o, 1, &k->memo);
    }
    return YS_OK;
}

/* ---- order ---------------------------------------------------------------------------------------------------- */

typedef struct rank {
    ys_option o;
    int32_t width, turn; /* of the scope; (j - b) mod k */
} rank;

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_family(const void *x, const void *y)
{
    const rank *a = x, *b = y;
    int c = order(a->o.measure, b->o.measure);
    c = c ? c : order(a->o.person, b->o.person);
    c = c ? c : order(b->o.v1, a->o.v1);
    c = c ? c : order(b->o.v2, a->o.v2);
    c = c ? c : order(a->width, b->width);
    c = c ? c : order(a->turn, b->turn);
    return c ? c : order(a->o.offering, b->o.offering);
}

static int by_layer(const void *x, const void *y)
{
    const ys_option *a = x, *b = y;
    int c = order(b->locked, a->locked);
    c = c ? c : order(b->running, a->running);
    c = c ? c : order(a->layer, b->layer);
    c = c ? c : order(b->v1, a->v1);
    c = c ? c : order(b->v2, a->v2);
    c = c ? c : order(a->offering, b->offering);
    return c ? c : order(a->person, b->person);
}

static bool same_family(const ys_option *a, const ys_option *b)
{
    return a->measure == b->measure && a->person == b->person;
}

static int by_measure(const void *x, const void *y)
{
    const rank *a = x, *b = y;
    int c = order(a->o.measure, b->o.measure);
    c = c ? c : order(a->o.person, b->o.person);
    return c ? c : order(a->o.offering, b->o.offering);
}

static ys_status order_options(ys_maker *k, ys_diag *diag)
{
    const ys_plan_input *in = k->m->in;
    int64_t row = k->village ? k->block - in->n_households : k->block;
    if (k->n == 0)
        return YS_OK;
    rank *r = ys_malloc((size_t)k->n * sizeof *r);
    if (r == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < k->n; i++) {
        const ys_plan_offering *f = &in->offerings[k->option[i].offering];
        r[i] = (rank){.o = k->option[i], .width = f->area_end - f->area_begin};
    }
    qsort(r, (size_t)k->n, sizeof *r, by_measure);
    for (int i = 0, end; i < k->n; i = end) {
        for (end = i; end < k->n && same_family(&r[i].o, &r[end].o); end++)
            ;
        int size = end - i;
        for (int j = 0; j < size; j++)
            r[i + j].turn = (int32_t)(((j - row) % size + size) % size);
    }
    qsort(r, (size_t)k->n, sizeof *r, by_family);
    for (int i = 0; i < k->n; i++) {
        r[i].o.layer = i > 0 && same_family(&r[i].o, &r[i - 1].o) ? r[i - 1].o.layer + 1 : 0;
        k->option[i] = r[i].o;
    }
    ys_free(r);
    qsort(k->option, (size_t)k->n, sizeof *k->option, by_layer);
    return YS_OK;
}

/* What is locked and what runs comes first, so that no ceiling leaves it out. */
static ys_status put_decided_first(ys_maker *k, ys_diag *diag)
{
    YS_TRY(ys__mark_locked(k, diag));
    ys__mark_running(k);
    if (k->n > 0 && (k->n_locked > 0 || k->n_running > 0))
        qsort(k->option, (size_t)k->n, sizeof *k->option, by_layer);
    return YS_OK;
}

/* ---- bundles -------------------------------------------------------------------------------------------------- */

static bool clash(const ys_maker *k, const ys_option *a, const ys_option *b)
{
    if (!ys__meet(a, b))
        return false;
    const ys_model *m = k->m;
    const ys_plan_measure *list = m->in->measures;
    if (a->measure == b->measure || m->offer[a->offering].single == m->offer[b->offering].single ||
        m->excludes[(int64_t)a->measure * m->in->n_measures + b->measure])
        return true;
    return a->person >= 0 && a->person == b->person && list[a->measure].full_time &&
           list[b->measure].full_time;
}

static bool labour_fits(const ys_maker *k, const ys_option *const *o, int n)
{
    const ys_plan_input *in = k->m->in;
    if (k->village)
        return true;
    int64_t all = 0;
    for (int a = 0; a < n; a++) {
        all += k->m->offer[o[a]->offering].milli;
        int64_t own = 0;
        for (int b = 0; b < n; b++)
            own += o[b]->person == o[a]->person ? k->m->offer[o[b]->offering].milli : 0;
        if (o[a]->person >= 0 && own > ys__milli(in->persons[o[a]->person].months_free))
            return false;
    }
    return all <= ys__milli(in->households[k->block].months_free);
}

/* Rule 3: every required measure is there and meets the option that needs it. */
static bool needs_met(const ys_maker *k, const ys_option *const *o, int n)
{
    for (int i = 0; i < k->m->n_needs; i++)
        for (int a = 0; a < n; a++) {
            bool met = o[a]->measure != k->m->needs[i][0];
            for (int b = 0; !met && b < n; b++)
                met = b != a && o[b]->measure == k->m->needs[i][1] && ys__meet(o[a], o[b]);
            if (!met)
                return false;
        }
    return true;
}

static bool allowed(const ys_maker *k, const int *pick, int n)
{
    const ys_option *o[YS_PLAN_MAX_MEASURES];
    for (int a = 0; a < n; a++)
        o[a] = &k->option[pick[a]];
    return needs_met(k, o, n) && labour_fits(k, o, n);
}

/* Add a set of options as a bundle if it is allowed; false: the ceiling is met. */
static bool add_bundle(ys_maker *k, const int *pick, int n)
{
    if (!allowed(k, pick, n))
        return true;
    if (k->n_bundles == YS_LIMIT_BUNDLES)
        return false;
    ys_bundle *b = &k->bundle[k->n_bundles];
    *b = (ys_bundle){.option = {YS_NO_OPTION, YS_NO_OPTION, YS_NO_OPTION}, .count = (uint8_t)n};
    for (int a = 0; a < n; a++)
        b->option[a] = (uint8_t)pick[a];
    if (n == 1)
        k->single[pick[0]] = (int16_t)k->n_bundles;
    else if (n == 2)
        k->pair[pick[0]][pick[1]] = (int16_t)k->n_bundles;
    k->n_bundles++;
    return true;
}

/* All bundles whose last option is `last`; false: beyond the ceiling. */
static bool add_with_last(ys_maker *k, int last, const uint32_t *clashes)
{
    int most = k->m->in->max_measures;
    if (!add_bundle(k, &last, 1))
        return false;
    for (int a = 0; most >= 2 && a < last; a++) {
        if (clashes[last] >> a & 1)
            continue;
        if (!add_bundle(k, (int[]){a, last}, 2))
            return false;
        for (int b = a + 1; most >= 3 && b < last; b++)
            if (!((clashes[last] | clashes[a]) >> b & 1) &&
                !ys__crowded(k->m, &k->option[a], &k->option[b], &k->option[last]) &&
                !add_bundle(k, (int[]){a, b, last}, 3))
                return false;
    }
    return true;
}

static void enumerate(ys_maker *k)
{
    uint32_t clashes[YS_LIMIT_OPTIONS] = {0};
    int n = k->n < YS_LIMIT_OPTIONS ? k->n : YS_LIMIT_OPTIONS;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++)
            if (a != b && clash(k, &k->option[a], &k->option[b]))
                clashes[a] |= 1u << b;
    memset(k->single, -1, sizeof k->single);
    memset(k->pair, -1, sizeof k->pair);
    k->bundle[0] = (ys_bundle){.option = {YS_NO_OPTION, YS_NO_OPTION, YS_NO_OPTION}};
    k->n_bundles = 1;
    int last = 0;
    for (int before = 1; last < n; before = k->n_bundles, last++)
        if (!add_with_last(k, last, clashes)) {
            k->n_bundles = before;
            break;
        }
    k->cut = last < k->n;
    k->n = last;
}

static ys_status value_bundles(ys_maker *k, ys_diag *diag)
{
    for (int i = 0; i < k->n_bundles; i++) {
        ys_bundle *b = &k->bundle[i];
        const ys_option *o[YS_PLAN_MAX_MEASURES];
        for (int a = 0; a < b->count; a++)
            o[a] = &k->option[b->option[a]];
        int64_t v1 = b->count == 1 ? o[0]->v1 : ys__value_cures(k->m, k->block, o, b->count);
        if (v1 > INT32_MAX)
            return ys_fail(diag, YS_ELIMIT, "第%lld块：消除的剥夺超出32位",
                           "block %lld: deprivations cured leave 32 bits", (long long)k->block + 1);
        b->v1 = (int32_t)v1;
        b->v2 = (b->count == 1 ? o[0]->v2 : ys__value_gap(k->m, k->block, o, b->count, &k->memo)) -
                ys__switch_cost(k, b);
    }
    return YS_OK;
}

static bool beaten_by(const ys_maker *k, const ys_bundle *b, int other)
{
    return other >= 0 && k->bundle[other].v1 >= b->v1 && k->bundle[other].v2 >= b->v2;
}

/* A part of a bundle charges no more than the whole: where it is worth as much, the whole is dominated. */
static void drop_dominated(ys_maker *k)
{
    int kept = 1;
    for (int i = 0; i < k->n_bundles; i++) {
        const ys_bundle *b = &k->bundle[i];
        bool beaten = i > 0 && beaten_by(k, b, 0);
        for (int a = 0; b->count > 1 && a < b->count; a++) {
            beaten = beaten || beaten_by(k, b, k->single[b->option[a]]);
            for (int c = a + 1; b->count > 2 && c < b->count; c++)
                beaten = beaten || beaten_by(k, b, k->pair[b->option[a]][b->option[c]]);
        }
        k->keep[i] = !beaten;
    }
    for (int i = 1; i < k->n_bundles; i++)
        if (k->keep[i])
            k->bundle[kept++] = k->bundle[i];
    k->n_bundles = kept;
}

ys_status ys__make_block(ys_maker *k, int64_t block, ys_diag *diag)
{
    k->block = block;
    k->village = block >= k->m->in->n_households;
    ys__memo_clear(&k->memo);
    YS_TRY(gather_options(k, diag));
    YS_TRY(order_options(k, diag));
    YS_TRY(put_decided_first(k, diag));
    enumerate(k);
    YS_TRY(ys__keep_lawful(k, diag));
    YS_TRY(value_bundles(k, diag));
    if (!k->m->keep_dominated)
        drop_dominated(k);
    return YS_OK;
}

void ys__maker_done(ys_maker *k)
{
    ys_free(k->option);
    k->option = NULL;
    k->n = k->cap = 0;
}
