/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_PACK_FIXTURE_H
#define YS_POLICY_PACK_FIXTURE_H
/*
 * pack_fixture.h - tests only: a valid pack in memory whose cells can be broken one at a time.
 *
 * The fixture is a copy of packs/at-eusilc (YAOSHI_SOURCE names the source root).  Files are text; cells are found by
 * what is in them, so that the tests do not depend on row numbers.
 */
#include "policy/pack.h"

typedef struct fixture {
    ys_pack_file file[64];
    int count;
} fixture;

/* Path of something under the source root; static storage. */
const char *fixture_path(const char *below);
void fixture_open(fixture *f);
void fixture_close(fixture *f);
/* Replace a whole file (NULL: remove it); a new name is added. */
void fixture_put(fixture *f, const char *name, const char *text);
const char *fixture_text(const fixture *f, const char *name);
/* Replace the first `old` in a file. */
void fixture_replace(fixture *f, const char *name, const char *old, const char *new_text);
/* One cell: of `file`, in the first row whose `column` is `match` (NULL: the first row), the cell `set`. */
typedef struct fixture_cell {
    const char *file, *column, *match, *set, *value;
} fixture_cell;
/* Write `value` there.  Returns the row of the file; `ret_col` (may be NULL): the place of `set` in the header. */
int64_t fixture_set(fixture *f, const fixture_cell *c, int *ret_col);

/* All faults of the fixture. */
typedef struct faults {
    ys_diag first[64];
    int count;
} faults;
ys_status fixture_check(const fixture *f, faults *ret_faults);

#endif
