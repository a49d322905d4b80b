/* SPDX-License-Identifier: Apache-2.0 */
/* Local search for a good assignment, then branch and bound with the knapsack bound of gap_bound.c. */
#include "optim/gap.h"

#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum { ROOT_ROUNDS = 600, NODE_ROUNDS = 24, DIVE_ROUNDS = 30, DIVES = 12, MOVES = 400000, COOLINGS = 3 };
#define WORK         ((int64_t)5000000000) /* knapsack cells without a time limit */
#define COST_SUMMIT  ((int64_t)1 << 40)
#define TOTAL_SUMMIT ((int64_t)1 << 52)

typedef struct search {
    ys_gap_state s;
    const ys_gap *p;
    ys_budget budget;
    int64_t goal, lowest; /* best cost known; least bound of what was not looked into; both times GAP_UNIT */
    bool found, whole;    /* a solution is known; everything was looked into */
    int *best, *trial;    /* [jobs] */
    int64_t *used;        /* [agents] */
    int64_t *scratch;     /* [jobs] */
    int64_t nodes;
} search;

/* The cost of an assignment; false: it does not fit. */
static bool cost_of(const ys_gap *p, const int *agent, int64_t *used, int64_t *ret_cost)
{
    int64_t cost = 0;
    memset(used, 0, (size_t)p->agents * sizeof *used);
    for (int j = 0; j < p->jobs; j++) {
        int i = agent[j];
        if (i < 0)
            return false;
        used[i] += p->weight[i * p->jobs + j];
        cost += p->cost[i * p->jobs + j];
        if (used[i] > p->capacity[i])
            return false;
    }
    *ret_cost = cost;
    return true;
}

static void offer(search *b, const int *agent)
{
    int64_t cost;
    if (!cost_of(b->p, agent, b->used, &cost) || (b->found && cost * GAP_UNIT >= b->goal))
        return;
    b->found = true;
    b->goal = cost * GAP_UNIT;
    memcpy(b->best, agent, (size_t)b->p->jobs * sizeof *agent);
}

/* Everyone to the cheapest agent that took the job in the last knapsacks, the others to the cheapest with room. */
static void offer_rounded(search *b)
{
    const ys_gap *p = b->p;
    const ys_gap_state *s = &b->s;
    memset(b->used, 0, (size_t)p->agents * sizeof *b->used);
    for (int round = 0; round < 3; round++) { /* those given, those taken, the rest */
        for (int j = 0; j < p->jobs; j++) {
            int to = -1;
            if (round == 0)
                b->trial[j] = s->given[j];
            for (int i = 0; i < p->agents && round > 0 && b->trial[j] < 0; i++) {
                int at = i * p->jobs + j;
                if ((round == 2 || s->take[at]) && b->used[i] + p->weight[at] <= p->capacity[i] &&
                    (to < 0 || p->cost[at] < p->cost[to * p->jobs + j]))
                    to = i;
            }
            if (to >= 0)
                b->trial[j] = to;
            if (b->trial[j] >= 0 && (to >= 0 || round == 0))
                b->used[b->trial[j]] += p->weight[b->trial[j] * p->jobs + j];
        }
    }
    offer(b, b->trial);
}

/* The job to branch on: taken by none or several, and of these the one with the fewest agents; -1: all given. */
static int branching_job(const ys_gap_state *s)
{
    int best = -1, best_key = 0;
    for (int j = 0; j < s->p->jobs; j++) {
        if (s->given[j] >= 0)
            continue;
        int key = s->count[j] == 1 ? s->p->agents : 0;
        for (int i = 0; i < s->p->agents; i++)
            key += s->open[i * s->p->jobs + j];
        if (best < 0 || key < best_key) {
            best = j;
            best_key = key;
        }
    }
    return best;
}

typedef struct saved {
    uint8_t *open;
    int *given;
    int32_t *room;
    int64_t *fee, fixed;
} saved;

static bool save(const ys_gap_state *s, saved *v)
{
    size_t jobs = (size_t)s->p->jobs, agents = (size_t)s->p->agents;
    size_t size = jobs * sizeof *v->fee + jobs * sizeof *v->given + agents * sizeof *v->room + agents * jobs;
    v->fee = ys_malloc(size);
    if (v->fee == NULL)
        return false;
    v->given = (int *)(v->fee + jobs);
    v->room = (int32_t *)(v->given + jobs);
    v->open = (uint8_t *)(v->room + agents);
    v->fixed = s->fixed;
    memcpy(v->fee, s->fee, jobs * sizeof *v->fee);
    memcpy(v->given, s->given, jobs * sizeof *v->given);
    memcpy(v->room, s->room, agents * sizeof *v->room);
    memcpy(v->open, s->open, agents * jobs);
    return true;
}

