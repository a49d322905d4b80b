/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/export.h"
#include "app/floor_row.h"
#include "app/prices.h"
#include "base/alloc.h"
#include "registry/check.h"
#include "registry/kinds.h"

enum { MAX_COLUMNS = YS_EXPORT_LEVELS + 32 };

/* ---- roots ---- */

static int root_columns(const ys_export *x, ys_xlsx_column *c)
{
    int n = ys__export_place_columns(x, c);
    const ys_xlsx_column own[] = {
        {ys__export_say(x, "户编号", "household"), 14, YS_XLSX_TEXT},
        {ys__export_say(x, "户主", "head"), 10, YS_XLSX_TEXT},
        {ys__export_say(x, "人数", "persons"), 6, YS_XLSX_INT},
        {ys__export_say(x, "法定纯收入", "statutory income"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "扣刚性支出后收入", "income after unavoidable spending"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "到线缺口（户·年）", "gap (household and year)"), 12, YS_XLSX_MONEY}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        c[n++] = own[i];
    for (int k = 0; k < YS_ROOTS; k++)
        c[n++] = (ys_xlsx_column){
            ys__export_say(x, ys_root_label_zh((ys_root)k), ys_root_label_en((ys_root)k)), 12, YS_XLSX_MONEY};
    const ys_xlsx_column rest[] = {
        {ys__export_say(x, "主要贫根", "main root"), 18, YS_XLSX_TEXT},
        {ys__export_say(x, "次要贫根", "second root"), 18, YS_XLSX_TEXT},
        {ys__export_say(x, "多因并重", "several"), 8, YS_XLSX_TEXT},
        {ys__export_say(x, "与对照户差距", "gap to peers"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "申报主因", "declared cause"), 12, YS_XLSX_TEXT},
        {ys__export_say(x, "申报有无实据", "evidence"), 10, YS_XLSX_TEXT},
        {ys__export_say(x, "申报与测算不符", "they differ"), 10, YS_XLSX_TEXT},
        {ys__export_say(x, "应享未享（户·年）", "benefits missed"), 12, YS_XLSX_MONEY},
        {ys__export_say(x, "说明", "in words"), 80, YS_XLSX_TEXT}};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        c[n++] = rest[i];
    return n;
}

static const char *root_label(const ys_export *x, uint8_t root)
{
    return root == YS_ROOT_NONE
               ? NULL
               : ys__export_say(x, ys_root_label_zh((ys_root)root), ys_root_label_en((ys_root)root));
}

static void put_declared(ys_export *x, const ys_diagnosis *d, int64_t h)
{
    int n;
    const ys_cause *causes = ys_pack_causes(x->office->pack, &n);
    int32_t c = d->cause[h];
    ys_sink_text(x->sink, c >= 0 ? ys__export_say(x, causes[c].label_zh, causes[c].label_en) : NULL);
    ys_sink_text(x->sink, c < 0 || d->evidence[h] == YS_UNKNOWN ? NULL
                          : d->evidence[h] == YS_TRUE           ? ys__export_say(x, "有", "yes")
                                                                : ys__export_say(x, "无", "no"));
    ys_sink_text(x->sink,
                 d->conflict[h] != 0 ? ys__export_say(x, "是", "yes") : ys__export_say(x, "否", "no"));
}

static ys_status put_root(ys_export *x, const ys_diagnosis *d, int64_t h, ys_diag *diag)
{
    char buf[400];
    const ys_frame *f = d->frame;
    const ys_roots *r = d->roots;
    ys_str words = {0};
    ys__export_place(x, f, f->area_of[h]);
    ys_sink_text(x->sink, ys_table_get_text(f->household, ys_table_find(f->household, "household"), h));
    ys_sink_text(x->sink, ys__export_head(x, f, h, buf, sizeof buf));
    ys_sink_int(x->sink, f->col.size[h]);
    ys_sink_money(x->sink, f->col.total[h]);
    ys_sink_money(x->sink, f->col.ystar[h]);
    ys_sink_money(x->sink, r->gap[h]);
    for (int k = 0; k < YS_ROOTS; k++)
        ys_sink_money(x->sink, r->contribution[k][h]);
    ys_sink_text(x->sink, root_label(x, r->top[h]));
    ys_sink_text(x->sink, root_label(x, r->second[h]));
    ys_sink_text(x->sink, r->state[h] != YS_RS_BELOW ? NULL
                          : r->stable[h]             ? ys__export_say(x, "否", "no")
                                                     : ys__export_say(x, "是", "yes"));
    ys_sink_money(x->sink, r->peer_gap[h]);
    put_declared(x, d, h);
    ys_sink_money(x->sink, d->missing[h]);
    ys_status st = ys_diagnosis_sentence(d, h, x->args->zh ? "zh" : "en", &words, diag);
    ys_sink_text(x->sink, ys_str_get(&words));
    ys_str_done(&words);
    YS_TRY(st);
    return ys_sink_row(x->sink, diag);
}

ys_status ys__export_roots(ys_export *x, ys_diag *diag)
{
    ys_frame *f = NULL;
    ys_diagnosis *d = NULL;
    ys_xlsx_column c[MAX_COLUMNS];
    ys_reading whole = x->args->reading;
    ys_status st = YS_OK;
    /* Peers are looked for beyond the scope: all is read, and what lies in the scope is printed. */
    whole.scope = NULL;
    YS_GO(ys_office_frame(x->office, &whole, &f, diag));
    YS_GO(ys_diagnosis_make(f, 0, &d, diag));
    YS_GO(ys__export_titles(x, "贫根卡", "root cards", NULL, diag));
    YS_GO(ys__export_sheet(x, "贫根卡", "roots", c, root_columns(x, c), diag));
    int32_t scope = x->args->reading.scope != NULL ? ys_areas_find(f->areas, x->args->reading.scope) : -1;
    for (int64_t h = 0; h < f->households; h++) {
        if (f->in_register[h] &&
            (scope < 0 || (f->area_of[h] >= 0 && ys_areas_within(f->areas, f->area_of[h], scope))))
            YS_GO(put_root(x, d, h, diag));
    }
done:
    ys_diagnosis_free(d);
    ys_frame_free(f);
    return st;
}

/* ---- findings ---- */

typedef struct finder {
    ys_export *x;
    ys_diag *diag;
    ys_status st;
} finder;

static void on_hit(void *arg, const ys_pack_rule *rule, const char *key)
{
    finder *f = arg;
    const ys_export *x = f->x;
    if (f->st != YS_OK)
        return;
    ys_sink_text(x->sink, rule->rule);
    ys_sink_int(x->sink, rule->severity);
    ys_sink_text(x->sink, rule->kind);
    ys_sink_text(x->sink, key);
    ys_sink_text(x->sink, ys__export_say(x, rule->message_zh, rule->message_en));
    ys_sink_text(x->sink, ys__export_say(x, rule->fix_zh, rule->fix_en));
    ys_sink_text(x->sink, rule->source);
    f->st = ys_sink_row(x->sink, f->diag);
}

ys_status ys__export_findings(ys_export *x, ys_diag *diag)
{
    const ys_xlsx_column c[] = {{ys__export_say(x, "规则", "rule"), 12, YS_XLSX_TEXT},
                                {ys__export_say(x, "级", "grade"), 6, YS_XLSX_INT},
                                {ys__export_say(x, "类别", "kind"), 10, YS_XLSX_TEXT},
                                {ys__export_say(x, "记录", "record"), 20, YS_XLSX_TEXT},
                                {ys__export_say(x, "问题", "what is wrong"), 36, YS_XLSX_TEXT},
                                {ys__export_say(x, "改法", "how to mend it"), 36, YS_XLSX_TEXT},
                                {ys__export_say(x, "规则来源", "source of the rule"), 36, YS_XLSX_TEXT}};
    ys_frame *f = NULL;
    ys_check k = {0};
    finder find = {.x = x, .diag = diag, .st = YS_OK};
    ys_status st = YS_OK;
    YS_GO(ys_office_frame(x->office, &x->args->reading, &f, diag));
    YS_GO(ys__export_titles(x, "疑点清单", "findings", NULL, diag));
    YS_GO(ys__export_sheet(x, "疑点清单", "findings", c, (int)(sizeof c / sizeof *c), diag));
    YS_GO(ys_check_run(f, x->args->purpose != NULL ? x->args->purpose : "quality", on_hit, &find, &k, diag));
    st = find.st;
done:
    ys_check_done(&k);
    ys_frame_free(f);
    return st;
}

/* ---- shadow prices: the shopping list ---- */

typedef struct price {
    const char *resource, *name;
    int64_t period, amount, used;
    bool money;        /* its amount is money: a fund, or a floor of the gap */
    double two;        /* price of tier 2: minor units by one more minor unit, place, or unit of a floor */
    double gap, cures; /* in major units and in rights, by one more major unit or place */
} price;

static int rank_of(const char *resource)
{
    return strcmp(resource, "fund") == 0 ? 0 : strcmp(resource, "capacity") == 0 ? 1 : 2;
}

/* Funds, then places, then floors; the dearest first; then by name and year. */
static int by_price(const void *a, const void *b)
{
    const price *p = a, *q = b;
    int kind = rank_of(p->resource) - rank_of(q->resource);
    if (kind != 0)
        return kind;
    if (p->gap != q->gap)
        return p->gap > q->gap ? -1 : 1;
    int name = strcmp(p->name, q->name);
    return name != 0 ? name : (p->period > q->period) - (p->period < q->period);
}

typedef struct supply {
    ys_table *price, *fund, *offering, *provider, *floor;
} supply;

static void supply_done(supply *s)
{
    ys_table_free(s->price);
    ys_table_free(s->fund);
    ys_table_free(s->offering);
    ys_table_free(s->provider);
    ys_table_free(s->floor);
}

static ys_status read_supply(const ys_export *x, const ys_plan_head *head, supply *s, ys_diag *diag)
{
    const ys_pack *pack = x->office->pack;
    ys_scan prices = {.valid_on = YS_SCAN_LATEST, .where_field = "plan", .where_value = head->version};
    ys_scan then = {.valid_on = YS_SCAN_LATEST, .as_of_tx = head->facts_tx};
    YS_TRY(ys_store_scan(x->office->store, &ys_kind_price, &prices, &s->price, diag));
    YS_TRY(ys_store_scan(x->office->store, ys_pack_kind(pack, "fund"), &then, &s->fund, diag));
    YS_TRY(ys_store_scan(x->office->store, ys_pack_kind(pack, "offering"), &then, &s->offering, diag));
    YS_TRY(ys_store_scan(x->office->store, ys_pack_kind(pack, "provider"), &then, &s->provider, diag));
    return ys_store_scan(x->office->store, ys_pack_kind(pack, "floor"), &then, &s->floor, diag);
}

static int64_t find_row(const ys_table *t, const char *field, const char *key)
{
    int col = ys_table_find(t, field);
    for (int64_t i = 0; key != NULL && i < ys_table_rows(t); i++) {
        if (strcmp(ys_table_get_text(t, col, i), key) == 0)
            return i;
    }
    return -1;
}

static const char *text_at(const ys_table *t, const char *field, int64_t row)
{
    return row >= 0 ? ys_table_get_text(t, ys_table_find(t, field), row) : NULL;
}

static void take_price(const ys_export *x, const ys_plan_head *head, const supply *s, int64_t i, price *ret)
{
    const ys_table *t = s->price;
    double unit = ys_currency_unit(x->office->pack);
    *ret = (price){.resource = text_at(t, "resource", i),
                   .name = text_at(t, "name", i),
                   .period = ys_table_get_int(t, ys_table_find(t, "period"), i),
                   .amount = ys_table_get_int(t, ys_table_find(t, "amount"), i),
                   .used = ys_table_get_int(t, ys_table_find(t, "used"), i)};
    double one = ldexp((double)ys_table_get_int(t, ys_table_find(t, "price_1"), i), -(int)head->shift[0]);
    double two = ldexp((double)ys_table_get_int(t, ys_table_find(t, "price_2"), i), -(int)head->shift[1]);
    int rank = rank_of(ret->resource);
    ret->money = rank == 0 || (rank == 2 && ys_floor_row_of(s->floor, ret->name).counts == YS_PLAN_GAP);
    ret->two = two;
    ret->gap = ret->money ? two : two / unit; /* fen per fen is yuan per yuan; fen per place, as yuan */
    ret->cures = ret->money ? one * unit * 10000 : one;
}

static void put_sentence(ys_export *x, const ys_priced *one, const char *name, int64_t year)
{
    ys_str text = {0};
    ys_price_names n = {.name = name,
                        .year = year,
                        .currency = ys_currency_word(x->office->pack, x->args->zh),
                        .unit = ys_currency_unit(x->office->pack)};
    ys_price_say(one, &n, x->args->zh, &text);
    ys_sink_text(x->sink, ys_str_get(&text));
    ys_str_done(&text);
}

static ys_status put_price(ys_export *x, const supply *s, const price *p, ys_diag *diag)
{
    bool fund = rank_of(p->resource) == 0, places = rank_of(p->resource) == 1;
    double unit = p->money ? ys_currency_unit(x->office->pack) : 1;
    int64_t offering = places ? find_row(s->offering, "offering", p->name) : -1;
    const char *measure = text_at(s->offering, "measure", offering),
               *area = text_at(s->offering, "area", offering);
    int n, m = measure != NULL ? ys_pack_measure_index(x->office->pack, measure) : -1;
    const ys_measure *measures = ys_pack_measures(x->office->pack, &n);
    const char *label = fund     ? text_at(s->fund, "name", find_row(s->fund, "fund", p->name))
                        : m >= 0 ? ys__export_say(x, measures[m].label_zh, measures[m].label_en)
                                 : p->name;
    ys_sink_text(x->sink, fund     ? ys__export_say(x, "资金", "money")
                          : places ? ys__export_say(x, "名额", "places")
                                   : ys__export_say(x, "底线", "floor"));
    ys_sink_text(x->sink, label);
    ys_sink_text(x->sink, p->name);
    ys_sink_text(x->sink,
                 text_at(s->provider, "name",
                         find_row(s->provider, "provider", text_at(s->offering, "provider", offering))));
    ys_sink_text(x->sink, area);
    ys_sink_int(x->sink, p->period > 0 ? p->period : YS_NA);
    ys_sink_real(x->sink, (double)p->amount / unit);
    ys_sink_real(x->sink, (double)p->used / unit);
    ys_sink_real(x->sink, (double)(p->amount - p->used) / unit);
    ys_sink_real(x->sink, p->gap);
    ys_sink_real(x->sink, p->cures);
    ys_floor_row of = ys_floor_row_of(s->floor, p->name);
    char called[600];
    snprintf(called, sizeof called, places ? "%s (%s)" : "%s%.0s", label != NULL ? label : p->name, p->name);
    if (p->two > 0)
        put_sentence(x,
                     &(ys_priced){.sort = fund     ? YS_PRICE_FUND
                                          : places ? YS_PRICE_PLACE
                                                   : YS_PRICE_FLOOR,
                                  .metric = fund || places ? YS_PLAN_GAP : of.counts,
                                  .ceiling = !fund && !places && of.most,
                                  .price = p->two},
                     called, p->period);
    else
        ys_sink_text(x->sink, NULL);
    return ys_sink_row(x->sink, diag);
}

/* The price of the law coming first, as the last row. */
static ys_status put_couple(ys_export *x, const ys_plan_head *head, ys_diag *diag)
{
    double last = ldexp((double)head->couple_price, -(int)head->shift[1]);
    if (!(last > 0))
        return YS_OK;
    ys_sink_text(x->sink, ys__export_say(x, "底线", "floor"));
    ys_sink_text(x->sink, ys__export_say(x, "法定保障优先", "the law first"));
    for (int i = 0; i < 3; i++)
        ys_sink_text(x->sink, NULL);
    ys_sink_int(x->sink, YS_NA);
    for (int i = 0; i < 3; i++)
        ys_sink_real(x->sink, NAN);
    ys_sink_real(x->sink, last / ys_currency_unit(x->office->pack));
    ys_sink_real(x->sink, NAN);
    put_sentence(x, &(ys_priced){.sort = YS_PRICE_COUPLE, .price = last}, "", 0);
    return ys_sink_row(x->sink, diag);
}

ys_status ys__export_prices(ys_export *x, ys_diag *diag)
{
    const ys_xlsx_column c[] = {
        {ys__export_say(x, "类别", "sort"), 8, YS_XLSX_TEXT},
        {ys__export_say(x, "资金/措施", "fund or measure"), 26, YS_XLSX_TEXT},
        {ys__export_say(x, "编号", "code"), 14, YS_XLSX_TEXT},
        {ys__export_say(x, "实施单位", "provider"), 20, YS_XLSX_TEXT},
        {ys__export_say(x, "覆盖地区", "area"), 14, YS_XLSX_TEXT},
        {ys__export_say(x, "年", "year"), 8, YS_XLSX_INT},
        {ys__export_say(x, "总量（钱或个）", "amount (money/places)"), 16, YS_XLSX_REAL},
        {ys__export_say(x, "已用", "used"), 16, YS_XLSX_REAL},
        {ys__export_say(x, "剩余", "left"), 16, YS_XLSX_REAL},
        {ys__export_say(x, "每多一份钱（一个名额）可多减缺口", "gap closed by one more (money or place)"), 18,
         YS_XLSX_REAL},
        {ys__export_say(x, "每多一万份钱（一个名额）可多解决法定短板（项·人）",
                        "rights met by 10,000 more (or one place)"),
         18, YS_XLSX_REAL},
        {ys__export_say(x, "就是说", "in words"), 60, YS_XLSX_TEXT}};
    ys_plan_head head;
    supply s = {0};
    price *list = NULL;
    ys_status st = YS_OK;
    YS_GO(ys_plan_head_read(x->office, x->args->plan, &head, diag));
    YS_GO(read_supply(x, &head, &s, diag));
    YS_GO(ys__export_titles(x, "影子价格：缺什么最要紧", "shadow prices: what is missed most", &head, diag));
    YS_GO(ys__export_sheet(x, "影子价格", "prices", c, (int)(sizeof c / sizeof *c), diag));
    int64_t n = ys_table_rows(s.price);
    list = ys_calloc((size_t)n + 1, sizeof *list);
    if (list == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int64_t i = 0; i < n; i++)
        take_price(x, &head, &s, i, &list[i]);
    if (n > 1)
        qsort(list, (size_t)n, sizeof *list, by_price);
    for (int64_t i = 0; i < n; i++)
        YS_GO(put_price(x, &s, &list[i], diag));
    YS_GO(put_couple(x, &head, diag));
done:
    ys_free(list);
    supply_done(&s);
    return st;
}
