/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

enum {
    ZONE_LEAST = 6000, /* households; smaller zones lose more to their quotas than they win in speed */
    ONE_ZONE = 20000,  /* up to here all households are one zone */
};

/*
 * A zone ends where no local row spans: such zones share funds only.  reach[h] is the last household of any row that
 * begins at h; walking on, a cut is allowed behind the farthest reach so far.
 */
ys_status ys__zones(const ys_job *j, const ys_layout *l, ys_draft *d, ys_diag *diag)
{
    int64_t n = j->p->households, most = n / ZONE_LEAST + 2;
    uint32_t *reach = ys_calloc((size_t)n + 1, sizeof *reach);
    d->zone = ys_malloc((size_t)most * sizeof *d->zone);
    d->n_zones = 0;
    if (reach == NULL || d->zone == NULL) {
        ys_free(reach);
        return ys_fail_nomem(diag);
    }
    for (int32_t r = j->p->funds; r < j->n_rows; r++) {
        uint32_t first = l->first[r], last = l->last[r];
        if (first <= last && last > reach[first])
            reach[first] = last;
    }
    int64_t first = 0, far = 0, least = n <= ONE_ZONE ? n : ZONE_LEAST;
    for (int64_t h = 0; h < n; h++) {
        far = reach[h] > far ? reach[h] : far;
        if (far <= h && h + 1 - first >= least && n - h - 1 >= least) {
            d->zone[d->n_zones++] = (ys_zone){first, h + 1};
            first = h + 1;
        }
    }
    if (first < n)
        d->zone[d->n_zones++] = (ys_zone){first, n};
    ys_free(reach);
    return YS_OK;
}
