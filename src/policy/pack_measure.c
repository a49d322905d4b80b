/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

/* --- measures --- */
enum {
    M_MEASURE,
    M_FAMILY,
    M_TARGET,
    M_GROUP,
    M_GATE,
    M_COST,
    M_RECURRING,
    M_EFFECT,
    M_SD,
    M_CHANNEL,
    M_PERSIST,
    M_LABOUR,
    M_DELAY,
    M_CURES,
    M_FULL,
    M_CONSENT,
    M_ZH,
    M_EN,
    M_MARK,
    M_SOURCE,
    M_EFFECTIVE
};
static const char *const measure_cols[] = {
    "measure",   "family",    "target",   "group",       "gate",          "cost",         "cost_recurring",
    "effect",    "effect_sd", "channel",  "persistence", "labour_months", "delay_months", "cures",
    "full_time", "consent",   "label_zh", "label_en",    "mark",          "source",       "effective"};

/* The mark and the source must tell the same story. */
static void check_mark(const ys_prow *r)
{
    static const char *const marks[] = {"sourced", "assumption"};
    int mark = ys__cell_enum(r, M_MARK, marks, LEN(marks));
    const char *source = ys__cell_need(r, M_SOURCE);
    bool assumed = strncmp(source, "assumption", 10) == 0;
    if (mark < 0 || !*source || assumed == (mark == 1))
        return;
    ys_diag *d = ys__pack_fault_cell(r, M_MARK);
    if (mark == 0)
        ys_fail(d, YS_EDATA, "标为有出处，但 source 写的是假设",
                "marked as sourced, but the source says assumption");
    else
        ys_fail(d, YS_EDATA, "标为假设，但 source 没有以“assumption:”开头",
                "marked as an assumption, but the source does not begin with “assumption:”");
    ys_diag_fix(d, "使 mark 与 source 一致", "make mark and source agree");
}

static void read_measure(const ys_prow *r, ys_measure *v)
{
    static const char *const families[] = {"industry", "project", "safety_net"};
    static const char *const targets[] = {"household", "person", "village"};
    const char *gate = ys__cell(r, M_GATE);
    *v = (ys_measure){.measure = ys__cell(r, M_MEASURE),
                      .family = ys__cell(r, M_FAMILY),
                      .group = ys__cell(r, M_GROUP),
                      .gate = *gate ? gate : "true",
                      .cures = ys__cell(r, M_CURES),
                      .label_zh = ys__cell_need(r, M_ZH),
                      .label_en = ys__cell_need(r, M_EN),
                      .mark = ys__cell(r, M_MARK),
                      .source = ys__cell(r, M_SOURCE),
                      .channel = ys__cell_factor(r, M_CHANNEL),
                      .cost = ys__cell_money(r, M_COST, 0),
                      .cost_recurring = ys__cell_money(r, M_RECURRING, 0),
                      .effect = ys__cell_money(r, M_EFFECT, INT64_MIN + 2),
                      .effect_sd = ys__cell_money(r, M_SD, 0),
                      .persistence = ys__cell_real(r, M_PERSIST, 0, 1),
                      .labour_months = ys__cell_real(r, M_LABOUR, 0, 1200),
                      .delay_months = ys__cell_real(r, M_DELAY, 0, 1200),
                      .full_time = ys__cell_bool(r, M_FULL),
                      .consent = ys__cell_bool(r, M_CONSENT)};
    (void)ys__cell_enum(r, M_FAMILY, families, LEN(families));
    int target = ys__cell_enum(r, M_TARGET, targets, LEN(targets));
    v->target = target >= 0 ? (ys_target)target : YS_TARGET_HOUSEHOLD;
    check_mark(r);
    ys__cell_key(r, M_MEASURE, YS_PT_MEASURES, v->measure);
    ys__cell_date(r, M_EFFECTIVE);
    const char *rest = v->cures, *part;
    for (size_t n; ys__list_next(&rest, &part, &n);) {
        char *name = ys_arena_strndup(r->l->pack->arena, part, n);
        r->l->nomem |= !name;
        if (name)
            (void)ys__cell_ref(r, M_CURES, YS_PT_INDICATORS, name);
    }
}

static void read_measures(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_MEASURES];
    ys__ptable_read(l, "measures.csv", measure_cols, LEN(measure_cols), false, t);
    p->measures = ys__pack_alloc(l, t->rows, sizeof *p->measures);
    for (int64_t i = 0; p->measures && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        read_measure(&r, &p->measures[i]);
    }
}

