/* SPDX-License-Identifier: Apache-2.0 */
#include "app/coop.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/clock.h"
#include "base/alloc.h"
#include "base/num.h"

static const char *const names[YS_COOP_KINDS] = {
    [YS_COOP_AREA] = "area",
    [YS_COOP_DOCUMENT] = "document",
    [YS_COOP_PARTNERSHIP] = "partnership",
    [YS_COOP_EVENT] = "event",
    [YS_COOP_STOP] = "stop",
    [YS_COOP_DIRECTIVE] = "directive",
    [YS_COOP_TASK] = "task",
    [YS_COOP_COOPERATION] = "cooperation",
    [YS_COOP_AGREEMENT] = "agreement",
    [YS_COOP_PROMISE] = "promise",
    [YS_COOP_FULFILMENT] = "fulfilment",
    [YS_COOP_EXCHANGE] = "exchange",
    [YS_COOP_CLAIM] = "claim",
    [YS_COOP_CONFIRMATION] = "confirmation",
    [YS_COOP_PROJECT] = "project",
    [YS_COOP_MILESTONE] = "milestone",
    [YS_COOP_PAPER] = "paper",
    [YS_COOP_OUTPUT] = "output",
    [YS_COOP_BENEFIT] = "benefit",
    [YS_COOP_TRANSACTION] = "transaction",
    [YS_COOP_ENDOWMENT] = "endowment",
    [YS_COOP_PARK] = "park",
    [YS_COOP_PLOT] = "plot",
    [YS_COOP_PRACTICE] = "practice",
    [YS_COOP_TRAVEL] = "travel",
    [YS_COOP_ASSESSMENT] = "assessment",
    [YS_COOP_FUND] = "fund",
    [YS_COOP_PROVIDER] = "provider",
};

/* ---- fields ------------------------------------------------------------------------------------------------- */

static int column(const ys_coop_set *s, int64_t row, const char *field)
{
    int col = s->t != NULL && row >= 0 ? ys_table_find(s->t, field) : -1;
    return col >= 0 && !ys_table_missing(s->t, col, row) ? col : -1;
}

const char *ys_coop_text(const ys_coop_set *s, int64_t row, const char *field)
{
    int col = column(s, row, field);
    return col >= 0 ? ys_table_get_text(s->t, col, row) : NULL;
}

int64_t ys_coop_int(const ys_coop_set *s, int64_t row, const char *field)
{
    int col = column(s, row, field);
    return col >= 0 ? ys_table_get_int(s->t, col, row) : YS_NA;
}

double ys_coop_real(const ys_coop_set *s, int64_t row, const char *field)
{
    int col = column(s, row, field);
    return col >= 0 ? ys_table_get_real(s->t, col, row) : NAN;
}

int32_t ys_coop_day(const ys_coop_set *s, int64_t row, const char *field)
{
    int64_t day = ys_coop_int(s, row, field);
    return ys_is_missing(day) ? YS_NO_DATE : (int32_t)day;
}

bool ys_coop_true(const ys_coop_set *s, int64_t row, const char *field)
{
    return ys_coop_int(s, row, field) == 1;
}

const char *ys_coop_key(const ys_coop_set *s, int64_t row)
{
    return ys_coop_text(s, row, s->kind != NULL ? s->kind->fields[0].name : "");
}

int64_t ys_coop_find(const ys_coop_set *s, const char *key)
{
    if (key == NULL)
        return -1;
    if (s->index != NULL)
        return ys_index_find(s->index, key);
    for (int64_t i = 0; i < s->rows; i++)
        if (strcmp(ys_coop_key(s, i), key) == 0)
            return i;
    return -1;
}

const char *ys_coop_label(const ys_coop *c, const ys_coop_set *s, int64_t row, const char *field, bool zh)
{
    const char *code = ys_coop_text(s, row, field);
    int f = s->kind != NULL ? ys_kind_field(s->kind, field) : -1;
    if (code == NULL || f < 0 || s->kind->fields[f].codes[0] == '\0')
        return code;
    const char *label = ys_pack_label(c->pack, s->kind->fields[f].codes, code, zh ? "zh" : "en");
    return label != NULL ? label : code;
}

