/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/facts_env.h"
#include "policy/pack_internal.h"

/* Columns of the tables that hold rules. */
enum {
    DERIVED_EXPR = 3,
    INDICATOR_RULE = 5,
    CAUSE_EVIDENCE = 2,
    MEASURE_GATE = 4,
    ENTITLEMENT_RULE = 2,
    RULE_EXPR = 4
};

/* The compiler says where in the rule; the fault says where in the pack. */
static void rule_fault(const ys_prow *r, int col, const ys_diag *why)
{
    ys_diag *d = ys__pack_fault_cell(r, col);
    if (why->col > 0)
        ys_fail(d, YS_ERULE, "规则第 %lld 个字符处：%s%.0s", "at character %lld of the rule: %.0s%s",
                (long long)why->col, why->zh, why->en);
    else
        ys_fail(d, YS_ERULE, "规则错误：%s%.0s", "the rule is wrong: %.0s%s", why->zh, why->en);
    if (why->fix_zh[0])
        ys_diag_fix(d, why->fix_zh, why->fix_en);
    else
        ys_diag_fix(d, "改正规则（写法见 yaoshi-rules(7)）",
                    "correct the rule (yaoshi-rules(7) is the manual)");
}

void ys__pack_rule_fault(const ys_prow *r, int col, ys_status st, const ys_diag *why)
{
    if (st == YS_ENOMEM)
        r->l->nomem = true;
    else
        rule_fault(r, col, why);
}

static void compile_bool(const ys_prow *r, int col, const ys_facts_env *env, const char *kind,
                         const char *text)
{
    const ys_rule_env *e = ys_facts_env_of(env, kind);
    ys_diag why = {0};
    ys_rule *rule = NULL;
    if (!e || !*text)
        return; /* a wrong kind or an empty cell has been reported */
    ys_status st = ys_rule_compile(e, text, &rule, &why);
    if (st == YS_ENOMEM) {
        r->l->nomem = true;
        return;
    }
    if (st == YS_OK && ys_rule_result(rule) != YS_RT_BOOL) {
        ys_fail(&why, YS_ERULE, "应给出真或假", "must give true or false");
        st = YS_ERULE;
    }
    ys_rule_free(rule);
    if (st != YS_OK)
        rule_fault(r, col, &why);
}

/* A derived value that fails still gets its column, so that one fault is not reported once more by every rule that
 * reads it. */
static void compile_derived(ys_pload *l, ys_facts_env *env)
{
    ys_pack *p = l->pack;
    for (int i = 0; i < p->count[YS_PT_DERIVED] && !l->nomem; i++) {
        const ys_derived *v = &p->derived[i];
        ys_prow r = {l, &l->table[YS_PT_DERIVED], i};
        ys_diag why = {0};
        ys_table *t = ys_facts_env_table(env, v->kind);
        if (!t || ys_table_find(t, v->name) >= 0 || !*v->name)
            continue; /* reported already */
        ys_status st = *v->expr ? ys_facts_env_derive_one(env, v, &why) : YS_EDATA;
        if (st == YS_OK)
            continue;
        if (*v->expr && st != YS_ENOMEM)
            rule_fault(&r, DERIVED_EXPR, &why);
        l->nomem |=
            st == YS_ENOMEM || ys_table_find(t, v->name) >= 0 || ys_table_add_column(t, v->name, v->type) < 0;
        if (!l->nomem)
            l->nomem = ys_facts_env_refresh(env, v->kind, NULL) != YS_OK;
    }
}

static void compile_all(ys_pload *l, const ys_facts_env *env)
{
    static const char *const targets[] = {"household", "person", "village"};
    const ys_pack *p = l->pack;
    for (int i = 0; i < p->count[YS_PT_INDICATORS] && !l->nomem; i++) {
        ys_prow r = {l, &l->table[YS_PT_INDICATORS], i};
        compile_bool(&r, INDICATOR_RULE, env, p->indicators[i].kind, p->indicators[i].rule);
    }
    for (int i = 0; i < p->count[YS_PT_CAUSES] && !l->nomem; i++) {
        ys_prow r = {l, &l->table[YS_PT_CAUSES], i};
        compile_bool(&r, CAUSE_EVIDENCE, env, p->causes[i].kind, p->causes[i].evidence);
    }
    for (int i = 0; i < p->count[YS_PT_MEASURES] && !l->nomem; i++) {
        ys_prow r = {l, &l->table[YS_PT_MEASURES], i};
        compile_bool(&r, MEASURE_GATE, env, targets[p->measures[i].target], p->measures[i].gate);
    }
    for (int i = 0; i < p->count[YS_PT_ENTITLEMENTS] && !l->nomem; i++) {
        ys_prow r = {l, &l->table[YS_PT_ENTITLEMENTS], i};
        compile_bool(&r, ENTITLEMENT_RULE, env, p->entitlements[i].kind, p->entitlements[i].rule);
    }
    for (int i = 0; i < p->count[YS_PT_RULES] && !l->nomem; i++) {
        ys_prow r = {l, &l->table[YS_PT_RULES], i};
        compile_bool(&r, RULE_EXPR, env, p->rules[i].kind, p->rules[i].expr);
    }
}

void ys__pack_check_rules(ys_pload *l)
{
    static const ys_facts nothing = {0};
    ys_facts_env *env = NULL;
    ys_diag why = {0};
    for (size_t i = 0; i < l->fault_count; i++)
        if (l->faults[i].order <= l->table[YS_PT_FIELDS].order || l->faults[i].diag.status == YS_ELIMIT)
            return; /* with wrong fields every rule about them would be reported too */
    ys_status st = ys_facts_env_new(l->pack, &nothing, l->pack->reference_date, &env, &why);
    if (st == YS_ENOMEM) {
        l->nomem = true;
    } else if (st != YS_OK) {
        ys_diag *d = ys__pack_fault(l, "fields.csv", l->table[YS_PT_FIELDS].order);
        if (d)
            *d = why;
    } else {
        compile_derived(l, env);
        compile_all(l, env);
        ys__pack_compile_pairs(l, env);
    }
    ys_facts_env_free(env);
}
