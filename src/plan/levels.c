/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/*
 * From the floors of the input to sums, levels and terms of the solver's problem: docs/plan-model.md section 6.  Which places a sum
 * counts, what its floor asks in proportion to its level, and what each option adds to sums that count money or single options.
 */

static const ys_i128 ONE = (ys_i128)1 << YS_RATIO, MILLION = 1000000;

/* COVERAGE floors in a row against the same areas share a level. */
static bool opens_level(const ys_plan_input *in, int f)
{
    const ys_plan_floor *a = &in->floors[f];
    if (a->kind == YS_PLAN_LEAST || a->kind == YS_PLAN_MOST)
        return false;
    return a->kind != YS_PLAN_COVERAGE || f == 0 || a[-1].kind != YS_PLAN_COVERAGE ||
           a[-1].of_begin != a->of_begin || a[-1].of_end != a->of_end;
}

int ys__levels_count(const ys_plan_input *in)
{
    int n = 0;
    for (int f = 0; f < in->n_floors; f++)
        n += opens_level(in, f);
    return n;
}

bool ys__levels_want_alone(const ys_plan_input *in)
{
    bool any = false;
    for (int f = 0; f < in->n_floors; f++)
        any = any || in->floors[f].kind == YS_PLAN_PROJECT;
    return any;
}

bool ys__levels_repel(const ys_plan_input *in)
{
    bool any = false;
    for (int f = 0; f < in->n_floors; f++)
        any = any || in->floors[f].kind != YS_PLAN_LEAST;
    return any;
}

typedef struct
    span { /* places of a sum: areas by their place in model.area; empty where it counts nothing by metric */
    int32_t begin, end;
} span;

typedef struct leveller {
    ys_plan *p;
    span *span;       /* per sum */
    ys_i128 *gap;     /* per area and one more: today's gap of those before */
    int32_t *gains;   /* per area and one more: how many of those before can close any of it */
    ys_term *term;    /* in the order they were found */
    int32_t *term_of; /* per term: its place */
    size_t n, cap, cap_of;
} leveller;

