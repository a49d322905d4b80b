/* SPDX-License-Identifier: Apache-2.0 */
#include "app/whatif_curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "report/svg.h"

/* What the changed target is in the plan: a row, or a floor. */
static void find_price(const ys_scenario *s, ys_curve_point *p)
{
    const ys_plan_tier *t = &s->result->tier[1];
    const ys_scenario_change *what = &s->changes[0];
    double unit = (double)((int64_t)1 << t->shift);
    p->minimum = t->couple_minimum;
    p->minimum_price = (double)t->couple_price / unit;
    for (int64_t r = 0; r < s->result->rows; r++) {
        ys_plan_row row = ys_plan_row_at(s->plan, r);
        if (row.fund >= 0 ? row.fund == what->fund : row.offering == what->offering)
            p->price = (double)t->price[r] / unit;
    }
    if (what->floor >= 0)
        p->price = (double)t->floor_price[what->floor] / unit;
}

static ys_status solve_point(const ys_planning *base, ys_curve *c, ys_curve_point *p, ys_scenario **previous,
                             const ys_plan_config *config, ys_diag *diag)
{
    char text[500], percent[40];
    ys_scenario *s = NULL;
    ys_status st = YS_OK;
    ys_format_real(p->percent, percent, sizeof percent);
    snprintf(text, sizeof text, "%s=%s%%", c->target, percent);
    YS_TRY(ys_scenario_open(base, percent, &s, diag));
    YS_GO(ys_scenario_set(s, text, diag));
    snprintf(p->amount, sizeof p->amount, "%s", s->changes[0].after);
    snprintf(c->zh, sizeof c->zh, "%s", s->changes[0].zh);
    snprintf(c->en, sizeof c->en, "%s", s->changes[0].en);
    st = ys_scenario_solve(s, *previous, config, diag);
    if (st == YS_EINFEASIBLE) { /* a point like any other: nothing fits there */
        ys_diag_clear(diag);
        st = YS_OK;
        goto done;
    }
    if (st != YS_OK)
        goto done;
    p->feasible = true;
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        p->value[t] = s->result->tier[t].value;
        p->bound[t] = s->result->tier[t].bound;
    }
    p->gap = s->result->gap;
    p->seconds = s->seconds_build + s->seconds_solve;
    find_price(s, p);
    ys_scenario_free(*previous);
    *previous = s;
    s = NULL;
done:
    ys_scenario_free(s);
    return st;
}

ys_status ys_curve_make(const ys_planning *base, const char *target, const double *percent, int n,
                        const ys_plan_config *config, ys_curve **ret_curve, ys_diag *diag)
{
    if (strncmp(target, "fund:", 5) != 0 && strncmp(target, "capacity:", 9) != 0 &&
        strncmp(target, "floor:", 6) != 0) {
        ys_diag_value(diag, target);
        return ys_fail(diag, YS_EUSAGE,
                       "曲线只能画 fund:、capacity: 或 floor:", "a curve is of fund:, capacity: or floor:");
    }
    ys_curve *c = ys_calloc(1, sizeof *c);
    if (c == NULL)
        return ys_fail_nomem(diag);
    snprintf(c->target, sizeof c->target, "%s", target);
    c->n = n;
    ys_status st = YS_OK;
    int middle = 0;
    while (middle < n && percent[middle] < 100)
        middle++;
    for (int side = 0; side < 2 && st == YS_OK; side++) { /* away from the base, each from its neighbour */
        ys_scenario *previous = NULL;
        for (int k = side == 0 ? middle : middle - 1; k >= 0 && k < n && st == YS_OK;
             k += side == 0 ? 1 : -1) {
            c->point[k].percent = percent[k];
            st = solve_point(base, c, &c->point[k], &previous, config, diag);
        }
        ys_scenario_free(previous);
    }
    if (st != YS_OK) {
        ys_free(c);
        return st;
    }
    *ret_curve = c;
    return YS_OK;
}

/* ---- picture ---- */

enum { WIDTH = 640, HEIGHT = 320, LEFT = 60, RIGHT = 20, TOP = 40, BOTTOM = 50 };

typedef struct scale {
    double x0, x1, y0, y1;
} scale;

static double at_x(const scale *s, double v)
{
    return LEFT + (s->x1 > s->x0 ? (v - s->x0) / (s->x1 - s->x0) : 0.5) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const scale *s, double v)
{
    return HEIGHT - BOTTOM - (s->y1 > s->y0 ? (v - s->y0) / (s->y1 - s->y0) : 0.5) * (HEIGHT - TOP - BOTTOM);
}

static scale find_scale(const ys_curve *c)
{
    scale s = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (int i = 0; i < c->n; i++) {
        const ys_curve_point *p = &c->point[i];
        if (!p->feasible)
            continue;
        s.x0 = fmin(s.x0, p->percent);
        s.x1 = fmax(s.x1, p->percent);
        s.y0 = fmin(s.y0, (double)p->value[1]);
        s.y1 = fmax(s.y1, (double)p->bound[1]);
    }
    return s;
}

static void draw_line(const ys_curve *c, const scale *s, bool bound, const char *stroke, ys_out out)
{
    const ys_curve_point *before = NULL;
    for (int i = 0; i < c->n; i++) {
        const ys_curve_point *p = &c->point[i];
        if (!p->feasible)
            continue;
        if (before != NULL)
            ys_svg_line(out, at_x(s, before->percent),
                        at_y(s, (double)(bound ? before->bound[1] : before->value[1])), at_x(s, p->percent),
                        at_y(s, (double)(bound ? p->bound[1] : p->value[1])), stroke);
        before = p;
    }
}

void ys_curve_svg(const ys_curve *c, bool zh, ys_out out)
{
    char title[300], text[64];
    snprintf(title, sizeof title, zh ? "价值随“%s”变化" : "value as '%s' varies", zh ? c->zh : c->en);
    ys_svg_head head = {
        .id = "curve",
        .title = title,
        .desc = zh ? "横轴：占原额的百分比；深线：计划减少的缺口；灰线：证明过的上界"
                   : "across: per cent of the amount; dark: gap closed by the plan; grey: its proven bound"};
    ys_svg_style small = {.size = 11, .anchor = YS_MIDDLE},
                 big = {.size = 14, .anchor = YS_START, .bold = true};
    scale s = find_scale(c);
    ys_svg_open(out, &head, WIDTH, HEIGHT);
    ys_svg_text(out, LEFT, 20, &big, title);
    if (s.x0 <= s.x1) {
        ys_svg_line(out, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, ys_svg_ink);
        draw_line(c, &s, true, ys_svg_grey, out);
        draw_line(c, &s, false, ys_svg_accent, out);
    }
    for (int i = 0; i < c->n; i++) {
        const ys_curve_point *p = &c->point[i];
        if (!p->feasible)
            continue;
        ys_svg_rect(out, at_x(&s, p->percent) - 2, at_y(&s, (double)p->value[1]) - 2, 4, 4, ys_svg_accent);
        snprintf(text, sizeof text, "%.0f%%", p->percent);
        ys_svg_text(out, at_x(&s, p->percent), HEIGHT - BOTTOM + 16, &small, text);
        snprintf(text, sizeof text, "%.0f", (double)p->value[1] / 1e6);
        ys_svg_text(out, at_x(&s, p->percent), at_y(&s, (double)p->value[1]) - 8, &small, text);
    }
    ys_svg_text(out, WIDTH / 2.0, HEIGHT - 12, &small,
                zh ? "占原额 %（点旁：减少的缺口，百万分）"
                   : "% of the amount (at the points: gap closed, millions of minor units)");
    ys_svg_close(out);
}
