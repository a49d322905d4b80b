/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/frame.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

void ys_frame_free(ys_frame *f)
{
    if (f == NULL)
        return;
    ys_facts_env_free(f->env);
    ys_areas_free(f->areas);
    ys_table *tables[] = {f->area,       f->household, f->person,  f->income,   f->village,  f->town,
                          f->population, f->statistic, f->wish,    f->fund,     f->provider, f->offering,
                          f->floor,      f->lock,      f->project, f->milestone};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        ys_table_free(tables[i]);
    ys_free(f->area_of);
    ys_free(f->in_register);
    ys_free(f->weight);
    ys_free(f->col.ystar);
    ys_free(f);
}

/* ---- reading ---- */

static ys_status read_kind(const ys_frame_args *a, const char *name, bool scoped, ys_table **ret,
                           ys_diag *diag)
{
    const ys_kind *k = ys_pack_kind(a->pack, name);
    ys_scan how = {.as_of_tx = a->as_of_tx, .valid_on = a->valid_on, .scope = scoped ? a->scope : NULL};
    if (k == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有类别 %s", "the pack has no kind %s", name);
    return ys_store_scan(a->store, k, &how, ret, diag);
}

static ys_status read_tables(const ys_frame_args *a, ys_frame *f, ys_diag *diag)
{
    YS_TRY(read_kind(a, "area", false, &f->area, diag));
    YS_TRY(read_kind(a, "household", true, &f->household, diag));
    YS_TRY(read_kind(a, "person", true, &f->person, diag));
    YS_TRY(read_kind(a, "income", true, &f->income, diag));
    YS_TRY(read_kind(a, "village", true, &f->village, diag));
    YS_TRY(read_kind(a, "town", true, &f->town, diag));
    YS_TRY(read_kind(a, "population", false, &f->population, diag));
    YS_TRY(read_kind(a, "statistic", false, &f->statistic, diag));
    if (!a->supply)
        return YS_OK;
    YS_TRY(read_kind(a, "wish", true, &f->wish, diag));
    YS_TRY(read_kind(a, "fund", false, &f->fund, diag));
    YS_TRY(read_kind(a, "provider", false, &f->provider, diag));
    YS_TRY(read_kind(a, "offering", false, &f->offering, diag));
    YS_TRY(read_kind(a, "floor", true, &f->floor, diag));
    if (ys_pack_kind(a->pack, "lock") != NULL)
        YS_TRY(read_kind(a, "lock", false, &f->lock, diag));
    if (ys_pack_kind(a->pack, "project") == NULL || ys_pack_kind(a->pack, "milestone") == NULL)
        return YS_OK;
    YS_TRY(read_kind(a, "project", false, &f->project, diag));
    return read_kind(a, "milestone", false, &f->milestone, diag);
}

/* ---- households: where they are, and whether they are register or sample ---- */

static ys_status place_households(ys_frame *f, ys_diag *diag)
{
    ys_table *h = f->household;
    int area = ys_table_find(h, "area"), frame = ys_table_find(h, "frame"),
        weight = ys_table_find(h, "weight");
    f->area_of = ys_calloc((size_t)f->households, sizeof *f->area_of);
    f->in_register = ys_calloc((size_t)f->households, 1);
    f->weight = ys_calloc((size_t)f->households, sizeof *f->weight);
    if (f->area_of == NULL || f->in_register == NULL || f->weight == NULL)
        return ys_fail_nomem(diag);
    f->survey_only = f->households > 0;
    for (int64_t i = 0; i < f->households; i++) {
        const char *code = ys_table_get_text(h, area, i), *which = ys_table_get_text(h, frame, i);
        double w = ys_table_get_real(h, weight, i);
        f->area_of[i] = code != NULL ? ys_areas_find(f->areas, code) : -1;
        f->in_register[i] = which == NULL || strcmp(which, "sample") != 0;
        f->weight[i] = isnan(w) ? 1 : w;
        f->survey_only = f->survey_only && f->in_register[i] == 0;
    }
    if (f->survey_only)
        memset(f->in_register, 1, (size_t)f->households);
    return YS_OK;
}

/* ---- incomes: the ledger summed by component ---- */

/* The household's sums while its lines are read. */
typedef struct sums {
    int64_t component[YS_COMPONENTS]; /* business net, rigid positive */
    int64_t total, public_transfer;   /* total: lines that count */
    int64_t default_cost, counted_default_cost;
    bool costs_recorded, overflow;
} sums;

static void add(sums *s, int64_t *to, int64_t v)
{
    if (__builtin_add_overflow(*to, v, to))
        s->overflow = true;
}

/* Own production waits: recorded costs take the place of the default.  Elsewhere (a loan that is owed back) the share
 * comes off at once. */
static void add_default_cost(sums *s, const ys_income_line *l, int64_t amount)
{
    /* Ratios are decimal fractions of at most six places: integers keep the cost exact on every machine. */
    int64_t ppm = (int64_t)(l->cost_ratio * 1e6 + 0.5);
    int64_t cost = (int64_t)((__int128)amount * ppm / 1000000);
    bool own = l->component == YS_BUSINESS;
    add(s, own ? &s->default_cost : &s->component[l->component], own ? cost : -cost);
    if (l->counts)
        add(s, own ? &s->counted_default_cost : &s->total, own ? cost : -cost);
}

static void add_line(sums *s, const ys_income_line *l, int64_t amount)
{
    int64_t signed_amount = l->sign < 0 ? -amount : amount;
    if (l->component == YS_RIGID) {
        add(s, &s->component[YS_RIGID], amount);
        return;
    }
    add(s, &s->component[l->component], signed_amount);
    if (l->component == YS_BUSINESS && l->sign < 0)
        s->costs_recorded = true;
    if (l->counts)
        add(s, &s->total, signed_amount);
    if (l->counts && l->is_public && l->component == YS_TRANSFER)
        add(s, &s->public_transfer, signed_amount);
    if (!isnan(l->cost_ratio))
        add_default_cost(s, l, amount);
}

/* Pack line of every code of the ledger's `line` column, NULL where the pack has none. */
static ys_status lines_by_code(const ys_frame *f, int col, const ys_income_line ***ret, ys_diag *diag)
{
    int n;
    const ys_income_line *lines = ys_pack_income_lines(f->pack, &n);
    int32_t codes = ys_table_code_count(f->income, col);
    const ys_income_line **by = ys_calloc((size_t)codes, sizeof *by);
    if (by == NULL)
        return ys_fail_nomem(diag);
    for (int32_t c = 0; c < codes; c++) {
        for (int i = 0; i < n && by[c] == NULL; i++) {
            if (strcmp(lines[i].line, ys_table_code_text(f->income, col, c)) == 0)
                by[c] = &lines[i];
        }
    }
    *ret = by;
    return YS_OK;
}

/* The engine's columns, as arrays to be written. */
typedef struct outputs {
    int64_t *of[16];
} outputs;

enum {
    O_SIZE,
    O_WAGE,
    O_BUSINESS,
    O_PROPERTY,
    O_TRANSFER,
    O_RIGID,
    O_TOTAL,
    O_PC,
    O_PUBLIC,
    O_YSTAR_PC,
    O_LINE,
    O_GAP,
    O_POOR
};
static const char *const output_names[] = {"size",
                                           "income_wage",
                                           "income_business",
                                           "income_property",
                                           "income_transfer",
                                           "rigid",
                                           "income_total",
                                           "income_pc",
                                           "income_public",
                                           "ystar_pc",
                                           "line",
                                           "gap_pc",
                                           "poor"};

static int64_t per_head(int64_t total, int64_t n)
{
    /* Towards minus infinity: a household just under the line is never rounded up to it. */
    int64_t q = total / n;
    return q - (total % n != 0 && total < 0);
}

static void finish_household(ys_frame *f, const outputs *o, int64_t i, sums *s)
{
    int64_t n = f->members->start[i + 1] - f->members->start[i];
    if (!s->costs_recorded) {
        add(s, &s->component[YS_BUSINESS], -s->default_cost);
        add(s, &s->total, -s->counted_default_cost);
    }
    int64_t ystar = 0;
    for (int c = 0; c < YS_COMPONENTS; c++) {
        if (c != YS_RIGID)
            add(s, &ystar, s->component[c]);
    }
    add(s, &ystar, -s->component[YS_RIGID]);
    o->of[O_SIZE][i] = n;
    for (int c = 0; c < YS_COMPONENTS; c++)
        o->of[O_WAGE + c][i] = s->component[c];
    o->of[O_TOTAL][i] = s->total;
    o->of[O_PUBLIC][i] = s->public_transfer;
    o->of[O_LINE][i] = f->line->amount;
    f->col.ystar[i] = ystar;
    if (n == 0) {
        f->no_members++;
        return;
    }
    o->of[O_PC][i] = per_head(s->total, n);
    o->of[O_YSTAR_PC][i] = per_head(ystar, n);
    o->of[O_POOR][i] = (__int128)s->total < (__int128)f->line->amount * n;
    int64_t gap = f->line->amount - o->of[O_YSTAR_PC][i];
    o->of[O_GAP][i] = gap > 0 ? gap : 0;
}

static ys_status no_such_period(const ys_frame *f, const char *other, ys_diag *diag)
{
    ys_diag_fix(diag, "用 --period 指明台账里有的期间", "name a period of the ledger with --period");
    return ys_fail(diag, YS_ENOTFOUND, "收入台账里没有期间 %s 的行；有的是 %s 等",
                   "the income ledger has no row of period %s; there are some of %s", f->period,
                   other != NULL ? other : "#NA");
}

static ys_status sum_ledger(ys_frame *f, const outputs *o, ys_diag *diag)
{
    int line = ys_table_find(f->income, "line"), amount = ys_table_find(f->income, "amount");
    int period = ys_table_find(f->income, "period"), key = ys_table_find(f->household, "household");
    const ys_income_line **by = NULL;
    YS_TRY(lines_by_code(f, line, &by, diag));
    const int32_t *codes = ys_table_codes(f->income, line);
    const int64_t *amounts = ys_table_ints(f->income, amount);
    ys_status st = YS_OK;
    const char *other = NULL;
    int64_t used = 0;
    for (int64_t i = 0; i < f->households && st == YS_OK; i++) {
        sums s = {0};
        for (int64_t k = f->ledger->start[i]; k < f->ledger->start[i + 1]; k++) {
            int32_t row = f->ledger->item[k];
            const char *p = ys_table_get_text(f->income, period, row);
            if (p == NULL || strcmp(p, f->period) != 0) {
                f->other_period++;
                other = p;
                continue;
            }
            used++;
            if (codes[row] >= 0 && by[codes[row]] != NULL && !ys_is_missing(amounts[row]))
                add_line(&s, by[codes[row]], amounts[row]);
        }
        finish_household(f, o, i, &s);
        if (s.overflow)
            st = ys_fail(diag, YS_EDATA, "户 %s 的收入合计超出范围",
                         "the incomes of household %s add up beyond range",
                         ys_table_get_text(f->household, key, i));
    }
    ys_free(by);
    /* Without any row of the period everybody would look poor. */
    if (st == YS_OK && used == 0 && f->other_period > 0)
        st = no_such_period(f, other, diag);
    return st;
}

static ys_status add_incomes(ys_frame *f, ys_diag *diag)
{
    outputs o;
    for (size_t i = 0; i < sizeof output_names / sizeof *output_names; i++) {
        int c = ys_table_find(f->household, output_names[i]);
        o.of[i] = c >= 0 ? ys_table_ints(f->household, c) : NULL;
        if (o.of[i] == NULL)
            return ys_fail(diag, YS_EINTERNAL, "缺少引擎列 %s", "engine column %s is missing",
                           output_names[i]);
    }
    f->col.ystar = ys_calloc((size_t)f->households, sizeof *f->col.ystar);
    if (f->col.ystar == NULL)
        return ys_fail_nomem(diag);
    return sum_ledger(f, &o, diag);
}

/* Adding columns never moves others: the arrays stay where they are from here on. */
static void take_columns(ys_frame *f)
{
    const int64_t **to[] = {&f->col.size,
                            &f->col.wage,
                            &f->col.business,
                            &f->col.property,
                            &f->col.transfer,
                            &f->col.rigid,
                            &f->col.total,
                            NULL,
                            &f->col.public_transfer,
                            NULL,
                            NULL,
                            &f->col.gap,
                            &f->col.poor};
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        if (to[i] != NULL)
            *to[i] = ys_table_ints(f->household, ys_table_find(f->household, output_names[i]));
    }
}

