/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One need: every giver within reach, what each would cost and why, and what the whole would lose by it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/pairing.h"
#include "base/alloc.h"

void ys_pair_why_done(ys_pair_why *w)
{
    for (int64_t k = 0; w->choice != NULL && k < w->choices; k++)
        ys_free(w->choice[k].points);
    ys_free(w->choice);
    ys_free(w->excluded);
    *w = (ys_pair_why){0};
}

static int by_regret(const void *a, const void *b)
{
    const ys_pair_choice *x = a, *y = b;
    if (x->chosen != y->chosen)
        return x->chosen ? -1 : 1;
    if (x->regret != y->regret)
        return x->regret < y->regret ? -1 : 1;
    return (x->giver > y->giver) - (x->giver < y->giver);
}

/* What the need itself would pay at best: the cheapest of its edges at the prices, or staying alone. */
static int64_t best_of(const ys_pairing *p, int64_t need)
{
    return p->level->alone - ys_pair_regret(&p->in, p->result, need, -1);
}

static ys_status add_choice(const ys_pairing *p, ys_pair_why *w, int64_t at, int64_t n, const int64_t *points,
                            ys_diag *diag)
{
    int32_t j = p->giver_of_row[p->env->giver_row[at]];
    ys_pair_choice *c = &w->choice[w->choices++];
    int64_t e = p->result->edge[w->need];
    *c = (ys_pair_choice){.giver = j,
                          .price = p->result->price[j],
                          .full = p->result->load[j] >= p->capacity[j],
                          .chosen = e >= 0 && p->giver[e] == j,
                          .kept = p->env->kept[at] != 0,
                          .common = p->env->common[at],
                          .km = ys_distances_km(p->distances, p->need_area[w->need], p->giver_area[j]),
                          .minutes =
                              ys_distances_minutes(p->distances, p->need_area[w->need], p->giver_area[j]),
                          .cost = p->env->kept[at] ? -p->level->keep : 0};
    c->points = ys_calloc((size_t)p->terms + 1, sizeof *c->points);
    if (c->points == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < p->terms; k++) {
        c->points[k] = points[(int64_t)k * n + at];
        c->cost += c->points[k];
    }
    for (int64_t k = p->start[w->need]; k < p->start[w->need + 1]; k++)
        c->listed |= p->giver[k] == j;
    c->regret = c->cost + c->price - best_of(p, w->need);
    return YS_OK;
}

ys_status ys_pair_why_make(ys_pairing *p, int64_t need, ys_pair_why *ret_why, ys_diag *diag)
{
    ys_pair_why w = {.need = need};
    ys_status st = YS_OK;
    int32_t *near = ys_malloc(((size_t)p->givers + 1) * sizeof *near);
    int64_t *points = ys_malloc((size_t)YS_PAIR_BLOCK * ((size_t)p->terms + 1) * sizeof *points);
    uint8_t *ok = ys_malloc(YS_PAIR_BLOCK);
    w.choice = ys_calloc((size_t)p->givers + 1, sizeof *w.choice);
    w.excluded = ys_calloc((size_t)p->terms + 1, sizeof *w.excluded);
    if (near == NULL || points == NULL || ok == NULL || w.choice == NULL || w.excluded == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(ys__pair_within(p, (int32_t)need, p->givers, near, &w.in_reach, diag));
    for (int64_t from = 0; from < w.in_reach; from += YS_PAIR_BLOCK) {
        int64_t n = w.in_reach - from < YS_PAIR_BLOCK ? w.in_reach - from : YS_PAIR_BLOCK;
        for (int64_t k = 0; k < n; k++)
            ys__pair_put(p, k, need, near[from + k]);
        YS_GO(ys__pair_price(p, n, points, ok, w.excluded, diag));
        for (int64_t k = 0; k < n; k++)
            if (ok[k])
                YS_GO(add_choice(p, &w, k, n, points, diag));
    }
    w.no_condition = w.choices;
    qsort(w.choice, (size_t)w.choices, sizeof *w.choice, by_regret);
    *ret_why = w;
    w = (ys_pair_why){0};
done:
    ys_pair_why_done(&w);
    ys_free(near);
    ys_free(points);
    ys_free(ok);
    return st;
}
