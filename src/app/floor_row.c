/* SPDX-License-Identifier: Apache-2.0 */
#include "app/floor_row.h"

#include <string.h>

/* Bytes of a row's name if it begins the floor's, 0: it does not. */
static size_t begins(const char *row, const char *floor)
{
    size_t n = strlen(row);
    return strncmp(floor, row, n) == 0 && (floor[n] == '\0' || floor[n] == ':') ? n : 0;
}

static bool is(const char *metric, const char *what)
{
    return metric != NULL && strcmp(metric, what) == 0;
}

ys_floor_row ys_floor_row_of(const ys_table *floor, const char *name)
{
    ys_floor_row r = {.row = -1, .rest = "", .counts = YS_PLAN_HELPED};
    int col = ys_table_find(floor, "floor"), metric = ys_table_find(floor, "metric");
    size_t longest = 0;
    for (int64_t i = 0; i < ys_table_rows(floor); i++) {
        size_t n = begins(ys_table_get_text(floor, col, i), name);
        if (n > longest) {
            longest = n;
            r.row = i;
        }
    }
    if (r.row < 0)
        return r;
    r.rest = name + longest;
    r.metric = ys_table_get_text(floor, metric, r.row);
    bool share = is(r.metric, "coverage") || is(r.metric, "spending") || is(r.metric, "project");
    r.counts = share || is(r.metric, "gap") ? YS_PLAN_GAP
               : is(r.metric, "cures")      ? YS_PLAN_CURES
                                            : YS_PLAN_HELPED;
    r.most = !share && strcmp(r.rest, ":max") == 0;
    return r;
}
