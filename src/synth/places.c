/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The area tree, the order in which villages fill, and how many people live there.
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/rng.h"
#include "synth/synth_internal.h"

const char *const ys__synth_area_fields[10] = {"area",       "level",    "parent",    "name", "name_en",
                                               "valid_from", "valid_to", "successor", "lng",  "lat"};

/*
 * 914,000 registered persons in 5,040 villages, and as many again for every further village of another tree; a little
 * more, so that a few villages stay without any, as they do in life.
 */
static const double PERSONS_A_VILLAGE = 914000.0 / 5040 * 1.003;
static const double MEAN_SIZE = 2.54;   /* registered persons a household; measured on this model */
static const double RURAL_FAMILY = 3.4; /* rural persons a household (assumption) */

/*
 * Registered share of the rural population by county, first six digits of the code.  Assumptions around 10.6 % of
 * Heze's rural population; the order follows what is published about Juye (15.9 % before the help) and Juancheng.
 */
static const struct {
    const char *code;
    double rate;
} RATES[] = {{"371702", .085}, {"371703", .097}, {"371721", .107}, {"371722", .113},
             {"371723", .104}, {"371724", .124}, {"371725", .106}, {"371726", .127},
             {"371728", .110}, {"371771", .055}, {"371772", .06}};

static double county_rate(const char *code)
{
    for (size_t i = 0; i < sizeof RATES / sizeof RATES[0]; i++)
        if (strncmp(code, RATES[i].code, 6) == 0)
            return RATES[i].rate;
    return .106;
}

static ys_status read_header(ys_csv *c, int at[10], ys_diag *diag)
{
    const char *const *cell;
    int n;
    YS_TRY(ys_csv_next(c, &cell, &n, NULL, diag));
    for (int k = 0; k < 10; k++)
        at[k] = -1;
    for (int i = 0; cell && i < n; i++)
        for (int k = 0; k < 10; k++)
            if (strcmp(cell[i], ys__synth_area_fields[k]) == 0)
                at[k] = i;
    for (int k = 0; k < 4; k++)
        if (at[k] < 0)
            return ys_fail(diag, YS_EDATA, "地区表缺少列“%s”", "the area table lacks the column “%s”",
                           ys__synth_area_fields[k]);
    return YS_OK;
}

static int level_of(const ys_pack *pack, const char *level)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    for (int i = 0; i < n; i++)
        if (strcmp(levels[i], level) == 0)
            return i;
    return -1;
}

static ys_status read_areas(const ys_synth_args *args, ys_csv *c, sy_places *p, ys_diag *diag)
{
    int at[10], n;
    size_t cap = 0;
    const char *const *cell;
    YS_TRY(read_header(c, at, diag));
    for (;;) {
        YS_TRY(ys_csv_next(c, &cell, &n, NULL, diag));
        if (!cell)
            return YS_OK;
        if (!ys_grow(&p->areas, &cap, (size_t)p->area_count + 1, sizeof *p->areas))
            return ys_fail_nomem(diag);
        sy_area *a = &p->areas[p->area_count];
        for (int k = 0; k < 10; k++) {
            a->cell[k] = ys_arena_strdup(p->arena, at[k] >= 0 && at[k] < n ? cell[at[k]] : "");
            if (!a->cell[k])
                return ys_fail_nomem(diag);
        }
        a->parent = -1;
        a->depth = level_of(args->pack, a->cell[1]);
        if (a->depth < 0)
            return ys_fail(diag, YS_EDATA, "地区 %s 的级别“%s”不在政策包中",
                           "area %s has a level “%s” the pack lacks", a->cell[0], a->cell[1]);
        p->area_count++;
    }
}

static ys_status link_parents(sy_places *p, ys_diag *diag)
{
    ys_map *codes = ys_map_new((size_t)p->area_count);
    ys_status st = codes ? YS_OK : ys_fail_nomem(diag);
    for (int i = 0; i < p->area_count && st == YS_OK; i++)
        if (ys_map_put(codes, p->areas[i].cell[0], i, NULL) < 0)
            st = ys_fail_nomem(diag);
    p->root = -1;
    for (int i = 0; i < p->area_count && st == YS_OK; i++) {
        sy_area *a = &p->areas[i];
        a->parent = a->cell[2][0] ? (int)ys_map_get(codes, a->cell[2], -1) : -1;
        if (a->cell[2][0] && a->parent < 0)
            st = ys_fail(diag, YS_EDATA, "地区 %s 的上级 %s 不存在",
                         "the parent of area %s, %s, is not in the table", a->cell[0], a->cell[2]);
        if (p->root < 0 && a->parent < 0)
            p->root = i;
    }
    ys_map_free(codes);
    return st;
}

/* Towns in an order of the seed's own; villages of a town likewise. */
typedef struct order_key {
    uint64_t town, village;
    int area;
} order_key;

static int compare_keys(const void *a, const void *b)
{
    const order_key *x = a, *y = b;
    if (x->town != y->town)
        return x->town < y->town ? -1 : 1;
    if (x->village != y->village)
        return x->village < y->village ? -1 : 1;
    return x->area - y->area;
}

static uint64_t code_hash(const char *code, uint64_t seed)
{
    return ys_hash_bytes(code, strlen(code), seed);
}

