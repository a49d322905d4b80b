/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "app/assess_file.h"
#include "app/clock.h"
#include "app/fact.h"
#include "base/num.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"by", "LEVEL|FIELD", "分组：地区级别（county、town、village）或代码字段；CSV 时为列名",
     "group by area level (county, town, village) or coded field; with --csv a column"},
    {"csv", "FILE", "不用库，直接算一份 CSV（要 --income --weight --line）",
     "measure a CSV file instead of a store (--income --weight --line)"},
    {"income", "COL", "收入列（人均）", "income column (per head)"},
    {"weight", "COL", "权重列（代表多少人）", "weight column (persons it stands for)"},
    {"cluster", "COL", "抽样单元列（户），给出则算标准误",
     "column of the sampling unit (household): standard errors"},
    {"strata", "COL", "抽样层列", "column of the strata"},
    {"relative", "P", "相对贫困线 = P × 中位数（默认 0.6）", "relative line = P × median (default 0.6)"},
    {"all", NULL, "列出全部指数", "show every index"},
    {"output", "FILE", "把各组的全部指数写进文件：….xlsx 或 ….csv，- 为标准输出（可写 -o）",
     "write every index of every group to a file: ….xlsx or ….csv, - for the standard output (-o)"},
    YS_READING_OPTS,
    YS_ON_OPT,
    {0},
};

static void json_income(ys_json *j, const ys_income_result *r, const ys_income_errors *e)
{
    for (int i = 0; i < YS_II_COUNT; i++)
        ys_json_real(j, ys_income_index_name((ys_income_index)i), r->value[i]);
    ys_json_int(j, "rows", r->rows);
    ys_json_int(j, "poor_rows", r->poor_rows);
    ys_json_real(j, "weight", r->weight);
    ys_json_real(j, "population", r->population);
    ys_json_real(j, "poor", r->poor);
    ys_json_int(j, "missing", r->missing);
    ys_json_int(j, "clamped", r->clamped_gap);
    ys_json_int(j, "floored", r->floored);
    if (e == NULL)
        return;
    ys_json_object(j, "se");
    for (int i = 0; i < YS_II_COUNT; i++) {
        if (!isnan(e->index[i].se))
            ys_json_real(j, ys_income_index_name((ys_income_index)i), e->index[i].se);
    }
    ys_json_int(j, "df", e->df);
    ys_json_end(j);
}

/* With -o the table goes to the file instead of the terminal; JSON is printed beside it. */
static ys_status check_output(const ys_cli *c, ys_diag *diag)
{
    const char *path = ys_cli_get(c, "output");
    if (path != NULL && strcmp(path, "-") == 0 && c->json)
        return ys_fail(diag, YS_EUSAGE, "-o - 与 --json 都要写到标准输出",
                       "-o - and --json both want the standard output");
    return YS_OK;
}

static void told_written(const ys_cli *c, int64_t rows)
{
    if (strcmp(ys_cli_get(c, "output"), "-") != 0)
        ys_cli_talk(c, "● 已写入 %s，%lld 行", "● written: %s, %lld rows", ys_cli_get(c, "output"),
                    (long long)rows);
}

/* ---- straight from a CSV file ---- */

static ys_status survey_json(const ys_cli *c, const ys_survey *s, ys_diag *diag)
{
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_text(&j, "file", ys_cli_get(c, "csv"));
    json_income(&j, &s->income->total, s->errors != NULL ? &s->errors[s->income->groups] : NULL);
    if (s->income->groups > 0) {
        ys_json_real(&j, "theil_between_share", s->income->theil_between_share);
        ys_json_real(&j, "mld_between_share", s->income->mld_between_share);
        ys_json_array(&j, "groups");
        for (int32_t g = 0; g < s->income->groups; g++) {
            ys_json_object(&j, NULL);
            ys_json_text(&j, "group", s->label[g]);
            json_income(&j, &s->income->group[g], s->errors != NULL ? &s->errors[g] : NULL);
            ys_json_real(&j, "population_share", s->income->group[g].population_share);
            ys_json_real(&j, "contribution_fgt0", s->income->group[g].contribution[0]);
            ys_json_real(&j, "contribution_fgt1", s->income->group[g].contribution[1]);
            ys_json_real(&j, "contribution_fgt2", s->income->group[g].contribution[2]);
            ys_json_end(&j);
        }
        ys_json_end(&j);
    }
    return ys_cli_json_done(&j, diag);
}

