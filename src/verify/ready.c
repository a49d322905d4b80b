/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ready.c - who belongs to whom: persons of a household, households of a village, ties of a measure.
 */
#include "base/alloc.h"
#include "base/dmath.h"
#include "verify/inner.h"

static bool persons(ys__v_case *c)
{
    const ys_verify_facts *f = c->f;
    c->person_start = ys_calloc((size_t)f->n_households + 1, sizeof *c->person_start);
    if (!c->person_start)
        return false;
    int64_t p = 0;
    for (int64_t h = 0; h < f->n_households; h++) {
        c->person_start[h] = p;
        while (p < f->n_persons && f->persons[p].household == h)
            p++;
    }
    c->person_start[f->n_households] = p;
    return true;
}

static bool members(ys__v_case *c)
{
    const ys_verify_facts *f = c->f;
    c->member_start = ys_calloc((size_t)f->n_villages + 2, sizeof *c->member_start);
    c->member = ys_calloc((size_t)f->n_households + 1, sizeof *c->member);
    c->heads = ys_calloc((size_t)f->n_villages + 1, sizeof *c->heads);
    if (!c->member_start || !c->member || !c->heads)
        return false;
    int64_t *next = c->member_start + 1; /* counted one place up, so that filling leaves the starts */
    for (int64_t h = 0; h < f->n_households; h++)
        if (f->households[h].village >= 0)
            next[f->households[h].village]++;
    int64_t at = 0;
    for (int64_t v = 0; v < f->n_villages; v++) {
        int64_t n = next[v];
        next[v] = at;
        at += n;
    }
    for (int64_t h = 0; h < f->n_households; h++) {
        int32_t v = f->households[h].village;
        if (v < 0)
            continue;
        c->member[next[v]++] = (int32_t)h;
        c->heads[v] += f->households[h].persons;
    }
    return true;
}

/* `requires` binds its first measure only; the other two kinds are seen from both sides. */
static bool ties(ys__v_case *c)
{
    const ys_verify_facts *f = c->f;
    c->tie_start = ys_calloc((size_t)f->n_measures + 2, sizeof *c->tie_start);
    c->tie = ys_calloc(2 * (size_t)f->n_relations + 1, sizeof *c->tie);
    if (!c->tie_start || !c->tie)
        return false;
    int64_t *next = c->tie_start + 1;
    for (int i = 0; i < f->n_relations; i++) {
        const ys_verify_relation *r = &f->relations[i];
        next[r->measure_a]++;
        if (r->kind != YS_VERIFY_REQUIRES)
            next[r->measure_b]++;
    }
    int64_t at = 0;
    for (int m = 0; m < f->n_measures; m++) {
        int64_t n = next[m];
        next[m] = at;
        at += n;
    }
    for (int i = 0; i < f->n_relations; i++) {
        const ys_verify_relation *r = &f->relations[i];
        c->tie[next[r->measure_a]++] = (ys__v_tie){r->measure_b, r->kind, r->value};
        if (r->kind != YS_VERIFY_REQUIRES)
            c->tie[next[r->measure_b]++] = (ys__v_tie){r->measure_a, r->kind, r->value};
    }
    return true;
}

ys_status ys__v_ready(const ys_verify_facts *f, ys__v_case *ret_case, ys_diag *diag)
{
    ys__v_case c = {.f = f, .blocks = f->n_households + f->n_villages};
    ys_status st = persons(&c) && members(&c) && ties(&c) ? YS_OK : ys_fail_nomem(diag);
    c.sure = f->chance_epsilon > 0 ? ys_norm_inv(1 - f->chance_epsilon) : 0;
    for (int i = 0; i < f->n_groups; i++)
        c.wide_group = c.wide_group || f->groups[i].limit > 1;
    if (st == YS_OK)
        st = ys__v_units(&c, diag);
    if (st != YS_OK) {
        ys__v_case_done(&c);
        return st;
    }
    *ret_case = c;
    return YS_OK;
}

void ys__v_case_done(ys__v_case *c)
{
    ys_free(c->limit);
    ys_free(c->row_offering);
    ys_free(c->unit);
    ys_free(c->charge);
    ys_free(c->effect);
    ys_free(c->variance);
    ys_free(c->person_start);
    ys_free(c->member_start);
    ys_free(c->member);
    ys_free(c->heads);
    ys_free(c->tie_start);
    ys_free(c->tie);
    ys_free(c->area);
    ys_free(c->area_at);
    ys_free(c->hold);
    ys_free(c->project_at);
    ys_free(c->project);
    *c = (ys__v_case){0};
}
