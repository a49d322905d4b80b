/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAOSHI_APPRAISE_H
#define YAOSHI_APPRAISE_H
/*
 * appraise.h - is a project worth it, for whom, and what happens to the poor when it goes wrong.
 *
 * Two kinds: a photovoltaic plant whose owner pays a yearly pool to poor households, and an industry project linked to
 * households by jobs, rent, dividends, orders, shares or own production.  Numbers in, numbers out: no file, clock or store.
 *
 * Appraisals are forecasts, so money is double in yuan (any currency serves), not fen.  Rates and shares are fractions here
 * (.06) and percent in files (6).  NAN: not known; what would need it is NAN too, never 0.  Only + - * / are used on the way
 * to a result: the same input gives the same bits everywhere.
 *
 * Sources: Dobos, PVWatts Version 5 Manual (NREL/TP-6A20-62641, 2014); low light: Marion as in pvlib; root finding: Brent,
 * Algorithms for Minimization without Derivatives (1973), chapter 4.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "yaoshi/status.h"

/* ---- energy ---------------------------------------------------------------------------------------------------- */

/* DC power of modules rated `dc0` at 1000 W/m2 and 25 C: poa/1000 * dc0 * (1 + gamma*(cell-25)); `poa` in W/m2, `cell` in C,
 * `gamma` in 1/C (-.0047 standard, -.0035 premium, -.0020 thin film); the result in the unit of `dc0`. */
double ys_pv_dc(double poa, double cell, double dc0, double gamma);
/* The same with Marion's loss at low light: below 200 W/m2 dc0*k*(1-(1-poa/200)^4), above it dc0*k*(1000-poa)/800. */
double ys_pv_dc_low(double poa, double cell, double dc0, double gamma, double k);
/* AC power of an inverter whose DC rating is `dc0` and nominal efficiency `eta`: part-load curve of PVWatts, clipped to
 * [0, eta*dc0]. */
double ys_pv_ac(double dc, double dc0, double eta);
/* 1 - product of (1-l), l as fractions; the ten defaults of PVWatts give .14075660688264469. */
double ys_pv_losses(const double *loss, int n);
extern const double ys_pv_loss_default
    [10]; /* soiling shading snow mismatch wiring connections LID nameplate age availability */
/* Cell temperature in C: by NOCT (air + (noct-20)/800*poa), or Faiman (air + poa/(25+6.84*wind)), wind in m/s. */
double ys_pv_cell_noct(double air, double poa, double noct);
double ys_pv_cell_faiman(double air, double poa, double wind);

/* ---- flows of money -------------------------------------------------------------------------------------------- */

/* Sum of flow[t]/(1+rate)^t, t from 0; rate > -1. */
double ys_npv(const double *flow, int n, double rate);
/* Yearly payment of a loan: debt*rate/(1-(1+rate)^-years); rate 0: debt/years. */
double ys_annuity(double debt, double rate, int years);

typedef enum ys_irr_state {
    YS_IRR_FOUND,
    YS_IRR_NO_CHANGE, /* the flows never change sign: no rate makes them worth nothing */
    YS_IRR_BELOW,     /* would lie below -50 % */
    YS_IRR_ABOVE,     /* would lie above 100 % */
    YS_IRR_NONE,      /* several changes of sign, and no rate in between */
    YS_IRR_SEVERAL    /* several rates do: none of them means anything */
} ys_irr_state;

typedef struct ys_irr {
    ys_irr_state state;
    double rate;      /* FOUND only, else NAN */
    int sign_changes; /* of the flows; with one the rate is the only one (Descartes) */
} ys_irr;

/* The internal rate of return in [-.5, 1] by Brent's method, to 1e-13. */
ys_irr ys_irr_find(const double *flow, int n);

/* ---- fields ---------------------------------------------------------------------------------------------------- */

/* One input of an appraisal: what a file calls it, its unit, where it lies, and what is absurd.  The only list of inputs:
 * files, templates, checks and manuals are made from it. */
typedef struct ys_field_def {
    const char *name;
    const char *unit, *unit_zh; /* "%": the file's number is 100 times ours */
    double least, most;         /* in the file's unit */
    double missing; /* when the file says nothing, in the file's unit; YS_FIELD_REQUIRED, or NAN: unknown */
    bool whole;
    size_t at; /* offset of a double in the struct */
    const char *zh, *en;
} ys_field_def;
#define YS_FIELD_REQUIRED (-1e300)

extern const ys_field_def ys_pv_fields[];       /* ended by a NULL name */
extern const ys_field_def ys_industry_fields[]; /* of the project */
extern const ys_field_def ys_link_fields[];     /* of one link */

/* What the file's number is multiplied by: .01 for percent. */
double ys_field_scale(const ys_field_def *f);
/* Sets every field of `to` (a ys_pv, ys_industry or ys_link) to its default; required ones to NAN. */
void ys_fields_default(const ys_field_def *fields, void *to);
/* `value` in the file's unit, NAN: not given.  EDATA: required and missing, out of range, not whole. */
ys_status ys_field_check(const ys_field_def *f, double value, ys_diag *diag) YS_MUST_USE;

