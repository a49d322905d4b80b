/* SPDX-License-Identifier: Apache-2.0 */
/* Alkire-Foster from a histogram of integer scores: one pass over the rows, then every cutoff is a tail sum. */
#include "yaoshi/measure.h"
#include <math.h>
#include "base/alloc.h"
#include "measure/af.h"
#include "measure/sum.h"

struct ys_af {
    int indicators, score_max;
    int32_t groups;
    int32_t weight[YS_AF_MAX_INDICATORS];
    double *base;     /* groups + 1 or NULL */
    int64_t *rows;    /* groups + 1, the last for the total */
    int64_t *unknown; /* the same */
    ys__sum *cell;    /* [groups + 1][indicators + 1][score_max + 1]; the last "indicator" counts persons */
};

static ys__sum *cell_of(const ys_af *a, int32_t group, int indicator, int score)
{
    size_t g = (size_t)group, j = (size_t)indicator, per = (size_t)a->score_max + 1;
    return &a->cell[(g * ((size_t)a->indicators + 1) + j) * per + (size_t)score];
}

ys_status ys__af_check(const ys_af_data *d, int *ret_score_max, ys_diag *diag)
{
    int64_t sum = 0;
    if (d->indicators < 1 || d->indicators > YS_AF_MAX_INDICATORS)
        return ys_fail(diag, YS_EDATA, "指标数须在 1 到 %d 之间", "there must be 1 to %d indicators",
                       YS_AF_MAX_INDICATORS);
    if (d->groups < 0 || (d->groups > 0 && !d->group))
        return ys_fail(diag, YS_EDATA, "组数不合规", "the number of groups is out of range");
    for (int j = 0; j < d->indicators; j++) {
        if (d->indicator_weight[j] < 1)
            return ys_fail(diag, YS_EDATA, "第 %d 个指标的权数不是正整数",
                           "the weight of indicator %d is not a positive integer", j + 1);
        sum += d->indicator_weight[j];
    }
    if (sum > YS_AF_MAX_SCORE)
        return ys_fail(diag, YS_ELIMIT, "指标权数之和超过 %d", "the indicator weights add up to more than %d",
                       YS_AF_MAX_SCORE);
    *ret_score_max = (int)sum;
    return YS_OK;
}

int ys__af_score(const ys_af_data *d, int64_t i, bool *ret_unknown)
{
    int score = 0;
    *ret_unknown = false;
    for (int j = 0; j < d->indicators; j++) {
        uint8_t v = d->deprived[j][i];
        if (v == 1)
            score += d->indicator_weight[j];
        else if (v != 0)
            *ret_unknown = true;
    }
    return score;
}

static void add_row(ys_af *a, const ys_af_data *d, int64_t i, int32_t group, int score)
{
    double w = d->weight ? d->weight[i] : 1;
    a->rows[group]++;
    ys__add(cell_of(a, group, a->indicators, score), w);
    for (int j = 0; j < a->indicators; j++)
        if (d->deprived[j][i] == 1)
            ys__add(cell_of(a, group, j, score), w);
}

static ys_status add_rows(ys_af *a, const ys_af_data *d, ys_diag *diag)
{
    for (int64_t i = 0; i < d->n; i++) {
        bool unknown;
        int32_t g = d->group ? d->group[i] : -1;
        if (g >= d->groups || (d->weight && !(d->weight[i] >= 0))) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "组号或权数超出范围", "a group code or a weight is out of range");
        }
        int score = ys__af_score(d, i, &unknown);
        a->unknown[d->groups] += unknown;
        if (g >= 0)
            a->unknown[g] += unknown;
        if (unknown && d->complete_cases)
            continue;
        add_row(a, d, i, d->groups, score);
        if (g >= 0)
            add_row(a, d, i, g, score);
    }
    return YS_OK;
}

ys_status ys_af_new(const ys_af_data *d, ys_af **ret_af, ys_diag *diag)
{
    int max = 0;
    YS_TRY(ys__af_check(d, &max, diag));
    size_t all = (size_t)d->groups + 1;
    ys_af *a = ys_calloc(1, sizeof *a);
    if (!a)
        return ys_fail_nomem(diag);
    a->indicators = d->indicators;
    a->score_max = max;
    a->groups = d->groups;
    memcpy(a->weight, d->indicator_weight, (size_t)d->indicators * sizeof *a->weight);
    a->rows = ys_calloc(all, sizeof *a->rows);
    a->unknown = ys_calloc(all, sizeof *a->unknown);
    a->cell = ys_calloc(all * ((size_t)d->indicators + 1), ((size_t)max + 1) * sizeof *a->cell);
    a->base = d->base ? ys_calloc(all, sizeof *a->base) : NULL;
    ys_status st = YS_OK;
    if (!a->rows || !a->unknown || !a->cell || (d->base && !a->base))
        st = ys_fail_nomem(diag);
    if (st == YS_OK && d->base)
        memcpy(a->base, d->base, all * sizeof *a->base);
    if (st == YS_OK)
        st = add_rows(a, d, diag);
    if (st != YS_OK) {
        ys_af_free(a);
        return st;
    }
    *ret_af = a;
    return YS_OK;
}

void ys_af_free(ys_af *a)
{
    if (!a)
        return;
    ys_free(a->base);
    ys_free(a->rows);
    ys_free(a->unknown);
    ys_free(a->cell);
    ys_free(a);
}

int ys_af_score_max(const ys_af *a)
{
    return a->score_max;
}

/* Persons of `group` deprived in `j` (j = indicators: all) with a score of at least `k`. */
static double tail(const ys_af *a, int32_t group, int j, int k)
{
    ys__sum s = {0};
    for (int c = k; c <= a->score_max; c++)
        ys__add(&s, ys__total(cell_of(a, group, j, c)));
    return ys__total(&s);
}

/* Σ of scores of the poor: numerator of M0 times the largest score. */
static double score_sum(const ys_af *a, int32_t group, int k)
{
    ys__sum s = {0};
    for (int c = k; c <= a->score_max; c++)
        ys__add(&s, c * ys__total(cell_of(a, group, a->indicators, c)));
    return ys__total(&s);
}

bool ys_af_at(const ys_af *a, int32_t group, int k, ys_af_result *ret)
{
    if (group < -1 || group >= a->groups || k < 1 || k > a->score_max)
        return false;
    int32_t g = group < 0 ? a->groups : group;
    double rows = tail(a, g, a->indicators, 0), base = a->base ? a->base[g] : rows;
    double pop = base > 0 ? base : NAN, poor = tail(a, g, a->indicators, k), sum = score_sum(a, g, k);
    double all = score_sum(a, a->groups, k);
    *ret = (ys_af_result){.rows = a->rows[g], .unknown_rows = a->unknown[g], .population = pop, .poor = poor};
    ret->h = poor / pop;
    ret->m0 = sum / a->score_max / pop;
    ret->a = poor > 0 ? sum / a->score_max / poor : NAN;
    ret->m0_share = all > 0 ? sum / all : NAN;
    for (int j = 0; j < a->indicators; j++) {
        double deprived_poor = tail(a, g, j, k);
        ret->uncensored[j] = tail(a, g, j, 0) / pop;
        ret->censored[j] = deprived_poor / pop;
        ret->contribution[j] = sum > 0 ? a->weight[j] * deprived_poor / sum : NAN;
    }
    return true;
}

ys_rate_change ys_rate_change_of(double before, double after, double years)
{
    double ratio = after / before;
    return (ys_rate_change){after - before, 100 * (ratio - 1), (after - before) / years,
                            100 * (pow(ratio, 1 / years) - 1)};
}
