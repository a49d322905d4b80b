/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/choose.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

void ys__budget_start(ys_budget *b, const ys_optim_config *config, int64_t steps)
{
    *b = (ys_budget){.config = config, .steps = steps};
    if (config->seconds > 0 && config->now != NULL)
        b->end = config->now(config->arg) + config->seconds;
}

bool ys__budget_take(ys_budget *b, int64_t steps)
{
    const ys_optim_config *c = b->config;
    b->steps -= steps;
    if (b->end > 0)
        b->over = b->over || c->now(c->arg) >= b->end;
    else
        b->over = b->over || b->steps < 0;
    if (c->stop != NULL && c->stop(c->arg))
        b->over = true;
    return !b->over;
}

enum { TRIES = 32, STAGE = 2000 }; /* moves between two looks at prices and temperature */

typedef struct anneal {
    const ys_choose *p;
    ys_rng rng;
    int *choice, *best; /* [n] item numbers (over all classes) */
    int64_t *use;       /* [rows] */
    double *price;      /* [rows] of a unit over the limit */
    int64_t value, best_value;
    bool found;
} anneal;

/* Price of what is over the limits in the rows of an item, after `sign` times its use is added. */
static double add_item(anneal *a, int item, int sign)
{
    const ys_choose *p = a->p;
    double change = 0;
    for (int k = p->use_at[item]; k < p->use_at[item + 1]; k++) {
        int r = p->use_row[k];
        int64_t before = a->use[r] - p->limit[r], after = before + sign * p->use[k];
        a->use[r] += sign * p->use[k];
        change += a->price[r] * (double)((after > 0 ? after : 0) - (before > 0 ? before : 0));
    }
    a->value += sign * p->value[item];
    return change - (double)(sign * p->value[item]);
}

static bool feasible(const anneal *a)
{
    for (int r = 0; r < a->p->rows; r++)
        if (a->use[r] > a->p->limit[r])
            return false;
    return true;
}

static void keep_if_best(anneal *a)
{
    if ((!a->found || a->value > a->best_value) && feasible(a)) {
        a->found = true;
        a->best_value = a->value;
        memcpy(a->best, a->choice, (size_t)a->p->n * sizeof *a->best);
    }
}

/* An item of the class; the promising ones far more often. */
static int draw_item(anneal *a, int class)
{
    int first = a->p->item_at[class], count = a->p->item_at[class + 1] - first;
    double u = ys_rng_uniform(&a->rng);
    return a->p->order[first + (int)(u * u * u * count)];
}

/* Another class whose item uses the row that `item` would fill; -1: none met. */
static int draw_rival(anneal *a, int class, int item)
{
    const ys_choose *p = a->p;
    if (p->use_at[item] == p->use_at[item + 1])
        return -1;
    int row = p->use_row[p->use_at[item]];
    for (int tries = 0; tries < TRIES; tries++) {
        int c = (int)ys_rng_below(&a->rng, p->n), now = a->choice[c];
        if (c != class && p->use_at[now] < p->use_at[now + 1] && p->use_row[p->use_at[now]] == row)
            return c;
    }
    return -1;
}

/* Shift one class; or shift it and push out another; or let two change places. */
static void propose(anneal *a, int class[2], int item[2], int *ret_n)
{
    const ys_choose *p = a->p;
    int kind = (int)(ys_rng_next(&a->rng) >> 62);
    class[0] = (int)ys_rng_below(&a->rng, p->n);
    item[0] = draw_item(a, class[0]);
    *ret_n = 1;
    if (kind == 0)
        return;
    class[1] = draw_rival(a, class[0], item[0]);
    if (class[1] < 0)
        return;
    int second = p->item_at[class[1]], back = a->choice[class[0]] - p->item_at[class[0]];
    bool places = kind == 1 && back < p->item_at[class[1] + 1] - second;
    item[1] = places ? second + back : draw_item(a, class[1]);
    *ret_n = 2;
}

