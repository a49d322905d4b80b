/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_EXPORT_H
#define YS_APP_EXPORT_H
/*
 * export.h - the use case "export": official forms and working lists as XLSX or CSV, and whole documents (export_document.h).
 *
 * A template of the pack is printed in its exact layout (one header row, no titles), so that it can be handed upwards
 * and imported again.  Lists carry the plan's version, the day and the head of the chain in their title.  Personal values are masked unless
 * asked for; then the key is needed.
 */
#include "app/export_sink.h"
#include "app/fact.h"
#include "app/plan_load.h"
#include "app/roots.h"

typedef struct ys_export_args {
    const char *template_name; /* of the pack; or NULL */
    const char
        *what; /* "plan" "unmet" "prices" "roots" "findings" "pairings" "records" "projects" "funds", or a
                                * document: "iati" "oc4ids" "geojson" "datapackage"; or NULL */
    const char *kind;      /* of "records" */
    const char *path;      /* ….xlsx, ….csv, or "-" */
    const char *plan;      /* version; NULL: the newest */
    const char *purpose;   /* of findings: "quality", "monitoring", "exit"; NULL: quality */
    const char *publisher; /* of IATI and OC4IDS; NULL: made from the region */
    ys_reading reading;    /* its scope: only this area and below */
    bool unmask, zh;
} ys_export_args;

typedef struct ys_export_done {
    int64_t rows;     /* rows, activities, projects or features written */
    int64_t left_out; /* records the form cannot take as they are */
} ys_export_done;

ys_status ys_export_run(ys_office *o, const ys_export_args *args, ys_export_done *ret_done,
                        ys_diag *diag) YS_MUST_USE;

/* ---- between the files of the export ---- */

typedef struct ys_export {
    ys_office *office;
    const ys_export_args *args;
    ys_sink *sink;
    char titles[3][400]; /* title, where the figures come from, note */
} ys_export;

/* Titles of a list: name, scope, version of the plan (NULL: none), head of the chain, synthetic mark. */
ys_status ys__export_titles(ys_export *x, const char *zh, const char *en, const ys_plan_head *head,
                            ys_diag *diag) YS_MUST_USE;
ys_status ys__export_sheet(ys_export *x, const char *zh, const char *en, const ys_xlsx_column *columns, int n,
                           ys_diag *diag) YS_MUST_USE;
static inline const char *ys__export_say(const ys_export *x, const char *zh, const char *en)
{
    return x->args->zh ? zh : en;
}
/* ENOTFOUND: the pack lacks a kind of record that is needed. */
ys_status ys__export_need(const ys_office *o, const char *kind, ys_diag *diag) YS_MUST_USE;
/* Columns of the places of a household: one per area level below the top. Returns how many. */
int ys__export_place_columns(const ys_export *x, ys_xlsx_column *columns);
void ys__export_place(ys_export *x, const ys_frame *f, int32_t area);
/* Name of the head of a household, as the reader may see it. */
const char *ys__export_head(const ys_export *x, const ys_frame *f, int64_t h, char *buf, size_t size);

ys_status ys__export_template(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_plan(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_unmet(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_prices(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_roots(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_findings(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_pairings(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_records(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_projects(ys_export *x, ys_diag *diag) YS_MUST_USE;
ys_status ys__export_funds(ys_export *x, ys_diag *diag) YS_MUST_USE;
/* A number, amount or date as such; false: the cell is a text or missing and nothing was written. */
bool ys__export_number(ys_sink *to, const ys_table *t, int col, int64_t row);
ys_xlsx_type ys__export_type(const ys_table *t, int col);

#define YS_EXPORT_LEVELS 8

#endif
