/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_ROADMAP_H
#define YS_APP_ROADMAP_H
/*
 * roadmap.h - the roadmap (路线图): what runs beside what, from when to when, and how late: a poster, or a file for project software.
 *
 * The poster (A3, PDF or SVG; SVG holds the first sheet) has a lane for each project, then for each unit's tasks and promises: the plan as a ghost, what is
 * or will be on top of it, gates as diamonds, filled once reached, the day of the record as a line, delays in red, spans
 * that wait for a decision dashed.  The file is Microsoft Project's XML (MSPDI): a summary task for each project, its gates as milestones with the plan as
 * baseline and links in the order of the gates.
 */
#include "app/dated.h"

typedef struct ys_roadmap_args {
    ys_reading reading;
    const char *path; /* ….pdf, ….svg or ….xml */
    bool zh;
} ys_roadmap_args;

typedef struct ys_roadmap_report {
    int64_t lanes, things, undrawn; /* undrawn: lanes an SVG has no room for */
    int pages;                      /* 0: no poster */
    char missing[256];              /* characters that no font has */
} ys_roadmap_report;

/* ENOTFOUND: nothing has a date. */
ys_status ys_roadmap_write(ys_office *o, const ys_roadmap_args *args, ys_roadmap_report *ret_report,
                           ys_diag *diag) YS_MUST_USE;

/* ---- between the files of the roadmap ---- */

typedef struct ys_roadmap {
    const ys_roadmap_args *args;
    ys_coop *c;
    ys_dated *at; /* lane after lane, by day inside one */
    size_t n;
    size_t *first; /* lanes+1: where a lane begins in `at` */
    size_t lanes;
    int64_t when; /* seconds: of the newest transaction */
} ys_roadmap;

/* What a lane is called: the project, or the unit whose tasks and promises it holds. */
const char *ys__roadmap_lane(const ys_roadmap *r, size_t lane);
ys_status ys__roadmap_draw(const ys_roadmap *r, ys_roadmap_report *report, ys_diag *diag) YS_MUST_USE;

#endif
