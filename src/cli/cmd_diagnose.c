/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "app/clock.h"
#include "app/fact.h"
#include "app/roots.h"
#include "base/alloc.h"
#include "base/num.h"
#include "cli/commands.h"

static const ys_opt opts[] = {
    {"by", "LEVEL", "按地区级别汇总（默认 county）", "sum up by area level (default county)"},
    {"keep", NULL, "把每户的贫根存进库（yaoshi show 与报告要用）",
     "keep every household's card in the store (show and report use it)"},
    {"threads", "N", "线程数", "threads"},
    {"truth", "FILE", "与合成数据的 truth.csv 对照", "compare with the truth.csv of a synthetic registry"},
    YS_READING_OPTS,
    YS_ON_OPT,
    {0},
};

/* Sums over all households that have a card, and over areas. */
typedef struct totals {
    int32_t areas;
    int32_t *area_of_number;
    ys_root_summary *by, all;
    int64_t conflicts, no_evidence, missing_households, missing_money;
} totals;

/* `named` NULL: by the level above the towns, in packs that have one. */
static ys_status sum_up(const ys_diagnosis *d, const char *named, totals *t, ys_diag *diag)
{
    const ys_frame *f = d->frame;
    const char *const *levels;
    char words[300];
    int n = ys_pack_area_levels(f->pack, &levels), level = -1;
    for (int i = 0; i < n; i++) {
        if (named != NULL ? strcmp(levels[i], named) == 0 : i == n - 3)
            level = i;
    }
    if (level < 0 && named != NULL)
        return ys_fail(diag, YS_EUSAGE, "没有地区级别 %s（有 %s）",
                       "there is no area level %s (there are %s)", named,
                       ys_levels_text(f->pack, words, sizeof words));
    int32_t count = ys_areas_count(f->areas);
    int32_t *number = ys_malloc((size_t)count * sizeof *number),
            *of = ys_malloc((size_t)f->households * sizeof *of);
    int32_t *zero = ys_calloc((size_t)f->households, sizeof *zero);
    t->area_of_number = ys_calloc((size_t)count, sizeof *t->area_of_number);
    ys_status st = YS_OK;
    if (number == NULL || of == NULL || zero == NULL || t->area_of_number == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int32_t i = 0; i < count; i++) {
        number[i] = ys_areas_level(f->areas, i) == level && level >= 0 ? t->areas : -1;
        if (number[i] >= 0)
            t->area_of_number[t->areas++] = i;
    }
    for (int64_t h = 0; h < f->households; h++) {
        int32_t at =
            f->area_of[h] >= 0 && level >= 0 ? ys_areas_at_level(f->areas, f->area_of[h], level) : -1;
        of[h] = at >= 0 ? number[at] : -1;
    }
    t->by = ys_calloc((size_t)t->areas + 1, sizeof *t->by);
    if (t->by == NULL)
        YS_GO(ys_fail_nomem(diag));
    if (t->areas > 0)
        YS_GO(ys_root_summarise(&d->data, d->roots, of, t->areas, f->in_register, t->by, diag));
    YS_GO(ys_root_summarise(&d->data, d->roots, zero, 1, f->in_register, &t->all, diag));
    for (int64_t h = 0; h < f->households; h++) {
        if (!f->in_register[h])
            continue;
        t->conflicts += d->conflict[h] != 0;
        t->no_evidence += (d->conflict[h] & YS_CONFLICT_EVIDENCE) != 0;
        t->missing_households += d->missing[h] > 0;
        t->missing_money += d->missing[h];
    }
done:
    ys_free(number);
    ys_free(of);
    ys_free(zero);
    return st;
}

static void json_summary(ys_json *j, const ys_root_summary *s, int digits)
{
    ys_json_int(j, "households", s->households);
    ys_json_int(j, "persons", s->persons);
    ys_json_int(j, "several", s->mixed);
    ys_json_int(j, "unknown", s->unknown);
    ys_json_money(j, "gap", s->gap, digits);
    ys_json_object(j, "roots");
    for (int k = 0; k < YS_ROOTS; k++) {
        ys_json_object(j, ys_root_name((ys_root)k));
        ys_json_money(j, "money", s->amount[k], digits);
        ys_json_int(j, "households", s->top_households[k]);
        ys_json_int(j, "persons", s->top_persons[k]);
        ys_json_end(j);
    }
    ys_json_end(j);
}

static void json_evaluation(ys_json *j, const ys_root_evaluation *e)
{
    ys_json_object(j, "truth");
    ys_json_int(j, "households", e->compared);
    ys_json_int(j, "marked_several", e->several);
    ys_json_int(j, "right", e->right);
    ys_json_real(j, "share_right", e->right_share);
    ys_json_real(j, "share_several", e->several_share);
    ys_json_real(j, "baseline_most_frequent", e->baseline_share);
    ys_json_array(j, "confusion");
    for (int t = 0; t < YS_ROOTS; t++) {
        ys_json_array(j, NULL);
        for (int k = 0; k < YS_ROOTS; k++)
            ys_json_int(j, NULL, e->confusion[t][k]);
        ys_json_end(j);
    }
    ys_json_end(j);
    ys_json_end(j);
}

