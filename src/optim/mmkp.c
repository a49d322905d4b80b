/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Multiple-choice multidimensional knapsack: prices on the resources give a bound (the best item of every class by value
 * less price); what would fall short of the best plan known is closed; branch and bound over what stays open.
 */
#include "optim/choose.h"

#include <string.h>

#include "base/alloc.h"

enum { UNIT = 1 << 12, ROOT_ROUNDS = 2000, NODE_ROUNDS = 40, MOVES = 1000000, COOLINGS = 6 };
#define WORK   ((int64_t)4000000000) /* products of a price and a weight, without a time limit */
#define SUMMIT ((int64_t)1 << 44)

typedef struct search {
    const ys_mmkp *p;
    ys_budget budget;
    uint8_t *open;         /* [items] */
    int64_t *price;        /* [resources] times UNIT */
    int64_t *reduced;      /* [items] value less price, times UNIT */
    int *top;              /* [classes] best open item */
    int64_t *use;          /* [resources] of the best items */
    int64_t *keep;         /* [resources] best prices so far */
    int64_t *least;        /* [resources] of the lightest open items */
    int *best;             /* [classes] item numbers of the best plan */
    int64_t goal, highest; /* its value; largest bound (times UNIT) of what was not looked into */
    bool found, whole;
    int64_t nodes, work;
} search;

/* Bound at the prices, times UNIT; with the best items and what they use. */
static int64_t bound_of(search *b)
{
    const ys_mmkp *p = b->p;
    int64_t bound = 0;
    memset(b->use, 0, (size_t)p->resources * sizeof *b->use);
    for (int r = 0; r < p->resources; r++)
        bound += b->price[r] * p->limit[r];
    for (int c = 0; c < p->classes; c++) {
        int top = -1;
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            if (!b->open[i])
                continue;
            const int64_t *w = p->weight + (size_t)i * (size_t)p->resources;
            int64_t v = p->value[i] * UNIT;
            for (int r = 0; r < p->resources; r++)
                v -= b->price[r] * w[r];
            b->reduced[i] = v;
            if (top < 0 || v > b->reduced[top])
                top = i;
            b->work += p->resources;
        }
        b->top[c] = top;
        bound += b->reduced[top];
        for (int r = 0; r < p->resources; r++)
            b->use[r] += p->weight[(size_t)top * (size_t)p->resources + (size_t)r];
    }
    return bound;
}

static void offer(search *b, const int *item)
{
    const ys_mmkp *p = b->p;
    int64_t value = 0;
    memset(b->least, 0, (size_t)p->resources * sizeof *b->least);
    for (int c = 0; c < p->classes; c++) {
        value += p->value[item[c]];
        for (int r = 0; r < p->resources; r++)
            b->least[r] += p->weight[(size_t)item[c] * (size_t)p->resources + (size_t)r];
    }
    for (int r = 0; r < p->resources; r++)
        if (b->least[r] > p->limit[r])
            return;
    if (b->found && value <= b->goal)
        return;
    b->found = true;
    b->goal = value;
    memcpy(b->best, item, (size_t)p->classes * sizeof *item);
}

/* Nothing better than the goal is left under this bound? */
static bool beaten(const search *b, int64_t bound)
{
    return b->found && bound < (b->goal + 1) * UNIT;
}

/* Subgradient steps on the prices; returns the least bound, with its prices and best items. */
static int64_t descend(search *b, int rounds)
{
    const ys_mmkp *p = b->p;
    int64_t best = INT64_MAX;
    double pace = 1;
    int idle = 0;
    memcpy(b->keep, b->price, (size_t)p->resources * sizeof *b->keep);
    for (int round = 0; round < rounds && pace > 1e-5; round++) {
        int64_t bound = bound_of(b);
        offer(b, b->top);
        if (bound < best) {
            best = bound;
            idle = 0;
            memcpy(b->keep, b->price, (size_t)p->resources * sizeof *b->keep);
            if (beaten(b, best))
                break;
        } else if (++idle >= 8) {
            idle = 0;
            pace *= 0.7;
            memcpy(b->price, b->keep, (size_t)p->resources * sizeof *b->price);
            continue;
        }
        double norm = 0, reach = (double)bound - (b->found ? (double)b->goal * UNIT : (double)bound * 0.95);
        for (int r = 0; r < p->resources; r++) {
            double g = (double)(b->use[r] - p->limit[r]);
            norm += g > 0 || b->price[r] > 0 ? g * g : 0;
        }
        if (norm == 0)
            break;
        for (int r = 0; r < p->resources; r++) {
            double x = (double)b->price[r] + pace * reach / norm * (double)(b->use[r] - p->limit[r]);
            b->price[r] = x > 0 ? (int64_t)x : 0;
        }
    }
    memcpy(b->price, b->keep, (size_t)p->resources * sizeof *b->price);
    return bound_of(b);
}

