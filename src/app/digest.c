/* SPDX-License-Identifier: Apache-2.0 */
#include "app/digest_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/clock.h"
#include "app/fact.h"
#include "base/alloc.h"
#include "registry/check.h"

enum { DIGEST_LIMIT = 256 << 20 };

void ys_digest_free(ys_digest *d)
{
    if (d == NULL)
        return;
    ys_assessment_free(d->assessment);
    ys_diagnosis_free(d->diagnosis);
    ys_frame_free(d->frame);
    ys_table_free(d->plan);
    ys_table_free(d->choice);
    ys_table_free(d->price);
    ys_free(d->place_of);
    ys_arena_free(d->arena);
    ys_free(d);
}

const ys_figures *ys_digest_figures(const ys_digest *d)
{
    return &d->fig;
}

void *ys__digest_take(ys_digest *d, int64_t n, size_t size)
{
    return ys_arena_alloc(d->arena, (size_t)(n > 0 ? n : 1), size);
}

ys_words ys__digest_area(const ys_digest *d, int32_t area)
{
    const ys_frame *f = d->frame;
    ys_words w = {"", ""};
    if (area < 0)
        return w;
    w.zh = w.en = ys_areas_name(f->areas, area);
    int code = ys_table_find(f->area, "area"), name = ys_table_find(f->area, "name_en");
    int64_t n = ys_table_rows(f->area), row = area; /* both are in the order of the codes */
    if (row >= n || strcmp(ys_table_get_text(f->area, code, row), ys_areas_code(f->areas, area)) != 0) {
        for (row = 0;
             row < n && strcmp(ys_table_get_text(f->area, code, row), ys_areas_code(f->areas, area)) != 0;)
            row++;
    }
    const char *en = name >= 0 && row < n ? ys_table_get_text(f->area, name, row) : NULL;
    if (en != NULL && en[0] != '\0')
        w.en = en;
    return w;
}

/* ---- head ---- */

/* The deepest area that holds all registered households. */
static int32_t common_area(const ys_frame *f)
{
    int32_t at = -1;
    for (int64_t h = 0; h < f->households; h++) {
        if (f->area_of[h] < 0)
            continue;
        at = at < 0 ? f->area_of[h] : at;
        while (at >= 0 && !ys_areas_within(f->areas, f->area_of[h], at))
            at = ys_areas_parent(f->areas, at);
        if (at < 0)
            return -1;
    }
    return at;
}

static ys_status make_head(ys_digest *d, const ys_reading *r, int32_t scope, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    ys_fig_head *h = &d->fig.head;
    ys_tx head;
    *h = (ys_fig_head){.scope = ys__digest_area(d, scope),
                       .scope_code = r->scope != NULL ? r->scope : "",
                       .pack = ys_pack_name(f->pack),
                       .pack_title = ys_pack_title(f->pack),
                       .pack_version = ys_pack_version(f->pack),
                       .pack_hash = ys_pack_hash(f->pack),
                       .currency = ys_pack_currency(f->pack),
                       .digits = ys_pack_digits(f->pack),
                       .line_label = {f->line->label_zh, f->line->label_en},
                       .line_source = f->line->source,
                       .line = f->line->amount,
                       .period = f->period,
                       .today = f->today,
                       .synthetic = d->office->synthetic,
                       .made_at = ys_clock_now()};
    ys_status st = ys_store_head(d->office->store, &head, diag);
    if (st == YS_ENOTFOUND) {
        ys_diag_clear(diag);
        return YS_OK;
    }
    YS_TRY(st);
    snprintf(h->head, sizeof h->head, "%s", head.root);
    h->head_tx = head.id;
    h->head_at = head.recorded_at;
    return YS_OK;
}

/* ---- places ---- */

static void take_income(ys_fig_place *p, const ys_income_result *r)
{
    p->base = r->population;
    p->fgt0 = r->value[YS_II_FGT0];
    p->fgt1 = r->value[YS_II_FGT1];
    p->fgt2 = r->value[YS_II_FGT2];
    p->gini = r->value[YS_II_GINI];
}

