/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_POLICY_PACK_INTERNAL_H
#define YS_POLICY_PACK_INTERNAL_H
/*
 * pack_internal.h - how a pack is read: files, then tables of cells, then typed rows, then references, then rules.
 *
 * A load never stops at a fault.  Every fault is kept with its place; at the end they are sorted by file, row and
 * column, so that `check` lists them as a reader meets them and `load` fails with the first.  Row i of a typed array
 * is always row i of its table, faulty or not, so that later passes can still point at the cell.
 */
#include "base/arena.h"
#include "base/map.h"
#include "policy/facts_env.h"
#include "policy/pack.h"

/* The tables in the order in which they are read and their faults are listed. */
typedef enum ys_pack_table {
    YS_PT_KINDS,
    YS_PT_FIELDS,
    YS_PT_CODES,
    YS_PT_LINES,
    YS_PT_INCOME_LINES,
    YS_PT_DERIVED,
    YS_PT_INDICATORS,
    YS_PT_CAUSES,
    YS_PT_MEASURES,
    YS_PT_CAUSE_MEASURES,
    YS_PT_EXCLUSIONS,
    YS_PT_GROUPS,
    YS_PT_ENTITLEMENTS,
    YS_PT_RULES,
    YS_PT_PARAMS,
    YS_PT_PAIR_LEVELS,
    YS_PT_PAIR_TERMS,
    YS_PT_COUNT
} ys_pack_table;

/* One CSV file as cells, its columns in the order the loader names them.  Cells are trimmed and never NULL. */
typedef struct ys_ptable {
    const char *file; /* NULL: the pack has no such file */
    int order;        /* place of the file in the list of faults */
    int cols;
    const char *const *names;
    int *file_col; /* where each column stands in the file, from 1; 0: the file lacks it */
    int64_t rows, cap;
    int64_t *line; /* row of the file, from 1 (the header is row 1) */
    const char **cell;
} ys_ptable;

struct ys_pack {
    ys_arena *arena;
    ys_pack_file *files;
    int file_count;
    char hash[65];
    const char *name, *version, *title, *currency, *period, *line_jurisdiction, *line_level;
    int digits, line_year, level_count, kind_count;
    int32_t reference_date;
    const char **levels;
    ys_kind *kinds;
    const ys_kind **kind_list;
    ys_field *fields; /* as in fields.csv; each kind holds its own copy */
    int *field_kind;  /* index of the kind of each row of fields.csv, -1: unknown */
    ys_code_entry *codes;
    ys_line *lines;
    ys_income_line *income_lines;
    ys_derived *derived;
    ys_indicator *indicators;
    ys_cause *causes;
    ys_measure *measures;
    ys_cause_measure *cause_measures;
    ys_exclusion *exclusions;
    ys_measure_group *groups;
    ys_entitlement *entitlements;
    ys_pack_rule *rules;
    ys_pair_level *pair_levels;
    ys_pair_term *pair_terms;
    ys_template_column *templates;
    double *params;
    const char **param_names;
    int count[YS_PT_COUNT]; /* rows of each table */
    int template_count;
    ys_map *names[YS_PT_COUNT]; /* key of a row -> row, for tables with a key */
    ys_map *code_exact;         /* list SEP text -> code number */
    ys_map *code_folded;        /* the same folded; -1: two codes fold alike */
    ys_map *lists;              /* name of a list -> number of its codes */
    ys_code_entry *all_codes; /* codes.csv, then the lists that other tables are (income_lines, causes …) */
    int all_code_count;
};

/* A load on its way. */
typedef struct ys_pload {
    ys_pack *pack;
    ys_ptable table[YS_PT_COUNT];
    int next_order;
    bool nomem;
    struct ys_pfault *faults;
    size_t fault_count, fault_cap;
    int64_t fault_total;
} ys_pload;

typedef struct ys_pfault {
    int order;
    size_t seq;
    ys_diag diag;
} ys_pfault;

/* One row of a table under the loader's hand. */
typedef struct ys_prow {
    ys_pload *l;
    const ys_ptable *t;
    int64_t row; /* from 0 */
} ys_prow;

