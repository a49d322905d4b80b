/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small instances, where one household weighs more.  A try takes the best of a few dives from prices a little off, each
 * repaired to a plan, and improves it in its core: annealing, then exchanges of up to four households.  The best of some tries
 * counts.  Without a time limit the work is fixed, so that the result repeats.
 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum {
    TRIES = 4,
    DIVES = 8,   /* in a try */
    MOVES = 250, /* of the annealing, a household */
    MOST_MOVES = 80000,
    ROUNDS = 20,       /* of exchanges, a try */
    CHANGES = 400,     /* combined in an exchange; more in later tries, */
    CHANGES_MORE = 50, /* which only those who give time will see, */
    CHANGES_MOST = 1500,
    TRIALS = 2500000, /* in a round */
};

typedef struct search {
    ys_job *job;
    const ys_layout *layout;
    ys_draft *draft;
    double *price;        /* [n_rows] those of the bound */
    uint32_t (*best)[2];  /* [households] */
    uint32_t (*from)[2];  /* [households] best dive of this try */
    int64_t value, bound; /* of `best`; nothing is above */
    int64_t from_value;
    double end; /* by the clock; 0: no limit */
} search;

/* Is there time, and anything left to win? */
static bool go_on(const search *s, int64_t done, int64_t most)
{
    if (s->value >= s->bound || ys__stopped(s->job))
        return false;
    return s->end > 0 ? ys__seconds(s->job) < s->end : done < most;
}

/* The plan of the draft, if it is better than `plan`. */
static void keep_if_better(const search *s, uint32_t (*plan)[2], int64_t *value)
{
    int64_t new = ys__value(s->job->p, s->draft->choice);
    if (new <= *value)
        return;
    *value = new;
    memcpy(plan, s->draft->choice, (size_t)s->job->p->households * sizeof *plan);
}

static ys_status dive(search *s, double share, ys_rng *rng, ys_diag *diag)
{
    for (int32_t r = 0; r < s->job->n_rows; r++)
        s->job->price[r] = s->price[r] * (1 + share * (2 * ys_rng_uniform(rng) - 1));
    ys__fix_prices(s->job);
    YS_TRY(ys__exact(s->job, s->draft, diag));
    YS_TRY(ys__settle(s->job, s->draft, diag));
    YS_TRY(ys__repair(s->job, s->layout, s->draft, diag));
    keep_if_better(s, s->from, &s->from_value);
    return YS_OK;
}

/* What a try does in the core of a plan that lies `gap` below the bound. */
static ys_core_work core_work(const search *s, int64_t no, double gap)
{
    static const double reach[] = {0.5, 0.3, 1, 0.7}; /* of the distance to the bound */
    static const double heat[] = {0.1, 0.03, 0.01};   /* of the reach */
    int64_t moves = MOVES * s->job->p->households, changes = CHANGES + CHANGES_MORE * (no / TRIES);
    return (ys_core_work){.moves = moves < MOST_MOVES ? moves : MOST_MOVES,
                          .rounds = 1,
                          .seed = (uint64_t)no + 1,
                          .reach = gap * reach[no % 4],
                          .heat = heat[no % 3],
                          .quad = {.changes = (int)(changes < CHANGES_MOST ? changes : CHANGES_MOST),
                                   .rounds = ROUNDS,
                                   .trials = TRIALS,
                                   .slack = gap / 10}};
}

static ys_status run_search(search *s, ys_diag *diag)
{
    static const double share[] = {0.003, 0.01, 0.03, 0.001};
    size_t size = (size_t)s->job->p->households * sizeof *s->best;
    ys_rng rng;
    ys_rng_init(&rng, 1, 0);
    for (int64_t no = 0; go_on(s, no, TRIES); no++) {
        s->from_value = -1;
        for (int k = 0; k == 0 || (k < DIVES && go_on(s, k, DIVES)); k++)
            YS_TRY(dive(s, share[k % 4], &rng, diag));
        memcpy(s->draft->choice, s->from, size);
        ys_core_work work = core_work(s, no, (double)(s->bound - s->from_value));
        YS_TRY(ys__core(s->job, s->price, s->draft->choice, work, diag));
        keep_if_better(s, s->best, &s->value);
    }
    return YS_OK;
}

ys_status ys__search(ys_job *j, const ys_layout *l, ys_draft *d, int64_t bound, ys_diag *diag)
{
    size_t n = (size_t)j->p->households + 1, rows = (size_t)j->n_rows + 1;
    search s = {.job = j, .layout = l, .draft = d, .bound = bound, .value = ys__value(j->p, d->choice)};
    s.price = ys_malloc(rows * sizeof *s.price);
    s.best = ys_malloc(n * sizeof *s.best);
    s.from = ys_malloc(n * sizeof *s.from);
    ys_status st = s.price != NULL && s.best != NULL && s.from != NULL ? YS_OK : ys_fail_nomem(diag);
    if (st == YS_OK) {
        memcpy(s.price, j->root, (size_t)j->n_rows * sizeof *s.price);
        memcpy(s.best, d->choice, (size_t)j->p->households * sizeof *s.best);
        if (j->config->seconds > 0 && j->config->now != NULL)
            s.end = ys__seconds(j) + j->config->seconds;
        st = run_search(&s, diag);
        memcpy(d->choice, s.best, (size_t)j->p->households * sizeof *s.best);
    }
    ys_free(s.price);
    ys_free(s.best);
    ys_free(s.from);
    return st;
}
