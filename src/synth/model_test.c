/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/map.h"
#include "base/num.h"
#include "synth/synth_internal.h"

/* ---- identity numbers ---- */

static void ids_are_valid_unique_and_fictitious(void **state)
{
    (void)state;
    static const int WEIGHT[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    ys_map *seen = ys_map_new(100000);
    /* one household in every lap of the slots: their persons share (prefix, sequence) and differ by the day */
    for (int64_t i = 0; i < 20000; i++) {
        int64_t household = i % 2 ? i : i / 2 * 3920000 / 7 % 40000000;
        for (int m = 0; m < SY_PERSONS; m++) {
            char id[19];
            int32_t birthday = ys__synth_birthday(household, false, m, 1950);
            bool fresh;
            int sum = 0, y, mo, d;
            ys__synth_id(household, false, m, birthday, m % 2, id);
            for (int k = 0; k < 17; k++)
                sum += (id[k] - '0') * WEIGHT[k];
            assert_int_equal(id[17], "10X98765432"[sum % 11]);
            assert_true(ys_synth_is_fictitious_id(id));
            assert_int_equal((id[16] - '0') % 2, m % 2);
            assert_string_not_equal(id + 15, "000"); /* looks like a spreadsheet's damage */
            ys_date_to(birthday, &y, &mo, &d);
            assert_int_equal(y, 1950);
            ys_map_put(seen, id, household, &fresh);
            assert_true(fresh || ys_map_get(seen, id, -1) == household);
        }
    }
    ys_map_free(seen);
    assert_false(ys_synth_is_fictitious_id("53010219200508011X")); /* an example of the standard */
    assert_false(ys_synth_is_fictitious_id("99000019500101001"));
    assert_false(ys_synth_is_fictitious_id("999000195001010010"));
    assert_false(ys_synth_is_fictitious_id("9900001950010100 0"));
    assert_false(ys_synth_is_fictitious_id(NULL));
}

/* ---- one household ---- */

static const sy_village_mood MOOD = {.09, .07, .22};

static void a_household_depends_on_seed_and_number_only(void **state)
{
    (void)state;
    sy_model m = {.seed = 7, .line = 3402, .error_share = .005}, other = m;
    other.seed = 8;
    int differ = 0;
    for (int64_t i = 200; i > 0; i--) {
        sy_household a, b, c;
        memset(&a, 0xaa, sizeof a);
        memset(&b, 0x55, sizeof b);
        ys__synth_household(&m, i, i % 3 == 0, &MOOD, &a);
        ys__synth_household(&other, 201 - i, false, &MOOD, &c);
        ys__synth_household(&m, i, i % 3 == 0, &MOOD, &b);
        assert_true(a.y == b.y && a.ystar == b.ystar && a.size == b.size && a.truth == b.truth);
        assert_true(a.medical == b.medical && a.person[0].age == b.person[0].age);
        differ += c.y != a.y;
    }
    assert_true(differ > 190);
}

static void losses_add_up_and_the_truth_is_the_largest(void **state)
{
    (void)state;
    sy_model m = {.seed = 3, .line = 3402};
    int three = 0;
    for (int64_t i = 1; i <= 3000; i++) {
        sy_household h;
        ys__synth_household(&m, i, false, &MOOD, &h);
        double sum = 0, most = -1e9;
        for (int k = 0; k < h.shocks; k++) {
            sum += h.shock[k].loss;
            most = h.shock[k].loss > most ? h.shock[k].loss : most;
        }
        /* Shapley: the losses of all shocks are the whole fall from the healthy household */
        double fall = ys__synth_ystar(&h, 0) - ys__synth_ystar(&h, (1u << h.shocks) - 1);
        assert_true(fabs(sum - fall) < 1e-6);
        assert_true(h.shock[h.truth].loss == most);
        assert_true(h.size >= 1 && h.size <= SY_PERSONS);
        three += h.shocks == 3;
    }
    assert_true(three > 50);
}

/* Each shock acts on its own term: spending, labour, months or earnings. */
static void shocks_act_where_they_act_in_life(void **state)
{
    (void)state;
    sy_model m = {.seed = 5, .line = 3402};
    for (int64_t i = 1; i <= 5000; i++) {
        sy_household h;
        ys__synth_household(&m, i, false, &MOOD, &h);
        for (int k = 0; k < h.shocks; k++) {
            const sy_shock *s = &h.shock[k];
            bool spends = s->medical + s->education + s->repair + s->wedding > 0;
            bool labour = (s->able_mask && s->able_share < 1) || s->gone_mask;
            bool idle = s->months_mask == 0xff && s->months_share < .9;
            bool earns = s->earn_share < .93;
            switch (s->cause) {
            case SY_ILLNESS:
                assert_true(s->medical > 0 && !labour && !earns);
                break;
            case SY_DISABILITY:
            case SY_LABOUR:
                assert_true(labour && !spends && !earns);
                break;
            case SY_SCHOOL:
                assert_true(s->education > 0 && !labour && !idle && !earns);
                break;
            case SY_DISASTER:
                assert_true(s->repair > 0 && !labour);
                break;
            case SY_WILL:
            case SY_JOB:
                assert_true((idle || s->months_share >= .8) && !spends && !labour && !earns);
                break;
            case SY_WEDDING:
                assert_true(s->wedding > 0 && !labour);
                break;
            default:
                assert_true(s->earn_share < 1 && !spends && !labour);
                break;
            }
        }
    }
}

/* Members fit together: one head, wives and husbands, parents older than their children. */
static void families_hold_together(void **state)
{
    (void)state;
    sy_model m = {.seed = 13, .line = 3402, .error_share = .5};
    int faults[SY_FAULTS] = {0};
    for (int64_t i = 1; i <= 5000; i++) {
        sy_household h;
        ys__synth_household(&m, i, i % 4 == 0, &MOOD, &h);
        int heads = 0, head = 0, members = 0;
        for (int k = 0; k < h.drawn; k++) {
            if (h.person[k].gone)
                continue;
            members++;
            heads += h.person[k].relation == SY_HEAD;
            head = h.person[k].relation == SY_HEAD ? k : head;
        }
        assert_int_equal(heads, 1);
        assert_int_equal(members, h.size);
        assert_false(h.person[head].gone);
        for (int k = 0; k < h.drawn; k++) {
            const sy_person *p = &h.person[k], *of = &h.person[head];
            if (p->gone)
                continue;
            if (p->relation == SY_SPOUSE)
                assert_true(p->male != of->male && p->age >= 18);
            if (p->relation == SY_SON || p->relation == SY_DAUGHTER)
                assert_true(of->age - p->age >= 16);
            if (p->relation == SY_FATHER || p->relation == SY_MOTHER)
                assert_true(p->age - of->age >= 16);
            assert_true(p->months <= 12 * p->able + 1e-9 && p->away <= p->months + 1e-9);
            assert_true(p->able <= 0 || p->age >= 16);
        }
        faults[h.fault]++;
    }
    for (int f = 1; f < SY_FAULTS; f++)
        assert_true(faults[f] > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_valid_unique_and_fictitious),
        cmocka_unit_test(a_household_depends_on_seed_and_number_only),
        cmocka_unit_test(losses_add_up_and_the_truth_is_the_largest),
        cmocka_unit_test(shocks_act_where_they_act_in_life),
        cmocka_unit_test(families_hold_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
