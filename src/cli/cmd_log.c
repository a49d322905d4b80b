/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/num.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"verify", NULL, "重算每个事务的根，核对整条链",
     "recompute every transaction's root and check the chain"},
    {0},
};

typedef struct view {
    ys_grid *g;
    ys_json *j;
} view;

static void when(int64_t at, char *buf, size_t size)
{
    char day[16];
    ys_format_date((int32_t)(at / 86400), day, sizeof day);
    int64_t s = at % 86400;
    snprintf(buf, size, "%s %02d:%02d", day, (int)(s / 3600), (int)(s / 60 % 60));
}

static bool on_tx(void *arg, const ys_tx *t)
{
    view *v = arg;
    char at[40];
    when(t->recorded_at, at, sizeof at);
    if (v->j != NULL) {
        ys_json_object(v->j, NULL);
        ys_json_int(v->j, "transaction", t->id);
        ys_json_text(v->j, "recorded_at", at);
        ys_json_text(v->j, "user", t->user);
        ys_json_text(v->j, "command", t->command);
        ys_json_text(v->j, "reason", t->reason);
        ys_json_text(v->j, "name", t->name);
        ys_json_int(v->j, "rows", t->rows);
        ys_json_text(v->j, "root", t->root);
        ys_json_text(v->j, "previous", t->previous);
        ys_json_end(v->j);
        return true;
    }
    ys_grid_putf(v->g, "%lld", (long long)t->id);
    ys_grid_put(v->g, at);
    ys_grid_put(v->g, t->user);
    ys_grid_put(v->g, t->command);
    ys_grid_putf(v->g, "%lld", (long long)t->rows);
    ys_grid_put(v->g, t->name[0] != '\0' ? t->name : t->reason);
    ys_grid_putf(v->g, "%.16s", t->root);
    return true;
}

static ys_status verify(const ys_cli *c, ys_office *o, ys_diag *diag)
{
    int64_t transactions = 0, rows = 0;
    YS_TRY(ys_store_verify_chain(o->store, &transactions, &rows, diag));
    if (c->json) {
        ys_json j;
        ys_cli_json(c, &j);
        ys_json_bool(&j, "verified", true);
        ys_json_int(&j, "transactions", transactions);
        ys_json_int(&j, "rows", rows);
        return ys_cli_json_done(&j, diag);
    }
    ys_cli_talk(c, "● 整条链核对无误：%lld 个事务，%lld 行",
                "● the chain holds: %lld transactions, %lld rows", (long long)transactions, (long long)rows);
    return YS_OK;
}

static ys_status list(const ys_cli *c, ys_office *o, ys_diag *diag)
{
    ys_json j;
    view v = {.j = c->json ? &j : NULL};
    if (c->json) {
        ys_cli_json(c, &j);
        ys_json_array(&j, "transactions");
        YS_TRY(ys_store_transactions(o->store, true, on_tx, &v, diag));
        ys_json_end(&j);
        return ys_cli_json_done(&j, diag);
    }
    v.g = ys_grid_new();
    if (v.g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(v.g, ys_cli_say(c, "事务", "no."), YS_RIGHT);
    ys_grid_column(v.g, ys_cli_say(c, "时间（UTC）", "when (UTC)"), YS_LEFT);
    ys_grid_column(v.g, ys_cli_say(c, "谁", "who"), YS_LEFT);
    ys_grid_column(v.g, ys_cli_say(c, "命令", "command"), YS_LEFT);
    ys_grid_column(v.g, ys_cli_say(c, "行", "rows"), YS_RIGHT);
    ys_grid_column(v.g, ys_cli_say(c, "缘由", "why"), YS_LEFT);
    ys_grid_column(v.g, ys_cli_say(c, "根", "root"), YS_LEFT);
    ys_status st = ys_store_transactions(o->store, true, on_tx, &v, diag);
    if (st != YS_OK) {
        ys_grid_free(v.g);
        return st;
    }
    return ys_cli_grid(c, v.g, diag);
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    YS_TRY(ys_cli_open(c, true, &o, diag));
    ys_status st = ys_cli_flag(c, "verify") ? verify(c, o, diag) : list(c, o, diag);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_log = {
    .name = "log",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "谁在何时改了什么",
    .en = "who changed what, and when",
    .more_zh = "每个事务带着前一个事务的根，改写历史会被看出来；--verify 从每一行重算。",
    .more_en = "Each transaction carries the root of the one before, so that rewriting history shows; "
               "--verify recomputes "
               "it from every row.",
    .example = "yaoshi log heze.db --verify",
    .opts = opts,
    .run = run,
};
