/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the first choice to a plan.  At the prices found, nearly everybody's favourite fits; a few rows are too full and
 * a few have room.  Sweeps raise the prices of the full and lower those of the others, a little more each time, and let
 * only those decide again whose choice is no firmer than that.  Zones have a quota of every fund, so they do not wait for
 * each other; what they leave is pooled and offered once more.
 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

enum {
    FILL_LEVEL = 7,  /* within a zone only the nearest are asked again; */
    POOL_LEVEL = 12, /* with all leftovers everyone is: 2^12 / 4096, rows with room are free of charge, */
    MANY = 1000000,  /* but where there are more households than this */
    MANY_LEVEL = 9,  /* only up to this level */
    ASK_ALL =
        100000, /* households up to which all of a level decide one after the other: a little better, and slower */
    ROOM_LEVEL = 7, /* while rows are too full, those with room become cheaper up to this level only */
    SWEEPS = 20,    /* levels of repair before users of full rows are turned away */
};

/* What one zone has of a fund. */
typedef struct quota {
    int32_t fund;
    int64_t amount; /* used by the first choice; then allotted; then left */
} quota;

typedef struct sweep {
    const ys_job *job;
    ys_draft *draft;
    int64_t *fund_left, *row_left; /* row_left[r - funds]; a zone touches its own rows only */
    double up, down;               /* factors on the prices of rows that are too full, and with room */
    bool refuse;                   /* options on rows that are too full are worth nothing */
    int64_t over;                  /* rows too full */
    double *s;                     /* [most options of a household] */
} sweep;

typedef struct work {
    const ys_job *job;
    ys_draft *draft;
    int64_t *row_left;
    uint32_t *order;                      /* [households] those of a zone by firmness */
    int64_t (*level)[YS_FIRM_LEVELS + 1]; /* [zones] where a level begins in `order` */
    int64_t *over;                        /* [zones] local rows too full */
    quota **quota;                        /* [zones] */
    int32_t *n_quota;
    sweep *sweep;  /* [threads] */
    int level_now; /* of the pooled leftovers */
    int64_t *
        candidates; /* [zones] households of that level that would change; they stand first in its part of `order` */
    bool failed;
} work;

static inline double factor(const sweep *w, int64_t left)
{
    return left < 0 ? w->up : left > 0 ? w->down : 1;
}

/* What the household has now. */
typedef struct holding {
    const ys_optim_option *option[2]; /* NULL: nothing */
    double worth;
} holding;

/* No room for `o`, whatever else the household might give up?  (Where it shares a row with its own, there may be.) */
static bool hopeless(const sweep *w, const ys_optim_option *o, const holding *own)
{
    bool row = o->row != YS_OPTIM_NO_ROW && w->row_left[o->row] <= 0;
    bool a = o->cost_a > w->fund_left[o->fund_a], b = o->cost_b > w->fund_left[o->fund_b];
    if (!row && !a && !b)
        return false;
    for (int k = 0; k < 2 && own->option[k] != NULL; k++) {
        const ys_optim_option *c = own->option[k];
        row = row && c->row != o->row;
        a = a && c->fund_a != o->fund_a && c->fund_b != o->fund_a;
        b = b && c->fund_a != o->fund_b && c->fund_b != o->fund_b;
    }
    return row || a || b;
}

/* Value at the prices of the moment. */
static double worth(const sweep *w, int64_t h, const ys_optim_option *o)
{
    const double *price = w->job->price;
    const ys_additive *p = w->job->p;
    int64_t a = w->fund_left[o->fund_a], b = w->fund_left[o->fund_b];
    double s = (double)ys__option_value(p, h, o);
    s -= price[o->fund_a] * factor(w, a) * o->cost_a;
    s -= price[o->fund_b] * factor(w, b) * o->cost_b;
    bool full = (a < 0 && o->cost_a > 0) || (b < 0 && o->cost_b > 0);
    if (o->row != YS_OPTIM_NO_ROW) {
        int64_t left = w->row_left[o->row];
        s -= price[p->funds + (int32_t)o->row] * factor(w, left);
        full |= left < 0;
    }
    return full && w->refuse ? -1e300 : s; /* far below any value, so that whoever has it moves */
}

/* Takes `units` of a row or (negative) gives them back; keeps the count of rows too full. */
static inline void charge(sweep *w, int64_t *left, int64_t units)
{
    bool was = *left < 0;
    *left -= units;
    w->over += (*left < 0) - was;
}

