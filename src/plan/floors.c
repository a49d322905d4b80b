/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

/*
 * Why floors cannot be met.  A floor alone is refuted by a bound: the most its areas could reach under all limits is
 * below its minimum.  Floors together are refuted by prices at which, with a zero objective, the Lagrangian is negative;
 * dropping floors one by one from such a set leaves one in which each member is necessary for the refutation.
 */

enum { PASSES = 120, MOST_DROPS = 64 };

/* The largest reachable value of floor `f` alone, as a proven bound. */
static ys_status reach(const ys_choice *c, ys_pool *pool, int f, const ys_plan_config *config,
                       int64_t *ret_bound, ys_diag *diag)
{
    ys_choice only = *c;
    ys_stage s;
    ys_certificate cert = {0};
    int64_t none = 0;
    ys_plan_metric metric = c->floor_metric[f];
    int8_t sign = 1;
    int32_t level = -1;
    int32_t *at = ys_calloc((size_t)c->n_places + 1, sizeof *at);
    int32_t *list = ys_calloc((size_t)c->n_places, sizeof *list);
    ys_status st = at == NULL || list == NULL ? ys_fail_nomem(diag) : YS_OK;
    if (st != YS_OK)
        goto done;
    for (int32_t p = 0; p < c->n_places; p++) {
        at[p + 1] = at[p];
        for (int32_t k = c->place_at[p]; k < c->place_at[p + 1]; k++)
            if (c->place_floor[k] == f)
                at[p + 1] = at[p] + 1;
    }
    only.n_floors = 1;
    only.floor_metric = &metric;
    only.floor_minimum = &none;
    only.n_levels = 0;
    only.sum_sign = &sign;
    only.floor_level = &level;
    only.floor_ratio = &none;
    only.term_at = NULL;
    only.place_at = at;
    only.place_floor = list;
    YS_GO(ys__stage_init(&s, &only, pool, true, -1, diag));
    ys__stage_scale(&s);
    for (int64_t r = 0; r < only.n_rows; r++)
        s.scale[r] /= s.floor_scale[0];
    s.floor_scale[0] = 0; /* the price of the floor stays 1: it is the objective */
    s.x[only.n_rows] = s.price[only.n_rows] = 1;
    (void)ys__stage_ascend(&s, PASSES, config, 0);
    st = ys__stage_certify(&s, s.price, &cert, diag);
    ys__stage_done(&s);
    if (st == YS_OK)
        *ret_bound = cert.bound;
    ys__certificate_done(&cert);
done:
    ys_free(at);
    ys_free(list);
    return st;
}

/* Do the floors marked in `in` contradict each other?  `in` shrinks to those with a price when they do. */
static ys_status contradict(const ys_choice *c, ys_pool *pool, uint8_t *in, const ys_plan_config *config,
                            bool *ret_proven, ys_diag *diag)
{
    ys_stage s;
    YS_TRY(ys__stage_init(&s, c, pool, true, -1, diag));
    ys__stage_scale(&s);
    for (int f = 0; f < c->n_floors; f++)
        if (!in[f])
            s.floor_scale[f] = 0; /* its price stays 0: it does not apply */
    bool proven = false;
    ys_status st = YS_OK;
    for (int round = 0; st == YS_OK && round < 6 && !proven; round++) {
        bool more = ys__stage_ascend(&s, PASSES / 2, config, 0);
        ys_certificate cert = {0};
        st = ys__stage_certify(&s, s.price, &cert, diag);
        proven = st == YS_OK && cert.negative;
        for (int f = 0; proven && f < c->n_floors; f++)
            in[f] = in[f] && cert.floor_price[f] > 0;
        ys__certificate_done(&cert);
        if (!more)
            break;
    }
    ys__stage_done(&s);
    if (st == YS_OK)
        *ret_proven = proven;
    return st;
}

