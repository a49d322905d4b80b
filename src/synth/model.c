/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <math.h>
#include <string.h>

#include "base/dmath.h"
#include "synth_internal.h"

/*
 * Calibration.  Sourced: 2.3-2.8 persons a poor household in three Heze samples; 42.4 % illness as main cause in the
 * national register of 2013; an older, more disabled population with less labour than the national mean (survey of
 * 2017); land, wages and pensions of a plain county.  Assumptions: every other number here, among them the shares of
 * causes other than illness and the size of each shock.
 */
static const double MONTHS_WORKED = 9.8; /* of a full worker in an ordinary year */
static const double EARNINGS = 8900;     /* yuan a full worker-year of a vulnerable household brings */
static const double WAGED_MONTHS = .55;  /* a month away brings more than a month on the farm */
static const double PENSION = 1200;      /* yuan a year, basic pension from 60 */
static const double LAND_SUBSIDY = 125;  /* yuan a mu */

void ys__synth_rng(ys_rng *r, uint64_t seed, int kind, int64_t number)
{
    ys_rng_init(r, seed, (uint64_t)kind << 56 | (uint64_t)number);
}

double ys__synth_between(ys_rng *r, double low, double high)
{
    return low + (high - low) * ys_rng_uniform(r);
}

bool ys__synth_chance(ys_rng *r, double p)
{
    return ys_rng_uniform(r) < p;
}

double ys__synth_lognormal(ys_rng *r, double median, double sd)
{
    return median * ys_exp(sd * ys_rng_normal(r));
}

int ys__synth_pick(ys_rng *r, const double *weights, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += weights[i];
    double u = ys_rng_uniform(r) * sum;
    for (int i = 0; i < n; i++) {
        u -= weights[i];
        if (u < 0)
            return i;
    }
    return n - 1;
}

/* Families: who is there while all goes well.  Labour is between a half and three quarters of the members. */
typedef struct family {
    double weight, sample_weight;
    int adults, weak_elders, old_elders, children;
    int low, high; /* age of the head */
} family;
static const family FAMILIES[] = {
    {.24, .05, 0, 1, 0, 0, 61, 69}, /* one elder who still farms */
    {.33, .11, 0, 2, 0, 0, 61, 69}, /* two elders */
    {.13, .12, 1, 1, 0, 0, 45, 59}, /* one strong, one weak */
    {.10, .08, 1, 0, 1, 0, 40, 58}, /* a child who stayed, an old parent */
    {.11, .24, 2, 0, 0, 1, 32, 50}, {.09, .20, 2, 0, 0, 2, 30, 46}, {.05, .10, 2, 1, 0, 1, 32, 48},
    {.03, .06, 2, 2, 0, 1, 34, 48}, {.02, .04, 2, 1, 0, 2, 32, 46},
};
enum { FAMILY_COUNT = (int)(sizeof FAMILIES / sizeof FAMILIES[0]) };

static sy_person *add_person(sy_household *h, int age, bool male, sy_relation relation)
{
    sy_person *p = &h->person[h->drawn++];
    *p = (sy_person){.age = age, .male = male, .relation = relation};
    return p;
}

static void add_worker(ys_rng *r, sy_household *h, int age, bool male, sy_relation relation, double able)
{
    sy_person *p = add_person(h, age, male, relation);
    p->able = able;
    p->skill = able <= 0 ? SY_NONE : able < 1 ? SY_WEAK : ys__synth_chance(r, .3) ? SY_SKILLED : SY_PLAIN;
    double months = able * MONTHS_WORKED * ys__synth_between(r, .9, 1.1);
    p->ordinary = p->months = months > 12 ? 12 : months;
    double u = ys_rng_uniform(r);
    p->education = age >= 60 ? (u < .55 ? 1 : u < .9 ? 2 : 3) : (u < .06 ? 1 : u < .4 ? 2 : u < .9 ? 3 : 4);
}

static void add_child(ys_rng *r, sy_household *h, int age)
{
    bool male = ys__synth_chance(r, .54);
    sy_person *p = add_person(h, age, male, male ? SY_SON : SY_DAUGHTER);
    p->skill = SY_NONE;
    p->school = age < 3    ? SY_NOT_PUPIL
                : age < 6  ? SY_NURSERY
                : age < 12 ? SY_PRIMARY
                : age < 15 ? SY_MIDDLE
                           : SY_HIGH;
    p->education = age < 6 ? 6 : age < 12 ? 1 : age < 15 ? 2 : 3;
}

