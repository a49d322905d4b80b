/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/model.h"

#include <string.h>

#include "base/alloc.h"

static int32_t fund_row(const ys_plan_input *in, int32_t fund, int64_t period)
{
    for (int i = 0; i < in->n_funds; i++)
        if (in->funds[i].fund == fund && in->funds[i].period == period)
            return i;
    return -1;
}

typedef struct charges {
    int n;
    int32_t row[2 * YS_PLAN_HORIZON + 2];
    int64_t amount[2 * YS_PLAN_HORIZON + 2];
} charges;

static void charge(charges *k, int32_t row, int64_t amount)
{
    if (amount == 0)
        return;
    for (int i = 0; i < k->n; i++)
        if (k->row[i] == row) {
            k->amount[i] += amount;
            return;
        }
    k->row[k->n] = row;
    k->amount[k->n++] = amount;
}

static int64_t part(int64_t cost, int32_t share, bool side_b)
{
    int64_t a = (int64_t)((ys_i128)cost * share / 1000000);
    return side_b ? cost - a : a;
}

/* Charges of one unit (section 2); false: the offering is unavailable for want of a fund row. */
static bool offering_charges(const ys_model *m, const ys_plan_offering *o, charges *k)
{
    const ys_plan_input *in = m->in;
    int64_t end = (int64_t)in->period + in->horizon;
    for (int side = 0; side < 2; side++) {
        int32_t fund = side == 0 ? o->fund_a : o->fund_b;
        int64_t now = part(o->cost, o->share_a, side == 1),
                again = part(o->cost_recurring, o->share_a, side == 1);
        if (fund < 0)
            continue;
        for (int64_t year = (int64_t)o->period + 1; year < end; year++) {
            int32_t row = fund_row(in, fund, year);
            if (row >= 0)
                charge(k, row, again);
            else /* positive: truncation is floor */
                now += (int64_t)((double)again * m->discount[year - o->period] + 0.5);
        }
        int32_t row = fund_row(in, fund, o->period);
        if (now > 0 && row < 0)
            return false;
        charge(k, row, now);
    }
    return true;
}

static void make_rows(ys_plan *p)
{
    const ys_plan_input *in = p->in;
    ys_choice *c = &p->choice;
    int64_t at = 0;
    for (int i = 0; i < in->n_funds; i++)
        c->limit[i] = in->funds[i].amount;
    int64_t row = in->n_funds;
    for (int i = 0; i < in->n_offerings; i++) {
        const ys_plan_offering *o = &in->offerings[i];
        charges k = {0};
        p->offer_row[i] = -1;
        if (o->capacity != YS_PLAN_UNBOUNDED) {
            p->offer_row[i] = row;
            p->row_offer[row - in->n_funds] = i;
            c->limit[row++] = o->capacity;
        }
        bool ok = o->period >= in->period && o->period < in->period + in->horizon &&
                  offering_charges(&p->model, o, &k);
        if (ok && p->offer_row[i] >= 0)
            charge(&k, (int32_t)p->offer_row[i], 1);
        for (int j = 0; ok && j < k.n; j++)
            ok = k.amount[j] <= c->limit[k.row[j]];
        p->model.offer[i].available = ok;
        for (int j = 0; ok && j < k.n; j++) {
            c->charge_row[at] = k.row[j];
            c->charge[at++] = k.amount[j];
        }
        c->type_at[i + 1] = at;
    }
}

/* ---- blocks, in parallel by chunk ----------------------------------------------------------------------------- */

typedef struct filler {
    ys_plan *p;
    ys_maker *maker; /* per thread */
    ys_diag *fault;  /* per chunk's first fault is kept by number: the first chunk wins */
    ys_status *status;
    const uint8_t *shared; /* NULL, or per chunk: stands already */
} filler;

static bool grow_chunk(ys_chunk *k, const ys_maker *m, size_t *cap_o, size_t *cap_b, size_t n_o, size_t n_b)
{
    size_t cap_p = *cap_o, cap_a = *cap_o;
    return ys_grow(&k->type, cap_o, n_o + (size_t)m->n + 1, sizeof *k->type) &&
           ys_grow(&k->person, &cap_p, n_o + (size_t)m->n + 1, sizeof *k->person) &&
           (!m->m->want_alone || ys_grow(&k->alone2, &cap_a, n_o + (size_t)m->n + 1, sizeof *k->alone2)) &&
           ys_grow(&k->bundles, cap_b, n_b + (size_t)m->n_bundles, sizeof *k->bundles);
}

