/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Primal network simplex on a strongly feasible tree.
 *
 * The tree hangs on a root of our own, to which every node has an artificial arc at a cost no real way can reach.  Every
 * tree arc without flow points to the root: with the rule for the leaving arc (the last that blocks, seen along the
 * circle from its top) this stays so, and the method cannot go round in circles.
 */
#include <math.h>

#include "base/alloc.h"
#include "yaoshi/flow.h"

#define FREE_ROOM (INT64_MAX / 4) /* room of an arc without limit */

enum { IN_TREE = 0, AT_LOW = 1, AT_CAP = -1 };

/* A node of the tree.  `up` : its arc runs from it to its parent. */
typedef struct vertex {
    int64_t pi;
    int32_t parent, arc;
    int32_t depth;
    int32_t child, next, prev; /* first child; siblings; -1: none */
    uint8_t up;
} vertex;

typedef struct arc {
    int64_t cost, cap, flow; /* above the lower bound */
    int32_t tail, head;
    int8_t state;
} arc;

typedef struct simplex {
    const ys_flow_input *in;
    int32_t nodes, arcs, root; /* arcs: real ones; the artificial arc of node v is arcs + v */
    vertex *v;
    arc *a;
    int32_t next_arc, block; /* pricing goes on where it stopped */
    int64_t pivots;
} simplex;

/* The circle that an entering arc closes, and what it takes out. */
typedef struct circle {
    int32_t enter, first, second, top; /* flow is pushed first -> second, then up to the top and down again */
    int32_t leave;                     /* node whose arc to its parent leaves; -1: the entering arc itself */
    uint8_t on_first;                  /* the leaving arc is on the side of `first` */
    int64_t push;
} circle;

/* ---- input ---- */

static ys_status bad_limit(ys_diag *diag, const char *zh, const char *en, int64_t at)
{
    return ys_fail(diag, YS_ELIMIT, "%s %lld 的数值超出范围%.0s", "%.0s%lld: a number is out of range (%s)",
                   zh, (long long)at, en);
}

static int out_of_range(int64_t v)
{
    return v > YS_FLOW_MAX || v < -YS_FLOW_MAX;
}

static int64_t size_of(int64_t v)
{
    return v < 0 ? -v : v;
}

static ys_status check_arc(const ys_flow_input *in, int64_t e, int64_t *most, ys_diag *diag)
{
    int64_t low = in->low != NULL ? in->low[e] : 0, cap = in->cap[e];
    if (in->tail[e] < 0 || in->tail[e] >= in->nodes || in->head[e] < 0 || in->head[e] >= in->nodes)
        return ys_fail(diag, YS_EDATA, "第 %lld 条弧的端点不存在", "arc %lld ends at no node",
                       (long long)e + 1);
    if (out_of_range(low) || (cap != YS_FLOW_UNLIMITED && out_of_range(cap)) || out_of_range(in->cost[e]))
        return bad_limit(diag, "弧", "arc", e + 1);
    if (cap < low)
        return ys_fail(diag, YS_EDATA, "第 %lld 条弧的上限 %lld 小于下限 %lld",
                       "arc %lld has capacity %lld below its lower bound %lld", (long long)e + 1,
                       (long long)cap, (long long)low);
    if (size_of(in->cost[e]) > *most)
        *most = size_of(in->cost[e]);
    return YS_OK;
}

static ys_status check_input(const ys_flow_input *in, int64_t *ret_dear, ys_diag *diag)
{
    __int128 sum = 0, all = 0;
    int64_t most = 0;
    if (in->nodes < 0 || in->arcs < 0 || in->nodes >= 1 << 30 || in->arcs >= 1 << 30)
        return ys_fail(diag, YS_ELIMIT, "节点或弧超过 2^30", "more than 2^30 nodes or arcs");
    for (int64_t i = 0; i < in->nodes; i++) {
        if (out_of_range(in->supply[i]))
            return bad_limit(diag, "节点", "node", i + 1);
        sum += in->supply[i];
        all += size_of(in->supply[i]);
    }
    if (sum != 0)
        return ys_fail(diag, YS_EDATA, "供给与需求之差为 %lld，应为 0",
                       "supply and demand differ by %lld; they must be equal", (long long)sum);
    for (int64_t e = 0; e < in->arcs; e++) {
        YS_TRY(check_arc(in, e, &most, diag));
        all += in->low != NULL ? size_of(in->low[e]) : 0;
    }
    if (all >= (int64_t)1 << 59)
        return ys_fail(diag, YS_ELIMIT, "供给与下限合计超出范围",
                       "supplies and lower bounds add up beyond range");
    if (most >= ((int64_t)1 << 58) / (in->nodes + 1))
        return ys_fail(diag, YS_ELIMIT, "费用太大：最大费用 × 节点数超过 2^58",
                       "the costs are too large: greatest cost × nodes exceeds 2^58");
    *ret_dear = (most + 1) * (in->nodes + 1);
    return YS_OK;
}