/* Closes items that would fall short or cannot fit beside the lightest of the others; false: a class has none left. */
static bool reduce(search *b, int64_t bound)
{
    const ys_mmkp *p = b->p;
    size_t m = (size_t)p->resources;
    int64_t light[64];
    for (int r = 0; r < p->resources; r++) {
        b->least[r] = 0;
        for (int c = 0; c < p->classes; c++) {
            int64_t low = INT64_MAX;
            for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++)
                if (b->open[i] && p->weight[(size_t)i * m + (size_t)r] < low)
                    low = p->weight[(size_t)i * m + (size_t)r];
            b->least[r] += low;
        }
    }
    for (int c = 0; c < p->classes; c++) {
        int left = 0;
        for (int r = 0; r < p->resources && r < 64; r++) {
            light[r] = INT64_MAX;
            for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++)
                if (b->open[i] && p->weight[(size_t)i * m + (size_t)r] < light[r])
                    light[r] = p->weight[(size_t)i * m + (size_t)r];
        }
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            if (!b->open[i])
                continue;
            bool out = beaten(b, bound - b->reduced[b->top[c]] + b->reduced[i]);
            for (int r = 0; r < p->resources && r < 64; r++)
                out |= b->least[r] - light[r] + p->weight[(size_t)i * m + (size_t)r] > p->limit[r];
            b->open[i] = !out;
            left += !out;
        }
        if (left == 0)
            return false;
    }
    return true;
}

/* The open class whose second best item is nearest to its best; -1: all decided. */
static int branching_class(const search *b)
{
    const ys_mmkp *p = b->p;
    int best = -1;
    int64_t nearest = INT64_MAX;
    for (int c = 0; c < p->classes; c++) {
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            int64_t loss = b->reduced[b->top[c]] - b->reduced[i];
            if (b->open[i] && i != b->top[c] && loss < nearest) {
                nearest = loss;
                best = c;
            }
        }
    }
    return best;
}

static void leave(search *b, int64_t bound)
{
    b->whole = false;
    b->highest = bound > b->highest ? bound : b->highest;
}

static void explore(search *b, int depth);

/* One child for every open item of the class, the best first. */
static void branch(search *b, int c, int64_t bound, int depth)
{
    const ys_mmkp *p = b->p;
    size_t items = (size_t)p->item_at[p->classes], m = (size_t)p->resources;
    int64_t *price = ys_malloc(m * sizeof *price + items * sizeof *price + items);
    if (price == NULL) {
        leave(b, bound); /* memory is short: an honest weaker bound */
        return;
    }
    int64_t *reduced = price + m;
    uint8_t *open = (uint8_t *)(reduced + items);
    memcpy(price, b->price, m * sizeof *price);
    memcpy(reduced, b->reduced, items * sizeof *reduced);
    memcpy(open, b->open, items);
    int64_t top = reduced[b->top[c]];
    for (;;) {
        int next = -1;
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++)
            if (open[i] && (next < 0 || reduced[i] > reduced[next]))
                next = i;
        if (next < 0)
            break;
        int64_t child = bound - top + reduced[next];
        memcpy(b->price, price, m * sizeof *price);
        memcpy(b->open, open, items);
        memset(b->open + p->item_at[c], 0, (size_t)(p->item_at[c + 1] - p->item_at[c]));
        b->open[next] = 1;
        open[next] = 0;
        if (beaten(b, child))
            continue;
        if (b->budget.over)
            leave(b, child);
        else
            explore(b, depth + 1);
    }
    ys_free(price);
}

static void explore(search *b, int depth)
{
    int64_t work = b->work;
    b->nodes++;
    int64_t bound = descend(b, depth == 0 ? ROOT_ROUNDS : NODE_ROUNDS);
    if (beaten(b, bound))
        return;
    bool go_on = ys__budget_take(&b->budget, b->work - work);
    /* Closing items changes neither prices nor the best items' bound, but may take the best item itself. */
    if (!reduce(b, bound))
        return;
    bound = bound_of(b);
    offer(b, b->top);
    if (beaten(b, bound))
        return;
    int c = branching_class(b);
    if (c < 0)
        return; /* one item everywhere: offered above if it fits */
    if (!go_on)
        leave(b, bound);
    else
        branch(b, c, bound, depth);
}

/* ---- a good start ---- */

static bool start(search *b, const ys_optim_config *config)
{
    const ys_mmkp *p = b->p;
    size_t items = (size_t)p->item_at[p->classes], m = (size_t)p->resources;
    int *use_at = ys_malloc((items + 1) * sizeof *use_at), *row = ys_malloc((items * m + 1) * sizeof *row);
    int *choice = ys_malloc(((size_t)p->classes + 1) * sizeof *choice);
    int *order = ys_malloc((items + 1) * sizeof *order);
    double *promise = ys_malloc((items + 1) * sizeof *promise);
    bool ok = use_at != NULL && row != NULL && choice != NULL && order != NULL && promise != NULL;
    if (ok) {
        (void)descend(b, ROOT_ROUNDS);
        for (size_t i = 0; i < items; i++)
            promise[i] = (double)b->reduced[i];
        ys__choose_order(p->classes, p->item_at, promise, order);
        for (size_t k = 0; k < items * m; k++)
            row[k] = (int)(k % m);
        for (size_t i = 0; i <= items; i++)
            use_at[i] = (int)(i * m);
        for (int c = 0; c < p->classes; c++)
            choice[c] = order[p->item_at[c]];
        ys_choose c = {.n = p->classes,
                       .rows = p->resources,
                       .item_at = p->item_at,
                       .value = p->value,
                       .use_at = use_at,
                       .use_row = row,
                       .use = p->weight,
                       .limit = p->limit,
                       .order = order};
        int64_t reached;
        if (ys__anneal(&c, config,
                       p->classes < 20 ? 10000ll * p->classes : (int64_t)MOVES + 2000ll * p->classes,
                       COOLINGS, 1, choice, &reached))
            offer(b, choice);
    }
    ys_free(use_at);
    ys_free(row);
    ys_free(choice);
    ys_free(order);
    ys_free(promise);
    return ok;
}

