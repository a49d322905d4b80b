/* SPDX-License-Identifier: Apache-2.0 */
#include "yaoshi/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "plan/model.h"
#include "plan/run.h"

typedef struct turn {
    uint64_t hash;
    int64_t block;
} turn;

typedef struct baseline {
    const ys_plan *p;
    const ys_choice *c;
    const int32_t *declared;
    ys_plan_result *r;
    int64_t *left;  /* per row: what nobody has taken yet */
    int64_t *money; /* per offering: its charges on funds, all years */
    turn *queue;    /* all blocks */
    int64_t *score; /* per measure: how strongly the card, or the cards of a village, ask for it; scratch */
} baseline;

const char *ys_compare_name(ys_compare_rule rule)
{
    static const char *const names[YS_COMPARE_RULES] = {"even", "declared", "greedy"};
    return names[rule];
}

/* ---- one block ---- */

static const ys_bundle *chosen(const baseline *g, const ys_block *b, int64_t block)
{
    return &b->bundle[g->r->choice[block]];
}

/* Adds sign times what a bundle charges to what is left; false: a row is overdrawn by it. */
static bool charge(baseline *g, const ys_block *b, const ys_bundle *u, int sign)
{
    bool ok = true;
    for (int i = 0; i < u->count; i++) {
        int32_t t = b->type[u->option[i]];
        for (int64_t q = g->c->type_at[t]; q < g->c->type_at[t + 1]; q++) {
            int64_t *left = &g->left[g->c->charge_row[q]];
            *left += sign * g->c->charge[q];
            ok = ok && *left >= 0;
        }
    }
    return ok;
}

/* Would it fit into what is left? */
static bool fits(baseline *g, const ys_block *b, const ys_bundle *u)
{
    bool ok = charge(g, b, u, -1);
    charge(g, b, u, 1);
    return ok;
}

static int64_t money_of(const baseline *g, const ys_block *b, const ys_bundle *u)
{
    int64_t sum = 0;
    for (int i = 0; i < u->count; i++)
        sum += g->money[b->type[u->option[i]]];
    return sum;
}

/* The order of the tiers, then the cheaper one. */
static bool better(const baseline *g, const ys_block *b, const ys_bundle *u, const ys_bundle *than)
{
    if (u->v1 != than->v1)
        return u->v1 > than->v1;
    if (u->v2 != than->v2)
        return u->v2 > than->v2;
    return money_of(g, b, u) < money_of(g, b, than);
}

static bool contains(const ys_bundle *u, const ys_bundle *part)
{
    int found = 0;
    for (int i = 0; i < part->count; i++)
        for (int k = 0; k < u->count; k++)
            found += u->option[k] == part->option[i];
    return found == part->count;
}

static void choose(baseline *g, int64_t block, const ys_block *b, const ys_bundle *u)
{
    g->r->choice[block] = (uint16_t)(u - b->bundle);
}

/*
 * The block takes the best bundle that fits, costs no more than `ceiling` (< 0: none) and, where `keep`, holds what it has
 * already; true: another one than before.
 */
static bool serve(baseline *g, int64_t block, int64_t ceiling, bool keep)
{
    ys_block b = ys__block(g->c, block);
    const ys_bundle *now = chosen(g, &b, block), *best = now;
    charge(g, &b, now, 1);
    for (int k = 1; k < b.n_bundles; k++) {
        const ys_bundle *u = &b.bundle[k];
        if (u != now && better(g, &b, u, best) && (ceiling < 0 || money_of(g, &b, u) <= ceiling) &&
            (!keep || contains(u, now)) && fits(g, &b, u))
            best = u;
    }
    charge(g, &b, best, -1);
    choose(g, block, &b, best);
    return best != now;
}

/* ---- even ---- */

static int64_t homes_of(const baseline *g, int64_t block)
{
    int64_t v = block - g->p->in->n_households;
    return v < 0 ? 1 : g->p->model.village_at[v + 1] - g->p->model.village_at[v];
}