static ys_status fill_chunk(filler *f, int64_t chunk, ys_maker *m, ys_diag *diag)
{
    ys_choice *c = &f->p->choice;
    ys_chunk *k = &c->chunks[chunk];
    int64_t first = chunk * YS_CHUNK_BLOCKS, left = c->n_blocks - first;
    k->n = (int32_t)(left < YS_CHUNK_BLOCKS ? left : YS_CHUNK_BLOCKS);
    k->option_at = ys_calloc((size_t)k->n + 1, sizeof *k->option_at);
    k->bundle_at = ys_calloc((size_t)k->n + 1, sizeof *k->bundle_at);
    if (k->option_at == NULL || k->bundle_at == NULL)
        return ys_fail_nomem(diag);
    size_t cap_o = 0, cap_b = 0, n_o = 0, n_b = 0;
    for (int32_t i = 0; i < k->n; i++) {
        YS_TRY(ys__make_block(m, first + i, diag));
        if (!grow_chunk(k, m, &cap_o, &cap_b, n_o, n_b))
            return ys_fail_nomem(diag);
        for (int o = 0; o < m->n; o++) {
            k->type[n_o] = m->option[o].offering;
            if (k->alone2 != NULL)
                k->alone2[n_o] = m->option[o].v2;
            k->person[n_o++] = m->option[o].person;
        }
        memcpy(k->bundles + n_b, m->bundle, (size_t)m->n_bundles * sizeof *m->bundle);
        n_b += (size_t)m->n_bundles;
        k->option_at[i + 1] = (uint32_t)n_o;
        k->bundle_at[i + 1] = (uint32_t)n_b;
        k->cut += m->cut;
    }
    return ys__chunk_screen(k, !m->m->keep_dominated, diag);
}

static void fill_one(void *arg, int64_t chunk_no, int64_t begin, int64_t end, int thread)
{
    filler *f = arg;
    (void)begin;
    (void)end;
    ys_diag local = {0};
    if (f->shared != NULL && f->shared[chunk_no])
        return;
    f->status[chunk_no] = fill_chunk(f, chunk_no, &f->maker[thread], &local);
    if (f->status[chunk_no] != YS_OK)
        f->fault[chunk_no] = local;
}

static ys_status fill_blocks(ys_plan *p, const uint8_t *shared, int threads, ys_diag *diag)
{
    ys_choice *c = &p->choice;
    ys_pool *pool = ys_pool_new(threads);
    int n = ys_pool_threads(pool);
    filler f = {.p = p, .shared = shared};
    ys_status st = YS_OK;
    f.maker = ys_calloc((size_t)n, sizeof *f.maker);
    f.status = ys_calloc((size_t)c->n_chunks, sizeof *f.status);
    f.fault = ys_calloc((size_t)c->n_chunks, sizeof *f.fault);
    if (pool == NULL || !f.maker || !f.status || !f.fault) {
        st = ys_fail_nomem(diag);
        goto done;
    }
    for (int t = 0; t < n; t++)
        f.maker[t].m = &p->model;
    ys_pool_run(pool, c->n_chunks, 1, fill_one, &f);
    for (int64_t i = 0; i < c->n_chunks && st == YS_OK; i++)
        if ((st = f.status[i]) != YS_OK && diag != NULL)
            *diag = f.fault[i];
done:
    for (int t = 0; f.maker != NULL && t < n; t++)
        ys__maker_done(&f.maker[t]);
    ys_free(f.maker);
    ys_free(f.status);
    ys_free(f.fault);
    ys_pool_free(pool);
    return st;
}

/* ---- sizes and sums ------------------------------------------------------------------------------------------- */

static ys_status check_values(const ys_choice *c, ys_diag *diag)
{
    ys_i128 most[2] = {0, 0};
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        int64_t top[2] = {0, 0};
        for (int k = 0; k < b.n_bundles; k++) {
            int64_t v[2] = {b.bundle[k].v1, b.bundle[k].v2};
            for (int t = 0; t < 2; t++) {
                int64_t size = v[t] < 0 ? -v[t] : v[t];
                top[t] = size > top[t] ? size : top[t];
            }
        }
        most[0] += top[0];
        most[1] += top[1];
    }
    if (most[0] < (ys_i128)1 << 62 && most[1] < (ys_i128)1 << 62)
        return YS_OK;
    return ys_fail(diag, YS_ELIMIT, "全部价值之和超出62位", "the sum of all values leaves 62 bits");
}

static ys_status check_sums(const ys_plan *p, ys_diag *diag)
{
    int64_t row, type;
    if (ys__choice_sums_fit(&p->choice, &row, &type))
        return check_values(&p->choice, diag);
    if (row < 0)
        return ys_fail_nomem(diag);
    const char *name = p->in->offerings[type].name;
    ys_diag_value(diag, name);
    ys_fail(diag, YS_ELIMIT, "供给“%s”的成本过大：全部可能的支出之和超出62位",
            "offering '%s' costs too much: the sum of all possible charges leaves 62 bits", name);
    ys_diag_fix(diag, "检查该供给的成本与单位（分）", "check its cost and the unit (fen)");
    return YS_ELIMIT;
}

