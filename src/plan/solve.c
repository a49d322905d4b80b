/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/run.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

static const double GOOD = 0.0005; /* a gap that needs no more work */

static int default_passes(int64_t blocks)
{
    return blocks >= YS_MANY_BLOCKS ? 40 : blocks >= 5000 ? 200 : 400;
}

static void tell(const ys_plan_config *config, int tier, const char *stage, double share)
{
    if (config->progress != NULL)
        config->progress(config->arg, tier, stage, share);
}

ys_status ys__run_start(ys_run *t, ys_diag *diag)
{
    t->is_short = ys_calloc((size_t)t->stage.n_floors, 1);
    t->missing = ys_calloc((size_t)t->stage.n_floors, sizeof *t->missing);
    if (t->is_short == NULL || t->missing == NULL)
        return ys_fail_nomem(diag);
    ys__stage_scale(&t->stage);
    return YS_OK;
}

void ys__run_done(ys_run *t)
{
    ys__stage_done(&t->stage);
    ys__certificate_done(&t->cert);
    ys_free(t->choice);
    ys_free(t->is_short);
    ys_free(t->missing);
}

ys_status ys__run_keep(ys_run *t, const ys_draft *d, int tier, ys_diag *diag)
{
    const ys_stage *s = &t->stage;
    bool met = ys__draft_short(d) < 0;
    for (int f = 0; f < s->n_floors; f++)
        t->is_short[f] = ys__draft_floor(d, f) < s->minimum[f];
    if (!met || !ys__draft_fits(d))
        return YS_OK;
    int64_t value = ys__draft_sum(d, tier);
    if (t->choice != NULL && value <= t->value)
        return YS_OK;
    size_t bytes = (size_t)s->c->n_blocks * sizeof *t->choice;
    if (t->choice == NULL && (t->choice = ys_malloc(bytes)) == NULL)
        return ys_fail_nomem(diag);
    memcpy(t->choice, d->choice, bytes);
    t->value = value;
    return YS_OK;
}

/* Improvement passes through prices that do not matter in the end, so a round may lose: the best plan is kept by the caller. */
static ys_status improve_until_flat(ys_run *t, ys_draft *d, int tier, ys_diag *diag)
{
    enum { ROUNDS = 4 };
    int64_t value = ys__draft_sum(d, tier);
    for (int k = 0; k < ROUNDS; k++) {
        int64_t before = value;
        ys__draft_improve(d);
        if (d->stopped) /* who stops us gets what one more sweep can find */
            ys__draft_polish(d);
        value = ys__draft_sum(d, tier);
        YS_TRY(ys__run_keep(t, d, tier, diag));
        if (d->stopped || (value - before <= value / 10000 && !ys__draft_swap(d)))
            break;
    }
    return YS_OK;
}

ys_status ys__run_heavy(const ys_choice *c, uint8_t **ret_heavy, ys_diag *diag)
{
    enum { TIMES = 12 };
    int32_t *most = ys_calloc((size_t)c->n_blocks, sizeof *most);
    uint8_t *heavy = ys_calloc((size_t)c->n_blocks, 1);
    double sum = 0;
    int64_t n = 0;
    if (most == NULL || heavy == NULL) {
        ys_free(most);
        ys_free(heavy);
        return ys_fail_nomem(diag);
    }
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        for (int k = 1; k < b.n_bundles; k++)
            most[i] = b.bundle[k].v1 > most[i] ? b.bundle[k].v1 : most[i];
        sum += most[i];
        n += most[i] > 0;
    }
    for (int64_t i = 0; i < c->n_blocks; i++)
        heavy[i] = (double)most[i] * (double)n > TIMES * sum;
    ys_free(most);
    *ret_heavy = heavy;
    return YS_OK;
}

