/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <string.h>

#include "base/alloc.h"

/*
 * From prices to a feasible integer plan: repair at prices that rise on overfull rows, then improvement at prices that
 * sink to nothing.  Blocks are visited in their order by one thread: the result depends on nothing else.
 */

static void add_charges(ys_draft *d, const ys_block *b, const ys_bundle *u, int sign)
{
    const ys_choice *c = d->s->c;
    for (int j = 0; j < u->count; j++) {
        int32_t t = b->type[u->option[j]];
        for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++)
            d->use[c->charge_row[q]] += sign * c->charge[q];
    }
}

static void settle_caps(ys_draft *d, const ys_block *b, const ys_bundle *u)
{
    const ys_choice *c = d->s->c;
    for (int j = 0; j < u->count; j++) {
        int32_t t = b->type[u->option[j]];
        for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++) {
            int32_t r = c->charge_row[q];
            d->cap[r] = d->use[r] > c->limit[r] ? d->use[r] : c->limit[r];
        }
    }
}

static void couple_add(ys_draft *d, int64_t value)
{
    int f = d->s->n_floors - 1;
    d->n_short -= d->floor_use[f] < d->s->minimum[f];
    d->floor_use[f] += value;
    d->n_short += d->floor_use[f] < d->s->minimum[f];
}

static void add_floors(ys_draft *d, const ys_block *b, const ys_bundle *u, int sign)
{
    const ys_stage *s = d->s;
    const ys_choice *c = s->c;
    if (s->n_floors == 0)
        return;
    if (s->coupled)
        couple_add(d, sign * (int64_t)u->v1);
    if (s->n_floors == (s->coupled ? 1 : 0))
        return;
    for (int32_t k = c->place_at[b->place]; k < c->place_at[b->place + 1]; k++) {
        int f = c->place_floor[k];
        ys__draft_add(
            d, f, sign * c->sum_sign[f] * ys__metric_value(c->floor_metric[f], u, c->place_helps[b->place]));
    }
    for (int j = 0; c->term_at != NULL && j < u->count; j++) {
        int n;
        const ys_term *t = ys__terms(c, b->place, b->type[u->option[j]], &n);
        for (int i = 0; i < n; i++)
            ys__draft_add(d, t[i].sum, sign * ys__term_value(&t[i], b, u->option[j]));
    }
}

ys_status ys__draft_init(ys_draft *d, ys_stage *s, const uint16_t *choice, ys_diag *diag)
{
    const ys_choice *c = s->c;
    size_t rows = (size_t)c->n_rows, floors = (size_t)s->n_floors;
    memset(d, 0, sizeof *d);
    d->s = s;
    d->firmness = 1;
    d->choice = ys_malloc((size_t)c->n_blocks * sizeof(uint16_t));
    d->use = ys_calloc(2 * rows + floors, sizeof(int64_t));
    d->before = ys_calloc((size_t)c->most_levels, sizeof *d->before);
    d->price = ys_calloc(rows + floors, sizeof(double));
    if (d->choice == NULL || d->use == NULL || d->price == NULL || d->before == NULL) {
        ys__draft_done(d);
        return ys_fail_nomem(diag);
    }
    d->cap = d->use + rows;
    d->floor_use = d->cap + rows;
    memcpy(d->choice, choice, (size_t)c->n_blocks * sizeof(uint16_t));
    ys_status st = ys__draft_levels(d, diag);
    if (st != YS_OK) {
        ys__draft_done(d);
        return st;
    }
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        add_charges(d, &b, &b.bundle[choice[i]], 1);
        add_floors(d, &b, &b.bundle[choice[i]], 1);
    }
    ys__draft_settle_caps(d);
    return YS_OK;
}

void ys__draft_done(ys_draft *d)
{
    ys_free(d->choice);
    ys_free(d->use);
    ys_free(d->price);
    ys_free(d->level_use);
    ys_free(d->reach);
    ys_free(d->reach_at);
    ys_free(d->reach_leaf);
    ys_free(d->slack);
    ys_free(d->before);
    memset(d, 0, sizeof *d);
}

bool ys__draft_fits(const ys_draft *d)
{
    for (int64_t r = 0; r < d->s->c->n_rows; r++)
        if (d->use[r] > d->s->c->limit[r])
            return false;
    return true;
}

