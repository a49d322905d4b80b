/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export.h"

#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/export_document.h"
#include "base/num.h"

static const struct {
    const char *name;
    ys_status (*run)(ys_export *x, ys_diag *diag);
} lists[] = {
    {"plan", ys__export_plan},       {"unmet", ys__export_unmet},       {"prices", ys__export_prices},
    {"roots", ys__export_roots},     {"findings", ys__export_findings}, {"pairings", ys__export_pairings},
    {"records", ys__export_records}, {"projects", ys__export_projects}, {"funds", ys__export_funds}};

ys_status ys__export_titles(ys_export *x, const char *zh, const char *en, const ys_plan_head *head,
                            ys_diag *diag)
{
    char day[24], at[40];
    ys_tx tx;
    YS_TRY(ys_store_head(x->office->store, &tx, diag));
    ys_format_date(ys_clock_today(), day, sizeof day);
    ys_time_text(tx.recorded_at, at, sizeof at);
    snprintf(x->titles[0], sizeof x->titles[0], "%s%s%s%s%s", ys__export_say(x, zh, en),
             x->args->reading.scope != NULL ? " · " : "",
             x->args->reading.scope != NULL ? x->args->reading.scope : "", head != NULL ? " · " : "",
             head != NULL ? head->version : "");
    snprintf(x->titles[1], sizeof x->titles[1],
             ys__export_say(x, "政策包 %s %s · 数据截至事务 %lld（%s UTC）· 链首 %.16s · 打印 %s",
                            "pack %s %s · facts up to transaction %lld (%s UTC) · head %.16s · printed %s"),
             ys_pack_name(x->office->pack), ys_pack_version(x->office->pack), (long long)tx.id, at, tx.root,
             day);
    snprintf(x->titles[2], sizeof x->titles[2], "%s%s%s",
             x->office->synthetic
                 ? ys__export_say(x, "▨ 合成数据，不是真人真事。", "▨ Synthetic data, no real person. ")
                 : "",
             x->args->unmask
                 ? ys__export_say(x, "含个人信息全文，注意保管。", "Personal values in full: keep it safe. ")
                 : ys__export_say(x, "个人信息已遮盖。", "Personal values are masked. "),
             head != NULL && head->stale
                 ? ys__export_say(x, "▲ 计划之后数据有变。", "▲ Facts changed after the plan.")
                 : "");
    return YS_OK;
}

ys_status ys__export_sheet(ys_export *x, const char *zh, const char *en, const ys_xlsx_column *columns, int n,
                           ys_diag *diag)
{
    const char *titles[] = {x->titles[0], x->titles[1], x->titles[2]};
    ys_xlsx_sheet sheet = {
        .name = ys__export_say(x, zh, en), .titles = titles, .ntitles = 3, .columns = columns, .ncolumns = n};
    return ys_sink_sheet(x->sink, &sheet, diag);
}

int ys__export_place_columns(const ys_export *x, ys_xlsx_column *columns)
{
    const char *const *levels;
    int n = ys_pack_area_levels(x->office->pack, &levels), count = 0;
    for (int i = n > 1 ? 1 : 0; i < n && count < YS_EXPORT_LEVELS; i++) {
        const char *label =
            ys_pack_label(x->office->pack, "area_level", levels[i], x->args->zh ? "zh" : "en");
        columns[count++] =
            (ys_xlsx_column){.header = label != NULL ? label : levels[i], .width = 12, .type = YS_XLSX_TEXT};
    }
    return count;
}

void ys__export_place(ys_export *x, const ys_frame *f, int32_t area)
{
    const char *const *levels;
    int n = ys_pack_area_levels(x->office->pack, &levels), count = 0;
    for (int i = n > 1 ? 1 : 0; i < n && count < YS_EXPORT_LEVELS; i++, count++) {
        int32_t at = area >= 0 ? ys_areas_at_level(f->areas, area, i) : -1;
        ys_sink_text(x->sink, at >= 0 ? ys_areas_name(f->areas, at) : NULL);
    }
}

const char *ys__export_head(const ys_export *x, const ys_frame *f, int64_t h, char *buf, size_t size)
{
    const ys_kind *k = ys_pack_kind(x->office->pack, "household");
    int field = ys_kind_field(k, "head_name");
    ys_fact_how how = {.pack = x->office->pack, .zh = x->args->zh, .unmask = x->args->unmask};
    return field >= 0 ? ys_fact_text(&how, &k->fields[field], f->household, h, buf, size) : "";
}

ys_status ys__export_need(const ys_office *o, const char *kind, ys_diag *diag)
{
    if (ys_pack_kind(o->pack, kind) != NULL)
        return YS_OK;
    ys_diag_value(diag, kind);
    ys_diag_fix(diag, "换用有这种记录的政策包（如 cn-2016）",
                "use a pack that has this kind of record (such as cn-2016)");
    return ys_fail(diag, YS_ENOTFOUND, "政策包没有要用的这种记录",
                   "the pack lacks a kind of record that is needed");
}

static ys_status unknown_list(const char *what, ys_diag *diag)
{
    ys_diag_value(diag, what);
    ys_diag_fix(diag,
                "--what 可为 plan、unmet、prices、roots、findings、pairings、records、projects、funds，或 "
                "iati、oc4ids、geojson、datapackage",
                "--what is plan, unmet, prices, roots, findings, pairings, records, projects or funds, or "
                "iati, oc4ids, "
                "geojson or datapackage");
    return ys_fail(diag, YS_EUSAGE, "没有这种清单", "there is no such list");
}

ys_status ys_export_run(ys_office *o, const ys_export_args *args, ys_export_done *ret_done, ys_diag *diag)
{
    if (args->template_name == NULL && ys__document_known(args->what))
        return ys__document_run(o, args, ret_done, diag);
    ys_export x = {.office = o, .args = args};
    ys_status (*run)(ys_export *, ys_diag *) = args->template_name != NULL ? ys__export_template : NULL;
    for (size_t i = 0; run == NULL && i < sizeof lists / sizeof *lists; i++) {
        if (args->what != NULL && strcmp(lists[i].name, args->what) == 0)
            run = lists[i].run;
    }
    if (run == NULL)
        return unknown_list(args->what, diag);
    if (args->unmask && !o->has_key) {
        ys_diag_fix(diag, "用 --key 指明密钥文件", "name the key file with --key");
        return ys_fail(diag, YS_EDENIED, "没有密钥，不能导出个人信息全文",
                       "personal values cannot be exported in full without the key");
    }
    int digits = ys_pack_digits(o->pack);
    ys_xlsx_props props = {.title = args->template_name != NULL ? args->template_name : args->what,
                           .author = o->user,
                           .comments = o->synthetic ? "合成数据 synthetic data" : NULL,
                           .created = ys_clock_today(),
                           .money_digits = digits == 0 ? -1 : digits};
    YS_TRY(ys_sink_open(args->path, &props, &x.sink, diag));
    ys_status st = run(&x, diag);
    if (st != YS_OK) {
        ys_sink_discard(x.sink);
        return st;
    }
    int64_t rows = ys_sink_rows(x.sink);
    YS_TRY(ys_sink_finish(x.sink, diag));
    ys_diag_clear(diag);
    *ret_done = (ys_export_done){.rows = rows};
    return YS_OK;
}
