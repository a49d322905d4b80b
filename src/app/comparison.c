/* SPDX-License-Identifier: Apache-2.0 */
#include "app/comparison.h"

#include <string.h>

#include "app/clock.h"
#include "app/proof_facts.h"
#include "base/alloc.h"

/* Arrays of the sums, and the checker's facts. */
typedef struct maker {
    const ys_planning *p;
    const ys_plan_input *in;
    ys_comparison *c;
    int threads;
    uint8_t *roots, *keys, *earned;
    int32_t *declared, *group;
    ys__proof_facts *facts;
} maker;

static void maker_done(maker *m)
{
    ys_free(m->roots);
    ys_free(m->keys);
    ys_free(m->earned);
    ys_free(m->declared);
    ys_free(m->group);
    ys__proof_facts_free(m->facts);
}

void ys_comparison_free(ys_comparison *c)
{
    if (c == NULL)
        return;
    for (int i = 0; i < YS_COMPARE_RULES; i++)
        ys_plan_result_free(c->owned[i]);
    ys_free(c->area);
    ys_free(c->sum_room);
    ys_free(c);
}

/* ---- words ---- */

static const struct {
    const char *name, *zh, *en, *words_zh, *words_en;
} words[] = {
    {"plan", "本计划", "the plan", "先保法定，再减缺口，带证明", "the law first, then the gap, with a proof"},
    {"even", "平均铺开", "spread evenly",
     "大水漫灌：给每户的钱数上限逐步抬高，人人所得钱数相近，能得什么得什么",
     "flooding: the ceiling on a household's money rises step by step, so that all get about the same sum in "
     "whatever form is to be had"},
    {"declared", "照卡上原因", "by declared cause",
     "卡上写什么致贫原因就给对应的措施，关联最强的先给，余下的再补",
     "the measures linked to the cause on the card, the strongest link first; then the best that still fits"},
    {"greedy", "先来先得", "first come first served", "按固定的中立次序，轮到谁谁挑剩下的里面最好的",
     "in a fixed neutral order everybody takes what is best for it of what is left"}};

static int words_of(const ys_contender *c)
{
    int i = 0;
    while (strcmp(words[i].name, c->name) != 0)
        i++;
    return i;
}

const char *ys_contender_label(const ys_contender *c, bool zh)
{
    return zh ? words[words_of(c)].zh : words[words_of(c)].en;
}

const char *ys_contender_words(const ys_contender *c, bool zh)
{
    return zh ? words[words_of(c)].words_zh : words[words_of(c)].words_en;
}

/* ---- what the sums and the rules read ---- */

/* Factors that explain a fifth of the gap or more. */
static uint8_t roots_of(const ys_roots *r, int64_t row)
{
    uint8_t bits = 0;
    if (r->state[row] == YS_RS_UNKNOWN)
        return YS_COMPARE_UNKNOWN;
    for (int k = 0; r->state[row] == YS_RS_BELOW && k < YS_ROOTS; k++)
        if ((__int128)r->contribution[k][row] * YS_ROOT_SHARE >= r->gap[row])
            bits |= (uint8_t)(1u << k);
    return bits;
}

static void read_households(maker *m)
{
    const ys_diagnosis *d = m->p->diagnosis;
    for (int64_t h = 0; h < m->in->n_households; h++) {
        int64_t row = m->p->facts->frame_row[h];
        m->roots[h] = roots_of(d->roots, row);
        m->declared[h] = d->cause[row];
        m->group[h] = d->county[row];
    }
    /* a village lies where its area does */
    const ys_frame *f = m->p->frame;
    int area = ys_table_find(f->village, "area");
    for (int64_t v = 0; v < m->in->n_villages; v++) {
        int32_t at = ys_areas_find(f->areas, ys_table_get_text(f->village, area, v)), county = -1;
        for (int32_t k = 0; k < d->data.counties && county < 0; k++)
            county = ys_areas_within(f->areas, at, d->county_area[k]) ? k : -1;
        m->group[m->in->n_households + v] = county;
    }
}

