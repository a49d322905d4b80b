/* SPDX-License-Identifier: Apache-2.0 */
#include "app/assess.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/fact.h"
#include "app/prices.h"
#include "base/alloc.h"

void ys_assessment_free(ys_assessment *a)
{
    if (a == NULL)
        return;
    ys_income_table_free(a->income);
    ys_af_free(a->af);
    ys_free(a->code);
    ys_free(a->label);
    ys_free(a->base);
    ys_free(a->indicator);
    ys_free(a->gap_fen);
    ys_free(a->poor_persons);
    ys_free(a->poor_households);
    ys_free(a);
}

/* Rows of the measurement: one per household that has members and an income. */
typedef struct rows {
    double *income, *weight;
    int32_t *group;
    uint8_t *poor;
} rows;

static void rows_done(rows *r)
{
    ys_free(r->income);
    ys_free(r->weight);
    ys_free(r->group);
    ys_free(r->poor);
}

/* ---- groups ---- */

static ys_status group_by_level(const ys_frame *f, int level, ys_assessment *a, int32_t *group, ys_diag *diag)
{
    int32_t n = ys_areas_count(f->areas), *number = ys_malloc((size_t)n * sizeof *number);
    a->code = ys_calloc((size_t)n, sizeof *a->code);
    a->label = ys_calloc((size_t)n, sizeof *a->label);
    if (number == NULL || a->code == NULL || a->label == NULL) {
        ys_free(number);
        return ys_fail_nomem(diag);
    }
    for (int32_t i = 0; i < n; i++)
        number[i] = -1;
    for (int64_t h = 0; h < f->households; h++) {
        int32_t at = f->area_of[h] >= 0 ? ys_areas_at_level(f->areas, f->area_of[h], level) : -1;
        if (at >= 0)
            number[at] = 0; /* seen */
    }
    for (int32_t i = 0; i < n; i++) {
        if (number[i] < 0)
            continue;
        a->code[a->groups] = ys_areas_code(f->areas, i);
        a->label[a->groups] = ys_areas_name(f->areas, i);
        number[i] = a->groups++;
    }
    for (int64_t h = 0; h < f->households; h++) {
        int32_t at = f->area_of[h] >= 0 ? ys_areas_at_level(f->areas, f->area_of[h], level) : -1;
        group[h] = at >= 0 ? number[at] : -1;
    }
    ys_free(number);
    return YS_OK;
}

static ys_status group_by_field(const ys_frame *f, const char *by, ys_assessment *a, int32_t *group,
                                ys_diag *diag)
{
    int col = ys_table_find(f->household, by);
    if (col < 0 || ys_table_column_type(f->household, col) != YS_CODE) {
        char levels[300], fix_zh[400], fix_en[400];
        ys_levels_text(f->pack, levels, sizeof levels);
        snprintf(fix_zh, sizeof fix_zh, "可用地区级别（%s）或户的代码字段", levels);
        snprintf(fix_en, sizeof fix_en, "use an area level (%s) or a coded household field", levels);
        ys_diag_fix(diag, fix_zh, fix_en);
        return ys_fail(diag, YS_EUSAGE, "不能按 %s 分组", "cannot group by %s", by);
    }
    const ys_kind *k = ys_pack_kind(f->pack, "household");
    int field = ys_kind_field(k, by);
    const char *list = field >= 0 ? k->fields[field].codes : "";
    a->groups = ys_table_code_count(f->household, col);
    a->code = ys_calloc((size_t)a->groups, sizeof *a->code);
    a->label = ys_calloc((size_t)a->groups, sizeof *a->label);
    if (a->code == NULL || a->label == NULL)
        return ys_fail_nomem(diag);
    for (int32_t g = 0; g < a->groups; g++) {
        a->code[g] = ys_table_code_text(f->household, col, g);
        const char *label = ys_pack_label(f->pack, list, a->code[g], "zh");
        a->label[g] = label != NULL ? label : a->code[g];
    }
    const int32_t *codes = ys_table_codes(f->household, col);
    for (int64_t h = 0; h < f->households; h++)
        group[h] = codes[h] >= 0 ? codes[h] : -1;
    return YS_OK;
}

