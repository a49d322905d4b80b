/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/words.h"

#include "base/num.h"
#include "plan/model.h"

const char *ys__measure_label(const ys_plan_measure *m, bool zh)
{
    const char *l = zh ? m->label_zh : m->label_en;
    return l != NULL && l[0] != 0 ? l : m->name;
}

const char *ys__fund_label(const ys_plan_fund *f)
{
    return f->label != NULL && f->label[0] != 0 ? f->label : f->name;
}

static const char *money(int64_t fen, char *buf, size_t size)
{
    int64_t yuan = fen < 0 ? -((-fen + 50) / 100) : (fen + 50) / 100;
    return ys_format_int_grouped(yuan, buf, size);
}

static const char *list_comma(bool zh)
{
    return zh ? "、" : ", ";
}

static void put_labels(const ys_plan *p, const ys_plan_picks *k, bool zh, ys_str *out)
{
    for (int i = 0; i < k->count; i++) {
        bool twice = false;
        for (int j = 0; j < i; j++)
            twice = twice || k->pick[j].measure == k->pick[i].measure;
        if (!twice)
            ys_str_printf(out, "%s%s", i > 0 ? list_comma(zh) : "",
                          ys__measure_label(&p->in->measures[k->pick[i].measure], zh));
    }
}

/* The strongest link from the household's cause to a picked measure. */
static const ys_plan_fit *best_fit(const ys_plan *p, int64_t block, const ys_plan_picks *k)
{
    const ys_plan_input *in = p->in;
    const ys_plan_fit *best = NULL;
    if (block >= in->n_households)
        return NULL;
    for (int f = 0; f < in->n_fits; f++)
        for (int i = 0; i < k->count; i++)
            if (in->fits[f].cause == in->households[block].cause &&
                in->fits[f].measure == k->pick[i].measure &&
                (best == NULL || in->fits[f].strength > best->strength))
                best = &in->fits[f];
    return best;
}

static void sum_charges(const ys_plan *p, const ys_plan_result *r, const ys_plan_picks *k, int64_t *ret_cost,
                        double *ret_price)
{
    const ys_choice *c = &p->choice;
    const ys_plan_tier *t = &r->tier[1];
    *ret_cost = 0;
    *ret_price = 0;
    for (int i = 0; i < k->count; i++)
        for (int64_t q = c->type_at[k->pick[i].offering]; q < c->type_at[k->pick[i].offering + 1]; q++) {
            *ret_cost += c->charge_row[q] < p->in->n_funds ? c->charge[q] : 0;
            *ret_price +=
                (double)t->price[c->charge_row[q]] / (double)((int64_t)1 << t->shift) * (double)c->charge[q];
        }
}

static void say_root(const ys_plan *p, int64_t block, const ys_plan_picks *k, bool zh, ys_str *out)
{
    const ys_plan_fit *fit = best_fit(p, block, k);
    ys_str_puts(out, zh ? "安排" : "The key is ");
    put_labels(p, k, zh, out);
    if (fit == NULL)
        ys_str_puts(out, zh ? "。" : ". ");
    else if (zh)
        ys_str_printf(out, "，对准主因“%s”：%s。", fit->cause_zh, fit->reason_zh);
    else
        ys_str_printf(out, ", which fits the main root, %s: %s. ", fit->cause_en, fit->reason_en);
}

/* Measures that are there because a lock keeps them, whatever they are worth. */
static void say_locked(const ys_plan *p, int64_t block, const ys_plan_picks *k, bool zh, ys_str *out)
{
    int n;
    const ys_plan_lock *l = ys__locks_of(p->in, block, &n);
    for (int i = 0; i < k->count; i++) {
        ys_option o = {
            .offering = k->pick[i].offering, .measure = k->pick[i].measure, .person = k->pick[i].person};
        int j = 0;
        while (j < n && !(l[j].keep && ys__lock_matches(&l[j], &o)))
            j++;
        if (j < n)
            ys_str_printf(out, zh ? "“%s”按锁定“%s”保留。" : "%s stays because lock '%s' keeps it. ",
                          ys__measure_label(&p->in->measures[o.measure], zh), l[j].name);
    }
}

