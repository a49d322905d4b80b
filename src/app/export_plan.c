/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/card.h"
#include "app/export.h"
#include "base/alloc.h"
#include "base/num.h"
#include "plan/words.h"

enum { MAX_FUNDS = 64, MAX_COLUMNS = YS_EXPORT_LEVELS + 24 };

/* What both lists need of a kept plan. */
typedef struct kept {
    ys_export *x;
    ys_plan_head head;
    ys_planning *p;
    const ys_plan_input *in;
    const char **provider; /* name per offering */
    int names;             /* place columns */
} kept;

static void kept_done(kept *k)
{
    ys_free(k->provider);
    ys_planning_free(k->p);
}

static ys_status kept_open(kept *k, ys_diag *diag)
{
    const char *code;
    ys_office *o = k->x->office;
    YS_TRY(ys_plan_head_read(o, k->x->args->plan, &k->head, diag));
    ys_plan_load_args a = {.head = &k->head, .scope = k->x->args->reading.scope};
    YS_TRY(ys_plan_load(o, &a, &k->p, diag));
    k->in = &k->p->facts->in;
    k->provider = ys_calloc((size_t)k->in->n_offerings + 1, sizeof *k->provider);
    if (k->provider == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < k->in->n_offerings; i++)
        k->provider[i] = ys__card_provider(k->p, i, &code);
    return YS_OK;
}

/* The plan may have been read whole: does a block lie in the scope asked for? */
static bool in_scope(const kept *k, int64_t block)
{
    const char *scope = k->x->args->reading.scope;
    const ys_areas *areas = k->p->frame->areas;
    int32_t at = scope != NULL ? ys_areas_find(areas, scope) : -1;
    int32_t here = block < k->in->n_households ? k->in->households[block].area
                                               : k->in->villages[block - k->in->n_households].area;
    return at < 0 || (here >= ys_areas_begin(areas, at) && here < ys_areas_end(areas, at));
}

static const char *text_of(const ys_table *t, const char *field, int64_t row)
{
    const char *text = ys_table_get_text(t, ys_table_find(t, field), row);
    return text != NULL ? text : "";
}

/* Places, number and head of the household of a block; of a village only its places. */
static void put_block(const kept *k, int64_t block)
{
    char buf[400];
    const ys_frame *f = k->p->frame;
    ys_sink *s = k->x->sink;
    if (block >= k->in->n_households) {
        int32_t area = ys_areas_find(f->areas, text_of(f->village, "area", block - k->in->n_households));
        ys__export_place(k->x, f, area);
        ys_sink_text(s, NULL);
        ys_sink_text(s, ys__export_say(k->x, "（全村）", "(the village)"));
        ys_sink_int(s, YS_NA);
        return;
    }
    int64_t h = k->p->facts->frame_row[block];
    ys__export_place(k->x, f, f->area_of[h]);
    ys_sink_text(s, text_of(f->household, "household", h));
    ys_sink_text(s, ys__export_head(k->x, f, h, buf, sizeof buf));
    ys_sink_int(s, k->in->households[block].persons);
}

static int block_columns(const kept *k, ys_xlsx_column *c)
{
    int n = ys__export_place_columns(k->x, c);
    c[n++] = (ys_xlsx_column){ys__export_say(k->x, "户编号", "household"), 14, YS_XLSX_TEXT};
    c[n++] = (ys_xlsx_column){ys__export_say(k->x, "户主", "head"), 10, YS_XLSX_TEXT};
    c[n++] = (ys_xlsx_column){ys__export_say(k->x, "人数", "persons"), 6, YS_XLSX_INT};
    return n;
}

/* ---- the plan ---- */

