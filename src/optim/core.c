/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core of a small instance.  At prices p the distance of a plan to the bound is the sum over households of what their
 * choice falls short of their favourite, and the price of what is left over.  So in any better plan no household falls
 * short by more than that distance: all other choices are out (reduced-cost fixing), and what remains, a few choices for
 * a part of the households, is searched by annealing.
 */
#include "optim/additive.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "optim/choose.h"

enum { CHOICES = 24 };

/* One choice of a household: none, one or two options. */
typedef struct bundle {
    uint32_t pick[2];
    double loss;
} bundle;

typedef struct core {
    const ys_job *job;
    const double *price;
    ys_choose c;
    int64_t *home;  /* [classes] household */
    bundle *bundle; /* [items] */
    int *item_at, *use_at, *use_row, *order, *choice;
    int64_t *value, *use, *left;
    size_t cap_home, cap_at, cap_bundle, cap_value, cap_use_at, cap_use, cap_row;
    int uses;
    double *s; /* [most options] */
} core;

static double reduced(const core *k, int64_t h, const ys_optim_option *o)
{
    const ys_additive *p = k->job->p;
    double v =
        (double)ys__option_value(p, h, o) - k->price[o->fund_a] * o->cost_a - k->price[o->fund_b] * o->cost_b;
    return o->row != YS_OPTIM_NO_ROW ? v - k->price[p->funds + (int32_t)o->row] : v;
}

/* Puts a bundle into the sorted list of at most CHOICES; returns the new length. */
static int keep(bundle *list, int n, bundle b)
{
    if (n == CHOICES && b.loss >= list[n - 1].loss)
        return n;
    int k = n < CHOICES ? n++ : n - 1;
    for (; k > 0 && list[k - 1].loss > b.loss; k--)
        list[k] = list[k - 1];
    list[k] = b;
    return n;
}

/* The choices of `h` that fall short by less than `reach`, and the one it has; losses are below 0 until the end. */
static int choices_of(core *k, int64_t h, const uint32_t has[2], double reach, bundle *list)
{
    uint32_t n_options;
    const ys_optim_option *o = ys__options(k->job->p, h, &n_options);
    double best = 0;
    int n = keep(list, 0, (bundle){{YS_OPTIM_NO_CHOICE, YS_OPTIM_NO_CHOICE}, 0});
    for (uint32_t a = 0; a < n_options; a++) {
        k->s[a] = reduced(k, h, &o[a]);
        best = fmax(best, k->s[a]);
        n = keep(list, n, (bundle){{a, YS_OPTIM_NO_CHOICE}, -k->s[a]});
        for (uint32_t b = 0; b < a; b++) {
            if (o[a].group == o[b].group)
                continue;
            best = fmax(best, k->s[a] + k->s[b]);
            n = keep(list, n, (bundle){{a, b}, -k->s[a] - k->s[b]});
        }
    }
    int kept = 0;
    bool own = false;
    for (int i = 0; i < n; i++) {
        bundle b = list[i];
        bool same =
            (b.pick[0] == has[0] && b.pick[1] == has[1]) || (b.pick[0] == has[1] && b.pick[1] == has[0]);
        b.loss += best;
        if (b.loss < reach || same)
            list[kept++] = b;
        own |= same;
    }
    if (!own) {
        kept -= kept == CHOICES;
        list[kept++] = (bundle){{has[0], has[1]}, reach};
    }
    return kept;
}

/* Notes what an option takes; the row's number is kept in `use_row`. */
static bool add_uses(core *k, const ys_optim_option *o)
{
    const int row[3] = {o->fund_a, o->fund_b,
                        o->row != YS_OPTIM_NO_ROW ? k->job->p->funds + (int32_t)o->row : 0};
    const int64_t amount[3] = {o->cost_a, o->cost_b, o->row != YS_OPTIM_NO_ROW};
    if (!ys_grow(&k->use_row, &k->cap_row, (size_t)k->uses + 3, sizeof *k->use_row) ||
        !ys_grow(&k->use, &k->cap_use, (size_t)k->uses + 3, sizeof *k->use))
        return false;
    for (int i = 0; i < 3; i++) {
        if (amount[i] > 0) {
            k->use_row[k->uses] = row[i];
            k->use[k->uses++] = amount[i];
        }
    }
    return true;
}

static bool add_class(core *k, int64_t h, const bundle *list, int n)
{
    const ys_optim_option *o = k->job->p->option + k->job->p->offset[h];
    int items = k->c.n > 0 ? k->item_at[k->c.n] : 0;
    if (!ys_grow(&k->home, &k->cap_home, (size_t)k->c.n + 1, sizeof *k->home) ||
        !ys_grow(&k->item_at, &k->cap_at, (size_t)k->c.n + 2, sizeof *k->item_at) ||
        !ys_grow(&k->bundle, &k->cap_bundle, (size_t)(items + n), sizeof *k->bundle) ||
        !ys_grow(&k->value, &k->cap_value, (size_t)(items + n), sizeof *k->value) ||
        !ys_grow(&k->use_at, &k->cap_use_at, (size_t)(items + n) + 1, sizeof *k->use_at))
        return false;
    k->item_at[0] = 0;
    k->home[k->c.n++] = h;
    k->item_at[k->c.n] = items + n;
    for (int i = 0; i < n; i++) {
        k->bundle[items + i] = list[i];
        k->value[items + i] = 0;
        k->use_at[items + i] = k->uses;
        for (int t = 0; t < 2; t++) {
            if (list[i].pick[t] == YS_OPTIM_NO_CHOICE)
                continue;
            k->value[items + i] += ys__option_value(k->job->p, h, &o[list[i].pick[t]]);
            if (!add_uses(k, &o[list[i].pick[t]]))
                return false;
        }
    }
    k->use_at[items + n] = k->uses;
    return true;
}

