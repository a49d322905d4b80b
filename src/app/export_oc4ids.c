/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OC4IDS 0.9.5 (Open Contracting for Infrastructure Data Standard): the projects with their periods, budgets, parties, stage gates as
 * milestones, promised outputs as forecasts and measured ones as metrics.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/export_document.h"
#include "app/money.h"
#include "base/json.h"
#include "base/num.h"

/* The word of a standard for one of ours, NULL: it has none. */
static const char *word(const char *const (*map)[2], const char *ours)
{
    for (; ours != NULL && (*map)[0] != NULL; map++)
        if (strcmp((*map)[0], ours) == 0)
            return (*map)[1];
    return NULL;
}

static void put(ys_json *j, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        ys_json_text(j, key, value);
}

static void put_day(ys_json *j, const char *key, int32_t day)
{
    char at[40];
    if (day != YS_NO_DATE)
        ys_json_text(j, key, ys__document_time((int64_t)day * 86400, at, sizeof at));
}

static void period(ys_document *d, ys_json *j, int64_t row)
{
    int32_t start, finish;
    ys__document_planned(d->coop, row, &start, &finish);
    if (start == YS_NO_DATE && finish == YS_NO_DATE)
        return;
    ys_json_object(j, "period");
    put_day(j, "startDate", start);
    put_day(j, "endDate", finish);
    ys_json_end(j);
}

static void budget(ys_document *d, ys_json *j, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_PROJECT];
    int64_t amount = ys_coop_int(s, row, "investment");
    const char *how = ys_coop_text(s, row, "financing");
    if (ys_is_missing(amount) && how == NULL)
        return;
    ys_json_object(j, "budget");
    put(j, "description", how);
    if (!ys_is_missing(amount)) {
        ys_json_object(j, "amount");
        ys_json_money(j, "amount", amount, ys_pack_digits(d->office->pack));
        ys_json_text(j, "currency", ys_pack_currency(d->office->pack));
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void party(ys_json *j, const char *id, const char *name, const char *role)
{
    ys_json_object(j, NULL);
    ys_json_text(j, "id", id);
    ys_json_text(j, "name", name);
    ys_json_array(j, "roles");
    ys_json_text(j, NULL, role);
    ys_json_end(j);
    ys_json_end(j);
}

static void parties(ys_document *d, ys_json *j, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_PROJECT];
    const char *investor = ys_coop_text(s, row, "investor"), *who = ys_coop_text(s, row, "responsible");
    if (investor != NULL || who != NULL) {
        ys_json_array(j, "parties");
        if (investor != NULL)
            party(j, investor, ys_coop_name(d->coop, YS_COOP_PROVIDER, investor), "funder");
        if (who != NULL)
            party(j, who, who, "publicAuthority");
        ys_json_end(j);
    }
    if (who != NULL) {
        ys_json_object(j, "publicAuthority");
        ys_json_text(j, "id", who);
        ys_json_text(j, "name", who);
        ys_json_end(j);
    }
}

static void location(ys_document *d, ys_json *j, int64_t row)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_PROJECT];
    const char *area = ys_coop_text(s, row, "area"), *site = ys_coop_text(s, row, "site");
    if (area == NULL)
        return;
    ys_json_array(j, "locations");
    ys_json_object(j, NULL);
    ys_json_text(j, "id", area);
    put(j, "description", site != NULL ? site : ys_coop_name(d->coop, YS_COOP_AREA, area));
    ys_json_object(j, "address");
    ys_json_text(j, "region", ys_coop_name(d->coop, YS_COOP_AREA, area));
    ys_json_end(j);
    ys_json_end(j);
    ys_json_end(j);
}

static void milestones(ys_document *d, ys_json *j, int64_t row)
{
    const ys_coop *c = d->coop;
    const ys_coop_set *s = &c->set[YS_COOP_MILESTONE];
    if (c->first_gate[row] == c->first_gate[row + 1])
        return;
    ys_json_array(j, "milestones");
    for (int64_t k = c->first_gate[row]; k < c->first_gate[row + 1]; k++) {
        int64_t m = c->gate_row[k];
        const ys_gate_dates *g = &c->gate[k];
        bool met = ys_gate_reached(g, c->today),
             due = g->planned_to != YS_NO_DATE && g->planned_to < c->today && !g->conditional;
        ys_json_object(j, NULL);
        ys_json_text(j, "id", ys_coop_key(s, m));
        put(j, "title", ys_coop_label(c, s, m, "gate", d->args->zh));
        put(j, "description", ys_coop_text(s, m, "condition"));
        put_day(j, "dueDate", g->planned_to);
        put_day(j, "dateMet", met ? g->actual : YS_NO_DATE);
        ys_json_text(j, "status", met ? "met" : due ? "notMet" : "scheduled");
        ys_json_end(j);
    }
    ys_json_end(j);
}

