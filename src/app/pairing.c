/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pairing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/fact.h"
#include "base/alloc.h"
#include "base/str.h"

enum { MOST_ROUNDS = 60 };

const char *ys_pair_reason_name(ys_pair_reason r)
{
    static const char *const name[] = {"new", "kept", "moved", "succession"};
    return name[r];
}

const char *ys_pair_alone_name(ys_pair_alone a)
{
    static const char *const name[] = {"paired", "nobody", "excluded", "full", "dear"};
    return name[a];
}

void ys_pairing_free(ys_pairing *p)
{
    if (p == NULL)
        return;
    for (int k = 0; p->rule != NULL && k < p->terms; k++)
        ys_rule_free(p->rule[k]);
    ys_pair_env_free(p->env);
    ys_pair_result_free(p->result);
    ys_distances_free(p->distances);
    void *own[] = {p->term,         p->rule,       p->need_row, p->need_area,  p->giver_row, p->giver_area,
                   p->giver_of_row, p->capacity,   p->kept,     p->before,     p->start,     p->cost,
                   p->slot_at,      p->slot,       p->giver,    p->state,      p->sorted,    p->order,
                   p->quiet,        p->last_price, p->ground,   p->group_area, p->group_at,  p->near};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        ys_free(own[i]);
    ys_table_free(p->need_own);
    ys_table_free(p->giver_own);
    ys_table_free(p->today);
    ys_frame_free(p->frame);
    ys_free(p);
}

const char *ys_pairing_need(const ys_pairing *p, int64_t need)
{
    return ys_table_get_text(p->need_table, p->need_key, p->need_row[need]);
}

const char *ys_pairing_giver(const ys_pairing *p, int64_t giver)
{
    return ys_table_get_text(p->giver_table, p->giver_key, p->giver_row[giver]);
}

