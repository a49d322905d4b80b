/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

/*
 * Why a measure is not in the bundle of a block: the first cause on the way from the measure to the bundle that holds.
 * The reasons of worth and of scarcity compare the chosen bundle with those that have the measure, at the prices of tier 2.
 * Scarcity is the reason only where a bundle that is worth more lacks room in a row that the measure itself, or one it
 * needs, charges; what is said of that row is then a fact, whatever the prices are.
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
    int n = ys__model_offers(&p->model, ys__area_of(in, block), &list);
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
    double w0, w1,
        w2; /* fen of tier 2 that a block helped, a cure and a fen of gap are worth here, floors counted */
    double terms[256]; /* and each option for what floors count by option */
} compare;

/* Fen of tier 2 per unit of a sum of floors and levels. */
static double sum_price(const compare *c, int sum)
{
    const ys_plan_tier *t = &c->r->tier[1];
    const ys_choice *k = &c->p->choice;
    double unit = (double)((int64_t)1 << t->shift), v = 0;
    if (sum < k->n_floors)
        return k->sum_sign[sum] * ((double)t->floor_price[sum] / unit);
    for (int f = 0; f < k->n_floors; f++)
        if (k->floor_level[f] == sum - k->n_floors)
            v -= (double)t->floor_price[f] / unit * ys__ratio(k, f);
    return v;
}

static void weights(compare *c)
{
    const ys_plan_tier *t = &c->r->tier[1];
    const ys_choice *k = &c->p->choice;
    double unit = (double)((int64_t)1 << t->shift);
    c->w0 = 0;
    c->w1 = (double)t->couple_price / unit;
    c->w2 = 1;
    for (int32_t i = k->place_at[c->b.place]; i < k->place_at[c->b.place + 1]; i++) {
        int32_t f = k->place_floor[i];
        double *w = k->floor_metric[f] == YS_PLAN_GAP     ? &c->w2
                    : k->floor_metric[f] == YS_PLAN_CURES ? &c->w1
                                                          : &c->w0;
        *w += sum_price(c, f);
    }
    for (int o = 0; o < c->b.n_options; o++) {
        int n;
        const ys_term *term = ys__terms(k, c->b.place, c->b.type[o], &n);
        for (int j = 0; j < n; j++)
            c->terms[o] += sum_price(c, term[j].sum) * (double)ys__term_value(&term[j], &c->b, o);
    }
}

/* What a bundle would be worth free of charge. */
static double worth(const compare *c, const ys_bundle *u)
{
    bool helps = c->p->choice.place_helps[c->b.place] && (u->v1 > 0 || u->v2 > 0);
    return c->w2 * (double)u->v2 + c->w1 * u->v1 + (helps ? c->w0 : 0);
}

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
        sum -= c->terms[u->option[i]];
    }
    return sum;
}

/* The measure itself or one it requires. */
static bool concerns(const compare *c, int32_t measure)
{
    bool yes = measure == c->measure;
    for (int i = 0; i < c->p->model.n_needs; i++)
        yes = yes || (c->p->model.needs[i][0] == c->measure && c->p->model.needs[i][1] == measure);
    return yes;
}

/* The dearest of the rows that cannot take the move from the chosen bundle to `u`; -1: none of those that concern it. */
static int64_t deciding_row(const compare *c, const ys_bundle *u)
{
    const ys_choice *k = &c->p->choice;
    int64_t row = -1;
    double top = 0;
    for (int i = 0; i < u->count; i++) {
        int32_t t = c->b.type[u->option[i]];
        if (!concerns(c, c->p->in->offerings[t].measure))
            continue;
        for (int64_t q = k->type_at[t]; q < k->type_at[t + 1]; q++) {
            int64_t r = k->charge_row[q],
                    more = ys__bundle_charge(k, &c->b, u, r) - ys__bundle_charge(k, &c->b, c->chosen, r);
            double dear = price_of(c->r, r) * (double)more;
            if (more > 0 && c->r->use[r] + more > k->limit[r] && (row < 0 || dear > top)) {
                row = r;
                top = dear;
            }
        }
    }
    return row;
}