static ys_status make_groups(const ys_frame *f, const char *by, ys_assessment *a, int32_t *group,
                             int *ret_level, ys_diag *diag)
{
    const char *const *levels;
    int n = ys_pack_area_levels(f->pack, &levels);
    *ret_level = -1;
    if (by == NULL) {
        memset(group, 0xff, (size_t)f->households * sizeof *group);
        return YS_OK;
    }
    for (int i = 0; i < n; i++) {
        if (strcmp(levels[i], by) == 0)
            *ret_level = i;
    }
    return *ret_level >= 0 ? group_by_level(f, *ret_level, a, group, diag)
                           : group_by_field(f, by, a, group, diag);
}

/* ---- denominators ---- */

/* Place of a definition in the pack's list: what stands first is what rates are taken over. */
static int preference(const ys_frame *f, const char *definition)
{
    int n, place = 0;
    const ys_kind *k = ys_pack_kind(f->pack, "population");
    const char *list = k->fields[ys_kind_field(k, "definition")].codes;
    const ys_code_entry *codes = ys_pack_codes(f->pack, &n);
    for (int i = 0; i < n; i++) {
        if (strcmp(codes[i].list, list) != 0)
            continue;
        if (definition != NULL && strcmp(codes[i].code, definition) == 0)
            return place;
        place++;
    }
    return INT32_MAX;
}

/* Persons of the population base at an area: by the definition the pack puts first among those recorded, of the newest
 * year not after the line's, else the newest. */
static double base_at(const ys_frame *f, const char *code)
{
    int area = ys_table_find(f->population, "area"), year = ys_table_find(f->population, "year");
    int persons = ys_table_find(f->population, "persons"),
        definition = ys_table_find(f->population, "definition");
    double best = (double)NAN;
    int64_t best_year = INT64_MIN;
    int best_place = INT32_MAX;
    for (int64_t i = 0; i < ys_table_rows(f->population); i++) {
        const char *at = ys_table_get_text(f->population, area, i);
        int64_t y = ys_table_get_int(f->population, year, i), n = ys_table_get_int(f->population, persons, i);
        if (at == NULL || strcmp(at, code) != 0 || ys_is_missing(n))
            continue;
        int place = preference(f, ys_table_get_text(f->population, definition, i));
        bool usable = y <= f->line->year, best_usable = best_year <= f->line->year;
        bool newer = best_year == INT64_MIN || (usable && (!best_usable || y > best_year));
        if (place < best_place || (place == best_place && newer)) {
            best = (double)n;
            best_year = y;
            best_place = place;
        }
    }
    return best;
}

/* The area all households of the frame lie in: the deepest one that covers them. */
static int32_t common_area(const ys_frame *f)
{
    int32_t at = -1;
    for (int64_t h = 0; h < f->households; h++) {
        if (f->area_of[h] < 0)
            continue;
        if (at < 0)
            at = f->area_of[h];
        while (at >= 0 && !ys_areas_within(f->areas, f->area_of[h], at))
            at = ys_areas_parent(f->areas, at);
        if (at < 0)
            return -1;
    }
    return at;
}

static void find_bases(const ys_frame *f, ys_assessment *a, int level)
{
    int32_t all = common_area(f);
    double sum = 0;
    for (int32_t g = 0; g < a->groups; g++) {
        a->base[g] = level >= 0 ? base_at(f, a->code[g]) : (double)NAN;
        sum += a->base[g];
        a->has_base = a->has_base || !isnan(a->base[g]);
    }
    double total = all >= 0 ? base_at(f, ys_areas_code(f->areas, all)) : (double)NAN;
    if (isnan(total) && level >= 0)
        total = sum;
    a->base[a->groups] = total;
    a->has_base = a->has_base || !isnan(total);
}

/* ---- rows ---- */

static void fill_rows(const ys_frame *f, ys_assessment *a, rows *r)
{
    double unit = ys_currency_unit(f->pack);
    for (int64_t h = 0; h < f->households; h++) {
        int64_t n = f->col.size[h];
        bool known = n > 0 && f->area_of[h] >= 0;
        r->income[h] = known ? (double)f->col.total[h] / unit / (double)n : (double)NAN;
        r->weight[h] = known ? f->weight[h] * (double)n : 0;
        r->poor[h] = known && f->col.poor[h] == 1;
        if (f->survey_only || !f->in_register[h]) {
            a->sample_households++;
            a->has_sample = true;
            continue;
        }
        a->register_households++;
        a->register_persons += n;
        if (!r->poor[h])
            continue;
        int32_t cells[2] = {a->groups, r->group[h]};
        for (int k = 0; k < 2; k++) {
            if (cells[k] < 0)
                continue;
            a->poor_persons[cells[k]] += n;
            a->poor_households[cells[k]]++;
            a->gap_fen[cells[k]] += f->line->amount * n - f->col.total[h];
        }
    }
}