/* One round of the queue under a ceiling per household (< 0: none); true: somebody moved. */
static bool round_under(baseline *g, int64_t ceiling)
{
    bool moved = false;
    for (int64_t i = 0; i < g->c->n_blocks; i++) {
        int64_t block = g->queue[i].block;
        /* a ceiling times the households of a village may be more than any sum: then there is none */
        __int128 mine = (__int128)ceiling * homes_of(g, block);
        moved |= serve(g, block, ceiling < 0 || mine > INT64_MAX ? -1 : (int64_t)mine, false);
    }
    return moved;
}

static void run_even(baseline *g)
{
    int64_t least = INT64_MAX, most = 0;
    for (int64_t t = 0; t < g->c->n_types; t++) {
        least = g->money[t] > 0 && g->money[t] < least ? g->money[t] : least;
        most = g->money[t] > most ? g->money[t] : most;
    }
    for (int64_t ceiling = least; ceiling < most && ceiling < INT64_MAX / 2; ceiling *= 2)
        round_under(g, ceiling);
    while (round_under(g, -1)) /* who moved up has left room for others */
        ;
}

/* ---- declared ---- */

static void add_card(baseline *g, int64_t household, bool village)
{
    const ys_plan_input *in = g->p->in;
    int32_t cause = g->declared != NULL ? g->declared[household] : -1;
    for (int f = 0; cause >= 0 && f < in->n_fits; f++) {
        const ys_plan_fit *fit = &in->fits[f];
        if (fit->cause == cause && (in->measures[fit->measure].target == YS_PLAN_VILLAGE) == village)
            g->score[fit->measure] += fit->strength;
    }
}

static void read_cards(baseline *g, int64_t block)
{
    const ys_plan_input *in = g->p->in;
    int64_t v = block - in->n_households;
    memset(g->score, 0, (size_t)in->n_measures * sizeof *g->score);
    if (v < 0)
        add_card(g, block, false);
    for (int64_t k = v < 0 ? 0 : g->p->model.village_at[v]; v >= 0 && k < g->p->model.village_at[v + 1]; k++)
        add_card(g, g->p->model.village_home[k], true);
}

/* The strongest measure not asked for yet; -1: none is left. */
static int32_t next_asked(const baseline *g)
{
    int32_t best = -1;
    for (int32_t m = 0; m < g->p->in->n_measures; m++)
        if (g->score[m] > 0 && (best < 0 || g->score[m] > g->score[best]))
            best = m;
    return best;
}

static int count_of(const baseline *g, const ys_block *b, const ys_bundle *u, int32_t measure)
{
    int n = 0;
    for (int i = 0; i < u->count; i++)
        n += g->p->in->offerings[b->type[u->option[i]]].measure == measure;
    return n;
}

/* One more unit of a measure beside what the block has, with as little besides as it requires; false: there is no such. */
static bool add_measure(baseline *g, int64_t block, int32_t measure)
{
    ys_block b = ys__block(g->c, block);
    const ys_bundle *now = chosen(g, &b, block), *best = NULL;
    int have = count_of(g, &b, now, measure);
    charge(g, &b, now, 1);
    for (int k = 1; k < b.n_bundles; k++) {
        const ys_bundle *u = &b.bundle[k];
        if (count_of(g, &b, u, measure) > have && contains(u, now) && better(g, &b, u, now) &&
            (best == NULL || u->count < best->count || (u->count == best->count && better(g, &b, u, best))) &&
            fits(g, &b, u))
            best = u;
    }
    charge(g, &b, best != NULL ? best : now, -1);
    if (best != NULL)
        choose(g, block, &b, best);
    return best != NULL;
}

static void run_declared(baseline *g)
{
    for (int64_t i = 0; i < g->c->n_blocks; i++) {
        int64_t block = g->queue[i].block;
        read_cards(g, block);
        for (int32_t m; (m = next_asked(g)) >= 0; g->score[m] = 0)
            while (add_measure(g, block, m))
                ;
    }
    for (int64_t i = 0; i < g->c->n_blocks; i++)
        serve(g, g->queue[i].block, -1, true);
}

/* What is left only shrinks while the queue is served, and in its turn everybody took the best there was: one round is all. */
static void run_greedy(baseline *g)
{
    for (int64_t i = 0; i < g->c->n_blocks; i++)
        serve(g, g->queue[i].block, -1, false);
}

/* ---- all of it ---- */

static int by_hash(const void *a, const void *b)
{
    const turn *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->block < y->block ? -1 : x->block > y->block;
}

