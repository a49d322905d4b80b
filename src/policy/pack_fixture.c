/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/pack_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/str.h"
#include "io/csv.h"

const char *fixture_path(const char *below)
{
    static char path[1024];
    const char *root = getenv("YAOSHI_SOURCE");
    (void)snprintf(path, sizeof path, "%s/%s", root ? root : ".", below);
    return path;
}

void fixture_open(fixture *f)
{
    ys_pack *p = NULL;
    ys_diag d = {0};
    const ys_pack_file *files;
    if (ys_pack_load(fixture_path("packs/at-eusilc"), &p, &d) != YS_OK)
        fail_msg("packs/at-eusilc: %s:%d: %s", d.file, (int)d.row, d.en);
    f->count = ys_pack_files(p, &files);
    assert_in_range(f->count, 1, 60);
    for (int i = 0; i < f->count; i++)
        f->file[i] =
            (ys_pack_file){ys_strdup(files[i].name), ys_strndup(files[i].data, files[i].size), files[i].size};
    ys_pack_free(p);
}

void fixture_close(fixture *f)
{
    for (int i = 0; i < f->count; i++) {
        ys_free((void *)(uintptr_t)f->file[i].name);
        ys_free((void *)(uintptr_t)f->file[i].data);
    }
    f->count = 0;
}

static int find(const fixture *f, const char *name)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->file[i].name, name) == 0)
            return i;
    return -1;
}

void fixture_put(fixture *f, const char *name, const char *text)
{
    int i = find(f, name);
    if (i < 0) {
        assert_non_null(text);
        i = f->count++;
        f->file[i] = (ys_pack_file){.name = ys_strdup(name)};
    }
    ys_free((void *)(uintptr_t)f->file[i].data);
    if (text) {
        f->file[i].data = ys_strdup(text);
        f->file[i].size = strlen(text);
        return;
    }
    ys_free((void *)(uintptr_t)f->file[i].name);
    f->file[i] = f->file[--f->count];
}

const char *fixture_text(const fixture *f, const char *name)
{
    int i = find(f, name);
    assert_true(i >= 0);
    return f->file[i].data;
}

void fixture_replace(fixture *f, const char *name, const char *old, const char *new_text)
{
    const char *text = fixture_text(f, name), *at = strstr(text, old);
    if (!at)
        fail_msg("%s does not hold «%s»", name, old);
    ys_str s = {0};
    ys_str_add(&s, text, (size_t)(at - text));
    ys_str_puts(&s, new_text);
    ys_str_puts(&s, at + strlen(old));
    fixture_put(f, name, ys_str_get(&s));
    ys_str_done(&s);
}

static int header_place(const char *const *cell, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(cell[i], name) == 0)
            return i;
    fail_msg("no column %s", name);
    return -1;
}

int64_t fixture_set(fixture *f, const fixture_cell *c, int *ret_col)
{
    ys_csv *csv = NULL;
    ys_csv_writer w;
    ys_str out = {0};
    const char *const *cell;
    int n, from = -1, to = -1;
    int64_t row, hit = 0;
    const char *text = fixture_text(f, c->file);
    assert_int_equal(ys_csv_open_memory(c->file, text, strlen(text), NULL, &csv, NULL), YS_OK);
    ys_csv_writer_init(&w, ys_out_str(&out), false, false);
    while (ys_csv_next(csv, &cell, &n, &row, NULL) == YS_OK && cell) {
        const char *copy[64];
        assert_in_range(n, 1, 64);
        memcpy(copy, cell, (size_t)n * sizeof *copy);
        if (row == 1) {
            from = header_place(cell, n, c->column);
            to = header_place(cell, n, c->set);
        } else if (!hit && (!c->match || strcmp(cell[from], c->match) == 0)) {
            hit = row;
            copy[to] = c->value;
        }
        ys_csv_put_row(&w, copy, n);
    }
    ys_csv_close(csv);
    assert_true(ys_csv_writer_finish(&w));
    if (!hit)
        fail_msg("%s has no row with %s = %s", c->file, c->column, c->match ? c->match : "anything");
    fixture_put(f, c->file, ys_str_get(&out));
    ys_str_done(&out);
    if (ret_col)
        *ret_col = to + 1;
    return hit;
}

static void keep(void *arg, const ys_diag *fault)
{
    faults *all = arg;
    if (all->count < (int)(sizeof all->first / sizeof *all->first))
        all->first[all->count] = *fault;
    all->count++;
}

ys_status fixture_check(const fixture *f, faults *ret_faults)
{
    ret_faults->count = 0;
    return ys_pack_check_files(f->file, f->count, keep, ret_faults, NULL);
}
