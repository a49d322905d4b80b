/* SPDX-License-Identifier: Apache-2.0 */
#include "app/planbook.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/fact.h"
#include "app/prices.h"
#include "base/num.h"

void ys__pb_chapter(ys_planbook *p, const char *zh, const char *en)
{
    static const char *const numbers[] = {"一", "二", "三", "四", "五",   "六",
                                          "七", "八", "九", "十", "十一", "十二"};
    char text[200];
    int i = p->chapter++;
    if (p->zh)
        snprintf(text, sizeof text, "%s、%s", numbers[i < 11 ? i : 11], zh);
    else
        snprintf(text, sizeof text, "%d. %s", i + 1, en);
    ys_doc_heading(p->d, 1, text);
}

void ys__pb_para(ys_planbook *p, const char *zh, const char *en, ...)
{
    char text[2000];
    va_list ap;
    va_start(ap, en);
    vsnprintf(text, sizeof text, p->zh ? zh : en, ap);
    va_end(ap);
    ys_doc_para(p->d, text);
}

void ys__pb_source(ys_planbook *p, const char *zh, const char *en, const char *command)
{
    char text[400];
    snprintf(text, sizeof text, p->zh ? "%s。复查：%s" : "%s. To check: %s", p->zh ? zh : en, command);
    ys_doc_note(p->d, text);
}

/* Minor units of one 万元 or thousand units. */
static double big_unit(const ys_planbook *p)
{
    return (p->zh ? 10000 : 1000) * ys_currency_unit(p->office->pack);
}

const char *ys__pb_money(const ys_planbook *p, int64_t minor, char *buf, size_t size)
{
    double v = (double)minor / big_unit(p);
    const char *word = ys_currency_word(p->office->pack, p->zh);
    if (p->zh)
        snprintf(buf, size, v >= 10000 ? "%.2f 亿%s" : "%.2f 万%s", v >= 10000 ? v / 10000 : v, word);
    else
        snprintf(buf, size, v >= 1000 ? "%.2f million %s" : "%.2f thousand %s", v >= 1000 ? v / 1000 : v,
                 word);
    return buf;
}

void ys__pb_cell_money(ys_planbook *p, int64_t minor)
{
    if (ys_is_missing(minor))
        ys_doc_cell(p->d, NULL);
    else
        ys_doc_cellf(p->d, "%.2f", (double)minor / big_unit(p));
}

void ys__pb_cell_day(ys_planbook *p, int32_t day)
{
    char buf[24];
    ys_doc_cell(p->d, day == YS_NO_DATE ? NULL : ys_format_date(day, buf, sizeof buf));
}

/* ---- head ------------------------------------------------------------------------------------------------------ */

static void put_head(ys_planbook *p, const char *title, const char *day)
{
    const ys_coop_set *s = &p->c->set[YS_COOP_PARTNERSHIP];
    ys_doc_title(p->d, title);
    char text[300];
    snprintf(text, sizeof text, ys__pb_say(p, "（%s 编制，政策包 %s %s）", "(%s, pack %s %s)"), day,
             ys_pack_name(p->office->pack), ys_pack_version(p->office->pack));
    ys_doc_subtitle(p->d, text);
    if (p->office->synthetic)
        ys_doc_subtitle(p->d, ys__pb_say(p, "▨ 合成数据，不是真人真事", "▨ synthetic data, no real person"));
    for (int64_t i = 0; i < s->rows; i++) {
        char since[24] = "–";
        int32_t d = ys_coop_day(s, i, "since");
        if (d != YS_NO_DATE)
            ys_format_date(d, since, sizeof since);
        const char *scheme = ys_coop_label(p->c, s, i, "scheme", p->zh);
        ys__pb_para(p, "%s对口帮扶%s，自 %s 起（%s）。", "%s helps %s, since %s (%s).",
                    ys_coop_name(p->c, YS_COOP_AREA, ys_coop_text(s, i, "helper_area")),
                    ys_coop_name(p->c, YS_COOP_AREA, ys_coop_text(s, i, "helped_area")), since,
                    scheme != NULL ? scheme : "–");
    }
}

