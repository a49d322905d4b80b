/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

/* A stage holds one block of doubles and one of integers; the pointers of ys_stage look into them. */

void ys__chunk_done(ys_chunk *k)
{
    if (k->borrowed) {
        memset(k, 0, sizeof *k);
        return;
    }
    ys_free(k->option_at);
    ys_free(k->bundle_at);
    ys_free(k->type);
    ys_free(k->person);
    ys_free(k->alone2);
    ys_free(k->bundles);
    ys_free(k->mask);
    ys_free(k->adds1);
    ys_free(k->adds2);
    memset(k, 0, sizeof *k);
}

ys_status ys__choice_alloc(ys_choice *c, int64_t charges, ys_diag *diag)
{
    c->chunks = ys_calloc((size_t)c->n_chunks, sizeof *c->chunks);
    c->type_at = ys_calloc((size_t)c->n_types + 1, sizeof *c->type_at);
    c->charge_row = ys_calloc((size_t)charges, sizeof *c->charge_row);
    c->charge = ys_calloc((size_t)charges, sizeof *c->charge);
    c->limit = ys_calloc((size_t)c->n_rows, sizeof *c->limit);
    size_t floors = (size_t)c->n_floors, sums = floors + (size_t)c->n_levels;
    c->floor_metric = ys_calloc(sums, sizeof *c->floor_metric);
    c->sum_sign = ys_calloc(sums, sizeof *c->sum_sign);
    c->floor_minimum = ys_calloc(floors, sizeof *c->floor_minimum);
    c->floor_level = ys_calloc(floors, sizeof *c->floor_level);
    c->floor_ratio = ys_calloc(floors, sizeof *c->floor_ratio);
    c->place = ys_calloc((size_t)c->n_blocks, sizeof *c->place);
    c->place_at = ys_calloc((size_t)c->n_places + 1, sizeof *c->place_at);
    c->place_helps = ys_calloc((size_t)c->n_places, 1);
    if (!c->chunks || !c->type_at || !c->charge_row || !c->charge || !c->limit || !c->floor_metric ||
        !c->floor_minimum || !c->sum_sign || !c->floor_level || !c->floor_ratio || !c->place ||
        !c->place_at || !c->place_helps)
        return ys_fail_nomem(diag);
    memset(c->sum_sign, 1, sums);
    memset(c->floor_level, 0xff, floors * sizeof *c->floor_level); /* -1: none */
    return YS_OK;
}

void ys__choice_done(ys_choice *c)
{
    for (int64_t i = 0; c->chunks != NULL && i < c->n_chunks; i++)
        ys__chunk_done(&c->chunks[i]);
    ys_free(c->chunks);
    ys_free(c->type_at);
    ys_free(c->charge_row);
    ys_free(c->charge);
    ys_free(c->limit);
    ys_free(c->floor_metric);
    ys_free(c->floor_minimum);
    ys_free(c->sum_sign);
    ys_free(c->floor_level);
    ys_free(c->floor_ratio);
    ys_free(c->place_level_at);
    ys_free(c->place_level);
    ys_free(c->term_at);
    ys_free(c->term);
    ys_free(c->place);
    ys_free(c->place_at);
    ys_free(c->place_floor);
    ys_free(c->place_helps);
    memset(c, 0, sizeof *c);
}

bool ys__choice_sums_fit(const ys_choice *c, int64_t *ret_row, int64_t *ret_type)
{
    const ys_i128 most = (ys_i128)1 << 62;
    int64_t *count = ys_calloc((size_t)c->n_types, sizeof *count);
    ys_i128 *sum = ys_calloc((size_t)c->n_rows, sizeof *sum);
    bool fits = count != NULL && sum != NULL;
    *ret_row = *ret_type = -1;
    for (int64_t i = 0; fits && i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        for (int o = 0; o < b.n_options; o++)
            count[b.type[o]]++;
    }
    for (int64_t t = 0; fits && t < c->n_types; t++)
        for (int64_t k = c->type_at[t]; k < c->type_at[t + 1]; k++)
            sum[c->charge_row[k]] += (ys_i128)c->charge[k] * count[t];
    for (int64_t r = 0; fits && r < c->n_rows; r++)
        if (sum[r] >= most) {
            *ret_row = r;
            fits = false;
        }
    int64_t largest = -1;
    for (int64_t t = 0; !fits && *ret_row >= 0 && t < c->n_types; t++)
        for (int64_t k = c->type_at[t]; k < c->type_at[t + 1]; k++)
            if (c->charge_row[k] == *ret_row && count[t] > 0 && c->charge[k] > largest) {
                largest = c->charge[k];
                *ret_type = t;
            }
    ys_free(count);
    ys_free(sum);
    return fits;
}