/* Factors of the causes that a measure is linked to; one without links opens the factor it acts on. */
static void read_measures(maker *m)
{
    int n, links;
    const ys_pack *pack = m->p->frame->pack;
    const ys_measure *list = ys_pack_measures(pack, &n);
    const ys_cause *causes = ys_pack_causes(pack, &links);
    for (int i = 0; i < m->in->n_fits; i++) {
        int factor = (int)causes[m->in->fits[i].cause].factor;
        if (factor < YS_ROOTS)
            m->keys[m->in->fits[i].measure] |= (uint8_t)(1u << factor);
    }
    for (int i = 0; i < n; i++) {
        bool any = false;
        for (int k = 0; k < m->in->n_fits; k++)
            any = any || m->in->fits[k].measure == i;
        if (!any && (int)list[i].channel < YS_ROOTS)
            m->keys[i] = (uint8_t)(1u << list[i].channel);
        m->earned[i] = list[i].channel <= YS_F_EARNINGS;
    }
}

static ys_status read_facts(maker *m, ys_diag *diag)
{
    const ys_plan_input *in = m->in;
    const ys_diagnosis *d = m->p->diagnosis;
    m->roots = ys_calloc((size_t)in->n_households, 1);
    m->declared = ys_calloc((size_t)in->n_households, sizeof *m->declared);
    m->group = ys_calloc((size_t)(in->n_households + in->n_villages), sizeof *m->group);
    m->keys = ys_calloc((size_t)in->n_measures, 1);
    m->earned = ys_calloc((size_t)in->n_measures, 1);
    m->c->counties = d->data.counties;
    m->c->area = ys_calloc((size_t)m->c->counties, sizeof *m->c->area);
    if (m->roots == NULL || m->declared == NULL || m->group == NULL || m->keys == NULL || m->earned == NULL ||
        m->c->area == NULL)
        return ys_fail_nomem(diag);
    if (m->c->counties > 0)
        memcpy(m->c->area, d->county_area, (size_t)m->c->counties * sizeof *m->c->area);
    read_households(m);
    read_measures(m);
    YS_TRY(ys__proof_facts_new(m->p->frame, in->period, in->alpha, &m->facts, diag));
    return ys__proof_decided_as(m->facts, in, diag);
}

/* ---- the independent check ---- */

/* The choices as the checker wants them: both count blocks, offerings and persons as docs/plan-model.md section 10 says. */
static int64_t list_picks(const maker *m, const ys_plan_result *r, ys_verify_pick *pick)
{
    int64_t n = 0;
    for (int64_t b = 0; b < r->blocks; b++) {
        ys_plan_picks k = ys_plan_picks_of(m->p->plan, r, b);
        for (int i = 0; i < k.count; i++, n++)
            if (pick != NULL)
                pick[n] =
                    (ys_verify_pick){.block = b, .offering = k.pick[i].offering, .person = k.pick[i].person};
    }
    return n;
}

static void claim_tier(const ys_plan_tier *from, ys_verify_tier *to)
{
    *to = (ys_verify_tier){.value = from->value,
                           .bound = from->bound,
                           .gap = from->gap,
                           .shift = from->shift,
                           .price = from->price,
                           .floor_price = from->floor_price,
                           .couple_price = from->couple_price,
                           .couple_minimum = from->couple_minimum};
}

