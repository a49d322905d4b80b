/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/peers.h"
#include <math.h>
#include <string.h>
#include "base/alloc.h"
#include "base/pool.h"
#include "measure/sort.h"
#include "yaoshi/table.h"

#define CHUNK 8192

/* ---- factors of every household --------------------------------------------------------------------------------- */

static bool row_known(const ys_diagnose_data *d, int64_t i)
{
    return d->persons[i] >= 1 && !ys_is_missing(d->line[i]) && !ys_is_missing(d->wage[i]) &&
           !ys_is_missing(d->business[i]) && !ys_is_missing(d->property[i]) &&
           !ys_is_missing(d->transfer[i]) && !ys_is_missing(d->rigid[i]) && !isnan(d->labour[i]) &&
           !isnan(d->worked[i]);
}

#define LEAST_WORK (1.0 / 365) /* a day: less is no work, and no ratio grows without bounds */
#define LEAST_ABLE 0.01

/* Earned income must stand on somebody's work: who works counts as able; work that was not recorded counts as full;
 * income without any hands is income from property. */
static void fill_row(const ys_diagnose_data *d, int64_t i, ys__factors *f)
{
    double n = (double)d->persons[i], labour = d->labour[i], worked = d->worked[i];
    double earned = (double)(d->wage[i] + d->business[i]), property = (double)d->property[i];
    worked = worked < LEAST_WORK ? 0 : worked;
    labour = labour < LEAST_ABLE ? 0 : labour;
    if (worked > 0 && labour <= 0)
        labour = worked;
    else if (worked <= 0 && labour > 0 && earned != 0)
        worked = labour;
    else if (worked <= 0 && labour <= 0) {
        property += earned;
        earned = 0;
    }
    f->f[YS_ROOT_LABOUR][i] = labour / n;
    f->f[YS_ROOT_EMPLOYMENT][i] = labour > 0 ? worked / labour : NAN;
    f->f[YS_ROOT_EARNINGS][i] = worked > 0 ? earned / worked : NAN;
    f->f[YS_ROOT_PROPERTY][i] = property / n;
    f->f[YS_ROOT_TRANSFER][i] = (double)d->transfer[i] / n;
    f->f[YS_ROOT_RIGID][i] = (double)d->rigid[i] / n;
}

void ys__factors_fill(const ys_diagnose_data *d, int64_t begin, int64_t end, ys__factors *f)
{
    for (int64_t i = begin; i < end; i++) {
        f->known[i] = row_known(d, i);
        if (f->known[i])
            fill_row(d, i, f);
    }
}

typedef struct fill_job {
    const ys_diagnose_data *d;
    ys__factors *f;
} fill_job;

static void fill_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    fill_job *j = arg;
    (void)no;
    (void)thread;
    ys__factors_fill(j->d, begin, end, j->f);
}

ys_status ys__factors_new(const ys_diagnose_data *d, struct ys_pool *pool, ys__factors *ret)
{
    size_t n = d->n > 0 ? (size_t)d->n : 1;
    ys__factors f = {.known = ys_aligned(n, 1)};
    f.f[0] = ys_aligned(n * YS_ROOTS, sizeof(double));
    if (!f.f[0] || !f.known) {
        ys__factors_done(&f);
        return YS_ENOMEM;
    }
    for (int k = 1; k < YS_ROOTS; k++)
        f.f[k] = f.f[0] + (size_t)k * n;
    fill_job j = {d, &f};
    ys_pool_run(pool, d->n, CHUNK, fill_chunk, &j);
    *ret = f;
    return YS_OK;
}

void ys__factors_done(ys__factors *f)
{
    ys_free(f->f[0]);
    ys_free(f->known);
}

/* ---- quartiles by place ----------------------------------------------------------------------------------------- */

/* One peer: where it lives, and its weight. */
typedef struct peer_set {
    int64_t n;
    int32_t *row, *town, *county;
    double *weight;
} peer_set;

/* Peers live between the line and `upper` times it, by the statutory income. */
static bool is_peer(const ys_diagnose_data *d, const ys_diagnose_opts *o, const ys__factors *f, int64_t i)
{
    if (!f->known[i] || ys_is_missing(d->statutory[i]))
        return false;
    __int128 line = (__int128)d->line[i] * d->persons[i];
    return d->statutory[i] >= line && (double)d->statutory[i] < o->peer_upper * (double)line;
}

