/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_BYTES_H
#define YS_APP_BYTES_H
/*
 * bytes.h - a whole file in memory: mapped where it is plain, unpacked where it is gzip.
 */
#include <stddef.h>
#include "yaoshi/status.h"

typedef struct ys_bytes {
    const char *data; /* 8-byte aligned; NULL where size is 0 */
    size_t size;
    void *map, *heap; /* one of them owns the data */
} ys_bytes;

/* EIO: cannot be read; EDATA: damaged gzip; ELIMIT: unpacks to more than 16 GiB. */
ys_status ys_bytes_open(const char *path, ys_bytes *ret_bytes, ys_diag *diag) YS_MUST_USE;
void ys_bytes_close(ys_bytes *b);

#endif
