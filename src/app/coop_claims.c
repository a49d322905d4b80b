/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody says beside what the record says: "only ten days", when the dates give eleven.
 */
#include <math.h>
#include <string.h>

#include "app/coop_check.h"

static double days_between(const ys_coop *c, const char *a, const char *b)
{
    const ys_coop_set *s = &c->set[YS_COOP_EVENT];
    int32_t from = ys_coop_day(s, ys_coop_find(s, a), "start"),
            to = ys_coop_day(s, ys_coop_find(s, b), "start");
    return from == YS_NO_DATE || to == YS_NO_DATE ? NAN : (double)to - from;
}

/* Records of a partnership: those whose agreement belongs to it; NULL: all of them. */
static double count_agreements(const ys_coop *c, const char *partnership)
{
    const ys_coop_set *s = &c->set[YS_COOP_AGREEMENT];
    int64_t n = 0;
    for (int64_t i = 0; i < s->rows; i++) {
        const char *of = ys_coop_text(s, i, "partnership");
        n += partnership == NULL || (of != NULL && strcmp(of, partnership) == 0);
    }
    return (double)n;
}

static double count_projects(const ys_coop *c, const char *partnership)
{
    const ys_coop_set *s = &c->set[YS_COOP_PROJECT], *by = &c->set[YS_COOP_AGREEMENT];
    int64_t n = 0;
    for (int64_t i = 0; i < s->rows; i++) {
        const char *of = ys_coop_text(by, ys_coop_find(by, ys_coop_text(s, i, "agreement")), "partnership");
        n += partnership == NULL || (of != NULL && strcmp(of, partnership) == 0);
    }
    return (double)n;
}

static double travel_hours(const ys_coop *c, const char *from, const char *to)
{
    const ys_coop_set *s = &c->set[YS_COOP_TRAVEL];
    double least = NAN;
    for (int64_t i = 0; from != NULL && to != NULL && i < s->rows; i++) {
        const char *a = ys_coop_text(s, i, "from_area"), *b = ys_coop_text(s, i, "to_area");
        double hours = ys_coop_real(s, i, "hours");
        if (a != NULL && b != NULL && strcmp(a, from) == 0 && strcmp(b, to) == 0 &&
            (isnan(least) || hours < least))
            least = hours;
    }
    return least;
}

/* Registered persons of an area and below. */
static ys_status persons_of(ys_office *o, const ys_reading *how, const char *area, double *ret, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(o->pack, "person");
    ys_scan scan = {.as_of_tx = how->as_of_tx,
                    .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                    .scope = area};
    int64_t n = 0;
    if (kind != NULL)
        YS_TRY(ys_store_count(o->store, kind, &scan, &n, diag));
    *ret = n > 0 ? (double)n : NAN; /* an empty register says nothing about how many there are */
    return YS_OK;
}

ys_status ys_claim_record(ys_office *o, const ys_reading *how, const ys_coop *c, int64_t row,
                          double *ret_recorded, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_CLAIM];
    const char *by = ys_coop_text(s, row, "claim_measure"), *a = ys_coop_text(s, row, "of_a"),
               *b = ys_coop_text(s, row, "of_b");
    *ret_recorded = NAN;
    if (by == NULL)
        return YS_OK;
    if (strcmp(by, "days") == 0)
        *ret_recorded = days_between(c, a, b);
    else if (strcmp(by, "projects") == 0)
        *ret_recorded = count_projects(c, a);
    else if (strcmp(by, "agreements") == 0)
        *ret_recorded = count_agreements(c, a);
    else if (strcmp(by, "hours") == 0)
        *ret_recorded = travel_hours(c, a, b);
    else if (strcmp(by, "persons") == 0)
        return persons_of(o, how, a, ret_recorded, diag);
    return YS_OK;
}