void ys_plan_say(const ys_plan *p, const ys_plan_result *r, int64_t block, bool zh, ys_str *out)
{
    ys_plan_picks k = ys_plan_picks_of(p, r, block);
    if (k.count == 0) {
        ys_str_puts(out,
                    zh ? "本轮没有安排措施。各项措施未入选的原因见下。"
                       : "No measure was assigned in this round. The reasons are listed for each measure.");
        return;
    }
    int64_t cost;
    double price;
    char a[32], b[32], c[32], d[16];
    sum_charges(p, r, &k, &cost, &price);
    say_root(p, block, &k, zh, out);
    say_locked(p, block, &k, zh, out);
    money(k.gap, a, sizeof a);
    money(cost, b, sizeof b);
    money((int64_t)(price + 0.5), c, sizeof c);
    ys_format_int_grouped(k.cures, d, sizeof d);
    if (zh) {
        ys_str_printf(out, "预计%d年内补上收入缺口%s元（现值）", p->in->horizon, a);
        if (k.cures > 0)
            ys_str_printf(out, "，消除法定剥夺%s项·人", d);
        ys_str_printf(out, "，占用资金%s元；同样的资金和名额用在别处可补%s元。", b, c);
    } else {
        ys_str_printf(out, "It is expected to close %s yuan of the income gap over %d years (present value)",
                      a, p->in->horizon);
        if (k.cures > 0)
            ys_str_printf(out, " and to end %s statutory deprivations", d);
        ys_str_printf(out, ", using %s yuan; elsewhere the same money and places would close %s yuan.", b, c);
    }
}

const char *ys_plan_reason_name(ys_plan_reason reason)
{
    static const char *const name[] = {
        "chosen", "no_offer", "gate_false", "gate_unknown", "consent_refused", "consent_missing", "no_money",
        "labour", "limit",    "group",      "needs",        "labour_taken",    "less_value",      "capacity",
        "budget", "count",    "forbidden",  "locked",       "chance"};
    return name[reason];
}

static void say_trade(const ys_plan *p, const ys_plan_result *r, const ys_plan_why *w, bool zh, ys_str *out)
{
    char gain[32], price[32];
    money(w->gain < 0 ? -w->gain : w->gain, gain, sizeof gain);
    money(w->price, price, sizeof price);
    ys_plan_row row = ys_plan_row_at(p, w->row);
    bool none = r->use[w->row] == row.limit;
    if (row.offering >= 0)
        ys_str_printf(out,
                      zh ? (none ? "“%s”的名额已满" : "“%s”剩下的名额不足")
                         : (none ? "all places of '%s' are taken" : "too few places of '%s' are left"),
                      p->in->offerings[row.offering].name);
    else
        ys_str_printf(
            out,
            zh ? "“%s”%d年的资金不足"
               : (none ? "the money of '%s' in %d is used up" : "the money of '%s' in %d is too short"),
            ys__fund_label(&p->in->funds[row.fund]), p->in->funds[row.fund].period);
    if (w->price < 0 || w->price < w->gain) { /* only a whole unit was in the way, not the price */
        ys_str_puts(out, zh ? "，剩下的不够一份。" : "; what is left is not enough for one.");
        return;
    }
    /* a bundle that closes no more is weighed for its cures alone */
    if (w->gain <= 0)
        ys_str_printf(out,
                      zh ? "：这里可多消除剥夺，但少补%s元，而所占资源在别处可多补%s元。"
                         : ": here it would end more deprivations but close %s yuan less, elsewhere those "
                           "resources close %s yuan more.",
                      gain, price);
    else
        ys_str_printf(
            out,
            zh ? "：这里可多补%s元，而所占资源在别处可多补%s元。"
               : ": here it would close %s yuan more, elsewhere those resources close %s yuan more.",
            gain, price);
}