static void charge_option(sweep *w, const ys_optim_option *o, int sign)
{
    charge(w, &w->fund_left[o->fund_a], (int64_t)sign * o->cost_a);
    charge(w, &w->fund_left[o->fund_b], (int64_t)sign * o->cost_b);
    if (o->row != YS_OPTIM_NO_ROW)
        charge(w, &w->row_left[o->row], sign);
}

static int64_t fund_need(const ys_optim_option *o, uint16_t fund)
{
    return o == NULL ? 0 : (o->fund_a == fund ? o->cost_a : 0) + (int64_t)(o->fund_b == fund ? o->cost_b : 0);
}

/* May the household, whose own use is given back, take `o` beside `first`?  Within what is left, or what it had. */
static bool may(const sweep *w, const ys_optim_option *o, const ys_optim_option *first, const holding *own)
{
    const uint16_t fund[2] = {o->fund_a, o->fund_b};
    for (int k = 0; k < 2; k++) {
        int64_t need = fund_need(o, fund[k]) + fund_need(first, fund[k]);
        if (need > w->fund_left[fund[k]] &&
            need > fund_need(own->option[0], fund[k]) + fund_need(own->option[1], fund[k]))
            return false;
    }
    if (o->row == YS_OPTIM_NO_ROW)
        return true;
    int64_t need = 1 + (first != NULL && first->row == o->row);
    return need <= w->row_left[o->row] ||
           need <= (own->option[0] != NULL && own->option[0]->row == o->row) +
                       (own->option[1] != NULL && own->option[1]->row == o->row);
}

/* Best option that is allowed beside `first` (NULL: none), -1. */
static int64_t best_beside(const sweep *w, const ys_optim_option *o, uint32_t n, const ys_optim_option *first,
                           const holding *own)
{
    int64_t best = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (w->s[i] > (best < 0 ? 0 : w->s[best]) && (first == NULL || first->group != o[i].group) &&
            may(w, &o[i], first, own))
            best = i;
    }
    return best;
}

/* Values of all options into w->s; returns the most two of them could bring. */
static double look_over(sweep *w, int64_t h, const ys_optim_option *o, uint32_t n, holding *own)
{
    double first = 0, second = 0;
    int group = -1;
    for (uint32_t i = 0; i < n; i++) {
        bool mine = &o[i] == own->option[0] || &o[i] == own->option[1];
        w->s[i] = mine || !hopeless(w, &o[i], own) ? worth(w, h, &o[i]) : -1;
        own->worth += mine ? w->s[i] : 0;
        if (w->s[i] > first) {
            second = o[i].group != group ? first : second;
            first = w->s[i];
            group = o[i].group;
        } else if (w->s[i] > second && o[i].group != group) {
            second = w->s[i];
        }
    }
    return first + second;
}

/* True: it now has another choice. */
static bool decide_again(sweep *w, int64_t h)
{
    uint32_t n, *choice = w->draft->choice[h];
    const ys_optim_option *o = ys__options(w->job->p, h, &n);
    holding own = {.option = {choice[0] != YS_OPTIM_NO_CHOICE ? &o[choice[0]] : NULL,
                              choice[1] != YS_OPTIM_NO_CHOICE ? &o[choice[1]] : NULL}};
    double most = look_over(w, h, o, n, &own), least_gain = 1e-9 * (most + 1);
    bool changed = false;
    if (most <= own.worth + least_gain)
        return false;
    for (int k = 0; k < 2 && own.option[k] != NULL; k++)
        charge_option(w, own.option[k], -1);
    int64_t a = best_beside(w, o, n, NULL, &own), b = a < 0 ? -1 : best_beside(w, o, n, &o[a], &own);
    if ((a < 0 ? 0 : w->s[a]) + (b < 0 ? 0 : w->s[b]) > own.worth + least_gain) {
        choice[0] = a < 0 ? YS_OPTIM_NO_CHOICE : (uint32_t)a;
        choice[1] = b < 0 ? YS_OPTIM_NO_CHOICE : (uint32_t)b;
        changed = true;
    }
    for (int k = 0; k < 2 && choice[k] != YS_OPTIM_NO_CHOICE; k++)
        charge_option(w, &o[choice[k]], 1);
    return changed;
}