static ys_status choose_line(const ys_frame_args *a, ys_frame *f, ys_diag *diag)
{
    f->pack = a->pack;
    f->line = a->line != NULL ? a->line : ys_pack_line(a->pack, NULL, NULL, 0);
    f->period = a->period != NULL ? a->period : ys_pack_period(a->pack);
    f->today = a->today != INT32_MIN ? a->today : ys_pack_reference_date(a->pack);
    if (f->line == NULL)
        return ys_fail(diag, YS_EDATA, "政策包没有默认贫困线", "the pack has no default poverty line");
    return YS_OK;
}

/* An area or a transaction that is not there would give an empty answer that looks like one. */
static ys_status check_reading(const ys_frame_args *args, const ys_frame *f, ys_diag *diag)
{
    ys_tx head;
    if (args->scope != NULL && ys_areas_find(f->areas, args->scope) < 0) {
        ys_diag_fix(diag, "用地区表里的编码", "use a code of the area table");
        return ys_fail(diag, YS_ENOTFOUND, "没有地区 %s", "there is no area %s", args->scope);
    }
    if (args->as_of_tx == 0)
        return YS_OK;
    YS_TRY(ys_store_head(args->store, &head, diag));
    if (args->as_of_tx <= head.id)
        return YS_OK;
    ys_diag_fix(diag, "yaoshi log 列出事务", "yaoshi log lists the transactions");
    return ys_fail(diag, YS_ENOTFOUND, "没有事务 %lld，最新的是 %lld",
                   "there is no transaction %lld, the newest is %lld", (long long)args->as_of_tx,
                   (long long)head.id);
}

