/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/*
 * Moves that are good at the prices but blocked: some would overfill a row, others would leave a floor short.  One of each
 * makes a pair that can be done together: the second frees what the first takes, the first gives what the floor loses.
 */

typedef struct blocked {
    int64_t block;
    double gain;
    int32_t bundle, row; /* row: what the move overfills, or frees most of */
    bool frees;
} blocked;

static int by_row_and_gain(const void *x, const void *y)
{
    const blocked *a = x, *b = y;
    if (a->frees != b->frees)
        return a->frees ? 1 : -1;
    if (a->frees && a->row != b->row)
        return a->row < b->row ? -1 : 1;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return (a->block > b->block) - (a->block < b->block);
}

/* Of the rows that `u` charges, the dearest one that the move overfills (or, freeing, gives back); -1: none. */
static int32_t key_row(const ys_draft *d, const ys_block *b, const ys_bundle *from, const ys_bundle *to,
                       bool frees)
{
    const ys_choice *c = d->s->c;
    const ys_bundle *u = frees ? from : to;
    int32_t row = -1;
    double top = 0;
    for (int j = 0; j < u->count; j++)
        for (int64_t q = c->type_at[b->type[u->option[j]]]; q < c->type_at[b->type[u->option[j]] + 1]; q++) {
            int32_t r = c->charge_row[q];
            int64_t change = ys__bundle_charge(c, b, to, r) - ys__bundle_charge(c, b, from, r);
            double dear = d->s->price[r] * (double)(frees ? -change : change);
            if (dear > top && (frees || d->use[r] + change > c->limit[r])) {
                top = dear;
                row = r;
            }
        }
    return row;
}

static double score(const ys_stage *s, const ys_block *b, const ys_bundle *u)
{
    double v = s->w1[b->place] * u->v1 + s->w2[b->place] * (double)u->v2;
    if (s->w0[b->place] != 0 && (u->v1 > 0 || u->v2 > 0))
        v += s->w0[b->place];
    for (int j = 0; j < u->count; j++) {
        v -= s->type_cost[b->type[u->option[j]]];
        if (s->c->term_at != NULL)
            v += ys__option_worth(s->c, b, u->option[j], s->sum_price);
    }
    return v;
}

static int64_t list_blocked(const ys_draft *d, blocked *list)
{
    int64_t n = 0;
    for (int64_t i = 0; i < d->s->c->n_blocks; i++) {
        ys_block b = ys__block(d->s->c, i);
        int now = d->choice[i], best = now;
        double here = score(d->s, &b, &b.bundle[now]), top = here;
        for (int k = 0; k < b.n_bundles; k++) {
            double v = score(d->s, &b, &b.bundle[k]);
            if (v > top) {
                top = v;
                best = k;
            }
        }
        if (best == now)
            continue;
        int32_t row = key_row(d, &b, &b.bundle[now], &b.bundle[best], false);
        bool frees = row < 0;
        if (frees)
            row = key_row(d, &b, &b.bundle[now], &b.bundle[best], true);
        if (row >= 0)
            list[n++] = (blocked){.block = i, .gain = top - here, .bundle = best, .row = row, .frees = frees};
    }
    return n;
}

static bool rows_fit(const ys_draft *d, int64_t block)
{
    const ys_choice *c = d->s->c;
    ys_block b = ys__block(c, block);
    const ys_bundle *u = &b.bundle[d->choice[block]];
    for (int j = 0; j < u->count; j++)
        for (int64_t q = c->type_at[b.type[u->option[j]]]; q < c->type_at[b.type[u->option[j]] + 1]; q++)
            if (d->use[c->charge_row[q]] > c->limit[c->charge_row[q]])
                return false;
    return true;
}

enum { MOST_PARTNERS = 3 };

/* Move one block in, and up to three others out, if all is met after; partners are taken from *at on. */
static bool pair_up(ys_draft *d, const blocked *in, const blocked *list, int64_t *at, int64_t end)
{
    uint16_t before = d->choice[in->block], out[MOST_PARTNERS];
    int n = 0;
    ys__draft_move(d, in->block, in->bundle);
    bool fits = false;
    while (!fits && n < MOST_PARTNERS && *at + n < end) {
        const blocked *k = &list[*at + n];
        out[n++] = d->choice[k->block];
        ys__draft_move(d, k->block, k->bundle);
        fits = rows_fit(d, in->block) && rows_fit(d, k->block);
    }
    if (fits && ys__draft_short(d) < 0) {
        *at += n;
        return true;
    }
    while (n-- > 0)
        ys__draft_move(d, list[*at + n].block, out[n]);
    ys__draft_move(d, in->block, before);
    return false;
}

bool ys__draft_swap(ys_draft *d)
{
    const ys_choice *c = d->s->c;
    blocked *list = ys_malloc((size_t)c->n_blocks * sizeof *list);
    int64_t *at = ys_calloc(2 * (size_t)c->n_rows, sizeof *at), *end = at + c->n_rows, moved = 0;
    if (list == NULL || at == NULL || ys__draft_short(d) >= 0)
        goto done;
    ys__stage_weights(d->s, d->s->price);
    int64_t n = list_blocked(d, list), first = 0;
    qsort(list, (size_t)n, sizeof *list, by_row_and_gain);
    while (first < n && !list[first].frees)
        first++;
    for (int64_t k = first; k < n; k++) {
        at[list[k].row] = k == first || list[k].row != list[k - 1].row ? k : at[list[k].row];
        end[list[k].row] = k + 1;
    }
    for (int64_t k = 0; k < first; k++)
        moved += pair_up(d, &list[k], list, &at[list[k].row], end[list[k].row]);
done:
    ys_free(list);
    ys_free(at);
    return moved > 0;
}
