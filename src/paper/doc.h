/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PAPER_DOC_H
#define YS_PAPER_DOC_H
/*
 * doc.h - an official document: built once, printed as PDF in the geometry of GB/T 9704-2012 and as DOCX, because leaders edit.
 *
 * The page is A4 with a block of 22 lines of 28 characters (156 × 225 mm, 37 mm from the top, 28 mm from the left); body 16 pt 仿宋, title 22 pt 小标宋,
 * headings 黑体, 楷体, 仿宋; page numbers 14 pt outside at the foot.  A heading never stands alone at the foot of a page; a row of a table is not
 * torn unless it is taller than a page, and the header row is repeated on each page.
 *
 *   ys_doc *d = ys_doc_new(&props);
 *   ys_doc_title(d, "…"); ys_doc_heading(d, 1, "一、…"); ys_doc_para(d, "…");
 *   ys_doc_table(d, columns, n); ys_doc_cell(d, "…") …; ys_doc_table_end(d);
 *   YS_TRY(ys_doc_pdf(d, "计划书.pdf", &pages, diag));  YS_TRY(ys_doc_docx(d, "计划书.docx", diag));
 *
 * Texts are copied.  When memory is short the document remembers it and printing fails with ENOMEM.
 */
#include <stdbool.h>
#include <stdint.h>
#include "paper/canvas.h"

/* GB/T 9704-2012 section 5: the block of the page, in points. */
#define YS_DOC_LINES  22
#define YS_DOC_CHARS  28
#define YS_DOC_TOP    YS_MM(37)
#define YS_DOC_LEFT   YS_MM(28)
#define YS_DOC_WIDTH  YS_MM(156)
#define YS_DOC_HEIGHT YS_MM(225)

typedef struct ys_doc ys_doc;

typedef struct ys_doc_props {
    const char *title, *author, *subject;
    int64_t created; /* seconds since 1970 */
    const char
        *foot; /* small line above the page number: version, data date, head of the chain; NULL: none */
} ys_doc_props;

#define YS_DOC_COLUMNS 32 /* of a table at most */

typedef struct ys_doc_column {
    const char *header;
    double weight; /* share of the width, relative to the others */
    ys_text_align align;
} ys_doc_column;

ys_doc *ys_doc_new(const ys_doc_props *props); /* NULL: no memory */
void ys_doc_free(ys_doc *d);
void ys_doc_title(ys_doc *d, const char *text);
void ys_doc_subtitle(ys_doc *d, const char *text); /* centred 楷体 under the title: issuer, date */
void ys_doc_heading(ys_doc *d, int level, const char *text); /* 1 黑体, 2 楷体, 3 仿宋 bold */
void ys_doc_para(ys_doc *d, const char *text);               /* indented by two characters */
void ys_doc_note(ys_doc *d, const char *text); /* small print under a table: definition, source, date */
void ys_doc_break(ys_doc *d);                  /* a new page */
void ys_doc_table(ys_doc *d, const ys_doc_column *columns, int n);
void ys_doc_cell(ys_doc *d, const char *text); /* NULL: empty; cells fill rows from left to right */
void ys_doc_cellf(ys_doc *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ys_doc_table_end(ys_doc *d);

typedef struct ys_doc_report {
    int pages;
    int fullest_line,
        fullest_page;  /* most full-width characters in a line of the body, most lines on a page */
    char missing[256]; /* characters that no font has; "" */
} ys_doc_report;

ys_status ys_doc_pdf(const ys_doc *d, const char *path, ys_doc_report *ret_report, ys_diag *diag) YS_MUST_USE;
ys_status ys_doc_docx(const ys_doc *d, const char *path, ys_diag *diag) YS_MUST_USE;

#endif
