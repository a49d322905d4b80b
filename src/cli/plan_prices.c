/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plan_prices.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "app/fact.h"
#include "base/num.h"

enum { MOST_PLACES = 20 }; /* shown in a table; the others are in the JSON and the export */

/* One more of it, in whole currency: money per money, or per place. */
static double major(const ys_planning *p, const ys_priced *one)
{
    bool ratio = one->sort == YS_PRICE_FUND || (one->sort == YS_PRICE_FLOOR && one->metric == YS_PLAN_GAP);
    return ratio ? one->price : one->price / ys_currency_unit(p->frame->pack);
}

/* ---- tables ---- */

static void put_row(const ys_cli *c, ys_grid *g, const ys_planning *p, const ys_priced *one)
{
    char amount[48], used[48], price[48];
    int digits = ys_pack_digits(p->frame->pack);
    ys_plan_row row = ys_plan_row_at(p->plan, one->row);
    ys_str name = {0};
    ys_price_name(p, one, c->zh, &name);
    ys_grid_put(g, ys_str_get(&name));
    ys_str_done(&name);
    if (row.fund >= 0) {
        ys_grid_putf(g, "%d", p->facts->in.funds[row.fund].period);
        ys_grid_put(g, ys_format_money_grouped(row.limit, digits, amount, sizeof amount));
        ys_grid_put(g, ys_format_money_grouped(p->result->use[one->row], digits, used, sizeof used));
    } else {
        ys_grid_putf(g, "%d", p->facts->in.offerings[row.offering].period);
        ys_grid_put(g, ys_format_int_grouped(row.limit, amount, sizeof amount));
        ys_grid_put(g, ys_format_int_grouped(p->result->use[one->row], used, sizeof used));
    }
    ys_grid_put(g,
                ys_format_money_grouped((int64_t)floor(100 * major(p, one) + 0.5), 2, price, sizeof price));
}

static ys_status print_sort(const ys_cli *c, const ys_planning *p, const ys_priced *list, int64_t n,
                            ys_price_sort sort, ys_diag *diag)
{
    char title[96];
    int64_t shown = 0, left = 0;
    bool fund = sort == YS_PRICE_FUND;
    const char *currency = ys_currency_word(p->frame->pack, c->zh);
    ys_grid *g = ys_grid_new();
    if (g == NULL)
        return ys_fail_nomem(diag);
    ys_grid_column(g,
                   fund ? ys_cli_say(c, "用紧的资金", "fund that binds")
                        : ys_cli_say(c, "用紧的名额", "places that bind"),
                   YS_LEFT);
    ys_grid_column(g, ys_cli_say(c, "年", "year"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "总额", "amount"), YS_RIGHT);
    ys_grid_column(g, ys_cli_say(c, "用", "used"), YS_RIGHT);
    snprintf(title, sizeof title,
             fund ? ys_cli_say(c, "再多1%s可补缺口（%s）", "1 %s more closes (%s)")
                  : ys_cli_say(c, "再多1个名额可补缺口%.0s（%s）", "1 place more closes %.0s(%s)"),
             currency, currency);
    ys_grid_column(g, title, YS_RIGHT);
    for (int64_t i = 0; i < n; i++) {
        if (list[i].sort != sort || major(p, &list[i]) < 0.005)
            continue;
        left += !fund && shown == MOST_PLACES;
        if (fund || shown < MOST_PLACES) {
            put_row(c, g, p, &list[i]);
            shown++;
        }
    }
    YS_TRY(ys_cli_grid(c, g, diag));
    if (left > 0)
        ys_cli_talk(c, "另有 %lld 项名额有价：--json，或 yaoshi export --what prices",
                    "%lld more places have a price: --json, or yaoshi export --what prices", (long long)left);
    return YS_OK;
}

