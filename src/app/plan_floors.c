/* SPDX-License-Identifier: Apache-2.0 */
#include "app/plan_input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/prices.h"
#include "base/alloc.h"

/*
 * From the rows of kind `floor` to floors of the plan: docs/plan-model.md section 10.  A row may stand for many: one for each
 * village of a county, or for each village and project.
 */

enum { MOST_FLOORS = 200000 };

typedef struct floors {
    ys_plan_facts *p;
    const ys_map *funds;
    const ys_table *t;
    int name, area, metric, minimum, maximum, each, of, fund; /* columns, -1: the pack has none */
    ys_plan_floor *out;
    size_t cap;
    int32_t *place; /* areas of the households of the plan, ascending */
} floors;

/* One row while it is read. */
typedef struct row {
    const char *name, *metric, *each, *of, *fund;
    int32_t area;
    double minimum, maximum; /* NaN: blank */
} row;

static const char *cell(const floors *x, int col, int64_t i)
{
    const char *text = col >= 0 ? ys_table_get_text(x->t, col, i) : NULL;
    return text != NULL ? text : "";
}

static double number(const floors *x, int col, int64_t i)
{
    return col >= 0 ? ys_table_get_real(x->t, col, i) : NAN;
}

static ys_status refuse(const row *r, const char *value, const char *zh, const char *en, ys_diag *diag)
{
    ys_diag_value(diag, value);
    ys_status st = ys_fail(diag, YS_EDATA, "底线 %s：%s%.0s", "floor %s: %.0s%s", r->name, zh, en);
    ys_diag_fix(diag, "改正 floors 表中的这一行（docs/registry.md）",
                "correct this row of floors (docs/registry.md)");
    return st;
}

static ys_status add(floors *x, const ys_plan_floor *f, ys_diag *diag)
{
    size_t n = (size_t)x->p->in.n_floors;
    if (n >= MOST_FLOORS)
        return ys_fail(diag, YS_ELIMIT, "底线展开后超过%d条", "floors come to more than %d rows",
                       MOST_FLOORS);
    if (f->name == NULL || !ys_grow(&x->out, &x->cap, n + 1, sizeof *x->out))
        return ys_fail_nomem(diag);
    x->out[n] = *f;
    x->p->in.n_floors++;
    return YS_OK;
}

static ys_plan_floor in_area(const floors *x, const char *name, int32_t area)
{
    return (ys_plan_floor){.name = name,
                           .area_begin = ys_areas_begin(x->p->frame->areas, area),
                           .area_end = ys_areas_end(x->p->frame->areas, area)};
}

/* ---- at least, at most ---- */

static ys_status take_amounts(floors *x, const row *r, int metric, ys_diag *diag)
{
    double unit = metric == YS_PLAN_GAP ? ys_currency_unit(x->p->frame->pack) : 1;
    const double amount[2] = {r->minimum, r->maximum};
    for (int k = 0; k < 2; k++) {
        if (isnan(amount[k]))
            continue;
        if (!(amount[k] >= 0) || amount[k] > 0x1p45)
            return refuse(r, "", "数值为负或过大", "its minimum or maximum is negative or too large", diag);
        ys_plan_floor f =
            in_area(x, k == 0 ? r->name : ys_arena_printf(x->p->arena, "%s:max", r->name), r->area);
        f.kind = k == 0 ? YS_PLAN_LEAST : YS_PLAN_MOST;
        f.metric = (ys_plan_metric)metric;
        f.minimum = (int64_t)floor(amount[k] * unit + 0.5);
        YS_TRY(add(x, &f, diag));
    }
    return YS_OK;
}

/* ---- shares ---- */

static ys_status share_of(const row *r, double value, int32_t least, int32_t *ret, ys_diag *diag)
{
    if (!(value >= least * 1e-6 && value <= 1))
        return refuse(r, "", least > 0 ? "份额须在0.001–1之间" : "份额须在0–1之间",
                      least > 0 ? "its share must lie between 0.001 and 1"
                                : "its share must lie between 0 and 1",
                      diag);
    *ret = (int32_t)floor(value * 1e6 + 0.5);
    return YS_OK;
}

