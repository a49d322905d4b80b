/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rule_int.h"

#include "base/alloc.h"
#include "base/str.h"

ys_rule_env *ys_rule_env_new(const ys_table *table, int money_digits)
{
    ys_rule_env *e = ys_calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->table = table;
    e->digits = money_digits < 0 ? 0 : money_digits > YS_RULE_MAX_DIGITS ? YS_RULE_MAX_DIGITS : money_digits;
    e->scale = 1;
    for (int i = 0; i < e->digits; i++)
        e->scale *= 10;
    e->visible = ys_table_columns(table);
    return e;
}

void ys_rule_env_free(ys_rule_env *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->list_count; i++)
        ys_free((void *)(uintptr_t)e->lists[i].name);
    for (size_t i = 0; i < e->parent_count; i++)
        ys_free((void *)(uintptr_t)e->parents[i].name);
    for (size_t i = 0; i < e->date_count; i++)
        ys_free((void *)(uintptr_t)e->dates[i].name);
    ys_free((void *)(uintptr_t)e->numbers.name);
    ys_free(e->lists);
    ys_free(e->parents);
    ys_free(e->dates);
    ys_free(e);
}

int ys__env_column(const ys_rule_env *e, const char *name)
{
    int col = ys_table_find(e->table, name);
    return col < e->visible ? col : -1;
}

const ys__env_list *ys__env_list_find(const ys_rule_env *e, const char *name)
{
    for (size_t i = 0; i < e->list_count; i++)
        if (!strcmp(e->lists[i].name, name))
            return &e->lists[i];
    return NULL;
}

const ys__env_parent *ys__env_parent_find(const ys_rule_env *e, const char *name)
{
    for (size_t i = 0; i < e->parent_count; i++)
        if (!strcmp(e->parents[i].name, name))
            return &e->parents[i];
    return NULL;
}

const ys__env_date *ys__env_date_find(const ys_rule_env *e, const char *name)
{
    for (size_t i = 0; i < e->date_count; i++)
        if (!strcmp(e->dates[i].name, name))
            return &e->dates[i];
    return NULL;
}

bool ys__env_is_numbers(const ys_rule_env *e, const char *name)
{
    return e->numbers.name && !strcmp(e->numbers.name, name);
}

int ys__env_number(const ys_rule_env *e, const char *name)
{
    for (int i = 0; i < e->numbers.count; i++)
        if (!strcmp(e->numbers.names[i], name))
            return i;
    return -1;
}

static bool is_name(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n >= YS_RULE_NAME || (*s >= '0' && *s <= '9'))
        return false;
    for (; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '_'))
            return false;
    return true;
}

/* A copy of a name that is free; NULL with `diag` set if it is not. */
static ys_status new_name(const ys_rule_env *e, const char *name, bool may_be_column, char **ret_copy,
                          ys_diag *diag)
{
    if (!is_name(name)) {
        ys_status st =
            ys_fail(diag, YS_ERULE, "“%s”不能作为规则中的名称", "“%s” cannot be a name in a rule", name);
        ys_diag_fix(diag, "只用字母、数字和下划线，以字母开头",
                    "use letters, digits and _, starting with a letter");
        return st;
    }
    if ((!may_be_column && ys__env_column(e, name) >= 0) || ys__env_list_find(e, name) ||
        ys__env_parent_find(e, name) || ys__env_date_find(e, name) || ys__env_is_numbers(e, name))
        return ys_fail(diag, YS_ECONFLICT, "规则中的名称“%s”重复",
                       "the name “%s” is taken in this rule environment", name);
    char *copy = ys_strdup(name);
    if (!copy)
        return ys_fail_nomem(diag);
    *ret_copy = copy;
    return YS_OK;
}