/* ---- the tree ---- */

static void hang(simplex *s, int32_t v, int32_t parent)
{
    vertex *p = &s->v[parent], *c = &s->v[v];
    c->parent = parent;
    c->prev = -1;
    c->next = p->child;
    if (p->child >= 0)
        s->v[p->child].prev = v;
    p->child = v;
}

static void unhang(simplex *s, int32_t v)
{
    vertex *c = &s->v[v];
    if (c->prev >= 0)
        s->v[c->prev].next = c->next;
    else
        s->v[c->parent].child = c->next;
    if (c->next >= 0)
        s->v[c->next].prev = c->prev;
}

static void start_tree(simplex *s, int64_t dear)
{
    s->v[s->root] = (vertex){.parent = -1, .arc = -1, .child = -1, .next = -1, .prev = -1};
    for (int32_t v = 0; v < s->nodes; v++) {
        vertex *x = &s->v[v];
        int32_t e = s->arcs + v;
        int64_t b = x->pi; /* its balance, put there by load() */
        *x = (vertex){.arc = e, .depth = 1, .child = -1, .up = b >= 0, .pi = b >= 0 ? -dear : dear};
        s->a[e] = (arc){.cost = dear, .cap = FREE_ROOM, .flow = b >= 0 ? b : -b, .state = IN_TREE};
        s->a[e].tail = b >= 0 ? v : s->root;
        s->a[e].head = b >= 0 ? s->root : v;
        hang(s, v, s->root);
    }
}

/* Arcs above their lower bounds; what the lower bounds carry goes into the balances. */
static void load(simplex *s, int64_t dear, int with_costs)
{
    const ys_flow_input *in = s->in;
    for (int32_t v = 0; v < s->nodes; v++)
        s->v[v].pi = in->supply[v];
    for (int32_t e = 0; e < s->arcs; e++) {
        int64_t low = in->low != NULL ? in->low[e] : 0;
        s->a[e] = (arc){.tail = in->tail[e],
                        .head = in->head[e],
                        .cost = with_costs ? in->cost[e] : 0,
                        .cap = in->cap[e] == YS_FLOW_UNLIMITED ? FREE_ROOM : in->cap[e] - low,
                        .state = AT_LOW};
        s->v[in->tail[e]].pi -= low;
        s->v[in->head[e]].pi += low;
    }
    start_tree(s, dear);
}

/* Walk the part below `top` and move its potentials and depths. */
static void settle(simplex *s, int32_t top, int64_t shift)
{
    int32_t at = top;
    for (;;) {
        s->v[at].pi += shift;
        s->v[at].depth = s->v[s->v[at].parent].depth + 1;
        if (s->v[at].child >= 0) {
            at = s->v[at].child;
            continue;
        }
        while (at != top && s->v[at].next < 0)
            at = s->v[at].parent;
        if (at == top)
            return;
        at = s->v[at].next;
    }
}

/* ---- one pivot ---- */

static int64_t reduced(const simplex *s, const arc *a)
{
    return a->cost + s->v[a->tail].pi - s->v[a->head].pi;
}

/* The most violated arc of the next block that has one; -1: the tree is optimal. */
static int32_t price_arcs(simplex *s)
{
    int32_t best = -1, left = s->block, e = s->next_arc;
    int64_t worst = 0;
    for (int32_t k = 0; k < s->arcs; k++) {
        if (e >= s->arcs)
            e = 0;
        int64_t r = s->a[e].state * reduced(s, &s->a[e]);
        if (r < worst) {
            worst = r;
            best = e;
        }
        e++;
        if (--left == 0) {
            if (best >= 0)
                break;
            left = s->block;
        }
    }
    s->next_arc = e;
    return best;
}

static int64_t room(const arc *a, int forward)
{
    return !forward ? a->flow : a->cap >= FREE_ROOM ? FREE_ROOM : a->cap - a->flow;
}

