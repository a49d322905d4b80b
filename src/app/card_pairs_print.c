/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card of pairings as text or JSON.
 */
#include <string.h>

#include "app/card_pairs_internal.h"
#include "base/num.h"

enum { SHOWN = 20 };

static const char *say(const ys_card_view *v, const char *zh, const char *en)
{
    return v->zh ? zh : en;
}

static const char *label(const ys_pair_card *p, const ys_card_view *v, const char *list, const char *code)
{
    const char *l = code != NULL ? ys_pack_label(p->office->pack, list, code, v->zh ? "zh" : "en") : NULL;
    return l != NULL ? l : code != NULL ? code : "–";
}

static const char *day(int64_t d, char *buf, size_t size)
{
    return ys_is_missing(d) ? "–" : ys_format_date((int32_t)d, buf, size);
}

static const char *with_name(const char *key, const char *name, char *buf, size_t size)
{
    if (key == NULL)
        return "–";
    snprintf(buf, size, name[0] != '\0' ? "%s %s" : "%s%s", key, name);
    return buf;
}

static ys_status print_pairs(const ys_pair_card *p, const ys_card_view *v, const ys__pair_shown *list,
                             int64_t n, ys_diag *diag)
{
    char buf[400], date[24];
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, say(v, "层次", "level"), YS_LEFT);
    ys_grid_column(g, say(v, "受帮方", "who is helped"), YS_LEFT);
    ys_grid_column(g, say(v, "帮扶方", "who helps"), YS_LEFT);
    ys_grid_column(g, say(v, "单位", "unit"), YS_LEFT);
    ys_grid_column(g, say(v, "自", "since"), YS_LEFT);
    ys_grid_column(g, say(v, "事由", "reason"), YS_LEFT);
    ys_grid_column(g, say(v, "前任", "before"), YS_LEFT);
    ys_grid_column(g, say(v, "代价", "cost"), YS_RIGHT);
    for (int64_t i = 0; i < n && (v->all || i < SHOWN); i++) {
        const ys__pair_shown *x = &list[i];
        ys_grid_put(g, label(p, v, "pair_level", x->level));
        ys_grid_put(g, with_name(x->need, x->need_name, buf, sizeof buf));
        ys_grid_put(g, with_name(x->giver, x->giver_name, buf, sizeof buf));
        ys_grid_put(g, x->giver_unit);
        ys_grid_put(g, day(x->since, date, sizeof date));
        ys_grid_put(g, label(p, v, "pairing_reason", x->reason));
        ys_grid_put(g, x->previous != NULL ? x->previous : "–");
        if (ys_is_missing(x->points))
            ys_grid_put(g, "–");
        else
            ys_grid_putf(g, "%lld", (long long)x->points);
    }
    bool ok = ys_grid_print(g, v->out, v->width);
    ys_grid_free(g);
    if (ok && !v->all && n > SHOWN)
        ys__card_line(v, say(v, "… 还有 %lld 对（--all 全部列出）", "… and %lld more (--all shows all)"),
                      (long long)(n - SHOWN));
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

static void print_past(const ys_pair_card *p, const ys_card_view *v)
{
    char from[24], to[24];
    for (int64_t i = 0; p->pasts > 1 && i < p->pasts; i++)
        ys__card_line(
            v, say(v, "%s 至 %s：%s（%s）", "%s to %s: %s (%s)"), day(p->past[i].from, from, sizeof from),
            ys_is_missing(p->past[i].to) ? say(v, "今", "today") : day(p->past[i].to, to, sizeof to),
            p->past[i].giver, label(p, v, "pairing_reason", p->past[i].reason));
}

static void print_sums(const ys_pair_card *p, const ys_card_view *v)
{
    for (int k = 0; k < p->sums; k++) {
        const ys__pair_sum *x = &p->sum[k];
        ys__card_line(v, say(v, "%s %s：%lld 个中 %lld 个已结对", "%s %s: of %lld, %lld are paired"),
                      x->paired == x->needs ? "●" : "■", say(v, x->level->label_zh, x->level->label_en),
                      (long long)x->needs, (long long)x->paired);
        for (int64_t i = 0; i < x->listed && (v->all || i < SHOWN); i++)
            ys__card_line(v, say(v, "    未结对：%s", "    not paired: %s"), x->alone[i]);
        if (!v->all && x->listed > SHOWN)
            ys__card_line(v, "    %s", say(v, "… 还有（--all 全部列出）", "… and more (--all shows all)"));
    }
}

static void print_record(const ys_pair_card *p, const ys_card_view *v)
{
    char buf[400];
    ys_fact_how how = {.pack = p->office->pack, .zh = v->zh, .unmask = p->unmask};
    ys_out_printf(v->out, "%s  %s%s\n", p->key, say(v, p->kind->label_zh, p->kind->label_en),
                  p->office->synthetic ? say(v, "  ▨ 合成数据", "  ▨ synthetic data") : "");
    for (int f = 0; f < p->kind->field_count; f++) {
        const char *text = ys_fact_text(&how, &p->kind->fields[f], p->record, 0, buf, sizeof buf);
        if (!p->kind->fields[f].key && text[0] != '\0')
            ys__card_line(v, "%s  %s", ys_field_label(&p->kind->fields[f], v->zh), text);
    }
}

