/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/facts_env.h"
#include "policy/pack_internal.h"

#define LEN(a) ((int)(sizeof(a) / sizeof *(a)))

enum { T_COLUMN, T_HEADER, T_KIND, T_FIELD, T_CODES, T_SOURCE, T_EFFECTIVE };
static const char *const template_cols[] = {"column", "header", "kind",     "field",
                                            "codes",  "source", "effective"};

/* NAME of templates/NAME.csv in the arena; NULL if the file is something else (or memory is short). */
static const char *template_name(ys_pload *l, const char *file)
{
    size_t n = strlen(file);
    if (strncmp(file, "templates/", 10) != 0 || n <= 14 || strcmp(file + n - 4, ".csv") != 0)
        return NULL;
    const char *name = ys_arena_strndup(l->pack->arena, file + 10, n - 14);
    l->nomem |= !name;
    return name;
}

/* A column may print a field, a derived value, or one of the engine's own. */
static bool printable(const ys_pack *p, const char *kind, const char *field)
{
    return ys__pack_named(p, YS_PT_FIELDS, kind, field) >= 0 ||
           ys__pack_named(p, YS_PT_DERIVED, kind, field) >= 0 ||
           (strcmp(kind, "household") == 0 && ys_facts_engine_column(field) >= 0);
}

static void read_column(const ys_prow *r, const char *name, ys_map *seen, ys_template_column *v)
{
    static const char *const how[] = {"label", "code"};
    bool fresh = true;
    *v = (ys_template_column){.template_name = name,
                              .header = ys__cell_need(r, T_HEADER),
                              .kind = ys__cell(r, T_KIND),
                              .field = ys__cell(r, T_FIELD)};
    v->as_label = !*ys__cell(r, T_CODES) || ys__cell_enum(r, T_CODES, how, LEN(how)) == 0;
    const char *column = ys__cell_need(r, T_COLUMN);
    int64_t slot = ys_map_put(seen, column, r->row, &fresh);
    r->l->nomem |= slot < 0;
    if (slot >= 0 && !fresh && *column) {
        ys_diag *d = ys__pack_fault_cell(r, T_COLUMN);
        ys_fail(d, YS_EDATA, "与第 %lld 行重复", "the same key as in row %lld",
                (long long)r->t->line[ys_map_value(seen, slot)]);
        ys_diag_fix(d, "每列只写一行", "one row for each column");
    }
    ys__cell_date(r, T_EFFECTIVE);
    if (!*v->kind && !*v->field)
        return; /* a column of the form that stays empty */
    if (!ys_pack_kind(r->l->pack, v->kind)) {
        (void)ys__cell_ref(r, T_KIND, YS_PT_KINDS, v->kind);
    } else if (!printable(r->l->pack, v->kind, v->field)) {
        ys_diag *d = ys__pack_fault_cell(r, T_FIELD);
        ys_fail(d, YS_EDATA, "“%s”没有字段“%s”", "%s has no field %s", v->kind, v->field);
        ys_diag_fix(d, "改正拼写，或在 fields.csv 加一行",
                    "correct the spelling, or add a row to fields.csv");
    }
}

static void read_one(ys_pload *l, const char *file, const char *name)
{
    ys_pack *p = l->pack;
    ys_ptable t = {0};
    ys__ptable_read(l, file, template_cols, LEN(template_cols), false, &t);
    ys_map *seen = ys_map_new((size_t)t.rows + 1);
    ys_template_column *all = ys__pack_alloc(l, p->template_count + t.rows, sizeof *all);
    l->nomem |= !seen;
    if (all && seen) {
        if (p->template_count)
            memcpy(all, p->templates, (size_t)p->template_count * sizeof *all);
        for (int64_t i = 0; i < t.rows; i++) {
            ys_prow r = {l, &t, i};
            read_column(&r, name, seen, &all[p->template_count + i]);
        }
        p->templates = all;
        p->template_count += (int)t.rows;
    }
    ys_map_free(seen);
}

void ys__pack_read_templates(ys_pload *l)
{
    for (int i = 0; i < l->pack->file_count && !l->nomem; i++) {
        const char *file = l->pack->files[i].name, *name = template_name(l, file);
        if (name)
            read_one(l, file, name);
    }
}
