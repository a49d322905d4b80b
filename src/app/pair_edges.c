/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Possible pairs: which givers are near enough to be looked at, and what each pair costs by the pack's terms.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/pairing.h"
#include "base/alloc.h"

/* ---- who is near ---- */

typedef struct place {
    int32_t at, giver;
} place;

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->giver > y->giver) - (x->giver < y->giver);
}

static ys_status sort_givers(ys_pairing *p, ys_diag *diag)
{
    place *list = ys_malloc((size_t)p->givers * sizeof *list + 1);
    p->sorted = ys_malloc((size_t)p->givers * sizeof *p->sorted + 1);
    p->sorted_at = ys_malloc((size_t)p->givers * sizeof *p->sorted_at + 1);
    if (list == NULL || p->sorted == NULL || p->sorted_at == NULL) {
        ys_free(list);
        return ys_fail_nomem(diag);
    }
    for (int64_t j = 0; j < p->givers; j++)
        list[j] = (place){p->giver_area[j] >= 0 ? ys_areas_begin(p->frame->areas, p->giver_area[j]) : -1,
                          (int32_t)j};
    qsort(list, (size_t)p->givers, sizeof *list, by_place);
    for (int64_t j = 0; j < p->givers; j++) {
        p->sorted_at[j] = list[j].at;
        p->sorted[j] = list[j].giver;
    }
    ys_free(list);
    return YS_OK;
}

