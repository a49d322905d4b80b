/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One household into households, persons, incomes, wishes and truth.
 */
#include <math.h>
#include <string.h>

#include "base/dmath.h"
#include "base/num.h"
#include "synth/synth_internal.h"

static const char *const HOUSEHOLD_COLUMNS[] = {"household",
                                                "area",
                                                "frame",
                                                "weight",
                                                "county_name",
                                                "town_name",
                                                "village_name",
                                                "head_name",
                                                "head_id",
                                                "phone",
                                                "standard",
                                                "attribute",
                                                "household_type",
                                                "cause_main",
                                                "cause_other",
                                                "exit_status",
                                                "registered_date",
                                                "size_declared",
                                                "income_pc_declared",
                                                "arable_mu",
                                                "irrigated_mu",
                                                "cooperative",
                                                "power_production",
                                                "water_hard",
                                                "water_safe",
                                                "water_source",
                                                "power",
                                                "road_km",
                                                "road_type",
                                                "house_m2",
                                                "dangerous_house",
                                                "house_grade",
                                                "house_structure",
                                                "toilet",
                                                "fuel",
                                                "broadband",
                                                "food_enough",
                                                "meat_monthly",
                                                "clothing_enough",
                                                "relocation_wish",
                                                "disaster_loss",
                                                "medical_own",
                                                "debt",
                                                "microcredit",
                                                "adult_children_apart",
                                                "split_date",
                                                "vehicle",
                                                "town_house",
                                                "shop"};
static const char *const PERSON_COLUMNS[] = {"person",
                                             "household",
                                             "name",
                                             "sex",
                                             "birth_date",
                                             "id_number",
                                             "phone",
                                             "relation",
                                             "ethnicity",
                                             "education",
                                             "school",
                                             "skill",
                                             "work_place",
                                             "months_worked",
                                             "farm_months",
                                             "wage",
                                             "health",
                                             "treated",
                                             "disability_kind",
                                             "disability_grade",
                                             "insured_medical",
                                             "insured_serious",
                                             "insured_pension",
                                             "status",
                                             "dropout",
                                             "dropout_reason",
                                             "wants_work",
                                             "wants_training",
                                             "public_posts",
                                             "yulu",
                                             "tekun",
                                             "dead",
                                             "public_payroll",
                                             "village_cadre",
                                             "vehicles"};
static const char *const INCOME_COLUMNS[] = {"household", "period", "line", "amount", "evidence"};
static const char *const WISH_COLUMNS[] = {"household", "measure", "consent"};
static const char *const TRUTH_COLUMNS[] = {"household",    "cause",       "loss",
                                            "second_cause", "second_loss", "declared"};
#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

ys_status ys__synth_household_files_open(sy_writer *w, ys_diag *diag)
{
    const ys_synth_args *a = w->args;
    YS_TRY(ys__synth_file_open(&w->households, a, "households.csv", "household", HOUSEHOLD_COLUMNS,
                               COUNT(HOUSEHOLD_COLUMNS), diag));
    YS_TRY(ys__synth_file_open(&w->persons, a, "persons.csv", "person", PERSON_COLUMNS, COUNT(PERSON_COLUMNS),
                               diag));
    YS_TRY(ys__synth_file_open(&w->incomes, a, "incomes.csv", "income", INCOME_COLUMNS, COUNT(INCOME_COLUMNS),
                               diag));
    YS_TRY(ys__synth_file_open(&w->wishes, a, "wishes.csv", "wish", WISH_COLUMNS, COUNT(WISH_COLUMNS), diag));
    return ys__synth_file_open(&w->truth, a, "truth.csv", NULL, TRUTH_COLUMNS, COUNT(TRUTH_COLUMNS), diag);
}

ys_status ys__synth_household_files_close(sy_writer *w, ys_diag *diag)
{
    ys_status st = ys__synth_file_close(&w->households, diag);
    sy_file *rest[] = {&w->persons, &w->incomes, &w->wishes, &w->truth};
    for (int i = 0; i < COUNT(rest); i++) {
        ys_status one = ys__synth_file_close(rest[i], st == YS_OK ? diag : NULL);
        st = st == YS_OK ? one : st;
    }
    return st;
}

