/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_CLI_PLAN_WHATIF_H
#define YS_CLI_PLAN_WHATIF_H
/*
 * plan_whatif.h - the options of yaoshi plan that ask "what if": --set, --scenario, --curve.
 */
#include "app/planning.h"
#include "cli/command.h"

#define YS_WHATIF_OPTS                                                                                       \
    {"set", "TARGET=VALUE",                                                                                  \
     "假如：fund:名/年 capacity:供给 offering:供给/字段 floor:底线 param:参数 "               \
     "project:项目/阶段=日期；=N、=+N、=-N、=N%，可重复",                                                    \
     "what if: fund:NAME/YEAR capacity:OFFERING offering:OFFERING/FIELD floor:FLOOR param:NAME "             \
     "project:PROJECT/GATE=DATE; =N, =+N, "                                                                  \
     "=-N, =N%, "                                                                                            \
     "repeatable"},                                                                                          \
        {"scenario", "FILE", "几个情景并排：文件里 [名] 起一个，每行一处改动",                               \
         "several scenarios side by side: [NAME] begins one, every line is a change"},                       \
        {"curve", "TARGET", "价值随 fund:名/年、capacity:供给 或 floor:底线 变化的曲线",                     \
         "value as fund:NAME/YEAR, capacity:OFFERING or floor:FLOOR varies"},                                \
        {"at", "N,N,…", "曲线上的点，百分比（默认 0,50,80,90,100,110,120,150,200）",                         \
         "points of the curve in per cent (default 0,50,80,90,100,110,120,150,200)"},                        \
    {                                                                                                        \
        "output", "FILE", "逐户变化写成 .csv 或 .xlsx，曲线画成 .svg（-o）",                                 \
            "every changed household as .csv or .xlsx, a curve as .svg (-o)"                                 \
    }

/* Is any of them given? */
bool ys_whatif_asked(const ys_cli *c);
/* From the stored plan (--version; unless the reading, --year or --alpha say otherwise), else from one made now. */
ys_status ys_whatif_run(const ys_cli *c, ys_office *o, const ys_planning_args *args,
                        ys_diag *diag) YS_MUST_USE;

#endif
