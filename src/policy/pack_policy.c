/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

static const char *const factor_names[] = {"labour",   "employment", "earnings", "property",
                                           "transfer", "rigid",      "none"};

const char *ys_factor_name(ys_factor f)
{
    return f >= 0 && (int)f < LEN(factor_names) ? factor_names[f] : "";
}

bool ys_factor_parse(const char *name, ys_factor *ret_factor)
{
    for (int i = 0; i < LEN(factor_names); i++)
        if (strcmp(name, factor_names[i]) == 0) {
            *ret_factor = (ys_factor)i;
            return true;
        }
    return false;
}

ys_factor ys__cell_factor(const ys_prow *r, int col)
{
    int f = ys__cell_enum(r, col, factor_names, LEN(factor_names));
    return f >= 0 ? (ys_factor)f : YS_F_NONE;
}

/* --- derived --- */
enum { D_KIND, D_NAME, D_TYPE, D_EXPR, D_ZH, D_EN, D_SOURCE, D_EFFECTIVE };
static const char *const derived_cols[] = {"kind",     "name",     "type",   "expr",
                                           "label_zh", "label_en", "source", "effective"};
static const char *const fact_kinds[] = {"household", "person", "income", "village", "town"};

static void read_derived(ys_pload *l)
{
    static const char *const names[] = {"int", "money", "date", "bool", "real", "code", "text"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_DERIVED];
    ys__ptable_read(l, "derived.csv", derived_cols, LEN(derived_cols), false, t);
    p->derived = ys__pack_alloc(l, t->rows, sizeof *p->derived);
    for (int64_t i = 0; p->derived && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_derived *v = &p->derived[i];
        *v = (ys_derived){.kind = ys__cell(&r, D_KIND),
                          .name = ys__cell(&r, D_NAME),
                          .expr = ys__cell_need(&r, D_EXPR),
                          .type = YS_TEXT,
                          .label_zh = ys__cell_need(&r, D_ZH),
                          .label_en = ys__cell_need(&r, D_EN)};
        (void)ys__cell_enum(&r, D_KIND, fact_kinds, LEN(fact_kinds));
        ys__cell_identifier(&r, D_NAME);
        if (ys__cell_enum(&r, D_TYPE, names, LEN(names)) >= 0)
            (void)ys_type_parse(ys__cell(&r, D_TYPE), &v->type);
        if (i == YS_LIMIT_COLUMNS) {
            ys_diag *d = ys__pack_fault_cell(&r, D_NAME);
            ys_fail(d, YS_ELIMIT, "派生值超过 %d 个", "there are more than %d derived values",
                    YS_LIMIT_COLUMNS);
            ys_diag_fix(d, "减少派生值", "use fewer derived values");
        }
        char *key = ys_arena_printf(p->arena, "%s.%s", v->kind, v->name);
        l->nomem |= !key;
        ys__cell_key(&r, D_NAME, YS_PT_DERIVED, key);
        ys__cell_date(&r, D_EFFECTIVE);
    }
}

/* --- indicators --- */
enum { N_NAME, N_KIND, N_DIM, N_WEIGHT, N_STATUTORY, N_RULE, N_ZH, N_EN, N_SOURCE, N_EFFECTIVE };
static const char *const indicator_cols[] = {"name", "kind",     "dimension", "weight", "statutory",
                                             "rule", "label_zh", "label_en",  "source", "effective"};

static void read_indicators(ys_pload *l)
{
    static const char *const kinds[] = {"household", "person", "village"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_INDICATORS];
    ys__ptable_read(l, "indicators.csv", indicator_cols, LEN(indicator_cols), false, t);
    p->indicators = ys__pack_alloc(l, t->rows, sizeof *p->indicators);
    for (int64_t i = 0; p->indicators && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_indicator *v = &p->indicators[i];
        *v = (ys_indicator){.name = ys__cell(&r, N_NAME),
                            .kind = ys__cell(&r, N_KIND),
                            .dimension = ys__cell_need(&r, N_DIM),
                            .weight = (int)ys__cell_int(&r, N_WEIGHT, 1, 1000000),
                            .statutory = ys__cell_bool(&r, N_STATUTORY),
                            .rule = ys__cell_need(&r, N_RULE),
                            .label_zh = ys__cell_need(&r, N_ZH),
                            .label_en = ys__cell_need(&r, N_EN),
                            .source = ys__cell_need(&r, N_SOURCE)};
        (void)ys__cell_enum(&r, N_KIND, kinds, LEN(kinds));
        ys__cell_identifier(&r, N_NAME);
        ys__cell_key(&r, N_NAME, YS_PT_INDICATORS, v->name);
        ys__cell_date(&r, N_EFFECTIVE);
    }
}

