/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/areas.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

struct ys_areas {
    const ys_table *table;
    ys_index *by_code;
    int32_t count;
    int code_col, name_col;
    int32_t *parent, *begin, *end;
    int8_t *level;
};

void ys_areas_free(ys_areas *a)
{
    if (a == NULL)
        return;
    ys_index_free(a->by_code);
    ys_free(a->parent);
    ys_free(a->begin);
    ys_free(a->end);
    ys_free(a->level);
    ys_free(a);
}

static int8_t level_of(const ys_pack *pack, const char *name)
{
    const char *const *levels;
    int n = ys_pack_area_levels(pack, &levels);
    for (int i = 0; i < n; i++) {
        if (name != NULL && strcmp(levels[i], name) == 0)
            return (int8_t)i;
    }
    return -1;
}

static ys_status read_rows(ys_areas *a, const ys_pack *pack, ys_diag *diag)
{
    int level_col = ys_table_find(a->table, "level"), parent_col = ys_table_find(a->table, "parent");
    if (level_col < 0 || parent_col < 0)
        return ys_fail(diag, YS_EDATA, "地区表缺少 level 或 parent 列",
                       "the area table lacks column level or parent");
    for (int32_t i = 0; i < a->count; i++) {
        const char *parent = ys_table_get_text(a->table, parent_col, i);
        a->level[i] = level_of(pack, ys_table_get_text(a->table, level_col, i));
        a->parent[i] = -1;
        if (parent == NULL || parent[0] == '\0')
            continue;
        a->parent[i] = ys_areas_find(a, parent);
        if (a->parent[i] < 0) {
            ys_diag_value(diag, parent);
            return ys_fail(diag, YS_EDATA, "地区 %s 的上级 %s 不存在",
                           "area %s lies in %s, which does not exist", ys_areas_code(a, i), parent);
        }
    }
    return YS_OK;
}

/* Areas in an order in which every area stands before its parent; fewer than all of them when parents form a circle. */
static int32_t leaves_first(const ys_areas *a, int32_t *waiting, int32_t *queue)
{
    int32_t done = 0;
    for (int32_t i = 0; i < a->count; i++) {
        if (a->parent[i] >= 0)
            waiting[a->parent[i]]++;
    }
    for (int32_t i = 0; i < a->count; i++) {
        if (waiting[i] == 0)
            queue[done++] = i;
    }
    for (int32_t k = 0; k < done; k++) {
        int32_t p = a->parent[queue[k]];
        if (p >= 0 && --waiting[p] == 0)
            queue[done++] = p;
    }
    return done;
}

/* Sizes of subtrees upwards, then positions downwards; `next` counts the places already given inside each area. */
static void hand_out_positions(ys_areas *a, const int32_t *queue, int32_t *next)
{
    int32_t top = 0;
    for (int32_t i = 0; i < a->count; i++)
        a->end[i] = 1;
    for (int32_t k = 0; k < a->count; k++) {
        if (a->parent[queue[k]] >= 0)
            a->end[a->parent[queue[k]]] += a->end[queue[k]];
    }
    for (int32_t k = a->count - 1; k >= 0; k--) {
        int32_t i = queue[k], p = a->parent[i], size = a->end[i];
        a->begin[i] = p < 0 ? top : a->begin[p] + 1 + next[p];
        if (p < 0)
            top += size;
        else
            next[p] += size;
        a->end[i] = a->begin[i] + size;
    }
}

static ys_status number_tree(ys_areas *a, ys_diag *diag)
{
    ys_status st = YS_OK;
    int32_t *waiting = ys_calloc((size_t)a->count, sizeof *waiting);
    int32_t *queue = ys_calloc((size_t)a->count, sizeof *queue);
    if (waiting == NULL || queue == NULL)
        YS_GO(ys_fail_nomem(diag));
    if (leaves_first(a, waiting, queue) < a->count) {
        int32_t i = 0;
        while (waiting[i] == 0)
            i++;
        YS_GO(ys_fail(diag, YS_EDATA, "地区 %s 的上级关系成环",
                      "area %s lies in itself by way of its parents", ys_areas_code(a, i)));
    }
    hand_out_positions(a, queue, waiting); /* all zero by now */
done:
    ys_free(waiting);
    ys_free(queue);
    return st;
}

ys_status ys_areas_new(const ys_table *table, const ys_pack *pack, ys_areas **ret_areas, ys_diag *diag)
{
    size_t n = (size_t)ys_table_rows(table);
    ys_areas *a = ys_calloc(1, sizeof *a);
    ys_status st = YS_OK;
    if (a == NULL)
        return ys_fail_nomem(diag);
    a->table = table;
    a->count = (int32_t)n;
    a->code_col = ys_table_find(table, "area");
    a->name_col = ys_table_find(table, "name");
    a->parent = ys_calloc(n, sizeof *a->parent);
    a->begin = ys_calloc(n, sizeof *a->begin);
    a->end = ys_calloc(n, sizeof *a->end);
    a->level = ys_calloc(n, sizeof *a->level);
    if (a->parent == NULL || a->begin == NULL || a->end == NULL || a->level == NULL)
        YS_GO(ys_fail_nomem(diag));
    if (a->code_col < 0 || a->name_col < 0)
        YS_GO(ys_fail(diag, YS_EDATA, "地区表缺少 area 或 name 列",
                      "the area table lacks column area or name"));
    YS_GO(ys_index_new(table, a->code_col, &a->by_code, diag));
    YS_GO(read_rows(a, pack, diag));
    YS_GO(number_tree(a, diag));
    *ret_areas = a;
    return YS_OK;
done:
    ys_areas_free(a);
    return st;
}

int32_t ys_areas_count(const ys_areas *a)
{
    return a->count;
}

int32_t ys_areas_find(const ys_areas *a, const char *code)
{
    return (int32_t)ys_index_find(a->by_code, code);
}

const char *ys_areas_code(const ys_areas *a, int32_t area)
{
    return ys_table_get_text(a->table, a->code_col, area);
}

const char *ys_areas_name(const ys_areas *a, int32_t area)
{
    const char *name = ys_table_get_text(a->table, a->name_col, area);
    return name != NULL ? name : ys_areas_code(a, area);
}

void ys_areas_path(const ys_areas *a, int32_t area, char *buf, size_t size)
{
    int32_t chain[16];
    int n = 0;
    for (int32_t i = area; i >= 0 && n < 16; i = a->parent[i])
        chain[n++] = i;
    size_t used = 0;
    if (size > 0)
        buf[0] = '\0';
    for (int k = n > 1 ? n - 2 : n - 1; k >= 0 && used < size; k--)
        used += (size_t)snprintf(buf + used, size - used, "%s%s", used != 0 ? " " : "",
                                 ys_areas_name(a, chain[k]));
}

int32_t ys_areas_parent(const ys_areas *a, int32_t area)
{
    return a->parent[area];
}

int ys_areas_level(const ys_areas *a, int32_t area)
{
    return a->level[area];
}

int32_t ys_areas_at_level(const ys_areas *a, int32_t area, int level)
{
    while (area >= 0 && a->level[area] != level)
        area = a->parent[area];
    return area;
}

bool ys_areas_within(const ys_areas *a, int32_t area, int32_t scope)
{
    return scope < 0 || (a->begin[area] >= a->begin[scope] && a->begin[area] < a->end[scope]);
}

int32_t ys_areas_begin(const ys_areas *a, int32_t area)
{
    return a->begin[area];
}

int32_t ys_areas_end(const ys_areas *a, int32_t area)
{
    return a->end[area];
}