int ys__draft_short(const ys_draft *d)
{
    for (int f = 0; d->n_short > 0 && f < d->s->n_floors; f++)
        if (ys__draft_floor(d, f) < d->s->minimum[f])
            return f;
    return -1;
}

int64_t ys__draft_sum(const ys_draft *d, int tier)
{
    int64_t sum = 0; /* the sum of the largest values fits 62 bits */
    for (int64_t i = 0; i < d->s->c->n_blocks; i++) {
        ys_block b = ys__block(d->s->c, i);
        sum += tier == 0 ? b.bundle[d->choice[i]].v1 : b.bundle[d->choice[i]].v2;
    }
    return sum;
}

void ys__draft_move(ys_draft *d, int64_t block, int bundle)
{
    ys_block b = ys__block(d->s->c, block);
    const ys_bundle *from = &b.bundle[d->choice[block]], *to = &b.bundle[bundle];
    add_charges(d, &b, from, -1);
    add_charges(d, &b, to, 1);
    settle_caps(d, &b, from);
    settle_caps(d, &b, to);
    add_floors(d, &b, from, -1);
    add_floors(d, &b, to, 1);
    d->choice[block] = (uint16_t)bundle;
}

/* With the block's own charges taken out of `use`: do the charges of `type` fit beside all others? */
static bool type_fits(const ys_draft *d, int32_t type)
{
    const ys_choice *c = d->s->c;
    for (int64_t q = c->type_at[type]; q < c->type_at[type + 1]; q++)
        if (d->use[c->charge_row[q]] + c->charge[q] > d->cap[c->charge_row[q]])
            return false;
    return true;
}

static bool bundle_fits(ys_draft *d, const ys_block *b, const ys_bundle *u)
{
    const ys_choice *c = d->s->c;
    int j = 0;
    for (; j < u->count; j++) {
        int32_t t = b->type[u->option[j]];
        if (!type_fits(d, t))
            break;
        for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++)
            d->use[c->charge_row[q]] += c->charge[q];
    }
    bool fits = j == u->count;
    while (j-- > 0) {
        int32_t t = b->type[u->option[j]];
        for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++)
            d->use[c->charge_row[q]] -= c->charge[q];
    }
    return fits;
}

static bool floor_allows(const ys_draft *d, int f, int64_t change)
{
    int64_t least = d->floor_use[f] < d->s->minimum[f] ? d->floor_use[f] : d->s->minimum[f];
    return change >= 0 || d->floor_use[f] + change >= least;
}

/* Would the levels be no higher above what their floors allow than they are, or above nothing?  The draft is as before after. */
static bool levels_allow(ys_draft *d, const ys_block *b, const ys_bundle *from, const ys_bundle *to)
{
    const ys_choice *c = d->s->c;
    int32_t begin = c->place_level_at[b->place], end = c->place_level_at[b->place + 1];
    bool allow = true;
    for (int32_t k = begin; k < end; k++)
        d->before[k - begin] = ys__draft_excess(d, c->place_level[k]);
    if (begin == end)
        return true;
    add_floors(d, b, from, -1);
    add_floors(d, b, to, 1);
    for (int32_t k = begin; allow && k < end; k++) {
        int64_t after = ys__draft_excess(d, c->place_level[k]);
        allow = after <= 0 || after <= d->before[k - begin];
    }
    add_floors(d, b, to, -1);
    add_floors(d, b, from, 1);
    return allow;
}

static bool floors_allow(ys_draft *d, const ys_block *b, const ys_bundle *from, const ys_bundle *to)
{
    const ys_stage *s = d->s;
    const ys_choice *c = s->c;
    if (s->coupled && !floor_allows(d, s->n_floors - 1, (int64_t)to->v1 - from->v1))
        return false;
    if (s->n_floors == (s->coupled ? 1 : 0))
        return true;
    for (int32_t k = c->place_at[b->place]; k < c->place_at[b->place + 1]; k++) {
        int f = c->place_floor[k];
        bool helps = c->place_helps[b->place];
        if (f >= c->n_floors || c->floor_level[f] >= 0)
            continue;
        int64_t change = ys__metric_value(c->floor_metric[f], to, helps) -
                         ys__metric_value(c->floor_metric[f], from, helps);
        if (!floor_allows(d, f, c->sum_sign[f] * change))
            return false;
    }
    return c->n_levels == 0 || levels_allow(d, b, from, to);
}

