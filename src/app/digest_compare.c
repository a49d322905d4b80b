/* SPDX-License-Identifier: Apache-2.0 */
#include "app/comparison.h"
#include "app/digest_internal.h"
#include "app/plan_load.h"

static void take(const ys_comparison *x, int i, ys_fig_contender *to)
{
    const ys_contender *c = &x->contender[i];
    const ys_compare_sum *s = &c->sums[x->counties];
    *to = (ys_fig_contender){.name = {ys_contender_label(c, true), ys_contender_label(c, false)},
                             .words = {ys_contender_words(c, true), ys_contender_words(c, false)},
                             .gap = s->gap,
                             .cures = s->cures,
                             .households = s->households,
                             .villages = s->villages,
                             .money = s->money,
                             .absent = s->absent,
                             .effect = s->effect,
                             .earned = s->earned,
                             .floors_unmet = c->floors_unmet};
}

ys_status ys_digest_compare(ys_digest *d, const bool rule[YS_COMPARE_RULES], ys_diag *diag)
{
    ys_plan_head head;
    ys_planning *p = NULL;
    ys_comparison *x = NULL;
    ys_status st = YS_OK;
    if (!d->fig.plan.there)
        return YS_OK;
    YS_GO(ys_plan_head_read(d->office, d->fig.plan.version, &head, diag));
    YS_GO(ys_plan_load(d->office, &(ys_plan_load_args){.head = &head}, &p, diag));
    YS_GO(ys_comparison_make(p, rule, 0, &x, diag));
    d->fig.plan.contender = ys__digest_take(d, x->n, sizeof *d->fig.plan.contender);
    if (d->fig.plan.contender == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int i = 0; i < x->n; i++)
        take(x, i, &d->fig.plan.contender[i]);
    d->fig.plan.contenders = x->n;
done:
    ys_comparison_free(x);
    ys_planning_free(p);
    return st;
}
