/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_SYNTH_INTERNAL_H
#define YS_SYNTH_INTERNAL_H
/*
 * synth_internal.h - what the files of synth/ share: places, files, counters.
 */
#include <stdio.h>
#include "base/arena.h"
#include "base/num.h"
#include "io/csv.h"
#include "policy/pack.h"
#include "synth/model.h"
#include "synth/synth.h"

/* ---- places ---- */
typedef struct sy_area {
    const char *cell[10]; /* core fields of kind area, in the order of ys__synth_area_fields */
    int parent;           /* index, -1 root */
    int depth;            /* index into the pack's area levels */
} sy_area;

typedef struct sy_village {
    int area, town, county; /* indices of areas; town and county index `towns` and `counties` */
    double persons;         /* rural population in one pass */
    int quota;              /* registered households in one pass */
    sy_village_mood mood;
    /* counted while the households stream by */
    int64_t reg_households, reg_persons, labour, away, dibao, danger, hard, unsafe, land10;
    double population, families; /* denominators for what was written */
} sy_village;

typedef struct sy_unit { /* town or county */
    int area, county;
    int64_t reg_households, reg_persons, villages;
    double population, families;
} sy_unit;

typedef struct sy_places {
    ys_arena *arena;
    sy_area *areas;
    int area_count;
    sy_village *villages; /* in the order in which they are filled */
    sy_unit *towns, *counties;
    int village_count, town_count, county_count;
    int root; /* area of the highest level */
} sy_places;

ys_status ys__synth_places_load(const ys_synth_args *args, sy_places *p, ys_diag *diag) YS_MUST_USE;
void ys__synth_places_done(sy_places *p);
/* Rural households of so many rural persons. */
double ys__synth_families(double persons);
extern const char *const ys__synth_area_fields[10];
/* Sums of the villages into towns and counties. */
void ys__synth_places_total(sy_places *p);

/* ---- files ---- */
enum { SY_COLUMNS = 96 };
/* A CSV file of one kind whose columns are those of `names` that the pack knows. */
typedef struct sy_file {
    FILE *f;
    ys_csv_writer w;
    char path[1024];
    bool keep[SY_COLUMNS];
    int columns, at;
    int64_t rows;
} sy_file;
/* `kind` NULL: not a kind of the pack, all columns are kept. */
ys_status ys__synth_file_open(sy_file *file, const ys_synth_args *args, const char *name, const char *kind,
                              const char *const *columns, int n, ys_diag *diag) YS_MUST_USE;
ys_status ys__synth_file_close(sy_file *file, ys_diag *diag) YS_MUST_USE;
/* Cells from left to right; NULL and negative NA are written as blank cells. */
void ys__put(sy_file *file, const char *text);
void ys__put_blank(sy_file *file);
void ys__put_bool(sy_file *file, bool v);
void ys__put_int(sy_file *file, int64_t v);
void ys__put_real(sy_file *file, double v, int decimals);
void ys__put_yuan(sy_file *file, double yuan);
void ys__put_date(sy_file *file, int32_t days);
void ys__put_end(sy_file *file);

/* ---- one household into the files ---- */
typedef struct sy_writer {
    const ys_synth_args *args;
    sy_model model;
    sy_places *places;
    sy_file households, persons, incomes, wishes, truth;
    const char *period;
    int32_t today; /* reference date, days */
    int year;
    double sample_weight;
    int consent[128], consents; /* measures that need a consent on record */
    ys_synth_result result;
} sy_writer;
ys_status ys__synth_household_files_open(sy_writer *w, ys_diag *diag) YS_MUST_USE;
ys_status ys__synth_household_files_close(sy_writer *w, ys_diag *diag) YS_MUST_USE;
void ys__synth_household_write(sy_writer *w, const sy_household *h, sy_village *v);

/* Housing, water, the declared cause, faults: facts beside the income. */
void ys__synth_circumstances(ys_rng *r, const sy_model *m, const sy_village_mood *v, sy_household *h);
const char *ys__synth_cause(sy_cause c);

/* ---- names and numbers ---- */
/* Birthday of member `m` (0..6) of a household, in a year; unique with the identity number. */
int32_t ys__synth_birthday(int64_t household, bool sample, int m, int year);
/* 18 characters and a terminator. */
void ys__synth_id(int64_t household, bool sample, int m, int32_t birthday, bool male, char id[19]);
void ys__synth_name(uint64_t seed, int64_t household, bool sample, int m, const sy_person *p, char *buf,
                    size_t size);
void ys__synth_phone(int64_t household, bool sample, int m, char phone[12]);

/* ---- the rest of the files ---- */
ys_status ys__synth_areas_write(sy_writer *w, ys_diag *diag) YS_MUST_USE;
ys_status ys__synth_supply_write(sy_writer *w, ys_diag *diag) YS_MUST_USE;
ys_status ys__synth_helpers_write(const sy_writer *w, ys_diag *diag) YS_MUST_USE;
ys_status ys__synth_partners_write(const sy_writer *w, ys_diag *diag) YS_MUST_USE;
ys_status ys__synth_readme_write(const sy_writer *w, ys_diag *diag) YS_MUST_USE;

#endif
