/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Funds, providers, offerings and floors: what there is to give, and never enough of it.
 *
 * Where a measure is offered follows from what it is: a village's own work and what needs an office by county, trades
 * by town, posts and workshop places by village.  Capacities are shares of the registered households there, funds are
 * shares of what all those capacities would cost, so that scarcity is alike at every size.
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "synth/synth_internal.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

typedef enum level { BY_COUNTY, BY_TOWN, BY_VILLAGE } level;

/* Kinds of money.  `ratio`: what comes in, as a share of what all offerings together would cost it. */
typedef enum fund_kind {
    CENTRAL,
    PROVINCE,
    CITY,
    COUNTY,
    QINGDAO,
    CIVIL,
    EDUCATION,
    HEALTH,
    HOUSING,
    WATER_ROADS,
    CREDIT,
    SOCIAL,
    FUND_KINDS
} fund_kind;
static const struct {
    const char *code, *name, *giver;
    double ratio;
    bool by_county;
} FUNDS[FUND_KINDS] = {
    {"ZY", "中央财政专项扶贫资金", "中央财政", .36, false},
    {"SD", "省级财政专项扶贫资金", "山东省财政", .34, false},
    {"HZ", "市级财政专项扶贫资金", "菏泽市财政", .40, false},
    {"XJ", "县级财政扶贫资金", "县级财政", .42, true},
    {"QD", "青岛市扶贫协作资金", "青岛市财政", .38, true},
    {"MZ", "社会救助资金", "民政部门", .45, false},
    {"JY", "教育资助资金", "教育部门", .9, false},
    {"WS", "健康扶贫与医疗救助资金", "卫生计生部门", .5, false},
    {"ZJ", "农村危房改造资金", "住房城乡建设部门", .6, false},
    {"SL", "农村饮水与道路资金", "水利、交通部门", .45, false},
    {"XD", "小额信贷贴息与风险补偿金", "金融与财政部门", 1.2, false},
    {"SH", "社会帮扶资金", "社会各界", .5, false},
};

typedef struct supply {
    sy_writer *w;
    sy_file offerings, providers;
    double demand[FUND_KINDS];         /* yuan the offerings would cost each shared fund */
    double *county_demand[FUND_KINDS]; /* by county, for funds of counties */
    int64_t number;                    /* of the last offering */
} supply;

static level level_of(const ys_measure *m)
{
    if (m->target == YS_TARGET_VILLAGE)
        return BY_COUNTY;
    bool work = m->channel == YS_F_EMPLOYMENT && m->target == YS_TARGET_PERSON;
    if (strcmp(m->family, "safety_net") == 0)
        return work ? BY_VILLAGE : BY_COUNTY;
    if (work)
        return m->labour_months <= 6 ? BY_VILLAGE : BY_COUNTY;
    return BY_TOWN;
}

static bool cures_any(const ys_measure *m, const char *indicator)
{
    return strstr(m->cures, indicator) != NULL;
}

/* Which purses pay: the first pays `share`. */
static void purses(const ys_measure *m, ys_rng *r, fund_kind *a, fund_kind *b, double *share)
{
    bool school = strstr(m->group, "school") || cures_any(m, "education");
    *share = 1;
    *b = COUNTY;
    if (m->target == YS_TARGET_VILLAGE) {
        *a = cures_any(m, "water") || cures_any(m, "road") ? WATER_ROADS
             : ys__synth_chance(r, .5)                     ? CENTRAL
                                                           : PROVINCE;
        *share = .8;
    } else if (school) {
        *a = EDUCATION;
    } else if (cures_any(m, "housing")) {
        *a = HOUSING;
        *share = .7;
    } else if (cures_any(m, "water") || cures_any(m, "road")) {
        *a = WATER_ROADS;
        *share = .8;
    } else if (m->channel == YS_F_RIGID) {
        *a = cures_any(m, "food") ? SOCIAL : HEALTH;
    } else if (m->channel == YS_F_TRANSFER || m->channel == YS_F_LABOUR) {
        *a = CIVIL;
    } else if (m->channel == YS_F_EMPLOYMENT) {
        *a = ys__synth_chance(r, .5) ? QINGDAO : PROVINCE;
        *share = .6;
    } else if (strcmp(m->group, "credit") == 0) {
        *a = CREDIT;
    } else {
        fund_kind choice[] = {CENTRAL, PROVINCE, CITY, QINGDAO};
        *a = choice[ys_rng_below(r, COUNT(choice))];
        *share = .7;
    }
}

