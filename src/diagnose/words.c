/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/words.h"
#include <stdlib.h>
#include <string.h>
#include "yaoshi/table.h"

static const struct {
    const char *name, *zh, *en;
} roots[YS_ROOTS + 1] = {
    {"labour", "劳力少", "few able to work"},
    {"employment", "活儿不够干", "not enough work"},
    {"earnings", "每份活挣得少", "work pays little"},
    {"property", "财产性收入少", "little income from property"},
    {"transfer", "补助和赡养等转移收入少", "few transfers"},
    {"rigid", "看病上学等刚性支出多", "heavy bills (illness, school, disaster, debt)"},
    {"none", "无", "none"},
};

const char *ys_root_name(ys_root f)
{
    return roots[f].name;
}

const char *ys_root_label_zh(ys_root f)
{
    return roots[f].zh;
}

const char *ys_root_label_en(ys_root f)
{
    return roots[f].en;
}

static const char *label(const ys_root_words *w, int k, bool zh)
{
    const char *own = zh ? w->label_zh[k] : w->label_en[k];
    return own ? own : zh ? roots[k].zh : roots[k].en;
}

/* 1234567 -> "1,234,567" */
static void put_grouped(ys_str *to, int64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)llabs(v));
    if (v < 0)
        ys_str_putc(to, '-');
    for (int k = 0; k < n; k++) {
        if (k > 0 && (n - k) % 3 == 0)
            ys_str_putc(to, ',');
        ys_str_putc(to, digits[k]);
    }
}

static void put_money(ys_str *to, int64_t units, const ys_root_words *w, bool zh)
{
    put_grouped(to, units);
    ys_str_putc(to, ' ');
    ys_str_puts(to,
                zh ? (w->currency_zh ? w->currency_zh : "元") : (w->currency_en ? w->currency_en : "yuan"));
}

static int64_t unit_of(const ys_root_words *w)
{
    int64_t unit = 1;
    for (int k = 0; k < w->money_digits && k < 6; k++)
        unit *= 10;
    return unit;
}

