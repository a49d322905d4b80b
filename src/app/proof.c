/* SPDX-License-Identifier: Apache-2.0 */
#include "app/proof.h"

#include <string.h>

#include "app/chain_look.h"
#include "app/clock.h"
#include "app/proof_internal.h"
#include "base/alloc.h"
#include "registry/kinds.h"

/* ---- findings ---- */

static void drop_finding(ys__proof_finding *x)
{
    ys_free(x->zh);
    ys_free(x->en);
    for (int i = 0; i < x->name_count; i++)
        ys_free(x->names[i]);
}

static void add_name(ys_proof *p, ys__proof_finding *x, const char *name)
{
    if (name == NULL || x->name_count == YS_PROOF_NAMES)
        return;
    x->names[x->name_count] = ys_strdup(name);
    if (x->names[x->name_count] == NULL)
        p->short_of_memory = true;
    else
        x->name_count++;
}

/* A place for one more finding, NULL when enough are kept: all are counted. */
static ys__proof_finding *new_finding(ys_proof *p, ys__proof_check check, const char *code, const char *zh,
                                      const char *en)
{
    p->count++;
    p->found_by[check]++;
    p->done[check] = true;
    if (p->kept >= YS_VERIFY_KEPT)
        return NULL;
    if (!ys_grow(&p->findings, &p->cap, p->kept + 1, sizeof *p->findings)) {
        p->short_of_memory = true;
        return NULL;
    }
    ys__proof_finding *x = &p->findings[p->kept];
    *x = (ys__proof_finding){.code = code, .zh = ys_strdup(zh), .en = ys_strdup(en)};
    if (x->zh == NULL || x->en == NULL) {
        p->short_of_memory = true;
        drop_finding(x);
        return NULL;
    }
    p->kept++;
    return x;
}

void ys__proof_note(ys_proof *p, ys__proof_check check, const char *code, const char *name,
                    const ys_diag *why)
{
    ys__proof_finding *x = new_finding(p, check, code, why->zh, why->en);
    if (x != NULL)
        add_name(p, x, name);
}

/* ---- the plan's own row ---- */

bool ys__proof_later(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    return la != lb ? la > lb : strcmp(a, b) > 0; /* P0999 < P1000 < P10000 */
}

static ys_status find_plan(ys_proof *p, const char *version, int64_t *ret_row, ys_diag *diag)
{
    int col = ys_table_find(p->plans, "plan");
    const char *best = NULL;
    for (int64_t i = 0; i < ys_table_rows(p->plans); i++) {
        const char *name = ys_table_get_text(p->plans, col, i);
        if (name == NULL || (version != NULL && strcmp(name, version) != 0) ||
            (best != NULL && !ys__proof_later(name, best)))
            continue;
        best = name;
        *ret_row = i;
    }
    if (best != NULL)
        return YS_OK;
    ys_diag_fix(diag, "先用 yaoshi plan 做计划", "make one with yaoshi plan");
    if (version == NULL)
        return ys_fail(diag, YS_ENOTFOUND, "库里没有存着的计划", "no plan is kept in the store");
    return ys_fail(diag, YS_ENOTFOUND, "没有计划版本 %s", "there is no plan version %s", version);
}

/* A number of the plan's row within bounds; a finding where there is none. */
static int64_t number(ys_proof *p, const char *field, int64_t row, int64_t least, int64_t most)
{
    ys_diag why = {0};
    int64_t v = ys_table_get_int(p->plans, ys_table_find(p->plans, field), row);
    if (!ys_is_missing(v) && v >= least && v <= most)
        return v;
    ys_fail(&why, YS_EDATA, "计划记录里的 %s 缺失或不合理",
            "%s is missing in the record of the plan, or makes no sense", field);
    ys__proof_note(p, YS_PROOF_RECORD, "record", field, &why);
    return least;
}

static const char *words(ys_proof *p, const char *field, int64_t row, bool required)
{
    ys_diag why = {0};
    const char *v = ys_table_get_text(p->plans, ys_table_find(p->plans, field), row);
    if (v != NULL && *v != '\0')
        return v;
    if (!required)
        return NULL;
    ys_fail(&why, YS_EDATA, "计划记录里缺 %s", "%s is missing in the record of the plan", field);
    ys__proof_note(p, YS_PROOF_RECORD, "record", field, &why);
    return "";
}

