/* SPDX-License-Identifier: Apache-2.0 */
#include "app/plan_input.h"

#include <math.h>
#include <string.h>

#include "app/prices.h"
#include "base/alloc.h"
#include "base/map.h"

_Static_assert((int)YS_PLAN_HOUSEHOLD == (int)YS_TARGET_HOUSEHOLD &&
                   (int)YS_PLAN_PERSON == (int)YS_TARGET_PERSON &&
                   (int)YS_PLAN_VILLAGE == (int)YS_TARGET_VILLAGE,
               "targets of the pack are those of the plan");
_Static_assert((int)YS_PLAN_EXCLUDES == (int)YS_EXCLUDES && (int)YS_PLAN_REQUIRES == (int)YS_REQUIRES &&
                   (int)YS_PLAN_COMPETES == (int)YS_COMPETES &&
                   (int)YS_PLAN_COMPLEMENTS == (int)YS_COMPLEMENTS,
               "relations of the pack are those of the plan");

void ys_plan_facts_free(ys_plan_facts *p)
{
    if (p == NULL)
        return;
    ys_arena_free(p->arena);
    ys_free(p);
}

static void *take(ys_plan_facts *p, int64_t n, size_t size, bool *ok)
{
    void *m = ys_arena_alloc(p->arena, (size_t)(n > 0 ? n : 1), size);
    *ok = *ok && m != NULL;
    return m;
}

/* ---- households and persons ---- */

static double person_months_free(const ys_frame *f, int32_t person, int able, int months, double year)
{
    double free =
        ys_table_get_real(f->person, able, person) * year - ys_table_get_real(f->person, months, person);
    return free > 0 ? free : 0; /* a missing fact makes a NaN, which is not above 0 */
}

static ys_status take_people(ys_plan_facts *p, ys_diag *diag)
{
    const ys_frame *f = p->frame;
    int able = ys_table_find(f->person, "able"), months = ys_table_find(f->person, "months");
    double year = ys_pack_param(f->pack, "worker_months", 12);
    bool ok = true;
    ys_plan_household *h = take(p, f->households, sizeof *h, &ok);
    ys_plan_person *who = take(p, f->persons, sizeof *who, &ok);
    p->frame_row = take(p, f->households, sizeof *p->frame_row, &ok);
    p->person_row = take(p, f->persons, sizeof *p->person_row, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < f->households; i++) {
        int64_t first = f->members->start[i], last = f->members->start[i + 1];
        if (!f->in_register[i] || f->area_of[i] < 0 || first == last)
            continue;
        ys_plan_household *one = &h[p->in.n_households];
        one->persons = (int32_t)(last - first);
        one->area = ys_areas_begin(f->areas, f->area_of[i]);
        one->village = f->village_row[i];
        one->cause = -1;
        one->line = f->line->amount;
        one->ystar = f->col.ystar[i];
        for (int64_t k = first; k < last; k++) {
            int64_t at = p->in.n_persons++;
            p->person_row[at] = f->members->item[k];
            who[at].household = (int32_t)p->in.n_households;
            who[at].months_free = person_months_free(f, f->members->item[k], able, months, year);
            one->months_free += who[at].months_free;
        }
        p->frame_row[p->in.n_households++] = i;
    }
    p->in.households = h;
    p->in.persons = who;
    return YS_OK;
}

static ys_status take_villages(ys_plan_facts *p, ys_diag *diag)
{
    const ys_frame *f = p->frame;
    int64_t n = ys_table_rows(f->village);
    int col = ys_table_find(f->village, "area");
    bool ok = true;
    ys_plan_village *v = take(p, n, sizeof *v, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++) {
        const char *code = ys_table_get_text(f->village, col, i);
        int32_t area = code != NULL ? ys_areas_find(f->areas, code) : -1;
        if (area < 0)
            return ys_fail(diag, YS_EDATA, "行政村 %s 不在地区表里", "village %s is not in the area table",
                           code != NULL ? code : "");
        v[i].area = ys_areas_begin(f->areas, area);
    }
    p->in.villages = v;
    p->in.n_villages = n;
    return YS_OK;
}

