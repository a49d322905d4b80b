/* SPDX-License-Identifier: Apache-2.0 */
#include "app/assess_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/export_sink.h"
#include "app/fact.h"
#include "base/num.h"

enum { COLUMNS = 12 + 2 * YS_II_COUNT, HEADER = 120 };

/* The sheet being made: headers are kept until it is begun. */
typedef struct sheet {
    const ys_assess_file *how;
    ys_sink *sink;
    ys_xlsx_column columns[COLUMNS];
    char header[COLUMNS][HEADER];
    int count;
    char titles[2][400];
} sheet;

static const char *say(const sheet *s, const char *zh, const char *en)
{
    return s->how->zh ? zh : en;
}

static void column(sheet *s, ys_xlsx_type type, const char *what, const char *tail)
{
    snprintf(s->header[s->count], HEADER, "%s%s", what, tail);
    s->columns[s->count] = (ys_xlsx_column){.header = s->header[s->count], .type = type};
    s->count++;
}

/* Amounts among the indices are doubles, in major units or the survey's own: numbers with all digits, no money cells. */
static void index_columns(sheet *s, const char *tail)
{
    for (int i = 0; i < YS_II_COUNT; i++)
        column(s, YS_XLSX_REAL,
               s->how->zh ? ys_income_index_zh((ys_income_index)i) : ys_income_index_en((ys_income_index)i),
               tail);
}

static ys_status begin(sheet *s, const char *name, ys_diag *diag)
{
    const char *titles[] = {s->titles[0], s->titles[1]};
    ys_xlsx_sheet spec = {
        .name = name, .titles = titles, .ntitles = 2, .columns = s->columns, .ncolumns = s->count};
    return ys_sink_sheet(s->sink, &spec, diag);
}

static ys_status finish(sheet *s, ys_status st, int64_t *ret_rows, ys_diag *diag)
{
    if (st != YS_OK) {
        ys_sink_discard(s->sink);
        return st;
    }
    int64_t rows = ys_sink_rows(s->sink);
    YS_TRY(ys_sink_finish(s->sink, diag));
    ys_diag_clear(diag);
    *ret_rows = rows;
    return YS_OK;
}

/* ---- from the store ---- */

static ys_status office_titles(sheet *s, ys_office *o, const ys_frame *f, ys_diag *diag)
{
    char line[48], day[24];
    ys_tx tx;
    YS_TRY(ys_store_head(o->store, &tx, diag));
    ys_format_date(ys_clock_today(), day, sizeof day);
    snprintf(s->titles[0], sizeof s->titles[0],
             say(s, "贫困测量 · 贫困线 %s %s/人·年（%s）· 收入期间 %s",
                 "poverty measures · line %s %s a person and year (%s) · income of %s"),
             ys_format_money(f->line->amount, ys_pack_digits(f->pack), line, sizeof line),
             ys_currency_word(f->pack, s->how->zh), say(s, f->line->label_zh, f->line->label_en), f->period);
    snprintf(s->titles[1], sizeof s->titles[1],
             say(s, "%s政策包 %s %s · 数据截至事务 %lld · 链首 %.16s · 打印 %s",
                 "%spack %s %s · facts up to transaction %lld · head %.16s · printed %s"),
             o->synthetic ? say(s, "▨ 合成数据，不是真人真事。", "▨ Synthetic data, no real person. ") : "",
             ys_pack_name(o->pack), ys_pack_version(o->pack), (long long)tx.id, tx.root, day);
    return YS_OK;
}

static void office_columns(sheet *s, const ys_assessment *a)
{
    column(s, YS_XLSX_TEXT, say(s, "代码", "code"), "");
    column(s, YS_XLSX_TEXT, say(s, "地区/组", "area or group"), "");
    column(s, YS_XLSX_INT, say(s, "登记贫困户", "poor households of the register"), "");
    column(s, YS_XLSX_INT, say(s, "登记贫困人口", "poor persons of the register"), "");
    column(s, YS_XLSX_MONEY, say(s, "登记缺口（年）", "gap of the register, a year"), "");
    column(s, YS_XLSX_REAL, say(s, "人口基数", "population base"), "");
    index_columns(s, "");
    if (a->af == NULL)
        return;
    column(s, YS_XLSX_REAL, say(s, "多维 H", "multidimensional H"), "");
    column(s, YS_XLSX_REAL, say(s, "多维 A", "multidimensional A"), "");
    column(s, YS_XLSX_REAL, say(s, "多维 M0", "multidimensional M0"), "");
}

