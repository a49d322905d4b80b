/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pair_levels.csv and pair_terms.csv: who may help whom, and what a pair costs.
 */
#include "policy/pack_internal.h"
#include "policy/pair_env.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

enum {
    L_LEVEL,
    L_NEED_KIND,
    L_NEED_RULE,
    L_GIVER_KIND,
    L_GIVER_RULE,
    L_REACH,
    L_CANDIDATES,
    L_CAPACITY_FIELD,
    L_CAPACITY,
    L_STEP,
    L_ALONE,
    L_KEEP,
    L_ZH,
    L_EN,
    L_SOURCE,
    L_EFFECTIVE
};
static const char *const level_cols[] = {"level",      "need_kind", "need_rule",  "giver_kind",
                                         "giver_rule", "reach",     "candidates", "capacity_field",
                                         "capacity",   "step",      "alone",      "keep",
                                         "label_zh",   "label_en",  "source",     "effective"};
enum { T_LEVEL, T_TERM, T_WHAT, T_EXPR, T_COST, T_ZH, T_EN, T_SOURCE, T_EFFECTIVE };
static const char *const term_cols[] = {"level",    "term",     "what",   "expr",     "cost",
                                        "label_zh", "label_en", "source", "effective"};

enum { MOST_CANDIDATES = 10000 };
static const int64_t most_cost = 1000000000000; /* far below the solver's limit, terms added up */

/* A kind with one key field, by which its records are named. */
static void check_kind(const ys_prow *r, int col)
{
    const ys_kind *k = ys_pack_kind(r->l->pack, ys__cell_need(r, col));
    int keys = 0;
    for (int f = 0; k && f < k->field_count; f++)
        keys += k->fields[f].key;
    if (keys == 1)
        return;
    ys_diag *d = ys__pack_fault_cell(r, col);
    ys_fail(d, YS_EDATA, k ? "这个类别没有单一的主键" : "没有这个类别",
            k ? "this kind has no single key" : "there is no such kind");
    ys_diag_fix(d, "写 kinds.csv 里主键只有一个字段的类别",
                "name a kind of kinds.csv whose key is one field");
}

static void check_reach(const ys_prow *r)
{
    const ys_pack *p = r->l->pack;
    const char *reach = ys__cell(r, L_REACH);
    bool known = !*reach;
    for (int i = 0; i < p->level_count; i++)
        known |= strcmp(reach, p->levels[i]) == 0;
    if (known)
        return;
    ys_diag *d = ys__pack_fault_cell(r, L_REACH);
    ys_fail(d, YS_EDATA, "没有这一级地区", "there is no such level of areas");
    ys_diag_fix(d, "写 datapackage.json 的 area_levels 之一，或留空",
                "name one of area_levels of datapackage.json, or leave it blank");
}

static void check_capacity_field(const ys_prow *r)
{
    const char *name = ys__cell(r, L_CAPACITY_FIELD);
    const ys_kind *k = ys_pack_kind(r->l->pack, ys__cell(r, L_GIVER_KIND));
    int f = k ? ys_kind_field(k, name) : -1;
    if (!*name || !k || (f >= 0 && k->fields[f].type == YS_INT))
        return;
    ys_diag *d = ys__pack_fault_cell(r, L_CAPACITY_FIELD);
    ys_fail(d, YS_EDATA, "帮扶方没有这个整数字段", "the giver's kind has no such whole-number field");
    ys_diag_fix(d, "写 fields.csv 里 type 为 int 的字段，或留空",
                "name a field of type int, or leave it blank");
}

static void read_levels(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_PAIR_LEVELS];
    ys__ptable_read(l, "pair_levels.csv", level_cols, LEN(level_cols), true, t);
    p->pair_levels = ys__pack_alloc(l, t->rows, sizeof *p->pair_levels);
    for (int64_t i = 0; p->pair_levels && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        p->pair_levels[i] = (ys_pair_level){.level = ys__cell(&r, L_LEVEL),
                                            .need_kind = ys__cell(&r, L_NEED_KIND),
                                            .need_rule = ys__cell(&r, L_NEED_RULE),
                                            .giver_kind = ys__cell(&r, L_GIVER_KIND),
                                            .giver_rule = ys__cell(&r, L_GIVER_RULE),
                                            .reach = ys__cell(&r, L_REACH),
                                            .capacity_field = ys__cell(&r, L_CAPACITY_FIELD),
                                            .candidates = ys__cell_int(&r, L_CANDIDATES, 1, MOST_CANDIDATES),
                                            .capacity = ys__cell_int(&r, L_CAPACITY, 0, INT32_MAX),
                                            .step = ys__cell_int(&r, L_STEP, 0, most_cost),
                                            .alone = ys__cell_int(&r, L_ALONE, 0, most_cost),
                                            .keep = ys__cell_int(&r, L_KEEP, 0, most_cost),
                                            .label_zh = ys__cell_need(&r, L_ZH),
                                            .label_en = ys__cell_need(&r, L_EN),
                                            .source = ys__cell_need(&r, L_SOURCE)};
        check_kind(&r, L_NEED_KIND);
        check_kind(&r, L_GIVER_KIND);
        check_reach(&r);
        check_capacity_field(&r);
        ys__cell_key(&r, L_LEVEL, YS_PT_PAIR_LEVELS, p->pair_levels[i].level);
        ys__cell_date(&r, L_EFFECTIVE);
    }
}

