/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge.  It shares no code with the planner: limits and values are added up anew, and the bound is found by
 * trying every pair of options instead of keeping the best two.
 */
#include "yaoshi/optim.h"

#include "base/alloc.h"

/* Reduced values of the options of one household, times 2^bits; a household may have many, so pairs are tried by group. */
static __int128 reduced(const ys_additive *p, const ys_additive_result *r, int64_t h, uint64_t i)
{
    const ys_optim_option *o = &p->option[i];
    __int128 v = (__int128)o->value * p->household[h].weight;
    for (int b = 0; b < r->price_bits; b++)
        v *= 2;
    if (p->funds > 0) {
        v -= (__int128)r->price[o->fund_a] * o->cost_a;
        v -= (__int128)r->price[o->fund_b] * o->cost_b;
    }
    if (o->row != YS_OPTIM_NO_ROW)
        v -= r->price[p->funds + (int64_t)o->row];
    return v;
}

/* Most a household can add: best of every group, then the two best groups. */
static __int128 best_of(const ys_additive *p, const ys_additive_result *r, int64_t h, __int128 group[256])
{
    __int128 best = 0;
    for (int g = 0; g < 256; g++)
        group[g] = 0;
    for (uint64_t i = p->offset[h]; i < p->offset[h + 1]; i++) {
        __int128 v = reduced(p, r, h, i);
        if (v > group[p->option[i].group])
            group[p->option[i].group] = v;
    }
    uint8_t used[256];
    int n = 0;
    for (int g = 0; g < 256; g++)
        if (group[g] > 0)
            used[n++] = (uint8_t)g;
    for (int a = 0; a < n; a++)
        for (int b = a; b < n; b++) {
            __int128 both = group[used[a]] + (a == b ? 0 : group[used[b]]);
            best = both > best ? both : best;
        }
    return best;
}

static ys_status check_bound(const ys_additive *p, const ys_additive_result *r, ys_diag *diag)
{
    __int128 bound = 0, group[256], unit = (__int128)1 << r->price_bits;
    for (int64_t k = 0; k < r->n_prices; k++) {
        if (r->price[k] < 0)
            return ys_fail(diag, YS_EDATA, "第 %lld 个价格为负", "price %lld is negative", (long long)k + 1);
        if (__builtin_add_overflow(bound, (__int128)r->price[k] * p->limit[k], &bound))
            return ys_fail(diag, YS_ELIMIT, "上界超过 127 位", "the bound passes 127 bits");
    }
    for (int64_t h = 0; h < p->households; h++)
        bound += best_of(p, r, h, group);
    __int128 whole = bound / unit;
    /* Rounded up; down where the value attains that. */
    __int128 told = whole * unit < bound && whole != r->value ? whole + 1 : whole;
    if (told != r->bound)
        return ys_fail(diag, YS_EDATA, "上界应为 %lld，不是 %lld", "the bound is %lld, not %lld",
                       (long long)told, (long long)r->bound);
    return YS_OK;
}

/* Adds the household's choice to `use`; its value in ret_value. */
static ys_status take(const ys_additive *p, const ys_additive_result *r, int64_t h, int64_t *use,
                      int64_t *ret_value, ys_diag *diag)
{
    const uint32_t a = r->choice[h][0], b = r->choice[h][1];
    const uint64_t first = p->offset[h], n = p->offset[h + 1] - first;
    if ((a != YS_OPTIM_NO_CHOICE && a >= n) || (b != YS_OPTIM_NO_CHOICE && b >= n))
        return ys_fail(diag, YS_EDATA, "第 %lld 户选了不存在的选项",
                       "household %lld: its choice is not there", (long long)h + 1);
    if (a != YS_OPTIM_NO_CHOICE && b != YS_OPTIM_NO_CHOICE &&
        (a == b || p->option[first + a].group == p->option[first + b].group))
        return ys_fail(diag, YS_EDATA, "第 %lld 户在同一组选了两个",
                       "household %lld: two choices of one group", (long long)h + 1);
    for (int k = 0; k < 2; k++) {
        if (r->choice[h][k] == YS_OPTIM_NO_CHOICE)
            continue;
        const ys_optim_option *o = &p->option[first + r->choice[h][k]];
        if (p->funds > 0) {
            use[o->fund_a] += o->cost_a;
            use[o->fund_b] += o->cost_b;
        }
        if (o->row != YS_OPTIM_NO_ROW)
            use[p->funds + (int64_t)o->row] += 1;
        *ret_value += (int64_t)o->value * p->household[h].weight;
    }
    return YS_OK;
}

static ys_status check_plan(const ys_additive *p, const ys_additive_result *r, int64_t *use, ys_diag *diag)
{
    int64_t value = 0;
    for (int64_t h = 0; h < p->households; h++)
        YS_TRY(take(p, r, h, use, &value, diag));
    for (int64_t k = 0; k < r->n_prices; k++) {
        if (use[k] > p->limit[k])
            return ys_fail(diag, YS_EDATA, "第 %lld 个上限 %lld 被用了 %lld",
                           "limit %lld is %lld, and %lld are used", (long long)k + 1, (long long)p->limit[k],
                           (long long)use[k]);
    }
    if (value != r->value)
        return ys_fail(diag, YS_EDATA, "价值应为 %lld，不是 %lld", "the value is %lld, not %lld",
                       (long long)value, (long long)r->value);
    return YS_OK;
}

ys_status ys_additive_check(const ys_additive *p, const ys_additive_result *r, ys_diag *diag)
{
    if (r->households != p->households || r->n_prices != p->funds + p->rows || r->price_bits < 0 ||
        r->price_bits > 24)
        return ys_fail(diag, YS_EDATA, "结果与问题大小不符",
                       "the result is of another size than the problem");
    YS_TRY(check_bound(p, r, diag));
    int64_t *use = ys_calloc((size_t)r->n_prices + 1, sizeof *use);
    if (use == NULL)
        return ys_fail_nomem(diag);
    ys_status st = check_plan(p, r, use, diag);
    ys_free(use);
    return st;
}
