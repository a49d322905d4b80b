/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_PACK_H
#define YS_POLICY_PACK_H
/*
 * pack.h - a policy pack in memory (docs/pack.md says what each table means).
 *
 * The pack owns every string and array it shows; all are valid until ys_pack_free.  Arrays keep the order of
 * the files.  Loading checks the whole pack and fails with file, row and column of the first fault;
 * ys_pack_check reports them all.  Rules are kept as text here and compiled by whoever runs them; loading has
 * already compiled each once against its kind, so that a rule which cannot compile never reaches a run.
 */
#include <stdbool.h>
#include <stdint.h>
#include "policy/schema.h"
#include "yaoshi/status.h"

typedef struct ys_code_entry {
    const char *list, *code, *label_zh, *label_en, *synonyms;
} ys_code_entry;

typedef struct ys_line {
    const char *jurisdiction, *level, *label_zh, *label_en, *price_basis, *source;
    int year;
    int64_t amount; /* minor units per person and year */
} ys_line;

typedef enum ys_component {
    YS_WAGE,
    YS_BUSINESS,
    YS_PROPERTY,
    YS_TRANSFER,
    YS_RIGID,
    YS_COMPONENTS
} ys_component;

typedef struct ys_income_line {
    const char *line, *label_zh, *label_en, *synonyms, *source;
    ys_component component;
    int sign;
    bool counts, is_public, sustained;
    double cost_ratio; /* NaN: none */
} ys_income_line;

typedef struct ys_derived {
    const char *kind, *name, *expr, *label_zh, *label_en;
    ys_type type;
} ys_derived;

typedef struct ys_indicator {
    const char *name, *kind, *dimension, *rule, *label_zh, *label_en, *source;
    int weight;
    bool statutory;
} ys_indicator;

/* Terms of the income identity; YS_F_NONE for causes that name no term. */
typedef enum ys_factor {
    YS_F_LABOUR,
    YS_F_EMPLOYMENT,
    YS_F_EARNINGS,
    YS_F_PROPERTY,
    YS_F_TRANSFER,
    YS_F_RIGID,
    YS_FACTORS,
    YS_F_NONE = YS_FACTORS
} ys_factor;
const char *ys_factor_name(ys_factor f); /* "labour" … "none" */
bool ys_factor_parse(const char *name, ys_factor *ret_factor);

typedef struct ys_cause {
    const char *cause, *evidence, *kind, *label_zh, *label_en, *source;
    ys_factor factor;
} ys_cause;

typedef enum ys_target { YS_TARGET_HOUSEHOLD, YS_TARGET_PERSON, YS_TARGET_VILLAGE } ys_target;

typedef struct ys_measure {
    const char *measure, *family, *group; /* group "": none */
    const char *gate;                     /* never blank: "true" where the pack has none */
    const char *cures, *label_zh, *label_en, *mark, *source;
    ys_target target;
    ys_factor channel;
    int64_t cost, cost_recurring; /* minor units per unit */
    int64_t effect, effect_sd;    /* minor units per unit and year */
    double persistence, labour_months, delay_months;
    bool full_time, consent;
} ys_measure;

typedef struct ys_cause_measure {
    const char *cause, *measure, *reason_zh, *reason_en;
    int strength;
} ys_cause_measure;

/* A group of measures with a limit of its own; measures may name groups that have none (limit 1, no parent). */
typedef struct ys_measure_group {
    const char *group, *parent; /* parent "": none */
    const char *label_zh, *label_en, *source;
    int limit; /* most measures of it and of the groups below it in a bundle, >= 1 */
} ys_measure_group;

typedef enum ys_relation { YS_EXCLUDES, YS_REQUIRES, YS_COMPETES, YS_COMPLEMENTS } ys_relation;
typedef struct ys_exclusion {
    const char *measure_a, *measure_b, *reason_zh, *reason_en;
    ys_relation relation;
    double value;
} ys_exclusion;

typedef struct ys_entitlement {
    const char *entitlement, *kind, *rule, *line, *label_zh, *label_en, *source;
    int64_t amount;
} ys_entitlement;

typedef struct ys_pack_rule {
    const char *rule, *kind, *purpose, *expr, *message_zh, *message_en, *fix_zh, *fix_en, *source;
    int severity;
} ys_pack_rule;

/* A level at which pairs are made (household, county …): who needs, who gives, and what a place is worth.  Costs are
 * points, whole numbers without a unit. */
typedef struct ys_pair_level {
    const char *level, *need_kind, *need_rule, *giver_kind, *giver_rule; /* a rule "": everybody */
    const char *reach;          /* level of the area that must have both sides in it; "": anywhere */
    const char *capacity_field; /* of the giver; "": none */
    const char *label_zh, *label_en, *source;
    int64_t candidates; /* nearest givers looked at for each need */
    int64_t capacity;   /* places of a giver whose capacity is not known */
    int64_t step;       /* the k-th taker of a giver costs (k-1) × step more */
    int64_t alone;      /* cost of having no giver */
    int64_t keep;       /* taken off today's pair */
} ys_pair_level;

typedef struct ys_pair_term {
    const char *level, *term, *expr, *label_zh, *label_en, *source;
    bool condition; /* must be true */
    bool fault;     /* of a giver's record alone: where it is true nobody can be paired before it is mended */
    /* neither: adds `cost`, or cost × the number that `expr` gives */
    int64_t cost;
} ys_pair_term;

