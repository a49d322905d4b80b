/* SPDX-License-Identifier: Apache-2.0 */
/* What is missing, and what one more would buy: forced cases by hand, sentences, and on random plans that the list is enough and no less is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "plan/prices.h"
#include "plan/sample.h"
#include "plan/why_cases.h"
#include "plan/words.h"

static int64_t list_of(const ys_plan *p, const ys_plan_result *r, int32_t begin, int32_t end,
                       ys_plan_missing **ret_list)
{
    ys_diag d = {0};
    int64_t n = -1;
    *ret_list = NULL;
    if (ys_plan_missing_list(p, r, begin, end, ret_list, &n, &d) != YS_OK)
        fail_msg("missing: %s", d.en);
    return n;
}

static void expect_words(const ys_plan *p, const ys_plan_missing *list, int64_t n, const char *zh,
                         const char *en)
{
    ys_str s = {0};
    ys_plan_say_missing(p, list, n, true, &s);
    assert_string_equal(ys_str_get(&s), zh);
    ys_str_clear(&s);
    ys_plan_say_missing(p, list, n, false, &s);
    assert_string_equal(ys_str_get(&s), en);
    ys_str_done(&s);
}

static void check_case(const house *h, int64_t count, const ys_plan_missing *expected, const char *zh,
                       const char *en)
{
    ys_plan_missing *list;
    ys_plan *p = build(&h->in);
    ys_plan_result *r = solve(p);
    int64_t n = list_of(p, r, 0, 1, &list);
    assert_int_equal(n, count);
    for (int64_t i = 0; i < n; i++) {
        assert_int_equal(list[i].row_number, expected[i].row_number);
        assert_int_equal(list[i].amount, expected[i].amount);
        assert_int_equal(list[i].waiting, expected[i].waiting);
        assert_true(list[i].closes > 0);
    }
    expect_words(p, list, n, zh, en);
    ys_free(list);
    n = list_of(p, r, 1, 9, &list); /* nobody lives there */
    assert_int_equal(n, 0);
    ys_free(list);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

static void test_plenty(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    check_case(&h, 0, NULL, "不缺资金和名额。", "No money or places are missing.");
}

/* Two households want alpha, there is one place: one more, for the one without it. */
static void test_places(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_places(&h);
    check_case(&h, 1, &(ys_plan_missing){.row_number = 1, .amount = 1, .waiting = 1},
               "缺甲措施（alpha-2016）名额1个，1户在等。",
               "Alpha key (alpha-2016): 1 more places, 1 household waiting.");
}

/* Money for one of the four keys that two households want. */
static void test_money(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.fund[0].amount = 61234; /* one of the four keys wanted, and 12.34 yuan over */
    check_case(&h, 1, &(ys_plan_missing){.row_number = 0, .amount = 240000 - 61234, .waiting = 2},
               "缺“county fund”2016年资金1,788元，2户（村）在等。",
               "'county fund' of 2016: 1,788 yuan more, 2 households or villages waiting.");
}