/* The ledger as it was reported: errors, and the round figures people give. */
typedef struct ledger {
    const char *line[24], *evidence[24];
    int64_t yuan[24];
    int sign[24]; /* 1 counted income, -1 rigid spending */
    int n;
} ledger;

static int64_t heap(ys_rng *r, double amount)
{
    double u = ys_rng_uniform(r);
    double step = u < .2 && amount >= 1000 ? 500 : u < .6 && amount >= 200 ? 100 : 1;
    return (int64_t)floor(amount / step + .5) * (int64_t)step;
}

static void told(ledger *l, ys_rng *r, double noise, const char *line, double amount, const char *evidence,
                 int sign)
{
    double error = ys_exp(noise * ys_rng_normal(r) - .5 * noise * noise);
    int64_t yuan = heap(r, amount * error);
    if (yuan <= 0)
        return;
    l->line[l->n] = line;
    l->evidence[l->n] = evidence;
    l->yuan[l->n] = yuan;
    l->sign[l->n++] = sign;
}

/* Paid by the state: exact, from the bank. */
static void paid(ledger *l, const char *line, double amount)
{
    int64_t yuan = (int64_t)floor(amount / 12 + .5) * 12; /* twelve equal months */
    if (yuan <= 0)
        return;
    l->line[l->n] = line;
    l->evidence[l->n] = "bank";
    l->yuan[l->n] = yuan;
    l->sign[l->n++] = 1;
}

static void fill_ledger(const sy_writer *w, const sy_household *h, ys_rng *r, ledger *l)
{
    double e = w->args->income_noise;
    bool away = false;
    for (int i = 0; i < h->drawn; i++)
        away = away || (h->person[i].away >= 6 && h->person[i].age < 56);
    l->n = 0;
    told(l, r, e, away ? "wage_away" : "wage_local", h->wage, "self_report", 1);
    told(l, r, e, "business_net", h->business, "income_sheet", 1);
    told(l, r, e, "land_rent", h->rent, "self_report", 1);
    told(l, r, e, "dividend", h->dividend, "share_agreement", 1);
    paid(l, "pension", h->pension);
    paid(l, "farm_subsidy", h->subsidy);
    told(l, r, e, "family_support", h->family, "self_report", 1);
    paid(l, "dibao", h->dibao);
    paid(l, "tekun", h->wubao);
    paid(l, "disability_living", h->disabled_allowance);
    told(l, r, e, "transfer_other", h->other_transfer, "self_report", 1);
    told(l, r, e, "medical", h->medical, "hospital_bill", -1);
    told(l, r, e, "education", h->education, "school_proof", -1);
    told(l, r, e, "disaster", h->repair, "site_photo", -1);
    told(l, r, e, "debt_interest", h->debt, "self_report", -1);
    told(l, r, e, "care", h->care, "self_report", -1);
    told(l, r, e, "wedding", h->wedding, "self_report", -1);
}

static void household_key(const sy_household *h, char *buf, size_t size)
{
    snprintf(buf, size, "%s%09lld", h->sample ? "N" : "H", (long long)h->number);
}

static bool fault(const sy_household *h, sy_fault kind)
{
    return h->fault == kind;
}

static const char *school_code(const sy_person *p)
{
    static const char *const PRIMARY = "03", *const MIDDLE[] = {"04", "05", "06"},
                             *const HIGH[] = {"07", "08", "09"}, *const VOCATIONAL[] = {"10", "11", "12"};
    switch (p->school) {
    case SY_NURSERY:
        return "02";
    case SY_PRIMARY:
        return PRIMARY;
    case SY_MIDDLE:
        return MIDDLE[p->age <= 12 ? 0 : p->age == 13 ? 1 : 2];
    case SY_HIGH:
        return HIGH[p->age <= 15 ? 0 : p->age == 16 ? 1 : 2];
    case SY_VOCATIONAL:
        return VOCATIONAL[p->age <= 15 ? 0 : p->age == 16 ? 1 : 2];
    case SY_COLLEGE:
        return "16";
    default:
        return "";
    }
}

typedef struct person_facts {
    char name[32], id[19], phone[12];
    int32_t birthday;
    bool male, insured, treated, dropout;
} person_facts;