static void draw_family(ys_rng *r, sy_household *h)
{
    double w[FAMILY_COUNT];
    for (int i = 0; i < FAMILY_COUNT; i++)
        w[i] = h->sample ? FAMILIES[i].sample_weight : FAMILIES[i].weight;
    const family *f = &FAMILIES[ys__synth_pick(r, w, FAMILY_COUNT)];
    int age = f->low + (int)ys_rng_below(r, f->high - f->low + 1);
    bool male = f->adults + f->weak_elders == 1 ? ys__synth_chance(r, .62) : ys__synth_chance(r, .9);
    h->drawn = 0;
    if (f->adults == 0) {
        add_worker(r, h, age, male, SY_HEAD, .5);
        if (f->weak_elders == 2)
            add_worker(r, h, age - 3 + (int)ys_rng_below(r, 6), !male, SY_SPOUSE, .5);
        return;
    }
    add_worker(r, h, age, male, SY_HEAD, 1);
    bool mother_first = ys__synth_chance(r, .6);
    int elders = f->weak_elders + f->old_elders;
    if (f->adults == 2)
        add_worker(r, h, age - 4 + (int)ys_rng_below(r, 6), !male, SY_SPOUSE, 1);
    else if (f->weak_elders == 1) { /* a wife or husband who can do half the work */
        add_worker(r, h, age - 4 + (int)ys_rng_below(r, 6), !male, SY_SPOUSE, .5);
        elders = 0;
    }
    for (int i = 0; i < f->children; i++) {
        int old = (age >= 38 ? 8 : 3) + (int)ys_rng_below(r, 10), most = age - 24;
        add_child(r, h, old > most ? most : old);
    }
    for (int i = 0; i < elders; i++) {
        bool mother = mother_first == (i == 0);
        int old = f->old_elders ? age + 22 + (int)ys_rng_below(r, 10) : 61 + (int)ys_rng_below(r, 9);
        old = old < age + 19 ? age + 19 : old; /* at most 67, for heads are 48 at most */
        add_worker(r, h, old > 92 ? 92 : old, !mother, mother ? SY_MOTHER : SY_FATHER,
                   f->old_elders ? 0 : .5);
    }
}

/* The ledger of an ordinary year: land, rents, transfers, everyday spending. */
static void draw_ordinary(ys_rng *r, sy_household *h)
{
    double n = h->drawn;
    h->land = n * ys__synth_lognormal(r, 1.35, .3);
    h->irrigated = h->land * ys__synth_between(r, .7, 1);
    double old = 0, pupils = 0;
    for (int i = 0; i < h->drawn; i++) {
        old += h->person[i].age >= 60;
        pupils += h->person[i].school != SY_NOT_PUPIL;
    }
    h->ordinary_pension = old * PENSION;
    h->subsidy = h->land * LAND_SUBSIDY;
    h->family = old > 0 ? old * ys__synth_lognormal(r, 350, .5) : 0;
    h->rent = ys__synth_chance(r, .35) ? n * ys__synth_between(r, 60, 260) : 0;
    h->dividend = ys__synth_chance(r, .1) ? n * ys__synth_between(r, 30, 120) : 0;
    h->ordinary_medical = n * ys__synth_lognormal(r, 180, .45);
    h->ordinary_education = pupils * ys__synth_lognormal(r, 450, .35);
}

/* Does the family have somebody whom this shock could befall? */
static bool shock_possible(const sy_household *h, sy_cause c)
{
    bool adult = false, child = false, elder = false;
    for (int i = 0; i < h->drawn; i++) {
        adult = adult || (h->person[i].able >= 1);
        child = child || (h->person[i].school != SY_NOT_PUPIL && h->person[i].age >= 10);
        elder = elder || h->person[i].able == .5;
    }
    for (int k = 0; k < h->shocks; k++)
        if (h->shock[k].cause == c)
            return false;
    switch (c) {
    case SY_SCHOOL:
        return child;
    case SY_LABOUR:
        return elder || (adult && h->drawn > 1);
    case SY_SKILL:
    case SY_FUNDS:
    case SY_WILL:
    case SY_JOB:
        return adult;
    default:
        return true;
    }
}

