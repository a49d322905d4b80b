/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small instances, where one household weighs more: dives from prices a little off, each repaired to a plan, then
 * annealing in the core of the best.  Without a time limit the work is fixed, so that the result repeats.
 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum {
    DIVES = 300,
    WORK = 100000, /* households dived for at most */
    CORES = 16,
    MOVES = 250, /* a household, in one core */
    MOST_MOVES = 80000,
};

typedef struct search {
    ys_job *job;
    const ys_layout *layout;
    ys_draft *draft;
    double *price;        /* [n_rows] those of the bound */
    uint32_t (*best)[2];  /* [households] */
    int64_t value, bound; /* of `best`; nothing is above */
    double dive_end, end; /* by the clock; 0: no limit */
} search;

/* Is there time, and anything left to win? */
static bool go_on(const search *s, int64_t done, int64_t most, double end)
{
    if (s->value >= s->bound || ys__stopped(s->job))
        return false;
    return s->end > 0 ? ys__seconds(s->job) < end : done < most;
}

static void keep_if_better(search *s, uint32_t (*choice)[2])
{
    int64_t value = ys__value(s->job->p, choice);
    if (value <= s->value)
        return;
    s->value = value;
    memcpy(s->best, choice, (size_t)s->job->p->households * sizeof *choice);
}

static ys_status dive(search *s, double share, ys_rng *rng, ys_diag *diag)
{
    for (int32_t r = 0; r < s->job->n_rows; r++)
        s->job->price[r] = s->price[r] * (1 + share * (2 * ys_rng_uniform(rng) - 1));
    ys__fix_prices(s->job);
    YS_TRY(ys__exact(s->job, s->draft, diag));
    YS_TRY(ys__settle(s->job, s->draft, diag));
    YS_TRY(ys__repair(s->job, s->layout, s->draft, diag));
    keep_if_better(s, s->draft->choice);
    return YS_OK;
}

static ys_status run_search(search *s, ys_diag *diag)
{
    static const double share[] = {0.003, 0.01, 0.03, 0.001};
    static const double reach[] = {0.5, 0.3, 1, 0.7}; /* of the distance to the bound */
    static const double heat[] = {0.1, 0.03, 0.01};   /* of the reach */
    ys_rng rng;
    ys_rng_init(&rng, 1, 0);
    int64_t n = s->job->p->households, most = n > 0 && WORK / n < DIVES ? WORK / n : DIVES;
    for (int64_t k = 0; go_on(s, k, most, s->dive_end); k++)
        YS_TRY(dive(s, share[k % 4], &rng, diag));
    for (int64_t k = 0; go_on(s, k, CORES, s->end); k++) {
        ys_core_work work = {.moves = MOVES * n < MOST_MOVES ? MOVES * n : MOST_MOVES,
                             .rounds = 2,
                             .seed = (uint64_t)k + 1,
                             .heat = heat[k % 3]};
        work.reach = (double)(s->bound - s->value) * reach[k % 4];
        memcpy(s->draft->choice, s->best, (size_t)n * sizeof *s->best);
        YS_TRY(ys__core(s->job, s->price, s->draft->choice, work, diag));
        keep_if_better(s, s->draft->choice);
    }
    return YS_OK;
}

ys_status ys__search(ys_job *j, const ys_layout *l, ys_draft *d, int64_t bound, ys_diag *diag)
{
    size_t n = (size_t)j->p->households + 1, rows = (size_t)j->n_rows + 1;
    search s = {.job = j, .layout = l, .draft = d, .bound = bound, .value = ys__value(j->p, d->choice)};
    s.price = ys_malloc(rows * sizeof *s.price);
    s.best = ys_malloc(n * sizeof *s.best);
    ys_status st = s.price != NULL && s.best != NULL ? YS_OK : ys_fail_nomem(diag);
    if (st == YS_OK) {
        memcpy(s.price, j->root, (size_t)j->n_rows * sizeof *s.price);
        memcpy(s.best, d->choice, (size_t)j->p->households * sizeof *s.best);
        if (j->config->seconds > 0 && j->config->now != NULL) {
            s.end = ys__seconds(j) + j->config->seconds;
            s.dive_end = s.end - 0.6 * j->config->seconds;
        }
        st = run_search(&s, diag);
        memcpy(d->choice, s.best, (size_t)j->p->households * sizeof *s.best);
    }
    ys_free(s.price);
    ys_free(s.best);
    return st;
}
