/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roadmap.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "base/str.h"
#include "paper/canvas.h"

/* The poster: sheets of lanes under one axis of months. */

#define WIDTH  YS_MM(420)
#define HEIGHT YS_MM(297)
#define MARGIN YS_MM(14)
#define LABEL  YS_MM(78) /* width of the column of names */
#define TOP    YS_MM(38) /* title and axis */
#define LANE   YS_MM(14)
#define FOOT   YS_MM(14)
enum {
    INK = 0x222222,
    GREY = 0x767676,
    PALE = 0xe8e8e8,
    BLUE = 0x1f5f99,
    RED = 0xb01818,
    PALE_BLUE = 0xb9cfe4,
    WHITE = 0xffffff
};
enum { LANES = 16 }; /* of a sheet */

typedef struct sheet {
    const ys_roadmap *r;
    ys_canvas *s;
    int32_t from, to; /* days of the axis */
    double y;         /* upper edge of the lane at hand */
    bool failed;      /* no memory for words */
} sheet;

static const char *say(const sheet *p, const char *zh, const char *en)
{
    return p->r->args->zh ? zh : en;
}

static double x_of(const sheet *p, int32_t day)
{
    return MARGIN + LABEL +
           (WIDTH - 2 * MARGIN - LABEL) * (double)(day - p->from) / (double)(p->to - p->from);
}

static double put(const sheet *p, double size, uint32_t colour, ys_text_align align, double x, double y,
                  double width, const char *text)
{
    const ys_text_style style = {
        .role = YS_FONT_SANS, .size = size, .colour = colour, .align = align, .leading = size * 1.25};
    return ys_canvas_text(p->s, &style, x, y, width, text);
}

/* ---- the axis ------------------------------------------------------------------------------------------------------------ */

static void stretch(sheet *p, int32_t day)
{
    if (day == YS_NO_DATE)
        return;
    p->from = day < p->from ? day : p->from;
    p->to = day > p->to ? day : p->to;
}

/* From the first of the first month to the last of the last one; today is always on it. */
static void make_axis(sheet *p)
{
    int y, m, d;
    p->from = p->to = p->r->c->today;
    for (size_t i = 0; i < p->r->n; i++) {
        const ys_dated *x = &p->r->at[i];
        stretch(p, x->from);
        stretch(p, x->to);
        stretch(p, x->forecast);
        stretch(p, x->actual);
    }
    ys_date_to(p->from, &y, &m, &d);
    p->from = ys_date_from(y, m, 1);
    ys_date_to(p->to, &y, &m, &d);
    p->to = ys_date_from(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1);
}

/* Months between labels, so that they do not touch. */
static int month_step(const sheet *p)
{
    static const int steps[] = {1, 2, 3, 6, 12};
    double months = (double)(p->to - p->from) / 30.44, room = (WIDTH - 2 * MARGIN - LABEL) / YS_MM(11);
    int k = 0;
    while (k < 4 && months / steps[k] > room)
        k++;
    return steps[k];
}

static void draw_axis(const sheet *p, double bottom)
{
    int y, m, d, step = month_step(p);
    ys_date_to(p->from, &y, &m, &d);
    for (int32_t day = p->from; day < p->to;) {
        double x = x_of(p, day);
        char text[24];
        bool year = m == 1 || day == p->from;
        ys_canvas_line(p->s, x, TOP - YS_MM(2), x, bottom, year ? .6 : .25, year ? GREY : PALE);
        if ((m - 1) % step == 0) {
            snprintf(text, sizeof text, say(p, "%d月", "%02d"), m);
            put(p, 8, GREY, YS_TEXT_LEFT, x + 2, TOP - YS_MM(6), 0, text);
        }
        if (year) {
            snprintf(text, sizeof text, say(p, "%d年", "%d"), y);
            put(p, 11, INK, YS_TEXT_LEFT, x + 2, TOP - YS_MM(11.5), 0, text);
        }
        m = m == 12 ? 1 : m + 1;
        y += m == 1;
        day = ys_date_from(y, m, 1);
    }
    double x = x_of(p, p->r->c->today);
    ys_canvas_dashed(p->s, x, TOP - YS_MM(2), x, bottom, 1.2, RED);
    put(p, 8, RED, YS_TEXT_RIGHT, x - YS_MM(20), bottom + 2, YS_MM(20), say(p, "今天", "today"));
}

/* ---- marks --------------------------------------------------------------------------------------------------------------- */

static void diamond(const sheet *p, double x, double y, double r, uint32_t colour, bool filled)
{
    const double out[] = {x, y - r, x + r, y, x, y + r, x - r, y};
    double k = r - 1.4;
    const double in[] = {x, y - k, x + k, y, x, y + k, x - k, y};
    ys_canvas_polygon(p->s, out, 4, colour);
    if (!filled)
        ys_canvas_polygon(p->s, in, 4, WHITE);
}

