/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partners above the household: who could pair with whom between two cities.  Needing counties are real names with
 * invented numbers; whoever gives is invented altogether and says so in its name.  One pair is a fact: a provincial
 * meeting of 16 August 2016 paired Qingdao with Heze; its row has no numbers but that day.
 */
#include <string.h>

#include "base/rng.h"
#include "synth/synth_internal.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

static const char *const INDUSTRIES[] = {"machinery", "textile", "food", "solar", "greenhouse", "tourism"};

/* A level's invented givers. */
static const struct {
    const char *level, *name;
    int count;
    bool firm, school, hospital;
} GIVERS[] = {
    {"county", "合成青岛区", 10, true, false, false},    {"town", "合成青岛街道", 12, true, false, false},
    {"village", "合成青岛社区", 30, true, false, false}, {"enterprise", "合成企业", 30, true, false, false},
    {"school", "合成青岛学校", 12, false, true, false},  {"hospital", "合成青岛医院", 12, false, false, true},
    {"region", "合成城市", 3, true, false, false}};

/* The pairing of regions that is a fact: who needs (an area of the tree), who gives, since when. */
static const struct {
    const char *area, *giver, *name, *since;
} PAIRED = {"371700000000", "G-region-370200", "青岛市", "2016-08-16"};
enum { INVENTED_REGIONS = 2 };

static void put_industries(sy_file *f, ys_rng *r, double share)
{
    char text[80];
    int n = 0;
    text[0] = '\0';
    for (int k = 0; k < COUNT(INDUSTRIES); k++)
        if (ys_rng_uniform(r) < share)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%s", n > 0 ? "|" : "", INDUSTRIES[k]);
    ys__put(f, text);
}

/* An invented city has one industry: less than what keeps a pair that exists. */
static void put_one_industry(sy_file *f, ys_rng *r)
{
    ys__put(f, INDUSTRIES[ys_rng_below(r, COUNT(INDUSTRIES))]);
}

static void put_number(sy_file *f, bool wanted, int64_t v)
{
    if (wanted)
        ys__put_int(f, v);
    else
        ys__put_blank(f);
}

static void giver_row(sy_file *f, const sy_writer *w, int g, int k)
{
    char text[96];
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_PARTNER, g * 1000 + k);
    snprintf(text, sizeof text, "G-%s-%02d", GIVERS[g].level, k + 1);
    ys__put(f, text);
    ys__put(f, GIVERS[g].level);
    ys__put(f, "gives");
    snprintf(text, sizeof text, "%s%02d（虚构）", GIVERS[g].name, k + 1);
    ys__put(f, text);
    ys__put_blank(f); /* it lies outside the areas of the registry */
    ys__put_int(f, GIVERS[g].firm ? 1 + ys_rng_below(&r, 2) : 1);
    if (strcmp(GIVERS[g].level, "region") == 0)
        put_one_industry(f, &r);
    else
        put_industries(f, &r, GIVERS[g].firm ? .35 : 0);
    ys__put_blank(f);
    put_number(f, GIVERS[g].firm, 100000 * (1 + ys_rng_below(&r, 40)));
    put_number(f, GIVERS[g].firm, 20 * (1 + ys_rng_below(&r, 30)));
    put_number(f, GIVERS[g].hospital, 10 + ys_rng_below(&r, 200));
    put_number(f, GIVERS[g].school, 20 + ys_rng_below(&r, 100));
    put_number(f, GIVERS[g].school, 300 + ys_rng_below(&r, 1500));
    ys__put_end(f);
}

/* The county itself, its one school and its one hospital, or the town, as the side that needs. */
static void need_row(sy_file *f, const sy_writer *w, const sy_unit *u, const char *level)
{
    char text[96];
    const char *code = w->places->areas[u->area].cell[0];
    bool school = strcmp(level, "school") == 0, hospital = strcmp(level, "hospital") == 0,
         own = !school && !hospital;
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_PARTNER,
                  (int64_t)(ys_hash_bytes(level, strlen(level), (uint64_t)u->area) >> 8));
    snprintf(text, sizeof text, "N-%s-%s", level, code);
    ys__put(f, text);
    ys__put(f, level);
    ys__put(f, "needs");
    snprintf(text, sizeof text, "%s%s", w->places->areas[u->area].cell[3],
             school     ? "合成学校（虚构）"
             : hospital ? "合成医院（虚构）"
                        : "");
    ys__put(f, text);
    ys__put(f, code);
    ys__put_blank(f);
    put_industries(f, &r, own ? .3 : 0);
    put_number(f, own, u->reg_persons);
    ys__put_blank(f);
    ys__put_blank(f);
    put_number(f, hospital, 3 + ys_rng_below(&r, 40));
    put_number(f, school, 10 + ys_rng_below(&r, 40));
    put_number(f, school, 200 + ys_rng_below(&r, 1200));
    ys__put_end(f);
}

