/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Areas, denominators, published figures, and the villages' and towns' own circumstances.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "synth/synth_internal.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

static int64_t whole(double x)
{
    return (int64_t)floor(x + .5);
}

static const char *code_of(const sy_places *p, int area)
{
    return p->areas[area].cell[0];
}

static ys_status write_tree(sy_writer *w, ys_diag *diag)
{
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, w->args, "areas.csv", "area", ys__synth_area_fields, 10, diag));
    for (int i = 0; i < w->places->area_count; i++) {
        for (int k = 0; k < 10; k++)
            ys__put(&f, w->places->areas[i].cell[k]);
        ys__put_end(&f);
    }
    return ys__synth_file_close(&f, diag);
}

static void population_row(sy_file *f, const sy_writer *w, int area, const char *definition,
                           int64_t households, int64_t persons)
{
    ys__put(f, code_of(w->places, area));
    ys__put_int(f, w->year);
    ys__put(f, definition);
    ys__put_int(f, households);
    ys__put_int(f, persons);
    ys__put_end(f);
}

/* A unit's denominator is the sum of its villages' whole numbers, so that the levels agree to the person. */
static ys_status write_populations(sy_writer *w, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"area", "year", "definition", "households", "persons"};
    sy_places *p = w->places;
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, w->args, "populations.csv", "population", COLUMNS, COUNT(COLUMNS), diag));
    int64_t families = 0, people = 0;
    for (int i = 0; i < p->county_count; i++) {
        families += whole(p->counties[i].families);
        people += whole(p->counties[i].population);
    }
    population_row(&f, w, p->root, "rural_registered", families, people);
    population_row(&f, w, p->root, "register_poor", w->result.households, w->result.persons);
    const sy_unit *units[] = {p->counties, p->towns};
    const int counts[] = {p->county_count, p->town_count};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < counts[k]; i++) {
            const sy_unit *u = &units[k][i];
            if (u->population > 0)
                population_row(&f, w, u->area, "rural_registered", whole(u->families), whole(u->population));
        }
    for (int i = 0; i < p->village_count; i++) {
        const sy_village *v = &p->villages[i];
        if (v->population > 0)
            population_row(&f, w, v->area, "rural_registered", whole(v->families), whole(v->population));
    }
    return ys__synth_file_close(&f, diag);
}

/* What was published about Heze, beside which the register is shown; written for the tree of Heze only. */
static const struct {
    const char *area, *date, *name, *value, *unit;
} PUBLISHED[] = {
    {"371700", "2016-05-31", "贫困人口", "914000", "人"},
    {"371700", "2014-12-31", "贫困发生率", "15.7", "%"},
    {"371703", "2014-12-31", "全国平台贫困户", "20720", "户"},
    {"371703", "2014-12-31", "全国平台贫困人口", "47668", "人"},
    {"371724", "2018-10-31", "累计脱贫人口", "135136", "人"},
};

static ys_status write_statistics(sy_writer *w, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"area", "date", "name", "value", "unit"};
    const sy_places *p = w->places;
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, w->args, "statistics.csv", "statistic", COLUMNS, COUNT(COLUMNS), diag));
    for (int i = 0; i < p->area_count; i++) {
        if (p->areas[i].depth > 1)
            continue;
        for (int k = 0; k < COUNT(PUBLISHED); k++) {
            const char *code = code_of(p, i);
            if (strncmp(code, PUBLISHED[k].area, 6) != 0 || strspn(code + 6, "0") != strlen(code + 6))
                continue;
            ys__put(&f, code);
            ys__put(&f, PUBLISHED[k].date);
            ys__put(&f, PUBLISHED[k].name);
            ys__put(&f, PUBLISHED[k].value);
            ys__put(&f, PUBLISHED[k].unit);
            ys__put_end(&f);
        }
    }
    return ys__synth_file_close(&f, diag);
}

