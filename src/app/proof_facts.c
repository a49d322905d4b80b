/* SPDX-License-Identifier: Apache-2.0 */
#include "app/proof_facts.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"

/* What the parts of the derivation share while it runs. */
typedef struct maker {
    ys__proof_facts *p;
    const ys_frame *f;
    ys_verify_household *household;
    ys_verify_person *person;
    ys_verify_village *village;
    int64_t *row_of;     /* frame row of each household of the plan */
    int64_t *person_row; /* frame row of each person of the plan */
    int n_statutory;
    int *statutory; /* indicator of the pack -> bit, -1 */
    ys_map *funds;
} maker;

static void *room(maker *m, int64_t n, size_t size)
{
    return ys_arena_alloc(m->p->arena, n > 0 ? (size_t)n : 1, size);
}

static double rounded(double x)
{
    return floor(x + 0.5);
}

/* ---- cells ---- */

/* A whole-number column serves for a real; unknown is NaN. */
static double real(const ys_table *t, int column, int64_t row)
{
    if (column < 0 || ys_table_missing(t, column, row))
        return NAN;
    return ys_table_column_type(t, column) == YS_REAL ? ys_table_get_real(t, column, row)
                                                      : (double)ys_table_get_int(t, column, row);
}

/* ---- villages, households, persons ---- */

static ys_status make_villages(maker *m, ys_diag *diag)
{
    const ys_table *t = m->f->village;
    int64_t n = ys_table_rows(t);
    m->village = room(m, n, sizeof *m->village);
    if (m->village == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++) {
        const char *code = ys__proof_text(t, "area", i);
        int32_t area = code != NULL ? ys_areas_find(m->f->areas, code) : -1;
        if (area < 0)
            return ys_fail(diag, YS_EDATA, "村 %s 不在地区表里", "village %s is not in the table of areas",
                           code != NULL ? code : "#NA");
        m->village[i] = (ys_verify_village){.name = code, .area = ys_areas_begin(m->f->areas, area)};
    }
    m->p->in.n_villages = n;
    m->p->in.villages = m->village;
    return YS_OK;
}

static int64_t member_count(const ys_frame *f, int64_t row)
{
    return f->members->start[row + 1] - f->members->start[row];
}

static bool takes_part(const ys_frame *f, int64_t row)
{
    return f->in_register[row] && member_count(f, row) > 0 && f->area_of[row] >= 0;
}

/* Months a person could still work: able x months of a full worker, less what is worked already. */
static double months_free(const maker *m, int able, int months, double full, int64_t row)
{
    double v = real(m->f->person, able, row) * full - real(m->f->person, months, row);
    return v > 0 ? v : 0; /* unknown (NaN) counts as none */
}

static ys_status room_for_people(maker *m, ys_diag *diag)
{
    const ys_frame *f = m->f;
    int64_t homes = 0, people = 0;
    for (int64_t i = 0; i < f->households; i++) {
        if (takes_part(f, i)) {
            homes++;
            people += member_count(f, i);
        }
    }
    m->household = room(m, homes, sizeof *m->household);
    m->row_of = room(m, homes, sizeof *m->row_of);
    m->person = room(m, people, sizeof *m->person);
    m->person_row = room(m, people, sizeof *m->person_row);
    m->p->block_of = room(m, f->households, sizeof *m->p->block_of);
    m->p->person_of = room(m, f->persons, sizeof *m->p->person_of);
    if (m->household == NULL || m->row_of == NULL || m->person == NULL || m->person_row == NULL ||
        m->p->block_of == NULL || m->p->person_of == NULL)
        return ys_fail_nomem(diag);
    memset(m->p->block_of, 0xff, (size_t)f->households * sizeof *m->p->block_of);
    memset(m->p->person_of, 0xff, (size_t)f->persons * sizeof *m->p->person_of);
    return YS_OK;
}