const char *ys_coop_name(const ys_coop *c, ys_coop_kind kind, const char *key)
{
    const ys_coop_set *s = &c->set[kind];
    const char *name = ys_coop_text(s, ys_coop_find(s, key), "name");
    return name != NULL ? name : key;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static ys_status read_set(ys_office *o, const ys_reading *reading, ys_coop_kind kind, ys_coop_set *s,
                          ys_diag *diag)
{
    s->kind = ys_pack_kind(o->pack, names[kind]);
    if (s->kind == NULL)
        return YS_OK;
    /* names are wanted whole, or what lies outside the scope could not be named */
    bool whole = kind == YS_COOP_AREA || kind == YS_COOP_FUND || kind == YS_COOP_PROVIDER;
    bool has_area = s->kind->area_field[0] != '\0' || s->kind->via[0] != '\0';
    ys_scan how = {.as_of_tx = reading->as_of_tx,
                   .valid_on = reading->valid_on != 0 ? reading->valid_on : YS_SCAN_LATEST,
                   .scope = whole || !has_area ? NULL : reading->scope};
    YS_TRY(ys_store_scan(o->store, s->kind, &how, &s->t, diag));
    s->rows = ys_table_rows(s->t);
    int keys = 0;
    for (int f = 0; f < s->kind->field_count; f++)
        keys += s->kind->fields[f].key;
    return keys == 1 ? ys_index_new(s->t, ys_table_find(s->t, s->kind->fields[0].name), &s->index, diag)
                     : YS_OK;
}

void ys_coop_free(ys_coop *c)
{
    if (c == NULL)
        return;
    for (int k = 0; k < YS_COOP_KINDS; k++) {
        ys_index_free(c->set[k].index);
        ys_table_free(c->set[k].t);
    }
    ys_ledger_free(c->ledger);
    ys_free(c->project);
    ys_free(c->promise);
    ys_free(c->task);
    ys_free(c->gate);
    ys_free(c->first_gate);
    ys_free(c->gate_row);
    ys_free(c->slip);
    ys_free(c->delivered);
    ys_free(c->verified);
    ys_free(c->flow);
    ys_free(c->flow_row);
    ys_free(c->flow_of);
    ys_free(c);
}

static ys_mark_limits limits_of(const ys_pack *pack)
{
    const ys_mark_limits d = ys_mark_limits_default;
    return (ys_mark_limits){.late = (int32_t)ys_pack_param(pack, "mark_late_days", d.late),
                            .soon = (int32_t)ys_pack_param(pack, "mark_soon_days", d.soon),
                            .idle = (int32_t)ys_pack_param(pack, "mark_idle_days", d.idle),
                            .blocked = (int32_t)ys_pack_param(pack, "mark_blocked_days", d.blocked),
                            .stale = (int32_t)ys_pack_param(pack, "mark_stale_days", d.stale)};
}

static void *room(int64_t n, size_t size)
{
    return ys_calloc((size_t)(n > 0 ? n : 1), size);
}

/* ---- milestones and projects -------------------------------------------------------------------------------- */

/* Place of a gate in the pack's list. */
static int gate_order(const ys_coop *c, int64_t row)
{
    const ys_coop_set *s = &c->set[YS_COOP_MILESTONE];
    const char *gate = ys_coop_text(s, row, "gate");
    int f = ys_kind_field(s->kind, "gate"), n = 0;
    const ys_code_entry *code = ys_pack_codes(c->pack, &n);
    for (int i = 0; gate != NULL && f >= 0 && i < n; i++)
        if (strcmp(code[i].list, s->kind->fields[f].codes) == 0 && strcmp(code[i].code, gate) == 0)
            return i;
    return n;
}

typedef struct gate_sort {
    int64_t project, phase, row;
    int order;
} gate_sort;

static int by_project(const void *a, const void *b)
{
    const gate_sort *x = a, *y = b;
    if (x->project != y->project)
        return x->project < y->project ? -1 : 1;
    if (x->phase != y->phase)
        return x->phase < y->phase ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->row < y->row ? -1 : 1;
}

static ys_gate_dates gate_dates(const ys_coop *c, int64_t row)
{
    const ys_coop_set *s = &c->set[YS_COOP_MILESTONE];
    return (ys_gate_dates){.planned_from = ys_coop_day(s, row, "planned_from"),
                           .planned_to = ys_coop_day(s, row, "planned_to"),
                           .forecast = ys_coop_day(s, row, "forecast"),
                           .actual = ys_coop_day(s, row, "actual"),
                           .blocked_since = ys_coop_day(s, row, "blocker_since"),
                           .conditional = ys_coop_text(s, row, "condition") != NULL,
                           .after = -1};
}

/* Milestones in the order of their projects; `after` becomes a place among those of the same project. */
static ys_status order_gates(ys_coop *c, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_MILESTONE], *p = &c->set[YS_COOP_PROJECT];
    gate_sort *sort = room(s->rows, sizeof *sort);
    int64_t *place = room(s->rows, sizeof *place), n = 0;
    c->gate = room(s->rows, sizeof *c->gate);
    c->gate_row = room(s->rows, sizeof *c->gate_row);
    c->slip = room(s->rows, sizeof *c->slip);
    c->first_gate = room(p->rows + 1, sizeof *c->first_gate);
    ys_status st = sort == NULL || place == NULL || c->gate == NULL || c->gate_row == NULL ||
                           c->slip == NULL || c->first_gate == NULL
                       ? ys_fail_nomem(diag)
                       : YS_OK;
    if (st != YS_OK)
        goto done;
    for (int64_t i = 0; i < s->rows; i++) {
        int64_t project = ys_coop_find(p, ys_coop_text(s, i, "project"));
        int64_t phase = ys_coop_int(s, i, "phase");
        if (project >= 0) /* those of projects outside the scope are not looked at */
            sort[n++] = (gate_sort){project, ys_is_missing(phase) ? 1 : phase, i, gate_order(c, i)};
    }
    qsort(sort, (size_t)n, sizeof *sort, by_project);
    for (int64_t k = 0; k < n; k++) {
        c->gate_row[k] = sort[k].row;
        place[sort[k].row] = k;
        c->gate[k] = gate_dates(c, sort[k].row);
        c->first_gate[sort[k].project + 1] = k + 1;
    }
    for (int64_t i = 0; i < p->rows; i++)
        if (c->first_gate[i + 1] < c->first_gate[i])
            c->first_gate[i + 1] = c->first_gate[i];
    for (int64_t k = 0; k < n; k++) {
        int64_t after = ys_coop_find(s, ys_coop_text(s, sort[k].row, "after"));
        int64_t first = c->first_gate[sort[k].project];
        if (after >= 0 && ys_coop_find(p, ys_coop_text(s, after, "project")) == sort[k].project)
            c->gate[k].after = (int32_t)(place[after] - first);
    }
done:
    ys_free(sort);
    ys_free(place);
    return st;
}