static const char *const VILLAGE_COLUMNS[] = {"area",
                                              "key_village",
                                              "exit_status",
                                              "households",
                                              "persons",
                                              "poor_households",
                                              "poor_persons",
                                              "dibao_households",
                                              "labour_persons",
                                              "migrant_persons",
                                              "arable_mu",
                                              "irrigated_mu",
                                              "collective_income",
                                              "income_pc_village",
                                              "road_hard",
                                              "road_unpaved_km",
                                              "hamlets",
                                              "hamlets_no_road",
                                              "bus",
                                              "water_unsafe_households",
                                              "water_hard_households",
                                              "power_production",
                                              "power_out_households",
                                              "dangerous_households",
                                              "cooperatives",
                                              "coop_households",
                                              "leading_industry",
                                              "workshops",
                                              "workshop_jobs",
                                              "tourism",
                                              "tourism_workers",
                                              "farm_inns",
                                              "clinics",
                                              "doctors",
                                              "public_toilets",
                                              "waste_points",
                                              "insured_medical",
                                              "culture_rooms",
                                              "tv_households",
                                              "broadband",
                                              "broadband_households",
                                              "pv_kw",
                                              "grid_spare_kw",
                                              "flood_zone"};

static void write_village_people(sy_file *f, const sy_village *v, ys_rng *r)
{
    int64_t families = whole(v->families), persons = whole(v->population);
    int64_t labour = whole(v->population * ys__synth_between(r, .52, .6));
    ys__put_int(f, families);
    ys__put_int(f, persons);
    ys__put_int(f, v->reg_households);
    ys__put_int(f, v->reg_persons);
    ys__put_int(f, v->dibao);
    ys__put_int(f, labour > v->labour ? labour : v->labour);
    ys__put_int(f, whole((double)labour * ys__synth_between(r, .25, .45)));
    double land = v->population * ys__synth_between(r, 1.15, 1.6), own = (double)v->land10 / 10 * 1.05;
    land = land > own ? land : own;
    ys__put_real(f, land, 0);
    ys__put_real(
        f, land * (ys__synth_chance(r, .12) ? ys__synth_between(r, .3, .6) : ys__synth_between(r, .7, .95)),
        0);
}

/* Non-registered households have the village's deficits too, at a third of the rate. */
static int64_t village_total(const sy_village *v, int64_t registered, double rate)
{
    double others = v->families - (double)v->reg_households;
    return registered + whole((others > 0 ? others : 0) * rate / 3);
}

static void write_village(sy_file *f, const sy_writer *w, const sy_village *v)
{
    static const char *const INDUSTRIES[] = {"粮食",     "大蒜",   "牡丹",   "芦笋", "食用菌",
                                             "林木加工", "发制品", "条柳编", "畜禽", "蔬菜"};
    const char *code = code_of(w->places, v->area);
    ys_rng r;
    ys__synth_rng(&r, w->args->seed ^ 0x76696c6cu, SY_STREAM_VILLAGE,
                  (int64_t)(ys_hash_bytes(code, strlen(code), 0) >> 8));
    bool hard = !ys__synth_chance(&r, .09);
    bool broad = ys__synth_chance(&r, .86), tourism = ys__synth_chance(&r, .05);
    int hamlets = 1 + (int)ys_rng_below(&r, 5);
    ys__put(f, code);
    ys__put_bool(f, ys__synth_chance(&r, .27));
    ys__put(f, "0");
    write_village_people(f, v, &r);
    ys__put_yuan(f, ys__synth_chance(&r, .4) ? 0 : floor(ys__synth_lognormal(&r, 22000, .9) / 100) * 100);
    ys__put_yuan(f, floor(ys__synth_lognormal(&r, 9800, .16)));
    ys__put_bool(f, hard);
    ys__put_real(f, hard ? 0 : ys__synth_between(&r, .4, 3.5), 1);
    ys__put_int(f, hamlets);
    ys__put_int(f, ys__synth_chance(&r, hard ? .1 : .5) ? 1 : 0);
    ys__put_bool(f, hard && ys__synth_chance(&r, .7));
    int64_t thirsty = village_total(v, v->hard, v->mood.water * .5);
    int64_t unsafe = village_total(v, v->unsafe, v->mood.water);
    ys__put_int(f, unsafe > thirsty ? unsafe : thirsty);
    ys__put_int(f, thirsty);
    ys__put_bool(f, !ys__synth_chance(&r, .07));
    ys__put_int(f, 0);
    ys__put_int(f, village_total(v, v->danger, v->mood.danger));
    int coops = ys__synth_chance(&r, .55) ? 1 + (int)ys_rng_below(&r, 4) : 0;
    ys__put_int(f, coops);
    ys__put_int(f, whole(v->families * coops * ys__synth_between(&r, .02, .07)));
    ys__put(f, INDUSTRIES[ys_rng_below(&r, COUNT(INDUSTRIES))]);
    int workshops = ys__synth_chance(&r, .16);
    ys__put_int(f, workshops);
    ys__put_int(f, workshops ? 8 + ys_rng_below(&r, 30) : 0);
    ys__put_bool(f, tourism);
    ys__put_int(f, tourism ? 3 + ys_rng_below(&r, 20) : 0);
    ys__put_int(f, tourism ? ys_rng_below(&r, 8) : 0);
    int clinics = !ys__synth_chance(&r, .08);
    ys__put_int(f, clinics);
    ys__put_int(f, clinics ? 1 + ys_rng_below(&r, 2) : 0);
    ys__put_int(f, ys_rng_below(&r, 3));
    ys__put_int(f, ys_rng_below(&r, 5));
    ys__put_int(f, whole(v->population * ys__synth_between(&r, .95, .99)));
    ys__put_int(f, ys__synth_chance(&r, .7));
    ys__put_int(f, whole(v->families * ys__synth_between(&r, .9, 1)));
    ys__put_bool(f, broad);
    ys__put_int(f, broad ? whole(v->families * ys__synth_between(&r, .25, .6)) : 0);
    ys__put_real(f, ys__synth_chance(&r, .04) ? ys__synth_between(&r, 20, 300) : 0, 0);
    ys__put_real(
        f, ys__synth_chance(&r, .35) ? ys__synth_between(&r, 286, 600) : ys__synth_between(&r, 30, 280), 0);
    ys__put_bool(f, ys__synth_chance(&r, .035));
    ys__put_end(f);
}

