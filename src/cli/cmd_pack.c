/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cli/commands.h"

static const ys_opt opts[] = {{0}};

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
    ys_json_text(f->j, "file", d->file);
    ys_json_int(f->j, "row", d->row);
    ys_json_text(f->j, "column", d->column);
    ys_json_text(f->j, "value", d->value);
    ys_json_text(f->j, "zh", d->zh);
    ys_json_text(f->j, "en", d->en);
    ys_json_text(f->j, "fix_zh", d->fix_zh);
    ys_json_text(f->j, "fix_en", d->fix_en);
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

static ys_status run(ys_cli *c, ys_diag *diag)
{
    char folder[4200];
    YS_TRY(ys_pack_find(c->argv[1], folder, sizeof folder, diag));
    if (strcmp(c->argv[0], "check") == 0)
        return check(c, folder, diag);
    if (strcmp(c->argv[0], "show") == 0)
        return show(c, folder, c->argc > 2 ? c->argv[2] : "lines", diag);
    return ys_fail(diag, YS_EUSAGE, "要 check 或 show", "one of check, show");
}

const ys_command ys_cmd_pack = {
    .name = "pack",
    .args = "check|show PACK [lines|causes|measures|codes]",
    .least = 2,
    .most = 3,
    .zh = "检查或查看政策包",
    .en = "check a policy pack, or look into it",
    .more_zh = "check 说出每一处问题：文件、行、列、原因、改法。",
    .more_en = "check names every fault: file, row, column, why and how to mend it.",
    .example = "yaoshi pack check cn-2016",
    .opts = opts,
    .run = run,
};
