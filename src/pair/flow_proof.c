/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates of flow.h read again, in wide integers.
 */
#include "base/alloc.h"
#include "yaoshi/flow.h"

static int64_t lower(const ys_flow_input *in, int64_t e)
{
    return in->low ? in->low[e] : 0;
}

static ys_status check_optimal(const ys_flow_input *in, const ys_flow_result *r, ys_diag *diag)
{
    __int128 value = 0;
    ys_status st = YS_OK;
    int64_t *out = ys_calloc((size_t)in->nodes + 1, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int64_t e = 0; e < in->arcs; e++) {
        int64_t f = r->flow[e];
        if (f < lower(in, e) || f > in->cap[e])
            YS_GO(ys_fail(diag, YS_EDATA, "第 %lld 条弧的流量 %lld 越界",
                          "the flow of arc %lld, %lld, is out of bounds", (long long)e + 1, (long long)f));
        __int128 rest = (__int128)in->cost[e] + r->potential[in->tail[e]] - r->potential[in->head[e]];
        if ((rest < 0 && f < in->cap[e]) || (rest > 0 && f > lower(in, e)))
            YS_GO(ys_fail(diag, YS_EDATA, "第 %lld 条弧违反互补松弛",
                          "arc %lld breaks complementary slackness", (long long)e + 1));
        value += (__int128)f * in->cost[e];
        out[in->tail[e]] += f;
        out[in->head[e]] -= f;
    }
    for (int64_t v = 0; v < in->nodes; v++)
        if (out[v] != in->supply[v])
            YS_GO(ys_fail(diag, YS_EDATA, "节点 %lld 流出 %lld，应为 %lld",
                          "node %lld sends %lld, should send %lld", (long long)v + 1, (long long)out[v],
                          (long long)in->supply[v]));
    if (value != r->value)
        YS_GO(ys_fail(diag, YS_EDATA, "总费用应为 %lld", "the total cost should be %lld", (long long)value));
done:
    ys_free(out);
    return st;
}

static ys_status check_cut(const ys_flow_input *in, const ys_flow_result *r, ys_diag *diag)
{
    __int128 over = 0;
    for (int64_t v = 0; v < in->nodes; v++)
        over += r->cut[v] ? in->supply[v] : 0;
    for (int64_t e = 0; e < in->arcs; e++) {
        int from = r->cut[in->tail[e]], to = r->cut[in->head[e]];
        if (from && !to && in->cap[e] == YS_FLOW_UNLIMITED)
            return ys_fail(diag, YS_EDATA, "割上有不限量的弧 %lld", "arc %lld without limit leaves the set",
                           (long long)e + 1);
        over -= from && !to ? in->cap[e] : 0;
        over += !from && to ? lower(in, e) : 0;
    }
    if (over <= 0 || over != r->excess)
        return ys_fail(diag, YS_EDATA, "割的过剩应为正：%lld",
                       "the set must have too much; it has %lld beyond", (long long)over);
    return YS_OK;
}

/* Unlimited forward, cost below 0.  A circle against an arc's direction would run into its lower bound. */
static ys_status check_cycle(const ys_flow_input *in, const ys_flow_result *r, ys_diag *diag)
{
    __int128 cost = 0;
    for (int64_t k = 0; k < r->cycle_arcs; k++) {
        int32_t e = r->cycle[k], next = r->cycle[k + 1 < r->cycle_arcs ? k + 1 : 0];
        if (e < 0 || e >= in->arcs || next < 0 || next >= in->arcs || in->cap[e] != YS_FLOW_UNLIMITED ||
            in->head[e] != in->tail[next])
            return ys_fail(diag, YS_EDATA, "第 %lld 条不是不限量的圈",
                           "no circle without limit at its arc %lld", (long long)k + 1);
        cost += in->cost[e];
    }
    return cost < 0 ? YS_OK
                    : ys_fail(diag, YS_EDATA, "圈的费用不是负数", "the circle does not cost less than 0");
}

ys_status ys_flow_check(const ys_flow_input *in, const ys_flow_result *r, ys_diag *diag)
{
    switch (r->outcome) {
    case YS_FLOW_OPTIMAL:
        return check_optimal(in, r, diag);
    case YS_FLOW_INFEASIBLE:
        return check_cut(in, r, diag);
    case YS_FLOW_UNBOUNDED:
        return check_cycle(in, r, diag);
    }
    return ys_fail(diag, YS_EDATA, "未知的结果", "an unknown outcome");
}
