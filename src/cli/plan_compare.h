/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_PLAN_COMPARE_H
#define YS_CLI_PLAN_COMPARE_H
/*
 * plan_compare.h - `yaoshi plan --compare`: its option, its tables, its JSON.
 */
#include "app/comparison.h"
#include "cli/command.h"

#define YS_COMPARE_OPT                                                                                                                             \
    {                                                                                                                                              \
        "compare", "RULES",                                                                                                                        \
            "与同样资金名额下的做法对照：even（平均铺开）、declared（照卡上原因）、greedy（先来先得），逗号" \
            "分隔，或 all",                                                                                                                        \
            "beside the same money and places spent evenly, by declared cause, or first come first served: "                                       \
            "even,declared,greedy or all"                                                                                                          \
    }

/* Which rules are asked for; false in `ret_any`: none. */
ys_status ys_cli_compare_rules(const ys_cli *c, bool ret_rule[YS_COMPARE_RULES], bool *ret_any,
                               ys_diag *diag) YS_MUST_USE;
/* Make the comparison and print it as tables or as CSV. */
ys_status ys_cli_compare_print(const ys_cli *c, const ys_planning *p, const ys_comparison *x,
                               ys_diag *diag) YS_MUST_USE;
/* As the member "compare" of the open object. */
void ys_cli_compare_json(ys_json *j, const ys_planning *p, const ys_comparison *x);
/* A kept plan (`version`, NULL: the newest) and the rules asked for, printed; nothing is solved or kept. */
ys_status ys_cli_compare_kept(const ys_cli *c, ys_office *o, const char *version,
                              const bool rule[YS_COMPARE_RULES], ys_diag *diag) YS_MUST_USE;

#endif
