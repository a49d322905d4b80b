/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/test_county.h"
#include <math.h>
#include "base/alloc.h"
#include "base/dmath.h"

#define LINE  295200 /* fen a head */
#define TOWNS 40
#define NOISE 0.1

typedef struct home {
    double n, labour, worked, wage_rate, farm_rate, property, transfer, rigid;
} home;

static double spread(ys_rng *g, double median, double sd)
{
    return median * ys_exp(sd * ys_rng_normal(g));
}

static home healthy(ys_rng *g, double town_level)
{
    home h = {.n = (double)(1 + ys_rng_below(g, 6))};
    double able = 0;
    for (int k = 0; k < (int)h.n; k++)
        able += ys_rng_uniform(g) < 0.62 ? 1 : 0;
    h.labour = able < 1 ? 1 : able;
    h.worked = h.labour * (0.7 + 0.25 * ys_rng_uniform(g));
    h.wage_rate = spread(g, 660000 * town_level, 0.18);
    h.farm_rate = h.wage_rate * (0.2 + 0.3 * ys_rng_uniform(g));
    h.property = h.n * spread(g, 12000, 0.4);
    h.transfer = h.n * spread(g, 30000, 0.3);
    h.rigid = h.n * spread(g, 35000, 0.4);
    return h;
}

static double income(const home *h)
{
    return h->worked * (h->wage_rate + h->farm_rate) + h->property + h->transfer - h->rigid;
}

/* What may happen, in the order of the factors it acts on. */
static void strike(ys_rng *g, int factor, home *h)
{
    double lost = fmin(h->labour, h->labour > 2 ? 2 : 1), u = ys_rng_uniform(g);
    switch (factor) {
    case YS_ROOT_LABOUR:
        h->worked *= h->labour > 0 ? (h->labour - lost) / h->labour : 0;
        h->labour -= lost;
        break;
    case YS_ROOT_EMPLOYMENT:
        h->worked *= 0.05 + 0.45 * u;
        break;
    case YS_ROOT_EARNINGS:
        h->wage_rate *= 0.1 + 0.45 * u;
        h->farm_rate *= 0.1 + 0.45 * u;
        break;
    default:
        h->rigid += h->n * (100000 + 500000 * u);
    }
}

static uint8_t shocks(ys_rng *g, home *h)
{
    static const int factors[4] = {YS_ROOT_RIGID, YS_ROOT_LABOUR, YS_ROOT_EMPLOYMENT, YS_ROOT_EARNINGS};
    static const double chance[4] = {0.42, 0.16, 0.14, 0.12};
    uint8_t cause = YS_ROOT_NONE;
    double largest = 0;
    for (int k = 0; k < 4; k++) {
        if (ys_rng_uniform(g) >= chance[k])
            continue;
        double before = income(h);
        strike(g, factors[k], h);
        if (before - income(h) > largest) {
            largest = before - income(h);
            cause = (uint8_t)factors[k];
        }
    }
    return cause;
}

static int64_t recorded(ys_rng *g, double v)
{
    return (int64_t)floor(v * fmax(0.2, 1 + NOISE * ys_rng_normal(g)) + 0.5);
}

static void put(county *c, int64_t i, ys_rng *g, const home *h, double weight)
{
    c->persons[i] = (int64_t)h->n;
    c->line[i] = LINE;
    c->wage[i] = recorded(g, h->worked * h->wage_rate);
    c->business[i] = recorded(g, h->worked * h->farm_rate);
    c->property[i] = recorded(g, h->property);
    c->transfer[i] = recorded(g, h->transfer);
    c->rigid[i] = recorded(g, h->rigid);
    c->statutory[i] = c->wage[i] + c->business[i] + c->property[i] + c->transfer[i];
    c->labour[i] = h->labour;
    c->worked[i] = h->worked;
    c->weight[i] = weight;
}

static void make(county *c, int64_t i, uint64_t seed)
{
    ys_rng g;
    ys_rng_init(&g, seed, (uint64_t)i);
    c->town[i] = (int32_t)ys_rng_below(&g, TOWNS);
    c->area[i] = c->town[i] / 8;
    double level = 0.9 + 0.2 * (c->town[i] % 8) / 7.0;
    bool sample = i % 4 == 0; /* a quarter of the rows are the sample of the others */
    for (int tries = 0; tries < 40; tries++) {
        home h = healthy(&g, level);
        c->truth[i] = YS_ROOT_NONE;
        if (!sample)
            c->truth[i] = shocks(&g, &h);
        put(c, i, &g, &h, sample ? 50 : 1);
        if (sample || (c->truth[i] != YS_ROOT_NONE && income(&h) < LINE * h.n))
            break;
    }
}

void county_new(county *c, int64_t n, uint64_t seed)
{
    int64_t **money[] = {&c->persons,  &c->line,     &c->wage,  &c->business,
                         &c->property, &c->transfer, &c->rigid, &c->statutory};
    size_t room = (size_t)n + 1;
    for (size_t k = 0; k < sizeof money / sizeof *money; k++)
        *money[k] = ys_calloc(room, sizeof(int64_t));
    c->labour = ys_calloc(room, sizeof(double));
    c->worked = ys_calloc(room, sizeof(double));
    c->weight = ys_calloc(room, sizeof(double));
    c->town = ys_calloc(room, sizeof(int32_t));
    c->area = ys_calloc(room, sizeof(int32_t));
    c->truth = ys_calloc(room, 1);
    for (int64_t i = 0; i < n; i++)
        make(c, i, seed);
    c->d = (ys_diagnose_data){.n = n,
                              .persons = c->persons,
                              .line = c->line,
                              .wage = c->wage,
                              .business = c->business,
                              .property = c->property,
                              .transfer = c->transfer,
                              .rigid = c->rigid,
                              .statutory = c->statutory,
                              .labour = c->labour,
                              .worked = c->worked,
                              .weight = c->weight,
                              .town = c->town,
                              .county = c->area,
                              .towns = TOWNS,
                              .counties = 5};
}

void county_done(county *c)
{
    void *all[] = {c->persons,   c->line,   c->wage,   c->business, c->property, c->transfer, c->rigid,
                   c->statutory, c->labour, c->worked, c->weight,   c->town,     c->area,     c->truth};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        ys_free(all[k]);
}

void county_permute(county *to, const county *from, const int64_t *map)
{
    for (int64_t i = 0; i < from->d.n; i++) {
        int64_t j = map[i];
        to->persons[j] = from->persons[i];
        to->line[j] = from->line[i];
        to->wage[j] = from->wage[i];
        to->business[j] = from->business[i];
        to->property[j] = from->property[i];
        to->transfer[j] = from->transfer[i];
        to->rigid[j] = from->rigid[i];
        to->statutory[j] = from->statutory[i];
        to->labour[j] = from->labour[i];
        to->worked[j] = from->worked[i];
        to->weight[j] = from->weight[i];
        to->town[j] = from->town[i];
        to->area[j] = from->area[i];
        to->truth[j] = from->truth[i];
    }
}
