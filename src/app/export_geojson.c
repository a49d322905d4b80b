/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GeoJSON (RFC 7946): the areas with the borders the pack has, and the projects in the middle of the border of their area.
 *
 * RFC 7946 knows WGS-84 only, outer rings counter-clockwise and holes clockwise.  Borders whose file says `crs_note` GCJ-02 are shifted back (the
 * published formulas of that shift, inverted by iteration; accurate to a few metres).  Places without a border have geometry null.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/export_document.h"
#include "app/geometry.h"
#include "base/alloc.h"
#include "base/dmath.h"
#include "base/json.h"

typedef struct border {
    const ys_border *of; /* NULL: no border is known */
    int order;           /* as the pack has them: the first of an area counts */
    bool shifted;        /* GCJ-02 */
} border;

typedef struct borders {
    ys_border_file *file;
    border *border; /* by code and order */
    int files, n;
} borders;

/* ---- coordinates -------------------------------------------------------------------------------------------- */

#define PI 3.14159265358979323846

static double waves(double x, double y, bool lat)
{
    double near_ = (20 * ys_sin(6 * x * PI) + 20 * ys_sin(2 * x * PI)) * 2 / 3, t = lat ? y : x,
           mid = (20 * ys_sin(t * PI) + 40 * ys_sin(t / 3 * PI)) * 2 / 3,
           wide = lat ? (160 * ys_sin(t / 12 * PI) + 320 * ys_sin(t * PI / 30)) * 2 / 3
                      : (150 * ys_sin(t / 12 * PI) + 300 * ys_sin(t / 30 * PI)) * 2 / 3;
    return near_ + mid + wide;
}

/* How far GCJ-02 lies from WGS-84 at a place, in degrees. */
static void shift(double lng, double lat, double *east, double *north)
{
    const double a = 6378245.0, ee = 0.00669342162296594323;
    double x = lng - 105, y = lat - 35, r = lat / 180 * PI, s = ys_sin(r), m = 1 - ee * s * s, q = sqrt(m);
    double e = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + waves(x, y, false),
           n = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) + waves(x, y, true);
    *east = e * 180 / (a / q * ys_cos(r) * PI);
    *north = n * 180 / (a * (1 - ee) / (m * q) * PI);
}

static void point_of(const json_t *at, bool shifted, double *lng, double *lat)
{
    double x = json_number_value(json_array_get(at, 0)), y = json_number_value(json_array_get(at, 1)), e, n;
    *lng = x;
    *lat = y;
    for (int i = 0; shifted && i < 10; i++) {
        shift(*lng, *lat, &e, &n);
        *lng = x - e;
        *lat = y - n;
    }
    *lng = round(*lng * 1e6) / 1e6;
    *lat = round(*lat * 1e6) / 1e6;
}

/* Twice the area a ring goes round, positive where it goes counter-clockwise; its middle too where asked for. */
static double ring_area(const json_t *ring, bool shifted, double *ret_lng, double *ret_lat)
{
    double area = 0, sx = 0, sy = 0, x, y, x0, y0, px, py;
    size_t n = json_array_size(ring);
    point_of(json_array_get(ring, 0), shifted, &x0, &y0);
    px = py = 0;
    for (size_t i = 1; i <= n; i++) {
        point_of(json_array_get(ring, i % n), shifted, &x, &y);
        double cross = px * (y - y0) - (x - x0) * py;
        area += cross;
        sx += (px + x - x0) * cross;
        sy += (py + y - y0) * cross;
        px = x - x0;
        py = y - y0;
    }
    if (ret_lng != NULL) {
        *ret_lng = area != 0 ? x0 + sx / (3 * area) : x0;
        *ret_lat = area != 0 ? y0 + sy / (3 * area) : y0;
    }
    return area;
}

static void put_point(ys_json *j, const char *key, double lng, double lat)
{
    ys_json_array(j, key);
    ys_json_real(j, NULL, lng);
    ys_json_real(j, NULL, lat);
    ys_json_end(j);
}

