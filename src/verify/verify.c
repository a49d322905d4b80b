/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c - the way through: facts made ready, prices, one pass over all blocks (choice and best bundle),
 * then the sums.
 */
#include <stdbool.h>
#include "base/alloc.h"
#include "base/pool.h"
#include "base/rng.h"
#include "verify/inner.h"

#define CHUNK 1024

/* What a chunk of blocks leaves; added in order, so that threads do not show. */
typedef struct tally {
    ys_i128 best[YS_VERIFY_TIERS];
    ys__v_list found;
    int64_t options, bundles, cut, added, dropped;
    ys_status status;
    int64_t block; /* where status arose */
} tally;

typedef struct pass {
    ys__v_job *j;
    tally *tally;
    ys__v_desk *desk;                  /* per thread */
    int64_t (*worth)[YS_VERIFY_TIERS]; /* per thread: YS_V_BUNDLES of them */
} pass;

/* ---- one block ---- */

static ys_status one_block(pass *p, tally *t, int64_t block, int thread)
{
    ys__v_job *j = p->j;
    ys__v_desk *d = &p->desk[thread];
    int64_t(*worth)[YS_VERIFY_TIERS] = p->worth + (int64_t)thread * YS_V_BUNDLES;
    ys_status st = ys__v_desk_lay(j->c, d, block);
    if (st != YS_OK)
        return st;
    for (int i = 0; i < d->sets; i++) {
        if (!ys__v_worth_of(j->c, d, d->set[i], worth[i]))
            return YS_ELIMIT;
        worth[i][1] -= ys__v_switching(j->c, d, d->set[i]).cost;
    }
    for (int k = 0; k < YS_VERIFY_TIERS; k++)
        if (j->priced[k] &&
            __builtin_add_overflow(t->best[k], ys__v_best(j, d, k, (const int64_t(*)[2])worth), &t->best[k]))
            return YS_ELIMIT;
    t->options += d->kept;
    t->bundles += d->sets;
    t->cut += (size_t)d->kept < d->n;
    bool ok = ys__v_check_block(j, d, &t->found);
    t->added += d->added;
    t->dropped += d->dropped;
    return ok ? YS_OK : YS_ENOMEM;
}

static void run_chunk(void *arg, int64_t chunk, int64_t begin, int64_t end, int thread)
{
    pass *p = arg;
    tally *t = &p->tally[chunk];
    for (int64_t b = begin; b < end && t->status == YS_OK; b++) {
        t->status = one_block(p, t, b, thread);
        t->block = b;
    }
}

/* ---- the plan's rows by block ---- */

static bool sort_picks(ys__v_job *j)
{
    const ys_verify_claim *q = j->claim;
    int64_t blocks = j->c->blocks;
    j->pick_start = ys_calloc((size_t)blocks + 2, sizeof *j->pick_start);
    j->pick = ys_calloc((size_t)q->n_picks + 1, sizeof *j->pick);
    if (!j->pick_start || !j->pick)
        return false;
    int64_t *next = j->pick_start + 1, sum = 0;
    for (int64_t i = 0; i < q->n_picks; i++) {
        if (q->picks[i].block >= 0 && q->picks[i].block < blocks) {
            next[q->picks[i].block]++;
            continue;
        }
        ys_verify_finding x = ys__v_blank(YS_VC_UNKNOWN_BLOCK);
        x.pick = i;
        ys__v_add(&j->found, &x);
    }
    for (int64_t b = 0; b < blocks; b++) {
        int64_t n = next[b];
        next[b] = sum;
        sum += n;
    }
    for (int64_t i = 0; i < q->n_picks; i++)
        if (q->picks[i].block >= 0 && q->picks[i].block < blocks)
            j->pick[next[q->picks[i].block]++] = i;
    return !j->found.short_of_memory;
}

static bool job_init(ys__v_job *j, const ys__v_case *c, const ys_verify_claim *claim)
{
    *j = (ys__v_job){.c = c, .claim = claim};
    size_t n = (size_t)c->blocks + 1;
    j->worth[0] = ys_calloc(n, sizeof *j->worth[0]);
    j->worth[1] = ys_calloc(n, sizeof *j->worth[1]);
    j->lawful = ys_calloc(n, sizeof *j->lawful);
    j->alone = ys_calloc((size_t)claim->n_picks + 1, sizeof *j->alone);
    return j->worth[0] && j->worth[1] && j->lawful && j->alone && sort_picks(j) && ys__v_prices(j);
}

