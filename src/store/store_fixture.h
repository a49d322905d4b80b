/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_STORE_STORE_FIXTURE_H
#define YS_STORE_STORE_FIXTURE_H
/*
 * store_fixture.h - for the tests of the store: fresh places on either back-end, and stores as short texts.
 *
 * Cells are written as in files: "" blank, "#NA", "#未问", masked with a "*" in it, else the value; rows end in a newline, cells in a comma.
 */
#include "base/str.h"
#include "store/store.h"

extern const ys_kind fx_area, fx_house, fx_person, fx_income;
extern const ys_kind *const fx_kinds[4];
extern const unsigned char fx_key[YS_STORE_KEY_BYTES];

/* Which back-end; 77 to skip, with the reason printed. */
int fx_start(const char *backend);
void fx_stop(void);
bool fx_pg(void);
/* A place where nothing is yet (owned by the fixture). */
const char *fx_url(void);
const char *fx_sqlite_url(void); /* always a file */
/* SQL behind the store's back. */
void fx_raw(const char *url, const char *sql);

ys_store *fx_create(const char *url);
ys_store *fx_open(const char *url, const unsigned char *key);
void fx_begin(ys_store *s, int64_t at);
void fx_commit(ys_store *s);
/* Stage and apply `rows` of the fields named in `fields` ("a,b"). */
ys_stage_counts fx_put(ys_store *s, const ys_kind *k, const char *fields, const char *rows, int32_t day);
/* The same up to the stage. */
void fx_stage(ys_store *s, const ys_kind *k, const char *fields, const char *rows);
ys_status fx_try_put(ys_store *s, const ys_kind *k, const char *fields, const char *rows, int32_t day);
/* The result of a scan as text, in a buffer of the fixture until the next call. */
const char *fx_scan(ys_store *s, const ys_kind *k, ys_scan how);
const char *fx_table(ys_table *t); /* takes the table */
/* begin, a small county in two transactions, commit */
void fx_fill(ys_store *s);
ys_status fx_try_fill(ys_store *s);
const char *fx_head(ys_store *s);

#endif
