/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/fact.h"
#include "base/alloc.h"
#include "base/num.h"
#include "base/text.h"
#include "diagnose/words.h"

/* Rows shown of each table: together with heads, rules and sentences they stay below YS_SUMMARY_LINES. */
enum { PLACES = 11, MEASURES = 8, PRICES = 4, BAR = 24 };

static const char *word(const ys_cli *c, ys_words w)
{
    return c->zh ? w.zh : w.en;
}

static const char *count(int64_t v, char *buf, size_t size)
{
    return ys_format_int_grouped(v, buf, size);
}

/* Money as each language counts it: 1,234.5 (万, ten thousands) or 12.35 (millions). */
static const char *big(const ys_cli *c, const ys_figures *f, int64_t minor, char *buf, size_t size)
{
    int64_t unit = c->zh ? 1000 : 10000; /* of the last decimal shown, in major units */
    for (int i = 0; i < f->head.digits; i++)
        unit *= 10;
    int64_t last = minor / unit + (minor % unit * 2 >= unit);
    return ys_format_money_grouped(last, c->zh ? 1 : 2, buf, size);
}

static const char *currency(const ys_cli *c, const ys_figures *f)
{
    if (strcmp(f->head.currency, "CNY") != 0)
        return f->head.currency;
    return ys_cli_say(c, "元", "yuan");
}

static void percent(ys_grid *g, double share)
{
    if (isnan(share))
        ys_grid_put(g, "–");
    else
        ys_grid_putf(g, "%.2f", share * 100);
}

static ys_status table(const ys_cli *c, ys_grid *g, ys_diag *diag)
{
    int width = ys_cli_width();
    bool ok = ys_grid_print(g, c->out, width > 0 ? width : 0);
    ys_grid_free(g);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "输出失败", "cannot write the output");
}

/* ---- how poor ---- */

static void how_poor(const ys_cli *c, const ys_figures *f)
{
    char line[48], a[32], b[32], d[32], e[32], at[40];
    ys_out_printf(c->out, "%s · %s · %s · %s %" PRId64 " · %s UTC%s\n", word(c, f->head.scope), f->head.pack,
                  f->head.period, ys_cli_say(c, "数据截至事务", "facts up to transaction"), f->head.head_tx,
                  ys_time_text(f->head.head_at, at, sizeof at),
                  f->head.synthetic ? ys_cli_say(c, " · ▨ 合成数据", " · ▨ synthetic data") : "");
    ys_out_printf(
        c->out,
        ys_cli_say(c, "■ 有多穷  线 %s %s/人·年；登记 %s 户 %s 人，低于线 %s 户 %s 人\n",
                   "■ how poor  line %s %s a head; registered: %s households, %s persons; below: %s, %s\n"),
        ys_format_money_grouped(f->head.line, f->head.digits, line, sizeof line), currency(c, f),
        count(f->all.households, a, sizeof a), count(f->all.persons, b, sizeof b),
        count(f->all.poor_households, d, sizeof d), count(f->all.poor_persons, e, sizeof e));
    if (isnan(f->all.fgt0))
        ys_out_printf(
            c->out, "  %s\n",
            ys_cli_say(c, "没有人口基数，算不出发生率", "no population base: no rate can be given"));
    else
        ys_out_printf(c->out,
                      ys_cli_say(c, "  发生率 %.2f%%，深度 %.2f%%，强度 %.2f%%\n",
                                 "  headcount %.2f%%, depth %.2f%%, severity %.2f%%\n"),
                      f->all.fgt0 * 100, f->all.fgt1 * 100, f->all.fgt2 * 100);
    ys_out_printf(
        c->out,
        ys_cli_say(c, "  法定缺口 %s 万%s/年；按扣刚性支出后的收入算 %s 万%s/年\n",
                   "  statutory gap %s million %s a year; after unavoidable spending %s million %s\n"),
        big(c, f, f->all.gap, a, sizeof a), currency(c, f), big(c, f, f->all.roots.gap, b, sizeof b),
        currency(c, f));
}