static void try_move(anneal *a, double heat)
{
    int class[2], item[2], old[2], n;
    propose(a, class, item, &n);
    double change = 0;
    for (int k = 0; k < n; k++) {
        old[k] = a->choice[class[k]];
        change += add_item(a, old[k], -1);
    }
    for (int k = 0; k < n; k++)
        change += add_item(a, item[k], 1);
    if (change <= 0 || change < -heat * log(1 - ys_rng_uniform(&a->rng))) {
        for (int k = 0; k < n; k++)
            a->choice[class[k]] = item[k];
        if (change != 0)
            keep_if_best(a);
        return;
    }
    for (int k = 0; k < n; k++) {
        (void)add_item(a, item[k], -1);
        (void)add_item(a, old[k], 1);
    }
}

/* Dearer where it is too full; all cheaper once everything fits (Yagiura, Ibaraki and Glover 2004). */
static void adapt_prices(anneal *a)
{
    bool fits = feasible(a);
    for (int r = 0; r < a->p->rows; r++)
        a->price[r] *= fits ? 0.85 : a->use[r] > a->p->limit[r] ? 1.2 : 1;
}

/* Average distance between the values of one class, and from it the first price of each row. */
static double first_heat(const ys_choose *p, double *price)
{
    double spread = 0, *units = price;
    int items = p->item_at[p->n];
    for (int c = 0; c < p->n; c++) {
        int64_t low = INT64_MAX, high = INT64_MIN;
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            low = p->value[i] < low ? p->value[i] : low;
            high = p->value[i] > high ? p->value[i] : high;
        }
        spread += (double)(high - low) / p->n;
    }
    for (int r = 0; r < p->rows; r++)
        units[r] = 0;
    for (int k = 0; k < p->use_at[items]; k++)
        units[p->use_row[k]] += (double)p->use[k] / items;
    for (int r = 0; r < p->rows; r++)
        price[r] = p->price != NULL ? 1.5 * p->price[r] + 1e-9 : (spread + 1) / (units[r] * p->rows + 1e-9);
    return p->heat > 0 ? p->heat : spread / 8 + 1e-9;
}

static void start_from(anneal *a, const int *choice)
{
    memset(a->use, 0, (size_t)a->p->rows * sizeof *a->use);
    a->value = 0;
    for (int c = 0; c < a->p->n; c++) {
        a->choice[c] = choice[c];
        (void)add_item(a, choice[c], 1);
    }
    keep_if_best(a);
}

bool ys__anneal(const ys_choose *p, const ys_optim_config *config, int64_t moves, int rounds, uint64_t seed,
                int *choice, int64_t *ret_value)
{
    anneal a = {.p = p};
    size_t n = (size_t)p->n + 1, rows = (size_t)p->rows + 1;
    a.choice = ys_malloc(n * sizeof *a.choice);
    a.best = ys_malloc(n * sizeof *a.best);
    a.use = ys_calloc(rows, sizeof *a.use);
    a.price = ys_calloc(rows, sizeof *a.price);
    if (a.choice != NULL && a.best != NULL && a.use != NULL && a.price != NULL && p->n > 0) {
        double hot = first_heat(p, a.price);
        ys_rng_init(&a.rng, seed, 0);
        start_from(&a, choice);
        for (int round = 0; round < rounds; round++) {
            double heat = hot / (1 + round), cool = pow(0.002, (double)STAGE / (double)moves);
            if (round > 0 && a.found)
                start_from(&a, a.best);
            for (int64_t k = 0; k < moves; k += STAGE, heat *= cool) {
                for (int i = 0; i < STAGE; i++)
                    try_move(&a, heat);
                adapt_prices(&a);
                if (config->stop != NULL && config->stop(config->arg))
                    round = rounds, k = moves;
            }
        }
        memcpy(choice, a.found ? a.best : a.choice, (size_t)p->n * sizeof *choice);
        *ret_value = a.found ? a.best_value : a.value;
    }
    bool found = a.found;
    ys_free(a.choice);
    ys_free(a.best);
    ys_free(a.use);
    ys_free(a.price);
    return found;
}

void ys__choose_order(int n, const int *item_at, const double *promise, int *ret_order)
{
    for (int c = 0; c < n; c++) {
        for (int i = item_at[c]; i < item_at[c + 1]; i++) {
            int k = i;
            for (; k > item_at[c] && promise[ret_order[k - 1]] < promise[i]; k--)
                ret_order[k] = ret_order[k - 1];
            ret_order[k] = i;
        }
    }
}
