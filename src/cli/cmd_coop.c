/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/coop_check.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/listing.h"

/*
 * What two regions promised each other, what is due, what was delivered, what is claimed and what the record says.
 */

static const ys_opt opts[] = {
    {"date", "DATE", "按这一天判断是否滞后（默认今天）", "the day at which things are late (default: today)"},
    {"scope", "AREA", "只看此地区及以下", "only this area and below"},
    {"as-of", "TX", "按某次事务之后所知", "as known after this transaction"},
    {0},
};

/* ---- tables -------------------------------------------------------------------------------------------------- */

static ys_status promises(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k,
                          ys_diag *diag)
{
    const ys_coop_set *s = &k->set[YS_COOP_PROMISE];
    const char *const titles[] = {"标记", "mark",     "承诺", "promise", "承诺单位", "party", "内容", "text",
                                  "数量", "quantity", "时限", "due",     "说明",     "why",   NULL};
    ys_listing t;
    (void)o;
    (void)how;
    YS_TRY(ys_list_begin(&t, c, "promises", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        ys_list_mark(&t, &k->promise[i]);
        ys_list_put(&t, "promise", ys_coop_key(s, i));
        ys_list_put(&t, "party", ys_coop_text(s, i, "party"));
        ys_list_put(&t, "text", ys_coop_text(s, i, "text"));
        ys_list_quantity(&t, "quantity", k, s, i);
        ys_list_day(&t, "due", ys_coop_day(s, i, "due"));
        ys_list_why(&t, &k->promise[i]);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status tasks(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k, ys_diag *diag)
{
    const ys_coop_set *s = &k->set[YS_COOP_TASK];
    const char *const titles[] = {"标记",     "mark",  "编号", "task", "类别", "kind", "内容", "text",
                                  "责任单位", "owner", "时限", "due",  "说明", "why",  NULL};
    ys_listing t;
    (void)o;
    (void)how;
    YS_TRY(ys_list_begin(&t, c, "tasks", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        ys_list_mark(&t, &k->task[i]);
        ys_list_put(&t, "task", ys_coop_key(s, i));
        ys_list_put(&t, "kind", ys_coop_label(k, s, i, "task_kind", c->zh));
        ys_list_put(&t, "text", ys_coop_text(s, i, "text"));
        ys_list_put(&t, "owner", ys_coop_text(s, i, "owner"));
        ys_list_day(&t, "due", ys_coop_day(s, i, "due"));
        ys_list_why(&t, &k->task[i]);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status claims(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k, ys_diag *diag)
{
    const ys_coop_set *s = &k->set[YS_COOP_CLAIM];
    const char *const titles[] = {"说法",    "claim",    "内容",     "text", "核对方法", "by", "所称",
                                  "claimed", "系统记录", "recorded", "单位", "unit",     NULL};
    ys_listing t;
    YS_TRY(ys_list_begin(&t, c, "claims", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        double recorded;
        ys_status st = ys_claim_record(o, how, k, i, &recorded, diag);
        if (st != YS_OK) {
            ys_list_drop(&t);
            return st;
        }
        ys_list_put(&t, "claim", ys_coop_key(s, i));
        ys_list_put(&t, "text", ys_coop_text(s, i, "text"));
        ys_list_put(&t, "by", ys_coop_label(k, s, i, "claim_measure", c->zh));
        ys_list_real(&t, "claimed", ys_coop_real(s, i, "claimed"));
        ys_list_real(&t, "recorded", recorded);
        ys_list_put(&t, "unit", ys_coop_text(s, i, "unit"));
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status agreements(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k,
                            ys_diag *diag)
{
    const ys_coop_set *s = &k->set[YS_COOP_AGREEMENT], *p = &k->set[YS_COOP_PROMISE];
    const char *const titles[] = {"签约日期", "signed", "协议", "agreement", "名称",
                                  "name",     "类别",   "kind", "帮扶方",    "gives",
                                  "受帮方",   "needs",  "承诺", "promises",  NULL};
    ys_listing t;
    (void)o;
    (void)how;
    YS_TRY(ys_list_begin(&t, c, "agreements", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        int64_t n = 0;
        for (int64_t r = 0; r < p->rows; r++)
            n += ys_coop_find(s, ys_coop_text(p, r, "agreement")) == i;
        ys_list_day(&t, "signed", ys_coop_day(s, i, "signed"));
        ys_list_put(&t, "agreement", ys_coop_key(s, i));
        ys_list_put(&t, "name", ys_coop_text(s, i, "name"));
        ys_list_put(&t, "kind", ys_coop_label(k, s, i, "agreement_kind", c->zh));
        ys_list_put(&t, "gives", ys_coop_text(s, i, "party_gives"));
        ys_list_put(&t, "needs", ys_coop_text(s, i, "party_needs"));
        ys_list_int(&t, "promises", n);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

static ys_status events(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k, ys_diag *diag)
{
    const ys_coop_set *s = &k->set[YS_COOP_EVENT];
    const char *const titles[] = {"日期", "start", "活动",  "event",  "名称",  "name", "类别",
                                  "kind", "地点",  "place", "考察点", "stops", NULL};
    ys_listing t;
    (void)o;
    (void)how;
    YS_TRY(ys_list_begin(&t, c, "events", titles, diag));
    for (int64_t i = 0; i < s->rows; i++) {
        int64_t n = 0;
        for (int64_t r = 0; r < k->set[YS_COOP_STOP].rows; r++)
            n += ys_coop_find(s, ys_coop_text(&k->set[YS_COOP_STOP], r, "event")) == i;
        ys_list_day(&t, "start", ys_coop_day(s, i, "start"));
        ys_list_put(&t, "event", ys_coop_key(s, i));
        ys_list_put(&t, "name", ys_coop_text(s, i, "name"));
        ys_list_put(&t, "kind", ys_coop_label(k, s, i, "event_kind", c->zh));
        ys_list_put(&t, "place", ys_coop_text(s, i, "place"));
        ys_list_int(&t, "stops", n);
        ys_list_row(&t);
    }
    return ys_list_end(&t, diag);
}

/* ---- findings ------------------------------------------------------------------------------------------------ */

typedef struct findings {
    ys_listing t;
    const ys_coop *k;
    int64_t grave; /* of severity 1 */
} findings;

static void put_finding(void *arg, const ys_coop_finding *f)
{
    findings *all = arg;
    ys_listing *t = &all->t;
    const ys_kind *kind = all->k->set[f->kind].kind;
    all->grave += f->severity == 1;
    ys_list_put(t, "rule", f->rule);
    ys_list_int(t, "severity", f->severity);
    ys_list_put(t, "kind", t->j != NULL ? kind->name : t->c->zh ? kind->label_zh : kind->label_en);
    ys_list_put(t, "record", f->key);
    if (t->j != NULL) {
        ys_json_text(t->j, "zh", f->zh);
        ys_json_text(t->j, "en", f->en);
    } else {
        ys_list_put(t, "text", t->c->zh ? f->zh : f->en);
    }
    ys_list_row(t);
}

static ys_status check(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k, ys_diag *diag)
{
    const char *const titles[] = {"规则", "rule",   "级别", "severity", "种类", "kind",
                                  "记录", "record", "问题", "text",     NULL};
    findings f = {.k = k};
    (void)o;
    (void)how;
    YS_TRY(ys_list_begin(&f.t, c, "findings", titles, diag));
    ys_status st = ys_coop_check(k, put_finding, &f, diag);
    if (st != YS_OK) {
        ys_list_drop(&f.t);
        return st;
    }
    YS_TRY(ys_list_end(&f.t, diag));
    if (f.grave > 0)
        return ys_fail(diag, YS_EDATA, "协作记录有 %lld 处严重问题",
                       "the cooperation record has %lld grave findings", (long long)f.grave);
    return YS_OK;
}

/* ---- summary ------------------------------------------------------------------------------------------------- */

static void count_marks(const ys_standing *s, int64_t n, int64_t ret[YS_MARKS])
{
    memset(ret, 0, YS_MARKS * sizeof *ret);
    for (int64_t i = 0; i < n; i++)
        ret[s[i].mark]++;
}

static ys_status summary(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k,
                         ys_diag *diag)
{
    const struct {
        const char *name, *zh;
        const ys_standing *s;
        int64_t n;
    } row[] = {{"projects", "项目", k->project, k->set[YS_COOP_PROJECT].rows},
               {"promises", "承诺", k->promise, k->set[YS_COOP_PROMISE].rows},
               {"tasks", "任务与问题", k->task, k->set[YS_COOP_TASK].rows}};
    const char *const titles[] = {"",       "what",      "全部",   "all",     "○ 未启动", "not_started",
                                  "● 正常", "on_course", "▲ 预警", "warning", "■ 滞后",   "late",
                                  "✓ 完成", "done",      "▨ 过期", "stale",   NULL};
    ys_listing t;
    (void)o;
    (void)how;
    YS_TRY(ys_list_begin(&t, c, "marks", titles, diag));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int64_t n[YS_MARKS];
        count_marks(row[i].s, row[i].n, n);
        ys_list_put(&t, "what", t.j != NULL || !c->zh ? row[i].name : row[i].zh);
        ys_list_int(&t, "all", row[i].n);
        for (int m = 0; m < YS_MARKS; m++)
            ys_list_int(&t, ys_coop_mark_name((ys_coop_mark)m), n[m]);
        ys_list_row(&t);
    }
    YS_TRY(ys_list_end(&t, diag));
    ys_cli_talk(c, "下一步：yaoshi coop promises|tasks|claims|agreements|events|check %s",
                "next: yaoshi coop promises|tasks|claims|agreements|events|check %s", c->argv[c->argc - 1]);
    return YS_OK;
}

static const struct {
    const char *name;
    ys_status (*run)(const ys_cli *c, ys_office *o, const ys_reading *how, const ys_coop *k, ys_diag *diag);
} views[] = {{"summary", summary},       {"promises", promises}, {"tasks", tasks}, {"claims", claims},
             {"agreements", agreements}, {"events", events},     {"check", check}};

static ys_status run(ys_cli *c, ys_diag *diag)
{
    const char *what = c->argc > 1 ? c->argv[0] : "summary";
    ys_office *o = NULL;
    ys_coop *k = NULL;
    ys_reading how;
    ys_status st = YS_EUSAGE;
    size_t v = 0;
    while (v < sizeof views / sizeof *views && strcmp(views[v].name, what) != 0)
        v++;
    if (v == sizeof views / sizeof *views) {
        ys_diag_value(diag, what);
        ys_diag_fix(diag, "可看 summary promises tasks claims agreements events check",
                    "there are summary promises tasks claims agreements events check");
        return ys_fail(diag, YS_EUSAGE, "没有这种视图", "there is no such view");
    }
    YS_TRY(ys_cli_reading(c, &how, diag));
    YS_TRY(ys_cli_open_at(c, c->argv[c->argc - 1], true, &o, diag));
    YS_GO(ys_coop_read(o, &how, &k, diag));
    st = views[v].run(c, o, &how, k, diag);
done:
    ys_coop_free(k);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_coop = {
    .name = "coop",
    .args = "[WHAT] DB",
    .least = 1,
    .most = 2,
    .zh = "两地协作：承诺、任务、协议、活动、说法与记录、问题",
    .en = "the cooperation: promises, tasks, agreements, events, claims beside the record, findings",
    .more_zh = "WHAT 为 summary（默认）、promises、tasks、claims、agreements、events 或 "
               "check。标记由有日期的事实算出：● 正常 ▲ 预警 "
               "■ 滞后 ○ 未启动 ✓ 完成 ▨ 数据过期；等待外部批准的期限不算滞后。check "
               "列出记录里的问题，有严重问题时退出码为 3。",
    .more_en = "WHAT is summary (the default), promises, tasks, claims, agreements, events or check. Marks "
               "are computed from dated "
               "facts: ● on course ▲ warning ■ late ○ not started ✓ done ▨ facts too old; a date that waits "
               "for an approval "
               "is not late. check lists what is wrong in the record and ends with exit code 3 where "
               "something is grave.",
    .example = "yaoshi coop promises coop.db --date 2017-06-30",
    .opts = opts,
    .run = run,
};
