/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/synth.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "synth/synth_internal.h"

void ys_synth_args_init(ys_synth_args *args)
{
    *args = (ys_synth_args){
        .persons = 10000, .seed = 1, .error_share = .005, .income_noise = .1, .sample_share = .02};
}

static ys_status check_args(const ys_synth_args *a, ys_diag *diag)
{
    if (!a->pack || !a->areas_path || !a->out_dir)
        return ys_fail(diag, YS_EUSAGE, "缺少政策包、地区表或输出目录",
                       "the pack, the area table or the folder is missing");
    if (a->persons < YS_SYNTH_MIN_PERSONS || a->persons > YS_SYNTH_MAX_PERSONS) {
        ys_status st = ys_fail(diag, YS_EUSAGE, "人数 %lld 超出范围",
                               "the number of persons, %lld, is out of range", (long long)a->persons);
        ys_diag_fix(diag, "请给出 100 到 100000000 之间的人数", "ask for 100 to 100000000 persons");
        return st;
    }
    bool shares = a->error_share >= 0 && a->error_share <= .5 && a->income_noise >= 0 &&
                  a->income_noise <= .5 && a->sample_share >= 0 && a->sample_share <= .2;
    return shares ? YS_OK
                  : ys_fail(diag, YS_EUSAGE, "比例参数超出范围（errors、noise ≤ 0.5，sample ≤ 0.2）",
                            "a share is out of range (errors, noise at most 0.5, sample at most 0.2)");
}

static ys_status prepare(sy_writer *w, const ys_synth_args *args, sy_places *places, ys_diag *diag)
{
    *w = (sy_writer){.args = args, .places = places};
    const ys_line *line = ys_pack_line(args->pack, NULL, NULL, 0);
    if (!line || line->amount <= 0)
        return ys_fail(diag, YS_EDATA, "政策包没有默认贫困线", "the policy pack has no default poverty line");
    double scale = 1;
    for (int i = 0; i < ys_pack_digits(args->pack); i++)
        scale *= 10;
    w->model = (sy_model){
        .seed = args->seed, .line = (double)line->amount / scale, .error_share = args->error_share};
    w->period = ys_pack_period(args->pack);
    w->today = ys_pack_reference_date(args->pack);
    int month, day;
    ys_date_to(w->today, &w->year, &month, &day);
    w->sample_weight = args->sample_share > 0 ? 1 / args->sample_share : 1;
    int n;
    const ys_measure *m = ys_pack_measures(args->pack, &n);
    for (int i = 0; i < n && w->consents < (int)(sizeof w->consent / sizeof w->consent[0]); i++)
        if (m[i].consent && m[i].target != YS_TARGET_VILLAGE)
            w->consent[w->consents++] = i;
    return YS_OK;
}

/* Non-registered households of a village that were visited, numbered on from `next`. */
static int64_t stream_sample(sy_writer *w, sy_village *v, double share_of_pass, int64_t registered,
                             int64_t slot, int64_t next)
{
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_TOWN, slot);
    double others = ys__synth_families(v->persons * share_of_pass) - (double)registered;
    double wanted = others > 0 ? others * w->args->sample_share : 0;
    int64_t n = (int64_t)floor(wanted) + ys__synth_chance(&r, wanted - floor(wanted));
    for (int64_t i = 0; i < n; i++) {
        sy_household h;
        ys__synth_household(&w->model, next + i, true, &v->mood, &h);
        ys__synth_household_write(w, &h, v);
    }
    return next + n;
}

/*
 * Villages fill one after the other; a household too large for what is left of the wanted number is passed over, so
 * that the number comes out exactly.
 */
static void stream_households(sy_writer *w)
{
    enum { LAST_TRIES = 100000 };
    sy_places *p = w->places;
    int64_t left = w->args->persons, number = 1, sample = 1, passed = 0;
    for (int64_t slot = 0; left > 0; slot++) {
        sy_village *v = &p->villages[slot % p->village_count];
        int64_t done = 0;
        while (done < v->quota && left > 0 && passed < LAST_TRIES) {
            sy_household h;
            ys__synth_household(&w->model, number++, false, &v->mood, &h);
            if (h.size > left) {
                passed++;
                continue;
            }
            ys__synth_household_write(w, &h, v);
            left -= h.size;
            done++;
        }
        double share = (double)done / v->quota;
        v->population += v->persons * share;
        sample = stream_sample(w, v, share, done, slot, sample);
        if (passed >= LAST_TRIES || w->persons.w.failed || w->wishes.w.failed)
            break; /* a full disk is told when the files are closed */
    }
}

/* A register that has all but filled the tree is the register of the whole tree: the rest has nobody registered. */
static void people_the_rest(sy_places *p)
{
    int filled = 0;
    for (int i = 0; i < p->village_count; i++)
        filled += p->villages[i].reg_households > 0;
    for (int i = 0; filled >= p->village_count * .97 && i < p->village_count; i++)
        if (p->villages[i].reg_households == 0)
            p->villages[i].population = p->villages[i].persons;
}

static void count_places(sy_writer *w)
{
    sy_places *p = w->places;
    for (int i = 0; i < p->village_count; i++)
        w->result.villages += p->villages[i].reg_households > 0;
    for (int i = 0; i < p->town_count; i++)
        w->result.towns += p->towns[i].reg_households > 0;
    double population = 0;
    for (int i = 0; i < p->county_count; i++) {
        w->result.counties += p->counties[i].reg_households > 0;
        population += p->counties[i].population;
    }
    w->result.rural_population = (int64_t)floor(population + .5);
    w->result.income_rows = w->incomes.rows;
    w->result.wish_rows = w->wishes.rows;
}

ys_status ys_synth_write(const ys_synth_args *args, ys_synth_result *ret_result, ys_diag *diag)
{
    YS_TRY(check_args(args, diag));
    sy_places places;
    sy_writer w;
    YS_TRY(ys__synth_places_load(args, &places, diag));
    ys_status st = prepare(&w, args, &places, diag);
    if (st == YS_OK)
        st = ys__synth_household_files_open(&w, diag);
    if (st == YS_OK)
        stream_households(&w);
    ys_status closed = ys__synth_household_files_close(&w, st == YS_OK ? diag : NULL);
    st = st == YS_OK ? closed : st;
    if (st == YS_OK) {
        people_the_rest(&places);
        ys__synth_places_total(&places);
        count_places(&w);
        st = ys__synth_areas_write(&w, diag);
    }
    if (st == YS_OK)
        st = ys__synth_supply_write(&w, diag);
    if (st == YS_OK)
        st = ys__synth_helpers_write(&w, diag);
    if (st == YS_OK)
        st = ys__synth_partners_write(&w, diag);
    if (st == YS_OK)
        st = ys__synth_readme_write(&w, diag);
    ys__synth_places_done(&places);
    if (st == YS_OK && ret_result)
        *ret_result = w.result;
    return st;
}