/* Per project: days the oldest money passed on for it has lain still; 0: none lies. */
static void find_idle(const ys_coop *c, int32_t *days)
{
    const ys_coop_set *s = &c->set[YS_COOP_TRANSACTION], *p = &c->set[YS_COOP_PROJECT];
    for (int64_t i = 0; i < c->ledger->flows; i++) {
        if (c->ledger->left[i] == 0)
            continue;
        int64_t of = ys_coop_find(p, ys_coop_text(s, c->flow_row[i], "project"));
        int32_t lain = c->today - c->flow[i].date;
        if (of >= 0 && lain > days[of])
            days[of] = lain;
    }
}

/* The milestones on record reach to the last gate of the pack, or the project is closed (IATI: 4). */
static bool reaches_the_end(const ys_coop *c, int64_t project)
{
    const char *status = ys_coop_text(&c->set[YS_COOP_PROJECT], project, "activity_status");
    int64_t first = c->first_gate[project], end = c->first_gate[project + 1];
    const char *gate =
        end > first ? ys_coop_text(&c->set[YS_COOP_MILESTONE], c->gate_row[end - 1], "gate") : NULL;
    int n;
    const ys_code_entry *code = ys_pack_codes(c->pack, &n);
    const char *last = NULL;
    for (int i = 0; i < n; i++)
        last = strcmp(code[i].list, "gate") == 0 ? code[i].code : last;
    return (status != NULL && strcmp(status, "4") == 0) ||
           (gate != NULL && last != NULL && strcmp(gate, last) == 0);
}

