/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/core.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/*
 * Prices from nothing, by the volume method (Barahona and Anbil 2000): steps along a running average of the violations, as
 * long as the distance to a target calls for (Polyak 1969); the target is the value of a plan in hand.  After some passes
 * without a better dual the steps become shorter and start again from the best prices.  Rows differ by ten orders of magnitude, so
 * lengths are measured with a weight per row: limit over scale, what its use would change by if its price moved by one.
 */

enum { PATIENCE = 10 };
static const double SMOOTHING = 0.3, FIRST = 0.5, SHORTER = 0.7, SMALLEST = 0.002, CLOSE = 1e-4;

typedef struct volume {
    ys_stage *s;
    int64_t n;
    double *x, *direction, *weight;
    double length; /* share of the distance to the target */
    int stall;
} volume;

static void weigh_rows(volume *q)
{
    const ys_stage *s = q->s;
    for (int64_t i = 0; i < q->n; i++) {
        double size = i < s->c->n_rows ? (double)s->c->limit[i] : s->floor_size[i - s->c->n_rows];
        q->weight[i] = s->scale[i] > 0 ? (size > 1 ? size : 1) / s->scale[i] : 0;
    }
    if (s->coupled) /* its price has the longest way to go */
        q->weight[q->n - 1] *= 0.01;
}

static bool held(const volume *q, int64_t i)
{
    return !(q->weight[i] > 0) || (q->x[i] <= 0 && q->direction[i] < 0);
}

/* Averages the violations of the last pass into the direction; its squared length. */
static double turn(volume *q, double share)
{
    const ys_stage *s = q->s;
    double sum = 0;
    for (int64_t i = 0; i < q->n; i++) {
        int64_t f = i - s->c->n_rows;
        double g = f < 0 ? (double)s->use[i] - (double)s->c->limit[i]
                         : (double)s->minimum[f] - (double)s->floor_use[f];
        q->direction[i] = share * g + (1 - share) * q->direction[i];
        sum += held(q, i) ? 0 : q->direction[i] * q->direction[i] / q->weight[i];
    }
    return sum;
}

static void step(volume *q, double size)
{
    for (int64_t i = 0; i < q->n; i++) {
        double next = held(q, i) ? q->x[i] : q->x[i] + size * q->direction[i] / q->weight[i];
        q->x[i] = ys__price_within(q->s, i, next);
    }
}

/* Keeps the best prices; after a stall goes back to them with shorter steps. */
static void note(volume *q)
{
    ys_stage *s = q->s;
    q->stall = s->dual < s->least - 1e-5 * fabs(s->least) ? 0 : q->stall + 1;
    if (s->dual < s->least) {
        s->least = s->dual;
        memcpy(s->best, q->x, (size_t)q->n * sizeof *q->x);
    }
    if (q->stall >= PATIENCE) {
        q->length *= SHORTER;
        q->stall = 0;
        memcpy(q->x, s->best, (size_t)q->n * sizeof *q->x);
    }
}

ys_status ys__stage_volume(ys_stage *s, const double *from, double target, int passes,
                           const ys_plan_config *config, int tier, ys_diag *diag)
{
    volume q = {.s = s, .n = s->c->n_rows + s->n_floors, .length = FIRST};
    double *block = ys_calloc(3 * (size_t)q.n, sizeof *block);
    if (block == NULL)
        return ys_fail_nomem(diag);
    q.x = block;
    q.direction = block + q.n;
    q.weight = block + 2 * q.n;
    weigh_rows(&q);
    if (from != NULL)
        memcpy(q.x, from, (size_t)q.n * sizeof *q.x);
    double before = s->least; /* what the passes so far found counts again only if this ends higher */
    double *kept = s->best;
    s->best = ys_calloc((size_t)q.n, sizeof *kept);
    if (s->best == NULL) {
        s->best = kept;
        ys_free(block);
        return ys_fail_nomem(diag);
    }
    s->least = INFINITY;
    for (int k = 0; k < passes && q.length > SMALLEST; k++) {
        if (config->interrupted != NULL && config->interrupted(config->arg))
            break;
        if (config->progress != NULL && k % 8 == 0)
            config->progress(config->arg, tier, "price", (double)k / passes);
        ys__stage_pass(s, q.x);
        s->passes++;
        note(&q);
        double size = turn(&q, k == 0 ? 1 : SMOOTHING), above = s->dual - target;
        if (!(size > 0) || !(above > CLOSE * fabs(target)))
            break;
        step(&q, q.length * above / size);
    }
    if (before < s->least) {
        s->least = before;
        memcpy(s->best, kept, (size_t)q.n * sizeof *kept);
    }
    ys_free(kept);
    ys_free(block);
    return YS_OK;
}