static void take_place(ys_digest *d, ys_fig_place *p, int32_t g)
{
    const ys_assessment *a = d->assessment;
    ys_af_result af;
    bool all = g == a->groups;
    take_income(p, all ? &a->income->total : &a->income->group[g]);
    p->m0 = a->af != NULL && ys_af_at(a->af, all ? -1 : g, a->af_k, &af) ? af.m0 : (double)NAN;
    p->gap = a->gap_fen[g];
    p->poor_persons = a->poor_persons[g];
    p->poor_households = a->poor_households[g];
    if (!all) {
        p->code = a->code[g];
        p->name = ys__digest_area(d, ys_areas_find(d->frame->areas, a->code[g]));
    }
}

/* The poor of a register are counted by the assessment; those of a survey here, each household once. */
static void count_household(const ys_frame *f, int64_t h, ys_fig_place *p)
{
    p->households++;
    p->persons += f->col.size[h];
    if (!f->survey_only || f->col.poor[h] != 1 || f->area_of[h] < 0)
        return;
    p->poor_households++;
    p->poor_persons += f->col.size[h];
    p->gap += f->line->amount * f->col.size[h] - f->col.total[h];
}

static ys_status make_places(ys_digest *d, int level, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    const ys_assessment *a = d->assessment;
    ys_figures *fig = &d->fig;
    fig->places = a->groups;
    fig->place = ys__digest_take(d, a->groups, sizeof *fig->place);
    d->place_of = ys_malloc((size_t)f->households * sizeof *d->place_of);
    int32_t n = ys_areas_count(f->areas), *number = ys_malloc((size_t)n * sizeof *number);
    ys_root_summary *sums = ys_calloc((size_t)a->groups + 1, sizeof *sums);
    int32_t *zero = ys_calloc((size_t)f->households, sizeof *zero);
    ys_status st = YS_OK;
    if (fig->place == NULL || d->place_of == NULL || number == NULL || sums == NULL || zero == NULL)
        YS_GO(ys_fail_nomem(diag));
    memset(number, 0xff, (size_t)n * sizeof *number);
    for (int32_t g = 0; g < a->groups; g++) {
        take_place(d, &fig->place[g], g);
        number[ys_areas_find(f->areas, a->code[g])] = g;
    }
    take_place(d, &fig->all, a->groups);
    fig->all.code = fig->head.scope_code;
    fig->all.name = (ys_words){"合计", "All"};
    for (int64_t h = 0; h < f->households; h++) {
        int32_t at = f->area_of[h] >= 0 ? ys_areas_at_level(f->areas, f->area_of[h], level) : -1;
        d->place_of[h] = at >= 0 ? number[at] : -1;
        if (!f->in_register[h])
            continue;
        ys_fig_place *in[2] = {&fig->all, d->place_of[h] >= 0 ? &fig->place[d->place_of[h]] : NULL};
        for (int k = 0; k < 2 && in[k] != NULL; k++)
            count_household(f, h, in[k]);
    }
    if (a->groups > 0)
        YS_GO(ys_root_summarise(&d->diagnosis->data, d->diagnosis->roots, d->place_of, a->groups,
                                f->in_register, sums, diag));
    for (int32_t g = 0; g < a->groups; g++)
        fig->place[g].roots = sums[g];
    YS_GO(ys_root_summarise(&d->diagnosis->data, d->diagnosis->roots, zero, 1, f->in_register,
                            &fig->all.roots, diag));
done:
    ys_free(number);
    ys_free(sums);
    ys_free(zero);
    return st;
}

/* ---- published statistics beside the register ---- */

/* The register's own figure for an area: which one the pack's code list `published_statistic` says. */
static double register_figure(const ys_digest *d, int32_t area, const char *what)
{
    const ys_frame *f = d->frame;
    int64_t persons = 0, households = 0;
    const ys_figures *fig = &d->fig;
    for (int64_t h = 0; h < f->households; h++) {
        if (!f->in_register[h] || f->area_of[h] < 0 || !ys_areas_within(f->areas, f->area_of[h], area))
            continue;
        households++;
        persons += f->col.size[h];
    }
    if (strcmp(what, "register_households") == 0)
        return (double)households;
    if (strcmp(what, "register_persons") == 0)
        return (double)persons;
    if (strcmp(what, "headcount_percent") != 0)
        return (double)NAN;
    for (int i = 0; i < fig->places; i++) {
        if (strcmp(fig->place[i].code, ys_areas_code(f->areas, area)) == 0)
            return fig->place[i].fgt0 * 100;
    }
    return fig->all.households == households ? fig->all.fgt0 * 100 : (double)NAN;
}

