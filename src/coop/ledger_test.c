/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "coop/ledger.h"

static ys_ledger *make(const ys_money_flow *flow, int64_t n, int32_t funds, int32_t today)
{
    ys_ledger *l = NULL;
    assert_int_equal(ys_ledger_make(flow, n, funds, today, &l, NULL), YS_OK);
    return l;
}

static void one_yuan_is_followed(void **state)
{
    (void)state;
    const ys_money_flow flow[] = {
        {YS_FLOW_EXPENDITURE, 200, 0, 2, 60},  /* out of the disbursement, given before it in the list */
        {YS_FLOW_INCOMING, 100, 0, -1, 100},   /* 100 come in */
        {YS_FLOW_DISBURSEMENT, 150, 0, 1, 70}, /* 70 of them are passed on */
        {YS_FLOW_INCOMING_PLEDGE, 10, 0, -1, 5000},   {YS_FLOW_INCOMING_COMMITMENT, 20, 0, -1, 500},
        {YS_FLOW_OUTGOING_COMMITMENT, 30, 0, -1, 50},
    };
    ys_ledger *l = make(flow, 6, 1, 300);
    const ys_fund_sums *s = &l->fund[0];
    assert_int_equal(s->pledged, 5000);
    assert_int_equal(s->committed_in, 500);
    assert_int_equal(s->committed_out, 50);
    assert_int_equal(s->received, 100);
    assert_int_equal(s->disbursed, 70);
    assert_int_equal(s->spent, 60);
    assert_int_equal(s->held, 30);
    assert_int_equal(s->out, 10);
    assert_int_equal(s->overdrawn, 0);
    assert_int_equal(l->left[1], 30);
    assert_int_equal(l->left[2], 10);
    assert_int_equal(s->idle[3], 40); /* 200 and 150 days: over 90, up to a year */
    assert_int_equal(s->oldest, 200);
    ys_ledger_free(l);
}

static void faults_are_told_apart(void **state)
{
    (void)state;
    const ys_money_flow flow[] = {
        {YS_FLOW_INCOMING, 100, 0, -1, 100},     {YS_FLOW_INCOMING, 100, 1, -1, 100},
        {YS_FLOW_EXPENDITURE, 110, 0, 1, 10},    /* source of another fund */
        {YS_FLOW_EXPENDITURE, 90, 0, 0, 10},     /* before its source */
        {YS_FLOW_DISBURSEMENT, 120, 1, 1, 130},  /* 30 more than its source has */
        {YS_FLOW_EXPENDITURE, 130, 0, -1, 1000}, /* more than the fund holds */
        {YS_FLOW_EXPENDITURE, 500, 0, -1, 1},    /* tomorrow */
        {YS_FLOW_EXPENDITURE, 130, 1, 2, 1},     /* out of an expenditure */
    };
    ys_ledger *l = make(flow, 8, 2, 400);
    assert_int_equal(l->fault[2], YS_FLOW_WRONG_SOURCE);
    assert_int_equal(l->fault[3], YS_FLOW_BEFORE_SOURCE);
    assert_int_equal(l->fault[4], YS_FLOW_OVER_SOURCE);
    assert_int_equal(l->missing[4], 30);
    assert_int_equal(l->fault[5], YS_FLOW_OVER_FUND);
    assert_int_equal(l->fault[6], YS_FLOW_FUTURE);
    assert_int_equal(l->fault[7], YS_FLOW_WRONG_SOURCE);
    /* 10 were spent before anything came (nothing to take), 10 after */
    assert_int_equal(l->missing[3], 10);
    assert_int_equal(l->missing[5], 1000 - 90);
    assert_int_equal(l->fund[0].spent, 1020);
    assert_int_equal(l->fund[0].overdrawn, 10 + 910);
    assert_int_equal(l->fund[0].held, 0);
    assert_int_equal(l->fund[1].out, 130);
    ys_ledger_free(l);
}

static void the_oldest_money_goes_first(void **state)
{
    (void)state;
    const ys_money_flow flow[] = {{YS_FLOW_INCOMING, 0, 0, -1, 10},
                                  {YS_FLOW_INCOMING, 700, 0, -1, 10},
                                  {YS_FLOW_INCOMING, 790, 0, -1, 10},
                                  {YS_FLOW_EXPENDITURE, 795, 0, -1, 15}};
    ys_ledger *l = make(flow, 4, 1, 800);
    assert_int_equal(l->left[0], 0);
    assert_int_equal(l->left[1], 5);
    assert_int_equal(l->left[2], 10);
    assert_int_equal(l->fund[0].idle[0], 10);
    assert_int_equal(l->fund[0].idle[3], 5);
    assert_int_equal(l->fund[0].oldest, 100);
    ys_ledger_free(l);
}

