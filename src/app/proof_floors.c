/* SPDX-License-Identifier: Apache-2.0 */
#include "app/proof_facts.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/*
 * The floors a plan must keep, from kind `floor`, written from docs/plan-model.md section 10 alone.  Rows that stand for many are
 * laid out in the order of the areas' codes, then of the offerings.
 */

typedef struct layer {
    ys__proof_facts *p;
    const ys_map *funds;
    ys_verify_floor *item;
    size_t n, room;
    int32_t *homes; /* per area: households of the plan in it and below */
    /* the row at hand */
    int64_t row;
    const char *name;
    int32_t area;
} layer;

static const char *word(const layer *l, const char *column)
{
    const ys_table *t = l->p->frame->floor;
    int c = ys_table_find(t, column);
    const char *s = c < 0 ? NULL : ys_table_get_text(t, c, l->row);
    return s ? s : "";
}

static double figure(const layer *l, const char *column)
{
    const ys_table *t = l->p->frame->floor;
    int c = ys_table_find(t, column);
    return c < 0 || ys_table_missing(t, c, l->row) ? NAN : ys_table_get_real(t, c, l->row);
}

static ys_status unusable(const layer *l, ys_diag *diag)
{
    return ys_fail(diag, YS_EDATA, "保底目标 %s 缺指标、地区或数值，或所指不存在",
                   "floor %s lacks a metric, an area or a value, or names what does not exist", l->name);
}

/* ppm, -1: no share */
static int32_t millionths(double share)
{
    return share >= 0 && share <= 1 ? (int32_t)floor(share * 1e6 + 0.5) : -1;
}

static ys_status put(layer *l, ys_verify_floor f, int32_t area, ys_diag *diag)
{
    const ys_areas *a = l->p->frame->areas;
    f.area_begin = ys_areas_begin(a, area);
    f.area_end = ys_areas_end(a, area);
    if (!f.name || !ys_grow(&l->item, &l->room, l->n + 1, sizeof *l->item))
        return ys_fail_nomem(diag);
    l->item[l->n++] = f;
    return YS_OK;
}

static const char *as_most(const layer *l)
{
    return ys_arena_printf(l->p->arena, "%s:max", l->name);
}

static ys_status amounts(layer *l, ys_verify_metric metric, ys_diag *diag)
{
    double low = figure(l, "minimum"), high = figure(l, "maximum"), minor = 1;
    for (int k = metric == YS_VERIFY_GAP ? ys_pack_digits(l->p->frame->pack) : 0; k > 0; k--)
        minor *= 10;
    if ((isnan(low) && isnan(high)) || low < 0 || high < 0 || low > 0x1p45 || high > 0x1p45)
        return unusable(l, diag);
    ys_verify_floor f = {.name = l->name, .metric = metric, .kind = YS_VERIFY_LEAST};
    if (!isnan(low)) {
        f.minimum = (int64_t)floor(low * minor + 0.5);
        YS_TRY(put(l, f, l->area, diag));
    }
    if (isnan(high))
        return YS_OK;
    f.name = as_most(l);
    f.kind = YS_VERIFY_MOST;
    f.minimum = (int64_t)floor(high * minor + 0.5);
    return put(l, f, l->area, diag);
}

/* Is measure `i` named in the list, by itself, its family or its group? */
static bool named(const ys_measure *m, const char *list)
{
    const char *by[] = {m->measure, m->family, m->group};
    for (const char *s = list; *s;) {
        const char *end = strchr(s, '|');
        size_t n = end ? (size_t)(end - s) : strlen(s);
        for (int k = 0; n > 0 && k < 3; k++)
            if (strncmp(by[k], s, n) == 0 && by[k][n] == '\0')
                return true;
        s += n + (end != NULL);
    }
    return false;
}

static uint8_t *marks_of(const layer *l, const char *list, bool others)
{
    int n;
    const ys_measure *m = ys_pack_measures(l->p->frame->pack, &n);
    uint8_t *mark = ys_arena_alloc(l->p->arena, (size_t)n + 1, 1);
    for (int i = 0; mark && i < n; i++)
        mark[i] = named(&m[i], list) != others;
    return mark;
}

static ys_status spending(layer *l, ys_diag *diag)
{
    double low = figure(l, "minimum"), high = figure(l, "maximum");
    const char *fund = word(l, "fund"), *of = word(l, "of");
    ys_verify_floor f = {.name = l->name, .kind = YS_VERIFY_SPENDING, .fund = -1};
    if (*fund)
        f.fund = (int32_t)ys_map_find(l->funds, fund);
    if ((*fund && f.fund < 0) || !*of || (isnan(low) && isnan(high)))
        return unusable(l, diag);
    for (int k = 0; k < 2; k++) {
        double share = k == 0 ? low : 1 - high;
        if (isnan(share))
            continue;
        f.name = k == 0 ? l->name : as_most(l);
        f.share = millionths(share);
        f.counts = marks_of(l, of, k == 1);
        if (f.share < 0)
            return unusable(l, diag);
        if (!f.counts)
            return ys_fail_nomem(diag);
        YS_TRY(put(l, f, l->area, diag));
    }
    return YS_OK;
}