static void put_value(ys_grid *g, ys_income_index i, double v)
{
    if (isnan(v))
        ys_grid_put(g, "–");
    else if (strcmp(ys_income_index_unit(i), "money") == 0)
        ys_grid_putf(g, "%.2f", v);
    else
        ys_grid_putf(g, "%.6f", v);
}

static ys_status survey_text(const ys_cli *c, const ys_survey *s, ys_diag *diag)
{
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "指数", "index"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "值", "value"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "标准误", "standard error"), YS_RIGHT);
    for (int i = 0; i < YS_II_COUNT; i++) {
        ys_grid_put(
            g, ys_cli_say(c, ys_income_index_zh((ys_income_index)i), ys_income_index_en((ys_income_index)i)));
        put_value(g, (ys_income_index)i, s->income->total.value[i]);
        put_value(g, (ys_income_index)i,
                  s->errors != NULL ? s->errors[s->income->groups].index[i].se : (double)NAN);
    }
    YS_TRY(ys_cli_grid(c, g, diag));
    if (s->income->groups == 0)
        return YS_OK;
    g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "组", "group"), YS_LEFT);
    static const ys_income_index shown[] = {YS_II_FGT0, YS_II_FGT1, YS_II_FGT2, YS_II_GINI, YS_II_MEAN};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        ys_grid_column(g, ys_income_index_name(shown[i]), YS_RIGHT);
    for (int32_t k = 0; k < s->income->groups; k++) {
        ys_grid_put(g, s->label[k]);
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
            put_value(g, shown[i], s->income->group[k].value[shown[i]]);
    }
    ys_out_puts(c->out, "\n");
    return ys_cli_grid(c, g, diag);
}

static ys_status run_survey(const ys_cli *c, ys_diag *diag)
{
    ys_survey *s = NULL;
    ys_survey_args a = {.file = ys_cli_get(c, "csv"),
                        .income = ys_cli_get(c, "income"),
                        .weight = ys_cli_get(c, "weight"),
                        .by = ys_cli_get(c, "by"),
                        .cluster = ys_cli_get(c, "cluster"),
                        .strata = ys_cli_get(c, "strata")};
    if (a.income == NULL)
        return ys_fail(diag, YS_EUSAGE, "要用 --income 指明收入列", "name the income column with --income");
    YS_TRY(ys_cli_real(c, "line", (double)NAN, &a.line, diag));
    YS_TRY(ys_cli_real(c, "relative", 0.6, &a.relative, diag));
    if (!(a.line > 0))
        return ys_fail(diag, YS_EUSAGE, "要用 --line 给出贫困线（大于 0）",
                       "give the poverty line with --line (above 0)");
    YS_TRY(ys_survey_measure(&a, &s, diag));
    ys_status st = YS_OK;
    ys_assess_file to = {ys_cli_get(c, "output"), c->zh, a.line, a.file};
    int64_t rows = 0;
    if (to.path != NULL)
        st = ys_survey_write(s, &to, &rows, diag);
    if (st == YS_OK && to.path != NULL)
        told_written(c, rows);
    if (st == YS_OK && c->json)
        st = survey_json(c, s, diag);
    else if (st == YS_OK && to.path == NULL)
        st = survey_text(c, s, diag);
    ys_survey_free(s);
    return st;
}

/* ---- from the store ---- */

