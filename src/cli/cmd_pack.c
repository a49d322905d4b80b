/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/pack_book.h"
#include "base/num.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"xlsx", "FILE", "export 写的工作簿", "the workbook that export writes"},
    {"base", "PACK", "import 时其余文件来自哪个政策包（默认：目标文件夹自己，或工作簿所写的包）",
     "import: the pack that has the other files (default: the folder itself, or the pack the workbook "
     "names)"},
    {"dry-run", NULL, "import 只看改了哪些表（可写 -n）", "import: only say which tables would change (-n)"},
    {0},
};

typedef struct faults {
    const ys_cli *c;
    ys_json *j;
    int64_t count;
} faults;

static void on_fault(void *arg, const ys_diag *d)
{
    faults *f = arg;
    f->count++;
    if (f->j == NULL) {
        char line[2400];
        ys_diag_format(d, f->c->zh ? "zh" : "en", line, sizeof line);
        fprintf(stderr, "■ %s\n", line);
        return;
    }
    ys_json_object(f->j, NULL);
    ys_json_text(f->j, "what", "fault");
    ys_cli_json_fault(f->j, d);
    ys_json_end(f->j);
}

static ys_status check(const ys_cli *c, const char *folder, ys_diag *diag)
{
    ys_json j;
    faults f = {.c = c, .j = c->json ? &j : NULL};
    if (c->json) {
        ys_cli_json(c, &j);
        ys_json_array(&j, "faults");
    }
    ys_status st = ys_pack_check(folder, on_fault, &f, diag);
    if (c->json) {
        ys_json_end(&j);
        ys_json_bool(&j, "ok", st == YS_OK);
        YS_TRY(ys_cli_json_done(&j, diag));
    } else if (st == YS_OK) {
        ys_cli_talk(c, "● 政策包没有问题", "● the pack has no fault");
    }
    if (st == YS_EDATA)
        return ys_fail(diag, YS_EDATA, "政策包有 %lld 处问题", "the pack has %lld faults",
                       (long long)f.count);
    return st;
}

/* Tables of a pack that people look up: lines, causes, measures, code lists. */
static ys_status show(const ys_cli *c, const char *folder, const char *what, ys_diag *diag)
{
    ys_pack *p = NULL;
    char money[40];
    int n;
    YS_TRY(ys_pack_load(folder, &p, diag));
    ys_grid *g = ys_grid_new();
    if (g == NULL) {
        ys_pack_free(p);
        return ys_fail_nomem(diag);
    }
    ys_grid_column(g, ys_cli_say(c, "代码", "code"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "名称", "label"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "值", "value"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "出处", "source"), YS_LEFT);
    int digits = ys_pack_digits(p);
    if (strcmp(what, "lines") == 0) {
        const ys_line *l = ys_pack_lines(p, &n);
        for (int i = 0; i < n; i++) {
            ys_grid_putf(g, "%d:%s", l[i].year, l[i].jurisdiction);
            ys_grid_put(g, ys_cli_say(c, l[i].label_zh, l[i].label_en));
            ys_grid_put(g, ys_format_money(l[i].amount, digits, money, sizeof money));
            ys_grid_put(g, l[i].source);
        }
    } else if (strcmp(what, "causes") == 0) {
        const ys_cause *l = ys_pack_causes(p, &n);
        for (int i = 0; i < n; i++) {
            ys_grid_put(g, l[i].cause);
            ys_grid_put(g, ys_cli_say(c, l[i].label_zh, l[i].label_en));
            ys_grid_put(g, ys_factor_name(l[i].factor));
            ys_grid_put(g, l[i].source);
        }
    } else if (strcmp(what, "measures") == 0) {
        const ys_measure *l = ys_pack_measures(p, &n);
        for (int i = 0; i < n; i++) {
            ys_grid_put(g, l[i].measure);
            ys_grid_put(g, ys_cli_say(c, l[i].label_zh, l[i].label_en));
            ys_grid_put(g, ys_format_money(l[i].effect, digits, money, sizeof money));
            ys_grid_put(g, l[i].source);
        }
    } else if (strcmp(what, "codes") == 0) {
        const ys_code_entry *l = ys_pack_codes(p, &n);
        for (int i = 0; i < n; i++) {
            ys_grid_putf(g, "%s:%s", l[i].list, l[i].code);
            ys_grid_put(g, ys_cli_say(c, l[i].label_zh, l[i].label_en));
            ys_grid_put(g, "");
            ys_grid_put(g, l[i].synonyms);
        }
    } else {
        ys_grid_free(g);
        ys_pack_free(p);
        return ys_fail(diag, YS_EUSAGE, "可看 lines、causes、measures、codes",
                       "one of lines, causes, measures, codes");
    }
    ys_status st = ys_cli_grid(c, g, diag);
    ys_pack_free(p);
    return st;
}

static ys_status export_book(const ys_cli *c, const char *folder, ys_diag *diag)
{
    const char *path = ys_cli_get(c, "xlsx");
    int tables = 0;
    ys_json j;
    if (path == NULL)
        return ys_fail(diag, YS_EUSAGE, "用 --xlsx 写明工作簿的文件名", "name the workbook with --xlsx");
    YS_TRY(ys_pack_book_export(folder, path, &tables, diag));
    if (!c->json) {
        ys_cli_talk(c, "● 已写出 %s，%d 张表", "● written: %s, %d tables", path, tables);
        ys_cli_talk(c, "改好后：yaoshi pack import %s 政策包文件夹",
                    "once edited: yaoshi pack import %s FOLDER", path);
        return YS_OK;
    }
    ys_cli_json(c, &j);
    ys_json_text(&j, "file", path);
    ys_json_int(&j, "tables", tables);
    return ys_cli_json_done(&j, diag);
}

