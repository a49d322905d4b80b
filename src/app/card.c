/* SPDX-License-Identifier: Apache-2.0 */
#include "app/card.h"

#include <stdio.h>
#include <string.h>

#include "app/card_pairs.h"
#include "base/alloc.h"
#include "registry/kinds.h"

static void rows_done(ys_card_rows *r)
{
    ys_table_free(r->table);
    ys_free(r->from);
}

void ys_card_free(ys_card *c)
{
    if (c == NULL)
        return;
    rows_done(&c->household);
    rows_done(&c->person);
    rows_done(&c->income);
    rows_done(&c->wish);
    rows_done(&c->place);
    ys_table_free(c->versions);
    ys_table_free(c->root_versions);
    if (c->own_frame) {
        ys_diagnosis_free(c->diagnosis);
        ys_frame_free(c->frame);
    }
    ys_pair_card_free(c->pairs);
    ys_planning_free(c->planning);
    ys_free(c);
}

/* ---- records and their sources ---- */

/* Key of a row as the store writes it: key fields joined by '|', escaped where there are several. */
static void row_key(const ys_kind *k, const ys_table *t, int64_t row, ys_str *to)
{
    char buf[64];
    int keys = 0;
    for (int f = 0; f < k->field_count; f++)
        keys += k->fields[f].key;
    ys_str_clear(to);
    for (int f = 0, n = 0; f < k->field_count; f++) {
        if (!k->fields[f].key)
            continue;
        if (n++ > 0)
            ys_str_putc(to, '|');
        const char *text = ys_table_format(t, ys_table_find(t, k->fields[f].name), row, 0, buf, sizeof buf);
        for (; *text != '\0'; text++) {
            if (keys > 1 && (*text == '|' || *text == '\\'))
                ys_str_putc(to, '\\');
            ys_str_putc(to, *text);
        }
    }
}