typedef struct ys_template_column {
    const char *template_name, *header, *kind, *field;
    bool as_label;
} ys_template_column;

typedef struct ys_pack ys_pack;

/* `path` is a folder, or a name looked up in the folders of YAOSHI_PACKS, the install prefix and ./packs by
 * app/. */
ys_status ys_pack_load(const char *path, ys_pack **ret_pack, ys_diag *diag) YS_MUST_USE;
void ys_pack_free(ys_pack *p);
/* The same from files in memory (as the store keeps them); names are relative paths. */
typedef struct ys_pack_file {
    const char *name;
    const char *data;
    size_t size;
} ys_pack_file;
ys_status ys_pack_load_files(const ys_pack_file *files, int count, ys_pack **ret_pack,
                             ys_diag *diag) YS_MUST_USE;
/* The files of a folder as they are, sound or not: only ys_pack_files, ys_pack_hash and ys_pack_free may see it. */
ys_status ys_pack_read(const char *path, ys_pack **ret_pack, ys_diag *diag) YS_MUST_USE;
/* The files the pack was read from, sorted by name. */
int ys_pack_files(const ys_pack *p, const ys_pack_file **ret_files);
/* Every fault of the pack at `path`, in file order; returns EDATA if there was any.  `report` is called per
 * fault. */
ys_status ys_pack_check(const char *path, void (*report)(void *arg, const ys_diag *fault), void *arg,
                        ys_diag *diag) YS_MUST_USE;
/* The same for files in memory. */
ys_status ys_pack_check_files(const ys_pack_file *files, int count,
                              void (*report)(void *arg, const ys_diag *fault), void *arg,
                              ys_diag *diag) YS_MUST_USE;

const char *ys_pack_name(const ys_pack *p);
const char *ys_pack_version(const ys_pack *p);
const char *ys_pack_title(const ys_pack *p);
/* BLAKE2b-256 over all files in name order, as 64 hex digits: stored with every plan. */
const char *ys_pack_hash(const ys_pack *p);
const char *ys_pack_currency(const ys_pack *p);
int ys_pack_digits(const ys_pack *p);
const char *ys_pack_period(const ys_pack *p);
int32_t ys_pack_reference_date(const ys_pack *p);
int ys_pack_area_levels(const ys_pack *p, const char *const **ret_levels);

const ys_kind *ys_pack_kind(const ys_pack *p, const char *name); /* NULL: none */
int ys_pack_kinds(const ys_pack *p, const ys_kind *const **ret_kinds);

const ys_line *ys_pack_lines(const ys_pack *p, int *ret_count);
/* The line of a jurisdiction, level and year; NULL jurisdiction/level and year 0 mean the pack's default.
 * NULL: none. */
const ys_line *ys_pack_line(const ys_pack *p, const char *jurisdiction, const char *level, int year);
const ys_income_line *ys_pack_income_lines(const ys_pack *p, int *ret_count);
const ys_derived *ys_pack_derived(const ys_pack *p, int *ret_count);
const ys_indicator *ys_pack_indicators(const ys_pack *p, int *ret_count);
const ys_cause *ys_pack_causes(const ys_pack *p, int *ret_count);
const ys_measure *ys_pack_measures(const ys_pack *p, int *ret_count);
const ys_cause_measure *ys_pack_cause_measures(const ys_pack *p, int *ret_count);
const ys_exclusion *ys_pack_exclusions(const ys_pack *p, int *ret_count);
const ys_measure_group *ys_pack_groups(const ys_pack *p, int *ret_count);
const ys_entitlement *ys_pack_entitlements(const ys_pack *p, int *ret_count);
const ys_pack_rule *ys_pack_rules(const ys_pack *p, int *ret_count);
const ys_pair_level *ys_pack_pair_levels(const ys_pack *p, int *ret_count);
const ys_pair_term *ys_pack_pair_terms(const ys_pack *p, int *ret_count);
const ys_template_column *ys_pack_template(const ys_pack *p, int *ret_count);
double ys_pack_param(const ys_pack *p, const char *name, double missing);
/* All of them: names and values, in the order of params.csv. */
int ys_pack_params(const ys_pack *p, const char *const **ret_names, const double **ret_values);

/* Codes: canonical code for a code, label or synonym of `list` (as written, else folded where that is unambiguous),
 * NULL if none; label of a code, NULL if there is no such code.  Besides the lists of codes.csv, the tables are lists
 * too: `income_lines` (with its synonyms), `causes`, `measures`, `indicators`, and `area_levels`; a list of codes.csv
 * with such a name hides it. */
const char *ys_pack_code(const ys_pack *p, const char *list, const char *text);
const char *ys_pack_label(const ys_pack *p, const char *list, const char *code, const char *lang);
/* All of them, lists that are tables included. */
const ys_code_entry *ys_pack_codes(const ys_pack *p, int *ret_count);
/* Index of the measure / group / cause / indicator with this name, -1 if none. */
int ys_pack_measure_index(const ys_pack *p, const char *measure);
int ys_pack_group_index(const ys_pack *p, const char *group);
int ys_pack_cause_index(const ys_pack *p, const char *cause);
int ys_pack_indicator_index(const ys_pack *p, const char *indicator);

#endif