/* The level that a row speaks of, blank: village, which must lie below its area. */
static ys_status level_of(const floors *x, const row *r, int *ret, ys_diag *diag)
{
    const char *const *levels, *want = r->each[0] != '\0' ? r->each : "village";
    int n = ys_pack_area_levels(x->p->frame->pack, &levels);
    for (int i = 0; i < n; i++)
        if (strcmp(levels[i], want) == 0) {
            *ret = i;
            return YS_OK;
        }
    return refuse(r, want, "没有这一级地区（each）", "there is no such level of areas (each)", diag);
}

/* Does a household of the plan live in this area, which lies on the level and in the area of the row? */
static bool counts_area(const floors *x, const row *r, int32_t area, int level)
{
    const ys_areas *a = x->p->frame->areas;
    if (ys_areas_level(a, area) != level || !ys_areas_within(a, area, r->area))
        return false;
    int64_t low = 0, high = x->p->in.n_households;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (x->place[mid] < ys_areas_begin(a, area))
            low = mid + 1;
        else
            high = mid;
    }
    return low < x->p->in.n_households && x->place[low] < ys_areas_end(a, area);
}

static ys_status take_coverage(floors *x, const row *r, ys_diag *diag)
{
    const ys_areas *a = x->p->frame->areas;
    int level = 0;
    int32_t share = 0;
    YS_TRY(share_of(r, r->minimum, 0, &share, diag));
    YS_TRY(level_of(x, r, &level, diag));
    for (int32_t area = 0; area < ys_areas_count(a); area++) {
        if (!counts_area(x, r, area, level))
            continue;
        ys_plan_floor f =
            in_area(x, ys_arena_printf(x->p->arena, "%s:%s", r->name, ys_areas_code(a, area)), area);
        f.kind = YS_PLAN_COVERAGE;
        f.share = share;
        f.of_begin = ys_areas_begin(a, r->area);
        f.of_end = ys_areas_end(a, r->area);
        YS_TRY(add(x, &f, diag));
    }
    return YS_OK;
}

/* Marks the measures that a list of measures, families or groups names; blank: all. */
static ys_status measures_of(const floors *x, const row *r, uint8_t **ret, ys_diag *diag)
{
    int n;
    const ys_measure *m = ys_pack_measures(x->p->frame->pack, &n);
    uint8_t *marks = ys_arena_alloc(x->p->arena, (size_t)n + 1, 1);
    if (marks == NULL)
        return ys_fail_nomem(diag);
    if (r->of[0] == '\0')
        memset(marks, 1, (size_t)n);
    for (const char *c = r->of; *c != '\0';) {
        size_t length = strcspn(c, "|");
        bool known = false;
        for (int i = 0; i < n; i++) {
            const char *const names[] = {m[i].measure, m[i].family, m[i].group};
            for (int k = 0; k < 3; k++) {
                if (length == 0 || strlen(names[k]) != length || strncmp(names[k], c, length) != 0)
                    continue;
                marks[i] = 1;
                known = true;
            }
        }
        if (!known)
            return refuse(r, c, "没有这样的措施、类别或组（of）",
                          "there is no such measure, family or group (of)", diag);
        c += length + (c[length] == '|');
    }
    *ret = marks;
    return YS_OK;
}

static ys_status take_spending(floors *x, const row *r, ys_diag *diag)
{
    int64_t fund = r->fund[0] != '\0' ? ys_map_find(x->funds, r->fund) : -1;
    if (r->fund[0] != '\0' && fund < 0)
        return refuse(r, r->fund, "没有这项资金（fund）", "there is no such fund", diag);
    if (r->of[0] == '\0')
        return refuse(r, "", "没有写哪些措施（of）", "it does not say which measures (of)", diag);
    const double value[2] = {r->minimum,
                             1 - r->maximum}; /* at most a share: the others have the rest at least */
    for (int k = 0; k < 2; k++) {
        uint8_t *counts = NULL;
        if (isnan(value[k]))
            continue;
        ys_plan_floor f =
            in_area(x, k == 0 ? r->name : ys_arena_printf(x->p->arena, "%s:max", r->name), r->area);
        YS_TRY(share_of(r, value[k], 0, &f.share, diag));
        YS_TRY(measures_of(x, r, &counts, diag));
        for (int i = 0; k == 1 && i < x->p->in.n_measures; i++)
            counts[i] = !counts[i];
        f.kind = YS_PLAN_SPENDING;
        f.fund = (int32_t)fund;
        f.counts = counts;
        YS_TRY(add(x, &f, diag));
    }
    return YS_OK;
}

