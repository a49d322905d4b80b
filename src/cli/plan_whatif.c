/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plan_whatif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/fact.h"
#include "app/plan_load.h"
#include "app/whatif_curve.h"
#include "app/whatif_diff.h"
#include "base/alloc.h"
#include "base/num.h"
#include "cli/plan_bridge.h"
#include "io/whole_file.h"

enum { MOST_SCENARIOS = 20, SHOWN = 20 };

/* What one run holds. */
typedef struct whatif {
    const ys_cli *c;
    ys_planning *base;
    ys_plan_config config;
    ys_scenario *scenario[MOST_SCENARIOS];
    ys_diff *diff[MOST_SCENARIOS];
    int n;
    ys_curve *curve;
} whatif;

bool ys_whatif_asked(const ys_cli *c)
{
    return ys_cli_get(c, "set") != NULL || ys_cli_get(c, "scenario") != NULL ||
           ys_cli_get(c, "curve") != NULL;
}

static void whatif_done(whatif *w)
{
    for (int i = 0; i < w->n; i++) {
        ys_diff_free(w->diff[i]);
        ys_scenario_free(w->scenario[i]);
    }
    ys_free(w->curve);
    ys_planning_free(w->base);
}

/* ---- the base ---- */

static bool asks_for_other_facts(const ys_cli *c)
{
    static const char *const opts[] = {"line", "period", "date", "scope", "as-of", "year", "alpha"};
    for (size_t i = 0; i < sizeof opts / sizeof *opts; i++)
        if (ys_cli_get(c, opts[i]) != NULL)
            return true;
    return false;
}

static ys_status open_base(whatif *w, ys_office *o, const ys_planning_args *args, ys_diag *diag)
{
    ys_plan_head head;
    const char *version = ys_cli_get(w->c, "version");
    if (version != NULL || !asks_for_other_facts(w->c)) {
        ys_status st = ys_plan_head_read(o, version, &head, diag);
        if (st == YS_OK) {
            if (head.stale)
                ys_cli_talk(w->c, "▲ 计划 %s 之后数据有变：假如从它当时的数据出发",
                            "▲ facts changed after plan %s: what if starts from the facts of its day",
                            head.version);
            return ys_plan_load(o, &(ys_plan_load_args){.head = &head}, &w->base, diag);
        }
        if (st != YS_ENOTFOUND || version != NULL)
            return st;
        ys_diag_clear(diag);
    }
    return ys_planning_make(o, args, &w->base, diag);
}

/* ---- scenarios ---- */

static ys_status add_scenario(whatif *w, const char *name, ys_diag *diag)
{
    for (int i = 0; i < w->n; i++)
        if (strcmp(w->scenario[i]->name, name) == 0)
            return ys_fail(diag, YS_EUSAGE, "情景“%s”写了两次", "scenario '%s' stands twice", name);
    if (w->n == MOST_SCENARIOS)
        return ys_fail(diag, YS_ELIMIT, "最多 %d 个情景", "at most %d scenarios", MOST_SCENARIOS);
    YS_TRY(ys_scenario_open(w->base, name, &w->scenario[w->n], diag));
    w->n++;
    return YS_OK;
}

static ys_status on_line(void *arg, const char *name, const char *change, int64_t line, ys_diag *diag)
{
    whatif *w = arg;
    (void)line;
    if (change == NULL)
        return add_scenario(w, name, diag);
    return ys_scenario_set(w->scenario[w->n - 1], change, diag);
}

static ys_status read_scenarios(whatif *w, ys_diag *diag)
{
    const ys_cli *c = w->c;
    const char *change, *file = ys_cli_get(c, "scenario");
    if (ys_cli_get(c, "set") != NULL)
        YS_TRY(add_scenario(w, ys_cli_say(c, "假如", "what if"), diag));
    for (int i = 0; (change = ys_cli_nth(c, "set", i)) != NULL; i++)
        YS_TRY(ys_scenario_set(w->scenario[0], change, diag));
    if (file != NULL)
        YS_TRY(ys_scenario_read(file, on_line, w, diag));
    if (file != NULL && w->n == 0)
        return ys_fail(diag, YS_EUSAGE, "文件 %s 里没有情景", "there is no scenario in %s", file);
    return YS_OK;
}

