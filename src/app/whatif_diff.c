/* SPDX-License-Identifier: Apache-2.0 */
#include "app/whatif_diff.h"

#include <string.h>

#include "base/alloc.h"
#include "plan/words.h"

void ys_diff_free(ys_diff *d)
{
    if (d == NULL)
        return;
    ys_free(d->rows);
    ys_free(d->measures);
    ys_free(d);
}

static bool same_pick(const ys_plan_pick *a, const ys_plan_pick *b, bool by_measure)
{
    return by_measure ? a->measure == b->measure : a->offering == b->offering && a->person == b->person;
}

/* Picks of `a` that `b` has not; a measure twice in `a` needs two in `b`. */
static int missing(const ys_plan_picks *a, const ys_plan_picks *b, bool by_measure, int32_t *ret_measure)
{
    bool taken[YS_PLAN_MAX_MEASURES] = {false};
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        int k = 0;
        while (k < b->count && (taken[k] || !same_pick(&a->pick[i], &b->pick[k], by_measure)))
            k++;
        if (k < b->count)
            taken[k] = true;
        else
            ret_measure[n++] = a->pick[i].measure;
    }
    return n;
}

static bool compare(const ys_plan_picks *a, const ys_plan_picks *b, ys_diff_kind *ret_kind)
{
    int32_t m[YS_PLAN_MAX_MEASURES];
    if (missing(a, b, false, m) == 0 && missing(b, a, false, m) == 0)
        return false;
    bool same = missing(a, b, true, m) == 0 && missing(b, a, true, m) == 0;
    *ret_kind = a->count == 0   ? YS_DIFF_GOT
                : b->count == 0 ? YS_DIFF_LOST
                : same          ? YS_DIFF_MOVED
                                : YS_DIFF_EXCHANGED;
    return true;
}

static void count_measures(ys_diff *d, const ys_diff_row *r)
{
    int32_t m[YS_PLAN_MAX_MEASURES];
    int n = missing(&r->after, &r->before, true, m);
    for (int i = 0; i < n; i++)
        d->measures[m[i]].got++;
    n = missing(&r->before, &r->after, true, m);
    for (int i = 0; i < n; i++)
        d->measures[m[i]].lost++;
}

ys_status ys_diff_make(const ys_scenario *s, ys_diff **ret_diff, ys_diag *diag)
{
    ys_diff *d = ys_calloc(1, sizeof *d);
    const ys_planning *base = s->base;
    if (d == NULL)
        return ys_fail_nomem(diag);
    d->scenario = s;
    d->rows = ys_malloc((size_t)(base->result->blocks + 1) * sizeof *d->rows);
    d->measures = ys_calloc((size_t)s->in.n_measures + 1, sizeof *d->measures);
    if (d->rows == NULL || d->measures == NULL) {
        ys_diff_free(d);
        return ys_fail_nomem(diag);
    }
    for (int64_t b = 0; b < base->result->blocks; b++) {
        ys_diff_row r = {.block = b,
                         .before = ys_plan_picks_of(base->plan, base->result, b),
                         .after = ys_plan_picks_of(s->plan, s->result, b)};
        if (!compare(&r.before, &r.after, &r.kind))
            continue;
        d->kinds[r.kind]++;
        count_measures(d, &r);
        d->rows[d->n++] = r;
    }
    *ret_diff = d;
    return YS_OK;
}

/* ---- words ---- */

const char *ys_diff_kind_name(ys_diff_kind kind, bool zh)
{
    static const char *const in_zh[] = {"新得到", "不再有", "换了措施", "换了供给"};
    static const char *const in_en[] = {"got", "lost", "exchanged", "moved"};
    return zh ? in_zh[kind] : in_en[kind];
}

static const char *label(const ys_plan_input *in, int32_t measure, bool zh)
{
    const ys_plan_measure *m = &in->measures[measure];
    const char *l = zh ? m->label_zh : m->label_en;
    return l != NULL && l[0] != '\0' ? l : m->name;
}

void ys_diff_labels(const ys_plan_input *in, const ys_plan_picks *k, bool zh, ys_str *out)
{
    for (int i = 0; i < k->count; i++)
        ys_str_printf(out, "%s%s", i > 0 ? "; " : "", label(in, k->pick[i].measure, zh));
}

static void say_moved(const ys_diff *d, const ys_diff_row *r, bool zh, ys_str *out)
{
    const ys_plan_input *in = &d->scenario->in;
    ys_str_puts(out, zh ? "措施不变，供给由 " : "the same measures, now from ");
    for (int side = 0; side < 2; side++) {
        const ys_plan_picks *k = (side == 0) == zh ? &r->before : &r->after;
        if (side == 1)
            ys_str_puts(out, zh ? " 改为 " : " instead of ");
        for (int i = 0; i < k->count; i++)
            ys_str_printf(out, "%s%s", i > 0 ? ", " : "", in->offerings[k->pick[i].offering].name);
    }
    ys_str_puts(out, zh ? "。" : ".");
}