/* The draft becomes a plan whose rows are feasible; heavy blocks keep what they have in `first` (NULL: they are free). */
static ys_status balance_draft(ys_run *t, ys_draft *d, const uint16_t *first, ys_diag *diag)
{
    uint8_t *fixed = NULL;
    if (first != NULL)
        YS_TRY(ys__run_heavy(t->stage.c, &fixed, diag));
    for (int64_t i = 0; fixed != NULL && i < t->stage.c->n_blocks; i++)
        if (fixed[i] && d->choice[i] != first[i])
            ys__draft_move(d, i, first[i]);
    ys_status st = ys__draft_balance(d, fixed, diag);
    ys_free(fixed);
    return st;
}

ys_status ys__run_finish(ys_run *t, const uint16_t *from, ys_how how, int tier, ys_diag *diag)
{
    ys_draft d;
    YS_TRY(ys__draft_init(&d, &t->stage, from, diag));
    d.config = t->config;
    if (how == YS_FROM_PLAN)
        d.firmness = t->firmness;
    bool balanced = how == YS_FROM_BALANCE || how == YS_FROM_PLAN;
    ys_status st = balanced ? balance_draft(t, &d, how == YS_FROM_PLAN ? NULL : t->first, diag) : YS_OK;
    if (how == YS_FROM_SETTLE)
        ys__draft_settle(&d);
    if (how == YS_FROM_REPAIR || how == YS_FROM_SETTLE)
        ys__draft_repair(&d);
    for (int f = 0; f < t->stage.n_floors; f++)
        t->missing[f] = t->stage.minimum[f] - ys__draft_floor(&d, f);
    if (st == YS_OK && balanced) {
        ys__draft_polish(&d);
        st = ys__run_keep(t, &d, tier, diag);
    }
    ys__draft_lift(&d);
    if (st == YS_OK && (!balanced || t->choice == NULL || t->stage.c->n_blocks < YS_MANY_BLOCKS))
        st = improve_until_flat(t, &d, tier, diag);
    int64_t value = ys__draft_sum(&d, tier);
    bool open = !d.stopped && ys__draft_short(&d) < 0 && t->cert.bound > value;
    if (st == YS_OK && open && (how != YS_FROM_PLAN || t->stage.c->n_blocks < YS_MANY_BLOCKS)) {
        ys__draft_exchange(&d, (double)t->cert.bound - (double)value);
        ys__draft_improve(&d);
        st = ys__run_keep(t, &d, tier, diag);
    }
    *t->interrupted = *t->interrupted || d.stopped;
    ys__draft_done(&d);
    return st;
}

/* Aim above the minimum of the floors that the repair of the rows took from, and price again. */
static bool aim_higher(ys_run *t, int passes, const ys_plan_config *config, int tier)
{
    ys_stage *s = &t->stage;
    for (int f = 0; f < s->n_floors; f++)
        if (t->missing[f] > 0)
            s->target[f] += t->missing[f] / 2 + 1;
    bool done = ys__stage_ascend(s, passes, config, tier);
    ys__stage_pass(s, s->price);
    return done;
}

double ys__run_gap(const ys_run *t)
{
    double bound = (double)t->cert.bound, size = bound < 0 ? -bound : bound;
    return t->choice == NULL ? 1 : (bound - (double)t->value) / (size > 1 ? size : 1);
}

ys_status ys__run_certify(ys_run *t, const double *x, ys_diag *diag)
{
    ys_certificate other = {0};
    YS_TRY(ys__stage_certify(&t->stage, x, &other, diag));
    if (t->cert.price == NULL || other.bound < t->cert.bound) {
        ys_certificate swap = t->cert;
        t->cert = other;
        other = swap;
    }
    ys__certificate_done(&other);
    return YS_OK;
}

/* The lowest of the bounds so far, at the averaged prices and at the best prices of a single pass. */
static ys_status certify_best(ys_run *t, ys_diag *diag)
{
    YS_TRY(ys__run_certify(t, t->stage.price, diag));
    return ys__run_certify(t, t->stage.best, diag);
}

