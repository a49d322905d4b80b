/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"pack", "NAME|FOLDER", "政策包（必填）", "policy pack (wanted)"},
    {0},
};

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    const char *pack = ys_cli_get(c, "pack");
    if (pack == NULL)
        return ys_fail(diag, YS_EUSAGE, "要指明政策包：--pack cn-2016",
                       "name the policy pack: --pack cn-2016");
    ys_office_args a = {.url = c->argv[0], .key = ys_cli_get(c, "key"), .user = ys_cli_get(c, "user")};
    YS_TRY(ys_office_init(&a, pack, &o, diag));
    ys_status st = YS_OK;
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "store", c->argv[0]);
        ys_json_text(&j, "backend", ys_store_backend(o->store));
        ys_json_text(&j, "pack", ys_pack_name(o->pack));
        ys_json_text(&j, "pack_hash", ys_pack_hash(o->pack));
        st = ys_cli_json_done(&j, diag);
    } else {
        ys_cli_talk(c, "已建立 %s（政策包 %s %s，%s）", "made %s (policy pack %s %s, %s)", c->argv[0],
                    ys_pack_name(o->pack), ys_pack_version(o->pack), ys_store_backend(o->store));
        ys_cli_talk(c, "下一步：yaoshi import %s 文件夹或表格", "next: yaoshi import %s FOLDER-OR-TABLES",
                    c->argv[0]);
    }
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_init = {
    .name = "init",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "建立一个新库",
    .en = "make a new store",
    .more_zh = "DB 是一个文件（SQLite），或 postgresql://… 。政策包存进库里；个人敏感值用库旁的 DB.key "
               "加密，请另行保管备份。",
    .more_en = "DB is a file (SQLite) or postgresql://…. The policy pack is kept inside. Secret personal "
               "values are encrypted "
               "with DB.key beside the file: keep a copy of it elsewhere.",
    .example = "yaoshi init heze.db --pack cn-2016",
    .opts = opts,
    .run = run,
};