static ys_status peer_set_new(const ys_diagnose_data *d, const ys_diagnose_opts *o, const ys__factors *f,
                              bool everybody, peer_set *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < d->n; i++)
        n += everybody ? f->known[i] : is_peer(d, o, f, i);
    size_t room = n > 0 ? (size_t)n : 1;
    s->row = ys_calloc(room, sizeof *s->row);
    s->town = ys_calloc(room, sizeof *s->town);
    s->county = ys_calloc(room, sizeof *s->county);
    s->weight = ys_calloc(room, sizeof *s->weight);
    if (!s->row || !s->town || !s->county || !s->weight)
        return YS_ENOMEM;
    for (int64_t i = 0; i < d->n; i++) {
        if (!(everybody ? f->known[i] != 0 : is_peer(d, o, f, i)))
            continue;
        s->row[s->n] = (int32_t)i;
        s->town[s->n] = d->town[i];
        s->county[s->n] = d->county[i];
        s->weight[s->n++] = d->weight ? d->weight[i] : 1;
    }
    return YS_OK;
}

static void peer_set_done(peer_set *s)
{
    ys_free(s->row);
    ys_free(s->town);
    ys_free(s->county);
    ys_free(s->weight);
}

typedef struct item {
    double value, weight;
} item;

/* Inverse distribution function; the mean of two where a share is hit exactly. */
static double quantile(int64_t n, const item *v, double p)
{
    double total = 0, cum = 0;
    for (int64_t i = 0; i < n; i++)
        total += v[i].weight;
    for (int64_t i = 0; i < n; i++) {
        cum += v[i].weight;
        if (cum < p * total || v[i].weight <= 0)
            continue;
        return cum == p * total && i + 1 < n ? (v[i].value + v[i + 1].value) / 2 : v[i].value;
    }
    return NAN;
}

/* One factor of all peers: sorted once by value, dealt out stably by place, quartiles of each run. */
typedef struct factor_job {
    const ys_diagnose_data *d;
    const ys__factors *f;
    const peer_set *s;
    ys__peers *to;
    ys_status st[YS_ROOTS];
} factor_job;

static void put_quartiles(int64_t n, const item *v, int factor, ys__reference *r)
{
    for (int q = 0; q < YS__QUARTILES; q++) {
        double p = 0.25 * (q + 1);
        r->factor[q][factor] = quantile(n, v, factor == YS_ROOT_RIGID ? 1 - p : p);
    }
}

static void deal(int64_t n, const item *sorted, const int32_t *place, int64_t *start, item *dealt)
{
    for (int64_t i = 0; i < n; i++)
        if (place[i] >= 0)
            dealt[start[place[i]]++] = sorted[i];
}

/* Runs of each place in `dealt`: start[k] .. start[k + 1]. */
static ys_status by_place(const factor_job *j, int factor, int64_t n, const item *sorted,
                          const int32_t *place, bool towns)
{
    int32_t places = towns ? j->d->towns : j->d->counties;
    ys__reference *ref = towns ? j->to->town : j->to->county;
    int64_t *start = ys_calloc((size_t)places + 1, sizeof *start);
    int64_t *at = ys_calloc((size_t)places + 1, sizeof *at);
    item *dealt = ys_calloc(n > 0 ? (size_t)n : 1, sizeof *dealt);
    ys_status st = start && at && dealt ? YS_OK : YS_ENOMEM;
    if (st == YS_OK) {
        for (int64_t i = 0; i < n; i++)
            if (place[i] >= 0)
                start[place[i] + 1]++;
        for (int32_t k = 0; k < places; k++)
            start[k + 1] += start[k];
        memcpy(at, start, ((size_t)places + 1) * sizeof *at);
        deal(n, sorted, place, at, dealt);
        for (int32_t k = 0; k < places; k++)
            put_quartiles(start[k + 1] - start[k], dealt + start[k], factor, &ref[k]);
    }
    ys_free(start);
    ys_free(at);
    ys_free(dealt);
    return st;
}

static ys_status one_factor(const factor_job *j, int factor)
{
    int64_t n = j->s->n, m = 0;
    size_t room = n > 0 ? (size_t)n : 1;
    double *value = ys_calloc(room, sizeof *value);
    int32_t *order = ys_calloc(room, sizeof *order);
    int32_t *town = ys_calloc(room, sizeof *town), *county = ys_calloc(room, sizeof *county);
    item *sorted = ys_calloc(room, sizeof *sorted);
    ys_status st = value && order && town && county && sorted ? YS_OK : YS_ENOMEM;
    if (st != YS_OK)
        goto done;
    for (int64_t i = 0; i < n; i++)
        value[i] = j->f->f[factor][j->s->row[i]];
    YS_GO(ys__sort_order(n, value, order));
    for (int64_t k = 0; k < n && !isnan(value[order[k]]); k++, m++) {
        sorted[m] = (item){value[order[k]], j->s->weight[order[k]]};
        town[m] = j->s->town[order[k]];
        county[m] = j->s->county[order[k]];
    }
    put_quartiles(m, sorted, factor, &j->to->all);
    YS_GO(by_place(j, factor, m, sorted, county, false));
    st = by_place(j, factor, m, sorted, town, true);
done:
    ys_free(value);
    ys_free(order);
    ys_free(town);
    ys_free(county);
    ys_free(sorted);
    return st;
}

