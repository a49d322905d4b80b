/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <string.h>

/* What has been decided before: locks and the running plan, docs/plan-model.md section 4. */

/* First row of a block in a list sorted by block, whose rows begin with the block's number. */
static int64_t first_of(const void *list, size_t size, int64_t n, int64_t block)
{
    int64_t low = 0, high = n;
    while (low < high) {
        int64_t mid = low + (high - low) / 2,
                at = *(const int64_t *)((const char *)list + (size_t)mid * size);
        if (at < block)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const ys_plan_lock *ys__locks_of(const ys_plan_input *in, int64_t block, int *ret_count)
{
    *ret_count = 0;
    if (in->n_locks == 0)
        return NULL;
    int64_t i = first_of(&in->locks[0].block, sizeof *in->locks, in->n_locks, block);
    while (i + *ret_count < in->n_locks && in->locks[i + *ret_count].block == block)
        ++*ret_count;
    return in->locks + i;
}

const ys_plan_running *ys__running_of(const ys_plan_input *in, int64_t block, int *ret_count)
{
    *ret_count = 0;
    if (in->n_running == 0 || in->switch_cost == 0)
        return NULL;
    int64_t i = first_of(&in->running[0].block, sizeof *in->running, in->n_running, block);
    while (i + *ret_count < in->n_running && in->running[i + *ret_count].block == block)
        ++*ret_count;
    return in->running + i;
}

bool ys__lock_matches(const ys_plan_lock *l, const ys_option *o)
{
    return o->measure == l->measure && (l->offering < 0 || o->offering == l->offering) &&
           (l->person < 0 || o->person == l->person);
}

/* Does the lock leave open which offering, or which person? */
static bool is_open(const ys_plan_input *in, const ys_plan_lock *l)
{
    return l->offering < 0 || (l->person < 0 && in->measures[l->measure].target == YS_PLAN_PERSON);
}

static ys_status no_option(const ys_maker *k, const ys_plan_lock *l, ys_diag *diag)
{
    ys_diag_value(diag, l->who);
    ys_diag_fix(diag, "解除这条锁定，或改正条件、同意、劳力、名额等事实",
                "lift the lock, or correct the facts it rests on");
    return ys_fail(
        diag, YS_EDATA,
        "“%s”：锁定“%s”要保留措施“%s”，但它现在不可选（供给、条件、同意、劳力、名额，或另一条锁定不许）",
        "'%s': lock '%s' keeps measure '%s', which is none of its options now (offering, gate, consent, "
        "labour, places, or another lock forbids it)",
        l->who, l->name, k->m->in->measures[l->measure].name);
}

/* The option of one lock that is to stay: the first that matches, if none that is locked already does. */
static ys_status lock_option(ys_maker *k, const ys_plan_lock *l, ys_diag *diag)
{
    ys_option *first = NULL;
    for (int i = 0; i < k->n; i++) {
        ys_option *o = &k->option[i];
        if (!ys__lock_matches(l, o))
            continue;
        if (o->locked && is_open(k->m->in, l))
            return YS_OK;
        first = first != NULL ? first : o;
    }
    if (first == NULL)
        return no_option(k, l, diag);
    k->n_locked += !first->locked;
    first->locked = true;
    return YS_OK;
}

ys_status ys__mark_locked(ys_maker *k, ys_diag *diag)
{
    int n;
    const ys_plan_lock *l = ys__locks_of(k->m->in, k->block, &n);
    k->n_locked = 0;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < n; i++)
            if (l[i].keep && is_open(k->m->in, &l[i]) == (round == 1))
                YS_TRY(lock_option(k, &l[i], diag));
    return YS_OK;
}

void ys__mark_running(ys_maker *k)
{
    const ys_plan_running *r = ys__running_of(k->m->in, k->block, &k->n_running);
    for (int i = 0; i < k->n_running; i++)
        for (int o = 0; o < k->n; o++)
            if (k->option[o].offering == r[i].offering && k->option[o].person == r[i].person)
                k->option[o].running = true;
}

bool ys__is_forbidden(const ys_plan_lock *l, int n, const ys_option *o)
{
    for (int i = 0; i < n; i++)
        if (!l[i].keep && ys__lock_matches(&l[i], o))
            return true;
    return false;
}

/* ---- bundles that are left ---- */

static bool holds_locked(const ys_maker *k, const ys_bundle *b)
{
    for (int i = 0; i < k->n_locked; i++) /* options of a bundle ascend, and the locked ones come first */
        if (i >= b->count || b->option[i] != i)
            return false;
    return true;
}

static ys_promise promise(const ys_maker *k, const ys_bundle *b)
{
    const ys_option *o[YS_PLAN_MAX_MEASURES];
    for (int a = 0; a < b->count; a++)
        o[a] = &k->option[b->option[a]];
    return ys__value_promise(k->m, k->block, o, b->count);
}

/* Drops bundles that break their promise where another one keeps its own; the first, which holds no more than what is
 * locked, stays. */
static void drop_broken(ys_maker *k)
{
    ys_promise of[YS_LIMIT_BUNDLES];
    bool any = false;
    int kept = 0;
    for (int i = 0; i < k->n_bundles; i++) {
        of[i] = promise(k, &k->bundle[i]);
        any = any || of[i] == YS_PROMISE_KEPT;
    }
    for (int i = 0; any && i < k->n_bundles; i++)
        if (i == 0 || of[i] != YS_PROMISE_BROKEN)
            k->bundle[kept++] = k->bundle[i];
    k->n_bundles = any ? kept : k->n_bundles;
}

static void index_again(ys_maker *k)
{
    memset(k->single, -1, sizeof k->single);
    memset(k->pair, -1, sizeof k->pair);
    for (int i = 0; i < k->n_bundles; i++) {
        const ys_bundle *b = &k->bundle[i];
        if (b->count == 1)
            k->single[b->option[0]] = (int16_t)i;
        else if (b->count == 2)
            k->pair[b->option[0]][b->option[1]] = (int16_t)i;
    }
}

ys_status ys__keep_lawful(ys_maker *k, ys_diag *diag)
{
    bool chance = k->m->in->chance_epsilon > 0 && !k->village;
    int kept = 0;
    if (k->n_locked == 0 && !chance)
        return YS_OK;
    /* of bundles that hold what is locked the smallest is found first: options come in by their last one */
    for (int i = 0; i < k->n_bundles; i++)
        if (holds_locked(k, &k->bundle[i]))
            k->bundle[kept++] = k->bundle[i];
    k->n_bundles = kept;
    if (kept == 0 || k->bundle[0].count != k->n_locked) {
        int n;
        const char *who = ys__locks_of(k->m->in, k->block, &n)->who;
        ys_diag_value(diag, who);
        ys_diag_fix(diag, "解除其中一条锁定", "lift one of the locks");
        return ys_fail(
            diag, YS_EDATA,
            "“%s”的各项锁定互相矛盾：锁定的%d项措施合在一起不成立（组、互斥、前提、劳力或项数上限）",
            "the locks of '%s' contradict each other: the %d measures they keep are no allowed bundle "
            "(groups, exclusions, prerequisites, labour, or the number of measures)",
            who, k->n_locked);
    }
    if (chance)
        drop_broken(k);
    index_again(k);
    return YS_OK;
}

int64_t ys__switch_cost(const ys_maker *k, const ys_bundle *b)
{
    int64_t same = 0;
    for (int a = 0; a < b->count; a++)
        same += k->option[b->option[a]].running;
    return k->m->in->switch_cost * (b->count + k->n_running - 2 * same);
}
