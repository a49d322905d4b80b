/* SPDX-License-Identifier: Apache-2.0 */
#include "app/state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/proof.h"
#include "base/alloc.h"
#include "base/num.h"
#include "registry/kinds.h"

const char *ys_mark_sign(ys_mark m)
{
    static const char *const sign[] = {"●", "▲", "■", "○"};
    return sign[m];
}

const char *ys_mark_name(ys_mark m)
{
    static const char *const name[] = {"good", "look", "bad", "none"};
    return name[m];
}

void ys_state_free(ys_state *s)
{
    if (s == NULL)
        return;
    ys_digest_free(s->digest);
    ys_free(s->count);
    ys_free(s->snapshot);
    ys_free(s);
}

/* ---- what is there ---- */

static bool on_tx(void *arg, const ys_tx *tx)
{
    ys_state *s = arg;
    bool diagnose = strcmp(tx->command, "diagnose") == 0,
         result = diagnose || strcmp(tx->command, "plan") == 0 || strcmp(tx->command, "pair") == 0;
    if (diagnose && s->diagnosed.id == 0)
        s->diagnosed = *tx;
    if (!result && strcmp(tx->command, "init") != 0 && tx->rows > 0 && s->facts.id == 0)
        s->facts = *tx;
    if (tx->name[0] == '\0')
        return true;
    if (!ys_grow(&s->snapshot, &s->snapshot_room, s->snapshots + 1, sizeof *s->snapshot)) {
        s->failed = true;
        return false;
    }
    ys_state_snapshot *n = &s->snapshot[s->snapshots++];
    *n = (ys_state_snapshot){.tx = tx->id, .at = tx->recorded_at};
    snprintf(n->name, sizeof n->name, "%s", tx->name);
    return true;
}

static ys_status count_kinds(ys_state *s, ys_diag *diag)
{
    ys_office *o = s->office;
    s->count = ys_calloc((size_t)o->kind_count, sizeof *s->count);
    if (s->count == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < o->kind_count; k++) {
        ys_scan all = {.valid_on = YS_SCAN_LATEST};
        YS_TRY(ys_store_count(o->store, o->kinds[k], &all, &s->count[k], diag));
        if (strcmp(o->kinds[k]->name, "household") != 0)
            continue;
        ys_scan sample = {.valid_on = YS_SCAN_LATEST, .where_field = "frame", .where_value = "sample"};
        YS_TRY(ys_store_count(o->store, o->kinds[k], &sample, &s->sample_households, diag));
        s->register_households = s->count[k] - s->sample_households;
    }
    return YS_OK;
}

static ys_status read_log(ys_state *s, ys_diag *diag)
{
    YS_TRY(ys_store_transactions(s->office->store, true, on_tx, s, diag));
    if (s->failed)
        return ys_fail_nomem(diag);
    ys_status st = ys_store_head(s->office->store, &s->head, diag);
    if (st == YS_ENOTFOUND)
        ys_diag_clear(diag);
    else if (st != YS_OK)
        return st;
    st = ys_plan_head_read(s->office, NULL, &s->plan, diag);
    s->has_plan = st == YS_OK;
    if (st != YS_ENOTFOUND)
        return st;
    ys_diag_clear(diag);
    return YS_OK;
}

/* ---- the marks ---- */

static ys_stage_state *stage(ys_state *s, int which, ys_mark mark, int64_t tx, int64_t at, const char *next)
{
    ys_stage_state *g = &s->stage[which];
    g->mark = mark;
    g->tx = tx;
    g->at = at;
    g->next = next;
    return g;
}

/* Both formats take the same arguments. */
static void words(ys_stage_state *g, const char *zh, const char *en, ...) YS_PRINTF(2, 4) YS_PRINTF(3, 4);
static void words(ys_stage_state *g, const char *zh, const char *en, ...)
{
    va_list ap;
    va_start(ap, en);
    vsnprintf(g->words_zh, sizeof g->words_zh, zh, ap);
    va_end(ap);
    va_start(ap, en);
    vsnprintf(g->words_en, sizeof g->words_en, en, ap);
    va_end(ap);
}

