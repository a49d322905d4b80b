/* SPDX-License-Identifier: Apache-2.0 */
#include "app/planning.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "base/alloc.h"
#include "registry/kinds.h"
#include "registry/put.h"

void ys_planning_free(ys_planning *p)
{
    if (p == NULL)
        return;
    ys_plan_result_free(p->result);
    ys_plan_free(p->plan);
    ys_plan_facts_free(p->facts);
    ys_diagnosis_free(p->diagnosis);
    ys_frame_free(p->frame);
    ys_free(p);
}

/* Nothing is offered in the years of the plan: say in which years something is, if in any. */
static void say_not_offered(const ys_planning *p, ys_diag *why)
{
    const ys_table *t = p->frame->offering;
    const ys_plan_input *in = &p->facts->in;
    int col = ys_table_find(t, "period");
    int64_t rows = ys_table_rows(t), first = INT64_MAX, last = INT64_MIN;
    int to = in->period + in->horizon - 1;
    for (int64_t i = 0; i < rows; i++) {
        int64_t year = ys_table_get_int(t, col, i);
        first = !ys_is_missing(year) && year < first ? year : first;
        last = !ys_is_missing(year) && year > last ? year : last;
    }
    if (rows == 0 || first > last) {
        ys_diag_fix(why, "先导入供给表：yaoshi import DB offerings.csv --apply",
                    "import what is offered first: yaoshi import DB offerings.csv --apply");
        ys_fail(why, YS_EINFEASIBLE, "库里没有任何供给（offering）：谁也得不到措施",
                "nothing is offered (the store holds no offering): nobody can be given a measure");
        return;
    }
    ys_diag_fix(why, "用 --year 选有供给的年份，或导入这些年的供给",
                "choose a year with --year, or import offerings of these");
    ys_fail(why, YS_EINFEASIBLE, "%d 至 %d 年没有任何供给（库里的供给在 %lld 至 %lld 年）：谁也得不到措施",
            "nothing is offered from %d to %d (the offerings of the store are of %lld to %lld): nobody can "
            "be given a measure",
            in->period, to, (long long)first, (long long)last);
}

bool ys_planning_is_empty(const ys_planning *p, ys_diag *ret_why)
{
    const ys_plan_input *in = &p->facts->in;
    ys_diag_clear(ret_why);
    if (in->n_offerings == 0) {
        say_not_offered(p, ret_why);
        return true;
    }
    if (p->plan == NULL || ys_plan_measure_size(p->plan).options > 0)
        return false;
    ys_diag_fix(ret_why, "核对供给的地区和名额，以及政策包里措施的条件（gate）",
                "check areas and places of the offerings, and the gates of the measures in the pack");
    ys_fail(ret_why, YS_EINFEASIBLE, "有 %d 项供给，但没有一户一人一村够条件：谁也得不到措施",
            "%d offerings, but no household, person or village qualifies: nobody can be given a measure",
            in->n_offerings);
    return true;
}

/* A floor nobody could reach is put down to what is missing, not to the floor. */
static ys_status check_supply(const ys_planning *p, ys_diag *diag)
{
    ys_diag why = {0};
    if (p->facts->in.n_offerings > 0 || p->facts->in.n_floors == 0 || !ys_planning_is_empty(p, &why))
        return YS_OK;
    if (diag != NULL)
        *diag = why;
    return YS_EINFEASIBLE;
}

ys_status ys_planning_make(ys_office *o, const ys_planning_args *args, ys_planning **ret_planning,
                           ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_planning *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    ys_reading reading = args->reading;
    reading.supply = true;
    double start = ys_clock_seconds();
    YS_GO(ys_office_frame(o, &reading, &p->frame, diag));
    p->seconds_read = ys_clock_seconds() - start;
    YS_GO(ys_diagnosis_make(p->frame, args->threads, &p->diagnosis, diag));
    start = ys_clock_seconds();
    YS_GO(ys_plan_facts_make(p->frame, p->diagnosis, args->year, &p->facts, diag));
    p->facts->in.alpha = args->alpha;
    YS_GO(ys_plan_facts_running(p->facts, o->store, reading.as_of_tx, reading.scope, diag));
    YS_GO(check_supply(p, diag));
    YS_GO(ys_plan_build(&p->facts->in, args->threads, &p->plan, diag));
    p->seconds_build = ys_clock_seconds() - start;
    start = ys_clock_seconds();
    ys_plan_config config = {.threads = args->threads,
                             .passes = args->passes,
                             .interrupted = args->interrupted,
                             .progress = args->progress,
                             .arg = args->arg};
    YS_GO(ys_plan_solve(p->plan, &config, &p->result, diag));
    p->seconds_solve = ys_clock_seconds() - start;
    *ret_planning = p;
    p = NULL;
done:
    ys_planning_free(p);
    return st;
}

