/* SPDX-License-Identifier: Apache-2.0 */
#include "report/grid.h"

#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/text.h"
#include "io/csv.h"

enum { MAX_COLUMNS = 32, GAP = 2 };

struct ys_grid {
    ys_arena *arena;
    const char *title[MAX_COLUMNS];
    ys_align align[MAX_COLUMNS];
    int columns;
    const char **cell;
    size_t count, cap;
    int *rule; /* rows before which a line is drawn */
    size_t rules, rule_cap;
    bool failed;
};

ys_grid *ys_grid_new(void)
{
    ys_grid *g = ys_calloc(1, sizeof *g);
    if (g != NULL && (g->arena = ys_arena_new(0)) == NULL) {
        ys_free(g);
        return NULL;
    }
    return g;
}

void ys_grid_free(ys_grid *g)
{
    if (g == NULL)
        return;
    ys_arena_free(g->arena);
    ys_free(g->cell);
    ys_free(g->rule);
    ys_free(g);
}

void ys_grid_column(ys_grid *g, const char *title, ys_align align)
{
    char *copy = ys_arena_strdup(g->arena, title);
    if (copy == NULL || g->columns == MAX_COLUMNS) {
        g->failed = true;
        return;
    }
    g->title[g->columns] = copy;
    g->align[g->columns++] = align;
}

void ys_grid_put(ys_grid *g, const char *text)
{
    char *copy = ys_arena_strdup(g->arena, text != NULL ? text : "");
    if (copy == NULL || !ys_grow(&g->cell, &g->cap, g->count + 1, sizeof *g->cell)) {
        g->failed = true;
        return;
    }
    g->cell[g->count++] = copy;
}

void ys_grid_putf(ys_grid *g, const char *fmt, ...)
{
    ys_str s = {0};
    va_list ap;
    va_start(ap, fmt);
    ys_str_vprintf(&s, fmt, ap);
    va_end(ap);
    if (s.failed)
        g->failed = true;
    else
        ys_grid_put(g, ys_str_get(&s));
    ys_str_done(&s);
}

int ys_grid_rows(const ys_grid *g)
{
    return g->columns > 0 ? (int)(g->count / (size_t)g->columns) : 0;
}

void ys_grid_rule(ys_grid *g)
{
    if (!ys_grow(&g->rule, &g->rule_cap, g->rules + 1, sizeof *g->rule)) {
        g->failed = true;
        return;
    }
    g->rule[g->rules++] = ys_grid_rows(g);
}

static void measure_columns(const ys_grid *g, int width, int *w)
{
    int total = 0, widest = -1;
    for (int c = 0; c < g->columns; c++) {
        w[c] = ys_text_width(g->title[c]);
        for (int r = 0; r < ys_grid_rows(g); r++) {
            int cell = ys_text_width(g->cell[(size_t)r * (size_t)g->columns + (size_t)c]);
            w[c] = cell > w[c] ? cell : w[c];
        }
        total += w[c] + GAP;
        if (g->align[c] == YS_LEFT && (widest < 0 || w[c] > w[widest]))
            widest = c;
    }
    if (width > 0 && total - GAP > width && widest >= 0) {
        int room = w[widest] - (total - GAP - width);
        w[widest] = room > 8 ? room : 8;
    }
}

static void put_spaces(ys_str *line, int n)
{
    while (n-- > 0)
        ys_str_putc(line, ' ');
}

static void put_cell(ys_str *line, const char *text, int width, ys_align align)
{
    int w = ys_text_width(text);
    if (w > width) {
        /* A wide character that does not fit leaves a cell free: count what was put. */
        size_t before = line->len;
        ys_str_add(line, text, ys_text_cut(text, width - 1));
        ys_str_puts(line, "…");
        put_spaces(line, width - ys_text_width(ys_str_get(line) + before));
        return;
    }
    if (align == YS_RIGHT)
        put_spaces(line, width - w);
    ys_str_puts(line, text);
    if (align == YS_LEFT)
        put_spaces(line, width - w);
}

static bool print_line(ys_out out, ys_str *line)
{
    /* No blanks at the end of a line. */
    while (line->len > 0 && line->data[line->len - 1] == ' ')
        line->data[--line->len] = '\0';
    bool ok = !line->failed && ys_out_puts(out, ys_str_get(line)) && ys_out_puts(out, "\n");
    ys_str_clear(line);
    return ok;
}

static bool print_rule(const ys_grid *g, ys_out out, const int *w, ys_str *line)
{
    for (int c = 0; c < g->columns; c++) {
        for (int i = 0; i < w[c]; i++)
            ys_str_puts(line, "─");
        put_spaces(line, GAP);
    }
    return print_line(out, line);
}

bool ys_grid_print(const ys_grid *g, ys_out out, int width)
{
    int w[MAX_COLUMNS];
    ys_str line = {0};
    size_t rule = 0;
    measure_columns(g, width, w);
    bool ok = !g->failed;
    for (int r = -1; ok && r < ys_grid_rows(g); r++) {
        if (rule < g->rules && g->rule[rule] == r) {
            ok = print_rule(g, out, w, &line);
            rule++;
        }
        for (int c = 0; c < g->columns; c++) {
            const char *text = r < 0 ? g->title[c] : g->cell[(size_t)r * (size_t)g->columns + (size_t)c];
            put_cell(&line, text, w[c], g->align[c]);
            put_spaces(&line, GAP);
        }
        ok = ok && print_line(out, &line) && (r >= 0 || print_rule(g, out, w, &line));
    }
    ys_str_done(&line);
    return ok;
}

bool ys_grid_csv(const ys_grid *g, ys_out out)
{
    ys_csv_writer w;
    ys_csv_writer_init(&w, out, false, true);
    ys_csv_put_row(&w, g->title, g->columns);
    for (int r = 0; r < ys_grid_rows(g); r++)
        ys_csv_put_row(&w, g->cell + (size_t)r * (size_t)g->columns, g->columns);
    return ys_csv_writer_finish(&w) && !g->failed;
}
