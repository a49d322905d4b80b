/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "plan/run.h"

/*
 * From the plan of other limits.  Prices that were good there are feasible prices here: the bound at them is exact at once,
 * and near the best one where limits moved little, since the dual is convex and its slope at them is known.  The old choice is
 * balanced where it no longer fits or a better one must be near (blocks whose bundle beats all others by far at the prices keep it,
 * the others are decided again), then polished.
 */

static const double NEAR = 0.05;   /* of the best score */
static const double GOOD = 0.0005; /* a gap that needs no more work */
static const double WORSE = 1.5;   /* times the gap of the start that is as good */

/* The choice of a block may move: it is not the best one at the prices, or others come near it. */
static bool may_move(const ys_stage *s, int64_t block, int now)
{
    ys_block b = ys__block(s->c, block);
    ys_look l;
    ys__look_load(&l, s, &b, 0);
    double top = ys__look_score(&l, &b.bundle[0]);
    for (int i = 1; i < l.n; i++) {
        double v = ys__look_score(&l, &b.bundle[ys__look_at(&l, i)]);
        top = v > top ? v : top;
    }
    if (ys__look_score(&l, &b.bundle[now]) < top)
        return true;
    double margin = NEAR * fabs(top);
    ys__look_load(&l, s, &b, margin);
    int near = 0;
    for (int i = 0; i < l.n && near < 2; i++)
        near += ys__look_score(&l, &b.bundle[ys__look_at(&l, i)]) >= top - margin;
    return near > 1;
}

typedef struct finder {
    const ys_stage *s;
    const uint16_t *choice;
    uint8_t *firm;
} finder;

static void find_chunk(void *arg, int64_t chunk_no, int64_t begin, int64_t end, int thread)
{
    finder *f = arg;
    (void)chunk_no;
    (void)end;
    (void)thread;
    for (int32_t i = 0; i < f->s->c->chunks[begin].n; i++) {
        int64_t block = begin * YS_CHUNK_BLOCKS + i;
        f->firm[block] = !may_move(f->s, block, f->choice[block]);
    }
}

/* Per block: its choice beats all others by far.  Caller frees. */
static ys_status find_firm(ys_stage *s, const uint16_t *choice, uint8_t **ret_firm, ys_diag *diag)
{
    finder f = {.s = s, .choice = choice, .firm = ys_calloc((size_t)s->c->n_blocks, 1)};
    if (f.firm == NULL)
        return ys_fail_nomem(diag);
    ys__stage_weights(s, s->price);
    ys_pool_run(s->pool, s->c->n_chunks, 1, find_chunk, &f);
    *ret_firm = f.firm;
    return YS_OK;
}

/* Blocks with nothing near their choice stay as they are, and in tier 2 those that weigh most. */
static ys_status balance(ys_draft *d, ys_diag *diag)
{
    int64_t n = d->s->c->n_blocks;
    uint8_t *heavy = NULL, *fixed = NULL;
    ys_status st = YS_OK;
    YS_GO(find_firm(d->s, d->choice, &fixed, diag));
    if (d->s->coupled)
        YS_GO(ys__run_heavy(d->s->c, &heavy, diag));
    for (int64_t i = 0; heavy != NULL && i < n; i++)
        fixed[i] = fixed[i] || heavy[i];
    st = ys__draft_balance(d, fixed, diag);
done:
    ys_free(heavy);
    ys_free(fixed);
    return st;
}

/* As good as the start was, or nearly. */
static bool good(const ys_run *t, double start)
{
    return ys__run_gap(t) <= (start * WORSE > GOOD ? start * WORSE : GOOD);
}

/*
 * The choice of the start at the stage's prices: balanced where it is no plan, or in tier 2 where a better one must be near; then polished, kept
 * if it is the best so far.  A plan from which nothing much can be won is not stirred: whose limits nobody moved keep their bundle.
 */
static ys_status mend(ys_run *t, const ys_start *start, int tier, ys_diag *diag)
{
    ys_draft d;
    YS_TRY(ys__draft_init(&d, &t->stage, start->choice, diag));
    d.config = t->config;
    ys_status st = YS_OK;
    if (ys__draft_fits(&d) && ys__draft_short(&d) < 0)
        YS_GO(ys__run_keep(t, &d, tier, diag));
    if (t->choice == NULL || (tier == 1 && !good(t, start->worst)))
        YS_GO(balance(&d, diag));
    ys__draft_lift(&d);
    ys__draft_polish(&d);
    YS_GO(ys__run_keep(t, &d, tier, diag));
    if (t->stage.c->n_blocks < YS_MANY_BLOCKS) {
        ys__draft_improve(&d);
        YS_GO(ys__run_keep(t, &d, tier, diag));
    }
    *t->interrupted = *t->interrupted || d.stopped;
done:
    ys__draft_done(&d);
    return st;
}

