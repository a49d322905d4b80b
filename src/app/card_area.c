/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/card_pairs.h"
#include "app/card.h"
#include "base/alloc.h"
#include "base/num.h"
#include "report/grid.h"

static const char *say(const ys_card_view *v, const char *zh, const char *en)
{
    return v->zh ? zh : en;
}

static const char *money(const ys_card *c, int64_t minor, char *buf, size_t size)
{
    return ys_format_money_grouped(minor, ys_pack_digits(c->office->pack), buf, size);
}

static ys_status print_grid(const ys_card_view *v, ys_grid *g, ys_diag *diag)
{
    if (g == NULL)
        return ys_fail_nomem(diag);
    bool ok = ys_grid_print(g, v->out, v->width);
    ys_grid_free(g);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

/* Deficits of the villages of the area, gravest first, into `found` (room for all indicators); returns how many. */
static ys_status deficits_of(const ys_card *c, ys_deficit *found, int *ret_count, int64_t *ret_villages,
                             ys_diag *diag)
{
    const ys_diagnosis *d = c->diagnosis;
    const ys_frame *f = c->frame;
    int64_t n = ys_table_rows(f->village), villages = 0;
    int area = ys_table_find(f->village, "area");
    uint8_t *in = ys_calloc((size_t)n + 1, 1);
    int32_t weight[YS_DEFICIT_MAX];
    if (in == NULL)
        return ys_fail_nomem(diag);
    for (int64_t v = 0; v < n; v++) {
        int32_t at = ys_areas_find(f->areas, ys_table_get_text(f->village, area, v));
        in[v] = at >= 0 && ys_areas_within(f->areas, at, c->area);
        villages += in[v];
    }
    int indicators = d->deficits < YS_DEFICIT_MAX ? d->deficits : YS_DEFICIT_MAX;
    for (int i = 0; i < indicators; i++)
        weight[i] = d->deficit[i]->weight;
    ys_deficit_data data = {.areas = n,
                            .indicators = indicators,
                            .deprived = (const uint8_t *const *)d->deficit_truth,
                            .weight = weight};
    *ret_count = ys_deficits_sum(&data, in, found);
    *ret_villages = villages;
    ys_free(in);
    return YS_OK;
}

/* ---- text ---- */

static const char record_skip[] = "area"; /* stands in the head */

static ys_status print_record(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    char buf[1200], item[1600];
    ys_fact_how how = {.pack = c->office->pack, .zh = v->zh, .unmask = c->unmask};
    ys_flow flow = {.view = v, .indent = 2};
    if (c->place.table == NULL || ys_table_rows(c->place.table) == 0)
        return YS_OK;
    ys__card_title(v, "本地情况", "record");
    for (int f = 0; f < c->place.kind->field_count; f++) {
        const ys_field *field = &c->place.kind->fields[f];
        const char *text = ys_fact_text(&how, field, c->place.table, 0, buf, sizeof buf);
        if (strcmp(field->name, record_skip) == 0 || (text[0] == '\0' && !v->all))
            continue;
        snprintf(item, sizeof item, "%s %s", ys_field_label(field, v->zh), text[0] != '\0' ? text : "–");
        ys__flow_put(&flow, item);
    }
    YS_TRY(ys__flow_end(&flow, diag));
    ys_source_text(&c->place.from[0], v->zh, buf, sizeof buf);
    ys__card_paragraph(v, say(v, "来源 ", "source "), buf);
    return YS_OK;
}

static ys_status print_deficits(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    ys_deficit found[YS_DEFICIT_MAX];
    int64_t villages;
    int n;
    ys_flow flow = {.view = v, .indent = 2};
    char item[400];
    YS_TRY(deficits_of(c, found, &n, &villages, diag));
    ys__card_title(v, "村级短板", "deficits of its villages");
    for (int i = 0; i < n; i++) {
        const ys_indicator *in = c->diagnosis->deficit[found[i].indicator];
        snprintf(item, sizeof item,
                 villages > 1 ? say(v, "%s %lld/%lld 村", "%s: %lld of %lld villages") : "%s",
                 say(v, in->label_zh, in->label_en), (long long)found[i].areas, (long long)villages);
        ys__flow_put(&flow, item);
    }
    if (n == 0)
        ys__flow_put(&flow, villages > 0 ? say(v, "● 没有短板", "● none")
                                         : say(v, "○ 没有村的记录", "○ no record of a village"));
    return ys__flow_end(&flow, diag);
}

static ys_status print_roots(const ys_card *c, const ys_card_view *v, const ys_card_sums *s, ys_diag *diag)
{
    char a[48];
    const ys_root_summary *r = &s->roots;
    int64_t sum = 0;
    for (int k = 0; k < YS_ROOTS; k++)
        sum += r->amount[k];
    ys__card_title(v, "各户贫根", "roots of its households");
    ys_out_printf(
        v->out,
        say(v, "  登记 %lld 户 %lld 人；低于线 %lld 户 %lld 人，离线缺口 %s %s/年；其中多因并重 %lld 户\n",
            "  %lld households, %lld persons registered; %lld households, %lld persons below the line, gap "
            "%s %s a year; %lld of several roots\n"),
        (long long)s->households, (long long)s->persons, (long long)s->poor_households,
        (long long)s->poor_persons, money(c, s->gap, a, sizeof a), ys_currency_word(c->office->pack, v->zh),
        (long long)r->mixed);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, say(v, "贫根", "root"), YS_LEFT);
    ys_grid_column(g, say(v, "主根户", "households"), YS_RIGHT);
    ys_grid_column(g, say(v, "人", "persons"), YS_RIGHT);
    ys_grid_column(g, say(v, "占缺钱%", "of the money %"), YS_RIGHT);
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_grid_put(g, say(v, ys_root_label_zh((ys_root)k), ys_root_label_en((ys_root)k)));
        ys_grid_putf(g, "%lld", (long long)r->top_households[k]);
        ys_grid_putf(g, "%lld", (long long)r->top_persons[k]);
        ys_grid_putf(g, "%.1f", sum > 0 ? 100.0 * (double)r->amount[k] / (double)sum : 0.0);
    }
    return print_grid(v, g, diag);
}

