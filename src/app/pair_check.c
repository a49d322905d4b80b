/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts of a run of pairing, read anew, and its pairs one by one.  Written from docs/pair-model.md alone.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/pair_proof_internal.h"
#include "base/alloc.h"
#include "registry/kinds.h"

const char *ys__pair_key(const ys__pair_side *s, int32_t number)
{
    return ys_table_get_text(s->table, s->key, s->row[number]);
}

static void side_done(ys__pair_side *s)
{
    void *own[] = {s->row, s->number, s->area, s->in_order};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        ys_free(own[i]);
    ys_index_free(s->by_key);
    ys_table_free(s->own);
}

static void facts_done(ys__pair_facts *f)
{
    for (int k = 0; f->rule != NULL && k < f->terms; k++)
        ys_rule_free(f->rule[k]);
    void *own[] = {f->term,        f->rule,  f->own,     f->was,   f->after_row,
                   f->pays,        f->price, f->places,  f->taken, f->batch_need,
                   f->batch_giver, f->cost,  f->allowed, f->truth, f->number};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        ys_free(own[i]);
    ys_rule_scratch_free(f->scratch);
    ys_pair_env_free(f->env);
    side_done(&f->need);
    side_done(&f->giver);
    ys_distances_free(f->distances);
    ys_table_free(f->before);
    ys_table_free(f->after);
    ys_table_free(f->prices);
    ys_frame_free(f->frame);
}

/* ---- reading ---- */

static ys_status scan(const ys__pair_facts *f, const ys_kind *kind, int64_t tx, const char *field,
                      const char *value, ys_table **ret, ys_diag *diag)
{
    ys_scan s = {.as_of_tx = tx, .valid_on = YS_SCAN_LATEST, .where_field = field, .where_value = value};
    return ys_store_scan(f->office->store, kind, &s, ret, diag);
}

static ys_status read_frame(ys__pair_facts *f, ys_diag *diag)
{
    int n;
    const ys__pair_claim *c = &f->proof->claim;
    const ys_pack *pack = f->office->pack;
    const ys_line *lines = ys_pack_lines(pack, &n), *line = NULL;
    for (int i = 0; i < n && line == NULL; i++)
        if (lines[i].amount == c->line)
            line = &lines[i];
    if (line == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有金额为 %lld 的贫困线",
                       "the pack has no poverty line of %lld minor units", (long long)c->line);
    ys_frame_args a = {.store = f->office->store,
                       .pack = pack,
                       .line = line,
                       .period = c->income_period,
                       .today = (int32_t)c->today,
                       .valid_on = YS_SCAN_LATEST,
                       .as_of_tx = c->facts_tx,
                       .scope = c->scope};
    YS_TRY(ys_frame_read(&a, &f->frame, diag));
    const ys_kind *travel = ys_pack_kind(pack, "travel");
    ys_table *t = NULL;
    if (travel != NULL)
        YS_TRY(scan(f, travel, c->facts_tx, NULL, NULL, &t, diag));
    ys_status st = ys_distances_new(f->frame->areas, f->frame->area, t, &f->distances, diag);
    ys_table_free(t);
    return st;
}

