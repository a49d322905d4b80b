/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claims.c - the sums of the plan against limits, floors and what it claims (docs/plan-model.md sections 6
 * to 8).
 */
#include <math.h>
#include <stdbool.h>
#include "base/alloc.h"
#include "verify/inner.h"

static int64_t saturate(ys_i128 x)
{
    return x > INT64_MAX ? INT64_MAX : x < INT64_MIN ? INT64_MIN : (int64_t)x;
}

static void add(ys__v_job *j, ys_verify_finding x, int64_t found, int64_t expected)
{
    x.found = found;
    x.expected = expected;
    ys__v_add(&j->found, &x);
}

/* ---- rows ---- */

/* Every row of the plan that names an offering takes its charges, lawful or not. */
static bool row_sums(const ys__v_job *j, ys_verify_result *r)
{
    const ys__v_case *c = j->c;
    ys_i128 *use = ys_aligned((size_t)c->n_rows + 1, sizeof *use);
    r->use = ys_calloc((size_t)c->n_rows + 1, sizeof *r->use);
    r->limit = ys_calloc((size_t)c->n_rows + 1, sizeof *r->limit);
    bool ok = use && r->use && r->limit;
    for (int64_t i = 0; ok && i < j->claim->n_picks; i++) {
        int32_t o = j->claim->picks[i].offering;
        if (o < 0 || o >= c->f->n_offerings)
            continue;
        for (int k = 0; k < c->unit[o].charges; k++)
            use[c->charge[c->unit[o].first + k].row] += c->charge[c->unit[o].first + k].amount;
    }
    for (int64_t i = 0; ok && i < c->n_rows; i++) {
        r->use[i] = saturate(use[i]);
        r->limit[i] = c->limit[i];
    }
    ys_free(use);
    return ok;
}

static void check_rows(ys__v_job *j, const ys_verify_result *r)
{
    for (int64_t i = 0; i < j->c->n_rows; i++) {
        ys_verify_finding x = ys__v_blank(j->c->row_offering[i] >= 0 ? YS_VC_OVER_CAPACITY : YS_VC_OVER_FUND);
        x.row = i;
        if (r->use[i] > r->limit[i])
            add(j, x, r->use[i], r->limit[i]);
        x.code = YS_VC_USE;
        if (j->claim->use && j->claim->n_rows == j->c->n_rows && j->claim->use[i] != r->use[i])
            add(j, x, j->claim->use[i], r->use[i]);
    }
}

/* ---- values and floors ---- */

/* Cures, gap and helped of the areas before each, so that an interval is a difference. */
static ys_i128 *sums_by_area(const ys__v_job *j)
{
    const ys__v_case *c = j->c;
    ys_i128 *sum = ys_aligned(3 * (size_t)c->n_areas + 3, sizeof *sum);
    for (int64_t b = 0; sum && b < c->blocks; b++) {
        ys_i128 *at = sum + 3 * ((int64_t)c->area_at[b] + 1);
        int64_t cures = j->worth[0][b], gap = j->worth[1][b];
        at[0] += cures;
        at[1] += gap;
        at[2] += b < c->f->n_households && (cures > 0 || gap > 0);
    }
    for (int64_t k = 3; sum && k < 3 * ((int64_t)c->n_areas + 1); k++)
        sum[k] += sum[k - 3];
    return sum;
}

static ys_i128 sum_in(const ys__v_case *c, const ys_i128 *sum, int32_t begin, int32_t end,
                      ys_verify_metric metric)
{
    int64_t a = ys__v_area_from(c, begin), b = ys__v_area_from(c, end);
    int which = metric == YS_VERIFY_CURES ? 0 : metric == YS_VERIFY_GAP ? 1 : 2;
    return a < b ? sum[3 * b + which] - sum[3 * a + which] : 0;
}

/* Both sides of a floor: what it counts, and what that is held against. */
typedef struct sides {
    ys_i128 own, other;
} sides;

/* What the rows of the plan add to floors on spending and on projects. */
static void add_picks(const ys__v_job *j, sides *s)
{
    const ys__v_case *c = j->c;
    for (int64_t b = 0; b < c->blocks; b++)
        for (int64_t k = j->pick_start[b]; j->lawful[b] && k < j->pick_start[b + 1]; k++) {
            int32_t o = j->claim->picks[j->pick[k]].offering, at = c->area_at[b];
            for (int i = 0; i < j->n_spending; i++) {
                const ys_verify_floor *x = &c->f->floors[j->spending[i]];
                int64_t money = ys__v_in_floor(c, x, at) ? ys__v_spent(c, o, x->fund) : 0;
                s[j->spending[i]].other += money;
                s[j->spending[i]].own += x->counts[c->f->offerings[o].measure] ? money : 0;
            }
            for (int64_t i = c->project_at[at]; i < c->project_at[at + 1]; i++)
                if (c->f->floors[c->project[i]].offering == o)
                    s[c->project[i]].other += j->alone[j->pick[k]];
        }
}

