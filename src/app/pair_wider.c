/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs outside the lists of candidates: at the prices of a solution, which of them would make it better?
 *
 * A pair that costs c is worth looking at only if c + price of the giver < what the need pays at best.  Most pairs are
 * ruled out without running a rule, by what a pair of the two areas costs at least (pair_near.c): groups come in that
 * order, and the first that is too dear ends the search.  When nothing is found the solution is the best over all pairs
 * within reach, not only over those listed.
 *
 * Later rounds look again only where something changed: a need that found nothing and pays no more than then can gain
 * only from givers whose price fell.
 */
#include <string.h>

#include "app/pairing.h"
#include "base/alloc.h"

enum { MOST_NEW = 8 };

typedef struct found {
    int32_t need, giver;
    int64_t cost;
} found;

typedef struct search {
    ys_pairing *p;
    int32_t *mark;           /* per giver: the need on whose list it is */
    int64_t *pays;           /* per need: its cheapest edge at the prices, or staying alone */
    int64_t *lowest;         /* per group: lowest price of a giver */
    int32_t *fell, *fell_at; /* givers whose price fell since the last round, and the first of each group */
    int64_t waiting;
    int32_t *need_of, *giver_of;
    int64_t *points;
    uint8_t *ok, *fresh; /* fresh: pairs found for a need in this round */
    found *list;
    size_t count, room;
} search;

/* ---- pairs ---- */

static ys_status flush(search *s, ys_diag *diag)
{
    ys_pairing *p = s->p;
    int64_t n = s->waiting;
    s->waiting = 0;
    if (n == 0)
        return YS_OK;
    YS_TRY(ys__pair_price(p, n, s->points, s->ok, NULL, diag));
    for (int64_t i = 0; i < n; i++) {
        int32_t need = s->need_of[i], giver = s->giver_of[i];
        int64_t cost = p->env->kept[i] ? -p->level->keep : 0;
        for (int k = 0; k < p->terms; k++)
            cost += s->points[k * n + i];
        if (!s->ok[i] || cost + p->result->price[giver] >= s->pays[need] || s->fresh[need] >= MOST_NEW)
            continue;
        if (!ys_grow(&s->list, &s->room, s->count + 1, sizeof *s->list))
            return ys_fail_nomem(diag);
        s->list[s->count++] = (found){need, giver, cost};
        s->fresh[need]++;
    }
    return YS_OK;
}

static ys_status try_pair(search *s, int32_t need, int32_t giver, int64_t least, ys_diag *diag)
{
    ys_pairing *p = s->p;
    if (least + p->result->price[giver] >= s->pays[need] || s->mark[giver] == need)
        return YS_OK;
    if (s->waiting == YS_PAIR_BLOCK)
        YS_TRY(flush(s, diag));
    ys__pair_put(p, s->waiting, need, giver);
    s->need_of[s->waiting] = need;
    s->giver_of[s->waiting++] = giver;
    return YS_OK;
}

static ys_status look_around(search *s, int32_t need, ys_diag *diag)
{
    ys_pairing *p = s->p;
    if (p->need_area[need] != p->near_area)
        YS_TRY(flush(s, diag)); /* the block is where another area's ground is priced */
    YS_TRY(ys__pair_near_of(p, need, diag));
    p->within += p->near_givers;
    bool only_fallen = p->quiet[need] >= s->pays[need];
    const int32_t *list = only_fallen ? s->fell : p->sorted, *at = only_fallen ? s->fell_at : p->group_at;
    for (int64_t k = 0; k < p->nears && p->near[k].least < s->pays[need]; k++) {
        int32_t g = p->near[k].group;
        if (p->near[k].least + s->lowest[g] >= s->pays[need])
            continue;
        for (int32_t i = at[g]; i < at[g + 1]; i++)
            YS_TRY(try_pair(s, need, list[i], p->near[k].least, diag));
    }
    return YS_OK;
}

/* Of each group: the lowest price, and whose price fell. */
static void look_at_prices(search *s)
{
    const ys_pairing *p = s->p;
    const int64_t *price = p->result->price;
    int32_t fallen = 0;
    for (int64_t g = 0; g < p->groups; g++) {
        s->lowest[g] = INT64_MAX / 2;
        s->fell_at[g] = fallen;
        for (int32_t k = p->group_at[g]; k < p->group_at[g + 1]; k++) {
            int32_t j = p->sorted[k];
            s->lowest[g] = price[j] < s->lowest[g] ? price[j] : s->lowest[g];
            if (price[j] < p->last_price[j])
                s->fell[fallen++] = j;
        }
    }
    s->fell_at[p->groups] = fallen;
}

/* ---- the lists with what was found ---- */

