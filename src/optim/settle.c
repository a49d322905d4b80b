/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dive.  Most households keep their favourite even if prices were some percent off; they are settled, and prices are
 * found once more for the few others and for what is really left.  Two rounds, over about a third and a tenth of the
 * households (one, over a fifth, where there are very many), leave the repair very little to do.
 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

enum { PASSES = 25, MANY = 1000000 /* households from which one round must do */ };

/* Who is open in a round: prices off by 2^level / 4096 would change the choice. */
typedef struct round {
    int level;
    double pace;
} round;
static const round rounds[] = {{8, 0.03}, {5, 0.005}}, only_round = {7, 0.02};

/* Settles those firmer than `level`; what they leave in `left`.  Returns how many are open. */
static int64_t settle_firm(const ys_job *j, const ys_draft *d, int level, uint8_t *settled, int64_t *left)
{
    int64_t open = 0;
    const ys_additive *p = j->p;
    for (int64_t h = 0; h < p->households; h++) {
        settled[h] = settled[h] || d->firm[h] > level;
        open += !settled[h];
    }
    memcpy(d->settled_use, d->use, (size_t)j->n_rows * sizeof *d->use);
    memset(left, 0, (size_t)j->n_rows * sizeof *left);
    for (int64_t h = 0; h < p->households; h++)
        for (int k = 0; k < 2 && !settled[h] && d->choice[h][k] != YS_OPTIM_NO_CHOICE; k++)
            ys__add_use(p, &p->option[p->offset[h] + d->choice[h][k]], left);
    for (int32_t r = 0; r < j->n_rows; r++) {
        d->settled_use[r] -= left[r];
        int64_t rest = p->limit[r] - d->settled_use[r];
        left[r] = rest > 0 ? rest : 0;
    }
    return open;
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

ys_status ys__settle(ys_job *j, ys_draft *d, ys_diag *diag)
{
    uint8_t *settled = ys_calloc((size_t)j->p->households + 1, 1);
    int64_t *left = ys_calloc((size_t)j->n_rows + 1, sizeof *left);
    ys_status st = settled != NULL && left != NULL ? YS_OK : ys_fail_nomem(diag);
    const round *list = j->p->households > MANY ? &only_round : rounds;
    int count = j->p->households > MANY ? 1 : (int)(sizeof rounds / sizeof *rounds);
    for (int k = 0; k < count && st == YS_OK && !ys__stopped(j); k++) {
        if (settle_firm(j, d, list[k].level, settled, left) == 0)
            break;
        j->settled = settled;
        j->limit = left;
        st = one_round(j, d, list[k].pace, diag);
    }
    j->settled = NULL;
    j->limit = j->p->limit;
    ys_free(settled);
    ys_free(left);
    return st;
}
