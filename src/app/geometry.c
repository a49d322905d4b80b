/* SPDX-License-Identifier: Apache-2.0 */
#include "app/geometry.h"

#include <string.h>

#include "app/digest_internal.h"
#include "base/alloc.h"

/* ---- the borders of a file --------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *text)
{
    return json_is_string(text) ? json_string_value(text) : "";
}

static bool ring_is_good(const json_t *ring)
{
    size_t i;
    const json_t *at;
    json_array_foreach(ring, i, at)
    {
        if (!json_is_number(json_array_get(at, 0)) || !json_is_number(json_array_get(at, 1)))
            return false;
    }
    return json_array_size(ring) >= 3;
}

static bool rings_are_good(const json_t *rings)
{
    size_t i;
    const json_t *ring;
    json_array_foreach(rings, i, ring)
    {
        if (!ring_is_good(ring))
            return false;
    }
    return json_array_size(rings) > 0;
}

static bool border_is_good(const ys_border *b)
{
    size_t i;
    const json_t *part;
    if (!b->multi)
        return rings_are_good(b->coordinates);
    json_array_foreach(b->coordinates, i, part)
    {
        if (!rings_are_good(part))
            return false;
    }
    return json_array_size(b->coordinates) > 0;
}

static ys_status take_border(const json_t *feature, ys_border_file *f, const char *file, ys_diag *diag)
{
    const json_t *g = json_object_get(feature, "geometry"), *p = json_object_get(feature, "properties");
    const char *type = text_of(json_object_get(g, "type"));
    ys_border b = {.code = text_of(json_object_get(p, "area")),
                   .properties = p,
                   .coordinates = json_object_get(g, "coordinates"),
                   .multi = strcmp(type, "MultiPolygon") == 0};
    if (!b.multi && strcmp(type, "Polygon") != 0)
        return YS_OK;
    if (!border_is_good(&b)) {
        ys_diag_where(diag, file, NULL, 0, 0, NULL);
        ys_diag_value(diag, b.code);
        return ys_fail(diag, YS_EDATA, "边界的坐标不对", "the coordinates of a border are wrong");
    }
    f->border[f->borders++] = b;
    return YS_OK;
}

bool ys_is_border_file(const ys_pack_file *file)
{
    static const char end[] = ".geojson";
    size_t n = strlen(file->name);
    return n > strlen(end) && strcmp(file->name + n - strlen(end), end) == 0;
}

ys_status ys_border_file_read(const ys_pack_file *file, ys_border_file *ret_file, ys_diag *diag)
{
    json_error_t error;
    size_t i;
    const json_t *features, *one;
    ys_status st = YS_OK;
    ys_border_file f = {.root = json_loadb(file->data, file->size, JSON_REJECT_DUPLICATES, &error)};
    if (f.root == NULL) {
        ys_diag_where(diag, file->name, NULL, error.line, error.column, NULL);
        return ys_fail(diag, YS_EDATA, "GeoJSON 读不懂：%s", "not readable as GeoJSON: %s", error.text);
    }
    features = json_object_get(f.root, "features");
    f.note = text_of(json_object_get(f.root, "crs_note"));
    f.border = ys_calloc(json_array_size(features) + 1, sizeof *f.border);
    if (f.border == NULL)
        st = ys_fail_nomem(diag);
    json_array_foreach(features, i, one)
    {
        if (st == YS_OK)
            st = take_border(one, &f, file->name, diag);
    }
    if (st == YS_OK)
        *ret_file = f;
    else
        ys_border_file_done(&f);
    return st;
}

void ys_border_file_done(ys_border_file *f)
{
    ys_free(f->border);
    json_decref(f->root);
}

/* ---- the shapes of the digest --------------------------------------------------------------------------------------- */

static const char *keep(ys_digest *d, const char *text)
{
    return ys_arena_strdup(d->arena, text);
}

static ys_status read_ring(ys_digest *d, const json_t *ring, ys_fig_shape *s, ys_diag *diag)
{
    size_t n = json_array_size(ring);
    double *xy = ys__digest_take(d, (int64_t)n * 2, sizeof *xy);
    if (xy == NULL)
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < 2 * n; i++)
        xy[i] = json_number_value(json_array_get(json_array_get(ring, i / 2), i % 2));
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

static ys_status read_rings(ys_digest *d, const json_t *part, ys_fig_shape *s, ys_diag *diag)
{
    size_t i;
    const json_t *ring;
    json_array_foreach(part, i, ring) YS_TRY(read_ring(d, ring, s, diag));
    return YS_OK;
}

static ys_status read_border(ys_digest *d, const ys_border *b, ys_diag *diag)
{
    const json_t *inside = json_object_get(b->properties, "includes"), *part;
    ys_fig_shape *s = &d->fig.shape[d->fig.shapes];
    size_t rings = count_rings(b->coordinates, b->multi), i;
    s->code = keep(d, b->code);
    s->points = ys__digest_take(d, (int64_t)rings, sizeof *s->points);
    s->xy = ys__digest_take(d, (int64_t)rings, sizeof *s->xy);
    const char **includes = ys__digest_take(d, (int64_t)json_array_size(inside), sizeof *includes);
    if (s->code == NULL || s->points == NULL || s->xy == NULL || includes == NULL)
        return ys_fail_nomem(diag);
    for (; s->include_count < (int)json_array_size(inside); s->include_count++) {
        includes[s->include_count] = keep(d, text_of(json_array_get(inside, (size_t)s->include_count)));
        if (includes[s->include_count] == NULL)
            return ys_fail_nomem(diag);
    }
    s->includes = includes;
    if (!b->multi)
        YS_TRY(read_rings(d, b->coordinates, s, diag));
    else
        json_array_foreach(b->coordinates, i, part) YS_TRY(read_rings(d, part, s, diag));
    centre(s);
    d->fig.shapes++;
    return YS_OK;
}

static ys_status read_shapes(ys_digest *d, const ys_border_file *f, ys_diag *diag)
{
    d->fig.shape = ys__digest_take(d, f->borders, sizeof *d->fig.shape);
    d->fig.shape_note = keep(d, f->note);
    if (d->fig.shape == NULL || d->fig.shape_note == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < f->borders; i++)
        YS_TRY(read_border(d, &f->border[i], diag));
    return YS_OK;
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
        ys_border_file f;
        if (!ys_is_border_file(&files[i]))
            continue;
        YS_TRY(ys_border_file_read(&files[i], &f, diag));
        ys_status st = read_shapes(d, &f, diag);
        ys_border_file_done(&f);
        YS_TRY(st);
        if (!fits(d))
            d->fig.shapes = 0;
    }
    return YS_OK;
}
