/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/prices.h"
#include "app/clock.h"
#include "app/export_sink.h"
#include "app/whatif_diff.h"
#include "base/str.h"

const char *ys_diff_row_name(const ys_planning *base, int64_t row, char *buf, size_t size)
{
    const ys_plan_input *in = &base->facts->in;
    ys_plan_row r = row >= 0 ? ys_plan_row_at(base->plan, row) : (ys_plan_row){.fund = -1, .offering = -1};
    if (r.fund >= 0)
        snprintf(buf, size, "%s %d", ys_planning_fund_name(base, r.fund), in->funds[r.fund].period);
    else
        snprintf(buf, size, "%s", r.offering >= 0 ? in->offerings[r.offering].name : "");
    return buf;
}

static bool put_labels(ys_sink *s, const ys_plan_input *in, const ys_plan_picks *k, bool zh)
{
    ys_str text = {0};
    ys_diff_labels(in, k, zh, &text);
    ys_sink_text(s, ys_str_get(&text));
    bool ok = !text.failed;
    ys_str_done(&text);
    return ok;
}

static ys_status put_row(ys_sink *s, const ys_diff *d, const ys_diff_row *r, bool zh, ys_diag *diag)
{
    char buf[400];
    const ys_planning *base = d->scenario->base;
    int32_t area = ys_diff_area_of(base, r->block);
    ys_str why = {0};
    ys_sink_text(s, d->scenario->name);
    ys_sink_text(s, ys_planning_unit(base, r->block, buf, sizeof buf));
    buf[0] = '\0';
    if (area >= 0)
        ys_areas_path(base->frame->areas, area, buf, sizeof buf);
    ys_sink_text(s, buf);
    ys_sink_text(s, ys_diff_kind_name(r->kind, zh));
    bool ok = put_labels(s, &d->scenario->in, &r->before, zh);
    ok = put_labels(s, &d->scenario->in, &r->after, zh) && ok;
    ys_sink_int(s, r->before.cures);
    ys_sink_int(s, r->after.cures);
    ys_sink_money(s, r->before.gap);
    ys_sink_money(s, r->after.gap);
    ys_sink_text(s, ys_diff_row_name(base, ys_diff_cause(d, r), buf, sizeof buf));
    ys_diff_say(d, r, zh, &why);
    ys_sink_text(s, ys_str_get(&why));
    ok = ok && !why.failed;
    ys_str_done(&why);
    return ok ? ys_sink_row(s, diag) : ys_fail_nomem(diag);
}

static ys_status write_all(ys_sink *s, const ys_diff *const *diffs, int n, bool zh, ys_diag *diag)
{
    const ys_xlsx_column c[] = {
        {zh ? "情景" : "scenario", 14, YS_XLSX_TEXT},
        {zh ? "户编号" : "household", 14, YS_XLSX_TEXT},
        {zh ? "地区" : "place", 30, YS_XLSX_TEXT},
        {zh ? "变化" : "change", 10, YS_XLSX_TEXT},
        {zh ? "原措施" : "before", 24, YS_XLSX_TEXT},
        {zh ? "新措施" : "after", 24, YS_XLSX_TEXT},
        {zh ? "原解决法定短板" : "cures before", 10, YS_XLSX_INT},
        {zh ? "新解决法定短板" : "cures after", 10, YS_XLSX_INT},
        {zh ? "原减少缺口" : "gap closed before", 14, YS_XLSX_MONEY},
        {zh ? "新减少缺口" : "gap closed after", 14, YS_XLSX_MONEY},
        {zh ? "起作用的资金或名额" : "money or places that decided", 24, YS_XLSX_TEXT},
        {zh ? "理由" : "why", 60, YS_XLSX_TEXT}};
    const char *title = zh ? "假如：逐户变化" : "what if: every changed household";
    ys_xlsx_sheet sheet = {.name = zh ? "变化" : "changes",
                           .titles = &title,
                           .ntitles = 1,
                           .columns = c,
                           .ncolumns = sizeof c / sizeof *c};
    YS_TRY(ys_sink_sheet(s, &sheet, diag));
    for (int i = 0; i < n; i++)
        for (int64_t k = 0; k < diffs[i]->n; k++)
            YS_TRY(put_row(s, diffs[i], &diffs[i]->rows[k], zh, diag));
    return YS_OK;
}

ys_status ys_diff_write(const ys_diff *const *diffs, int n, const char *path, bool zh, int64_t *ret_rows,
                        ys_diag *diag)
{
    ys_sink *s = NULL;
    int digits = n > 0 ? ys_pack_digits(diffs[0]->scenario->base->frame->pack) : 2;
    ys_xlsx_props props = {
        .title = "what if", .created = ys_clock_today(), .money_digits = digits == 0 ? -1 : digits};
    YS_TRY(ys_sink_open(path, &props, &s, diag));
    ys_status st = write_all(s, diffs, n, zh, diag);
    if (st != YS_OK) {
        ys_sink_discard(s);
        return st;
    }
    *ret_rows = ys_sink_rows(s);
    return ys_sink_finish(s, diag);
}