bool ys__draft_decide(ys_draft *d, int64_t block, bool keep_floors)
{
    ys_block b = ys__block(d->s->c, block);
    int now = d->choice[block], best = now;
    ys_look look;
    ys__look_load(&look, d->s, &b, 0);
    double top = ys__look_score(&look, &b.bundle[now]);
    int first = 0;
    while (first < look.n && !(ys__look_score(&look, &b.bundle[ys__look_at(&look, first)]) > top))
        first++;
    if (first == look.n)
        return false;
    add_charges(d, &b, &b.bundle[now], -1);
    bool fits[256];
    for (int o = 0; o < b.n_options; o++)
        fits[o] = type_fits(d, b.type[o]);
    fits[YS_NO_OPTION] = true;
    for (int i = first; i < look.n; i++) {
        int k = ys__look_at(&look, i);
        const ys_bundle *u = &b.bundle[k];
        if (!fits[u->option[0]] || !fits[u->option[1]] || !fits[u->option[2]])
            continue;
        double v = ys__look_score(&look, u);
        if (!(v > top) || (u->count > 1 && !bundle_fits(d, &b, u)))
            continue;
        if (keep_floors && !floors_allow(d, &b, &b.bundle[now], u))
            continue;
        top = v;
        best = k;
    }
    add_charges(d, &b, &b.bundle[now], 1);
    if (best == now)
        return false;
    ys__draft_move(d, block, best);
    return true;
}

void ys__draft_charge(ys_draft *d, const ys_block *b, int bundle, int sign)
{
    add_charges(d, b, &b->bundle[bundle], sign);
}

bool ys__draft_bundle_fits(ys_draft *d, const ys_block *b, int bundle)
{
    return bundle_fits(d, b, &b->bundle[bundle]);
}

void ys__draft_settle_caps(ys_draft *d)
{
    const ys_choice *c = d->s->c;
    for (int64_t r = 0; r < c->n_rows; r++)
        d->cap[r] = d->use[r] > c->limit[r] ? d->use[r] : c->limit[r];
}

static bool on_overfull(const ys_draft *d, const ys_block *b, const ys_bundle *u)
{
    const ys_choice *c = d->s->c;
    for (int j = 0; j < u->count; j++) {
        int32_t t = b->type[u->option[j]];
        for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++)
            if (d->use[c->charge_row[q]] > c->limit[c->charge_row[q]])
                return true;
    }
    return false;
}

bool ys__draft_on_overfull(const ys_draft *d, int64_t block)
{
    ys_block b = ys__block(d->s->c, block);
    return d->choice[block] != 0 && on_overfull(d, &b, &b.bundle[d->choice[block]]);
}

/* Prices of overfull rows rise by the share `delta`, those of rows with room sink by at most 3 %. */
static void strain_prices(ys_draft *d, double delta)
{
    ys_stage *s = d->s;
    const ys_choice *c = s->c;
    double less = delta < 0.03 ? delta : 0.03;
    for (int64_t r = 0; r < c->n_rows; r++) {
        double p = s->price[r], least = 0.1 * s->scale[r];
        if (d->use[r] > c->limit[r])
            p += delta * (p > least ? p : least);
        else if (d->use[r] < c->limit[r])
            p -= less * p;
        d->price[r] = p;
    }
    memcpy(d->price + c->n_rows, s->floor_price, (size_t)s->n_floors * sizeof(double));
    ys__stage_weights(s, d->price);
}

void ys__draft_repair(ys_draft *d)
{
    const ys_choice *c = d->s->c;
    for (double delta = 0.0005; delta < 1e4 && !ys__draft_fits(d); delta *= 1.5) {
        strain_prices(d, delta);
        for (int64_t i = 0; i < c->n_blocks; i++) {
            if (ys__draft_on_overfull(d, i))
                (void)ys__draft_decide(d, i, false);
        }
    }
    if (ys__draft_fits(d))
        return;
    for (int64_t i = 0; i < c->n_blocks; i++) {
        if (ys__draft_on_overfull(d, i))
            ys__draft_move(d, i, 0);
    }
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t t = a % b;
        a = b;
        b = t;
    }
    return a;
}