/* About what the best plan is worth: the value of a plan in hand, or of soft sweeps from the prices so far. */
static ys_status guess_value(ys_run *t, int tier, double *ret_value, ys_diag *diag)
{
    ys_draft d;
    if (t->choice != NULL) {
        *ret_value = (double)t->value;
        return YS_OK;
    }
    ys__stage_pass(&t->stage, t->stage.price);
    YS_TRY(ys__draft_init(&d, &t->stage, t->stage.pick, diag));
    d.config = t->config;
    ys_status st = ys__draft_relax(&d, diag);
    *ret_value = 0.99 * (double)ys__draft_sum(&d, tier);
    ys__draft_done(&d);
    return st;
}

/*
 * Balanced anew from the best plan so far, with heavy blocks free: what they take from others was not known while tier 1's choice held
 * them.  The stiffness decides which near-equal plan a balance ends in, so some are tried, until two in turn win little.
 */
static ys_status again(ys_run *t, int tier, ys_diag *diag)
{
    static const double firmness[] = {1, 0.7, 1.4, 0.85};
    const double LITTLE = 2e-5; /* of the bound */
    int idle = 0;
    for (size_t k = 0; k < sizeof firmness / sizeof *firmness && idle < 2; k++) {
        double before = ys__run_gap(t);
        if (t->choice == NULL || *t->interrupted || before <= GOOD)
            break;
        t->firmness = firmness[k];
        YS_TRY(ys__run_finish(t, t->choice, YS_FROM_PLAN, tier, diag));
        idle = before - ys__run_gap(t) <= LITTLE ? idle + 1 : 0;
    }
    return YS_OK;
}

/* Better prices, first by the volume method, then on the smooth dual; a lower bound; and a plan from them. */
static ys_status refine(ys_run *t, int tier, const ys_plan_config *config, ys_diag *diag)
{
    enum { PASSES = 300 };
    ys_stage *s = &t->stage;
    int evaluations = s->c->n_blocks >= 5 * YS_MANY_BLOCKS ? 24 : s->c->n_blocks >= YS_MANY_BLOCKS ? 40 : 60;
    double value;
    YS_TRY(guess_value(t, tier, &value, diag));
    YS_TRY(ys__stage_volume(s, NULL, value, PASSES, config, tier, diag));
    YS_TRY(certify_best(t, diag));
    if (ys__run_gap(t) <= GOOD)
        return YS_OK;
    YS_TRY(ys__stage_smooth(s, 0, evaluations, config, tier, diag));
    YS_TRY(certify_best(t, diag));
    tell(config, tier, "repair", 0);
    memcpy(s->price, s->best, (size_t)(s->c->n_rows + s->n_floors) * sizeof *s->price);
    ys__stage_pass(s, s->price);
    YS_TRY(ys__run_finish(t, s->pick, YS_FROM_BALANCE, tier, diag));
    return again(t, tier, diag);
}

/* Rounds of passes until a round lowers the dual by less than a ten-thousandth. */
static bool ascend_until_flat(ys_stage *s, int passes, const ys_plan_config *config, int tier)
{
    const int ROUNDS = s->c->n_blocks >= YS_MANY_BLOCKS ? 1 : 5;
    if (!ys__stage_ascend(s, passes, config, tier))
        return false;
    for (int k = 1; k < ROUNDS && s->passes > 1; k++) {
        double before = s->least;
        if (!ys__stage_ascend(s, passes, config, tier))
            return false;
        if (before - s->least <= 1e-4 * fabs(s->least))
            break;
    }
    return true;
}

/* Plans from the averaged prices; where floors are not met, from prices that aim higher. */
static ys_status draft_from_prices(ys_run *t, int passes, const ys_plan_config *config, int tier,
                                   ys_diag *diag)
{
    enum { ATTEMPTS = 4 };
    ys_stage *s = &t->stage;
    ys__stage_pass(s, s->price);
    YS_TRY(ys__run_finish(t, s->pick, YS_FROM_REPAIR, tier, diag));
    if ((t->choice == NULL || !*t->interrupted) && ys__run_gap(t) > GOOD)
        YS_TRY(ys__run_finish(t, s->pick, YS_FROM_SETTLE, tier, diag));
    for (int k = 0; t->choice == NULL && k < ATTEMPTS && !*t->interrupted; k++) {
        *t->interrupted = !aim_higher(t, passes / 2 + 1, config, tier);
        YS_TRY(ys__run_finish(t, s->pick, YS_FROM_SETTLE, tier, diag));
    }
    return YS_OK;
}

