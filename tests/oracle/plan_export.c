/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_export.c - a random plan problem and our answer as plain text, for an independent solver (plan_highs.py).
 *
 *   plan_export HOUSEHOLDS SEED [scarcity %]
 *
 * Lines: "row LIMIT" · "bundle BLOCK V1 V2 ROW:AMOUNT …" (non-empty ones) · "ours V1 BOUND1 MINIMUM V2 BOUND2".
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/num.h"
#include "plan/model.h"
#include "plan/sample.h"

static void print_bundle(const ys_choice *c, int64_t block, const ys_block *b, const ys_bundle *u)
{
    printf("bundle %lld %d %lld", (long long)block, u->v1, (long long)u->v2);
    for (int j = 0; j < u->count; j++)
        for (int64_t q = c->type_at[b->type[u->option[j]]]; q < c->type_at[b->type[u->option[j]] + 1]; q++)
            printf(" %d:%lld", c->charge_row[q], (long long)c->charge[q]);
    printf("\n");
}

int main(int argc, char **argv)
{
    int64_t n = 1000, seed = 1, percent = 50;
    ys_diag d = {0};
    ys_plan *p = NULL;
    ys_plan_result *r = NULL;
    if (argc < 3 || !ys_parse_int(argv[1], &n) || !ys_parse_int(argv[2], &seed) ||
        (argc > 3 && !ys_parse_int(argv[3], &percent)))
        return 2;
    ys_arena *a = ys_arena_new(0);
    ys_sample_shape shape = {
        .households = n, .per_village = 60, .measures = 16, .scarcity = (double)percent / 100};
    const ys_plan_input *in = a != NULL ? ys__sample(a, (uint64_t)seed, shape) : NULL;
    if (in == NULL || ys_plan_build(in, 1, &p, &d) != YS_OK || ys_plan_solve(p, NULL, &r, &d) != YS_OK) {
        fprintf(stderr, "%s\n", d.en);
        return 1;
    }
    const ys_choice *c = &p->choice;
    for (int64_t i = 0; i < c->n_rows; i++)
        printf("row %lld\n", (long long)c->limit[i]);
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        for (int k = 1; k < b.n_bundles; k++)
            print_bundle(c, i, &b, &b.bundle[k]);
    }
    const ys_plan_tier *t = r->tier;
    printf("ours %lld %lld %lld %lld %lld\n", (long long)t[0].value, (long long)t[0].bound,
           (long long)t[1].couple_minimum, (long long)t[1].value, (long long)t[1].bound);
    ys_plan_result_free(r);
    ys_plan_free(p);
    ys_arena_free(a);
    return 0;
}