ys_status ys__stage_init(ys_stage *s, const ys_choice *c, ys_pool *pool, bool with_floors, int64_t couple,
                         ys_diag *diag)
{
    memset(s, 0, sizeof *s);
    s->c = c;
    s->pool = pool;
    s->coupled = couple >= 0;
    s->n_floors = (with_floors ? c->n_floors : 0) + (s->coupled ? 1 : 0);
    size_t rows = (size_t)c->n_rows, floors = (size_t)s->n_floors, both = rows + floors,
           places = (size_t)c->n_places;
    size_t threads = (size_t)ys_pool_threads(pool), sums = (size_t)(c->n_floors + c->n_levels);
    s->minimum = ys_calloc(floors, sizeof(int64_t));
    s->target = ys_calloc(floors, sizeof(int64_t));
    s->scale = ys_calloc(both, sizeof(double));
    s->price = ys_calloc(both, sizeof(double));
    s->x = ys_calloc(both, sizeof(double));
    s->eta = ys_calloc(both, sizeof(double));
    s->last = ys_calloc(both, sizeof(double));
    s->best = ys_calloc(both, sizeof(double));
    s->least = INFINITY;
    s->type_cost = ys_calloc((size_t)c->n_types, sizeof(double));
    s->w1 = ys_calloc(3 * places, sizeof(double));
    s->use = ys_calloc(both, sizeof(int64_t));
    s->sum_price = ys_calloc(sums, sizeof(double));
    s->level_use = ys_calloc((size_t)c->n_levels, sizeof(int64_t));
    s->floor_size = ys_calloc(floors, sizeof(double));
    s->thread_use = ys_calloc(threads * (rows + 3 * places + sums), sizeof(int64_t));
    s->chunk_sum = ys_calloc((size_t)c->n_chunks, sizeof(double));
    s->pick = ys_calloc((size_t)c->n_blocks, sizeof(uint16_t));
    if (!s->minimum || !s->target || !s->scale || !s->price || !s->x || !s->eta || !s->last || !s->best ||
        !s->type_cost || !s->w1 || !s->sum_price || !s->level_use || !s->floor_size || !s->use ||
        !s->thread_use || !s->chunk_sum || !s->pick) {
        ys__stage_done(s);
        return ys_fail_nomem(diag);
    }
    s->w2 = s->w1 + places;
    s->w0 = s->w2 + places;
    s->floor_scale = s->scale + rows;
    s->floor_price = s->price + rows;
    s->floor_use = s->use + rows;
    for (int f = 0; f < s->n_floors; f++)
        s->minimum[f] = s->target[f] = s->coupled && f == s->n_floors - 1 ? couple : c->floor_minimum[f];
    for (int f = 0; f < s->n_floors; f++)
        s->floor_size[f] = fabs((double)s->minimum[f]);
    return YS_OK;
}

void ys__stage_done(ys_stage *s)
{
    void *owned[] = {s->minimum,    s->target, s->scale,      s->price,     s->x,         s->eta,
                     s->last,       s->best,   s->type_cost,  s->w1,        s->sum_price, s->level_use,
                     s->floor_size, s->use,    s->thread_use, s->chunk_sum, s->pick};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        ys_free(owned[i]);
    memset(s, 0, sizeof *s);
}

ys_plan_metric ys__stage_metric(const ys_stage *s, int floor)
{
    return s->coupled && floor == s->n_floors - 1 ? YS_PLAN_CURES : s->c->floor_metric[floor];
}

int64_t ys__bundle_charge(const ys_choice *c, const ys_block *b, const ys_bundle *u, int64_t row)
{
    int64_t sum = 0;
    for (int j = 0; j < u->count; j++)
        for (int64_t q = c->type_at[b->type[u->option[j]]]; q < c->type_at[b->type[u->option[j]] + 1]; q++)
            sum += c->charge_row[q] == row ? c->charge[q] : 0;
    return sum;
}

