/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "app/fact.h"
#include "app/state.h"
#include "base/num.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/summary.h"

static const ys_opt opts[] = {
    {"summary", NULL, "一页纸：有多穷、在哪里、为什么、谁得到什么、离最优多远、缺什么",
     "one page: how poor, where, why, who gets what, how close to the best, what is missing"},
    {"quick", NULL, "只数不算（不查数据质量，不比统计）", "count only: no data quality, no statistics"},
    {"verify", NULL, "现在核对历史链和最新计划", "check the chain and the newest plan now"},
    YS_READING_OPTS,
    {0},
};

/* ---- JSON ---- */

static void json_stages(ys_json *j, const ys_state *s, const char *store)
{
    char at[40], next[300];
    ys_json_array(j, "stages");
    for (int i = 0; i < YS_STAGES; i++) {
        const ys_stage_state *g = &s->stage[i];
        ys_json_object(j, NULL);
        ys_json_text(j, "stage", g->name);
        ys_json_text(j, "mark", ys_mark_name(g->mark));
        ys_json_text(j, "zh", g->words_zh);
        ys_json_text(j, "en", g->words_en);
        ys_json_text(j, "at", g->at > 0 ? ys_time_text(g->at, at, sizeof at) : NULL);
        ys_json_int(j, "transaction", g->tx);
        if (g->next != NULL)
            snprintf(next, sizeof next, g->next, store);
        ys_json_text(j, "next", g->next != NULL ? next : NULL);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_statistics(ys_json *j, const ys_figures *f)
{
    char day[24];
    ys_json_array(j, "statistics");
    for (int i = 0; f != NULL && i < f->statistics; i++) {
        const ys_fig_statistic *s = &f->statistic[i];
        ys_json_object(j, NULL);
        ys_json_text(j, "area", s->area.zh);
        ys_json_text(j, "name", s->name);
        ys_json_text(j, "date", ys_format_date(s->date, day, sizeof day));
        ys_json_real(j, "published", s->value);
        ys_json_real(j, "register", s->here);
        ys_json_real(j, "difference", s->here - s->value);
        ys_json_text(j, "unit", s->unit);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static ys_status print_json(const ys_cli *c, const ys_state *s, ys_diag *diag)
{
    char at[40];
    const ys_office *o = s->office;
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_text(&j, "store", c->argv[0]);
    ys_json_text(&j, "backend", ys_store_backend(o->store));
    ys_json_bool(&j, "synthetic", o->synthetic);
    ys_json_bool(&j, "has_key", o->has_key);
    ys_json_object(&j, "pack");
    ys_json_text(&j, "name", ys_pack_name(o->pack));
    ys_json_text(&j, "version", ys_pack_version(o->pack));
    ys_json_text(&j, "hash", ys_pack_hash(o->pack));
    ys_json_end(&j);
    ys_json_object(&j, "head");
    ys_json_int(&j, "transaction", s->head.id);
    ys_json_text(&j, "root", s->head.root);
    ys_json_text(&j, "at", s->head.id > 0 ? ys_time_text(s->head.recorded_at, at, sizeof at) : NULL);
    ys_json_end(&j);
    ys_json_object(&j, "kinds");
    for (int k = 0; k < o->kind_count; k++)
        ys_json_int(&j, o->kinds[k]->name, s->count[k]);
    ys_json_end(&j);
    ys_json_int(&j, "register_households", s->register_households);
    ys_json_int(&j, "sample_households", s->sample_households);
    ys_json_array(&j, "snapshots");
    for (size_t i = 0; i < s->snapshots; i++) {
        ys_json_object(&j, NULL);
        ys_json_text(&j, "name", s->snapshot[i].name);
        ys_json_int(&j, "transaction", s->snapshot[i].tx);
        ys_json_text(&j, "at", ys_time_text(s->snapshot[i].at, at, sizeof at));
        ys_json_end(&j);
    }
    ys_json_end(&j);
    json_stages(&j, s, c->argv[0]);
    json_statistics(&j, s->digest != NULL ? ys_digest_figures(s->digest) : NULL);
    return ys_cli_json_done(&j, diag);
}

/* ---- text ---- */

/* Items joined by " · ", two cells in, broken at the width. */
static void put_item(const ys_cli *c, int *at, const char *item)
{
    int limit = ys_cli_width() > 0 ? ys_cli_width() : 100, w = ys_text_width(item);
    if (*at > 0 && *at + 3 + w > limit) {
        ys_out_puts(c->out, "\n");
        *at = 0;
    }
    ys_out_puts(c->out, *at == 0 ? "  " : " · ");
    ys_out_puts(c->out, item);
    *at += (*at == 0 ? 2 : 3) + w;
}

static void print_contents(const ys_cli *c, const ys_state *s)
{
    char item[300], n[32], at[40];
    const ys_office *o = s->office;
    int used = 0;
    ys_out_printf(c->out, "%s%s · %s %s · %s\n", c->argv[0],
                  o->synthetic ? ys_cli_say(c, "  ▨ 合成数据", "  ▨ synthetic data") : "",
                  ys_cli_say(c, "政策包", "policy pack"), ys_pack_name(o->pack), ys_store_backend(o->store));
    if (s->head.id > 0)
        ys_out_printf(
            c->out,
            ys_cli_say(c, "链首 事务 %lld · %s UTC · %.16s…\n", "head: transaction %lld · %s UTC · %.16s…\n"),
            (long long)s->head.id, ys_time_text(s->head.recorded_at, at, sizeof at), s->head.root);
    ys_out_printf(c->out, "\n%s\n", ys_cli_say(c, "■ 库里有什么", "■ what is in the store"));
    for (int k = 0; k < o->kind_count; k++) {
        if (s->count[k] == 0)
            continue;
        snprintf(item, sizeof item, "%s %s", ys_cli_say(c, o->kinds[k]->label_zh, o->kinds[k]->label_en),
                 ys_format_int_grouped(s->count[k], n, sizeof n));
        put_item(c, &used, item);
    }
    if (s->sample_households > 0) {
        if (s->register_households > 0)
            snprintf(item, sizeof item,
                     ys_cli_say(c, "（其中登记户 %lld，非贫困样本户 %lld）",
                                "(register %lld households, sample of the non-poor %lld)"),
                     (long long)s->register_households, (long long)s->sample_households);
        else
            snprintf(item, sizeof item, "%s",
                     ys_cli_say(c, "（户都是样本）", "(all households are a sample)"));
        put_item(c, &used, item);
    }
    if (used == 0)
        ys_out_printf(c->out, "  %s", ys_cli_say(c, "○ 空的", "○ nothing"));
    ys_out_puts(c->out, "\n");
    used = 0;
    for (size_t i = 0; i < s->snapshots; i++) {
        snprintf(item, sizeof item,
                 ys_cli_say(c, "快照“%s” 事务 %lld，%s", "snapshot \"%s\": transaction %lld, %s"),
                 s->snapshot[i].name, (long long)s->snapshot[i].tx,
                 ys_time_text(s->snapshot[i].at, at, sizeof at));
        put_item(c, &used, item);
    }
    if (used > 0)
        ys_out_puts(c->out, "\n");
}

static ys_status print_stages(const ys_cli *c, const ys_state *s, ys_diag *diag)
{
    char at[40];
    ys_out_printf(c->out, "\n%s\n",
                  ys_cli_say(c, "■ 走到哪一步（● 好 ▲ 要看 ■ 要改 ○ 还没做）",
                             "■ how far (● good ▲ look ■ mend ○ not yet)"));
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, "", YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "步骤", "step"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "依据（UTC）", "as of (UTC)"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "事务", "tx"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "说明", "finding"), YS_LEFT);
    for (int i = 0; i < YS_STAGES; i++) {
        const ys_stage_state *stage = &s->stage[i];
        ys_grid_put(g, ys_mark_sign(stage->mark));
        ys_grid_put(g, ys_cli_say(c, stage->zh, stage->en));
        ys_grid_put(g, stage->at > 0 ? ys_time_text(stage->at, at, sizeof at) : "");
        if (stage->tx > 0)
            ys_grid_putf(g, "%lld", (long long)stage->tx);
        else
            ys_grid_put(g, "");
        ys_grid_put(g, ys_cli_say(c, stage->words_zh, stage->words_en));
    }
    return ys_cli_grid(c, g, diag);
}

/* A count without decimals, a rate with two. */
static void put_value(ys_grid *g, double v, bool sign)
{
    bool whole = v == floor(v);
    if (isnan(v))
        ys_grid_put(g, "–");
    else if (whole)
        ys_grid_putf(g, sign ? "%+.0f" : "%.0f", v);
    else
        ys_grid_putf(g, sign ? "%+.2f" : "%.2f", v);
}

static ys_status print_statistics(const ys_cli *c, const ys_figures *f, ys_diag *diag)
{
    char day[24];
    if (f->statistics == 0)
        return YS_OK;
    ys_out_printf(c->out, "\n%s\n",
                  ys_cli_say(c, "■ 已公布统计与登记册对照", "■ published statistics beside the register"));
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "地区", "area"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "指标", "statistic"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "日期", "date"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "公布", "published"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "登记册", "register"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "差", "difference"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "单位", "unit"), YS_LEFT);
    for (int i = 0; i < f->statistics; i++) {
        const ys_fig_statistic *s = &f->statistic[i];
        ys_grid_put(g, c->zh ? s->area.zh : s->area.en);
        ys_grid_put(g, s->name);
        ys_grid_put(g, ys_format_date(s->date, day, sizeof day));
        put_value(g, s->value, false);
        put_value(g, s->here, false);
        put_value(g, s->here - s->value, true);
        ys_grid_put(g, s->unit);
    }
    return ys_cli_grid(c, g, diag);
}