static ys_status take_project(floors *x, const row *r, ys_diag *diag)
{
    const ys_plan_input *in = &x->p->in;
    const ys_areas *a = x->p->frame->areas;
    int level = 0;
    int32_t share = 0;
    uint8_t *marks = NULL;
    YS_TRY(share_of(r, r->maximum, 1000, &share, diag));
    YS_TRY(level_of(x, r, &level, diag));
    YS_TRY(measures_of(x, r, &marks, diag));
    for (int32_t area = 0; area < ys_areas_count(a); area++) {
        if (!counts_area(x, r, area, level))
            continue;
        for (int o = 0; o < in->n_offerings; o++) {
            const ys_plan_offering *offer = &in->offerings[o];
            ys_plan_floor f = in_area(x, "", area);
            if (!marks[offer->measure] || offer->area_begin >= f.area_end || offer->area_end <= f.area_begin)
                continue;
            f.name = ys_arena_printf(x->p->arena, "%s:%s:%s", r->name, ys_areas_code(a, area), offer->name);
            f.kind = YS_PLAN_PROJECT;
            f.share = share;
            f.offering = o;
            YS_TRY(add(x, &f, diag));
        }
    }
    return YS_OK;
}

/* ---- all of them ---- */

static ys_status take_row(floors *x, int64_t i, ys_diag *diag)
{
    static const char *const metrics[] = {"gap", "cures", "households"};
    row r = {.name = cell(x, x->name, i),
             .metric = cell(x, x->metric, i),
             .each = cell(x, x->each, i),
             .of = cell(x, x->of, i),
             .fund = cell(x, x->fund, i),
             .minimum = number(x, x->minimum, i),
             .maximum = number(x, x->maximum, i)};
    const char *code = cell(x, x->area, i);
    r.area = ys_areas_find(x->p->frame->areas, code);
    if (r.area < 0)
        return refuse(&r, code, "没有这个地区", "there is no such area", diag);
    bool project = strcmp(r.metric, "project") == 0, coverage = strcmp(r.metric, "coverage") == 0;
    if (project ? isnan(r.maximum) : isnan(r.minimum) && (coverage || isnan(r.maximum)))
        return refuse(&r, "", project ? "没有写最高值（maximum）" : "没有写最低值（minimum）",
                      project ? "it has no maximum" : "it has no minimum", diag);
    if (project)
        return take_project(x, &r, diag);
    if (coverage)
        return take_coverage(x, &r, diag);
    if (strcmp(r.metric, "spending") == 0)
        return take_spending(x, &r, diag);
    for (int m = 0; m < 3; m++)
        if (strcmp(r.metric, metrics[m]) == 0)
            return take_amounts(x, &r, m, diag);
    return refuse(&r, r.metric, "没有这种指标（metric）", "there is no such metric", diag);
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

ys_status ys__plan_take_floors(ys_plan_facts *p, const ys_map *funds, ys_diag *diag)
{
    const ys_table *t = p->frame->floor;
    floors x = {.p = p,
                .funds = funds,
                .t = t,
                .name = ys_table_find(t, "floor"),
                .area = ys_table_find(t, "area"),
                .metric = ys_table_find(t, "metric"),
                .minimum = ys_table_find(t, "minimum"),
                .maximum = ys_table_find(t, "maximum"),
                .each = ys_table_find(t, "each"),
                .of = ys_table_find(t, "of"),
                .fund = ys_table_find(t, "fund")};
    ys_status st = YS_OK;
    x.place = ys_calloc((size_t)p->in.n_households, sizeof *x.place);
    if (x.place == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < p->in.n_households; i++)
        x.place[i] = p->in.households[i].area;
    qsort(x.place, (size_t)p->in.n_households, sizeof *x.place, ascending);
    for (int64_t i = 0; st == YS_OK && i < ys_table_rows(t); i++)
        st = take_row(&x, i, diag);
    size_t n = (size_t)p->in.n_floors;
    ys_plan_floor *own = st == YS_OK ? ys_arena_alloc(p->arena, n + 1, sizeof *own) : NULL;
    if (st == YS_OK && own == NULL)
        st = ys_fail_nomem(diag);
    if (st == YS_OK && n > 0)
        memcpy(own, x.out, n * sizeof *own);
    p->in.floors = own;
    ys_free(x.place);
    ys_free(x.out);
    return st;
}
