/* SPDX-License-Identifier: Apache-2.0 */
/* From households to places, from declarations to conflicts, and a village's own deficits. */
#include "yaoshi/diagnose.h"
#include <string.h>
#include "base/alloc.h"

#define CONFLICT_SHARE 5 /* a declared factor that explains less than 1/5 of the gap */

void ys_root_conflicts(const ys_roots *r, const uint8_t *declared, const uint8_t *evidence, uint8_t *ret)
{
    for (int64_t i = 0; i < r->n; i++) {
        uint8_t bits = 0;
        if (r->state[i] == YS_RS_BELOW && r->stable[i] && declared[i] < YS_ROOTS &&
            declared[i] != r->top[i] && r->contribution[declared[i]][i] * CONFLICT_SHARE < r->gap[i])
            bits |= YS_CONFLICT_FACTOR;
        if (evidence[i] == 0)
            bits |= YS_CONFLICT_EVIDENCE;
        ret[i] = bits;
    }
}

/* Sums stop at the largest number rather than turn round. */
static void add_capped(int64_t *to, int64_t v)
{
    if (__builtin_add_overflow(*to, v, to))
        *to = INT64_MAX;
}

static void add_household(ys_root_summary *s, const ys_roots *r, int64_t i, int64_t persons)
{
    s->households++;
    s->persons += persons;
    s->mixed += !r->stable[i];
    add_capped(&s->gap, r->gap[i]);
    s->top_households[r->top[i]]++;
    s->top_persons[r->top[i]] += persons;
    for (int k = 0; k < YS_ROOTS; k++)
        add_capped(&s->amount[k], r->contribution[k][i] > 0 ? r->contribution[k][i] : 0);
}

ys_status ys_root_summarise(const ys_diagnose_data *d, const ys_roots *r, const int32_t *area, int32_t areas,
                            const uint8_t *include, ys_root_summary *ret, ys_diag *diag)
{
    for (int64_t i = 0; i < r->n; i++)
        if (area[i] >= areas) {
            ys_diag_where(diag, NULL, NULL, i + 1, 0, NULL);
            return ys_fail(diag, YS_EDATA, "地区编号超出范围", "an area code is out of range");
        }
    memset(ret, 0, (size_t)areas * sizeof *ret);
    for (int64_t i = 0; i < r->n; i++) {
        if (area[i] < 0 || (include && include[i] != 1))
            continue;
        if (r->state[i] == YS_RS_UNKNOWN)
            ret[area[i]].unknown++;
        else if (r->state[i] == YS_RS_BELOW)
            add_household(&ret[area[i]], r, i, d->persons[i]);
    }
    return YS_OK;
}

/* ---- deficits ------------------------------------------------------------------------------------------------------ */

static bool graver(const ys_deficit *a, const ys_deficit *b)
{
    __int128 x = (__int128)a->weight * a->persons, y = (__int128)b->weight * b->persons;
    return x != y ? x > y : a->indicator < b->indicator;
}

static void sort_deficits(int n, ys_deficit *v)
{
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && graver(&v[j], &v[j - 1]); j--) {
            ys_deficit t = v[j];
            v[j] = v[j - 1];
            v[j - 1] = t;
        }
}

static void add_deficit(const ys_deficit_data *d, int indicator, int64_t area, ys_deficit *v)
{
    if (d->deprived[indicator][area] != 1)
        return;
    v->areas++;
    v->households += d->households ? d->households[area] : 1;
    v->persons += d->persons ? d->persons[area] : 1;
}

static int keep_deficits(const ys_deficit_data *d, ys_deficit *v)
{
    int n = 0;
    for (int j = 0; j < d->indicators; j++) {
        v[j].indicator = j;
        v[j].weight = d->weight ? d->weight[j] : 1;
        if (v[j].areas > 0)
            v[n++] = v[j];
    }
    sort_deficits(n, v);
    return n;
}

int ys_deficits_of(const ys_deficit_data *d, int64_t area, ys_deficit *ret)
{
    memset(ret, 0, (size_t)d->indicators * sizeof *ret);
    for (int j = 0; j < d->indicators; j++)
        add_deficit(d, j, area, &ret[j]);
    return keep_deficits(d, ret);
}

int ys_deficits_sum(const ys_deficit_data *d, const uint8_t *in, ys_deficit *ret)
{
    memset(ret, 0, (size_t)d->indicators * sizeof *ret);
    for (int j = 0; j < d->indicators; j++)
        for (int64_t a = 0; a < d->areas; a++)
            if (!in || in[a])
                add_deficit(d, j, a, &ret[j]);
    return keep_deficits(d, ret);
}
