/* SPDX-License-Identifier: Apache-2.0 */
#include "report/book_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "diagnose/words.h"

/* ---- words and numbers ---- */

const char *ys__bk_say(const ys_book *b, const char *zh, const char *en)
{
    return b->zh ? zh : en;
}

const char *ys__bk_word(const ys_book *b, ys_words w)
{
    return b->zh ? w.zh : w.en;
}

static bool is_yuan(const ys_book *b)
{
    return strcmp(b->f->head.currency, "CNY") == 0;
}

const char *ys__bk_currency(const ys_book *b)
{
    return is_yuan(b) ? ys__bk_say(b, "元", "yuan") : b->f->head.currency;
}

const char *ys__bk_money_unit(const ys_book *b)
{
    if (is_yuan(b))
        return ys__bk_say(b, "万元", "thousand yuan");
    return ys__bk_say(b, "万", "thousand");
}

static double units_of(const ys_book *b, int64_t minor)
{
    double v = (double)minor;
    for (int i = 0; i < b->f->head.digits; i++)
        v /= 10;
    return v;
}

/* 1234567.8 -> "1,234,567.8" */
static const char *grouped(double v, int decimals, char *buf)
{
    char plain[YS_TEXT];
    snprintf(plain, sizeof plain, "%.*f", decimals, fabs(v));
    size_t whole = strcspn(plain, "."), at = 0;
    if (v < 0 && strspn(plain, "0.") < strlen(plain))
        buf[at++] = '-';
    for (size_t i = 0; plain[i] != '\0' && at + 2 < YS_TEXT; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            buf[at++] = ',';
        buf[at++] = plain[i];
    }
    buf[at] = '\0';
    return buf;
}

const char *ys__bk_count(int64_t v, char *buf)
{
    return ys_format_int_grouped(v, buf, YS_TEXT);
}

const char *ys__bk_percent(double share, int decimals, char *buf)
{
    if (isnan(share))
        return "–";
    snprintf(buf, YS_TEXT, "%.*f", decimals, share * 100);
    return buf;
}

const char *ys__bk_money(const ys_book *b, int64_t minor, char *buf)
{
    return grouped(units_of(b, minor) / (b->zh ? 1e4 : 1e3), 1, buf);
}

const char *ys__bk_money_words(const ys_book *b, int64_t minor, char *buf)
{
    char number[YS_TEXT];
    double v = units_of(b, minor), big = fabs(v);
    double unit = b->zh ? (big >= 1e8 ? 1e8 : big >= 1e4 ? 1e4 : 1) : big >= 1e9 ? 1e9 : big >= 1e6 ? 1e6 : 1;
    const char *name = b->zh        ? (unit > 1e5 ? "亿"
                                       : unit > 1 ? "万"
                                                  : "")
                       : unit > 1e7 ? "billion "
                       : unit > 1   ? "million "
                                    : "";
    snprintf(buf, YS_TEXT, "%s %s%s", grouped(v / unit, unit > 1 ? 2 : 0, number), name, ys__bk_currency(b));
    return buf;
}

const char *ys__bk_root(const ys_book *b, int root)
{
    if (root >= YS_ROOTS)
        return ys__bk_say(b, "未指明", "none named");
    return b->zh ? ys_root_label_zh((ys_root)root) : ys_root_label_en((ys_root)root);
}

/* ---- pieces of the page ---- */

void ys__bk_cell_count(ys_book *b, int64_t v)
{
    char exact[YS_TEXT], shown[YS_TEXT];
    snprintf(exact, sizeof exact, "%lld", (long long)v);
    ys_html_cell_figure(&b->h, exact, ys__bk_count(v, shown));
}

void ys__bk_cell_percent(ys_book *b, double share, int decimals)
{
    char exact[YS_TEXT], shown[YS_TEXT];
    if (isnan(share)) {
        ys_html_cell(&b->h, "–");
        return;
    }
    ys_html_cell_figure(&b->h, ys_format_real(share, exact, sizeof exact),
                        ys__bk_percent(share, decimals, shown));
}

void ys__bk_cell_money(ys_book *b, int64_t minor)
{
    char exact[YS_TEXT], shown[YS_TEXT];
    ys_html_cell_figure(&b->h, ys_format_money(minor, b->f->head.digits, exact, sizeof exact),
                        ys__bk_money(b, minor, shown));
}

