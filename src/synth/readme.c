/* SPDX-License-Identifier: Apache-2.0 */
/*
 * README.txt of the output: what this is, and that it is nobody.
 */
#include <errno.h>
#include <string.h>

#include "base/out.h"
#include "synth/synth_internal.h"

static const char *const TEXT =
    "SYNTHETIC DATA - NO REAL PERSON, HOUSEHOLD OR FAMILY  合成数据：其中没有任何真实的人或家庭\n"
    "\n"
    "These tables were drawn by chance from a seed by `yaoshi synth`. Names of areas are real; everything "
    "said about\n"
    "them and everybody in them is invented. Identity numbers are well-formed but begin with 990000-998999, "
    "a region\n"
    "prefix that was never assigned; telephones begin with 000. Imports of real data refuse such numbers.\n"
    "本目录各表由 `yaoshi synth` 按随机种子生成。地名为真实地名，关于这些地方和其中人员的一切内容均为虚构。\n"
    "证件号码符合校验规则，但以从未启用的地区码 990000-998999 开头；电话以 000 "
    "开头。真实数据导入时会拒绝此类号码。\n"
    "\n"
    "truth.csv is the answer sheet: the shock that took most yuan of each household's income after rigid "
    "spending.\n"
    "It is never imported. The household frame `register` is registered; `sample` is a weighted sample of "
    "the others.\n"
    "truth.csv 是答案：每户刚性支出后收入损失最大的原因，不导入。frame 为 register 的是建档立卡户，sample "
    "是其他农户的加权样本。\n"
    "\n"
    "Calibrated to published figures: 914,000 registered persons in Heze (May 2016); 2.3-2.8 persons a "
    "household;\n"
    "42 % illness as main cause (national register, 2013). Shares by county, sizes of shocks, costs, funds "
    "and\n"
    "capacities are assumptions.\n"
    "依据公开数字校准：菏泽 91.4 万建档立卡人口（2016 年 5 月）、户均 2.3-2.8 人、因病 42%（2013 年全国）。\n"
    "分县比例、各类冲击的大小、成本、资金与名额均为假设。\n"
    "\n";

ys_status ys__synth_readme_write(const sy_writer *w, ys_diag *diag)
{
    char path[1024];
    int len = snprintf(path, sizeof path, "%s/README.txt", w->args->out_dir);
    FILE *f = len > 0 && (size_t)len < sizeof path ? fopen(path, "wb") : NULL;
    if (!f)
        return ys_fail(diag, YS_EIO, "无法写入 %s：%s", "cannot write %s: %s", path, strerror(errno));
    ys_out out = ys_out_file(f);
    const ys_synth_result *r = &w->result;
    bool ok = ys_out_puts(out, TEXT);
    ok = ok && ys_out_printf(out, "seed 种子 %llu, pack 政策包 %s %s\n", (unsigned long long)w->args->seed,
                             ys_pack_name(w->args->pack), ys_pack_version(w->args->pack));
    ok = ok &&
         ys_out_printf(
             out, "registered 建档立卡 %lld households 户, %lld persons 人; sample 样本 %lld households 户\n",
             (long long)r->households, (long long)r->persons, (long long)r->sample_households);
    ok = ok &&
         ys_out_printf(
             out, "%lld villages 村, %lld towns 乡镇, %lld counties 县区; rural population 农业人口 %lld\n",
             (long long)r->villages, (long long)r->towns, (long long)r->counties,
             (long long)r->rural_population);
    ok = fclose(f) == 0 && ok;
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "写入 %s 失败", "cannot write %s", path);
}
