/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/card_pairs.h"
#include "app/card.h"
#include "base/alloc.h"
#include "base/num.h"
#include "registry/kinds.h"

static ys_fact_how how_of(const ys_card *c)
{
    return (ys_fact_how){.pack = c->office->pack, .zh = true, .unmask = c->unmask};
}

static void json_fields(const ys_card *c, ys_json *j, const char *key, const ys_kind *k, const ys_table *t,
                        int64_t row)
{
    ys_fact_how how = how_of(c);
    ys_json_object(j, key);
    for (int f = 0; f < k->field_count; f++)
        ys_fact_json(j, &how, &k->fields[f], t, row);
    ys_json_end(j);
}

/* What the rules of the pack and the engine compute beside the fields. */
static void json_derived(const ys_card *c, ys_json *j, const char *kind, const ys_table *t, int64_t row)
{
    int n;
    char buf[64];
    ys_fact_how how = how_of(c);
    how.codes = true;
    const ys_derived *d = ys_pack_derived(c->office->pack, &n);
    ys_json_object(j, "computed");
    for (int i = 0; i < n; i++) {
        int col = ys_table_find(t, d[i].name);
        if (strcmp(d[i].kind, kind) != 0 || col < 0)
            continue;
        if (ys_table_missing(t, col, row))
            ys_json_null(j, d[i].name);
        else if (d[i].type == YS_BOOL)
            ys_json_bool(j, d[i].name, ys_table_get_int(t, col, row) != 0);
        else if (d[i].type == YS_REAL)
            ys_json_real(j, d[i].name, ys_table_get_real(t, col, row));
        else if (d[i].type == YS_INT)
            ys_json_int(j, d[i].name, ys_table_get_int(t, col, row));
        else if (d[i].type == YS_MONEY)
            ys_json_money(j, d[i].name, ys_table_get_int(t, col, row), ys_pack_digits(c->office->pack));
        else
            ys_json_text(j, d[i].name, ys_fact_column(&how, t, col, row, buf, sizeof buf));
    }
    ys_json_end(j);
}