/* ---- where ---- */

/* A terminal without room for every column; the ones left out can be had from yaoshi measure and diagnose. */
static bool narrow(void)
{
    int width = ys_cli_width();
    return width > 0 && width < 105;
}

static const ys_fig_place *const *by_poor(const ys_figures *f)
{
    const ys_fig_place **list = ys_calloc((size_t)f->places + 1, sizeof *list);
    for (int i = 0; list != NULL && i < f->places; i++) {
        int at = i;
        for (; at > 0 && list[at - 1]->poor_persons < f->place[i].poor_persons; at--)
            list[at] = list[at - 1];
        list[at] = &f->place[i];
    }
    return list;
}

static int top_root(const ys_fig_place *p)
{
    int best = 0;
    for (int k = 1; k < YS_ROOTS; k++)
        best = p->roots.amount[k] > p->roots.amount[best] ? k : best;
    return p->roots.amount[best] > 0 ? best : YS_ROOT_NONE;
}

static void put_place(const ys_cli *c, ys_grid *g, const ys_figures *f, const ys_fig_place *p,
                      const char *name)
{
    char a[32];
    int root = top_root(p);
    ys_grid_put(g, name);
    if (!narrow())
        ys_grid_put(g, count(p->poor_households, a, sizeof a));
    ys_grid_put(g, count(p->poor_persons, a, sizeof a));
    percent(g, p->fgt0);
    ys_grid_put(g, big(c, f, p->gap, a, sizeof a));
    if (!narrow())
        ys_grid_put(g, root == YS_ROOT_NONE
                           ? "–"
                           : ys_cli_say(c, ys_root_label_zh((ys_root)root), ys_root_name((ys_root)root)));
    ys_grid_put(g, f->plan.there ? count(p->helped, a, sizeof a) : "–");
    ys_grid_put(g, f->plan.there ? count(p->helpless, a, sizeof a) : "–");
    ys_grid_put(g, f->plan.there ? big(c, f, p->first_cost, a, sizeof a) : "–");
}

static ys_status where(const ys_cli *c, const ys_figures *f, ys_diag *diag)
{
    const ys_fig_place *const *list = by_poor(f);
    ys_grid *g = ys_grid_new();
    if (list == NULL || g == NULL) {
        ys_free((void *)list);
        ys_grid_free(g);
        return ys_fail_nomem(diag);
    }
    ys_out_printf(c->out, "%s\n", ys_cli_say(c, "■ 在哪里", "■ where"));
    ys_grid_column(g, word(c, f->level), YS_LEFT);
    if (!narrow())
        ys_grid_column(g, ys_cli_say(c, "贫困户", "poor hh."), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "贫困人口", "persons"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "发生率%", "rate %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "缺口(万/年)", "gap (m)"), YS_RIGHT);
    if (!narrow())
        ys_grid_column(g, ys_cli_say(c, "首要贫根", "first root"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "得措施户", "helped"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "无措施户*", "none*"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "首年资金(万)", "money (m)"), YS_RIGHT);
    for (int i = 0; i < f->places && i < PLACES; i++)
        put_place(c, g, f, list[i], word(c, list[i]->name));
    ys_grid_rule(g);
    put_place(c, g, f, &f->all, ys_cli_say(c, "合计", "all"));
    ys_free((void *)list);
    YS_TRY(table(c, g, diag));
    if (f->places > PLACES)
        ys_out_printf(c->out, ys_cli_say(c, "  另有 %d 个未列。", "  %d more."), f->places - PLACES);
    if (f->plan.there)
        ys_out_printf(c->out, "  %s\n",
                      ys_cli_say(c, "* 扣刚性支出后低于线而没有得到措施的户",
                                 "* below the line after unavoidable spending and given nothing"));
    return YS_OK;
}

/* ---- why ---- */

static void bar(char *buf, size_t size, double share)
{
    int n = (int)(share * BAR + 0.5);
    size_t used = 0;
    for (int i = 0; i < n && used + 4 < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "█");
    if (n == 0)
        snprintf(buf, size, "%s", share > 0 ? "▏" : "");
}

static ys_status why(const ys_cli *c, const ys_figures *f, ys_diag *diag)
{
    char a[32], block[4 * BAR + 8];
    const ys_root_summary *r = &f->all.roots;
    int64_t sum = 0;
    for (int k = 0; k < YS_ROOTS; k++)
        sum += r->amount[k];
    ys_out_printf(c->out,
                  ys_cli_say(c, "■ 为什么穷（账目分解；%s 户多因并重）\n",
                             "■ why (accounting; %s households of several roots)\n"),
                  count(r->mixed, a, sizeof a));
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g, ys_cli_say(c, "贫根", "root"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "占缺钱%", "of money %"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "主根户", "main root of"), YS_RIGHT);
    ys_grid_column(g, "", YS_LEFT);
    for (int k = 0; k < YS_ROOTS; k++) {
        double share = sum > 0 ? (double)r->amount[k] / (double)sum : 0;
        bar(block, sizeof block, share);
        ys_grid_put(g, ys_cli_say(c, ys_root_label_zh((ys_root)k), ys_root_label_en((ys_root)k)));
        ys_grid_putf(g, "%.1f", share * 100);
        ys_grid_put(g, count(r->top_households[k], a, sizeof a));
        ys_grid_put(g, block);
    }
    return table(c, g, diag);
}