int64_t ys__metric_value(ys_plan_metric m, const ys_bundle *b, bool helps)
{
    switch (m) {
    case YS_PLAN_GAP:
        return b->v2;
    case YS_PLAN_CURES:
        return b->v1;
    case YS_PLAN_HELPED:
        break;
    }
    return helps && (b->v1 > 0 || b->v2 > 0) ? 1 : 0;
}

void ys__stage_weights(ys_stage *s, const double *x)
{
    const ys_choice *c = s->c;
    const double *xf = x + c->n_rows;
    double couple = s->coupled ? xf[s->n_floors - 1] : 0;
    bool floors = s->n_floors > (s->coupled ? 1 : 0);
    if (floors)
        ys__sum_prices(c, xf, s->sum_price);
    for (int32_t p = 0; p < c->n_places; p++) {
        s->w1[p] = s->k1 + couple;
        s->w2[p] = s->k2;
        s->w0[p] = 0;
        for (int32_t k = c->place_at[p]; floors && k < c->place_at[p + 1]; k++) {
            int f = c->place_floor[k];
            double *w = c->floor_metric[f] == YS_PLAN_GAP     ? s->w2
                        : c->floor_metric[f] == YS_PLAN_CURES ? s->w1
                                                              : s->w0;
            if (w != s->w0 || c->place_helps[p])
                w[p] += s->sum_price[f];
        }
    }
    for (int64_t t = 0; t < c->n_types; t++) {
        double cost = 0;
        for (int64_t k = c->type_at[t]; k < c->type_at[t + 1]; k++)
            cost += x[c->charge_row[k]] * (double)c->charge[k];
        s->type_cost[t] = cost;
    }
}

void ys__look_load(ys_look *l, const ys_stage *s, const ys_block *b, double margin)
{
    l->w1 = s->w1[b->place];
    l->w2 = s->w2[b->place];
    l->w0 = s->w0[b->place];
    for (int o = 0; o < b->n_options; o++)
        l->cost[o] = s->type_cost[b->type[o]];
    for (int o = 0; s->c->term_at != NULL && o < b->n_options; o++)
        l->cost[o] -= ys__option_worth(s->c, b, o, s->sum_price);
    ys__look(l, b, margin);
}

static int best_bundle(const ys_look *l, const ys_block *b, double *ret_score)
{
    int best = 0;
    double top = ys__look_score(l, &b->bundle[0]);
    for (int i = 1; i < l->n; i++) {
        int k = ys__look_at(l, i);
        double v = ys__look_score(l, &b->bundle[k]);
        if (v > top) {
            top = v;
            best = k;
        }
    }
    *ret_score = top;
    return best;
}

/* What one thread counts: rows, three metrics per place, terms per sum. */
static int64_t width_of(const ys_choice *c)
{
    return c->n_rows + 3 * (int64_t)c->n_places + c->n_floors + c->n_levels;
}

static void add_terms(const ys_choice *c, const ys_block *b, const ys_bundle *u, int64_t *sum)
{
    for (int j = 0; j < u->count; j++) {
        int n;
        const ys_term *t = ys__terms(c, b->place, b->type[u->option[j]], &n);
        for (int i = 0; i < n; i++)
            sum[t[i].sum] += ys__term_value(&t[i], b, u->option[j]);
    }
}

static void pass_chunk(void *arg, int64_t chunk_no, int64_t begin, int64_t end, int thread)
{
    ys_stage *s = arg;
    const ys_choice *c = s->c;
    int64_t *use = s->thread_use + (size_t)thread * (size_t)width_of(c);
    int64_t *sum1 = use + c->n_rows, *sum2 = sum1 + c->n_places, *sum0 = sum2 + c->n_places;
    ys_look look;
    (void)end;
    double total = 0;
    for (int32_t i = 0; i < c->chunks[begin].n; i++) {
        int64_t block = begin * YS_CHUNK_BLOCKS + i;
        ys_block b = ys__block(c, block);
        ys__look_load(&look, s, &b, 0);
        double score;
        int k = best_bundle(&look, &b, &score);
        total += score;
        s->pick[block] = (uint16_t)k;
        const ys_bundle *u = &b.bundle[k];
        if (u->count == 0 && u->v2 == 0)
            continue;
        for (int j = 0; j < u->count; j++) {
            int32_t t = b.type[u->option[j]];
            for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++)
                use[c->charge_row[q]] += c->charge[q];
        }
        sum1[b.place] += u->v1;
        sum2[b.place] += u->v2;
        sum0[b.place] += ys__metric_value(YS_PLAN_HELPED, u, c->place_helps[b.place]);
        if (c->term_at != NULL)
            add_terms(c, &b, u, sum0 + c->n_places);
    }
    s->chunk_sum[chunk_no] = total;
}