static void make_members(maker *m, int64_t home, int64_t row, int64_t *people)
{
    const ys_frame *f = m->f;
    int able = ys_table_find(f->person, "able"), months = ys_table_find(f->person, "months");
    double full = ys_pack_param(f->pack, "worker_months", 12), sum = 0;
    for (int64_t k = f->members->start[row]; k < f->members->start[row + 1]; k++) {
        int64_t i = (*people)++, from = f->members->item[k];
        m->person[i].name = ys__proof_text(f->person, "person", from);
        m->person[i].household = (int32_t)home;
        m->person[i].months_free = months_free(m, able, months, full, from);
        m->person_row[i] = from;
        m->p->person_of[from] = (int32_t)i;
        sum += m->person[i].months_free;
    }
    m->household[home].months_free = sum;
}

static ys_status make_households(maker *m, ys_diag *diag)
{
    const ys_frame *f = m->f;
    ys_index *villages = NULL;
    int64_t homes = 0, people = 0;
    YS_TRY(room_for_people(m, diag));
    YS_TRY(ys_index_new(f->village, ys_table_find(f->village, "area"), &villages, diag));
    for (int64_t i = 0; i < f->households; i++) {
        if (!takes_part(f, i))
            continue;
        m->household[homes] = (ys_verify_household){.name = ys__proof_text(f->household, "household", i),
                                                    .persons = (int32_t)member_count(f, i),
                                                    .area = ys_areas_begin(f->areas, f->area_of[i]),
                                                    .line = f->line->amount,
                                                    .ystar = f->col.ystar[i]};
        m->household[homes].village =
            (int32_t)ys_index_find(villages, ys__proof_text(f->household, "area", i));
        m->row_of[homes] = i;
        m->p->block_of[i] = homes;
        make_members(m, homes, i, &people);
        homes++;
    }
    ys_index_free(villages);
    m->p->in.n_households = homes;
    m->p->in.n_persons = people;
    m->p->in.households = m->household;
    m->p->in.persons = m->person;
    return YS_OK;
}

/* ---- indicators ---- */

static void spread_indicator(maker *m, int bit, const uint8_t *home, const uint8_t *member,
                             uint16_t *affected)
{
    const ys_verify_facts *in = &m->p->in;
    for (int64_t i = 0; member != NULL && i < in->n_persons; i++) {
        if (member[m->person_row[i]] != YS_TRUE)
            continue;
        m->person[i].deprived |= UINT32_C(1) << bit;
        affected[(int64_t)m->person[i].household * m->n_statutory + bit]++;
    }
    for (int64_t h = 0; h < in->n_households; h++) {
        if (home[m->row_of[h]] == YS_TRUE)
            m->household[h].deprived |= UINT32_C(1) << bit;
        if (member == NULL)
            affected[h * m->n_statutory + bit] = (uint16_t)m->household[h].persons;
    }
}

static ys_status number_indicators(maker *m, ys_diag *diag)
{
    int n;
    const ys_indicator *list = ys_pack_indicators(m->f->pack, &n);
    m->statutory = room(m, n, sizeof *m->statutory);
    if (m->statutory == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++)
        m->statutory[i] = list[i].statutory ? m->n_statutory++ : -1;
    if (m->n_statutory <= YS_VERIFY_INDICATORS)
        return YS_OK;
    return ys_fail(diag, YS_ELIMIT, "政策包有 %d 项法定指标，最多 %d 项",
                   "the pack has %d statutory indicators, %d at most", m->n_statutory, YS_VERIFY_INDICATORS);
}

