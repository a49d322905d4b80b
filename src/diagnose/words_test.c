/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include "diagnose/words.h"
#include "yaoshi/table.h"

/* One household of four: 1,234 yuan a head short. */
typedef struct card {
    int64_t gap, contribution[YS_ROOTS], peer_gap, peer_contribution[YS_ROOTS], margin;
    uint8_t state, top, second, stable, agree, peer_level;
    int32_t peers;
    ys_roots r;
} card;

static void make_card(card *c)
{
    static const int64_t amount[YS_ROOTS] = {81600, 248000, 0, 10000, -10000, 164000};
    *c = (card){.gap = 493600,
                .peer_gap = 800000,
                .top = YS_ROOT_EMPLOYMENT,
                .second = YS_ROOT_RIGID,
                .stable = 1,
                .agree = 9,
                .peer_level = YS_PEER_TOWN,
                .peers = 87};
    memcpy(c->contribution, amount, sizeof amount);
    c->r = (ys_roots){.n = 1,
                      .gap = &c->gap,
                      .peer_gap = &c->peer_gap,
                      .margin = &c->margin,
                      .state = &c->state,
                      .top = &c->top,
                      .second = &c->second,
                      .stable = &c->stable,
                      .agree = &c->agree,
                      .peer_level = &c->peer_level,
                      .peers = &c->peers};
    for (int k = 0; k < YS_ROOTS; k++) {
        c->r.contribution[k] = &c->contribution[k];
        c->r.peer_contribution[k] = &c->peer_contribution[k];
    }
}

static void says(const card *c, const ys_root_words *w, const char *lang, const char *want)
{
    ys_str s = {0};
    assert_true(ys_root_sentence(&c->r, 0, 4, w, lang, &s));
    assert_string_equal(ys_str_get(&s), want);
    ys_str_done(&s);
}

static void test_one_root(void **state)
{
    (void)state;
    card c;
    ys_root_words w = {.money_digits = 2,
                       .peers_zh = {[YS_PEER_TOWN] = "乡镇", [YS_PEER_COUNTY] = "县"},
                       .peers_en = {[YS_PEER_TOWN] = "Town", [YS_PEER_COUNTY] = "County"}};
    make_card(&c);
    says(&c, &w, "zh",
         "比脱贫线每人每年少 1,234 元：活儿不够干 620 元、看病上学等刚性支出多 410 元、劳力少 204 "
         "元、财产性收入少 25 元；"
         "好于参照、抵去一部分的：补助和赡养等转移收入少 25 元。根子在活儿不够干（占缺口 50%）。"
         "与同乡镇 87 户非贫困户的中位水平相比，每人少 2,000 元。");
    says(&c, &w, "en",
         "1,234 yuan a person and year below the line: not enough work 620 yuan, heavy bills (illness, "
         "school, disaster, "
         "debt) 410 yuan, few able to work 204 yuan, little income from property 25 yuan; better than the "
         "reference, "
         "taking off: few transfers 25 yuan. The root: not enough work (50% of the gap). Against the middle "
         "of the "
         "non-poor in the same town (87 households): 2,000 yuan a person less.");
}

static void test_mixed_and_findings(void **state)
{
    (void)state;
    card c;
    ys_root_words w = {.money_digits = 2,
                       .declared_zh = "缺技术",
                       .declared_en = "lack of skill",
                       .conflict = 3,
                       .missing = 480000,
                       .missing_zh = "低保",
                       .missing_en = "dibao"};
    make_card(&c);
    c.stable = 0;
    c.contribution[4] = 0;
    c.contribution[3] = 0;
    c.peer_level = YS_PEER_NONE;
    w.label_zh[YS_ROOT_RIGID] = "看病上学";
    says(&c, &w, "zh",
         "比脱贫线每人每年少 1,234 元：活儿不够干 620 元、看病上学 410 元、劳力少 204 "
         "元。多因并重：活儿不够干与看病上学，"
         "须入户核实主因。申报主因是「缺技术」，与账对不上，请村里核实。申报的「缺技术」没有查到客观凭据。"
         "应享未享：低保，全户每年 4,800 元。");
}

static void test_other_states(void **state)
{
    (void)state;
    card c;
    ys_root_words w = {.money_digits = 2};
    make_card(&c);
    c.state = YS_RS_ABOVE;
    says(&c, &w, "zh", "扣除刚性支出后的收入已在脱贫线以上。");
    says(&c, &w, "en", "Income after unavoidable spending is above the line.");
    c.state = YS_RS_UNKNOWN;
    says(&c, &w, "en", "Facts are missing: complete income, labour or months worked.");
}

static void test_places(void **state)
{
    (void)state;
    ys_str s = {0};
    ys_root_words w = {.money_digits = 2};
    ys_root_summary sum = {
        .households = 12, .persons = 30, .mixed = 2, .gap = 123456700, .amount = {0, 100, 0, 0, 0, 300}};
    assert_true(ys_root_summary_sentence(&sum, &w, "zh", &s));
    assert_string_equal(ys_str_get(&s),
                        "12 户 30 人低于脱贫线，全年缺口 1,234,567 元。按钱算：看病上学等刚性支出多 75%、"
                        "活儿不够干 25%、劳力少 0%；多因并重 2 户。");
    ys_str_clear(&s);
    ys_deficit d[2] = {{1, 3, 1, 100, 300}, {0, 1, 1, 100, 300}};
    const char *labels[2] = {"不通硬化路", "饮水不安全"};
    assert_true(ys_deficit_sentence(d, 2, labels, "zh", &s));
    assert_string_equal(ys_str_get(&s),
                        "短板（影响户数/人数）：饮水不安全（100 户 300 人）、不通硬化路（100 户 300 人）。");
    ys_str_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_root),
        cmocka_unit_test(test_mixed_and_findings),
        cmocka_unit_test(test_other_states),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
