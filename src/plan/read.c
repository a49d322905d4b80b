/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"
#include "plan/run.h"

#include <math.h>

#include "base/alloc.h"

ys_plan_size ys_plan_measure_size(const ys_plan *p)
{
    return p->size;
}

const ys_plan_input *ys_plan_input_of(const ys_plan *p)
{
    return p->in;
}

ys_plan_row ys_plan_row_at(const ys_plan *p, int64_t row)
{
    ys_plan_row r = {.fund = -1, .offering = -1, .limit = p->choice.limit[row]};
    if (row < p->in->n_funds) {
        r.fund = (int32_t)row;
        return r;
    }
    r.offering = p->row_offer[row - p->in->n_funds];
    return r;
}

int ys_plan_charges(const ys_plan *p, int32_t offering, int64_t *ret_row, int64_t *ret_amount, int max)
{
    const ys_choice *c = &p->choice;
    int n = 0;
    for (int64_t k = c->type_at[offering]; k < c->type_at[offering + 1]; k++, n++)
        if (n < max) {
            ret_row[n] = c->charge_row[k];
            ret_amount[n] = c->charge[k];
        }
    return n;
}

int64_t ys__plan_spent(const ys_plan *p, int32_t offering, int32_t fund)
{
    const ys_choice *c = &p->choice;
    int64_t sum = 0;
    for (int64_t k = c->type_at[offering]; k < c->type_at[offering + 1]; k++)
        if (c->charge_row[k] < p->in->n_funds && (fund < 0 || p->in->funds[c->charge_row[k]].fund == fund))
            sum += c->charge[k];
    return sum;
}

double ys_plan_floor_cost(const ys_plan_input *in, const ys_plan_result *r, int64_t floor)
{
    const ys_plan_floor *x = &in->floors[floor];
    double price = (double)r->tier[1].floor_price[floor] / (double)((int64_t)1 << r->tier[1].shift);
    if (x->kind <= YS_PLAN_MOST)
        return price;
    /* what is asked goes with the share; of a project's with one over the share, which changes by as much */
    return x->share > 0 ? price * (double)r->floor_need[floor] * (10000 / (double)x->share) : 0;
}

int64_t ys_plan_gap_today(const ys_plan *p, int64_t household)
{
    return (int64_t)floor(ys__gap_today(&p->model, household) + 0.5);
}

static ys_option option_of(const ys_plan *p, const ys_block *b, int number)
{
    int32_t offering = b->type[number];
    return (ys_option){
        .offering = offering, .measure = p->in->offerings[offering].measure, .person = b->person[number]};
}

ys_plan_picks ys_plan_picks_of(const ys_plan *p, const ys_plan_result *r, int64_t block)
{
    ys_block b = ys__block(&p->choice, block);
    const ys_bundle *u = &b.bundle[r->choice[block]];
    ys_plan_picks k = {.count = u->count, .cures = u->v1, .gap = u->v2};
    for (int i = 0; i < u->count; i++) {
        ys_option o = option_of(p, &b, u->option[i]);
        k.pick[i] = (ys_plan_pick){.offering = o.offering, .measure = o.measure, .person = o.person};
    }
    return k;
}

ys_plan_switches ys_plan_switches_of(const ys_plan *p, const ys_plan_result *r)
{
    ys_plan_switches s = {0};
    for (int64_t b = 0; b < r->blocks && p->in->switch_cost > 0; b++) {
        int n, same = 0;
        const ys_plan_running *run = ys__running_of(p->in, b, &n);
        ys_plan_picks k = ys_plan_picks_of(p, r, b);
        for (int i = 0; i < k.count; i++)
            for (int j = 0; j < n; j++)
                same += run[j].offering == k.pick[i].offering && run[j].person == k.pick[i].person;
        s.added += k.count - same;
        s.dropped += n - same;
    }
    s.cost = p->in->switch_cost * (s.added + s.dropped);
    return s;
}

/* ---- overlap: what a village and a household bundle both count ------------------------------------------------- */

static int picks_as_options(const ys_plan *p, const ys_plan_result *r, int64_t block, ys_option *o,
                            const ys_option **at)
{
    ys_plan_picks k = ys_plan_picks_of(p, r, block);
    for (int i = 0; i < k.count; i++) {
        o[i] = (ys_option){
            .offering = k.pick[i].offering, .measure = k.pick[i].measure, .person = k.pick[i].person};
        at[i] = &o[i];
    }
    return k.count;
}

static void add_overlap(const ys_plan *p, ys_plan_result *r, int64_t h, const ys_option *const *village,
                        int n_village)
{
    ys_option o[YS_PLAN_MAX_MEASURES];
    const ys_option *own[YS_PLAN_MAX_MEASURES];
    int n = picks_as_options(p, r, h, o, own);
    if (n == 0)
        return;
    uint32_t cures = 0;
    for (int i = 0; i < n_village; i++)
        cures |= p->in->measures[village[i]->measure].cures;
    for (int i = 0; i < p->in->n_indicators; i++)
        if (cures >> i & 1)
            r->overlap[0] += ys__value_indicator(&p->model, h, own, n, i);
    r->overlap[1] += ys__value_gap(&p->model, h, own, n, NULL) +
                     ys__value_share(&p->model, h, village, n_village) -
                     ys__value_joint(&p->model, h, own, n, village, n_village);
}

void ys__measure_overlap(const ys_plan *p, ys_plan_result *r)
{
    const ys_plan_input *in = p->in;
    for (int64_t v = 0; v < in->n_villages; v++) {
        ys_option o[YS_PLAN_MAX_MEASURES];
        const ys_option *village[YS_PLAN_MAX_MEASURES];
        int n = picks_as_options(p, r, in->n_households + v, o, village);
        for (int64_t k = p->model.village_at[v]; n > 0 && k < p->model.village_at[v + 1]; k++)
            add_overlap(p, r, p->model.village_home[k], village, n);
    }
}

ys_status ys__plan_solve(const ys_plan *p, const struct ys_start *start, const ys_plan_config *config,
                         ys_plan_result **ret_result, ys_diag *diag)
{
    const char **names = ys_calloc((size_t)p->in->n_floors, sizeof *names);
    if (names == NULL)
        return ys_fail_nomem(diag);
    for (int f = 0; f < p->in->n_floors; f++)
        names[f] = p->in->floors[f].name;
    ys_plan_result *r = NULL;
    ys_status st = start == NULL
                       ? ys__choice_solve(&p->choice, p->in->tolerance, config, names, &r, diag)
                       : ys__choice_warm(&p->choice, p->in->tolerance, start, config, names, &r, diag);
    ys_free(names);
    if (st != YS_OK)
        return st;
    ys__measure_overlap(p, r);
    *ret_result = r;
    return YS_OK;
}

ys_status ys_plan_solve(const ys_plan *p, const ys_plan_config *config, ys_plan_result **ret_result,
                        ys_diag *diag)
{
    return ys__plan_solve(p, NULL, config, ret_result, diag);
}
