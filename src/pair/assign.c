/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"
#include "pair/pair_int.h"

/* ---- what may come in ---- */

static ys_status cost_limit(ys_diag *diag, const char *zh, const char *en, int64_t at, int64_t cost)
{
    ys_fail(diag, YS_ELIMIT, "%s %lld 的费用 %lld 超过上限 2^46%.0s",
            "%.0s%lld: the cost %lld is beyond 2^46 (%s)", zh, (long long)at, (long long)cost, en);
    ys_diag_fix(diag, "把费用换成较大的单位", "state costs in a larger unit");
    return YS_ELIMIT;
}

static ys_status check_givers(const ys_pair_input *in, ys_diag *diag)
{
    for (int64_t j = 0; j < in->givers; j++) {
        if (in->capacity[j] < 0)
            return ys_fail(diag, YS_EDATA, "第 %lld 个帮扶方的名额是负数 %d",
                           "giver %lld has a negative number of places, %d", (long long)j, in->capacity[j]);
        if (in->slot_at == NULL)
            continue;
        int64_t places = in->slot_at[j + 1] - in->slot_at[j], last = 0;
        if (places < in->capacity[j])
            return ys_fail(diag, YS_EDATA, "第 %lld 个帮扶方有 %d 个名额，只给了 %lld 个名额的费用",
                           "giver %lld has %d places but costs for %lld", (long long)j, in->capacity[j],
                           (long long)places);
        for (int64_t k = 0; k < places; k++) {
            int64_t c = in->slot[in->slot_at[j] + k];
            if (c > YS_PAIR_COST_MAX)
                return cost_limit(diag, "帮扶方", "giver", j, c);
            if (c < last)
                return ys_fail(diag, YS_EDATA, "第 %lld 个帮扶方的名额费用是负数或变小",
                               "the places of giver %lld have negative or falling costs", (long long)j);
            last = c;
        }
    }
    return YS_OK;
}

ys_status ys__pair_input_check(const ys_pair_input *in, ys_diag *diag)
{
    /* Also the room that distances need: a sum over all needs must stay far below YS_PAIR_FAR. */
    if (in->needs < 0 || in->givers < 0 || in->needs >= INT32_MAX || in->givers >= INT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "一方超过 2^31 个", "one side has more than 2^31 members");
    if (in->start[0] != 0 || in->start[in->needs] >= INT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "可选配对超过 2^31 个", "there are more than 2^31 possible pairs");
    YS_TRY(check_givers(in, diag));
    int64_t total = 0;
    for (int64_t i = 0; i < in->needs; i++) {
        int64_t worst = ys__pair_alone(in, i) < 0 ? -ys__pair_alone(in, i) : ys__pair_alone(in, i);
        if (in->start[i + 1] < in->start[i])
            return ys_fail(diag, YS_EDATA, "第 %lld 个需求的边界倒退",
                           "the edges of need %lld end before they begin", (long long)i);
        for (int64_t e = in->start[i]; e < in->start[i + 1]; e++) {
            if (in->giver[e] < 0 || in->giver[e] >= in->givers)
                return ys_fail(diag, YS_EDATA, "第 %lld 个需求指向不存在的帮扶方 %d",
                               "need %lld has an edge to giver %d, which is not there", (long long)i,
                               in->giver[e]);
            int64_t c = in->cost[e] < 0 ? -in->cost[e] : in->cost[e];
            worst = c > worst ? c : worst;
        }
        if (worst > YS_PAIR_COST_MAX || worst < 0)
            return cost_limit(diag, "需求", "need", i, worst);
        if (__builtin_add_overflow(total, worst, &total) || total > (int64_t)1 << 60)
            return ys_fail(diag, YS_ELIMIT, "费用合计超出范围", "the costs add up beyond range");
    }
    return YS_OK;
}

/* ---- a run ---- */

typedef struct runner {
    ys_pair_run run;
    ys_pair_search *search; /* per thread */
    const ys_pair_config *config;
    int threads;
    atomic_bool stop;
} runner;

static void solve_parts(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    runner *r = arg;
    (void)no;
    for (int64_t c = begin; c < end; c++) {
        if (r->config->interrupted != NULL && r->config->interrupted(r->config->arg))
            atomic_store(&r->stop, true);
        if (atomic_load(&r->stop))
            return;
        ys__pair_part_solve(&r->run, &r->search[thread], r->run.parts.order[c]);
    }
}

static ys_status make_nodes(ys_pair_run *run, ys_diag *diag)
{
    const ys_pair_input *in = run->in;
    int64_t edges = in->start[in->needs], first = 0;
    run->node = ys_aligned((size_t)in->givers + 1, sizeof *run->node);
    run->seat = ys_malloc((size_t)in->needs * sizeof *run->seat + 1);
    if (run->node == NULL || run->seat == NULL)
        return ys_fail_nomem(diag);
    for (int64_t e = 0; e < edges; e++) /* so far: how often it is named */
        run->node[in->giver[e]].load++;
    for (int64_t j = 0; j < in->givers; j++) {
        ys_pair_node *v = &run->node[j];
        v->capacity = in->capacity[j] < v->load ? in->capacity[j] : v->load;
        v->load = 0;
        v->first = first;
        first += v->capacity;
        int64_t free_cost = in->slot_at != NULL && v->capacity > 0 ? in->slot[in->slot_at[j]] : 0;
        v->price = free_cost;
        v->next = v->capacity > 0 ? free_cost : YS_PAIR_FAR;
    }
    for (int64_t i = 0; i < in->needs; i++)
        run->seat[i].edge = -1;
    run->taker = ys_malloc((size_t)first * sizeof *run->taker + 1);
    return run->taker != NULL ? YS_OK : ys_fail_nomem(diag);
}

