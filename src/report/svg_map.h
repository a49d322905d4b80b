/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_SVG_MAP_H
#define YS_REPORT_SVG_MAP_H
/*
 * svg_map.h - where: a map of areas by class of a value, or by circles, or a grid of tiles where there are no borders.
 *
 * A place without a border of its own that lies inside another's is drawn as a small disc inside it.  Every place
 * carries its name and its figure, so that colour only helps.
 */
#include "report/figures.h"
#include "report/svg.h"

typedef struct ys_map_place {
    const char *code, *name, *text; /* text: the figure, "" for none */
    double value;                   /* NaN: no data */
} ys_map_place;

typedef struct ys_map {
    const ys_fig_shape *shape;
    int shapes;
    const ys_map_place *place;
    int places;
    const char *no_data; /* word of the legend */
    const char *unit;    /* of the classes in the legend */
    bool circles;        /* area of a disc ∝ value instead of classes */
} ys_map;

/* With borders; the places must be those of the shapes or of their `includes`. */
void ys_svg_map(ys_out o, const ys_svg_head *head, const ys_map *map, double width);
/* One square per place. */
void ys_svg_tiles(ys_out o, const ys_svg_head *head, const ys_map *map, double width);

#endif