/* ---- statutory deprivations ---- */

static ys_status take_indicator(ys_plan_facts *p, int bit, uint16_t *affected, ys_diag *diag)
{
    const ys_frame *f = p->frame;
    uint8_t *households = NULL, *persons = NULL;
    ys_plan_household *h = (ys_plan_household *)p->in.households;
    ys_plan_person *who = (ys_plan_person *)p->in.persons;
    YS_TRY(ys_frame_deprived(f, p->indicator[bit], &households, &persons, diag));
    for (int64_t i = 0; i < p->in.n_households; i++) {
        if (households[p->frame_row[i]] != YS_TRUE)
            continue;
        h[i].deprived |= (uint32_t)1 << bit;
        if (persons == NULL)
            affected[i * p->in.n_indicators + bit] =
                (uint16_t)(h[i].persons < UINT16_MAX ? h[i].persons : UINT16_MAX);
    }
    for (int64_t k = 0; persons != NULL && k < p->in.n_persons; k++) {
        if (persons[p->person_row[k]] != YS_TRUE)
            continue;
        who[k].deprived |= (uint32_t)1 << bit;
        affected[who[k].household * p->in.n_indicators + bit]++;
    }
    ys_free(households);
    ys_free(persons);
    return YS_OK;
}

static ys_status take_indicators(ys_plan_facts *p, ys_diag *diag)
{
    int n;
    const ys_indicator *all = ys_pack_indicators(p->frame->pack, &n);
    int32_t each = (int32_t)floor(ys_pack_param(p->frame->pack, "statutory_weight", 1) + 0.5);
    bool ok = true;
    p->indicator = take(p, n, sizeof *p->indicator, &ok);
    int32_t *weight = take(p, n, sizeof *weight, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        if (!all[i].statutory)
            continue;
        if (p->in.n_indicators == YS_PLAN_INDICATORS)
            return ys_fail(diag, YS_ELIMIT, "法定指标超过 %d 个", "more than %d statutory indicators",
                           YS_PLAN_INDICATORS);
        if (strcmp(all[i].kind, "person") == 0)
            p->in.person_indicators |= (uint32_t)1 << p->in.n_indicators;
        weight[p->in.n_indicators] = each;
        p->indicator[p->in.n_indicators++] = &all[i];
    }
    p->in.indicator_weight = weight;
    uint16_t *affected = take(p, p->in.n_households * p->in.n_indicators, sizeof *affected, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int bit = 0; bit < p->in.n_indicators; bit++)
        YS_TRY(take_indicator(p, bit, affected, diag));
    p->in.affected = affected;
    return YS_OK;
}

/* ---- measures: gates and consent ---- */

