/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_TIMETABLE_H
#define YS_APP_TIMETABLE_H
/*
 * timetable.h - the timetable (时间表): all dated things as a workbook by day and by unit, or as a calendar to subscribe to.
 *
 * The calendar (RFC 5545) has an all-day event for each; its UID is the record's own, and SEQUENCE and DTSTAMP are those of the store's newest
 * transaction: a calendar that imports the file again moves what moved and adds nothing twice.
 */
#include "app/office.h"

typedef struct ys_timetable_args {
    ys_reading reading;
    const char *path; /* ….xlsx or ….ics */
    const char *unit; /* only what this unit has to do; NULL: all */
    bool zh;
} ys_timetable_args;

/* `ret_rows`: things written.  ENOTFOUND: nothing has a date (of this unit). */
ys_status ys_timetable_write(ys_office *o, const ys_timetable_args *args, int64_t *ret_rows,
                             ys_diag *diag) YS_MUST_USE;

#endif
