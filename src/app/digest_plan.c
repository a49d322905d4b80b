/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/digest_internal.h"
#include "app/floor_row.h"
#include "app/planning.h"
#include "base/alloc.h"
#include "base/map.h"
#include "registry/kinds.h"

/* What reading the choices needs at hand. */
typedef struct reader {
    ys_digest *d;
    ys_index *offering, *village;
    int32_t *measure_of;    /* per offering row: measure of the pack */
    int *giver_a, *giver_b; /* per offering row: number of the giver, givers - 1: no fund */
    uint64_t *got; /* per household: bit i: indicator i is cured for it as a whole; bit 63: has a measure */
    uint64_t *village_got;   /* per village row */
    uint8_t **persons_cured; /* per person indicator: persons cured one by one */
    uint64_t *cures;         /* per measure: bits of the statutory indicators */
    uint8_t *seen;           /* per measure: this unit has it already */
} reader;

enum { GOT_ANY = 63 };

/* ---- the head of the plan ---- */

static int64_t plan_int(const ys_digest *d, const char *field)
{
    return ys_table_get_int(d->plan, ys_table_find(d->plan, field), 0);
}

static bool later_facts(void *arg, const ys_tx *tx)
{
    static const char *const quiet[] = {"plan", "diagnose", "pair"};
    ys_fig_plan *p = arg;
    if (tx->id <= p->facts_tx)
        return false;
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++) {
        if (strcmp(tx->command, quiet[i]) == 0)
            return true;
    }
    p->stale = true;
    return false;
}

static ys_status read_kept(ys_digest *d, ys_diag *diag)
{
    ys_fig_plan *p = &d->fig.plan;
    ys_store *store = d->office->store;
    ys_scan head = {.valid_on = YS_SCAN_LATEST, .key = p->version};
    ys_scan rest = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = p->version};
    YS_TRY(ys_store_scan(store, &ys_kind_plan, &head, &d->plan, diag));
    YS_TRY(ys_store_scan(store, &ys_kind_choice, &rest, &d->choice, diag));
    YS_TRY(ys_store_scan(store, &ys_kind_price, &rest, &d->price, diag));
    p->there = true;
    p->facts_tx = plan_int(d, "facts_tx");
    p->year = plan_int(d, "period");
    p->alpha = plan_int(d, "alpha");
    p->partial = plan_int(d, "partial") == 1;
    p->households = plan_int(d, "households");
    p->options = plan_int(d, "options");
    p->value[0] = plan_int(d, "value_1");
    p->value[1] = plan_int(d, "value_2");
    p->bound[0] = plan_int(d, "bound_1");
    p->bound[1] = plan_int(d, "bound_2");
    p->couple_price = ldexp((double)plan_int(d, "couple_price"), -(int)plan_int(d, "shift_2"));
    for (int t = 0; t < 2; t++) {
        double bound = fabs((double)p->bound[t]);
        p->gap[t] = (double)(p->bound[t] - p->value[t]) / (bound > 1 ? bound : 1);
    }
    return ys_store_transactions(store, true, later_facts, p, diag);
}

/* ---- funds and their givers ---- */

static int giver_number(ys_fig_plan *p, const char *name)
{
    for (int i = 0; i + 1 < p->givers; i++) {
        if (strcmp(p->giver[i], name) == 0)
            return i;
    }
    return -1;
}

