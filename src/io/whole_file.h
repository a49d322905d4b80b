/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_WHOLE_FILE_H
#define YS_IO_WHOLE_FILE_H
/*
 * whole_file.h - a file that appears under its name only when all of it is there.
 *
 *   ys_whole_file w;
 *   YS_TRY(ys_whole_file_open(&w, path, diag));       "-" is the standard output
 *   … write to w.f …
 *   return ok ? ys_whole_file_finish(&w, diag) : ys_whole_file_failed(&w, diag);
 *
 * What was there before stays until then; a killed process leaves it and a file NAME.part beside it.
 */
#include <stdio.h>
#include "yaoshi/status.h"

typedef struct ys_whole_file {
    FILE *f;
    char *path, *part; /* NULL for the standard output */
} ys_whole_file;

/* EIO: cannot be made (`diag` names the file). */
ys_status ys_whole_file_open(ys_whole_file *w, const char *path, ys_diag *diag) YS_MUST_USE;
/* Flushed, synced, renamed; drops the file on failure. */
ys_status ys_whole_file_finish(ys_whole_file *w, ys_diag *diag) YS_MUST_USE;
void ys_whole_file_drop(ys_whole_file *w);
/* For writers that say themselves that they failed: drops the file and returns EIO with its name. */
ys_status ys_whole_file_failed(ys_whole_file *w, ys_diag *diag) YS_MUST_USE;

#endif
