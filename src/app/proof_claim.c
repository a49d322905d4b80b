/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof_claim.c - what a kept plan claims: its choices and prices, as numbers of the facts.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/proof_internal.h"
#include "base/alloc.h"
#include "base/map.h"
#include "registry/kinds.h"

static const char village_prefix[] = "village:";
static const char sort_fund[] = "fund", sort_capacity[] = "capacity", sort_floor[] = "floor";

/* The rows that prices belong to: funds, then bounded offerings, then floors. */
typedef struct target {
    const char *sort, *name;
    int64_t period, amount;
    bool seen;
} target;

typedef struct reader {
    ys_proof *p;
    const ys__proof_facts *facts;
    ys__proof_claim *c;
    ys_arena *arena;
    int64_t rows, floors;
    target *of; /* rows, then floors */
    ys_map *by_name;
    int64_t *price[YS_VERIFY_TIERS], *floor_price[YS_VERIFY_TIERS], *use, *floor_use, *floor_need;
} reader;

static ys_status read_kind(ys_office *o, const ys_kind *kind, const char *version, ys_table **ret,
                           ys_diag *diag)
{
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = version};
    return ys_store_scan(o->store, kind, &how, ret, diag);
}

static const char *shown(const char *text)
{
    return text != NULL ? text : "#NA";
}

/* ---- looking up ---- */

