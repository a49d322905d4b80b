/* SPDX-License-Identifier: Apache-2.0 */
#include "app/plan_load.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/prices.h"
#include "base/alloc.h"
#include "base/map.h"
#include "plan/model.h"
#include "registry/kinds.h"

/* ---- the head ---- */

static void copy_text(const ys_table *t, const char *field, int64_t row, char *buf, size_t size)
{
    const char *text = ys_table_get_text(t, ys_table_find(t, field), row);
    snprintf(buf, size, "%s", text != NULL ? text : "");
}

static int64_t get_int(const ys_table *t, const char *field, int64_t row)
{
    return ys_table_get_int(t, ys_table_find(t, field), row);
}

static void take_head(const ys_table *t, int64_t row, ys_plan_head *h)
{
    copy_text(t, "plan", row, h->version, sizeof h->version);
    copy_text(t, "pack_hash", row, h->pack_hash, sizeof h->pack_hash);
    copy_text(t, "scope", row, h->scope, sizeof h->scope);
    copy_text(t, "income_period", row, h->income_period, sizeof h->income_period);
    copy_text(t, "checksum", row, h->checksum, sizeof h->checksum);
    h->facts_tx = get_int(t, "facts_tx", row);
    h->line = get_int(t, "line", row);
    h->today = get_int(t, "today", row);
    h->period = get_int(t, "period", row);
    h->households = get_int(t, "households", row);
    h->options = get_int(t, "options", row);
    h->alpha = get_int(t, "alpha", row);
    h->value[0] = get_int(t, "value_1", row);
    h->value[1] = get_int(t, "value_2", row);
    h->bound[0] = get_int(t, "bound_1", row);
    h->bound[1] = get_int(t, "bound_2", row);
    h->shift[0] = get_int(t, "shift_1", row);
    h->shift[1] = get_int(t, "shift_2", row);
    h->couple_price = get_int(t, "couple_price", row);
    h->couple_minimum = get_int(t, "couple_minimum", row);
    h->partial = get_int(t, "partial", row) == 1;
}

typedef struct later {
    int64_t facts_tx;
    bool stale;
} later;

/* What diagnose, plan and pair write are results; every other transaction may have changed a fact. */
static bool on_later(void *arg, const ys_tx *tx)
{
    later *l = arg;
    if (tx->id <= l->facts_tx)
        return false;
    l->stale = l->stale || (strcmp(tx->command, "plan") != 0 && strcmp(tx->command, "diagnose") != 0 &&
                            strcmp(tx->command, "pair") != 0);
    return !l->stale;
}

ys_status ys_plan_head_read(ys_office *o, const char *version, ys_plan_head *ret_head, ys_diag *diag)
{
    ys_plan_head h = {0};
    char newest[32];
    ys_table *t = NULL;
    ys_provenance from;
    if (version == NULL) {
        YS_TRY(ys_planning_newest(o, 0, newest, sizeof newest, diag));
        version = newest;
    }
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .key = version};
    YS_TRY(ys_store_scan(o->store, &ys_kind_plan, &how, &t, diag));
    bool there = ys_table_rows(t) > 0;
    if (there)
        take_head(t, 0, &h);
    ys_table_free(t);
    if (!there) {
        ys_diag_fix(diag, "用 yaoshi status 看有哪些计划", "yaoshi status lists the plans");
        return ys_fail(diag, YS_ENOTFOUND, "库里没有计划 %s", "there is no plan %s in the store", version);
    }
    YS_TRY(ys_store_provenance(o->store, &ys_kind_plan, h.version, &from, diag));
    snprintf(h.user, sizeof h.user, "%s", from.user);
    h.made_tx = from.tx;
    h.made_at = from.recorded_at;
    later l = {.facts_tx = h.facts_tx, .stale = strcmp(h.pack_hash, ys_pack_hash(o->pack)) != 0};
    YS_TRY(ys_store_transactions(o->store, true, on_later, &l, diag));
    h.stale = l.stale;
    *ret_head = h;
    return YS_OK;
}

