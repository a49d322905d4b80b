/* SPDX-License-Identifier: Apache-2.0 */
/* One exact pass over the records at fixed-point prices: every number here is an integer until `firm`. */
#include "optim/additive.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { CHUNK = 4096, FINEST = 20, TOP = 60, KEPT = 32 };

/*
 * Reduced values must stay within 62 bits: a value has 39 bits, a cost 31, so a price of a fund gets 29 and the
 * fraction at most 20 bits.  Any nonnegative prices give a valid bound; prices beyond what fits are cut.
 */
void ys__fix_prices(ys_job *j)
{
    double fund = 0, row = 0;
    for (int32_t r = 0; r < j->n_rows; r++) {
        if (r < j->p->funds)
            fund = fmax(fund, j->price[r]);
        else
            row = fmax(row, j->price[r]);
    }
    j->bits = FINEST;
    while (j->bits > 0 &&
           (ldexp(fund, j->bits) >= ldexp(1, TOP - 31) || ldexp(row, j->bits) >= ldexp(1, TOP)))
        j->bits--;
    for (int32_t r = 0; r < j->n_rows; r++) {
        double top = ldexp(1, r < j->p->funds ? TOP - 31 : TOP);
        j->fixed[r] = (int64_t)fmin(rint(ldexp(j->price[r], j->bits)), top);
        j->price[r] = ldexp((double)j->fixed[r], -j->bits);
    }
}

void ys__use_close(int64_t **use, int threads)
{
    for (int t = 0; t < threads && use != NULL; t++)
        ys_free(use[t]);
    ys_free(use);
}

int64_t **ys__use_open(int threads, size_t n)
{
    int64_t **use = ys_calloc((size_t)threads, sizeof *use);
    bool ok = use != NULL;
    for (int t = 0; t < threads && ok; t++)
        ok = (use[t] = ys_calloc(n, sizeof **use)) != NULL;
    if (ok)
        return use;
    ys__use_close(use, threads);
    return NULL;
}

typedef struct pass {
    const ys_job *job;
    ys_draft *draft;
    __int128 *bound; /* [chunks] */
    int64_t **use;   /* [threads][n_rows] */
} pass;

/* One option at the fixed prices. */
typedef struct priced {
    int64_t s, price; /* reduced value, price; times 2^bits */
} priced;

static inline priced price_of(const ys_job *j, int64_t weight, const ys_optim_option *o)
{
    int64_t price = j->fixed[o->fund_a] * o->cost_a + j->fixed[o->fund_b] * o->cost_b;
    if (o->row != YS_OPTIM_NO_ROW)
        price += j->fixed[j->p->funds + (int32_t)o->row];
    return (priced){.s = o->value * weight * ((int64_t)1 << j->bits) - price, .price = price};
}

/* The choice of one household, its reduced values and prices. */
typedef struct favourite {
    uint32_t pick[2];
    priced at[2];
} favourite;

/* Best two options of different groups; the first found wins a tie.  The first KEPT options are noted in `kept`. */
static favourite best_two(const ys_job *j, int64_t h, priced *kept)
{
    uint32_t n;
    const ys_optim_option *o = ys__options(j->p, h, &n);
    int64_t weight = j->p->household[h].weight;
    favourite f = {.pick = {YS_OPTIM_NO_CHOICE, YS_OPTIM_NO_CHOICE}};
    for (uint32_t i = 0; i < n; i++) {
        priced v = price_of(j, weight, &o[i]);
        bool other = f.pick[0] == YS_OPTIM_NO_CHOICE || o[f.pick[0]].group != o[i].group;
        if (i < KEPT)
            kept[i] = v;
        if (v.s > f.at[0].s) {
            if (other) {
                f.at[1] = f.at[0];
                f.pick[1] = f.pick[0];
            }
            f.at[0] = v;
            f.pick[0] = i;
        } else if (other && v.s > f.at[1].s) {
            f.at[1] = v;
            f.pick[1] = i;
        }
    }
    return f;
}

