/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/commands.h"

/* Both directions are one act: a whole copy whose chain is verified before it counts. */
static ys_status copy(const ys_cli *c, const char *from, const char *to, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_store_args target = {.url = to};
    int64_t transactions = 0, rows = 0;
    ys_status st = YS_OK;
    /* As an office, because the pack inside says which indexes the copy needs. */
    YS_GO(ys_cli_open_at(c, from, true, &o, diag));
    YS_GO(ys_store_verify_chain(o->store, &transactions, &rows, diag));
    YS_GO(ys_store_copy(o->store, &target, diag));
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_text(&j, "from", from);
        ys_json_text(&j, "to", to);
        ys_json_int(&j, "transactions", transactions);
        ys_json_int(&j, "rows", rows);
        YS_GO(ys_cli_json_done(&j, diag));
    } else {
        ys_cli_talk(c, "● 已复制到 %s，链核对无误：%lld 个事务，%lld 行",
                    "● copied to %s, the chain holds: %lld transactions, %lld rows", to,
                    (long long)transactions, (long long)rows);
        ys_cli_talk(c, "密钥文件不在其中，请另行保管", "the key file is not in it: keep it elsewhere");
    }
done:
    ys_office_close(o);
    return st;
}

static ys_status run_backup(ys_cli *c, ys_diag *diag)
{
    return copy(c, c->argv[0], c->argv[1], diag);
}

static ys_status run_restore(ys_cli *c, ys_diag *diag)
{
    return copy(c, c->argv[1], c->argv[0], diag);
}

static const ys_opt no_opts[] = {{0}};

const ys_command ys_cmd_backup = {
    .name = "backup",
    .args = "DB FILE",
    .least = 2,
    .most = 2,
    .zh = "备份整个库",
    .en = "copy the whole store to a backup",
    .more_zh = "先核对整条链，再复制；备份是一个可直接打开的 SQLite 库。PostgreSQL 的库也备份成同样的文件。",
    .more_en = "Checks the chain, then copies. The backup is a SQLite store that opens as it is; a "
               "PostgreSQL store is backed "
               "up into the same kind of file.",
    .example = "yaoshi backup heze.db heze-2016-12-31.db",
    .opts = no_opts,
    .run = run_backup,
};

const ys_command ys_cmd_restore = {
    .name = "restore",
    .args = "DB FILE",
    .least = 2,
    .most = 2,
    .zh = "从备份恢复成一个新库",
    .en = "make a new store from a backup",
    .more_zh = "DB 必须还不存在；核对备份的链后复制。可以恢复到 SQLite 文件或 postgresql://… 。",
    .more_en = "DB must not exist yet. The backup's chain is checked, then copied to a SQLite file or to "
               "postgresql://….",
    .example = "yaoshi restore heze.db heze-2016-12-31.db",
    .opts = no_opts,
    .run = run_restore,
};
