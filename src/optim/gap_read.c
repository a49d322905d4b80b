/* SPDX-License-Identifier: Apache-2.0 */
/* OR-Library: agents, jobs, costs by agent, weights by agent, capacities; or a count and then as many of these. */
#include "yaoshi/optim.h"

#include "base/alloc.h"
#include "optim/scan.h"

enum { MOST_PAIRS = 1 << 26, MOST_INSTANCES = 10000 };

static void close_one(ys_gap *p)
{
    ys_free(p->cost);
    ys_free(p->weight);
    ys_free(p->capacity);
    *p = (ys_gap){0};
}

void ys_gap_free(ys_gap *list, int count)
{
    for (int k = 0; k < count && list != NULL; k++)
        close_one(&list[k]);
    ys_free(list);
}

static ys_status read_numbers(ys_scan *s, int64_t *to, int64_t n, ys_diag *diag)
{
    for (int64_t k = 0; k < n; k++)
        YS_TRY(ys__scan(s, 0, &to[k], diag));
    return YS_OK;
}

static ys_status read_one(ys_scan *s, ys_gap *ret, ys_diag *diag)
{
    ys_status st = YS_OK;
    ys_gap p = {0};
    YS_TRY(ys__scan_count(s, 1, MOST_PAIRS, &p.agents, diag));
    YS_TRY(ys__scan_count(s, 1, MOST_PAIRS / p.agents, &p.jobs, diag));
    int64_t pairs = (int64_t)p.agents * p.jobs;
    if (pairs > (s->end - s->at + 1) / 2) /* two bytes a number at least: do not allocate for a lie */
        return ys_fail(diag, YS_EDATA, "文件太短，容不下 %d 个执行者和 %d 个任务",
                       "the file is too short for %d agents and %d jobs", p.agents, p.jobs);
    p.cost = ys_malloc((size_t)pairs * sizeof *p.cost);
    p.weight = ys_malloc((size_t)pairs * sizeof *p.weight);
    p.capacity = ys_malloc((size_t)p.agents * sizeof *p.capacity);
    if (p.cost == NULL || p.weight == NULL || p.capacity == NULL)
        YS_GO(ys_fail_nomem(diag));
    YS_GO(read_numbers(s, p.cost, pairs, diag));
    YS_GO(read_numbers(s, p.weight, pairs, diag));
    YS_GO(read_numbers(s, p.capacity, p.agents, diag));
    *ret = p;
    p = (ys_gap){0};
done:
    close_one(&p);
    return st;
}

static int64_t count_words(const char *text, size_t size)
{
    int64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += (unsigned char)text[i] > ' ' && (i == 0 || (unsigned char)text[i - 1] <= ' ');
    return n;
}

ys_status ys_gap_read(const char *text, size_t size, ys_gap **ret_list, int *ret_count, ys_diag *diag)
{
    ys_scan s = {.at = text, .end = text + size, .line = 1}, probe = s;
    int64_t a = 0, b = 0, words = count_words(text, size);
    int count = 1;
    ys_status st = YS_OK;
    YS_TRY(ys__scan(&probe, 0, &a, diag));
    YS_TRY(ys__scan(&probe, 0, &b, diag));
    bool single = a > 0 && b > 0 && a <= MOST_PAIRS && b <= MOST_PAIRS && words == 2 + 2 * a * b + a;
    if (!single && words > 2 + 2 * a) /* a count stands in front, or the only instance is damaged */
        YS_TRY(ys__scan_count(&s, 1, MOST_INSTANCES, &count, diag));
    ys_gap *list = ys_calloc((size_t)count, sizeof *list);
    if (list == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < count; k++)
        YS_GO(read_one(&s, &list[k], diag));
    if (ys__scan_more(&s)) {
        ys_diag_where(diag, NULL, NULL, s.line, 0, NULL);
        YS_GO(ys_fail(diag, YS_EDATA, "实例之后还有内容", "something follows the last instance"));
    }
    *ret_list = list;
    *ret_count = count;
    list = NULL;
done:
    ys_gap_free(list, count);
    return st;
}