static ys_status make_searches(runner *r, ys_diag *diag)
{
    r->search = ys_calloc((size_t)r->threads, sizeof *r->search);
    if (r->search == NULL)
        return ys_fail_nomem(diag);
    for (int t = 0; t < r->threads; t++) {
        ys_pair_search *s = &r->search[t];
        size_t room = (size_t)r->run.parts.most_givers + 1;
        s->heap = ys_malloc(room * sizeof *s->heap);
        s->settled = ys_malloc(room * sizeof *s->settled);
        if (s->heap == NULL || s->settled == NULL)
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

static void runner_done(runner *r)
{
    for (int t = 0; r->search != NULL && t < r->threads; t++) {
        ys_free(r->search[t].heap);
        ys_free(r->search[t].settled);
    }
    ys_free(r->search);
    ys_free(r->run.node);
    ys_free(r->run.seat);
    ys_free(r->run.taker);
    ys__pair_parts_done(&r->run.parts);
}

/* ---- the result ---- */

/* A giver that has free places but no taker keeps a price of its first place; what one more place would save is
 * nothing.  Lowering the price of a giver that is not full to the cost of its last taken place keeps the proof, but
 * only if no need then prefers it, so prices stay as the search left them. */
static void read_out(const runner *r, ys_pair_result *out)
{
    const ys_pair_input *in = r->run.in;
    for (int64_t j = 0; j < in->givers; j++) {
        const ys_pair_node *v = &r->run.node[j];
        out->price[j] = v->price;
        out->load[j] = v->load;
        for (int32_t k = 0; k < v->load; k++)
            out->value += in->slot_at != NULL ? in->slot[in->slot_at[j] + k] : 0;
        for (int32_t k = 0; k < in->capacity[j]; k++) {
            int64_t slot = in->slot_at != NULL ? in->slot[in->slot_at[j] + k] : 0;
            if (v->price <= slot)
                break;
            out->dual -= v->price - slot;
        }
    }
    for (int64_t i = 0; i < in->needs; i++) {
        int32_t e = r->run.seat[i].edge;
        out->edge[i] = e;
        out->alone += e < 0;
        out->no_edge += in->start[i] == in->start[i + 1];
        out->value += e < 0 ? ys__pair_alone(in, i) : in->cost[e];
        out->dual += e < 0 ? ys__pair_alone(in, i) : in->cost[e] + r->run.node[in->giver[e]].price;
    }
    out->parts = r->run.parts.count;
    for (int t = 0; t < r->threads; t++)
        out->paths += r->search[t].paths;
}

static ys_status make_result(const runner *r, ys_pair_result **ret, ys_diag *diag)
{
    const ys_pair_input *in = r->run.in;
    ys_pair_result *out = ys_calloc(1, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    out->needs = in->needs;
    out->givers = in->givers;
    out->edge = ys_malloc((size_t)in->needs * sizeof *out->edge + 1);
    out->price = ys_malloc((size_t)in->givers * sizeof *out->price + 1);
    out->load = ys_malloc((size_t)in->givers * sizeof *out->load + 1);
    if (out->edge == NULL || out->price == NULL || out->load == NULL) {
        ys_pair_result_free(out);
        return ys_fail_nomem(diag);
    }
    read_out(r, out);
    *ret = out;
    return YS_OK;
}

void ys_pair_result_free(ys_pair_result *r)
{
    if (r == NULL)
        return;
    ys_free(r->edge);
    ys_free(r->price);
    ys_free(r->load);
    ys_free(r);
}

ys_status ys_pair_solve(const ys_pair_input *in, const ys_pair_config *config, ys_pair_result **ret_result,
                        ys_diag *diag)
{
    static const ys_pair_config plain = {.threads = 1};
    runner r = {.run = {.in = in}, .config = config != NULL ? config : &plain};
    ys_pool *pool = NULL;
    ys_status st = YS_OK;
    YS_TRY(ys__pair_input_check(in, diag));
    atomic_init(&r.stop, false);
    pool = ys_pool_new(r.config->threads);
    r.threads = ys_pool_threads(pool);
    if (pool == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(ys__pair_parts_find(in, &r.run.parts, diag));
    YS_GO(make_nodes(&r.run, diag));
    YS_GO(make_searches(&r, diag));
    /* Some parts of a chunk may be tiny: many go together, the first (largest) ones alone. */
    ys_pool_run(pool, r.run.parts.count, r.run.parts.count / 256 + 1, solve_parts, &r);
    if (atomic_load(&r.stop))
        YS_GO(ys_fail(diag, YS_EINTERRUPTED, "配对中途停止，没有结果",
                      "pairing was stopped; there is no result"));
    YS_GO(make_result(&r, ret_result, diag));
done:
    ys_pool_free(pool);
    runner_done(&r);
    return st;
}

int64_t ys_pair_regret(const ys_pair_input *in, const ys_pair_result *r, int64_t i, int64_t e)
{
    int64_t best = ys__pair_alone(in, i);
    for (int64_t k = in->start[i]; k < in->start[i + 1]; k++) {
        int64_t v = in->cost[k] + r->price[in->giver[k]];
        best = v < best ? v : best;
    }
    return (e < 0 ? ys__pair_alone(in, i) : in->cost[e] + r->price[in->giver[e]]) - best;
}
