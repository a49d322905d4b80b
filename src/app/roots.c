/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roots.h"

#include <math.h>
#include <string.h>

#include "app/fact.h"
#include "app/prices.h"
#include "base/alloc.h"
#include "base/pool.h"
#include "registry/kinds.h"
#include "registry/put.h"

_Static_assert((int)YS_ROOTS == (int)YS_FACTORS, "the factors of the pack are the roots of the diagnosis");

void ys_diagnosis_free(ys_diagnosis *d)
{
    if (d == NULL)
        return;
    for (int i = 0; d->deficit_truth != NULL && i < d->deficits; i++)
        ys_free(d->deficit_truth[i]);
    void *own[] = {
        d->town,     d->county,   d->town_area,     d->county_area,        d->cause,          d->declared,
        d->evidence, d->conflict, d->missing,       d->missing_which,      d->labour,         d->worked,
        d->line,     d->deficit,  d->deficit_truth, d->village_households, d->village_persons};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        ys_free(own[i]);
    ys_roots_free(d->roots);
    ys_free(d);
}

/* ---- the arrays the diagnosis wants ---- */

static ys_status dense_level(const ys_frame *f, int level, int32_t **ret_of, int32_t **ret_area,
                             int32_t *ret_count, ys_diag *diag)
{
    int32_t n = ys_areas_count(f->areas), count = 0;
    int32_t *number = ys_malloc((size_t)n * sizeof *number), *area = ys_calloc((size_t)n, sizeof *area);
    int32_t *of = ys_calloc((size_t)f->households, sizeof *of);
    if (number == NULL || area == NULL || of == NULL) {
        ys_free(number);
        ys_free(area);
        ys_free(of);
        return ys_fail_nomem(diag);
    }
    for (int32_t i = 0; i < n; i++) {
        bool here = level >= 0 && ys_areas_level(f->areas, i) == level;
        number[i] = here ? count : -1;
        if (here)
            area[count++] = i;
    }
    for (int64_t h = 0; h < f->households; h++) {
        int32_t at =
            f->area_of[h] >= 0 && level >= 0 ? ys_areas_at_level(f->areas, f->area_of[h], level) : -1;
        of[h] = at >= 0 ? number[at] : -1;
    }
    ys_free(number);
    *ret_of = of;
    *ret_area = area;
    *ret_count = count;
    return YS_OK;
}

static ys_status derived_real(const ys_frame *f, const char *name, double **ret, ys_diag *diag)
{
    int col = ys_table_find(f->household, name);
    if (col < 0)
        return ys_fail(diag, YS_EDATA, "政策包没有导出量 %s", "the pack derives no %s", name);
    double *v = ys_calloc((size_t)f->households, sizeof *v);
    if (v == NULL)
        return ys_fail_nomem(diag);
    for (int64_t h = 0; h < f->households; h++)
        v[h] = ys_table_get_real(f->household, col, h);
    *ret = v;
    return YS_OK;
}

static ys_status gather(ys_diagnosis *d, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    const char *const *levels;
    int n = ys_pack_area_levels(f->pack, &levels);
    YS_TRY(dense_level(f, n >= 2 ? n - 2 : -1, &d->town, &d->town_area, &d->data.towns, diag));
    YS_TRY(dense_level(f, n >= 3 ? n - 3 : -1, &d->county, &d->county_area, &d->data.counties, diag));
    YS_TRY(derived_real(f, "labour", &d->labour, diag));
    YS_TRY(derived_real(f, "worked", &d->worked, diag));
    d->line = ys_calloc((size_t)f->households, sizeof *d->line);
    if (d->line == NULL)
        return ys_fail_nomem(diag);
    for (int64_t h = 0; h < f->households; h++)
        d->line[h] = f->line->amount;
    d->data.n = f->households;
    d->data.persons = f->col.size;
    d->data.line = d->line;
    d->data.wage = f->col.wage;
    d->data.business = f->col.business;
    d->data.property = f->col.property;
    d->data.transfer = f->col.transfer;
    d->data.rigid = f->col.rigid;
    d->data.statutory = f->col.total;
    d->data.labour = d->labour;
    d->data.worked = d->worked;
    d->data.weight = f->weight;
    d->data.town = d->town;
    d->data.county = d->county;
    return YS_OK;
}

