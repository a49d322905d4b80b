/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_APP_CARD_H
#define YS_APP_CARD_H
/*
 * card.h - the use case "show": the page of one household, village or town.
 *
 * A household's page has its facts and where each comes from, its root card, what its village lacks, its key in the plan
 * with the reasons, its helper, and its history.  A village's or town's page has its record, its deficits, the roots of its
 * households, what is offered there and what the plan gives.  Only the county around it is read; where a household has too few peers there, everything is.
 */
#include "app/fact.h"
#include "app/plan_load.h"
#include "app/prices.h"
#include "app/roots.h"
#include "report/grid.h"

/* Rows of one kind that belong to the card, and where each comes from. */
typedef struct ys_card_rows {
    const ys_kind *kind;
    ys_table *table;
    ys_provenance *from; /* one per row; all zero where nothing is known */
} ys_card_rows;

typedef struct ys_card_args {
    const char *key;  /* of a household, or an area code */
    const char *plan; /* version; NULL: the newest, if there is any */
    ys_reading reading;
    bool unmask; /* personal values in full: EDENIED without the key */
} ys_card_args;

typedef struct ys_card {
    ys_office *office; /* borrowed, as is `key` */
    const char *key;
    bool unmask, of_area;
    ys_frame *frame;
    ys_diagnosis *diagnosis;
    bool own_frame; /* else both are the planning's */
    int32_t area;   /* number in frame->areas: the card's own, or the household's; -1: unknown */
    /* of a household */
    int64_t h; /* row of frame->household */
    ys_card_rows household, person, income, wish;
    ys_table *versions, *root_versions; /* oldest first */
    struct ys_pair_card *pairs;         /* who helps whom (card_pairs.h) */
    /* of an area */
    ys_card_rows place; /* its record of kind village or town; table NULL: none */
    int level;          /* index into the pack's levels */
    /* the plan */
    ys_plan_head head;
    ys_planning *planning;        /* NULL: no plan, or none that has this place */
    int64_t block, village_block; /* -1: not in the plan */
} ys_card;

/* ENOTFOUND when there is neither such a household nor such an area. */
ys_status ys_card_make(ys_office *o, const ys_card_args *args, ys_card **ret_card, ys_diag *diag) YS_MUST_USE;
void ys_card_free(ys_card *c);

typedef struct ys_card_view {
    bool zh, all; /* all: every rejected measure and every missing fact */
    int width;    /* of the terminal; 0: no limit */
    ys_out out;
} ys_card_view;
ys_status ys_card_print(const ys_card *c, const ys_card_view *view, ys_diag *diag) YS_MUST_USE;
/* All of it as the members of the open object. */
ys_status ys_card_json(const ys_card *c, ys_json *j, ys_diag *diag) YS_MUST_USE;

/* ---- between the files of the card ---- */

#define YS_CARD_YEARS 30 /* most years one unit can be charged in, per fund */

/* Sums over the households of an area: roots, and what the plan gives them. */
typedef struct ys_card_sums {
    int64_t households, persons, poor_households, poor_persons, gap; /* register; gap statutory, a year */
    ys_root_summary roots;
    int64_t helped, *measure_units, *measure_cost,
        *measure_households; /* per measure of the pack; cost of all years */
} ys_card_sums;
ys_status ys__card_sums(const ys_card *c, ys_card_sums *ret_sums, ys_diag *diag) YS_MUST_USE;
void ys__card_sums_done(ys_card_sums *s);
/* Does a block of the plan lie in the card's area? */
bool ys__card_holds_block(const ys_card *c, int64_t block);
/* Charges of one unit of an offering on funds: sum, and each (row of input.funds, amount); ordered by row; returns how many. */
int ys__card_money(const ys_planning *p, int32_t offering, int32_t *ret_fund, int64_t *ret_amount, int max,
                   int64_t *ret_sum);
const char *ys__card_provider(const ys_planning *p, int32_t offering, const char **ret_code);
/* Is an offering's scope above or below this card's area? */
bool ys__card_offers(const ys_card *c, int32_t offering);
void ys__card_plan_json(const ys_card *c, ys_json *j);
ys_status ys__card_plan_print(const ys_card *c, const ys_card_view *v, ys_diag *diag) YS_MUST_USE;
ys_status ys__card_area_print(const ys_card *c, const ys_card_view *v, ys_diag *diag) YS_MUST_USE;
/* What the blocks of the card's area lack, as sentences or as the member "missing". */
ys_status ys__card_missing_print(const ys_card *c, const ys_card_view *v, ys_diag *diag) YS_MUST_USE;
ys_status ys__card_missing_json(const ys_card *c, ys_json *j, ys_diag *diag) YS_MUST_USE;
ys_status ys__card_area_json(const ys_card *c, ys_json *j, ys_diag *diag) YS_MUST_USE;
/* "label value" items in lines no wider than the view, two cells in. */
typedef struct ys_flow {
    const ys_card_view *view;
    ys_str line;
    int indent;
} ys_flow;
void ys__flow_put(ys_flow *f, const char *item);
ys_status ys__flow_end(ys_flow *f, ys_diag *diag) YS_MUST_USE;
/* A paragraph broken at the width, two cells in. */
void ys__card_paragraph(const ys_card_view *v, const char *lead, const char *text);
/* A formatted sentence as a paragraph. */
void ys__card_line(const ys_card_view *v, const char *fmt, ...) YS_PRINTF(2, 3);
/* A heading of a column of money: "金额（元）", "amount (yuan)". */
void ys__card_money_column(const ys_card *c, const ys_card_view *v, ys_grid *g, const char *zh,
                           const char *en);
void ys__card_title(const ys_card_view *v, const char *zh, const char *en);

#endif
