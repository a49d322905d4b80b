/* SPDX-License-Identifier: Apache-2.0 */
#include "coop/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

const int32_t ys_age_limit[YS_AGES - 1] = {30, 60, 90, 365, 730};

int ys_age_class(int32_t days)
{
    int k = 0;
    while (k < YS_AGES - 1 && days > ys_age_limit[k])
        k++;
    return k;
}

void ys_ledger_free(ys_ledger *l)
{
    if (l == NULL)
        return;
    ys_free(l->fund);
    ys_free(l->left);
    ys_free(l->fault);
    ys_free(l->missing);
    ys_free(l);
}

typedef struct account {
    const ys_money_flow *flow;
    ys_ledger *l;
    int32_t today;
    int64_t *order;        /* flows by day */
    int64_t *next;         /* per flow: the next incoming flow of its fund */
    int64_t *first, *last; /* per fund: queue of incoming flows that still have money, -1: none */
} account;

static void account_done(account *a)
{
    ys_free(a->order);
    ys_free(a->next);
    ys_free(a->first);
    ys_free(a->last);
}

static ys_status check(const ys_money_flow *flow, int64_t n, int32_t funds, ys_diag *diag)
{
    for (int64_t i = 0; i < n; i++) {
        const ys_money_flow *f = &flow[i];
        if (f->fund < 0 || f->fund >= funds || f->source < -1 || f->source >= n || f->source == i ||
            f->type > YS_FLOW_INCOMING_PLEDGE || f->amount < 0 || f->amount >= (int64_t)1 << 53)
            return ys_fail(diag, YS_EDATA, "第 %lld 笔流水的资金、来源、类别或金额不能用",
                           "flow %lld: fund, source, type or amount cannot be used", (long long)i + 1);
    }
    return YS_OK;
}

static int by_day(const void *a, const void *b, void *arg)
{
    const ys_money_flow *flow = arg;
    int64_t i = *(const int64_t *)a, j = *(const int64_t *)b;
    if (flow[i].date != flow[j].date)
        return flow[i].date < flow[j].date ? -1 : 1;
    if (flow[i].type != flow[j].type) /* the list of types has incoming, passed on, spent in this order */
        return flow[i].type < flow[j].type ? -1 : 1;
    return i < j ? -1 : 1;
}

/* Takes up to `amount` of what is left of a flow; returns how much. */
static int64_t take(account *a, int64_t from, int64_t amount)
{
    int64_t *left = &a->l->left[from];
    int64_t got = amount < *left ? amount : *left;
    *left -= got;
    return got;
}

static int64_t take_oldest(account *a, int32_t fund, int64_t amount)
{
    int64_t got = 0;
    while (got < amount && a->first[fund] >= 0) {
        int64_t i = a->first[fund];
        got += take(a, i, amount - got);
        if (a->l->left[i] == 0)
            a->first[fund] = a->next[i];
    }
    return got;
}

/* What can be passed on: money that came in, or (for an expenditure) money that was passed on. */
static bool is_source(const ys_money_flow *f, const ys_money_flow *from)
{
    return from->fund == f->fund && (from->type == YS_FLOW_INCOMING || from->type == YS_FLOW_DISBURSEMENT);
}

static void pay(account *a, int64_t i)
{
    const ys_money_flow *f = &a->flow[i];
    ys_fund_sums *s = &a->l->fund[f->fund];
    uint8_t *fault = &a->l->fault[i];
    int64_t got;
    if (f->source >= 0 && !is_source(f, &a->flow[f->source]))
        *fault = YS_FLOW_WRONG_SOURCE;
    else if (f->source >= 0 && a->flow[f->source].date > f->date)
        *fault = YS_FLOW_BEFORE_SOURCE;
    if (f->source >= 0 && *fault == YS_FLOW_OK) {
        got = take(a, f->source, f->amount);
        *fault = got < f->amount ? YS_FLOW_OVER_SOURCE : YS_FLOW_OK;
    } else {
        got = take_oldest(a, f->fund, f->amount);
        if (got < f->amount && *fault == YS_FLOW_OK)
            *fault = YS_FLOW_OVER_FUND;
    }
    a->l->missing[i] = f->amount - got;
    s->overdrawn += f->amount - got;
    if (f->type == YS_FLOW_EXPENDITURE)
        s->spent += f->amount;
    else {
        s->disbursed += f->amount;
        a->l->left[i] = f->amount;
    }
}