static ys_status solve_all(whatif *w, ys_diag *diag)
{
    for (int i = 0; i < w->n; i++) {
        YS_TRY(ys_scenario_solve(w->scenario[i], NULL, &w->config, diag));
        YS_TRY(ys_diff_make(w->scenario[i], &w->diff[i], diag));
    }
    return YS_OK;
}

/* ---- text ---- */

static const char *money(const whatif *w, int64_t v, char *buf, size_t size)
{
    return ys_format_money_grouped(v, ys_pack_digits(w->base->frame->pack), buf, size);
}

static const ys_plan_result *result_at(const whatif *w, int i)
{
    return i < 0 ? w->base->result : w->scenario[i]->result;
}

static ys_status print_tiers(const whatif *w, ys_diag *diag)
{
    const ys_cli *c = w->c;
    char a[48], b[48];
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "情景", "scenario"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "第一层", "tier 1"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "上界", "bound"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "第二层（减少缺口）", "tier 2 (gap closed)"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "上界", "bound"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "差距", "gap"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "比原计划", "against the base"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "户有变化", "changed"), YS_RIGHT);
    for (int i = -1; i < w->n; i++) {
        const ys_plan_result *r = result_at(w, i);
        ys_grid_put(g, i < 0 ? ys_cli_say(c, "原计划", "base plan") : w->scenario[i]->name);
        ys_grid_putf(g, "%lld", (long long)r->tier[0].value);
        ys_grid_putf(g, "%lld", (long long)r->tier[0].bound);
        ys_grid_put(g, money(w, r->tier[1].value, a, sizeof a));
        ys_grid_put(g, money(w, r->tier[1].bound, b, sizeof b));
        ys_grid_putf(g, "%.3f%%", r->gap * 100);
        ys_grid_put(g, i < 0 ? "" : money(w, r->tier[1].value - w->base->result->tier[1].value, a, sizeof a));
        if (i < 0)
            ys_grid_put(g, "");
        else
            ys_grid_putf(g, "%lld", (long long)w->diff[i]->n);
    }
    return ys_cli_grid(c, g, diag);
}

static void talk_changes(const whatif *w, int i)
{
    const ys_scenario *s = w->scenario[i];
    const ys_diff *d = w->diff[i];
    ys_cli_talk(w->c, "\n● %s：建模 %.2f 秒，求解 %.2f 秒", "\n● %s: built in %.2f s, solved in %.2f s",
                s->name, s->seconds_build, s->seconds_solve);
    for (int k = 0; k < s->n_changes; k++)
        ys_cli_talk(w->c, "  %s：%s → %s", "  %s: %s → %s",
                    ys_cli_say(w->c, s->changes[k].zh, s->changes[k].en), s->changes[k].before,
                    s->changes[k].after);
    ys_cli_talk(w->c, "  户或村：新得到 %lld，不再有 %lld，换了措施 %lld，换了供给 %lld",
                "  households or villages: %lld get, %lld lose, %lld exchange, %lld move to another provider",
                (long long)d->kinds[YS_DIFF_GOT], (long long)d->kinds[YS_DIFF_LOST],
                (long long)d->kinds[YS_DIFF_EXCHANGED], (long long)d->kinds[YS_DIFF_MOVED]);
}

static ys_status print_areas(const whatif *w, int i, const char *level, const char *zh, const char *en,
                             ys_diag *diag)
{
    const ys_cli *c = w->c;
    char text[48];
    ys_diff_area *list = NULL;
    int64_t n = 0;
    YS_TRY(ys_diff_areas(w->diff[i], level, &list, &n, diag));
    ys_grid *g = ys_grid_new();
    if (g == NULL) {
        ys_free(list);
        return ys_fail_nomem(diag);
    }
    ys_grid_column(g, ys_cli_say(c, zh, en), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "得到措施的户", "helped"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "增减", "change"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "法定短板增减", "cures, change"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "减少缺口增减", "gap closed, change"), YS_RIGHT);
    for (int64_t k = 0; k < n; k++) {
        const ys_diff_area *a = &list[k];
        ys_grid_put(g, a->area >= 0 ? ys_areas_name(w->base->frame->areas, a->area)
                                    : ys_cli_say(c, "（其他）", "(other)"));
        ys_grid_putf(g, "%lld", (long long)a->helped[1]);
        ys_grid_putf(g, "%+lld", (long long)(a->helped[1] - a->helped[0]));
        ys_grid_putf(g, "%+lld", (long long)(a->cures[1] - a->cures[0]));
        ys_grid_put(g, money(w, a->gap[1] - a->gap[0], text, sizeof text));
    }
    ys_free(list);
    return ys_cli_grid(c, g, diag);
}