static void on_changed(void *arg, const ys_pack_book_table *t)
{
    const faults *f = arg;
    if (f->j == NULL) {
        ys_cli_talk(f->c, "  %s → %s：%lld 行，原 %lld 行", "  %s → %s: %lld rows, before %lld", t->sheet,
                    t->file, (long long)t->rows, (long long)t->rows_before);
        return;
    }
    ys_json_object(f->j, NULL);
    ys_json_text(f->j, "what", "changed");
    ys_json_text(f->j, "sheet", t->sheet);
    ys_json_text(f->j, "file", t->file);
    ys_json_int(f->j, "rows", t->rows);
    ys_json_int(f->j, "rows_before", t->rows_before);
    ys_json_bool(f->j, "new", t->fresh);
    ys_json_end(f->j);
}

static void told_import(const ys_cli *c, const ys_pack_book *b)
{
    if (b->changed > 0 && b->other_origin)
        ys_cli_talk(
            c, "▲ 工作簿导出之后政策包变过：改动的表以工作簿为准",
            "▲ the pack has changed since the workbook was made: tables that differ are as in the workbook");
    if (b->written)
        ys_cli_talk(c, "● 已写入 %s：%d 张表，改了 %d 张", "● written to %s: %d tables, %d changed",
                    c->argv[2], b->tables, b->changed);
    else if (b->changed == 0)
        ys_cli_talk(c, "● 没有变化，什么也没写", "● nothing changed, nothing was written");
    else
        ys_cli_talk(c, "○ 只看了差异，什么也没写", "○ only the difference was shown, nothing was written");
}

static ys_status import_book(const ys_cli *c, ys_diag *diag)
{
    char base[4200];
    ys_json j;
    faults f = {.c = c, .j = c->json ? &j : NULL};
    ys_pack_book b = {0};
    ys_pack_book_args a = {.workbook = c->argv[1],
                           .folder = c->argv[2],
                           .dry_run = ys_cli_flag(c, "dry-run"),
                           .fault = on_fault,
                           .changed = on_changed,
                           .arg = &f};
    if (ys_cli_get(c, "base") != NULL) {
        YS_TRY(ys_pack_find(ys_cli_get(c, "base"), base, sizeof base, diag));
        a.base = base;
    }
    if (c->json) {
        ys_cli_json(c, &j);
        ys_json_array(&j, "events");
    }
    ys_status st = ys_pack_book_import(&a, &b, diag);
    if (!c->json) {
        if (st == YS_OK)
            told_import(c, &b);
        return st;
    }
    ys_json_end(&j);
    ys_json_int(&j, "tables", b.tables);
    ys_json_int(&j, "changed", b.changed);
    ys_json_int(&j, "faults", b.faults);
    ys_json_bool(&j, "changed_since_export", b.other_origin);
    ys_json_bool(&j, "written", b.written);
    if (st != YS_OK)
        ys_cli_json_error(&j, diag, st);
    ys_status printed = ys_cli_json_done(&j, st == YS_OK ? diag : NULL);
    return st != YS_OK ? st : printed;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    char folder[4200];
    if (strcmp(c->argv[0], "import") == 0) {
        if (c->argc == 3)
            return import_book(c, diag);
        return ys_fail(diag, YS_EUSAGE, "给出工作簿和政策包文件夹",
                       "give the workbook and the folder of the pack");
    }
    YS_TRY(ys_pack_find(c->argv[1], folder, sizeof folder, diag));
    if (strcmp(c->argv[0], "check") == 0)
        return check(c, folder, diag);
    if (strcmp(c->argv[0], "show") == 0)
        return show(c, folder, c->argc > 2 ? c->argv[2] : "lines", diag);
    if (strcmp(c->argv[0], "export") == 0)
        return export_book(c, folder, diag);
    return ys_fail(diag, YS_EUSAGE, "要 check、show、export 或 import", "one of check, show, export, import");
}

const ys_command ys_cmd_pack = {
    .name = "pack",
    .args = "check|show|export PACK [lines|causes|measures|codes] | import FILE.xlsx FOLDER",
    .least = 2,
    .most = 3,
    .zh = "检查、查看政策包，或在电子表格里改",
    .en = "check a policy pack, look into it, or edit it in a spreadsheet",
    .more_zh =
        "check 说出每一处问题：文件、行、列、原因、改法。export --xlsx 把每个表写成一张全是文本格的表，"
        "电子表格吃不掉前导零；import "
        "读回来，没改的表一个字节不变，被改坏的代码（丢了零、1.23E+11）说出表、行、列。"
        "结果通不过 check 就什么也不写。",
    .more_en = "check names every fault: file, row, column, why and how to mend it. export --xlsx makes a "
               "sheet of text "
               "cells of each table, so that a spreadsheet eats no zeros; import reads them back: tables "
               "left as they were "
               "keep every byte, and a damaged code (lost zeros, 1.23E+11) is named by sheet, row and "
               "column. Nothing is "
               "written unless the result passes check.",
    .example = "yaoshi pack check cn-2016",
    .opts = opts,
    .run = run,
};
