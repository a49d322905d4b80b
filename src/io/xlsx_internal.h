/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_IO_XLSX_INTERNAL_H
#define YS_IO_XLSX_INTERNAL_H
/*
 * xlsx_internal.h - what the files of the XLSX reader share (internal to io).
 *
 *   xlsx_xml.c      a part of the archive through expat, with every ceiling
 *   xlsx_read.c     the workbook: relations, sheet list, styles
 *   xlsx_strings.c  the shared strings
 *   xlsx_format.c   number formats: which are dates, what a number looks like
 *   xlsx_rows.c     the rows of a sheet
 *   xlsx_merge.c    its merged areas
 */
#include <expat.h>
#include <zip.h>
#include "base/str.h"
#include "io/spill.h"
#include "io/xlsx_read.h"

/* What a number format makes of a number. */
enum {
    YS__FORMAT_DATE = 1,    /* has days, months or years */
    YS__FORMAT_TIME = 2,    /* has hours, minutes or seconds */
    YS__FORMAT_ELAPSED = 4, /* [h]: hours go on beyond 24 */
};
typedef struct ys__format {
    uint8_t kind;  /* flags above; 0: a plain number */
    uint8_t zeros; /* 000000: at least so many digits */
} ys__format;

typedef struct ys__strings {
    ys__spill *text, *ends; /* all texts one behind the other; uint64 end of each */
    uint64_t count;
} ys__strings;

typedef struct ys__sheet_entry {
    char *name, *part;
    bool hidden;
} ys__sheet_entry;

struct ys_xlsx {
    char *name;
    zip_t *zip;
    ys_xlsx_options opt;
    ys__sheet_entry *sheets;
    size_t nsheets, sheets_cap;
    ys__format *formats; /* by cell style */
    size_t nformats, formats_cap;
    bool epoch1904, strings_loaded;
    char *strings_part, *styles_part; /* NULL: the workbook has none */
    ys__strings strings;
};

/* Handlers get local names (no prefix) and expat's attribute pairs. NULL ones are skipped. */
typedef struct ys__xml_handlers {
    void (*start)(void *user, const char *name, const char **attrs);
    void (*end)(void *user, const char *name);
    void (*text)(void *user, const char *text, int n);
} ys__xml_handlers;

typedef struct ys__xml {
    ys_xlsx *x;
    char *part;
    const char *sheet; /* for messages; NULL: none */
    zip_file_t *file;
    uint64_t packed, unpacked;
    uint64_t silent; /* bytes fed since a handler was called */
    XML_Parser parser;
    ys__xml_handlers handlers;
    void *user;
    bool suspended, final, ended;
    ys_status failed; /* set by ys__xml_fail */
    ys_diag diag;
} ys__xml;

/*
 * `m` is the caller's storage: open, (step until m->ended), done - also after a failed open.  `sheet` (borrowed, may be
 * NULL) is for messages.
 */
ys_status ys__xml_open(ys__xml *m, ys_xlsx *x, const char *part, const char *sheet,
                       ys_diag *diag) YS_MUST_USE;
void ys__xml_done(ys__xml *m);
/* A new parser that calls `handlers`; before the first step or feed. */
ys_status ys__xml_handle(ys__xml *m, const ys__xml_handlers *handlers, void *user, ys_diag *diag) YS_MUST_USE;
/* Parse the next piece of the part, or go on after a pause; sets m->ended at the end. */
ys_status ys__xml_step(ys__xml *m, ys_diag *diag) YS_MUST_USE;
/* For those who look at the bytes themselves: the next unpacked bytes, ceilings checked; 0 at the end. */
ys_status ys__xml_raw(ys__xml *m, char *buf, size_t size, size_t *ret_n, ys_diag *diag) YS_MUST_USE;
/* Parse these bytes instead of the part's. */
ys_status ys__xml_feed(ys__xml *m, const char *bytes, size_t n, bool final, ys_diag *diag) YS_MUST_USE;
/* From a handler: stop after it, to be resumed by the next step. */
void ys__xml_pause(ys__xml *m);
/* From a handler, after ys_fail(&m->diag, st, …): give up; the step returns that failure. */
void ys__xml_fail(ys__xml *m, ys_status st);
/* open, handle, step to the end, done; `user` may point to `m`. */
ys_status ys__xml_run(ys__xml *m, ys_xlsx *x, const char *part, const ys__xml_handlers *handlers, void *user,
                      ys_diag *diag) YS_MUST_USE;
/* Value of the attribute with this local name, or NULL. */
const char *ys__xml_attr(const char **attrs, const char *name);
bool ys__xml_has_part(const ys_xlsx *x, const char *part);

ys_status ys__strings_load(ys_xlsx *x, ys_diag *diag) YS_MUST_USE;
void ys__strings_done(ys__strings *s);
/* Length of string `i`; false: there is no such string. */
bool ys__strings_length(ys__strings *s, uint64_t i, uint64_t *ret_start, size_t *ret_n);

ys__format ys__format_builtin(int64_t id);
ys__format ys__format_parse(const char *code);
/* The text of a number cell `v` as its format shows it; false: `v` is no number. */
bool ys__format_number(const char *v, ys__format f, bool epoch1904, char *buf, size_t size);
/* _x000D_ and the like into the characters they stand for, in place; returns the new length. */
size_t ys__unescape(char *s, size_t n);

#endif
