/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/facts_env.h"
#include "base/alloc.h"
#include "base/limits.h"

enum { HOUSEHOLD, PERSON, INCOME, VILLAGE, TOWN, KINDS };
static const char *const kind_names[KINDS] = {"household", "person", "income", "village", "town"};

static const ys_engine_column engine_columns[] = {
    {"size", YS_INT},
    {"income_wage", YS_MONEY},
    {"income_business", YS_MONEY},
    {"income_property", YS_MONEY},
    {"income_transfer", YS_MONEY},
    {"rigid", YS_MONEY},
    {"income_total", YS_MONEY},
    {"income_pc", YS_MONEY},
    {"income_public", YS_MONEY},
    {"ystar_pc", YS_MONEY},
    {"line", YS_MONEY},
    {"gap_pc", YS_MONEY},
    {"poor", YS_BOOL},
};
#define ENGINE_COLUMNS ((int)(sizeof engine_columns / sizeof *engine_columns))

struct ys_facts_env {
    ys_table *table[KINDS];
    bool owned[KINDS]; /* made here, because the caller had none */
    ys_rule_env *env[KINDS];
    ys_csr persons, incomes;
    int32_t *village_of, *household_of, *income_household_of;
};

const ys_engine_column *ys_facts_engine_columns(int *ret_count)
{
    *ret_count = ENGINE_COLUMNS;
    return engine_columns;
}

int ys_facts_engine_column(const char *name)
{
    for (int i = 0; i < ENGINE_COLUMNS; i++)
        if (strcmp(engine_columns[i].name, name) == 0)
            return i;
    return -1;
}

const char *const *ys_facts_reserved(const char *kind)
{
    static const char *const of_household[] = {"today", "param", "persons", "incomes", "village", NULL};
    static const char *const of_others[] = {"today", "param", NULL};
    return strcmp(kind, "household") == 0 ? of_household : of_others;
}

static int kind_index(const char *kind)
{
    for (int k = 0; k < KINDS; k++)
        if (strcmp(kind_names[k], kind) == 0)
            return k;
    return -1;
}

static ys_status add_lacking(ys_table *t, const char *name, ys_type type, ys_diag *diag)
{
    int col = ys_table_find(t, name);
    if (col >= 0 && ys_table_column_type(t, col) != type)
        return ys_fail(diag, YS_EINTERNAL, "%s.%s 的类型是 %s，应为 %s", "%s.%s is of type %s, not %s",
                       ys_table_name(t), name, ys_type_name(ys_table_column_type(t, col)),
                       ys_type_name(type));
    if (col < 0 && ys_table_add_column(t, name, type) < 0)
        return ys_fail_nomem(diag);
    return YS_OK;
}

/* The table of a kind, with all the columns that rules may name. */
static ys_status complete_table(ys_facts_env *e, int k, const ys_pack *pack, ys_table *given, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(pack, kind_names[k]);
    if (!kind)
        return ys_fail(diag, YS_EDATA, "政策包没有记录类型“%s”", "the pack has no kind %s", kind_names[k]);
    e->table[k] = given ? given : ys_table_new(kind_names[k]);
    e->owned[k] = !given;
    if (!e->table[k])
        return ys_fail_nomem(diag);
    for (int f = 0; f < kind->field_count; f++)
        YS_TRY(add_lacking(e->table[k], kind->fields[f].name, kind->fields[f].type, diag));
    for (int c = 0; k == HOUSEHOLD && c < ENGINE_COLUMNS; c++)
        YS_TRY(add_lacking(e->table[k], engine_columns[c].name, engine_columns[c].type, diag));
    return YS_OK;
}

/* Row of the parent for each row of `child`, from the lists of children. */
static ys_status invert(const ys_csr *lists, int64_t child_rows, int32_t **ret_row_of, ys_diag *diag)
{
    int32_t *row_of = ys_aligned((size_t)child_rows + 1, sizeof *row_of);
    if (!row_of)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < child_rows; i++)
        row_of[i] = -1;
    for (int64_t p = 0; p < lists->parents; p++)
        for (int64_t i = lists->start[p]; i < lists->start[p + 1]; i++)
            row_of[lists->item[i]] = (int32_t)p;
    *ret_row_of = row_of;
    return YS_OK;
}