static ys_status open_side(ys__pair_facts *f, ys__pair_side *s, const char *kind, bool scoped, ys_diag *diag)
{
    s->kind = ys_pack_kind(f->office->pack, kind);
    if (s->kind == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有记录类型“%s”", "the pack has no kind %s", kind);
    if (ys_facts_env_of(f->frame->env, kind) != NULL)
        return YS_OK;
    ys_scan how = {.as_of_tx = f->proof->claim.facts_tx,
                   .valid_on = YS_SCAN_LATEST,
                   .scope = scoped ? f->proof->claim.scope : NULL};
    return ys_store_scan(f->office->store, s->kind, &how, &s->own, diag);
}

static int by_area_then_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Numbers by area (those without one first), then by themselves. */
static ys_status order_side(ys__pair_side *s, ys_diag *diag)
{
    int64_t *both = ys_malloc((size_t)s->n * sizeof *both + 1);
    s->in_order = ys_malloc((size_t)s->n * sizeof *s->in_order + 1);
    if (both == NULL || s->in_order == NULL) {
        ys_free(both);
        return ys_fail_nomem(diag);
    }
    for (int64_t i = 0; i < s->n; i++)
        both[i] = ((int64_t)s->area[i] + 1) << 32 | i;
    qsort(both, (size_t)s->n, sizeof *both, by_area_then_number);
    for (int64_t i = 0; i < s->n; i++)
        s->in_order[i] = (int32_t)(both[i] & 0x7fffffff);
    ys_free(both);
    return YS_OK;
}

/* Who is on this side: the rows for which the rule is true. */
static ys_status fill_side(ys__pair_facts *f, ys__pair_side *s, const ys_rule_env *env, const char *rule,
                           ys_diag *diag)
{
    int64_t rows = ys_table_rows(s->table);
    ys_rule *r = NULL;
    ys_status st = YS_OK;
    uint8_t *truth = ys_malloc((size_t)rows + 1);
    int place = *s->kind->area_field != '\0' ? ys_table_find(s->table, s->kind->area_field) : -1;
    for (int c = 0; c < s->kind->field_count; c++)
        if (s->kind->fields[c].key)
            s->key = ys_table_find(s->table, s->kind->fields[c].name);
    s->row = ys_malloc((size_t)rows * sizeof *s->row + 1);
    s->number = ys_malloc((size_t)rows * sizeof *s->number + 1);
    s->area = ys_malloc((size_t)rows * sizeof *s->area + 1);
    if (!truth || !s->row || !s->number || !s->area)
        YS_GO(ys_fail_nomem(diag));
    memset(truth, YS_TRUE, (size_t)rows);
    if (*rule != '\0') {
        YS_GO(ys_rule_compile(env, rule, &r, diag));
        YS_GO(ys_rule_eval_bool(r, f->scratch, 0, rows, truth));
    }
    for (int64_t i = 0; i < rows; i++) {
        const char *code = place >= 0 ? ys_table_get_text(s->table, place, i) : NULL;
        s->number[i] = truth[i] == YS_TRUE ? (int32_t)s->n : -1;
        if (truth[i] != YS_TRUE)
            continue;
        s->area[s->n] = code != NULL ? ys_areas_find(f->frame->areas, code) : -1;
        s->row[s->n++] = (int32_t)i;
    }
    YS_GO(ys_index_new(s->table, s->key, &s->by_key, diag));
    st = order_side(s, diag);
done:
    ys_rule_free(r);
    ys_free(truth);
    return st;
}

/* Number on a side by key, -1: not there. */
static int32_t find(const ys__pair_side *s, const char *key)
{
    int64_t row = key != NULL ? ys_index_find(s->by_key, key) : -1;
    return row >= 0 ? s->number[row] : -1;
}

static ys_status read_level(ys__pair_facts *f, ys_diag *diag)
{
    int n, all;
    const char *name = f->proof->claim.level;
    const ys_pair_level *levels = ys_pack_pair_levels(f->office->pack, &n);
    const ys_pair_term *terms = ys_pack_pair_terms(f->office->pack, &all);
    for (int i = 0; i < n; i++)
        if (strcmp(levels[i].level, name) == 0)
            f->level = &levels[i];
    if (f->level == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有结对层次 %s", "the pack has no level of pairing %s", name);
    f->term = ys_calloc((size_t)all + 1, sizeof *f->term);
    f->rule = ys_calloc((size_t)all + 1, sizeof *f->rule);
    f->scratch = ys_rule_scratch_new();
    if (f->term == NULL || f->rule == NULL || f->scratch == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < all; k++)
        if (strcmp(terms[k].level, name) == 0 && !terms[k].fault)
            f->term[f->terms++] = &terms[k];
    return YS_OK;
}

static ys_status read_sides(ys__pair_facts *f, ys_diag *diag)
{
    const ys_pair_level *v = f->level;
    YS_TRY(open_side(f, &f->need, v->need_kind, true, diag));
    YS_TRY(open_side(f, &f->giver, v->giver_kind, false, diag));
    ys_pair_sides sides = {.facts = f->frame->env,
                           .need = f->need.own,
                           .giver = f->giver.own,
                           .today = (int32_t)f->proof->claim.today};
    YS_TRY(ys_pair_env_new(f->office->pack, v, &sides, YS_PAIR_BATCH, &f->env, diag));
    f->need.table = f->env->need_table;
    f->giver.table = f->env->giver_table;
    YS_TRY(fill_side(f, &f->need, f->env->need, v->need_rule, diag));
    YS_TRY(fill_side(f, &f->giver, f->env->giver, v->giver_rule, diag));
    for (int k = 0; k < f->terms; k++)
        YS_TRY(ys_rule_compile(f->env->env, f->term[k]->expr, &f->rule[k], diag));
    f->proof->needs = f->need.n;
    f->proof->givers = f->giver.n;
    return YS_OK;
}

static ys_status make_arrays(ys__pair_facts *f, ys_diag *diag)
{
    size_t n = (size_t)f->need.n + 1, m = (size_t)f->giver.n + 1;
    f->own = ys_malloc(n * sizeof *f->own);
    f->was = ys_malloc(n * sizeof *f->was);
    f->after_row = ys_malloc(n * sizeof *f->after_row);
    f->pays = ys_calloc(n, sizeof *f->pays);
    f->price = ys_calloc(m, sizeof *f->price);
    f->places = ys_calloc(m, sizeof *f->places);
    f->taken = ys_calloc(m, sizeof *f->taken);
    f->batch_need = ys_malloc(YS_PAIR_BATCH * sizeof *f->batch_need);
    f->batch_giver = ys_malloc(YS_PAIR_BATCH * sizeof *f->batch_giver);
    f->cost = ys_malloc(YS_PAIR_BATCH * sizeof *f->cost);
    f->allowed = ys_malloc(YS_PAIR_BATCH);
    f->truth = ys_malloc(YS_PAIR_BATCH);
    f->number = ys_malloc(YS_PAIR_BATCH * sizeof *f->number);
    if (!f->own || !f->was || !f->after_row || !f->pays || !f->price || !f->places || !f->taken ||
        !f->batch_need || !f->batch_giver || !f->cost || !f->allowed || !f->truth || !f->number)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < f->need.n; i++) {
        f->own[i] = f->was[i] = -1;
        f->after_row[i] = -1;
        f->pays[i] = f->level->alone;
    }
    return YS_OK;
}

/* ---- pairs priced ---- */

void ys__pair_batch_row(ys__pair_facts *f, int64_t at, int32_t need, int32_t giver)
{
    const ys_areas *areas = f->frame->areas;
    int32_t a = f->need.area[need], b = f->giver.area[giver], up = a;
    f->env->need_row[at] = f->need.row[need];
    f->env->giver_row[at] = f->giver.row[giver];
    f->env->kept[at] = f->was[need] == giver;
    while (up >= 0 && (b < 0 || !ys_areas_within(areas, b, up)))
        up = ys_areas_parent(areas, up);
    f->env->common[at] = up >= 0 && ys_areas_level(areas, up) >= 0 ? ys_areas_level(areas, up) : YS_CODE_NA;
    int32_t km = ys_distances_km(f->distances, a, b), minutes = ys_distances_minutes(f->distances, a, b);
    f->env->km[at] = km < 0 ? ys_real_na() : km;
    f->env->minutes[at] = minutes < 0 ? ys_real_na() : minutes;
}

ys_status ys__pair_term_points(ys__pair_facts *f, int term, int64_t n, int64_t *points, ys_diag *diag)
{
    const ys_pair_term *t = f->term[term];
    const ys_rule *r = f->rule[term];
    if (ys_rule_result(r) == YS_RT_BOOL) {
        ys_status st = ys_rule_eval_bool(r, f->scratch, 0, n, f->truth);
        if (st != YS_OK)
            return ys_fail(diag, st, "结对项 %s 无法计算", "the term %s cannot be computed", t->term);
        for (int64_t i = 0; points != NULL && i < n; i++)
            points[i] = f->truth[i] == YS_TRUE || (f->truth[i] == YS_UNKNOWN && t->cost > 0) ? t->cost : 0;
        return YS_OK;
    }
    ys_status st = ys_rule_eval_real(r, f->scratch, 0, n, f->number);
    if (st != YS_OK)
        return ys_fail(diag, st, "结对项 %s 无法计算", "the term %s cannot be computed", t->term);
    for (int64_t i = 0; i < n; i++) {
        double x = isnan(f->number[i]) ? 0 : floor((double)t->cost * f->number[i] + 0.5);
        if (!(x >= -1e12 && x <= 1e12))
            return ys_fail(diag, YS_ELIMIT, "结对项 %s 的代价超过 10^12",
                           "the cost of term %s is beyond 10^12", t->term);
        points[i] = (int64_t)x;
    }
    return YS_OK;
}

ys_status ys__pair_batch_price(ys__pair_facts *f, int64_t *ret_n, ys_diag *diag)
{
    int64_t n = f->batched;
    int64_t *points = ys_malloc((size_t)n * sizeof *points + 1);
    ys_status st = YS_OK;
    if (points == NULL)
        return ys_fail_nomem(diag);
    f->batched = 0;
    for (int64_t i = 0; i < n; i++) {
        ys__pair_batch_row(f, i, f->batch_need[i], f->batch_giver[i]);
        f->cost[i] = f->env->kept[i] ? -f->level->keep : 0;
        f->allowed[i] = 1;
    }
    for (int k = 0; k < f->terms && n > 0; k++) {
        bool condition = f->term[k]->condition;
        YS_GO(ys__pair_term_points(f, k, n, condition ? NULL : points, diag));
        for (int64_t i = 0; i < n; i++) {
            if (condition)
                f->allowed[i] = f->allowed[i] && f->truth[i] == YS_TRUE;
            else
                f->cost[i] += points[i];
        }
    }
    *ret_n = n;
done:
    ys_free(points);
    return st;
}

bool ys__pair_in_reach(const ys__pair_facts *f, int32_t need_area, int32_t giver_area)
{
    const char *const *levels;
    int n = ys_pack_area_levels(f->office->pack, &levels);
    for (int l = 0; l < n; l++) {
        if (strcmp(levels[l], f->level->reach) != 0)
            continue;
        int32_t a = need_area >= 0 ? ys_areas_at_level(f->frame->areas, need_area, l) : -1;
        return a >= 0 && giver_area >= 0 && ys_areas_within(f->frame->areas, giver_area, a);
    }
    return true;
}

/* ---- what the run says ---- */

#define NOTE(check, code, name, ...)                                                                         \
    do {                                                                                                     \
        ys_diag why_ = {0};                                                                                  \
        ys_fail(&why_, YS_EDATA, __VA_ARGS__);                                                               \
        ys__pair_note(f->proof, YS_PAIR_CHECK_##check, code, name, &why_);                                   \
    } while (0)

static const char *cell(const ys_table *t, const char *field, int64_t row)
{
    return ys_table_get_text(t, ys_table_find(t, field), row);
}

static ys_status read_prices(ys__pair_facts *f, ys_diag *diag)
{
    const ys__pair_claim *c = &f->proof->claim;
    YS_TRY(scan(f, &ys_kind_pair_price, c->tx, "run", c->run, &f->prices, diag));
    f->proof->prices = ys_table_rows(f->prices);
    for (int64_t r = 0; r < f->proof->prices; r++) {
        const char *who = cell(f->prices, "giver", r);
        int64_t v = ys_table_get_int(f->prices, ys_table_find(f->prices, "price"), r);
        int32_t j = find(&f->giver, who);
        if (j < 0)
            NOTE(BOUND, "price-unknown", who, "价格写给了 %s，它不是帮扶方",
                 "there is a price for %s, which gives nothing", who);
        else if (ys_is_missing(v) || v < 0 || v > (int64_t)1 << 50)
            NOTE(BOUND, "price-wrong", who, "%s 的名额价格不是合理的非负数",
                 "the price of a place at %s is no sound number", who);
        else
            f->price[j] = v;
    }
    return YS_OK;
}

/* Is the area of a pair outside the scope of the run? */
static bool outside(const ys__pair_facts *f, const char *area)
{
    const char *scope = f->proof->claim.scope;
    int32_t at = area != NULL ? ys_areas_find(f->frame->areas, area) : -1,
            around = scope != NULL ? ys_areas_find(f->frame->areas, scope) : -1;
    return around >= 0 && at >= 0 && !ys_areas_within(f->frame->areas, at, around);
}

static void read_places(ys__pair_facts *f)
{
    const ys_pair_level *v = f->level;
    int col = *v->capacity_field != '\0' ? ys_table_find(f->giver.table, v->capacity_field) : -1;
    for (int64_t j = 0; j < f->giver.n; j++) {
        int64_t c = col >= 0 ? ys_table_get_int(f->giver.table, col, f->giver.row[j]) : YS_NA;
        f->places[j] = ys_is_missing(c) ? v->capacity : c < 0 ? 0 : c;
    }
}

static ys_status read_pairs(ys__pair_facts *f, ys_diag *diag)
{
    const ys__pair_claim *c = &f->proof->claim;
    const ys_kind *kind = ys_pack_kind(f->office->pack, "pairing");
    if (kind == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有记录类型“pairing”", "the pack has no kind pairing");
    YS_TRY(scan(f, kind, c->facts_tx, "pair_level", c->level, &f->before, diag));
    YS_TRY(scan(f, kind, c->tx, "pair_level", c->level, &f->after, diag));
    for (int64_t r = 0; r < ys_table_rows(f->before); r++) {
        const char *who = cell(f->before, "giver", r);
        int32_t i = find(&f->need, cell(f->before, "need", r)), j = find(&f->giver, who);
        if (i >= 0 && who != NULL)
            f->was[i] = j >= 0 ? j : -2;
        else if (i < 0 && j >= 0 && f->places[j] > 0 && outside(f, cell(f->before, "area", r)))
            f->places[j]--;
    }
    for (int64_t r = 0; r < ys_table_rows(f->after); r++) {
        const char *need = cell(f->after, "need", r), *who = cell(f->after, "giver", r);
        int32_t i = find(&f->need, need), j = find(&f->giver, who);
        if (i < 0 && outside(f, cell(f->after, "area", r)))
            continue;
        if (i < 0) {
            NOTE(PAIRS, "need-unknown", need, "%s 有结对，但不是受帮方",
                 "%s has a pair but is not among those who need", need);
            continue;
        }
        f->after_row[i] = r;
        f->own[i] = j;
        f->proof->paired++;
        if (j < 0)
            NOTE(PAIRS, "giver-unknown", need, "%s 配给了 %s，它不是帮扶方",
                 "%s is paired with %s, which gives nothing", need, who != NULL ? who : "#NA");
        else
            f->taken[j]++;
    }
    return YS_OK;
}

/* ---- each pair ---- */

/* What a pair that is new in this run says of itself. */
static void check_words(ys__pair_facts *f, int32_t i, int64_t cost)
{
    int64_t r = f->after_row[i], since = ys_table_get_int(f->after, ys_table_find(f->after, "since"), r),
            points = ys_table_get_int(f->after, ys_table_find(f->after, "points"), r);
    const char *need = ys__pair_key(&f->need, i), *reason = cell(f->after, "reason", r);
    const char *wanted = f->was[i] >= 0 ? "moved" : f->was[i] == -2 ? "succession" : "new";
    if (points != cost)
        NOTE(PAIRS, "points", need, "%s 的代价应为 %lld，所记不符",
             "the pair of %s costs %lld points, not what is recorded", need, (long long)cost);
    if (since != f->proof->claim.today)
        NOTE(PAIRS, "since", need, "%s 的结对日期不是这次的日子",
             "the pair of %s does not begin on the day of the run", need);
    if (reason == NULL || strcmp(reason, wanted) != 0)
        NOTE(PAIRS, "reason", need, "%s 的事由应为 %s", "the reason of the pair of %s should be %s", need,
             wanted);
}

static ys_status judge_own(ys__pair_facts *f, __int128 *value, ys_diag *diag)
{
    int64_t n;
    YS_TRY(ys__pair_batch_price(f, &n, diag));
    for (int64_t b = 0; b < n; b++) {
        int32_t i = f->batch_need[b], j = f->batch_giver[b];
        const char *need = ys__pair_key(&f->need, i), *who = ys__pair_key(&f->giver, j);
        if (!f->allowed[b])
            NOTE(PAIRS, "condition", need, "%s 与 %s：有条件不成立", "%s with %s: a condition is not true",
                 need, who);
        if (f->was[i] != j && !ys__pair_in_reach(f, f->need.area[i], f->giver.area[j]))
            NOTE(PAIRS, "reach", need, "%s 与 %s 不在范围内", "%s with %s: not within reach", need, who);
        if (f->was[i] != j)
            check_words(f, i, f->cost[b]);
        *value += f->cost[b];
        f->pays[i] = f->cost[b] + f->price[j];
        if (f->pays[i] > f->level->alone)
            NOTE(BOUND, "better", need, "%s 不结对会更好", "%s would be better alone", need);
    }
    return YS_OK;
}

/* The pair of before, where it was given up, with its bonus. */
static ys_status judge_before(ys__pair_facts *f, ys_diag *diag)
{
    int64_t n;
    YS_TRY(ys__pair_batch_price(f, &n, diag));
    for (int64_t b = 0; b < n; b++) {
        int32_t i = f->batch_need[b], j = f->batch_giver[b];
        const char *need = ys__pair_key(&f->need, i);
        if (f->allowed[b] && f->cost[b] + f->price[j] < f->pays[i])
            NOTE(BOUND, "better", need, "%s 留给 %s 会更好", "%s would be better with %s as before", need,
                 ys__pair_key(&f->giver, j));
    }
    return YS_OK;
}

static ys_status check_pairs(ys__pair_facts *f, __int128 *value, ys_diag *diag)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < f->need.n; i++) {
            int32_t j = pass == 0 ? f->own[i] : f->was[i];
            if (j < 0 || (pass == 1 && j == f->own[i]))
                continue;
            if (f->batched == YS_PAIR_BATCH)
                YS_TRY(pass == 0 ? judge_own(f, value, diag) : judge_before(f, diag));
            f->batch_need[f->batched] = i;
            f->batch_giver[f->batched++] = j;
        }
        YS_TRY(pass == 0 ? judge_own(f, value, diag) : judge_before(f, diag));
    }
    return YS_OK;
}

