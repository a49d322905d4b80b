/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_DATED_H
#define YS_APP_DATED_H
/*
 * dated.h - everything of the cooperation record that has a day: gates of projects, tasks, promises, events.
 *
 * One list for the plan book's timetable, the timetable as workbook and calendar, and the roadmap.  Texts are borrowed from the record.
 */
#include "app/coop.h"

typedef enum ys_dated_kind { YS_DATED_GATE, YS_DATED_TASK, YS_DATED_PROMISE, YS_DATED_EVENT } ys_dated_kind;

typedef struct ys_dated {
    ys_dated_kind kind;
    const char *key;                /* of its record */
    const char *what, *which, *who; /* project, task …; gate, kind, promise; unit.  "" where nobody said */
    const char *where, *condition;  /* name of the area; what its date still waits for, NULL: nothing */
    int32_t from, to;               /* as planned; YS_NO_DATE: unknown */
    int32_t forecast, actual;
    int32_t day;           /* actual, else forecast, else `to`: known */
    int32_t slip;          /* days behind the plan; gates only */
    int64_t project, gate; /* row and place in gate[] of a gate, else -1 */
    ys_standing standing;
} ys_dated;

/* By planned day (else the day), kind and words.  Caller frees the list with ys_free. */
ys_status ys_dated_list(const ys_coop *c, bool zh, ys_dated **ret_list, size_t *ret_n,
                        ys_diag *diag) YS_MUST_USE;
/* "milestone", "task", "promise", "event". */
const char *ys_dated_kind_name(ys_dated_kind kind);
const char *ys_dated_kind_word(ys_dated_kind kind, bool zh);

#endif
