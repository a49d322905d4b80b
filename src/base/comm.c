/* SPDX-License-Identifier: Apache-2.0 */
#include "base/comm.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"

ys_comm ys_comm_alone(void)
{
    return (ys_comm){.size = 1};
}

static ys_status reduce(const ys_comm *c, ys_comm_op op, int64_t *data, size_t n, ys_diag *diag)
{
    return c->size == 1 || n == 0 ? YS_OK : c->allreduce(c->self, op, data, n, diag);
}

ys_status ys_comm_sum(const ys_comm *c, int64_t *data, size_t n, ys_diag *diag)
{
    return reduce(c, YS_COMM_SUM, data, n, diag);
}

ys_status ys_comm_min(const ys_comm *c, int64_t *data, size_t n, ys_diag *diag)
{
    return reduce(c, YS_COMM_MIN, data, n, diag);
}

ys_status ys_comm_max(const ys_comm *c, int64_t *data, size_t n, ys_diag *diag)
{
    return reduce(c, YS_COMM_MAX, data, n, diag);
}

/* Four digits of 32 bits, the highest with the sign: their sums stay within 64 bits for 2^31 ranks. */
ys_status ys_comm_sum128(const ys_comm *c, __int128 *value, ys_diag *diag)
{
    int64_t digit[4];
    __int128 v = *value, sum = 0;
    for (int k = 0; k < 4; k++, v >>= 32)
        digit[k] = k < 3 ? (int64_t)(uint32_t)v : (int64_t)v;
    YS_TRY(ys_comm_sum(c, digit, 4, diag));
    for (int k = 3; k >= 0; k--)
        sum = sum * ((__int128)1 << 32) + digit[k];
    *value = sum;
    return YS_OK;
}

ys_status ys_comm_spread(const ys_comm *c, int from, int64_t *data, size_t n, ys_diag *diag)
{
    if (c->rank != from)
        memset(data, 0, n * sizeof *data);
    return ys_comm_sum(c, data, n, diag);
}

ys_status ys_comm_agree(const ys_comm *c, ys_status st, ys_diag *diag)
{
    /* Rank and status in one number: the least is the lowest rank that failed. */
    int64_t first = st == YS_OK ? INT64_MAX : (int64_t)c->rank * YS_STATUS_COUNT + (int64_t)st;
    YS_TRY(ys_comm_min(c, &first, 1, diag));
    if (first == INT64_MAX)
        return YS_OK;
    int64_t travel[(sizeof *diag + 7) / 8] = {0};
    if (diag != NULL)
        memcpy(travel, diag, sizeof *diag);
    YS_TRY(ys_comm_spread(c, (int)(first / YS_STATUS_COUNT), travel, sizeof travel / sizeof *travel, diag));
    if (diag != NULL)
        memcpy(diag, travel, sizeof *diag);
    return (ys_status)(first % YS_STATUS_COUNT);
}

void ys_comm_part(int rank, int size, int64_t n, int64_t *ret_first, int64_t *ret_end)
{
    *ret_first = (int64_t)((__int128)n * rank / size);
    *ret_end = (int64_t)((__int128)n * (rank + 1) / size);
}

/* ---- threads of one process ---- */

typedef struct team {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int size, arrived,
        reading;       /* ranks inside the exchange at hand; ranks that have not fetched its result yet */
    uint64_t finished; /* exchanges */
    bool broken;       /* a rank has left, or they do not call the same */
    ys_comm_op op;
    int64_t *sum;
    size_t n, cap;
} team;

typedef struct member {
    team *team;
    ys_comm comm;
    ys_comm_fn *fn;
    void *arg;
    ys_status status;
    ys_diag diag;
    bool lost_peer; /* its failure is only that of another */
    pthread_t thread;
} member;

static void combine(ys_comm_op op, int64_t *into, const int64_t *data, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (op == YS_COMM_SUM)
            into[i] = (int64_t)((uint64_t)into[i] + (uint64_t)data[i]);
        else if (op == YS_COMM_MIN ? data[i] < into[i] : data[i] > into[i])
            into[i] = data[i];
    }
}

