/* SPDX-License-Identifier: Apache-2.0 */
#include "app/timetable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/dated.h"
#include "app/export_sink.h"
#include "base/alloc.h"
#include "base/num.h"
#include "base/str.h"
#include "io/whole_file.h"

typedef struct timetable {
    const ys_timetable_args *a;
    ys_coop *c;
    ys_dated *at;
    size_t n;
    ys_tx head;
} timetable;

static const char *say(const timetable *t, const char *zh, const char *en)
{
    return t->a->zh ? zh : en;
}

/* ---- a workbook ---------------------------------------------------------------------------------------------------- */

static ys_status put_row(ys_sink *s, const timetable *t, const ys_dated *x, ys_diag *diag)
{
    char why[120];
    ys_sink_text(s, x->who);
    ys_sink_date(s, x->from == YS_NO_DATE ? YS_NA : x->from);
    ys_sink_date(s, x->to == YS_NO_DATE ? YS_NA : x->to);
    ys_sink_date(s, x->forecast == YS_NO_DATE ? YS_NA : x->forecast);
    ys_sink_date(s, x->actual == YS_NO_DATE ? YS_NA : x->actual);
    ys_sink_text(s, x->what);
    ys_sink_text(s, x->which);
    ys_sink_text(s, x->where);
    ys_sink_text(s, x->condition);
    ys_sink_text(s, ys_mark_shape[x->standing.mark]);
    ys_sink_text(s, ys_standing_text(&x->standing, t->a->zh, why, sizeof why));
    ys_sink_text(s, ys_dated_kind_word(x->kind, t->a->zh));
    ys_sink_text(s, x->key);
    return ys_sink_row(s, diag);
}

static ys_status put_sheet(ys_sink *s, const timetable *t, const char *name, const char *title, ys_diag *diag)
{
    const ys_xlsx_column columns[] = {{say(t, "责任单位", "who"), 22, YS_XLSX_TEXT},
                                      {say(t, "计划起", "from"), 12, YS_XLSX_DATE},
                                      {say(t, "计划止", "planned"), 12, YS_XLSX_DATE},
                                      {say(t, "预计", "forecast"), 12, YS_XLSX_DATE},
                                      {say(t, "实际", "actual"), 12, YS_XLSX_DATE},
                                      {say(t, "事项", "what"), 36, YS_XLSX_TEXT},
                                      {say(t, "节点", "gate"), 24, YS_XLSX_TEXT},
                                      {say(t, "地点", "where"), 14, YS_XLSX_TEXT},
                                      {say(t, "前提条件", "condition"), 20, YS_XLSX_TEXT},
                                      {say(t, "标记", "mark"), 6, YS_XLSX_TEXT},
                                      {say(t, "说明", "why"), 24, YS_XLSX_TEXT},
                                      {say(t, "类别", "kind"), 10, YS_XLSX_TEXT},
                                      {say(t, "编号", "key"), 14, YS_XLSX_TEXT}};
    const ys_xlsx_sheet sheet = {.name = name,
                                 .titles = &title,
                                 .ntitles = 1,
                                 .columns = columns,
                                 .ncolumns = (int)(sizeof columns / sizeof *columns)};
    YS_TRY(ys_sink_sheet(s, &sheet, diag));
    for (size_t i = 0; i < t->n; i++)
        YS_TRY(put_row(s, t, &t->at[i], diag));
    return YS_OK;
}

static int by_unit(const void *a, const void *b)
{
    const ys_dated *x = a, *y = b;
    int d = strcmp(x->who, y->who);
    d = d != 0 ? d : (x->day > y->day) - (x->day < y->day);
    d = d != 0 ? d : (int)x->kind - (int)y->kind;
    return d != 0 ? d : strcmp(x->key, y->key);
}

static ys_status write_book(timetable *t, ys_diag *diag)
{
    char title[160], day[24];
    ys_sink *s;
    ys_status st = YS_OK;
    snprintf(title, sizeof title, say(t, "时间表（截至 %s）", "Timetable, as of %s"),
             ys_format_date(t->c->today, day, sizeof day));
    const ys_xlsx_props props = {.title = title};
    YS_TRY(ys_sink_open(t->a->path, &props, &s, diag));
    YS_GO(put_sheet(s, t, say(t, "按时间", "by day"), title, diag));
    qsort(t->at, t->n, sizeof *t->at, by_unit);
    YS_GO(put_sheet(s, t, say(t, "按单位", "by unit"), title, diag));
    return ys_sink_finish(s, diag);
done:
    ys_sink_discard(s);
    return st;
}

/* ---- a calendar (RFC 5545) -------------------------------------------------------------------------------------------- */

/* A content line, folded before its 76th octet without cutting a character (section 3.1). */
static void put_line(FILE *f, const char *text)
{
    size_t used = 0;
    for (const char *p = text; *p != '\0';) {
        size_t n = 1;
        while (((unsigned char)p[n] & 0xc0) == 0x80)
            n++;
        if (used + n > 75) {
            fputs("\r\n ", f);
            used = 1;
        }
        fwrite(p, 1, n, f);
        used += n;
        p += n;
    }
    fputs("\r\n", f);
}