/* A fund is called as people call it, here and where a reason names it. */
static void test_fund_label(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.fund[0].amount = 61234;
    h.fund[0].label = "协作资金";
    check_case(&h, 1, &(ys_plan_missing){.row_number = 0, .amount = 240000 - 61234, .waiting = 2},
               "缺“协作资金”2016年资金1,788元，2户（村）在等。",
               "'协作资金' of 2016: 1,788 yuan more, 2 households or villages waiting.");
    spoil_money(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    ys_str s = {0};
    ys_plan_say_why(p, r, 0, 0, true, &s);
    assert_non_null(strstr(ys_str_get(&s), "“协作资金”2016年的资金不足"));
    ys_str_done(&s);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* Money for one key and one place of alpha, which two households want beside beta. */
static void test_both(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.offering[0].capacity = 1;
    h.fund[0].amount = 180000;
    static const ys_plan_missing expected[] = {{.row_number = 0, .amount = 60000, .waiting = 1},
                                               {.row_number = 1, .amount = 1, .waiting = 1}};
    check_case(&h, 2, expected,
               "缺“county fund”2016年资金600元，1户（村）在等；缺甲措施（alpha-2016）名额1个，1户在等。",
               "'county fund' of 2016: 600 yuan more, 1 household or village waiting; Alpha key "
               "(alpha-2016): 1 more places, "
               "1 household waiting.");
}

/* Given what was missing, everybody has it all. */
static void test_given(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.offering[0].capacity = 1 + 1;
    h.fund[0].amount = 180000 + 60000;
    check_case(&h, 0, NULL, "不缺资金和名额。", "No money or places are missing.");
}

/* A village waits for its own measure; without a label its name stands for it. */
static void test_village(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    h.in.n_measures = h.in.n_offerings = 1;
    h.measure[0].target = YS_PLAN_VILLAGE;
    h.measure[0].label_en = "";
    h.offering[0].effect = 300000;
    static ys_plan_village two[2];
    h.in.villages = two;
    h.in.n_villages = 2;
    two[1].area = 0;
    h.household[1].village = 1;
    h.offering[0].capacity = 1;
    check_case(&h, 1, &(ys_plan_missing){.row_number = 1, .amount = 1, .waiting = 1},
               "缺甲措施（alpha-2016）名额1个，1村在等。",
               "alpha (alpha-2016): 1 more places, 1 village waiting.");
}

/* ---- enough, and no less ---- */

/* The wish of each block: best by cures, then gap; of equals one of least price. */
static const ys_bundle *wish(const ys_plan *p, const ys_plan_result *r, int64_t block)
{
    ys_block b = ys__block(&p->choice, block);
    const ys_bundle *now = &b.bundle[r->choice[block]], *best = now;
    double least = 0;
    for (int k = 0; k < b.n_bundles; k++) {
        const ys_bundle *u = &b.bundle[k];
        int64_t row[64], amount[64];
        double price = 0;
        for (int i = 0; i < u->count; i++) {
            int n = ys_plan_charges(p, b.type[u->option[i]], row, amount, 64);
            for (int q = 0; q < n; q++)
                price += (double)r->tier[1].price[row[q]] * (double)amount[q];
        }
        bool more = u->v1 > best->v1 || (u->v1 == best->v1 && u->v2 > best->v2);
        bool cheaper = u->v1 == best->v1 && u->v2 == best->v2 && best != now && price < least * (1 - 1e-12);
        if (more || cheaper) {
            best = u;
            least = price;
        }
    }
    return best;
}

static void charge(const ys_plan *p, int64_t block, const ys_bundle *u, int sign, int64_t *use)
{
    ys_block b = ys__block(&p->choice, block);
    int64_t row[64], amount[64];
    for (int i = 0; i < u->count; i++) {
        int n = ys_plan_charges(p, b.type[u->option[i]], row, amount, 64);
        for (int q = 0; q < n; q++)
            use[row[q]] += sign * amount[q];
    }
}

static void check_sample(uint64_t seed, int *ret_rows)
{
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in = ys__sample(a, seed,
                                   (ys_sample_shape){.households = 300,
                                                     .per_village = 20,
                                                     .measures = 16,
                                                     .scarcity = 0.2 + 0.2 * (double)(seed % 4)});
    assert_non_null(in);
    ys_plan *p = build(in);
    ys_plan_result *r = solve(p);
    int64_t *use = ys_arena_alloc(a, (size_t)r->rows, sizeof *use),
            *give = ys_arena_alloc(a, (size_t)r->rows, sizeof *give);
    int32_t begin = (int32_t)(seed % 3), end = begin + 8;
    memcpy(use, r->use, (size_t)r->rows * sizeof *use);
    for (int64_t b = 0; b < r->blocks; b++) {
        int32_t area =
            b < in->n_households ? in->households[b].area : in->villages[b - in->n_households].area;
        if (area < begin || area >= end)
            continue;
        ys_block k = ys__block(&p->choice, b);
        charge(p, b, &k.bundle[r->choice[b]], -1, use);
        charge(p, b, wish(p, r, b), 1, use);
    }
    ys_plan_missing *list;
    int64_t n = list_of(p, r, begin, end, &list);
    for (int64_t i = 0; i < n; i++) {
        assert_true(list[i].amount > 0 && list[i].waiting > 0);
        give[list[i].row_number] = list[i].amount;
    }
    for (int64_t row = 0; row < r->rows; row++) {
        int64_t limit = ys_plan_row_at(p, row).limit;
        assert_true(use[row] <= limit + give[row]); /* enough */
        if (give[row] > 0)
            assert_int_equal(use[row], limit + give[row]); /* and no less is */
    }
    *ret_rows += (int)n;
    ys_free(list);
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

static void test_minimal(void **state)
{
    (void)state;
    int rows = 0;
    for (uint64_t seed = 1; seed <= 6; seed++)
        check_sample(seed, &rows);
    assert_true(rows > 30);
}

/* ---- prices ---- */

static void say(const ys_priced *one, const char *zh, const char *en)
{
    ys_str s = {0};
    ys_price_names n = {.name = "甲", .year = 2017, .currency = "元", .unit = 100};
    ys_price_say(one, &n, true, &s);
    assert_string_equal(ys_str_get(&s), zh);
    ys_str_clear(&s);
    n.name = "A";
    n.currency = "yuan";
    ys_price_say(one, &n, false, &s);
    assert_string_equal(ys_str_get(&s), en);
    ys_str_done(&s);
}

static void test_price_words(void **state)
{
    (void)state;
    say(&(ys_priced){.sort = YS_PRICE_FUND, .price = 1.834},
        "“甲”2017 年再多 1 元，可多补缺口 1.83 元（现值）。",
        "'A' 2017: 1 yuan more closes 1.83 yuan more of the gap (present value).");
    say(&(ys_priced){.sort = YS_PRICE_PLACE, .price = 123456789},
        "“甲”再多 1 个名额，除去它自己用的钱，可多补缺口 1,234,568 元（现值）。",
        "'A': 1 place more closes, beyond the money it takes, 1,234,568 yuan more of the gap (present "
        "value).");
    say(&(ys_priced){.sort = YS_PRICE_FLOOR, .metric = YS_PLAN_GAP, .price = 0.25},
        "底线“甲”再抬高 1 元，全部地区合起来要少补缺口 0.25 元（现值）。",
        "raising the floor 'A' by 1 yuan takes 0.25 yuan from the gap closed everywhere (present value).");
    say(&(ys_priced){.sort = YS_PRICE_FLOOR, .metric = YS_PLAN_CURES, .price = 2500},
        "底线“甲”再抬高 1 项·人，全部地区合起来要少补缺口 25.00 元（现值）。",
        "raising the floor 'A' by 1 deprivation takes 25.00 yuan from the gap closed everywhere (present "
        "value).");
    say(&(ys_priced){.sort = YS_PRICE_FLOOR, .metric = YS_PLAN_HELPED, .ceiling = true, .price = 2500},
        "上限“甲”再压低 1 户，全部地区合起来要少补缺口 25.00 元（现值）。",
        "lowering the ceiling 'A' by 1 household takes 25.00 yuan from the gap closed everywhere (present "
        "value).");
    say(&(ys_priced){.sort = YS_PRICE_COUPLE, .price = 1300049},
        "法定保障优先的代价：最后解决的那一项法定短板（一人一项），少补了缺口 13,000 元（现值）。",
        "the price of the law coming first: the last statutory deprivation cured (one person, one right) "
        "takes 13,000 yuan from "
        "the gap closed (present value).");
}

/* All prices above zero and no others, each sort from the dearest down. */
static void test_price_list(void **state)
{
    (void)state;
    ys_arena *a = ys_arena_new(0);
    ys_plan_input *in =
        ys__sample(a, 3,
                   (ys_sample_shape){
                       .households = 300, .per_village = 20, .measures = 16, .scarcity = 0.3, .floors = 2});
    ys_plan *p = build(in);
    ys_plan_result *r = solve(p);
    ys_priced *list = NULL;
    ys_diag d = {0};
    int64_t n = 0, priced = r->tier[1].couple_price > 0;
    assert_int_equal(ys_plan_price_list(p, r, &list, &n, &d), YS_OK);
    for (int64_t i = 0; i < r->rows; i++)
        priced += r->tier[1].price[i] > 0;
    for (int64_t i = 0; i < r->floors; i++)
        priced += r->tier[1].floor_price[i] > 0;
    assert_int_equal(n, priced);
    assert_true(n >= 4 && list[0].sort == YS_PRICE_FUND);
    for (int64_t i = 0; i < n; i++) {
        assert_true(list[i].price > 0);
        assert_true(i == 0 || list[i].sort > list[i - 1].sort ||
                    (list[i].sort == list[i - 1].sort && list[i].price <= list[i - 1].price));
        if (list[i].sort == YS_PRICE_FUND || list[i].sort == YS_PRICE_PLACE)
            assert_int_equal(list[i].sort == YS_PRICE_FUND, ys_plan_row_at(p, list[i].row).fund >= 0);
    }
    ys_free(list);
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plenty),      cmocka_unit_test(test_places),
                                       cmocka_unit_test(test_money),       cmocka_unit_test(test_both),
                                       cmocka_unit_test(test_fund_label),  cmocka_unit_test(test_village),
                                       cmocka_unit_test(test_given),       cmocka_unit_test(test_minimal),
                                       cmocka_unit_test(test_price_words), cmocka_unit_test(test_price_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
