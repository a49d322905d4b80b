/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/gap.h"

#include <string.h>

#include "base/alloc.h"

enum { CELLS = 1 << 22 }; /* of one knapsack's table; larger capacities are counted in coarser grains */

/*
 * Weights in grains of g: floor(w / g) each, floor(capacity / g) in all.  Whatever fits still fits, so the bound stays
 * a bound; with g = 1 nothing is lost.
 */
static void set_grains(ys_gap_state *s)
{
    const ys_gap *p = s->p;
    for (int i = 0; i < p->agents; i++) {
        int64_t total = 0, capacity = p->capacity[i], grain = 1;
        for (int j = 0; j < p->jobs; j++)
            total += p->weight[i * p->jobs + j];
        capacity = capacity < total ? capacity : total;
        while (capacity / grain > CELLS / (p->jobs + 1))
            grain *= 2;
        s->room[i] = (int32_t)(capacity / grain);
        s->most = s->room[i] > s->most ? s->room[i] : s->most;
        for (int j = 0; j < p->jobs; j++) {
            int at = i * p->jobs + j;
            int64_t w = p->weight[at];
            s->open[at] = w <= p->capacity[i];
            s->weight[at] = s->open[at] ? (int32_t)(w / grain) : 0;
            s->cost[at] = p->cost[at] * GAP_UNIT;
        }
    }
}

/* First fees: the second lowest cost of the job; whoever is cheapest gains by taking it. */
static void first_fees(ys_gap_state *s)
{
    const ys_gap *p = s->p;
    for (int j = 0; j < p->jobs; j++) {
        int64_t low = INT64_MAX, next = INT64_MAX;
        for (int i = 0; i < p->agents; i++) {
            int64_t c = s->cost[i * p->jobs + j];
            if (!s->open[i * p->jobs + j])
                continue;
            if (c < low) {
                next = low;
                low = c;
            } else if (c < next) {
                next = c;
            }
        }
        s->given[j] = -1;
        s->fee[j] = next < INT64_MAX ? next : low < INT64_MAX ? low : 0;
    }
}

ys_status ys__gap_open(const ys_gap *p, ys_gap_state *ret_state, ys_diag *diag)
{
    size_t pairs = (size_t)p->agents * (size_t)p->jobs + 1, jobs = (size_t)p->jobs + 1,
           agents = (size_t)p->agents + 1;
    ys_gap_state s = {.p = p};
    s.cost = ys_calloc(pairs, sizeof *s.cost);
    s.weight = ys_calloc(pairs, sizeof *s.weight);
    s.room = ys_calloc(agents, sizeof *s.room);
    s.open = ys_calloc(pairs, 1);
    s.given = ys_calloc(jobs, sizeof *s.given);
    s.fee = ys_calloc(jobs, sizeof *s.fee);
    s.count = ys_calloc(jobs, sizeof *s.count);
    s.take = ys_calloc(pairs, 1);
    s.profit = ys_calloc(agents, sizeof *s.profit);
    s.marginal = ys_calloc(agents, sizeof *s.marginal);
    bool ok = s.cost != NULL && s.weight != NULL && s.room != NULL && s.open != NULL && s.given != NULL &&
              s.fee != NULL && s.count != NULL && s.take != NULL && s.profit != NULL && s.marginal != NULL;
    if (ok) {
        set_grains(&s);
        first_fees(&s);
        s.table = ys_malloc(jobs * ((size_t)s.most + 1) * sizeof *s.table);
        s.back = ys_malloc(jobs * ((size_t)s.most + 1) * sizeof *s.back);
    }
    if (!ok || s.table == NULL || s.back == NULL) {
        ys__gap_close(&s);
        return ys_fail_nomem(diag);
    }
    *ret_state = s;
    return YS_OK;
}

void ys__gap_close(ys_gap_state *s)
{
    ys_free(s->cost);
    ys_free(s->weight);
    ys_free(s->room);
    ys_free(s->open);
    ys_free(s->given);
    ys_free(s->fee);
    ys_free(s->count);
    ys_free(s->take);
    ys_free(s->profit);
    ys_free(s->marginal);
    ys_free(s->table);
    ys_free(s->back);
    *s = (ys_gap_state){0};
}

/* One row of a knapsack's table: the row before, or with this item beside it. */
static void fill_row(const int64_t *before, int64_t *row, int32_t room, int32_t weight, int64_t gain)
{
    int32_t least = weight < room + 1 ? weight : room + 1;
    memcpy(row, before, (size_t)least * sizeof *row);
    for (int32_t c = least; c <= room; c++) {
        int64_t with = before[c - weight] + gain;
        row[c] = with > before[c] ? with : before[c];
    }
}

/* Worth of job j to agent i at the fees; not above 0: it never takes it. */
static int64_t gain_of(const ys_gap_state *s, int i, int j)
{
    int at = i * s->p->jobs + j;
    return s->given[j] < 0 && s->open[at] && s->weight[at] <= s->room[i] ? s->fee[j] - s->cost[at] : 0;
}