static void job_done(ys__v_job *j)
{
    ys_free(j->pick_start);
    ys_free(j->pick);
    ys_free(j->lawful);
    ys_free(j->alone);
    ys_free(j->spending);
    for (int k = 0; k < YS_VERIFY_TIERS; k++) {
        ys_free(j->worth[k]);
        ys_free(j->unit_price[k]);
        ys_free(j->weight[k]);
        ys_free(j->level_price[k]);
    }
    ys__v_list_done(&j->found);
}

/* ---- the pass ---- */

static ys_status pass_fault(const ys__v_job *j, const tally *t, ys_diag *diag)
{
    if (t->status == YS_ENOMEM)
        return ys_fail_nomem(diag);
    const ys_verify_facts *f = j->c->f;
    bool household = t->block < f->n_households;
    int64_t row = household ? t->block : t->block - f->n_households;
    const char *name = household ? f->households[row].name : f->villages[row].name;
    if (t->status == YS_EDATA)
        return ys_fail(
            diag, YS_EDATA, "“%s”（第 %lld 行）的锁定无法保留：没有相符的选项，或合在一起不成立",
            "the locks of \"%s\" (row %lld) cannot be kept: there is no such option, or together they "
            "are no allowed bundle",
            name ? name : "", (long long)row + 1);
    ys_status st = ys_fail(diag, YS_ELIMIT, "“%s”（第 %lld 行）的计划值超出可精确计算的范围",
                           "a value of \"%s\" (row %lld) is beyond what can be computed exactly",
                           name ? name : "", (long long)row + 1);
    ys_diag_fix(diag, "检查该户的收入、贫困线和可选措施的效果。",
                "Check its income and line, and the effects of its measures.");
    return st;
}

static ys_status collect_tallies(ys__v_job *j, tally *t, int64_t chunks, ys_verify_result *r, ys_diag *diag)
{
    ys_i128 best[YS_VERIFY_TIERS] = {0, 0};
    r->bound_known[0] = j->priced[0];
    r->bound_known[1] = j->priced[1];
    for (int64_t i = 0; i < chunks; i++) {
        if (t[i].status != YS_OK)
            return pass_fault(j, &t[i], diag);
        for (int k = 0; k < YS_VERIFY_TIERS; k++)
            if (__builtin_add_overflow(best[k], t[i].best[k], &best[k]))
                r->bound_known[k] = false;
        ys__v_append(&j->found, &t[i].found);
        r->options += t[i].options;
        r->bundles += t[i].bundles;
        r->cut += t[i].cut;
        r->added += t[i].added;
        r->dropped += t[i].dropped;
    }
    for (int k = 0; k < YS_VERIFY_TIERS; k++) {
        if (r->bound_known[k] && ys__v_bound(j, k, best[k], &r->bound[k]))
            continue;
        if (j->priced[k]) { /* usable one by one, but not their sum */
            ys_verify_finding x = ys__v_blank(YS_VC_PRICE_RANGE);
            x.tier = k;
            x.found = j->claim->tier[k].shift;
            ys__v_add(&j->found, &x);
        }
        r->bound_known[k] = false;
    }
    return j->found.short_of_memory ? ys_fail_nomem(diag) : YS_OK;
}

static ys_status run_pass(ys__v_job *j, int threads, ys_verify_result *r, ys_diag *diag)
{
    int64_t chunks = (j->c->blocks + CHUNK - 1) / CHUNK;
    ys_pool *pool = ys_pool_new(threads);
    int n = ys_pool_threads(pool);
    pass p = {.j = j};
    p.tally = ys_aligned((size_t)chunks + 1, sizeof *p.tally);
    p.desk = ys_calloc((size_t)n, sizeof *p.desk);
    p.worth = ys_calloc((size_t)n * YS_V_BUNDLES, sizeof *p.worth);
    ys_status st = p.tally && p.desk && p.worth ? YS_OK : ys_fail_nomem(diag);
    for (int i = 0; st == YS_OK && i < n; i++)
        if (!ys__v_desk_init(&p.desk[i]))
            st = ys_fail_nomem(diag);
    if (st == YS_OK) {
        ys_pool_run(pool, j->c->blocks, CHUNK, run_chunk, &p);
        st = collect_tallies(j, p.tally, chunks, r, diag);
    }
    for (int i = 0; p.desk && i < n; i++)
        ys__v_desk_done(&p.desk[i]);
    for (int64_t i = 0; p.tally && i < chunks; i++)
        ys__v_list_done(&p.tally[i].found);
    ys_free(p.tally);
    ys_free(p.desk);
    ys_free(p.worth);
    ys_pool_free(pool);
    return st;
}

