/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_OFFER_START_H
#define YS_APP_OFFER_START_H
/*
 * offer_start.h - from when an offering can serve: its own year, or the gate of the project it hangs on (docs/plan-model.md, 10).
 *
 * The gate's date is the actual one, else the forecast, else the end of the plan, else its beginning.  The year of the plan in which the
 * offering starts is the later of the gate's and its own; in the gate's year it serves from the first full month after that day.
 */
#include "base/str.h"
#include "registry/frame.h"

typedef enum ys_start_why {
    YS_START_KNOWN,
    YS_START_NO_YEAR,     /* neither a year nor a project */
    YS_START_NO_PROJECT,  /* the project is not on record */
    YS_START_STOPPED,     /* the project is cancelled or suspended */
    YS_START_NO_DATE,     /* nobody said when the gate will be reached */
    YS_START_NO_CAPACITY, /* nobody said how many places: none are invented */
    YS_START_TOO_LATE     /* after the last year of the plan */
} ys_start_why;

typedef struct ys_offer_start {
    const char *offering, *project, *gate; /* borrowed from the frame; project NULL: it hangs on none */
    int64_t own;                           /* the offering's own year, YS_NA: none */
    int32_t date;                          /* of the gate, INT32_MIN: none */
    int32_t year, months;                  /* first year, months of it before it serves (0..12) */
    bool conditional;                      /* the date depends on somebody who has not decided */
    ys_start_why why;
} ys_offer_start;

/* Of a row of frame->offering. */
ys_offer_start ys_offer_start_of(const ys_frame *f, int64_t row);
/* Year and months of an offering whose gate is reached on `date`. */
void ys_offer_start_at(ys_offer_start *s, int32_t date);
/* "P2 hangs on X: running 2017-06-30 …", with the reason where it is not counted. */
void ys_offer_start_say(const ys_offer_start *s, bool zh, ys_str *out);

#endif
