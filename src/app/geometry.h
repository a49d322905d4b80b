/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_GEOMETRY_H
#define YS_APP_GEOMETRY_H
/*
 * geometry.h - the borders of areas a pack carries.
 *
 * GeoJSON of a pack: a FeatureCollection of Polygon and MultiPolygon features (points and lines are no borders);
 * `properties.area` is the code of the area, `properties.includes` the codes of areas without a border of their own that lie
 * inside.  `crs_note` of the collection names the coordinate system.
 */
#include <jansson.h>

#include "policy/pack.h"

/* Every border has a ring, every ring three points or more, every point two numbers. */
typedef struct ys_border {
    const char *code; /* "": none */
    const json_t *properties, *coordinates;
    bool multi;
} ys_border;

typedef struct ys_border_file {
    const char *note; /* "": none */
    ys_border *border;
    int borders;
    json_t *root; /* owns what the others point to */
} ys_border_file;

bool ys_is_border_file(const ys_pack_file *file);
/* EDATA: not readable, or coordinates that are wrong; `diag` names file, line or area. */
ys_status ys_border_file_read(const ys_pack_file *file, ys_border_file *ret_file, ys_diag *diag) YS_MUST_USE;
void ys_border_file_done(ys_border_file *f);

#endif