static int pick_victim(ys_rng *r, const sy_household *h, bool workers_only)
{
    double w[SY_PERSONS];
    for (int i = 0; i < h->drawn; i++) {
        const sy_person *p = &h->person[i];
        w[i] = workers_only   ? (p->able > 0 ? (p->able < 1 ? 1.2 : 1) : 0)
               : p->age >= 60 ? 3
               : p->able > 0  ? 2
                              : .3;
    }
    return ys__synth_pick(r, w, h->drawn);
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static void shock_illness(ys_rng *r, const sy_household *h, sy_shock *s, double severity)
{
    s->victim = pick_victim(r, h, false);
    s->medical = severity * ys__synth_lognormal(r, 4300, .35) * ys_exp(.75 * ys_log(h->drawn));
    s->months_mask = (uint8_t)(1u << s->victim);
    s->months_share = clamp(1 - severity * ys__synth_between(r, .3, .75), .1, 1);
    s->debt =
        severity >= .7 && ys__synth_chance(r, .4) ? s->medical * .06 : 0; /* interest on what was borrowed */
}

static void shock_disability(ys_rng *r, const sy_household *h, sy_shock *s, double severity)
{
    s->victim = pick_victim(r, h, true);
    s->able_mask = (uint8_t)(1u << s->victim);
    s->able_share = severity >= .7 ? 0 : .5;
    s->care = severity * ys__synth_between(r, 200, 700);
    s->transfer = ys__synth_chance(r, .8) ? (severity >= .7 ? 1155 : 780) : 0;
}

static void shock_school(ys_rng *r, sy_household *h, sy_shock *s, double severity)
{
    static const double LEVELS[] = {.25, .35, .4}, FEES[] = {5200, 6800, 12500};
    for (int i = 0; i < h->drawn; i++)
        if (h->person[i].school != SY_NOT_PUPIL &&
            (s->victim < 0 || h->person[i].age > h->person[s->victim].age))
            s->victim = i;
    int level = ys__synth_pick(r, LEVELS, 3);
    s->school = (sy_school)(SY_HIGH + level);
    s->education = severity * FEES[level] * ys__synth_between(r, .85, 1.2);
}

/* Age or the loss of the one who earned: labour goes, not money. */
static void shock_labour(ys_rng *r, const sy_household *h, sy_shock *s, double severity)
{
    int elders = 0, adults = 0, adult = -1;
    for (int i = 0; i < h->drawn; i++) {
        elders += h->person[i].able == .5;
        if (h->person[i].able >= 1) {
            adults++;
            adult = adult < 0 || ys__synth_chance(r, .5) ? i : adult;
        }
    }
    if (elders > 0 && (adults == 0 || ys__synth_chance(r, .3) || h->drawn == 1)) {
        bool all = severity >= .7;
        for (int i = 0; i < h->drawn; i++)
            if (h->person[i].able == .5 && (all || s->able_mask == 0))
                s->able_mask |= (uint8_t)(1u << i);
        s->able_share = 0;
    } else if (severity >= .7 && h->drawn > 1) {
        s->gone_mask = (uint8_t)(1u << adult);
        s->victim = adult;
    } else {
        s->able_mask = (uint8_t)(1u << adult);
        s->able_share = .5;
    }
}

static void draw_shock(ys_rng *r, sy_household *h, sy_cause c, double severity)
{
    sy_shock *s = &h->shock[h->shocks];
    *s = (sy_shock){.cause = c, .able_share = 1, .months_share = 1, .earn_share = 1, .victim = -1};
    s->month = 1 + (int)ys_rng_below(r, c == SY_DISASTER || c == SY_SCHOOL ? 12 : 48);
    double n = h->drawn;
    switch (c) {
    case SY_ILLNESS:
        shock_illness(r, h, s, severity);
        break;
    case SY_DISABILITY:
        shock_disability(r, h, s, severity);
        break;
    case SY_SCHOOL:
        shock_school(r, h, s, severity);
        break;
    case SY_LABOUR:
        shock_labour(r, h, s, severity);
        break;
    case SY_DISASTER: /* rebuild the house, and a part of the harvest is lost */
        s->repair = severity * ys__synth_lognormal(r, 5200, .3) * ys_exp(.7 * ys_log(n));
        s->earn_share = 1 - .12 * severity;
        break;
    case SY_LAND:
        s->earn_share = 1 - clamp(severity * ys__synth_between(r, .4, .6), 0, .8);
        break;
    case SY_WATER:
        s->earn_share = 1 - clamp(severity * ys__synth_between(r, .35, .55), 0, .8);
        break;
    case SY_SKILL:
        s->earn_share = 1 - clamp(severity * ys__synth_between(r, .42, .62), 0, .8);
        break;
    case SY_FUNDS:
        s->earn_share = 1 - clamp(severity * ys__synth_between(r, .42, .6), 0, .8);
        break;
    case SY_ROAD: /* cheap harvests, day labour near home only */
        s->earn_share = 1 - clamp(severity * ys__synth_between(r, .4, .58), 0, .8);
        s->months_mask = 0xff;
        s->months_share = 1 - .06 * severity;
        break;
    case SY_WILL:
    case SY_JOB: /* idle months */
        s->months_mask = 0xff;
        s->months_share = 1 - clamp(severity * ys__synth_between(r, .45, .75), 0, .85);
        break;
    default: /* a wedding or a funeral */
        s->wedding = severity * ys__synth_lognormal(r, 4200, .3) * ys_exp(.7 * ys_log(n));
        break;
    }
    h->shocks++;
}

typedef struct outcome {
    double labour_income, people, medical, education, repair, debt, care, wedding, transfer;
} outcome;

static outcome outcome_of(const sy_household *h, unsigned set)
{
    outcome o = {.people = h->drawn, .medical = h->ordinary_medical, .education = h->ordinary_education};
    double earn = h->earn;
    unsigned gone = 0;
    for (int k = 0; k < h->shocks; k++) {
        if (!(set >> k & 1))
            continue;
        const sy_shock *s = &h->shock[k];
        gone |= s->gone_mask;
        earn *= s->earn_share;
        o.medical += s->medical;
        o.education += s->education;
        o.repair += s->repair;
        o.care += s->care;
        o.wedding += s->wedding;
        o.debt += s->debt;
        o.transfer += s->transfer;
    }
    for (int i = 0; i < h->drawn; i++) {
        if (gone >> i & 1) {
            o.people--;
            o.transfer -= h->person[i].age >= 60 ? PENSION : 0;
            continue;
        }
        double months = h->person[i].ordinary;
        for (int k = 0; k < h->shocks; k++) {
            if (!(set >> k & 1))
                continue;
            months *= h->shock[k].able_mask >> i & 1 ? h->shock[k].able_share : 1;
            months *= h->shock[k].months_mask >> i & 1 ? h->shock[k].months_share : 1;
        }
        o.labour_income += months / 12 * earn;
    }
    return o;
}

static double ystar_of(const sy_household *h, const outcome *o)
{
    double other = h->rent + h->dividend + h->ordinary_pension + h->subsidy + h->family;
    return (o->labour_income + other + o->transfer - o->medical - o->education - o->repair - o->debt -
            o->care - o->wedding) /
           o->people;
}

double ys__synth_ystar(const sy_household *h, unsigned set)
{
    outcome o = outcome_of(h, set);
    return ystar_of(h, &o);
}

/* Shapley value of every shock over the (at most eight) sets of the household's shocks. */
static void measure_losses(sy_household *h)
{
    double y[1 << SY_SHOCKS];
    static const double WEIGHT[SY_SHOCKS + 1][SY_SHOCKS] = {{0}, {1}, {.5, .5}, {1 / 3., 1 / 6., 1 / 3.}};
    for (unsigned set = 0; set < 1u << h->shocks; set++)
        y[set] = ys__synth_ystar(h, set);
    h->truth = -1;
    for (int k = 0; k < h->shocks; k++) {
        double loss = 0;
        for (unsigned set = 0; set < 1u << h->shocks; set++)
            if (!(set >> k & 1))
                loss += WEIGHT[h->shocks][__builtin_popcount(set)] * (y[set] - y[set | 1u << k]);
        h->shock[k].loss = loss;
        if (h->truth < 0 || loss > h->shock[h->truth].loss)
            h->truth = k;
    }
}

/* Shares of the first shock among families that fall; the share of truths follows from them by the laws above. */
static const double FIRST[SY_CAUSES] = {54, 9.2, 50, 6.6, 1.5, .9, 6.3, 6.6, 2.2, 1.0, .7, 2.3, 3.1};
/* What befalls beside it. */
static const double FURTHER[SY_CAUSES] = {32, 8, 8, 6, 5, 4, 12, 8, 6, 5, 2, 3, 8};

static void draw_shocks(ys_rng *r, sy_household *h)
{
    int further = ys__synth_chance(r, .42) ? (ys__synth_chance(r, .25) ? 2 : 1) : 0;
    h->shocks = 0;
    if (!h->sample) {
        double w[SY_CAUSES];
        for (int c = 0; c < SY_CAUSES; c++)
            w[c] = shock_possible(h, (sy_cause)c) ? FIRST[c] : 0;
        draw_shock(r, h, (sy_cause)ys__synth_pick(r, w, SY_CAUSES), ys__synth_between(r, .75, 1.3));
    } else if (further > 1) {
        further = 1;
    }
    for (int i = 0; i < further; i++) {
        double w[SY_CAUSES];
        for (int c = 0; c < SY_CAUSES; c++)
            w[c] = shock_possible(h, (sy_cause)c) ? FURTHER[c] : 0;
        draw_shock(r, h, (sy_cause)ys__synth_pick(r, w, SY_CAUSES),
                   ys__synth_between(r, .15, h->sample ? .3 : .7));
    }
}

/* What the shocks leave on the persons. */
static void mark_persons(sy_household *h)
{
    for (int k = 0; k < h->shocks; k++) {
        const sy_shock *s = &h->shock[k];
        for (int i = 0; i < h->drawn; i++) {
            sy_person *p = &h->person[i];
            p->gone = p->gone || (s->gone_mask >> i & 1);
            if (s->able_mask >> i & 1) {
                p->able *= s->able_share;
                p->months *= s->able_share;
                p->skill = p->able > 0 ? SY_WEAK : s->cause == SY_LABOUR ? SY_NONE : SY_LOST;
                if (s->cause == SY_LABOUR && s->able_share <= 0)
                    p->age = p->age < 70 ? p->age + 10 : p->age;
            }
            if (s->months_mask >> i & 1)
                p->months *= s->months_share;
        }
        for (int i = 0; i < h->drawn && s->cause == SY_SKILL; i++)
            if (h->person[i].skill == SY_SKILLED)
                h->person[i].skill = SY_PLAIN;
        if (s->victim < 0)
            continue;
        sy_person *v = &h->person[s->victim];
        if (s->cause == SY_ILLNESS && v->health != SY_DISABLED)
            v->health = s->medical >= 6500 ? SY_SERIOUS : SY_CHRONIC;
        if (s->cause == SY_DISABILITY)
            v->health = SY_DISABLED;
        if (s->cause == SY_SCHOOL) {
            v->school = s->school;
            v->age = (s->school == SY_COLLEGE ? 18 : 15) + (int)(s->month % 4);
            v->education = s->school == SY_COLLEGE ? 4 : 3;
            for (int i = 0; i < h->drawn; i++) /* parents as old as their child needs them */
                if (h->person[i].relation <= SY_SPOUSE && h->person[i].age < v->age + 23)
                    h->person[i].age = v->age + 23;
        }
    }
}

/* Who heads the household when its head is gone. */
static void find_head(sy_household *h)
{
    int head = 0;
    while (head < h->drawn - 1 && h->person[head].gone)
        head++;
    if (head == 0)
        return;
    bool widowed = h->person[head].relation == SY_SPOUSE;
    h->person[head].relation = SY_HEAD;
    for (int i = head + 1; i < h->drawn; i++)
        if (!widowed || h->person[i].relation == SY_FATHER || h->person[i].relation == SY_MOTHER)
            h->person[i].relation = SY_RELATIVE;
}

/* From labour income to the lines of the ledger. */
static void split_income(ys_rng *r, sy_household *h, const outcome *o)
{
    bool lost_farm = false;
    double share = ys__synth_between(r, .35, .85); /* waged share of labour income */
    for (int k = 0; k < h->shocks; k++)
        if (h->shock[k].cause == SY_LAND || h->shock[k].cause == SY_WATER || h->shock[k].cause == SY_FUNDS)
            lost_farm = true;
    bool any_strong = false;
    for (int i = 0; i < h->drawn; i++)
        any_strong = any_strong || (!h->person[i].gone && h->person[i].able >= 1);
    if (!any_strong)
        share = ys__synth_between(r, .0, .35); /* the weak farm */
    else if (lost_farm)
        share = ys__synth_between(r, .7, .95); /* little is left of the farm */
    h->wage = o->labour_income * share;
    h->business = o->labour_income - h->wage;
    for (int i = 0; i < h->drawn; i++)
        h->person[i].away = h->person[i].gone ? 0 : h->person[i].months * share * WAGED_MONTHS;
    h->medical = o->medical;
    h->education = o->education;
    h->repair = o->repair;
    h->debt = o->debt;
    h->care = o->care;
    h->wedding = o->wedding;
}

/* Public transfers that answer to the state the household is in; they are no part of the truth. */
static void draw_benefits(ys_rng *r, sy_household *h, const sy_model *m)
{
    double labour = 0, size = 0, ill = 0, old = 0;
    for (int i = 0; i < h->drawn; i++) {
        const sy_person *p = &h->person[i];
        if (p->gone)
            continue;
        size++;
        labour += p->able;
        ill += p->health == SY_SERIOUS || p->health == SY_DISABLED;
        old += p->age >= 60;
    }
    h->size = (int)size;
    h->pension = 0;
    for (int i = 0; i < h->drawn; i++) /* one in thirty-three who should have a pension does not draw it */
        h->pension += !h->person[i].gone && h->person[i].age >= 60 && !ys__synth_chance(r, .03) ? PENSION : 0;
    for (int k = 0; k < h->shocks; k++)
        h->disabled_allowance += h->shock[k].transfer;
    if (!h->sample && labour <= 0 && size == 1 && old > 0 && ys__synth_chance(r, .7)) {
        h->wubao_class = true;
        h->wubao = .9 * m->line * ys__synth_between(r, .6, .85);
    } else if (!h->sample && ys__synth_chance(r, labour <= 0 ? .62 : ill > 0 ? .22 : .05)) {
        h->dibao_class = true;
        double covered = ys__synth_chance(r, .5) ? size : 1;
        h->dibao = covered * ys__synth_between(r, .25, .45) * m->line;
    }
    h->other_transfer = ys__synth_chance(r, .1) ? ys__synth_between(r, 100, 600) : 0;
    double in = h->wage + h->business + h->rent + h->dividend + h->pension + h->subsidy + h->family +
                h->dibao + h->wubao + h->disabled_allowance + h->other_transfer;
    h->y = in / size;
    h->ystar = (in - h->medical - h->education - h->repair - h->debt - h->care - h->wedding) / size;
}

/* One draw of a family and its year. */
static void draw_once(ys_rng *r, const sy_model *m, sy_household *h)
{
    int64_t number = h->number;
    bool sample = h->sample;
    *h = (sy_household){.number = number, .sample = sample, .truth = -1};
    draw_family(r, h);
    draw_ordinary(r, h);
    bool well_off = sample && ys__synth_chance(r, .66);
    h->earn = EARNINGS * m->line / 3300 * ys_exp(.13 * ys_rng_normal(r));
    if (well_off)
        h->earn *= ys__synth_lognormal(r, 2.3, .4);
    draw_shocks(r, h);
    measure_losses(h);
    outcome o = outcome_of(h, (1u << h->shocks) - 1);
    mark_persons(h);
    find_head(h);
    split_income(r, h, &o);
    draw_benefits(r, h, m);
}

/* Registered are those who end poor; some are let in who are not.  The sample holds the others. */
static bool accepted(ys_rng *r, const sy_model *m, const sy_household *h)
{
    double u = ys_rng_uniform(r);
    if (h->sample)
        return h->y >= m->line;
    if (h->ystar < -.5 * m->line) /* nobody can spend that much more than comes in */
        return false;
    if (h->y < m->line)
        return h->ystar < m->line || u < .5;
    return u < (h->ystar < m->line ? .13 : .03);
}

void ys__synth_household(const sy_model *m, int64_t number, bool sample, const sy_village_mood *v,
                         sy_household *h)
{
    enum { TRIES = 400 };
    ys_rng r;
    ys__synth_rng(&r, m->seed, sample ? SY_STREAM_SAMPLE : SY_STREAM_REGISTER, number);
    h->number = number;
    h->sample = sample;
    for (int i = 0; i < TRIES; i++) {
        draw_once(&r, m, h);
        if (accepted(&r, m, h))
            break;
    }
    ys__synth_circumstances(&r, m, v, h);
}