/*
 * The bundle with the measure that is worth most at the prices of tier 2; NULL: none.  `ret_row` NULL: of all that were
 * kept; else of those that are better for the block than the chosen one but for a row, which goes there.
 */
static const ys_bundle *best_with(const compare *c, int64_t *ret_row)
{
    const ys_bundle *best = NULL;
    double top = 0;
    for (int k = 1; k < c->b.n_bundles; k++) {
        const ys_bundle *u = &c->b.bundle[k];
        double v = worth(c, u) - bundle_price(c, u);
        if (!holds(c, u) || (best != NULL && v <= top))
            continue;
        if (ret_row != NULL) {
            bool better = u->v1 > c->chosen->v1 || worth(c, u) > worth(c, c->chosen);
            int64_t row = better ? deciding_row(c, u) : -1;
            if (row < 0)
                continue;
            *ret_row = row;
        }
        best = u;
        top = v;
    }
    return best;
}

static ys_option option_at(const compare *c, int number)
{
    int32_t o = c->b.type[number];
    return (ys_option){
        .offering = o, .measure = c->p->in->offerings[o].measure, .person = c->b.person[number]};
}

/* Two of the chosen measures and one option of the measure are too many for their group; the first of the two, -1: none. */
static int32_t full_group(const compare *c, const ys_option *mine)
{
    for (int i = 0; i < c->chosen->count; i++)
        for (int j = i + 1; j < c->chosen->count; j++) {
            ys_option a = option_at(c, c->chosen->option[i]), b = option_at(c, c->chosen->option[j]);
            if (ys__crowded(&c->p->model, mine, &a, &b))
                return a.measure;
        }
    return -1;
}

/* A chosen measure that one option of the measure cannot go with; -1: none. */
static int32_t rival(const compare *c, const ys_option *mine)
{
    const ys_plan_input *in = c->p->in;
    const ys_offer *offer = c->p->model.offer;
    const ys_plan_measure *a = &in->measures[c->measure];
    for (int i = 0; i < c->chosen->count; i++) {
        ys_option o = option_at(c, c->chosen->option[i]);
        const ys_plan_measure *b = &in->measures[o.measure];
        bool group = offer[o.offering].single == offer[mine->offering].single;
        bool both = a->full_time && b->full_time && o.person >= 0 && o.person == mine->person;
        if (ys__meet(mine, &o) &&
            (group || both || c->p->model.excludes[(int64_t)o.measure * in->n_measures + c->measure]))
            return o.measure;
    }
    return full_group(c, mine);
}

/* Does a lock keep the measure here, or forbid it? */
static bool is_decided(const ys_plan *p, int64_t block, int32_t measure, bool keep)
{
    int n;
    const ys_plan_lock *l = ys__locks_of(p->in, block, &n);
    for (int i = 0; i < n; i++)
        if (l[i].keep == keep && l[i].measure == measure)
            return true;
    return false;
}