/* Row of a table in key order (bytewise), -1: none. */
static int64_t find_key(const ys_table *t, const char *column, const char *key)
{
    int c = ys_table_find(t, column);
    int64_t low = 0, high = ys_table_rows(t), rows = high;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        const char *at = ys_table_get_text(t, c, mid);
        if (at == NULL || strcmp(at, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    const char *at = low < rows ? ys_table_get_text(t, c, low) : NULL;
    return at != NULL && strcmp(at, key) == 0 ? low : -1;
}

/* Block of "village:CODE" or of a household's key, -1: none in the plan's facts. */
int64_t ys__proof_block(const ys__proof_facts *p, const char *unit)
{
    size_t n = sizeof village_prefix - 1;
    if (strncmp(unit, village_prefix, n) == 0) {
        int64_t row = find_key(p->frame->village, "area", unit + n);
        if (row >= 0)
            return p->in.n_households + row;
    }
    int64_t row = ys_frame_household(p->frame, unit);
    return row >= 0 ? p->block_of[row] : -1;
}

int32_t ys__proof_offering(const ys__proof_facts *p, const char *key)
{
    int64_t row = find_key(p->frame->offering, "offering", key);
    return row >= 0 ? p->offering_of[row] : -1;
}

int32_t ys__proof_person(const ys__proof_facts *p, const char *key)
{
    int64_t row = find_key(p->frame->person, "person", key);
    return row >= 0 ? p->person_of[row] : -1;
}

/* ---- choices ---- */

/* The columns of the kind `choice`. */
typedef struct choice_columns {
    int unit, place, offering, person;
} choice_columns;

static bool take_pick(reader *r, const ys_table *t, const choice_columns *col, int64_t row,
                      ys_verify_pick *ret)
{
    ys_diag why = {0};
    const char *unit = ys_table_get_text(t, col->unit, row),
               *offering = ys_table_get_text(t, col->offering, row);
    const char *person = ys_table_get_text(t, col->person, row);
    ys_verify_pick pick = {.block = unit != NULL ? ys__proof_block(r->facts, unit) : -1, .person = -1};
    pick.offering = offering != NULL ? ys__proof_offering(r->facts, offering) : -1;
    if (pick.block < 0) {
        ys_fail(&why, YS_EDATA, "安排所指的户或村 %s 不在计划依据的事实里",
                "a choice names the household or village %s, which the facts do not have", shown(unit));
        ys__proof_note(r->p, YS_PROOF_CHOICES, "unknown-block", unit, &why);
    }
    if (pick.offering < 0) {
        ys_fail(&why, YS_EDATA, "%s 的安排所指的供给 %s 不在计划年度的供给里",
                "a choice of %s names the offering %s, which is none of the plan's years", shown(unit),
                shown(offering));
        ys__proof_note(r->p, YS_PROOF_CHOICES, "unknown-offering", offering, &why);
    }
    if (person != NULL && *person != '\0' && (pick.person = ys__proof_person(r->facts, person)) < 0) {
        ys_fail(&why, YS_EDATA, "%s 的安排所指的人 %s 不在计划依据的事实里",
                "a choice of %s names the person %s, whom the facts do not have", shown(unit), person);
        ys__proof_note(r->p, YS_PROOF_CHOICES, "unknown-person", person, &why);
        return false;
    }
    *ret = pick;
    return pick.block >= 0 && pick.offering >= 0;
}

/* Choices of one unit are numbered 1, 2, … without a hole. */
static void check_place(reader *r, const char *unit, const char *last, int64_t before, int64_t place)
{
    ys_diag why = {0};
    int64_t wanted = unit != NULL && last != NULL && strcmp(unit, last) == 0 ? before + 1 : 1;
    if (place == wanted)
        return;
    ys_fail(&why, YS_EDATA, "%s 的安排序号应为 %lld，不是 %lld",
            "a choice of %s should be number %lld, it is %lld", shown(unit), (long long)wanted,
            (long long)place);
    ys__proof_note(r->p, YS_PROOF_CHOICES, "place", unit, &why);
}

static ys_status read_choices(reader *r, ys_office *o, ys_diag *diag)
{
    ys_table *t = NULL;
    const char *last = NULL;
    int64_t before = 0;
    YS_TRY(read_kind(o, &ys_kind_choice, r->p->plan.version, &t, diag));
    choice_columns col = {.unit = ys_table_find(t, "unit"),
                          .place = ys_table_find(t, "place"),
                          .offering = ys_table_find(t, "offering"),
                          .person = ys_table_find(t, "person")};
    r->p->choices = ys_table_rows(t);
    ys_verify_pick *picks = ys_arena_alloc(r->arena, (size_t)r->p->choices + 1, sizeof *picks);
    if (picks == NULL) {
        ys_table_free(t);
        return ys_fail_nomem(diag);
    }
    for (int64_t i = 0; i < r->p->choices; i++) {
        const char *unit = ys_table_get_text(t, col.unit, i);
        int64_t place = ys_table_get_int(t, col.place, i);
        check_place(r, unit, last, before, place);
        last = unit;
        before = place;
        if (take_pick(r, t, &col, i, &picks[r->c->claim.n_picks]))
            r->c->claim.n_picks++;
    }
    ys_table_free(t);
    r->c->claim.picks = picks;
    return YS_OK;
}

/* ---- prices ---- */

static ys_status add_target(reader *r, int64_t at, const target *t, ys_diag *diag)
{
    char key[700];
    if ((size_t)snprintf(key, sizeof key, "%s\t%s\t%lld", t->sort, t->name, (long long)t->period) >=
        sizeof key)
        return ys_fail(diag, YS_ELIMIT, "名称过长：%s", "the name is too long: %s", t->name);
    r->of[at] = *t;
    return ys_map_put(r->by_name, key, at, NULL) >= 0 ? YS_OK : ys_fail_nomem(diag);
}

static ys_status list_targets(reader *r, ys_diag *diag)
{
    const ys_verify_facts *in = &r->facts->in;
    int64_t at = 0;
    for (int i = 0; i < in->n_funds; i++) {
        const ys_verify_fund *f = &in->funds[i];
        target t = {.sort = sort_fund, .name = f->name, .period = f->period, .amount = f->amount};
        YS_TRY(add_target(r, at++, &t, diag));
    }
    for (int i = 0; i < in->n_offerings; i++) {
        const ys_verify_offering *x = &in->offerings[i];
        if (x->capacity == YS_VERIFY_UNBOUNDED)
            continue;
        target t = {.sort = sort_capacity, .name = x->name, .period = x->period, .amount = x->capacity};
        YS_TRY(add_target(r, at++, &t, diag));
    }
    for (int i = 0; i < in->n_floors; i++) {
        target t = {.sort = sort_floor, .name = in->floors[i].name, .amount = in->floors[i].minimum};
        YS_TRY(add_target(r, at++, &t, diag));
    }
    return YS_OK;
}

static ys_status room_for_prices(reader *r, ys_diag *diag)
{
    const ys_verify_facts *in = &r->facts->in;
    r->rows = in->n_funds;
    r->floors = in->n_floors;
    for (int i = 0; i < in->n_offerings; i++)
        r->rows += in->offerings[i].capacity != YS_VERIFY_UNBOUNDED;
    size_t rows = (size_t)r->rows + 1, floors = (size_t)r->floors + 1;
    bool ok = (r->of = ys_arena_alloc(r->arena, rows + floors, sizeof *r->of)) != NULL;
    for (int t = 0; t < YS_VERIFY_TIERS; t++) {
        ok = ok && (r->price[t] = ys_arena_alloc(r->arena, rows, sizeof(int64_t))) != NULL;
        ok = ok && (r->floor_price[t] = ys_arena_alloc(r->arena, floors, sizeof(int64_t))) != NULL;
    }
    ok = ok && (r->use = ys_arena_alloc(r->arena, rows, sizeof(int64_t))) != NULL;
    ok = ok && (r->floor_need = ys_arena_alloc(r->arena, floors, sizeof(int64_t))) != NULL;
    ok = ok && (r->floor_use = ys_arena_alloc(r->arena, floors, sizeof(int64_t))) != NULL;
    ok = ok && (r->by_name = ys_map_new(rows + floors)) != NULL;
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static void note_price(reader *r, const char *code, const char *sort, const char *name, int64_t period)
{
    ys_diag why = {0};
    if (strcmp(code, "price-missing") == 0)
        ys_fail(&why, YS_EDATA, "%s %s（%lld）没有存价格，按 0 计",
                "no price is stored for %s %s (%lld); taken as 0", sort, name, (long long)period);
    else
        ys_fail(&why, YS_EDATA, "存有 %s %s（%lld）的价格，事实里没有这一项",
                "there is a price for %s %s (%lld), which the facts do not have", sort, name,
                (long long)period);
    ys__proof_note(r->p, YS_PROOF_BOUNDS, code, name, &why);
}

/* The columns of the kind `price`. */
typedef struct price_columns {
    int sort, name, period, amount, used, price[YS_VERIFY_TIERS];
} price_columns;

static void check_amount(reader *r, const target *of, int64_t amount)
{
    ys_diag why = {0};
    if (amount == of->amount)
        return;
    ys_fail(&why, YS_EDATA, "%s %s（%lld）：计划所记总量 %lld，事实是 %lld",
            "%s %s (%lld): the plan says there is %lld, the facts say %lld", of->sort, of->name,
            (long long)of->period, (long long)amount, (long long)of->amount);
    ys__proof_note(r->p, of->sort == sort_floor ? YS_PROOF_FLOORS : YS_PROOF_LIMITS, "amount", of->name,
                   &why);
}

static void take_price(reader *r, const ys_table *t, const price_columns *col, int64_t row)
{
    char key[700];
    const char *sort = ys_table_get_text(t, col->sort, row), *name = ys_table_get_text(t, col->name, row);
    int64_t period = ys_table_get_int(t, col->period, row), cell[4];
    snprintf(key, sizeof key, "%s\t%s\t%lld", shown(sort), shown(name), (long long)period);
    int64_t at = ys_map_get(r->by_name, key, -1);
    if (at < 0 || r->of[at].seen) {
        note_price(r, "price-unknown", shown(sort), shown(name), period);
        return;
    }
    const int from[4] = {col->amount, col->used, col->price[0], col->price[1]};
    for (int i = 0; i < 4; i++) {
        cell[i] = ys_table_get_int(t, from[i], row);
        if (ys_is_missing(cell[i]))
            return; /* not seen: reported as missing */
    }
    r->of[at].seen = true;
    bool plain = at < r->rows || r->facts->in.floors[at - r->rows].kind <= YS_VERIFY_MOST;
    if (plain) /* what the others ask depends on the plan: the checker compares it (floor-need) */
        check_amount(r, &r->of[at], cell[0]);
    bool floor_row = at >= r->rows;
    *(floor_row ? &r->floor_use[at - r->rows] : &r->use[at]) = cell[1];
    if (floor_row)
        r->floor_need[at - r->rows] = cell[0];
    for (int k = 0; k < YS_VERIFY_TIERS; k++)
        *(floor_row ? &r->floor_price[k][at - r->rows] : &r->price[k][at]) = cell[2 + k];
}

static ys_status read_prices(reader *r, ys_office *o, ys_diag *diag)
{
    ys_table *t = NULL;
    YS_TRY(read_kind(o, &ys_kind_price, r->p->plan.version, &t, diag));
    price_columns col = {.sort = ys_table_find(t, "resource"),
                         .name = ys_table_find(t, "name"),
                         .period = ys_table_find(t, "period"),
                         .amount = ys_table_find(t, "amount"),
                         .used = ys_table_find(t, "used"),
                         .price = {ys_table_find(t, "price_1"), ys_table_find(t, "price_2")}};
    r->p->prices = ys_table_rows(t);
    for (int64_t i = 0; i < r->p->prices; i++)
        take_price(r, t, &col, i);
    ys_table_free(t);
    for (int64_t i = 0; i < r->rows + r->floors; i++) {
        if (!r->of[i].seen)
            note_price(r, "price-missing", r->of[i].sort, r->of[i].name, r->of[i].period);
    }
    return YS_OK;
}

/* ---- the claim ---- */

static double gap_of(int64_t value, int64_t bound)
{
    double size = fabs((double)bound);
    return ((double)bound - (double)value) / (size > 1 ? size : 1);
}

static void fill_claim(reader *r)
{
    const ys__proof_plan *plan = &r->p->plan;
    ys_verify_claim *c = &r->c->claim;
    c->n_rows = r->rows;
    c->n_floors = r->floors;
    for (int t = 0; t < YS_VERIFY_TIERS; t++) {
        ys_verify_tier *to = &c->tier[t];
        to->value = plan->value[t];
        to->bound = plan->bound[t];
        to->gap = gap_of(to->value, to->bound); /* gaps are not stored but follow from what is */
        to->shift = plan->shift[t] >= 0 && plan->shift[t] < 128 ? (int)plan->shift[t] : -1;
        to->price = r->price[t];
        to->floor_price = r->floor_price[t];
        if (to->gap > c->gap || t == 0)
            c->gap = to->gap;
    }
    c->tier[1].couple_price = plan->couple_price;
    c->tier[1].couple_minimum = plan->couple_minimum;
    c->use = r->use;
    c->floor_use = r->floor_use;
    c->floor_need = r->floor_need;
}

ys_status ys__proof_claim_read(ys_office *o, ys_proof *p, const ys__proof_facts *facts,
                               ys__proof_claim **ret_claim, ys_diag *diag)
{
    reader r = {.p = p, .facts = facts};
    ys_status st = YS_OK;
    r.c = ys_calloc(1, sizeof *r.c);
    if (r.c == NULL)
        return ys_fail_nomem(diag);
    r.arena = r.c->arena = ys_arena_new(0);
    if (r.arena == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(room_for_prices(&r, diag));
    YS_GO(list_targets(&r, diag));
    YS_GO(read_choices(&r, o, diag));
    YS_GO(read_prices(&r, o, diag));
    fill_claim(&r);
    *ret_claim = r.c;
    r.c = NULL;
done:
    ys_map_free(r.by_name);
    ys__proof_claim_free(r.c);
    return st;
}

void ys__proof_claim_free(ys__proof_claim *c)
{
    if (c == NULL)
        return;
    ys_arena_free(c->arena);
    ys_free(c);
}