/* What is reached is reached, however late: its words tell the days. */
static uint32_t colour_of(const ys_dated *x)
{
    bool behind = x->standing.rule == YS_RULE_OVERDUE || x->standing.rule == YS_RULE_SLIPPING;
    return x->actual != YS_NO_DATE                                     ? INK
           : x->standing.mark == YS_MARK_LATE || behind || x->slip > 0 ? RED
                                                                       : BLUE;
}

/* A date that waits for a decision. */
static bool waits(const ys_dated *x)
{
    return x->condition != NULL && x->actual == YS_NO_DATE;
}

/* The days a plan allows: a bar, dashed while the date waits. */
static void draw_range(const sheet *p, const ys_dated *x, double y)
{
    if (x->from == YS_NO_DATE || x->to == YS_NO_DATE || x->from >= x->to)
        return;
    if (waits(x))
        ys_canvas_dashed(p->s, x_of(p, x->from), y, x_of(p, x->to), y, 2, GREY);
    else
        ys_canvas_line(p->s, x_of(p, x->from), y, x_of(p, x->to), y, 2, GREY);
}

static void draw_words(sheet *p, const ys_dated *x, double y, bool below, double room)
{
    const double size = 7, at = x_of(p, x->day), top = y + (below ? 6 : -13);
    ys_str words = {0};
    ys_str_puts(&words, x->project >= 0 ? x->which : x->what);
    if (x->slip > 0)
        ys_str_printf(&words, say(p, " 晚%d天", " +%d d"), x->slip);
    if (waits(x))
        ys_str_printf(&words, say(p, "（前提：%s）", " (if: %s)"), x->condition);
    if (WIDTH - MARGIN - at < YS_MM(45)) /* near the edge words stand to the left */
        put(p, size, colour_of(x), YS_TEXT_RIGHT, at - 6 - YS_MM(80), top, YS_MM(80), ys_str_get(&words));
    else
        put(p, size, colour_of(x), YS_TEXT_LEFT, at + (below ? -3 : 6), top, room, ys_str_get(&words));
    p->failed = p->failed || words.failed;
    ys_str_done(&words);
}

static void draw_thing(sheet *p, const ys_dated *x, double y, bool below, double room)
{
    double at = x_of(p, x->day);
    draw_range(p, x, y);
    if (x->to != YS_NO_DATE && x->to != x->day) { /* where the plan had it */
        double ghost = x_of(p, x->to);
        diamond(p, ghost, y, 4.5, GREY, false);
        ys_canvas_dashed(p->s, ghost, y, at, y, .8, colour_of(x));
    }
    diamond(p, at, y, 5, colour_of(x), x->actual != YS_NO_DATE);
    draw_words(p, x, y, below, room);
}

/* ---- lanes --------------------------------------------------------------------------------------------------------------- */

/* The plan as a ghost, what is or will be on top of it. */
static void draw_bars(const sheet *p, const ys_dated *at, size_t n, double y)
{
    sheet plan = {.from = INT32_MAX, .to = INT32_MIN}, now = plan;
    for (size_t i = 0; i < n; i++) {
        stretch(&plan, at[i].from);
        stretch(&plan, at[i].to);
        stretch(&now, at[i].actual != YS_NO_DATE || at[i].forecast != YS_NO_DATE ? at[i].day : at[i].from);
        stretch(&now, at[i].day);
    }
    if (plan.from < plan.to)
        ys_canvas_frame(p->s, x_of(p, plan.from), y - 5, x_of(p, plan.to) - x_of(p, plan.from), 10, .6, GREY);
    if (now.from < now.to)
        ys_canvas_rect(p->s, x_of(p, now.from), y - 2.5, x_of(p, now.to) - x_of(p, now.from), 5, PALE_BLUE);
}

static void draw_lane(sheet *p, size_t lane)
{
    const ys_roadmap *r = p->r;
    const ys_dated *at = r->at + r->first[lane];
    size_t n = r->first[lane + 1] - r->first[lane];
    double middle = p->y + LANE / 2;
    put(p, 9.5, INK, YS_TEXT_LEFT, MARGIN + 3, p->y + 4, LABEL - YS_MM(6), ys__roadmap_lane(r, lane));
    if (at[0].project >= 0)
        draw_bars(p, at, n, middle);
    for (size_t i = 0; i < n; i++) {
        /* words end before the next mark that writes on the same side */
        double end = i + 2 < n ? x_of(p, at[i + 2].day) : WIDTH - MARGIN, room = end - x_of(p, at[i].day) - 8;
        draw_thing(p, &at[i], middle, i % 2 == 1, room > YS_MM(12) ? room : YS_MM(12));
    }
    p->y += LANE;
}

/* ---- sheets -------------------------------------------------------------------------------------------------------------- */

