/* SPDX-License-Identifier: Apache-2.0 */
/*
 * units.c - rows of the problem, what one unit of an offering charges them, and what it brings by year
 * (docs/plan-model.md section 2).
 */
#include <math.h>
#include <stdbool.h>
#include "base/alloc.h"
#include "verify/inner.h"

/* Row of (fund, year), or -1.  Funds are few hundred; `order` is sorted by (fund, period). */
typedef struct fund_index {
    const ys_verify_fund *fund;
    int32_t *order;
    int n;
} fund_index;

static int fund_compare(const void *a, const void *b, void *arg)
{
    const ys_verify_fund *f = arg;
    const ys_verify_fund *x = &f[*(const int32_t *)a], *y = &f[*(const int32_t *)b];
    if (x->fund != y->fund)
        return x->fund < y->fund ? -1 : 1;
    return x->period < y->period ? -1 : x->period > y->period;
}

static int32_t fund_row(const fund_index *x, int32_t fund, int64_t period)
{
    int low = 0, high = x->n;
    while (low < high) {
        int mid = low + (high - low) / 2;
        const ys_verify_fund *g = &x->fund[x->order[mid]];
        if (g->fund < fund || (g->fund == fund && g->period < period))
            low = mid + 1;
        else
            high = mid;
    }
    if (low == x->n)
        return -1;
    const ys_verify_fund *g = &x->fund[x->order[low]];
    return g->fund == fund && g->period == period ? x->order[low] : -1;
}

static ys_status fund_index_make(const ys_verify_facts *f, fund_index *ret, ys_diag *diag)
{
    int32_t *order = ys_calloc((size_t)f->n_funds + 1, sizeof *order);
    if (!order)
        return ys_fail_nomem(diag);
    for (int32_t i = 0; i < f->n_funds; i++)
        order[i] = i;
    qsort_r(order, (size_t)f->n_funds, sizeof *order, fund_compare, (void *)f->funds);
    for (int i = 1; i < f->n_funds; i++)
        if (fund_compare(&order[i - 1], &order[i], (void *)f->funds) == 0) {
            const char *name = f->funds[order[i]].name;
            ys_status st =
                ys_fail(diag, YS_EDATA, "资金 %s 在 %d 年出现两次", "fund %s is given twice for %d",
                        name ? name : "", f->funds[order[i]].period);
            ys_free(order);
            return st;
        }
    *ret = (fund_index){f->funds, order, f->n_funds};
    return YS_OK;
}

static bool charge(ys__v_case *c, ys__v_unit *u, int32_t row, int64_t amount)
{
    if (amount == 0)
        return true;
    for (int32_t i = 0; i < u->charges; i++)
        if (c->charge[u->first + i].row == row) {
            c->charge[u->first + i].amount += amount;
            return true;
        }
    if (!ys_grow(&c->charge, &c->cap_charges, c->n_charges + 1, sizeof *c->charge))
        return false;
    c->charge[c->n_charges++] = (ys__v_charge){row, amount};
    u->charges++;
    return true;
}

/* One side of the bill: a fund pays `first` in the first year and `again` in each later one. */
static bool charge_side(ys__v_case *c, const fund_index *x, const ys_verify_offering *o, ys__v_unit *u,
                        int side)
{
    const ys_verify_facts *f = c->f;
    int32_t fund = side == 0 ? o->fund_a : o->fund_b;
    if (fund < 0)
        return true;
    int64_t a_first = (int64_t)((ys_i128)o->cost * o->share_a / 1000000);
    int64_t a_again = (int64_t)((ys_i128)o->cost_recurring * o->share_a / 1000000);
    int64_t now = side == 0 ? a_first : o->cost - a_first;
    int64_t again = side == 0 ? a_again : o->cost_recurring - a_again;
    double factor = 1;
    for (int64_t year = (int64_t)o->period + 1; year < (int64_t)f->period + f->horizon; year++) {
        factor = factor / (1 + f->discount);
        int32_t row = fund_row(x, fund, year);
        if (row < 0)
            now += (int64_t)floor((double)again * factor + 0.5);
        else if (!charge(c, u, row, again))
            return false;
    }
    int32_t row = fund_row(x, fund, o->period);
    if (row >= 0)
        return charge(c, u, row, now);
    if (now > 0)
        u->fault = YS_VC_UNFUNDED;
    return true;
}