/* First area that is not below `area`. */
static int32_t area_from(const ys_model *m, int32_t area)
{
    int32_t low = 0, high = m->n_areas;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (m->area[mid] < area)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static span span_of(const ys_model *m, int32_t begin, int32_t end)
{
    return (span){area_from(m, begin), area_from(m, end)};
}

/* ---- what areas have today ------------------------------------------------------------------------------------ */

static bool can_gain(const ys_choice *c, int64_t block)
{
    ys_block b = ys__block(c, block);
    for (int k = 1; k < b.n_bundles; k++)
        if (b.bundle[k].v2 > 0)
            return true;
    return false;
}

static void measure_areas(leveller *l)
{
    const ys_plan *p = l->p;
    const ys_plan_input *in = p->in;
    for (int64_t i = 0; i < p->choice.n_blocks; i++) {
        int32_t at = area_from(&p->model, ys__area_of(in, i)) + 1;
        l->gap[at] += i < in->n_households ? ys_plan_gap_today(p, i) : 0;
        l->gains[at] += can_gain(&p->choice, i);
    }
    for (int32_t k = 0; k < p->model.n_areas; k++) {
        l->gap[k + 1] += l->gap[k];
        l->gains[k + 1] = l->gains[k] + (l->gains[k + 1] > 0);
    }
}

static ys_i128 gap_in(const leveller *l, span s)
{
    return s.begin < s.end ? l->gap[s.end] - l->gap[s.begin] : 0;
}

/* ---- sums ----------------------------------------------------------------------------------------------------- */

static ys_status set_coverage(leveller *l, int f, int g, ys_diag *diag)
{
    ys_plan *p = l->p;
    ys_choice *c = &p->choice;
    const ys_plan_floor *x = &p->in->floors[f];
    span own = span_of(&p->model, x->area_begin, x->area_end),
         all = span_of(&p->model, x->of_begin, x->of_end);
    ys_i128 gap = gap_in(l, all);
    if (gap >= (ys_i128)1 << 60) {
        ys_diag_value(diag, x->name);
        return ys_fail(diag, YS_ELIMIT, "底线“%s”：今天的缺口之和超出60位",
                       "floor '%s': the sum of today's gap leaves 60 bits", x->name);
    }
    c->floor_metric[f] = c->floor_metric[c->n_floors + g] = YS_PLAN_GAP;
    l->span[c->n_floors + g] = all;
    if (gap_in(l, own) <= 0 || l->gains[own.end] == l->gains[own.begin])
        return YS_OK; /* nothing to close, or nothing to close it with: asks nothing */
    l->span[f] = own;
    c->floor_ratio[f] = (int64_t)(ONE * x->share * gap_in(l, own) / (MILLION * gap));
    return YS_OK;
}

static ys_status make_sums(leveller *l, ys_diag *diag)
{
    ys_plan *p = l->p;
    ys_choice *c = &p->choice;
    int g = -1;
    for (int f = 0; f < c->n_floors; f++) {
        const ys_plan_floor *x = &p->in->floors[f];
        g += opens_level(p->in, f);
        bool plain = x->kind == YS_PLAN_LEAST || x->kind == YS_PLAN_MOST;
        c->floor_level[f] = plain ? -1 : g;
        c->floor_minimum[f] = x->kind == YS_PLAN_MOST ? -x->minimum : plain ? x->minimum : 0;
        c->sum_sign[f] = x->kind == YS_PLAN_MOST ? -1 : 1;
        c->floor_metric[f] = plain ? x->metric : x->kind == YS_PLAN_PROJECT ? YS_PLAN_GAP : YS_METRIC_SPENT;
        if (plain || x->kind == YS_PLAN_PROJECT)
            l->span[f] = span_of(&p->model, x->area_begin, x->area_end);
        if (x->kind == YS_PLAN_SPENDING)
            c->floor_ratio[f] = (int64_t)(ONE * x->share / MILLION);
        if (x->kind == YS_PLAN_PROJECT)
            c->floor_ratio[f] = (int64_t)(ONE * MILLION / x->share);
        if (x->kind == YS_PLAN_COVERAGE)
            YS_TRY(set_coverage(l, f, g, diag));
    }
    return YS_OK;
}

/* ---- terms ---------------------------------------------------------------------------------------------------- */

static ys_status add_term(leveller *l, int32_t place, int32_t type, int sum, int64_t unit, ys_diag *diag)
{
    if (!ys_grow(&l->term, &l->cap, l->n + 1, sizeof *l->term) ||
        !ys_grow(&l->term_of, &l->cap_of, l->n + 1, sizeof *l->term_of))
        return ys_fail_nomem(diag);
    l->term_of[l->n] = place;
    l->term[l->n++] = (ys_term){.type = type, .sum = sum, .unit = unit};
    return YS_OK;
}

/* One floor in one area. */
static ys_status make_terms_in(leveller *l, int f, int32_t area, ys_diag *diag)
{
    const ys_plan *p = l->p;
    const ys_plan_floor *x = &p->in->floors[f];
    const int32_t *list;
    int n = ys__model_offers(&p->model, p->model.area[area], &list),
        level = p->choice.n_floors + p->choice.floor_level[f];
    for (int i = 0; i < n; i++) {
        int32_t o = list[i], measure = p->in->offerings[o].measure;
        bool village = p->in->measures[measure].target == YS_PLAN_VILLAGE;
        int32_t place = area + (village ? p->model.n_areas : 0);
        if (x->kind == YS_PLAN_PROJECT) {
            if (o == x->offering)
                YS_TRY(add_term(l, place, o, level, YS_TERM_ALONE, diag));
            continue;
        }
        int64_t unit = ys__plan_spent(p, o, x->fund);
        if (unit > 0)
            YS_TRY(add_term(l, place, o, level, unit, diag));
        if (unit > 0 && x->counts[measure])
            YS_TRY(add_term(l, place, o, f, unit, diag));
    }
    return YS_OK;
}

static ys_status make_terms(leveller *l, ys_diag *diag)
{
    const ys_plan *p = l->p;
    for (int f = 0; f < p->in->n_floors; f++) {
        const ys_plan_floor *x = &p->in->floors[f];
        if (x->kind != YS_PLAN_SPENDING && x->kind != YS_PLAN_PROJECT)
            continue;
        span s = span_of(&p->model, x->area_begin, x->area_end);
        for (int32_t area = s.begin; area < s.end; area++)
            YS_TRY(make_terms_in(l, f, area, diag));
    }
    return YS_OK;
}

static int by_type(const void *a, const void *b)
{
    const ys_term *x = a, *y = b;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return (x->sum > y->sum) - (x->sum < y->sum);
}

static ys_status place_terms(leveller *l, ys_diag *diag)
{
    ys_choice *c = &l->p->choice;
    if (l->n == 0)
        return YS_OK;
    c->term_at = ys_calloc((size_t)c->n_places + 1, sizeof *c->term_at);
    c->term = ys_calloc(l->n, sizeof *c->term);
    if (c->term_at == NULL || c->term == NULL)
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < l->n; i++)
        c->term_at[l->term_of[i] + 1]++;
    for (int32_t p = 0; p < c->n_places; p++)
        c->term_at[p + 1] += c->term_at[p];
    for (size_t i = l->n; i-- > 0;) /* filled from behind; the counts end where the places begin */
        c->term[--c->term_at[l->term_of[i] + 1]] = l->term[i];
    for (int32_t p = 0; p < c->n_places; p++)
        c->term_at[p] = c->term_at[p + 1];
    c->term_at[c->n_places] = (int64_t)l->n;
    for (int32_t p = 0; p < c->n_places; p++)
        qsort(c->term + c->term_at[p], (size_t)(c->term_at[p + 1] - c->term_at[p]), sizeof *c->term, by_type);
    return YS_OK;
}