/* ---- what was declared, and whether anything objective stands behind it ---- */

static ys_status read_declared(ys_diagnosis *d, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    int n, col = ys_table_find(f->household, "cause_main");
    const ys_cause *causes = ys_pack_causes(f->pack, &n);
    size_t rows = (size_t)f->households;
    d->cause = ys_calloc(rows, sizeof *d->cause);
    d->declared = ys_calloc(rows, 1);
    d->evidence = ys_calloc(rows, 1);
    d->conflict = ys_calloc(rows, 1);
    uint8_t **truth = ys_calloc((size_t)n, sizeof *truth);
    ys_status st = YS_OK;
    if (d->cause == NULL || d->declared == NULL || d->evidence == NULL || d->conflict == NULL ||
        truth == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int i = 0; i < n; i++) {
        if (strcmp(causes[i].kind, "household") == 0 && causes[i].evidence[0] != '\0')
            YS_GO(ys_frame_truth(f, "household", causes[i].evidence, &truth[i], diag));
    }
    for (int64_t h = 0; h < f->households; h++) {
        const char *code = col >= 0 ? ys_table_get_text(f->household, col, h) : NULL;
        int c = code != NULL ? ys_pack_cause_index(f->pack, code) : -1;
        d->cause[h] = c;
        d->declared[h] = c >= 0 ? (uint8_t)causes[c].factor : YS_ROOT_NONE;
        d->evidence[h] = c >= 0 && truth[c] != NULL ? truth[c][h] : YS_UNKNOWN;
    }
    ys_root_conflicts(d->roots, d->declared, d->evidence, d->conflict);
done:
    for (int i = 0; truth != NULL && i < n; i++)
        ys_free(truth[i]);
    ys_free(truth);
    return st;
}

/* ---- entitled but not received ---- */

/* 1 for every household whose ledger has an amount on `line` in the period. */
static ys_status receives(const ys_frame *f, const char *line, uint8_t **ret, ys_diag *diag)
{
    int line_col = ys_table_find(f->income, "line"), amount = ys_table_find(f->income, "amount");
    int period = ys_table_find(f->income, "period");
    uint8_t *out = ys_calloc((size_t)f->households, 1);
    if (out == NULL)
        return ys_fail_nomem(diag);
    int32_t code = ys_table_code_find(f->income, line_col, line);
    const int32_t *codes = ys_table_codes(f->income, line_col);
    for (int64_t h = 0; h < f->households && code >= 0; h++) {
        for (int64_t k = f->ledger->start[h]; k < f->ledger->start[h + 1]; k++) {
            int32_t row = f->ledger->item[k];
            int64_t v = ys_table_get_int(f->income, amount, row);
            const char *p = ys_table_get_text(f->income, period, row);
            if (codes[row] == code && !ys_is_missing(v) && v > 0 && p != NULL && strcmp(p, f->period) == 0)
                out[h] = 1;
        }
    }
    *ret = out;
    return YS_OK;
}

static ys_status one_entitlement(ys_diagnosis *d, const ys_entitlement *e, int number, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    uint8_t *truth = NULL, *has = NULL;
    bool person = strcmp(e->kind, "person") == 0;
    ys_status st = YS_OK;
    YS_GO(ys_frame_truth(f, e->kind, e->rule, &truth, diag));
    YS_GO(receives(f, e->line, &has, diag));
    for (int64_t h = 0; h < f->households; h++) {
        int64_t entitled = person ? 0 : truth[h] == YS_TRUE;
        for (int64_t k = f->members->start[h]; person && k < f->members->start[h + 1]; k++)
            entitled += truth[f->members->item[k]] == YS_TRUE;
        if (entitled == 0 || has[h] != 0 || !f->in_register[h])
            continue;
        d->missing[h] += entitled * e->amount;
        d->missing_which[h] |= number < 64 ? (uint64_t)1 << number : 0;
    }
done:
    ys_free(truth);
    ys_free(has);
    return st;
}

