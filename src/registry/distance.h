/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REGISTRY_DISTANCE_H
#define YS_REGISTRY_DISTANCE_H
/*
 * distance.h - how far two areas are from each other: kilometres by their coordinates, minutes by a table of travel.
 *
 * Kilometres are those of the great circle on the mean sphere (R = 6371.0088 km, IUGG), by the chord between unit vectors:
 * 2R asin(chord / 2), which keeps its digits for near places where the cosine formula loses them (R. W. Sinnott, "Virtues
 * of the haversine", Sky and Telescope 68 (1984) 159, has the same in another form).  Rounded to whole kilometres, with the
 * same bits on every machine (base/dmath.h).  An area's own coordinates count, never its parent's: what is not known
 * is unknown, not near.
 */
#include "registry/areas.h"

typedef struct ys_distances ys_distances;

/* Columns `lng` and `lat` (degrees) of the table of areas; `travel` (may be NULL) has the columns from_area, to_area and hours;
 * of several rows (road, rail) the quickest counts.  Both are read now and not kept.  EDATA names the area with one coordinate alone or one beyond its range, or
 * the row of `travel` whose time is negative.  Rows of `travel` between areas that are not there serve nobody. */
ys_status ys_distances_new(const ys_areas *areas, const ys_table *area, const ys_table *travel,
                           ys_distances **ret_distances, ys_diag *diag) YS_MUST_USE;
void ys_distances_free(ys_distances *d);

/* Whole kilometres between two areas (numbers of `areas`, -1: none); -1: unknown. */
int32_t ys_distances_km(const ys_distances *d, int32_t a, int32_t b);
/* Minutes by the row of `travel` for the two areas or, failing that, for the nearest areas around them that do not hold
 * the other side; one direction serves for both where the other has no row.  -1: unknown. */
int32_t ys_distances_minutes(const ys_distances *d, int32_t a, int32_t b);

#endif
