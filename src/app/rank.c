/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/dmath.h"
#include "base/num.h"
#include "base/text.h"
#include "io/sheet.h"

/* What is read: column 0 is the income, the others the proxies. */
typedef struct reading {
    const ys_rank_args *a;
    ys_arena *arena;
    int columns, at[YS_OLS_MAX_TERMS], id_at;
    const char *header[YS_OLS_MAX_TERMS];
    double *value[YS_OLS_MAX_TERMS];
    ys_rank_row *row;
    size_t n, cap;
    int64_t rows;
} reading;

static void reading_done(reading *r)
{
    for (int i = 0; i < r->columns; i++)
        ys_free(r->value[i]);
    ys_free(r->row);
}

static ys_status name_columns(reading *r, ys_diag *diag)
{
    r->header[r->columns++] = r->a->income;
    for (const char *p = r->a->proxies; *p != '\0';) {
        size_t span = strcspn(p, ","), n;
        const char *start = ys_text_trim(p, span, &n);
        if (n > 0 && r->columns == YS_OLS_MAX_TERMS)
            return ys_fail(diag, YS_ELIMIT, "代理变量超过 %d 个", "more than %d proxies",
                           YS_OLS_MAX_TERMS - 1);
        if (n > 0 && (r->header[r->columns++] = ys_arena_strndup(r->arena, start, n)) == NULL)
            return ys_fail_nomem(diag);
        p += span + (p[span] == ',');
    }
    return r->columns > 1 ? YS_OK : ys_fail(diag, YS_EUSAGE, "要给出代理变量", "name at least one proxy");
}

static ys_status find_column(const reading *r, const char *header, const char *const *cell, int n,
                             int *ret_at, ys_diag *diag)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(cell[i], header) == 0) {
            *ret_at = i;
            return YS_OK;
        }
    }
    ys_diag_where(diag, r->a->file, NULL, 1, 0, header);
    return ys_fail(diag, YS_EDATA, "没有这一列", "there is no such column");
}

static ys_status find_columns(reading *r, const char *const *cell, int n, ys_diag *diag)
{
    r->id_at = -1;
    for (int c = 0; c < r->columns; c++)
        YS_TRY(find_column(r, r->header[c], cell, n, &r->at[c], diag));
    return r->a->id != NULL ? find_column(r, r->a->id, cell, n, &r->id_at, diag) : YS_OK;
}

static bool reserve(reading *r)
{
    size_t want = r->cap != 0 ? r->cap * 2 : 1024;
    if (r->n < r->cap)
        return true;
    for (int c = 0; c < r->columns; c++) {
        double *p = ys_realloc(r->value[c], want, sizeof *p);
        if (p == NULL)
            return false;
        r->value[c] = p;
    }
    ys_rank_row *rows = ys_realloc(r->row, want, sizeof *rows);
    if (rows == NULL)
        return false;
    r->row = rows;
    r->cap = want;
    return true;
}

static ys_status number(const reading *r, int c, const char *text, int64_t row, double *ret, ys_diag *diag)
{
    size_t n;
    (void)ys_text_trim(text, strlen(text), &n);
    *ret = (double)NAN;
    if (n == 0 || strcmp(text, "NA") == 0 || strcmp(text, "#NA") == 0 || ys_parse_real(text, ret))
        return YS_OK;
    ys_diag_where(diag, r->a->file, NULL, row, r->at[c] + 1, r->header[c]);
    ys_diag_value(diag, text);
    ys_diag_fix(diag, "代码列要先变成 0/1 列", "turn a coded column into columns of 0 and 1 first");
    return ys_fail(diag, YS_EDATA, "不是数字", "not a number");
}

static ys_status read_row(reading *r, const char *const *cell, int n, int64_t row, ys_diag *diag)
{
    bool complete = true;
    if (!reserve(r))
        return ys_fail_nomem(diag);
    for (int c = 0; c < r->columns; c++) {
        double *v = &r->value[c][r->n];
        YS_TRY(number(r, c, r->at[c] < n ? cell[r->at[c]] : "", row, v, diag));
        complete = complete && !isnan(*v);
    }
    r->rows++;
    double income = r->value[0][r->n];
    if (!complete || (r->a->log && !(income > 0)))
        return YS_OK;
    const char *id = ys_arena_strdup(r->arena, r->id_at >= 0 && r->id_at < n ? cell[r->id_at] : "");
    if (id == NULL)
        return ys_fail_nomem(diag);
    r->row[r->n] = (ys_rank_row){.row = row, .id = id, .income = income};
    if (r->a->log)
        r->value[0][r->n] = ys_log(income);
    r->n++;
    return YS_OK;
}