/* ---- who gets what ---- */

static int by_cost(const void *a, const void *b)
{
    const ys_fig_measure *const *p = a, *const *q = b;
    if ((*p)->first_cost != (*q)->first_cost)
        return (*p)->first_cost > (*q)->first_cost ? -1 : 1;
    return strcmp((*p)->label.en, (*q)->label.en);
}

static ys_status gets(const ys_cli *c, const ys_figures *f, ys_diag *diag)
{
    char a[32], b[32], d[32];
    const ys_fig_plan *p = &f->plan;
    const ys_fig_measure **list = ys_calloc((size_t)p->measure_count + 1, sizeof *list);
    ys_grid *g = ys_grid_new();
    int n = 0;
    if (list == NULL || g == NULL) {
        ys_free(list);
        ys_grid_free(g);
        return ys_fail_nomem(diag);
    }
    for (int i = 0; i < p->measure_count; i++) {
        if (p->measures[i].units > 0)
            list[n++] = &p->measures[i];
    }
    if (n > 1)
        qsort(list, (size_t)n, sizeof *list, by_cost);
    ys_out_printf(
        c->out,
        ys_cli_say(c, "■ 谁得到什么  计划 %s：%s 户得到措施，首年资金 %s 万%s，共 %d 种措施\n",
                   "■ who gets what  plan %s: %s households, first-year money %s million %s, %d measures\n"),
        p->version, count(p->helped, a, sizeof a), big(c, f, p->first_cost, b, sizeof b), currency(c, f), n);
    ys_grid_column(g, ys_cli_say(c, "措施", "measure"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "户（村）", "households"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "份", "units"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "首年资金(万)", "first year (m)"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "预期年增收(万)", "expected a year (m)"), YS_RIGHT);
    for (int i = 0; i < n && i < MEASURES; i++) {
        ys_grid_putf(g, "%s%s", word(c, list[i]->label),
                     list[i]->village ? ys_cli_say(c, "（村）", " (village)") : "");
        ys_grid_put(g, count(list[i]->blocks, a, sizeof a));
        ys_grid_put(g, count(list[i]->units, a, sizeof a));
        ys_grid_put(g, big(c, f, list[i]->first_cost, b, sizeof b));
        ys_grid_put(g, big(c, f, list[i]->effect, d, sizeof d));
    }
    ys_free(list);
    return table(c, g, diag);
}