/* Areas of the row's level (blank: village) with households of the plan, below its area. */
static ys_status each_area(layer *l, ys_status (*lay)(layer *, int32_t, ys_diag *), ys_diag *diag)
{
    const ys_areas *a = l->p->frame->areas;
    const char *each = word(l, "each"), *const * levels;
    int n = ys_pack_area_levels(l->p->frame->pack, &levels), level = 0;
    while (level < n && strcmp(levels[level], *each ? each : "village") != 0)
        level++;
    if (level == n)
        return unusable(l, diag);
    for (int32_t k = 0; k < ys_areas_count(a); k++)
        if (l->homes[k] > 0 && ys_areas_level(a, k) == level && ys_areas_within(a, k, l->area))
            YS_TRY(lay(l, k, diag));
    return YS_OK;
}

static ys_status lay_coverage(layer *l, int32_t area, ys_diag *diag)
{
    const ys_areas *a = l->p->frame->areas;
    ys_verify_floor f = {.name = ys_arena_printf(l->p->arena, "%s:%s", l->name, ys_areas_code(a, area)),
                         .kind = YS_VERIFY_COVERAGE,
                         .share = millionths(figure(l, "minimum")),
                         .of_begin = ys_areas_begin(a, l->area),
                         .of_end = ys_areas_end(a, l->area)};
    return f.share < 0 ? unusable(l, diag) : put(l, f, area, diag);
}

static ys_status lay_projects(layer *l, int32_t area, ys_diag *diag)
{
    const ys_areas *a = l->p->frame->areas;
    const ys_verify_facts *in = &l->p->in;
    int n;
    const ys_measure *m = ys_pack_measures(l->p->frame->pack, &n);
    int32_t share = millionths(figure(l, "maximum"));
    if (share < 1000)
        return unusable(l, diag);
    for (int o = 0; o < in->n_offerings; o++) {
        const ys_verify_offering *x = &in->offerings[o];
        bool meets = x->area_begin < ys_areas_end(a, area) && ys_areas_begin(a, area) < x->area_end;
        if (!meets || (*word(l, "of") && !named(&m[x->measure], word(l, "of"))))
            continue;
        ys_verify_floor f = {
            .name = ys_arena_printf(l->p->arena, "%s:%s:%s", l->name, ys_areas_code(a, area), x->name),
            .kind = YS_VERIFY_PROJECT,
            .share = share,
            .offering = o};
        YS_TRY(put(l, f, area, diag));
    }
    return YS_OK;
}

static ys_status lay_row(layer *l, ys_diag *diag)
{
    const char *metric = word(l, "metric");
    l->name = word(l, "floor");
    l->area = ys_areas_find(l->p->frame->areas, word(l, "area"));
    if (l->area < 0)
        return unusable(l, diag);
    if (strcmp(metric, "gap") == 0)
        return amounts(l, YS_VERIFY_GAP, diag);
    if (strcmp(metric, "cures") == 0)
        return amounts(l, YS_VERIFY_CURES, diag);
    if (strcmp(metric, "households") == 0)
        return amounts(l, YS_VERIFY_HELPED, diag);
    if (strcmp(metric, "spending") == 0)
        return spending(l, diag);
    if (strcmp(metric, "coverage") == 0)
        return each_area(l, lay_coverage, diag);
    return strcmp(metric, "project") == 0 ? each_area(l, lay_projects, diag) : unusable(l, diag);
}

static bool count_homes(layer *l)
{
    const ys_frame *f = l->p->frame;
    l->homes = ys_calloc((size_t)ys_areas_count(f->areas) + 1, sizeof *l->homes);
    for (int64_t i = 0; l->homes && i < f->households; i++)
        for (int32_t a = l->p->block_of[i] >= 0 ? f->area_of[i] : -1; a >= 0;
             a = ys_areas_parent(f->areas, a))
            l->homes[a]++;
    return l->homes != NULL;
}

ys_status ys__proof_floors(ys__proof_facts *p, const ys_map *funds, ys_diag *diag)
{
    layer l = {.p = p, .funds = funds};
    ys_status st = count_homes(&l) ? YS_OK : ys_fail_nomem(diag);
    for (l.row = 0; st == YS_OK && l.row < ys_table_rows(p->frame->floor); l.row++)
        st = lay_row(&l, diag);
    ys_verify_floor *own = ys_arena_alloc(p->arena, l.n + 1, sizeof *own);
    if (st == YS_OK && !own)
        st = ys_fail_nomem(diag);
    for (size_t i = 0; st == YS_OK && i < l.n; i++)
        own[i] = l.item[i];
    p->in.n_floors = st == YS_OK ? (int)l.n : 0;
    p->in.floors = own;
    ys_free(l.item);
    ys_free(l.homes);
    return st;
}