static void take_plan(ys_proof *p, int64_t row)
{
    static const char *const value[] = {"value_1", "value_2"}, *const bound[] = {"bound_1", "bound_2"},
                             *const shift[] = {"shift_1", "shift_2"};
    ys__proof_plan *to = &p->plan;
    const int64_t any = INT64_MAX;
    p->done[YS_PROOF_RECORD] = true;
    to->version = words(p, "plan", row, true);
    to->pack = words(p, "pack", row, true);
    to->pack_hash = words(p, "pack_hash", row, true);
    to->facts_root = words(p, "facts_root", row, true);
    to->income_period = words(p, "income_period", row, true);
    to->scope = words(p, "scope", row, false);
    to->facts_tx = number(p, "facts_tx", row, 1, any);
    to->period = number(p, "period", row, 1900, 2200);
    to->line = number(p, "line", row, 1, any);
    to->today = number(p, "today", row, INT32_MIN + 1, INT32_MAX);
    to->alpha = number(p, "alpha", row, 1, 2);
    to->households = number(p, "households", row, 0, any);
    to->options = number(p, "options", row, 0, any);
    for (int t = 0; t < YS_VERIFY_TIERS; t++) {
        to->value[t] = number(p, value[t], row, -any, any);
        to->bound[t] = number(p, bound[t], row, -any, any);
        to->shift[t] = number(p, shift[t], row, 0, 127);
    }
    to->couple_price = number(p, "couple_price", row, -any, any);
    to->couple_minimum = number(p, "couple_minimum", row, -any, any);
}

static ys_status read_plan(ys_office *o, const char *version, ys_proof *p, ys_diag *diag)
{
    ys_scan how = {.valid_on = YS_SCAN_LATEST};
    int64_t row = -1;
    YS_TRY(ys_store_scan(o->store, &ys_kind_plan, &how, &p->plans, diag));
    YS_TRY(find_plan(p, version, &row, diag));
    take_plan(p, row);
    return YS_OK;
}

/* ---- pack and chain ---- */

static void check_pack(const ys_office *o, ys_proof *p)
{
    ys_diag why = {0};
    p->done[YS_PROOF_PACK] = true;
    if (strcmp(p->plan.pack, ys_pack_name(o->pack)) == 0 &&
        strcmp(p->plan.pack_hash, ys_pack_hash(o->pack)) == 0)
        return;
    ys_fail(&why, YS_EDATA, "计划用的政策包是 %s（%.16s…），库里的是 %s（%.16s…）",
            "the plan was made with pack %s (%.16s…), the store holds %s (%.16s…)", p->plan.pack,
            p->plan.pack_hash, ys_pack_name(o->pack), ys_pack_hash(o->pack));
    ys__proof_note(p, YS_PROOF_PACK, "pack", p->plan.pack, &why);
}

/* The transaction the plan rests on is in the chain with the root that the plan says, and the chain holds. */
static ys_status check_chain(ys_office *o, ys_proof *p, ys_diag *diag)
{
    ys_diag why = {0};
    ys_chain_look look;
    p->done[YS_PROOF_CHAIN] = true;
    YS_TRY(ys_chain_look_at(o, p->plan.facts_tx, &look, diag));
    p->chain_transactions = look.transactions;
    p->chain_rows = look.rows;
    if (!look.found || strcmp(look.root, p->plan.facts_root) != 0) {
        ys_fail(&why, YS_EDATA, "计划依据事务 %lld、链首 %.16s…，链上该事务的根是 %.16s…",
                "the plan rests on transaction %lld with root %.16s…; in the chain its root is %.16s…",
                (long long)p->plan.facts_tx, p->plan.facts_root, look.found ? look.root : "#NA");
        ys__proof_note(p, YS_PROOF_CHAIN, "facts-root", NULL, &why);
    }
    if (!look.holds)
        ys__proof_note(p, YS_PROOF_CHAIN, "chain", NULL, &look.why);
    return YS_OK;
}

