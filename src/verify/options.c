/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - the options of a block, in order (docs/plan-model.md sections 3 and 4).
 */
#include <stdbool.h>
#include "base/alloc.h"
#include "verify/inner.h"

#define TRUE_BYTE 1 /* the rule engine's three values: false, true, unknown */

bool ys__v_desk_init(ys__v_desk *d)
{
    *d = (ys__v_desk){.area = -1};
    d->set = ys_calloc(YS_V_BUNDLES, sizeof *d->set);
    d->full = ys_calloc(YS_V_SETS, sizeof *d->full);
    d->memo = ys_calloc(YS_V_MEMO, sizeof *d->memo);
    return d->set && d->full && d->memo;
}

void ys__v_desk_done(ys__v_desk *d)
{
    ys_free(d->option);
    ys_free(d->set);
    ys_free(d->full);
    ys_free(d->cover);
    ys_free(d->memo);
    *d = (ys__v_desk){0};
}

/* ---- is it one? ---- */

static ys_verify_code gate_fault(const ys_verify_measure *m, int64_t row)
{
    if (!m->gate || m->gate[row] == TRUE_BYTE)
        return YS_VC_NONE;
    return m->gate[row] == 0 ? YS_VC_GATE_FALSE : YS_VC_GATE_UNKNOWN;
}

/* Conditions that hold or fail for the block whoever the person is, but for gate and labour. */
static ys_verify_code place_fault(const ys__v_case *c, int64_t block, int32_t offering)
{
    const ys_verify_facts *f = c->f;
    const ys_verify_offering *o = &f->offerings[offering];
    bool village = block >= f->n_households;
    int32_t area = village ? f->villages[block - f->n_households].area : f->households[block].area;
    if ((f->measures[o->measure].target == YS_VERIFY_VILLAGE) != village)
        return YS_VC_TARGET;
    if (area < o->area_begin || area >= o->area_end)
        return YS_VC_SCOPE;
    return c->unit[offering].fault;
}

ys_verify_code ys__v_option_fault(const ys__v_case *c, int64_t block, int32_t offering, int32_t person,
                                  int64_t *ret_need, int64_t *ret_free)
{
    const ys_verify_facts *f = c->f;
    const ys_verify_measure *m = &f->measures[f->offerings[offering].measure];
    ys_verify_code fault = place_fault(c, block, offering);
    if (fault != YS_VC_NONE)
        return fault;
    if ((m->target == YS_VERIFY_PERSON) != (person >= 0))
        return YS_VC_TARGET;
    if (m->target == YS_VERIFY_VILLAGE)
        return gate_fault(m, block - f->n_households);
    if (person >= 0 && f->persons[person].household != block)
        return YS_VC_PERSON;
    fault = gate_fault(m, person >= 0 ? person : block);
    if (fault != YS_VC_NONE)
        return fault;
    if (m->consent && (!m->consented || m->consented[block] != TRUE_BYTE))
        return YS_VC_CONSENT;
    int64_t spare = ys__v_milli(f->households[block].months_free);
    if (person >= 0 && ys__v_milli(f->persons[person].months_free) < spare)
        spare = ys__v_milli(f->persons[person].months_free);
    *ret_need = c->unit[offering].labour;
    *ret_free = spare;
    return *ret_need > spare ? YS_VC_LABOUR : YS_VC_NONE;
}

/* ---- all of them ---- */

/* Neighbours share their area as a rule, so its offerings are looked up once. */
static bool cover_area(const ys__v_case *c, ys__v_desk *d, int32_t area)
{
    if (d->covered && d->area == area)
        return true;
    d->covered = false;
    d->n_cover = 0;
    for (int32_t i = 0; i < c->f->n_offerings; i++) {
        const ys_verify_offering *o = &c->f->offerings[i];
        if (area < o->area_begin || area >= o->area_end || c->unit[i].fault != YS_VC_NONE)
            continue;
        if (!ys_grow(&d->cover, &d->cap_cover, d->n_cover + 1, sizeof *d->cover))
            return false;
        d->cover[d->n_cover++] = i;
    }
    d->area = area;
    d->covered = true;
    return true;
}

static bool add_option(const ys__v_case *c, ys__v_desk *d, int32_t offering, int32_t person)
{
    int64_t need, spare;
    if (ys__v_option_fault(c, d->block, offering, person, &need, &spare) != YS_VC_NONE ||
        ys__v_forbidden(c->f, d->block, offering, person))
        return true;
    if (!ys_grow(&d->option, &d->cap, d->n + 1, sizeof *d->option))
        return false;
    d->option[d->n++] =
        (ys__v_option){.offering = offering, .measure = c->f->offerings[offering].measure, .person = person};
    return true;
}

