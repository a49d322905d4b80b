/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roadmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/out.h"
#include "io/whole_file.h"

/* ---- lanes ------------------------------------------------------------------------------------------------------------ */

/* Projects in the order of the record, then the units with tasks and promises by their words. */
static int by_lane(const void *a, const void *b)
{
    const ys_dated *x = a, *y = b;
    bool p = x->project >= 0, q = y->project >= 0;
    if (p != q)
        return p ? -1 : 1;
    if (p && x->project != y->project)
        return x->project < y->project ? -1 : 1;
    if (p && x->gate != y->gate)
        return x->gate < y->gate ? -1 : 1;
    int d = strcmp(x->who, y->who);
    d = d != 0 ? d : (x->day > y->day) - (x->day < y->day);
    d = d != 0 ? d : (int)x->kind - (int)y->kind;
    return d != 0 ? d : strcmp(x->key, y->key);
}

static bool same_lane(const ys_dated *x, const ys_dated *y)
{
    return x->project >= 0 || y->project >= 0 ? x->project == y->project : strcmp(x->who, y->who) == 0;
}

const char *ys__roadmap_lane(const ys_roadmap *r, size_t lane)
{
    const ys_dated *x = &r->at[r->first[lane]];
    return x->project >= 0     ? x->what
           : x->who[0] != '\0' ? x->who
           : r->args->zh       ? "（未写单位）"
                               : "(no unit)";
}

/* The words of a third thing within months would stand on those of the first: a unit's lane goes on in one more. */
static bool crowded(const ys_roadmap *r, size_t i)
{
    enum { DAYS = 240 };
    size_t begin = r->first[r->lanes - 1];
    return r->at[i].project < 0 && i >= begin + 2 && r->at[i].day - r->at[i - 2].day < DAYS;
}

static ys_status make_lanes(ys_roadmap *r, ys_diag *diag)
{
    if (r->n == 0)
        return ys_fail(diag, YS_ENOTFOUND, "没有带日期的节点、任务、承诺或活动",
                       "no milestone, task, promise or event with a date is on record");
    qsort(r->at, r->n, sizeof *r->at, by_lane);
    r->first = ys_calloc(r->n + 1, sizeof *r->first);
    if (r->first == NULL)
        return ys_fail_nomem(diag);
    for (size_t i = 0; i < r->n; i++)
        if (i == 0 || !same_lane(&r->at[i - 1], &r->at[i]) || crowded(r, i))
            r->first[r->lanes++] = i;
    r->first[r->lanes] = r->n;
    return YS_OK;
}

/* ---- for project software ------------------------------------------------------------------------------------------------ */

static void put_when(ys_out out, const char *element, int32_t day, bool end)
{
    char buf[24];
    ys_out_printf(out, "<%s>%sT%s</%s>\n", element, ys_format_date(day, buf, sizeof buf),
                  end ? "17:00:00" : "08:00:00", element);
}

static void put_text(ys_out out, const char *element, const char *text)
{
    ys_out_printf(out, "<%s>", element);
    ys_out_xml(out, text);
    ys_out_printf(out, "</%s>\n", element);
}

/* Two texts with a sign between them where both are there. */
static void put_pair(ys_out out, const char *element, const char *first, const char *sign, const char *second)
{
    ys_out_printf(out, "<%s>", element);
    ys_out_xml(out, first);
    ys_out_puts(out, first[0] != '\0' && second[0] != '\0' ? sign : "");
    ys_out_xml(out, second);
    ys_out_printf(out, "</%s>\n", element);
}

static void put_head(ys_out out, int64_t uid, const char *name, const char *more, int level)
{
    ys_out_printf(out, "<Task>\n<UID>%lld</UID>\n<ID>%lld</ID>\n", (long long)uid, (long long)uid);
    put_pair(out, "Name", name, " – ", more);
    ys_out_printf(out, "<Type>0</Type>\n<IsNull>0</IsNull>\n<OutlineLevel>%d</OutlineLevel>\n", level);
}

static void put_thing(ys_out out, const ys_roadmap *r, const ys_dated *x, int64_t uid, int64_t before)
{
    char why[120];
    bool done = x->actual != YS_NO_DATE, gate = x->project >= 0;
    put_head(out, uid, gate ? x->which : x->what, gate ? "" : x->which, 2);
    put_when(out, "Start", x->day, true);
    put_when(out, "Finish", x->day, true);
    ys_out_puts(
        out, "<Duration>PT0H0M0S</Duration>\n<DurationFormat>7</DurationFormat>\n<Milestone>1</Milestone>\n"
             "<Summary>0</Summary>\n");
    ys_out_printf(out, "<PercentComplete>%d</PercentComplete>\n", done ? 100 : 0);
    if (done) {
        put_when(out, "ActualStart", x->actual, true);
        put_when(out, "ActualFinish", x->actual, true);
    }
    ys_out_puts(out, "<ConstraintType>2</ConstraintType>\n"); /* must start on */
    put_when(out, "ConstraintDate", x->day, true);
    ys_standing_text(&x->standing, r->args->zh, why, sizeof why);
    ys_out_puts(out, "<Notes>");
    ys_out_xml(out, x->who);
    ys_out_puts(out, x->who[0] != '\0' ? "; " : "");
    ys_out_xml(out, why);
    ys_out_puts(out, x->condition != NULL ? "; " : "");
    ys_out_xml(out, x->condition != NULL ? x->condition : "");
    ys_out_puts(out, "</Notes>\n");
    if (before > 0)
        ys_out_printf(
            out,
            "<PredecessorLink>\n<PredecessorUID>%lld</PredecessorUID>\n<Type>1</Type>\n</PredecessorLink>\n",
            (long long)before);
    if (x->to != YS_NO_DATE) {
        ys_out_puts(out, "<Baseline>\n<Number>0</Number>\n");
        put_when(out, "Start", x->to, true);
        put_when(out, "Finish", x->to, true);
        ys_out_puts(out, "</Baseline>\n");
    }
    ys_out_puts(out, "</Task>\n");
}

