/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/*
 * The exact bound of docs/plan-model.md section 7.  Prices become integers p = round(x * 2^shift); every sum is an
 * exact 128-bit integer, so the bound is valid whatever the doubles before it did.
 */

/* Largest shift <= 40 that keeps every price below 2^60 and the sum of price * limit below 2^118. */
static int choose_shift(const ys_stage *s, const double *x)
{
    const ys_choice *c = s->c;
    double top = 1, sum = 1;
    for (int64_t i = 0; i < c->n_rows + s->n_floors; i++) {
        double limit = i < c->n_rows ? (double)c->limit[i] : fabs((double)s->minimum[i - c->n_rows]);
        top = x[i] > top ? x[i] : top;
        sum += x[i] * limit;
    }
    /* weights add the prices of all floors over a place */
    double floors = 1;
    for (int f = 0; f < s->n_floors; f++) {
        bool held = f < c->n_floors && c->floor_level[f] >= 0;
        floors += x[c->n_rows + f];
        floors += held ? x[c->n_rows + f] * ys__ratio(c, f) : 0;
    }
    top = floors > top ? floors : top;
    int shift = 40;
    while (shift > 0 &&
           (top * (double)((int64_t)1 << shift) > 0x1p60 || sum * (double)((int64_t)1 << shift) > 0x1p118))
        shift--;
    return shift;
}

static int64_t quantise(double x, int shift)
{
    double q = x * (double)((int64_t)1 << shift) + 0.5;
    if (!(q >= 0))
        return 0;
    return q < 0x1p60 ? (int64_t)q : (int64_t)1 << 60; /* any price >= 0 is valid */
}

typedef struct exact {
    const ys_stage *s;
    ys_i128 *type_cost, *chunk_sum;
    ys_i128 *w; /* w1, w2, w0 per place */
    ys_i128 *sum_price;
} exact;

/* What option `o` costs: its charges, less what its terms are worth. */
static ys_i128 option_cost(const exact *e, const ys_block *b, int o)
{
    int n;
    ys_i128 v = e->type_cost[b->type[o]];
    const ys_term *t = ys__terms(e->s->c, b->place, b->type[o], &n);
    for (int i = 0; i < n; i++)
        v -= e->sum_price[t[i].sum] * ys__term_value(&t[i], b, o);
    return v;
}

/* Section 7: the price of a level is what its floors' prices come to, rounded down. */
static void exact_sum_prices(exact *e, const ys_certificate *t)
{
    const ys_choice *c = e->s->c;
    ys_i128 *level = e->sum_price + c->n_floors;
    for (int f = 0; f < c->n_floors; f++) {
        e->sum_price[f] = (ys_i128)c->sum_sign[f] * t->floor_price[f];
        if (c->floor_level[f] >= 0)
            level[c->floor_level[f]] += (ys_i128)t->floor_price[f] * c->floor_ratio[f];
    }
    for (int g = 0; g < c->n_levels; g++)
        level[g] = -(level[g] >> YS_RATIO);
}

static void exact_chunk(void *arg, int64_t chunk_no, int64_t begin, int64_t end, int thread)
{
    exact *e = arg;
    const ys_choice *c = e->s->c;
    ys_i128 total = 0, cost[256];
    (void)end;
    (void)thread;
    cost[YS_NO_OPTION] = 0;
    for (int32_t i = 0; i < c->chunks[begin].n; i++) {
        ys_block b = ys__block(c, begin * YS_CHUNK_BLOCKS + i);
        for (int o = 0; o < b.n_options; o++)
            cost[o] = option_cost(e, &b, o);
        const ys_i128 *w = e->w + 3 * (int64_t)b.place;
        ys_i128 best = 0;
        for (int k = 0; k < b.n_bundles; k++) {
            const ys_bundle *u = &b.bundle[k];
            ys_i128 v =
                w[0] * u->v1 + w[1] * u->v2 - cost[u->option[0]] - cost[u->option[1]] - cost[u->option[2]];
            if (u->v1 > 0 || u->v2 > 0)
                v += w[2];
            best = k == 0 || v > best ? v : best;
        }
        total += best;
    }
    e->chunk_sum[chunk_no] = total;
}