static void search_done(search *b)
{
    ys_free(b->open);
    ys_free(b->price);
    ys_free(b->reduced);
    ys_free(b->top);
    ys_free(b->use);
    ys_free(b->keep);
    ys_free(b->least);
    ys_free(b->best);
}

static bool search_open(search *b)
{
    const ys_mmkp *p = b->p;
    size_t items = (size_t)p->item_at[p->classes] + 1, m = (size_t)p->resources + 1,
           classes = (size_t)p->classes + 1;
    b->open = ys_malloc(items);
    b->price = ys_calloc(m, sizeof *b->price);
    b->reduced = ys_calloc(items, sizeof *b->reduced);
    b->top = ys_calloc(classes, sizeof *b->top);
    b->use = ys_calloc(m, sizeof *b->use);
    b->keep = ys_calloc(m, sizeof *b->keep);
    b->least = ys_calloc(m, sizeof *b->least);
    b->best = ys_calloc(classes, sizeof *b->best);
    if (b->open == NULL || b->price == NULL || b->reduced == NULL || b->top == NULL || b->use == NULL ||
        b->keep == NULL || b->least == NULL || b->best == NULL)
        return false;
    memset(b->open, 1, items);
    return true;
}

static ys_status examine(const ys_mmkp *p, ys_diag *diag)
{
    int64_t values = 0;
    for (int r = 0; r < p->resources; r++)
        if (p->limit[r] < 0 || p->limit[r] > SUMMIT)
            return ys_fail(diag, YS_EDATA, "第 %d 个资源的上限为负或过大",
                           "limit %d is negative or too large", r + 1);
    for (int c = 0; c < p->classes; c++) {
        int64_t most = 0;
        if (p->item_at[c + 1] <= p->item_at[c])
            return ys_fail(diag, YS_EDATA, "第 %d 类没有项", "class %d has no item", c + 1);
        for (int i = p->item_at[c]; i < p->item_at[c + 1]; i++) {
            int64_t v = p->value[i];
            if (v < 0 || v > SUMMIT)
                return ys_fail(diag, YS_EDATA, "第 %d 类：价值为负或过大",
                               "class %d: a value is negative or too large", c + 1);
            most = v > most ? v : most;
            for (int r = 0; r < p->resources; r++)
                if (p->weight[(size_t)i * (size_t)p->resources + (size_t)r] < 0 ||
                    p->weight[(size_t)i * (size_t)p->resources + (size_t)r] > ((int64_t)1 << 31))
                    return ys_fail(diag, YS_EDATA, "第 %d 类：用量为负或过大",
                                   "class %d: a weight is negative or too large", c + 1);
        }
        values += most;
    }
    if (values > SUMMIT)
        return ys_fail(diag, YS_ELIMIT, "价值之和超过 2^44", "the values add up to more than 2^44");
    return YS_OK;
}

static void fill_result(search *b, ys_choice_result *r)
{
    *r =
        (ys_choice_result){.feasible = b->found, .complete = b->whole, .n = b->p->classes, .nodes = b->nodes};
    r->value = b->found ? b->goal : 0;
    r->bound = b->whole || b->highest / UNIT < r->value ? r->value : b->highest / UNIT;
    r->complete = b->whole || (b->found && r->bound == r->value);
    r->gap = !b->found ? 1 : r->bound > 0 ? (double)(r->bound - r->value) / (double)r->bound : 0;
    for (int c = 0; c < b->p->classes; c++)
        b->best[c] = b->found ? b->best[c] - b->p->item_at[c] : -1;
    r->choice = b->best;
    b->best = NULL;
}

ys_status ys_mmkp_solve(const ys_mmkp *p, const ys_optim_config *config, ys_choice_result *ret_result,
                        ys_diag *diag)
{
    ys_status st = YS_OK;
    search b = {.p = p, .whole = true};
    YS_TRY(examine(p, diag));
    if (!search_open(&b))
        YS_GO(ys_fail_nomem(diag));
    ys__budget_start(&b.budget, config, WORK);
    if (!start(&b, config))
        YS_GO(ys_fail_nomem(diag));
    explore(&b, 0);
    fill_result(&b, ret_result);
done:
    search_done(&b);
    return st;
}
