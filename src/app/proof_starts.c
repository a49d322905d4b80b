/* SPDX-License-Identifier: Apache-2.0 */
#include "app/proof_facts.h"

#include <string.h>

/*
 * When offerings begin, from their own year or the gate of the project they hang on; written from docs/plan-model.md section 10 alone, with a
 * calendar of its own, so that it can disagree with what the planner was given.
 */

const char *ys__proof_text(const ys_table *t, const char *column, int64_t row)
{
    int c = ys_table_find(t, column);
    return c >= 0 ? ys_table_get_text(t, c, row) : NULL;
}

bool ys__proof_whole(const ys_table *t, const char *column, int64_t row, int64_t *ret)
{
    int c = ys_table_find(t, column);
    int64_t v = c >= 0 ? ys_table_get_int(t, c, row) : YS_NA;
    if (ys_is_missing(v))
        return false;
    *ret = v;
    return true;
}

/* The day a project passes a gate: told, foreseen or planned; its first phase, and of that the latest day. */
static bool passes_gate(const ys_table *t, const char *project, const char *gate, int64_t *ret_day)
{
    int64_t found = YS_NA, of_phase = 0;
    for (int64_t i = ys_table_rows(t) - 1; i >= 0; i--) {
        const char *p = ys__proof_text(t, "project", i), *g = ys__proof_text(t, "gate", i);
        int64_t day, phase;
        if (p == NULL || g == NULL || strcmp(p, project) != 0 || strcmp(g, gate) != 0 ||
            !(ys__proof_whole(t, "actual", i, &day) || ys__proof_whole(t, "forecast", i, &day) ||
              ys__proof_whole(t, "planned_to", i, &day) || ys__proof_whole(t, "planned_from", i, &day)))
            continue;
        if (!ys__proof_whole(t, "phase", i, &phase))
            phase = 1;
        if (ys_is_missing(found) || phase < of_phase || (phase == of_phase && day > found)) {
            found = day;
            of_phase = phase;
        }
    }
    *ret_day = found;
    return !ys_is_missing(found);
}

static bool goes_on(const ys_table *t, const char *project)
{
    int64_t i = 0, n = t != NULL ? ys_table_rows(t) : 0;
    while (i < n && strcmp(ys__proof_text(t, "project", i), project) != 0)
        i++;
    const char *status = i < n ? ys__proof_text(t, "activity_status", i) : NULL;
    return i < n && (status == NULL || (strcmp(status, "5") != 0 && strcmp(status, "6") != 0));
}

/* Days since 1970 of the first of January; years of the Gregorian calendar. */
static int64_t new_year(int64_t year)
{
    int64_t y = year - 1;
    return 365 * y + y / 4 - y / 100 + y / 400 - 719162;
}

bool ys__proof_begins(const ys_frame *f, int64_t row, int64_t *ret_year, int32_t *ret_wait)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *project = ys__proof_text(f->offering, "project", row),
               *gate = ys__proof_text(f->offering, "gate", row);
    int64_t own = 0, day, places, year;
    bool has_own = ys__proof_whole(f->offering, "period", row, &own);
    *ret_wait = 0;
    if (project == NULL || *project == '\0') {
        if (has_own)
            *ret_year = own;
        return has_own;
    }
    if (!goes_on(f->project, project) || !ys__proof_whole(f->offering, "capacity", row, &places) ||
        !passes_gate(f->milestone, project, gate != NULL && *gate != '\0' ? gate : "running", &day))
        return false;
    year = 1970 + day / 366 - 2;
    while (new_year(year + 1) <= day)
        year++;
    *ret_year = year;
    if (has_own && own > year) {
        *ret_year = own;
        return true;
    }
    bool leap = new_year(year + 1) - new_year(year) == 366;
    for (int64_t left = day - new_year(year); left > 0 && *ret_wait < 12; ++*ret_wait)
        left -= length[*ret_wait] + (leap && *ret_wait == 1);
    return true;
}