static bool collect(const ys__v_case *c, ys__v_desk *d)
{
    const ys_verify_facts *f = c->f;
    bool village = d->block >= f->n_households;
    d->n = 0;
    if (!cover_area(c, d,
                    village ? f->villages[d->block - f->n_households].area : f->households[d->block].area))
        return false;
    for (size_t i = 0; i < d->n_cover; i++) {
        ys_verify_target target = f->measures[f->offerings[d->cover[i]].measure].target;
        if ((target == YS_VERIFY_VILLAGE) != village)
            continue;
        if (target != YS_VERIFY_PERSON) {
            if (!add_option(c, d, d->cover[i], -1))
                return false;
            continue;
        }
        for (int64_t p = c->person_start[d->block]; p < c->person_start[d->block + 1]; p++)
            if (!add_option(c, d, d->cover[i], (int32_t)p))
                return false;
    }
    return true;
}

/* ---- the order ---- */

static bool same_family(const ys__v_option *a, const ys__v_option *b)
{
    return a->measure == b->measure && a->person == b->person;
}

static int descending(int64_t a, int64_t b)
{
    return a > b ? -1 : a < b;
}

static int family_compare(const ys__v_option *a, const ys__v_option *b)
{
    int by = descending(b->measure, a->measure);
    return by != 0 ? by : descending(b->person, a->person);
}

static int input_order(const void *pa, const void *pb)
{
    const ys__v_option *a = pa, *b = pb;
    int by = family_compare(a, b);
    return by != 0 ? by : descending(b->offering, a->offering);
}

static int order_in_family(const void *pa, const void *pb)
{
    const ys__v_option *a = pa, *b = pb;
    int by = family_compare(a, b);
    for (int t = 0; t < YS_VERIFY_TIERS && by == 0; t++)
        by = descending(a->alone[t], b->alone[t]);
    if (by == 0)
        by = descending(b->width, a->width);
    return by != 0 ? by : descending(b->turn, a->turn);
}

static size_t family_end(const ys__v_desk *d, size_t begin)
{
    size_t end = begin + 1;
    while (end < d->n && same_family(&d->option[begin], &d->option[end]))
        end++;
    return end;
}

/* Each option's place in its family, turned by the row of the block so that equals are spread. */
static void set_turns(const ys__v_case *c, ys__v_desk *d)
{
    int64_t row = d->block < c->f->n_households ? d->block : d->block - c->f->n_households;
    qsort(d->option, d->n, sizeof *d->option, input_order);
    for (size_t i = 0, end; i < d->n; i = end) {
        end = family_end(d, i);
        int64_t all = (int64_t)(end - i);
        for (int64_t k = 0; k < all; k++) {
            ys__v_option *o = &d->option[i + (size_t)k];
            const ys_verify_offering *of = &c->f->offerings[o->offering];
            int64_t turn = (k - row) % all;
            o->turn = (int32_t)(turn < 0 ? turn + all : turn);
            o->width = (int64_t)of->area_end - of->area_begin;
        }
    }
}

static void set_layers(ys__v_desk *d)
{
    qsort(d->option, d->n, sizeof *d->option, order_in_family);
    for (size_t i = 0, end; i < d->n; i = end) {
        end = family_end(d, i);
        for (size_t k = i; k < end; k++)
            d->option[k].layer = (int32_t)(k - i);
    }
}

int ys__v_order(const void *pa, const void *pb)
{
    const ys__v_option *a = pa, *b = pb;
    if (a->locked != b->locked)
        return a->locked ? -1 : 1;
    if (a->running != b->running)
        return a->running ? -1 : 1;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    for (int t = 0; t < YS_VERIFY_TIERS; t++)
        if (a->alone[t] != b->alone[t])
            return descending(a->alone[t], b->alone[t]);
    if (a->offering != b->offering)
        return a->offering < b->offering ? -1 : 1;
    return a->person < b->person ? -1 : a->person > b->person;
}

/* What tier 2 of this block's sets needs; the memory of the block before is wiped. */
static void set_moving(const ys__v_case *c, ys__v_desk *d)
{
    int T = c->f->horizon;
    d->moving = 0;
    for (int i = 0; i < d->kept; i++) {
        const double *e = &c->effect[(int64_t)d->option[i].offering * T];
        const double *w = &c->variance[(int64_t)d->option[i].offering * T];
        for (int t = 0; t < T; t++)
            if (e[t] != 0 || w[t] != 0)
                d->moving |= 1u << i;
    }
    memset(d->memo, 0, YS_V_MEMO * sizeof *d->memo);
    if (d->block < c->f->n_households)
        d->home = ys__v_home_of(c->f, d->block);
}

ys_status ys__v_desk_lay(const ys__v_case *c, ys__v_desk *d, int64_t block)
{
    d->block = block;
    if (!collect(c, d))
        return YS_ENOMEM;
    for (size_t i = 0; i < d->n; i++)
        if (!ys__v_worth(c, block, &d->option[i], 1, d->option[i].alone))
            return YS_ELIMIT;
    if (d->n > 0) {
        set_turns(c, d);
        set_layers(d);
        qsort(d->option, d->n, sizeof *d->option, ys__v_order);
    }
    YS_TRY(ys__v_decided(c, d));
    ys__v_bundles(c, d);
    set_moving(c, d);
    return ys__v_lawful(c, d);
}
