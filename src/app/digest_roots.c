/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/digest_internal.h"

/* ---- households: net contributions, declared against computed ---- */

static void one_household(ys_digest *d, int64_t h)
{
    const ys_diagnosis *g = d->diagnosis;
    const ys_roots *r = g->roots;
    ys_figures *fig = &d->fig;
    if (g->cause[h] >= 0) {
        ys_fig_cause *c = &fig->cause[g->cause[h]];
        c->households++;
        c->proven += g->evidence[h] == 1;
        c->unproven += g->evidence[h] == 0;
        c->conflicts += g->conflict[h] != 0;
    }
    fig->conflicts += g->conflict[h] != 0;
    fig->unproven += (g->conflict[h] & YS_CONFLICT_EVIDENCE) != 0;
    fig->missing_households += g->missing[h] > 0;
    fig->missing_money += g->missing[h];
    for (int i = 0; i < fig->entitlements && i < 64; i++)
        fig->entitlement[i].households += g->missing_which[h] >> i & 1;
    if (r->state[h] != YS_RS_BELOW)
        return;
    for (int k = 0; k < YS_ROOTS; k++)
        fig->net[k] += r->contribution[k][h];
    fig->declared[g->declared[h]][r->stable[h] ? r->top[h] : YS_ROOTS]++;
}

static ys_status take_causes(ys_digest *d, ys_diag *diag)
{
    ys_figures *fig = &d->fig;
    const ys_cause *c = ys_pack_causes(d->frame->pack, &fig->causes);
    const ys_entitlement *e = ys_pack_entitlements(d->frame->pack, &fig->entitlements);
    fig->cause = ys__digest_take(d, fig->causes, sizeof *fig->cause);
    fig->entitlement = ys__digest_take(d, fig->entitlements, sizeof *fig->entitlement);
    if (fig->cause == NULL || fig->entitlement == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i < fig->causes; i++) {
        fig->cause[i].label = (ys_words){c[i].label_zh, c[i].label_en};
        fig->cause[i].root = (int)c[i].factor;
    }
    for (int i = 0; i < fig->entitlements; i++) {
        fig->entitlement[i].label = (ys_words){e[i].label_zh, e[i].label_en};
        fig->entitlement[i].source = e[i].source;
    }
    return YS_OK;
}

/* ---- villages ---- */

static ys_status take_deficits(ys_digest *d, ys_diag *diag)
{
    const ys_diagnosis *g = d->diagnosis;
    const ys_frame *f = d->frame;
    ys_figures *fig = &d->fig;
    ys_deficit found[YS_DEFICIT_MAX];
    int64_t n = ys_table_rows(f->village);
    int32_t weight[YS_DEFICIT_MAX];
    if (g->deficits > YS_DEFICIT_MAX)
        return ys_fail(diag, YS_ELIMIT, "村级指标超过 %d 个", "more than %d village indicators",
                       YS_DEFICIT_MAX);
    int64_t *households = ys__digest_take(d, n, sizeof *households),
            *persons = ys__digest_take(d, n, sizeof *persons);
    fig->deficit = ys__digest_take(d, g->deficits, sizeof *fig->deficit);
    if (households == NULL || persons == NULL || fig->deficit == NULL)
        return ys_fail_nomem(diag);
    for (int64_t h = 0; h < f->households; h++) {
        if (!f->in_register[h] || f->village_row[h] < 0)
            continue;
        households[f->village_row[h]]++;
        persons[f->village_row[h]] += f->col.size[h];
    }
    for (int i = 0; i < g->deficits; i++)
        weight[i] = g->deficit[i]->weight;
    ys_deficit_data dd = {.areas = n,
                          .indicators = g->deficits,
                          .deprived = (const uint8_t *const *)g->deficit_truth,
                          .weight = weight,
                          .households = households,
                          .persons = persons};
    fig->villages = n;
    fig->deficits = ys_deficits_sum(&dd, NULL, found);
    for (int i = 0; i < fig->deficits; i++) {
        const ys_indicator *in = g->deficit[found[i].indicator];
        fig->deficit[i] = (ys_fig_deficit){.label = {in->label_zh, in->label_en},
                                           .villages = found[i].areas,
                                           .households = found[i].households,
                                           .persons = found[i].persons};
    }
    for (int64_t v = 0; v < n; v++) {
        bool any = false;
        for (int i = 0; i < g->deficits; i++)
            any = any || g->deficit_truth[i][v] == 1;
        fig->villages_deficient += any;
    }
    return YS_OK;
}

ys_status ys__digest_roots(ys_digest *d, ys_diag *diag)
{
    YS_TRY(take_causes(d, diag));
    for (int64_t h = 0; h < d->frame->households; h++) {
        if (d->frame->in_register[h])
            one_household(d, h);
    }
    d->fig.scatter = d->diagnosis->scatter;
    return take_deficits(d, diag);
}