/* "中央财政专项扶贫资金 2016: 9262.00; …" and the sum. */
static ys_status put_funds(const kept *k, int32_t offering, ys_diag *diag)
{
    char amount[48];
    int32_t fund[MAX_FUNDS];
    int64_t each[MAX_FUNDS], sum;
    ys_str text = {0};
    int n = ys__card_money(k->p, offering, fund, each, MAX_FUNDS, &sum);
    for (int i = 0; i < n; i++)
        ys_str_printf(&text, "%s%s %d: %s", i > 0 ? "; " : "", ys_planning_fund_name(k->p, fund[i]),
                      k->in->funds[fund[i]].period,
                      ys_format_money(each[i], ys_pack_digits(k->x->office->pack), amount, sizeof amount));
    ys_sink_text(k->x->sink, ys_str_get(&text));
    ys_sink_money(k->x->sink, sum);
    bool ok = !text.failed;
    ys_str_done(&text);
    return ok ? YS_OK : ys_fail_nomem(diag);
}

static const char *person_text(const kept *k, int32_t person, const char *field, char *buf, size_t size)
{
    const ys_kind *kind = ys_pack_kind(k->x->office->pack, "person");
    int f = ys_kind_field(kind, field);
    ys_fact_how how = {.pack = k->x->office->pack, .zh = k->x->args->zh, .unmask = k->x->args->unmask};
    return person >= 0 && f >= 0 ? ys_fact_text(&how, &kind->fields[f], k->p->frame->person,
                                                k->p->facts->person_row[person], buf, size)
                                 : "";
}

static ys_status put_pick(const kept *k, int64_t block, const ys_plan_picks *picks, int i, ys_diag *diag)
{
    char buf[400];
    const ys_plan_pick *pick = &picks->pick[i];
    const ys_plan_offering *o = &k->in->offerings[pick->offering];
    const ys_plan_measure *m = &k->in->measures[pick->measure];
    ys_sink *s = k->x->sink;
    ys_str why = {0};
    put_block(k, block);
    ys_sink_text(s, ys__export_say(k->x, m->label_zh, m->label_en));
    ys_sink_text(s, o->name);
    ys_sink_text(s, k->provider[pick->offering]);
    ys_sink_text(s, person_text(k, pick->person, "person", buf, sizeof buf));
    ys_sink_text(s, person_text(k, pick->person, "name", buf, sizeof buf));
    ys_sink_int(s, o->period);
    ys_status st = put_funds(k, pick->offering, diag);
    ys_sink_money(s, (int64_t)(o->effect + 0.5));
    /* What the bundle as a whole does, and why it was chosen, stands once: it is not the sum over its measures. */
    if (i == 0)
        ys_plan_say(k->p->plan, k->p->result, block, k->x->args->zh, &why);
    ys_sink_int(s, i == 0 ? picks->cures : YS_NA);
    ys_sink_money(s, i == 0 ? picks->gap : YS_NA);
    ys_sink_text(s, ys_str_get(&why));
    ys_str_done(&why);
    YS_TRY(st);
    return ys_sink_row(s, diag);
}

