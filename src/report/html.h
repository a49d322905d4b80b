/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_HTML_H
#define YS_REPORT_HTML_H
/*
 * html.h - a page that is also well-formed XML: one file, no script, no outside address.
 *
 * Elements are opened and closed through a stack, so that the page cannot be unbalanced; text is always escaped.
 * Tables are filled cell by cell, from left to right; the first cell of a row is its header.  Figures carry their exact
 * value beside the rounded one (<data value>).
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/out.h"

#define YS_HTML_DEPTH   32
#define YS_HTML_COLUMNS 24

typedef struct ys_html {
    ys_out out;
    const char *open[YS_HTML_DEPTH];
    int depth;
    bool failed;     /* opened too deep, or closed what is not open */
    int columns, at; /* of the table being filled */
    bool numeric[YS_HTML_COLUMNS];
    bool total; /* the next row is a total */
} ys_html;

/* Head with style sheet, and <body>. */
void ys_html_begin(ys_html *h, ys_out out, const char *lang, const char *title);
/* Closes what is open; false when anything went wrong. */
bool ys_html_end(ys_html *h);

/* `attrs` is markup by the program (NULL: none), never data. */
void ys_html_open(ys_html *h, const char *tag, const char *attrs);
void ys_html_close(ys_html *h);
void ys_html_text(ys_html *h, const char *text);
void ys_html_textf(ys_html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* <tag attrs>text</tag> */
void ys_html_put(ys_html *h, const char *tag, const char *attrs, const char *text);
void ys_html_putf(ys_html *h, const char *tag, const char *attrs, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* <data value="exact">shown</data> */
void ys_html_figure(ys_html *h, const char *exact, const char *shown);

/* A column: its heading, the number and id of its definition (0: none), and whether it holds figures. */
typedef struct ys_html_column {
    const char *title;
    bool numeric;
    int def;
    const char *def_id, *def_title;
} ys_html_column;
/* [3] with a tooltip, leading to the definition. */
void ys_html_def(ys_html *h, int number, const char *id, const char *title);
void ys_html_table(ys_html *h, const char *caption, const ys_html_column *columns, int n);
void ys_html_table_end(ys_html *h);
/* Cells; a row begins and ends by itself. */
void ys_html_cell(ys_html *h, const char *text);
void ys_html_cellf(ys_html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ys_html_cell_figure(ys_html *h, const char *exact, const char *shown);
/* "● passed", "▲ …", "■ …": kept on one line, coloured by the mark. */
void ys_html_cell_mark(ys_html *h, const char *text);
/* The row that begins with the next cell is a total. */
void ys_html_total(ys_html *h);

#endif
