/* SPDX-License-Identifier: Apache-2.0 */
/* The root card of every household. */
#include "yaoshi/diagnose.h"
#include <math.h>
#include "base/alloc.h"
#include "base/pool.h"
#include "diagnose/peers.h"
#include "diagnose/shapley.h"
#include "yaoshi/table.h"

/* Beyond these a fact is wrong; within them nothing overflows or loses a minor unit. */
#define MONEY_MAX   ((int64_t)1 << 50)
#define LINE_TOP    ((int64_t)1 << 40)
#define PERSONS_TOP 100000
#define CHUNK       4096
#define VARIANTS    9 /* three references × three incomes */

ys_diagnose_opts ys_diagnose_defaults(void)
{
    return (ys_diagnose_opts){
        .peer_min = 30, .peer_upper = 2, .noise = 0.1, .unstable_share = 0.25, .unstable_margin = 0.15};
}

/* ---- arguments --------------------------------------------------------------------------------------------------- */

static bool money_ok(int64_t v)
{
    return ys_is_missing(v) || (v > -MONEY_MAX && v < MONEY_MAX);
}

static const char *row_fault(const ys_diagnose_data *d, int64_t i, const char **ret_en)
{
    *ret_en = "an amount of money is out of range";
    if (!money_ok(d->wage[i]) || !money_ok(d->business[i]) || !money_ok(d->property[i]) ||
        !money_ok(d->transfer[i]) || !money_ok(d->rigid[i]) || !money_ok(d->statutory[i]))
        return "金额超出范围";
    *ret_en = "the poverty line must be above 0 and not absurdly large";
    if (!ys_is_missing(d->line[i]) && (d->line[i] < 1 || d->line[i] > LINE_TOP))
        return "贫困线必须大于 0 且不能过大";
    *ret_en = "persons, labour, work or weight is out of range";
    if (d->persons[i] > PERSONS_TOP || d->labour[i] < 0 || d->worked[i] < 0 || isinf(d->labour[i]) ||
        isinf(d->worked[i]) || (d->weight && !(d->weight[i] >= 0)))
        return "人数、劳动力、务工时间或权数超出范围";
    *ret_en = "a town or county code is out of range";
    if (d->town[i] >= d->towns || d->county[i] >= d->counties)
        return "乡镇或县的编号超出范围";
    return NULL;
}

ys_status ys__diagnose_check(const ys_diagnose_data *d, const ys_diagnose_opts *o, ys_diag *diag)
{
    if (d->n < 0 || d->n > INT32_MAX || d->towns < 0 || d->counties < 0)
        return ys_fail(diag, YS_EDATA, "行数或地区数不合规", "the number of rows or places is out of range");
    if (o->peer_min < 1 || !(o->peer_upper > 1) || !(o->noise >= 0 && o->noise < 1))
        return ys_fail(
            diag, YS_EDATA, "诊断参数不合规：参照户数不少于 1，上限倍数大于 1，误差在 0 到 1 之间",
            "parameters of the diagnosis: at least 1 peer, upper multiple above 1, noise in [0,1)");
    for (int64_t i = 0; i < d->n; i++) {
        const char *en, *zh = row_fault(d, i, &en);
        if (zh) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            ys_fail(diag, YS_EDATA, "%s", "%s", zh);
            if (diag)
                snprintf(diag->en, sizeof diag->en, "%s", en);
            return YS_EDATA;
        }
    }
    return YS_OK;
}

/* ---- storage ------------------------------------------------------------------------------------------------------ */

static bool alloc_arrays(ys_roots *r, size_t n)
{
    int64_t **money[] = {&r->gap, &r->peer_gap, &r->margin};
    uint8_t **bytes[] = {&r->state, &r->top, &r->second, &r->stable, &r->agree, &r->peer_level};
    bool ok = true;
    for (size_t k = 0; k < sizeof money / sizeof *money; k++)
        ok = (*money[k] = ys_aligned(n, sizeof(int64_t))) && ok;
    for (int k = 0; k < YS_ROOTS; k++) {
        ok = (r->contribution[k] = ys_aligned(n, sizeof(int64_t))) && ok;
        ok = (r->peer_contribution[k] = ys_aligned(n, sizeof(int64_t))) && ok;
    }
    for (size_t k = 0; k < sizeof bytes / sizeof *bytes; k++)
        ok = (*bytes[k] = ys_aligned(n, 1)) && ok;
    return (r->peers = ys_aligned(n, sizeof *r->peers)) && ok;
}

void ys_roots_free(ys_roots *r)
{
    if (!r)
        return;
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_free(r->contribution[k]);
        ys_free(r->peer_contribution[k]);
    }
    ys_free(r->gap);
    ys_free(r->peer_gap);
    ys_free(r->margin);
    ys_free(r->state);
    ys_free(r->top);
    ys_free(r->second);
    ys_free(r->stable);
    ys_free(r->agree);
    ys_free(r->peer_level);
    ys_free(r->peers);
    ys_free(r);
}

