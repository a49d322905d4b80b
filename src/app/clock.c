/* SPDX-License-Identifier: Apache-2.0 */
#include "app/clock.h"

#include <stdlib.h>
#include <time.h>

#include "base/num.h"

int64_t ys_clock_now(void)
{
    int64_t fixed;
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (epoch != NULL && ys_parse_int(epoch, &fixed) && fixed >= 0)
        return fixed;
    return (int64_t)time(NULL);
}

int32_t ys_clock_today(void)
{
    return (int32_t)(ys_clock_now() / 86400);
}

double ys_clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