static ys_status mark_projects(ys_coop *c, ys_diag *diag)
{
    const ys_coop_set *p = &c->set[YS_COOP_PROJECT], *s = &c->set[YS_COOP_MILESTONE];
    int32_t *idle = room(p->rows, sizeof *idle);
    c->project = room(p->rows, sizeof *c->project);
    if (c->project == NULL || idle == NULL) {
        ys_free(idle);
        return ys_fail_nomem(diag);
    }
    find_idle(c, idle);
    for (int64_t i = 0; i < p->rows; i++) {
        int64_t first = c->first_gate[i];
        ys_project_facts f = {.gates = c->gate + first,
                              .n = (int32_t)(c->first_gate[i + 1] - first),
                              .to_the_end = reaches_the_end(c, i),
                              .idle = idle[i],
                              .updated = ys_coop_day(p, i, "updated")};
        for (int32_t k = 0; k < f.n; k++) {
            int32_t word = ys_coop_day(s, c->gate_row[first + k], "updated");
            f.updated = word > f.updated ? word : f.updated;
            c->slip[first + k] = ys_gate_slip(f.gates, f.n, k, c->today);
        }
        c->project[i] = ys_project_standing(&f, c->today, &c->limits);
    }
    ys_free(idle);
    return YS_OK;
}

/* ---- promises and tasks -------------------------------------------------------------------------------------- */

static ys_status sum_deliveries(ys_coop *c, int32_t *kept_on, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_FULFILMENT], *p = &c->set[YS_COOP_PROMISE];
    c->delivered = room(p->rows, sizeof *c->delivered);
    c->verified = room(p->rows, sizeof *c->verified);
    if (c->delivered == NULL || c->verified == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < p->rows; i++)
        kept_on[i] = YS_NO_DATE;
    for (int64_t i = 0; i < s->rows; i++) {
        int64_t to = ys_coop_find(p, ys_coop_text(s, i, "promise"));
        int32_t day = ys_coop_day(s, i, "date");
        if (to < 0 || day > c->today)
            continue;
        int64_t amount = ys_coop_int(s, i, "amount");
        bool in_money = !ys_is_missing(ys_coop_int(p, to, "amount"));
        double part =
            in_money ? (ys_is_missing(amount) ? 0 : (double)amount) : ys_coop_real(s, i, "quantity");
        part = isnan(part) ? 0 : part;
        c->delivered[to] += part;
        c->verified[to] += ys_coop_true(s, i, "verified") ? part : 0;
        kept_on[to] = day > kept_on[to] ? day : kept_on[to];
    }
    return YS_OK;
}

static ys_status mark_promises(ys_coop *c, ys_diag *diag)
{
    const ys_coop_set *p = &c->set[YS_COOP_PROMISE];
    int32_t *kept_on = room(p->rows, sizeof *kept_on);
    ys_status st = YS_OK;
    c->promise = room(p->rows, sizeof *c->promise);
    if (kept_on == NULL || c->promise == NULL) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    YS_GO(sum_deliveries(c, kept_on, diag));
    for (int64_t i = 0; i < p->rows; i++) {
        int64_t amount = ys_coop_int(p, i, "amount");
        ys_promise_facts f = {.due_from = ys_coop_day(p, i, "due_from"),
                              .due = ys_coop_day(p, i, "due"),
                              .conditional = ys_coop_text(p, i, "condition") != NULL,
                              .promised =
                                  !ys_is_missing(amount) ? (double)amount : ys_coop_real(p, i, "quantity"),
                              .delivered = c->delivered[i],
                              .verified = c->verified[i],
                              .kept_on = kept_on[i]};
        c->promise[i] = ys_promise_standing(&f, c->today, &c->limits);
    }
done:
    ys_free(kept_on);
    return st;
}

