/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money.h"

#include <string.h>

#include "base/alloc.h"

static void *room(int64_t n, size_t size)
{
    return ys_calloc((size_t)(n > 0 ? n : 1), size);
}

/* ---- the tree ------------------------------------------------------------------------------------------------ */

/* Row of a fund in a year; the set is in the order of fund and year. */
static int32_t fund_in(const ys_coop_set *s, const char *fund, int64_t year)
{
    for (int64_t i = 0; fund != NULL && i < s->rows; i++)
        if (ys_coop_int(s, i, "period") == year && strcmp(ys_coop_key(s, i), fund) == 0)
            return (int32_t)i;
    return -1;
}

static void place(ys_fund_tree *t, int32_t under, int32_t depth, int64_t *at)
{
    for (int32_t i = 0; i < t->n; i++)
        if (t->parent[i] == under) {
            t->order[(*at)++] = i;
            t->depth[i] = depth;
            place(t, i, depth + 1, at);
        }
}

void ys_fund_tree_free(ys_fund_tree *t)
{
    if (t == NULL)
        return;
    ys_free(t->parent);
    ys_free(t->order);
    ys_free(t->depth);
    ys_free(t->whole);
    ys_free(t);
}

ys_status ys_fund_tree_make(const ys_coop *c, ys_fund_tree **ret_tree, ys_diag *diag)
{
    const ys_coop_set *s = &c->set[YS_COOP_FUND];
    ys_fund_tree *t = ys_calloc(1, sizeof *t);
    uint8_t *cycle = room(s->rows, 1);
    int64_t at = 0;
    ys_status st = YS_OK;
    if (t != NULL) {
        t->n = s->rows;
        t->parent = room(t->n, sizeof *t->parent);
        t->order = room(t->n, sizeof *t->order);
        t->depth = room(t->n, sizeof *t->depth);
        t->whole = room(t->n, sizeof *t->whole);
    }
    if (t == NULL || cycle == NULL || t->parent == NULL || t->order == NULL || t->depth == NULL ||
        t->whole == NULL) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    for (int64_t i = 0; i < t->n; i++)
        t->parent[i] = fund_in(s, ys_coop_text(s, i, "parent"), ys_coop_int(s, i, "period"));
    t->circle = ys_fund_cycles(t->parent, (int32_t)t->n, cycle) > 0;
    for (int64_t i = 0; i < t->n; i++)
        t->parent[i] = cycle[i] ? -1 : t->parent[i];
    place(t, -1, 0, &at);
    memcpy(t->whole, c->ledger->fund, (size_t)t->n * sizeof *t->whole);
    for (int64_t k = t->n - 1; k >= 0; k--) { /* children before their parents */
        int32_t row = t->order[k];
        ys_fund_sums_add(t->parent[row] >= 0 ? &t->whole[t->parent[row]] : &t->all, &t->whole[row]);
    }
    *ret_tree = t;
    t = NULL;
done:
    ys_free(cycle);
    ys_fund_tree_free(t);
    return st;
}

/* ---- one yuan ------------------------------------------------------------------------------------------------- */

typedef struct trace {
    const ys_coop *c;
    ys_trace_step *step;
    int64_t *first, *next; /* flows that came out of a flow, in key order; -1: no more */
    uint8_t *seen;
    int64_t n;
} trace;

static void link_sources(trace *t)
{
    int64_t n = t->c->ledger->flows;
    for (int64_t i = 0; i < n; i++)
        t->first[i] = t->next[i] = -1;
    for (int64_t i = n - 1; i >= 0; i--) {
        int64_t up = t->c->flow[i].source;
        if (up < 0)
            continue;
        t->next[i] = t->first[up];
        t->first[up] = i;
    }
}

static void add(trace *t, int64_t flow, int32_t depth)
{
    int64_t passed = 0;
    for (int64_t i = t->first[flow]; i >= 0; i = t->next[i])
        if (t->c->flow[i].type == YS_FLOW_DISBURSEMENT || t->c->flow[i].type == YS_FLOW_EXPENDITURE)
            passed += t->c->flow[i].amount;
    t->seen[flow] = 1;
    t->step[t->n++] = (ys_trace_step){flow, depth, passed};
}

/* Its sources, farthest first, and the flow itself; returns its depth. */
static int32_t ascend(trace *t, int64_t flow)
{
    for (int64_t at = flow; at >= 0 && !t->seen[at]; at = t->c->flow[at].source)
        add(t, at, 0);
    for (int64_t a = 0, b = t->n - 1; a < b; a++, b--) {
        ys_trace_step keep = t->step[a];
        t->step[a] = t->step[b];
        t->step[b] = keep;
    }
    for (int64_t i = 0; i < t->n; i++)
        t->step[i].depth = (int32_t)i;
    return (int32_t)t->n - 1;
}

/* All that came out of it, without a stack: `next` leads to the side, `source` back up. */
static void descend(trace *t, int64_t flow, int32_t depth)
{
    int64_t at = flow, down = t->first[flow];
    for (;;) {
        while (down >= 0 && t->seen[down])
            down = t->next[down];
        if (down >= 0) {
            at = down;
            add(t, at, ++depth);
            down = t->first[at];
        } else if (at == flow) {
            return;
        } else {
            down = t->next[at];
            at = t->c->flow[at].source;
            depth--;
        }
    }
}

ys_status ys_money_trace(const ys_coop *c, int64_t flow, ys_trace_step **ret_steps, int64_t *ret_n,
                         int64_t *ret_at, ys_diag *diag)
{
    int64_t n = c->ledger->flows;
    trace t = {.c = c,
               .step = room(n, sizeof(ys_trace_step)),
               .first = room(n, sizeof(int64_t)),
               .next = room(n, sizeof(int64_t)),
               .seen = room(n, 1)};
    ys_status st = YS_OK;
    if (t.step == NULL || t.first == NULL || t.next == NULL || t.seen == NULL) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    link_sources(&t);
    int32_t depth = ascend(&t, flow);
    *ret_at = t.n - 1;
    descend(&t, flow, depth);
    *ret_n = t.n;
    *ret_steps = t.step;
    t.step = NULL;
done:
    ys_free(t.step);
    ys_free(t.first);
    ys_free(t.next);
    ys_free(t.seen);
    return st;
}

/* ---- by project ------------------------------------------------------------------------------------------------ */

ys_status ys_money_by_project(const ys_coop *c, ys_coop_kind child, ys_csr *ret_rows, ys_diag *diag)
{
    const ys_coop_set *p = &c->set[YS_COOP_PROJECT], *s = &c->set[child];
    int key = p->t != NULL ? ys_table_find(p->t, "project") : -1,
        of = s->t != NULL ? ys_table_find(s->t, "project") : -1;
    if (key >= 0 && of >= 0)
        return ys_csr_join(p->t, key, s->t, of, ret_rows, diag);
    ys_csr none = {.parents = p->rows, .start = room(p->rows + 1, sizeof *none.start)};
    if (none.start == NULL)
        return ys_fail_nomem(diag);
    *ret_rows = none;
    return YS_OK;
}