static void check_floor(ys__v_job *j, ys_verify_result *r, int i, const sides *s)
{
    const ys__v_hold *h = &j->c->hold[i];
    const ys_verify_floor *w = &j->c->f->floors[i];
    ys_i128 other = s->other > 0 ? s->other : 0, one = (ys_i128)1 << 40;
    ys_i128 need = h->level < 0 ? w->minimum : (h->ratio * other + one - 1) / one;
    bool most = w->kind == YS_VERIFY_MOST;
    r->floor_use[i] = saturate(s->own);
    r->floor_need[i] = saturate(need);
    ys_verify_finding x = ys__v_blank(most ? YS_VC_FLOOR_OVER : YS_VC_FLOOR_UNMET);
    x.floor = i;
    if (most ? s->own > need : s->own < need)
        add(j, x, r->floor_use[i], r->floor_need[i]);
    bool same = j->claim->n_floors == j->c->f->n_floors;
    x.code = YS_VC_FLOOR_USE;
    if (same && j->claim->floor_use && j->claim->floor_use[i] != r->floor_use[i])
        add(j, x, j->claim->floor_use[i], r->floor_use[i]);
    x.code = YS_VC_FLOOR_NEED;
    if (same && j->claim->floor_need && j->claim->floor_need[i] != r->floor_need[i])
        add(j, x, j->claim->floor_need[i], r->floor_need[i]);
}

static bool floor_sums(ys__v_job *j, ys_verify_result *r)
{
    const ys__v_case *c = j->c;
    size_t n = (size_t)c->f->n_floors + 1;
    r->floor_use = ys_calloc(n, sizeof *r->floor_use);
    r->floor_need = ys_calloc(n, sizeof *r->floor_need);
    sides *s = ys_aligned(n, sizeof *s);
    ys_i128 *sum = sums_by_area(j);
    bool ok = r->floor_use && r->floor_need && s && sum;
    if (ok)
        add_picks(j, s);
    for (int i = 0; ok && i < c->f->n_floors; i++) {
        const ys_verify_floor *x = &c->f->floors[i];
        bool plain = x->kind == YS_VERIFY_LEAST || x->kind == YS_VERIFY_MOST;
        if (x->kind != YS_VERIFY_SPENDING && !c->hold[i].asks_nothing)
            s[i].own = sum_in(c, sum, x->area_begin, x->area_end, plain ? x->metric : YS_VERIFY_GAP);
        if (x->kind == YS_VERIFY_COVERAGE && !c->hold[i].asks_nothing)
            s[i].other = sum_in(c, sum, x->of_begin, x->of_end, YS_VERIFY_GAP);
        check_floor(j, r, i, &s[i]);
    }
    ys_free(s);
    ys_free(sum);
    return ok;
}

static void check_values(ys__v_job *j, ys_verify_result *r)
{
    const ys_verify_tier *t = j->claim->tier;
    ys_i128 sum[YS_VERIFY_TIERS] = {0, 0};
    for (int64_t b = 0; b < j->c->blocks; b++)
        for (int k = 0; k < YS_VERIFY_TIERS; k++)
            sum[k] += j->worth[k][b];
    for (int k = 0; k < YS_VERIFY_TIERS; k++)
        r->value[k] = saturate(sum[k]);
    ys_verify_finding x = ys__v_blank(YS_VC_VALUE);
    x.tier = 1;
    if (t[1].value != r->value[1])
        add(j, x, t[1].value, r->value[1]);
    ys_i128 give = (ys_i128)t[0].value * j->c->f->tolerance / 1000000;
    r->couple_minimum = (int64_t)(t[0].value - give);
    x.code = YS_VC_COUPLE_MINIMUM;
    if (t[1].couple_minimum != r->couple_minimum)
        add(j, x, t[1].couple_minimum, r->couple_minimum);
    x.tier = 0;
    if (t[0].couple_minimum != 0)
        add(j, x, t[0].couple_minimum, 0);
    x.code = YS_VC_COUPLE_UNMET;
    if (r->value[0] < r->couple_minimum)
        add(j, x, r->value[0], r->couple_minimum);
}

/* ---- what villages and households both count ---- */

static int picks_as_options(const ys__v_job *j, int64_t block, ys__v_option *ret)
{
    int n = 0;
    for (int64_t i = j->pick_start[block]; j->lawful[block] && i < j->pick_start[block + 1]; i++) {
        const ys_verify_pick *a = &j->claim->picks[j->pick[i]];
        ret[n++] = (ys__v_option){
            .offering = a->offering, .measure = j->c->f->offerings[a->offering].measure, .person = a->person};
    }
    return n;
}

