/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_SVG_H
#define YS_REPORT_SVG_H
/*
 * svg.h - small pictures as SVG inside a page: bars, stacks, waterfalls, maps.
 *
 * Every picture carries a <title> and a <desc>, uses no script, no outside font and no outside address, and writes the
 * same bytes for the same data.  Colour never says anything alone: bars carry their values in figures, maps too.
 * Lengths are in user units (about a CSS pixel).  Callers check the sink at the end, as with base/out.h.
 */
#include <stdbool.h>
#include "base/out.h"

/* What every picture has. `id` is unique in the page. */
typedef struct ys_svg_head {
    const char *id, *title, *desc;
} ys_svg_head;

typedef enum ys_anchor { YS_START, YS_MIDDLE, YS_END } ys_anchor;

void ys_svg_open(ys_out o, const ys_svg_head *head, double width, double height);
void ys_svg_close(ys_out o);
void ys_svg_rect(ys_out o, double x, double y, double w, double h, const char *fill);
/* Only the outline, dashed or not. */
void ys_svg_frame(ys_out o, double x, double y, double w, double h, const char *stroke, bool dashed);
void ys_svg_line(ys_out o, double x1, double y1, double x2, double y2, const char *stroke);
typedef struct ys_svg_style {
    double size;
    ys_anchor anchor;
    const char *fill; /* NULL: ink */
    bool bold, halo;  /* halo: a white rim, for text on maps */
} ys_svg_style;
void ys_svg_text(ys_out o, double x, double y, const ys_svg_style *style, const char *text);

/* Width of a text in a wide sans font (a page must hold with any): an em for CJK, about 0.6 for the rest. */
double ys_svg_text_width(const char *text, double size);
/* The longest beginning of `text` not wider than `width`, with … when cut. */
void ys_svg_fit(const char *text, double size, double width, char *buf, size_t n);
/* A round step (1, 2, 5 × 10^k) that divides 0..max into at most `most` parts; 1 when max is not positive. */
double ys_svg_step(double max, int most);

extern const char *const ys_svg_ink, *const ys_svg_grey, *const ys_svg_accent;
/* Six colours that differ for colour-blind readers and in grey print. */
const char *ys_svg_colour(int i);

/* ---- bars ---- */

typedef struct ys_bar {
    const char *label, *text; /* text: the value in figures, at the end of the bar */
    double value;
    double whole;     /* an outline behind the bar (used of whole); NaN: none */
    const char *fill; /* NULL: accent */
} ys_bar;
void ys_svg_bars(ys_out o, const ys_svg_head *head, const ys_bar *bars, int n, double width);

/* ---- stacks ---- */

#define YS_STACK_MAX 12
typedef struct ys_stack {
    const char *label;
    double part[YS_STACK_MAX]; /* >= 0 */
} ys_stack;
/* Each row as shares of its own sum, with a legend; a row that sums to 0 stays empty. */
void ys_svg_stacks(ys_out o, const ys_svg_head *head, const ys_stack *rows, int n, const char *const *names,
                   int parts, double width);

/* ---- waterfall ---- */

typedef struct ys_step {
    const char *label, *text;
    double value; /* a level for `total`, else a change */
    bool total;
    const char *fill;
} ys_step;
void ys_svg_waterfall(ys_out o, const ys_svg_head *head, const ys_step *steps, int n, double width);

#endif