/* --- which key fits which lock --- */
enum { C_CAUSE, C_MEASURE, C_STRENGTH, C_ZH, C_EN, C_SOURCE, C_EFFECTIVE };
static const char *const link_cols[] = {"cause",     "measure", "strength", "reason_zh",
                                        "reason_en", "source",  "effective"};

static void read_links(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_CAUSE_MEASURES];
    ys__ptable_read(l, "cause_measures.csv", link_cols, LEN(link_cols), true, t);
    p->cause_measures = ys__pack_alloc(l, t->rows, sizeof *p->cause_measures);
    for (int64_t i = 0; p->cause_measures && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        ys_cause_measure *v = &p->cause_measures[i];
        *v = (ys_cause_measure){.cause = ys__cell(&r, C_CAUSE),
                                .measure = ys__cell(&r, C_MEASURE),
                                .reason_zh = ys__cell_need(&r, C_ZH),
                                .reason_en = ys__cell_need(&r, C_EN),
                                .strength = (int)ys__cell_int(&r, C_STRENGTH, 1, 3)};
        (void)ys__cell_ref(&r, C_CAUSE, YS_PT_CAUSES, v->cause);
        (void)ys__cell_ref(&r, C_MEASURE, YS_PT_MEASURES, v->measure);
        char *key = ys_arena_printf(p->arena, "%s\x1f%s", v->cause, v->measure);
        l->nomem |= !key;
        if (*v->cause)
            ys__cell_key(&r, C_CAUSE, YS_PT_CAUSE_MEASURES, key);
        ys__cell_date(&r, C_EFFECTIVE);
    }
}

/* --- which keys do not go together --- */
enum { X_A, X_B, X_RELATION, X_VALUE, X_ZH, X_EN, X_SOURCE, X_EFFECTIVE };
static const char *const exclusion_cols[] = {"measure_a", "measure_b", "relation", "value",
                                             "reason_zh", "reason_en", "source",   "effective"};

static void read_exclusion(const ys_prow *r, ys_exclusion *v)
{
    static const char *const relations[] = {"excludes", "requires", "competes", "complements"};
    ys_pack *p = r->l->pack;
    int relation = ys__cell_enum(r, X_RELATION, relations, LEN(relations));
    *v = (ys_exclusion){.measure_a = ys__cell(r, X_A),
                        .measure_b = ys__cell(r, X_B),
                        .reason_zh = ys__cell_need(r, X_ZH),
                        .reason_en = ys__cell_need(r, X_EN),
                        .relation = relation >= 0 ? (ys_relation)relation : YS_EXCLUDES,
                        .value = relation >= YS_COMPETES ? ys__cell_real(r, X_VALUE, 0, 1) : 0};
    int a = ys__cell_ref(r, X_A, YS_PT_MEASURES, v->measure_a);
    int b = ys__cell_ref(r, X_B, YS_PT_MEASURES, v->measure_b);
    if (a >= 0 && a == b) {
        ys_diag *d = ys__pack_fault_cell(r, X_B);
        ys_fail(d, YS_EDATA, "两项措施相同", "both measures are the same");
        ys_diag_fix(d, "改正其中一项", "correct one of them");
    }
    /* excludes and competes have no direction; a pair has one relation only */
    bool turn = strcmp(v->measure_a, v->measure_b) > 0;
    char *key = ys_arena_printf(p->arena, "%s\x1f%s", turn ? v->measure_b : v->measure_a,
                                turn ? v->measure_a : v->measure_b);
    r->l->nomem |= !key;
    if (a >= 0 && b >= 0 && a != b && v->relation != YS_REQUIRES)
        ys__cell_key(r, X_A, YS_PT_EXCLUSIONS, key);
    ys__cell_date(r, X_EFFECTIVE);
}

static void read_exclusions(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_EXCLUSIONS];
    ys__ptable_read(l, "exclusions.csv", exclusion_cols, LEN(exclusion_cols), true, t);
    p->exclusions = ys__pack_alloc(l, t->rows, sizeof *p->exclusions);
    for (int64_t i = 0; p->exclusions && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        read_exclusion(&r, &p->exclusions[i]);
    }
    p->count[YS_PT_EXCLUSIONS] = (int)t->rows;
}

void ys__pack_read_measures(ys_pload *l)
{
    read_measures(l);
    if (!l->nomem)
        read_links(l);
    if (!l->nomem)
        read_exclusions(l);
}