static ys_status read_entitlements(ys_diagnosis *d, ys_diag *diag)
{
    int n;
    const ys_entitlement *e = ys_pack_entitlements(d->frame->pack, &n);
    d->missing = ys_calloc((size_t)d->frame->households, sizeof *d->missing);
    d->missing_which = ys_calloc((size_t)d->frame->households, sizeof *d->missing_which);
    if (d->missing == NULL || d->missing_which == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++)
        YS_TRY(one_entitlement(d, &e[i], i, diag));
    return YS_OK;
}

/* ---- villages ---- */

/* Registered households and persons of each village: those whom its deficits touch. */
static ys_status count_villages(ys_diagnosis *d, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    size_t n = (size_t)ys_table_rows(f->village);
    d->village_households = ys_calloc(n, sizeof *d->village_households);
    d->village_persons = ys_calloc(n, sizeof *d->village_persons);
    if (d->village_households == NULL || d->village_persons == NULL)
        return ys_fail_nomem(diag);
    for (int64_t h = 0; h < f->households; h++) {
        if (f->village_row[h] < 0 || !f->in_register[h])
            continue;
        d->village_households[f->village_row[h]]++;
        d->village_persons[f->village_row[h]] += f->col.size[h];
    }
    return YS_OK;
}

static ys_status read_deficits(ys_diagnosis *d, ys_diag *diag)
{
    int n;
    const ys_indicator *in = ys_pack_indicators(d->frame->pack, &n);
    d->deficit = ys_calloc((size_t)n, sizeof *d->deficit);
    d->deficit_truth = ys_calloc((size_t)n, sizeof *d->deficit_truth);
    if (d->deficit == NULL || d->deficit_truth == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < n; i++) {
        if (strcmp(in[i].kind, "village") != 0)
            continue;
        YS_TRY(ys_frame_truth(d->frame, "village", in[i].rule, &d->deficit_truth[d->deficits], diag));
        d->deficit[d->deficits++] = &in[i];
    }
    return count_villages(d, diag);
}

/* Is the village a designated poor village?  A boolean fact `designated` of the pack, where it has one. */
static uint8_t *designated_villages(const ys_frame *f)
{
    int col = ys_table_find(f->village, "designated");
    int64_t n = ys_table_rows(f->village);
    uint8_t *out =
        col >= 0 && ys_table_column_type(f->village, col) == YS_BOOL ? ys_calloc((size_t)n, 1) : NULL;
    for (int64_t v = 0; out != NULL && v < n; v++)
        out[v] = ys_table_get_int(f->village, col, v) == 1;
    return out;
}

static ys_status measure_scatter(ys_diagnosis *d, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    size_t n = (size_t)f->households;
    double unit = ys_currency_unit(f->pack);
    double *income = ys_calloc(n, sizeof *income);
    uint8_t *poor = ys_calloc(n, 1), *designated = designated_villages(f);
    ys_status st = YS_OK;
    if (income == NULL || poor == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int64_t h = 0; h < f->households; h++) {
        income[h] = f->col.size[h] > 0 ? (double)f->col.total[h] / unit / (double)f->col.size[h] : 0;
        poor[h] = f->col.size[h] <= 0 ? 2 : f->col.poor[h] == 1;
    }
    ys_scatter_data s = {.n = f->households,
                         .persons = f->col.size,
                         .weight = f->weight,
                         .income = income,
                         .poor = poor,
                         .gap = d->roots->gap,
                         .village = f->village_row,
                         .villages = (int32_t)ys_table_rows(f->village),
                         .designated = designated};
    d->scatter.theil_between_share = d->scatter.outside_designated = (double)NAN;
    if (s.villages > 0)
        YS_GO(ys_scatter_measure(&s, &d->scatter, diag));
done:
    ys_free(income);
    ys_free(poor);
    ys_free(designated);
    return st;
}

