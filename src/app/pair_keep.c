/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping a pairing: a new version of every pair that changed, an end for those that are no more, and the certificate
 * by which anybody can check the run: what it rested on, what it claims, and the prices that prove it.
 */
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/pairing.h"
#include "base/alloc.h"
#include "base/num.h"
#include "base/str.h"
#include "registry/kinds.h"
#include "registry/put.h"

static bool put_row(ys_pairing *p, ys_table *t, int64_t row, int64_t i)
{
    int64_t e = p->result->edge[i];
    const char *area = p->need_area[i] >= 0 ? ys_areas_code(p->frame->areas, p->need_area[i]) : NULL;
    return ys_put_text(t, "pair_level", row, p->level->level) &&
           ys_put_text(t, "need", row, ys_pairing_need(p, i)) &&
           ys_put_text(t, "giver", row, ys_pairing_giver(p, p->giver[e])) &&
           ys_put_text(t, "area", row, area) &&
           ys_put_text(t, "reason", row, ys_pair_reason_name(ys_pairing_reason(p, i))) &&
           ys_put_text(t, "previous", row, p->before[i]) && ys_put_int(t, "since", row, p->frame->today) &&
           ys_put_int(t, "points", row, p->cost[e]);
}

static ys_status check_kind(const ys_kind *kind, ys_diag *diag)
{
    static const char *const fields[] = {"pair_level", "need",   "giver",    "area",
                                         "since",      "reason", "previous", "points"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (ys_kind_field(kind, fields[i]) < 0)
            return ys_fail(diag, YS_EDATA, "政策包的 pairing 没有字段 %s",
                           "the pack's kind pairing has no field %s", fields[i]);
    return YS_OK;
}

static ys_status end_pair(ys_office *o, const ys_pairing *p, const ys_kind *kind, const char *need,
                          ys_diag *diag)
{
    ys_str key = {0};
    (void)ys_str_printf(&key, "%s|", p->level->level);
    for (const char *c = need; *c != '\0'; c++) {
        if (*c == '|' || *c == '\\')
            (void)ys_str_putc(&key, '\\');
        (void)ys_str_putc(&key, *c);
    }
    ys_status st = key.failed ? ys_fail_nomem(diag)
                              : ys_store_end_record(o->store, kind, ys_str_get(&key), p->frame->today, diag);
    ys_str_done(&key);
    if (st != YS_ENOTFOUND)
        return st;
    ys_diag_clear(diag); /* it ended already: nothing of it holds today */
    return YS_OK;
}

/* A pair that begins after the day of this run would outlive what is written for that day. */
static ys_status check_days(const ys_pairing *p, ys_diag *diag)
{
    int need = ys_table_find(p->today, "need"), since = ys_table_find(p->today, "since");
    for (int64_t r = 0; r < ys_table_rows(p->today); r++) {
        const char *who = ys_table_get_text(p->today, need, r);
        int64_t day = ys_table_get_int(p->today, since, r);
        if (ys_is_missing(day) || day <= p->frame->today ||
            (ys_pairing_need_find(p, who) < 0 && !ys__pairing_ends(p, r)))
            continue;
        char begun[16], today[16];
        ys_format_date((int32_t)day, begun, sizeof begun);
        ys_format_date(p->frame->today, today, sizeof today);
        ys_diag_value(diag, who);
        ys_diag_fix(diag, "用 --date 写不早于它的日子", "name a day not before it with --date");
        return ys_fail(diag, YS_EDATA, "%s 的结对从 %s 开始，晚于这次的日子 %s",
                       "the pairing of %s begins on %s, after the day of this run, %s", who, begun, today);
    }
    return YS_OK;
}

/* ---- the certificate ---- */

/* Runs are numbered as they are kept, over all levels. */
static ys_status next_run(ys_office *o, ys_pairing *p, ys_diag *diag)
{
    int64_t n = 0;
    ys_scan all = {.valid_on = YS_SCAN_LATEST};
    YS_TRY(ys_store_count(o->store, &ys_kind_pair_run, &all, &n, diag));
    snprintf(p->run, sizeof p->run, "R%04lld", (long long)n + 1);
    return YS_OK;
}

static ys_status keep_run(ys_office *o, const ys_pairing *p, ys_diag *diag)
{
    ys_table *t = ys_table_for_kind(&ys_kind_pair_run);
    bool ok = t != NULL && ys_table_grow(t, 1);
    ok = ok && ys_put_text(t, "run", 0, p->run) && ys_put_text(t, "pair_level", 0, p->level->level) &&
         ys_put_text(t, "scope", 0, p->scope) && ys_put_text(t, "pack", 0, ys_pack_name(o->pack)) &&
         ys_put_text(t, "pack_hash", 0, ys_pack_hash(o->pack)) &&
         ys_put_text(t, "facts_root", 0, p->head.root) && ys_put_int(t, "facts_tx", 0, p->head.id) &&
         ys_put_int(t, "today", 0, p->frame->today) && ys_put_int(t, "line", 0, p->frame->line->amount) &&
         ys_put_text(t, "income_period", 0, p->frame->period) && ys_put_int(t, "needs", 0, p->needs) &&
         ys_put_int(t, "givers", 0, p->givers) && ys_put_int(t, "paired", 0, p->needs - p->result->alone) &&
         ys_put_int(t, "value", 0, p->value) && ys_put_int(t, "bound", 0, p->dual) &&
         ys_put_int(t, "complete", 0, p->complete);
    ys_status st = ok ? ys_registry_put_rows(o->store, &ys_kind_pair_run, t, 1, ys_clock_today(), diag)
                      : ys_fail_nomem(diag);
    ys_table_free(t);
    return st;
}

/* Prices that are not 0: a giver without a row has price 0. */
static ys_status keep_prices(ys_office *o, const ys_pairing *p, ys_diag *diag)
{
    int64_t rows = 0;
    ys_table *t = ys_table_for_kind(&ys_kind_pair_price);
    bool ok = t != NULL;
    for (int64_t j = 0; ok && j < p->givers; j++) {
        if (p->result->price[j] == 0)
            continue;
        ok = ys_table_grow(t, 1) && ys_put_text(t, "run", rows, p->run) &&
             ys_put_text(t, "giver", rows, ys_pairing_giver(p, j)) &&
             ys_put_int(t, "price", rows, p->result->price[j]);
        rows++;
    }
    ys_status st = ok ? ys_registry_put_rows(o->store, &ys_kind_pair_price, t, rows, ys_clock_today(), diag)
                      : ys_fail_nomem(diag);
    ys_table_free(t);
    return st;
}

/* ---- writing ---- */

static ys_status changed_rows(ys_pairing *p, const ys_kind *kind, ys_table **ret, int64_t *ret_rows,
                              ys_diag *diag)
{
    ys_table *t = ys_table_for_kind(kind);
    int64_t rows = 0;
    bool ok = t != NULL;
    for (int64_t i = 0; ok && i < p->needs; i++) {
        if (p->result->edge[i] < 0 || ys_pairing_reason(p, i) == YS_PAIR_KEPT)
            continue;
        ok = ys_table_grow(t, 1) && put_row(p, t, rows, i);
        rows++;
    }
    if (!ok) {
        ys_table_free(t);
        return ys_fail_nomem(diag);
    }
    *ret = t;
    *ret_rows = rows;
    return YS_OK;
}

/* Somebody wrote between the reading and this transaction: the pairs may rest on facts that are no more. */
static ys_status check_head(ys_office *o, const ys_pairing *p, ys_diag *diag)
{
    ys_tx now;
    YS_TRY(ys_store_head(o->store, &now, diag));
    if (now.id == p->head.id)
        return YS_OK;
    ys_diag_fix(diag, "再运行一次", "run it once more");
    return ys_fail(diag, YS_ECONFLICT, "计算期间有人改了数据（事务 %lld），没有存",
                   "the facts were changed meanwhile (transaction %lld); nothing was kept",
                   (long long)now.id);
}

static ys_status write_all(ys_office *o, ys_pairing *p, const ys_kind *kind, ys_table *t, ys_diag *diag)
{
    int need = ys_table_find(p->today, "need");
    YS_TRY(check_head(o, p, diag));
    YS_TRY(ys_registry_put_rows(o->store, kind, t, ys_table_rows(t), p->frame->today, diag));
    for (int64_t r = 0; r < ys_table_rows(p->today); r++)
        if (ys__pairing_ends(p, r))
            YS_TRY(end_pair(o, p, kind, ys_table_get_text(p->today, need, r), diag));
    YS_TRY(next_run(o, p, diag));
    YS_TRY(keep_run(o, p, diag));
    return keep_prices(o, p, diag);
}

/* Was the last thing that was written a certificate of the same run: level, scope, day and line? */
static ys_status at_head(ys_office *o, const ys_pairing *p, bool *ret_is, ys_diag *diag)
{
    ys_scan how = {.valid_on = YS_SCAN_LATEST};
    ys_table *t = NULL;
    *ret_is = false;
    if (strcmp(p->head.command, "pair") != 0)
        return YS_OK;
    YS_TRY(ys_store_scan(o->store, &ys_kind_pair_run, &how, &t, diag));
    const char *scope = p->scope != NULL ? p->scope : "";
    for (int64_t r = 0; r < ys_table_rows(t); r++) {
        const char *level = ys_table_get_text(t, ys_table_find(t, "pair_level"), r),
                   *in = ys_table_get_text(t, ys_table_find(t, "scope"), r),
                   *run = ys_table_get_text(t, ys_table_find(t, "run"), r);
        char newest[sizeof p->run];
        snprintf(newest, sizeof newest, "R%04lld", (long long)ys_table_rows(t));
        *ret_is |= strcmp(run, newest) == 0 && level != NULL && strcmp(level, p->level->level) == 0 &&
                   strcmp(in != NULL ? in : "", scope) == 0 &&
                   ys_table_get_int(t, ys_table_find(t, "today"), r) == p->frame->today &&
                   ys_table_get_int(t, ys_table_find(t, "line"), r) == p->frame->line->amount;
    }
    ys_table_free(t);
    return YS_OK;
}

/* Is there anything to write: a pair that changes or ends, or facts newer than the newest certificate? */
static ys_status worth_keeping(ys_office *o, const ys_pairing *p, int64_t rows, bool *ret_worth,
                               ys_diag *diag)
{
    bool written;
    YS_TRY(at_head(o, p, &written, diag));
    *ret_worth = rows > 0 || p->ended > 0 || !written;
    return YS_OK;
}

ys_status ys_pairing_keep(ys_office *o, ys_pairing *p, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_tx tx = {0};
    int64_t rows = 0;
    bool worth;
    ys_table *t = NULL;
    const ys_kind *kind = ys_pack_kind(p->frame->pack, "pairing");
    YS_TRY(check_kind(kind, diag));
    YS_TRY(check_days(p, diag));
    YS_TRY(changed_rows(p, kind, &t, &rows, diag));
    YS_GO(worth_keeping(o, p, rows, &worth, diag));
    if (!worth)
        goto done;
    YS_GO(ys_office_begin(o, "pair", p->level->level, NULL, diag));
    YS_GO(write_all(o, p, kind, t, diag));
    YS_GO(ys_store_commit(o->store, &tx, diag));
    p->tx = tx.id;
done:
    if (st != YS_OK) {
        ys_store_rollback(o->store);
        p->run[0] = '\0';
    }
    ys_table_free(t);
    return st;
}