static ys_status run_tier(ys_run *t, int tier, int passes, const uint16_t *fallback,
                          const ys_plan_config *config, bool *interrupted, ys_diag *diag)
{
    ys_stage *s = &t->stage;
    t->first = fallback;
    YS_TRY(ys__run_start(t, diag));
    if (!*interrupted)
        *interrupted = !ascend_until_flat(s, passes, config, tier);
    YS_TRY(certify_best(t, diag));
    tell(config, tier, "repair", 0);
    bool priced = fallback == NULL || s->passes > 0, many = s->c->n_blocks >= YS_MANY_BLOCKS && s->passes > 1;
    if (many && fallback == NULL) {
        ys__stage_pass(s, s->price);
        YS_TRY(ys__run_finish(t, s->pick, YS_FROM_BALANCE, tier, diag));
    }
    if (priced && t->choice == NULL && (!many || fallback == NULL))
        YS_TRY(draft_from_prices(t, passes, config, tier, diag));
    if (t->choice == NULL && fallback == NULL && !*interrupted) {
        /* who gives nothing keeps every ceiling and every share */
        memset(s->pick, 0, (size_t)s->c->n_blocks * sizeof *s->pick);
        YS_TRY(ys__run_finish(t, s->pick, YS_FROM_FEASIBLE, tier, diag));
    }
    bool feasible = t->choice != NULL || fallback != NULL; /* where no plan is, the dual has no bottom */
    if (feasible && s->passes > 1 && !*interrupted && ys__run_gap(t) > GOOD)
        YS_TRY(refine(t, tier, config, diag));
    tell(config, tier, "improve", 0);
    if (fallback != NULL && (t->choice == NULL || !many)) /* tier 1's plan meets all floors: it never fails */
        YS_TRY(ys__run_finish(t, fallback, YS_FROM_FEASIBLE, tier, diag));
    return YS_OK;
}

static ys_status run_tier_1(ys_run *t, const ys_choice *c, ys_pool *pool, int passes,
                            const ys_plan_config *config, const char *const *names, bool *interrupted,
                            ys_diag *diag)
{
    YS_TRY(ys__stage_init(&t->stage, c, pool, true, -1, diag));
    t->stage.k1 = 1;
    YS_TRY(run_tier(t, 0, passes, NULL, config, interrupted, diag));
    if (t->choice != NULL)
        return YS_OK;
    if (*interrupted)
        return ys_fail(diag, YS_EINTERRUPTED, "中断时还没有可行的方案",
                       "interrupted before any feasible plan was found");
    return ys__explain_floors(c, pool, t->is_short, config, names, diag);
}

/* ---- the result ----------------------------------------------------------------------------------------------- */

void ys_plan_result_free(ys_plan_result *r)
{
    if (r == NULL)
        return;
    ys_free(r->choice);
    ys_free(r->use);
    ys_free(r->floor_use);
    ys_free(r->floor_need);
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        ys_free(r->tier[t].price);
        ys_free(r->tier[t].floor_price);
    }
    ys_free(r);
}

/* Moves the certificate's prices into the result. */
static void fill_tier(ys_plan_tier *to, ys_run *t)
{
    const ys_stage *s = &t->stage;
    to->value = t->value;
    to->bound = t->cert.bound;
    double size = (double)(to->bound < 0 ? -to->bound : to->bound);
    to->gap = ((double)to->bound - (double)to->value) / (size > 1 ? size : 1);
    to->passes = s->passes;
    to->shift = t->cert.shift;
    to->price = t->cert.price;
    to->floor_price = t->cert.floor_price;
    to->couple_price = s->coupled ? t->cert.floor_price[s->n_floors - 1] : 0;
    to->couple_minimum = s->coupled ? s->minimum[s->n_floors - 1] : 0;
    t->cert.price = t->cert.floor_price = NULL;
}