/* ---- facts ---- */

/* The pack's line of that amount; the plan keeps the amount alone. */
static void choose_line(const ys_office *o, ys_proof *p, ys_line *line)
{
    int n;
    ys_diag why = {0};
    const ys_line *lines = ys_pack_lines(o->pack, &n);
    for (int i = 0; i < n; i++) {
        if (lines[i].amount == p->plan.line) {
            *line = lines[i];
            return;
        }
    }
    ys_fail(&why, YS_EDATA, "政策包没有金额为 %lld 的贫困线",
            "the pack has no poverty line of %lld minor units", (long long)p->plan.line);
    ys__proof_note(p, YS_PROOF_PACK, "line", NULL, &why);
    line->amount = p->plan.line; /* go on with what the plan says, to show what else is wrong */
}

static ys_status derive(ys_office *o, ys_proof *p, const ys_line *line, ys_frame **ret_frame,
                        ys__proof_facts **ret_facts, ys_diag *diag)
{
    ys_frame_args a = {.store = o->store,
                       .pack = o->pack,
                       .line = line,
                       .period = p->plan.income_period,
                       .today = (int32_t)p->plan.today,
                       .valid_on = YS_SCAN_LATEST,
                       .as_of_tx = p->plan.facts_tx,
                       .scope = p->plan.scope,
                       .supply = true};
    YS_TRY(ys_frame_read(&a, ret_frame, diag));
    YS_TRY(ys__proof_facts_new(*ret_frame, (int32_t)p->plan.period, (int32_t)p->plan.alpha, ret_facts, diag));
    return ys__proof_decided(o, p, *ret_facts, diag);
}

/* ---- the checker's findings ---- */

static ys__proof_check check_of(ys_verify_code code)
{
    switch (code) {
    case YS_VC_OVER_FUND:
    case YS_VC_OVER_CAPACITY:
    case YS_VC_USE:
        return YS_PROOF_LIMITS;
    case YS_VC_FLOOR_UNMET:
    case YS_VC_FLOOR_OVER:
    case YS_VC_FLOOR_NEED:
    case YS_VC_FLOOR_USE:
        return YS_PROOF_FLOORS;
    case YS_VC_BLOCK_VALUE:
    case YS_VC_VALUE:
    case YS_VC_COUPLE_MINIMUM:
    case YS_VC_COUPLE_UNMET:
    case YS_VC_OVERLAP:
        return YS_PROOF_VALUES;
    case YS_VC_ROW_PRICES:
    case YS_VC_FLOOR_PRICES:
    case YS_VC_PRICE_NEGATIVE:
    case YS_VC_PRICE_RANGE:
    case YS_VC_BOUND:
    case YS_VC_BOUND_BELOW:
    case YS_VC_GAP:
        return YS_PROOF_BOUNDS;
    case YS_VC_SEAL:
        return YS_PROOF_RECORD;
    default:
        return YS_PROOF_CHOICES;
    }
}

/* Funds come first among the rows, then the offerings with a capacity. */
static const char *row_name(const ys_verify_facts *in, int64_t row)
{
    if (row < in->n_funds)
        return row >= 0 ? in->funds[row].name : NULL;
    int64_t at = in->n_funds;
    for (int i = 0; i < in->n_offerings; i++) {
        if (in->offerings[i].capacity != YS_VERIFY_UNBOUNDED && at++ == row)
            return in->offerings[i].name;
    }
    return NULL;
}

static void take_finding(ys_proof *p, const ys_verify_facts *in, const ys_verify_finding *from)
{
    ys__proof_finding *x =
        new_finding(p, check_of(from->code), ys_verify_code_name(from->code), from->zh, from->en);
    if (x == NULL)
        return;
    if (from->block >= 0)
        add_name(p, x,
                 from->block < in->n_households ? in->households[from->block].name
                                                : in->villages[from->block - in->n_households].name);
    if (from->person >= 0)
        add_name(p, x, in->persons[from->person].name);
    if (from->offering >= 0)
        add_name(p, x, in->offerings[from->offering].name);
    if (from->other >= 0)
        add_name(p, x, in->offerings[from->other].name);
    add_name(p, x, row_name(in, from->row));
    if (from->floor >= 0)
        add_name(p, x, in->floors[from->floor].name);
}

