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
    ys_sink_day(s, x->from);
    ys_sink_day(s, x->to);
    ys_sink_day(s, x->forecast);
    ys_sink_day(s, x->actual);
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

typedef struct calendar {
    const timetable *t;
    FILE *f;
    ys_str line;
    bool failed; /* no memory for a line */
    char stamp[24];
} calendar;

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

/* More of a value, with , ; \ and line breaks escaped (section 3.3.11). */
static void add_value(calendar *k, const char *value)
{
    for (const char *p = value; *p != '\0'; p++)
        if (*p == '\n')
            ys_str_puts(&k->line, "\\n");
        else if (*p != '\r')
            ys_str_printf(&k->line, strchr(",;\\", *p) != NULL ? "\\%c" : "%c", *p);
}

static void begin_line(calendar *k, const char *name)
{
    ys_str_clear(&k->line);
    ys_str_printf(&k->line, "%s:", name);
}

static void end_line(calendar *k)
{
    k->failed = k->failed || k->line.failed;
    put_line(k->f, ys_str_get(&k->line));
}

static void put_text(calendar *k, const char *name, const char *value)
{
    begin_line(k, name);
    add_value(k, value);
    end_line(k);
}

static void put_day(FILE *f, const char *name, int32_t day)
{
    int y, m, d;
    ys_date_to(day, &y, &m, &d);
    fprintf(f, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, y, m, d);
}

static void put_words(calendar *k, const ys_dated *x)
{
    const timetable *t = k->t;
    char why[120];
    begin_line(k, "SUMMARY");
    add_value(k, ys_mark_shape[x->standing.mark]);
    add_value(k, " ");
    add_value(k, x->what);
    add_value(k, x->which[0] != '\0' ? say(t, "：", ": ") : "");
    add_value(k, x->which);
    end_line(k);
    begin_line(k, "DESCRIPTION");
    add_value(k, x->who);
    add_value(k, x->who[0] != '\0' ? "\n" : "");
    add_value(k, ys_standing_text(&x->standing, t->a->zh, why, sizeof why));
    if (x->condition != NULL) {
        add_value(k, say(t, "\n前提：", "\nif: "));
        add_value(k, x->condition);
    }
    end_line(k);
}

static void put_event(calendar *k, const ys_dated *x)
{
    FILE *f = k->f;
    /* a range is planned; what is forecast or done is one day */
    bool range =
        x->actual == YS_NO_DATE && x->forecast == YS_NO_DATE && x->from != YS_NO_DATE && x->from < x->to;
    fputs("BEGIN:VEVENT\r\n", f);
    begin_line(k, "UID");
    add_value(k, ys_dated_kind_name(x->kind));
    add_value(k, "-");
    add_value(k, x->key);
    add_value(k, "@yaoshi");
    end_line(k);
    fprintf(f, "DTSTAMP:%s\r\nLAST-MODIFIED:%s\r\nSEQUENCE:%lld\r\n", k->stamp, k->stamp,
            (long long)k->t->head.id);
    put_day(f, "DTSTART", range ? x->from : x->day);
    put_day(f, "DTEND", x->day + 1); /* the day after the last */
    put_words(k, x);
    if (x->where[0] != '\0')
        put_text(k, "LOCATION", x->where);
    put_text(k, "CATEGORIES", ys_dated_kind_word(x->kind, k->t->a->zh));
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
    calendar k = {.t = t};
    ys_whole_file w;
    YS_TRY(ys_whole_file_open(&w, t->a->path, diag));
    k.f = w.f;
    format_stamp(t->head.recorded_at, k.stamp);
    fputs("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//yaoshi//timetable//ZH\r\n"
          "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n",
          w.f);
    put_text(&k, "X-WR-CALNAME", say(t, "时间表", "Timetable"));
    for (size_t i = 0; i < t->n; i++)
        put_event(&k, &t->at[i]);
    fputs("END:VCALENDAR\r\n", w.f);
    ys_str_done(&k.line);
    if (!k.failed)
        return ys_whole_file_finish(&w, diag);
    ys_whole_file_drop(&w);
    return ys_fail_nomem(diag);
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
