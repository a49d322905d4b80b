/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "app/key_cards.h"
#include "app/planbook.h"
#include "app/roadmap.h"
#include "app/timetable.h"
#include "cli/commands.h"

/*
 * What people must hand over, printed from the facts: one subcommand a paper.
 */

static const ys_opt opts[] = {
    {"output", "FILE", "写到哪里（-o），按后缀定格式", "where to (-o); its ending says the format"},
    {"since", "TX", "列出自这次事务以来的变化", "list what changed since this transaction"},
    {"plan", "P0001", "明白卡按哪一版计划（默认最新）", "cards: which plan version (default: the newest)"},
    {"unit", "NAME", "时间表只列这个单位的事", "timetable: only what this unit has to do"},
    {"household", "KEY", "明白卡只印这一户", "cards: only of this household"},
    {"unmask", NULL, "明白卡写姓名、电话全文（要有密钥）",
     "cards: names and phone numbers in full (needs the key)"},
    {"force", NULL, "文件已存在时覆盖", "overwrite a file that exists"},
    YS_READING_OPTS,
    {0},
};

static bool ends(const char *path, const char *end)
{
    size_t n = strlen(path), k = strlen(end);
    return n > k && strcasecmp(path + n - k, end) == 0;
}

static void tell_missing(const ys_cli *c, const char *characters)
{
    if (characters[0] != '\0')
        ys_cli_talk(c, "▲ 这些字没有字体可画：%s（安装字体后重印）",
                    "▲ no font has these characters: %s (install one and print again)", characters);
}

static ys_status planbook(const ys_cli *c, ys_office *o, const char *file, ys_diag *diag)
{
    ys_planbook_args a = {.zh = c->zh};
    ys_doc_report r = {0};
    ys_doc *d = NULL;
    ys_status st = YS_OK;
    YS_TRY(ys_cli_reading(c, &a.reading, diag));
    YS_TRY(ys_cli_int(c, "since", 1, INT64_MAX, 0, &a.since, diag));
    YS_TRY(ys_planbook_make(o, &a, &d, diag));
    st = ends(file, ".docx") ? ys_doc_docx(d, file, diag) : ys_doc_pdf(d, file, &r, diag);
    ys_doc_free(d);
    if (st != YS_OK)
        return st;
    tell_missing(c, r.missing);
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "file", file);
        if (r.pages > 0)
            ys_json_int(&j, "pages", r.pages);
        ys_json_text(&j, "missing_characters", r.missing);
        return ys_cli_json_done(&j, diag);
    }
    if (r.pages > 0)
        ys_cli_talk(c, "● 计划书在 %s，%d 页", "● the plan book is in %s, %d pages", file, r.pages);
    else
        ys_cli_talk(c, "● 计划书在 %s，可以修改", "● the plan book is in %s, ready to be edited", file);
    return YS_OK;
}

static ys_status cards(const ys_cli *c, ys_office *o, const char *file, ys_diag *diag)
{
    ys_key_cards_args a = {.path = file,
                           .plan = ys_cli_get(c, "plan"),
                           .scope = ys_cli_get(c, "scope"),
                           .household = ys_cli_get(c, "household"),
                           .unmask = ys_cli_flag(c, "unmask"),
                           .zh = c->zh};
    ys_key_cards_report r;
    YS_TRY(ys_key_cards_print(o, &a, &r, diag));
    tell_missing(c, r.missing);
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "file", file);
        ys_json_int(&j, "cards", r.cards);
        ys_json_bool(&j, "masked", !a.unmask);
        ys_json_text(&j, "missing_characters", r.missing);
        return ys_cli_json_done(&j, diag);
    }
    ys_cli_talk(c, "● 明白卡在 %s，%lld 张，%s", "● the key cards are in %s, %lld of them, %s", file,
                (long long)r.cards,
                a.unmask ? ys_cli_say(c, "含个人信息全文，注意保管", "personal values in full: keep it safe")
                         : ys_cli_say(c, "个人信息已遮盖（要全文用 --unmask）",
                                      "personal values masked (--unmask for full ones)"));
    return YS_OK;
}

static ys_status roadmap(const ys_cli *c, ys_office *o, const char *file, ys_diag *diag)
{
    ys_roadmap_args a = {.path = file, .zh = c->zh};
    ys_roadmap_report r;
    YS_TRY(ys_cli_reading(c, &a.reading, diag));
    YS_TRY(ys_roadmap_write(o, &a, &r, diag));
    tell_missing(c, r.missing);
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "file", file);
        ys_json_int(&j, "lanes", r.lanes);
        ys_json_int(&j, "things", r.things);
        ys_json_int(&j, "lanes_left_out", r.undrawn);
        if (r.pages > 0)
            ys_json_int(&j, "pages", r.pages);
        ys_json_text(&j, "missing_characters", r.missing);
        return ys_cli_json_done(&j, diag);
    }
    ys_cli_talk(c, "● 路线图在 %s：%lld 行，%lld 件事", "● the roadmap is in %s: %lld lanes, %lld things",
                file, (long long)r.lanes, (long long)r.things);
    if (r.undrawn > 0)
        ys_cli_talk(c, "▲ SVG 只有一页，有 %lld 行没有画出；用 .pdf 可得全部",
                    "▲ an SVG is one sheet: %lld lanes are left out; a .pdf has all", (long long)r.undrawn);
    return YS_OK;
}

