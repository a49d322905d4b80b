/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/num.h"
#include "report/book_internal.h"
#include "report/svg_map.h"

/* ---- how poor ---- */

static void place_row(ys_book *b, const ys_fig_place *p)
{
    ys_html_cell(&b->h, ys__bk_word(b, p->name));
    ys__bk_cell_count(b, p->households);
    ys__bk_cell_count(b, p->persons);
    ys__bk_cell_count(b, p->poor_households);
    ys__bk_cell_count(b, p->poor_persons);
    if (isnan(p->base))
        ys_html_cell(&b->h, "–");
    else
        ys__bk_cell_count(b, (int64_t)(p->base + 0.5));
    ys__bk_cell_percent(b, p->fgt0, 2);
    ys__bk_cell_percent(b, p->fgt1, 2);
    ys__bk_cell_percent(b, p->fgt2, 2);
    ys__bk_cell_money(b, p->gap);
    ys__bk_cell_percent(b, p->m0, 2);
}

static void place_table(ys_book *b)
{
    char caption[160], gap[80];
    bool survey = b->f->survey_only;
    snprintf(caption, sizeof caption,
             ys__bk_say(b, "按%s：贫困人口、发生率与缺口", "By area (%s): the poor, rates and gap"),
             ys__bk_word(b, b->f->level));
    snprintf(gap, sizeof gap, ys__bk_say(b, "缺口（%s/年）", "Gap (%s a year)"), ys__bk_money_unit(b));
    ys_html_column c[] = {
        ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE),
        ys__bk_col(b, survey ? "调查户" : "登记户", survey ? "Households surveyed" : "Registered households",
                   true, YS_DEF_REGISTER),
        ys__bk_col(b, survey ? "调查人口" : "登记人口", survey ? "Persons surveyed" : "Registered persons",
                   true, YS_DEF_REGISTER),
        ys__bk_col(b, "贫困户", "Poor households", true, YS_DEF_POOR),
        ys__bk_col(b, "贫困人口", "Poor persons", true, YS_DEF_POOR),
        ys__bk_col(b, "人口基数", "Population", true, YS_DEF_BASE),
        ys__bk_col(b, "发生率%", "FGT 0 %", true, YS_DEF_FGT0),
        ys__bk_col(b, "深度%", "FGT 1 %", true, YS_DEF_FGT1),
        ys__bk_col(b, "强度%", "FGT 2 %", true, YS_DEF_FGT2),
        ys__bk_col(b, gap, gap, true, YS_DEF_GAP),
        ys__bk_col(b, "多维 M0%", "M0 %", true, YS_DEF_MPI),
    };
    ys_html_table(&b->h, caption, c, sizeof c / sizeof *c);
    for (int i = 0; i < b->f->places; i++)
        place_row(b, &b->f->place[i]);
    ys_html_total(&b->h);
    place_row(b, &b->f->all);
    ys_html_table_end(&b->h);
}

/* Whole numbers in groups, others with two decimals. */
static void published(ys_book *b, double v)
{
    if (fabs(v) < 1e15 && v == floor(v))
        ys__bk_cell_count(b, (int64_t)v);
    else
        ys_html_cellf(&b->h, "%.2f", v);
}

