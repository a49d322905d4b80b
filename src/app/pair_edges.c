/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Possible pairs: what each costs by the pack's terms, and the first lists of them.
 */
#include <math.h>
#include <string.h>

#include "app/pairing.h"
#include "base/alloc.h"

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
    int32_t km = p->reads_km ? ys_distances_km(p->distances, p->need_area[need], b) : -1,
            minutes = p->reads_minutes ? ys_distances_minutes(p->distances, p->need_area[need], b) : -1;
    p->env->km[at] = km >= 0 ? (double)km : ys_real_na();
    p->env->minutes[at] = minutes >= 0 ? (double)minutes : ys_real_na();
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

/* Terms [first, last), each into n places of `points`. */
static ys_status price_terms(pricing *g, int first, int last, int64_t *points, ys_diag *diag)
{
    ys_status st = YS_OK;
    g->scratch = ys_rule_scratch_new();
    g->truth = ys_malloc((size_t)g->n + 1);
    g->number = ys_malloc((size_t)g->n * sizeof *g->number + 1);
    if (g->scratch == NULL || g->truth == NULL || g->number == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int k = first; k < last; k++)
        YS_GO(price_term(g, k, points + (int64_t)(k - first) * g->n, diag));
done:
    ys_rule_scratch_free(g->scratch);
    ys_free(g->truth);
    ys_free(g->number);
    return st;
}

ys_status ys__pair_price(ys_pairing *p, int64_t n, int64_t *points, uint8_t *ok, int64_t *failed,
                         ys_diag *diag)
{
    pricing g = {.p = p, .n = n, .ok = ok, .failed = failed};
    memset(ok, 1, (size_t)n);
    return price_terms(&g, 0, p->terms, points, diag);
}

ys_status ys__pair_price_term(ys_pairing *p, int term, int64_t n, int64_t *points, ys_diag *diag)
{
    pricing g = {.p = p, .n = n};
    return price_terms(&g, term, term + 1, points, diag);
}

ys_status ys__pair_edges_begin(ys_pairing *p, ys_diag *diag)
{
    p->rule = ys_calloc((size_t)p->terms + 1, sizeof(ys_rule *));
    if (p->rule == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < p->terms; k++)
        YS_TRY(ys_rule_compile(p->env->env, p->term[k]->expr, &p->rule[k], diag));
    return ys__pair_near_begin(p, diag);
}

/* ---- edges ---- */

/* The edges while they are made, in the order of the areas of their needs: a block of pairs waits until it is full and
 * is then priced together. */
typedef struct builder {
    ys_pairing *p;
    int64_t *cost;
    int32_t *need, *giver; /* of each edge */
    size_t room[3];
    int64_t edges, waiting;
    int32_t *need_of, *giver_of; /* of the waiting pairs */
    int64_t *points;
    uint8_t *ok;
} builder;

static ys_status add_edge(builder *b, int32_t need, int32_t giver, int64_t cost, ys_diag *diag)
{
    if (b->edges >= INT32_MAX - 1)
        return ys_fail(diag, YS_ELIMIT, "可选配对超过 2^31 个", "there are more than 2^31 possible pairs");
    if (!ys_grow(&b->giver, &b->room[0], (size_t)b->edges + 1, sizeof *b->giver) ||
        !ys_grow(&b->cost, &b->room[1], (size_t)b->edges + 1, sizeof *b->cost) ||
        !ys_grow(&b->need, &b->room[2], (size_t)b->edges + 1, sizeof *b->need))
        return ys_fail_nomem(diag);
    b->need[b->edges] = need;
    b->giver[b->edges] = giver;
    b->cost[b->edges++] = cost;
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
    for (int64_t o = 0; o < p->needs; o++) {
        int32_t need = p->order[o];
        int64_t n;
        if (p->need_area[need] != p->near_area)
            YS_TRY(flush(b, diag)); /* the block is where another area's ground is priced */
        YS_TRY(ys__pair_within(p, need, limit, near, &n, diag));
        for (int64_t k = 0; k < n; k++) {
            if (b->waiting == YS_PAIR_BLOCK)
                YS_TRY(flush(b, diag));
            ys__pair_put(p, b->waiting, need, near[k]);
            b->need_of[b->waiting] = need;
            b->giver_of[b->waiting++] = near[k];
        }
    }
    return flush(b, diag);
}

/* From the order of areas to that of needs; the edges of one need keep theirs. */
static ys_status put_in_order(builder *b, ys_diag *diag)
{
    ys_pairing *p = b->p;
    int64_t *start = ys_calloc((size_t)p->needs + 2, sizeof *start),
            *cost = ys_malloc((size_t)b->edges * sizeof *cost + 1);
    int32_t *giver = ys_malloc((size_t)b->edges * sizeof *giver + 1);
    if (start == NULL || cost == NULL || giver == NULL) {
        ys_free(start);
        ys_free(cost);
        ys_free(giver);
        return ys_fail_nomem(diag);
    }
    for (int64_t e = 0; e < b->edges; e++)
        start[b->need[e] + 2]++;
    for (int64_t i = 0; i < p->needs; i++)
        start[i + 2] += start[i + 1];
    for (int64_t e = 0; e < b->edges; e++) {
        int64_t at = start[b->need[e] + 1]++;
        giver[at] = b->giver[e];
        cost[at] = b->cost[e];
    }
    p->start = start;
    p->giver = giver;
    p->cost = cost;
    return YS_OK;
}

ys_status ys__pair_edges_make(ys_pairing *p, int64_t limit, ys_diag *diag)
{
    builder b = {.p = p};
    ys_status st = YS_OK;
    limit = limit < p->givers ? limit : p->givers;
    int32_t *near = ys_malloc(((size_t)limit + 1) * sizeof *near);
    b.need_of = ys_malloc(YS_PAIR_BLOCK * sizeof *b.need_of);
    b.giver_of = ys_malloc(YS_PAIR_BLOCK * sizeof *b.giver_of);
    b.points = ys_malloc((size_t)YS_PAIR_BLOCK * ((size_t)p->terms + 1) * sizeof *b.points);
    b.ok = ys_malloc(YS_PAIR_BLOCK);
    if (!near || !b.need_of || !b.giver_of || !b.points || !b.ok)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(build(&b, limit, near, diag));
    YS_GO(put_in_order(&b, diag));
done:
    ys_free(near);
    ys_free(b.need);
    ys_free(b.giver);
    ys_free(b.cost);
    ys_free(b.need_of);
    ys_free(b.giver_of);
    ys_free(b.points);
    ys_free(b.ok);
    return st;
}