/* Everything the checker can object to, but floors: a simple rule knows of none. */
static ys_status check(const maker *m, ys_contender *one, ys_diag *diag)
{
    const ys_plan_result *r = one->result;
    ys_verify_result *found = NULL;
    ys_verify_claim claim = {.n_picks = list_picks(m, r, NULL),
                             .n_rows = r->rows,
                             .n_floors = r->floors,
                             .gap = r->gap,
                             .use = r->use,
                             .floor_use = r->floor_use,
                             .overlap = r->overlap};
    ys_verify_pick *picks = ys_malloc((size_t)claim.n_picks * sizeof *picks);
    if (picks == NULL)
        return ys_fail_nomem(diag);
    list_picks(m, r, picks);
    claim.picks = picks;
    for (int t = 0; t < YS_PLAN_TIERS; t++)
        claim_tier(&r->tier[t], &claim.tier[t]);
    ys_status st = ys_verify_plan(&m->facts->in, &claim, m->threads, &found, diag);
    ys_free(picks);
    if (st != YS_OK)
        return st;
    one->checked = true;
    one->floors_unmet = found->by_code[YS_VC_FLOOR_UNMET] + found->by_code[YS_VC_FLOOR_OVER];
    one->findings = found->count - one->floors_unmet;
    for (int64_t i = 0; i < found->n_kept && st == YS_OK; i++)
        if (found->findings[i].code != YS_VC_FLOOR_UNMET && found->findings[i].code != YS_VC_FLOOR_OVER)
            st = ys_fail(diag, YS_EINTERNAL, "对照“%s”没有通过独立核对：%s%.0s",
                         "the baseline '%s' does not pass the independent check: %.0s%s", one->name,
                         found->findings[i].zh, found->findings[i].en);
    if (st == YS_OK && one->findings > 0) /* not among those kept in words: many floors came before it */
        st = ys_fail(diag, YS_EINTERNAL, "对照“%s”没有通过独立核对：%lld 处",
                     "the baseline '%s' does not pass the independent check: %lld findings", one->name,
                     (long long)one->findings);
    ys_verify_result_free(found);
    return st;
}

/* ---- all of it ---- */

static ys_status run_rule(maker *m, ys_compare_rule rule, ys_diag *diag)
{
    ys_comparison *c = m->c;
    ys_contender *one = &c->contender[c->n];
    double start = ys_clock_seconds();
    YS_TRY(ys_compare_baseline(m->p->plan, rule, m->declared, &c->owned[rule], diag));
    *one = (ys_contender){.name = ys_compare_name(rule), .result = c->owned[rule], .sums = one->sums};
    YS_TRY(check(m, one, diag));
    one->seconds = ys_clock_seconds() - start;
    c->n++;
    return YS_OK;
}

static ys_status make(maker *m, const bool *rule, ys_diag *diag)
{
    ys_comparison *c = m->c;
    YS_TRY(read_facts(m, diag));
    size_t places = (size_t)c->counties + 1;
    c->sum_room = ys_calloc(places * (YS_COMPARE_RULES + 1), sizeof(ys_compare_sum));
    if (c->sum_room == NULL)
        return ys_fail_nomem(diag);
    for (int i = 0; i <= YS_COMPARE_RULES; i++)
        c->contender[i].sums = c->sum_room + places * (size_t)i;
    c->contender[0].name = words[0].name;
    c->contender[0].result = m->p->result;
    c->n = 1;
    for (int i = 0; i < YS_COMPARE_RULES; i++)
        if (rule[i])
            YS_TRY(run_rule(m, (ys_compare_rule)i, diag));
    ys_compare_facts facts = {
        .roots = m->roots, .keys = m->keys, .earned = m->earned, .group = m->group, .groups = c->counties};
    for (int i = 0; i < c->n; i++)
        ys_compare_tally(m->p->plan, c->contender[i].result, &facts, c->contender[i].sums);
    return YS_OK;
}

ys_status ys_comparison_make(const ys_planning *p, const bool rule[YS_COMPARE_RULES], int threads,
                             ys_comparison **ret_comparison, ys_diag *diag)
{
    maker m = {.p = p, .in = &p->facts->in, .threads = threads};
    m.c = ys_calloc(1, sizeof *m.c);
    if (m.c == NULL)
        return ys_fail_nomem(diag);
    ys_status st = make(&m, rule, diag);
    maker_done(&m);
    if (st != YS_OK) {
        ys_comparison_free(m.c);
        return st;
    }
    *ret_comparison = m.c;
    return YS_OK;
}