static circle find_circle(const simplex *s, int32_t enter)
{
    const arc *a = &s->a[enter];
    int forward = a->state == AT_LOW;
    circle c = {.enter = enter, .leave = -1, .push = a->cap};
    c.first = forward ? a->tail : a->head;
    c.second = forward ? a->head : a->tail;
    int32_t u = c.first, w = c.second;
    while (u != w) {
        if (s->v[u].depth >= s->v[w].depth)
            u = s->v[u].parent;
        else
            w = s->v[w].parent;
    }
    c.top = u;
    for (int32_t x = c.first; x != c.top; x = s->v[x].parent) { /* flow comes down to `first` */
        int64_t d = room(&s->a[s->v[x].arc], !s->v[x].up);
        if (d < c.push) {
            c.push = d;
            c.leave = x;
            c.on_first = 1;
        }
    }
    for (int32_t x = c.second; x != c.top; x = s->v[x].parent) { /* and goes up from `second` */
        int64_t d = room(&s->a[s->v[x].arc], s->v[x].up);
        if (d <= c.push) {
            c.push = d;
            c.leave = x;
            c.on_first = 0;
        }
    }
    return c;
}

static void push_flow(simplex *s, const circle *c)
{
    if (c->push == 0)
        return;
    s->a[c->enter].flow += s->a[c->enter].state * c->push;
    for (int32_t x = c->first; x != c->top; x = s->v[x].parent)
        s->a[s->v[x].arc].flow += s->v[x].up ? -c->push : c->push;
    for (int32_t x = c->second; x != c->top; x = s->v[x].parent)
        s->a[s->v[x].arc].flow += s->v[x].up ? c->push : -c->push;
}

/* The part cut off by the leaving arc hangs itself on the other side by the entering arc: the way from the entering
 * arc to the cut is turned round. */
static void turn_tree(simplex *s, const circle *c)
{
    int32_t at = c->on_first ? c->first : c->second, onto = c->on_first ? c->second : c->first, e = c->enter;
    int32_t top = at;
    arc *in = &s->a[e];
    int64_t r = reduced(s, in), shift = at == in->tail ? -r : r;
    arc *out = &s->a[s->v[c->leave].arc];
    out->state = out->flow == 0 ? AT_LOW : AT_CAP;
    in->state = IN_TREE;
    for (;;) {
        int32_t old_parent = s->v[at].parent, old_arc = s->v[at].arc, stop = at == c->leave;
        unhang(s, at);
        hang(s, at, onto);
        s->v[at].arc = e;
        s->v[at].up = s->a[e].tail == at;
        if (stop)
            break;
        onto = at;
        at = old_parent;
        e = old_arc;
    }
    settle(s, top, shift);
}

/* 0: optimal; 1: no limit (the circle is in `ret_circle`). */
static int run(simplex *s, circle *ret_circle)
{
    for (;;) {
        int32_t enter = price_arcs(s);
        if (enter < 0)
            return 0;
        circle c = find_circle(s, enter);
        if (c.push >= FREE_ROOM) {
            *ret_circle = c;
            return 1;
        }
        s->pivots++;
        push_flow(s, &c);
        if (c.leave < 0)
            s->a[enter].state = (int8_t)-s->a[enter].state;
        else
            turn_tree(s, &c);
    }
}

/* ---- the three outcomes ---- */

static int64_t artificial_flow(const simplex *s)
{
    int64_t sum = 0;
    for (int32_t v = 0; v < s->nodes; v++)
        sum += s->a[s->arcs + v].flow;
    return sum;
}

static ys_status write_cycle(const simplex *s, const circle *c, ys_flow_result *r, ys_diag *diag)
{
    int64_t n = 1, k = 0;
    for (int32_t x = c->first; x != c->top; x = s->v[x].parent)
        n++;
    for (int32_t x = c->second; x != c->top; x = s->v[x].parent)
        n++;
    r->cycle = ys_calloc((size_t)n, sizeof *r->cycle);
    if (r->cycle == NULL)
        return ys_fail_nomem(diag);
    r->cycle[k++] = c->enter;
    for (int32_t x = c->second; x != c->top; x = s->v[x].parent)
        r->cycle[k++] = s->v[x].arc;
    k = n;
    for (int32_t x = c->first; x != c->top; x = s->v[x].parent)
        r->cycle[--k] = s->v[x].arc;
    r->cycle_arcs = n;
    r->outcome = YS_FLOW_UNBOUNDED;
    return YS_OK;
}

