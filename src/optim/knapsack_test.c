/* SPDX-License-Identifier: Apache-2.0 */
/* Generalised assignment and multiple-choice knapsacks against brute force, and their readers against damaged text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "optim/choose.h"
#include "yaoshi/optim.h"

enum { MOST = 64 };

/* ---- generalised assignment ---- */

static int64_t brute_gap(const ys_gap *p, int j, int64_t *left)
{
    int64_t best = INT64_MAX;
    if (j == p->jobs)
        return 0;
    for (int i = 0; i < p->agents; i++) {
        int at = i * p->jobs + j;
        if (p->weight[at] > left[i])
            continue;
        left[i] -= p->weight[at];
        int64_t rest = brute_gap(p, j + 1, left);
        left[i] += p->weight[at];
        if (rest < INT64_MAX && p->cost[at] + rest < best)
            best = p->cost[at] + rest;
    }
    return best;
}

static void test_gap_brute(void **state)
{
    (void)state;
    int none = 0;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        ys_rng r;
        ys_rng_init(&r, seed, 0);
        int64_t cost[MOST], weight[MOST], capacity[4], left[4], scale = seed % 10 == 0 ? 10000019 : 1;
        ys_gap p = {.agents = 1 + (int)(seed % 4),
                    .jobs = 1 + (int)(seed % 8),
                    .cost = cost,
                    .weight = weight,
                    .capacity = capacity};
        for (int k = 0; k < p.agents * p.jobs; k++) {
            cost[k] = ys_rng_below(&r, 60) - (seed % 3 == 0 ? 30 : 0);
            weight[k] = scale * (1 + ys_rng_below(&r, 20));
        }
        for (int i = 0; i < p.agents; i++)
            left[i] = capacity[i] = scale * (int64_t)(8.0 * p.jobs / p.agents + (double)(seed % 9));
        int64_t optimum = brute_gap(&p, 0, left);
        ys_choice_result c;
        ys_diag d = {0};
        assert_int_equal(ys_gap_solve(&p, &(ys_optim_config){0}, &c, &d), YS_OK);
        assert_int_equal(c.feasible, optimum < INT64_MAX);
        assert_true(c.complete);
        if (c.feasible) {
            int64_t value = 0, used[4] = {0};
            for (int j = 0; j < p.jobs; j++) {
                value += cost[c.choice[j] * p.jobs + j];
                used[c.choice[j]] += weight[c.choice[j] * p.jobs + j];
            }
            for (int i = 0; i < p.agents; i++)
                assert_true(used[i] <= capacity[i]);
            assert_int_equal(value, c.value);
            assert_int_equal(c.value, optimum);
            assert_int_equal(c.bound, optimum);
        }
        none += !c.feasible;
        ys_choice_result_done(&c);
    }
    print_message("150 assignments optimal, %d of them proven impossible\n", none);
    assert_true(none > 0);
}

static void test_gap_text(void **state)
{
    (void)state;
    static const char one[] = "2 3\n 4 5 6\n 3 2 1\n 1 1 1\n 2 2 2\n 2 6\n";
    static const char two[] = "2\n 1 1 7 2 3\n 1 2 5 6 1 1 2\n";
    ys_gap *list = NULL;
    ys_diag d = {0};
    int n = 0;
    assert_int_equal(ys_gap_read(one, sizeof one - 1, &list, &n, &d), YS_OK);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].weight[3], 2);
    assert_int_equal(list[0].capacity[1], 6);
    ys_gap_free(list, n);
    assert_int_equal(ys_gap_read(two, sizeof two - 1, &list, &n, &d), YS_OK);
    assert_int_equal(n, 2);
    assert_int_equal(list[1].cost[1], 6);
    ys_gap_free(list, n);
    for (size_t k = 0; k + 3 < sizeof one; k++)
        assert_int_equal(ys_gap_read(one, k, &list, &n, &d), YS_EDATA);
    static const char *const bad[] = {"",
                                      "x",
                                      "2 3 4",
                                      "0 5 1",
                                      "-1 2 3",
                                      "2 2 a b c",
                                      "999999999 999999999 1",
                                      "99999999999999999999 1",
                                      "1 1 1e5 1 1"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(ys_gap_read(bad[k], strlen(bad[k]), &list, &n, &d), YS_EDATA);
    static const char minus[] = "1 1 5 -2 3";
    ys_choice_result c;
    assert_int_equal(ys_gap_read(minus, sizeof minus - 1, &list, &n, &d), YS_OK);
    assert_int_equal(ys_gap_solve(list, &(ys_optim_config){0}, &c, &d), YS_EDATA);
    ys_gap_free(list, n);
}

