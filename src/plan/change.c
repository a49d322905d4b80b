/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "plan/model.h"
#include "plan/run.h"

/*
 * A plan of the same people with other limits.  Limits and charges are rows of numbers and always made anew; blocks hang on the
 * offerings of their area alone, so that only chunks with a block where an offering became another one, came or went are
 * filled again.
 */

/* Do options and bundles of both rest on the same people, measures and parameters?  Bytes are compared: a field this file
 * does not know of makes a difference, and what differs is only built again. */
static bool same_people(const ys_plan_input *a, const ys_plan_input *b)
{
    ys_plan_input x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    for (int i = 0; i < 2; i++) { /* what rows and floors alone are made of */
        ys_plan_input *in = i == 0 ? &x : &y;
        in->offerings = NULL;
        in->funds = NULL;
        in->floors = NULL;
        in->fits = NULL;
        in->n_funds = in->n_floors = in->n_fits = 0;
        in->tolerance = 0;
    }
    return memcmp((const void *)&x, (const void *)&y, sizeof x) == 0;
}

static bool same_years(const double *a, const double *b)
{
    for (int t = 0; t <= YS_PLAN_HORIZON; t++)
        if (a[t] < b[t] || a[t] > b[t])
            return false;
    return true;
}

/* Does offering `i` make the same options with the same values? */
static bool same_offer(const ys_plan *p, const ys_plan *q, int i)
{
    const ys_plan_offering *a = &p->in->offerings[i], *b = &q->in->offerings[i];
    const ys_offer *x = &p->model.offer[i], *y = &q->model.offer[i];
    if (a->measure != b->measure || a->area_begin != b->area_begin || a->area_end != b->area_end ||
        x->available != y->available)
        return false;
    return !x->available || (same_years(x->e, y->e) && same_years(x->w, y->w));
}

static bool same_charges(const ys_choice *a, const ys_choice *b)
{
    size_t n = (size_t)a->type_at[a->n_types];
    return a->n_rows == b->n_rows &&
           memcmp(a->type_at, b->type_at, (size_t)(a->n_types + 1) * sizeof *a->type_at) == 0 &&
           memcmp(a->charge_row, b->charge_row, n * sizeof *a->charge_row) == 0 &&
           memcmp(a->charge, b->charge, n * sizeof *a->charge) == 0;
}

static void touch_areas(const ys_plan *p, const ys_plan_offering *o, uint8_t *touched)
{
    for (int32_t a = 0; a < p->model.n_areas; a++)
        if (p->model.area[a] >= o->area_begin && p->model.area[a] < o->area_end)
            touched[a] = 1;
}

static void borrow_chunks(ys_plan *p, const ys_plan *from, const uint8_t *touched, uint8_t *shared)
{
    ys_choice *c = &p->choice;
    const ys_plan_input *in = p->in;
    memset(shared, 1, (size_t)c->n_chunks);
    for (int64_t b = 0; b < c->n_blocks; b++) {
        if (touched[ys__model_area(&p->model, ys__area_of(in, b))])
            shared[b / YS_CHUNK_BLOCKS] = 0;
    }
    for (int64_t k = 0; k < c->n_chunks; k++)
        if (shared[k]) {
            c->chunks[k] = from->choice.chunks[k];
            c->chunks[k].borrowed = true;
        }
}

ys_status ys__plan_share(ys_plan *p, const ys_plan *from, uint8_t **ret_shared, bool *ret_all, ys_diag *diag)
{
    *ret_shared = NULL;
    *ret_all = false;
    if (!same_people(p->in, from->in) || p->model.want_alone != from->model.want_alone ||
        p->model.keep_dominated != from->model.keep_dominated)
        return YS_OK;
    uint8_t *shared = ys_calloc((size_t)p->choice.n_chunks, 1);
    uint8_t *touched = ys_calloc((size_t)p->model.n_areas, 1);
    if (shared == NULL || touched == NULL) {
        ys_free(shared);
        ys_free(touched);
        return ys_fail_nomem(diag);
    }
    bool all = true;
    for (int i = 0; i < p->in->n_offerings; i++)
        if (!same_offer(p, from, i)) {
            touch_areas(p, &p->in->offerings[i], touched);
            touch_areas(p, &from->in->offerings[i], touched);
            all = false;
        }
    borrow_chunks(p, from, touched, shared);
    ys_free(touched);
    *ret_shared = shared;
    *ret_all = all && same_charges(&p->choice, &from->choice);
    return YS_OK;
}

