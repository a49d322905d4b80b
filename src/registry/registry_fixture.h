/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_FIXTURE_H
#define YS_REGISTRY_FIXTURE_H
/*
 * registry_fixture.h - tests only: a store of a pack in a temporary folder, tables as texts, imports as a log.
 *
 * The pack is one of packs/ (YAOSHI_SOURCE names the source root).  The log of an import has a line per event:
 *   file household | warning COLUMN | invalid FILE:ROW:COLUMN «VALUE» | new KEY | changed KEY FIELD BEFORE→AFTER |
 *   gone KEY | duplicate KEY ROW/FIRST | orphan KEY FIELD→KEY
 */
#include "base/str.h"
#include "registry/frame.h"
#include "registry/import.h"

typedef struct office {
    ys_pack *pack;
    ys_store *store;
    const ys_kind **kinds;
    char dir[256];
    ys_import_args args; /* scope, how, valid_from, allow_fictitious: set before importing */
    ys_import_counts counts;
    ys_str log;
    ys_diag diag;
} office;

void office_open(office *o, const char *pack);
void office_close(office *o);
/* A pack whose files are in memory: `text` takes the place of the file `name`. */
void office_open_changed(office *o, const char *pack, const char *name, const char *text);
/* Path of a file in the temporary folder; static storage, four at a time. */
const char *office_path(const office *o, const char *name);
void office_write(const office *o, const char *name, const char *text);
/* Import files (names separated by blanks) and commit when `apply`; log and counts are of this import. */
ys_status office_try(office *o, const char *names, bool apply);
void office_import(office *o, const char *names); /* must succeed, applies */
/* office_write + office_import of one file */
void office_put(office *o, const char *name, const char *text);
bool office_said(const office *o, const char *what); /* a part of the log */
/* One cell of the newest facts as text; "" when missing.  Static storage, four at a time. */
const char *office_cell(office *o, const char *kind, const char *key, const char *field);
int64_t office_count(office *o, const char *kind);
ys_frame *office_frame(office *o, const ys_frame_args *more); /* `more` may be NULL */

#endif
