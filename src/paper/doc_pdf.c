/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/doc_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/*
 * Text stands on the 22 lines of the page; a table may stand between them and the text after it returns to the next line.
 */

#define PITCH (YS_DOC_HEIGHT / YS_DOC_LINES) /* 28.99 pt */
#define CELL  (YS_DOC_WIDTH / YS_DOC_CHARS)  /* 15.79 pt */
static const double PAD = 3, RULE = 0.6;

typedef struct printer {
    ys_canvas *s;
    const ys_doc *d;
    double y;  /* from the top of the block */
    int lines; /* body lines on this page */
    ys_doc_report report;
} printer;

static const ys_text_style styles[] = {
    [YS_DOC_TITLE] =
        {.role = YS_FONT_TITLE, .size = 22, .bold = true, .align = YS_TEXT_CENTRE, .leading = PITCH * 1.25},
    [YS_DOC_SUBTITLE] = {.role = YS_FONT_SUBTITLE, .size = 16, .align = YS_TEXT_CENTRE, .leading = PITCH},
    [YS_DOC_PARA] = {.role = YS_FONT_BODY, .size = 16, .cell = CELL, .leading = PITCH, .indent = 2 * CELL},
    [YS_DOC_NOTE] = {.role = YS_FONT_SUBTITLE, .size = 10.5, .leading = 15},
};
static const ys_text_style headings[] = {
    {.role = YS_FONT_HEADING, .size = 16, .cell = CELL, .leading = PITCH, .indent = 2 * CELL},
    {.role = YS_FONT_SUBTITLE, .size = 16, .cell = CELL, .leading = PITCH, .indent = 2 * CELL},
    {.role = YS_FONT_BODY, .size = 16, .bold = true, .cell = CELL, .leading = PITCH, .indent = 2 * CELL},
};
static const ys_text_style in_table = {.role = YS_FONT_BODY, .size = 10.5, .leading = 15};
static const ys_text_style in_header = {
    .role = YS_FONT_HEADING, .size = 10.5, .leading = 15, .align = YS_TEXT_CENTRE};

/* "— 3 —" outside: right on odd pages, left on even ones, a character from the edge of the block. */
static void put_foot(printer *p)
{
    const ys_text_style number = {.role = YS_FONT_BODY, .size = 14};
    const ys_text_style small = {
        .role = YS_FONT_SUBTITLE, .size = 8, .align = YS_TEXT_CENTRE, .colour = 0x555555};
    char text[32];
    int page = ys_canvas_pages(p->s);
    double w, y = YS_DOC_TOP + YS_DOC_HEIGHT + YS_MM(7);
    snprintf(text, sizeof text, "— %d —", page);
    ys_canvas_measure(p->s, &number, 0, text, &w);
    double x = page % 2 == 1 ? YS_DOC_LEFT + YS_DOC_WIDTH - w - 14 : YS_DOC_LEFT + 14;
    ys_canvas_text(p->s, &number, x, y, 0, text);
    if (p->d->props.foot[0] != '\0')
        ys_canvas_text(p->s, &small, YS_DOC_LEFT, y + 20, YS_DOC_WIDTH, p->d->props.foot);
}

static void next_page(printer *p)
{
    put_foot(p);
    ys_canvas_next(p->s, 0, 0);
    p->y = 0;
    p->lines = 0;
}

static bool fits(const printer *p, double height)
{
    return p->y + height <= YS_DOC_HEIGHT + 0.01;
}

/* Back onto the lines after something that stood between them. */
static void align_to_line(printer *p)
{
    p->y = ceil(p->y / PITCH - 1e-6) * PITCH;
}

/* How much must stand on the same page as the heading `i`: itself, what it leads, and two lines or rows of that. */
static double height_of_lead(printer *p, size_t i)
{
    double h = 0;
    while (i < p->d->n && p->d->blocks[i].kind == YS_DOC_HEADING) {
        const ys_doc_block *b = &p->d->blocks[i++];
        h += ys_canvas_measure(p->s, &headings[b->level - 1], YS_DOC_WIDTH, b->text, NULL);
    }
    if (i == p->d->n || p->d->blocks[i].kind == YS_DOC_BREAK)
        return h;
    return h + (p->d->blocks[i].kind == YS_DOC_TABLE ? 3 * PITCH : 2 * PITCH);
}

static bool put_text(printer *p, const ys_text_style *style, const char *text)
{
    ys_lines *l = ys_lines_new(p->s, style, YS_DOC_WIDTH, text);
    if (l == NULL)
        return false;
    int n = ys_lines_count(l);
    for (int i = 0; i < n; i++) {
        if (!fits(p, style->leading))
            next_page(p);
        ys_lines_draw(p->s, l, i, YS_DOC_LEFT, YS_DOC_TOP + p->y);
        p->y += style->leading;
        if (style->cell > 0) {
            int chars = ys_lines_chars(l, i);
            p->report.fullest_line = chars > p->report.fullest_line ? chars : p->report.fullest_line;
            p->lines++;
            p->report.fullest_page = p->lines > p->report.fullest_page ? p->lines : p->report.fullest_page;
        }
    }
    ys_lines_free(l);
    return true;
}

/* ---- tables -------------------------------------------------------------------------------------------------- */

static void column_edges(const ys_doc_block *b, double *edge)
{
    double sum = 0;
    for (int i = 0; i < b->n_columns; i++)
        sum += b->columns[i].weight;
    edge[0] = YS_DOC_LEFT;
    for (int i = 0; i < b->n_columns; i++)
        edge[i + 1] = edge[i] + YS_DOC_WIDTH * b->columns[i].weight / sum;
}

