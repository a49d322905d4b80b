/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PLANBOOK_H
#define YS_APP_PLANBOOK_H
/*
 * planbook.h - the plan book (计划书): situation, roots, goals, measures and money, projects, pairings, timetable, who does what, safeguards, annexes, as
 * one document to print or to edit.
 *
 * Every figure comes from the digest of the register, the stored plan, or the cooperation record, and each table says from which command it can be had
 * again.  A store without households gives the cooperation's chapters only.  With `since`, a chapter lists what changed in the key figures since
 * that transaction.  No person and no single household is named.
 */
#include "app/coop.h"
#include "app/digest.h"
#include "paper/doc.h"

typedef struct ys_planbook_args {
    ys_reading reading;
    int64_t since; /* transaction of the last version, 0: no comparison */
    bool zh;
} ys_planbook_args;

/* Caller frees the document.  ENOTFOUND: the store holds neither households nor a cooperation record. */
ys_status ys_planbook_make(ys_office *o, const ys_planbook_args *args, ys_doc **ret_doc,
                           ys_diag *diag) YS_MUST_USE;

/* ---- between the files of the plan book ---- */

typedef struct ys_planbook {
    ys_office *office;
    const ys_planbook_args *args;
    ys_doc *d;
    const ys_figures *f;   /* NULL: no households */
    const ys_figures *old; /* NULL: no comparison */
    const ys_coop *c;
    int chapter;
    bool zh;
} ys_planbook;

static inline const char *ys__pb_say(const ys_planbook *p, const char *zh, const char *en)
{
    return p->zh ? zh : en;
}
static inline const char *ys__pb_word(const ys_planbook *p, ys_words w)
{
    return p->zh ? w.zh : w.en;
}
/* 一、… or "1. …" */
void ys__pb_chapter(ys_planbook *p, const char *zh, const char *en);
/* A paragraph by format; both formats take the same arguments. */
void ys__pb_para(ys_planbook *p, const char *zh, const char *en, ...) YS_PRINTF(2, 4) YS_PRINTF(3, 4);
/* Small print under a table: what it is, and the command that prints it again. */
void ys__pb_source(ys_planbook *p, const char *zh, const char *en, const char *command);
const char *ys__pb_money(const ys_planbook *p, int64_t minor, char *buf, size_t size); /* 1.06 亿元 */
void ys__pb_cell_money(ys_planbook *p, int64_t minor); /* in 万元 (thousand units in English), two decimals */
void ys__pb_cell_day(ys_planbook *p, int32_t day);

void ys__pb_situation(ys_planbook *p);
void ys__pb_roots(ys_planbook *p);
void ys__pb_goals(ys_planbook *p);
void ys__pb_measures(ys_planbook *p);
ys_status ys__pb_missing(ys_planbook *p, ys_diag *diag) YS_MUST_USE;
void ys__pb_change(ys_planbook *p);
void ys__pb_agreements(ys_planbook *p);
void ys__pb_projects(ys_planbook *p);
ys_status ys__pb_pairings(ys_planbook *p, ys_diag *diag) YS_MUST_USE;
ys_status ys__pb_timetable(ys_planbook *p, ys_diag *diag) YS_MUST_USE;
void ys__pb_duties(ys_planbook *p);

#endif