static void statistics(ys_book *b)
{
    const ys_figures *f = b->f;
    if (f->statistics == 0)
        return;
    ys_html_column c[] = {
        ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE),
        ys__bk_col(b, "指标", "Statistic", false, YS_DEF_NONE),
        ys__bk_col(b, "时点", "Date", false, YS_DEF_NONE),
        ys__bk_col(b, "已公布", "Published", true, YS_DEF_PUBLISHED),
        ys__bk_col(b, "登记册", "Register", true, YS_DEF_NONE),
        ys__bk_col(b, "相差", "Difference", true, YS_DEF_NONE),
        ys__bk_col(b, "单位", "Unit", false, YS_DEF_NONE),
    };
    ys__bk_sub(b, "已公布的统计数与登记册并列", "Published statistics beside the register", YS_DEF_PUBLISHED);
    ys_html_table(&b->h, ys__bk_say(b, "已公布统计与登记册", "Published statistics and the register"), c,
                  sizeof c / sizeof *c);
    for (int i = 0; i < f->statistics; i++) {
        const ys_fig_statistic *s = &f->statistic[i];
        char day[YS_TEXT];
        bool known = !isnan(s->here);
        ys_html_cell(&b->h, ys__bk_word(b, s->area));
        ys_html_cell(&b->h, s->name);
        ys_html_cell(&b->h, ys_format_date(s->date, day, sizeof day));
        published(b, s->value);
        if (known) {
            published(b, s->here);
            published(b, s->here - s->value);
        } else {
            ys_html_cell(&b->h, ys__bk_say(b, "不可比", "not comparable"));
            ys_html_cell(&b->h, "–");
        }
        ys_html_cell(&b->h, s->unit);
    }
    ys_html_table_end(&b->h);
}

static void indicators(ys_book *b)
{
    const ys_figures *f = b->f;
    char text[YS_TEXT * 2], more[YS_TEXT];
    if (f->indicators == 0 || isnan(f->all.m0))
        return;
    ys__bk_sub(b, "不只是收入：多维贫困", "More than income: several deprivations", YS_DEF_MPI);
    snprintf(text, sizeof text,
             ys__bk_say(b, "权重合计 %d，缺够 %d 才算多维贫困。",
                        "Weights add up to %d; a person is poor from %d on. "),
             f->af_max, f->af_k);
    ys_html_open(&b->h, "p", NULL);
    ys_html_text(&b->h, text);
    ys_html_textf(&b->h, ys__bk_say(b, "多维贫困人口占 %s%%，", "The multidimensionally poor are %s %% "),
                  ys__bk_percent(f->mpi_h, 2, more));
    ys_html_textf(&b->h, ys__bk_say(b, "平均缺 %s%% 的权重。", "and lack %s %% of the weights on average."),
                  ys__bk_percent(f->mpi_a, 1, more));
    ys_html_close(&b->h);
    ys_html_column c[] = {
        ys__bk_col(b, "指标", "Indicator", false, YS_DEF_MPI),
        ys__bk_col(b, "权重", "Weight", true, YS_DEF_NONE),
        ys__bk_col(b, "缺这一项的人口%", "Deprived, % of population", true, YS_DEF_NONE),
        ys__bk_col(b, "其中多维贫困的人口%", "Deprived and poor, %", true, YS_DEF_NONE),
        ys__bk_col(b, "对 M0 的贡献%", "Contribution to M0, %", true, YS_DEF_NONE),
    };
    ys_html_table(&b->h, ys__bk_say(b, "各项缺失", "Each deprivation"), c, sizeof c / sizeof *c);
    for (int i = 0; i < f->indicators; i++) {
        const ys_fig_indicator *in = &f->indicator[i];
        ys_html_cell(&b->h, ys__bk_word(b, in->label));
        ys__bk_cell_count(b, in->weight);
        ys__bk_cell_percent(b, in->uncensored, 2);
        ys__bk_cell_percent(b, in->censored, 2);
        ys__bk_cell_percent(b, in->contribution, 1);
    }
    ys_html_table_end(&b->h);
}

/* Inequality wants the rich too: only with a sample of the others. */
static void inequality(ys_book *b)
{
    char n1[YS_TEXT], n2[YS_TEXT];
    if (!b->f->has_sample || isnan(b->f->all.gini)) {
        ys__bk_para(b, "没有非贫困样本，基尼、泰尔等不平等指数不印。",
                    "There is no sample of the non-poor: indices of inequality are not printed.");
        return;
    }
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(&b->h,
                  ys__bk_say(b, "人均收入的基尼系数为 %s%%（%s%s 户样本，按权重）",
                             "The Gini coefficient of income per head is %s %% (%s%s sampled households, "
                             "weighted)"),
                  ys__bk_percent(b->f->all.gini, 2, n1),
                  b->f->survey_only ? "" : ys__bk_say(b, "登记户加 ", "the register and "),
                  ys__bk_count(b->f->sample_households, n2));
    ys__bk_def(b, YS_DEF_GINI);
    ys_html_text(&b->h, ys__bk_say(b, "。", "."));
    ys_html_close(&b->h);
}

