/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

/* --- poverty lines --- */
enum { L_JUR, L_LEVEL, L_YEAR, L_AMOUNT, L_BASIS, L_ZH, L_EN, L_SOURCE, L_EFFECTIVE };
static const char *const line_cols[] = {"jurisdiction", "level",    "year",   "amount",   "price_basis",
                                        "label_zh",     "label_en", "source", "effective"};

static void read_lines(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_LINES];
    ys__ptable_read(l, "lines.csv", line_cols, LEN(line_cols), false, t);
    p->lines = ys__pack_alloc(l, t->rows, sizeof *p->lines);
    for (int64_t i = 0; p->lines && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_line *v = &p->lines[i];
        *v = (ys_line){.jurisdiction = ys__cell(&r, L_JUR),
                       .level = ys__cell_need(&r, L_LEVEL),
                       .year = (int)ys__cell_int(&r, L_YEAR, 1900, 2999),
                       .amount = ys__cell_money(&r, L_AMOUNT, 1),
                       .price_basis = ys__cell(&r, L_BASIS),
                       .label_zh = ys__cell_need(&r, L_ZH),
                       .label_en = ys__cell_need(&r, L_EN),
                       .source = ys__cell_need(&r, L_SOURCE)};
        char *key = ys_arena_printf(p->arena, "%s\x1f%s\x1f%d", v->jurisdiction, v->level, v->year);
        l->nomem |= !key;
        ys__cell_key(&r, L_JUR, YS_PT_LINES, key);
        ys__cell_date(&r, L_EFFECTIVE);
    }
    if (!p->lines || !*p->line_jurisdiction || !*p->line_level || !ys__pack_file(p, "lines.csv"))
        return;
    if (ys_pack_line(p, NULL, NULL, 0))
        return;
    ys_diag *d = ys__pack_fault(l, "datapackage.json", 0);
    ys_diag_where(d, NULL, NULL, 0, 0, "yaoshi.line");
    ys_diag_value(d, p->line_jurisdiction);
    ys_fail(d, YS_EDATA, "lines.csv 中没有默认贫困线（%s，%s，%d 年）",
            "lines.csv has no line for the default (%s, %s, %d)", p->line_jurisdiction, p->line_level,
            p->line_year);
    ys_diag_fix(d, "改正 yaoshi.line，或在 lines.csv 加一行",
                "correct yaoshi.line, or add a row to lines.csv");
}

/* --- lines of the income ledger --- */
enum {
    I_LINE,
    I_COMPONENT,
    I_SIGN,
    I_COUNTS,
    I_PUBLIC,
    I_SUSTAINED,
    I_RATIO,
    I_ZH,
    I_EN,
    I_SYN,
    I_SOURCE,
    I_EFFECTIVE
};
static const char *const income_cols[] = {"line",     "component", "sign",       "counts",
                                          "public",   "sustained", "cost_ratio", "label_zh",
                                          "label_en", "synonyms",  "source",     "effective"};

/* Spending stays out of the statutory income: y is before it, y* after it. */
static void income_sense(const ys_prow *r, const ys_income_line *v, int component)
{
    if (v->component != YS_RIGID || component < 0)
        return;
    if (v->sign == 1) {
        ys_diag *d = ys__pack_fault_cell(r, I_SIGN);
        ys_fail(d, YS_EDATA, "刚性支出的符号应为 -1", "rigid spending has the sign -1");
        ys_diag_fix(d, "改成 -1", "write -1");
    }
    if (v->counts) {
        ys_diag *d = ys__pack_fault_cell(r, I_COUNTS);
        ys_fail(d, YS_EDATA, "刚性支出不计入法定收入", "rigid spending does not count in statutory income");
        ys_diag_fix(d, "counts 改成 0，或改正 component", "set counts to 0, or correct the component");
    }
}

static void read_income_lines(ys_pload *l)
{
    static const char *const components[] = {"wage", "business", "property", "transfer", "rigid"};
    static const char *const signs[] = {"1", "-1"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_INCOME_LINES];
    ys__ptable_read(l, "income_lines.csv", income_cols, LEN(income_cols), false, t);
    p->income_lines = ys__pack_alloc(l, t->rows, sizeof *p->income_lines);
    for (int64_t i = 0; p->income_lines && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        int component = ys__cell_enum(&r, I_COMPONENT, components, LEN(components));
        int sign = ys__cell_enum(&r, I_SIGN, signs, LEN(signs));
        ys_income_line *v = &p->income_lines[i];
        *v = (ys_income_line){.line = ys__cell(&r, I_LINE),
                              .component = component >= 0 ? (ys_component)component : YS_WAGE,
                              .sign = sign == 1 ? -1 : 1,
                              .counts = ys__cell_bool(&r, I_COUNTS),
                              .is_public = ys__cell_bool(&r, I_PUBLIC),
                              .sustained = ys__cell_bool(&r, I_SUSTAINED),
                              .cost_ratio =
                                  *ys__cell(&r, I_RATIO) ? ys__cell_real(&r, I_RATIO, 0, 1) : (double)NAN,
                              .label_zh = ys__cell_need(&r, I_ZH),
                              .label_en = ys__cell_need(&r, I_EN),
                              .synonyms = ys__cell(&r, I_SYN),
                              .source = ys__cell(&r, I_SOURCE)};
        if (sign >= 0)
            income_sense(&r, v, component);
        ys__cell_key(&r, I_LINE, YS_PT_INCOME_LINES, v->line);
        ys__cell_date(&r, I_EFFECTIVE);
    }
}

