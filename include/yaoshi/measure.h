/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_MEASURE_H
#define YAOSHI_MEASURE_H
/*
 * measure.h - how poor: indices of poverty and inequality from arrays, by group, with their standard errors.
 *
 * The unit is the person: a row is a household (or a person) and its weight says for how many persons it
 * stands (design weight × size; 1 × size in a register).  Income is per head and year in currency units as a
 * double, all other money of the house is in integers; who is poor is therefore decided in integers where a
 * register is the source (ys_poor_flags) and passed as a flag.
 *
 *     rows are the population?   base given?   rates (FGT, Watts, Sen, SST)      inequality (Gini, Theil,
 * median …) yes (survey, census,       no            over the sum of weights           over the rows register
 * + sample)        yes           over the base                     over the rows no (register only) yes over
 * the base                     NaN: the rich are not in the rows no            NaN: no denominator, no rate
 * NaN
 *
 * A value that cannot be had is NaN, never 0.  Sums are compensated (Neumaier) in a fixed order: same input,
 * same bits.  Formulas: Foster, Greer & Thorbecke 1984; Watts 1968; Sen 1976 (limit form); Shorrocks 1995;
 * Theil 1967; Atkinson 1970; Alkire & Foster 2011; linearisation: Deville 1999, Osier 2009; survey: Wolter
 * 2007.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"

/* ---- indices of income
 * ------------------------------------------------------------------------------------- */

/*    id            name (JSON key)  unit        zh                    en */
#define YS_INCOME_INDEX_LIST(X)                                                                              \
    X(FGT0, "fgt0", "ratio", "贫困发生率", "poverty headcount ratio (FGT 0)")                                \
    X(FGT1, "fgt1", "ratio", "贫困深度", "poverty gap index (FGT 1)")                                        \
    X(FGT2, "fgt2", "ratio", "贫困强度", "squared poverty gap (FGT 2)")                                      \
    X(MEAN_GAP, "mean_gap", "ratio", "贫困人口平均缺口率", "mean gap of the poor as a share of the line")    \
    X(GAP_TOTAL, "gap_total", "money", "缺口总额", "money needed to lift all to the line, per year")         \
    X(GAP_PER_POOR, "gap_per_poor", "money", "贫困人口人均缺口", "mean gap of a poor person")                \
    X(WATTS, "watts", "ratio", "瓦茨指数", "Watts index")                                                    \
    X(SEN, "sen", "ratio", "森指数", "Sen index (limit form)")                                               \
    X(SST, "sst", "ratio", "SST 指数", "Sen-Shorrocks-Thon index")                                           \
    X(GINI_POOR, "gini_poor", "ratio", "贫困人口内部基尼系数", "Gini among the poor")                        \
    X(MEAN, "mean", "money", "平均收入", "mean income")                                                      \
    X(MEDIAN, "median", "money", "收入中位数", "median income")                                              \
    X(ARPT, "arpt", "money", "相对贫困线", "at-risk-of-poverty threshold")                                   \
    X(ARPR, "arpr", "ratio", "相对贫困率", "at-risk-of-poverty rate")                                        \
    X(RMPG, "rmpg", "ratio", "相对中位缺口", "relative median at-risk-of-poverty gap")                       \
    X(GINI, "gini", "ratio", "基尼系数", "Gini coefficient (mid-rank)")                                      \
    X(S80S20, "s80s20", "ratio", "收入五等份比", "quintile share ratio S80/S20")                             \
    X(THEIL, "theil", "ratio", "泰尔指数 T", "Theil T, GE(1)")                                               \
    X(MLD, "mld", "ratio", "平均对数离差", "mean log deviation, GE(0)")                                      \
    X(GE2, "ge2", "ratio", "广义熵 GE(2)", "GE(2), half the squared coefficient of variation")               \
    X(ATKINSON05, "atkinson_0_5", "ratio", "阿特金森指数 0.5", "Atkinson index, epsilon 0.5")                \
    X(ATKINSON1, "atkinson_1", "ratio", "阿特金森指数 1", "Atkinson index, epsilon 1")                       \
    X(ATKINSON2, "atkinson_2", "ratio", "阿特金森指数 2", "Atkinson index, epsilon 2")