/* Would it change its choice with what is left now?  Nothing is changed. */
static bool would_change(sweep *w, int64_t h)
{
    uint32_t n, *choice = w->draft->choice[h], had[2] = {choice[0], choice[1]};
    const ys_optim_option *o = ys__options(w->job->p, h, &n);
    if (!decide_again(w, h))
        return false;
    for (int k = 0; k < 2 && choice[k] != YS_OPTIM_NO_CHOICE; k++)
        charge_option(w, &o[choice[k]], -1);
    for (int k = 0; k < 2 && had[k] != YS_OPTIM_NO_CHOICE; k++)
        charge_option(w, &o[had[k]], 1);
    memcpy(choice, had, sizeof had);
    return true;
}

static void set_level(sweep *w, int level, bool filling)
{
    double delta = (double)((int64_t)1 << level) / 4096;
    w->up = 1 + delta;
    w->down = filling || level <= ROOM_LEVEL ? 1 - (delta < 1 ? delta : 1) : 1;
}

/* Households of `zone` whose firmness is from `low` to `high`. */
static void run_levels(const work *k, sweep *w, int64_t zone, int low, int high)
{
    int64_t end = k->level[zone][high + 1];
    for (int64_t i = k->level[zone][low]; i < end; i++) {
        if (i + 2 * YS_AHEAD < end)
            ys__fetch(k->job->p, k->order[i + 2 * YS_AHEAD], k->order[i + YS_AHEAD]);
        (void)decide_again(w, k->order[i]);
    }
}

static void repair_zone(const work *k, sweep *w, int64_t zone)
{
    int level = 0;
    for (; level < SWEEPS && w->over > 0; level++) {
        set_level(w, level, false);
        run_levels(k, w, zone, 0, level);
    }
    w->refuse = true;
    while (w->over > 0) /* every round turns at least one household away */
        run_levels(k, w, zone, 0, YS_FIRM_LEVELS - 1);
    w->refuse = false;
    for (level = 0; level <= FILL_LEVEL; level++) {
        set_level(w, level, true);
        run_levels(k, w, zone, level, level);
    }
}

/* ---- zones ---- */

static void sort_zone(work *k, int64_t zone)
{
    const ys_span *z = &k->draft->zone[zone];
    int64_t *level = k->level[zone], at[YS_FIRM_LEVELS + 1] = {0};
    for (int64_t h = z->first; h < z->end; h++)
        at[k->draft->firm[h] + 1]++;
    at[0] = z->first;
    for (int i = 1; i <= YS_FIRM_LEVELS; i++)
        at[i] += at[i - 1];
    memcpy(level, at, sizeof at);
    for (int64_t h = z->first; h < z->end; h++)
        k->order[at[k->draft->firm[h]]++] = (uint32_t)h;
}

/* What the first choice of the zone takes of each fund; fund_left is 0 before and after. */
static bool count_zone(work *k, sweep *w, int64_t zone)
{
    const ys_additive *p = k->job->p;
    const ys_span *z = &k->draft->zone[zone];
    size_t cap = 0;
    for (int64_t h = z->first; h < z->end; h++) {
        if (h + YS_AHEAD < z->end)
            ys__fetch_choice(p, h + YS_AHEAD, k->draft->choice[h + YS_AHEAD]);
        for (int i = 0; i < 2 && k->draft->choice[h][i] != YS_OPTIM_NO_CHOICE; i++) {
            const ys_optim_option *o = &p->option[p->offset[h] + k->draft->choice[h][i]];
            const uint16_t fund[2] = {o->fund_a, o->fund_b};
            const int32_t cost[2] = {o->cost_a, o->cost_b};
            for (int f = 0; f < 2; f++) {
                if (cost[f] == 0)
                    continue;
                if (w->fund_left[fund[f]] == 0) {
                    if (!ys_grow(&k->quota[zone], &cap, (size_t)k->n_quota[zone] + 1, sizeof **k->quota))
                        return false;
                    k->quota[zone][k->n_quota[zone]++].fund = fund[f];
                }
                w->fund_left[fund[f]] += cost[f];
            }
        }
    }
    for (int32_t i = 0; i < k->n_quota[zone]; i++) {
        quota *q = &k->quota[zone][i];
        q->amount = w->fund_left[q->fund];
        w->fund_left[q->fund] = 0;
    }
    return true;
}