ys_html_column ys__bk_col(const ys_book *b, const char *zh, const char *en, bool numeric, ys_def def)
{
    return (ys_html_column){.title = ys__bk_say(b, zh, en),
                            .numeric = numeric,
                            .def = (int)def,
                            .def_id = ys__bk_def_id(def),
                            .def_title = ys__bk_def_text(b, def)};
}

void ys__bk_def(ys_book *b, ys_def def)
{
    if (def != YS_DEF_NONE)
        ys_html_def(&b->h, (int)def, ys__bk_def_id(def), ys__bk_def_text(b, def));
}

void ys__bk_heading(ys_book *b, const char *id, const char *zh, const char *en)
{
    char attrs[80];
    snprintf(attrs, sizeof attrs, "id=\"%s\"", id);
    ys_html_put(&b->h, "h2", attrs, ys__bk_say(b, zh, en));
}

void ys__bk_sub(ys_book *b, const char *zh, const char *en, ys_def def)
{
    ys_html_open(&b->h, "h3", NULL);
    ys_html_text(&b->h, ys__bk_say(b, zh, en));
    ys__bk_def(b, def);
    ys_html_close(&b->h);
}

void ys__bk_para(ys_book *b, const char *zh, const char *en)
{
    ys_html_put(&b->h, "p", NULL, ys__bk_say(b, zh, en));
}

void ys__bk_figure(ys_book *b, const char *zh, const char *en, ys_def def)
{
    ys_html_open(&b->h, "figure", NULL);
    ys_html_open(&b->h, "figcaption", NULL);
    ys_html_text(&b->h, ys__bk_say(b, zh, en));
    ys__bk_def(b, def);
    ys_html_close(&b->h);
}

void ys__bk_details(ys_book *b, const char *zh, const char *en)
{
    ys_html_open(&b->h, "details", NULL);
    ys_html_put(&b->h, "summary", NULL, ys__bk_say(b, zh, en));
}

/* ---- the first page ---- */

static void meta(ys_book *b, const char *zh, const char *en, const char *text)
{
    ys_html_put(&b->h, "dt", NULL, ys__bk_say(b, zh, en));
    ys_html_put(&b->h, "dd", NULL, text);
}

static const char *day_of(int64_t seconds, char *buf)
{
    return ys_format_date((int32_t)(seconds / 86400), buf, YS_TEXT);
}

static void metas(ys_book *b)
{
    const ys_fig_head *h = &b->f->head;
    char text[256], day[YS_TEXT], money[YS_TEXT];
    ys_html_open(&b->h, "dl", "class=\"meta\"");
    snprintf(text, sizeof text, ys__bk_say(b, "%s（收入期间 %s", "%s (income of %s"),
             ys_format_date(h->today, money, sizeof money), h->period);
    size_t at = strlen(text);
    if (h->head[0] != '\0')
        snprintf(text + at, sizeof text - at,
                 ys__bk_say(b, "，第 %lld 次事务，%s 记录）", "; transaction %lld, recorded %s)"),
                 (long long)h->head_tx, day_of(h->head_at, day));
    else
        snprintf(text + at, sizeof text - at, "%s", ys__bk_say(b, "，库是空的）", "; the store is empty)"));
    meta(b, "数据日期", "Data as of", text);
    snprintf(text, sizeof text, ys__bk_say(b, "%s：每人每年 %s %s", "%s: %s %s a person and year"),
             ys__bk_word(b, h->line_label), ys_format_money_grouped(h->line, h->digits, money, sizeof money),
             ys__bk_currency(b));
    meta(b, "贫困线", "Poverty line", text);
    snprintf(text, sizeof text, "%s %s · %s", h->pack, h->pack_version, h->pack_title);
    meta(b, "政策包", "Policy pack", text);
    meta(b, "政策包校验码", "Pack hash", h->pack_hash);
    meta(b, "数据链首", "Head of the chain", h->head[0] != '\0' ? h->head : "–");
    snprintf(text, sizeof text, "yaoshi %s, %s", YAOSHI_VERSION, day_of(h->made_at, day));
    meta(b, "制表", "Made by", text);
    ys_html_close(&b->h);
}

static int largest_root(const ys_root_summary *s, double *ret_share)
{
    int best = 0;
    int64_t sum = 0;
    for (int k = 0; k < YS_ROOTS; k++) {
        sum += s->amount[k];
        if (s->amount[k] > s->amount[best])
            best = k;
    }
    *ret_share = sum > 0 ? (double)s->amount[best] / (double)sum : 0;
    return best;
}