/* Best bundle at the weights of the stage, whatever it uses; the use follows, caps do not matter yet. */
static void respond(ys_draft *d, const double *x, int64_t block)
{
    const ys_stage *s = d->s;
    const ys_choice *c = s->c;
    ys_block b = ys__block(c, block);
    ys_look w;
    w.w1 = s->k1 + (s->coupled ? x[c->n_rows + s->n_floors - 1] : 0);
    w.w2 = s->k2;
    w.w0 = 0;
    bool floors = s->n_floors > (s->coupled ? 1 : 0);
    for (int32_t k = c->place_at[b.place]; floors && k < c->place_at[b.place + 1]; k++)
        ys__look_floor(&w, c, b.place, c->place_floor[k], s->sum_price[c->place_floor[k]]);
    for (int o = 0; o < b.n_options; o++) {
        w.cost[o] = 0;
        for (int64_t q = c->type_at[b.type[o]]; q < c->type_at[b.type[o] + 1]; q++)
            w.cost[o] += x[c->charge_row[q]] * (double)c->charge[q];
        if (floors && c->term_at != NULL)
            w.cost[o] -= ys__option_worth(c, &b, o, s->sum_price);
    }
    ys__look(&w, &b, 0);
    int now = d->choice[block], best = now;
    double top = ys__look_score(&w, &b.bundle[now]);
    for (int i = 0; i < w.n; i++) {
        int k = ys__look_at(&w, i);
        double v = ys__look_score(&w, &b.bundle[k]);
        if (v > top) {
            top = v;
            best = k;
        }
    }
    if (best != now) {
        add_charges(d, &b, &b.bundle[now], -1);
        add_charges(d, &b, &b.bundle[best], 1);
        add_floors(d, &b, &b.bundle[now], -1);
        add_floors(d, &b, &b.bundle[best], 1);
        d->choice[block] = (uint16_t)best;
    }
}

static void nudge(double *price, double scale, double g, double step)
{
    g = g > 0.5 ? 0.5 : g < -0.5 ? -0.5 : g;
    double size = *price > 0.01 * scale ? *price : 0.01 * scale;
    double next = *price + step * g * size;
    *price = next > 0 ? next : 0;
}

/*
 * Many blocks can be equally good at the dual's prices (the tiers make it so: whole classes cure the same for the same
 * money); then all of them come or none.  Here they answer one after the other, in a scattered order, while the prices
 * follow the use after every small group: a class is split where the row is full.
 */
void ys__draft_settle(ys_draft *d)
{
    enum { GROUPS = 256, EPOCHS = 8 };
    ys_stage *s = d->s;
    const ys_choice *c = s->c;
    int64_t n = c->n_blocks, stride = n / 2 + n / 8 + 1;
    while (n > 0 && gcd(stride, n) != 1)
        stride++;
    int64_t group = n / GROUPS + 1;
    memcpy(d->price, s->price, (size_t)(c->n_rows + s->n_floors) * sizeof(double));
    double step = 0.016;
    for (int epoch = 0; epoch < EPOCHS; epoch++, step *= 0.6) {
        int64_t at = 0;
        for (int64_t k = 0; k < n; k++) {
            if (k % group == 0 && s->n_floors > (s->coupled ? 1 : 0))
                ys__sum_prices(c, d->price + c->n_rows, s->sum_price);
            respond(d, d->price, at);
            at = (at + stride) % n;
            if ((k + 1) % group != 0)
                continue;
            for (int64_t r = 0; r < c->n_rows; r++)
                nudge(&d->price[r], s->scale[r],
                      ((double)d->use[r] - (double)c->limit[r]) / ((double)c->limit[r] + 1), step);
            const int64_t *slack = ys__draft_slacks(d);
            for (int f = 0; f < s->n_floors; f++) {
                double *q = &d->price[c->n_rows + f], before = *q;
                nudge(q, s->floor_scale[f], ys__stage_shortage(s, f, d->use, slack), step);
                if (s->coupled && f == s->n_floors - 1)
                    ys__stage_ride(s, d->price, *q - before);
            }
        }
    }
    ys__draft_settle_caps(d);
}

/* Where nothing else lets a level sink to what its floors reach, blocks that raise it give up their bundles. */
static void give_way(ys_draft *d)
{
    const ys_choice *c = d->s->c;
    for (int64_t i = 0; i < c->n_blocks && d->n_short > 0; i++) {
        ys_block b = ys__block(c, i);
        const ys_bundle *now = &b.bundle[d->choice[i]];
        bool above = false;
        for (int32_t k = c->place_level_at[b.place]; k < c->place_level_at[b.place + 1]; k++)
            above = above || ys__draft_excess(d, c->place_level[k]) > 0;
        if (above && now->count > 0 && floors_allow(d, &b, now, &b.bundle[0]))
            ys__draft_move(d, i, 0);
    }
}

