/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pab_make FAMILY HOUSEHOLDS SEED FILE: a random planning instance in the .pab form (planner.md 6).
 *
 * Towns of 400 households, counties of 20 towns.  A household has 3 to 13 options (mean 8) of 16 types in 4 groups;
 * values and costs are lognormal with correlation 0.5; half of the options split 70/30 over two funds; 30 % of the local
 * rows are those of another town of the county.  Funds hold half, local rows 35 to 65 % of what would be asked for if
 * all were free.  Families:
 *   p plain, 6 funds      h funds by county, central to partner city      s tiny local rows, seven places on average
 *   t 20 % of the demand  u 80 % of it                                     d standard costs and five classes of effect
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/rng.h"
#include "yaoshi/optim.h"

enum { TOWN = 400, COUNTY_TOWNS = 20, TYPES = 16, MOST = 13 };

typedef struct model {
    char family;
    int64_t n;
    uint64_t seed;
    int64_t towns, counties;
    int rows_per_town;
    uint32_t funds, rows;
    double share;
} model;

static const uint8_t counts[] = {3, 4, 5, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 12, 13};
static const uint8_t weights[] = {4, 4, 5, 6, 8};

static void funds_of(const model *m, int64_t county, int type, uint16_t fund[2])
{
    static const uint8_t plain[TYPES][2] = {{0, 1}, {1, 4}, {0, 2}, {2, 3}, {0, 3}, {1, 0}, {3, 1}, {3, 1},
                                            {2, 1}, {2, 1}, {0, 5}, {4, 3}, {3, 0}, {1, 5}, {0, 4}, {2, 0}};
    if (m->family != 'h') {
        fund[0] = plain[type][0];
        fund[1] = plain[type][1];
        return;
    }
    uint32_t own = 4 + 4 * (uint32_t)county, partner = 4 + 4 * (uint32_t)m->counties + (uint32_t)(county / 2);
    const uint32_t table[8][2] = {{0, 1},       {1, own},     {own, own + 1}, {2, own + 2},
                                  {own + 3, 3}, {partner, 0}, {0, own},       {own + 1, partner}};
    fund[0] = (uint16_t)table[type % 8][0];
    fund[1] = (uint16_t)table[type % 8][1];
}

static void draw_amounts(const model *m, ys_rng *r, int type, int32_t *ret_value, int32_t *ret_cost)
{
    double a = ys_rng_normal(r), b = ys_rng_normal(r);
    if (m->family == 'd') {
        int level = (int)fmin(fmax(floor(a * 1.2 + 2.5), 0), 4);
        *ret_cost = 700 + 500 * type;
        *ret_value = 1000 + 300 * type + 300 * level;
        return;
    }
    *ret_value = (int32_t)(3300 * exp(0.5 * a)) + 1;
    *ret_cost = (int32_t)((3000 + 300 * type) * exp(0.6 * (0.5 * a + sqrt(0.75) * b))) / 2 + 1;
}

/* The options of household `h`, the same at every call. */
static int draw(const model *m, int64_t h, ys_optim_household *ret_home, ys_optim_option *o)
{
    ys_rng r;
    ys_rng_init(&r, m->seed, (uint64_t)h);
    int n = counts[ys_rng_below(&r, sizeof counts)];
    int64_t town = h / TOWN, county = town / COUNTY_TOWNS;
    int64_t here =
        m->towns - county * COUNTY_TOWNS < COUNTY_TOWNS ? m->towns - county * COUNTY_TOWNS : COUNTY_TOWNS;
    *ret_home = (ys_optim_household){.gap = (int32_t)(4000 * exp(0.6 * ys_rng_normal(&r))),
                                     .persons = (uint8_t)(1 + ys_rng_below(&r, 6)),
                                     .weight = weights[ys_rng_below(&r, sizeof weights)]};
    for (int i = 0; i < n; i++) {
        int type = (int)ys_rng_below(&r, TYPES);
        int32_t cost;
        o[i] = (ys_optim_option){.row = YS_OPTIM_NO_ROW, .group = (uint8_t)(type % 4), .type = (uint8_t)type};
        draw_amounts(m, &r, type, &o[i].value, &cost);
        uint16_t fund[2];
        funds_of(m, county, type, fund);
        o[i].fund_a = fund[0];
        o[i].fund_b = fund[1];
        o[i].cost_b = ys_rng_uniform(&r) < 0.5 ? (int32_t)(0.3 * cost) : 0;
        o[i].cost_a = cost - o[i].cost_b;
        if (type < 13) {
            int64_t t = ys_rng_uniform(&r) < 0.3 ? county * COUNTY_TOWNS + ys_rng_below(&r, here) : town;
            int64_t k = m->rows_per_town > 10 ? ys_rng_below(&r, m->rows_per_town) : type * 10 / 13;
            o[i].row = (uint32_t)(t * m->rows_per_town + k);
        }
    }
    return n;
}