ys_status ys_plan_change(const ys_plan *from, const ys_plan_input *in, int threads, ys_plan **ret_plan,
                         ys_diag *diag)
{
    return ys__plan_build(in, from, threads, ret_plan, diag);
}

/* ---- the old plan in the numbers of the new one ---- */

/* Row of `from` with the same fund or offering as row `r` of `p`, -1 none. */
static int64_t old_row(const ys_plan *p, const ys_plan *from, int64_t r)
{
    ys_plan_row row = ys_plan_row_at(p, r);
    if (row.fund >= 0) {
        const ys_plan_fund *a = &p->in->funds[row.fund];
        for (int i = 0; i < from->in->n_funds; i++)
            if (from->in->funds[i].fund == a->fund && from->in->funds[i].period == a->period)
                return i;
        return -1;
    }
    return row.offering < from->in->n_offerings ? from->offer_row[row.offering] : -1;
}

static void map_prices(const ys_plan *p, const ys_plan *from, const ys_plan_result *old, ys_start *s)
{
    int64_t rows = p->choice.n_rows;
    int floors = p->in->n_floors;
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        const ys_plan_tier *tier = &old->tier[t];
        double unit = (double)((int64_t)1 << tier->shift);
        for (int64_t r = 0; r < rows; r++) {
            int64_t k = old_row(p, from, r);
            s->price[t][r] = k >= 0 ? (double)tier->price[k] / unit : 0;
        }
        for (int f = 0; f < floors; f++)
            s->price[t][rows + f] = f < old->floors ? (double)tier->floor_price[f] / unit : 0;
    }
    s->price[1][rows + floors] =
        (double)old->tier[1].couple_price / (double)((int64_t)1 << old->tier[1].shift);
}

/* How many of the old picks bundle `u` holds, or -1 when it holds anything else. */
static int held_picks(const ys_block *b, const ys_bundle *u, const ys_plan_picks *old)
{
    for (int j = 0; j < u->count; j++) {
        int32_t person = b->person != NULL ? b->person[u->option[j]] : -1;
        bool known = false;
        for (int k = 0; k < old->count; k++)
            known =
                known || (old->pick[k].offering == b->type[u->option[j]] && old->pick[k].person == person);
        if (!known)
            return -1;
    }
    return u->count;
}

/* The bundle with most of the old picks and nothing else. */
static uint16_t map_block(const ys_plan *p, const ys_plan_picks *old, int64_t block)
{
    ys_block b = ys__block(&p->choice, block);
    int best = 0, most = 0;
    for (int i = 1; i < b.n_bundles && most < old->count; i++) {
        int held = held_picks(&b, &b.bundle[i], old);
        if (held > most) {
            most = held;
            best = i;
        }
    }
    return (uint16_t)best;
}

static void map_choice(const ys_plan *p, const ys_plan *from, const ys_plan_result *old, uint16_t *choice)
{
    for (int64_t i = 0; i < p->choice.n_blocks; i++) {
        int64_t k = i / YS_CHUNK_BLOCKS;
        if (p->choice.chunks[k].bundles == from->choice.chunks[k].bundles) {
            choice[i] = old->choice[i];
        } else {
            ys_plan_picks picks = ys_plan_picks_of(from, old, i);
            choice[i] = map_block(p, &picks, i);
        }
    }
}

typedef struct changes {
    bool any;
    bool only_more; /* every limit is at least what it was, every floor at most */
} changes;