static ys_status mark_tasks(ys_coop *c, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_TASK];
    c->task = room(s->rows, sizeof *c->task);
    if (c->task == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < s->rows; i++)
        c->task[i] = ys_task_standing(ys_coop_day(s, i, "due"), ys_coop_day(s, i, "closed"),
                                      ys_coop_day(s, i, "updated"), c->today, &c->limits);
    return YS_OK;
}

/* ---- money --------------------------------------------------------------------------------------------------- */

static int flow_type(const char *code)
{
    static const char *const iati[] = {"1", "2", "3", "4", "11", "13"}; /* in the order of ys_flow_type */
    for (int i = 0; code != NULL && i < 6; i++)
        if (strcmp(iati[i], code) == 0)
            return i;
    return -1;
}

/* Row of a fund in a year, -1: none.  The years of a fund lie together because sets are in key order. */
static int64_t fund_row(const ys_coop_set *s, const char *fund, int64_t year)
{
    int64_t any = ys_coop_find(s, fund), i = any;
    while (i > 0 && strcmp(ys_coop_key(s, i - 1), fund) == 0)
        i--;
    for (; any >= 0 && i < s->rows && strcmp(ys_coop_key(s, i), fund) == 0; i++)
        if (ys_coop_int(s, i, "period") == year)
            return i;
    return -1;
}

static int64_t year_of(int32_t day)
{
    int year = 1970 + (day > 0 ? day / 366 : day / 365 - 1);
    while (ys_date_from(year + 1, 1, 1) <= day)
        year++;
    return year;
}

static ys_status make_ledger(ys_coop *c, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_TRANSACTION], *funds = &c->set[YS_COOP_FUND];
    int64_t n = 0;
    c->flow = room(s->rows, sizeof *c->flow);
    c->flow_row = room(s->rows, sizeof *c->flow_row);
    c->flow_of = room(s->rows, sizeof *c->flow_of);
    if (c->flow == NULL || c->flow_row == NULL || c->flow_of == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < s->rows; i++) {
        int type = flow_type(ys_coop_text(s, i, "transaction_type"));
        int64_t amount = ys_coop_int(s, i, "amount"), year = ys_coop_int(s, i, "period");
        int32_t date = ys_coop_day(s, i, "date");
        c->flow_of[i] = -1;
        if (ys_is_missing(year) && date != YS_NO_DATE)
            year = year_of(date);
        int64_t fund = fund_row(funds, ys_coop_text(s, i, "fund"), year);
        if (type < 0 || fund < 0 || ys_is_missing(amount) || amount < 0 || date == YS_NO_DATE)
            continue; /* the checks name it */
        c->flow_of[i] = n;
        c->flow_row[n] = i;
        c->flow[n++] = (ys_money_flow){(ys_flow_type)type, date, (int32_t)fund, -1, amount};
    }
    for (int64_t k = 0; k < n; k++) {
        int64_t source = ys_coop_find(s, ys_coop_text(s, c->flow_row[k], "source"));
        int64_t of = source >= 0 ? c->flow_of[source] : -1;
        c->flow[k].source = of == k ? -1 : (int32_t)of;
    }
    return ys_ledger_make(c->flow, n, (int32_t)funds->rows, c->today, &c->ledger, diag);
}

ys_status ys_coop_read(ys_office *o, const ys_reading *reading, ys_coop **ret_coop, ys_diag *diag)
{
    ys_coop *c = ys_calloc(1, sizeof *c);
    ys_status st = YS_OK;
    if (c == NULL)
        return ys_fail_nomem(diag);
    c->pack = o->pack;
    c->today = reading->today != INT32_MIN ? reading->today : ys_clock_today();
    c->limits = limits_of(o->pack);
    for (int k = 0; k < YS_COOP_KINDS; k++)
        YS_GO(read_set(o, reading, (ys_coop_kind)k, &c->set[k], diag));
    YS_GO(make_ledger(c, diag));
    YS_GO(order_gates(c, diag));
    YS_GO(mark_projects(c, diag));
    YS_GO(mark_promises(c, diag));
    YS_GO(mark_tasks(c, diag));
    *ret_coop = c;
    c = NULL;
done:
    ys_coop_free(c);
    return st;
}