typedef struct phrase {
    const char *zh, *en;
} phrase;

void ys_plan_say_why(const ys_plan *p, const ys_plan_result *r, int64_t block, int32_t measure, bool zh,
                     ys_str *out)
{
    static const phrase plain[] = {
        [YS_WHY_CHOSEN] = {"已入选。", "it is in the plan."},
        [YS_WHY_NO_OFFER] = {"本地在规划期内没有这项供给。", "nobody offers it here within the horizon."},
        [YS_WHY_GATE_FALSE] = {"不符合条件。", "the conditions are not met."},
        [YS_WHY_GATE_UNKNOWN] = {"判断条件所需的信息缺失。", "a fact the conditions read is missing."},
        [YS_WHY_CONSENT_REFUSED] = {"本户不愿意。", "the family does not want it."},
        [YS_WHY_CONSENT_MISSING] = {"尚未征得本户同意。", "the family's consent is not on record."},
        [YS_WHY_NO_MONEY] = {"没有资金或名额能承担哪怕一份。", "no fund or place could carry even one."},
        [YS_WHY_LABOUR] = {"本户没有足够的闲余劳动时间。", "there is not enough free labour."},
        [YS_WHY_LIMIT] = {"可选项过多，排在上限之后。", "it ranks behind the ceiling on options."},
        [YS_WHY_LESS_VALUE] = {"即使不花钱，在这里也不会更好。",
                               "even free of charge it would be no better here."},
        [YS_WHY_COUNT] = {"每户措施数已到上限，已选的更好。",
                          "the bundle is full, and what is in it is better."},
        [YS_WHY_FORBIDDEN] = {"已锁定为不安排。", "a lock rules it out here."},
        [YS_WHY_CHANCE] = {"平均看能过线，但把握不够，不作承诺。",
                           "it would lift over the line on average, but not as surely as is asked."}};
    static const phrase with_other[] = {
        [YS_WHY_GROUP] = {"与已选的“%s”不能并用，已选的更好。",
                          "it cannot go with '%s', which is better here."},
        [YS_WHY_NEEDS] = {"须同时有“%s”，而该项未入选。", "it needs '%s', which is not in the plan."},
        [YS_WHY_LABOUR_TAKEN] = {"闲余劳动已用于更好的“%s”。",
                                 "the free labour is used by '%s', which is better here."},
        [YS_WHY_LOCKED] = {"与锁定保留的“%s”不能并用。", "it cannot go with '%s', which is locked."}};
    ys_plan_why w = ys_plan_why_not(p, r, block, measure);
    ys_str_printf(out, zh ? "%s：" : "%s: ", ys__measure_label(&p->in->measures[measure], zh));
    if (w.reason == YS_WHY_CAPACITY || w.reason == YS_WHY_BUDGET) {
        say_trade(p, r, &w, zh, out);
        return;
    }
    if (w.other >= 0) {
        const char *before = zh ? with_other[w.reason].zh : with_other[w.reason].en;
        for (const char *c = before; *c != 0; c++) /* the phrase holds one %s */
            if (c[0] == '%' && c[1] == 's' && c++)
                ys_str_puts(out, ys__measure_label(&p->in->measures[w.other], zh));
            else
                ys_str_putc(out, *c);
        return;
    }
    ys_str_puts(out, zh ? plain[w.reason].zh : plain[w.reason].en);
    const char *reads = p->in->measures[measure].gate_reads;
    if ((w.reason == YS_WHY_GATE_FALSE || w.reason == YS_WHY_GATE_UNKNOWN) && reads != NULL && reads[0] != 0)
        ys_str_printf(out, zh ? "（条件读取：%s）" : " (it reads: %s)", reads);
}