static void find_person_facts(const sy_writer *w, const sy_household *h, int m, ys_rng *r, person_facts *f)
{
    const sy_person *p = &h->person[m];
    f->male = fault(h, SY_SPOUSE_SEX) && p->relation == SY_SPOUSE ? h->person[0].male : p->male;
    f->birthday = ys__synth_birthday(h->number, h->sample, m, w->year - p->age);
    ys__synth_id(h->number, h->sample, m, f->birthday, f->male, f->id);
    ys__synth_name(w->args->seed, h->number, h->sample, m, p, f->name, sizeof f->name);
    ys__synth_phone(h->number, h->sample, m, f->phone);
    f->insured = !ys__synth_chance(r, h->sample ? .02 : .035);
    f->treated = !ys__synth_chance(r, p->health == SY_SERIOUS ? .06 : .09);
    f->dropout = p->age >= 7 && p->age <= 15 && p->school != SY_NOT_PUPIL &&
                 ys__synth_chance(r, h->sample ? .002 : .012);
}

static void write_work(sy_file *f, const sy_household *h, const sy_person *p, ys_rng *r, double wage_share)
{
    static const char *const SKILLS[] = {"01", "02", "05", "03", "04"};
    const char *skill = fault(h, SY_CHILD_WORKER) && p->age < 16 ? "01"
                        : fault(h, SY_STRONG_AS_LOST) && p->able >= 1 && p->health == SY_WELL
                            ? "03"
                            : SKILLS[p->skill];
    double away = floor(p->away * 2 + .5) / 2, farm = floor((p->months - p->away) * 2 + .5) / 2;
    ys__put(f, skill);
    if (away > 0)
        ys__put(f, away < 4 || p->age >= 56   ? "01"
                   : p->age >= 45             ? "02"
                   : ys__synth_chance(r, .55) ? "03"
                                              : "04");
    else
        ys__put_blank(f);
    ys__put_real(f, away, 1);
    ys__put_real(f, farm < 0 ? 0 : farm, 1);
    ys__put_yuan(f, away > 0 ? floor(h->wage * wage_share / 10 + .5) * 10 : 0);
}

static void write_health(sy_file *f, const sy_household *h, int m, const person_facts *pf, ys_rng *r)
{
    static const char *const HEALTH[] = {"01", "02", "03", "04"};
    static const char *const KINDS[] = {"4", "1", "2", "5", "6", "7", "3"};
    static const double WEIGHTS[] = {.52, .13, .12, .09, .08, .04, .02};
    const sy_person *p = &h->person[m];
    ys__put(f, HEALTH[p->health]);
    if (p->health == SY_WELL)
        ys__put_blank(f);
    else
        ys__put_bool(f, p->health == SY_DISABLED || pf->treated);
    if (p->health == SY_DISABLED && !fault(h, SY_NO_GRADE)) {
        ys__put(f, KINDS[ys__synth_pick(r, WEIGHTS, COUNT(WEIGHTS))]);
        ys__put(f, p->able <= 0              ? (ys__synth_chance(r, .4) ? "1" : "2")
                   : ys__synth_chance(r, .5) ? "3"
                                             : "4");
    } else {
        ys__put_blank(f);
        ys__put_blank(f);
    }
}