static void json_af(ys_json *j, const ys_assessment *a, int32_t group)
{
    ys_af_result r;
    if (a->af == NULL || !ys_af_at(a->af, group, a->af_k, &r))
        return;
    ys_json_object(j, "mpi");
    ys_json_int(j, "k", a->af_k);
    ys_json_int(j, "of", ys_af_score_max(a->af));
    ys_json_real(j, "h", r.h);
    ys_json_real(j, "a", r.a);
    ys_json_real(j, "m0", r.m0);
    ys_json_array(j, "indicators");
    for (int i = 0; group < 0 && i < a->indicators; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "indicator", a->indicator[i]->name);
        ys_json_int(j, "weight", a->indicator[i]->weight);
        ys_json_real(j, "uncensored", r.uncensored[i]);
        ys_json_real(j, "censored", r.censored[i]);
        ys_json_real(j, "contribution", r.contribution[i]);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_end(j);
}

/* `seconds`: reading the store, measuring. */
static ys_status print_json(const ys_cli *c, const ys_frame *f, const ys_assessment *a,
                            const double seconds[2], ys_diag *diag)
{
    ys_json j;
    int digits = ys_pack_digits(f->pack);
    ys_cli_json(c, &j);
    json_income(&j, &a->income->total, NULL);
    ys_json_money(&j, "line", f->line->amount, digits);
    ys_json_text(&j, "period", f->period);
    ys_json_bool(&j, "has_sample", a->has_sample);
    ys_json_bool(&j, "has_base", a->has_base);
    ys_json_int(&j, "register_households", a->register_households);
    ys_json_int(&j, "register_persons", a->register_persons);
    ys_json_int(&j, "register_poor_households", a->poor_households[a->groups]);
    ys_json_int(&j, "register_poor_persons", a->poor_persons[a->groups]);
    ys_json_money(&j, "register_gap", a->gap_fen[a->groups], digits);
    json_af(&j, a, -1);
    if (a->groups > 0) {
        ys_json_real(&j, "theil_between_share", a->income->theil_between_share);
        ys_json_array(&j, "groups");
        for (int32_t g = 0; g < a->groups; g++) {
            ys_json_object(&j, NULL);
            ys_json_text(&j, "group", a->code[g]);
            ys_json_text(&j, "name", a->label[g]);
            json_income(&j, &a->income->group[g], NULL);
            ys_json_int(&j, "register_poor_persons", a->poor_persons[g]);
            ys_json_money(&j, "register_gap", a->gap_fen[g], digits);
            json_af(&j, a, g);
            ys_json_end(&j);
        }
        ys_json_end(&j);
    }
    ys_json_real(&j, "seconds_read", seconds[0]);
    ys_json_real(&j, "seconds", seconds[1]);
    return ys_cli_json_done(&j, diag);
}

static void put_share(ys_grid *g, double v)
{
    if (isnan(v))
        ys_grid_put(g, "–");
    else
        ys_grid_putf(g, "%.2f", v * 100);
}

static void put_area(ys_grid *g, const ys_frame *f, const ys_assessment *a, int32_t k, const char *label)
{
    char money[48];
    const ys_income_result *r = k < a->groups ? &a->income->group[k] : &a->income->total;
    ys_af_result af;
    /* A register is counted; a survey alone is projected by its weights. */
    bool survey = a->register_households == 0 && a->has_sample;
    ys_grid_put(g, label);
    ys_grid_put(g,
                ys_format_int_grouped(survey && r->poor >= 0 ? (int64_t)(r->poor + 0.5) : a->poor_persons[k],
                                      money, sizeof money));
    put_share(g, r->value[YS_II_FGT0]);
    put_share(g, r->value[YS_II_FGT1]);
    put_share(g, r->value[YS_II_FGT2]);
    if (survey)
        ys_grid_putf(g, "%.2f", r->value[YS_II_GAP_TOTAL] / 1e6);
    else
        ys_grid_put(g, ys_format_money_grouped(a->gap_fen[k] / 1000000, ys_pack_digits(f->pack), money,
                                               sizeof money));
    bool has = a->af != NULL && ys_af_at(a->af, k < a->groups ? k : -1, a->af_k, &af);
    put_share(g, has ? af.m0 : (double)NAN);
    put_share(g, r->value[YS_II_GINI]);
}