/* Truth of the gate, in the order of the plan's own rows. */
static ys_status take_gate(ys_plan_facts *p, const ys_measure *m, const uint8_t **ret, ys_diag *diag)
{
    static const char *const kinds[] = {"household", "person", "village"};
    uint8_t *truth = NULL;
    bool ok = true;
    int64_t n = m->target == YS_TARGET_HOUSEHOLD ? p->in.n_households
                : m->target == YS_TARGET_PERSON  ? p->in.n_persons
                                                 : p->in.n_villages;
    uint8_t *out = take(p, n, 1, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    YS_TRY(ys_frame_truth(p->frame, kinds[m->target], m->gate, &truth, diag));
    for (int64_t i = 0; i < n; i++) {
        out[i] = m->target == YS_TARGET_HOUSEHOLD ? truth[p->frame_row[i]]
                 : m->target == YS_TARGET_PERSON  ? truth[p->person_row[i]]
                                                  : truth[i];
    }
    ys_free(truth);
    *ret = out;
    return YS_OK;
}

/* Consents on record, for measures that want them. */
static ys_status take_consents(ys_plan_facts *p, ys_plan_measure *measures, ys_diag *diag)
{
    const ys_table *wish = p->frame->wish;
    int household = ys_table_find(wish, "household"), measure = ys_table_find(wish, "measure");
    int consent = ys_table_find(wish, "consent");
    bool ok = true;
    int32_t *plan_row = take(p, p->frame->households, sizeof *plan_row, &ok);
    uint8_t **said = take(p, p->in.n_measures, sizeof *said, &ok);
    for (int m = 0; ok && m < p->in.n_measures; m++) {
        if (!measures[m].consent)
            continue;
        said[m] = take(p, p->in.n_households, 1, &ok);
        if (ok)
            memset(said[m], YS_UNKNOWN, (size_t)p->in.n_households);
        measures[m].consented = said[m];
    }
    if (!ok)
        return ys_fail_nomem(diag);
    memset(plan_row, 0xff, (size_t)p->frame->households * sizeof *plan_row);
    for (int64_t i = 0; i < p->in.n_households; i++)
        plan_row[p->frame_row[i]] = (int32_t)i;
    const char *last = NULL;
    int64_t at = -1;
    for (int64_t i = 0; i < ys_table_rows(wish); i++) {
        const char *key = ys_table_get_text(wish, household, i), *name = ys_table_get_text(wish, measure, i);
        int64_t yes = ys_table_get_int(wish, consent, i);
        if (last == NULL || strcmp(last, key) != 0)
            at = ys_frame_household(p->frame, key);
        last = key;
        int m = name != NULL ? ys_pack_measure_index(p->frame->pack, name) : -1;
        if (at >= 0 && plan_row[at] >= 0 && m >= 0 && said[m] != NULL && !ys_is_missing(yes))
            said[m][plan_row[at]] = yes != 0;
    }
    return YS_OK;
}

static uint32_t cure_bits(const ys_plan_facts *p, const char *cures)
{
    uint32_t bits = 0;
    for (const char *c = cures; *c != '\0';) {
        size_t n = strcspn(c, "|");
        for (int i = 0; i < p->in.n_indicators; i++) {
            if (strlen(p->indicator[i]->name) == n && strncmp(p->indicator[i]->name, c, n) == 0)
                bits |= (uint32_t)1 << i;
        }
        c += n + (c[n] == '|');
    }
    return bits;
}

/* Groups of the pack keep their numbers; those that only measures name come after them. */
static ys_status take_groups(ys_plan_facts *p, ys_map *numbers, ys_diag *diag)
{
    int n;
    const ys_measure_group *g = ys_pack_groups(p->frame->pack, &n);
    bool ok = true;
    ys_plan_group *out = take(p, n, sizeof *out, &ok);
    for (int i = 0; ok && i < n; i++) {
        out[i] =
            (ys_plan_group){.name = g[i].group,
                            .parent = *g[i].parent ? ys_pack_group_index(p->frame->pack, g[i].parent) : -1,
                            .limit = g[i].limit};
        ok = ys_map_put(numbers, g[i].group, 0, NULL) == i;
    }
    p->in.groups = out;
    p->in.n_groups = n;
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static ys_status take_measures(ys_plan_facts *p, ys_diag *diag)
{
    int n;
    const ys_measure *m = ys_pack_measures(p->frame->pack, &n);
    bool ok = true;
    ys_plan_measure *out = take(p, n, sizeof *out, &ok);
    ys_map *groups = ys_map_new(64);
    if (!ok || groups == NULL) {
        ys_map_free(groups);
        return ys_fail_nomem(diag);
    }
    ys_status st = take_groups(p, groups, diag);
    for (int i = 0; i < n && st == YS_OK; i++) {
        int64_t group = m[i].group[0] != '\0' ? ys_map_put(groups, m[i].group, 0, NULL) : -1;
        out[i] = (ys_plan_measure){.name = m[i].measure,
                                   .label_zh = m[i].label_zh,
                                   .label_en = m[i].label_en,
                                   .gate_reads = m[i].gate,
                                   .target = (ys_plan_target)m[i].target,
                                   .group = (int32_t)group,
                                   .channel = (int32_t)m[i].channel,
                                   .persistence = m[i].persistence,
                                   .labour_months = m[i].labour_months,
                                   .delay_months = m[i].delay_months,
                                   .cures = cure_bits(p, m[i].cures),
                                   .full_time = m[i].full_time};
        out[i].consent = m[i].consent && strcmp(m[i].family, "safety_net") != 0;
        st = take_gate(p, &m[i], &out[i].gate, diag);
    }
    ys_map_free(groups);
    YS_TRY(st);
    p->in.measures = out;
    p->in.n_measures = n;
    return take_consents(p, out, diag);
}

/* ---- supply ---- */

static ys_status take_funds(ys_plan_facts *p, ys_map *numbers, ys_diag *diag)
{
    const ys_table *t = p->frame->fund;
    int fund = ys_table_find(t, "fund"), period = ys_table_find(t, "period"),
        amount = ys_table_find(t, "amount"), label = ys_table_find(t, "name");
    bool ok = true;
    ys_plan_fund *out = take(p, ys_table_rows(t), sizeof *out, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        int64_t money = ys_table_get_int(t, amount, i), number;
        const char *name = ys_table_get_text(t, fund, i);
        if (ys_is_missing(money) || name == NULL)
            continue;
        if ((number = ys_map_put(numbers, name, 0, NULL)) < 0)
            return ys_fail_nomem(diag);
        out[p->in.n_funds++] = (ys_plan_fund){.name = name,
                                              .fund = (int32_t)number,
                                              .period = (int32_t)ys_table_get_int(t, period, i),
                                              .amount = money,
                                              .label = ys_table_get_text(t, label, i)};
    }
    p->in.funds = out;
    return YS_OK;
}

/* Columns of the offering table, looked up once. */
typedef struct offer_columns {
    int name, measure, area, capacity, fund_a, fund_b, share_a, cost, recurring, effect, sd;
} offer_columns;

static offer_columns find_offer_columns(const ys_table *t)
{
    return (offer_columns){
        ys_table_find(t, "offering"), ys_table_find(t, "measure"),  ys_table_find(t, "area"),
        ys_table_find(t, "capacity"), ys_table_find(t, "fund_a"),   ys_table_find(t, "fund_b"),
        ys_table_find(t, "share_a"),  ys_table_find(t, "cost"),     ys_table_find(t, "cost_recurring"),
        ys_table_find(t, "effect"),   ys_table_find(t, "effect_sd")};
}

static ys_status unknown(const char *offering, const char *what_zh, const char *what_en, const char *name,
                         ys_diag *diag)
{
    ys_diag_value(diag, name);
    return ys_fail(diag, YS_EDATA, "供给 %s 的%s不存在%.0s", "offering %s names a %.0s%s that does not exist",
                   offering, what_zh, what_en);
}

static int64_t money_or(const ys_table *t, int col, int64_t row, int64_t missing)
{
    int64_t v = ys_table_get_int(t, col, row);
    return ys_is_missing(v) ? missing : v;
}

static ys_status fund_number(const ys_map *numbers, const char *offering, const char *fund, int32_t *ret,
                             ys_diag *diag)
{
    if (fund == NULL || fund[0] == '\0') {
        *ret = -1;
        return YS_OK;
    }
    int64_t number = ys_map_find(numbers, fund);
    if (number < 0)
        return unknown(offering, "资金", "fund", fund, diag);
    *ret = (int32_t)number;
    return YS_OK;
}

static ys_status take_offering(ys_plan_facts *p, const offer_columns *c, int64_t row, const ys_map *numbers,
                               ys_plan_offering *out, ys_diag *diag)
{
    const ys_table *t = p->frame->offering;
    int n;
    const ys_measure *measures = ys_pack_measures(p->frame->pack, &n);
    const char *name = ys_table_get_text(t, c->name, row), *measure = ys_table_get_text(t, c->measure, row);
    const char *code = ys_table_get_text(t, c->area, row);
    int m = measure != NULL ? ys_pack_measure_index(p->frame->pack, measure) : -1;
    int32_t area = code != NULL ? ys_areas_find(p->frame->areas, code) : -1;
    if (m < 0)
        return unknown(name, "措施", "measure", measure, diag);
    if (area < 0)
        return unknown(name, "地区", "area", code, diag);
    double share = ys_table_get_real(t, c->share_a, row);
    int64_t capacity = ys_table_get_int(t, c->capacity, row);
    *out = (ys_plan_offering){.name = name,
                              .measure = m,
                              .area_begin = ys_areas_begin(p->frame->areas, area),
                              .area_end = ys_areas_end(p->frame->areas, area),
                              .share_a = isnan(share) ? 1000000 : (int32_t)floor(share * 1e6 + 0.5),
                              .capacity = ys_is_missing(capacity) ? YS_PLAN_UNBOUNDED : capacity,
                              .cost = money_or(t, c->cost, row, measures[m].cost),
                              .cost_recurring = money_or(t, c->recurring, row, measures[m].cost_recurring),
                              .effect = (double)money_or(t, c->effect, row, measures[m].effect),
                              .effect_sd = (double)money_or(t, c->sd, row, measures[m].effect_sd)};
    YS_TRY(fund_number(numbers, name, ys_table_get_text(t, c->fund_a, row), &out->fund_a, diag));
    return fund_number(numbers, name, ys_table_get_text(t, c->fund_b, row), &out->fund_b, diag);
}

/* When each offering can serve; the first year of the plan, where nobody said, is the earliest of them. */
static void take_starts(ys_plan_facts *p, int32_t year, ys_offer_start *start)
{
    int64_t n = ys_table_rows(p->frame->offering);
    int32_t first = INT32_MAX;
    for (int64_t i = 0; i < n; i++) {
        start[i] = ys_offer_start_of(p->frame, i);
        if (start[i].why == YS_START_KNOWN && start[i].year < first)
            first = start[i].year;
    }
    p->in.period = year != INT32_MIN ? year : first != INT32_MAX ? first : p->frame->line->year;
    int64_t last = (int64_t)p->in.period + p->in.horizon - 1;
    for (int64_t i = 0; i < n; i++)
        if (start[i].why == YS_START_KNOWN && start[i].project != NULL && start[i].year > last)
            start[i].why = YS_START_TOO_LATE;
}

static ys_status take_offerings(ys_plan_facts *p, int32_t year, const ys_map *numbers, ys_diag *diag)
{
    const ys_table *t = p->frame->offering;
    offer_columns c = find_offer_columns(t);
    bool ok = true;
    int64_t n = ys_table_rows(t);
    ys_plan_offering *out = take(p, n, sizeof *out, &ok);
    p->start = take(p, n, sizeof *p->start, &ok);
    p->waiting = take(p, n, sizeof *p->waiting, &ok);
    ys_offer_start *start = take(p, n, sizeof *start, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    take_starts(p, year, start);
    for (int64_t i = 0; i < n; i++) {
        const ys_offer_start *s = &start[i];
        if (s->why != YS_START_KNOWN && s->project != NULL)
            p->waiting[p->n_waiting++] = *s;
        if (s->why != YS_START_KNOWN || s->year < p->in.period || s->year >= p->in.period + p->in.horizon)
            continue;
        ys_plan_offering *o = &out[p->in.n_offerings];
        YS_TRY(take_offering(p, &c, i, numbers, o, diag));
        o->period = s->year;
        o->wait_months = s->months;
        p->start[p->in.n_offerings++] = *s;
    }
    p->in.offerings = out;
    return YS_OK;
}

/* ---- relations, and what the words need ---- */

static ys_status take_relations(ys_plan_facts *p, ys_diag *diag)
{
    int n;
    const ys_exclusion *x = ys_pack_exclusions(p->frame->pack, &n);
    bool ok = true;
    ys_plan_relation *out = take(p, n, sizeof *out, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++)
        out[i] = (ys_plan_relation){.measure_a = ys_pack_measure_index(p->frame->pack, x[i].measure_a),
                                    .measure_b = ys_pack_measure_index(p->frame->pack, x[i].measure_b),
                                    .kind = (ys_plan_relation_kind)x[i].relation,
                                    .value = x[i].value};
    p->in.relations = out;
    p->in.n_relations = n;
    return YS_OK;
}

static ys_status take_fits(ys_plan_facts *p, ys_diag *diag)
{
    int n, k;
    const ys_cause_measure *c = ys_pack_cause_measures(p->frame->pack, &n);
    const ys_cause *causes = ys_pack_causes(p->frame->pack, &k);
    bool ok = true;
    ys_plan_fit *out = take(p, n, sizeof *out, &ok);
    if (!ok)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        int cause = ys_pack_cause_index(p->frame->pack, c[i].cause);
        out[i] = (ys_plan_fit){.cause = cause,
                               .measure = ys_pack_measure_index(p->frame->pack, c[i].measure),
                               .strength = c[i].strength,
                               .cause_zh = causes[cause].label_zh,
                               .cause_en = causes[cause].label_en,
                               .reason_zh = c[i].reason_zh,
                               .reason_en = c[i].reason_en};
    }
    p->in.fits = out;
    p->in.n_fits = n;
    return YS_OK;
}

/* The cause the words speak of: the declared one if the account agrees with it, else the first of the pack that acts on
 * the root the account found. */
static void take_causes(ys_plan_facts *p, const ys_diagnosis *d)
{
    int n, first[YS_ROOTS];
    const ys_cause *causes = ys_pack_causes(p->frame->pack, &n);
    ys_plan_household *h = (ys_plan_household *)p->in.households;
    for (int k = 0; k < YS_ROOTS; k++) {
        first[k] = -1;
        for (int i = n - 1; i >= 0; i--) {
            if ((int)causes[i].factor == k && strcmp(causes[i].kind, "household") == 0)
                first[k] = i;
        }
    }
    for (int64_t i = 0; i < p->in.n_households; i++) {
        int64_t row = p->frame_row[i];
        uint8_t top = d->roots->top[row];
        if (top == YS_ROOT_NONE)
            h[i].cause = d->cause[row];
        else
            h[i].cause = d->declared[row] == top ? d->cause[row] : first[top];
    }
}

/* Rounded; -1 for what no amount of money is, which the planner refuses. */
static int64_t whole(double x)
{
    return x >= 0 && x < 0x1p53 ? (int64_t)floor(x + 0.5) : -1;
}

static void take_parameters(ys_plan_facts *p)
{
    const ys_pack *pack = p->frame->pack;
    ys_plan_input_defaults(&p->in);
    p->in.horizon = (int32_t)ys_pack_param(pack, "horizon_years", p->in.horizon);
    p->in.discount = ys_pack_param(pack, "discount", p->in.discount);
    p->in.income_sd_share = ys_pack_param(pack, "income_sd_share", p->in.income_sd_share);
    p->in.competition = ys_pack_param(pack, "competition", p->in.competition);
    p->in.max_measures = (int32_t)ys_pack_param(pack, "max_measures", p->in.max_measures);
    p->in.chance_epsilon = ys_pack_param(pack, "chance_epsilon", 0);
    p->in.switch_cost = whole(ys_pack_param(pack, "switch_cost", 0) * ys_currency_unit(pack));
    p->in.tolerance =
        (int32_t)floor(ys_pack_param(pack, "tier1_tolerance", p->in.tolerance * 1e-6) * 1e6 + 0.5);
}

ys_status ys_plan_facts_make(const ys_frame *f, const ys_diagnosis *diagnosis, int32_t year,
                             ys_plan_facts **ret_facts, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_map *numbers = ys_map_new(64);
    ys_plan_facts *p = ys_calloc(1, sizeof *p);
    if (p == NULL || numbers == NULL || (p->arena = ys_arena_new(0)) == NULL)
        YS_GO(ys_fail_nomem(diag));
    p->frame = f;
    take_parameters(p);
    YS_GO(take_people(p, diag));
    YS_GO(take_villages(p, diag));
    YS_GO(take_indicators(p, diag));
    YS_GO(take_measures(p, diag));
    YS_GO(take_funds(p, numbers, diag));
    YS_GO(take_offerings(p, year, numbers, diag));
    YS_GO(ys__plan_take_floors(p, numbers, diag));
    YS_GO(take_relations(p, diag));
    YS_GO(take_fits(p, diag));
    YS_GO(ys__plan_take_locks(p, diag));
    if (diagnosis != NULL)
        take_causes(p, diagnosis);
    *ret_facts = p;
    p = NULL;
done:
    ys_map_free(numbers);
    ys_plan_facts_free(p);
    return st;
}