ys_status ys_diagnosis_make(const ys_frame *f, int threads, ys_diagnosis **ret_diagnosis, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_pool *pool = ys_pool_new(threads);
    ys_diagnosis *d = ys_calloc(1, sizeof *d);
    if (d == NULL)
        YS_GO(ys_fail_nomem(diag));
    d->frame = f;
    ys_diagnose_opts opts = ys_diagnose_defaults();
    opts.peer_min = (int64_t)ys_pack_param(f->pack, "peer_min", (double)opts.peer_min);
    opts.peer_upper = ys_pack_param(f->pack, "peer_upper", opts.peer_upper);
    opts.noise = ys_pack_param(f->pack, "stability_noise", opts.noise);
    YS_GO(gather(d, diag));
    YS_GO(ys_diagnose(&d->data, &opts, pool, &d->roots, diag));
    YS_GO(read_declared(d, diag));
    YS_GO(read_entitlements(d, diag));
    YS_GO(read_deficits(d, diag));
    YS_GO(measure_scatter(d, diag));
    *ret_diagnosis = d;
    d = NULL;
done:
    ys_diagnosis_free(d);
    ys_pool_free(pool);
    return st;
}

/* ---- words ---- */

static bool list_missing(const ys_diagnosis *d, int64_t h, bool zh, ys_str *to)
{
    int n;
    const ys_entitlement *e = ys_pack_entitlements(d->frame->pack, &n);
    for (int i = 0; i < n && i < 64; i++) {
        if ((d->missing_which[h] >> i & 1) == 0)
            continue;
        if (to->len > 0)
            ys_str_puts(to, zh ? "、" : ", ");
        ys_str_puts(to, zh ? e[i].label_zh : e[i].label_en);
    }
    return !to->failed;
}

const char *ys_diagnosis_peer_level(const ys_diagnosis *d, ys_peer_level level)
{
    const char *const *levels;
    int n = ys_pack_area_levels(d->frame->pack, &levels), at = n - 1 - (int)level;
    if (level == YS_PEER_NONE || level == YS_PEER_ALL || at < 0)
        return level == YS_PEER_NONE ? "none" : "all";
    return levels[at];
}

/* What the pack calls the levels peers come from. */
static void name_peers(const ys_diagnosis *d, ys_root_words *w)
{
    for (int k = YS_PEER_TOWN; k <= YS_PEER_COUNTY; k++) {
        const char *level = ys_diagnosis_peer_level(d, (ys_peer_level)k);
        w->peers_zh[k] = ys_pack_label(d->frame->pack, "area_level", level, "zh");
        w->peers_en[k] = ys_pack_label(d->frame->pack, "area_level", level, "en");
    }
}