/* ---- multiple-choice knapsacks ---- */

static int64_t brute_mmkp(const ys_mmkp *p, int c, int64_t *left)
{
    int64_t best = -1;
    if (c == p->classes)
        return 0;
    for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
        bool fits = true;
        for (int r = 0; r < p->resources; r++) {
            left[r] -= p->weight[i * p->resources + r];
            fits = fits && left[r] >= 0;
        }
        int64_t rest = fits ? brute_mmkp(p, c + 1, left) : -1;
        for (int r = 0; r < p->resources; r++)
            left[r] += p->weight[i * p->resources + r];
        if (rest >= 0 && rest + p->value[i] > best)
            best = rest + p->value[i];
    }
    return best;
}

static void test_mmkp_brute(void **state)
{
    (void)state;
    int none = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        ys_rng r;
        ys_rng_init(&r, seed, 0);
        int item_at[7] = {0};
        int64_t value[MOST], weight[4 * MOST], limit[4];
        ys_mmkp p = {.classes = 1 + (int)(seed % 6),
                     .resources = 1 + (int)(seed % 4),
                     .item_at = item_at,
                     .value = value,
                     .weight = weight,
                     .limit = limit};
        for (int c = 0; c < p.classes; c++)
            item_at[c + 1] = item_at[c] + 1 + (int)ys_rng_below(&r, 5);
        for (int k = 0; k < item_at[p.classes]; k++)
            value[k] = ys_rng_below(&r, 200);
        for (int k = 0; k < item_at[p.classes] * p.resources; k++)
            weight[k] = ys_rng_below(&r, 10);
        for (int k = 0; k < p.resources; k++)
            limit[k] = (int64_t)p.classes * (2 + (int64_t)(seed % 4));
        int64_t optimum = brute_mmkp(&p, 0, limit);
        ys_choice_result c;
        ys_diag d = {0};
        assert_int_equal(ys_mmkp_solve(&p, &(ys_optim_config){0}, &c, &d), YS_OK);
        assert_int_equal(c.feasible, optimum >= 0);
        assert_true(c.complete);
        if (c.feasible) {
            assert_int_equal(c.value, optimum);
            assert_int_equal(c.bound, optimum);
        }
        none += !c.feasible;
        ys_choice_result_done(&c);
    }
    print_message("60 knapsacks optimal, %d of them proven impossible\n", none);
    assert_true(none > 0);
}

