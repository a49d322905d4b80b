/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pair_env.h"

#include "base/alloc.h"

struct ys_pair_env_own {
    ys_table *table[2]; /* made here: a side without rows */
    ys_rule_env *side[2], *pair;
    ys_table *pairs;
};

void ys_pair_env_free(ys_pair_env *e)
{
    if (!e)
        return;
    ys_rule_env_free(e->own->pair);
    for (int s = 0; s < 2; s++)
        ys_rule_env_free(e->own->side[s]);
    for (int s = 0; s < 2; s++)
        ys_table_free(e->own->table[s]);
    ys_table_free(e->own->pairs);
    ys_free(e->need_row);
    ys_free(e->giver_row);
    ys_free(e->own);
    ys_free(e);
}

/* What every rule knows: the day and the pack's numbers. */
static ys_status add_constants(ys_rule_env *env, const ys_pack *pack, int32_t today, ys_diag *diag)
{
    const char *const *names;
    const double *values;
    int count = ys_pack_params(pack, &names, &values);
    YS_TRY(ys_rule_env_add_date(env, "today", today, diag));
    return ys_rule_env_add_numbers(env, "param", names, values, count, diag);
}

/* A kind of facts brings its own environment; another kind's fields are its table's columns. */
static ys_status make_side(ys_pair_env *e, const ys_pack *pack, const char *name, const ys_pair_sides *sides,
                           int s, ys_diag *diag)
{
    const ys_kind *kind = ys_pack_kind(pack, name);
    ys_table *t = s == 0 ? sides->need : sides->giver;
    const ys_rule_env *env = sides->facts ? ys_facts_env_of(sides->facts, name) : NULL;
    if (!kind)
        return ys_fail(diag, YS_EDATA, "政策包没有记录类型“%s”", "the pack has no kind %s", name);
    if (env) {
        t = ys_facts_env_table(sides->facts, name);
    } else {
        if (!t)
            t = e->own->table[s] = ys_table_new(name);
        bool ok = t != NULL;
        for (int f = 0; ok && f < kind->field_count; f++)
            ok = ys_table_find(t, kind->fields[f].name) >= 0 ||
                 ys_table_add_column(t, kind->fields[f].name, kind->fields[f].type) >= 0;
        ys_rule_env *own = ok ? ys_rule_env_new(t, ys_pack_digits(pack)) : NULL;
        e->own->side[s] = own;
        if (!own)
            return ys_fail_nomem(diag);
        YS_TRY(add_constants(own, pack, sides->today, diag));
        env = own;
    }
    *(s == 0 ? &e->need : &e->giver) = env;
    *(s == 0 ? &e->need_table : &e->giver_table) = t;
    return YS_OK;
}

static ys_status make_pairs(ys_pair_env *e, const ys_pack *pack, int32_t today, ys_diag *diag)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    struct ys_pair_env_own *own = e->own;
    own->pairs = ys_table_new("pair");
    int common = own->pairs ? ys_table_add_column(own->pairs, "common", YS_CODE) : -1,
        kept = common >= 0 ? ys_table_add_column(own->pairs, "kept", YS_BOOL) : -1,
        km = kept >= 0 ? ys_table_add_column(own->pairs, "km", YS_REAL) : -1,
        minutes = km >= 0 ? ys_table_add_column(own->pairs, "minutes", YS_REAL) : -1;
    bool ok = minutes >= 0;
    for (int i = 0; ok && i < n; i++) /* the code of a level is its index */
        ok = ys_table_code(own->pairs, common, levels[i]) == i;
    e->need_row = ys_malloc((size_t)e->rows * sizeof *e->need_row + 1);
    e->giver_row = ys_malloc((size_t)e->rows * sizeof *e->giver_row + 1);
    if (!ok || !e->need_row || !e->giver_row || !ys_table_grow(own->pairs, e->rows))
        return ys_fail_nomem(diag);
    e->common = ys_table_codes(own->pairs, common);
    e->kept = ys_table_ints(own->pairs, kept);
    e->km = ys_table_reals(own->pairs, km);
    e->minutes = ys_table_reals(own->pairs, minutes);
    own->pair = ys_rule_env_new(own->pairs, ys_pack_digits(pack));
    if (!own->pair)
        return ys_fail_nomem(diag);
    e->env = own->pair;
    YS_TRY(ys_rule_env_add_parent(own->pair, "need", e->need, e->need_row, diag));
    YS_TRY(ys_rule_env_add_parent(own->pair, "giver", e->giver, e->giver_row, diag));
    return add_constants(own->pair, pack, today, diag);
}

ys_status ys_pair_env_new(const ys_pack *pack, const ys_pair_level *level, const ys_pair_sides *sides,
                          int64_t rows, ys_pair_env **ret_env, ys_diag *diag)
{
    ys_pair_env *e = ys_calloc(1, sizeof *e);
    ys_status st = YS_OK;
    if (!e || !(e->own = ys_calloc(1, sizeof *e->own))) {
        ys_free(e);
        return ys_fail_nomem(diag);
    }
    e->rows = rows;
    YS_GO(make_side(e, pack, level->need_kind, sides, 0, diag));
    YS_GO(make_side(e, pack, level->giver_kind, sides, 1, diag));
    YS_GO(make_pairs(e, pack, sides->today, diag));
    *ret_env = e;
    e = NULL;
done:
    ys_pair_env_free(e);
    return st;
}