/* ---- one household ------------------------------------------------------------------------------------------------ */

/* The reference moved in money so that it lives exactly at the line; its shape stays. */
static void to_line(const double r[YS_ROOTS], double line, double ret[YS_ROOTS])
{
    double y = ys__income(r), work = r[YS_ROOT_LABOUR] * r[YS_ROOT_EMPLOYMENT];
    memcpy(ret, r, YS_ROOTS * sizeof *ret);
    if (y > 0) {
        for (int k = YS_ROOT_EARNINGS; k < YS_ROOTS; k++)
            ret[k] *= line / y;
    } else if (work > 0) { /* spends more than it has: let it earn what is missing */
        ret[YS_ROOT_EARNINGS] += (line - y) / work;
    } else {
        ret[YS_ROOT_TRANSFER] += line - y;
    }
}

static void top_two(const double phi[YS_ROOTS], int *ret_top, int *ret_second)
{
    int a = 0, b = -1;
    for (int k = 1; k < YS_ROOTS; k++)
        if (phi[k] > phi[a])
            a = k;
    for (int k = 0; k < YS_ROOTS; k++)
        if (k != a && (b < 0 || phi[k] > phi[b]))
            b = k;
    *ret_top = a;
    *ret_second = b;
}

/* Income wrong by a factor: earnings, property and transfers; the bills are what they are. */
static void with_noise(const double h[YS_ROOTS], double by, double ret[YS_ROOTS])
{
    memcpy(ret, h, YS_ROOTS * sizeof *ret);
    ret[YS_ROOT_EARNINGS] *= by;
    ret[YS_ROOT_PROPERTY] *= by;
    ret[YS_ROOT_TRANSFER] *= by;
}

/* How many of the nine variants name `top`. */
static int count_agree(const double own[YS_ROOTS], const ys__reference *ref, double line, double noise,
                       int top)
{
    static const double sign[3] = {-1, 0, 1};
    int agree = 0;
    for (int q = 0; q < YS__QUARTILES; q++) {
        double r[YS_ROOTS], h[YS_ROOTS], noisy[YS_ROOTS], phi[YS_ROOTS];
        to_line(ref->factor[q], line, r);
        memcpy(h, own, sizeof h);
        ys__complete(r, h);
        ys__complete(h, r);
        for (int s = 0; s < 3; s++) {
            int a, b;
            with_noise(h, 1 + sign[s] * noise, noisy);
            for (int k = 0; k < YS_ROOTS; k++) /* an undefined ratio stays at the reference */
                noisy[k] = isnan(own[k]) ? r[k] : noisy[k];
            ys__shapley(noisy, r, phi);
            top_two(phi, &a, &b);
            agree += a == top;
        }
    }
    return agree;
}

static void mark_unknown(ys_roots *r, int64_t i)
{
    r->gap[i] = r->peer_gap[i] = r->margin[i] = YS_NA;
    for (int k = 0; k < YS_ROOTS; k++)
        r->contribution[k][i] = r->peer_contribution[k][i] = YS_NA;
    r->state[i] = YS_RS_UNKNOWN;
    r->top[i] = r->second[i] = YS_ROOT_NONE;
}

/* Contributions to y*(ref) − y*(own) as household amounts that add up to `gap`; ret_phi per head. */
static void contribute(const double own[YS_ROOTS], const double ref[YS_ROOTS], double persons, int64_t gap,
                       double ret_phi[YS_ROOTS], int64_t ret[YS_ROOTS])
{
    double h[YS_ROOTS], r[YS_ROOTS];
    memcpy(h, own, sizeof h);
    memcpy(r, ref, sizeof r);
    ys__complete(r, h);
    ys__complete(h, r);
    ys__shapley(h, r, ret_phi);
    ys__round_to(ret_phi, persons, gap, ret);
}

typedef struct job {
    const ys_diagnose_data *d;
    const ys_diagnose_opts *o;
    const ys__factors *f;
    const ys__peers *p;
    ys_roots *r;
} job;

static void against_peers(const job *j, int64_t i, const double own[YS_ROOTS], const ys__reference *ref,
                          int64_t income)
{
    double phi[YS_ROOTS], n = (double)j->d->persons[i];
    int64_t amount[YS_ROOTS];
    if (ref->level == YS_PEER_NONE) {
        j->r->peer_gap[i] = YS_NA;
        for (int k = 0; k < YS_ROOTS; k++)
            j->r->peer_contribution[k][i] = YS_NA;
        return;
    }
    j->r->peer_gap[i] = (int64_t)floor(fmin(ys__income(ref->factor[YS__P50]) * n, 1e17) + 0.5) - income;
    contribute(own, ref->factor[YS__P50], n, j->r->peer_gap[i], phi, amount);
    for (int k = 0; k < YS_ROOTS; k++)
        j->r->peer_contribution[k][i] = amount[k];
}