/* ---- places --------------------------------------------------------------------------------------------------- */

/* Places: for each area that occurs one for its households, one for its villages. */
static ys_status place_sums(leveller *l, ys_diag *diag)
{
    ys_choice *c = &l->p->choice;
    int32_t areas = l->p->model.n_areas;
    int sums = c->n_floors + c->n_levels;
    int64_t total = 0;
    for (int i = 0; i < sums; i++)
        total += 2 * (int64_t)(l->span[i].end > l->span[i].begin ? l->span[i].end - l->span[i].begin : 0);
    if (total > INT32_MAX)
        return ys_fail(diag, YS_ELIMIT, "下限与地区的组合过多", "too many pairs of floors and areas");
    c->place_floor = ys_malloc((size_t)(total + 1) * sizeof *c->place_floor);
    int32_t *next = ys_calloc((size_t)c->n_places + 2, sizeof *next);
    if (c->place_floor == NULL || next == NULL) {
        ys_free(next);
        return ys_fail_nomem(diag);
    }
    for (int i = 0; i < sums; i++)
        for (int32_t k = l->span[i].begin; k < l->span[i].end; k++) {
            next[k + 1]++;
            next[k + areas + 1]++;
        }
    for (int32_t p = 0; p < c->n_places; p++) {
        next[p + 1] += next[p];
        c->place_at[p + 1] = next[p + 1];
        c->place_helps[p] = p < areas;
    }
    for (int i = 0; i < sums; i++)
        for (int32_t k = l->span[i].begin; k < l->span[i].end; k++) {
            c->place_floor[next[k]++] = i;
            c->place_floor[next[k + areas]++] = i;
        }
    ys_free(next);
    return YS_OK;
}

/* Levels that a place bears on, each once: `mark` holds the last place it was noted for. */
static void note_level(ys_choice *c, int32_t place, int sum, int32_t *mark, int32_t *list, int32_t *n)
{
    int g = sum < c->n_floors ? c->floor_level[sum] : sum - c->n_floors;
    if (g < 0 || mark[g] == place)
        return;
    mark[g] = place;
    if (list != NULL)
        list[*n] = g;
    ++*n;
}