static void line_up(baseline *g)
{
    const ys_choice *c = g->c;
    for (int64_t i = 0; i < c->n_blocks; i++)
        g->queue[i] = (turn){.hash = ys_hash64((uint64_t)i + 1), .block = i};
    qsort(g->queue, (size_t)c->n_blocks, sizeof *g->queue, by_hash);
    memcpy(g->left, c->limit, (size_t)c->n_rows * sizeof *g->left);
    for (int64_t i = 0; i < c->n_blocks; i++) { /* what is locked is there before the queue; it fits */
        ys_block b = ys__block(c, i);
        (void)charge(g, &b, &b.bundle[0], -1);
    }
    for (int64_t t = 0; t < c->n_types; t++)
        g->money[t] = ys__plan_spent(g->p, (int32_t)t, -1);
}

static ys_status take_room(baseline *g, ys_diag *diag)
{
    const ys_choice *c = g->c;
    size_t rows = (size_t)c->n_rows, floors = (size_t)c->n_floors;
    ys_plan_result *r = g->r = ys_calloc(1, sizeof *r);
    if (r == NULL)
        return ys_fail_nomem(diag);
    r->blocks = c->n_blocks;
    r->rows = c->n_rows;
    r->floors = c->n_floors;
    r->choice = ys_calloc((size_t)c->n_blocks, sizeof *r->choice);
    r->use = ys_calloc(rows, sizeof *r->use);
    r->floor_use = ys_calloc(floors, sizeof *r->floor_use);
    r->floor_need = ys_calloc(floors, sizeof *r->floor_need);
    bool ok = r->choice != NULL && r->use != NULL && r->floor_use != NULL && r->floor_need != NULL;
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        r->tier[t].price = ys_calloc(rows, sizeof *r->tier[t].price);
        r->tier[t].floor_price = ys_calloc(floors, sizeof *r->tier[t].floor_price);
        ok = ok && r->tier[t].price != NULL && r->tier[t].floor_price != NULL;
    }
    g->left = ys_malloc(rows * sizeof *g->left);
    g->money = ys_calloc((size_t)c->n_types, sizeof *g->money);
    g->queue = ys_malloc((size_t)c->n_blocks * sizeof *g->queue);
    g->score = ys_malloc((size_t)g->p->in->n_measures * sizeof *g->score);
    ok = ok && g->left != NULL && g->money != NULL && g->queue != NULL && g->score != NULL;
    return ok ? YS_OK : ys_fail_nomem(diag);
}

/* Values, uses, and the bounds at zero prices: everybody has what is best for it. */
static void sum_up(baseline *g)
{
    const ys_choice *c = g->c;
    ys_plan_result *r = g->r;
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        const ys_bundle *u = chosen(g, &b, i);
        int64_t most1 = b.bundle[0].v1, most2 = b.bundle[0].v2;
        for (int k = 1; k < b.n_bundles; k++) {
            most1 = b.bundle[k].v1 > most1 ? b.bundle[k].v1 : most1;
            most2 = b.bundle[k].v2 > most2 ? b.bundle[k].v2 : most2;
        }
        r->tier[0].value += u->v1;
        r->tier[0].bound += most1;
        r->tier[1].value += u->v2;
        r->tier[1].bound += most2;
    }
    for (int64_t row = 0; row < c->n_rows; row++)
        r->use[row] = c->limit[row] - g->left[row];
    for (int t = 0; t < YS_PLAN_TIERS; t++) {
        ys_plan_tier *k = &r->tier[t];
        double size = k->bound > 1 ? (double)k->bound : 1;
        k->gap = ((double)k->bound - (double)k->value) / size;
        r->gap = k->gap > r->gap ? k->gap : r->gap;
    }
    r->tier[1].couple_minimum = ys__couple_minimum(r->tier[0].value, g->p->in->tolerance);
    r->checksum = ys__result_checksum(r);
    ys__measure_overlap(g->p, r);
}