static ys_status print_given(const ys_card *c, const ys_card_view *v, const ys_card_sums *s, ys_diag *diag)
{
    char a[48];
    int n;
    const ys_measure *m = ys_pack_measures(c->office->pack, &n);
    if (c->planning == NULL)
        return YS_OK;
    ys__card_title(v, "计划给了什么", "what the plan gives");
    ys_out_printf(v->out, say(v, "  %lld 户得到措施\n", "  %lld households get measures\n"),
                  (long long)s->helped);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, say(v, "措施", "measure"), YS_LEFT);
    ys_grid_column(g, say(v, "户（村）", "households (villages)"), YS_RIGHT);
    ys_grid_column(g, say(v, "份", "units"), YS_RIGHT);
    ys__card_money_column(c, v, g, "各年资金", "money, all years");
    for (int i = 0; i < n; i++) {
        if (s->measure_units[i] == 0)
            continue;
        ys_grid_put(g, say(v, m[i].label_zh, m[i].label_en));
        ys_grid_putf(g, "%lld", (long long)s->measure_households[i]);
        ys_grid_putf(g, "%lld", (long long)s->measure_units[i]);
        ys_grid_put(g, money(c, s->measure_cost[i], a, sizeof a));
    }
    return print_grid(v, g, diag);
}

static ys_status print_offers(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    char a[48];
    const char *code;
    if (c->planning == NULL)
        return YS_OK;
    const ys_plan_input *in = &c->planning->facts->in;
    ys__card_title(v, "可用的供给", "what is offered here");
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, say(v, "供给", "offering"), YS_LEFT);
    ys_grid_column(g, say(v, "措施", "measure"), YS_LEFT);
    ys_grid_column(g, say(v, "实施单位", "provider"), YS_LEFT);
    ys_grid_column(g, say(v, "年", "year"), YS_RIGHT);
    ys_grid_column(g, say(v, "名额", "places"), YS_RIGHT);
    ys__card_money_column(c, v, g, "单位成本", "unit cost");
    for (int32_t o = 0; o < in->n_offerings; o++) {
        const ys_plan_offering *f = &in->offerings[o];
        /* County-wide household measures are everybody's: a village's page shows its projects and what is its own. */
        bool own = f->area_end - f->area_begin <=
                   ys_areas_end(c->frame->areas, c->area) - ys_areas_begin(c->frame->areas, c->area);
        if (!ys__card_offers(c, o) || (!own && !v->all && in->measures[f->measure].target != YS_PLAN_VILLAGE))
            continue;
        ys_grid_put(g, f->name);
        ys_grid_put(g, say(v, in->measures[f->measure].label_zh, in->measures[f->measure].label_en));
        ys_grid_put(g, ys__card_provider(c->planning, o, &code));
        ys_grid_putf(g, "%d", f->period);
        if (f->capacity == YS_PLAN_UNBOUNDED)
            ys_grid_put(g, say(v, "不限", "open"));
        else
            ys_grid_putf(g, "%lld", (long long)f->capacity);
        ys_grid_put(g, money(c, f->cost, a, sizeof a));
    }
    return print_grid(v, g, diag);
}