/* ---- the answer ---- */

static bool put_findings(const ys__v_case *c, ys__v_list *l, ys_verify_result *r)
{
    r->count = l->count;
    for (int i = 0; i < YS_VC_CODES; i++)
        r->by_code[i] = l->by_code[i];
    r->findings = l->item; /* moved */
    r->n_kept = (int64_t)l->n;
    l->item = NULL;
    l->n = l->cap = 0;
    for (int64_t i = 0; i < r->n_kept; i++)
        if (!ys__v_words(c, &r->findings[i]))
            return false;
    return true;
}

static ys_status verify(const ys__v_case *c, const ys_verify_claim *claim, int threads, ys_verify_result *r,
                        ys_diag *diag)
{
    ys__v_job j;
    ys_status st = job_init(&j, c, claim) ? YS_OK : ys_fail_nomem(diag);
    if (st == YS_OK)
        st = run_pass(&j, threads, r, diag);
    if (st == YS_OK && !ys__v_claims(&j, r))
        st = ys_fail_nomem(diag);
    if (st == YS_OK && (j.found.short_of_memory || !put_findings(c, &j.found, r)))
        st = ys_fail_nomem(diag);
    r->blocks = c->blocks;
    r->n_rows = c->n_rows;
    r->n_floors = c->f->n_floors;
    job_done(&j);
    return st;
}

ys_status ys_verify_plan(const ys_verify_facts *facts, const ys_verify_claim *claim, int threads,
                         ys_verify_result **ret_result, ys_diag *diag)
{
    if (claim->n_picks < 0)
        return ys_fail(diag, YS_EDATA, "计划的行数 %lld 为负", "the plan has %lld rows",
                       (long long)claim->n_picks);
    YS_TRY(ys__v_facts_check(facts, diag));
    ys__v_case c;
    YS_TRY(ys__v_ready(facts, &c, diag));
    ys_status st = ys__v_hold_make(&c, threads, diag);
    if (st != YS_OK) {
        ys__v_case_done(&c);
        return st;
    }
    ys_verify_result *r = ys_calloc(1, sizeof *r);
    st = r ? verify(&c, claim, threads, r, diag) : ys_fail_nomem(diag);
    ys__v_case_done(&c);
    if (st != YS_OK) {
        ys_verify_result_free(r);
        return st;
    }
    *ret_result = r;
    return YS_OK;
}

void ys_verify_result_free(ys_verify_result *r)
{
    if (!r)
        return;
    for (int64_t i = 0; i < r->n_kept; i++) {
        ys_free(r->findings[i].zh);
        ys_free(r->findings[i].en);
    }
    ys_free(r->findings);
    ys_free(r->use);
    ys_free(r->limit);
    ys_free(r->floor_use);
    ys_free(r->floor_need);
    ys_free(r);
}

/* ---- the seal ---- */

/* Byte by byte, lowest first, so that the sum does not depend on the machine. */
static uint64_t mix(uint64_t seal, int64_t value)
{
    unsigned char byte[8];
    for (int i = 0; i < 8; i++)
        byte[i] = (unsigned char)((uint64_t)value >> (8 * i));
    return ys_hash_bytes(byte, sizeof byte, seal);
}

uint64_t ys_verify_seal(const ys_verify_claim *q)
{
    uint64_t seal = mix(mix(mix(0, q->n_picks), q->n_rows), q->n_floors);
    for (int64_t i = 0; i < q->n_picks; i++)
        seal = mix(mix(mix(seal, q->picks[i].block), q->picks[i].offering), q->picks[i].person);
    for (int k = 0; k < YS_VERIFY_TIERS; k++) {
        const ys_verify_tier *t = &q->tier[k];
        seal =
            mix(mix(mix(mix(mix(seal, t->value), t->bound), t->shift), t->couple_price), t->couple_minimum);
        for (int64_t i = 0; t->price && i < q->n_rows; i++)
            seal = mix(seal, t->price[i]);
        for (int64_t i = 0; t->floor_price && i < q->n_floors; i++)
            seal = mix(seal, t->floor_price[i]);
    }
    return seal ? seal : 1;
}
