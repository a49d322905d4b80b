/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_FACTS_ENV_H
#define YS_POLICY_FACTS_ENV_H
/*
 * facts_env.h - what rules can see: the tables of facts, hung on each other as docs/pack.md says.
 *
 * One function builds the environments of the rules, for the pack loader on empty tables and for the registry on
 * real ones, so that a rule which compiled when the pack was loaded also compiles when it runs.
 *
 *   kind        variables                                          lists               parents
 *   household   its fields, the engine's columns, derived values   persons, incomes    village
 *   person      its fields, derived values                                             household
 *   income      its fields, derived values                                             household
 *   village     its fields, derived values
 *   town        its fields, derived values
 *
 * All know the date `today` and the numbers of params.csv as `param.name`.  The way of the registry:
 *
 *   ys_facts facts = {.household = h, .person = p, .income = i, .village = v, .town = t};
 *   YS_TRY(ys_facts_env_new(pack, &facts, today, &env, diag));  // fields and engine columns are all there now
 *   ... fill the engine's columns, using ys_facts_env_persons(env) and ys_facts_env_incomes(env) ...
 *   YS_GO(ys_facts_env_derive(env, pack, diag));                // derived columns added, in the pack's order
 *   YS_GO(ys_rule_compile(ys_facts_env_of(env, "household"), text, &rule, diag));
 */
#include <stdint.h>
#include "policy/pack.h"
#include "yaoshi/rule.h"
#include "yaoshi/table.h"

/* The columns that the engine itself adds to `household` (docs/pack.md, derived.csv). */
typedef struct ys_engine_column {
    const char *name;
    ys_type type;
} ys_engine_column;
/* In the order of the manual. */
const ys_engine_column *ys_facts_engine_columns(int *ret_count);
/* Index of an engine column by name, -1 if none. */
int ys_facts_engine_column(const char *name);
/* Lists, parents and constants that a field of `kind` must not be named after: NULL-terminated. */
const char *const *ys_facts_reserved(const char *kind);

/* The tables, borrowed and written to: columns are added.  NULL stands for a table without rows. */
typedef struct ys_facts {
    ys_table *household, *person, *income, *village, *town;
} ys_facts;

typedef struct ys_facts_env ys_facts_env;

/*
 * Adds the columns that a table lacks of its kind's fields and, for households, of the engine (filled with "no value
 * known"), joins persons and incomes to households and households to villages by their keys, and builds the
 * environments.  `today` is days since 1970-01-01.  ECONFLICT names a household or village that is there twice.
 * The tables and the pack must outlive the environments; rows must not be added any more.
 */
ys_status ys_facts_env_new(const ys_pack *pack, const ys_facts *facts, int32_t today, ys_facts_env **ret_env,
                           ys_diag *diag) YS_MUST_USE;
void ys_facts_env_free(ys_facts_env *e); /* NULL is fine; compiled rules must be freed before */

/* The environment of a kind, NULL if rules cannot see it; the table behind it (never NULL for the five kinds). */
const ys_rule_env *ys_facts_env_of(const ys_facts_env *e, const char *kind);
ys_table *ys_facts_env_table(const ys_facts_env *e, const char *kind);
/* Rows of persons and incomes by row of household. */
const ys_csr *ys_facts_env_persons(const ys_facts_env *e);
const ys_csr *ys_facts_env_incomes(const ys_facts_env *e);
/* Row of the village of each household, of the household of each person; -1: none. */
const int32_t *ys_facts_env_village_of(const ys_facts_env *e);
const int32_t *ys_facts_env_household_of(const ys_facts_env *e);

/* Compile one derived value, add its column with the values of all rows, and make it a variable.  ERULE if its type is
 * not the declared one (a whole number serves for a real). */
ys_status ys_facts_env_derive_one(ys_facts_env *e, const ys_derived *d, ys_diag *diag) YS_MUST_USE;
/* Columns were added to the table of `kind` by the caller: make them variables too. */
ys_status ys_facts_env_refresh(ys_facts_env *e, const char *kind, ys_diag *diag) YS_MUST_USE;
/* All of the pack, in its order. */
ys_status ys_facts_env_derive(ys_facts_env *e, const ys_pack *pack, ys_diag *diag) YS_MUST_USE;

#endif
