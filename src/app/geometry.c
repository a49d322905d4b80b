/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <string.h>

#include "app/digest_internal.h"

/* GeoJSON of a pack: a FeatureCollection of Polygon and MultiPolygon features; `properties.area` is the code of the
 * area, `properties.includes` the codes of areas without a border of their own that lie inside. */

static const char *keep(ys_digest *d, const json_t *text)
{
    return json_is_string(text) ? ys_arena_strdup(d->arena, json_string_value(text)) : "";
}

static ys_status bad(const char *file, const char *code, ys_diag *diag)
{
    ys_diag_where(diag, file, NULL, 0, 0, NULL);
    ys_diag_value(diag, code);
    return ys_fail(diag, YS_EDATA, "边界的坐标不对", "the coordinates of a border are wrong");
}

static ys_status read_ring(ys_digest *d, const json_t *ring, ys_fig_shape *s, const char *file, ys_diag *diag)
{
    size_t n = json_array_size(ring);
    double *xy = ys__digest_take(d, (int64_t)n * 2, sizeof *xy);
    if (xy == NULL)
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < n; i++) {
        const json_t *x = json_array_get(json_array_get(ring, i), 0),
                     *y = json_array_get(json_array_get(ring, i), 1);
        if (!json_is_number(x) || !json_is_number(y))
            return bad(file, s->code, diag);
        xy[2 * i] = json_number_value(x);
        xy[2 * i + 1] = json_number_value(y);
    }
    ((const double **)s->xy)[s->rings] = xy;
    ((int *)s->points)[s->rings++] = (int)n;
    return YS_OK;
}

/* Middle of the polygon by area; of a degenerate one, its first point. */
static void centre(ys_fig_shape *s)
{
    double a = 0, x = 0, y = 0;
    const double *p = s->xy[0];
    for (int i = 0; i + 1 < s->points[0]; i++) {
        double cross = p[2 * i] * p[2 * i + 3] - p[2 * i + 2] * p[2 * i + 1];
        a += cross;
        x += (p[2 * i] + p[2 * i + 2]) * cross;
        y += (p[2 * i + 1] + p[2 * i + 3]) * cross;
    }
    s->lng = a != 0 ? x / (3 * a) : p[0];
    s->lat = a != 0 ? y / (3 * a) : p[1];
}

static size_t count_rings(const json_t *coordinates, bool multi)
{
    size_t n = 0, i;
    const json_t *part;
    if (!multi)
        return json_array_size(coordinates);
    json_array_foreach(coordinates, i, part) n += json_array_size(part);
    return n;
}

static ys_status read_rings(ys_digest *d, const json_t *part, ys_fig_shape *s, const char *file,
                            ys_diag *diag)
{
    size_t i;
    const json_t *ring;
    json_array_foreach(part, i, ring)
    {
        if (json_array_size(ring) < 3)
            return bad(file, s->code, diag);
        YS_TRY(read_ring(d, ring, s, file, diag));
    }
    return YS_OK;
}

static ys_status read_feature(ys_digest *d, const json_t *feature, const char *file, ys_diag *diag)
{
    const json_t *g = json_object_get(feature, "geometry"), *at = json_object_get(g, "coordinates"), *part;
    const json_t *p = json_object_get(feature, "properties"), *inside = json_object_get(p, "includes");
    const char *type = json_string_value(json_object_get(g, "type"));
    bool multi = type != NULL && strcmp(type, "MultiPolygon") == 0;
    if (!multi && (type == NULL || strcmp(type, "Polygon") != 0))
        return YS_OK; /* points and lines are no borders */
    ys_fig_shape *s = &d->fig.shape[d->fig.shapes];
    size_t rings = count_rings(at, multi), i;
    s->code = keep(d, json_object_get(p, "area"));
    s->points = ys__digest_take(d, (int64_t)rings, sizeof *s->points);
    s->xy = ys__digest_take(d, (int64_t)rings, sizeof *s->xy);
    const char **includes = ys__digest_take(d, (int64_t)json_array_size(inside), sizeof *includes);
    if (s->code == NULL || s->points == NULL || s->xy == NULL || includes == NULL)
        return ys_fail_nomem(diag);
    for (; s->include_count < (int)json_array_size(inside); s->include_count++) {
        includes[s->include_count] = keep(d, json_array_get(inside, (size_t)s->include_count));
        if (includes[s->include_count] == NULL)
            return ys_fail_nomem(diag);
    }
    s->includes = includes;
    if (!multi)
        YS_TRY(read_rings(d, at, s, file, diag));
    else
        json_array_foreach(at, i, part) YS_TRY(read_rings(d, part, s, file, diag));
    if (s->rings == 0)
        return bad(file, s->code, diag);
    centre(s);
    d->fig.shapes++;
    return YS_OK;
}

static ys_status read_collection(ys_digest *d, const json_t *root, const char *file, ys_diag *diag)
{
    const json_t *features = json_object_get(root, "features"), *one;
    size_t i;
    d->fig.shape = ys__digest_take(d, (int64_t)json_array_size(features), sizeof *d->fig.shape);
    d->fig.shape_note = keep(d, json_object_get(root, "crs_note"));
    if (d->fig.shape == NULL || d->fig.shape_note == NULL)
        return ys_fail_nomem(diag);
    json_array_foreach(features, i, one) YS_TRY(read_feature(d, one, file, diag));
    return YS_OK;
}

static bool is_geojson(const char *name)
{
    static const char end[] = ".geojson";
    size_t n = strlen(name);
    return n > strlen(end) && strcmp(name + n - strlen(end), end) == 0;
}

/* Does any border of this file belong to a place of the report? */
static bool fits(const ys_digest *d)
{
    for (int i = 0; i < d->fig.shapes; i++) {
        for (int k = 0; k < d->fig.places; k++) {
            if (strcmp(d->fig.shape[i].code, d->fig.place[k].code) == 0)
                return true;
        }
    }
    return false;
}

ys_status ys__digest_shapes(ys_digest *d, ys_diag *diag)
{
    const ys_pack_file *files;
    int n = ys_pack_files(d->frame->pack, &files);
    d->fig.shape_note = "";
    for (int i = 0; i < n && d->fig.shapes == 0; i++) {
        json_error_t error;
        if (!is_geojson(files[i].name))
            continue;
        json_t *root = json_loadb(files[i].data, files[i].size, JSON_REJECT_DUPLICATES, &error);
        if (root == NULL) {
            ys_diag_where(diag, files[i].name, NULL, error.line, error.column, NULL);
            return ys_fail(diag, YS_EDATA, "GeoJSON 读不懂：%s", "not readable as GeoJSON: %s", error.text);
        }
        ys_status st = read_collection(d, root, files[i].name, diag);
        json_decref(root);
        YS_TRY(st);
        if (!fits(d))
            d->fig.shapes = 0;
    }
    return YS_OK;
}