/* --- causes --- */
enum { U_CAUSE, U_FACTOR, U_EVIDENCE, U_KIND, U_ZH, U_EN, U_SOURCE, U_EFFECTIVE };
static const char *const cause_cols[] = {"cause",    "factor",   "evidence", "kind",
                                         "label_zh", "label_en", "source",   "effective"};

static void read_causes(ys_pload *l)
{
    static const char *const kinds[] = {"household", "village", "town"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_CAUSES];
    ys__ptable_read(l, "causes.csv", cause_cols, LEN(cause_cols), false, t);
    p->causes = ys__pack_alloc(l, t->rows, sizeof *p->causes);
    for (int64_t i = 0; p->causes && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_cause *v = &p->causes[i];
        *v = (ys_cause){.cause = ys__cell(&r, U_CAUSE),
                        .factor = ys__cell_factor(&r, U_FACTOR),
                        .evidence = ys__cell(&r, U_EVIDENCE),
                        .kind = ys__cell(&r, U_KIND),
                        .label_zh = ys__cell_need(&r, U_ZH),
                        .label_en = ys__cell_need(&r, U_EN),
                        .source = ys__cell_need(&r, U_SOURCE)};
        (void)ys__cell_enum(&r, U_KIND, kinds, LEN(kinds));
        ys__cell_key(&r, U_CAUSE, YS_PT_CAUSES, v->cause);
        ys__cell_date(&r, U_EFFECTIVE);
    }
}

/* --- rules --- */
enum { R_RULE, R_KIND, R_PURPOSE, R_SEVERITY, R_EXPR, R_MZH, R_MEN, R_FZH, R_FEN, R_SOURCE, R_EFFECTIVE };
static const char *const rule_cols[] = {"rule",   "kind",       "purpose",    "severity",
                                        "expr",   "message_zh", "message_en", "fix_zh",
                                        "fix_en", "source",     "effective"};

void ys__pack_read_rules(ys_pload *l)
{
    static const char *const purposes[] = {"quality", "exit", "monitoring"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_RULES];
    ys__ptable_read(l, "rules.csv", rule_cols, LEN(rule_cols), true, t);
    p->rules = ys__pack_alloc(l, t->rows, sizeof *p->rules);
    for (int64_t i = 0; p->rules && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_pack_rule *v = &p->rules[i];
        *v = (ys_pack_rule){.rule = ys__cell(&r, R_RULE),
                            .kind = ys__cell(&r, R_KIND),
                            .purpose = ys__cell(&r, R_PURPOSE),
                            .expr = ys__cell_need(&r, R_EXPR),
                            .message_zh = ys__cell_need(&r, R_MZH),
                            .message_en = ys__cell_need(&r, R_MEN),
                            .fix_zh = ys__cell(&r, R_FZH),
                            .fix_en = ys__cell(&r, R_FEN),
                            .source = ys__cell(&r, R_SOURCE),
                            .severity = (int)ys__cell_int(&r, R_SEVERITY, 1, 5)};
        (void)ys__cell_enum(&r, R_KIND, fact_kinds, LEN(fact_kinds));
        (void)ys__cell_enum(&r, R_PURPOSE, purposes, LEN(purposes));
        ys__cell_key(&r, R_RULE, YS_PT_RULES, v->rule);
        ys__cell_date(&r, R_EFFECTIVE);
    }
}

void ys__pack_read_policy(ys_pload *l)
{
    read_derived(l);
    if (!l->nomem)
        read_indicators(l);
    if (!l->nomem)
        read_causes(l);
}