static bool unit_charges(ys__v_case *c, const fund_index *x, int32_t offering, int32_t capacity_row)
{
    const ys_verify_offering *o = &c->f->offerings[offering];
    ys__v_unit *u = &c->unit[offering];
    *u = (ys__v_unit){.fault = YS_VC_NONE,
                      .fault_row = -1,
                      .first = (int64_t)c->n_charges,
                      .labour = ys__v_milli(c->f->measures[o->measure].labour_months)};
    if (o->period < c->f->period || o->period > (int64_t)c->f->period + c->f->horizon - 1) {
        u->fault = YS_VC_PERIOD;
        return true;
    }
    if (!charge_side(c, x, o, u, 0) || !charge_side(c, x, o, u, 1))
        return false;
    if (capacity_row >= 0 && !charge(c, u, capacity_row, 1))
        return false;
    for (int32_t i = 0; i < u->charges && u->fault == YS_VC_NONE; i++) {
        const ys__v_charge *g = &c->charge[u->first + i];
        if (g->amount > c->limit[g->row]) {
            u->fault = YS_VC_NO_ROOM;
            u->fault_row = g->row;
        }
    }
    return true;
}

static void unit_effect(ys__v_case *c, int32_t offering)
{
    const ys_verify_offering *o = &c->f->offerings[offering];
    const ys_verify_measure *m = &c->f->measures[o->measure];
    int T = c->f->horizon;
    double off = (double)(12 * ((int64_t)o->period - c->f->period)) + m->delay_months + o->wait_months;
    for (int t = 1; t <= T; t++) {
        double months = (double)(12 * t) - off, age = (double)(12 * (t - 1)) - off;
        double share = months <= 0 ? 0 : months >= 12 ? 1 : months / 12;
        int worn = age <= 0 ? 0 : (int)(age / 12);
        for (int k = 0; k < worn; k++)
            share *= m->persistence;
        double sd = o->effect_sd * share;
        c->effect[(int64_t)offering * T + t - 1] = o->effect * share;
        c->variance[(int64_t)offering * T + t - 1] = sd * sd;
    }
}

static void set_rows(ys__v_case *c, int32_t *row_of)
{
    const ys_verify_facts *f = c->f;
    int32_t row = 0;
    for (int i = 0; i < f->n_funds; i++, row++) {
        c->limit[row] = f->funds[i].amount;
        c->row_offering[row] = -1;
    }
    for (int32_t i = 0; i < f->n_offerings; i++) {
        row_of[i] = -1;
        if (f->offerings[i].capacity == YS_VERIFY_UNBOUNDED)
            continue;
        row_of[i] = row;
        c->limit[row] = f->offerings[i].capacity;
        c->row_offering[row++] = i;
    }
    c->n_rows = row;
}

ys_status ys__v_units(ys__v_case *c, ys_diag *diag)
{
    const ys_verify_facts *f = c->f;
    size_t most = (size_t)f->n_funds + (size_t)f->n_offerings,
           cells = (size_t)f->n_offerings * (size_t)f->horizon;
    fund_index x = {0};
    YS_TRY(fund_index_make(f, &x, diag));
    int32_t *row_of = ys_calloc((size_t)f->n_offerings + 1, sizeof *row_of);
    c->limit = ys_calloc(most + 1, sizeof *c->limit);
    c->row_offering = ys_calloc(most + 1, sizeof *c->row_offering);
    c->unit = ys_calloc((size_t)f->n_offerings + 1, sizeof *c->unit);
    c->effect = ys_calloc(cells + 1, sizeof *c->effect);
    c->variance = ys_calloc(cells + 1, sizeof *c->variance);
    bool ok = row_of && c->limit && c->row_offering && c->unit && c->effect && c->variance;
    if (ok)
        set_rows(c, row_of);
    for (int32_t i = 0; ok && i < f->n_offerings; i++) {
        ok = unit_charges(c, &x, i, row_of[i]);
        if (ok && c->unit[i].fault != YS_VC_PERIOD)
            unit_effect(c, i);
    }
    double factor = 1;
    for (int t = 0; t < f->horizon; t++) {
        factor = factor / (1 + f->discount);
        c->year_weight[t] = factor;
    }
    ys_free(row_of);
    ys_free(x.order);
    return ok ? YS_OK : ys_fail_nomem(diag);
}