static ys_status make_indicators(maker *m, ys_diag *diag)
{
    int n;
    const ys_indicator *list = ys_pack_indicators(m->f->pack, &n);
    ys_verify_facts *in = &m->p->in;
    YS_TRY(number_indicators(m, diag));
    int32_t *weight = room(m, m->n_statutory, sizeof *weight);
    uint16_t *affected = room(m, in->n_households * m->n_statutory, sizeof *affected);
    if (weight == NULL || affected == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        int bit = m->statutory[i];
        uint8_t *home = NULL, *member = NULL;
        if (bit < 0)
            continue;
        YS_TRY(ys_frame_deprived(m->f, &list[i], &home, &member, diag));
        spread_indicator(m, bit, home, member, affected);
        ys_free(home);
        ys_free(member);
        weight[bit] = (int32_t)rounded(ys_pack_param(m->f->pack, "statutory_weight", 1));
        if (strcmp(list[i].kind, "person") == 0)
            in->person_indicators |= UINT32_C(1) << bit;
    }
    in->n_indicators = m->n_statutory;
    in->indicator_weight = weight;
    in->affected = affected;
    return YS_OK;
}

/* ---- measures ---- */

static ys_status cures_of(const maker *m, const char *names, uint32_t *ret_bits, ys_diag *diag)
{
    char name[128];
    uint32_t bits = 0;
    while (*names != '\0') {
        size_t n = strcspn(names, "|");
        if (n >= sizeof name)
            return ys_fail(diag, YS_EDATA, "指标名过长：%s", "the name of an indicator is too long: %s",
                           names);
        memcpy(name, names, n);
        name[n] = '\0';
        int i = ys_pack_indicator_index(m->f->pack, name);
        if (i >= 0 && m->statutory[i] >= 0)
            bits |= UINT32_C(1) << m->statutory[i];
        names += n + (names[n] == '|');
    }
    *ret_bits = bits;
    return YS_OK;
}

/* Truth of the gate for the rows of the plan; NULL where it holds for all. */
static ys_status gate_of(maker *m, const ys_measure *of, const uint8_t **ret_gate, ys_diag *diag)
{
    static const char *const kinds[] = {"household", "person", "village"};
    const ys_verify_facts *in = &m->p->in;
    const int64_t *from = of->target == YS_TARGET_PERSON ? m->person_row : m->row_of;
    int64_t n = of->target == YS_TARGET_PERSON ? in->n_persons : in->n_households;
    uint8_t *truth = NULL;
    *ret_gate = NULL;
    if (strcmp(of->gate, "true") == 0)
        return YS_OK;
    if (of->target == YS_TARGET_VILLAGE)
        n = in->n_villages;
    uint8_t *gate = room(m, n, 1);
    if (gate == NULL)
        return ys_fail_nomem(diag);
    YS_TRY(ys_frame_truth(m->f, kinds[of->target], of->gate, &truth, diag));
    for (int64_t i = 0; i < n; i++)
        gate[i] = truth[of->target == YS_TARGET_VILLAGE ? i : from[i]];
    ys_free(truth);
    *ret_gate = gate;
    return YS_OK;
}

/* The pack's groups first, so that a row is its number; `groups` gets their names. */
static ys_status make_groups(maker *m, ys_map *groups, ys_diag *diag)
{
    int n;
    const ys_measure_group *list = ys_pack_groups(m->f->pack, &n);
    ys_verify_group *out = room(m, n, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        if (ys_map_put(groups, list[i].group, 0, NULL) < 0)
            return ys_fail_nomem(diag);
        out[i].name = list[i].group;
        out[i].limit = list[i].limit;
    }
    for (int i = 0; i < n; i++)
        out[i].parent = *list[i].parent != '\0' ? (int32_t)ys_map_find(groups, list[i].parent) : -1;
    m->p->in.groups = out;
    m->p->in.n_groups = n;
    return YS_OK;
}

static int32_t group_of(ys_map *groups, const char *name)
{
    return *name != '\0' ? (int32_t)ys_map_put(groups, name, 0, NULL) : -1;
}

static ys_verify_target target_of(ys_target t)
{
    return t == YS_TARGET_VILLAGE  ? YS_VERIFY_VILLAGE
           : t == YS_TARGET_PERSON ? YS_VERIFY_PERSON
                                   : YS_VERIFY_HOUSEHOLD;
}