static void draw_village(const ys_synth_args *args, const sy_places *p, sy_village *v, double *rate)
{
    const sy_area *a = &p->areas[v->area];
    ys_rng r;
    ys__synth_rng(&r, args->seed, SY_STREAM_VILLAGE, (int64_t)(code_hash(a->cell[0], 0) >> 8));
    double size = ys__synth_lognormal(&r, 1, .42), region = county_rate(a->cell[0]);
    v->persons = size < .2 ? .2 : size > 4 ? 4 : size;
    *rate = region * ys__synth_lognormal(&r, 1, .26);
    /* villages differ by chance, not by how poor they are */
    v->mood.danger = .09 * ys__synth_lognormal(&r, 1, .8);
    v->mood.water = .07 * ys__synth_lognormal(&r, 1, 1.1);
    v->mood.road = .22 * ys__synth_lognormal(&r, 1, .6);
}

/* Number of the unit of area `area` in `list`, added if it is new. */
static int unit_of(sy_unit *list, int *count, int area)
{
    for (int i = *count - 1; i >= 0; i--)
        if (list[i].area == area)
            return i;
    list[*count] = (sy_unit){.area = area, .county = -1};
    return (*count)++;
}

static ys_status fill_order(const ys_synth_args *args, sy_places *p, int deepest, ys_diag *diag)
{
    order_key *keys = ys_calloc((size_t)p->area_count + 1, sizeof *keys);
    double *rates = ys_calloc((size_t)p->area_count + 1, sizeof *rates);
    p->villages = ys_calloc((size_t)p->area_count + 1, sizeof *p->villages);
    p->towns = ys_calloc((size_t)p->area_count + 1, sizeof *p->towns);
    p->counties = ys_calloc((size_t)p->area_count + 1, sizeof *p->counties);
    bool ok = keys && rates && p->villages && p->towns && p->counties;
    int n = 0;
    for (int i = 0; ok && i < p->area_count; i++) {
        const sy_area *a = &p->areas[i];
        if (a->depth != deepest || a->cell[6][0] || a->parent < 0)
            continue;
        keys[n++] = (order_key){code_hash(p->areas[a->parent].cell[0], args->seed),
                                code_hash(a->cell[0], args->seed), i};
    }
    if (ok)
        qsort(keys, (size_t)n, sizeof *keys, compare_keys);
    double total = 0;
    for (int i = 0; ok && i < n; i++) {
        sy_village *v = &p->villages[i];
        v->area = keys[i].area;
        int town = p->areas[v->area].parent,
            county = p->areas[town].parent >= 0 ? p->areas[town].parent : town;
        v->town = unit_of(p->towns, &p->town_count, town);
        v->county = unit_of(p->counties, &p->county_count, county);
        p->towns[v->town].county = v->county;
        p->counties[v->county].county = v->county;
        draw_village(args, p, v, &rates[i]);
        total += v->persons * rates[i];
    }
    double scale = total > 0 ? PERSONS_A_VILLAGE * n / total : 0;
    for (int i = 0; ok && i < n; i++) {
        p->villages[i].persons *= scale;
        int quota = (int)(p->villages[i].persons * rates[i] / MEAN_SIZE + .5);
        p->villages[i].quota = quota > 1 ? quota : 1;
    }
    p->village_count = n;
    ys_free(keys);
    ys_free(rates);
    if (!ok)
        return ys_fail_nomem(diag);
    return n > 0 ? YS_OK
                 : ys_fail(diag, YS_EDATA, "地区表中没有行政村",
                           "the area table has no area of the lowest level");
}

ys_status ys__synth_places_load(const ys_synth_args *args, sy_places *p, ys_diag *diag)
{
    *p = (sy_places){.arena = ys_arena_new(0)};
    if (!p->arena)
        return ys_fail_nomem(diag);
    const char *const *levels;
    int deepest = ys_pack_area_levels(args->pack, &levels) - 1;
    ys_csv *c = NULL;
    ys_status st = ys_csv_open(args->areas_path, NULL, &c, diag);
    if (st == YS_OK)
        st = read_areas(args, c, p, diag);
    ys_csv_close(c);
    if (st == YS_OK)
        st = link_parents(p, diag);
    if (st == YS_OK)
        st = fill_order(args, p, deepest, diag);
    if (st != YS_OK)
        ys__synth_places_done(p);
    return st;
}

void ys__synth_places_done(sy_places *p)
{
    ys_arena_free(p->arena);
    ys_free(p->areas);
    ys_free(p->villages);
    ys_free(p->towns);
    ys_free(p->counties);
    *p = (sy_places){0};
}

double ys__synth_families(double persons)
{
    return persons / RURAL_FAMILY;
}

static void add_to(sy_unit *u, const sy_village *v)
{
    u->reg_households += v->reg_households;
    u->reg_persons += v->reg_persons;
    u->population += v->population;
    u->families += v->families;
    u->villages += v->population > 0;
}

void ys__synth_places_total(sy_places *p)
{
    for (int i = 0; i < p->village_count; i++) {
        sy_village *v = &p->villages[i];
        v->population = floor(v->population + .5); /* whole persons, so that the levels agree */
        v->families = floor(ys__synth_families(v->population) + .5);
        if (v->families < (double)v->reg_households)
            v->families = (double)v->reg_households;
        add_to(&p->towns[v->town], v);
        add_to(&p->counties[v->county], v);
    }
}
