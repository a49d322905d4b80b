/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dive.  Most households keep their favourite even if prices were some percent off; they are settled, and prices are
 * found once more for the few others and for what is really left.  Two rounds, over about a third and a tenth of the
 * households (one, over a fifth, where there are very many), leave the repair very little to do.
 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

enum { PASSES = 25, CHUNK = 4096, MANY = 1000000 /* households from which one round must do */ };

/* Who is open in a round: prices off by 2^level / 4096 would change the choice. */
typedef struct round {
    int level;
    double pace;
} round;
static const round rounds[] = {{8, 0.03}, {5, 0.005}}, only_round = {7, 0.02};

typedef struct settling {
    const ys_job *job;
    const ys_draft *draft;
    int level;
    uint8_t *settled; /* [households] where seen */
    int64_t **use;    /* [threads][n_rows + 1] of the open; last: how many they are */
} settling;

static void settle_chunk(void *arg, int64_t no, int64_t begin, int64_t end, int thread)
{
    settling *w = arg;
    const ys_job *j = w->job;
    const ys_additive *p = j->p;
    int64_t *use = w->use[thread];
    (void)no;
    for (int64_t h = begin + j->seen.first; h < end + j->seen.first; h++) {
        const uint32_t *choice = w->draft->choice[h];
        w->settled[h] = w->settled[h] || w->draft->firm[h] > w->level;
        if (w->settled[h] || h >= j->own.end)
            continue;
        use[j->n_rows]++;
        for (int k = 0; k < 2 && choice[k] != YS_OPTIM_NO_CHOICE; k++)
            ys__add_use(p, &p->option[p->offset[h] + choice[k]], use);
    }
}

/* Settles those firmer than w->level; what they leave in `left`, and in left[n_rows] how many are open. */
static ys_status settle_firm(settling *w, ys_draft *d, int64_t *left, ys_diag *diag)
{
    const ys_job *j = w->job;
    memset(left, 0, ((size_t)j->n_rows + 1) * sizeof *left);
    ys_pool_run(j->pool, j->seen.end - j->seen.first, CHUNK, settle_chunk, w);
    for (int t = 0; t < ys_pool_threads(j->pool); t++) {
        for (int32_t r = 0; r <= j->n_rows; r++) {
            left[r] += w->use[t][r];
            w->use[t][r] = 0;
        }
    }
    YS_TRY(ys_comm_sum(j->comm, left, (size_t)j->n_rows + 1, diag));
    for (int32_t r = 0; r < j->n_rows; r++) {
        d->settled_use[r] = d->use[r] - left[r];
        int64_t rest = j->p->limit[r] - d->settled_use[r];
        left[r] = rest > 0 ? rest : 0;
    }
    return YS_OK;
}

static ys_status one_round(ys_job *j, ys_draft *d, double pace, ys_diag *diag)
{
    ys_layout l = {0};
    YS_TRY(ys__layout(j, &l, diag));
    ys_status st = ys__dual(j, &l, PASSES, pace, diag);
    ys__layout_done(&l);
    if (st == YS_OK) {
        ys__fix_prices(j);
        st = ys__exact(j, d, diag);
    }
    return st;
}

static ys_status all_rounds(ys_job *j, settling *w, ys_draft *d, int64_t *left, ys_diag *diag)
{
    const round *list = j->p->households > MANY ? &only_round : rounds;
    int count = j->p->households > MANY ? 1 : (int)(sizeof rounds / sizeof *rounds);
    for (int k = 0; k < count; k++) {
        YS_TRY(ys__agree_stop(j, diag));
        if (j->stopped)
            break;
        w->level = list[k].level;
        YS_TRY(settle_firm(w, d, left, diag));
        if (left[j->n_rows] == 0)
            break;
        j->settled = w->settled;
        j->limit = left;
        YS_TRY(one_round(j, d, list[k].pace, diag));
    }
    return YS_OK;
}

ys_status ys__settle(ys_job *j, ys_draft *d, ys_diag *diag)
{
    int threads = ys_pool_threads(j->pool);
    settling w = {.job = j, .draft = d};
    int64_t *left = ys_calloc((size_t)j->n_rows + 1, sizeof *left);
    w.settled = ys_calloc((size_t)j->p->households + 1, 1);
    w.use = ys__use_open(threads, (size_t)j->n_rows + 1);
    bool ok = w.settled != NULL && left != NULL && w.use != NULL;
    ys_status st = ok ? all_rounds(j, &w, d, left, diag) : ys_fail_nomem(diag);
    j->settled = NULL;
    j->limit = j->p->limit;
    ys__use_close(w.use, threads);
    ys_free(w.settled);
    ys_free(left);
    return st;
}