static void exact_weights(exact *e, const ys_certificate *t)
{
    const ys_stage *s = e->s;
    const ys_choice *c = s->c;
    ys_i128 one = (ys_i128)1 << t->shift;
    bool floors = s->n_floors > (s->coupled ? 1 : 0);
    if (floors)
        exact_sum_prices(e, t);
    for (int32_t p = 0; p < c->n_places; p++) {
        ys_i128 *w = e->w + 3 * (int64_t)p;
        w[0] = one * s->k1 + (s->coupled ? t->floor_price[s->n_floors - 1] : 0);
        w[1] = one * s->k2;
        w[2] = 0;
        for (int32_t k = c->place_at[p]; floors && k < c->place_at[p + 1]; k++) {
            int f = c->place_floor[k];
            int which = c->floor_metric[f] == YS_PLAN_GAP ? 1 : c->floor_metric[f] == YS_PLAN_CURES ? 0 : 2;
            if (which != 2 || c->place_helps[p])
                w[which] += e->sum_price[f];
        }
    }
    for (int64_t y = 0; y < c->n_types; y++)
        for (int64_t k = c->type_at[y]; k < c->type_at[y + 1]; k++)
            e->type_cost[y] += (ys_i128)t->price[c->charge_row[k]] * c->charge[k];
}

static ys_i128 floor_shift(ys_i128 v, int shift)
{
    ys_i128 one = (ys_i128)1 << shift, q = v / one;
    return v % one < 0 ? q - 1 : q;
}

ys_status ys__stage_certify(ys_stage *s, const double *x, ys_certificate *ret_cert, ys_diag *diag)
{
    const ys_choice *c = s->c;
    ys_certificate t = {.shift = choose_shift(s, x)};
    exact e = {.s = s};
    ys_status st = YS_OK;
    t.price = ys_calloc((size_t)c->n_rows, sizeof *t.price);
    t.floor_price = ys_calloc((size_t)s->n_floors, sizeof *t.floor_price);
    e.type_cost = ys_calloc((size_t)c->n_types, sizeof *e.type_cost);
    e.chunk_sum = ys_calloc((size_t)c->n_chunks, sizeof *e.chunk_sum);
    e.w = ys_calloc(3 * (size_t)c->n_places, sizeof *e.w);
    e.sum_price = ys_calloc((size_t)(c->n_floors + c->n_levels), sizeof *e.sum_price);
    if (!t.price || !t.floor_price || !e.type_cost || !e.chunk_sum || !e.w || !e.sum_price) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    ys_i128 sum = 0;
    for (int64_t r = 0; r < c->n_rows; r++) {
        t.price[r] = quantise(x[r], t.shift);
        sum += (ys_i128)t.price[r] * c->limit[r];
    }
    for (int f = 0; f < s->n_floors; f++) {
        t.floor_price[f] = quantise(x[c->n_rows + f], t.shift);
        sum -= (ys_i128)t.floor_price[f] * s->minimum[f];
    }
    exact_weights(&e, &t);
    ys_pool_run(s->pool, c->n_chunks, 1, exact_chunk, &e);
    for (int64_t i = 0; i < c->n_chunks; i++)
        sum += e.chunk_sum[i];
    ys_i128 bound = floor_shift(sum, t.shift);
    if (bound > INT64_MAX || bound < INT64_MIN) {
        st = ys_fail(diag, YS_ELIMIT, "界超出64位整数", "the bound leaves 64 bits");
        goto done;
    }
    t.bound = (int64_t)bound;
    t.negative = sum < 0;
    *ret_cert = t;
done:
    ys_free(e.type_cost);
    ys_free(e.chunk_sum);
    ys_free(e.w);
    ys_free(e.sum_price);
    if (st != YS_OK)
        ys__certificate_done(&t);
    return st;
}

void ys__certificate_done(ys_certificate *t)
{
    ys_free(t->price);
    ys_free(t->floor_price);
    memset(t, 0, sizeof *t);
}