static void draw_legend(const sheet *p)
{
    const double y = HEIGHT - MARGIN + 2;
    double x = MARGIN;
    const struct {
        const char *zh, *en;
        uint32_t colour;
        bool filled;
    } mark[] = {{"已完成", "reached", INK, true},
                {"未到", "ahead", BLUE, false},
                {"滞后", "late", RED, false},
                {"原计划", "as planned", GREY, false}};
    for (size_t i = 0; i < sizeof mark / sizeof *mark; i++) {
        diamond(p, x + 5, y, 4.5, mark[i].colour, mark[i].filled);
        put(p, 8, INK, YS_TEXT_LEFT, x + 12, y - 6, 0, say(p, mark[i].zh, mark[i].en));
        x += YS_MM(26);
    }
    ys_canvas_frame(p->s, x, y - 4, YS_MM(10), 8, .6, GREY);
    put(p, 8, INK, YS_TEXT_LEFT, x + YS_MM(12), y - 6, 0, say(p, "计划的起止", "the plan, first to last"));
    x += YS_MM(44);
    ys_canvas_rect(p->s, x, y - 2.5, YS_MM(10), 5, PALE_BLUE);
    put(p, 8, INK, YS_TEXT_LEFT, x + YS_MM(12), y - 6, 0, say(p, "实际与预计的起止", "actual and forecast"));
    x += YS_MM(44);
    ys_canvas_line(p->s, x, y, x + YS_MM(10), y, 2, GREY);
    put(p, 8, INK, YS_TEXT_LEFT, x + YS_MM(12), y - 6, 0, say(p, "计划的时段", "days planned"));
    x += YS_MM(36);
    ys_canvas_dashed(p->s, x, y, x + YS_MM(10), y, 2, GREY);
    put(p, 8, INK, YS_TEXT_LEFT, x + YS_MM(12), y - 6, 0,
        say(p, "等待前提的时段", "days that wait for a decision"));
    x += YS_MM(52);
    ys_canvas_dashed(p->s, x, y - 5, x, y + 5, 1.2, RED);
    put(p, 8, INK, YS_TEXT_LEFT, x + YS_MM(3), y - 6, 0, say(p, "今天", "today"));
}

static void draw_sheet(sheet *p, size_t first, size_t end, int page, int pages)
{
    char text[160], day[24];
    double bottom = TOP + (double)(end - first) * LANE;
    const ys_text_style title = {
        .role = YS_FONT_TITLE, .size = 26, .bold = true, .colour = INK, .leading = 32};
    ys_canvas_text(p->s, &title, MARGIN, MARGIN - 6, 0, say(p, "路线图", "Roadmap"));
    snprintf(text, sizeof text, say(p, "截至 %s　第 %d 页，共 %d 页", "as of %s, sheet %d of %d"),
             ys_format_date(p->r->c->today, day, sizeof day), page, pages);
    put(p, 10, GREY, YS_TEXT_RIGHT, WIDTH - MARGIN - YS_MM(100), MARGIN, YS_MM(100), text);
    p->y = TOP;
    for (size_t i = first; i < end; i += 2) /* every other lane is tinted, under the lines of the months */
        ys_canvas_rect(p->s, MARGIN, TOP + (double)(i - first) * LANE, WIDTH - 2 * MARGIN, LANE, 0xf4f4f4);
    draw_axis(p, bottom);
    for (size_t i = first; i < end; i++)
        draw_lane(p, i);
    ys_canvas_line(p->s, MARGIN, TOP, WIDTH - MARGIN, TOP, .8, INK);
    ys_canvas_line(p->s, MARGIN, bottom, WIDTH - MARGIN, bottom, .8, INK);
    draw_legend(p);
}

ys_status ys__roadmap_draw(const ys_roadmap *r, ys_roadmap_report *report, ys_diag *diag)
{
    sheet p = {.r = r};
    size_t n = strlen(r->args->path), lanes = r->lanes;
    bool svg = n > 4 && strcasecmp(r->args->path + n - 4, ".svg") == 0;
    const ys_canvas_props props = {.path = r->args->path,
                                   .width = WIDTH,
                                   .height = HEIGHT,
                                   .title = r->args->zh ? "路线图" : "Roadmap",
                                   .created = r->when};
    if (svg && lanes > LANES) {
        report->undrawn = (int64_t)(lanes - LANES);
        lanes = LANES;
    }
    YS_TRY(ys_canvas_open(&props, &p.s, diag));
    make_axis(&p);
    report->pages = (int)((lanes + LANES - 1) / LANES);
    for (size_t k = 0; k < (size_t)report->pages; k++) {
        if (k > 0)
            ys_canvas_next(p.s, 0, 0);
        size_t end = (k + 1) * LANES < lanes ? (k + 1) * LANES : lanes;
        draw_sheet(&p, k * LANES, end, (int)k + 1, report->pages);
    }
    snprintf(report->missing, sizeof report->missing, "%s", ys_canvas_missing(p.s));
    if (!p.failed)
        return ys_canvas_finish(p.s, diag);
    ys_canvas_discard(p.s);
    return ys_fail_nomem(diag);
}