static void fund_code(const supply *s, fund_kind k, int county, char *buf, size_t size)
{
    const sy_places *p = s->w->places;
    if (FUNDS[k].by_county)
        snprintf(buf, size, "%s-%.6s", FUNDS[k].code, p->areas[p->counties[county].area].cell[0]);
    else
        snprintf(buf, size, "%s", FUNDS[k].code);
}

static void charge(supply *s, fund_kind k, int county, double yuan)
{
    if (FUNDS[k].by_county)
        s->county_demand[k][county] += yuan;
    else
        s->demand[k] += yuan;
}

/* Units on offer; -1 without a limit. */
static int64_t capacity_of(const ys_measure *m, level at, ys_rng *r, double households, double villages)
{
    double share;
    if (m->target == YS_TARGET_VILLAGE)
        share = villages / households * ys__synth_between(r, .02, .1);
    else if (at == BY_VILLAGE)
        share = ys__synth_between(r, .02, .07);
    else if (strcmp(m->family, "safety_net") == 0) {
        if (ys__synth_chance(r, .3))
            return -1;
        share = ys__synth_between(r, .015, .12);
    } else if (m->cures[0])
        share = ys__synth_between(r, .02, .12);
    else
        share = ys__synth_between(r, .01, .06);
    double cost = (double)m->cost / 100; /* what costs a house is given to few */
    if (m->target != YS_TARGET_VILLAGE && cost > 20000)
        share *= 20000 / cost;
    return (int64_t)floor(households * share + ys_rng_uniform(r));
}

static void write_offering(supply *s, const ys_measure *m, level at, int area, int county,
                           const char *provider, ys_rng *r, int64_t capacity, double households)
{
    sy_file *f = &s->offerings;
    fund_kind a, b;
    double share;
    char text[40];
    purses(m, r, &a, &b, &share);
    double place = ys__synth_between(r, .88, 1.15), gain = ys__synth_between(r, .85, 1.15);
    double cost = floor((double)m->cost / 100 * place / 10 + .5) * 10;
    double again = floor((double)m->cost_recurring / 100 * place / 10 + .5) * 10;
    double effect = strcmp(m->family, "safety_net") == 0
                        ? (double)m->effect / 100
                        : floor((double)m->effect / 100 * gain / 10 + .5) * 10;
    if (strcmp(m->family, "safety_net") == 0) { /* norms are the same everywhere */
        cost = (double)m->cost / 100;
        again = (double)m->cost_recurring / 100;
    }
    double units = capacity >= 0 ? (double)capacity : households * .06;
    charge(s, a, county, units * cost * share);
    charge(s, b, county, units * cost * (1 - share));
    int year = s->w->year + (at == BY_TOWN && ys__synth_chance(r, .12) ? 1 : 0);
    snprintf(text, sizeof text, "O%06lld", (long long)++s->number);
    ys__put(f, text);
    ys__put(f, m->measure);
    ys__put(f, provider);
    ys__put(f, s->w->places->areas[area].cell[0]);
    ys__put_int(f, year);
    if (capacity >= 0)
        ys__put_int(f, capacity);
    else
        ys__put(f, "#NA");
    fund_code(s, a, county, text, sizeof text);
    ys__put(f, text);
    ys__put_real(f, share, 2);
    fund_code(s, b, county, text, sizeof text);
    ys__put(f, share < 1 ? text : "");
    ys__put_yuan(f, cost);
    ys__put_yuan(f, again);
    ys__put_yuan(f, effect);
    ys__put_blank(f);
    ys__put_end(f);
    s->w->result.offerings++;
    s->w->result.capacities += capacity >= 0;
}

static void write_provider(supply *s, const char *code, const char *area_name, const char *what, int area,
                           const char *kind)
{
    char name[256];
    snprintf(name, sizeof name, "%s%s", area_name, what);
    ys__put(&s->providers, code);
    ys__put(&s->providers, name);
    ys__put(&s->providers, s->w->places->areas[area].cell[0]);
    ys__put(&s->providers, kind);
    ys__put_end(&s->providers);
}

static void supply_rng(ys_rng *r, const supply *s, const char *area, const char *measure)
{
    uint64_t h = ys_hash_bytes(area, strlen(area), ys_hash_bytes(measure, strlen(measure), s->w->args->seed));
    ys__synth_rng(r, s->w->args->seed, SY_STREAM_SUPPLY, (int64_t)(h >> 8));
}