typedef enum ys_income_index {
#define X(id, name, unit, zh, en) YS_II_##id,
    YS_INCOME_INDEX_LIST(X)
#undef X
        YS_II_COUNT
} ys_income_index;

const char *ys_income_index_name(ys_income_index i);
const char *ys_income_index_unit(ys_income_index i); /* "ratio" or "money" */
const char *ys_income_index_zh(ys_income_index i);
const char *ys_income_index_en(ys_income_index i);

/* The rows; all arrays are borrowed and have n places. */
typedef struct ys_income_data {
    int64_t n;
    const double *income; /* per head and year; NaN: not known, the row is left out and counted */
    const double *weight; /* persons the row stands for, >= 0; NULL: 1 each */
    const int32_t *group; /* 0..groups-1; negative: in the total only; NULL: no groups */
    int32_t groups;
    const uint8_t *poor;   /* NULL: poor is income < line; else 1 = poor by the exact test of the register */
    const double *line_of; /* line of each row (lines differ by place); NULL: opts.line for all */
} ys_income_data;

typedef struct ys_income_opts {
    double line;              /* poverty line per head, > 0; unused with data.line_of */
    bool at_line_is_poor;     /* y <= z instead of the statute's y < z */
    bool rows_are_population; /* the weights add up to the population (see the table above) */
    const double *base;       /* groups + 1 populations, the last for the total; NaN or 0: none; NULL: none */
    double relative;          /* p of ARPT = p × median; 0: 0.6 */
    bool unclamped;     /* keep gaps above 1 of negative incomes (as survey packages do), else cut to 1 */
    bool positive_only; /* Theil, MLD, Atkinson, Watts over y > 0 only (as survey packages), else floored */
} ys_income_opts;

/* One line of the answer. */
typedef struct ys_income_result {
    int64_t rows, poor_rows;
    int64_t missing;     /* rows without income, left out */
    int64_t clamped_gap; /* poor rows with y < 0, whose gap was cut to the line */
    int64_t floored;   /* rows with y < line/100 (incl. <= 0), lifted to it for Watts, Theil, MLD, Atkinson */
    double weight;     /* sum of weights of the rows */
    double population; /* denominator used for rates; NaN: none */
    double poor;       /* persons poor */
    double population_share; /* of the total's denominator */
    double contribution[3];  /* share of this group in the total's FGT 0, 1, 2 (of gap-weighted persons) */
    double value[YS_II_COUNT];
} ys_income_result;

typedef struct ys_income_table {
    int32_t groups;
    ys_income_result *group; /* groups places */
    ys_income_result total;
    /* Share of inequality that lies between the groups (rows without group are one more); NaN without groups.
     */
    double theil_between, mld_between; /* absolute */
    double theil_between_share, mld_between_share;
} ys_income_table;

/*
 * All indices for all groups and the total: one sort and one pass, O(n log n) or better; three scratch arrays
 * of n. EDATA: a line, weight or group out of range (diag.row from 1).
 */
ys_status ys_income_measure(const ys_income_data *data, const ys_income_opts *opts,
                            ys_income_table **ret_table, ys_diag *diag) YS_MUST_USE;
void ys_income_table_free(ys_income_table *t);

/* total < line × persons in integers: 1 poor, 0 not, 2 unknown (missing total or line, persons < 1). */
void ys_poor_flags(int64_t n, const int64_t *total, const int64_t *persons, const int64_t *line,
                   uint8_t *ret_poor);

/*
 * Weighted quantile, 0 < p < 1, by the inverse distribution function; where the cumulated share hits p
 * exactly, the mean of the two neighbours (the definition of Eurostat's ARPT and of R's laeken).  NaN values
 * are left out; `weight` may be NULL.  NaN when no weight is left.
 */
ys_status ys_quantile(int64_t n, const double *value, const double *weight, double p,
                      double *ret_q) YS_MUST_USE;

/* Lorenz curve at shares p[0..points-1] (rising, in [0,1]) by linear interpolation. */
ys_status ys_lorenz(int64_t n, const double *value, const double *weight, int points, const double *p,
                    double *ret_share) YS_MUST_USE;

/*
 * What changed FGT_alpha between two times (alpha 0, 1, 2): growth of the mean and redistribution, averaged
 * over both orders (the Shapley form of Datt & Ravallion), so that they add up to the change.
 */
