/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_RULE_H
#define YAOSHI_RULE_H
/*
 * rule.h - rules in a subset of CEL (Common Expression Language), compiled once and evaluated over columns.
 *
 *   workers == 0 && age_max >= 60
 *   persons.exists(p, p.health == '04')
 *   income_pc < yuan(2995)
 *
 * Types: int, double, bool, string (codes and texts), money, date, list of records.  Money compares with
 * money only: a bare number against money is a compile error.  Truth has three values: a comparison with a
 * missing fact is unknown; `unknown && false` is false, `unknown || true` is true, all else stays unknown
 * (Kleene).  An unknown rule never makes anybody eligible.  `has(x)` is never unknown.  yaoshi-rules(7) is
 * the manual.
 *
 * A compiled rule belongs to the environment it was compiled in and is immutable: many threads may evaluate
 * it, each with its own ys_rule_scratch.
 */
#include <stdbool.h>
#include <stdint.h>
#include "yaoshi/status.h"
#include "yaoshi/table.h"

typedef enum ys_rule_type {
    YS_RT_BOOL,
    YS_RT_INT,
    YS_RT_REAL,
    YS_RT_STRING,
    YS_RT_MONEY,
    YS_RT_DATE
} ys_rule_type;

/* Three truth values as bytes. */
enum { YS_FALSE = 0, YS_TRUE = 1, YS_UNKNOWN = 2 };

/* Names a rule may use: the columns of one table, and the lists that hang on its rows. */
typedef struct ys_rule_env ys_rule_env;
/* Borrows the table: every column is a variable of its name, types as in the table.  `money_digits` scales
 * yuan(). */
ys_rule_env *ys_rule_env_new(const ys_table *table, int money_digits);
void ys_rule_env_free(ys_rule_env *e);
/* `name` is a list of the rows of `child` (its own environment, borrowed) by `links`, one entry per row
 * (borrowed). */
ys_status ys_rule_env_add_list(ys_rule_env *e, const char *name, const ys_rule_env *child,
                               const ys_csr *links, ys_diag *diag) YS_MUST_USE;
/* `name.field` reads one row of `parent` per row here (row numbers, -1 = none, borrowed): household.village facts.
 * A column may have the same name: alone it is the column (the key), before a dot it is the record. */
ys_status ys_rule_env_add_parent(ys_rule_env *e, const char *name, const ys_rule_env *parent,
                                 const int32_t *row_of, ys_diag *diag) YS_MUST_USE;
/* A named constant date, for `today` and the like. */
ys_status ys_rule_env_add_date(ys_rule_env *e, const char *name, int32_t days, ys_diag *diag) YS_MUST_USE;

/* Named constant numbers behind a dot, `name.x`: doubles, whatever their value, so that a rule keeps its types when a
 * number changes.  One such group; `names` and `values` (`count` each) are borrowed, `name` is copied. */
ys_status ys_rule_env_add_numbers(ys_rule_env *e, const char *name, const char *const *names,
                                  const double *values, int count, ys_diag *diag) YS_MUST_USE;

typedef struct ys_rule ys_rule;
/* Compile and check `text` against `env`; on failure `diag` has the position (col) and what was expected. */
ys_status ys_rule_compile(const ys_rule_env *env, const char *text, ys_rule **ret_rule,
                          ys_diag *diag) YS_MUST_USE;
void ys_rule_free(ys_rule *r);
ys_rule_type ys_rule_result(const ys_rule *r);
int ys_rule_steps(const ys_rule *r);

typedef struct ys_rule_scratch ys_rule_scratch;
ys_rule_scratch *ys_rule_scratch_new(void);
void ys_rule_scratch_free(ys_rule_scratch *s);

/* Rows [begin,end) of the environment's table.  `ret_*` has end-begin places.  EUSAGE: rows that are not there, or
 * another type than the rule's; ELIMIT: more than YS_LIMIT_RULE_ROWS list elements below one row. */
ys_status ys_rule_eval_bool(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end,
                            uint8_t *ret_truth) YS_MUST_USE;
ys_status ys_rule_eval_int(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end,
                           int64_t *ret_value) YS_MUST_USE; /* INT MONEY DATE BOOL; YS_NA unknown */
ys_status ys_rule_eval_real(const ys_rule *r, ys_rule_scratch *s, int64_t begin, int64_t end,
                            double *ret_value) YS_MUST_USE; /* REAL or INT; NaN unknown */
/* Evaluate over all rows into a new column `name` of `table` (the environment's own table is fine: it sees it
 * after ys_rule_env_refresh). */
ys_status ys_rule_eval_column(const ys_rule *r, ys_table *table, const char *name, ys_diag *diag) YS_MUST_USE;
/* Columns were added to the table: make them variables too. */
ys_status ys_rule_env_refresh(ys_rule_env *e, ys_diag *diag) YS_MUST_USE;
/* Variables, lists and fields the rule reads ("size", "persons.age"), in order of first use: for
 * explanations. */
int ys_rule_reads(const ys_rule *r, const char *const **ret_names);

#endif