/* Records of `kind` where `field` is `value`. */
static ys_status read_rows(const ys_card *c, const ys_card_args *a, const char *kind, const char *field,
                           ys_card_rows *ret, ys_diag *diag)
{
    ys_str key = {0};
    ys_status st = YS_OK;
    ret->kind = ys_pack_kind(c->office->pack, kind);
    ys_scan how = {
        .as_of_tx = a->reading.as_of_tx, .valid_on = YS_SCAN_LATEST, .decrypt = c->office->has_key};
    if (ret->kind == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有类别 %s", "the pack has no kind %s", kind);
    if (field == NULL) {
        how.key = c->key;
    } else {
        how.where_field = field;
        how.where_value = c->key;
    }
    YS_TRY(ys_store_scan(c->office->store, ret->kind, &how, &ret->table, diag));
    int64_t n = ys_table_rows(ret->table);
    ret->from = ys_calloc((size_t)(n > 0 ? n : 1), sizeof *ret->from);
    if (ret->from == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++) {
        row_key(ret->kind, ret->table, i, &key);
        if (key.failed)
            YS_GO(ys_fail_nomem(diag));
        YS_GO(ys_store_provenance(c->office->store, ret->kind, ys_str_get(&key), &ret->from[i], diag));
    }
done:
    ys_str_done(&key);
    return st;
}

/* ---- which part of the registry must be read ---- */

static ys_status not_found(const char *key, ys_diag *diag)
{
    ys_diag_value(diag, key);
    ys_diag_fix(diag, "给出户编号（如 H000000001）或地区代码",
                "give a household number (such as H000000001) or an area code");
    return ys_fail(diag, YS_ENOTFOUND, "没有这个户，也没有这个地区",
                   "there is neither such a household nor such an area");
}

/* Where the card is, and the county around it ("" : there is none, read everything). */
typedef struct place {
    char area[96], county[96];
    int level;
} place;

static ys_status find_place(const ys_card *c, const ys_card_args *a, const char *code, place *ret,
                            ys_diag *diag)
{
    ys_scan how = {.as_of_tx = a->reading.as_of_tx, .valid_on = YS_SCAN_LATEST};
    const char *const *levels;
    int n = ys_pack_area_levels(c->office->pack, &levels);
    ys_table *t = NULL;
    ys_areas *areas = NULL;
    ys_status st = YS_OK;
    YS_TRY(ys_store_scan(c->office->store, ys_pack_kind(c->office->pack, "area"), &how, &t, diag));
    YS_GO(ys_areas_new(t, c->office->pack, &areas, diag));
    int32_t at = code != NULL ? ys_areas_find(areas, code) : -1;
    if (at >= 0) {
        int32_t county = n >= 3 ? ys_areas_at_level(areas, at, n - 3) : -1;
        snprintf(ret->area, sizeof ret->area, "%s", code);
        snprintf(ret->county, sizeof ret->county, "%s", county >= 0 ? ys_areas_code(areas, county) : "");
        ret->level = ys_areas_level(areas, at);
    }
done:
    ys_areas_free(areas);
    ys_table_free(t);
    return st;
}

static ys_status read_records(ys_card *c, const ys_card_args *a, place *at, ys_diag *diag)
{
    YS_TRY(read_rows(c, a, "household", NULL, &c->household, diag));
    if (ys_table_rows(c->household.table) > 0) {
        const char *area =
            ys_table_get_text(c->household.table, ys_table_find(c->household.table, "area"), 0);
        YS_TRY(find_place(c, a, area, at, diag));
        YS_TRY(read_rows(c, a, "person", "household", &c->person, diag));
        YS_TRY(read_rows(c, a, "income", "household", &c->income, diag));
        YS_TRY(read_rows(c, a, "wish", "household", &c->wish, diag));
        YS_TRY(ys_store_history(c->office->store, c->household.kind, c->key, c->office->has_key, &c->versions,
                                diag));
        return ys_store_history(c->office->store, &ys_kind_root, c->key, false, &c->root_versions, diag);
    }
    const char *const *levels;
    int n = ys_pack_area_levels(c->office->pack, &levels);
    YS_TRY(find_place(c, a, c->key, at, diag));
    if (at->area[0] == '\0')
        return not_found(c->key, diag);
    c->of_area = true;
    c->level = at->level;
    if (at->level >= n - 2 && at->level >= 0)
        return read_rows(c, a, at->level == n - 1 ? "village" : "town", NULL, &c->place, diag);
    return YS_OK;
}

/* ---- the plan, and the facts around the card ---- */

static ys_status read_plan(ys_card *c, const ys_card_args *a, const place *at, ys_diag *diag)
{
    char village[128];
    const char *units[] = {c->key, village, NULL};
    ys_status st = ys_plan_head_read(c->office, a->plan, &c->head, diag);
    if (st == YS_ENOTFOUND && a->plan == NULL) {
        ys_diag_clear(diag);
        return YS_OK; /* a page without a plan is a page */
    }
    if (st != YS_OK)
        return st;
    snprintf(village, sizeof village, "village:%s", at->area);
    ys_plan_load_args la = {.head = &c->head,
                            .scope = at->county[0] != '\0' ? at->county : NULL,
                            .units = c->of_area ? NULL : units};
    YS_TRY(ys_plan_load(c->office, &la, &c->planning, diag));
    c->block = c->of_area ? -1 : ys_plan_block(c->planning, c->key);
    c->village_block = ys_plan_block(c->planning, village);
    return YS_OK;
}

/* The plan's own reading serves when nothing has changed since and nothing else was asked for. */
static bool plan_facts_serve(const ys_card *c, const ys_card_args *a)
{
    const ys_reading *r = &a->reading;
    return c->planning != NULL && !c->head.stale && c->head.scope[0] == '\0' && r->line == NULL &&
           r->period == NULL && r->today == INT32_MIN && r->as_of_tx == 0 &&
           c->planning->frame->line == ys_pack_line(c->office->pack, NULL, NULL, 0) &&
           strcmp(c->planning->frame->period, ys_pack_period(c->office->pack)) == 0 &&
           c->planning->frame->today == ys_pack_reference_date(c->office->pack);
}

static ys_status read_frame(ys_card *c, const ys_card_args *a, const char *scope, ys_diag *diag)
{
    ys_reading r = a->reading;
    r.scope = scope;
    YS_TRY(ys_office_frame(c->office, &r, &c->frame, diag));
    c->own_frame = true;
    return ys_diagnosis_make(c->frame, 0, &c->diagnosis, diag);
}

static void drop_frame(ys_card *c)
{
    if (c->own_frame) {
        ys_diagnosis_free(c->diagnosis);
        ys_frame_free(c->frame);
    }
    c->own_frame = false;
    c->diagnosis = NULL;
    c->frame = NULL;
}

static ys_status read_facts(ys_card *c, const ys_card_args *a, const place *at, ys_diag *diag)
{
    const char *scope = at->county[0] != '\0' ? at->county : NULL;
    if (plan_facts_serve(c, a)) {
        c->frame = c->planning->frame;
        c->diagnosis = c->planning->diagnosis;
    } else {
        YS_TRY(read_frame(c, a, scope, diag));
    }
    c->h = c->of_area ? -1 : ys_frame_household(c->frame, c->key);
    /* Peers are looked for in town, county, everywhere: only the whole registry can say "everywhere". */
    if (c->h >= 0 && scope != NULL && c->diagnosis->roots->peer_level[c->h] != YS_PEER_TOWN &&
        c->diagnosis->roots->peer_level[c->h] != YS_PEER_COUNTY) {
        drop_frame(c);
        YS_TRY(read_frame(c, a, NULL, diag));
        c->h = ys_frame_household(c->frame, c->key);
    }
    if (!c->of_area && c->h < 0)
        return not_found(c->key, diag);
    c->area = at->area[0] != '\0' ? ys_areas_find(c->frame->areas, at->area) : -1;
    return YS_OK;
}

ys_status ys_card_make(ys_office *o, const ys_card_args *args, ys_card **ret_card, ys_diag *diag)
{
    place at = {.level = -1};
    ys_status st = YS_OK;
    if (args->unmask && !o->has_key) {
        ys_diag_fix(diag, "用 --key 指明密钥文件", "name the key file with --key");
        return ys_fail(diag, YS_EDENIED, "没有密钥，不能显示证件号码等个人信息全文",
                       "personal values cannot be shown in full without the key");
    }
    ys_card *c = ys_calloc(1, sizeof *c);
    if (c == NULL)
        return ys_fail_nomem(diag);
    c->office = o;
    c->key = args->key;
    c->unmask = args->unmask;
    c->block = c->village_block = c->h = c->area = -1;
    YS_GO(read_records(c, args, &at, diag));
    YS_GO(read_plan(c, args, &at, diag));
    YS_GO(read_facts(c, args, &at, diag));
    YS_GO(ys_pair_card_of(c, args->reading.as_of_tx, &c->pairs, diag));
    *ret_card = c;
    c = NULL;
done:
    ys_card_free(c);
    return st;
}

/* ---- sums over an area ---- */

void ys__card_sums_done(ys_card_sums *s)
{
    ys_free(s->measure_units);
    ys_free(s->measure_cost);
    ys_free(s->measure_households);
}

bool ys__card_holds_block(const ys_card *c, int64_t block)
{
    const ys_plan_input *in = &c->planning->facts->in;
    const ys_areas *areas = c->planning->frame->areas;
    int32_t own = ys_areas_find(areas, ys_areas_code(c->frame->areas, c->area));
    if (own < 0)
        return false;
    int32_t at =
        block < in->n_households ? in->households[block].area : in->villages[block - in->n_households].area;
    return at >= ys_areas_begin(areas, own) && at < ys_areas_end(areas, own);
}

static void sum_plan(const ys_card *c, ys_card_sums *s)
{
    const ys_planning *p = c->planning;
    for (int64_t b = 0; b < p->result->blocks; b++) {
        ys_plan_picks k = ys_plan_picks_of(p->plan, p->result, b);
        if (k.count == 0 || !ys__card_holds_block(c, b))
            continue;
        s->helped += b < p->facts->in.n_households;
        for (int i = 0; i < k.count; i++) {
            int64_t cost;
            bool again = false;
            for (int before = 0; before < i; before++)
                again = again || k.pick[before].measure == k.pick[i].measure;
            ys__card_money(p, k.pick[i].offering, NULL, NULL, 0, &cost);
            s->measure_units[k.pick[i].measure]++;
            s->measure_households[k.pick[i].measure] += !again;
            s->measure_cost[k.pick[i].measure] += cost;
        }
    }
}

static ys_status sum_roots(const ys_card *c, ys_card_sums *s, ys_diag *diag)
{
    const ys_frame *f = c->frame;
    int32_t *of = ys_malloc((size_t)(f->households > 0 ? f->households : 1) * sizeof *of);
    if (of == NULL)
        return ys_fail_nomem(diag);
    for (int64_t h = 0; h < f->households; h++) {
        bool mine = f->area_of[h] >= 0 && ys_areas_within(f->areas, f->area_of[h], c->area);
        of[h] = mine ? 0 : -1;
        if (!mine || !f->in_register[h])
            continue;
        s->households++;
        s->persons += f->col.size[h];
        if (f->col.poor[h] != 1)
            continue;
        s->poor_households++;
        s->poor_persons += f->col.size[h];
        s->gap += f->line->amount * f->col.size[h] - f->col.total[h];
    }
    ys_status st =
        ys_root_summarise(&c->diagnosis->data, c->diagnosis->roots, of, 1, f->in_register, &s->roots, diag);
    ys_free(of);
    return st;
}

ys_status ys__card_sums(const ys_card *c, ys_card_sums *ret_sums, ys_diag *diag)
{
    int n;
    ys_card_sums s = {0};
    ys_pack_measures(c->office->pack, &n);
    s.measure_units = ys_calloc((size_t)n + 1, sizeof *s.measure_units);
    s.measure_cost = ys_calloc((size_t)n + 1, sizeof *s.measure_cost);
    s.measure_households = ys_calloc((size_t)n + 1, sizeof *s.measure_households);
    ys_status st = s.measure_units == NULL || s.measure_cost == NULL || s.measure_households == NULL
                       ? ys_fail_nomem(diag)
                       : sum_roots(c, &s, diag);
    if (st != YS_OK) {
        ys__card_sums_done(&s);
        return st;
    }
    if (c->planning != NULL)
        sum_plan(c, &s);
    *ret_sums = s;
    return YS_OK;
}

/* ---- what an offering costs, and whose it is ---- */

int ys__card_money(const ys_planning *p, int32_t offering, int32_t *ret_fund, int64_t *ret_amount, int max,
                   int64_t *ret_sum)
{
    int64_t row[2 * YS_CARD_YEARS + 2], amount[2 * YS_CARD_YEARS + 2], sum = 0;
    int n = ys_plan_charges(p->plan, offering, row, amount, 2 * YS_CARD_YEARS + 2), funds = 0;
    for (int i = 0; i < n && i < 2 * YS_CARD_YEARS + 2; i++) {
        if (row[i] >= p->facts->in.n_funds)
            continue;
        sum += amount[i];
        if (funds == max)
            continue;
        int at = funds++;
        for (; at > 0 && ret_fund[at - 1] > row[i]; at--) {
            ret_fund[at] = ret_fund[at - 1];
            ret_amount[at] = ret_amount[at - 1];
        }
        ret_fund[at] = (int32_t)row[i];
        ret_amount[at] = amount[i];
    }
    *ret_sum = sum;
    return funds;
}

/* Rows of the supply come in key order, first key field bytewise. */
static int64_t find_row(const ys_table *t, const char *key_field, const char *key)
{
    int col = ys_table_find(t, key_field);
    for (int64_t i = 0; key != NULL && i < ys_table_rows(t); i++) {
        if (strcmp(ys_table_get_text(t, col, i), key) == 0)
            return i;
    }
    return -1;
}

const char *ys__card_provider(const ys_planning *p, int32_t offering, const char **ret_code)
{
    const ys_frame *f = p->frame;
    int64_t row = find_row(f->offering, "offering", p->facts->in.offerings[offering].name);
    const char *code =
        row >= 0 ? ys_table_get_text(f->offering, ys_table_find(f->offering, "provider"), row) : NULL;
    int64_t at = find_row(f->provider, "provider", code);
    const char *name =
        at >= 0 ? ys_table_get_text(f->provider, ys_table_find(f->provider, "name"), at) : NULL;
    *ret_code = code;
    return name != NULL && name[0] != '\0' ? name : code != NULL ? code : "";
}

bool ys__card_offers(const ys_card *c, int32_t offering)
{
    const ys_plan_offering *o = &c->planning->facts->in.offerings[offering];
    const ys_areas *areas = c->planning->frame->areas;
    int32_t own = ys_areas_find(areas, ys_areas_code(c->frame->areas, c->area));
    if (own < 0)
        return false;
    int32_t begin = ys_areas_begin(areas, own), end = ys_areas_end(areas, own);
    bool above = o->area_begin <= begin && end <= o->area_end,
         below = begin <= o->area_begin && o->area_end <= end;
    return above || below;
}