/* name:value with the value's , ; \ and line breaks escaped (section 3.3.11). */
static void put_text(FILE *f, const char *name, const char *value)
{
    ys_str s = {0};
    ys_str_printf(&s, "%s:", name);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '\n' || *p == '\r') {
            ys_str_printf(&s, "%s", *p == '\n' ? "\\n" : "");
            continue;
        }
        ys_str_printf(&s, strchr(",;\\", *p) != NULL ? "\\%c" : "%c", *p);
    }
    put_line(f, ys_str_get(&s));
    ys_str_done(&s);
}

static void put_day(FILE *f, const char *name, int32_t day)
{
    int y, m, d;
    ys_date_to(day, &y, &m, &d);
    fprintf(f, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, y, m, d);
}

static void put_event(FILE *f, const timetable *t, const ys_dated *x, const char *stamp)
{
    char line[600], why[120];
    /* a range is planned; what is forecast or done is one day */
    bool range =
        x->actual == YS_NO_DATE && x->forecast == YS_NO_DATE && x->from != YS_NO_DATE && x->from < x->to;
    fputs("BEGIN:VEVENT\r\n", f);
    snprintf(line, sizeof line, "%s-%s@yaoshi", ys_dated_kind_name(x->kind), x->key);
    put_text(f, "UID", line);
    fprintf(f, "DTSTAMP:%s\r\nLAST-MODIFIED:%s\r\nSEQUENCE:%lld\r\n", stamp, stamp, (long long)t->head.id);
    put_day(f, "DTSTART", range ? x->from : x->day);
    put_day(f, "DTEND", x->day + 1); /* the day after the last */
    snprintf(line, sizeof line, "%s %s%s%s", ys_mark_shape[x->standing.mark], x->what,
             x->which[0] != '\0' ? say(t, "：", ": ") : "", x->which);
    put_text(f, "SUMMARY", line);
    snprintf(line, sizeof line, "%s%s%s%s%s", x->who, x->who[0] != '\0' ? "\n" : "",
             ys_standing_text(&x->standing, t->a->zh, why, sizeof why),
             x->condition != NULL ? say(t, "\n前提：", "\nif: ") : "",
             x->condition != NULL ? x->condition : "");
    put_text(f, "DESCRIPTION", line);
    if (x->where[0] != '\0')
        put_text(f, "LOCATION", x->where);
    put_text(f, "CATEGORIES", ys_dated_kind_word(x->kind, t->a->zh));
    fprintf(f, "STATUS:%s\r\n", x->condition != NULL && x->actual == YS_NO_DATE ? "TENTATIVE" : "CONFIRMED");
    fputs("TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n", f);
}

static void format_stamp(int64_t seconds, char buf[24])
{
    int y, m, d;
    int64_t days = seconds / 86400, rest = seconds % 86400;
    ys_date_to((int32_t)days, &y, &m, &d);
    snprintf(buf, 24, "%04d%02d%02dT%02d%02d%02dZ", y, m, d, (int)(rest / 3600), (int)(rest / 60 % 60),
             (int)(rest % 60));
}

static ys_status write_calendar(const timetable *t, ys_diag *diag)
{
    char stamp[24];
    ys_whole_file w;
    YS_TRY(ys_whole_file_open(&w, t->a->path, diag));
    format_stamp(t->head.recorded_at, stamp);
    fputs("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//yaoshi//timetable//"
          "ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n",
          w.f);
    put_text(w.f, "X-WR-CALNAME", say(t, "时间表", "Timetable"));
    for (size_t i = 0; i < t->n; i++)
        put_event(w.f, t, &t->at[i], stamp);
    fputs("END:VCALENDAR\r\n", w.f);
    return ys_whole_file_finish(&w, diag);
}

/* ---- both --------------------------------------------------------------------------------------------------------------- */

static ys_status keep_unit(timetable *t, ys_diag *diag)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->a->unit == NULL || strcmp(t->at[i].who, t->a->unit) == 0)
            t->at[n++] = t->at[i];
    t->n = n;
    if (n > 0)
        return YS_OK;
    ys_diag_value(diag, t->a->unit != NULL ? t->a->unit : "");
    return ys_fail(diag, YS_ENOTFOUND, "没有带日期的节点、任务、承诺或活动",
                   "no milestone, task, promise or event with a date is on record");
}

ys_status ys_timetable_write(ys_office *o, const ys_timetable_args *args, int64_t *ret_rows, ys_diag *diag)
{
    timetable t = {.a = args};
    size_t n = strlen(args->path);
    ys_status st = YS_OK;
    YS_GO(ys_coop_read(o, &args->reading, &t.c, diag));
    YS_GO(ys_store_head(o->store, &t.head, diag));
    YS_GO(ys_dated_list(t.c, args->zh, &t.at, &t.n, diag));
    YS_GO(keep_unit(&t, diag));
    if (n > 4 && strcasecmp(args->path + n - 4, ".ics") == 0)
        YS_GO(write_calendar(&t, diag));
    else
        YS_GO(write_book(&t, diag));
    *ret_rows = (int64_t)t.n;
done:
    ys_free(t.at);
    ys_coop_free(t.c);
    return st;
}