static ys_status merge(search *s, ys_diag *diag)
{
    ys_pairing *p = s->p;
    int64_t edges = p->start[p->needs] + (int64_t)s->count, at = 0;
    if (edges >= INT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "可选配对超过 2^31 个", "there are more than 2^31 possible pairs");
    int32_t *giver = ys_malloc((size_t)edges * sizeof *giver + 1);
    int64_t *cost = ys_malloc((size_t)edges * sizeof *cost + 1);
    size_t *first =
        ys_calloc((size_t)p->needs + 1, sizeof *first); /* what was found for a need stands together */
    if (giver == NULL || cost == NULL || first == NULL) {
        ys_free(first);
        ys_free(giver);
        ys_free(cost);
        return ys_fail_nomem(diag);
    }
    for (size_t k = s->count; k-- > 0;)
        first[s->list[k].need] = k;
    for (int64_t i = 0; i < p->needs; i++) {
        int64_t from = p->start[i], to = p->start[i + 1];
        p->start[i] = at;
        for (int64_t e = from; e < to; e++, at++) {
            giver[at] = p->giver[e];
            cost[at] = p->cost[e];
        }
        for (size_t k = first[i]; k < first[i] + s->fresh[i]; k++, at++) {
            giver[at] = s->list[k].giver;
            cost[at] = s->list[k].cost;
        }
    }
    p->start[p->needs] = at;
    ys_free(first);
    ys_free(p->giver);
    ys_free(p->cost);
    p->giver = giver;
    p->cost = cost;
    return YS_OK;
}

static ys_status run(search *s, const ys_pairing_args *args, ys_diag *diag)
{
    ys_pairing *p = s->p;
    look_at_prices(s);
    for (int64_t j = 0; j < p->givers; j++)
        s->mark[j] = -1;
    p->within = 0;
    for (int64_t o = 0; o < p->needs; o++) {
        int32_t i = p->order[o];
        p->stopped =
            p->stopped || (o % 1024 == 0 && args->interrupted != NULL && args->interrupted(args->arg));
        if (p->stopped)
            return YS_OK;
        s->pays[i] = p->level->alone - ys_pair_regret(&p->in, p->result, i, -1);
        for (int64_t e = p->start[i]; e < p->start[i + 1]; e++)
            s->mark[p->giver[e]] = i;
        YS_TRY(look_around(s, i, diag));
    }
    YS_TRY(flush(s, diag));
    for (int64_t i = 0; i < p->needs; i++)
        p->quiet[i] = s->fresh[i] > 0 ? INT64_MIN : s->pays[i];
    memcpy(p->last_price, p->result->price, (size_t)p->givers * sizeof *p->last_price);
    return s->count > 0 ? merge(s, diag) : YS_OK;
}

/* Before the first round nothing is known: every need looks at everybody. */
static ys_status begin(ys_pairing *p, ys_diag *diag)
{
    if (p->quiet != NULL)
        return YS_OK;
    p->quiet = ys_malloc((size_t)p->needs * sizeof *p->quiet + 1);
    p->last_price = ys_calloc((size_t)p->givers + 1, sizeof *p->last_price);
    if (p->quiet == NULL || p->last_price == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < p->needs; i++)
        p->quiet[i] = INT64_MIN;
    return YS_OK;
}

ys_status ys__pair_look_wider(ys_pairing *p, const ys_pairing_args *args, int64_t *ret_found, ys_diag *diag)
{
    search s = {.p = p};
    ys_status st = YS_OK;
    YS_TRY(begin(p, diag));
    s.fell = ys_malloc((size_t)p->givers * sizeof *s.fell + 1);
    s.fell_at = ys_malloc(((size_t)p->groups + 1) * sizeof *s.fell_at);
    s.lowest = ys_malloc((size_t)p->groups * sizeof *s.lowest + 1);
    s.pays = ys_malloc((size_t)p->needs * sizeof *s.pays + 1);
    s.mark = ys_malloc((size_t)p->givers * sizeof *s.mark + 1);
    s.need_of = ys_malloc(YS_PAIR_BLOCK * sizeof *s.need_of);
    s.giver_of = ys_malloc(YS_PAIR_BLOCK * sizeof *s.giver_of);
    s.points = ys_malloc((size_t)YS_PAIR_BLOCK * ((size_t)p->terms + 1) * sizeof *s.points);
    s.ok = ys_malloc(YS_PAIR_BLOCK);
    s.fresh = ys_calloc((size_t)p->needs + 1, 1);
    if (!s.pays || !s.fell || !s.fell_at || !s.lowest || !s.mark || !s.need_of || !s.giver_of || !s.points ||
        !s.ok || !s.fresh)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(run(&s, args, diag));
    *ret_found = (int64_t)s.count;
done:
    ys_free(s.pays);
    ys_free(s.fell);
    ys_free(s.fell_at);
    ys_free(s.lowest);
    ys_free(s.mark);
    ys_free(s.need_of);
    ys_free(s.giver_of);
    ys_free(s.points);
    ys_free(s.ok);
    ys_free(s.fresh);
    ys_free(s.list);
    return st;
}