/* By which share prices must be wrong before another choice is better: least of loss / prices at stake; as a level. */
static uint8_t firmness(const ys_job *j, int64_t h, const favourite *f, const priced *kept)
{
    uint32_t n;
    const ys_optim_option *o = ys__options(j->p, h, &n);
    double least = 1e9;
    int picks = (f->pick[0] != YS_OPTIM_NO_CHOICE) + (f->pick[1] != YS_OPTIM_NO_CHOICE);
    for (int k = 0; k < picks; k++)
        least = f->at[k].price > 0 ? fmin(least, (double)f->at[k].s / (double)f->at[k].price) : least;
    for (uint32_t i = 0; i < n; i++) {
        if (i == f->pick[0] || i == f->pick[1] || o[i].value <= 0)
            continue;
        priced v = i < KEPT ? kept[i] : price_of(j, j->p->household[h].weight, &o[i]);
        int against = picks > 0 && o[i].group == o[f->pick[0]].group ? 0 : picks == 2 ? 1 : -1;
        double stake = (double)v.price + (against >= 0 ? (double)f->at[against].price : 0);
        double loss = (against >= 0 ? (double)f->at[against].s : 0) - (double)v.s;
        if (loss < least * stake)
            least = loss / stake;
    }
    int level = least * 4096 > 1 ? ilogb(least * 4096) + 1 : 0;
    return (uint8_t)(level < YS_FIRM_LEVELS ? level : YS_FIRM_LEVELS - 1);
}

void ys__add_use(const ys_additive *p, const ys_optim_option *o, int64_t *use)
{
    if (o->cost_a > 0)
        use[o->fund_a] += o->cost_a;
    if (o->cost_b > 0)
        use[o->fund_b] += o->cost_b;
    if (o->row != YS_OPTIM_NO_ROW)
        use[p->funds + (int32_t)o->row]++;
}

static void exact_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    pass *w = arg;
    const ys_job *j = w->job;
    __int128 bound = 0;
    priced kept[KEPT];
    for (int64_t h = begin + j->seen.first; h < end + j->seen.first; h++) {
        uint32_t *choice = w->draft->choice[h];
        if (j->settled != NULL && j->settled[h])
            continue;
        favourite f = best_two(j, h, kept);
        bool own = h < j->own.end; /* others count the rest of those seen */
        bound += own ? (__int128)f.at[0].s + f.at[1].s : 0;
        w->draft->firm[h] = firmness(j, h, &f, kept);
        memcpy(choice, f.pick, sizeof f.pick);
        for (int k = 0; k < 2 && own && choice[k] != YS_OPTIM_NO_CHOICE; k++)
            ys__add_use(j->p, &j->p->option[j->p->offset[h] + choice[k]], w->use[thread]);
    }
    w->bound[no] = bound;
}

static ys_status sum_up(const ys_job *j, pass *w, int64_t chunks, ys_diag *diag)
{
    __int128 bound = 0;
    for (int64_t c = 0; c < chunks; c++)
        bound += w->bound[c];
    int64_t *use = w->draft->use;
    memcpy(use, w->use[0], (size_t)j->n_rows * sizeof *use);
    for (int t = 1; t < ys_pool_threads(j->pool); t++)
        for (int32_t r = 0; r < j->n_rows; r++)
            use[r] += w->use[t][r];
    YS_TRY(ys_comm_sum(j->comm, use, (size_t)j->n_rows, diag));
    YS_TRY(ys_comm_sum128(j->comm, &bound, diag));
    for (int32_t r = 0; r < j->n_rows; r++) {
        use[r] += j->settled != NULL ? w->draft->settled_use[r] : 0;
        if (__builtin_add_overflow(bound, (__int128)j->fixed[r] * j->p->limit[r], &bound))
            return ys_fail(diag, YS_ELIMIT, "上界超过 127 位", "the bound passes 127 bits");
    }
    w->draft->bound = bound;
    return YS_OK;
}

ys_status ys__exact(const ys_job *j, ys_draft *d, ys_diag *diag)
{
    int threads = ys_pool_threads(j->pool);
    int64_t n = j->seen.end - j->seen.first, chunks = (n + CHUNK - 1) / CHUNK;
    pass w = {.job = j, .draft = d};
    w.bound = ys_calloc((size_t)chunks + 1, sizeof *w.bound);
    w.use = ys__use_open(threads, (size_t)j->n_rows + 1);
    bool ok = w.bound != NULL && w.use != NULL;
    ys_status st = YS_OK;
    if (ok) {
        ys_pool_run(j->pool, n, CHUNK, exact_chunk, &w);
        st = sum_up(j, &w, chunks, diag);
    }
    ys__use_close(w.use, threads);
    ys_free(w.bound);
    return ok ? st : ys_fail_nomem(diag);
}