static void put_ring(ys_json *j, const json_t *ring, bool shifted, bool outer)
{
    size_t n = json_array_size(ring);
    bool turn = (ring_area(ring, shifted, NULL, NULL) > 0) != outer;
    double first[2] = {0, 0}, x = 0, y = 0;
    ys_json_array(j, NULL);
    for (size_t i = 0; i < n; i++) {
        point_of(json_array_get(ring, turn ? n - 1 - i : i), shifted, &x, &y);
        if (i == 0)
            first[0] = x, first[1] = y;
        put_point(j, NULL, x, y);
    }
    if (x != first[0] || y != first[1])
        put_point(j, NULL, first[0], first[1]); /* a ring is closed */
    ys_json_end(j);
}

static void put_polygon(ys_json *j, const char *key, const json_t *rings, bool shifted)
{
    size_t i;
    const json_t *ring;
    ys_json_array(j, key);
    json_array_foreach(rings, i, ring) put_ring(j, ring, shifted, i == 0);
    ys_json_end(j);
}

static void put_border(ys_json *j, const border *b)
{
    const json_t *part;
    size_t i;
    if (b->of == NULL) {
        ys_json_null(j, "geometry");
        return;
    }
    ys_json_object(j, "geometry");
    ys_json_text(j, "type", b->of->multi ? "MultiPolygon" : "Polygon");
    if (!b->of->multi) {
        put_polygon(j, "coordinates", b->of->coordinates, b->shifted);
    } else {
        ys_json_array(j, "coordinates");
        json_array_foreach(b->of->coordinates, i, part) put_polygon(j, NULL, part, b->shifted);
        ys_json_end(j);
    }
    ys_json_end(j);
}

/* ---- the borders of the pack --------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b)
{
    const border *x = a, *y = b;
    int c = strcmp(x->of->code, y->of->code);
    return c != 0 ? c : x->order - y->order;
}

static void borders_done(borders *b)
{
    for (int i = 0; i < b->files; i++)
        ys_border_file_done(&b->file[i]);
    ys_free(b->file);
    ys_free(b->border);
}

/* borders_done also after a failure. */
static ys_status read_borders(const ys_pack *pack, borders *b, ys_diag *diag)
{
    const ys_pack_file *file;
    int n = ys_pack_files(pack, &file), all = 0;
    b->file = ys_calloc((size_t)n + 1, sizeof *b->file);
    if (b->file == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        if (!ys_is_border_file(&file[i]))
            continue;
        YS_TRY(ys_border_file_read(&file[i], &b->file[b->files], diag));
        all += b->file[b->files++].borders;
    }
    b->border = ys_calloc((size_t)all + 1, sizeof *b->border);
    if (b->border == NULL)
        return ys_fail_nomem(diag);
    for (int f = 0; f < b->files; f++) {
        for (int i = 0; i < b->file[f].borders; i++, b->n++)
            b->border[b->n] = (border){&b->file[f].border[i], b->n, strcmp(b->file[f].note, "GCJ-02") == 0};
    }
    qsort(b->border, (size_t)b->n, sizeof *b->border, by_code);
    return YS_OK;
}

static border find_border(const borders *b, const char *area)
{
    int lo = 0, hi = b->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (strcmp(b->border[mid].of->code, area) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < b->n && strcmp(b->border[lo].of->code, area) == 0 ? b->border[lo] : (border){.of = NULL};
}

/* The border of the area or of the nearest area above it; `*ret_of` is whose. */
static border border_over(const ys_document *d, const borders *b, const char *area, const char **ret_of)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_AREA];
    border found = {.of = NULL};
    for (int level = 0; area != NULL && found.of == NULL && level < 32; level++) {
        found = find_border(b, area);
        *ret_of = area;
        area = ys_coop_text(s, ys_coop_find(s, area), "parent");
    }
    return found;
}

