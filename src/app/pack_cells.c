/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pack_cells.h"

#include <string.h>

#include "base/alloc.h"
#include "io/csv.h"

bool ys__pack_is_csv(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".csv") == 0;
}

bool ys__cells_add(ys__cells *t, ys_arena *memory, const char *const *cells, int n, int64_t place)
{
    while (n > 0 && cells[n - 1][0] == '\0')
        n--;
    if (!ys_grow(&t->row, &t->cap, (size_t)t->rows + 1, sizeof *t->row) ||
        !ys_grow(&t->place, &t->place_cap, (size_t)t->rows + 1, sizeof *t->place))
        return false;
    const char **own = ys_arena_alloc(memory, (size_t)n + 1, sizeof *own); /* NULL after the last */
    for (int i = 0; own != NULL && i < n; i++) {
        own[i] = ys_arena_strdup(memory, cells[i]);
        if (own[i] == NULL)
            return false;
    }
    t->row[t->rows] = own;
    t->place[t->rows++] = place;
    t->cols = n > t->cols ? n : t->cols;
    return own != NULL;
}

const char *ys__cells_get(const ys__cells *t, int64_t row, int col)
{
    for (int i = 0; t->row[row][i] != NULL; i++) {
        if (i == col)
            return t->row[row][i];
    }
    return "";
}

void ys__cells_done(ys__cells *t)
{
    ys_free(t->row);
    ys_free(t->place);
}

bool ys__cells_same(const ys__cells *a, const ys__cells *b)
{
    bool equal = a->rows == b->rows;
    for (int64_t r = 0; equal && r < a->rows; r++) {
        int i = 0;
        while (a->row[r][i] != NULL && b->row[r][i] != NULL && strcmp(a->row[r][i], b->row[r][i]) == 0)
            i++;
        equal = a->row[r][i] == NULL && b->row[r][i] == NULL;
    }
    return equal;
}

ys_status ys__cells_read_csv(const ys_pack_file *f, ys_arena *memory, ys__cells *t, ys_diag *diag)
{
    static const ys_csv_options comma = {.delimiter = ','};
    ys_csv *c = NULL;
    const char *const *cells;
    int n;
    int64_t row;
    YS_TRY(ys_csv_open_memory(f->name, f->data, f->size, &comma, &c, diag));
    ys_status st;
    while ((st = ys_csv_next(c, &cells, &n, &row, diag)) == YS_OK && cells != NULL) {
        if (!ys__cells_add(t, memory, cells, n, row)) {
            st = ys_fail_nomem(diag);
            break;
        }
    }
    ys_csv_close(c);
    return st;
}
