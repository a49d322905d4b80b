/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_OFFICE_H
#define YS_APP_OFFICE_H
/*
 * office.h - an office at work: the store, the policy pack kept in it, the key to its secrets, and who is asking.
 *
 * app/ is the only door to the store for the command line and the server.  A use case opens an office, reads a frame or
 * begins a transaction, and closes it.
 */
#include <stdbool.h>
#include "policy/pack.h"
#include "registry/frame.h"
#include "store/store.h"

typedef struct ys_office {
    ys_store *store;
    ys_pack *pack;
    const ys_kind **kinds;
    int kind_count;
    const char *user; /* borrowed */
    bool has_key, synthetic;
} ys_office;

typedef struct ys_office_args {
    const char *url;  /* a file, or postgresql://… */
    const char *key;  /* key file; NULL: URL.key beside a database file, else YAOSHI_KEY */
    const char *user; /* NULL: the login name */
    bool read_only;
} ys_office_args;

/* Folder of a pack named "cn-2016", or the folder itself: looked up in YAOSHI_PACKS (colon separated), ./packs, packs/
 * beside the program and in the installed data.  ENOTFOUND lists where it looked. */
ys_status ys_pack_find(const char *name, char *buf, size_t size, ys_diag *diag) YS_MUST_USE;

/* A new store with the pack inside and, for a database file, a new key beside it (mode 0600). */
ys_status ys_office_init(const ys_office_args *args, const char *pack, ys_office **ret_office,
                         ys_diag *diag) YS_MUST_USE;
ys_status ys_office_open(const ys_office_args *args, ys_office **ret_office, ys_diag *diag) YS_MUST_USE;
void ys_office_close(ys_office *o);

/* Begin a transaction in the user's name, stamped by the clock. */
ys_status ys_office_begin(ys_office *o, const char *command, const char *reason, const char *name,
                          ys_diag *diag) YS_MUST_USE;

/* What every reading command may be told: --line --period --date --scope --as-of. NULL/0/INT32_MIN: the defaults. */
typedef struct ys_reading {
    const char *line;   /* "2016", "2016:CN" or an amount in currency units */
    const char *period; /* of income */
    int32_t today;
    const char *scope;
    int64_t as_of_tx;
    int32_t valid_on; /* what was so on this day; 0: the newest facts */
    bool supply;
} ys_reading;
ys_status ys_office_frame(ys_office *o, const ys_reading *how, ys_frame **ret_frame,
                          ys_diag *diag) YS_MUST_USE;

#endif