ys_status ys__export_plan(ys_export *x, ys_diag *diag)
{
    kept k = {.x = x};
    ys_xlsx_column c[MAX_COLUMNS];
    ys_status st = YS_OK;
    YS_GO(kept_open(&k, diag));
    YS_GO(ys__export_titles(x, "帮扶计划", "plan of measures", &k.head, diag));
    int n = block_columns(&k, c);
    const ys_xlsx_column own[] = {
        {ys__export_say(x, "措施", "measure"), 18, YS_XLSX_TEXT},
        {ys__export_say(x, "供给编号", "offering"), 12, YS_XLSX_TEXT},
        {ys__export_say(x, "实施单位", "provider"), 20, YS_XLSX_TEXT},
        {ys__export_say(x, "人编号", "person"), 16, YS_XLSX_TEXT},
        {ys__export_say(x, "姓名", "name"), 10, YS_XLSX_TEXT},
        {ys__export_say(x, "起始年", "from"), 8, YS_XLSX_INT},
        {ys__export_say(x, "资金（资金 年: 金额）", "funds (fund year: amount)"), 40, YS_XLSX_TEXT},
        {ys__export_say(x, "资金合计", "money"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "预期年增收", "expected a year"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "解决法定短板（项·人）", "statutory deprivations cured"), 12, YS_XLSX_INT},
        {ys__export_say(x, "减少缺口（现值）", "gap closed (present value)"), 14, YS_XLSX_MONEY},
        {ys__export_say(x, "理由", "why"), 60, YS_XLSX_TEXT}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        c[n++] = own[i];
    YS_GO(ys__export_sheet(x, "帮扶计划", "plan", c, n, diag));
    for (int64_t b = 0; b < k.p->result->blocks; b++) {
        ys_plan_picks picks = ys_plan_picks_of(k.p->plan, k.p->result, b);
        if (picks.count == 0 || !in_scope(&k, b))
            continue;
        for (int i = 0; i < picks.count; i++)
            YS_GO(put_pick(&k, b, &picks, i, diag));
    }
done:
    kept_done(&k);
    return st;
}

/* ---- unmet needs ---- */

static uint32_t village_cures(const kept *k, int32_t village)
{
    uint32_t bits = 0;
    if (village < 0)
        return 0;
    ys_plan_picks v = ys_plan_picks_of(k->p->plan, k->p->result, k->in->n_households + village);
    for (int i = 0; i < v.count; i++)
        bits |= k->in->measures[v.pick[i].measure].cures;
    return bits;
}

/* Persons of the household whom its own measures cure of indicator `i` (docs/plan-model.md, section 5). */
static int64_t cured(const kept *k, int64_t block, const ys_plan_picks *p, int i)
{
    uint32_t bit = (uint32_t)1 << i;
    int64_t persons = 0, affected = k->in->affected[block * k->in->n_indicators + i];
    for (int a = 0; a < p->count; a++) {
        if ((k->in->measures[p->pick[a].measure].cures & bit) == 0)
            continue;
        if (p->pick[a].person < 0 || (k->in->person_indicators & bit) == 0)
            return affected;
        bool again = false;
        for (int b = 0; b < a; b++)
            again = again || (p->pick[b].person == p->pick[a].person &&
                              (k->in->measures[p->pick[b].measure].cures & bit) != 0);
        persons += !again && (k->in->persons[p->pick[a].person].deprived & bit) != 0;
    }
    return persons < affected ? persons : affected;
}

/* Statutory deprivations that stay, as words; returns how many persons times indicators. */
static int64_t remaining(const kept *k, int64_t block, const ys_plan_picks *p, ys_str *to)
{
    const ys_plan_household *h = &k->in->households[block];
    uint32_t village = village_cures(k, h->village);
    int64_t all = 0;
    for (int i = 0; i < k->in->n_indicators; i++) {
        uint32_t bit = (uint32_t)1 << i;
        if ((h->deprived & bit) == 0 || (village & bit) != 0)
            continue;
        int64_t left = k->in->affected[block * k->in->n_indicators + i] - cured(k, block, p, i);
        if (left <= 0)
            continue;
        const ys_indicator *in = k->p->facts->indicator[i];
        ys_str_printf(to, "%s%s×%lld", to->len > 0 ? "; " : "",
                      ys__export_say(k->x, in->label_zh, in->label_en), (long long)left);
        all += left;
    }
    return all;
}

/* The measure that fits the root best and was not given: its true reason. */
static void say_best_fit(const kept *k, int64_t block, ys_str *to)
{
    const ys_plan_input *in = k->in;
    int best = -1, strength = 0;
    bool best_open = false;
    for (int i = 0; i < in->n_fits; i++) {
        if (in->fits[i].cause != in->households[block].cause ||
            in->measures[in->fits[i].measure].target == YS_PLAN_VILLAGE)
            continue;
        ys_plan_why why = ys_plan_why_not(k->p->plan, k->p->result, block, in->fits[i].measure);
        bool open = why.reason != YS_WHY_NO_OFFER && why.reason != YS_WHY_GATE_FALSE;
        if (why.reason == YS_WHY_CHOSEN ||
            (best >= 0 && (open < best_open || (open == best_open && in->fits[i].strength <= strength))))
            continue;
        best = in->fits[i].measure;
        strength = in->fits[i].strength;
        best_open = open;
    }
    if (best >= 0)
        ys_plan_say_why(k->p->plan, k->p->result, block, best, k->x->args->zh, to);
}

static void put_root(const kept *k, int64_t block)
{
    const ys_roots *r = k->p->diagnosis->roots;
    ys_root top = (ys_root)r->top[k->p->facts->frame_row[block]];
    ys_sink_text(k->x->sink, top == YS_ROOT_NONE
                                 ? NULL
                                 : ys__export_say(k->x, ys_root_label_zh(top), ys_root_label_en(top)));
}

static ys_status put_unmet(const kept *k, int64_t block, ys_diag *diag)
{
    ys_str left = {0}, got = {0}, why = {0};
    ys_plan_picks p = ys_plan_picks_of(k->p->plan, k->p->result, block);
    int64_t gap = ys_plan_gap_today(k->p->plan, block), deprived = remaining(k, block, &p, &left);
    /* Below the line and given nothing, or a right of theirs is still not met. */
    bool below =
        k->in->households[block].ystar < k->in->households[block].line * k->in->households[block].persons;
    ys_status st = YS_OK;
    if ((p.count > 0 || !below) && deprived == 0)
        goto done;
    for (int i = 0; i < p.count; i++)
        ys_str_printf(&got, "%s%s", i > 0 ? "; " : "",
                      ys__export_say(k->x, k->in->measures[p.pick[i].measure].label_zh,
                                     k->in->measures[p.pick[i].measure].label_en));
    say_best_fit(k, block, &why);
    put_block(k, block);
    ys_sink_money(k->x->sink, gap);
    put_root(k, block);
    ys_sink_text(k->x->sink, ys_str_get(&left));
    ys_sink_int(k->x->sink, deprived);
    ys_sink_text(k->x->sink, ys_str_get(&got));
    ys_sink_text(k->x->sink, ys_str_get(&why));
    st = left.failed || got.failed || why.failed ? ys_fail_nomem(diag) : ys_sink_row(k->x->sink, diag);
done:
    ys_str_done(&left);
    ys_str_done(&got);
    ys_str_done(&why);
    return st;
}

static ys_status put_missing(const kept *k, int32_t area, ys_diag *diag)
{
    ys_plan_missing *list = NULL;
    int64_t n = 0;
    const ys_areas *areas = k->p->frame->areas;
    ys_sink *s = k->x->sink;
    ys_status st = YS_OK;
    YS_TRY(ys_plan_missing_list(k->p->plan, k->p->result, ys_areas_begin(areas, area),
                                ys_areas_end(areas, area), &list, &n, diag));
    for (int64_t i = 0; st == YS_OK && i < n; i++) {
        const ys_plan_row *row = &list[i].row;
        bool fund = row->fund >= 0;
        const ys_plan_offering *o = fund ? NULL : &k->in->offerings[row->offering];
        const ys_plan_measure *m = fund ? NULL : &k->in->measures[o->measure];
        ys_sink_text(s, ys_areas_name(areas, area));
        ys_sink_text(s,
                     fund ? ys__export_say(k->x, "资金", "money") : ys__export_say(k->x, "名额", "places"));
        ys_sink_text(s, fund ? ys_planning_fund_name(k->p, row->fund)
                             : ys__export_say(k->x, m->label_zh, m->label_en));
        ys_sink_text(s, fund ? k->in->funds[row->fund].name : o->name);
        ys_sink_text(s, fund ? NULL : k->provider[row->offering]);
        ys_sink_int(s, fund ? k->in->funds[row->fund].period : o->period);
        ys_sink_real(s, (double)list[i].amount / (fund ? ys_currency_unit(k->x->office->pack) : 1));
        ys_sink_int(s, list[i].waiting);
        ys_sink_money(s, list[i].closes);
        st = ys_sink_row(s, diag);
    }
    ys_free(list);
    return st;
}

/* What each county lacks; in a scope, each town of it. */
static ys_status write_missing(const kept *k, ys_diag *diag)
{
    const ys_export *x = k->x;
    const ys_xlsx_column c[] = {
        {ys__export_say(x, "地区", "area"), 14, YS_XLSX_TEXT},
        {ys__export_say(x, "类别", "sort"), 8, YS_XLSX_TEXT},
        {ys__export_say(x, "缺什么", "what is missing"), 24, YS_XLSX_TEXT},
        {ys__export_say(x, "编号", "code"), 12, YS_XLSX_TEXT},
        {ys__export_say(x, "实施单位", "provider"), 20, YS_XLSX_TEXT},
        {ys__export_say(x, "年", "year"), 8, YS_XLSX_INT},
        {ys__export_say(x, "缺多少（钱或个）", "how much (money or places)"), 14, YS_XLSX_REAL},
        {ys__export_say(x, "在等的户（村）", "households (villages) waiting"), 12, YS_XLSX_INT},
        {ys__export_say(x, "补齐后可多减缺口（现值）", "gap it would close (present value)"), 16,
         YS_XLSX_MONEY}};
    const char *const *levels;
    int n = ys_pack_area_levels(x->office->pack, &levels),
        level = x->args->reading.scope != NULL ? n - 2 : n - 3;
    const ys_areas *areas = k->p->frame->areas;
    int32_t scope = x->args->reading.scope != NULL ? ys_areas_find(areas, x->args->reading.scope) : -1;
    if (ys_sink_is_csv(x->sink))
        return YS_OK; /* one table to a CSV file */
    YS_TRY(ys__export_sheet(k->x, "资源缺口", "resources missing", c, (int)(sizeof c / sizeof *c), diag));
    for (int32_t a = 0; a < ys_areas_count(areas); a++) {
        if (ys_areas_level(areas, a) == (level > 0 ? level : 0) && ys_areas_within(areas, a, scope))
            YS_TRY(put_missing(k, a, diag));
    }
    return YS_OK;
}

ys_status ys__export_unmet(ys_export *x, ys_diag *diag)
{
    kept k = {.x = x};
    ys_xlsx_column c[MAX_COLUMNS];
    ys_status st = YS_OK;
    YS_GO(kept_open(&k, diag));
    YS_GO(ys__export_titles(x, "未满足的需要", "unmet needs", &k.head, diag));
    int n = block_columns(&k, c);
    const ys_xlsx_column own[] = {
        {ys__export_say(x, "年缺口", "gap a year"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "主要贫根", "main root"), 18, YS_XLSX_TEXT},
        {ys__export_say(x, "未解决的法定短板", "statutory deprivations left"), 26, YS_XLSX_TEXT},
        {ys__export_say(x, "项·人", "persons × rights"), 8, YS_XLSX_INT},
        {ys__export_say(x, "已安排", "given"), 24, YS_XLSX_TEXT},
        {ys__export_say(x, "最对口的措施为何没给", "why the best fitting measure was not given"), 60,
         YS_XLSX_TEXT}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        c[n++] = own[i];
    YS_GO(ys__export_sheet(x, "未满足户", "households", c, n, diag));
    for (int64_t b = 0; b < k.in->n_households; b++) {
        if (in_scope(&k, b))
            YS_GO(put_unmet(&k, b, diag));
    }
    YS_GO(write_missing(&k, diag));
done:
    kept_done(&k);
    return st;
}
