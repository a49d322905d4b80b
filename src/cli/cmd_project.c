/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/project_file.h"
#include "cli/commands.h"
#include "cli/project.h"

/*
 * The projects of the cooperation: where each stands, and everything about one; and what a project in a file is worth.
 */

static const ys_opt opts[] = {
    {"date", "DATE", "按这一天判断是否滞后（默认今天）", "the day at which things are late (default: today)"},
    {"scope", "AREA", "只看此地区及以下", "only this area and below"},
    {"as-of", "TX", "按某次事务之后所知", "as known after this transaction"},
    {"template", "KIND", "evaluate：写出空表，KIND 为 pv 或 industry",
     "evaluate: write an empty table; KIND is pv or industry"},
    {"years", NULL, "evaluate：逐年列出", "evaluate: year by year too"},
    {0},
};

static ys_status find(const ys_cli *c, const ys_coop *k, int64_t *ret_row, ys_diag *diag)
{
    int64_t row = ys_coop_find(&k->set[YS_COOP_PROJECT], c->argv[2]);
    if (row < 0) {
        ys_diag_value(diag, c->argv[2]);
        ys_diag_fix(diag, "用 yaoshi project list DB 查看编号", "see the keys: yaoshi project list DB");
        return ys_fail(diag, YS_ENOTFOUND, "没有这个项目", "there is no such project");
    }
    *ret_row = row;
    return YS_OK;
}

/* Needs no store. */
static ys_status evaluate(ys_cli *c, ys_diag *diag)
{
    const char *template = ys_cli_get(c, "template");
    if (template != NULL && c->argc == 1)
        return ys_project_file_template(template, c->zh, c->out, diag);
    if (template == NULL && c->argc == 2)
        return ys_cli_project_evaluate(c, c->argv[1], diag);
    ys_diag_fix(diag, "evaluate FILE，或 evaluate --template pv|industry",
                "evaluate FILE, or evaluate --template pv|industry");
    return ys_fail(diag, YS_EUSAGE, "evaluate 要一个文件", "evaluate wants one file");
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    if (strcmp(c->argv[0], "evaluate") == 0)
        return evaluate(c, diag);
    bool list = strcmp(c->argv[0], "list") == 0;
    ys_office *o = NULL;
    ys_coop *k = NULL;
    ys_reading how;
    int64_t row = 0;
    ys_status st = YS_OK;
    if (!(list && c->argc == 2) && !(strcmp(c->argv[0], "show") == 0 && c->argc == 3)) {
        ys_diag_value(diag, c->argv[0]);
        ys_diag_fix(diag, "list DB，show DB 项目编号，或 evaluate 文件",
                    "list DB, show DB PROJECT, or evaluate FILE");
        return ys_fail(diag, YS_EUSAGE, "不是这条命令的用法", "this is not how the command is used");
    }
    YS_TRY(ys_cli_reading(c, &how, diag));
    YS_TRY(ys_cli_open_at(c, c->argv[1], true, &o, diag));
    YS_GO(ys_coop_read(o, &how, &k, diag));
    if (list) {
        st = ys_cli_project_list(c, k, diag);
    } else {
        YS_GO(find(c, k, &row, diag));
        st = ys_cli_project_show(c, o, &how, k, row, diag);
    }
done:
    ys_coop_free(k);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_project = {
    .name = "project",
    .args = "WHAT DB|FILE [PROJECT]",
    .least = 1,
    .most = 3,
    .zh = "项目：当前与下一节点、滞后天数、卡点；单个项目的节点、手续、产出、承诺、带贫、资金；光伏、产业项目"
          "评价",
    .en = "projects: gate reached and next, slip in days, what is in the way; all of one: gates, papers, "
          "outputs, "
          "promises, benefits, money; appraisal of a photovoltaic or industry project",
    .more_zh = "WHAT 为 list（全部）、show（一个）或 evaluate（评价文件里的一个项目，不用数据库，见 "
               "docs/appraisal.md）。标记由日期、资金和更新算出；没有公布的规模写作“未知”；"
               "带贫收益只把核实过的计入成效。",
    .more_en = "WHAT is list (all), show (one) or evaluate (what one project in a file is worth; no store, "
               "see docs/appraisal.md). Marks are computed from dates, money and the last word; a "
               "capacity nobody stated is unknown; of benefits only verified payments count.",
    .example = "yaoshi project list coop.db --date 2017-06-30",
    .opts = opts,
    .run = run,
};
