/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "registry/check.h"

static const ys_opt opts[] = {
    YS_READING_OPTS,
    YS_ON_OPT,
    {"purpose", "quality|monitoring|exit", "哪类规则（默认 quality）", "which rules (default quality)"},
    {"list", NULL, "逐条列出记录", "list the records one by one"},
    {"show", "N", "每条规则最多列几条（默认 5）", "records listed per rule at most (default 5)"},
    {0},
};

typedef struct listing {
    const ys_cli *c;
    const ys_pack_rule *rule;
    int64_t shown, limit;
    ys_grid *g;
} listing;

static void on_hit(void *arg, const ys_pack_rule *rule, const char *key)
{
    listing *l = arg;
    if (rule != l->rule) {
        l->rule = rule;
        l->shown = 0;
    }
    if (l->shown++ >= l->limit)
        return;
    ys_grid_put(l->g, rule->rule);
    ys_grid_put(l->g, key);
    ys_grid_put(l->g, ys_cli_say(l->c, rule->message_zh, rule->message_en));
    ys_grid_put(l->g, ys_cli_say(l->c, rule->fix_zh, rule->fix_en));
}

static ys_status print(const ys_cli *c, const ys_check *k, ys_diag *diag)
{
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_int(&j, "findings", k->hits);
        ys_json_array(&j, "rules");
        for (int i = 0; i < k->count; i++) {
            ys_json_object(&j, NULL);
            ys_json_text(&j, "rule", k->rules[i].rule->rule);
            ys_json_text(&j, "kind", k->rules[i].rule->kind);
            ys_json_int(&j, "severity", k->rules[i].rule->severity);
            ys_json_int(&j, "findings", k->rules[i].hits);
            ys_json_int(&j, "unknown", k->rules[i].unknown);
            ys_json_int(&j, "rows", k->rules[i].rows);
            ys_json_text(&j, "zh", k->rules[i].rule->message_zh);
            ys_json_text(&j, "en", k->rules[i].rule->message_en);
            ys_json_end(&j);
        }
        ys_json_end(&j);
        return ys_cli_json_done(&j, diag);
    }
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "规则", "rule"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "级", "grade"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "条数", "findings"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "缺数据", "unknown"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "说明", "meaning"), YS_LEFT);
    for (int i = 0; i < k->count; i++) {
        if (k->rules[i].hits == 0)
            continue;
        ys_grid_put(g, k->rules[i].rule->rule);
        ys_grid_putf(g, "%d", k->rules[i].rule->severity);
        ys_grid_putf(g, "%lld", (long long)k->rules[i].hits);
        ys_grid_putf(g, "%lld", (long long)k->rules[i].unknown);
        ys_grid_put(g, ys_cli_say(c, k->rules[i].rule->message_zh, k->rules[i].rule->message_en));
    }
    YS_TRY(ys_cli_grid(c, g, diag));
    ys_cli_talk(c, "%d 条规则，共 %lld 处", "%d rules, %lld findings", k->count, (long long)k->hits);
    return YS_OK;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_frame *f = NULL;
    ys_reading r;
    ys_check k = {0};
    ys_status st = YS_OK;
    listing l = {.c = c};
    const char *purpose = ys_cli_get(c, "purpose") != NULL ? ys_cli_get(c, "purpose") : "quality";
    bool list = ys_cli_flag(c, "list");
    if (strcmp(purpose, "quality") != 0 && strcmp(purpose, "monitoring") != 0 && strcmp(purpose, "exit") != 0)
        return ys_fail(diag, YS_EUSAGE, "--purpose 应为 quality、monitoring 或 exit，不是 %s",
                       "--purpose is quality, monitoring or exit, not %s", purpose);
    YS_TRY(ys_cli_reading(c, &r, diag));
    YS_TRY(ys_cli_int(c, "show", 0, INT64_MAX, 5, &l.limit, diag));
    YS_TRY(ys_cli_open(c, true, &o, diag));
    YS_GO(ys_office_frame(o, &r, &f, diag));
    l.g = ys_grid_new();
    if (l.g == NULL)
        YS_GO(ys_fail_nomem(diag));
    ys_grid_column(l.g, ys_cli_say(c, "规则", "rule"), YS_LEFT);
    ys_grid_column(l.g, ys_cli_say(c, "记录", "record"), YS_LEFT);
    ys_grid_column(l.g, ys_cli_say(c, "问题", "what is wrong"), YS_LEFT);
    ys_grid_column(l.g, ys_cli_say(c, "改法", "how to mend it"), YS_LEFT);
    YS_GO(ys_check_run(f, purpose, list ? on_hit : NULL, &l, &k, diag));
    if (list && !c->json) {
        ys_grid *g = l.g;
        l.g = NULL;
        YS_GO(ys_cli_grid(c, g, diag));
    } else {
        YS_GO(print(c, &k, diag));
    }
done:
    ys_grid_free(l.g);
    ys_check_done(&k);
    ys_frame_free(f);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_check = {
    .name = "check",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "按政策包的规则查数据",
    .en = "check the data by the pack's rules",
    .more_zh = "缺数据的规则算“未知”，不算问题，另列其数。--purpose exit 列出不满足退出条件的户，monitoring "
               "列出需要监测的户。",
    .more_en = "A rule whose facts are missing is unknown, never a finding; their number is shown. --purpose "
               "exit lists what "
               "forbids an exit, monitoring lists who is to be watched.",
    .example = "yaoshi check heze.db --list",
    .opts = opts,
    .run = run,
};
