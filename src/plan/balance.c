/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/*
 * From prices to a plan by an augmented Lagrangian over whole bundles: a row that is used beyond its limit becomes dearer by
 * stiffness * excess, one with room cheaper, floors that are short weigh more; blocks decide one after the other while uses
 * change under their hands (Bertsekas, Constrained Optimization and Lagrange Multiplier Methods, 1982, chapter 2, here
 * with one block at a time).  Classes of equally good blocks are split where a row is full, and places change hands
 * without anybody asking who must leave.
 *
 *   soft     rows and floors may be violated; stiffness grows
 *   strict   no move may overfill a row; only overfull rows go on growing stiffer, until none is left
 *   again    what the floors lost by that is asked of them beforehand, and the soft sweeps start anew
 *
 * Blocks are visited in their order by one thread: the result depends on nothing else.
 */

typedef struct balance {
    ys_draft *d;
    const uint8_t *fixed; /* NULL, or blocks that stay as they are */
    double *stiff;        /* per row, then per floor */
    int64_t *aim;         /* per floor: at least its minimum */
    double *level;        /* per level: its price, from those of its floors, when it was last looked at */
    bool strict;
} balance;

static const double FIRST = 0.02, GROWTH = 1.4, LATER = 0.1, STIFFER = 1.5;
/* Stiffness is measured in price per share of the limit; large rows and the coupling answer to small shares. */
static const double OF_LARGE = 10, OF_COUPLING = 100;
enum { SOFT = 9, SOFT_AGAIN = 4, STRICT = 40, PATIENCE = 6, ROUNDS = 12, LARGE = 1000000 };

static void set_stiffness(balance *q, double size, bool first)
{
    const ys_stage *s = q->d->s;
    int64_t rows = s->c->n_rows, n = rows + s->n_floors;
    for (int64_t i = 0; i < n; i++) {
        double limit = i < rows ? (double)s->c->limit[i] : s->floor_size[i - rows];
        double price = s->price[i] > 0.05 * s->scale[i] ? s->price[i] : 0.05 * s->scale[i];
        bool coupling = s->coupled && i == n - 1, large = limit > LARGE;
        double stiff = size * price / (limit + 1) * (coupling ? OF_COUPLING : large ? OF_LARGE : 1);
        double before = 0.8 * q->stiff[i]; /* rows that had to grow stiff once stay so for a while */
        q->stiff[i] = first || large || i >= rows || before < stiff ? stiff : before;
    }
}

/* The price of `more` on a row that others use by `use`; twice as steep beyond the limit. */
static double row_price(const balance *q, int64_t r, int64_t more)
{
    const ys_draft *d = q->d;
    double limit = (double)d->s->c->limit[r], use = (double)d->use[r], a = (double)more;
    double p = d->s->price[r] + q->stiff[r] * (use + a / 2 - limit);
    if (use + a > limit)
        p += q->stiff[r] * (use + a - limit);
    return p > 0 ? p : 0;
}

static double floor_price(const balance *q, int f)
{
    const ys_draft *d = q->d;
    int64_t i = d->s->c->n_rows + f;
    double missing = (double)q->aim[f] - (double)ys__draft_floor(d, f);
    double p = d->s->price[i] + q->stiff[i] * (missing > 0 ? 2 : 1) * missing;
    return p > 0 ? p : 0;
}

/* Prices of all levels; floors change under their hands, so they are looked at again now and then. */
static void price_levels(balance *q)
{
    const ys_choice *c = q->d->s->c;
    for (int g = 0; g < c->n_levels; g++)
        q->level[g] = 0;
    for (int f = 0; c->n_levels > 0 && f < c->n_floors; f++)
        if (c->floor_level[f] >= 0)
            q->level[c->floor_level[f]] -= floor_price(q, f) * ys__ratio(c, f);
}

/* Price of a sum of floors and levels. */
static double sum_price(const balance *q, int sum)
{
    const ys_choice *c = q->d->s->c;
    return sum < c->n_floors ? c->sum_sign[sum] * floor_price(q, sum) : q->level[sum - c->n_floors];
}

static double terms_worth(const balance *q, const ys_block *b, int option)
{
    int n;
    double v = 0;
    const ys_term *t = ys__terms(q->d->s->c, b->place, b->type[option], &n);
    for (int i = 0; i < n; i++)
        v += sum_price(q, t[i].sum) * (double)ys__term_value(&t[i], b, option);
    return v;
}

static void load_look(const balance *q, const ys_block *b, ys_look *l)
{
    const ys_stage *s = q->d->s;
    const ys_choice *c = s->c;
    bool floors = s->n_floors > (s->coupled ? 1 : 0);
    l->w1 = s->k1 + (s->coupled ? floor_price(q, s->n_floors - 1) : 0);
    l->w2 = s->k2;
    l->w0 = 0;
    for (int32_t k = c->place_at[b->place]; floors && k < c->place_at[b->place + 1]; k++)
        ys__look_floor(l, c, b->place, c->place_floor[k], sum_price(q, c->place_floor[k]));
    for (int o = 0; o < b->n_options; o++) {
        double cost = 0;
        for (int64_t k = c->type_at[b->type[o]]; k < c->type_at[b->type[o] + 1]; k++)
            cost += row_price(q, c->charge_row[k], c->charge[k]) * (double)c->charge[k];
        l->cost[o] = floors && c->term_at != NULL ? cost - terms_worth(q, b, o) : cost;
    }
    ys__look(l, b, 0);
}