double ys_plan_head_gap(const ys_plan_head *h, int tier)
{
    double size = (double)(h->bound[tier] < 0 ? -h->bound[tier] : h->bound[tier]);
    return ((double)h->bound[tier] - (double)h->value[tier]) / (size > 1 ? size : 1);
}

/* ---- the facts of its day ---- */

static ys_status line_of(const ys_office *o, const ys_plan_head *head, const ys_line **ret, ys_diag *diag)
{
    int n;
    const ys_line *lines = ys_pack_lines(o->pack, &n), *plain = ys_pack_line(o->pack, NULL, NULL, 0);
    const ys_line *found = plain != NULL && plain->amount == head->line ? plain : NULL;
    for (int i = 0; i < n && found == NULL; i++)
        found = lines[i].amount == head->line ? &lines[i] : NULL;
    if (found == NULL)
        return ys_fail(diag, YS_EDATA, "政策包里没有计划 %s 所用的贫困线",
                       "the pack has no poverty line as plan %s used it", head->version);
    *ret = found;
    return YS_OK;
}

static ys_status rebuild(ys_office *o, const ys_plan_load_args *a, const char *scope, ys_planning *p,
                         ys_diag *diag)
{
    const ys_plan_head *head = a->head;
    const ys_line *line = NULL;
    YS_TRY(line_of(o, head, &line, diag));
    ys_frame_args fa = {.store = o->store,
                        .pack = o->pack,
                        .line = line,
                        .period = head->income_period,
                        .today = (int32_t)head->today,
                        .valid_on = YS_SCAN_LATEST,
                        .as_of_tx = head->facts_tx,
                        .scope = scope,
                        .supply = true};
    YS_TRY(ys_frame_read(&fa, &p->frame, diag));
    YS_TRY(ys_diagnosis_make(p->frame, 0, &p->diagnosis, diag));
    YS_TRY(ys_plan_facts_make(p->frame, p->diagnosis, (int32_t)head->period, &p->facts, diag));
    p->facts->in.alpha = (int32_t)head->alpha;
    YS_TRY(ys_plan_facts_running(p->facts, o->store, head->facts_tx, head->scope, diag));
    YS_TRY(ys_plan_build(&p->facts->in, 0, &p->plan, diag));
    snprintf(p->version, sizeof p->version, "%s", head->version);
    return YS_OK;
}

/* ---- an empty result, and its prices ---- */

static ys_status new_result(ys_planning *p, const ys_plan_head *head, ys_diag *diag)
{
    ys_plan_size size = ys_plan_measure_size(p->plan);
    ys_plan_result *r = ys_calloc(1, sizeof *r);
    p->result = r;
    if (r == NULL)
        return ys_fail_nomem(diag);
    r->blocks = size.blocks;
    r->rows = size.rows;
    r->floors = size.floors;
    r->partial = head->partial;
    r->choice = ys_calloc((size_t)size.blocks, sizeof *r->choice);
    r->use = ys_calloc((size_t)size.rows, sizeof *r->use);
    r->floor_use = ys_calloc((size_t)size.floors, sizeof *r->floor_use);
    r->floor_need = ys_calloc((size_t)size.floors, sizeof *r->floor_need);
    bool ok = r->choice != NULL && r->use != NULL && r->floor_use != NULL && r->floor_need != NULL;
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        ys_plan_tier *tier = &r->tier[t];
        tier->value = head->value[t];
        tier->bound = head->bound[t];
        tier->gap = ys_plan_head_gap(head, t);
        tier->shift = (int)head->shift[t];
        tier->price = ys_calloc((size_t)size.rows, sizeof *tier->price);
        tier->floor_price = ys_calloc((size_t)size.floors, sizeof *tier->floor_price);
        ok = ok && tier->price != NULL && tier->floor_price != NULL;
        r->gap = tier->gap > r->gap ? tier->gap : r->gap;
    }
    r->tier[1].couple_price = head->couple_price;
    r->tier[1].couple_minimum = head->couple_minimum;
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static char *price_key(char *buf, size_t size, const char *resource, const char *name, int64_t period)
{
    snprintf(buf, size, "%s|%" PRId64 "|%s", resource, period, name);
    return buf;
}

