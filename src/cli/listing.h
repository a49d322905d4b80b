/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_LISTING_H
#define YS_CLI_LISTING_H
/*
 * listing.h - one table of records, as a grid for people (or CSV) and as an array of objects in JSON, from the same calls.
 *
 *   ys_list_begin(&t, c, "promises", titles, diag);          titles: zh, name, zh, name …, NULL; a name is the JSON key
 *   for (…) { ys_list_mark(&t, …); ys_list_put(&t, "text", …); ys_list_row(&t); }     cells in the order of the titles
 *   return ys_list_end(&t, diag);
 */
#include "app/coop.h"
#include "cli/command.h"

typedef struct ys_listing {
    const ys_cli *c;
    ys_grid *g; /* NULL under --json */
    ys_json *j; /* NULL otherwise */
    ys_json json;
    bool open;  /* an object of the array */
    bool inner; /* one table of several */
} ys_listing;

ys_status ys_list_begin(ys_listing *t, const ys_cli *c, const char *name, const char *const *titles,
                        ys_diag *diag) YS_MUST_USE;
/* One table of several: `j` is the open document (not used without --json), which ys_list_end leaves open; a table for people is
 * headed by `heading`. */
ys_status ys_list_inside(ys_listing *t, const ys_cli *c, ys_json *j, const char *name, const char *heading,
                         const char *const *titles, ys_diag *diag) YS_MUST_USE;
void ys_list_put(ys_listing *t, const char *name, const char *text);
void ys_list_int(ys_listing *t, const char *name, int64_t v);
void ys_list_real(ys_listing *t, const char *name, double v);
void ys_list_money(ys_listing *t, const char *name, int64_t minor, int digits);
void ys_list_day(ys_listing *t, const char *name, int32_t day);
/* ● 正常 in a cell; "mark", "rule", "days" in JSON. */
void ys_list_mark(ys_listing *t, const ys_standing *s);
void ys_list_why(ys_listing *t, const ys_standing *s); /* in words; nothing in JSON */
/* What a promise or output is about: its amount, or quantity and unit. */
void ys_list_quantity(ys_listing *t, const char *name, const ys_coop *k, const ys_coop_set *s, int64_t row);
void ys_list_row(ys_listing *t);
ys_status ys_list_end(ys_listing *t, ys_diag *diag) YS_MUST_USE;
void ys_list_drop(ys_listing *t); /* instead of end, after a failure */

#endif
