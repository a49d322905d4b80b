/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_REPORT_GRID_H
#define YS_REPORT_GRID_H
/*
 * grid.h - a small table of texts for people: on a terminal with CJK widths, or as CSV.
 *
 *   ys_grid *g = ys_grid_new();
 *   ys_grid_column(g, "县", YS_LEFT); ys_grid_column(g, "人口", YS_RIGHT);
 *   ys_grid_put(g, "曹县"); ys_grid_putf(g, "%d", 3);     cells fill rows from left to right
 *   ys_grid_print(g, out, 100);
 *
 * When memory is short the grid remembers it and printing fails.
 */
#include <stdbool.h>
#include "base/out.h"

typedef enum ys_align { YS_LEFT, YS_RIGHT } ys_align;
typedef struct ys_grid ys_grid;

ys_grid *ys_grid_new(void);
void ys_grid_free(ys_grid *g);
void ys_grid_column(ys_grid *g, const char *title, ys_align align);
void ys_grid_put(ys_grid *g, const char *text); /* NULL: empty */
void ys_grid_putf(ys_grid *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A line before the next row (totals). */
void ys_grid_rule(ys_grid *g);
int ys_grid_rows(const ys_grid *g);
/* Aligned columns with a rule under the header; the widest left-aligned column is cut with … when a line would be
 * wider than `width` cells (0: never). */
bool ys_grid_print(const ys_grid *g, ys_out out, int width);
bool ys_grid_csv(const ys_grid *g, ys_out out);

#endif
