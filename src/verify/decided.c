/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decided.c - what was decided before the plan, locks and the running plan, and what a bundle promises
 * (docs/plan-model.md sections 4 and 5).
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "verify/inner.h"

/* Rows of a list sorted by block; `at` is where the first row keeps its block. */
static int64_t rows_of(const int64_t *at, size_t size, int64_t n, int64_t block, int64_t *ret_first)
{
    int64_t low = 0, high = n;
    *ret_first = 0;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (*(const int64_t *)((const char *)at + (size_t)mid * size) < block)
            low = mid + 1;
        else
            high = mid;
    }
    while (high < n && *(const int64_t *)((const char *)at + (size_t)high * size) == block)
        high++;
    *ret_first = low;
    return high - low;
}

static int64_t locks_of(const ys_verify_facts *f, int64_t block, const ys_verify_lock **ret_first)
{
    int64_t first;
    if (f->n_locks == 0)
        return 0;
    int64_t n = rows_of(&f->locks->block, sizeof *f->locks, f->n_locks, block, &first);
    *ret_first = f->locks + first;
    return n;
}

static int64_t running_of(const ys_verify_facts *f, int64_t block, const ys_verify_running **ret_first)
{
    int64_t first;
    if (f->n_running == 0 || f->switch_cost == 0)
        return 0;
    int64_t n = rows_of(&f->running->block, sizeof *f->running, f->n_running, block, &first);
    *ret_first = f->running + first;
    return n;
}

/* ---- locks ---- */

static bool names(const ys_verify_facts *f, const ys_verify_lock *l, int32_t offering, int32_t person)
{
    return f->offerings[offering].measure == l->measure && (l->offering == -1 || l->offering == offering) &&
           (l->person == -1 || l->person == person);
}

bool ys__v_forbidden(const ys_verify_facts *f, int64_t block, int32_t offering, int32_t person)
{
    const ys_verify_lock *l = NULL;
    int64_t n = locks_of(f, block, &l);
    for (int64_t i = 0; i < n; i++)
        if (!l[i].keep && names(f, &l[i], offering, person))
            return true;
    return false;
}

static bool whole(const ys_verify_facts *f, const ys_verify_lock *l)
{
    return l->offering >= 0 && (l->person >= 0 || f->measures[l->measure].target != YS_VERIFY_PERSON);
}

/* Marks the first option a lock names, unless the lock leaves it open and is served already. */
static bool take_lock(const ys_verify_facts *f, ys__v_desk *d, const ys_verify_lock *l)
{
    ys__v_option *mine = NULL;
    for (size_t i = d->n; i-- > 0;) {
        ys__v_option *o = &d->option[i];
        if (!names(f, l, o->offering, o->person))
            continue;
        if (o->locked && !whole(f, l))
            return true;
        mine = o;
    }
    if (mine)
        mine->locked = true;
    return mine != NULL;
}

ys_status ys__v_decided(const ys__v_case *c, ys__v_desk *d)
{
    const ys_verify_lock *l = NULL;
    const ys_verify_running *r = NULL;
    int64_t locks = locks_of(c->f, d->block, &l), kept = 0;
    d->running = running_of(c->f, d->block, &r);
    for (int open = 0; open < 2; open++)
        for (int64_t i = 0; i < locks; i++) {
            if (!l[i].keep || whole(c->f, &l[i]) == (open == 1))
                continue;
            kept++;
            if (!take_lock(c->f, d, &l[i]))
                return YS_EDATA;
        }
    for (size_t i = 0; i < d->n; i++)
        for (int64_t k = 0; k < d->running; k++)
            d->option[i].running = d->option[i].running || (d->option[i].offering == r[k].offering &&
                                                            d->option[i].person == r[k].person);
    if (d->n > 1 && kept + d->running > 0)
        qsort(d->option, d->n, sizeof *d->option, ys__v_order);
    return YS_OK;
}

/* ---- promises ---- */

typedef enum word { SILENT, KEPT, BROKEN } word;

/* Does the set lift a household that is below the line today, on average, in its best year; and how surely? */
static word word_of(const ys__v_case *c, const ys__v_desk *d, uint32_t set)
{
    const ys_verify_household *h = &c->f->households[d->block];
    double y = (double)h->ystar / d->home.n, z = d->home.z;
    ys__v_flow flow;
    int best = 0;
    if (set == 0 || y >= z)
        return SILENT;
    ys__v_flow_of(c, d->option, set, &flow);
    for (int t = 1; t < c->f->horizon; t++)
        if (flow.gain[t] > flow.gain[best])
            best = t;
    double mean = y + flow.gain[best] / d->home.n;
    if (mean < z)
        return SILENT;
    double spread = sqrt(d->home.s02 + flow.variance[best] / d->home.n2);
    return mean - c->sure * spread >= z ? KEPT : BROKEN;
}

static bool household_promises(const ys__v_case *c, const ys__v_desk *d)
{
    return c->f->chance_epsilon > 0 && d->block < c->f->n_households;
}

static void drop_false_promises(const ys__v_case *c, ys__v_desk *d)
{
    bool any = false;
    int left = 0;
    for (int i = 0; i < d->sets && !any; i++)
        any = word_of(c, d, d->set[i]) == KEPT;
    if (!any)
        return;
    for (int i = 0; i < d->sets; i++)
        if (d->set[i] == d->must || word_of(c, d, d->set[i]) != BROKEN)
            d->set[left++] = d->set[i];
    d->sets = left;
}

bool ys__v_promises_too_much(const ys__v_case *c, const ys__v_desk *d, uint32_t set)
{
    if (!household_promises(c, d) || set == d->must || word_of(c, d, set) != BROKEN)
        return false;
    for (int i = 0; i < d->sets; i++)
        if (word_of(c, d, d->set[i]) == KEPT)
            return true;
    return false;
}

/* ---- both ---- */

ys_status ys__v_lawful(const ys__v_case *c, ys__v_desk *d)
{
    bool alone = false;
    int left = 0;
    d->must = 0;
    for (size_t i = 0; i < d->n && i < YS_V_OPTIONS; i++)
        d->must |= (uint32_t)d->option[i].locked << i;
    for (int i = 0; i < d->sets; i++) {
        alone = alone || d->set[i] == d->must;
        if ((d->set[i] & d->must) == d->must)
            d->set[left++] = d->set[i];
    }
    d->sets = left;
    if (!alone)
        return YS_EDATA;
    if (household_promises(c, d))
        drop_false_promises(c, d);
    return YS_OK;
}

ys__v_switch ys__v_switching(const ys__v_case *c, const ys__v_desk *d, uint32_t set)
{
    int64_t same = 0, all = __builtin_popcount(set);
    if (c->f->switch_cost == 0)
        return (ys__v_switch){0};
    for (uint32_t rest = set; rest; rest &= rest - 1)
        same += d->option[__builtin_ctz(rest)].running;
    return (ys__v_switch){all - same, d->running - same, c->f->switch_cost * (all + d->running - 2 * same)};
}
