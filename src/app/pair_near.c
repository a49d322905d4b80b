/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is near: givers in groups by their area and, for one area of needs, the groups within reach in order of what the
 * ground between them costs.
 *
 * Terms that read nothing but `common`, `km` and `minutes` are the same for all pairs of two areas: they are computed
 * once for each pair of areas, and are what "near" means.  A term with points < 0 may take off that much more.  So no
 * pair of the two areas costs less than `least`, today's pair apart.
 */
#include <stdlib.h>
#include <string.h>

#include "app/pairing.h"
#include "base/alloc.h"

typedef struct place {
    int32_t at, number;
} place;

static int by_place(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Numbers of records by the place of their area in the tree, those without an area first. */
static ys_status sort_by_area(const ys_pairing *p, const int32_t *area, int64_t n, int32_t **ret,
                              ys_diag *diag)
{
    place *list = ys_malloc((size_t)n * sizeof *list + 1);
    int32_t *order = ys_malloc((size_t)n * sizeof *order + 1);
    if (list == NULL || order == NULL) {
        ys_free(list);
        ys_free(order);
        return ys_fail_nomem(diag);
    }
    for (int64_t i = 0; i < n; i++)
        list[i] = (place){area[i] >= 0 ? ys_areas_begin(p->frame->areas, area[i]) : -1, (int32_t)i};
    qsort(list, (size_t)n, sizeof *list, by_place);
    for (int64_t i = 0; i < n; i++)
        order[i] = list[i].number;
    ys_free(list);
    *ret = order;
    return YS_OK;
}

static ys_status make_groups(ys_pairing *p, ys_diag *diag)
{
    p->group_area = ys_malloc((size_t)p->givers * sizeof *p->group_area + 1);
    p->group_at = ys_malloc(((size_t)p->givers + 1) * sizeof *p->group_at);
    p->near = ys_malloc((size_t)p->givers * sizeof *p->near + 1);
    if (p->group_area == NULL || p->group_at == NULL || p->near == NULL)
        return ys_fail_nomem(diag);
    for (int64_t k = 0; k < p->givers; k++) {
        int32_t area = p->giver_area[p->sorted[k]];
        if (k == 0 || p->group_area[p->groups - 1] != area) {
            p->group_area[p->groups] = area;
            p->group_at[p->groups++] = (int32_t)k;
        }
    }
    p->group_at[p->groups] = (int32_t)p->givers;
    return YS_OK;
}

/* Does the term read nothing of the two sides but where they are?  Constants of the pack are no facts. */
static bool is_ground(const ys_pairing *p, int term)
{
    static const char *const ground[] = {"common", "km", "minutes", "today"};
    const char *const *names;
    int n = ys_rule_reads(p->rule[term], &names);
    for (int i = 0; i < n; i++) {
        bool known = strncmp(names[i], "param", 5) == 0;
        for (size_t k = 0; k < sizeof ground / sizeof *ground; k++)
            known |= strcmp(names[i], ground[k]) == 0;
        if (!known)
            return false;
    }
    return !p->term[term]->condition;
}

static bool reads(const ys_rule *r, const char *name)
{
    const char *const *names;
    int n = ys_rule_reads(r, &names);
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

ys_status ys__pair_near_begin(ys_pairing *p, ys_diag *diag)
{
    p->ground = ys_calloc((size_t)p->terms + 1, 1);
    if (p->ground == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < p->terms; k++) {
        const ys_pair_term *t = p->term[k];
        p->ground[k] = is_ground(p, k);
        p->reads_km |= reads(p->rule[k], "km");
        p->reads_minutes |= reads(p->rule[k], "minutes");
        if (p->ground[k] || t->condition || t->cost == 0)
            continue;
        if (ys_rule_result(p->rule[k]) != YS_RT_BOOL)
            p->others_least -= YS_PAIR_COST_MAX; /* a number may be anything */
        else if (t->cost < 0)
            p->others_least += t->cost;
    }
    YS_TRY(sort_by_area(p, p->giver_area, p->givers, &p->sorted, diag));
    YS_TRY(sort_by_area(p, p->need_area, p->needs, &p->order, diag));
    p->near_area = -2;
    return make_groups(p, diag);
}

/* The area that bounds the search: -1 none is within reach; `bounded` false: everybody is. */
static int32_t bound_of(const ys_pairing *p, int32_t area, bool *ret_bounded)
{
    const char *const *levels;
    int n = ys_pack_area_levels(p->frame->pack, &levels), level = -1;
    for (int i = 0; i < n; i++)
        if (strcmp(levels[i], p->level->reach) == 0)
            level = i;
    *ret_bounded = level >= 0;
    return level >= 0 && area >= 0 ? ys_areas_at_level(p->frame->areas, area, level) : -1;
}

static int by_least(const void *a, const void *b)
{
    const ys_pair_near *x = a, *y = b;
    if (x->least != y->least)
        return x->least < y->least ? -1 : 1;
    if (x->steps != y->steps)
        return x->steps < y->steps ? -1 : 1;
    if (x->apart != y->apart)
        return x->apart < y->apart ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static ys_pair_near near_of(const ys_pairing *p, int32_t area, int32_t group)
{
    const ys_areas *areas = p->frame->areas;
    int32_t other = p->group_area[group];
    ys_pair_near x = {.least = p->others_least, .group = group, .steps = INT32_MAX, .apart = INT32_MAX};
    if (area < 0 || other < 0)
        return x;
    int32_t apart = ys_areas_begin(areas, area) - ys_areas_begin(areas, other), steps = 0, at = area;
    x.apart = apart < 0 ? -apart : apart;
    for (; at >= 0 && !ys_areas_within(areas, other, at); at = ys_areas_parent(areas, at))
        steps++;
    x.steps = at >= 0 ? steps : INT32_MAX;
    return x;
}

/* The points of the ground of p->near[from, from + n): any need there and any giver of the group serve. */
static ys_status price_ground(ys_pairing *p, int32_t need, int64_t from, int64_t n, int64_t *points,
                              ys_diag *diag)
{
    for (int64_t i = 0; i < n; i++)
        ys__pair_put(p, i, need, p->sorted[p->group_at[p->near[from + i].group]]);
    for (int k = 0; k < p->terms; k++) {
        if (!p->ground[k])
            continue;
        YS_TRY(ys__pair_price_term(p, k, n, points, diag));
        for (int64_t i = 0; i < n; i++)
            p->near[from + i].least += points[i];
    }
    return YS_OK;
}

ys_status ys__pair_near_of(ys_pairing *p, int32_t need, ys_diag *diag)
{
    enum { PART = 4096 };
    int32_t area = p->need_area[need];
    bool bounded;
    ys_status st = YS_OK;
    if (p->near_area == area)
        return YS_OK;
    int32_t bound = bound_of(p, area, &bounded);
    int64_t *points = ys_malloc(PART * sizeof *points);
    if (points == NULL)
        return ys_fail_nomem(diag);
    p->near_area = -2;
    p->nears = p->near_givers = 0;
    for (int32_t g = 0; g < p->groups; g++) {
        int32_t other = p->group_area[g];
        if (bounded && (bound < 0 || other < 0 || !ys_areas_within(p->frame->areas, other, bound)))
            continue;
        p->near_givers += p->group_at[g + 1] - p->group_at[g];
        p->near[p->nears++] = near_of(p, area, g);
    }
    for (int64_t from = 0; from < p->nears; from += PART)
        YS_GO(price_ground(p, need, from, p->nears - from < PART ? p->nears - from : PART, points, diag));
    qsort(p->near, (size_t)p->nears, sizeof *p->near, by_least);
    p->near_area = area;
done:
    ys_free(points);
    return st;
}

ys_status ys__pair_within(ys_pairing *p, int32_t need, int64_t limit, int32_t *ret_giver, int64_t *ret_n,
                          ys_diag *diag)
{
    int32_t already = p->kept[need];
    int64_t n = 0;
    YS_TRY(ys__pair_near_of(p, need, diag));
    if (already >= 0 && limit > 0)
        ret_giver[n++] = already;
    for (int64_t k = 0; k < p->nears && n < limit; k++) {
        int32_t from = p->group_at[p->near[k].group], size = p->group_at[p->near[k].group + 1] - from;
        /* All of a group are equally near: neighbours begin at different ones, so that they do not all ask the same. */
        int64_t first = (int64_t)need * limit % size;
        for (int32_t i = 0; i < size && n < limit; i++) {
            int32_t j = p->sorted[from + (first + i) % size];
            if (j != already)
                ret_giver[n++] = j;
        }
    }
    *ret_n = n;
    return YS_OK;
}