/* With `mine`, beside what is chosen or alone, the household would be lifted on average, but not surely enough. */
static bool breaks_promise(const compare *c, int64_t block, const ys_option *mine, bool alone)
{
    ys_option o[YS_PLAN_MAX_MEASURES];
    const ys_option *at[YS_PLAN_MAX_MEASURES + 1] = {mine};
    if (c->p->in->chance_epsilon <= 0 || block >= c->p->in->n_households ||
        c->chosen->count == YS_PLAN_MAX_MEASURES)
        return false;
    int n = alone ? 0 : c->chosen->count;
    for (int i = 0; i < n; i++) {
        o[i] = option_at(c, c->chosen->option[i]);
        at[i + 1] = &o[i];
    }
    return ys__value_promise(&c->p->model, block, at, n + 1) == YS_PROMISE_BROKEN;
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

/* The chosen measure that takes most of the months one option of the measure would need; -1: they are free. */
static int32_t labour_taker(const compare *c, int64_t block, const ys_option *mine)
{
    const ys_plan_input *in = c->p->in;
    int64_t need = c->p->model.offer[mine->offering].milli, used = 0, own = 0, top = 0, own_top = 0;
    int32_t taker = -1, own_taker = -1;
    if (block >= in->n_households || need <= 0)
        return -1;
    for (int i = 0; i < c->chosen->count; i++) {
        ys_option o = option_at(c, c->chosen->option[i]);
        int64_t milli = c->p->model.offer[o.offering].milli;
        used += milli;
        if (milli > top) {
            top = milli;
            taker = o.measure;
        }
        if (mine->person < 0 || o.person != mine->person)
            continue;
        own += milli;
        if (milli > own_top) {
            own_top = milli;
            own_taker = o.measure;
        }
    }
    if (mine->person >= 0 && own + need > ys__milli(in->persons[mine->person].months_free))
        return own_taker;
    return used + need > ys__milli(in->households[block].months_free) ? taker : -1;
}

/*
 * Why the measure is not simply put beside what is chosen: what stands in the way of its first option, provided something
 * stands in the way of every one; else it was free to come and adds nothing.
 */
static ys_plan_why barrier(const compare *c, int64_t block)
{
    ys_plan_why first = because(YS_WHY_LESS_VALUE);
    for (int i = 0; i < c->b.n_options; i++) {
        ys_option o = option_at(c, i);
        ys_plan_why why = because(YS_WHY_LESS_VALUE);
        if (o.measure != c->measure)
            continue;
        if ((why.other = rival(c, &o)) >= 0)
            why.reason = is_decided(c->p, block, why.other, true) ? YS_WHY_LOCKED : YS_WHY_GROUP;
        else if ((why.other = labour_taker(c, block, &o)) >= 0)
            why.reason = is_decided(c->p, block, why.other, true) ? YS_WHY_LOCKED : YS_WHY_LABOUR_TAKEN;
        else if (breaks_promise(c, block, &o, false))
            why.reason = YS_WHY_CHANCE;
        else if (c->chosen->count == c->p->in->max_measures)
            why.reason = YS_WHY_COUNT;
        else
            return why;
        if (first.reason == YS_WHY_LESS_VALUE)
            first = why;
    }
    return first;
}

static bool has_needs(const compare *c)
{
    for (int i = 0; i < c->p->model.n_needs; i++)
        if (c->p->model.needs[i][0] == c->measure)
            return true;
    return false;
}

/* Every option of the measure would lift without being sure enough, alone. */
static bool never_sure(const compare *c, int64_t block)
{
    bool all = true;
    for (int i = 0; i < c->b.n_options; i++) {
        ys_option o = option_at(c, i);
        all = all && (o.measure != c->measure || breaks_promise(c, block, &o, true));
    }
    return all;
}

static ys_plan_why weigh(const compare *c, int64_t block)
{
    int64_t row = -1;
    const ys_bundle *u = best_with(c, &row);
    ys_plan_why why = because(row >= c->p->in->n_funds ? YS_WHY_CAPACITY : YS_WHY_BUDGET);
    why.row = row;
    if (u == NULL && (u = best_with(c, NULL)) != NULL)
        why = barrier(c, block);
    if (u == NULL) { /* alone or with others it adds nothing, or it may not be here at all */
        why = because(YS_WHY_NEEDS);
        if ((why.other = needed(c)) >= 0)
            return why;
        bool locks = c->b.bundle[0].count > 0;
        why = never_sure(c, block)    ? because(YS_WHY_CHANCE)
              : has_needs(c) || locks ? barrier(c, block)
                                      : because(YS_WHY_LESS_VALUE);
        return why;
    }
    double price = bundle_price(c, u) - bundle_price(c, c->chosen);
    why.gain = u->v2 - c->chosen->v2;
    why.price = (int64_t)(price < 0 ? price - 0.5 : price + 0.5);
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
    if (!kept && is_decided(p, block, measure, false))
        return because(YS_WHY_FORBIDDEN);
    if (!kept)
        return because(labour_ever_fits(p, block, measure) ? YS_WHY_LIMIT : YS_WHY_LABOUR);
    weights(&c);
    return weigh(&c, block);
}
