/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PAPER_CANVAS_H
#define YS_PAPER_CANVAS_H
/*
 * canvas.h - pages to print: text and lines on sheets of any size, as PDF (fonts embedded, text searchable) or SVG.
 *
 * Lengths are points (1/72 inch) from the upper left corner; colours 0xRRGGBB.  A font is named by its *role* in a Chinese official document;
 * the first family of the role's list that is installed serves, and Noto CJK where none is.  Characters that no installed font has are
 * collected, not passed over: ys_canvas_missing.  The same calls give the same bytes on the same fonts (SOURCE_DATE_EPOCH fixes the date).
 *
 * The file appears when ys_canvas_finish succeeds, whole or not at all.  Pages are streamed: memory does not grow with their number.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/status.h"

#define YS_MM(x) ((x)*72.0 / 25.4)

typedef enum ys_font_role {
    YS_FONT_BODY,     /* 仿宋 */
    YS_FONT_TITLE,    /* 小标宋 */
    YS_FONT_HEADING,  /* 黑体 */
    YS_FONT_SUBTITLE, /* 楷体 */
    YS_FONT_SANS,     /* tables, charts, cards */
    YS_FONT_ROLES
} ys_font_role;

typedef enum ys_text_align { YS_TEXT_LEFT, YS_TEXT_CENTRE, YS_TEXT_RIGHT } ys_text_align;

typedef struct ys_text_style {
    ys_font_role role;
    double size; /* points */
    bool bold;
    ys_text_align align;
    uint32_t colour;
    double cell;    /* advance of a full-width character, 0: as the font has it */
    double leading; /* from line to line, 0: 1.4 × size */
    double indent;  /* of the first line */
} ys_text_style;

typedef struct ys_canvas_props {
    const char *path; /* ….pdf or ….svg (one page) */
    double width, height;
    const char *title, *author, *subject;
    int64_t created; /* seconds since 1970 */
} ys_canvas_props;

typedef struct ys_canvas ys_canvas;

/* EUSAGE: neither .pdf nor .svg.  EIO.  ENOTFOUND: no font for Chinese is installed (`fix` says which package). */
ys_status ys_canvas_open(const ys_canvas_props *props, ys_canvas **ret_sheet, ys_diag *diag) YS_MUST_USE;
/* The next page; `width` 0: as before. */
void ys_canvas_next(ys_canvas *s, double width, double height);
int ys_canvas_pages(const ys_canvas *s);
/* Ends the file and frees the canvas, whatever it returns. */
ys_status ys_canvas_finish(ys_canvas *s, ys_diag *diag) YS_MUST_USE;
void ys_canvas_discard(ys_canvas *s); /* NULL is fine */

/* Draws text that wraps at `width` (0: one line); returns the height it takes. */
double ys_canvas_text(ys_canvas *s, const ys_text_style *style, double x, double y, double width,
                      const char *text);
/* Height and width it would take. */
double ys_canvas_measure(ys_canvas *s, const ys_text_style *style, double width, const char *text,
                         double *ret_width);

/* Lines of a wrapped text, to be placed one by one: how a paragraph goes over a page's end. */
typedef struct ys_lines ys_lines;
ys_lines *ys_lines_new(ys_canvas *s, const ys_text_style *style, double width,
                       const char *text); /* NULL: no memory */
void ys_lines_free(ys_lines *l);
int ys_lines_count(const ys_lines *l);
int ys_lines_chars(const ys_lines *l, int line); /* characters in a line */
/* Draws line `line` with its baseline `style->size` below `y`. */
void ys_lines_draw(ys_canvas *s, const ys_lines *l, int line, double x, double y);

void ys_canvas_line(ys_canvas *s, double x1, double y1, double x2, double y2, double thick, uint32_t colour);
void ys_canvas_dashed(ys_canvas *s, double x1, double y1, double x2, double y2, double thick,
                      uint32_t colour);
void ys_canvas_rect(ys_canvas *s, double x, double y, double w, double h, uint32_t fill);
void ys_canvas_frame(ys_canvas *s, double x, double y, double w, double h, double thick, uint32_t colour);
/* A closed figure of n points x,y,x,y… */
void ys_canvas_polygon(ys_canvas *s, const double *xy, int n, uint32_t fill);
/* A square code of `side` modules, row by row, 1: dark. */
void ys_canvas_modules(ys_canvas *s, double x, double y, double size, const uint8_t *module, int side);

/* Characters that no font could draw, each once, in order of appearance (UTF-8); "": none. */
const char *ys_canvas_missing(const ys_canvas *s);
/* Family that serves a role on this machine. */
const char *ys_canvas_family(const ys_canvas *s, ys_font_role role);

#endif