static void lead_register(ys_book *b, ys_str *s)
{
    const ys_figures *f = b->f;
    const ys_fig_place *a = &f->all;
    char n1[YS_TEXT], n2[YS_TEXT], n3[YS_TEXT], n4[YS_TEXT], money[YS_TEXT];
    double share;
    if (a->households == 0) {
        ys_str_printf(s,
                      ys__bk_say(b, "库里没有登记户；样本 %s 户。",
                                 "The register holds no household; the sample has %s. "),
                      ys__bk_count(f->sample_households, n1));
        return;
    }
    int root = largest_root(&a->roots, &share);
    ys_str_printf(s,
                  ys__bk_say(b, "%s %s 户 %s 人，其中 %s 户 %s 人收入低于贫困线，",
                             "%s %s households with %s persons; %s households with %s "
                             "persons are below the line, "),
                  f->survey_only ? ys__bk_say(b, "调查", "The survey has")
                                 : ys__bk_say(b, "登记", "The register holds"),
                  ys__bk_count(a->households, n1), ys__bk_count(a->persons, n2),
                  ys__bk_count(a->poor_households, n3), ys__bk_count(a->poor_persons, n4));
    ys_str_printf(s, ys__bk_say(b, "补到线上一年要 %s", "and lifting them to it takes %s a year"),
                  ys__bk_money_words(b, a->gap, money));
    if (!isnan(a->fgt0))
        ys_str_printf(
            s,
            ys__bk_say(b, "；发生率 %s%%（人口基数 %s 人）", "; the headcount ratio is %s %% of %s persons"),
            ys__bk_percent(a->fgt0, 2, n1), ys__bk_count((int64_t)(a->base + 0.5), n2));
    else
        ys_str_puts(s, ys__bk_say(b, "；没有人口基数，不算发生率",
                                  "; no population base is recorded, so no rate is given"));
    ys_str_printf(s,
                  ys__bk_say(b, "。扣除看病、上学、灾害、还债等刚性支出后，%s 户有缺口，共 %s，",
                             ". After unavoidable spending on illness, school, disaster and debt, %s "
                             "households have a gap of %s together; "),
                  ys__bk_count(a->roots.households, n1), ys__bk_money_words(b, a->roots.gap, money));
    ys_str_printf(s, ys__bk_say(b, "最大的一项是“%s”（占 %s%%）。", "the largest part is “%s” (%s %%). "),
                  ys__bk_root(b, root), ys__bk_percent(share, 1, n1));
}

static void lead_plan(ys_book *b, ys_str *s)
{
    const ys_fig_plan *p = &b->f->plan;
    char n1[YS_TEXT], n2[YS_TEXT], n3[YS_TEXT], money[YS_TEXT];
    if (!p->there) {
        ys_str_puts(s, ys__bk_say(b, "库里还没有计划。", "No plan has been made yet."));
        return;
    }
    ys_str_printf(s,
                  ys__bk_say(b, "计划 %s 给 %s 户安排了措施，首年用钱 %s；",
                             "Plan %s gives measures to %s households and spends %s in the first year; "),
                  p->version, ys__bk_count(b->f->all.helped, n1),
                  ys__bk_money_words(b, p->first_cost, money));
    ys_str_printf(
        s,
        ys__bk_say(b, "它离可证明的最优至多差 %s%%（法定保障）和 %s%%（缺口）。",
                   "it is at most %s %% (statutory needs) and %s %% (gap) from the provable optimum. "),
        ys__bk_percent(p->gap[0], 3, n1), ys__bk_percent(p->gap[1], 3, n2));
    ys_str_printf(s,
                  ys__bk_say(b, "有缺口的户里还有 %s 户没有排上任何到户措施。",
                             "%s households with a gap still get no measure of their own."),
                  ys__bk_count(b->f->all.helpless, n3));
}

static void tile(ys_book *b, const char *zh, const char *en, const char *figure, ys_def def)
{
    ys_html_open(&b->h, "li", NULL);
    ys_html_put(&b->h, "b", NULL, figure);
    ys_html_open(&b->h, "span", NULL);
    ys_html_text(&b->h, ys__bk_say(b, zh, en));
    ys__bk_def(b, def);
    ys_html_close(&b->h);
    ys_html_close(&b->h);
}

