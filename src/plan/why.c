/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

/*
 * Why a measure is not in the bundle of a block: the first cause on the way from the measure to the bundle that holds.
 * The last two reasons compare the chosen bundle with the best one that has the measure, at the prices of tier 2.
 */

static ys_plan_why because(ys_plan_reason reason)
{
    return (ys_plan_why){.reason = reason, .other = -1, .row = -1};
}

static bool offered(const ys_plan *p, int64_t block, int32_t measure, bool *ret_available)
{
    const ys_plan_input *in = p->in;
    bool village = block >= in->n_households, any = false;
    const int32_t *list = NULL;
    int n = ys__model_offers(
        &p->model, village ? in->villages[block - in->n_households].area : in->households[block].area, &list);
    if (village != (in->measures[measure].target == YS_PLAN_VILLAGE))
        return false;
    for (int i = 0; i < n; i++) {
        const ys_plan_offering *o = &in->offerings[list[i]];
        if (o->measure != measure || o->period < in->period || o->period >= in->period + in->horizon)
            continue;
        any = true;
        *ret_available = *ret_available || p->model.offer[list[i]].available;
    }
    return any;
}

/* The best truth of the gate over those it is asked for: 1 true, 2 unknown, 0 false. */
static int gate_truth(const ys_plan *p, int64_t block, int32_t measure)
{
    const ys_plan_input *in = p->in;
    const ys_plan_measure *u = &in->measures[measure];
    int64_t begin = block, end = block + 1;
    if (u->target == YS_PLAN_VILLAGE) {
        begin = block - in->n_households;
        end = begin + 1;
    } else if (u->target == YS_PLAN_PERSON) {
        begin = p->model.first_person[block];
        end = p->model.first_person[block + 1];
    }
    int truth = 0;
    for (int64_t i = begin; i < end; i++) {
        int t = u->gate == NULL ? 1 : u->gate[i];
        truth = t == 1 ? 1 : truth == 1 ? 1 : t == 2 ? 2 : truth;
    }
    return truth;
}

static bool labour_ever_fits(const ys_plan *p, int64_t block, int32_t measure)
{
    const ys_plan_input *in = p->in;
    const ys_plan_measure *u = &in->measures[measure];
    if (u->target == YS_PLAN_VILLAGE)
        return true;
    int64_t milli = ys__milli(u->labour_months);
    if (milli > ys__milli(in->households[block].months_free))
        return false;
    bool fits = u->target == YS_PLAN_HOUSEHOLD;
    for (int64_t i = p->model.first_person[block]; !fits && i < p->model.first_person[block + 1]; i++)
        fits = (u->gate == NULL || u->gate[i] == 1) && milli <= ys__milli(in->persons[i].months_free);
    return fits;
}

typedef struct compare {
    const ys_plan *p;
    const ys_plan_result *r;
    ys_block b;
    const ys_bundle *chosen;
    int32_t measure;
} compare;

static bool holds(const compare *c, const ys_bundle *u)
{
    for (int i = 0; i < u->count; i++)
        if (c->p->in->offerings[c->b.type[u->option[i]]].measure == c->measure)
            return true;
    return false;
}

static double price_of(const ys_plan_result *r, int64_t row)
{
    const ys_plan_tier *t = &r->tier[1];
    return (double)t->price[row] / (double)((int64_t)1 << t->shift);
}

static double bundle_price(const compare *c, const ys_bundle *u)
{
    const ys_choice *k = &c->p->choice;
    double sum = 0;
    for (int i = 0; i < u->count; i++) {
        int32_t t = c->b.type[u->option[i]];
        for (int64_t q = k->type_at[t]; q < k->type_at[t + 1]; q++)
            sum += price_of(c->r, k->charge_row[q]) * (double)k->charge[q];
    }
    return sum;
}

/* The bundle with the measure that is worth most at the prices of tier 2; NULL: none was kept. */
static const ys_bundle *best_with(const compare *c)
{
    double couple = (double)c->r->tier[1].couple_price / (double)((int64_t)1 << c->r->tier[1].shift), top = 0;
    const ys_bundle *best = NULL;
    for (int k = 1; k < c->b.n_bundles; k++) {
        const ys_bundle *u = &c->b.bundle[k];
        if (!holds(c, u))
            continue;
        double v = (double)u->v2 + couple * u->v1 - bundle_price(c, u);
        if (best == NULL || v > top) {
            best = u;
            top = v;
        }
    }
    return best;
}

static int64_t charge_on(const compare *c, const ys_bundle *u, int64_t row)
{
    const ys_choice *k = &c->p->choice;
    int64_t sum = 0;
    for (int i = 0; i < u->count; i++) {
        int32_t t = c->b.type[u->option[i]];
        for (int64_t q = k->type_at[t]; q < k->type_at[t + 1]; q++)
            sum += k->charge_row[q] == row ? k->charge[q] : 0;
    }
    return sum;
}