/* Better prices near those at hand, and the bound at them. */
static ys_status reprice(ys_run *t, int tier, int width, int evaluations, ys_diag *diag)
{
    ys_stage *s = &t->stage;
    ys__stage_pass(s, s->price);
    s->passes++;
    s->least = s->dual;
    YS_TRY(ys__stage_smooth(s, width, evaluations, t->config, tier, diag));
    memcpy(s->price, s->best, (size_t)(s->c->n_rows + s->n_floors) * sizeof *s->price);
    return ys__run_certify(t, s->price, diag);
}

/* A plan from the best bundles at the stage's prices, as a run from nothing makes it. */
static ys_status draft(ys_run *t, int tier, ys_how how, ys_diag *diag)
{
    ys__stage_pass(&t->stage, t->stage.price);
    return ys__run_finish(t, t->stage.pick, how, tier, diag);
}

static ys_status take_prices(ys_run *t, const double *price, ys_diag *diag)
{
    ys_stage *s = &t->stage;
    size_t n = (size_t)(s->c->n_rows + s->n_floors);
    YS_TRY(ys__run_start(t, diag));
    memcpy(s->price, price, n * sizeof *s->price);
    memcpy(s->best, price, n * sizeof *s->best);
    return ys__run_certify(t, s->price, diag);
}

/*
 * Tier 1 is only asked how much it can reach.  Where nothing became scarcer that is known; elsewhere a plan is made that shows it,
 * no better than the start was: a higher minimum than that of the start would make the two plans hard to compare.
 */
static ys_status warm_tier_1(ys_run *t, const ys_start *start, ys_diag *diag)
{
    YS_TRY(take_prices(t, start->price[0], diag));
    YS_TRY(mend(t, start, 0, diag));
    if (t->choice != NULL && t->value < start->least)
        t->value = start->least;
    if (!good(t, start->worst) && !*t->interrupted) {
        YS_TRY(reprice(t, 0, 3, 12, diag));
        YS_TRY(draft(t, 0, YS_FROM_REPAIR, diag));
    }
    if (!good(t, start->worst) && !*t->interrupted)
        YS_TRY(draft(t, 0, YS_FROM_BALANCE, diag));
    return YS_OK;
}

static ys_status warm_tier_2(ys_run *t, const ys_start *start, const uint16_t *first, ys_diag *diag)
{
    static const struct {
        int width, evaluations; /* 0: no new prices */
        ys_how how;
    } step[] = {{3, 12, YS_FROM_BALANCE}, {0, 0, YS_FROM_REPAIR}, {2, 20, YS_FROM_BALANCE}};
    t->first = start->choice;
    YS_TRY(take_prices(t, start->price[1], diag));
    YS_TRY(mend(t, start, 1, diag));
    for (size_t k = 0; k < sizeof step / sizeof *step && !*t->interrupted && !good(t, start->worst); k++) {
        if (step[k].evaluations > 0)
            YS_TRY(reprice(t, 1, step[k].width, step[k].evaluations, diag));
        YS_TRY(draft(t, 1, step[k].how, diag));
    }
    if (t->choice == NULL) /* tier 1's plan meets all floors */
        YS_TRY(ys__run_finish(t, first, YS_FROM_FEASIBLE, 1, diag));
    return YS_OK;
}

/* What tier 2 must keep: as the start did, where tier 1 still shows so much; never less than the tolerance allows. */
static int64_t couple(const ys_run *first, const ys_start *start, int32_t tolerance)
{
    int64_t kept = ys__couple_minimum(first->value, tolerance);
    int64_t before = start->minimum < first->value ? start->minimum : first->value;
    return before > kept ? before : kept;
}

ys_status ys__choice_warm(const ys_choice *c, int32_t tolerance, const ys_start *start,
                          const ys_plan_config *config, const char *const *floor_names,
                          ys_plan_result **ret_result, ys_diag *diag)
{
    static const ys_plan_config plain = {0};
    config = config != NULL ? config : &plain;
    ys_pool *pool = ys_pool_new(config->threads);
    bool interrupted = false;
    ys_run run[2] = {{.config = config, .interrupted = &interrupted},
                     {.config = config, .interrupted = &interrupted}};
    ys_status st = YS_OK;
    if (pool == NULL)
        return ys_fail_nomem(diag);
    YS_GO(ys__stage_init(&run[0].stage, c, pool, true, -1, diag));
    run[0].stage.k1 = 1;
    YS_GO(warm_tier_1(&run[0], start, diag));
    if (run[0].choice != NULL) {
        YS_GO(ys__stage_init(&run[1].stage, c, pool, true, couple(&run[0], start, tolerance), diag));
        run[1].stage.k2 = 1;
        run[1].stage.ride = run[0].stage.price;
        run[1].stage.ride_slack =
            (double)run[0].cert.bound - (double)run[1].stage.minimum[run[1].stage.n_floors - 1];
        YS_GO(warm_tier_2(&run[1], start, run[0].choice, diag));
    }
    if (run[1].choice != NULL)
        st = ys__run_result(c, run, interrupted, ret_result, diag);
    else /* too far from the start */
        st = ys__choice_solve(c, tolerance, config, floor_names, ret_result, diag);
done:
    ys__run_done(&run[0]);
    ys__run_done(&run[1]);
    ys_pool_free(pool);
    return st;
}