void ys_diff_say(const ys_diff *d, const ys_diff_row *r, bool zh, ys_str *out)
{
    const ys_scenario *s = d->scenario;
    int32_t m[YS_PLAN_MAX_MEASURES];
    if (r->kind == YS_DIFF_MOVED) {
        say_moved(d, r, zh, out);
        return;
    }
    int n = missing(&r->after, &r->before, true, m);
    for (int i = 0; i < n; i++) {
        ys_str_puts(out, zh ? "新增，原先" : "New; before, ");
        ys_plan_say_why(s->base->plan, s->base->result, r->block, m[i], zh, out);
        ys_str_puts(out, zh ? "" : " ");
    }
    n = missing(&r->before, &r->after, true, m);
    for (int i = 0; i < n; i++) {
        ys_str_puts(out, zh ? "减去，现在" : "Gone; now ");
        ys_plan_say_why(s->plan, s->result, r->block, m[i], zh, out);
        ys_str_puts(out, zh ? "" : " ");
    }
}

int64_t ys_diff_cause(const ys_diff *d, const ys_diff_row *r)
{
    const ys_scenario *s = d->scenario;
    int32_t m[YS_PLAN_MAX_MEASURES];
    if (missing(&r->before, &r->after, true, m) > 0)
        return ys_plan_why_not(s->plan, s->result, r->block, m[0]).row;
    if (missing(&r->after, &r->before, true, m) > 0)
        return ys_plan_why_not(s->base->plan, s->base->result, r->block, m[0]).row;
    return -1;
}

/* ---- areas ---- */

int32_t ys_diff_area_of(const ys_planning *p, int64_t block)
{
    int64_t n = p->facts->in.n_households;
    if (block < n)
        return p->frame->area_of[p->facts->frame_row[block]];
    const char *code =
        ys_table_get_text(p->frame->village, ys_table_find(p->frame->village, "area"), block - n);
    return code != NULL ? ys_areas_find(p->frame->areas, code) : -1;
}

static int level_number(const ys_pack *pack, const char *level)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    for (int i = 0; i < n; i++)
        if (strcmp(levels[i], level) == 0)
            return i;
    return -1;
}

static void add_block(const ys_diff *d, int64_t block, int64_t *next, ys_diff_area *to)
{
    const ys_planning *base = d->scenario->base;
    for (int side = 0; side < 2; side++) {
        ys_plan_picks k = side == 0 ? ys_plan_picks_of(base->plan, base->result, block)
                                    : ys_plan_picks_of(d->scenario->plan, d->scenario->result, block);
        to->helped[side] += k.count > 0 && block < base->facts->in.n_households;
        to->cures[side] += k.cures;
        to->gap[side] += k.gap;
    }
    if (*next < d->n && d->rows[*next].block == block)
        to->kinds[d->rows[(*next)++].kind]++;
}

ys_status ys_diff_areas(const ys_diff *d, const char *level, ys_diff_area **ret_list, int64_t *ret_count,
                        ys_diag *diag)
{
    const ys_planning *base = d->scenario->base;
    const ys_areas *areas = base->frame->areas;
    int32_t all = ys_areas_count(areas);
    int at_level = level_number(base->frame->pack, level);
    /* one place per area by its number in the tree's order, the last for blocks without */
    ys_diff_area *sum = ys_calloc((size_t)all + 1, sizeof *sum);
    if (sum == NULL)
        return ys_fail_nomem(diag);
    uint8_t *seen = ys_calloc((size_t)all + 1, 1);
    if (seen == NULL) {
        ys_free(sum);
        return ys_fail_nomem(diag);
    }
    int64_t next = 0, n = 0;
    for (int64_t b = 0; b < base->result->blocks; b++) {
        int32_t here = ys_diff_area_of(base, b);
        int32_t up = here >= 0 && at_level >= 0 ? ys_areas_at_level(areas, here, at_level) : -1;
        int32_t place = up >= 0 ? ys_areas_begin(areas, up) : all;
        sum[place].area = up;
        seen[place] = 1;
        add_block(d, b, &next, &sum[place]);
    }
    for (int32_t i = 0; i <= all; i++)
        if (seen[i])
            sum[n++] = sum[i];
    ys_free(seen);
    *ret_list = sum;
    *ret_count = n;
    return YS_OK;
}