/* The row that stands most in the way: one that cannot take the move at all before one that is merely dear. */
static int64_t deciding_row(const compare *c, const ys_bundle *u)
{
    const ys_choice *k = &c->p->choice;
    int64_t row = -1;
    bool full = false;
    double top = 0;
    for (int i = 0; i < u->count; i++) {
        int32_t t = c->b.type[u->option[i]];
        for (int64_t q = k->type_at[t]; q < k->type_at[t + 1]; q++) {
            int64_t r = k->charge_row[q], more = charge_on(c, u, r) - charge_on(c, c->chosen, r);
            if (more <= 0)
                continue;
            bool over = c->r->use[r] + more > k->limit[r];
            double dear = price_of(c->r, r) * (double)more;
            if (row < 0 || (over && !full) || (over == full && dear > top)) {
                row = r;
                full = over;
                top = dear;
            }
        }
    }
    return row;
}

/* A chosen measure that keeps this one out: same group or excluded, for the same target; -1: none. */
static int32_t rival(const compare *c)
{
    const ys_plan_input *in = c->p->in;
    for (int i = 0; i < c->chosen->count; i++) {
        int32_t o = c->b.type[c->chosen->option[i]], m = in->offerings[o].measure;
        bool group = in->measures[m].group >= 0 && in->measures[m].group == in->measures[c->measure].group;
        if (group || c->p->model.excludes[(int64_t)m * in->n_measures + c->measure])
            return m;
    }
    return -1;
}

/* A measure it needs that is not chosen; -1: none. */
static int32_t needed(const compare *c)
{
    const ys_model *m = &c->p->model;
    for (int i = 0; i < m->n_needs; i++) {
        compare other = *c;
        other.measure = m->needs[i][1];
        if (m->needs[i][0] == c->measure && !holds(&other, c->chosen))
            return m->needs[i][1];
    }
    return -1;
}

static int32_t labour_taker(const compare *c, int64_t block)
{
    const ys_plan_input *in = c->p->in;
    int64_t used = 0;
    int32_t taker = -1;
    if (block >= in->n_households || in->measures[c->measure].labour_months <= 0)
        return -1;
    for (int i = 0; i < c->chosen->count; i++) {
        int32_t o = c->b.type[c->chosen->option[i]];
        used += c->p->model.offer[o].milli;
        if (c->p->model.offer[o].milli > 0)
            taker = in->offerings[o].measure;
    }
    return used + ys__milli(in->measures[c->measure].labour_months) >
                   ys__milli(in->households[block].months_free)
               ? taker
               : -1;
}

static ys_plan_why weigh(const compare *c, int64_t block)
{
    ys_plan_why why = because(YS_WHY_LESS_VALUE);
    const ys_bundle *u = best_with(c);
    if (u == NULL) {
        why.other = needed(c);
        why.reason = why.other >= 0 ? YS_WHY_NEEDS : YS_WHY_LESS_VALUE;
        return why;
    }
    why.gain = u->v2 - c->chosen->v2;
    double price = bundle_price(c, u) - bundle_price(c, c->chosen);
    why.price = (int64_t)(price < 0 ? price - 0.5 : price + 0.5);
    if (u->v2 <= c->chosen->v2 && u->v1 <= c->chosen->v1) {
        if ((why.other = rival(c)) >= 0)
            why.reason = YS_WHY_GROUP;
        else if ((why.other = labour_taker(c, block)) >= 0)
            why.reason = YS_WHY_LABOUR_TAKEN;
        else if (c->chosen->count == c->p->in->max_measures)
            why.reason = YS_WHY_COUNT;
        return why;
    }
    why.row = deciding_row(c, u);
    if (why.row >= 0)
        why.reason = why.row >= c->p->in->n_funds ? YS_WHY_CAPACITY : YS_WHY_BUDGET;
    return why;
}

ys_plan_why ys_plan_why_not(const ys_plan *p, const ys_plan_result *r, int64_t block, int32_t measure)
{
    const ys_plan_measure *u = &p->in->measures[measure];
    compare c = {.p = p, .r = r, .b = ys__block(&p->choice, block), .measure = measure};
    c.chosen = &c.b.bundle[r->choice[block]];
    if (holds(&c, c.chosen))
        return because(YS_WHY_CHOSEN);
    bool available = false;
    if (!offered(p, block, measure, &available))
        return because(YS_WHY_NO_OFFER);
    int truth = gate_truth(p, block, measure);
    if (truth != 1)
        return because(truth == 2 ? YS_WHY_GATE_UNKNOWN : YS_WHY_GATE_FALSE);
    if (u->consent && u->target != YS_PLAN_VILLAGE) {
        int consent = u->consented == NULL ? 2 : u->consented[block];
        if (consent != 1)
            return because(consent == 0 ? YS_WHY_CONSENT_REFUSED : YS_WHY_CONSENT_MISSING);
    }
    if (!available)
        return because(YS_WHY_NO_MONEY);
    bool kept = false;
    for (int o = 0; o < c.b.n_options; o++)
        kept = kept || p->in->offerings[c.b.type[o]].measure == measure;
    if (!kept)
        return because(labour_ever_fits(p, block, measure) ? YS_WHY_LIMIT : YS_WHY_LABOUR);
    return weigh(&c, block);
}