/* ---- regions ---- */

static void blanks(sy_file *f, int n)
{
    while (n-- > 0)
        ys__put_blank(f);
}

static void region_row(sy_file *f, const sy_writer *w, const char *key, const char *name, const char *area,
                       int64_t poor, int number)
{
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_PARTNER, 900000 + number);
    ys__put(f, key);
    ys__put(f, "region");
    ys__put(f, "needs");
    ys__put(f, name);
    ys__put(f, area);
    ys__put_blank(f);
    put_industries(f, &r, .3);
    ys__put_int(f, poor);
    blanks(f, 5);
    ys__put_end(f);
}

/* Row of an area by its code, -1: not in this tree. */
static int find_area(const sy_places *p, const char *code)
{
    for (int i = 0; i < p->area_count; i++)
        if (strcmp(p->areas[i].cell[0], code) == 0)
            return i;
    return -1;
}

/* The whole tree as one region that needs, others that are invented, and the one giver that is a fact. */
static void region_rows(sy_file *f, const sy_writer *w)
{
    const sy_places *p = w->places;
    char key[64], name[64];
    int64_t poor = 0;
    int at = find_area(p, PAIRED.area);
    for (int i = 0; i < p->county_count; i++)
        poor += p->counties[i].reg_persons;
    if (at >= 0) {
        snprintf(key, sizeof key, "N-region-%s", PAIRED.area);
        region_row(f, w, key, p->areas[at].cell[3], PAIRED.area, poor, 0);
        ys__put(f, PAIRED.giver);
        ys__put(f, "region");
        ys__put(f, "gives");
        ys__put(f, PAIRED.name);
        ys__put_blank(f);
        ys__put_int(f, 1);
        blanks(f, 7);
        ys__put_end(f);
    }
    for (int k = 1; k <= INVENTED_REGIONS; k++) {
        snprintf(key, sizeof key, "N-region-%02d", k);
        snprintf(name, sizeof name, "合成地区%02d（虚构）", k);
        region_row(f, w, key, name, "", poor / (k + 1), k);
    }
}

/* Today's ledger, as far as it is known: the pairing of the regions. */
static ys_status write_pairings(const sy_writer *w, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"pair_level", "need", "giver", "area", "since", "reason"};
    char key[64];
    sy_file f;
    if (ys_pack_kind(w->args->pack, "pairing") == NULL)
        return YS_OK; /* a pack without pairings */
    YS_TRY(ys__synth_file_open(&f, w->args, "pairings.csv", "pairing", COLUMNS, COUNT(COLUMNS), diag));
    if (find_area(w->places, PAIRED.area) >= 0) {
        snprintf(key, sizeof key, "N-region-%s", PAIRED.area);
        ys__put(&f, "region");
        ys__put(&f, key);
        ys__put(&f, PAIRED.giver);
        ys__put(&f, PAIRED.area);
        ys__put(&f, PAIRED.since);
        ys__put(&f, "new");
        ys__put_end(&f);
    }
    return ys__synth_file_close(&f, diag);
}

ys_status ys__synth_partners_write(const sy_writer *w, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"partner",  "pair_level", "side",         "name",  "area",
                                          "capacity", "industries", "poor_persons", "funds", "jobs",
                                          "doctors",  "teachers",   "pupils"};
    static const char *const OF_COUNTIES[] = {"county", "school", "hospital"};
    enum { MOST_TOWNS = 40 };
    const sy_places *p = w->places;
    sy_file f;
    int towns = 0;
    if (ys_pack_kind(w->args->pack, "partner") == NULL)
        return YS_OK; /* a pack without partners */
    YS_TRY(ys__synth_file_open(&f, w->args, "partners.csv", "partner", COLUMNS, COUNT(COLUMNS), diag));
    for (int k = 0; k < COUNT(OF_COUNTIES); k++)
        for (int i = 0; i < p->county_count; i++)
            if (p->counties[i].reg_households > 0)
                need_row(&f, w, &p->counties[i], OF_COUNTIES[k]);
    for (int i = 0; i < p->town_count && towns < MOST_TOWNS; i++)
        if (p->towns[i].reg_households > 0) {
            need_row(&f, w, &p->towns[i], "town");
            towns++;
        }
    for (int g = 0; g < COUNT(GIVERS); g++)
        for (int k = 0; k < GIVERS[g].count; k++)
            giver_row(&f, w, g, k);
    region_rows(&f, w);
    YS_TRY(ys__synth_file_close(&f, diag));
    return write_pairings(w, diag);
}
