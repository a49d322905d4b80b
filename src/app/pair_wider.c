/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs outside the lists of candidates: at the prices of a solution, which of them would make it better?
 *
 * A pair that costs c is worth looking at only if c + price of the giver < what the need pays at best.  Most pairs are
 * ruled out without running a rule, by what a pair at that distance costs at least: terms that read nothing but `common`
 * are known for every level of areas, a term with points >= 0 adds at least 0, one with points < 0 at least its points.
 * When nothing is found the solution is the best over all pairs within reach, not only over those listed.
 *
 * Later rounds look again only where something changed: a need that found nothing and pays no more than then can gain
 * only from givers whose price fell.
 */
#include <string.h>

#include "app/pairing.h"
#include "base/alloc.h"

enum { MOST_NEW = 8, LEVELS = 16 };

typedef struct found {
    int32_t need, giver;
    int64_t cost;
} found;

typedef struct search {
    ys_pairing *p;
    int64_t least[LEVELS + 1]; /* of a pair with that level in common; the last: none in common */
    int32_t *mark;             /* per giver: the need on whose list it is */
    int64_t *pays;             /* per need: its cheapest edge at the prices, or staying alone */
    int32_t *fell; /* places in `sorted` of givers whose price fell since the last round, ascending */
    int64_t fallen;
    int64_t waiting;
    int32_t *need_of, *giver_of;
    int64_t *points;
    uint8_t *ok, *fresh; /* fresh: pairs found for a need in this round */
    found *list;
    size_t count, room;
} search;

/* ---- what a pair costs at least ---- */

static bool only_common(const ys_rule *r)
{
    const char *const *names;
    int n = ys_rule_reads(r, &names);
    return n == 1 && strcmp(names[0], "common") == 0;
}

static ys_status find_least(search *s, ys_diag *diag)
{
    ys_pairing *p = s->p;
    const char *const *levels;
    int n = ys_pack_area_levels(p->frame->pack, &levels);
    for (int l = 0; l <= LEVELS; l++)
        s->least[l] = 0;           /* today's giver is on the list already: nobody here has that bonus */
    for (int l = 0; l <= n; l++) { /* any pair serves: the terms that count here read nothing of it */
        ys__pair_put(p, l, 0, 0);
        p->env->common[l] = l < n ? l : YS_CODE_NA;
    }
    YS_TRY(ys__pair_price(p, n + 1, s->points, s->ok, NULL, diag));
    for (int k = 0; k < p->terms; k++) {
        const ys_pair_term *t = p->term[k];
        bool truth = ys_rule_result(p->rule[k]) == YS_RT_BOOL, exact = only_common(p->rule[k]);
        for (int l = 0; l <= LEVELS && !t->condition; l++) {
            int at = l < n ? l : n; /* levels the pack does not have are never asked for */
            s->least[l] += exact          ? s->points[k * (n + 1) + at]
                           : truth        ? (t->cost < 0 ? t->cost : 0)
                           : t->cost != 0 ? -YS_PAIR_COST_MAX /* a number may be anything */
                                          : 0;
        }
    }
    s->least[LEVELS] = n < LEVELS ? s->least[n] : s->least[LEVELS];
    return YS_OK;
}

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

static ys_status try_pair(search *s, int32_t need, int64_t k, int64_t least, ys_diag *diag)
{
    ys_pairing *p = s->p;
    int32_t j = p->sorted[k];
    if (least + p->result->price[j] >= s->pays[need] || s->mark[j] == need)
        return YS_OK;
    if (s->waiting == YS_PAIR_BLOCK)
        YS_TRY(flush(s, diag));
    ys__pair_put(p, s->waiting, need, j);
    s->need_of[s->waiting] = need;
    s->giver_of[s->waiting++] = j;
    return YS_OK;
}

