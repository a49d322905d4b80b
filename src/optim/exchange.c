/* SPDX-License-Identifier: Apache-2.0 */
/* Strictly feasible exchanges: one class takes an item of more value, another gives up what that lacks. */
#include "optim/choose.h"

#include <string.h>

#include "base/alloc.h"

typedef struct exchange {
    const ys_choose *p;
    int *choice;
    int64_t *use; /* [rows] */
    int64_t trials;
} exchange;

static int64_t units_of(const ys_choose *p, int item, int row)
{
    int64_t units = 0;
    for (int k = p->use_at[item]; k < p->use_at[item + 1]; k++)
        units += p->use_row[k] == row ? p->use[k] : 0;
    return units;
}

static void put(exchange *x, int class, int item)
{
    const ys_choose *p = x->p;
    int old = x->choice[class];
    for (int k = p->use_at[old]; k < p->use_at[old + 1]; k++)
        x->use[p->use_row[k]] -= p->use[k];
    for (int k = p->use_at[item]; k < p->use_at[item + 1]; k++)
        x->use[p->use_row[k]] += p->use[k];
    x->choice[class] = item;
}

/* The last row of the item that is too full, -1: none. */
static int full_row(const exchange *x, int item)
{
    const ys_choose *p = x->p;
    for (int k = p->use_at[item + 1]; k-- > p->use_at[item];)
        if (x->use[p->use_row[k]] > p->limit[p->use_row[k]])
            return p->use_row[k];
    return -1;
}

/* `class` has just taken `item`, which is too much for `row`: somebody who can give way for less than `gain`? */
static bool make_way(exchange *x, int class, int item, int row, int64_t gain)
{
    const ys_choose *p = x->p;
    for (int c = 0; c < p->n; c++) {
        int old = x->choice[c];
        int64_t units = c == class ? 0 : units_of(p, old, row);
        for (int i = p->item_at[c]; i < p->item_at[c + 1] && units > 0; i++) {
            if (p->value[i] - p->value[old] + gain <= 0 || units_of(p, i, row) >= units)
                continue;
            x->trials--;
            put(x, c, i);
            if (full_row(x, item) < 0 && full_row(x, i) < 0)
                return true;
            put(x, c, old);
        }
    }
    return false;
}

/* One sweep over all classes; did anything change? */
static bool sweep(exchange *x)
{
    const ys_choose *p = x->p;
    bool any = false;
    for (int c = 0; c < p->n && x->trials > 0; c++) {
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            int old = x->choice[c];
            int64_t gain = p->value[i] - p->value[old];
            if (gain <= 0)
                continue;
            put(x, c, i);
            int row = full_row(x, i);
            if (row < 0 || make_way(x, c, i, row, gain))
                any = true;
            else
                put(x, c, old);
        }
    }
    return any;
}

bool ys__exchange(const ys_choose *p, int64_t trials, int *choice)
{
    exchange x = {.p = p, .choice = choice, .trials = trials};
    x.use = ys_calloc((size_t)p->rows + 1, sizeof *x.use);
    if (x.use == NULL)
        return false;
    for (int c = 0; c < p->n; c++)
        for (int k = p->use_at[choice[c]]; k < p->use_at[choice[c] + 1]; k++)
            x.use[p->use_row[k]] += p->use[k];
    while (x.trials > 0 && sweep(&x))
        continue;
    ys_free(x.use);
    return true;
}
