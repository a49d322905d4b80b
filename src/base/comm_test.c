/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/comm.h"
#include "base/rng.h"

enum { N = 1000, ROUNDS = 200 };

/* What rank r holds at i in a round. */
static int64_t held(int rank, int round, int i)
{
    return (int64_t)ys_hash64(((uint64_t)rank << 40) + ((uint64_t)round << 20) + (uint64_t)i);
}

/* Many exchanges of changing kind and length, each held against what all ranks held. */
static ys_status exchange(void *arg, const ys_comm *c, ys_diag *diag)
{
    (void)arg;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t data[N];
        int n = 1 + (round * 37) % N, kind = round % 4;
        for (int i = 0; i < n; i++)
            data[i] = held(c->rank, round, i);
        YS_TRY(kind == 0   ? ys_comm_sum(c, data, (size_t)n, diag)
               : kind == 1 ? ys_comm_min(c, data, (size_t)n, diag)
               : kind == 2 ? ys_comm_max(c, data, (size_t)n, diag)
                           : ys_comm_spread(c, round % c->size, data, (size_t)n, diag));
        for (int i = 0; i < n; i++) {
            uint64_t sum = 0;
            int64_t least = INT64_MAX, most = INT64_MIN;
            for (int r = 0; r < c->size; r++) {
                int64_t v = held(r, round, i);
                sum += (uint64_t)v;
                least = v < least ? v : least;
                most = v > most ? v : most;
            }
            int64_t want = kind == 0   ? (int64_t)sum
                           : kind == 1 ? least
                           : kind == 2 ? most
                                       : held(round % c->size, round, i);
            if (data[i] != want)
                return ys_fail(diag, YS_EINTERNAL, "第 %d 轮第 %d 个", "round %d, number %d", round, i);
        }
    }
    return YS_OK;
}

static void test_exchange(void **state)
{
    (void)state;
    ys_comm alone = ys_comm_alone();
    assert_int_equal(exchange(NULL, &alone, NULL), YS_OK);
    for (int size = 1; size <= 5; size++)
        assert_int_equal(ys_comm_team(size, exchange, NULL, NULL), YS_OK);
}

static ys_status wide(void *arg, const ys_comm *c, ys_diag *diag)
{
    static const int64_t digits[] = {0, 1, -1, INT64_MAX, INT64_MIN, 0x7fffffff, -0x80000000ll, 0xffffffffll};
    (void)arg;
    for (int a = 0; a < 8; a++) {
        __int128 want = 0, mine = 0;
        for (int r = 0; r < c->size; r++) {
            __int128 v = (__int128)digits[(a + r) % 8] * ((__int128)1 << 50) + digits[(a + 3 * r) % 8];
            want += v;
            mine = r == c->rank ? v : mine;
        }
        YS_TRY(ys_comm_sum128(c, &mine, diag));
        if (mine != want)
            return ys_fail(diag, YS_EINTERNAL, "第 %d 个", "number %d", a);
    }
    return YS_OK;
}

static void test_wide(void **state)
{
    (void)state;
    for (int size = 1; size <= 4; size++)
        assert_int_equal(ys_comm_team(size, wide, NULL, NULL), YS_OK);
}

/* The rank `*lost` gives up in the middle; the others must not wait for it. */
static ys_status leave(void *arg, const ys_comm *c, ys_diag *diag)
{
    for (int round = 0; round < 10; round++) {
        int64_t one = 1;
        if (round == 5 && c->rank == *(int *)arg)
            return ys_fail(diag, YS_ENOMEM, "没有了", "gone");
        YS_TRY(ys_comm_sum(c, &one, 1, diag));
    }
    return YS_OK;
}

static void test_lost_peer(void **state)
{
    (void)state;
    for (int lost = 0; lost < 3; lost++) {
        ys_diag diag = {0};
        assert_int_equal(ys_comm_team(3, leave, &lost, &diag), YS_ENOMEM);
        assert_string_equal(diag.en, "gone");
    }
}

/* A rank that returns early without an error leaves the others with one. */
static ys_status quit(void *arg, const ys_comm *c, ys_diag *diag)
{
    int64_t one = 1;
    (void)arg;
    return c->rank == 1 ? YS_OK : ys_comm_sum(c, &one, 1, diag);
}

static void test_quit(void **state)
{
    (void)state;
    ys_diag diag = {0};
    assert_int_equal(ys_comm_team(3, quit, NULL, &diag), YS_EIO);
    assert_string_equal(diag.en, "another rank of the job is lost");
}

static ys_status unlike(void *arg, const ys_comm *c, ys_diag *diag)
{
    int64_t data[2] = {1, 1};
    (void)arg;
    return ys_comm_sum(c, data, c->rank == 0 ? 1 : 2, diag);
}

static void test_unlike(void **state)
{
    (void)state;
    assert_int_equal(ys_comm_team(2, unlike, NULL, NULL), YS_EIO);
}

static ys_status agree(void *arg, const ys_comm *c, ys_diag *diag)
{
    const int *fails = arg; /* a bit for each rank */
    ys_diag own = {0};
    ys_status mine = (*fails >> c->rank & 1) != 0
                         ? ys_fail(&own, YS_EDATA + c->rank, "错 %d", "fault %d", c->rank)
                         : YS_OK;
    ys_status st = ys_comm_agree(c, mine, &own);
    int lowest = *fails == 0 ? -1 : __builtin_ctz((unsigned)*fails);
    ys_status want = lowest < 0 ? YS_OK : (ys_status)(YS_EDATA + lowest);
    if (st != want || (lowest >= 0 && own.en[6] - '0' != lowest))
        return ys_fail(diag, YS_EINTERNAL, "不一致", "they do not agree");
    return YS_OK;
}

static void test_agree(void **state)
{
    (void)state;
    for (int fails = 0; fails < 16; fails++)
        assert_int_equal(ys_comm_team(4, agree, &fails, NULL), YS_OK);
}

static void test_part(void **state)
{
    (void)state;
    static const int64_t sizes[] = {0, 1, 2, 3, 7, 1000, INT64_MAX / 2};
    for (int s = 1; s < 9; s++) {
        for (int k = 0; k < 7; k++) {
            int64_t at = 0;
            for (int r = 0; r < s; r++) {
                int64_t first, end;
                ys_comm_part(r, s, sizes[k], &first, &end);
                assert_int_equal(first, at);
                assert_in_range(end - first, sizes[k] / s, sizes[k] / s + 1);
                at = end;
            }
            assert_int_equal(at, sizes[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exchange),  cmocka_unit_test(test_wide),
                                       cmocka_unit_test(test_lost_peer), cmocka_unit_test(test_quit),
                                       cmocka_unit_test(test_unlike),    cmocka_unit_test(test_agree),
                                       cmocka_unit_test(test_part)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
