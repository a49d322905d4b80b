/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "app/digest.h"
#include "cli/commands.h"
#include "cli/plan_compare.h"
#include "io/whole_file.h"
#include "report/book.h"

static const ys_opt opts[] = {
    {"output", "FILE", "写到哪里（-o，- 为标准输出）", "where to write (-o, - for standard output)"},
    {"lang", "zh|en", "报告的语言（默认随界面）", "language of the report (default: that of the interface)"},
    {"by", "LEVEL", "按哪一级地区列（默认范围的下一级）",
     "area level of the tables (default: the one below the scope)"},
    YS_COMPARE_OPT,
    {"force", NULL, "覆盖已有的文件", "overwrite an existing file"},
    YS_READING_OPTS,
    {0},
};

static ys_status choose_language(const ys_cli *c, const char **ret_lang, ys_diag *diag)
{
    const char *lang = ys_cli_get(c, "lang");
    *ret_lang = lang != NULL ? lang : c->zh ? "zh" : "en";
    if (strcmp(*ret_lang, "zh") == 0 || strcmp(*ret_lang, "en") == 0)
        return YS_OK;
    return ys_fail(diag, YS_EUSAGE, "没有语言 %s（可用 zh 或 en）", "there is no language %s (zh or en)",
                   lang);
}

/* A report is whole or not there. */
static ys_status write_file(const char *file, const ys_figures *f, const char *lang, ys_diag *diag)
{
    ys_whole_file to;
    YS_TRY(ys_whole_file_open(&to, file, diag));
    return ys_book_write(ys_out_file(to.f), f, lang) ? ys_whole_file_finish(&to, diag)
                                                     : ys_whole_file_failed(&to, diag);
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_digest *d = NULL;
    ys_reading r;
    bool compare, rule[YS_COMPARE_RULES];
    const char *lang, *file = ys_cli_get(c, "output");
    ys_status st = YS_OK;
    if (file == NULL) {
        ys_diag_fix(diag, "例如 -o 报告.html", "for example -o report.html");
        return ys_fail(diag, YS_EUSAGE, "没说写到哪里", "nobody said where to write");
    }
    bool to_stdout = strcmp(file, "-") == 0;
    YS_TRY(choose_language(c, &lang, diag));
    YS_TRY(ys_cli_reading(c, &r, diag));
    YS_TRY(ys_cli_compare_rules(c, rule, &compare, diag));
    if (!to_stdout && !ys_cli_flag(c, "force") && access(file, F_OK) == 0) {
        ys_diag_where(diag, file, NULL, 0, 0, NULL);
        ys_diag_fix(diag, "换个文件名，或加 --force", "choose another name, or add --force");
        return ys_fail(diag, YS_ECONFLICT, "文件已存在", "the file exists already");
    }
    YS_TRY(ys_cli_open(c, true, &o, diag));
    YS_GO(ys_digest_make(o, &r, ys_cli_get(c, "by"), &d, diag));
    if (compare)
        YS_GO(ys_digest_compare(d, rule, diag));
    if (to_stdout)
        st = ys_book_write(c->out, ys_digest_figures(d), lang)
                 ? YS_OK
                 : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
    else
        st = write_file(file, ys_digest_figures(d), lang, diag);
    if (st == YS_OK && !to_stdout)
        ys_cli_talk(c, "● 报告在 %s（用浏览器打开，可直接打印）",
                    "● the report is in %s (open it in a browser; it prints as it is)", file);
done:
    ys_digest_free(d);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_report = {
    .name = "report",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "一页报告：多穷、在哪、为何、谁得什么、离最优多远",
    .en = "one report: how poor, where, why, who gets what, how close to the best",
    .more_zh =
        "一个 HTML 文件，不用网络，不用脚本，可直接在 A4 "
        "上打印。只有合计，没有人名、证件号和单户。每个数字指向它的口径、筛选、行数、日期和复算的命令。"
        "图旁有表，颜色之外总有形状和文字。SOURCE_DATE_EPOCH 固定制表日期。",
    .more_en = "One HTML file that needs neither network nor script and prints on A4. Only sums: no names, "
               "no numbers of identity, no "
               "single household. Every figure leads to its definition, filter, rows, date and the command "
               "that prints it. Tables stand "
               "beside the pictures; shape and word stand beside colour. SOURCE_DATE_EPOCH fixes the date it "
               "was made.",
    .example = "yaoshi report heze.db -o report.html --lang en",
    .opts = opts,
    .run = run,
};