/* Promised quantities (forecasts) or measured ones (metrics); outputs without a figure stay out. */
static void outputs(ys_document *d, ys_json *j, const ys_csr *of, int64_t row, const char *list,
                    const char *field)
{
    const ys_coop_set *s = &d->coop->set[YS_COOP_OUTPUT];
    bool any = false;
    char number[40];
    for (int64_t k = of->start[row]; k < of->start[row + 1]; k++) {
        int64_t i = of->item[k];
        double v = ys_coop_real(s, i, field);
        if (isnan(v))
            continue;
        if (!any)
            ys_json_array(j, list);
        any = true;
        ys_json_object(j, NULL);
        ys_json_text(j, "id", ys_coop_key(s, i));
        put(j, "title", ys_coop_text(s, i, "product"));
        ys_json_array(j, "observations");
        ys_json_object(j, NULL);
        ys_json_text(j, "id", "1");
        ys_json_text(j, "measure", ys_format_real(v, number, sizeof number));
        if (ys_coop_text(s, i, "unit") != NULL) {
            ys_json_object(j, "unit");
            ys_json_text(j, "name", ys_coop_text(s, i, "unit"));
            ys_json_end(j);
        }
        ys_json_end(j);
        ys_json_end(j);
        ys_json_end(j);
    }
    if (any)
        ys_json_end(j);
}

static const char *status_of(const ys_coop *c, int64_t row)
{
    static const char *const map[][2] = {
        {"2", "implementation"}, {"3", "completion"}, {"4", "completed"}, {"5", "cancelled"}, {NULL, NULL}};
    const char *status = ys_coop_text(&c->set[YS_COOP_PROJECT], row, "activity_status");
    if (status != NULL && strcmp(status, "1") == 0) /* in the pipeline: signed or only meant */
        return ys_coop_gate_reached(c, row, "signed", false) >= 0 ? "preparation" : "identification";
    return word(map, status);
}

static void project(ys_document *d, ys_json *j, const ys_csr *of, int64_t row)
{
    static const char *const natures[][2] = {{"new", "construction"},
                                             {"extension", "expansion"},
                                             {"reconstruction", "rehabilitation"},
                                             {NULL, NULL}};
    static const char *const sectors[][2] = {{"energy", "energy"}, {NULL, NULL}};
    const ys_coop_set *s = &d->coop->set[YS_COOP_PROJECT];
    const char *sector = word(sectors, ys_coop_text(s, row, "project_category"));
    char id[400];
    snprintf(id, sizeof id, "%s-%s", d->publisher, ys_coop_key(s, row));
    ys_json_object(j, NULL);
    ys_json_text(j, "id", id);
    put_day(j, "updated", ys_coop_day(s, row, "updated"));
    put(j, "title", ys_coop_text(s, row, "name"));
    put(j, "description", ys_coop_text(s, row, "task"));
    put(j, "status", status_of(d->coop, row));
    period(d, j, row);
    if (sector != NULL) {
        ys_json_array(j, "sector");
        ys_json_text(j, NULL, sector);
        ys_json_end(j);
    }
    put(j, "purpose", ys_coop_text(s, row, "target"));
    put(j, "type", word(natures, ys_coop_text(s, row, "project_nature")));
    location(d, j, row);
    budget(d, j, row);
    parties(d, j, row);
    milestones(d, j, row);
    outputs(d, j, of, row, "forecasts", "quantity");
    outputs(d, j, of, row, "metrics", "actual");
    ys_json_end(j);
    d->rows++;
}

ys_status ys__document_oc4ids(ys_document *d, ys_diag *diag)
{
    ys_json j;
    ys_csr of = {0};
    char buf[200];
    YS_TRY(ys_money_by_project(d->coop, YS_COOP_OUTPUT, &of, diag));
    ys_json_init(&j, d->out, true);
    ys_json_object(&j, NULL);
    snprintf(buf, sizeof buf, "urn:yaoshi:oc4ids:%s", d->publisher);
    ys_json_text(&j, "uri", buf);
    ys_json_text(&j, "publishedDate", ys__document_time(ys_clock_now(), buf, sizeof buf));
    ys_json_text(&j, "version", "0.9");
    ys_json_object(&j, "publisher");
    ys_json_text(&j, "name", d->publisher_name);
    ys_json_text(&j, "uid", d->publisher);
    ys_json_end(&j);
    ys_json_array(&j, "projects");
    for (int64_t i = 0; i < d->coop->set[YS_COOP_PROJECT].rows; i++)
        project(d, &j, &of, i);
    ys_json_end(&j);
    ys_json_end(&j);
    d->failed = !ys_json_finish(&j);
    ys_csr_done(&of);
    return YS_OK;
}
