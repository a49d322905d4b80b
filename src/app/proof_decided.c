/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof_decided.c - locks and the running plan, derived anew for the checker from docs/plan-model.md section 10.
 */
#include <stdlib.h>
#include <string.h>

#include "app/proof_internal.h"
#include "registry/kinds.h"

static const char *text(const ys_table *t, const char *column, int64_t row)
{
    const char *s = ys_table_get_text(t, ys_table_find(t, column), row);
    return s != NULL ? s : "";
}

static int64_t unit_of(const ys__proof_facts *f, const char *household, const char *area)
{
    char unit[160];
    if (*household != '\0')
        return ys__proof_block(f, household);
    snprintf(unit, sizeof unit, "village:%s", area);
    return ys__proof_block(f, unit);
}

/* ---- locks ---- */

static ys_status refuse(const char *lock, ys_diag *diag)
{
    ys_diag_value(diag, lock);
    return ys_fail(diag, YS_EDATA, "锁定 %s 不成立：对象、方式、措施、供给或人有误",
                   "lock %s makes no sense: its household or village, mode, measure, offering or person",
                   lock);
}

/* YS_OK and block -1: it binds nothing here. */
static ys_status make_lock(const ys__proof_facts *f, int64_t i, ys_verify_lock *ret, ys_diag *diag)
{
    const ys_table *t = f->frame->lock;
    const char *household = text(t, "household", i), *area = text(t, "area", i), *mode = text(t, "mode", i);
    const char *offering = text(t, "offering", i), *person = text(t, "person", i);
    ys_verify_lock l = {.name = text(t, "lock", i), .offering = -1, .person = -1};
    if ((*household == '\0') == (*area == '\0'))
        return refuse(l.name, diag);
    l.block = unit_of(f, household, area);
    l.keep = strcmp(mode, "keep") == 0;
    l.measure = ys_pack_measure_index(f->frame->pack, text(t, "measure", i));
    if (l.block >= 0 && (l.measure < 0 || (!l.keep && strcmp(mode, "forbid") != 0)))
        return refuse(l.name, diag);
    bool known = true;
    if (*offering != '\0')
        known = (l.offering = ys__proof_offering(f, offering)) >= 0;
    if (*person != '\0') {
        l.person = ys__proof_person(f, person);
        known = known && l.person >= 0 && f->in.persons[l.person].household == l.block;
    }
    if (!known && l.keep && l.block >= 0)
        return refuse(l.name, diag);
    *ret = l;
    ret->block = known ? l.block : -1;
    return YS_OK;
}

static int compare_locks(const void *a, const void *b)
{
    const ys_verify_lock *x = a, *y = b;
    return x->block != y->block ? (x->block < y->block ? -1 : 1) : strcmp(x->name, y->name);
}

static ys_status make_locks(ys__proof_facts *f, ys_diag *diag)
{
    int64_t rows = f->frame->lock != NULL ? ys_table_rows(f->frame->lock) : 0, n = 0;
    ys_verify_lock *out = ys_arena_alloc(f->arena, (size_t)rows + 1, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < rows; i++) {
        YS_TRY(make_lock(f, i, &out[n], diag));
        n += out[n].block >= 0;
    }
    qsort(out, (size_t)n, sizeof *out, compare_locks);
    f->in.locks = out;
    f->in.n_locks = n;
    return YS_OK;
}

/* ---- the running plan ---- */

/* The newest plan that was there for the whole, or for the scope of this one. */
static const char *running_version(const ys_proof *p, const ys_table *plans)
{
    const char *best = "";
    for (int64_t i = 0; i < ys_table_rows(plans); i++) {
        const char *name = text(plans, "plan", i), *scope = text(plans, "scope", i);
        bool fits = *scope == '\0' || (p->plan.scope != NULL && strcmp(scope, p->plan.scope) == 0);
        if (fits && (*best == '\0' || ys__proof_later(name, best)))
            best = name;
    }
    return best;
}

static int compare_running(const void *a, const void *b)
{
    const ys_verify_running *x = a, *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    return x->offering != y->offering ? (x->offering < y->offering ? -1 : 1)
                                      : (x->person > y->person) - (x->person < y->person);
}

static ys_status make_running(ys__proof_facts *f, const ys_table *t, ys_diag *diag)
{
    int64_t rows = ys_table_rows(t), n = 0;
    ys_verify_running *out = ys_arena_alloc(f->arena, (size_t)rows + 1, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < rows; i++) {
        const char *person = text(t, "person", i);
        ys_verify_running r = {ys__proof_block(f, text(t, "unit", i)),
                               ys__proof_offering(f, text(t, "offering", i)), -1};
        bool known = r.block >= 0 && r.offering >= 0;
        if (known && *person != '\0') {
            r.person = ys__proof_person(f, person);
            known = r.person >= 0 && f->in.persons[r.person].household == r.block;
        }
        if (known)
            out[n++] = r;
    }
    qsort(out, (size_t)n, sizeof *out, compare_running);
    f->in.running = out;
    f->in.n_running = n;
    return YS_OK;
}

static ys_status read_running(ys_office *o, const ys_proof *p, ys__proof_facts *f, ys_diag *diag)
{
    ys_scan then = {.valid_on = YS_SCAN_LATEST, .as_of_tx = p->plan.facts_tx};
    ys_table *plans = NULL, *t = NULL;
    ys_status st = YS_OK;
    YS_TRY(ys_store_scan(o->store, &ys_kind_plan, &then, &plans, diag));
    const char *version = running_version(p, plans);
    if (*version != '\0') {
        then.where_field = "plan";
        then.where_value = version;
        YS_GO(ys_store_scan(o->store, &ys_kind_choice, &then, &t, diag));
        YS_GO(make_running(f, t, diag));
    }
done:
    ys_table_free(t);
    ys_table_free(plans);
    return st;
}

ys_status ys__proof_decided(ys_office *o, const ys_proof *p, ys__proof_facts *f, ys_diag *diag)
{
    YS_TRY(make_locks(f, diag));
    return f->in.switch_cost > 0 ? read_running(o, p, f, diag) : YS_OK;
}

ys_status ys__proof_decided_as(ys__proof_facts *f, const ys_plan_input *in, ys_diag *diag)
{
    ys_verify_lock *l = ys_arena_alloc(f->arena, (size_t)in->n_locks + 1, sizeof *l);
    ys_verify_running *r = ys_arena_alloc(f->arena, (size_t)in->n_running + 1, sizeof *r);
    if (l == NULL || r == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < in->n_locks; i++) {
        const ys_plan_lock *x = &in->locks[i];
        l[i] = (ys_verify_lock){x->name, x->block, x->measure, x->offering, x->person, x->keep};
    }
    for (int64_t i = 0; i < in->n_running; i++)
        r[i] = (ys_verify_running){in->running[i].block, in->running[i].offering, in->running[i].person};
    f->in.locks = l;
    f->in.running = r;
    f->in.n_locks = in->n_locks;
    f->in.n_running = in->n_running;
    return YS_OK;
}
