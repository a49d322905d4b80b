/* SPDX-License-Identifier: Apache-2.0 */
/*
 * groups.csv: groups of measures that nest, each with a limit.
 */
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

enum { G_GROUP, G_PARENT, G_LIMIT, G_ZH, G_EN, G_SOURCE, G_EFFECTIVE };
static const char *const group_cols[] = {"group",    "parent", "limit",    "label_zh",
                                         "label_en", "source", "effective"};
enum { X_A, X_B }; /* of exclusions.csv */
enum { MOST = 1000 };

static void read_group(const ys_prow *r, ys_measure_group *v)
{
    *v = (ys_measure_group){.group = ys__cell(r, G_GROUP),
                            .parent = ys__cell(r, G_PARENT),
                            .limit = (int)ys__cell_int(r, G_LIMIT, 1, MOST),
                            .label_zh = ys__cell_need(r, G_ZH),
                            .label_en = ys__cell_need(r, G_EN),
                            .source = ys__cell_need(r, G_SOURCE)};
    ys__cell_key(r, G_GROUP, YS_PT_GROUPS, v->group);
    ys__cell_date(r, G_EFFECTIVE);
}

static int parent_of(const ys_pack *p, int group)
{
    return *p->groups[group].parent ? ys_pack_group_index(p, p->groups[group].parent) : -1;
}

/* A parent is there and leads to the root.  Of a circle each row is a fault. */
static void check_parent(const ys_prow *r)
{
    const ys_pack *p = r->l->pack;
    int rows = p->count[YS_PT_GROUPS], up = (int)r->row;
    if (*ys__cell(r, G_PARENT) && ys__cell_ref(r, G_PARENT, YS_PT_GROUPS, ys__cell(r, G_PARENT)) < 0)
        return;
    for (int steps = 0; up >= 0 && steps < rows; steps++) {
        up = parent_of(p, up);
        if (up != r->row)
            continue;
        ys_diag *d = ys__pack_fault_cell(r, G_PARENT);
        ys_fail(d, YS_EDATA, "上级组成环：“%s”在自己之下", "the parents run in a circle: %s is below itself",
                p->groups[r->row].group);
        ys_diag_fix(d, "改正环上的一个上级组", "correct one of the parents");
        return;
    }
}

/* Some group with room for one holds both measures. */
static const char *narrow_group(const ys_pack *p, const ys_measure *a, const ys_measure *b)
{
    int rows = p->count[YS_PT_GROUPS], x = ys_pack_group_index(p, a->group);
    if (x < 0)
        return *a->group && strcmp(a->group, b->group) == 0 ? a->group : NULL;
    for (int i = 0; x >= 0 && i < rows; i++, x = parent_of(p, x)) {
        int y = ys_pack_group_index(p, b->group);
        for (int k = 0; y >= 0 && y != x && k < rows; k++)
            y = parent_of(p, y);
        if (y == x && p->groups[x].limit == 1)
            return p->groups[x].group;
    }
    return NULL;
}

/* a requires b, but a group holds only one of them: a could never be chosen. */
static void check_requires(ys_pload *l)
{
    const ys_pack *p = l->pack;
    for (int i = 0; i < p->count[YS_PT_EXCLUSIONS]; i++) {
        const ys_exclusion *x = &p->exclusions[i];
        int a = ys_pack_measure_index(p, x->measure_a), b = ys_pack_measure_index(p, x->measure_b);
        if (x->relation != YS_REQUIRES || a < 0 || b < 0 || a == b)
            continue;
        const char *group = narrow_group(p, &p->measures[a], &p->measures[b]);
        if (group == NULL)
            continue;
        ys_prow r = {l, &l->table[YS_PT_EXCLUSIONS], i};
        ys_diag *d = ys__pack_fault_cell(&r, X_B);
        ys_fail(d, YS_EDATA, "两项措施相需，但同在上限为 1 的组“%s”里，前一项永远选不上",
                "one needs the other, but group %s holds only one of them: the first could never be chosen",
                group);
        ys_diag_fix(d, "删去这一行，或改正组和上限", "remove the row, or correct groups and limits");
    }
}

void ys__pack_read_groups(ys_pload *l)
{
    ys_pack *p = l->pack;
    ys_ptable *t = &l->table[YS_PT_GROUPS];
    ys__ptable_read(l, "groups.csv", group_cols, LEN(group_cols), true, t);
    p->groups = ys__pack_alloc(l, t->rows, sizeof *p->groups);
    for (int64_t i = 0; p->groups && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        read_group(&r, &p->groups[i]);
    }
    p->count[YS_PT_GROUPS] = (int)t->rows;
    for (int64_t i = 0; p->groups && i < t->rows; i++) {
        ys_prow r = {l, t, i};
        check_parent(&r);
    }
    if (!l->nomem)
        check_requires(l);
}