static ys_status print_text(const ys_cli *c, const ys_frame *f, const ys_assessment *a, ys_diag *diag)
{
    char line[48];
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_cli_talk(c, "贫困线 %s %s/人·年（%s）；收入期间 %s；登记 %lld 户 %lld 人，样本 %lld 户",
                "line %s %s a person and year (%s); income of %s; register %lld households, %lld persons; "
                "sample %lld households",
                ys_format_money(f->line->amount, ys_pack_digits(f->pack), line, sizeof line),
                ys_currency_word(f->pack, c->zh), ys_cli_say(c, f->line->label_zh, f->line->label_en),
                f->period, (long long)a->register_households, (long long)a->register_persons,
                (long long)a->sample_households);
    if (!a->has_base && !a->has_sample)
        ys_cli_talk(c, "▲ 没有人口基数，也没有非贫困样本：发生率无从算起，不印",
                    "▲ no population base and no sample of the non-poor: rates have no denominator and are "
                    "not printed");
    ys_grid_column(g, ys_cli_say(c, "地区/组", "area or group"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "贫困人口", "poor"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "发生率%", "FGT0 %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "深度%", "FGT1 %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "强度%", "FGT2 %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "缺口(百万/年)", "gap (million/year)"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "多维M0%", "M0 %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "基尼%", "Gini %"), YS_RIGHT);
    for (int32_t k = 0; k < a->groups; k++)
        put_area(g, f, a, k, a->label[k]);
    if (a->groups > 0)
        ys_grid_rule(g);
    put_area(g, f, a, a->groups, ys_cli_say(c, "合计", "all"));
    YS_TRY(ys_cli_grid(c, g, diag));
    if (!ys_cli_flag(c, "all"))
        return YS_OK;
    g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "指数", "index"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "值", "value"), YS_RIGHT);
    for (int i = 0; i < YS_II_COUNT; i++) {
        ys_grid_put(
            g, ys_cli_say(c, ys_income_index_zh((ys_income_index)i), ys_income_index_en((ys_income_index)i)));
        put_value(g, (ys_income_index)i, a->income->total.value[i]);
    }
    ys_out_puts(c->out, "\n");
    return ys_cli_grid(c, g, diag);
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_frame *f = NULL;
    ys_assessment *a = NULL;
    ys_reading r;
    ys_status st = YS_OK;
    ys_assess_file to = {.path = ys_cli_get(c, "output"), .zh = c->zh};
    int64_t rows = 0;
    YS_TRY(check_output(c, diag));
    if (ys_cli_get(c, "csv") != NULL)
        return run_survey(c, diag);
    if (c->argc == 0)
        return ys_fail(diag, YS_EUSAGE, "给出库，或 --csv 文件", "give a store, or --csv FILE");
    YS_TRY(ys_cli_reading(c, &r, diag));
    YS_TRY(ys_cli_open(c, true, &o, diag));
    double start = ys_clock_seconds();
    YS_GO(ys_office_frame(o, &r, &f, diag));
    double read = ys_clock_seconds();
    YS_GO(ys_assess(f, ys_cli_get(c, "by"), &a, diag));
    const double seconds[] = {read - start, ys_clock_seconds() - read};
    if (to.path != NULL) {
        YS_GO(ys_assess_write(o, f, a, &to, &rows, diag));
        told_written(c, rows);
    }
    if (c->json)
        YS_GO(print_json(c, f, a, seconds, diag));
    else if (to.path == NULL)
        YS_GO(print_text(c, f, a, diag));
done:
    ys_assessment_free(a);
    ys_frame_free(f);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_measure = {
    .name = "measure",
    .args = "[DB]",
    .least = 0,
    .most = 1,
    .zh = "贫困有多深、在哪里",
    .en = "how poor, and where",
    .more_zh = "发生率和缺口以人口基数为分母；基尼、泰尔等要有非贫困样本。缺分母就说缺，不印比率。登记册的贫"
               "困按整数判定：总收入 < 贫困线 × 人口。",
    .more_en = "Rates take the population base as denominator; Gini, Theil and their like need the sample of "
               "the non-poor. "
               "Where the base is missing no rate is printed. Who is poor in the register is decided in "
               "integers: total < "
               "line × persons.",
    .example = "yaoshi measure heze.db --by county -o counties.xlsx",
    .opts = opts,
    .run = run,
};