static void tiles(ys_book *b)
{
    const ys_fig_place *a = &b->f->all;
    char n1[YS_TEXT], n2[YS_TEXT], text[2 * YS_TEXT + 16];
    ys_html_open(&b->h, "ul", "class=\"tiles\"");
    snprintf(text, sizeof text, ys__bk_say(b, "%s 户 %s 人", "%s / %s"), ys__bk_count(a->poor_households, n1),
             ys__bk_count(a->poor_persons, n2));
    tile(b, "低于贫困线", "households / persons below the line", text, YS_DEF_POOR);
    tile(b, "法定缺口（一年）", "statutory gap a year", ys__bk_money_words(b, a->gap, n1), YS_DEF_GAP);
    tile(b, "扣刚性支出后的缺口（一年）", "gap after rigid spending, a year",
         ys__bk_money_words(b, a->roots.gap, n1), YS_DEF_YSTAR);
    if (b->f->plan.there) {
        snprintf(text, sizeof text, ys__bk_say(b, "%s 户", "%s"), ys__bk_count(a->helped, n1));
        tile(b, "计划里得到措施", "households with measures in the plan", text, YS_DEF_HELPED);
    }
    ys_html_close(&b->h);
}

static const struct {
    const char *id, *zh, *en;
    void (*write)(ys_book *b);
} chapters[] = {
    {"poor", "一、有多穷", "1. How poor", ys__book_poor},
    {"where", "二、在哪里", "2. Where", ys__book_where},
    {"why", "三、为什么", "3. Why", ys__book_why},
    {"who", "四、谁得什么", "4. Who gets what", ys__book_who},
    {"close", "五、离最优多远", "5. How close to the best", ys__book_close},
    {"missing", "六、还缺什么", "6. What is missing", ys__book_missing},
    {"villages", "七、村里缺什么", "7. What the villages lack", ys__book_villages},
    {"quality", "八、数据质量", "8. Quality of the data", ys__book_quality},
    {"method", "九、怎么算的", "9. How it was computed", ys__book_method},
    {"defs", "十、口径", "10. Definitions", ys__book_defs},
};
enum { CHAPTERS = sizeof chapters / sizeof *chapters };

static void contents(ys_book *b)
{
    ys_html_open(&b->h, "nav", b->zh ? "aria-label=\"目录\"" : "aria-label=\"Contents\"");
    ys_html_open(&b->h, "ol", "style=\"list-style:none;padding:0\"");
    for (int i = 0; i < CHAPTERS; i++) {
        char attrs[80];
        snprintf(attrs, sizeof attrs, "href=\"#%s\"", chapters[i].id);
        ys_html_open(&b->h, "li", NULL);
        ys_html_put(&b->h, "a", attrs, ys__bk_say(b, chapters[i].zh, chapters[i].en));
        ys_html_close(&b->h);
    }
    ys_html_close(&b->h);
    ys_html_close(&b->h);
}

static bool first_page(ys_book *b, const char *title)
{
    ys_str s = {0};
    ys_html_open(&b->h, "header", NULL);
    ys_html_put(&b->h, "h1", NULL, title);
    if (b->f->head.synthetic)
        ys_html_put(&b->h, "p", "class=\"mark\"",
                    ys__bk_say(b, "▲ 合成数据：没有任何真实的人或家庭",
                               "▲ Synthetic data: no real person or family"));
    metas(b);
    lead_register(b, &s);
    lead_plan(b, &s);
    ys_html_put(&b->h, "p", "class=\"lead\"", ys_str_get(&s));
    tiles(b);
    ys_html_close(&b->h);
    contents(b);
    bool ok = !s.failed;
    ys_str_done(&s);
    return ok;
}

bool ys_book_write(ys_out out, const ys_figures *f, const char *lang)
{
    ys_book b = {.f = f, .zh = strcmp(lang, "zh") == 0};
    char title[256];
    const char *scope = ys__bk_word(&b, f->head.scope);
    snprintf(title, sizeof title, ys__bk_say(&b, "%s%s扶贫诊断与计划报告", "%s%sPoverty diagnosis and plan"),
             scope, b.zh || scope[0] == '\0' ? "" : ": ");
    ys_html_begin(&b.h, out, b.zh ? "zh-Hans" : "en", title);
    ys_html_open(&b.h, "main", NULL);
    bool ok = first_page(&b, title);
    for (int i = 0; i < CHAPTERS; i++) {
        ys_html_open(&b.h, "section", NULL);
        ys__bk_heading(&b, chapters[i].id, chapters[i].zh, chapters[i].en);
        chapters[i].write(&b);
        ys_html_close(&b.h);
    }
    return ys_html_end(&b.h) && ok;
}