/* ---- features ------------------------------------------------------------------------------------------------ */

static void put(ys_json *j, const char *key, const char *value)
{
    if (value != NULL)
        ys_json_text(j, key, value);
}

static void begin(ys_document *d, ys_json *j, const char *kind, const char *key)
{
    char id[300];
    snprintf(id, sizeof id, "%s/%s", kind, key);
    ys_json_object(j, NULL);
    ys_json_text(j, "type", "Feature");
    ys_json_text(j, "id", id);
    d->rows++;
}

static void area_feature(ys_document *d, ys_json *j, const borders *b, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_AREA];
    const char *area = ys_coop_key(s, row);
    border of = find_border(b, area);
    begin(d, j, "area", area);
    put_border(j, &of);
    ys_json_object(j, "properties");
    ys_json_text(j, "kind", "area");
    ys_json_text(j, "area", area);
    put(j, "name", ys_coop_text(s, row, "name"));
    put(j, "name_en", ys_coop_text(s, row, "name_en"));
    put(j, "level", ys_coop_text(s, row, "level"));
    put(j, "parent", ys_coop_text(s, row, "parent"));
    ys_json_end(j);
    ys_json_end(j);
}

static void project_feature(ys_document *d, ys_json *j, const borders *b, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_PROJECT];
    const char *of = NULL, *area = ys_coop_text(s, row, "area");
    border at = border_over(d, b, area, &of);
    double lng, lat;
    begin(d, j, "project", ys_coop_key(s, row));
    if (at.of == NULL) {
        ys_json_null(j, "geometry");
    } else {
        const json_t *c = at.of->coordinates;
        ring_area(json_array_get(at.of->multi ? json_array_get(c, 0) : c, 0), at.shifted, &lng, &lat);
        ys_json_object(j, "geometry");
        ys_json_text(j, "type", "Point");
        put_point(j, "coordinates", round(lng * 1e6) / 1e6, round(lat * 1e6) / 1e6);
        ys_json_end(j);
    }
    ys_json_object(j, "properties");
    ys_json_text(j, "kind", "project");
    ys_json_text(j, "project", ys_coop_key(s, row));
    put(j, "name", ys_coop_text(s, row, "name"));
    put(j, "area", area);
    put(j, "centre_of", at.of != NULL ? of : NULL); /* no site is known better than this area */
    put(j, "project_category", ys_coop_text(s, row, "project_category"));
    put(j, "activity_status", ys_coop_text(s, row, "activity_status"));
    ys_json_text(j, "mark", ys_mark_shape[d->coop->project[row].mark]);
    ys_json_end(j);
    ys_json_end(j);
}

/* Is the area the one asked for, or below it? */
static bool within(const ys_document *d, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_AREA];
    const char *scope = d->args->reading.scope;
    for (int level = 0; scope != NULL && row >= 0 && level < 32; level++) {
        if (strcmp(ys_coop_key(s, row), scope) == 0)
            return true;
        row = ys_coop_find(s, ys_coop_text(s, row, "parent"));
    }
    return scope == NULL;
}

ys_status ys__document_geojson(ys_document *d, ys_diag *diag)
{
    borders b = {0};
    ys_json j;
    ys_status st = read_borders(d->office->pack, &b, diag);
    if (st == YS_OK) {
        ys_json_init(&j, d->out, false);
        ys_json_object(&j, NULL);
        ys_json_text(&j, "type", "FeatureCollection");
        ys_json_array(&j, "features");
        for (int64_t i = 0; i < d->coop->set[YS_COOP_AREA].rows; i++)
            if (within(d, i))
                area_feature(d, &j, &b, i);
        for (int64_t i = 0; i < d->coop->set[YS_COOP_PROJECT].rows; i++)
            project_feature(d, &j, &b, i);
        ys_json_end(&j);
        ys_json_end(&j);
        d->failed = !ys_json_finish(&j);
    }
    borders_done(&b);
    return st;
}
