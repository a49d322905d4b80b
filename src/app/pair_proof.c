/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pair_proof.h"

#include <string.h>

#include "app/chain_look.h"
#include "app/clock.h"
#include "app/pair_proof_internal.h"
#include "base/alloc.h"
#include "registry/kinds.h"

void ys_pair_proof_free(ys_pair_proof *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < p->kept; i++) {
        ys_free(p->findings[i].zh);
        ys_free(p->findings[i].en);
        ys_free(p->findings[i].name);
    }
    ys_free(p->findings);
    ys_table_free(p->runs);
    ys_free(p);
}

int64_t ys_pair_proof_findings(const ys_pair_proof *p)
{
    return p->count;
}

void ys__pair_note(ys_pair_proof *p, ys__pair_check check, const char *code, const char *name,
                   const ys_diag *why)
{
    p->count++;
    p->found_by[check]++;
    p->done[check] = true;
    if (p->kept >= YS_PAIR_FINDINGS_KEPT || p->short_of_memory)
        return;
    if (!ys_grow(&p->findings, &p->room, p->kept + 1, sizeof *p->findings)) {
        p->short_of_memory = true;
        return;
    }
    ys__pair_finding x = {.code = code,
                          .zh = ys_strdup(why->zh),
                          .en = ys_strdup(why->en),
                          .name = name != NULL ? ys_strdup(name) : NULL};
    p->short_of_memory = x.zh == NULL || x.en == NULL || (name != NULL && x.name == NULL);
    p->findings[p->kept++] = x;
}

/* ---- the run's own row ---- */

static ys_status find_run(const ys_pair_proof *p, const char *level, const char *run, int64_t *ret_row,
                          ys_diag *diag)
{
    int name = ys_table_find(p->runs, "run"), of = ys_table_find(p->runs, "pair_level");
    const char *best = NULL;
    for (int64_t i = 0; i < ys_table_rows(p->runs); i++) {
        const char *key = ys_table_get_text(p->runs, name, i), *its = ys_table_get_text(p->runs, of, i);
        if (run != NULL ? strcmp(key, run) != 0 : its == NULL || strcmp(its, level) != 0)
            continue;
        if (best != NULL &&
            (strlen(key) < strlen(best) || (strlen(key) == strlen(best) && strcmp(key, best) < 0)))
            continue; /* R0999 comes before R1000 and R10000 */
        best = key;
        *ret_row = i;
    }
    if (best != NULL)
        return YS_OK;
    ys_diag_fix(diag, "先用 yaoshi pair DB --keep 结对", "pair first: yaoshi pair DB --keep");
    if (run != NULL)
        return ys_fail(diag, YS_ENOTFOUND, "没有结对计算 %s", "there is no run of pairing %s", run);
    return ys_fail(diag, YS_ENOTFOUND, "层次 %s 没有存着的结对", "no pairing of level %s is kept", level);
}

static void missing(ys_pair_proof *p, const char *field)
{
    ys_diag why = {0};
    ys_fail(&why, YS_EDATA, "结对记录里的 %s 缺失或不合理",
            "%s is missing in the record of the run, or makes no sense", field);
    ys__pair_note(p, YS_PAIR_CHECK_RECORD, "record", field, &why);
}

static int64_t number(ys_pair_proof *p, const char *field, int64_t row, int64_t least, int64_t most)
{
    int64_t v = ys_table_get_int(p->runs, ys_table_find(p->runs, field), row);
    if (!ys_is_missing(v) && v >= least && v <= most)
        return v;
    missing(p, field);
    return least;
}

static const char *words(ys_pair_proof *p, const char *field, int64_t row)
{
    const char *v = ys_table_get_text(p->runs, ys_table_find(p->runs, field), row);
    if (v == NULL || *v == '\0')
        missing(p, field);
    return v != NULL ? v : "";
}

static void take_run(ys_pair_proof *p, int64_t row)
{
    const int64_t any = INT64_MAX;
    ys__pair_claim *c = &p->claim;
    p->done[YS_PAIR_CHECK_RECORD] = true;
    c->run = words(p, "run", row);
    c->level = words(p, "pair_level", row);
    c->pack = words(p, "pack", row);
    c->pack_hash = words(p, "pack_hash", row);
    c->facts_root = words(p, "facts_root", row);
    c->income_period = words(p, "income_period", row);
    c->scope = ys_table_get_text(p->runs, ys_table_find(p->runs, "scope"), row);
    c->facts_tx = number(p, "facts_tx", row, 1, any);
    c->today = number(p, "today", row, INT32_MIN + 1, INT32_MAX);
    c->line = number(p, "line", row, 1, any);
    c->needs = number(p, "needs", row, 0, INT32_MAX);
    c->givers = number(p, "givers", row, 0, INT32_MAX);
    c->paired = number(p, "paired", row, 0, INT32_MAX);
    c->value = number(p, "value", row, -any, any);
    c->bound = number(p, "bound", row, -any, any);
    c->complete = number(p, "complete", row, 0, 1);
}