/* ---- a photovoltaic plant ---------------------------------------------------------------------------------------- */

#define YS_PV_YEARS 60 /* most years of a plant */
#define YS_PV_DELAY 3  /* most years the subsidy comes late */

typedef struct ys_pv {
    /* energy */
    double capacity;          /* kWp */
    double yield;             /* kWh/kWp of the first year; NAN: from the irradiation */
    double ghi[12];           /* kWh/m2, January first; NAN: unknown */
    double plane_gain;        /* irradiation of the plane over horizontal */
    double performance_ratio; /* NAN: (1-losses)*inverter*(1+gamma*(cell-25)) */
    double losses, inverter, gamma, cell_temperature;
    double first_year_loss, degradation; /* light-induced, and yearly */
    double sigma;                        /* standard deviation of the long-term yield */
    double curtail, curtail_stress;      /* share not taken by the grid: expected, and in the stress case */
    /* money */
    double years, discount;
    double tariff, tariff_delayed; /* yuan/kWh; the part of it that may be paid late */
    double capex, opex;            /* yuan/W, yuan/W a year */
    double insurance;              /* yuan a year */
    double tax;                    /* on the profit after depreciation and interest */
    double debt_share, debt_rate, debt_years;
    double rent_in_opex; /* 1: opex holds the land rent, 0: it comes on top */
    /* households */
    double households, household_size;
    double pool, pool_years; /* yuan a household and year */
    double pool_owned; /* 1: the share is the household's or village's own (property income), 0: a transfer */
    double public_jobs, public_wage;
    /* land */
    double land_mu, land_households, land_rent, farm_margin; /* mu; yuan/mu a year */
    double agri_mu, agri_value, agri_cost, shading_loss;
    double sheds, shed_income, shed_fee; /* yuan a shed and year */
    double jobs, job_days, job_wage;     /* farm work under the panels: persons, days a year, yuan a day */
} ys_pv;

/* EDATA names the first field out of its range, missing, or at odds with another. */
ys_status ys_pv_check(const ys_pv *p, ys_diag *diag) YS_MUST_USE;
/* kWh/kWp of the first year by the irradiation: sum of ghi * plane_gain * performance ratio; NAN without them. */
double ys_pv_model_yield(const ys_pv *p);
double ys_pv_performance(const ys_pv *p); /* the ratio given, or computed; NAN */
/* kWh of year 1, 2, … before curtailment: capacity * yield * (1-first_year_loss) * (1-degradation)^(t-1). */
double ys_pv_energy(const ys_pv *p, int year);

typedef struct ys_pv_shock {
    double energy;  /* 1: the expected yield (P50); P90: 1 - 1.28*sigma */
    double curtail; /* share */
    int delay;      /* years, up to YS_PV_DELAY */
} ys_pv_shock;

typedef struct ys_pv_year {
    double sold;                /* kWh */
    double revenue, cost, debt; /* yuan; cost: opex, rent, insurance */
    double pool_due, pool_paid; /* paid: when it stands behind the bank */
    double dscr,
        dscr_pool; /* (revenue-cost)/debt, and with the pool paid before the bank; NAN without debt */
} ys_pv_year;

typedef struct ys_pv_case {
    int years; /* of life, plus the delay */
    ys_pv_year year[YS_PV_YEARS + YS_PV_DELAY];
    double sold;                             /* kWh over the life */
    double npv, npv_pool;                    /* before debt: without the pool, and with it paid in full */
    ys_irr irr, irr_pool;                    /* of the same flows */
    ys_irr irr_equity;                       /* after debt, the pool standing behind the bank */
    double lcoe;                             /* yuan/kWh, without the pool */
    double annuity;                          /* 0: no debt */
    double dscr_first, dscr_least;           /* NAN: no debt */
    double dscr_pool_first, dscr_pool_least; /* the pool is paid before the bank */
    double pool_due, pool_paid;              /* over its years */
    int pool_short;                          /* years in which the households get less than promised */
} ys_pv_case;

/* One scenario of a project that passed ys_pv_check.  The flow of year 0 is -capex; revenue that comes late comes, at the latest,
 * in the years after the last.  Every shock lowers NPV at any rate >= 0, and the debt cover of the years the money is late. */
void ys_pv_run(const ys_pv *p, const ys_pv_shock *shock, ys_pv_case *ret_case);

enum { YS_PV_STRESSES = 7 };
typedef struct ys_pv_stress {
    const char *name, *zh, *en;
    ys_pv_shock shock;
} ys_pv_stress;
/* Expected (the first), P90, curtailed, one to three years late, all at once. */
void ys_pv_stresses(const ys_pv *p, ys_pv_stress ret_stress[YS_PV_STRESSES]);

/* ---- income and land of households ------------------------------------------------------------------------------ */

