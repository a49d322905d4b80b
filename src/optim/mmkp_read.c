/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Khan's form: classes, items of a class, resources; limits; then for each class its number and its items, each with a
 * value and weights.  What follows (solutions of old heuristics) is not read.
 */
#include "yaoshi/optim.h"

#include "base/alloc.h"
#include "optim/scan.h"

enum { DIGITS = 2, MOST_ITEMS = 1 << 22, MOST_RESOURCES = 64 };

void ys_mmkp_free(ys_mmkp *p)
{
    ys_free(p->item_at);
    ys_free(p->value);
    ys_free(p->weight);
    ys_free(p->limit);
    *p = (ys_mmkp){0};
}

static ys_status read_classes(ys_scan *s, ys_mmkp *p, int each, ys_diag *diag)
{
    int64_t no, at = 0;
    for (int c = 0; c < p->classes; c++) {
        YS_TRY(ys__scan(s, 0, &no, diag));
        if (no != c + 1) {
            ys_diag_where(diag, NULL, NULL, s->line, 0, NULL);
            return ys_fail(diag, YS_EDATA, "这里应是第 %d 类，却写着 %lld",
                           "class %d is expected here, not %lld", c + 1, (long long)no);
        }
        p->item_at[c + 1] = p->item_at[c] + each;
        for (int i = 0; i < each; i++, at++) {
            YS_TRY(ys__scan(s, DIGITS, &p->value[at], diag));
            for (int r = 0; r < p->resources; r++)
                YS_TRY(ys__scan(s, 0, &p->weight[at * p->resources + r], diag));
        }
    }
    return YS_OK;
}

ys_status ys_mmkp_read(const char *text, size_t size, ys_mmkp *ret_problem, ys_diag *diag)
{
    ys_scan s = {.at = text, .end = text + size, .line = 1};
    ys_mmkp p = {.digits = DIGITS};
    ys_status st = YS_OK;
    int each = 0;
    YS_TRY(ys__scan_count(&s, 1, MOST_ITEMS, &p.classes, diag));
    YS_TRY(ys__scan_count(&s, 1, MOST_ITEMS / p.classes, &each, diag));
    YS_TRY(ys__scan_count(&s, 1, MOST_RESOURCES, &p.resources, diag));
    size_t items = (size_t)p.classes * (size_t)each;
    if (items * (size_t)(p.resources + 1) > size) /* two bytes a number at least: do not allocate for a lie */
        return ys_fail(diag, YS_EDATA, "文件太短，容不下 %d 类、每类 %d 项",
                       "the file is too short for %d classes of %d items", p.classes, each);
    p.item_at = ys_calloc((size_t)p.classes + 1, sizeof *p.item_at);
    p.value = ys_malloc(items * sizeof *p.value);
    p.weight = ys_malloc(items * (size_t)p.resources * sizeof *p.weight);
    p.limit = ys_malloc((size_t)p.resources * sizeof *p.limit);
    if (p.item_at == NULL || p.value == NULL || p.weight == NULL || p.limit == NULL)
        YS_GO(ys_fail_nomem(diag));
    for (int r = 0; r < p.resources; r++)
        YS_GO(ys__scan(&s, 0, &p.limit[r], diag));
    YS_GO(read_classes(&s, &p, each, diag));
    *ret_problem = p;
    p = (ys_mmkp){0};
done:
    ys_mmkp_free(&p);
    return st;
}
