/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges of up to four classes, met in the middle.  When every row is tight, a plan is improved only by changes whose
 * uses cancel almost exactly; among a thousand changes there are 10^12 sets of four, and some of them do.  Pairs of changes
 * are filed under what they take: exactly in the rows of single units (a sum of random numbers, one a row), in
 * cells of the width of the room sought in the rows of money that matter most.  For every pair the file is asked for those
 * that take back what this one takes.
 */
#include "optim/choose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum { KEYS = 3, TARGETS = 8, UNITS = 8, NONE = -1 };

typedef struct change {
    double loss;   /* of reduced value */
    uint64_t mark; /* sum of the unit rows' numbers, each times the units taken */
    int64_t key[KEYS];
    int class, item;
} change;

typedef struct quad {
    const ys_choose *p;
    ys_quad_work work;
    int *choice;
    int64_t *left;      /* [rows] */
    uint64_t *number;   /* [rows] of a row of single units; 0: looked at only in the end */
    int key[KEYS];      /* rows */
    int64_t cell[KEYS]; /* width of the cells */
    int keys;
    change *change; /* [n], rising loss; the first is "no change" */
    int n;
    uint32_t *pair, *bucket; /* a << 16 | b, by bucket; [buckets + 1] */
    int bits;
    double room;      /* four changes must lose less: the price of what is left over now */
    double pair_room; /* and so must two of them, with what two others win back at most */
    int64_t gain;     /* of the best four found */
    int64_t trials;   /* questions and answers left in this round */
    int best[4];      /* changes */
} quad;

/* ---- changes ---- */

static int by_loss(const void *a, const void *b)
{
    const change *x = a, *y = b;
    if (x->loss != y->loss)
        return x->loss < y->loss ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static double priced_use(const ys_choose *p, int item)
{
    double sum = 0;
    for (int k = p->use_at[item]; k < p->use_at[item + 1]; k++)
        sum += p->price[p->use_row[k]] * (double)p->use[k];
    return sum;
}

static void add_item(const quad *q, change *c, int item, int sign)
{
    const ys_choose *p = q->p;
    for (int k = p->use_at[item]; k < p->use_at[item + 1]; k++) {
        c->mark += q->number[p->use_row[k]] * (uint64_t)(sign * p->use[k]);
        for (int i = 0; i < q->keys; i++)
            c->key[i] += p->use_row[k] == q->key[i] ? sign * p->use[k] : 0;
    }
}

/* Changes of one class each, those of least loss; what three others cannot make good is left out. */
static void list_changes(quad *q, change *all)
{
    const ys_choose *p = q->p;
    int count = 0, n = 0;
    double least = 0;
    for (int c = 0; c < p->n; c++) {
        int now = q->choice[c];
        double own = (double)p->value[now] - priced_use(p, now);
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            double loss = own - (double)p->value[i] + priced_use(p, i);
            if (i != now)
                all[count++] = (change){.loss = loss, .class = c, .item = i};
            least = fmin(least, loss);
        }
    }
    for (int k = 0; k < count; k++)
        if (all[k].loss < q->room - 3 * least)
            all[n++] = all[k];
    qsort(all, (size_t)n, sizeof *all, by_loss);
    q->change[0] = (change){.class = NONE};
    q->n = 1;
    for (int k = 0; k < n && q->n < q->work.changes; k++)
        q->change[q->n++] = all[k];
}

/* Rows of single units get a number; of the others those with the most money at stake are the keys. */
static void choose_keys(quad *q, double *stake)
{
    const ys_choose *p = q->p;
    for (int r = 0; r < p->rows; r++)
        stake[r] = 0;
    for (int k = 1; k < q->n; k++) {
        const change *c = &q->change[k];
        for (int u = p->use_at[c->item]; u < p->use_at[c->item + 1]; u++)
            stake[p->use_row[u]] += p->price[p->use_row[u]] * (double)p->use[u];
    }
    for (int r = 0; r < p->rows; r++) {
        bool unit = r >= p->units_from;
        q->number[r] = unit && p->price[r] > 0 && q->left[r] < UNITS ? ys_hash64((uint64_t)r + 1) | 1 : 0;
    }
    for (q->keys = 0; q->keys < KEYS; q->keys++) {
        int top = NONE;
        for (int r = 0; r < p->rows && r < p->units_from; r++)
            if (stake[r] > 0 && (top < 0 || stake[r] > stake[top]))
                top = r;
        if (top < 0)
            return;
        stake[top] = 0;
        q->key[q->keys] = top;
        double width = q->work.slack / p->price[top];
        q->cell[q->keys] = width < 1e15 ? (int64_t)width + 1 : (int64_t)1e15;
    }
}