static int32_t note_levels(ys_choice *c, int32_t *mark, int32_t *list)
{
    int32_t n = 0;
    for (int g = 0; g < c->n_levels; g++)
        mark[g] = -1;
    for (int32_t p = 0; p < c->n_places; p++) {
        for (int32_t k = c->place_at[p]; k < c->place_at[p + 1]; k++)
            note_level(c, p, c->place_floor[k], mark, list, &n);
        for (int64_t k = c->term_at != NULL ? c->term_at[p] : 0; c->term_at != NULL && k < c->term_at[p + 1];
             k++)
            note_level(c, p, c->term[k].sum, mark, list, &n);
        int32_t here = n - c->place_level_at[p];
        c->place_level_at[p + 1] = n;
        c->most_levels = here > c->most_levels ? here : c->most_levels;
    }
    return n;
}

static ys_status place_levels(leveller *l, ys_diag *diag)
{
    ys_choice *c = &l->p->choice;
    if (c->n_levels == 0)
        return YS_OK;
    int32_t *mark = ys_calloc((size_t)c->n_levels, sizeof *mark);
    c->place_level_at = ys_calloc((size_t)c->n_places + 1, sizeof *c->place_level_at);
    int32_t n = mark != NULL && c->place_level_at != NULL ? note_levels(c, mark, NULL) : 0;
    c->place_level = ys_calloc((size_t)n, sizeof *c->place_level);
    bool ok = mark != NULL && c->place_level_at != NULL && c->place_level != NULL;
    if (ok)
        (void)note_levels(c, mark, c->place_level);
    ys_free(mark);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

/* Three options of each block at their largest term must stay inside 62 bits. */
static ys_status check_terms(const ys_choice *c, ys_diag *diag)
{
    ys_i128 sum = 0;
    for (int64_t i = 0; c->term_at != NULL && i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        int64_t top = 0;
        for (int o = 0; o < b.n_options; o++) {
            int n;
            const ys_term *t = ys__terms(c, b.place, b.type[o], &n);
            for (int k = 0; k < n; k++) {
                int64_t v = ys__term_value(&t[k], &b, o), size = v < 0 ? -v : v;
                top = size > top ? size : top;
            }
        }
        sum += YS_PLAN_MAX_MEASURES * (ys_i128)top;
    }
    if (sum < (ys_i128)1 << 62)
        return YS_OK;
    return ys_fail(diag, YS_ELIMIT, "底线所计的支出或收益之和超出62位",
                   "what floors count of spending or gain leaves 62 bits");
}

ys_status ys__make_places(ys_plan *p, ys_diag *diag)
{
    ys_choice *c = &p->choice;
    leveller l = {.p = p};
    ys_status st = YS_OK;
    l.span = ys_calloc((size_t)(c->n_floors + c->n_levels), sizeof *l.span);
    l.gap = ys_calloc((size_t)p->model.n_areas + 1, sizeof *l.gap);
    l.gains = ys_calloc((size_t)p->model.n_areas + 1, sizeof *l.gains);
    if (!l.span || !l.gap || !l.gains)
        YS_GO(ys_fail_nomem(diag));
    for (int64_t b = 0; b < c->n_blocks; b++) {
        int32_t villages = b >= p->in->n_households ? p->model.n_areas : 0;
        c->place[b] = area_from(&p->model, ys__area_of(p->in, b)) + villages;
    }
    if (c->n_levels > 0)
        measure_areas(&l);
    YS_GO(make_sums(&l, diag));
    YS_GO(place_sums(&l, diag));
    YS_GO(make_terms(&l, diag));
    YS_GO(place_terms(&l, diag));
    YS_GO(place_levels(&l, diag));
    st = check_terms(c, diag);
done:
    ys_free(l.span);
    ys_free(l.gap);
    ys_free(l.gains);
    ys_free(l.term);
    ys_free(l.term_of);
    return st;
}