void ys__pack_read_pairs(ys_pload *l)
{
    static const char *const whats[] = {"condition", "cost", "giver_fault"};
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_PAIR_TERMS];
    read_levels(l);
    if (l->nomem)
        return;
    ys__ptable_read(l, "pair_terms.csv", term_cols, LEN(term_cols), true, t);
    p->pair_terms = ys__pack_alloc(l, t->rows, sizeof *p->pair_terms);
    for (int64_t i = 0; p->pair_terms && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_pair_term *v = &p->pair_terms[i];
        int what = ys__cell_enum(&r, T_WHAT, whats, LEN(whats));
        *v = (ys_pair_term){.level = ys__cell(&r, T_LEVEL),
                            .term = ys__cell(&r, T_TERM),
                            .expr = ys__cell_need(&r, T_EXPR),
                            .condition = what == 0,
                            .fault = what == 2,
                            .label_zh = ys__cell_need(&r, T_ZH),
                            .label_en = ys__cell_need(&r, T_EN),
                            .source = ys__cell_need(&r, T_SOURCE)};
        if (!v->condition && !v->fault)
            v->cost = ys__cell_int(&r, T_COST, -most_cost, most_cost);
        (void)ys__cell_ref(&r, T_LEVEL, YS_PT_PAIR_LEVELS, v->level);
        char *key = ys_arena_printf(p->arena, "%s.%s", v->level, v->term);
        l->nomem |= !key;
        if (key)
            ys__cell_key(&r, T_TERM, YS_PT_PAIR_TERMS, key);
        ys__cell_date(&r, T_EFFECTIVE);
    }
}

/* --- rules --- */

static void compile_side(const ys_prow *r, int col, const ys_rule_env *env, const char *text)
{
    ys_diag why = {0};
    ys_rule *rule = NULL;
    if (!*text)
        return;
    ys_status st = ys_rule_compile(env, text, &rule, &why);
    if (st == YS_OK && ys_rule_result(rule) != YS_RT_BOOL)
        st = ys_fail(&why, YS_ERULE, "应给出真或假", "must give true or false");
    ys_rule_free(rule);
    if (st != YS_OK)
        ys__pack_rule_fault(r, col, st, &why);
}

static void compile_term(ys_pload *l, int64_t row, const ys_pair_env *env)
{
    const ys_pair_term *v = &l->pack->pair_terms[row];
    ys_prow r = {l, &l->table[YS_PT_PAIR_TERMS], row};
    ys_diag why = {0};
    ys_rule *rule = NULL;
    if (!*v->expr)
        return; /* reported already */
    if (v->fault) {
        compile_side(&r, T_EXPR, env->giver, v->expr);
        return;
    }
    ys_status st = ys_rule_compile(env->env, v->expr, &rule, &why);
    if (st == YS_OK) {
        ys_rule_type type = ys_rule_result(rule);
        bool number = type == YS_RT_INT || type == YS_RT_REAL;
        if (type != YS_RT_BOOL && (v->condition || !number))
            st = ys_fail(&why, YS_ERULE, v->condition ? "应给出真或假" : "应给出真或假，或数",
                         v->condition ? "must give true or false" : "must give true or false, or a number");
    }
    ys_rule_free(rule);
    if (st != YS_OK)
        ys__pack_rule_fault(&r, T_EXPR, st, &why);
}

void ys__pack_compile_pairs(ys_pload *l, const ys_facts_env *facts)
{
    ys_pack *p = l->pack;
    for (int i = 0; i < p->count[YS_PT_PAIR_LEVELS] && !l->nomem; i++) {
        const ys_pair_level *v = &p->pair_levels[i];
        ys_prow r = {l, &l->table[YS_PT_PAIR_LEVELS], i};
        ys_pair_env *env = NULL;
        if (!ys_pack_kind(p, v->need_kind) || !ys_pack_kind(p, v->giver_kind))
            continue; /* reported already */
        ys_status st = ys_pair_env_new(p, v, &(ys_pair_sides){.facts = facts, .today = p->reference_date}, 0,
                                       &env, NULL);
        l->nomem |= st == YS_ENOMEM;
        if (st != YS_OK)
            continue;
        compile_side(&r, L_NEED_RULE, env->need, v->need_rule);
        compile_side(&r, L_GIVER_RULE, env->giver, v->giver_rule);
        for (int k = 0; k < p->count[YS_PT_PAIR_TERMS]; k++)
            if (strcmp(p->pair_terms[k].level, v->level) == 0)
                compile_term(l, k, env);
        ys_pair_env_free(env);
    }
}