/* Givers in the order in which the funds name them; a fund without one stands for itself. */
static ys_status read_givers(reader *r, ys_map *fund_giver, ys_diag *diag)
{
    ys_digest *d = r->d;
    const ys_table *t = d->frame->fund;
    ys_fig_plan *p = &d->fig.plan;
    int fund = ys_table_find(t, "fund"), name = ys_table_find(t, "name"), giver = ys_table_find(t, "giver");
    p->giver = ys__digest_take(d, ys_table_rows(t) + 1, sizeof *p->giver);
    if (p->giver == NULL)
        return ys_fail_nomem(diag);
    p->givers = 1;
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        const char *who = ys_table_get_text(t, giver, i), *code = ys_table_get_text(t, fund, i);
        if (who == NULL || who[0] == '\0')
            who = ys_table_get_text(t, name, i) != NULL ? ys_table_get_text(t, name, i) : code;
        int number = giver_number(p, who);
        if (number < 0) {
            number = p->givers - 1;
            p->giver[number] = who;
            p->giver[p->givers++] = NULL;
        }
        if (code == NULL || ys_map_put(fund_giver, code, number, NULL) < 0)
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

static ys_status read_offerings(reader *r, ys_diag *diag)
{
    ys_digest *d = r->d;
    const ys_table *t = d->frame->offering;
    int64_t n = ys_table_rows(t);
    int measure = ys_table_find(t, "measure"), fund_a = ys_table_find(t, "fund_a"),
        fund_b = ys_table_find(t, "fund_b");
    ys_map *giver = ys_map_new(64);
    ys_status st = YS_OK;
    r->measure_of = ys__digest_take(d, n, sizeof *r->measure_of);
    r->giver_a = ys__digest_take(d, n, sizeof *r->giver_a);
    r->giver_b = ys__digest_take(d, n, sizeof *r->giver_b);
    if (giver == NULL || r->measure_of == NULL || r->giver_a == NULL || r->giver_b == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(read_givers(r, giver, diag));
    for (int64_t i = 0; i < n; i++) {
        const char *m = ys_table_get_text(t, measure, i), *a = ys_table_get_text(t, fund_a, i);
        const char *b = ys_table_get_text(t, fund_b, i);
        r->measure_of[i] = m != NULL ? ys_pack_measure_index(d->frame->pack, m) : -1;
        r->giver_a[i] = (int)ys_map_get(giver, a != NULL ? a : "", d->fig.plan.givers - 1);
        r->giver_b[i] = (int)ys_map_get(giver, b != NULL ? b : "", d->fig.plan.givers - 1);
    }
    YS_GO(ys_index_new(t, ys_table_find(t, "offering"), &r->offering, diag));
    YS_GO(ys_index_new(d->frame->village, ys_table_find(d->frame->village, "area"), &r->village, diag));
done:
    ys_map_free(giver);
    return st;
}

/* ---- measures ---- */

static int family_of(const char *name)
{
    static const char *const families[] = {"industry", "project", "safety_net"};
    for (int i = 0; i < YS_FIG_FAMILIES; i++) {
        if (strcmp(name, families[i]) == 0)
            return i;
    }
    return YS_FIG_FAMILIES;
}

/* Bits of the indicators named in "food|water": their numbers among the figures' indicators. */
static uint64_t cure_bits(const ys_digest *d, const char *cures)
{
    uint64_t bits = 0;
    for (const char *c = cures; *c != '\0';) {
        size_t n = strcspn(c, "|");
        for (int i = 0; i < d->assessment->indicators && i < GOT_ANY; i++) {
            const char *name = d->assessment->indicator[i]->name;
            if (strlen(name) == n && strncmp(name, c, n) == 0)
                bits |= (uint64_t)1 << i;
        }
        c += n + (c[n] == '|');
    }
    return bits;
}

static ys_status read_measures(reader *r, ys_diag *diag)
{
    ys_digest *d = r->d;
    ys_fig_plan *p = &d->fig.plan;
    int n;
    const ys_measure *m = ys_pack_measures(d->frame->pack, &n);
    p->measures = ys__digest_take(d, n, sizeof *p->measures);
    r->cures = ys__digest_take(d, n, sizeof *r->cures);
    r->seen = ys__digest_take(d, n, 1);
    if (p->measures == NULL || r->cures == NULL || r->seen == NULL)
        return ys_fail_nomem(diag);
    p->measure_count = n;
    for (int i = 0; i < n; i++) {
        p->measures[i] =
            (ys_fig_measure){.label = {m[i].label_zh, m[i].label_en},
                             .source = m[i].source,
                             .family = family_of(m[i].family),
                             .assumption = strcmp(m[i].mark, "assumption") == 0,
                             .earned = m[i].channel <= YS_F_EARNINGS,
                             .village = m[i].target == YS_TARGET_VILLAGE,
                             .by_giver = ys__digest_take(d, p->givers, sizeof *p->measures[i].by_giver)};
        if (p->measures[i].by_giver == NULL)
            return ys_fail_nomem(diag);
        r->cures[i] = cure_bits(d, m[i].cures);
    }
    return YS_OK;
}

/* ---- choices ---- */

static int64_t offered(const ys_digest *d, const char *field, int64_t row, int64_t missing)
{
    int64_t v = ys_table_get_int(d->frame->offering, ys_table_find(d->frame->offering, field), row);
    return ys_is_missing(v) ? missing : v;
}

/* Money and effect of one unit; the side of fund a is cut as the plan cuts it (docs/plan-model.md, 2). */
static void add_money(reader *r, int64_t offering, ys_fig_place *all, ys_fig_place *place)
{
    ys_digest *d = r->d;
    ys_fig_plan *p = &d->fig.plan;
    int n;
    const ys_measure *m = &ys_pack_measures(d->frame->pack, &n)[r->measure_of[offering]];
    ys_fig_measure *out = &p->measures[r->measure_of[offering]];
    int64_t cost = offered(d, "cost", offering, m->cost),
            recurring = offered(d, "cost_recurring", offering, m->cost_recurring);
    int64_t effect = offered(d, "effect", offering, m->effect);
    double share =
        ys_table_get_real(d->frame->offering, ys_table_find(d->frame->offering, "share_a"), offering);
    int64_t ppm = isnan(share) ? 1000000 : (int64_t)floor(share * 1e6 + 0.5);
    int64_t side_a = (int64_t)((__int128)cost * ppm / 1000000);
    out->units++;
    out->first_cost += cost;
    out->recurring += recurring;
    out->effect += effect;
    out->by_giver[r->giver_a[offering]] += side_a;
    out->by_giver[r->giver_b[offering]] += cost - side_a;
    p->first_cost += cost;
    p->recurring += recurring;
    p->effect += effect;
    p->earned_effect += out->earned ? effect : 0;
    if (out->family < YS_FIG_FAMILIES) {
        p->family_cost[out->family] += cost;
        p->family_effect[out->family] += effect;
    }
    if (all != NULL)
        all->first_cost += cost;
    if (place != NULL)
        place->first_cost += cost;
}

/* Who is cured by the choice: the whole household, or the one person a person measure goes to. */
static void add_cure(reader *r, int64_t household, int measure, const char *person)
{
    ys_digest *d = r->d;
    const ys_frame *f = d->frame;
    int key = ys_table_find(f->person, "person");
    for (int i = 0; i < d->assessment->indicators && i < GOT_ANY; i++) {
        if ((r->cures[measure] >> i & 1) == 0)
            continue;
        if (person == NULL || r->persons_cured[i] == NULL) {
            r->got[household] |= (uint64_t)1 << i;
            continue;
        }
        for (int64_t k = f->members->start[household]; k < f->members->start[household + 1]; k++) {
            int32_t row = f->members->item[k];
            if (strcmp(ys_table_get_text(f->person, key, row), person) == 0)
                r->persons_cured[i][row] = 1;
        }
    }
}

/* Choices of one household or village stand together: rows [at, end). */
static void add_unit(reader *r, int64_t at, int64_t end)
{
    static const char village_mark[] = "village:";
    ys_digest *d = r->d;
    ys_fig_plan *p = &d->fig.plan;
    const char *unit = ys_table_get_text(d->choice, ys_table_find(d->choice, "unit"), at);
    bool village = strncmp(unit, village_mark, strlen(village_mark)) == 0;
    int64_t row =
        village ? ys_index_find(r->village, unit + strlen(village_mark)) : ys_frame_household(d->frame, unit);
    bool family[YS_FIG_FAMILIES] = {false};
    if (row < 0)
        return; /* outside the scope that is reported */
    int32_t in = village ? -1 : d->place_of[row];
    ys_fig_place *place = in >= 0 ? &d->fig.place[in] : NULL;
    for (int64_t i = at; i < end; i++) {
        const char *name = ys_table_get_text(d->choice, ys_table_find(d->choice, "offering"), i);
        int64_t offering = name != NULL ? ys_index_find(r->offering, name) : -1;
        int m = offering >= 0 ? r->measure_of[offering] : -1;
        if (m < 0)
            continue;
        add_money(r, offering, village ? NULL : &d->fig.all, place);
        p->measures[m].blocks += !r->seen[m];
        r->seen[m] = 1;
        if (!village && p->measures[m].family < YS_FIG_FAMILIES)
            family[p->measures[m].family] = true;
        if (village)
            r->village_got[row] |= r->cures[m];
        else
            add_cure(r, row, m, ys_table_get_text(d->choice, ys_table_find(d->choice, "person"), i));
    }
    memset(r->seen, 0, (size_t)p->measure_count);
    p->helped += !village;
    p->helped_villages += village;
    if (place != NULL)
        place->helped++;
    if (village)
        return;
    d->fig.all.helped++;
    r->got[row] |= (uint64_t)1 << GOT_ANY;
    for (int k = 0; k < YS_FIG_FAMILIES; k++)
        p->family_households[k] += family[k];
}

static void read_choices(reader *r)
{
    const ys_table *t = r->d->choice;
    int unit = ys_table_find(t, "unit");
    int64_t n = ys_table_rows(t);
    for (int64_t at = 0, end; at < n; at = end) {
        const char *name = ys_table_get_text(t, unit, at);
        for (end = at + 1; end < n && strcmp(ys_table_get_text(t, unit, end), name) == 0;)
            end++;
        add_unit(r, at, end);
    }
}

/* ---- what stays uncured, and who gets nothing ---- */

static void count_cured(reader *r, int i, const uint8_t *households, const uint8_t *persons)
{
    const ys_frame *f = r->d->frame;
    ys_fig_indicator *in = &r->d->fig.indicator[i];
    for (int64_t h = 0; h < f->households; h++) {
        if (!f->in_register[h] || households[h] != 1)
            continue;
        uint64_t got = r->got[h] | (f->village_row[h] >= 0 ? r->village_got[f->village_row[h]] : 0);
        bool whole = got >> i & 1;
        int64_t n = 0, cured = 0;
        for (int64_t k = f->members->start[h]; k < f->members->start[h + 1]; k++) {
            int32_t row = f->members->item[k];
            bool affected = persons == NULL || persons[row] == 1;
            n += affected;
            cured += affected && (whole || (r->persons_cured[i] != NULL && r->persons_cured[i][row] != 0));
        }
        in->persons += n;
        in->cured += cured;
    }
}

static ys_status read_cured(reader *r, ys_diag *diag)
{
    const ys_assessment *a = r->d->assessment;
    for (int i = 0; i < a->indicators && i < GOT_ANY; i++) {
        uint8_t *households = NULL, *persons = NULL;
        if (!a->indicator[i]->statutory)
            continue;
        YS_TRY(ys_frame_deprived(r->d->frame, a->indicator[i], &households, &persons, diag));
        count_cured(r, i, households, persons);
        ys_free(households);
        ys_free(persons);
    }
    return YS_OK;
}

static void count_helpless(const reader *r)
{
    ys_digest *d = r->d;
    const ys_roots *roots = d->diagnosis->roots;
    for (int64_t h = 0; h < d->frame->households; h++) {
        if (!d->frame->in_register[h] || roots->state[h] != YS_RS_BELOW || (r->got[h] >> GOT_ANY & 1) != 0)
            continue;
        d->fig.all.helpless++;
        if (d->place_of[h] >= 0)
            d->fig.place[d->place_of[h]].helpless++;
        d->fig.plan.helpless_by_root[roots->top[h]]++;
        d->fig.plan.helpless_persons[roots->top[h]] += d->frame->col.size[h];
    }
}

/* ---- resources and their prices ---- */

static ys_words offering_name(const reader *r, int64_t row)
{
    int n;
    const ys_measure *m = ys_pack_measures(r->d->frame->pack, &n);
    ys_words none = {"", ""};
    if (row < 0 || r->measure_of[row] < 0)
        return none;
    return (ys_words){m[r->measure_of[row]].label_zh, m[r->measure_of[row]].label_en};
}

static void take_resource(const reader *r, int64_t i, ys_fig_resource *out)
{
    const ys_digest *d = r->d;
    const ys_table *t = d->price;
    int64_t shift = plan_int(d, "shift_2");
    out->code = ys_table_get_text(t, ys_table_find(t, "name"), i);
    out->name = (ys_words){out->code, out->code};
    out->area = (ys_words){"", ""};
    out->year = (int32_t)ys_table_get_int(t, ys_table_find(t, "period"), i);
    out->amount = ys_table_get_int(t, ys_table_find(t, "amount"), i);
    out->used = ys_table_get_int(t, ys_table_find(t, "used"), i);
    out->price = ldexp((double)ys_table_get_int(t, ys_table_find(t, "price_2"), i), -(int)shift);
}

static void name_fund(const reader *r, ys_fig_resource *out)
{
    const ys_table *t = r->d->frame->fund;
    int fund = ys_table_find(t, "fund"), name = ys_table_find(t, "name"), giver = ys_table_find(t, "giver");
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        if (strcmp(ys_table_get_text(t, fund, i), out->code) != 0)
            continue;
        const char *text = ys_table_get_text(t, name, i), *who = ys_table_get_text(t, giver, i);
        if (text != NULL && text[0] != '\0')
            out->name = (ys_words){text, text};
        out->giver = giver_number(&r->d->fig.plan, who != NULL && who[0] != '\0' ? who : out->name.zh);
        return;
    }
}

static void name_place(const reader *r, ys_fig_resource *out)
{
    const ys_table *t = r->d->frame->offering;
    int64_t row = ys_index_find(r->offering, out->code);
    const char *area = row >= 0 ? ys_table_get_text(t, ys_table_find(t, "area"), row) : NULL;
    out->name = offering_name(r, row);
    if (area != NULL)
        out->area = ys__digest_area(r->d, ys_areas_find(r->d->frame->areas, area));
}

/* The area a floor's name says, else that of its row. */
static int32_t floor_area(const ys_frame *f, const ys_floor_row *of)
{
    char said[64] = "";
    const char *area = ys_table_get_text(f->floor, ys_table_find(f->floor, "area"), of->row);
    if (of->rest[0] == ':')
        snprintf(said, sizeof said, "%.*s", (int)strcspn(of->rest + 1, ":"), of->rest + 1);
    int32_t at = ys_areas_find(f->areas, said);
    return at >= 0 || area == NULL ? at : ys_areas_find(f->areas, area);
}

static ys_fig_floor floor_of(const reader *r, const ys_fig_resource *one)
{
    const ys_frame *f = r->d->frame;
    ys_floor_row of = ys_floor_row_of(f->floor, one->code);
    ys_fig_floor out = {.name = one->code,
                        .area = {"", ""},
                        .metric = {"", ""},
                        .money = of.counts == YS_PLAN_GAP,
                        .kind = of.counts,
                        .most = of.most,
                        .minimum = one->amount,
                        .reached = one->used,
                        .price = one->price};
    if (of.row < 0)
        return out;
    out.area = ys__digest_area(r->d, floor_area(f, &of));
    if (of.metric != NULL) {
        const char *zh = ys_pack_label(f->pack, "metric", of.metric, "zh");
        const char *en = ys_pack_label(f->pack, "metric", of.metric, "en");
        out.metric = (ys_words){zh != NULL ? zh : of.metric, en != NULL ? en : of.metric};
    }
    return out;
}

static ys_status read_resources(reader *r, ys_diag *diag)
{
    ys_digest *d = r->d;
    ys_fig_plan *p = &d->fig.plan;
    int64_t n = ys_table_rows(d->price);
    int sort = ys_table_find(d->price, "resource");
    p->funds = ys__digest_take(d, n, sizeof *p->funds);
    p->places = ys__digest_take(d, n, sizeof *p->places);
    p->floors = ys__digest_take(d, n, sizeof *p->floors);
    if (p->funds == NULL || p->places == NULL || p->floors == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++) {
        const char *what = ys_table_get_text(d->price, sort, i);
        ys_fig_resource one = {0};
        take_resource(r, i, &one);
        if (strcmp(what, "fund") == 0) {
            name_fund(r, &one);
            p->funds[p->fund_count++] = one;
        } else if (strcmp(what, "capacity") == 0) {
            name_place(r, &one);
            p->places[p->place_count++] = one;
            p->places_full += one.used >= one.amount;
        } else {
            p->floors[p->floor_count++] = floor_of(r, &one);
        }
    }
    return YS_OK;
}

/* ---- all of it ---- */

static ys_status take_arrays(reader *r, ys_diag *diag)
{
    const ys_frame *f = r->d->frame;
    const ys_assessment *a = r->d->assessment;
    r->got = ys_calloc((size_t)f->households + 1, sizeof *r->got);
    r->village_got = ys_calloc((size_t)ys_table_rows(f->village) + 1, sizeof *r->village_got);
    r->persons_cured = ys_calloc((size_t)a->indicators + 1, sizeof *r->persons_cured);
    if (r->got == NULL || r->village_got == NULL || r->persons_cured == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < a->indicators; i++) {
        if (!a->indicator[i]->statutory || strcmp(a->indicator[i]->kind, "person") != 0)
            continue;
        r->persons_cured[i] = ys_calloc((size_t)f->persons + 1, 1);
        if (r->persons_cured[i] == NULL)
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

static void reader_done(reader *r)
{
    for (int i = 0; r->persons_cured != NULL && i < r->d->assessment->indicators; i++)
        ys_free(r->persons_cured[i]);
    ys_free(r->persons_cured);
    ys_free(r->got);
    ys_free(r->village_got);
    ys_index_free(r->offering);
    ys_index_free(r->village);
}

ys_status ys__digest_plan(ys_digest *d, ys_diag *diag)
{
    reader r = {.d = d};
    ys_status st =
        ys_planning_newest(d->office, d->as_of_tx, d->fig.plan.version, sizeof d->fig.plan.version, diag);
    if (st == YS_ENOTFOUND) {
        ys_diag_clear(diag);
        st = YS_OK;
        YS_GO(take_arrays(&r, diag));
        YS_GO(read_cured(&r, diag));
        goto done;
    }
    YS_TRY(st);
    YS_GO(read_kept(d, diag));
    YS_GO(read_offerings(&r, diag));
    YS_GO(read_measures(&r, diag));
    YS_GO(take_arrays(&r, diag));
    read_choices(&r);
    YS_GO(read_cured(&r, diag));
    count_helpless(&r);
    YS_GO(read_resources(&r, diag));
done:
    reader_done(&r);
    return st;
}