static ys_status make_statistics(ys_digest *d, ys_diag *diag)
{
    const ys_table *t = d->frame->statistic;
    ys_figures *fig = &d->fig;
    int area = ys_table_find(t, "area"), date = ys_table_find(t, "date"), name = ys_table_find(t, "name");
    int value = ys_table_find(t, "value"), unit = ys_table_find(t, "unit");
    fig->statistic = ys__digest_take(d, ys_table_rows(t), sizeof *fig->statistic);
    if (fig->statistic == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        const char *code = ys_table_get_text(t, area, i), *text = ys_table_get_text(t, unit, i);
        int32_t at = code != NULL ? ys_areas_find(d->frame->areas, code) : -1;
        if (at < 0)
            continue;
        ys_fig_statistic *s = &fig->statistic[fig->statistics++];
        *s = (ys_fig_statistic){.area = ys__digest_area(d, at),
                                .name = ys_table_get_text(t, name, i),
                                .unit = text != NULL ? text : "",
                                .date = (int32_t)ys_table_get_int(t, date, i),
                                .value = ys_table_get_real(t, value, i),
                                .here = (double)NAN};
        const char *what = ys_pack_code(d->frame->pack, "published_statistic", s->name);
        if (what != NULL)
            s->here = register_figure(d, at, what);
    }
    return YS_OK;
}

/* ---- deprivations, quality, the pack ---- */

static ys_status make_indicators(ys_digest *d, ys_diag *diag)
{
    const ys_assessment *a = d->assessment;
    ys_figures *fig = &d->fig;
    ys_af_result r;
    fig->indicators = a->indicators;
    fig->indicator = ys__digest_take(d, a->indicators, sizeof *fig->indicator);
    if (fig->indicator == NULL)
        return ys_fail_nomem(diag);
    fig->mpi_h = fig->mpi_a = (double)NAN;
    if (a->af == NULL || !ys_af_at(a->af, -1, a->af_k, &r))
        return YS_OK;
    fig->af_k = a->af_k;
    fig->af_max = ys_af_score_max(a->af);
    fig->mpi_h = r.h;
    fig->mpi_a = r.a;
    for (int i = 0; i < a->indicators; i++) {
        const ys_indicator *in = a->indicator[i];
        fig->indicator[i] = (ys_fig_indicator){.label = {in->label_zh, in->label_en},
                                               .statutory = in->statutory,
                                               .of_village = strcmp(in->kind, "village") == 0,
                                               .weight = in->weight,
                                               .uncensored = r.uncensored[i],
                                               .censored = r.censored[i],
                                               .contribution = r.contribution[i]};
    }
    return YS_OK;
}

static ys_status make_findings(ys_digest *d, ys_diag *diag)
{
    ys_check c;
    ys_figures *fig = &d->fig;
    YS_TRY(ys_check_run(d->frame, "quality", NULL, NULL, &c, diag));
    fig->finding = ys__digest_take(d, c.count, sizeof *fig->finding);
    for (int i = 0; fig->finding != NULL && i < c.count; i++) {
        const ys_pack_rule *r = c.rules[i].rule;
        fig->finding[fig->findings++] = (ys_fig_finding){.rule = r->rule,
                                                         .message = {r->message_zh, r->message_en},
                                                         .fix = {r->fix_zh, r->fix_en},
                                                         .severity = r->severity,
                                                         .hits = c.rules[i].hits,
                                                         .unknown = c.rules[i].unknown,
                                                         .rows = c.rules[i].rows};
    }
    bool ok = fig->finding != NULL;
    ys_check_done(&c);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static void count_assumptions(ys_digest *d)
{
    int n;
    const ys_measure *m = ys_pack_measures(d->frame->pack, &n);
    d->fig.all_measures = n;
    for (int i = 0; i < n; i++)
        d->fig.assumed_measures += strcmp(m[i].mark, "assumption") == 0;
}

/* ---- all of it ---- */

static int level_named(const ys_pack *pack, const char *name)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    for (int i = 0; i < n; i++) {
        if (strcmp(levels[i], name) == 0)
            return i;
    }
    return -1;
}