/* Which transaction wrote it: the pairs as they were then are the run's. */
static ys_status find_writer(ys_office *o, ys_pair_proof *p, ys_diag *diag)
{
    ys_table *t = NULL;
    YS_TRY(ys_store_history(o->store, &ys_kind_pair_run, p->claim.run, false, &t, diag));
    int64_t rows = ys_table_rows(t);
    p->claim.tx = rows > 0 ? ys_table_get_int(t, ys_table_find(t, "_tx_from"), rows - 1) : 0;
    ys_table_free(t);
    if (p->claim.tx <= p->claim.facts_tx)
        missing(p, "facts_tx");
    return YS_OK;
}

/* ---- pack and chain ---- */

static void check_pack(const ys_office *o, ys_pair_proof *p)
{
    ys_diag why = {0};
    const ys__pair_claim *c = &p->claim;
    p->done[YS_PAIR_CHECK_PACK] = true;
    if (strcmp(c->pack, ys_pack_name(o->pack)) == 0 && strcmp(c->pack_hash, ys_pack_hash(o->pack)) == 0)
        return;
    ys_fail(&why, YS_EDATA, "结对用的政策包是 %s（%.16s…），库里的是 %s（%.16s…）",
            "the run was made with pack %s (%.16s…), the store holds %s (%.16s…)", c->pack, c->pack_hash,
            ys_pack_name(o->pack), ys_pack_hash(o->pack));
    ys__pair_note(p, YS_PAIR_CHECK_PACK, "pack", c->pack, &why);
}

static ys_status check_chain(ys_office *o, ys_pair_proof *p, ys_diag *diag)
{
    ys_chain_look look;
    ys_diag why = {0};
    const ys__pair_claim *c = &p->claim;
    p->done[YS_PAIR_CHECK_CHAIN] = true;
    YS_TRY(ys_chain_look_at(o, c->facts_tx, &look, diag));
    p->chain_transactions = look.transactions;
    p->chain_rows = look.rows;
    if (!look.found || strcmp(look.root, c->facts_root) != 0) {
        ys_fail(&why, YS_EDATA, "结对依据事务 %lld、链首 %.16s…，链上该事务的根是 %.16s…",
                "the run rests on transaction %lld with root %.16s…; in the chain its root is %.16s…",
                (long long)c->facts_tx, c->facts_root, look.found ? look.root : "#NA");
        ys__pair_note(p, YS_PAIR_CHECK_CHAIN, "facts-root", NULL, &why);
    }
    if (!look.holds)
        ys__pair_note(p, YS_PAIR_CHECK_CHAIN, "chain", NULL, &look.why);
    return YS_OK;
}

static ys_status check_facts(ys_office *o, ys_pair_proof *p, ys_diag *diag)
{
    ys_diag why = {0};
    ys_status st = ys__pair_check_run(o, p, &why);
    if (st == YS_OK)
        return YS_OK;
    if (ys_fault_of_facts(st)) {
        ys__pair_note(p, YS_PAIR_CHECK_SIDES, "facts", NULL, &why);
        return YS_OK;
    }
    if (diag != NULL)
        *diag = why;
    return st;
}

ys_status ys_pair_proof_make(ys_office *o, const char *level, const char *run, ys_pair_proof **ret_proof,
                             ys_diag *diag)
{
    double begun = ys_clock_seconds();
    ys_scan how = {.valid_on = YS_SCAN_LATEST};
    ys_status st = YS_OK;
    int64_t row = -1;
    ys_pair_proof *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    YS_GO(ys_store_scan(o->store, &ys_kind_pair_run, &how, &p->runs, diag));
    YS_GO(find_run(p, level, run, &row, diag));
    take_run(p, row);
    YS_GO(find_writer(o, p, diag));
    check_pack(o, p);
    YS_GO(check_chain(o, p, diag));
    /* Without a whole record there is no saying what to read. */
    if (p->found_by[YS_PAIR_CHECK_RECORD] == 0)
        YS_GO(check_facts(o, p, diag));
    if (p->short_of_memory)
        YS_GO(ys_fail_nomem(diag));
    p->seconds = ys_clock_seconds() - begun;
    *ret_proof = p;
    p = NULL;
done:
    ys_pair_proof_free(p);
    return st;
}