/* All offerings of one county or town. */
static void supply_unit(supply *s, const sy_unit *u, level at)
{
    static const struct {
        const char *code, *what, *kind;
    } BUREAUS[] = {{"Z", "民政局", "government"},
                   {"J", "教育局", "government"},
                   {"W", "人民医院", "hospital"},
                   {"F", "扶贫开发办公室", "government"},
                   {"C", "镇农民专业合作社", "cooperative"},
                   {"Q", "带动企业", "enterprise"}};
    const sy_places *p = s->w->places;
    const sy_area *area = &p->areas[u->area];
    char code[48];
    int first = at == BY_COUNTY ? 0 : 4, last = at == BY_COUNTY ? 4 : COUNT(BUREAUS);
    for (int i = first; i < last; i++) {
        snprintf(code, sizeof code, "P%s-%s", BUREAUS[i].code, area->cell[0]);
        write_provider(s, code, area->cell[3], BUREAUS[i].what, u->area, BUREAUS[i].kind);
    }
    int n;
    const ys_measure *m = ys_pack_measures(s->w->args->pack, &n);
    for (int i = 0; i < n; i++) {
        ys_rng r;
        if (level_of(&m[i]) != at)
            continue;
        supply_rng(&r, s, area->cell[0], m[i].measure);
        if (at == BY_TOWN && ys__synth_chance(&r, .25)) /* not every town has every trade */
            continue;
        int64_t capacity = capacity_of(&m[i], at, &r, (double)u->reg_households, (double)u->villages);
        if (capacity == 0)
            capacity = 1;
        int who = at == BY_TOWN                   ? 4 + (int)ys_rng_below(&r, 2)
                  : m[i].channel == YS_F_TRANSFER ? 0
                  : strstr(m[i].group, "school")  ? 1
                  : m[i].channel == YS_F_RIGID    ? 2
                                                  : 3;
        snprintf(code, sizeof code, "P%s-%s", BUREAUS[who].code, area->cell[0]);
        write_offering(s, &m[i], at, u->area, u->county, code, &r, capacity, (double)u->reg_households);
    }
}

static void supply_village(supply *s, const sy_village *v)
{
    const sy_area *area = &s->w->places->areas[v->area];
    char code[48];
    int n, written = 0;
    const ys_measure *m = ys_pack_measures(s->w->args->pack, &n);
    snprintf(code, sizeof code, "PV-%s", area->cell[0]);
    for (int i = 0; i < n; i++) {
        ys_rng r;
        if (level_of(&m[i]) != BY_VILLAGE)
            continue;
        supply_rng(&r, s, area->cell[0], m[i].measure);
        if (!ys__synth_chance(&r, .32))
            continue;
        int64_t capacity = capacity_of(&m[i], BY_VILLAGE, &r, (double)v->reg_households, 1);
        if (capacity == 0)
            continue;
        if (!written++)
            write_provider(s, code, area->cell[3], "村集体", v->area, "village");
        write_offering(s, &m[i], BY_VILLAGE, v->area, v->county, code, &r, capacity,
                       (double)v->reg_households);
    }
}

static void fund_row(sy_file *f, const char *code, int year, const char *name, const char *parent,
                     double amount, const char *giver)
{
    ys__put(f, code);
    ys__put_int(f, year);
    ys__put(f, name);
    ys__put(f, parent);
    ys__put_yuan(f, floor(amount / 1000 + .5) * 1000);
    ys__put(f, giver);
    ys__put_end(f);
}

