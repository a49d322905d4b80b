/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_IMPORT_H
#define YS_REGISTRY_IMPORT_H
/*
 * import.h - tables of an office into the registry: bind, parse, compare, apply.
 *
 * All files of one import go into one transaction, kinds in the order in which they refer to each other, so that a
 * person may stand in the same import as its household.  The caller begins the transaction and decides at the end:
 * commit, or roll back for a look at the difference only.  Every fault and every change is an event; nothing is
 * printed here.  A new record needs the required fields of its kind; a row without one is left out as faulty.
 * Memory: one row, and four bytes a row of a table that has such rows or rows the store cannot take.
 */
#include <stdbool.h>
#include <stdint.h>
#include "policy/pack.h"
#include "registry/binding.h"
#include "store/store.h"

typedef enum ys_import_what {
    YS_IMP_FILE,    /* a table was recognised: `diag.file`, `kind`, `rows` bound columns in `diag.en` */
    YS_IMP_WARNING, /* something to know: columns nobody asked for, values computed by formulas */
    YS_IMP_INVALID, /* a row that cannot be taken; `diag` says where, why and how to mend it */
    YS_IMP_CHANGE,  /* `change` */
} ys_import_what;

typedef struct ys_import_event {
    ys_import_what what;
    const ys_kind *kind;
    const ys_diag *diag;         /* FILE, WARNING, INVALID; for CHANGE: file and sheet only */
    const ys_change_row *change; /* CHANGE */
} ys_import_event;

typedef struct ys_import_args {
    ys_store *store;
    const ys_pack *pack;
    const char *const *files; /* no folders */
    int file_count;
    ys_bind_how how;
    const char *scope;  /* rows of this area that are not in the files count as gone; NULL: nothing is gone */
    int32_t valid_from; /* day from which the facts hold */
    int64_t fictitious_from, fictitious_to; /* ID prefixes of synthetic persons; 0,0: none */
    bool allow_fictitious;
    void (*event)(void *arg, const ys_import_event *e);
    void *arg;
} ys_import_args;

typedef struct ys_import_counts {
    ys_stage_counts total;
    int64_t invalid, files, fictitious;
} ys_import_counts;

/* Stages, compares and writes into the open transaction; rows with faults are left out and counted.  A fault of the
 * file as a whole (unreadable, unknown kind) fails the import. */
ys_status ys_import_run(const ys_import_args *args, ys_import_counts *ret_counts, ys_diag *diag) YS_MUST_USE;

#endif