static ys_status name_rows(const ys_planning *p, ys_map *rows, ys_diag *diag)
{
    char key[1200];
    const ys_plan_input *in = &p->facts->in;
    bool ok = true;
    for (int64_t i = 0; ok && i < p->result->rows; i++) {
        ys_plan_row row = ys_plan_row_at(p->plan, i);
        if (row.fund >= 0)
            price_key(key, sizeof key, "fund", in->funds[row.fund].name, in->funds[row.fund].period);
        else
            price_key(key, sizeof key, "capacity", in->offerings[row.offering].name,
                      in->offerings[row.offering].period);
        ok = ys_map_put(rows, key, i, NULL) >= 0;
    }
    for (int64_t k = 0; ok && k < p->result->floors; k++)
        ok = ys_map_put(rows, price_key(key, sizeof key, "floor", in->floors[k].name, 0), p->result->rows + k,
                        NULL) >= 0;
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static int64_t put_prices(const ys_table *t, const ys_map *rows, ys_plan_result *r)
{
    char key[1200];
    int64_t found = 0;
    int resource = ys_table_find(t, "resource"), name = ys_table_find(t, "name");
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        price_key(key, sizeof key, ys_table_get_text(t, resource, i), ys_table_get_text(t, name, i),
                  get_int(t, "period", i));
        int64_t at = ys_map_get(rows, key, -1);
        if (at < 0)
            continue;
        found++;
        bool floor = at >= r->rows;
        int64_t k = floor ? at - r->rows : at;
        *(floor ? &r->floor_use[k] : &r->use[k]) = get_int(t, "used", i);
        if (floor)
            r->floor_need[k] = get_int(t, "amount", i);
        for (int tier = 0; tier < YS_PLAN_TIERS; tier++)
            *(floor ? &r->tier[tier].floor_price[k] : &r->tier[tier].price[k]) =
                get_int(t, tier == 0 ? "price_1" : "price_2", i);
    }
    return found;
}

static ys_status load_prices(ys_office *o, ys_planning *p, ys_diag *diag)
{
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = p->version};
    ys_table *t = NULL;
    ys_map *rows = ys_map_new(1024);
    ys_status st = YS_OK;
    if (rows == NULL)
        return ys_fail_nomem(diag);
    YS_GO(name_rows(p, rows, diag));
    YS_GO(ys_store_scan(o->store, &ys_kind_price, &how, &t, diag));
    if (put_prices(t, rows, p->result) != p->result->rows + p->result->floors)
        st = ys_fail(diag, YS_ECORRUPT, "计划 %s 缺少价格", "prices of plan %s are missing", p->version);
done:
    ys_table_free(t);
    ys_map_free(rows);
    return st;
}

/* ---- choices ---- */

int64_t ys_plan_block(const ys_planning *p, const char *unit)
{
    return ys_plan_facts_block(p->facts, unit);
}

static bool has_option(const ys_block *b, const ys_bundle *u, const ys_plan_pick *pick)
{
    for (int i = 0; i < u->count; i++) {
        int32_t person = b->person != NULL ? b->person[u->option[i]] : -1;
        if (b->type[u->option[i]] == pick->offering && person == pick->person)
            return true;
    }
    return false;
}

/* The bundle that holds exactly these picks; false: none does. */
static bool choose(const ys_plan *plan, ys_plan_result *r, int64_t block, const ys_plan_pick *pick, int count)
{
    ys_block b = ys__block(&plan->choice, block);
    for (int i = 0; i < b.n_bundles; i++) {
        bool same = b.bundle[i].count == count;
        for (int k = 0; same && k < count; k++)
            same = has_option(&b, &b.bundle[i], &pick[k]);
        if (same) {
            r->choice[block] = (uint16_t)i;
            return true;
        }
    }
    return false;
}