/* Factors by falling amount; ties in factor order. */
static void rank(const int64_t amount[YS_ROOTS], int order[YS_ROOTS])
{
    for (int k = 0; k < YS_ROOTS; k++) {
        int at = k;
        for (; at > 0 && amount[order[at - 1]] < amount[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
}

static void put_parts(ys_str *to, const int64_t amount[YS_ROOTS], const ys_root_words *w, bool zh, int sign)
{
    int order[YS_ROOTS];
    bool first = true;
    rank(amount, order);
    for (int i = 0; i < YS_ROOTS; i++) {
        int k = sign > 0 ? order[i] : order[YS_ROOTS - 1 - i];
        if (amount[k] == 0 || (amount[k] > 0) != (sign > 0))
            continue;
        if (!first)
            ys_str_puts(to, zh ? "、" : ", ");
        ys_str_puts(to, label(w, k, zh));
        ys_str_putc(to, ' ');
        put_money(to, llabs(amount[k]), w, zh);
        first = false;
    }
}

static bool any_negative(const int64_t amount[YS_ROOTS])
{
    for (int k = 0; k < YS_ROOTS; k++)
        if (amount[k] < 0)
            return true;
    return false;
}

/* What helps the household is a negative contribution: the label names a want, so it is put as "better than usual". */
static void put_gap(ys_str *to, const int64_t amount[YS_ROOTS], int64_t total, const ys_root_words *w,
                    bool zh)
{
    if (zh)
        ys_str_puts(to, "比脱贫线每人每年少 ");
    put_money(to, total, w, zh);
    ys_str_puts(to, zh ? "：" : " a person and year below the line: ");
    put_parts(to, amount, w, zh, 1);
    if (any_negative(amount)) {
        ys_str_puts(to, zh ? "；好于参照、抵去一部分的：" : "; better than the reference, taking off: ");
        put_parts(to, amount, w, zh, -1);
    }
    ys_str_puts(to, zh ? "。" : ". ");
}

static void put_root(ys_str *to, const ys_roots *r, int64_t i, const ys_root_words *w, bool zh)
{
    int top = r->top[i], second = r->second[i];
    int64_t share = r->gap[i] > 0 ? (r->contribution[top][i] * 100 + r->gap[i] / 2) / r->gap[i] : 0;
    if (!r->stable[i]) {
        ys_str_puts(to, zh ? "多因并重：" : "Several causes weigh alike: ");
        ys_str_puts(to, label(w, top, zh));
        ys_str_puts(to, zh ? "与" : " and ");
        ys_str_puts(to, label(w, second, zh));
        ys_str_puts(to, zh ? "，须入户核实主因。" : "; ask the family which comes first. ");
        return;
    }
    ys_str_puts(to, zh ? "根子在" : "The root: ");
    ys_str_puts(to, label(w, top, zh));
    ys_str_printf(to, zh ? "（占缺口 %lld%%）。" : " (%lld%% of the gap). ", (long long)share);
}

/* "同乡镇", "the same town"; without a word of the pack "同一地区". */
static const char *peers_place(const ys_root_words *w, int level, bool zh, char *buf, size_t size)
{
    if (level == YS_PEER_ALL)
        return zh ? "所有地区" : "all areas";
    const char *word = zh ? w->peers_zh[level] : w->peers_en[level];
    if (!word)
        return zh ? "同一地区" : "the same area";
    (void)snprintf(buf, size, zh ? "同%s" : "the same %s", word);
    char *first = buf + strlen("the same ");
    if (!zh && first[0] >= 'A' && first[0] <= 'Z' && first[1] >= 'a')
        first[0] = (char)(first[0] - 'A' + 'a'); /* labels begin with a capital */
    return buf;
}

static void put_peers(ys_str *to, const ys_roots *r, int64_t i, int64_t persons, const ys_root_words *w,
                      bool zh)
{
    char where[96];
    if (r->peer_level[i] == YS_PEER_NONE || ys_is_missing(r->peer_gap[i]))
        return;
    int64_t unit = unit_of(w), by = unit * persons, units = (2 * r->peer_gap[i] + by) / (2 * by);
    if (units <= 0)
        return;
    ys_str_printf(to,
                  zh ? "与%s %d 户非贫困户的中位水平相比，每人少 "
                     : "Against the middle of the non-poor in %s (%d households): ",
                  peers_place(w, r->peer_level[i], zh, where, sizeof where), (int)r->peers[i]);
    put_money(to, units, w, zh);
    ys_str_puts(to, zh ? "。" : " a person less. ");
}

static void put_findings(ys_str *to, const ys_root_words *w, bool zh)
{
    const char *declared = zh ? w->declared_zh : w->declared_en;
    if (declared && (w->conflict & YS_CONFLICT_FACTOR))
        ys_str_printf(to,
                      zh ? "申报主因是「%s」，与账对不上，请村里核实。"
                         : "Declared cause \"%s\" does not fit the account: check it. ",
                      declared);
    if (declared && (w->conflict & YS_CONFLICT_EVIDENCE))
        ys_str_printf(
            to, zh ? "申报的「%s」没有查到客观凭据。" : "No objective evidence of the declared \"%s\". ",
            declared);
    if (w->missing > 0) {
        ys_str_puts(to, zh ? "应享未享：" : "Entitled but not received: ");
        ys_str_puts(to, zh ? (w->missing_zh ? w->missing_zh : "") : (w->missing_en ? w->missing_en : ""));
        ys_str_puts(to, zh ? "，全户每年 " : ", for the household and year ");
        put_money(to, w->missing / unit_of(w), w, zh);
        ys_str_puts(to, zh ? "。" : ". ");
    }
}

static void trim(ys_str *to)
{
    while (to->len > 0 && to->data[to->len - 1] == ' ')
        to->data[--to->len] = 0;
}

bool ys_root_sentence(const ys_roots *r, int64_t i, int64_t persons, const ys_root_words *w, const char *lang,
                      ys_str *to)
{
    bool zh = strcmp(lang, "zh") == 0;
    int64_t amount[YS_ROOTS], unit = unit_of(w), out[YS_ROOTS];
    if (r->state[i] == YS_RS_UNKNOWN) {
        ys_str_puts(to, zh ? "资料不全，算不出根子：请补收入、劳动力或务工月数。"
                           : "Facts are missing: complete income, labour or months worked.");
        return !to->failed;
    }
    if (r->state[i] == YS_RS_ABOVE) {
        ys_str_puts(to, zh ? "扣除刚性支出后的收入已在脱贫线以上。"
                           : "Income after unavoidable spending is above the line. ");
    } else {
        for (int k = 0; k < YS_ROOTS; k++)
            amount[k] = r->contribution[k][i];
        int64_t total = ys_root_per_head(amount, persons, unit, out) / unit;
        for (int k = 0; k < YS_ROOTS; k++)
            out[k] /= unit;
        put_gap(to, out, total, w, zh);
        put_root(to, r, i, w, zh);
        put_peers(to, r, i, persons, w, zh);
    }
    put_findings(to, w, zh);
    trim(to);
    return !to->failed;
}

bool ys_root_summary_sentence(const ys_root_summary *s, const ys_root_words *w, const char *lang, ys_str *to)
{
    bool zh = strcmp(lang, "zh") == 0;
    int64_t sum = 0;
    int order[YS_ROOTS];
    for (int k = 0; k < YS_ROOTS; k++)
        sum += s->amount[k];
    if (s->households == 0 || sum == 0) {
        ys_str_puts(to, zh ? "没有低于脱贫线的户。" : "No household is below the line.");
        return !to->failed;
    }
    rank(s->amount, order);
    ys_str_printf(to,
                  zh ? "%lld 户 %lld 人低于脱贫线，全年缺口 "
                     : "%lld households (%lld persons) below the line, short of ",
                  (long long)s->households, (long long)s->persons);
    put_money(to, s->gap / unit_of(w), w, zh);
    ys_str_puts(to, zh ? "。按钱算：" : " a year. In money: ");
    for (int i = 0; i < 3; i++) {
        ys_str_printf(to, "%s%s %lld%%", i > 0 ? (zh ? "、" : ", ") : "", label(w, order[i], zh),
                      (long long)((s->amount[order[i]] * 100 + sum / 2) / sum));
    }
    ys_str_printf(to, zh ? "；多因并重 %lld 户。" : "; %lld households with several causes alike.",
                  (long long)s->mixed);
    return !to->failed;
}

bool ys_deficit_sentence(const ys_deficit *d, int count, const char *const *labels, const char *lang,
                         ys_str *to)
{
    bool zh = strcmp(lang, "zh") == 0;
    if (count == 0) {
        ys_str_puts(to, zh ? "没有查到短板。" : "No deficit found.");
        return !to->failed;
    }
    ys_str_puts(to, zh ? "短板（影响户数/人数）：" : "Deficits (households/persons affected): ");
    for (int k = 0; k < count; k++)
        ys_str_printf(to, zh ? "%s%s（%lld 户 %lld 人）" : "%s%s (%lld/%lld)",
                      k > 0 ? (zh ? "、" : ", ") : "", labels[d[k].indicator], (long long)d[k].households,
                      (long long)d[k].persons);
    ys_str_puts(to, zh ? "。" : ".");
    return !to->failed;
}
