/* SPDX-License-Identifier: Apache-2.0 */
#include "app/prices.h"

#include <string.h>

#include "app/fact.h"
#include "base/num.h"

int64_t ys_key_row(const ys_table *t, const char *field, const char *key)
{
    int col = ys_table_find(t, field);
    int64_t low = 0, high = ys_table_rows(t), n = high;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (strcmp(ys_table_get_text(t, col, mid), key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && strcmp(ys_table_get_text(t, col, low), key) == 0 ? low : -1;
}

/* Funds stand once a year: any of its rows may hold the name. */
const char *ys_planning_fund_name(const ys_planning *p, int32_t fund)
{
    const ys_table *t = p->frame->fund;
    const char *code = p->facts->in.funds[fund].name;
    int key = ys_table_find(t, "fund"), name = ys_table_find(t, "name");
    for (int64_t i = 0; i < ys_table_rows(t); i++) {
        const char *at = ys_table_get_text(t, key, i), *called = ys_table_get_text(t, name, i);
        if (at != NULL && strcmp(at, code) == 0 && called != NULL && called[0] != '\0')
            return called;
    }
    return code;
}

double ys_currency_unit(const ys_pack *pack)
{
    return (double)ys_money_unit(ys_pack_digits(pack));
}

static void name_place(const ys_planning *p, int32_t offering, bool zh, ys_str *out)
{
    const ys_frame *f = p->frame;
    const ys_plan_offering *o = &p->facts->in.offerings[offering];
    const ys_plan_measure *m = &p->facts->in.measures[o->measure];
    int64_t row = ys_key_row(f->offering, "offering", o->name);
    const char *code =
        row >= 0 ? ys_table_get_text(f->offering, ys_table_find(f->offering, "area"), row) : NULL;
    int32_t area = code != NULL ? ys_areas_find(f->areas, code) : -1;
    ys_str_printf(out, zh ? "%s（%s%s%s）" : "%s (%s%s%s)", zh ? m->label_zh : m->label_en,
                  area >= 0 ? ys_areas_name(f->areas, area) : "", area >= 0 ? (zh ? "，" : ", ") : "",
                  o->name);
}

void ys_price_name(const ys_planning *p, const ys_priced *price, bool zh, ys_str *out)
{
    if (price->sort == YS_PRICE_FUND)
        ys_str_puts(out, ys_planning_fund_name(p, (int32_t)price->row));
    else if (price->sort == YS_PRICE_PLACE)
        name_place(p, ys_plan_row_at(p->plan, price->row).offering, zh, out);
    else if (price->sort == YS_PRICE_FLOOR)
        ys_str_puts(out, p->facts->in.floors[price->row].name);
}

void ys_price_sentence(const ys_planning *p, const ys_priced *price, bool zh, ys_str *out)
{
    ys_str name = {0};
    ys_price_name(p, price, zh, &name);
    ys_price_names n = {.name = ys_str_get(&name),
                        .year = price->sort == YS_PRICE_FUND ? p->facts->in.funds[price->row].period : 0,
                        .currency = ys_currency_word(p->frame->pack, zh),
                        .unit = ys_currency_unit(p->frame->pack)};
    ys_price_say(price, &n, zh, out);
    out->failed = out->failed || name.failed;
    ys_str_done(&name);
}