/* ---- the file of pairs ---- */

static int64_t cell_of(int64_t amount, int64_t width)
{
    return amount >= 0 ? amount / width : -((-amount + width - 1) / width);
}

static uint32_t bucket_of(const quad *q, uint64_t mark, const int64_t *cell)
{
    uint64_t h = mark;
    for (int i = 0; i < q->keys; i++)
        h = (h ^ (uint64_t)cell[i]) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(h >> (64 - q->bits));
}

static uint32_t bucket_of_pair(const quad *q, int a, int b)
{
    const change *x = &q->change[a], *y = &q->change[b];
    int64_t cell[KEYS];
    for (int i = 0; i < q->keys; i++)
        cell[i] = cell_of(x->key[i] + y->key[i], q->cell[i]);
    return bucket_of(q, x->mark + y->mark, cell);
}

/* Runs over all pairs (a < b, or "no change" with itself) in the order that does not depend on anything but losses. */
#define EACH_PAIR(q, a, b)                                                                                   \
    for (int a = 0; a < (q)->n; a++)                                                                         \
        for (int b = a + (a > 0); b < (q)->n && (q)->change[a].loss + (q)->change[b].loss < (q)->pair_room;  \
             b++)                                                                                            \
            if (a == 0 || (q)->change[a].class != (q)->change[b].class)

static bool file_pairs(quad *q)
{
    size_t n = 0;
    EACH_PAIR(q, a, b)
    n++;
    for (q->bits = 10; q->bits < 24 && (size_t)1 << q->bits < n; q->bits++)
        continue;
    ys_free(q->pair);
    ys_free(q->bucket);
    q->pair = ys_malloc((n + 1) * sizeof *q->pair);
    q->bucket = ys_calloc(((size_t)1 << q->bits) + 2, sizeof *q->bucket);
    if (q->pair == NULL || q->bucket == NULL)
        return false;
    EACH_PAIR(q, a, b)
    q->bucket[bucket_of_pair(q, a, b) + 2]++;
    for (size_t k = 2; k < ((size_t)1 << q->bits) + 2; k++)
        q->bucket[k] += q->bucket[k - 1];
    EACH_PAIR(q, a, b)
    q->pair[q->bucket[bucket_of_pair(q, a, b) + 1]++] = (uint32_t)a << 16 | (uint32_t)b;
    return true;
}

/* ---- asking ---- */

static void charge(quad *q, int item, int sign)
{
    const ys_choose *p = q->p;
    for (int k = p->use_at[item]; k < p->use_at[item + 1]; k++)
        q->left[p->use_row[k]] -= sign * p->use[k];
}

/* Makes (or takes back) changes; do they fit? */
static bool make(quad *q, const int *list, int sign)
{
    const ys_choose *p = q->p;
    bool fits = true;
    for (int k = 0; k < 4; k++) {
        const change *c = &q->change[list[k]];
        if (c->class == NONE)
            continue;
        charge(q, q->choice[c->class], -sign);
        charge(q, c->item, sign);
    }
    for (int k = 0; k < 4 && sign > 0; k++) {
        const change *c = &q->change[list[k]];
        for (int u = c->class == NONE ? 0 : p->use_at[c->item];
             c->class != NONE && u < p->use_at[c->item + 1]; u++)
            fits &= q->left[p->use_row[u]] >= 0;
    }
    return fits;
}

static void try_four(quad *q, const int *list)
{
    const ys_choose *p = q->p;
    int64_t gain = 0;
    for (int k = 0; k < 4; k++) {
        const change *c = &q->change[list[k]];
        if (c->class == NONE)
            continue;
        for (int i = 0; i < k; i++)
            if (q->change[list[i]].class == c->class)
                return;
        gain += p->value[c->item] - p->value[q->choice[c->class]];
    }
    if (gain <= q->gain)
        return;
    if (make(q, list, 1)) {
        q->gain = gain;
        memcpy(q->best, list, sizeof q->best);
    }
    (void)make(q, list, -1);
}

/* Those in one bucket that go with the pair a, b: the mark as wanted, and a not above their first. */
static void ask_bucket(quad *q, int a, int b, uint64_t mark, uint32_t bucket)
{
    double own = q->change[a].loss + q->change[b].loss;
    q->trials -= 2 + q->bucket[bucket + 1] - q->bucket[bucket];
    for (uint32_t k = q->bucket[bucket]; k < q->bucket[bucket + 1]; k++) {
        int c = (int)(q->pair[k] >> 16), d = (int)(q->pair[k] & 0xffff);
        const change *x = &q->change[c], *y = &q->change[d];
        if (c < a || x->mark + y->mark != mark || own + x->loss + y->loss >= q->room)
            continue;
        bool near = true;
        for (int i = 0; i < q->keys; i++)
            near &= q->change[a].key[i] + q->change[b].key[i] + x->key[i] + y->key[i] <= q->left[q->key[i]];
        if (near)
            try_four(q, (int[4]){a, b, c, d});
    }
}

