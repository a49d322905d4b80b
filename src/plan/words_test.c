/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences: names and figures of the plan, in both languages, for every reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "plan/why_cases.h"
#include "plan/words.h"

static bool ends(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

/* A finished sentence of its language: no placeholder, no missing word, no other language's marks. */
static void check_sentence(const char *text, bool zh)
{
    bool whole = strchr(text, '%') == NULL && strstr(text, "null") == NULL && strstr(text, "''") == NULL &&
                 strstr(text, "“”") == NULL && strstr(text, "  ") == NULL;
    bool marks = zh ? ends(text, "。") || ends(text, "）") : ends(text, ".") || ends(text, ")");
    for (const char *c = text; !zh && *c != 0; c++)
        marks = marks && (unsigned char)*c < 128;
    if (!whole || !marks || (zh && strstr(text, ". ") != NULL))
        fail_msg("not a sentence: %s", text);
}

static void expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' lacks '%s'", text, part);
}

/* 1234567 fen -> "12,346": to whole yuan, in groups of three. */
static const char *yuan(int64_t fen, char *buf)
{
    int64_t left = ((fen < 0 ? -fen : fen) + 50) / 100;
    char *at = buf + 31;
    *at = 0;
    for (int i = 0; i == 0 || left > 0; i++, left /= 10) {
        if (i > 0 && i % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + left % 10);
    }
    return at;
}

/* What each reason says in any case, Chinese and English. */
static const char *const says[][2] = {[YS_WHY_CHOSEN] = {"：已入选", "it is in the plan"},
                                      [YS_WHY_NO_OFFER] = {"没有这项供给", "nobody offers it"},
                                      [YS_WHY_GATE_FALSE] = {"不符合条件", "not met"},
                                      [YS_WHY_GATE_UNKNOWN] = {"信息缺失", "is missing"},
                                      [YS_WHY_CONSENT_REFUSED] = {"不愿意", "does not want"},
                                      [YS_WHY_CONSENT_MISSING] = {"尚未征得", "not on record"},
                                      [YS_WHY_NO_MONEY] = {"哪怕一份", "even one"},
                                      [YS_WHY_LABOUR] = {"没有足够的闲余劳动", "not enough free labour"},
                                      [YS_WHY_LIMIT] = {"上限之后", "ceiling on options"},
                                      [YS_WHY_GROUP] = {"不能并用", "cannot go with"},
                                      [YS_WHY_NEEDS] = {"须同时有", "it needs"},
                                      [YS_WHY_LABOUR_TAKEN] = {"劳动已用于", "free labour is used by"},
                                      [YS_WHY_LESS_VALUE] = {"即使不花钱", "even free of charge"},
                                      [YS_WHY_CAPACITY] = {"名额已满", "all places of"},
                                      [YS_WHY_BUDGET] = {"资金不足", "the money of"},
                                      [YS_WHY_COUNT] = {"已到上限", "bundle is full"}};

static void check_figures(const house *h, const ys_plan_why *w, const char *text, bool zh)
{
    char gain[32], price[32];
    if (w->row < 0)
        return;
    expect(text, w->reason == YS_WHY_CAPACITY ? h->offering[0].name : h->fund[0].name);
    if (w->reason == YS_WHY_BUDGET)
        expect(text, zh ? "2016年" : "in 2016");
    if (w->price >= 0 && w->price >= w->gain) {
        expect(text, yuan(w->gain, gain));
        expect(text, yuan(w->price, price));
        assert_true((strstr(text, zh ? "少补" : "less") != NULL) == (w->gain <= 0));
    } else {
        expect(text, zh ? "不够一份" : "not enough for one");
    }
}