static ys_status measure_income(ys_assessment *a, const ys_frame *f, const rows *r, ys_diag *diag)
{
    double unit = ys_currency_unit(f->pack);
    ys_income_data data = {.n = f->households,
                           .income = r->income,
                           .weight = r->weight,
                           .poor = r->poor,
                           .group = a->groups > 0 ? r->group : NULL,
                           .groups = a->groups};
    ys_income_opts opts = {.line = (double)f->line->amount / unit,
                           .rows_are_population = a->has_sample,
                           .base = a->has_base ? a->base : NULL};
    return ys_income_measure(&data, &opts, &a->income, diag);
}

/* ---- several deprivations ---- */

static ys_status measure_deprivation(ys_assessment *a, const ys_frame *f, const rows *r, ys_diag *diag)
{
    int n;
    const ys_indicator *in = ys_pack_indicators(f->pack, &n);
    if (n == 0)
        return YS_OK;
    ys_status st = YS_OK;
    uint8_t **deprived = ys_calloc((size_t)n, sizeof *deprived);
    int32_t *weight = ys_calloc((size_t)n, sizeof *weight);
    a->indicator = ys_calloc((size_t)n, sizeof *a->indicator);
    if (deprived == NULL || weight == NULL || a->indicator == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int i = 0; i < n; i++) {
        a->indicator[i] = &in[i];
        weight[i] = in[i].weight;
        YS_GO(ys_frame_deprived(f, &in[i], &deprived[i], NULL, diag));
    }
    a->indicators = n;
    a->af_k = (int)ys_pack_param(f->pack, "af_k", 1);
    ys_af_data data = {.n = f->households,
                       .indicators = n,
                       .deprived = (const uint8_t *const *)deprived,
                       .indicator_weight = weight,
                       .weight = r->weight,
                       .group = a->groups > 0 ? r->group : NULL,
                       .groups = a->groups,
                       .base = !a->has_sample && a->has_base ? a->base : NULL};
    YS_GO(ys_af_new(&data, &a->af, diag));
done:
    for (int i = 0; deprived != NULL && i < n; i++)
        ys_free(deprived[i]);
    ys_free(deprived);
    ys_free(weight);
    return st;
}

ys_status ys_assess(const ys_frame *f, const char *by, ys_assessment **ret_assessment, ys_diag *diag)
{
    ys_status st = YS_OK;
    size_t n = (size_t)f->households;
    int level;
    rows r = {.income = ys_calloc(n, sizeof *r.income),
              .weight = ys_calloc(n, sizeof *r.weight),
              .group = ys_calloc(n, sizeof *r.group),
              .poor = ys_calloc(n, 1)};
    ys_assessment *a = ys_calloc(1, sizeof *a);
    if (r.income == NULL || r.weight == NULL || r.group == NULL || r.poor == NULL || a == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(make_groups(f, by, a, r.group, &level, diag));
    size_t cells = (size_t)a->groups + 1;
    a->base = ys_calloc(cells, sizeof *a->base);
    a->gap_fen = ys_calloc(cells, sizeof *a->gap_fen);
    a->poor_persons = ys_calloc(cells, sizeof *a->poor_persons);
    a->poor_households = ys_calloc(cells, sizeof *a->poor_households);
    if (a->base == NULL || a->gap_fen == NULL || a->poor_persons == NULL || a->poor_households == NULL)
        YS_GO(ys_fail_nomem(diag));
    find_bases(f, a, level);
    fill_rows(f, a, &r);
    YS_GO(measure_income(a, f, &r, diag));
    YS_GO(measure_deprivation(a, f, &r, diag));
    *ret_assessment = a;
    a = NULL;
done:
    rows_done(&r);
    ys_assessment_free(a);
    return st;
}