static bool overlap_of(const ys__v_job *j, int64_t h, const ys__v_option *v, int nv,
                       ys_i128 sum[YS_VERIFY_TIERS])
{
    const ys__v_case *c = j->c;
    const ys_verify_facts *f = c->f;
    ys__v_option o[YS_VERIFY_MAX_MEASURES];
    int n = picks_as_options(j, h, o);
    if (n == 0)
        return true;
    uint32_t own = (1u << n) - 1, all = (1u << nv) - 1, cured = 0;
    for (int a = 0; a < nv; a++)
        cured |= f->measures[v[a].measure].cures;
    for (int i = 0; i < f->n_indicators; i++)
        if (cured >> i & 1)
            sum[0] += ys__v_cured(c, h, o, own, i);
    ys__v_flow mine, theirs;
    ys__v_flow_of(c, o, own, &mine);
    ys__v_flow_of(c, v, all, &theirs);
    ys__v_home home = ys__v_home_of(f, h);
    int64_t heads = c->heads[f->households[h].village], alone = 0, shared = 0, both = 0;
    if (!ys__v_closed(c, &home, &mine, NULL, heads, &alone) ||
        !ys__v_closed(c, &home, NULL, &theirs, heads, &shared) ||
        !ys__v_closed(c, &home, &mine, &theirs, heads, &both))
        return false;
    sum[1] += (ys_i128)alone + shared - both;
    return true;
}

static bool check_overlap(ys__v_job *j, ys_verify_result *r)
{
    const ys_verify_facts *f = j->c->f;
    ys_i128 sum[YS_VERIFY_TIERS] = {0, 0};
    for (int64_t v = 0; v < f->n_villages; v++) {
        ys__v_option o[YS_VERIFY_MAX_MEASURES];
        int n = picks_as_options(j, f->n_households + v, o);
        for (int64_t k = j->c->member_start[v]; n > 0 && k < j->c->member_start[v + 1]; k++)
            if (!overlap_of(j, j->c->member[k], o, n, sum))
                return false;
    }
    for (int k = 0; k < YS_VERIFY_TIERS; k++) {
        r->overlap[k] = saturate(sum[k]);
        ys_verify_finding x = ys__v_blank(YS_VC_OVERLAP);
        x.tier = k;
        if (j->claim->overlap && j->claim->overlap[k] != r->overlap[k])
            add(j, x, j->claim->overlap[k], r->overlap[k]);
    }
    return true;
}

/* ---- bounds and gaps ---- */

double ys__v_gap(int64_t value, int64_t bound)
{
    double scale = fabs((double)bound);
    return ((double)bound - (double)value) / (scale > 1 ? scale : 1);
}

/* A gap may have been written as text of fifteen digits; NaN is never right. */
static void check_gap(ys__v_job *j, int tier, double found, double expected)
{
    if (fabs(found - expected) <= 1e-12 * (1 + fabs(expected)))
        return;
    ys_verify_finding x = ys__v_blank(YS_VC_GAP);
    x.tier = tier;
    ys__v_add(&j->found, &x);
}

static void check_bounds(ys__v_job *j, ys_verify_result *r)
{
    double widest = 0;
    for (int k = 0; k < YS_VERIFY_TIERS; k++) {
        const ys_verify_tier *t = &j->claim->tier[k];
        double claimed = ys__v_gap(t->value, t->bound);
        widest = k == 0 || claimed > widest ? claimed : widest;
        check_gap(j, k, t->gap, claimed);
        if (!r->bound_known[k])
            continue;
        r->gap[k] = ys__v_gap(r->value[k], r->bound[k]);
        ys_verify_finding x = ys__v_blank(YS_VC_BOUND);
        x.tier = k;
        if (t->bound != r->bound[k])
            add(j, x, t->bound, r->bound[k]);
        x.code = YS_VC_BOUND_BELOW;
        int64_t most = t->value > r->value[k] ? t->value : r->value[k];
        if (most > r->bound[k])
            add(j, x, most, r->bound[k]);
    }
    check_gap(j, -1, j->claim->gap, widest);
}

static void check_seal(ys__v_job *j)
{
    if (j->claim->seal != 0 && j->claim->seal != ys_verify_seal(j->claim)) {
        ys_verify_finding x = ys__v_blank(YS_VC_SEAL);
        ys__v_add(&j->found, &x);
    }
}

bool ys__v_claims(ys__v_job *j, ys_verify_result *r)
{
    if (!row_sums(j, r) || !floor_sums(j, r))
        return false;
    check_rows(j, r);
    check_values(j, r);
    check_bounds(j, r);
    check_seal(j);
    return check_overlap(j, r);
}
