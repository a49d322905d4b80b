/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The independent reading: from the text of pair.h alone, in wide integers, without a line of the solver.
 */
#include "base/alloc.h"
#include "yaoshi/pair.h"

static int64_t alone_cost(const ys_pair_input *in, int64_t i)
{
    return in->alone ? in->alone[i] : in->alone_all;
}

/* Both sides of the proof. */
typedef struct sums {
    __int128 value, dual;
} sums;

static ys_status count_takers(const ys_pair_input *in, const ys_pair_result *r, int64_t *taken, sums *s,
                              ys_diag *diag)
{
    int64_t alone = 0, no_edge = 0;
    for (int64_t i = 0; i < in->needs; i++) {
        int64_t e = r->edge[i];
        no_edge += in->start[i] == in->start[i + 1];
        if (e == -1) {
            alone++;
            s->value += alone_cost(in, i);
            continue;
        }
        if (e < in->start[i] || e >= in->start[i + 1])
            return ys_fail(diag, YS_EDATA, "第 %lld 个需求用了别人的边 %lld",
                           "need %lld uses edge %lld, not its own", (long long)i, (long long)e);
        taken[in->giver[e]]++;
        s->value += in->cost[e];
    }
    if (alone != r->alone || no_edge != r->no_edge)
        return ys_fail(diag, YS_EDATA, "没有结对的数目应为 %lld（其中无人可配 %lld）",
                       "the number without a giver should be %lld (%lld without an edge)", (long long)alone,
                       (long long)no_edge);
    return YS_OK;
}

static ys_status check_giver(const ys_pair_input *in, const ys_pair_result *r, int64_t j, int64_t taken,
                             sums *s, ys_diag *diag)
{
    if (taken > in->capacity[j] || taken != r->load[j])
        return ys_fail(diag, YS_EDATA, "第 %lld 个帮扶方配了 %lld 个，写的是 %d，名额 %d",
                       "giver %lld has %lld takers; the result says %d, it has %d places", (long long)j,
                       (long long)taken, r->load[j], in->capacity[j]);
    if (r->price[j] < 0)
        return ys_fail(diag, YS_EDATA, "第 %lld 个帮扶方的价格是负数", "giver %lld has a negative price",
                       (long long)j);
    for (int64_t k = 0; k < in->capacity[j]; k++) {
        int64_t slot = in->slot_at ? in->slot[in->slot_at[j] + k] : 0;
        if (k < taken)
            s->value += slot;
        if (r->price[j] > slot)
            s->dual -= r->price[j] - slot;
        else if (k >= taken)
            break; /* places only get costlier */
    }
    return YS_OK;
}

ys_status ys_pair_check(const ys_pair_input *in, const ys_pair_result *r, int64_t *ret_value,
                        int64_t *ret_dual, ys_diag *diag)
{
    sums s = {0};
    ys_status st = YS_OK;
    if (r->needs != in->needs || r->givers != in->givers)
        return ys_fail(diag, YS_EDATA, "结果不是这个问题的", "the result is not of this problem");
    int64_t *taken = ys_calloc((size_t)in->givers + 1, sizeof *taken);
    if (taken == NULL)
        return ys_fail_nomem(diag);
    YS_GO(count_takers(in, r, taken, &s, diag));
    for (int64_t j = 0; j < in->givers; j++)
        YS_GO(check_giver(in, r, j, taken[j], &s, diag));
    for (int64_t i = 0; i < in->needs; i++) {
        __int128 least = alone_cost(in, i);
        for (int64_t e = in->start[i]; e < in->start[i + 1]; e++) {
            __int128 v = (__int128)in->cost[e] + r->price[in->giver[e]];
            least = v < least ? v : least;
        }
        s.dual += least;
    }
    if (s.value != r->value || s.dual != r->dual)
        YS_GO(ys_fail(diag, YS_EDATA, "重算的值 %lld、界 %lld 与结果不符",
                      "recomputed value %lld and bound %lld are not the result's", (long long)s.value,
                      (long long)s.dual));
    if (s.value > s.dual)
        YS_GO(ys_fail(diag, YS_EINFEASIBLE, "还没有证明最优：值 %lld，界 %lld",
                      "not proven optimal: value %lld, bound %lld", (long long)s.value, (long long)s.dual));
    if (ret_value != NULL)
        *ret_value = (int64_t)s.value;
    if (ret_dual != NULL)
        *ret_dual = (int64_t)s.dual;
done:
    ys_free(taken);
    return st;
}