static void restore(ys_gap_state *s, const saved *v)
{
    size_t jobs = (size_t)s->p->jobs, agents = (size_t)s->p->agents;
    s->fixed = v->fixed;
    memcpy(s->fee, v->fee, jobs * sizeof *v->fee);
    memcpy(s->given, v->given, jobs * sizeof *v->given);
    memcpy(s->room, v->room, agents * sizeof *v->room);
    memcpy(s->open, v->open, agents * jobs);
}

/* Not looked into: nothing below is cheaper than `bound`. */
static void leave(search *b, int64_t bound)
{
    b->whole = false;
    b->lowest = bound < b->lowest ? bound : b->lowest;
}

static void explore(search *b, int depth);

/* One child for every agent the job may still go to, the most promising first. */
static void branch(search *b, int j, int64_t bound, int depth)
{
    ys_gap_state *s = &b->s;
    int n = s->p->jobs;
    saved v;
    if (!save(s, &v)) {
        leave(b, bound); /* memory is short: an honest weaker bound */
        return;
    }
    for (;;) {
        int to = -1;
        for (int i = 0; i < s->p->agents; i++)
            if (v.open[i * n + j] && v.room[i] >= s->weight[i * n + j] &&
                (to < 0 || s->cost[i * n + j] < s->cost[to * n + j]))
                to = i;
        if (to < 0)
            break;
        restore(s, &v);
        ys__gap_give(s, to, j);
        v.open[to * n + j] = 0;
        if (b->budget.over || depth > 4 * n)
            leave(b, bound);
        else
            explore(b, depth + 1);
    }
    ys_free(v.fee);
}

static void explore(search *b, int depth)
{
    ys_gap_state *s = &b->s;
    int64_t work = s->work;
    b->nodes++;
    int64_t bound = ys__gap_ascend(s, depth == 0 ? ROOT_ROUNDS : NODE_ROUNDS, b->goal, b->scratch);
    (void)ys__gap_bound(s); /* takes and counts at the best fees */
    offer_rounded(b);
    if (bound > b->goal - GAP_UNIT)
        return;
    if (depth == 0)
        b->lowest = bound;
    bool go_on = ys__budget_take(&b->budget, s->work - work);
    if (!ys__gap_reduce(s, bound, b->goal))
        return;
    int j = branching_job(s);
    if (j < 0) {
        /* All given; in coarse grains this may not fit after all, and then it is no solution. */
        offer(b, s->given);
        return;
    }
    if (!go_on) {
        leave(b, bound);
        return;
    }
    if (depth == 0)
        b->lowest = INT64_MAX;
    branch(b, j, bound, depth);
}

/* ---- diving ---- */

typedef struct sure {
    double trust;
    int job, agent;
} sure;

/* Free jobs that one agent takes, by how much better they are there than at the worth of its room; with some chance. */
static int rank_sure(const ys_gap_state *s, ys_rng *rng, double noise, sure *list)
{
    int n = 0, jobs = s->p->jobs;
    for (int j = 0; j < jobs; j++) {
        for (int i = 0; i < s->p->agents && s->given[j] < 0; i++) {
            int at = i * jobs + j;
            if (!s->take[at] || s->weight[at] > s->room[i])
                continue;
            double trust = (double)(s->fee[j] - s->cost[at]) - s->marginal[i] * s->weight[at];
            trust *= 1 + noise * ys_rng_uniform(rng);
            sure new = {s->count[j] == 1 ? trust : trust - 1e12, j, i};
            int k = n++;
            for (; k > 0 && list[k - 1].trust < new.trust; k--)
                list[k] = list[k - 1];
            list[k] = new;
            break;
        }
    }
    return n;
}

/* Gives the surest jobs, improves the fees for the rest, and so on; every step is rounded to an assignment. */
static void dive(search *b, const saved *root, ys_rng *rng, double noise, sure *list)
{
    ys_gap_state *s = &b->s;
    restore(s, root);
    for (int left = s->p->jobs; left > 0;) {
        int64_t bound = ys__gap_ascend(s, DIVE_ROUNDS, b->goal, b->scratch), work = s->work;
        (void)ys__gap_bound(s);
        offer_rounded(b);
        if (bound > b->goal - GAP_UNIT || !ys__budget_take(&b->budget, s->work - work))
            break;
        int n = rank_sure(s, rng, noise, list), some = left / 8 > 1 ? left / 8 : 1;
        for (int k = 0; k < n && k < some; k++) {
            if (s->weight[list[k].agent * s->p->jobs + list[k].job] > s->room[list[k].agent])
                continue;
            ys__gap_give(s, list[k].agent, list[k].job);
            left--;
        }
        if (n == 0)
            break;
    }
}

