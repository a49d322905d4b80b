/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/distance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/dmath.h"

static const double EARTH_KM = 6371.0088; /* mean radius, IUGG */
static const double MOST_HOURS = 10000;
static const double RADIANS = 0.017453292519943295769236907685; /* of one degree */

typedef struct trip {
    int32_t from, to, minutes;
} trip;

struct ys_distances {
    const ys_areas *areas;
    double *xyz;      /* three per area: the unit vector; NaN: no coordinates */
    uint8_t *travels; /* per area: some trip begins or ends there */
    trip *trips;      /* by from, to */
    int64_t n_trips;
};

void ys_distances_free(ys_distances *d)
{
    if (d == NULL)
        return;
    ys_free(d->xyz);
    ys_free(d->travels);
    ys_free(d->trips);
    ys_free(d);
}

static ys_status bad_place(const ys_areas *areas, int32_t i, ys_diag *diag)
{
    ys_diag_value(diag, ys_areas_code(areas, i));
    ys_diag_fix(diag, "经度 -180 至 180，纬度 -90 至 90，两者都填或都不填",
                "longitude -180 to 180, latitude -90 to 90, both or none");
    return ys_fail(diag, YS_EDATA, "地区 %s 的经纬度不对", "the coordinates of area %s are wrong",
                   ys_areas_code(areas, i));
}

static ys_status read_places(ys_distances *d, const ys_table *area, ys_diag *diag)
{
    int lng = ys_table_find(area, "lng"), lat = ys_table_find(area, "lat");
    for (int32_t i = 0; i < ys_areas_count(d->areas); i++) {
        double *v = d->xyz + 3 * (int64_t)i;
        bool east = lng >= 0 && !ys_table_missing(area, lng, i),
             north = lat >= 0 && !ys_table_missing(area, lat, i);
        v[0] = v[1] = v[2] = (double)NAN;
        if (!east && !north)
            continue;
        double x = east ? ys_table_get_real(area, lng, i) : 999,
               y = north ? ys_table_get_real(area, lat, i) : 999;
        if (!(x >= -180 && x <= 180 && y >= -90 && y <= 90))
            return bad_place(d->areas, i, diag);
        v[0] = ys_cos(y * RADIANS) * ys_cos(x * RADIANS);
        v[1] = ys_cos(y * RADIANS) * ys_sin(x * RADIANS);
        v[2] = ys_sin(y * RADIANS);
    }
    return YS_OK;
}

static int by_ends(const void *a, const void *b)
{
    const trip *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static int by_ends_and_time(const void *a, const void *b)
{
    const trip *x = a, *y = b;
    int ends = by_ends(a, b);
    return ends != 0 ? ends : (x->minutes > y->minutes) - (x->minutes < y->minutes);
}

/* Of several trips between the same two areas the quickest stays. */
static void sort_trips(ys_distances *d)
{
    int64_t n = 0;
    if (d->n_trips > 1)
        qsort(d->trips, (size_t)d->n_trips, sizeof *d->trips, by_ends_and_time);
    for (int64_t k = 0; k < d->n_trips; k++)
        if (n == 0 || by_ends(&d->trips[n - 1], &d->trips[k]) != 0)
            d->trips[n++] = d->trips[k];
    d->n_trips = n;
}

static ys_status read_trips(ys_distances *d, const ys_table *travel, ys_diag *diag)
{
    int from = ys_table_find(travel, "from_area"), to = ys_table_find(travel, "to_area"),
        hours = ys_table_find(travel, "hours");
    int64_t rows = from >= 0 && to >= 0 && hours >= 0 ? ys_table_rows(travel) : 0;
    d->trips = ys_malloc((size_t)rows * sizeof *d->trips + 1);
    if (d->trips == NULL)
        return ys_fail_nomem(diag);
    for (int64_t r = 0; r < rows; r++) {
        const char *a = ys_table_get_text(travel, from, r), *b = ys_table_get_text(travel, to, r);
        double v = ys_table_get_real(travel, hours, r);
        int32_t i = a != NULL ? ys_areas_find(d->areas, a) : -1,
                j = b != NULL ? ys_areas_find(d->areas, b) : -1;
        if (i < 0 || j < 0 || ys_table_missing(travel, hours, r))
            continue;
        if (!(v >= 0 && v <= MOST_HOURS)) {
            ys_diag_fix(diag, "写 0 到 10000 的小时数", "give hours from 0 to 10000");
            return ys_fail(diag, YS_EDATA, "从 %s 到 %s 的时间是 %g 小时",
                           "the travel from %s to %s takes %g hours", a, b, v);
        }
        d->travels[i] = d->travels[j] = 1;
        d->trips[d->n_trips++] = (trip){i, j, (int32_t)(v * 60 + 0.5)};
    }
    sort_trips(d);
    return YS_OK;
}

ys_status ys_distances_new(const ys_areas *areas, const ys_table *area, const ys_table *travel,
                           ys_distances **ret_distances, ys_diag *diag)
{
    ys_status st = YS_OK;
    size_t n = (size_t)ys_areas_count(areas);
    ys_distances *d = ys_calloc(1, sizeof *d);
    if (d == NULL)
        return ys_fail_nomem(diag);
    d->areas = areas;
    d->xyz = ys_malloc(3 * n * sizeof *d->xyz + 1);
    d->travels = ys_calloc(n + 1, 1);
    if (d->xyz == NULL || d->travels == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(read_places(d, area, diag));
    if (travel != NULL)
        YS_GO(read_trips(d, travel, diag));
    *ret_distances = d;
    d = NULL;
done:
    ys_distances_free(d);
    return st;
}

int32_t ys_distances_km(const ys_distances *d, int32_t a, int32_t b)
{
    if (a < 0 || b < 0)
        return -1;
    const double *u = d->xyz + 3 * (int64_t)a, *v = d->xyz + 3 * (int64_t)b;
    double x = u[0] - v[0], y = u[1] - v[1], z = u[2] - v[2], half = sqrt(x * x + y * y + z * z) / 2;
    if (!(half >= 0))
        return -1;
    return (int32_t)(2 * EARTH_KM * ys_asin(half < 1 ? half : 1) + 0.5);
}

static int32_t find_trip(const ys_distances *d, int32_t from, int32_t to)
{
    trip key = {.from = from, .to = to};
    const trip *t = bsearch(&key, d->trips, (size_t)d->n_trips, sizeof *d->trips, by_ends);
    return t != NULL ? t->minutes : -1;
}

int32_t ys_distances_minutes(const ys_distances *d, int32_t a, int32_t b)
{
    int32_t best = -1;
    int steps = 1 << 20;
    if (d->n_trips == 0 || a < 0 || b < 0)
        return -1;
    for (int up = 0; a >= 0 && !ys_areas_within(d->areas, b, a); a = ys_areas_parent(d->areas, a), up++) {
        int over = 0;
        for (int32_t at = b;
             d->travels[a] && at >= 0 && up + over < steps && !ys_areas_within(d->areas, a, at);
             at = ys_areas_parent(d->areas, at), over++) {
            int32_t m = d->travels[at] ? find_trip(d, a, at) : -1;
            m = m < 0 && d->travels[at] ? find_trip(d, at, a) : m;
            if (m >= 0) {
                best = m;
                steps = up + over;
            }
        }
    }
    return best;
}
