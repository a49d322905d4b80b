/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_decided.c - what was decided before a plan: locks and the running plan; and finding things of the plan by name.
 */
#include <stdlib.h>
#include <string.h>

#include "app/plan_input.h"
#include "app/prices.h"
#include "registry/kinds.h"

static const char village_prefix[] = "village:";

/* ---- by name ---- */

int64_t ys_plan_facts_block(const ys_plan_facts *p, const char *unit)
{
    const ys_plan_input *in = &p->in;
    size_t prefix = sizeof village_prefix - 1;
    if (strncmp(unit, village_prefix, prefix) == 0) {
        int64_t v = ys_key_row(p->frame->village, "area", unit + prefix);
        return v >= 0 ? in->n_households + v : -1;
    }
    int64_t row = ys_frame_household(p->frame, unit), low = 0, high = in->n_households;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (p->frame_row[mid] < row)
            low = mid + 1;
        else
            high = mid;
    }
    return row >= 0 && low < in->n_households && p->frame_row[low] == row ? low : -1;
}

int32_t ys_plan_facts_offering(const ys_plan_facts *p, const char *name)
{
    const ys_plan_input *in = &p->in;
    int low = 0, high = in->n_offerings;
    while (low < high) {
        int mid = low + (high - low) / 2;
        if (strcmp(in->offerings[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < in->n_offerings && strcmp(in->offerings[low].name, name) == 0 ? low : -1;
}

int32_t ys_plan_facts_person(const ys_plan_facts *p, int64_t block, const char *key)
{
    const ys_plan_input *in = &p->in;
    int col = ys_table_find(p->frame->person, "person");
    int64_t low = 0, high = in->n_persons;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (in->persons[mid].household < block)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < in->n_persons && in->persons[low].household == block; low++) {
        if (strcmp(ys_table_get_text(p->frame->person, col, p->person_row[low]), key) == 0)
            return (int32_t)low;
    }
    return -1;
}

/* ---- locks ---- */

/* The cells of one lock; "" where there is nothing. */
typedef struct lock_cells {
    const char *lock, *household, *area, *measure, *offering, *person, *mode;
} lock_cells;

static const char *cell(const ys_table *t, const char *field, int64_t row)
{
    const char *text = ys_table_get_text(t, ys_table_find(t, field), row);
    return text != NULL ? text : "";
}

static lock_cells cells_of(const ys_table *t, int64_t i)
{
    return (lock_cells){cell(t, "lock", i),    cell(t, "household", i), cell(t, "area", i),
                        cell(t, "measure", i), cell(t, "offering", i),  cell(t, "person", i),
                        cell(t, "mode", i)};
}

static ys_status bad_lock(const lock_cells *c, const char *zh, const char *en, const char *value,
                          ys_diag *diag)
{
    ys_diag_value(diag, value);
    ys_diag_fix(diag, "改正或删去这条锁定", "correct the lock or remove it");
    return ys_fail(diag, YS_EDATA, "锁定 %s（%s）：%s%.0s", "lock %s (%s): %.0s%s", c->lock,
                   *c->household ? c->household : c->area, zh, en);
}

/* Whose lock it is: its block, -1 where that is none of the plan's. */
static int64_t block_of(const ys_plan_facts *p, const lock_cells *c)
{
    char unit[160];
    if (*c->household)
        return ys_plan_facts_block(p, c->household);
    snprintf(unit, sizeof unit, "%s%s", village_prefix, c->area);
    return ys_plan_facts_block(p, unit);
}

/* A lock that forbids what is not there needs no place: `ret_idle`. */
static ys_status read_lock(const ys_plan_facts *p, const lock_cells *c, ys_plan_lock *l, bool *ret_idle,
                           ys_diag *diag)
{
    *l = (ys_plan_lock){.name = c->lock,
                        .who = *c->household ? c->household : c->area,
                        .block = l->block,
                        .measure = ys_pack_measure_index(p->frame->pack, c->measure),
                        .offering = -1,
                        .person = -1,
                        .keep = strcmp(c->mode, "keep") == 0};
    *ret_idle = false;
    if (!l->keep && strcmp(c->mode, "forbid") != 0)
        return bad_lock(c, "没有说保留还是不安排（mode）", "it says neither keep nor forbid", c->mode, diag);
    if (l->measure < 0)
        return bad_lock(c, "没有这项措施", "there is no such measure", c->measure, diag);
    if (*c->offering && (l->offering = ys_plan_facts_offering(p, c->offering)) < 0) {
        *ret_idle = !l->keep;
        return l->keep ? bad_lock(c, "规划年限内没有这项供给",
                                  "there is no such offering in the years of the plan", c->offering, diag)
                       : YS_OK;
    }
    if (*c->person && (l->person = ys_plan_facts_person(p, l->block, c->person)) < 0) {
        *ret_idle = !l->keep;
        return l->keep ? bad_lock(c, "户里没有这个人", "the household has no such person", c->person, diag)
                       : YS_OK;
    }
    return YS_OK;
}

static int by_block(const void *x, const void *y)
{
    const ys_plan_lock *a = x, *b = y;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return strcmp(a->name, b->name);
}

ys_status ys__plan_take_locks(ys_plan_facts *p, ys_diag *diag)
{
    const ys_table *t = p->frame->lock;
    int64_t rows = t != NULL ? ys_table_rows(t) : 0, n = 0;
    if (rows == 0)
        return YS_OK;
    ys_plan_lock *out = ys_arena_alloc(p->arena, (size_t)rows, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < rows; i++) {
        lock_cells c = cells_of(t, i);
        bool idle;
        if ((*c.household != '\0') == (*c.area != '\0'))
            return bad_lock(&c, "须写户编号或村代码之一", "it must name a household or a village", "", diag);
        if ((out[n].block = block_of(p, &c)) < 0)
            continue; /* of a household or village that this plan is not about */
        YS_TRY(read_lock(p, &c, &out[n], &idle, diag));
        n += !idle;
    }
    qsort(out, (size_t)n, sizeof *out, by_block);
    p->in.locks = out;
    p->in.n_locks = n;
    return YS_OK;
}

/* ---- the running plan ---- */

/* P0999 < P1000 < P10000. */
static bool is_later(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    return n != m ? n > m : strcmp(a, b) > 0;
}

/* Name of the newest plan for everything or for `scope`; "": there is none. */
static ys_status newest_plan(ys_store *store, int64_t as_of_tx, const char *scope, char *buf, size_t size,
                             ys_diag *diag)
{
    static const char *const fields[] = {"plan", "scope", NULL};
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .as_of_tx = as_of_tx, .fields = fields};
    ys_table *t = NULL;
    YS_TRY(ys_store_scan(store, &ys_kind_plan, &how, &t, diag));
    buf[0] = '\0';
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        const char *name = cell(t, "plan", i), *of = cell(t, "scope", i);
        if ((*of == '\0' || (scope != NULL && strcmp(of, scope) == 0)) && is_later(name, buf))
            snprintf(buf, size, "%s", name);
    }
    ys_table_free(t);
    return YS_OK;
}

static int by_place(const void *x, const void *y)
{
    const ys_plan_running *a = x, *b = y;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    if (a->offering != b->offering)
        return a->offering < b->offering ? -1 : 1;
    return (a->person > b->person) - (a->person < b->person);
}

static ys_status take_running(ys_plan_facts *p, const ys_table *t, ys_diag *diag)
{
    int64_t rows = ys_table_rows(t), n = 0;
    ys_plan_running *out = ys_arena_alloc(p->arena, (size_t)rows + 1, sizeof *out);
    if (out == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < rows; i++) {
        const char *person = cell(t, "person", i);
        ys_plan_running r = {.block = ys_plan_facts_block(p, cell(t, "unit", i)),
                             .offering = ys_plan_facts_offering(p, cell(t, "offering", i)),
                             .person = -1};
        if (r.block < 0 || r.offering < 0)
            continue;
        if (*person && (r.person = ys_plan_facts_person(p, r.block, person)) < 0)
            continue;
        out[n++] = r;
    }
    qsort(out, (size_t)n, sizeof *out, by_place);
    p->in.running = out;
    p->in.n_running = n;
    return YS_OK;
}

ys_status ys_plan_facts_running(ys_plan_facts *p, ys_store *store, int64_t as_of_tx, const char *scope,
                                ys_diag *diag)
{
    char version[32];
    ys_table *t = NULL;
    if (p->in.switch_cost <= 0)
        return YS_OK;
    YS_TRY(newest_plan(store, as_of_tx, scope, version, sizeof version, diag));
    if (version[0] == '\0')
        return YS_OK;
    ys_scan how = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = version};
    YS_TRY(ys_store_scan(store, &ys_kind_choice, &how, &t, diag));
    ys_status st = take_running(p, t, diag);
    ys_table_free(t);
    return st;
}