static bool dive_often(search *b)
{
    saved root;
    ys_rng rng;
    sure *list = ys_malloc(((size_t)b->p->jobs + 1) * sizeof *list);
    if (list == NULL || !save(&b->s, &root)) {
        ys_free(list);
        return false;
    }
    ys_rng_init(&rng, 1, 0);
    for (int k = 0; k < DIVES && !b->budget.over; k++)
        dive(b, &root, &rng, 0.25 * k, list);
    restore(&b->s, &root);
    ys_free(root.fee);
    ys_free(list);
    return true;
}

/* ---- a good start ---- */

/* The problem as choices: item (job, agent), most promising where cost and price of the room are least. */
typedef struct as_choice {
    int *item_at, *use_at, *row, *order, *choice;
    int64_t *value, *use;
    double *promise;
} as_choice;

static bool open_choice(as_choice *c, size_t jobs, size_t pairs)
{
    c->item_at = ys_malloc((jobs + 1) * sizeof *c->item_at);
    c->choice = ys_malloc((jobs + 1) * sizeof *c->choice);
    c->use_at = ys_malloc((pairs + 1) * sizeof *c->use_at);
    c->row = ys_malloc((pairs + 1) * sizeof *c->row);
    c->order = ys_malloc((pairs + 1) * sizeof *c->order);
    c->value = ys_malloc((pairs + 1) * sizeof *c->value);
    c->use = ys_malloc((pairs + 1) * sizeof *c->use);
    c->promise = ys_malloc((pairs + 1) * sizeof *c->promise);
    return c->item_at != NULL && c->choice != NULL && c->use_at != NULL && c->row != NULL &&
           c->order != NULL && c->value != NULL && c->use != NULL && c->promise != NULL;
}

static void close_choice(as_choice *c)
{
    ys_free(c->item_at);
    ys_free(c->choice);
    ys_free(c->use_at);
    ys_free(c->row);
    ys_free(c->order);
    ys_free(c->value);
    ys_free(c->use);
    ys_free(c->promise);
}

static void fill_choice(const ys_gap_state *s, as_choice *c)
{
    const ys_gap *p = s->p;
    int pairs = p->agents * p->jobs;
    for (int k = 0; k < pairs; k++) {
        int i = k % p->agents, at = i * p->jobs + k / p->agents;
        c->value[k] = -p->cost[at];
        c->use[k] = p->weight[at];
        c->row[k] = i;
        c->use_at[k] = k;
        c->promise[k] = s->open[at] ? -(double)s->cost[at] - s->marginal[i] * s->weight[at] : -1e300;
    }
    c->use_at[pairs] = pairs;
    for (int j = 0; j <= p->jobs; j++)
        c->item_at[j] = j * p->agents;
    ys__choose_order(p->jobs, c->item_at, c->promise, c->order);
    for (int j = 0; j < p->jobs; j++)
        c->choice[j] = c->order[c->item_at[j]];
}

/* Fees first, with a goal that is only a guess; then a local search led by the prices they give. */
static bool start(search *b, const ys_optim_config *config)
{
    const ys_gap *p = b->p;
    int64_t first = ys__gap_bound(&b->s);
    (void)ys__gap_ascend(&b->s, ROOT_ROUNDS, first + (first < 0 ? -first : first) / 16 + 64 * GAP_UNIT,
                         b->scratch);
    (void)ys__gap_bound(&b->s);
    offer_rounded(b);
    as_choice a = {0};
    bool ok = open_choice(&a, (size_t)p->jobs, (size_t)p->agents * (size_t)p->jobs);
    if (ok) {
        fill_choice(&b->s, &a);
        ys_choose c = {.n = p->jobs,
                       .rows = p->agents,
                       .item_at = a.item_at,
                       .value = a.value,
                       .use_at = a.use_at,
                       .use_row = a.row,
                       .use = a.use,
                       .limit = p->capacity,
                       .order = a.order};
        int64_t reached, moves = p->jobs < 20 ? 20000ll * p->jobs : (int64_t)MOVES + 4000ll * p->jobs;
        if (ys__anneal(&c, config, moves, COOLINGS, 1, a.choice, &reached)) {
            for (int j = 0; j < p->jobs; j++)
                a.choice[j] -= a.item_at[j];
            offer(b, a.choice);
        }
    }
    close_choice(&a);
    return ok && dive_often(b);
}

