/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_BINDING_H
#define YS_REGISTRY_BINDING_H
/*
 * binding.h - which column of a sheet is which field of which kind.
 *
 * Three ways lead to a binding: headers matched to the pack's field names, labels and synonyms; a template of the
 * pack (one wide official form that holds several kinds); a mapping file (docs/pack.md).  A sheet may bind several
 * kinds: the national roster has household and person in one row.
 */
#include <stdbool.h>
#include <stdint.h>
#include "io/sheet.h"
#include "policy/pack.h"
#include "registry/mapping.h"

typedef struct ys_binding {
    const ys_kind *kind;
    int count;   /* bound fields */
    int *field;  /* indexes into kind->fields */
    int *column; /* column of the sheet; mapped: the first it comes from, -1: a constant */
    bool dedupe; /* the same key in many rows is one record (households in a table of persons) */
    const ys_mapping_record *record; /* how a mapping makes the records; NULL: cells are taken as they are */
} ys_binding;

typedef struct ys_sheet_plan {
    char *file, *sheet; /* owned; sheet "" for CSV */
    int64_t header_row; /* row number of the headers */
    ys_binding *bindings;
    int count;
    char **headers; /* the header row, for provenance */
    int header_count;
    char **ignored; /* headers nobody asked for */
    int ignored_count;
    ys_mapping *mapping; /* owns the bindings' records; NULL without a mapping */
    bool
        packs_mapping; /* nobody named the mapping: it is the pack's, which explains more columns than a kind */
} ys_sheet_plan;

typedef struct ys_bind_how {
    const char *kind;    /* NULL: found from names and headers */
    const char *mapping; /* path of a mapping file; NULL: the pack's own where it fits better than a kind */
    const char *template_name; /* template of the pack, or NULL */
} ys_bind_how;

/* Reads the head of one sheet and decides.  EDATA with the candidates when no kind fits.  ys_sheet_plan_done frees. */
ys_status ys_sheet_plan_make(const char *file, const char *sheet, const ys_pack *pack, const ys_bind_how *how,
                             ys_sheet_plan *ret_plan, ys_diag *diag) YS_MUST_USE;
void ys_sheet_plan_done(ys_sheet_plan *p);
/* Column map as a JSON object field -> header (headers joined by " + ", or the constant); caller frees with ys_free;
 * NULL when memory is short. */
char *ys_binding_json(const ys_binding *b, const char *const *headers, int header_count);

#endif