static ys_status join(ys_table *parent, const char *key, ys_table *child, const char *ref, ys_csr *ret_csr,
                      int32_t **ret_row_of, ys_diag *diag)
{
    YS_TRY(ys_csr_join(parent, ys_table_find(parent, key), child, ys_table_find(child, ref), ret_csr, diag));
    return invert(ret_csr, ys_table_rows(child), ret_row_of, diag);
}

static ys_status link_tables(ys_facts_env *e, ys_diag *diag)
{
    ys_table **t = e->table;
    ys_csr of_village = {0};
    YS_TRY(join(t[HOUSEHOLD], "household", t[PERSON], "household", &e->persons, &e->household_of, diag));
    YS_TRY(
        join(t[HOUSEHOLD], "household", t[INCOME], "household", &e->incomes, &e->income_household_of, diag));
    ys_status st = join(t[VILLAGE], "area", t[HOUSEHOLD], "area", &of_village, &e->village_of, diag);
    ys_csr_done(&of_village);
    return st;
}

static ys_status build_envs(ys_facts_env *e, const ys_pack *pack, int32_t today, ys_diag *diag)
{
    const char *const *names;
    const double *values;
    int count = ys_pack_params(pack, &names, &values);
    for (int k = 0; k < KINDS; k++) {
        e->env[k] = ys_rule_env_new(e->table[k], ys_pack_digits(pack));
        if (!e->env[k])
            return ys_fail_nomem(diag);
        YS_TRY(ys_rule_env_add_date(e->env[k], "today", today, diag));
        YS_TRY(ys_rule_env_add_numbers(e->env[k], "param", names, values, count, diag));
    }
    YS_TRY(ys_rule_env_add_list(e->env[HOUSEHOLD], "persons", e->env[PERSON], &e->persons, diag));
    YS_TRY(ys_rule_env_add_list(e->env[HOUSEHOLD], "incomes", e->env[INCOME], &e->incomes, diag));
    YS_TRY(ys_rule_env_add_parent(e->env[HOUSEHOLD], "village", e->env[VILLAGE], e->village_of, diag));
    YS_TRY(ys_rule_env_add_parent(e->env[PERSON], "household", e->env[HOUSEHOLD], e->household_of, diag));
    return ys_rule_env_add_parent(e->env[INCOME], "household", e->env[HOUSEHOLD], e->income_household_of,
                                  diag);
}

ys_status ys_facts_env_new(const ys_pack *pack, const ys_facts *facts, int32_t today, ys_facts_env **ret_env,
                           ys_diag *diag)
{
    ys_table *const given[KINDS] = {facts->household, facts->person, facts->income, facts->village,
                                    facts->town};
    ys_facts_env *e = ys_calloc(1, sizeof *e);
    ys_status st = e ? YS_OK : ys_fail_nomem(diag);
    for (int k = 0; st == YS_OK && k < KINDS; k++)
        st = complete_table(e, k, pack, given[k], diag);
    if (st == YS_OK)
        st = link_tables(e, diag);
    if (st == YS_OK)
        st = build_envs(e, pack, today, diag);
    if (st == YS_OK)
        *ret_env = e;
    else
        ys_facts_env_free(e);
    return st;
}

void ys_facts_env_free(ys_facts_env *e)
{
    if (!e)
        return;
    for (int k = 0; k < KINDS; k++)
        ys_rule_env_free(e->env[k]);
    for (int k = 0; k < KINDS; k++)
        if (e->owned[k])
            ys_table_free(e->table[k]);
    ys_csr_done(&e->persons);
    ys_csr_done(&e->incomes);
    ys_free(e->village_of);
    ys_free(e->household_of);
    ys_free(e->income_household_of);
    ys_free(e);
}