/* Floors and the coupling price as sentences. */
static ys_status say_rest(const ys_cli *c, const ys_planning *p, const ys_priced *list, int64_t n,
                          ys_diag *diag)
{
    bool couple = false;
    for (int64_t i = 0; i < n; i++) {
        ys_str text = {0};
        if (list[i].sort != YS_PRICE_FLOOR && list[i].sort != YS_PRICE_COUPLE)
            continue;
        couple = couple || list[i].sort == YS_PRICE_COUPLE;
        ys_price_sentence(p, &list[i], c->zh, &text);
        ys_cli_talk(c, "● %s", "● %s", ys_str_get(&text));
        bool ok = !text.failed;
        ys_str_done(&text);
        if (!ok)
            return ys_fail_nomem(diag);
    }
    if (!couple)
        ys_cli_talk(
            c, "● 法定保障优先没有让缺口少补：两层目标在这里不相争。",
            "● the law coming first takes nothing from the gap closed: the two aims do not compete here.");
    return YS_OK;
}

ys_status ys_cli_prices_print(const ys_cli *c, const ys_planning *p, ys_diag *diag)
{
    ys_priced *list = NULL;
    int64_t n = 0;
    ys_status st = YS_OK;
    YS_TRY(ys_plan_price_list(p->plan, p->result, &list, &n, diag));
    YS_GO(print_sort(c, p, list, n, YS_PRICE_FUND, diag));
    /* a CSV is one table */
    if (!ys_cli_flag(c, "csv"))
        YS_GO(print_sort(c, p, list, n, YS_PRICE_PLACE, diag));
    YS_GO(say_rest(c, p, list, n, diag));
done:
    ys_free(list);
    return st;
}

/* ---- JSON ---- */

static bool json_price(ys_json *j, const ys_planning *p, const ys_priced *one)
{
    static const char *const sorts[] = {"fund", "capacity", "floor", "couple"};
    const ys_plan_input *in = &p->facts->in;
    int digits = ys_pack_digits(p->frame->pack);
    bool rows = one->sort == YS_PRICE_FUND || one->sort == YS_PRICE_PLACE;
    ys_plan_row row = rows ? ys_plan_row_at(p->plan, one->row) : (ys_plan_row){.fund = -1, .offering = -1};
    ys_str zh = {0}, en = {0};
    ys_json_object(j, NULL);
    ys_json_text(j, "resource", sorts[one->sort]);
    ys_json_text(j, "name",
                 row.fund >= 0                 ? in->funds[row.fund].name
                 : row.offering >= 0           ? in->offerings[row.offering].name
                 : one->sort == YS_PRICE_FLOOR ? in->floors[one->row].name
                                               : "");
    if (row.fund >= 0) {
        ys_json_int(j, "year", in->funds[row.fund].period);
        ys_json_money(j, "amount", row.limit, digits);
        ys_json_money(j, "used", p->result->use[one->row], digits);
    } else if (row.offering >= 0) {
        ys_json_int(j, "year", in->offerings[row.offering].period);
        ys_json_int(j, "amount", row.limit);
        ys_json_int(j, "used", p->result->use[one->row]);
    }
    ys_json_real(j, "closes", major(p, one));
    ys_price_sentence(p, one, true, &zh);
    ys_price_sentence(p, one, false, &en);
    ys_json_text(j, "zh", ys_str_get(&zh));
    ys_json_text(j, "en", ys_str_get(&en));
    ys_json_end(j);
    bool ok = !zh.failed && !en.failed;
    ys_str_done(&zh);
    ys_str_done(&en);
    return ok;
}

ys_status ys_cli_prices_json(ys_json *j, const ys_planning *p, ys_diag *diag)
{
    ys_priced *list = NULL;
    int64_t n = 0;
    bool ok = true;
    YS_TRY(ys_plan_price_list(p->plan, p->result, &list, &n, diag));
    ys_json_array(j, "prices");
    for (int64_t i = 0; ok && i < n; i++)
        ok = json_price(j, p, &list[i]);
    ys_json_end(j);
    ys_free(list);
    return ok ? YS_OK : ys_fail_nomem(diag);
}