static void name_root(const job *j, int64_t i, const double own[YS_ROOTS], const ys__reference *ref,
                      const double phi[YS_ROOTS])
{
    int top, second;
    ys_roots *r = j->r;
    top_two(phi, &top, &second);
    r->top[i] = (uint8_t)top;
    r->second[i] = (uint8_t)second;
    r->margin[i] = r->contribution[top][i] - r->contribution[second][i];
    r->agree[i] = (uint8_t)count_agree(own, ref, (double)j->d->line[i], j->o->noise, top);
    bool moves = VARIANTS - r->agree[i] > j->o->unstable_share * VARIANTS;
    bool close = (double)r->margin[i] < j->o->unstable_margin * (double)r->gap[i];
    r->stable[i] = !moves && !close;
}

static void diagnose_row(const job *j, int64_t i)
{
    const ys_diagnose_data *d = j->d;
    ys_roots *r = j->r;
    if (!j->f->known[i]) {
        mark_unknown(r, i);
        return;
    }
    double own[YS_ROOTS], ref[YS_ROOTS], phi[YS_ROOTS];
    int64_t amount[YS_ROOTS],
        income = d->wage[i] + d->business[i] + d->property[i] + d->transfer[i] - d->rigid[i];
    const ys__reference *peers = ys__peers_of(j->p, d, i);
    for (int k = 0; k < YS_ROOTS; k++)
        own[k] = j->f->f[k][i];
    to_line(peers->factor[YS__P50], (double)d->line[i], ref);
    r->gap[i] = d->line[i] * d->persons[i] - income;
    r->peers[i] = peers->peers;
    r->peer_level[i] = peers->level;
    contribute(own, ref, (double)d->persons[i], r->gap[i], phi, amount);
    for (int k = 0; k < YS_ROOTS; k++)
        r->contribution[k][i] = amount[k];
    against_peers(j, i, own, peers, income);
    r->state[i] = r->gap[i] > 0 ? YS_RS_BELOW : YS_RS_ABOVE;
    r->top[i] = r->second[i] = YS_ROOT_NONE;
    if (r->gap[i] > 0)
        name_root(j, i, own, peers, phi);
}

static void diagnose_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    (void)no;
    (void)thread;
    for (int64_t i = begin; i < end; i++)
        diagnose_row(arg, i);
}

ys_status ys_diagnose(const ys_diagnose_data *d, const ys_diagnose_opts *o, struct ys_pool *pool,
                      ys_roots **ret_roots, ys_diag *diag)
{
    YS_TRY(ys__diagnose_check(d, o, diag));
    ys__factors f = {0};
    ys__peers p = {0};
    ys_status st = YS_ENOMEM;
    ys_roots *r = ys_calloc(1, sizeof *r);
    if (!r || !alloc_arrays(r, d->n > 0 ? (size_t)d->n : 1))
        goto done;
    r->n = d->n;
    YS_GO(ys__factors_new(d, pool, &f));
    YS_GO(ys__peers_new(d, o, &f, pool, &p));
    job j = {d, o, &f, &p, r};
    ys_pool_run(pool, d->n, CHUNK, diagnose_chunk, &j);
    *ret_roots = r;
    r = NULL;
done:
    ys__peers_done(&p);
    ys__factors_done(&f);
    ys_roots_free(r);
    return st == YS_ENOMEM ? ys_fail_nomem(diag) : st;
}

ys_status ys_diagnose_reference(const ys_diagnose_data *d, const ys_diagnose_opts *o, int64_t row,
                                ys_root_profile *ret_profile, ys_peer_level *ret_level, ys_diag *diag)
{
    YS_TRY(ys__diagnose_check(d, o, diag));
    ys__factors f = {0};
    ys__peers p = {0};
    ys_status st;
    if (row < 0 || row >= d->n)
        return ys_fail(diag, YS_ENOTFOUND, "没有这一行", "there is no such row");
    YS_GO(ys__factors_new(d, NULL, &f));
    YS_GO(ys__peers_new(d, o, &f, NULL, &p));
    const ys__reference *r = ys__peers_of(&p, d, row);
    memcpy(ret_profile->factor, r->factor[YS__P50], sizeof ret_profile->factor);
    *ret_level = (ys_peer_level)r->level;
done:
    ys__peers_done(&p);
    ys__factors_done(&f);
    return st == YS_ENOMEM ? ys_fail_nomem(diag) : st;
}