static void put_lane(ys_out out, const ys_roadmap *r, size_t lane, int64_t *uid)
{
    const ys_dated *at = r->at + r->first[lane];
    size_t n = r->first[lane + 1] - r->first[lane], done = 0;
    int32_t from = at[0].day, to = at[0].day;
    for (size_t i = 0; i < n; i++) {
        from = at[i].day < from ? at[i].day : from;
        to = at[i].day > to ? at[i].day : to;
        done += at[i].actual != YS_NO_DATE;
    }
    put_head(out, ++*uid, ys__roadmap_lane(r, lane), "", 1);
    put_when(out, "Start", from, false);
    put_when(out, "Finish", to, true);
    ys_out_printf(
        out,
        "<Milestone>0</Milestone>\n<Summary>1</Summary>\n<PercentComplete>%d</PercentComplete>\n</Task>\n",
        (int)(100 * done / n));
    for (size_t i = 0; i < n; i++) {
        /* a gate follows the one before it, unless it is dated earlier */
        int64_t before = at[i].project >= 0 && i > 0 && at[i - 1].day <= at[i].day ? *uid : 0;
        put_thing(out, r, &at[i], ++*uid, before);
    }
}

static void put_calendar(ys_out out)
{
    ys_out_puts(out, "<Calendars>\n<Calendar>\n<UID>1</UID>\n<Name>Standard</Name>\n<IsBaseCalendar>1</"
                     "IsBaseCalendar>\n<WeekDays>\n");
    for (int d = 1; d <= 7; d++) /* all days: a gate may fall on any */
        ys_out_printf(out,
                      "<WeekDay>\n<DayType>%d</DayType>\n<DayWorking>1</"
                      "DayWorking>\n<WorkingTimes>\n<WorkingTime>\n<FromTime>08:00:00</FromTime>\n"
                      "<ToTime>17:00:00</ToTime>\n</WorkingTime>\n</WorkingTimes>\n</WeekDay>\n",
                      d);
    ys_out_puts(out, "</WeekDays>\n</Calendar>\n</Calendars>\n");
}

static ys_status write_project(const ys_roadmap *r, ys_diag *diag)
{
    ys_whole_file w;
    int64_t uid = 0;
    YS_TRY(ys_whole_file_open(&w, r->args->path, diag));
    ys_out out = ys_out_file(w.f);
    ys_out_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Project "
                     "xmlns=\"http://schemas.microsoft.com/project\">\n<SaveVersion>14</SaveVersion>\n");
    put_text(out, "Title", r->args->zh ? "路线图" : "Roadmap");
    ys_out_puts(out, "<ScheduleFromStart>1</ScheduleFromStart>\n");
    put_when(out, "CurrentDate", r->c->today, false);
    ys_out_puts(out, "<CalendarUID>1</CalendarUID>\n");
    put_calendar(out);
    ys_out_puts(out, "<Tasks>\n");
    for (size_t i = 0; i < r->lanes; i++)
        put_lane(out, r, i, &uid);
    ys_out_puts(out, "</Tasks>\n</Project>\n");
    return ys_whole_file_finish(&w, diag);
}

ys_status ys_roadmap_write(ys_office *o, const ys_roadmap_args *args, ys_roadmap_report *ret_report,
                           ys_diag *diag)
{
    ys_roadmap r = {.args = args};
    ys_roadmap_report report = {0};
    ys_tx head;
    size_t n = strlen(args->path);
    ys_status st = YS_OK;
    YS_GO(ys_coop_read(o, &args->reading, &r.c, diag));
    YS_GO(ys_store_head(o->store, &head, diag));
    r.when = head.recorded_at;
    YS_GO(ys_dated_list(r.c, args->zh, &r.at, &r.n, diag));
    YS_GO(make_lanes(&r, diag));
    report.lanes = (int64_t)r.lanes;
    report.things = (int64_t)r.n;
    if (n > 4 && strcasecmp(args->path + n - 4, ".xml") == 0)
        YS_GO(write_project(&r, diag));
    else
        YS_GO(ys__roadmap_draw(&r, &report, diag));
    *ret_report = report;
done:
    ys_free(r.first);
    ys_free(r.at);
    ys_coop_free(r.c);
    return st;
}