ys_status ys_compare_baseline(const ys_plan *p, ys_compare_rule rule, const int32_t *declared,
                              ys_plan_result **ret_result, ys_diag *diag)
{
    baseline g = {.p = p, .c = &p->choice, .declared = declared};
    ys_status st = take_room(&g, diag);
    if (st == YS_OK) {
        line_up(&g);
        if (rule == YS_COMPARE_EVEN)
            run_even(&g);
        else if (rule == YS_COMPARE_DECLARED)
            run_declared(&g);
        else
            run_greedy(&g);
        sum_up(&g);
        st = ys__floor_sums(g.c, g.r->choice, g.r->floor_use, g.r->floor_need, diag);
    }
    if (st == YS_OK) {
        *ret_result = g.r;
        g.r = NULL;
    }
    ys_plan_result_free(g.r);
    ys_free(g.left);
    ys_free(g.money);
    ys_free(g.queue);
    ys_free(g.score);
    return st;
}

/* ---- what it comes to ---- */

typedef struct tally {
    const ys_plan *p;
    const ys_compare_facts *f;
    ys_compare_sum *to; /* of one block */
} tally;

/* Does the measure meet a root or a deprivation that is there? */
static bool meets(const tally *t, int64_t household, const ys_plan_pick *k)
{
    const ys_plan_input *in = t->p->in;
    uint32_t cures = in->measures[k->measure].cures, own = in->households[household].deprived;
    if (k->person >= 0)
        own = (own & ~in->person_indicators) | in->persons[k->person].deprived;
    return (cures & own) != 0 || (t->f->keys[k->measure] & t->f->roots[household] & 0x7f) != 0;
}

/* Money of one unit in `ret_absent` and `ret_unknown` by heads, of one household or of all in a village. */
static void place_money(const tally *t, int64_t block, const ys_plan_pick *k, int64_t money)
{
    const ys_plan_input *in = t->p->in;
    int64_t v = block - in->n_households, absent = 0, unknown = 0, heads = 0;
    int64_t begin = v < 0 ? 0 : t->p->model.village_at[v], end = v < 0 ? 1 : t->p->model.village_at[v + 1];
    for (int64_t i = begin; i < end; i++) {
        int64_t h = v < 0 ? block : t->p->model.village_home[i];
        heads += in->households[h].persons;
        if (meets(t, h, k))
            continue;
        *(t->f->roots[h] & YS_COMPARE_UNKNOWN ? &unknown : &absent) += in->households[h].persons;
    }
    if (heads == 0)
        return;
    t->to->absent += (int64_t)((__int128)money * absent / heads);
    t->to->unknown += (int64_t)((__int128)money * unknown / heads);
}

static void tally_block(const tally *t, const ys_plan_result *r, int64_t block)
{
    ys_plan_picks k = ys_plan_picks_of(t->p, r, block);
    ys_compare_sum *to = t->to;
    bool village = block >= t->p->in->n_households;
    *to = (ys_compare_sum){.cures = k.cures,
                           .gap = k.gap,
                           .households = !village && k.count > 0,
                           .villages = village && k.count > 0};
    for (int i = 0; i < k.count; i++) {
        int64_t money = ys__plan_spent(t->p, k.pick[i].offering, -1);
        int64_t effect = (int64_t)(t->p->in->offerings[k.pick[i].offering].effect + 0.5);
        to->money += money;
        to->effect += effect;
        to->earned += t->f->earned[k.pick[i].measure] ? effect : 0;
        place_money(t, block, &k.pick[i], money);
    }
}

static void add_sum(ys_compare_sum *to, const ys_compare_sum *one)
{
    to->cures += one->cures;
    to->gap += one->gap;
    to->households += one->households;
    to->villages += one->villages;
    to->money += one->money;
    to->absent += one->absent;
    to->unknown += one->unknown;
    to->effect += one->effect;
    to->earned += one->earned;
}

void ys_compare_tally(const ys_plan *p, const ys_plan_result *r, const ys_compare_facts *facts,
                      ys_compare_sum *ret_sums)
{
    int32_t groups = facts->group != NULL ? facts->groups : 0;
    ys_compare_sum one;
    tally t = {.p = p, .f = facts, .to = &one};
    memset(ret_sums, 0, ((size_t)groups + 1) * sizeof *ret_sums);
    for (int64_t b = 0; b < r->blocks; b++) {
        tally_block(&t, r, b);
        if (groups > 0 && facts->group[b] >= 0)
            add_sum(&ret_sums[facts->group[b]], &one);
        add_sum(&ret_sums[groups], &one);
    }
}