/* ---- how close, and what is missing ---- */

static void how_close(const ys_cli *c, const ys_figures *f)
{
    char a[32], b[32];
    const ys_fig_plan *p = &f->plan;
    ys_out_printf(c->out,
                  ys_cli_say(c,
                             "■ 离最优多远  法定层解决 %s 项·人，离最优至多 %.3f%%\n  缺口层减少 %s "
                             "万%s（现值），离最优至多 %.3f%%%s\n",
                             "■ how close  statutory: %s rights met, at most %.3f%% from the optimum\n  gap: "
                             "%s million %s closed (present value), at most %.3f%% from the optimum%s\n"),
                  count(p->value[0], a, sizeof a), p->gap[0] * 100, big(c, f, p->value[1], b, sizeof b),
                  currency(c, f), p->gap[1] * 100,
                  p->stale ? ys_cli_say(c, "。▲ 此后数据有变", ". ▲ facts changed since") : "");
}

/* The dearest of a list, by price; fills `top` with indexes and returns how many have a price. */
static int dearest(const ys_fig_resource *r, int64_t n, int64_t *top)
{
    int found = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(r[i].price > 0))
            continue;
        int at = found < PRICES ? found : PRICES;
        for (; at > 0 && r[top[at - 1]].price < r[i].price; at--) {
            if (at < PRICES)
                top[at] = top[at - 1];
        }
        if (at < PRICES)
            top[at] = i;
        found += found < PRICES;
    }
    return found;
}

static ys_status missing(const ys_cli *c, const ys_figures *f, ys_diag *diag)
{
    char a[32], b[32];
    int64_t top[PRICES];
    const ys_fig_plan *p = &f->plan;
    double unit = 1;
    for (int i = 0; i < f->head.digits; i++)
        unit *= 10;
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_out_printf(
        c->out,
        ys_cli_say(
            c, "■ 缺什么  %s/%s 项名额用满；低于线而无措施 %s 户\n",
            "■ what is missing  %s of %s capacities are full; %s households below the line get nothing\n"),
        count(p->places_full, a, sizeof a), count(p->place_count, b, sizeof b),
        count(f->all.helpless, (char[32]){0}, 32));
    ys_grid_column(g, ys_cli_say(c, "最缺的资金和名额", "dearest funds and places"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "年", "year"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "地区", "area"), YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "每多一份钱/一个名额可多减缺口", "one more (money/place) closes"),
                   YS_RIGHT);
    for (int kind = 0; kind < 2; kind++) {
        const ys_fig_resource *r = kind == 0 ? p->funds : p->places;
        int n = dearest(r, kind == 0 ? p->fund_count : p->place_count, top);
        for (int i = 0; i < n; i++) {
            const ys_fig_resource *one = &r[top[i]];
            ys_grid_put(g, word(c, one->name));
            ys_grid_putf(g, "%d", one->year);
            ys_grid_put(g, kind == 0 ? "" : word(c, one->area));
            ys_grid_put(g, ys_format_money_grouped(
                               (int64_t)floor(100 * (kind == 0 ? one->price : one->price / unit) + 0.5), 2, a,
                               sizeof a));
        }
    }
    return table(c, g, diag);
}

ys_status ys_summary_print(const ys_cli *c, const ys_figures *f, ys_diag *diag)
{
    how_poor(c, f);
    YS_TRY(where(c, f, diag));
    YS_TRY(why(c, f, diag));
    if (!f->plan.there) {
        ys_out_printf(c->out,
                      ys_cli_say(c, "○ 还没有计划：yaoshi plan %s\n", "○ no plan yet: yaoshi plan %s\n"),
                      c->argv[0]);
        return YS_OK;
    }
    YS_TRY(gets(c, f, diag));
    how_close(c, f);
    return missing(c, f, diag);
}