static void title_of(const ys_planbook *p, char *buf, size_t size)
{
    const ys_coop_set *s = &p->c->set[YS_COOP_PARTNERSHIP];
    const char *scope = p->f != NULL ? ys__pb_word(p, p->f->head.scope) : "";
    if (s->rows > 0)
        snprintf(buf, size, ys__pb_say(p, "%s—%s扶贫协作计划书", "%s and %s: plan book of the cooperation"),
                 ys_coop_name(p->c, YS_COOP_AREA, ys_coop_text(s, 0, "helper_area")),
                 ys_coop_name(p->c, YS_COOP_AREA, ys_coop_text(s, 0, "helped_area")));
    else
        snprintf(buf, size, ys__pb_say(p, "%s%s精准扶贫计划书", "%s%sPlan book"), scope,
                 p->zh || scope[0] == '\0' ? "" : ": ");
}

static void foot_of(const ys_planbook *p, const ys_tx *head, char *buf, size_t size)
{
    char at[40];
    ys_time_text(head->recorded_at, at, sizeof at);
    snprintf(buf, size,
             ys__pb_say(p, "数据截至事务 %lld（%s UTC） · 链首 %.16s",
                        "facts up to transaction %lld (%s UTC) · head %.16s"),
             (long long)head->id, at, head->root);
}

static ys_status put_all(ys_planbook *p, ys_diag *diag)
{
    if (p->old != NULL)
        ys__pb_change(p);
    if (p->f != NULL) {
        ys__pb_situation(p);
        ys__pb_roots(p);
        ys__pb_goals(p);
        ys__pb_measures(p);
    }
    ys__pb_agreements(p);
    ys__pb_projects(p);
    YS_TRY(ys__pb_pairings(p, diag));
    YS_TRY(ys__pb_timetable(p, diag));
    ys__pb_duties(p);
    return p->f != NULL ? ys__pb_missing(p, diag) : YS_OK;
}

static ys_status digest_at(ys_office *o, const ys_planbook_args *a, int64_t tx, ys_digest **ret,
                           ys_diag *diag)
{
    ys_reading how = a->reading;
    how.as_of_tx = tx;
    return ys_digest_make(o, &how, NULL, ret, diag);
}

ys_status ys_planbook_make(ys_office *o, const ys_planbook_args *args, ys_doc **ret_doc, ys_diag *diag)
{
    ys_digest *now = NULL, *old = NULL;
    ys_coop *c = NULL;
    ys_planbook p = {.office = o, .args = args, .zh = args->zh};
    ys_status st = YS_OK;
    char title[300], foot[200], day[24];
    int64_t households = 0;
    ys_tx head;
    const ys_scan all = {.valid_on = YS_SCAN_LATEST};
    YS_GO(ys_store_head(o->store, &head, diag));
    YS_GO(ys_coop_read(o, &args->reading, &c, diag));
    YS_GO(ys_store_count(o->store, ys_pack_kind(o->pack, "household"), &all, &households, diag));
    if (households > 0)
        YS_GO(digest_at(o, args, args->reading.as_of_tx, &now, diag));
    if (households > 0 && args->since > 0)
        YS_GO(digest_at(o, args, args->since, &old, diag));
    p.c = c;
    p.f = now != NULL ? ys_digest_figures(now) : NULL;
    p.old = old != NULL ? ys_digest_figures(old) : NULL;
    if (p.f == NULL &&
        c->set[YS_COOP_PARTNERSHIP].rows + c->set[YS_COOP_AGREEMENT].rows + c->set[YS_COOP_PROJECT].rows ==
            0) {
        ys_diag_fix(diag, "先导入户表，或协作记录（docs/cooperation.md）",
                    "import households, or a cooperation record (docs/cooperation.md)");
        st = ys_fail(diag, YS_ENOTFOUND, "库里既没有户，也没有协作记录：计划书没有内容",
                     "the store holds neither households nor a cooperation record: there is nothing to put "
                     "into a plan book");
        goto done;
    }
    title_of(&p, title, sizeof title);
    foot_of(&p, &head, foot, sizeof foot);
    ys_format_date(ys_clock_today(), day, sizeof day);
    p.d = ys_doc_new(&(ys_doc_props){
        .title = title, .author = o->user, .subject = foot, .created = ys_clock_now(), .foot = foot});
    if (p.d == NULL) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    put_head(&p, title, day);
    YS_GO(put_all(&p, diag));
    *ret_doc = p.d;
    p.d = NULL;
done:
    ys_doc_free(p.d);
    ys_digest_free(now);
    ys_digest_free(old);
    ys_coop_free(c);
    return st;
}