static ys_status print_measures(const whatif *w, int i, ys_diag *diag)
{
    const ys_cli *c = w->c;
    const ys_diff *d = w->diff[i];
    const ys_plan_input *in = &d->scenario->in;
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "措施", "measure"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "新增", "got"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "减去", "lost"), YS_RIGHT);
    for (int m = 0; m < in->n_measures; m++) {
        if (d->measures[m].got == 0 && d->measures[m].lost == 0)
            continue;
        ys_grid_put(g, ys_cli_say(c, in->measures[m].label_zh, in->measures[m].label_en));
        ys_grid_putf(g, "%lld", (long long)d->measures[m].got);
        ys_grid_putf(g, "%lld", (long long)d->measures[m].lost);
    }
    return ys_cli_grid(c, g, diag);
}

static ys_status print_rows(const whatif *w, int i, ys_diag *diag)
{
    const ys_cli *c = w->c;
    const ys_diff *d = w->diff[i];
    char unit[128];
    bool ok = true, whole = true;
    for (int64_t k = 0; ok && whole && k < d->n && k < SHOWN; k++) {
        ys_str why = {0};
        ys_diff_say(d, &d->rows[k], c->zh, &why);
        whole = !why.failed;
        ok = ys_out_printf(c->out, "%s %s: %s\n",
                           ys_planning_unit(w->base, d->rows[k].block, unit, sizeof unit),
                           ys_diff_kind_name(d->rows[k].kind, c->zh), ys_str_get(&why));
        ys_str_done(&why);
    }
    if (d->n > SHOWN)
        ys_cli_talk(c, "其余 %lld 处：用 -o 文件.csv 或 --json", "%lld more: -o FILE.csv or --json",
                    (long long)(d->n - SHOWN));
    if (!whole)
        return ys_fail_nomem(diag);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

static ys_status print_text(const whatif *w, ys_diag *diag)
{
    YS_TRY(print_tiers(w, diag));
    for (int i = 0; i < w->n; i++) {
        talk_changes(w, i);
        YS_TRY(ys_cli_bridge_talk(w->c, w->scenario[i], diag));
        if (w->diff[i]->n == 0)
            continue;
        YS_TRY(print_areas(w, i, "county", "县", "county", diag));
        YS_TRY(print_measures(w, i, diag));
        YS_TRY(print_rows(w, i, diag));
    }
    return YS_OK;
}

/* ---- JSON ---- */

static void json_tiers(ys_json *j, const ys_plan_result *r)
{
    ys_json_bool(j, "partial", r->partial);
    ys_json_int(j, "value", r->tier[1].value);
    ys_json_int(j, "bound", r->tier[1].bound);
    ys_json_real(j, "gap", r->gap);
    ys_json_array(j, "tiers");
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        ys_json_object(j, NULL);
        ys_json_int(j, "value", r->tier[t].value);
        ys_json_int(j, "bound", r->tier[t].bound);
        ys_json_real(j, "gap", r->tier[t].gap);
        ys_json_int(j, "minimum", r->tier[t].couple_minimum);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_changes(ys_json *j, const ys_scenario *s)
{
    ys_json_array(j, "set");
    for (int k = 0; k < s->n_changes; k++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "target", s->changes[k].target);
        ys_json_text(j, "zh", s->changes[k].zh);
        ys_json_text(j, "en", s->changes[k].en);
        ys_json_text(j, "before", s->changes[k].before);
        ys_json_text(j, "after", s->changes[k].after);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static ys_status json_areas(const whatif *w, ys_json *j, int i, const char *level, const char *key,
                            ys_diag *diag)
{
    ys_diff_area *list = NULL;
    int64_t n = 0;
    int digits = ys_pack_digits(w->base->frame->pack);
    YS_TRY(ys_diff_areas(w->diff[i], level, &list, &n, diag));
    ys_json_array(j, key);
    for (int64_t k = 0; k < n; k++) {
        const ys_diff_area *a = &list[k];
        ys_json_object(j, NULL);
        ys_json_text(j, "area", a->area >= 0 ? ys_areas_code(w->base->frame->areas, a->area) : NULL);
        ys_json_text(j, "name", a->area >= 0 ? ys_areas_name(w->base->frame->areas, a->area) : NULL);
        for (int side = 0; side < 2; side++) {
            ys_json_object(j, side == 0 ? "before" : "after");
            ys_json_int(j, "helped", a->helped[side]);
            ys_json_int(j, "cures", a->cures[side]);
            ys_json_money(j, "gap_closed", a->gap[side], digits);
            ys_json_end(j);
        }
        for (int kind = 0; kind < 4; kind++)
            ys_json_int(j, ys_diff_kind_name((ys_diff_kind)kind, false), a->kinds[kind]);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_free(list);
    return YS_OK;
}

static void json_labels(ys_json *j, const char *key, const ys_plan_input *in, const ys_plan_picks *k)
{
    ys_json_array(j, key);
    for (int i = 0; i < k->count; i++) {
        ys_json_object(j, NULL);
        ys_json_text(j, "measure", in->measures[k->pick[i].measure].name);
        ys_json_text(j, "offering", in->offerings[k->pick[i].offering].name);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static bool json_row(const whatif *w, ys_json *j, const ys_diff *d, const ys_diff_row *r)
{
    char text[300];
    ys_json_object(j, NULL);
    ys_json_text(j, "unit", ys_planning_unit(w->base, r->block, text, sizeof text));
    ys_json_text(j, "change", ys_diff_kind_name(r->kind, false));
    json_labels(j, "before", &d->scenario->in, &r->before);
    json_labels(j, "after", &d->scenario->in, &r->after);
    ys_json_int(j, "gap_before", r->before.gap);
    ys_json_int(j, "gap_after", r->after.gap);
    int64_t cause = ys_diff_cause(d, r);
    ys_json_text(j, "decided_by", cause >= 0 ? ys_diff_row_name(w->base, cause, text, sizeof text) : NULL);
    bool ok = true;
    for (int zh = 0; zh < 2; zh++) {
        ys_str why = {0};
        ys_diff_say(d, r, zh == 1, &why);
        ys_json_text(j, zh ? "zh" : "en", ys_str_get(&why));
        ok = ok && !why.failed;
        ys_str_done(&why);
    }
    ys_json_end(j);
    return ok;
}

static ys_status json_scenario(const whatif *w, ys_json *j, int i, ys_diag *diag)
{
    const ys_diff *d = w->diff[i];
    const ys_scenario *s = w->scenario[i];
    ys_json_object(j, NULL);
    ys_json_text(j, "name", s->name);
    json_changes(j, s);
    json_tiers(j, s->result);
    YS_TRY(ys_cli_bridge_json(j, s, diag));
    ys_json_int(j, "value_change", s->result->tier[1].value - w->base->result->tier[1].value);
    ys_json_int(j, "changed", d->n);
    for (int kind = 0; kind < 4; kind++)
        ys_json_int(j, ys_diff_kind_name((ys_diff_kind)kind, false), d->kinds[kind]);
    YS_TRY(json_areas(w, j, i, "county", "counties", diag));
    YS_TRY(json_areas(w, j, i, "town", "towns", diag));
    ys_json_array(j, "measures");
    for (int m = 0; m < s->in.n_measures; m++) {
        if (d->measures[m].got == 0 && d->measures[m].lost == 0)
            continue;
        ys_json_object(j, NULL);
        ys_json_text(j, "measure", s->in.measures[m].name);
        ys_json_int(j, "got", d->measures[m].got);
        ys_json_int(j, "lost", d->measures[m].lost);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_array(j, "blocks");
    for (int64_t k = 0; k < d->n; k++)
        if (!json_row(w, j, d, &d->rows[k]))
            return ys_fail_nomem(diag);
    ys_json_end(j);
    ys_json_real(j, "seconds_build", s->seconds_build);
    ys_json_real(j, "seconds", s->seconds_solve);
    ys_json_end(j);
    return YS_OK;
}

static void json_curve(const ys_curve *c, ys_json *j)
{
    ys_json_object(j, "curve");
    ys_json_text(j, "target", c->target);
    ys_json_array(j, "points");
    for (int i = 0; i < c->n; i++) {
        const ys_curve_point *p = &c->point[i];
        ys_json_object(j, NULL);
        ys_json_real(j, "percent", p->percent);
        ys_json_text(j, "amount", p->amount);
        ys_json_bool(j, "feasible", p->feasible);
        if (p->feasible) {
            ys_json_int(j, "value_1", p->value[0]);
            ys_json_int(j, "bound_1", p->bound[0]);
            ys_json_int(j, "value", p->value[1]);
            ys_json_int(j, "bound", p->bound[1]);
            ys_json_real(j, "gap", p->gap);
            ys_json_real(j, "price", p->price);
            ys_json_int(j, "minimum", p->minimum);
            ys_json_real(j, "minimum_price", p->minimum_price);
            ys_json_real(j, "seconds", p->seconds);
        }
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_end(j);
}

static ys_status print_json(const whatif *w, ys_diag *diag)
{
    ys_json j;
    ys_cli_json(w->c, &j);
    ys_json_object(&j, "base");
    ys_json_text(&j, "version", w->base->version);
    json_tiers(&j, w->base->result);
    ys_json_end(&j);
    if (w->curve != NULL)
        json_curve(w->curve, &j);
    ys_json_array(&j, "scenarios");
    for (int i = 0; i < w->n; i++)
        YS_TRY(json_scenario(w, &j, i, diag));
    ys_json_end(&j);
    return ys_cli_json_done(&j, diag);
}

/* ---- the curve ---- */

static ys_status read_points(const ys_cli *c, double *ret_percent, int *ret_n, ys_diag *diag)
{
    const char *text = ys_cli_get(c, "at");
    int n = 0;
    if (text == NULL)
        text = "0,50,80,90,100,110,120,150,200";
    while (*text != '\0') {
        char one[40];
        size_t length = strcspn(text, ",");
        snprintf(one, sizeof one, "%.*s", (int)(length < sizeof one ? length : sizeof one - 1), text);
        double v;
        if (n == YS_CURVE_POINTS || !ys_parse_real(one, &v) || !(v >= 0 && v <= 10000) ||
            (n > 0 && v <= ret_percent[n - 1])) {
            ys_diag_value(diag, one);
            return ys_fail(diag, YS_EUSAGE, "--at 要 0 到 10000 之间由小到大的百分数，最多 %d 个",
                           "--at takes rising percentages from 0 to 10000, at most %d", YS_CURVE_POINTS);
        }
        ret_percent[n++] = v;
        text += length + (text[length] == ',');
    }
    *ret_n = n;
    return YS_OK;
}

static ys_status print_curve(const whatif *w, ys_diag *diag)
{
    const ys_cli *c = w->c;
    const ys_curve *k = w->curve;
    char a[48], b[48];
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, c->zh ? k->zh : k->en, YS_RIGHT);
    ys_grid_column(g, "%", YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "第一层", "tier 1"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "减少缺口", "gap closed"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "上界", "bound"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "差距", "gap"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "价格", "price"), YS_RIGHT);
    for (int i = 0; i < k->n; i++) {
        const ys_curve_point *p = &k->point[i];
        ys_grid_put(g, p->amount);
        ys_grid_putf(g, "%g", p->percent);
        if (!p->feasible) {
            ys_grid_put(g, ys_cli_say(c, "做不到", "not possible"));
            for (int x = 0; x < 4; x++)
                ys_grid_put(g, "");
            continue;
        }
        ys_grid_putf(g, "%lld", (long long)p->value[0]);
        ys_grid_put(g, money(w, p->value[1], a, sizeof a));
        ys_grid_put(g, money(w, p->bound[1], b, sizeof b));
        ys_grid_putf(g, "%.3f%%", p->gap * 100);
        ys_grid_putf(g, "%.3f", p->price);
    }
    return ys_cli_grid(c, g, diag);
}

static ys_status write_svg(const whatif *w, const char *path, ys_diag *diag)
{
    ys_whole_file file;
    YS_TRY(ys_whole_file_open(&file, path, diag));
    ys_curve_svg(w->curve, w->c->zh, ys_out_file(file.f));
    return ys_whole_file_finish(&file, diag);
}

static ys_status make_curve(whatif *w, ys_diag *diag)
{
    double percent[YS_CURVE_POINTS];
    int n = 0;
    YS_TRY(read_points(w->c, percent, &n, diag));
    return ys_curve_make(w->base, ys_cli_get(w->c, "curve"), percent, n, &w->config, &w->curve, diag);
}

static ys_status write_output(const whatif *w, ys_diag *diag)
{
    const char *path = ys_cli_get(w->c, "output");
    int64_t rows = 0;
    if (path == NULL)
        return YS_OK;
    if (w->curve != NULL)
        YS_TRY(write_svg(w, path, diag));
    else
        YS_TRY(ys_diff_write((const ys_diff *const *)w->diff, w->n, path, w->c->zh, &rows, diag));
    if (strcmp(path, "-") != 0)
        ys_cli_talk(w->c, "● 已写入 %s", "● written: %s", path);
    return YS_OK;
}

static ys_status check_options(const ys_cli *c, ys_diag *diag)
{
    const char *path = ys_cli_get(c, "output");
    bool curve = ys_cli_get(c, "curve") != NULL;
    size_t n = path != NULL ? strlen(path) : 0;
    if (curve && (ys_cli_get(c, "set") != NULL || ys_cli_get(c, "scenario") != NULL))
        return ys_fail(diag, YS_EUSAGE, "--curve 不和 --set、--scenario 并用",
                       "--curve does not go with --set or --scenario");
    if (curve && path != NULL && (n < 5 || strcmp(path + n - 4, ".svg") != 0))
        return ys_fail(diag, YS_EUSAGE, "曲线写成 .svg", "a curve is written as .svg");
    if (c->json && path != NULL && strcmp(path, "-") == 0)
        return ys_fail(diag, YS_EUSAGE, "--json 和 -o - 都要写标准输出",
                       "--json and -o - both want the standard output");
    return YS_OK;
}

ys_status ys_whatif_run(const ys_cli *c, ys_office *o, const ys_planning_args *args, ys_diag *diag)
{
    whatif w = {.c = c,
                .config = {.threads = args->threads,
                           .passes = args->passes,
                           .interrupted = args->interrupted,
                           .progress = NULL,
                           .arg = args->arg}};
    ys_status st = YS_OK;
    const char *path = ys_cli_get(c, "output");
    YS_TRY(check_options(c, diag));
    YS_GO(open_base(&w, o, args, diag));
    if (args->progress != NULL)
        fprintf(stderr, "\r\033[K");
    if (ys_cli_get(c, "curve") != NULL) {
        YS_GO(make_curve(&w, diag));
    } else {
        YS_GO(read_scenarios(&w, diag));
        YS_GO(solve_all(&w, diag));
    }
    YS_GO(write_output(&w, diag));
    if (path != NULL && strcmp(path, "-") == 0)
        goto done;
    if (c->json)
        st = print_json(&w, diag);
    else
        st = w.curve != NULL ? print_curve(&w, diag) : print_text(&w, diag);
done:
    if (st == YS_OK && ys_cli_interrupted(NULL))
        st = ys_fail(diag, YS_EINTERRUPTED, "中途停止：每个情景是当时最好的计划，差距如实",
                     "stopped early: every scenario is the best plan so far, with its honest gap");
    whatif_done(&w);
    return st;
}
