/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan book's second half: what the two sides agreed, the projects, the pairings, when, and who does what.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/dated.h"
#include "app/planbook.h"
#include "base/alloc.h"
#include "base/num.h"

void ys__pb_agreements(ys_planbook *p)
{
    const ys_coop *c = p->c;
    const ys_coop_set *a = &c->set[YS_COOP_AGREEMENT], *s = &c->set[YS_COOP_PROMISE];
    if (a->rows + s->rows == 0)
        return;
    ys__pb_chapter(p, "协议与承诺", "Agreements and promises");
    const ys_doc_column agreements[] = {{ys__pb_say(p, "签约", "signed"), 2, YS_TEXT_LEFT},
                                        {ys__pb_say(p, "协议", "agreement"), 5, YS_TEXT_LEFT},
                                        {ys__pb_say(p, "帮扶方", "helper"), 4, YS_TEXT_LEFT},
                                        {ys__pb_say(p, "受帮方", "helped"), 3, YS_TEXT_LEFT}};
    if (a->rows > 0) {
        ys_doc_table(p->d, agreements, 4);
        for (int64_t i = 0; i < a->rows; i++) {
            ys__pb_cell_day(p, ys_coop_day(a, i, "signed"));
            ys_doc_cell(p->d, ys_coop_text(a, i, "name"));
            ys_doc_cell(p->d, ys_coop_text(a, i, "party_gives"));
            ys_doc_cell(p->d, ys_coop_text(a, i, "party_needs"));
        }
        ys_doc_table_end(p->d);
        ys__pb_source(p, "登记的协议", "agreements on record", "yaoshi coop agreements DB");
    }
    if (s->rows == 0)
        return;
    const ys_doc_column promises[] = {{ys__pb_say(p, "标记", "mark"), 2, YS_TEXT_LEFT},
                                      {ys__pb_say(p, "承诺单位", "party"), 4, YS_TEXT_LEFT},
                                      {ys__pb_say(p, "内容", "what"), 5, YS_TEXT_LEFT},
                                      {ys__pb_say(p, "数量", "how much"), 3, YS_TEXT_RIGHT},
                                      {ys__pb_say(p, "时限", "due"), 2.4, YS_TEXT_LEFT}};
    ys_doc_table(p->d, promises, 5);
    for (int64_t i = 0; i < s->rows; i++) {
        double q = ys_coop_real(s, i, "quantity");
        int64_t amount = ys_coop_int(s, i, "amount");
        const char *unit = ys_coop_text(s, i, "unit");
        char money[64];
        ys_doc_cellf(p->d, "%s %s", ys_mark_shape[c->promise[i].mark],
                     ys_mark_word(c->promise[i].mark, p->zh));
        ys_doc_cell(p->d, ys_coop_text(s, i, "party"));
        ys_doc_cell(p->d, ys_coop_text(s, i, "text"));
        if (!ys_is_missing(amount))
            ys_doc_cell(p->d, ys__pb_money(p, amount, money, sizeof money));
        else if (isnan(q))
            ys_doc_cell(p->d, ys__pb_say(p, "未定", "not stated"));
        else
            ys_doc_cellf(p->d, "%.10g %s", q, unit != NULL ? unit : "");
        ys__pb_cell_day(p, ys_coop_day(s, i, "due"));
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "标记由日期和核实的兑现算出", "marks are computed from dates and verified deliveries",
                  "yaoshi coop promises DB");
}

void ys__pb_projects(ys_planbook *p)
{
    const ys_coop *c = p->c;
    const ys_coop_set *s = &c->set[YS_COOP_PROJECT], *g = &c->set[YS_COOP_MILESTONE];
    if (s->rows == 0)
        return;
    ys__pb_chapter(p, "项目", "Projects");
    const ys_doc_column columns[] = {{ys__pb_say(p, "标记", "mark"), 2, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "项目", "project"), 5, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "地点", "where"), 3, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "投资单位", "investor"), 4, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "下一节点", "next gate"), 4, YS_TEXT_LEFT}};
    ys_doc_table(p->d, columns, 5);
    for (int64_t i = 0; i < s->rows; i++) {
        ys_gate_place at = ys_coop_gates(c, i);
        int64_t next = at.next >= 0 ? c->gate_row[at.next] : -1;
        char day[24] = "";
        if (at.due != YS_NO_DATE)
            ys_format_date(at.due, day, sizeof day);
        ys_doc_cellf(p->d, "%s %s", ys_mark_shape[c->project[i].mark],
                     ys_mark_word(c->project[i].mark, p->zh));
        ys_doc_cell(p->d, ys_coop_text(s, i, "name"));
        ys_doc_cell(p->d, ys_coop_name(c, YS_COOP_AREA, ys_coop_text(s, i, "area")));
        ys_doc_cell(p->d, ys_coop_name(c, YS_COOP_PROVIDER, ys_coop_text(s, i, "investor")));
        ys_doc_cellf(p->d, "%s%s%s", next >= 0 ? ys_coop_label(c, g, next, "gate", p->zh) : "–",
                     day[0] != '\0' ? " " : "", day);
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "项目库和节点", "the project library and its gates",
                  "yaoshi export DB --what records --kind project -o projects.xlsx");
}