/* Floors that have a level: what is held against the minimum, and what that is measured by. */
static void hold_levels(ys_stage *s)
{
    const ys_choice *c = s->c;
    for (int f = 0; c->n_levels > 0 && f < c->n_floors; f++) {
        if (c->floor_level[f] < 0)
            continue;
        int64_t own = s->floor_use[f];
        s->floor_use[f] = ys__floor_slack(c, f, own, s->level_use[c->floor_level[f]]);
        double asked = fabs((double)own - (double)s->floor_use[f]), size = fabs((double)own);
        s->floor_size[f] = asked > size ? asked : size;
    }
}

/* Sums of all threads land in the first thread's part; floors are read from it. */
static void gather(ys_stage *s)
{
    const ys_choice *c = s->c;
    int64_t width = width_of(c);
    int64_t *first = s->thread_use;
    for (int t = 1; t < ys_pool_threads(s->pool); t++)
        for (int64_t i = 0; i < width; i++)
            first[i] += s->thread_use[t * width + i];
    memcpy(s->use, first, (size_t)c->n_rows * sizeof *first);
    const int64_t *sum1 = first + c->n_rows, *sum2 = sum1 + c->n_places, *sum0 = sum2 + c->n_places;
    int64_t *sum = first + c->n_rows + 3 * (int64_t)c->n_places; /* of terms, then of all */
    memset(s->floor_use, 0, (size_t)s->n_floors * sizeof *s->floor_use);
    bool floors = s->n_floors > (s->coupled ? 1 : 0);
    for (int32_t p = 0; p < c->n_places; p++) {
        if (s->coupled)
            s->floor_use[s->n_floors - 1] += sum1[p];
        for (int32_t k = c->place_at[p]; floors && k < c->place_at[p + 1]; k++) {
            int f = c->place_floor[k];
            sum[f] += c->sum_sign[f] * (c->floor_metric[f] == YS_PLAN_GAP     ? sum2[p]
                                        : c->floor_metric[f] == YS_PLAN_CURES ? sum1[p]
                                                                              : sum0[p]);
        }
    }
    if (!floors)
        return;
    memcpy(s->floor_use, sum, (size_t)c->n_floors * sizeof *sum);
    memcpy(s->level_use, sum + c->n_floors, (size_t)c->n_levels * sizeof *sum);
    hold_levels(s);
}

void ys__stage_pass(ys_stage *s, const double *x)
{
    const ys_choice *c = s->c;
    ys__stage_weights(s, x);
    memset(s->thread_use, 0, (size_t)ys_pool_threads(s->pool) * (size_t)width_of(c) * sizeof(int64_t));
    ys_pool_run(s->pool, c->n_chunks, 1, pass_chunk, s);
    gather(s);
    double dual = 0;
    for (int64_t i = 0; i < c->n_chunks; i++)
        dual += s->chunk_sum[i];
    for (int64_t r = 0; r < c->n_rows; r++)
        dual += x[r] * (double)c->limit[r];
    for (int f = 0; f < s->n_floors; f++)
        dual -= x[c->n_rows + f] * (double)s->minimum[f];
    s->dual = dual;
}

/* ---- scales --------------------------------------------------------------------------------------------------- */

enum { SAMPLES = 32 };

typedef struct sampler {
    double *value; /* rows * SAMPLES */
    int64_t *seen;
    double sum[3], worth_sum, charge_sum; /* sums of the three metrics; of worth and charges */
    int64_t n;
    double unit[3];
} sampler;

