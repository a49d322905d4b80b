/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/clock.h"
#include "cli/commands.h"
#include "synth/synth.h"

static const ys_opt opts[] = {
    {"persons", "N", "登记人数（100 到 1 亿，默认 10000）",
     "registered persons (100 to 100 million, default 10000)"},
    {"seed", "S", "随机种子（默认 1）", "seed (default 1)"},
    {"output", "DIR", "写到哪个文件夹（-o）", "folder to write to (-o)"},
    {"pack", "NAME|FOLDER", "政策包（默认 cn-2016）", "policy pack (default cn-2016)"},
    {"areas", "FILE", "地区表（默认政策包的 areas/areas.csv）",
     "area table (default: areas/areas.csv of the pack)"},
    {"errors", "SHARE", "带数据差错的户的比例（默认 0.005）",
     "share of households with a data fault (default 0.005)"},
    {"noise", "SD", "收入记录误差（默认 0.1）", "error of recorded incomes (default 0.1)"},
    {"sample", "SHARE", "非贫困户抽样比例（默认 0.02）", "share of other households sampled (default 0.02)"},
    {0},
};

static ys_status print(const ys_cli *c, const ys_synth_args *a, const ys_synth_result *r, double seconds,
                       ys_diag *diag)
{
    if (!c->json) {
        ys_cli_talk(c,
                    "合成数据（没有一个真人）：%lld 户 %lld 人，另抽样非贫困 %lld 户；%lld 村；供给 %lld 项",
                    "synthetic data (no real person): %lld households, %lld persons; %lld sampled "
                    "households; %lld villages; %lld offerings",
                    (long long)r->households, (long long)r->persons, (long long)r->sample_households,
                    (long long)r->villages, (long long)r->offerings);
        ys_cli_talk(c, "写在 %s，用时 %.1f 秒。下一步：yaoshi import DB %s --apply",
                    "written to %s in %.1f seconds. next: yaoshi import DB %s --apply", a->out_dir, seconds,
                    a->out_dir);
        return YS_OK;
    }
    ys_json j;
    ys_cli_json(c, &j);
    ys_json_bool(&j, "synthetic", true);
    ys_json_int(&j, "households", r->households);
    ys_json_int(&j, "persons", r->persons);
    ys_json_int(&j, "sample_households", r->sample_households);
    ys_json_int(&j, "sample_persons", r->sample_persons);
    ys_json_int(&j, "villages", r->villages);
    ys_json_int(&j, "rural_population", r->rural_population);
    ys_json_int(&j, "income_rows", r->income_rows);
    ys_json_int(&j, "offerings", r->offerings);
    ys_json_int(&j, "capacities", r->capacities);
    ys_json_int(&j, "funds", r->funds);
    ys_json_int(&j, "poor_y", r->poor_y);
    ys_json_int(&j, "poor_ystar", r->poor_ystar);
    ys_json_int(&j, "truth_declared", r->truth_declared);
    ys_json_int(&j, "ambiguous", r->ambiguous);
    ys_json_int(&j, "faults", r->faults);
    ys_json_object(&j, "causes");
    for (int i = 0; ys_synth_cause_code(i) != NULL; i++)
        ys_json_int(&j, ys_synth_cause_code(i), r->cause_count[i]);
    ys_json_end(&j);
    ys_json_real(&j, "seconds", seconds);
    return ys_cli_json_done(&j, diag);
}

static ys_status read_args(const ys_cli *c, ys_synth_args *a, ys_diag *diag)
{
    int64_t seed;
    ys_synth_args_init(a);
    YS_TRY(ys_cli_int(c, "persons", YS_SYNTH_MIN_PERSONS, YS_SYNTH_MAX_PERSONS, 10000, &a->persons, diag));
    YS_TRY(ys_cli_int(c, "seed", 0, INT64_MAX, 1, &seed, diag));
    YS_TRY(ys_cli_real(c, "errors", a->error_share, &a->error_share, diag));
    YS_TRY(ys_cli_real(c, "noise", a->income_noise, &a->income_noise, diag));
    YS_TRY(ys_cli_real(c, "sample", a->sample_share, &a->sample_share, diag));
    a->seed = (uint64_t)seed;
    a->out_dir = ys_cli_get(c, "output");
    if (a->out_dir == NULL)
        return ys_fail(diag, YS_EUSAGE, "要指明文件夹：-o DIR", "name the folder: -o DIR");
    if (mkdir(a->out_dir, 0777) != 0 && errno != EEXIST) {
        ys_diag_where(diag, a->out_dir, NULL, 0, 0, NULL);
        return ys_fail(diag, YS_EIO, "不能建立文件夹：%s", "cannot make the folder: %s", strerror(errno));
    }
    return YS_OK;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    char folder[4200], areas[4300];
    ys_synth_args a;
    ys_synth_result r = {0};
    ys_pack *pack = NULL;
    ys_status st = YS_OK;
    double start = ys_clock_seconds();
    YS_TRY(read_args(c, &a, diag));
    YS_TRY(ys_pack_find(ys_cli_get(c, "pack") != NULL ? ys_cli_get(c, "pack") : "cn-2016", folder,
                        sizeof folder, diag));
    YS_TRY(ys_pack_load(folder, &pack, diag));
    snprintf(areas, sizeof areas, "%s/areas/areas.csv", folder);
    a.pack = pack;
    a.areas_path = ys_cli_get(c, "areas") != NULL ? ys_cli_get(c, "areas") : areas;
    YS_GO(ys_synth_write(&a, &r, diag));
    YS_GO(print(c, &a, &r, ys_clock_seconds() - start, diag));
done:
    ys_pack_free(pack);
    return st;
}

const ys_command ys_cmd_synth = {
    .name = "synth",
    .args = "",
    .least = 0,
    .most = 0,
    .zh = "造一份合成的登记册（没有真人）",
    .en = "make a synthetic registry (no real person in it)",
    .more_zh = "在真实的地区树上按种子造数：同一种子得到同样的字节，小的包含在大的里面。证件号码用从未分配的"
               "区划前缀，真实登记册拒收。"
               "truth.csv 是每户的真正原因，只供评估，不导入。",
    .more_en =
        "Draws households on the real tree of areas from a seed: the same seed gives the same bytes, and a "
        "smaller "
        "registry is contained in a larger one. Identity numbers carry region prefixes that were never "
        "assigned, and "
        "real registers refuse them. truth.csv holds the true cause of each household for evaluation only.",
    .example = "yaoshi synth --persons 10000 --seed 1 -o heze",
    .opts = opts,
    .run = run,
};