/* What all locks together need of a row must be there: then the plan of nothing but locks fits. */
static ys_status check_locked(const ys_plan *p, ys_diag *diag)
{
    const ys_choice *c = &p->choice;
    if (p->in->n_locks == 0)
        return YS_OK;
    ys_i128 *use = ys_aligned((size_t)c->n_rows + 1, sizeof *use);
    if (use == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < c->n_blocks; i++) {
        ys_block b = ys__block(c, i);
        for (int o = 0; o < b.bundle[0].count; o++) {
            int32_t t = b.type[b.bundle[0].option[o]];
            for (int64_t q = c->type_at[t]; q < c->type_at[t + 1]; q++)
                use[c->charge_row[q]] += c->charge[q];
        }
    }
    ys_status st = YS_OK;
    for (int64_t r = 0; r < c->n_rows && st == YS_OK; r++) {
        if (use[r] <= c->limit[r])
            continue;
        bool fund = r < p->in->n_funds;
        const char *name =
            fund ? p->in->funds[r].name : p->in->offerings[p->row_offer[r - p->in->n_funds]].name;
        ys_diag_value(diag, name);
        ys_diag_fix(diag, "解除一些锁定，或增加这笔资金、这些名额",
                    "lift some locks, or add money or places");
        st = ys_fail(diag, YS_EINFEASIBLE,
                     fund ? "锁定的措施合计需要资金“%s” %lld 分，只有 %lld 分"
                          : "锁定的措施合计需要供给“%s”的名额 %lld 个，只有 %lld 个",
                     fund ? "what is locked needs of fund '%s' %lld fen, there are %lld"
                          : "what is locked needs of offering '%s' %lld places, there are %lld",
                     name, (long long)use[r], (long long)c->limit[r]);
    }
    ys_free(use);
    return st;
}

static void measure_size(ys_plan *p)
{
    const ys_choice *c = &p->choice;
    p->size.blocks = c->n_blocks;
    p->size.rows = c->n_rows;
    p->size.floors = c->n_floors;
    for (int64_t i = 0; i < c->n_chunks; i++) {
        const ys_chunk *k = &c->chunks[i];
        p->size.options += k->option_at[k->n];
        p->size.bundles += k->bundle_at[k->n];
        p->size.cut += k->cut;
    }
    /* options: type, person, what they add; bundles: themselves and their mask */
    p->size.bytes = p->size.options * (int64_t)(3 * sizeof(int32_t) + sizeof(int64_t)) +
                    p->size.bundles * (int64_t)(sizeof(ys_bundle) + sizeof(uint32_t)) + p->size.blocks * 12;
}

static ys_status build(ys_plan *p, const ys_plan_input *in, const ys_plan *from, int threads, ys_diag *diag)
{
    uint8_t *shared = NULL;
    bool all = false;
    ys_choice *c = &p->choice;
    p->in = in;
    YS_TRY(ys__input_check(in, diag));
    YS_TRY(ys__model_init(&p->model, in, diag));
    c->n_blocks = in->n_households + in->n_villages;
    c->n_chunks = (c->n_blocks + YS_CHUNK_BLOCKS - 1) / YS_CHUNK_BLOCKS;
    c->n_types = in->n_offerings;
    c->n_floors = in->n_floors;
    c->n_levels = ys__levels_count(in);
    p->model.want_alone = ys__levels_want_alone(in);
    p->model.keep_dominated = ys__levels_repel(in);
    c->n_places = 2 * p->model.n_areas;
    c->n_rows = in->n_funds;
    for (int i = 0; i < in->n_offerings; i++)
        c->n_rows += in->offerings[i].capacity != YS_PLAN_UNBOUNDED;
    YS_TRY(ys__choice_alloc(c, (int64_t)in->n_offerings * (2 * in->horizon + 3), diag));
    p->offer_row = ys_calloc((size_t)in->n_offerings, sizeof *p->offer_row);
    p->row_offer = ys_calloc((size_t)in->n_offerings, sizeof *p->row_offer);
    if (p->offer_row == NULL || p->row_offer == NULL)
        return ys_fail_nomem(diag);
    make_rows(p);
    if (from != NULL)
        YS_TRY(ys__plan_share(p, from, &shared, &all, diag));
    ys_status st = fill_blocks(p, shared, threads, diag);
    ys_free(shared);
    YS_TRY(st);
    YS_TRY(ys__make_places(p, diag));
    measure_size(p);
    if (!all)
        YS_TRY(check_sums(p, diag));
    return check_locked(p, diag);
}

ys_status ys__plan_build(const ys_plan_input *in, const ys_plan *from, int threads, ys_plan **ret_plan,
                         ys_diag *diag)
{
    ys_plan *p = ys_calloc(1, sizeof *p);
    if (p == NULL)
        return ys_fail_nomem(diag);
    ys_status st = build(p, in, from, threads, diag);
    if (st != YS_OK) {
        ys_plan_free(p);
        return st;
    }
    *ret_plan = p;
    return YS_OK;
}

ys_status ys_plan_build(const ys_plan_input *in, int threads, ys_plan **ret_plan, ys_diag *diag)
{
    return ys__plan_build(in, NULL, threads, ret_plan, diag);
}

void ys_plan_free(ys_plan *p)
{
    if (p == NULL)
        return;
    ys__choice_done(&p->choice);
    ys__model_done(&p->model);
    ys_free(p->offer_row);
    ys_free(p->row_offer);
    ys_free(p);
}
