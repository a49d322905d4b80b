/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connected part: first choices, then shortest augmenting paths.
 *
 * Held after every need: p[j] lies between the cost of j's last taken and its next free place; every need that has a
 * giver sits on an edge that is its cheapest at the prices.  A search runs over givers only.  dist[j] is the cost of
 * putting the new need in so that giver j has one taker too many, the reduced cost of the way plus p[j]; it ends at a
 * giver's free place (next - p) or at a need that stays alone.  After a search of length D the givers nearer than D
 * get p += D - dist: nothing else moves.
 */
#include "pair/pair_int.h"

/* ---- the heap of givers, by distance ---- */

static void sift_up(ys_pair_node *node, int32_t *heap, int64_t at, int32_t j)
{
    int64_t d = node[j].dist;
    while (at > 0) {
        int64_t up = (at - 1) >> 2;
        int32_t k = heap[up];
        if (node[k].dist <= d)
            break;
        heap[at] = k;
        node[k].heap = (int32_t)at;
        at = up;
    }
    heap[at] = j;
    node[j].heap = (int32_t)at;
}

static void sift_down(ys_pair_node *node, int32_t *heap, int64_t n, int64_t at, int32_t j)
{
    int64_t d = node[j].dist;
    for (;;) {
        int64_t child = 4 * at + 1, low = -1, low_dist = d;
        for (int64_t c = child; c < child + 4 && c < n; c++)
            if (node[heap[c]].dist < low_dist) {
                low = c;
                low_dist = node[heap[c]].dist;
            }
        if (low < 0)
            break;
        heap[at] = heap[low];
        node[heap[at]].heap = (int32_t)at;
        at = low;
    }
    heap[at] = j;
    node[j].heap = (int32_t)at;
}

static int32_t pop(ys_pair_node *node, ys_pair_search *s)
{
    int32_t top = s->heap[0], last = s->heap[--s->heap_size];
    if (s->heap_size > 0)
        sift_down(node, s->heap, s->heap_size, 0, last);
    node[top].heap = -1;
    return top;
}

/* ---- the search ---- */

/* A way to giver j of length d, by moving `need` along `edge`. */
static void reach(ys_pair_run *run, ys_pair_search *s, int64_t d, int32_t need, int32_t edge)
{
    int32_t j = run->in->giver[edge];
    ys_pair_node *v = &run->node[j];
    bool fresh = v->mark != s->stamp;
    if (!fresh && v->dist <= d)
        return;
    v->dist = d;
    v->via_need = need;
    v->via_edge = edge;
    if (fresh) {
        v->mark = s->stamp;
        v->heap = -1;
    }
    int64_t out = v->next - v->price;
    if (d + out < s->best) {
        s->best = d + out;
        s->end_giver = j;
        s->end_need = -1;
    }
    if (out == 0)
        return; /* a free place at no price: nobody need move on from here */
    int64_t at = v->heap >= 0 ? v->heap : s->heap_size++;
    sift_up(run->node, s->heap, at, j);
}

/* All edges of `need` but the one it has; `base` is what has been paid when it is free to move. */
static void scan(ys_pair_run *run, ys_pair_search *s, int64_t base, int32_t need)
{
    const ys_pair_input *in = run->in;
    const ys_pair_node *node = run->node;
    ys_pair_seat *seat = &run->seat[need];
    int64_t other = YS_PAIR_FAR, end = in->start[need + 1];
    for (int64_t e = in->start[need]; e < end; e++) {
        if (e == seat->edge)
            continue;
        int64_t v = in->cost[e] + node[in->giver[e]].price;
        if (v < other)
            other = v;
        if (base + v < s->best)
            reach(run, s, base + v, need, (int32_t)e);
    }
    seat->other = other;
}

/* Giver j has one taker too many: which of its takers goes on, and where? */
static void expand(ys_pair_run *run, ys_pair_search *s, int32_t j)
{
    const ys_pair_input *in = run->in;
    const ys_pair_node *v = &run->node[j];
    const int32_t *taker = run->taker + v->first;
    int64_t paid = v->dist - v->price;
    for (int32_t k = 0; k < v->load; k++) {
        int32_t need = taker[k];
        const ys_pair_seat *seat = &run->seat[need];
        int64_t base = paid - in->cost[seat->edge], alone = base + ys__pair_alone(in, need);
        if (alone < s->best) {
            s->best = alone;
            s->end_giver = j;
            s->end_need = need;
        }
        if (base + seat->other < s->best)
            scan(run, s, base, need);
    }
}