static void enter(account *a, int64_t i)
{
    const ys_money_flow *f = &a->flow[i];
    ys_fund_sums *s = &a->l->fund[f->fund];
    if (f->date > a->today) {
        a->l->fault[i] = YS_FLOW_FUTURE;
        return;
    }
    switch (f->type) {
    case YS_FLOW_INCOMING:
        s->received += f->amount;
        a->l->left[i] = f->amount;
        a->next[i] = -1;
        if (a->first[f->fund] < 0)
            a->first[f->fund] = i;
        else
            a->next[a->last[f->fund]] = i;
        a->last[f->fund] = i;
        break;
    case YS_FLOW_OUTGOING_COMMITMENT:
        s->committed_out += f->amount;
        break;
    case YS_FLOW_INCOMING_COMMITMENT:
        s->committed_in += f->amount;
        break;
    case YS_FLOW_INCOMING_PLEDGE:
        s->pledged += f->amount;
        break;
    case YS_FLOW_DISBURSEMENT:
    case YS_FLOW_EXPENDITURE:
        pay(a, i);
        break;
    }
}

/* A disbursement that is passed on again is not spent: what is left lies with the last one. */
static void sum_idle(account *a)
{
    for (int64_t i = 0; i < a->l->flows; i++) {
        int64_t left = a->l->left[i];
        if (left == 0)
            continue;
        ys_fund_sums *s = &a->l->fund[a->flow[i].fund];
        int32_t days = a->today - a->flow[i].date;
        if (a->flow[i].type == YS_FLOW_INCOMING)
            s->held += left;
        else
            s->out += left;
        s->idle[ys_age_class(days)] += left;
        s->oldest = days > s->oldest ? days : s->oldest;
    }
}

static ys_status alloc(account *a, int64_t n, int32_t funds, ys_diag *diag)
{
    ys_ledger *l = a->l = ys_calloc(1, sizeof *l);
    if (l == NULL)
        return ys_fail_nomem(diag);
    size_t flows = (size_t)(n > 0 ? n : 1), f = (size_t)(funds > 0 ? funds : 1);
    l->flows = n;
    l->funds = funds;
    l->fund = ys_calloc(f, sizeof *l->fund);
    l->left = ys_calloc(flows, sizeof *l->left);
    l->fault = ys_calloc(flows, 1);
    l->missing = ys_calloc(flows, sizeof *l->missing);
    a->order = ys_calloc(flows, sizeof *a->order);
    a->next = ys_calloc(flows, sizeof *a->next);
    a->first = ys_calloc(f, sizeof *a->first);
    a->last = ys_calloc(f, sizeof *a->last);
    if (l->fund == NULL || l->left == NULL || l->fault == NULL || l->missing == NULL || a->order == NULL ||
        a->next == NULL || a->first == NULL || a->last == NULL)
        return ys_fail_nomem(diag);
    for (int64_t i = 0; i < n; i++)
        a->order[i] = i;
    for (int32_t i = 0; i < funds; i++)
        a->first[i] = a->last[i] = -1;
    return YS_OK;
}

ys_status ys_ledger_make(const ys_money_flow *flow, int64_t n, int32_t funds, int32_t today,
                         ys_ledger **ret_ledger, ys_diag *diag)
{
    account a = {.flow = flow, .today = today};
    ys_status st = YS_OK;
    YS_TRY(check(flow, n, funds, diag));
    YS_GO(alloc(&a, n, funds, diag));
    qsort_r(a.order, (size_t)n, sizeof *a.order, by_day, (void *)(uintptr_t)flow);
    for (int64_t k = 0; k < n; k++)
        enter(&a, a.order[k]);
    sum_idle(&a);
    *ret_ledger = a.l;
    a.l = NULL;
done:
    ys_ledger_free(a.l);
    account_done(&a);
    return st;
}

int32_t ys_fund_cycles(const int32_t *parent, int32_t n, uint8_t *ret_cycle)
{
    int32_t count = 0;
    for (int32_t i = 0; i < n; i++) {
        int32_t at = parent[i], steps = 0;
        while (at >= 0 && at != i && steps++ < n)
            at = parent[at];
        ret_cycle[i] = at == i;
        count += at == i;
    }
    return count;
}

void ys_fund_sums_add(ys_fund_sums *to, const ys_fund_sums *from)
{
    to->pledged += from->pledged;
    to->committed_in += from->committed_in;
    to->received += from->received;
    to->committed_out += from->committed_out;
    to->disbursed += from->disbursed;
    to->spent += from->spent;
    to->held += from->held;
    to->out += from->out;
    to->overdrawn += from->overdrawn;
    for (int k = 0; k < YS_AGES; k++)
        to->idle[k] += from->idle[k];
    to->oldest = from->oldest > to->oldest ? from->oldest : to->oldest;
}