/*
 * Floors that are short: at prices where all scarce things cost more, and what a short floor counts is worth more still,
 * blocks that only serve the objective leave and blocks that serve the floor come in.  Rows stay feasible.
 */
void ys__draft_lift(ys_draft *d)
{
    ys_stage *s = d->s;
    int64_t rows = s->c->n_rows;
    for (double delta = 0.0005; delta < 30 && ys__draft_short(d) >= 0; delta *= 1.6) {
        bool couple_short = s->coupled && d->floor_use[s->n_floors - 1] < s->minimum[s->n_floors - 1];
        bool along = couple_short && s->ride != NULL && ys__draft_short(d) == s->n_floors - 1;
        for (int64_t r = 0; r < rows; r++)
            d->price[r] = s->price[r] * (along ? 1 : 1 + delta);
        for (int f = 0; f < s->n_floors; f++) {
            double p = s->floor_price[f], least = 0.1 * s->floor_scale[f];
            bool is_short = ys__draft_floor(d, f) < s->minimum[f];
            double ratio = f < s->c->n_floors && s->c->floor_level[f] >= 0 ? ys__ratio(s->c, f) : 1;
            double more = 2 * delta * (p > least ? p : least);
            /* a village that is a small part of its level is heard when the whole level pays */
            d->price[rows + f] =
                p * (along ? 1 : 1 + delta) + (is_short ? more / (ratio < 1 ? ratio : 1) : 0);
        }
        if (along) /* only what tier 1 finds scarce becomes dearer; half a step behind, so that its classes come in */
            ys__stage_ride(s, d->price,
                           delta *
                               (s->floor_price[s->n_floors - 1] > 0 ? s->floor_price[s->n_floors - 1] : 0));
        ys__stage_weights(s, d->price);
        for (int round = 0; round < 2; round++)
            for (int64_t i = 0; i < s->c->n_blocks && ys__draft_short(d) >= 0; i++)
                (void)ys__draft_decide(d, i, true);
    }
    if (s->c->n_levels > 0 && d->n_short > 0)
        give_way(d);
}

bool ys__draft_stopped(ys_draft *d)
{
    const ys_plan_config *config = d->config;
    if (!d->stopped && config != NULL && config->interrupted != NULL)
        d->stopped = config->interrupted(config->arg);
    return d->stopped;
}

void ys__draft_improve(ys_draft *d)
{
    static const double share[] = {1,    0.998, 0.995, 0.99, 0.98, 0.97, 0.95, 0.93, 0.9,
                                   0.85, 0.8,   0.6,   0.5,  0.35, 0.2,  0.1,  0};
    ys_stage *s = d->s;
    size_t stride = s->c->n_blocks >= 50000 ? 2 : 1; /* the last one, true value, is met by both */
    for (size_t k = 0; k < sizeof share / sizeof *share && (k == 0 || !ys__draft_stopped(d)); k += stride) {
        for (int64_t i = 0; i < s->c->n_rows + s->n_floors; i++)
            d->price[i] = share[k] * s->price[i];
        ys__stage_weights(s, d->price);
        for (int64_t i = 0; i < s->c->n_blocks; i++)
            (void)ys__draft_decide(d, i, true);
    }
}

void ys__draft_polish(ys_draft *d)
{
    enum { SWEEPS = 3 };
    ys_stage *s = d->s;
    for (int64_t i = 0; i < s->c->n_rows + s->n_floors; i++)
        d->price[i] = 0;
    ys__stage_weights(s, d->price);
    bool moved = true;
    for (int k = 0; k < SWEEPS && moved && (k == 0 || !ys__draft_stopped(d)); k++) {
        moved = false;
        for (int64_t i = 0; i < s->c->n_blocks; i++)
            moved = ys__draft_decide(d, i, true) || moved;
    }
}

/* ---- exchange ------------------------------------------------------------------------------------------------- */

static double objective(const ys_stage *s, const ys_bundle *u)
{
    return (double)s->k1 * u->v1 + (double)s->k2 * (double)u->v2;
}

enum { OVERFILLED = 16 };

typedef struct swap {
    int64_t other;
    int bundle;
    double net;
} swap;