static changes compare(const ys_plan *p, const ys_plan *from)
{
    const ys_choice *a = &p->choice, *b = &from->choice;
    bool same = a->n_rows == b->n_rows && a->n_floors == b->n_floors && same_charges(a, b) &&
                p->in->tolerance == from->in->tolerance;
    for (int64_t k = 0; same && k < a->n_chunks; k++)
        same = a->chunks[k].bundles == b->chunks[k].bundles;
    changes c = {.any = !same, .only_more = same};
    for (int64_t r = 0; same && r < a->n_rows; r++) {
        c.any = c.any || a->limit[r] != b->limit[r];
        c.only_more = c.only_more && a->limit[r] >= b->limit[r];
    }
    for (int f = 0; same && f < a->n_floors; f++) {
        const ys_plan_floor *x = &p->in->floors[f], *y = &from->in->floors[f];
        bool alike = x->area_begin == y->area_begin && x->area_end == y->area_end && x->metric == y->metric &&
                     x->kind == y->kind && x->share == y->share && x->of_begin == y->of_begin &&
                     x->of_end == y->of_end && x->fund == y->fund && x->offering == y->offering &&
                     x->counts == y->counts;
        c.any = c.any || !alike || x->minimum != y->minimum;
        c.only_more = c.only_more && alike &&
                      (x->kind == YS_PLAN_MOST ? x->minimum >= y->minimum : x->minimum <= y->minimum);
    }
    return c;
}

static void *copy_of(const void *from, size_t bytes)
{
    void *to = ys_malloc(bytes);
    if (to != NULL && bytes > 0)
        memcpy(to, from, bytes);
    return to;
}

static ys_status copy_result(const ys_plan_result *old, ys_plan_result **ret, ys_diag *diag)
{
    ys_plan_result *r = copy_of(old, sizeof *r);
    if (r == NULL)
        return ys_fail_nomem(diag);
    size_t rows = (size_t)old->rows * sizeof(int64_t), floors = (size_t)old->floors * sizeof(int64_t);
    r->choice = copy_of(old->choice, (size_t)old->blocks * sizeof *r->choice);
    r->use = copy_of(old->use, rows);
    r->floor_use = copy_of(old->floor_use, floors);
    r->floor_need = copy_of(old->floor_need, floors);
    bool ok = r->choice != NULL && r->use != NULL && r->floor_use != NULL && r->floor_need != NULL;
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        r->tier[t].price = copy_of(old->tier[t].price, rows);
        r->tier[t].floor_price = copy_of(old->tier[t].floor_price, floors);
        ok = ok && r->tier[t].price != NULL && r->tier[t].floor_price != NULL;
    }
    if (!ok) {
        ys_plan_result_free(r);
        return ys_fail_nomem(diag);
    }
    *ret = r;
    return YS_OK;
}

static ys_status check_pair(const ys_plan *p, const ys_plan *from, const ys_plan_result *old, ys_diag *diag)
{
    if (p->in->n_households == from->in->n_households && p->in->n_villages == from->in->n_villages &&
        p->in->n_persons == from->in->n_persons && old->blocks == from->choice.n_blocks &&
        old->rows == from->choice.n_rows && old->floors == from->choice.n_floors)
        return YS_OK;
    return ys_fail(diag, YS_EUSAGE, "起点不是同一批户和人的计划", "the start is no plan of the same people");
}

ys_status ys_plan_resolve(const ys_plan *p, const ys_plan *from, const ys_plan_result *old,
                          const ys_plan_config *config, ys_plan_result **ret_result, ys_diag *diag)
{
    YS_TRY(check_pair(p, from, old, diag));
    changes what = compare(p, from);
    if (!what.any)
        return copy_result(old, ret_result, diag);
    size_t n = (size_t)(p->choice.n_rows + p->in->n_floors + 1);
    ys_start s = {.worst = old->gap,
                  .minimum =
                      p->in->tolerance == from->in->tolerance ? old->tier[1].couple_minimum : INT64_MIN,
                  .least = what.only_more ? old->tier[0].value : INT64_MIN};
    uint16_t *choice = ys_calloc((size_t)p->choice.n_blocks, sizeof *choice);
    double *price = ys_calloc(YS_PLAN_TIERS * n, sizeof *price);
    ys_status st = YS_OK;
    if (choice == NULL || price == NULL)
        YS_GO(ys_fail_nomem(diag));
    s.price[0] = price;
    s.price[1] = price + n;
    s.choice = choice;
    map_prices(p, from, old, &s);
    map_choice(p, from, old, choice);
    st = ys__plan_solve(p, &s, config, ret_result, diag);
done:
    ys_free(choice);
    ys_free(price);
    return st;
}