/* ---- sums ---- */

static void compare(ys__pair_facts *f, ys__pair_check check, const char *code, const char *zh, const char *en,
                    const int64_t pair[2])
{
    ys_diag why = {0};
    if (pair[0] == pair[1])
        return;
    ys_fail(&why, YS_EDATA, "%s%.0s：所记 %lld，重算 %lld", "%.0s%s: recorded %lld, found %lld", zh, en,
            (long long)pair[0], (long long)pair[1]);
    ys__pair_note(f->proof, check, code, NULL, &why);
}

static void add_up(ys__pair_facts *f, __int128 value)
{
    const int64_t step = f->level->step;
    __int128 bound = 0;
    for (int64_t i = 0; i < f->need.n; i++) {
        bound += f->pays[i];
        value += f->own[i] < 0 ? f->level->alone : 0;
    }
    for (int64_t j = 0; j < f->giver.n; j++) {
        const char *who = ys__pair_key(&f->giver, (int32_t)j);
        if (f->taken[j] > f->places[j])
            NOTE(PLACES, "places", who, "%s 配了 %lld 个，名额只有 %lld",
                 "%s has %lld takers and %lld places", who, (long long)f->taken[j], (long long)f->places[j]);
        f->proof->places_taken += f->taken[j];
        value += (__int128)step * f->taken[j] * (f->taken[j] - 1) / 2;
        int64_t paying =
            step > 0 ? (f->price[j] + step - 1) / step : f->places[j]; /* places cheaper than the price */
        paying = paying < f->places[j] ? paying : f->places[j];
        if (f->price[j] > 0)
            bound -= (__int128)f->price[j] * paying - (__int128)step * paying * (paying - 1) / 2;
    }
    const __int128 most = INT64_MAX;
    f->proof->value = (int64_t)(value > most ? most : value < -most ? -most : value);
    f->proof->bound = (int64_t)(bound > most ? most : bound < -most ? -most : bound);
}

