/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts beside the income: house, water, road, what the family owns, the cause it declared, injected faults.
 */
#include "synth/synth_internal.h"

/* National code of each cause, in the order of sy_cause. */
static const char *const CODES[SY_CAUSES] = {"01", "02", "03", "04", "05", "06", "07",
                                             "08", "09", "10", "11", "12", "23"};
static const double TRUE_DECLARED = .775; /* assumption: share of main causes that were declared rightly */

const char *ys__synth_cause(sy_cause c)
{
    return CODES[c];
}

const char *ys_synth_cause_code(int i)
{
    return i >= 0 && i < SY_CAUSES ? CODES[i] : NULL;
}

static bool has_health(const sy_household *h, sy_health health)
{
    for (int i = 0; i < h->drawn; i++)
        if (!h->person[i].gone && h->person[i].health == health)
            return true;
    return false;
}

static bool has_cause(const sy_household *h, sy_cause c)
{
    for (int k = 0; k < h->shocks; k++)
        if (h->shock[k].cause == c)
            return true;
    return false;
}

/* What people write when they do not write the truth: another trouble they have, or what everybody writes. */
static sy_cause wrong_cause(ys_rng *r, const sy_household *h, sy_cause truth)
{
    for (int k = 0; k < h->shocks; k++)
        if (k != h->truth && ys__synth_chance(r, .7))
            return h->shock[k].cause;
    double w[SY_CAUSES] = {[SY_ILLNESS] = has_health(h, SY_CHRONIC) ? 6 : 2,
                           [SY_DISABILITY] = has_health(h, SY_DISABLED) ? 6 : .3,
                           [SY_FUNDS] = 6,
                           [SY_SKILL] = 6,
                           [SY_LABOUR] = 4,
                           [SY_ROAD] = 1,
                           [SY_WILL] = 1,
                           [SY_LAND] = 1};
    w[truth] = 0;
    return (sy_cause)ys__synth_pick(r, w, SY_CAUSES);
}

static void declare(ys_rng *r, sy_household *h)
{
    if (h->truth < 0)
        return;
    sy_cause truth = h->shock[h->truth].cause;
    h->declared = ys__synth_chance(r, TRUE_DECLARED) ? truth : wrong_cause(r, h, truth);
    for (int k = 0; k < h->shocks && h->others < 2; k++)
        if (h->shock[k].cause != h->declared && ys__synth_chance(r, .7))
            h->other[h->others++] = h->shock[k].cause;
}

/* Ages, chronic illness and disability that cost little: they are no shock but they are on the form. */
static void mark_minor(ys_rng *r, sy_household *h)
{
    for (int i = 0; i < h->drawn; i++) {
        sy_person *p = &h->person[i];
        if (p->gone || p->health != SY_WELL)
            continue;
        bool weak = p->able > 0 && p->able < 1 && p->age < 60; /* for a reason */
        double ill = p->age >= 60 ? .3 : p->age >= 40 ? .07 : .01;
        if (weak || ys__synth_chance(r, h->sample ? ill * .7 : ill))
            p->health = SY_CHRONIC;
    }
}

static void draw_house(ys_rng *r, const sy_village_mood *v, sy_household *h)
{
    double poor = h->sample ? .25 : 1;
    h->house_area = h->size * ys__synth_lognormal(r, h->sample ? 38 : 27, .3);
    bool danger = ys__synth_chance(r, v->danger * poor);
    h->danger_d = danger && ys__synth_chance(r, .4);
    h->danger_c = danger && !h->danger_d;
    h->water_hard = ys__synth_chance(r, v->water * .5);
    h->water_unsafe = h->water_hard || ys__synth_chance(r, v->water);
    h->toilet = ys__synth_chance(r, h->sample ? .7 : .42);
    h->broadband = ys__synth_chance(r, h->sample ? .55 : .15);
    h->fuel = ys__synth_chance(r, .5) ? 1 : ys__synth_chance(r, .6) ? 4 : 3;
    h->road_type = ys__synth_chance(r, v->road) ? 1 + (int)ys_rng_below(r, 2) : 3 + (int)ys_rng_below(r, 2);
    h->road_km = ys__synth_lognormal(r, .35, .6);
    for (int k = 0; k < h->shocks; k++) {
        if (h->shock[k].cause == SY_ROAD) {
            h->road_type = 1;
            h->road_km += 2.5;
        }
        if (h->shock[k].cause == SY_LAND) {
            h->land *= .15;
            h->irrigated = h->land * .8;
        }
        if (h->shock[k].cause == SY_WATER)
            h->irrigated = h->land * ys__synth_between(r, 0, .15);
        if (h->shock[k].cause == SY_DISASTER && !h->danger_d && ys__synth_chance(r, .3))
            h->danger_c = true;
    }
}

static void draw_wealth(ys_rng *r, sy_household *h)
{
    h->microcredit = !has_cause(h, SY_FUNDS) && ys__synth_chance(r, .2);
    h->coop = ys__synth_chance(r, h->sample ? .22 : .1);
    h->loan = 0;
    for (int k = 0; k < h->shocks; k++)
        h->loan += h->shock[k].debt / .06 + (h->shock[k].cause == SY_WEDDING ? 3 * h->shock[k].wedding : 0);
    h->vehicle = ys__synth_chance(r, h->sample ? .2 : .004); /* excluded by rule, yet some are registered */
    bool elders = h->size <= 2;
    for (int i = 0; i < h->drawn; i++)
        elders = elders && (h->person[i].gone || h->person[i].age >= 60);
    h->apart = elders && ys__synth_chance(r, .06);
    h->split = h->apart && ys__synth_chance(r, .2);
}

static bool fault_possible(const sy_household *h, sy_fault kind)
{
    for (int i = 0; i < h->drawn; i++) {
        const sy_person *p = &h->person[i];
        if (p->gone)
            continue;
        if ((kind == SY_SPOUSE_SEX && p->relation == SY_SPOUSE) || (kind == SY_CHILD_WORKER && p->age < 15) ||
            (kind == SY_STRONG_AS_LOST && p->able >= 1 && p->health == SY_WELL && p->age < 59) ||
            (kind == SY_NO_GRADE && p->health == SY_DISABLED) ||
            (kind == SY_PUPIL_EDUCATION && p->school != SY_NOT_PUPIL))
            return true;
    }
    return kind >= SY_WET_LAND;
}

static sy_fault pick_fault(ys_rng *r, const sy_household *h)
{
    sy_fault kind = (sy_fault)(1 + ys_rng_below(r, SY_FAULTS - 1));
    return fault_possible(h, kind) ? kind
                                   : (sy_fault)(SY_WET_LAND + ys_rng_below(r, SY_FAULTS - SY_WET_LAND));
}

void ys__synth_circumstances(ys_rng *r, const sy_model *m, const sy_village_mood *v, sy_household *h)
{
    mark_minor(r, h);
    draw_house(r, v, h);
    draw_wealth(r, h);
    if (h->sample)
        return;
    declare(r, h);
    if (ys__synth_chance(r, m->error_share))
        h->fault = pick_fault(r, h);
}
