/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "app/rank.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"csv", "FILE", "有收入也有代理变量的 CSV 或 XLSX", "CSV or XLSX file with incomes and proxies"},
    {"income", "COL", "收入（或消费）列", "income (or consumption) column"},
    {"proxies", "COL,COL…", "代理变量列，用逗号分开", "columns of the proxies, separated by commas"},
    {"log", NULL, "用收入的对数", "take the logarithm of income"},
    {"rate", "R", "最穷的比例，也是得分选出的比例（默认 0.4）",
     "share of the poorest, and share the score selects (default 0.4)"},
    {"id", "COL", "标识行的列", "column that names the rows"},
    {"list", "N", "列出得分最低的 N 行", "list the N rows with the lowest scores"},
    {0},
};

static const char note_zh[] = "得分只说明看得见的东西能看出多少贫困；它会漏掉、也会错选，绝不决定任何一户。";
static const char note_en[] =
    "The score only shows how much of poverty can be told from what is visible; it misses and "
    "mistakes households and never decides about any of them.";

static void json_terms(ys_json *j, const ys_rank *r)
{
    ys_json_array(j, "terms");
    for (int i = 0; i < r->terms; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "term", r->term[i]);
        ys_json_real(j, "coef", r->ols.coef[i]);
        ys_json_real(j, "se", r->ols.se[i]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_rows(ys_json *j, const ys_rank *r, int64_t list)
{
    ys_json_array(j, "ranked");
    for (int64_t i = 0; i < list && i < r->used; i++) {
        ys_json_object(j, NULL);
        ys_json_int(j, "row", r->ranked[i].row);
        ys_json_text(j, "id", r->ranked[i].id);
        ys_json_real(j, "score", r->ranked[i].score);
        ys_json_real(j, "income", r->ranked[i].income);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static ys_status print_json(const ys_cli *c, const ys_rank *r, double rate, int64_t list, ys_diag *diag)
{
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_int(&j, "rows", r->rows);
    ys_json_int(&j, "used", r->used);
    ys_json_real(&j, "r2", r->ols.r2);
    ys_json_real(&j, "r2_adjusted", r->ols.r2_adjusted);
    ys_json_real(&j, "sigma", r->ols.sigma);
    ys_json_real(&j, "spearman", r->spearman);
    ys_json_real(&j, "rate", rate);
    ys_json_int(&j, "selected", r->hit.selected);
    ys_json_int(&j, "hits", r->hit.hits);
    ys_json_real(&j, "exclusion_error", r->hit.exclusion);
    ys_json_real(&j, "inclusion_error", r->hit.inclusion);
    ys_json_real(&j, "sensitivity", r->hit.sensitivity);
    ys_json_real(&j, "precision", r->hit.precision);
    ys_json_real(&j, "specificity", r->hit.specificity);
    ys_json_real(&j, "auc", r->hit.auc);
    ys_json_text(&j, "note_zh", note_zh);
    ys_json_text(&j, "note_en", note_en);
    json_terms(&j, r);
    if (list > 0)
        json_rows(&j, r, list);
    return ys_cli_json_done(&j, diag);
}

static ys_status print_list(const ys_cli *c, const ys_rank *r, int64_t list, ys_diag *diag)
{
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "行", "row"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "标识", "id"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "得分", "score"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "收入", "income"), YS_RIGHT);
    for (int64_t i = 0; i < list && i < r->used; i++) {
        ys_grid_putf(g, "%lld", (long long)r->ranked[i].row);
        ys_grid_put(g, r->ranked[i].id);
        ys_grid_putf(g, "%.4f", r->ranked[i].score);
        ys_grid_putf(g, "%.2f", r->ranked[i].income);
    }
    ys_out_puts(c->out, "\n");
    bool ok = ys_grid_print(g, c->out, ys_cli_width());
    ys_grid_free(g);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

static void line(const ys_cli *c, const char *zh, const char *en, double v)
{
    ys_out_printf(c->out, "%s %.6f\n", ys_cli_say(c, zh, en), v);
}

static ys_status print_text(const ys_cli *c, const ys_rank *r, double rate, int64_t list, ys_diag *diag)
{
    ys_out_printf(c->out, c->zh ? "%lld 行，用了 %lld 行，%d 个变量\n" : "%lld rows, %lld used, %d terms\n",
                  (long long)r->rows, (long long)r->used, r->terms);
    line(c, "R²", "R²", r->ols.r2);
    line(c, "秩相关（Spearman）", "rank correlation (Spearman)", r->spearman);
    ys_out_printf(c->out,
                  c->zh ? "最穷的 %.0f%%：选出 %lld 户，其中 %lld 户确实最穷\n"
                        : "the poorest %.0f%%: %lld selected, %lld of them truly among the poorest\n",
                  rate * 100, (long long)r->hit.selected, (long long)r->hit.hits);
    line(c, "漏选率", "exclusion error", r->hit.exclusion);
    line(c, "错选率", "inclusion error", r->hit.inclusion);
    line(c, "AUC", "AUC", r->hit.auc);
    if (list > 0)
        YS_TRY(print_list(c, r, list, diag));
    ys_cli_talk(c, "▲ %s%.0s", "▲ %.0s%s", note_zh, note_en);
    return YS_OK;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_rank *r = NULL;
    int64_t list;
    ys_rank_args a = {.file = ys_cli_get(c, "csv"),
                      .income = ys_cli_get(c, "income"),
                      .proxies = ys_cli_get(c, "proxies"),
                      .id = ys_cli_get(c, "id"),
                      .log = ys_cli_flag(c, "log")};
    if (a.file == NULL || a.income == NULL || a.proxies == NULL)
        return ys_fail(diag, YS_EUSAGE, "要有 --csv、--income 和 --proxies",
                       "--csv, --income and --proxies are wanted");
    YS_TRY(ys_cli_real(c, "rate", 0.4, &a.rate, diag));
    YS_TRY(ys_cli_int(c, "list", 0, INT32_MAX, 0, &list, diag));
    YS_TRY(ys_rank_run(&a, &r, diag));
    ys_status st = c->json ? print_json(c, r, a.rate, list, diag) : print_text(c, r, a.rate, list, diag);
    ys_rank_free(r);
    return st;
}

const ys_command ys_cmd_rank = {
    .name = "rank",
    .args = "--csv FILE --income COL --proxies COL,…",
    .least = 0,
    .most = 0,
    .zh = "用看得见的东西给户打分，并检验它漏掉多少",
    .en = "rank by a proxy score, and test what it misses",
    .more_zh =
        "用最小二乘把收入回归到代理变量上，按预测值从低到高排队，再与真实收入比：最穷的一部分里它找到多少。"
        "得分只用来提示，绝不决定任何一户。",
    .more_en = "Regresses income on the proxies by least squares, ranks by the prediction and holds the "
               "ranking against the "
               "true incomes: how many of the poorest it finds. A score is a hint and never decides about a "
               "household.",
    .example = "yaoshi rank --csv survey.csv --income consumption --proxies rooms,roof,radio --log",
    .opts = opts,
    .run = run,
};