static ys_status print_giver(const ys_pair_card *p, const ys_card_view *v, ys_diag *diag)
{
    print_record(p, v);
    ys__card_title(v, "结对", "pairings");
    if (ys_is_missing(p->places))
        ys__card_line(v, say(v, "帮扶 %lld 个", "helps %lld"), (long long)p->pairs);
    else
        ys__card_line(v, say(v, "%s 帮扶 %lld 个，名额 %lld", "%s helps %lld, places %lld"),
                      p->pairs > p->places ? "■" : "●", (long long)p->pairs, (long long)p->places);
    if (p->pairs > 0)
        YS_TRY(print_pairs(p, v, p->pair, p->pairs, diag));
    if (p->handovers == 0)
        return YS_OK;
    ys__card_title(v, "移交", "handed over");
    return print_pairs(p, v, p->handed, p->handovers, diag);
}

ys_status ys_pair_card_print(const ys_pair_card *p, const ys_card_view *view, ys_diag *diag)
{
    if (p->of_giver)
        return print_giver(p, view, diag);
    if (p->of_area && p->pairs == 0 && p->sums == 0)
        return YS_OK;
    ys__card_title(view, "结对", "pairings");
    if (p->pairs > 0)
        YS_TRY(print_pairs(p, view, p->pair, p->pairs, diag));
    else if (!p->of_area)
        ys__card_line(view,
                      say(view, "没有结对（原因：yaoshi pair DB --why %s）",
                          "not paired (why: yaoshi pair DB --why %s)"),
                      p->key);
    print_past(p, view);
    print_sums(p, view);
    return YS_OK;
}

/* ---- JSON ---- */

static void json_day(ys_json *j, const char *name, int64_t d)
{
    char buf[24];
    ys_json_text(j, name, ys_is_missing(d) ? NULL : ys_format_date((int32_t)d, buf, sizeof buf));
}

static void json_pairs(ys_json *j, const char *name, const ys__pair_shown *list, int64_t n)
{
    ys_json_array(j, name);
    for (int64_t i = 0; i < n; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "level", list[i].level);
        ys_json_text(j, "need", list[i].need);
        ys_json_text(j, "need_name", list[i].need_name);
        ys_json_text(j, "giver", list[i].giver);
        ys_json_text(j, "giver_name", list[i].giver_name);
        ys_json_text(j, "unit", list[i].giver_unit);
        ys_json_text(j, "area", list[i].area);
        json_day(j, "since", list[i].since);
        ys_json_text(j, "reason", list[i].reason);
        ys_json_text(j, "before", list[i].previous);
        if (ys_is_missing(list[i].points))
            ys_json_null(j, "cost");
        else
            ys_json_int(j, "cost", list[i].points);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_record(const ys_pair_card *p, ys_json *j)
{
    ys_fact_how how = {.pack = p->office->pack, .unmask = p->unmask};
    ys_json_bool(j, "synthetic", p->office->synthetic);
    ys_json_bool(j, "masked", !p->unmask);
    ys_json_text(j, "giver", p->key);
    ys_json_text(j, "kind", p->kind->name);
    ys_json_object(j, "facts");
    for (int f = 0; f < p->kind->field_count; f++)
        ys_fact_json(j, &how, &p->kind->fields[f], p->record, 0);
    ys_json_end(j);
    if (ys_is_missing(p->places))
        ys_json_null(j, "places");
    else
        ys_json_int(j, "places", p->places);
}

static void json_sums(const ys_pair_card *p, ys_json *j)
{
    ys_json_array(j, "pairing_levels");
    for (int k = 0; k < p->sums; k++) {
        const ys__pair_sum *x = &p->sum[k];
        ys_json_object(j, NULL);
        ys_json_text(j, "level", x->level->level);
        ys_json_int(j, "needs", x->needs);
        ys_json_int(j, "paired", x->paired);
        ys_json_array(j, "not_paired");
        for (int64_t i = 0; i < x->listed; i++)
            ys_json_text(j, NULL, x->alone[i]);
        ys_json_end(j);
        ys_json_end(j);
    }
    ys_json_end(j);
}

void ys_pair_card_json(const ys_pair_card *p, ys_json *j)
{
    if (p->of_giver)
        json_record(p, j);
    json_pairs(j, "pairings", p->pair, p->pairs);
    if (p->of_giver) {
        json_pairs(j, "handed_over", p->handed, p->handovers);
        return;
    }
    if (p->of_area) {
        json_sums(p, j);
        return;
    }
    ys_json_array(j, "pairing_history");
    for (int64_t i = 0; i < p->pasts; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "giver", p->past[i].giver);
        ys_json_text(j, "reason", p->past[i].reason);
        json_day(j, "from", p->past[i].from);
        json_day(j, "to", p->past[i].to);
        ys_json_end(j);
    }
    ys_json_end(j);
}