static void write_person(sy_writer *w, const sy_household *h, int m, const person_facts *pf, ys_rng *r,
                         double wage_share)
{
    static const char *const RELATION[] = {"01", "02", "03", "04", "11", "12", "99"};
    static const char *const EDUCATION[] = {"", "01", "02", "03", "04", "05", "06"};
    const sy_person *p = &h->person[m];
    sy_file *f = &w->persons;
    char key[24], text[40];
    household_key(h, key, sizeof key);
    snprintf(text, sizeof text, "%s-%d", key, m + 1);
    bool pupil = p->school != SY_NOT_PUPIL && !pf->dropout;
    ys__put(f, text);
    ys__put(f, key);
    ys__put(f, pf->name);
    ys__put(f, pf->male ? "1" : "2");
    ys__put_date(f, pf->birthday);
    ys__put(f, pf->id);
    ys__put(f, p->age >= 18 && p->age < 75 ? pf->phone : "");
    ys__put(f, RELATION[p->relation]);
    ys__put(f, ys_hash64((uint64_t)h->number) % 300 == 0 ? "03" : "01");
    ys__put(f, pupil && !fault(h, SY_PUPIL_EDUCATION) ? "" : EDUCATION[p->education]);
    ys__put(f, pupil ? school_code(p) : "");
    write_work(f, h, p, r, wage_share);
    write_health(f, h, m, pf, r);
    ys__put_bool(f, pf->insured);
    ys__put_bool(f, pf->insured);
    ys__put_bool(f, p->age >= 16 && !pupil && !ys__synth_chance(r, .08));
    ys__put(f, "1");
    ys__put_bool(f, pf->dropout);
    ys__put(f, pf->dropout ? (ys__synth_chance(r, .5) ? "03" : ys__synth_chance(r, .6) ? "04" : "01") : "");
    bool can_work = p->able > 0 && p->age < 66;
    ys__put_bool(f, can_work && ys__synth_chance(r, .7));
    ys__put_bool(f, can_work && p->age < 56 && ys__synth_chance(r, .4));
    ys__put_int(f, 0);
    ys__put_bool(f, p->school == SY_VOCATIONAL && pupil && ys__synth_chance(r, .6));
    ys__put_bool(f, h->wubao_class);
    ys__put_bool(f, false);
    ys__put_bool(f, !h->sample && ys__synth_chance(r, .0006));
    ys__put_bool(f, ys__synth_chance(r, .0015));
    ys__put_int(f, m == 0 && h->vehicle);
    ys__put_end(f);
}

static void write_members(sy_writer *w, const sy_household *h, ys_rng *r, person_facts *ret_head)
{
    double months = 0;
    for (int i = 0; i < h->drawn; i++)
        months += h->person[i].away;
    for (int i = 0, first = 1; i < h->drawn; i++) {
        person_facts pf;
        if (h->person[i].gone)
            continue;
        find_person_facts(w, h, i, r, &pf);
        write_person(w, h, i, &pf, r, months > 0 ? h->person[i].away / months : 0);
        if (first)
            *ret_head = pf;
        first = 0;
    }
}

static void write_house(sy_file *f, const sy_household *h, ys_rng *r)
{
    static const char *const FUELS[] = {"99", "1", "2", "3", "4"}, *const ROADS[] = {"", "1", "2", "3", "4"};
    double land = floor(h->land * 10 + .5) / 10, wet = floor(h->irrigated * 10 + .5) / 10;
    double p = h->sample ? .2 : 1;
    ys__put_real(f, land, 1);
    ys__put_real(f, fault(h, SY_WET_LAND) ? land + 1.5 : wet > land ? land : wet, 1);
    ys__put_bool(f, h->coop);
    ys__put_bool(f, !ys__synth_chance(r, .04));
    ys__put_bool(f, h->water_hard);
    ys__put_bool(f, !h->water_unsafe);
    ys__put(f, h->water_hard ? "4" : h->water_unsafe ? "3" : ys__synth_chance(r, .75) ? "1" : "2");
    ys__put_bool(f, true);
    ys__put_real(f, h->road_km, 1);
    ys__put(f, ROADS[h->road_type]);
    ys__put_real(f, h->house_area, 0);
    ys__put_bool(f, (h->danger_c || h->danger_d) != fault(h, SY_HOUSE_GRADE));
    ys__put(f, h->danger_d ? "D" : h->danger_c ? "C" : ys__synth_chance(r, .5) ? "A" : "B");
    ys__put(f, h->danger_d ? "4" : h->danger_c ? "3" : ys__synth_chance(r, .6) ? "2" : "3");
    ys__put_bool(f, h->toilet);
    ys__put(f, FUELS[h->fuel]);
    ys__put_bool(f, h->broadband);
    bool very_poor = h->ystar < 400;
    ys__put_bool(f, !ys__synth_chance(r, p * (very_poor ? .06 : .008)));
    ys__put_bool(f, !ys__synth_chance(r, p * (very_poor ? .09 : .015)));
    ys__put_bool(f, !ys__synth_chance(r, p * (very_poor ? .05 : .006)));
}

static void write_causes(sy_file *f, const sy_household *h)
{
    char others[16] = "";
    for (int i = 0, at = 0; i < h->others; i++)
        at += snprintf(others + at, sizeof others - (size_t)at, "%s%s", i ? "|" : "",
                       ys__synth_cause(h->other[i]));
    ys__put(f, h->sample ? "" : ys__synth_cause(h->declared));
    ys__put(f, others);
}