/* --- entitlements --- */
enum { E_NAME, E_KIND, E_RULE, E_LINE, E_AMOUNT, E_ZH, E_EN, E_SOURCE, E_EFFECTIVE };
static const char *const entitlement_cols[] = {"entitlement", "kind",     "rule",   "line",     "amount",
                                               "label_zh",    "label_en", "source", "effective"};

void ys__pack_read_entitlements(ys_pload *l)
{
    static const char *const kinds[] = {"household", "person"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_ENTITLEMENTS];
    ys__ptable_read(l, "entitlements.csv", entitlement_cols, LEN(entitlement_cols), true, t);
    p->entitlements = ys__pack_alloc(l, t->rows, sizeof *p->entitlements);
    for (int64_t i = 0; p->entitlements && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_entitlement *v = &p->entitlements[i];
        *v = (ys_entitlement){.entitlement = ys__cell(&r, E_NAME),
                              .kind = ys__cell(&r, E_KIND),
                              .rule = ys__cell_need(&r, E_RULE),
                              .line = ys__cell(&r, E_LINE),
                              .amount = ys__cell_money(&r, E_AMOUNT, 0),
                              .label_zh = ys__cell_need(&r, E_ZH),
                              .label_en = ys__cell_need(&r, E_EN),
                              .source = ys__cell_need(&r, E_SOURCE)};
        (void)ys__cell_enum(&r, E_KIND, kinds, LEN(kinds));
        (void)ys__cell_ref(&r, E_LINE, YS_PT_INCOME_LINES, v->line);
        ys__cell_key(&r, E_NAME, YS_PT_ENTITLEMENTS, v->entitlement);
        ys__cell_date(&r, E_EFFECTIVE);
    }
}

/* --- parameters --- */
enum { P_NAME, P_VALUE, P_ZH, P_EN, P_SOURCE, P_EFFECTIVE };
static const char *const param_cols[] = {"name", "value", "label_zh", "label_en", "source", "effective"};

/* What the engine asks for, with the range in which it makes sense; `whole`: counts. */
static const struct {
    const char *name;
    double min, max;
    bool whole;
} known[] = {
    {"af_k", 1, 1e9, true},
    {"peer_min", 1, 1e9, true},
    {"peer_upper", 1, 1e3, false},
    {"stability_noise", 0, 1, false},
    {"discount", 0, 1, false},
    {"horizon_years", 1, 50, true},
    {"income_sd_share", 0, 10, false},
    {"max_measures", 1, 24, true},
    {"tier1_tolerance", 0, 1, false},
    {"competition", 0, 1, false},
    {"statutory_weight", 0, 1e9, false},
    {"worker_months", 1, 12, false},
};

static double param_value(const ys_prow *r)
{
    const char *name = ys__cell(r, P_NAME);
    for (int k = 0; k < LEN(known); k++) {
        if (strcmp(known[k].name, name) != 0)
            continue;
        return known[k].whole ? (double)ys__cell_int(r, P_VALUE, (int64_t)known[k].min, (int64_t)known[k].max)
                              : ys__cell_real(r, P_VALUE, known[k].min, known[k].max);
    }
    return ys__cell_real(r, P_VALUE, -1e300, 1e300); /* the pack's own, for its rules */
}

void ys__pack_read_params(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_PARAMS];
    ys__ptable_read(l, "params.csv", param_cols, LEN(param_cols), false, t);
    p->params = ys__pack_alloc(l, t->rows, sizeof *p->params);
    p->param_names = ys__pack_alloc(l, t->rows, sizeof *p->param_names);
    for (int64_t i = 0; p->params && p->param_names && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys__cell_identifier(&r, P_NAME);
        p->param_names[i] = ys__cell(&r, P_NAME);
        p->params[i] = param_value(&r);
        (void)ys__cell_need(&r, P_ZH);
        (void)ys__cell_need(&r, P_EN);
        (void)ys__cell_need(&r, P_SOURCE);
        ys__cell_key(&r, P_NAME, YS_PT_PARAMS, ys__cell(&r, P_NAME));
        ys__cell_date(&r, P_EFFECTIVE);
    }
    for (int k = 0; k < LEN(known) && ys__pack_file(p, "params.csv"); k++) {
        if (ys_map_find(p->names[YS_PT_PARAMS], known[k].name) >= 0 || !t->file_col[P_NAME])
            continue;
        ys_prow whole = {l, t, -1};
        ys_diag *d = ys__pack_fault_cell(&whole, P_NAME);
        ys_diag_value(d, known[k].name);
        ys_fail(d, YS_EDATA, "缺少参数“%s”", "the parameter %s is missing", known[k].name);
        ys_diag_fix(d, "在 params.csv 加一行（含义见 docs/pack.md）",
                    "add a row to params.csv (docs/pack.md says what it means)");
    }
}

void ys__pack_read_money(ys_pload *l)
{
    read_lines(l);
    if (!l->nomem)
        read_income_lines(l);
}
