/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_PAPER_DOC_INTERNAL_H
#define YS_PAPER_DOC_INTERNAL_H
/*
 * doc_internal.h - the blocks of a document, as its printers see them (internal to paper).
 */
#include "base/arena.h"
#include "paper/doc.h"

typedef enum ys_doc_kind {
    YS_DOC_TITLE,
    YS_DOC_SUBTITLE,
    YS_DOC_HEADING,
    YS_DOC_PARA,
    YS_DOC_NOTE,
    YS_DOC_BREAK,
    YS_DOC_TABLE
} ys_doc_kind;

typedef struct ys_doc_block {
    ys_doc_kind kind;
    int level;        /* of a heading */
    const char *text; /* NULL for breaks and tables */
    ys_doc_column *columns;
    int n_columns;
    const char **cells; /* heap; rows * n_columns, "" where empty */
    size_t n_cells, cap;
} ys_doc_block;

struct ys_doc {
    ys_arena *arena;
    ys_doc_props props;
    ys_doc_block *blocks;
    size_t n, cap;
    bool failed;
};

#endif
