/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_SYNTH_SYNTH_H
#define YS_SYNTH_SYNTH_H
/*
 * synth.h - a synthetic registry of any size on a real area tree, with the truth beside it.
 *
 * The registry is a law of chance with a seed: household number h is a pure function of (seed, h), so the files of a
 * smaller registry are contained in those of a larger one (but for the last handful of households, which are chosen
 * so that the number of persons is exact), in any order and on any machine.  Households fill whole villages, town by
 * town, so that a small registry is a few real-looking villages and 914,000 persons fill Heze once; beyond that
 * every village holds several times as many.  Memory depends on the area tree only, never on the number of persons.
 *
 * A household is drawn healthy: members, ages, work, land, incomes.  Then dated shocks befall it (an illness with its
 * bill, a disability, school fees, a disaster, age, a death, low skill, idle months ...), each acting where it acts
 * in life: a bill is spending, a disability takes labour, idleness takes months.  A draw is registered if it ends
 * poor (rejection sampling; a small share of the registered is not poor).  The truth is the shock that took most
 * yuan of y* (Shapley value over the shocks of the household).  Nothing here calls the diagnosis.
 *
 * Calibration and its sources are in model.c and README.txt of the output; what was not found in a source is marked
 * an assumption there.  Identity numbers are well-formed (GB 11643-1999, ISO 7064 MOD 11-2) but carry the region
 * prefixes 990000-998999, which GB/T 2260 has never assigned: ys_synth_is_fictitious_id lets an importer of real
 * data refuse them.  Telephone numbers begin with 000.
 */
#include <stdbool.h>
#include <stdint.h>
#include "policy/pack.h"
#include "yaoshi/status.h"

#define YS_SYNTH_MIN_PERSONS 100
#define YS_SYNTH_MAX_PERSONS 100000000

typedef struct ys_synth_args {
    const ys_pack *pack; /* codes, lines, measures; borrowed */
    const char *
        areas_path; /* areas.csv of the tree (core fields of kind area), e.g. packs/cn-2016/areas/areas.csv */
    const char *out_dir; /* existing folder; files in it are overwritten */
    int64_t persons;     /* registered persons wanted, YS_SYNTH_MIN_PERSONS..YS_SYNTH_MAX_PERSONS */
    uint64_t seed;
    double error_share;  /* share of households with an injected data fault, 0..0.5; 0.005 is usual */
    double income_noise; /* sd of the log error of a reported income line, 0..0.5; 0.1 is usual */
    double sample_share; /* share of non-registered households sampled, 0..0.2; 0.02 is usual */
} ys_synth_args;

/* What was written, for the caller to print. */
typedef struct ys_synth_result {
    int64_t households, persons;               /* frame = register */
    int64_t sample_households, sample_persons; /* frame = sample */
    int64_t villages, towns, counties;         /* with registered households */
    int64_t rural_population;                  /* denominator */
    int64_t income_rows, wish_rows, offerings, capacities, funds;
    int64_t poor_y, poor_ystar; /* registered households under the line as recorded */
    int64_t truth_declared;     /* households whose declared cause is the true one */
    int64_t ambiguous;          /* second loss >= 75 % of the largest */
    int64_t faults;             /* households with an injected fault */
    int64_t cause_count[16];    /* registered households by true cause, order of ys_synth_cause_code */
} ys_synth_result;

/* Arguments as `yaoshi synth` takes them when nothing is said. */
void ys_synth_args_init(ys_synth_args *args);

/*
 * Writes areas, populations, statistics, villages, towns, households, persons, incomes, wishes, funds, providers,
 * offerings, floors (.csv: importable), truth.csv (never imported) and README.txt.  `ret_result` may be NULL.
 * Errors: EUSAGE (arguments), EDATA (area tree, or the pack lacks something needed), EIO, ENOMEM.
 */
ys_status ys_synth_write(const ys_synth_args *args, ys_synth_result *ret_result, ys_diag *diag) YS_MUST_USE;

/* Code of the i-th cause of ys_synth_result.cause_count, NULL past the end. */
const char *ys_synth_cause_code(int i);

/* True for an 18-character number whose region prefix (990000-998999) only this generator uses. */
bool ys_synth_is_fictitious_id(const char *id);

#endif
