/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_OPTIM_SCAN_H
#define YS_OPTIM_SCAN_H
/*
 * scan.h - numbers parted by blanks, as the instances of the literature have them.
 */
#include "yaoshi/status.h"

typedef struct ys_scan {
    const char *at, *end;
    int64_t line; /* from 1 */
} ys_scan;

/* The next word as a decimal number times 10^digits; EDATA: none, no number, too many decimals or digits. */
ys_status ys__scan(ys_scan *s, int digits, int64_t *ret_value, ys_diag *diag) YS_MUST_USE;
/* The same as a count from `least` to `most`. */
ys_status ys__scan_count(ys_scan *s, int64_t least, int64_t most, int *ret_value, ys_diag *diag) YS_MUST_USE;
/* Anything left but blanks? */
int ys__scan_more(ys_scan *s);

#endif
