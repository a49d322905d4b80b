/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/export.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"output", "FILE",
     "写到哪里（-o）：.xlsx 或 .csv；- 为标准输出（CSV、XML、JSON）；datapackage 为新文件夹",
     "where to (-o): .xlsx or .csv; - is standard output (CSV, XML, JSON); a new folder for datapackage"},
    {"template", "NAME", "政策包的官方表式（如 roster）", "an official form of the pack (such as roster)"},
    {"what",
     "plan|unmet|prices|roots|findings|pairings|records|projects|funds|iati|oc4ids|geojson|datapackage",
     "工作清单（records 为某一种记录的全部，projects 项目库，funds 资金台账）或标准格式的文件",
     "a working list (records are all records of one kind, projects the project library, funds the ledger of "
     "money), "
     "or a document of a standard"},
    {"kind", "KIND", "records 的种类（如 project、agreement、promise）",
     "the kind of records (such as project, agreement, promise)"},
    {"plan", "P0001", "用哪一版计划（默认最新）", "which plan version (default: the newest)"},
    {"purpose", "quality|monitoring|exit", "疑点清单用哪类规则", "which rules for findings"},
    {"publisher", "ID", "IATI、OC4IDS 的发布单位编号（默认由地区代码得出）",
     "identifier of who publishes IATI and OC4IDS (default: made from the code of the region)"},
    {"unmask", NULL, "姓名、证件号码、电话全文（要有密钥）",
     "names, ID and phone numbers in full (needs the key)"},
    YS_READING_OPTS,
    {0},
};

static ys_status read_args(const ys_cli *c, ys_export_args *a, ys_diag *diag)
{
    *a = (ys_export_args){.template_name = ys_cli_get(c, "template"),
                          .what = ys_cli_get(c, "what"),
                          .kind = ys_cli_get(c, "kind"),
                          .path = ys_cli_get(c, "output"),
                          .plan = ys_cli_get(c, "plan"),
                          .purpose = ys_cli_get(c, "purpose"),
                          .publisher = ys_cli_get(c, "publisher"),
                          .unmask = ys_cli_flag(c, "unmask"),
                          .zh = c->zh};
    if (a->path == NULL)
        return ys_fail(diag, YS_EUSAGE, "用 -o 指明写到哪个文件", "say with -o which file to write");
    if ((a->template_name == NULL) == (a->what == NULL))
        return ys_fail(diag, YS_EUSAGE, "--template 和 --what 要给一个，也只能给一个",
                       "give --template or --what, and not both");
    if (c->json && strcmp(a->path, "-") == 0)
        return ys_fail(diag, YS_EUSAGE, "--json 与 -o - 都要用标准输出",
                       "--json and -o - both want the standard output");
    return ys_cli_reading(c, &a->reading, diag);
}

static ys_status print(const ys_cli *c, const ys_export_args *a, const ys_export_done *done, ys_diag *diag)
{
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "file", a->path);
        ys_json_text(&j, "what", a->template_name != NULL ? a->template_name : a->what);
        ys_json_int(&j, "rows", done->rows);
        ys_json_int(&j, "left_out", done->left_out);
        ys_json_bool(&j, "masked", !a->unmask);
        return ys_cli_json_done(&j, diag);
    }
    ys_cli_talk(c, "● 已写出 %s：%lld 行，%s", "● wrote %s: %lld rows, %s", a->path, (long long)done->rows,
                a->unmask ? ys_cli_say(c, "含个人信息全文，注意保管", "personal values in full: keep it safe")
                          : ys_cli_say(c, "个人信息已遮盖（要全文用 --unmask）",
                                       "personal values masked (--unmask for full ones)"));
    if (done->left_out > 0 && strcmp(a->what, "iati") == 0)
        ys_cli_talk(c, "▲ %lld 个项目没有写出：没有记下开工日期，IATI 不收",
                    "▲ %lld projects left out: no start is on record, and IATI wants one",
                    (long long)done->left_out);
    else if (done->left_out > 0)
        ys_cli_talk(c, "○ %lld 行涉及单户，没有写出", "○ %lld rows about single households left out",
                    (long long)done->left_out);
    if (!a->unmask && a->template_name != NULL)
        ys_cli_talk(
            c, "○ 改好后可再导入：遮盖的格保持原样就算不变；要改姓名、证件号码、电话请填全文",
            "○ edited, it can be imported again: masked cells left as they are count as unchanged; to "
            "change a name or number, enter it in full");
    return YS_OK;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_export_args a;
    ys_export_done wrote = {0};
    ys_status st = YS_OK;
    YS_TRY(read_args(c, &a, diag));
    YS_TRY(ys_cli_open(c, true, &o, diag));
    YS_GO(ys_export_run(o, &a, &wrote, diag));
    YS_GO(print(c, &a, &wrote, diag));
done:
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_export = {
    .name = "export",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "导出花名册、计划、未满足需要、影子价格、贫根卡、疑点、结对台账、项目库、资金台账（XLSX/"
          "CSV），IATI、OC4IDS、GeoJSON、Data Package",
    .en = "rosters, plan, unmet needs, shadow prices, root cards, findings, pairings, projects, money as "
          "XLSX or CSV; IATI, OC4IDS, GeoJSON, Data Package",
    .more_zh = "花名册按政策包的官方表式逐列打印，"
               "可以再导入而不变（遮盖的格也算不变）。公式一律中和；个人信息默认遮盖，--unmask 要有密钥。"
               "CSV 只有第一张表。iati（IATI 2.03 XML）、oc4ids（OC4IDS 0.9.5 JSON）、geojson（RFC "
               "7946）、datapackage（Data "
               "Package 2，一个新文件夹）是标准格式的文件：不知道的不写，不含任何人、任何户。",
    .more_en = "Rosters are printed in the exact columns of the pack's form and can be imported again "
               "without a change (masked cells count as unchanged). No cell runs as a formula; personal "
               "values are masked, --unmask needs the "
               "key. CSV has "
               "the first sheet only. iati (IATI 2.03 XML), oc4ids (OC4IDS 0.9.5 JSON), geojson (RFC 7946) "
               "and datapackage "
               "(Data Package 2, a new folder) are documents of a standard: what is not known stays out, and "
               "no person and no "
               "household is in them.",
    .example = "yaoshi export heze.db --template roster -o roster.xlsx --scope 371724000000",
    .opts = opts,
    .run = run,
};