/* Keep a fixed sample per row: the first ones, later ones by hash, so that the order of blocks hardly matters. */
static void sample(sampler *m, int64_t row, double v)
{
    int64_t k = m->seen[row]++;
    if (k >= SAMPLES)
        k = (int64_t)(ys_hash64((uint64_t)k * 1000003u + (uint64_t)row) % (uint64_t)(k + 1));
    if (k < SAMPLES)
        m->value[row * SAMPLES + k] = v;
}

static double median(double *v, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        double t = v[i];
        int64_t j = i;
        for (; j > 0 && v[j - 1] > t; j--)
            v[j] = v[j - 1];
        v[j] = t;
    }
    return n > 0 ? v[n / 2] : 0;
}

static void each_single(const ys_stage *s, sampler *m,
                        void (*f)(const ys_stage *, sampler *, const ys_block *, const ys_bundle *))
{
    for (int64_t i = 0; i < s->c->n_blocks; i++) {
        ys_block b = ys__block(s->c, i);
        for (int k = 1; k < b.n_bundles && b.bundle[k].count == 1; k++)
            f(s, m, &b, &b.bundle[k]);
    }
}

static void add_sums(const ys_stage *s, sampler *m, const ys_block *b, const ys_bundle *u)
{
    m->sum[YS_PLAN_GAP] += u->v2 > 0 ? (double)u->v2 : 0;
    m->sum[YS_PLAN_CURES] += u->v1 > 0 ? u->v1 : 0;
    m->sum[YS_PLAN_HELPED] += ys__metric_value(YS_PLAN_HELPED, u, s->c->place_helps[b->place]) ? 1 : 0;
}

static void add_worth(const ys_stage *s, sampler *m, const ys_block *b, const ys_bundle *u)
{
    double worth = (double)s->k1 * u->v1 + (double)s->k2 * (double)u->v2;
    for (int f = 0; f < 3; f++)
        if (m->unit[f] > 0)
            worth += m->unit[f] * (double)ys__metric_value((ys_plan_metric)f, u, s->c->place_helps[b->place]);
    if (!(worth > 0))
        return;
    int32_t t = b->type[u->option[0]];
    for (int64_t k = s->c->type_at[t]; k < s->c->type_at[t + 1]; k++) {
        m->worth_sum += worth;
        m->charge_sum += (double)s->c->charge[k];
        sample(m, s->c->charge_row[k], worth / (double)s->c->charge[k]);
    }
}

void ys__stage_scale(ys_stage *s)
{
    const ys_choice *c = s->c;
    sampler m = {0};
    m.value = ys_calloc((size_t)c->n_rows * SAMPLES, sizeof(double));
    m.seen = ys_calloc((size_t)c->n_rows, sizeof(int64_t));
    each_single(s, &m, add_sums);
    /* What a unit of each metric is worth in units of the objective, on average. */
    double objective = s->k2 ? m.sum[YS_PLAN_GAP] : s->k1 ? m.sum[YS_PLAN_CURES] : 1e9;
    double ratio[3];
    for (int f = 0; f < 3; f++)
        ratio[f] = m.sum[f] > 0 && objective > 0 ? objective / m.sum[f] : 1;
    for (int f = 0; f < s->n_floors; f++) {
        ys_plan_metric k = ys__stage_metric(s, f);
        bool held = f < c->n_floors && c->floor_level[f] >= 0;
        if (k == YS_METRIC_SPENT)
            continue; /* below */
        s->floor_scale[f] = ratio[k];
        if (held || (f < c->n_floors && c->sum_sign[f] < 0))
            continue; /* what it adds in one block it takes in others */
        m.unit[k] = (k == YS_PLAN_GAP && s->k2) || (k == YS_PLAN_CURES && s->k1) ? 0 : ratio[k];
    }
    if (m.value != NULL && m.seen != NULL)
        each_single(s, &m, add_worth);
    double fallback = m.charge_sum > 0 ? m.worth_sum / m.charge_sum : 1;
    for (int f = 0; f < c->n_floors && f < s->n_floors; f++)
        if (c->floor_metric[f] == YS_METRIC_SPENT)
            s->floor_scale[f] = fallback;
    for (int64_t r = 0; r < c->n_rows; r++) {
        double v =
            m.value && m.seen ? median(m.value + r * SAMPLES, m.seen[r] < SAMPLES ? m.seen[r] : SAMPLES) : 0;
        s->scale[r] = v > 0 ? v : fallback;
    }
    ys_free(m.value);
    ys_free(m.seen);
}