static void age_classes(void **state)
{
    (void)state;
    const int32_t days[] = {0, 30, 31, 60, 61, 90, 91, 365, 366, 730, 731};
    const int want[] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5};
    for (int i = 0; i < 11; i++)
        assert_int_equal(ys_age_class(days[i]), want[i]);
}

/* Whatever the flows: no fen is lost or made, and order of the list does not matter for the sums. */
static void nothing_is_lost(void **state)
{
    (void)state;
    enum { N = 60, FUNDS = 3 };
    for (uint64_t seed = 1; seed <= 300; seed++) {
        ys_rng r;
        ys_rng_init(&r, seed, 0);
        ys_money_flow flow[N];
        for (int i = 0; i < N; i++) {
            int32_t source = ys_rng_below(&r, 2) == 0 ? -1 : (int32_t)ys_rng_below(&r, N);
            flow[i] = (ys_money_flow){.type = (ys_flow_type)ys_rng_below(&r, 6),
                                      .date = (int32_t)ys_rng_below(&r, 900),
                                      .fund = (int32_t)ys_rng_below(&r, FUNDS),
                                      .source = source == i ? -1 : source,
                                      .amount = (int64_t)ys_rng_below(&r, 1000)};
        }
        ys_ledger *l = make(flow, N, FUNDS, 800);
        int64_t received = 0, spent = 0;
        for (int i = 0; i < N; i++)
            if (flow[i].date <= 800) {
                received += flow[i].type == YS_FLOW_INCOMING ? flow[i].amount : 0;
                spent += flow[i].type == YS_FLOW_EXPENDITURE ? flow[i].amount : 0;
            }
        for (int f = 0; f < FUNDS; f++) {
            const ys_fund_sums *s = &l->fund[f];
            int64_t idle = 0;
            for (int k = 0; k < YS_AGES; k++)
                idle += s->idle[k];
            assert_int_equal(s->received + s->overdrawn, s->spent + s->held + s->out);
            assert_int_equal(idle, s->held + s->out);
            received -= s->received;
            spent -= s->spent;
        }
        assert_int_equal(received, 0);
        assert_int_equal(spent, 0);
        for (int i = 0; i < N; i++) {
            assert_in_range(l->left[i], 0, flow[i].amount);
            assert_true((l->missing[i] > 0) <= (l->fault[i] != YS_FLOW_OK));
        }
        ys_ledger_free(l);
    }
}

static void bad_flows_are_refused(void **state)
{
    (void)state;
    const ys_money_flow bad[] = {{YS_FLOW_INCOMING, 0, 1, -1, 1},
                                 {YS_FLOW_INCOMING, 0, 0, 1, 1},
                                 {YS_FLOW_INCOMING, 0, 0, 0, 1},
                                 {YS_FLOW_INCOMING, 0, 0, -1, -1},
                                 {YS_FLOW_INCOMING, 0, 0, -1, (int64_t)1 << 53},
                                 {(ys_flow_type)6, 0, 0, -1, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ys_ledger *l = NULL;
        assert_int_equal(ys_ledger_make(&bad[i], 1, 1, 0, &l, NULL), YS_EDATA);
        assert_null(l);
    }
}

static void memory_may_be_short(void **state)
{
    (void)state;
    const ys_money_flow flow[] = {{YS_FLOW_INCOMING, 0, 0, -1, 10}};
    for (int64_t k = 1;; k++) {
        ys_ledger *l = NULL;
        ys_alloc_fail_from(k);
        ys_status st = ys_ledger_make(flow, 1, 1, 0, &l, NULL);
        ys_alloc_fail_from(0);
        if (st == YS_OK) {
            assert_true(k > 5);
            ys_ledger_free(l);
            break;
        }
        assert_int_equal(st, YS_ENOMEM);
        assert_null(l);
    }
}

static void funds_in_a_ring(void **state)
{
    (void)state;
    const int32_t parent[] = {-1, 0, 3, 4, 2, 2, 6};
    const uint8_t want[] = {0, 0, 1, 1, 1, 0, 1};
    uint8_t cycle[7];
    assert_int_equal(ys_fund_cycles(parent, 7, cycle), 4);
    assert_memory_equal(cycle, want, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_yuan_is_followed),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(the_oldest_money_goes_first),
        cmocka_unit_test(age_classes),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(bad_flows_are_refused),
        cmocka_unit_test(memory_may_be_short),
        cmocka_unit_test(funds_in_a_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