static ys_status print_json(const ys_cli *c, const ys_diagnosis *d, const totals *t,
                            const ys_root_evaluation *e, const double seconds[2], ys_diag *diag)
{
    ys_json j;
    int digits = ys_pack_digits(d->frame->pack);
    ys_cli_json(c, &j);
    json_summary(&j, &t->all, digits);
    ys_json_int(&j, "conflicts", t->conflicts);
    ys_json_int(&j, "without_evidence", t->no_evidence);
    ys_json_int(&j, "missing_benefit_households", t->missing_households);
    ys_json_money(&j, "missing_benefit", t->missing_money, digits);
    ys_json_object(&j, "scatter");
    ys_json_bool(&j, "scattered", d->scatter.scattered);
    ys_json_real(&j, "theil_between_share", d->scatter.theil_between_share);
    ys_json_real(&j, "gap_between_share", d->scatter.gap_between_share);
    ys_json_real(&j, "icc", d->scatter.icc);
    ys_json_real(&j, "outside_designated", d->scatter.outside_designated);
    ys_json_end(&j);
    ys_json_array(&j, "areas");
    for (int32_t i = 0; i < t->areas; i++) {
        if (t->by[i].households == 0)
            continue;
        ys_json_object(&j, NULL);
        ys_json_text(&j, "area", ys_areas_code(d->frame->areas, t->area_of_number[i]));
        ys_json_text(&j, "name", ys_areas_name(d->frame->areas, t->area_of_number[i]));
        json_summary(&j, &t->by[i], digits);
        ys_json_end(&j);
    }
    ys_json_end(&j);
    if (e->compared > 0)
        json_evaluation(&j, e);
    ys_json_real(&j, "seconds_read", seconds[0]);
    ys_json_real(&j, "seconds", seconds[1]);
    return ys_cli_json_done(&j, diag);
}

static void put_profile(ys_grid *g, const char *name, const ys_root_summary *s)
{
    char text[40];
    int64_t sum = 0;
    for (int k = 0; k < YS_ROOTS; k++)
        sum += s->amount[k];
    ys_grid_put(g, name);
    ys_grid_put(g, ys_format_int_grouped(s->households, text, sizeof text));
    for (int k = 0; k < YS_ROOTS; k++)
        ys_grid_putf(g, "%.1f", sum > 0 ? 100.0 * (double)s->amount[k] / (double)sum : 0.0);
    ys_grid_putf(g, "%.1f", s->households > 0 ? 100.0 * (double)s->mixed / (double)s->households : 0.0);
}

static ys_status print_evaluation(const ys_cli *c, const ys_root_evaluation *e, ys_diag *diag)
{
    ys_cli_talk(c, "\n与真因对照：%lld 户；多因并重 %.1f%%；其余说对 %.1f%%（总猜最多的一种：%.1f%%）",
                "\nagainst the truth: %lld households; several roots %.1f%%; right among the others %.1f%% "
                "(always guessing the most frequent: %.1f%%)",
                (long long)e->compared, e->several_share * 100, e->right_share * 100,
                e->baseline_share * 100);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "真因 ＼ 测算", "truth \\ computed"), YS_LEFT);
    for (int k = 0; k < YS_ROOTS; k++)
        ys_grid_column(g, ys_cli_say(c, ys_root_label_zh((ys_root)k), ys_root_name((ys_root)k)), YS_RIGHT);
    for (int t = 0; t < YS_ROOTS; t++) {
        ys_grid_put(g, ys_cli_say(c, ys_root_label_zh((ys_root)t), ys_root_name((ys_root)t)));
        for (int k = 0; k < YS_ROOTS; k++)
            ys_grid_putf(g, "%lld", (long long)e->confusion[t][k]);
    }
    return ys_cli_grid(c, g, diag);
}

