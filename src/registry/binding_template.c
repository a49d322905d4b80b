/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "registry/binding_internal.h"

typedef struct form {
    const ys_template_column *columns; /* of all templates of the pack */
    int count;
    const char *name;
    char **headers; /* the header row of the sheet */
    int n;
} form;

/* Place in the sheet of a column of the form, -1: it is not there. */
static int form_place(const form *f, int i)
{
    return strcmp(f->columns[i].template_name, f->name) == 0
               ? ys_mapping_column(f->columns[i].header, f->headers, f->n)
               : -1;
}

/* The row of the head that has most of the form's headers; -1: none has any. */
static int form_row(form *f, const ys__head *h)
{
    int best = -1, most = 0;
    for (int r = 0; r < h->rows; r++) {
        int hits = 0;
        f->headers = h->text[r];
        f->n = h->cells[r];
        for (int i = 0; i < f->count; i++)
            hits += form_place(f, i) >= 0;
        if (hits > most) {
            most = hits;
            best = r;
        }
    }
    return best;
}

static void bind_field(ys_binding *b, int field, int column)
{
    if (field < 0 || column < 0 || ys__binding_has(b, field))
        return;
    b->field[b->count] = field;
    b->column[b->count++] = column;
}

/* Column of the one key field of a kind among the form's columns, -1: it is not there. */
static int key_place(const form *f, const ys_kind *k)
{
    int key = -1, place = -1; /* a column of another form of the pack has no place on this one */
    for (int i = 0; i < k->field_count; i++) {
        if (k->fields[i].key && key >= 0)
            return -1;
        key = k->fields[i].key ? i : key;
    }
    for (int i = 0; i < f->count && key >= 0; i++) {
        if (strcmp(f->columns[i].kind, k->name) == 0 && strcmp(f->columns[i].field, k->fields[key].name) == 0)
            place = form_place(f, i);
        if (place >= 0)
            return place;
    }
    return -1;
}

/* The fields of one kind on the form.  What the row says of another kind by its key (a person's household) is said of
 * this one too. */
static void bind_form_kind(ys_binding *b, const form *f, const ys_pack *pack)
{
    int keys = 0, wanted = 0, own;
    for (int i = 0; i < f->count; i++) {
        if (strcmp(f->columns[i].kind, b->kind->name) == 0)
            bind_field(b, ys_kind_field(b->kind, f->columns[i].field), form_place(f, i));
    }
    own = b->count;
    for (int i = 0; i < b->kind->field_count; i++) {
        const ys_kind *other =
            b->kind->fields[i].ref[0] != '\0' ? ys_pack_kind(pack, b->kind->fields[i].ref) : NULL;
        if (own > 0 && other != NULL && other != b->kind)
            bind_field(b, i, key_place(f, other));
    }
    for (int i = 0; i < b->kind->field_count; i++)
        wanted += b->kind->fields[i].key;
    for (int i = 0; i < b->count; i++)
        keys += b->kind->fields[b->field[i]].key;
    if (keys < wanted || b->count <= wanted)
        b->count = 0;
}

/* Does another kind of the sheet refer to this one?  Then its records come again on many rows. */
static bool referred_to(const ys_sheet_plan *p, const ys_kind *k)
{
    for (int i = 0; i < p->count; i++) {
        const ys_binding *b = &p->bindings[i];
        for (int f = 0; f < b->count; f++) {
            if (b->kind != k && strcmp(b->kind->fields[b->field[f]].ref, k->name) == 0)
                return true;
        }
    }
    return false;
}

static ys_status ignore_foreign(ys_sheet_plan *p, const form *f, ys_diag *diag)
{
    for (int c = 0; c < f->n; c++) {
        bool known = false;
        for (int i = 0; i < f->count && !known; i++)
            known = form_place(f, i) == c;
        if (!known && !ys__plan_ignore(p, f->headers[c]))
            return ys_fail_nomem(diag);
    }
    return YS_OK;
}

/* One binding per kind that the template's columns belong to; a kind whose key is not among them is left out (the
 * names of areas on a roster, say, which are looked up through the household). */
ys_status ys__bind_template(ys_sheet_plan *p, const char *name, const ys_pack *pack, const ys__head *h,
                            ys_diag *diag)
{
    form f = {.name = name};
    f.columns = ys_pack_template(pack, &f.count);
    int best = form_row(&f, h);
    if (best < 0)
        return ys_fail(diag, YS_EDATA, "表头与模板 %s 无一相符", "no header fits template %s", name);
    f.headers = h->text[best];
    f.n = h->cells[best];
    p->header_row = h->row[best];
    const ys_kind *const *kinds;
    int n = ys_pack_kinds(pack, &kinds), with_rows = 0;
    p->bindings = ys_calloc((size_t)n, sizeof *p->bindings);
    if (p->bindings == NULL)
        return ys_fail_nomem(diag);
    for (int k = 0; k < n; k++) {
        ys_binding *b = &p->bindings[p->count++];
        YS_TRY(ys__binding_new(b, kinds[k], f.count + kinds[k]->field_count, diag));
        bind_form_kind(b, &f, pack);
        with_rows += b->count > 0;
    }
    if (with_rows == 0) {
        ys_diag_fix(diag, "补上主键列", "add the key columns");
        return ys_fail(diag, YS_EDATA, "表里没有模板 %s 的主键列",
                       "the table has no key column of template %s", name);
    }
    for (int k = 0; k < n; k++)
        p->bindings[k].dedupe = referred_to(p, kinds[k]);
    return ignore_foreign(p, &f, diag);
}