/* The first step that is not done, else one whose finding wants looking at. */
static void print_next(const ys_cli *c, const ys_state *s)
{
    static const int order[] = {YS_STAGE_IMPORT, YS_STAGE_DIAGNOSE, YS_STAGE_PLAN,
                                YS_STAGE_VERIFY, YS_STAGE_CHECK,    YS_STAGE_MEASURE};
    char next[300];
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const ys_stage_state *g = &s->stage[order[i]];
        if (g->next == NULL || (g->mark == YS_MARK_GOOD))
            continue;
        snprintf(next, sizeof next, g->next, c->argv[0]);
        ys_cli_talk(c, "\n下一步：%s", "\nnext: %s", next);
        return;
    }
    ys_cli_talk(c, "\n● 都做完了。一页纸：yaoshi status %s --summary",
                "\n● all done. one page: yaoshi status %s --summary", c->argv[0]);
}

static ys_status print_text(const ys_cli *c, const ys_state *s, ys_diag *diag)
{
    print_contents(c, s);
    YS_TRY(print_stages(c, s, diag));
    if (s->digest != NULL)
        YS_TRY(print_statistics(c, ys_digest_figures(s->digest), diag));
    print_next(c, s);
    return YS_OK;
}

static ys_status summary(const ys_cli *c, const ys_state *s, ys_diag *diag)
{
    if (s->digest != NULL)
        return ys_summary_print(c, ys_digest_figures(s->digest), diag);
    ys_diag_fix(diag, "先导入：yaoshi import DB 文件夹 --apply",
                "import first: yaoshi import DB FOLDER --apply");
    return ys_fail(diag, YS_ENOTFOUND, "库里还没有登记户", "there is no registered household in the store");
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_state *s = NULL;
    ys_state_args a = {.quick = ys_cli_flag(c, "quick"), .verify = ys_cli_flag(c, "verify")};
    bool page = ys_cli_flag(c, "summary");
    ys_status st = YS_OK;
    if (page && (a.quick || c->json))
        return ys_fail(diag, YS_EUSAGE, "--summary 不与 --quick、--json 同用（数字用 yaoshi status --json）",
                       "--summary goes with neither --quick nor --json (figures: yaoshi status --json)");
    YS_TRY(ys_cli_reading(c, &a.reading, diag));
    YS_TRY(ys_cli_open(c, true, &o, diag));
    YS_GO(ys_state_make(o, &a, &s, diag));
    YS_GO(c->json ? print_json(c, s, diag) : page ? summary(c, s, diag) : print_text(c, s, diag));
done:
    ys_state_free(s);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_status = {
    .name = "status",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "库里有什么，走到哪一步，下一步打什么",
    .en = "what is in the store, how far the work is, what to type next",
    .more_zh = "标记由事实算出并带日期：● 好 ▲ 要看（结果旧于数据、有疑点） ■ 要改 ○ 还没做。--summary "
               "是一页纸总结。",
    .more_en = "Marks are computed and dated: ● good, ▲ look (a result older than the facts, findings), ■ "
               "mend, ○ not yet. "
               "--summary is the whole job on one page.",
    .example = "yaoshi status heze.db --summary",
    .opts = opts,
    .run = run,
};