/* What a household takes when all is free: its two best options of different groups. */
static void demand(const model *m, const ys_optim_option *o, int n, int64_t *limit)
{
    int first = -1, second = -1;
    for (int i = 0; i < n; i++)
        if (first < 0 || o[i].value > o[first].value)
            first = i;
    for (int i = 0; i < n; i++)
        if (o[i].group != o[first].group && (second < 0 || o[i].value > o[second].value))
            second = i;
    for (int k = 0; k < 2; k++) {
        int i = k == 0 ? first : second;
        if (i < 0)
            continue;
        limit[o[i].fund_a] += o[i].cost_a;
        limit[o[i].fund_b] += o[i].cost_b;
        if (o[i].row != YS_OPTIM_NO_ROW)
            limit[m->funds + o[i].row]++;
    }
}

static int write_all(const model *m, FILE *f)
{
    int64_t rows = (int64_t)m->funds + m->rows, *limit = calloc((size_t)rows, sizeof *limit);
    uint64_t *offset = calloc((size_t)m->n + 1, sizeof *offset);
    ys_optim_household home;
    ys_optim_option o[MOST];
    if (limit == NULL || offset == NULL)
        return 1;
    for (int64_t h = 0; h < m->n; h++) {
        int n = draw(m, h, &home, o);
        offset[h + 1] = offset[h] + (uint64_t)n;
        demand(m, o, n, limit);
    }
    for (int64_t r = 0; r < rows; r++) {
        ys_rng k;
        ys_rng_init(&k, m->seed ^ 0x726f7773, (uint64_t)r);
        double share = r < m->funds ? m->share : m->share * (0.7 + 0.6 * ys_rng_uniform(&k));
        limit[r] = (int64_t)ceil((double)limit[r] * share);
    }
    uint32_t head[4] = {0x32424150u, (uint32_t)m->n, m->funds, m->rows};
    fwrite(head, sizeof head, 1, f);
    fwrite(&offset[m->n], 8, 1, f);
    fwrite(limit, 8, (size_t)rows, f);
    fwrite(offset, 8, (size_t)m->n + 1, f);
    for (int64_t h = 0; h < m->n; h++) {
        draw(m, h, &home, o);
        fwrite(&home, sizeof home, 1, f);
    }
    for (int64_t h = 0; h < m->n; h++)
        fwrite(o, sizeof *o, (size_t)draw(m, h, &home, o), f);
    free(limit);
    free(offset);
    return ferror(f);
}

int main(int argc, char **argv)
{
    int64_t n = 0, seed = 0;
    if (argc != 5 || strlen(argv[1]) != 1 || strchr("phstud", argv[1][0]) == NULL ||
        !ys_parse_int(argv[2], &n) || !ys_parse_int(argv[3], &seed) || n < 1 || n > 100000000) {
        fprintf(stderr, "usage: pab_make p|h|s|t|u|d HOUSEHOLDS SEED FILE\n");
        return 2;
    }
    model m = {.family = argv[1][0], .n = n, .seed = (uint64_t)seed};
    m.towns = (n + TOWN - 1) / TOWN;
    m.counties = (m.towns + COUNTY_TOWNS - 1) / COUNTY_TOWNS;
    m.rows_per_town = m.family == 's' ? 50 : 10;
    m.rows = (uint32_t)(m.towns * m.rows_per_town);
    m.funds = m.family == 'h' ? (uint32_t)(4 + 4 * m.counties + (m.counties + 1) / 2) : 6;
    m.share = m.family == 't' ? 0.2 : m.family == 'u' ? 0.8 : 0.5;
    FILE *f = fopen(argv[4], "wb");
    if (f == NULL || setvbuf(f, NULL, _IOFBF, 1 << 20) != 0)
        return 1;
    int bad = write_all(&m, f);
    return fclose(f) != 0 || bad;
}
