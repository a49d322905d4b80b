/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

enum { ZONE_LEAST = 6000 /* households; smaller zones lose more to their quotas than they win in speed */ };

/*
 * A zone ends where no local row spans: such zones share funds only.  reach[h] is the last household of any row that
 * begins at h; walking on, a cut is allowed behind the farthest reach so far.  Every rank finds the same zones.
 */
static bool cut(const ys_job *j, const ys_layout *l, ys_draft *d)
{
    int64_t n = j->p->households, most = n / ZONE_LEAST + 2;
    uint32_t *reach = ys_calloc((size_t)n + 1, sizeof *reach);
    d->zone = ys_malloc((size_t)most * sizeof *d->zone);
    d->n_zones = 0;
    if (reach == NULL || d->zone == NULL) {
        ys_free(reach);
        return false;
    }
    for (int32_t r = j->p->funds; r < j->n_rows; r++) {
        int64_t at = l->first[r], last = l->last[r];
        if (at <= last && last > reach[at])
            reach[at] = (uint32_t)last;
    }
    int64_t first = 0, far = 0, least = n <= YS_ONE_ZONE ? n : ZONE_LEAST;
    for (int64_t h = 0; h < n; h++) {
        far = reach[h] > far ? reach[h] : far;
        if (far <= h && h + 1 - first >= least && n - h - 1 >= least) {
            d->zone[d->n_zones++] = (ys_span){first, h + 1};
            first = h + 1;
        }
    }
    if (first < n)
        d->zone[d->n_zones++] = (ys_span){first, n};
    ys_free(reach);
    return true;
}

ys_status ys__zones(ys_job *j, const ys_layout *l, ys_draft *d, ys_diag *diag)
{
    if (!cut(j, l, d))
        return ys_fail_nomem(diag);
    int64_t z = 0;
    while (z < d->n_zones && d->zone[z].first < j->own.first)
        z++;
    d->zone_first = z;
    while (z < d->n_zones && d->zone[z].first < j->own.end)
        z++;
    d->zone_end = z;
    d->plan = (ys_span){j->own.first, j->own.first};
    if (d->zone_first < d->zone_end)
        d->plan = (ys_span){d->zone[d->zone_first].first, d->zone[d->zone_end - 1].end};
    j->seen.end = d->plan.end > j->own.end ? d->plan.end : j->own.end;
    return YS_OK;
}