static void compare_sums(ys__pair_facts *f)
{
    ys_pair_proof *p = f->proof;
    const ys__pair_claim *c = &p->claim;
    compare(f, YS_PAIR_CHECK_PAIRS, "paired", "已结对的数目", "number of pairs",
            (int64_t[]){c->paired, p->paired});
    compare(f, YS_PAIR_CHECK_VALUE, "value", "总代价", "total cost", (int64_t[]){c->value, p->value});
    compare(f, YS_PAIR_CHECK_BOUND, "bound", "下界", "lower bound", (int64_t[]){c->bound, p->bound});
    if (p->bound != p->value)
        NOTE(BOUND, "gap", NULL, "总代价 %lld 与下界 %lld 不等：没有证明最优",
             "total cost %lld and lower bound %lld differ: not proven optimal", (long long)p->value,
             (long long)p->bound);
}

/* ---- all of it ---- */

static ys_status check(ys__pair_facts *f, ys_diag *diag)
{
    ys_pair_proof *p = f->proof;
    __int128 value = 0;
    YS_TRY(read_level(f, diag));
    YS_TRY(read_frame(f, diag));
    YS_TRY(read_sides(f, diag));
    compare(f, YS_PAIR_CHECK_SIDES, "needs", "受帮方数", "needs", (int64_t[]){p->claim.needs, p->needs});
    compare(f, YS_PAIR_CHECK_SIDES, "givers", "帮扶方数", "givers", (int64_t[]){p->claim.givers, p->givers});
    YS_TRY(make_arrays(f, diag));
    YS_TRY(read_prices(f, diag));
    read_places(f);
    YS_TRY(read_pairs(f, diag));
    YS_TRY(check_pairs(f, &value, diag));
    add_up(f, value);
    compare_sums(f);
    p->done[YS_PAIR_CHECK_PAIRS] = p->done[YS_PAIR_CHECK_PLACES] = p->done[YS_PAIR_CHECK_VALUE] = true;
    if (!p->claim.complete)
        return YS_OK; /* it claims the best of its lists only, which are not kept */
    p->done[YS_PAIR_CHECK_BOUND] = true;
    return ys__pair_check_bound(f, diag);
}

ys_status ys__pair_check_run(ys_office *o, ys_pair_proof *p, ys_diag *diag)
{
    ys__pair_facts f = {.office = o, .proof = p};
    p->done[YS_PAIR_CHECK_SIDES] = true;
    ys_status st = check(&f, diag);
    facts_done(&f);
    return st;
}