static ys_status shrink(const ys_choice *c, ys_pool *pool, uint8_t *in, const ys_plan_config *config,
                        ys_diag *diag)
{
    uint8_t *less = ys_calloc((size_t)c->n_floors, 1);
    if (less == NULL)
        return ys_fail_nomem(diag);
    ys_status st = YS_OK;
    int drops = 0;
    for (int f = 0; st == YS_OK && f < c->n_floors && drops < MOST_DROPS; f++) {
        if (!in[f])
            continue;
        memcpy(less, in, (size_t)c->n_floors);
        less[f] = 0;
        bool proven = false;
        st = contradict(c, pool, less, config, &proven, diag);
        drops++;
        if (st == YS_OK && proven)
            memcpy(in, less, (size_t)c->n_floors);
    }
    ys_free(less);
    return st;
}

static void list_names(const ys_choice *c, const uint8_t *in, const char *const *names, ys_str *text)
{
    enum { MOST = 12 };
    int n = 0;
    for (int f = 0; f < c->n_floors; f++) {
        if (!in[f])
            continue;
        if (n < MOST)
            ys_str_printf(text, "%s%s", n > 0 ? ", " : "", names != NULL ? names[f] : "?");
        n++;
    }
    if (n > MOST)
        ys_str_printf(text, " … (%d)", n);
}

static ys_status blame_one(const ys_choice *c, int f, int64_t bound, const char *const *names, ys_diag *diag)
{
    const char *name = names != NULL ? names[f] : "?";
    ys_diag_value(diag, name);
    ys_status st =
        ys_fail(diag, YS_EINFEASIBLE, "下限“%s”达不到：最少要 %lld，而现有资金与名额最多只能达到 %lld",
                "floor '%s' cannot be met: it asks for %lld, money and places allow at most %lld", name,
                (long long)c->floor_minimum[f], (long long)bound);
    ys_diag_fix(diag, "降低该下限，或在该地区增加资金或名额",
                "lower the floor, or add money or places in its area");
    return st;
}

static ys_status blame_many(const ys_choice *c, const uint8_t *in, bool proven, const char *const *names,
                            ys_diag *diag)
{
    ys_str text = {0};
    list_names(c, in, names, &text);
    ys_diag_value(diag, ys_str_get(&text));
    ys_status st = proven ? ys_fail(diag, YS_EINFEASIBLE, "这些下限合在一起达不到（已证明）：%s",
                                    "these floors cannot be met together (proven): %s", ys_str_get(&text))
                          : ys_fail(diag, YS_EINFEASIBLE, "没有找到满足这些下限的方案（未能证明不存在）：%s",
                                    "no plan was found that meets these floors (not proven impossible): %s",
                                    ys_str_get(&text));
    ys_diag_fix(diag, "降低其中一个下限，或增加它们争用的资金或名额",
                "lower one of them, or add the money or places they compete for");
    ys_str_done(&text);
    return st;
}

ys_status ys__explain_floors(const ys_choice *c, ys_pool *pool, const uint8_t *is_short,
                             const ys_plan_config *config, const char *const *names, ys_diag *diag)
{
    for (int f = 0; f < c->n_floors; f++) {
        if (!is_short[f] || c->floor_level[f] >= 0 || c->sum_sign[f] < 0)
            continue; /* who gives nothing keeps what is asked in proportion, and every ceiling */
        int64_t bound;
        YS_TRY(reach(c, pool, f, config, &bound, diag));
        if (bound < c->floor_minimum[f])
            return blame_one(c, f, bound, names, diag);
    }
    uint8_t *in = ys_malloc((size_t)c->n_floors);
    if (in == NULL)
        return ys_fail_nomem(diag);
    memset(in, 1, (size_t)c->n_floors);
    bool proven = false;
    ys_status st = contradict(c, pool, in, config, &proven, diag);
    if (st == YS_OK && proven)
        st = shrink(c, pool, in, config, diag);
    if (st == YS_OK)
        st = blame_many(c, proven ? in : is_short, proven, names, diag);
    ys_free(in);
    return st;
}
