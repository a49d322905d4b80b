/* SPDX-License-Identifier: Apache-2.0 */
#include "app/offer_start.h"

#include <string.h>

#include "base/num.h"

static const char *cell(const ys_table *t, const char *column, int64_t row)
{
    int c = ys_table_find(t, column);
    const char *v = c >= 0 ? ys_table_get_text(t, c, row) : NULL;
    return v != NULL && v[0] != '\0' ? v : NULL;
}

static int64_t number(const ys_table *t, const char *column, int64_t row)
{
    int c = ys_table_find(t, column);
    return c >= 0 ? ys_table_get_int(t, c, row) : YS_NA;
}

static int32_t day(const ys_table *t, const char *column, int64_t row)
{
    int64_t v = number(t, column, row);
    return ys_is_missing(v) ? INT32_MIN : (int32_t)v;
}

static int32_t gate_date(const ys_table *t, int64_t row)
{
    static const char *const order[] = {"actual", "forecast", "planned_to", "planned_from"};
    int32_t date = INT32_MIN;
    for (size_t i = 0; i < sizeof order / sizeof *order && date == INT32_MIN; i++)
        date = day(t, order[i], row);
    return date;
}

/* The gate of the first phase that has it; of several rows of one phase the latest date. */
static void find_gate(const ys_table *t, ys_offer_start *s)
{
    int64_t best = INT64_MAX;
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        const char *of = cell(t, "project", i), *gate = cell(t, "gate", i);
        int64_t phase = number(t, "phase", i);
        int32_t date = gate_date(t, i);
        if (of == NULL || gate == NULL || strcmp(of, s->project) != 0 || strcmp(gate, s->gate) != 0)
            continue;
        phase = ys_is_missing(phase) ? 1 : phase;
        if (date == INT32_MIN || phase > best || (phase == best && date <= s->date))
            continue;
        best = phase;
        s->date = date;
        s->conditional = day(t, "actual", i) == INT32_MIN &&
                         (cell(t, "condition", i) != NULL || cell(t, "decider", i) != NULL);
    }
}

static ys_start_why standing(const ys_frame *f, const char *project)
{
    const ys_table *t = f->project;
    for (int64_t i = 0; t != NULL && i < ys_table_rows(t); i++) {
        const char *key = cell(t, "project", i), *status = cell(t, "activity_status", i);
        if (key == NULL || strcmp(key, project) != 0)
            continue;
        bool stopped = status != NULL && (strcmp(status, "5") == 0 || strcmp(status, "6") == 0);
        return stopped ? YS_START_STOPPED : YS_START_KNOWN;
    }
    return YS_START_NO_PROJECT;
}

void ys_offer_start_at(ys_offer_start *s, int32_t date)
{
    int year, month, dom;
    ys_date_to(date, &year, &month, &dom);
    s->date = date;
    s->year = year;
    s->months = month - 1 + (dom > 1);
    if (!ys_is_missing(s->own) && s->own > year) {
        s->year = (int32_t)s->own;
        s->months = 0;
    }
}

ys_offer_start ys_offer_start_of(const ys_frame *f, int64_t row)
{
    const ys_table *t = f->offering;
    ys_offer_start s = {.offering = cell(t, "offering", row),
                        .project = cell(t, "project", row),
                        .gate = cell(t, "gate", row),
                        .own = number(t, "period", row),
                        .date = INT32_MIN};
    if (s.project == NULL) {
        s.why = ys_is_missing(s.own) ? YS_START_NO_YEAR : YS_START_KNOWN;
        s.year = ys_is_missing(s.own) ? 0 : (int32_t)s.own;
        return s;
    }
    s.gate = s.gate != NULL ? s.gate : "running";
    s.why = standing(f, s.project);
    if (s.why == YS_START_NO_PROJECT)
        return s;
    find_gate(f->milestone, &s);
    if (s.date != INT32_MIN)
        ys_offer_start_at(&s, s.date);
    if (s.why == YS_START_KNOWN && s.date == INT32_MIN)
        s.why = YS_START_NO_DATE;
    else if (s.why == YS_START_KNOWN && ys_is_missing(number(t, "capacity", row)))
        s.why = YS_START_NO_CAPACITY;
    return s;
}

void ys_offer_start_say(const ys_offer_start *s, bool zh, ys_str *out)
{
    static const char *const in_zh[] = {
        "计入",           "没有年度",           "不计入：没有这个项目",    "不计入：项目取消或暂停",
        "等待：没有日期", "等待：没有公布名额", "等待：在规划期之后才可用"};
    static const char *const in_en[] = {"counted",
                                        "no year",
                                        "not counted: no such project on record",
                                        "not counted: the project is cancelled or suspended",
                                        "waiting: no date on record",
                                        "waiting: nobody stated its places",
                                        "waiting: it serves only after the years of the plan"};
    char date[32] = "#NA";
    if (s->date != INT32_MIN)
        ys_format_date(s->date, date, sizeof date);
    ys_str_printf(out, zh ? "供给 %s（项目 %s，%s %s）：%s" : "offering %s (project %s, %s %s): %s",
                  s->offering, s->project, s->gate, date, zh ? in_zh[s->why] : in_en[s->why]);
    if (s->conditional && s->why == YS_START_KNOWN)
        ys_str_puts(out, zh ? "；日期取决于他人，尚未决定，按最晚的日期计"
                            : "; the date depends on somebody who has not decided: the latest date is taken");
}
