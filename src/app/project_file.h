/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_PROJECT_FILE_H
#define YS_APP_PROJECT_FILE_H
/*
 * project_file.h - one project in one table, to be appraised without a store.
 *
 *   name,value,unit,note
 *   kind,pv,,                 or industry; always the first row
 *   title,…,,                 what the project is called; optional
 *   capacity,100000,kWp,      rows of yaoshi/appraise.h, in any order
 *
 * An industry project goes on with its links: a row `link,job` begins one, the rows after it are its fields.  CSV or XLSX; a row without
 * value says nothing, `unit` may be empty, must be the field's where it is not.  Names are the fields' or their Chinese words.
 */
#include "base/out.h"
#include "yaoshi/appraise.h"

enum { YS_PROJECT_LINKS = 64 };

typedef enum ys_project_kind { YS_PROJECT_PV, YS_PROJECT_INDUSTRY } ys_project_kind;

typedef struct ys_project_file {
    ys_project_kind kind;
    char title[200]; /* "": none */
    ys_pv plant;
    ys_industry industry;
    ys_link link[YS_PROJECT_LINKS];
    int links;
} ys_project_file;

/* Read, and checked as a whole.  EDATA, ELIMIT: `diag` says file, sheet, row and column.  Freed with ys_free. */
ys_status ys_project_file_read(const char *path, ys_project_file **ret_project, ys_diag *diag) YS_MUST_USE;
/* A table to fill in: every field with its default, unit, range and meaning.  `kind`: "pv" or "industry"; EUSAGE otherwise. */
ys_status ys_project_file_template(const char *kind, bool zh, ys_out out, ys_diag *diag) YS_MUST_USE;

#endif