/* Three years; the purses of later years also carry what recurs of the first. */
static ys_status write_funds(supply *s, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"fund", "period", "name", "parent", "amount", "giver"};
    static const double YEAR[] = {1, 1, .9};
    const sy_places *p = s->w->places;
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, s->w->args, "funds.csv", "fund", COLUMNS, COUNT(COLUMNS), diag));
    for (int y = 0; y < COUNT(YEAR); y++)
        for (int k = 0; k < FUND_KINDS; k++) {
            char code[40], name[160];
            double part = FUNDS[k].ratio * YEAR[y], total = s->demand[k];
            for (int c = 0; c < p->county_count; c++)
                total += FUNDS[k].by_county ? s->county_demand[k][c] : 0;
            if (!FUNDS[k].by_county || k == QINGDAO) /* Qingdao's counties hang on one purse */
                fund_row(&f, FUNDS[k].code, s->w->year + y, FUNDS[k].name, "", total * part, FUNDS[k].giver);
            for (int c = 0; FUNDS[k].by_county && c < p->county_count; c++) {
                if (p->counties[c].reg_households == 0)
                    continue;
                fund_code(s, (fund_kind)k, c, code, sizeof code);
                snprintf(name, sizeof name, "%s（%s）", FUNDS[k].name, p->areas[p->counties[c].area].cell[3]);
                fund_row(&f, code, s->w->year + y, name, k == QINGDAO ? FUNDS[k].code : "",
                         s->county_demand[k][c] * part, FUNDS[k].giver);
            }
        }
    s->w->result.funds = f.rows / COUNT(YEAR);
    return ys__synth_file_close(&f, diag);
}

/* Nobody may be forgotten: every county and town helps at least a part of its households. */
static ys_status write_floors(supply *s, ys_diag *diag)
{
    static const char *const COLUMNS[] = {"floor", "area", "metric", "minimum"};
    const sy_places *p = s->w->places;
    sy_file f;
    YS_TRY(ys__synth_file_open(&f, s->w->args, "floors.csv", "floor", COLUMNS, COUNT(COLUMNS), diag));
    const sy_unit *units[] = {p->counties, p->towns};
    const int counts[] = {p->county_count, p->town_count};
    static const double LEAST[] = {.15, .1};
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < counts[k]; i++) {
            const sy_unit *u = &units[k][i];
            char code[48];
            if (u->reg_households < 100)
                continue;
            snprintf(code, sizeof code, "F-%s", p->areas[u->area].cell[0]);
            ys__put(&f, code);
            ys__put(&f, p->areas[u->area].cell[0]);
            ys__put(&f, "households");
            ys__put_int(&f, (int64_t)floor((double)u->reg_households * LEAST[k]));
            ys__put_end(&f);
        }
    return ys__synth_file_close(&f, diag);
}

static ys_status write_offers(supply *s, ys_diag *diag)
{
    static const char *const OFFERINGS[] = {"offering",       "measure", "provider", "area",   "period",
                                            "capacity",       "fund_a",  "share_a",  "fund_b", "cost",
                                            "cost_recurring", "effect",  "effect_sd"};
    static const char *const PROVIDERS[] = {"provider", "name", "area", "provider_kind"};
    const sy_places *p = s->w->places;
    YS_TRY(ys__synth_file_open(&s->offerings, s->w->args, "offerings.csv", "offering", OFFERINGS,
                               COUNT(OFFERINGS), diag));
    YS_TRY(ys__synth_file_open(&s->providers, s->w->args, "providers.csv", "provider", PROVIDERS,
                               COUNT(PROVIDERS), diag));
    for (int i = 0; i < p->county_count; i++)
        if (p->counties[i].reg_households > 0)
            supply_unit(s, &p->counties[i], BY_COUNTY);
    for (int i = 0; i < p->town_count; i++)
        if (p->towns[i].reg_households > 0)
            supply_unit(s, &p->towns[i], BY_TOWN);
    for (int i = 0; i < p->village_count; i++)
        if (p->villages[i].reg_households > 0)
            supply_village(s, &p->villages[i]);
    return YS_OK;
}

ys_status ys__synth_supply_write(sy_writer *w, ys_diag *diag)
{
    supply s = {.w = w};
    ys_status st = YS_OK;
    for (int k = 0; k < FUND_KINDS && st == YS_OK; k++) {
        s.county_demand[k] = ys_calloc((size_t)w->places->county_count + 1, sizeof *s.county_demand[k]);
        st = s.county_demand[k] ? YS_OK : ys_fail_nomem(diag);
    }
    if (st == YS_OK)
        st = write_offers(&s, diag);
    sy_file *files[] = {&s.offerings, &s.providers};
    for (int i = 0; i < COUNT(files); i++) {
        ys_status closed = ys__synth_file_close(files[i], st == YS_OK ? diag : NULL);
        st = st == YS_OK ? closed : st;
    }
    if (st == YS_OK)
        st = write_funds(&s, diag);
    if (st == YS_OK)
        st = write_floors(&s, diag);
    for (int k = 0; k < FUND_KINDS; k++)
        ys_free(s.county_demand[k]);
    return st;
}
