/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/prices.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/num.h"
#include "plan/model.h"

/* By sort, dearest first, then as the problem counts. */
static int by_price(const void *a, const void *b)
{
    const ys_priced *x = a, *y = b;
    if (x->sort != y->sort)
        return x->sort < y->sort ? -1 : 1;
    if (x->price != y->price)
        return x->price > y->price ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

ys_status ys_plan_price_list(const ys_plan *p, const ys_plan_result *r, ys_priced **ret_list,
                             int64_t *ret_count, ys_diag *diag)
{
    const ys_plan_tier *t = &r->tier[1];
    int64_t n = 0;
    ys_priced *list = ys_malloc((size_t)(r->rows + r->floors + 1) * sizeof *list);
    if (list == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < r->rows; i++)
        if (t->price[i] > 0)
            list[n++] = (ys_priced){.sort = i < p->in->n_funds ? YS_PRICE_FUND : YS_PRICE_PLACE,
                                    .row = i,
                                    .price = ldexp((double)t->price[i], -t->shift)};
    for (int64_t f = 0; f < r->floors; f++)
        if (t->floor_price[f] > 0)
            list[n++] = (ys_priced){.sort = YS_PRICE_FLOOR,
                                    .row = f,
                                    .metric = p->in->floors[f].metric,
                                    .ceiling = p->in->floors[f].kind == YS_PLAN_MOST,
                                    .price = ldexp((double)t->floor_price[f], -t->shift)};
    if (t->couple_price > 0)
        list[n++] = (ys_priced){
            .sort = YS_PRICE_COUPLE, .row = -1, .price = ldexp((double)t->couple_price, -t->shift)};
    qsort(list, (size_t)n, sizeof *list, by_price);
    *ret_list = list;
    *ret_count = n;
    return YS_OK;
}

/* Hundredths where they matter, whole units in groups of three where they do not. */
static const char *amount(double major, char *buf, size_t size)
{
    return major < 100 ? ys_format_money_grouped((int64_t)(100 * major + 0.5), 2, buf, size)
                       : ys_format_int_grouped((int64_t)(major + 0.5), buf, size);
}

static void say_floor(const ys_priced *price, const ys_price_names *n, const char *much, bool zh, ys_str *out)
{
    static const struct {
        const char *zh, *en;
    } one[] = {[YS_PLAN_CURES] = {"1 项·人", "1 deprivation"}, [YS_PLAN_HELPED] = {"1 户", "1 household"}};
    if (price->ceiling)
        ys_str_printf(out, zh ? "上限“%s”再压低 " : "lowering the ceiling '%s' by ", n->name);
    else
        ys_str_printf(out, zh ? "底线“%s”再抬高 " : "raising the floor '%s' by ", n->name);
    if (price->metric == YS_PLAN_GAP)
        ys_str_printf(out, "1 %s", n->currency);
    else
        ys_str_puts(out, zh ? one[price->metric].zh : one[price->metric].en);
    ys_str_printf(out,
                  zh ? "，全部地区合起来要少补缺口 %s %s（现值）。"
                     : " takes %s %s from the gap closed everywhere (present value).",
                  much, n->currency);
}

void ys_price_say(const ys_priced *price, const ys_price_names *n, bool zh, ys_str *out)
{
    char much[48];
    bool ratio =
        price->sort == YS_PRICE_FUND || (price->sort == YS_PRICE_FLOOR && price->metric == YS_PLAN_GAP);
    amount(ratio ? price->price : price->price / n->unit, much, sizeof much);
    if (price->sort == YS_PRICE_FUND)
        ys_str_printf(out,
                      zh ? "“%s”%lld 年再多 1 %s，可多补缺口 %s %s（现值）。"
                         : "'%s' %lld: 1 %s more closes %s %s more of the gap (present value).",
                      n->name, (long long)n->year, n->currency, much, n->currency);
    else if (price->sort == YS_PRICE_PLACE)
        ys_str_printf(out,
                      zh ? "“%s”再多 1 个名额，除去它自己用的钱，可多补缺口 %s %s（现值）。"
                         : "'%s': 1 place more closes, beyond the money it takes, %s %s more of the gap "
                           "(present value).",
                      n->name, much, n->currency);
    else if (price->sort == YS_PRICE_FLOOR)
        say_floor(price, n, much, zh, out);
    else
        ys_str_printf(
            out,
            zh ? "法定保障优先的代价：最后解决的那一项法定短板（一人一项），少补了缺口 %s %s（现值）。"
               : "the price of the law coming first: the last statutory deprivation cured (one person, one "
                 "right) takes %s %s from the gap closed (present value).",
            much, n->currency);
}
