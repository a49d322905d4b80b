/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/doc_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

enum { TEXTS = 1 << 30 }; /* bytes a document may hold */

static const char *keep(ys_doc *d, const char *text)
{
    const char *s = ys_arena_strdup(d->arena, text != NULL ? text : "");
    d->failed = d->failed || s == NULL;
    return s != NULL ? s : "";
}

ys_doc *ys_doc_new(const ys_doc_props *props)
{
    ys_doc *d = ys_calloc(1, sizeof *d);
    if (d == NULL || (d->arena = ys_arena_new(TEXTS)) == NULL) {
        ys_free(d);
        return NULL;
    }
    d->props = *props;
    d->props.title = keep(d, props->title);
    d->props.author = keep(d, props->author);
    d->props.subject = keep(d, props->subject);
    d->props.foot = keep(d, props->foot);
    return d;
}

void ys_doc_free(ys_doc *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->n; i++)
        ys_free(d->blocks[i].cells);
    ys_free(d->blocks);
    ys_arena_free(d->arena);
    ys_free(d);
}

static ys_doc_block *add(ys_doc *d, ys_doc_kind kind, const char *text)
{
    if (!ys_grow(&d->blocks, &d->cap, d->n + 1, sizeof *d->blocks)) {
        d->failed = true;
        return NULL;
    }
    ys_doc_block *b = &d->blocks[d->n++];
    *b = (ys_doc_block){.kind = kind, .text = keep(d, text)};
    return b;
}

void ys_doc_title(ys_doc *d, const char *text)
{
    (void)add(d, YS_DOC_TITLE, text);
}

void ys_doc_subtitle(ys_doc *d, const char *text)
{
    (void)add(d, YS_DOC_SUBTITLE, text);
}

void ys_doc_heading(ys_doc *d, int level, const char *text)
{
    ys_doc_block *b = add(d, YS_DOC_HEADING, text);
    if (b != NULL)
        b->level = level;
}

void ys_doc_para(ys_doc *d, const char *text)
{
    (void)add(d, YS_DOC_PARA, text);
}

void ys_doc_note(ys_doc *d, const char *text)
{
    (void)add(d, YS_DOC_NOTE, text);
}

void ys_doc_break(ys_doc *d)
{
    (void)add(d, YS_DOC_BREAK, NULL);
}

void ys_doc_table(ys_doc *d, const ys_doc_column *columns, int n)
{
    ys_doc_block *b = add(d, YS_DOC_TABLE, NULL);
    if (b == NULL)
        return;
    b->columns = n <= YS_DOC_COLUMNS ? ys_arena_alloc(d->arena, (size_t)n, sizeof *columns) : NULL;
    d->failed = d->failed || b->columns == NULL;
    for (int i = 0; b->columns != NULL && i < n; i++) {
        b->columns[i] = columns[i];
        b->columns[i].header = keep(d, columns[i].header);
    }
    b->n_columns = b->columns != NULL ? n : 0;
}

void ys_doc_cell(ys_doc *d, const char *text)
{
    ys_doc_block *b = d->n > 0 ? &d->blocks[d->n - 1] : NULL;
    if (b == NULL || b->kind != YS_DOC_TABLE ||
        !ys_grow(&b->cells, &b->cap, b->n_cells + 1, sizeof *b->cells)) {
        d->failed = true;
        return;
    }
    b->cells[b->n_cells++] = keep(d, text);
}

void ys_doc_cellf(ys_doc *d, const char *fmt, ...)
{
    char buf[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(buf, sizeof buf, fmt, ap);
    va_end(ap);
    ys_doc_cell(d, buf);
}

void ys_doc_table_end(ys_doc *d)
{
    ys_doc_block *b = d->n > 0 ? &d->blocks[d->n - 1] : NULL;
    while (b != NULL && b->kind == YS_DOC_TABLE && b->n_columns > 0 &&
           b->n_cells % (size_t)b->n_columns != 0 && !d->failed)
        ys_doc_cell(d, NULL);
}