static void prepare_zone(void *arg, int64_t at, int64_t begin, int64_t end, int thread)
{
    work *k = arg;
    int64_t no = k->draft->zone_first + at;
    (void)begin;
    (void)end;
    sort_zone(k, no);
    if (!count_zone(k, &k->sweep[thread], no))
        k->failed = true;
}

/* a * b / c rounded down; b, c >= 0. */
static int64_t share(int64_t a, int64_t b, int64_t c)
{
    __int128 x = (__int128)a * b, q = x / c;
    return (int64_t)(q - (x % c < 0));
}

static void solve_zone(void *arg, int64_t at, int64_t begin, int64_t end, int thread)
{
    work *k = arg;
    int64_t no = k->draft->zone_first + at;
    sweep *w = &k->sweep[thread];
    (void)begin;
    (void)end;
    w->over = k->over[no];
    for (int32_t i = 0; i < k->n_quota[no]; i++) {
        const quota *q = &k->quota[no][i];
        int64_t use = k->draft->use[q->fund];
        w->fund_left[q->fund] = share(k->job->p->limit[q->fund] - use, q->amount, use);
        w->over += w->fund_left[q->fund] < 0;
    }
    repair_zone(k, w, no);
    for (int32_t i = 0; i < k->n_quota[no]; i++) {
        quota *q = &k->quota[no][i];
        int64_t use = k->draft->use[q->fund];
        /* used now = used before + allotted beyond - left */
        q->amount += share(k->job->p->limit[q->fund] - use, q->amount, use) - w->fund_left[q->fund];
        w->fund_left[q->fund] = 0;
    }
}

/* Rows too full, by zone. */
static void count_over(work *k, const ys_layout *l)
{
    const ys_job *j = k->job;
    for (int32_t r = j->p->funds; r < j->n_rows; r++) {
        int64_t low = 0, high = k->draft->n_zones - 1, left = j->p->limit[r] - k->draft->use[r];
        k->row_left[r - j->p->funds] = left;
        if (left >= 0)
            continue;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (k->draft->zone[middle].end > l->first[r])
                high = middle;
            else
                low = middle + 1;
        }
        k->over[low]++;
    }
}

/* What all zones left of the funds. */
static ys_status sum_leftovers(const work *k, int64_t *fund_left, ys_diag *diag)
{
    const ys_additive *p = k->job->p;
    for (int64_t z = k->draft->zone_first; z < k->draft->zone_end; z++)
        for (int32_t i = 0; i < k->n_quota[z]; i++)
            fund_left[k->quota[z][i].fund] += k->quota[z][i].amount;
    YS_TRY(ys_comm_sum(k->job->comm, fund_left, (size_t)p->funds, diag));
    for (int32_t f = 0; f < p->funds; f++)
        fund_left[f] = p->limit[f] - fund_left[f];
    return YS_OK;
}

/* Who of the level would take of what is left at its beginning?  Most would not, so this is nearly all the work. */
static void find_candidates(void *arg, int64_t at, int64_t begin, int64_t end, int thread)
{
    work *k = arg;
    int64_t no = k->draft->zone_first + at;
    uint32_t *list = k->order + k->level[no][k->level_now];
    int64_t n = k->level[no][k->level_now + 1] - k->level[no][k->level_now], found = 0;
    bool all = k->job->p->households <= ASK_ALL;
    (void)begin;
    (void)end;
    for (int64_t i = 0; i < n; i++) {
        if (!all && i + 2 * YS_AHEAD < n)
            ys__fetch(k->job->p, list[i + 2 * YS_AHEAD], list[i + YS_AHEAD]);
        if (all || would_change(&k->sweep[thread], list[i]))
            list[found++] = list[i]; /* the others are not asked any more */
    }
    k->candidates[no] = found;
}

static void offer_to_candidates(const work *k, sweep *w)
{
    for (int64_t z = k->draft->zone_first; z < k->draft->zone_end; z++)
        for (int64_t i = 0; i < k->candidates[z]; i++)
            (void)decide_again(w, k->order[k->level[z][k->level_now] + i]);
}

/*
 * What all zones left, offered to those who are nearest to wanting it, and then to all.  At each level all zones look at once
 * who would take something; those few (in small instances: all) then decide one after the other, zone after zone, and so rank after rank.
 */
