/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "plan/model.h"
#include "plan/words.h"

static double price_at(const ys_plan *p, const ys_plan_result *r, int32_t type)
{
    const ys_choice *c = &p->choice;
    double sum = 0;
    for (int64_t q = c->type_at[type]; q < c->type_at[type + 1]; q++)
        sum += (double)r->tier[1].price[c->charge_row[q]] * (double)c->charge[q];
    return sum;
}

/* Best for the block itself: tier 1, then tier 2, then what is worth least elsewhere. */
static const ys_bundle *wish(const ys_plan *p, const ys_plan_result *r, const ys_block *b)
{
    const ys_bundle *best = &b->bundle[0];
    double least = 0;
    for (int k = 1; k < b->n_bundles; k++) {
        const ys_bundle *u = &b->bundle[k];
        double price = 0;
        for (int i = 0; i < u->count; i++)
            price += price_at(p, r, b->type[u->option[i]]);
        if (u->v1 > best->v1 ||
            (u->v1 == best->v1 && (u->v2 > best->v2 || (u->v2 == best->v2 && price < least)))) {
            best = u;
            least = price;
        }
    }
    return best;
}

typedef struct tally {
    int64_t *more, *waiting, *closes; /* per row */
    int64_t *block;                   /* per row: the last block counted, +1 */
} tally;

static void add_charges(const ys_plan *p, tally *t, const ys_block *b, const ys_bundle *u, int sign)
{
    const ys_choice *c = &p->choice;
    for (int i = 0; i < u->count; i++)
        for (int64_t q = c->type_at[b->type[u->option[i]]]; q < c->type_at[b->type[u->option[i]] + 1]; q++)
            t->more[c->charge_row[q]] += sign * c->charge[q];
}

static void add_block(const ys_plan *p, const ys_plan_result *r, tally *t, int64_t block)
{
    const ys_choice *c = &p->choice;
    ys_block b = ys__block(c, block);
    const ys_bundle *now = &b.bundle[r->choice[block]], *u = wish(p, r, &b);
    if (u->v1 < now->v1 || (u->v1 == now->v1 && u->v2 <= now->v2))
        return;
    add_charges(p, t, &b, now, -1);
    add_charges(p, t, &b, u, 1);
    for (int i = 0; i < u->count; i++)
        for (int64_t q = c->type_at[b.type[u->option[i]]]; q < c->type_at[b.type[u->option[i]] + 1]; q++) {
            int32_t row = c->charge_row[q];
            if (t->block[row] == block + 1 ||
                ys__bundle_charge(c, &b, u, row) <= ys__bundle_charge(c, &b, now, row))
                continue;
            t->block[row] = block + 1;
            t->waiting[row]++;
            t->closes[row] += u->v2 - now->v2;
        }
}

static ys_status collect(const ys_plan *p, const ys_plan_result *r, const tally *t,
                         ys_plan_missing **ret_list, int64_t *ret_count, ys_diag *diag)
{
    const ys_choice *c = &p->choice;
    ys_plan_missing *list = NULL;
    size_t cap = 0;
    int64_t n = 0;
    for (int64_t row = 0; row < c->n_rows; row++) {
        int64_t amount = t->more[row] - (c->limit[row] - r->use[row]);
        if (t->waiting[row] == 0 || amount <= 0)
            continue;
        if (!ys_grow(&list, &cap, (size_t)n + 1, sizeof *list)) {
            ys_free(list);
            return ys_fail_nomem(diag);
        }
        list[n++] = (ys_plan_missing){.row = ys_plan_row_at(p, row),
                                      .row_number = row,
                                      .amount = amount,
                                      .waiting = t->waiting[row],
                                      .closes = t->closes[row]};
    }
    *ret_list = list;
    *ret_count = n;
    return YS_OK;
}

ys_status ys_plan_missing_list(const ys_plan *p, const ys_plan_result *r, int32_t area_begin,
                               int32_t area_end, ys_plan_missing **ret_list, int64_t *ret_count,
                               ys_diag *diag)
{
    const ys_plan_input *in = p->in;
    size_t rows = (size_t)p->choice.n_rows;
    int64_t *all = ys_calloc(4 * rows, sizeof *all);
    if (all == NULL)
        return ys_fail_nomem(diag);
    tally t = {.more = all, .waiting = all + rows, .closes = all + 2 * rows, .block = all + 3 * rows};
    for (int64_t b = 0; b < p->choice.n_blocks; b++) {
        int32_t area = ys__area_of(in, b);
        if (area >= area_begin && area < area_end)
            add_block(p, r, &t, b);
    }
    ys_status st = collect(p, r, &t, ret_list, ret_count, diag);
    ys_free(all);
    return st;
}

/* Who waits for a row: villages, households, or for money both. */
static const char *who_waits(const ys_plan *p, const ys_plan_missing *m, bool zh)
{
    bool one = m->waiting == 1;
    if (m->row.offering < 0)
        return zh ? "户（村）" : one ? "household or village" : "households or villages";
    if (p->in->measures[p->in->offerings[m->row.offering].measure].target == YS_PLAN_VILLAGE)
        return zh ? "村" : one ? "village" : "villages";
    return zh ? "户" : one ? "household" : "households";
}

void ys_plan_say_missing(const ys_plan *p, const ys_plan_missing *list, int64_t count, bool zh, ys_str *out)
{
    char a[32], b[32];
    if (count == 0)
        ys_str_puts(out, zh ? "不缺资金和名额。" : "No money or places are missing.");
    for (int64_t i = 0; i < count; i++) {
        const ys_plan_missing *m = &list[i];
        ys_format_int_grouped(m->waiting, b, sizeof b);
        if (m->row.offering >= 0) {
            const ys_plan_offering *o = &p->in->offerings[m->row.offering];
            ys_format_int_grouped(m->amount, a, sizeof a);
            ys_str_printf(out, zh ? "缺%s（%s）名额%s个，%s" : "%s (%s): %s more places, %s ",
                          ys__measure_label(&p->in->measures[o->measure], zh), o->name, a, b);
        } else {
            const ys_plan_fund *f = &p->in->funds[m->row.fund];
            ys_format_int_grouped((m->amount + 99) / 100, a, sizeof a);
            ys_str_printf(out, zh ? "缺“%s”%d年资金%s元，%s" : "'%s' of %d: %s yuan more, %s ",
                          ys__fund_label(f), f->period, a, b);
        }
        ys_str_printf(out, zh ? "%s在等" : "%s waiting", who_waits(p, m, zh));
        ys_str_puts(out, i + 1 == count ? (zh ? "。" : ".") : (zh ? "；" : "; "));
    }
}