int64_t ys_pairing_need_find(const ys_pairing *p, const char *key)
{
    int64_t low = 0, high = p->needs; /* rows come in key order, bytewise */
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (strcmp(ys_pairing_need(p, mid), key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < p->needs && strcmp(ys_pairing_need(p, low), key) == 0 ? low : -1;
}

ys_pair_reason ys_pairing_reason(const ys_pairing *p, int64_t need)
{
    int32_t j = p->giver[p->result->edge[need]];
    if (p->before[need] == NULL)
        return YS_PAIR_NEW;
    if (p->kept[need] == j)
        return YS_PAIR_KEPT;
    return p->kept[need] >= 0 ? YS_PAIR_MOVED : YS_PAIR_SUCCESSION;
}

/* ---- the level ---- */

static ys_status choose_level(ys_pairing *p, const char *name, ys_diag *diag)
{
    int n, terms;
    const ys_pair_level *list = ys_pack_pair_levels(p->frame->pack, &n);
    const ys_pair_term *all = ys_pack_pair_terms(p->frame->pack, &terms);
    ys_str names = {0};
    for (int i = 0; i < n; i++) {
        (void)ys_str_printf(&names, "%s%s", i > 0 ? " " : "", list[i].level);
        if (strcmp(list[i].level, name) == 0)
            p->level = &list[i];
    }
    if (p->level == NULL) {
        char fix_zh[300], fix_en[300];
        snprintf(fix_zh, sizeof fix_zh, n > 0 ? "政策包有：%s" : "政策包没有 pair_levels.csv%s",
                 ys_str_get(&names));
        snprintf(fix_en, sizeof fix_en, n > 0 ? "the pack has: %s" : "the pack has no pair_levels.csv%s",
                 ys_str_get(&names));
        ys_str_done(&names);
        ys_diag_fix(diag, fix_zh, fix_en);
        return ys_fail(diag, YS_ENOTFOUND, "政策包没有结对层次 %s", "the pack has no level of pairing %s",
                       name);
    }
    ys_str_done(&names);
    p->term = ys_calloc((size_t)terms + 1, sizeof(ys_pair_term *));
    if (p->term == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < terms; k++)
        if (strcmp(all[k].level, name) == 0 && !all[k].fault)
            p->term[p->terms++] = &all[k];
    return YS_OK;
}

/* A kind that the frame does not have. */
static ys_status scan(const ys_pairing *p, const char *kind, const ys_reading *how, bool scoped,
                      ys_table **ret, ys_diag *diag)
{
    const ys_kind *k = ys_pack_kind(p->frame->pack, kind);
    ys_scan s = {.as_of_tx = how->as_of_tx,
                 .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                 .scope = scoped ? how->scope : NULL};
    if (k == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有记录类型“%s”", "the pack has no kind %s", kind);
    return ys_store_scan(p->office->store, k, &s, ret, diag);
}

ys_status ys_pair_distances(ys_office *o, const ys_frame *f, const ys_reading *how,
                            ys_distances **ret_distances, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(f->pack, "travel");
    ys_scan s = {.as_of_tx = how->as_of_tx, .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST};
    ys_table *travel = NULL;
    if (kind != NULL)
        YS_TRY(ys_store_scan(o->store, kind, &s, &travel, diag));
    ys_status st = ys_distances_new(f->areas, f->area, travel, ret_distances, diag);
    ys_table_free(travel);
    return st;
}

static ys_status read_sides(ys_pairing *p, const ys_reading *how, ys_diag *diag)
{
    const ys_pair_level *v = p->level;
    if (ys_facts_env_of(p->frame->env, v->need_kind) == NULL)
        YS_TRY(scan(p, v->need_kind, how, true, &p->need_own, diag));
    if (ys_facts_env_of(p->frame->env, v->giver_kind) == NULL)
        YS_TRY(scan(p, v->giver_kind, how, false, &p->giver_own, diag));
    ys_pair_sides sides = {
        .facts = p->frame->env, .need = p->need_own, .giver = p->giver_own, .today = p->frame->today};
    YS_TRY(ys_pair_env_new(p->frame->pack, v, &sides, YS_PAIR_BLOCK, &p->env, diag));
    p->need_table = p->env->need_table;
    p->giver_table = p->env->giver_table;
    YS_TRY(ys_pair_distances(p->office, p->frame, how, &p->distances, diag));
    p->need_key = ys_key_column(ys_pack_kind(p->frame->pack, v->need_kind), p->need_table);
    p->giver_key = ys_key_column(ys_pack_kind(p->frame->pack, v->giver_kind), p->giver_table);
    return YS_OK;
}

ys_status ys_pair_rows(const ys_rule_env *env, const char *rule, int64_t rows, int32_t **ret_row,
                       int64_t *ret_n, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_rule *r = NULL;
    ys_rule_scratch *scratch = ys_rule_scratch_new();
    uint8_t *truth = ys_malloc((size_t)rows + 1);
    int32_t *row = ys_malloc((size_t)rows * sizeof *row + 1);
    int64_t n = 0;
    if (scratch == NULL || truth == NULL || row == NULL)
        YS_GO(ys_fail_nomem(diag));
    memset(truth, YS_TRUE, (size_t)rows);
    if (*rule != '\0') {
        YS_GO(ys_rule_compile(env, rule, &r, diag));
        YS_GO(ys_rule_eval_bool(r, scratch, 0, rows, truth));
    }
    for (int64_t i = 0; i < rows; i++)
        if (truth[i] == YS_TRUE)
            row[n++] = (int32_t)i;
    *ret_row = row;
    *ret_n = n;
    row = NULL;
done:
    ys_rule_free(r);
    ys_rule_scratch_free(scratch);
    ys_free(truth);
    ys_free(row);
    return st;
}

/* A record of a giver that contradicts itself stops the run: nobody knows what it would have meant. */
static ys_status check_givers(const ys_pairing *p, ys_diag *diag)
{
    int n;
    const ys_pair_term *t = ys_pack_pair_terms(p->frame->pack, &n);
    for (int k = 0; k < n; k++) {
        int32_t *row = NULL;
        int64_t found = 0;
        if (!t[k].fault || strcmp(t[k].level, p->level->level) != 0)
            continue;
        YS_TRY(ys_pair_rows(p->env->giver, t[k].expr, ys_table_rows(p->giver_table), &row, &found, diag));
        const char *key = found > 0 ? ys_table_get_text(p->giver_table, p->giver_key, row[0]) : NULL;
        ys_free(row);
        if (found == 0)
            continue;
        ys_diag_value(diag, key);
        ys_diag_fix(diag, "改正这些记录后再导入", "mend these records and import them again");
        return ys_fail(diag, YS_EDATA, "%s %s：%s%.0s（这样的共 %lld 个）", "%s %s: %.0s%s (%lld such)",
                       p->level->giver_kind, key, t[k].label_zh, t[k].label_en, (long long)found);
    }
    return YS_OK;
}

/* The area of each need, or of each giver. */
static ys_status find_areas(const ys_pairing *p, bool givers, int32_t **ret, ys_diag *diag)
{
    const char *kind = givers ? p->level->giver_kind : p->level->need_kind;
    const ys_table *t = givers ? p->giver_table : p->need_table;
    const int32_t *row = givers ? p->giver_row : p->need_row;
    int64_t n = givers ? p->givers : p->needs;
    const ys_kind *k = ys_pack_kind(p->frame->pack, kind);
    int col = *k->area_field != '\0' ? ys_table_find(t, k->area_field) : -1, key = ys_key_column(k, t);
    int32_t *area = ys_malloc((size_t)n * sizeof *area + 1);
    if (area == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++) {
        const char *code = col >= 0 ? ys_table_get_text(t, col, row[i]) : NULL;
        area[i] = code != NULL ? ys_areas_find(p->frame->areas, code) : -1;
        if (code == NULL || area[i] >= 0)
            continue;
        ys_free(area);
        ys_diag_fix(diag, "改正它的地区代码，或把地区导入", "correct its area code, or import the area");
        return ys_fail(diag, YS_EDATA, "%s %s 的地区 %s 不在地区表里",
                       "%s %s is in area %s, which is not in the area table", kind,
                       ys_table_get_text(t, key, row[i]), code);
    }
    *ret = area;
    return YS_OK;
}

/* ---- givers and their places ---- */

static ys_status read_capacity(ys_pairing *p, ys_diag *diag)
{
    const ys_pair_level *v = p->level;
    int col = *v->capacity_field != '\0' ? ys_table_find(p->giver_table, v->capacity_field) : -1;
    p->capacity = ys_malloc((size_t)p->givers * sizeof *p->capacity + 1);
    p->giver_of_row = ys_malloc((size_t)ys_table_rows(p->giver_table) * sizeof *p->giver_of_row + 1);
    if (p->capacity == NULL || p->giver_of_row == NULL)
        return ys_fail_nomem(diag);
    for (int64_t r = 0; r < ys_table_rows(p->giver_table); r++)
        p->giver_of_row[r] = -1;
    for (int64_t j = 0; j < p->givers; j++) {
        int64_t c = col >= 0 ? ys_table_get_int(p->giver_table, col, p->giver_row[j]) : YS_NA;
        c = ys_is_missing(c) ? v->capacity : c;
        if (c < 0 || c > INT32_MAX) {
            ys_diag_fix(diag, "名额应是 0 或正整数", "a capacity is 0 or a positive whole number");
            return ys_fail(diag, YS_EDATA, "%s %s 的名额是 %lld", "%s %s has capacity %lld", v->giver_kind,
                           ys_pairing_giver(p, j), (long long)c);
        }
        p->capacity[j] = (int32_t)c;
        p->no_place += c == 0;
        p->no_area += p->giver_area[j] < 0 && *v->reach != '\0';
        p->giver_of_row[p->giver_row[j]] = (int32_t)j;
    }
    return YS_OK;
}

static ys_status no_side(const ys_pairing *p, bool givers, ys_diag *diag)
{
    const ys_kind *k = ys_pack_kind(p->frame->pack, givers ? p->level->giver_kind : p->level->need_kind);
    ys_diag_fix(diag, givers ? "导入帮扶方的表（起止日期要在有效期内）" : "导入受帮方的表，或换一个地区",
                givers ? "import the table of givers (their dates must hold today)"
                       : "import those who need, or take another area");
    return ys_fail(diag, YS_EDATA, givers ? "没有可用的帮扶方（%s）%.0s" : "没有受帮方（%s）%.0s",
                   givers ? "%.0sthere is no giver at work (%s)" : "%.0snobody needs a giver (%s)",
                   k->label_zh, k->label_en);
}

/* Takers may cost more and more: places of a giver, no more than it could use. */
static ys_status price_places(ys_pairing *p, ys_diag *diag)
{
    int64_t all = 0;
    p->slot_at = ys_calloc((size_t)p->givers + 1, sizeof *p->slot_at);
    if (p->slot_at == NULL)
        return ys_fail_nomem(diag);
    for (int64_t j = 0; j < p->givers; j++) {
        if (p->capacity[j] > p->needs)
            p->capacity[j] = (int32_t)p->needs;
        all += p->capacity[j];
        p->slot_at[j + 1] = all;
    }
    p->slot = ys_malloc((size_t)all * sizeof *p->slot + 1);
    if (p->slot == NULL)
        return ys_fail_nomem(diag);
    for (int64_t j = 0; j < p->givers; j++)
        for (int32_t k = 0; k < p->capacity[j]; k++)
            p->slot[p->slot_at[j] + k] = p->level->step * k;
    return YS_OK;
}

/* ---- today's pairs ---- */

static ys_status read_today(ys_pairing *p, const ys_reading *how, ys_diag *diag)
{
    ys_index *givers = NULL;
    ys_status st = YS_OK;
    const ys_kind *kind = ys_pack_kind(p->frame->pack, "pairing");
    ys_scan s = {.as_of_tx = how->as_of_tx,
                 .valid_on = how->valid_on != 0 ? how->valid_on : YS_SCAN_LATEST,
                 .where_field = "pair_level",
                 .where_value = p->level->level};
    if (kind == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有记录类型“pairing”", "the pack has no kind pairing");
    YS_GO(ys_store_scan(p->office->store, kind, &s, &p->today, diag));
    YS_GO(ys_index_new(p->giver_table, p->giver_key, &givers, diag));
    int need = ys_table_find(p->today, "need"), giver = ys_table_find(p->today, "giver"),
        area = ys_table_find(p->today, "area");
    int32_t scope = how->scope != NULL ? ys_areas_find(p->frame->areas, how->scope) : -1;
    for (int64_t r = 0; r < ys_table_rows(p->today); r++) {
        const char *who = ys_table_get_text(p->today, giver, r),
                   *where = ys_table_get_text(p->today, area, r);
        int64_t i = ys_pairing_need_find(p, ys_table_get_text(p->today, need, r)),
                row = who != NULL ? ys_index_find(givers, who) : -1;
        int32_t j = row >= 0 ? p->giver_of_row[row] : -1;
        if (who != NULL && row < 0 && (i >= 0 || scope < 0)) {
            p->unknown_giver = p->unknown_givers == 0 ? who : p->unknown_giver;
            p->unknown_givers++;
        }
        if (i >= 0 && who != NULL) {
            p->before[i] = who;
            p->kept[i] = j >= 0 ? j : -2;
        } else if (scope >= 0 && j >= 0 && p->capacity[j] > 0 && where != NULL &&
                   !ys_areas_within(p->frame->areas, ys_areas_find(p->frame->areas, where), scope)) {
            p->capacity[j]--; /* a need outside the scope keeps its place */
            p->busy++;
        }
    }
done:
    ys_index_free(givers);
    return st;
}

static ys_status read_pairing(ys_pairing *p, const ys_pairing_args *a, ys_diag *diag)
{
    const ys_pair_level *v;
    YS_TRY(choose_level(p, a->level, diag));
    v = p->level;
    YS_TRY(read_sides(p, &a->reading, diag));
    YS_TRY(check_givers(p, diag));
    YS_TRY(ys_pair_rows(p->env->need, v->need_rule, ys_table_rows(p->need_table), &p->need_row, &p->needs,
                        diag));
    YS_TRY(ys_pair_rows(p->env->giver, v->giver_rule, ys_table_rows(p->giver_table), &p->giver_row,
                        &p->givers, diag));
    if (p->needs == 0 || p->givers == 0)
        return no_side(p, p->givers == 0, diag);
    YS_TRY(find_areas(p, false, &p->need_area, diag));
    YS_TRY(find_areas(p, true, &p->giver_area, diag));
    YS_TRY(read_capacity(p, diag));
    p->kept = ys_malloc((size_t)p->needs * sizeof *p->kept + 1);
    p->before = ys_calloc((size_t)p->needs + 1, sizeof *p->before);
    p->state = ys_calloc((size_t)p->needs + 1, 1);
    if (p->kept == NULL || p->before == NULL || p->state == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < p->needs; i++)
        p->kept[i] = -1;
    YS_TRY(read_today(p, &a->reading, diag));
    return price_places(p, diag);
}

/* ---- solving ---- */

static ys_status solve_once(ys_pairing *p, const ys_pairing_args *a, ys_diag *diag)
{
    ys_pair_config config = {.threads = a->threads, .interrupted = a->interrupted, .arg = a->arg};
    p->in = (ys_pair_input){.needs = p->needs,
                            .givers = p->givers,
                            .start = p->start,
                            .giver = p->giver,
                            .cost = p->cost,
                            .capacity = p->capacity,
                            .slot_at = p->slot_at,
                            .slot = p->slot,
                            .alone_all = p->level->alone};
    ys_pair_result *r = NULL;
    YS_TRY(ys_pair_solve(&p->in, &config, &r, diag));
    ys_pair_result_free(p->result);
    p->result = r;
    return ys_pair_check(&p->in, r, &p->value, &p->dual, diag);
}

/* First over the nearest, then with whatever outside the lists would make it better, until nothing does. */
static ys_status solve(ys_pairing *p, const ys_pairing_args *a, ys_diag *diag)
{
    double start = ys_clock_seconds();
    YS_TRY(ys__pair_edges_begin(p, diag));
    YS_TRY(ys__pair_edges_make(p, a->candidates > 0 ? a->candidates : p->level->candidates, diag));
    p->seconds_build = ys_clock_seconds() - start;
    while (p->rounds < MOST_ROUNDS && !p->complete) {
        int64_t found = 0;
        start = ys_clock_seconds();
        YS_TRY(solve_once(p, a, diag));
        p->seconds_solve += ys_clock_seconds() - start;
        start = ys_clock_seconds();
        p->rounds++;
        YS_TRY(ys__pair_look_wider(p, a, &found, diag));
        p->seconds_wider += ys_clock_seconds() - start;
        if (p->stopped)
            return YS_OK;
        p->complete = found == 0;
    }
    return p->complete ? YS_OK : solve_once(p, a, diag); /* the lists grew once more */
}

/* Why a need without a giver has none.  Its list may be empty though somebody may help it: all of them are full then,
 * and too dear at their prices to be listed. */
static ys_status find_state(ys_pairing *p, int64_t i, int32_t *near, int64_t *points, uint8_t *ok,
                            ys_diag *diag)
{
    bool any = false, room = false;
    if (p->result->edge[i] >= 0)
        return YS_OK;
    for (int64_t e = p->start[i]; e < p->start[i + 1]; e++) {
        any = true;
        room |= p->result->load[p->giver[e]] < p->capacity[p->giver[e]];
    }
    int64_t n = 0;
    if (!any)
        YS_TRY(ys__pair_within(p, (int32_t)i, p->givers, near, &n, diag));
    p->state[i] = YS_PAIR_NOBODY;
    for (int64_t from = 0; from < n && !any; from += YS_PAIR_BLOCK) {
        int64_t part = n - from < YS_PAIR_BLOCK ? n - from : YS_PAIR_BLOCK;
        for (int64_t k = 0; k < part; k++)
            ys__pair_put(p, k, i, near[from + k]);
        YS_TRY(ys__pair_price(p, part, points, ok, NULL, diag));
        for (int64_t k = 0; k < part; k++) {
            any |= ok[k];
            room |= ok[k] && p->result->load[near[from + k]] < p->capacity[near[from + k]];
        }
    }
    if (any)
        p->state[i] = room ? YS_PAIR_DEAR : YS_PAIR_FULL;
    else if (n > 0)
        p->state[i] = YS_PAIR_EXCLUDED;
    return YS_OK;
}

bool ys__pairing_ends(const ys_pairing *p, int64_t r)
{
    const ys_areas *areas = p->frame->areas;
    int64_t i = ys_pairing_need_find(p, ys_table_get_text(p->today, ys_table_find(p->today, "need"), r));
    if (i >= 0)
        return p->result->edge[i] < 0;
    if (p->scope == NULL)
        return true;
    const char *area = ys_table_get_text(p->today, ys_table_find(p->today, "area"), r);
    int32_t at = area != NULL ? ys_areas_find(areas, area) : -1, around = ys_areas_find(areas, p->scope);
    return at >= 0 && around >= 0 && ys_areas_within(areas, at, around);
}

static ys_status find_states(ys_pairing *p, ys_diag *diag)
{
    ys_status st = YS_OK;
    int32_t *near = ys_malloc(((size_t)p->givers + 1) * sizeof *near);
    int64_t *points = ys_malloc((size_t)YS_PAIR_BLOCK * ((size_t)p->terms + 1) * sizeof *points);
    uint8_t *ok = ys_malloc(YS_PAIR_BLOCK);
    if (near == NULL || points == NULL || ok == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int64_t i = 0; i < p->needs; i++) {
        YS_GO(find_state(p, i, near, points, ok, diag));
        p->alone[p->state[i]]++;
        if (p->state[i] == YS_PAIR_PAIRED)
            p->count[ys_pairing_reason(p, i)]++;
    }
    for (int64_t r = 0; r < ys_table_rows(p->today); r++)
        p->ended += ys__pairing_ends(p, r);
done:
    ys_free(near);
    ys_free(points);
    ys_free(ok);
    return st;
}

ys_status ys_pairing_make(ys_office *o, const ys_pairing_args *args, ys_pairing **ret_pairing, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_pairing *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    p->office = o;
    p->scope = args->reading.scope;
    double start = ys_clock_seconds();
    st = ys_store_head(o->store, &p->head, diag);
    if (st != YS_OK && st != YS_ENOTFOUND)
        goto done;
    ys_diag_clear(diag); /* nothing was ever written: the reading finds nobody and says so */
    YS_GO(ys_office_frame(o, &args->reading, &p->frame, diag));
    YS_GO(read_pairing(p, args, diag));
    p->seconds_read = ys_clock_seconds() - start;
    YS_GO(solve(p, args, diag));
    YS_GO(find_states(p, diag));
    *ret_pairing = p;
    p = NULL;
done:
    ys_pairing_free(p);
    return st;
}