static bool decide(balance *q, int64_t block)
{
    ys_draft *d = q->d;
    ys_block b = ys__block(d->s->c, block);
    int now = d->choice[block], best = now;
    ys_look look;
    ys__draft_charge(d, &b, now, -1);
    load_look(q, &b, &look);
    double top = ys__look_score(&look, &b.bundle[now]);
    for (int i = 0; i < look.n; i++) {
        int k = ys__look_at(&look, i);
        double v = ys__look_score(&look, &b.bundle[k]);
        if (v > top && (!q->strict || ys__draft_bundle_fits(d, &b, k))) {
            top = v;
            best = k;
        }
    }
    ys__draft_charge(d, &b, now, 1);
    if (best != now)
        ys__draft_move(d, block, best);
    return best != now;
}

static void sweep(balance *q, bool overfull_only)
{
    enum { LOOKS = 64 };
    const ys_choice *c = q->d->s->c;
    for (int64_t i = 0; i < c->n_blocks; i++) {
        if (i % (c->n_blocks / LOOKS + 1) == 0)
            price_levels(q);
        if ((q->fixed == NULL || !q->fixed[i]) && (!overfull_only || ys__draft_on_overfull(q->d, i)))
            (void)decide(q, i);
    }
}

/* Returns how many rows are overfull. */
static int64_t stiffen_overfull(balance *q)
{
    const ys_choice *c = q->d->s->c;
    int64_t n = 0;
    for (int64_t r = 0; r < c->n_rows; r++)
        if (q->d->use[r] > c->limit[r]) {
            q->stiff[r] *= STIFFER;
            n++;
        }
    return n;
}

static void soften(balance *q, bool first)
{
    int sweeps = first ? SOFT : SOFT_AGAIN;
    double size = first ? FIRST * q->d->firmness : LATER;
    q->strict = false;
    for (int k = 0; k < sweeps && !ys__draft_stopped(q->d); k++, size *= GROWTH) {
        set_stiffness(q, size, first);
        sweep(q, false);
    }
    ys__draft_settle_caps(q->d);
}

static void tighten(balance *q)
{
    int64_t fewest = INT64_MAX, n;
    q->strict = true;
    for (int k = 0, stall = 0; k < STRICT && stall < PATIENCE && (n = stiffen_overfull(q)) > 0; k++) {
        stall = n < fewest ? 0 : stall + 1;
        fewest = n < fewest ? n : fewest;
        sweep(q, k % 5 != 4);
    }
    ys__draft_repair(q->d); /* what is still overfull goes without ceremony */
    if (!ys__draft_stopped(q->d))
        sweep(q, false);
}

/* Asks more of the floors that are short, and more each time; false: none is. */
static bool aim_higher(balance *q, int round)
{
    const ys_draft *d = q->d;
    bool any = false;
    for (int f = 0; f < d->s->n_floors; f++) {
        int64_t least = d->s->minimum[f], missing = least - ys__draft_floor(d, f);
        if (missing <= 0)
            continue;
        any = true;
        if (least < INT64_MAX / 256 && missing < INT64_MAX / 256) /* twelve rounds must not leave 64 bits */
            q->aim[f] +=
                (round == 0 ? 3 : 4) * missing + (least > 0 ? least / 5000 * (1 + round / 3) : 0) + 1;
    }
    return any;
}

static bool balance_init(balance *q, ys_draft *d, const uint8_t *fixed)
{
    const ys_stage *s = d->s;
    *q = (balance){.d = d, .fixed = fixed};
    q->stiff = ys_calloc((size_t)(s->c->n_rows + s->n_floors), sizeof *q->stiff);
    q->aim = ys_calloc((size_t)s->n_floors, sizeof *q->aim);
    q->level = ys_calloc((size_t)s->c->n_levels, sizeof *q->level);
    if (q->stiff == NULL || q->aim == NULL || q->level == NULL)
        return false;
    memcpy(q->aim, s->minimum, (size_t)s->n_floors * sizeof *q->aim);
    return true;
}

static void balance_done(balance *q)
{
    ys_free(q->stiff);
    ys_free(q->aim);
    ys_free(q->level);
}

ys_status ys__draft_balance(ys_draft *d, const uint8_t *fixed, ys_diag *diag)
{
    balance q;
    if (!balance_init(&q, d, fixed)) {
        balance_done(&q);
        return ys_fail_nomem(diag);
    }
    for (int k = 0; k < ROUNDS && !ys__draft_stopped(d); k++) {
        soften(&q, k == 0);
        tighten(&q);
        if (!aim_higher(&q, k))
            break;
    }
    balance_done(&q);
    return YS_OK;
}

ys_status ys__draft_relax(ys_draft *d, ys_diag *diag)
{
    balance q;
    bool ok = balance_init(&q, d, NULL);
    if (ok)
        soften(&q, true);
    balance_done(&q);
    return ok ? YS_OK : ys_fail_nomem(diag);
}