typedef struct ys_poverty_change {
    double before, after, growth, redistribution;
} ys_poverty_change;
ys_status ys_poverty_decompose(const ys_income_data *before, const ys_income_data *after, double line,
                               int alpha, ys_poverty_change *ret_change) YS_MUST_USE;

/* ---- several deprivations: Alkire-Foster
 * ------------------------------------------------------------------- */

#define YS_AF_MAX_INDICATORS 64
#define YS_AF_MAX_SCORE      4096

typedef struct ys_af_data {
    int64_t n;
    int indicators;
    const uint8_t *const *deprived;  /* [indicators][n]: 1 deprived, 0 not, 2 not known */
    const int32_t *indicator_weight; /* whole numbers > 0; integers because 6×(1/18) is not 1/3 in doubles */
    const double *weight;            /* persons of the row; NULL: 1 */
    const int32_t *group;            /* as in ys_income_data */
    int32_t groups;
    bool complete_cases; /* leave rows out that have an unknown; else unknown counts as not deprived */
    const double *base;  /* groups + 1 populations if the rows are a register only; NULL: sum of weights */
} ys_af_data;

/* All cutoffs at once: a histogram of scores for each group. */
typedef struct ys_af ys_af;
ys_status ys_af_new(const ys_af_data *data, ys_af **ret_af, ys_diag *diag) YS_MUST_USE;
void ys_af_free(ys_af *a);
int ys_af_score_max(const ys_af *a); /* sum of the indicator weights */

typedef struct ys_af_result {
    int64_t rows,
        unknown_rows; /* rows counted; rows with at least one unknown (left out or taken as not deprived) */
    double population;
    double h, a, m0;                           /* NaN when population is 0 (a also when nobody is poor) */
    double poor;                               /* persons */
    double uncensored[YS_AF_MAX_INDICATORS];   /* share of the population deprived in j */
    double censored[YS_AF_MAX_INDICATORS];     /* … and poor */
    double contribution[YS_AF_MAX_INDICATORS]; /* of j to M0 */
    double m0_share;                           /* of this group in the total's M0 */
} ys_af_result;
/* group -1: the total; k in 1..score_max: poor is score >= k.  False when out of range. */
bool ys_af_at(const ys_af *a, int32_t group, int k, ys_af_result *ret_result);

/* Changes of a rate over `years`: absolute, relative %, and both per year (Alkire et al. 2015, ch. 9). */
typedef struct ys_rate_change {
    double absolute, relative, absolute_year, relative_year;
} ys_rate_change;
ys_rate_change ys_rate_change_of(double before, double after, double years);

/* ---- standard errors of samples
 * ---------------------------------------------------------------------------- */

typedef enum ys_lonely { YS_LONELY_CENTRE, YS_LONELY_REMOVE, YS_LONELY_FAIL } ys_lonely;

#define YS_DESIGN_STAGES 3
/* How the sample was drawn; arrays have n places.  A register needs no standard error. */
typedef struct ys_design_data {
    int64_t n;
    int stages;                               /* 1 .. YS_DESIGN_STAGES */
    const int32_t *stratum[YS_DESIGN_STAGES]; /* NULL: one stratum; codes >= 0 */
    const int32_t
        *unit[YS_DESIGN_STAGES]; /* sampling unit (PSU first; households, not persons); NULL: each row */
    const double
        *population[YS_DESIGN_STAGES]; /* units in the stratum's population, for the finite-population
                                          correction; NULL: none, and then further stages add nothing */
    ys_lonely
        lonely; /* a stratum with one unit: centred at the mean of all units, contributes 0, or an error */
} ys_design_data;

typedef struct ys_design ys_design;
ys_status ys_design_new(const ys_design_data *data, ys_design **ret_design, ys_diag *diag) YS_MUST_USE;
void ys_design_free(ys_design *d);
int64_t ys_design_rows(const ys_design *d);
int64_t ys_design_df(const ys_design *d); /* first-stage units less strata */
/* Variance of Σ u_i, u = weight × linearised value, 0 outside a domain (all rows stay in). */
ys_status ys_design_variance(const ys_design *d, const double *u, double *ret_variance,
                             ys_diag *diag) YS_MUST_USE;
/* Jackknife over first-stage units (JK1 with one stratum, else JKn): `estimate` sees the replicate's weights.
 */
