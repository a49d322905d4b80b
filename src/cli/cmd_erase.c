/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "app/erasure.h"
#include "app/fact.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"reason", "TEXT", "缘由（如申请书编号），记入事务；不要写个人信息",
     "why (such as the number of the request), kept in the log; no personal values"},
    {"kind", "KIND", "类别（默认 person）", "kind of the record (default: person)"},
    {"apply", NULL, "抹去（不给则只看有什么）", "erase (without it: only say what there is)"},
    {"dry-run", NULL, "只看有什么（默认）", "only say what there is (the default)"},
    {0},
};

typedef struct view {
    const ys_cli *c;
    ys_json *j;
} view;

static void on_field(void *arg, const ys_field *f, int64_t versions)
{
    view *v = arg;
    bool secret = ys_field_secret(f);
    if (v->j == NULL) {
        ys_cli_talk(v->c, "  %s：%lld 个版本里有%s", "  %s: in %lld versions%s", ys_field_label(f, v->c->zh),
                    (long long)versions,
                    secret ? ys_cli_say(v->c, "，全部抹去", ", erased in all")
                           : ys_cli_say(v->c, "，现在的版本里清空，旧版本里保留",
                                        ", cleared now, kept in old versions"));
        return;
    }
    ys_json_object(v->j, NULL);
    ys_json_text(v->j, "what", "field");
    ys_json_text(v->j, "field", f->name);
    ys_json_int(v->j, "versions", versions);
    ys_json_bool(v->j, "erased_in_all", secret);
    ys_json_end(v->j);
}

static void on_elsewhere(void *arg, const ys_kind *kind, const char *key, const ys_field *f)
{
    view *v = arg;
    if (v->j == NULL) {
        ys_cli_talk(v->c, "  ▲ 同一内容还在 %s %s 的“%s”里，不会抹去（另用 --kind %s）",
                    "  ▲ the same value is in %s %s, \"%s\", and stays there (see --kind %s)", kind->name,
                    key, ys_field_label(f, v->c->zh), kind->name);
        return;
    }
    ys_json_object(v->j, NULL);
    ys_json_text(v->j, "what", "elsewhere");
    ys_json_text(v->j, "kind", kind->name);
    ys_json_text(v->j, "key", key);
    ys_json_text(v->j, "field", f->name);
    ys_json_end(v->j);
}

static void print_text(const ys_cli *c, const ys_erasure *e)
{
    if (e->applied)
        ys_cli_talk(c, "● 已抹去 %lld 个值，事务 %lld，链首 %.16s…",
                    "● %lld values erased, transaction %lld, head %.16s…", (long long)e->values,
                    (long long)e->tx.id, e->tx.root);
    else
        ys_cli_talk(c, "○ 只看了，什么也没抹去；抹去请加 --reason 和 --apply",
                    "○ nothing was erased; add --reason and --apply to erase");
    if (e->applied)
        ys_cli_talk(c, "▲ 以前的备份和导出的文件里还有，请一并处理",
                    "▲ earlier backups and exports still hold them: see to these too");
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_json j;
    ys_erasure e = {0};
    view v = {c, c->json ? &j : NULL};
    ys_erasure_args a = {.kind = ys_cli_get(c, "kind"),
                         .key = c->argv[1],
                         .reason = ys_cli_get(c, "reason"),
                         .apply = ys_cli_flag(c, "apply") && !ys_cli_flag(c, "dry-run"),
                         .field = on_field,
                         .elsewhere = on_elsewhere,
                         .arg = &v};
    YS_TRY(ys_cli_open(c, !a.apply, &o, diag));
    if (c->json) {
        ys_cli_json(c, &j);
        ys_json_array(&j, "found");
    } else if (!o->has_key) {
        ys_cli_talk(c, "▲ 没有密钥，查不出同一内容还在哪里",
                    "▲ without the key it cannot be said where else the values are");
    }
    ys_status st = ys_erasure_run(o, &a, &e, diag);
    ys_office_close(o);
    if (!c->json) {
        if (st == YS_OK)
            print_text(c, &e);
        return st;
    }
    ys_json_end(&j);
    ys_json_int(&j, "values", e.values);
    ys_json_bool(&j, "applied", e.applied);
    ys_json_bool(&j, "scrubbed", e.scrubbed);
    if (e.applied) {
        ys_json_int(&j, "transaction", e.tx.id);
        ys_json_text(&j, "root", e.tx.root);
    }
    if (st != YS_OK)
        ys_cli_json_error(&j, diag, st);
    ys_status printed = ys_cli_json_done(&j, st == YS_OK ? diag : NULL);
    return st != YS_OK ? st : printed;
}

const ys_command ys_cmd_erase = {
    .name = "erase",
    .args = "DB PERSON",
    .least = 2,
    .most = 2,
    .zh = "依法抹去一个人的证件号码、电话、账号",
    .en = "erase a person's ID numbers, phones and accounts, as the law demands",
    .more_zh =
        "所有版本里的密文和盲索引都抹去，只留承诺值，整条链仍核对得上；姓名在现在的版本里清空，旧版本的根里有"
        "它，保留。"
        "谁、何时、为何记入事务，内容不记。以前的备份和导出文件不在其内；再次导入含此人的表会重新写入。",
    .more_en = "Ciphertext and blind index go in every version; the commitment stays, so that the chain "
               "still verifies. The "
               "name is cleared in the present version and stays in old ones, whose roots hold it. Who, when "
               "and why is "
               "logged, the values are not. Earlier backups and exports are not reached, and importing a "
               "table with the "
               "person writes the values again.",
    .example = "yaoshi erase heze.db H000000001-1 --reason \"request 2016-114\" --apply",
    .opts = opts,
    .run = run,
};