typedef struct row_cells {
    const char *const *text; /* NULL: the header row */
    const ys_doc_block *b;
    const double *edge;
    ys_lines **lines;
    int most; /* lines of the tallest cell */
} row_cells;

static void row_done(row_cells *r)
{
    for (int i = 0; r->lines != NULL && i < r->b->n_columns; i++)
        ys_lines_free(r->lines[i]);
    ys_free(r->lines);
}

static bool row_init(printer *p, row_cells *r)
{
    r->lines = ys_calloc((size_t)r->b->n_columns, sizeof *r->lines);
    r->most = 1;
    for (int i = 0; r->lines != NULL && i < r->b->n_columns; i++) {
        ys_text_style style = r->text == NULL ? in_header : in_table;
        if (r->text != NULL)
            style.align = r->b->columns[i].align;
        r->lines[i] = ys_lines_new(p->s, &style, r->edge[i + 1] - r->edge[i] - 2 * PAD,
                                   r->text != NULL ? r->text[i] : r->b->columns[i].header);
        if (r->lines[i] == NULL)
            return false;
        int n = ys_lines_count(r->lines[i]);
        r->most = n > r->most ? n : r->most;
    }
    return r->lines != NULL;
}

/* Lines from..to of all cells, with rules around. */
static void draw_part(printer *p, const row_cells *r, int from, int to)
{
    double top = YS_DOC_TOP + p->y, h = (to - from) * in_table.leading + 2 * PAD;
    int n = r->b->n_columns;
    for (int i = 0; i < n; i++) {
        int count = ys_lines_count(r->lines[i]);
        for (int k = from; k < to && k < count; k++)
            ys_lines_draw(p->s, r->lines[i], k, r->edge[i] + PAD, top + PAD + (k - from) * in_table.leading);
        ys_canvas_line(p->s, r->edge[i], top, r->edge[i], top + h, RULE, 0);
    }
    ys_canvas_line(p->s, r->edge[n], top, r->edge[n], top + h, RULE, 0);
    ys_canvas_line(p->s, r->edge[0], top, r->edge[n], top, RULE, 0);
    ys_canvas_line(p->s, r->edge[0], top + h, r->edge[n], top + h, RULE, 0);
    p->y += h;
}

static bool put_header(printer *p, const ys_doc_block *b, const double *edge)
{
    row_cells head = {.b = b, .edge = edge};
    bool ok = row_init(p, &head);
    if (ok)
        draw_part(p, &head, 0, head.most);
    row_done(&head);
    return ok;
}

/* A row goes to the next page whole; one that is taller than a page is torn between lines. */
static bool put_row(printer *p, const ys_doc_block *b, const double *edge, const char *const *text)
{
    row_cells r = {.text = text, .b = b, .edge = edge};
    bool ok = row_init(p, &r);
    int from = 0;
    while (ok && from < r.most) {
        int room = (int)((YS_DOC_HEIGHT - p->y - 2 * PAD) / in_table.leading), left = r.most - from;
        bool fresh = p->y < 4 * PITCH; /* nothing but the header above */
        if (room >= left || (fresh && room > 0)) {
            int to = room < left ? from + room : r.most;
            draw_part(p, &r, from, to);
            from = to;
            continue;
        }
        next_page(p);
        ok = put_header(p, b, edge);
    }
    row_done(&r);
    return ok;
}

static bool put_table(printer *p, const ys_doc_block *b)
{
    double *edge = ys_calloc((size_t)b->n_columns + 1, sizeof *edge);
    if (edge == NULL)
        return false;
    column_edges(b, edge);
    if (!fits(p, 3 * PITCH)) /* not a header alone */
        next_page(p);
    bool ok = put_header(p, b, edge);
    for (size_t i = 0; ok && i < b->n_cells; i += (size_t)b->n_columns)
        ok = put_row(p, b, edge, b->cells + i);
    p->y += PAD;
    ys_free(edge);
    return ok;
}

/* ---- the document -------------------------------------------------------------------------------------------- */

static bool put_block(printer *p, size_t i)
{
    const ys_doc_block *b = &p->d->blocks[i];
    if (b->kind != YS_DOC_NOTE)
        align_to_line(p);
    switch (b->kind) {
    case YS_DOC_BREAK:
        if (p->y > 0)
            next_page(p);
        return true;
    case YS_DOC_TABLE:
        return b->n_columns == 0 || put_table(p, b);
    case YS_DOC_HEADING:
        if (!fits(p, height_of_lead(p, i)))
            next_page(p);
        return put_text(p, &headings[b->level - 1], b->text);
    default:
        return put_text(p, &styles[b->kind], b->text);
    }
}

ys_status ys_doc_pdf(const ys_doc *d, const char *path, ys_doc_report *ret_report, ys_diag *diag)
{
    const ys_canvas_props props = {.path = path,
                                   .width = YS_MM(210),
                                   .height = YS_MM(297),
                                   .title = d->props.title,
                                   .author = d->props.author,
                                   .subject = d->props.subject,
                                   .created = d->props.created};
    printer p = {.d = d};
    if (d->failed)
        return ys_fail_nomem(diag);
    YS_TRY(ys_canvas_open(&props, &p.s, diag));
    bool ok = true;
    for (size_t i = 0; ok && i < d->n; i++)
        ok = put_block(&p, i);
    if (!ok) {
        ys_canvas_discard(p.s);
        return ys_fail_nomem(diag);
    }
    put_foot(&p);
    p.report.pages = ys_canvas_pages(p.s);
    snprintf(p.report.missing, sizeof p.report.missing, "%s", ys_canvas_missing(p.s));
    YS_TRY(ys_canvas_finish(p.s, diag));
    *ret_report = p.report;
    return YS_OK;
}
