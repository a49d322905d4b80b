/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_EXPORT_DOCUMENT_H
#define YS_APP_EXPORT_DOCUMENT_H
/*
 * export_document.h - whole documents in the words of a published standard: IATI, OC4IDS, GeoJSON, Data Package.
 *
 * All but the Data Package are made from one reading of the cooperation record.  What is not known stays out; no household and no person is
 * ever named.  The day and time of a document are the clock's (SOURCE_DATE_EPOCH fixes them), so the same facts give the same bytes.
 */
#include "app/coop.h"
#include "app/export.h"
#include "base/out.h"

typedef struct ys_document {
    ys_office *office;
    const ys_export_args *args;
    const ys_coop *coop;
    ys_out out;
    char publisher
        [80]; /* identifier of who publishes: --publisher, else CN-GB2260-CODE of the region; "": none */
    char publisher_name[200];
    int64_t rows;     /* activities, projects, features, rows written */
    int64_t left_out; /* records the standard cannot take as they are */
    bool failed;      /* the output could not be written */
} ys_document;

/* Is `what` one of the documents? */
bool ys__document_known(const char *what);
/* Writes the document args->what to args->path, all of it or nothing. */
ys_status ys__document_run(ys_office *o, const ys_export_args *args, ys_export_done *ret_done,
                           ys_diag *diag) YS_MUST_USE;

ys_status ys__document_iati(ys_document *d, ys_diag *diag) YS_MUST_USE;
ys_status ys__document_oc4ids(ys_document *d, ys_diag *diag) YS_MUST_USE;
ys_status ys__document_geojson(ys_document *d, ys_diag *diag) YS_MUST_USE;
/* A folder of its own: reads and writes kind by kind. */
ys_status ys__document_package(ys_office *o, const ys_export_args *args, ys_export_done *ret_done,
                               ys_diag *diag) YS_MUST_USE;

/* Earliest or latest known date of a gate of a project in `field` of its milestones, YS_NO_DATE: none. */
int32_t ys__document_gate_day(const ys_coop *c, int64_t project, const char *gate, const char *field,
                              bool latest);
/* The planned start and finish of a project: its own, else those of its gates; YS_NO_DATE: nobody said. */
void ys__document_planned(const ys_coop *c, int64_t project, int32_t *ret_start, int32_t *ret_finish);
/* The country code of the pack's poverty line, two capital letters; NULL: none. */
const char *ys__document_country(const ys_pack *pack);
/* 2016-08-27T00:00:00Z of seconds since 1970. */
char *ys__document_time(int64_t at, char *buf, size_t size);
/* The first of the fields that is known, NULL: none. */
const char *ys__document_first(const ys_coop_set *s, int64_t row, const char *a, const char *b,
                               const char *c);

#endif