/* At an optimum that still needs artificial arcs, the nodes that real arcs with room lead to from those with too much
 * cannot get rid of it: they are the set. */
static ys_status write_cut(const simplex *s, ys_flow_result *r, ys_diag *diag)
{
    int changed = 1;
    r->cut = ys_calloc((size_t)s->nodes + 1, 1);
    if (r->cut == NULL)
        return ys_fail_nomem(diag);
    for (int32_t v = 0; v < s->nodes; v++)
        r->cut[v] = s->a[s->arcs + v].flow > 0 && s->a[s->arcs + v].tail == v;
    while (changed) {
        changed = 0;
        for (int32_t e = 0; e < s->arcs; e++) {
            const arc *a = &s->a[e];
            if (r->cut[a->tail] && !r->cut[a->head] && room(a, 1) > 0)
                r->cut[a->head] = 1, changed = 1;
            else if (r->cut[a->head] && !r->cut[a->tail] && room(a, 0) > 0)
                r->cut[a->tail] = 1, changed = 1;
        }
    }
    for (int32_t v = 0; v < s->nodes; v++)
        if (s->a[s->arcs + v].tail == v)
            r->excess += s->a[s->arcs + v].flow;
    r->outcome = YS_FLOW_INFEASIBLE;
    return YS_OK;
}

static ys_status write_optimum(const simplex *s, ys_flow_result *r, ys_diag *diag)
{
    __int128 value = 0;
    for (int32_t e = 0; e < s->arcs; e++) {
        r->flow[e] = s->a[e].flow + (s->in->low != NULL ? s->in->low[e] : 0);
        value += (__int128)r->flow[e] * s->in->cost[e];
    }
    for (int32_t v = 0; v < s->nodes; v++)
        r->potential[v] = s->v[v].pi;
    r->outcome = YS_FLOW_OPTIMAL;
    r->value = (int64_t)value;
    return value == r->value
               ? YS_OK
               : ys_fail(diag, YS_ELIMIT, "总费用超出 64 位", "the total cost does not fit 64 bits");
}

static ys_status solve(simplex *s, int64_t dear, ys_flow_result *r, ys_diag *diag)
{
    circle c = {0};
    load(s, dear, 1);
    int endless = run(s, &c);
    if (endless)
        YS_TRY(write_cycle(s, &c, r, diag));
    if (endless || artificial_flow(s) > 0) {
        /* Is there a flow at all?  Costs do not matter for that, and without them nothing is endless. */
        load(s, 1, 0);
        (void)run(s, &c);
        r->pivots = s->pivots;
        if (artificial_flow(s) == 0)
            return YS_OK;
        ys_free(r->cycle);
        r->cycle = NULL;
        r->cycle_arcs = 0;
        return write_cut(s, r, diag);
    }
    r->pivots = s->pivots;
    return write_optimum(s, r, diag);
}

void ys_flow_result_free(ys_flow_result *r)
{
    if (r == NULL)
        return;
    ys_free(r->flow);
    ys_free(r->potential);
    ys_free(r->cut);
    ys_free(r->cycle);
    ys_free(r);
}

ys_status ys_flow_solve(const ys_flow_input *in, ys_flow_result **ret_result, ys_diag *diag)
{
    simplex s = {.in = in};
    int64_t dear = 0;
    ys_status st = YS_OK;
    YS_TRY(check_input(in, &dear, diag));
    ys_flow_result *r = ys_calloc(1, sizeof *r);
    s.nodes = s.root = (int32_t)in->nodes;
    s.arcs = (int32_t)in->arcs;
    s.block = (int32_t)sqrt((double)in->arcs) + 10;
    s.v = ys_malloc(((size_t)in->nodes + 1) * sizeof *s.v);
    s.a = ys_malloc(((size_t)in->nodes + (size_t)in->arcs + 1) * sizeof *s.a);
    if (r != NULL) {
        r->flow = ys_calloc((size_t)in->arcs + 1, sizeof *r->flow);
        r->potential = ys_calloc((size_t)in->nodes + 1, sizeof *r->potential);
    }
    if (r == NULL || s.v == NULL || s.a == NULL || r->flow == NULL || r->potential == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(solve(&s, dear, r, diag));
    *ret_result = r;
    r = NULL;
done:
    ys_flow_result_free(r);
    ys_free(s.v);
    ys_free(s.a);
    return st;
}