void ys__book_poor(ys_book *b)
{
    char money[YS_TEXT];
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(&b->h, ys__bk_say(b, "贫困线每人每年 %s %s", "The line is %s %s a person and year"),
                  ys_format_money_grouped(b->f->head.line, b->f->head.digits, money, sizeof money),
                  ys__bk_currency(b));
    ys__bk_def(b, YS_DEF_LINE);
    ys_html_text(
        &b->h,
        ys__bk_say(
            b,
            "。贫困按整数判定：全户一年收入 < 贫困线 × "
            "人口。发生率、深度、强度的分母是人口基数；缺分母就不印。",
            ". Who is poor is decided in integers: income of the household < line × persons. Rates take the "
            "population base as denominator; where there is none, no rate is printed."));
    ys_html_close(&b->h);
    place_table(b);
    inequality(b);
    statistics(b);
    indicators(b);
}

/* ---- where ---- */

/* What the maps show, as arrays; texts live in `texts`. */
static void fill_places(const ys_book *b, bool rate, ys_map_place *to, char (*texts)[YS_TEXT])
{
    for (int i = 0; i < b->f->places; i++) {
        const ys_fig_place *p = &b->f->place[i];
        to[i] = (ys_map_place){.code = p->code, .name = ys__bk_word(b, p->name), .text = texts[i]};
        to[i].value = rate ? p->fgt0 * 100 : (double)p->poor_persons;
        if (rate)
            snprintf(texts[i], YS_TEXT, isnan(p->fgt0) ? "–" : "%.2f%%", p->fgt0 * 100);
        else
            ys__bk_count(p->poor_persons, texts[i]);
    }
}

static void one_map(ys_book *b, bool rate, ys_map_place *places, char (*texts)[YS_TEXT])
{
    const ys_figures *f = b->f;
    fill_places(b, rate, places, texts);
    ys_map m = {.shape = f->shape,
                .shapes = f->shapes,
                .place = places,
                .places = f->places,
                .circles = !rate,
                .no_data = ys__bk_say(b, "无数据", "no data"),
                .unit = ys__bk_say(b, "发生率 %", "headcount %")};
    ys_svg_head head = {
        .id = rate ? "map-rate" : "map-people",
        .title = rate ? ys__bk_say(b, "各地贫困发生率", "Headcount ratio by area")
                      : ys__bk_say(b, "各地贫困人口", "Poor persons by area"),
        .desc = rate ? ys__bk_say(
                           b, "颜色越深发生率越高；数字写在图上，下面有表。",
                           "The darker, the higher the rate; figures are on the map and in the table below.")
                     : ys__bk_say(b, "圆的面积与贫困人口成正比；数字写在图上，下面有表。",
                                  "The area of a disc is proportional to the poor; figures are on the map "
                                  "and in the table below.")};
    ys__bk_figure(b, rate ? "哪里的比率高：贫困发生率" : "人在哪里：贫困人口",
                  rate ? "Where the rate is high: headcount ratio" : "Where the people are: poor persons",
                  rate ? YS_DEF_FGT0 : YS_DEF_POOR);
    if (f->shapes > 0) {
        ys_svg_map(b->h.out, &head, &m, 455);
    } else {
        m.unit = rate ? m.unit : ys__bk_say(b, "贫困人口", "poor persons");
        ys_svg_tiles(b->h.out, &head, &m, 455);
    }
    ys_html_close(&b->h);
}