static ys_status timetable(const ys_cli *c, ys_office *o, const char *file, ys_diag *diag)
{
    ys_timetable_args a = {.path = file, .unit = ys_cli_get(c, "unit"), .zh = c->zh};
    int64_t rows = 0;
    YS_TRY(ys_cli_reading(c, &a.reading, diag));
    YS_TRY(ys_timetable_write(o, &a, &rows, diag));
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "file", file);
        ys_json_int(&j, "rows", rows);
        return ys_cli_json_done(&j, diag);
    }
    ys_cli_talk(c, "● 时间表在 %s，%lld 件事", "● the timetable is in %s, %lld things", file,
                (long long)rows);
    return YS_OK;
}

static const struct {
    const char *name;
    const char *endings[4];
    ys_status (*run)(const ys_cli *c, ys_office *o, const char *file, ys_diag *diag);
} papers[] = {{"planbook", {".pdf", ".docx"}, planbook},
              {"cards", {".pdf"}, cards},
              {"roadmap", {".pdf", ".svg", ".xml"}, roadmap},
              {"timetable", {".xlsx", ".ics"}, timetable}};

static ys_status find_paper(const ys_cli *c, const char *file, size_t *ret, ys_diag *diag)
{
    size_t n = sizeof papers / sizeof *papers, i = 0;
    while (i < n && strcmp(papers[i].name, c->argv[0]) != 0)
        i++;
    if (i == n) {
        ys_diag_value(diag, c->argv[0]);
        ys_diag_fix(diag, "可印 planbook（计划书）、cards（明白卡）、roadmap（路线图）、timetable（时间表）",
                    "there are planbook, cards, roadmap and timetable");
        return ys_fail(diag, YS_EUSAGE, "没有这种材料", "there is no such paper");
    }
    for (int k = 0; papers[i].endings[k] != NULL; k++)
        if (ends(file, papers[i].endings[k])) {
            *ret = i;
            return YS_OK;
        }
    ys_diag_value(diag, file);
    return ys_fail(diag, YS_EUSAGE, "这种材料不能写成这种文件",
                   "this paper cannot be written as such a file");
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    const char *file = ys_cli_get(c, "output");
    ys_office *o = NULL;
    size_t i = 0;
    if (file == NULL) {
        ys_diag_fix(diag, "例如 -o 计划书.pdf", "for example -o planbook.pdf");
        return ys_fail(diag, YS_EUSAGE, "没说写到哪里", "nobody said where to write");
    }
    YS_TRY(find_paper(c, file, &i, diag));
    if (!ys_cli_flag(c, "force") && access(file, F_OK) == 0) {
        ys_diag_where(diag, file, NULL, 0, 0, NULL);
        ys_diag_fix(diag, "换个文件名，或加 --force", "choose another name, or add --force");
        return ys_fail(diag, YS_ECONFLICT, "文件已存在", "the file exists already");
    }
    YS_TRY(ys_cli_open_at(c, c->argv[1], true, &o, diag));
    ys_status st = papers[i].run(c, o, file, diag);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_print = {
    .name = "print",
    .args = "PAPER DB",
    .least = 2,
    .most = 2,
    .zh =
        "打印材料：计划书（PDF、DOCX）、明白卡（PDF）、路线图（PDF、SVG、Project XML）、时间表（XLSX、ICS）",
    .en = "print the papers people hand over: plan book (PDF, DOCX), key cards (PDF), roadmap (PDF, SVG, "
          "Project XML), timetable (XLSX, ICS)",
    .more_zh = "PAPER 为 "
               "planbook（计划书）：情况、贫根、目标、措施与资金、协议、项目、结对、时间表、责任分工、保障与"
               "缺口；PDF 按 GB/T 9704 排版，"
               "DOCX 供修改；或 cards（明白卡）：每户一页 A5 "
               "大字，写明贫根、措施、帮扶人，带二维码；或 "
               "roadmap（路线图）：A3，项目和单位各一行，原计划、预计与实际、滞后天数，.xml 供 Project "
               "等软件；或 timetable（时间表）：有日期的节点、任务、承诺和活动，按时间和按单位，.ics "
               "供日历订阅。计划书的每张表写明口径和复查的命令；没有人名和单户。S"
               "OURCE_DATE_EPOCH "
               "固定日期，同样的数据得同样的字节。",
    .more_en =
        "PAPER is planbook: situation, roots, goals, measures and money, agreements, projects, pairings, "
        "timetable, who does what, safeguards and "
        "what is missing; the PDF is set by GB/T 9704, the DOCX is for editing. Or cards: an A5 page per "
        "household in large type with its root, its keys, its helper and a code. Or roadmap: A3, a lane for "
        "each project and unit with plan, forecast, fact and delay; .xml for Project and its like. Or "
        "timetable: gates, tasks, promises and events with a date, by day and by unit; .ics for calendars. "
        "Each table of the plan book "
        "says what it "
        "counts and which command checks it; no person and no "
        "single household is named. SOURCE_DATE_EPOCH fixes the date: the same facts give the same bytes.",
    .example = "yaoshi print planbook heze.db -o 计划书.pdf",
    .opts = opts,
    .run = run,
};