static void factor_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    factor_job *j = arg;
    (void)no;
    (void)thread;
    for (int64_t k = begin; k < end; k++)
        j->st[k] = one_factor(j, (int)k);
}

static void count_peers(const peer_set *s, ys__peers *p)
{
    p->all.peers = (int32_t)s->n;
    for (int64_t i = 0; i < s->n; i++) {
        if (s->town[i] >= 0)
            p->town[s->town[i]].peers++;
        if (s->county[i] >= 0)
            p->county[s->county[i]].peers++;
    }
}

/* A factor that no peer of the place has (nobody able to work) comes from the wider place. */
static void take_missing(ys__reference *r, const ys__reference *wider)
{
    for (int q = 0; q < YS__QUARTILES; q++)
        for (int k = 0; k < YS_ROOTS; k++)
            if (isnan(r->factor[q][k]))
                r->factor[q][k] = wider->factor[q][k];
}

/* County of each town: that of its first household. */
static ys_status widen(const ys_diagnose_data *d, const ys_diagnose_opts *o, ys__peers *p)
{
    int32_t *county_of = ys_calloc((size_t)d->towns + 1, sizeof *county_of);
    if (!county_of)
        return YS_ENOMEM;
    for (int32_t t = 0; t < d->towns; t++)
        county_of[t] = -1;
    for (int64_t i = d->n - 1; i >= 0; i--)
        if (d->town[i] >= 0)
            county_of[d->town[i]] = d->county[i];
    for (int32_t c = 0; c < d->counties; c++) {
        p->county[c].level = YS_PEER_COUNTY;
        if (p->county[c].peers < o->peer_min)
            p->county[c] = p->all;
        take_missing(&p->county[c], &p->all);
    }
    for (int32_t t = 0; t < d->towns; t++) {
        const ys__reference *wider = county_of[t] >= 0 ? &p->county[county_of[t]] : &p->all;
        p->town[t].level = YS_PEER_TOWN;
        if (p->town[t].peers < o->peer_min)
            p->town[t] = *wider;
        take_missing(&p->town[t], wider);
    }
    ys_free(county_of);
    return YS_OK;
}

static ys_status fill_peers(const ys_diagnose_data *d, const ys_diagnose_opts *o, const ys__factors *f,
                            struct ys_pool *pool, ys__peers *p)
{
    /* Where nobody works at all: half can work, and to_line() lets them earn what the line takes. */
    static const ys__reference bare = {.factor = {{.5, 1}, {.5, 1}, {.5, 1}}};
    peer_set s = {0};
    ys_status st = peer_set_new(d, o, f, false, &s);
    int64_t peers = s.n;
    if (st == YS_OK &&
        peers == 0) { /* no peer at all: the middle of everybody gives the shape of the reference */
        peer_set_done(&s);
        s = (peer_set){0};
        st = peer_set_new(d, o, f, true, &s);
    }
    if (st == YS_OK) {
        factor_job j = {.d = d, .f = f, .s = &s, .to = p};
        ys_pool_run(pool, YS_ROOTS, 1, factor_chunk, &j);
        for (int k = 0; k < YS_ROOTS && st == YS_OK; k++)
            st = j.st[k];
    }
    if (st == YS_OK) {
        if (peers > 0)
            count_peers(&s, p);
        take_missing(&p->all, &bare);
        p->all.level = peers >= o->peer_min ? YS_PEER_ALL : YS_PEER_NONE;
        st = widen(d, o, p);
    }
    peer_set_done(&s);
    return st;
}

ys_status ys__peers_new(const ys_diagnose_data *d, const ys_diagnose_opts *o, const ys__factors *f,
                        struct ys_pool *pool, ys__peers *ret)
{
    ys__peers p = {0};
    p.town = ys_calloc((size_t)d->towns + 1, sizeof *p.town);
    p.county = ys_calloc((size_t)d->counties + 1, sizeof *p.county);
    ys_status st = p.town && p.county ? fill_peers(d, o, f, pool, &p) : YS_ENOMEM;
    if (st != YS_OK) {
        ys__peers_done(&p);
        return st;
    }
    *ret = p;
    return YS_OK;
}

void ys__peers_done(ys__peers *p)
{
    ys_free(p->town);
    ys_free(p->county);
}

const ys__reference *ys__peers_of(const ys__peers *p, const ys_diagnose_data *d, int64_t row)
{
    if (d->town[row] >= 0)
        return &p->town[d->town[row]];
    return d->county[row] >= 0 ? &p->county[d->county[row]] : &p->all;
}