/* ---- ascent --------------------------------------------------------------------------------------------------- */

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

/* planner.md section 5, item 3: one adaptive step per row. */
static void update_row(ys_stage *s, int64_t i, double g, int pass)
{
    double turn = g * s->last[i];
    g = g > 2 ? 2 : g;
    double low =
        pass < 60 ? 0.01 : 0.6 / pass; /* rows of equal blocks turn for ever: their steps go on shrinking */
    s->eta[i] = pass == 0 ? 1.5 : clamp(s->eta[i] * (turn > 0 ? 1.05 : turn < 0 ? 0.8 : 1), low, 8);
    double next = s->x[i] + s->eta[i] * s->scale[i] * g;
    s->x[i] = next > 0 ? next : 0;
    s->last[i] = g;
    s->price[i] += (pass < 10 ? 1 : 0.1) * (s->x[i] - s->price[i]);
}

static bool satisfied(const ys_stage *s)
{
    for (int64_t r = 0; r < s->c->n_rows; r++)
        if (s->use[r] > s->c->limit[r])
            return false;
    for (int f = 0; f < s->n_floors; f++)
        if (s->floor_use[f] < s->target[f])
            return false;
    return true;
}

double ys__stage_shortage(const ys_stage *s, int f, const int64_t *use, const int64_t *floor_use)
{
    double missing = (double)s->target[f] - (double)floor_use[f];
    double size =
        fabs((double)s->target[f]) > s->floor_size[f] ? fabs((double)s->target[f]) : s->floor_size[f];
    if (s->coupled && f == s->n_floors - 1) {
        for (int64_t r = 0; s->ride != NULL && r < s->c->n_rows; r++)
            missing += s->ride[r] * ((double)use[r] - (double)s->c->limit[r]);
        for (int k = 0; s->ride != NULL && k < f; k++)
            missing -= s->ride[s->c->n_rows + k] * ((double)floor_use[k] - (double)s->minimum[k]);
        size = s->ride_slack > 0.0005 * size ? s->ride_slack : 0.0005 * size;
    }
    return clamp(missing / (size + 1), -2, 2);
}

void ys__stage_ride(const ys_stage *s, double *x, double change)
{
    int64_t n = s->c->n_rows + s->n_floors - 1;
    for (int64_t i = 0; s->ride != NULL && i < n; i++) {
        double next = x[i] + change * s->ride[i];
        x[i] = next > 0 ? next : 0;
    }
}

bool ys__stage_ascend(ys_stage *s, int passes, const ys_plan_config *config, int tier)
{
    const ys_choice *c = s->c;
    for (int k = 0; k < passes; k++) {
        int pass = s->passes; /* a later call goes on where this one stops */
        if (config->interrupted != NULL && config->interrupted(config->arg))
            return false;
        if (config->progress != NULL && k % 8 == 0)
            config->progress(config->arg, tier, "price", (double)k / passes);
        ys__stage_pass(s, s->x);
        s->passes++;
        if (s->dual < s->least) {
            s->least = s->dual;
            memcpy(s->best, s->x, (size_t)(c->n_rows + s->n_floors) * sizeof(double));
        }
        if (s->passes == 1 && satisfied(s)) /* demand fits at zero prices: this is the optimum */
            return true;
        if (s->coupled) { /* the rows ride before they answer to their own use */
            int64_t f = c->n_rows + s->n_floors - 1;
            double before = s->x[f];
            update_row(s, f, ys__stage_shortage(s, s->n_floors - 1, s->use, s->floor_use), pass);
            ys__stage_ride(s, s->x, s->x[f] - before);
        }
        for (int64_t r = 0; r < c->n_rows; r++)
            update_row(s, r, ((double)s->use[r] - (double)c->limit[r]) / ((double)c->limit[r] + 1), pass);
        for (int f = 0; f < s->n_floors - (s->coupled ? 1 : 0); f++)
            update_row(s, c->n_rows + f, ys__stage_shortage(s, f, s->use, s->floor_use), pass);
    }
    return true;
}