static void write_household(sy_writer *w, const sy_household *h, const sy_village *v, ys_rng *r,
                            const person_facts *head, double income_pc)
{
    const sy_places *p = w->places;
    sy_file *f = &w->households;
    char key[24];
    household_key(h, key, sizeof key);
    ys__put(f, key);
    ys__put(f, p->areas[v->area].cell[0]);
    ys__put(f, h->sample ? "sample" : "register");
    ys__put_real(f, h->sample ? w->sample_weight : 1, h->sample ? 2 : 0);
    ys__put(f, p->areas[p->counties[v->county].area].cell[3]);
    ys__put(f, p->areas[p->towns[v->town].area].cell[3]);
    ys__put(f, p->areas[v->area].cell[3]);
    ys__put(f, head->name);
    ys__put(f, head->id);
    ys__put(f, head->phone);
    ys__put(f, h->sample ? "" : ys__synth_chance(r, .35) ? "1" : "2");
    ys__put(f, h->sample ? "" : h->wubao_class ? "06" : h->dibao_class ? "04" : "01");
    ys__put(f, h->sample ? "09" : "01");
    write_causes(f, h);
    ys__put(f, h->sample ? "" : "0");
    int32_t registered = ys_date_from(2014, 4, 1) + (int32_t)ys_rng_below(r, 60);
    if (h->sample)
        ys__put_blank(f);
    else
        ys__put_date(f, registered);
    ys__put_int(f, h->size + (fault(h, SY_SIZE) ? 1 : 0));
    ys__put_yuan(f, income_pc);
    write_house(f, h, r);
    ys__put_bool(f, false);
    ys__put_yuan(f, floor(h->repair / 100 + .5) * 100);
    ys__put_yuan(f, floor(h->medical / 100 + .5) * 100);
    ys__put_yuan(f, floor(h->loan / 500 + .5) * 500);
    ys__put_bool(f, h->microcredit);
    ys__put_bool(f, h->apart);
    if (h->split)
        ys__put_date(f, registered - 30 - (int32_t)ys_rng_below(r, 90));
    else
        ys__put_blank(f);
    ys__put_bool(f, h->vehicle);
    ys__put_bool(f, ys__synth_chance(r, h->sample ? .06 : .002));
    ys__put_bool(f, ys__synth_chance(r, h->sample ? .05 : .002));
    ys__put_end(f);
}

static bool anybody(const sy_household *h, const char *group)
{
    for (int i = 0; i < h->drawn; i++) {
        const sy_person *p = &h->person[i];
        if (p->gone)
            continue;
        if (strcmp(group, "rehab") == 0 && p->health == SY_DISABLED)
            return true;
        if (strcmp(group, "care") == 0 && p->able <= 0 && (p->health == SY_DISABLED || p->age >= 74))
            return true;
        if (strcmp(group, "training") == 0 && p->age >= 15 && p->age <= 20 && p->school == SY_NOT_PUPIL)
            return true;
    }
    return false;
}

/* Groups of measures (of the pack) that answer to one circumstance. */
static bool group_concerns(const sy_household *h, const ys_measure *m)
{
    const char *g = m->group;
    if (strcmp(g, "rehab") == 0 || strcmp(g, "care") == 0 ||
        (strcmp(g, "training") == 0 && m->labour_months <= 0))
        return anybody(h, g);
    if (strcmp(g, "debt") == 0)
        return h->loan >= 8000;
    if (strcmp(g, "land_service") == 0 || strcmp(g, "land_use") == 0)
        return h->land >= 1;
    if (strcmp(g, "pv") == 0)
        return !h->danger_c && !h->danger_d;
    return true;
}

/* Could it concern the family?  Work needs workers with time, repairs a fault; nobody is asked about the rest. */
static bool concerns(const sy_household *h, const ys_measure *m, double idle, bool strong)
{
    bool net = strcmp(m->family, "safety_net") == 0;
    if (m->labour_months > 0 && m->labour_months > (m->full_time ? idle + 6 : idle))
        return false;
    if (m->labour_months > 4 && !net && !strong)
        return false;
    if (strstr(m->cures, "housing") && !h->danger_c && !h->danger_d)
        return false;
    if (strstr(m->cures, "toilet") && h->toilet)
        return false;
    if (strstr(m->cures, "broadband") && h->broadband)
        return false;
    if (strstr(m->cures, "fuel") && h->fuel == 4)
        return false;
    return (!strstr(m->cures, "road") || h->road_type < 3) && group_concerns(h, m);
}