ys_status ys_rule_env_add_list(ys_rule_env *e, const char *name, const ys_rule_env *child,
                               const ys_csr *links, ys_diag *diag)
{
    if (links->parents != ys_table_rows(e->table))
        return ys_fail(diag, YS_EUSAGE, "列表“%s”有 %lld 行，而表有 %lld 行",
                       "list “%s” is for %lld rows, the table has %lld", name, (long long)links->parents,
                       (long long)ys_table_rows(e->table));
    if (!ys_grow(&e->lists, &e->list_cap, e->list_count + 1, sizeof *e->lists))
        return ys_fail_nomem(diag);
    char *copy = NULL;
    YS_TRY(new_name(e, name, false, &copy, diag));
    e->lists[e->list_count++] = (ys__env_list){copy, child, links};
    return YS_OK;
}

ys_status ys_rule_env_add_parent(ys_rule_env *e, const char *name, const ys_rule_env *parent,
                                 const int32_t *row_of, ys_diag *diag)
{
    if (!ys_grow(&e->parents, &e->parent_cap, e->parent_count + 1, sizeof *e->parents))
        return ys_fail_nomem(diag);
    char *copy = NULL;
    YS_TRY(new_name(e, name, true, &copy, diag));
    e->parents[e->parent_count++] = (ys__env_parent){copy, parent, row_of};
    return YS_OK;
}

ys_status ys_rule_env_add_date(ys_rule_env *e, const char *name, int32_t days, ys_diag *diag)
{
    if (!ys_grow(&e->dates, &e->date_cap, e->date_count + 1, sizeof *e->dates))
        return ys_fail_nomem(diag);
    char *copy = NULL;
    YS_TRY(new_name(e, name, false, &copy, diag));
    e->dates[e->date_count++] = (ys__env_date){copy, days};
    return YS_OK;
}

ys_status ys_rule_env_add_numbers(ys_rule_env *e, const char *name, const char *const *names,
                                  const double *values, int count, ys_diag *diag)
{
    char *copy = NULL;
    if (e->numbers.name)
        return ys_fail(diag, YS_ECONFLICT, "规则环境已经有一组常数",
                       "the rule environment has a group of numbers already");
    YS_TRY(new_name(e, name, false, &copy, diag));
    e->numbers = (ys__env_numbers){copy, names, values, count};
    return YS_OK;
}

ys_status ys_rule_env_refresh(ys_rule_env *e, ys_diag *diag)
{
    int columns = ys_table_columns(e->table);
    for (int i = e->visible; i < columns; i++) {
        const char *name = ys_table_column_name(e->table, i);
        if (ys__env_list_find(e, name) || ys__env_parent_find(e, name) || ys__env_date_find(e, name) ||
            ys__env_is_numbers(e, name))
            return ys_fail(diag, YS_ECONFLICT, "新列“%s”与规则中的名称重复",
                           "the new column “%s” has the name of a list, record or date of the rules", name);
    }
    e->visible = columns;
    return YS_OK;
}

/* ---- spelling help ---- */

typedef struct nearest {
    const char *name, *best;
    int distance;
} nearest;

static void consider(nearest *n, const char *candidate)
{
    if (strlen(candidate) >= YS_RULE_NAME)
        return;
    int d = ys_edit_distance(n->name, candidate);
    if (d < n->distance) {
        n->distance = d;
        n->best = candidate;
    }
}

const char *ys__env_nearest(const ys_rule_env *e, const char *name)
{
    size_t len = strlen(name);
    nearest n = {name, NULL, len <= 3 ? 2 : 3};
    if (len >= YS_RULE_NAME)
        return NULL;
    for (int i = 0; i < e->visible; i++)
        consider(&n, ys_table_column_name(e->table, i));
    for (size_t i = 0; i < e->list_count; i++)
        consider(&n, e->lists[i].name);
    for (size_t i = 0; i < e->parent_count; i++)
        consider(&n, e->parents[i].name);
    for (size_t i = 0; i < e->date_count; i++)
        consider(&n, e->dates[i].name);
    if (e->numbers.name)
        consider(&n, e->numbers.name);
    return n.best;
}

const char *ys__env_nearest_number(const ys_rule_env *e, const char *name)
{
    size_t len = strlen(name);
    nearest n = {name, NULL, len <= 3 ? 2 : 3};
    for (int i = 0; len < YS_RULE_NAME && i < e->numbers.count; i++)
        consider(&n, e->numbers.names[i]);
    return n.best;
}