uint64_t ys__result_checksum(const ys_plan_result *r)
{
    uint64_t h = ys_hash_bytes(r->choice, (uint64_t)r->blocks * sizeof *r->choice, 0);
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        h = ys_hash_bytes(r->tier[t].price, (uint64_t)r->rows * sizeof(int64_t), h);
        h = ys_hash_bytes(r->tier[t].floor_price, (uint64_t)r->floors * sizeof(int64_t), h);
        h = ys_hash_bytes(&r->tier[t].couple_price, sizeof(int64_t), h);
    }
    return h;
}

ys_status ys__run_result(const ys_choice *c, ys_run run[2], bool interrupted, ys_plan_result **ret,
                         ys_diag *diag)
{
    ys_plan_result *r = ys_calloc(1, sizeof *r);
    ys_draft d = {0};
    ys_status st = r == NULL ? ys_fail_nomem(diag) : ys__draft_init(&d, &run[1].stage, run[1].choice, diag);
    if (st != YS_OK)
        goto done;
    r->use = ys_malloc((size_t)c->n_rows * sizeof(int64_t));
    r->floor_use = ys_malloc((size_t)c->n_floors * sizeof(int64_t));
    r->floor_need = ys_malloc((size_t)c->n_floors * sizeof(int64_t));
    if (r->use == NULL || r->floor_use == NULL || r->floor_need == NULL) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    memcpy(r->use, d.use, (size_t)c->n_rows * sizeof(int64_t));
    YS_GO(ys__floor_sums(c, run[1].choice, r->floor_use, r->floor_need, diag));
    r->partial = interrupted;
    r->blocks = c->n_blocks;
    r->rows = c->n_rows;
    r->floors = c->n_floors;
    r->choice = run[1].choice;
    run[1].choice = NULL;
    for (int t = 0; t < YS_PLAN_TIERS; t++)
        fill_tier(&r->tier[t], &run[t]);
    r->gap = r->tier[0].gap > r->tier[1].gap ? r->tier[0].gap : r->tier[1].gap;
    r->checksum = ys__result_checksum(r);
    *ret = r;
done:
    ys__draft_done(&d);
    if (st != YS_OK)
        ys_plan_result_free(r);
    return st;
}

ys_status ys__choice_solve(const ys_choice *c, int32_t tolerance, const ys_plan_config *config,
                           const char *const *floor_names, ys_plan_result **ret_result, ys_diag *diag)
{
    static const ys_plan_config plain = {0};
    config = config != NULL ? config : &plain;
    int passes = config->passes > 0 ? config->passes : default_passes(c->n_blocks);
    ys_pool *pool = ys_pool_new(config->threads);
    bool interrupted = false;
    ys_run run[2] = {{.config = config, .interrupted = &interrupted},
                     {.config = config, .interrupted = &interrupted}};
    ys_status st = pool == NULL ? ys_fail_nomem(diag) : YS_OK;
    if (st != YS_OK)
        goto done;
    YS_GO(run_tier_1(&run[0], c, pool, passes, config, floor_names, &interrupted, diag));
    int64_t kept = ys__couple_minimum(run[0].value, tolerance);
    YS_GO(ys__stage_init(&run[1].stage, c, pool, true, kept, diag));
    run[1].stage.k2 = 1;
    run[1].stage.ride = run[0].stage.price;
    run[1].stage.ride_slack = (double)run[0].cert.bound - (double)kept;
    YS_GO(run_tier(&run[1], 1, passes, run[0].choice, config, &interrupted, diag));
    if (run[1].choice == NULL) {
        st = ys_fail(diag, YS_EINTERNAL, "第二层没有可行方案", "no feasible plan in tier 2");
        goto done;
    }
    YS_GO(ys__run_result(c, run, interrupted, ret_result, diag));
done:
    ys__run_done(&run[0]);
    ys__run_done(&run[1]);
    ys_pool_free(pool);
    return st;
}