ys_status ys_frame_read(const ys_frame_args *args, ys_frame **ret_frame, ys_diag *diag)
{
    ys_frame *f = ys_calloc(1, sizeof *f);
    ys_status st = YS_OK;
    if (f == NULL)
        return ys_fail_nomem(diag);
    YS_GO(choose_line(args, f, diag));
    YS_GO(read_tables(args, f, diag));
    f->households = ys_table_rows(f->household);
    f->persons = ys_table_rows(f->person);
    YS_GO(ys_areas_new(f->area, f->pack, &f->areas, diag));
    YS_GO(check_reading(args, f, diag));
    YS_GO(place_households(f, diag));
    ys_facts facts = {.household = f->household,
                      .person = f->person,
                      .income = f->income,
                      .village = f->village,
                      .town = f->town};
    YS_GO(ys_facts_env_new(f->pack, &facts, f->today, &f->env, diag));
    f->members = ys_facts_env_persons(f->env);
    f->ledger = ys_facts_env_incomes(f->env);
    f->village_row = ys_facts_env_village_of(f->env);
    YS_GO(add_incomes(f, diag));
    YS_GO(ys_facts_env_derive(f->env, f->pack, diag));
    take_columns(f);
    *ret_frame = f;
    return YS_OK;
done:
    ys_frame_free(f);
    return st;
}