/* The plan says how many households and options there were. */
static void check_counts(ys_proof *p)
{
    ys_diag why = {0};
    const struct {
        const char *code, *zh, *en;
        int64_t stored, found;
    } counts[] = {
        {"households", "户数", "households", p->plan.households, p->households},
        {"options", "选项数", "options", p->plan.options, p->result->options},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].stored == counts[i].found)
            continue;
        ys_diag_clear(&why);
        ys_fail(&why, YS_EDATA, "%s（%s）：计划所记 %lld，依事实是 %lld",
                "%s (%s): the plan says %lld, the facts give %lld", counts[i].zh, counts[i].en,
                (long long)counts[i].stored, (long long)counts[i].found);
        ys__proof_note(p, YS_PROOF_FACTS, counts[i].code, NULL, &why);
    }
}

static void take_result(ys_proof *p, const ys_verify_facts *in)
{
    const ys_verify_result *r = p->result;
    for (int i = YS_PROOF_CHOICES; i < YS_PROOF_CHECK_COUNT; i++)
        p->done[i] = true;
    for (int64_t i = 0; i < r->n_kept; i++)
        take_finding(p, in, &r->findings[i]);
    /* What the checker counted but did not keep in words. */
    for (int c = 0; c < YS_VC_CODES; c++) {
        int64_t told = 0;
        for (int64_t i = 0; i < r->n_kept; i++)
            told += r->findings[i].code == (ys_verify_code)c;
        p->count += r->by_code[c] - told;
        p->found_by[check_of((ys_verify_code)c)] += r->by_code[c] - told;
    }
    check_counts(p);
}

/* ---- all of it ---- */

/* Facts that no plan can be made from are a finding: the proof ends there, the report does not. */
static ys_status check_facts(ys_office *o, ys_proof *p, ys_diag *diag)
{
    ys_line line = {0};
    ys_diag why = {0};
    ys_frame *frame = NULL;
    ys__proof_facts *facts = NULL;
    ys__proof_claim *claim = NULL;
    choose_line(o, p, &line);
    p->done[YS_PROOF_FACTS] = true;
    ys_status st = derive(o, p, &line, &frame, &facts, &why);
    if (st == YS_OK) {
        p->households = facts->in.n_households;
        st = ys__proof_claim_read(o, p, facts, &claim, &why);
    }
    if (st == YS_OK)
        st = ys_verify_plan(&facts->in, &claim->claim, 0, &p->result, &why);
    if (st == YS_OK) {
        take_result(p, &facts->in);
    } else if (ys_fault_of_facts(st)) {
        ys__proof_note(p, YS_PROOF_FACTS, "facts", NULL, &why);
        st = YS_OK;
    } else if (diag != NULL) {
        *diag = why;
    }
    ys__proof_claim_free(claim);
    ys__proof_facts_free(facts);
    ys_frame_free(frame);
    return st;
}

ys_status ys_proof_make(ys_office *o, const char *version, ys_proof **ret_proof, ys_diag *diag)
{
    double begun = ys_clock_seconds();
    ys_status st = YS_OK;
    ys_proof *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    YS_GO(read_plan(o, version, p, diag));
    check_pack(o, p);
    YS_GO(check_chain(o, p, diag));
    /* Without a whole record there is no saying what to read. */
    if (p->found_by[YS_PROOF_RECORD] == 0)
        YS_GO(check_facts(o, p, diag));
    if (p->short_of_memory)
        YS_GO(ys_fail_nomem(diag));
    p->seconds = ys_clock_seconds() - begun;
    *ret_proof = p;
    p = NULL;
done:
    ys_proof_free(p);
    return st;
}

void ys_proof_free(ys_proof *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < p->kept; i++)
        drop_finding(&p->findings[i]);
    ys_free(p->findings);
    ys_verify_result_free(p->result);
    ys_table_free(p->plans);
    ys_free(p);
}

int64_t ys_proof_findings(const ys_proof *p)
{
    return p->count;
}