static void test_mmkp_text(void **state)
{
    (void)state;
    static const char text[] = "2 2 1\n 5\n 1\n 7.00 1\n 9.5 3\n 2\n 1.25 2\n 4 4\n Solutions by nobody\n";
    ys_mmkp p;
    ys_diag d = {0};
    assert_int_equal(ys_mmkp_read(text, sizeof text - 1, &p, &d), YS_OK);
    assert_int_equal(p.classes, 2);
    assert_int_equal(p.value[1], 950);
    assert_int_equal(p.value[2], 125);
    assert_int_equal(p.weight[3], 4);
    ys_mmkp_free(&p);
    for (size_t k = 0; k < (size_t)(strstr(text, "4 4") - text) + 2; k++)
        assert_int_equal(ys_mmkp_read(text, k, &p, &d), YS_EDATA);
    static const char *const bad[] = {
        "", "2 2", "0 1 1", "1 1 65 1 1 1 1", "1 1 1 5 2 1 1", "1 1 1 5 1 1.234 1", "9999 999 9 1"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(ys_mmkp_read(bad[k], strlen(bad[k]), &p, &d), YS_EDATA);
}

static bool at_once(void *arg)
{
    (void)arg;
    return true;
}

/* Stopped at once there is still an honest bound. */
static void test_stopped(void **state)
{
    (void)state;
    int64_t cost[60], weight[60], capacity[3] = {40, 40, 40};
    ys_rng r;
    ys_rng_init(&r, 3, 0);
    for (int k = 0; k < 60; k++) {
        weight[k] = 3 + ys_rng_below(&r, 5);
        cost[k] = 20 - weight[k] + ys_rng_below(&r, 3);
    }
    ys_gap p = {.agents = 3, .jobs = 20, .cost = cost, .weight = weight, .capacity = capacity};
    ys_choice_result early, whole;
    ys_diag d = {0};
    assert_int_equal(ys_gap_solve(&p, &(ys_optim_config){.stop = at_once}, &early, &d), YS_OK);
    assert_int_equal(ys_gap_solve(&p, &(ys_optim_config){0}, &whole, &d), YS_OK);
    assert_true(whole.complete && whole.feasible);
    assert_true(early.bound <= whole.value);
    if (early.feasible)
        assert_true(early.value >= whole.value);
    ys_choice_result_done(&early);
    ys_choice_result_done(&whole);
}

/* ---- exchanges of four ---- */

enum { CLASSES = 6, ITEMS = 3, MONEY = 3 };

typedef struct little {
    int item_at[CLASSES + 1], use_at[CLASSES * ITEMS + 1], row[CLASSES * ITEMS * MONEY];
    int64_t value[CLASSES * ITEMS], use[CLASSES * ITEMS * MONEY], limit[MONEY];
    double price[MONEY];
} little;

/* Item 0 of a class takes nothing; limits are about half of what the dearest would take. */
static void draw_little(little *l, ys_rng *rng)
{
    int uses = 0;
    for (int i = 0; i < CLASSES * ITEMS; i++) {
        l->item_at[i / ITEMS] = i / ITEMS * ITEMS;
        l->use_at[i] = uses;
        l->value[i] = i % ITEMS == 0 ? 0 : 10 + ys_rng_below(rng, 90);
        for (int r = 0; r < MONEY && i % ITEMS > 0; r++) {
            l->row[uses] = r;
            l->use[uses++] = 1 + ys_rng_below(rng, 40);
        }
    }
    l->item_at[CLASSES] = CLASSES * ITEMS;
    l->use_at[CLASSES * ITEMS] = uses;
    for (int r = 0; r < MONEY; r++) {
        l->limit[r] = 60 + ys_rng_below(rng, 40);
        l->price[r] = 0.2 + ys_rng_uniform(rng);
    }
}

/* Value of the choice, -1 where it does not fit. */
static int64_t value_of_little(const little *l, const int *choice)
{
    int64_t value = 0, left[MONEY];
    memcpy(left, l->limit, sizeof left);
    for (int c = 0; c < CLASSES; c++) {
        value += l->value[choice[c]];
        for (int k = l->use_at[choice[c]]; k < l->use_at[choice[c] + 1]; k++)
            left[l->row[k]] -= l->use[k];
    }
    return left[0] < 0 || left[1] < 0 || left[2] < 0 ? -1 : value;
}

/* Most value within four changes of `choice`, by trying everything. */
static int64_t best_within_four(const little *l, const int *choice)
{
    int64_t best = -1;
    for (int code = 0; code < 729; code++) {
        int trial[CLASSES], changed = 0;
        for (int c = 0, rest = code; c < CLASSES; c++, rest /= ITEMS) {
            trial[c] = c * ITEMS + rest % ITEMS;
            changed += trial[c] != choice[c];
        }
        int64_t value = changed <= 4 ? value_of_little(l, trial) : -1;
        best = value > best ? value : best;
    }
    return best;
}

/* With room for all changes and cells as wide as the limits nothing is overlooked. */
static void test_four_find_what_four_can(void **state)
{
    (void)state;
    int moved = 0;
    ys_optim_config config = {0};
    for (int seed = 0; seed < 200; seed++) {
        ys_rng rng;
        little l;
        int choice[CLASSES];
        ys_rng_init(&rng, 5, (uint64_t)seed);
        draw_little(&l, &rng);
        for (int c = 0; c < CLASSES; c++)
            choice[c] = c * ITEMS;
        ys_choose p = {.n = CLASSES,
                       .rows = MONEY,
                       .units_from = MONEY,
                       .item_at = l.item_at,
                       .value = l.value,
                       .use_at = l.use_at,
                       .use_row = l.row,
                       .use = l.use,
                       .limit = l.limit,
                       .price = l.price};
        ys_quad_work work = {.changes = 100 + seed % 3, .rounds = 100, .trials = 1000000, .slack = 1000};
        assert_true(ys__quad(&p, &config, work, choice));
        int64_t value = value_of_little(&l, choice);
        assert_true(value >= 0);
        assert_int_equal(value, best_within_four(&l, choice));
        moved += value > 0;
        for (int c = 0; c < CLASSES; c++)
            choice[c] = c * ITEMS;
        work.changes = 5; /* fewer than there are */
        assert_true(ys__quad(&p, &config, work, choice));
        assert_true(value_of_little(&l, choice) >= 0);
    }
    assert_true(moved > 190);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gap_brute),  cmocka_unit_test(test_gap_text),
        cmocka_unit_test(test_mmkp_brute), cmocka_unit_test(test_mmkp_text),
        cmocka_unit_test(test_stopped),    cmocka_unit_test(test_four_find_what_four_can)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