static ys_status read_file(reading *r, ys_diag *diag)
{
    ys_sheet *s = NULL;
    const char *const *cell;
    int n;
    int64_t row;
    ys_status st = YS_OK;
    ys_diag_where(diag, r->a->file, NULL, 0, 0, NULL);
    YS_GO(ys_sheet_open(r->a->file, NULL, &s, diag));
    YS_GO(ys_sheet_next_header(s, &cell, &n, &row, diag));
    if (cell == NULL)
        YS_GO(ys_fail(diag, YS_EDATA, "表是空的", "the table is empty"));
    YS_GO(find_columns(r, cell, n, diag));
    for (;;) {
        YS_GO(ys_sheet_next(s, &cell, &n, &row, diag));
        if (cell == NULL)
            break;
        YS_GO(read_row(r, cell, n, row, diag));
    }
done:
    ys_sheet_close(s);
    return st;
}

static int by_score(const void *a, const void *b)
{
    const ys_rank_row *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static ys_status fit(reading *r, ys_rank *k, ys_diag *diag)
{
    ys_status st = YS_OK;
    size_t n = r->n;
    double *one = ys_malloc(n * sizeof *one), *score = ys_malloc(n * sizeof *score);
    const double *x[YS_OLS_MAX_TERMS] = {one};
    if (one == NULL || score == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (size_t i = 0; i < n; i++)
        one[i] = 1;
    for (int c = 1; c < r->columns; c++)
        x[c] = r->value[c];
    ys_ols_data data = {.n = (int64_t)n, .terms = r->columns, .x = x, .y = r->value[0], .has_constant = true};
    st = ys_ols_fit(&data, &k->ols, score, diag);
    if (st == YS_EDATA && diag != NULL && diag->col > 1 && diag->col <= r->columns)
        ys_diag_where(diag, NULL, NULL, 0, r->at[diag->col - 1] + 1, r->header[diag->col - 1]);
    if (st != YS_OK)
        goto done;
    st = ys_targeting_test((int64_t)n, r->value[0], score, r->a->rate, &k->hit);
    if (st == YS_OK)
        st = ys_spearman((int64_t)n, r->value[0], score, &k->spearman);
    if (st != YS_OK)
        YS_GO(ys_fail(diag, st, "行数太少，无法检验", "too few rows for the test"));
    for (size_t i = 0; i < n; i++)
        r->row[i].score = score[i];
    qsort(r->row, n, sizeof *r->row, by_score);
done:
    ys_free(one);
    ys_free(score);
    return st;
}

void ys_rank_free(ys_rank *r)
{
    if (r == NULL)
        return;
    ys_arena_free(r->own);
    ys_free(r->ranked);
    ys_free(r->term);
    ys_free(r);
}

ys_status ys_rank_run(const ys_rank_args *args, ys_rank **ret_rank, ys_diag *diag)
{
    reading r = {.a = args};
    ys_status st = YS_OK;
    ys_rank *k = ys_calloc(1, sizeof *k);
    if (k == NULL)
        return ys_fail_nomem(diag);
    k->own = r.arena = ys_arena_new(0);
    if (r.arena == NULL)
        YS_GO(ys_fail_nomem(diag));
    if (!(args->rate > 0 && args->rate < 1))
        YS_GO(ys_fail(diag, YS_EUSAGE, "比例应在 0 和 1 之间", "the rate must lie between 0 and 1"));
    YS_GO(name_columns(&r, diag));
    YS_GO(read_file(&r, diag));
    k->term = ys_calloc((size_t)r.columns, sizeof *k->term);
    if (k->term == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(fit(&r, k, diag));
    k->terms = r.columns;
    k->term[0] = "(constant)";
    for (int c = 1; c < r.columns; c++)
        k->term[c] = r.header[c];
    k->rows = r.rows;
    k->used = (int64_t)r.n;
    k->ranked = r.row;
    r.row = NULL;
    *ret_rank = k;
    k = NULL;
done:
    reading_done(&r);
    ys_rank_free(k);
    return st;
}