typedef enum ys_earning_class {
    YS_EARN_LABOUR,
    YS_EARN_BUSINESS,
    YS_EARN_PROPERTY,
    YS_EARN_TRANSFER,
    YS_EARN_CLASSES
} ys_earning_class;
extern const char *const ys_earning_class_name[YS_EARN_CLASSES];

typedef struct ys_earning {
    const char *name, *zh, *en;
    ys_earning_class what;
    double total;      /* yuan a year */
    double recipients; /* households (jobs: workers) */
    double each;       /* yuan a recipient and year; NAN: none */
} ys_earning;

enum { YS_PV_INCOMES = 5 };
/* Pool, rent, public jobs, farm jobs, sheds. */
void ys_pv_incomes(const ys_pv *p, ys_earning ret_line[YS_PV_INCOMES]);

typedef struct ys_pv_land {
    double mu_per_mw;
    double mu_each, rent_each, margin_each,
        net_each;        /* of a household that gave land, a year; NAN: unknown */
    double open, shaded; /* margin of the farmed land without and under panels, yuan a year */
    double lost;         /* open - shaded */
} ys_pv_land;
/* net_each < 0: the plant harms those whose land it stands on. */
void ys_pv_land_of(const ys_pv *p, ys_pv_land *ret_land);

/* ---- links of an industry project with households ---------------------------------------------------------------- */

/* By rising risk to the household. */
typedef enum ys_link_type {
    YS_LINK_PUBLIC_JOB,
    YS_LINK_JOB,
    YS_LINK_RENT,
    YS_LINK_DIVIDEND, /* fixed: a transfer in disguise */
    YS_LINK_ORDER,
    YS_LINK_EQUITY,
    YS_LINK_OWN, /* own production, often with a loan */
    YS_LINK_TYPES
} ys_link_type;
extern const char *const ys_link_name[YS_LINK_TYPES]; /* public_job job rent dividend order equity own */

/* One way of earning, for one household and year, in yuan. */
typedef struct ys_link {
    ys_link_type type;
    double households, poor;         /* linked, and registered poor among them */
    double days, wage, displacement; /* yuan a day; share of it that was earned elsewhere before */
    double quantity, contract_price, market_price;
    double rent, forgone; /* paid for land or assets, and what they brought before */
    double dividend;
    double own_input, opportunity; /* money put in, repayment of loans; what the labour would have brought */
    double default_rate;           /* chance in a year that the firm does not pay */
    double guarantee;              /* share of its payments somebody else makes good */
} ys_link;

typedef struct ys_link_gain {
    double expected, price, yield, firm, all; /* yuan a household and year */
    bool lifts;                               /* 带动: the household does not lose when the firm fails */
    double alive3; /* chance that it still pays after three years: (1-default_rate)^3 */
} ys_link_gain;

extern const double ys_shock_price, ys_shock_yield; /* .75, .80: what is left of prices and yields */

/*
 * expected = days*wage*(1-displacement) + quantity*(contract-market)*(1-default) + rent - forgone + dividend*(1-default)
 *            - own_input - opportunity;  own production: quantity*market_price in place of the premium of the order.
 * Shocks: prices * .75 (a contract above a fallen market is renegotiated with it), yields * .80, the firm fails: it pays the
 * guaranteed part only, work stops with the wage, but what was put in and the land given away stay lost; own production and public
 * jobs stand on their own.  A shock never counts as a gain.
 */
ys_link_gain ys_link_judge(const ys_link *l);

typedef struct ys_industry {
    double grant;           /* public money, yuan */
    double value_added;     /* of the project, yuan a year; NAN */
    double jobs_promised;   /* for registered persons; NAN */
    double jobs_on_payroll; /* of them on a verified payroll; NAN */
} ys_industry;

typedef struct ys_scorecard {
    double households, poor;
    double gain, poor_gain; /* expected, yuan a year, all households and the poor */
    double gain_firm;       /* when the firm fails */
    double poor_share;      /* poor_gain / value added; NAN */
    double cost_each;       /* grant a poor household; NAN: none */
    double cost_per_yuan;   /* grant a yuan of yearly gain of the poor; NAN where they gain nothing */
    double jobs_kept;       /* on the payroll / promised; NAN */
    double exposed;         /* value of what is sold at a price, yuan a year */
    bool lifts;             /* every link does */
} ys_scorecard;

ys_status ys_industry_check(const ys_industry *p, const ys_link *link, int n, ys_diag *diag) YS_MUST_USE;
void ys_industry_score(const ys_industry *p, const ys_link *link, int n, ys_scorecard *ret_score);
/* Sum of squared shares of the buyers, 1/n to 1; NAN: nobody buys.  Amounts >= 0. */
double ys_hhi(const double *amount, int n);
/* Loss as a share of the price that one year in `1/tail` exceeds: minus the tail quantile (type 7) of the yearly changes, at
 * least 0; NAN with fewer than five prices or more than YS_PRICES; they are > 0, oldest first. */
#define YS_PRICES 240
double ys_price_var(const double *price, int n, double tail);

#endif