ys_status ys_diagnosis_sentence(const ys_diagnosis *d, int64_t h, const char *lang, ys_str *to, ys_diag *diag)
{
    int n;
    const ys_cause *causes = ys_pack_causes(d->frame->pack, &n);
    ys_str zh = {0}, en = {0};
    bool ok = list_missing(d, h, true, &zh) && list_missing(d, h, false, &en);
    ys_root_words w = {.currency_zh = ys_currency_word(d->frame->pack, true),
                       .currency_en = ys_currency_word(d->frame->pack, false),
                       .money_digits = ys_pack_digits(d->frame->pack),
                       .conflict = d->conflict[h],
                       .missing = d->missing[h],
                       .missing_zh = ys_str_get(&zh),
                       .missing_en = ys_str_get(&en)};
    name_peers(d, &w);
    if (d->cause[h] >= 0) {
        w.declared_zh = causes[d->cause[h]].label_zh;
        w.declared_en = causes[d->cause[h]].label_en;
    }
    ok = ok && ys_root_sentence(d->roots, h, d->frame->col.size[h], &w, lang, to);
    ys_str_done(&zh);
    ys_str_done(&en);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

ys_status ys_diagnosis_village_sentence(const ys_diagnosis *d, int64_t v, const char *lang, ys_str *to,
                                        ys_diag *diag)
{
    ys_deficit found[YS_DEFICIT_MAX];
    const char *labels[YS_DEFICIT_MAX];
    int32_t weight[YS_DEFICIT_MAX];
    if (d->deficits > YS_DEFICIT_MAX)
        return ys_fail(diag, YS_ELIMIT, "村级指标超过 %d 个", "more than %d village indicators",
                       YS_DEFICIT_MAX);
    for (int i = 0; i < d->deficits; i++) {
        labels[i] = strcmp(lang, "zh") == 0 ? d->deficit[i]->label_zh : d->deficit[i]->label_en;
        weight[i] = d->deficit[i]->weight;
    }
    ys_deficit_data dd = {.areas = ys_table_rows(d->frame->village),
                          .indicators = d->deficits,
                          .deprived = (const uint8_t *const *)d->deficit_truth,
                          .weight = weight,
                          .households = d->village_households,
                          .persons = d->village_persons};
    int n = ys_deficits_of(&dd, v, found);
    return n == 0 || ys_deficit_sentence(found, n, labels, lang, to) ? YS_OK : ys_fail_nomem(diag);
}

/* ---- keeping ---- */

static bool put_root(ys_table *t, const ys_diagnosis *d, int64_t h, int64_t row, const char *key)
{
    static const char *const amounts[] = {"labour",   "employment", "earnings",
                                          "property", "transfer",   "rigid"};
    const ys_roots *r = d->roots;
    int64_t n = d->frame->col.size[h];
    bool ok = ys_table_set_text(t, ys_table_find(t, "household"), row, key);
    ok = ok && ys_table_set_text(t, ys_table_find(t, "top"), row, ys_root_name((ys_root)r->top[h]));
    ok = ok && ys_table_set_text(t, ys_table_find(t, "second"), row, ys_root_name((ys_root)r->second[h]));
    ok = ok && ys_table_set_text(t, ys_table_find(t, "peer_level"), row,
                                 ys_diagnosis_peer_level(d, (ys_peer_level)r->peer_level[h]));
    ys_table_set_int(t, ys_table_find(t, "several"), row, r->state[h] == YS_RS_BELOW ? !r->stable[h] : YS_NA);
    ys_table_set_int(t, ys_table_find(t, "gap"), row,
                     ys_is_missing(r->gap[h]) || n < 1 ? YS_NA : r->gap[h] / n);
    for (int k = 0; k < YS_ROOTS; k++)
        ys_table_set_int(t, ys_table_find(t, amounts[k]), row, r->contribution[k][h]);
    ys_table_set_int(t, ys_table_find(t, "peers"), row, r->peers[h]);
    ys_table_set_int(t, ys_table_find(t, "peer_gap"), row, r->peer_gap[h]);
    ys_table_set_int(t, ys_table_find(t, "evidence"), row,
                     d->evidence[h] == YS_UNKNOWN ? YS_NA : d->evidence[h]);
    ys_table_set_int(t, ys_table_find(t, "conflict"), row, d->conflict[h] != 0);
    ys_table_set_int(t, ys_table_find(t, "missing_benefit"), row, d->missing[h]);
    return ok;
}

ys_status ys_diagnosis_keep(const ys_diagnosis *d, ys_store *store, int32_t valid_from, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    int key_col = ys_table_find(f->household, "household");
    ys_table *t = ys_table_for_kind(&ys_kind_root);
    ys_status st = YS_OK;
    int64_t row = 0;
    if (t == NULL || !ys_table_grow(t, f->households))
        YS_GO(ys_fail_nomem(diag));
    for (int64_t h = 0; h < f->households; h++) {
        if (!f->in_register[h])
            continue;
        if (!put_root(t, d, h, row++, ys_table_get_text(f->household, key_col, h)))
            YS_GO(ys_fail_nomem(diag));
    }
    YS_GO(ys_registry_put_rows(store, &ys_kind_root, t, row, valid_from, diag));
done:
    ys_table_free(t);
    return st;
}