/* --- pack_fault.c --- */
/* A new fault in a file; the caller says what is wrong with ys_fail and ys_diag_fix.  NULL when the list is full. */
ys_diag *ys__pack_fault(ys_pload *l, const char *file, int order);
/* The same at a cell; `row` -1: the table as a whole, with only the column named. */
ys_diag *ys__pack_fault_cell(const ys_prow *r, int col);
void ys__pack_fault_sort(ys_pload *l);

/* --- pack_table.c --- */
/* Read `file` into `ret_table`; wrong or missing columns and unreadable records are faults. `optional`: may be absent. */
void ys__ptable_read(ys_pload *l, const char *file, const char *const *names, int cols, bool optional,
                     ys_ptable *ret_table);
const ys_pack_file *ys__pack_file(const ys_pack *p, const char *name);
void *ys__pack_alloc(ys_pload *l, int64_t n, size_t size); /* never 0 bytes; NULL sets l->nomem */

/* --- pack_cell.c: typed cells; a wrong cell is a fault and gives the neutral value --- */
const char *ys__cell(const ys_prow *r, int col);
const char *ys__cell_need(const ys_prow *r, int col); /* not blank */
int64_t ys__cell_int(const ys_prow *r, int col, int64_t min, int64_t max);
double ys__cell_real(const ys_prow *r, int col, double min, double max);
int64_t ys__cell_money(const ys_prow *r, int col, int64_t min);
bool ys__cell_bool(const ys_prow *r, int col);
/* Index into `names`; -1 after a fault. */
int ys__cell_enum(const ys_prow *r, int col, const char *const *names, int count);
void ys__cell_date(const ys_prow *r, int col); /* blank or a real day */
/* snake_case, as rules need it. */
void ys__cell_identifier(const ys_prow *r, int col);
/* The key of the row: not damaged by a spreadsheet, and not there before. NULL key: memory is short. */
void ys__cell_key(const ys_prow *r, int col, ys_pack_table table, const char *key);
/* `text` names something of `table`, or it is a fault at the cell. */
int ys__cell_ref(const ys_prow *r, int col, ys_pack_table table, const char *text);
/* A code that a spreadsheet has written its own way (3.7E+17, 2-Jan) is a fault; true if so. */
bool ys__cell_damaged(const ys_prow *r, int col);
ys_factor ys__cell_factor(const ys_prow *r, int col);
/* Row of fields.csv or derived.csv with this kind and name, -1 if none. */
int64_t ys__pack_named(const ys_pack *p, ys_pack_table table, const char *kind, const char *name);
/* Next part of a list "a|b|c": false at the end. */
bool ys__list_next(const char **cursor, const char **ret_part, size_t *ret_len);

/* --- the passes --- */
ys_status ys__pack_read_folder(ys_pack *p, const char *path, ys_diag *diag);
ys_status ys__pack_take_files(ys_pack *p, const ys_pack_file *files, int count, ys_diag *diag);
void ys__pack_read_json(ys_pload *l);
void ys__pack_read_schema(ys_pload *l);   /* kinds, fields, codes */
void ys__pack_read_money(ys_pload *l);    /* lines, income lines */
void ys__pack_read_policy(ys_pload *l);   /* derived, indicators, causes */
void ys__pack_read_measures(ys_pload *l); /* measures, links, exclusions */
void ys__pack_read_groups(ys_pload *l);   /* after the measures and exclusions, which it looks at */
void ys__pack_read_entitlements(ys_pload *l);
void ys__pack_read_rules(ys_pload *l);
void ys__pack_read_params(ys_pload *l);
void ys__pack_read_pairs(ys_pload *l);
void ys__pack_read_templates(ys_pload *l);
void ys__pack_index_codes(ys_pload *l);
void ys__pack_check_core(ys_pload *l); /* docs/registry.md */
void ys__pack_check_refs(ys_pload *l);
void ys__pack_check_mapping(ys_pload *l); /* mapping.json */
void ys__pack_check_rules(ys_pload *l);
/* A rule that does not compile, at its cell. */
void ys__pack_rule_fault(const ys_prow *r, int col, ys_status st, const ys_diag *why);
void ys__pack_compile_pairs(ys_pload *l, const ys_facts_env *facts);

#endif
