/* SPDX-License-Identifier: Apache-2.0 */

#include "app/solving.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/solved.h"

static const ys_opt opts[] = {
    {"format", "pab|gap|mmkp|dimacs", "文件格式（默认按文件名）", "form of the file (default: by its name)"},
    {"threads", "N", "线程数（结果与它无关）", "threads (the result does not depend on it)"},
    {"seconds", "S", "最多搜索这么久（默认做固定的工作量，结果可重复）",
     "search for so long (default: a fixed amount of work, so that the result repeats)"},
    {"max", NULL, "gap：文件里是收益，求最大", "gap: the file holds profits; find the most"},
    {"check", NULL, "pab：用独立的代码重算可行性、价值与上界",
     "pab: recompute feasibility, value and bound with independent code"},
    {"out", "FILE", "把选择写入文件，每户（任务、类）一行，从 0 数，- 为不选",
     "write the choices, a line for each household (job, class), counted from 0, - for none"},
    {0},
};

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_solve_args a = {.file = c->argv[0],
                       .format = ys_cli_get(c, "format"),
                       .out = ys_cli_get(c, "out"),
                       .most = ys_cli_flag(c, "max"),
                       .check = ys_cli_flag(c, "check"),
                       .stop = ys_cli_interrupted};
    int64_t threads = 0;
    ys_solved *s = NULL;
    YS_TRY(ys_cli_int(c, "threads", 1, 256, 0, &threads, diag));
    YS_TRY(ys_cli_real(c, "seconds", 0, &a.seconds, diag));
    if (!(a.seconds >= 0 && a.seconds <= 1e6))
        return ys_fail(diag, YS_EUSAGE, "--seconds 应在 0 至 1000000 之间", "--seconds is from 0 to 1000000");
    a.threads = (int)threads;
    ys_cli_watch_interrupt();
    YS_TRY(ys_solve_file(&a, &s, diag));
    ys_status st = ys_cli_solved(c, s, 0, diag);
    if (st == YS_OK && !s->total.feasible && s->total.proven)
        st = ys_fail(diag, YS_EINFEASIBLE, "没有可行解", "no solution exists");
    ys_solved_free(s);
    return st;
}

const ys_command ys_cmd_solve = {
    .name = "solve",
    .args = "FILE",
    .least = 1,
    .most = 1,
    .zh = "解公开格式的实例（检验求解器）",
    .en = "solve an instance in a published form (to check the solvers)",
    .more_zh = "pab：每户至多两项、每组至多一项、受资金与名额约束的规划（计划器的内核）；gap：广义指派；mmkp"
               "：多选多维背包；dimacs：最小费用流（.min）。"
               "总是给出能达到的值、谁也越不过的界和二者的差距；方法见 docs/optim.md。文件可以是 gzip。",
    .more_en = "pab: plans of at most two options a household and one a group within funds and places, the "
               "core of the "
               "planner; gap: generalised assignment; mmkp: multiple-choice multidimensional knapsack; "
               "dimacs: minimum-cost flow (.min). Always a value that "
               "is attained, a bound that nothing can pass and the gap between them; docs/optim.md has the "
               "methods. The "
               "file may be gzip.",
    .example = "yaoshi solve p10000.pab.gz --threads 2 --json",
    .opts = opts,
    .run = run,
};