static void knapsack(ys_gap_state *s, int i)
{
    int n = s->p->jobs;
    int32_t room = s->room[i], width = s->most + 1;
    int64_t *row = s->table;
    memset(row, 0, ((size_t)room + 1) * sizeof *row);
    for (int j = 0; j < n; j++) {
        int64_t gain = gain_of(s, i, j);
        int at = i * n + j;
        s->take[at] = gain > 0;
        if (gain <= 0)
            continue;
        fill_row(row, row + width, room, s->weight[at], gain);
        row += width;
        s->work += room;
    }
    s->profit[i] = row[room];
    int32_t some = room / 16 + 1 < room ? room / 16 + 1 : room;
    s->marginal[i] = some > 0 ? (double)(row[room] - row[room - some]) / some : 0;
    for (int j = n; j-- > 0;) {
        int at = i * n + j;
        if (!s->take[at])
            continue;
        row -= width;
        s->take[at] = row[room] != row[room + width];
        room -= s->take[at] ? s->weight[at] : 0;
        s->count[j] += s->take[at];
    }
}

int64_t ys__gap_bound(ys_gap_state *s)
{
    int64_t bound = s->fixed;
    memset(s->count, 0, (size_t)s->p->jobs * sizeof *s->count);
    for (int j = 0; j < s->p->jobs; j++)
        bound += s->given[j] < 0 ? s->fee[j] : 0;
    for (int i = 0; i < s->p->agents; i++) {
        knapsack(s, i);
        bound -= s->profit[i];
    }
    return bound;
}

int64_t ys__gap_ascend(ys_gap_state *s, int rounds, int64_t goal, int64_t *scratch)
{
    int n = s->p->jobs, idle = 0;
    int64_t best = INT64_MIN;
    double pace = 1;
    memcpy(scratch, s->fee, (size_t)n * sizeof *scratch);
    for (int round = 0; round < rounds; round++) {
        int64_t bound = ys__gap_bound(s), norm = 0;
        if (bound > best) {
            best = bound;
            idle = 0;
            memcpy(scratch, s->fee, (size_t)n * sizeof *scratch);
        } else if (++idle >= 10) {
            idle = 0;
            pace *= 0.6;
            memcpy(s->fee, scratch, (size_t)n * sizeof *scratch);
            continue;
        }
        for (int j = 0; j < n; j++)
            norm += s->given[j] < 0 ? (int64_t)(s->count[j] - 1) * (s->count[j] - 1) : 0;
        if (norm == 0 || best > goal - GAP_UNIT || pace < 0.005)
            break;
        double step = pace * ((double)(goal - bound) + GAP_UNIT) / (double)norm;
        for (int j = 0; j < n; j++)
            if (s->given[j] < 0)
                s->fee[j] += (int64_t)(step * (1 - s->count[j]) + (s->count[j] > 1 ? -0.5 : 0.5));
    }
    memcpy(s->fee, scratch, (size_t)n * sizeof *scratch);
    return best;
}

void ys__gap_give(ys_gap_state *s, int i, int j)
{
    int at = i * s->p->jobs + j;
    s->given[j] = i;
    s->room[i] -= s->weight[at];
    s->fixed += s->cost[at];
}

/* Most agent i can earn with job j in: first items to its left, last items to its right, the room shared best. */
static int64_t with_item(const ys_gap_state *s, const int64_t *left, const int64_t *right, int32_t room,
                         int at, int j)
{
    int64_t best = INT64_MIN, gain = s->fee[j] - s->cost[at];
    room -= s->weight[at];
    for (int32_t c = 0; c <= room; c++) {
        int64_t v = left[c] + right[room - c];
        best = v > best ? v : best;
    }
    return best + gain;
}

/* Closes pairs of agent i; `bound` is that of the fees, `most` the largest bound that is still of interest. */
static void reduce_agent(ys_gap_state *s, int i, int64_t bound, int64_t most)
{
    int n = s->p->jobs;
    int32_t room = s->room[i], width = s->most + 1;
    memset(s->table, 0, ((size_t)room + 1) * sizeof *s->table);
    memset(s->back + (size_t)n * (size_t)width, 0, ((size_t)room + 1) * sizeof *s->back);
    for (int j = 0; j < n; j++) {
        int64_t gain = gain_of(s, i, j);
        int64_t *row = s->table + (size_t)j * (size_t)width;
        fill_row(row, row + width, room, gain > 0 ? s->weight[i * n + j] : room + 1, gain);
    }
    for (int j = n; j-- > 0;) {
        int64_t gain = gain_of(s, i, j);
        int64_t *row = s->back + (size_t)j * (size_t)width;
        fill_row(row + width, row, room, gain > 0 ? s->weight[i * n + j] : room + 1, gain);
    }
    s->work += 3ll * n * room;
    int64_t best = s->table[(size_t)n * (size_t)width + (size_t)room];
    for (int j = 0; j < n; j++) {
        int at = i * n + j;
        if (s->given[j] >= 0 || !s->open[at])
            continue;
        const int64_t *left = s->table + (size_t)j * (size_t)width,
                      *right = s->back + (size_t)(j + 1) * (size_t)width;
        if (s->weight[at] > room || bound + best - with_item(s, left, right, room, at, j) > most)
            s->open[at] = 0;
    }
}

bool ys__gap_reduce(ys_gap_state *s, int64_t bound, int64_t goal)
{
    int n = s->p->jobs;
    for (int i = 0; i < s->p->agents; i++)
        reduce_agent(s, i, bound, goal - GAP_UNIT);
    for (int j = 0; j < n; j++) {
        int agents = 0, only = -1;
        if (s->given[j] >= 0)
            continue;
        for (int i = 0; i < s->p->agents; i++) {
            if (s->open[i * n + j]) {
                agents++;
                only = i;
            }
        }
        if (agents == 0)
            return false;
        if (agents == 1) {
            if (s->weight[only * n + j] > s->room[only])
                return false;
            ys__gap_give(s, only, j);
        }
    }
    return true;
}