/* Rows come by (plan, unit, place): one unit's picks stand together.  `ret_strange` names a unit whose choice is none
 * of the problem's, NULL: all are. */
static void put_choices(ys_planning *p, const ys_table *t, const char **ret_strange)
{
    int plan = ys_table_find(t, "plan"), unit = ys_table_find(t, "unit"),
        offering = ys_table_find(t, "offering");
    int person = ys_table_find(t, "person");
    int64_t n = ys_table_rows(t);
    *ret_strange = NULL;
    for (int64_t i = 0; i < n && *ret_strange == NULL;) {
        ys_plan_pick pick[YS_PLAN_MAX_MEASURES];
        const char *name = ys_table_get_text(t, unit, i);
        bool mine = strcmp(ys_table_get_text(t, plan, i), p->version) == 0, known = true;
        int64_t block = mine ? ys_plan_facts_block(p->facts, name) : -1;
        int count = 0;
        for (; i < n && strcmp(ys_table_get_text(t, unit, i), name) == 0 &&
               (strcmp(ys_table_get_text(t, plan, i), p->version) == 0) == mine;
             i++) {
            if (block < 0 || count == YS_PLAN_MAX_MEASURES)
                continue;
            const char *who = ys_table_get_text(t, person, i);
            int32_t at = ys_plan_facts_offering(p->facts, ys_table_get_text(t, offering, i));
            pick[count++] = (ys_plan_pick){
                .offering = at,
                .person = who != NULL && who[0] != '\0' ? ys_plan_facts_person(p->facts, block, who) : -1};
            known = known && at >= 0;
        }
        if (block >= 0 && (!known || !choose(p->plan, p->result, block, pick, count)))
            *ret_strange = name;
    }
}

static ys_status load_choices(ys_office *o, const ys_plan_load_args *a, ys_planning *p, ys_diag *diag)
{
    const char *strange = NULL;
    for (int i = 0; i == 0 || (a->units != NULL && a->units[i] != NULL); i++) {
        ys_scan how = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = p->version};
        ys_table *t = NULL;
        if (a->units != NULL) {
            if (a->units[i] == NULL)
                break;
            how.where_field = "unit";
            how.where_value = a->units[i];
        }
        YS_TRY(ys_store_scan(o->store, &ys_kind_choice, &how, &t, diag));
        put_choices(p, t, &strange);
        ys_status st = strange == NULL
                           ? YS_OK
                           : ys_fail(diag, YS_ECORRUPT, "计划 %s 里 %s 的安排不在可选组合之内",
                                     "plan %s: the choice of %s is none of its options", p->version, strange);
        ys_table_free(t);
        YS_TRY(st);
    }
    return YS_OK;
}

static ys_status load_within(ys_office *o, const ys_plan_load_args *a, const char *scope, ys_planning **ret,
                             ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_planning *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    YS_GO(rebuild(o, a, scope, p, diag));
    YS_GO(new_result(p, a->head, diag));
    YS_GO(load_prices(o, p, diag));
    YS_GO(load_choices(o, a, p, diag));
    if (a->units == NULL)
        ys__measure_overlap(p->plan, p->result);
    *ret = p;
    p = NULL;
done:
    ys_planning_free(p);
    return st;
}

ys_status ys_plan_load(ys_office *o, const ys_plan_load_args *args, ys_planning **ret_planning, ys_diag *diag)
{
    const char *whole = args->head->scope[0] != '\0' ? args->head->scope : NULL;
    if (args->scope != NULL && (whole == NULL || strcmp(whole, args->scope) != 0)) {
        /* The order of a household's options depends on its place among all: where a ceiling then left out another
         * option than in the whole plan, the stored choice is not found and the whole is read. */
        ys_status st = load_within(o, args, args->scope, ret_planning, diag);
        if (st != YS_ECORRUPT)
            return st;
        ys_diag_clear(diag);
    }
    return load_within(o, args, whole, ret_planning, diag);
}
