/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_BOOK_INTERNAL_H
#define YS_REPORT_BOOK_INTERNAL_H
/*
 * book_internal.h - what the chapters of the report share (internal to report).
 */
#include "report/book.h"
#include "report/html.h"
#include "report/svg.h"

/* Definitions, in the order of the list at the end; each row is written in book_defs.c. */
typedef enum ys_def {
    YS_DEF_NONE,
    YS_DEF_REGISTER,
    YS_DEF_LINE,
    YS_DEF_POOR,
    YS_DEF_BASE,
    YS_DEF_FGT0,
    YS_DEF_FGT1,
    YS_DEF_FGT2,
    YS_DEF_GAP,
    YS_DEF_GINI,
    YS_DEF_MPI,
    YS_DEF_PUBLISHED,
    YS_DEF_SCATTER,
    YS_DEF_YSTAR,
    YS_DEF_ROOT,
    YS_DEF_NET,
    YS_DEF_SEVERAL,
    YS_DEF_DECLARED,
    YS_DEF_EVIDENCE,
    YS_DEF_ENTITLED,
    YS_DEF_HELPED,
    YS_DEF_COST,
    YS_DEF_RECURRING,
    YS_DEF_EFFECT,
    YS_DEF_EARNED,
    YS_DEF_TIER1,
    YS_DEF_TIER2,
    YS_DEF_BOUND,
    YS_DEF_PRICE,
    YS_DEF_PLACE,
    YS_DEF_CURED,
    YS_DEF_HELPLESS,
    YS_DEF_DEFICIT,
    YS_DEF_QUALITY,
    YS_DEF_COMPARE, /* from here on: only where a comparison was asked for */
    YS_DEF_ABSENT,
    YS_DEF_COUNT
} ys_def;

typedef struct ys_book {
    ys_html h;
    const ys_figures *f;
    bool zh;
} ys_book;

enum { YS_BOOK_WIDTH = 900, YS_TEXT = 64 };

const char *ys__bk_say(const ys_book *b, const char *zh, const char *en);
const char *ys__bk_word(const ys_book *b, ys_words w);
const char *ys__bk_currency(const ys_book *b);   /* 元, yuan, or the code */
const char *ys__bk_money_unit(const ys_book *b); /* 万元, thousand yuan */

/* Numbers as texts, in `buf` of YS_TEXT bytes. */
const char *ys__bk_count(int64_t v, char *buf);
const char *ys__bk_percent(double share, int decimals, char *buf);    /* "–" for NaN; without the sign % */
const char *ys__bk_money(const ys_book *b, int64_t minor, char *buf); /* in ys__bk_money_unit */
const char *ys__bk_money_words(const ys_book *b, int64_t minor, char *buf); /* 1.06 亿元 */

/* Cells with the exact value behind the rounded one. */
void ys__bk_cell_count(ys_book *b, int64_t v);
void ys__bk_cell_percent(ys_book *b, double share, int decimals);
void ys__bk_cell_money(ys_book *b, int64_t minor);

ys_html_column ys__bk_col(const ys_book *b, const char *zh, const char *en, bool numeric, ys_def def);
void ys__bk_def(ys_book *b, ys_def def);
void ys__bk_heading(ys_book *b, const char *id, const char *zh, const char *en);
void ys__bk_sub(ys_book *b, const char *zh, const char *en, ys_def def);
void ys__bk_para(ys_book *b, const char *zh, const char *en);
/* <figure> with its caption; closed by ys_html_close. */
void ys__bk_figure(ys_book *b, const char *zh, const char *en, ys_def def);
/* <details> "数字 / figures"; closed by ys_html_close. */
void ys__bk_details(ys_book *b, const char *zh, const char *en);

void ys__book_poor(ys_book *b);
void ys__book_where(ys_book *b);
void ys__book_why(ys_book *b);
void ys__book_who(ys_book *b);
void ys__book_close(ys_book *b);
/* What the last cure costs, and the plan beside simpler rules. */
void ys__book_prices(ys_book *b);
void ys__book_compare(ys_book *b);
void ys__book_missing(ys_book *b);
void ys__book_villages(ys_book *b);
void ys__book_quality(ys_book *b);
void ys__book_method(ys_book *b);
void ys__book_defs(ys_book *b);

const char *ys__bk_def_id(ys_def def);
const char *ys__bk_def_text(const ys_book *b, ys_def def);
const char *ys__bk_root(const ys_book *b, int root); /* label of a ys_root */

#endif