/* Households with more than one choice; the others' use comes off the limits. */
static bool gather(core *k, uint32_t (*choice)[2], double reach)
{
    const ys_additive *p = k->job->p;
    memset(k->left, 0, (size_t)k->job->n_rows * sizeof *k->left);
    for (int64_t h = 0; h < p->households; h++) {
        bundle list[CHOICES];
        int n = choices_of(k, h, choice[h], reach, list);
        if (n > 1 && !add_class(k, h, list, n))
            return false;
        for (int t = 0; t < 2 && n == 1 && choice[h][t] != YS_OPTIM_NO_CHOICE; t++)
            ys__add_use(p, &p->option[p->offset[h] + choice[h][t]], k->left);
    }
    for (int32_t r = 0; r < k->job->n_rows; r++)
        k->left[r] = p->limit[r] - k->left[r];
    return true;
}

static bool same_choice(const bundle *b, const uint32_t c[2])
{
    return (b->pick[0] == c[0] && b->pick[1] == c[1]) || (b->pick[0] == c[1] && b->pick[1] == c[0]);
}

/* The annealing, from the plan at hand; a better plan is written to `choice`. */
static bool anneal_core(core *k, uint32_t (*choice)[2], ys_core_work work)
{
    int items = k->item_at[k->c.n];
    k->order = ys_malloc(((size_t)items + 1) * sizeof *k->order);
    k->choice = ys_malloc(((size_t)k->c.n + 1) * sizeof *k->choice);
    double *promise = ys_malloc(((size_t)items + 1) * sizeof *promise);
    bool ok = k->order != NULL && k->choice != NULL && promise != NULL;
    if (ok) {
        for (int i = 0; i < items; i++)
            promise[i] = -k->bundle[i].loss;
        k->c.item_at = k->item_at;
        k->c.value = k->value;
        k->c.use_at = k->use_at;
        k->c.use_row = k->use_row;
        k->c.use = k->use;
        k->c.limit = k->left;
        k->c.rows = k->job->n_rows;
        k->c.units_from = k->job->p->funds;
        k->c.order = k->order;
        k->c.price = k->price;
        k->c.heat = work.reach * work.heat;
        ys__choose_order(k->c.n, k->item_at, promise, k->order);
        for (int c = 0; c < k->c.n; c++)
            for (int i = k->item_at[c]; i < k->item_at[c + 1]; i++)
                if (same_choice(&k->bundle[i], choice[k->home[c]]))
                    k->choice[c] = i;
        int64_t reached;
        if (ys__anneal(&k->c, k->job->config, work.moves, work.rounds, work.seed, k->choice, &reached)) {
            ok = ys__exchange(&k->c, work.moves, k->choice);
            if (ok && work.quad.rounds > 0)
                ok = ys__quad(&k->c, k->job->config, work.quad, k->choice);
            for (int c = 0; c < k->c.n; c++)
                memcpy(choice[k->home[c]], k->bundle[k->choice[c]].pick, sizeof choice[0]);
        }
    }
    ys_free(promise);
    return ok;
}

static void core_done(core *k)
{
    ys_free(k->home);
    ys_free(k->bundle);
    ys_free(k->item_at);
    ys_free(k->use_at);
    ys_free(k->use_row);
    ys_free(k->order);
    ys_free(k->choice);
    ys_free(k->value);
    ys_free(k->use);
    ys_free(k->left);
    ys_free(k->s);
}

ys_status ys__core(const ys_job *j, const double *price, uint32_t (*choice)[2], ys_core_work work,
                   ys_diag *diag)
{
    core k = {.job = j, .price = price};
    uint64_t most = 0;
    for (int64_t h = 0; h < j->p->households; h++) {
        uint64_t n = j->p->offset[h + 1] - j->p->offset[h];
        most = n > most ? n : most;
    }
    if (most > YS_BLOCK_OPTIONS)
        return YS_OK; /* too many pairs to look at one by one */
    k.left = ys_malloc(((size_t)j->n_rows + 1) * sizeof *k.left);
    k.s = ys_malloc((most + 1) * sizeof *k.s);
    bool ok = k.left != NULL && k.s != NULL && gather(&k, choice, work.reach);
    if (ok && k.c.n > 0)
        ok = anneal_core(&k, choice, work);
    core_done(&k);
    return ok ? YS_OK : ys_fail_nomem(diag);
}