static ys_status examine(const ys_gap *p, ys_diag *diag)
{
    int64_t total = 0;
    if (p->agents < 1 || p->jobs < 0 || (int64_t)p->agents * p->jobs > (1 << 26))
        return ys_fail(diag, YS_ELIMIT, "要有至少一个执行者，且执行者 × 任务不超过 2^26",
                       "at least one agent, and agents × jobs up to 2^26");
    for (int i = 0; i < p->agents; i++)
        if (p->capacity[i] < 0 || p->capacity[i] > COST_SUMMIT)
            return ys_fail(diag, YS_EDATA, "第 %d 个容量为负或过大：%lld",
                           "capacity %d is negative or too large: %lld", i + 1, (long long)p->capacity[i]);
    for (int k = 0; k < p->agents * p->jobs; k++) {
        int64_t c = p->cost[k], w = p->weight[k];
        if (w < 0 || w > COST_SUMMIT || c > COST_SUMMIT || c < -COST_SUMMIT)
            return ys_fail(diag, YS_EDATA, "执行者 %d 任务 %d：负的或过大的数",
                           "agent %d, job %d: a negative or too large number", k / p->jobs + 1,
                           k % p->jobs + 1);
        total += c < 0 ? -c : c;
        if (total > TOTAL_SUMMIT)
            return ys_fail(diag, YS_ELIMIT, "费用之和超过 2^52", "the costs add up to more than 2^52");
    }
    return YS_OK;
}

static int64_t round_up(int64_t bound)
{
    int64_t q = bound / GAP_UNIT;
    return q + (bound % GAP_UNIT > 0);
}

/* A job no agent has room for makes the problem infeasible before any search. */
static bool some_job_fits_nobody(const ys_gap_state *s)
{
    for (int j = 0; j < s->p->jobs; j++) {
        bool any = false;
        for (int i = 0; i < s->p->agents; i++)
            any |= s->open[i * s->p->jobs + j] != 0;
        if (!any)
            return true;
    }
    return false;
}

static void fill_result(search *b, ys_choice_result *r)
{
    *r = (ys_choice_result){.feasible = b->found, .complete = b->whole, .n = b->p->jobs, .nodes = b->nodes};
    int64_t low = b->lowest < b->goal || !b->found ? b->lowest : b->goal;
    r->value = b->found ? b->goal / GAP_UNIT : 0;
    r->bound = b->whole && b->found ? r->value : low == INT64_MAX ? 0 : round_up(low);
    r->complete = b->whole || (b->found && r->bound == r->value);
    int64_t size = r->value < 0 ? -r->value : r->value;
    r->gap = !b->found              ? 1
             : r->value == r->bound ? 0
                                    : (double)(r->value - r->bound) / (double)(size > 0 ? size : 1);
    r->choice = b->best;
    b->best = NULL;
}

ys_status ys_gap_solve(const ys_gap *p, const ys_optim_config *config, ys_choice_result *ret_result,
                       ys_diag *diag)
{
    ys_status st = YS_OK;
    search b = {.p = p, .whole = true, .goal = TOTAL_SUMMIT * GAP_UNIT, .lowest = INT64_MAX};
    YS_TRY(examine(p, diag));
    YS_TRY(ys__gap_open(p, &b.s, diag));
    b.best = ys_malloc(((size_t)p->jobs + 1) * sizeof *b.best);
    b.trial = ys_malloc(((size_t)p->jobs + 1) * sizeof *b.trial);
    b.used = ys_malloc(((size_t)p->agents + 1) * sizeof *b.used);
    b.scratch = ys_malloc(((size_t)p->jobs + 1) * sizeof *b.scratch);
    if (b.best == NULL || b.trial == NULL || b.used == NULL || b.scratch == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int j = 0; j < p->jobs; j++)
        b.best[j] = -1;
    ys__budget_start(&b.budget, config, WORK);
    if (!some_job_fits_nobody(&b.s)) {
        if (!start(&b, config))
            YS_GO(ys_fail_nomem(diag));
        explore(&b, 0);
    }
    fill_result(&b, ret_result);
done:
    ys_free(b.best);
    ys_free(b.trial);
    ys_free(b.used);
    ys_free(b.scratch);
    ys__gap_close(&b.s);
    return st;
}

void ys_choice_result_done(ys_choice_result *r)
{
    ys_free(r->choice);
    *r = (ys_choice_result){0};
}
