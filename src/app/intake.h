/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_INTAKE_H
#define YS_APP_INTAKE_H
/*
 * intake.h - the use case "import": show the difference first, write only when told to, all or nothing.
 */
#include "app/office.h"
#include "registry/import.h"

typedef struct ys_intake_args {
    const char *const *paths; /* files and folders; of a folder its .csv and .xlsx files in name order */
    int count;
    ys_bind_how how;
    const char *scope; /* area the tables are complete for: what is not in them is "gone"; NULL: nothing is */
    int32_t valid_from; /* INT32_MIN: today */
    bool apply, skip_invalid;
    const char *reason, *name; /* name: a named snapshot, or NULL */
    void (*event)(void *arg, const ys_import_event *e);
    void *arg;
} ys_intake_args;

typedef struct ys_intake {
    ys_import_counts counts;
    bool applied;
    ys_tx tx; /* when applied and anything changed */
} ys_intake;

/* Rows with faults (invalid, duplicate key, reference to nothing) forbid writing unless `skip_invalid`: then `applied`
 * stays false and nothing is written.  Other failures roll everything back. */
ys_status ys_intake_run(ys_office *o, const ys_intake_args *args, ys_intake *ret_intake,
                        ys_diag *diag) YS_MUST_USE;

#endif