ys_status ys_planning_newest(ys_office *o, int64_t as_of_tx, char *buf, size_t size, ys_diag *diag)
{
    static const char *const fields[] = {"plan", NULL};
    ys_scan how = {.as_of_tx = as_of_tx, .valid_on = YS_SCAN_LATEST, .fields = fields};
    ys_table *t = NULL;
    YS_TRY(ys_store_scan(o->store, &ys_kind_plan, &how, &t, diag));
    const char *newest = NULL;
    for (int64_t i = 0; i < ys_table_rows(t); i++) { /* P10000 comes after P9999, though not in key order */
        const char *name = ys_table_get_text(t, ys_table_find(t, "plan"), i);
        if (newest == NULL || strlen(name) >= strlen(newest))
            newest = name;
    }
    bool there = newest != NULL;
    if (there)
        snprintf(buf, size, "%s", newest);
    ys_table_free(t);
    if (there)
        return YS_OK;
    ys_diag_fix(diag, "先运行 yaoshi plan DB", "run yaoshi plan DB first");
    return ys_fail(diag, YS_ENOTFOUND, "库里还没有计划", "there is no plan in the store yet");
}

/* ---- keeping ---- */

static ys_status next_version(ys_office *o, ys_planning *p, ys_diag *diag)
{
    int64_t n = 0;
    ys_scan all = {.valid_on = YS_SCAN_LATEST};
    YS_TRY(ys_store_count(o->store, &ys_kind_plan, &all, &n, diag));
    snprintf(p->version, sizeof p->version, "P%04" PRId64, n + 1);
    return YS_OK;
}

static ys_status keep_head(ys_office *o, const ys_planning_args *args, ys_planning *p, const ys_tx *facts,
                           ys_diag *diag)
{
    const ys_plan_result *r = p->result;
    char checksum[32];
    ys_table *t = ys_table_for_kind(&ys_kind_plan);
    bool ok = t != NULL && ys_table_grow(t, 1);
    snprintf(checksum, sizeof checksum, "%016" PRIx64, r->checksum);
    ok = ok && ys_put_text(t, "plan", 0, p->version) && ys_put_text(t, "pack", 0, ys_pack_name(o->pack)) &&
         ys_put_text(t, "pack_hash", 0, ys_pack_hash(o->pack)) &&
         ys_put_text(t, "facts_root", 0, facts->root) && ys_put_text(t, "scope", 0, args->reading.scope) &&
         ys_put_text(t, "income_period", 0, p->frame->period) && ys_put_text(t, "checksum", 0, checksum) &&
         ys_put_int(t, "facts_tx", 0, facts->id) && ys_put_int(t, "period", 0, p->facts->in.period) &&
         ys_put_int(t, "line", 0, p->frame->line->amount) && ys_put_int(t, "today", 0, p->frame->today) &&
         ys_put_int(t, "partial", 0, r->partial) &&
         ys_put_int(t, "households", 0, p->facts->in.n_households) &&
         ys_put_int(t, "options", 0, ys_plan_measure_size(p->plan).options) &&
         ys_put_int(t, "value_1", 0, r->tier[0].value) && ys_put_int(t, "bound_1", 0, r->tier[0].bound) &&
         ys_put_int(t, "value_2", 0, r->tier[1].value) && ys_put_int(t, "bound_2", 0, r->tier[1].bound) &&
         ys_put_int(t, "shift_1", 0, r->tier[0].shift) && ys_put_int(t, "shift_2", 0, r->tier[1].shift) &&
         ys_put_int(t, "couple_price", 0, r->tier[1].couple_price) &&
         ys_put_int(t, "couple_minimum", 0, r->tier[1].couple_minimum) &&
         ys_put_int(t, "alpha", 0, p->facts->in.alpha);
    ys_status st = ok ? ys_registry_put_rows(o->store, &ys_kind_plan, t, 1, ys_clock_today(), diag)
                      : ys_fail_nomem(diag);
    ys_table_free(t);
    return st;
}