static ys_status pool_leftovers(work *k, ys_diag *diag)
{
    sweep *w = &k->sweep[0];
    const ys_job *j = k->job;
    YS_TRY(sum_leftovers(k, w->fund_left, diag));
    int last = j->p->households > MANY ? MANY_LEVEL : POOL_LEVEL;
    for (k->level_now = 0; k->level_now <= last; k->level_now++) {
        for (int t = 0; t < ys_pool_threads(j->pool); t++) {
            set_level(&k->sweep[t], k->level_now, true);
            if (t > 0)
                memcpy(k->sweep[t].fund_left, w->fund_left, (size_t)j->p->funds * sizeof *w->fund_left);
        }
        ys_pool_run(j->pool, k->draft->zone_end - k->draft->zone_first, 1, find_candidates, k);
        for (int rank = 0; rank < j->comm->size; rank++) {
            if (rank == j->comm->rank)
                offer_to_candidates(k, w);
            YS_TRY(ys_comm_spread(j->comm, rank, w->fund_left, (size_t)j->p->funds, diag));
        }
    }
    return YS_OK;
}

static uint32_t most_options(const ys_additive *p, ys_span of)
{
    uint64_t most = 0;
    for (int64_t h = of.first; h < of.end; h++) {
        uint64_t n = p->offset[h + 1] - p->offset[h];
        most = n > most ? n : most;
    }
    return (uint32_t)most;
}

static bool open_work(work *k, const ys_job *j, ys_draft *d, int threads)
{
    size_t zones = (size_t)d->n_zones + 1, n = (size_t)j->p->households + 1;
    uint32_t most = most_options(j->p, d->plan);
    *k = (work){.job = j, .draft = d};
    k->row_left = ys_calloc((size_t)j->p->rows + 1, sizeof *k->row_left);
    k->order = ys_malloc(n * sizeof *k->order);
    k->level = ys_calloc(zones, sizeof *k->level);
    k->over = ys_calloc(zones, sizeof *k->over);
    k->quota = ys_calloc(zones, sizeof *k->quota);
    k->n_quota = ys_calloc(zones, sizeof *k->n_quota);
    k->candidates = ys_calloc(zones, sizeof *k->candidates);
    k->sweep = ys_calloc((size_t)threads, sizeof *k->sweep);
    bool ok = k->row_left != NULL && k->order != NULL && k->level != NULL && k->over != NULL &&
              k->quota != NULL && k->n_quota != NULL && k->candidates != NULL && k->sweep != NULL;
    for (int t = 0; t < threads && ok; t++) {
        sweep *w = &k->sweep[t];
        *w = (sweep){.job = j, .draft = d, .row_left = k->row_left};
        w->fund_left = ys_calloc((size_t)j->p->funds + 1, sizeof *w->fund_left);
        w->s = ys_malloc(((size_t)most + 1) * sizeof *w->s);
        ok = w->fund_left != NULL && w->s != NULL;
    }
    return ok;
}

static void close_work(work *k, int threads, int64_t zones)
{
    for (int t = 0; t < threads && k->sweep != NULL; t++) {
        ys_free(k->sweep[t].fund_left);
        ys_free(k->sweep[t].s);
    }
    for (int64_t z = 0; z < zones && k->quota != NULL; z++)
        ys_free(k->quota[z]);
    ys_free(k->row_left);
    ys_free(k->order);
    ys_free(k->level);
    ys_free(k->over);
    ys_free(k->quota);
    ys_free(k->n_quota);
    ys_free(k->candidates);
    ys_free(k->sweep);
}

ys_status ys__repair(const ys_job *j, const ys_layout *l, ys_draft *d, ys_diag *diag)
{
    work k;
    int threads = ys_pool_threads(j->pool);
    int64_t zones = d->zone_end - d->zone_first;
    ys_status st = open_work(&k, j, d, threads) ? YS_OK : ys_fail_nomem(diag);
    if (st == YS_OK) {
        ys_pool_run(j->pool, zones, 1, prepare_zone, &k);
        st = k.failed ? ys_fail_nomem(diag) : YS_OK;
    }
    if (st == YS_OK) {
        count_over(&k, l);
        ys_pool_run(j->pool, zones, 1, solve_zone, &k);
        st = pool_leftovers(&k, diag);
    }
    close_work(&k, threads, d->n_zones);
    return st;
}
