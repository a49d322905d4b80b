/* SPDX-License-Identifier: Apache-2.0 */
/* The table of indices by group: sort once, then every group is one sorted run. */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "base/dmath.h"
#include "measure/slice.h"
#include "measure/sum.h"
#include "yaoshi/table.h"

static const struct {
    const char *name, *unit, *zh, *en;
} indices[] = {
#define X(id, name, unit, zh, en) {name, unit, zh, en},
    YS_INCOME_INDEX_LIST(X)
#undef X
};

const char *ys_income_index_name(ys_income_index i)
{
    return indices[i].name;
}

const char *ys_income_index_unit(ys_income_index i)
{
    return indices[i].unit;
}

const char *ys_income_index_zh(ys_income_index i)
{
    return indices[i].zh;
}

const char *ys_income_index_en(ys_income_index i)
{
    return indices[i].en;
}

void ys_poor_flags(int64_t n, const int64_t *total, const int64_t *persons, const int64_t *line,
                   uint8_t *ret_poor)
{
    for (int64_t i = 0; i < n; i++) {
        if (ys_is_missing(total[i]) || ys_is_missing(line[i]) || persons[i] < 1)
            ret_poor[i] = 2;
        else /* 128 bits: no line × persons overflows */
            ret_poor[i] = (__int128)total[i] < (__int128)line[i] * persons[i];
    }
}

/* Rows regrouped: those of group g are grouped[start[g]] .. grouped[start[g + 1] - 1], each still sorted; the rows
 * without group come last. */
typedef struct regroup {
    ys__row *row;
    int64_t *start; /* groups + 2 places */
} regroup;

static bool regroup_rows(int64_t n, const ys__row *rows, int32_t groups, regroup *g)
{
    int64_t *at = ys_calloc((size_t)groups + 2, sizeof *at);
    g->row = ys_calloc(n > 0 ? (size_t)n : 1, sizeof *g->row);
    g->start = ys_calloc((size_t)groups + 2, sizeof *g->start);
    if (!at || !g->row || !g->start) {
        ys_free(at);
        return false;
    }
    for (int64_t i = 0; i < n; i++)
        g->start[(rows[i].group < 0 ? groups : rows[i].group) + 1]++;
    for (int32_t k = 0; k <= groups; k++) {
        g->start[k + 1] += g->start[k];
        at[k] = g->start[k];
    }
    for (int64_t i = 0; i < n; i++)
        g->row[at[rows[i].group < 0 ? groups : rows[i].group]++] = rows[i];
    ys_free(at);
    return true;
}

/* Between-group parts of Theil T and MLD, added up over the groups. */
typedef struct between {
    ys__sum theil, mld;
} between;

static void add_between(between *b, const ys__slice *part, const ys__slice *all)
{
    if (!(part->pop_used > 0) || !(part->income_used > 0))
        return;
    double mu = all->income_used / all->pop_used, mug = part->income_used / part->pop_used;
    ys__add(&b->theil, part->income_used / all->income_used * ys_log(mug / mu));
    ys__add(&b->mld, part->pop_used / all->pop_used * ys_log(mu / mug));
}

static void put_between(ys_income_table *t, const between *b)
{
    t->theil_between = ys__total(&b->theil);
    t->mld_between = ys__total(&b->mld);
    double theil = t->total.value[YS_II_THEIL], mld = t->total.value[YS_II_MLD];
    t->theil_between_share = theil > 0 ? t->theil_between / theil : NAN;
    t->mld_between_share = mld > 0 ? t->mld_between / mld : NAN;
}

static void put_shares(ys_income_result *r, const ys_income_result *total, const ys__slice *part,
                       const ys__slice *all)
{
    for (int a = 0; a < 3; a++)
        r->contribution[a] = all->num[a] > 0 ? part->num[a] / all->num[a] : NAN;
    r->population_share = r->population / total->population;
}

static void count_missing(const ys_income_data *d, ys_income_table *t)
{
    for (int64_t i = 0; i < d->n; i++) {
        if (!isnan(d->income[i]))
            continue;
        t->total.missing++;
        if (d->group && d->group[i] >= 0)
            t->group[d->group[i]].missing++;
    }
}

typedef struct work {
    ys__row *rows;
    int64_t n;
    ys__gap *gaps;
    regroup by;
} work;

static void measure_all(const ys_income_data *d, const ys_income_opts *o, work *w, ys_income_table *t)
{
    ys__slice all, part;
    between b = {0};
    ys__slice_opts so = {.threshold = NAN, .relative = o->relative > 0 ? o->relative : 0.6};
    so.rows_are_population = o->rows_are_population;
    so.unclamped = o->unclamped;
    so.base = o->base ? o->base[d->groups] : NAN;
    ys__slice_measure(w->n, w->rows, &so, w->gaps, &t->total, &all);
    put_shares(&t->total, &t->total, &all, &all);
    so.threshold = t->total.value[YS_II_ARPT]; /* one threshold for all groups */
    for (int32_t g = 0; g <= d->groups && d->groups > 0; g++) {
        ys_income_result rest = {0}, *r = g < d->groups ? &t->group[g] : &rest;
        int64_t begin = w->by.start[g], n = w->by.start[g + 1] - begin;
        so.base = o->base && g < d->groups ? o->base[g] : NAN;
        ys__slice_measure(n, w->by.row + begin, &so, w->gaps, r, &part);
        put_shares(r, &t->total, &part, &all);
        add_between(&b, &part, &all);
    }
    t->theil_between = t->mld_between = t->theil_between_share = t->mld_between_share = NAN;
    if (d->groups > 0 && o->rows_are_population && t->total.weight > 0)
        put_between(t, &b);
}

ys_status ys_income_measure(const ys_income_data *d, const ys_income_opts *o, ys_income_table **ret_table,
                            ys_diag *diag)
{
    work w = {0};
    ys_income_table *t = NULL;
    ys_status st = ys__rows_new(d, o, &w.rows, &w.n, diag);
    if (st != YS_OK)
        return st;
    st = YS_ENOMEM;
    w.gaps = ys_malloc((w.n > 0 ? (size_t)w.n : 1) * sizeof *w.gaps);
    t = ys_calloc(1, sizeof *t);
    if (!w.gaps || !t || !regroup_rows(w.n, w.rows, d->groups, &w.by))
        goto done;
    t->groups = d->groups;
    t->group = ys_calloc(d->groups > 0 ? (size_t)d->groups : 1, sizeof *t->group);
    if (!t->group)
        goto done;
    measure_all(d, o, &w, t);
    count_missing(d, t);
    *ret_table = t;
    t = NULL;
    st = YS_OK;
done:
    ys_income_table_free(t);
    ys_free(w.rows);
    ys_free(w.gaps);
    ys_free(w.by.row);
    ys_free(w.by.start);
    return st == YS_ENOMEM ? ys_fail_nomem(diag) : st;
}

void ys_income_table_free(ys_income_table *t)
{
    if (!t)
        return;
    ys_free(t->group);
    ys_free(t);
}