ys_status ys_frame_truth(const ys_frame *f, const char *kind, const char *rule, uint8_t **ret_truth,
                         ys_diag *diag)
{
    const ys_rule_env *env = ys_facts_env_of(f->env, kind);
    ys_rule *r = NULL;
    ys_rule_scratch *scratch = ys_rule_scratch_new();
    uint8_t *truth = NULL;
    ys_status st = YS_OK;
    if (env == NULL)
        YS_GO(ys_fail(diag, YS_ERULE, "规则看不到类别 %s", "rules cannot see kind %s", kind));
    int64_t n = ys_table_rows(ys_facts_env_table(f->env, kind));
    truth = ys_malloc((size_t)n);
    if (scratch == NULL || truth == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(ys_rule_compile(env, rule, &r, diag));
    YS_GO(ys_rule_eval_bool(r, scratch, 0, n, truth));
    *ret_truth = truth;
    truth = NULL;
done:
    ys_free(truth);
    ys_rule_free(r);
    ys_rule_scratch_free(scratch);
    return st;
}

/* A household by its members: true if it holds for any, unknown if for none but unknown for some. */
static void any_member(const ys_frame *f, const uint8_t *person, uint8_t *out)
{
    for (int64_t h = 0; h < f->households; h++) {
        for (int64_t k = f->members->start[h]; k < f->members->start[h + 1]; k++) {
            uint8_t t = person[f->members->item[k]];
            if (t == YS_TRUE || (t == YS_UNKNOWN && out[h] == YS_FALSE))
                out[h] = t;
        }
    }
}

ys_status ys_frame_deprived(const ys_frame *f, const ys_indicator *in, uint8_t **ret_households,
                            uint8_t **ret_persons, ys_diag *diag)
{
    uint8_t *truth = NULL, *out = NULL;
    bool household = strcmp(in->kind, "household") == 0, person = strcmp(in->kind, "person") == 0;
    YS_TRY(ys_frame_truth(f, in->kind, in->rule, &truth, diag));
    if (!household && (out = ys_calloc((size_t)f->households, 1)) == NULL) {
        ys_free(truth);
        return ys_fail_nomem(diag);
    }
    if (person)
        any_member(f, truth, out);
    for (int64_t h = 0; h < f->households && !household && !person; h++)
        out[h] = f->village_row[h] >= 0 ? truth[f->village_row[h]] : YS_UNKNOWN;
    *ret_households = household ? truth : out;
    if (ret_persons != NULL)
        *ret_persons = person ? truth : NULL;
    if (!household && (!person || ret_persons == NULL))
        ys_free(truth);
    return YS_OK;
}

int64_t ys_frame_household(const ys_frame *f, const char *key)
{
    int col = ys_table_find(f->household, "household");
    /* Rows come in key order, bytewise. */
    int64_t low = 0, high = f->households;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (strcmp(ys_table_get_text(f->household, col, mid), key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < f->households && strcmp(ys_table_get_text(f->household, col, low), key) == 0 ? low : -1;
}