static void check_case(const why_case *c, bool zh, bool *ret_traded)
{
    house h;
    house_plain(&h);
    if (c->spoil != NULL)
        c->spoil(&h);
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    ys_plan_why w = ys_plan_why_not(p, r, 0, 0);
    ys_str s = {0};
    ys_plan_say_why(p, r, 0, 0, zh, &s);
    const char *text = ys_str_get(&s);
    assert_int_equal(w.reason, c->reason);
    check_sentence(text, zh);
    const char *label = zh ? "甲措施：" : "Alpha key: ";
    assert_memory_equal(text, label, strlen(label));
    for (int i = 0; i <= YS_WHY_COUNT; i++) /* its own reason and no other */
        if ((strstr(text, says[i][!zh]) != NULL) != (i == (int)w.reason))
            fail_msg("%s: '%s'", c->name, text);
    bool gate = w.reason == YS_WHY_GATE_FALSE || w.reason == YS_WHY_GATE_UNKNOWN;
    assert_true((strstr(text, "age, health") != NULL) == gate);
    assert_true((strstr(text, zh ? "“乙措施”" : "'Beta key'") != NULL) == (w.other == 1));
    check_figures(&h, &w, text, zh);
    *ret_traded = *ret_traded || (w.row >= 0 && w.price >= w.gain);
    ys_str_done(&s);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

static void test_every_reason(void **state)
{
    (void)state;
    static const why_case cure = {"cure", spoil_cure, YS_WHY_CAPACITY, -1, 1};
    for (int zh = 0; zh < 2; zh++) {
        bool traded = false, traded_cure = false;
        for (size_t i = 0; i < sizeof why_cases / sizeof *why_cases; i++)
            check_case(&why_cases[i], zh, &traded);
        check_case(&cure, zh, &traded_cure);
        assert_true(traded && traded_cure);
    }
}

/* Left over is less than one unit takes, but something is left: nothing is "used up". */
static void test_something_left(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_money(&h);
    h.fund[0].amount = 61234;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    assert_int_equal(ys_plan_why_not(p, r, 0, 0).reason, YS_WHY_BUDGET);
    ys_str s = {0};
    ys_plan_say_why(p, r, 0, 0, false, &s);
    expect(ys_str_get(&s), "the money of 'county fund' in 2016 is too short");
    ys_str_done(&s);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* A measure without a label is called by its name. */
static void test_no_label(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_gate(&h);
    h.measure[0].label_zh = NULL;
    h.measure[0].label_en = "";
    h.measure[0].gate_reads = NULL;
    ys_plan *p = build(&h.in);
    ys_plan_result *r = solve(p);
    ys_str s = {0};
    ys_plan_say_why(p, r, 0, 0, true, &s);
    assert_string_equal(ys_str_get(&s), "alpha：不符合条件。");
    ys_str_clear(&s);
    ys_plan_say_why(p, r, 0, 0, false, &s);
    assert_string_equal(ys_str_get(&s), "alpha: the conditions are not met.");
    ys_str_done(&s);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/* ---- the key that was chosen ---------------------------------------------------------------------------------- */

static void say(const house *h, bool zh, ys_str *out)
{
    ys_plan *p = build(&h->in);
    ys_plan_result *r = solve(p);
    ys_str_clear(out);
    ys_plan_say(p, r, 0, zh, out);
    check_sentence(ys_str_get(out), zh);
    ys_plan_result_free(r);
    ys_plan_free(p);
}

/*
 * 3,000 yuan a year from both over five years at 5 %: 3000 * 4.3295 = 12,988 (deep below the line), for 1,200 yuan, a
 * deprivation each; plenty of money is worth nothing elsewhere.
 */
static void test_key(void **state)
{
    (void)state;
    static const ys_plan_fit fits[] = {{3, 1, 1, "缺技术", "lack of skill", "学得会", "it can be learned"},
                                       {3, 0, 2, "缺技术", "lack of skill", "最对路", "nothing fits better"},
                                       {4, 1, 9, "因病", "illness", "无关", "of no concern here"}};
    house h;
    house_plain(&h);
    h.measure[0].cures = 1;
    h.household[0].deprived = 1;
    h.household[0].cause = 3;
    ys_str s = {0};
    say(&h, true, &s); /* no links: no root is named */
    assert_null(strstr(ys_str_get(&s), "主因"));
    h.in.n_fits = 3, h.in.fits = fits;
    say(&h, true, &s);
    static const char *const zh[] = {"安排甲措施、乙措施",
                                     "对准主因“缺技术”：最对路。",
                                     "预计5年内补上收入缺口12,988元",
                                     "消除法定剥夺1项·人",
                                     "占用资金1,200元",
                                     "可补0元"};
    for (size_t i = 0; i < sizeof zh / sizeof *zh; i++)
        expect(ys_str_get(&s), zh[i]);
    say(&h, false, &s);
    static const char *const en[] = {
        "The key is Alpha key, Beta key, which fits the main root, lack of skill: nothing fits better.",
        "close 12,988 yuan of the income gap over 5 years", "end 1 statutory deprivations",
        "using 1,200 yuan;", "would close 0 yuan."};
    for (size_t i = 0; i < sizeof en / sizeof *en; i++)
        expect(ys_str_get(&s), en[i]);
    h.household[0].deprived = 0;
    say(&h, false, &s);
    assert_null(strstr(ys_str_get(&s), "deprivations"));
    ys_str_done(&s);
}

static void test_no_key(void **state)
{
    (void)state;
    house h;
    house_plain(&h);
    spoil_money(&h);
    ys_str s = {0};
    say(&h, true, &s);
    expect(ys_str_get(&s), "没有安排措施");
    say(&h, false, &s);
    expect(ys_str_get(&s), "No measure was assigned");
    ys_str_done(&s);
}

static void test_reason_names(void **state)
{
    (void)state;
    for (int i = 0; i <= YS_WHY_COUNT; i++) {
        const char *name = ys_plan_reason_name((ys_plan_reason)i);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        assert_true(name[0] != 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, ys_plan_reason_name((ys_plan_reason)j));
    }
    assert_string_equal(ys_plan_reason_name(YS_WHY_CHOSEN), "chosen");
    assert_string_equal(ys_plan_reason_name(YS_WHY_COUNT), "count");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_reason), cmocka_unit_test(test_something_left),
        cmocka_unit_test(test_no_label),     cmocka_unit_test(test_key),
        cmocka_unit_test(test_no_key),       cmocka_unit_test(test_reason_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
