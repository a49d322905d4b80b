/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/num.h"
#include "base/text.h"
#include "io/sheet.h"

/* Columns of the file as arrays; codes are numbered in order of first appearance. */
enum { C_INCOME, C_WEIGHT, C_BY, C_CLUSTER, C_STRATA, C_COUNT };

typedef struct columns {
    int at[C_COUNT]; /* place in the file, -1: not wanted */
    double *real[2];
    int32_t *code[3];
    ys_map *names[3];
    size_t n, cap;
} columns;

static void columns_done(columns *c)
{
    for (int i = 0; i < 2; i++)
        ys_free(c->real[i]);
    for (int i = 0; i < 3; i++) {
        ys_free(c->code[i]);
        ys_map_free(c->names[i]);
    }
}

static ys_status find_columns(columns *c, const ys_survey_args *a, const char *const *cell, int n,
                              ys_diag *diag)
{
    const char *wanted[C_COUNT] = {a->income, a->weight, a->by, a->cluster, a->strata};
    for (int w = 0; w < C_COUNT; w++) {
        c->at[w] = -1;
        for (int i = 0; wanted[w] != NULL && i < n; i++) {
            if (strcmp(cell[i], wanted[w]) == 0)
                c->at[w] = i;
        }
        if (wanted[w] != NULL && c->at[w] < 0) {
            ys_diag_where(diag, a->file, NULL, 1, 0, wanted[w]);
            return ys_fail(diag, YS_EDATA, "没有这一列", "there is no such column");
        }
    }
    return YS_OK;
}

static bool reserve(columns *c)
{
    size_t want = c->cap != 0 ? c->cap * 2 : 1024;
    if (c->n < c->cap)
        return true;
    for (int i = 0; i < 2; i++) {
        double *p = ys_realloc(c->real[i], want, sizeof *p);
        if (p == NULL)
            return false;
        c->real[i] = p;
    }
    for (int i = 0; i < 3; i++) {
        int32_t *p = ys_realloc(c->code[i], want, sizeof *p);
        if (p == NULL)
            return false;
        c->code[i] = p;
    }
    c->cap = want;
    return true;
}

static ys_status read_row(columns *c, const ys_survey_args *a, const char *const *cell, int n, int64_t row,
                          ys_diag *diag)
{
    if (!reserve(c))
        return ys_fail_nomem(diag);
    for (int w = C_INCOME; w <= C_WEIGHT; w++) {
        const char *text = c->at[w] >= 0 && c->at[w] < n ? cell[c->at[w]] : "";
        size_t len;
        ys_text_trim(text, strlen(text), &len);
        double v = c->at[w] < 0 ? 1 : (double)NAN;
        bool blank = len == 0 || strcmp(text, "NA") == 0 || strcmp(text, "#NA") == 0;
        if (c->at[w] >= 0 && !blank && !ys_parse_real(text, &v)) {
            ys_diag_where(diag, a->file, NULL, row, c->at[w] + 1, w == C_INCOME ? a->income : a->weight);
            ys_diag_value(diag, text);
            return ys_fail(diag, YS_EDATA, "不是数字", "not a number");
        }
        c->real[w][c->n] = w == C_WEIGHT && isnan(v) ? 0 : v;
    }
    for (int w = C_BY; w <= C_STRATA; w++) {
        int k = w - C_BY;
        int64_t code =
            c->at[w] >= 0 ? ys_map_put(c->names[k], c->at[w] < n ? cell[c->at[w]] : "", 0, NULL) : 0;
        if (code < 0)
            return ys_fail_nomem(diag);
        c->code[k][c->n] = (int32_t)code;
    }
    c->n++;
    return YS_OK;
}

static ys_status read_file(columns *c, const ys_survey_args *a, ys_diag *diag)
{
    ys_sheet *s = NULL;
    const char *const *cell;
    int n;
    int64_t row;
    ys_status st = YS_OK;
    for (int i = 0; i < 3; i++) {
        c->names[i] = ys_map_new(64);
        if (c->names[i] == NULL)
            return ys_fail_nomem(diag);
    }
    YS_GO(ys_sheet_open(a->file, NULL, &s, diag));
    YS_GO(ys_sheet_next_header(s, &cell, &n, &row, diag));
    if (cell == NULL)
        YS_GO(ys_fail(diag, YS_EDATA, "表是空的", "the table is empty"));
    YS_GO(find_columns(c, a, cell, n, diag));
    for (;;) {
        YS_GO(ys_sheet_next(s, &cell, &n, &row, diag));
        if (cell == NULL)
            break;
        YS_GO(read_row(c, a, cell, n, row, diag));
    }
done:
    ys_sheet_close(s);
    return st;
}

static ys_status measure_errors(const columns *c, const ys_income_data *data, const ys_income_opts *opts,
                                ys_survey *s, ys_diag *diag)
{
    ys_design *design = NULL;
    ys_status st = YS_OK;
    ys_design_data dd = {.n = data->n, .stages = 1, .lonely = YS_LONELY_CENTRE};
    dd.unit[0] = c->at[C_CLUSTER] >= 0 ? c->code[C_CLUSTER - C_BY] : NULL;
    dd.stratum[0] = c->at[C_STRATA] >= 0 ? c->code[C_STRATA - C_BY] : NULL;
    s->errors = ys_calloc((size_t)data->groups + 1, sizeof *s->errors);
    if (s->errors == NULL)
        return ys_fail_nomem(diag);
    YS_GO(ys_design_new(&dd, &design, diag));
    ys_income_survey is = {.data = data, .opts = opts, .design = design};
    for (int32_t g = 0; g <= data->groups; g++)
        YS_GO(ys_income_standard_errors(&is, g < data->groups ? g : -1, &s->errors[g], diag));
done:
    ys_design_free(design);
    return st;
}

void ys_survey_free(ys_survey *s)
{
    if (s == NULL)
        return;
    ys_income_table_free(s->income);
    ys_map_free(s->own);
    ys_free(s->label);
    ys_free(s->errors);
    ys_free(s);
}

ys_status ys_survey_measure(const ys_survey_args *args, ys_survey **ret_survey, ys_diag *diag)
{
    columns c = {0};
    ys_status st = YS_OK;
    ys_survey *s = ys_calloc(1, sizeof *s);
    if (s == NULL)
        return ys_fail_nomem(diag);
    YS_GO(read_file(&c, args, diag));
    int32_t groups = c.at[C_BY] >= 0 ? (int32_t)ys_map_count(c.names[0]) : 0;
    ys_income_data data = {.n = (int64_t)c.n,
                           .income = c.real[0],
                           .weight = c.real[1],
                           .group = groups > 0 ? c.code[0] : NULL,
                           .groups = groups};
    ys_income_opts opts = {.line = args->line, .rows_are_population = true, .relative = args->relative};
    YS_GO(ys_income_measure(&data, &opts, &s->income, diag));
    if (c.at[C_CLUSTER] >= 0 || c.at[C_STRATA] >= 0)
        YS_GO(measure_errors(&c, &data, &opts, s, diag));
    s->label = ys_calloc((size_t)groups, sizeof *s->label);
    if (s->label == NULL)
        YS_GO(ys_fail_nomem(diag));
    s->own = c.names[0];
    c.names[0] = NULL;
    for (int32_t g = 0; g < groups; g++)
        s->label[g] = ys_map_key(s->own, g);
    *ret_survey = s;
    s = NULL;
done:
    columns_done(&c);
    ys_survey_free(s);
    return st;
}