const ys_rule_env *ys_facts_env_of(const ys_facts_env *e, const char *kind)
{
    int k = kind_index(kind);
    return k >= 0 ? e->env[k] : NULL;
}

ys_table *ys_facts_env_table(const ys_facts_env *e, const char *kind)
{
    int k = kind_index(kind);
    return k >= 0 ? e->table[k] : NULL;
}

const ys_csr *ys_facts_env_persons(const ys_facts_env *e)
{
    return &e->persons;
}

const ys_csr *ys_facts_env_incomes(const ys_facts_env *e)
{
    return &e->incomes;
}

const int32_t *ys_facts_env_village_of(const ys_facts_env *e)
{
    return e->village_of;
}

const int32_t *ys_facts_env_household_of(const ys_facts_env *e)
{
    return e->household_of;
}

/* --- derived values --- */

static bool type_fits(ys_rule_type got, ys_type declared)
{
    switch (declared) {
    case YS_INT:
        return got == YS_RT_INT;
    case YS_MONEY:
        return got == YS_RT_MONEY;
    case YS_DATE:
        return got == YS_RT_DATE;
    case YS_BOOL:
        return got == YS_RT_BOOL;
    case YS_REAL:
        return got == YS_RT_REAL || got == YS_RT_INT;
    case YS_CODE:
    case YS_TEXT:
        return got == YS_RT_STRING;
    }
    return false;
}

static const char *result_name(ys_rule_type t)
{
    static const char *const names[] = {"bool", "int", "real", "text", "money", "date"};
    return names[t];
}

/* A whole-number rule into a REAL column. */
static ys_status fill_real(const ys_rule *rule, ys_table *t, const char *name, ys_diag *diag)
{
    int col = ys_table_add_column(t, name, YS_REAL);
    ys_rule_scratch *s = ys_rule_scratch_new();
    ys_status st = col < 0 || !s ? ys_fail_nomem(diag) : YS_OK;
    if (st == YS_OK && ys_table_rows(t))
        st = ys_rule_eval_real(rule, s, 0, ys_table_rows(t), ys_table_reals(t, col));
    ys_rule_scratch_free(s);
    return st;
}

ys_status ys_facts_env_derive_one(ys_facts_env *e, const ys_derived *d, ys_diag *diag)
{
    int k = kind_index(d->kind);
    ys_rule *rule = NULL;
    if (k < 0)
        return ys_fail(diag, YS_ERULE, "规则看不到记录类型“%s”", "rules cannot see the kind %s", d->kind);
    YS_TRY(ys_rule_compile(e->env[k], d->expr, &rule, diag));
    ys_status st = YS_OK;
    if (!type_fits(ys_rule_result(rule), d->type)) {
        st = ys_fail(diag, YS_ERULE, "规则的结果是 %s，而声明的类型是 %s",
                     "the rule gives %s, but the declared type is %s", result_name(ys_rule_result(rule)),
                     ys_type_name(d->type));
        ys_diag_fix(diag, "改正 type 或 expr", "correct type or expr");
    } else if (d->type == YS_REAL && ys_rule_result(rule) == YS_RT_INT) {
        st = fill_real(rule, e->table[k], d->name, diag);
    } else {
        st = ys_rule_eval_column(rule, e->table[k], d->name, diag);
    }
    ys_rule_free(rule);
    return st == YS_OK ? ys_rule_env_refresh(e->env[k], diag) : st;
}

ys_status ys_facts_env_refresh(ys_facts_env *e, const char *kind, ys_diag *diag)
{
    int k = kind_index(kind);
    if (k < 0)
        return ys_fail(diag, YS_ERULE, "规则看不到记录类型“%s”", "rules cannot see the kind %s", kind);
    return ys_rule_env_refresh(e->env[k], diag);
}

ys_status ys_facts_env_derive(ys_facts_env *e, const ys_pack *pack, ys_diag *diag)
{
    int count;
    const ys_derived *all = ys_pack_derived(pack, &count);
    for (int i = 0; i < count; i++)
        YS_TRY(ys_facts_env_derive_one(e, &all[i], diag));
    return YS_OK;
}