/* With the lock held: adds the data of one rank; false: the team is broken. */
static bool arrive(team *t, ys_comm_op op, const int64_t *data, size_t n)
{
    while (t->reading > 0 && !t->broken)
        pthread_cond_wait(&t->changed, &t->lock);
    bool first = t->arrived == 0;
    if (t->broken || (!first && (t->op != op || t->n != n)) ||
        (first && !ys_grow(&t->sum, &t->cap, n, sizeof *t->sum)))
        return false;
    if (first)
        memcpy(t->sum, data, n * sizeof *data);
    else
        combine(op, t->sum, data, n);
    t->op = op;
    t->n = n;
    if (++t->arrived == t->size) {
        t->arrived = 0;
        t->reading = t->size;
        t->finished++;
        pthread_cond_broadcast(&t->changed);
    }
    return true;
}

static ys_status team_reduce(void *self, ys_comm_op op, int64_t *data, size_t n, ys_diag *diag)
{
    member *m = self;
    team *t = m->team;
    pthread_mutex_lock(&t->lock);
    uint64_t before = t->finished;
    bool ok = arrive(t, op, data, n);
    while (ok && t->finished == before && !t->broken)
        pthread_cond_wait(&t->changed, &t->lock);
    ok = ok && t->finished != before;
    if (ok) {
        memcpy(data, t->sum, n * sizeof *data);
        t->reading--;
    } else {
        t->broken = true;
        m->lost_peer = true;
    }
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
    return ok ? YS_OK : ys_fail(diag, YS_EIO, "另一个进程失联", "another rank of the job is lost");
}

static void *member_main(void *arg)
{
    member *m = arg;
    m->status = m->fn(m->arg, &m->comm, &m->diag);
    pthread_mutex_lock(&m->team->lock);
    m->team->broken = true; /* whoever still waits for this rank waits in vain */
    pthread_cond_broadcast(&m->team->changed);
    pthread_mutex_unlock(&m->team->lock);
    return NULL;
}

/* The failure to tell: one that is its own cause before one that follows from it. */
static ys_status verdict(const member *list, int size, ys_diag *diag)
{
    for (int follows = 0; follows < 2; follows++) {
        for (int r = 0; r < size; r++) {
            if (list[r].status == YS_OK || list[r].lost_peer != (follows == 1))
                continue;
            if (diag != NULL)
                *diag = list[r].diag;
            return list[r].status;
        }
    }
    return YS_OK;
}

ys_status ys_comm_team(int size, ys_comm_fn *fn, void *arg, ys_diag *diag)
{
    team t = {.size = size};
    member *list = ys_calloc((size_t)size, sizeof *list);
    if (list == NULL)
        return ys_fail_nomem(diag);
    pthread_mutex_init(&t.lock, NULL);
    pthread_cond_init(&t.changed, NULL);
    int started = 0;
    for (int r = 0; r < size; r++) {
        list[r] = (member){.team = &t, .fn = fn, .arg = arg};
        list[r].comm = (ys_comm){.rank = r, .size = size, .allreduce = team_reduce, .self = &list[r]};
    }
    while (started < size && pthread_create(&list[started].thread, NULL, member_main, &list[started]) == 0)
        started++;
    if (started < size) {
        pthread_mutex_lock(&t.lock);
        t.broken = true;
        pthread_cond_broadcast(&t.changed);
        pthread_mutex_unlock(&t.lock);
    }
    for (int r = 0; r < started; r++)
        pthread_join(list[r].thread, NULL);
    ys_status st = started < size ? ys_fail_nomem(diag) : verdict(list, size, diag);
    pthread_mutex_destroy(&t.lock);
    pthread_cond_destroy(&t.changed);
    ys_free(t.sum);
    ys_free(list);
    return st;
}