/* Group k, or all of them when k is their number. */
static ys_status office_row(sheet *s, const ys_assessment *a, int32_t k, ys_diag *diag)
{
    bool all = k == a->groups;
    const ys_income_result *r = all ? &a->income->total : &a->income->group[k];
    ys_af_result af;
    ys_sink_text(s->sink, all ? NULL : a->code[k]);
    ys_sink_text(s->sink, all ? say(s, "合计", "all") : a->label[k]);
    ys_sink_int(s->sink, a->poor_households[k]);
    ys_sink_int(s->sink, a->poor_persons[k]);
    ys_sink_money(s->sink, a->gap_fen[k]);
    ys_sink_real(s->sink, a->base[k]);
    for (int i = 0; i < YS_II_COUNT; i++)
        ys_sink_real(s->sink, r->value[i]);
    if (a->af != NULL) {
        bool has = ys_af_at(a->af, all ? -1 : k, a->af_k, &af);
        ys_sink_real(s->sink, has ? af.h : (double)NAN);
        ys_sink_real(s->sink, has ? af.a : (double)NAN);
        ys_sink_real(s->sink, has ? af.m0 : (double)NAN);
    }
    return ys_sink_row(s->sink, diag);
}

static ys_status office_rows(sheet *s, ys_office *o, const ys_frame *f, const ys_assessment *a, ys_diag *diag)
{
    YS_TRY(office_titles(s, o, f, diag));
    office_columns(s, a);
    YS_TRY(begin(s, say(s, "贫困测量", "measures"), diag));
    for (int32_t k = 0; k <= a->groups; k++)
        YS_TRY(office_row(s, a, k, diag));
    return YS_OK;
}

ys_status ys_assess_write(ys_office *o, const ys_frame *f, const ys_assessment *a, const ys_assess_file *how,
                          int64_t *ret_rows, ys_diag *diag)
{
    int digits = ys_pack_digits(o->pack);
    sheet s = {.how = how};
    ys_xlsx_props props = {.title = "measure",
                           .author = o->user,
                           .comments = o->synthetic ? "合成数据 synthetic data" : NULL,
                           .created = ys_clock_today(),
                           .money_digits = digits == 0 ? -1 : digits};
    YS_TRY(ys_sink_open(how->path, &props, &s.sink, diag));
    return finish(&s, office_rows(&s, o, f, a, diag), ret_rows, diag);
}

/* ---- from a survey ---- */

static ys_status survey_row(sheet *s, const ys_survey *v, int32_t k, ys_diag *diag)
{
    int32_t groups = v->income->groups;
    bool all = k == groups;
    const ys_income_result *r = all ? &v->income->total : &v->income->group[k];
    ys_sink_text(s->sink, all ? say(s, "合计", "all") : v->label[k]);
    ys_sink_int(s->sink, r->rows);
    ys_sink_real(s->sink, r->population);
    ys_sink_real(s->sink, r->poor);
    for (int i = 0; i < YS_II_COUNT; i++)
        ys_sink_real(s->sink, r->value[i]);
    for (int i = 0; v->errors != NULL && i < YS_II_COUNT; i++)
        ys_sink_real(s->sink, v->errors[k].index[i].se);
    return ys_sink_row(s->sink, diag);
}

static ys_status survey_rows(sheet *s, const ys_survey *v, ys_diag *diag)
{
    char line[48];
    snprintf(s->titles[0], sizeof s->titles[0], say(s, "贫困测量 · 贫困线 %s", "poverty measures · line %s"),
             ys_format_real(s->how->line, line, sizeof line));
    snprintf(s->titles[1], sizeof s->titles[1], "%s", s->how->source);
    column(s, YS_XLSX_TEXT, say(s, "组", "group"), "");
    column(s, YS_XLSX_INT, say(s, "行数", "rows"), "");
    column(s, YS_XLSX_REAL, say(s, "代表人口", "population"), "");
    column(s, YS_XLSX_REAL, say(s, "代表贫困人口", "poor"), "");
    index_columns(s, "");
    if (v->errors != NULL)
        index_columns(s, say(s, "：标准误", ": standard error"));
    YS_TRY(begin(s, say(s, "贫困测量", "measures"), diag));
    for (int32_t k = 0; k <= v->income->groups; k++)
        YS_TRY(survey_row(s, v, k, diag));
    return YS_OK;
}

ys_status ys_survey_write(const ys_survey *v, const ys_assess_file *how, int64_t *ret_rows, ys_diag *diag)
{
    sheet s = {.how = how};
    ys_xlsx_props props = {.title = "measure", .created = ys_clock_today()};
    YS_TRY(ys_sink_open(how->path, &props, &s.sink, diag));
    return finish(&s, survey_rows(&s, v, diag), ret_rows, diag);
}