static void mark_import(ys_state *s)
{
    if (s->facts.id == 0) {
        words(stage(s, YS_STAGE_IMPORT, YS_MARK_NONE, 0, 0, "yaoshi import %s FOLDER --apply"), "还没有数据",
              "no facts yet");
        return;
    }
    words(stage(s, YS_STAGE_IMPORT, YS_MARK_GOOD, s->facts.id, s->facts.recorded_at, NULL),
          "登记 %lld 户；%s 写入 %lld 行", "%lld households registered; %s wrote %lld rows",
          (long long)s->register_households, s->facts.user, (long long)s->facts.rows);
}

/* Findings and figures are of the register; a survey has none, and both commands compute them whenever asked. */
static void not_digested(ys_state *s, int which, const char *next)
{
    bool survey = s->register_households == 0 && s->sample_households > 0;
    words(stage(s, which, YS_MARK_NONE, 0, 0, survey ? NULL : next),
          survey ? "只有样本户，没有登记户：要看时随时算" : "这次没有算",
          survey ? "sample households only, no register: computed when asked" : "not computed this time");
}

static void mark_check(ys_state *s)
{
    int64_t hits[6] = {0}, all = 0;
    const ys_figures *f = s->digest != NULL ? ys_digest_figures(s->digest) : NULL;
    if (f == NULL) {
        not_digested(s, YS_STAGE_CHECK, "yaoshi check %s");
        return;
    }
    for (int i = 0; i < f->findings; i++) {
        int grade = f->finding[i].severity >= 1 && f->finding[i].severity <= 5 ? f->finding[i].severity : 5;
        hits[grade] += f->finding[i].hits;
        all += f->finding[i].hits;
    }
    ys_mark mark = hits[1] > 0 ? YS_MARK_BAD : all > 0 ? YS_MARK_LOOK : YS_MARK_GOOD;
    words(stage(s, YS_STAGE_CHECK, mark, s->facts.id, s->facts.recorded_at,
                all > 0 ? "yaoshi check %s --list" : NULL),
          "疑点 %lld 处：1级 %lld，2级 %lld，3级 %lld，4级 %lld，5级 %lld",
          "%lld findings: grade 1 %lld, 2 %lld, 3 %lld, 4 %lld, 5 %lld", (long long)all, (long long)hits[1],
          (long long)hits[2], (long long)hits[3], (long long)hits[4], (long long)hits[5]);
}

static void mark_measure(ys_state *s)
{
    const ys_figures *f = s->digest != NULL ? ys_digest_figures(s->digest) : NULL;
    if (f == NULL) {
        not_digested(s, YS_STAGE_MEASURE, "yaoshi measure %s");
        return;
    }
    ys_stage_state *g = stage(s, YS_STAGE_MEASURE, f->has_base ? YS_MARK_GOOD : YS_MARK_LOOK, s->facts.id,
                              s->facts.recorded_at, NULL);
    if (f->has_base && !isnan(f->all.fgt0))
        words(g, "低于线 %lld 户 %lld 人，发生率 %.2f%%",
              "%lld households, %lld persons below the line: %.2f%%", (long long)f->all.poor_households,
              (long long)f->all.poor_persons, f->all.fgt0 * 100);
    else
        words(g, "低于线 %lld 户 %lld 人；没有人口基数，算不出发生率",
              "%lld households, %lld persons below the line; no population base, hence no rate",
              (long long)f->all.poor_households, (long long)f->all.poor_persons);
    if (!f->has_base)
        g->next = "yaoshi import %s populations.csv --apply";
}

static void mark_diagnose(ys_state *s)
{
    int64_t cards = 0;
    for (int k = 0; k < s->office->kind_count; k++)
        cards += s->office->kinds[k] == &ys_kind_root ? s->count[k] : 0;
    if (cards == 0) {
        words(stage(s, YS_STAGE_DIAGNOSE, YS_MARK_NONE, 0, 0, "yaoshi diagnose %s --keep"), "没有存贫根卡",
              "no root cards kept");
        return;
    }
    bool old = s->facts.id > s->diagnosed.id;
    words(stage(s, YS_STAGE_DIAGNOSE, old ? YS_MARK_LOOK : YS_MARK_GOOD, s->diagnosed.id,
                s->diagnosed.recorded_at, old ? "yaoshi diagnose %s --keep" : NULL),
          old ? "%lld 张贫根卡，此后数据有变" : "%lld 张贫根卡",
          old ? "%lld root cards; facts changed since" : "%lld root cards", (long long)cards);
}