/* By the code list of the area table's field `level`, else as the pack writes it. */
static ys_words level_words(const ys_pack *pack, const char *level)
{
    const ys_kind *k = ys_pack_kind(pack, "area");
    int field = ys_kind_field(k, "level");
    const char *list = field >= 0 ? k->fields[field].codes : "";
    const char *zh = ys_pack_label(pack, list, level, "zh"), *en = ys_pack_label(pack, list, level, "en");
    return (ys_words){zh != NULL ? zh : level, en != NULL ? en : level};
}

/* The level of the places: as asked, else the one below the area that holds everything. */
static ys_status choose_level(const ys_digest *d, const char *by, int32_t scope, int *ret_level,
                              ys_diag *diag)
{
    const char *const *levels;
    int n = ys_pack_area_levels(d->frame->pack, &levels);
    int below = scope >= 0 ? ys_areas_level(d->frame->areas, scope) + 1 : 0;
    *ret_level = by != NULL ? level_named(d->frame->pack, by) : below < n ? below : n - 1;
    if (*ret_level >= 0)
        return YS_OK;
    char words[300], fix_zh[400], fix_en[400];
    ys_levels_text(d->frame->pack, words, sizeof words);
    snprintf(fix_zh, sizeof fix_zh, "用政策包的地区级别：%s", words);
    snprintf(fix_en, sizeof fix_en, "use an area level of the pack: %s", words);
    ys_diag_fix(diag, fix_zh, fix_en);
    return ys_fail(diag, YS_EUSAGE, "没有地区级别 %s", "there is no area level %s", by != NULL ? by : "");
}

static ys_status read_all(ys_digest *d, const ys_reading *reading, const char *by, ys_diag *diag)
{
    ys_reading r = *reading;
    const char *const *levels;
    int level;
    r.supply = true;
    d->as_of_tx = r.as_of_tx;
    YS_TRY(ys_office_frame(d->office, &r, &d->frame, diag));
    int32_t scope = r.scope != NULL ? ys_areas_find(d->frame->areas, r.scope) : common_area(d->frame);
    YS_TRY(choose_level(d, by, scope, &level, diag));
    ys_pack_area_levels(d->frame->pack, &levels);
    YS_TRY(ys_assess(d->frame, levels[level], &d->assessment, diag));
    YS_TRY(ys_diagnosis_make(d->frame, 0, &d->diagnosis, diag));
    d->fig.level = level_words(d->frame->pack, levels[level]);
    d->fig.survey_only = d->frame->survey_only;
    d->fig.has_base = d->assessment->has_base;
    d->fig.has_sample = d->assessment->has_sample;
    d->fig.sample_households = d->assessment->sample_households;
    d->fig.no_members = d->frame->no_members;
    d->fig.other_period = d->frame->other_period;
    YS_TRY(make_head(d, &r, scope, diag));
    YS_TRY(make_places(d, level, diag));
    YS_TRY(make_statistics(d, diag));
    YS_TRY(make_indicators(d, diag));
    YS_TRY(make_findings(d, diag));
    count_assumptions(d);
    YS_TRY(ys__digest_roots(d, diag));
    YS_TRY(ys__digest_plan(d, diag));
    return ys__digest_shapes(d, diag);
}

ys_status ys_digest_make(ys_office *o, const ys_reading *reading, const char *by, ys_digest **ret_digest,
                         ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_digest *d = ys_calloc(1, sizeof *d);
    if (d == NULL)
        return ys_fail_nomem(diag);
    d->office = o;
    d->arena = ys_arena_new(DIGEST_LIMIT);
    if (d->arena == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(read_all(d, reading, by, diag));
    *ret_digest = d;
    d = NULL;
done:
    ys_digest_free(d);
    return st;
}
