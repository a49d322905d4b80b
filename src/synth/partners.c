/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Partners above the household: who could pair with whom between two cities.  Needing counties are real names with
 * invented numbers; whoever gives is invented altogether and says so in its name.
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
} GIVERS[] = {{"county", "合成青岛区", 10, true, false, false},
              {"town", "合成青岛街道", 12, true, false, false},
              {"village", "合成青岛社区", 30, true, false, false},
              {"enterprise", "合成企业", 30, true, false, false},
              {"school", "合成青岛学校", 12, false, true, false},
              {"hospital", "合成青岛医院", 12, false, false, true}};

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
    return ys__synth_file_close(&f, diag);
}