static void mark_plan(ys_state *s)
{
    const ys_plan_head *p = &s->plan;
    if (!s->has_plan) {
        words(stage(s, YS_STAGE_PLAN, YS_MARK_NONE, 0, 0, "yaoshi plan %s"), "没有计划", "no plan");
        return;
    }
    bool old = p->stale || p->partial;
    words(stage(s, YS_STAGE_PLAN, old ? YS_MARK_LOOK : YS_MARK_GOOD, p->made_tx, p->made_at,
                old ? "yaoshi plan %s" : NULL),
          "%s：依据事务 %lld，法定层离最优至多 %.3f%%，缺口层至多 %.3f%%%s%.0s",
          "%s: rests on transaction %lld; at most %.3f%% (statutory) and %.3f%% (gap) from the optimum%.0s%s",
          p->version, (long long)p->facts_tx, 100 * ys_plan_head_gap(p, 0), 100 * ys_plan_head_gap(p, 1),
          p->stale     ? "；此后数据或政策包有变"
          : p->partial ? "；中途停止"
                       : "",
          p->stale     ? "; facts or pack changed since"
          : p->partial ? "; stopped early"
                       : "");
}

static ys_status mark_verify(ys_state *s, bool now, ys_diag *diag)
{
    ys_proof *proof = NULL;
    int64_t transactions = 0, rows = 0;
    if (!s->has_plan || !now) {
        words(stage(s, YS_STAGE_VERIFY, YS_MARK_NONE, 0, 0, s->has_plan ? "yaoshi plan %s --verify" : NULL),
              s->has_plan ? "没有核对（status --verify 现在核对）" : "没有计划可核对",
              s->has_plan ? "not verified (status --verify does it now)" : "no plan to verify");
        return YS_OK;
    }
    ys_status st = ys_store_verify_chain(s->office->store, &transactions, &rows, diag);
    if (st != YS_OK && st != YS_ECORRUPT)
        return st;
    if (st == YS_ECORRUPT) {
        ys_diag_clear(diag);
        words(
            stage(s, YS_STAGE_VERIFY, YS_MARK_BAD, s->head.id, s->head.recorded_at, "yaoshi log %s --verify"),
            "历史链核对不上", "the chain does not hold");
        return YS_OK;
    }
    YS_TRY(ys_proof_make(s->office, NULL, &proof, diag));
    int64_t findings = ys_proof_findings(proof);
    ys_proof_free(proof);
    words(stage(s, YS_STAGE_VERIFY, findings > 0 ? YS_MARK_BAD : YS_MARK_GOOD, s->head.id,
                s->head.recorded_at, findings > 0 ? "yaoshi plan %s --verify" : NULL),
          "链上 %lld 个事务 %lld 行无误；计划独立核对 %lld 处不符",
          "the chain of %lld transactions and %lld rows holds; the plan: %lld findings",
          (long long)transactions, (long long)rows, (long long)findings);
    return YS_OK;
}

static void name_stages(ys_state *s)
{
    static const char *const names[YS_STAGES][3] = {
        {"import", "导入", "import"},     {"check", "检查", "check"}, {"measure", "测算", "measure"},
        {"diagnose", "诊断", "diagnose"}, {"plan", "计划", "plan"},   {"verify", "核对", "verify"}};
    for (int i = 0; i < YS_STAGES; i++) {
        s->stage[i].name = names[i][0];
        s->stage[i].zh = names[i][1];
        s->stage[i].en = names[i][2];
    }
}

ys_status ys_state_make(ys_office *o, const ys_state_args *args, ys_state **ret_state, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_state *s = ys_calloc(1, sizeof *s);
    if (s == NULL)
        return ys_fail_nomem(diag);
    s->office = o;
    YS_GO(count_kinds(s, diag));
    YS_GO(read_log(s, diag));
    if (!args->quick && s->register_households > 0)
        YS_GO(ys_digest_make(o, &args->reading, NULL, &s->digest, diag));
    name_stages(s);
    mark_import(s);
    mark_check(s);
    mark_measure(s);
    mark_diagnose(s);
    mark_plan(s);
    YS_GO(mark_verify(s, args->verify, diag));
    *ret_state = s;
    s = NULL;
done:
    ys_state_free(s);
    return st;
}