static void map_table(ys_book *b)
{
    ys_html_column c[] = {
        ys__bk_col(b, "地区", "Area", false, YS_DEF_NONE),
        ys__bk_col(b, "代码", "Code", false, YS_DEF_NONE),
        ys__bk_col(b, "发生率%", "Headcount %", true, YS_DEF_FGT0),
        ys__bk_col(b, "贫困人口", "Poor persons", true, YS_DEF_POOR),
    };
    ys__bk_details(b, "图上的数字", "The figures of the maps");
    ys_html_table(&b->h, ys__bk_say(b, "发生率与贫困人口", "Headcount ratio and poor persons"), c,
                  sizeof c / sizeof *c);
    for (int i = 0; i < b->f->places; i++) {
        ys_html_cell(&b->h, ys__bk_word(b, b->f->place[i].name));
        ys_html_cell(&b->h, b->f->place[i].code);
        ys__bk_cell_percent(b, b->f->place[i].fgt0, 2);
        ys__bk_cell_count(b, b->f->place[i].poor_persons);
    }
    ys_html_table_end(&b->h);
    ys_html_close(&b->h);
}

static void scattered(ys_book *b)
{
    const ys_scatter *s = &b->f->scatter;
    char n1[YS_TEXT], n2[YS_TEXT], n3[YS_TEXT];
    if (s->villages == 0)
        return;
    ys__bk_sub(b, "插花式分布", "The scattered pattern", YS_DEF_SCATTER);
    ys_html_open(&b->h, "p", NULL);
    ys_html_textf(&b->h, ys__bk_say(b, "%s 个村里 %s 个有贫困人口。", "Of %s villages %s have poor people. "),
                  ys__bk_count(s->villages, n1), ys__bk_count(s->villages_with_poor, n2));
    ys_html_textf(
        &b->h,
        ys__bk_say(
            b, "收入差异有 %s%% 在村与村之间，缺口差异有 %s%% 在村与村之间。",
            "%s %% of the inequality of incomes and %s %% of the variance of gaps lie between villages. "),
        ys__bk_percent(s->theil_between_share, 1, n1), ys__bk_percent(s->gap_between_share, 1, n2));
    if (!isnan(s->outside_designated))
        ys_html_textf(&b->h,
                      ys__bk_say(b, "%s%% 的贫困人口不在重点村。",
                                 "%s %% of the poor live outside designated villages. "),
                      ys__bk_percent(s->outside_designated, 1, n3));
    ys_html_text(&b->h, s->scattered ? ys__bk_say(b, "这是插花式分布：先到户，再到村。",
                                                  "This is a scattered pattern: help households first.")
                                     : ys__bk_say(b, "这是成片分布：先到村，再到户。",
                                                  "This is a concentrated pattern: help villages first."));
    ys_html_close(&b->h);
}

static void border_note(ys_book *b)
{
    const char *note = b->f->shape_note[0] != '\0' ? b->f->shape_note : "WGS-84";
    ys_html_open(&b->h, "p", "class=\"note\"");
    ys_html_textf(&b->h,
                  ys__bk_say(b, "边界仅为示意（坐标系：%s），", "Borders are a sketch (coordinates: %s); "),
                  note);
    ys_html_text(&b->h, ys__bk_say(b, "正式公开请换用审定的底图。", "use an approved base map to publish. "));
    ys_html_text(
        &b->h,
        ys__bk_say(b, "没有自己边界的开发区以圆点画在所在区县内。",
                   "Zones without a border of their own are discs inside the county that holds them."));
    ys_html_close(&b->h);
}

void ys__book_where(ys_book *b)
{
    const ys_figures *f = b->f;
    ys_map_place *places = ys_calloc((size_t)f->places + 1, sizeof *places);
    char(*texts)[YS_TEXT] = ys_calloc((size_t)f->places + 1, sizeof *texts);
    if (places != NULL && texts != NULL && f->places > 0) {
        ys_html_open(&b->h, "div", "class=\"pair\"");
        one_map(b, true, places, texts);
        one_map(b, false, places, texts);
        ys_html_close(&b->h);
        map_table(b);
        if (f->shapes > 0)
            border_note(b);
    } else {
        ys__bk_para(b, "○ 没有地区可画。", "○ There is no area to draw.");
    }
    b->h.failed = b->h.failed || places == NULL || texts == NULL;
    ys_free(places);
    ys_free(texts);
    scattered(b);
}
