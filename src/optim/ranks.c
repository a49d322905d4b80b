/* SPDX-License-Identifier: Apache-2.0 */
#include "optim/additive.h"

#include <string.h>

#include "base/alloc.h"

void ys_ranks_own(int64_t households, const ys_comm *c, int64_t *ret_first, int64_t *ret_end)
{
    int64_t first, end;
    ys_comm_part(c->rank, c->size, (households + YS_BLOCK - 1) / YS_BLOCK, &first, &end);
    *ret_first = first * YS_BLOCK;
    *ret_end = end * YS_BLOCK < households ? end * YS_BLOCK : households;
}

/* ---- small instances: rank 0 has solved it, the others take over what it found ---- */

enum { VALUE, BOUND, PARTIAL, PASSES, BITS, CHECKSUM, BYTES, NUMBERS };

static ys_status empty_result(const ys_additive *p, const ys_optim_config *config,
                              ys_additive_result **ret_result, ys_diag *diag)
{
    ys_additive_result *r = ys_calloc(1, sizeof *r);
    if (r != NULL) {
        r->households = p->households;
        r->n_prices = p->funds + p->rows;
        r->kernel = ys__kernel(config->kernel).name;
        r->choice = ys_calloc((size_t)r->households + 1, sizeof *r->choice);
        r->price = ys_calloc((size_t)r->n_prices + 1, sizeof *r->price);
    }
    if (r == NULL || r->choice == NULL || r->price == NULL) {
        ys_additive_result_free(r);
        return ys_fail_nomem(diag);
    }
    *ret_result = r;
    return YS_OK;
}

static ys_status spread_result(const ys_comm *c, ys_additive_result *r, ys_diag *diag)
{
    int64_t number[NUMBERS] = {
        [VALUE] = r->value,   [BOUND] = r->bound,     [PARTIAL] = r->partial,
        [PASSES] = r->passes, [BITS] = r->price_bits, [CHECKSUM] = (int64_t)r->checksum,
        [BYTES] = r->bytes};
    YS_TRY(ys_comm_spread(c, 0, number, NUMBERS, diag));
    YS_TRY(ys_comm_spread(c, 0, r->price, (size_t)r->n_prices, diag));
    r->value = number[VALUE];
    r->bound = number[BOUND];
    r->gap = r->bound > 0 ? (double)(r->bound - r->value) / (double)r->bound : 0;
    r->partial = number[PARTIAL] != 0;
    r->passes = (int)number[PASSES];
    r->price_bits = (int)number[BITS];
    r->checksum = (uint64_t)number[CHECKSUM];
    r->bytes = number[BYTES];
    return YS_OK;
}

static ys_status solve_small(const ys_additive *p, const ys_optim_config *config, const ys_ranks *ranks,
                             ys_additive_result **ret_result, ys_diag *diag)
{
    ys_additive_result *r = NULL;
    ys_ranks alone = *ranks;
    alone.comm = ys_comm_alone();
    ys_status st = ranks->comm.rank == 0 ? ys__additive_run(p, config, &alone, &r, diag)
                                         : empty_result(p, config, &r, diag);
    st = ys_comm_agree(&ranks->comm, st, diag);
    if (st == YS_OK)
        st = spread_result(&ranks->comm, r, diag);
    if (st != YS_OK) {
        ys_additive_result_free(r);
        return st;
    }
    *ret_result = r;
    return YS_OK;
}

ys_status ys_ranks_solve(const ys_additive *p, const ys_optim_config *config, const ys_ranks *ranks,
                         ys_additive_result **ret_result, ys_diag *diag)
{
    if (ranks->comm.size > 1 && p->households <= YS_ONE_ZONE)
        return solve_small(p, config, ranks, ret_result, diag);
    return ys__additive_run(p, config, ranks, ret_result, diag);
}

/* The choices are two 32-bit numbers a household, the same size as what is exchanged; unknown ones are zero bits. */
ys_status ys_ranks_gather(const ys_comm *c, ys_additive_result *r, ys_diag *diag)
{
    enum { PIECE = 1 << 20 };
    _Static_assert(sizeof r->choice[0] == sizeof(int64_t), "a choice travels as one number");
    int64_t *piece = ys_malloc(PIECE * sizeof *piece);
    ys_status st = ys_comm_agree(c, piece != NULL ? YS_OK : ys_fail_nomem(diag), diag);
    for (int64_t at = 0; at < r->households && st == YS_OK; at += PIECE) {
        int64_t n = r->households - at < PIECE ? r->households - at : PIECE;
        for (int64_t i = 0; i < n; i++) {
            bool own = at + i >= r->first && at + i < r->end;
            piece[i] = 0;
            if (own)
                memcpy(&piece[i], r->choice[at + i], sizeof *piece);
        }
        st = ys_comm_sum(c, piece, (size_t)n, diag);
        if (st == YS_OK)
            memcpy(r->choice + at, piece, (size_t)n * sizeof *piece);
    }
    ys_free(piece);
    return st;
}