const char *ys_planning_unit(const ys_planning *p, int64_t block, char *buf, size_t size)
{
    const ys_frame *f = p->frame;
    int64_t n = p->facts->in.n_households;
    if (block < n)
        return ys_table_get_text(f->household, ys_table_find(f->household, "household"),
                                 p->facts->frame_row[block]);
    snprintf(buf, size, "village:%s",
             ys_table_get_text(f->village, ys_table_find(f->village, "area"), block - n));
    return buf;
}

static ys_status keep_choices(ys_office *o, const ys_planning *p, ys_diag *diag)
{
    char unit[128];
    int64_t row = 0;
    int person_col = ys_table_find(p->frame->person, "person");
    ys_table *t = ys_table_for_kind(&ys_kind_choice);
    bool ok = t != NULL;
    for (int64_t b = 0; ok && b < p->result->blocks; b++) {
        ys_plan_picks picks = ys_plan_picks_of(p->plan, p->result, b);
        ok = picks.count == 0 || ys_table_grow(t, picks.count);
        for (int k = 0; ok && k < picks.count; k++, row++) {
            const ys_plan_pick *pick = &picks.pick[k];
            ok = ys_put_text(t, "plan", row, p->version) &&
                 ys_put_text(t, "unit", row, ys_planning_unit(p, b, unit, sizeof unit)) &&
                 ys_put_int(t, "place", row, k + 1) &&
                 ys_put_text(t, "offering", row, p->facts->in.offerings[pick->offering].name);
            if (ok && pick->person >= 0)
                ok = ys_put_text(
                    t, "person", row,
                    ys_table_get_text(p->frame->person, person_col, p->facts->person_row[pick->person]));
        }
    }
    ys_status st = ok ? ys_registry_put_rows(o->store, &ys_kind_choice, t, row, ys_clock_today(), diag)
                      : ys_fail_nomem(diag);
    ys_table_free(t);
    return st;
}

static bool put_price(ys_table *t, const ys_planning *p, int64_t row, const char *resource, const char *name,
                      int64_t period)
{
    return ys_put_text(t, "plan", row, p->version) && ys_put_text(t, "resource", row, resource) &&
           ys_put_text(t, "name", row, name) && ys_put_int(t, "period", row, period);
}

static ys_status keep_prices(ys_office *o, const ys_planning *p, ys_diag *diag)
{
    const ys_plan_result *r = p->result;
    const ys_plan_input *in = &p->facts->in;
    ys_table *t = ys_table_for_kind(&ys_kind_price);
    bool ok = t != NULL && ys_table_grow(t, r->rows + r->floors);
    for (int64_t i = 0; ok && i < r->rows; i++) {
        ys_plan_row row = ys_plan_row_at(p->plan, i);
        ok = row.fund >= 0 ? put_price(t, p, i, "fund", in->funds[row.fund].name, in->funds[row.fund].period)
                           : put_price(t, p, i, "capacity", in->offerings[row.offering].name,
                                       in->offerings[row.offering].period);
        ok = ok && ys_put_int(t, "amount", i, row.limit) && ys_put_int(t, "used", i, r->use[i]) &&
             ys_put_int(t, "price_1", i, r->tier[0].price[i]) &&
             ys_put_int(t, "price_2", i, r->tier[1].price[i]);
    }
    for (int64_t k = 0; ok && k < r->floors; k++) {
        int64_t i = r->rows + k;
        ok = put_price(t, p, i, "floor", in->floors[k].name, 0) &&
             ys_put_int(t, "amount", i, r->floor_need[k]) && ys_put_int(t, "used", i, r->floor_use[k]) &&
             ys_put_int(t, "price_1", i, r->tier[0].floor_price[k]) &&
             ys_put_int(t, "price_2", i, r->tier[1].floor_price[k]);
    }
    ys_status st =
        ok ? ys_registry_put_rows(o->store, &ys_kind_price, t, r->rows + r->floors, ys_clock_today(), diag)
           : ys_fail_nomem(diag);
    ys_table_free(t);
    return st;
}

ys_status ys_planning_keep(ys_office *o, const ys_planning_args *args, ys_planning *p, ys_diag *diag)
{
    ys_tx facts;
    ys_status st = YS_OK;
    YS_TRY(ys_store_head(o->store, &facts, diag));
    YS_TRY(ys_office_begin(o, "plan", "", NULL, diag));
    YS_GO(next_version(o, p, diag));
    YS_GO(keep_head(o, args, p, &facts, diag));
    YS_GO(keep_choices(o, p, diag));
    YS_GO(keep_prices(o, p, diag));
    YS_GO(ys_store_commit(o->store, NULL, diag));
done:
    if (st != YS_OK)
        ys_store_rollback(o->store);
    return st;
}