/* ---- moving along the path found ---- */

static void sit(ys_pair_run *run, int32_t need, int32_t edge, int32_t place)
{
    ys_pair_node *v = &run->node[run->in->giver[edge]];
    run->taker[v->first + place] = need;
    run->seat[need].edge = edge;
    run->seat[need].place = place;
}

static void take_next_place(ys_pair_run *run, int32_t j)
{
    const ys_pair_input *in = run->in;
    ys_pair_node *v = &run->node[j];
    v->load++;
    v->next = v->load >= v->capacity ? YS_PAIR_FAR
              : in->slot_at != NULL  ? in->slot[in->slot_at[j] + v->load]
                                     : 0;
}

/* From the end back to the new need: each need on the way leaves its place to the one before. */
static void move(ys_pair_run *run, const ys_pair_search *s, int32_t fresh)
{
    const ys_pair_input *in = run->in;
    int32_t j = s->end_giver, place = run->node[j].load;
    if (s->end_need >= 0) {
        ys_pair_seat *leaver = &run->seat[s->end_need];
        place = leaver->place;
        leaver->edge = -1;
    } else {
        take_next_place(run, j);
    }
    for (;;) {
        int32_t need = run->node[j].via_need, edge = run->node[j].via_edge;
        ys_pair_seat *seat = &run->seat[need];
        int32_t old_edge = need == fresh ? -1 : seat->edge, old_place = seat->place;
        sit(run, need, edge, place);
        if (old_edge < 0)
            break;
        j = in->giver[old_edge];
        place = old_place;
        /* The edge it had is now one of the others. */
        int64_t was = in->cost[old_edge] + run->node[j].price;
        if (was < seat->other)
            seat->other = was;
    }
}

static void insert(ys_pair_run *run, ys_pair_search *s, int32_t need)
{
    ys_pair_node *node = run->node;
    s->stamp++;
    s->paths++;
    s->heap_size = s->settled_size = 0;
    s->best = ys__pair_alone(run->in, need);
    s->end_giver = -1;
    scan(run, s, 0, need);
    while (s->heap_size > 0 && node[s->heap[0]].dist < s->best) {
        int32_t j = pop(node, s);
        s->settled[s->settled_size++] = j;
        expand(run, s, j);
    }
    for (int64_t k = 0; k < s->settled_size; k++) {
        ys_pair_node *v = &node[s->settled[k]];
        if (v->dist < s->best)
            v->price += s->best - v->dist;
    }
    if (s->end_giver >= 0)
        move(run, s, need);
}

/* ---- a part ---- */

/* Everyone's cheapest edge, while a place there costs nothing beyond the price; false: to be put in by a path. */
static bool first_choice(ys_pair_run *run, int32_t need)
{
    const ys_pair_input *in = run->in;
    const ys_pair_node *node = run->node;
    int64_t best = ys__pair_alone(in, need), other = YS_PAIR_FAR, at = -1;
    for (int64_t e = in->start[need]; e < in->start[need + 1]; e++) {
        int64_t v = in->cost[e] + node[in->giver[e]].price;
        if (v < best) {
            if (at >= 0)
                other = best;
            best = v;
            at = e;
        } else if (v < other) {
            other = v;
        }
    }
    run->seat[need] = (ys_pair_seat){.other = other, .edge = -1};
    if (at < 0)
        return true; /* staying alone is cheapest, and prices only rise */
    int32_t j = in->giver[at];
    if (node[j].next != node[j].price)
        return false;
    sit(run, need, (int32_t)at, node[j].load);
    take_next_place(run, j);
    return true;
}

void ys__pair_part_solve(ys_pair_run *run, ys_pair_search *s, int64_t part)
{
    const ys_pair_parts *p = &run->parts;
    int32_t *need = p->need;
    int64_t left = p->need_at[part];
    s->stamp = 0;
    for (int64_t i = p->need_at[part]; i < p->need_at[part + 1]; i++)
        if (!first_choice(run, need[i]))
            need[left++] = need[i]; /* the list is read ahead of where it is written */
    for (int64_t i = p->need_at[part]; i < left; i++)
        insert(run, s, need[i]);
}