static ys_status write_villages(sy_writer *w, ys_diag *diag)
{
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, w->args, "villages.csv", "village", VILLAGE_COLUMNS,
                               COUNT(VILLAGE_COLUMNS), diag));
    for (int i = 0; i < w->places->village_count; i++)
        if (w->places->villages[i].population > 0)
            write_village(&f, w, &w->places->villages[i]);
    return ys__synth_file_close(&f, diag);
}

static const char *const TOWN_COLUMNS[] = {
    "area",           "key_town",    "exit_status",    "households",     "persons",   "poor_households",
    "poor_persons",   "county_km",   "paved_villages", "clinic_beds",    "doctors",   "schools",
    "industry_parks", "enterprises", "workshops",      "fiscal_revenue", "flood_zone"};

static void write_town(sy_file *f, const sy_writer *w, const sy_unit *t)
{
    const char *code = code_of(w->places, t->area);
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_TOWN, (int64_t)(ys_hash_bytes(code, strlen(code), 1) >> 8));
    ys__put(f, code);
    ys__put_bool(f, ys__synth_chance(&r, .4));
    ys__put(f, "0");
    ys__put_int(f, whole(t->families));
    ys__put_int(f, whole(t->population));
    ys__put_int(f, t->reg_households);
    ys__put_int(f, t->reg_persons);
    ys__put_real(f, ys__synth_between(&r, 3, 38), 1);
    ys__put_int(f, whole((double)t->villages * ys__synth_between(&r, .82, 1)));
    ys__put_int(f, 20 + ys_rng_below(&r, 90));
    ys__put_int(f, 6 + ys_rng_below(&r, 30));
    ys__put_int(f, 3 + ys_rng_below(&r, 14));
    ys__put_int(f, ys__synth_chance(&r, .25));
    ys__put_int(f, ys_rng_below(&r, 12));
    ys__put_int(f, ys_rng_below(&r, 9));
    ys__put_yuan(f, floor(ys__synth_lognormal(&r, 28e6, .6) / 1e4) * 1e4);
    ys__put_bool(f, ys__synth_chance(&r, .05));
    ys__put_end(f);
}

static ys_status write_towns(sy_writer *w, ys_diag *diag)
{
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, w->args, "towns.csv", "town", TOWN_COLUMNS, COUNT(TOWN_COLUMNS), diag));
    for (int i = 0; i < w->places->town_count; i++)
        if (w->places->towns[i].population > 0)
            write_town(&f, w, &w->places->towns[i]);
    return ys__synth_file_close(&f, diag);
}

ys_status ys__synth_areas_write(sy_writer *w, ys_diag *diag)
{
    YS_TRY(write_tree(w, diag));
    YS_TRY(write_populations(w, diag));
    YS_TRY(write_statistics(w, diag));
    YS_TRY(write_villages(w, diag));
    return write_towns(w, diag);
}
