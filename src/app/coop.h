/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_COOP_H
#define YS_APP_COOP_H
/*
 * coop.h - the cooperation record of one day: its tables, how they hang together, and how everything stands.
 *
 * One reading for all who print or check it (coop, project, fund, print, export), so that they cannot differ.  The kinds are those of
 * docs/cooperation.md; a pack that lacks some has empty tables here.  No household is needed.
 */
#include "app/office.h"
#include "coop/ledger.h"
#include "coop/marks.h"

typedef enum ys_coop_kind {
    YS_COOP_AREA,
    YS_COOP_DOCUMENT,
    YS_COOP_PARTNERSHIP,
    YS_COOP_EVENT,
    YS_COOP_STOP,
    YS_COOP_DIRECTIVE,
    YS_COOP_TASK,
    YS_COOP_COOPERATION,
    YS_COOP_AGREEMENT,
    YS_COOP_PROMISE,
    YS_COOP_FULFILMENT,
    YS_COOP_EXCHANGE,
    YS_COOP_CLAIM,
    YS_COOP_CONFIRMATION,
    YS_COOP_PROJECT,
    YS_COOP_MILESTONE,
    YS_COOP_PAPER,
    YS_COOP_OUTPUT,
    YS_COOP_BENEFIT,
    YS_COOP_TRANSACTION,
    YS_COOP_ENDOWMENT,
    YS_COOP_PARK,
    YS_COOP_PLOT,
    YS_COOP_PRACTICE,
    YS_COOP_TRAVEL,
    YS_COOP_ASSESSMENT,
    YS_COOP_FUND,
    YS_COOP_PROVIDER,
    YS_COOP_KINDS
} ys_coop_kind;

/* The records of one kind, in key order. */
typedef struct ys_coop_set {
    const ys_kind *kind; /* NULL: the pack has no such kind */
    ys_table *t;         /* NULL then; use the getters below */
    ys_index *index;     /* by the key; NULL for kinds with several key fields (fund: by year too) */
    int64_t rows;
} ys_coop_set;

typedef struct ys_coop {
    const ys_pack *pack;
    int32_t today;
    ys_mark_limits limits;
    ys_coop_set set[YS_COOP_KINDS];
    /* how things stand, row by row of their sets */
    ys_standing *project, *promise, *task;
    ys_gate_dates *gate; /* per milestone */
    int64_t
        *first_gate;   /* per project, n+1: its milestones in gate_row; `after` and `which` count from here */
    int64_t *gate_row; /* milestones ordered by project, phase, gate as the pack lists the gates, key */
    int32_t *slip;     /* per milestone: days behind its plan */
    double *delivered,
        *verified; /* per promise, in its unit or (where an amount is promised) in minor units */
    /* the account: number of a fund is its row in the set (fund and year) */
    ys_ledger *ledger;
    ys_money_flow
        *flow; /* per transaction; rows whose type, fund or amount is not usable are left out: see flow_row */
    int64_t *flow_row; /* per flow: row of the transaction */
    int64_t *flow_of;  /* per transaction: its flow, -1: left out */
} ys_coop;

/* `today` INT32_MIN: the clock's.  `reading->scope` narrows the kinds that have an area; as_of_tx and valid_on as everywhere. */
ys_status ys_coop_read(ys_office *o, const ys_reading *reading, ys_coop **ret_coop,
                       ys_diag *diag) YS_MUST_USE;
void ys_coop_free(ys_coop *c);

/* A field of a record; missing, unknown or no such field: NULL, YS_NA, NAN, YS_NO_DATE, false. */
const char *ys_coop_text(const ys_coop_set *s, int64_t row, const char *field);
int64_t ys_coop_int(const ys_coop_set *s, int64_t row, const char *field); /* int and money */
double ys_coop_real(const ys_coop_set *s, int64_t row, const char *field);
int32_t ys_coop_day(const ys_coop_set *s, int64_t row, const char *field);
bool ys_coop_true(const ys_coop_set *s, int64_t row, const char *field);
const char *ys_coop_key(const ys_coop_set *s, int64_t row);
/* First row of a record by its (first) key, -1: none (or key NULL). */
int64_t ys_coop_find(const ys_coop_set *s, const char *key);
/* Label of a coded field; the code where the pack has no label, NULL where it is missing. */
const char *ys_coop_label(const ys_coop *c, const ys_coop_set *s, int64_t row, const char *field, bool zh);
/* Name of an area, organisation or fund by its key; the key itself where it is not on record. */
const char *ys_coop_name(const ys_coop *c, ys_coop_kind kind, const char *key);

/* Where a project stands among its gates: places in gate[] and gate_row[], -1: none. */
typedef struct ys_gate_place {
    int64_t reached; /* the last that is reached */
    int64_t next;    /* the first that is not reached after it */
    int64_t blocked; /* the first that something is in the way of */
    int32_t due;     /* of `next`: forecast, else planned; YS_NO_DATE: nobody said */
} ys_gate_place;
ys_gate_place ys_coop_gates(const ys_coop *c, int64_t project);

/* The milestone at which a project first (or `latest`) reached a gate: its place in gate[]; -1: it has not. */
int64_t ys_coop_gate_reached(const ys_coop *c, int64_t project, const char *gate, bool latest);

/* What a mark and its rule mean, and what would turn it green. */
const char *ys_mark_word(ys_coop_mark m, bool zh);
const char *ys_coop_mark_name(ys_coop_mark m); /* "on_course": in JSON and file formats */
/* "41 days behind the plan" in `buf`. */
char *ys_standing_text(const ys_standing *s, bool zh, char *buf, size_t size);

#endif