/* Rows that block i's new bundle overfills; their caps go down to the limit, so that no move may lean on the excess. */
static int overfilled(ys_draft *d, const ys_block *b, const ys_bundle *u, int32_t rows[OVERFILLED])
{
    const ys_choice *c = d->s->c;
    int n = 0;
    for (int j = 0; j < u->count; j++) {
        int32_t t = b->type[u->option[j]];
        for (int64_t q = c->type_at[t]; q < c->type_at[t + 1] && n < OVERFILLED; q++) {
            int32_t r = c->charge_row[q];
            if (d->use[r] > c->limit[r] && d->cap[r] != c->limit[r]) {
                d->cap[r] = c->limit[r];
                rows[n++] = r;
            }
        }
    }
    return n;
}

static bool floors_after(ys_draft *d, int64_t other, int bundle)
{
    if (d->s->n_floors == 0)
        return true;
    ys_block b = ys__block(d->s->c, other);
    const ys_bundle *now = &b.bundle[d->choice[other]];
    add_floors(d, &b, now, -1);
    add_floors(d, &b, &b.bundle[bundle], 1);
    bool met = d->n_short == 0;
    add_floors(d, &b, &b.bundle[bundle], -1);
    add_floors(d, &b, now, 1);
    return met;
}

/* With block i at its new bundle: the move of `other` that frees enough and costs least. */
static void try_other(ys_draft *d, int64_t other, double gain, const int32_t *rows, int n_rows, swap *best)
{
    const ys_choice *c = d->s->c;
    ys_block b = ys__block(c, other);
    int now = d->choice[other];
    if (now == 0 || !on_overfull(d, &b, &b.bundle[now]))
        return;
    double mine = objective(d->s, &b.bundle[now]);
    add_charges(d, &b, &b.bundle[now], -1);
    bool frees = true;
    for (int i = 0; i < n_rows; i++)
        frees = frees && d->use[rows[i]] <= c->limit[rows[i]];
    for (int k = 0; frees && k < b.n_bundles; k++) {
        double net = gain - (mine - objective(d->s, &b.bundle[k]));
        if (k != now && net > best->net && bundle_fits(d, &b, &b.bundle[k]) && floors_after(d, other, k))
            *best = (swap){other, k, net};
    }
    add_charges(d, &b, &b.bundle[now], 1);
}

static bool exchange_block(ys_draft *d, int64_t i, int64_t window, double slack)
{
    const ys_choice *c = d->s->c;
    ys_block b = ys__block(c, i);
    ys_look w;
    ys__look_load(&w, d->s, &b, 0); /* at the stage's own prices */
    int now = d->choice[i];
    double top = ys__look_score(&w, &b.bundle[0]);
    for (int at = 1; at < w.n; at++) {
        double v = ys__look_score(&w, &b.bundle[ys__look_at(&w, at)]);
        top = v > top ? v : top;
    }
    for (int k = 0; k < b.n_bundles; k++) {
        double gain = objective(d->s, &b.bundle[k]) - objective(d->s, &b.bundle[now]);
        /* a bundle whose regret exceeds bound - value is in no better plan */
        if (!(gain > 0) || top - ys__look_score(&w, &b.bundle[k]) > slack)
            continue;
        int32_t rows[OVERFILLED];
        ys__draft_move(d, i, k);
        int n_rows = overfilled(d, &b, &b.bundle[k], rows);
        swap best = {-1, 0, 0};
        for (int64_t j = 1; n_rows < OVERFILLED && j <= window; j++)
            try_other(d, (i + j) % c->n_blocks, gain, rows, n_rows, &best);
        if (best.other >= 0) {
            ys__draft_move(d, best.other, best.bundle);
            return true;
        }
        ys__draft_move(d, i, now);
    }
    return false;
}

void ys__draft_exchange(ys_draft *d, double slack)
{
    enum { MOST_BLOCKS = 2000, WINDOW = 1024, ROUNDS = 3 };
    const ys_choice *c = d->s->c;
    if (c->n_blocks < 2 || c->n_blocks > MOST_BLOCKS)
        return;
    ys__stage_weights(d->s, d->s->price);
    int64_t window = c->n_blocks - 1 < WINDOW ? c->n_blocks - 1 : WINDOW;
    bool moved = true;
    for (int round = 0; moved && round < ROUNDS; round++) {
        moved = false;
        for (int64_t i = 0; i < c->n_blocks && !ys__draft_stopped(d); i++)
            moved = exchange_block(d, i, window, slack) || moved;
    }
}