static ys_status print_text(const ys_cli *c, const ys_diagnosis *d, const totals *t,
                            const ys_root_evaluation *e, const double seconds[2], ys_diag *diag)
{
    char money[48];
    int digits = ys_pack_digits(d->frame->pack);
    const char *coin = ys_currency_word(d->frame->pack, c->zh);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "地区", "area"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "缺口户", "with a gap"), YS_RIGHT);
    for (int k = 0; k < YS_ROOTS; k++)
        ys_grid_column(g, ys_cli_say(c, ys_root_label_zh((ys_root)k), ys_root_name((ys_root)k)), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "多因并重%", "several %"), YS_RIGHT);
    for (int32_t i = 0; i < t->areas; i++) {
        if (t->by[i].households > 0)
            put_profile(g, ys_areas_name(d->frame->areas, t->area_of_number[i]), &t->by[i]);
    }
    if (t->areas > 0)
        ys_grid_rule(g);
    put_profile(g, ys_cli_say(c, "合计", "all"), &t->all);
    ys_cli_talk(c, "各贫根在拉低收入的钱数里所占百分比（账目分解）",
                "share of each root in the money that keeps households below the line, in per cent");
    YS_TRY(ys_cli_grid(c, g, diag));
    ys_cli_talk(
        c, "\n缺口共 %s %s/年；申报与测算不符 %lld 户（其中没有实据 %lld）；应享未享 %lld 户，共 %s %s/年",
        "\ngap %s %s a year; declared and computed differ for %lld households (%lld without evidence); %lld "
        "households miss benefits of %s %s a year",
        ys_format_money_grouped(t->all.gap, digits, money, sizeof money), coin, (long long)t->conflicts,
        (long long)t->no_evidence, (long long)t->missing_households,
        ys_format_money_grouped(t->missing_money, digits, (char[48]){0}, 48), coin);
    if (!isnan(d->scatter.outside_designated))
        ys_cli_talk(c, "村际占差异 %.1f%%，%.1f%% 的贫困人口不在重点村：%.0s%s",
                    "%.1f%% of the differences lie between villages, %.1f%% of the poor outside designated "
                    "villages: %s%.0s",
                    d->scatter.theil_between_share * 100, d->scatter.outside_designated * 100,
                    d->scatter.scattered ? "scattered (help households)"
                                         : "concentrated (help villages first)",
                    d->scatter.scattered ? "插花式分布（宜到户）" : "成片分布（宜先到村）");
    if (e->compared > 0)
        YS_TRY(print_evaluation(c, e, diag));
    ys_cli_talk(c, "诊断用时 %.2f 秒", "diagnosed in %.2f seconds", seconds[1]);
    return YS_OK;
}

static ys_status run(ys_cli *c, ys_diag *diag)
{
    ys_office *o = NULL;
    ys_frame *f = NULL;
    ys_diagnosis *d = NULL;
    ys_root_evaluation e = {0};
    totals t = {0};
    ys_reading r;
    int64_t threads;
    ys_status st = YS_OK;
    bool keep = ys_cli_flag(c, "keep");
    YS_TRY(ys_cli_reading(c, &r, diag));
    YS_TRY(ys_cli_int(c, "threads", 1, 256, 0, &threads, diag));
    YS_TRY(ys_cli_open(c, !keep, &o, diag));
    double opened = ys_clock_seconds();
    YS_GO(ys_office_frame(o, &r, &f, diag));
    double start = ys_clock_seconds();
    YS_GO(ys_diagnosis_make(f, (int)threads, &d, diag));
    const double seconds[] = {start - opened, ys_clock_seconds() - start}; /* reading the store, diagnosing */
    YS_GO(sum_up(d, ys_cli_get(c, "by"), &t, diag));
    if (ys_cli_get(c, "truth") != NULL)
        YS_GO(ys_diagnosis_evaluate(d, ys_cli_get(c, "truth"), &e, diag));
    if (keep) {
        YS_GO(ys_office_begin(o, "diagnose", "", NULL, diag));
        YS_GO(ys_diagnosis_keep(d, o->store, ys_clock_today(), diag));
        YS_GO(ys_store_commit(o->store, NULL, diag));
    }
    YS_GO(c->json ? print_json(c, d, &t, &e, seconds, diag) : print_text(c, d, &t, &e, seconds, diag));
done:
    ys_free(t.by);
    ys_free(t.area_of_number);
    ys_diagnosis_free(d);
    ys_frame_free(f);
    ys_office_close(o);
    return st;
}

const ys_command ys_cmd_diagnose = {
    .name = "diagnose",
    .args = "DB",
    .least = 1,
    .most = 1,
    .zh = "找准贫根：每户每村为什么穷",
    .en = "find the roots: why each household and village is poor",
    .more_zh = "把每户离贫困线的差额，按收入恒等式精确分到六项（劳力、活儿、工价、财产、转移、刚性支出），没"
               "有余数。对照户是同一地区（倒数第二级，如乡镇）的非贫困户，不够时取上一级。"
               "这是账目，不是因果；根子换个参照就变的，标作“多因并重”。申报原因与测算并列，不互相覆盖。",
    .more_en = "Splits each household's distance from the line exactly over six terms of the income identity "
               "(labour, "
               "employment, earnings, property, transfers, rigid spending), without residual. Peers are the "
               "non-poor of the same area one level above the lowest, or of the next where they are too few. "
               "This is accounting, not causality; where another reference names another root the "
               "card says "
               "\"several\". What was declared stands beside it and is not overwritten.",
    .example = "yaoshi diagnose heze.db --keep",
    .opts = opts,
    .run = run,
};
