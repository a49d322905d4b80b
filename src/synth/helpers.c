/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helpers: cadres of made-up units, each with a village to look after, about one for three and a half registered
 * households.  Some have left, some are still to come, some villages have too few: that is what pairing has to mend.
 */
#include <math.h>

#include "base/rng.h"
#include "synth/synth_internal.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

static const double HOUSEHOLDS_EACH = 3.5;

/* Level of the unit (as in the national form), share of the helpers, households one takes. */
static const struct {
    const char *level, *unit;
    double share;
    int least, most;
} UNITS[] = {{"6", "青岛合成帮扶工作队", .04, 3, 5},
             {"2", "合成市直单位", .16, 3, 5},
             {"3", "合成县直单位", .40, 3, 6},
             {"4", "合成乡镇站所", .25, 4, 6},
             {"5", "合成村两委", .15, 2, 4}};
static const char *const SKILLS[] = {"medical", "education", "farming", "jobs", "care"};

static void put_unit(sy_file *f, ys_rng *r, int *ret_unit)
{
    char name[96];
    double x = ys_rng_uniform(r);
    int u = 0;
    while (u + 1 < COUNT(UNITS) && x >= UNITS[u].share)
        x -= UNITS[u++].share;
    snprintf(name, sizeof name, "%s%02lld", UNITS[u].unit, (long long)ys_rng_below(r, 60) + 1);
    ys__put(f, name);
    ys__put(f, UNITS[u].level);
    *ret_unit = u;
}

static void put_skills(sy_file *f, ys_rng *r)
{
    char text[64];
    int n = 0;
    text[0] = '\0';
    for (int k = 0; k < COUNT(SKILLS); k++)
        if (ys_rng_uniform(r) < .3)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%s", n > 0 ? "|" : "", SKILLS[k]);
    ys__put(f, text);
}

static void put_dates(sy_file *f, ys_rng *r, const sy_writer *w)
{
    double x = ys_rng_uniform(r);
    int32_t since = w->today - 200 - (int32_t)ys_rng_below(r, 500);
    ys__put_date(f, x < .02 ? w->today + 30 : since); /* a few come later */
    if (x >= .02 && x < .07)
        ys__put_date(f, w->today - (int32_t)ys_rng_below(r, 90)); /* some have left */
    else if (x >= .07 && x < .15)
        ys__put_date(f, w->today + 60 + (int32_t)ys_rng_below(r, 200)); /* some are going to */
    else
        ys__put_blank(f);
}

static void helper_row(sy_file *f, const sy_writer *w, const sy_village *v, int64_t number)
{
    char text[64], phone[12];
    int unit;
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_HELPER, number);
    snprintf(text, sizeof text, "B%07lld", (long long)number);
    ys__put(f, text);
    sy_person p = {.age = 40, .male = ys_rng_uniform(&r) < .6};
    ys__synth_name(w->args->seed, number, true, 6, &p, text, sizeof text);
    ys__put(f, text);
    ys__synth_phone(number, true, 6, phone);
    ys__put(f, phone);
    put_unit(f, &r, &unit);
    ys__put(f, w->places->areas[v->area].cell[0]);
    ys__put_int(f, UNITS[unit].least + ys_rng_below(&r, UNITS[unit].most - UNITS[unit].least + 1));
    ys__put(f, "01");
    put_skills(f, &r);
    put_dates(f, &r, w);
    ys__put_end(f);
}

ys_status ys__synth_helpers_write(const sy_writer *w, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"helper",     "name",       "phone",    "unit",
                                          "unit_level", "area",       "capacity", "languages",
                                          "skills",     "start_date", "end_date"};
    const sy_places *p = w->places;
    int64_t number = 1;
    sy_file f;
    if (ys_pack_kind(w->args->pack, "helper") == NULL)
        return YS_OK; /* a pack without helpers */
    YS_TRY(ys__synth_file_open(&f, w->args, "helpers.csv", "helper", COLUMNS, COUNT(COLUMNS), diag));
    for (int i = 0; i < p->village_count; i++) {
        const sy_village *v = &p->villages[i];
        ys_rng r;
        if (v->reg_households == 0)
            continue;
        ys__synth_rng(&r, w->args->seed, SY_STREAM_HELPER, -1 - (int64_t)i);
        /* Uneven: one village has two too many, the next is short. */
        double wanted = (double)v->reg_households / HOUSEHOLDS_EACH + ys_rng_uniform(&r) * 2 - 1;
        int64_t n = wanted < 1 ? ys_rng_uniform(&r) < .8 : (int64_t)floor(wanted + .5);
        while (n-- > 0)
            helper_row(&f, w, v, number++);
    }
    return ys__synth_file_close(&f, diag);
}