ys_status ys__card_area_print(const ys_card *c, const ys_card_view *v, ys_diag *diag)
{
    char path[400] = "";
    ys_card_sums s;
    ys_status st = YS_OK;
    ys_areas_path(c->frame->areas, c->area, path, sizeof path);
    ys_out_printf(v->out, "%s  %s%s\n", c->key,
                  path[0] != '\0' ? path : ys_areas_name(c->frame->areas, c->area),
                  c->office->synthetic ? say(v, "  ▨ 合成数据", "  ▨ synthetic data") : "");
    YS_TRY(ys__card_sums(c, &s, diag));
    YS_GO(print_record(c, v, diag));
    YS_GO(print_deficits(c, v, diag));
    YS_GO(print_roots(c, v, &s, diag));
    YS_GO(print_given(c, v, &s, diag));
    YS_GO(print_offers(c, v, diag));
    YS_GO(ys__card_missing_print(c, v, diag));
    YS_GO(ys__card_plan_print(c, v, diag));
    YS_GO(ys_pair_card_print(c->pairs, v, diag));
done:
    ys__card_sums_done(&s);
    return st;
}

/* ---- JSON ---- */

static ys_status json_deficits(const ys_card *c, ys_json *j, ys_diag *diag)
{
    ys_deficit found[YS_DEFICIT_MAX];
    int64_t villages;
    int n;
    YS_TRY(deficits_of(c, found, &n, &villages, diag));
    ys_json_int(j, "villages", villages);
    ys_json_array(j, "deficits");
    for (int i = 0; i < n; i++) {
        const ys_indicator *in = c->diagnosis->deficit[found[i].indicator];
        ys_json_object(j, NULL);
        ys_json_text(j, "indicator", in->name);
        ys_json_text(j, "zh", in->label_zh);
        ys_json_text(j, "en", in->label_en);
        ys_json_int(j, "villages", found[i].areas);
        ys_json_end(j);
    }
    ys_json_end(j);
    return YS_OK;
}

static void json_sums(const ys_card *c, ys_json *j, const ys_card_sums *s)
{
    int n, digits = ys_pack_digits(c->office->pack);
    const ys_measure *m = ys_pack_measures(c->office->pack, &n);
    ys_json_object(j, "register");
    ys_json_int(j, "households", s->households);
    ys_json_int(j, "persons", s->persons);
    ys_json_int(j, "poor_households", s->poor_households);
    ys_json_int(j, "poor_persons", s->poor_persons);
    ys_json_money(j, "gap", s->gap, digits);
    ys_json_end(j);
    ys_json_object(j, "roots");
    ys_json_int(j, "households", s->roots.households);
    ys_json_int(j, "several", s->roots.mixed);
    ys_json_int(j, "unknown", s->roots.unknown);
    ys_json_money(j, "gap", s->roots.gap, digits);
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_json_object(j, ys_root_name((ys_root)k));
        ys_json_int(j, "households", s->roots.top_households[k]);
        ys_json_int(j, "persons", s->roots.top_persons[k]);
        ys_json_money(j, "money", s->roots.amount[k], digits);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_array(j, "given");
    for (int i = 0; i < n && c->planning != NULL; i++) {
        if (s->measure_units[i] == 0)
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "measure", m[i].measure);
        ys_json_text(j, "zh", m[i].label_zh);
        ys_json_text(j, "en", m[i].label_en);
        ys_json_int(j, "blocks", s->measure_households[i]);
        ys_json_int(j, "units", s->measure_units[i]);
        ys_json_money(j, "cost", s->measure_cost[i], digits);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_int(j, "helped_households", s->helped);
}

static void json_offers(const ys_card *c, ys_json *j)
{
    const char *code;
    ys_json_array(j, "offered");
    for (int32_t o = 0; c->planning != NULL && o < c->planning->facts->in.n_offerings; o++) {
        const ys_plan_offering *f = &c->planning->facts->in.offerings[o];
        if (!ys__card_offers(c, o))
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "offering", f->name);
        ys_json_text(j, "measure", c->planning->facts->in.measures[f->measure].name);
        ys_json_bool(j, "for_village", c->planning->facts->in.measures[f->measure].target == YS_PLAN_VILLAGE);
        ys_json_text(j, "provider_name", ys__card_provider(c->planning, o, &code));
        ys_json_int(j, "period", f->period);
        if (f->capacity == YS_PLAN_UNBOUNDED)
            ys_json_null(j, "capacity");
        else
            ys_json_int(j, "capacity", f->capacity);
        ys_json_money(j, "cost", f->cost, ys_pack_digits(c->office->pack));
        ys_json_end(j);
    }
    ys_json_end(j);
}

ys_status ys__card_area_json(const ys_card *c, ys_json *j, ys_diag *diag)
{
    ys_card_sums s;
    YS_TRY(json_deficits(c, j, diag));
    YS_TRY(ys__card_sums(c, &s, diag));
    json_sums(c, j, &s);
    ys__card_sums_done(&s);
    json_offers(c, j);
    return ys__card_missing_json(c, j, diag);
}