/* The family's own word: a household's wishes, measure by measure.  No row is no answer. */
static void add_consent(maker *m, uint8_t *const *consented, const ys_map *names)
{
    const ys_table *w = m->f->wish;
    int home = ys_table_find(w, "household"), measure = ys_table_find(w, "measure"),
        yes = ys_table_find(w, "consent");
    const char *last = "";
    int64_t block = -1, n = ys_table_rows(w);
    for (int64_t i = 0; i < n; i++) {
        const char *key = ys_table_get_text(w, home, i), *name = ys_table_get_text(w, measure, i);
        if (key == NULL || name == NULL)
            continue;
        if (strcmp(key, last) != 0) {
            int64_t row = ys_frame_household(m->f, key);
            block = row >= 0 ? m->p->block_of[row] : -1;
            last = key;
        }
        int64_t k = ys_map_get(names, name, -1), v = ys_table_get_int(w, yes, i);
        if (block >= 0 && k >= 0 && consented[k] != NULL && !ys_is_missing(v))
            consented[k][block] = v != 0 ? YS_TRUE : YS_FALSE;
    }
}

static ys_status make_consent(maker *m, ys_verify_measure *out, int n, const ys_measure *list, ys_diag *diag)
{
    ys_status st = YS_OK;
    int64_t homes = m->p->in.n_households;
    uint8_t **consented = room(m, n, sizeof *consented);
    ys_map *names = ys_map_new((size_t)n);
    if (consented == NULL || names == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int i = 0; i < n; i++) {
        if (ys_map_put(names, list[i].measure, i, NULL) < 0)
            YS_GO(ys_fail_nomem(diag));
        if (!out[i].consent)
            continue;
        consented[i] = room(m, homes, 1);
        if (consented[i] == NULL)
            YS_GO(ys_fail_nomem(diag));
        memset(consented[i], YS_UNKNOWN, (size_t)homes);
        out[i].consented = consented[i];
    }
    add_consent(m, consented, names);
done:
    ys_map_free(names);
    return st;
}