typedef double ys_estimator(void *arg, int64_t n, const double *weight);
ys_status ys_design_jackknife(const ys_design *d, const double *weight, ys_estimator *estimate, void *arg,
                              double *ret_variance, ys_diag *diag) YS_MUST_USE;

typedef struct ys_estimate {
    double value, se;
} ys_estimate;
/* `in` NULL: all rows; else rows with in[i] != 0 (a domain). */
ys_status ys_svy_mean(const ys_design *d, const double *w, const double *y, const uint8_t *in,
                      ys_estimate *ret, ys_diag *diag) YS_MUST_USE;
ys_status ys_svy_total(const ys_design *d, const double *w, const double *y, const uint8_t *in,
                       ys_estimate *ret, ys_diag *diag) YS_MUST_USE;
typedef struct ys_ratio_data {
    const double *w, *y, *x;
    const uint8_t *in;
} ys_ratio_data;
ys_status ys_svy_ratio(const ys_design *d, const ys_ratio_data *r, ys_estimate *ret,
                       ys_diag *diag) YS_MUST_USE;

/*
 * Value and standard error of FGT0/1/2, WATTS, GINI, MEAN, MEAN_GAP, GAP_TOTAL, MEDIAN, ARPT, ARPR; the
 * others keep se = NaN.  `group` -1: all rows; else that group as a domain.  With `relative_line` the FGT are
 * taken at p × median of all rows and the threshold's own error is in (opts.line unused).
 */
typedef struct ys_income_errors {
    ys_estimate index[YS_II_COUNT];
    int64_t df;
} ys_income_errors;
typedef struct ys_income_survey {
    const ys_income_data *data;
    const ys_income_opts *opts;
    const ys_design *design;
    bool relative_line;
} ys_income_survey;
ys_status ys_income_standard_errors(const ys_income_survey *s, int32_t group, ys_income_errors *ret_errors,
                                    ys_diag *diag) YS_MUST_USE;

/* H, M0, A of Alkire-Foster at cutoff k with their errors. */
typedef struct ys_af_errors {
    ys_estimate h, m0, a;
    int64_t df;
} ys_af_errors;
ys_status ys_af_standard_errors(const ys_af_data *data, const ys_design *design, int32_t group, int k,
                                ys_af_errors *ret_errors, ys_diag *diag) YS_MUST_USE;

/* ---- proxy means: a score where no income is known
 * ---------------------------------------------------------- */

#define YS_OLS_MAX_TERMS 128
typedef struct ys_ols_data {
    int64_t n;
    int terms;                /* columns of x; a constant is one of them if wanted (all ones) */
    const double *const *x;   /* [terms][n] */
    const double *y, *weight; /* weight NULL: 1 */
    bool has_constant;        /* R² against the mean, else against 0 */
} ys_ols_data;
/* Least squares by Householder QR.  EDATA: fewer rows than terms, collinear columns (diag.col from 1), NaN.
 */
typedef struct ys_ols {
    double coef[YS_OLS_MAX_TERMS], se[YS_OLS_MAX_TERMS];
    double r2, r2_adjusted, sigma;
    int64_t df;
} ys_ols;
/* `ret_fitted` (n places) may be NULL. */
ys_status ys_ols_fit(const ys_ols_data *data, ys_ols *ret_ols, double *ret_fitted, ys_diag *diag) YS_MUST_USE;

/* Select the lowest share `rate` by score; the poor are the lowest share by truth; ties go to the earlier
 * row. */
typedef struct ys_targeting {
    int64_t selected, hits; /* floor(rate × n); rows both selected and poor */
    double exclusion, inclusion, sensitivity, precision, specificity, auc;
} ys_targeting;
ys_status ys_targeting_test(int64_t n, const double *truth, const double *score, double rate,
                            ys_targeting *ret_targeting) YS_MUST_USE;
/* Probability that a random positive row has a lower score than a random negative one, ties half. */
ys_status ys_auc(int64_t n, const double *score, const uint8_t *positive, double *ret_auc) YS_MUST_USE;
/* Spearman's rank correlation (mid-ranks). */
ys_status ys_spearman(int64_t n, const double *a, const double *b, double *ret_rho) YS_MUST_USE;

#endif
