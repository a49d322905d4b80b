/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_CLOCK_H
#define YS_APP_CLOCK_H
/*
 * clock.h - the one place where the clock enters.  SOURCE_DATE_EPOCH (seconds since 1970) fixes it, so that the same
 * work gives the same bytes.
 */
#include <stdint.h>

int64_t ys_clock_now(void);    /* seconds since 1970 */
int32_t ys_clock_today(void);  /* days since 1970, UTC */
double ys_clock_seconds(void); /* monotonic, for "seconds" in results; not fixed */

#endif