/* Half were asked about what could concern them; nine in ten of these want it. */
static void write_wishes(sy_writer *w, const sy_household *h, const char *key, ys_rng *r)
{
    int n;
    const ys_measure *measures = ys_pack_measures(w->args->pack, &n);
    double idle = 0; /* months */
    bool strong = false;
    for (int i = 0; i < h->drawn; i++) {
        idle += h->person[i].gone ? 0 : 12 * h->person[i].able - h->person[i].months;
        strong = strong || (!h->person[i].gone && h->person[i].able >= 1);
    }
    for (int i = 0; i < w->consents; i++) {
        const ys_measure *m = &measures[w->consent[i]];
        double u = ys_rng_uniform(r);
        if (u >= .5 || !concerns(h, m, idle, strong))
            continue;
        ys__put(&w->wishes, key);
        ys__put(&w->wishes, m->measure);
        ys__put_bool(&w->wishes, u < .45);
        ys__put_end(&w->wishes);
    }
}

static void write_truth(sy_writer *w, const sy_household *h, const char *key)
{
    const sy_shock *t = &h->shock[h->truth];
    int second = -1;
    for (int k = 0; k < h->shocks; k++)
        if (k != h->truth && (second < 0 || h->shock[k].loss > h->shock[second].loss))
            second = k;
    ys__put(&w->truth, key);
    ys__put(&w->truth, ys__synth_cause(t->cause));
    ys__put_yuan(&w->truth, t->loss);
    ys__put(&w->truth, second >= 0 ? ys__synth_cause(h->shock[second].cause) : "");
    if (second >= 0)
        ys__put_yuan(&w->truth, h->shock[second].loss);
    else
        ys__put_blank(&w->truth);
    ys__put(&w->truth, ys__synth_cause(h->declared));
    ys__put_end(&w->truth);
    w->result.cause_count[t->cause]++;
    w->result.truth_declared += h->declared == t->cause;
    w->result.ambiguous += second >= 0 && h->shock[second].loss >= .75 * t->loss;
}

static void count_village(sy_village *v, const sy_household *h)
{
    v->reg_households++;
    v->reg_persons += h->size;
    v->dibao += h->dibao_class;
    v->danger += h->danger_c || h->danger_d;
    v->hard += h->water_hard;
    v->unsafe += h->water_unsafe;
    v->land10 += (int64_t)(h->land * 10 + .5);
    for (int i = 0; i < h->drawn; i++) {
        v->labour += !h->person[i].gone && h->person[i].able > 0;
        v->away += !h->person[i].gone && h->person[i].away >= 3;
    }
}

void ys__synth_household_write(sy_writer *w, const sy_household *h, sy_village *v)
{
    ys_rng r;
    ys__synth_rng(&r, w->args->seed, SY_STREAM_REPORT + h->sample, h->number);
    char key[24];
    household_key(h, key, sizeof key);
    ledger l;
    fill_ledger(w, h, &r, &l);
    int64_t y = 0, ystar = 0;
    for (int i = 0; i < l.n; i++) {
        y += l.sign[i] > 0 ? l.yuan[i] : 0;
        ystar += l.sign[i] * l.yuan[i];
        ys__put(&w->incomes, key);
        ys__put(&w->incomes, w->period);
        ys__put(&w->incomes, l.line[i]);
        ys__put_int(&w->incomes, l.yuan[i]);
        ys__put(&w->incomes, l.evidence[i]);
        ys__put_end(&w->incomes);
    }
    person_facts head = {0};
    write_members(w, h, &r, &head);
    write_household(w, h, v, &r, &head, (double)y / h->size);
    ys_synth_result *s = &w->result;
    if (h->sample) {
        s->sample_households++;
        s->sample_persons += h->size;
        return;
    }
    write_wishes(w, h, key, &r);
    write_truth(w, h, key);
    count_village(v, h);
    s->households++;
    s->persons += h->size;
    s->poor_y += (double)y < w->model.line * h->size;
    s->poor_ystar += (double)ystar < w->model.line * h->size;
    s->faults += h->fault > 0;
}