ys_status ys__pb_pairings(ys_planbook *p, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(p->office->pack, "pairing");
    const ys_scan how = {
        .as_of_tx = p->args->reading.as_of_tx, .valid_on = YS_SCAN_LATEST, .scope = p->args->reading.scope};
    ys_table *t = NULL;
    int n;
    const ys_pair_level *levels = ys_pack_pair_levels(p->office->pack, &n);
    if (kind == NULL || n == 0)
        return YS_OK;
    YS_TRY(ys_store_scan(p->office->store, kind, &how, &t, diag));
    int col = ys_table_find(t, "pair_level"), giver = ys_table_find(t, "giver");
    if (ys_table_rows(t) > 0) {
        const ys_doc_column columns[] = {{ys__pb_say(p, "层次", "level"), 4, YS_TEXT_LEFT},
                                         {ys__pb_say(p, "已结对", "paired"), 2, YS_TEXT_RIGHT},
                                         {ys__pb_say(p, "未结对", "without a partner"), 2, YS_TEXT_RIGHT}};
        ys__pb_chapter(p, "结对", "Pairings");
        ys_doc_table(p->d, columns, 3);
        for (int i = 0; i < n; i++) {
            int64_t with = 0, without = 0;
            for (int64_t r = 0; r < ys_table_rows(t); r++)
                if (strcmp(ys_table_get_text(t, col, r), levels[i].level) == 0)
                    *(ys_table_missing(t, giver, r) ? &without : &with) += 1;
            if (with + without == 0)
                continue;
            ys_doc_cell(p->d, p->zh ? levels[i].label_zh : levels[i].label_en);
            ys_doc_cellf(p->d, "%lld", (long long)with);
            ys_doc_cellf(p->d, "%lld", (long long)without);
        }
        ys_doc_table_end(p->d);
        ys__pb_source(p, "结对台账", "the ledger of pairings",
                      "yaoshi export DB --what pairings -o pairings.xlsx");
    }
    ys_table_free(t);
    return YS_OK;
}

/* ---- when ------------------------------------------------------------------------------------------------------ */

ys_status ys__pb_timetable(ys_planbook *p, ys_diag *diag)
{
    ys_dated *at;
    size_t n = 0;
    YS_TRY(ys_dated_list(p->c, p->zh, &at, &n, diag));
    if (n > 0) {
        const ys_doc_column columns[] = {{ys__pb_say(p, "时间", "when"), 3, YS_TEXT_LEFT},
                                         {ys__pb_say(p, "事项", "what"), 6, YS_TEXT_LEFT},
                                         {ys__pb_say(p, "节点", "gate"), 3, YS_TEXT_LEFT},
                                         {ys__pb_say(p, "单位", "who"), 4, YS_TEXT_LEFT}};
        ys__pb_chapter(p, "时间表", "Timetable");
        ys_doc_table(p->d, columns, 4);
        for (size_t i = 0; i < n; i++) {
            char from[24], to[24];
            ys_format_date(at[i].to != YS_NO_DATE ? at[i].to : at[i].day, to, sizeof to);
            if (at[i].from != YS_NO_DATE && at[i].from != at[i].to)
                ys_doc_cellf(p->d, "%s – %s", ys_format_date(at[i].from, from, sizeof from), to);
            else
                ys_doc_cell(p->d, to);
            ys_doc_cell(p->d, at[i].what);
            ys_doc_cell(p->d, at[i].which);
            ys_doc_cell(p->d, at[i].who);
        }
        ys_doc_table_end(p->d);
        ys__pb_source(p, "有日期的节点、任务、承诺和活动",
                      "milestones, tasks, promises and events with a date",
                      "yaoshi print timetable DB -o FILE.xlsx");
    }
    ys_free(at);
    return YS_OK;
}

void ys__pb_duties(ys_planbook *p)
{
    const ys_coop_set *t = &p->c->set[YS_COOP_TASK];
    if (t->rows == 0)
        return;
    const ys_doc_column columns[] = {{ys__pb_say(p, "责任单位", "owner"), 4, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "任务", "task"), 7, YS_TEXT_LEFT},
                                     {ys__pb_say(p, "标记", "mark"), 2.2, YS_TEXT_LEFT}};
    ys__pb_chapter(p, "责任分工", "Who does what");
    ys_doc_table(p->d, columns, 3);
    for (int64_t i = 0; i < t->rows; i++) {
        ys_doc_cell(p->d, ys_coop_text(t, i, "owner"));
        ys_doc_cell(p->d, ys_coop_text(t, i, "text"));
        ys_doc_cellf(p->d, "%s %s", ys_mark_shape[p->c->task[i].mark],
                     ys_mark_word(p->c->task[i].mark, p->zh));
    }
    ys_doc_table_end(p->d);
    ys__pb_source(p, "任务清单", "the list of tasks", "yaoshi coop tasks DB");
}