/* First place in `fell` that is not before `k`. */
static int64_t first_fallen(const search *s, int64_t k)
{
    int64_t low = 0, high = s->fallen;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (s->fell[mid] < k)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static ys_status look(search *s, int32_t need, int64_t from, int64_t to, int64_t least, ys_diag *diag)
{
    if (s->p->quiet[need] >= s->pays[need]) {
        for (int64_t f = first_fallen(s, from); f < s->fallen && s->fell[f] < to; f++)
            YS_TRY(try_pair(s, need, s->fell[f], least, diag));
        return YS_OK;
    }
    for (int64_t k = from; k < to; k++)
        YS_TRY(try_pair(s, need, k, least, diag));
    return YS_OK;
}

/* Ring by ring, as ys__pair_within walks, but only where a pair could still be worth it. */
static ys_status look_around(search *s, int32_t need, ys_diag *diag)
{
    ys_pairing *p = s->p;
    const ys_areas *areas = p->frame->areas;
    ys_pair_reach reach = ys__pair_reach(p, need);
    int64_t low = 0, high = 0;
    bool first = true;
    for (int32_t at = reach.first; at >= 0; at = ys_areas_parent(areas, at)) {
        int64_t from, to;
        ys__pair_range(p, at, &from, &to);
        int level = ys_areas_level(areas, at);
        int64_t least = s->least[level >= 0 && level < LEVELS ? level : LEVELS];
        if (first)
            low = high = from;
        if (least < s->pays[need]) {
            YS_TRY(look(s, need, from, low, least, diag));
            YS_TRY(look(s, need, high, to, least, diag));
        }
        p->within += (low - from) + (to - high);
        first = false;
        low = from;
        high = to;
        if (at == reach.last)
            return YS_OK;
    }
    if (reach.bounded)
        return YS_OK;
    p->within += p->givers - (high - low);
    YS_TRY(look(s, need, 0, low, s->least[LEVELS], diag));
    return look(s, need, high, p->givers, s->least[LEVELS], diag);
}

/* ---- the lists with what was found ---- */

static ys_status merge(search *s, ys_diag *diag)
{
    ys_pairing *p = s->p;
    int64_t edges = p->start[p->needs] + (int64_t)s->count, at = 0;
    size_t next = 0;
    if (edges >= INT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "可选配对超过 2^31 个", "there are more than 2^31 possible pairs");
    int32_t *giver = ys_malloc((size_t)edges * sizeof *giver + 1);
    int64_t *cost = ys_malloc((size_t)edges * sizeof *cost + 1);
    if (giver == NULL || cost == NULL) {
        ys_free(giver);
        ys_free(cost);
        return ys_fail_nomem(diag);
    }
    for (int64_t i = 0; i < p->needs; i++) {
        int64_t from = p->start[i], to = p->start[i + 1];
        p->start[i] = at;
        for (int64_t e = from; e < to; e++, at++) {
            giver[at] = p->giver[e];
            cost[at] = p->cost[e];
        }
        for (; next < s->count && s->list[next].need == i; next++, at++) {
            giver[at] = s->list[next].giver;
            cost[at] = s->list[next].cost;
        }
    }
    p->start[p->needs] = at;
    ys_free(p->giver);
    ys_free(p->cost);
    p->giver = giver;
    p->cost = cost;
    return YS_OK;
}

static ys_status run(search *s, const ys_pairing_args *args, ys_diag *diag)
{
    ys_pairing *p = s->p;
    YS_TRY(find_least(s, diag));
    for (int64_t j = 0; j < p->givers; j++)
        s->mark[j] = -1;
    p->within = 0;
    for (int64_t k = 0; k < p->givers; k++)
        if (p->result->price[p->sorted[k]] < p->last_price[p->sorted[k]])
            s->fell[s->fallen++] = (int32_t)k;
    for (int64_t i = 0; i < p->needs; i++) {
        p->stopped =
            p->stopped || (i % 1024 == 0 && args->interrupted != NULL && args->interrupted(args->arg));
        if (p->stopped)
            return YS_OK;
        s->pays[i] = p->level->alone - ys_pair_regret(&p->in, p->result, i, -1);
        for (int64_t e = p->start[i]; e < p->start[i + 1]; e++)
            s->mark[p->giver[e]] = (int32_t)i;
        YS_TRY(look_around(s, (int32_t)i, diag));
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
    s.pays = ys_malloc((size_t)p->needs * sizeof *s.pays + 1);
    s.mark = ys_malloc((size_t)p->givers * sizeof *s.mark + 1);
    s.need_of = ys_malloc(YS_PAIR_BLOCK * sizeof *s.need_of);
    s.giver_of = ys_malloc(YS_PAIR_BLOCK * sizeof *s.giver_of);
    s.points = ys_malloc((size_t)YS_PAIR_BLOCK * ((size_t)p->terms + 1) * sizeof *s.points);
    s.ok = ys_malloc(YS_PAIR_BLOCK);
    s.fresh = ys_calloc((size_t)p->needs + 1, 1);
    if (!s.pays || !s.fell || !s.mark || !s.need_of || !s.giver_of || !s.points || !s.ok || !s.fresh)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(run(&s, args, diag));
    *ret_found = (int64_t)s.count;
done:
    ys_free(s.pays);
    ys_free(s.fell);
    ys_free(s.mark);
    ys_free(s.need_of);
    ys_free(s.giver_of);
    ys_free(s.points);
    ys_free(s.ok);
    ys_free(s.fresh);
    ys_free(s.list);
    return st;
}
