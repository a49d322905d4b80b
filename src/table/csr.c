/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "yaoshi/table.h"

struct ys_index {
    ys_map *map; /* key -> row */
};

ys_status ys_index_new(const ys_table *t, int col, ys_index **ret_index, ys_diag *diag)
{
    int64_t rows = ys_table_rows(t);
    ys_index *x = ys_calloc(1, sizeof *x);
    if (x == NULL || (x->map = ys_map_new((size_t)rows)) == NULL)
        goto no_memory;
    for (int64_t row = 0; row < rows; row++) {
        const char *key = ys_table_get_text(t, col, row);
        bool fresh;
        if (key == NULL)
            continue;
        int64_t slot = ys_map_put(x->map, key, row, &fresh);
        if (slot < 0)
            goto no_memory;
        if (!fresh) {
            ys_fail(diag, YS_ECONFLICT, "%s 表中“%s”出现两次", "\"%2$s\" stands twice in table %1$s",
                    ys_table_name(t), key);
            ys_index_free(x);
            return YS_ECONFLICT;
        }
    }
    *ret_index = x;
    return YS_OK;
no_memory:
    ys_index_free(x);
    return ys_fail_nomem(diag);
}

void ys_index_free(ys_index *x)
{
    if (x == NULL)
        return;
    ys_map_free(x->map);
    ys_free(x);
}

int64_t ys_index_find(const ys_index *x, const char *key)
{
    return ys_map_get(x->map, key, -1);
}

/* parent_of[child row] = parent row or -1. */
static void find_parents(const ys_index *x, const ys_table *child, int col, int64_t *parent_of)
{
    for (int64_t row = 0; row < ys_table_rows(child); row++) {
        const char *key = ys_table_get_text(child, col, row);
        /* Children mostly come sorted by parent: the same key as the row before needs no look-up. */
        const char *before = row > 0 ? ys_table_get_text(child, col, row - 1) : NULL;
        if (key != NULL && before != NULL && (key == before || strcmp(key, before) == 0))
            parent_of[row] = parent_of[row - 1];
        else
            parent_of[row] = key != NULL ? ys_index_find(x, key) : -1;
    }
}

ys_status ys_csr_join(const ys_table *parent, int parent_key, const ys_table *child, int child_col,
                      ys_csr *ret_csr, ys_diag *diag)
{
    ys_index *x = NULL;
    YS_TRY(ys_index_new(parent, parent_key, &x, diag));
    int64_t parents = ys_table_rows(parent), children = ys_table_rows(child);
    ys_csr c = {.parents = parents};
    int64_t *parent_of = ys_malloc((size_t)children * sizeof *parent_of);
    c.start = ys_calloc((size_t)parents + 2, sizeof *c.start);
    c.item = ys_malloc((size_t)children * sizeof *c.item);
    if (parent_of == NULL || c.start == NULL || c.item == NULL) {
        ys_csr_done(&c);
        ys_free(parent_of);
        ys_index_free(x);
        return ys_fail_nomem(diag);
    }
    find_parents(x, child, child_col, parent_of);
    /* Count into start[p+2], so that after the running sum start[p+1] is the place to write to. */
    for (int64_t row = 0; row < children; row++) {
        if (parent_of[row] >= 0)
            c.start[parent_of[row] + 2]++;
        else
            c.orphans++;
    }
    for (int64_t p = 0; p < parents; p++)
        c.start[p + 2] += c.start[p + 1];
    for (int64_t row = 0; row < children; row++) {
        if (parent_of[row] >= 0)
            c.item[c.start[parent_of[row] + 1]++] = (int32_t)row;
    }
    c.items = children - c.orphans;
    ys_free(parent_of);
    ys_index_free(x);
    *ret_csr = c;
    return YS_OK;
}

void ys_csr_done(ys_csr *c)
{
    ys_free(c->start);
    ys_free(c->item);
    *c = (ys_csr){0};
}
