/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No pair within reach is better than what the prices say: cost + price of the giver >= what the need pays.
 *
 * Needs of one area and givers of one area make a block of pairs.  What the two areas alone cost is computed once a block
 * by the rules themselves; the other terms can take off no more than their negative points; if even then, with the
 * lowest price of the block, no need of it would gain, the block is done.  Else its pairs are looked at one by one in the
 * same way, and only those that might gain are priced in full.
 */
#include <string.h>

#include "app/pair_proof_internal.h"
#include "base/alloc.h"

typedef struct block {
    int64_t from, to; /* of in_order */
    int32_t area;
    int64_t extreme; /* of needs: most paid; of givers: lowest price */
    int64_t least;   /* of givers: what a pair with the needs at hand costs at least */
} block;

typedef struct ground {
    ys__pair_facts *f;
    block *needs, *givers;
    int64_t n_needs, n_givers;
    int64_t *list; /* blocks of givers within reach of the needs at hand */
    int64_t listed;
    int64_t *points;
    bool *of_areas;   /* per term: it reads nothing but where the two are */
    int64_t discount; /* what all other terms together can take off, <= 0 */
} ground;

static int64_t cut(const ys__pair_side *s, const int64_t *value, bool most, block *blocks)
{
    int64_t n = 0;
    for (int64_t k = 0; k < s->n; k++) {
        int32_t i = s->in_order[k];
        if (n == 0 || blocks[n - 1].area != s->area[i])
            blocks[n++] = (block){.from = k, .area = s->area[i], .extreme = value[i]};
        block *b = &blocks[n - 1];
        b->to = k + 1;
        if (most ? value[i] > b->extreme : value[i] < b->extreme)
            b->extreme = value[i];
    }
    return n;
}

static bool reads_areas_only(const ys_rule *r)
{
    const char *const *names;
    int n = ys_rule_reads(r, &names);
    bool only = true;
    for (int i = 0; i < n; i++)
        only = only && (strcmp(names[i], "common") == 0 || strcmp(names[i], "km") == 0 ||
                        strcmp(names[i], "minutes") == 0);
    return only;
}

static void read_terms(ground *g)
{
    const ys__pair_facts *f = g->f;
    for (int k = 0; k < f->terms; k++) {
        const ys_pair_term *t = f->term[k];
        g->of_areas[k] = !t->condition && reads_areas_only(f->rule[k]);
        if (t->condition || g->of_areas[k] || t->cost == 0)
            continue;
        if (ys_rule_result(f->rule[k]) != YS_RT_BOOL)
            g->discount -= (int64_t)1 << 50; /* a number of the two sides may be anything */
        else if (t->cost < 0)
            g->discount += t->cost;
    }
}

/* `least` of the listed blocks of givers from `from` on, at most a batch of them. */
static ys_status price_ground(ground *g, int32_t need, int64_t from, int64_t n, ys_diag *diag)
{
    ys__pair_facts *f = g->f;
    for (int64_t i = 0; i < n; i++) {
        block *b = &g->givers[g->list[from + i]];
        b->least = g->discount;
        ys__pair_batch_row(f, i, need, f->giver.in_order[b->from]);
    }
    for (int k = 0; k < f->terms; k++) {
        if (!g->of_areas[k])
            continue;
        YS_TRY(ys__pair_term_points(f, k, n, g->points, diag));
        for (int64_t i = 0; i < n; i++)
            g->givers[g->list[from + i]].least += g->points[i];
    }
    return YS_OK;
}

static ys_status judge(ground *g, ys_diag *diag)
{
    ys__pair_facts *f = g->f;
    ys_diag why;
    int64_t n;
    YS_TRY(ys__pair_batch_price(f, &n, diag));
    f->proof->priced += n;
    for (int64_t i = 0; i < n; i++) {
        int32_t need = f->batch_need[i], giver = f->batch_giver[i];
        int64_t gain = f->pays[need] - f->cost[i] - f->price[giver];
        if (!f->allowed[i] || gain <= 0)
            continue;
        ys_diag_clear(&why);
        ys_fail(&why, YS_EDATA, "%s 配给 %s 会更好：至多少 %lld", "%s with %s would be better by up to %lld",
                ys__pair_key(&f->need, need), ys__pair_key(&f->giver, giver), (long long)gain);
        ys__pair_note(f->proof, YS_PAIR_CHECK_BOUND, "better", ys__pair_key(&f->need, need), &why);
    }
    return YS_OK;
}

/* One giver against the needs of a block. */
static ys_status look_at(ground *g, const block *needs, int32_t giver, int64_t least, ys_diag *diag)
{
    ys__pair_facts *f = g->f;
    for (int64_t k = needs->from; k < needs->to; k++) {
        int32_t i = f->need.in_order[k];
        if (least + f->price[giver] >= f->pays[i] || f->own[i] == giver || f->was[i] == giver)
            continue; /* its own pair defines what it pays; the pair of before was looked at by itself */
        if (f->batched == YS_PAIR_BATCH)
            YS_TRY(judge(g, diag));
        f->batch_need[f->batched] = i;
        f->batch_giver[f->batched++] = giver;
    }
    return YS_OK;
}

static ys_status look_from(ground *g, const block *needs, ys_diag *diag)
{
    ys__pair_facts *f = g->f;
    int32_t some = f->need.in_order[needs->from];
    g->listed = 0;
    for (int64_t b = 0; b < g->n_givers; b++) {
        if (!ys__pair_in_reach(f, needs->area, g->givers[b].area))
            continue;
        g->list[g->listed++] = b;
        f->proof->within += (needs->to - needs->from) * (g->givers[b].to - g->givers[b].from);
    }
    for (int64_t from = 0; from < g->listed; from += YS_PAIR_BATCH)
        YS_TRY(price_ground(g, some, from,
                            g->listed - from < YS_PAIR_BATCH ? g->listed - from : YS_PAIR_BATCH, diag));
    for (int64_t l = 0; l < g->listed; l++) {
        const block *b = &g->givers[g->list[l]];
        if (b->least + b->extreme >= needs->extreme)
            continue;
        for (int64_t k = b->from; k < b->to; k++) {
            int32_t giver = f->giver.in_order[k];
            if (b->least + f->price[giver] < needs->extreme)
                YS_TRY(look_at(g, needs, giver, b->least, diag));
        }
    }
    return judge(g, diag); /* before the rows are used for the next area */
}

ys_status ys__pair_check_bound(ys__pair_facts *f, ys_diag *diag)
{
    ys_status st = YS_OK;
    ground g = {.f = f};
    g.needs = ys_malloc((size_t)f->need.n * sizeof *g.needs + 1);
    g.givers = ys_malloc((size_t)f->giver.n * sizeof *g.givers + 1);
    g.list = ys_malloc((size_t)f->giver.n * sizeof *g.list + 1);
    g.points = ys_malloc(YS_PAIR_BATCH * sizeof *g.points);
    g.of_areas = ys_calloc((size_t)f->terms + 1, sizeof *g.of_areas);
    if (!g.needs || !g.givers || !g.list || !g.points || !g.of_areas)
        YS_GO(ys_fail_nomem(diag));
    read_terms(&g);
    g.n_needs = cut(&f->need, f->pays, true, g.needs);
    g.n_givers = cut(&f->giver, f->price, false, g.givers);
    f->batched = 0;
    for (int64_t b = 0; b < g.n_needs; b++)
        YS_GO(look_from(&g, &g.needs[b], diag));
done:
    ys_free(g.needs);
    ys_free(g.givers);
    ys_free(g.list);
    ys_free(g.points);
    ys_free(g.of_areas);
    return st;
}