/* Every cell that holds what leaves from 0 to one width of each key row. */
static void ask(quad *q, int a, int b, uint64_t target)
{
    const change *x = &q->change[a], *y = &q->change[b];
    uint64_t mark = target - x->mark - y->mark;
    int64_t top[KEYS], cell[KEYS];
    for (int i = 0; i < q->keys; i++)
        top[i] = cell_of(q->left[q->key[i]] - x->key[i] - y->key[i], q->cell[i]);
    for (int ways = 0; ways < 1 << q->keys; ways++) {
        for (int i = 0; i < q->keys; i++)
            cell[i] = top[i] - (ways >> i & 1);
        ask_bucket(q, a, b, mark, bucket_of(q, mark, cell));
    }
}

/* Marks worth asking for: nothing changes in the unit rows; one more is taken where one is left; a cheap one is given back. */
static int targets(const quad *q, uint64_t *ret_mark)
{
    int n = 0;
    ret_mark[n++] = 0;
    for (int r = 0; r < q->p->rows && n < TARGETS; r++)
        if (q->number[r] != 0 && q->left[r] > 0)
            ret_mark[n++] = q->number[r];
    for (int r = 0; r < q->p->rows && n < TARGETS; r++)
        if (q->number[r] != 0 && q->p->price[r] < q->work.slack)
            ret_mark[n++] = 0 - q->number[r];
    return n;
}

static void make_best(quad *q)
{
    (void)make(q, q->best, 1);
    for (int k = 0; k < 4; k++)
        if (q->change[q->best[k]].class != NONE)
            q->choice[q->change[q->best[k]].class] = q->change[q->best[k]].item;
}

/* One round: the best four of all that are looked at; false: memory is short. */
static bool look(quad *q, change *all, double *stake)
{
    uint64_t mark[TARGETS];
    q->room = 0;
    for (int r = 0; r < q->p->rows; r++)
        q->room += q->p->price[r] * (double)q->left[r];
    list_changes(q, all);
    choose_keys(q, stake);
    for (int k = 1; k < q->n; k++) {
        add_item(q, &q->change[k], q->change[k].item, 1);
        add_item(q, &q->change[k], q->choice[q->change[k].class], -1);
    }
    q->pair_room = q->room;
    for (int k = 1; k < q->n && k < 3; k++)
        q->pair_room -= fmin(q->change[k].loss, 0);
    if (!file_pairs(q))
        return false;
    int n = targets(q, mark);
    q->gain = 0;
    q->trials = q->work.trials;
    EACH_PAIR(q, a, b)
    for (int t = 0; t < n && q->trials > 0; t++)
        ask(q, a, b, mark[t]);
    return true;
}

bool ys__quad(const ys_choose *p, const ys_optim_config *config, ys_quad_work work, int *choice)
{
    quad q = {.p = p, .work = work, .choice = choice};
    size_t items = (size_t)p->item_at[p->n] + 1, rows = (size_t)p->rows + 1;
    q.left = ys_calloc(rows, sizeof *q.left);
    q.number = ys_calloc(rows, sizeof *q.number);
    q.change = ys_malloc(((size_t)work.changes + 1) * sizeof *q.change);
    change *all = ys_malloc(items * sizeof *all);
    double *stake = ys_malloc(rows * sizeof *stake);
    bool ok = q.left != NULL && q.number != NULL && q.change != NULL && all != NULL && stake != NULL;
    if (ok) {
        memcpy(q.left, p->limit, (size_t)p->rows * sizeof *q.left);
        for (int c = 0; c < p->n; c++)
            charge(&q, choice[c], 1);
    }
    q.work.changes = work.changes / 4; /* as long as few are enough; the work grows with their square */
    for (int round = 0; ok && round < work.rounds; round++) {
        ok = look(&q, all, stake);
        if (ok && q.gain == 0 && q.work.changes < work.changes) {
            q.work.changes = 2 * q.work.changes < work.changes ? 2 * q.work.changes : work.changes;
            continue;
        }
        if (!ok || q.gain == 0 || (config->stop != NULL && config->stop(config->arg)))
            break;
        make_best(&q);
    }
    ys_free(q.left);
    ys_free(q.number);
    ys_free(q.change);
    ys_free(q.pair);
    ys_free(q.bucket);
    ys_free(all);
    ys_free(stake);
    return ok;
}