static void json_rows(const ys_card *c, ys_json *j, const char *key, const ys_card_rows *r)
{
    ys_json_array(j, key);
    for (int64_t i = 0; i < ys_table_rows(r->table); i++) {
        ys_json_object(j, NULL);
        json_fields(c, j, "fields", r->kind, r->table, i);
        ys_source_json(j, "source", &r->from[i]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_members(const ys_card *c, ys_json *j)
{
    const ys_frame *f = c->frame;
    int key = ys_table_find(c->person.table, "person"), col = ys_table_find(f->person, "person");
    ys_json_array(j, "members");
    for (int64_t i = 0; i < ys_table_rows(c->person.table); i++) {
        const char *who = ys_table_get_text(c->person.table, key, i);
        ys_json_object(j, NULL);
        json_fields(c, j, "fields", c->person.kind, c->person.table, i);
        for (int64_t k = f->members->start[c->h]; k < f->members->start[c->h + 1]; k++) {
            if (strcmp(ys_table_get_text(f->person, col, f->members->item[k]), who) == 0)
                json_derived(c, j, "person", f->person, f->members->item[k]);
        }
        ys_source_json(j, "source", &c->person.from[i]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_income(const ys_card *c, ys_json *j)
{
    const ys_frame *f = c->frame;
    int digits = ys_pack_digits(c->office->pack);
    int64_t h = c->h, n = f->col.size[h];
    ys_json_object(j, "income");
    ys_json_text(j, "period", f->period);
    ys_json_money(j, "line", f->line->amount, digits);
    ys_json_text(j, "line_source", f->line->source);
    ys_json_int(j, "persons", n);
    ys_json_money(j, "statutory", f->col.total[h], digits);
    if (n > 0)
        ys_json_money(j, "statutory_per_head",
                      ys_table_get_int(f->household, ys_table_find(f->household, "income_pc"), h), digits);
    ys_json_bool(j, "poor", f->col.poor[h] == 1);
    ys_json_money(j, "after_rigid", f->col.ystar[h], digits);
    ys_json_money(j, "wage", f->col.wage[h], digits);
    ys_json_money(j, "business", f->col.business[h], digits);
    ys_json_money(j, "property", f->col.property[h], digits);
    ys_json_money(j, "transfer", f->col.transfer[h], digits);
    ys_json_money(j, "rigid", f->col.rigid[h], digits);
    ys_json_money(j, "public_transfer", f->col.public_transfer[h], digits);
    ys_json_end(j);
}

static ys_status json_deprivations(const ys_card *c, ys_json *j, ys_diag *diag)
{
    int n;
    const ys_indicator *in = ys_pack_indicators(c->office->pack, &n);
    ys_json_array(j, "deprivations");
    for (int i = 0; i < n; i++) {
        uint8_t *truth = NULL;
        YS_TRY(ys_frame_deprived(c->frame, &in[i], &truth, NULL, diag));
        ys_json_object(j, NULL);
        ys_json_text(j, "indicator", in[i].name);
        ys_json_text(j, "zh", in[i].label_zh);
        ys_json_text(j, "en", in[i].label_en);
        ys_json_bool(j, "statutory", in[i].statutory);
        if (truth[c->h] == YS_UNKNOWN)
            ys_json_null(j, "deprived");
        else
            ys_json_bool(j, "deprived", truth[c->h] == YS_TRUE);
        ys_json_text(j, "source", in[i].source);
        ys_json_end(j);
        ys_free(truth);
    }
    ys_json_end(j);
    return YS_OK;
}

/* ---- root ---- */

static void json_amounts(const ys_card *c, ys_json *j, const char *key, int64_t *const *amount)
{
    ys_json_object(j, key);
    for (int k = 0; k < YS_ROOTS; k++) {
        if (ys_is_missing(amount[k][c->h]))
            ys_json_null(j, ys_root_name((ys_root)k));
        else
            ys_json_money(j, ys_root_name((ys_root)k), amount[k][c->h], ys_pack_digits(c->office->pack));
    }
    ys_json_end(j);
}

static void json_missing(const ys_card *c, ys_json *j)
{
    int n;
    const ys_entitlement *e = ys_pack_entitlements(c->office->pack, &n);
    ys_json_money(j, "missing_benefit", c->diagnosis->missing[c->h], ys_pack_digits(c->office->pack));
    ys_json_array(j, "missing_benefits");
    for (int i = 0; i < n && i < 64; i++) {
        if ((c->diagnosis->missing_which[c->h] >> i & 1) == 0)
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "entitlement", e[i].entitlement);
        ys_json_text(j, "zh", e[i].label_zh);
        ys_json_text(j, "en", e[i].label_en);
        ys_json_text(j, "source", e[i].source);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_declared(const ys_card *c, ys_json *j)
{
    const ys_diagnosis *d = c->diagnosis;
    int n;
    const ys_cause *causes = ys_pack_causes(c->office->pack, &n);
    int32_t cause = d->cause[c->h];
    ys_json_text(j, "declared", cause >= 0 ? causes[cause].cause : NULL);
    ys_json_text(j, "declared_zh", cause >= 0 ? causes[cause].label_zh : NULL);
    ys_json_text(j, "declared_en", cause >= 0 ? causes[cause].label_en : NULL);
    ys_json_text(j, "declared_root", cause >= 0 ? ys_root_name((ys_root)d->declared[c->h]) : NULL);
    if (d->evidence[c->h] == YS_UNKNOWN)
        ys_json_null(j, "evidence");
    else
        ys_json_bool(j, "evidence", d->evidence[c->h] == YS_TRUE);
    ys_json_bool(j, "conflict_factor", (d->conflict[c->h] & YS_CONFLICT_FACTOR) != 0);
    ys_json_bool(j, "conflict_evidence", (d->conflict[c->h] & YS_CONFLICT_EVIDENCE) != 0);
}

static ys_status json_root(const ys_card *c, ys_json *j, ys_diag *diag)
{
    static const char *const states[] = {"below", "above", "unknown"};
    const ys_roots *r = c->diagnosis->roots;
    int64_t h = c->h;
    int digits = ys_pack_digits(c->office->pack);
    ys_str zh = {0}, en = {0};
    ys_status st = YS_OK;
    YS_GO(ys_diagnosis_sentence(c->diagnosis, h, "zh", &zh, diag));
    YS_GO(ys_diagnosis_sentence(c->diagnosis, h, "en", &en, diag));
    ys_json_object(j, "root");
    ys_json_text(j, "zh", ys_str_get(&zh));
    ys_json_text(j, "en", ys_str_get(&en));
    ys_json_text(j, "state", states[r->state[h]]);
    ys_json_text(j, "top", ys_root_name((ys_root)r->top[h]));
    ys_json_text(j, "second", ys_root_name((ys_root)r->second[h]));
    ys_json_bool(j, "stable", r->stable[h] != 0);
    ys_json_int(j, "agree_of_9", r->agree[h]);
    if (ys_is_missing(r->gap[h]))
        ys_json_null(j, "gap");
    else
        ys_json_money(j, "gap", r->gap[h], digits);
    json_amounts(c, j, "contributions", r->contribution);
    ys_json_text(j, "peer_level", ys_diagnosis_peer_level(c->diagnosis, (ys_peer_level)r->peer_level[h]));
    ys_json_int(j, "peers", r->peers[h]);
    if (ys_is_missing(r->peer_gap[h]))
        ys_json_null(j, "peer_gap");
    else
        ys_json_money(j, "peer_gap", r->peer_gap[h], digits);
    json_amounts(c, j, "peer_contributions", r->peer_contribution);
    json_declared(c, j);
    json_missing(c, j);
    ys_json_end(j);
done:
    ys_str_done(&zh);
    ys_str_done(&en);
    return st;
}

static void json_village(const ys_card *c, ys_json *j)
{
    int64_t row = c->frame->village_row[c->h];
    if (row < 0) {
        ys_json_null(j, "village");
        return;
    }
    ys_json_object(j, "village");
    ys_json_text(j, "area", ys_areas_code(c->frame->areas, c->area));
    ys_json_text(j, "name", ys_areas_name(c->frame->areas, c->area));
    ys_json_array(j, "deficits");
    for (int i = 0; i < c->diagnosis->deficits; i++) {
        if (c->diagnosis->deficit_truth[i][row] != YS_TRUE)
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "indicator", c->diagnosis->deficit[i]->name);
        ys_json_text(j, "zh", c->diagnosis->deficit[i]->label_zh);
        ys_json_text(j, "en", c->diagnosis->deficit[i]->label_en);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_end(j);
}

/* ---- history ---- */

static void json_versions(const ys_card *c, ys_json *j, const char *key, const ys_kind *k, const ys_table *t)
{
    char day[24];
    ys_json_array(j, key);
    for (int64_t r = 0; r < ys_table_rows(t); r++) {
        int64_t to = ys_table_get_int(t, ys_table_find(t, "_valid_to"), r),
                closed = ys_table_get_int(t, ys_table_find(t, "_tx_to"), r);
        ys_json_object(j, NULL);
        ys_json_text(j, "valid_from",
                     ys_format_date((int32_t)ys_table_get_int(t, ys_table_find(t, "_valid_from"), r), day,
                                    sizeof day));
        ys_json_text(j, "valid_to", ys_is_missing(to) ? NULL : ys_format_date((int32_t)to, day, sizeof day));
        ys_json_int(j, "written_by", ys_table_get_int(t, ys_table_find(t, "_tx_from"), r));
        if (ys_is_missing(closed))
            ys_json_null(j, "replaced_by");
        else
            ys_json_int(j, "replaced_by", closed);
        json_fields(c, j, "fields", k, t, r);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_area(const ys_card *c, ys_json *j)
{
    char path[400] = "";
    if (c->area < 0) {
        ys_json_null(j, "area");
        return;
    }
    ys_areas_path(c->frame->areas, c->area, path, sizeof path);
    ys_json_object(j, "area");
    ys_json_text(j, "code", ys_areas_code(c->frame->areas, c->area));
    ys_json_text(j, "path", path);
    ys_json_end(j);
}

static ys_status json_household(const ys_card *c, ys_json *j, ys_diag *diag)
{
    ys_json_text(j, "household", c->key);
    json_area(c, j);
    ys_json_object(j, "facts");
    json_fields(c, j, "household", c->household.kind, c->household.table, 0);
    ys_source_json(j, "source", &c->household.from[0]);
    json_derived(c, j, "household", c->frame->household, c->h);
    json_members(c, j);
    json_rows(c, j, "income", &c->income);
    json_rows(c, j, "wishes", &c->wish);
    ys_json_end(j);
    json_income(c, j);
    YS_TRY(json_deprivations(c, j, diag));
    YS_TRY(json_root(c, j, diag));
    json_village(c, j);
    ys__card_plan_json(c, j);
    ys_pair_card_json(c->pairs, j);
    ys_json_object(j, "history");
    json_versions(c, j, "household", c->household.kind, c->versions);
    json_versions(c, j, "root", &ys_kind_root, c->root_versions);
    ys_json_end(j);
    return YS_OK;
}

ys_status ys_card_json(const ys_card *c, ys_json *j, ys_diag *diag)
{
    ys_json_bool(j, "synthetic", c->office->synthetic);
    ys_json_bool(j, "masked", !c->unmask);
    if (!c->of_area)
        return json_household(c, j, diag);
    json_area(c, j);
    if (c->place.table != NULL && ys_table_rows(c->place.table) > 0) {
        ys_json_object(j, "facts");
        json_fields(c, j, c->place.kind->name, c->place.kind, c->place.table, 0);
        ys_source_json(j, "source", &c->place.from[0]);
        ys_json_end(j);
    }
    YS_TRY(ys__card_area_json(c, j, diag));
    ys__card_plan_json(c, j);
    ys_pair_card_json(c->pairs, j);
    return YS_OK;
}