static ys_status make_measures(maker *m, ys_diag *diag)
{
    int n;
    ys_status st = YS_OK;
    const ys_measure *list = ys_pack_measures(m->f->pack, &n);
    ys_verify_measure *out = room(m, n, sizeof *out);
    ys_map *groups = ys_map_new(16);
    if (out == NULL || groups == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(make_groups(m, groups, diag));
    for (int i = 0; i < n; i++) {
        out[i] = (ys_verify_measure){.name = list[i].measure,
                                     .target = target_of(list[i].target),
                                     .group = group_of(groups, list[i].group),
                                     .channel = (int32_t)list[i].channel,
                                     .persistence = list[i].persistence,
                                     .labour_months = list[i].labour_months,
                                     .delay_months = list[i].delay_months,
                                     .full_time = list[i].full_time,
                                     .consent = list[i].consent && strcmp(list[i].family, "safety_net") != 0};
        YS_GO(cures_of(m, list[i].cures, &out[i].cures, diag));
        YS_GO(gate_of(m, &list[i], &out[i].gate, diag));
    }
    YS_GO(make_consent(m, out, n, list, diag));
    m->p->in.n_measures = n;
    m->p->in.measures = out;
done:
    ys_map_free(groups);
    return st;
}

static ys_status make_relations(maker *m, ys_diag *diag)
{
    int n;
    const ys_exclusion *list = ys_pack_exclusions(m->f->pack, &n);
    ys_verify_relation *out = room(m, n, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        out[i].measure_a = ys_pack_measure_index(m->f->pack, list[i].measure_a);
        out[i].measure_b = ys_pack_measure_index(m->f->pack, list[i].measure_b);
        out[i].kind = list[i].relation == YS_REQUIRES   ? YS_VERIFY_REQUIRES
                      : list[i].relation == YS_COMPETES ? YS_VERIFY_COMPETES
                      : list[i].relation == YS_EXCLUDES ? YS_VERIFY_EXCLUDES
                                                        : YS_VERIFY_COMPLEMENTS;
        out[i].value = list[i].value;
    }
    m->p->in.n_relations = n;
    m->p->in.relations = out;
    return YS_OK;
}

/* ---- money and offerings ---- */

static ys_status make_funds(maker *m, ys_diag *diag)
{
    const ys_table *t = m->f->fund;
    int64_t rows = ys_table_rows(t);
    int n = 0;
    ys_verify_fund *out = room(m, rows, sizeof *out);
    m->funds = ys_map_new(64);
    if (out == NULL || m->funds == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < rows; i++) {
        int64_t amount, year;
        const char *name = ys__proof_text(t, "fund", i);
        if (!ys__proof_whole(t, "amount", i, &amount) || !ys__proof_whole(t, "period", i, &year))
            continue;
        int64_t number = ys_map_put(m->funds, name, 0, NULL);
        if (number < 0)
            return ys_fail_nomem(diag);
        out[n++] = (ys_verify_fund){
            .name = name, .fund = (int32_t)number, .period = (int32_t)year, .amount = amount};
    }
    m->p->in.n_funds = n;
    m->p->in.funds = out;
    return YS_OK;
}

static ys_status fund_of(const maker *m, const char *offering, const char *name, int32_t *ret_fund,
                         ys_diag *diag)
{
    *ret_fund = -1;
    if (name == NULL || *name == '\0')
        return YS_OK;
    *ret_fund = (int32_t)ys_map_find(m->funds, name);
    if (*ret_fund >= 0)
        return YS_OK;
    return ys_fail(diag, YS_EDATA, "供给 %s 的资金 %s 不存在", "offering %s: there is no fund %s", offering,
                   name);
}

static ys_status area_of(const maker *m, const char *code, int32_t *ret_begin, int32_t *ret_end)
{
    int32_t area = code != NULL ? ys_areas_find(m->f->areas, code) : -1;
    if (area < 0)
        return YS_ENOTFOUND;
    *ret_begin = ys_areas_begin(m->f->areas, area);
    *ret_end = ys_areas_end(m->f->areas, area);
    return YS_OK;
}

static int64_t own_or(const ys_table *t, const char *column, int64_t row, int64_t otherwise)
{
    int64_t v;
    return ys__proof_whole(t, column, row, &v) ? v : otherwise;
}

static ys_status make_offering(const maker *m, int64_t row, ys_verify_offering *o, ys_diag *diag)
{
    int n;
    const ys_table *t = m->f->offering;
    const ys_measure *list = ys_pack_measures(m->f->pack, &n);
    const char *measure = ys__proof_text(t, "measure", row), *area = ys__proof_text(t, "area", row);
    o->name = ys__proof_text(t, "offering", row);
    o->measure = measure != NULL ? ys_pack_measure_index(m->f->pack, measure) : -1;
    if (o->measure < 0)
        return ys_fail(diag, YS_EDATA, "供给 %s 的措施 %s 不存在", "offering %s: there is no measure %s",
                       o->name, measure != NULL ? measure : "#NA");
    if (area_of(m, area, &o->area_begin, &o->area_end) != YS_OK)
        return ys_fail(diag, YS_EDATA, "供给 %s 的地区 %s 不存在", "offering %s: there is no area %s",
                       o->name, area != NULL ? area : "#NA");
    YS_TRY(fund_of(m, o->name, ys__proof_text(t, "fund_a", row), &o->fund_a, diag));
    YS_TRY(fund_of(m, o->name, ys__proof_text(t, "fund_b", row), &o->fund_b, diag));
    double share = real(t, ys_table_find(t, "share_a"), row);
    const ys_measure *of = &list[o->measure];
    o->share_a = (int32_t)rounded((isnan(share) ? 1 : share) * 1e6);
    o->capacity = own_or(t, "capacity", row, YS_VERIFY_UNBOUNDED);
    o->cost = own_or(t, "cost", row, of->cost);
    o->cost_recurring = own_or(t, "cost_recurring", row, of->cost_recurring);
    o->effect = (double)own_or(t, "effect", row, of->effect);
    o->effect_sd = (double)own_or(t, "effect_sd", row, of->effect_sd);
    return YS_OK;
}

static ys_status make_offerings(maker *m, ys_diag *diag)
{
    const ys_table *t = m->f->offering;
    int64_t rows = ys_table_rows(t);
    ys_verify_facts *in = &m->p->in;
    ys_verify_offering *out = room(m, rows, sizeof *out);
    m->p->offering_of = room(m, rows, sizeof *m->p->offering_of);
    if (out == NULL || m->p->offering_of == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < rows; i++) {
        int64_t year;
        m->p->offering_of[i] = -1;
        int32_t wait;
        if (!ys__proof_begins(m->f, i, &year, &wait) || year < in->period ||
            year >= (int64_t)in->period + in->horizon)
            continue;
        out[in->n_offerings].wait_months = wait;
        out[in->n_offerings].period = (int32_t)year;
        YS_TRY(make_offering(m, i, &out[in->n_offerings], diag));
        m->p->offering_of[i] = in->n_offerings++;
    }
    in->offerings = out;
    return YS_OK;
}

/* ---- all of it ---- */

static void take_params(ys_verify_facts *in, const ys_pack *pack)
{
    in->horizon = (int32_t)ys_pack_param(pack, "horizon_years", 5);
    in->discount = ys_pack_param(pack, "discount", 0.05);
    in->income_sd_share = ys_pack_param(pack, "income_sd_share", 0.1);
    in->competition = ys_pack_param(pack, "competition", 0.3);
    in->max_measures = (int32_t)ys_pack_param(pack, "max_measures", 3);
    in->chance_epsilon = ys_pack_param(pack, "chance_epsilon", 0);
    double cost = ys_pack_param(pack, "switch_cost", 0);
    for (int i = 0; i < ys_pack_digits(pack); i++)
        cost *= 10;
    in->switch_cost = cost >= 0 && cost < 9e15 ? (int64_t)rounded(cost) : -1;
    in->tolerance = (int32_t)rounded(ys_pack_param(pack, "tier1_tolerance", 0.001) * 1e6);
}

static ys_status make_all(maker *m, ys_diag *diag)
{
    YS_TRY(make_villages(m, diag));
    YS_TRY(make_households(m, diag));
    YS_TRY(make_indicators(m, diag));
    YS_TRY(make_measures(m, diag));
    YS_TRY(make_relations(m, diag));
    YS_TRY(make_funds(m, diag));
    YS_TRY(make_offerings(m, diag));
    return ys__proof_floors(m->p, m->funds, diag);
}

ys_status ys__proof_facts_new(const ys_frame *frame, int32_t period, int32_t alpha,
                              ys__proof_facts **ret_facts, ys_diag *diag)
{
    maker m = {.f = frame};
    ys_status st = YS_OK;
    m.p = ys_calloc(1, sizeof *m.p);
    if (m.p == NULL)
        return ys_fail_nomem(diag);
    m.p->frame = frame;
    m.p->in.period = period;
    m.p->in.alpha = alpha;
    take_params(&m.p->in, frame->pack);
    m.p->arena = ys_arena_new(0);
    if (m.p->arena == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(make_all(&m, diag));
    *ret_facts = m.p;
    m.p = NULL;
done:
    ys_map_free(m.funds);
    ys__proof_facts_free(m.p);
    return st;
}

void ys__proof_facts_free(ys__proof_facts *p)
{
    if (p == NULL)
        return;
    ys_arena_free(p->arena);
    ys_free(p);
}