/* First giver whose place is not before `at`. */
static int64_t first_at(const ys_pairing *p, int32_t at)
{
    int64_t low = 0, high = p->givers;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (p->sorted_at[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* A list being filled; today's giver is in it from the start. */
typedef struct taking {
    const ys_pairing *p;
    int32_t *out, already;
    int64_t n, limit, need;
} taking;

static void take(taking *t, int64_t k)
{
    int32_t j = t->p->sorted[k];
    if (j != t->already && t->n < t->limit)
        t->out[t->n++] = j;
}

/* Those at one place, all equally near: neighbours begin at different ones, so that they do not all ask the same. */
static void take_equals(taking *t, int64_t from, int64_t to)
{
    int64_t n = to - from, first = n > 0 ? t->need * t->limit % n : 0;
    for (int64_t k = 0; k < n && t->n < t->limit; k++)
        take(t, from + (first + k) % n);
}

/* Outwards from [low, high) to [from, to), in turns: places next to each other in the tree are near. */
static void take_around(taking *t, int64_t from, int64_t low, int64_t high, int64_t to)
{
    while ((low > from || high < to) && t->n < t->limit) {
        if (low > from)
            take(t, --low);
        if (high < to)
            take(t, high++);
    }
}

ys_pair_reach ys__pair_reach(const ys_pairing *p, int64_t need)
{
    const char *const *levels;
    int n = ys_pack_area_levels(p->frame->pack, &levels), level = -1;
    for (int i = 0; i < n; i++)
        if (strcmp(levels[i], p->level->reach) == 0)
            level = i;
    ys_pair_reach r = {.first = p->need_area[need], .last = -1, .bounded = level >= 0};
    if (r.bounded && r.first >= 0)
        r.last = ys_areas_at_level(p->frame->areas, r.first, level);
    if (r.bounded && r.last < 0)
        r.first = -1;
    return r;
}

void ys__pair_range(const ys_pairing *p, int32_t area, int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = first_at(p, ys_areas_begin(p->frame->areas, area));
    *ret_to = first_at(p, ys_areas_end(p->frame->areas, area));
}

int64_t ys__pair_within(const ys_pairing *p, int64_t need, int64_t limit, int32_t *ret_giver)
{
    const ys_areas *areas = p->frame->areas;
    ys_pair_reach reach = ys__pair_reach(p, need);
    taking t = {.p = p,
                .out = ret_giver,
                .already = p->kept[need] >= 0 ? p->kept[need] : -1,
                .limit = limit,
                .need = need};
    int64_t low = 0, high = 0;
    if (t.already >= 0)
        t.out[t.n++] = t.already;
    bool first = true;
    for (int32_t at = reach.first; at >= 0; at = ys_areas_parent(areas, at)) {
        int64_t from, to, here = first_at(p, ys_areas_begin(areas, at) + 1);
        ys__pair_range(p, at, &from, &to);
        take_equals(&t, from, here);
        if (first)
            low = high = here;
        take_around(&t, here, low < here ? here : low, high, to);
        first = false;
        low = from;
        high = to;
        if (at == reach.last || t.n == limit)
            break;
    }
    if (!reach.bounded)
        take_around(&t, 0, low, high, p->givers);
    return t.n;
}

/* ---- what a pair costs ---- */

void ys__pair_put(ys_pairing *p, int64_t at, int64_t need, int32_t giver)
{
    const ys_areas *areas = p->frame->areas;
    int32_t a = p->need_area[need], b = p->giver_area[giver];
    while (a >= 0 && b >= 0 && !ys_areas_within(areas, b, a))
        a = ys_areas_parent(areas, a);
    int level = a >= 0 && b >= 0 ? ys_areas_level(areas, a) : -1;
    p->env->need_row[at] = p->need_row[need];
    p->env->giver_row[at] = p->giver_row[giver];
    p->env->common[at] = level >= 0 ? level : YS_CODE_NA;
    p->env->kept[at] = p->kept[need] == giver;
}

static ys_status add_number(const ys_pair_term *t, double v, int64_t *to, ys_diag *diag)
{
    double x = isnan(v) ? 0 : floor((double)t->cost * v + 0.5);
    if (x > 1e12 || x < -1e12)
        return ys_fail(diag, YS_ELIMIT, "结对项 %s 的代价超过 10^12", "the cost of term %s is beyond 10^12",
                       t->term);
    *to = (int64_t)x;
    return YS_OK;
}

/* A block of pairs and what is found of it. */
typedef struct pricing {
    ys_pairing *p;
    ys_rule_scratch *scratch;
    int64_t n;
    uint8_t *ok;
    int64_t *failed;
    uint8_t *truth; /* room for the values of one term */
    double *number;
} pricing;

static ys_status price_term(const pricing *g, int k, int64_t *points, ys_diag *diag)
{
    const ys_pair_term *t = g->p->term[k];
    const ys_rule *rule = g->p->rule[k];
    bool truth = ys_rule_result(rule) == YS_RT_BOOL;
    ys_status st = truth ? ys_rule_eval_bool(rule, g->scratch, 0, g->n, g->truth)
                         : ys_rule_eval_real(rule, g->scratch, 0, g->n, g->number);
    if (st != YS_OK)
        return ys_fail(diag, st, "结对项 %s 无法计算", "the term %s cannot be computed", t->term);
    for (int64_t i = 0; i < g->n; i++) {
        points[i] = 0;
        if (t->condition) { /* what is not known to be true excludes */
            g->ok[i] = g->ok[i] && g->truth[i] == YS_TRUE;
            if (g->failed != NULL)
                g->failed[k] += g->truth[i] != YS_TRUE;
        } else if (!truth) {
            YS_TRY(add_number(t, g->number[i], &points[i], diag));
        } else if (g->truth[i] == YS_TRUE || (g->truth[i] == YS_UNKNOWN && t->cost > 0)) {
            points[i] = t->cost; /* what is not known never favours a pair */
        }
    }
    return YS_OK;
}

ys_status ys__pair_price(ys_pairing *p, int64_t n, int64_t *points, uint8_t *ok, int64_t *failed,
                         ys_diag *diag)
{
    pricing g = {.p = p, .n = n, .ok = ok, .failed = failed};
    ys_status st = YS_OK;
    g.scratch = ys_rule_scratch_new();
    g.truth = ys_malloc((size_t)n + 1);
    g.number = ys_malloc((size_t)n * sizeof *g.number + 1);
    if (g.scratch == NULL || g.truth == NULL || g.number == NULL)
        YS_GO(ys_fail_nomem(diag));
    memset(ok, 1, (size_t)n);
    for (int k = 0; k < p->terms; k++)
        YS_GO(price_term(&g, k, points + (int64_t)k * n, diag));
done:
    ys_rule_scratch_free(g.scratch);
    ys_free(g.truth);
    ys_free(g.number);
    return st;
}

ys_status ys__pair_edges_begin(ys_pairing *p, ys_diag *diag)
{
    ys_pair_sides sides = {
        .facts = p->frame->env, .need = p->need_own, .giver = p->giver_own, .today = p->frame->today};
    YS_TRY(sort_givers(p, diag));
    if (p->env == NULL)
        YS_TRY(ys_pair_env_new(p->frame->pack, p->level, &sides, YS_PAIR_BLOCK, &p->env, diag));
    p->rule = ys_calloc((size_t)p->terms + 1, sizeof(ys_rule *));
    if (p->rule == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < p->terms; k++)
        YS_TRY(ys_rule_compile(p->env->env, p->term[k]->expr, &p->rule[k], diag));
    return YS_OK;
}

/* ---- edges ---- */

/* The edges while they are made: a block of pairs waits until it is full and is then priced together. */
typedef struct builder {
    ys_pairing *p;
    int64_t *start, *cost;
    int32_t *giver;
    size_t room[2];
    int64_t edges, waiting;
    int32_t *need_of, *giver_of; /* of the waiting pairs */
    int64_t *points;
    uint8_t *ok;
} builder;

static ys_status add_edge(builder *b, int64_t need, int32_t giver, int64_t cost, ys_diag *diag)
{
    if (b->edges >= INT32_MAX - 1)
        return ys_fail(diag, YS_ELIMIT, "可选配对超过 2^31 个", "there are more than 2^31 possible pairs");
    if (!ys_grow(&b->giver, &b->room[0], (size_t)b->edges + 1, sizeof *b->giver) ||
        !ys_grow(&b->cost, &b->room[1], (size_t)b->edges + 1, sizeof *b->cost))
        return ys_fail_nomem(diag);
    b->giver[b->edges] = giver;
    b->cost[b->edges++] = cost;
    b->start[need + 1]++;
    return YS_OK;
}

static ys_status flush(builder *b, ys_diag *diag)
{
    ys_pairing *p = b->p;
    int64_t n = b->waiting;
    b->waiting = 0;
    if (n == 0)
        return YS_OK;
    YS_TRY(ys__pair_price(p, n, b->points, b->ok, NULL, diag));
    for (int64_t i = 0; i < n; i++) {
        int64_t cost = p->env->kept[i] ? -p->level->keep : 0;
        for (int k = 0; k < p->terms; k++)
            cost += b->points[k * n + i];
        if (b->ok[i])
            YS_TRY(add_edge(b, b->need_of[i], b->giver_of[i], cost, diag));
    }
    return YS_OK;
}

static ys_status build(builder *b, int64_t limit, int32_t *near, ys_diag *diag)
{
    ys_pairing *p = b->p;
    for (int64_t i = 0; i < p->needs; i++) {
        int64_t n = ys__pair_within(p, i, limit, near);
        for (int64_t k = 0; k < n; k++) {
            if (b->waiting == YS_PAIR_BLOCK)
                YS_TRY(flush(b, diag));
            ys__pair_put(p, b->waiting, i, near[k]);
            b->need_of[b->waiting] = (int32_t)i;
            b->giver_of[b->waiting++] = near[k];
        }
    }
    return flush(b, diag);
}

ys_status ys__pair_edges_make(ys_pairing *p, int64_t limit, ys_diag *diag)
{
    builder b = {.p = p};
    ys_status st = YS_OK;
    limit = limit < p->givers ? limit : p->givers;
    int32_t *near = ys_malloc(((size_t)limit + 1) * sizeof *near);
    b.start = ys_calloc((size_t)p->needs + 1, sizeof *b.start);
    b.need_of = ys_malloc(YS_PAIR_BLOCK * sizeof *b.need_of);
    b.giver_of = ys_malloc(YS_PAIR_BLOCK * sizeof *b.giver_of);
    b.points = ys_malloc((size_t)YS_PAIR_BLOCK * ((size_t)p->terms + 1) * sizeof *b.points);
    b.ok = ys_malloc(YS_PAIR_BLOCK);
    if (!near || !b.start || !b.need_of || !b.giver_of || !b.points || !b.ok)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(build(&b, limit, near, diag));
    for (int64_t i = 0; i < p->needs; i++)
        b.start[i + 1] += b.start[i];
    p->start = b.start;
    p->giver = b.giver;
    p->cost = b.cost;
    b.start = b.cost = NULL;
    b.giver = NULL;
done:
    ys_free(near);
    ys_free(b.start);
    ys_free(b.giver);
    ys_free(b.cost);
    ys_free(b.need_of);
    ys_free(b.giver_of);
    ys_free(b.points);
    ys_free(b.ok);
    return st;
}
